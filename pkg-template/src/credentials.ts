import type { Call } from "./dispatch.js";
import { type Api, covers } from "./apis.js";
import { InvalidRequestError, InvalidSecretError } from "./errors.js";
import { matches } from "./http.js";
import { type Lane, laneOf } from "./lane.js";
import { NonceSource, type NonceUnit } from "./nonce.js";
import { Signer } from "./signer.js";
import type { Totp } from "./totp.js";

/** Where one-time passwords come from: an authenticator, a static password, or a function. A code is made afresh for each attempt. */
export type Otp = Totp | { readonly password: string } | (() => string | Promise<string>);

/** One API key. */
export interface Credential {
  readonly key: string;
  /** The private key: base64 as Kraken shows it, or its bytes. Only what a {@link Signer} keeps of it is kept. */
  readonly secret: string | Uint8Array;
  /** For Spot keys with two-factor authentication. */
  readonly otp?: Otp | undefined;
  /** A source of nonces, or their unit: milliseconds by default. A finer one can never be undone for a key. */
  readonly nonce?: NonceSource | { readonly unit?: NonceUnit | undefined } | undefined;
  /** Orders requests and gives them nonces, where several processes share the key; by default a lane of this process. */
  readonly lane?: Lane | undefined;
  /** What the key may be used for: a write never goes to a `read` key. `any` by default. */
  readonly use?: "read" | "write" | "any" | undefined;
  /** The key's permissions, if known, so that it is spared what it cannot do; `check()` learns them. */
  readonly permissions?: readonly string[] | undefined;
}

/** A credential as a client holds it. */
export interface Held {
  readonly key: string;
  readonly signer: Signer;
  readonly otp: (() => string | Promise<string>) | undefined;
  readonly lane: Lane;
  readonly unit: string | undefined;
  /** 0 reads, 1 writes, 2 does anything. */
  readonly power: number;
  permissions: readonly string[] | undefined;
}

function otpOf(otp: Otp | undefined): Held["otp"] {
  if (otp === undefined || typeof otp === "function") return otp;
  // By shape, not by class: a Totp may come from the other copy of this package (ESM, CommonJS).
  if ("object" === typeof otp && otp) {
    if ("code" in otp) return () => otp.code();
    const { password } = otp;
    if (password && typeof password === "string") return () => password;
  }
  throw new InvalidRequestError(
    "otp: give a Totp, { password } or a function. A bare string could be a setup key, which must never be sent.",
  );
}

/** Takes a credential in. */
export function hold({ key, secret, otp, nonce, lane, use = "any", permissions }: Credential, api: Api): Held {
  // Before it gets near a header: runtimes quote the value of a bad one in their errors.
  if (!matches(/^[!-~]+$/, key)) throw new InvalidRequestError("key: give the API key as Kraken shows it, without white space.");
  if (key.length === 88 && typeof secret === "string" && secret.trim().length === 56)
    throw new InvalidSecretError("Key and secret are swapped: the API key has 56 characters, the private key 88.");
  const power = ["read", "write", "any"].indexOf(use);
  if (power < 0 || (lane && nonce) || (otp && api.name === "Futures"))
    throw new InvalidRequestError("use is read, write or any; a lane gives its own nonces; Futures takes no otp.");
  const source = nonce && "next" in nonce ? nonce : undefined;
  const unit = lane || source ? undefined : ((nonce as { unit?: NonceUnit } | undefined)?.unit ?? "ms");
  return {
    otp: otpOf(otp),
    key,
    signer: new Signer(secret),
    lane: lane ?? laneOf(key, source ?? new NonceSource({ unit }), unit),
    unit,
    power,
    permissions,
  };
}

/** The least powerful key that can make a call: by its use, then by the number of its permissions. */
export function choose(keys: readonly Held[], { write, needs }: Call): Held {
  const able = keys.filter(({ power }) => power || !write);
  const fit = able.filter(({ permissions }) => !permissions || covers(permissions, needs));
  const count = ({ permissions }: Held): number => permissions?.length ?? 99;
  const [held] = (fit.length ? fit : able).sort((a, b) => a.power - b.power || count(a) - count(b));
  if (!held) throw new InvalidRequestError("No key for this call, which changes something or is unknown: all are for reading.");
  return held;
}
