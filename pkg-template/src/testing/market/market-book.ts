/** An order book: on each side the prices, best first, and at each price a queue of orders. */

export type Side = "buy" | "sell";

/** An order in the book. */
export interface Resting {
  /** Whether it is an order of the simulated account. */
  readonly own: boolean;
  /** The id of the order. */
  readonly id: string;
  /** The time at which it took its place in the queue, in milliseconds since 1970. */
  readonly time: number;
  /** The volume that is left. */
  readonly left: bigint;
  /** Trades `volume` of it, as the public trade `id`. */
  trade(volume: bigint, price: bigint, time: number, id: number): void;
}

/** One price of a side. */
export interface Level {
  /** The price, in units of 10^-18. */
  readonly price: bigint;
  /** The orders in the sequence in which they came. */
  readonly queue: Resting[];
  /** The last change, in milliseconds since 1970. */
  time: number;
}

/** The volume of others at one price, as a single order. */
class Others implements Resting {
  readonly own = false;
  readonly id: string;
  readonly time: number;
  left: bigint;
  constructor(id: string, volume: bigint, time: number) {
    this.id = id;
    this.left = volume;
    this.time = time;
  }
  trade(volume: bigint): void {
    this.left -= volume;
  }
}

export const opposite = (side: Side): Side => (side === "buy" ? "sell" : "buy");

/** Returns whether an order of `side` with this limit trades at `price`. */
export const accepts = (side: Side, limit: bigint | undefined, price: bigint): boolean =>
  limit === undefined || (side === "buy" ? price <= limit : price >= limit);

export class BookSide {
  /** The side of its orders. */
  readonly side: Side;
  readonly #levels: Level[] = [];
  readonly #newId: () => string;

  /** @param newId - returns the id of the next order of others */
  constructor(side: Side, newId: () => string) {
    this.side = side;
    this.#newId = newId;
  }

  /** The levels, best first. */
  get levels(): readonly Level[] {
    return this.#levels;
  }

  /** The level with the best price, if there is one. */
  get best(): Level | undefined {
    return this.#levels[0];
  }

  /** Adds an order behind all orders of its price. */
  add(price: bigint, resting: Resting, time: number): void {
    const level = this.#at(price, time);
    level.queue.push(resting);
    level.time = time;
  }

  /** Removes an order, and its level if that has no other orders. */
  remove(price: bigint, resting: Resting, time: number): void {
    const index = this.#indexOf(price);
    const level = this.#levels[index];
    if (level?.price !== price) return;
    const place = level.queue.indexOf(resting);
    if (place < 0) return;
    level.queue.splice(place, 1);
    level.time = time;
    if (level.queue.length === 0) this.#levels.splice(index, 1);
  }

  /** Sets the volume of others at a price. An order of others that is there keeps its place in the queue. */
  setOthers(price: bigint, volume: bigint, time: number): void {
    const present = this.#levels[this.#indexOf(price)];
    const others = present?.price === price ? present.queue.find((resting) => !resting.own) : undefined;
    if (volume === 0n) {
      if (others) this.remove(price, others, time);
    } else if (others instanceof Others) {
      others.left = volume;
      if (present) present.time = time;
    } else {
      this.add(price, new Others(this.#newId(), volume, time), time);
    }
  }

  /** Returns whether an order is in the book at this price. */
  has(price: bigint, resting: Resting): boolean {
    const level = this.#levels[this.#indexOf(price)];
    return level?.price === price && level.queue.includes(resting);
  }

  /** Returns the volume of all orders at this price. */
  volumeAt(price: bigint): bigint {
    const level = this.#levels[this.#indexOf(price)];
    return level?.price === price ? volumeOf(level) : 0n;
  }

  /** Returns the prices at which others have orders. */
  othersPrices(): bigint[] {
    return this.#levels.filter(({ queue }) => queue.some((resting) => !resting.own)).map(({ price }) => price);
  }

  #at(price: bigint, time: number): Level {
    const index = this.#indexOf(price);
    const present = this.#levels[index];
    if (present?.price === price) return present;
    const level: Level = { price, queue: [], time };
    this.#levels.splice(index, 0, level);
    return level;
  }

  /** Returns the index of this price, or that at which it belongs. */
  #indexOf(price: bigint): number {
    let [low, high] = [0, this.#levels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#levels[middle]?.price ?? 0n;
      if (this.side === "buy" ? at > price : at < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const volumeOf = ({ queue }: Level): bigint => queue.reduce((sum, { left }) => sum + left, 0n);
