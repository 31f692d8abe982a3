/** The public API of the exchange: keys, records, faults, and the transports that lead to it. */

import "./runtime.js";
import { after } from "./after.js";
import { checkOptions, initialPrices } from "./check-options.js";
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
import { countersOf, Lockout } from "./limits.js";
import { listen, type ExchangeServer, type ListenOptions } from "./listen.js";
import { DEFAULT_BALANCES, findPair, makeMarkets, PAIRS } from "./market/market.js";
import type { Assumptions, ExchangeOptions } from "./options.js";
import type { Admission, Api, Outcome } from "./outcome.js";
import type { Params } from "./parameters/received.js";
import { executionOf, receivedRequest, type Execution, type ReceivedRequest, type RequestEnd } from "./records.js";
import type { SocketFault, SocketInjectOptions } from "./socket/faults.js";
import { SocketHub } from "./socket/hub.js";
import { createWebSocket, type ExchangeWebSocket } from "./socket/memory.js";
import type { ExchangeSocket } from "./socket/session.js";
import { SpotAccount } from "./spot/account.js";
import { SpotStream } from "./spot/stream.js";
import { SpotApi } from "./spot/api.js";
import { TokenStore, type WebSocketToken } from "./spot/tokens.js";
import { SerialQueue } from "./http/serial-queue.js";
import { REAL_TIMERS, WaitingList, type Timers } from "./http/waiting.js";
import { respondJson, type ExchangeAnswer, type ExchangeRequest, type Handler } from "./http/wire.js";

