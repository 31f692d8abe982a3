import { checkNames, described } from "../checks.js";
import { need } from "../errors.js";
import type { Lane } from "../lane/lane.js";
import { laneOf } from "../lane/process.js";
import type { NonceSource, NonceUnit } from "../signing/nonce.js";
import { LoadedSecret, type SecretOption } from "../signing/secret-source.js";
import type { Totp } from "../signing/totp.js";
import { matches } from "./guards.js";
import { checkPair, checkedKey } from "./key-pair.js";

/** The source of one-time passwords: an authenticator, a static password, or a function. Each attempt gets a new code. */
export type Otp = Totp | { /** The same password each time. */ readonly password: string } | (() => string | Promise<string>);

/** An API key, its private key, and their settings. */
export interface Credential {
  /** The API key, as Kraken shows it. White space around it is removed. */
  readonly key: string;
  /**
   * The private key: base64 as Kraken shows it, or the decoded bytes. It may be a function that returns it, also asynchronously, for example from a
   * secrets manager. The function is called when a call first needs the secret, again after Kraken has rejected the key or its signature, and for the
   * new credentials of `setKeys`. If it fails, the call throws a {@link SecretSourceError}, and nothing is sent. The client keeps only what a
   * {@link Signer} keeps.
   */
  readonly secret: SecretOption;
  /** The one-time passwords, for a Spot key with two-factor authentication; none by default. */
  readonly otp?: Otp | undefined;
  /** A source of nonces, or their unit; milliseconds by default. A key that has used a finer unit can never go back to a coarser one. */
  readonly nonce?: NonceSource | { readonly unit?: NonceUnit | undefined } | undefined;
  /** The lane that orders the requests and gives nonces, if several processes share the key; by default, a lane of this process. */
  readonly lane?: Lane | undefined;
  /** The role of the key. A call that changes something never uses a `read` key; `any` by default. */
  readonly use?: "read" | "write" | "any" | undefined;
  /** The permissions of the key, if they are known, so that the client does not use it for other calls; unknown by default. `check()` finds them out. */
  readonly permissions?: readonly string[] | undefined;
}

/** A credential whose secret is in the binary's memory, or comes there when it is first needed. */
export interface LoadedCredential {
  readonly key: string;
  readonly secret: LoadedSecret;
  readonly otp: OtpSource | undefined;
  readonly lane: Lane;
  /** The unit of the nonces, if this package makes them. */
  readonly unit: string | undefined;
  readonly use: "read" | "write" | "any";
  permissions: readonly string[] | undefined;
  /** Milliseconds by which the clock of this machine was behind Kraken's at the last call that passed, if that is known. */
  clockBehind?: number | undefined;
  /** By how many milliseconds the wall clock was ahead of the monotonic one then. */
  clocksApart?: number | undefined;
  /** The number of calls that use it now. */
  calls: number;
  /** The number of the last call that used it, in the order in which the calls of the client began; 0 for none. */
  lastCall: number;
  /** The times until which it is set aside, by the monotonic clock, for all calls or for those with certain required permissions; none at first. */
  setAside?: Map<string, number> | undefined;
  /** Whether a search for an order of unknown outcome may use it, so that it is not wiped before the client is closed. */
  isKept: boolean;
}

/** The source of a key's one-time passwords. */
export interface OtpSource {
  make(): string | Promise<string>;
  /** Whether the password is always the same. A code, in contrast, can be used up by the first copy of a request, so that the second is rejected. */
  readonly isStatic: boolean;
  /** The end of the last code, in milliseconds by the monotonic clock, if that is known. */
  validUntil?: number | undefined;
  /** Lets the setup key be read again, if it comes from a function. */
  invalidate?(): void;
}

/** The members of a Totp that are used. One of another version of this package may lack the optional ones. */
type AnyTotp = Pick<Totp, "code"> & Partial<Pick<Totp, "remaining" | "isLoaded" | "load" | "invalidate">>;

/** Reads the setup key, again if it was invalidated in the meantime, and makes a code. */
async function loadedCode(totp: AnyTotp): Promise<string> {
  while (totp.isLoaded === false) await totp.load!();
  return totp.code();
}

