/** The Futures WebSocket: challenges, and feeds of the same account as REST. Like Kraken's, it does not accept orders. */

import { authent, concat } from "../crypto.js";
import { toNumber } from "../market/decimal.js";
import type { FuturesAccount, FuturesEvent, OrderEvent } from "./account.js";
import { describeWallets } from "./describe.js";
import type { FuturesFill, FuturesOrder } from "./order.js";
import { bookSnapshot, describeTicker, describeTickerLite, describeTrade, tradeSnapshot } from "./stream-market.js";
import { describeMargins, describeTransfers } from "./stream-wallets.js";
import type { KeyRecord } from "../keys.js";
import type { MarketEvent } from "../market/live-market.js";
import { Rejection } from "../outcome.js";
import { MalformedBody, parseJson, text, type Params } from "../parameters/received.js";
import type { Stream, SocketSession } from "../socket/session.js";

/** The parts of the exchange that a stream needs. */
export interface FuturesStreamContext {
  readonly now: () => number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly account: FuturesAccount;
  /** Whether unknown fields are ignored. */
  readonly lenient: boolean;
}

const PRIVATE = [
  "open_orders",
  "open_orders_verbose",
  "open_positions",
  "balances",
  "account_balances_and_margins",
  "deposits_withdrawals",
  "fills",
  "account_log",
  "notifications_auth",
  "notifications",
];
/** The feeds whose subscriptions name their contracts. */
const MARKET = ["ticker", "ticker_lite", "trade", "book"];
const PUBLIC = [...MARKET, "heartbeat"];
/** The fields of a subscription. */
const FIELDS = ["event", "feed", "product_ids", "api_key", "original_challenge", "signed_challenge"];

const REASONS = {
  placed: "new_placed_order_by_user",
  updated: "edited_by_user",
  filled: "partial_fill",
  triggered: "stop_order_triggered",
  cancelled: "cancelled_by_user",
};

export class FuturesStream implements Stream {
  readonly #context: FuturesStreamContext;
  readonly #session: SocketSession;
  /** The challenge of this connection, and the key that it is for. */
  #challenge: { readonly key: KeyRecord; readonly text: string } | undefined;
  /** The feeds, each with its number of messages so far. */
  readonly #feeds = new Map<string, number>();
  readonly #watch = (event: FuturesEvent): void => this.#happened(event);
  readonly #marketWatchers = new Map<string, (event: MarketEvent) => void>();

  constructor(context: FuturesStreamContext, session: SocketSession) {
    this.#context = context;
    this.#session = session;
  }

