/** One Futures account: wallets, orders, positions, fills. Synchronous and exact; time is an argument. */

import { decimal, parseDecimal } from "../market/decimal.js";
import { describeHistory } from "./describe.js";
import { Refusal } from "../outcome.js";
import { flag, text, type Params } from "../parameters/received.js";
import type { FuturesFill, FuturesOrder, Position } from "./order.js";

/** Last prices of the contracts; made up, and the same in every run. */
const CONTRACTS: Readonly<Record<string, string>> = {
  PF_XBTUSD: "50000",
  PF_ETHUSD: "2500",
  PF_SOLUSD: "150",
  PI_XBTUSD: "50000",
  PI_ETHUSD: "2500",
};

/** Order types, with the parameters each of them needs besides symbol, side and size. */
const ORDER_TYPES: Readonly<Record<string, readonly string[]>> = {
  lmt: ["limitPrice"],
  post: ["limitPrice"],
  ioc: ["limitPrice"],
  mkt: [],
  stp: ["stopPrice"],
  take_profit: ["stopPrice"],
  trailing_stop: ["trailingStopMaxDeviation", "trailingStopDeviationUnit"],
};

/** What happened to orders, for the history API. */
interface HistoryEntry {
  readonly uid: string;
  readonly timestamp: number;
  readonly symbol: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Whether an order was placed; the statuses are those of `sendStatus`. */
export type SendResult =
  { readonly status: "placed"; readonly order: FuturesOrder; readonly fill: FuturesFill | undefined } | { readonly status: string };

/** What happens to an account, for those who watch it. */
export interface FuturesEvent {
  readonly what: "placed" | "updated" | "cancelled" | "filled";
  readonly order: FuturesOrder;
  readonly fill?: FuturesFill | undefined;
}

export class FuturesAccount {
  readonly uid = "00000000-0000-4000-8000-000000000000";
  readonly orders: FuturesOrder[] = [];
  readonly fills: FuturesFill[] = [];
  readonly positions = new Map<string, Position>();
  readonly history: HistoryEntry[] = [];
  readonly maxLeverage = new Map<string, number>();
  readonly wallets = new Map<string, Map<string, bigint>>([
    [
      "cash",
      new Map([
        ["usd", decimal("1000000")],
        ["xbt", decimal("100")],
      ]),
    ],
    [
      "flex",
      new Map([
        ["usd", decimal("1000000")],
        ["xbt", decimal("100")],
      ]),
    ],
  ]);
  /** Called at each event, as it happens. */
  readonly watchers = new Set<(event: FuturesEvent) => void>();
  // Indexes, so that the ten-thousandth order costs no more than the first.
  readonly #byId = new Map<string, FuturesOrder>();
  readonly #byCliOrdId = new Map<string, FuturesOrder>();
  readonly #open = new Set<FuturesOrder>();
  #cancelAllAt: number | undefined;
  #ids = 0;

