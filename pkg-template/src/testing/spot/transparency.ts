/** The two endpoints for transparency before and after trades. */

import { formatDecimal } from "../market/decimal.js";
import { volumeOf, type BookSide } from "../market/market-book.js";
import { findPair, PAIRS, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import { invalid, type SpotCall } from "./call.js";
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
  const [from, to] = [timeOf(params, "from_ts", -Infinity), timeOf(params, "to_ts", Infinity)];
  const count = text(params, "count") ?? "1000";
  if (!/^\d{1,4}$/.test(count) || Number(count) < 1 || Number(count) > 1000) throw invalid("count");
  const all = pairs.flatMap((pair) => account.market(pair).tape.trades.map((trade) => ({ pair, trade })));
  const within = all.filter(({ trade }) => trade.time > from && trade.time <= to).sort((a, b) => a.trade.time - b.trade.time);
  // With `from_ts`, the first trades are returned; without it, the last ones.
  const shown = from > -Infinity ? within.slice(0, Number(count)) : within.slice(-Number(count));
  const trades = shown.map(({ pair, trade }) => ({
    trade_id: `${pair.altname}-${trade.id}`,
    price: formatDecimal(trade.price, pair.priceDecimals),
    quantity: formatDecimal(trade.volume, 8),
    ...about(pair),
    trade_venue: VENUE,
    trade_ts: iso(trade.time),
    publication_venue: VENUE,
    publication_ts: iso(now),
  }));
  return { last_ts: trades.at(-1)?.trade_ts ?? "", count: trades.length, trades };
}

function timeOf(params: Params, name: string, otherwise: number): number {
  const value = text(params, name);
  if (value === undefined) return otherwise;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw invalid(name);
  return time;
}
