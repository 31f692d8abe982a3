/** Futures orders, fills, positions and wallets in the shapes that Kraken answers with. */

import { formatDecimal, toNumber } from "../market/decimal.js";
import type { FuturesFill, FuturesOrder, Position } from "./order.js";

const iso = (time: number): string => new Date(time).toISOString();

/** As in the events of sendorder, editorder and cancelorder. */
export function describe(order: FuturesOrder): Record<string, unknown> {
  return {
    orderId: order.id,
    cliOrdId: order.cliOrdId ?? null,
    type: order.type,
    symbol: order.symbol,
    side: order.side,
    quantity: toNumber(order.size),
    filled: toNumber(order.filled),
    limitPrice: order.limitPrice === undefined ? null : toNumber(order.limitPrice),
    ...(order.stopPrice === undefined ? {} : { stopPrice: toNumber(order.stopPrice) }),
    reduceOnly: order.reduceOnly,
    timestamp: iso(order.placedAt),
    lastUpdateTimestamp: iso(order.updatedAt),
  };
}

/** As in openorders. */
export function describeOpen(order: FuturesOrder): Record<string, unknown> {
  return {
    order_id: order.id,
    ...(order.cliOrdId === undefined ? {} : { cliOrdId: order.cliOrdId }),
    symbol: order.symbol,
    side: order.side,
    orderType: order.type,
    ...(order.limitPrice === undefined ? {} : { limitPrice: toNumber(order.limitPrice) }),
    ...(order.stopPrice === undefined ? {} : { stopPrice: toNumber(order.stopPrice) }),
    unfilledSize: toNumber(order.size - order.filled),
    filledSize: toNumber(order.filled),
    reduceOnly: order.reduceOnly,
    status: order.filled > 0n ? "partiallyFilled" : "untouched",
    receivedTime: iso(order.placedAt),
    lastUpdateTime: iso(order.updatedAt),
  };
}

export function describeFill(fill: FuturesFill): Record<string, unknown> {
  return {
    fill_id: fill.id,
    order_id: fill.order.id,
    ...(fill.order.cliOrdId === undefined ? {} : { cliOrdId: fill.order.cliOrdId }),
    symbol: fill.order.symbol,
    side: fill.order.side,
    size: toNumber(fill.size),
    price: toNumber(fill.price),
    fillTime: iso(fill.time),
    fillType: "taker",
  };
}

export function describePosition(symbol: string, position: Position): Record<string, unknown> {
  return {
    side: position.size > 0n ? "long" : "short",
    symbol,
    price: toNumber(position.price),
    fillTime: iso(position.since),
    size: Math.abs(toNumber(position.size)),
    unrealizedFunding: 0,
  };
}

export function describeWallets(account: { readonly wallets: ReadonlyMap<string, ReadonlyMap<string, bigint>> }): Record<string, unknown> {
  const balances = (name: string) =>
    Object.fromEntries([...(account.wallets.get(name) ?? [])].map(([unit, amount]) => [unit, toNumber(amount)]));
  const flex = balances("flex");
  return {
    cash: { type: "cashAccount", balances: balances("cash") },
    flex: {
      type: "multiCollateralMarginAccount",
      currencies: Object.fromEntries(
        Object.entries(flex).map(([unit, amount]) => [unit.toUpperCase(), { quantity: amount, available: amount }]),
      ),
      availableMargin: flex["usd"] ?? 0,
    },
  };
}

/** As in orders/status. */
export function describeStatus(order: FuturesOrder): Record<string, unknown> {
  return { ...describe(order), type: "ORDER", priceTriggerOptions: null, triggerTime: null };
}

/** Decimals in the history are text, without zeros at the end. */
const plain = (value: bigint | undefined): string => formatDecimal(value ?? 0n, 18).replace(/\.?0+$/, "");

/** As in the history; here the client's own id is `clientId`. */
export function describeHistory(order: FuturesOrder, accountUid: string): Record<string, unknown> {
  return {
    uid: order.id,
    accountUid,
    tradeable: order.symbol,
    direction: order.side === "buy" ? "Buy" : "Sell",
    quantity: plain(order.size),
    filled: plain(order.filled),
    timestamp: order.placedAt,
    limitPrice: plain(order.limitPrice),
    orderType: HISTORY_TYPES[order.type] ?? order.type,
    clientId: order.cliOrdId ?? "",
    reduceOnly: order.reduceOnly,
    lastUpdateTimestamp: order.updatedAt,
  };
}

const HISTORY_TYPES: Readonly<Record<string, string>> = { lmt: "Limit", post: "Post", ioc: "IoC", mkt: "Market", stp: "Stop" };
