import type { ErrorKind } from "../../errors.js";
import { NAMES } from "../endpoint-name.js";

/** The facts about a rejected request that a hint may use. Nothing in it is secret. */
export interface Circumstances {
  readonly product: "spot" | "futures";
  /** Whether this version knows the endpoint. */
  readonly isKnown?: boolean;
  /** Whether the endpoint needs no permission, as far as this version knows. */
  readonly isFree?: boolean;
  /** The length of the API key in characters. */
  readonly keyLength: number;
  /** The length of the secret in bytes. */
  readonly secretLength: number;
  /** The configured one-time passwords: codes, or always the same one. */
  readonly otp?: "code" | "password" | undefined;
  /** Milliseconds for which the code was still valid when it was sent, if the client makes the codes. */
  readonly codeLeft?: number | undefined;
  /** Whether a second code was rejected, too. */
  readonly isSecondCode?: boolean | undefined;
  /** Whether calls with this key and this secret have passed before. */
  readonly hasPassed?: boolean | undefined;
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

/** Answers tell the time in whole seconds, and take a while. A difference of fewer milliseconds is none. */
export const SAME_TIME = 3000;

/** Explains lengths of the secret, in bytes, that common mistakes lead to. */
const LENGTHS: Readonly<Record<number, string>> = {
  42: "An API key has as many.",
  88: "The text of a private key has as many: decode it from base64.",
};

/** Names a length of the secret that Kraken's secrets do not have; empty if it is right. */
export function secretHint(bytes: number, hasPassed = false): string {
  if (bytes === SECRET_LENGTH) return "";
  const reason = LENGTHS[bytes] ?? `It was ${bytes < SECRET_LENGTH ? "cut off" : "extended"}, or is not the private key in base64.`;
  return `The secret has ${bytes} bytes; Kraken's have ${SECRET_LENGTH}. ${hasPassed ? "Kraken accepts it all the same." : reason}`;
}

function keyHint({ product, keyLength, secretLength, hasPassed }: Circumstances): string {
  const length = keyLength === KEY_LENGTH ? "" : `It has ${keyLength} characters; Kraken's have ${KEY_LENGTH}.`;
  const isSpot = product === "spot";
  // Futures has one error for an unknown key and for a wrong signature.
  const fact = isSpot
    ? "Kraken does not know this API key: it was"
    : "Kraken Futures does not accept this API key or its signature: the key was";
  const proxy = isSpot ? "or a proxy changes the header `API-Key`" : "or a proxy changes the request";
  const other = isSpot
    ? "or belongs to Kraken Futures"
    : "or belongs to Kraken Spot, or the demo and the real exchange are mixed up, or the secret belongs to another key";
  const reason = hasPassed ? `revoked since earlier calls with it passed, ${proxy}.` : `revoked, mistyped, ${other}, ${proxy}.`;
  const advice = isSpot ? "Do not retry: repeated failures lock you out for 15 minutes." : "Do not retry.";
  return [`${fact} ${reason}`, length, secretHint(secretLength, hasPassed), advice].filter(Boolean).join(" ");
}

/** Compares the clock of this machine with Kraken's, if it is wrong. */
export const clockHint = (behind: number): string =>
  `The clock of this machine is ${Math.abs(Math.round(behind / 1000))} seconds ${behind > 0 ? "behind" : "ahead of"} Kraken's`;

/** Says what is known of a code that may be the reason why a signature was rejected. */
function codeHint({ codeLeft, isSecondCode, clockBehind }: Circumstances): string {
  // A code that a function returns may follow another clock.
  const isOwn = codeLeft !== undefined;
  if (isOwn && Math.abs(clockBehind ?? 0) > SAME_TIME) return ` ${clockHint(clockBehind!)}, and codes follow it. Set the clock.`;
  const clock = clockBehind === undefined ? "" : ", by a clock that agrees with Kraken's";
  const left = isOwn ? ` The code was valid for ${Math.ceil(codeLeft / 1000)} more seconds when it was sent${clock}.` : "";
  return `${left}${isSecondCode ? " It was the second one: the one before was rejected, too." : ""}`;
}

/** The client signs what it sends, so a rejected signature has other reasons than those that `investigate` knows. */
function signatureHint(known: Circumstances): string {
  const { otp, secretLength, hasPassed } = known;
  // A secret that has passed is right, whatever its length.
  const length = hasPassed ? "" : secretHint(secretLength);
  if (length) return length;
  const code = `the one-time password is wrong${otp === "code" ? " or was used before" : ""}, `;
  const reasons = hasPassed
    ? `earlier calls with this key passed, so the secret is right: its two-factor authentication was changed at Kraken since, ${otp === "code" ? code : ""}`
    : `the secret, whose length is right, does not belong to this key, ${otp ? `${code}the key has no two-factor authentication, ` : "the key has two-factor authentication and needs the option `otp`, "}`;
  return (
    `The client signs exactly what it sends, ${hasPassed ? "and" : "so"} ${reasons}or a proxy changes the request.` +
    `${otp === "code" ? codeHint(known) : ""} After a change of its two-factor authentication at Kraken, wait a few minutes.`
  );
}

function nonceHint({ attempts, unit, nonce, clockBehind = 0, hasPassed }: Circumstances): string {
  const again = attempts > 1 ? "Kraken rejected more than one nonce. " : "";
  const sent = `${again}The nonce${nonce ? ` ${nonce}` : ""} is not above the highest one that Kraken knows of this key`;
  const isBehind = clockBehind > SAME_TIME;
  const clock = isBehind ? `${clockHint(clockBehind).replace("T", "t")}. Set the clock.` : "";
  const finer = `used it with nonces in a finer unit${unit ? ` than ${unit}` : ""}`;
  if (isBehind && !hasPassed)
    return (
      `${sent}: ${clock} A source of nonces with a store, such as \`nonceFile\`, bridges that after a restart. ` +
      `If calls still fail then, another program uses this key, or ${finer}.`
    );
  // A nonce is rejected, too, if the network delivers a request twice, or a proxy changes it. Within a lane, nonces only increase.
  const twice = "or this request arrived twice or was changed on its way.";
  const reasons = hasPassed
    ? `earlier calls with this key passed, so another program or another lane has used it since, ${twice}${isBehind ? ` Also, ${clock}` : ""}`
    : `another program uses this key, or ${finer}, or a clock was ahead before, ${twice}`;
  return (
    `${sent}: ${reasons} Give each program its own key, or share a lane. ` +
    "If a clock was ahead, wait until that time. If a finer unit was used, use it in every program, or replace the key."
  );
}

/** Explains a rejected one-time password by where it comes from. */
function otpHint({ otp, codeLeft }: Circumstances): string {
  if (!otp) return "Pass the option `otp`.";
  if (otp === "code" && codeLeft !== undefined) return "Check the setup key and the clock of this machine.";
  return `Check the ${otp === "code" ? "function" : "password"} in the option \`otp\`.`;
}

const permissionHint = ({ isFree }: Circumstances): string =>
  isFree
    ? "This call needs no permission, so this address is probably not on its allowlist."
    : "The key lacks a permission, or this address is not on its allowlist. `check()` shows what the key may do.";

/** Kraken's rejection of a client order id that an open order has. */
const DUPLICATE = /clientOrderIdAlreadyExist|(cl_ord_id|client order id).*(unique|exist|duplicate|in use|used)/i;

/** Whether Kraken rejected a client order id because an open order has it: an earlier copy of the order, or another order. */
export const isDuplicateId = (errors: readonly string[]): boolean => errors.some((error) => DUPLICATE.test(error));

const duplicateHint = (errors: readonly string[]): string =>
  isDuplicateId(errors)
    ? "An open order has this client order id. If it is the same order, of an earlier call or run, `placeOrder` returns it. Otherwise, make another id."
    : "";

/** Explains an error about the call itself, if its text alone does not. */
function argumentsHint({ product, isKnown }: Circumstances, errors: readonly string[]): string {
  if (isDuplicateId(errors)) return duplicateHint(errors);
  const [, name] = errors.map((error) => /^EGeneral:Invalid arguments:\s*([\w[\].-]+)$/.exec(error)).find(Boolean) ?? [];
  if (name) return `The parameter \`${name}\` is missing, or Kraken does not accept it.`;
  if (errors.some((error) => /^EGeneral:Unknown method/.test(error))) {
    if (isKnown) return "Kraken has this endpoint. A simulated exchange may lack it.";
    return `Kraken has no such endpoint here: ${NAMES}`;
  }
  if (product === "futures" && errors.includes("notFound"))
    return isKnown
      ? "What the call names was not found. If that is the endpoint: a simulated exchange may lack it."
      : `If Kraken did not find the endpoint: ${NAMES}`;
  if (errors.includes("EQuery:Unknown asset pair")) return "AssetPairs lists the pairs.";
  return errors.includes("contractNotFound") ? "The endpoint `instruments` lists the contracts." : "";
}

const HINTS: Readonly<Partial<Record<ErrorKind, string | ((known: Circumstances, errors: readonly string[]) => string)>>> = {
  arguments: argumentsHint,
  key: keyHint,
  signature: signatureHint,
  nonce: nonceHint,
  order: (_, errors) => duplicateHint(errors),
  otp: otpHint,
  permission: permissionHint,
  expired: "The key has expired. Make a new one.",
  lockout: "Kraken has locked out this address or account after repeated failures. Send nothing for 15 minutes: each request prolongs it.",
  "rate-limit": "Send fewer requests, or wait.",
  unavailable: "Kraken is overloaded or in maintenance. Try again later.",
  token: "The WebSocket token is no longer valid. Get a new one.",
  account: "The account is restricted. Log in to see why.",
  market: ({ product }) =>
    `The market does not accept such requests now. ${product === "spot" ? "SystemStatus and AssetPairs" : "`instruments/status` and `tickers`"} show the current state.`,
};

/** Kraken's rejections of an order whose deadline has passed, or is not a time that Kraken accepts. */
const OFF_TIME = /(arguments:\s*deadline|Deadline elapsed|AfterSpecifiedTime)$/;

/** Returns advice about an error of this kind, in full sentences; empty if there is none. */
export function hintFor(kind: ErrorKind, known: Circumstances, errors: readonly string[] = []): string {
  const { clockBehind = 0 } = known;
  if (Math.abs(clockBehind) > SAME_TIME && errors.some((error) => OFF_TIME.test(error)))
    return `${clockHint(clockBehind)}, and deadlines follow it. Set the clock.`;
  const hint = HINTS[kind] ?? "";
  return typeof hint === "string" ? hint : hint(known, errors);
}
