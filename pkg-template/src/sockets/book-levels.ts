import { compareDecimals, plainDecimal, scaleOf } from "./book-decimal.js";
import { crc32 } from "./crc32.js";

/** A price level: a price, and the volume that is offered or wanted there. Both are decimal text, with the digits that Kraken sent. */
export interface BookLevel {
  /** In the quote currency. */
  readonly price: string;
  /** In the base currency. */
  readonly volume: string;
}

/** The number of levels of each side that the checksum covers. */
const CHECKED = 10;

interface Entry {
  readonly level: BookLevel;
  /** The price as a number, which is enough for nearly every comparison. */
  readonly approximate: number;
  /** The level's part of the checksum: price and volume without the point and without leading zeros. */
  readonly digits: string;
}

const isNothing = (volume: string): boolean => /^[0.]+$/.test(volume);

const digitsOf = (text: string): string => text.replace(".", "").replace(/^0+/, "");

/** The levels of one side, the best first. */
class Side {
  readonly #entries: Entry[] = [];
  /** 1 if the lowest price is the best, -1 if the highest is. */
  readonly #direction: 1 | -1;
  #view: readonly BookLevel[] | undefined;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  /** Sets the volume at a price. A volume of 0 removes the level. */
  set(price: string, volume: string): void {
    this.#view = undefined;
    const approximate = Number(price);
    const [place, isThere] = this.#find(price, approximate);
    if (isNothing(volume)) {
      if (isThere) this.#entries.splice(place, 1);
      return;
    }
    const entry = { level: Object.freeze({ price, volume }), approximate, digits: digitsOf(price) + digitsOf(volume) };
    if (isThere) this.#entries[place] = entry;
    else this.#entries.splice(place, 0, entry);
  }

  /** Returns the index of a price, or the index where it belongs, and whether it is there. */
  #find(price: string, approximate: number): [place: number, isThere: boolean] {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle]!;
      const order = approximate - entry.approximate || (price === entry.level.price ? 0 : compareDecimals(price, entry.level.price));
      if (order === 0) return [middle, true];
      if (order * this.#direction > 0) low = middle + 1;
      else high = middle;
    }
    return [low, false];
  }

  keep(depth: number): void {
    if (this.#entries.length > depth) this.#entries.length = depth;
  }

  checksum(before: number): number {
    let sum = before;
    for (let place = 0; place < CHECKED && place < this.#entries.length; place++) sum = crc32(this.#entries[place]!.digits, sum);
    return sum;
  }

  /** The current levels. The list does not change later. */
  get view(): readonly BookLevel[] {
    return (this.#view ??= Object.freeze(this.#entries.map(({ level }) => level)));
  }
}

/** The content of a message about a book. Prices and volumes are plain decimal text. */
export interface BookData {
  readonly bids: readonly (readonly [price: string, volume: string])[];
  readonly asks: readonly (readonly [price: string, volume: string])[];
  readonly checksum: number;
  readonly timestamp: string | undefined;
}

const listOf = (levels: unknown): BookData["bids"] | undefined => {
  if (!Array.isArray(levels)) return undefined;
  const read = levels.map((level: { readonly price?: unknown; readonly qty?: unknown } | null) => [
    plainDecimal(level?.price),
    plainDecimal(level?.qty),
  ]);
  return read.every(([price, volume]) => price !== undefined && volume !== undefined) ? (read as [string, string][]) : undefined;
};

/** Reads a message about a book; `undefined` if it is malformed. */
export function bookDataOf(report: unknown): BookData | undefined {
  const { bids, asks, checksum, timestamp } = Object(report) as Readonly<Record<string, unknown>>;
  const [bidLevels, askLevels] = [listOf(bids), listOf(asks)];
  if (!bidLevels || !askLevels || !/^\d{1,10}$/.test(`${checksum as string}`)) return undefined;
  return { bids: bidLevels, asks: askLevels, checksum: Number(checksum), timestamp: typeof timestamp === "string" ? timestamp : undefined };
}

/** The number of decimals is not known yet, or it differs between numbers. */
const UNKNOWN = -1;
const MIXED = -2;

/** Returns the number of decimals that all numbers have, starting from the number that is known. */
function decimalsOf(numbers: readonly string[], known: number): number {
  let decimals = known;
  for (const one of numbers) {
    if (decimals === MIXED) break;
    const scale = scaleOf(one);
    decimals = decimals === UNKNOWN || decimals === scale ? scale : MIXED;
  }
  return decimals;
}

/** The levels of a book, up to its depth. */
export class Levels {
  readonly #depth: number;
  readonly #asks = new Side(1);
  readonly #bids = new Side(-1);
  #priceDecimals = UNKNOWN;
  #volumeDecimals = UNKNOWN;

  constructor(depth: number) {
    this.#depth = depth;
  }

  /**
   * Absorbs the levels of a message, in order, and drops the levels beyond the depth. Kraken does not send messages about those.
   *
   * Kraken writes all prices of a pair with the same number of decimals, and all volumes too. The checksum does not cover the decimal point, so this is
   * checked as well, unless mixed decimals are `tolerated`.
   *
   * @returns whether the message was absorbed
   */
  update({ bids, asks }: BookData, tolerated = false): boolean {
    const levels = [...bids, ...asks];
    const prices = levels.map(([price]) => price);
    const volumes = levels.map(([, volume]) => volume).filter((volume) => !isNothing(volume));
    const [before, beforeVolumes] = [this.#priceDecimals, this.#volumeDecimals];
    this.#priceDecimals = decimalsOf(prices, before);
    this.#volumeDecimals = decimalsOf(volumes, beforeVolumes);
    const isMixed = (now: number, known: number): boolean => now === MIXED && known !== MIXED;
    if (!tolerated && (isMixed(this.#priceDecimals, before) || isMixed(this.#volumeDecimals, beforeVolumes))) return false;
    for (const [price, volume] of bids) this.#bids.set(price, volume);
    for (const [price, volume] of asks) this.#asks.set(price, volume);
    this.#bids.keep(this.#depth);
    this.#asks.keep(this.#depth);
    return true;
  }

  /** The CRC-32 of the digits of the ten best asks and the ten best bids. */
  get checksum(): number {
    return this.#bids.checksum(this.#asks.checksum(0));
  }

  get bids(): readonly BookLevel[] {
    return this.#bids.view;
  }

  get asks(): readonly BookLevel[] {
    return this.#asks.view;
  }
}
