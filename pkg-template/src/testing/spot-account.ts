/** One Spot account: balances, orders, trades, ledger. Synchronous and exact; time is an argument. */

import { decimal, divide, formatDecimal, multiply, parseDecimal, places } from "./decimal.js";
import { ASSETS, findPair, type Asset, type Pair } from "./market.js";
import { Refusal } from "./outcome.js";
import { record, text, type Params } from "./params.js";

const FEE_RATE = decimal("0.0026");
const COST_PLACES = 5;
const VOLUME_PLACES = 8;

/** Order types, with the prices each of them needs. */
const ORDER_TYPES: Readonly<Record<string, readonly ("price" | "price2")[]>> = {
  market: [],
  limit: ["price"],
  iceberg: ["price"],
  "stop-loss": ["price"],
  "take-profit": ["price"],
  "trailing-stop": ["price"],
  "stop-loss-limit": ["price", "price2"],
  "take-profit-limit": ["price", "price2"],
  "trailing-stop-limit": ["price", "price2"],
  "settle-position": [],
};
const CLOSE_TYPES = Object.keys(ORDER_TYPES).filter((type) => !["market", "iceberg", "settle-position"].includes(type));

/** A checked order that has not been placed yet. */
export interface OrderDraft {
  readonly pair: Pair;
  readonly type: "buy" | "sell";
  readonly ordertype: string;
  readonly volume: bigint;
  readonly price: string | undefined;
  readonly price2: string | undefined;
  readonly close: { readonly ordertype: string; readonly price: string; readonly price2: string | undefined } | undefined;
  readonly leverage: string | undefined;
  readonly oflags: readonly string[];
  readonly timeinforce: string;
  readonly expiretm: number;
  readonly starttm: number;
  readonly userref: number | undefined;
  readonly clOrdId: string | undefined;
}

export interface Order extends OrderDraft {
  readonly txid: string;
  readonly opentm: number;
  status: "open" | "closed" | "canceled" | "expired";
  volume: bigint;
  executed: bigint;
  cost: bigint;
  fee: bigint;
  price: string | undefined;
  price2: string | undefined;
  closetm: number | undefined;
  reason: string | null;
  readonly trades: string[];
  readonly amends: unknown[];
}

export interface Trade {
  readonly id: string;
  readonly order: Order;
  readonly time: number;
  readonly price: bigint;
  readonly volume: bigint;
  readonly cost: bigint;
  readonly fee: bigint;
}

export interface LedgerEntry {
  readonly id: string;
  readonly refid: string;
  readonly time: number;
  readonly type: string;
  readonly asset: Asset;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly balance: bigint;
}

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
  /** Unix seconds. */
  readonly createdtm: string;
}

/** What happens to an account, for those who watch it. */
export type AccountEvent =
  | {
      readonly type: "order";
      readonly what: "new" | "trade" | "filled" | "canceled" | "expired" | "amended";
      readonly order: Order;
      readonly time: number;
      readonly trade?: Trade;
    }
  | { readonly type: "ledger"; readonly entry: LedgerEntry };

export const seconds = (millis: number): number => millis / 1000;

const invalid = (name: string) => new Refusal(`EGeneral:Invalid arguments:${name}`);

export class SpotAccount {
  readonly orders: Order[] = [];
  readonly trades: Trade[] = [];
  readonly ledger: LedgerEntry[] = [];
  readonly withdrawals: { refid: string; asset: Asset; amount: bigint; key: string; time: number; status: string }[] = [];
  readonly addresses: Address[] = [];
  readonly exports: Export[] = [];
  /** Called at each event, as it happens. */
  readonly watchers = new Set<(event: AccountEvent) => void>();
  readonly #balances = new Map<string, bigint>();
  readonly #lastPrices: Map<string, bigint>;
  #cancelAllAt: number | undefined;
  #ids = 0;

  constructor(balances: Readonly<Record<string, string>>, prices: Readonly<Record<string, string>>) {
    for (const [name, amount] of Object.entries(balances)) this.#balances.set(name, decimal(amount));
    this.#lastPrices = new Map(Object.entries(prices).map(([name, price]) => [findPair(name)?.altname ?? name, decimal(price)]));
  }

