/** One Futures account: wallets, orders, positions and fills. It is synchronous and exact, and the time is an argument. */

import { decimal, divide, multiply } from "../market/decimal.js";
import { CONTRACTS } from "./contracts.js";
import { describeEvent, describeExecution, type HistoryKind } from "./describe.js";
import { FuturesMatching } from "./matching.js";
import { changesOf } from "./edit.js";
import {
  draftFutures,
  limitOnTrigger,
  trailFrom,
  TRIGGERED_TYPES,
  type FuturesDraft,
  type FuturesFill,
  type FuturesOrder,
  type Position,
} from "./order.js";
import type { Market } from "../market/live-market.js";
import { ClosedOrders, trim } from "../history.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";

const NO_POSITION: Position = { size: 0n, price: 0n, since: 0 };

/** An event in the history of the account, for the history API. */
interface HistoryEntry {
  readonly uid: string;
  readonly timestamp: number;
  readonly symbol: string;
  readonly kind: "orders" | "triggers" | "executions" | "positions";
  readonly event: Readonly<Record<string, unknown>>;
}

/** The result of sending an order. The statuses are those of `sendStatus`. An order that the engine rejected is included. */
export type SendResult =
  | { readonly status: "placed"; readonly order: FuturesOrder; readonly fills: readonly FuturesFill[] }
  | { readonly status: string; readonly rejected?: FuturesOrder };

/** A deposit from the Spot wallet, or a withdrawal to it. */
export interface FuturesTransfer {
  readonly uid: string;
  readonly time: number;
  readonly unit: string;
  readonly amount: bigint;
  readonly to: "spot" | "futures";
}

/** An event of an order. */
export interface OrderEvent {
  readonly what: "placed" | "updated" | "cancelled" | "filled" | "triggered";
  readonly order: FuturesOrder;
  readonly fill?: FuturesFill | undefined;
  /** The reason of a cancellation, as the feed `open_orders` names it. */
  readonly reason?: string;
}

/** An event of an account, for its watchers. */
export type FuturesEvent = OrderEvent | { readonly what: "wallets"; readonly transfer?: FuturesTransfer };

const wallet = () =>
  new Map([
    ["usd", decimal("1000000")],
    ["xbt", decimal("100")],
  ]);

export class FuturesAccount {
  readonly uid = "00000000-0000-4000-8000-000000000000";
  readonly orders: FuturesOrder[] = [];
  readonly fills: FuturesFill[] = [];
  readonly transfers: FuturesTransfer[] = [];
  readonly positions = new Map<string, Position>();
  readonly history: HistoryEntry[] = [];
  readonly maxLeverage = new Map<string, number>();
  /** The currency of profits, by symbol. */
  readonly pnlCurrencies = new Map<string, string>();
  /** The strategy that was set, which has no effect here. */
  selfTradeStrategy = "REJECT_TAKER";
  readonly wallets = new Map<string, Map<string, bigint>>([
    ["cash", wallet()],
    ["flex", wallet()],
  ]);
  /** The markets, by symbol. */
  readonly markets: ReadonlyMap<string, Market>;
  /** Called at each event, as it happens. */
  readonly watchers = new Set<(event: FuturesEvent) => void>();
  readonly #matching: FuturesMatching;
  // Indexes, so that the ten-thousandth order costs no more than the first.
  readonly #byId = new Map<string, FuturesOrder>();
  readonly #byCliOrdId = new Map<string, FuturesOrder>();
  readonly #open = new Set<FuturesOrder>();
  /** The order whose fills are being collected. */
  #watched: { readonly order: FuturesOrder; readonly fills: FuturesFill[] } | undefined;
  #cancelAllAt: number | undefined;
  #ids = 0;
  #fillCount = 0;

  readonly #kept: number;
  readonly #closed: ClosedOrders<FuturesOrder>;

  /** @param kept - the number of rows of each kind that are remembered at least */
  constructor(markets: ReadonlyMap<string, Market>, kept: number) {
    this.#kept = kept;
    this.#closed = new ClosedOrders(kept, (order) => this.#forget(order));
    this.markets = markets;
    this.#matching = new FuturesMatching(this);
  }

