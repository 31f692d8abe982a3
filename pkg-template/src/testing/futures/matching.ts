/**
 * Matches Futures orders in their markets. Without a book (none was set, and there is no seed), a market order is filled at the last price, `ioc` and
 * `fok` would not execute, and every other order rests. With a book, an order takes its levels, the best first, at no worse price than its limit. The
 * rest of the order rests, or is canceled if its type does not allow that.
 */

import type { FuturesChanges } from "./edit.js";
import { isReached, type FuturesFill, type FuturesOrder, type Position } from "./order.js";
import type { Market } from "../market/live-market.js";
import { accepts, opposite, type Resting } from "../market/market-book.js";

/** The account whose orders are matched. */
export interface MatchedAccount {
  readonly markets: ReadonlyMap<string, Market>;
  market(symbol: string): Market;
  position(symbol: string): Position;
  openOrders(): FuturesOrder[];
  cancel(order: FuturesOrder, now: number, reason?: string): void;
  trade(order: FuturesOrder, fill: Pick<FuturesFill, "size" | "price" | "time" | "maker">): void;
  triggered(order: FuturesOrder, now: number): void;
}

/** Orders of one market that wait for their price, in the order in which they were placed. */
class Waiting {
  readonly orders = new Set<FuturesOrder>();
  /** Those that came or changed since the others were seen not to be reached at the price `seen`. */
  readonly fresh = new Set<FuturesOrder>();
  seen: bigint | undefined;

  add(order: FuturesOrder): void {
    this.orders.add(order);
    this.fresh.add(order);
  }

  delete(order: FuturesOrder): void {
    this.orders.delete(order);
    this.fresh.delete(order);
  }
}

/** An order of the account in the book. */
class OwnOrder implements Resting {
  readonly own = true;
  readonly price: bigint;
  readonly time: number;
  readonly #matching: FuturesMatching;
  readonly #order: FuturesOrder;

  constructor(matching: FuturesMatching, order: FuturesOrder, price: bigint, time: number) {
    this.price = price;
    this.time = time;
    this.#matching = matching;
    this.#order = order;
  }

  get id(): string {
    return this.#order.id;
  }

  get left(): bigint {
    return this.#matching.leftOf(this.#order);
  }

  trade(size: bigint, price: bigint, time: number): void {
    this.#matching.trade(this.#order, size, price, time, true);
  }
}

export class FuturesMatching {
  readonly #account: MatchedAccount;
  readonly #resting = new Map<FuturesOrder, OwnOrder>();
  readonly #waiting = new Map<Market, Waiting>();

