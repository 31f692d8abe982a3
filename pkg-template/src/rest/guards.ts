import { described } from "../checks.js";
import { need } from "../errors.js";

/** Whether a value is text of this form. */
export const matches = (pattern: RegExp, text: unknown): text is string => typeof text === "string" && pattern.test(text);

/** How a URL may begin: with TLS, or without it on this machine. */
export interface Schemes {
  readonly secure: "https" | "wss";
  readonly plain: "http" | "ws";
}

/** A URL as a parser writes it, or `undefined` if it is none. (`URL.canParse` is not in Workers with a compatibility date before its time.) */
export function hrefOf(url: string): string | undefined {
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}

/**
 * Checks a URL that a caller gives, and returns it without a final slash.
 *
 * @param option - what the caller calls it
 */
export function baseOf(url: unknown, option = "baseUrl", { secure, plain }: Schemes = { secure: "https", plain: "http" }): string {
  const invalid = `Invalid \`${option}\`:`;
  need(typeof url === "string", `${invalid} expected text such as "${secure}://host.example", got ${described(url)}.`);
  const [scheme = ""] = /^[a-z]+(?=:\/\/)/i.exec(url) ?? [];
  need(scheme, `${invalid} it does not begin with ${secure}://.`);
  need(scheme === secure || scheme === plain, `${invalid} expected ${secure}://, got ${scheme}://.`);
  need(!/[?#]/.test(url), `${invalid} it has a query or a fragment. Leave it out.`);
  need(
    !url.includes("@"),
    `${invalid} it has a user or a password. Leave them out: ${secure === "https" ? "`fetch` takes none" : "a WebSocket takes none"}.`,
  );
  need(
    /^\w+:\/\/[^\s/\\]+(\/[^\s\\]*)?$/.test(url) && hrefOf(url) !== undefined,
    `${invalid} it has no host, or white space or a backslash in it.`,
  );
  need(
    scheme === secure || /^\w+:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(url),
    `${invalid} ${plain}:// is for loopback only, since keys and signatures could be read on the way. Use ${secure}://.`,
  );
  return url.replace(/\/+$/, "");
}

/** Paths of Kraken's APIs, which the clients add themselves. */
const API_PATH = /\/(0|0\/(private|public)|derivatives(\/api(\/v\d)?)?)$/;

/** Checks the base URL of a client of one of Kraken's APIs. */
export function baseOfClient(url: unknown, product: "spot" | "futures", option = "baseUrl"): string {
  const base = baseOf(url, option);
  const { origin, hostname } = new URL(base);
  const [, path] = /(^|\.)kraken\.com$/.test(hostname) ? (API_PATH.exec(base) ?? []) : [];
  need(
    path === undefined,
    `Invalid \`${option}\`: it ends in /${path}, which the client adds itself. Write ${base.replace(API_PATH, "")}.`,
  );
  const [other, owner] = product === "spot" ? ["futures.kraken.com", "Futures"] : ["api.kraken.com", "Spot"];
  need(hostname !== other, `Invalid \`${option}\`: ${origin} is that of ${owner}, which has a client and keys of its own.`);
  return base;
}

/** Who can open a page can read its secrets. Workers, Deno, Bun and Node have no document, and no browser's name. */
export function inBrowser(): boolean {
  const { document, navigator } = globalThis as { document?: unknown; navigator?: { userAgent?: unknown } };
  return !!document || matches(/^Mozilla/, navigator?.userAgent);
}
