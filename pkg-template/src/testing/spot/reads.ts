/** The Spot endpoints that read the account: balances, orders and history. */

import { formatDecimal, multiply, parseDecimal } from "../market/decimal.js";
import type { KeyRecord } from "../keys.js";
import type { BookSide } from "../market/market-book.js";
import { FEES, findAsset, findPair, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { flag, list, record, text, type Params, type Value } from "../parameters/received.js";
import { checkPresent, invalid, unixSeconds, type SpotCall } from "./call.js";
import { describeAmend, describeLedger, describeOrder, describeTrade } from "./describe.js";
import { isInt32 } from "./order-words.js";
import type { Order } from "./order.js";

export function earnAllocations(): unknown {
  return { converted_asset: "USD", total_allocated: "0", total_rewarded: "0", items: [] };
}

export function earnAllocate({ params }: SpotCall): unknown {
  if ((parseDecimal(text(params, "amount")) ?? 0n) === 0n) throw invalid("amount");
  checkPresent(params, "strategy_id");
  return true;
}

export function earnStatus({ params }: SpotCall): unknown {
  checkPresent(params, "strategy_id");
  return { pending: false };
}

/** The ids that Kraken documents: a `T` with 13 digits of base 32, or a UUID. */
const CUSTODY_TASK = /^(T[A-Z2-7]{13}|[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12})$/;

export function custodyTask({ params }: SpotCall): unknown {
  const id = text(params, "id") ?? "";
  if (!CUSTODY_TASK.test(id)) throw invalid("id");
  return { id, status: "completed" };
}

export function apiKeyInfo({ key }: SpotCall): unknown {
  if (!key) throw new Rejection("EAPI:Invalid key");
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

export function tradeBalance({ account, params }: SpotCall): unknown {
  const asset = text(params, "asset");
  if (asset !== undefined && !findAsset(asset)) throw new Rejection("EQuery:Unknown asset");
  // The values are in US dollars, at the last price of each asset with a pair in dollars.
  const equivalent = account.balances().reduce((sum, { asset, balance }) => {
    if (asset.name === "ZUSD") return sum + balance;
    const pair = findPair(`${asset.altname}USD`);
    return pair ? sum + multiply(balance, account.lastPrice(pair)) : sum;
  }, 0n);
  const total = formatDecimal(equivalent, 4);
  return { eb: total, tb: total, m: "0.0000", n: "0.0000", c: "0.0000", v: "0.0000", e: total, mf: total };
}

/** Returns the fees of the requested pairs, and the volume of the last 30 days, at the prices of the trades. */
export function tradeVolume({ account, params, now }: SpotCall): unknown {
  const usd = account.trades
    .filter(({ time, order }) => time > now - 30 * 86_400_000 && order.pair.quote.name === "ZUSD")
    .reduce((sum, { cost }) => sum + cost, 0n);
  const pairs = feePairs(params).map(knownPair);
  const feesOf = (fee: string) =>
    pairs.length === 0
      ? null
      : Object.fromEntries(
          pairs.map(({ name }) => [
            name,
            { fee: `${fee}00`, minfee: `${fee}00`, maxfee: `${fee}00`, nextfee: null, nextvolume: null, tiervolume: "0.0000" },
          ]),
        );
  return { currency: "ZUSD", volume: formatDecimal(usd, 4), fees: feesOf(FEES.taker), fees_maker: feesOf(FEES.maker) };
}

/** Returns the names of pairs. In a list, each may also be an object, with the class of the pair. */
function feePairs(params: Params): readonly string[] {
  const value = params["pair"];
  if (typeof value !== "object" || value === null) return list(params, "pair");
  const items: readonly Value[] = Array.isArray(value) ? value : [null];
  return items.map((item) => {
    const name = typeof item === "string" ? item : text(record(item) ?? {}, "asset");
    if (name === undefined) throw invalid("pair");
    return name;
  });
}

function knownPair(name: string | undefined): Pair {
  const pair = findPair(name);
  if (!pair) throw new Rejection("EQuery:Unknown asset pair");
  return pair;
}

export function openOrders({ account, params }: SpotCall): unknown {
  return { open: describeAll(account.openOrders().filter(byReference(params)), params) };
}

export function closedOrders({ account, params, key }: SpotCall): unknown {
  const within = range(params, (id) => account.findOrder(id)?.opentm);
  const times = timesOf(params);
  const closed = account.orders
    .filter((order) => order.status !== "open" && visible(key, order.closetm))
    .filter(byReference(params))
    .filter((order) => times(order).some(within))
    .reverse();
  return { closed: describeAll(page(params, closed), params), ...countOf(params, closed) };
}

/** Returns the times of an order that `closetime` selects. With `both`, either of them may be in the range. */
function timesOf(params: Params): (order: Order) => number[] {
  const which = text(params, "closetime") ?? "both";
  if (which !== "open" && which !== "close" && which !== "both") throw invalid("closetime");
  return ({ opentm, closetm = opentm }) => (which === "open" ? [opentm] : which === "close" ? [closetm] : [opentm, closetm]);
}

/** Returns up to 50 orders by id, without those that have another `userref` or `cl_ord_id` than requested. */
export function queryOrders({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  if (ids.length === 0 || ids.length > 50) throw invalid("txid");
  const orders = ids.map((id) => account.findOrder(id));
  const known = orders.filter((order): order is Order => order !== undefined && visible(key, order.closetm));
  if (known.length < orders.length) throw new Rejection("EOrder:Unknown order");
  return describeAll(known.filter(byReference(params)), params);
}

export function orderAmends({ account, params }: SpotCall): unknown {
  const id = text(params, "order_id");
  if (id === undefined) throw invalid("order_id");
  const order = account.findOrder(id);
  if (!order) throw new Rejection("EOrder:Unknown order");
  return { count: order.amends.length, amends: order.amends.map((amend) => describeAmend(order, amend)) };
}

const LEVEL3_DEPTHS = ["0", "10", "25", "100", "250", "1000"];

/** Returns the orders of the book, best price first and then in the sequence of the queue. Depth 0 returns all. */
export function level3({ account, params }: SpotCall): unknown {
  const pair = knownPair(text(params, "pair"));
  const depth = text(params, "depth") ?? "100";
  if (!LEVEL3_DEPTHS.includes(depth)) throw invalid("depth");
  const market = account.market(pair);
  const side = ({ levels }: BookSide) =>
    levels.slice(0, Number(depth) || Infinity).flatMap(({ price, queue }) =>
      queue.map(({ id, left, time }) => ({
        price: formatDecimal(price, pair.priceDecimals),
        qty: formatDecimal(left, 8),
        order_id: id,
        timestamp: time * 1e6,
      })),
    );
  return { pair: pair.wsname, bids: side(market.bids), asks: side(market.asks) };
}

const TRADE_TYPES = ["all", "any position", "closed position", "closing position", "no position"];

/** Returns trades. None of them belongs to a position, so that `type` excludes all or none. */
export function tradesHistory({ account, params, key }: SpotCall): unknown {
  const type = text(params, "type") ?? "all";
  if (!TRADE_TYPES.includes(type)) throw invalid("type");
  const pairs = list(params, "pair").map((name) => knownPair(name));
  const within = range(params, (id) => account.trades.find((trade) => trade.id === id)?.time);
  const trades = account.trades
    .filter((trade) => visible(key, trade.time) && within(trade.time))
    .filter(({ order }) => (type === "all" || type === "no position") && (pairs.length === 0 || pairs.includes(order.pair)))
    .reverse();
  const rows = page(params, trades, limitOf(params)).map((trade) => [trade.id, describeTrade(trade, flag(params, "ledgers"))]);
  return { trades: Object.fromEntries(rows), ...countOf(params, trades) };
}

function limitOf(params: Params): number {
  const limit = text(params, "limit") ?? String(PAGE);
  if (!/^\d{1,4}$/.test(limit) || limit === "0") throw invalid("limit");
  return Number(limit);
}

/** The most trades and ledger entries that Kraken documents for one call. */
const MOST_ROWS = 20;

export function queryTrades({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  if (ids.length > MOST_ROWS) throw invalid("txid");
  const trades = account.trades.filter((trade) => ids.includes(trade.id) && visible(key, trade.time));
  if (ids.length === 0 || trades.length !== ids.length) throw invalid("txid");
  return Object.fromEntries(trades.map((trade) => [trade.id, describeTrade(trade, true)]));
}

/** The documented values of `type`. The account has deposits, withdrawals, trades and transfers. */
const LEDGER_TYPES =
  "all trade deposit withdrawal transfer margin adjustment rollover credit settled staking dividend sale nft_rebate " +
  "conversion allocation deallocation earn";

export function ledgers({ account, params, key }: SpotCall): unknown {
  const type = text(params, "type") ?? "all";
  if (!LEDGER_TYPES.split(" ").includes(type)) throw invalid("type");
  const assets = list(params, "asset")
    .filter((name) => name !== "all")
    .map((name) => knownAsset(name));
  const within = range(params, (id) => account.ledger.find((entry) => entry.id === id)?.time);
  const entries = account.ledger
    .filter((entry) => visible(key, entry.time) && within(entry.time))
    .filter((entry) => (type === "all" || entry.type === type) && (assets.length === 0 || assets.includes(entry.asset.name)))
    .reverse();
  return {
    ledger: Object.fromEntries(page(params, entries).map((entry) => [entry.id, describeLedger(entry)])),
    ...countOf(params, entries),
  };
}

function knownAsset(name: string): string {
  const asset = findAsset(name);
  if (!asset) throw new Rejection("EQuery:Unknown asset");
  return asset.name;
}

export function queryLedgers({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "id");
  if (ids.length > MOST_ROWS) throw invalid("id");
  const entries = account.ledger.filter((entry) => ids.includes(entry.id) && visible(key, entry.time));
  if (ids.length === 0 || entries.length !== ids.length) throw invalid("id");
  return Object.fromEntries(entries.map((entry) => [entry.id, describeLedger(entry)]));
}

/** Returns whether a key may see a time of the history, by its `queryFrom` and `queryTo`. */
function visible(key: KeyRecord | undefined, time: number | undefined): boolean {
  return time === undefined || (time >= (key?.queryFrom ?? -Infinity) && time <= (key?.queryTo ?? Infinity));
}

/** The number of rows in a page of the history, newest first from `ofs` on. */
const PAGE = 50;

function page<T>(params: Params, items: readonly T[], size = PAGE): T[] {
  const offset = text(params, "ofs") ?? "0";
  if (!/^\d{1,9}$/.test(offset)) throw invalid("ofs");
  return items.slice(Number(offset), Number(offset) + size);
}

function countOf(params: Params, items: readonly unknown[]): { count?: number } {
  return flag(params, "without_count") ? {} : { count: items.length };
}

/**
 * Returns whether a time is after `start` and not after `end`. Both are Unix seconds, or an id that stands for its time.
 * @param timeOf - returns the time of an id, in milliseconds
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
  if (userref !== undefined && !isInt32(userref)) throw invalid("userref");
  const clOrdId = text(params, "cl_ord_id");
  return (order) => (userref === undefined || String(order.userref) === userref) && (clOrdId === undefined || order.clOrdId === clOrdId);
}

/** Returns orders by id. The ids of their trades are included only if `trades` requests them. */
function describeAll(orders: readonly Order[], params: Params): unknown {
  return Object.fromEntries(orders.map((order) => [order.txid, describeOrder(order, flag(params, "trades"))]));
}
