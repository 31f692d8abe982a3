// Signs, collects garbage, and prints what is in use, in bytes: after a hundred thousand signatures, and after a million more.
import contenders from "../contenders/kraken-signer.mjs";
import { core } from "../../../pkg/dist/esm/wasm/instance.js";
import { rows } from "../rows.mjs";

const { shared, inputs } = rows.spot;
const sign = contenders.spot["kraken-signer"](shared);

function after(count) {
  for (let index = 0; index < count; index += 1) sign(inputs[index % inputs.length]);
  // What has finalizers takes more than one collection.
  for (let time = 0; time < 4; time += 1) gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { wasm: core().exports.memory.buffer.byteLength, heap: heapUsed + external, resident: rss };
}

const before = after(100_000);
console.log(JSON.stringify({ before, after: after(1_000_000) }));
