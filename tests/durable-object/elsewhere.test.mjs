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

    test("a signal that is none is refused before the object is called", async () => {
      const fail = () => assert.fail("called");
      const stub = { call: fail, get: fail, post: fail };
      const [spot, futures] = [spotClient(stub), futuresClient(stub)];
      for (const signal of ["stop", 1, {}, null]) {
        const refused = { code: "ERR_INVALID_REQUEST", message: /^Invalid `signal`: expected an AbortSignal/ };
        await assert.rejects(spot.call("Balance", {}, { signal }), refused);
        await assert.rejects(futures.post("cancelallorders", {}, { signal }), refused);
      }
    });

    test("parameters and options that are no objects are refused before the object is called", async () => {
      const stub = new Proxy({}, { get: () => () => assert.fail("called") });
      const [spot, futures] = [spotClient(stub), futuresClient(stub)];
      for (const [call, what] of [
        [() => spot.call("AddOrder", null), "parameters of AddOrder"],
        [() => spot.call("Balance", {}, null), "options of Balance"],
        [() => spot.request("GET", "/funding/v1/addresses", null), "options of GET /funding/v1/addresses"],
        [() => spot.check(null), "options of check"],
        [() => futures.post("batchorder", null), "parameters of batchorder"],
        [() => futures.check(null), "options of check"],
      ])
        await assert.rejects(call(), { code: "ERR_INVALID_REQUEST", message: `Invalid ${what}: expected an object, got null.` });
    });

    test("constructing an object says where objects run", () => {
      for (const Key of [KrakenKey, KrakenFuturesKey])
        assert.throws(() => new Key({ id: {}, storage: {} }, {}), { message: /^A Durable Object runs only in Cloudflare Workers/ });
    });
  });
}
