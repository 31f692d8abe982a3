/** One Spot account: balances, orders, trades and the ledger. It is synchronous and exact, and the time is an argument. */

import type { WithdrawAddressOptions } from "../options.js";
import { BASE32 } from "../crypto.js";
import { cut, decimal, multiply } from "../market/decimal.js";
import type { Market } from "../market/live-market.js";
import { ASSETS, findAsset, type Asset, type Pair } from "../market/market.js";
import { ClosedOrders, trim } from "../history.js";
import { Rejection } from "../outcome.js";
import type { Params } from "../parameters/received.js";
import { feeOf, mostFee, paidWith } from "./fees.js";
import { SpotMatching } from "./matching.js";
import {
  changedPrices,
  draftOrder,
  placed,
  pricesOf,
  type Amend,
  type Changes,
  type Fill,
  type LedgerEntry,
  type Order,
  type OrderDraft,
  type Trade,
} from "./order.js";

/** A saved withdrawal address of the Funding API. */
interface Address {
  readonly address_id: string;
  name: string;
  readonly scope: unknown;
  readonly address_details: unknown;
  readonly verified: boolean;
}

interface Export {
  readonly id: string;
  readonly report: "trades" | "ledgers";
  readonly descr: string;
  /** The time of creation, in Unix seconds. */
  readonly createdtm: string;
}

/** An event of an account, for its watchers. */
export type AccountEvent =
  | {
      readonly type: "order";
      readonly what: "new" | "trade" | "filled" | "canceled" | "expired" | "amended" | "triggered";
      readonly order: Order;
      readonly time: number;
      readonly trade?: Trade;
    }
  | { readonly type: "ledger"; readonly entry: LedgerEntry };

export class SpotAccount {
  readonly orders: Order[] = [];
  readonly trades: Trade[] = [];
  readonly ledger: LedgerEntry[] = [];
  /** The addresses for withdrawals. Without any, every name of an address is accepted. */
  withdrawAddresses: readonly WithdrawAddressOptions[] = [];
  readonly withdrawals: { refid: string; asset: Asset; amount: bigint; fee: bigint; key: string; time: number; status: string }[] = [];
  readonly addresses: Address[] = [];
  readonly exports: Export[] = [];
  /** The markets, by the alternative name of their pair. */
  readonly markets: ReadonlyMap<string, Market>;
  /** Called at each event, as it happens. */
  readonly watchers = new Set<(event: AccountEvent) => void>();
  readonly #matching: SpotMatching;
  readonly #balances = new Map<string, bigint>();
  // Indexes, so that the ten-thousandth order costs no more than the first. Open orders keep the sequence in which they were placed.
  readonly #byId = new Map<string, Order>();
  readonly #open = new Set<Order>();
  readonly #openByClOrdId = new Map<string, Order>();
  readonly #openByUserref = new Map<string, Set<Order>>();
  readonly #expiring = new Set<Order>();
  readonly #holdsByAsset = new Map<Asset, bigint>();
  readonly #feesByAsset = new Map<Asset, bigint>();
  /** The earliest time at which an order expires, in milliseconds since 1970. */
  #nextExpiry = Infinity;
  #cancelAllAt: number | undefined;
  #ids = 0;

  readonly #kept: number;
  readonly #closed: ClosedOrders<Order>;

  /** @param kept - the minimum number of rows of each kind that are kept */
  constructor(balances: Readonly<Record<string, string>>, markets: ReadonlyMap<string, Market>, kept: number) {
    this.#kept = kept;
    this.#closed = new ClosedOrders(kept, (order) => this.#byId.delete(order.txid));
    for (const [name, amount] of Object.entries(balances)) this.#balances.set(findAsset(name)?.name ?? name, decimal(amount));
    this.markets = markets;
    this.#matching = new SpotMatching(this);
  }

  /** Returns the next id in Kraken's shape, such as `OAAAAA-AAAAA-AAAAAB`. Its digits are those of base 32, where A is 0. It is the same in every run. */
  id(prefix: string, lengths: readonly number[] = [5, 5, 6]): string {
    this.#ids += 1;
    let rest = this.#ids;
    const groups: string[] = [];
    for (let i = lengths.length - 1; i >= 0; i -= 1) {
      const length = lengths[i] ?? 0;
      groups[i] = inBase32(rest, length);
      rest = Math.floor(rest / 32 ** length);
    }
    groups[0] = prefix + groups[0];
    return groups.join("-");
  }

