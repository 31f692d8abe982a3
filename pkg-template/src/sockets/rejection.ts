import { ApiError } from "../errors.js";
import { type Words, refusal } from "../meaning.js";
import type { Refused, Unknown } from "../rest/outcome.js";

/** The error for an answer over a socket in which Kraken said no, in its own words. */
export function rejection(endpoint: string, outcome: Refused | Unknown, words: Words): ApiError {
  const { errors, kind } = outcome;
  const { done = [], result } = outcome.outcome === "refused" ? outcome : {};
  // Trades go out over it, so everything counts as one.
  const known = { words, key: { length: 56 }, unit: undefined, attempts: 1, write: true };
  const { hint, retryable } = refusal(endpoint, errors, known, kind, done.length ? result : undefined);
  return new ApiError({
    endpoint: endpoint.slice(0, 80),
    errors: errors.map((error) => error.slice(0, 200)),
    kind,
    hint,
    retryable,
    ...(done.length && { result, done }),
  });
}
