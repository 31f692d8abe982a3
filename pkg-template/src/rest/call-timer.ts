import { described } from "../checks.js";
import { TimeoutError, need } from "../errors.js";

/** The longest time that timers can wait. */
const LONGEST = 2 ** 31 - 1;

/** The time allowed for one call, and the caller's signal: whichever comes first ends it. */
export class CallTimer {
  /** Aborts when the call is over. */
  readonly signal: AbortSignal;
  readonly #stopper = new AbortController();
  readonly #ended: Promise<never>;
  readonly #end: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #callers: AbortSignal | undefined;
  readonly #abort = (): void => this.#stopper.abort(this.#callers!.reason);

  /** @param timeout - milliseconds */
  constructor(endpoint: string, timeout: number, callers: AbortSignal | undefined) {
    need(typeof timeout === "number", `Invalid \`timeout\`: expected milliseconds as a number, got ${described(timeout)}.`);
    need(timeout > 0 && timeout <= LONGEST, `Invalid \`timeout\`: expected milliseconds from 1 to ${LONGEST}, got ${timeout}.`);
    callers?.throwIfAborted();
    this.signal = this.#stopper.signal;
    this.#callers = callers;
    // By the monotonic clock: the wall clock may be set meanwhile.
    this.#end = performance.now() + timeout;
    this.#ended = new Promise<never>((_, reject) => this.signal.addEventListener("abort", () => reject(this.signal.reason)));
    // It is awaited only where something runs beside it.
    this.#ended.catch(() => {});
    callers?.addEventListener("abort", this.#abort);
    this.#timer = setTimeout(() => this.#stopper.abort(new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`)), timeout);
  }

  /** Milliseconds that are left. */
  get remaining(): number {
    return this.signal.aborted ? 0 : this.#end - performance.now();
  }

  /** Settles as the work does, or rejects when the call is over: not every `fetch`, lane or one-time password listens to signals. */
  race<T>(work: T | Promise<T>): Promise<Awaited<T>> {
    return Promise.race([this.#ended, work]);
  }

  /** Waits, unless the call ends before. */
  async pause(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.race(new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of timers and listeners. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#callers?.removeEventListener("abort", this.#abort);
  }
}
