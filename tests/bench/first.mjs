// The first signature: how long a fresh process takes for it, and a fresh Worker, above one that does nothing; and what a Worker ships for it.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { startWorker } from "../harness/workerd.mjs";
import { bundle } from "./bundle.mjs";
import { EXAMPLE, rows } from "./rows.mjs";
import { bundled, runtimes } from "./runtimes.mjs";

const execute = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ORDER = JSON.stringify({ ...rows.spot.shared, ...rows.spot.inputs[0], ...rows.request.inputs[0] });

/** Whose first signature it is, by the name of its file. */
export const FIRSTS = {
  empty: "empty",
  "kraken-signer": "kraken-signer, Signer",
  "spot-client": "kraken-signer, SpotClient",
  "node-crypto": "node:crypto",
  noble: "noble-hashes",
  "hash-wasm": "hash-wasm",
  "ccxt-kraken": "ccxt, its file for Kraken",
  ccxt: "ccxt",
};
const names = Object.keys(FIRSTS);

function check(name, signature) {
  const expected = name === "empty" ? "" : EXAMPLE.expected;
  if (signature !== expected) throw new Error(`${FIRSTS[name]}: the first signature is ${JSON.stringify(signature)}`);
}

/** Calls `measure(name)` for all names in turn, `rounds` times; where there are several, after one that does not count. */
async function inTurn(rounds, these, measure) {
  const samples = Object.fromEntries(these.map((name) => [name, []]));
  for (let round = rounds > 1 ? -1 : 0; round < rounds; round += 1) {
    for (const name of these) {
      const sample = await measure(name);
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

/** Milliseconds from the start of a process to its end, `wall`, and of processor time until it has signed, `processor`. */
export async function processes(rounds, folder) {
  const results = {};
  for (const runtime of runtimes) {
    if (!runtime.command || runtime.missing()) continue;
    results[runtime.name] = await inTurn(rounds, names, async (name) => {
      const [binary, args, env] = runtime.command(folder, here("programs/first.mjs"));
      const start = process.hrtime.bigint();
      const { stdout } = await execute(binary, [...args, here(`first/${name}.mjs`)], { env: { ...process.env, ...env, ORDER } });
      const wall = Number(process.hrtime.bigint() - start) / 1e6;
      const { signature, processor } = JSON.parse(stdout);
      check(name, signature);
      return { wall, processor: processor / 1e3 };
    });
  }
  return results;
}

const workerOf = (name) => `import { sign } from "./first/${name}.mjs";
export default {
  async fetch(request) {
    try {
      return new Response(await sign(await request.json()));
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
  },
};`;

/**
 * Milliseconds of processor time, in all threads of workerd, from its start to its first answer. Linux counts it; elsewhere it is not measured.
 *
 * A contender that does not run in a Worker is left out, and `missing` says why.
 */
export async function workers(rounds, folder) {
  const missing = {};
  if (!existsSync("/proc/self/schedstat"))
    return { samples: {}, missing: { workerd: "only Linux counts the time of a process as finely" } };
  const scripts = {};
  const measure = async (name) => {
    const { url, pid, stop } = await startWorker(pathToFileURL(scripts[name]), { loopback: false });
    try {
      const response = await fetch(url, { method: "POST", body: ORDER });
      const text = await response.text();
      if (!response.ok) throw new Error(text || `it answers ${response.status}`);
      const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
      check(name, text);
      return { processor: threads.reduce((sum, thread) => sum + Number(thread.split(" ")[0]), 0) / 1e6 };
    } finally {
      await stop();
    }
  };
  for (const name of names) {
    try {
      scripts[name] = await bundled({ contents: workerOf(name) }, { runtime: "workerd", minify: true }, join(folder, "first", name));
      await measure(name);
    } catch (error) {
      missing[name] = error.message.split("\n")[0];
    }
  }
  const able = names.filter((name) => !missing[name]);
  return { samples: await inTurn(rounds, able, measure), missing };
}

/** What a Worker ships for it, minified: bytes, and bytes compressed, of everything and of the script alone. */
export async function sizes() {
  const all = {};
  for (const name of names.slice(1)) {
    const files = await bundle({ contents: workerOf(name) }, { runtime: "workerd", minify: true });
    const [script, ...others] = files.map(({ contents }) => sizeOf(contents));
    const sum = (size) => others.reduce((total, other) => total + other[size], script[size]);
    all[name] = { raw: sum("raw"), gzip: sum("gzip"), script };
  }
  return { wasm: sizeOf(readFileSync(here("../../pkg/dist/esm/kraken_signer.wasm"))), workers: all };
}

const sizeOf = (bytes) => ({ raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length });
