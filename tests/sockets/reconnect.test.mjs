// Breaks, one at a time: pauses and the budget of attempts, tokens, what is in flight, silence.
import assert from "node:assert/strict";
import test from "node:test";
import { address, executed, Exchange, FAST, later, LIMIT, reading, spot, SpotSocket, TokenManager, until } from "./helper.mjs";
import { loadSource } from "../harness/sources.mjs";
import { opening } from "./scripted.mjs";

const types = (events) => events.map(({ type }) => type);

test("after a broken connection, the reader is told, a new token is used, and subscriptions and snapshots come back", async (t) => {
  const { exchange, socket, events } = spot(t);
  const { of } = reading(socket);
  await socket.subscribe("executions");
  await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
  const { order_id } = await socket.call("add_order", LIMIT);
  exchange.sockets[0].close(1012);
  await until(() => of("executions").filter(({ type }) => type === "snapshot").length === 2);
  assert.deepEqual(types(events), ["connected", "disconnected", "reconnecting", "connected"]);
  assert.equal(events[0].resumed, false);
  assert.equal(events[1].cause.reason, "1012");
  assert.equal(events[2].attempt, 1);
  assert.ok(events[2].delay >= 1);
  assert.equal(events[3].resumed, true);
  assert.deepEqual(
    of("executions")
      .at(-1)
      .data.map((one) => one.order_id),
    [order_id],
  );
  assert.deepEqual(
    exchange.tokens.map(({ subscriptions }) => subscriptions),
    [0, 1],
  );
  assert.deepEqual(types(of("socket")), types(events), "in the stream too");
});

test("a call in transit on a broken connection has an unknown outcome and is never sent again", async (t) => {
  for (const at of ["received", "executed"]) {
    const { exchange, socket, counter } = spot(t);
    await socket.subscribe("executions");
    exchange.injectSocket({ fault: "reset", at, name: "add_order" });
    const error = await socket.call("add_order", { ...LIMIT, cl_ord_id: "mine" }).catch((reason) => reason);
    assert.equal(error.name, "UnknownOutcomeError");
    assert.deepEqual([error.endpoint, error.clientOrderId, error.cause.name], ["add_order", "mine", "NetworkError"]);
    await until(() => socket.connected);
    await socket.ping();
    assert.equal(executed(exchange).length, at === "executed" ? 1 : 0);
    assert.equal(counter.messages.filter(({ method }) => method === "add_order").length, 1);
  }
});

test("a call without a connection waits for the next one, and fails if that fails", async (t) => {
  const { exchange, socket } = spot(t);
  exchange.injectSocket({ fault: "reset", at: "handshake" });
  await assert.rejects(socket.call("add_order", LIMIT), { code: "ERR_UNAVAILABLE", message: /not sent/ });
  await socket.call("add_order", { ...LIMIT, cl_ord_id: "waits" });
  exchange.sockets.at(-1).reset();
  await until(() => !socket.connected);
  await socket.call("add_order", { ...LIMIT, cl_ord_id: "waits-too" }).catch((error) => assert.match(error.message, /not sent/));
  await later(50);
  assert.ok(executed(exchange).length <= 2);
  assert.equal(new Set(executed(exchange).map(({ params }) => params.cl_ord_id)).size, executed(exchange).length);
});

test("a subscription waits for new connections until its timeout", async (t) => {
  const { exchange, socket } = spot(t);
  exchange.injectSocket({ fault: "reset", at: "handshake", times: 2 });
  exchange.injectSocket({ fault: "reset", at: "received", name: "subscribe" });
  await socket.subscribe("executions");
  exchange.injectSocket({ fault: "lose", at: "received", name: "subscribe" });
  await assert.rejects(socket.subscribe("balances", {}, { timeout: 50 }), { name: "TimeoutError" });
  await socket.subscribe("balances");
  await socket.subscribe("balances", {}, {});
});