  /** Expires orders and fires the dead man's switch, if it is time. Called before every request. */
  advance(now: number): void {
    if (now >= this.#nextExpiry) this.#expire(now);
    if (this.#cancelAllAt !== undefined && now >= this.#cancelAllAt) {
      this.cancel(this.openOrders(), this.#cancelAllAt, "Cancel all orders after timeout");
      this.#cancelAllAt = undefined;
    }
  }

  #expire(now: number): void {
    for (const order of this.#expiring)
      if (now >= order.expiretm * 1000) this.finish(order, "expired", "Order expired", order.expiretm * 1000);
    this.#nextExpiry = [...this.#expiring].reduce((next, { expiretm }) => Math.min(next, expiretm * 1000), Infinity);
  }

  /** Arms the dead man's switch for `timeout` seconds from now. 0 disarms it. */
  cancelAllAfter(timeout: number, now: number): void {
    this.#cancelAllAt = timeout === 0 ? undefined : now + timeout * 1000;
  }

  balance(asset: Asset): bigint {
    return this.#balances.get(asset.name) ?? 0n;
  }

  balances(): { asset: Asset; balance: bigint; hold: bigint }[] {
    return ASSETS.filter((asset) => this.#balances.has(asset.name)).map((asset) => ({
      asset,
      balance: this.balance(asset),
      hold: this.hold(asset),
    }));
  }

  /** Returns the amount of an asset that open orders hold. */
  hold(asset: Asset): bigint {
    return this.#holdsByAsset.get(asset) ?? 0n;
  }

