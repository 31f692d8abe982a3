import { checkFlag, described, nearest } from "../checks.js";
import { InvalidRequestError, ResponseError, need } from "../errors.js";
import { certainJsonOf } from "../rest/answer/json.js";
import { shownName } from "../rest/endpoint-name.js";
import { patternOf, spotErrors } from "../rest/answer/error-patterns.js";
import { type Structure, property } from "../rest/endpoint.js";
import type { MistakenArguments, NewArguments, Omitted, ParamsMissing, Suggestion, UnknownName } from "../rest/request/arguments.js";
import type { Nearest, Or } from "../rest/request/nearest-name.js";
import type { Mistake, MistakenCall, TypeArgumentGiven } from "../rest/mistake.js";
import { checkOrderPrices } from "../rest/request/order-prices.js";
import { destinationBehind } from "../rest/sent-calls.js";
import { nameSocketOrders, socketOrder } from "../rest/sent-order.js";
import type { SpotClient } from "../rest/spot/client.js";
import { socketMethodOf, socketMethods } from "../rest/spot/endpoints/socket-methods.js";
import { TokenManager, needsToken } from "../rest/spot/tokens.js";
import { type BookFeed, type BookKeeper, keepBook } from "./book-feed.js";
import { parseExact } from "./exact.js";
import { members } from "./json.js";
import { type Message, type Shape, check } from "./message.js";
import { rejection } from "./rejection.js";
import type { Request, SocketCallOptions } from "./requests.js";
import { SessionToken } from "./session-token.js";
import { Socket, type SocketEvent, type SocketOptions } from "./socket.js";
import { ANSWER, outcomeOf } from "./spot-answers.js";
import type { SpotChannel, SpotMessage, SpotSubscription, SpotSubscriptions } from "./spot-messages.js";
import type { SocketUndecided, SpotMethods, WidenedSocketOrders } from "./spot-trading.js";

/** The fields of a channel's messages that are read. Other fields are passed on as Kraken sent them. */
const DATA: Shape = { channel: "string", type: "string", sequence: "integer" };

/** An event of a {@link SpotSocket}, among its messages. */
export type SpotSocketEvent = {
  /** Distinguishes events from Kraken's messages. */
  readonly channel: "socket";
} & SocketEvent;

/** Options of {@link SpotSocket}. */
export interface SpotSocketOptions extends SocketOptions<SpotSocketEvent> {
  /** The source of tokens, for private channels and trading; none by default. With neither `tokens` nor `client`, the socket has only public channels. */
  readonly tokens?: TokenManager | undefined;
  /** In place of `tokens`, a client that gets them, with a key that has the permission `create-ws-token`; none by default. */
  readonly client?: Pick<SpotClient, "call"> | undefined;
  /**
   * Whether orders of add_order and batch_add without `cl_ord_id` and `order_userref` get a random `cl_ord_id`, by which `resolveOrder` finds them; `true`
   * by default.
   */
  readonly clientOrderIds?: boolean | undefined;
}

type KnownChannel = keyof SpotSubscriptions;
type ParamsOf<C extends string> = SpotSubscriptions[C & KnownChannel];

/** The sentence for an unknown name. */
type Unknown<C extends string, How extends string> = UnknownName<C, KnownChannel, "channel", How>;

/** The sentence for a name without parameters. */
type Bare<C extends string, How extends string> = C extends KnownChannel ? ParamsMissing<C> : Unknown<C, How>;

type MethodParams<M extends keyof SpotMethods> = SpotMethods[M]["params"];
type MethodResult<M extends keyof SpotMethods> = SpotMethods[M]["result"];

/** The sentence for an unknown method. */
type UnknownMethod<M extends string> = [M] extends [keyof SpotMethods]
  ? never
  : Or<Suggestion<Nearest<M, keyof SpotMethods>>, "Unknown method">;

type ChannelWithoutParams = { [C in KnownChannel]: {} extends SpotSubscriptions[C] ? C : never }[KnownChannel];
type KnownName = MistakenCall<TypeArgumentGiven<"channel">>;

