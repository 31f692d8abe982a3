// A thread that runs worlds.
import { parentPort, workerData } from "node:worker_threads";
import { Package } from "./load.mjs";
import { addCounts, runWorlds, seedsFrom } from "./run.mjs";

const { first, count, step } = workerData;
const counts = {};
const failed = [];
let worlds = 0;

await runWorlds(new Package(), seedsFrom(first, count, step), (world, broken) => {
  worlds++;
  addCounts(counts, world.counts);
  if (broken.length) failed.push({ seed: world.seed, kind: world.traits.kind, broken });
  if (worlds % 10_000 === 0) parentPort.postMessage({ worlds });
  return failed.length < 20;
});
parentPort.postMessage({ worlds, counts, failed, isLast: true });
