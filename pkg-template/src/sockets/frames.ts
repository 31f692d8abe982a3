import { ResponseError } from "../errors.js";

/** The longest message that is read, in bytes or characters. Kraken's longest known messages, snapshots, have a few million. */
const LONGEST = 2 ** 26;

const fit = (length: number): void => {
  if (length > LONGEST) throw new ResponseError("WebSocket");
};

const isBuffer = (data: unknown): data is ArrayBuffer => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(data));

/** Returns the bytes of a binary message, in any of the types that WebSockets use; `undefined` for anything else. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return isBuffer(data) ? new Uint8Array(data) : undefined;
}

/** Decodes a binary message. It is UTF-8 text too; Kraken's own clients accept both. */
function decode(bytes: Uint8Array): string {
  fit(bytes.length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ResponseError("WebSocket");
  }
}

/** Joins fragments, which `ws` delivers with `binaryType: "fragments"`. */
function joined(parts: readonly unknown[]): Uint8Array | undefined {
  const all = parts.map(bytesOf);
  let length = 0;
  for (const one of all) length += one?.length ?? 0;
  fit(length);
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const one of all) {
    if (!one) return undefined;
    whole.set(one, offset);
    offset += one.length;
  }
  return whole;
}

/**
 * Returns the text of a message of any type. Only for a `Blob`, it returns a promise.
 *
 * @throws ResponseError if the message is not text, or too long
 */
export function textOf(data: unknown): string | Promise<string> {
  if (typeof data === "string") {
    fit(data.length);
    return data;
  }
  const bytes = Array.isArray(data) ? joined(data) : bytesOf(data);
  if (bytes) return decode(bytes);
  if (typeof Blob === "undefined" || !(data instanceof Blob)) throw new ResponseError("WebSocket");
  fit(data.size);
  return data.arrayBuffer().then((buffer) => decode(new Uint8Array(buffer)));
}
