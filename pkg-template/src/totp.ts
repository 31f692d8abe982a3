import { call, read, write } from "./boundary.js";
import { InvalidOtpKeyError } from "./errors.js";
import { Key, KeyHolder } from "./key.js";

export interface TotpOptions {
  /** @default "SHA1" */
  algorithm?: "SHA1" | "SHA256" | "SHA512" | undefined;
  /** @default 6 */
  digits?: 6 | 7 | 8 | undefined;
  /** Seconds a code lasts. @default 30 */
  period?: number | undefined;
}

const ALGORITHMS: readonly unknown[] = [undefined, "SHA1", "SHA256", "SHA512"];

/**
 * Two-factor codes (RFC 6238) for API keys that require them.
 *
 * Of the setup key, only HMAC state is kept, outside the JavaScript heap; `free()` wipes it.
 */
export class Totp extends KeyHolder {
  readonly #key: Key;

  /**
   * @param setupKeyOrUri the setup key in base32, as the QR page shows it (lower case, blanks, hyphens, without padding),
   *   or an `otpauth://totp/…` URI
   * @param options what the URI leaves open; an option that contradicts it is refused
   * @throws {@link InvalidOtpKeyError} says which character is wrong and where, without showing the key
   */
  constructor(setupKeyOrUri: string, options: TotpOptions = {}) {
    super();
    if (typeof setupKeyOrUri !== "string") {
      throw new InvalidOtpKeyError(
        `The setup key is not a string${setupKeyOrUri === undefined ? " but undefined: is the environment variable set?" : "."}`,
      );
    }
    const { algorithm, digits, period } = options ?? {};
    const size = [0, 1, 256, 512][ALGORITHMS.indexOf(algorithm)];
    if (size === undefined) throw new InvalidOtpKeyError("The algorithm is SHA1, SHA256 or SHA512.");
    const count = whole(digits);
    const seconds = whole(period);
    this.#key = new Key("Totp", setupKeyOrUri, (exports, length) => exports.totp_new(length, size, count, seconds));
  }

  /**
   * The code of a time.
   * @param at milliseconds since 1970; now by default
   */
  code(at?: number | Date): string {
    const time = milliseconds(at);
    const { core, slot } = this.#key;
    return read(
      core,
      call(core, (exports) => exports.totp_code(slot, time)),
    );
  }

  /**
   * Milliseconds until the code changes: at least 1, at most the whole period.
   * @param at milliseconds since 1970; now by default
   */
  remaining(at?: number | Date): number {
    const time = milliseconds(at);
    const { core, slot } = this.#key;
    return call(core, (exports) => exports.totp_remaining(slot, time));
  }

  /**
   * Whether a code is right, in constant time.
   * @param options `at`: milliseconds since 1970, now by default; `window`: how many steps before and after count too, 1 by
   *   default
   */
  verify(code: string, options: { at?: number | Date; window?: number } = {}): boolean {
    const { at, window = 1 } = options ?? {};
    const time = milliseconds(at);
    if (typeof code !== "string" || code.length > 8) return false;
    if (!Number.isInteger(window) || window < 0 || window > 20) {
      throw new InvalidOtpKeyError("The window is a whole number of steps, from 0 to 20.");
    }
    // Only now: what was read from the caller may have freed the key.
    const { core, slot } = this.#key;
    const length = write(core, code, "The code");
    return call(core, (exports) => exports.totp_verify(slot, length, time, window)) === 1;
  }

  /** Wipes the key. A second call does nothing; any other call throws then. */
  override free(): void {
    this.#key.free();
  }
}

/** NaN asks the binary for the machine's clock, so it must not come from outside. */
function milliseconds(at: number | Date | undefined): number {
  if (at === undefined) return NaN;
  let time: unknown = at;
  try {
    if (typeof at === "object") time = Date.prototype.getTime.call(at);
  } catch {
    // No Date after all.
  }
  if (typeof time === "number" && !Number.isNaN(time)) return time;
  throw new InvalidOtpKeyError("A time is a Date or a number of milliseconds since 1970.");
}

/** An option as the binary takes it: 0 if it is not given, and what is no count as one that is out of every range. */
function whole(option: number | undefined): number {
  if (option === undefined) return 0;
  return Number.isInteger(option) && option > 0 && option < 2 ** 32 ? option : 2 ** 32 - 1;
}
