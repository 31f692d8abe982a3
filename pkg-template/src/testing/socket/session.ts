/** One WebSocket connection to the exchange, whatever carries it: where faults strike, and what a protocol needs. */

import { trim } from "../history.js";
import type { FaultQueue } from "../http/faults.js";
import type { RawMessage, SocketFault, SocketInjectOptions, SocketPoint } from "./faults.js";
import type { WaitingRoom } from "../http/waiting.js";

/** What carries a connection: TCP, or nothing but memory. */
export interface Transport {
  /** Text, or bytes in a binary frame. */
  send(data: RawMessage): void;
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
  /** A message, as text. It may have had to wait since it arrived, in milliseconds since 1970. */
  receive(text: string, arrivedAt: number): void | Promise<void>;
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
  /** The address of the caller. */
  readonly ip: string;
  /** On the exchange's clock, in milliseconds since 1970. */
  readonly openedAt: number;
  /** Whether it is up. */
  readonly open: boolean;
  /** Every message that arrived, as text. */
  readonly received: readonly string[];
  /** How many messages were sent to the client. */
  readonly sent: number;
  /** Sends anything, as JSON. */
  send(message: object): void;
  /** Sends any message as it is: text, or bytes in a binary frame. No fault strikes it. */
  sendRaw(data: RawMessage): void;
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

/** Where a connection is, and on whose time. */
export interface SocketPlace {
  readonly path: string;
  readonly ip: string;
  readonly now: () => number;
  readonly room: WaitingRoom;
  /** In milliseconds. */
  readonly heartbeat: number;
  /** How many of the messages that arrived are remembered at the least. */
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
  #turn: Promise<unknown> = Promise.resolve();

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
    const { room, heartbeat } = this.#place;
    this.#timer = room.timers.setTimeout(() => {
      this.#stream.heartbeat();
      if (this.open) this.#beat();
    }, heartbeat);
    // A forgotten connection must not keep a test's process alive.
    (this.#timer as { unref?: () => void } | undefined)?.unref?.();
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
    const arrivedAt = this.#place.now();
    this.#turn = this.#turn.then(() => this.#handle(text, arrivedAt));
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
    const held = this.#place.room.wait(ms, undefined, owner);
    if (where === "engine") return void held.then(() => this.#stream.receive(text, arrivedAt));
    await held;
    await this.#stream.receive(text, this.#place.now());
  }

  /** Sends an answer to something that was carried out. */
  answer(name: string, ...messages: Message[]): void {
    const [message] = messages;
    if (!this.#passes({ at: "executed", path: this.path, name, ...(message ? { message } : {}) })) return;
    for (const one of messages) this.send(one);
  }

  /** Sends a message; as this text, where JSON.stringify would write it otherwise. */
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

  /** The connection is over, whoever ended it. */
  gone(): void {
    if (!this.open) return;
    this.#state = "gone";
    this.#place.room.timers.clearTimeout(this.#timer);
    this.#stream.closed();
  }

  #passes(point: SocketPoint): boolean {
    const fault = this.#faults.take(point)?.fault;
    return !fault || this.#strike(fault, point);
  }

  /** Whether what comes next is still done. */
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

const isRaw = (data: RawMessage | readonly RawMessage[]): data is RawMessage => typeof data === "string" || data instanceof Uint8Array;

function parse(text: string): Message {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? (message as Message) : {};
  } catch {
    return {};
  }
}
