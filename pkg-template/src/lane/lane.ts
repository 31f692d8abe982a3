import type { RateStore } from "./rates.js";

/** Options that a client passes to {@link Lane.run}. */
export interface LaneOptions {
  /** Ends the wait for a slot. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the request changes something. Such requests go before all reads that wait; `false` by default. */
  readonly write?: boolean | undefined;
  /** Makes the one-time password. If the lane can, it awaits this function when it has a slot, before it takes the nonce; none by default. */
  readonly prepare?: (() => Promise<void>) | undefined;
}

/**
 * A queue for the requests of one API key. It lets one request out at a time, so that no request overtakes another on the way to Kraken, and gives
 * each a nonce above all earlier ones. The permission to be that one request is a *slot*. Writes go before the reads that wait; each kind goes in
 * the order in which it came.
 *
 * Write your own if several processes share a key in a way that this package does not cover. `run` waits for a slot, calls `send` once with a
 * nonce, and waits for its promise. A client ignores further calls of `send`, and calls after `run` has settled. It also refuses a nonce that is
 * more than a day ahead of the clock.
 *
 * @example
 * ```ts
 * const lane: Lane = {
 *   async run(send) {
 *     const lease = await locks.acquire("trading"); // one process at a time
 *     try {
 *       return await send(await counter.next("trading")); // above all earlier ones, in milliseconds since 1970
 *     } finally {
 *       await lease.release();
 *     }
 *   },
 * };
 * const client = new SpotClient({ key, secret, lane });
 * ```
 */
export interface Lane {
  /**
   * Waits for a slot, calls `send` once with a nonce, and settles as its promise does.
   *
   * @param send - sends the request; its promise settles when the answer has come
   */
  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T>;
  /** Returns a nonce without waiting, for `signSync`. It throws while a request has a slot or waits for one. */
  next?(): string;
  /** The unit of the nonces: `ms`, `us` or `ns`. If a lane has none, a client derives it from the size of the nonces. */
  readonly unit?: string | undefined;
  /** Whether nonces may be more than a day ahead of the clock, or count something other than time. Kraken rejects every lower nonce of the key afterwards. */
  readonly allowAhead?: boolean | undefined;
  /** Where the rate limits of the key are counted, if other processes count there, too; by default, in this process. */
  readonly rates?: RateStore | undefined;
}
