import { described } from "../checks.js";
import { InvalidOtpKeyError } from "../errors.js";
import { run, unexpected } from "../wasm/inspector.js";

/** The contents of an `otpauth://` URI. They do not include the setup key, so they can be shown and logged. */
export interface OtpauthReport {
  /**
   * `totp` for time-based codes, which Kraken uses; `hotp` for codes with a counter; `migration` for an authenticator app's export of several keys.
   * Empty if the text is not such a URI.
   */
  type: string;
  /** The decoded label, as an authenticator app shows it: `Kraken:me@example.com`. */
  label: string;
  /** The issuer: the parameter `issuer`, or the part of the label before the colon. */
  issuer?: string;
  /** The label without the issuer. */
  account: string;
  /** `SHA1`, `SHA256` or `SHA512`, or the value that the URI has in its place. */
  algorithm: string;
  /** The number of digits of a code; absent if the URI has no number there. */
  digits?: number;
  /** The seconds for which a code is valid; absent if the URI has no number there. */
  period?: number;
  /** The length of the setup key in bytes; absent if the key is missing or not base32. */
  keyLength?: number;
  /** Whether `new Totp(uri)` accepts the URI. */
  usable: boolean;
  /** Whether Kraken accepts its codes: time-based, SHA-1, 30 seconds, 6 to 8 digits. */
  kraken: boolean;
  /** The accounts of an authenticator app's export (`otpauth-migration://`); absent for other URIs. */
  accounts?: ExportedAccount[];
  /** Problems, one sentence each. */
  problems: string[];
}

/** An account in an authenticator app's export. The setup key is not included. */
export interface ExportedAccount {
  /** The issuer of the key; absent if the export does not name it. */
  issuer?: string;
  /** The name of the account, without the issuer. */
  account: string;
  /** `totp` for time-based codes, `hotp` for codes with a counter. */
  type: "totp" | "hotp";
  /** The algorithm of the codes. */
  algorithm: "SHA1" | "SHA256" | "SHA512" | "MD5";
  /** The number of digits of a code. */
  digits: number;
  /** The length of the setup key in bytes. */
  keyLength: number;
}

/**
 * Reads a two-factor URI, as QR codes contain it, and says whether Kraken accepts its codes.
 *
 * It does not throw if a part cannot be read: that is one of the `problems`. `new Totp(uri)` makes the codes, and throws if a part is invalid.
 *
 * @example
 * ```ts
 * const { usable, problems } = parseOtpauth("otpauth://totp/Kraken?secret=JBSWY3DPEHPK3PXP");
 * ```
 */
export function parseOtpauth(uri: string): OtpauthReport {
  if (typeof uri !== "string")
    throw new InvalidOtpKeyError(`Invalid URI: expected text such as "otpauth://totp/…", got ${described(uri)}.`);
  return run((exports) => exports.parse_otpauth(uri), unexpected);
}
