export interface LaneOptions {
  /** Ends the wait for a turn. */
  readonly signal?: AbortSignal | undefined;
  /** The request changes something: it goes before all that wait and only read. */
  readonly write?: boolean | undefined;
  /** To be awaited when the turn has come and before the nonce is taken, if the lane can: it makes the one-time password. */
  readonly prepare?: (() => Promise<void>) | undefined;
}

/**
 * Puts the requests with one API key in order: one at a time, the next one only when the last one has been answered, each with a nonce above
 * all before it. Requests that write go before those that wait and read, each kind in the order in which it came.
 *
 * Bring your own where several processes share a key. `run` waits for a turn, calls `send` once with a nonce, and waits for its promise. A client
 * lets `send` do nothing when it is called again, or after `run` has settled. It also refuses a nonce that is more than a day ahead of the clock.
 */
export interface Lane {
  /**
   * Waits for a turn, calls `send` once with a nonce, and settles as its promise does.
   *
   * @param send - sends the request; its promise settles when the answer has come
   */
  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T>;
  /** A nonce without a turn, while nobody has one or waits for one: for `signSync`. */
  next?(): string;
  /** What its nonces count: `ms`, `us` or `ns`. If a lane does not say, a client takes it from their size. */
  readonly unit?: string | undefined;
  /** Its nonces may be more than a day ahead of the clock, or count something else. Kraken refuses all lower ones of the key afterwards. */
  readonly allowAhead?: boolean | undefined;
}
