import type { ApiError } from "../errors.js";
import { apiError } from "../rest/answer/api-error.js";
import type { Rejected, Unknown } from "../rest/answer/outcome.js";

/** Errors name what was asked for. What Kraken says was asked for may have any length. */
const LONGEST_NAME = 80;

/** The error for an answer over a socket in which Kraken said no, in its own words. */
export function rejection(product: "spot" | "futures", endpoint: string, outcome: Rejected | Unknown, write: boolean): ApiError {
  // Signatures, nonces and one-time passwords are the business of whoever got the token.
  const known = { product, keyLength: 56, secretLength: 64, hasOtp: false, unit: undefined, attempts: 1 };
  // A result in which nothing was done is only the refusals again.
  const said = outcome.outcome === "rejected" && !outcome.done?.length ? { ...outcome, result: undefined } : outcome;
  return apiError(endpoint.slice(0, LONGEST_NAME), said, known, { write });
}
