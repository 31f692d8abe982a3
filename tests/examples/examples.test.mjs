// The examples, as they stand, with the package as it is installed, against the exchange.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cpSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { supportedCompatibilityDate } from "miniflare";
import { parseConfigFileTextToJson } from "typescript6";
import { startEdge } from "../harness/edge.mjs";
import { project } from "../harness/installed.mjs";
import { startWorker } from "../harness/workerd.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const home = project("examples", { type: "module" });
cpSync(here, home, { recursive: true });
for (const name of ["hono", "@hono"]) symlinkSync(join(modules, name), join(home, "node_modules", name), "junction");

const TOKEN = "a-token-of-the-caller";
const DAY = 24 * 60 * 60 * 1000;

/** An exchange that listens, and the environment in which an example finds it. */
async function open(t, options, permissions) {
  const exchange = new Exchange(options);
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey({ permissions });
  return { exchange, env: { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: server.url } };
}

/** What was changed, in words without the exchange's own numbers. */
const changes = ({ executions }) => executions.filter(({ write }) => write).map(({ did }) => did.replace(/ O[A-Z0-9-]+/, ""));
const endpoints = ({ executions }) => executions.map(({ endpoint }) => endpoint);

/** A module beside an example, for what its platform does around it. */
function around(path, code) {
  const file = join(home, dirname(path), `around-${path.replace(/\W/g, "-")}.mjs`);
  writeFileSync(file, code);
  return pathToFileURL(file);
}

test("each has fewer than 40 lines", () => {
  const files = readdirSync(here, { recursive: true }).filter((name) => /^(worker|node|deno|bun|vercel-edge)\b.*\.(mjs|jsonc)$/.test(name));
  assert.equal(files.length, 10, files.join());
  for (const name of files) assert.ok(readFileSync(join(here, name), "utf8").split("\n").length <= 40, name);
});

describe("Worker", { timeout: 60_000 }, () => {
  const text = readFileSync(join(home, "worker/wrangler.jsonc"), "utf8");
  const { config, error } = parseConfigFileTextToJson("wrangler.jsonc", text);
  assert.equal(error, undefined);
  const { name, main, compatibility_date: compatibilityDate, triggers, ...others } = config;
  const BID = "placed: buy 0.02000000 XBTUSD @ limit 37500.0";
  // workerd starts no schedules, and its HTTP leads to `fetch` alone.
  const entry = around(
    `worker/${main}`,
    `import worker from "./${main}";
export default {
  async fetch(request, env, context) {
    await worker.scheduled({ ...(await request.json()), noRetry() {} }, env, context);
    return new Response();
  },
};`,
  );

  /** Runs the Worker for each of these times; returns whether it succeeded. */
  async function run(t, env, ...times) {
    const worker = await startWorker(entry, { bindings: env, compatibilityDate });
    t.after(() => worker.stop());
    const results = [];
    for (const scheduledTime of times) {
      const body = JSON.stringify({ scheduledTime, cron: triggers.crons[0] });
      results.push((await fetch(worker.url, { method: "POST", body })).ok);
    }
    return results;
  }
  const MONDAY = Date.UTC(2026, 9, 5, 8);

  test("wrangler.jsonc is complete and contains no key", () => {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.match(compatibilityDate, /^\d{4}-\d\d-\d\d$/);
    assert.equal(triggers.crons.length, 1);
    assert.match(triggers.crons[0], /^(\S+ ){4}\S+$/);
    assert.deepEqual(others, {}, "everything in it is used here");
    assert.ok(compatibilityDate <= supportedCompatibilityDate, "the newest wrangler that runs on Node 20 knows the date");
  });

  test("bids once a week", async (t) => {
    const { exchange, env } = await open(t);
    assert.deepEqual(await run(t, env, MONDAY, MONDAY, MONDAY + 7 * DAY), [true, false, true]);
    assert.deepEqual(changes(exchange), [BID, BID]);
    const ids = exchange.executions.filter(({ write }) => write).map(({ params }) => params.cl_ord_id);
    assert.deepEqual(ids, ["weekly-1791187200", "weekly-1791792000"]);
  });

  test("keeps the balance that it should keep", async (t) => {
    const { exchange, env } = await open(t, { balances: { ZUSD: "10749.99" } });
    assert.deepEqual(await run(t, env, MONDAY), [true]);
    assert.deepEqual(endpoints(exchange), ["Balance"]);
  });

  test("looks for an order of unknown outcome, and never bids twice", async (t) => {
    const { exchange, env } = await open(t);
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    assert.deepEqual(await run(t, env, MONDAY, MONDAY + 7 * DAY), [true, false], "placed, and not placed");
    assert.deepEqual(changes(exchange), [BID]);
    assert.deepEqual(endpoints(exchange), [
      ...["Balance", "AddOrder", "OpenOrders", "ClosedOrders"],
      ...["Balance", "OpenOrders", "ClosedOrders"],
    ]);
  });
});

