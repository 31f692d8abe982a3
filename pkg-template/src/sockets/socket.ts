import type { CallOptions } from "../rest/call.js";
import { ApiError, InvalidRequestError, KrakenError, TimeoutError, UnknownOutcomeError } from "../errors.js";
import type { Circumstances, Words } from "../meaning.js";
import { Connection, type ConnectionOptions } from "./connection.js";
import { Inbox, type Overflow } from "./inbox.js";

/** What happened to the socket itself. It stands among the messages at the place where it happened. */
export type SocketEvent =
  /**
   * A connection was made, and what is subscribed is being subscribed again. If it was `resumed`, messages may have been missed, and the
   * snapshots that follow may repeat what is known.
   */
  | { readonly type: "connected"; readonly resumed: boolean }
  /** The connection broke, or could not be made. */
  | { readonly type: "disconnected"; readonly cause: KrakenError }
  /** The next attempt is made in `delay` milliseconds. */
  | { readonly type: "reconnecting"; readonly attempt: number; readonly delay: number }
  /**
   * A channel or feed has left out messages, or repeats some if `received` is the smaller number. To know all again, unsubscribe and
   * subscribe: a snapshot follows.
   */
  | { readonly type: "gap"; readonly of: string; readonly expected: number; readonly received: number }
  /** The reader was too slow: here, `count` messages and events were lost. (As a call to `onEvent`: from here on some are.) */
  | { readonly type: "dropped"; readonly count: number }
  /** The token died and was replaced; private channels are subscribed again, and their snapshots may repeat what is known. */
  | { readonly type: "renewed" }
  /** A channel or feed could not be subscribed again, or Kraken refused what nobody waits for. */
  | { readonly type: "refused"; readonly of: string; readonly error: unknown }
  /** The socket was closed, by itself if there is an `error`. Only for `onEvent`: the reader's loop ends, or throws it. */
  | { readonly type: "closed"; readonly error?: unknown };

/** Options of both sockets. */
export interface SocketOptions<Event> extends ConnectionOptions {
  /** How many messages may wait for the reader; 1000 by default. */
  readonly queue?: number | undefined;
  /**
   * What happens when one more comes. `close`, the default: the socket closes, and the reader gets an error after what is left. `drop-oldest`:
   * the oldest one is lost, and the reader gets an event of type `dropped` in its place.
   */
  readonly overflow?: Overflow | undefined;
  /** Is told each event at once, also while nobody reads. What it throws is not caught. */
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/** Something that was, or is to be, sent, and whoever waits for its answer. */
export interface Request {
  id: number;
  readonly endpoint: string;
  /** What the subclass makes messages from. */
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** How many answers there will be. */
  readonly expects: number;
  /** What is to be done with it when the connection breaks. */
  readonly atBreak: "fail" | "again" | "done";
  readonly results: unknown[];
  readonly errors: string[];
  /** The token it was sent with. */
  token?: string | undefined;
  renewed?: boolean;
  sent: boolean;
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** What is subscribed, and will be again after a break. */
export interface Subscription {
  readonly of: string;
  params: Readonly<Record<string, unknown>>;
  token?: string | undefined;
}

type Draft = Pick<Request, "endpoint" | "method" | "params"> & Partial<Pick<Request, "expects" | "atBreak">> & { readonly write?: boolean };

/** What a socket knows when Kraken refuses something. Trades go out over it, so everything counts as one. */
export const circumstancesOf = (words: Words): Circumstances => ({
  words,
  key: { length: 56 },
  unit: undefined,
  attempts: 1,
  write: true,
});

/** What both sockets do: requests and their answers, subscriptions that outlive a connection, and messages for one reader. */
export abstract class Socket<Message, Event, Name extends string, Params extends object> implements AsyncIterable<Message | Event> {
  protected readonly connection: Connection;
  /** The parameter of a subscription that lists what it is about. */
  protected abstract readonly list: string;
  /** One request at a time: answers do not say to what they belong. */
  protected abstract readonly serial: boolean;
  // They hold tokens, which must not show when a socket is printed.
  readonly #requests = new Map<number, Request>();
  readonly #wanted = new Map<string, Subscription>();
  readonly #inbox: Inbox<Message | Event>;
  readonly #onEvent: ((event: Event) => void) | undefined;
  readonly #sequences = new Map<string, number>();
  #reading = false;
  #ids = 0;
  /** Counts connections: what began with one must not go on with another. */
  #generation = 0;
  #connections = 0;
  #pumping: number | undefined;

