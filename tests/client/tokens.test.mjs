import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, TokenManager } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

function setup(options = {}, exchangeOptions = {}) {
  const exchange = new Exchange(exchangeOptions);
  const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 0 });
  return { exchange, client, tokens: new TokenManager(client, options) };
}

test("concurrent callers share one request, and later ones get the cached token", async () => {
  const { exchange, tokens } = setup({}, { arrivalDelay: () => 20 });
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get()));
  assert.equal(new Set(all).size, 1);
  assert.equal(exchange.requests.length, 1);
  assert.equal(await tokens.get(), all[0]);
  assert.equal(exchange.requests.length, 1);
  tokens.invalidate();
  assert.notEqual(await tokens.get(), all[0]);
});

test("a token is renewed before it expires", async () => {
  const { exchange, tokens } = setup({ refreshMargin: 1900 }, { tokenLifetime: 2 });
  const first = await tokens.get();
  assert.equal(await tokens.get(), first);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.notEqual(await tokens.get(), first);
  assert.equal(exchange.requests.length, 2);
});

test("concurrent callers share a failure, and the next caller makes a new request", async () => {
  const { exchange, tokens } = setup({}, { arrivalDelay: () => 20 });
  exchange.inject({ fault: "error", error: "EGeneral:Temporary lockout" });
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.get()));
  assert.ok(all.every(({ reason }) => reason?.kind === "lockout"));
  assert.equal(exchange.requests.length, 1);
  assert.ok(await tokens.get());
});

test("a caller that gives up does not affect the others", async () => {
  const { exchange, tokens } = setup({}, { arrivalDelay: () => 30 });
  const stop = new AbortController();
  const first = tokens.get({ signal: stop.signal });
  const rest = Array.from({ length: 5 }, () => tokens.get());
  const reason = new Error("gone");
  stop.abort(reason);
  await assert.rejects(first, (error) => error === reason);
  assert.equal(new Set(await Promise.all(rest)).size, 1);
  assert.ok(exchange.requests.length <= 2);
});

test("a caller that waits for another caller's request can give up", async () => {
  const { tokens } = setup({}, { arrivalDelay: () => 200 });
  const first = tokens.get();
  let answered = false;
  void first.then(() => (answered = true));
  await assert.rejects(tokens.get({ signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
  assert.equal(answered, false);
  assert.ok(await first);
});

test("an empty or malformed answer is refused", async () => {
  const { exchange, tokens } = setup();
  for (const result of [
    {},
    null,
    { token: "", expires: 900 },
    { token: "x" },
    { token: 7, expires: 900 },
    { token: "x", expires: 0 },
    { token: "x", expires: "soon" },
    [],
  ]) {
    exchange.inject({ fault: "body", body: JSON.stringify({ error: [], result }) });
    await assert.rejects(tokens.get(), { name: "ResponseError" });
  }
  assert.ok(await tokens.get());
});

test("authorize() adds the token to private messages only", async () => {
  const { exchange, tokens } = setup();
  const open = [
    { method: "ping" },
    { method: "subscribe", params: { channel: "ticker", symbol: ["BTC/USD"] } },
    { method: "unsubscribe", params: { channel: "book" } },
    { event: "ping" },
    { event: "subscribe", pair: ["XBT/USD"], subscription: { name: "ticker" } },
    { event: "unsubscribe", channelID: 1 },
    { event: "executions" },
    {},
  ];
  for (const message of open) {
    const copy = await tokens.authorize(message);
    assert.deepEqual(copy, message);
    assert.notEqual(copy, message);
  }
  assert.equal(exchange.requests.length, 0);
  const token = await tokens.get();
  for (const method of [
    "add_order",
    "amend_order",
    "edit_order",
    "cancel_order",
    "cancel_all",
    "cancel_all_orders_after",
    "batch_add",
    "batch_cancel",
  ]) {
    const message = Object.freeze({ method, params: Object.freeze({ a: 1 }), req_id: 7 });
    assert.deepEqual(await tokens.authorize(message), { method, params: { a: 1, token }, req_id: 7 });
  }
  assert.deepEqual(await tokens.authorize({ method: "cancel_all" }), { method: "cancel_all", params: { token } });
  for (const method of ["subscribe", "unsubscribe"])
    for (const channel of ["executions", "balances", "level3"])
      assert.deepEqual(await tokens.authorize({ method, params: { channel } }), { method, params: { channel, token } });
  for (const event of ["subscribe", "unsubscribe"])
    for (const name of ["ownTrades", "openOrders"])
      assert.deepEqual(await tokens.authorize({ event, subscription: { name } }), { event, subscription: { name, token } });
  for (const event of ["addOrder", "editOrder", "cancelOrder", "cancelAll", "cancelAllOrdersAfter"])
    assert.deepEqual(await tokens.authorize({ event, pair: "XBT/USD" }), { event, pair: "XBT/USD", token });
  tokens.invalidate();
  assert.notEqual((await tokens.authorize({ method: "cancel_all" })).params.token, token);
});

test("if a client never answers, waiting callers can give up, and the next caller asks again", async () => {
  let asked = 0;
  const call = () => (asked++ < 2 ? new Promise(() => {}) : Promise.resolve({ token: "t", expires: 900 }));
  const tokens = new TokenManager({ call }, { timeout: 60 });
  const reason = new Error("enough");
  const stop = new AbortController();
  const first = tokens.authorize({ method: "cancel_all" }, { signal: stop.signal });
  const second = tokens.get();
  setTimeout(() => stop.abort(reason), 20);
  await assert.rejects(first, (error) => error === reason);
  await assert.rejects(second, { name: "TimeoutError" });
  assert.equal(await tokens.get(), "t");
  assert.equal(asked, 3);
});

test("invalid options are refused", () => {
  const { client } = setup();
  for (const timeout of [0, -1, NaN, Infinity, 2 ** 31])
    assert.throws(() => new TokenManager(client, { timeout }), { name: "InvalidRequestError" });
  for (const refreshMargin of [-1, NaN, "soon"])
    assert.throws(() => new TokenManager(client, { refreshMargin }), { name: "InvalidRequestError" });
});
