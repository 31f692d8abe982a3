// The Spot socket where nothing goes wrong.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { executed, LIMIT, reading, spot, SpotSocket, until, Exchange, address } from "./helper.mjs";

/** An order in a batch, which has one symbol for all. */
const { symbol: _symbol, ...ROW } = LIMIT;

test("an order costs one timer, for its timeout, once the socket has a token", async (t) => {
  const { socket } = await spot(t, { timeout: 12_345 });
  await socket.call("add_order", { ...LIMIT, cl_ord_id: "first" });
  const timers = t.mock.method(globalThis, "setTimeout");
  await socket.call("add_order", { ...LIMIT, cl_ord_id: "second" });
  assert.equal(timers.mock.calls.filter(({ arguments: [, delay] }) => delay === 12_345).length, 1);
});

for (const over of ["in memory", "over loopback"]) {
  async function open(t, options) {
    if (over === "in memory") return spot(t, options);
    const exchange = new Exchange({ sockets: { attempts: 10_000, heartbeat: 50 } });
    const server = await exchange.listen();
    t.after(() => server.close());
    return spot(t, options, { exchange, server });
  }

  test(`${over}: a socket subscribes, trades and reads`, async (t) => {
    const { exchange, client, socket, counter } = await open(t);
    const { messages, of } = reading(socket);
    await socket.subscribe("executions", { snap_trades: true });
    await socket.subscribe("balances");
    await socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"] });
    await socket.subscribe("trade", { symbol: ["BTC/USD"], snapshot: true });
    await socket.subscribe("level3", { symbol: ["BTC/USD"] });
    const placed = await socket.call("add_order", { ...LIMIT, cl_ord_id: "mine-1" });
    assert.match(placed.order_id, /^O/);
    assert.equal(placed.cl_ord_id, "mine-1");
    assert.deepEqual(Object.keys((await client.call("OpenOrders")).open), [placed.order_id]);
    assert.equal(executed(exchange)[0].did, `placed ${placed.order_id}: buy 1.25000000 XBTUSD @ limit 37500.0`);
    exchange.fill(placed.order_id, "0.25");
    exchange.fill(placed.order_id);
    await client.call("AddOrder", { pair: "XBTUSD", type: "sell", ordertype: "market", volume: "0.1" });
    await until(() => of("ticker").length === 5 && of("balances").length === 7);
    assert.deepEqual(
      of("executions").flatMap(({ type, data, sequence }) => data.map(({ exec_type, cum_qty }) => [type, sequence, exec_type, cum_qty])),
      [
        ["update", 2, "pending_new", 0],
        ["update", 3, "new", undefined],
        ["update", 4, "trade", 0.25],
        ["update", 5, "trade", 1.25],
        ["update", 6, "filled", 1.25],
        ["update", 7, "pending_new", 0],
        ["update", 8, "new", undefined],
        ["update", 9, "trade", 0.1],
        ["update", 10, "filled", 0.1],
      ],
    );
    assert.equal(of("executions")[0].type, "snapshot");
    assert.deepEqual(
      of("level3").flatMap(({ data }) => data[0].bids.map(({ event, order_id, order_qty }) => [event, order_id, order_qty])),
      [
        ["add", placed.order_id, 1.25],
        ["modify", placed.order_id, 1],
        ["delete", placed.order_id, 1],
      ],
    );
    assert.deepEqual(
      of("trade").map(({ type, data }) => [type, data.length]),
      [
        ["snapshot", 0],
        ["update", 1],
        ["update", 1],
        ["update", 1],
      ],
    );
    assert.deepEqual(
      messages.filter(({ type }) => type === "gap"),
      [],
    );
    assert.equal(of("heartbeat").length, 0, "signs of life are not for the reader");
    const tokens = counter.messages
      .filter(({ params }) => params?.token)
      .map(({ method, params }) => [method, params.channel ?? params.symbol]);
    assert.deepEqual(
      tokens,
      [
        ["subscribe", "executions"],
        ["subscribe", "balances"],
        ["subscribe", "level3"],
        ["add_order", "BTC/USD"],
      ],
      "tokens go only where they are needed",
    );
    assert.equal(exchange.tokens.length, 1);
  });

  test(`${over}: every trading method works`, async (t) => {
    const { exchange, socket } = await open(t);
    const first = await socket.call("add_order", LIMIT);
    const amended = await socket.call("amend_order", { order_id: first.order_id, limit_price: 37000 });
    assert.match(amended.amend_id, /^T/);
    const edited = await socket.call("edit_order", { order_id: first.order_id, symbol: "BTC/USD", order_qty: 2 });
    assert.equal(edited.original_order_id, first.order_id);
    assert.deepEqual(await socket.call("cancel_order", { order_id: [edited.order_id] }), { order_id: edited.order_id });
    const batch = await socket.call("batch_add", { symbol: "BTC/USD", orders: [ROW, { ...ROW, order_qty: 0.5, cl_ord_id: "b" }] });
    const [random, own] = batch.map(({ cl_ord_id }) => cl_ord_id);
    assert.match(random, /^[\da-f-]{36}$/, "an order without a name gets one");
    assert.equal(own, "b");
    assert.deepEqual(await socket.call("batch_cancel", { orders: batch.map(({ order_id }) => order_id) }), { count: 2 });
    const two = [await socket.call("add_order", LIMIT), await socket.call("add_order", LIMIT)].map(({ order_id }) => order_id);
    assert.deepEqual(
      await socket.call("cancel_order", { order_id: two }),
      two.map((order_id) => ({ order_id })),
    );
    await socket.call("add_order", { ...LIMIT, order_type: "stop-loss-limit", triggers: { price: 36000, reference: "last" } });
    await socket.call("add_order", { ...LIMIT, time_in_force: "gtd", expire_time: new Date(Date.now() + 60_000), post_only: true });
    const armed = await socket.call("cancel_all_orders_after", { timeout: 60 });
    assert.ok(Date.parse(armed.triggerTime) > Date.now());
    assert.deepEqual(await socket.call("cancel_all", {}), { count: 2 });
    assert.deepEqual(await socket.call("add_order", { ...LIMIT, validate: true }), {});
    assert.equal(exchange.executions.filter(({ write, method }) => write && method === "WebSocket").length, 13);
  });
}

