/** The Spot endpoints that read: prices, balances, orders and history. */

import { formatDecimal, multiply } from "../market/decimal.js";
import type { KeyRecord } from "../keys.js";
import { findAsset, findPair, PAIRS } from "../market/market.js";
import { Refusal } from "../outcome.js";
import { flag, list, text, type Params } from "../parameters/received.js";
import { invalid, unixSeconds, type SpotCall } from "./call.js";
import { describeLedger, describeOrder, describeTrade } from "./describe.js";
import type { Order } from "./order.js";

/** Kraken writes the year with two digits, and `+0000`. */
export function time({ now }: SpotCall): unknown {
  const [weekday, day, month, year = "", clock] = new Date(now).toUTCString().split(" ");
  return { unixtime: Math.floor(now / 1000), rfc1123: `${weekday} ${day} ${month} ${year.slice(2)} ${clock} +0000` };
}

export function systemStatus({ now }: SpotCall): unknown {
  return { status: "online", timestamp: new Date(now).toISOString().replace(/\.\d+/, "") };
}

export function ticker({ params, account }: SpotCall): unknown {
  const wanted = list(params, "pair");
  const pairs = wanted.length === 0 ? PAIRS : wanted.map((name) => findPair(name));
  return Object.fromEntries(
    pairs.map((pair) => {
      if (!pair) throw new Refusal("EQuery:Unknown asset pair");
      const last = formatDecimal(account.lastPrice(pair), pair.priceDecimals);
      return [pair.name, { a: [last, "1", "1.000"], b: [last, "1", "1.000"], c: [last, "0.00000000"], o: last }];
    }),
  );
}

export function earnAllocations(): unknown {
  return { converted_asset: "USD", total_allocated: "0", total_rewarded: "0", items: [] };
}

export function apiKeyInfo({ key }: SpotCall): unknown {
  if (!key) throw new Refusal("EAPI:Invalid key");
  return {
    apiKeyName: key.name,
    apiKey: key.key,
    nonce: key.lastNonce,
    nonceWindow: Number(key.nonceWindow),
    permissions: [...key.permissions],
    iban: "AA88 N84G WOAK NMOI",
    validUntil: unixSeconds(key.validUntil),
    queryFrom: unixSeconds(key.queryFrom),
    queryTo: unixSeconds(key.queryTo),
    createdTime: unixSeconds(key.createdTime),
    modifiedTime: unixSeconds(key.modifiedTime),
    ipAllowlist: [...key.ipAllowlist],
    lastUsed: unixSeconds(key.lastUsed),
  };
}

export function balance({ account }: SpotCall): unknown {
  return Object.fromEntries(account.balances().map(({ asset, balance }) => [asset.name, formatDecimal(balance, asset.decimals)]));
}

export function balanceEx({ account }: SpotCall): unknown {
  return Object.fromEntries(
    account
      .balances()
      .map(({ asset, balance, hold }) => [
        asset.name,
        { balance: formatDecimal(balance, asset.decimals), hold_trade: formatDecimal(hold, asset.decimals) },
      ]),
  );
}

export function tradeBalance({ account }: SpotCall): unknown {
  // In US dollars, at the last price of each asset that trades against it.
  const equivalent = account.balances().reduce((sum, { asset, balance }) => {
    if (asset.name === "ZUSD") return sum + balance;
    const pair = findPair(`${asset.altname}USD`);
    return pair ? sum + multiply(balance, account.lastPrice(pair)) : sum;
  }, 0n);
  const total = formatDecimal(equivalent, 4);
  return { eb: total, tb: total, m: "0.0000", n: "0.0000", c: "0.0000", v: "0.0000", e: total, mf: total };
}

export function openOrders({ account, params }: SpotCall): unknown {
  return { open: describeAll(account.openOrders().filter(byReference(params))) };
}

export function closedOrders({ account, params, key }: SpotCall): unknown {
  const within = range(params, (id) => account.findOrder(id)?.opentm);
  const times = timesOf(params);
  const closed = account.orders
    .filter((order) => order.status !== "open" && visible(key, order.closetm))
    .filter(byReference(params))
    .filter((order) => times(order).some(within))
    .reverse();
  return { closed: describeAll(page(params, closed)), ...countOf(params, closed) };
}

/** Which of an order's times `closetime` is about; with `both`, either will do. */
function timesOf(params: Params): (order: Order) => number[] {
  const which = text(params, "closetime") ?? "both";
  if (which !== "open" && which !== "close" && which !== "both") throw invalid("closetime");
  return ({ opentm, closetm = opentm }) => (which === "open" ? [opentm] : which === "close" ? [closetm] : [opentm, closetm]);
}

