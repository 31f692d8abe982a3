import { checkFlag } from "../checks.js";
import { InvalidRequestError, ResponseError } from "../errors.js";
import { patternOf, spotErrors } from "../rest/answer/error-patterns.js";
import { property } from "../rest/endpoint.js";
import type { KnownArguments, NewArguments, ParamsMissing, PassedOver, UnknownName } from "../rest/request/arguments.js";
import { nameSocketOrders, socketOrder } from "../rest/sent-order.js";
import type { SpotClient } from "../rest/spot/client.js";
import { socketMethodOf } from "../rest/spot/endpoints/socket-methods.js";
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
import type { SpotChannel, SpotMessage, SpotMethods, SpotSubscription, SpotSubscriptions } from "./spot-messages.js";

/** The fields of a channel's messages that are read. What else is in them is passed on as Kraken sent it. */
const DATA: Shape = { channel: "string", type: "string", sequence: "integer" };

/** What happened to a {@link SpotSocket}, among its messages. */
export type SpotSocketEvent = {
  /** Tells it from Kraken's own messages. */
  readonly channel: "socket";
} & SocketEvent;

/** Options of {@link SpotSocket}. */
export interface SpotSocketOptions extends SocketOptions<SpotSocketEvent> {
  /** Where tokens for private channels and trading come from. By default, with neither this nor a client, the socket is a public one. */
  readonly tokens?: TokenManager | undefined;
  /** Instead of `tokens`: a client that gets them, with a key that has the permission `create-ws-token`; none by default. */
  readonly client?: Pick<SpotClient, "call"> | undefined;
  /**
   * Orders of add_order and batch_add that have neither `cl_ord_id` nor `order_userref` get a random `cl_ord_id`, by which `resolveOrder` finds
   * them; `false` leaves them as they are. `true` by default.
   */
  readonly clientOrderIds?: boolean | undefined;
}

type IsKnown<C extends string> = C extends keyof SpotSubscriptions ? true : false;

type ChannelArguments<C, Options> = [C] extends [keyof SpotSubscriptions] ? KnownArguments<SpotSubscriptions[C], Options> : PassedOver;
/** To end a subscription, or a part of it. */
type EndingArguments<C, Options> = [C] extends [keyof SpotSubscriptions]
  ? [params?: Partial<SpotSubscriptions[C]>, options?: Options]
  : PassedOver;

/** A name that is not known: any text, if there is a type argument, else a sentence that says what is wrong. */
type NewChannel<New, C extends string, How extends string> = [New] extends [never]
  ? C extends keyof SpotSubscriptions
    ? ParamsMissing<C>
    : UnknownName<C, keyof SpotSubscriptions, "channel", How>
  : C;
type NewChannelArguments<New, C extends string> = NewArguments<New, IsKnown<C>, keyof SpotSubscriptions, SocketCallOptions, NoInfer<New>>;

/**
 * Kraken's Spot WebSocket, version 2: private channels, public ones, and trading.
 *
 * With tokens it connects to `wss://ws-auth.kraken.com/v2`, which is for private channels and trading; without, to
 * `wss://ws.kraken.com/v2`, where Kraken has its public channels: for both, use two sockets. `level3` has a host of its own,
 * `wss://ws-l3.kraken.com/v2`: pass it as `url`.
 *
 * It connects when it is first used, and again when the connection breaks: after a growing pause, with a new token, with all that was
 * subscribed. The reader is told (`channel: "socket"`). In Workers, keep it in a Durable Object: elsewhere a socket lives no longer than the
 * request that opened it, and no other request can use it.
 */
export class SpotSocket extends Socket<SpotMessage, SpotSocketEvent, SpotChannel, SpotSubscription> {
  readonly #token: SessionToken | undefined;
  readonly #namesOrders: boolean;
  /** Who keeps the book of a symbol. */
  readonly #keepers = new Map<string, BookKeeper>();
  /** Whether Kraken has ended the session unasked on this connection. */
  #ended = false;

