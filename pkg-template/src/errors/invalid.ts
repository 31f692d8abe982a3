import { KrakenError } from "./kraken-error.js";

/**
 * The private key is malformed. Nothing was signed. The message says what is wrong and where, without showing the key.
 *
 * @example
 * ```ts
 * try {
 *   new SpotClient({ key, secret });
 * } catch (error) {
 *   if (error instanceof InvalidSecretError) console.error(error.message); // says where the mistake is
 *   throw error;
 * }
 * ```
 */
export class InvalidSecretError extends KrakenError {
  declare readonly code: "ERR_INVALID_SECRET";

  /** @param message - what is wrong, where, and what to do */
  constructor(message: string) {
    super("ERR_INVALID_SECRET", message);
  }

  /** `InvalidSecretError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidSecretError";
  }
}

/**
 * A two-factor setup key, an `otpauth://` URI, or an option of {@link Totp} is malformed. The message says what is wrong and where, without
 * showing the key.
 *
 * @example
 * ```ts
 * try {
 *   new Totp(secret);
 * } catch (error) {
 *   if (error instanceof InvalidOtpKeyError) console.error(error.message); // says which character is not base32
 *   throw error;
 * }
 * ```
 */
export class InvalidOtpKeyError extends KrakenError {
  declare readonly code: "ERR_INVALID_OTP_KEY";

  /** @param message - what is wrong, where, and what to do */
  constructor(message: string) {
    super("ERR_INVALID_OTP_KEY", message);
  }

  /** `InvalidOtpKeyError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidOtpKeyError";
  }
}

/**
 * The nonce is malformed, or so far ahead of the clock that it would make the key unusable. Nothing was sent.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   // The key was used with microseconds before, or the clock went back. No later call can succeed.
 *   if (error instanceof InvalidNonceError) client.close();
 *   throw error;
 * }
 * ```
 */
export class InvalidNonceError extends KrakenError {
  declare readonly code: "ERR_INVALID_NONCE";

  /** @param message - what is wrong, where, and what to do */
  constructor(message: string) {
    super("ERR_INVALID_NONCE", message);
  }

  /** `InvalidNonceError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidNonceError";
  }
}

/**
 * An option, a parameter or an argument is invalid. Nothing was signed or sent.
 *
 * @example
 * ```ts
 * async function withdrawBitcoin(amount: string): Promise<string> {
 *   try {
 *     const { refid } = await client.call("Withdraw", { asset: "XBT", key: "cold", amount });
 *     return `requested: ${refid}`;
 *   } catch (error) {
 *     if (error instanceof InvalidRequestError) return error.message; // the input is wrong, and nothing was sent
 *     throw error;
 *   }
 * }
 * ```
 */
export class InvalidRequestError extends KrakenError {
  declare readonly code: "ERR_INVALID_REQUEST";

  /** @param message - what is wrong, where, and what to do */
  constructor(message: string) {
    super("ERR_INVALID_REQUEST", message);
  }

  /** `InvalidRequestError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidRequestError";
  }
}

/**
 * Asserts a condition.
 *
 * @throws InvalidRequestError with this message if the condition does not hold
 */
export function need(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvalidRequestError(message);
}
