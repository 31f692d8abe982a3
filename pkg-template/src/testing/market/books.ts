/** The order books of the simulated Spot market: one for everybody who asks, by WebSocket or REST. */

import { decimal, formatDecimal, parseDecimal } from "./decimal.js";
import { findPair, LAST_PRICES, type Pair } from "./market.js";

/** A price and the volume at it, both as decimal text with the decimals that the pair has. */
export type MarketLevel = readonly [price: string, volume: string];

/** Levels of both sides, as a test gives them: any decimal text will do. A volume of 0 in an update removes the level. */
export interface MarketLevels {
  /** What is wanted. */
  readonly bids?: readonly (readonly [price: string, volume: string])[];
  /** What is offered. */
  readonly asks?: readonly (readonly [price: string, volume: string])[];
}

/** The market of one pair, for tests. */
export interface ExchangeMarket {
  /** The bids, the highest price first. */
  readonly bids: readonly MarketLevel[];
  /** The asks, the lowest price first. */
  readonly asks: readonly MarketLevel[];
  /** Replaces the whole book. @throws TypeError for what is no decimal, or has more decimals than the pair */
  setBook(levels: MarketLevels): void;
  /** Changes some levels, in one message to those who have subscribed. @throws TypeError as `setBook` does */
  update(levels: MarketLevels): void;
}

/** Decimals of volumes. */
const LOT_DECIMALS = 8;
/** Levels of each side, before a test has set any. */
const FIRST_LEVELS = 50;

type Levels = Map<bigint, bigint>;
type Changes = readonly (readonly [price: bigint, volume: bigint])[];
type Sides = Pick<ExchangeMarket, "bids" | "asks">;

/** The book of one pair. */
export class MarketBook implements ExchangeMarket {
  readonly pair: Pair;
  /** Are told after each change. */
  readonly watchers = new Set<() => void>();
  readonly #bids: Levels = new Map();
  readonly #asks: Levels = new Map();
  #view: Sides | undefined;

  constructor(pair: Pair) {
    this.pair = pair;
    const last = decimal(LAST_PRICES[pair.altname] ?? "1");
    const tick = decimal("1") / 10n ** BigInt(pair.priceDecimals);
    for (let place = 1n; place <= FIRST_LEVELS; place++) {
      this.#bids.set(last - place * tick, decimal(`${place}`));
      this.#asks.set(last + place * tick, decimal(`${place}`));
    }
  }

  get bids(): readonly MarketLevel[] {
    return this.#current().bids;
  }

  get asks(): readonly MarketLevel[] {
    return this.#current().asks;
  }

  setBook({ bids = [], asks = [] }: MarketLevels): void {
    const [newBids, newAsks] = [this.#read(bids), this.#read(asks)];
    this.#bids.clear();
    this.#asks.clear();
    this.#change(newBids, newAsks);
  }

  update({ bids = [], asks = [] }: MarketLevels): void {
    this.#change(this.#read(bids), this.#read(asks));
  }

  #change(bids: Changes, asks: Changes): void {
    for (const [levels, changes] of [
      [this.#bids, bids],
      [this.#asks, asks],
    ] as const)
      for (const [price, volume] of changes) {
        if (volume === 0n) levels.delete(price);
        else levels.set(price, volume);
      }
    this.#view = undefined;
    for (const tell of [...this.watchers]) tell();
  }

  #read(levels: NonNullable<MarketLevels["bids"]>): Changes {
    return levels.map(([price, volume]) => [number(price, this.pair.priceDecimals), number(volume, LOT_DECIMALS)] as const);
  }

  #current(): Sides {
    const write = ([price, volume]: readonly [bigint, bigint]): MarketLevel => [
      formatDecimal(price, this.pair.priceDecimals),
      formatDecimal(volume, LOT_DECIMALS),
    ];
    const sorted = (levels: Levels, up: boolean): MarketLevel[] =>
      [...levels].sort(([one], [other]) => (one < other === up ? -1 : 1)).map(write);
    return (this.#view ??= { bids: sorted(this.#bids, false), asks: sorted(this.#asks, true) });
  }
}

function number(text: string, decimals: number): bigint {
  const value = parseDecimal(text);
  if (value === undefined || decimal(formatDecimal(value, decimals)) !== value)
    throw new TypeError(`${text} is no decimal number with at most ${decimals} decimals`);
  return value;
}

/** The books of all pairs. */
export class MarketBooks {
  readonly #books = new Map<Pair, MarketBook>();

  /** The book of a pair, by any of its names. */
  find(name: string | undefined): MarketBook | undefined {
    const pair = findPair(name);
    if (!pair) return undefined;
    const book = this.#books.get(pair) ?? new MarketBook(pair);
    this.#books.set(pair, book);
    return book;
  }
}
