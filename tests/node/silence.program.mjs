// Calls the exchange in one runtime: at once, and after each silence. Prints the milliseconds of each call.
import { SpotClient } from "kraken-signer";

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { url, silences, way, setting } = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0]);

/** The `fetch` that is measured. */
async function fetchOf() {
  if (way === "nodeFetch") return (await import("kraken-signer/node")).nodeFetch({ proxy: null });
  if (way !== "createHttpClient") return fetch;
  const client = Deno.createHttpClient(setting);
  return (url, init) => fetch(url, { ...init, client });
}

const kraken = new SpotClient({ key: "k".repeat(56), secret: "c2VjcmV0".repeat(8), baseUrl: url, fetch: await fetchOf(), retries: 0 });

async function timed(endpoint) {
  const start = performance.now();
  await kraken.call(endpoint);
  return Math.round(performance.now() - start);
}

const times = { first: await timed("Balance"), next: await timed("Balance"), reads: [], writes: [] };
for (const silence of silences) {
  await later(silence);
  times.reads.push(await timed("Balance"));
  await later(silence);
  times.writes.push(await timed("CancelAll"));
}
console.log(JSON.stringify(times));
globalThis.process?.exit?.(0);
