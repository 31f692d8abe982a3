/** A market whose prices a test can move. */

import { formatDecimal, parseDecimal } from "./decimal.js";
import type { Levels, Market } from "./live-market.js";
import { volumeOf, type BookSide, type Side } from "./market-book.js";
import { randomFrom } from "../random.js";

/** A price and a volume, as plain decimals. */
export type BookLevel = readonly [price: string, volume: string];

/** A public trade. */
export interface MarketTrade {
  /** The number of the trade, from 1. */
  readonly id: number;
  /** The price, as a plain decimal. */
  readonly price: string;
  /** The volume, as a plain decimal. */
  readonly volume: string;
  /** The side of the taker. */
  readonly side: Side;
  /** The time, in milliseconds since 1970. */
  readonly time: number;
}

/** A random path of prices. The same seed gives the same path. */
export interface WalkOptions {
  /** The number from which the path follows. */
  readonly seed: number;
  /** The number of trades. */
  readonly steps: number;
  /** The largest step, as a fraction of the price, from 0 to 1. Default 0.001. */
  readonly step?: number;
  /** The largest volume of a trade, a number in the unit of the market. Default 1. */
  readonly volume?: number;
  /** Called before each trade, so that a test can move the exchange's clock; none by default. */
  readonly before?: (step: number) => void;
}

/** The decimals of a market's prices and volumes, and the tick size. */
interface Places {
  /** The decimals of a price. */
  readonly price: number;
  /** The decimals of a volume. */
  readonly volume: number;
  /** The tick size, in units of 10^-18. */
  readonly tick: bigint;
}

const SEEDED_LEVELS = 25;

/**
 * One market of the exchange, whose prices a test can move. REST, WebSockets and orders all use it.
 * @example
 * ```ts
 * const market = exchange.market("XBTUSD");
 * market.setBook({ bids: [["49990", "1"]], asks: [["50010", "0.5"], ["50020", "2"]] });
 * // … the client buys 1 at market: 0.5 at 50010, 0.5 at 50020 …
 * market.trade("48000", "10"); // fills its resting bids from 48000 on, triggers its stops
 * ```
 */
export class ExchangeMarket {
  /** The name of the market, such as `XBTUSD` or `PF_XBTUSD`. */
  readonly symbol: string;
  readonly #market: Market;
  readonly #places: Places;
  readonly #now: () => number;

  /** @param now - the exchange's clock; calling it also carries out everything that is due by that time */
  constructor(market: Market, places: Places, now: () => number) {
    this.symbol = market.symbol;
    this.#market = market;
    this.#places = places;
    this.#now = now;
  }

