import { KrakenError } from "../errors.js";
import type { Lane, LaneOptions } from "./lane.js";

/** How long an answer waits for a lane that does not end its turn, in milliseconds. */
const GRACE = 1000;

/** The one call of `send` that a lane may make. */
class SingleSend<T> {
  readonly #send: (nonce: string) => Promise<T>;
  readonly #afterGrace: () => void;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What `send` comes to, once the lane has called it. */
  outcome: Promise<T> | undefined;

  /** @param afterGrace - called when the answer has waited for the lane for long enough */
  constructor(send: (nonce: string) => Promise<T>, afterGrace: () => void) {
    this.#send = send;
    this.#afterGrace = afterGrace;
  }

  /** What the lane is given in the place of `send`. */
  readonly run = async (nonce: string): Promise<T> => {
    if (this.#isOver) throw new KrakenError("ERR_LANE", "The lane called `send` after the call had ended. Nothing was sent.");
    if (this.outcome) throw new KrakenError("ERR_LANE", "The lane called `send` a second time. Nothing was sent the second time.");
    // An asynchronous function, so that what `send` throws at once is an outcome, too.
    this.outcome = (async () => this.#send(nonce))();
    const wait = (): void => {
      if (!this.#isOver) this.#timer = setTimeout(this.#afterGrace, GRACE);
    };
    this.outcome.then(wait, wait);
    return this.outcome;
  };

  /** From now on, the lane may not send any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/**
 * Sends in a lane's turn, and keeps the lane from doing harm, whoever wrote it: `send` runs once at most, never after the lane has settled or the
 * signal has aborted, and its outcome is the result, whatever the lane makes of it. A lane that rejects after the answer has come changes nothing, and
 * one that does not end then is waited for only a second longer.
 *
 * @param send - must settle soon when the signal aborts
 * @returns what `send` resolves to; rejects as `send` does, or with the lane's error, or with {@link KrakenError} `ERR_LANE` if the lane ended without
 * sending. As long as `send` has not been called, nothing was sent.
 */
export async function runInLane<T>(lane: Lane, send: (nonce: string) => Promise<T>, options: LaneOptions = {}): Promise<T> {
  const { signal } = options;
  signal?.throwIfAborted();
  let single!: SingleSend<T>;
  let abort = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      single = new SingleSend(send, resolve);
      abort = () => reject(signal!.reason);
      signal?.addEventListener("abort", abort);
      (async () => lane.run(single.run, options))().then(() => resolve(), reject);
    });
  } catch (error) {
    if (!single.outcome) throw error;
  } finally {
    single.end();
    signal?.removeEventListener("abort", abort);
  }
  if (!single.outcome) throw new KrakenError("ERR_LANE", "The lane ended without calling `send`. Nothing was sent.");
  return single.outcome;
}
