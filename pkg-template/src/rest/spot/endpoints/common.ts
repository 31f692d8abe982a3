import type { Endpoint, Proof } from "../../endpoint.js";

/** A private endpoint that changes nothing. */
export const read = (permissions: string, more: Partial<Endpoint> = {}): Endpoint => ({
  method: "POST",
  permissions,
  write: false,
  ...more,
});

/** A private endpoint that changes something, and what proves that it did. */
export const write = (permissions: string, proof: Proof, more: Partial<Endpoint> = {}): Endpoint => ({
  method: "POST",
  permissions,
  write: true,
  proof,
  ...more,
});

/** A public endpoint. */
export const open: Endpoint = { method: "GET", isPublic: true, permissions: "", write: false };

/** An amount, a price or a volume: decimal text such as `"0.0000001"`; a number of at most 15 digits, from 0.000001 on. */
export type DecimalParam = string | number | bigint;

/** A time: a `Date`, or seconds since 1970. */
export type SecondsParam = Date | number | string;

/** A time as text, RFC 3339: a `Date`, or such as `"2026-11-28T12:00:00Z"`. */
export type TimestampParam = Date | string;

/** Several texts, as a list or joined by commas. */
export type TextListParam = string | readonly string[];

/** One of these texts, or one that Kraken adds later. */
export type Known<Text extends string> = Text | (string & {});

declare const none: unique symbol;

/** For endpoints without parameters. */
export interface NoParams {
  readonly [none]?: never;
}

/** How amounts of tokenized stocks are counted: in shares of the stock (`rebased`), or in tokens (`base`). */
export interface RebaseParams {
  /** Tokenized stocks: amounts in shares of the stock (`rebased`, the default), or in tokens (`base`). */
  readonly rebase_multiplier?: "rebased" | "base" | undefined;
}

/** Which names assets and pairs have in an answer. */
export interface AssetVersionParams {
  /** `1`: display names (`BTC`, `BTC/USD`); by default Kraken's internal ones (`XXBT`, `XXBTZUSD`). */
  readonly assetVersion?: 1 | undefined;
}

export type Side = "buy" | "sell";

export type SpotOrderType =
  | "market"
  | "limit"
  | "iceberg"
  | "stop-loss"
  | "take-profit"
  | "stop-loss-limit"
  | "take-profit-limit"
  | "trailing-stop"
  | "trailing-stop-limit"
  | "settle-position";