  constructor(account: MatchedAccount) {
    this.#account = account;
    for (const market of account.markets.values()) {
      const waiting = new Waiting();
      this.#waiting.set(market, waiting);
      market.triggers.add((time) => this.#trigger(market, waiting, time));
    }
  }

  /** Returns the status of an order that the engine rejects, or `undefined` if it accepts the order. */
  rejection(order: FuturesOrder): string | undefined {
    if (order.reduceOnly && this.#reducible(order) <= 0n) return "wouldNotReducePosition";
    const market = this.#market(order);
    const { type, side, limitPrice, size } = order;
    const { available, own } = market.preview(side, size, limitPrice);
    if (own && available === 0n && market.hasBook && type !== "post" && !order.waits) return "selfFill";
    if ((type === "ioc" && available === 0n) || (type === "fok" && available < size)) return "iocWouldNotExecute";
    if (type === "mkt" && market.hasBook && available === 0n) return "iocWouldNotExecute";
    return this.postWouldExecute(order) ? "postWouldExecute" : undefined;
  }

  /** Returns whether an order is post-only and would trade at once. */
  postWouldExecute(order: FuturesOrder): boolean {
    const market = this.#market(order);
    const { best } = market.side(opposite(order.side));
    return order.type === "post" && market.hasBook && best !== undefined && accepts(order.side, order.limitPrice, best.price);
  }

  /** Returns the size that an order can still trade. A reduce-only order cannot exceed the position. */
  leftOf(order: FuturesOrder): bigint {
    const left = order.size - order.filled;
    if (!order.reduceOnly) return left;
    const reducible = this.#reducible(order);
    return reducible < 0n ? 0n : reducible < left ? reducible : left;
  }

  #reducible(order: FuturesOrder): bigint {
    const { size } = this.#account.position(order.symbol);
    return order.side === "buy" ? -size : size;
  }

  /** Enters an order that was just placed. */
  enter(order: FuturesOrder, now: number): void {
    if (order.waits) this.#waiting.get(this.#market(order))?.add(order);
    else this.#arrive(order, now);
  }

  /** Removes an order that is closed. */
  leave(order: FuturesOrder, now: number): void {
    this.#waiting.get(this.#market(order))?.delete(order);
    this.#unrest(order, now);
  }

  /** Changes an order. With a new price or a larger size, it goes to the end of the queue. */
  edit(order: FuturesOrder, changes: FuturesChanges & { readonly updatedAt: number }, now: number): void {
    if (changes.limitPrice !== order.limitPrice || changes.size > order.size) this.#unrest(order, now);
    Object.assign(order, changes);
    if (order.waits) this.#waiting.get(this.#market(order))?.fresh.add(order);
  }

  edited(order: FuturesOrder, now: number): void {
    const resting = this.#resting.get(order);
    if (resting) this.#market(order).changed(order.side, resting.price, now);
    else if (!order.waits && order.status === "open") this.#arrive(order, now);
  }

  /** Books a trade, and cancels other reduce-only orders that have nothing left to reduce. */
  trade(order: FuturesOrder, size: bigint, price: bigint, time: number, maker: boolean): void {
    this.#account.trade(order, { size, price, time, maker });
    for (const other of [...this.#resting.keys()])
      if (other.reduceOnly && other.symbol === order.symbol && this.#resting.has(other) && this.leftOf(other) === 0n)
        this.#account.cancel(other, time, "would_not_reduce_position");
  }

  #arrive(order: FuturesOrder, now: number): void {
    const market = this.#market(order);
    if (market.hasBook) this.#match(order, market, now);
    else if (order.limitPrice === undefined) this.#fillAtLast(order, market, now);
    else this.#rest(order, now);
  }

  #fillAtLast(order: FuturesOrder, market: Market, time: number): void {
    const [price, size] = [market.last, this.leftOf(order)];
    if (size > 0n) {
      market.print({ price, volume: size, side: order.side, type: "market", time }, () => this.trade(order, size, price, time, false));
    }
    if (order.status === "open") this.#account.cancel(order, time, "ioc_order_failed_because_it_would_not_be_executed");
  }

  #match(order: FuturesOrder, market: Market, time: number): void {
    const { selfTrade } = market.take({
      side: order.side,
      volume: this.leftOf(order),
      limit: order.limitPrice,
      type: order.limitPrice === undefined ? "market" : "limit",
      own: true,
      time,
      filled: (price, size) => this.trade(order, size, price, time, false),
    });
    if (order.status !== "open") return;
    const atOnce = order.limitPrice === undefined || order.type === "ioc" || order.type === "fok";
    if (selfTrade) this.#account.cancel(order, time, "would_execute_self");
    else if (atOnce || this.leftOf(order) === 0n) this.#account.cancel(order, time, "partial_fill");
    else this.#rest(order, time);
  }

  #rest(order: FuturesOrder, now: number): void {
    if (order.limitPrice === undefined) return;
    const resting = new OwnOrder(this, order, order.limitPrice, now);
    this.#resting.set(order, resting);
    this.#market(order).rest(order.side, resting.price, resting, now);
  }

  #unrest(order: FuturesOrder, now: number): void {
    const resting = this.#resting.get(order);
    if (!resting) return;
    this.#resting.delete(order);
    this.#market(order).unrest(order.side, resting.price, resting, now);
  }

  /** Triggers the orders whose price was reached. At the price of the last look, only those can be that came or changed since. */
  #trigger(market: Market, waiting: Waiting, time: number): void {
    const { last } = market;
    const orders = [...(waiting.seen === last ? waiting.fresh : waiting.orders)];
    waiting.fresh.clear();
    waiting.seen = undefined;
    for (const order of orders) {
      if (!waiting.orders.has(order) || !isReached(order, market.last)) continue;
      waiting.delete(order);
      this.#account.triggered(order, time);
      if (order.reduceOnly && this.leftOf(order) === 0n) this.#account.cancel(order, time, "would_not_reduce_position");
      else this.#arrive(order, time);
    }
    // A triggered order may have traded at another price.
    if (market.last === last) waiting.seen = last;
  }

  #market(order: FuturesOrder): Market {
    return this.#account.market(order.symbol);
  }
}
