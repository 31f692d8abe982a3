// The exchange's WebSockets on the wire: RFC 6455, and that tokens and challenges are checked. Frames are made by hand.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import test from "node:test";
import { frame, frames, handshake } from "../sockets/client.mjs";
import { Exchange, LIMIT, Spot } from "./helper.mjs";

async function raw(t, { path = "/v2", ...options } = {}) {
  const exchange = new Exchange({ sockets: { heartbeat: 60_000 }, ...options });
  const server = await exchange.listen();
  t.after(() => server.close());
  const { socket } = await handshake(server.socketUrl + path);
  t.after(() => socket.destroy());
  const got = [];
  const waiting = [];
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.on(
    "data",
    frames((opcode, payload) => {
      got.push([opcode, payload]);
      waiting.shift()?.();
    }),
  );
  const next = async () => {
    if (!got.length) await Promise.race([new Promise((resolve) => waiting.push(resolve)), closed]);
    return got.shift();
  };
  const message = async () => JSON.parse((await next())[1]);
  const ask = async (request) => {
    socket.write(frame(1, JSON.stringify(request)));
    return await message();
  };
  const hello = await message();
  return { exchange, server, socket, next, message, ask, closed, hello };
}

test("only a valid handshake on an existing path opens a connection", async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const status = async (path, headers) => (await handshake(server.socketUrl + path, headers)).status;
  assert.equal(await status("/nowhere"), 404);
  assert.equal(await status("/v2", { "Sec-WebSocket-Version": "8" }), 426);
  assert.equal(await status("/v2", { "Sec-WebSocket-Key": "short" }), 400);
  assert.equal(await status("/v2", { Upgrade: "h2c" }), 400);
  exchange.injectSocket({ fault: "status", at: "handshake", status: 503 });
  assert.equal(await status("/v2"), 503);
  exchange.injectSocket({ fault: "reset", at: "handshake" });
  await assert.rejects(handshake(`${server.socketUrl}/v2`));
  const { response } = await handshake(`${server.socketUrl}/v2`, {
    "Sec-WebSocket-Extensions": "permessage-deflate",
    "Sec-WebSocket-Protocol": "x",
  });
  assert.equal(response.headers["sec-websocket-extensions"], undefined);
  assert.equal(response.headers["sec-websocket-protocol"], undefined);
  // HTTP goes on as before, also without an upgrade on such a path.
  assert.equal((await fetch(`${server.url}/0/public/Time`)).status, 200);
  assert.equal((await (await fetch(`${server.url}/v2`)).json()).error[0], "EGeneral:Unknown method");
});

test("fragments, control frames between them, single bytes and all three length formats are read", async (t) => {
  const { socket, next, message } = await raw(t);
  const text = JSON.stringify({ method: "ping", req_id: 7, filler: "é".repeat(40_000) });
  const bytes = Buffer.from(text);
  socket.write(frame(1, bytes.subarray(0, 10), { final: false }));
  socket.write(frame(9, "mid"));
  assert.deepEqual(await next(), [10, Buffer.from("mid")]);
  socket.write(frame(0, bytes.subarray(10, 1000), { final: false }));
  // In the middle of a character: UTF-8 is checked over the whole message.
  socket.write(frame(0, bytes.subarray(1000)));
  assert.equal((await message()).req_id, 7);
  for (const byte of frame(1, JSON.stringify({ method: "ping", req_id: 8, filler: "x".repeat(200) }))) socket.write(Buffer.from([byte]));
  assert.equal((await message()).req_id, 8);
  socket.write(Buffer.concat([frame(1, '{"method":"ping","req_id":9}'), frame(10, ""), frame(1, '{"method":"ping","req_id":10}')]));
  assert.deepEqual([(await message()).req_id, (await message()).req_id], [9, 10]);
});

