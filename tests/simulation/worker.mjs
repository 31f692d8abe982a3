// A process that runs worlds, or that measures how many orders are certain.
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
    if (worlds % 10_000 === 0) process.send({ worlds });
    return failed.length < 20;
  });
  return { worlds, counts, failed };
}

const task = JSON.parse(process.argv[2]);
const { transport, often, orders } = task;
const result = transport ? { measured: await measure(new Package(), transport, often, orders) } : await runShare(task);
process.send({ ...result, isLast: true }, () => process.disconnect());
