// What is not known of Kraken, one way and the other.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, executed, Futures, LIMIT, Spot } from "./helper.mjs";

function setUp(assumptions, keyOptions, options = {}) {
  const exchange = new Exchange({ now: () => 1_700_000_000_000, assumptions, ...options });
  const key = exchange.addKey(keyOptions);
  return { exchange, key, client: new Spot(key, exchange.fetch) };
}

describe("assumptions", () => {
  for (const nonceFirst of [false, true]) {
    test(`a request that is rejected for its signature or OTP has ${nonceFirst ? "" : "not "}used up its nonce`, async () => {
      const { key, client } = setUp({ nonceFirst }, { otp: { password: "x" } });
      for (const [params, wrong] of [
        [{ otp: "x" }, { signature: "x" }],
        [{ otp: "y" }, {}],
        [{}, {}],
      ]) {
        const nonce = String(++client.nonce);
        assert.deepEqual((await client.call("Balance", params, { ...wrong, nonce })).error, ["EAPI:Invalid signature"]);
        assert.equal(key.lastNonce === nonce, nonceFirst);
        assert.deepEqual((await client.call("Balance", { otp: "x" }, { nonce })).error, nonceFirst ? ["EAPI:Invalid nonce"] : []);
      }
      // And a second copy of what was refused says so, or not.
      const again = await client.call("Balance", { otp: "x" }, { nonce: "1", signature: "x" });
      assert.deepEqual(again.error, [nonceFirst ? "EAPI:Invalid nonce" : "EAPI:Invalid signature"]);
    });

    test(`Futures: nonceFirst ${nonceFirst} decides whether a wrong signature uses up the nonce`, async () => {
      const { exchange } = setUp({ nonceFirst });
      const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
      const nonce = "1800000000000";
      assert.equal((await client.call("GET", "openorders", "", { nonce, signature: "x" })).error, "authenticationError");
      assert.equal((await client.call("GET", "openorders", "", { nonce })).error, nonceFirst ? "nonceDuplicate" : undefined);
    });
  }

  for (const rateFirst of [false, true]) {
    test(`a request that is rejected for its rate has ${rateFirst ? "not " : ""}used up its nonce`, async () => {
      const { exchange, key, client } = setUp({ rateFirst }, {}, { rateLimit: { max: 1, decay: 0 } });
      await client.call("Balance");
      assert.deepEqual((await client.call("Balance")).error, ["EAPI:Rate limit exceeded"]);
      assert.equal(key.lastNonce === String(client.nonce), !rateFirst);
      const futures = exchange.addKey({ product: "futures" });
      const other = new Futures(futures, exchange.fetch);
      await other.call("GET", "openorders");
      assert.equal((await other.call("GET", "openorders")).error, "apiLimitExceeded");
      assert.equal(futures.lastNonce === String(other.nonce), !rateFirst);
    });
  }

  for (const singleUse of [false, true]) {
    test(`a code is accepted ${singleUse ? "only once" : "as long as it is valid"}`, async () => {
      const { exchange, key, client } = setUp({ singleUse }, { otp: {} });
      const otp = await key.otp();
      exchange.inject({ fault: "twice", answer: "second" });
      // The second copy of an order that ran is refused for its code, before anybody looks at its nonce.
      const { error } = await client.call("AddOrder", { ...LIMIT, otp });
      assert.deepEqual(error, [singleUse ? "EAPI:Invalid signature" : "EAPI:Invalid nonce"]);
      assert.deepEqual(executed(exchange), ["AddOrder"]);
      assert.deepEqual((await client.call("Balance", { otp })).error, singleUse ? ["EAPI:Invalid signature"] : []);
    });
  }

  test("a key's own singleUse overrides that of the exchange", async () => {
    const { key, client } = setUp({ singleUse: true }, { otp: { singleUse: false } });
    const otp = await key.otp();
    for (let i = 0; i < 2; i += 1) assert.deepEqual((await client.call("Balance", { otp })).error, []);
  });
});