/** Up to 50 orders by id; `userref` and `cl_ord_id` leave out those that have another. */
export function queryOrders({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  if (ids.length === 0 || ids.length > 50) throw invalid("txid");
  const orders = ids.map((id) => account.findOrder(id));
  const known = orders.filter((order): order is Order => order !== undefined && visible(key, order.closetm));
  if (known.length < orders.length) throw new Refusal("EOrder:Unknown order");
  return describeAll(known.filter(byReference(params)));
}

export function orderAmends({ account, params }: SpotCall): unknown {
  const order = account.findOrder(text(params, "order_id"));
  if (!order) throw new Refusal("EOrder:Unknown order");
  return { count: order.amends.length, amends: order.amends };
}

export function level3({ account, params }: SpotCall): unknown {
  const pair = findPair(text(params, "pair"));
  if (!pair) throw new Refusal("EQuery:Unknown asset pair");
  const side = (type: "buy" | "sell") =>
    account
      .openOrders()
      .filter((order) => order.pair === pair && order.type === type)
      .map((order) => ({ price: order.price, qty: formatDecimal(order.volume, 8), order_id: order.txid }));
  return { pair: pair.wsname, bids: side("buy"), asks: side("sell") };
}

export function tradesHistory({ account, params, key }: SpotCall): unknown {
  const within = range(params, (id) => account.trades.find((trade) => trade.id === id)?.time);
  const trades = account.trades.filter((trade) => visible(key, trade.time) && within(trade.time)).reverse();
  return {
    trades: Object.fromEntries(page(params, trades).map((trade) => [trade.id, describeTrade(trade)])),
    ...countOf(params, trades),
  };
}

export function queryTrades({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  const trades = account.trades.filter((trade) => ids.includes(trade.id) && visible(key, trade.time));
  if (ids.length === 0 || trades.length !== ids.length) throw invalid("txid");
  return Object.fromEntries(trades.map((trade) => [trade.id, describeTrade(trade)]));
}

export function ledgers({ account, params, key }: SpotCall): unknown {
  const assets = list(params, "asset").map((name) => findAsset(name)?.name ?? name);
  const within = range(params, (id) => account.ledger.find((entry) => entry.id === id)?.time);
  const entries = account.ledger
    .filter((entry) => visible(key, entry.time) && within(entry.time))
    .filter((entry) => assets.length === 0 || assets.includes("all") || assets.includes(entry.asset.name))
    .reverse();
  return {
    ledger: Object.fromEntries(page(params, entries).map((entry) => [entry.id, describeLedger(entry)])),
    ...countOf(params, entries),
  };
}

export function queryLedgers({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "id");
  const entries = account.ledger.filter((entry) => ids.includes(entry.id) && visible(key, entry.time));
  if (ids.length === 0 || entries.length !== ids.length) throw invalid("id");
  return Object.fromEntries(entries.map((entry) => [entry.id, describeLedger(entry)]));
}

/** The restriction that `queryFrom` and `queryTo` of a key put on history. */
function visible(key: KeyRecord | undefined, time: number | undefined): boolean {
  return time === undefined || (time >= (key?.queryFrom ?? -Infinity) && time <= (key?.queryTo ?? Infinity));
}

/** Kraken pages history by 50, newest first, from `ofs` on. */
function page<T>(params: Params, items: readonly T[]): T[] {
  const offset = text(params, "ofs") ?? "0";
  if (!/^\d{1,9}$/.test(offset)) throw invalid("ofs");
  return items.slice(Number(offset), Number(offset) + 50);
}

function countOf(params: Params, items: readonly unknown[]): { count?: number } {
  return flag(params, "without_count") ? {} : { count: items.length };
}

/**
 * Whether a time is after `start` and not after `end`. Both are Unix seconds, or the id of something whose time counts.
 * @param timeOf - the time of an id, in milliseconds
 */
function range(params: Params, timeOf: (id: string) => number | undefined): (time: number) => boolean {
  const bound = (name: string): number | undefined => {
    const value = text(params, name);
    if (value === undefined) return undefined;
    const time = /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) * 1000 : timeOf(value);
    if (time === undefined) throw invalid(name);
    return time;
  };
  const [start = -Infinity, end = Infinity] = [bound("start"), bound("end")];
  return (time) => time > start && time <= end;
}

function byReference(params: Params): (order: Order) => boolean {
  const userref = text(params, "userref");
  const clOrdId = text(params, "cl_ord_id");
  return (order) => (userref === undefined || String(order.userref) === userref) && (clOrdId === undefined || order.clOrdId === clOrdId);
}

function describeAll(orders: readonly Order[]): unknown {
  return Object.fromEntries(orders.map((order) => [order.txid, describeOrder(order)]));
}
