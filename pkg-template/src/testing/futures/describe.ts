/** Futures orders, fills, positions and wallets in the form of Kraken's answers. */

import { formatDecimal, multiply, toNumber } from "../market/decimal.js";
import { TRIGGERED_TYPES, triggersAbove, type FuturesFill, type FuturesOrder, type Position } from "./order.js";
import { opposite, type Side } from "../market/market-book.js";

const iso = (time: number): string => new Date(time).toISOString();

/** Describes an order as the events of sendorder, editorder and cancelorder do. */
export function describe(order: FuturesOrder, filled = order.filled): Record<string, unknown> {
  return {
    orderId: order.id,
    cliOrdId: order.cliOrdId ?? null,
    type: eventType(order),
    symbol: order.symbol,
    side: order.side,
    quantity: toNumber(order.size),
    filled: toNumber(filled),
    limitPrice: order.limitPrice === undefined ? null : toNumber(order.limitPrice),
    reduceOnly: order.reduceOnly,
    timestamp: iso(order.placedAt),
    lastUpdateTimestamp: iso(order.updatedAt),
  };
}

/** Returns the type of an order in these events, where a market order is an `ioc`, and so is a triggered order without a limit. */
function eventType(order: FuturesOrder): string {
  if (order.type === "mkt" || (TRIGGERED_TYPES.includes(order.type) && order.limitPrice === undefined)) return "ioc";
  return TRIGGERED_TYPES.includes(order.type) ? "lmt" : order.type;
}

/** Describes an order that waits for a price, in the same events. */
function describeTrigger(order: FuturesOrder): Record<string, unknown> {
  return {
    uid: order.id,
    clientId: order.cliOrdId ?? null,
    type: eventType(order),
    symbol: order.symbol,
    side: order.side,
    quantity: toNumber(order.size),
    ...(order.limitPrice === undefined ? {} : { limitPrice: toNumber(order.limitPrice) }),
    triggerPrice: toNumber(order.stopPrice ?? 0n),
    triggerSide: triggersAbove(order) ? "trigger_above" : "trigger_below",
    triggerSignal: `${order.signal}_price`,
    reduceOnly: order.reduceOnly,
    timestamp: iso(order.placedAt),
    lastUpdateTimestamp: iso(order.updatedAt),
  };
}

/** Returns the description of an order under its name in an event. */
export const inEvent = (order: FuturesOrder): object =>
  order.waits ? { orderTrigger: describeTrigger(order) } : { order: describe(order) };

export const placeEvent = (order: FuturesOrder): object => ({
  type: "PLACE",
  ...inEvent(order),
  ...(order.waits ? {} : { reducedQuantity: null }),
});

export const executionEvent = (fill: FuturesFill): object => ({
  type: "EXECUTION",
  executionId: fill.id,
  price: toNumber(fill.price),
  amount: toNumber(fill.size),
  orderPriorEdit: null,
  orderPriorExecution: describe(fill.order, fill.filledBefore),
  takerReducedQuantity: null,
});

/** Describes a rejected order. The reason is the status in the spelling of events, such as `IOC_WOULD_NOT_EXECUTE`. */
export const rejectEvent = (order: FuturesOrder, status: string): object => ({
  type: "REJECT",
  uid: order.id,
  reason: status.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
  ...inEvent(order),
});

