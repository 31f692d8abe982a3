// Replays one world, with everything that happens in it: node tests/simulation/replay.mjs SEED
import { Package } from "./load.mjs";
import { placesOf, World } from "./world.mjs";

const seed = Number(process.argv[2]);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("Give the seed of a world, a whole number.");
Error.stackTraceLimit = 20;
const world = new World(seed, placesOf(new Package()), { tracing: true });
setImmediate(() => {
  const violations = world.run();
  for (const line of world.log) console.log(line);
  console.log(violations.length ? `\n✗ ${violations.join("\n✗ ")}` : "\nNothing that must hold was broken.");
  process.exitCode = violations.length ? 1 : 0;
});
