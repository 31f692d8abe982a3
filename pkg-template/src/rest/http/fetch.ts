/** The options that a client passes to its {@link Fetch}. */
export interface FetchOptions {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  method: string;
  /** The headers, in ASCII. */
  headers: Record<string, string>;
  /** The body; none by default. In Deno, that of a call that changes something is a `Blob` whose `toString` returns the text. */
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
  /** The HTTP status; by default, 200 if `ok` is not `false`. */
  readonly status?: number;
  /** Whether the status is from 200 to 299; by default, that is derived from the status. */
  readonly ok?: boolean;
  /** Whether a redirect was followed, although the options say that none may be. Then the answer counts as none; `false` by default. */
  readonly redirected?: boolean;
  /** The headers, of which `Retry-After`, `Date`, `Content-Length` and `Content-Encoding` are read; none by default. */
  readonly headers?: {
    /** Returns the value of a header, whose name may have any case; `null` if there is none. */
    get(name: string): string | null;
  };
  /** The body as a stream of the web or of Node, which is preferred to the methods; none by default. */
  readonly body?: unknown;
  /** Returns the body as text. It is called if there is no stream. */
  text?(): Promise<string>;
  /** Returns the body as bytes. It is called for files, if there is no stream, and if there is no `text()`. */
  arrayBuffer?(): Promise<ArrayBuffer>;
  /** Returns the body as a value. It is called if there is nothing else. */
  json?(): Promise<unknown>;
}

/**
 * A `fetch`: the runtime's own, that of undici, node-fetch, cross-fetch or `kraken-signer/node`, one that wraps another, or a mock. A method needs its object:
 * pass `(url, init) => env.SERVICE.fetch(url, init)` for a service binding of a Worker.
 */
export type Fetch = (url: string, options: FetchOptions) => Promise<FetchAnswer>;
