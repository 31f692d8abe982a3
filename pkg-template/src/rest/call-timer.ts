import { checkMilliseconds } from "../checks.js";
import { TimeoutError } from "../errors.js";

/** The timeout of one call and the caller's signal. Whichever comes first ends the call. */
export class CallTimer {
  /** Aborts when the call ends. */
  readonly signal: AbortSignal;
  readonly #stopper = new AbortController();
  readonly #ended: Promise<never>;
  readonly #end: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #callers: AbortSignal | undefined;
  readonly #abort = (): void => this.#stopper.abort(this.#callers!.reason);

  /** @param timeout - milliseconds */
  constructor(endpoint: string, timeout: number, callers: AbortSignal | undefined) {
    checkMilliseconds("timeout", timeout);
    callers?.throwIfAborted();
    this.signal = this.#stopper.signal;
    this.#callers = callers;
    // By the monotonic clock, because the wall clock may be set in the meantime.
    this.#end = performance.now() + timeout;
    this.#ended = new Promise<never>((_, reject) => this.signal.addEventListener("abort", () => reject(this.signal.reason)));
    // The promise may never be awaited: its rejection must not count as unhandled.
    this.#ended.catch(() => {});
    callers?.addEventListener("abort", this.#abort);
    this.#timer = setTimeout(() => this.#stopper.abort(new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`)), timeout);
  }

  /** The milliseconds that are left. */
  get remaining(): number {
    return this.signal.aborted ? 0 : this.#end - performance.now();
  }

  /** Settles as the work does, or rejects when the call ends. Not every `fetch`, lane or one-time password function reacts to a signal. */
  race<T>(work: T | Promise<T>): Promise<Awaited<T>> {
    return Promise.race([this.#ended, work]);
  }

  /**
   * Waits. Rejects if the call ends first.
   *
   * @param early - gets a function that ends the pause
   */
  async pause(milliseconds: number, early?: (resume: () => void) => void): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const paused = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
        early?.(resolve);
      });
      await this.race(paused);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the call for another reason. */
  end(reason: unknown): void {
    this.#stopper.abort(reason);
  }

  /** Releases the timer and the listeners. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#callers?.removeEventListener("abort", this.#abort);
  }
}
