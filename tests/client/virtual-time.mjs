// Time that passes only when nothing else is left to do, so that a test of minutes takes a second.
import { setImmediate as turn } from "node:timers/promises";

/** Replaces the clocks and timers of this process. */
export function virtualTime(start = Date.UTC(2026, 10, 28)) {
  let now = 0;
  let ids = 0;
  const timers = [];
  globalThis.setTimeout = (run, delay = 0, ...args) => {
    const timer = { id: ++ids, at: now + Math.max(1, delay), run: () => run(...args), unref: () => timer, ref: () => timer };
    const place = timers.findLastIndex(({ at }) => at <= timer.at) + 1;
    timers.splice(place, 0, timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    const place = timers.indexOf(timer);
    if (place >= 0) timers.splice(place, 1);
  };
  Date.now = () => Math.floor(start + now);
  performance.now = () => now;
  /** Lets everything happen that is due, also what other threads compute. */
  async function idle(busy) {
    for (let quiet = 0; quiet < 3; quiet = busy() ? 0 : quiet + 1) await turn();
  }

  return {
    later: (ms) => new Promise((resolve) => globalThis.setTimeout(resolve, ms)),
    /** Lets time pass until the promise settles. */
    async run(promise, busy = () => false) {
      let isOver = false;
      const end = () => (isOver = true);
      promise.then(end, end);
      for (;;) {
        await idle(busy);
        if (isOver) return promise;
        const next = timers.shift();
        if (!next) throw new Error("nothing is left to happen");
        now = Math.max(now, next.at);
        next.run();
      }
    },
  };
}
