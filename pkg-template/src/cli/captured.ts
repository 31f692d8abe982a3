// A request as it was sent, and the parts of it that its signature covers.
import type { InvestigateInput } from "../inspect/index.js";

/** A request that was sent, from a curl command or a log. */
export interface Captured {
  readonly method: string;
  /** The text as it was written, since a URL parser would rewrite it. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The input of `investigate`, as far as it is known. */
export type Known = Partial<InvestigateInput>;

export const nonceIn = (body: string): string | undefined => /(?:^|&|")nonce"?\s*[=:]\s*"?(\d+)/.exec(body)?.[1];

const otpIn = (body: string): string | undefined => /(?:^|&|")otp"?\s*[=:]\s*"?([^&"]*)/.exec(body)?.[1];

/** Returns a body that can be shown: the two-factor code or password is replaced by asterisks. */
export const withoutOtp = (body: string): string =>
  body.replace(/((?:^|&)otp=)[^&]*/g, "$1***").replace(/("otp"\s*:\s*)("(?:\\.|[^"\\])*"|[^,}]*)/g, '$1"***"');

/** Collects everything that the request says about its signature. */
export function knownFrom({ method, url, headers, body }: Captured): Known {
  const header = (name: string): string | undefined => headers.find(([one]) => one.toLowerCase() === name)?.[1].trim() || undefined;
  const [, host = "", target = ""] = /^(?:[a-z]+:\/\/)?([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const path = target.startsWith("/") ? target : `/${target}`;
  const [bare = "", query = ""] = path.split(/\?(.*)/s);
  const isFutures = !!header("authent") || /^\/(derivatives|api\/(v3|history|auth))\//.test(path) || /futures/.test(host);
  const signature = header(isFutures ? "authent" : "api-sign");
  const key = header(isFutures ? "apikey" : "api-key");
  const nonce = header(isFutures ? "nonce" : "api-nonce");
  const otp = isFutures ? undefined : (header("api-otp") ?? otpIn(body));
  const signed = isFutures ? { path: bare, body: method === "GET" ? query : body || query } : { path, body };
  return {
    api: isFutures ? "futures" : "spot",
    ...signed,
    ...(key && { key }),
    ...(nonce && { nonce }),
    ...(signature && { signature }),
    sent: { ...signed, ...(nonce && { nonce }), ...(otp && { otp }) },
  };
}
