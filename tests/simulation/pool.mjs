// Worlds in several processes.
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addCounts } from "./run.mjs";

const PROCESSES = 2;

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** The newest Node runs worlds in half the time that Node 20 takes. Which one it is does not matter to the package's code. */
const NEWEST = fileURLToPath(new URL("../node_modules/node26/bin/node", import.meta.url));

function inProcess(data, progress) {
  return new Promise((resolve, reject) => {
    const worker = fork(WORKER, [JSON.stringify(data)], { execPath: existsSync(NEWEST) ? NEWEST : process.execPath, execArgv: [] });
    worker.on("message", (message) => (message.isLast ? resolve(message) : progress(message.worlds)));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("a process ended before its worlds did")));
  });
}

/** Measures, for each share of doubled requests, what becomes of `orders` orders, each share in a process of its own. */
export const measureMany = (transport, shares, orders) =>
  Promise.all(shares.map(async (often) => ({ often, ...(await inProcess({ transport, often, orders })).measured })));

/** Runs `count` worlds from the seed `first` on, and returns counts and the seeds that failed, with what was broken in them. */
export async function runMany(first, count, progress = () => {}) {
  const shares = Array.from({ length: PROCESSES }, (_, place) => Math.floor((count + PROCESSES - 1 - place) / PROCESSES));
  const done = shares.map(() => 0);
  const results = await Promise.all(
    shares.map((share, place) =>
      inProcess({ first: first + place, count: share, step: PROCESSES }, (worlds) => {
        done[place] = worlds;
        progress(done.reduce((sum, one) => sum + one));
      }),
    ),
  );
  const counts = results.reduce((sum, result) => addCounts(sum, result.counts), {});
  const worlds = results.reduce((sum, result) => sum + result.worlds, 0);
  const failed = results.flatMap((result) => result.failed).sort((a, b) => a.seed - b.seed);
  return { worlds, counts, failed };
}
