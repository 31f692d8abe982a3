// Ten thousand keys in one process: memory, and whether a call is slower than with one key. In Node, because it shows what its garbage collector keeps.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runtimes } from "./runtimes.mjs";

const program = fileURLToPath(new URL("programs/keys.mjs", import.meta.url));

/** By Node: `count`, `sizes` in bytes, `making` in µs, and `times` and `floors` in µs by way, for one key and for all. */
export async function measureKeys({ only, ports }, { count, rounds }, say) {
  const found = {};
  for (const { name, binary, missing } of runtimes) {
    if (!name.startsWith("Node") || missing() || (only && !only.includes(name))) continue;
    say(`keys: ${count} in ${name}`);
    const { stdout } = await promisify(execFile)(
      binary,
      ["--expose-gc", program, `http://127.0.0.1:${ports.http}`, count, rounds].map(String),
    );
    found[name] = JSON.parse(stdout);
  }
  return found;
}
