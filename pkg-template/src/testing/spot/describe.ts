/** Spot orders, trades and ledger entries in the shapes that Kraken answers with. */

import { divide, formatDecimal, parseDecimal } from "../market/decimal.js";
import type { LedgerEntry, Order, OrderDraft, Trade } from "./order.js";

const COST_PLACES = 5;
const VOLUME_PLACES = 8;

export const seconds = (millis: number): number => millis / 1000;

/** The human line that AddOrder answers with, and that of the conditional close. */
export function describeDraft(draft: OrderDraft): { order: string; close?: string } {
  const { pair, close } = draft;
  const at = (ordertype: string, price: string | undefined, price2: string | undefined) => {
    const prices = [price, price2].map((item) => shownPrice(item, pair.priceDecimals));
    return [ordertype, prices[0], prices[1] === undefined ? undefined : `-> limit ${prices[1]}`]
      .filter((item) => item !== undefined)
      .join(" ");
  };
  const leverage = draft.leverage ? ` with ${draft.leverage} leverage` : "";
  return {
    order: `${draft.type} ${formatDecimal(draft.volume, VOLUME_PLACES)} ${pair.altname} @ ${at(draft.ordertype, draft.price, draft.price2)}${leverage}`,
    ...(close ? { close: `close position @ ${at(close.ordertype, close.price, close.price2)}` } : {}),
  };
}

function shownPrice(price: string | undefined, decimals: number): string | undefined {
  if (price === undefined) return undefined;
  const value = parseDecimal(price);
  return value === undefined ? price : formatDecimal(value, decimals);
}

/** The order in the shape of OpenOrders and ClosedOrders. */
export function describeOrder(order: Order): Record<string, unknown> {
  const places_ = order.pair.priceDecimals;
  return {
    refid: null,
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
      leverage: order.leverage ?? "none",
      ...describeDraft(order),
      close: describeDraft(order).close ?? "",
    },
    vol: formatDecimal(order.volume, VOLUME_PLACES),
    vol_exec: formatDecimal(order.executed, VOLUME_PLACES),
    cost: formatDecimal(order.cost, COST_PLACES),
    fee: formatDecimal(order.fee, COST_PLACES),
    price: formatDecimal(order.executed > 0n ? divide(order.cost, order.executed) : 0n, COST_PLACES),
    stopprice: formatDecimal(0n, COST_PLACES),
    limitprice: formatDecimal(0n, COST_PLACES),
    misc: "",
    oflags: [...order.oflags, ...(order.oflags.includes("fcib") ? [] : ["fciq"])].filter(unique).join(","),
    ...(order.trades.length > 0 ? { trades: [...order.trades] } : {}),
  };
}

export function describeTrade(trade: Trade): Record<string, unknown> {
  return {
    ordertxid: trade.order.txid,
    postxid: trade.order.txid.replace(/^O/, "T"),
    pair: trade.order.pair.name,
    time: seconds(trade.time),
    type: trade.order.type,
    ordertype: trade.order.ordertype,
    price: formatDecimal(trade.price, COST_PLACES),
    cost: formatDecimal(trade.cost, COST_PLACES),
    fee: formatDecimal(trade.fee, COST_PLACES),
    vol: formatDecimal(trade.volume, VOLUME_PLACES),
    margin: formatDecimal(0n, COST_PLACES),
    misc: "",
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