  static {
    // Where the runtime has it: `await using`. The types do not say so, or they would demand a newer `lib`.
    const { asyncDispose } = Symbol as { asyncDispose?: symbol };
    if (asyncDispose)
      Object.defineProperty(this.prototype, asyncDispose, {
        value: async function (this: { close(): void }) {
          this.close();
        },
      });
  }

  constructor(options: SocketOptions<Event>, url: string, ping: string) {
    const { queue = 1000, overflow = "close", onEvent } = options;
    if (!(queue >= 1) || !/^(close|drop-oldest)$/.test(overflow))
      throw new InvalidRequestError("queue, overflow: give a number; close or drop-oldest.");
    // Only this of the options: they may hold a secret.
    this.#onEvent = onEvent;
    this.#inbox = new Inbox(queue, overflow, (count) => this.event({ type: "dropped", count }));
    this.connection = new Connection(options, url, {
      ping,
      opened: () => this.#opened(),
      received: (data) => this.#received(data),
      lost: (cause, final) => this.#lost(cause, final),
      waiting: (attempt, delay) => this.emit({ type: "reconnecting", attempt, delay }),
    });
  }

  /** Whether there is a connection now. */
  get connected(): boolean {
    return this.connection.open;
  }

  /**
   * The messages, and among them the events. Connects if need be. Messages are kept for the reader from the first subscription on, or from
   * here; of several readers each gets a part. Leaving the loop leaves the socket open.
   *
   * @throws KrakenError with code `ERR_UNAVAILABLE` if the reader was too slow; what kept the last subscription from being made again; the cause
   * of a break without `reconnect`.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message | Event, void, undefined> {
    this.#read();
    yield* this.#inbox.read();
  }

  /**
   * Subscribes, and after each break again. Resolves when Kraken has confirmed it, all of it; a break before that is waited out. What is
   * subscribed already is no error.
   *
   * @throws ApiError if Kraken refuses; TimeoutError; the signal's reason; what getting a token throws. After a break it is not subscribed then.
   */
  async subscribe(name: Name, params: Params = {} as Params, options: CallOptions = {}): Promise<void> {
    this.#read();
    const subscription: Subscription = { of: name, params: { ...params } as Subscription["params"] };
    // At once, since what comes next may be a break.
    await this.#ask("subscribe", subscription, options, "again", () => this.#wanted.set(JSON.stringify([name, params]), subscription));
  }

  /** Ends a subscription, or the part of it that `params` lists. Without a connection it is only forgotten. */
  async unsubscribe(name: Name, params: Params = {} as Params, options: CallOptions = {}): Promise<void> {
    const { [this.list]: list, ...others } = params as Subscription["params"];
    for (const [key, subscription] of this.#wanted) {
      const { [this.list]: all, ...rest } = subscription.params;
      if (subscription.of !== name || Object.entries(others).some(([name, value]) => name in rest && rest[name] !== value)) continue;
      const left = Array.isArray(list) && Array.isArray(all) ? all.filter((one) => !list.includes(one)) : [];
      if (left.length) subscription.params = { ...rest, [this.list]: left };
      else this.#wanted.delete(key);
    }
    // Without a connection nothing is subscribed.
    if (this.connected) await this.#ask("unsubscribe", { of: name, params: params as Subscription["params"] }, options, "done");
  }

  /** Closes for good. What was not sent yet will not be; calls in flight reject with an UnknownOutcomeError; the reader gets what is left. */
  close(): void {
    this.end();
  }