  /** @throws InvalidRequestError naming what is wrong with the options, or that there is no `WebSocket`. */
  constructor(options: SpotSocketOptions = {}) {
    const { tokens, client, clientOrderIds = true } = options ?? {};
    super(options, {
      name: "SpotSocket",
      options: ["tokens", "client", "clientOrderIds"],
      url: tokens || client ? "wss://ws-auth.kraken.com/v2" : "wss://ws.kraken.com/v2",
      ping: '{"method":"ping"}',
      list: "symbol",
      serial: false,
    });
    checkFlag("clientOrderIds", clientOrderIds);
    this.#namesOrders = clientOrderIds;
    if (tokens && client)
      throw new InvalidRequestError("`tokens` and `client` exclude each other: the client would get tokens of its own.");
    const manager = tokens ?? (client && new TokenManager(client));
    this.#token =
      manager &&
      new SessionToken(manager, {
        resume: () => this.connection.guard(() => this.requests.pump()),
        failed: (error) => this.connection.guard(() => this.#waiting().forEach((request) => request.fail(error))),
        patience: () => Math.max(this.connection.timeout, ...this.#waiting().map(({ timeout }) => timeout)),
      });
  }

  /**
   * Trades: sends a method and resolves to its result, once Kraken has said `success: true` to that very method. It is sent once; only if
   * Kraken refused its token, so that nothing of it ran, it is sent once more with a new one. Methods go out in the order in which they were
   * called; while there is no token, what needs none goes first.
   *
   * Without a connection it waits for the one that is being made, at most its timeout. If that attempt fails, the call fails with it, and is
   * not sent by a later one.
   *
   * @throws ApiError where Kraken refused in words that are known, also only some of several orders; UnknownOutcomeError, with the names that the
   * orders were given, where it was sent and no answer proves what became of it (break, timeout, abort, close, an answer that makes no sense;
   * its `nonce` is empty). Nothing was sent: InvalidRequestError; TimeoutError; KrakenError with
   * code `ERR_UNAVAILABLE`; the signal's reason; what getting a token throws.
   */
  async call<M extends keyof SpotMethods>(
    method: M,
    params: SpotMethods[M]["params"],
    options: SocketCallOptions = {},
  ): Promise<SpotMethods[M]["result"]> {
    if (!this.#token)
      throw new InvalidRequestError(
        `${method}: trading needs a token. Construct the socket with a \`client\` that has a key, or with \`tokens\`.`,
      );
    // Read now and only once: the caller may change the object, and getters may answer differently later.
    const written = members(this.#namesOrders ? nameSocketOrders(socketMethodOf(method) ?? {}, params) : params);
    const read = JSON.parse(`{${written}}`) as Readonly<Record<string, unknown>>;
    const lists = method === "cancel_order" ? Object.values(read).filter(Array.isArray) : [];
    const { answer } = this.requests.make(
      {
        endpoint: method,
        method,
        params: read,
        written,
        write: true,
        order: socketOrder(read),
        like: { type: read.side, ordertype: read.order_type, volume: read.order_qty },
        orders: Array.isArray(read.orders) ? read.orders.length : undefined,
        expects: lists.flat().length || 1,
      },
      options,
    );
    return answer as Promise<SpotMethods[M]["result"]>;
  }

  /** Connects if need be, and resolves when Kraken answers. */
  async ping(options: SocketCallOptions = {}): Promise<void> {
    await this.requests.make({ endpoint: "ping", method: "ping", params: {} }, options).answer;
  }

  /**
   * Subscribes, and after each break again. Resolves when Kraken has confirmed it, all of it; a break before that is waited out. What is
   * subscribed already is no error.
   *
   * @param channel - a channel that is known here
   * @param params - the channel's, without channel and token
   * @throws ApiError if Kraken refuses; TimeoutError; the signal's reason; what getting a token throws. After a break it is not subscribed then.
   * InvalidRequestError for a book that an {@link OrderBook} keeps.
   */
  override async subscribe<C extends SpotChannel>(channel: C, ...rest: ChannelArguments<C, SocketCallOptions>): Promise<void>;
  /** The same for a channel that this version does not know: `subscribe<Parameters>("brand_new", …)`, with the type of its parameters. */
  override async subscribe<P = never, C extends string = string>(
    channel: NewChannel<P, C, "subscribe<Parameters>(...)">,
    ...rest: NewChannelArguments<P, C>
  ): Promise<void>;
  override async subscribe(channel: string, params: SpotSubscription = {}, options?: SocketCallOptions): Promise<void> {
    this.#refuseKept(channel, params);
    await super.subscribe(channel, params, options);
  }

  /**
   * Ends a subscription, or the part of it that `params` lists. Without a connection it is only forgotten.
   *
   * @throws InvalidRequestError for a book that an {@link OrderBook} keeps: close that instead
   */
  override async unsubscribe<C extends SpotChannel>(channel: C, ...rest: EndingArguments<C, SocketCallOptions>): Promise<void>;
  /** The same for a channel that this version does not know. */
  override async unsubscribe<P = never, C extends string = string>(
    channel: NewChannel<P, C, "unsubscribe<Parameters>(...)">,
    ...rest: NewChannelArguments<P, C>
  ): Promise<void>;
  override async unsubscribe(channel: string, params: SpotSubscription = {}, options?: SocketCallOptions): Promise<void> {
    this.#refuseKept(channel, params);
    await super.unsubscribe(channel, params, options);
  }

  /** For {@link OrderBook}: the messages of one book go to its keeper, and to nobody else. */
  [keepBook](symbol: string, depth: number, keeper: BookKeeper): BookFeed {
    if (this.#keepers.has(symbol))
      throw new InvalidRequestError(`This socket has an order book of ${symbol} already. Use that one, or another socket.`);
    const params = { symbol: [symbol], depth };
    const { connection, wanted } = this;
    const isSubscribed = (): boolean =>
      [...wanted.values()].some(({ of, params: { symbol: list } }) => of === "book" && Array.isArray(list) && list.includes(symbol));
    if (isSubscribed()) throw new InvalidRequestError(`The book of ${symbol} is subscribed on this socket already: unsubscribe it first.`);
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

  #refuseKept(channel: string, { symbol }: SpotSubscription): void {
    if (channel !== "book") return;
    const kept = [...this.#keepers.keys()].find((one) => !Array.isArray(symbol) || symbol.includes(one));
    if (kept !== undefined) throw new InvalidRequestError(`An OrderBook keeps the book of ${kept} on this socket: use it, or close it.`);
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
        `${endpoint} is a private channel: construct the socket with a \`client\` that has a key, or with \`tokens\`.`,
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
    if (request) return this.#answered(request, message);
    check(message, ANSWER);
    // An answer that came too late is not news; a refusal that belongs to nothing is.
    if (success === false && typeof error === "string" && typeof req_id !== "number") this.#refused((method ?? "") as string, error);
  }

  /** A message of a channel. */
  #report(message: Message, text: string): void {
    check(message, DATA);
    if (message.channel === "book" && this.#keepers.size && this.#toKeepers(message, text)) return;
    const { channel, type, sequence } = message as { readonly channel: string; readonly type?: string; readonly sequence?: number | null };
    if (channel !== "heartbeat") this.deliver(message as unknown as SpotMessage, channel, sequence ?? undefined, type === "snapshot");
  }

  /** Hands books to those who keep them. Returns whether all in the message were theirs. */
  #toKeepers({ type, data }: Message, text: string): boolean {
    const symbols = (Array.isArray(data) ? data : [undefined]).map((report) => property(report, "symbol"));
    // Of a message that does not say whose it is, each of them has to know that it is lost.
    if (!symbols.every((symbol) => typeof symbol === "string")) throw new ResponseError("WebSocket");
    const keepers = symbols.map((symbol) => this.#keepers.get(symbol as string));
    if (!keepers.some(Boolean)) return false;
    const exact = parseExact(text) as { readonly data: readonly unknown[] };
    keepers.forEach((keeper, place) => keeper?.received(type, exact.data[place]));
    return keepers.every(Boolean);
  }

  #answered(request: Request, message: Message): void {
    const outcome = outcomeOf(request, message);
    if (!outcome) return;
    const { endpoint, write } = request;
    if (outcome.outcome === "done") return request.succeed(outcome.result);
    const error = outcome.errors.length ? rejection("spot", endpoint, outcome, write) : new ResponseError(endpoint);
    if (error instanceof ResponseError || (write && outcome.outcome === "unknown")) return request.fail(error);
    if (error.kind !== "token" || error.done || request.renewed || !this.#token) return request.refuse(error);
    // Refused at the door: nothing of it ran.
    request.renewed = true;
    this.#renew(request.token);
    this.requests.again(request);
  }

  #needsToken({ method, endpoint }: Request): boolean {
    return this.#token !== undefined && needsToken(method, endpoint);
  }

  /** What waits for a token. */
  #waiting(): Request[] {
    return [...this.requests].filter((request) => !request.sent && this.#needsToken(request));
  }

  /** Replaces a dead token, and what was subscribed with it. */
  #renew(refused?: string): void {
    const dead = this.#token?.renew(refused);
    if (!dead) return;
    this.emit({ type: "renewed" });
    for (const subscription of this.wanted.values()) if (subscription.token === dead) this.resubscribe(subscription);
  }

  /** Kraken refuses what nobody has asked for; or it has ended the session. */
  #refused(of: string, error: string): void {
    const kind = patternOf(error, spotErrors)?.kind ?? "other";
    const failure = rejection("spot", of, { outcome: "unknown", errors: [error], kind }, true);
    if (kind !== "token" || !this.#token) return this.emit({ type: "refused", of, error: failure });
    // Once: each time costs a request to Kraken. A new connection begins a new session, too, and there is a pause before it.
    if (this.#ended) return this.connection.drop(failure);
    this.#ended = true;
    this.#renew();
  }
}
