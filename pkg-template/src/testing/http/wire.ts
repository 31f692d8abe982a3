/** What crosses the wire, free of any runtime: the core is a function of these, `fetch` and `listen` are adapters. */

/** A request as it arrived, nothing decoded or normalised. */
export interface ExchangeRequest {
  /** Of HTTP, in capitals. */
  readonly method: string;
  /** The raw request target, such as `/0/private/Balance`, with its query string if there is one: exactly what was signed. */
  readonly path: string;
  /** As received. */
  readonly headers: Headers;
  /** The raw bytes of the body. */
  readonly body: Uint8Array;
  /** The address of the caller; 127.0.0.1 by default. */
  readonly ip?: string;
  /** Where the caller believes it is talking to, such as `https://api.kraken.com`. */
  readonly origin?: string;
}

/** An HTTP response, or a connection that breaks without one. */
export type ExchangeAnswer =
  | {
      readonly type: "response";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Bytes, or chunks as they come; an error thrown by the iterator breaks the connection in the middle of the body. */
      readonly body: Uint8Array | AsyncIterable<Uint8Array>;
    }
  | { readonly type: "reset" };

/** Handles one request; `gone` tells that the caller no longer waits for the answer (the request is handled all the same). */
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
