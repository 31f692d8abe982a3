import type { Call } from "./dispatch.js";
import { covers } from "./apis.js";
import { InvalidSecretError, need } from "./errors.js";
import { matches } from "./http.js";
import { type Lane, laneOf } from "./lane.js";
import type { Key } from "./key.js";
import type { NonceSource, NonceUnit } from "./nonce.js";
import { secretKey } from "./secret.js";
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
  readonly secret: Key;
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
  if (Object(otp) === otp && "code" in otp) return () => otp.code();
  const { password } = Object(otp) as { password?: unknown };
  // A bare string could be a setup key, which must never be sent.
  need(matches(/./, password), "otp is a Totp, { password } or a function.");
  return () => password;
}

/** Takes a credential in. */
export function hold({ key, secret, otp, nonce, lane, use = "any", permissions }: Credential): Held {
  // Before it gets near a header: runtimes quote the value of a bad one in their errors.
  need(matches(/^[!-~]+$/, key), "key: as Kraken shows it.");
  if (key.length === 88 && matches(/^\s*\S{56}\s*$/, secret)) throw new InvalidSecretError("Key and secret are swapped.");
  const power = ["read", "write", "any"].indexOf(use);
  need(power >= 0 && !(lane && nonce), "Invalid use, or nonce beside lane.");
  const source = nonce && "next" in nonce ? nonce : undefined;
  const unit = lane || source ? undefined : ((nonce as { unit?: NonceUnit } | undefined)?.unit ?? "ms");
  return {
    otp: otpOf(otp),
    key,
    secret: secretKey(secret),
    lane: lane ?? laneOf(key, source, unit),
    unit,
    power,
    permissions,
  };
}

/** The least powerful key that can make a call: one with the permissions if there is, then by its use, then by the number of its permissions. */
export function choose(keys: readonly Held[], { write, needs }: Call): Held {
  const rank = ({ permissions, power }: Held): number =>
    (permissions && !covers(permissions, needs) ? 1e4 : 0) + power * 1000 + (permissions?.length ?? 999);
  const [held] = keys.filter(({ power }) => power || !write).sort((a, b) => rank(a) - rank(b));
  need(held, "This wants a key that may write.");
  return held;
}