  /** What waits to be sent or answered, by number and in order. */
  protected get requests(): Map<number, Request> {
    return this.#requests;
  }

  /** What is to be subscribed on each connection. */
  protected get wanted(): Map<string, Subscription> {
    return this.#wanted;
  }

  /** The message for a request; `undefined` if it has to wait for something. */
  protected abstract compose(request: Request): Promise<string | undefined>;
  /** Takes a message that is neither a bare sign of life nor unreadable. */
  protected abstract receive(message: Readonly<Record<string, unknown>>): void;
  /** An event in the shape of this socket's messages. */
  protected abstract event(event: SocketEvent): Event;
  /** The previous connection is gone. */
  protected forget(): void {}

  /** Sends something as soon as there is a connection, and resolves to what Kraken answers. `done` runs with the answer, before anything else comes in. */
  protected request<T>(
    draft: Draft,
    { timeout = this.connection.timeout, signal }: CallOptions,
    done?: (request: Request) => void,
  ): Promise<T> {
    const { endpoint, write } = draft;
    if (!(timeout > 0 && timeout < 2 ** 31)) throw new InvalidRequestError("timeout: give milliseconds, at most 2^31-1.");
    signal?.throwIfAborted();
    if (this.connection.closed) throw this.#unsent(endpoint);
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#requests.delete(request.id);
        if (this.serial) void this.#pump();
      };
      const request: Request = {
        expects: 1,
        atBreak: "fail",
        results: [],
        errors: [],
        sent: false,
        ...draft,
        id: ++this.#ids,
        succeed: (result) => {
          done?.(request);
          leave();
          resolve(result as T);
        },
        fail: (error) => {
          leave();
          const { cl_ord_id: name } = draft.params;
          const unclear = write && request.sent && !(error instanceof ApiError && error.kind !== "unavailable");
          reject(unclear ? new UnknownOutcomeError(endpoint, { clientOrderId: name, cause: error }) : error);
        },
      };
      const abort = (): void => request.fail(signal!.reason);
      const timer = setTimeout(
        () => request.fail(new TimeoutError(`${endpoint}: ${request.sent ? "no answer" : "not sent"} within ${timeout} ms.`)),
        timeout,
      );
      signal?.addEventListener("abort", abort);
      this.#requests.set(request.id, request);
      this.connection.start();
      void this.#pump();
    });
  }

  /** Sends a request again that was refused before it ran. */
  protected again(request: Request): void {
    request.sent = false;
    this.#requests.delete(request.id);
    // Under a new number: an answer to the old one must not be taken for one to the new one.
    request.id = ++this.#ids;
    this.#requests.set(request.id, request);
    void this.#pump();
  }

  /** Sends what had to wait. */
  protected resume(): void {
    void this.#pump();
  }

  /** Subscribes again what was subscribed. */
  protected async resubscribe(subscription: Subscription): Promise<void> {
    const generation = this.#generation;
    try {
      await this.#ask("subscribe", subscription, {}, "fail");
    } catch (error) {
      if (generation !== this.#generation) return;
      const { code, kind = code } = error as ApiError;
      if (/^(ERR_(NETWORK|TIMEOUT|HTTP|RESPONSE)|unavailable|rate-limit)$/.test(kind)) return this.connection.drop(error as KrakenError);
      for (const [key, one] of this.#wanted) if (one === subscription) this.#wanted.delete(key);
      this.emit({ type: "refused", of: subscription.of, error });
      // A reader would wait for ever.
      if (![...this.#wanted.values()].some(({ of }) => of !== "heartbeat")) this.end(error);
    }
  }

  async #ask(
    method: string,
    subscription: Subscription,
    options: CallOptions,
    atBreak: Request["atBreak"],
    done?: () => void,
  ): Promise<void> {
    const { of, params } = subscription;
    const list = params[this.list];
    await this.request(
      { endpoint: of, method, params, expects: Array.isArray(list) && !this.serial ? list.length : 1, atBreak },
      options,
      ({ token }) => {
        subscription.token = token;
        // Counted afresh, for each product where a feed has several.
        for (const key of this.#sequences.keys()) if (key.split(":")[0] === of) this.#sequences.delete(key);
        done?.();
      },
    );
  }

  /** Gives a message to the reader; first what its sequence number reveals. */
  protected deliver(message: Message, of: string, sequence: unknown, restarts: boolean): void {
    if (typeof sequence === "number") {
      const last = this.#sequences.get(of);
      this.#sequences.set(of, sequence);
      if (!restarts && last !== undefined && sequence !== last + 1) this.emit({ type: "gap", of, expected: last + 1, received: sequence });
    }
    this.#push(message);
  }

  protected emit(event: SocketEvent): void {
    const tagged = this.event(event);
    this.#tell(tagged);
    this.#push(tagged);
  }

  #tell(event: Event): void {
    if (this.#onEvent) queueMicrotask(() => this.#onEvent!(event));
  }

  /** Ends everything, with an error for the reader if there is one. */
  protected end(error?: unknown): void {
    if (this.connection.closed) return;
    this.connection.close();
    this.#tell(this.event({ type: "closed", ...(error ? { error } : {}) }));
    this.#generation++;
    for (const request of [...this.#requests.values()]) request.fail(this.#unsent(request.endpoint, request.sent));
    this.#wanted.clear();
    this.#inbox.end(error);
  }

  /** Sends what waits, one after the other in the order in which it was asked for. */
  async #pump(): Promise<void> {
    const generation = this.#generation;
    if (!this.connected || this.#pumping === generation) return;
    this.#pumping = generation;
    for (const request of this.#requests.values()) {
      if (request.sent && this.serial) break;
      if (request.sent) continue;
      try {
        const text = await this.compose(request);
        if (generation !== this.#generation) return;
        if (text === undefined) break;
        // It may have been given up in the meantime.
        if (this.#requests.get(request.id) === request) request.sent = this.connection.send(text);
        if (request.sent && this.serial) break;
      } catch (error) {
        if (generation !== this.#generation) return;
        request.fail(error);
      }
    }
    if (this.#pumping === generation) this.#pumping = undefined;
  }

  #read(): void {
    this.#reading = true;
    this.connection.start();
  }

  #push(message: Message | Event): void {
    // Who only trades has no reader.
    if (!this.#reading) return;
    try {
      if (this.#inbox.push(message) === 1) this.#tell(this.event({ type: "dropped", count: 1 }));
    } catch (error) {
      this.end(error);
    }
  }

  #opened(): void {
    this.emit({ type: "connected", resumed: this.#connections++ > 0 });
    for (const subscription of this.#wanted.values()) void this.resubscribe(subscription);
    void this.#pump();
  }

  #received(data: unknown): void {
    let message: unknown;
    try {
      message = typeof data === "string" && JSON.parse(data);
    } catch {
      // Told below.
    }
    if (message && typeof message === "object") this.receive(message as Record<string, unknown>);
    else this.connection.drop(new KrakenError("ERR_RESPONSE", "WebSocket: a message that is no JSON object."));
  }

  #lost(cause: KrakenError, final: boolean): void {
    this.#generation++;
    this.#pumping = undefined;
    this.forget();
    this.emit({ type: "disconnected", cause });
    for (const request of [...this.#requests.values()]) {
      if (request.atBreak === "again" && !final) request.sent = false;
      else if (request.atBreak === "done") request.succeed(undefined);
      else request.fail(request.sent ? cause : this.#unsent(request.endpoint));
    }
    if (final) this.end(cause);
  }

  #unsent(endpoint: string, sent = false): KrakenError {
    return new KrakenError(
      "ERR_UNAVAILABLE",
      `${endpoint}: ${sent ? "no answer" : "not sent"}, since the socket ${this.connection.closed ? "is closed" : "has no connection"}.`,
    );
  }
}
