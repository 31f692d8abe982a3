import { compareDecimals, plainDecimal, scaleOf } from "./book-decimal.js";
import { crc32 } from "./crc32.js";

/** A price, and how much is offered or wanted at it. Both are decimal text, with the digits that Kraken sent. */
export interface BookLevel {
  /** In the quote currency. */
  readonly price: string;
  /** In the base currency. */
  readonly volume: string;
}

/** The levels from which the checksum is made, of each side. */
const CHECKED = 10;

interface Entry {
  readonly level: BookLevel;
  /** The price as a number, which decides nearly every comparison. */
  readonly approximate: number;
  /** What the level is in the checksum: price and volume without the point and without leading zeros. */
  readonly digits: string;
}

const isNothing = (volume: string): boolean => /^[0.]+$/.test(volume);

const digitsOf = (text: string): string => text.replace(".", "").replace(/^0+/, "");

/** The levels of one side, the best one first. */
class Side {
  readonly #entries: Entry[] = [];
  /** 1: the lowest price is the best one. -1: the highest is. */
  readonly #direction: 1 | -1;
  #view: readonly BookLevel[] | undefined;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  /** Sets the volume at a price; with a volume of 0, there is nothing any more. */
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

  /** Where a price is, or belongs, and whether it is there. */
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

  /** The levels as they are now. What is handed out does not change any more. */
  get view(): readonly BookLevel[] {
    return (this.#view ??= Object.freeze(this.#entries.map(({ level }) => level)));
  }
}

/** What a message says of a book: prices and volumes as plain decimal text. */
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

/** A book as a message has it, its numbers as text; `undefined` if it is none. */
export function bookDataOf(report: unknown): BookData | undefined {
  const { bids, asks, checksum, timestamp } = Object(report) as Readonly<Record<string, unknown>>;
  const [bidLevels, askLevels] = [listOf(bids), listOf(asks)];
  if (!bidLevels || !askLevels || !/^\d{1,10}$/.test(`${checksum as string}`)) return undefined;
  return { bids: bidLevels, asks: askLevels, checksum: Number(checksum), timestamp: typeof timestamp === "string" ? timestamp : undefined };
}

/** Nothing is known of how many decimals there are; or they differ. */
const UNKNOWN = -1;
const MIXED = -2;

/** How many decimals numbers have, if that many are known before. */
function decimalsOf(numbers: readonly string[], known: number): number {
  let decimals = known;
  for (const one of numbers) {
    if (decimals === MIXED) break;
    const scale = scaleOf(one);
    decimals = decimals === UNKNOWN || decimals === scale ? scale : MIXED;
  }
  return decimals;
}

/** The levels of a book, to a depth. */
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
   * Takes the levels of a message, in their order, and forgets what has fallen out of the depth: Kraken does not say so.
   *
   * Kraken writes all prices of a pair with as many decimals, and all volumes. The checksum does not tell where the point is: so this is checked,
   * too, unless the first message had mixed decimals and that was to be `tolerated`.
   *
   * @returns whether the message was taken
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

  /** CRC-32 over the digits of the ten best asks and the ten best bids. */
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