/** Makes codes from an authenticator, whose setup key may have to be read first. */
function totpSource(totp: AnyTotp): OtpSource {
  const timed = (code: string): string => {
    const left = totp.remaining?.();
    source.validUntil = left === undefined ? undefined : performance.now() + left;
    return code;
  };
  const source: OtpSource = {
    make: () => (totp.isLoaded === false ? loadedCode(totp).then(timed) : timed(totp.code())),
    isStatic: false,
    invalidate: () => totp.invalidate?.(),
  };
  return source;
}

function otpSource(otp: Otp | undefined): OtpSource | undefined {
  if (otp === undefined) return undefined;
  if (typeof otp === "function") {
    need(!("code" in Object(otp.prototype)), "Invalid `otp`: the class Totp in place of an instance. Pass `new Totp(setupKey)`.");
    return { make: otp, isStatic: false };
  }
  // The check is not `instanceof`, because a Totp may come from the other copy of this package (ESM, CommonJS).
  const { code, password } = Object(otp) as { code?: unknown; password?: unknown };
  if (typeof code === "function") return totpSource(otp as Totp);
  // A plain string could be a setup key, which must never be sent.
  need(typeof otp !== "string", "Invalid `otp`: a string could be a setup key or a password. Pass `new Totp(setupKey)` or `{ password }`.");
  need(matches(/./, password), `Invalid \`otp\`: expected a Totp, { password: "text" } or a function, got ${described(otp)}.`);
  return { make: () => password, isStatic: true };
}

/** Returns the unit of the nonces that this package makes. */
function unitIn(nonce: unknown): NonceUnit {
  if (nonce === undefined) return "ms";
  need(
    typeof nonce === "object" && nonce !== null,
    `Invalid \`nonce\`: expected a NonceSource, or an object such as { unit: "us" }, got ${described(nonce)}.`,
  );
  checkNames("nonce", nonce, ["unit"]);
  return (nonce as { unit?: NonceUnit | undefined }).unit ?? "ms";
}

const isSource = (nonce: Credential["nonce"]): nonce is NonceSource => typeof (nonce as NonceSource | undefined)?.next === "function";

/** A credential that was checked, and whose lane is not opened yet. */
export interface CheckedCredential {
  readonly facts: Omit<LoadedCredential, "lane">;
  /** Opens its lane, which agrees on the unit of the nonces with the other lanes of the key. */
  openLane(): Lane;
}

/** Checks a credential and loads its secret into the binary. */
export function checkCredential(credential: Credential): CheckedCredential {
  need("key" in credential, "Missing `key`: pass the API key too.");
  need("secret" in credential, "Missing `secret`: pass the private key too, or leave both out for public endpoints.");
  const { key: given, secret, otp: givenOtp, nonce, lane, use = "any", permissions } = credential;
  const key = checkedKey(given, secret);
  need(
    ["read", "write", "any"].includes(use),
    `Invalid \`use\`: expected "read", "write" or "any", got ${typeof use === "string" ? JSON.stringify(use) : described(use)}.`,
  );
  need(
    permissions === undefined || (Array.isArray(permissions) && permissions.every((one) => typeof one === "string")),
    'Invalid `permissions`: expected an array of names, such as ["query-funds"].',
  );
  need(!(lane && nonce), "`lane` and `nonce` exclude each other, because a lane makes the nonces. Pass only one of them.");
  need(
    lane === undefined || typeof lane?.run === "function",
    `Invalid \`lane\`: expected an object with a method \`run\`, got ${described(lane)}.`,
  );
  const source = isSource(nonce) ? nonce : undefined;
  const unit = lane || source ? undefined : unitIn(nonce);
  const otp = otpSource(givenOtp);
  const state = { calls: 0, lastCall: 0, setAside: undefined, isKept: false };
  return {
    // The secret comes last, because nothing may fail once it is in the binary's memory.
    facts: { key, otp, unit, use, permissions, ...state, secret: new LoadedSecret(secret, (read) => checkPair(key, read)) },
    openLane: () => lane ?? laneOf(key, source, unit),
  };
}
