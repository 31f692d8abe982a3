/** One market: its order book, its trades and its candles. REST and WebSockets read the same one. It is exact and synchronous. */

import { accepts, BookSide, opposite, type Resting, type Side } from "./market-book.js";
import { Tape, type PublicTrade } from "./tape.js";

/** Prices and volumes of the orders of others. */
export type Levels = readonly (readonly [price: bigint, volume: bigint])[];

/** The new volume at a price. It is 0 if the price is no longer in the book. */
export interface LevelChange {
  /** The side of the level. */
  readonly side: Side;
  /** The price, in units of 10^-18. */
  readonly price: bigint;
  /** The new volume, in units of 10^-18. */
  readonly volume: bigint;
}

/** An event of a market, for its watchers. */
export type MarketEvent =
  | { readonly type: "trade"; readonly trade: PublicTrade }
  | { readonly type: "book"; readonly changes: readonly LevelChange[]; readonly time: number };

/** An order that takes orders from the book. */
export interface Taking {
  /** The side of the order. */
  readonly side: Side;
  /** The volume, in units of 10^-18. */
  readonly volume: bigint;
  /** The limit, if there is one. */
  readonly limit: bigint | undefined;
  /** The type of the order. */
  readonly type: "market" | "limit";
  /** Whether it is an order of the account, which then does not trade with the account's other orders. */
  readonly own: boolean;
  /** The time, in milliseconds since 1970. */
  readonly time: number;
  /** Called at each trade. */
  filled?(price: bigint, volume: bigint, id: number): void;
}

/** The result of a taking order. */
export interface Taken {
  /** The volume that is left. */
  readonly left: bigint;
  /** Whether the next order in the book belongs to the same account. */
  readonly selfTrade: boolean;
}

/** The result that a taking order would have. */
interface Preview {
  /** The volume that could be taken. */
  readonly available: bigint;
  /** Whether an order of the account comes next. */
  readonly own: boolean;
  /** Returns the sum of price times volume. */
  readonly cost: (multiply: (a: bigint, b: bigint) => bigint) => bigint;
}

/** A change of the best prices. */
interface Spread {
  /** The time of the change, in milliseconds since 1970. */
  readonly time: number;
  /** The best bid. */
  readonly bid: bigint;
  /** The best ask. */
  readonly ask: bigint;
}

const SPREADS_KEPT = 200;

