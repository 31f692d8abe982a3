import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { copies } from "../helper.mjs";

export default {
  title: "Vite SSR",
  kind: "servers and sites",
  version: "vite",
  nodes: [20],
  how: "the development server, and `vite build --ssr` with the package beside the bundle and inside it",
  know: "",
  async run(app) {
    const serve = async (mode) => {
      await app.ask(await app.start(app.node, ["server.js"], { env: { NODE_ENV: mode } }));
      app.stop();
    };
    const build = (env) => app.script("vite/bin/vite.js", ["build", "--ssr", "src/entry-server.js"], { env });
    await serve("development");
    await build({});
    assert.equal(copies(app.path("dist")).embedded, 0);
    await serve("production");

    // With `ssr.noExternal`, the bundle needs no packages.
    await build({ NO_EXTERNAL: "1" });
    assert.equal(copies(app.path("dist")).embedded, 1);
    renameSync(app.path("node_modules/kraken-signer"), app.path("hidden"));
    try {
      await serve("production");
    } finally {
      renameSync(app.path("hidden"), app.path("node_modules/kraken-signer"));
    }
  },
};
