/** The fees of Spot orders: how much they are, and in which asset they are charged. */

import { cut, multiply } from "../market/decimal.js";
import { FEE_RATES, type Asset } from "../market/market.js";
import type { OrderDraft } from "./order.js";

type Paying = Pick<OrderDraft, "type" | "pair" | "oflags">;

/** Returns whether the fees of an order are charged in the base currency. Without the flag, they are charged in the quote currency. */
const isInBase = ({ oflags }: Paying): boolean => oflags.includes("fcib");

/** Returns the asset with which an order pays. */
export const paidWith = ({ type, pair }: Paying): Asset => (type === "buy" ? pair.quote : pair.base);

/**
 * Returns the most that an order pays for its fees, in the asset with which it pays `amount`. Nothing if they are charged in what it gets. A post-only
 * order is always the maker.
 */
export function mostFee(order: Paying, amount: bigint): bigint {
  const isInOther = (order.type === "sell") !== isInBase(order);
  return isInOther ? 0n : multiply(amount, order.oflags.includes("post") ? FEE_RATES.maker : FEE_RATES.taker);
}

/** The fee of a trade. */
export interface TradeFee {
  /** The fee, or its value, in the quote currency. */
  readonly fee: bigint;
  /** The amount that is charged in the base currency. */
  readonly inBase: bigint;
  /** The amount that is charged in the quote currency. */
  readonly inQuote: bigint;
}

/** Computes the fee of a trade. */
export function feeOf(order: Paying, { volume, cost, maker }: { volume: bigint; cost: bigint; maker: boolean }): TradeFee {
  const { base, quote, costDecimals } = order.pair;
  const rate = maker ? FEE_RATES.maker : FEE_RATES.taker;
  const fee = cut(multiply(cost, rate), costDecimals);
  return isInBase(order)
    ? { fee, inBase: cut(multiply(volume, rate), base.decimals), inQuote: 0n }
    : { fee, inBase: 0n, inQuote: cut(fee, quote.decimals) };
}
