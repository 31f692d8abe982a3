import type { Endpoint, Proof } from "../../endpoint.js";

/** Returns the record of a private endpoint that changes nothing. */
export const read = (permissions: string, more: Partial<Endpoint> = {}): Endpoint => ({
  method: "POST",
  permissions,
  write: false,
  ...more,
});

/** Returns the record of a private endpoint that changes something, with its proof. */
export const write = (permissions: string, proof: Proof, more: Partial<Endpoint> = {}): Endpoint => ({
  method: "POST",
  permissions,
  write: true,
  proof,
  ...more,
});

/** The record of a public endpoint. */
export const open: Endpoint = { method: "GET", isPublic: true, permissions: "", write: false };

/** An amount, a price or a volume: decimal text such as `"0.0000001"`, or a number from 0.000001 on with at most 15 digits. */
export type DecimalParam = string | number | bigint;

/** A time: a `Date`, or seconds since 1970. */
export type SecondsParam = Date | number | string;

/** A time: a `Date`, or text in RFC 3339, such as `"2026-11-28T12:00:00Z"`. */
export type TimestampParam = Date | string;

/** One or more texts, as a list or joined by commas. */
export type TextListParam = string | readonly string[];

/** One of these texts, or one that Kraken adds later. */
export type Known<Text extends string> = Text | (string & {});

declare const none: unique symbol;

/** The parameters of an endpoint that takes none. */
export interface NoParams {
  readonly [none]?: never;
}

/** The parameter for the unit of tokenized stocks. */
export interface RebaseParams {
  /** The unit of tokenized stocks: shares of the stock (`rebased`, the default) or tokens (`base`). */
  readonly rebase_multiplier?: "rebased" | "base" | undefined;
}

/** The parameter for the names of assets and pairs in an answer. */
export interface AssetVersionParams {
  /** `1` for display names (`BTC`, `BTC/USD`). Default: Kraken's internal names (`XXBT`, `XXBTZUSD`). */
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
