// The option `rateLimit`: calls wait in place of being rejected, cancels never wait, and all that ends a call ends its wait.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { ApiError, FuturesClient, InvalidRequestError, KrakenError, SpotClient, TimeoutError } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const commonJs = createRequire(import.meta.url)("kraken-signer");

/** So slow that a call which waits waits for good. */
const NEVER = 1e-6;

const order = (id, more) => ({ pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10", volume: "1", cl_ord_id: id, ...more });
const sent = ({ executions }) => executions.map(({ endpoint, params }) => params.cl_ord_id ?? endpoint);

function open(rateLimit, { assumptions, limits, ...more } = {}) {
  const exchange = new Exchange({ rateLimit: limits, assumptions });
  const key = exchange.addKey();
  const client = new SpotClient({ ...key, fetch: exchange.fetch, rateLimit, ...more });
  return { exchange, key, client };
}

/** Makes calls that fill the call counter, and one that waits. */
async function waiting(more) {
  const opened = open({ max: 5, decay: NEVER }, more);
  for (let i = 0; i < 4; i++) await opened.client.call("Balance");
  return opened;
}

test("a call waits until its counter can take it, and the hooks count the time as queued", async () => {
  const queued = [];
  const { exchange, client } = open({ max: 5, decay: 10 }, { hooks: { onRequest: (event) => queued.push(event.queued) } });
  await Promise.all(Array.from({ length: 6 }, () => client.call("Balance")));
  assert.equal(exchange.executions.length, 6);
  // Four at once, one of five being left to calls that cancel orders, and two more, 100 ms each.
  assert.ok(queued[5] >= 190, `${queued}`);
});

test("counters of the process cost no timer of their own, before a call and after it", async (t) => {
  const { client } = open("pro");
  const timers = t.mock.method(globalThis, "setTimeout");
  const callTimers = async (work) => {
    timers.mock.resetCalls();
    await work();
    return timers.mock.calls.filter(({ arguments: [, delay] }) => delay === 300).length;
  };
  assert.equal(await callTimers(() => client.call("AddOrder", order("one"))), 0);
  assert.equal(await callTimers(() => client.call("CancelOrder", { cl_ord_id: "one" })), 0);
});

test("histories weigh two", async () => {
  const { exchange, client } = open({ max: 5, decay: NEVER });
  await client.call("Ledgers");
  await client.call("TradesHistory");
  await assert.rejects(client.call("Balance", {}, { timeout: 50 }), TimeoutError);
  assert.equal(exchange.requests.length, 2);
});

test("a timeout says that the call was not sent, and why", async () => {
  const { exchange, client } = await waiting();
  await assert.rejects(
    client.call("WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "1" }, { timeout: 30 }),
    {
      name: "TimeoutError",
      message: "WalletTransfer: not sent within its timeout, because it waited for the rate limit (`rateLimit`).",
    },
  );
  assert.equal(exchange.requests.length, 4);
});

test("a signal ends the wait", async () => {
  const { exchange, client } = await waiting();
  const stopper = new AbortController();
  const call = client.call("Balance", {}, { signal: stopper.signal });
  await later(10);
  stopper.abort(new Error("enough"));
  await assert.rejects(call, { message: "enough" });
  assert.equal(exchange.requests.length, 4);
});

test("close() ends the wait at once, and says that nothing was sent", async () => {
  const { exchange, client } = await waiting();
  const call = client.call("Balance");
  await later(10);
  client.close();
  await assert.rejects(call, { code: "ERR_FREED", message: /^Balance: not sent/ });
  assert.equal(exchange.requests.length, 4);
});

test("drain() waits for the calls that wait, and lets them be sent", async () => {
  const { exchange, client } = open({ max: 5, decay: 10 });
  const calls = Array.from({ length: 6 }, () => client.call("Balance"));
  await client.drain();
  await Promise.all(calls);
  assert.equal(exchange.executions.length, 6);
});

test("cancels never wait, whatever waits before them", async () => {
  const { exchange, client } = open({ max: 5, decay: NEVER, trading: { max: 5, decay: NEVER } });
  const placed = [];
  for (let i = 0; i < 4; i++) placed.push((await client.call("AddOrder", order(`own-${i}`))).txid[0]);
  for (let i = 0; i < 4; i++) await client.call("Balance");
  const stopper = new AbortController();
  const waiting = [
    client.call("AddOrder", order("late"), { signal: stopper.signal }),
    client.call("AmendOrder", { txid: placed[0], limit_price: "11" }, { signal: stopper.signal }),
    client.call("Balance", {}, { signal: stopper.signal }),
  ];
  const outcomes = Promise.allSettled(waiting);
  await later(10);
  await client.call("CancelOrder", { txid: placed[0] });
  await client.call("CancelOrderBatch", { orders: [placed[1]] });
  await client.call("CancelAllOrdersAfter", { timeout: 60 });
  assert.deepEqual(await client.call("CancelAll"), { count: 2 });
  stopper.abort();
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["rejected", "rejected", "rejected"],
  );
  assert.equal(exchange.requests.filter(({ endpoint }) => /^Cancel/.test(endpoint)).length, 4);
});

test("an order that waits is not sent after the call that cancels it", async () => {
  const { exchange, client } = open({ max: 20, decay: 1, trading: { max: 1, decay: NEVER } });
  await client.call("AddOrder", order("first"));
  const caught = (call) => call.catch((error) => error);
  const named = caught(client.call("AddOrder", order("named")));
  const grouped = caught(client.call("AddOrder", order(undefined, { userref: 7 })));
  const other = caught(client.call("AddOrder", order("other")));
  await later(10);
  // Kraken does not know the order.
  await assert.rejects(client.call("CancelOrder", { cl_ord_id: "named" }), ApiError);
  const { code, message } = await named;
  assert.equal(code, "ERR_UNAVAILABLE");
  assert.equal(message, "AddOrder: not sent, because CancelOrder was called while it waited for the rate limit (`rateLimit`).");
  await assert.rejects(client.call("CancelOrder", { txid: 7 }), ApiError);
  assert.ok((await grouped) instanceof KrakenError);
  await client.call("CancelAll");
  assert.match((await other).message, /CancelAll was called/);
  assert.deepEqual(sent(exchange), ["first", "CancelAll"]);
});

test("CancelAll ends the wait of an order without a name, and not that of one that is only validated", async () => {
  const { exchange, client } = open({ max: 20, decay: 1, trading: { max: 1, decay: NEVER } }, { clientOrderIds: false });
  await client.call("AddOrder", order());
  const stopper = new AbortController();
  const nameless = client.call("AddOrder", order()).catch((error) => error);
  const validated = client.call("AddOrder", order(undefined, { validate: true }), { signal: stopper.signal }).catch((error) => error);
  await later(10);
  await client.call("CancelAll");
  assert.match((await nameless).message, /CancelAll was called/);
  stopper.abort(new Error("enough"));
  assert.equal((await validated).message, "enough");
  assert.equal(exchange.requests.length, 2);
});

test("a write that waits for the call counter holds up the later writes of its pair, and no others", async () => {
  const { exchange, client } = open({ max: 5, decay: 0.5, trading: { max: 20, decay: 1 } });
  for (let i = 0; i < 4; i++) await client.call("Balance");
  const orders = [order("b1"), order("b2")].map(({ pair: _, ...one }) => one);
  const batch = client.call("AddOrderBatch", { pair: "BTC/USD", orders });
  const later = ["XBT/USD", "XXBTZUSD", "BTCUSD", "ETHUSD"].map((pair) => client.call("AddOrder", order(pair.replace("/", ""), { pair })));
  await Promise.all([batch, ...later]);
  const writes = sent(exchange).filter((one) => one !== "Balance");
  assert.deepEqual(
    writes.filter((one) => one !== "ETHUSD"),
    ["AddOrderBatch", "XBTUSD", "XXBTZUSD", "BTCUSD"],
  );
  assert.ok(writes.indexOf("ETHUSD") < writes.indexOf("AddOrderBatch"));
});

test("the writes of a pair keep their order, and those of another pair go ahead", async () => {
  const { exchange, client } = open({ max: 20, decay: 20, trading: { max: 5, decay: 10 } });
  const calls = Array.from({ length: 6 }, (_, i) => client.call("AddOrder", order(`x${i}`)));
  // It also needs the call counter, and so comes last.
  calls.push(
    client.call("AddOrderBatch", { pair: "XBT/USD", orders: [order("batch"), order("batch2")].map(({ pair: _, ...one }) => one) }),
  );
  calls.push(client.call("AddOrder", order("after", { pair: "XXBTZUSD" })), client.call("AddOrder", order("ether", { pair: "ETHUSD" })));
  await Promise.all(calls);
  const all = sent(exchange);
  assert.deepEqual(
    all.filter((one) => one !== "ether"),
    ["x0", "x1", "x2", "x3", "x4", "x5", "AddOrderBatch", "after"],
  );
  assert.ok(all.indexOf("ether") < all.indexOf("after"));
});

test("young orders weigh more, and one that the key has not placed since it is counted weighs as the count is old", async () => {
  const { exchange, client, key } = open({ max: 20, decay: 1, trading: { max: 10, decay: NEVER } }, { limits: "pro" });
  const { txid } = await client.call("AddOrder", order("young"));
  await client.call("AmendOrder", { txid: txid[0], limit_price: "11" }); // 1 + 3
  // The counter is at 5 of 8, and this would add 4.
  await assert.rejects(client.call("AmendOrder", { cl_ord_id: "young", limit_price: "12" }, { timeout: 30 }), TimeoutError);
  const stranger = new SpotClient({ ...key, fetch: exchange.fetch });
  const { txid: foreign } = await stranger.call("AddOrder", order("foreign"));
  const change = { txid: foreign[0], limit_price: "12" };
  await assert.rejects(client.call("AmendOrder", { ...change, pair: "XBTUSD" }, { timeout: 30 }), TimeoutError);
  // Without a pair, it is not known which counter it is.
  await client.call("AmendOrder", change);
});

test("a cancel that was rejected is not counted", async () => {
  const { exchange, client } = open({ max: 20, decay: 1, trading: { max: 10, decay: NEVER } });
  const { txid } = await client.call("AddOrder", order("filled"));
  exchange.fill(txid[0]);
  for (let i = 0; i < 3; i++) await assert.rejects(client.call("CancelOrder", { txid: txid[0] }), ApiError);
  for (let i = 0; i < 7; i++) await client.call("AddOrder", order(`more-${i}`));
  await assert.rejects(client.call("AddOrder", order("too much"), { timeout: 30 }), TimeoutError);
});

test("an order whose cancel has an unknown outcome is still known", async () => {
  const { exchange, client } = open({ max: 20, decay: 1, trading: { max: 30, decay: NEVER } });
  const { txid } = await client.call("AddOrder", order("kept"));
  exchange.inject({ fault: "reset", when: "before", endpoint: "CancelOrder" });
  await assert.rejects(client.call("CancelOrder", { txid: txid[0] }), { code: "ERR_UNKNOWN_OUTCOME" });
  await client.call("CancelOrder", { txid: txid[0] });
  // The counter is at 17 of 24.
  for (let i = 0; i < 7; i++) await client.call("AddOrder", order(`more-${i}`));
  await assert.rejects(client.call("AddOrder", order("too much"), { timeout: 30 }), TimeoutError);
});

test("a cancel is counted with the age of its order, and holds up what follows on its pair", async () => {
  const { client } = open({ max: 20, decay: 1, trading: { max: 10, decay: NEVER } });
  const { txid } = await client.call("AddOrder", order("short"));
  await client.call("CancelOrder", { txid: txid[0] });
  await assert.rejects(client.call("AddOrder", order("late"), { timeout: 30 }), TimeoutError);
  await client.call("AddOrder", order("elsewhere", { pair: "ETHUSD" }));
});

test("a fifth of the engine's limit is left to cancels, in case Kraken limits them too", async () => {
  const { exchange, client } = open("pro", { limits: "pro", assumptions: { limitsCancels: true } });
  const stopper = new AbortController();
  const calls = Array.from({ length: 160 }, (_, i) => client.call("AddOrder", order(`o${i}`), { signal: stopper.signal }));
  const outcomes = Promise.allSettled(calls);
  await Promise.all(calls.slice(0, 144));
  for (let i = 0; i < 4; i++) await client.call("CancelOrder", { cl_ord_id: `o${i}` });
  assert.deepEqual(
    exchange.requests.flatMap(({ errors }) => errors),
    [],
  );
  stopper.abort();
  await outcomes;
});

test("a rejection shows that the counter is full, because others use the key", async () => {
  const limits = { max: 6, decay: 5, trading: { max: 6, decay: 5 } };
  const { exchange, client, key } = open(limits, { limits, retries: 0 });
  const stranger = new SpotClient({ ...key, fetch: exchange.fetch, retries: 0 });
  for (let i = 0; i < 6; i++) await stranger.call("Balance");
  await assert.rejects(client.call("Balance"), { kind: "rate-limit" });
  const started = performance.now();
  await client.call("Balance");
  assert.ok(performance.now() - started >= 190);
  for (let i = 0; i < 6; i++) await stranger.call("AddOrder", order(`s${i}`));
  await assert.rejects(client.call("AddOrder", order("o0")), { kind: "rate-limit" });
  await client.call("AddOrder", order("o1"));
  assert.equal(exchange.requests.filter(({ errors }) => errors.length).length, 2);
});

test("all clients of a key in the process share its counters, of both copies of the package, and signSync counts too", async () => {
  const rateLimit = { max: 5, decay: NEVER };
  const { exchange, client, key } = open(rateLimit);
  const other = new commonJs.SpotClient({ ...key, fetch: exchange.fetch, rateLimit });
  await client.call("Balance");
  await other.call("Balance");
  client.signSync("Balance");
  await client.sign("Balance");
  await assert.rejects(other.call("Balance", {}, { timeout: 30 }), { code: "ERR_TIMEOUT" });
  const { client: elsewhere } = open(rateLimit);
  await elsewhere.call("Balance");
});

test("public endpoints never wait", async () => {
  const { client } = await waiting();
  await client.call("Time");
});

test("what ends a wait lets those behind it go sooner", async () => {
  const { client } = open({ max: 20, decay: 1, trading: { max: 5, decay: 1 } });
  for (let i = 0; i < 4; i++) await client.call("AddOrder", order(`a${i}`));
  const stopper = new AbortController();
  const first = client.call(
    "AddOrderBatch",
    { pair: "XBTUSD", orders: Array.from({ length: 8 }, () => order()).map(({ pair: _, ...one }) => one) },
    { signal: stopper.signal },
  );
  const started = performance.now();
  const second = client.call("AddOrder", order("second"));
  await later(10);
  stopper.abort(new Error("enough"));
  await assert.rejects(first, { message: "enough" });
  await second;
  assert.ok(performance.now() - started < 3500);
});

test("wrong limits are named, and FuturesClient refuses the option", () => {
  const key = new Exchange().addKey();
  const wrong = (rateLimit) => assert.throws(() => new SpotClient({ ...key, rateLimit }), InvalidRequestError, JSON.stringify(rateLimit));
  for (const limit of [
    "expert",
    "toString",
    null,
    5,
    {},
    { max: 1 },
    { max: 0, decay: 1 },
    { max: 1, decay: "1" },
    { max: 1, decay: NaN },
    [1, 2],
  ])
    wrong(limit);
  wrong({ max: 1, decay: 1, trade: { max: 1, decay: 1 } });
  wrong({ max: 1, decay: 1, trading: { max: 1 } });
  for (const rateLimit of ["starter", "intermediate", "pro", { max: 1, decay: 1 }, undefined])
    new SpotClient({ ...key, rateLimit }).close();
  const futures = new Exchange().addKey({ product: "futures" });
  assert.throws(() => new FuturesClient({ ...futures, rateLimit: "pro" }), /Invalid `rateLimit`: only SpotClient has it/);
});
