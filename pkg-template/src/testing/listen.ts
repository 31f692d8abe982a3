/** The HTTP and WebSocket adapter, for Node, Deno and Bun. */

import { splitTarget } from "./outcome.js";
import { acceptOf, binaryFrame, closeFrame, FrameReader, pongFrame, textFrame } from "./socket/frames.js";
import type { SocketHub } from "./socket/hub.js";
import { isBytes, type ExchangeAnswer, type Handler } from "./http/wire.js";

/** Settings for listening. */
export interface ListenOptions {
  /** The number of a TCP port. Default any free one. */
  readonly port?: number;
  /** A private key and its certificate, in PEM, for TLS. Default: none, and plain HTTP. */
  readonly tls?: {
    /** The private key, in PEM. */
    readonly key: string;
    /** The certificate, in PEM. */
    readonly cert: string;
  };
}

/** A listening exchange. */
export interface ExchangeServer {
  /** The `baseUrl` of both products, such as `http://127.0.0.1:49152`, without a slash at the end. With TLS, `https://…`. */
  readonly url: string;
  /** The same as `ws://…` or `wss://…`. Append `/v2` for the Spot WebSocket, and `/ws/v1` for that of Futures. */
  readonly socketUrl: string;
  /** The port on loopback. */
  readonly port: number;
  /** Destroys every connection and stops listening. */
  close(): Promise<void>;
}

/** The largest request body that is read, in bytes. */
const MAX_BODY = 8 * 1024 * 1024;
/** The largest WebSocket message that is read, in bytes. */
const MAX_MESSAGE = 1024 * 1024;

// The part of node:http that is used here. The types of all of Node would be a dependency of every importer.
interface Emitter {
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
}
interface Socket extends Emitter {
  readonly remoteAddress?: string;
  readonly encrypted?: boolean;
  destroy(): void;
  destroySoon?(): void;
  resetAndDestroy?(): void;
  write(chunk: Uint8Array | string): void;
  end(chunk?: Uint8Array | string): void;
}
interface IncomingMessage extends Emitter, AsyncIterable<Uint8Array> {
  readonly method?: string;
  readonly url?: string;
  readonly rawHeaders: readonly string[];
  readonly socket: Socket;
}
interface ServerResponse extends Emitter {
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Readonly<Record<string, string>>): void;
  write(chunk: Uint8Array, flushed: () => void): boolean;
  end(chunk?: Uint8Array | string): void;
}
interface Server extends Emitter {
  listen(port: number, host: string): void;
  close(callback: () => void): void;
  address(): { readonly port: number } | string | null;
}
/** The function that node:http and node:https share. Only node:https accepts a certificate. */
interface NodeHttp {
  createServer(
    options: { readonly key?: string; readonly cert?: string },
    listener: (request: IncomingMessage, response: ServerResponse) => void,
  ): Server;
}

export async function listen(handle: Handler, hub: SocketHub, { port = 0, tls }: ListenOptions): Promise<ExchangeServer> {
  // Not a literal, so that a bundler for a browser or a Worker leaves it alone.
  const specifier = tls ? "node:https" : "node:http";
  const http = (await import(/* webpackIgnore: true */ /* @vite-ignore */ specifier)) as NodeHttp;
  const sockets = new Set<Socket>();
  let url = "";
  const server = http.createServer({ ...tls }, (request, response) => {
    const socket = request.socket;
    serve(handle, url, request, response).catch(() => socket.destroy());
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Uint8Array) => {
    upgrade(hub, request, socket, head).catch(() => socket.destroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject as () => void);
    server.once("listening", resolve);
    server.listen(port, "127.0.0.1");
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  url = `${tls ? "https" : "http"}://127.0.0.1:${bound}`;
  return {
    url,
    socketUrl: url.replace("http", "ws"),
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function serve(handle: Handler, origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const body = await readBody(request);
  if (!body) {
    response.writeHead(413, { connection: "close" });
    response.end();
    return;
  }
  const answer = await handle(
    {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: toHeaders(request.rawHeaders),
      body,
      ip: ipOf(request.socket),
      origin,
    },
    gone.signal,
  );
  await write(answer, request.socket, response, gone.signal);
}

async function write(answer: ExchangeAnswer, socket: Socket, response: ServerResponse, gone: AbortSignal): Promise<void> {
  if (answer.type === "reset") {
    // A socket with TLS has the method too, and throws.
    if (socket.resetAndDestroy && !socket.encrypted) socket.resetAndDestroy();
    else socket.destroy();
    return;
  }
  if (isBytes(answer.body)) {
    response.writeHead(answer.status, { ...answer.headers, "content-length": String(answer.body.length) });
    response.end(answer.body);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  for await (const chunk of answer.body) {
    if (gone.aborted) return;
    await flushed(response, chunk, gone);
  }
  response.end();
}

/** Waits until each chunk is sent, both for backpressure and so that the chunk is delivered before the connection breaks. */
function flushed(response: ServerResponse, chunk: Uint8Array, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      gone.removeEventListener("abort", done);
      resolve();
    };
    gone.addEventListener("abort", done, { once: true });
    response.write(chunk, done);
  });
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

const ipOf = (socket: Socket): string => (socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");

/** The handshake of RFC 6455 §4.2, and the connection after it. */
async function upgrade(hub: SocketHub, request: IncomingMessage, socket: Socket, head: Uint8Array): Promise<void> {
  // Without a listener, an error would end the process.
  socket.on("error", () => socket.destroy());
  const refuse = (status: number, more = ""): void =>
    socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n${more}\r\n`);
  const headers = toHeaders(request.rawHeaders);
  const key = headers.get("sec-websocket-key") ?? "";
  if (request.method !== "GET" || !/^websocket$/i.test(headers.get("upgrade") ?? "") || !/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key))
    return refuse(400);
  if (headers.get("sec-websocket-version") !== "13") return refuse(426, "Sec-WebSocket-Version: 13\r\n");
  const { pathname } = splitTarget(request.url ?? "/");
  const ip = ipOf(socket);
  const admission = hub.admit(pathname, ip);
  if (admission.type === "status") return refuse(admission.status);
  if (admission.type === "reset") return socket.destroy();
  if (admission.type === "silence") return;
  const accept = await acceptOf(key);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const over = (): void => (socket.destroySoon ? socket.destroySoon() : socket.end());
  const session = hub.connect(pathname, ip, {
    send: (data) => socket.write(typeof data === "string" ? textFrame(data) : binaryFrame(data)),
    sendHalf: (text) => {
      const frame = textFrame(text);
      socket.write(frame.subarray(0, Math.ceil(frame.length / 2)));
    },
    close: (code) => {
      socket.write(closeFrame(code));
      over();
    },
    reset: over,
  });
  const reader = new FrameReader(MAX_MESSAGE, hub.takesBinary(pathname), {
    text: (text) => session.receive(text),
    ping: (payload) => {
      if (session.open && !session.silent) socket.write(pongFrame(payload));
    },
    close: (code) => {
      if (!session.silent) session.close(code);
    },
  });
  socket.once("close", () => session.gone());
  socket.on("end", () => socket.end());
  if (head.length > 0) reader.push(head);
  socket.on("data", ((chunk: Uint8Array) => reader.push(chunk)) as () => void);
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? "", raw[i + 1] ?? "");
  return headers;
}
