import { ApiError, KrakenError } from "../errors.js";
import { CallTimer } from "./call-timer.js";
import type { CallOptions } from "./call.js";
import type { Params } from "./request/encode.js";

/** The options of a patient caller. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  readonly key?: string | undefined;
}

/** The first pause after a rejection for the rate limit, in milliseconds. Each further pause is twice as long, up to the last one. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 24_000;

/** The factor by which each accepted call shortens the time to the next. Pauses last at least a second, so the first estimate is too slow. */
const QUICKENING = 0.99;

/** Returns whether a call may succeed if it is repeated at once, as the client does by itself. */
const passes = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.kind === "unavailable"
    : error instanceof KrakenError && /^ERR_(HTTP|NETWORK|RESPONSE)$/.test(error.code);

/**
 * Makes one call after the other within Kraken's rate limit, which differs by account and is not published. Calls go out as fast as possible
 * until Kraken rejects one. From then on, they keep the pace that was possible, so that Kraken rejects hardly any more calls.
 */
export class PatientCaller {
  readonly #endpoint: string;
  readonly #call: (params: Params, options: CallOptions) => Promise<unknown>;
  readonly #patience: Patience;
  /** The estimated time from one call to the next, in milliseconds. */
  #pace = 0;
  /** The time of the last call that Kraken accepted. Before the first one, a rejection is due to the calls of others. */
  #last: number | undefined;

  constructor(endpoint: string, call: (params: Params, options: CallOptions) => Promise<unknown>, patience: Patience) {
    this.#endpoint = endpoint;
    this.#call = call;
    this.#patience = patience;
  }

  /** Makes a call. If Kraken rejects it for the rate limit, it is repeated after a pause, as long as there is time. */
  async call(params: Params): Promise<unknown> {
    const timer = new CallTimer(this.#endpoint, this.#patience.timeout ?? 120_000, this.#patience.signal);
    try {
      const early = (this.#last ?? 0) + this.#pace - performance.now();
      if (early > 0 && early < timer.remaining) await timer.pause(early);
      for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
        const at = performance.now();
        try {
          const result = await this.#once(params, timer);
          this.#took(at, pause > FIRST_PAUSE);
          return result;
        } catch (error) {
          const wait = error instanceof ApiError && error.kind === "rate-limit" ? (error.retryAfter ?? pause) : undefined;
          if (wait === undefined || wait >= timer.remaining) throw error;
          await timer.pause(wait);
        }
      }
    } finally {
      timer.stop();
    }
  }

  /** Records that Kraken accepted a call that was made at this time, and whether it had rejected (`refused`) it before. */
  #took(at: number, refused: boolean): void {
    if (!refused) this.#pace *= QUICKENING;
    else if (this.#last !== undefined) this.#pace = Math.min(at - this.#last, LONGEST_PAUSE);
    this.#last = at;
  }

  /** Makes a call without the client's retries, which would come too soon after a rejection. Only temporary errors are retried. */
  async #once(params: Params, timer: CallTimer): Promise<unknown> {
    // With all options, also those of an operation to which the calls belong.
    const options = () => ({ ...this.#patience, signal: timer.signal, timeout: Math.max(timer.remaining, 1) });
    try {
      return await this.#call(params, { ...options(), retries: 0 });
    } catch (error) {
      if (!passes(error)) throw error;
      return await this.#call(params, options());
    }
  }
}
