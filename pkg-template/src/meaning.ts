import { ApiError, type ErrorKind } from "./errors.js";

/** What the error strings of an API are about. The first kind that matches counts: what is special stands before what is general. */
export type Words = Readonly<Partial<Record<ErrorKind, RegExp>>>;

/** Source: docs.kraken.com, "Error Messages" of the Spot APIs, November 2026. */
export const spotWords: Words = {
  key: /^EAPI:Invalid key/,
  signature: /^EAPI:Invalid signature/,
  nonce: /^EAPI:Invalid nonce/,
  otp: /^EGeneral:Invalid arguments:otp/,
  expired: /^EGeneral:Permission denied:expired/,
  permission: /^EGeneral:Permission denied/,
  lockout: /^EGeneral:Temporary lockout/,
  "rate-limit": /^E\w+:(.*rate limit|Too many|Throttled)/i,
  market: /^EService:Market/,
  unavailable: /^E(Service:|Database:|General:Internal error)/,
  token: /^E(Session:|API:Invalid token)/,
  arguments: /^E(Query:|API:Bad request|General:(Invalid arguments|Unknown method))/,
  order: /^EOrder:/,
  funding: /^E(Funding|BM|Earnings):/,
  account: /^E(Auth|Account|Trade):/,
};

/** Source: docs.kraken.com, errors of Futures REST, and what third parties have seen, November 2026. */
export const futuresWords: Words = {
  key: /^authenticationError/,
  nonce: /^nonce(BelowThreshold|Duplicate)/,
  permission: /^insufficientPrivileges/,
  "rate-limit": /^apiLimitExceeded/,
  unavailable: /^(Server Error|Unavailable|unknownError)/,
  account: /^(accountInactive|invalidAccount)/,
  arguments: /^(invalidA|invalidUnit|requiredArgumentMissing|Json Parse Error|notFound|contractNotFound)/,
  funding: /^insufficientFunds/,
  market: /^market/,
};

/** What the client knows when Kraken refuses a request. */
export interface Circumstances {
  readonly words: Words;
  /** Of the API key no more than its length. */
  readonly key: { readonly length: number };
  /** Whether there are one-time passwords. */
  readonly otp?: unknown;
  /** Of the nonces, where the client makes them. */
  readonly unit: string | undefined;
  /** How often this call has been sent. */
  readonly attempts: number;
  /** Whether the call changes something. */
  readonly write: boolean;
}

/** What an error string of Kraken's is about, if it is known. */
const kindOf = (error: string, words: Words): ErrorKind | undefined =>
  (Object.keys(words) as ErrorKind[]).find((kind) => words[kind]!.test(error.replace(/:\s+/g, ":")));

/** What to do about it, in one sentence. */
const hintFor = (kind: ErrorKind, { key: { length }, otp, unit, attempts }: Circumstances): string =>
  (
    ({
      key: `Revoked, mistyped (${length} of 56 characters), or SpotClient and FuturesClient are mixed up; repeating leads to a lockout.`,
      signature: `The secret is wrong, or ${otp ? "the OTP, or the key has no 2FA" : "the key has 2FA and needs an OTP: give otp"}.`,
      nonce: `Refused ${attempts} times: set a nonce window if programs race, make a new key if one counts finer than ${unit ?? "this"}.`,
      otp: "Check setup key and clock.",
      permission: "A permission, the expiry or the IP allowlist is in the way: see check().",
      expired: "Make a new key.",
      lockout: "Wait 15 minutes: each request prolongs it.",
      "rate-limit": "Send fewer requests.",
      unavailable: "Try again later.",
      token: "Get a new token.",
      account: "Log in to Kraken.",
      market: "Try again later.",
    }) as Partial<Record<ErrorKind, string>>
  )[kind] ?? "Check parameters and balance.";

/**
 * The error for what Kraken refused, in its own words.
 *
 * @param unnamed what it is about if the words do not say
 * @param result Kraken's result, where only some rows of it failed
 */
export function refusal(
  endpoint: string,
  errors: readonly string[],
  circumstances: Circumstances,
  unnamed: ErrorKind = "other",
  result?: unknown,
): ApiError {
  const kinds = errors.map((error) => kindOf(error, circumstances.words));
  const kind = kinds.find((one) => one === "unavailable") ?? kinds[0] ?? unnamed;
  return new ApiError({
    endpoint,
    errors: errors.map((error) => error.slice(0, 200)),
    kind,
    hint: hintFor(kind, circumstances) + (result ? " The rest was carried out: see result." : ""),
    retryable: !result && (kind === "rate-limit" || (kind === "unavailable" && !circumstances.write)),
    ...(!!result && { result }),
  });
}
