/** The exchange as its users see it: keys, records, faults, and the two ways in. */

import { Delivery } from "./http/delivery.js";
import type { Disturbance, DisturbOptions } from "./http/disturb.js";
import { decimal, formatDecimal, parseDecimal } from "./market/decimal.js";
import { ExchangeMarket } from "./market/exchange-market.js";
import type { Fault, FaultTarget, InjectOptions, Injection } from "./http/faults.js";
import { createFetch } from "./http/fetch.js";
import { FuturesAccount } from "./futures/account.js";
import { CONTRACTS, makeFuturesMarkets } from "./futures/contracts.js";
import { FuturesStream } from "./futures/stream.js";
import { FuturesApi } from "./futures/api.js";
import { trim } from "./history.js";
import { KeyRecord, type ExchangeKey, type FuturesKeyOptions, type SpotKeyOptions } from "./keys.js";
import { Lockout, RateCounter } from "./limits.js";
import { listen, type ExchangeServer, type ListenOptions } from "./listen.js";
import { DEFAULT_BALANCES, findAsset, findPair, makeMarkets, PAIRS } from "./market/market.js";
import type { Assumptions, ExchangeOptions } from "./options.js";
import type { Admission, Api, Outcome } from "./outcome.js";
import type { Params } from "./parameters/received.js";
import type { Execution, ReceivedRequest } from "./records.js";
import type { SocketFault, SocketInjectOptions } from "./socket/faults.js";
import { SocketHub } from "./socket/hub.js";
import { createWebSocket, type ExchangeWebSocket } from "./socket/memory.js";
import type { ExchangeSocket } from "./socket/session.js";
import { SpotAccount } from "./spot/account.js";
import { SpotStream } from "./spot/stream.js";
import { SpotApi } from "./spot/api.js";
import { TokenStore, type WebSocketToken } from "./spot/tokens.js";
import { Turns } from "./http/turns.js";
import { REAL_TIMERS, WaitingRoom, type Timers } from "./http/waiting.js";
import { respondJson, type ExchangeAnswer, type ExchangeRequest, type Handler } from "./http/wire.js";

/** Origins that `exchange.fetch` takes for the exchange; any loopback address is another. */
const ORIGINS = ["https://api.kraken.com", "https://futures.kraken.com", "https://demo-futures.kraken.com"];

const decoder = new TextDecoder();

/**
 * A simulated Kraken, Spot and Futures, with one account. It checks signatures over the raw bytes, nonces and their window, OTPs,
 * permissions, expiry and allowlists by Kraken's published rules, answers in Kraken's shapes, keeps a record of what it executed,
 * and can be told to fail.
 *
 * Prices stand still until a test moves them: see {@link Exchange.market}. Without a book, which a test sets or {@link ExchangeOptions.seed}
 * makes, nothing is matched: market orders are filled at once at the last price, every other order rests until {@link ExchangeMarket.trade} or
 * {@link Exchange.fill} comes to it, an amendment or a cancellation.
 *
 * @example
 * ```ts
 * const exchange = new Exchange();
 * const key = exchange.addKey({ otp: { password: "hunter2" } });
 * const client = new SpotClient({ ...key, fetch: exchange.fetch });
 * await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "1.25" });
 * exchange.executions[0]?.did; // placed O…: buy 1.25000000 XBTUSD @ limit 37500.0
 * ```
 */
export class Exchange {
  /**
   * `fetch` into this exchange, without a network: rejects with a TypeError when the connection breaks, honours `signal` and
   * `redirect`. Bound, so it can be passed on.
   */
  readonly fetch: typeof fetch;
  /**
   * A `WebSocket` constructor into this exchange, without a network. Every URL leads here; its path, `/v2` or `/ws/v1`, tells which product.
   */
  readonly WebSocket: ExchangeWebSocket;

  readonly #now: () => number;
  readonly #assumptions: Assumptions;
  readonly #timers: Timers;
  readonly #arrivalDelay: () => number;
  readonly #keys = new Map<string, KeyRecord>();
  readonly #account: SpotAccount;
  /** By the name of the pair or the contract. */
  readonly #markets: ReadonlyMap<string, ExchangeMarket>;
  readonly #tokens: TokenStore;
  readonly #apis: readonly [Api, ...Api[]];
  readonly #turns: Turns;
  readonly #delivery: Delivery;
  readonly #hub: SocketHub;
  readonly #executions: Execution[] = [];
  readonly #requests: ReceivedRequest[] = [];
  /** Rows of each kind. */
  readonly #kept: number;
  readonly #onRequest: ExchangeOptions["onRequest"];

