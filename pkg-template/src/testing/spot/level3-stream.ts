/** The channel `level3` of WebSocket v2: the orders of the book one by one, and Kraken's checksum of them. */

import { formatDecimal } from "../market/decimal.js";
import type { Market, MarketEvent } from "../market/live-market.js";
import type { BookSide, Resting } from "../market/market-book.js";
import { checksum, type ChecksumRow } from "./checksum.js";
import { iso } from "./stream-words.js";

/** The depths that Kraken offers, in prices on each side. */
export const LEVEL3_DEPTHS: readonly number[] = [10, 100, 1000];

const LEVELS_IN_CHECKSUM = 10;
const LOT_DECIMALS = 8;

/** Settings of a subscription. */
export interface Level3Settings {
  /** The symbol as the client wrote it. */
  readonly symbol: string;
  /** The decimals of the pair's prices. */
  readonly decimals: number;
  readonly depth: number;
}

interface Shown {
  readonly price: bigint;
  readonly volume: bigint;
}

/** The orders that the client has, in the sequence of the book. An order that moved in its queue is a new object. */
type Orders = ReadonlyMap<Resting, Shown>;

interface OrderEvent extends Shown {
  readonly event?: "add" | "modify" | "delete";
  readonly id: string;
  readonly time: number;
}

const NO_ORDERS: Orders = new Map();

const ordersOf = ({ levels }: BookSide, depth: number): Orders =>
  new Map(levels.slice(0, depth).flatMap(({ price, queue }) => queue.map((order) => [order, { price, volume: order.left }] as const)));

const snapshotOf = (orders: Orders): OrderEvent[] => [...orders].map(([{ id, time }, shown]) => ({ id, time, ...shown }));

/** Returns what changed for a client that had the orders `before`. Kraken sends no event for orders that fall out of the depth. */
function eventsOf(before: Orders, now: Orders, side: BookSide, time: number): OrderEvent[] {
  const events: OrderEvent[] = [];
  for (const [order, shown] of before)
    if (!now.has(order) && !side.has(shown.price, order)) events.push({ event: "delete", id: order.id, time, ...shown });
  for (const [order, shown] of now) {
    const known = before.get(order);
    if (known?.volume === shown.volume) continue;
    events.push({ event: known ? "modify" : "add", id: order.id, time: order.time, ...shown });
  }
  return events;
}

/** The subscription of one connection to the orders of one market. */
export class Level3Stream {
  readonly #market: Market;
  readonly #settings: Level3Settings;
  readonly #send: (message: object, text: string) => void;
  readonly #time: () => string;
  readonly #watch = (event: MarketEvent): void => {
    if (event.type === "book") this.#update(event.time);
  };
  #bids = NO_ORDERS;
  #asks = NO_ORDERS;

  /** @param time - returns the time of a message, in RFC 3339 */
  constructor(market: Market, settings: Level3Settings, send: (message: object, text: string) => void, time: () => string) {
    this.#market = market;
    this.#settings = settings;
    this.#send = send;
    this.#time = time;
  }

  start(snapshot: boolean): void {
    this.#market.watchers.add(this.#watch);
    this.#remember();
    if (snapshot) this.#report("snapshot", snapshotOf(this.#bids), snapshotOf(this.#asks));
  }

  stop(): void {
    this.#market.watchers.delete(this.#watch);
  }

  #remember(): void {
    this.#bids = ordersOf(this.#market.bids, this.#settings.depth);
    this.#asks = ordersOf(this.#market.asks, this.#settings.depth);
  }

  #update(time: number): void {
    const [bids, asks] = [this.#bids, this.#asks];
    this.#remember();
    const changedBids = eventsOf(bids, this.#bids, this.#market.bids, time);
    const changedAsks = eventsOf(asks, this.#asks, this.#market.asks, time);
    if (changedBids.length + changedAsks.length > 0) this.#report("update", changedBids, changedAsks);
  }

  /** Sends numbers with all their decimals, which the numbers of JavaScript do not keep. */
  #report(type: "snapshot" | "update", bids: readonly OrderEvent[], asks: readonly OrderEvent[]): void {
    const rows = (events: readonly OrderEvent[]) => events.map((event) => this.#row(event)).join();
    const book = `"symbol":"${this.#settings.symbol}","checksum":${this.#checksum()},"bids":[${rows(bids)}],"asks":[${rows(asks)}]`;
    const text = `{"channel":"level3","type":"${type}","data":[{${book},"timestamp":"${this.#time()}"}]}`;
    this.#send(JSON.parse(text) as object, text);
  }

  #row({ event, id, time, ...shown }: OrderEvent): string {
    const [price, volume] = this.#written(shown);
    const head = event === undefined ? "" : `"event":"${event}",`;
    return `{${head}"order_id":"${id}","limit_price":${price},"order_qty":${volume},"timestamp":"${iso(time)}"}`;
  }

  #written({ price, volume }: Shown): ChecksumRow {
    return [formatDecimal(price, this.#settings.decimals), formatDecimal(volume, LOT_DECIMALS)];
  }

  #checksum(): number {
    const rows = (side: BookSide) => [...ordersOf(side, LEVELS_IN_CHECKSUM).values()].map((shown) => this.#written(shown));
    return checksum(rows(this.#market.asks), rows(this.#market.bids));
  }
}
