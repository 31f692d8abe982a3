import { checkNames, described, isRecord } from "../checks.js";
import { type KrakenError, ResponseError, need } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { Destination } from "../rest/sent-calls.js";
import { Connection, type ConnectionOptions } from "./connection.js";
import { Inbox, type Overflow } from "./inbox.js";
import { type Message as Received, parse } from "./message.js";
import { type Request, Requests, type SocketCallOptions } from "./requests.js";

/** An event of the socket itself. It is among the messages, at the place where it happened. */
export type SocketEvent =
  /**
   * The socket connected, and subscribes again. If it `resumed`, messages may have been missed, and the snapshots that follow may repeat known data.
   */
  | { readonly type: "connected"; readonly resumed: boolean }
  /** The connection broke, or could not be made. */
  | { readonly type: "disconnected"; readonly cause: KrakenError }
  /** The next attempt to connect is made in `delay` milliseconds. */
  | { readonly type: "reconnecting"; readonly attempt: number; readonly delay: number }
  /**
   * Messages of a channel or feed are missing, or are repeated if `received` is the smaller number. To get a new snapshot, unsubscribe and subscribe.
   */
  | { readonly type: "gap"; readonly of: string; readonly expected: number; readonly received: number }
  /** The reader was too slow, and `count` messages and events were lost here. (A call to `onEvent` is made when the first one is lost.) */
  | { readonly type: "dropped"; readonly count: number }
  /** The token became invalid and was replaced. Private channels are subscribed again. Messages may have been missed, and snapshots may repeat known data. */
  | { readonly type: "renewed" }
  /**
   * A channel or feed could not be subscribed again yet, because there is no token. The next attempt is made in `delay` milliseconds. Channels that need
   * no token are not affected.
   */
  | { readonly type: "resubscribing"; readonly of: string; readonly cause: unknown; readonly delay: number }
  /** A channel or feed could not be subscribed again, or Kraken sent a rejection that belongs to no request. */
  | { readonly type: "refused"; readonly of: string; readonly error: unknown }
  /** The socket was closed. If there is an `error`, it closed itself. Only for `onEvent`: the reader's loop ends, or throws the error. */
  | { readonly type: "closed"; readonly error?: unknown };

/** Options of both sockets. */
export interface SocketOptions<Event> extends ConnectionOptions {
  /** The number of messages that may wait for the reader; 1,000 by default. */
  readonly queue?: number | undefined;
  /**
   * The action when the queue is full. `close`, the default: the socket closes, and the reader gets an error after the remaining messages. `drop-oldest`:
   * the oldest message is lost, and the reader gets an event of type `dropped` in its place.
   */
  readonly overflow?: Overflow | undefined;
  /**
   * Called with each event at once, even if nothing reads the socket; none by default. An exception of it is reported as an uncaught error, as that of a
   * listener of an `EventTarget` is; by default, it ends a process of Node. The socket itself continues.
   */
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/** A subscription, which the socket makes again after each reconnect. */
export interface Subscription {
  readonly of: string;
  params: Readonly<Record<string, unknown>>;
  token?: string | undefined;
  /** How often in a row it could not be sent. */
  unsent?: number;
}

/** The most channels, or products of a feed, whose messages are counted. Kraken has fewer. */
const MOST_SEQUENCES = 100_000;

/** Whether an error is temporary, so that another attempt may succeed. */
export function passes(error: unknown): boolean {
  const { code, kind } = Object(error) as { readonly code?: unknown; readonly kind?: unknown };
  return /^(ERR_(NETWORK|TIMEOUT|HTTP|RESPONSE|LANE)|unavailable|rate-limit)$/.test(
    [kind, code].find((one) => typeof one === "string") ?? "",
  );
}

/** The differences between the protocols of the two sockets. */
export interface Protocol {
  /** The name of the class, for messages. */
  readonly name: string;
  /** The options that only this socket has. */
  readonly options: readonly string[];
  /** The URL of Kraken, unless the options name another one. */
  readonly url: string;
  /** The message that keeps a connection alive. */
  readonly ping: string;
  /** The parameter of a subscription that lists its symbols or products. */
  readonly list: string;
  /** Whether only one request may be sent at a time, because answers do not name their request. */
  readonly serial: boolean;
  /** Where its orders are placed, as far as it is known. */
  readonly destination?: Destination | undefined;
}

const SOCKET_OPTIONS = ["url", "WebSocket", "timeout", "silence", "reconnect", "queue", "overflow", "onEvent"];

const ALIASES = {
  token: "tokens",
  apikey: "key",
  apisecret: "secret",
  privatekey: "secret",
  baseurl: "url",
  ws: "WebSocket",
  on: "onEvent",
};

/** The base of both sockets: requests and their answers, subscriptions that survive a reconnect, and messages for one reader. */
export abstract class Socket<Message, Event, Name extends string, Params extends object> implements AsyncIterable<Message | Event> {
  protected readonly connection: Connection;
  readonly #protocol: Protocol;
  // Private, because they contain tokens, which must not be visible when a socket is printed.
  readonly #requests: Requests;
  readonly #wanted = new Map<string, Subscription>();
  readonly #inbox: Inbox<Message | Event>;
  readonly #onEvent: ((event: Event) => void) | undefined;
  readonly #sequences = new Map<string, number>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #reading = false;
  /** The number of the connection. Work that began on one connection must not continue on another. */
  #generation = 0;
  #connections = 0;

