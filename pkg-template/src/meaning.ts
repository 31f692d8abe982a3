import { ApiError, type ErrorKind } from "./errors.js";

/** The beginnings of an API's error strings, separated by commas, by what they are about. The longest one counts. */
export type Words = Readonly<Partial<Record<ErrorKind, string>>>;

/** Source: docs.kraken.com, "Error Messages" of the Spot APIs, November 2026. */
export const spotWords: Words = {
  key: "EAPI:Invalid key",
  signature: "EAPI:Invalid signature",
  nonce: "EAPI:Invalid nonce",
  otp: "EGeneral:Invalid arguments:otp",
  permission: "EGeneral:Permission denied",
  expired: "EGeneral:Permission denied:expired",
  lockout: "EGeneral:Temporary lockout",
  "rate-limit":
    "EAPI:Rate limit,EGeneral:Too many requests,EAuth:Rate limit,EAuth:Too many requests,EService:Throttled,EOrder:Rate limit,EOrder:Domain rate limit",
  unavailable: "EService:,EGeneral:Internal error,EDatabase:",
  token: "EAPI:Invalid token,ESession:",
  arguments: "EAPI:Bad request,EGeneral:Invalid arguments,EGeneral:Unknown method,EQuery:",
  order: "EOrder:",
  funding: "EFunding:,EBM:,EEarnings:",
  account: "EAuth:,EAccount:,ETrade:",
  market: "EService:Market",
};

/** Source: docs.kraken.com, errors of Futures REST, and what third parties have seen, November 2026. */
export const futuresWords: Words = {
  key: "authenticationError",
  nonce: "nonceBelowThreshold,nonceDuplicate",
  permission: "insufficientPrivileges",
  "rate-limit": "apiLimitExceeded",
  unavailable: "Server Error,Unavailable,unknownError",
  arguments: "invalidA,invalidUnit,requiredArgumentMissing,Json Parse Error,notFound,contractNotFound",
  funding: "insufficientFunds",
  account: "accountInactive,invalidAccount",
  market: "market",
};

/** What the client knows when Kraken refuses a request. Never a secret, never a code. */
export interface Circumstances {
  readonly api: "Spot" | "Futures";
  readonly words: Words;
  readonly otp: boolean;
  /** Of the nonces, where the client makes them. */
  readonly unit: string | undefined;
  /** Length of the API key. */
  readonly keyLength: number;
  /** How often this call has been sent. */
  readonly attempts: number;
  /** Whether the call changes something. */
  readonly write: boolean;
}

/** What an error string of Kraken's is about. */
export function kindOf(error: string, words: Words): ErrorKind {
  const text = error.replace(/:\s+/g, ":");
  let longest = "";
  let found = "other";
  for (const [kind, starts] of Object.entries(words))
    for (const start of starts.split(",")) if (text.startsWith(start) && start.length > longest.length) [longest, found] = [start, kind];
  return found as ErrorKind;
}

const hints: Readonly<Partial<Record<ErrorKind, string>>> = {
  otp: "Check setup key and clock.",
  permission: "A permission is missing, the key has expired, or the IP address is not allowed: see check().",
  expired: "Make a new key.",
  lockout: "Stop for 15 minutes: each request prolongs it.",
  "rate-limit": "Wait, then send fewer requests.",
  unavailable: "Try again in a minute.",
  token: "Get a new token.",
  arguments: "Check the endpoint and its parameters.",
  order: "Check pair, size, price and balance.",
  funding: "Check amount, asset and address.",
  account: "Log in to Kraken: the account is restricted.",
  market: "The market takes no such orders now.",
  other: "See Kraken's list of API errors.",
};

/** What to do about it, in one sentence. */
function hintFor(kind: ErrorKind, { api, otp, unit, keyLength, attempts }: Circumstances): string {
  const other = api === "Spot" ? "Futures" : "Spot";
  if (kind === "key")
    return `The key is revoked, mistyped${keyLength === 56 ? "" : ` (${keyLength} characters, not 56)`}, or a ${other} key for a ${other}Client; repeating leads to a lockout.`;
  if (kind === "signature")
    return otp
      ? "The secret or the OTP is wrong (setup key, clock), or the key has no 2FA."
      : "The secret is wrong, or the key has 2FA and needs an OTP: give otp.";
  if (kind === "nonce")
    return `Refused ${attempts} times: the key's last nonce is above the clock in ${unit ?? "the unit used here"}; if another program uses a finer unit only a new key helps, if both race a nonce window.`;
  return hints[kind]!;
}

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
  const [first = "other"] = kinds;
  const kind = kinds.includes("unavailable") ? "unavailable" : first === "other" ? unnamed : first;
  return new ApiError({
    endpoint,
    errors: errors.map((error) => error.slice(0, 200)),
    kind,
    hint: hintFor(kind, circumstances) + (result ? " The others were carried out: see result." : ""),
    retryable: !result && (kind === "rate-limit" || (kind === "unavailable" && !circumstances.write)),
    ...(result ? { result } : {}),
  });
}
