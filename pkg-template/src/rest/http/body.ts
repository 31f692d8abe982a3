import { InvalidRequestError } from "../../errors.js";
import type { FetchAnswer } from "./fetch.js";

/** Bytes that own their buffer. The type is derived, because older versions of TypeScript have no `Uint8Array<ArrayBuffer>`. */
export type Bytes = ReturnType<InstanceType<typeof TextEncoder>["encode"]>;

/** The body of an answer. */
export interface Body {
  readonly text: string | undefined;
  readonly bytes?: Bytes;
}

/** The body was too long, or the call ended before it was complete. */
const NOTHING: Body = { text: undefined };

/** A stream of Node, which older packages return in place of a web stream. */
interface NodeStream extends AsyncIterable<Uint8Array | string> {
  destroy?(): unknown;
}

/** How to read a body. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** The longest body that is read, in bytes. */
  readonly limit: number;
  /** Whether a file is expected. Errors are JSON or HTML even then. */
  readonly file: boolean;
  /** Whether the `fetch` is known to obey the signal and the `Content-Length` of the answer. */
  readonly own: boolean;
}

/**
 * Reads the whole body of an answer, or nothing. If the body is too long, or the call ends first, the rest is canceled.
 */
export async function readBody(response: FetchAnswer, { signal, limit, file, own }: ReadOptions): Promise<Body> {
  // A stream takes 10 to 100 µs longer, depending on the runtime.
  if (own && isShort(response.headers, limit)) return readWhole(response, limit, file);
  const { body } = response;
  if (body !== null && typeof body === "object") {
    if ("getReader" in body) return decode(await readWebStream(body as ReadableStream<Bytes>, signal, limit), file);
    if (Symbol.asyncIterator in body) return decode(await readNodeStream(body as NodeStream, signal, limit), file);
  }
  return readWhole(response, limit, file);
}

/** Whether the length is known and within the limit. The length of a compressed body says nothing about its content. */
function isShort(headers: FetchAnswer["headers"], limit: number): boolean {
  const length = headers?.get("content-length") ?? null;
  return length !== null && /^\d{1,9}$/.test(length) && Number(length) <= limit && !headers?.get("content-encoding");
}

async function readWebStream(stream: ReadableStream<Bytes>, signal: AbortSignal, limit: number): Promise<Bytes[] | undefined> {
  const reader = stream.getReader();
  // Not every `fetch` reacts to the signal.
  const cancel = (): void => void reader.cancel().catch(() => {});
  if (signal.aborted) return void cancel();
  signal.addEventListener("abort", cancel);
  try {
    const chunks: Bytes[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return undefined;
      if (done) return chunks;
      length += value.length;
      if (length > limit) return void cancel();
      chunks.push(value);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

async function readNodeStream(stream: NodeStream, signal: AbortSignal, limit: number): Promise<Bytes[] | undefined> {
  const cancel = (): void => void stream.destroy?.();
  if (signal.aborted) return void cancel();
  signal.addEventListener("abort", cancel);
  try {
    const chunks: Bytes[] = [];
    let length = 0;
    for await (const chunk of stream) {
      const bytes = (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk) as Bytes;
      length += bytes.length;
      // Leaving the loop destroys the stream.
      if (length > limit) return undefined;
      chunks.push(bytes);
    }
    return signal.aborted ? undefined : chunks;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Reads an answer that has no stream, as in React Native or in tests. Its length is known only afterwards. */
async function readWhole(response: FetchAnswer, limit: number, file: boolean): Promise<Body> {
  if (typeof response.arrayBuffer === "function" && (file || typeof response.text !== "function")) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.length > limit ? NOTHING : decode([bytes], file);
  }
  if (typeof response.text === "function") {
    const text = await response.text();
    return text.length > limit ? NOTHING : { text };
  }
  if (typeof response.json === "function") return { text: JSON.stringify(await response.json()) };
  throw new InvalidRequestError(
    "`fetch` has to return a promise of a Response, but returned an object without body, text(), arrayBuffer() and json().",
  );
}

function decode(chunks: readonly Bytes[] | undefined, file: boolean): Body {
  if (!chunks) return NOTHING;
  const bytes = chunks.length === 1 ? chunks[0]! : joined(chunks);
  const first = bytes[0];
  // A file is not empty, and begins neither with `<` nor with `{`.
  if (file && first !== undefined && first !== 0x3c && first !== 0x7b) return { text: undefined, bytes };
  return { text: new TextDecoder().decode(bytes) };
}

function joined(chunks: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