  /** Deterministic, in Kraken's shapes: `OXXXXX-XXXXX-XXXXXX`. */
  id(prefix: string, lengths: readonly number[] = [5, 5, 6]): string {
    this.#ids += 1;
    const digits = this.#ids.toString(36).toUpperCase();
    const total = lengths.reduce((sum, length) => sum + length, 0);
    let rest = digits.padStart(total, "A");
    const groups = lengths.map((length) => {
      const group = rest.slice(0, length);
      rest = rest.slice(length);
      return group;
    });
    return prefix + groups.join("-");
  }

  /** What time brings about by itself: orders that expire, and the dead man's switch. Called before every request. */
  advance(now: number): void {
    for (const order of this.openOrders()) {
      if (order.expiretm > 0 && now >= order.expiretm * 1000) this.#finish(order, "expired", "Order expired", order.expiretm * 1000);
    }
    if (this.#cancelAllAt !== undefined && now >= this.#cancelAllAt) {
      this.cancel(this.openOrders(), this.#cancelAllAt, "Cancel all orders after timeout");
      this.#cancelAllAt = undefined;
    }
  }

  /** Arms the switch `timeout` seconds from now; 0 disarms it. */
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

  /** What open orders of this asset bind. */
  hold(asset: Asset): bigint {
    return this.openOrders()
      .filter((order) => !order.leverage)
      .filter((order) => (order.type === "buy" ? order.pair.quote : order.pair.base) === asset)
      .reduce((sum, order) => sum + this.#needed(order, order.volume - order.executed), 0n);
  }

  /** Books an amount and writes the ledger entry. */
  book(asset: Asset, amount: bigint, type: string, refid: string, time: number, fee = 0n): void {
    const balance = this.balance(asset) + amount - fee;
    this.#balances.set(asset.name, balance);
    const entry = { id: this.id("L"), refid, time, type, asset, amount, fee, balance };
    this.ledger.push(entry);
    this.#tell({ type: "ledger", entry });
  }

  lastPrice(pair: Pair): bigint {
    return this.#lastPrices.get(pair.altname) ?? decimal("1");
  }

  openOrders(): Order[] {
    return this.orders.filter((order) => order.status === "open");
  }

  /** Checks the parameters of one order; throws the first thing that is wrong with them. */
  draft(params: Params, pairName: string | undefined, now: number): OrderDraft {
    const type = text(params, "type");
    if (type !== "buy" && type !== "sell") throw invalid("type");
    const ordertype = text(params, "ordertype") ?? "";
    const needed = Object.hasOwn(ORDER_TYPES, ordertype) ? ORDER_TYPES[ordertype] : undefined;
    if (!needed) throw invalid("ordertype");
    if (pairName === undefined) throw invalid("pair");
    const pair = findPair(pairName);
    if (!pair) throw new Refusal("EQuery:Unknown asset pair");

    const price = checkPrice(params, "price", pair, needed.includes("price"));
    const price2 = checkPrice(params, "price2", pair, needed.includes("price2"));
    if (ordertype.startsWith("trailing-stop") && !price?.startsWith("+")) throw invalid("price");
    if (ordertype === "iceberg" && !parseDecimal(text(params, "displayvol"))) throw invalid("displayvol");

    const oflags = (text(params, "oflags") ?? "").split(",").filter((item) => item !== "");
    if (!oflags.every((item) => ["post", "fcib", "fciq", "nompp", "viqc"].includes(item))) throw invalid("oflags");
    if (oflags.includes("viqc") && ordertype !== "market") throw invalid("oflags");
    if (oflags.includes("post") && ordertype !== "limit") throw invalid("oflags");
    let volume = parseDecimal(text(params, "volume"));
    if (volume === undefined || volume === 0n) throw invalid("volume");
    if (oflags.includes("viqc")) volume = divide(volume, this.lastPrice(pair));
    if (volume < decimal(pair.orderMin)) throw new Refusal("EOrder:Order minimum not met");

    const timeinforce = text(params, "timeinforce") ?? "GTC";
    if (!["GTC", "IOC", "GTD", "FOK"].includes(timeinforce)) throw invalid("timeinforce");
    const expiretm = checkTime(params, "expiretm", now);
    if (timeinforce === "GTD" && expiretm === 0) throw invalid("expiretm");
    const userref = text(params, "userref");
    if (userref !== undefined && !isInt32(userref)) throw invalid("userref");
    const clOrdId = text(params, "cl_ord_id");
    if (clOrdId !== undefined) {
      if (userref !== undefined) throw invalid("cl_ord_id and userref are mutually exclusive");
      if (!isClientOrderId(clOrdId)) throw invalid("cl_ord_id");
    }
    const leverage = text(params, "leverage");
    if (leverage !== undefined && !/^(none|\d+(:1)?)$/.test(leverage)) throw invalid("leverage");

    return {
      pair,
      type,
      ordertype,
      volume,
      price,
      price2,
      close: checkClose(params, pair),
      leverage: leverage === "none" ? undefined : leverage,
      oflags,
      timeinforce,
      expiretm,
      starttm: checkTime(params, "starttm", now),
      userref: userref === undefined ? undefined : Number(userref),
      clOrdId,
    };
  }

  /** What only the state of the account can say: whether the client order id is free, and funds, with those `replaced` binds. */
  admit(draft: OrderDraft, replaced?: Order): void {
    if (draft.clOrdId !== undefined && this.openOrders().some((order) => order.clOrdId === draft.clOrdId)) {
      throw new Refusal("EGeneral:Invalid arguments:cl_ord_id not unique");
    }
    if (draft.leverage) return;
    const asset = draft.type === "buy" ? draft.pair.quote : draft.pair.base;
    const freed = replaced && !replaced.leverage ? this.#needed(replaced, replaced.volume - replaced.executed) : 0n;
    if (this.#needed(draft, draft.volume) > this.balance(asset) - this.hold(asset) + freed) {
      throw new Refusal("EOrder:Insufficient funds");
    }
  }

  /** Places an order. A market order is filled at the last price; every other one rests until it is filled or cancelled. */
  place(draft: OrderDraft, now: number): Order {
    const order: Order = {
      ...draft,
      txid: this.id("O"),
      opentm: now,
      status: "open",
      executed: 0n,
      cost: 0n,
      fee: 0n,
      closetm: undefined,
      reason: null,
      trades: [],
      amends: [],
    };
    this.orders.push(order);
    this.#tell({ type: "order", what: "new", order, time: now });
    if (order.ordertype === "market") this.fill(order, order.volume, now);
    else if (["IOC", "FOK"].includes(order.timeinforce)) this.#finish(order, "canceled", "Not filled at once", now);
    return order;
  }

  /** Trades `volume` of an open order at its own price, or the last price if it has none. */
  fill(order: Order, volume: bigint, now: number): void {
    const price = this.#limit(order) ?? this.lastPrice(order.pair);
    const cost = multiply(price, volume);
    const fee = multiply(cost, FEE_RATE);
    const id = this.id("T");
    const { base, quote } = order.pair;
    const sign = order.type === "buy" ? 1n : -1n;
    this.book(base, sign * volume, "trade", id, now);
    this.book(quote, -sign * cost, "trade", id, now, fee);
    const trade = { id, order, time: now, price, volume, cost, fee };
    this.trades.push(trade);
    order.trades.push(id);
    order.executed += volume;
    order.cost += cost;
    order.fee += fee;
    this.#tell({ type: "order", what: "trade", order, time: now, trade });
    if (order.executed >= order.volume) this.#finish(order, "closed", null, now);
  }

  /** Says that an order was changed in place. */
  amended(order: Order, now: number): void {
    this.#tell({ type: "order", what: "amended", order, time: now });
  }

  /** Cancels those of `orders` that are open, and says how many. */
  cancel(orders: readonly Order[], now: number, reason = "User requested"): number {
    const open = orders.filter((order) => order.status === "open");
    for (const order of open) this.#finish(order, "canceled", reason, now);
    return open.length;
  }

  /** Open orders by transaction id, user reference or client order id. */
  findOpen(reference: string): Order[] {
    return this.openOrders().filter(
      (order) =>
        order.txid === reference || order.clOrdId === reference || (order.userref !== undefined && String(order.userref) === reference),
    );
  }

  /** The order in the shape of OpenOrders and ClosedOrders. */
  describe(order: Order): Record<string, unknown> {
    const places_ = order.pair.priceDecimals;
    return {
      refid: null,
      userref: order.userref ?? 0,
      ...(order.clOrdId === undefined ? {} : { cl_ord_id: order.clOrdId }),
      status: order.status,
      opentm: seconds(order.opentm),
      starttm: order.starttm,
      expiretm: order.expiretm,
      ...(order.closetm === undefined ? {} : { closetm: seconds(order.closetm), reason: order.reason }),
      descr: {
        pair: order.pair.altname,
        type: order.type,
        ordertype: order.ordertype,
        price: shownPrice(order.price, places_) ?? "0",
        price2: shownPrice(order.price2, places_) ?? "0",
        leverage: order.leverage ?? "none",
        ...describeDraft(order),
        close: describeDraft(order).close ?? "",
      },
      vol: formatDecimal(order.volume, VOLUME_PLACES),
      vol_exec: formatDecimal(order.executed, VOLUME_PLACES),
      cost: formatDecimal(order.cost, COST_PLACES),
      fee: formatDecimal(order.fee, COST_PLACES),
      price: formatDecimal(order.executed > 0n ? divide(order.cost, order.executed) : 0n, COST_PLACES),
      stopprice: formatDecimal(0n, COST_PLACES),
      limitprice: formatDecimal(0n, COST_PLACES),
      misc: "",
      oflags: [...order.oflags, ...(order.oflags.includes("fcib") ? [] : ["fciq"])].filter(unique).join(","),
      ...(order.trades.length > 0 ? { trades: [...order.trades] } : {}),
    };
  }

  describeTrade(trade: Trade): Record<string, unknown> {
    return {
      ordertxid: trade.order.txid,
      postxid: trade.order.txid.replace(/^O/, "T"),
      pair: trade.order.pair.name,
      time: seconds(trade.time),
      type: trade.order.type,
      ordertype: trade.order.ordertype,
      price: formatDecimal(trade.price, COST_PLACES),
      cost: formatDecimal(trade.cost, COST_PLACES),
      fee: formatDecimal(trade.fee, COST_PLACES),
      vol: formatDecimal(trade.volume, VOLUME_PLACES),
      margin: formatDecimal(0n, COST_PLACES),
      misc: "",
    };
  }

  describeLedger(entry: LedgerEntry): Record<string, unknown> {
    const { decimals } = entry.asset;
    return {
      refid: entry.refid,
      time: seconds(entry.time),
      type: entry.type,
      subtype: "",
      aclass: "currency",
      asset: entry.asset.name,
      amount: formatDecimal(entry.amount, decimals),
      fee: formatDecimal(entry.fee, decimals),
      balance: formatDecimal(entry.balance, decimals),
    };
  }

  #finish(order: Order, status: "closed" | "canceled" | "expired", reason: string | null, time: number): void {
    order.status = status;
    order.reason = reason;
    order.closetm = time;
    this.#tell({ type: "order", what: status === "closed" ? "filled" : status, order, time });
  }

  #tell(event: AccountEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }

  #limit(draft: OrderDraft): bigint | undefined {
    const text_ = draft.ordertype.endsWith("-limit") ? draft.price2 : draft.ordertype === "market" ? undefined : draft.price;
    return text_ === undefined ? undefined : resolvePrice(text_, draft, this.lastPrice(draft.pair));
  }

