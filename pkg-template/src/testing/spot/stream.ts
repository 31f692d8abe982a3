/** The Spot WebSocket, version 2: subscriptions, and trading on the same account as REST. */

import { formatDecimal, toNumber } from "../market/decimal.js";
import { LEAST_AHEAD } from "../parameters/deadline.js";
import type { MarketBooks } from "../market/books.js";
import type { KeyRecord } from "../keys.js";
import { findPair, type Pair } from "../market/market.js";
import { Refusal } from "../outcome.js";
import { findWrong } from "../parameters/known.js";
import { flag, MalformedBody, parseJson, record, text, type Params, type Value } from "../parameters/received.js";
import type { Shared } from "../shared.js";
import type { Stream, SocketSession } from "../socket/session.js";
import type { AccountEvent, SpotAccount } from "./account.js";
import { BOOK_DEPTHS, BookStream } from "./book-stream.js";
import { invalid, type SpotCall } from "./call.js";
import { PRIVATE_ENDPOINTS } from "./endpoints.js";
import type { Trade } from "./order.js";
import { SOCKET_PARAMETERS } from "./parameters.js";
import { assetOf, fill, iso, report, resultOf, symbolOf, toBatch, toBatchCancel, toRest } from "./stream-words.js";
import type { TokenStore } from "./tokens.js";

/** What a stream needs of its exchange. */
export interface SpotStreamContext extends Pick<Shared, "now" | "keys" | "lenient"> {
  readonly account: SpotAccount;
  readonly books: MarketBooks;
  /** The exchange's clock in RFC 3339 with microseconds, each later than the one before. */
  readonly time: () => string;
  readonly tokens: TokenStore;
  /** Writes down that a method was carried out. */
  executed(endpoint: string, key: string, params: Params, done: { did: string; write: boolean; result: unknown }): void;
}

interface Subscription {
  readonly channel: string;
  readonly symbol: string | undefined;
  /** The messages so far; private channels number theirs. */
  sequence: number;
  /** Lets go of the token, or of the book. */
  readonly release?: () => void;
  readonly alive: () => boolean;
}

const PRIVATE = ["executions", "balances"];
const PUBLIC = ["ticker", "trade", "book"];

/** The REST endpoint with the same effect; its permissions are needed here too. */
const METHODS: Readonly<Record<string, string>> = {
  add_order: "AddOrder",
  amend_order: "AmendOrder",
  edit_order: "EditOrder",
  cancel_order: "CancelOrder",
  cancel_all: "CancelAll",
  cancel_all_orders_after: "CancelAllOrdersAfter",
  batch_add: "AddOrderBatch",
  batch_cancel: "CancelOrderBatch",
};

export class SpotStream implements Stream {
  readonly #context: SpotStreamContext;
  readonly #session: SocketSession;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #watch = (event: AccountEvent): void => this.#happened(event);

  constructor(context: SpotStreamContext, session: SocketSession) {
    this.#context = context;
    this.#session = session;
  }

