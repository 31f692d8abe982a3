/** One WebSocket connection to the exchange, independent of its transport: where faults apply, and the functions that a protocol uses. */

import { trim } from "../history.js";
import type { FaultQueue } from "../http/faults.js";
import type { RawMessage, SocketFault, SocketInjectOptions, SocketPoint } from "./faults.js";
import type { WaitingList } from "../http/waiting.js";
import { isBytes } from "../http/wire.js";

/** The carrier of a connection, TCP or memory. */
export interface Transport {
  /** Sends text, or bytes in a binary frame. */
  send(data: RawMessage): void;
  /** Sends the first half of a message's frame. */
  sendHalf(text: string): void;
  close(code: number): void;
  /** Ends the connection without a closing frame, after everything is sent. */
  reset(): void;
}

export type SocketFaults = FaultQueue<SocketFault & SocketInjectOptions, SocketPoint>;

type Message = Readonly<Record<string, unknown>>;

/** A protocol on one connection. */
export interface Stream {
  opened(): void;
  /** Handles a message, as text. It may have waited since it arrived, in milliseconds since 1970. */
  receive(text: string, arrivedAt: number): void | Promise<void>;
  /** Answers a message with the given error. */
  refuse(text: string, error: string): void;
  /** Called at regular intervals. */
  heartbeat(): void;
  closed(): void;
}

/** A WebSocket connection, for tests. */
export interface ExchangeSocket {
  /** The path, `/v2` or `/ws/v1`. */
  readonly path: string;
  /** The address of the caller. */
  readonly ip: string;
  /** The time at which it was opened, on the exchange's clock, in milliseconds since 1970. */
  readonly openedAt: number;
  /** Whether the connection is open. */
  readonly open: boolean;
  /** The messages that arrived, as text. */
  readonly received: readonly string[];
  /** The number of messages that were sent to the client. */
  readonly sent: number;
  /** Sends an object as JSON. */
  send(message: object): void;
  /** Sends a raw message, as text or as bytes in a binary frame. Faults do not apply to it. */
  sendRaw(data: RawMessage): void;
  /** Closes the connection properly, by default with code 1001. */
  close(code?: number): void;
  /** Ends the connection without a closing frame. */
  reset(): void;
  /** Stops answering and sending. */
  silence(): void;
}

/** Returns the name of a message: its method, channel, event or feed. A subscription's name is `subscribe`. */
const nameOf = ({ method, event, channel, feed }: Message): string =>
  [method, event, channel, feed].find((name): name is string => typeof name === "string") ?? "";

/** The path and address of a connection, and its timing. */
export interface SocketPlace {
  readonly path: string;
  readonly ip: string;
  readonly now: () => number;
  readonly waits: WaitingList;
  /** The time between heartbeats, in milliseconds. */
  readonly heartbeat: number;
  /** The minimum number of arrived messages that are kept. */
  readonly history: number;
}

export class SocketSession implements ExchangeSocket {
  readonly path: string;
  readonly ip: string;
  readonly openedAt: number;
  readonly received: string[] = [];
  sent = 0;
  readonly #place: SocketPlace;
  readonly #transport: Transport;
  readonly #faults: SocketFaults;
  readonly #stream: Stream;
  #timer: unknown;
  #state: "open" | "silent" | "gone" = "open";
  #handling: Promise<unknown> = Promise.resolve();

