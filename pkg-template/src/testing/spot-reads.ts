/** The Spot endpoints that read: prices, balances, orders and history. */

import { formatDecimal, multiply } from "./decimal.js";
import type { KeyRecord } from "./keys.js";
import { findAsset, findPair, PAIRS } from "./market.js";
import { Refusal } from "./outcome.js";
import { list, text, type Params } from "./params.js";
import { invalid, unixSeconds, type SpotCall } from "./spot-call.js";
import { describeLedger, describeOrder, describeTrade } from "./spot-describe.js";
import type { Order } from "./spot-order.js";

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
  const closed = account.orders
    .filter((order) => order.status !== "open" && visible(key, order.closetm))
    .filter(byReference(params))
    .reverse();
  return { closed: describeAll(page(params, closed)), count: closed.length };
}

export function queryOrders({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  if (ids.length === 0 || ids.length > 50) throw invalid("txid");
  const orders = ids.map((id) => account.orders.find((order) => order.txid === id));
  if (!orders.every((order) => order !== undefined && visible(key, order.closetm))) throw new Refusal("EOrder:Unknown order");
  return describeAll(orders as Order[]);
}

export function orderAmends({ account, params }: SpotCall): unknown {
  const order = account.orders.find(({ txid }) => txid === text(params, "order_id"));
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
  const trades = account.trades.filter((trade) => visible(key, trade.time)).reverse();
  return {
    trades: Object.fromEntries(page(params, trades).map((trade) => [trade.id, describeTrade(trade)])),
    count: trades.length,
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
  const entries = account.ledger
    .filter((entry) => visible(key, entry.time))
    .filter((entry) => assets.length === 0 || assets.includes("all") || assets.includes(entry.asset.name))
    .reverse();
  return {
    ledger: Object.fromEntries(page(params, entries).map((entry) => [entry.id, describeLedger(entry)])),
    count: entries.length,
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

function byReference(params: Params): (order: Order) => boolean {
  const userref = text(params, "userref");
  const clOrdId = text(params, "cl_ord_id");
  return (order) => (userref === undefined || String(order.userref) === userref) && (clOrdId === undefined || order.clOrdId === clOrdId);
}

function describeAll(orders: readonly Order[]): unknown {
  return Object.fromEntries(orders.map((order) => [order.txid, describeOrder(order)]));
}
