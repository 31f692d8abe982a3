// Servers that answer wrongly, partly, twice, or with what hurts: cases 18 to 21, and what is of their kind.
import assert from "node:assert/strict";
import test from "node:test";
import { resolveOrder } from "kraken-signer";
import { address, executed, FAST, FuturesSocket, later, LIMIT, reading, spot, SpotSocket, TokenManager, until } from "./helper.mjs";
import { opening, scripted } from "./scripted.mjs";

const ORDER = { ...LIMIT, cl_ord_id: "mine" };
const POISON = { toString: 1, valueOf: 1 };
const TRADES = {
  add_order: ORDER,
  amend_order: { order_id: "O1", cl_ord_id: "mine", limit_price: 1 },
  edit_order: { order_id: "O1", symbol: "BTC/USD", cl_ord_id: "mine" },
  cancel_order: { order_id: ["O1"] },
  cancel_all: {},
  cancel_all_orders_after: { timeout: 60 },
  batch_add: { symbol: "BTC/USD", orders: [ORDER] },
  batch_cancel: { orders: ["O1"], cl_ord_id: ["mine"] },
};

const watched = new WeakMap();

/** Keeps what nobody has caught during a test, and what would end the process. */
function watch(t) {
  if (watched.has(t)) return watched.get(t);
  const loose = [];
  watched.set(t, loose);
  const note = (error) => loose.push(error);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  t.after(() => {
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
  });
  return loose;
}

const tokenClient = (call = async () => ({ token: "t", expires: 900 })) => ({ call });

