import { checkMilliseconds, checkNames, described } from "../checks.js";
import { InvalidRequestError, KrakenError, NetworkError, TimeoutError } from "../errors.js";
import { baseOf } from "../rest/guards.js";
import { book } from "./budget.js";
import { textOf } from "./frames.js";

/** As much of the standard `WebSocket` as is used here. */
export interface WebSocketLike {
  readonly readyState: number;
  binaryType?: string;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: string, listener: (event: any) => void): void;
  removeEventListener(type: string, listener: (event: any) => void): void;
}

/** A `WebSocket` constructor: the runtime's own, or one that a package brings. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** How connections are made again. */
export interface ReconnectOptions {
  /** Milliseconds before the first attempt, doubled for each one that follows, and shortened at random by up to a half. 500 by default. */
  readonly minDelay?: number | undefined;
  /** The most milliseconds it grows to; 30 000 by default. A connection that lasted longer than this starts again from `minDelay`. */
  readonly maxDelay?: number | undefined;
  /**
   * How many attempts are made in ten minutes, to one host, by all sockets of this process; 140 by default, since Kraken bans an address after about 150.
   * Processes that share an address have to share it out.
   */
  readonly budget?: number | undefined;
}

/** Options of both sockets about their connection. */
export interface ConnectionOptions {
  /** wss, or ws on loopback; Kraken's own by default. */
  readonly url?: string | undefined;
  /** The `WebSocket` to use, where the runtime has none (Node 20) or another one is wanted; the runtime's own by default. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Milliseconds for an attempt to connect, a subscription, or a call, with waiting for the connection; 10 000 by default. */
  readonly timeout?: number | undefined;
  /** After so many milliseconds without a message the connection counts as broken; 30 000 by default, 60 000 at most. Half of it is how often a ping is sent. */
  readonly silence?: number | undefined;
  /** How connections are made again after a break, as they are by default; `false`: the first break ends the socket. */
  readonly reconnect?: ReconnectOptions | false | undefined;
}

/** What the owner of a connection is told. */
export interface ConnectionEvents {
  opened(): void;
  received(text: string): void;
  /** The connection is gone, or an attempt failed; `final`: there will be no other. */
  lost(cause: KrakenError, final: boolean): void;
  /** The next attempt is made after so many milliseconds. */
  waiting(attempt: number, delay: number): void;
  /** What keeps the connection alive. */
  readonly ping: string;
}

/** Checks how connections are made again, and returns it without what is \`false\`. */
function checkedReconnect(reconnect: unknown): ReconnectOptions {
  if (reconnect === false) return {};
  checkNames("reconnect", reconnect, ["minDelay", "maxDelay", "budget"], { delay: "minDelay", retries: "budget", attempts: "budget" });
  const { minDelay, maxDelay, budget } = reconnect as ReconnectOptions;
  checkMilliseconds("reconnect.minDelay", minDelay);
  checkMilliseconds("reconnect.maxDelay", maxDelay);
  if (budget !== undefined && !(typeof budget === "number" && budget > 0 && budget < 2 ** 31))
    throw new InvalidRequestError(
      "Invalid `reconnect.budget`: expected how many attempts may be made in ten minutes, as a number above 0.",
    );
  return reconnect as ReconnectOptions;
}

/** One WebSocket after the other: attempts with pauses, a watch for silence, and none of the protocol. */
export class Connection {
  readonly timeout: number;
  readonly #url: string;
  readonly #make: WebSocketConstructor;
  readonly #silence: number;
  readonly #reconnect: Required<{ [K in keyof ReconnectOptions]: number }> | undefined;
  readonly #events: ConnectionEvents;
  #socket: WebSocketLike | undefined;
  #leave: (() => void) | undefined;
  /** The message that is still being read, if there is one: what comes after it waits. */
  #reading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #opened = 0;
  #state: "idle" | "running" | "closed" = "idle";

