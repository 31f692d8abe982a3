import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

const PERMISSIONS = ["--allow-env", "--allow-net=127.0.0.1"];

/**
 * Compiles an executable. Its runtime `denort` is a download, which no npm package has, unless DENORT_BIN says where it is. Without that, another
 * program takes its place: then Deno has found and packed everything, but what it made is no program that could run the app.
 */
async function compile(app, deno, env) {
  const runtime = process.env.DENORT_BIN;
  const more = { ...env, DENORT_BIN: runtime ?? deno };
  await app.run(deno, ["compile", ...PERMISSIONS, "--output", "built/trading", "app.js"], { env: more });
  assert.ok(readFileSync(app.path("built/trading")).includes("allowBrowser"), "Deno packs the files of the package");
  if (runtime) app.verifyAnswers(await app.run(app.path("built/trading"), []));
  else console.log("PARTLY   deno compile: packed, but not run, because DENORT_BIN is not set");
}

export default {
  title: "Deno",
  kind: "functions and programs",
  brief: "Deno … (not `deno compile`)",
  version: "deno",
  how: "`deno run`, and `deno bundle` with the bundle run in an empty folder",
  know: "`deno compile` packs the app; the result was not run, because its runtime is a download",
  async run(app) {
    const deno = app.path("node_modules/deno/deno");
    const env = { DENO_DIR: app.path(".deno"), DENO_NO_UPDATE_CHECK: "1" };
    app.verifyAnswers(await app.run(deno, ["run", ...PERMISSIONS, "app.js"], { env }));
    await app.run(deno, ["bundle", "--minify", "--output", "built/app.js", "app.js"], { env });
    // Without this file, Deno would find the packages of the folder above.
    writeFileSync(app.path("built/deno.json"), "{}");
    app.verifyAnswers(await app.run(deno, ["run", "--no-npm", ...PERMISSIONS, "app.js"], { env, cwd: app.path("built") }));
    await compile(app, deno, env);
  },
};
