// Both sockets against servers that say anything, at every step of the protocol. MESSAGES says how many (100 000 for both together), SEED
// repeats a run, and ONLY runs one round of it.
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FuturesWorld } from "./fuzz-futures.mjs";
import { SpotWorld } from "./fuzz-spot.mjs";

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const MESSAGES = Number(process.env.MESSAGES ?? 100_000);
const ONLY = process.env.ONLY === undefined ? undefined : Number(process.env.ONLY);
/** Messages in a round, and rounds at a time: most of a round is waiting for timeouts. */
const ROUND = 400;
const AT_A_TIME = 32;
/** What may stay behind when all garbage is gone, in bytes. */
const GROWTH = 16 * 2 ** 20;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const heap = () => (collect(), process.memoryUsage().heapUsed);

/** Timers that were started and have neither run nor been stopped. */
function countTimers(t) {
  const running = new Set();
  for (const [start, stop, once] of [
    ["setTimeout", "clearTimeout", true],
    ["setInterval", "clearInterval", false],
  ]) {
    const [begin, end] = [globalThis[start], globalThis[stop]];
    globalThis[start] = (work, ...rest) => {
      const timer = begin((...args) => (once && running.delete(timer), work(...args)), ...rest);
      running.add(timer);
      return timer;
    };
    globalThis[stop] = (timer) => (running.delete(timer), end(timer));
    t.after(() => Object.assign(globalThis, { [start]: begin, [stop]: end }));
  }
  return running;
}

for (const [name, World] of [
  ["Spot", SpotWorld],
  ["Futures", FuturesWorld],
]) {
  test(`${name}: with ${MESSAGES / 2} hostile messages, no call waits forever, and none is done without proof`, async (t) => {
    t.diagnostic(`SEED=${SEED}`);
    const loose = [];
    const note = (error) => loose.push(error);
    process.on("uncaughtException", note).on("unhandledRejection", note);
    t.after(() => process.off("uncaughtException", note).off("unhandledRejection", note));
    const timers = countTimers(t);
    const begun = Date.now();
    const memory = heap();
    const rounds = Math.ceil(MESSAGES / 2 / ROUND);
    const total = {};
    let next = ONLY ?? 0;
    const worlds = new Set();
    t.after(() => worlds.forEach((world) => world.stop()));
    const work = async () => {
      while (next < (ONLY === undefined ? rounds : ONLY + 1)) {
        const round = next++;
        const world = new World(SEED + round * 7919, ROUND);
        worlds.add(world);
        const counts = await world.run().catch((error) => {
          throw new Error(`SEED=${SEED} ONLY=${round}: ${error.message}`, { cause: error });
        });
        worlds.delete(world);
        for (const key in counts) total[key] = (total[key] ?? 0) + counts[key];
        assert.deepEqual(loose, [], `SEED=${SEED}, about round ${round}: uncaught`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(timers.size, 0, "timers left behind");
    assert.deepEqual(loose, []);
    t.diagnostic(`${JSON.stringify(total)} in ${Date.now() - begun} ms`);
    if (ONLY !== undefined) return;
    const missed = World.counts.filter((one) => !total[one]);
    assert.deepEqual(missed, [], "every step, and every outcome, came up");
    assert.ok(total.messages >= MESSAGES / 2);
    const grown = heap() - memory;
    t.diagnostic(`${grown} bytes stayed behind`);
    assert.ok(grown < GROWTH, `${grown} bytes`);
  });
}
