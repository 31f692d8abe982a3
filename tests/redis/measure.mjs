// What sharing a key costs, and what more keys bring: `node tests/redis/measure.mjs [--write]`, on a quiet machine, in two minutes.
// The exchange is a simulation on loopback whose requests take a fixed time to arrive; Redis and PostgreSQL are on the same machine.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import pg from "pg";
import { startPostgres, startRedis } from "../harness/server.mjs";
import { account, share, until } from "./helper.mjs";

/** How long each request takes to arrive, in milliseconds: an exchange that is neither near nor far. */
const DELAY = 50;

/** Starts what an engine needs. */
async function start(t, engine) {
  if (engine === "none") return {};
  if (engine !== "postgres") return startRedis(t);
  const server = await startPostgres(t);
  const pool = new pg.Pool({ host: "127.0.0.1", port: server.port, user: "postgres" });
  pool.on("error", () => {});
  await until(() =>
    pool.query("CREATE TABLE IF NOT EXISTS kraken_nonces (name text PRIMARY KEY, last bigint NOT NULL)").catch(() => false),
  );
  await pool.end();
  return server;
}

const round = (number) => Number(number.toPrecision(3));
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

/** Calls per second of all keys together, the median time of a call in milliseconds, and nonces refused. */
async function measure(settings) {
  const end = [];
  const t = { after: (stop) => end.unshift(stop) };
  try {
    const { port } = await start(t, settings.engine);
    const shared = await share(t, { ...settings, port });
    await shared.done;
    const { calls, executed, invalidNonces } = account(shared);
    if (executed !== calls) throw new Error(`${executed} of ${calls} calls were executed`);
    // From a key's first execution to its last: starting processes is not what is measured.
    const times = {};
    for (const { key, time } of shared.exchange.executions) (times[key] ??= []).push(time);
    const rates = Object.values(times).map((done) => ((done.length - 1) * 1000) / (done.at(-1) - done[0]));
    return {
      perSecond: round(rates.reduce((sum, rate) => sum + rate)),
      median: round(median(shared.members.flatMap(({ took }) => took))),
      invalidNonces,
    };
  } finally {
    for (const stop of end) await stop();
  }
}

const machine = { cores: cpus().length, processor: cpus()[0].model, load: round(loadavg()[0]), node: process.version };
const numbers = { delay: DELAY, ...machine, latency: {}, keys: {} };
for (const engine of ["none", "redis", "ioredis", "postgres"]) {
  numbers.latency[engine] = await measure({ engine, processes: 1, concurrency: 1, calls: 1000, delay: () => 0 });
  console.log("nothing else uses the key", engine, numbers.latency[engine]);
}
for (const engine of ["none", "ioredis", "postgres"]) {
  numbers.keys[engine] = {};
  for (const keys of [1, 2, 4, 8]) {
    // With no engine a key has one process, else all keys have eight between them.
    const processes = engine === "none" ? keys : 8;
    const calls = Math.round((100 * keys) / processes);
    const result = await measure({ engine, keys, processes, calls, concurrency: 2, delay: () => DELAY });
    numbers.keys[engine][keys] = result;
    console.log(`${keys} keys`, engine, result);
  }
}
if (process.argv.includes("--write")) writeFileSync(new URL("numbers.json", import.meta.url), `${JSON.stringify(numbers, null, 2)}\n`);
