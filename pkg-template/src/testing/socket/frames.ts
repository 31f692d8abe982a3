/** RFC 6455 as far as the exchange needs it: the answer to the handshake, and frames. There are no extensions. */

import { concat, toBase64 } from "../crypto.js";

type Bytes = ReturnType<typeof concat>;

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];

/** Returns `Sec-WebSocket-Accept` for the key that a client sent (RFC 6455 §4.2.2). */
export async function acceptOf(key: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.digest("SHA-1", concat(key + GUID))));
}

/** Makes one frame, unmasked, as servers send it. */
function frame(opcode: number, payload: Uint8Array): Bytes {
  const { length } = payload;
  const head = new Uint8Array(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    new DataView(head.buffer).setUint16(2, length);
  } else {
    head[1] = 127;
    new DataView(head.buffer).setBigUint64(2, BigInt(length));
  }
  return concat(head, payload);
}

export const textFrame = (text: string): Bytes => frame(TEXT, concat(text));
export const binaryFrame = (data: Uint8Array): Bytes => frame(BINARY, data);
export const pongFrame = (payload: Uint8Array): Bytes => frame(PONG, payload);

/** Makes a closing frame. The code 1005 stands for no code, and is not sent (§7.4.1). */
export function closeFrame(code: number, reason = ""): Bytes {
  return frame(CLOSE, code === 1005 ? new Uint8Array() : concat(new Uint8Array([code >> 8, code & 255]), reason));
}

/** The events of a connection. */
export interface FrameEvents {
  text(text: string): void;
  ping(payload: Uint8Array): void;
  /** Called with the code of the client, or 1005 if it sent none. If the client violated the protocol, called with the code to send. */
  close(code: number): void;
}

/** A violation of the protocol, with the code that closes the connection (§7.4.1). */
class Violation extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`WebSocket violation ${code}`);
    this.code = code;
  }
}

const PROTOCOL = 1002;
const NOT_UTF8 = 1007;
const TOO_BIG = 1009;
const UNSUPPORTED = 1003;

/** Assembles frames and messages from the bytes that arrive. Bytes after a close are ignored. */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #limit: number;
  readonly #binary: boolean;
  #buffer: Uint8Array = new Uint8Array();
  #fragments: Uint8Array[] | undefined;
  #size = 0;
  #done = false;

  /**
   * @param limit - the largest message, in bytes
   * @param binary - whether text may arrive in binary frames, too
   */
  constructor(limit: number, binary: boolean, events: FrameEvents) {
    this.#binary = binary;
    this.#limit = limit;
    this.#events = events;
  }

  push(chunk: Uint8Array): void {
    if (this.#done) return;
    this.#buffer = this.#buffer.length > 0 ? concat(this.#buffer, chunk) : chunk;
    try {
      while (!this.#done && this.#frame());
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#done = true;
      this.#events.close(error.code);
    }
  }

  /** Removes one frame from the buffer. Returns false if it is not complete yet. */
  #frame(): boolean {
    const buffer = this.#buffer;
    const [first, second] = buffer;
    if (first === undefined || second === undefined) return false;
    const [final, opcode] = [first >= 0x80, first & 15];
    // Without an extension, the reserved bits are 0. Every frame from a client is masked (§5.1, §5.2).
    if ((first & 0x70) !== 0 || second < 0x80) throw new Violation(PROTOCOL);
    const short = second & 127;
    if (opcode >= CLOSE && (!final || short > 125)) throw new Violation(PROTOCOL);
    const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (buffer.length < start + 4) return false;
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    const length = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
    // Checked before the bytes arrive, so that no client can make the exchange wait for gigabytes, or keep them.
    if (this.#size + length > this.#limit) throw new Violation(TOO_BIG);
    const end = start + 4 + length;
    if (buffer.length < end) return false;
    const mask = buffer.subarray(start, start + 4);
    const payload = buffer.slice(start + 4, end).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    this.#buffer = buffer.subarray(end);
    if (opcode >= CLOSE) this.#control(opcode, payload);
    else this.#data(opcode, payload, final);
    return true;
  }

  #control(opcode: number, payload: Uint8Array): void {
    if (opcode === PING) return this.#events.ping(payload);
    if (opcode === PONG) return;
    if (opcode !== CLOSE || payload.length === 1) throw new Violation(PROTOCOL);
    const code = payload.length === 0 ? 1005 : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    if (payload.length > 0 && !/^(100[0-37-9]|101[0-4]|[34]\d\d\d)$/.test(String(code))) throw new Violation(PROTOCOL);
    decode(payload.subarray(2));
    this.#done = true;
    this.#events.close(code);
  }

  #data(opcode: number, payload: Uint8Array, final: boolean): void {
    if (opcode > BINARY || (opcode === CONTINUATION) !== (this.#fragments !== undefined)) throw new Violation(PROTOCOL);
    if (opcode === BINARY && !this.#binary) throw new Violation(UNSUPPORTED);
    this.#fragments = [...(this.#fragments ?? []), payload];
    this.#size += payload.length;
    if (!final) return;
    const whole = concat(...this.#fragments);
    this.#fragments = undefined;
    this.#size = 0;
    this.#events.text(decode(whole));
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Violation(NOT_UTF8);
  }
}
