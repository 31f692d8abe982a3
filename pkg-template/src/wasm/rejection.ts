// The binary returns an error as a number. This file makes a KrakenError of it.
import { InvalidNonceError, InvalidOtpKeyError, InvalidSecretError, KrakenError } from "../errors.js";
import { REASONS } from "../generated/error-codes.js";
import { utf8Decoder, utf8Encoder } from "./text.js";

/** Makes the error for a key whose instance trapped. */
export function crashed(): KrakenError {
  return new KrakenError("ERR_CRASHED", "The WebAssembly instance of this key crashed. Nothing was signed. Construct the object again.");
}

/** Texts of errors, by their numbers. */
export type Reasons = Readonly<Record<number, string>>;

/** Numbers of errors that this file treats specially. `src/wasm/codes.rs` has all numbers. */
const OTP_KEY_CHARACTER = 22;
const URI_DUPLICATE = 43;

/** Makes an error from a number of the binary. A `position` from 1 is that of the wrong byte in `input`. */
export function rejection(code: number, position = 0, input?: unknown, reasons: Reasons = {}): KrakenError {
  const reason = reasons[code] ?? REASONS[code] ?? "the binary rejected the input";
  let message = `${reason[0]!.toUpperCase()}${reason.slice(1)}`;
  if (!position || typeof input !== "string") message += ".";
  else if (code === URI_DUPLICATE) message += `: ${/^[^=&#]*/.exec(behind(input, position))![0]}.`;
  else message += `. ${pointer(code, position, input)}`;
  if (code > 79) return new KrakenError("ERR_UNAVAILABLE", message);
  return new (code < 20 ? InvalidSecretError : code < 60 ? InvalidOtpKeyError : InvalidNonceError)(message);
}

/** Returns the text from a byte on. */
const behind = (input: string, position: number): string =>
  utf8Decoder().decode(
    utf8Encoder()
      .encode(input)
      .subarray(position - 1),
  );

/** Says which character is wrong, and its position. The character is not part of any key, so it may be shown. */
function pointer(code: number, position: number, input: string): string {
  const rest = behind(input, position);
  const place = [...input].length - [...rest].length + 1;
  // Neither base32 nor base64 has a colon.
  const uri = input.includes(":") && code >= OTP_KEY_CHARACTER;
  // A character of a setup key may be written as an escape.
  const length = code === OTP_KEY_CHARACTER && uri && rest.startsWith("%") ? 3 : 1;
  const character = JSON.stringify([...rest].slice(0, length).join(""));
  return `Character ${place}${uri ? " of the URI" : ""} is ${character}.`;
}
