// Errors are recognized by their codes: a client may come from the other copy of this package (ESM, CommonJS), which has classes of its own.
import type { ApiError, KrakenError, UnknownOutcomeError } from "../errors.js";

const codeOf = (error: unknown): string => (error instanceof Error ? `${(error as { readonly code?: unknown }).code as string}` : "");

/** Whether Kraken rejected a call. */
export const isApiError = (error: unknown): error is ApiError => codeOf(error) === "ERR_API";

/** Whether the outcome of a call is unknown. */
export const isUnknownOutcome = (error: unknown): error is UnknownOutcomeError => codeOf(error) === "ERR_UNKNOWN_OUTCOME";

/** Whether this package made the error of a call, so that its message contains no secret. */
export const isKrakenError = (error: unknown): error is KrakenError =>
  /^ERR_(API|UNKNOWN_OUTCOME|HTTP|TIMEOUT|NETWORK|LANE|RESPONSE|FREED|CRASHED|UNAVAILABLE|INVALID_(REQUEST|NONCE))$/.test(codeOf(error));

/** Whether a call was not sent because its client is closed, and stays closed. */
export const isFreed = (error: unknown): boolean => codeOf(error) === "ERR_FREED";