  #needed(draft: OrderDraft, volume: bigint): bigint {
    if (draft.type === "sell") return volume;
    return multiply(this.#limit(draft) ?? this.lastPrice(draft.pair), volume);
  }
}

/** The human line that AddOrder answers with, and that of the conditional close. */
export function describeDraft(draft: OrderDraft): { order: string; close?: string } {
  const { pair, close } = draft;
  const at = (ordertype: string, price: string | undefined, price2: string | undefined) => {
    const prices = [price, price2].map((item) => shownPrice(item, pair.priceDecimals));
    return [ordertype, prices[0], prices[1] === undefined ? undefined : `-> limit ${prices[1]}`]
      .filter((item) => item !== undefined)
      .join(" ");
  };
  const leverage = draft.leverage ? ` with ${draft.leverage} leverage` : "";
  return {
    order: `${draft.type} ${formatDecimal(draft.volume, VOLUME_PLACES)} ${pair.altname} @ ${at(draft.ordertype, draft.price, draft.price2)}${leverage}`,
    ...(close ? { close: `close position @ ${at(close.ordertype, close.price, close.price2)}` } : {}),
  };
}

const unique = <T>(item: T, index: number, all: readonly T[]) => all.indexOf(item) === index;

function isRelative(price: string): boolean {
  return /^[+\-#]/.test(price);
}

/** Absolute, or relative to the last price: `+5`, `-5`, `#5`, each also with a percent sign. */
export function checkPrice(params: Params, name: string, pair: Pair, needed: boolean): string | undefined {
  const price = text(params, name);
  if (price === undefined || price === "") {
    if (needed) throw invalid(name);
    return undefined;
  }
  const value = parseDecimal(price.replace(/^[+\-#]/, "").replace(/%$/, ""));
  if (value === undefined || (price.endsWith("%") && !isRelative(price))) throw invalid(name);
  if (isRelative(price)) return price;
  if (value === 0n) {
    if (needed) throw invalid(name);
    return undefined; // "0" is how some clients write no price
  }
  if (places(price) > pair.priceDecimals) {
    throw new Refusal(`EOrder:Invalid price:${pair.altname} price can only be specified up to ${pair.priceDecimals} decimals.`);
  }
  return price;
}

function resolvePrice(price: string, draft: OrderDraft, last: bigint): bigint {
  const value = decimal(price.replace(/^[+\-#]/, "").replace(/%$/, ""));
  if (!isRelative(price)) return value;
  const offset = price.endsWith("%") ? multiply(last, value) / 100n : value;
  const below = price.startsWith("-") || (price.startsWith("#") && draft.type === "buy");
  return below ? (offset < last ? last - offset : 0n) : last + offset;
}

function shownPrice(price: string | undefined, decimals: number): string | undefined {
  if (price === undefined) return undefined;
  const value = parseDecimal(price);
  return value === undefined ? price : formatDecimal(value, decimals);
}

function checkClose(params: Params, pair: Pair): OrderDraft["close"] {
  if (params["close"] === undefined) return undefined;
  const close = record(params["close"]);
  const ordertype = close ? (text(close, "ordertype") ?? "") : "";
  if (!close || !CLOSE_TYPES.includes(ordertype)) throw invalid("close[ordertype]");
  const needed = ORDER_TYPES[ordertype] ?? [];
  const price = checkPrice(close, "price", pair, true) ?? "";
  return { ordertype, price, price2: checkPrice(close, "price2", pair, needed.includes("price2")) };
}

/** Unix seconds, `+<n>` seconds from now, or 0 for none; the result is Unix seconds. */
function checkTime(params: Params, name: string, now: number): number {
  const time = text(params, name);
  if (time === undefined || time === "0") return 0;
  const match = /^(\+?)(\d{1,12})$/.exec(time);
  if (!match) throw invalid(name);
  const value = Number(match[2]);
  if (match[1] === "+") return Math.floor(now / 1000) + value;
  if (value * 1000 <= now) throw invalid(name);
  return value;
}

function isInt32(value: string): boolean {
  return /^-?\d{1,10}$/.test(value) && Math.abs(Number(value)) < 2 ** 31;
}

/** A UUID with or without dashes, or free text of at most 18 ASCII characters. */
function isClientOrderId(id: string): boolean {
  return /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i.test(id) || /^[\x21-\x7e]{1,18}$/.test(id);
}

/** True when the request's own `deadline` (RFC 3339) has passed. */
export function deadlineHasPassed(params: Params, now: number): boolean {
  const deadline = text(params, "deadline");
  if (deadline === undefined) return false;
  const at = Date.parse(deadline);
  if (Number.isNaN(at)) throw invalid("deadline");
  return now > at;
}
