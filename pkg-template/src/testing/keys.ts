/** API keys as the exchange keeps them: credentials, restrictions, the nonce mark and the second factor. */

import { fromBase32, fromBase64, otpCode, randomBytes, toBase32, toBase64, type OtpAlgorithm } from "./crypto.js";

/** Which of Kraken's two products a key belongs to. They look alike, and neither accepts the other's keys. */
export type Product = "spot" | "futures";

/** A permission of a Spot key, as `GetApiKeyInfo` names it; ones that are unknown here are kept and reported. */
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

/** Every permission, which is what a key gets unless told otherwise. */
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

/** The second factor of a Spot key: a static password, or an authenticator app (RFC 6238). */
export type OtpOptions = { readonly password: string } | TotpOptions;

/** An authenticator app. */
export interface TotpOptions {
  /** The base32 setup key; random by default. */
  readonly setupKey?: string;
  /** Default SHA1. */
  readonly algorithm?: OtpAlgorithm;
  /** Default 6. */
  readonly digits?: 6 | 7 | 8;
  /** Seconds a code lasts; default 30. */
  readonly period?: number;
  /** Refuse a code that was accepted before. Default {@link Assumptions.singleUse}: Kraken's rule is not published. */
  readonly singleUse?: boolean;
}

interface CommonKeyOptions {
  /** 56 characters of base64, random by default. */
  readonly key?: string;
  /** Base64, 64 random bytes (88 characters) by default. Random values need a request context in Workers: give both there. */
  readonly secret?: string;
  /** Default `key-1`, `key-2`, … */
  readonly name?: string;
  /** How far below the highest nonce seen a nonce may still be, in the nonce's own unit. Default 0. */
  readonly nonceWindow?: number | bigint;
  /** When the key expires, in milliseconds since 1970 or as a Date. Default never. */
  readonly validUntil?: number | Date;
  /** Addresses that may use the key: IPv4 or IPv6 addresses, or IPv4 ranges such as `10.0.0.0/8`. Default all. */
  readonly ipAllowlist?: readonly string[];
  /** When the key was made, in milliseconds since 1970 or as a Date. Default the exchange's clock. */
  readonly createdTime?: number | Date;
}

/** A key for `https://api.kraken.com`. */
export interface SpotKeyOptions extends CommonKeyOptions {
  /** Default `spot`. */
  readonly product?: "spot";
  /** Default all. */
  readonly permissions?: readonly SpotPermission[];
  /** Default none. */
  readonly otp?: OtpOptions;
  /** Earliest time of closed orders, trades and ledger entries the key may see, in milliseconds since 1970 or as a Date. Default any. */
  readonly queryFrom?: number | Date;
  /** Latest such time. Default any. */
  readonly queryTo?: number | Date;
}

/** A key for `https://futures.kraken.com`. */
export interface FuturesKeyOptions extends CommonKeyOptions {
  /** Says that it is a Futures key. */
  readonly product: "futures";
  /** The level called General API. Default `full`. */
  readonly level?: "none" | "read-only" | "full";
  /** The level called Withdrawal API. Default `full`. */
  readonly withdrawal?: "none" | "full";
}

/**
 * A key the exchange knows. Its own enumerable properties are exactly the credentials, so it can be spread into a client's options;
 * the rest is live state.
 */
export interface ExchangeKey {
  /** The public half, as in the header `API-Key` or `APIKey`. */
  readonly key: string;
  /** The private half, base64. */
  readonly secret: string;
  /** Present when the key has 2FA: the password, or a function that returns the code of the exchange's own clock. */
  readonly otp?: { readonly password: string } | (() => Promise<string>);
  /** Whose key it is. */
  readonly product: Product;
  /** As it was given, or `key-1`, `key-2`, … */
  readonly name: string;
  /** The setup key of the authenticator app, for a client that makes its own codes. */
  readonly setupKey: string | undefined;
  /** The permissions of a Spot key; empty for Futures. */
  readonly permissions: readonly SpotPermission[];
  /** The highest nonce that was accepted, decimal; `"0"` before the first. */
  readonly lastNonce: string;
  /** When the key last passed all checks, in milliseconds since 1970. */
  readonly lastUsed: number | undefined;
  /** Whether it was revoked. */
  readonly revoked: boolean;
  /** Changes the permissions of a Spot key, as its owner might in the middle of a run. */
  setPermissions(permissions: readonly SpotPermission[]): void;
  /** From now on the key is unknown (`EAPI:Invalid key`). */
  revoke(): void;
}