test("trades are sent in the order of the calls; while there is no token, messages that need none go first", async (t) => {
  const { socket, counter } = spot(t);
  await Promise.all([
    socket.call("add_order", LIMIT),
    socket.ping(),
    socket.subscribe("ticker", { symbol: ["BTC/USD"] }),
    socket.call("cancel_all", {}),
    socket.subscribe("executions"),
  ]);
  assert.deepEqual(
    counter.messages.map(({ method, params }) => params?.channel ?? method),
    ["ping", "ticker", "add_order", "cancel_all", "executions"],
  );
});

test("errors are those of the client, with kind, hint and failed rows", async (t) => {
  const { exchange, socket } = spot(t);
  const refused = async (promise, expected) => {
    const error = await promise.then(
      () => assert.fail("not refused"),
      (reason) => reason,
    );
    assert.equal(error.name, "ApiError", String(error));
    for (const name in expected) assert.deepEqual(error[name], expected[name], name);
    assert.ok(error.message.endsWith(`${error.errors.join(", ")}.${error.hint && ` ${error.hint}`}`), error.message);
    return error;
  };
  await refused(socket.call("add_order", { ...LIMIT, order_qty: 9e8 }), {
    kind: "order",
    errors: ["EOrder:Insufficient funds"],
    endpoint: "add_order",
    retryable: false,
  });
  await refused(socket.call("add_order", { ...LIMIT, side: "hold" }), { kind: "arguments", errors: ["EGeneral:Invalid arguments:type"] });
  await refused(socket.subscribe("ticker", { symbol: ["BTC/USD", "NO/SUCH"] }), {
    kind: "other",
    result: [
      { channel: "ticker", event_trigger: "trades", snapshot: true, symbol: "BTC/USD" },
      { error: "Currency pair not supported NO/SUCH", symbol: "NO/SUCH" },
    ],
    done: [0],
  });
  await refused(socket.call("batch_add", { symbol: "BTC/USD", orders: [LIMIT, ROW] }), { kind: "arguments" });
  await refused(socket.subscribe("brand_new"), { kind: "arguments", endpoint: "brand_new" });
  const { order_id } = await socket.call("add_order", LIMIT);
  const partly = await refused(socket.call("cancel_order", { order_id: [order_id, "OAAAAA-AAAAA-ZZZZZZ"] }), {
    kind: "order",
    errors: ["EOrder:Unknown order"],
  });
  assert.deepEqual([partly.result, partly.done], [[{ order_id }, { error: "EOrder:Unknown order" }], [0]]);
  const batch = await refused(socket.call("batch_add", { symbol: "BTC/USD", orders: [ROW, { ...ROW, order_qty: 9e8 }] }), {
    kind: "order",
  });
  assert.deepEqual([batch.result.length, batch.done], [2, [0]]);
  exchange.injectSocket({ fault: "error", at: "received", name: "add_order", error: "EOrder:Rate limit exceeded" });
  await refused(socket.call("add_order", LIMIT), { kind: "rate-limit", retryable: true });
  // An engine that is busy may have placed it.
  exchange.injectSocket({ fault: "error", at: "received", name: "add_order", error: "EService:Busy" });
  await assert.rejects(socket.call("add_order", { ...LIMIT, cl_ord_id: "x" }), {
    name: "UnknownOutcomeError",
    endpoint: "add_order",
    clientOrderId: "x",
  });
  // A key that may not.
  const other = spot(t, { key: { permissions: ["create-ws-token"] } }, { exchange });
  await refused(other.socket.call("add_order", LIMIT), { kind: "permission" });
  await refused(other.socket.call("cancel_order", { order_id: ["a"] }), { kind: "permission" });
  await refused(other.socket.subscribe("executions"), { kind: "permission" });
  const none = spot(t, { key: { permissions: [] } }, { exchange });
  await refused(none.socket.call("add_order", LIMIT), { kind: "permission", endpoint: "GetWebSocketsToken" });
});

