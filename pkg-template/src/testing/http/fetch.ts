/** The in-memory adapter: an exchange behind a function shaped like `fetch`. */

import { breathe, type Timers } from "./waiting.js";
import { isBytes, type ExchangeAnswer, type ExchangeRequest, type Handler } from "./wire.js";

const encoder = new TextEncoder();
const MAX_REDIRECTS = 20;

/** The property that tells the clients that no other `fetch` leads to the same orders: `handle` stands for the exchange. */
const SEPARATE = Symbol.for("kraken-signer.separate/1");

/** Makes a `fetch` that passes every request to `handle`, as if it came from `ip`. */
export function createFetch(handle: Handler, ip: string, timers: Timers): typeof fetch {
  const send = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const plain = plainMessage(input, init, ip);
    // The signal is not passed on, because a Request that follows a long-lived signal adds a listener that is never removed.
    const request = plain ? undefined : new Request(input, { ...init, signal: null });
    signal?.throwIfAborted();
    const redirect = request?.redirect ?? init?.redirect ?? "follow";
    const sent = plain ?? toMessage(request as Request, ip);
    return await unlessAborted(answerTo(handle, sent, redirect, signal ?? undefined, timers), signal ?? undefined);
  };
  return Object.assign(send, { [SEPARATE]: handle });
}

async function answerTo(
  handle: Handler,
  sent: ExchangeRequest | Promise<ExchangeRequest>,
  redirect: RequestRedirect,
  signal: AbortSignal | undefined,
  timers: Timers,
): Promise<Response> {
  let message = await sent;
  await breathe(timers);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await handle(message, signal);
    const location = answer.type === "response" && answer.status >= 301 ? answer.headers["location"] : undefined;
    if (location === undefined || redirect === "manual") return toResponse(answer, signal);
    if (redirect === "error" || redirects === MAX_REDIRECTS) throw networkError("unexpected redirect");
    // As in fetch, custom headers with credentials follow a redirect to any origin, but the body only with 307 and 308.
    const url = new URL(location, message.origin);
    const keepsBody = answer.type === "response" && [307, 308].includes(answer.status);
    message = {
      ...message,
      ...target(url),
      ...(keepsBody ? {} : { method: "GET", body: new Uint8Array() }),
    };
  }
}

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const REDIRECTS: readonly unknown[] = [undefined, "follow", "manual", "error"];

/**
 * Reads the requests that most clients make without creating a Request, which would take as long as everything else that the exchange does. Returns
 * `undefined` for input that a Request would refuse, rewrite or read as a stream.
 */
function plainMessage(input: RequestInfo | URL, init: RequestInit | undefined, ip: string): ExchangeRequest | undefined {
  const { method = "GET", body, redirect } = init ?? {};
  if (typeof input !== "string" || !METHODS.includes(method) || !REDIRECTS.includes(redirect)) return undefined;
  const isText = typeof body === "string";
  if ((isText && method === "GET") || (!isText && body !== undefined && body !== null)) return undefined;
  const url = parsed(input);
  if (!url || url.username || url.password) return undefined;
  const headers = new Headers(init?.headers);
  if (isText && !headers.has("content-type")) headers.set("content-type", "text/plain;charset=UTF-8");
  return { method, ...target(url), headers, body: encoder.encode(isText ? body : ""), ip };
}

/** Returns a URL; `undefined` if it is invalid. (Workers with an early compatibility date have no `URL.canParse`.) */
function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

async function toMessage(request: Request, ip: string): Promise<ExchangeRequest> {
  return {
    method: request.method,
    ...target(new URL(request.url)),
    headers: request.headers,
    body: new Uint8Array(await request.arrayBuffer()),
    ip,
  };
}

function target(url: URL): { origin: string; path: string } {
  return { origin: url.origin, path: url.pathname + url.search };
}

function toResponse(answer: ExchangeAnswer, signal: AbortSignal | undefined): Response {
  if (answer.type === "reset") throw networkError("connection reset");
  const { status, headers, body } = answer;
  // The constructor throws if one of these has a body, even an empty one.
  if ([204, 205, 304].includes(status)) return new Response(null, { status, headers });
  return new Response(isBytes(body) ? (body as Uint8Array<ArrayBuffer>) : toStream(body, signal), { status, headers });
}

function toStream(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await unlessAborted(iterator.next(), signal);
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        void iterator.return?.();
        controller.error(signal?.aborted ? error : networkError("connection reset"));
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Makes the error with which fetch rejects if there is no answer: a TypeError, in Node with the system's code in `cause`. */
function networkError(message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code: "ECONNRESET" }) });
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
