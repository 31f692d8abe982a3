/** Market data and balances in the shapes of the Spot WebSocket v2, where decimals are numbers. */

import { decimal, divide, formatDecimal, multiply, toNumber } from "../market/decimal.js";
import type { Market } from "../market/live-market.js";
import { ASSETS, findPair, PAIRS, type Pair } from "../market/market.js";
import type { Candle, PublicTrade } from "../market/tape.js";
import type { SpotAccount } from "./account.js";
import type { LedgerEntry } from "./order.js";
import { bestOf } from "./public.js";
import { assetOf, iso, symbolOf, type InUsd } from "./stream-words.js";

export function describeTicker(pair: Pair, market: Market, now: number): unknown {
  const { open, high, low, volume, average } = market.tape.day(now);
  const [bid, ask] = [bestOf(market, market.bids), bestOf(market, market.asks)];
  const change = market.last - open;
  return {
    symbol: symbolOf(pair),
    bid: toNumber(bid.price),
    bid_qty: toNumber(bid.volume),
    ask: toNumber(ask.price),
    ask_qty: toNumber(ask.volume),
    last: toNumber(market.last),
    volume: toNumber(volume),
    vwap: Number(formatDecimal(average, pair.priceDecimals)),
    low: toNumber(low),
    high: toNumber(high),
    change: toNumber(change),
    change_pct: Number(formatDecimal(divide(change * 100n, open === 0n ? decimal("1") : open), 2)),
    timestamp: iso(now),
  };
}

export const publicTrade = (pair: Pair, { id, price, volume, side, type, time }: PublicTrade): object => ({
  symbol: symbolOf(pair),
  side,
  qty: toNumber(volume),
  price: toNumber(price),
  ord_type: type,
  trade_id: id,
  timestamp: iso(time),
});

/** Returns a candle of `interval` minutes. Its beginning has nanoseconds, and its end has microseconds. */
export function describeCandle(pair: Pair, { time, open, high, low, close, volume, cost, count }: Candle, interval: number): object {
  return {
    symbol: symbolOf(pair),
    open: toNumber(open),
    high: toNumber(high),
    low: toNumber(low),
    close: toNumber(close),
    trades: count,
    volume: toNumber(volume),
    vwap: Number(formatDecimal(volume === 0n ? close : divide(cost, volume), pair.priceDecimals)),
    interval_begin: iso(time).replace("Z", "000000Z"),
    interval,
    timestamp: iso(time + interval * 60_000).replace("Z", "000Z"),
  };
}

export function describeInstruments(): object {
  const assets = ASSETS.map(({ altname, decimals, fiat }) => ({
    id: assetOf(altname),
    status: "enabled",
    precision: decimals,
    precision_display: fiat ? 2 : 5,
    borrowable: true,
    collateral_value: 1,
    margin_rate: 0.02,
  }));
  const pairs = PAIRS.map((pair) => {
    const tick = 1 / 10 ** pair.priceDecimals;
    return {
      symbol: symbolOf(pair),
      base: assetOf(pair.base.altname),
      quote: assetOf(pair.quote.altname),
      status: "online",
      qty_precision: 8,
      qty_increment: 1e-8,
      price_precision: pair.priceDecimals,
      cost_precision: pair.costDecimals,
      marginable: true,
      has_index: true,
      cost_min: Number(pair.costMin),
      margin_initial: 0.2,
      position_limit_long: 300,
      position_limit_short: 240,
      tick_size: tick,
      price_increment: tick,
      qty_min: Number(pair.orderMin),
    };
  });
  return { assets, pairs };
}

/** Returns a function for values in US dollars, at the last prices. The value is 0 for an asset without a pair in dollars. */
export const usdValues =
  (account: SpotAccount): InUsd =>
  (asset, amount) => {
    if (["ZUSD", "USDT", "USDC"].includes(asset.name)) return amount;
    const pair = findPair(`${asset.altname}USD`);
    return pair ? multiply(amount, account.lastPrice(pair)) : 0n;
  };

export function describeBalances(account: SpotAccount): unknown[] {
  return account.balances().map(({ asset, balance }) => {
    const amount = Number(formatDecimal(balance, asset.decimals));
    return {
      asset: assetOf(asset.altname),
      asset_class: "currency",
      balance: amount,
      wallets: [{ type: "spot", id: "main", balance: amount }],
    };
  });
}

export function describeLedgerUpdate(entry: LedgerEntry): unknown {
  const { decimals, altname } = entry.asset;
  const amount = (value: bigint) => Number(formatDecimal(value, decimals));
  return {
    ledger_id: entry.id,
    ref_id: entry.refid,
    timestamp: iso(entry.time),
    type: entry.type,
    asset: assetOf(altname),
    asset_class: "currency",
    category: entry.type,
    wallet_type: "spot",
    wallet_id: "main",
    amount: amount(entry.amount),
    fee: amount(entry.fee),
    balance: amount(entry.balance),
  };
}
