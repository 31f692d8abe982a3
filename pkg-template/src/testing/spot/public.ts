/** The public Spot endpoints: the clock, assets and pairs, and market data. */

import { formatDecimal, parseDecimal } from "../market/decimal.js";
import type { Market } from "../market/live-market.js";
import { volumeOf, type BookSide, type Side } from "../market/market-book.js";
import type { Candle, Span } from "../market/tape.js";
import { assetInfo, ASSETS, findAsset, findPair, pairInfo, PAIRS, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { list, text, type Params } from "../parameters/received.js";
import { invalid, wholeSeconds, type SpotCall } from "./call.js";
import type { SpotAccount } from "./account.js";

/** Returns a time as Kraken writes it, with two digits for the year and `+0000`. */
export function time({ now }: SpotCall): unknown {
  const [weekday, day, month, year = "", clock] = new Date(now).toUTCString().split(" ");
  return { unixtime: Math.floor(now / 1000), rfc1123: `${weekday} ${day} ${month} ${year.slice(2)} ${clock} +0000` };
}

export function systemStatus({ now }: SpotCall): unknown {
  return { status: "online", timestamp: wholeSeconds(now) };
}

export function assets({ params }: SpotCall): unknown {
  const wanted = list(params, "asset");
  const found = wanted.length === 0 ? ASSETS : wanted.map((name) => findAsset(name));
  return Object.fromEntries(
    found.map((asset) => {
      if (!asset) throw new Rejection("EQuery:Unknown asset");
      return [asset.name, assetInfo(asset)];
    }),
  );
}

/** The fields of a pair for each value of `info`. The values are documented; their fields are not recorded. */
const PAIR_INFO: Readonly<Record<string, readonly string[]>> = {
  leverage: ["leverage_buy", "leverage_sell"],
  fees: ["fees", "fees_maker", "fee_volume_currency"],
  margin: ["margin_call", "margin_stop"],
};

export function assetPairs({ params }: SpotCall): unknown {
  const info = text(params, "info") ?? "info";
  if (info !== "info" && !Object.hasOwn(PAIR_INFO, info)) throw invalid("info");
  const shown = (pair: Pair) => {
    const all = pairInfo(pair);
    return info === "info" ? all : Object.fromEntries((PAIR_INFO[info] ?? []).map((name) => [name, all[name]]));
  };
  return Object.fromEntries(pairsOf(params).map((pair) => [pair.name, shown(pair)]));
}

/** Returns a price with as many decimals as costs have, which are more than the price of an order may have. */
export function ticker({ params, account, now }: SpotCall): unknown {
  return Object.fromEntries(pairsOf(params).map((pair) => [pair.name, describeTicker(pair, account.market(pair), now)]));
}

function describeTicker(pair: Pair, market: Market, now: number): unknown {
  const price = (value: bigint) => formatDecimal(value, pair.costDecimals);
  const spans: [Span, Span] = [market.tape.today(now), market.tape.day(now)];
  const both = <T>(show: (span: Span) => T): [T, T] => [show(spans[0]), show(spans[1])];
  const best = (side: BookSide) => {
    const { price: bestPrice, volume } = bestOf(market, side);
    return [price(bestPrice), formatDecimal(volume, 0), formatDecimal(volume, 3)];
  };
  return {
    a: best(market.asks),
    b: best(market.bids),
    c: [price(market.last), formatDecimal(market.tape.lastTrade?.volume ?? 0n, 8)],
    v: both(({ volume }) => formatDecimal(volume, 8)),
    p: both(({ average }) => price(average)),
    t: both(({ count }) => count),
    l: both(({ low }) => price(low)),
    h: both(({ high }) => price(high)),
    o: price(spans[0].open),
  };
}

/** Returns the ticker of a pair. Without a book, the last price stands for both sides, with a volume of 1. */
export function bestOf(market: Market, side: BookSide): { price: bigint; volume: bigint } {
  const best = market.hasBook ? side.best : undefined;
  return best ? { price: best.price, volume: volumeOf(best) } : { price: market.last, volume: 10n ** 18n };
}

export function ohlc(call: SpotCall): unknown {
  const { pair, market } = oneMarket(call);
  const interval = text(call.params, "interval") ?? "1";
  if (!["1", "5", "15", "30", "60", "240", "1440", "10080", "21600"].includes(interval)) throw invalid("interval");
  const since = secondsOf(call.params, "since") ?? -Infinity;
  const candles = market.tape.candles(Number(interval), call.now, 720);
  const complete = candles.at(-2) ?? candles.at(-1);
  const rows = candles.filter((candle) => candle.time / 1000 > since).map((candle) => describeCandle(pair, candle));
  return { [pair.name]: rows, last: (complete?.time ?? call.now) / 1000 };
}

function describeCandle(pair: Pair, { time, open, high, low, close, volume, cost, count }: Candle): unknown[] {
  const price = (value: bigint) => formatDecimal(value, pair.priceDecimals);
  const average = volume === 0n ? "0.0" : price((cost * 10n ** 18n) / volume);
  return [time / 1000, price(open), price(high), price(low), price(close), average, formatDecimal(volume, 8), count];
}

export function depth(call: SpotCall): unknown {
  const { pair, market } = oneMarket(call);
  const count = countOf(call.params, "count", 100, 500);
  const side = ({ levels }: BookSide) =>
    levels
      .slice(0, count)
      .map((level) => [formatDecimal(level.price, pair.costDecimals), formatDecimal(volumeOf(level), 3), Math.floor(level.time / 1000)]);
  return { [pair.name]: { asks: side(market.asks), bids: side(market.bids) } };
}

/** Groups several ticks into each price. Bids are rounded down, asks up. */
export function groupedBook(call: SpotCall): unknown {
  const { pair, market } = oneMarket(call);
  const depthWanted = text(call.params, "depth") ?? "10";
  if (!["10", "25", "100", "250", "1000"].includes(depthWanted)) throw invalid("depth");
  const grouping = text(call.params, "grouping") ?? "1";
  if (!["1", "5", "10", "25", "50", "100", "250", "500", "1000"].includes(grouping)) throw invalid("grouping");
  const step = BigInt(grouping) * 10n ** BigInt(18 - pair.priceDecimals);
  const side = ({ levels, side: which }: BookSide) => {
    const groups = new Map<bigint, bigint>();
    for (const level of levels) {
      const price = grouped(level.price, step, which);
      groups.set(price, (groups.get(price) ?? 0n) + volumeOf(level));
    }
    return [...groups]
      .slice(0, Number(depthWanted))
      .map(([price, volume]) => ({ price: formatDecimal(price, pair.priceDecimals), qty: formatDecimal(volume, 8) }));
  };
  return { pair: pair.wsname.replace("XBT", "BTC"), grouping: Number(grouping), bids: side(market.bids), asks: side(market.asks) };
}

const grouped = (price: bigint, step: bigint, side: Side): bigint => {
  const down = price - (price % step);
  return side === "buy" || down === price ? down : down + step;
};

/**
 * Returns the time of a trade in nanoseconds. The number of the trade is a part of it, so that no two trades have the same time, and pages of
 * trades neither repeat nor skip one.
 */
export const nanoseconds = (pair: Pair, { time, id }: { time: number; id: number }): bigint =>
  BigInt(time) * 1_000_000n + BigInt((id * PAIRS.length + PAIRS.indexOf(pair)) % 1_000_000);

/** Returns trades since `since`, which is in seconds, or in nanoseconds like `last`. Without it, returns the last trades. */
export function recentTrades(call: SpotCall): unknown {
  const { pair, market } = oneMarket(call);
  const count = countOf(call.params, "count", 1000, 1000);
  const since = text(call.params, "since");
  if (since !== undefined && !/^\d{1,19}(\.\d{1,9})?$/.test(since)) throw invalid("since");
  const from = since === undefined ? -1n : since.length > 15 ? BigInt(since) : (parseDecimal(since) ?? 0n) / 10n ** 9n;
  const after = market.tape.trades.filter((trade) => nanoseconds(pair, trade) > from);
  const trades = since === undefined ? after.slice(-count) : after.slice(0, count);
  const rows = trades.map((trade) => [
    formatDecimal(trade.price, pair.costDecimals),
    formatDecimal(trade.volume, 8),
    trade.time / 1000,
    trade.side === "buy" ? "b" : "s",
    trade.type === "market" ? "m" : "l",
    "",
    trade.id,
  ]);
  const last = trades.at(-1);
  return { [pair.name]: rows, last: String(last ? nanoseconds(pair, last) : from > 0n ? from : BigInt(call.now) * 1_000_000n) };
}

export function spread(call: SpotCall): unknown {
  const { pair, market } = oneMarket(call);
  const since = secondsOf(call.params, "since") ?? -Infinity;
  const price = (value: bigint) => formatDecimal(value, pair.costDecimals);
  const rows = market.spreads
    .map(({ time, bid, ask }) => [Math.floor(time / 1000), price(bid), price(ask)] as const)
    .filter(([time]) => time >= since);
  return { [pair.name]: rows, last: rows.at(-1)?.[0] ?? Math.floor(call.now / 1000) };
}

function pairsOf(params: Params): readonly Pair[] {
  const wanted = list(params, "pair");
  return wanted.length === 0 ? PAIRS : wanted.map((name) => knownPair(name));
}

function knownPair(name: string | undefined): Pair {
  const pair = findPair(name);
  if (!pair) throw new Rejection("EQuery:Unknown asset pair");
  return pair;
}

function oneMarket({ params, account }: { params: Params; account: SpotAccount }): { pair: Pair; market: Market } {
  const name = text(params, "pair");
  if (!name) throw invalid("pair");
  const pair = knownPair(name);
  return { pair, market: account.market(pair) };
}

function countOf(params: Params, name: string, otherwise: number, most: number): number {
  const value = text(params, name) ?? String(otherwise);
  if (!/^\d{1,4}$/.test(value) || value === "0" || Number(value) > most) throw invalid(name);
  return Number(value);
}

function secondsOf(params: Params, name: string): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(value)) throw invalid(name);
  return Number(value);
}