test("broken frames are answered with the code of RFC 6455", async (t) => {
  const long = Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]);
  const cases = {
    "not masked": [1002, frame(1, "{}", { masked: false })],
    "reserved bit": [1002, frame(1, "{}", { reserved: 0x40 })],
    "unknown opcode": [1002, frame(3, "{}")],
    "unknown control": [1002, frame(11, "")],
    "long ping": [1002, frame(9, "x".repeat(126))],
    "fragmented ping": [1002, frame(9, "x", { final: false })],
    "continuation of nothing": [1002, frame(0, "{}")],
    "text inside of a message": [1002, Buffer.concat([frame(1, "{", { final: false }), frame(1, "}")])],
    "binary that is not UTF-8": [1007, frame(2, Buffer.from([0xff]))],
    "not UTF-8": [1007, frame(1, Buffer.from([0xff, 0xfe]))],
    "too big, before it has come": [1009, long],
    "too big in fragments": [1009, Buffer.concat([frame(1, Buffer.alloc(600_000), { final: false }), frame(0, Buffer.alloc(600_000))])],
    "close with one byte": [1002, frame(8, Buffer.from([3]))],
    "close with a code that is none": [1002, frame(8, Buffer.from([3, 237]))],
    "a proper close": [1000, frame(8, Buffer.from([3, 232]))],
  };
  for (const [name, [code, bytes]] of Object.entries(cases)) {
    const { socket, next, closed, exchange } = await raw(t);
    socket.write(bytes);
    const [opcode, payload] = await next();
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, code], name);
    socket.end();
    await closed;
    assert.equal(exchange.sockets[0].open, false, name);
  }
});

test("a message that is not JSON, or has no method, is rejected and does not end the connection", async (t) => {
  const { socket, message, ask } = await raw(t);
  for (const text of ["{", "[]", "7", '"x"', "{}", '{"method":7}', '{"method":"fly","req_id":3}']) {
    socket.write(frame(1, text));
    assert.equal((await message()).success, false, text);
  }
  assert.equal((await ask({ method: "fly", req_id: 3 })).req_id, 3);
  assert.equal((await ask({ method: "ping" })).method, "pong");
});

test("unknown, expired, revoked and unauthorized tokens are rejected, and an order appears in REST", async (t) => {
  let now = Date.now();
  const { exchange, ask, message, hello } = await raw(t, { now: () => now });
  assert.equal(hello.channel, "status");
  const issue = async (options) => {
    const client = new Spot(exchange.addKey(options), exchange.fetch);
    return { client, token: (await client.call("GetWebSocketsToken")).result.token };
  };
  const { client, token } = await issue();
  const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1.25, limit_price: 37500 };
  const place = (token) => ask({ method: "add_order", params: { ...order, token }, req_id: 1 });
  assert.equal((await place()).error, "Token(s) not found");
  assert.equal((await place("nonsense")).error, "EAPI:Invalid token");
  const weak = await issue({ permissions: ["create-ws-token"] });
  assert.equal((await place(weak.token)).error, "EGeneral:Permission denied");
  assert.equal(
    (await ask({ method: "subscribe", params: { channel: "balances", token: weak.token } })).error,
    "EGeneral:Permission denied",
  );
  const placed = await place(token);
  assert.equal(placed.success, true);
  assert.deepEqual(Object.keys((await client.call("OpenOrders")).result.open), [placed.result.order_id]);
  const [execution] = exchange.executions.filter(({ write, method }) => write && method === "WebSocket");
  assert.equal(execution.params.token, undefined, "a record has no token");
  assert.equal(execution.params.limit_price, "37500");
  assert.equal((await ask({ method: "subscribe", params: { channel: "executions", token } })).success, true);
  assert.equal((await message()).type, "snapshot");
  assert.match((await ask({ method: "subscribe", params: { channel: "executions", token } })).error, /Already subscribed/);
  now += 901_000;
  assert.equal((await ask({ method: "cancel_all", params: { token } })).channel, "executions", "the update comes before its answer");
  assert.equal((await message()).success, true);
  exchange.tokens[0].revoke();
  assert.equal((await place(token)).error, "ESession:Invalid session");
  await client.call("AddOrder", LIMIT);
  assert.equal((await ask({ method: "ping" })).method, "pong", "and its channels are silent");
  const second = await issue();
  now += 901_000;
  assert.equal((await place(second.token)).error, "EAPI:Invalid token");
});

