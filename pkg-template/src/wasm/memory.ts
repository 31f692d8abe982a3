// Input into the buffer of the binary, calls of its exports, and answers out of the buffer.
import { described } from "../checks.js";
import { InvalidRequestError } from "../errors.js";
import type { Core, Exports } from "./instance.js";
import { type Reasons, crashed, rejection } from "./rejection.js";

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

/** What crosses the boundary as bytes; text as UTF-8. */
export type Input = string | Uint8Array;

/** Writes input to the buffer, behind the bytes that stand there already, and returns how many there are then. */
export function write(core: Core, input: Input, before = 0): number {
  const place = before ? core.buffer.subarray(before) : core.buffer;
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
  core.buffer.fill(0);
  throw tooLong("input");
}

const tooLong = (what: string): InvalidRequestError =>
  new InvalidRequestError(`Invalid ${what}: it is too long: at most 256 KiB are signed.`);

/** Text from the start of the buffer. */
export function read(core: Core, length: number): string {
  return decoder.decode(core.buffer.subarray(0, length));
}

/**
 * Runs an export. `input` is what was written, so that a mistake in it can be pointed at; it is not shown. `words` are those of errors that
 * other exports do not have.
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

/** Runs an export that answers text. */
export const callForText = (core: Core, run: (exports: Exports) => number, reasons?: Reasons): string => read(core, call(core, run, undefined, reasons));

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
    throw new InvalidRequestError(`Invalid ${what}: it has a lone surrogate, half of a character, which has no bytes in UTF-8.`);
  }
  if (bytesOf(input)) return input as Uint8Array;
  throw new InvalidRequestError(`Invalid ${what}: expected a string or a Uint8Array, got ${described(input)}.`);
}