  /** Returns the amount of an asset that no open order needs, neither for what it buys nor for its fees. */
  free(asset: Asset): bigint {
    return this.balance(asset) - this.hold(asset) - (this.#feesByAsset.get(asset) ?? 0n);
  }

  /**
   * Books an amount, writes the ledger entry, and returns its id. Amounts have no more decimals than the asset, so that the rows of the ledger add up
   * as they are shown.
   */
  book(asset: Asset, amount: bigint, type: string, refid: string, time: number, fee = 0n): string {
    const balance = this.balance(asset) + amount - fee;
    this.#balances.set(asset.name, balance);
    const entry = { id: this.id("L"), refid, time, type, asset, amount, fee, balance };
    this.ledger.push(entry);
    trim(this.ledger, this.#kept);
    this.#tell({ type: "ledger", entry });
    return entry.id;
  }

  /** Records a withdrawal or an export. */
  record<T>(rows: T[], row: T): void {
    rows.push(row);
    trim(rows, this.#kept);
  }

  market(pair: Pair): Market {
    const market = this.markets.get(pair.altname);
    if (!market) throw new Error("a pair without a market");
    return market;
  }

  lastPrice(pair: Pair): bigint {
    return this.market(pair).last;
  }

  openOrders(): Order[] {
    return [...this.#open];
  }

  /** Returns any order, open or closed. */
  findOrder(txid: string | undefined): Order | undefined {
    return this.#byId.get(txid ?? "");
  }

  /** Checks the parameters of one order.
   * @throws the first error that is found */
  draft(params: Params, pairName: string | undefined, now: number): OrderDraft {
    return draftOrder(params, pairName, now, (pair) => this.lastPrice(pair));
  }

  /** Checks an order: its cost, that its client order id is free, and that the funds suffice, including those that `replaced` holds. */
  admit(draft: OrderDraft, replaced?: Order): void {
    this.checkClOrdIds([draft]);
    const prices = pricesOf(draft, this.lastPrice(draft.pair));
    this.#checkPrices(draft, prices);
    if (!this.#isFunded(draft, prices, draft.volume, replaced)) throw new Rejection("EOrder:Insufficient funds");
  }

  /** Checks that the client order ids of new orders are free. */
  checkClOrdIds(drafts: readonly OrderDraft[]): void {
    const ids = drafts.flatMap(({ clOrdId }) => clOrdId ?? []);
    if (ids.length === 0) return;
    if (new Set(ids).size < ids.length || ids.some((id) => this.#openByClOrdId.has(id)))
      throw new Rejection("EGeneral:Invalid arguments:cl_ord_id not unique");
  }

  /** Checks the changes of an order in the same way, and if it is to be post-only, that it would not trade at once. */
  admitAmend(order: Order, changes: Changes, postOnly: boolean): void {
    const changed = { ...order, ...changes };
    if (changed.volume < order.pair.least.volume) throw new Rejection("EOrder:Order minimum not met");
    const prices = changedPrices(order, changes, this.lastPrice(order.pair));
    this.#checkPrices(changed, prices);
    if (postOnly && order.trigger === undefined && this.#matching.wouldTake(order, prices.limit))
      throw new Rejection("EOrder:Post only order");
    if (!this.#isFunded(changed, prices, changed.volume - order.executed, order)) throw new Rejection("EOrder:Insufficient funds");
  }

  /** Checks the prices of an order, and its cost. */
  #checkPrices({ pair, volume }: OrderDraft, { limit, trigger }: Pick<Order, "limit" | "trigger">): void {
    if (limit === 0n || trigger === 0n) throw new Rejection("EOrder:Invalid price");
    if (multiply(limit ?? trigger ?? this.lastPrice(pair), volume) < pair.least.cost) throw new Rejection("EOrder:Cost minimum not met");
  }

  #isFunded(draft: OrderDraft, prices: Pick<Order, "limit" | "trigger">, volume: bigint, replaced?: Order): boolean {
    if (draft.leverage) return true;
    const needed = this.#needed(draft, prices, volume);
    const freed = replaced ? replaced.hold + mostFee(replaced, replaced.hold) : 0n;
    return needed + mostFee(draft, needed) <= this.free(paidWith(draft)) + freed;
  }

  /** Returns whether the funds suffice for the rest of an open order. */
  isStillFunded(order: Order): boolean {
    return this.#isFunded(order, order, order.volume - order.executed, order);
  }

  /** Places an order, which {@link SpotMatching} then fills, cancels or lets rest. */
  place(draft: OrderDraft, now: number): Order {
    const order = placed(draft, pricesOf(draft, this.lastPrice(draft.pair)), this.id("O"), now);
    this.orders.push(order);
    this.#index(order);
    this.#tell({ type: "order", what: "new", order, time: now });
    this.#matching.enter(order, now);
    return order;
  }

  /** Places an order, unless funds are missing. */
  placeIfFunded(draft: OrderDraft, now: number): void {
    if (this.#isFunded(draft, pricesOf(draft, this.lastPrice(draft.pair)), draft.volume)) this.place(draft, now);
  }

  /** Books one trade of an open order. */
  trade(order: Order, { volume, price, time, id: tradeId, maker }: Fill): void {
    const { base, quote, costDecimals } = order.pair;
    const cost = cut(multiply(price, volume), costDecimals);
    const { fee, inBase, inQuote } = feeOf(order, { volume, cost, maker });
    const id = this.id("T");
    const sign = order.type === "buy" ? 1n : -1n;
    const paid = cut(cost, quote.decimals);
    const ledgers = [this.book(base, sign * volume, "trade", id, time, inBase), this.book(quote, -sign * paid, "trade", id, time, inQuote)];
    const trade = { id, order, time, price, volume, cost, fee, inBase, tradeId, maker, ledgers };
    this.trades.push(trade);
    trim(this.trades, this.#kept);
    order.trades.push(id);
    trim(order.trades, this.#kept);
    order.executed += volume;
    order.cost += cost;
    order.fee += fee;
    if (order.executed < order.volume) this.#bind(order);
    this.#matching.traded(order, volume);
    this.#tell({ type: "order", what: "trade", order, time, trade });
    if (order.executed >= order.volume) this.finish(order, "closed", null, time);
  }

  /** Trades `volume` of an open order at its own price, or at the last price if it has none, as if the market had reached it. */
  fill(order: Order, volume: bigint, now: number): void {
    this.#matching.fill(order, volume, now);
  }

  /** Records an order as triggered. */
  triggered(order: Order, limit: bigint | undefined, time: number): void {
    Object.assign(order, { trigger: undefined, reached: order.trigger, triggeredtm: time, limit });
    this.#bind(order);
    this.#tell({ type: "order", what: "triggered", order, time });
  }

  /** Adds a row to the amendments of an order. */
  amended(order: Order, amend: Amend): void {
    order.amends.push(amend);
    trim(order.amends, this.#kept);
  }

  /** Changes volume and prices of an order, which keeps its id. */
  amend(order: Order, changes: Changes, now: number): void {
    this.#matching.amend(order, changes, now);
    this.#bind(order);
    this.#tell({ type: "order", what: "amended", order, time: now });
    this.#matching.amended(order, now);
  }

  /** Cancels the open orders among `orders`, and returns their number. */
  cancel(orders: readonly Order[], now: number, reason = "User requested"): number {
    const open = orders.filter((order) => order.status === "open");
    for (const order of open) this.finish(order, "canceled", reason, now);
    return open.length;
  }

  /** Returns the open orders with this transaction id or user reference. */
  findOpen(reference: string): Order[] {
    const order = this.#byId.get(reference);
    if (order) return order.status === "open" ? [order] : [];
    return [...(this.#openByUserref.get(reference) ?? [])];
  }

  /** Returns the open order with this client order id, if there is one. */
  findOpenByClOrdId(id: string | undefined): Order[] {
    const order = this.#openByClOrdId.get(id ?? "");
    return order ? [order] : [];
  }

  /** Closes an order. */
  finish(order: Order, status: "closed" | "canceled" | "expired", reason: string | null, time: number): void {
    order.status = status;
    order.reason = reason;
    order.closetm = time;
    this.#unindex(order);
    this.#matching.leave(order, time);
    this.#closed.add(order, this.orders);
    this.#tell({ type: "order", what: status === "closed" ? "filled" : status, order, time });
  }

  #index(order: Order): void {
    this.#byId.set(order.txid, order);
    this.#open.add(order);
    if (order.clOrdId !== undefined) this.#openByClOrdId.set(order.clOrdId, order);
    if (order.userref !== undefined) {
      const userref = String(order.userref);
      const same = this.#openByUserref.get(userref) ?? new Set();
      this.#openByUserref.set(userref, same.add(order));
    }
    if (order.expiretm > 0) {
      this.#expiring.add(order);
      this.#nextExpiry = Math.min(this.#nextExpiry, order.expiretm * 1000);
    }
    this.#bind(order);
  }

  #unindex(order: Order): void {
    this.#open.delete(order);
    if (order.expiretm > 0) this.#expiring.delete(order);
    if (order.clOrdId !== undefined) this.#openByClOrdId.delete(order.clOrdId);
    if (order.userref !== undefined) {
      const same = this.#openByUserref.get(String(order.userref));
      same?.delete(order);
      if (same?.size === 0) this.#openByUserref.delete(String(order.userref));
    }
    this.#bind(order);
  }

  /** Computes the hold of an order again. */
  #bind(order: Order): void {
    if (order.leverage) return;
    const asset = paidWith(order);
    const before = order.hold;
    order.hold = order.status === "open" ? this.#needed(order, order, order.volume - order.executed) : 0n;
    this.#holdsByAsset.set(asset, this.hold(asset) - before + order.hold);
    this.#feesByAsset.set(asset, (this.#feesByAsset.get(asset) ?? 0n) - mostFee(order, before) + mostFee(order, order.hold));
  }

  #tell(event: AccountEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }

  /** Returns the amount that an order needs. A buy order at market needs the cost of the book, and without a book that of the last price. */
  #needed(order: OrderDraft, { limit, trigger }: Pick<Order, "limit" | "trigger">, volume: bigint): bigint {
    if (order.type === "sell") return volume;
    const price = limit ?? trigger;
    if (price !== undefined) return multiply(price, volume);
    const market = this.market(order.pair);
    return market.hasBook ? market.preview("buy", volume).cost(multiply) : multiply(market.last, volume);
  }
}

/** Returns the last `length` digits of a number in base 32. */
function inBase32(number: number, length: number): string {
  let [digits, rest] = ["", number];
  for (let i = 0; i < length; i += 1) {
    digits = BASE32.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  return digits;
}
