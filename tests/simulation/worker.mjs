// A thread that runs worlds, or that measures how many orders are certain.
import { parentPort, workerData } from "node:worker_threads";
import { measure } from "./certainty.mjs";
import { Package } from "./load.mjs";
import { addCounts, runWorlds, seedsFrom } from "./run.mjs";

async function runShare({ first, count, step }) {
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
  return { worlds, counts, failed };
}

const { transport, often, orders } = workerData;
const result = transport ? { measured: await measure(new Package(), transport, often, orders) } : await runShare(workerData);
parentPort.postMessage({ ...result, isLast: true });
