// The reader: a bounded queue, gaps, and messages that make no sense.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { address, FAST, LIMIT, reading, spot, SpotSocket, until } from "./helper.mjs";
import { opening } from "./scripted.mjs";

const burst = async (socket, count) => {
  for (let i = 0; i < count; i++) await socket.call("add_order", LIMIT);
};

test("at the limit, the socket closes by default, and the reader gets the remaining messages and then an error", async (t) => {
  const { socket, counter, events } = spot(t, { queue: 5 });
  await socket.subscribe("executions", {}, {});
  const calls = await Promise.allSettled(Array.from({ length: 20 }, () => socket.call("add_order", LIMIT)));
  assert.ok(calls.some(({ reason }) => reason?.name === "UnknownOutcomeError" || reason?.code === "ERR_UNAVAILABLE"));
  const read = [];
  await assert.rejects(
    async () => {
      for await (const message of socket) read.push(message);
    },
    { code: "ERR_UNAVAILABLE", message: /too slow: 5 messages are waiting/ },
  );
  assert.equal(read.length, 5);
  assert.match(events.at(-1).error.message, /too slow/, "and onEvent is told");
  await assert.rejects(socket.subscribe("balances"), { code: "ERR_UNAVAILABLE" });
  await until(() => counter.listeners === 0);
});

test("at the limit with drop-oldest, an event says how many messages were dropped, and onEvent reports it", async (t) => {
  const { socket, events } = spot(t, { queue: 5, overflow: "drop-oldest" });
  await socket.subscribe("executions", { snap_orders: false, order_status: false });
  await burst(socket, 20);
  await until(() => events.some(({ type }) => type === "dropped"));
  assert.deepEqual(
    events.filter(({ type }) => type === "dropped"),
    [{ channel: "socket", type: "dropped", count: 1 }],
    "once for each series",
  );
  const { messages } = reading(socket);
  await until(() => messages.length === 6);
  const [first, ...rest] = messages;
  assert.equal(first.type, "dropped");
  // connected, status, snapshot, and 20 updates came; 5 of them are left.
  assert.equal(first.count, 18);
  assert.deepEqual(
    rest.map(({ sequence }) => sequence),
    [17, 18, 19, 20, 21],
  );
  await burst(socket, 1);
  await until(() => messages.length === 7);
  assert.equal(messages.at(-1).sequence, 22, "and then it goes on");
});

test("a socket that only trades needs no reader, and nothing accumulates", async (t) => {
  const { socket, exchange } = spot(t, { queue: 1 });
  for (let i = 0; i < 5; i++) {
    await burst(socket, 2);
    exchange.sockets.at(-1).reset();
    await until(() => exchange.sockets.length === i + 2);
  }
  await burst(socket, 1);
});

test("gaps and repetitions in the sequence are reported at their place", async (t) => {
  const { exchange, socket, events } = spot(t);
  const { messages } = reading(socket);
  await socket.subscribe("executions", { order_status: false });
  exchange.injectSocket({ fault: "lose", at: "sent", name: "executions", skip: 1 });
  exchange.injectSocket({ fault: "twice", at: "sent", name: "executions", skip: 1 });
  await burst(socket, 4);
  await until(() => messages.filter(({ channel }) => channel === "executions").length === 5);
  const seen = messages
    .filter(({ channel, type }) => channel === "executions" || type === "gap")
    .map(({ sequence, type, of, expected, received }) => sequence ?? `${type} ${of} ${expected} ${received}`);
  assert.deepEqual(seen, [1, 2, "gap executions 3 4", 4, "gap executions 5 4", 4, 5]);
  assert.equal(events.filter(({ type }) => type === "gap").length, 2);
});

test("leaving the loop leaves the socket open, and messages are kept for the next loop", async (t) => {
  const { socket } = spot(t);
  await socket.subscribe("executions");
  for await (const { channel } of socket) if (channel === "executions") break;
  await burst(socket, 2);
  for await (const { sequence } of socket) if (sequence === 3) break;
  assert.ok(socket.connected);
});

test("a message that is not a JSON object breaks the connection, which is then replaced", async (t) => {
  const { exchange, client } = spot(t);
  const { WebSocket } = exchange;
  let poison;
  const socket = new SpotSocket({
    client,
    url: address(),
    reconnect: FAST,
    WebSocket: class extends WebSocket {
      addEventListener(type, listener) {
        super.addEventListener(type, listener);
        if (type === "message") poison = (data) => listener(Object.assign(new Event("message"), { data }));
      }
    },
  });
  t.after(() => socket.close());
  const { of } = reading(socket);
  for (const data of ["{", "7", "null", '"text"', new ArrayBuffer(2)]) {
    await socket.ping();
    poison(data);
    assert.equal(socket.connected, false, String(data));
  }
  assert.deepEqual(
    new Set(
      of("socket")
        .filter(({ type }) => type === "disconnected")
        .map(({ cause }) => cause.code),
    ),
    new Set(["ERR_RESPONSE"]),
  );
});

test("a rejection without an owner is an event", async (t) => {
  const { exchange, socket } = spot(t);
  const { of } = reading(socket);
  await socket.ping();
  exchange.sockets[0].send({ success: false, error: "EService:Unavailable", method: "subscribe" });
  exchange.sockets[0].send({ success: false, error: "EOrder:Late", method: "add_order", req_id: 99 });
  exchange.sockets[0].send({ anything: "else" });
  await socket.ping();
  assert.deepEqual(
    of("socket")
      .filter(({ type }) => type === "refused")
      .map(({ of, error }) => [of, error.kind]),
    [["subscribe", "unavailable"]],
  );
});

test("memory stays flat over many messages, calls and connections", { timeout: 120_000 }, async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", fileURLToPath(new URL("memory.mjs", import.meta.url))]);
  const { growth, messages, connections, listeners } = JSON.parse(stdout);
  t.diagnostic(`${growth} bytes after ${messages} messages and ${connections} connections`);
  assert.ok(messages >= 100_000 && connections >= 400);
  assert.equal(listeners, 4, "those of the one connection that is up");
  assert.ok(growth < 200_000, `${growth} bytes`);
});

test("integers that a number cannot represent stay exact, as in answers of the REST API", async (t) => {
  const { WebSocket, last } = opening();
  const socket = new SpotSocket({ WebSocket, url: address() });
  t.after(() => socket.close());
  const { messages } = reading(socket);
  await until(() => last()?.readyState === 1);
  last().tell("message", {
    data: '{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2","version":"2.0.9","connection_id":18293744073709551615}]}',
  });
  last().tell("message", { data: '{"channel":"trade","type":"update","data":[{"trade_id":9007199254740991,"price":0.1}]}' });
  await until(() => messages.filter(({ channel }) => channel !== "socket").length === 2);
  const [status, trade] = messages.filter(({ channel }) => channel !== "socket");
  assert.equal(status.data[0].connection_id, 18293744073709551615n);
  assert.deepEqual(trade.data, [{ trade_id: 9007199254740991, price: 0.1 }]);
});