test("pauses grow with jitter up to the maximum, and start again after a lasting connection", async (t) => {
  const { exchange, socket, events } = spot(t, { reconnect: { minDelay: 8, maxDelay: 40, budget: 1e4 } });
  exchange.injectSocket({ fault: "reset", at: "handshake", times: 6 });
  await socket.ping({ timeout: 5000 }).catch(() => {});
  await until(() => socket.connected);
  const delays = events.filter(({ type }) => type === "reconnecting").map(({ delay }) => delay);
  assert.equal(delays.length, 6);
  for (const [i, delay] of delays.entries()) {
    const most = Math.min(40, 8 * 2 ** i);
    assert.ok(delay >= most / 2 && delay <= most + 1, `${delays}`);
  }
  assert.ok(new Set(delays.slice(3)).size > 1, `no jitter: ${delays}`);
  await later(60);
  exchange.sockets.at(-1).reset();
  await until(() => events.at(-1).type === "connected" && events.filter(({ type }) => type === "connected").length === 2);
  assert.ok(events.findLast(({ type }) => type === "reconnecting").delay <= 9);
});

test("all sockets together make at most 140 attempts in ten minutes to a host, and then wait", async (t) => {
  const url = address();
  const exchange = new Exchange();
  exchange.injectSocket({ fault: "reset", at: "handshake", times: 1e6 });
  const reconnect = { minDelay: 0.01, maxDelay: 0.01 };
  const all = Array.from({ length: 3 }, () => spot(t, { url, reconnect }, { exchange }));
  for (const { socket } of all) reading(socket);
  await until(() => all.every(({ events }) => events.some(({ delay }) => delay > 1000)), 20_000);
  const attempts = all.reduce((sum, { counter }) => sum + counter.made, 0);
  assert.equal(attempts, 140);
  await later(100);
  assert.equal(
    all.reduce((sum, { counter }) => sum + counter.made, 0),
    140,
  );
  for (const { events } of all) assert.ok(events.at(-1).delay > 500_000 && events.at(-1).delay <= 600_000, `${events.at(-1).delay}`);
  const registry = globalThis[Symbol.for("kraken-signer.attempts/2")];
  assert.equal(registry.get(new URL(url).host).length, 143, "each has booked its next one");
  // The other copy of the package draws on the same budget.
  const { createRequire } = await import("node:module");
  const cjs = createRequire(import.meta.url)("kraken-signer/sockets");
  const events = [];
  const copy = new cjs.SpotSocket({ url, WebSocket: exchange.WebSocket, onEvent: (event) => events.push(event) });
  t.after(() => copy.close());
  await assert.rejects(copy.ping({ timeout: 50 }), { name: "TimeoutError" });
  assert.ok(events.at(-1).delay > 500_000);
});

test("a clock that is set changes nothing about the budget", async (t) => {
  const { reserveAttempt } = await loadSource("sockets/budget");
  const [{ now }, uptime] = [Date, performance.now];
  t.after(() => {
    Date.now = now;
    performance.now = uptime;
  });
  const attempt = () => reserveAttempt("clock.example", 2);
  assert.deepEqual([attempt(), attempt()], [0, 0]);
  Date.now = () => now() + 3_600_000;
  assert.ok(attempt() > 590_000, "Kraken still counts the first two");
  // An hour later, the clock is an hour behind that.
  performance.now = () => uptime.call(performance) + 3_600_000;
  Date.now = now;
  assert.equal(attempt(), 0);
});

test("the default budget stays below the 150 attempts after which the exchange bans an address", async (t) => {
  const { WebSocket } = new Exchange();
  const outcomes = [];
  for (let i = 0; i < 152; i++)
    outcomes.push(
      await new Promise((resolve) => {
        const socket = new WebSocket("wss://ws.kraken.com/v2");
        socket.onopen = () => (socket.close(), resolve("open"));
        socket.onerror = () => resolve("refused");
      }),
    );
  assert.deepEqual([outcomes.filter((one) => one === "open").length, outcomes.at(-1)], [150, "refused"]);
  void t;
});

test("a silent connection is detected and replaced", async (t) => {
  const { exchange, socket, events } = spot(t, { silence: 150 });
  const { of } = reading(socket);
  await socket.subscribe("executions");
  await later(400);
  assert.deepEqual(types(events), ["connected"], "heartbeats are signs of life");
  exchange.sockets[0].silence();
  await until(() => of("executions").length === 2);
  assert.equal(events.find(({ type }) => type === "disconnected").cause.name, "TimeoutError");
  // A handshake that is never answered.
  exchange.injectSocket({ fault: "silence", at: "handshake" });
  const late = spot(t, { timeout: 100 }, { exchange });
  await late.socket.subscribe("executions", {}, { timeout: 3000 });
  assert.equal(late.counter.made, 2);
});

