// Writes input to the buffer of the binary, calls its exports, and reads results from the buffer.
import { described } from "../checks.js";
import { InvalidRequestError } from "../errors.js";
import type { Core, Exports } from "./instance.js";
import { type Reasons, crashed, rejection } from "./rejection.js";
import { utf8Decoder, utf8Encoder } from "./text.js";

/** Input of the binary. It crosses the boundary as bytes; text as UTF-8. */
export type Input = string | Uint8Array;

/** Appends input to the first `before` bytes of the buffer, and returns the total length. */
export function write(core: Core, input: Input, before = 0): number {
  const place = before ? core.buffer.subarray(before) : core.buffer;
  if (typeof input === "string") {
    const { read, written } = utf8Encoder().encodeInto(input, place);
    if (read === input.length) return before + written;
  } else {
    const length = own(input, "byteLength") as number;
    if (length <= place.length) {
      place.set(input);
      return before + length;
    }
  }
  core.buffer.fill(0);
  throw tooLong("input");
}

const tooLong = (what: string): InvalidRequestError =>
  new InvalidRequestError(`Invalid ${what}: it is too long. At most 256 KiB can be signed.`);

/** Reads text from the start of the buffer. */
export function read(core: Core, length: number): string {
  return utf8Decoder().decode(core.answer(length));
}

/**
 * Calls an export. `input` is what was written to the buffer; an error points at the mistake in it, but does not show it. `reasons` are the texts of
 * errors that only this export has.
 */
export function call(core: Core, run: (exports: Exports) => number, input?: Input, reasons?: Reasons): number {
  let answer;
  try {
    answer = run(core.exports);
  } catch (error) {
    core.crash = error;
    new Uint8Array(core.exports.memory.buffer).fill(0);
    throw crashed();
  }
  if (answer < 0) throw rejection(-answer & 255, -answer >>> 8, input, reasons);
  return answer;
}

/** Calls an export that returns text. */
export const callForText = (core: Core, run: (exports: Exports) => number, reasons?: Reasons): string =>
  read(core, call(core, run, undefined, reasons));

/** Reads a property with the getter of the language, because a subclass could override it. */
const own = (input: unknown, name: PropertyKey): unknown => Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, name, input);

/** Returns bytes as they are; `undefined` for everything else, including a Proxy and a buffer that was transferred away. */
export function bytesOf(input: unknown): Uint8Array | undefined {
  if (own(input, Symbol.toStringTag) !== "Uint8Array") return undefined;
  try {
    // Throws if the buffer was transferred, or has become too short for the view.
    Uint8Array.prototype.at.call(input as Uint8Array, 0);
    return input as Uint8Array;
  } catch {
    return undefined;
  }
}

/** Checks that input is bytes or well-formed text. In UTF-8, a lone surrogate would become the same bytes as another text. */
export function checked(input: unknown, what: string): Input {
  if (typeof input === "string") {
    // Checked before texts are joined, because two texts together can be longer than a string may be.
    if (input.length > 2 ** 18) throw tooLong(what);
    if ((input as string & { isWellFormed(): boolean }).isWellFormed()) return input;
    throw new InvalidRequestError(`Invalid ${what}: it contains a lone surrogate (half of a character), which has no bytes in UTF-8.`);
  }
  if (bytesOf(input)) return input as Uint8Array;
  throw new InvalidRequestError(`Invalid ${what}: expected a string or a Uint8Array, got ${described(input)}.`);
}