test("parameters are read once, checked before anything is sent, and sent with plain numbers", async (t) => {
  const { socket, counter, exchange } = spot(t);
  for (const params of [
    { ...LIMIT, order_qty: NaN },
    { ...LIMIT, order_qty: Infinity },
    { ...LIMIT, cl_ord_id: 1n },
    { ...LIMIT, order_qty: null },
    { ...LIMIT, order_qty: () => 1 },
    { ...LIMIT, order_qty: 1e21 },
    { ...LIMIT, order_qty: 0.1 + 0.2 },
    { ...LIMIT, order_qty: 2 ** 53 + 2 },
    { ...LIMIT, triggers: { reference: "last", price: 1.1 * 1.1 } },
    { ...LIMIT, token: "mine" },
    { ...LIMIT, triggers: { token: "mine" } },
    Object.assign([], LIMIT),
    undefined,
  ]) {
    await assert.rejects(socket.call("add_order", params), { name: "InvalidRequestError" });
  }
  const knot = { ...LIMIT };
  knot.knot = knot;
  await assert.rejects(socket.call("add_order", knot), { name: "InvalidRequestError" });
  assert.equal(counter.made, 0);
  await assert.rejects(socket.call("QueryOrders", LIMIT), { name: "ApiError", errors: ["EGeneral:Unknown method"] });
  let raw;
  const { WebSocket } = exchange;
  const plain = new SpotSocket({
    url: address(),
    client: spot(t, {}, { exchange }).client,
    WebSocket: class extends WebSocket {
      send(text) {
        raw = text;
        super.send(text);
      }
    },
  });
  t.after(() => plain.close());
  await assert.rejects(plain.call("add_order", { ...LIMIT, limit_price: 6.25e-7, cl_ord_id: 'a"1e-9' }), { name: "ApiError" });
  assert.ok(raw.includes('"limit_price":0.000000625,') && raw.includes('"a\\"1e-9"'), raw);
  let times = 0;
  const once = {
    ...LIMIT,
    get order_qty() {
      return ++times;
    },
  };
  await socket.call("add_order", once);
  assert.equal(times, 1);
});

