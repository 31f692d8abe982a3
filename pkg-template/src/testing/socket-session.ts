/** One WebSocket connection to the exchange, whatever carries it: where faults strike, and what a protocol needs. */

import type { FaultQueue } from "./faults.js";
import type { SocketFault, SocketInjectOptions, SocketMoment, SocketPoint } from "./socket-faults.js";

/** What carries a connection: TCP, or nothing but memory. */
export interface Transport {
  send(text: string): void;
  /** The first half of a message's frame. */
  sendHalf(text: string): void;
  close(code: number): void;
  /** Ends it without a word, once what was sent has left. */
  reset(): void;
}

export type SocketFaults = FaultQueue<SocketFault & SocketInjectOptions, SocketPoint>;

type Message = Readonly<Record<string, unknown>>;

/** A protocol on one connection. */
export interface Stream {
  opened(): void;
  /** A message, as text. */
  receive(text: string): void | Promise<void>;
  /** Answers a message with an error of the exchange's choice. */
  refuse(text: string, error: string): void;
  /** Called every so often. */
  heartbeat(): void;
  closed(): void;
}

/** A WebSocket connection, for tests. */
export interface ExchangeSocket {
  /** `/v2` or `/ws/v1`. */
  readonly path: string;
  readonly ip: string;
  /** On the exchange's clock, in milliseconds since 1970. */
  readonly openedAt: number;
  /** Whether it is up. */
  readonly open: boolean;
  /** Every message that arrived, as text. */
  readonly received: readonly string[];
  /** How many messages were sent to the client. */
  readonly sent: number;
  /** Sends anything. */
  send(message: object): void;
  /** Closes it properly; code 1001 by default. */
  close(code?: number): void;
  /** Ends it without a closing frame. */
  reset(): void;
  /** From here on nothing is answered and nothing is sent. */
  silence(): void;
}

/** The name of a message: its method, channel, event or feed. A subscription's name is `subscribe`. */
const nameOf = ({ method, event, channel, feed }: Message): string =>
  [method, event, channel, feed].find((name): name is string => typeof name === "string") ?? "";

export class SocketSession implements ExchangeSocket {
  readonly path: string;
  readonly ip: string;
  readonly openedAt: number;
  readonly received: string[] = [];
  sent = 0;
  readonly #transport: Transport;
  readonly #faults: SocketFaults;
  readonly #stream: Stream;
  readonly #timer: ReturnType<typeof setInterval>;
  #state: "open" | "silent" | "gone" = "open";
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    place: { readonly path: string; readonly ip: string; readonly time: number },
    transport: Transport,
    faults: SocketFaults,
    makeStream: (session: SocketSession) => Stream,
    heartbeat: number,
  ) {
    this.path = place.path;
    this.ip = place.ip;
    this.openedAt = place.time;
    this.#transport = transport;
    this.#faults = faults;
    this.#stream = makeStream(this);
    this.#timer = setInterval(() => this.#stream.heartbeat(), heartbeat);
    // A forgotten connection must not keep a test's process alive.
    (this.#timer as { unref?: () => void }).unref?.();
    if (this.#passes({ at: "open", path: this.path, name: "" })) this.#stream.opened();
  }

  get open(): boolean {
    return this.#state !== "gone";
  }

  /** Not even pings and closing frames are answered. */
  get silent(): boolean {
    return this.#state === "silent";
  }

  /** A message has arrived. One at a time: checking a signature is asynchronous. */
  receive(text: string): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#state !== "open") return;
      this.received.push(text);
      const message = parse(text);
      const fault = this.#faults.take({ at: "received", path: this.path, name: nameOf(message), message });
      if (fault?.fault === "error") this.#stream.refuse(text, fault.error);
      else if (!fault || this.#strike(fault)) await this.#stream.receive(text);
    });
  }

  /** Sends an answer to something that was carried out. */
  answer(name: string, ...messages: Message[]): void {
    if (!this.#passes({ at: "executed", path: this.path, name })) return;
    for (const message of messages) this.send(message);
  }

  send(message: object): void {
    if (this.#state !== "open") return;
    const text = JSON.stringify(message);
    const fault = this.#faults.take({ at: "sent", path: this.path, name: nameOf(message as Message), message: message as Message });
    if (fault?.fault === "half") {
      this.#transport.sendHalf(text);
      return this.reset();
    }
    if (fault?.fault === "lose") return;
    for (let times = fault?.fault === "twice" ? 2 : 1; times > 0; times -= 1) {
      this.sent += 1;
      this.#transport.send(text);
    }
    if (fault) this.#strike(fault);
  }

  close(code = 1001): void {
    if (!this.open) return;
    this.#transport.close(code);
    this.gone();
  }

  reset(): void {
    if (!this.open) return;
    this.#transport.reset();
    this.gone();
  }

  silence(): void {
    if (this.open) this.#state = "silent";
  }

  /** The connection is over, whoever ended it. */
  gone(): void {
    if (!this.open) return;
    this.#state = "gone";
    clearInterval(this.#timer);
    this.#stream.closed();
  }

  #passes(point: { at: SocketMoment; path: string; name: string }): boolean {
    const fault = this.#faults.take(point);
    return !fault || this.#strike(fault);
  }

  /** Whether what comes next is still done. */
  #strike(fault: SocketFault): boolean {
    if (fault.fault === "reset") this.reset();
    else if (fault.fault === "close") this.close(fault.code);
    else if (fault.fault === "silence") this.silence();
    return false;
  }
}

function parse(text: string): Message {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? (message as Message) : {};
  } catch {
    return {};
  }
}
