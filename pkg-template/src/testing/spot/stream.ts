/** The Spot WebSocket v2: subscriptions, and trading with the same account as REST. */

import { LEAST_AHEAD } from "../parameters/deadline.js";
import type { KeyRecord } from "../keys.js";
import { Rejection } from "../outcome.js";
import { findWrong } from "../parameters/known.js";
import { flag, MalformedBody, parseJson, record, text, type Params, type Value } from "../parameters/received.js";
import type { Shared } from "../shared.js";
import type { Stream, SocketSession } from "../socket/session.js";
import type { AccountEvent, SpotAccount } from "./account.js";
import { invalid, type SpotCall } from "./call.js";
import { PRIVATE_ENDPOINTS } from "./endpoints.js";
import { CHANNEL_PARAMETERS, SOCKET_PARAMETERS } from "./parameters.js";
import { isMarketChannel, MarketChannels } from "./market-channels.js";
import { describeBalances, describeLedgerUpdate, usdValues } from "./stream-market.js";
import {
  iso,
  progressOf,
  resultOf,
  shortReport,
  toBatch,
  toBatchCancel,
  toRest,
  tradeReport,
  wholeReport,
  type InUsd,
} from "./stream-words.js";
import { checkTypes, checkFields } from "./stream-checks.js";
import type { TokenStore } from "./tokens.js";

/** The parts of the exchange that a stream uses. */
export interface SpotStreamContext extends Pick<Shared, "now" | "keys" | "lenient" | "assumptions" | "tradingCounter"> {
  readonly account: SpotAccount;
  /** Returns the time in RFC 3339 with microseconds. Each is later than the one before. */
  readonly time: () => string;
  readonly tokens: TokenStore;
  /** Records the execution of a method. */
  executed(endpoint: string, key: string, params: Params, done: { did: string; write: boolean; result: unknown }): void;
}

/** The subscription of a private channel. */
interface Subscription {
  /** Whether `executions` reports only that orders are open or closed. */
  readonly brief: boolean;
  /** The number of messages so far. */
  sequence: number;
  /** Releases the token. */
  readonly release: () => void;
  readonly alive: () => boolean;
}

const PRIVATE = ["executions", "balances"];
/** The limit of the trading engine's counter that is told if there is none: that of the middle tier. */
const MAX_RATE_COUNT = 125;