  opened(): void {
    this.#context.account.watchers.add(this.#watch);
    const data = [{ api_version: "v2", connection_id: this.#context.now(), system: "online", version: "2.0.10" }];
    this.#session.send({ channel: "status", type: "update", data });
  }

  closed(): void {
    this.#context.account.watchers.delete(this.#watch);
    for (const { release } of this.#subscriptions.values()) release?.();
    this.#subscriptions.clear();
  }

  /** Kraken sends one each second, if anything is subscribed. */
  heartbeat(): void {
    if (this.#subscriptions.size > 0) this.#session.send({ channel: "heartbeat" });
  }

  refuse(raw: string, error: string): void {
    const message = parseJson(raw);
    this.#session.send(this.#answer(message, { success: false, error }));
  }

  receive(raw: string, arrivedAt: number): void {
    let message: Params = {};
    try {
      message = parseJson(raw);
      this.#context.account.advance(this.#context.now());
      const method = text(message, "method") ?? "";
      const params = record(message["params"]) ?? {};
      if (method === "ping") this.#session.send({ method: "pong", ...reqId(message), ...this.#times() });
      else if (method === "subscribe") this.#subscribe(message, params);
      else if (method === "unsubscribe") this.#unsubscribe(message, params);
      else if (Object.hasOwn(METHODS, method)) this.#trade(message, method, params, arrivedAt);
      else throw new Refusal("EGeneral:Unknown method");
    } catch (error) {
      const errors = error instanceof MalformedBody ? ["EGeneral:Invalid arguments"] : error instanceof Refusal ? error.errors : undefined;
      if (!errors) throw error;
      this.#session.send(this.#answer(message, { success: false, error: errors.join(", ") }));
    }
  }

  #subscribe(message: Params, params: Params): void {
    const channel = text(params, "channel") ?? "";
    const snapshot = params["snapshot"] !== false;
    if (PRIVATE.includes(channel)) {
      const { entry } = this.#authenticate(params, channel === "balances" ? ["query-funds"] : ["query-open-trades"]);
      const before = this.#subscriptions.get(channel);
      if (before?.alive()) throw new Refusal(`Already subscribed to ${channel}`);
      before?.release?.();
      this.#subscriptions.set(channel, { channel, symbol: undefined, sequence: 0, release: entry.hold(), alive: () => !entry.revoked });
      const result =
        channel === "executions"
          ? { channel, snap_orders: params["snap_orders"] !== false, snap_trades: flag(params, "snap_trades") }
          : { channel, snapshot };
      this.#session.answer("subscribe", this.#answer(message, { success: true, result }));
      if (channel === "balances" && snapshot) this.#send(channel, "snapshot", this.#balances());
      if (channel === "executions") this.#send(channel, "snapshot", this.#executions(params));
      return;
    }
    if (!PUBLIC.includes(channel)) throw new Refusal("EGeneral:Invalid arguments:channel");
    const depth = Number(text(params, "depth") ?? 10);
    if (channel === "book" && !BOOK_DEPTHS.includes(depth)) throw new Refusal("Subscription depth not supported");
    for (const symbol of symbols(params)) {
      const pair = findPair(symbol);
      const key = `${channel}:${symbol}`;
      if (!pair || symbolOf(pair) !== symbol) {
        this.#session.send(this.#answer(message, { success: false, error: `Currency pair not supported ${symbol}`, symbol }));
      } else if (this.#subscriptions.has(key)) {
        this.#session.send(this.#answer(message, { success: false, error: `Already subscribed to ${channel} ${symbol}`, symbol }));
      } else {
        const book = channel === "book" ? this.#bookStream(symbol, depth) : undefined;
        const release = book && { release: () => book.stop() };
        this.#subscriptions.set(key, { channel, symbol, sequence: 0, ...release, alive: () => true });
        const result = { channel, ...(book && { depth }), snapshot, symbol };
        this.#session.answer("subscribe", this.#answer(message, { success: true, result }));
        book?.start(snapshot);
        if (channel === "ticker" && snapshot) this.#session.send({ channel, type: "snapshot", data: [this.#ticker(pair)] });
        if (channel === "trade" && flag(params, "snapshot")) {
          const trades = this.#context.account.trades.filter((trade) => trade.order.pair === pair).slice(-50);
          this.#session.send({ channel, type: "snapshot", data: trades.map((trade) => this.#publicTrade(trade)) });
        }
      }
    }
  }

  #bookStream(symbol: string, depth: number): BookStream {
    return new BookStream(this.#context.books.find(symbol)!, symbol, depth, this.#session, this.#context.time);
  }

  #unsubscribe(message: Params, params: Params): void {
    const channel = text(params, "channel") ?? "";
    const keys = PRIVATE.includes(channel) ? [channel] : symbols(params).map((symbol) => `${channel}:${symbol}`);
    for (const key of keys) {
      const found = this.#subscriptions.get(key);
      if (!found) {
        this.#session.send(this.#answer(message, { success: false, error: "Subscription Not Found" }));
        continue;
      }
      found.release?.();
      this.#subscriptions.delete(key);
      const { symbol } = found;
      this.#session.answer("unsubscribe", this.#answer(message, { success: true, result: { channel, ...(symbol ? { symbol } : {}) } }));
    }
  }

  /** The key of a token that is good here. An unknown or expired token is invalid, a revoked one was a session. */
  #authenticate(params: Params, permissions: readonly string[]): { entry: NonNullable<ReturnType<TokenStore["find"]>>; key: KeyRecord } {
    const entry = this.#context.tokens.find(text(params, "token"));
    if (entry?.revoked) throw new Refusal("ESession:Invalid session");
    const key = entry?.valid ? this.#context.keys.get(entry.key) : undefined;
    if (!entry || !key) throw new Refusal("EAPI:Invalid token");
    if (key.revoked || key.hasExpired(this.#context.now()) || !permissions.every((one) => key.permissions.includes(one)))
      throw new Refusal("EGeneral:Permission denied");
    return { entry, key };
  }

  #trade(message: Params, method: string, params: Params, arrivedAt: number): void {
    const endpoint = PRIVATE_ENDPOINTS.get(METHODS[method] ?? "");
    const { all = [], any } = endpoint?.needs ?? {};
    const { key } = this.#authenticate(params, all);
    if (!endpoint || (any && !any.some((one) => key.permissions.includes(one)))) throw new Refusal("EGeneral:Permission denied");
    const { token: _token, ...own } = params;
    const wrong = findWrong(own, SOCKET_PARAMETERS.get(method), this.#context.lenient);
    if (wrong?.problem === "unknown") {
      throw new Refusal(`Unsupported field: '${wrong.name}' for the given msg type: ${method.replaceAll("_", " ")}`);
    }
    if (wrong) throw invalid(wrong.name);
    const account = this.#context.account;
    const now = this.#context.now();
    const run = (restParams: Params): { call: SpotCall; result: Record<string, unknown> } => {
      const call: SpotCall = {
        params: restParams,
        pathname: "",
        json: true,
        key,
        now,
        arrivedAt,
        leastAhead: LEAST_AHEAD.socket,
        account,
        tokens: this.#context.tokens,
        toFuturesWallet: () => {},
      };
      return { call, result: endpoint.run(call) as Record<string, unknown> };
    };
    const done = (call: SpotCall, result: unknown): void =>
      this.#context.executed(method, key.key, own, { did: call.did ?? "answered", write: call.write ?? true, result });

    if (method === "cancel_order") return this.#cancel(message, own, run, done);
    const { call, result } = run(
      method === "batch_cancel"
        ? toBatchCancel(own)
        : method === "batch_add"
          ? toBatch(own)
          : method === "cancel_all_orders_after" || method === "cancel_all"
            ? own
            : toRest(own),
    );
    const answer = resultOf(method, own, result);
    done(call, answer);
    this.#session.answer(method, this.#answer(message, { success: true, result: answer }));
  }

  /** Each order gets an answer of its own. */
  #cancel(
    message: Params,
    own: Params,
    run: (params: Params) => { call: SpotCall; result: unknown },
    done: (call: SpotCall, result: unknown) => void,
  ): void {
    const named = (["order_id", "cl_ord_id", "order_userref"] as const).filter((name) => Array.isArray(own[name]));
    const [name] = named;
    if (name === undefined || named.length > 1) throw new Refusal("EGeneral:Invalid arguments:order_id");
    const ids = own[name] as readonly Value[];
    if (ids.length === 0) throw new Refusal(`EGeneral:Invalid arguments:${name}`);
    const answers: Readonly<Record<string, unknown>>[] = [];
    const calls: SpotCall[] = [];
    const results: unknown[] = [];
    for (const id of ids) {
      try {
        const { call } = run({ txid: String(id) });
        calls.push(call);
        const result = { [name]: name === "order_userref" ? Number(id) : id };
        results.push(result);
        answers.push(this.#answer(message, { success: true, result }));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        answers.push(this.#answer(message, { success: false, error: error.errors.join(", ") }));
      }
    }
    const [first] = calls;
    if (!first) {
      for (const answer of answers) this.#session.send(answer);
      return;
    }
    first.did = calls.map(({ did }) => did).join("; ");
    done(first, results);
    this.#session.answer("cancel_order", ...answers);
  }

  #happened(event: AccountEvent): void {
    if (event.type === "ledger") {
      const { entry } = event;
      const { decimals, altname } = entry.asset;
      const amount = (value: bigint) => Number(formatDecimal(value, decimals));
      this.#send("balances", "update", [
        {
          ledger_id: entry.id,
          ref_id: entry.refid,
          timestamp: iso(entry.time),
          type: entry.type,
          asset: assetOf(altname),
          asset_class: "currency",
          category: entry.type,
          wallet_type: "spot",
          wallet_id: "main",
          amount: amount(entry.amount),
          fee: amount(entry.fee),
          balance: amount(entry.balance),
        },
      ]);
      return;
    }
    const { what, order, time, trade } = event;
    this.#send("executions", "update", [{ ...report(order, what, time), ...(trade ? fill(trade) : {}) }]);
    if (!trade) return;
    const symbol = symbolOf(order.pair);
    if (this.#subscriptions.has(`trade:${symbol}`))
      this.#session.send({ channel: "trade", type: "update", data: [this.#publicTrade(trade)] });
    if (this.#subscriptions.has(`ticker:${symbol}`))
      this.#session.send({ channel: "ticker", type: "update", data: [this.#ticker(order.pair, trade.price)] });
  }

  /** To a private channel, if it is subscribed and its token lives. */
  #send(channel: string, type: "snapshot" | "update", data: readonly unknown[]): void {
    const subscription = this.#subscriptions.get(channel);
    if (!subscription?.alive()) return;
    subscription.sequence += 1;
    this.#session.send({ channel, type, data, sequence: subscription.sequence });
  }

  #balances(): unknown[] {
    return this.#context.account.balances().map(({ asset, balance }) => {
      const amount = Number(formatDecimal(balance, asset.decimals));
      return {
        asset: assetOf(asset.altname),
        asset_class: "currency",
        balance: amount,
        wallets: [{ type: "spot", id: "main", balance: amount }],
      };
    });
  }

  #executions(params: Params): unknown[] {
    const { account } = this.#context;
    const orders =
      params["snap_orders"] === false
        ? []
        : account.openOrders().map((order) => report(order, order.executed > 0n ? "trade" : "new", order.opentm));
    const trades = flag(params, "snap_trades")
      ? account.trades.slice(-50).map((trade) => ({ ...report(trade.order, "trade", trade.time), ...fill(trade) }))
      : [];
    return [...orders, ...trades];
  }

  #ticker(pair: Pair, price = this.#context.account.lastPrice(pair)): unknown {
    const last = toNumber(price);
    return {
      symbol: symbolOf(pair),
      bid: last,
      bid_qty: 1,
      ask: last,
      ask_qty: 1,
      last,
      volume: 0,
      vwap: last,
      low: last,
      high: last,
      change: 0,
      change_pct: 0,
    };
  }

  #publicTrade({ id, order, price, volume, time }: Trade): unknown {
    return {
      symbol: symbolOf(order.pair),
      side: order.type,
      qty: toNumber(volume),
      price: toNumber(price),
      ord_type: order.ordertype === "market" ? "market" : "limit",
      trade_id: parseInt(id.replace(/\W/g, "").slice(-6), 36),
      timestamp: iso(time),
    };
  }

  #answer(message: Params, rest: object): Readonly<Record<string, unknown>> {
    const method = text(message, "method");
    return { ...(method === undefined ? {} : { method }), ...reqId(message), ...rest, ...this.#times() };
  }

  #times(): object {
    const time = iso(this.#context.now());
    return { time_in: time, time_out: time };
  }
}

/** Numbers arrive as their text here; `req_id` is an integer, and goes back as one. */
function reqId(message: Params): object {
  const id = text(message, "req_id");
  return id === undefined || !/^\d{1,15}$/.test(id) ? {} : { req_id: Number(id) };
}

function symbols(params: Params): string[] {
  const list = params["symbol"];
  if (!Array.isArray(list) || list.length === 0) throw new Refusal("EGeneral:Invalid arguments:symbol");
  return list.map(String);
}
