// The entry of Durable Objects where there are no Workers: builds load it in Node, and callers are tested there.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import * as imported from "kraken-signer/durable-object";

const copies = { import: imported, require: createRequire(import.meta.url)("kraken-signer/durable-object") };

for (const [way, { KrakenFuturesKey, KrakenKey, futuresClient, spotClient }] of Object.entries(copies)) {
  describe(`Node, ${way}`, () => {
    test("callers call a stub", async () => {
      const stub = { call: async (endpoint) => ({ ZUSD: endpoint }) };
      assert.deepEqual(await spotClient(stub).call("Balance"), { ZUSD: "Balance" });
      assert.equal(typeof futuresClient({ get: async () => ({}) }).get, "function");
    });

    test("constructing an object says where objects run", () => {
      for (const Key of [KrakenKey, KrakenFuturesKey])
        assert.throws(() => new Key({ id: {}, storage: {} }, {}), { message: /^A Durable Object runs only in Cloudflare Workers/ });
    });
  });
}
