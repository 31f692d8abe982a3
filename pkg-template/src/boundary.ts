// What both sides of the WebAssembly boundary agree on: text into the scratch, answers and errors out of it.
import { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError, KrakenError } from "./errors.js";
import { REASONS } from "./generated/error-codes.js";
import type { Core, Exports } from "./load/core.js";

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

/** What crosses the boundary as bytes; text as UTF-8. */
export type Input = string | Uint8Array;

/** Writes input to the scratch, behind the bytes that stand there already, and returns how many there are then. */
export function write(core: Core, input: Input, before = 0): number {
  const place = before ? core.scratch.subarray(before) : core.scratch;
  if (typeof input === "string") {
    const { read, written } = encoder.encodeInto(input, place);
    if (read === input.length) return before + written;
  } else {
    const length = own(input, "byteLength") as number;
    if (length <= place.length) {
      place.set(input);
      return before + length;
    }
  }
  core.scratch.fill(0);
  throw tooLong("The input");
}

const tooLong = (what: string): InvalidRequestError => new InvalidRequestError(`${what} is too long: at most 256 KiB are signed.`);

/** Text from the start of the scratch. */
export function read(core: Core, length: number): string {
  return decoder.decode(core.scratch.subarray(0, length));
}

/** Words for errors, by their numbers. */
export type Words = Readonly<Record<number, string>>;

/**
 * Runs an export. `input` is what was written, so that a mistake in it can be pointed at; it is not shown. `words` are those of errors that
 * other exports do not have.
 */
export function call(core: Core, run: (exports: Exports) => number, input?: Input, words?: Words): number {
  let answer;
  try {
    answer = run(core.exports);
  } catch (error) {
    core.crash = error;
    new Uint8Array(core.exports.memory.buffer).fill(0);
    throw crashed();
  }
  if (answer < 0) throw refusal(-answer & 255, -answer >>> 8, input, words);
  return answer;
}

/** Runs an export that answers text. */
export const ask = (core: Core, run: (exports: Exports) => number, words?: Words): string => read(core, call(core, run, undefined, words));

/** The error for a key whose instance trapped. */
export function crashed(): KrakenError {
  return new KrakenError("ERR_CRASHED", "The WebAssembly instance behind this crashed: nothing was signed. Construct it again.");
}

/** What the language's own getter says, because a subclass can say one length and hold another. */
const own = (input: unknown, name: PropertyKey): unknown => Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, name, input);

/** Lets through bytes, and nothing else: no other types, no Proxy, no buffer that was transferred away. */
export function bytesOf(input: unknown): Uint8Array | undefined {
  if (own(input, Symbol.toStringTag) !== "Uint8Array") return undefined;
  try {
    // Throws where the buffer is gone, or has become too short for the view.
    Uint8Array.prototype.at.call(input as Uint8Array, 0);
    return input as Uint8Array;
  } catch {
    return undefined;
  }
}

/** Lets through bytes, and text that UTF-8 can say: lone surrogates become the same bytes as other text. */
export function checked(input: unknown, what: string): Input {
  if (typeof input === "string") {
    // Only then joined to others: two texts can be longer together than a text may be.
    if (input.length > 2 ** 18) throw tooLong(what);
    if ((input as string & { isWellFormed(): boolean }).isWellFormed()) return input;
    throw new InvalidRequestError(`${what} has a lone surrogate, which UTF-8 cannot say.`);
  }
  if (bytesOf(input)) return input as Uint8Array;
  throw new InvalidRequestError(`${what} is a string or a Uint8Array.`);
}

/** Numbers of errors that are worded here; all are in `src/wasm/codes.rs`. */
const OTP_KEY_CHARACTER = 22;
const URI_DUPLICATE = 43;

/** The error for a number of the binary's. A position, from 1, is that of the byte in `input` that is wrong. */
export function refusal(code: number, position = 0, input?: Input, words: Words = {}): KrakenError {
  const reason = words[code] ?? REASONS[code] ?? "the binary refused";
  let message = `${reason[0]!.toUpperCase()}${reason.slice(1)}`;
  if (!position || typeof input !== "string") message += ".";
  else if (code === URI_DUPLICATE) message += `: ${/^[^=&#]*/.exec(behind(input, position))![0]}.`;
  else message += `. ${pointer(code, position, input)}`;
  if (code > 79) return new KrakenError("ERR_UNAVAILABLE", message);
  return new (code < 20 ? InvalidSecretError : code < 60 ? InvalidOtpKeyError : InvalidNonceError)(message);
}

/** The text from a byte on. */
const behind = (input: string, position: number): string => decoder.decode(encoder.encode(input).subarray(position - 1));

/** Says where the one character stands that is wrong, and which it is: no part of any key. */
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
