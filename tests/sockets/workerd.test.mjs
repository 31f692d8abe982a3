// In workerd, on its own WebSocket, over loopback.
import assert from "node:assert/strict";
import { request } from "node:http";
import test, { after, before } from "node:test";
import { startWorker } from "../harness/workerd.mjs";
import { executed, Exchange, later, until } from "./helper.mjs";

let exchange, server, worker;

before(async () => {
  exchange = new Exchange({ sockets: { attempts: 1e4, heartbeat: 50 } });
  server = await exchange.listen();
  const spot = exchange.addKey();
  const futures = exchange.addKey({ product: "futures" });
  const bindings = {
    KEY: spot.key,
    SECRET: spot.secret,
    FUTURES_KEY: futures.key,
    FUTURES_SECRET: futures.secret,
    EXCHANGE: server.url,
    SOCKETS: server.socketUrl,
    SOCKET: `${server.socketUrl}/v2`,
  };
  worker = await startWorker(new URL("worker.mjs", import.meta.url), {
    bindings,
    objects: { SOCKETS_OBJECT: "Sockets", EVICTABLE: "Evictable" },
  });
});
after(async () => {
  await worker?.stop();
  await server?.close();
});

const get = async (path) => (await fetch(worker.url + path)).json();
const names = () => executed(exchange).map(({ params }) => params.cl_ord_id);

test("in a Durable Object, many requests share a socket, which survives broken connections", { timeout: 60_000 }, async () => {
  await get("/object/start");
  const placed = await Promise.all(Array.from({ length: 10 }, (_, i) => get(`/object/order?id=a${i}`)));
  assert.equal(new Set(placed.map(({ order_id }) => order_id)).size, 10);
  const own = () => exchange.sockets.filter(({ path, open }) => path === "/v2" && open);
  assert.equal(own().length, 1);
  for (const [i, cut] of [
    (socket) => socket.reset(),
    (socket) => socket.close(),
    (socket) => exchange.injectSocket({ fault: "half", at: "sent", name: "executions" }) && socket.open,
  ].entries()) {
    const before = exchange.sockets.length;
    cut(own()[0]);
    const { order_id, error } = await get(`/object/order?id=b${i}`);
    assert.ok(order_id || /ERR_UNAVAILABLE|ERR_UNKNOWN_OUTCOME/.test(error), error);
    await until(() => exchange.sockets.length > before && own().length === 1, 10_000);
    await until(async () => (await get("/object/seen")).at(-1)[0] === "executions");
  }
  const seen = await get("/object/seen");
  assert.equal(seen.filter(([, type]) => type === "connected").length, 4);
  assert.equal(seen.filter(([channel, type]) => channel === "executions" && type === "snapshot").length, 4);
  assert.equal(seen.filter(([, type]) => type === "gap").length, 0);
  assert.equal(new Set(names()).size, names().length, "no order twice");
});

test("an alarm brings the example's socket back after its object was evicted", { timeout: 60_000 }, async () => {
  const subscribed = () => exchange.tokens.filter(({ subscriptions }) => subscriptions).length;
  const before = subscribed();
  await get("/evictable/start");
  await until(() => subscribed() === before + 1);
  const sockets = exchange.sockets.length;
  await get("/evictable/evict").catch(() => {});
  await until(() => exchange.sockets.length === sockets + 1, 10_000);
  await until(() => subscribed() === before + 1);
});

test("in a request, a socket works for as long as the request lasts, also for Futures", { timeout: 60_000 }, async () => {
  const { result } = await get("/request");
  assert.match(result.order_id, /^O/);
  assert.deepEqual(result.seen.slice(0, 2), ["socket connected", "status update"]);
  assert.equal((await get("/futures")).result, "fills_snapshot");
});

test(
  "in the global scope, where it should not be, every request gets an answer in time, and no order is sent twice",
  { timeout: 60_000 },
  async () => {
    const first = request(`${worker.url}/module?id=m0`, { agent: false });
    exchange.injectSocket({ fault: "lose", at: "executed", name: "add_order" });
    first.on("error", () => {}).end();
    await until(() => names().includes("m0"));
    first.socket.resetAndDestroy();
    const answers = await Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        const started = Date.now();
        const answer = await get(`/module?id=m${i + 1}`);
        assert.ok(Date.now() - started < 5000, "in its time");
        return answer;
      }),
    );
    for (const { result, error } of answers)
      assert.ok(result?.order_id || /ERR_UNAVAILABLE|ERR_TIMEOUT|ERR_UNKNOWN_OUTCOME/.test(error), error);
    await later(100);
    assert.equal(new Set(names()).size, names().length, String(names()));
  },
);
