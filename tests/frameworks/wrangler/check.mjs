import assert from "node:assert/strict";
import { copies, writeVariables } from "../helper.mjs";
import { followStart } from "../start.mjs";

/** Starts and builds the Worker of this folder with any version of wrangler. */
export async function run(app) {
  await followStart(app);
  writeVariables(app);
  const script = app.path("node_modules/wrangler/bin/wrangler.js");
  const dev = (more) => app.start(app.node, [script, "dev", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0", ...more]);
  for (const more of [[], ["--compatibility-flags", "nodejs_compat"]]) {
    const url = await dev(more);
    await app.ask(url);
    await app.ask(`${url}/object`);
    app.stop();
  }
  for (const more of [[], ["--minify"]]) {
    await app.script("wrangler/bin/wrangler.js", ["deploy", "--dry-run", "--outdir", "built", ...more]);
    assert.deepEqual(copies(app.path("built")), { files: 1, embedded: 0 });
  }
}

export default {
  title: "Wrangler",
  kind: "Workers",
  version: "wrangler",
  nodes: [22],
  how: "`dev` and `deploy --dry-run`, with a Durable Object, with and without `nodejs_compat`",
  know: "`nodejs_compat` is not needed; 4.86 is the one for Node 20",
  run,
};