  static {
    // For `await using`, if the runtime supports it. The types omit it, because they would require a newer `lib`.
    const { asyncDispose } = Symbol as { asyncDispose?: symbol };
    if (asyncDispose)
      Object.defineProperty(this.prototype, asyncDispose, {
        value: async function (this: { close(): void }) {
          this.close();
        },
      });
  }

  constructor(options: SocketOptions<Event>, protocol: Protocol) {
    checkNames(protocol.name, options, [...SOCKET_OPTIONS, ...protocol.options], ALIASES);
    const { queue = 1000, overflow = "close", onEvent } = options;
    need(
      typeof queue === "number" && queue >= 1,
      `Invalid \`queue\`: expected the number of messages that may wait, at least 1, got ${typeof queue === "number" ? queue : described(queue)}.`,
    );
    need(
      matches(/^(close|drop-oldest)$/, overflow),
      `Invalid \`overflow\`: expected "close" or "drop-oldest", got ${typeof overflow === "string" ? JSON.stringify(overflow) : described(overflow)}.`,
    );
    need(onEvent === undefined || typeof onEvent === "function", `Invalid \`onEvent\`: expected a function, got ${described(onEvent)}.`);
    this.#protocol = protocol;
    // The other options are not kept, because they may contain a secret.
    this.#onEvent = onEvent;
    this.#inbox = new Inbox(queue, overflow, (count) => this.event({ type: "dropped", count }));
    this.connection = new Connection(options, protocol.url, {
      ping: protocol.ping,
      opened: () => this.#opened(),
      received: (text) => this.receive(parse(text), text),
      lost: (cause, final) => this.#lost(cause, final),
      waiting: (attempt, delay) => this.emit({ type: "reconnecting", attempt, delay }),
    });
    const { connection } = this;
    const { serial, destination } = protocol;
    this.#requests = new Requests({ connection, serial, destination, compose: (request) => this.compose(request) });
  }

  /** Whether there is a connection now. */
  get connected(): boolean {
    return this.connection.open;
  }

  /**
   * Iterates over the messages and the events. Connects if necessary. Messages are queued from the first subscription on, or from the start of the loop. If
   * there are several readers, each message goes to one of them. Leaving the loop does not close the socket.
   *
   * @throws KrakenError with code `ERR_UNAVAILABLE` if the reader was too slow; the error because of which the last subscription could not be made again;
   * the cause of a disconnect, without `reconnect`
   */
  [Symbol.asyncIterator](): AsyncGenerator<Message | Event, void, undefined> {
    return this.#inbox.read(() => this.#read());
  }

