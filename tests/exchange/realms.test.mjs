// A test environment whose global `Uint8Array` is that of a page, while its TextEncoder is Node's: the jsdom of Vitest.
import assert from "node:assert/strict";
import test from "node:test";
import { runInNewContext } from "node:vm";

const own = globalThis.Uint8Array;
globalThis.Uint8Array = runInNewContext("Uint8Array");
const { SpotClient } = await import("kraken-signer");
const { Exchange } = await import("kraken-signer/testing");

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };

test("the simulated exchange answers where bytes are not those of the global `Uint8Array`", async (t) => {
  t.after(() => (globalThis.Uint8Array = own));
  assert.ok(!(new TextEncoder().encode("a") instanceof Uint8Array));
  const exchange = new Exchange();
  const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 0 });
  assert.ok((await client.call("AddOrder", ORDER)).txid);
  exchange.inject({ fault: "html", when: "before", endpoint: "Balance" });
  await assert.rejects(client.call("Balance"));
  const { id } = await client.call("AddExport", { report: "trades", description: "all" });
  assert.deepEqual([...(await client.call("RetrieveExport", { id })).subarray(0, 2)], [0x50, 0x4b]);
});
