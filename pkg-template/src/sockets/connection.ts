import { checkMilliseconds, checkNames, described } from "../checks.js";
import { KrakenError, NetworkError, TimeoutError, need } from "../errors.js";
import { baseOf } from "../rest/guards.js";
import { reserveAttempt } from "./budget.js";
import { textOf } from "./frames.js";

/** The part of the standard `WebSocket` that is used. */
export interface WebSocketLike {
  /** The state of the connection: 0 while it is being made, 1 if it is open, 2 while it is being closed, and 3 afterwards. */
  readonly readyState: number;
  /** The form of binary messages. The connection sets it to `arraybuffer`. */
  binaryType?: string;
  /** Sends a text. */
  send(text: string): void;
  /** Closes the connection with a status code; 1000 by default. */
  close(code?: number): void;
  /** Adds a listener for `open`, `message`, `error` or `close`. */
  addEventListener(type: string, listener: (event: any) => void): void;
  /** Removes a listener. */
  removeEventListener(type: string, listener: (event: any) => void): void;
}

/** A `WebSocket` constructor: that of the runtime, or of a package. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** Options for reconnecting. */
export interface ReconnectOptions {
  /** Milliseconds before the first attempt; 500 by default. The delay doubles with each attempt, and is shortened at random by up to a half. */
  readonly minDelay?: number | undefined;
  /** The longest delay in milliseconds; 30,000 by default. After a connection that lasted longer than this, the delay starts again from `minDelay`. */
  readonly maxDelay?: number | undefined;
  /**
   * The number of attempts in ten minutes to one host, for all sockets of this process; 140 by default, because Kraken bans an IP address after about 150.
   * If processes share an address, divide the number among them.
   */
  readonly budget?: number | undefined;
}

/** Options of the connection of a socket. */
export interface ConnectionOptions {
  /** The URL: wss, or ws on loopback; Kraken's own by default. The class refuses an address of another Kraken API. */
  readonly url?: string | undefined;
  /**
   * The `WebSocket` constructor; by default, that of the runtime. Node 20 has none. If its `send` throws, the message counts as not sent, as with every
   * runtime's own: a class of yours must not throw after it has sent the message.
   */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Milliseconds for an attempt to connect, a subscription, or a call, including the wait for the connection; 10,000 by default. */
  readonly timeout?: number | undefined;
  /** Milliseconds without a message after which the connection counts as broken, which is noticed at the latest half of that time later; 30,000 by default, at most 60,000. A ping is sent twice in that time. */
  readonly silence?: number | undefined;
  /** Options for reconnecting, which is on by default. `false`: the socket ends when the connection breaks. */
  readonly reconnect?: ReconnectOptions | false | undefined;
}

/** The callbacks of a connection. */
export interface ConnectionEvents {
  opened(): void;
  received(text: string): void;
  /** The connection broke, or an attempt failed. If it is `final`, there are no more attempts. */
  lost(cause: KrakenError, final: boolean): void;
  /** The next attempt is made after `delay` milliseconds. */
  waiting(attempt: number, delay: number): void;
  /** The message that keeps the connection alive. */
  readonly ping: string;
}

/** Checks the option `reconnect`. For `false`, it returns no options. */
function checkedReconnect(reconnect: unknown): ReconnectOptions {
  if (reconnect === false) return {};
  checkNames("reconnect", reconnect, ["minDelay", "maxDelay", "budget"], { delay: "minDelay", retries: "budget", attempts: "budget" });
  const { minDelay, maxDelay, budget } = reconnect as ReconnectOptions;
  checkMilliseconds("reconnect.minDelay", minDelay);
  checkMilliseconds("reconnect.maxDelay", maxDelay);
  need(
    budget === undefined || (typeof budget === "number" && budget > 0 && budget < 2 ** 31),
    `Invalid \`reconnect.budget\`: expected the number of attempts in ten minutes, above 0, got ${typeof budget === "number" ? budget : described(budget)}.`,
  );
  return reconnect as ReconnectOptions;
}

