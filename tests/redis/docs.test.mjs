// The page on sharing a key: its examples run as they stand, its figure is that of the numbers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { createClient } from "redis";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { documents } from "./figure.mjs";

const page = readFileSync(new URL("../../pkg-template/docs/sharing-a-key.md", import.meta.url), "utf8");
const [threads, redis, upstash, postgres, ...more] = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

// Beside node_modules, so that the examples find the packages.
function write(t, code) {
  const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "sharing-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "example.mjs");
  writeFileSync(file, code);
  return file;
}

test("the example for threads runs unchanged", async (t) => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const server = await exchange.listen();
  t.after(() => server.close());
  // In both threads, requests to Kraken go to the exchange.
  const redirect = `const { fetch } = globalThis; globalThis.fetch = (url, init) => fetch(url.replace("https://api.kraken.com", "${server.url}"), init);`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(redirect)}`, write(t, threads)];
  const env = { ...process.env, KRAKEN_KEY: key, KRAKEN_SECRET: secret };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
  assert.equal(stdout.match(/ZUSD/g).length, 2);
  assert.deepEqual(
    exchange.requests.map(({ errors }) => errors),
    [[], []],
  );
});

test("the example for Redis runs unchanged", { skip: without(redisServer, "redis-server") }, async (t) => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const { port } = await startRedis(t);
  Object.assign(process.env, { KRAKEN_KEY: key, KRAKEN_SECRET: secret, REDIS_URL: `redis://127.0.0.1:${port}` });
  t.mock.method(globalThis, "fetch", exchange.fetch);
  const log = t.mock.method(console, "log", () => {});
  const file = write(t, redis);
  await import(pathToFileURL(file));
  assert.ok("ZUSD" in log.mock.calls[0].arguments[0]);
});

test(
  "a user of Redis with the rights of the page can do everything, and needs each of them",
  { skip: without(redisServer, "redis-server") },
  async (t) => {
    const [, names, list] = /needs the names `([^`]+)` and the commands ([A-Z,\s]+and [A-Z]+)/.exec(page);
    const commands = list.match(/[A-Z]{4,}/g);
    const { port } = await startRedis(t);
    const open = async (user) => {
      const opened = createClient({ socket: { port }, ...user }).on("error", () => {});
      t.after(() => opened.destroy());
      return opened.connect();
    };
    const admin = await open();
    const rights = ["resetkeys", names, "-@all", ...commands.map((one) => `+${one}`)];
    await admin.sendCommand(["ACL", "SETUSER", "lane", "on", ">password", ...rights]);
    const user = await open({ username: "lane", password: "password" });
    const exchange = new Exchange();
    const key = exchange.addKey();
    const client = new SpotClient({ ...key, lane: new RedisLane({ redis: user, key: key.key }), rateLimit: "pro", fetch: exchange.fetch });
    const { txid } = await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" });
    await client.call("CancelOrder", { txid: txid[0] });
    assert.deepEqual(await admin.sendCommand(["ACL", "LOG"]), []);
    const scripts = readFileSync(new URL("../../pkg-template/src/redis/scripts.ts", import.meta.url), "utf8");
    const called = [...scripts.matchAll(/redis\.call\('([A-Z]+)'/g)].map(([, name]) => name);
    assert.deepEqual(new Set(commands), new Set([...called, "EVAL", "EVALSHA"]));
  },
);

test("the examples for Upstash and PostgreSQL are those that are tested", () => {
  const files = ["upstash-worker.mjs", "postgres-lane.mjs"];
  assert.deepEqual(
    [upstash, postgres],
    files.map((name) => readFileSync(new URL(`examples/${name}`, import.meta.url), "utf8")),
  );
  assert.deepEqual(more, [], "every example is run");
});

test("table and figure match the measured numbers", () => {
  for (const { file, is, shouldBe } of documents()) assert.equal(is, shouldBe, `${file}: node tests/redis/figure.mjs --write`);
});
