import type { CallOptions } from "../rest/call.js";
import { InvalidRequestError } from "../errors.js";
import { refusal, spotWords } from "../meaning.js";
import type { SpotClient } from "../rest/spot/client.js";
import { TokenManager } from "../tokens.js";
import { members } from "./json.js";
import { type Request, Socket, type SocketEvent, type SocketOptions, circumstancesOf } from "./socket.js";
import type { SpotChannel, SpotMessage, SpotMethods, SpotSubscription } from "./spot-messages.js";

const SPOT = /* @__PURE__ */ circumstancesOf(spotWords);

/** What happened to a {@link SpotSocket}, among its messages. */
export type SpotSocketEvent = { readonly channel: "socket" } & SocketEvent;

/** Options of {@link SpotSocket}. */
export interface SpotSocketOptions extends SocketOptions<SpotSocketEvent> {
  /** Where tokens for private channels and trading come from. With neither this nor a client, the socket is a public one. */
  readonly tokens?: TokenManager | undefined;
  /** Instead of `tokens`: a client that gets them, with a key that has the permission `create-ws-token`. */
  readonly client?: Pick<SpotClient, "call"> | undefined;
}

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
  protected readonly list = "symbol";
  protected readonly serial = false;
  readonly #tokens: TokenManager | undefined;
  /** The one handed out last. */
  #token: string | undefined;
  /** The one of an earlier connection: each connection gets a new one, as Kraken recommends. */
  #old: string | undefined;

  /** @throws InvalidRequestError naming what is wrong with the options, or that there is no `WebSocket`. */
  constructor(options: SpotSocketOptions = {}) {
    const { tokens, client } = options;
    super(options, tokens || client ? "wss://ws-auth.kraken.com/v2" : "wss://ws.kraken.com/v2", '{"method":"ping"}');
    if (tokens && client) throw new InvalidRequestError("Give tokens or a client, not both.");
    this.#tokens = tokens ?? (client && new TokenManager(client));
  }

  /**
   * Trades: sends a method and resolves to its result. It is sent once; only if Kraken refused its token, so that nothing of it ran, it is sent
   * once more with a new one.
   *
   * Without a connection it waits for the one that is being made, at most its timeout. If that attempt fails, the call fails with it, and is
   * not sent by a later one.
   *
   * @throws ApiError where Kraken refused, also only some of several orders; UnknownOutcomeError where it was sent and no answer tells what
   * became of it (break, timeout, abort, close; its `nonce` is empty). Nothing was sent: InvalidRequestError; TimeoutError; KrakenError with
   * code `ERR_UNAVAILABLE`; the signal's reason; what getting a token throws.
   */
  async call<M extends keyof SpotMethods>(
    method: M,
    params: SpotMethods[M]["params"],
    options: CallOptions = {},
  ): Promise<SpotMethods[M]["result"]> {
    if (!this.#tokens) throw new InvalidRequestError("Trading needs tokens: pass tokens or a client.");
    // Read now and only once: the caller may change the object, and getters may answer differently later.
    const written = members(params);
    const read = JSON.parse(`{${written}}`) as Readonly<Record<string, unknown>>;
    const lists = method === "cancel_order" ? Object.values(read).filter(Array.isArray) : [];
    return this.request(
      { endpoint: method, method, params: { written, cl_ord_id: read.cl_ord_id }, expects: lists.flat().length || 1, write: true },
      options,
    );
  }

  /** Connects if need be, and resolves when Kraken answers. */
  async ping(options: CallOptions = {}): Promise<void> {
    await this.request({ endpoint: "ping", method: "ping", params: {} }, options);
  }

  protected event(event: SocketEvent): SpotSocketEvent {
    return { channel: "socket", ...event };
  }

  protected override forget(): void {
    this.#old = this.#token;
  }

  protected async compose(request: Request): Promise<string> {
    const { id, method, endpoint, params } = request;
    const head = `{"method":${JSON.stringify(method)},"req_id":${id}`;
    if (method === "ping") return `${head}}`;
    const own = method !== "subscribe" && method !== "unsubscribe";
    const parts = own ? [params.written] : [`"channel":${JSON.stringify(endpoint)}`, members(params)];
    const token = await this.#tokenFor(method, endpoint);
    if (token) parts.push(`"token":${JSON.stringify(token)}`);
    request.token = token;
    return `${head},"params":{${parts.filter(Boolean).join()}}}`;
  }

  protected receive(message: Readonly<Record<string, unknown>>): void {
    const { channel, type, sequence, method, req_id, success, error, result } = message;
    if (channel === "heartbeat") return;
    if (typeof channel === "string") return this.deliver(message as unknown as SpotMessage, channel, sequence, type === "snapshot");
    const request = this.requests.get(req_id as number);
    if (!request) {
      // An answer that came too late is not news; a refusal that belongs to nothing is.
      if (success === false && typeof req_id !== "number") this.#refused(`${method}`, `${error}`);
      return;
    }
    // Who subscribes what is subscribed, as after an answer that got lost, has what he wants.
    if ((success === false || error) && !(method === "subscribe" && /already/i.test(`${error}`)))
      request.errors.push(typeof error === "string" ? error : "EGeneral:Unknown");
    else request.results.push(result ?? message);
    const { errors, results, expects, endpoint, token } = request;
    const failure = errors.length ? refusal(endpoint, errors, SPOT, "other", results.length ? results : undefined) : undefined;
    // What is wrong with the session is wrong with all of it; else each of several gets its own answer.
    if (errors.length + results.length < expects && !(failure && /^(token|permission|expired|lockout)$/.test(failure.kind))) return;
    const answer = expects > 1 ? results : results[0];
    if (!failure) {
      // A batch can succeed as a whole and fail in its rows.
      const rows = (Array.isArray(answer) ? answer : []).map((row) => row?.error).filter((one) => typeof one === "string");
      return rows.length ? request.fail(refusal(endpoint, rows, SPOT, "other", results.flat())) : request.succeed(answer);
    }
    if (failure.kind !== "token" || results.length || request.renewed || !this.#tokens) return request.fail(failure);
    // Refused at the door: nothing of it ran.
    request.renewed = true;
    errors.length = 0;
    this.#renew(token);
    this.again(request);
  }

  /** A token, if this message is one that needs one; `TokenManager` knows which do. */
  async #tokenFor(method: string, channel: string): Promise<string | undefined> {
    const ask = async (): Promise<string | undefined> =>
      ((await this.#tokens?.authorize({ method, params: { channel } }))?.params as { token?: string } | undefined)?.token;
    let token = await ask();
    if (token && token === this.#old) {
      this.#tokens!.invalidate();
      token = await ask();
    }
    this.#token = token ?? this.#token;
    return token;
  }

  /** Replaces a dead token, once however many messages were refused for it, and what was subscribed with it. */
  #renew(dead: string | undefined): void {
    if (!dead || dead !== this.#token) return;
    this.#tokens!.invalidate();
    this.#token = undefined;
    this.emit({ type: "renewed" });
    for (const subscription of this.wanted.values()) if (subscription.token === dead) void this.resubscribe(subscription);
  }

  #refused(of: string, error: string): void {
    const failure = refusal(of, [error], SPOT);
    if (failure.kind === "token" && this.#tokens) this.#renew(this.#token);
    else this.emit({ type: "refused", of, error: failure });
  }
}
