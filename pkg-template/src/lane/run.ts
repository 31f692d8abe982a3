import { KrakenError } from "../errors.js";
import type { Lane, LaneOptions } from "./lane.js";

/** How long an answer waits for a lane that does not end its turn, in milliseconds. */
const GRACE = 1000;

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
  let over = false;
  let outcome: Promise<T> | undefined;
  let abort = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const sendOnce = async (nonce: string): Promise<T> => {
        if (over) throw new KrakenError("ERR_LANE", "The lane called `send` after the call had ended. Nothing was sent.");
        if (outcome) throw new KrakenError("ERR_LANE", "The lane called `send` a second time. Nothing was sent the second time.");
        // An asynchronous function, so that what `send` throws at once is an outcome, too.
        outcome = (async () => send(nonce))();
        const wait = (): void => void (timer = setTimeout(resolve, GRACE));
        outcome.then(wait, wait);
        return outcome;
      };
      abort = () => reject(signal!.reason);
      signal?.addEventListener("abort", abort);
      (async () => lane.run(sendOnce, options))().then(() => resolve(), reject);
    });
  } catch (error) {
    if (!outcome) throw error;
  } finally {
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  if (!outcome) throw new KrakenError("ERR_LANE", "The lane ended without calling `send`. Nothing was sent.");
  try {
    return await outcome;
  } finally {
    clearTimeout(timer);
  }
}