  /**
   * Subscribes, and again after each reconnect. Resolves when Kraken has confirmed the whole subscription, if necessary after a reconnect. A repeated
   * subscription is not an error.
   *
   * @throws ApiError if Kraken rejected it; TimeoutError; the reason of the signal; the error of the request for a token. The socket does not subscribe it
   * again then.
   */
  async subscribe(name: Name, params: Params = {} as Params, options: SocketCallOptions = {}): Promise<void> {
    this.#read();
    await this.keep(name, params, options);
  }

  /** Subscribes, and again after each reconnect. */
  protected async keep(name: Name, params: Params, options: SocketCallOptions = {}): Promise<void> {
    const own = checkedParams("subscribe", name, params);
    const subscription: Subscription = { of: name, params: own };
    // Called at once, because the connection may break next.
    const wanted = (): void => void this.#wanted.set(JSON.stringify([name, own]), subscription);
    await this.#ask("subscribe", subscription, options, "again", wanted).answer;
  }

  /**
   * Ends a subscription, or the part of it that `params` lists. Without a connection, the socket only forgets the subscription. A call of `subscribe` that
   * Kraken has not confirmed yet goes on: wait for it first, or end it by its signal.
   */
  async unsubscribe(name: Name, params: Params = {} as Params, options: SocketCallOptions = {}): Promise<void> {
    const own = checkedParams("unsubscribe", name, params);
    const { [this.#protocol.list]: list, ...others } = own;
    for (const [key, subscription] of this.#wanted) {
      const { [this.#protocol.list]: all, ...rest } = subscription.params;
      if (subscription.of !== name || Object.entries(others).some(([name, value]) => name in rest && rest[name] !== value)) continue;
      const left = Array.isArray(list) && Array.isArray(all) ? all.filter((one) => !list.includes(one)) : [];
      if (left.length) subscription.params = { ...rest, [this.#protocol.list]: left };
      else this.#wanted.delete(key);
    }
    // Without a connection nothing is subscribed.
    if (this.connected) await this.#ask("unsubscribe", { of: name, params: own }, options, "done").answer;
  }

  /** Closes the socket permanently. Calls that were not sent fail; calls that were sent reject with an UnknownOutcomeError; the reader gets the remaining messages. */
  close(): void {
    this.end();
  }

  /** The requests that wait to be sent or answered. */
  protected get requests(): Requests {
    return this.#requests;
  }

  /** The subscriptions to make on each connection. */
  protected get wanted(): Map<string, Subscription> {
    return this.#wanted;
  }

  /** Makes the message of a request; `undefined` if it has to wait for something. */
  protected abstract compose(request: Request): string | undefined;
  /**
   * Processes a message; `text` is its original text. If it is malformed, the request to which it belongs fails.
   *
   * @throws ResponseError if there is no such request. Then the connection is given up.
   */
  protected abstract receive(message: Received, text: string): void;
  /** Converts an event to the type of this socket's messages. */
  protected abstract event(event: SocketEvent): Event;
  /** Handles the end of a connection. */
  protected forget(): void {}

  /** Makes a subscription again. */
  protected resubscribe(subscription: Subscription): void {
    const generation = this.#generation;
    const isWanted = (): boolean => [...this.#wanted.values()].includes(subscription);
    if (!isWanted()) return;
    // Until it is confirmed. If its token becomes invalid in the meantime, this very request is rejected.
    subscription.token = undefined;
    const begun = this.#ask("subscribe", subscription, {}, "fail");
    const failed = (error: unknown): void => {
      // An error of an earlier connection does not matter.
      if (generation !== this.#generation || !isWanted()) return;
      if (!passes(error)) this.#giveUp(subscription, error);
      else if (begun.sent) this.connection.drop(error as KrakenError);
      else this.#putOff(subscription, error);
    };
    begun.answer.then(
      () => (subscription.unsent = 0),
      (error: unknown) => this.connection.guard(() => failed(error)),
    );
  }

  /** Tries a subscription again later. It was not sent, so the connection itself is kept for the others. */
  #putOff(subscription: Subscription, cause: unknown): void {
    subscription.unsent = (subscription.unsent ?? 0) + 1;
    const delay = this.connection.pause(subscription.unsent - 1);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.connection.guard(() => this.resubscribe(subscription));
    }, delay);
    this.#timers.add(timer);
    this.emit({ type: "resubscribing", of: subscription.of, cause, delay: Math.ceil(delay) });
  }

  #giveUp(subscription: Subscription, error: unknown): void {
    for (const [key, one] of this.#wanted) if (one === subscription) this.#wanted.delete(key);
    this.emit({ type: "refused", of: subscription.of, error });
    // Without any subscription, the reader would wait forever.
    if (![...this.#wanted.values()].some(({ of }) => of !== "heartbeat")) this.end(error);
  }

  #ask(method: string, subscription: Subscription, options: SocketCallOptions, atBreak: Request["atBreak"], then?: () => void): Request {
    const { of, params } = subscription;
    const list = params[this.#protocol.list];
    // A symbol that is listed twice gets an answer that names it once more, which does not count again.
    const expects = Array.isArray(list) && !this.#protocol.serial ? Math.max(new Set(list).size, 1) : 1;
    const done = ({ token }: Request): void => {
      subscription.token = token;
      // The sequence starts anew, for each product that was listed. Those of other products go on.
      for (const key of this.#sequences.keys()) {
        const [feed, product] = key.split(":");
        if (feed === of && !(product && Array.isArray(list) && !list.includes(product))) this.#sequences.delete(key);
      }
      then?.();
    };
    return this.#requests.make({ endpoint: of, method, params, expects, atBreak, done }, options);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Delivers a message to the reader; before it, an event if its sequence number shows a gap. */
  protected deliver(message: Message, of: string, sequence: number | undefined, restarts: boolean): void {
    if (sequence !== undefined) {
      const last = this.#sequences.get(of);
      if (last === undefined && this.#sequences.size >= MOST_SEQUENCES) throw new ResponseError("WebSocket");
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
    this.#stopTimers();
    this.#requests.end();
    this.#wanted.clear();
    this.#inbox.end(error);
  }

  #read(): void {
    this.#reading = true;
    this.connection.start();
  }

  #push(message: Message | Event): void {
    // A program that only trades does not read.
    if (!this.#reading) return;
    try {
      if (this.#inbox.push(message) === 1) this.#tell(this.event({ type: "dropped", count: 1 }));
    } catch (error) {
      this.end(error);
    }
  }

  #opened(): void {
    this.emit({ type: "connected", resumed: this.#connections++ > 0 });
    for (const subscription of this.#wanted.values()) this.resubscribe(subscription);
    this.#requests.pump();
  }

  #lost(cause: KrakenError, final: boolean): void {
    this.#generation++;
    this.#stopTimers();
    this.#sequences.clear();
    this.forget();
    this.emit({ type: "disconnected", cause });
    this.#requests.lost(cause, final);
    if (final) this.end(cause);
  }
}

/** Checks the name of a channel or feed, and its parameters. Returns a copy of them, because the caller may change the object and its lists later. */
function checkedParams(method: string, name: unknown, params: unknown): Subscription["params"] {
  need(typeof name === "string" && name, `${method}: expected a name as the first argument, such as "ticker", got ${described(name)}.`);
  need(isRecord(params), `Invalid parameters of ${name}: expected an object, got ${described(params)}.`);
  return Object.fromEntries(Object.entries(params).map(([one, value]) => [one, Array.isArray(value) ? [...value] : value]));
}
