// Imported here and not in the entry, so that a bundle with only the Spot socket does not contain the binary.
import "#core";
import { checkFlag } from "../checks.js";
import { InvalidRequestError, ResponseError, need } from "../errors.js";
import { inBrowser } from "../rest/guards.js";
import { checkedKey } from "../rest/key-pair.js";
import { futuresErrors, patternOf } from "../rest/answer/error-patterns.js";
import type { MistakenArguments, NewArguments, UnknownName } from "../rest/request/arguments.js";
import type { Mistake, MistakenCall, TypeArgumentGiven } from "../rest/mistake.js";
import { type SecretOption, isSource, readSource } from "../signing/secret-source.js";
import { Signer } from "../signing/signer.js";
import type { FuturesFeed, FuturesMessage, KnownFuturesFeed } from "./futures-messages.js";
import { members } from "./json.js";
import { type Message, type Shape, check, fits } from "./message.js";
import { rejection } from "./rejection.js";
import type { Request, SocketCallOptions } from "./requests.js";
import { Socket, type SocketEvent, type SocketOptions } from "./socket.js";

/** The fields of a feed's messages that are read. Other fields are passed on as Kraken sent them. */
const DATA: Shape = { feed: "string", seq: "integer", product_id: "string" };
const EVENT: Shape = { event: "string", feed: "string", message: "string" };

/**
 * The only texts that are signed as a challenge. Kraken's challenges are UUIDs. Other text, which ends with a path, could be that of a request to the REST
 * API.
 */
const CHALLENGE = /^[\w-]{1,128}$/;

/** An event of a {@link FuturesSocket}, among its messages. */
export type FuturesSocketEvent = {
  /** Distinguishes events from Kraken's messages. */
  readonly feed: "socket";
} & SocketEvent;

/** Options of {@link FuturesSocket}. */
export interface FuturesSocketOptions extends SocketOptions<FuturesSocketEvent> {
  /** A Futures API key with read-only or full access; none by default. Without a key, the socket has only public feeds. */
  readonly key?: string | undefined;
  /**
   * The private key: base64 as Kraken shows it, or its bytes; none by default. It may be a function that returns it, also asynchronously. The function is
   * called when a private feed first needs the secret, and again after Kraken has rejected the key or its signature. If it fails, the subscription fails with a
   * `SecretSourceError`. The socket keeps only what a `Signer` keeps.
   */
  readonly secret?: SecretOption | undefined;
  /** Allows the socket in a web page, where everyone can read the secret; `false` by default. */
  readonly allowBrowser?: boolean | undefined;
}

/** Parameters of a subscription. */
export interface FuturesSubscription {
  /** Such as `["PF_XBTUSD"]`, for feeds that require them. */
  readonly product_ids?: readonly string[];
}

/** The sentence for an unknown name. */
type Unknown<F extends string, How extends string> = UnknownName<F, KnownFuturesFeed, "feed", How>;
type KnownName = MistakenCall<TypeArgumentGiven<"feed">>;

/** The message that is sent as a ping, because JavaScript cannot send ping frames. Kraken documents it, and it changes nothing. */
const HEARTBEAT = '{"event":"subscribe","feed":"heartbeat"}';

const privateFeeds =
  /^(open_orders(_verbose)?|open_positions|balances|account_balances_and_margins|deposits_withdrawals|fills|account_log|notifications(_auth)?)$/;

/**
 * A client of Kraken's Futures WebSocket, `wss://futures.kraken.com/ws/v1`. The WebSocket streams data and does not accept orders.
 *
 * For private feeds, the socket requests a challenge once per connection, signs it, and sends it with each subscription. It subscribes the feed
 * `heartbeat` itself, to notice a dead connection, and subscribes it again as a ping. Otherwise, it behaves like `SpotSocket`.
 *
 * @example
 * ```ts
 * const socket = new FuturesSocket({ key, secret });
 * await socket.subscribe("fills");
 * for await (const message of socket) if (message.feed === "fills") console.log(message.fills);
 * ```
 */
export class FuturesSocket extends Socket<FuturesMessage, FuturesSocketEvent, FuturesFeed, FuturesSubscription> {
  readonly #key: string | undefined;
  readonly #source: Extract<SecretOption, () => unknown> | undefined;
  #signer: Signer | undefined;
  /** The request for which the secret was requested last. */
  #reading: Request | undefined;
  /** The credentials of this connection, as JSON members. */
  #proof: string | undefined;
  /** The request for which a challenge was requested last. */
  #asked: Request | undefined;
  /** The number of challenges that were requested on this connection and have not arrived. */
  #missing = 0;

