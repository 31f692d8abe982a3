import { described, unsetProblem } from "../checks.js";
import { need } from "../errors.js";

/** Whether a value is text that matches a pattern. */
export const matches = (pattern: RegExp, text: unknown): text is string => typeof text === "string" && pattern.test(text);

/** The schemes that a URL may have: one with TLS, and one without, for this machine only. */
export interface Schemes {
  readonly secure: "https" | "wss";
  readonly plain: "http" | "ws";
}

/** Returns a URL in normal form; `undefined` if it is invalid. (Workers with an early compatibility date have no `URL.canParse`.) */
export function hrefOf(url: string): string | undefined {
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}

/**
 * Checks a URL of the caller, and returns it without trailing slashes.
 *
 * @param option - the name of the option
 */
export function baseOf(url: unknown, option = "baseUrl", { secure, plain }: Schemes = { secure: "https", plain: "http" }): string {
  const invalid = `Invalid \`${option}\`:`;
  const unset = unsetProblem(url);
  need(!unset, `${invalid} ${unset}`);
  need(typeof url === "string", `${invalid} expected text such as "${secure}://host.example", got ${described(url)}.`);
  const [scheme = ""] = /^[a-z]+(?=:\/\/)/i.exec(url) ?? [];
  need(scheme, `${invalid} it does not begin with ${secure}://.`);
  need(scheme === secure || scheme === plain, `${invalid} expected ${secure}://, got ${scheme}://.`);
  need(!/[?#]/.test(url), `${invalid} it has a query or a fragment. Remove it.`);
  need(
    !url.includes("@"),
    `${invalid} it has a user or a password, which ${secure === "https" ? "`fetch`" : "a WebSocket"} does not accept. Remove them.`,
  );
  need(
    /^\w+:\/\/[^\s/\\]+(\/[^\s\\]*)?$/.test(url) && hrefOf(url) !== undefined,
    `${invalid} it is not valid. Check its host and its port, and remove white space and backslashes.`,
  );
  need(
    scheme === secure || /^\w+:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(url),
    `${invalid} ${plain}:// is for loopback only, because others could read keys and signatures on the network. Use ${secure}://.`,
  );
  return url.replace(/\/+$/, "");
}

/** Paths of Kraken's APIs, with or without an endpoint. The clients add them themselves. */
const API_PATH = /\/((0|derivatives)(\/.*)?)$/;

/** Checks the base URL of a client of one of Kraken's APIs. */
export function baseOfClient(url: unknown, product: "spot" | "futures", option = "baseUrl"): string {
  need(
    !matches(/^(wss?:|https:..[\w-]*(ws[\w-]*\.kraken\.com|\.kraken\.com\/ws\/))/, url),
    `Invalid \`${option}\`: it is a WebSocket address. Pass it as \`url\` of SpotSocket or FuturesSocket.`,
  );
  const base = baseOf(url, option);
  const { origin, hostname } = new URL(base);
  const [, path] = /(^|\.)kraken\.com$/.test(hostname) ? (API_PATH.exec(base) ?? []) : [];
  need(path === undefined, `Invalid \`${option}\`: it ends in /${path}, which the client adds itself. Pass ${base.replace(API_PATH, "")}.`);
  const [other, owner] = product === "spot" ? [/^(demo-)?futures\.kraken\.com$/, "Futures"] : [/^api\.kraken\.com$/, "Spot"];
  need(!other.test(hostname), `Invalid \`${option}\`: ${origin} belongs to ${owner}, which has its own client and its own keys.`);
  return base;
}

/** Whether this code runs in a web page. Workers, Deno, Bun and Node have neither a document nor the user agent of a browser. */
export function inBrowser(): boolean {
  const { document, navigator } = globalThis as { document?: unknown; navigator?: { userAgent?: unknown } };
  return !!document || matches(/^Mozilla/, navigator?.userAgent);
}
