import { checkNames, described } from "../checks.js";
import { type KrakenError, ResponseError, need } from "../errors.js";
import { matches } from "../rest/guards.js";
import { Connection, type ConnectionOptions } from "./connection.js";
import { Inbox, type Overflow } from "./inbox.js";
import { type Message as Received, parse } from "./message.js";
import { type Request, Requests, type SocketCallOptions } from "./requests.js";

/** What happened to the socket itself. It stands among the messages at the place where it happened. */
export type SocketEvent =
  /**
   * A connection was made, and what is subscribed is being subscribed again. If it was `resumed`, messages may have been missed, and the
   * snapshots that follow may repeat what is known.
   */
  | { readonly type: "connected"; readonly resumed: boolean }
  /** The connection broke, or could not be made. */
  | { readonly type: "disconnected"; readonly cause: KrakenError }
  /** The next attempt to connect is made in `delay` milliseconds. */
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
  /**
   * A channel or feed could not be subscribed again yet, since there was no token to be had for it. The next attempt is made in `delay`
   * milliseconds; whatever needs no token goes on.
   */
  | { readonly type: "resubscribing"; readonly of: string; readonly cause: unknown; readonly delay: number }
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
  /**
   * Is told each event at once, also while nobody reads; nobody by default. What it throws is reported as what a listener of an `EventTarget` throws: as an
   * uncaught error, which ends a process of Node that does not handle it. The socket itself goes on.
   */
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/** What is subscribed, and will be again after a break. */
export interface Subscription {
  readonly of: string;
  params: Readonly<Record<string, unknown>>;
  token?: string | undefined;
  /** How often it could not be sent in a row. */
  unsent?: number;
}

/** The most channels, or products of a feed, whose messages are counted: more than Kraken has. */
const MOST_SEQUENCES = 100_000;

/** Whether what went wrong may go well on another connection, or later. */
export function passes(error: unknown): boolean {
  const { code, kind } = Object(error) as { readonly code?: unknown; readonly kind?: unknown };
  return /^(ERR_(NETWORK|TIMEOUT|HTTP|RESPONSE|LANE)|unavailable|rate-limit)$/.test(
    [kind, code].find((one) => typeof one === "string") ?? "",
  );
}

/** What sets the protocols of the two sockets apart. */
export interface Protocol {
  /** The class, as messages name it. */
  readonly name: string;
  /** The options that only this socket has. */
  readonly options: readonly string[];
  readonly url: string;
  /** What keeps a connection alive. */
  readonly ping: string;
  /** The parameter of a subscription that lists what it is about. */
  readonly list: string;
  /** One request at a time: answers do not say to what they belong. */
  readonly serial: boolean;
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

/** What both sockets do: requests and their answers, subscriptions that outlive a connection, and messages for one reader. */
export abstract class Socket<Message, Event, Name extends string, Params extends object> implements AsyncIterable<Message | Event> {
  protected readonly connection: Connection;
  readonly #protocol: Protocol;
  // They hold tokens, which must not show when a socket is printed.
  readonly #requests: Requests;
  readonly #wanted = new Map<string, Subscription>();
  readonly #inbox: Inbox<Message | Event>;
  readonly #onEvent: ((event: Event) => void) | undefined;
  readonly #sequences = new Map<string, number>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #reading = false;
  /** Counts connections: what began with one must not go on with another. */
  #generation = 0;
  #connections = 0;

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

