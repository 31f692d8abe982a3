// What the clients use of the lanes and what no entry of the package exports, bundled from the sources.
import { loadSources } from "../harness/sources.mjs";

const EXPORTS = `
  export { KrakenError, ApiError, InvalidNonceError } from "./errors.ts";
  export { checkNonce } from "./lane/limit.ts";
  export { laneOf } from "./lane/process.ts";
  export { runInReadSlot, runInSlot } from "./lane/queue.ts";
  export { runInLane } from "./lane/run.ts";
  export { Clock } from "./signing/clock.ts";
  export { NonceSource } from "./signing/nonce.ts";
  export { StorageLane } from "./durable-object/lane.ts";
`;

/** A copy of these modules: no two share anything but the global object. */
export function loadInternals() {
  // A clock that has looked before would take that of a test for one that has jumped.
  delete globalThis[Symbol.for("kraken-signer.clock/1")];
  return loadSources(EXPORTS);
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
