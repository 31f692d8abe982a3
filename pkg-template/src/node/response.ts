import type { IncomingMessage } from "node:http";
import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/**
 * Returns the error of a connection that broke before its answer was read. Nothing listened then, so the stream emits no event about it anymore, and
 * a web stream of it would look complete.
 */
const brokenBefore = (content: Readable): Error | undefined =>
  content.destroyed ? (content.errored ?? new Error("The connection was closed before the answer was complete")) : undefined;

/** An answer with the interface of `Response`. Node's own `Response` would put a web stream between the connection and its reader. */
export class NodeResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly redirected = false;
  readonly type = "default";
  readonly #incoming: IncomingMessage;
  #stream: ReadableStream | undefined;
  #isUsed = false;

  constructor(incoming: IncomingMessage, url: string) {
    const { statusCode = 0, statusMessage = "", rawHeaders } = incoming;
    this.#incoming = incoming;
    this.url = url;
    this.status = statusCode;
    this.statusText = statusMessage;
    this.headers = new Headers();
    for (let at = 0; at < rawHeaders.length; at += 2) this.headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  /** The body as a stream. */
  get body(): ReadableStream {
    return (this.#stream ??= this.#streamed());
  }

  #streamed(): ReadableStream {
    const content = this.#content();
    const broken = brokenBefore(content);
    return broken ? new ReadableStream({ start: (reader) => reader.error(broken) }) : (Readable.toWeb(content) as ReadableStream);
  }

  async text(): Promise<string> {
    const text = (await this.#whole()).toString("utf8");
    // As in `Response`, U+FEFF at the beginning is no part of the text.
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, length } = await this.#whole();
    return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.arrayBuffer()], { type: this.headers.get("content-type") ?? "" });
  }

  /** The body, which can be read once. */
  #content(): Readable {
    if (this.#isUsed) throw new TypeError("The body has been read already");
    this.#isUsed = true;
    if (!/^(x-)?gzip$/i.test(this.headers.get("content-encoding") ?? "")) return this.#incoming;
    // An error of either stream ends the stream that is read.
    return pipeline(this.#incoming, createGunzip(), () => {});
  }

  async #whole(): Promise<Buffer> {
    const content = this.#content();
    return new Promise((resolve, reject) => {
      const broken = brokenBefore(content);
      if (broken) return reject(broken);
      const chunks: Buffer[] = [];
      content.on("data", (chunk: Buffer) => chunks.push(chunk));
      content.once("error", reject);
      content.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    });
  }
}
