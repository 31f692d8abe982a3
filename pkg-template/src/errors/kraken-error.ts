/**
 * The values of {@link KrakenError.code}. A code never changes its meaning; new codes may be added. Most belong to a class of their own. Those of
 * {@link KrakenError} itself are:
 *
 * - `ERR_LANE`: The lane gave no slot, for example because Redis did not answer. Nothing was sent.
 * - `ERR_FREED`: The client, the key or the connection was closed. Nothing was sent.
 * - `ERR_CRASHED`: The WebAssembly instance of the key crashed. Nothing was signed.
 * - `ERR_NOT_READY`: `init()` of `kraken-signer/slim` was not called yet.
 * - `ERR_UNAVAILABLE`: Something is missing, as the message says: a part of the runtime, random numbers, a connection, or prices that are in sync.
 */
export type ErrorCode =
  | "ERR_INVALID_SECRET"
  | "ERR_INVALID_OTP_KEY"
  | "ERR_SECRET_SOURCE"
  | "ERR_INVALID_NONCE"
  | "ERR_INVALID_REQUEST"
  | "ERR_API"
  | "ERR_UNKNOWN_OUTCOME"
  | "ERR_HTTP"
  | "ERR_TIMEOUT"
  | "ERR_NETWORK"
  | "ERR_LANE"
  | "ERR_RESPONSE"
  | "ERR_FREED"
  | "ERR_CRASHED"
  | "ERR_NOT_READY"
  | "ERR_UNAVAILABLE";

/**
 * The base class of every error that this package throws. Messages never contain a secret.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (!(error instanceof KrakenError)) throw error;
 *   if (error.code === "ERR_TIMEOUT") console.log("Kraken did not answer in time");
 * }
 * ```
 */
export class KrakenError extends Error {
  /** The kind of failure, for programs. Every subclass has a code of its own. */
  readonly code: ErrorCode;

  /**
   * @param code - the kind of failure
   * @param message - what happened, in full sentences
   * @param options - its `cause` is the failure that led to this one; none by default
   */
  constructor(
    code: ErrorCode,
    message: string,
    options?: {
      /** The failure that led to this one. */
      cause?: unknown;
    },
  ) {
    super(message, options);
    this.code = code;
  }

  // The names are getters on the prototypes, because minifiers rename classes and a static block would defeat tree shaking.
  /** `KrakenError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "KrakenError";
  }
}
