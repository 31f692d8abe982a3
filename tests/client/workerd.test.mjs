import assert from "node:assert/strict";
import { request } from "node:http";
import test, { after, before } from "node:test";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";

let exchange, server, worker;

before(async () => {
  exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  server = await exchange.listen();
  worker = await startWorker(new URL("worker.mjs", import.meta.url), {
    bindings: { KEY: key, SECRET: secret, EXCHANGE: server.url },
  });
});
after(async () => {
  await worker?.stop();
  await server?.close();
});

async function get(path, init) {
  const answer = await (await fetch(worker.url + path, init)).json();
  if (answer.error) throw new Error(answer.error);
  return answer.result;
}
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A request whose connection can be reset: workerd takes a caller for gone, and cancels what it does for him, only then. */
function start(path) {
  const sent = request(worker.url + path, { agent: false });
  const done = new Promise((resolve) => sent.on("response", () => resolve("answered")).on("error", () => resolve("cancelled")));
  sent.end();
  return { done, cancel: () => sent.socket.resetAndDestroy() };
}

/** 50 requests at once to one Worker; the first, which has the lane, is cancelled by its caller while Kraken takes its time. */
async function firstCancelled(path) {
  exchange.inject({ fault: "delay", when: "before", ms: 8000 });
  const started = Date.now();
  const first = start(path);
  await later(200);
  const rest = Array.from({ length: 49 }, () => get(path));
  await later(300);
  first.cancel();
  assert.equal(await first.done, "cancelled");
  await Promise.all(rest);
  return Date.now() - started;
}

test(
  "one client at module scope serves concurrent requests, also when the one that holds the lane is cancelled",
  { timeout: 60_000 },
  async (t) => {
    const took = await firstCancelled("/balance");
    t.diagnostic(`${took} ms`);
    assert.ok(took < 7000, `${took} ms`);
    assert.deepEqual(
      exchange.requests.flatMap(({ errors }) => errors).filter((error) => error !== "EAPI:Invalid nonce"),
      [],
    );
  },
);

test("signSync refuses during a request, but works after a request that was canceled", { timeout: 60_000 }, async () => {
  exchange.inject({ fault: "delay", when: "before", ms: 3000 });
  const { cancel } = start("/balance");
  await later(500);
  await assert.rejects(get("/sign-sync"), /has a slot or waits for one/);
  cancel();
  const until = Date.now() + 20_000;
  let body;
  while (!body && Date.now() < until) body = await get("/sign-sync").catch(() => later(200));
  assert.match(body, /^nonce=\d+$/);
});

test("canceled calls in the queue do not block others", { timeout: 60_000 }, async () => {
  exchange.inject({ fault: "delay", when: "before", ms: 2500 });
  const slow = get("/balance");
  await later(100);
  const gone = Array.from({ length: 20 }, () => start("/balance"));
  await later(200);
  const rest = Array.from({ length: 10 }, () => get("/balance"));
  for (const { cancel } of gone) cancel();
  const started = Date.now();
  await Promise.all([slow, ...rest]);
  assert.ok(Date.now() - started < 5000, `${Date.now() - started} ms`);
  assert.ok(exchange.requests.length < 100, "the cancelled ones were not sent");
});

test("a TokenManager in the global scope serves all requests, even if the one that asks is canceled", { timeout: 60_000 }, async () => {
  const took = await firstCancelled("/token");
  assert.ok(took < 7000, `${took} ms`);
  assert.equal(await get("/token"), await get("/token"));
});

test("orders from concurrent requests are each executed once", { timeout: 60_000 }, async () => {
  const before = exchange.executions.filter(({ write }) => write).length;
  await Promise.all(Array.from({ length: 20 }, () => get("/order")));
  assert.equal(exchange.executions.filter(({ write }) => write).length - before, 20);
});

test("every fault with every class of endpoint has the right outcome", { timeout: 300_000 }, async (t) => {
  const { combinations } = await get("/faults");
  t.diagnostic(`${combinations} combinations`);
});

test("2,000 calls with jitter cause no invalid nonce", { concurrency: true, timeout: 300_000 }, async (t) => {
  await Promise.all(
    [1, 2, 5, 10, 50].map((concurrency) => t.test(`concurrency ${concurrency}`, () => get(`/in-order?concurrency=${concurrency}`))),
  );
});