  opened(): void {
    const { account } = this.#context;
    account.watchers.add(this.#watch);
    for (const symbol of account.symbols) {
      const watch = (event: MarketEvent): void => this.#moved(symbol, event);
      this.#marketWatchers.set(symbol, watch);
      account.market(symbol).watchers.add(watch);
    }
    this.#session.send({ event: "info", version: 1 });
  }

  closed(): void {
    const { account } = this.#context;
    account.watchers.delete(this.#watch);
    for (const [symbol, watch] of this.#marketWatchers) account.market(symbol).watchers.delete(watch);
  }

  heartbeat(): void {
    if (this.#feeds.has("heartbeat")) this.#session.send({ feed: "heartbeat", time: this.#context.now() });
  }

  refuse(_raw: string, message: string): void {
    this.#session.send({ event: "alert", message });
  }

  async receive(raw: string): Promise<void> {
    try {
      const message = parseJson(raw);
      this.#context.account.advance(this.#context.now());
      const event = text(message, "event") ?? "";
      if (event === "ping") this.#session.send({ event: "pong" });
      else if (event === "challenge") this.#challengeFor(message);
      else if (event === "subscribe" || event === "unsubscribe") await this.#subscription(event, message);
      else throw new Rejection("Invalid event");
    } catch (error) {
      const reason = error instanceof MalformedBody ? "Json Error" : error instanceof Rejection ? error.message : undefined;
      if (reason === undefined) throw error;
      this.#session.send({ event: "alert", message: reason });
    }
  }

  #challengeFor(message: Params): void {
    const key = this.#usable(text(message, "api_key"));
    if (!key) throw new Rejection("Could not find an API key");
    this.#challenge = { key, text: crypto.randomUUID() };
    this.#session.answer("challenge", { event: "challenge", message: this.#challenge.text });
  }

  #usable(name: string | undefined): KeyRecord | undefined {
    const key = this.#context.keys.get(name ?? "");
    const good = key && key.product === "futures" && !key.revoked && !key.hasExpired(this.#context.now()) && key.allowsIp(this.#session.ip);
    return good && key.level !== "none" ? key : undefined;
  }

  async #subscription(event: "subscribe" | "unsubscribe", message: Params): Promise<void> {
    const feed = text(message, "feed") ?? "";
    if (!PRIVATE.includes(feed) && !PUBLIC.includes(feed)) throw new Rejection("Invalid feed");
    const unknown = Object.keys(message).find((name) => !FIELDS.includes(name));
    if (unknown !== undefined && !this.#context.lenient) throw new Rejection(`Unsupported field: '${unknown}'`);
    const ids = message["product_ids"];
    const products = Array.isArray(ids) ? ids.map(String) : [];
    const { symbols } = this.#context.account;
    const isMissing = MARKET.includes(feed) && products.length === 0;
    if (isMissing || (ids !== undefined && !Array.isArray(ids)) || !products.every((id) => symbols.includes(id)))
      throw new Rejection("Invalid product id");
    if (PRIVATE.includes(feed)) await this.#authenticate(feed, message);
    const names = products.length > 0 ? products.map((id) => `${feed}:${id}`) : [feed];
    for (const name of names) {
      if (event === "unsubscribe") this.#feeds.delete(name);
      else this.#feeds.set(name, 0);
    }
    this.#session.answer(event, { event: `${event}d`, feed, ...(products.length > 0 ? { product_ids: products } : {}) });
    if (event === "subscribe") this.#snapshot(feed, products);
  }

  /** Checks the signature of this connection's challenge: base64(HMAC-SHA512(secret, SHA256(challenge))). */
  async #authenticate(feed: string, message: Params): Promise<void> {
    const challenge = this.#challenge;
    const failed = new Rejection(`Failed to subscribe to authenticated feed ${feed}`);
    if (!challenge || text(message, "api_key") !== challenge.key.key || text(message, "original_challenge") !== challenge.text)
      throw failed;
    const expected = await authent(challenge.key.signingSecret, concat(challenge.text), "", "");
    if (text(message, "signed_challenge") !== expected || !this.#usable(challenge.key.key)) throw failed;
  }

  #snapshot(feed: string, products: readonly string[]): void {
    const { account } = this.#context;
    const head = { account: account.uid };
    switch (feed) {
      case "open_orders":
      case "open_orders_verbose":
        return this.#session.send({ feed: `${feed}_snapshot`, ...head, orders: account.openOrders().map(describeOrder) });
      case "fills":
        return this.#session.send({ feed: "fills_snapshot", ...head, fills: account.fills.slice(-100).map(describeFill) });
      case "open_positions":
        return this.#positions();
      case "balances":
        return this.#balances("balances_snapshot");
      case "account_balances_and_margins":
        return this.#margins();
      case "deposits_withdrawals":
        return this.#session.send(describeTransfers(account.transfers.slice(-100)));
      case "account_log":
        return this.#session.send({ feed: "account_log_snapshot", logs: [] });
      case "notifications":
      case "notifications_auth":
        return this.#session.send({ feed, notifications: [] });
      default:
        for (const symbol of products) this.#marketSnapshot(feed, symbol);
    }
  }

  #marketSnapshot(feed: string, symbol: string): void {
    const { account, now } = this.#context;
    if (feed === "ticker") this.#session.send(describeTicker(account, symbol, now()));
    else if (feed === "ticker_lite") this.#session.send(describeTickerLite(account, symbol, now()));
    else if (feed === "trade") this.#session.send(tradeSnapshot(account.market(symbol)));
    else if (feed === "book") this.#session.send(bookSnapshot(account.market(symbol), this.#next(`book:${symbol}`), now()));
  }

  #moved(symbol: string, event: MarketEvent): void {
    const { account, now } = this.#context;
    if (event.type === "trade" && this.#feeds.has(`trade:${symbol}`))
      this.#session.send({ feed: "trade", seq: this.#next(`trade:${symbol}`), ...describeTrade(account.market(symbol), event.trade) });
    if (event.type === "book" && this.#feeds.has(`book:${symbol}`))
      for (const { side, price, volume } of event.changes)
        this.#session.send({
          feed: "book",
          product_id: symbol,
          side,
          seq: this.#next(`book:${symbol}`),
          price: toNumber(price),
          qty: toNumber(volume),
          timestamp: event.time,
        });
    for (const feed of ["ticker", "ticker_lite"])
      if (this.#feeds.has(`${feed}:${symbol}`))
        this.#session.send(feed === "ticker" ? describeTicker(account, symbol, now()) : describeTickerLite(account, symbol, now()));
  }

  #happened(event: FuturesEvent): void {
    if (event.what !== "wallets") return this.#orderChanged(event);
    if (event.transfer && this.#feeds.has("deposits_withdrawals")) this.#session.send(describeTransfers([event.transfer]));
    if (this.#feeds.has("balances")) this.#balances("balances");
    if (this.#feeds.has("account_balances_and_margins")) this.#margins();
  }

  #orderChanged({ what, order, fill, reason = REASONS[what] }: OrderEvent): void {
    for (const feed of ["open_orders", "open_orders_verbose"]) {
      if (!this.#feeds.has(feed)) continue;
      const names = { order_id: order.id, ...(order.cliOrdId === undefined ? {} : { cli_ord_id: order.cliOrdId }) };
      if (what === "cancelled") this.#session.send({ feed, ...names, is_cancel: true, reason });
      else if (order.status === "filled") this.#session.send({ feed, ...names, is_cancel: true, reason: "full_fill" });
      else
        this.#session.send({
          feed,
          order: describeOrder(order),
          is_cancel: false,
          reason,
        });
    }
    if (!fill) return;
    if (this.#feeds.has("fills")) this.#session.send({ feed: "fills", username: "simulated", fills: [describeFill(fill)] });
    if (this.#feeds.has("open_positions")) this.#positions();
    if (this.#feeds.has("balances")) this.#balances("balances");
    if (this.#feeds.has("account_balances_and_margins")) this.#margins();
  }

  #margins(): void {
    this.#session.send(describeMargins(this.#context.account, this.#next("account_balances_and_margins")));
  }

  #positions(): void {
    const positions = [...this.#context.account.positions].map(([instrument, { size, price }]) => ({
      instrument,
      balance: toNumber(size),
      entry_price: toNumber(price),
      pnl: 0,
    }));
    this.#session.send({
      feed: "open_positions",
      account: this.#context.account.uid,
      positions,
      seq: this.#next("open_positions"),
      timestamp: this.#context.now(),
    });
  }

  #balances(feed: string): void {
    const { account, now } = this.#context;
    const { currencies, availableMargin } = describeWallets(account).flex;
    const holding = [...(account.wallets.get("cash") ?? [])].map(([unit, amount]) => [unit.toUpperCase(), toNumber(amount)] as const);
    this.#session.send({
      feed,
      account: account.uid,
      holding: Object.fromEntries(holding),
      futures: {},
      flex_futures: { currencies, available_margin: availableMargin },
      seq: this.#next("balances"),
      timestamp: now(),
    });
  }

  #next(feed: string): number {
    const seq = (this.#feeds.get(feed) ?? 0) + 1;
    this.#feeds.set(feed, seq);
    return seq;
  }
}

function describeOrder(order: FuturesOrder): object {
  return {
    instrument: order.symbol,
    time: order.placedAt,
    last_update_time: order.updatedAt,
    qty: toNumber(order.size - order.filled),
    filled: toNumber(order.filled),
    limit_price: order.limitPrice === undefined ? 0 : toNumber(order.limitPrice),
    stop_price: order.waits ? toNumber(order.stopPrice ?? 0n) : 0,
    type: order.waits ? (order.type === "take_profit" ? "take_profit" : "stop") : "limit",
    order_id: order.id,
    ...(order.cliOrdId === undefined ? {} : { cli_ord_id: order.cliOrdId }),
    direction: order.side === "buy" ? 0 : 1,
    reduce_only: order.reduceOnly,
  };
}

function describeFill(fill: FuturesFill): object {
  const { order } = fill;
  return {
    instrument: order.symbol,
    time: fill.time,
    price: toNumber(fill.price),
    buy: order.side === "buy",
    qty: toNumber(fill.size),
    order_id: order.id,
    ...(order.cliOrdId === undefined ? {} : { cli_ord_id: order.cliOrdId }),
    fill_id: fill.id,
    fill_type: fill.maker ? "maker" : "taker",
  };
}
