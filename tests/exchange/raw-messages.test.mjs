// Any message over a socket: at any time, instead of an answer, before it, as text and in binary frames.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, Exchange, until } from "./helper.mjs";

const ORDER = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1, limit_price: 100 };

for (const way of ["memory", "HTTP"]) {
  describe(`raw messages, over ${way}`, () => {
    async function setUp(t, options = {}) {
      const exchange = new Exchange({ sockets: { heartbeat: Infinity } });
      if (way === "memory") return { exchange, socket: await connect(exchange, options) };
      const server = await exchange.listen();
      t.after(() => server.close());
      return { exchange, socket: await connect(exchange, { ...options, url: server.socketUrl, WebSocket: globalThis.WebSocket }) };
    }
    const placed = (exchange) => exchange.executions.filter(({ endpoint }) => endpoint === "add_order").length;

    for (const path of ["/v2", "/ws/v1"]) {
      test(`text and bytes can be sent at any time on ${path}`, async (t) => {
        const { exchange, socket } = await setUp(t, { path });
        const [session] = exchange.sockets;
        const messages = ["", "null", "{", '{"event":"challenge","message":""}', "\u0000", "x".repeat(100_000)];
        for (const message of messages) session.sendRaw(message);
        session.sendRaw(new TextEncoder().encode('{"method":"pong"}'));
        session.sendRaw(Uint8Array.of(0xff, 0xfe));
        await until(() => socket.raw.length === messages.length + 3);
        const [, ...got] = socket.raw;
        assert.deepEqual(got.slice(0, messages.length), messages);
        assert.equal(new TextDecoder().decode(got.at(-2)), '{"method":"pong"}');
        assert.deepEqual(new Uint8Array(got.at(-1)), Uint8Array.of(0xff, 0xfe));
        assert.equal(session.sent, messages.length + 3);
      });
    }

    test("a message can replace the answer after execution", async (t) => {
      const { exchange, socket } = await setUp(t);
      const liar = ({ message }) => JSON.stringify({ method: "cancel_all", req_id: message.req_id, success: true, result: {} });
      const injection = exchange.injectSocket({ fault: "raw", at: "executed", name: "add_order", data: liar });
      const answer = await socket.ask("add_order", ORDER);
      assert.deepEqual([answer.method, answer.success], ["cancel_all", true]);
      assert.deepEqual([injection.hits, placed(exchange)], [1, 1]);
      assert.equal((await socket.ask("add_order", ORDER)).method, "add_order");
    });

    test("a message can replace the execution", async (t) => {
      const { exchange, socket } = await setUp(t);
      const data = ({ message }) => [JSON.stringify({ method: "add_order", req_id: message.req_id })];
      exchange.injectSocket({ fault: "raw", at: "received", name: "add_order", data });
      assert.deepEqual(Object.keys(await socket.ask("add_order", ORDER)), ["method", "req_id"]);
      assert.equal(placed(exchange), 0);
    });

    for (const at of ["received", "executed", "sent"]) {
      test(`a message can precede the answer, at ${at}`, async (t) => {
        const { exchange, socket } = await setUp(t);
        exchange.injectSocket({ fault: "raw", at, name: "add_order", data: ["{", Uint8Array.of(1)], instead: false });
        assert.equal((await socket.ask("add_order", ORDER)).success, true);
        const [, first, second] = socket.raw;
        assert.deepEqual([first, [...new Uint8Array(second)]], ["{", [1]]);
        assert.equal(placed(exchange), 1);
      });
    }

    test("a message can replace the first message of a connection", async (t) => {
      const exchange = new Exchange();
      exchange.injectSocket({ fault: "raw", at: "open", data: '{"event":"info","version":"nonsense"}' });
      const server = await exchange.listen();
      t.after(() => server.close());
      const options = way === "memory" ? {} : { url: server.socketUrl, WebSocket: globalThis.WebSocket };
      const socket = await connect(exchange, { ...options, path: "/ws/v1" });
      assert.deepEqual(socket.raw, ['{"event":"info","version":"nonsense"}']);
    });

    test("a message that is held on the network delays the messages behind it, but one in the engine does not", async (t) => {
      const { exchange, socket } = await setUp(t);
      for (const where of ["network", "engine"]) {
        const injection = exchange.injectSocket({ fault: "hold", at: "received", name: "add_order", where });
        const answers = [];
        const order = socket.ask("add_order", ORDER).then(() => answers.push("order"));
        const ping = socket.ask("ping").then(() => answers.push("ping"));
        await until(() => injection.holding === 1);
        await socket.tick();
        assert.deepEqual(answers, where === "network" ? [] : ["ping"]);
        injection.release();
        await Promise.all([order, ping]);
        assert.deepEqual(answers, where === "network" ? ["order", "ping"] : ["ping", "order"]);
      }
    });

    test("a held message is executed even if the connection has broken", async (t) => {
      const { exchange, socket } = await setUp(t);
      const injection = exchange.injectSocket({ fault: "hold", at: "received", name: "add_order", ms: 30 });
      socket.ask("add_order", ORDER);
      await until(() => injection.holding === 1);
      exchange.sockets[0].reset();
      await new Promise((resolve) => setTimeout(resolve, 60));
      assert.equal(placed(exchange), 1);
    });
  });
}
