/**
 * The matching of Spot orders. Without a book (no test has set one, and there is no seed), a market order is filled at the last price, an IOC or FOK
 * order is canceled, and every other order rests. With a book, an order is filled from it within its limit, at the best prices first. The rest of the
 * order rests, or is canceled if it must not.
 */

import type { Market } from "../market/live-market.js";
import { accepts, opposite, type Resting } from "../market/market-book.js";
import type { Pair } from "../market/market.js";
import { changedPrices, closingOrder, isTriggered, resolvePrice, type Changes, type Fill, type Order, type OrderDraft } from "./order.js";

/** The account whose orders are matched. */
export interface MatchedAccount {
  readonly markets: ReadonlyMap<string, Market>;
  market(pair: Pair): Market;
  placeIfFunded(draft: OrderDraft, now: number): void;
  isStillFunded(order: Order): boolean;
  trade(order: Order, fill: Fill): void;
  triggered(order: Order, limit: bigint | undefined, time: number): void;
  finish(order: Order, status: "closed" | "canceled" | "expired", reason: string | null, time: number): void;
}

/** An order of the account in the book. */
class OwnOrder implements Resting {
  readonly own = true;
  readonly price: bigint;
  readonly time: number;
  readonly #account: MatchedAccount;
  readonly #order: Order;

  constructor(account: MatchedAccount, order: Order, price: bigint, time: number) {
    this.price = price;
    this.time = time;
    this.#account = account;
    this.#order = order;
  }

  get id(): string {
    return this.#order.txid;
  }

  get left(): bigint {
    return this.#order.volume - this.#order.executed;
  }

  trade(volume: bigint, price: bigint, time: number, id: number): void {
    this.#account.trade(this.#order, { volume, price, time, id, maker: true });
  }
}

export class SpotMatching {
  readonly #account: MatchedAccount;
  readonly #resting = new Map<Order, OwnOrder>();
  /** The orders that wait for their trigger, by market, in the sequence in which they were placed. */
  readonly #waiting = new Map<Market, Set<Order>>();
  /** Conditional closes of orders that have just traded. They are placed when the operation that filled these is complete. */
  #closing: OrderDraft[] = [];

