// With the option `rateLimit`, calls keep their order, and neither a store that hangs nor a clock that goes back stops them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { ApiError, InvalidRequestError, SpotClient, TimeoutError } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

/** So slow that a call which waits waits for good. */
const NEVER = 1e-6;

const pending = () => new Promise(() => {});
const order = (id, more) => ({ pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10", volume: "1", cl_ord_id: id, ...more });
const batch = (...ids) => ({ pair: "XBTUSD", orders: ids.map(order).map(({ pair: _, ...one }) => one) });
const endpoints = ({ requests }) => requests.map(({ endpoint }) => endpoint);

/** A lane of the user's own: one queue, nonces from the clock, and a store for the rate limits. */
function laneWith(rates) {
  let last = 0;
  let queue = Promise.resolve();
  const run = (send) => {
    const answer = queue.then(() => send(`${(last = Math.max(last + 1, Date.now()))}`));
    queue = answer.catch(() => {});
    return answer;
  };
  return { unit: "ms", run, ...(rates && { rates }) };
}

/** A store in which there is always space, with other methods for some. */
const storeWith = (more) => ({
  take: async (charges) => ({ taken: true, values: charges.map(() => 1) }),
  find: async () => ({ orders: [], memory: 0 }),
  note: async () => {},
  ...more,
});

function open(rateLimit, more) {
  const exchange = new Exchange();
  const key = exchange.addKey();
  return { exchange, key, client: new SpotClient({ ...key, fetch: exchange.fetch, rateLimit, ...more }) };
}

test("CancelAll does not overtake an order that was sent before it and need not wait", async () => {
  const { exchange, client } = open("pro");
  await Promise.all([client.call("AddOrder", order("first")), client.call("CancelAll")]);
  assert.deepEqual(endpoints(exchange), ["AddOrder", "CancelAll"]);
  assert.deepEqual(await client.call("OpenOrders"), { open: {} });
});

test("an order waits for the amendment before it, of which the store has yet to tell the pair", async () => {
  const find = async () => {
    await later(50);
    return { orders: [], memory: 0 };
  };
  const { exchange, client } = open("pro", { lane: laneWith(storeWith({ find })) });
  const { txid } = await client.call("AddOrder", order("old"));
  await Promise.all([client.call("AmendOrder", { txid: txid[0], limit_price: "11" }), client.call("AddOrder", order("new"))]);
  assert.deepEqual(endpoints(exchange), ["AddOrder", "AmendOrder", "AddOrder"]);
});

test("an amendment that has to wait longer, in its slot, is not overtaken by an order of its pair", { timeout: 60_000 }, async () => {
  const limits = { max: 20, decay: 20, trading: { max: 20, decay: 1 } };
  const { exchange, client, key } = open(limits);
  const other = new SpotClient({ ...key, fetch: exchange.fetch, rateLimit: limits, lane: laneWith() });
  const ids = [];
  for (let i = 0; i < 6; i++) ids.push((await client.call("AddOrder", order(`o${i}`))).txid[0]);
  exchange.inject({ fault: "delay", when: "after", ms: 200, endpoint: "Balance" });
  const calls = [
    client.call("Balance"),
    client.call("AmendOrder", { txid: ids[0], limit_price: "11" }),
    client.call("AddOrder", order("last", { pair: "XBT/USD" })),
  ];
  // While they wait for the slot: the counter rises to 14 of 16, so that the order would fit, and the amendment would not.
  await later(20);
  await other.call("CancelOrder", { txid: ids[1] });
  await Promise.all(calls);
  assert.deepEqual(endpoints(exchange).slice(6), ["Balance", "CancelOrder", "AmendOrder", "AddOrder"]);
});

test("the writes of a pair keep their order if only the call counter is kept", async () => {
  const { exchange, client } = open({ max: 5, decay: 4 });
  for (let i = 0; i < 4; i++) await client.call("Balance");
  await Promise.all([
    client.call("AddOrderBatch", batch("b1", "b2")),
    client.call("AddOrder", order("same")),
    client.call("AddOrder", order("other", { pair: "ETHUSD" })),
  ]);
  assert.deepEqual(
    exchange.executions.slice(4).map(({ params }) => params.cl_ord_id ?? "batch"),
    ["other", "batch", "same"],
  );
});

test("a cancel with another key of the client ends the wait of an order, also if the keys were replaced meanwhile", async () => {
  const rateLimit = { max: 20, decay: 1, trading: { max: 1, decay: NEVER } };
  const { exchange, client, key } = open(rateLimit);
  const other = exchange.addKey();
  await client.call("AddOrder", order("first"));
  const waiting = client.call("AddOrder", order("waits"), { timeout: 500 }).catch((error) => error);
  await later(10);
  client.setKeys([other]);
  assert.notEqual(key.key, other.key);
  await client.call("CancelAll");
  assert.match((await waiting).message, /CancelAll was called/);
  assert.deepEqual(endpoints(exchange), ["AddOrder", "CancelAll"]);
});

test("a cancel with an empty name ends the wait of no order", async () => {
  const { client } = open({ max: 20, decay: 1, trading: { max: 1, decay: NEVER } });
  await client.call("AddOrder", order("first"));
  const waiting = client.call("AddOrder", order("waits"), { timeout: 300 }).catch((error) => error);
  await later(10);
  await assert.rejects(client.call("CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC," }), ApiError);
  assert.ok((await waiting) instanceof TimeoutError);
});

test("a store that hangs keeps neither a cancel nor a result back", { timeout: 30_000 }, async () => {
  const { exchange, client } = open("pro", { lane: laneWith(storeWith({ take: pending, find: pending, note: pending })) });
  assert.deepEqual(await client.call("CancelAll", {}, { timeout: 5000 }), { count: 0 });
  const { client: other } = open("pro", { lane: laneWith(storeWith({ note: pending })) });
  assert.equal((await other.call("AddOrder", order("one"), { timeout: 5000 })).txid.length, 1);
  await other.call("CancelAll", {}, { timeout: 5000 });
  // One that waits is not sent, and its timeout ends it.
  await assert.rejects(client.call("Balance", {}, { timeout: 100 }), TimeoutError);
  assert.deepEqual(endpoints(exchange), ["CancelAll"]);
});

test("a store that has never space, but says so, does not stop the program", { timeout: 30_000 }, async () => {
  const take = (charges) => ({ taken: false, values: charges.map(() => 0) });
  const { exchange, client } = open("pro", { lane: laneWith(storeWith({ take, find: () => ({ orders: [], memory: 0 }) })) });
  await assert.rejects(client.call("Balance", {}, { timeout: 100 }), TimeoutError);
  assert.deepEqual(endpoints(exchange), []);
});

test("a clock that goes back by an hour does not hold the calls up for an hour, and raises no counter", async (t) => {
  const { client } = open({ max: 5, decay: 5 });
  for (let i = 0; i < 4; i++) await client.call("Balance");
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() - 3_600_000);
  await client.call("Balance", {}, { timeout: 5000 });
});

test("orders are forgotten after five minutes, also if nothing looks for one", async (t) => {
  const { client, key } = open("pro");
  const known = () => globalThis[Symbol.for("kraken-signer.rates/1")].get(key.key).orders.length;
  for (let i = 0; i < 3; i++) await client.call("AddOrder", order(`early-${i}`));
  assert.equal(known(), 3);
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() + 301_000);
  await client.call("AddOrder", order("late"));
  assert.equal(known(), 1);
});

test("limits are read once, and those that no computation can use are refused", async () => {
  const rateLimit = { max: 5, decay: NEVER, trading: { max: 5, decay: NEVER } };
  const { client, key } = open(rateLimit);
  rateLimit.max = rateLimit.trading.max = NaN;
  for (let i = 0; i < 4; i++) await client.call("Balance");
  await assert.rejects(client.call("Balance", {}, { timeout: 50 }), TimeoutError);
  for (const wrong of [5e-324, 1e300]) {
    assert.throws(() => new SpotClient({ ...key, rateLimit: { max: 1, decay: wrong } }), InvalidRequestError);
    assert.throws(() => new SpotClient({ ...key, rateLimit: { max: wrong, decay: 1 } }), InvalidRequestError);
  }
});
