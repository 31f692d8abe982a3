// What the clients use of the lanes and what no entry of the package exports, bundled from the sources.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const sources = fileURLToPath(new URL("../../pkg-template/src/", import.meta.url));
const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));

const ENTRY = `
  import "./wasm/load/embedded.ts";
  export { KrakenError, ApiError, InvalidNonceError } from "./errors.ts";
  export { checkNonce } from "./lane/limit.ts";
  export { laneOf } from "./lane/process.ts";
  export { inTurn, takeTurn } from "./lane/queue.ts";
  export { runInLane } from "./lane/run.ts";
  export { Clock } from "./signing/clock.ts";
  export { NonceSource } from "./signing/nonce.ts";
  export { StorageLane } from "./durable-object/lane.ts";
`;

/** A copy of these modules: no two share anything but the global object. */
export async function loadInternals() {
  // A clock that has looked before would take that of a test for one that has jumped.
  delete globalThis[Symbol.for("kraken-signer.clock/1")];
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "lane-"));
  try {
    const outfile = join(folder, "internals.mjs");
    await build({
      stdin: { contents: ENTRY, resolveDir: sources, loader: "ts" },
      outfile,
      bundle: true,
      format: "esm",
      target: "es2022",
      // The manifest calls all but the entries free of side effects.
      ignoreAnnotations: true,
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps the event loop busy. */
export function block(ms) {
  for (const end = process.hrtime.bigint() + BigInt(ms) * 1_000_000n; process.hrtime.bigint() < end;);
}

/** A wall clock and a monotonic one that a test sets. `real` lets them run as well. */
export function handClocks(wall = Date.UTC(2026, 10, 28)) {
  const clocks = { wall, monotonic: 5000 };
  return Object.assign(clocks, {
    /** Lets time pass for both. */
    pass: (ms) => ((clocks.wall += ms), (clocks.monotonic += ms)),
    /** Sets the wall clock, or lets it pass alone while the machine sleeps. */
    jump: (ms) => (clocks.wall += ms),
  });
}

/** Puts clocks in the place of the global ones for a test. (Node's own mocks remember every call.) */
export function mockClocks(t, clocks = handClocks(Date.now())) {
  const { now } = Date;
  Date.now = () => clocks.wall;
  Object.defineProperty(performance, "now", { value: () => clocks.monotonic, configurable: true, writable: true });
  t.after(() => {
    Date.now = now;
    delete performance.now;
  });
  return clocks;
}
