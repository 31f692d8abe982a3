/** The changes of a Futures order, checked as editorder checks them. */

import type { Market } from "../market/live-market.js";
import { parseDecimal } from "../market/decimal.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import { findContract } from "./contracts.js";
import { isPrice, isSize, optionalPrice, trailFrom, trailingOf, type FuturesOrder } from "./order.js";

export type FuturesChanges = Pick<FuturesOrder, "size" | "limitPrice" | "stopPrice" | "trailing">;

/** Returns the changes of an order, or the status with which they are rejected. */
export function changesOf(order: FuturesOrder, params: Params, market: Market): FuturesChanges | { readonly status: string } {
  const contract = findContract(order.symbol);
  if (!contract) throw new Error("an order without a contract");
  const size = sizeOf(order, params);
  if (size === undefined || !isSize(contract, size) || size <= order.filled) return { status: "invalidSize" };
  const [limitPrice, stopPrice] = [optionalPrice(params, "limitPrice"), optionalPrice(params, "stopPrice")];
  if (!isPrice(contract, limitPrice) || !isPrice(contract, stopPrice)) return { status: "invalidPrice" };
  if (stopPrice !== undefined && (!order.waits || order.trailing)) throw new Rejection("invalidArgument");
  if (limitPrice !== undefined && order.trailing && order.waits) throw new Rejection("invalidArgument");
  const trails = params["trailingStopMaxDeviation"] !== undefined || params["trailingStopDeviationUnit"] !== undefined;
  if (trails && !order.trailing) throw new Rejection("invalidArgument");
  const trailing = trails ? trailingOf(params) : order.trailing;
  return {
    size,
    limitPrice: limitPrice ?? order.limitPrice,
    stopPrice: trails && trailing ? trailFrom(trailing, order, market.last) : (stopPrice ?? order.stopPrice),
    trailing,
  };
}

/** Returns the new size, including the filled part. Without `qtyMode`, `size` is the part that is open. */
function sizeOf(order: FuturesOrder, params: Params): bigint | undefined {
  const mode = text(params, "qtyMode") ?? "RELATIVE";
  if (mode !== "RELATIVE" && mode !== "ABSOLUTE") throw new Rejection("invalidArgument");
  if (text(params, "size") === undefined) return order.size;
  const size = parseDecimal(text(params, "size"));
  return size !== undefined && size > 0n && mode === "RELATIVE" ? order.filled + size : size;
}
