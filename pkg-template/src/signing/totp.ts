import { callForText, call, write } from "../wasm/memory.js";
import { checkNames, described, unsetProblem } from "../checks.js";
import { InvalidOtpKeyError, KrakenError } from "../errors.js";
import { OTP_REASONS } from "../generated/error-codes.js";
import { KeyHandle, KeyHolder } from "../wasm/key-handle.js";
import { unreadSecret } from "./secret.js";
import { isSource, readSource } from "./secret-source.js";

/** Options of {@link Totp}. An `otpauth://` URI can contain them too. */
export interface TotpOptions {
  /** The hash function. @default "SHA1" */
  algorithm?: "SHA1" | "SHA256" | "SHA512" | undefined;
  /** The number of digits of a code. @default 6 */
  digits?: 6 | 7 | 8 | undefined;
  /** The seconds for which a code is valid. @default 30 */
  period?: number | undefined;
}

const ALGORITHMS: readonly unknown[] = [undefined, "SHA1", "SHA256", "SHA512"];

/**
 * Makes two-factor codes (RFC 6238), for API keys that require them.
 *
 * Only the HMAC state of the setup key is kept, outside the JavaScript heap. `free()` wipes it.
 *
 * @example
 * ```ts
 * const client = new SpotClient({ key, secret, otp: new Totp("JBSWY3DPEHPK3PXP") });
 * ```
 */
export class Totp extends KeyHolder {
  readonly #source: (() => string | Promise<string>) | undefined;
  readonly #handleOf: (setupKeyOrUri: string) => KeyHandle;
  #key: KeyHandle | undefined;
  #isFreed = false;

  /**
   * @param setupKeyOrUri the setup key in base32, as Kraken shows it next to the QR code (lower case, spaces and hyphens are accepted, padding is
   *   optional), or an `otpauth://totp/…` URI; or a function that returns either, also asynchronously, for example from a secrets manager. A client
   *   calls the function when it first needs a code, again after Kraken has rejected a code or a signature, and after `setKeys`. Your own code
   *   awaits {@link Totp.load} first.
   * @param options options that the URI does not contain; an option that contradicts the URI is refused
   * @throws InvalidOtpKeyError if the setup key or an option is invalid. The message says which character is wrong, without showing the key.
   */
  constructor(setupKeyOrUri: string | (() => string | Promise<string>), options: TotpOptions = {}) {
    super();
    checkNames("Totp", options, ["algorithm", "digits", "period"], {
      step: "period",
      interval: "period",
      length: "digits",
      hash: "algorithm",
    });
    const { algorithm, digits, period } = options;
    // The binary refuses an algorithm that is not in the list.
    const size = [0, 1, 256, 512][ALGORITHMS.indexOf(algorithm)] ?? 2;
    const count = whole("digits", digits);
    const seconds = whole("period", period);
    this.#handleOf = (given) =>
      new KeyHandle(checkedText(given), (exports, length) => exports.totp(length, size, count, seconds), OTP_REASONS);
    if (isSource(setupKeyOrUri)) this.#source = setupKeyOrUri;
    else this.#key = this.#handleOf(setupKeyOrUri);
  }

  /** Whether there is a setup key. It is `false` only before {@link Totp.load}, if the setup key comes from a function. */
  get isLoaded(): boolean {
    return this.#key !== undefined;
  }

  /**
   * Reads the setup key from its function, unless it was read already.
   *
   * @throws SecretSourceError if the function fails, and InvalidOtpKeyError if it returns something else than a setup key
   */
  async load(): Promise<void> {
    if (this.#key || !this.#source) return;
    const key = this.#handleOf(await readSource("setup key", this.#source));
    // It may have been read twice at the same time, or freed in the meantime.
    this.invalidate();
    this.#key ??= key;
    if (this.#key !== key || this.#isFreed) key.free();
  }

  /** Forgets a setup key that came from a function, so that it is read again. It does nothing to one that was passed as text. */
  invalidate(): void {
    if (!this.#source || this.#isFreed) return;
    this.#key?.free();
    this.#key = undefined;
  }

  get #location(): KeyHandle["location"] {
    if (!this.#key)
      throw new KrakenError("ERR_UNAVAILABLE", "The setup key comes from a function that was not called yet. Await `load()` first.");
    return this.#key.location;
  }

  /**
   * Returns the code for a time.
   *
   * @param at milliseconds since 1970, or a Date; now by default
   */
  code(at?: number | Date): string {
    const time = milliseconds(at);
    const { core, slot } = this.#location;
    return callForText(core, (exports) => exports.code(slot, time), OTP_REASONS);
  }

  /**
   * Returns the milliseconds until the code changes: at least 1, at most the whole period.
   *
   * @param at milliseconds since 1970, or a Date; now by default
   */
  remaining(at?: number | Date): number {
    const time = milliseconds(at);
    const { core, slot } = this.#location;
    return call(core, (exports) => exports.remaining(slot, time), undefined, OTP_REASONS);
  }

  /**
   * Checks a code, in constant time.
   *
   * @param options `at`: milliseconds since 1970, or a Date; now by default. `window`: how many codes before and after the current one are accepted;
   *   1 by default.
   */
  verify(
    code: string,
    options: {
      /** The time in milliseconds since 1970, or a `Date`; now by default. */
      at?: number | Date;
      /** The number of codes before and after the current one that are accepted; 1 by default. */
      window?: number;
    } = {},
  ): boolean {
    const { at, window = 1 } = options ?? {};
    const time = milliseconds(at);
    if (typeof code !== "string" || code.length > 8) return false;
    const steps = window === 0 ? 0 : whole("window", window);
    // Read last, because getters of the caller may have freed the key.
    const { core, slot } = this.#location;
    const length = write(core, code);
    return call(core, (exports) => exports.verify(slot, length, time, steps), undefined, OTP_REASONS) === 1;
  }

  /** Wipes the key. Calling it again does nothing; every other method throws afterwards. */
  override free(): void {
    this.#isFreed = true;
    this.#key?.free();
  }
}

/** Checks the type of a setup key. */
function checkedText(setupKeyOrUri: unknown): string {
  const problem = unsetProblem(setupKeyOrUri) ?? unreadSecret(setupKeyOrUri, "a function");
  if (problem) throw new InvalidOtpKeyError(`Invalid setup key: ${problem}`);
  if (typeof setupKeyOrUri === "string") return setupKeyOrUri;
  throw new InvalidOtpKeyError(`Invalid setup key: expected text in base32, or an otpauth:// URI, got ${described(setupKeyOrUri)}.`);
}

/** Converts a time to milliseconds. An invalid one becomes NaN, which the binary refuses. */
function milliseconds(at: number | Date | undefined): number {
  if (at === undefined) return Date.now();
  if (typeof at === "number") return at;
  try {
    return Date.prototype.getTime.call(at);
  } catch {
    return NaN;
  }
}

/** Converts an option to an integer for the binary: 0 if it is not given, and 2^32-1, which is always out of range, if it is invalid. */
function whole(name: string, option: unknown): number {
  if (option === undefined) return 0;
  if (typeof option !== "number") throw new InvalidOtpKeyError(`Invalid \`${name}\`: expected a number, got ${described(option)}.`);
  return Number.isInteger(option) && option > 0 && option < 2 ** 32 ? option : 2 ** 32 - 1;
}