test("a clock that is set neither hides a dead connection nor breaks a live one", async (t) => {
  const { now } = Date;
  t.after(() => (Date.now = now));
  for (const [jump, dies] of [
    [-3_600_000, true],
    [3_600_000, false],
  ]) {
    const { exchange, socket, events } = spot(t, { silence: 150 });
    await socket.subscribe("executions");
    if (dies) exchange.sockets[0].silence();
    Date.now = () => now() + jump;
    await later(450);
    Date.now = now;
    assert.equal(types(events).includes("disconnected"), dies, `${jump} ms`);
    socket.close();
  }
});

test("synchronous work for longer than the silence breaks no connection: messages that came meanwhile are still waiting", async (t) => {
  const { socket, events } = spot(t, { silence: 200 });
  await socket.subscribe("executions");
  for (let times = 0; times < 3; times++) {
    for (const end = performance.now() + 300; performance.now() < end;);
    await later(60);
  }
  assert.deepEqual(types(events), ["connected"]);
});

test("without subscriptions, and so without heartbeats, pings keep a connection alive", async (t) => {
  const { socket, events, counter } = spot(t, { silence: 200 });
  await socket.ping();
  // The time of several silences.
  await until(() => counter.messages.filter(({ method }) => method === "ping").length >= 8);
  assert.deepEqual(types(events), ["connected"]);
});

test("with reconnect: false, the first broken connection ends the socket, and the reader gets its cause", async (t) => {
  const { exchange, socket, counter } = spot(t, { reconnect: false });
  const { done, of } = reading(socket);
  await socket.subscribe("executions");
  exchange.sockets[0].reset();
  await assert.rejects(done, { name: "NetworkError" });
  assert.deepEqual(types(of("socket")), ["connected", "disconnected"]);
  await assert.rejects(socket.ping(), { code: "ERR_UNAVAILABLE" });
  await until(() => counter.listeners === 0);
  assert.equal(counter.made, 1);
});

test("after an invalid token, the call is repeated with a new one, private channels are subscribed again, and the reader is told", async (t) => {
  const { exchange, socket, events } = spot(t);
  const { of } = reading(socket);
  await socket.subscribe("executions");
  await socket.subscribe("balances");
  exchange.tokens[0].revoke();
  const placed = await Promise.all(Array.from({ length: 10 }, (_, i) => socket.call("add_order", { ...LIMIT, cl_ord_id: `o${i}` })));
  assert.equal(new Set(placed.map(({ order_id }) => order_id)).size, 10);
  assert.equal(executed(exchange).length, 10);
  assert.equal(exchange.tokens.length, 2, "one for all");
  await until(() => of("balances").length === 2);
  assert.deepEqual(types(events), ["connected", "renewed"]);
  assert.equal(of("executions").filter(({ type }) => type === "snapshot").length, 2);
  assert.equal(exchange.sockets.length, 1, "on the same connection");
  const before = of("executions").length;
  await socket.call("add_order", LIMIT);
  await until(() => of("executions").length > before);
});

for (const first of ["ended too", "is still valid"])
  test(`a channel that was subscribed with an earlier token, which ${first}, goes on after a later one became invalid`, async (t) => {
    const { exchange, socket, tokens, events } = spot(t);
    const { of } = reading(socket);
    await socket.subscribe("executions");
    // As after 14 minutes: the calls get a new token, and the subscription keeps the old one.
    tokens.invalidate();
    await socket.call("add_order", LIMIT);
    for (const token of exchange.tokens.slice(first === "ended too" ? 0 : 1)) token.revoke();
    const orders = [];
    for (let order = 0; order < 2; order++) orders.push((await socket.call("add_order", LIMIT)).order_id);
    const reported = () => new Set(of("executions").flatMap(({ data }) => data.map(({ order_id }) => order_id)));
    await until(() => orders.every((id) => reported().has(id)), 1000);
    assert.equal(exchange.tokens.length, 3);
    assert.deepEqual(types(events), ["connected", "renewed"]);
  });

test("a list that the caller uses again for the next subscription changes nothing about the first one", async (t) => {
  const { socket, exchange } = spot(t);
  const { of } = reading(socket);
  const list = [];
  for (const symbol of ["BTC/USD", "ETH/USD"]) {
    list[0] = symbol;
    await socket.subscribe("ticker", { symbol: list });
  }
  exchange.sockets[0].close();
  const snapshots = () => of("ticker").filter(({ type }) => type === "snapshot");
  await until(() => snapshots().length === 4);
  assert.deepEqual(
    snapshots().map(({ data }) => data[0].symbol),
    ["BTC/USD", "ETH/USD", "BTC/USD", "ETH/USD"],
  );
});

