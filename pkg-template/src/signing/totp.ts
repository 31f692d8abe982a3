import { callForText, call, write } from "../wasm/memory.js";
import { checkNames, described, ifUnset } from "../checks.js";
import { InvalidOtpKeyError } from "../errors.js";
import { OTP_REASONS } from "../generated/error-codes.js";
import { KeyHandle, KeyHolder } from "../wasm/key-handle.js";

/** Options of {@link Totp}, which an `otpauth://` URI can have, too. */
export interface TotpOptions {
  /** The hash that codes are made with. @default "SHA1" */
  algorithm?: "SHA1" | "SHA256" | "SHA512" | undefined;
  /** How many digits a code has. @default 6 */
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
  readonly #key: KeyHandle;

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
        `Invalid setup key: expected it as text, in base32 or as an otpauth:// URI, got ${described(setupKeyOrUri)}.${ifUnset(setupKeyOrUri)}`,
      );
    }
    checkNames("Totp", options ?? undefined, ["algorithm", "digits", "period"], {
      step: "period",
      interval: "period",
      length: "digits",
      hash: "algorithm",
    });
    const { algorithm, digits, period } = options ?? {};
    // The binary refuses what has no place in the list.
    const size = [0, 1, 256, 512][ALGORITHMS.indexOf(algorithm)] ?? 2;
    const count = whole(digits);
    const seconds = whole(period);
    this.#key = new KeyHandle(setupKeyOrUri, (exports, length) => exports.totp(length, size, count, seconds), OTP_REASONS);
  }

  /**
   * The code of a time.
   * @param at milliseconds since 1970; now by default
   */
  code(at?: number | Date): string {
    const time = milliseconds(at);
    const { core, slot } = this.#key.location;
    return callForText(core, (exports) => exports.code(slot, time), OTP_REASONS);
  }

  /**
   * Milliseconds until the code changes: at least 1, at most the whole period.
   * @param at milliseconds since 1970; now by default
   */
  remaining(at?: number | Date): number {
    const time = milliseconds(at);
    const { core, slot } = this.#key.location;
    return call(core, (exports) => exports.remaining(slot, time), undefined, OTP_REASONS);
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
    const steps = window === 0 ? 0 : whole(window);
    // Only now: what was read from the caller may have freed the key.
    const { core, slot } = this.#key.location;
    const length = write(core, code);
    return call(core, (exports) => exports.verify(slot, length, time, steps), undefined, OTP_REASONS) === 1;
  }

  /** Wipes the key. A second call does nothing; any other call throws then. */
  override free(): void {
    this.#key.free();
  }
}

/** A time as the binary takes it, which refuses NaN. */
function milliseconds(at: number | Date | undefined): number {
  if (at === undefined) return Date.now();
  if (typeof at === "number") return at;
  try {
    return Date.prototype.getTime.call(at);
  } catch {
    return NaN;
  }
}

/** An option as the binary takes it: 0 if it is not given, and what is no count as one that is out of every range. */
function whole(option: unknown): number {
  if (option === undefined) return 0;
  return Number.isInteger(option) && Number(option) > 0 && Number(option) < 2 ** 32 ? Number(option) : 2 ** 32 - 1;
}
