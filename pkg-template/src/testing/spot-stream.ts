/** The Spot WebSocket, version 2: subscriptions, and trading on the same account as REST. */

import { formatDecimal, toNumber } from "./decimal.js";
import type { KeyRecord } from "./keys.js";
import { findPair, type Pair } from "./market.js";
import { Refusal } from "./outcome.js";
import { flag, MalformedBody, parseJson, record, text, type Params, type Value } from "./params.js";
import type { Stream, SocketSession } from "./socket-session.js";
import type { AccountEvent, Order, SpotAccount, Trade } from "./spot-account.js";
import { PRIVATE_ENDPOINTS, type SpotCall } from "./spot-endpoints.js";
import type { TokenStore } from "./tokens.js";

/** What a stream needs of its exchange. */
export interface SpotStreamContext {
  readonly now: () => number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly account: SpotAccount;
  readonly tokens: TokenStore;
  /** Writes down that a method was carried out. */
  executed(endpoint: string, key: string, params: Params, done: { did: string; write: boolean; result: unknown }): void;
}

interface Subscription {
  readonly channel: string;
  readonly symbol: string | undefined;
  /** The messages so far; private channels number theirs. */
  sequence: number;
  /** Lets go of the token. */
  readonly release?: () => void;
  readonly alive: () => boolean;
}

const PRIVATE = ["executions", "balances"];
const PUBLIC = ["ticker", "trade"];

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

