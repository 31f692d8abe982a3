import type { ErrorKind } from "../errors.js";

/** The facts about a failed attempt that decide on a retry. */
export interface FailedAttempt {
  /** Whether the call changes something. */
  readonly write: boolean;
  /** The HTTP status of the answer; `undefined` if there was none, because the connection failed or broke. */
  readonly status: number | undefined;
  /** The kind of Kraken's error strings, if there were any. */
  readonly kind: ErrorKind | undefined;
  /** Milliseconds until Kraken, or a gateway in front of it, accepts requests again, if the answer said so. */
  readonly retryAfter: number | undefined;
}

/** The progress of a call. */
export interface Progress {
  /** The number of attempts so far. */
  readonly attempt: number;
  /** How often the call may be retried. */
  readonly retries: number;
  /** Whether it was already retried because of its nonce. That happens once. */
  readonly nonceRetried: boolean;
  /** Milliseconds that are left of the timeout. */
  readonly remaining: number;
  /** A random number from 0 to 1, so that many clients do not retry at the same time. */
  readonly random: number;
}

/** The next attempt, and the pause before it in milliseconds. */
export interface Retry {
  readonly pause: number;
  readonly forNonce: boolean;
}

/** Milliseconds before the first retry. They double with each retry, and are shortened at random by up to a half. */
const FIRST_PAUSE = 1000;

const passes = ({ status, kind }: FailedAttempt): boolean => {
  if (kind !== undefined) return kind === "rate-limit" || kind === "unavailable";
  // There was no readable answer, a redirect, or a server error. Any other status from 400 to 499 would come again.
  return status === undefined || status < 400 || status >= 500 || status === 408 || status === 429;
};

/**
 * Decides whether and when a call is retried. A call that changes something never is, because no answer proves that its first copy did not run.
 *
 * A call that changes nothing is retried while the failure is temporary. If its nonce was rejected, it is retried once, at once, with a new nonce.
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
