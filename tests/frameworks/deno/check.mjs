import { writeFileSync } from "node:fs";

const PERMISSIONS = ["--allow-env", "--allow-net=127.0.0.1"];

/** Compiles an executable, for which Deno downloads its runtime `denort`, unless DENORT_BIN says where that is; no npm package has it. */
async function compile(app, deno, env) {
  try {
    await app.run(deno, ["compile", ...PERMISSIONS, "--output", "built/trading", "app.js"], { env });
  } catch (error) {
    if (!error.message.includes("Setting up base binary")) throw error;
    return console.log("SKIPPED  deno compile: its runtime cannot be downloaded, and DENORT_BIN is not set");
  }
  app.verifyAnswers(await app.run(app.path("built/trading"), []));
}

export default {
  title: "Deno",
  version: "deno",
  how: "`deno run`, and `deno bundle` with the bundle run in an empty folder",
  know: "`deno compile` was not run: it downloads its runtime",
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
