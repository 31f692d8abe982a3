/** A Futures order: its parameters, checked as sendorder checks them, and its state. */

import { decimal, multiply, parseDecimal } from "../market/decimal.js";
import { findContract, type Contract } from "./contracts.js";
import type { Side } from "../market/market-book.js";
import { Rejection } from "../outcome.js";
import { flag, text, type Params } from "../parameters/received.js";

/** The order types, with the parameters that each needs besides symbol, side and size. */
const ORDER_TYPES: Readonly<Record<string, readonly string[]>> = {
  lmt: ["limitPrice"],
  post: ["limitPrice"],
  ioc: ["limitPrice"],
  fok: ["limitPrice"],
  mkt: [],
  stp: ["stopPrice"],
  take_profit: ["stopPrice"],
  trailing_stop: ["trailingStopMaxDeviation", "trailingStopDeviationUnit"],
};

export const TRIGGERED_TYPES = ["stp", "take_profit", "trailing_stop"];

/** The signals that are accepted. All of them use the last price. */
const SIGNALS = ["mark", "index", "spot", "last"];

export interface Trailing {
  readonly deviation: bigint;
  readonly unit: "PERCENT" | "QUOTE_CURRENCY";
}

/** A limit that is computed when the order is triggered, from the price that triggers it. */
interface LimitOffset {
  readonly value: bigint;
  readonly unit: Trailing["unit"];
}

export interface FuturesDraft {
  readonly cliOrdId: string | undefined;
  readonly type: string;
  readonly symbol: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly signal: string;
  readonly trailing: Trailing | undefined;
  readonly limitOffset: LimitOffset | undefined;
  readonly size: bigint;
  readonly limitPrice: bigint | undefined;
  readonly stopPrice: bigint | undefined;
}

export interface FuturesOrder extends FuturesDraft {
  readonly id: string;
  readonly placedAt: number;
  size: bigint;
  filled: bigint;
  limitPrice: bigint | undefined;
  stopPrice: bigint | undefined;
  trailing: Trailing | undefined;
  status: "open" | "filled" | "cancelled";
  /** Whether the order waits for the last price to reach `stopPrice`. */
  waits: boolean;
  /** The time at which it was triggered. */
  triggeredAt: number | undefined;
  updatedAt: number;
}

/** Makes an order from its parameters, or the status with which it is rejected. A missing or impossible argument is an error. */
export function draftFutures(params: Params): FuturesDraft | { readonly status: string } {
  const type = required(params, "orderType");
  const needed = Object.hasOwn(ORDER_TYPES, type) ? ORDER_TYPES[type] : undefined;
  if (!needed) throw new Rejection("invalidArgument");
  const symbol = required(params, "symbol");
  const side = required(params, "side");
  if (side !== "buy" && side !== "sell") throw new Rejection("invalidArgument");
  const size = parseDecimal(required(params, "size"));
  for (const name of needed) required(params, name);
  const contract = findContract(symbol);
  if (!contract) throw new Rejection("contractNotFound");
  checkPrices(params, type);
  const limitPrice = type === "mkt" ? undefined : optionalPrice(params, "limitPrice");
  const stopPrice = optionalPrice(params, "stopPrice");
  const signal = text(params, "triggerSignal") ?? "mark";
  if (!SIGNALS.includes(signal)) throw new Rejection("invalidArgument");
  const cliOrdId = text(params, "cliOrdId");
  if (cliOrdId === "") throw new Rejection("invalidArgument");
  const trailing = type === "trailing_stop" ? trailingOf(params) : undefined;
  const limitOffset = limitOffsetOf(params, type);

  if (size === undefined || !isSize(contract, size)) return { status: "invalidSize" };
  if (!isPrice(contract, limitPrice) || !isPrice(contract, stopPrice)) return { status: "invalidPrice" };
  if (cliOrdId !== undefined && cliOrdId.length > 100) return { status: "clientOrderIdTooLong" };
  const reduceOnly = flag(params, "reduceOnly");
  return { cliOrdId, type, symbol: contract.symbol, side, reduceOnly, signal, trailing, limitOffset, size, limitPrice, stopPrice };
}

/** Rejects prices that this type of order does not have. Kraken documents that a trailing stop has neither of them. */
function checkPrices(params: Params, type: string): void {
  const trails = type === "trailing_stop";
  const others = trails ? ["limitPrice"] : ["trailingStopMaxDeviation", "trailingStopDeviationUnit"];
  if (type !== "stp" && type !== "take_profit") others.push("stopPrice");
  if (others.some((name) => (text(params, name) ?? "") !== "")) throw new Rejection("invalidArgument");
}

