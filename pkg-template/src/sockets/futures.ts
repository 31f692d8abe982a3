// Here and not in the entry, so that a bundle with the Spot socket alone does not carry the binary on its account.
import "#core";
import { InvalidRequestError } from "../errors.js";
import { inBrowser } from "../http.js";
import { futuresWords, refusal } from "../meaning.js";
import { Signer } from "../signer.js";
import type { FuturesFeed, FuturesMessage } from "./futures-messages.js";
import { members } from "./json.js";
import type { Request } from "./requests.js";
import { Socket, type SocketEvent, type SocketOptions, circumstancesOf } from "./socket.js";

/** What happened to a {@link FuturesSocket}, among its messages. */
export type FuturesSocketEvent = { readonly feed: "socket" } & SocketEvent;

/** Options of {@link FuturesSocket}. */
export interface FuturesSocketOptions extends SocketOptions<FuturesSocketEvent> {
  /** A Futures key, with the level read-only or full. Without one, only public feeds can be subscribed. */
  readonly key?: string | undefined;
  /** Its private half: base64 as Kraken shows it, or its bytes. Only what a `Signer` keeps of it is kept. */
  readonly secret?: string | Uint8Array | undefined;
  /** Allows a browser page, where everyone can read the secret. */
  readonly allowBrowser?: boolean | undefined;
}

/** Parameters of a subscription. */
export interface FuturesSubscription {
  /** Such as `["PF_XBTUSD"]`, where a feed wants them. */
  readonly product_ids?: readonly string[];
}

/** JavaScript's WebSockets cannot send ping frames; this is a message that Kraken documents, and that changes nothing. */
const HEARTBEAT = '{"event":"subscribe","feed":"heartbeat"}';

const privateFeeds = /^(open_orders(_verbose)?|open_positions|balances|fills|account_log|notifications(_auth)?)$/;

/**
 * Kraken's Futures WebSocket, `wss://futures.kraken.com/ws/v1`: it streams, and takes no orders.
 *
 * For private feeds it asks for a challenge once on each connection, signs it, and proves itself with it in each subscription. By itself it
 * subscribes the feed `heartbeat`, to notice a connection that died in silence, and subscribes it again as its ping. For the rest it behaves
 * as `SpotSocket` does.
 */
export class FuturesSocket extends Socket<FuturesMessage, FuturesSocketEvent, FuturesFeed, FuturesSubscription> {
  readonly #key: string | undefined;
  readonly #signer: Signer | undefined;
  /** Credentials of this connection, as JSON members. */
  #proof: string | undefined;
  /** For whom the challenge was asked that has not been answered yet. */
  #asked: Request | undefined;

  /** @throws InvalidRequestError, InvalidSecretError naming what is wrong with the options. */
  constructor(options: FuturesSocketOptions = {}) {
    const { key, secret, allowBrowser } = options;
    super(options, { url: "wss://futures.kraken.com/ws/v1", ping: HEARTBEAT, list: "product_ids", serial: true });
    if (secret !== undefined && !allowBrowser && inBrowser())
      throw new InvalidRequestError("Everyone who opens a page can read its secret: use it on a server, or pass allowBrowser.");
    if ((key === undefined) !== (secret === undefined)) throw new InvalidRequestError("Give key and secret, or neither.");
    this.#key = key;
    this.#signer = secret === undefined ? undefined : new Signer(secret);
    this.wanted.set("", { of: "heartbeat", params: {} });
  }

  protected event(event: SocketEvent): FuturesSocketEvent {
    return { feed: "socket", ...event };
  }

  protected override forget(): void {
    this.#proof = undefined;
    this.#asked = undefined;
  }

  protected override end(error?: unknown): void {
    super.end(error);
    this.#signer?.free();
  }

  protected async compose(request: Request): Promise<string | undefined> {
    const { method, endpoint, params } = request;
    const isPrivate = privateFeeds.test(endpoint);
    if (isPrivate && !this.#proof) {
      if (!this.#signer) throw new InvalidRequestError("A private feed needs key and secret.");
      // Once for each request, and each gives up at some time: an answer may get lost.
      if (this.#asked !== request && this.connection.send(`{"event":"challenge",${members({ api_key: this.#key })}}`))
        this.#asked = request;
      return undefined;
    }
    return `{${[members({ event: method, feed: endpoint }), members(params), isPrivate && this.#proof].filter(Boolean).join()}}`;
  }

  protected receive(message: Readonly<Record<string, unknown>>): void {
    const { feed, event, message: text, seq, product_id } = message;
    const request = this.requests.first;
    if (event === "challenge" && typeof text === "string" && this.#signer) {
      this.#proof = members({ api_key: this.#key, original_challenge: text, signed_challenge: this.#signer.signChallenge(text) });
      return this.requests.pump();
    }
    if (event === `${request?.method}d` && feed === request?.endpoint && request?.sent) return request.succeed(undefined);
    if (/^(error|alert)$|_failed$/.test(`${event}`)) {
      // Most of them do not say to what they belong, but one request is out at a time, or waits for its challenge.
      const mine = request && (request.sent || this.#asked === request) && (feed ?? request.endpoint) === request.endpoint;
      const of = mine ? request.endpoint : `${feed ?? ""}`;
      const failure = refusal(of, [`${text ?? event}`], circumstancesOf(futuresWords), privateFeeds.test(of) ? "key" : "other");
      if (mine) request.fail(failure);
      else if (feed !== "heartbeat") this.emit({ type: "refused", of, error: failure });
    } else if (typeof feed === "string" && !event && feed !== "heartbeat") {
      const name = feed.replace("_snapshot", "");
      this.deliver(message as unknown as FuturesMessage, product_id ? `${name}:${product_id}` : name, seq, name !== feed);
    }
  }
}