export class Market {
  /** The name of the market, such as `XBTUSD` or `PF_XBTUSD`. */
  readonly symbol: string;
  /** The trades and candles. */
  readonly tape: Tape;
  /** The bids. */
  readonly bids = new BookSide("buy", () => this.#othersId());
  /** The asks. */
  readonly asks = new BookSide("sell", () => this.#othersId());
  /** The last changes of the best prices, oldest first. */
  readonly spreads: Spread[] = [];
  /** Called at each event, as it happens. */
  readonly watchers = new Set<(event: MarketEvent) => void>();
  /** Called when the last price may have moved, after the operation that moved it. Orders that wait for a price are triggered here. */
  readonly triggers = new Set<(time: number) => void>();
  #hasBook = false;
  #others = 0;
  #running = false;
  #moved = false;
  readonly #touched = new Map<string, { readonly side: Side; readonly price: bigint }>();

  /** @param history - the minimum number of trades and candles that are kept */
  constructor(symbol: string, last: bigint, now: number, history: number) {
    this.symbol = symbol;
    this.tape = new Tape(last, now, history);
  }

  /** The last price, in units of 10^-18. */
  get last(): bigint {
    return this.tape.last;
  }

  /**
   * Whether others have ever had orders in the book. Until then, nothing is matched: market orders are filled at the last price, and all
   * others rest.
   */
  get hasBook(): boolean {
    return this.#hasBook;
  }

  /** Returns an id in the shape of Spot order ids, such as `OTHERS-BTUSD-000001`, which no other market and no order of the account has. */
  #othersId(): string {
    this.#others += 1;
    return `OTHERS-${this.symbol.slice(-5)}-${String(this.#others).padStart(6, "0")}`;
  }

  /** Returns a side of the book. */
  side(side: Side): BookSide {
    return side === "buy" ? this.bids : this.asks;
  }

  /** Replaces the orders of others. New ones that reach orders of the account trade with them, at their price. */
  setBook(bids: Levels, asks: Levels, time: number): void {
    const sides = [
      [this.bids, new Map(bids)],
      [this.asks, new Map(asks)],
    ] as const;
    this.#run(time, () => {
      this.#hasBook = true;
      for (const [side, wanted] of sides)
        for (const price of side.othersPrices()) if (!wanted.has(price)) this.#setOthers(side, price, 0n, time);
      for (const [side, wanted] of sides) this.#comes(side, [...wanted], time);
    });
  }

  /** Changes the orders of others at these prices. A volume of 0 removes them. */
  update(bids: Levels, asks: Levels, time: number): void {
    this.#run(time, () => {
      this.#hasBook = true;
      this.#comes(this.bids, bids, time);
      this.#comes(this.asks, asks, time);
    });
  }

  /** Adds orders of others, which first trade with the orders that they reach on the other side. */
  #comes(side: BookSide, levels: Levels, time: number): void {
    for (const [price, volume] of levels) {
      const { left } = volume ? this.take({ side: side.side, volume, limit: price, type: "limit", own: false, time }) : { left: 0n };
      this.#setOthers(side, price, left, time);
    }
  }

  /**
   * Simulates a trade of others, down or up to `price`. Orders of the book that it reaches are filled at their own price, and the rest of the volume
   * is traded at `price`.
   * @param side - the side of the taker; by default the one that moves the price there, and then the other one
   */
  trade(price: bigint, volume: bigint, time: number, side?: Side): void {
    this.#run(time, () => {
      const first = side ?? (price < this.last || (price === this.last && this.bids.best?.price === price) ? "sell" : "buy");
      let left = volume;
      for (const taker of side ? [side] : [first, opposite(first)])
        left = left > 0n ? this.take({ side: taker, volume: left, limit: price, type: "limit", own: false, time }).left : 0n;
      if (left > 0n) this.print({ price, volume: left, side: first, type: "limit", time });
    });
  }

  /** Adds an order of the account to the book. */
  rest(side: Side, price: bigint, resting: Resting, time: number): void {
    this.#run(time, () => {
      this.side(side).add(price, resting, time);
      this.#touch(side, price);
    });
  }

  /** Reports a new volume of an order in the book. */
  changed(side: Side, price: bigint, time: number): void {
    this.#run(time, () => this.#touch(side, price));
  }

  /** Removes an order of the account, if it is in the book. */
  unrest(side: Side, price: bigint, resting: Resting, time: number): void {
    this.#run(time, () => {
      this.side(side).remove(price, resting, time);
      this.#touch(side, price);
    });
  }

  /** Returns the volume that could be taken, up to `volume`, its cost, and whether an order of the account comes next. */
  preview(side: Side, volume: bigint, limit?: bigint): Preview {
    const parts: [bigint, bigint][] = [];
    let left = volume;
    let stopped = false;
    for (const level of this.side(opposite(side)).levels) {
      if (left === 0n || !accepts(side, limit, level.price)) break;
      const own = level.queue.findIndex((resting) => resting.own);
      const others = (own < 0 ? level.queue : level.queue.slice(0, own)).reduce((sum, resting) => sum + resting.left, 0n);
      const part = others < left ? others : left;
      parts.push([level.price, part]);
      left -= part;
      stopped = own >= 0 && left > 0n;
      if (own >= 0) break;
    }
    return {
      available: volume - left,
      own: stopped,
      cost: (multiply) => parts.reduce((sum, [price, part]) => sum + multiply(price, part), 0n),
    };
  }

  /** Takes orders from the book: the best price first, and the oldest first within a price. */
  take(taking: Taking): Taken {
    return this.#run(taking.time, () => {
      const { side, limit, own, time } = taking;
      const book = this.side(opposite(side));
      let left = taking.volume;
      for (let level = book.best; left > 0n && level && accepts(side, limit, level.price); level = book.best) {
        const [first] = level.queue;
        if (!first) break;
        if (first.left <= 0n) {
          book.remove(level.price, first, time);
          continue;
        }
        if (own && first.own) return { left, selfTrade: true };
        const volume = first.left < left ? first.left : left;
        left -= volume;
        const id = this.tape.nextId();
        first.trade(volume, level.price, time, id);
        if (first.left === 0n) book.remove(level.price, first, time);
        this.#touch(book.side, level.price);
        taking.filled?.(level.price, volume, id);
        this.#print({ id, price: level.price, volume, side, type: taking.type, time });
      }
      return { left, selfTrade: false };
    });
  }

  /** Records a trade that takes nothing from the book. */
  print({ price, volume, side, type, time }: Omit<PublicTrade, "id">, filled?: (id: number) => void): void {
    this.#run(time, () => {
      const id = this.tape.nextId();
      filled?.(id);
      this.#print({ id, price, volume, side, type, time });
    });
  }

  #print(trade: PublicTrade): void {
    this.tape.add(trade);
    this.#moved = true;
    this.#tell({ type: "trade", trade });
  }

  #setOthers(side: BookSide, price: bigint, volume: bigint, time: number): void {
    side.setOthers(price, volume, time);
    this.#touch(side.side, price);
  }

  #touch(side: Side, price: bigint): void {
    this.#touched.set(`${side}${price}`, { side, price });
  }

  /** Runs an operation to its end, then the triggers, and then reports the changes of the book. */
  #run<T>(time: number, operation: () => T): T {
    if (this.#running) return operation();
    this.#running = true;
    try {
      const result = operation();
      while (this.#moved) {
        this.#moved = false;
        for (const trigger of this.triggers) trigger(time);
      }
      return result;
    } finally {
      this.#running = false;
      this.#report(time);
    }
  }

  #report(time: number): void {
    if (this.#touched.size === 0) return;
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    if (this.watchers.size > 0) {
      const changes = touched.map(({ side, price }) => ({ side, price, volume: this.side(side).volumeAt(price) }));
      this.#tell({ type: "book", changes, time });
    }
    const [bid, ask, before] = [this.bids.best?.price, this.asks.best?.price, this.spreads.at(-1)];
    if (bid === undefined || ask === undefined || (before?.bid === bid && before.ask === ask)) return;
    this.spreads.push({ time, bid, ask });
    if (this.spreads.length > SPREADS_KEPT) this.spreads.shift();
  }

  #tell(event: MarketEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }
}
