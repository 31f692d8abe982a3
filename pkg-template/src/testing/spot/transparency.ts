/** The two endpoints for transparency before and after trades. */

import { formatDecimal } from "../market/decimal.js";
import { volumeOf, type BookSide } from "../market/market-book.js";
import { findPair, PAIRS, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import { invalid, type SpotCall } from "./call.js";
import { nanoseconds } from "./public.js";
import { assetOf, iso, symbolOf } from "./stream-words.js";

const LEVELS = 10;
/** Kraken's code as a trading venue. */
const VENUE = "PGSL";

function knownPair(name: string): Pair {
  const pair = findPair(name);
  if (!pair) throw new Rejection("EQuery:Unknown asset pair");
  return pair;
}

/** The fields that describe a pair. Kraken's text for `description` is not known. */
const about = (pair: Pair) => ({
  symbol: symbolOf(pair),
  description: `${assetOf(pair.base.altname)} in ${assetOf(pair.quote.altname)}`,
  base_asset: assetOf(pair.base.altname),
  base_notation: "UNIT",
  quote_asset: assetOf(pair.quote.altname),
  quote_notation: "MONE",
});

/** Returns the ten best prices of each side. */
export function preTrade({ params, account, now }: SpotCall): unknown {
  const symbol = text(params, "symbol");
  if (!symbol) throw invalid("symbol");
  const pair = knownPair(symbol);
  const market = account.market(pair);
  const side = ({ levels, side: which }: BookSide) =>
    levels.slice(0, LEVELS).map((level) => ({
      side: which.toUpperCase(),
      price: formatDecimal(level.price, pair.priceDecimals),
      qty: formatDecimal(volumeOf(level), 8),
      count: level.queue.length,
      submission_ts: iso(level.time),
      publication_ts: iso(now),
    }));
  return { ...about(pair), venue: VENUE, system: "CLOB", bids: side(market.bids), asks: side(market.asks) };
}

/** Returns at most `count` trades of one pair or of all, after `from_ts` and up to `to_ts`, oldest first. */
export function postTrade({ params, account, now }: SpotCall): unknown {
  const symbol = text(params, "symbol");
  const pairs = symbol === undefined ? PAIRS : [knownPair(symbol)];
  const [from, to] = [timeOf(params, "from_ts"), timeOf(params, "to_ts")];
  const count = text(params, "count") ?? "1000";
  if (!/^\d{1,4}$/.test(count) || Number(count) < 1 || Number(count) > 1000) throw invalid("count");
  const all = pairs.flatMap((pair) => account.market(pair).tape.trades.map((trade) => ({ pair, trade, time: nanoseconds(pair, trade) })));
  const within = all
    .filter(({ time }) => (from === undefined || time > from) && (to === undefined || time <= to))
    .sort((a, b) => (a.time < b.time ? -1 : 1));
  // With `from_ts`, the first trades are returned; without it, the last ones.
  const shown = from !== undefined ? within.slice(0, Number(count)) : within.slice(-Number(count));
  const trades = shown.map(({ pair, trade, time }) => ({
    trade_id: `${pair.altname}-${trade.id}`,
    price: formatDecimal(trade.price, pair.priceDecimals),
    quantity: formatDecimal(trade.volume, 8),
    ...about(pair),
    trade_venue: VENUE,
    trade_ts: inNanoseconds(time),
    publication_venue: VENUE,
    publication_ts: iso(now),
  }));
  return { last_ts: trades.at(-1)?.trade_ts ?? "", count: trades.length, trades };
}

const SECOND = 1_000_000_000n;

/** Parses a time to nanoseconds since 1970. */
function timeOf(params: Params, name: string): bigint | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw invalid(name);
  const fraction = /\.(\d{1,9})/.exec(value)?.[1] ?? "";
  return BigInt(Math.floor(time / 1000)) * SECOND + BigInt(fraction.padEnd(9, "0"));
}

function inNanoseconds(time: bigint): string {
  const fraction = String(time % SECOND).padStart(9, "0");
  return `${iso(Number(time / SECOND) * 1000).slice(0, -5)}.${fraction}Z`;
}
