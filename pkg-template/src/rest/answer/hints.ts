import type { ErrorKind } from "../../errors.js";

/** The facts about a rejected request that a hint may use. Nothing in it is secret. */
export interface Circumstances {
  readonly product: "spot" | "futures";
  /** The length of the API key in characters. */
  readonly keyLength: number;
  /** The length of the secret in bytes. */
  readonly secretLength: number;
  /** Whether one-time passwords are configured. */
  readonly hasOtp: boolean;
  /** The unit of the nonces, if the client makes them. */
  readonly unit: string | undefined;
  /** The number of attempts. */
  readonly attempts: number;
}

/** Kraken's API keys have this many characters. */
const KEY_LENGTH = 56;

/** Kraken's private keys have this many bytes. */
const SECRET_LENGTH = 64;

function keyHint({ product, keyLength }: Circumstances): string {
  const other = product === "spot" ? "Kraken Futures" : "Kraken Spot";
  const length = keyLength === KEY_LENGTH ? "" : ` It has ${keyLength} characters; Kraken's have ${KEY_LENGTH}.`;
  return (
    `Kraken does not know this API key: it was revoked, mistyped, or belongs to ${other}.${length} ` +
    "Do not retry: repeated failures lock the account out for 15 minutes."
  );
}

function signatureHint({ hasOtp, secretLength }: Circumstances): string {
  if (secretLength !== SECRET_LENGTH)
    return `The secret has ${secretLength} bytes; Kraken's have ${SECRET_LENGTH}. It was cut off, or is not the private key in base64.`;
  return hasOtp
    ? "The secret does not belong to this key, the one-time password is wrong or was used before, or the key has no two-factor authentication."
    : "The secret does not belong to this key, or the key has two-factor authentication and needs the option `otp`.";
}

function nonceHint({ attempts, unit }: Circumstances): string {
  const again = attempts > 1 ? `Kraken rejected it ${attempts} times. ` : "";
  return (
    `${again}Another program uses this key, or used it with nonces in a finer unit${unit ? ` than ${unit}` : ""}. ` +
    "Give each program its own key, or share a lane. A key that was used with a finer unit has to be replaced."
  );
}

/** Explains an error about the call itself, if its text alone does not. */
function argumentsHint({ product }: Circumstances, errors: readonly string[]): string {
  const [, name] = errors.map((error) => /^EGeneral:Invalid arguments:\s*([\w[\].-]+)$/.exec(error)).find(Boolean) ?? [];
  if (name) return `The parameter \`${name}\` is missing, or Kraken does not accept its value.`;
  if (errors.some((error) => /^EGeneral:Unknown method/.test(error)))
    return product === "spot"
      ? "Kraken Spot has no such endpoint. Its names begin with a capital letter. Names in lower case belong to FuturesClient, names with underscores to SpotSocket."
      : "";
  if (product === "futures" && errors.includes("notFound"))
    return "If Kraken did not find the endpoint: names of Futures are in lower case. Names that begin with a capital letter belong to SpotClient.";
  if (errors.includes("EQuery:Unknown asset pair")) return "AssetPairs lists the pairs.";
  return errors.includes("contractNotFound") ? "The endpoint `instruments` lists the contracts." : "";
}

const HINTS: Readonly<Partial<Record<ErrorKind, string | ((known: Circumstances, errors: readonly string[]) => string)>>> = {
  arguments: argumentsHint,
  key: keyHint,
  signature: signatureHint,
  nonce: nonceHint,
  otp: "Check the setup key and the clock of this machine.",
  permission: "The key lacks a permission, or this address is not on its allowlist. `check()` shows what the key may do.",
  expired: "The key has expired. Make a new one.",
  lockout: "Kraken has locked this address out after repeated failures. Wait 15 minutes without any request: each one prolongs it.",
  "rate-limit": "Send fewer requests, or wait.",
  unavailable: "Kraken is overloaded or in maintenance. Try again later.",
  token: "The WebSocket token is no longer valid. Get a new one.",
  account: "The account is restricted. Log in to Kraken to find out why.",
  market: "The market does not accept such requests now. SystemStatus and AssetPairs show the current state.",
};

/** Returns advice about an error of this kind, in full sentences; empty if there is none. */
export function hintFor(kind: ErrorKind, known: Circumstances, errors: readonly string[] = []): string {
  const hint = HINTS[kind] ?? "";
  return typeof hint === "string" ? hint : hint(known, errors);
}
