/** The channel `book` of WebSocket version 2: levels with the digits of the pair's precision, and Kraken's checksum over them. */

import type { MarketBook, MarketLevel } from "../market/books.js";
import type { SocketSession } from "../socket/session.js";

/** Levels that Kraken offers of each side. */
export const BOOK_DEPTHS: readonly number[] = [10, 25, 100, 500, 1000];

/** The volume of a level that is gone. */
const NOTHING = "0.00000000";

/** CRC-32, bit by bit. */
function crc32(text: string): number {
  let remainder = 0xffffffff;
  for (const character of text) {
    remainder ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}

/** Kraken's checksum: of the ten best asks and the ten best bids, without points and leading zeros. */
function checksumOf(bids: readonly MarketLevel[], asks: readonly MarketLevel[]): number {
  const digits = (levels: readonly MarketLevel[]) =>
    levels
      .slice(0, 10)
      .flat()
      .map((text) => text.replace(".", "").replace(/^0+/, ""))
      .join("");
  return crc32(digits(asks) + digits(bids));
}

/** What has changed for somebody who had these levels. What has fallen out of the depth is not told. */
function changes(before: readonly MarketLevel[], now: readonly MarketLevel[], all: readonly MarketLevel[]): MarketLevel[] {
  const had = new Map(before);
  const there = new Set(all.map(([price]) => price));
  const gone = before.filter(([price]) => !there.has(price)).map(([price]) => [price, NOTHING] as const);
  return [...gone, ...now.filter(([price, volume]) => had.get(price) !== volume)];
}

/** The subscription of one connection to one book. */
export class BookStream {
  readonly #book: MarketBook;
  readonly #symbol: string;
  readonly #depth: number;
  readonly #session: SocketSession;
  readonly #time: () => string;
  readonly #changed = (): void => this.#update();
  #bids: readonly MarketLevel[] = [];
  #asks: readonly MarketLevel[] = [];

  constructor(book: MarketBook, symbol: string, depth: number, session: SocketSession, time: () => string) {
    this.#book = book;
    this.#symbol = symbol;
    this.#depth = depth;
    this.#session = session;
    this.#time = time;
  }

  start(snapshot: boolean): void {
    this.#book.watchers.add(this.#changed);
    this.#remember();
    if (snapshot) this.#send("snapshot", this.#bids, this.#asks);
  }

  stop(): void {
    this.#book.watchers.delete(this.#changed);
  }

  #remember(): void {
    this.#bids = this.#book.bids.slice(0, this.#depth);
    this.#asks = this.#book.asks.slice(0, this.#depth);
  }

  #update(): void {
    const { bids, asks } = this.#book;
    const [changedBids, changedAsks] = [
      changes(this.#bids, bids.slice(0, this.#depth), bids),
      changes(this.#asks, asks.slice(0, this.#depth), asks),
    ];
    this.#remember();
    if (changedBids.length + changedAsks.length) this.#send("update", changedBids, changedAsks);
  }

  /** Numbers go out with all their digits, which no number in JavaScript has. */
  #send(type: string, bids: readonly MarketLevel[], asks: readonly MarketLevel[]): void {
    const list = (levels: readonly MarketLevel[]) => `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join()}]`;
    const checksum = checksumOf(this.#bids, this.#asks);
    const report = `{"symbol":"${this.#symbol}","bids":${list(bids)},"asks":${list(asks)},"checksum":${checksum},"timestamp":"${this.#time()}"}`;
    const text = `{"channel":"book","type":"${type}","data":[${report}]}`;
    this.#session.send(JSON.parse(text) as object, text);
  }
}
