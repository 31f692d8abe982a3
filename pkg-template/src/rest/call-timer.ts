import { checkMilliseconds, checkSignal } from "../checks.js";
import { TimeoutError } from "../errors.js";

/** The timeout of one call and the caller's signal. Whichever comes first ends the call. */
export class CallTimer {
  /** Aborts when the call ends. */
  readonly signal: AbortSignal;
  readonly #stopper = new AbortController();
  /** Rejects the promises of {@link CallTimer.race}; those that have settled stay as they are. A listener of the signal for each would cost more. */
  readonly #races: ((reason: unknown) => void)[] = [];
  readonly #end: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #callers: AbortSignal | undefined;
  readonly #abort = (): void => this.end(this.#callers!.reason);

  /** @param timeout - milliseconds */
  constructor(endpoint: string, timeout: number, callers: AbortSignal | undefined) {
    checkMilliseconds("timeout", timeout);
    checkSignal(callers);
    callers?.throwIfAborted();
    this.signal = this.#stopper.signal;
    this.#callers = callers;
    // By the monotonic clock, because the wall clock may be set in the meantime.
    this.#end = performance.now() + timeout;
    callers?.addEventListener("abort", this.#abort);
    this.#timer = setTimeout(() => this.end(new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`)), timeout);
  }

  /** The milliseconds that are left. */
  get remaining(): number {
    return this.signal.aborted ? 0 : this.#end - performance.now();
  }

  /** Settles as the work does, or rejects when the call ends. Not every `fetch`, lane or one-time password function reacts to a signal. */
  race<T>(work: T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.signal.aborted) reject(this.signal.reason);
      this.#races.push(reject);
      Promise.resolve(work).then(resolve, reject);
    });
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
    for (const reject of this.#races) reject(this.signal.reason);
  }

  /** Releases the timer and the listeners. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#callers?.removeEventListener("abort", this.#abort);
  }
}