test("a repeated rejection is not taken for the answer to the second attempt", async (t) => {
  const { exchange, socket } = spot(t);
  await socket.subscribe("executions");
  exchange.tokens[0].revoke();
  exchange.injectSocket({ fault: "twice", at: "sent", name: "add_order" });
  assert.match((await socket.call("add_order", LIMIT)).order_id, /^O/);
  assert.equal(executed(exchange).length, 1);
});

/** A socket whose first order is sent with the token T1; the test says what Kraken answers. */
async function openWithTokens(t) {
  let made = 0;
  let wait = 0;
  const tokens = new TokenManager({ call: async () => (await later(wait), { token: `T${++made}`, expires: 900 }) });
  const { WebSocket, last } = opening((socket) => {
    socket.onsent = ({ method, req_id }) => method === "ping" && socket.say({ method: "pong", req_id });
  });
  const socket = new SpotSocket({ tokens, url: address(), WebSocket, reconnect: FAST });
  t.after(() => socket.close());
  await socket.ping();
  const order = socket.call("add_order", LIMIT);
  order.catch(() => {});
  const sent = () => last().sent.flatMap(({ method, params }) => (params ? [`${method} ${params.token}`] : []));
  await until(() => sent().length === 1);
  const reject = (method) => {
    const { req_id } = last().sent.find((one) => one.method === method);
    last().say({ method, req_id, success: false, error: "ESession:Invalid session" });
  };
  /** Makes the next token another one, which takes this long. */
  const replace = (ms) => {
    tokens.invalidate();
    wait = ms;
  };
  return { socket, order, sent, reject, replace };
}

test("an order whose token was rejected still goes before a later call that waits for a token", async (t) => {
  const { socket, sent, reject, replace } = await openWithTokens(t);
  replace(50);
  socket.call("cancel_all", {}).catch(() => {});
  await later(10);
  reject("add_order");
  await until(() => sent().length === 3);
  assert.deepEqual(sent(), ["add_order T1", "add_order T2", "cancel_all T2"]);
});

test("but it is not sent after a later call that went out with the new token: cancel_all must stay the last", async (t) => {
  const { socket, order, sent, reject, replace } = await openWithTokens(t);
  replace(0);
  socket.call("cancel_all", {}).catch(() => {});
  await until(() => sent().length === 2);
  reject("add_order");
  await assert.rejects(order, { name: "ApiError", kind: "token" });
  await later(50);
  assert.deepEqual(sent(), ["add_order T1", "cancel_all T2"]);
});

test("calls that were sent with the same rejected token are sent again, in their order", async (t) => {
  const { socket, sent, reject } = await openWithTokens(t);
  socket.call("cancel_all", {}).catch(() => {});
  await until(() => sent().length === 2);
  reject("add_order");
  reject("cancel_all");
  await until(() => sent().length === 4);
  assert.deepEqual(sent().slice(2), ["add_order T2", "cancel_all T2"]);
});

test("tokens that become invalid again and again cause no loop", async (t) => {
  const { exchange, socket } = spot(t);
  exchange.injectSocket({ fault: "error", at: "received", name: "add_order", error: "ESession:Invalid session", times: 1e6 });
  await assert.rejects(socket.call("add_order", LIMIT), { name: "ApiError", kind: "token", errors: ["ESession:Invalid session"] });
  assert.equal(exchange.tokens.length, 2);
  exchange.clearFaults();
  exchange.injectSocket({ fault: "error", at: "received", name: "subscribe", error: "EAPI:Invalid token", times: 1e6 });
  await assert.rejects(socket.subscribe("executions"), { kind: "token" });
  assert.equal(exchange.tokens.length, 3);
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "add_order").length, 0);
});

test("a session that the exchange ends is started again", async (t) => {
  const { exchange, socket } = spot(t);
  const { of } = reading(socket);
  await socket.subscribe("executions");
  exchange.tokens[0].revoke();
  exchange.sockets[0].send({ error: "ESession:Invalid session", success: false });
  await until(() => of("executions").length === 2);
  assert.equal(exchange.tokens.length, 2);
});

