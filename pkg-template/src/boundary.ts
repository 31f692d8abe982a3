// What both sides of the WebAssembly boundary agree on: text into the scratch, answers and errors out of it.
import { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError, KrakenError } from "./errors.js";
import type { Core, Exports } from "./load/core.js";

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The codes of `Error` in the Rust sources, `src/error.rs`. */
const MESSAGES: Record<number, string> = {
  1: "The private key is empty.",
  2: "The private key is too long.",
  3: "The private key has white space inside.",
  4: "The private key is URL-safe base64; Kraken's has + and / in place of - and _.",
  5: "The private key has a character that is not base64.",
  6: "The length of the private key is not a multiple of four: characters are missing.",
  7: "The private key has = elsewhere than in the last two places.",
  8: "The end of the private key was changed or is missing.",
  20: "The setup key is empty.",
  21: "The setup key is too long.",
  22: "The setup key has a character that is not base32, which is A to Z and 2 to 7.",
  23: "The setup key has an impossible length: characters are missing.",
  24: "The end of the setup key was changed or is missing.",
  25: "A code has 6, 7 or 8 digits.",
  26: "A period has 1 to 86400 seconds.",
  27: "The algorithm is SHA1, SHA256 or SHA512.",
  28: "The window is a whole number from 0 to 20.",
  29: "A time is a Date or milliseconds since 1970.",
  40: "The setup key is a URI that does not begin with otpauth://.",
  41: "The otpauth URI is not time-based: otpauth://totp/ is.",
  42: "The otpauth URI has no secret.",
  43: "The otpauth URI has a parameter twice.",
  44: "The otpauth URI has % without two hexadecimal digits.",
  45: "An option contradicts the otpauth URI.",
  60: "A nonce is a whole number without sign or leading zeros.",
  61: "A nonce is at most 2^64-1.",
  62: "The last nonce is more than a day ahead of the clock: is it in a finer unit? (allowAhead takes it all the same.)",
  63: "No nonce is left above the last one.",
  64: "The clock is not in milliseconds since 1970, or far off.",
  80: "Too many keys are in use: free() some.",
};

/** What crosses the boundary as bytes; text as UTF-8. */
export type Input = string | Uint8Array;

/**
 * Writes as much of the input as fits to the scratch, from an offset on.
 *
 * @returns how many UTF-16 units or bytes of the input were taken, and how many bytes that made
 */
export function fill(core: Core, input: Input, offset = 0): { read: number; written: number } {
  const place = offset ? core.scratch.subarray(offset) : core.scratch;
  if (typeof input === "string") return encoder.encodeInto(input, place);
  const length = Math.min(input.length, place.length);
  place.set(length < input.length ? input.subarray(0, length) : input);
  return { read: length, written: length };
}

/** Writes the whole input to the start of the scratch and returns its length in bytes. */
export function write(core: Core, input: Input, what: string): number {
  const { read, written } = fill(core, input);
  if (read === input.length) return written;
  core.scratch.fill(0);
  throw new InvalidRequestError(`${what} is too long.`);
}

/** Text from the start of the scratch. */
export function read(core: Core, length: number): string {
  return decoder.decode(length === 88 ? core.signature : core.scratch.subarray(0, length));
}

/** Runs an export. `input` is what was written, so that a mistake in it can be pointed at; it is not shown. */
export function call(core: Core, run: (exports: Exports) => number, input: Input = ""): number {
  let answer;
  try {
    answer = run(core.exports);
  } catch (error) {
    core.crash = error;
    new Uint8Array(core.exports.memory.buffer).fill(0);
    throw crashed();
  }
  if (answer < 0) throw refusal(-answer & 255, -answer >>> 8, input);
  return answer;
}

/** The error for a key whose instance trapped. */
export function crashed(): KrakenError {
  return new KrakenError(
    "ERR_CRASHED",
    "The WebAssembly instance crashed, and its keys are lost. Nothing was signed. Construct the Signer or Totp again, and please report this.",
  );
}

const getterOf = (name: PropertyKey): ((this: unknown) => unknown) =>
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name)!.get!;
const kindOf = /* @__PURE__ */ getterOf(Symbol.toStringTag);
const bufferOf = /* @__PURE__ */ getterOf("buffer");
const offsetOf = /* @__PURE__ */ getterOf("byteOffset");
const lengthOf = /* @__PURE__ */ getterOf("byteLength");

/**
 * A plain view of bytes, or nothing where there are none: for other types, a Proxy, a buffer that was transferred away. Asks the language's
 * own getters, because a subclass can say one length and hold another.
 */
export function bytesOf(input: unknown): Uint8Array | undefined {
  if (kindOf.call(input) !== "Uint8Array") return undefined;
  try {
    // Throws where the buffer is gone, or has become too short for the view.
    Uint8Array.prototype.at.call(input as Uint8Array, 0);
    return new Uint8Array(bufferOf.call(input) as ArrayBuffer, offsetOf.call(input) as number, lengthOf.call(input) as number);
  } catch {
    return undefined;
  }
}

/** Lets through bytes, and text that UTF-8 can say: lone surrogates become the same bytes as other text. */
export function checked(input: unknown, what: string): Input {
  if (typeof input === "string") {
    if ((input as string & { isWellFormed(): boolean }).isWellFormed()) return input;
    throw new InvalidRequestError(`${what} has a lone surrogate, which UTF-8 cannot say.`);
  }
  const bytes = bytesOf(input);
  if (bytes) return bytes;
  throw new InvalidRequestError(`${what} is a string or a Uint8Array.`);
}

/** The error with a code of the binary's. A position, from 1, is that of the byte in `input` that is wrong. */
export function refusal(code: number, position = 0, input?: Input): KrakenError {
  let message = MESSAGES[code] ?? `Internal error ${code}.`;
  if (position && typeof input === "string") {
    // Names that one character, which is no part of any key, and where it stands.
    const before = [...decoder.decode(encoder.encode(input).subarray(0, position - 1))].length;
    message += ` Character ${before + 1} is ${JSON.stringify([...input][before])}.`;
  }
  if (code < 20) return new InvalidSecretError(message);
  if (code < 60) return new InvalidOtpKeyError(message);
  if (code < 80) return new InvalidNonceError(message);
  return new KrakenError("ERR_UNAVAILABLE", message);
}
