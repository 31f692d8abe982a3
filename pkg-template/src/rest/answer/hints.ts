import type { ErrorKind } from "../../errors.js";

/** The facts about a rejected request that a hint may use. Nothing in it is secret. */
export interface Circumstances {
  readonly product: "spot" | "futures";
  /** Whether this version knows the endpoint. */
  readonly isKnown?: boolean;
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
  /** The nonce that was sent, if there was one. */
  readonly nonce?: string | undefined;
  /** Milliseconds by which the clock of this machine is behind Kraken's, if that is known. */
  readonly clockBehind?: number | undefined;
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

/** Answers tell the time in whole seconds, and take a while. A difference of fewer milliseconds is none. */
const SAME_TIME = 3000;

function nonceHint({ attempts, unit, nonce, clockBehind = 0 }: Circumstances): string {
  const again = attempts > 1 ? `Kraken rejected it ${attempts} times. ` : "";
  const sent = `The nonce${nonce ? ` ${nonce}` : ""} is not above the highest one that Kraken knows of this key`;
  if (clockBehind > SAME_TIME)
    return (
      `${again}${sent}, because the clock of this machine is ${Math.round(clockBehind / 1000)} seconds behind Kraken's. ` +
      "Set the clock. A source of nonces with a store, such as `nonceFile`, bridges that after a restart."
    );
  return (
    `${again}${sent}: another program uses this key, or used it with nonces in a finer unit${unit ? ` than ${unit}` : ""}, ` +
    "or the clock of this machine was ahead before, or is behind. " +
    "Give each program its own key, or share a lane. A key that was used with a finer unit has to be replaced."
  );
}

/** Kraken's rejection of a client order id that an open order has. */
const DUPLICATE = /clientOrderIdAlreadyExist|(cl_ord_id|client order id).*(unique|exist|duplicate|in use|used)/i;

/** Whether Kraken rejected a client order id because an open order has it: an earlier copy of the order, or another order. */
export const isDuplicateId = (errors: readonly string[]): boolean => errors.some((error) => DUPLICATE.test(error));

const duplicateHint = (errors: readonly string[]): string =>
  isDuplicateId(errors)
    ? "An open order has this client order id: the same order was placed before, by an earlier call or run. `placeOrder` returns it."
    : "";

/** Explains an error about the call itself, if its text alone does not. */
function argumentsHint({ product, isKnown, clockBehind = 0 }: Circumstances, errors: readonly string[]): string {
  if (isDuplicateId(errors)) return duplicateHint(errors);
  const [, name] = errors.map((error) => /^EGeneral:Invalid arguments:\s*([\w[\].-]+)$/.exec(error)).find(Boolean) ?? [];
  if (name === "deadline" && Math.abs(clockBehind) > SAME_TIME)
    return `The clock of this machine is ${Math.abs(Math.round(clockBehind / 1000))} seconds ${clockBehind > 0 ? "behind" : "ahead of"} Kraken's, and deadlines follow it. Set the clock.`;
  if (name) return `The parameter \`${name}\` is missing, or Kraken does not accept its value.`;
  if (errors.some((error) => /^EGeneral:Unknown method/.test(error))) {
    if (isKnown) return "Kraken has this endpoint. A simulated exchange may lack it.";
    return product === "spot"
      ? "Kraken Spot has no such endpoint. Its names begin with a capital letter. Names in lower case belong to FuturesClient, names with underscores to SpotSocket."
      : "";
  }
  if (product === "futures" && errors.includes("notFound"))
    return isKnown
      ? "What the call names was not found. If that is the endpoint: a simulated exchange may lack it."
      : "If Kraken did not find the endpoint: names of Futures are in lower case. Names that begin with a capital letter belong to SpotClient.";
  if (errors.includes("EQuery:Unknown asset pair")) return "AssetPairs lists the pairs.";
  return errors.includes("contractNotFound") ? "The endpoint `instruments` lists the contracts." : "";
}

const HINTS: Readonly<Partial<Record<ErrorKind, string | ((known: Circumstances, errors: readonly string[]) => string)>>> = {
  arguments: argumentsHint,
  key: keyHint,
  signature: signatureHint,
  nonce: nonceHint,
  order: (_, errors) => duplicateHint(errors),
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