  /** @throws InvalidRequestError or InvalidSecretError if an option is invalid */
  constructor(options: FuturesSocketOptions = {}) {
    const { key, secret, allowBrowser } = options ?? {};
    const own = { name: "FuturesSocket", options: ["key", "secret", "allowBrowser"] };
    super(options, { ...own, url: "wss://futures.kraken.com/ws/v1", ping: HEARTBEAT, list: "product_ids", serial: true });
    need(
      secret === undefined || allowBrowser || !inBrowser(),
      "Everyone who opens this page can read the secret. Sign on a server, or pass `allowBrowser: true` if only you open the page.",
    );
    checkFlag("allowBrowser", allowBrowser);
    const [given, missing] = secret === undefined ? ["key", "secret"] : ["secret", "key"];
    need(
      (key === undefined) === (secret === undefined),
      `Missing \`${missing}\`: there is a \`${given}\` without it. Is the environment variable set? Leave both out for public feeds.`,
    );
    this.#key = secret === undefined ? undefined : checkedKey(key, secret);
    if (isSource(secret)) this.#source = secret;
    else if (secret !== undefined) this.#signer = new Signer(secret);
    this.wanted.set("", { of: "heartbeat", params: {} });
  }

  /**
   * Subscribes to a feed, and again after each reconnect. Resolves when Kraken has confirmed it.
   *
   * @param feed - a known feed
   * @param params - the products, for feeds that require them
   * @throws ApiError if Kraken rejected it; TimeoutError; SecretSourceError if the function for the secret fails; InvalidRequestError if the feed is private
   * and the socket has no key; the reason of the signal
   */
  override async subscribe<F extends KnownFuturesFeed | (string & Mistake<Unknown<F, "subscribe<Parameters>(...)">>), _>(
    feed: F,
    params?: FuturesSubscription,
    options?: SocketCallOptions,
  ): Promise<void>;
  /** A mistake: a known feed takes no type argument. */
  override subscribe<P = never>(feed: KnownFuturesFeed, ...rest: MistakenArguments<P>): KnownName;
  /** The same for a feed that this version does not know: `subscribe<Parameters>("brand_new", …)`, with the type of its parameters. */
  override async subscribe<P = never>(feed: string, ...rest: NewArguments<P, SocketCallOptions, NoInfer<P>>): Promise<void>;
  override async subscribe(feed: string, params?: FuturesSubscription, options?: SocketCallOptions): Promise<void> {
    await super.subscribe(feed, params, options);
  }

  /** Ends a subscription, or the part of it that `params` lists. Without a connection it is only forgotten. */
  override async unsubscribe<F extends KnownFuturesFeed | (string & Mistake<Unknown<F, "unsubscribe<Parameters>(...)">>), _>(
    feed: F,
    params?: FuturesSubscription,
    options?: SocketCallOptions,
  ): Promise<void>;
  /** A mistake: a known feed takes no type argument. */
  override unsubscribe<P = never>(feed: KnownFuturesFeed, ...rest: MistakenArguments<P>): KnownName;
  /** The same for a feed that this version does not know. */
  override async unsubscribe<P = never>(feed: string, ...rest: NewArguments<P, SocketCallOptions, NoInfer<P>>): Promise<void>;
  override async unsubscribe(feed: string, params?: FuturesSubscription, options?: SocketCallOptions): Promise<void> {
    await super.unsubscribe(feed, params, options);
  }

  protected event(event: SocketEvent): FuturesSocketEvent {
    return { feed: "socket", ...event };
  }

  protected override forget(): void {
    this.#proof = undefined;
    this.#asked = undefined;
    this.#missing = 0;
  }

  protected override end(error?: unknown): void {
    super.end(error);
    this.#signer?.free();
  }