test("Futures: a challenge belongs to its connection and key, and its signature is checked", async (t) => {
  const { exchange, server, ask, message } = await raw(t, { path: "/ws/v1" });
  const key = exchange.addKey({ product: "futures" });
  const sign = (challenge, secret = key.secret) =>
    createHmac("sha512", Buffer.from(secret, "base64")).update(createHash("sha256").update(challenge).digest()).digest("base64");
  const subscribe = (changes) => ask({ event: "subscribe", feed: "fills", api_key: key.key, ...changes });
  assert.equal((await subscribe({ original_challenge: "x", signed_challenge: sign("x") })).event, "alert");
  assert.equal((await ask({ event: "challenge", api_key: "nobody" })).event, "alert");
  const { message: challenge } = await ask({ event: "challenge", api_key: key.key });
  assert.match(challenge, /^[0-9a-f-]{36}$/);
  const good = { original_challenge: challenge, signed_challenge: sign(challenge) };
  for (const wrong of [
    { signed_challenge: sign(`${challenge}x`) },
    { original_challenge: "x" },
    { api_key: exchange.addKey({ product: "futures" }).key },
    { signed_challenge: undefined },
  ]) {
    assert.equal((await subscribe({ ...good, ...wrong })).event, "alert", JSON.stringify(Object.keys(wrong)));
  }
  const { socket } = await handshake(`${server.socketUrl}/ws/v1`);
  const elsewhere = new Promise((resolve) =>
    socket.on(
      "data",
      frames((_, payload) => /alert|subscribed/.test(payload) && resolve(JSON.parse(payload).event)),
    ),
  );
  socket.write(frame(1, JSON.stringify({ event: "subscribe", feed: "fills", api_key: key.key, ...good })));
  assert.equal(await elsewhere, "alert", "of another connection");
  socket.destroy();
  assert.equal((await subscribe(good)).event, "subscribed");
  assert.equal((await message()).feed, "fills_snapshot");
  assert.equal((await subscribe({ ...good, feed: "balances" })).event, "subscribed");
  const { feed, holding, flex_futures: flex } = await message();
  assert.deepEqual([feed, Object.keys(holding)], ["balances_snapshot", ["USD", "XBT"]]);
  assert.deepEqual(flex.currencies.USD, { quantity: 1_000_000, available: 1_000_000 }, "as other people's clients read it");
  assert.equal(flex.available_margin, 1_000_000);
  assert.equal((await ask({ event: "ping" })).event, "pong");
});

test("the exchange can send half a frame, or stay silent even to pings", async (t) => {
  const first = await raw(t);
  let bytes = 0;
  first.socket.on("data", (chunk) => (bytes += chunk.length));
  first.exchange.injectSocket({ fault: "half", at: "sent", name: "pong" });
  first.socket.write(frame(1, '{"method":"ping"}'));
  await first.closed;
  assert.ok(bytes > 2, "something came");
  assert.equal(await first.next(), undefined, "and was no frame");
  const second = await raw(t);
  second.exchange.sockets[0].silence();
  second.socket.write(frame(9, "there?"));
  second.socket.write(frame(8, Buffer.from([3, 232])));
  const answer = await Promise.race([second.next(), second.closed, new Promise((resolve) => setTimeout(resolve, 100, "nothing"))]);
  assert.equal(answer, "nothing");
});

