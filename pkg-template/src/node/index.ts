/**
 * `fetch` for servers that count milliseconds: on Node's own HTTP agent, which keeps connections open for as long as Kraken does.
 *
 * @module
 */
import { checkMilliseconds, checkNames, described } from "../checks.js";
import { InvalidRequestError, need } from "../errors.js";
import { KEEPS_TO_LENGTH } from "../rest/http/own-fetch.js";
import { Agents } from "./agents.js";
import { readProxy } from "./proxy.js";
import { send } from "./send.js";

/** Options of {@link nodeFetch}. */
export interface NodeFetchOptions {
  /**
   * The proxy to go through: its URL, such as `"http://user:password@proxy.example:3128"`, or `null` for none. By default the one that the
   * environment names (`HTTPS_PROXY`, `ALL_PROXY`, without the hosts in `NO_PROXY`; in small letters, too).
   */
  readonly proxy?: string | URL | null | undefined;
  /** Milliseconds after which a connection that nobody uses is closed. By default it stays open until the server closes it. */
  readonly idleTimeout?: number | undefined;
  /** Certificates of authorities to trust in the place of Node's own, in PEM. */
  readonly ca?: string | readonly string[] | undefined;
}

/** A `fetch` with connections of its own. It takes text and bytes as bodies, and follows no redirect. */
export interface NodeFetch {
  (url: string | URL, init?: RequestInit): Promise<Response>;
  /**
   * Opens connections ahead, so that the next call does not have to wait for the name, TCP and TLS. Resolves when they stand.
   *
   * @param url - what is to be called; only its host matters
   * @param connections - how many are to be open; 1 by default, 16 at most. A key sends one request at a time and needs one.
   * @throws what `fetch` throws where the host cannot be reached
   */
  warm(url: string | URL, connections?: number): Promise<void>;
  /** Closes the connections that nobody uses, and the others after their answers. Nothing can be sent any more. */
  close(): void;
}

const MOST_WARM = 16;

/**
 * Makes a `fetch` on Node's own HTTP agent. Node's `fetch` drops a connection after 4 seconds of silence; the next order then waits for TCP and
 * TLS again, three round trips instead of one. This one keeps connections until the server closes them, and resumes TLS sessions after that.
 *
 * @example
 * ```ts
 * import { SpotClient } from "kraken-signer";
 * import { nodeFetch } from "kraken-signer/node";
 *
 * const fetch = nodeFetch();
 * const kraken = new SpotClient({ key: process.env.KRAKEN_KEY!, secret: process.env.KRAKEN_SECRET!, fetch });
 * await fetch.warm("https://api.kraken.com");
 * ```
 */
export function nodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  checkOptions(options);
  const agents = new Agents({ ...options, proxyOf: readProxy(options.proxy) });
  // Thrown at once, not as a rejection: then it is certain that nothing was sent.
  const fetch = (url: string | URL, init: RequestInit = {}): Promise<Response> => send(agents.for(urlOf(url)), urlOf(url), init);
  const warm = async (url: string | URL, connections = 1): Promise<void> => {
    need(
      Number.isInteger(connections) && connections >= 1 && connections <= MOST_WARM,
      `Invalid \`connections\`: expected a whole number from 1 to ${MOST_WARM}, got ${typeof connections === "number" ? connections : described(connections)}.`,
    );
    const { origin } = urlOf(url);
    // All at once: as many as are on their way have connections of their own.
    const opened = Array.from({ length: connections }, async () => (await fetch(origin, { method: "HEAD" })).arrayBuffer());
    await Promise.all(opened);
  };
  return Object.assign(fetch, { warm, close: () => agents.close(), [KEEPS_TO_LENGTH]: true });
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

function urlOf(given: string | URL): URL {
  const url = URL.canParse(`${given}`) ? new URL(`${given}`) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidRequestError(`Invalid URL: expected one with https, or http, got ${described(given)}.`);
}
