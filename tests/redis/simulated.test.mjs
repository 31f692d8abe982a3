// The scripts of the package do the same in the Redis of tests/simulation and in a real one.
import assert from "node:assert/strict";
import test from "node:test";
import { loadSource } from "../harness/sources.mjs";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { compileScript } from "../simulation/lua.mjs";
import { Random } from "../simulation/random.mjs";
import { Data } from "../simulation/redis.mjs";
import { closeRedis, command, openRedis } from "./clients.mjs";

const skip = without(redisServer, "redis-server");

const STEPS = 2000;
const [QUEUE, STATE, ORDERS, CLOCK] = ["queue", "state", "orders", "clock"];

/** A client that runs every script by its source. */
const clientOf = (run) => ({
  evalSha: async () => {
    throw new Error("NOSCRIPT");
  },
  eval: async (source, options) => run(source, options.keys, options.arguments),
});

/** A real Redis, whose scripts read the time in a list instead of the clock. */
const realClient = (redis) =>
  clientOf((source, keys, args) =>
    redis.eval(source.replaceAll("redis.call('TIME')", `redis.call('LRANGE', '${CLOCK}', 0, 1)`), keys.length, ...keys, ...args),
  );

function simulatedClient(data, timeOf) {
  const compiled = new Map();
  return clientOf((source, keys, args) => {
    if (!compiled.has(source)) compiled.set(source, compileScript(source));
    return compiled.get(source)(keys, args, (name, ...all) => (name === "TIME" ? timeOf() : data[name](...all)));
  });
}

/** What a step asks, and of which script. */
function stepOf(random, { REQUEST_SLOT, RENEW, LEAVE, TAKE, FIND, NOTE }, now, isAsked) {
  const name = () => random.pick(["O1", "O2", "with%20blank", "%2A"]);
  const names = () => random.pick([name(), `${name()} ${name()}`, "*", ""]);
  const entry = [`e${random.whole(1, 6)}`, `${random.pick([100, 5000, 60_000])}`];
  const nonce = (ahead) => `${Math.floor(now / 1000) + ahead}`;
  const steps = {
    ask: () => [
      REQUEST_SLOT,
      [QUEUE, STATE],
      [
        ...entry,
        random.chance(0.05) && isAsked ? "us" : "ms",
        random.pick(["0", nonce(500)]),
        random.pick(["", nonce(100)]),
        random.pick(["0", "1"]),
      ],
    ],
    renew: () => [RENEW, [QUEUE, STATE], entry],
    leave: () => [LEAVE, [QUEUE, STATE], entry],
    take: () => [
      TAKE,
      [STATE],
      [random.pick(["0", "1"]), ...["calls", "BTCUSD"].flatMap((one) => [one, `${random.pick([1, 4, -6.5, 20.25])}`, "20", "2.34"])],
    ],
    find: () => [FIND, [STATE, ORDERS], ["300000", names()]],
    note: () => [NOTE, [STATE, ORDERS], ["300000", names(), ...(random.chance(0.5) ? [`BTCUSD ${name()}`, `ETHUSD ${name()}`] : [])]],
  };
  return steps[random.weighted({ ask: 10, renew: 2, leave: 4, take: 3, find: 2, note: 2 })]();
}

const pairsOf = (list) => Array.from({ length: list.length / 2 }, (_, place) => [list[2 * place], list[2 * place + 1]]);
const numbered = (pairs) => Object.fromEntries(pairs.map(([name, score]) => [name, Number(score)]));

/** Everything in a real Redis, as the simulated one has it. */
async function contents(redis) {
  const scores = async (name) => numbered(pairsOf((await command(redis, "ZRANGE", name, "0", "-1", "WITHSCORES")).flat()));
  const state = pairsOf(await command(redis, "HGETALL", STATE));
  return { [QUEUE]: await scores(QUEUE), [STATE]: Object.fromEntries(state), [ORDERS]: await scores(ORDERS) };
}

test(`${STEPS} scripts answer alike in the simulated Redis and in a real one`, { skip }, async (t) => {
  const { port } = await startRedis(t);
  const redis = await openRedis("ioredis", port);
  t.after(() => closeRedis(redis));
  const scripts = await loadSource("redis/scripts");
  const random = new Random(1);
  const data = new Data();
  let now = Date.UTC(2026, 10, 28) * 1000;
  const time = () => [`${Math.floor(now / 1e6)}`, `${now % 1e6}`];
  const [real, simulated] = [realClient(redis), simulatedClient(data, time)];
  const answers = new Map();
  for (let step = 0; step < STEPS; step++) {
    now += random.chance(0.02) ? random.pick([-3_600_000_000, -5_000_000, 60_000_000]) : Math.floor(random.spread(1, 400_000));
    await command(redis, "DEL", CLOCK);
    await command(redis, "RPUSH", CLOCK, ...time());
    const [script, keys, args] = stepOf(random, scripts, now, data.at(STATE).has("unit"));
    const [expected, answer] = await Promise.all([real, simulated].map((client) => script.run(client, keys, args)));
    assert.equal(answer, expected, `step ${step}: ${args}`);
    const kind = /^[#!^]/.exec(answer)?.[0] ?? (/^\d{13,}$/.test(answer) ? "nonce" : "other");
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
  }
  assert.deepEqual(
    {
      [QUEUE]: Object.fromEntries(data.at(QUEUE)),
      [STATE]: Object.fromEntries(data.at(STATE)),
      [ORDERS]: Object.fromEntries(data.at(ORDERS)),
    },
    await contents(redis),
  );
  t.diagnostic([...answers].map(([kind, count]) => `${kind} ${count}`).join(", "));
  // Each kind of answer was there: a nonce, a position in the queue, another unit, a nonce that is too high.
  for (const kind of ["nonce", "#", "!", "^", "other"]) assert.ok(answers.get(kind) > 20, kind);
});
