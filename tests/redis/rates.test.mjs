// The rate limits of a key that processes share through Redis.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { closeRedis, command, libraries, openRedis } from "./clients.mjs";

const skip = without(redisServer, "redis-server");
const program = fileURLToPath(new URL("rates.program.mjs", import.meta.url));

async function lanes(t, number) {
  const { port } = await startRedis(t);
  return Promise.all(
    Array.from({ length: number }, async (_, place) => {
      const redis = await openRedis(libraries[place % libraries.length], port);
      t.after(() => closeRedis(redis));
      return new RedisLane({ redis, key: "the-key", timeout: 2000 });
    }),
  );
}

const charge = (amount, more) => ({ counter: "calls", amount, limit: 18, decay: 1e-6, ...more });

test("lanes of one key count together, all amounts or none, by Redis' clock", { skip }, async (t) => {
  const [one, other] = await lanes(t, 2);
  const about = ({ taken, values }) => [taken, ...values.map((value) => Math.round(value * 10) / 10)];
  assert.deepEqual(about(await one.rates.take([charge(10)], false)), [true, 10]);
  assert.deepEqual(about(await other.rates.take([charge(9)], false)), [false, 10]);
  const pair = charge(4, { counter: "BTCUSD", limit: 5 });
  assert.deepEqual(about(await other.rates.take([charge(8), pair], false)), [true, 18, 4]);
  assert.deepEqual(about(await one.rates.take([charge(0.5), pair], false)), [false, 18, 4]);
  assert.deepEqual(about(await one.rates.take([pair], true)), [true, 8]);
  assert.deepEqual(about(await one.rates.take([{ ...pair, amount: -6.5 }], true)), [true, 1.5]);
  assert.deepEqual(about(await one.rates.take([charge(100, { counter: "empty" })], false)), [true, 100]);
  await one.rates.take([charge(2, { counter: "quick" })], true);
  await later(30);
  assert.deepEqual(about(await other.rates.take([charge(3, { counter: "quick", limit: 2, decay: 100 })], false)), [true, 3]);
});

test("a timeout need not be a whole number of milliseconds", async () => {
  const answer = async () => "1 8.000000";
  const lane = new RedisLane({ redis: { evalSha: answer, eval: answer }, key: "the-key", timeout: 1500.5 });
  assert.deepEqual(await lane.rates.take([charge(8)], false), { taken: true, values: [8] });
});

test("a call that Redis was slow to count is sent with a nonce from afterwards", { skip }, async (t) => {
  const { port } = await startRedis(t);
  const redis = await openRedis("redis", port);
  t.after(() => closeRedis(redis));
  let countedAt;
  /** Answers late if it counts: those scripts do not have the queue among their keys. */
  const slowly = (run) => async (script, options) => {
    const answer = await run.call(redis, script, options);
    if (options.keys[0].endsWith(":queue")) return answer;
    await later(300);
    countedAt = Date.now();
    return answer;
  };
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const lane = new RedisLane({ redis: { evalSha: slowly(redis.evalSha), eval: slowly(redis.eval) }, key });
  let nonce;
  const fetch = (url, init) => {
    nonce = Number(/nonce=(\d+)/.exec(init.body)[1]);
    return exchange.fetch(url, init);
  };
  await new SpotClient({ key, secret, lane, fetch, rateLimit: "pro" }).call("Balance");
  assert.ok(nonce >= countedAt, `${nonce} was made ${countedAt - nonce} ms before Redis had counted the call`);
});

test("lanes of one key know each other's orders", { skip }, async (t) => {
  const [one, other] = await lanes(t, 2);
  const first = await other.rates.find(["unknown"]);
  assert.deepEqual(first.orders, []);
  await one.rates.note(
    [],
    [
      { names: ["O1", "with blank %"], pair: "BTCUSD" },
      { names: ["O2"], pair: "ETHUSD" },
    ],
  );
  await later(20);
  const { orders, memory } = await other.rates.find(["with blank %"]);
  assert.ok(memory >= 20);
  assert.equal(orders.length, 1);
  const [{ age, ...rest }] = orders;
  assert.ok(age >= 19, `${age}`);
  assert.deepEqual(rest, { names: ["O1", "with blank %"], pair: "BTCUSD" });
  assert.equal((await other.rates.find(undefined)).orders.length, 2);
  await other.rates.note(["O1"], []);
  assert.deepEqual(
    (await one.rates.find(undefined)).orders.map(({ names }) => names),
    [["O2"]],
  );
  await other.rates.note(undefined, []);
  assert.deepEqual((await one.rates.find(undefined)).orders, []);
});

test("if Redis' clock goes back, counters fall from then on", { skip }, async (t) => {
  const { port } = await startRedis(t);
  const redis = await openRedis(libraries[0], port);
  t.after(() => closeRedis(redis));
  const { rates } = new RedisLane({ redis, key: "the-key", timeout: 2000 });
  assert.equal((await rates.take([charge(18)], false)).taken, true);
  const [state] = await command(redis, "KEYS", "*:state");
  await command(redis, "HSET", state, "rate:calls", `18 ${Date.now() + 3_600_000}`);
  const quick = charge(2, { decay: 20 });
  assert.equal((await rates.take([quick], false)).taken, false);
  await later(200);
  assert.equal((await rates.take([quick], false)).taken, true);
});

test("an order with the name * is no other order", { skip }, async (t) => {
  const [one] = await lanes(t, 1);
  await one.rates.note([], [{ names: ["O1"], pair: "BTCUSD" }]);
  assert.deepEqual((await one.rates.find(["*"])).orders, []);
  await one.rates.note(["*"], [{ names: ["*", "a*b"], pair: "ETHUSD" }]);
  assert.deepEqual(
    (await one.rates.find(undefined)).orders.map(({ names }) => names),
    [["O1"], ["*", "a*b"]],
  );
  assert.equal((await one.rates.find(["a*b"])).orders.length, 1);
});

test("two processes with one key stay below its limits together", { skip, timeout: 120_000 }, async (t) => {
  const limits = { max: 10, decay: 4, trading: { max: 60, decay: 40 } };
  const { port } = await startRedis(t);
  const exchange = new Exchange({ rateLimit: limits });
  const server = await exchange.listen();
  t.after(() => server.close());
  const key = exchange.addKey();
  const outcomes = await Promise.all(
    libraries.map(async (engine) => {
      const child = fork(program);
      t.after(() => child.kill("SIGKILL"));
      child.send({ engine, port, ...key, url: server.url, rateLimit: limits, rounds: 10, concurrency: 5 });
      const [{ errors }] = await once(child, "message");
      return errors;
    }),
  );
  assert.deepEqual(outcomes.flat(), []);
  assert.deepEqual(
    exchange.requests.flatMap(({ errors }) => errors),
    [],
  );
  const { executions } = exchange;
  const seconds = (executions.at(-1).time - executions[0].time) / 1000;
  t.diagnostic(`${executions.length} calls in ${seconds} s`);
  assert.ok(executions.length >= 60);
});

test("if Redis does not count a call, it is not sent, unless it cancels orders", { skip }, async (t) => {
  const [lane] = await lanes(t, 1);
  const exchange = new Exchange();
  lane.rates.take = lane.rates.find = () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNREFUSED" }));
  const client = new SpotClient({ ...exchange.addKey(), lane, fetch: exchange.fetch, rateLimit: "pro", retries: 0 });
  await assert.rejects(client.call("Balance"), { code: "ECONNREFUSED" });
  await client.call("CancelAll");
  assert.deepEqual(
    exchange.requests.map(({ endpoint }) => endpoint),
    ["CancelAll"],
  );
});
