import { type Endpoint, type Method, type Proof, type Row, isText, property } from "../../endpoint.js";

/** An endpoint that changes nothing. */
export const read = (method: Method, more: Partial<Endpoint> = {}): Endpoint => ({ method, permissions: "read", write: false, ...more });

/** A private endpoint for reading. */
export const get: Endpoint = /* @__PURE__ */ read("GET");

/** A public endpoint. */
export const open: Endpoint = { method: "GET", isPublic: true, permissions: "", write: false };

/** An endpoint that changes something, and what proves that it did. */
export const write = (
  permissions: "full" | "withdrawal",
  proof: Proof,
  method: Method = "POST",
  more: Partial<Endpoint> = {},
): Endpoint => ({
  method,
  permissions,
  write: true,
  proof,
  ...more,
});

/** What a status says: done if it is one of these, else it is Kraken's word for why not. */
export function statusRow(status: unknown, done: readonly string[]): Row {
  if (!isText(status)) return "unknown";
  return done.includes(status) ? "done" : { rejected: status };
}

/** Proof: there is an object of this name, and its status is one of these. */
export const status =
  (name: string, ...done: string[]): Proof =>
  (result) =>
    statusRow(property(property(result, name), "status"), done);

/** An amount, a price or a size: decimal text such as `"0.0001"`; a number of at most 15 digits, from 0.000001 on. */
export type DecimalParam = string | number | bigint;

/** A time: a `Date`, or seconds since 1970. */
export type SecondsParam = Date | number | string;

/** A time: a `Date`, or milliseconds since 1970. */
export type MillisecondsParam = Date | number | string;

/** A time as text, RFC 3339: a `Date`, or such as `"2026-11-28T12:00:00.000Z"`. */
export type TimestampParam = Date | string;

/** One of these texts, or one that Kraken adds later. */
export type Known<Text extends string> = Text | (string & {});

declare const none: unique symbol;

/** For endpoints without parameters. */
export interface NoParams {
  readonly [none]?: never;
}

/** What every answer under `/derivatives` has. An answer that says anything else than `success` is thrown. */
export interface Success {
  /** Whether it was carried out. */
  result: "success";
  /** RFC 3339. */
  serverTime: string;
}

export type Side = "buy" | "sell";

/** What candles are made of. */
export type TickType = "spot" | "mark" | "trade";

/** How long candles are. */
export type Resolution = "1m" | "5m" | "15m" | "30m" | "1h" | "4h" | "12h" | "1d" | "1w";

export interface OptionGreeks {
  /** -1 where it cannot be computed. */
  iv: number;
  /** Change of value with the price. */
  delta?: number;
  /** Change of delta with the price. */
  gamma: number | null;
  /** Change of value with the volatility. */
  vega: number | null;
  /** Change of value with time. */
  theta: number | null;
  /** Change of value with the interest rate. */
  rho: number | null;
}
