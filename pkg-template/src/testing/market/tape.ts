/** The trades of one market, and candles made of minutes. */

import { divide, multiply } from "./decimal.js";
import { trim } from "../history.js";
import type { Side } from "./market-book.js";

/** A public trade. */
export interface PublicTrade {
  /** The number of the trade, from 1 in each market. */
  readonly id: number;
  /** The price, in units of 10^-18. */
  readonly price: bigint;
  /** The volume, in units of 10^-18. */
  readonly volume: bigint;
  /** The side of the taker. */
  readonly side: Side;
  /** The type of the taker's order. */
  readonly type: "market" | "limit";
  /** The time, in milliseconds since 1970. */
  readonly time: number;
}

export interface Candle {
  /** The beginning, in milliseconds since 1970. */
  readonly time: number;
  /** The first price. */
  open: bigint;
  /** The highest price. */
  high: bigint;
  /** The lowest price. */
  low: bigint;
  /** The last price. */
  close: bigint;
  /** The traded volume. */
  volume: bigint;
  /** The sum of price times volume. */
  cost: bigint;
  /** The number of trades. */
  count: number;
}

/** Prices and volumes of a span of time. */
export interface Span {
  /** The first price. */
  readonly open: bigint;
  /** The highest price. */
  readonly high: bigint;
  /** The lowest price. */
  readonly low: bigint;
  /** The traded volume. */
  readonly volume: bigint;
  /** The sum of price times volume. */
  readonly cost: bigint;
  /** The average price, weighted by volume; the last price if nothing was traded. */
  readonly average: bigint;
  /** The number of trades. */
  readonly count: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The number of trades that are kept, unless the history is shorter. It is several times the limit of `Trades`. */
const TRADES_KEPT = 10_000;
/** The number of minutes with trades that are kept: two weeks. */
const MINUTES_KEPT = 20_160;

export class Tape {
  /** The last trades, oldest first. */
  readonly trades: PublicTrade[] = [];
  /** The minutes in which something was traded, oldest first. */
  readonly #minutes: Candle[] = [];
  readonly #begin: number;
  readonly #opening: bigint;
  #last: bigint;
  #count = 0;

  readonly #tradesKept: number;
  readonly #minutesKept: number;

  constructor(last: bigint, begin: number, history: number) {
    this.#tradesKept = Math.min(history, TRADES_KEPT);
    this.#minutesKept = Math.min(history, MINUTES_KEPT);
    this.#last = last;
    this.#opening = last;
    this.#begin = begin;
  }

  /** The last price. */
  get last(): bigint {
    return this.#last;
  }

  /** The last trade, if there was one. */
  get lastTrade(): PublicTrade | undefined {
    return this.trades.at(-1);
  }

  /** Returns the number of the next trade. */
  nextId(): number {
    this.#count += 1;
    return this.#count;
  }

  /** Adds a trade, also to the candle of its minute. */
  add(trade: PublicTrade): void {
    this.#last = trade.price;
    this.trades.push(trade);
    trim(this.trades, this.#tradesKept);
    const time = trade.time - (trade.time % MINUTE);
    const present = this.#minutes.at(-1);
    if (present && present.time >= time) return extend(present, minuteOf(trade, present.time));
    this.#minutes.push(minuteOf(trade, time));
    trim(this.#minutes, this.#minutesKept);
  }

  /** Returns prices and volumes since midnight UTC. */
  today(now: number): Span {
    return this.#span(now - (now % DAY));
  }

  /** Returns prices and volumes of the last 24 hours, to the minute. */
  day(now: number): Span {
    return this.#span(now - DAY);
  }

  /** Returns candles of `minutes` minutes since the beginning of the market, or the last `limit` of them. Candles without trades are included. */
  candles(minutes: number, now: number, limit: number): Candle[] {
    const length = minutes * MINUTE;
    const start = (time: number) => time - (time % length);
    const first = Math.max(start(this.#begin), start(now) - (limit - 1) * length);
    let close = this.#priceAt(first);
    const candles: Candle[] = [];
    for (let time = first; time <= now; time += length) candles.push(empty(time, close));
    for (const minute of this.#minutes) {
      const candle = candles[Math.floor((minute.time - first) / length)];
      if (candle) extend(candle, minute);
    }
    for (const candle of candles) {
      if (candle.count === 0) Object.assign(candle, empty(candle.time, close));
      close = candle.close;
    }
    return candles;
  }

  /** Returns the last price before this time. */
  #priceAt(time: number): bigint {
    let i = this.#minutes.length - 1;
    while (i >= 0 && (this.#minutes[i]?.time ?? 0) >= time) i -= 1;
    return this.#minutes[i]?.close ?? this.#opening;
  }

  #span(from: number): Span {
    const whole = empty(from, this.#priceAt(from));
    for (let i = this.#minutes.length - 1; i >= 0; i -= 1) {
      const minute = this.#minutes[i];
      if (!minute || minute.time + MINUTE <= from) break;
      extendBackwards(whole, minute);
    }
    const { open, high, low, volume, cost, count } = whole;
    return { open, high, low, volume, cost, count, average: volume === 0n ? this.#last : divide(cost, volume) };
  }
}

const empty = (time: number, price: bigint): Candle => ({
  time,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0n,
  cost: 0n,
  count: 0,
});

const minuteOf = ({ price, volume }: PublicTrade, time: number): Candle => ({
  ...empty(time, price),
  volume,
  cost: multiply(price, volume),
  count: 1,
});

/** Adds a later candle. */
function extend(candle: Candle, later: Candle): void {
  if (candle.count === 0) Object.assign(candle, { open: later.open, high: later.high, low: later.low });
  candle.close = later.close;
  merge(candle, later);
}

/** Adds an earlier candle. */
function extendBackwards(candle: Candle, earlier: Candle): void {
  if (candle.count === 0) Object.assign(candle, { close: earlier.close, high: earlier.high, low: earlier.low });
  candle.open = earlier.open;
  merge(candle, earlier);
}

function merge(candle: Candle, other: Candle): void {
  if (other.high > candle.high) candle.high = other.high;
  if (other.low < candle.low) candle.low = other.low;
  candle.volume += other.volume;
  candle.cost += other.cost;
  candle.count += other.count;
}
