/** The channel `book` of WebSocket v2: levels with all decimals of the pair, and Kraken's checksum of them. */

import { formatDecimal } from "../market/decimal.js";
import type { Market, MarketEvent } from "../market/live-market.js";
import { volumeOf, type BookSide } from "../market/market-book.js";
import type { SocketSession } from "../socket/session.js";
import { checksum, type ChecksumRow } from "./checksum.js";

/** The depths that Kraken offers, in levels on each side. */
export const BOOK_DEPTHS: readonly number[] = [10, 25, 100, 500, 1000];

/** The decimals of volumes. */
const LOT_DECIMALS = 8;

const LEVELS_IN_CHECKSUM = 10;

/** Volumes by price, the best price first. */
type Levels = ReadonlyMap<bigint, bigint>;

/** Settings of a subscription. */
export interface BookSubscription {
  /** The symbol as the client wrote it. */
  readonly symbol: string;
  /** The decimals of the pair's prices. */
  readonly decimals: number;
  readonly depth: number;
}

/** Returns the changes for a client that had the levels `before`. Kraken sends no change for levels that fall out of the depth. */
function changes(before: Levels, now: Levels, side: BookSide): Levels {
  const gone = [...before.keys()].filter((price) => side.volumeAt(price) === 0n).map((price) => [price, 0n] as const);
  return new Map([...gone, ...[...now].filter(([price, volume]) => before.get(price) !== volume)]);
}

/** The subscription of one connection to one book. */
export class BookStream {
  readonly #market: Market;
  readonly #of: BookSubscription;
  readonly #session: SocketSession;
  readonly #time: () => string;
  readonly #watch = ({ type }: MarketEvent): void => {
    if (type === "book") this.#update();
  };
  #bids: Levels = new Map();
  #asks: Levels = new Map();

  constructor(market: Market, of: BookSubscription, session: SocketSession, time: () => string) {
    this.#market = market;
    this.#of = of;
    this.#session = session;
    this.#time = time;
  }

  start(snapshot: boolean): void {
    this.#market.watchers.add(this.#watch);
    this.#remember();
    if (snapshot) this.#send("snapshot", this.#bids, this.#asks);
  }

  stop(): void {
    this.#market.watchers.delete(this.#watch);
  }

  #remember(): void {
    const { bids, asks } = this.#market;
    const top = ({ levels }: BookSide): Levels => new Map(levels.slice(0, this.#of.depth).map((level) => [level.price, volumeOf(level)]));
    this.#bids = top(bids);
    this.#asks = top(asks);
  }

  #update(): void {
    const [bids, asks] = [this.#bids, this.#asks];
    this.#remember();
    const changed = [changes(bids, this.#bids, this.#market.bids), changes(asks, this.#asks, this.#market.asks)] as const;
    if (changed[0].size + changed[1].size) this.#send("update", ...changed);
  }

  /** Sends numbers with all their decimals, which the numbers of JavaScript do not keep. */
  #send(type: string, bids: Levels, asks: Levels): void {
    const written = (levels: Levels) =>
      this.#written(levels)
        .map(([price, qty]) => `{"price":${price},"qty":${qty}}`)
        .join();
    const top = (levels: Levels) => this.#written(levels).slice(0, LEVELS_IN_CHECKSUM);
    const report = `{"symbol":"${this.#of.symbol}","bids":[${written(bids)}],"asks":[${written(asks)}],"checksum":${checksum(top(this.#asks), top(this.#bids))},"timestamp":"${this.#time()}"}`;
    const text = `{"channel":"book","type":"${type}","data":[${report}]}`;
    this.#session.send(JSON.parse(text) as object, text);
  }

  #written(levels: Levels): ChecksumRow[] {
    return [...levels].map(([price, volume]) => [formatDecimal(price, this.#of.decimals), formatDecimal(volume, LOT_DECIMALS)]);
  }
}