test("a broken connection removes its watchers, and close() of the server removes all", async () => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  const sockets = await Promise.all(Array.from({ length: 5 }, () => handshake(`${server.socketUrl}/v2`)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(exchange.sockets.filter(({ open }) => open).length, 5);
  sockets[0].socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(exchange.sockets.filter(({ open }) => open).length, 4);
  for (const { socket } of sockets) socket.on("error", () => {});
  await server.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(exchange.sockets.filter(({ open }) => open).length, 0);
});

test("the WebSocket in memory behaves like the standard one", async () => {
  const exchange = new Exchange({ sockets: { heartbeat: 20 } });
  const { WebSocket } = exchange;
  assert.throws(() => new WebSocket("https://ws.kraken.com/v2"), SyntaxError);
  assert.throws(() => new WebSocket("nonsense"));
  const record = (socket) => {
    const seen = [];
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, ({ data, code, wasClean }) =>
        seen.push([type, data ? JSON.parse(data).channel : code, wasClean].filter((one) => one !== undefined)),
      );
    }
    return { seen, over: new Promise((resolve) => (socket.onclose = resolve)) };
  };
  const socket = new WebSocket("wss://ws-auth.kraken.com/v2");
  const { seen, over } = record(socket);
  assert.equal(socket.readyState, 0);
  assert.throws(() => socket.send("{}"), { name: "InvalidStateError" });
  await new Promise((resolve) => (socket.onopen = resolve));
  assert.equal(socket.readyState, 1);
  socket.send(JSON.stringify({ method: "subscribe", params: { channel: "ticker", symbol: ["BTC/USD"] } }));
  await new Promise((resolve) => setTimeout(resolve, 60));
  exchange.sockets[0].close(1012);
  await over;
  assert.equal(socket.readyState, 3);
  assert.deepEqual(seen.slice(0, 4), [["open"], ["message", "status"], ["message"], ["message", "ticker"]]);
  assert.ok(seen.some(([, channel]) => channel === "heartbeat"));
  assert.deepEqual(seen.at(-1), ["close", 1012, true]);
  socket.send("{}");
  socket.close();
  const [nowhere, early, cut] = [
    new WebSocket("wss://ws.kraken.com/nowhere"),
    new WebSocket("wss://ws.kraken.com/v2"),
    new WebSocket("wss://ws.kraken.com/v2"),
  ].map((one) => [one, record(one)]);
  early[0].close();
  cut[0].onopen = () => setTimeout(() => exchange.sockets.at(-1).reset(), 10);
  await Promise.all([nowhere, early, cut].map(([, { over }]) => over));
  assert.deepEqual(nowhere[1].seen, [["error"], ["close", 1006, false]]);
  assert.deepEqual(early[1].seen, [["error"], ["close", 1006, false]]);
  assert.deepEqual(cut[1].seen, [["open"], ["message", "status"], ["error"], ["close", 1006, false]]);
  const own = new WebSocket("wss://ws.kraken.com/v2");
  const { over: ended } = record(own);
  await new Promise((resolve) => (own.onopen = resolve));
  own.close(1000);
  assert.equal((await ended).code, 1000);
  assert.deepEqual(
    exchange.sockets.map(({ open }) => open),
    [false, false, false],
  );
});

test("faults of messages are limited by method, path, condition, skip and times, and can be removed", async () => {
  const exchange = new Exchange();
  const ask = (path, ...messages) =>
    new Promise((resolve) => {
      const socket = new exchange.WebSocket(`wss://ws.kraken.com${path}`);
      const got = [];
      socket.onmessage = ({ data }) => {
        got.push(JSON.parse(data).method ?? JSON.parse(data).channel ?? JSON.parse(data).event);
        if (messages.length) socket.send(JSON.stringify(messages.shift()));
        else setTimeout(() => socket.close(), 10);
      };
      socket.onclose = ({ code }) => resolve([...got, code]);
    });
  const ping = { method: "ping" };
  exchange.injectSocket({ fault: "reset", at: "open", path: "/ws/v1" });
  assert.deepEqual(await ask("/v2"), ["status", 1005]);
  assert.deepEqual(await ask("/ws/v1"), [1006]);
  const hits = exchange.injectSocket({ fault: "close", at: "received", name: "ping", skip: 1, times: 2, code: 1013 });
  assert.deepEqual(await ask("/v2", ping, ping), ["status", "pong", 1013]);
  assert.deepEqual([hits.hits, hits.remaining], [1, 1]);
  hits.remove();
  assert.deepEqual(await ask("/v2", ping, ping), ["status", "pong", "pong", 1005]);
  exchange.injectSocket({ fault: "twice", at: "sent", match: ({ message }) => message.req_id === 2 });
  assert.deepEqual(await ask("/v2", { ...ping, req_id: 1 }, { ...ping, req_id: 2 }), ["status", "pong", "pong", "pong", 1005]);
  exchange.injectSocket({ fault: "error", at: "received", error: "EService:Unavailable" });
  exchange.clearFaults();
  assert.deepEqual(await ask("/ws/v1", { event: "ping" }), ["info", "pong", 1005]);
});
