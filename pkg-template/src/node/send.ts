// Sends one request with node:http, and returns the answer as `fetch` does.
import { type Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { InvalidRequestError } from "../errors.js";
import { type Agents, type TunnelOptions, noteLifetime } from "./agents.js";
import { NodeResponse } from "./response.js";

/**
 * Sends a request once. It is never repeated.
 *
 * @throws Node's error with its `code`, or the reason of the signal
 */
export async function send(agents: Agents, agent: Agent, url: URL, init: RequestInit): Promise<Response> {
  const { method = "GET", signal, redirect = "follow" } = init;
  signal?.throwIfAborted();
  const given = bodyOf(init.body);
  const body = given instanceof Promise ? await given : given;
  const headers = headersOf(init.headers, method, body);
  const news = agents.newsOfIdle(agent);
  if (news) await news;
  signal?.throwIfAborted();
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const options: TunnelOptions = { method, headers, agent, until: signal ?? undefined };
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options);
    let answer: IncomingMessage | undefined;
    const abort = (): void => {
      answer?.destroy(reasonOf(signal!));
      request.destroy(reasonOf(signal!));
    };
    signal?.addEventListener("abort", abort);
    request.on("error", reject);
    request.once("response", (response) => {
      noteLifetime(response);
      answer = response;
      resolve(response);
    });
    request.once("close", () => {
      signal?.removeEventListener("abort", abort);
      // An error takes 20 µs, because of its stack.
      if (!answer) reject(new Error("The connection was closed"));
    });
    request.end(body);
  });
  if (redirect !== "manual" && /^30[12378]$/.test(`${incoming.statusCode}`)) {
    incoming.destroy();
    throw new TypeError('The answer is a redirect, which nodeFetch follows nowhere. Pass `redirect: "manual"` to see it.');
  }
  return new NodeResponse(incoming, url.href) as unknown as Response;
}

/** Returns the reason of a signal as an error, because `destroy` accepts only errors. */
function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}

type Content = string | Uint8Array | undefined;

/** Returns the content of a body. Only that of a `Blob` or a stream has to be waited for. */
function bodyOf(body: RequestInit["body"]): Content | Promise<Content> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof Blob) return bytesOf(body);
  if (body instanceof ReadableStream) return bytesOf(new Response(body));
  throw new InvalidRequestError("Invalid `body`: nodeFetch sends text, bytes (Uint8Array), URLSearchParams and Blobs.");
}

const bytesOf = async (content: Blob | Response): Promise<Uint8Array> => new Uint8Array(await content.arrayBuffer());

/** Returns the given headers, and those that every request must have. */
function headersOf(given: RequestInit["headers"], method: string, body: Content): Record<string, string> {
  const headers: Record<string, string> = {};
  const isPlain = Object.getPrototypeOf(given ?? {}) === Object.prototype;
  for (const [name, value] of isPlain ? Object.entries(given ?? {}) : new Headers(given)) headers[name] = `${value as string}`;
  const has = (name: string): boolean => Object.keys(headers).some((one) => one.toLowerCase() === name);
  if (!has("accept")) headers.Accept = "*/*";
  // Market data can be long. Answers to signed requests are short, so decompressing them would take longer than it saves.
  if (method === "GET" && !has("accept-encoding")) headers["Accept-Encoding"] = "gzip";
  if (body !== undefined) headers["Content-Length"] = `${typeof body === "string" ? Buffer.byteLength(body) : body.length}`;
  else if (/^(POST|PUT|PATCH)$/.test(method)) headers["Content-Length"] = "0";
  return headers;
}