  constructor(options: ConnectionOptions, url: string, events: ConnectionEvents) {
    const {
      WebSocket: make = globalThis.WebSocket as WebSocketConstructor | undefined,
      timeout = 10_000,
      silence = 30_000,
      reconnect = {},
    } = options;
    this.#url = options.url ?? url;
    baseOf(this.#url, "url", { secure: "wss", plain: "ws" });
    const { minDelay = 500, maxDelay = 30_000, budget = 140 } = checkedReconnect(reconnect);
    checkMilliseconds("timeout", timeout);
    checkMilliseconds("silence", silence, { most: 60_000 });
    if (make === undefined)
      throw new InvalidRequestError("There is no WebSocket in this runtime (Node has one since 22): pass a constructor as `WebSocket`.");
    if (typeof make !== "function") throw new InvalidRequestError(`Invalid \`WebSocket\`: expected a constructor, got ${described(make)}.`);
    this.timeout = timeout;
    this.#make = make;
    this.#silence = silence;
    this.#reconnect = reconnect ? { minDelay, maxDelay, budget: Math.ceil(budget) } : undefined;
    this.#events = events;
  }

  /** Connects, unless that has been begun already. Not in the constructor: at module scope, Workers allow no connections. */
  start(): void {
    if (this.#state !== "idle") return;
    this.#state = "running";
    this.#prepare();
  }

  /** Whether there is a connection. */
  get open(): boolean {
    if (!this.#opened) return false;
    try {
      return this.#socket?.readyState === 1;
    } catch {
      // The socket of another request, in Workers.
      this.drop(new NetworkError("WebSocket", undefined));
      return false;
    }
  }

  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Hands a text to the WebSocket. Where that cannot be done none of it was sent, and `unsent` is told before all others. */
  send(text: string, unsent: () => void = () => {}): void {
    if (!this.open) return unsent();
    try {
      this.#socket!.send(text);
    } catch {
      unsent();
      this.drop(new NetworkError("WebSocket", "send"));
    }
  }

  /** Gives the connection up, and makes another one. */
  drop(cause: KrakenError): void {
    if (this.closed) return;
    const { maxDelay = 0 } = this.#reconnect ?? {};
    if (this.#opened && Date.now() - this.#opened > maxDelay) this.#attempt = 0;
    this.#abandon();
    this.#tell(() => this.#events.lost(cause, !this.#reconnect));
    if (this.#state !== "running" || !this.#reconnect) return;
    this.#wait(this.pause(this.#attempt++), () => this.#prepare());
  }

  /** How many milliseconds to wait after so many attempts in a row: more each time, and shortened at random, so that not all come at once. */
  pause(attempts: number): number {
    const { minDelay, maxDelay } = this.#reconnect ?? { minDelay: 500, maxDelay: 30_000 };
    return Math.min(maxDelay, minDelay * 2 ** attempts) * (1 - Math.random() / 2);
  }

  close(): void {
    this.#state = "closed";
    this.#abandon();
  }

  #wait(delay: number, then: () => void): void {
    this.#tell(() => this.#events.waiting(this.#attempt, Math.ceil(delay)));
    if (this.#state === "running") this.#timer = setTimeout(then, delay);
  }

  #prepare(): void {
    const { host } = new URL(this.#url);
    const delay = book(host, this.#reconnect?.budget ?? 140);
    if (delay) this.#wait(delay, () => this.#connect());
    else this.#connect();
  }

  #connect(): void {
    let socket: WebSocketLike;
    try {
      socket = new this.#make(this.#url);
    } catch {
      return this.drop(new NetworkError("WebSocket", undefined));
    }
    try {
      // Blobs could be read only asynchronously.
      socket.binaryType = "arraybuffer";
    } catch {
      // Some have no choice.
    }
    let seen: number;
    let watch: ReturnType<typeof setInterval>;
    const listen = (event: any): void => {
      const { type } = event;
      // After a failed handshake, Node's own has an error and no close.
      if (type === "close" || type === "error") forget("error", "close");
      if (this.#socket !== socket) return;
      seen = Date.now();
      if (type === "message") this.guard(() => this.#read(socket, event.data));
      else if (type !== "open") this.drop(new NetworkError("WebSocket", typeof event.code === "number" ? `${event.code}` : undefined));
      else if (!this.#opened) {
        clearTimeout(this.#timer);
        this.#opened = seen;
        watch = setInterval(() => {
          if (Date.now() - seen >= this.#silence) this.drop(new TimeoutError(`WebSocket: no message for ${this.#silence} ms.`));
          else this.send(this.#events.ping);
        }, this.#silence / 2);
        this.guard(() => this.#events.opened());
      }
    };
    const forget = (...types: string[]): void => types.forEach((type) => socket.removeEventListener(type, listen));
    for (const type of ["open", "message", "error", "close"]) socket.addEventListener(type, listen);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.drop(new TimeoutError(`WebSocket: no connection within ${this.timeout} ms.`)), this.timeout);
    this.#leave = () => {
      clearInterval(watch);
      try {
        // The other two stay until it has closed: some WebSockets throw their errors when nobody listens.
        forget("open", "message");
        socket.close();
      } catch {
        // Not connected yet, in some runtimes; or the socket of another request, in Workers.
      }
    };
  }

  /** Hands a message on, in its turn. */
  #read(socket: WebSocketLike, data: unknown): void {
    const text = textOf(data);
    if (typeof text === "string" && !this.#reading) return this.#events.received(text);
    const handOn = (read: () => string): void => {
      if (this.#reading === reading) this.#reading = undefined;
      if (this.#socket === socket) this.guard(() => this.#events.received(read()));
    };
    const before = this.#reading;
    const reading: Promise<void> = Promise.all([text, before]).then(
      ([read]) => handOn(() => read),
      (error) =>
        handOn(() => {
          throw error;
        }),
    );
    this.#reading = reading;
  }

  /**
   * The last net. An error that left an event listener would find nobody to catch it, and would end the process: whatever a message does to
   * its reader, the connection is given up, and all who wait are told.
   */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.drop(
        error instanceof KrakenError
          ? error
          : new KrakenError("ERR_RESPONSE", "WebSocket: a message that cannot be dealt with.", { cause: error }),
      );
    }
  }

  /** The same for news of the connection itself, which is gone already. What its owner should have ended and has not, ends by its timeout. */
  #tell(work: () => void): void {
    try {
      work();
    } catch {
      // There is nobody to tell.
    }
  }

  #abandon(): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    this.#opened = 0;
    this.#reading = undefined;
    this.#leave?.();
    this.#leave = undefined;
  }
}