  constructor(place: SocketPlace, transport: Transport, faults: SocketFaults, makeStream: (session: SocketSession) => Stream) {
    this.path = place.path;
    this.ip = place.ip;
    this.openedAt = place.now();
    this.#place = place;
    this.#transport = transport;
    this.#faults = faults;
    this.#stream = makeStream(this);
    if (place.heartbeat < Infinity) this.#beat();
    if (this.#passes({ at: "open", path: this.path, name: "" })) this.#stream.opened();
  }

  #beat(): void {
    const { waits, heartbeat } = this.#place;
    this.#timer = waits.timers.setTimeout(() => {
      this.#stream.heartbeat();
      if (this.open) this.#beat();
    }, heartbeat);
    // A forgotten connection must not keep a test's process alive.
    (this.#timer as { unref?: () => void } | undefined)?.unref?.();
  }

  get open(): boolean {
    return this.#state !== "gone";
  }

  /** Whether the connection is silent, even to pings and closing frames. */
  get silent(): boolean {
    return this.#state === "silent";
  }

  /** Handles a message that arrived. Messages are handled one at a time, because checking a signature is asynchronous. */
  receive(text: string): void {
    const arrivedAt = this.#place.now();
    this.#handling = this.#handling.then(() => this.#handle(text, arrivedAt));
  }

  async #handle(text: string, arrivedAt: number): Promise<void> {
    if (this.#state !== "open") return;
    this.received.push(text);
    trim(this.received, this.#place.history);
    const message = parse(text);
    const point: SocketPoint = { at: "received", path: this.path, name: nameOf(message), message };
    const strike = this.#faults.take(point);
    if (!strike) return await this.#stream.receive(text, arrivedAt);
    const { fault, owner } = strike;
    if (fault.fault === "error") return this.#stream.refuse(text, fault.error);
    if (fault.fault === "hold") return await this.#hold(fault, owner, text, arrivedAt);
    if (this.#strike(fault, point)) await this.#stream.receive(text, arrivedAt);
  }

  async #hold(
    { ms = Infinity, where = "network" }: Extract<SocketFault, { fault: "hold" }>,
    owner: object,
    text: string,
    arrivedAt: number,
  ): Promise<void> {
    const waited = this.#place.waits.wait(ms, undefined, owner);
    if (where === "engine") return void waited.then(() => this.#stream.receive(text, arrivedAt));
    await waited;
    await this.#stream.receive(text, this.#place.now());
  }

  /** Sends the answer to an executed message. */
  answer(name: string, ...messages: Message[]): void {
    const [message] = messages;
    if (!this.#passes({ at: "executed", path: this.path, name, ...(message ? { message } : {}) })) return;
    for (const one of messages) this.send(one);
  }

  /** Sends a message. `text` is for messages that JSON.stringify would write differently. */
  send(message: object, text = JSON.stringify(message)): void {
    if (this.#state !== "open") return;
    const point: SocketPoint = { at: "sent", path: this.path, name: nameOf(message as Message), message: message as Message };
    const fault = this.#faults.take(point)?.fault;
    if (fault?.fault === "half") {
      this.#transport.sendHalf(text);
      return this.reset();
    }
    if (fault?.fault === "lose") return;
    if (fault?.fault === "raw") {
      if (this.#strike(fault, point)) this.sendRaw(text);
      return;
    }
    for (let times = fault?.fault === "twice" ? 2 : 1; times > 0; times -= 1) this.sendRaw(text);
    if (fault) this.#strike(fault, point);
  }

  sendRaw(data: RawMessage): void {
    if (this.#state !== "open") return;
    this.sent += 1;
    this.#transport.send(data);
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

  /** Called when the connection has ended, from either side. */
  gone(): void {
    if (!this.open) return;
    this.#state = "gone";
    this.#place.waits.timers.clearTimeout(this.#timer);
    this.#stream.closed();
  }

  #passes(point: SocketPoint): boolean {
    const fault = this.#faults.take(point)?.fault;
    return !fault || this.#strike(fault, point);
  }

  /** Applies a fault, and returns whether the next step is still carried out. */
  #strike(fault: SocketFault, point: SocketPoint): boolean {
    switch (fault.fault) {
      case "reset":
        this.reset();
        return false;
      case "close":
        this.close(fault.code);
        return false;
      case "silence":
        this.silence();
        return false;
      case "raw": {
        const data = typeof fault.data === "function" ? fault.data(point) : fault.data;
        for (const one of isRaw(data) ? [data] : data) this.sendRaw(one);
        return fault.instead === false;
      }
      default:
        return false;
    }
  }
}

const isRaw = (data: RawMessage | readonly RawMessage[]): data is RawMessage => typeof data === "string" || isBytes(data);

function parse(text: string): Message {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? (message as Message) : {};
  } catch {
    return {};
  }
}
