/** The exchange as its users see it: keys, records, faults, and the two ways in. */

import { FaultQueue, matches, type Fault, type FaultTarget, type InjectOptions, type Injection } from "./faults.js";
import { createFetch } from "./fetch.js";
import { FuturesAccount } from "./futures-account.js";
import { FuturesStream } from "./futures-stream.js";
import { FuturesApi } from "./futures.js";
import { KeyRecord, type ExchangeKey, type FuturesKeyOptions, type Product, type SpotKeyOptions } from "./keys.js";
import { Lockout, RateCounter, type LockoutOptions, type RateLimitOptions } from "./limits.js";
import { listen, type ExchangeServer } from "./listen.js";
import { formatDecimal, parseDecimal } from "./decimal.js";
import { DEFAULT_BALANCES, findAsset, LAST_PRICES } from "./market.js";
import type { Api, Outcome } from "./outcome.js";
import type { Params } from "./params.js";
import type { SocketFault, SocketInjectOptions } from "./socket-faults.js";
import { SocketHub, type SocketSettings } from "./socket-hub.js";
import { createWebSocket, type ExchangeWebSocket } from "./socket-memory.js";
import type { ExchangeSocket } from "./socket-session.js";
import { SpotAccount } from "./spot-account.js";
import { SpotStream } from "./spot-stream.js";
import { SpotApi } from "./spot.js";
import { TokenStore, type WebSocketToken } from "./tokens.js";
import { respond, respondJson, wait, type ExchangeAnswer, type ExchangeRequest, type Handler } from "./wire.js";

/** Options of {@link Exchange}; every one has a default. */
export interface ExchangeOptions {
  /** The exchange's clock, in milliseconds since 1970: expiry, OTP, tokens, limits and time stamps. Default `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds of real time that pass between sending and arrival, asked anew for each request; the network's jitter. */
  readonly arrivalDelay?: () => number;
  /** A call counter per key; default none. */
  readonly rateLimit?: RateLimitOptions;
  /** When repeated invalid keys lock an address out. */
  readonly lockout?: LockoutOptions;
  /** Seconds a WebSocket token lives; default 900. */
  readonly tokenLifetime?: number;
  /** Heartbeat and limits of the WebSockets. */
  readonly sockets?: SocketSettings;
  /** What the Spot account owns at first, by Kraken's asset names, such as `{ ZUSD: "1000", XXBT: "2" }`. Default: plenty. */
  readonly balances?: Readonly<Record<string, string>>;
  /** Last trade prices, by pair; these replace the built-in ones. Market orders are filled at them. */
  readonly prices?: Readonly<Record<string, string>>;
}

/** A call that was carried out. */
export interface Execution {
  readonly product: Product;
  /** Such as `AddOrder`, `Earn/Allocate`, `sendorder`, or the path for APIs outside `/0/` and `/derivatives/api/v3/`; over a WebSocket the method, such as `add_order`. */
  readonly endpoint: string;
  /** Of HTTP; `WebSocket` over one. */
  readonly method: string;
  /** The public half of the key; absent for public endpoints. */
  readonly key?: string;
  readonly nonce?: string;
  /** As received, without nonce and OTP; every value is the text that was sent. */
  readonly params: Params;
  /** On the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** It changed something: an order, money, a setting. */
  readonly write: boolean;
  /** In words, such as `placed OAAAAA-AAAAA-AAAAA1: buy 1.25000000 XBTUSD @ limit 37500.0`. */
  readonly did: string;
  /** What was answered, or would have been if a fault had not come between. */
  readonly result: unknown;
}

/**
 * What became of a request: `executed`; `refused` with errors; `lost` to a fault before it reached the exchange's checks; or
 * `leaked`, sent to an origin that is not Kraken's, as by a client that follows redirects.
 */
export type Verdict = "executed" | "refused" | "lost" | "leaked";

/** A request that arrived. */
export interface ReceivedRequest {
  readonly verdict: Verdict;
  /** The errors of the answer; empty unless refused. */
  readonly errors: readonly string[];
  readonly endpoint: string;
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  readonly origin?: string;
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
  readonly ip: string;
  /** On the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** The fault that struck it. */
  readonly fault?: Fault["fault"];
  /** The execution, if there was one. */
  readonly execution?: Execution;
}

/** Origins that `exchange.fetch` takes for the exchange; any loopback address is another. */
const ORIGINS = ["https://api.kraken.com", "https://futures.kraken.com", "https://demo-futures.kraken.com"];

