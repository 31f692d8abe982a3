// The smallest WebSocket that a test needs, for Node 20, which has none: RFC 6455 from the client's side, text only. It shares nothing with
// the package, and counts its listeners and what it throws away.
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A masked frame. */
export function frame(opcode, payload, { final = true, masked = true, reserved = 0 } = {}) {
  const data = Buffer.from(payload);
  const long = data.length > 65535 ? 8 : data.length > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + long);
  head[0] = (final ? 0x80 : 0) | reserved | opcode;
  head[1] = (masked ? 0x80 : 0) | (long === 8 ? 127 : long === 2 ? 126 : data.length);
  if (long === 2) head.writeUInt16BE(data.length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(data.length), 2);
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

/** Takes unmasked frames out of bytes as they come. */
export function frames(onFrame) {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      if (buffer.length < 2) return;
      const short = buffer[1] & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (buffer.length < start) return;
      const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short;
      if (buffer.length < start + length) return;
      const [opcode, payload] = [buffer[0] & 15, buffer.subarray(start, start + length)];
      buffer = buffer.subarray(start + length);
      onFrame(opcode, payload);
    }
  };
}

/** Opens a raw connection: resolves to the socket after the handshake, or to the status of a refusal. */
export function handshake(url, headers = {}) {
  const key = randomBytes(16).toString("base64");
  return new Promise((resolve, reject) => {
    const sent = request(url.replace(/^ws/, "http"), {
      agent: false,
      headers: { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key, ...headers },
    });
    sent.once("upgrade", (response, socket, head) => {
      const accept = createHash("sha1")
        .update(key + GUID)
        .digest("base64");
      if (response.headers["sec-websocket-accept"] !== accept) return reject(new Error("wrong Sec-WebSocket-Accept"));
      if (head.length) socket.unshift(head);
      resolve({ socket, response });
    });
    sent.once("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode, response });
    });
    sent.once("error", reject);
    sent.end();
    // So that an attempt that never gets an answer can be given up.
    resolve.sent = sent;
  });
}

export class TestWebSocket extends EventTarget {
  readyState = 0;
  #socket;
  #request;

  constructor(url) {
    super();
    const key = randomBytes(16).toString("base64");
    this.#request = request(url.replace(/^ws/, "http"), {
      agent: false,
      headers: { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key },
    });
    this.#request.once("upgrade", (_response, socket, head) => {
      this.#socket = socket;
      const read = frames((opcode, payload) => {
        if (opcode === 1 && this.readyState === 1) this.dispatchEvent(Object.assign(new Event("message"), { data: payload.toString() }));
        if (opcode === 8) {
          this.code = payload.length ? payload.readUInt16BE(0) : 1005;
          socket.end(frame(8, payload));
        }
      });
      socket.on("data", read);
      socket.once("close", () => this.#over());
      socket.on("error", () => {});
      if (this.readyState === 0) {
        this.readyState = 1;
        this.dispatchEvent(new Event("open"));
      } else socket.destroy();
      if (head.length) read(head);
    });
    this.#request.once("response", (response) => {
      response.resume();
      this.#over(true);
    });
    this.#request.once("error", () => this.#over(true));
    this.#request.end();
  }

  send(text) {
    if (this.readyState === 1) this.#socket.write(frame(1, text));
  }

  close() {
    if (this.readyState > 1) return;
    const connecting = this.readyState === 0;
    this.readyState = 2;
    if (connecting) return void this.#request.destroy(new Error("closed"));
    this.#socket.end(frame(8, Buffer.from([3, 232])));
    // A server that has fallen silent does not answer.
    setTimeout(() => this.#socket.destroy(), 100).unref();
  }

  #over(failed) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    if (failed) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(Object.assign(new Event("close"), { code: this.code ?? 1006 }));
  }
}