  constructor(account: MatchedAccount) {
    this.#account = account;
    for (const market of account.markets.values()) {
      this.#waiting.set(market, new Set());
      market.triggers.add((time) => this.#trigger(market, time));
    }
  }

  /** Matches an order that has just been placed, or lets it wait for its trigger. */
  enter(order: Order, now: number): void {
    if (order.trigger === undefined) return this.#arrive(order, now);
    this.#waiting.get(this.#market(order))?.add(order);
  }

  /** Removes an order that is closed. */
  leave(order: Order, now: number): void {
    this.#waiting.get(this.#market(order))?.delete(order);
    this.#unrest(order, now);
  }

  /** Prepares the conditional close of an order that has traded. */
  traded(order: Order, volume: bigint): void {
    const closing = closingOrder(order, volume);
    if (closing) this.#closing.push(closing);
  }

  /** Trades at the order's own price, as if the market had reached it, and its trigger too. */
  fill(order: Order, volume: bigint, now: number): void {
    const market = this.#market(order);
    const maker = this.#resting.has(order);
    const price = order.limit ?? order.trigger ?? market.last;
    const side = maker ? opposite(order.type) : order.type;
    market.print({ price, volume, side, type: order.limit === undefined ? "market" : "limit", time: now }, (id) => {
      if (order.trigger !== undefined) this.#waiting.get(market)?.delete(order);
      if (order.trigger !== undefined) this.#account.triggered(order, order.limit, now);
      this.#account.trade(order, { volume, price, time: now, id, maker });
    });
    const resting = this.#resting.get(order);
    if (resting) market.changed(order.type, resting.price, now);
    else if (order.status === "open") this.#rest(order, now);
  }

  /** Returns whether an order with this limit would trade at once. */
  wouldTake(order: OrderDraft, limit: bigint | undefined): boolean {
    const market = this.#account.market(order.pair);
    const { best } = market.side(opposite(order.type));
    return market.hasBook && best !== undefined && accepts(order.type, limit, best.price);
  }

  /** Changes an order. With another price or more volume, it goes to the end of the queue. */
  amend(order: Order, changes: Changes, now: number): void {
    const [limit, volume] = [order.limit, order.volume];
    Object.assign(order, changes, changedPrices(order, changes, this.#market(order).last));
    if (order.limit !== limit || order.volume > volume) this.#unrest(order, now);
  }

  /** Matches an order again after it was changed. */
  amended(order: Order, now: number): void {
    const resting = this.#resting.get(order);
    if (resting) this.#market(order).changed(order.type, resting.price, now);
    else if (order.trigger === undefined && order.status === "open") this.#arrive(order, now);
  }

  #arrive(order: Order, now: number): void {
    const market = this.#market(order);
    if (market.hasBook) return this.#match(order, market, now);
    if (order.limit === undefined) return this.#fillAtLast(order, market, now);
    if (order.timeinforce === "IOC" || order.timeinforce === "FOK") this.#account.finish(order, "canceled", "Not filled at once", now);
    else this.#rest(order, now);
  }

  #fillAtLast(order: Order, market: Market, time: number): void {
    const [price, volume] = [market.last, order.volume - order.executed];
    market.print({ price, volume, side: order.type, type: "market", time }, (id) =>
      this.#account.trade(order, { volume, price, time, id, maker: false }),
    );
  }

  #match(order: Order, market: Market, time: number): void {
    const { type: side, limit } = order;
    const volume = order.volume - order.executed;
    const cancel = (reason: string) => this.#account.finish(order, "canceled", reason, time);
    if (order.oflags.includes("post") && this.wouldTake(order, limit)) return cancel("Post only order");
    if (order.timeinforce === "FOK" && market.preview(side, volume, limit).available < volume) return cancel("Not filled at once");
    const { selfTrade } = market.take({
      side,
      volume,
      limit,
      type: limit === undefined ? "market" : "limit",
      own: true,
      time,
      filled: (price, part, id) => this.#account.trade(order, { volume: part, price, time, id, maker: false }),
    });
    if (order.status !== "open") return;
    if (selfTrade) cancel("Cannot trade with self");
    else if (limit === undefined || order.timeinforce === "IOC") cancel("Not filled at once");
    else this.#rest(order, time);
  }

  #rest(order: Order, now: number): void {
    if (order.limit === undefined) return;
    const resting = new OwnOrder(this.#account, order, order.limit, now);
    this.#resting.set(order, resting);
    this.#market(order).rest(order.type, resting.price, resting, now);
  }

  #unrest(order: Order, now: number): void {
    const resting = this.#resting.get(order);
    if (!resting) return;
    this.#resting.delete(order);
    this.#market(order).unrest(order.type, resting.price, resting, now);
  }

  #trigger(market: Market, time: number): void {
    const waiting = this.#waiting.get(market) ?? new Set();
    for (const order of [...waiting]) {
      if (!waiting.has(order) || !isTriggered(order, market.last)) continue;
      waiting.delete(order);
      this.#account.triggered(order, this.#limitOnTrigger(order), time);
      if (this.#account.isStillFunded(order)) this.#arrive(order, time);
      else this.#account.finish(order, "canceled", "Insufficient funds", time);
    }
    const closing = this.#closing;
    this.#closing = [];
    for (const draft of closing) this.#account.placeIfFunded(draft, time);
  }

  /** Returns the limit of a triggered order. That of a trailing stop is an offset from its trigger. */
  #limitOnTrigger(order: Order): bigint | undefined {
    if (order.ordertype !== "trailing-stop-limit") return order.limit;
    return resolvePrice(order.price2 ?? "", order, order.trigger ?? 0n);
  }

  #market(order: Order): Market {
    return this.#account.market(order.pair);
  }
}
