// The ends of a client: close() at once, drain() in order. What waits says that nothing was sent, and what was sent ends with its answer.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function open(options = {}, settings = {}) {
  const exchange = new Exchange(settings);
  const { key, secret } = exchange.addKey();
  return { exchange, key, secret, client: new SpotClient({ key, secret, fetch: exchange.fetch, ...options }) };
}

/** Follows a promise without awaiting it. */
function follow(promise) {
  const state = { settled: false };
  promise.then(
    (value) => Object.assign(state, { settled: true, value }),
    (error) => Object.assign(state, { settled: true, error }),
  );
  return state;
}

test("close() ends what waits at once, saying that nothing was sent, and lets what is on its way end", async () => {
  const { client, exchange } = open({}, { arrivalDelay: () => 50 });
  const sent = client.call("AddOrder", ORDER);
  const waiting = [client.call("AddOrder", ORDER), client.call("Balance"), client.sign("Balance")];
  await later(10);
  let answered = false;
  void sent.then(() => (answered = true));
  client.close();
  for (const { reason } of await Promise.allSettled(waiting)) {
    assert.equal(reason?.code, "ERR_FREED");
    assert.match(reason.message, /^(AddOrder|Balance): not sent, because the client is closed/);
  }
  assert.equal(answered, false, "before what is on its way is answered");
  assert.ok((await sent).txid);
  assert.equal(exchange.requests.length, 1);
  await assert.rejects(client.call("Balance"), { code: "ERR_FREED" });
  assert.ok((await client.call("Time")).unixtime, "public endpoints can still be called");
});

test("a call that is aborted, or whose client is closed, before it is awaited is not sent", async () => {
  const { client, exchange } = open();
  const controller = new AbortController();
  const aborted = client.call("AddOrder", ORDER, { signal: controller.signal });
  controller.abort();
  await assert.rejects(aborted, { name: "AbortError" });
  const closed = client.call("AddOrder", ORDER);
  client.close();
  await assert.rejects(closed, { code: "ERR_FREED" });
  assert.equal(exchange.requests.length, 0);
});

test("close() ends the pause before a read is sent again, and a one-time password that takes long", async () => {
  const { client, exchange } = open();
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  const paused = follow(client.call("Balance"));
  while (!exchange.requests.length) await later(2);
  await later(20);
  client.close();
  await later(5);
  assert.equal(paused.error?.code, "ERR_FREED");

  const slow = open({ otp: () => new Promise(() => {}) });
  const call = follow(slow.client.call("AddOrder", ORDER));
  await later(5);
  slow.client.close();
  await later(5);
  assert.equal(call.error?.code, "ERR_FREED");
  assert.equal(slow.exchange.requests.length, 0);
});

test("drain() takes no more calls, waits for those that are under way, and closes then", async () => {
  const { client, exchange } = open({}, { arrivalDelay: () => 30 });
  const calls = [client.call("AddOrder", ORDER), client.call("Balance"), client.call("OpenOrders")];
  const drained = follow(client.drain());
  const again = follow(client.drain());
  await assert.rejects(client.call("Balance"), { code: "ERR_FREED", message: /^Balance: not sent, because the client is draining/ });
  assert.throws(() => client.signSync("Balance"), { code: "ERR_FREED" });
  assert.equal(drained.settled, false);
  for (const { status } of await Promise.allSettled(calls)) assert.equal(status, "fulfilled");
  await later(20);
  assert.ok(drained.settled && again.settled && !drained.error);
  assert.equal(exchange.requests.length, 3);
  await assert.rejects(client.call("Balance"), { code: "ERR_FREED", message: /closed/ });
  await client.drain();
});

test("drain() of an idle client ends at once; close() cuts it short", async () => {
  const idle = open();
  await idle.client.drain();
  await assert.rejects(idle.client.call("Balance"), { message: /closed/ });

  const { client } = open({}, { arrivalDelay: () => 100 });
  const calls = [follow(client.call("Balance")), follow(client.call("Balance"))];
  const drained = follow(client.drain());
  await later(10);
  client.close();
  await later(10);
  assert.deepEqual([calls[0].settled, calls[1].error?.code, drained.settled], [false, "ERR_FREED", false]);
  await later(150);
  assert.ok(calls[0].value && drained.settled);
});

for (const [what, when, found] of [
  ["was placed", "after", true],
  ["did not arrive", "before", false],
]) {
  test(`drain() waits until placeOrder knows what became of an order that ${what}`, { timeout: 20_000 }, async () => {
    const { client, exchange } = open();
    exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
    const placing = follow(placeOrder(client, ORDER, { deadline: 2500, settle: 0, timeout: 25_000 }));
    while (!exchange.requests.length) await later(2);
    const drained = follow(client.drain());
    await assert.rejects(client.call("Balance"), { message: /draining/ }, "other calls are refused meanwhile");
    await assert.rejects(placeOrder(client, ORDER), { message: /draining/ }, "and other orders");
    while (!placing.settled) {
      assert.equal(drained.settled, false);
      await later(10);
    }
    assert.equal(placing.error, undefined);
    assert.equal(placing.value.found, found);
    await later(20);
    assert.ok(drained.settled);
    assert.equal(exchange.executions.filter(({ write }) => write).length, 1);
  });
}

test(
  "an order whose outcome is unknown can be looked for while the client drains, and after the last call",
  { timeout: 20_000 },
  async () => {
    const { client, exchange } = open();
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const looking = follow(
      client.call("AddOrder", ORDER).catch((error) => {
        assert.ok(error instanceof UnknownOutcomeError);
        return resolveOrder(client, error, { settle: 0 });
      }),
    );
    await client.drain();
    assert.equal(looking.value?.outcome, "placed");
  },
);

test("Futures: the same", async () => {
  const exchange = new Exchange({ arrivalDelay: () => 20 });
  const { key, secret } = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ key, secret, fetch: exchange.fetch });
  const call = follow(client.get("accounts"));
  await client.drain();
  assert.ok(call.value);
  await assert.rejects(client.get("accounts"), { code: "ERR_FREED" });
});

test("`await using` drains", { skip: !Symbol.asyncDispose && "this runtime has no Symbol.asyncDispose" }, async () => {
  const { client } = open({}, { arrivalDelay: () => 20 });
  const call = follow(client.call("Balance"));
  await client[Symbol.asyncDispose]();
  assert.ok(call.value);
  await assert.rejects(client.call("Balance"), { message: /closed/ });
  assert.deepEqual(Object.keys(client), [], "nothing that people print");
});

test("close() ends placeOrder and resolveOrder that are looking, and the drain() that waits for them", { timeout: 20_000 }, async () => {
  const { client, exchange } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const placing = placeOrder(client, ORDER, { deadline: 60_000, timeout: 60_000 });
  const drained = client.drain();
  await later(300);
  client.close();
  const began = performance.now();
  await assert.rejects(placing, { code: "ERR_UNKNOWN_OUTCOME", reason: /client is closed/ });
  await drained;
  assert.ok(performance.now() - began < 5000, "within a pause of the search");
});
