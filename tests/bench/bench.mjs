// Measures this package beside everything else: `cargo xtask bench`. See README.md.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machine, mapValues, packageVersions, rounded, rustVersion } from "./facts.mjs";
import { FIRSTS, processes, sizes, workers } from "./first.mjs";
import { breakdown, goals } from "./goals.mjs";
import { measure } from "./measure.mjs";
import { plot } from "./plot.mjs";
import { report } from "./report.mjs";
import { rows } from "./rows.mjs";
import { nodes, runtimes } from "./runtimes.mjs";
import { summary } from "./statistics.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Times in milliseconds. `launches` is how often each process and each Worker is started. */
export const MODES = {
  full: { warm: 100, batch: 10, rounds: 40, launches: 20 },
  quick: { warm: 10, batch: 2, rounds: 5, launches: 1 },
};

/** One figure of samples that each have several. */
const figure = (samples, name) => mapValues(samples, (all) => all.map((sample) => sample[name]));

/** Bytes in use by each Node before and after a million signatures. */
function memory() {
  const program = ["--expose-gc", here("programs/memory.mjs")];
  return mapValues(nodes(), (binary) => JSON.parse(execFileSync(binary, program, { encoding: "utf8" })));
}

/** Measures everything, and answers what becomes results.json. */
export async function bench(mode, say = () => {}) {
  const { launches, ...settings } = MODES[mode];
  const folder = mkdtempSync(join(os.tmpdir(), "kraken-signer-bench-"));
  try {
    const found = { mode, date: new Date().toISOString().slice(0, 10), machine: machine() };
    const { samples, missing } = await measure(runtimes, { ...settings, folder }, say);
    say("first signature of a process");
    const started = await processes(launches, folder);
    say("first signature of a Worker");
    const { samples: workerd, missing: notInWorkers } = await workers(launches, folder);
    for (const [name, why] of Object.entries(notInWorkers))
      missing.push({ row: "first", runtime: "workerd", name: FIRSTS[name] ?? name, why });
    say("sizes and memory");
    const first = {
      wall: mapValues(started, (all) => figure(all, "wall")),
      processor: { ...mapValues(started, (all) => figure(all, "processor")), workerd: figure(workerd, "processor") },
    };
    const measured = { samples, first, sizes: await sizes(), memory: memory() };
    const summaries = (byRuntime) => mapValues(byRuntime, (all) => mapValues(all, summary));
    return {
      ...found,
      versions: { ...packageVersions(runtimes), rustc: rustVersion() },
      goals: goals(measured),
      rows: mapValues(rows, ({ title }, row) => ({ title, runtimes: summaries(samples[row]) })),
      breakdown: breakdown(samples.breakdown),
      first: mapValues(first, summaries),
      sizes: measured.sizes,
      memory: measured.memory,
      missing,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes results.json, RESULTS.md and results.svg. */
export function write(results, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(results, rounded, 2)}\n`);
  writeFileSync(join(folder, "RESULTS.md"), report(results));
  writeFileSync(join(folder, "results.svg"), plot(results));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mode = process.argv[2] === "--quick" ? "quick" : "full";
  const results = await bench(mode, (what) => console.error(`  ${what}`));
  // What a short run finds is not to be kept.
  const folder = here(mode === "full" ? "." : "../../target/bench/results");
  write(results, folder);
  console.log(report(results));
}