  protected compose(request: Request): string | undefined {
    const { method, endpoint, params } = request;
    const isPrivate = privateFeeds.test(endpoint);
    if (isPrivate && !this.#proof) {
      if (!this.#signer && !this.#source)
        throw new InvalidRequestError(`${endpoint} is a private feed. Construct the socket with \`key\` and \`secret\`.`);
      if (!this.#signer) return void this.#read(request);
      // A challenge may get lost, so each request asks for one, and gives up after its timeout.
      if (this.#asked === request) return undefined;
      this.#asked = request;
      this.#missing++;
      this.connection.send(`{"event":"challenge",${members({ api_key: this.#key })}}`);
      return undefined;
    }
    request.token = isPrivate ? this.#proof : undefined;
    return `{${[members({ event: method, feed: endpoint }), members(params), request.token].filter(Boolean).join()}}`;
  }

  /** Reads the secret for a request, and goes on with it. */
  async #read(request: Request): Promise<void> {
    // Each request calls the function once, because an earlier call may hang.
    if (this.#reading === request) return;
    this.#reading = request;
    try {
      const signer = new Signer(await readSource("secret", this.#source!));
      // It came too late if the socket was closed, or another call of the function was quicker.
      if (this.#signer || this.connection.closed) signer.free();
      else this.#signer = signer;
    } catch (error) {
      if (!request.sent) request.fail(error);
    }
    this.connection.guard(() => this.requests.pump());
  }

  protected receive(message: Message): void {
    const { event, feed } = message;
    if (event !== undefined && event !== null) return this.#happened(message);
    check(message, DATA);
    if (typeof feed !== "string" || feed === "heartbeat") return;
    const { seq, product_id } = message as { readonly seq?: number | null; readonly product_id?: string | null };
    const name = feed.replace("_snapshot", "");
    this.deliver(message as unknown as FuturesMessage, product_id ? `${name}:${product_id}` : name, seq ?? undefined, name !== feed);
  }

  /** Processes an answer or an error. Most of them do not name their request, but only one request is sent or waits for its challenge at a time. */
  #happened(message: Message): void {
    const request = this.requests.first;
    const isOut = request !== undefined && (request.sent || this.#asked === request);
    if (!fits(message, EVENT)) {
      if (!isOut) throw new ResponseError("WebSocket");
      return request.fail(new ResponseError(request.endpoint));
    }
    const { event, feed, message: text } = message as { readonly event: string; readonly feed?: string | null; readonly message?: string };
    const mine = isOut && (feed ?? request.endpoint) === request.endpoint ? request : undefined;
    if (event === "challenge") this.#challenged(text, mine);
    else if (/^(error|alert)$|_failed$/.test(event)) {
      if (mine && this.#isStale(mine)) this.#again(mine);
      else this.#refused(mine, mine?.endpoint ?? feed ?? "", text ?? event);
    } else if (mine?.sent && feed === mine.endpoint && event === `${mine.method}d`) mine.succeed(undefined);
  }

  #challenged(text: unknown, request: Request | undefined): void {
    // A challenge that was not requested is not signed.
    if (!this.#asked || !this.#signer) return;
    this.#missing--;
    if (typeof text === "string" && CHALLENGE.test(text)) {
      this.#proof = members({ api_key: this.#key, original_challenge: text, signed_challenge: this.#signer.signChallenge(text) });
      return this.requests.pump();
    }
    if (!request || request.sent) throw new ResponseError("WebSocket");
    request.fail(new ResponseError(request.endpoint));
  }

  /**
   * Whether Kraken may have sent a newer challenge than the one that was signed. Only the newest one is valid. It may have been lost, or its request may
   * have given up before it arrived.
   */
  #isStale({ token, renewed }: Request): boolean {
    return token !== undefined && !renewed && (token !== this.#proof || this.#missing > 0);
  }

  #again(request: Request): void {
    request.renewed = true;
    if (request.token === this.#proof) this.forget();
    this.requests.again(request);
  }

  /** Lets the secret be read again, if it comes from a function. */
  #forgetSecret(): void {
    if (!this.#source) return;
    this.#signer?.free();
    this.#signer = undefined;
    this.forget();
  }

  #refused(request: Request | undefined, of: string, text: string): void {
    const kind = patternOf(text, futuresErrors)?.kind ?? (privateFeeds.test(of) ? "key" : "other");
    if (kind === "key" || kind === "signature") this.#forgetSecret();
    const failure = rejection("futures", of, { outcome: "unknown", errors: [text], kind }, false);
    if (request) request.refuse(failure);
    else if (of !== "heartbeat") this.emit({ type: "refused", of: of.slice(0, 80), error: failure });
  }
}
