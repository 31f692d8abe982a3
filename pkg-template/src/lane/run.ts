import { KrakenError } from "../errors.js";
import type { Lane, LaneOptions } from "./lane.js";
import { whenLate } from "./late.js";

/** Milliseconds that an answer waits for a lane that does not settle. */
const GRACE = 1000;

/** Lets a lane call `send` once. */
class SingleSend<T> {
  readonly #send: (nonce: string) => Promise<T>;
  readonly #afterGrace: () => void;
  #isOver = false;
  #stopWaiting = (): void => {};
  /** The promise of `send`, once the lane has called it. */
  outcome: Promise<T> | undefined;

  /** @param afterGrace - called when the grace period after the answer has passed */
  constructor(send: (nonce: string) => Promise<T>, afterGrace: () => void) {
    this.#send = send;
    this.#afterGrace = afterGrace;
  }

  /** The function that the lane gets in place of `send`. */
  readonly run = (nonce: string): Promise<T> => {
    const sending = this.#sendOnce(nonce);
    // The call has the outcome in any case. A lane that awaits it late, or never, must not leave a rejection unhandled, which ends a Node process.
    sending.catch(() => {});
    return sending;
  };

  async #sendOnce(nonce: string): Promise<T> {
    if (this.#isOver) throw new KrakenError("ERR_LANE", "The lane called `send` after the call had ended. Nothing was sent.");
    if (this.outcome) throw new KrakenError("ERR_LANE", "The lane called `send` a second time. Nothing was sent the second time.");
    // In an asynchronous function, so that a synchronous exception of `send` becomes a rejected promise.
    this.outcome = (async () => this.#send(nonce))();
    const wait = (): void => {
      if (!this.#isOver) this.#stopWaiting = whenLate(GRACE, this.#afterGrace);
    };
    this.outcome.then(wait, wait);
    return this.outcome;
  }

  /** Ends the permission to send. */
  end(): void {
    this.#isOver = true;
    this.#stopWaiting();
  }
}

/**
 * Sends a request in a slot of a lane, and limits what a faulty lane can do. `send` runs at most once, and never after the lane has settled or the
 * signal has aborted. Its outcome is the result, whatever the lane does with it: if the lane rejects after the answer, that changes nothing, and if it
 * does not settle, it is waited for only a second longer.
 *
 * @param send - must settle soon after the signal aborts
 * @returns the result of `send`. Rejects as `send` does, with the lane's error, or with {@link KrakenError} `ERR_LANE` if the lane ended without
 * sending. If `send` was not called, nothing was sent.
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