/** The REST endpoints with the same effect, whose permissions are required here, too. */
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
  readonly #markets: MarketChannels;
  readonly #inUsd: InUsd;
  readonly #watch = (event: AccountEvent): void => this.#happened(event);

  constructor(context: SpotStreamContext, session: SocketSession) {
    this.#context = context;
    this.#session = session;
    this.#inUsd = usdValues(context.account);
    const { account, now, time } = context;
    this.#markets = new MarketChannels({ account, session, now, time, answer: (message, rest) => this.#answer(message, rest) });
  }

  opened(): void {
    this.#context.account.watchers.add(this.#watch);
    const data = [{ api_version: "v2", connection_id: this.#context.now(), system: "online", version: "2.0.10" }];
    this.#session.send({ channel: "status", type: "update", data });
  }

  closed(): void {
    this.#context.account.watchers.delete(this.#watch);
    this.#markets.close();
    for (const { release } of this.#subscriptions.values()) release();
    this.#subscriptions.clear();
  }

  /** Sends a heartbeat, if anything is subscribed. */
  heartbeat(): void {
    if (this.#subscriptions.size + this.#markets.size > 0) this.#session.send({ channel: "heartbeat" });
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
      if (method === "ping") this.#ping(message);
      else if (method === "subscribe" || method === "unsubscribe") this.#subscription(method, message, params, raw);
      else if (Object.hasOwn(METHODS, method)) this.#trade(message, method, params, { arrivedAt, raw });
      else throw new Rejection("EGeneral:Unknown method");
    } catch (error) {
      const errors =
        error instanceof MalformedBody ? ["EGeneral:Invalid arguments"] : error instanceof Rejection ? error.errors : undefined;
      if (!errors) throw error;
      this.#session.send(this.#answer(message, { success: false, error: errors.join(", ") }));
    }
  }

  #ping(message: Params): void {
    if (message["params"] !== undefined && !this.#context.lenient) throw unsupported("params", "ping");
    this.#session.send({ method: "pong", ...reqId(message), ...this.#times() });
  }

  /** Returns the channel of a subscription, whose parameters are known. */
  #channelOf(params: Params, method: "subscribe" | "unsubscribe"): string {
    const channel = text(params, "channel") ?? "";
    const wrong = findWrong(params, CHANNEL_PARAMETERS.get(channel), this.#context.lenient);
    if (wrong) throw wrong.problem === "unknown" ? unsupported(wrong.name, method) : invalid(wrong.name);
    return channel;
  }

  #subscription(method: "subscribe" | "unsubscribe", message: Params, params: Params, raw: string): void {
    const channel = this.#channelOf(params, method);
    if (!PRIVATE.includes(channel) && !isMarketChannel(channel)) throw invalid("channel");
    checkTypes((JSON.parse(raw) as { params?: unknown }).params);
    if (method === "subscribe") this.#subscribe(channel, message, params);
    else this.#unsubscribe(channel, message, params);
  }

  #subscribe(channel: string, message: Params, params: Params): void {
    if (channel === "level3") return this.#markets.subscribe(message, channel, params, this.#authenticate(params, []).entry);
    if (isMarketChannel(channel)) return this.#markets.subscribe(message, channel, params);
    const { entry } = this.#authenticate(params, channel === "balances" ? ["query-funds"] : ["query-open-trades"]);
    const before = this.#subscriptions.get(channel);
    if (before?.alive()) throw new Rejection(`Already subscribed to ${channel}`);
    before?.release();
    const brief = params["order_status"] === false;
    this.#subscriptions.set(channel, { brief, sequence: 0, release: entry.hold(), alive: () => !entry.revoked });
    const snapshot = params["snapshot"] !== false;
    const snaps = { snap_orders: params["snap_orders"] !== false, snap_trades: flag(params, "snap_trades") };
    const result =
      channel === "executions"
        ? { channel, maxratecount: this.#context.tradingCounter.max ?? MAX_RATE_COUNT, snapshot: true, ...snaps }
        : { channel, snapshot };
    this.#session.answer("subscribe", this.#answer(message, { success: true, result }));
    if (channel === "balances" && snapshot) this.#send(channel, "snapshot", describeBalances(this.#context.account));
    if (channel === "executions") this.#send(channel, "snapshot", this.#executions(params));
  }

  #unsubscribe(channel: string, message: Params, params: Params): void {
    if (channel === "level3") this.#authenticate(params, []);
    if (!PRIVATE.includes(channel)) return this.#markets.unsubscribe(message, channel, params);
    const found = this.#subscriptions.get(channel);
    if (!found) throw new Rejection("Subscription Not Found");
    found.release();
    this.#subscriptions.delete(channel);
    this.#session.answer("unsubscribe", this.#answer(message, { success: true, result: { channel } }));
  }

  /** Returns a valid token and its key. An unknown or expired token is invalid; for a revoked one, the session is. */
  #authenticate(params: Params, permissions: readonly string[]): { entry: NonNullable<ReturnType<TokenStore["find"]>>; key: KeyRecord } {
    if (params["token"] === undefined) throw new Rejection("Token(s) not found");
    const entry = this.#context.tokens.find(text(params, "token"));
    if (entry?.revoked) throw new Rejection("ESession:Invalid session");
    const key = entry?.valid ? this.#context.keys.get(entry.key) : undefined;
    if (!entry || !key) throw new Rejection("EAPI:Invalid token");
    if (key.revoked || key.hasExpired(this.#context.now()) || !permissions.every((one) => key.permissions.includes(one)))
      throw new Rejection("EGeneral:Permission denied");
    return { entry, key };
  }

  #trade(message: Params, method: string, params: Params, { arrivedAt, raw }: { arrivedAt: number; raw: string }): void {
    const endpoint = PRIVATE_ENDPOINTS.get(METHODS[method] ?? "");
    const { all = [], any } = endpoint?.needs ?? {};
    const { key } = this.#authenticate(params, all);
    if (!endpoint || (any && !any.some((one) => key.permissions.includes(one)))) throw new Rejection("EGeneral:Permission denied");
    const { token: _token, ...own } = params;
    const wrong = findWrong(own, SOCKET_PARAMETERS.get(method), this.#context.lenient);
    if (wrong?.problem === "unknown") throw unsupported(wrong.name, method);
    if (wrong?.problem === "no flag") throw invalid(wrong.name);
    checkTypes((JSON.parse(raw) as { params?: unknown }).params);
    if (wrong) throw invalid(wrong.name);
    checkFields(method, own);
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
        counter: this.#context.tradingCounter,
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
    const top = method === "batch_cancel" ? { orders_cancelled: result["count"] } : {};
    this.#session.answer(method, this.#answer(message, { ...top, success: true, result: answer }));
  }

  /** Cancels orders, and answers for each of them. */
  #cancel(
    message: Params,
    own: Params,
    run: (params: Params) => { call: SpotCall; result: unknown },
    done: (call: SpotCall, result: unknown) => void,
  ): void {
    const named = (["order_id", "cl_ord_id", "order_userref"] as const).filter((name) => Array.isArray(own[name]));
    const [name] = named;
    if (name === undefined || named.length > 1) throw new Rejection("EGeneral:Invalid arguments:order_id");
    const ids = own[name] as readonly Value[];
    if (ids.length === 0) throw new Rejection(`EGeneral:Invalid arguments:${name}`);
    const answers: Readonly<Record<string, unknown>>[] = [];
    const calls: SpotCall[] = [];
    const results: unknown[] = [];
    for (const id of ids) {
      try {
        const { call } = run({ [name === "cl_ord_id" ? name : "txid"]: String(id) });
        calls.push(call);
        const result = { [name]: name === "order_userref" ? Number(id) : id };
        results.push(result);
        answers.push(this.#answer(message, { success: true, result }));
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
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
      this.#send("balances", "update", [describeLedgerUpdate(event.entry)]);
      return;
    }
    for (const message of this.#reports(event)) this.#send("executions", "update", [message]);
  }

  /** Returns the reports of an event. A new order is reported in full as `pending_new`, and then as `new`. Later reports have only the changed fields. */
  #reports({ what, order, time, trade }: Extract<AccountEvent, { type: "order" }>): Record<string, unknown>[] {
    const brief = this.#subscriptions.get("executions")?.brief === true;
    if (what === "new" && brief) return [wholeReport(order, "new", time, this.#inUsd)];
    if (what === "new") return [wholeReport(order, "pending_new", time, this.#inUsd), shortReport(order, "new", time, this.#inUsd)];
    if (brief && ["trade", "amended", "triggered"].includes(what)) return [];
    if (!trade) return [shortReport(order, what === "triggered" ? "status" : what, time, this.#inUsd)];
    const complete = this.#context.assumptions.completingTradeFilled === true && order.executed >= order.volume;
    return [{ ...tradeReport(trade, this.#inUsd, complete ? "filled" : "partially_filled"), ...progressOf(order) }];
  }

  /** Sends a message of a private channel, if it is subscribed and its token is valid. */
  #send(channel: string, type: "snapshot" | "update", data: readonly unknown[]): void {
    const subscription = this.#subscriptions.get(channel);
    if (!subscription?.alive()) return;
    subscription.sequence += 1;
    this.#session.send({ channel, type, data, sequence: subscription.sequence });
  }

  #executions(params: Params): unknown[] {
    const { account } = this.#context;
    const orders =
      params["snap_orders"] === false
        ? []
        : account.openOrders().map((order) => wholeReport(order, order.executed > 0n ? "trade" : "new", order.opentm, this.#inUsd));
    const trades = flag(params, "snap_trades") ? account.trades.slice(-50).map((trade) => tradeReport(trade, this.#inUsd)) : [];
    return [...orders, ...trades];
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

const unsupported = (field: string, method: string): Rejection =>
  new Rejection(`Unsupported field: '${field}' for the given msg type: ${method.replaceAll("_", " ")}`);

/** Returns the `req_id` of a message as the number that was sent. Numbers arrive here as text. */
function reqId(message: Params): object {
  const id = text(message, "req_id");
  return id === undefined || !/^\d{1,15}$/.test(id) ? {} : { req_id: Number(id) };
}