test("Node: the server places and finds orders", { timeout: 60_000 }, async (t) => {
  const { exchange, env } = await open(t);
  const child = spawn(process.execPath, [join(home, "node/server.mjs")], {
    env: { ...process.env, ...env, TOKEN, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill());
  const { value: url } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const order = { type: "buy", volume: "1.25", price: "37500" };
  const post = (body, more = headers) => fetch(`${url}/orders`, { method: "POST", body: JSON.stringify(body), headers: more });
  const PLACED = "placed: buy 1.25000000 XBTUSD @ limit 37500.0";

  assert.equal((await post(order, {})).status, 401);
  assert.equal((await fetch(`${url}/orders/any`)).status, 401);
  assert.deepEqual(endpoints(exchange), []);

  const placed = await post({ ...order, pair: "XETHZUSD", leverage: "5" });
  assert.equal(placed.status, 201);
  const { cl_ord_id, txid } = await placed.json();
  assert.deepEqual(changes(exchange), [PLACED], "nothing but type, volume and price is passed on");
  const found = await fetch(`${url}/orders/${cl_ord_id}`, { headers });
  assert.deepEqual([found.status, (await found.json()).txid], [200, txid]);

  const refused = await post({ ...order, volume: "1000000000" });
  assert.equal(refused.status, 422);
  const { errors, hint } = await refused.json();
  assert.deepEqual(errors, ["EOrder:Insufficient funds"]);
  assert.equal(hint, "", "Kraken's own words say it all");

  for (const [when, status] of [
    ["after", 200],
    ["before", 404],
  ]) {
    exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
    const unknown = await post(order);
    assert.equal(unknown.status, 202);
    const look = await fetch(new URL(unknown.headers.get("Location"), url), { headers });
    assert.equal(look.status, status, `lost ${when} execution`);
  }
  assert.deepEqual(changes(exchange), [PLACED, PLACED]);
});

test("Deno: the example cancels old orders", { timeout: 60_000 }, async (t) => {
  let now = Date.now() - 2 * DAY;
  const { exchange, env } = await open(t, { now: () => now });
  const client = new SpotClient({ key: env.KRAKEN_KEY, secret: env.KRAKEN_SECRET, fetch: exchange.fetch });
  const place = (price) => client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price });
  const old = await place("30000");
  const lost = await place("31000");
  now = Date.now();
  const young = await place("32000");

  const run = async () => {
    const args = ["run", "--quiet", "--no-prompt", "--allow-env=KRAKEN_KEY,KRAKEN_SECRET,KRAKEN_URL", "--allow-net=127.0.0.1"];
    const { stdout } = await execute(join(modules, "deno/deno"), [...args, join(home, "deno/stale.mjs")], {
      env: { ...process.env, ...env, DENO_DIR: join(home, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
    });
    return stdout.trim().split("\n");
  };
  const isLost = ({ body }) => body.includes(lost.txid[0]);
  // Not a connection that breaks: Deno's `fetch` would send the request once more, by itself.
  exchange.inject({ fault: "html", when: "before", endpoint: "CancelOrder", match: isLost });
  const lines = (await run()).sort();
  assert.equal(lines.length, 2);
  assert.equal(lines[0], "cancelled buy 1.00000000 XBTUSD @ limit 30000.0");
  assert.ok(lines[1].startsWith(`not sure about ${lost.txid[0]}: `));
  assert.deepEqual(await run(), ["cancelled buy 1.00000000 XBTUSD @ limit 31000.0"], "the next run sees to it");
  const cancelled = exchange.executions.filter(({ endpoint }) => endpoint === "CancelOrder").map(({ params }) => params.txid);
  assert.deepEqual(cancelled, [old.txid[0], lost.txid[0]]);
  assert.deepEqual(Object.keys((await client.call("OpenOrders")).open), young.txid);
});

test("Bun: the example places a ladder of orders", { timeout: 60_000 }, async (t) => {
  const { exchange, env } = await open(t);
  const run = async (...args) => {
    const program = [join(home, "bun/ladder.mjs"), "XBTUSD", "0.1", ...args];
    const options = { env: { ...process.env, ...env } };
    const { code = 0, stdout } = await execute(join(modules, "bun/bin/bun.exe"), program, options).catch((error) => error);
    return { code, rungs: stdout.trim().split("\n") };
  };
  const rungs = async () => {
    const client = new SpotClient({ key: env.KRAKEN_KEY, secret: env.KRAKEN_SECRET, fetch: exchange.fetch });
    const { open } = await client.call("OpenOrders");
    return Object.values(open).map(({ descr, vol }) => `${vol} @ ${descr.price}`);
  };
  const whole = await run("37500", "37000", "36500");
  assert.equal(whole.code, 0);
  assert.match(whole.rungs[0], /^O[A-Z0-9-]+ buy 0\.10000000 XBTUSD @ limit 37500\.0$/);
  assert.deepEqual((await rungs()).sort(), ["0.10000000 @ 36500.0", "0.10000000 @ 37000.0", "0.10000000 @ 37500.0"]);

  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrderBatch" });
  const unknown = await run("35000", "34000");
  assert.equal(unknown.code, 1);
  assert.equal(unknown.rungs[0], "no answer; 2 of 2 are open");
  assert.equal((await rungs()).length, 5, "sent once");

  const part = await run("33000", "1000000000000");
  assert.equal(part.code, 1);
  assert.match(part.rungs[0], /^O[A-Z0-9-]+ buy 0\.1/);
  assert.match(part.rungs[1], /^refused EOrder:/);
  assert.equal(endpoints(exchange).filter((endpoint) => endpoint === "AddOrderBatch").length, 3);
});

test("Vercel: the edge function answers", { timeout: 60_000 }, async (t) => {
  const { exchange, env } = await open(t, { balances: { ZUSD: "1000", XXBT: "2", XETH: "0" } }, ["query-funds"]);
  const { config } = await import(pathToFileURL(join(home, "vercel-edge/api/balance.mjs")));
  assert.deepEqual(config, { runtime: "edge" });
  // The platform gives it its variables, and calls the function that has the method's name.
  const path = "vercel-edge/api/balance.mjs";
  const entry = around(
    path,
    `globalThis.process = { env: ${JSON.stringify({ ...env, TOKEN })} };
import * as methods from "./balance.mjs";
export default { fetch: (request) => methods[request.method](request) };`,
  );
  const edge = await startEdge(entry);
  const get = (token) => edge.fetch("/api/balance", { headers: token ? { Authorization: `Bearer ${token}` } : {} });

  for (const token of [undefined, "another"]) assert.equal((await get(token)).status, 401);
  assert.deepEqual(exchange.requests, []);

  const answer = await get(TOKEN);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("Cache-Control"), /private/);
  const held = Object.entries(await answer.json()).map(([asset, amount]) => [asset, Number(amount)]);
  assert.deepEqual(held.sort(), [
    ["XXBT", 2],
    ["ZUSD", 1000],
  ]);
  exchange.inject({ fault: "error", error: "EGeneral:Permission denied", endpoint: "Balance" });
  const refused = await get(TOKEN);
  assert.deepEqual([refused.status, await refused.text()], [502, "Kraken is not available\n"]);
  assert.deepEqual(endpoints(exchange), ["Balance"]);
  assert.deepEqual(changes(exchange), []);
});
