/** Waits for a time, for a release, or for either. */

/** The timers of the exchange. Default: those of the runtime. */
export interface Timers {
  /** Calls `run` after `ms` milliseconds, and returns the argument for `clearTimeout`. */
  setTimeout(run: () => void, ms: number): unknown;
  /** Cancels a timer. */
  clearTimeout(timer: unknown): void;
}

// The globals are looked up at each call, so that a test's mock of them works here, too.
export const REAL_TIMERS: Timers = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

// That of a test's fake timers would wait until the test moves its clock.
const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };

/**
 * Lets the event loop run once, as any real request does. Without this, consecutive requests in memory would keep timers from running where hashing
 * is synchronous. Simulated time has a loop of its own.
 */
export async function breathe(timers: Timers): Promise<void> {
  if (timers === REAL_TIMERS && setImmediate) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** The longest time that a timer accepts. Longer times count as infinite. */
const LONGEST = 2 ** 31 - 1;

/**
 * Resolves after `ms`, or as soon as `until` settles. With `Infinity`, only `until` resolves it. When the caller is gone, the timer no longer keeps
 * the process alive, where the runtime supports this.
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

interface Wait {
  readonly owner: object | undefined;
  readonly release: () => void;
}

/** The requests and messages that wait on their way, so that a test can release them. */
export class WaitingList {
  readonly timers: Timers;
  readonly #waits = new Set<Wait>();
  #open = 0;

  constructor(timers: Timers) {
    this.timers = timers;
  }

  /** Waits for `ms`, or until the wait is released. */
  async wait(ms: number, gone?: AbortSignal, owner?: object): Promise<void> {
    if (ms > 0 && this.#open === 0) await this.enter(ms, gone, owner).over;
  }

  /** Begins a wait that the caller can release itself. */
  enter(ms: number, gone?: AbortSignal, owner?: object): { readonly over: Promise<void>; readonly release: () => void } {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const entry = { owner, release };
    this.#waits.add(entry);
    const over = wait(this.timers, ms, gone, released).finally(() => this.#waits.delete(entry));
    return { over, release };
  }

  /** Releases every wait, and lets no later one wait. */
  open(): void {
    this.#open += 1;
    this.release();
  }

  close(): void {
    this.#open -= 1;
  }

  /** Returns the number of waits of this owner, or of all. */
  count(owner?: object): number {
    return [...this.#waits].filter((entry) => owner === undefined || entry.owner === owner).length;
  }

  /** Releases the waits of this owner, or of all. */
  release(owner?: object): void {
    for (const entry of this.#waits) if (owner === undefined || entry.owner === owner) entry.release();
  }
}
