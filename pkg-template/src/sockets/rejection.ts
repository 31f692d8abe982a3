import type { ApiError } from "../errors.js";
import { apiError } from "../rest/answer/api-error.js";
import type { Rejected, Unknown } from "../rest/answer/outcome.js";

/** The longest name of an endpoint in an error. Kraken's answers can name endpoints of any length. */
const LONGEST_NAME = 80;

/** Makes the error for an answer with error strings over a socket. */
export function rejection(product: "spot" | "futures", endpoint: string, outcome: Rejected | Unknown, write: boolean): ApiError {
  // Signatures, nonces and one-time passwords do not matter here. They belong to the request for the token.
  const known = { product, keyLength: 56, secretLength: 64, unit: undefined, attempts: 1 };
  // If nothing was done, the result only repeats the error strings.
  const rejected = outcome.outcome === "rejected" && !outcome.done?.length ? { ...outcome, result: undefined } : outcome;
  return apiError(endpoint.slice(0, LONGEST_NAME), rejected, known, { write });
}
