// The example of a Worker in Rust, in workerd: it places an order with a two-factor key at the simulated exchange. `cargo xtask test web`
// builds it, and says where it is.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";

/** What worker-build would write: it instantiates the binary, and hands events on. */
const ENTRY = `import * as glue from "./kraken_worker_bg.js";
import module from "./kraken_worker_bg.wasm";

const instance = new WebAssembly.Instance(module, { "./kraken_worker_bg.js": glue });
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start?.();

export default { fetch: (request, env, context) => glue.fetch(request, env, context) };
`;

test("a Worker in Rust places orders with a two-factor key", async (t) => {
  const entry = join(process.env.KRAKEN_WORKER, "entry.mjs");
  writeFileSync(entry, ENTRY);
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret, setupKey } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
  const bindings = { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP: setupKey, KRAKEN_URL: server.url };
  const worker = await startWorker(pathToFileURL(entry), { bindings });
  t.after(() => worker.stop());

  const ids = new Set();
  for (let orders = 1; orders <= 3; orders += 1) {
    const response = await fetch(worker.url);
    const answer = await response.text();
    assert.equal(response.status, 200, answer);
    const { error, result } = JSON.parse(answer);
    assert.deepEqual(error, []);
    assert.match(result.descr.order, /buy 0\.02000000 XBTUSD @ limit 37500\.0/);
    ids.add(result.txid[0]);
  }
  assert.equal(ids.size, 3);
  const placed = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder");
  assert.equal(placed.length, 3);
});

test("and not without its code", async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
  const bindings = { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP: "GEZDGNBVGY3TQOJR", KRAKEN_URL: server.url };
  const worker = await startWorker(pathToFileURL(join(process.env.KRAKEN_WORKER, "entry.mjs")), { bindings });
  t.after(() => worker.stop());
  const { error } = await (await fetch(worker.url)).json();
  assert.deepEqual(error, ["EAPI:Invalid signature"]);
  assert.equal(exchange.executions.length, 0);
});