test("a token is valid for its time and while a subscription uses it", async (t) => {
  let now = 1_800_000_000_000;
  const { exchange, socket, tokens } = spot(t, { exchange: { now: () => now } });
  await socket.subscribe("executions");
  const [first] = exchange.tokens;
  now += 901_000;
  assert.ok(first.valid && first.subscriptions === 1);
  await socket.call("add_order", LIMIT);
  assert.equal(exchange.tokens.length, 1, "the manager's clock has not moved: the same one");
  await socket.unsubscribe("executions");
  assert.equal(first.valid, false);
  await socket.call("add_order", LIMIT);
  assert.equal(exchange.tokens.length, 2, "refused, and replaced");
  assert.equal(executed(exchange).length, 2);
  void tokens;
});

test("if no token can be obtained, temporary failures are waited out, and others end the socket", async (t) => {
  const { exchange, socket, events, key } = spot(t);
  const { done } = reading(socket);
  await socket.subscribe("executions");
  exchange.inject({ fault: "error", endpoint: "GetWebSocketsToken", error: "EService:Unavailable", times: 2 });
  exchange.sockets[0].reset();
  await until(() => exchange.tokens.at(-1).subscriptions === 1 && exchange.sockets.length === 2);
  assert.deepEqual(types(events).slice(2), ["reconnecting", "connected", "resubscribing", "resubscribing"], "on the same connection");
  assert.deepEqual([events[4].of, events[4].cause.kind], ["executions", "unavailable"]);
  await socket.ping();
  key.setPermissions([]);
  exchange.sockets.at(-1).reset();
  await assert.rejects(done, { name: "ApiError", kind: "permission", endpoint: "GetWebSocketsToken" });
  assert.deepEqual(types(events).slice(-3), ["connected", "refused", "closed"]);
  await later(50);
  assert.equal(exchange.sockets.at(-1).open, false);
});

test("a closed client ends the socket instead of causing a loop", async (t) => {
  const { exchange, socket, client, events } = spot(t);
  const { done } = reading(socket);
  await socket.subscribe("executions");
  client.close();
  exchange.sockets[0].reset();
  await assert.rejects(done, { code: "ERR_FREED" });
  assert.equal(events.at(-1).error.code, "ERR_FREED");
});

test("if a channel cannot be subscribed again, the others continue", async (t) => {
  const { exchange, socket } = spot(t);
  const { of } = reading(socket);
  await socket.subscribe("executions");
  await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
  exchange.injectSocket({
    fault: "error",
    at: "received",
    match: ({ message }) => message.params?.channel === "executions",
    error: "EGeneral:Permission denied",
  });
  exchange.sockets[0].reset();
  await until(() => of("ticker").length === 2 && of("socket").some(({ type }) => type === "refused"));
  assert.equal(of("socket").find(({ type }) => type === "refused").of, "executions");
  exchange.sockets.at(-1).reset();
  await until(() => of("ticker").length === 3);
  assert.equal(of("executions").length, 1);
});

test("an error in onEvent ends nothing, and onEvent may close the socket", async (t) => {
  const { exchange } = spot(t);
  const thrown = [];
  const listener = (error) => thrown.push(error.message);
  process.setUncaughtExceptionCaptureCallback(listener);
  t.after(() => process.setUncaughtExceptionCaptureCallback(null));
  const events = [];
  const socket = new SpotSocket({
    WebSocket: exchange.WebSocket,
    url: address(),
    reconnect: FAST,
    onEvent(event) {
      events.push(event.type);
      if (event.type === "connected") throw new Error("mine");
      if (event.type === "reconnecting") socket.close();
    },
  });
  await socket.ping();
  assert.deepEqual(thrown, ["mine"]);
  exchange.sockets.at(-1).reset();
  await until(() => events.includes("reconnecting"));
  await later(30);
  assert.deepEqual(events, ["connected", "disconnected", "reconnecting", "closed"]);
});

test("a socket does nothing before it is used, and a WebSocket constructor that throws is a failed attempt", async (t) => {
  let times = 0;
  const { exchange } = spot(t);
  const { WebSocket } = exchange;
  const socket = new SpotSocket({
    url: address(),
    reconnect: FAST,
    WebSocket: class extends WebSocket {
      constructor(url) {
        if (times++ < 2) throw new Error("no");
        super(url);
      }
    },
  });
  t.after(() => socket.close());
  await later(20);
  assert.equal(times, 0);
  await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
  assert.equal(times, 3);
});
