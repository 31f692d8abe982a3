// Worlds one after the other, in this thread.
import { placesOf, World } from "./world.mjs";

/** What is worth knowing of an error that nobody caught. */
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(`nobody caught ${error?.stack ?? error}`));
// Node warns of signals to which more and more listen.
process.removeAllListeners("warning");
process.on("warning", ({ name, message }) => /MaxListeners/.test(name) && unhandled.push(message));

/** Runs one world: it has to be called outside of promise reactions, as timers do. */
function runWorld(seed, places, options) {
  const world = new World(seed, places, options);
  try {
    world.run();
  } catch (error) {
    world.ledger.violate(`threw ${error?.stack ?? error}`);
  }
  return world;
}

/**
 * Runs worlds with these seeds, and tells of each when it is over.
 *
 * @param each - is given the world and what was broken in it; `false` stops
 */
export function runWorlds(pkg, seeds, each, options = {}) {
  const places = placesOf(pkg);
  const queue = seeds[Symbol.iterator]();
  // Thousands of errors are made here, and nobody reads where.
  Error.stackTraceLimit = 0;
  return new Promise((resolve, reject) => {
    let last;
    const finish = () => {
      // Node tells of rejections that nobody caught only between two turns of its event loop.
      const broken = [...last.ledger.violations, ...unhandled.splice(0)];
      return each(last, broken) === false;
    };
    const turn = () => {
      try {
        if (last && finish()) return resolve();
        const { value: seed, done } = queue.next();
        if (done) return resolve();
        last = runWorld(seed, places, options);
        setImmediate(turn);
      } catch (error) {
        reject(error);
      }
    };
    setImmediate(turn);
  });
}

/** Adds the counts of a world to others. */
export function addCounts(sum, counts) {
  for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Whole numbers from `first` on, each `step`-th. */
export function* seedsFrom(first, count, step = 1) {
  for (let place = 0; place < count; place++) yield first + place * step;
}
