import { cpSync, writeFileSync } from "node:fs";
import { App } from "../helper.mjs";

const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

export default {
  title: "Node's single executable",
  kind: "functions and programs",
  brief: "Node's single executables (20 and 26)",
  version: "postject",
  nodes: [20, 26],
  how: "esbuild, then `--experimental-sea-config` with postject, and `--build-sea` of Node 26",
  know: "",
  async run(app) {
    const bundle = ["app.js", "--bundle", "--platform=node", "--target=node20", "--outfile=built/app.js"];
    await app.run(app.path("node_modules/esbuild/bin/esbuild"), bundle);

    await app.run(app.node, ["--experimental-sea-config", "sea-config.json"]);
    const executable = app.path("built/trading");
    cpSync(app.node, executable);
    await app.script("postject/dist/cli.js", [executable, "NODE_SEA_BLOB", "built/app.blob", "--sentinel-fuse", FUSE]);
    app.verifyAnswers(await app.run(executable, [], { cwd: "/" }));

    const newest = App.program(26);
    writeFileSync(app.path("sea-config-26.json"), JSON.stringify({ main: "built/app.js", output: "built/trading-26" }));
    await app.run(newest, ["--build-sea=sea-config-26.json"]);
    app.verifyAnswers(await app.run(app.path("built/trading-26"), [], { cwd: "/" }));
  },
};