  constructor(options: ExchangeOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#assumptions = options.assumptions ?? {};
    this.#timers = options.timers ?? REAL_TIMERS;
    this.#arrivalDelay = options.arrivalDelay ?? (() => 0);
    this.#onRequest = options.onRequest;
    this.#kept = historyOf(options);
    const markets = makeMarkets(options.prices ?? {}, this.#now(), this.#kept);
    this.#account = new SpotAccount(options.balances ?? DEFAULT_BALANCES, markets, this.#kept);
    this.#tokens = new TokenStore(this.#now, options.tokenLifetime ?? 900, this.#kept);
    const room = new WaitingRoom(this.#timers);
    this.#turns = new Turns(this.#timers);
    this.#delivery = new Delivery(
      {
        now: this.#now,
        target: (request) => this.#target(request),
        arrive: (request, fault, queue) => this.#arrive(request, fault, queue),
        lose: (request, fault) => this.#record(request, { verdict: "lost", fault }),
        failure: (errors, request) => this.#api(request.path).failure(errors, request.path),
      },
      room,
    );
    const shared = {
      now: this.#now,
      lenient: options.lenient ?? false,
      assumptions: this.#assumptions,
      keys: this.#keys,
      lockout: new Lockout(options.lockout),
      rateCounter: new RateCounter(options.rateLimit),
    };
    const futuresAccount = new FuturesAccount(makeFuturesMarkets(options.prices ?? {}, this.#now(), this.#kept), this.#kept);
    this.#markets = this.#openMarkets(futuresAccount, options.seed);
    const futures = new FuturesApi(shared, futuresAccount, (unit, amount) => {
      const asset = findAsset(unit.toUpperCase());
      if (asset) this.#account.book(asset, amount, "transfer", this.#account.id("F", [6, 5, 6]), this.#now());
      return asset !== undefined;
    });
    this.#apis = [new SpotApi(shared, this.#account, this.#tokens, (asset, amount) => futures.deposit(asset.altname, amount)), futures];
    this.fetch = this.fetchFrom("127.0.0.1");
    const context = {
      ...shared,
      account: this.#account,
      time: microseconds(this.#now),
      tokens: this.#tokens,
      executed: (endpoint: string, key: string, params: Params, done: Pick<Execution, "did" | "write" | "result">) =>
        this.#remember({ product: "spot", endpoint, method: "WebSocket", key, params, time: this.#now(), ...done }),
    };
    this.#hub = new SocketHub(
      this.#now,
      room,
      { ...options.sockets, history: this.#kept },
      {
        "/v2": (session) => new SpotStream(context, session),
        "/ws/v1": (session) => new FuturesStream({ ...shared, account: futuresAccount }, session),
      },
    );
    this.WebSocket = this.webSocketFrom("127.0.0.1");
  }

  /** Every call that was executed, in order. */
  get executions(): readonly Execution[] {
    return this.#executions;
  }

  /** Every request that arrived, in the order in which they were dealt with. */
  get requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  /** Every WebSocket token given out, in order. */
  get tokens(): readonly WebSocketToken[] {
    return this.#tokens.all;
  }

  /** Every WebSocket connection so far, in order; each can be cut. */
  get sockets(): readonly ExchangeSocket[] {
    return this.#hub.sessions;
  }

  /**
   * Adds an API key.
   * @throws TypeError when a secret or setup key that was given cannot be one, or the key exists already.
   */
  addKey(options: SpotKeyOptions | FuturesKeyOptions = {}): ExchangeKey {
    const key = new KeyRecord(options, `key-${this.#keys.size + 1}`, this.#now, this.#assumptions.singleUse);
    if (this.#keys.has(key.key)) throw new TypeError("this key exists already");
    this.#keys.set(key.key, key);
    return key;
  }

  /** Like {@link Exchange.fetch}, as called from the address `ip`. */
  fetchFrom(ip: string): typeof fetch {
    return createFetch(this.handle, ip, this.#timers);
  }

  /** Like {@link Exchange.WebSocket}, as used from the address `ip`. */
  webSocketFrom(ip: string): ExchangeWebSocket {
    return createWebSocket(this.#hub, ip);
  }

  /**
   * Listens on 127.0.0.1, in Node, Deno and Bun; Spot and Futures, HTTP and WebSockets share the address.
   */
  listen(options: ListenOptions = {}): Promise<ExchangeServer> {
    return listen(this.handle, this.#hub, options);
  }

  /** Makes the next matching request, or the next `times`, fail in the given way. Faults strike in the order they were injected. */
  inject(fault: Fault & InjectOptions): Injection {
    return this.#delivery.inject(fault);
  }

  /**
   * Makes the network misbehave by chance from now on, until the handle's `stop()`: requests are delivered twice, cut, late, queued or
   * answered by a gateway, and several of these at once. Injected faults come first; of several disturbances, the first that matches.
   * @example
   * ```ts
   * exchange.disturb({ seed: 7, twice: 0.05, reset: 0.01, late: { chance: 0.01, ms: [500, 3000] } });
   * // … whatever the client does …
   * await exchange.settle(); // late copies arrive
   * ```
   */
  disturb(options: DisturbOptions): Disturbance {
    return this.#delivery.disturb(options);
  }

  /** How many requests are on their way, held, queued or being dealt with. */
  get underway(): number {
    return this.#delivery.underway;
  }

  /** Lets everything arrive now that is held, late or queued, and resolves when it has been dealt with. The clock is not touched. */
  async settle(): Promise<void> {
    await this.#delivery.settle();
  }

  /** Makes the next matching WebSocket connection or message, or the next `times`, fail in the given way. */
  injectSocket(fault: SocketFault & SocketInjectOptions): Injection {
    return this.#hub.inject(fault);
  }

  /** Takes back every fault that has not struck yet, and every disturbance. */
  clearFaults(): void {
    this.#delivery.clear();
    this.#hub.clearFaults();
  }

  /**
   * A market, to move its price: by any name of a Spot pair (`XBTUSD`, `XXBTZUSD`, `BTC/USD`) or the symbol of a contract (`PF_XBTUSD`).
   * @throws TypeError when there is no such market
   */
  market(name: string): ExchangeMarket {
    const market = this.#markets.get(findPair(name)?.altname ?? name.toUpperCase());
    if (!market) throw new TypeError(`Unknown market "${name}".`);
    return market;
  }

  /** Every market, those of Spot first. */
  get markets(): readonly ExchangeMarket[] {
    return [...this.#markets.values()];
  }

  #openMarkets(futures: FuturesAccount, seed: number | undefined): ReadonlyMap<string, ExchangeMarket> {
    const clock = (account: { advance(now: number): void }) => () => {
      const now = this.#now();
      account.advance(now);
      return now;
    };
    const spot = PAIRS.map((pair) => {
      const places = { price: pair.priceDecimals, volume: 8, tick: 10n ** BigInt(18 - pair.priceDecimals) };
      return new ExchangeMarket(this.#account.market(pair), places, clock(this.#account));
    });
    const contracts = CONTRACTS.map(({ symbol, priceDecimals, sizeDecimals, tickSize }) => {
      const places = { price: priceDecimals, volume: sizeDecimals, tick: decimal(String(tickSize)) };
      return new ExchangeMarket(futures.market(symbol), places, clock(futures));
    });
    const markets = new Map([...spot, ...contracts].map((market) => [market.symbol, market]));
    if (seed !== undefined) for (const [i, market] of [...markets.values()].entries()) market.seedBook(seed + i);
    return markets;
  }

  /**
   * Trades an open Spot order at its own price, as if the market had come to it; that is the last price then.
   * @param volume how much; default the rest of the order
   * @throws TypeError when there is no such open order, or it is smaller than `volume`
   */
  fill(txid: string, volume?: string): void {
    const order = this.#account.openOrders().find((entry) => entry.txid === txid);
    if (!order) throw new TypeError("there is no such open order");
    const rest = order.volume - order.executed;
    const wanted = parseDecimal(volume ?? formatDecimal(rest, 18));
    if (wanted === undefined || wanted === 0n || wanted > rest) throw new TypeError("volume is more than is left of the order");
    this.#account.fill(order, wanted, this.#now());
  }

  /** The core: one request, one answer. `fetch` and `listen` call it; so can an adapter of your own. Bound. */
  readonly handle: Handler = async (request, gone) => {
    if (request.origin !== undefined && !isKraken(request.origin)) return this.#leaked(request);
    return await this.#delivery.carry(request, this.#arrivalDelay(), gone);
  };

  #target(request: ExchangeRequest): FaultTarget {
    return {
      method: request.method,
      path: request.path,
      endpoint: this.#api(request.path).endpoint(request.path),
      body: decoder.decode(request.body),
    };
  }

  /** Checks in turn, and executes: at once, or when it has waited in the queue of the engine. */
  async #arrive(request: ExchangeRequest, fault?: Fault["fault"], queue?: () => Promise<void>): Promise<ExchangeAnswer> {
    const api = this.#api(request.path);
    const arrivedAt = this.#now();
    const finish = (admission: Admission) => this.#conclude(api, request, admission.finish(), fault);
    const checked = await this.#turns.take(async () => {
      const admission = await api.admit(request, arrivedAt);
      return queue && admission.admitted ? admission : finish(admission);
    });
    if (!("admitted" in checked)) return checked;
    await queue?.();
    return finish(checked);
  }

  #conclude(api: Api, request: ExchangeRequest, outcome: Outcome, fault: Fault["fault"] | undefined): ExchangeAnswer {
    const execution = outcome.execution && this.#execution(api, request, outcome, outcome.execution);
    if (execution) this.#remember(execution);
    this.#record(request, {
      verdict: execution ? "executed" : "refused",
      errors: outcome.errors,
      ...(fault ? { fault } : {}),
      ...(execution ? { execution } : {}),
    });
    return outcome.answer;
  }

  #remember(execution: Execution): void {
    this.#executions.push(execution);
    trim(this.#executions, this.#kept);
  }

  #execution(api: Api, request: ExchangeRequest, outcome: Outcome, done: NonNullable<Outcome["execution"]>): Execution {
    return {
      product: api.product,
      endpoint: api.endpoint(request.path),
      method: request.method,
      ...(outcome.key ? { key: outcome.key.key } : {}),
      ...(outcome.nonce === undefined ? {} : { nonce: outcome.nonce }),
      params: outcome.params,
      time: this.#now(),
      ...done,
    };
  }

  #record(request: ExchangeRequest, rest: Pick<ReceivedRequest, "verdict"> & Partial<ReceivedRequest>): void {
    const received: ReceivedRequest = {
      errors: [],
      endpoint: this.#api(request.path).endpoint(request.path),
      method: request.method,
      path: request.path,
      ...(request.origin === undefined ? {} : { origin: request.origin }),
      headers: request.headers,
      body: decoder.decode(request.body),
      ip: request.ip ?? "127.0.0.1",
      time: this.#now(),
      ...rest,
    };
    this.#requests.push(received);
    trim(this.#requests, this.#kept);
    this.#onRequest?.(received);
  }

  #leaked(request: ExchangeRequest): ExchangeAnswer {
    this.#record(request, { verdict: "leaked" });
    return respondJson({ error: [], result: {} });
  }

  #api(path: string): Api {
    return this.#apis.find((api) => api.serves(path)) ?? this.#apis[0];
  }
}

function historyOf({ history = Infinity }: ExchangeOptions): number {
  if (history !== Infinity && !(Number.isSafeInteger(history) && history > 0))
    throw new TypeError("Invalid history: expected a positive whole number of rows, or Infinity.");
  return history;
}

/** Times in RFC 3339, each at least a microsecond after the one before. */
function microseconds(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now() * 1000));
    const milliseconds = Math.floor(last / 1000);
    return new Date(milliseconds).toISOString().replace("Z", `${last - milliseconds * 1000}`.padStart(3, "0") + "Z");
  };
}

function isKraken(origin: string): boolean {
  return ORIGINS.includes(origin) || /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(origin);
}
