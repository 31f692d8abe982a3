// Runs the examples of the API reference that need a process, a Redis or a Worker of their own, each against an exchange that listens on loopback.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as main from "kraken-signer";
import * as objects from "kraken-signer/durable-object";
import * as redis from "kraken-signer/redis";
import * as slim from "kraken-signer/slim";
import { Exchange } from "kraken-signer/testing";
import { startMiniflare } from "../harness/miniflare.mjs";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { proxy } from "../node/servers.mjs";
import { certificates } from "../transport/servers.mjs";
import { moduleOfPart } from "./helper.mjs";

const binary = createRequire(import.meta.url).resolve("kraken-signer/kraken_signer.wasm");
const ENTRIES = { "kraken-signer": main, "kraken-signer/redis": redis, "kraken-signer/durable-object": objects };

/** An exchange that listens, and a key of it. */
async function listening(t, { product, ...options } = {}) {
  const exchange = new Exchange();
  const server = await exchange.listen(options);
  t.after(() => server.close());
  return { exchange, url: server.url, ...exchange.addKey({ product }) };
}

/**
 * Runs a program in a process of its own. What it sends with the global `fetch` goes to the exchange, except for addresses of the page's own server.
 *
 * @returns what it printed, as JSON
 */
async function inProcess(home, code, { exchange, origin, entries = ENTRIES, env = {}, ...values }) {
  const file = join(home, `process-${Math.random()}.mjs`);
  writeFileSync(file, moduleOfPart(code, entries, Object.keys(values)));
  const setup = `globalThis.parts = ${JSON.stringify(values)};
    const { fetch } = globalThis;
    const [exchange, origin] = ${JSON.stringify([exchange ?? "", origin ?? ""])};
    globalThis.fetch = (url, init) => fetch(String(url).replace("https://api.kraken.com", exchange).replace(/^\\//, origin + "/"), init);`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(setup)}`, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env }, timeout: 60_000 });
  return JSON.parse(stdout);
}

/** `nodeFetch` connects to Kraken's own name, which leads through a proxy to the exchange. */
async function persistentConnections(t, { code }, home) {
  const made = certificates();
  t.after(() => made.remove());
  const { url, key, secret } = await listening(t, { tls: made.of("kraken") });
  const tunnel = await proxy(undefined, Number(new URL(url).port));
  t.after(() => tunnel.stop());
  const more = 'console.log(JSON.stringify(await kraken.call("Balance")));\nfetch.close();';
  const env = { HTTPS_PROXY: tunnel.url, NODE_EXTRA_CA_CERTS: made.trusted };
  const balance = await inProcess(home, `${code}\n${more}`, { key, secret, env });
  assert.ok("ZUSD" in balance);
  assert.deepEqual(
    tunnel.asked.map(({ target }) => target),
    ["api.kraken.com:443"],
    "the call uses the connection that was opened before",
  );
}

/** The file is in another folder here. */
async function fileOfNonces(t, { code }, home) {
  const { exchange, url, key, secret } = await listening(t);
  const file = join(home, "nonce");
  const own = code.replace('"/var/lib/bot/nonce"', JSON.stringify(file));
  assert.notEqual(own, code);
  const more = 'console.log(JSON.stringify(await kraken.call("Balance")));';
  assert.ok("ZUSD" in (await inProcess(home, `${own}\n${more}`, { exchange: url, key, secret })));
  const [{ nonce }] = exchange.executions;
  const highest = BigInt(readFileSync(file, "utf8"));
  assert.ok(highest >= BigInt(nonce), `${highest} is in the file, and ${nonce} was used`);
  // A second process begins above it, even if its clock is behind.
  await inProcess(home, `Date.now = () => 1_700_000_000_000;\n${own}\n${more}`, { exchange: url, key, secret });
  assert.ok(BigInt(exchange.executions[1].nonce) > BigInt(nonce));
}

async function laneInRedis(t, { code }, home) {
  const { exchange, url: kraken, key, secret } = await listening(t);
  const { port } = await startRedis(t);
  const more = `const { ZUSD } = await client.call("Balance");
    const [name] = await redis.keys("*");
    console.log(JSON.stringify({ ZUSD, stored: await redis.hGetAll(name) }));
    redis.destroy();`;
  const program = `import { createClient } from "redis";\n${code}\n${more}`;
  const { ZUSD, stored } = await inProcess(home, program, { exchange: kraken, key, secret, url: `redis://127.0.0.1:${port}` });
  assert.ok(ZUSD !== undefined);
  assert.equal(stored.highest, `${exchange.executions[0].nonce}`, "the nonce is the one in Redis");
}

/** A page's own server has the binary. */
async function ownBinary(t, { code }, home) {
  const { exchange, url, key, secret } = await listening(t);
  const server = createServer(({ url: path }, response) =>
    path === "/kraken_signer.wasm" ? response.end(readFileSync(binary)) : response.writeHead(404).end(),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const more = `const own = signer.signSpot("/0/private/Balance", "1", "nonce=1");
    console.log(JSON.stringify({ own, balance: await new SpotClient({ key, secret }).call("Balance") }));`;
  const values = {
    exchange: url,
    origin: `http://127.0.0.1:${server.address().port}`,
    entries: { "kraken-signer/slim": slim },
    key,
    secret,
  };
  const printed = await inProcess(home, `${code}\n${more}`, values);
  assert.equal(printed.own, new main.Signer(secret).signSpot("/0/private/Balance", "1", "nonce=1"));
  assert.ok("ZUSD" in printed.balance && exchange.executions.length === 1);
}

/** A Worker with the example as its module, or with the example as the body of its `fetch`. */
async function inWorker(t, { code }, home) {
  const [binding] = /KRAKEN_\w*KEY/.exec(code);
  const [className, name, product] = code.includes("futures") ? ["KrakenFuturesKey", "HEDGING", "futures"] : ["KrakenKey", "TRADING"];
  const { exchange, url, key, secret } = await listening(t, { product });
  const body = `export { ${className} } from "kraken-signer/durable-object";
    export default { async fetch(request, env) { ${code}\nreturn Response.json({ ${/const (?:\{ )?(\w+)(?: \})? = await/.exec(code)?.[1]} }); } };`;
  const file = join(home, `worker-${Math.random()}.mjs`);
  writeFileSync(file, moduleOfPart(code.includes("export default") ? code : body, ENTRIES, []));
  const worker = await startMiniflare(t, pathToFileURL(file), {
    compatibilityDate: "2026-04-21",
    bindings: { [`KRAKEN_${name}_KEY`]: key, [`KRAKEN_${name}_SECRET`]: secret },
    durableObjects: { [binding]: { className, useSQLite: true } },
    outbound: url,
  });
  const answer = await worker.dispatchFetch("http://localhost/");
  const text = await answer.text();
  assert.match(text, product ? /^\{.*"openPositions":\[/ : /"ZUSD":"\d/);
  assert.equal(exchange.executions.length, 1);
}

/** The files whose examples run here, with the program that one of them needs on this machine. */
export const RUNNERS = {
  "durable-object/objects.ts": { run: inWorker },
  "durable-object/remote.ts": { run: inWorker },
  "node/index.ts": { run: persistentConnections },
  "node/nonce-file.ts": { run: fileOfNonces },
  "redis/index.ts": { run: laneInRedis, skip: without(redisServer, "redis-server") },
  "slim.ts": { run: ownBinary },
};