/** Refuses an address of Kraken's that belongs to another API. `usual` is the address that the socket has by default. */
function checkApi(url: unknown, usual: string): void {
  const [, host = "", path] = /^\w+:\/\/([\w.-]+\.kraken\.com)(?::\d+)?(.*?)\/*$/i.exec(String(url)) ?? [];
  need(
    !host || (/futures/i.test(host) === usual.includes("futures") && usual.endsWith(`.com${path}`)),
    `Invalid \`url\`: this class does not support ${host}${path}. Leave it out, or pass one such as ${usual}.`,
  );
}

/** A connection that is made again when it breaks: one WebSocket after another. It knows nothing about the protocol. */
export class Connection {
  readonly timeout: number;
  readonly #url: string;
  readonly #make: WebSocketConstructor;
  readonly #silence: number;
  readonly #reconnect: Required<{ [K in keyof ReconnectOptions]: number }> | undefined;
  readonly #events: ConnectionEvents;
  #socket: WebSocketLike | undefined;
  #leave: (() => void) | undefined;
  /** The message that is being read, if there is one. Later messages wait for it. */
  #reading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** The time at which the connection was made, by the monotonic clock. */
  #openedAt: number | undefined;
  #state: "idle" | "running" | "closed" = "idle";

  constructor(options: ConnectionOptions, url: string, events: ConnectionEvents) {
    const {
      WebSocket: make = globalThis.WebSocket as WebSocketConstructor | undefined,
      timeout = 10_000,
      silence = 30_000,
      reconnect = {},
    } = options;
    this.#url = options.url ?? url;
    checkApi(this.#url, url);
    baseOf(this.#url, "url", { secure: "wss", plain: "ws" });
    const { minDelay = 500, maxDelay = 30_000, budget = 140 } = checkedReconnect(reconnect);
    checkMilliseconds("timeout", timeout);
    checkMilliseconds("silence", silence, { most: 60_000 });
    need(make !== undefined, "This runtime has no WebSocket (Node has one since version 22). Pass a constructor as `WebSocket`.");
    need(typeof make === "function", `Invalid \`WebSocket\`: expected a constructor, got ${described(make)}.`);
    this.timeout = timeout;
    this.#make = make;
    this.#silence = silence;
    this.#reconnect = reconnect ? { minDelay, maxDelay, budget: Math.ceil(budget) } : undefined;
    this.#events = events;
  }

  /** Starts to connect, if it has not started yet. The constructor does not, because Workers allow no connections in the global scope. */
  start(): void {
    if (this.#state !== "idle") return;
    this.#state = "running";
    this.#prepare();
  }

  /** Whether there is a connection. */
  get open(): boolean {
    if (this.#openedAt === undefined) return false;
    try {
      return this.#socket?.readyState === 1;
    } catch {
      // In Workers, the socket may belong to another request.
      this.drop(new NetworkError("WebSocket", undefined));
      return false;
    }
  }

  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Sends a text. If that fails, nothing was sent, and `unsent` is called before any other callback. */
  send(text: string, unsent: () => void = () => {}): void {
    if (!this.open) return unsent();
    try {
      this.#socket!.send(text);
    } catch {
      unsent();
      this.drop(new NetworkError("WebSocket", "send"));
    }
  }

  /** Gives up the connection, and makes another one. */
  drop(cause: KrakenError): void {
    if (this.closed) return;
    const { maxDelay = 0 } = this.#reconnect ?? {};
    if (this.#openedAt !== undefined && performance.now() - this.#openedAt > maxDelay) this.#attempt = 0;
    this.#abandon();
    this.#tell(() => this.#events.lost(cause, !this.#reconnect));
    if (this.#state !== "running" || !this.#reconnect) return;
    this.#wait(this.pause(this.#attempt++), () => this.#prepare());
  }

  /** Returns the milliseconds to wait after this many attempts in a row. The delay grows, and is random so that clients do not reconnect all at once. */
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
    const delay = reserveAttempt(host, this.#reconnect?.budget ?? 140);
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
      // A Blob could only be read asynchronously.
      socket.binaryType = "arraybuffer";
    } catch {
      // Some implementations have only one type.
    }
    let quiet = 0;
    let watch: ReturnType<typeof setInterval>;
    const listen = (event: any): void => {
      const { type } = event;
      // After a failed handshake, Node's WebSocket emits an error but no close.
      if (type === "close" || type === "error") forget("error", "close");
      if (this.#socket !== socket) return;
      quiet = 0;
      if (type === "message") this.guard(() => this.#read(socket, event.data));
      else if (type !== "open") this.drop(new NetworkError("WebSocket", typeof event.code === "number" ? `${event.code}` : undefined));
      else if (this.#openedAt === undefined) {
        clearTimeout(this.#timer);
        this.#openedAt = performance.now();
        watch = setInterval(() => {
          // Intervals are counted. A clock may be set, and after synchronous work, messages that came in time are still waiting.
          if (++quiet > 2) this.drop(new TimeoutError(`WebSocket: no message for ${this.#silence} ms.`));
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
        // The other two listeners stay until the socket has closed, because some implementations throw errors that have no listener.
        forget("open", "message");
        socket.close();
      } catch {
        // The socket is not connected yet (some runtimes), or belongs to another request (Workers).
      }
    };
  }

  /** Passes a message on, in order. */
  #read(socket: WebSocketLike, data: unknown): void {
    const text = textOf(data);
    if (typeof text === "string" && !this.#reading) return this.#events.received(text);
    const passOn = (read: () => string): void => {
      if (this.#reading === reading) this.#reading = undefined;
      if (this.#socket === socket) this.guard(() => this.#events.received(read()));
    };
    const before = this.#reading;
    const reading: Promise<void> = Promise.all([text, before]).then(
      ([read]) => passOn(() => read),
      (error) =>
        passOn(() => {
          throw error;
        }),
    );
    this.#reading = reading;
  }

  /**
   * Catches every exception. An exception of an event listener would be uncaught and would end the process. Instead, the connection is given up, and all
   * waiting calls fail.
   */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.drop(
        error instanceof KrakenError
          ? error
          : new KrakenError("ERR_RESPONSE", "WebSocket: a message could not be processed.", { cause: error }),
      );
    }
  }

  /** Does the same for callbacks about the connection itself, which is gone already. Calls that the owner should have ended then end by their timeouts. */
  #tell(work: () => void): void {
    try {
      work();
    } catch {
      // Nothing can handle the error.
    }
  }

  #abandon(): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    this.#openedAt = undefined;
    this.#reading = undefined;
    this.#leave?.();
    this.#leave = undefined;
  }
}
