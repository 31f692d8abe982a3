/** The in-memory adapter: an exchange behind a function shaped like `fetch`. */

import { breathe, type Timers } from "./waiting.js";
import type { ExchangeAnswer, ExchangeRequest, Handler } from "./wire.js";

const MAX_REDIRECTS = 20;

/** A `fetch` whose every request ends up in `handle`, as if it came from `ip`. */
export function createFetch(handle: Handler, ip: string, timers: Timers): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    // The signal stays outside: a Request that follows a long-lived signal adds a listener to it for good.
    const request = new Request(input, { ...init, signal: null });
    signal?.throwIfAborted();
    return await unlessAborted(send(handle, ip, request, signal ?? undefined, timers), signal ?? undefined);
  };
}

async function send(handle: Handler, ip: string, request: Request, signal: AbortSignal | undefined, timers: Timers): Promise<Response> {
  let message = await toMessage(request, ip);
  await breathe(timers);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await handle(message, signal);
    const location = answer.type === "response" && answer.status >= 301 ? answer.headers["location"] : undefined;
    if (location === undefined || request.redirect === "manual") return toResponse(answer, signal);
    if (request.redirect === "error" || redirects === MAX_REDIRECTS) throw networkError("unexpected redirect");
    // As fetch does it: credentials in headers of our own making follow to any origin, the body only with 307 and 308.
    const url = new URL(location, message.origin);
    const keepsBody = answer.type === "response" && [307, 308].includes(answer.status);
    message = {
      ...message,
      ...target(url),
      ...(keepsBody ? {} : { method: "GET", body: new Uint8Array() }),
    };
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
  return new Response(body instanceof Uint8Array ? body.slice() : toStream(body, signal), { status, headers });
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

/** What fetch rejects with when there is no answer: a TypeError, in Node with the system's code in `cause`. */
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
