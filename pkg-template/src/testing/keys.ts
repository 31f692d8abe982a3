/** The API keys of the exchange: credentials, restrictions, the highest nonce and the second factor. */

import { fromBase32, fromBase64, otpCode, randomBytes, secretOf, toBase32, toBase64, type OtpAlgorithm, type Secret } from "./crypto.js";
import { checkKnown, checkObject, checkOneOf } from "./names.js";

/** The product of Kraken that a key belongs to. The keys of both look alike, and neither product accepts those of the other. */
export type Product = "spot" | "futures";

/** A permission of a Spot key, as `GetApiKeyInfo` names it. Unknown ones are kept and reported. */
export type SpotPermission =
  | "query-funds"
  | "add-funds"
  | "withdraw-funds"
  | "earn-funds"
  | "query-open-trades"
  | "query-closed-trades"
  | "modify-trades"
  | "close-trades"
  | "query-ledger"
  | "export-data"
  | "create-ws-token"
  | "add-withdraw-address"
  | "update-withdraw-address"
  | (string & {});

/** All permissions, which are the default of a key. */
export const ALL_PERMISSIONS: readonly SpotPermission[] = [
  "query-funds",
  "add-funds",
  "withdraw-funds",
  "earn-funds",
  "query-open-trades",
  "query-closed-trades",
  "modify-trades",
  "close-trades",
  "query-ledger",
  "export-data",
  "create-ws-token",
  "add-withdraw-address",
  "update-withdraw-address",
];

/** The options of every key, and of each product's keys. */
const COMMON = ["product", "key", "secret", "name", "nonceWindow", "validUntil", "ipAllowlist", "createdTime"];
const OPTIONS = { spot: ["permissions", "otp", "queryFrom", "queryTo"], futures: ["level", "withdrawal"] };

const OTP_OPTIONS = ["password", "setupKey", "algorithm", "digits", "period", "singleUse"];

/** The second factor of a Spot key: a static password, or an authenticator app (RFC 6238). */
export type OtpOptions =
  | {
      /** The static password. */
      readonly password: string;
    }
  | TotpOptions;

/** An authenticator app. */
export interface TotpOptions {
  /** The setup key in base32. Random by default. */
  readonly setupKey?: string;
  /** The hash. Default SHA1. */
  readonly algorithm?: OtpAlgorithm;
  /** The number of digits. Default 6. */
  readonly digits?: 6 | 7 | 8;
  /** The lifetime of a code, in seconds. Default 30. */
  readonly period?: number;
  /** Rejects a code that was accepted before. Default {@link Assumptions.singleUse}, because Kraken's rule is not published. */
  readonly singleUse?: boolean;
}

interface CommonKeyOptions {
  /** The public half, 56 characters of base64. Random by default. */
  readonly key?: string;
  /** The private half in base64. Default: 64 random bytes (88 characters). In Workers, random values require a request context, so set both there. */
  readonly secret?: string;
  /** The name. Default `key-1`, `key-2`, … */
  readonly name?: string;
  /** The nonce window, in the nonce's own unit. Default 0. */
  readonly nonceWindow?: number | bigint;
  /** The time at which the key expires, in milliseconds since 1970 or as a Date. Default: never. */
  readonly validUntil?: number | Date;
  /** The addresses that may use the key: IPv4 or IPv6 addresses, or IPv4 ranges such as `10.0.0.0/8`. Default: all. */
  readonly ipAllowlist?: readonly string[];
  /** The time at which the key was created, in milliseconds since 1970 or as a Date. Default: the exchange's clock. */
  readonly createdTime?: number | Date;
}

/** A key for `https://api.kraken.com`. */
export interface SpotKeyOptions extends CommonKeyOptions {
  /** The product. Default `spot`. */
  readonly product?: "spot";
  /** The permissions. Default: all. */
  readonly permissions?: readonly SpotPermission[];
  /** The second factor. Default: none. */
  readonly otp?: OtpOptions;
  /** The earliest time of closed orders, trades and ledger entries that the key may see, in milliseconds since 1970 or as a Date. Default: any. */
  readonly queryFrom?: number | Date;
  /** The latest such time. Default: any. */
  readonly queryTo?: number | Date;
}

/** A key for `https://futures.kraken.com`. */
export interface FuturesKeyOptions extends CommonKeyOptions {
  /** The product, which makes it a Futures key. */
  readonly product: "futures";
  /** The access level of the General API. Default `full`. */
  readonly level?: "none" | "read-only" | "full";
  /** The access level of the Withdrawal API. Default `full`. */
  readonly withdrawal?: "none" | "full";
}

/**
 * A key that the exchange knows. Its own enumerable properties are exactly the credential, so it can be spread into a client's options. The other
 * properties show its present state.
 */