/**
 * Returns the parameters of an order, or of each in a batch, under their names in REST: `resolveOrder` compares them with the orders that it finds.
 * Prices are left out, because REST has other fields for those of triggered orders.
 */
function restParametersOf({ side, order_type, order_qty, symbol, order_userref, cl_ord_id, orders }: Structure): Structure {
  const own = { type: side, ordertype: order_type, volume: order_qty, pair: symbol, userref: order_userref, cl_ord_id };
  return Array.isArray(orders) ? { orders: orders.map((order: Structure) => restParametersOf({ symbol, ...order })) } : own;
}

/**
 * A client of Kraken's Spot WebSocket, version 2: private channels, public channels, and trading.
 *
 * With `client` or `tokens`, it connects to `wss://ws-auth.kraken.com/v2`, for private channels and trading. Otherwise, it connects to
 * `wss://ws.kraken.com/v2`, for public channels. For both, use two sockets. For `level3`, pass its own host as `url`: `wss://ws-l3.kraken.com/v2`.
 *
 * It connects when it is first used. When the connection breaks, it reconnects after a growing pause, with a new token, and subscribes everything again.
 * The reader gets an event about it (`channel: "socket"`). In Workers, keep the socket in a Durable Object: elsewhere, it ends with the request that
 * opened it, and no other request can use it.
 *
 * @example
 * ```ts
 * const socket = new SpotSocket({ client });
 * await socket.subscribe("executions");
 * for await (const message of socket) if (message.channel === "executions") console.log(message.data);
 * ```
 */
export class SpotSocket extends Socket<SpotMessage, SpotSocketEvent, SpotChannel, SpotSubscription> {
  readonly #token: SessionToken | undefined;
  readonly #namesOrders: boolean;
  /** The order books, by symbol. */
  readonly #keepers = new Map<string, BookKeeper>();
  /** Whether Kraken has ended the session on this connection by itself. */
  #ended = false;

