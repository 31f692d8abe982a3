// The examples of the page about platforms that run a step twice: each runs twice in workerd, and the exchange has one order.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { startMiniflare } from "../harness/miniflare.mjs";

const here = fileURLToPath(new URL("platforms", import.meta.url));
const home = project("platforms", { type: "module" });
cpSync(here, home, { recursive: true });

test("the page shows these examples, and each has at most 40 lines", () => {
  const page = readFileSync(new URL("../../pkg-template/docs/platforms.md", import.meta.url), "utf8");
  // The files begin with a comment, which lines in the text do not.
  const shown = [...page.matchAll(/^```js\n(\/\/.*?)^```$/gms)].map(([, code]) => code);
  const names = ["queue.mjs", "workflow.mjs", "alarm.mjs", "lambda.mjs"];
  assert.deepEqual(readdirSync(here).sort(), [...names].sort());
  assert.deepEqual(
    shown,
    names.map((name) => readFileSync(join(here, name), "utf8")),
  );
  for (const code of shown) assert.ok(code.split("\n").length <= 41);
});

/** Starts a Worker: an example, and around it what its platform does when a run fails. */
async function start(t, name, code, { objects, ...options }) {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey();
  const file = join(home, `around-${name}`);
  writeFileSync(file, code);
  const worker = await startMiniflare(t, pathToFileURL(file), {
    compatibilityDate: "2026-04-21",
    bindings: { KRAKEN_TRADING_KEY: key, KRAKEN_TRADING_SECRET: secret },
    durableObjects: Object.fromEntries(Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true }])),
    outbound: server.url,
    ...options,
  });
  const ask = async (body = {}) => worker.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(body) });
  const placed = () => exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").map(({ params }) => params.cl_ord_id);
  return { exchange, worker, ask, placed };
}

/** Waits for something to become true; the test's own limit ends it. */
async function until(condition) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("a queue", { timeout: 120_000 }, () => {
  const around = `import worker, { Trader } from "./queue.mjs";
export { Trader };
let runs = 0;
export default {
  async fetch(request, env) {
    return request.method === "GET" ? Response.json(runs) : worker.fetch(request, env);
  },
  async queue({ messages }, env) {
    // The first run of a message does its work, and is not heard of again.
    const forgetful = ({ body, attempts, ack, retry }, message) => ({
      body,
      ack: () => (attempts === 1 && !body.once ? message.retry() : message.ack()),
      retry: () => message.retry(),
    });
    await worker.queue({ messages: messages.map((message) => forgetful(message, message)) }, env);
    runs += messages.length;
  },
};`;
  const options = {
    objects: { TRADER: "Trader" },
    queueProducers: { ORDERS: "orders" },
    queueConsumers: { orders: { maxBatchSize: 5, maxBatchTimeout: 0.1, maxRetries: 5, retryDelay: 0 } },
  };

  test("that delivers a message a second time after the order was filled: one order", async (t) => {
    const { worker, ask, placed } = await start(t, "queue.mjs", around, options);
    const runs = async () => (await worker.dispatchFetch("http://localhost/")).json();
    const { cl_ord_id } = await (await ask({ type: "buy", volume: "0.01" })).json();
    await until(async () => (await runs()) === 2);
    assert.deepEqual(placed(), [cl_ord_id]);
  });

  test("whose consumers run twice at the same time, and whose first answer is lost: one order", async (t) => {
    const { exchange, worker, placed } = await start(t, "queue.mjs", around, options);
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const trader = await (await worker.getDurableObjectNamespace("TRADER")).getByName?.("trading");
    const order = { pair: "XBTUSD", ordertype: "market", type: "buy", volume: "0.01", cl_ord_id: crypto.randomUUID() };
    const ids = await Promise.all([trader.place(order), trader.place(order)]);
    assert.equal(ids[0], ids[1]);
    assert.deepEqual(placed(), [order.cl_ord_id]);
  });
});

test("a Workflow whose step is lost after the order was filled: one order", { timeout: 120_000 }, async (t) => {
  const around = `import worker, { Buy as Example, KrakenKey } from "./workflow.mjs";
export { KrakenKey };
export class Buy extends Example {
  run(event, step) {
    const lost = (name, ...rest) => {
      const work = rest.pop();
      return step.do(name, ...rest, async (context) => {
        const result = await work(context);
        if (name === "place the order" && context.attempt === 1) throw new Error("the machine is gone");
        return result;
      });
    };
    return super.run(event, { do: lost });
  }
}
export default {
  async fetch(request, env) {
    const { id } = await request.clone().json();
    return id ? Response.json(await (await env.BUY.get(id)).status()) : worker.fetch(request, env);
  },
};`;
  const { ask, placed } = await start(t, "workflow.mjs", around, {
    objects: { KRAKEN_KEY: "KrakenKey" },
    workflows: { BUY: { name: "buy", className: "Buy" } },
  });
  const { id } = await (await ask({ volume: "0.01" })).json();
  const status = async () => (await ask({ id })).json();
  await until(async () => !/queued|running|waiting/.test((await status()).status));
  const { status: ended, output, error } = await status();
  assert.deepEqual([ended, error ?? null], ["complete", null]);
  assert.match(output, /^O/);
  assert.equal(placed().length, 1);
});

