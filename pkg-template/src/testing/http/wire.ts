/** Requests and answers without any runtime. The core is a function of these, and `fetch` and `listen` are adapters. */

/** A request as it arrived. Nothing is decoded or normalized. */
export interface ExchangeRequest {
  /** The HTTP method, in capitals. */
  readonly method: string;
  /** The raw request target exactly as it was signed, such as `/0/private/Balance`, with its query string if there is one. */
  readonly path: string;
  /** The headers as received. */
  readonly headers: Headers;
  /** The raw bytes of the body. */
  readonly body: Uint8Array;
  /** The address of the caller. Default 127.0.0.1. */
  readonly ip?: string;
  /** The origin that the caller sent the request to, such as `https://api.kraken.com`. */
  readonly origin?: string;
}

/** An HTTP response, or a connection that breaks without one. */
export type ExchangeAnswer =
  | {
      readonly type: "response";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** The body as bytes, or in chunks. An error thrown by the iterator breaks the connection in the middle of the body. */
      readonly body: Uint8Array | AsyncIterable<Uint8Array>;
    }
  | { readonly type: "reset" };

/** Handles one request. `gone` is aborted when the caller no longer waits for the answer. The request is handled even then. */
export type Handler = (request: ExchangeRequest, gone?: AbortSignal) => Promise<ExchangeAnswer>;

const encoder = new TextEncoder();

export function respond(
  status: number,
  contentType: string,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): ExchangeAnswer {
  return {
    type: "response",
    status,
    headers: { "content-type": contentType, ...headers },
    body: typeof body === "string" ? encoder.encode(body) : body,
  };
}

export function respondJson(value: unknown, status = 200): ExchangeAnswer {
  return respond(status, "application/json; charset=utf-8", JSON.stringify(value));
}

/**
 * Whether a value is bytes. In the jsdom of Vitest, the global `Uint8Array` is that of the page, and the bytes of a TextEncoder are no instances of it.
 */
export const isBytes = (value: unknown): value is Uint8Array => ArrayBuffer.isView(value);
