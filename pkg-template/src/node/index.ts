/**
 * Things that need Node: a `fetch` for servers that need low latency, which keeps connections open for as long as Kraken does, and a file for the highest nonce
 * of a key.
 *
 * @module
 */
import { checkMilliseconds, checkNames, described } from "../checks.js";
import { InvalidRequestError, need } from "../errors.js";
import { KEEPS_TO_LENGTH } from "../rest/http/own-fetch.js";
import { Agents } from "./agents.js";
import { readProxy } from "./proxy.js";
import { send } from "./send.js";

export { nonceFile } from "./nonce-file.js";

/** Options of {@link nodeFetch}. */
export interface NodeFetchOptions {
  /**
   * The URL of a proxy, such as `"http://user:password@proxy.example:3128"`, or `null` for none. By default, the proxy in the environment
   * (`HTTPS_PROXY` or `ALL_PROXY`, except for the hosts in `NO_PROXY`; lower case works too).
   */
  readonly proxy?: string | URL | null | undefined;
  /** Milliseconds after which an idle connection is closed. By default, it stays open until the server closes it. */
  readonly idleTimeout?: number | undefined;
  /** The certificates of the authorities to trust, in PEM; by default, those of Node. */
  readonly ca?: string | readonly string[] | undefined;
}

/** A `fetch` with its own connections. It does not follow redirects. */
export interface NodeFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * Opens connections in advance, so that the next call does not wait for the name lookup, TCP and TLS. Resolves when they are open.
   *
   * @param url - a URL of the host to connect to
   * @param connections - the number of connections, at most 16; 1 by default. A key sends one request at a time, so it needs one.
   * @throws the error of `fetch` if the host cannot be reached
   */
  warm(url: string | URL, connections?: number): Promise<void>;
  /** Closes idle connections at once, and the others after their answers. Nothing can be sent afterwards. */
  close(): void;
}

const MOST_WARM = 16;

/**
 * Makes a `fetch` on Node's own HTTP agent. Node's `fetch` closes an idle connection after 4 seconds, so the next order waits for TCP and TLS again:
 * three round trips instead of one. This `fetch` keeps connections until the server closes them, and resumes TLS sessions after that.
 *
 * @example
 * ```ts
 * import { SpotClient } from "kraken-signer";
 * import { nodeFetch } from "kraken-signer/node";
 *
 * const fetch = nodeFetch();
 * const kraken = new SpotClient({ key, secret, fetch });
 * await fetch.warm("https://api.kraken.com");
 * ```
 */
export function nodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  need(typeof options !== "string", "nodeFetch was called as a `fetch`, but it makes one: pass `nodeFetch()`, not `nodeFetch`.");
  checkOptions(options);
  const agents = new Agents({ ...options, proxyOf: readProxy(options.proxy) });
  // Errors are thrown synchronously, which proves that nothing was sent.
  const fetch = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const isRequest = input instanceof Request;
    const url = urlOf(isRequest ? input.url : input);
    return send(agents, agents.for(url), url, isRequest ? { ...partsOf(input), ...init } : init);
  };
  const warm = async (url: string | URL, connections = 1): Promise<void> => {
    need(
      Number.isInteger(connections) && connections >= 1 && connections <= MOST_WARM,
      `Invalid \`connections\`: expected a whole number from 1 to ${MOST_WARM}, got ${typeof connections === "number" ? connections : described(connections)}.`,
    );
    const { origin } = urlOf(url);
    // All at once, so that each request opens its own connection.
    const opened = Array.from({ length: connections }, async () => (await fetch(origin, { method: "HEAD" })).arrayBuffer());
    await Promise.all(opened);
  };
  return Object.assign(fetch, { warm, close: () => agents.close(), [KEEPS_TO_LENGTH]: fetch });
}

function checkOptions(options: NodeFetchOptions): void {
  need(typeof options === "object" && options !== null, `nodeFetch() takes an object with options, but got ${described(options)}.`);
  checkNames("nodeFetch", options, ["proxy", "idleTimeout", "ca"], { timeout: "idleTimeout", keepalivetimeout: "idleTimeout" });
  const { idleTimeout, ca } = options;
  checkMilliseconds("idleTimeout", idleTimeout);
  need(
    ca === undefined || [ca].flat().every((one) => typeof one === "string" && one.includes("-----BEGIN")),
    "Invalid `ca`: expected certificates as text in PEM, which begins with -----BEGIN CERTIFICATE-----.",
  );
}

const partsOf = ({ method, headers, body, signal, redirect }: Request): RequestInit => ({ method, headers, body, signal, redirect });

function urlOf(given: string | URL): URL {
  try {
    const url = new URL(given);
    if (/^https?:$/.test(url.protocol)) return url;
  } catch {
    // It is refused below.
  }
  throw new InvalidRequestError(`Invalid URL: expected one with https, or http, got ${described(given)}.`);
}