test("invalid options, and private calls without tokens, are refused", async (t) => {
  const { exchange, client, tokens } = spot(t);
  const { WebSocket } = exchange;
  const wrong = [
    { url: "http://127.0.0.1/v2" },
    { url: "ws://ws.kraken.com/v2" },
    { url: "wss://user:pass@ws.kraken.com/v2" },
    { url: "nonsense" },
    { timeout: 0 },
    { silence: 70_000 },
    { queue: 0 },
    { overflow: "drop-newest" },
    { reconnect: { minDelay: -1 } },
    { tokens, client },
    { WebSocket: "ws" },
  ];
  for (const options of wrong)
    assert.throws(() => new SpotSocket({ WebSocket, ...options }), { name: "InvalidRequestError" }, JSON.stringify(Object.keys(options)));
  if (!globalThis.WebSocket) assert.throws(() => new SpotSocket(), /Pass a constructor/);
  const open = new SpotSocket({ WebSocket });
  t.after(() => open.close());
  await open.subscribe("ticker", { symbol: ["BTC/USD"] });
  await assert.rejects(open.call("add_order", LIMIT), { name: "InvalidRequestError" });
  await assert.rejects(open.subscribe("executions"), { name: "InvalidRequestError", message: /executions is a private channel/ });
});

test("unsubscribing ends all or some symbols, also after a new connection", async (t) => {
  const { exchange, socket } = spot(t);
  const { of } = reading(socket);
  await socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"] });
  await socket.subscribe("executions");
  await socket.unsubscribe("ticker", { symbol: ["BTC/USD"] });
  exchange.sockets.at(-1).reset();
  await until(() => of("executions").length === 2 && of("ticker").length === 3);
  assert.equal(of("ticker").at(-1).data[0].symbol, "ETH/USD");
  await socket.unsubscribe("executions");
  await socket.unsubscribe("ticker", { symbol: ["ETH/USD"] });
  exchange.sockets.at(-1).reset();
  await until(() => of("socket").filter(({ type }) => type === "connected").length === 3);
  await socket.ping();
  assert.deepEqual(
    exchange.sockets.at(-1).received.map((text) => JSON.parse(text).method),
    ["ping"],
  );
  await assert.rejects(socket.unsubscribe("ticker", { symbol: ["ETH/USD"] }), { name: "ApiError" });
});

test("after close(), the reader gets the remaining messages, calls get their outcome, and nothing is sent", async (t) => {
  const { exchange, socket } = spot(t);
  await socket.subscribe("executions");
  exchange.injectSocket({ fault: "lose", at: "executed", name: "add_order" });
  const sent = socket.call("add_order", { ...LIMIT, cl_ord_id: "sent" });
  await until(() => executed(exchange).length === 1);
  socket.close();
  await assert.rejects(sent, { name: "UnknownOutcomeError", endpoint: "add_order", clientOrderId: "sent", nonce: "" });
  await assert.rejects(socket.call("add_order", LIMIT), { code: "ERR_UNAVAILABLE", message: /not sent/ });
  await assert.rejects(socket.subscribe("balances"), { code: "ERR_UNAVAILABLE" });
  const left = [];
  for await (const message of socket) left.push(message);
  assert.ok(left.some(({ channel }) => channel === "executions"));
  const early = spot(t);
  const waiting = early.socket.call("add_order", LIMIT);
  early.socket.close();
  await assert.rejects(waiting, { code: "ERR_UNAVAILABLE", message: /not sent/ });
  assert.equal(early.exchange.executions.length, 0);
  if (Symbol.asyncDispose) await early.socket[Symbol.asyncDispose]();
});