/** Returns whether a size is a positive multiple of the contract's smallest one. */
export const isSize = ({ lot }: Pick<Contract, "lot">, size: bigint): boolean => size > 0n && size % lot === 0n;

/** Returns whether a price, if there is one, is a positive multiple of the tick size. */
export const isPrice = ({ tick }: Pick<Contract, "tick">, price: bigint | undefined): boolean =>
  price === undefined || (price > 0n && price % tick === 0n);

function limitOffsetOf(params: Params, type: string): LimitOffset | undefined {
  const text_ = text(params, "limitPriceOffsetValue");
  const unit = unitOf(text(params, "limitPriceOffsetUnit"));
  if (text_ === undefined && params["limitPriceOffsetUnit"] === undefined) return undefined;
  const size = parseDecimal(text_?.replace(/^[+-]/, ""));
  if (size === undefined || unit === undefined || !TRIGGERED_TYPES.includes(type)) throw new Rejection("invalidArgument");
  return { value: text_?.startsWith("-") ? -size : size, unit };
}

function unitOf(name: string | undefined): Trailing["unit"] | undefined {
  const unit = name?.toUpperCase();
  return unit === "PERCENT" || unit === "QUOTE_CURRENCY" ? unit : undefined;
}

/** Returns the limit of an order at the moment at which it is triggered. */
export function limitOnTrigger({ limitOffset, limitPrice, stopPrice, symbol }: FuturesOrder): bigint | undefined {
  if (!limitOffset || stopPrice === undefined) return limitPrice;
  const { value, unit } = limitOffset;
  return inTicks(symbol, stopPrice + (unit === "PERCENT" ? multiply(stopPrice, value) / 100n : value));
}

/** Returns a price that was computed, cut to the tick size, and not below it. */
function inTicks(symbol: string, price: bigint): bigint {
  const tick = findContract(symbol)?.tick ?? 1n;
  return price < tick ? tick : price - (price % tick);
}

/** The limits of a trailing stop's deviation that Kraken documents: 0.1 and 50 percent. */
const [LEAST_PERCENT, MOST_PERCENT] = [decimal("0.1"), decimal("50")];

export function trailingOf(params: Params): Trailing {
  const deviation = parseDecimal(text(params, "trailingStopMaxDeviation"));
  const unit = unitOf(required(params, "trailingStopDeviationUnit"));
  if (deviation === undefined || deviation === 0n || unit === undefined) throw new Rejection("invalidArgument");
  if (unit === "PERCENT" && (deviation < LEAST_PERCENT || deviation > MOST_PERCENT)) throw new Rejection("invalidArgument");
  return { deviation, unit };
}

export function required(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") throw new Rejection("requiredArgumentMissing");
  return value;
}

export function optionalPrice(params: Params, name: string): bigint | undefined {
  const value = text(params, name);
  if (value === undefined || value === "") return undefined;
  const price = parseDecimal(value);
  if (price === undefined) throw new Rejection("invalidArgument");
  return price;
}

/** Returns whether the order is triggered when the price rises, not when it falls. */
export const triggersAbove = ({ type, side }: FuturesDraft): boolean => (type === "take_profit") === (side === "sell");

/** Returns the price at which a trailing stop is triggered if `last` is the best price so far. */
export function trailFrom({ deviation, unit }: Trailing, { side, symbol }: Pick<FuturesDraft, "side" | "symbol">, last: bigint): bigint {
  const offset = unit === "PERCENT" ? multiply(last, deviation) / 100n : deviation;
  return inTicks(symbol, side === "sell" ? last - offset : last + offset);
}

/** Moves a trailing stop with the last price, and returns whether the price of the order was reached. */
export function isReached(order: FuturesOrder, last: bigint): boolean {
  if (order.trailing) {
    const stop = trailFrom(order.trailing, order, last);
    if (order.stopPrice === undefined || (order.side === "sell" ? stop > order.stopPrice : stop < order.stopPrice)) order.stopPrice = stop;
  }
  if (order.stopPrice === undefined) return false;
  return triggersAbove(order) ? last >= order.stopPrice : last <= order.stopPrice;
}

/** A position, whose size is positive if it is long and negative if it is short. */
export interface Position {
  readonly size: bigint;
  /** The average entry price. */
  readonly price: bigint;
  readonly since: number;
}

export interface FuturesFill {
  readonly id: string;
  /** The number of the fill, from 1. */
  readonly number: number;
  readonly order: FuturesOrder;
  readonly size: bigint;
  readonly price: bigint;
  readonly time: number;
  readonly maker: boolean;
  /** The filled size of the order before this fill. */
  readonly filledBefore: bigint;
  readonly before: Position;
  readonly after: Position;
}