/** A Spot socket against a script: `answer` makes the answers to what it sends. */
function scriptedSpot(t, answer = () => [], options = {}) {
  const server = opening((socket) => {
    socket.onsent = (message) => setImmediate(() => [answer(message, socket)].flat().forEach((one) => one && socket.say(one)));
  });
  const events = [];
  const socket = new SpotSocket({
    client: tokenClient(),
    url: address(),
    WebSocket: server.WebSocket,
    reconnect: FAST,
    timeout: 1000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  t.after(() => socket.close());
  return { socket, server, events, loose: watch(t) };
}

function scriptedFutures(t, answer, options = {}) {
  const server = opening((socket) => {
    socket.onsent = (message) => setImmediate(() => [answer(message, socket)].flat().forEach((one) => one && socket.say(one)));
  });
  const events = [];
  const socket = new FuturesSocket({
    key: "k".repeat(56),
    secret: Buffer.alloc(64, 7).toString("base64"),
    url: address("/ws/v1"),
    WebSocket: server.WebSocket,
    reconnect: FAST,
    timeout: 1000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  t.after(() => socket.close());
  return { socket, server, events, loose: watch(t) };
}

const honest = ({ method, req_id, params }) =>
  method === "ping"
    ? { method: "pong", req_id }
    : method === "subscribe"
      ? (params.symbol ?? [undefined]).map((symbol) => ({ method, req_id, success: true, result: { channel: params.channel, symbol } }))
      : { method, req_id, success: true, result: method === "batch_add" ? [{ order_id: "O1" }] : { order_id: "O1" } };

test("case 18: a malformed challenge fails the subscription that waits for it, and is never signed", async (t) => {
  const path = "orderType=mkt&symbol=PF_XBTUSD&side=buy&size=1/api/v3/sendorder";
  for (const message of ["", undefined, null, 7, {}, [], POISON, "x".repeat(1e6), "a b", "\ud800", "é", path, "a\u0000"]) {
    const { socket, server, loose } = scriptedFutures(t, ({ event, feed }) =>
      event === "challenge" ? { event, message } : { event: `${event}d`, feed },
    );
    await assert.rejects(socket.subscribe("fills"), { name: "ResponseError", message: /^fills: / }, JSON.stringify(message)?.slice(0, 80));
    await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
    assert.ok(server.all.every(({ sent }) => sent.every(({ signed_challenge }) => signed_challenge === undefined)));
    assert.equal(server.all.length, 1, "the connection is good for the rest");
    assert.deepEqual(loose, []);
    socket.close();
  }
});

test("an unrequested challenge is not signed", async (t) => {
  const { socket, server, loose } = scriptedFutures(t, ({ event, feed }) => event !== "challenge" && { event: `${event}d`, feed });
  await socket.subscribe("ticker");
  server.last().say({ event: "challenge", message: "226aee50-88fc-4618-a42a-34f7709570b2" });
  await assert.rejects(socket.subscribe("fills"), { name: "TimeoutError" });
  assert.ok(server.last().sent.every(({ signed_challenge }) => signed_challenge === undefined));
  assert.deepEqual(loose, []);
});

test("a late answer to an earlier request for a challenge is ignored", async (t) => {
  const texts = ["226aee50-88fc-4618-a42a-34f7709570b2", "9a4bd8e2-6f0e-4b5c-8f57-0c2f3f1f6b6e"];
  let asked = 0;
  const { socket, server } = scriptedFutures(t, ({ event, feed, original_challenge }, connection) => {
    if (feed === "heartbeat") return { event: `${event}d`, feed };
    if (event === "challenge") {
      // The first answer comes together with the second question, the second one right behind it.
      if (++asked === 2) setImmediate(() => texts.forEach((message) => connection.say({ event, message })));
      return [];
    }
    return original_challenge === texts[1] ? { event: `${event}d`, feed } : { event: "error", message: "Failed to subscribe" };
  });
  await assert.rejects(socket.subscribe("fills", {}, { timeout: 100 }), { name: "TimeoutError" });
  await socket.subscribe("fills");
  const proofs = server.last().sent.filter(({ original_challenge }) => original_challenge);
  assert.deepEqual(
    proofs.map(({ original_challenge }) => original_challenge),
    texts,
  );
});

test("after a lost challenge, a rejection leads to one new challenge", async (t) => {
  let asked = 0;
  const text = (n) => `226aee50-88fc-4618-a42a-${String(n).padStart(12, "0")}`;
  const { socket, server } = scriptedFutures(t, ({ event, feed, original_challenge }) => {
    if (event === "challenge") {
      asked++;
      // The first answer is late, and the second one gets lost.
      return asked === 1 ? [] : { event, message: text(asked === 2 ? 1 : asked) };
    }
    if (feed === "heartbeat" || (feed === "fills" && original_challenge === text(asked))) return { event: `${event}d`, feed };
    return { event: "error", message: "Failed to subscribe" };
  });
  await assert.rejects(socket.subscribe("fills", {}, { timeout: 100 }), { name: "TimeoutError" });
  await socket.subscribe("fills");
  await assert.rejects(socket.subscribe("balances"), { name: "ApiError", kind: "key" });
  assert.deepEqual([asked, server.all.length], [3, 1]);
});

test("a server that sends a new challenge with each rejection causes no loop", async (t) => {
  let made = 0;
  const challenge = () => ({ event: "challenge", message: `226aee50-88fc-4618-a42a-${String(made++).padStart(12, "0")}` });
  const { socket } = scriptedFutures(t, ({ event, feed }) =>
    event === "challenge"
      ? challenge()
      : feed === "heartbeat"
        ? { event: `${event}d`, feed }
        : [challenge(), { event: "error", message: "Failed to subscribe" }],
  );
  await assert.rejects(socket.subscribe("fills"), { name: "ApiError" });
  assert.equal(made, 3);
});

test("case 19: a subscription that is rejected with something other than text fails", async (t) => {
  for (const error of [POISON, {}, [], [POISON], 7, true, "", null, undefined]) {
    const { socket, server, loose } = scriptedSpot(t, ({ method, req_id }) => ({ method, req_id, success: false, error }));
    await assert.rejects(socket.subscribe("ticker"), { name: "ResponseError" }, JSON.stringify(error));
    await assert.rejects(socket.ping(), { name: "ResponseError" });
    assert.equal(server.all.length, 1);
    assert.deepEqual(loose, []);
    socket.close();
  }
});

test("case 20: only `success: true` to that very method, and to that very order, is success", async (t) => {
  const wrong = [
    ({ success, ...rest }) => rest,
    (answer) => ({ ...answer, success: false }),
    (answer) => ({ ...answer, success: "true" }),
    (answer) => ({ ...answer, success: 1 }),
    (answer) => ({ ...answer, success: null }),
    (answer) => ({ ...answer, success: POISON }),
    (answer) => ({ ...answer, method: "ping" }),
    (answer) => ({ ...answer, method: "subscribe" }),
    (answer) => ({ ...answer, method: answer.method === "add_order" ? "batch_add" : "add_order" }),
    (answer) => ({ ...answer, method: POISON }),
    ({ method, ...rest }) => rest,
    (answer) => ({ ...answer, error: "EOrder:Insufficient funds" }),
    (answer) => ({ ...answer, error: POISON }),
    (answer) => ({ ...answer, result: "placed" }),
    (answer) => ({ ...answer, result: 7 }),
    (answer) => ({ ...answer, success: false, error: "EOrder:Something new" }),
    (answer) => ({ ...answer, success: false, error: "EService:Busy" }),
    (answer) => ({ ...answer, result: { ...answer.result, cl_ord_id: "another" } }),
    (answer) => ({ ...answer, result: { ...answer.result, cl_ord_id: POISON } }),
  ];
  for (const [method, params] of Object.entries(TRADES)) {
    for (const [place, change] of wrong.entries()) {
      // Without a client order ID there is none to be contradicted.
      if (place >= wrong.length - 2 && !params.cl_ord_id) continue;
      let right = false;
      const { socket, server, loose } = scriptedSpot(t, (message) => {
        if (message.method === "ping") return honest(message);
        const answer = honest(message);
        return right ? answer : change(answer);
      });
      const error = await socket.call(method, params).then(
        (result) => assert.fail(`${method} ${place} resolved to ${JSON.stringify(result)}`),
        (reason) => reason,
      );
      assert.equal(error.name, "UnknownOutcomeError", `${method} ${place}: ${error}`);
      assert.match(error.cause.name, /^(ResponseError|ApiError)$/);
      right = true;
      await socket.call(method, params);
      await socket.ping();
      assert.equal(server.all.length, 1);
      assert.deepEqual(loose, []);
      socket.close();
    }
  }
});

test("a rejection with a known error string is an ApiError", async (t) => {
  const { socket } = scriptedSpot(t, ({ method, req_id }) => ({ method, req_id, success: false, error: "EOrder:Insufficient funds" }));
  await assert.rejects(socket.call("add_order", ORDER), { name: "ApiError", kind: "order", errors: ["EOrder:Insufficient funds"] });
});

test("an error string beside the id of a new order or of an amendment proves nothing", async (t) => {
  const results = {
    ...TRADES,
    add_order: { order_id: "O2" },
    edit_order: { order_id: "O2" },
    amend_order: { amend_id: "T1" },
    batch_add: [{ order_id: "O2" }],
  };
  for (const method of ["add_order", "edit_order", "amend_order", "batch_add"]) {
    const rejected = (result) =>
      scriptedSpot(t, ({ req_id }) => ({ method, req_id, success: false, error: "EOrder:Insufficient funds", result }));
    await assert.rejects(rejected(results[method]).socket.call(method, TRADES[method]), { name: "UnknownOutcomeError" }, method);
    for (const nothing of [undefined, null, {}, []])
      await assert.rejects(rejected(nothing).socket.call(method, TRADES[method]), { name: "ApiError", kind: "order" }, method);
  }
});

test("an order that was placed has an id; one that was only validated needs none", async (t) => {
  for (const result of [undefined, null, {}, { order_id: "" }, { order_id: 7 }, { warnings: ["O1"] }]) {
    const { socket } = scriptedSpot(t, ({ method, req_id }) => ({ method, req_id, success: true, result }));
    for (const method of ["add_order", "edit_order"])
      await assert.rejects(socket.call(method, TRADES[method]), { name: "UnknownOutcomeError" }, JSON.stringify(result));
    await socket.call("add_order", { ...ORDER, validate: true });
  }
  const { socket } = scriptedSpot(t, ({ method, req_id }) => ({
    method,
    req_id,
    success: true,
    result: { order_id: "O2", original_order_id: "O3" },
  }));
  await assert.rejects(socket.call("edit_order", TRADES.edit_order), { name: "UnknownOutcomeError" }, "another order was edited");
});

test("of orders that are canceled by different ids, each answer may have all ids of its order", async (t) => {
  const params = { order_id: ["O1"], cl_ord_id: ["mine"] };
  const both = (result) =>
    scriptedSpot(t, ({ method, req_id }) => [{ order_id: "O1" }, result].map((one) => ({ method, req_id, success: true, result: one })));
  assert.equal((await both({ order_id: "O2", cl_ord_id: "mine" }).socket.call("cancel_order", params)).length, 2);
  await assert.rejects(both({ order_id: "O2", cl_ord_id: "another" }).socket.call("cancel_order", params), { name: "UnknownOutcomeError" });
});

test("each row of a batch is checked, and there is one for each order", async (t) => {
  const orders = [ORDER, { ...LIMIT, cl_ord_id: "other" }];
  const rows = [{ order_id: "O1" }, { order_id: "O2" }];
  const wrong = [
    rows.slice(1),
    [...rows, { order_id: "O3" }],
    [],
    {},
    { 0: rows[0], 1: rows[1], length: 2 },
    [rows[0], null],
    [rows[0], "O2"],
    [rows[0], 7],
    [rows[0], { error: POISON }],
    [rows[0], { error: true }],
    [rows[0], { error: "EOrder:Something new" }],
    [rows[0], { error: "EOrder:Insufficient funds", order_id: "O2" }],
    [rows[0], {}],
    [rows[0], { order_id: 7 }],
    [rows[0], { order_id: "O2", cl_ord_id: "another" }],
    [rows[0], { error: "EOrder:Insufficient funds", cl_ord_id: "another" }],
    ["other", "mine"].map((cl_ord_id, place) => ({ ...rows[place], cl_ord_id })),
    undefined,
  ];
  for (const result of wrong) {
    const { socket } = scriptedSpot(t, ({ method, req_id }) => ({ method, req_id, success: true, result }));
    await assert.rejects(
      socket.call("batch_add", { symbol: "BTC/USD", orders }),
      { name: "UnknownOutcomeError", clientOrderIds: ["mine", "other"] },
      JSON.stringify(result),
    );
    socket.close();
  }
  const { socket } = scriptedSpot(t, ({ method, req_id }) => ({
    method,
    req_id,
    success: true,
    result: [rows[0], { error: "EOrder:Insufficient funds" }],
  }));
  await assert.rejects(socket.call("batch_add", { symbol: "BTC/USD", orders }), { name: "ApiError", done: [0] });
  const partly = scriptedSpot(t, ({ method, req_id }) => ({ method, req_id, success: true, result: [rows[0], { error: "Never seen" }] }));
  await assert.rejects(partly.socket.call("batch_add", { symbol: "BTC/USD", orders }), { name: "UnknownOutcomeError", orderIds: ["O1"] });
});

test("an answer whose two values of a name differ proves nothing", async (t) => {
  const refused = '"success":false,"error":"EOrder:Insufficient funds"';
  const placed = '"success":true,"error":null,"result":{"order_id":"O1"}';
  for (const fields of [`${refused},${placed}`, `${placed},${refused}`, '"success":true,"result":{"order_id":"O1","order_id":"O2"}']) {
    const { socket } = scriptedSpot(t, ({ req_id }) => `{"method":"add_order","req_id":${req_id},${fields}}`);
    await assert.rejects(socket.call("add_order", ORDER), { code: "ERR_UNKNOWN_OUTCOME", clientOrderId: "mine" }, fields);
  }
});

test("with several cancellations, a copy of one answer does not count for another, nor does an answer for an unknown order", async (t) => {
  const ids = ["OA", "OB"];
  const done = (id) => ({ success: true, result: { order_id: id } });
  const cases = [
    [[done("OA"), done("OA")], "UnknownOutcomeError"],
    [[done("OA"), done("OC")], "UnknownOutcomeError"],
    [[done("OA"), { success: true, result: {} }], "UnknownOutcomeError"],
    [[done("OA"), { success: true }], "UnknownOutcomeError"],
    [[done("OA"), { success: false, error: POISON }], "UnknownOutcomeError"],
    [[done("OA")], "UnknownOutcomeError"],
    [[done("OB"), { success: false, error: "EOrder:Unknown order" }], "ApiError"],
    [[done("OB"), done("OA")], undefined],
    [[done("ob"), done("OB"), done("OA"), done("OA")], undefined],
  ];
  for (const [answers, name] of cases) {
    const { socket } = scriptedSpot(t, ({ method, req_id }) => answers.map((one) => ({ method, req_id, ...one })), { timeout: 400 });
    const call = socket.call("cancel_order", { order_id: ids });
    if (name) await assert.rejects(call, { name }, JSON.stringify(answers));
    else assert.equal((await call).length, 2);
    socket.close();
  }
  const { socket } = scriptedSpot(
    t,
    ({ method, req_id }) =>
      ["BTC/USD", "BTC/USD"].map((symbol) => ({ method, req_id, success: true, result: { channel: "ticker", symbol } })),
    { timeout: 60 },
  );
  await assert.rejects(socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"] }), { name: "TimeoutError" });
});

test("answers of a broken connection do not count on the next one", async (t) => {
  const one = (req_id, symbol) => ({ method: "subscribe", req_id, success: true, result: { channel: "ticker", symbol } });
  const { socket, server } = scriptedSpot(
    t,
    ({ req_id }, connection) => {
      if (connection.number > 1) return one(req_id, "ETH/USD");
      setImmediate(() => connection.over());
      return one(req_id, "BTC/USD");
    },
    { timeout: 80 },
  );
  await assert.rejects(socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"] }), { name: "TimeoutError" });
  assert.equal(server.all.length, 2);
});

test("an answer to a request that was not sent yet does not count", async (t) => {
  let give;
  const client = tokenClient(() => new Promise((resolve) => (give = resolve)));
  const { socket, server } = scriptedSpot(t, (message) => message.method === "ping" && honest(message), { client });
  await socket.ping();
  const call = socket.call("cancel_all", {}, { timeout: 100 });
  for (let req_id = 0; req_id < 5; req_id++) server.last().say({ method: "cancel_all", req_id, success: true, result: { count: 0 } });
  await assert.rejects(call, { name: "TimeoutError", message: /not sent/ });
  assert.ok(give);
});

test("malformed messages without an owner break the connection, and calls in transit have an unknown outcome", async (t) => {
  const messages = [
    '{"channel":7}',
    '{"channel":{"toString":1,"valueOf":1}}',
    '{"channel":"executions","type":{},"sequence":1}',
    '{"channel":"executions","type":"update","sequence":"1"}',
    '{"channel":"executions","type":"update","sequence":1.5}',
    '{"channel":"executions","type":"update","sequence":1e400}',
    '{"channel":"executions","type":"update","sequence":9007199254740993}',
    '{"success":false,"error":{"toString":1,"valueOf":1}}',
    '{"method":[],"success":false,"error":"ESession:Invalid session"}',
    '{"req_id":"1"}',
    '{"req_id":1e400}',
    '{"success":"false"}',
    "[]",
    "[{}]",
    "7",
    "",
    "null",
    '{"channel":',
    "\ufeff{}",
    "[".repeat(1e5),
    new Uint8Array([0x7b, 0xff, 0x7d]),
    Buffer.concat([Buffer.from('{"anything":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    new Uint8Array([0xed, 0xa0, 0x80]).buffer,
    new Blob([new Uint8Array([0xff])]),
    [Buffer.from("{}"), "{}"],
    undefined,
    null,
    7,
    Symbol("text"),
    () => "{}",
    new Map(),
  ];
  for (const data of messages) {
    const { socket, server, events, loose } = scriptedSpot(t, (message) => message.method !== "add_order" && honest(message));
    await socket.subscribe("executions");
    const call = socket.call("add_order", ORDER);
    call.catch(() => {});
    await until(() => server.all[0].sent.some(({ method }) => method === "add_order"));
    server.all[0].tell("message", { data });
    await assert.rejects(
      call,
      ({ name, cause, clientOrderId }) => name === "UnknownOutcomeError" && cause.code === "ERR_RESPONSE" && clientOrderId === "mine",
      String(data).slice(0, 80),
    );
    assert.equal(events.find(({ type }) => type === "disconnected").cause.code, "ERR_RESPONSE");
    await until(() => socket.connected);
    await socket.ping();
    assert.equal(server.all.flatMap(({ sent }) => sent).filter(({ method }) => method === "add_order").length, 1);
    assert.deepEqual(loose, []);
    socket.close();
  }
});

test("a message that is too long breaks the connection, in any kind of frame", async (t) => {
  const long = Buffer.alloc(2 ** 26 + 1, " ");
  // It is valid JSON, apart from its length.
  long.write('{"channel":"heartbeat"}');
  const fragments = [long.subarray(0, 9), long.subarray(9)];
  for (const data of [long.toString("latin1"), long, fragments, new Blob([long])]) {
    const { socket, server, events } = scriptedSpot(t, honest);
    await socket.ping();
    server.last().say(data);
    await until(() => events.some(({ type }) => type === "disconnected"));
    socket.close();
  }
});

test("Futures: malformed events fail the pending requests or break the connection", async (t) => {
  for (const answer of [
    { event: "subscribed", feed: POISON },
    { event: POISON, feed: "ticker" },
    { event: "error", message: POISON },
    { event: 7 },
    { event: "subscribed_failed", feed: [], message: "no" },
  ]) {
    const { socket, server, loose } = scriptedFutures(t, ({ event, feed }) => event === "subscribe" && feed === "ticker" && answer);
    await assert.rejects(socket.subscribe("ticker"), { name: "ResponseError" }, JSON.stringify(answer));
    assert.equal(server.all.length, 1);
    server.last().say(answer);
    await until(() => server.all.length > 1);
    assert.deepEqual(loose, []);
    socket.close();
  }
  for (const message of [
    { feed: 7 },
    { feed: POISON },
    { feed: "trade", seq: "1" },
    { feed: "trade", seq: 1.5 },
    { feed: "trade", product_id: POISON },
    { feed: "trade", product_id: 7 },
  ]) {
    const { socket, server, events, loose } = scriptedFutures(t, ({ event, feed }) => ({ event: `${event}d`, feed }));
    await socket.subscribe("trade");
    server.last().say(message);
    await until(() => events.some(({ type }) => type === "disconnected"));
    assert.equal(events.find(({ type }) => type === "disconnected").cause.code, "ERR_RESPONSE", JSON.stringify(message));
    assert.deepEqual(loose, []);
    socket.close();
  }
});

test("text in any kind of frame is read in order", async (t) => {
  const { socket, server } = scriptedSpot(t, honest);
  const { of } = reading(socket);
  await socket.subscribe("executions");
  assert.equal(server.last().binaryType, "arraybuffer");
  const text = (sequence) =>
    JSON.stringify({ channel: "executions", type: sequence === 1 ? "snapshot" : "update", sequence, data: ["é😀"] });
  const bytes = (sequence) => Buffer.from(text(sequence));
  const frames = [
    text,
    bytes,
    (n) => new Uint8Array(bytes(n)),
    (n) => new Uint8Array(bytes(n)).buffer,
    (n) => new DataView(new Uint8Array(bytes(n)).buffer),
    (n) => new Blob([bytes(n)]),
    (n) => [bytes(n).subarray(0, 40), bytes(n).subarray(40)],
    (n) => new Blob([bytes(n)]),
    text,
  ];
  for (let i = 0; i < 3 * frames.length; i++) server.last().tell("message", { data: frames[i % frames.length](i + 1) });
  await until(() => of("executions").length === 3 * frames.length);
  assert.deepEqual(
    of("executions").map(({ sequence, data }) => `${sequence}${data}`),
    Array.from({ length: 3 * frames.length }, (_, i) => `${i + 1}é😀`),
  );
  assert.equal(of("socket").filter(({ type }) => type !== "connected").length, 0);
  // What waits behind a Blob when the connection breaks is not handed on.
  server.last().tell("message", { data: new Blob([bytes(90)]) });
  server.last().tell("message", { data: text(91) });
  server.last().over();
  await until(() => server.all.length === 2);
  await later(20);
  assert.equal(of("executions").length, 3 * frames.length);
});

test("a WebSocket without `binaryType` that opens twice and answers within `send` works", async (t) => {
  const server = scripted((socket) => {
    Object.defineProperty(socket, "binaryType", {
      set() {
        throw new Error("no");
      },
    });
    setImmediate(() => (socket.open(), socket.tell("open")));
    socket.onsent = (message) => [honest(message)].flat().forEach((one) => socket.say(one));
  });
  const { socket, events } = scriptedSpot(t, undefined, { WebSocket: server.WebSocket });
  await socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"] });
  await Promise.all([socket.call("cancel_all", {}), socket.ping(), socket.call("add_order", ORDER)]);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["connected"],
  );
});

test("keys named __proto__ and constructor are data, and change nothing", async (t) => {
  const { socket, server, loose } = scriptedSpot(t, ({ method, req_id }) =>
    method === "add_order"
      ? `{"__proto__":{"success":true,"method":"add_order"},"req_id":${req_id}}`
      : honest({ method, req_id, params: {} }),
  );
  const { of } = reading(socket);
  await assert.rejects(socket.call("add_order", ORDER), { name: "UnknownOutcomeError" });
  server.last().say('{"channel":"__proto__","sequence":1,"type":"update","constructor":7,"__proto__":{"polluted":1}}');
  server.last().say('{"channel":"constructor","sequence":7,"type":"update"}');
  await until(() => of("constructor").length === 1);
  assert.equal({}.polluted, undefined);
  assert.equal(server.all.length, 1);
  assert.deepEqual(loose, []);
});

test("floods of unrequested answers, rejections and unknown channels are survived", async (t) => {
  const { socket, server, events, loose } = scriptedSpot(t, honest);
  await socket.ping();
  for (let i = 0; i < 20_000; i++) server.last().say({ method: "add_order", req_id: i + 1000, success: true });
  for (let i = 0; i < 1000; i++) server.last().say({ success: false, error: "EService:Unavailable" });
  await socket.ping();
  assert.equal(server.all.length, 1);
  assert.equal(events.filter(({ type }) => type === "refused").length, 1000);
  // Each is counted, and memory has a bound.
  for (let i = 0; i < 100_001; i++) server.last().say(`{"channel":"c${i}","sequence":1}`);
  await until(() => server.all.length === 2);
  assert.deepEqual(loose, []);
});

test("a session that the server ends again and again costs one token per connection", async (t) => {
  let tokens = 0;
  const client = tokenClient(async () => ({ token: `t${++tokens}`, expires: 900 }));
  const { socket, server, events } = scriptedSpot(t, honest, { client, reconnect: { minDelay: 1, maxDelay: 1, budget: 1e6 } });
  await socket.subscribe("executions");
  const ended = { success: false, error: "ESession:Invalid session" };
  server.last().say(ended);
  await until(() => tokens === 2 && server.last().sent.length === 2);
  assert.equal(server.all.length, 1);
  for (let i = 0; i < 100; i++) server.last().say(ended);
  await until(() => server.all.length === 2 && tokens === 3);
  assert.equal(events.find(({ type }) => type === "disconnected").cause.kind, "token");
});

test("case 21: a token source that hangs delays only calls that need a token, each for its own timeout", async (t) => {
  const sources = {
    client: { client: tokenClient(() => new Promise(() => {})) },
    manager: { tokens: { authorize: () => new Promise(() => {}), invalidate() {} }, client: undefined },
    subclass: {
      tokens: new (class extends TokenManager {
        get() {
          return new Promise(() => {});
        }
      })(tokenClient()),
      client: undefined,
    },
  };
  for (const [name, source] of Object.entries(sources)) {
    const { socket, server, events, loose } = scriptedSpot(t, honest, source);
    const started = Date.now();
    const trades = [
      socket.call("add_order", ORDER, { timeout: 600 }),
      socket.subscribe("executions", {}, { timeout: 700 }),
      socket.call("cancel_all", {}, { timeout: 800 }),
    ].map((call) => call.then(assert.fail, (error) => ({ error, after: Date.now() - started })));
    await socket.ping();
    await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
    await socket.unsubscribe("ticker", { symbol: ["BTC/USD"] });
    assert.ok(Date.now() - started < 500, `${name}: ${Date.now() - started} ms`);
    for (const [i, { error, after }] of (await Promise.all(trades)).entries()) {
      assert.deepEqual([error.name, /not sent/.test(error.message)], ["TimeoutError", true], String(error));
      assert.ok(after < 600 + 100 * i + 400, `${name}: ${after} ms`);
    }
    const closing = socket.call("add_order", ORDER);
    socket.close();
    await assert.rejects(closing, { code: "ERR_UNAVAILABLE", message: /not sent/ });
    assert.equal(server.all.length, 1);
    assert.ok(server.all[0].sent.every(({ method }) => !TRADES[method]));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["connected", "closed"],
    );
    assert.deepEqual(loose, []);
  }
});

test("a token source that hung is asked again for later calls", async (t) => {
  let asked = 0;
  const client = tokenClient(() => (asked++ ? Promise.resolve({ token: "t", expires: 900 }) : new Promise(() => {})));
  const { socket, server } = scriptedSpot(t, honest, { client, timeout: 300 });
  await socket.ping();
  await assert.rejects(socket.call("add_order", ORDER), { name: "TimeoutError" });
  await socket.call("cancel_all", {});
  assert.deepEqual([asked, server.last().sent.map(({ method }) => method)], [2, ["ping", "cancel_all"]]);
});

test("a call that started after the attempt that hangs gets a token from the next one, within its own timeout", async (t) => {
  for (const makeSource of [
    (ask) => ({ client: tokenClient(ask) }),
    (ask) => ({ client: undefined, tokens: { invalidate() {}, authorize: async () => ({ params: await ask() }) } }),
  ]) {
    let asked = 0;
    const source = makeSource(() => (asked++ ? Promise.resolve({ token: "t", expires: 900 }) : new Promise(() => {})));
    const { socket } = scriptedSpot(t, honest, { ...source, timeout: 80 });
    await socket.ping({ timeout: 2000 });
    const first = assert.rejects(socket.call("add_order", ORDER), { name: "TimeoutError" });
    await later(30);
    await socket.call("cancel_all", {}, { timeout: 2000 });
    await first;
    assert.equal(asked, 2);
    socket.close();
  }
});

test("a postponed subscription leaves no timer when the socket is closed", async (t) => {
  let fails = false;
  const client = tokenClient(async () => {
    if (fails) throw Object.assign(new Error("no"), { code: "ERR_NETWORK" });
    return { token: "t", expires: 900 };
  });
  const reconnect = { minDelay: 5000, maxDelay: 5000 };
  const { socket, server, events } = scriptedSpot(t, honest, { client, reconnect });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  await socket.subscribe("executions");
  fails = true;
  server.last().say({ success: false, error: "ESession:Invalid session" });
  await until(() => events.at(-1).type === "resubscribing");
  assert.ok(timers() > before);
  socket.close();
  assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
});

test("after a broken connection, a token source that hangs delays neither public channels nor other calls", async (t) => {
  let hangs = false;
  let tokens = 0;
  const client = tokenClient(() => (hangs ? new Promise(() => {}) : Promise.resolve({ token: `t${++tokens}`, expires: 900 })));
  const { socket, server, events } = scriptedSpot(t, honest, { client, timeout: 250 });
  await socket.subscribe("executions");
  await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
  hangs = true;
  server.last().over();
  await until(() => events.filter(({ type }) => type === "resubscribing").length >= 2);
  assert.equal(server.all.length, 2, "one new connection, and it stays");
  assert.deepEqual(
    server.last().sent.map(({ params }) => params?.channel),
    ["ticker"],
  );
  await socket.ping();
  hangs = false;
  await until(() => server.last().sent.some(({ params }) => params?.channel === "executions"));
  assert.equal(server.all.length, 2);
  // Put off, and then not wanted any more.
  hangs = true;
  server.last().over();
  await until(() => server.all.length === 3 && events.at(-1).type === "resubscribing");
  await socket.unsubscribe("executions", {}, { timeout: 10 }).catch(() => {});
  hangs = false;
  await later(100);
  assert.ok(server.last().sent.every(({ method, params }) => method !== "subscribe" || params.channel !== "executions"));
});

test("any error of getting a token reaches the calls that wait for it and no others", async (t) => {
  for (const reason of [undefined, null, "no", POISON, new Error("mine"), Object.create(null)]) {
    const { socket, loose } = scriptedSpot(t, honest, { client: tokenClient(() => Promise.reject(reason)) });
    const both = await Promise.allSettled([socket.call("add_order", ORDER), socket.call("cancel_all", {}), socket.ping()]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected", "fulfilled"],
    );
    assert.ok(both[0].reason === reason && both[1].reason === reason);
    assert.deepEqual(loose, []);
    socket.close();
  }
  for (const token of [undefined, "", 7, {}]) {
    const tokens = { authorize: async () => ({ params: { token } }), invalidate() {} };
    const { socket } = scriptedSpot(t, honest, { tokens, client: undefined });
    await assert.rejects(socket.call("cancel_all", {}), { name: "ResponseError" });
    socket.close();
  }
});

test("a subscription that cannot be renewed, for any reason, is given up, and the process continues", async (t) => {
  for (const reason of [undefined, null, "no", POISON, { code: POISON, kind: POISON }, Object.create(null)]) {
    let fails = false;
    const client = tokenClient(async () => {
      if (fails) throw reason;
      return { token: "t", expires: 900 };
    });
    const { socket, server, events, loose } = scriptedSpot(t, honest, { client });
    await socket.subscribe("executions");
    await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
    fails = true;
    server.last().over();
    await until(() => events.some(({ type }) => type === "refused"));
    assert.equal(events.find(({ type }) => type === "refused").error, reason);
    await socket.ping();
    assert.deepEqual(loose, []);
    socket.close();
  }
});

test("a message that the WebSocket refused was not sent, and one that it accepted before it broke was", async (t) => {
  const { socket, server } = scriptedSpot(t, honest);
  await socket.call("cancel_all", {});
  server.last().send = () => {
    throw new Error("full");
  };
  await assert.rejects(socket.call("add_order", ORDER), { code: "ERR_UNAVAILABLE", message: /not sent/ });
  await until(() => socket.connected);
  await socket.call("cancel_all", {});
  server.last().onsent = () => server.last().over();
  await assert.rejects(socket.call("add_order", ORDER), { name: "UnknownOutcomeError" });
});

test("an unknown outcome names the ids of the orders", async (t) => {
  const deadline = new Date(Date.now() + 5000);
  const cases = [
    ["add_order", ORDER, { clientOrderId: "mine" }],
    ["add_order", { ...LIMIT, order_userref: 7, deadline }, { userref: 7, deadline: deadline.toISOString() }],
    ["amend_order", TRADES.amend_order, { clientOrderId: "mine", orderIds: ["O1"] }],
    ["edit_order", { order_id: "O1", symbol: "BTC/USD" }, { orderIds: ["O1"] }],
    [
      "batch_add",
      { symbol: "BTC/USD", orders: [ORDER, { ...LIMIT, order_userref: 7 }, { ...LIMIT, cl_ord_id: "b" }] },
      { clientOrderIds: ["mine", "b"] },
    ],
    ["cancel_order", { cl_ord_id: ["a", "b"] }, { clientOrderIds: ["a", "b"] }],
    ["cancel_order", { order_id: ["O1", "O2"] }, { orderIds: ["O1", "O2"] }],
    ["cancel_order", { order_userref: [7] }, { userref: 7 }],
    ["batch_cancel", TRADES.batch_cancel, { clientOrderIds: ["mine"], orderIds: ["O1"] }],
    ["cancel_all", {}, {}],
  ];
  const { socket } = scriptedSpot(t, () => [], { timeout: 200 });
  const names = ["clientOrderId", "clientOrderIds", "userref", "orderIds", "deadline"];
  for (const [method, params, expected] of cases) {
    const error = await socket.call(method, params).catch((reason) => reason);
    assert.deepEqual([error.name, error.endpoint, error.nonce], ["UnknownOutcomeError", method, ""]);
    assert.deepEqual(Object.fromEntries(names.filter((name) => name in error).map((name) => [name, error[name]])), expected, method);
  }
});

test("orders without an id get one, alone and in a batch, unless the caller turns this off", async (t) => {
  const random = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  let reads = 0;
  const order = {
    ...LIMIT,
    get order_qty() {
      return ++reads;
    },
  };
  const named = scriptedSpot(t, () => [], { timeout: 200 }).socket;
  const single = await named.call("add_order", order).catch((reason) => reason);
  assert.match(single.clientOrderId, random);
  assert.equal(reads, 1, "each property is read once");
  const batch = await named.call("batch_add", { symbol: "BTC/USD", orders: [LIMIT, LIMIT] }).catch((reason) => reason);
  assert.equal(new Set(batch.clientOrderIds.filter((id) => random.test(id))).size, 2);
  const only = await named.call("add_order", { ...LIMIT, validate: true }).catch((reason) => reason);
  assert.equal(only.clientOrderId, undefined, "an order that is only validated is none");
  const nameless = scriptedSpot(t, () => [], { timeout: 200, clientOrderIds: false }).socket;
  const error = await nameless.call("add_order", LIMIT).catch((reason) => reason);
  assert.equal(error.clientOrderId, undefined);
});

test("a handler of messages that throws loses its connection, and the process continues", async (t) => {
  const { socket, server, events, loose } = scriptedSpot(t, honest);
  await socket.ping();
  const answers = t.mock.method(JSON, "parse", () => {
    throw new RangeError("Maximum call stack size exceeded");
  });
  server.last().tell("message", { data: "{}" });
  answers.mock.restore();
  await until(() => server.all.length === 2);
  // What only a fault in this package could do.
  for (const name of ["receive", "event", "forget"]) {
    const kept = socket[name];
    const before = server.all.length;
    socket[name] = () => {
      throw new Error("a fault");
    };
    server.last().say({ success: false, error: "EService:Busy" });
    server.last().over();
    await later(20);
    socket[name] = kept;
    await until(() => server.all.length > before);
    await until(() => socket.connected);
    await socket.ping();
  }
  assert.ok(
    events.some(({ type, cause }) => type === "disconnected" && cause.code === "ERR_RESPONSE" && cause.cause?.message === "a fault"),
  );
  assert.deepEqual(loose, []);
});

test("an order whose answer was lost is found by its id or its userref", async (t) => {
  const { exchange, socket, client } = spot(t);
  // A userref of its own: other tests of this process lose similar orders with 7, and any of those could be the one that is found.
  for (const name of [{ cl_ord_id: "mine" }, { order_userref: 754 }]) {
    exchange.injectSocket({ fault: "lose", at: "executed", name: "add_order" });
    const error = await socket.call("add_order", { ...LIMIT, ...name }, { timeout: 1000 }).catch((reason) => reason);
    assert.equal(error.name, "UnknownOutcomeError");
    const found = await resolveOrder(client, error, { timeout: 5000 });
    assert.equal(found.outcome, "placed", JSON.stringify(found));
  }
});

test("outcomes match the exchange's orders while half of the answers are corrupted", async (t) => {
  const { exchange, socket, counter } = spot(t);
  let times = 0;
  const original = counter.WebSocket.prototype.dispatchEvent;
  t.mock.method(counter.WebSocket.prototype, "dispatchEvent", function (event) {
    if (typeof event.data === "string" && event.data.includes('"add_order"') && times++ % 2)
      return original.call(this, Object.assign(new Event("message"), { data: event.data.replace('"success":true', '"success":"yes"') }));
    return original.call(this, event);
  });
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      socket.call("add_order", { ...LIMIT, cl_ord_id: `o${i}` }).then(
        () => "done",
        ({ name }) => name,
      ),
    ),
  );
  assert.equal(executed(exchange).length, 40);
  assert.deepEqual(
    [outcomes.filter((one) => one === "done").length, outcomes.filter((one) => one === "UnknownOutcomeError").length],
    [20, 20],
  );
});

test("of several cancellations, a rejection that names one order says nothing about the others", async (t) => {
  const { socket } = scriptedSpot(t, ({ method, req_id }) => [
    { method, req_id, success: false, error: "EGeneral:Permission denied", result: { order_id: "OA" } },
    { method, req_id, success: true, result: { order_id: "OB" } },
  ]);
  const error = await socket.call("cancel_order", { order_id: ["OA", "OB"] }).catch((reason) => reason);
  assert.deepEqual([error.name, error.done, error.result[1]], ["ApiError", [1], { order_id: "OB" }]);
});

test("of several cancellations, a rejection of the session that names no order proves nothing about any of them", async (t) => {
  for (const message of ["EGeneral:Permission denied", "ESession:Invalid session"]) {
    const { socket } = scriptedSpot(t, ({ method, req_id, params }) => {
      const done = params.order_id.map((order_id) => ({ method, req_id, success: true, result: { order_id } }));
      return params.order_id.length > 1 ? [{ method, req_id, success: false, error: message }, done[1]] : done;
    });
    const error = await socket.call("cancel_order", { order_id: ["OA", "OB"] }).catch((reason) => reason);
    assert.equal(error.name, "UnknownOutcomeError");
    assert.deepEqual(
      [error.orderIds, error.result, error.cause.name, error.cause.errors],
      [["OA", "OB"], [{ error: message }], "ApiError", [message]],
    );
    // The rejection of a single order is proven.
    assert.deepEqual(await socket.call("cancel_order", { order_id: ["OC"] }), { order_id: "OC" });
  }
});

test("of several cancellations of which not all are answered, the error has the answers", async (t) => {
  const { socket } = scriptedSpot(
    t,
    ({ method, req_id }) => [
      { method, req_id, success: true, result: { order_id: "OB" } },
      { method, req_id, success: false, error: "EOrder:Unknown order" },
    ],
    { timeout: 300 },
  );
  await assert.rejects(socket.call("cancel_order", { order_id: ["OA", "OB", "OC"] }), {
    name: "UnknownOutcomeError",
    orderIds: ["OA", "OB", "OC"],
    result: [{ order_id: "OB" }, { error: "EOrder:Unknown order" }],
  });
});

test("an answer over a socket with two different values of a name proves nothing", async (t) => {
  const server = opening((socket) => {
    socket.onsent = ({ method, req_id }) =>
      setImmediate(() =>
        socket.say(
          `{"method":"${method}","req_id":${req_id},"success":false,"error":"EOrder:x","success":true,"result":{"order_id":"O1"}}`,
        ),
      );
  });
  const socket = new SpotSocket({ client: tokenClient(), url: address(), WebSocket: server.WebSocket, reconnect: FAST, timeout: 1000 });
  t.after(() => socket.close());
  await assert.rejects(
    socket.call("add_order", ORDER),
    (error) => error.name === "UnknownOutcomeError" && error.cause.name === "ResponseError",
  );
});
