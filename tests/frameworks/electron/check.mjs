import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { copies } from "../helper.mjs";

export default {
  title: "Electron",
  kind: "functions and programs",
  brief: "Electron …'s main process (run in Node)",
  version: "electron",
  nodes: [24],
  how: "main process, built by electron-vite and Electron Forge's Vite plugin, started in Node with a stand-in for Electron's module",
  know: "not run in Electron, which is a download; [renderers](#electron)",
  async run(app) {
    const main = async (file, conditions = []) => {
      const args = ["--require", app.path("electron.cjs"), ...conditions.map((name) => `--conditions=${name}`), file];
      app.verifyAnswers(await app.run(app.node, args));
    };
    const vite = (env) => app.script("electron-vite/bin/electron-vite.js", ["build"], { env });

    // Beside the bundle, as a dependency: imported, and under the condition that Electron may set.
    await vite({});
    assert.equal(copies(app.path("out")).embedded, 0);
    await main("out/main/index.js");
    await main("out/main/index.js", ["electron"]);

    // Inside the bundle, as an ES module and as CommonJS.
    await vite({ BUNDLED: "1" });
    await app.run(app.node, ["forge.mjs"]);
    renameSync(app.path("node_modules/kraken-signer"), app.path("hidden"));
    try {
      for (const file of ["out/main/index.js", ".vite/build/index.cjs"]) await main(file);
    } finally {
      renameSync(app.path("hidden"), app.path("node_modules/kraken-signer"));
    }
  },
};