  /** Makes an id that is the same in every run, in the form of a UUID. */
  id(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, "0")}`;
  }

  get symbols(): string[] {
    return CONTRACTS.map(({ symbol }) => symbol);
  }

  market(symbol: string): Market {
    const market = this.markets.get(symbol);
    if (!market) throw new Error("a contract without a market");
    return market;
  }

  lastPrice(symbol: string): bigint {
    return this.market(symbol).last;
  }

  position(symbol: string): Position {
    return this.positions.get(symbol) ?? NO_POSITION;
  }

  /** Cancels all orders if the dead man's switch is due. Called before every request. */
  advance(now: number): void {
    if (this.#cancelAllAt === undefined || now < this.#cancelAllAt) return;
    for (const order of this.openOrders()) this.cancel(order, this.#cancelAllAt, "dead_man_switch");
    this.#cancelAllAt = undefined;
  }

  /** Sets the switch to `timeout` seconds from now, or turns it off with 0. */
  cancelAllAfter(timeout: number, now: number): void {
    this.#cancelAllAt = timeout === 0 ? undefined : now + timeout * 1000;
  }

  openOrders(): FuturesOrder[] {
    return [...this.#open];
  }

  findOrder(params: Params, idName = "order_id"): FuturesOrder | undefined {
    const id = text(params, idName) ?? text(params, "orderId");
    const cliOrdId = text(params, "cliOrdId");
    if (id === undefined && cliOrdId === undefined) throw new Rejection("requiredArgumentMissing");
    return id === undefined ? this.findByCliOrdId(cliOrdId) : this.findById(id);
  }

  findById(id: string | undefined): FuturesOrder | undefined {
    return this.#byId.get(id ?? "");
  }

  /** Returns the latest order with this id. */
  findByCliOrdId(cliOrdId: string | undefined): FuturesOrder | undefined {
    return this.#byCliOrdId.get(cliOrdId ?? "");
  }

  /** Places an order. A missing or impossible argument is an error, and a rejection by the engine is a status. */
  send(params: Params, now: number): SendResult {
    const draft = draftFutures(params);
    if ("status" in draft) return draft;
    if (this.findByCliOrdId(draft.cliOrdId)?.status === "open") return { status: "clientOrderIdAlreadyExist" };
    const order = this.#orderOf(draft, now);
    const status = this.#matching.rejection(order);
    if (status !== undefined) return { status, rejected: order };
    this.orders.push(order);
    this.#byId.set(order.id, order);
    if (order.cliOrdId !== undefined) this.#byCliOrdId.set(order.cliOrdId, order);
    this.#open.add(order);
    this.#log(order.waits ? "OrderTriggerPlaced" : "OrderPlaced", order, now);
    this.#tell({ what: "placed", order });
    return { status: "placed", order, fills: this.#fillsOf(order, () => this.#matching.enter(order, now)) };
  }

  /** Returns the fills of an order while `run` runs. Fills of other orders that this causes are not included. */
  #fillsOf(order: FuturesOrder, run: () => void): readonly FuturesFill[] {
    const fills: FuturesFill[] = [];
    this.#watched = { order, fills };
    run();
    this.#watched = undefined;
    return fills;
  }

  #orderOf(draft: FuturesDraft, now: number): FuturesOrder {
    const waits = TRIGGERED_TYPES.includes(draft.type);
    const stopPrice = draft.trailing ? trailFrom(draft.trailing, draft, this.lastPrice(draft.symbol)) : draft.stopPrice;
    return { ...draft, id: this.id(), placedAt: now, filled: 0n, status: "open", waits, stopPrice, triggeredAt: undefined, updatedAt: now };
  }

  /** Edits an order, and returns the fills that its new price or size causes, or the status with which the edit is rejected. */
  edit(order: FuturesOrder, params: Params, now: number): readonly FuturesFill[] | { readonly status: string } {
    const changes = changesOf(order, params, this.market(order.symbol));
    if ("status" in changes) return changes;
    const before = { ...order };
    if (!order.waits && this.#matching.postWouldExecute({ ...before, ...changes })) return { status: "postWouldExecute" };
    return this.#fillsOf(order, () => {
      this.#matching.edit(order, { ...changes, updatedAt: now }, now);
      this.#log(order.waits ? "OrderTriggerUpdated" : "OrderUpdated", order, now, "edited_by_user", before);
      this.#tell({ what: "updated", order });
      this.#matching.edited(order, now);
    });
  }

  cancel(order: FuturesOrder, now: number, reason = "cancelled_by_user"): void {
    order.status = "cancelled";
    this.#open.delete(order);
    order.updatedAt = now;
    this.#matching.leave(order, now);
    this.#closed.add(order, this.orders);
    this.#log(order.waits ? "OrderTriggerCancelled" : "OrderCancelled", order, now, reason);
    this.#tell({ what: "cancelled", order, reason });
  }

  /** Books one trade of an open order. */
  trade(order: FuturesOrder, { size, price, time, maker }: Pick<FuturesFill, "size" | "price" | "time" | "maker">): void {
    const before = this.position(order.symbol);
    const after = positionAfter(before, order.side === "buy" ? size : -size, price, time);
    this.#fillCount += 1;
    const fill = { id: this.id(), number: this.#fillCount, order, size, price, time, maker, filledBefore: order.filled, before, after };
    const orderBefore = { ...order };
    order.filled += size;
    order.updatedAt = time;
    this.fills.push(fill);
    trim(this.fills, this.#kept);
    if (this.#watched?.order === order) this.#watched.fills.push(fill);
    if (after.size === 0n) this.positions.delete(order.symbol);
    else this.positions.set(order.symbol, after);
    const complete = order.filled >= order.size;
    if (complete) {
      order.status = "filled";
      this.#open.delete(order);
      this.#matching.leave(order, time);
      this.#closed.add(order, this.orders);
    }
    this.#log("OrderUpdated", order, time, complete ? "full_fill" : "partial_fill", orderBefore);
    this.#logExecution(fill);
    this.#tell({ what: "filled", order, fill });
  }

  /** Records that an order was triggered. */
  triggered(order: FuturesOrder, now: number): void {
    this.#log("OrderTriggerActivated", order, now);
    Object.assign(order, { waits: false, triggeredAt: now, updatedAt: now, limitPrice: limitOnTrigger(order) });
    this.#tell({ what: "triggered", order });
  }

  /** Adds to a wallet, or takes from it if the amount is negative. */
  move(name: string, unit: string, amount: bigint): void {
    const balances = this.wallets.get(name) ?? new Map<string, bigint>();
    this.wallets.set(name, balances);
    const balance = (balances.get(unit.toLowerCase()) ?? 0n) + amount;
    if (balance < 0n) throw new Rejection("insufficientFunds");
    balances.set(unit.toLowerCase(), balance);
  }

  /** Moves an amount from one wallet to another. */
  moveBetween(from: string, to: string, unit: string, amount: bigint): void {
    this.move(from, unit, -amount);
    this.move(to, unit, amount);
    this.#tell({ what: "wallets" });
  }

  /** Records a transfer from or to the Spot wallet, after its amount was moved. Returns its id. */
  transferred(to: FuturesTransfer["to"], unit: string, amount: bigint, time: number): string {
    const transfer = { uid: this.id(), time, unit, amount, to };
    this.transfers.push(transfer);
    trim(this.transfers, this.#kept);
    this.#tell({ what: "wallets", transfer });
    return transfer.uid;
  }

  #tell(event: FuturesEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }

  #log(what: HistoryKind, order: FuturesOrder, timestamp: number, reason = "new_user_order", before?: FuturesOrder): void {
    const kind = what.startsWith("OrderTrigger") ? "triggers" : "orders";
    const event = describeEvent(what, order, this.uid, reason, before);
    this.#remember({ uid: this.id(), timestamp, symbol: order.symbol, kind, event });
  }

  #remember(entry: HistoryEntry): void {
    this.history.push(entry);
    trim(this.history, this.#kept);
  }

  #forget(order: FuturesOrder): void {
    this.#byId.delete(order.id);
    const { cliOrdId } = order;
    if (cliOrdId !== undefined && this.#byCliOrdId.get(cliOrdId) === order) this.#byCliOrdId.delete(cliOrdId);
  }

  #logExecution(fill: FuturesFill): void {
    const { order, time: timestamp } = fill;
    const { execution, position } = describeExecution(fill, this.uid);
    this.#remember({ uid: this.id(), timestamp, symbol: order.symbol, kind: "executions", event: execution });
    this.#remember({ uid: this.id(), timestamp, symbol: order.symbol, kind: "positions", event: position });
  }
}

/** Returns the position after a trade. Increasing it changes the average price, reducing it does not, and reversing it starts a new position. */
function positionAfter(before: Position, change: bigint, price: bigint, time: number): Position {
  const size = before.size + change;
  if (size === 0n) return NO_POSITION;
  if (before.size === 0n || before.size > 0n !== size > 0n) return { size, price, since: time };
  if (before.size > 0n !== change > 0n) return { ...before, size };
  return { size, price: divide(multiply(before.size, before.price) + multiply(change, price), size), since: before.since };
}