  constructor(options: SocketOptions<Event>, protocol: Protocol) {
    checkNames(protocol.name, options, [...SOCKET_OPTIONS, ...protocol.options], ALIASES);
    const { queue = 1000, overflow = "close", onEvent } = options;
    need(
      typeof queue === "number" && queue >= 1,
      `Invalid \`queue\`: expected how many messages may wait, as a number from 1 on, got ${described(queue)}.`,
    );
    need(
      matches(/^(close|drop-oldest)$/, overflow),
      `Invalid \`overflow\`: expected "close" or "drop-oldest", got ${typeof overflow === "string" ? JSON.stringify(overflow) : described(overflow)}.`,
    );
    need(onEvent === undefined || typeof onEvent === "function", `Invalid \`onEvent\`: expected a function, got ${described(onEvent)}.`);
    this.#protocol = protocol;
    // Only this of the options: they may hold a secret.
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
    this.#requests = new Requests({ connection, serial: protocol.serial, compose: (request) => this.compose(request) });
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
  async subscribe(name: Name, params: Params = {} as Params, options: SocketCallOptions = {}): Promise<void> {
    this.#read();
    await this.keep(name, params, options);
  }

  /** Subscribes, and after each break again. */
  protected async keep(name: Name, params: Params, options: SocketCallOptions = {}): Promise<void> {
    const subscription: Subscription = { of: name, params: { ...params } as Subscription["params"] };
    // At once, since what comes next may be a break.
    const wanted = (): void => void this.#wanted.set(JSON.stringify([name, params]), subscription);
    await this.#ask("subscribe", subscription, options, "again", wanted).answer;
  }

  /** Ends a subscription, or the part of it that `params` lists. Without a connection it is only forgotten. */
  async unsubscribe(name: Name, params: Params = {} as Params, options: SocketCallOptions = {}): Promise<void> {
    const { [this.#protocol.list]: list, ...others } = params as Subscription["params"];
    for (const [key, subscription] of this.#wanted) {
      const { [this.#protocol.list]: all, ...rest } = subscription.params;
      if (subscription.of !== name || Object.entries(others).some(([name, value]) => name in rest && rest[name] !== value)) continue;
      const left = Array.isArray(list) && Array.isArray(all) ? all.filter((one) => !list.includes(one)) : [];
      if (left.length) subscription.params = { ...rest, [this.#protocol.list]: left };
      else this.#wanted.delete(key);
    }
    // Without a connection nothing is subscribed.
    if (this.connected) await this.#ask("unsubscribe", { of: name, params: params as Subscription["params"] }, options, "done").answer;
  }

  /** Closes for good. What was not sent yet will not be; calls in flight reject with an UnknownOutcomeError; the reader gets what is left. */
  close(): void {
    this.end();
  }

  /** What waits to be sent or answered. */
  protected get requests(): Requests {
    return this.#requests;
  }

  /** What is to be subscribed on each connection. */
  protected get wanted(): Map<string, Subscription> {
    return this.#wanted;
  }

  /** The message for a request; `undefined` if it has to wait for something. */
  protected abstract compose(request: Request): string | undefined;
  /**
   * Takes a message, and the text that it was. What in it is malformed fails the request to which it belongs.
   *
   * @throws ResponseError if there is no such request: the connection is given up
   */
  protected abstract receive(message: Received, text: string): void;
  /** An event in the shape of this socket's messages. */
  protected abstract event(event: SocketEvent): Event;
  /** The previous connection is gone. */
  protected forget(): void {}

  /** Subscribes again what was subscribed. */
  protected resubscribe(subscription: Subscription): void {
    const generation = this.#generation;
    const isWanted = (): boolean => [...this.#wanted.values()].includes(subscription);
    if (!isWanted()) return;
    const begun = this.#ask("subscribe", subscription, {}, "fail");
    const failed = (error: unknown): void => {
      // What is wrong with a connection that is gone is no news.
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

  /** Kraken has not been asked: that is no reason to take the connection from all others. */
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
    // A reader would wait for ever.
    if (![...this.#wanted.values()].some(({ of }) => of !== "heartbeat")) this.end(error);
  }

  #ask(method: string, subscription: Subscription, options: SocketCallOptions, atBreak: Request["atBreak"], then?: () => void): Request {
    const { of, params } = subscription;
    const list = params[this.#protocol.list];
    const expects = Array.isArray(list) && !this.#protocol.serial ? Math.max(list.length, 1) : 1;
    const done = ({ token }: Request): void => {
      subscription.token = token;
      // Counted afresh, for each product where a feed has several.
      for (const key of this.#sequences.keys()) if (key.split(":")[0] === of) this.#sequences.delete(key);
      then?.();
    };
    return this.#requests.make({ endpoint: of, method, params, expects, atBreak, done }, options);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Gives a message to the reader; first what its sequence number reveals. */
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