const HTML = "text/html; charset=utf-8";
const decoder = new TextDecoder();

/**
 * A simulated Kraken, Spot and Futures, with one account. It checks signatures over the raw bytes, nonces and their window, OTPs,
 * permissions, expiry and allowlists by Kraken's published rules, answers in Kraken's shapes, keeps a record of what it executed,
 * and can be told to fail.
 *
 * There is no matching: market orders are filled at once at a fixed price, every other order rests until {@link Exchange.fill},
 * an amendment or a cancellation.
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
  readonly #arrivalDelay: () => number;
  readonly #keys = new Map<string, KeyRecord>();
  readonly #account: SpotAccount;
  readonly #tokens: TokenStore;
  readonly #apis: readonly [Api, ...Api[]];
  readonly #faults = new FaultQueue<Fault & InjectOptions, FaultTarget>(matches);
  readonly #hub: SocketHub;
  readonly #executions: Execution[] = [];
  readonly #requests: ReceivedRequest[] = [];
  // Requests that wait to be overtaken, with the number of their arrival.
  readonly #held = new Map<() => void, number>();
  #arrivals = 0;
  #finished = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ExchangeOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#arrivalDelay = options.arrivalDelay ?? (() => 0);
    this.#account = new SpotAccount(options.balances ?? DEFAULT_BALANCES, { ...LAST_PRICES, ...options.prices });
    this.#tokens = new TokenStore(this.#now, options.tokenLifetime ?? 900);
    const shared = {
      now: this.#now,
      keys: this.#keys,
      lockout: new Lockout(options.lockout),
      rateCounter: new RateCounter(options.rateLimit),
    };
    const futuresAccount = new FuturesAccount();
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
      tokens: this.#tokens,
      executed: (endpoint: string, key: string, params: Params, done: Pick<Execution, "did" | "write" | "result">) =>
        void this.#executions.push({ product: "spot", endpoint, method: "WebSocket", key, params, time: this.#now(), ...done }),
    };
    this.#hub = new SocketHub(this.#now, options.sockets ?? {}, {
      "/v2": (session) => new SpotStream(context, session),
      "/ws/v1": (session) => new FuturesStream({ ...shared, account: futuresAccount }, session),
    });
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
    const key = new KeyRecord(options, `key-${this.#keys.size + 1}`, this.#now);
    if (this.#keys.has(key.key)) throw new TypeError("this key exists already");
    this.#keys.set(key.key, key);
    return key;
  }

  /** Like {@link Exchange.fetch}, as called from the address `ip`. */
  fetchFrom(ip: string): typeof fetch {
    return createFetch(this.handle, ip);
  }

  /** Like {@link Exchange.WebSocket}, as used from the address `ip`. */
  webSocketFrom(ip: string): ExchangeWebSocket {
    return createWebSocket(this.#hub, ip);
  }

  /**
   * Listens on 127.0.0.1, in Node, Deno and Bun; Spot and Futures, HTTP and WebSockets share the address.
   * @param options.port default any free one
   */
  listen(options: { readonly port?: number } = {}): Promise<ExchangeServer> {
    return listen(this.handle, this.#hub, options.port ?? 0);
  }

  /** Makes the next matching request, or the next `times`, fail in the given way. Faults strike in the order they were injected. */
  inject(fault: Fault & InjectOptions): Injection {
    return this.#faults.inject(fault);
  }

  /** Makes the next matching WebSocket connection or message, or the next `times`, fail in the given way. */
  injectSocket(fault: SocketFault & SocketInjectOptions): Injection {
    return this.#hub.inject(fault);
  }

  /** Takes back every fault that has not struck yet. */
  clearFaults(): void {
    this.#faults.clear();
    this.#hub.clearFaults();
  }

  /**
   * Trades an open Spot order at its own price, as if the market had come to it.
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
    const delay = this.#arrivalDelay();
    if (delay > 0) await wait(delay, gone);
    if (request.origin !== undefined && !isKraken(request.origin)) return this.#leaked(request);
    this.#arrivals += 1;
    const arrival = this.#arrivals;
    const fault = this.#faults.take({
      method: request.method,
      path: request.path,
      endpoint: this.#api(request.path).endpoint(request.path),
      body: decoder.decode(request.body),
    });
    return fault ? await this.#handleWith(fault, arrival, request, gone) : await this.#inTurn(arrival, request);
  };

  async #handleWith(fault: Fault, arrival: number, request: ExchangeRequest, gone: AbortSignal | undefined): Promise<ExchangeAnswer> {
    const execute = () => this.#inTurn(arrival, request, fault.fault);
    // The faults that decide themselves when the request is handled.
    switch (fault.fault) {
      case "delay": {
        if (fault.when === "before") await wait(fault.ms, gone);
        const answer = await execute();
        if (fault.when === "after") await wait(fault.ms, gone);
        return answer;
      }
      case "late":
        await this.#overtaken(arrival, fault.timeout ?? 1000, gone);
        return await execute();
      case "twice": {
        const answers = [await execute(), await execute()] as const;
        return answers[fault.answer === "second" ? 1 : 0];
      }
      case "truncated":
        return truncate(await execute(), fault.cut === true);
    }
    // The others only replace the answer.
    const when = fault.when ?? "before";
    if (when === "after") await execute();
    else this.#record(request, { verdict: "lost", fault: fault.fault });
    switch (fault.fault) {
      case "reset":
        return { type: "reset" };
      case "html": {
        const status = fault.status ?? 520;
        return respond(status, HTML, `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body>${status}</body></html>\n`);
      }
      case "redirect":
        return respond(fault.status, HTML, "", { location: (fault.to ?? "https://redirected.example") + request.path });
      case "endless":
        return respond(200, "application/json", endless(fault.bytes ?? 64 * 1024 * 1024, fault.pace ?? 0, gone));
      case "error":
        return this.#api(request.path).failure([fault.error].flat(), request.path);
      case "body":
        return respond(fault.status ?? 200, fault.contentType ?? "application/json; charset=utf-8", fault.body);
    }
  }

  /**
   * Handles requests one at a time, in the order of arrival: hashing is asynchronous, and without turns a later nonce could be
   * checked first. Once nothing has finished for a second the wait is over, because in a Worker the request in front may have been
   * cancelled, and will never finish.
   */
  async #inTurn(arrival: number, request: ExchangeRequest, fault?: Fault["fault"]): Promise<ExchangeAnswer> {
    let free = false;
    const before = this.#last.then(() => {
      free = true;
    });
    let done = () => {};
    this.#last = new Promise<void>((resolve) => {
      done = resolve;
    });
    for (let seen = -1; !free && seen !== this.#finished;) {
      seen = this.#finished;
      await wait(1000, undefined, before);
    }
    try {
      return await this.#serve(request, fault);
    } finally {
      this.#finished += 1;
      done();
      for (const [release, held] of this.#held) if (held < arrival) release();
    }
  }

  async #serve(request: ExchangeRequest, fault: Fault["fault"] | undefined): Promise<ExchangeAnswer> {
    const api = this.#api(request.path);
    const outcome = await api.serve(request);
    const execution = outcome.execution && this.#execution(api, request, outcome, outcome.execution);
    if (execution) this.#executions.push(execution);
    this.#record(request, {
      verdict: execution ? "executed" : "refused",
      errors: outcome.errors,
      ...(fault ? { fault } : {}),
      ...(execution ? { execution } : {}),
    });
    return outcome.answer;
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
    this.#requests.push({
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
    });
  }

  #leaked(request: ExchangeRequest): ExchangeAnswer {
    this.#record(request, { verdict: "leaked" });
    return respondJson({ error: [], result: {} });
  }

  #api(path: string): Api {
    return this.#apis.find((api) => api.serves(path)) ?? this.#apis[0];
  }

  async #overtaken(arrival: number, timeout: number, gone: AbortSignal | undefined): Promise<void> {
    let release = () => {};
    const overtaken = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held.set(release, arrival);
    await wait(timeout, gone, overtaken);
    this.#held.delete(release);
  }
}

function isKraken(origin: string): boolean {
  return ORIGINS.includes(origin) || /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(origin);
}

function truncate(answer: ExchangeAnswer, cut: boolean): ExchangeAnswer {
  if (answer.type === "reset" || !(answer.body instanceof Uint8Array)) return answer;
  const half = answer.body.slice(0, Math.ceil(answer.body.length / 2));
  return { ...answer, body: cut ? breakAfter(half) : half };
}

async function* breakAfter(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error("the connection breaks here");
}

async function* endless(bytes: number, pace: number, gone: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
  for (let sent = 0; sent < bytes && !gone?.aborted; sent += chunk.length) {
    yield chunk;
    if (pace > 0) await wait(pace, gone);
  }
}
