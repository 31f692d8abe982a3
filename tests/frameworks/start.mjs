// The Workers tab of the page Start, followed with nothing but copy and paste: the command line's exchange, the files of the page, and `wrangler dev`.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, isLike } from "../examples/helper.mjs";

/** Ports that are free, in place of those of the page. */
const onFreePorts = (args) => args.map((arg) => (/^87\d\d$/.test(arg) ? "0" : arg));

/** Follows the page in a folder of its own, with the packages of the app. */
export async function followStart(app) {
  const blocks = blocksOf("start.md");
  const [exchange] = blocks.map(({ code }) => /^npx kraken-signer (exchange .+)$/m.exec(code)?.[1]).filter(Boolean);
  const command = app.path("node_modules/kraken-signer/dist/esm/cli/main.js");
  const url = await app.start(app.node, [command, ...onFreePorts(exchange.split(" "))]);

  const folder = app.path("start");
  mkdirSync(folder, { recursive: true });
  const tab = blocks.filter(({ heading }) => heading === "Workers");
  const blockOf = (wanted) => tab.find(({ language }) => language === wanted);
  writeFileSync(join(folder, ".dev.vars"), blockOf("ini").code.replace("http://127.0.0.1:8787", url));
  writeFileSync(join(folder, "wrangler.jsonc"), blockOf("jsonc").code);
  writeFileSync(join(folder, "worker.ts"), blockOf("ts").code);

  const wrangler = app.path("node_modules/wrangler/bin/wrangler.js");
  const worker = await app.start(app.node, [wrangler, "dev", "--port", "0", "--inspector-port", "0"], { cwd: folder });
  const answer = await (await fetch(worker, { signal: AbortSignal.timeout(60_000) })).text();
  assert.ok(isLike(answer, blockOf("ts").output), `the Worker of the page answered ${answer}`);
  app.stop();
}
