/** A Spot order: its parameters, checked as AddOrder checks them, and its state. */

import { cut, decimal, divide, formatDecimal, multiply, parseDecimal, places } from "../market/decimal.js";
import { findPair, type Asset, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { record, text, type Params } from "../parameters/received.js";
import { checkWord, invalid, leverageOf, namesOf, orderFlags } from "./order-words.js";

/** The order types, with the prices that each of them needs. */
const ORDER_TYPES: Readonly<Record<string, readonly ("price" | "price2")[]>> = {
  market: [],
  limit: ["price"],
  iceberg: ["price"],
  "stop-loss": ["price"],
  "take-profit": ["price"],
  "trailing-stop": ["price"],
  "stop-loss-limit": ["price", "price2"],
  "take-profit-limit": ["price", "price2"],
  "trailing-stop-limit": ["price", "price2"],
  "settle-position": [],
};
const CLOSE_TYPES = Object.keys(ORDER_TYPES).filter((type) => !["market", "iceberg", "settle-position"].includes(type));

/** A checked order that has not been placed yet. */
export interface OrderDraft {
  readonly pair: Pair;
  readonly type: "buy" | "sell";
  readonly ordertype: string;
  readonly volume: bigint;
  readonly price: string | undefined;
  readonly price2: string | undefined;
  readonly close: { readonly ordertype: string; readonly price: string; readonly price2: string | undefined } | undefined;
  readonly leverage: string | undefined;
  readonly oflags: readonly string[];
  readonly timeinforce: string;
  readonly expiretm: number;
  readonly starttm: number;
  readonly userref: number | undefined;
  readonly clOrdId: string | undefined;
  /** The id of the order whose conditional close this is. */
  readonly refid: string | undefined;
}

export interface Order extends OrderDraft {
  readonly txid: string;
  readonly opentm: number;
  status: "open" | "closed" | "canceled" | "expired";
  volume: bigint;
  executed: bigint;
  cost: bigint;
  fee: bigint;
  /** The amount that it holds, of the currency that it pays with. */
  hold: bigint;
  price: string | undefined;
  price2: string | undefined;
  /** The limit. Relative prices are computed when the order is placed. */
  limit: bigint | undefined;
  /** The last price for which the order waits; `undefined` if it does not wait, or no longer. */
  trigger: bigint | undefined;
  /** The trigger that was reached. */
  reached: bigint | undefined;
  /** The time at which it was triggered. */
  triggeredtm: number | undefined;
  closetm: number | undefined;
  reason: string | null;
  readonly trades: string[];
  readonly amends: Amend[];
}

/**
 * Returns a new order. The fields are listed one by one, because spreading so many of them into an object takes ten times as long, and an exchange
 * makes many orders.
 */
export function placed(draft: OrderDraft, { limit, trigger }: Pick<Order, "limit" | "trigger">, txid: string, now: number): Order {
  return {
    pair: draft.pair,
    type: draft.type,
    ordertype: draft.ordertype,
    volume: draft.volume,
    price: draft.price,
    price2: draft.price2,
    close: draft.close,
    leverage: draft.leverage,
    oflags: draft.oflags,
    timeinforce: draft.timeinforce,
    expiretm: draft.expiretm,
    starttm: draft.starttm,
    userref: draft.userref,
    clOrdId: draft.clOrdId,
    refid: draft.refid,
    txid,
    opentm: now,
    status: "open",
    executed: 0n,
    cost: 0n,
    fee: 0n,
    hold: 0n,
    limit,
    trigger,
    reached: undefined,
    triggeredtm: undefined,
    closetm: undefined,
    reason: null,
    trades: [],
    amends: [
      {
        id: undefined,
        type: "original",
        reason: undefined,
        time: now,
        volume: draft.volume,
        executed: 0n,
        price: draft.price,
        price2: draft.price2,
        postOnly: draft.oflags.includes("post"),
      },
    ],
  };
}

/** The state of an order from a time on: when it was placed, and after each amendment. */
export interface Amend {
  /** The id of an amendment; `undefined` for the original state, whose id follows from that of the order. */
  readonly id: string | undefined;
  readonly type: "original" | "user";
  readonly reason: string | undefined;
  readonly time: number;
  readonly volume: bigint;
  readonly executed: bigint;
  readonly price: string | undefined;
  readonly price2: string | undefined;
  readonly postOnly: boolean;
}

/** Returns the present state of an order. */
export function amendOf(order: Order, head: Pick<Amend, "id" | "type" | "reason" | "time">, postOnly: boolean): Amend {
  const { id, type, reason, time } = head;
  const { volume, executed, price, price2 } = order;
  return { id, type, reason, time, volume, executed, price, price2, postOnly };
}

export interface Trade {
  readonly id: string;
  readonly order: Order;
  readonly time: number;
  readonly price: bigint;
  readonly volume: bigint;
  readonly cost: bigint;
  /** The fee, or its value, in the quote currency. */
  readonly fee: bigint;
  /** The fee in the base currency, if it is charged in that. */
  readonly inBase: bigint;
  /** The id of the public trade. */
  readonly tradeId: number;
  /** Whether the order was in the book, and another one took it. */
  readonly maker: boolean;
  /** The ids of the ledger entries. */
  readonly ledgers: readonly string[];
}

export interface LedgerEntry {
  readonly id: string;
  readonly refid: string;
  readonly time: number;
  readonly type: string;
  readonly asset: Asset;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly balance: bigint;
}

/**
 * Checks the parameters of one order.
 * @param lastPrice - returns the price at which a volume in the quote currency (`viqc`) is converted
 * @throws the first error that is found
 */
export function draftOrder(params: Params, pairName: string | undefined, now: number, lastPrice: (pair: Pair) => bigint): OrderDraft {
  const type = text(params, "type");
  if (type !== "buy" && type !== "sell") throw invalid("type");
  const ordertype = text(params, "ordertype") ?? "";
  const needed = Object.hasOwn(ORDER_TYPES, ordertype) ? ORDER_TYPES[ordertype] : undefined;
  // There is no position to settle, because leverage makes none here.
  if (!needed || ordertype === "settle-position") throw invalid("ordertype");
  if (pairName === undefined) throw invalid("pair");
  const pair = findPair(pairName);
  if (!pair) throw new Rejection("EQuery:Unknown asset pair");

  const price = checkPrice(params, "price", pair, needed.includes("price"));
  const price2 = checkPrice(params, "price2", pair, needed.includes("price2"));
  if (ordertype.startsWith("trailing-stop") && !price?.startsWith("+")) throw invalid("price");
  if (price2 !== undefined && !needed.includes("price2")) throw invalid("price2");

  const oflags = orderFlags(params, ordertype, type);
  let volume = parseVolume(params, "volume");
  if (volume === 0n) throw invalid("volume");
  if (oflags.includes("viqc")) volume = wholeLots(divide(volume, lastPrice(pair)));
  if (volume < pair.least.volume) throw new Rejection("EOrder:Order minimum not met");
  checkDisplayed(params, ordertype, volume);

  const timeinforce = text(params, "timeinforce") ?? "GTC";
  if (!["GTC", "IOC", "GTD", "FOK"].includes(timeinforce)) throw invalid("timeinforce");
  const expiretm = checkTime(params, "expiretm", now);
  if (timeinforce === "GTD" && expiretm === 0) throw invalid("expiretm");
  const { userref, clOrdId } = namesOf(params);
  const leverage = leverageOf(params);
  checkWord(params, "trigger", ["last", "index"]);
  checkWord(params, "stptype", ["cancel-newest", "cancel-oldest", "cancel-both"]);

  return {
    pair,
    type,
    ordertype,
    volume,
    price,
    price2,
    close: checkClose(params, pair),
    leverage,
    oflags,
    timeinforce,
    expiretm,
    starttm: checkTime(params, "starttm", now),
    userref,
    clOrdId,
    refid: undefined,
  };
}

/** Checks the volume that an iceberg order shows: at least a fifteenth, and at most all of it. Other orders show no part of their volume. */
export function checkDisplayed(params: Params, ordertype: string, volume: bigint, name = "displayvol"): void {
  if (ordertype !== "iceberg") {
    if (params[name] !== undefined) throw invalid(name);
    return;
  }
  const value = parseDecimal(text(params, name)) ?? 0n;
  if (value > volume || value * 15n < volume) throw invalid(name);
}

/** Returns the order that closes the traded `volume` of an order; `undefined` if the order has no conditional close. */
export function closingOrder(order: Order, volume: bigint): OrderDraft | undefined {
  if (!order.close) return undefined;
  return {
    ...order.close,
    pair: order.pair,
    type: order.type === "buy" ? "sell" : "buy",
    volume,
    close: undefined,
    leverage: order.leverage,
    oflags: [],
    timeinforce: "GTC",
    expiretm: 0,
    starttm: 0,
    userref: order.userref,
    clOrdId: undefined,
    refid: order.txid,
  };
}

/** Parses a volume, which has at most eight decimals. How Kraken treats more of them is not known. */
export function parseVolume(params: Params, name: string): bigint {
  const volume = parseDecimal(text(params, name));
  if (volume === undefined || wholeLots(volume) !== volume) throw invalid(name);
  return volume;
}

const wholeLots = (volume: bigint): bigint => cut(volume, 8);

/** Returns whether an order of this type has a limit. */
export const hasLimit = ({ ordertype }: Pick<OrderDraft, "ordertype">): boolean => /(^|-)limit$|^iceberg$/.test(ordertype);

/** Returns whether an order of this type waits for a price. */
export const hasTrigger = ({ ordertype }: Pick<OrderDraft, "ordertype">): boolean =>
  /^(stop-loss|take-profit|trailing-stop)/.test(ordertype);

const isTrailing = ({ ordertype }: OrderDraft): boolean => ordertype.startsWith("trailing-stop");

/** Computes the prices of an order from the last price. A trailing stop has a limit only when it is triggered. */
export function pricesOf(draft: OrderDraft, last: bigint): Pick<Order, "limit" | "trigger"> {
  const resolve = (price: string | undefined) => (price === undefined ? undefined : resolvePrice(price, draft, last));
  if (draft.ordertype === "limit" || draft.ordertype === "iceberg") return { limit: resolve(draft.price), trigger: undefined };
  if (isTrailing(draft)) return { limit: undefined, trigger: trail(draft, last) };
  const trigger = ["market", "settle-position"].includes(draft.ordertype) ? undefined : resolve(draft.price);
  return { limit: draft.ordertype.endsWith("-limit") ? resolve(draft.price2) : undefined, trigger };
}

/** The changes of an order. A price that does not change is missing. */
export type Changes = Pick<Order, "volume"> & Partial<Pick<Order, "price" | "price2">>;

/** Computes the prices of an order after a change. A price that does not change stays where it is, also if it was relative to an earlier last price. */
export function changedPrices(order: Order, changes: Changes, last: bigint): Pick<Order, "limit" | "trigger"> {
  const prices = pricesOf({ ...order, ...changes }, last);
  const hasNewLimit = (hasTrigger(order) ? "price2" : "price") in changes && !isTrailing(order);
  const hasNewTrigger = "price" in changes && order.trigger !== undefined;
  return { limit: hasNewLimit ? prices.limit : order.limit, trigger: hasNewTrigger ? prices.trigger : order.trigger };
}

/** Returns the prices of an order as text, those that were relative as they are now. The prices of a trailing stop are always relative. */
export function absolutePrices(order: Order): Pick<Order, "price" | "price2"> {
  const { price, price2, limit, trigger, pair } = order;
  const absolute = (text: string | undefined, value: bigint | undefined) =>
    text !== undefined && isRelative(text) && value !== undefined ? formatDecimal(value, pair.priceDecimals) : text;
  return isTrailing(order) ? { price, price2 } : { price: absolute(price, trigger ?? limit), price2: absolute(price2, limit) };
}

/** Returns the trigger of a trailing stop, if this is the best price so far. */
export const trail = (draft: OrderDraft, last: bigint): bigint =>
  resolvePrice((draft.price ?? "").replace(/^./, draft.type === "sell" ? "-" : "+"), draft, last);

/** Moves the trigger of a trailing stop with the last price, and returns whether the trigger of an order is reached. */
export function isTriggered(order: Order, last: bigint): boolean {
  if (order.trigger === undefined) return false;
  const falls = order.ordertype.startsWith("take-profit") === (order.type === "buy");
  if (isTrailing(order)) {
    const trigger = trail(order, last);
    if (order.type === "sell" ? trigger > order.trigger : trigger < order.trigger) order.trigger = trigger;
  }
  return falls ? last <= order.trigger : last >= order.trigger;
}

function isRelative(price: string): boolean {
  return /^[+\-#]/.test(price);
}

/** Checks a price. It is absolute, or relative to the last price: `+5`, `-5` or `#5`, each also with a percent sign. */
export function checkPrice(params: Params, name: string, pair: Pair, needed: boolean, shown = name): string | undefined {
  const price = text(params, name);
  if (price === undefined || price === "") {
    if (needed) throw invalid(shown);
    return undefined;
  }
  const value = parseDecimal(price.replace(/^[+\-#]/, "").replace(/%$/, ""));
  if (value === undefined || (price.endsWith("%") && !isRelative(price))) throw invalid(shown);
  if (isRelative(price)) return price;
  if (value === 0n) {
    if (needed) throw new Rejection("EOrder:Invalid price");
    return undefined; // Some clients write "0" for no price.
  }
  if (places(price) > pair.priceDecimals) {
    throw new Rejection(`EOrder:Invalid price:${pair.altname} price can only be specified up to ${pair.priceDecimals} decimals.`);
  }
  return price;
}

/** Returns a price. One that was relative is cut to the decimals of the pair, so that every price in the book is a multiple of the tick size. */
export function resolvePrice(price: string, { type, pair }: Pick<OrderDraft, "type" | "pair">, last: bigint): bigint {
  const value = decimal(price.replace(/^[+\-#]/, "").replace(/%$/, ""));
  if (!isRelative(price)) return value;
  const offset = price.endsWith("%") ? multiply(last, value) / 100n : value;
  const below = price.startsWith("-") || (price.startsWith("#") && type === "buy");
  return cut(below ? (offset < last ? last - offset : 0n) : last + offset, pair.priceDecimals);
}

function checkClose(params: Params, pair: Pair): OrderDraft["close"] {
  if (params["close"] === undefined) return undefined;
  const close = record(params["close"]);
  const ordertype = close ? (text(close, "ordertype") ?? "") : "";
  if (!close || !CLOSE_TYPES.includes(ordertype)) throw invalid("close[ordertype]");
  const hasLimitToo = ORDER_TYPES[ordertype]?.includes("price2") === true;
  const price = checkPrice(close, "price", pair, true, "close[price]") ?? "";
  if (ordertype.startsWith("trailing-stop") && !price.startsWith("+")) throw invalid("close[price]");
  const price2 = checkPrice(close, "price2", pair, hasLimitToo, "close[price2]");
  if (price2 !== undefined && !hasLimitToo) throw invalid("close[price2]");
  return { ordertype, price, price2 };
}

/** Kraken documents that an order expires at least five seconds from now. */
const LEAST_EXPIRY = 5;

/** Parses a time: Unix seconds, `+<n>` seconds from now, or 0 for none. Returns Unix seconds. */
function checkTime(params: Params, name: string, now: number): number {
  const time = text(params, name);
  if (time === undefined || time === "0") return 0;
  const match = /^(\+?)(\d{1,12})$/.exec(time);
  if (!match) throw invalid(name);
  const value = Number(match[2]);
  if (match[1] === "+" && name === "expiretm" && value < LEAST_EXPIRY) throw invalid(name);
  if (match[1] === "+") return Math.floor(now / 1000) + value;
  if (value * 1000 <= now) throw invalid(name);
  return value;
}

/** One of the account's trades, as the market reports it. */
export interface Fill {
  readonly volume: bigint;
  readonly price: bigint;
  readonly time: number;
  readonly id: number;
  readonly maker: boolean;
}