/** What became of a nonce. Only `fresh` moves the mark. */
export type NonceVerdict = "fresh" | "below" | "duplicate";

const millis = (time: number | Date | undefined) => (time === undefined ? undefined : Number(time));

/** The exchange's side of a key: what {@link ExchangeKey} shows, and the checks. */
export class KeyRecord implements ExchangeKey {
  readonly key: string;
  readonly secret: string;
  declare readonly otp?: { readonly password: string } | (() => Promise<string>);

  readonly #options: SpotKeyOptions | FuturesKeyOptions;
  readonly #name: string;
  readonly #secretBytes: Uint8Array;
  readonly #setupKeyBytes: Uint8Array | undefined;
  readonly #setupKey: string | undefined;
  readonly #now: () => number;
  readonly #singleUse: boolean;
  readonly #createdTime: number;
  readonly #nonceWindow: bigint;
  #modifiedTime: number;
  #permissions: readonly SpotPermission[];
  #mark = 0n;
  // Only nonces inside the window can come back, so only they are remembered.
  #seen = new Set<bigint>();
  #usedSteps = new Set<number>();
  #lastUsed: number | undefined;
  #revoked = false;

  constructor(options: SpotKeyOptions | FuturesKeyOptions, name: string, now: () => number, singleUse = false) {
    this.key = options.key ?? toBase64(randomBytes(42));
    this.secret = options.secret ?? toBase64(randomBytes(64));
    this.#options = options;
    this.#name = options.name ?? name;
    const secretBytes = fromBase64(this.secret);
    if (!secretBytes || secretBytes.length === 0) throw new TypeError("secret is not base64 as Kraken writes it");
    this.#secretBytes = secretBytes;
    this.#now = now;
    this.#singleUse = singleUse;
    this.#createdTime = millis(options.createdTime) ?? now();
    this.#modifiedTime = this.#createdTime;
    this.#nonceWindow = BigInt(options.nonceWindow ?? 0);
    this.#permissions = options.product === "futures" ? [] : (options.permissions ?? ALL_PERMISSIONS);

    const otp = options.product === "futures" ? undefined : options.otp;
    if (!otp) return;
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
    return this.#mark.toString();
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

  get secretBytes(): Uint8Array {
    return this.#secretBytes;
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

  /** Judges a nonce and, if it is good, uses it up. Synchronous, so that no other request comes between. */
  takeNonce(nonce: bigint): NonceVerdict {
    if (this.#seen.has(nonce) || (nonce === this.#mark && this.#mark > 0n)) return "duplicate";
    if (nonce <= this.#mark && (this.#nonceWindow === 0n || nonce < this.#mark - this.#nonceWindow)) return "below";
    if (nonce > this.#mark) this.#mark = nonce;
    if (this.#nonceWindow > 0n) {
      this.#seen.add(nonce);
      for (const old of this.#seen) if (old < this.#mark - this.#nonceWindow) this.#seen.delete(old);
    }
    return "fresh";
  }

  markUsed(now: number): void {
    this.#lastUsed = now;
  }

  /**
   * True when `sent` is the password, or a code of this time step or the one before or after it. A key without 2FA accepts only no
   * OTP at all.
   */
  async acceptsOtp(sent: string | undefined, now: number): Promise<boolean> {
    if (!this.otp) return sent === undefined;
    if (typeof this.otp === "object") return sent === this.otp.password;
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
