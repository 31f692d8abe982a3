import { InvalidOtpKeyError } from "./errors.js";
import type { TotpOptions } from "./totp.js";

function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvalidOtpKeyError(message);
}

/** A count as it stands in a URI; NaN if it is none. */
const count = (text: string | undefined): number | undefined => (text === undefined ? text : /^[1-9]\d*$/.test(text) ? Number(text) : NaN);

/**
 * Takes apart what two-factor QR codes carry, `otpauth://totp/Label?secret=…&algorithm=…&digits=…&period=…`. The format was defined by Google
 * Authenticator («Key Uri Format»); there is no RFC. Parameters that have no bearing on codes (`issuer`, `image` …) are ignored.
 *
 * @param given what the URI leaves open
 * @returns the setup key, and options with any values: the binary checks both
 * @throws InvalidOtpKeyError that shows nothing of the key
 */
export function readUri(uri: string, given: TotpOptions): [key: string, options: { [name in keyof TotpOptions]: unknown }] {
  const [, type, query] = /^\s*otpauth:\/\/([^/?#]*)[^?#]*\??([^#]*)/i.exec(uri) ?? [];
  demand(type !== undefined, "The URI does not begin with otpauth://.");
  demand(/^totp$/i.test(type), "The URI is not time-based: otpauth://totp/ is.");
  const stated: Partial<Record<string, string>> = {};
  for (const [name, value] of new URLSearchParams(query!.trimEnd())) {
    const word = name.toLowerCase();
    if (!/^(secret|algorithm|digits|period)$/.test(word)) continue;
    demand(!(word in stated), `The URI has ${word} twice.`);
    stated[word] = value;
  }
  const { secret, algorithm, digits, period } = stated;
  demand(secret !== undefined, "The URI has no secret.");
  const options: Record<string, unknown> = {
    algorithm: algorithm?.replace(/^sha-?/i, "SHA"),
    digits: count(digits),
    period: count(period),
  };
  for (const name of ["algorithm", "digits", "period"] as const) {
    options[name] ??= given[name];
    demand(given[name] === undefined || options[name] === given[name], "An option contradicts the URI.");
  }
  return [secret, options];
}