  /** The last price. */
  get last(): string {
    return formatDecimal(this.#market.last, this.#places.price);
  }

  /** All levels of the book, including the account's resting orders, best first. */
  get book(): {
    /** The bids, the highest price first. */
    readonly bids: readonly BookLevel[];
    /** The asks, the lowest price first. */
    readonly asks: readonly BookLevel[];
  } {
    const side = ({ levels }: BookSide): BookLevel[] =>
      levels.map((level) => [formatDecimal(level.price, this.#places.price), formatDecimal(volumeOf(level), this.#places.volume)]);
    return { bids: side(this.#market.bids), asks: side(this.#market.asks) };
  }

  /** The last trades, oldest first. At least 10,000 are kept. */
  get trades(): readonly MarketTrade[] {
    return this.#market.tape.trades.map(({ id, price, volume, side, time }) => ({
      id,
      price: formatDecimal(price, this.#places.price),
      volume: formatDecimal(volume, this.#places.volume),
      side,
      time,
    }));
  }

  /**
   * Simulates a trade of `volume` by others, down or up to `price`. Orders in the book that it crosses are filled at their own price: the best price
   * first, the oldest first within a price, and in part if the volume is smaller. The rest of the volume is traded at `price`. Stops and take-profits
   * whose price is reached are triggered.
   * @throws TypeError if price or volume is not a positive decimal that fits the market.
   */
  trade(
    price: string,
    volume: string,
    options: {
      /** The side of the taker; by default, the one that moves the price there. */
      readonly side?: Side;
    } = {},
  ): void {
    const [at, size] = [this.#parse("price", price), this.#parse("volume", volume)];
    this.#market.trade(at, size, this.#now(), options.side);
  }

  /**
   * Replaces the orders of others in the book. From then on, orders are matched, as with {@link ExchangeOptions.seed}. New levels that reach resting
   * orders of the account trade with them.
   * @throws TypeError if the best bid is not below the best ask, or a level does not fit the market.
   */
  setBook(book: {
    /** The bids of others; none by default. */
    readonly bids?: readonly BookLevel[];
    /** The asks of others; none by default. */
    readonly asks?: readonly BookLevel[];
  }): void {
    const levels = (side: readonly BookLevel[] = []): Levels =>
      side.map(([price, volume]) => [this.#parse("price", price), this.#parse("volume", volume)]);
    const [bids, asks] = [levels(book.bids), levels(book.asks)];
    const best = (side: Levels, pick: "max" | "min") =>
      side
        .map(([price]) => price)
        .reduce<bigint | undefined>((a, b) => (a === undefined || (pick === "max" ? b > a : b < a) ? b : a), undefined);
    const [bid, ask] = [best(bids, "max"), best(asks, "min")];
    if (bid !== undefined && ask !== undefined && bid >= ask) throw new TypeError("the best bid is not below the best ask");
    this.#market.setBook(bids, asks, this.#now());
  }

  /**
   * Changes some levels of the orders of others, in one message to subscribers. A volume of 0 removes a level.
   * @throws TypeError if a level does not fit the market.
   */
  update(book: {
    /** The bids that change; none by default. */
    readonly bids?: readonly BookLevel[];
    /** The asks that change; none by default. */
    readonly asks?: readonly BookLevel[];
  }): void {
    const levels = (side: readonly BookLevel[] = []): Levels =>
      side.map(([price, volume]) => [this.#parse("price", price), parseDecimal(volume) === 0n ? 0n : this.#parse("volume", volume)]);
    this.#market.update(levels(book.bids), levels(book.asks), this.#now());
  }

  /** Creates a book of 25 levels on each side of the last price. The same seed creates the same book. */
  seedBook(seed: number): void {
    this.#fillBook(randomFrom(seed));
  }

  /** Trades step by step along a random path. With a book, it is created again around each price. */
  walk({ seed, steps, step = 0.001, volume = 1, before }: WalkOptions): void {
    const random = randomFrom(seed);
    for (let i = 0; i < steps; i += 1) {
      before?.(i);
      const price = this.#market.last + portion(this.#market.last, step * (2 * random() - 1), this.#places.tick);
      const size = portion(10n ** 18n, volume * random(), this.#lot) || this.#lot;
      this.#market.trade(price > 0n ? price : this.#places.tick, size, this.#now());
      if (this.#market.hasBook) this.#fillBook(random);
    }
  }

  #fillBook(random: () => number): void {
    const { last } = this.#market;
    const { tick } = this.#places;
    const side = (sign: bigint): Levels => {
      const levels: [bigint, bigint][] = [];
      let price = last;
      for (let i = 0; i < SEEDED_LEVELS; i += 1) {
        const step = portion(last, 0.0002 * random(), tick);
        price += sign * (step > tick ? step : tick);
        if (price > 0n) levels.push([price, portion(10n ** 18n, 5 * random(), this.#lot) || this.#lot]);
      }
      return levels;
    };
    this.#market.setBook(side(-1n), side(1n), this.#now());
  }

  /** The smallest difference between volumes. */
  get #lot(): bigint {
    return 10n ** BigInt(18 - this.#places.volume);
  }

  #parse(name: "price" | "volume", decimal: string): bigint {
    const value = parseDecimal(decimal);
    const unit = name === "price" ? this.#places.tick : this.#lot;
    if (value === undefined || value === 0n || value % unit !== 0n)
      throw new TypeError(`Invalid ${name} "${decimal}": expected a positive multiple of ${formatDecimal(unit, this.#places[name])}.`);
    return value;
  }
}

/** Returns a fraction of a value, truncated to the unit of the market. */
function portion(value: bigint, part: number, unit: bigint): bigint {
  const exact = (value * BigInt(Math.round(part * 1e9))) / 1_000_000_000n;
  return exact - (exact % unit);
}