/** The origins that `exchange.fetch` accepts. It also accepts any loopback address. */
const ORIGINS = ["https://api.kraken.com", "https://futures.kraken.com", "https://demo-futures.kraken.com"];

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A simulated Kraken, Spot and Futures, with one account. By Kraken's published rules, it checks signatures over the raw bytes, nonces and their
 * window, OTPs, permissions, expiry and allowlists. It answers in Kraken's shapes, records what it executed, and fails on request.
 *
 * Prices do not move until a test moves them, with {@link Exchange.market}. Orders are matched only with a book, which a test sets or
 * {@link ExchangeOptions.seed} creates. Without one, market orders are filled at once at the last price. Every other order rests until
 * {@link ExchangeMarket.trade} or {@link Exchange.fill} fills it, or until it is amended or canceled.
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
   * A `fetch` that sends requests to this exchange without a network. It rejects with a TypeError when the connection breaks, and honors `signal` and
   * `redirect`. It is bound, so it can be passed on.
   */
  readonly fetch: typeof fetch;
  /**
   * A `WebSocket` constructor that connects to this exchange without a network, whatever the URL. The path selects the product: `/v2` or `/ws/v1`.
   */
  readonly WebSocket: ExchangeWebSocket;

  readonly #now: () => number;
  readonly #assumptions: Assumptions;
  readonly #timers: Timers;
  readonly #arrivalDelay: () => number;
  readonly #keys = new Map<string, KeyRecord>();
  readonly #account: SpotAccount;
  /** The markets by the name of the pair or the contract. */
  readonly #markets: ReadonlyMap<string, ExchangeMarket>;
  readonly #tokens: TokenStore;
  readonly #apis: readonly [Api, ...Api[]];
  readonly #checks: SerialQueue;
  readonly #delivery: Delivery;
  readonly #hub: SocketHub;
  readonly #executions: Execution[] = [];
  readonly #requests: ReceivedRequest[] = [];
  /** The number of rows of each kind that are kept. */
  readonly #kept: number;
  readonly #onRequest: ExchangeOptions["onRequest"];

  /**
   * @param options - the account, the market, the clock and the rules of the exchange; every option has a default
   * @throws TypeError if an option is unknown or invalid
   */
  constructor(options: ExchangeOptions = {}) {
    const clock = checkOptions(options).now ?? (() => Date.now());
    this.#now = () => Math.floor(clock());
    this.#assumptions = options.assumptions ?? {};
    this.#timers = options.timers ?? REAL_TIMERS;
    this.#arrivalDelay = options.arrivalDelay ?? (() => 0);
    this.#onRequest = options.onRequest;
    this.#kept = historyOf(options);
    const prices = initialPrices(options.prices);
    const markets = makeMarkets(prices, this.#now(), this.#kept);
    this.#account = new SpotAccount(options.balances ?? DEFAULT_BALANCES, markets, this.#kept);
    this.#account.withdrawAddresses = options.withdrawAddresses ?? [];
    this.#tokens = new TokenStore(this.#now, options.tokenLifetime ?? 900, this.#kept);
    const waits = new WaitingList(this.#timers);
    this.#checks = new SerialQueue(this.#timers);
    this.#delivery = new Delivery(
      {
        now: this.#now,
        endpoints: () => this.#apis.flatMap(({ endpoints }) => endpoints),
        target: (request) => this.#target(request),
        arrive: (request, fault, queue) => this.#arrive(request, fault, queue),
        lose: (request, fault) => this.#record(request, this.#api(request.path).endpoint(request.path), { verdict: "lost", fault }),
        failure: (errors, request) => this.#api(request.path).failure(errors, request.path),
      },
      waits,
    );
    const shared = {
      now: this.#now,
      lenient: options.lenient ?? false,
      assumptions: this.#assumptions,
      keys: this.#keys,
      lockout: new Lockout(options.lockout),
      ...countersOf(options.rateLimit, this.#assumptions),
    };
    const futuresAccount = new FuturesAccount(makeFuturesMarkets(prices, this.#now(), this.#kept), this.#kept);
    this.#markets = this.#openMarkets(futuresAccount, options.seed);
    const futures = new FuturesApi(shared, futuresAccount, (asset, amount) => {
      this.#account.book(asset, amount, "transfer", this.#account.id("F", [6, 5, 6]), this.#now());
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
      waits,
      { ...options.sockets, history: this.#kept },
      {
        "/v2": (session) => new SpotStream(context, session),
        "/ws/v1": (session) => new FuturesStream({ ...shared, account: futuresAccount }, session),
      },
    );
    this.WebSocket = this.webSocketFrom("127.0.0.1");
  }

  /** The calls that were executed, in order. */
  get executions(): readonly Execution[] {
    return this.#executions;
  }

  /** The requests that arrived, in the order in which they were handled. */
  get requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  /** The WebSocket tokens that were issued, in order. */
  get tokens(): readonly WebSocketToken[] {
    return this.#tokens.all;
  }

  /** The WebSocket connections so far, in order. Each can be cut. */
  get sockets(): readonly ExchangeSocket[] {
    return this.#hub.sessions;
  }

  /**
   * Adds an API key.
   * @throws TypeError if the secret or the setup key is invalid, or the key already exists.
   */
  addKey(options: SpotKeyOptions | FuturesKeyOptions = {}): ExchangeKey {
    const key = new KeyRecord(options, `key-${this.#keys.size + 1}`, this.#now, this.#assumptions.singleUse);
    if (this.#keys.has(key.key)) throw new TypeError("this key exists already");
    this.#keys.set(key.key, key);
    return key;
  }

  /** Returns a {@link Exchange.fetch} whose requests come from the address `ip`. */
  fetchFrom(ip: string): typeof fetch {
    return createFetch(this.handle, ip, this.#timers);
  }

  /** Returns a {@link Exchange.WebSocket} whose connections come from the address `ip`. */
  webSocketFrom(ip: string): ExchangeWebSocket {
    return createWebSocket(this.#hub, ip);
  }

  /** Listens on 127.0.0.1, in Node, Deno and Bun. Spot and Futures, HTTP and WebSockets share the address. */
  listen(options: ListenOptions = {}): Promise<ExchangeServer> {
    return listen(this.handle, this.#hub, options);
  }

  /** Makes the next matching request, or the next `times` requests, fail in the given way. Faults apply in the order in which they were injected. */
  inject(fault: Fault & InjectOptions): Injection {
    return this.#delivery.inject(fault);
  }

  /**
   * Makes the network fail at random until the handle's `stop()` is called. Requests are delivered twice, cut, delayed, queued or answered by a
   * gateway, and several of these can happen at once. Injected faults come first. Of several disturbances, the first that matches applies.
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

  /** The number of requests that are on their way, held, queued or being handled. */
  get underway(): number {
    return this.#delivery.underway;
  }

  /** Lets every held, late or queued request arrive now, and resolves when all are handled. It does not change the clock. */
  async settle(): Promise<void> {
    await this.#delivery.settle();
  }

  /** Makes the next matching WebSocket connection or message, or the next `times` of them, fail in the given way. */
  injectSocket(fault: SocketFault & SocketInjectOptions): Injection {
    return this.#hub.inject(fault);
  }

  /** Removes every fault that has not occurred yet, and every disturbance. */
  clearFaults(): void {
    this.#delivery.clear();
    this.#hub.clearFaults();
  }

  /**
   * Returns a market, by any name of a Spot pair (`XBTUSD`, `XXBTZUSD`, `BTC/USD`) or the symbol of a contract (`PF_XBTUSD`).
   * @throws TypeError if there is no such market.
   */
  market(name: string): ExchangeMarket {
    const market = this.#markets.get(findPair(name)?.altname ?? name.toUpperCase());
    if (!market) throw new TypeError(`Unknown market "${name}".`);
    return market;
  }

  /** All markets, Spot first. */
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
   * Fills an open Spot order at its own price, as if the market had reached it. That price becomes the last price.
   * @param volume the volume to fill; default: the rest of the order
   * @throws TypeError if there is no such open order, or it is smaller than `volume`.
   */
  fill(txid: string, volume?: string): void {
    const order = this.#account.openOrders().find((entry) => entry.txid === txid);
    if (!order) throw new TypeError("there is no such open order");
    const rest = order.volume - order.executed;
    const wanted = parseDecimal(volume ?? formatDecimal(rest, 18));
    if (wanted === undefined || wanted === 0n || wanted > rest) throw new TypeError("volume is more than is left of the order");
    this.#account.fill(order, wanted, this.#now());
  }

  /** Answers one request. `fetch` and `listen` call it, and so can an adapter of your own. It is bound. */
  readonly handle: Handler = async (request, gone) => {
    if (request.origin !== undefined && !isKraken(request.origin)) return this.#leaked(request);
    return this.#delivery.carry(request, this.#arrivalDelay(), gone);
  };

  #target(request: ExchangeRequest): FaultTarget {
    return {
      method: request.method,
      path: request.path,
      endpoint: this.#api(request.path).endpoint(request.path),
      body: decoder.decode(request.body),
    };
  }

  /** Checks one request at a time. Executes it at once, or after its wait in the queue of the matching engine. */
  #arrive(request: ExchangeRequest, fault?: Fault["fault"], queue?: () => Promise<void>): ExchangeAnswer | Promise<ExchangeAnswer> {
    const api = this.#api(request.path);
    const arrivedAt = this.#now();
    const finish = (admission: Admission) => this.#conclude(api, request, admission.finish(), fault);
    const checked = this.#checks.run(() =>
      after<Admission, Admission | ExchangeAnswer>(api.admit(request, arrivedAt), (admission) =>
        queue && admission.admitted ? admission : finish(admission),
      ),
    );
    return after(checked, (admission) => ("admitted" in admission ? after(queue?.(), () => finish(admission)) : admission));
  }

  #conclude(api: Api, request: ExchangeRequest, outcome: Outcome, fault: Fault["fault"] | undefined): ExchangeAnswer {
    const endpoint = api.endpoint(request.path);
    const { key, nonce, params, execution: done } = outcome;
    const head = { product: api.product, endpoint, method: request.method, params, time: this.#now() };
    const execution = done && executionOf(head, done, key?.key, nonce);
    if (execution) this.#remember(execution);
    this.#record(request, endpoint, { verdict: execution ? "executed" : "refused", errors: outcome.errors, fault, execution });
    return outcome.answer;
  }

  #remember(execution: Execution): void {
    this.#executions.push(execution);
    trim(this.#executions, this.#kept);
  }

  #record(request: ExchangeRequest, endpoint: string, end: RequestEnd): void {
    const received = receivedRequest(request, endpoint, this.#now(), end);
    this.#requests.push(received);
    trim(this.#requests, this.#kept);
    this.#onRequest?.(received);
  }

  #leaked(request: ExchangeRequest): ExchangeAnswer {
    this.#record(request, this.#api(request.path).endpoint(request.path), { verdict: "leaked" });
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

/** Returns a function that returns times in RFC 3339, each at least a microsecond after the one before. */
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