test(
  "an alarm that fails after the order was filled, and is started twice: one order, and next week another one",
  { timeout: 120_000 },
  async (t) => {
    const around = `import worker, { Saver as Example } from "./alarm.mjs";
export class Saver extends Example {
  constructor(ctx, env) {
    super(ctx, env);
    const { storage } = ctx;
    const remove = storage.delete.bind(storage);
    let runs = 0;
    storage.delete = (name) => {
      if (!runs++) throw new Error("the machine is gone");
      return remove(name);
    };
  }
  next() {
    return this.ctx.storage.getAlarm();
  }
  async passWeek() {
    await this.ctx.storage.setAlarm(Date.now());
  }
}
export default {
  async fetch(request, env) {
    const object = env.SAVER.getByName("trading");
    if (request.method === "GET") return Response.json(await object.next());
    if (request.method === "PUT") return Response.json((await object.passWeek()) ?? null);
    return worker.fetch(request, env);
  },
};`;
    const { worker, ask, placed } = await start(t, "alarm.mjs", around, { objects: { SAVER: "Saver" } });
    const next = async () => (await worker.dispatchFetch("http://localhost/")).json();
    await ask();
    await until(async () => (await next()) > Date.now() + 60_000);
    assert.equal(placed().length, 1);
    await ask();
    await later(1000);
    assert.equal(placed().length, 1, "it was started already");
    await worker.dispatchFetch("http://localhost/", { method: "PUT" });
    await until(() => placed().length > 1);
    assert.notEqual(placed()[0], placed()[1]);
  },
);

const HOUR = 3_600_000;

/** Calls the handler of the example for each line, and moves the wall clock as told. The monotonic clock stands still during a freeze, as that of a virtual machine. */
const LAMBDA = `
import { createInterface } from "node:readline";
import { handler } from "./lambda.mjs";
let ahead = 0;
const now = Date.now;
Date.now = () => now() + ahead;
for await (const line of createInterface({ input: process.stdin })) {
  const { event, frozen } = JSON.parse(line);
  ahead += frozen;
  await handler(event).catch(({ name, message, cause }) => console.log(name, message, cause?.message ?? ""));
}`;

test("Lambda: frozen for an hour, with its connection closed or dead: the next order is placed at once, and a second delivery finds it", async (t) => {
  let ahead = 0;
  const exchange = new Exchange({ now: () => Date.now() + ahead });
  const { key, secret } = exchange.addKey();
  const connections = new Set();
  const dead = new WeakSet();
  const server = createServer(async (request, response) => {
    if (dead.has(request.socket)) return;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url, method, headers } = request;
    const body = chunks.length ? Buffer.concat(chunks).toString() : undefined;
    const answer = await exchange.fetch(`https://api.kraken.com${url}`, { method, headers, body });
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text());
  });
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => connections.add(socket));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  writeFileSync(join(home, "around-lambda.mjs"), LAMBDA);
  const env = { ...process.env, KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: `http://127.0.0.1:${server.address().port}` };
  const child = spawn(process.execPath, [join(home, "around-lambda.mjs")], { env, stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => {
    child.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const deliver = async (cl_ord_id, count, frozen = 0) => {
    const body = JSON.stringify({ cl_ord_id, type: "buy", volume: "0.01" });
    const event = { Records: [{ body, attributes: { ApproximateReceiveCount: `${count}` } }] };
    child.stdin.write(`${JSON.stringify({ event, frozen })}\n`);
    return (await lines.next()).value;
  };
  const said = [];
  const ids = Array.from({ length: 3 }, () => crypto.randomUUID());
  said.push(await deliver(ids[0], 1));
  for (const [place, end] of [
    [1, (socket) => socket.end()],
    [2, (socket) => dead.add(socket)],
  ]) {
    child.kill("SIGSTOP");
    for (const socket of connections) end(socket);
    await new Promise((resolve) => setTimeout(resolve, 100));
    ahead += HOUR;
    const placed = deliver(ids[place], 1, HOUR);
    child.kill("SIGCONT");
    said.push(await placed);
  }
  said.push(await deliver(ids[2], 2));
  const words = said.map((line) => line.replace(/ O[A-Z0-9-]+ /, " "));
  assert.deepEqual(words, [`${ids[0]} placed`, `${ids[1]} placed`, `${ids[2]} placed`, `${ids[2]} found`]);
  const { executions, requests } = exchange;
  assert.deepEqual(
    executions.filter(({ endpoint }) => endpoint === "AddOrder").map(({ params }) => params.cl_ord_id),
    ids,
  );
  assert.deepEqual(
    requests.flatMap(({ errors }) => errors),
    [],
  );
});