const iso = (time: number): string => new Date(time).toISOString();
const number = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value));
const symbolOf = ({ wsname }: Pair): string => wsname.replace("XBT", "BTC");
const assetOf = (altname: string): string => (altname === "XBT" ? "BTC" : altname);

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

  receive(raw: string): void {
    let message: Params = {};
    try {
      message = parseJson(raw);
      this.#context.account.advance(this.#context.now());
      const method = text(message, "method") ?? "";
      const params = record(message["params"]) ?? {};
      if (method === "ping") this.#session.send({ method: "pong", ...reqId(message), ...this.#times() });
      else if (method === "subscribe") this.#subscribe(message, params);
      else if (method === "unsubscribe") this.#unsubscribe(message, params);
      else if (Object.hasOwn(METHODS, method)) this.#trade(message, method, params);
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
    for (const symbol of symbols(params)) {
      const pair = findPair(symbol);
      const key = `${channel}:${symbol}`;
      if (!pair || symbolOf(pair) !== symbol) {
        this.#session.send(this.#answer(message, { success: false, error: `Currency pair not supported ${symbol}`, symbol }));
      } else if (this.#subscriptions.has(key)) {
        this.#session.send(this.#answer(message, { success: false, error: `Already subscribed to ${channel} ${symbol}`, symbol }));
      } else {
        this.#subscriptions.set(key, { channel, symbol, sequence: 0, alive: () => true });
        this.#session.answer("subscribe", this.#answer(message, { success: true, result: { channel, snapshot, symbol } }));
        if (channel === "ticker" && snapshot) this.#session.send({ channel, type: "snapshot", data: [this.#ticker(pair)] });
        if (channel === "trade" && flag(params, "snapshot")) {
          const trades = this.#context.account.trades.filter((trade) => trade.order.pair === pair).slice(-50);
          this.#session.send({ channel, type: "snapshot", data: trades.map((trade) => this.#publicTrade(trade)) });
        }
      }
    }
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

  #trade(message: Params, method: string, params: Params): void {
    const endpoint = PRIVATE_ENDPOINTS.get(METHODS[method] ?? "");
    const { all = [], any } = endpoint?.needs ?? {};
    const { key } = this.#authenticate(params, all);
    if (!endpoint || (any && !any.some((one) => key.permissions.includes(one)))) throw new Refusal("EGeneral:Permission denied");
    const { token: _token, ...own } = params;
    const account = this.#context.account;
    const now = this.#context.now();
    const run = (restParams: Params): { call: SpotCall; result: Record<string, unknown> } => {
      const call: SpotCall = {
        params: restParams,
        pathname: "",
        json: true,
        key,
        now,
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

/** An order of version 2 in the words of REST. */
function toRest(params: Params): Params {
  const value = (name: string) => text(params, name);
  const triggers = record(params["triggers"]);
  const kind = value("order_type") ?? "";
  const price = triggers ? priced(triggers) : value("limit_price");
  const conditional = record(params["conditional"]);
  const flags = [
    flag(params, "post_only") && "post",
    value("fee_preference") === "base" && "fcib",
    value("cash_order_qty") !== undefined && "viqc",
  ].filter((one) => one !== false);
  const symbol = value("symbol");
  const expire = value("expire_time");
  const known = {
    pair: symbol,
    type: value("side"),
    ordertype: kind === "" ? undefined : kind,
    volume: value("order_qty") ?? value("cash_order_qty"),
    order_qty: value("order_qty"),
    limit_price: value("limit_price"),
    trigger_price: value("trigger_price"),
    price,
    price2: triggers ? value("limit_price") : undefined,
    displayvol: value("display_qty"),
    timeinforce: value("time_in_force")?.toUpperCase(),
    expiretm: expire === undefined ? undefined : String(Math.floor(Date.parse(expire) / 1000)),
    userref: value("order_userref"),
    cl_ord_id: value("cl_ord_id"),
    oflags: flags.length > 0 ? flags.join(",") : undefined,
    leverage: flag(params, "margin") ? "2:1" : undefined,
    validate: value("validate"),
    deadline: value("deadline"),
    txid: value("order_id"),
    close: conditional && {
      ordertype: text(conditional, "order_type") ?? "",
      price: text(conditional, "trigger_price") ?? text(conditional, "limit_price") ?? "",
      price2: text(conditional, "limit_price") ?? "",
    },
  };
  return Object.fromEntries(Object.entries(known).filter(([, one]) => one !== undefined)) as Params;
}

/** The trigger of a stop: absolute, in percent or in the quote currency. */
function priced(triggers: Params): string | undefined {
  const price = text(triggers, "price");
  const type = text(triggers, "price_type") ?? "static";
  return price === undefined || type === "static" ? price : `${price.startsWith("-") ? "" : "+"}${price}${type === "pct" ? "%" : ""}`;
}

function toBatch(params: Params): Params {
  const { orders, ...rest } = params;
  const rows = Array.isArray(orders) ? orders.map((order: Value) => toRest(record(order) ?? {})) : [];
  return { ...toRest(rest), orders: rows };
}

function toBatchCancel({ orders, cl_ord_id }: Params): Params {
  return { orders: Array.isArray(orders) ? orders : [], cl_ord_ids: Array.isArray(cl_ord_id) ? cl_ord_id : [] };
}

/** What version 2 answers where REST answers `result`. */
function resultOf(method: string, params: Params, result: Record<string, unknown>): unknown {
  const names = {
    ...(text(params, "cl_ord_id") ? { cl_ord_id: text(params, "cl_ord_id") } : {}),
    ...(text(params, "order_userref") ? { order_userref: number(text(params, "order_userref")) } : {}),
  };
  switch (method) {
    case "add_order": {
      const [order_id] = (result["txid"] as string[] | undefined) ?? [];
      return { ...(order_id ? { order_id } : {}), ...names };
    }
    case "amend_order":
      return { amend_id: result["amend_id"], ...(text(params, "order_id") ? { order_id: text(params, "order_id") } : names) };
    case "edit_order":
      return { order_id: result["txid"], original_order_id: result["originaltxid"] };
    case "batch_add":
      return (result["orders"] as Record<string, unknown>[]).map((row, i) => {
        const order = record((params["orders"] as readonly Value[])[i]) ?? {};
        return row["error"]
          ? { error: row["error"] }
          : { order_id: row["txid"], ...(text(order, "cl_ord_id") ? { cl_ord_id: text(order, "cl_ord_id") } : {}) };
      });
    default:
      return result;
  }
}

/** A message of `executions` about an order. */
function report(order: Order, what: string, time: number): Record<string, unknown> {
  const status = { open: order.executed > 0n ? "partially_filled" : "new", closed: "filled", canceled: "canceled", expired: "expired" }[
    order.status
  ];
  const limit = order.ordertype.endsWith("-limit")
    ? order.price2
    : order.ordertype === "limit" || order.ordertype === "iceberg"
      ? order.price
      : undefined;
  return {
    exec_type: what,
    order_id: order.txid,
    order_status: status,
    ...(order.clOrdId === undefined ? {} : { cl_ord_id: order.clOrdId }),
    ...(order.userref === undefined ? {} : { order_userref: order.userref }),
    symbol: symbolOf(order.pair),
    side: order.type,
    order_type: order.ordertype,
    order_qty: toNumber(order.volume),
    ...(limit === undefined || !/^\d/.test(limit) ? {} : { limit_price: Number(limit) }),
    cum_qty: toNumber(order.executed),
    cum_cost: toNumber(order.cost),
    time_in_force: order.timeinforce,
    ...(order.reason === null ? {} : { reason: order.reason }),
    timestamp: iso(time),
  };
}

function fill(trade: Trade): Record<string, unknown> {
  const { order, id, volume, price, cost, fee } = trade;
  return {
    exec_id: id,
    last_qty: toNumber(volume),
    last_price: toNumber(price),
    cost: toNumber(cost),
    liquidity_ind: order.ordertype === "market" ? "t" : "m",
    fees: [{ asset: assetOf(order.pair.quote.altname), qty: toNumber(fee) }],
  };
}