export interface ExchangeKey {
  /** The public half, as in the header `API-Key` or `APIKey`. */
  readonly key: string;
  /** The private half, in base64. */
  readonly secret: string;
  /** The password, or a function that returns the code by the exchange's own clock. Present if the key has 2FA. */
  readonly otp?: { readonly password: string } | (() => Promise<string>);
  /** The product that the key belongs to. */
  readonly product: Product;
  /** The name of the key, by default `key-1`, `key-2`, … */
  readonly name: string;
  /** The setup key of the authenticator app, for a client that computes its own codes. */
  readonly setupKey: string | undefined;
  /** The permissions of a Spot key. Empty for Futures. */
  readonly permissions: readonly SpotPermission[];
  /** The highest nonce that was accepted, in decimal. `"0"` before the first. */
  readonly lastNonce: string;
  /** The time at which the key last passed all checks, in milliseconds since 1970. */
  readonly lastUsed: number | undefined;
  /** Whether the key was revoked. */
  readonly revoked: boolean;
  /** Changes the permissions of a Spot key, as its owner might do during a run. */
  setPermissions(permissions: readonly SpotPermission[]): void;
  /** Revokes the key, which is then unknown (`EAPI:Invalid key`). */
  revoke(): void;
}

/** The result of checking a nonce. Only `fresh` raises the highest nonce. */
export type NonceVerdict = "fresh" | "below" | "duplicate";

const millis = (time: number | Date | undefined) => (time === undefined ? undefined : Number(time));

/** A key with its checks, of which {@link ExchangeKey} is the public part. */
export class KeyRecord implements ExchangeKey {
  readonly key: string;
  readonly secret: string;
  declare readonly otp?: { readonly password: string } | (() => Promise<string>);

  readonly #options: SpotKeyOptions | FuturesKeyOptions;
  readonly #name: string;
  readonly #signingSecret: Secret;
  readonly #setupKeyBytes: Uint8Array | undefined;
  readonly #setupKey: string | undefined;
  readonly #now: () => number;
  readonly #singleUse: boolean;
  readonly #createdTime: number;
  readonly #nonceWindow: bigint;
  #modifiedTime: number;
  #permissions: readonly SpotPermission[];
  #highestNonce = 0n;
  // Only nonces inside the window can be sent again. The others are forgotten from time to time, so that a nonce costs the same in any window.
  #seen = new Set<bigint>();
  #mostSeen = 1000;
  #usedSteps = new Set<number>();
  #lastUsed: number | undefined;
  #revoked = false;

