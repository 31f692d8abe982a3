// When a search looks: often enough to be certain within its timeout, and no more often than Kraken allows an account of the lowest tier.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, TimeoutError, clientOrderId, resolveOrder } from "kraken-signer";
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

test("a search does not exceed the rate limit of the lowest tier", { timeout: 120_000, concurrency: true }, async (t) => {
  const endpoint = "AddOrderBatch";
  const batch = (orders) => ({ pair: "XBTUSD", orders });
  const elsewhere = (error) => JSON.parse(JSON.stringify(error));
  const searches = {
    "of an order with a long deadline": [{ deadline: 40_000 }, "not-placed"],
    "of an order without a deadline, whose key has a nonce window": [{ key: { nonceWindow: 10_000 } }, "unknown"],
    "of a batch, where one order has no client order id": [
      { endpoint, params: batch([ROW, { ...ROW, userref: 7 }]), deadline: 10_000 },
      "not-placed",
    ],
    "of a batch, with an error from elsewhere": [
      { endpoint, params: batch(Array.from({ length: 15 }, () => ROW)), deadline: 10_000, formOf: elsewhere },
      "not-placed",
    ],
  };
  const all = Object.entries(searches).map(([name, [{ formOf = (error) => error, ...call }, outcome]]) =>
    t.test(name, async () => {
      const { exchange, client, error } = await lose({ ...call, rateLimit: "starter" });
      const found = await resolveOrder(client, formOf(error));
      const rejected = exchange.requests.filter(({ errors }) => errors.some((one) => /Rate limit/.test(one)));
      assert.deepEqual([found.outcome, rejected.length], [outcome, 0], found.reason);
    }),
  );
  await Promise.all(all);
});

test("two orders that were lost at once are not placed, also in the lowest tier", { timeout: 120_000 }, async () => {
  const exchange = new Exchange({ rateLimit: "starter" });
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder", times: 2 });
  const lost = async (cl_ord_id) => {
    const error = await client.call("AddOrder", { ...ORDER, cl_ord_id }, { deadline: 10_000 }).then(assert.fail, (reason) => reason);
    return resolveOrder(client, error);
  };
  const ends = await Promise.all([clientOrderId(), clientOrderId()].map(lost));
  assert.deepEqual(ends, [{ outcome: "not-placed" }, { outcome: "not-placed" }]);
});

const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;

test("a search ends in time and leaves no timer, although an object hangs", { timeout: 20_000 }, async () => {
  const stub = {
    call: (endpoint) => {
      if (endpoint !== "AddOrder") return new Promise(() => {});
      return Promise.reject(Object.assign(new Error("Network connection lost."), { remote: true }));
    },
    check: () => new Promise(() => {}),
  };
  const client = spotClient(stub);
  const error = await client.call("AddOrder", ORDER, { deadline: 2500 }).then(assert.fail, (reason) => reason);
  const [began, before] = [performance.now(), timers()];
  assert.equal((await resolveOrder(client, error, { timeout: 1000 })).outcome, "unknown");
  assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(timers(), before);
});

test("the reason is not that the last call had no time left", async () => {
  const { error } = await lose({});
  const until = performance.now() + 300;
  const call = async () => {
    // The process is busy until the timeout has passed, so the timer of the search comes later than that of the call.
    while (performance.now() < until);
    throw new TimeoutError("OpenOrders: no answer within 1 ms.");
  };
  const found = await resolveOrder({ call, check: call }, error, { timeout: 200 });
  assert.deepEqual(found, { outcome: "unknown", reason: "no look has succeeded" });
});