/** Describes an order as openorders does. */
export function describeOpen(order: FuturesOrder): Record<string, unknown> {
  return {
    order_id: order.id,
    ...(order.cliOrdId === undefined ? {} : { cliOrdId: order.cliOrdId }),
    symbol: order.symbol,
    side: order.side,
    orderType: order.type === "stp" ? "stop" : order.type,
    ...(order.limitPrice === undefined ? {} : { limitPrice: toNumber(order.limitPrice) }),
    ...(order.waits ? { stopPrice: toNumber(order.stopPrice ?? 0n), triggerSignal: order.signal } : {}),
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
    fillType: fill.maker ? "maker" : "taker",
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

export function describeWallets(account: { readonly wallets: ReadonlyMap<string, ReadonlyMap<string, bigint>> }): {
  readonly cash: object;
  readonly flex: { readonly type: string; readonly currencies: object; readonly availableMargin: number };
} {
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

/** Describes an order as orders/status does. */
export function describeStatus(order: FuturesOrder): Record<string, unknown> {
  const trigger = {
    triggerPrice: toNumber(order.stopPrice ?? 0n),
    triggerSide: triggersAbove(order) ? "TRIGGER_ABOVE" : "TRIGGER_BELOW",
    triggerSignal: `${order.signal.toUpperCase()}_PRICE`,
  };
  return {
    ...describe(order),
    type: order.waits ? "TRIGGER_ORDER" : "ORDER",
    algoId: null,
    priceTriggerOptions: order.waits ? trigger : null,
    triggerTime: order.triggeredAt === undefined ? null : iso(order.triggeredAt),
  };
}

/** Returns the status of an order as orders/status names it. */
export const statusOf = (order: FuturesOrder): string =>
  order.status === "cancelled"
    ? "CANCELLED"
    : order.status === "filled"
      ? "FULLY_EXECUTED"
      : order.waits
        ? "TRIGGER_PLACED"
        : "ENTERED_BOOK";

/** Formats a decimal for the history, where it is text without trailing zeros. */
export const plain = (value: bigint | undefined): string => formatDecimal(value ?? 0n, 18).replace(/\.?0+$/, "");

/** The events of the order history and of the trigger history. */
export type HistoryKind =
  | "OrderPlaced"
  | "OrderUpdated"
  | "OrderCancelled"
  | "OrderTriggerPlaced"
  | "OrderTriggerUpdated"
  | "OrderTriggerCancelled"
  | "OrderTriggerActivated";

/** @param before - the order before it was changed */
export function describeEvent(
  kind: HistoryKind,
  order: FuturesOrder,
  accountUid: string,
  reason: string,
  before = order,
): Record<string, unknown> {
  const shown = (one: FuturesOrder) => (kind.startsWith("OrderTrigger") ? historyTrigger(one, accountUid) : historyOrder(one, accountUid));
  switch (kind) {
    case "OrderPlaced":
      return { [kind]: { order: shown(order), reason, reducedQuantity: "" } };
    case "OrderUpdated":
      return { [kind]: { oldOrder: shown(before), newOrder: shown(order), reason, reducedQuantity: "" } };
    case "OrderTriggerUpdated":
      return { [kind]: { oldOrderTrigger: shown(before), newOrderTrigger: shown(order), reason } };
    case "OrderTriggerActivated":
      return { [kind]: { order: shown(order) } };
    default:
      return { [kind]: { order: shown(order), reason } };
  }
}

/** Describes an order in the history, where the client order id is `clientId`. */
function historyOrder(order: FuturesOrder, accountUid: string, filled = order.filled): Record<string, unknown> {
  return {
    uid: order.id,
    accountUid,
    tradeable: order.symbol,
    direction: directionOf(order.side),
    quantity: plain(order.size),
    filled: plain(filled),
    timestamp: order.placedAt,
    limitPrice: plain(order.limitPrice),
    orderType: HISTORY_TYPES[order.type] ?? order.type,
    clientId: order.cliOrdId ?? "",
    reduceOnly: order.reduceOnly,
    lastUpdateTimestamp: order.updatedAt,
  };
}

function historyTrigger(order: FuturesOrder, accountUid: string): Record<string, unknown> {
  const { filled: _filled, orderType: _type, ...shown } = historyOrder(order, accountUid);
  return {
    ...shown,
    orderType: eventType(order),
    triggerOptions: {
      triggerPrice: plain(order.stopPrice),
      triggerSide: triggersAbove(order) ? "Above" : "Below",
      triggerSignal: SIGNALS[order.signal],
      ...(order.trailing
        ? {
            trailingStopOptions: {
              maxDeviation: plain(order.trailing.deviation),
              unit: order.trailing.unit === "PERCENT" ? "Percent" : "QuoteCurrency",
            },
          }
        : {}),
    },
  };
}

export const directionOf = (side: Side): string => (side === "buy" ? "Buy" : "Sell");

/** Describes an execution and its effect on the position, in the history. The account's order appears as `order`, and as maker or taker. */
export function describeExecution(fill: FuturesFill, accountUid: string): Record<"execution" | "position", Record<string, unknown>> {
  const { order, maker, before, after } = fill;
  const own = historyOrder(order, accountUid);
  const other = { ...strangersOrder(fill.id, order.symbol, opposite(order.side), fill), accountUid: "" };
  const data = { fee: "0", positionSize: plain(after.size) };
  const execution = {
    uid: fill.id,
    order: own,
    makerOrder: maker ? own : other,
    takerOrder: maker ? other : own,
    ...(maker ? {} : { oldTakerOrder: historyOrder(order, accountUid, fill.filledBefore) }),
    timestamp: fill.time,
    quantity: plain(fill.size),
    price: plain(fill.price),
    markPrice: plain(fill.price),
    limitFilled: order.status === "filled",
    usdValue: usdValue(order.symbol, fill.price, fill.size),
    ...(maker ? { makerOrderData: data } : { takerOrderData: data }),
  };
  const update = {
    accountUid,
    tradeable: order.symbol,
    oldPosition: plain(before.size),
    oldAverageEntryPrice: plain(before.price),
    newPosition: plain(after.size),
    newAverageEntryPrice: plain(after.price),
    fillTime: fill.time,
    fee: "0",
    feeCurrency: "USD",
    positionChange: changeOf(before.size, after.size),
    executionUid: fill.id,
    executionPrice: plain(fill.price),
    executionSize: plain(fill.size),
    tradeType: "userExecution",
    timestamp: fill.time,
    updateReason: "trade",
  };
  return { execution: { Execution: { execution, takerReducedQuantity: "" } }, position: { PositionUpdate: update } };
}

function changeOf(before: bigint, after: bigint): string {
  if (before === 0n) return "open";
  if (after === 0n) return "close";
  if (before > 0n !== after > 0n) return "reverse";
  return after > before === before > 0n ? "increase" : "decrease";
}

/** Returns the value in dollars. An inverse contract is worth one dollar. */
export const usdValue = (symbol: string, price: bigint, size: bigint): string =>
  formatDecimal(symbol.startsWith("PI") ? size : multiply(price, size), 2);

/** Describes another trader's order, of which only the trade is known. */
export function strangersOrder(
  uid: string,
  symbol: string,
  side: Side,
  { size, price, time }: { size: bigint; price: bigint; time: number },
): Record<string, unknown> {
  return {
    uid,
    tradeable: symbol,
    direction: directionOf(side),
    quantity: plain(size),
    timestamp: time,
    limitPrice: plain(price),
    orderType: "Limit",
    reduceOnly: false,
    lastUpdateTimestamp: time,
  };
}

const HISTORY_TYPES: Readonly<Record<string, string>> = {
  lmt: "Limit",
  post: "Post",
  ioc: "IoC",
  mkt: "Market",
  stp: "Stop",
  take_profit: "TakeProfit",
  trailing_stop: "TrailingStop",
  fok: "FoK",
};
const SIGNALS: Readonly<Record<string, string>> = { mark: "MarkPrice", index: "SpotPrice", spot: "SpotPrice", last: "LastPrice" };
