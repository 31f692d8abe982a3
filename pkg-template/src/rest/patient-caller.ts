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

/** Milliseconds of the first pause after a rejection for the rate limit; each is twice as long, up to the last. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 24_000;

/** With each call that is taken, the time to the next: pauses are whole seconds and more, so that the first guess is too slow. */
const QUICKENING = 0.99;

/** Whether a call may go well that is made again at once, as the client does by itself. */
const passes = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.kind === "unavailable"
    : error instanceof KrakenError && /^ERR_(HTTP|NETWORK|RESPONSE)$/.test(error.code);

/**
 * Makes one call after the other within Kraken's rate limit, which differs by account and is not told: as fast as it can until it is refused; from
 * then on at the pace that was possible, so that hardly any call is refused again.
 */
export class PatientCaller {
  readonly #endpoint: string;
  readonly #call: (params: Params, options: CallOptions) => Promise<unknown>;
  readonly #patience: Patience;
  /** Milliseconds from one call to the next, as far as that is known. */
  #pace = 0;
  /** The time of the last call that Kraken accepted. Before the first one, a rejection is due to the calls of others. */
  #last: number | undefined;

  constructor(endpoint: string, call: (params: Params, options: CallOptions) => Promise<unknown>, patience: Patience) {
    this.#endpoint = endpoint;
    this.#call = call;
    this.#patience = patience;
  }

  /** Makes a call; one that is refused for the rate limit is made again after a while, as long as there is time. */
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

  /** Kraken took a call that was made then; it `refused` it before. */
  #took(at: number, refused: boolean): void {
    if (!refused) this.#pace *= QUICKENING;
    else if (this.#last !== undefined) this.#pace = Math.min(at - this.#last, LONGEST_PAUSE);
    this.#last = at;
  }

  /** The client would repeat a refused call sooner than it can be taken, so that it does not: but for what passes by itself. */
  async #once(params: Params, timer: CallTimer): Promise<unknown> {
    const { key } = this.#patience;
    const options = () => ({ signal: timer.signal, timeout: Math.max(timer.remaining, 1), ...(key !== undefined && { key }) });
    try {
      return await this.#call(params, { ...options(), retries: 0 });
    } catch (error) {
      if (!passes(error)) throw error;
      return await this.#call(params, options());
    }
  }
}
