// Worlds in several threads.
import { Worker } from "node:worker_threads";
import { addCounts } from "./run.mjs";

const THREADS = 2;

function inThread(data, progress) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData: data });
    worker.on("message", (message) => (message.isLast ? resolve(message) : progress(message.worlds)));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("a thread ended before its worlds did")));
  });
}

/** Measures, for each share of doubled requests, what becomes of `orders` orders, each share in a thread of its own. */
export const measureMany = (transport, shares, orders) =>
  Promise.all(shares.map(async (often) => ({ often, ...(await inThread({ transport, often, orders })).measured })));

/** Runs `count` worlds from the seed `first` on, and returns counts and the seeds that failed, with what was broken in them. */
export async function runMany(first, count, progress = () => {}) {
  const shares = Array.from({ length: THREADS }, (_, place) => Math.floor((count + THREADS - 1 - place) / THREADS));
  const done = shares.map(() => 0);
  const results = await Promise.all(
    shares.map((share, place) =>
      inThread({ first: first + place, count: share, step: THREADS }, (worlds) => {
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