test("a printed socket shows no secret", async (t) => {
  const { exchange, socket, key } = spot(t);
  await socket.subscribe("executions");
  exchange.injectSocket({ fault: "lose", at: "received", name: "add_order" });
  const call = socket.call("add_order", LIMIT, { timeout: 50 });
  await until(() => exchange.sockets[0].received.length === 2);
  const shown = inspect(socket, { depth: 12, showHidden: true }) + JSON.stringify(socket) + Object.keys(socket);
  for (const secret of [key.secret, exchange.tokens[0].token]) assert.ok(!shown.includes(secret), shown);
  await assert.rejects(call, (error) => !inspect(error, { depth: 12 }).includes(exchange.tokens[0].token));
});

test("a signal that outlives many calls keeps no listeners", async (t) => {
  const { socket } = spot(t);
  const { signal } = new AbortController();
  let listeners = 0;
  for (const [name, step] of [
    ["addEventListener", 1],
    ["removeEventListener", -1],
  ]) {
    const original = signal[name];
    signal[name] = function (...args) {
      listeners += step;
      return original.apply(this, args);
    };
  }
  await socket.subscribe("executions", {}, { signal });
  for (let i = 0; i < 20; i++) await socket.call("add_order", LIMIT, { signal });
  await assert.rejects(socket.call("add_order", { ...LIMIT, order_qty: 9e8 }, { signal }));
  assert.equal(listeners, 0);
});

test("errors of timeouts and aborts say whether the call was sent", async (t) => {
  const { exchange, socket } = spot(t);
  exchange.injectSocket({ fault: "lose", at: "executed", name: "add_order", times: 2 });
  await assert.rejects(
    socket.call("add_order", LIMIT, { timeout: 100 }),
    (error) => error.name === "UnknownOutcomeError" && error.cause.name === "TimeoutError",
  );
  const reason = new Error("enough");
  await assert.rejects(socket.call("add_order", LIMIT, { signal: AbortSignal.abort(reason) }), reason);
  const stop = new AbortController();
  const call = socket.call("add_order", LIMIT, { signal: stop.signal });
  await until(() => executed(exchange).length === 2);
  stop.abort(reason);
  await assert.rejects(call, (error) => error.name === "UnknownOutcomeError" && error.cause === reason);
  // Given up while its token was being got.
  const slow = spot(t);
  slow.exchange.inject({ fault: "delay", endpoint: "GetWebSocketsToken", when: "before", ms: 150 });
  await assert.rejects(slow.socket.call("add_order", LIMIT, { timeout: 50 }), { name: "TimeoutError", message: /not sent/ });
  await slow.socket.call("cancel_all", {});
  assert.equal(executed(slow.exchange).length, 0);
  const late = spot(t);
  late.exchange.injectSocket({ fault: "silence", at: "handshake" });
  await assert.rejects(late.socket.call("add_order", LIMIT, { timeout: 100 }), { name: "TimeoutError", message: /not sent/ });
  const aborted = new AbortController();
  const unsent = late.socket.call("add_order", LIMIT, { signal: aborted.signal });
  aborted.abort(reason);
  await assert.rejects(unsent, reason);
  assert.equal(late.exchange.executions.length, 0);
  await assert.rejects(socket.call("add_order", LIMIT, { timeout: -1 }), { name: "InvalidRequestError" });
});

test("a symbol that is listed twice is subscribed once, and the call does not wait for a second answer", async (t) => {
  const { socket, counter } = spot(t);
  await socket.subscribe("ticker", { symbol: ["BTC/USD", "BTC/USD", "ETH/USD"] });
  await socket.unsubscribe("ticker", { symbol: ["ETH/USD", "ETH/USD"] });
  assert.equal(counter.made, 1);
});
