/** The options that a client passes to its {@link Fetch}. */
export interface FetchOptions {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  method: string;
  /** The headers, in ASCII. */
  headers: Record<string, string>;
  /** The body, if there is one. In Deno, that of a call that changes something is a `Blob` whose `toString` returns the text. */
  body?: string;
  /** Redirects must not be followed: the key and the signature would be sent to their target. */
  redirect: "manual";
  /** Ends the request. A `fetch` that ignores it only holds its connection longer. */
  signal: AbortSignal;
}

/**
 * The parts of an answer that a client reads. It needs a `status` or `ok`, and one of `body` (a stream of the web or of Node), `text()`, `arrayBuffer()` and
 * `json()`, so that the answers of other implementations and of mocks in tests do.
 */
export interface FetchAnswer {
  readonly status?: number;
  readonly ok?: boolean;
  readonly headers?: { get(name: string): string | null };
  readonly body?: unknown;
  text?(): Promise<string>;
  arrayBuffer?(): Promise<ArrayBuffer>;
  json?(): Promise<unknown>;
}

/**
 * A `fetch`: the runtime's own, that of undici, node-fetch, cross-fetch or `kraken-signer/node`, one that wraps another, or a mock. A method needs its object:
 * pass `(url, init) => env.SERVICE.fetch(url, init)` for a service binding of a Worker.
 */
export type Fetch = (url: string, options: FetchOptions) => Promise<FetchAnswer>;
