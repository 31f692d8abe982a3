// When a search looks: often enough to be certain within its timeout, and no more often than Kraken allows an account of the lowest tier.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, resolveOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";
import { Exchange } from "kraken-signer/testing";

const ROW = { type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const ORDER = { pair: "XBTUSD", ...ROW };

/** Loses a call that never arrives. */
async function lose({ endpoint = "AddOrder", params = ORDER, deadline, key: settings, ...options }) {
  const exchange = new Exchange(options);
  const { key, secret } = exchange.addKey(settings);
  const client = new SpotClient({ key, secret, fetch: exchange.fetch, retries: 0 });
  exchange.inject({ fault: "reset", when: "before", endpoint });
  const error = await client.call(endpoint, params, deadline ? { deadline } : {}).then(assert.fail, (reason) => reason);
  assert.equal(error.code, "ERR_UNKNOWN_OUTCOME", error.stack);
  return { exchange, client, error };
}

test("a timeout that is five seconds longer than the deadline is enough", { timeout: 60_000, concurrency: true }, async (t) => {
  const deadlines = [2500, 3500, 4500, 5500, 6500, 7500, 8500, 9500, 11_500];
  const all = deadlines.map((deadline) =>
    t.test(`a deadline of ${deadline} ms`, async () => {
      const { client, error } = await lose({ deadline });
      assert.deepEqual(await resolveOrder(client, error, { timeout: deadline + 5000 }), { outcome: "not-placed" });
    }),
  );
  await Promise.all(all);
});


test("a search ends in time, although an object hangs", { timeout: 20_000 }, async () => {
  const stub = {
    call: (endpoint) => {
      if (endpoint !== "AddOrder") return new Promise(() => {});
      return Promise.reject(Object.assign(new Error("Network connection lost."), { remote: true }));
    },
    check: () => new Promise(() => {}),
  };
  const client = spotClient(stub);
  const error = await client.call("AddOrder", ORDER, { deadline: 2500 }).then(assert.fail, (reason) => reason);
  const began = performance.now();
  assert.equal((await resolveOrder(client, error, { timeout: 1000 })).outcome, "unknown");
  assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
});