  /** @throws InvalidRequestError if an option is invalid, or the runtime has no `WebSocket` */
  constructor(options: SpotSocketOptions = {}) {
    const { tokens, client, clientOrderIds = true } = options ?? {};
    super(options, {
      name: "SpotSocket",
      options: ["tokens", "client", "clientOrderIds"],
      url: tokens || client ? "wss://ws-auth.kraken.com/v2" : "wss://ws.kraken.com/v2",
      ping: '{"method":"ping"}',
      list: "symbol",
      serial: false,
      destination: destinationBehind(tokens ?? client ?? {}),
    });
    checkFlag("clientOrderIds", clientOrderIds);
    this.#namesOrders = clientOrderIds;
    need(!tokens || !client, "`tokens` and `client` exclude each other. Pass only one of them.");
    need(!tokens || typeof tokens.authorize === "function", `Invalid \`tokens\`: expected a TokenManager, got ${described(tokens)}.`);
    const manager = tokens ?? (client && new TokenManager(client));
    this.#token =
      manager &&
      new SessionToken(manager, {
        resume: () => this.connection.guard(() => this.requests.pump()),
        failed: (error) => this.connection.guard(() => this.#waiting().forEach((request) => request.fail(error))),
        timeout: () => Math.max(this.connection.timeout, ...this.#waiting().map(({ timeout }) => timeout)),
      });
  }

  /**
   * Calls a trading method. Resolves to its result after Kraken has confirmed it with `success: true`, and a new order with its id. The call is sent once.
   * Only if Kraken rejected its token, so that it did not run, it is sent once more with a new token, unless a later call was already sent with that one. Calls are sent in order;
   * while a call waits for a token, messages that need none go first.
   *
   * Without a connection, the call waits for the next attempt to connect, within its timeout. If that attempt fails, the call fails and is not sent later.
   *
   * @throws ApiError if Kraken rejected the call, or some of several orders. UnknownOutcomeError, with the ids of the orders and an empty `nonce`, if the
   * call was sent and no answer proves its outcome (disconnect, timeout, abort, close, or a malformed answer). If nothing was sent: InvalidRequestError;
   * TimeoutError; KrakenError with code `ERR_UNAVAILABLE`; the reason of the signal; the error of the request for a token.
   *
   * @example
   * ```ts
   * const { order_id } = await socket.call("add_order", {
   *   symbol: "BTC/USD",
   *   side: "buy",
   *   order_type: "limit",
   *   limit_price: 50000,
   *   order_qty: 0.01,
   * });
   * ```
   */
  call<M extends keyof SpotMethods | (string & Mistake<UnknownMethod<M>>), _>(
    method: M,
    params: SocketUndecided<M> | MethodParams<M & keyof SpotMethods> | WidenedSocketOrders<M>,
    options?: SocketCallOptions,
  ): Promise<MethodResult<M & keyof SpotMethods>>;
  async call(method: string, params: object, options: SocketCallOptions = {}): Promise<unknown> {
    need(typeof method === "string", `Invalid method: expected a name such as "add_order", got ${described(method)}.`);
    const meant = socketMethodOf(method) ? undefined : nearest(method, socketMethods());
    need(!meant, `Unknown method ${shownName(method)}. Did you mean "${meant}"?`);
    need(this.#token, `${method} needs a token. Construct the socket with a \`client\` that has a key, or with \`tokens\`.`);
    // Read now and only once, because the caller may change the object, and getters may return other values later.
    const written = members(this.#namesOrders ? nameSocketOrders(socketMethodOf(method) ?? {}, params) : params);
    const read = JSON.parse(`{${written}}`) as Readonly<Record<string, unknown>>;
    checkOrderPrices(socketMethodOf(method) ?? {}, read);
    const lists = method === "cancel_order" ? Object.values(read).filter(Array.isArray) : [];
    const { answer } = this.requests.make(
      {
        endpoint: method,
        method,
        params: read,
        written,
        write: true,
        order: socketOrder(read),
        like: socketMethodOf(method)?.places && restParametersOf(read),
        orders: Array.isArray(read.orders) ? read.orders.length : undefined,
        expects: lists.flat().length || 1,
      },
      options,
    );
    return answer;
  }

  /** Sends a ping, and resolves when Kraken answers. Connects if necessary. */
  async ping(options: SocketCallOptions = {}): Promise<void> {
    await this.requests.make({ endpoint: "ping", method: "ping", params: {} }, options).answer;
  }

  /**
   * Subscribes to a channel, and again after each reconnect. Resolves when Kraken has confirmed the whole subscription, if necessary after a reconnect. A
   * repeated subscription is not an error.
   *
   * @param channel - a known channel
   * @param params - the parameters of the channel, without channel and token
   * @throws ApiError if Kraken rejected it; TimeoutError; the reason of the signal; the error of the request for a token. The socket does not subscribe it
   * again then. InvalidRequestError for a book that an {@link OrderBook} maintains.
   */
  override async subscribe<C extends KnownChannel | (string & Mistake<Unknown<C, "subscribe<Parameters>(...)">>), _>(
    channel: C,
    params: ParamsOf<C> | Omitted<ParamsOf<C>>,
    options?: SocketCallOptions,
  ): Promise<void>;
  /** Subscribes to a channel without parameters. */
  override async subscribe<C extends ChannelWithoutParams | (string & Mistake<Bare<C, "subscribe<Parameters>(...)">>), _>(
    channel: C,
  ): Promise<void>;
  /** A mistake: a known channel takes no type argument. */
  override subscribe<P = never>(channel: KnownChannel, ...rest: MistakenArguments<P>): KnownName;
  /** The same for a channel that this version does not know: `subscribe<Parameters>("brand_new", …)`, with the type of its parameters. */
  override async subscribe<P = never>(channel: string, ...rest: NewArguments<P, SocketCallOptions, NoInfer<P>>): Promise<void>;
  override async subscribe(channel: string, params: SpotSubscription = {}, options?: SocketCallOptions): Promise<void> {
    this.#refuseKept(channel, params);
    await super.subscribe(channel, params, options);
  }

  /**
   * Ends a subscription, or the part of it that `params` lists. Without a connection, the socket only forgets the subscription.
   *
   * @throws InvalidRequestError for a book that an {@link OrderBook} maintains. Close that one.
   */
  override async unsubscribe<C extends KnownChannel | (string & Mistake<Unknown<C, "unsubscribe<Parameters>(...)">>), _>(
    channel: C,
    params?: Partial<ParamsOf<C>>,
    options?: SocketCallOptions,
  ): Promise<void>;
  /** A mistake: a known channel takes no type argument. */
  override unsubscribe<P = never>(channel: KnownChannel, ...rest: MistakenArguments<P>): KnownName;
  /** The same for a channel that this version does not know. */
  override async unsubscribe<P = never>(channel: string, ...rest: NewArguments<P, SocketCallOptions, NoInfer<P>>): Promise<void>;
  override async unsubscribe(channel: string, params: SpotSubscription = {}, options?: SocketCallOptions): Promise<void> {
    this.#refuseKept(channel, params);
    await super.unsubscribe(channel, params, options);
  }

  /** For {@link OrderBook}: sends the messages of one book to it, and not to the reader. */
  [keepBook](symbol: string, depth: number, keeper: BookKeeper): BookFeed {
    if (this.#keepers.has(symbol))
      throw new InvalidRequestError(`This socket already has an order book of ${symbol}. Use that one, or another socket.`);
    const params = { symbol: [symbol], depth };
    const { connection, wanted } = this;
    const isSubscribed = (): boolean =>
      [...wanted.values()].some(({ of, params: { symbol: list } }) => of === "book" && Array.isArray(list) && list.includes(symbol));
    if (isSubscribed()) throw new InvalidRequestError(`This socket has already subscribed to the book of ${symbol}. Unsubscribe it first.`);
    this.#keepers.set(symbol, keeper);
    return {
      timeout: connection.timeout,
      get subscribed() {
        return isSubscribed();
      },
      subscribe: (signal) => this.keep("book", params, { signal }),
      unsubscribe: () => super.unsubscribe("book", params),
      pause: (attempts) => connection.pause(attempts),
      release: () => void this.#keepers.delete(symbol),
    };
  }

  #refuseKept(channel: string, params: SpotSubscription): void {
    if (channel !== "book") return;
    // The parameters are checked after this.
    const symbol = property(params, "symbol");
    const kept = [...this.#keepers.keys()].find((one) => !Array.isArray(symbol) || symbol.includes(one));
    if (kept !== undefined)
      throw new InvalidRequestError(`An OrderBook of this socket maintains the book of ${kept}. Use it, or close it.`);
  }

  protected override emit(event: SocketEvent): void {
    super.emit(event);
    for (const keeper of [...this.#keepers.values()]) keeper.happened(event);
  }

  protected event(event: SocketEvent): SpotSocketEvent {
    return { channel: "socket", ...event };
  }

  protected override forget(): void {
    this.#token?.forget();
    this.#ended = false;
  }

  protected override end(error?: unknown): void {
    super.end(error);
    this.#token?.end();
    for (const keeper of [...this.#keepers.values()]) keeper.ended(error);
  }

  protected compose(request: Request): string | undefined {
    const { id, method, endpoint, params, written } = request;
    const head = `{"method":${JSON.stringify(method)},"req_id":${id}`;
    if (method === "ping") return `${head}}`;
    if (!this.#token && needsToken(method, endpoint) && property(params, "token") === undefined)
      throw new InvalidRequestError(
        `${endpoint} is a private channel. Construct the socket with a \`client\` that has a key, or with \`tokens\`.`,
      );
    const parts = written === undefined ? [`"channel":${JSON.stringify(endpoint)}`, members(params)] : [written];
    if (this.#needsToken(request)) {
      request.token = this.#token!.take(method, endpoint);
      if (!request.token) return undefined;
      parts.push(`"token":${JSON.stringify(request.token)}`);
    }
    return `${head},"params":{${parts.filter(Boolean).join()}}}`;
  }

  protected receive(message: Message, text: string): void {
    const { channel, method, req_id, success, error } = message;
    if (channel !== undefined && channel !== null) return this.#report(message, text);
    const request = this.requests.get(req_id);
    if (request) return this.#answered(request, message, text);
    check(message, ANSWER);
    // A late answer is ignored. A rejection that belongs to no request is reported.
    if (success === false && typeof error === "string" && typeof req_id !== "number") this.#refused((method ?? "") as string, error);
  }

  /** Processes a message of a channel. */
  #report(message: Message, text: string): void {
    check(message, DATA);
    if (message.channel === "book" && this.#keepers.size && this.#toKeepers(message, text)) return;
    const { channel, type, sequence } = message as { readonly channel: string; readonly type?: string; readonly sequence?: number | null };
    if (channel !== "heartbeat") this.deliver(message as unknown as SpotMessage, channel, sequence ?? undefined, type === "snapshot");
  }

  /** Passes books to the order books. Returns whether the message contained no other book. */
  #toKeepers({ type, data }: Message, text: string): boolean {
    const symbols = (Array.isArray(data) ? data : [undefined]).map((report) => property(report, "symbol"));
    // If a message does not name its symbol, every order book must know that a message was lost.
    if (!symbols.every((symbol) => typeof symbol === "string")) throw new ResponseError("WebSocket");
    const keepers = symbols.map((symbol) => this.#keepers.get(symbol as string));
    if (!keepers.some(Boolean)) return false;
    const exact = parseExact(text) as { readonly data: readonly unknown[] };
    keepers.forEach((keeper, place) => keeper?.received(type, exact.data[place]));
    return keepers.every(Boolean);
  }

  #answered(request: Request, message: Message, text: string): void {
    if (request.write && certainJsonOf(text) === undefined) return request.fail(new ResponseError(request.endpoint));
    const outcome = outcomeOf(request, message);
    if (!outcome) return;
    const { endpoint, write } = request;
    if (outcome.outcome === "done") return request.succeed(outcome.result);
    const error = outcome.errors.length ? rejection("spot", endpoint, outcome, write) : new ResponseError(endpoint);
    if (error instanceof ResponseError) return request.fail(error, outcome.result);
    if (write && outcome.outcome === "unknown") {
      // The next call needs another token.
      if (error.kind === "token") this.#renew(request.token);
      return request.fail(error, outcome.result);
    }
    if (error.kind !== "token" || error.done || request.renewed || !this.#token) return request.refuse(error);
    // Kraken rejected the token, so nothing ran.
    this.#renew(request.token);
    if (write && this.requests.isOvertaken(request)) return request.refuse(error);
    request.renewed = true;
    this.requests.again(request);
  }

  #needsToken({ method, endpoint }: Request): boolean {
    return this.#token !== undefined && needsToken(method, endpoint);
  }

  /** Returns the requests that wait for a token. */
  #waiting(): Request[] {
    return [...this.requests].filter((request) => !request.sent && this.#needsToken(request));
  }

  /**
   * Replaces an invalid token, and subscribes all private channels again. Those that were subscribed with an earlier token may have ended, too, and Kraken
   * sends no message about that. Otherwise, it answers that they are subscribed already.
   */
  #renew(refused?: string): void {
    if (!this.#token?.renew(refused)) return;
    this.emit({ type: "renewed" });
    for (const subscription of this.wanted.values()) if (subscription.token) this.resubscribe(subscription);
  }

  /** Handles a rejection that belongs to no request. It may mean that Kraken has ended the session. */
  #refused(of: string, error: string): void {
    const kind = patternOf(error, spotErrors)?.kind ?? "other";
    const failure = rejection("spot", of, { outcome: "unknown", errors: [error], kind }, true);
    if (kind !== "token" || !this.#token) return this.emit({ type: "refused", of, error: failure });
    // Only once per connection, because each renewal is a request to Kraken. After that, reconnect: that begins a new session, after a pause.
    if (this.#ended) return this.connection.drop(failure);
    this.#ended = true;
    this.#renew();
  }
}
