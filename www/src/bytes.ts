// Shows bytes as text or in hexadecimal.

/** The notation of bytes: text if they are UTF-8, or always hexadecimal. */
export type Notation = "text" | "hex";

/** The smallest unit that is shown: a character, or a byte in hexadecimal. */
export interface Token {
  /** The offset in bytes. */
  start: number;
  /** The length in bytes. */
  length: number;
  shown: string;
}

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes hexadecimal digits. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

/** Returns bytes in hexadecimal, separated by spaces. */
export const spaced = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Returns bytes as text, or `undefined` if they are not UTF-8. */
export function asText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Replaces invisible characters with visible symbols. */
export const visible = (text: string): string =>
  text.replace(/[\0-\x20\x7f]/g, (character) =>
    character === " " ? "␣" : String.fromCodePoint(character === "\x7f" ? 0x2421 : 0x2400 + character.charCodeAt(0)),
  );

/** Splits a range of a value into tokens. */
export function tokens(value: Uint8Array, start: number, length: number, notation: Notation): Token[] {
  const bytes = value.subarray(start, start + length);
  const text = notation === "text" ? asText(bytes) : undefined;
  if (text === undefined) {
    return Array.from(bytes, (byte, index) => ({ start: start + index, length: 1, shown: byte.toString(16).padStart(2, "0") }));
  }
  let at = start;
  return Array.from(text, (character) => {
    const token = { start: at, length: encoder.encode(character).length, shown: visible(character) };
    at += token.length;
    return token;
  });
}

/** Converts a range of bytes to the start and end of a range of characters. */
export function characters(text: string, start: number, length: number): [number, number] {
  const bytes = encoder.encode(text);
  const before = (end: number): number => lenient.decode(bytes.subarray(0, end)).length;
  return [before(start), before(start + length)];
}
