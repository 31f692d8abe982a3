/** Waiting: for a time, until somebody says so, or both. */

/** What lets time pass; the default is the runtime's own. */
export interface Timers {
  /** Calls back after so many milliseconds, and returns what `clearTimeout` takes. */
  setTimeout(run: () => void, ms: number): unknown;
  /** Ends the wait. */
  clearTimeout(timer: unknown): void;
}

// Looked up at each call, so that a test's mock of the globals works here too.
export const REAL_TIMERS: Timers = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/**
 * Lets the event loop turn once, as any real request does: without it, requests in memory that follow one another would keep timers
 * from running, where hashing is synchronous. Simulated time has a loop of its own.
 */
export async function breathe(timers: Timers): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };
  if (timers === REAL_TIMERS && setImmediate) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Longest time that a timer takes; more is said to be for ever. */
const LONGEST = 2 ** 31 - 1;

/**
 * Resolves after `ms`, or as soon as `until` settles; with `Infinity` only then. Once the caller is gone the timer no longer keeps the
 * process alive, where the runtime can tell the difference.
 */
export async function wait(timers: Timers, ms: number, gone?: AbortSignal, until?: Promise<unknown>): Promise<void> {
  if (ms > LONGEST) return void (await until);
  let timer: unknown;
  const unref = () => (timer as { unref?: () => void } | undefined)?.unref?.();
  const elapsed = new Promise<void>((resolve) => {
    timer = timers.setTimeout(resolve, ms);
  });
  if (gone?.aborted) unref();
  else gone?.addEventListener("abort", unref, { once: true });
  await (until ? Promise.race([elapsed, until]) : elapsed);
  timers.clearTimeout(timer);
  gone?.removeEventListener("abort", unref);
}

interface Guest {
  readonly owner: object | undefined;
  readonly release: () => void;
}

/** Where everything waits that is on its way, so that a test can let it go on. */
export class WaitingRoom {
  readonly timers: Timers;
  readonly #guests = new Set<Guest>();
  #open = 0;

  constructor(timers: Timers) {
    this.timers = timers;
  }

  /** Waits `ms`, or until released. */
  async wait(ms: number, gone?: AbortSignal, owner?: object): Promise<void> {
    if (ms > 0 && this.#open === 0) await this.enter(ms, gone, owner).over;
  }

  /** The same, with a way out for whoever let it in. */
  enter(ms: number, gone?: AbortSignal, owner?: object): { readonly over: Promise<void>; readonly release: () => void } {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const guest = { owner, release };
    this.#guests.add(guest);
    const over = wait(this.timers, ms, gone, released).finally(() => this.#guests.delete(guest));
    return { over, release };
  }

  /** Lets everybody go on, and from now on nobody waits. */
  open(): void {
    this.#open += 1;
    this.release();
  }

  close(): void {
    this.#open -= 1;
  }

  /** How many wait, of this owner or at all. */
  count(owner?: object): number {
    return [...this.#guests].filter((guest) => owner === undefined || guest.owner === owner).length;
  }

  /** Lets all of this owner go on, or simply all. */
  release(owner?: object): void {
    for (const guest of this.#guests) if (owner === undefined || guest.owner === owner) guest.release();
  }
}