  constructor(options: SpotKeyOptions | FuturesKeyOptions, name: string, now: () => number, singleUse = false) {
    checkObject("addKey", options);
    const { product = "spot" } = options;
    checkOneOf("product", product, Object.keys(OPTIONS));
    checkKnown("addKey", options, [...COMMON, ...OPTIONS[product]]);
    this.key = options.key ?? toBase64(randomBytes(42));
    this.secret = options.secret ?? toBase64(randomBytes(64));
    this.#options = options;
    this.#name = options.name ?? name;
    const secretBytes = fromBase64(this.secret);
    if (!secretBytes || secretBytes.length === 0) throw new TypeError("secret is not base64 as Kraken writes it");
    this.#signingSecret = secretOf(secretBytes);
    this.#now = now;
    this.#singleUse = singleUse;
    this.#createdTime = millis(options.createdTime) ?? now();
    this.#modifiedTime = this.#createdTime;
    this.#nonceWindow = BigInt(options.nonceWindow ?? 0);
    this.#permissions = options.product === "futures" ? [] : (options.permissions ?? ALL_PERMISSIONS);
    if (!Array.isArray(this.#permissions))
      throw new TypeError('Invalid `permissions`: expected an array of names, such as ["query-funds"].');

    const otp = options.product === "futures" ? undefined : options.otp;
    if (!otp) return;
    if (typeof otp !== "object")
      throw new TypeError("Invalid `otp`: expected an object, `{}` for a random setup key, or one with `setupKey` or `password`.");
    checkKnown("otp", otp, OTP_OPTIONS);
    if ("password" in otp) {
      this.otp = { password: otp.password };
      return;
    }
    this.#setupKey = otp.setupKey ?? toBase32(randomBytes(20));
    this.#setupKeyBytes = fromBase32(this.#setupKey);
    if (!this.#setupKeyBytes) throw new TypeError("otp.setupKey is not base32");
    this.otp = () => this.#code(this.#step(now()));
  }

  get product(): Product {
    return this.#options.product ?? "spot";
  }
  get name(): string {
    return this.#name;
  }
  get setupKey(): string | undefined {
    return this.#setupKey;
  }
  get permissions(): readonly SpotPermission[] {
    return this.#permissions;
  }
  get lastNonce(): string {
    return this.#highestNonce.toString();
  }
  get lastUsed(): number | undefined {
    return this.#lastUsed;
  }
  get revoked(): boolean {
    return this.#revoked;
  }
  setPermissions(permissions: readonly SpotPermission[]): void {
    this.#permissions = [...permissions];
    this.#modifiedTime = this.#now();
  }
  revoke(): void {
    this.#revoked = true;
  }

  get signingSecret(): Secret {
    return this.#signingSecret;
  }
  get nonceWindow(): bigint {
    return this.#nonceWindow;
  }
  get createdTime(): number {
    return this.#createdTime;
  }
  get modifiedTime(): number {
    return this.#modifiedTime;
  }
  get validUntil(): number | undefined {
    return millis(this.#options.validUntil);
  }
  get queryFrom(): number | undefined {
    return this.#options.product === "futures" ? undefined : millis(this.#options.queryFrom);
  }
  get queryTo(): number | undefined {
    return this.#options.product === "futures" ? undefined : millis(this.#options.queryTo);
  }
  get ipAllowlist(): readonly string[] {
    return this.#options.ipAllowlist ?? [];
  }
  get level(): "none" | "read-only" | "full" {
    return this.#options.product === "futures" ? (this.#options.level ?? "full") : "none";
  }
  get withdrawal(): "none" | "full" {
    return this.#options.product === "futures" ? (this.#options.withdrawal ?? "full") : "none";
  }

  hasExpired(now: number): boolean {
    return this.validUntil !== undefined && now >= this.validUntil;
  }

  allowsIp(ip: string): boolean {
    return this.ipAllowlist.length === 0 || this.ipAllowlist.some((entry) => matchesIp(entry, ip));
  }

  /** Checks a nonce and uses it up if it is fresh. It is synchronous, so that no other request comes in between. */
  takeNonce(nonce: bigint): NonceVerdict {
    if (nonce === this.#highestNonce && this.#highestNonce > 0n) return "duplicate";
    if (nonce <= this.#highestNonce && (this.#nonceWindow === 0n || nonce < this.#highestNonce - this.#nonceWindow)) return "below";
    if (this.#seen.has(nonce)) return "duplicate";
    if (nonce > this.#highestNonce) this.#highestNonce = nonce;
    if (this.#nonceWindow > 0n) this.#remember(nonce);
    return "fresh";
  }

  #remember(nonce: bigint): void {
    this.#seen.add(nonce);
    if (this.#seen.size < this.#mostSeen) return;
    for (const old of this.#seen) if (old < this.#highestNonce - this.#nonceWindow) this.#seen.delete(old);
    this.#mostSeen = Math.max(1000, 2 * this.#seen.size);
  }

  recordUse(now: number): void {
    this.#lastUsed = now;
  }

  /**
   * Returns whether `sent` is the password, or a code of this time step or of the one before or after it. A key without 2FA accepts only a missing
   * OTP.
   */
  acceptsOtp(sent: string | undefined, now: number): boolean | Promise<boolean> {
    if (!this.otp) return sent === undefined;
    return typeof this.otp === "object" ? sent === this.otp.password : this.#acceptsCode(sent, now);
  }

  async #acceptsCode(sent: string | undefined, now: number): Promise<boolean> {
    const current = this.#step(now);
    for (const step of [current, current - 1, current + 1]) {
      if (step < 0 || sent !== (await this.#code(step))) continue;
      if ((this.#totp.singleUse ?? this.#singleUse) && this.#usedSteps.has(step)) return false;
      this.#usedSteps.add(step);
      return true;
    }
    return false;
  }

  #step(now: number): number {
    return Math.floor(now / 1000 / (this.#totp.period ?? 30));
  }

  #code(step: number): Promise<string> {
    const { algorithm = "SHA1", digits = 6 } = this.#totp;
    return otpCode(this.#setupKeyBytes ?? new Uint8Array(), step, algorithm, digits);
  }

  get #totp(): TotpOptions {
    const otp = this.#options.product === "futures" ? undefined : this.#options.otp;
    return otp && !("password" in otp) ? otp : {};
  }
}

function matchesIp(entry: string, ip: string): boolean {
  const [base = "", bits] = entry.split("/");
  const a = ipv4(base);
  const b = ipv4(ip);
  if (a === undefined || b === undefined || bits === undefined) return base === ip;
  const shift = 32 - Number(bits);
  return shift >= 32 || a >>> shift === b >>> shift;
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) return undefined;
  return parts.reduce((value, part) => ((value << 8) | part) >>> 0, 0);
}
