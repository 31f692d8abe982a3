/** Spot orders, trades and ledger entries in the shapes of Kraken's answers. */

import { divide, formatDecimal, parseDecimal } from "../market/decimal.js";
import { hasTrigger, type Amend, type LedgerEntry, type Order, type OrderDraft, type Trade } from "./order.js";

const VOLUME_PLACES = 8;
const PERCENT_PLACES = 4;

export const seconds = (millis: number): number => millis / 1000;

/** Returns the description of an order that AddOrder answers with, and that of its conditional close. */
export function describeDraft(draft: OrderDraft): { order: string; close?: string } {
  const { pair, close } = draft;
  const leverage = draft.leverage ? ` with ${shownLeverage(draft.leverage)} leverage` : "";
  return {
    order: `${draft.type} ${formatDecimal(draft.volume, VOLUME_PLACES)} ${pair.altname} @ ${at(draft, pair.priceDecimals)}${leverage}`,
    ...(close ? { close: `close position @ ${at(close, pair.priceDecimals)}` } : {}),
  };
}

/** Returns a text such as `limit 37500.0`, `stop loss 36000.0 -> limit 35000.0` or `trailing stop +5.0000%`. */
function at({ ordertype, price, price2 }: Pick<OrderDraft, "ordertype" | "price" | "price2">, decimals: number): string {
  if (ordertype === "market") return ordertype;
  const kind = ordertype === "limit" ? ordertype : ordertype.replace(/-limit$/, "").replaceAll("-", " ");
  const [first, second] = [price, price2].map((item) => shownPrice(item, decimals));
  return [kind, first, second === undefined ? undefined : `-> limit ${second}`].filter((item) => item !== undefined).join(" ");
}

/** Returns a price with the pair's decimals, or a percentage with four. */
function shownPrice(price: string | undefined, decimals: number): string | undefined {
  if (price === undefined) return undefined;
  const [, sign = "", digits = "", percent = ""] = /^([+\-#]?)([^%]*)(%?)$/.exec(price) ?? [];
  const value = parseDecimal(digits);
  return value === undefined ? price : `${sign}${formatDecimal(value, percent ? PERCENT_PLACES : decimals)}${percent}`;
}

const shownLeverage = (leverage: string): string => (leverage.endsWith(":1") ? leverage : `${leverage}:1`);

/** Returns a row of OrderAmends: the order after the amendment. Times are milliseconds, as recorded; Kraken's documentation says nanoseconds. */
export function describeAmend(order: Order, amend: Amend): unknown {
  const decimals = order.pair.priceDecimals;
  const waits = hasTrigger(order);
  const limit = shownPrice(waits ? amend.price2 : amend.price, decimals);
  const { reason } = amend;
  return {
    amend_id: amend.id ?? order.txid.replace("O", "T"),
    amend_type: amend.type,
    order_qty: formatDecimal(amend.volume, VOLUME_PLACES),
    remaining_qty: formatDecimal(amend.volume - amend.executed, VOLUME_PLACES),
    ...(limit === undefined ? {} : { limit_price: limit }),
    ...(waits ? { trigger_price: shownPrice(amend.price, decimals) } : {}),
    ...(reason === undefined ? {} : { reason }),
    post_only: amend.postOnly,
    timestamp: amend.time,
  };
}

/** Returns an order in the shape of OpenOrders and ClosedOrders. */
export function describeOrder(order: Order, withTrades = true): Record<string, unknown> {
  const places_ = order.pair.priceDecimals;
  const money = (value: bigint) => formatDecimal(value, order.pair.costDecimals);
  return {
    refid: order.refid ?? null,
    userref: order.userref ?? 0,
    ...(order.clOrdId === undefined ? {} : { cl_ord_id: order.clOrdId }),
    status: order.status,
    opentm: seconds(order.opentm),
    starttm: order.starttm,
    expiretm: order.expiretm,
    ...(order.closetm === undefined ? {} : { closetm: seconds(order.closetm), reason: order.reason }),
    descr: {
      pair: order.pair.altname,
      type: order.type,
      ordertype: order.ordertype,
      price: shownPrice(order.price, places_) ?? "0",
      price2: shownPrice(order.price2, places_) ?? "0",
      leverage: order.leverage ? shownLeverage(order.leverage) : "none",
      ...describeDraft(order),
      close: describeDraft(order).close ?? "",
    },
    vol: formatDecimal(order.volume, VOLUME_PLACES),
    vol_exec: formatDecimal(order.executed, VOLUME_PLACES),
    cost: money(order.cost),
    fee: money(order.fee),
    price: money(order.executed > 0n ? divide(order.cost, order.executed) : 0n),
    stopprice: money(order.trigger ?? order.reached ?? 0n),
    limitprice: money(order.triggeredtm === undefined ? 0n : (order.limit ?? 0n)),
    misc: "",
    oflags: [...order.oflags, ...(order.oflags.includes("fcib") ? [] : ["fciq"])].filter(unique).join(","),
    ...(withTrades && order.trades.length > 0 ? { trades: [...order.trades] } : {}),
  };
}

/** @param withLedgers - whether the ids of its ledger entries are included */
export function describeTrade(trade: Trade, withLedgers = false): Record<string, unknown> {
  const money = (value: bigint) => formatDecimal(value, trade.order.pair.costDecimals);
  return {
    ordertxid: trade.order.txid,
    postxid: trade.order.txid.replace(/^O/, "T"),
    pair: trade.order.pair.name,
    time: seconds(trade.time),
    type: trade.order.type,
    ordertype: trade.order.ordertype,
    price: money(trade.price),
    cost: money(trade.cost),
    fee: money(trade.fee),
    vol: formatDecimal(trade.volume, VOLUME_PLACES),
    margin: money(0n),
    leverage: "0",
    misc: "",
    trade_id: trade.tradeId,
    maker: trade.maker,
    ...(withLedgers ? { ledgers: [...trade.ledgers] } : {}),
  };
}

export function describeLedger(entry: LedgerEntry): Record<string, unknown> {
  const { decimals } = entry.asset;
  return {
    refid: entry.refid,
    time: seconds(entry.time),
    type: entry.type,
    subtype: "",
    aclass: "currency",
    asset: entry.asset.name,
    amount: formatDecimal(entry.amount, decimals),
    fee: formatDecimal(entry.fee, decimals),
    balance: formatDecimal(entry.balance, decimals),
  };
}

const unique = <T>(item: T, index: number, all: readonly T[]) => all.indexOf(item) === index;
