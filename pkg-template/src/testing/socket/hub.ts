/** The WebSocket connections of one exchange: their admission, and the protocol of each. */

import { FaultQueue, type Injection } from "../http/faults.js";
import { checkSocketFault, strikes, type SocketFault, type SocketInjectOptions } from "./faults.js";
import type { Timers, WaitingList } from "../http/waiting.js";
import { SocketSession, type SocketFaults, type Stream, type Transport } from "./session.js";

/** The result of an attempt to connect. */
export type Admission =
  { readonly type: "open" } | { readonly type: "status"; readonly status: number } | { readonly type: "reset" | "silence" };

/** Options of the exchange's WebSockets. */
export interface SocketSettings {
  /** The time between heartbeats, in milliseconds. Default 1000. `Infinity` sends none. */
  readonly heartbeat?: number;
  /**
   * The number of attempts to connect that one address may make in ten minutes. The next one, and any for ten minutes, gets status 429. Default 150.
   */
  readonly attempts?: number;
}

/** The number of rows of each kind that are kept. */
interface Remembering {
  readonly history?: number;
}

const WINDOW = 600_000;

export class SocketHub {
  readonly sessions: SocketSession[] = [];
  readonly #now: () => number;
  readonly #protocols: Readonly<Record<string, (session: SocketSession) => Stream>>;
  readonly #settings: SocketSettings & Remembering;
  readonly #waits: WaitingList;
  readonly #faults: SocketFaults;
  readonly #attempts = new Map<string, number[]>();
  readonly #banned = new Map<string, number>();

  constructor(
    now: () => number,
    waits: WaitingList,
    settings: SocketSettings & Remembering,
    protocols: Readonly<Record<string, (session: SocketSession) => Stream>>,
  ) {
    this.#now = now;
    this.#waits = waits;
    this.#faults = new FaultQueue(strikes, waits);
    this.#settings = settings;
    this.#protocols = protocols;
  }

  get timers(): Timers {
    return this.#waits.timers;
  }

  inject(fault: SocketFault & SocketInjectOptions): Injection {
    checkSocketFault(fault, Object.keys(this.#protocols));
    return this.#faults.inject(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Returns whether JSON may arrive in binary frames. Spot accepts it. Whether Futures does is not known; here it does not. */
  takesBinary(path: string): boolean {
    return path === "/v2";
  }

  /** Answers a handshake. */
  admit(path: string, ip: string): Admission {
    if (!Object.hasOwn(this.#protocols, path)) return { type: "status", status: 404 };
    if (this.#isBanned(ip)) return { type: "status", status: 429 };
    const fault = this.#faults.take({ at: "handshake", path, name: "" })?.fault;
    if (fault?.fault === "status") return { type: "status", status: fault.status };
    if (fault?.fault === "silence") return { type: "silence" };
    return fault ? { type: "reset" } : { type: "open" };
  }

  /** Begins a connection after its admission. */
  connect(path: string, ip: string, transport: Transport): SocketSession {
    const protocol = this.#protocols[path];
    if (!protocol) throw new TypeError("no protocol on this path");
    const place = {
      path,
      ip,
      now: this.#now,
      waits: this.#waits,
      heartbeat: this.#settings.heartbeat ?? 1000,
      history: this.#settings.history ?? Infinity,
    };
    const session = new SocketSession(place, transport, this.#faults, protocol);
    this.sessions.push(session);
    this.#forgetOldest();
    return session;
  }

  /** Forgets the oldest connections. Open ones are kept. */
  #forgetOldest(): void {
    const { history = Infinity } = this.#settings;
    if (this.sessions.length < 2 * history) return;
    const [open, gone] = [true, false].map((wanted) => this.sessions.filter((session) => session.open === wanted));
    const kept = new Set([...(open ?? []), ...(gone ?? []).slice(-history)]);
    this.sessions.splice(0, this.sessions.length, ...this.sessions.filter((session) => kept.has(session)));
  }

  #isBanned(ip: string): boolean {
    const now = this.#now();
    if (now < (this.#banned.get(ip) ?? 0)) return true;
    const recent = (this.#attempts.get(ip) ?? []).filter((time) => time > now - WINDOW);
    recent.push(now);
    this.#attempts.set(ip, recent);
    if (recent.length <= (this.#settings.attempts ?? 150)) return false;
    this.#banned.set(ip, now + WINDOW);
    return true;
  }
}