  /** Deterministic, in the shape of a UUID. */
  id(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, "0")}`;
  }

  get symbols(): string[] {
    return Object.keys(CONTRACTS);
  }

  lastPrice(symbol: string): bigint {
    return decimal(CONTRACTS[symbol] ?? "0");
  }

  /** The dead man's switch. Called before every request. */
  advance(now: number): void {
    if (this.#cancelAllAt === undefined || now < this.#cancelAllAt) return;
    for (const order of this.openOrders()) this.cancel(order, this.#cancelAllAt);
    this.#cancelAllAt = undefined;
  }

  /** Arms the switch `timeout` seconds from now; 0 disarms it. */
  cancelAllAfter(timeout: number, now: number): void {
    this.#cancelAllAt = timeout === 0 ? undefined : now + timeout * 1000;
  }

  openOrders(): FuturesOrder[] {
    return [...this.#open];
  }

  findOrder(params: Params, idName = "order_id"): FuturesOrder | undefined {
    const id = text(params, idName) ?? text(params, "orderId");
    const cliOrdId = text(params, "cliOrdId");
    if (id === undefined && cliOrdId === undefined) throw new Refusal("requiredArgumentMissing");
    return id === undefined ? this.findByCliOrdId(cliOrdId) : this.findById(id);
  }

  findById(id: string | undefined): FuturesOrder | undefined {
    return this.#byId.get(id ?? "");
  }

  /** The latest order of that name. */
  findByCliOrdId(cliOrdId: string | undefined): FuturesOrder | undefined {
    return this.#byCliOrdId.get(cliOrdId ?? "");
  }

  /** A missing or impossible argument is an error; what the engine refuses is a status. */
  send(params: Params, now: number): SendResult {
    const type = required(params, "orderType");
    const needed = Object.hasOwn(ORDER_TYPES, type) ? ORDER_TYPES[type] : undefined;
    if (!needed) throw new Refusal("invalidArgument");
    const symbol = required(params, "symbol").toUpperCase();
    const side = required(params, "side");
    if (side !== "buy" && side !== "sell") throw new Refusal("invalidArgument");
    const size = parseDecimal(required(params, "size"));
    for (const name of needed) required(params, name);
    if (!Object.hasOwn(CONTRACTS, symbol)) throw new Refusal("contractNotFound");
    const limitPrice = optionalPrice(params, "limitPrice");
    const stopPrice = optionalPrice(params, "stopPrice");
    const cliOrdId = text(params, "cliOrdId");

    if (size === undefined || size === 0n) return { status: "invalidSize" };
    if (limitPrice === 0n || stopPrice === 0n) return { status: "invalidPrice" };
    if (cliOrdId !== undefined && cliOrdId.length > 100) return { status: "clientOrderIdTooLong" };
    if (this.findByCliOrdId(cliOrdId)?.status === "open") {
      return { status: "clientOrderIdAlreadyExist" };
    }
    const reduceOnly = flag(params, "reduceOnly");
    const position = this.positions.get(symbol)?.size ?? 0n;
    if (reduceOnly && (side === "buy" ? position >= 0n : position <= 0n)) return { status: "wouldNotReducePosition" };
    if (type === "ioc") return { status: "iocWouldNotExecute" };

    const order: FuturesOrder = {
      id: this.id(),
      cliOrdId,
      type,
      symbol,
      side,
      reduceOnly,
      placedAt: now,
      size,
      filled: 0n,
      limitPrice,
      stopPrice,
      status: "open",
      updatedAt: now,
    };
    this.orders.push(order);
    this.#byId.set(order.id, order);
    if (cliOrdId !== undefined) this.#byCliOrdId.set(cliOrdId, order);
    this.#open.add(order);
    this.#log("OrderPlaced", order, now);
    this.#tell({ what: "placed", order });
    return { status: "placed", order, fill: type === "mkt" ? this.#fill(order, now) : undefined };
  }

  edit(order: FuturesOrder, params: Params, now: number): void {
    const size = text(params, "size") === undefined ? order.size : parseDecimal(text(params, "size"));
    if (size === undefined || size <= order.filled) throw new Refusal("invalidArgument");
    order.size = size;
    order.limitPrice = optionalPrice(params, "limitPrice") ?? order.limitPrice;
    order.stopPrice = optionalPrice(params, "stopPrice") ?? order.stopPrice;
    order.updatedAt = now;
    this.#log("OrderUpdated", order, now);
    this.#tell({ what: "updated", order });
  }

  cancel(order: FuturesOrder, now: number): void {
    order.status = "cancelled";
    this.#open.delete(order);
    order.updatedAt = now;
    this.#log("OrderCancelled", order, now);
    this.#tell({ what: "cancelled", order });
  }

  /** Adds to a wallet, or with a negative amount takes from it. */
  move(wallet: string, unit: string, amount: bigint): void {
    const balances = this.wallets.get(wallet) ?? new Map<string, bigint>();
    this.wallets.set(wallet, balances);
    const name = unit.toLowerCase();
    const balance = (balances.get(name) ?? 0n) + amount;
    if (balance < 0n) throw new Refusal("insufficientFunds");
    balances.set(name, balance);
  }

  #fill(order: FuturesOrder, now: number): FuturesFill {
    const fill = { id: this.id(), order, size: order.size, price: this.lastPrice(order.symbol), time: now };
    order.filled = order.size;
    order.status = "filled";
    order.updatedAt = now;
    this.#open.delete(order);
    this.fills.push(fill);
    const position = this.positions.get(order.symbol) ?? { size: 0n, price: fill.price, since: now };
    const size = position.size + (order.side === "buy" ? fill.size : -fill.size);
    position.size = size;
    if (size === 0n) this.positions.delete(order.symbol);
    else this.positions.set(order.symbol, position);
    this.#log("OrderFilled", order, now);
    this.#tell({ what: "filled", order, fill });
    return fill;
  }

  #tell(event: FuturesEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }

  #log(event: string, order: FuturesOrder, now: number): void {
    const details = { order: describeHistory(order, this.uid), reason: "new_user_order", reducedQuantity: "" };
    this.history.push({ uid: this.id(), timestamp: now, symbol: order.symbol, event: { [event]: details } });
  }
}

export function required(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") throw new Refusal("requiredArgumentMissing");
  return value;
}

function optionalPrice(params: Params, name: string): bigint | undefined {
  const value = text(params, name);
  if (value === undefined || value === "") return undefined;
  const price = parseDecimal(value);
  if (price === undefined) throw new Refusal("invalidArgument");
  return price;
}
