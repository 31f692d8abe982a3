import { ResponseError } from "../errors.js";

/** Bytes or characters of the longest message that is read. Kraken's longest known ones, snapshots, have a few million. */
const LONGEST = 2 ** 26;

const fit = (length: number): void => {
  if (length > LONGEST) throw new ResponseError("WebSocket");
};

const isBuffer = (data: unknown): data is ArrayBuffer => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(data));

/** The bytes of a binary message, in any of the shapes that WebSockets hand them out in; `undefined` for anything else. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return isBuffer(data) ? new Uint8Array(data) : undefined;
}

/** Binary messages are text in UTF-8, too: Kraken's own clients take either. */
function decode(bytes: Uint8Array): string {
  fit(bytes.length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ResponseError("WebSocket");
  }
}

/** Fragments, as `ws` has them with `binaryType: "fragments"`. */
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
 * The text of a message, whatever its frame was. Only that of a `Blob` comes later.
 *
 * @throws ResponseError if it is no text, or longer than any of Kraken's
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
