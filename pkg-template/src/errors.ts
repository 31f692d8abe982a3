import type { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError } from "./errors/invalid.js";
import type { ErrorCode, KrakenError } from "./errors/kraken-error.js";
import type { ApiError, UnknownOutcomeError } from "./errors/outcome.js";
import type { SecretSourceError } from "./errors/secret-source.js";
import type { HttpError, NetworkError, ResponseError, TimeoutError } from "./errors/transport.js";

export { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError, need } from "./errors/invalid.js";
export { KrakenError, type ErrorCode } from "./errors/kraken-error.js";
export { ApiError, UnknownOutcomeError, type ErrorKind } from "./errors/outcome.js";
export { SecretSourceError } from "./errors/secret-source.js";
export { HttpError, NetworkError, ResponseError, TimeoutError } from "./errors/transport.js";

/** The errors that have a class of their own. */
type ErrorWithClass =
  | InvalidSecretError
  | InvalidOtpKeyError
  | InvalidNonceError
  | InvalidRequestError
  | SecretSourceError
  | ApiError
  | UnknownOutcomeError
  | HttpError
  | TimeoutError
  | NetworkError
  | ResponseError;

/**
 * Every error that this package throws, by its code: `switch (error.code)` narrows it to the class with that code and its fields. The codes
 * without a class of their own, such as `ERR_FREED`, belong to {@link KrakenError} itself.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC" });
 * } catch (caught) {
 *   if (!(caught instanceof KrakenError)) throw caught;
 *   const error = caught as AnyKrakenError;
 *   switch (error.code) {
 *     case "ERR_API":
 *       console.log(error.kind, error.hint);
 *       break;
 *     case "ERR_UNKNOWN_OUTCOME":
 *       console.log("perhaps canceled:", error.orderIds);
 *       break;
 *     case "ERR_HTTP":
 *       console.log("not canceled, HTTP status", error.status);
 *       break;
 *     default:
 *       console.log(error.message);
 *   }
 * }
 * ```
 */
export type AnyKrakenError = ErrorWithClass | (KrakenError & { readonly code: Exclude<ErrorCode, ErrorWithClass["code"]> });
