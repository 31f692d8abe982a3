import type { ErrorKind } from "../errors.js";

/** An attempt that did not end with a result, as far as it matters for another one. */
export interface FailedAttempt {
  /** The call changes something. */
  readonly write: boolean;
  /** The HTTP status of the answer; `undefined` if there was none, because the connection failed or broke. */
  readonly status: number | undefined;
  /** What Kraken's words were about, if it said any. */
  readonly kind: ErrorKind | undefined;
  /** Milliseconds after which Kraken, or what stands before it, takes requests again, where it said so. */
  readonly retryAfter: number | undefined;
}

/** How far a call has come. */
export interface Progress {
  /** How often it has been sent. */
  readonly attempt: number;
  /** How often it may be sent again. */
  readonly retries: number;
  /** It has been repeated for its nonce already, which happens once. */
  readonly nonceRetried: boolean;
  /** Milliseconds that are left of the time allowed. */
  readonly remaining: number;
  /** A random number from 0 to 1, which spreads the pauses of many clients. */
  readonly random: number;
}

/** The next attempt, after so many milliseconds. */
export interface Retry {
  readonly pause: number;
  readonly forNonce: boolean;
}

/** Milliseconds before the first repetition, doubled for each one that follows, and shortened at random by up to a half. */
const FIRST_PAUSE = 1000;

const passes = ({ status, kind }: FailedAttempt): boolean => {
  if (kind !== undefined) return kind === "rate-limit" || kind === "unavailable";
  // No answer, an unreadable one, a redirect, or trouble of a server. Any other 4xx would come again.
  return status === undefined || status < 400 || status >= 500 || status === 408 || status === 429;
};

/**
 * Whether, and when, a call is sent again. A call that changes something never is: no answer proves that its first copy did not run.
 *
 * A call that changes nothing is repeated while the trouble is one that passes. If its nonce was refused it is sent once more at once, with
 * everything fresh.
 */
export function nextAttempt(failed: FailedAttempt, progress: Progress): Retry | undefined {
  const { attempt, retries, nonceRetried, remaining, random } = progress;
  if (failed.write) return undefined;
  if (failed.kind === "nonce") return nonceRetried ? undefined : { pause: 0, forNonce: true };
  if (!passes(failed) || attempt > retries) return undefined;
  const backoff = FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + random / 2);
  const pause = Math.max(backoff, failed.retryAfter ?? 0);
  return pause < remaining ? { pause, forNonce: false } : undefined;
}
