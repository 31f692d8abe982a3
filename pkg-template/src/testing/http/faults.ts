/** Faults on demand: what a network, a proxy or an exchange in trouble does to a request. */

import type { GatewayAnswer } from "./gateway.js";
import type { WaitingRoom } from "./waiting.js";

/** On which side of the execution a fault strikes. `after`: the call was carried out, and the client cannot see it. */
export type FaultMoment = "before" | "after";

/** What the caller gets while his request is held: nothing yet, a connection that breaks at once, or a gateway's answer at once. */
export type Meanwhile = "wait" | "reset" | GatewayAnswer;

/** A fault. `when` says whether the call is executed: `before` means it never is, unless the fault says otherwise. */
export type Fault =
  /** The connection breaks without an answer. */
  | { readonly fault: "reset"; readonly when: FaultMoment }
  /** Waits `ms` of real time before or after execution. The call is executed in both cases, even when the client has left. */
  | { readonly fault: "delay"; readonly when: FaultMoment; readonly ms: number }
  /** Executes, then sends the first half of the answer: as a complete response, or with `cut` by breaking the connection there. */
  | { readonly fault: "truncated"; readonly cut?: boolean }
  /** A proxy's HTML page, such as Cloudflare's 520 or a 502. */
  | { readonly fault: "html"; readonly when: FaultMoment; readonly status?: number }
  /** A gateway's answer, in HTML or in one of four shapes of JSON. */
  | ({ readonly fault: "gateway"; readonly when: FaultMoment } & GatewayAnswer)
  /** A redirect; `to` is an origin, default `https://redirected.example`, and the path is kept. Default `when`: before. */
  | {
      readonly fault: "redirect";
      readonly status: 301 | 302 | 303 | 307 | 308;
      readonly to?: string;
      readonly when?: FaultMoment;
    }
  /**
   * A body that goes on until the client leaves or `bytes` (default 64 MiB) have been sent, pausing `pace` ms (default 0) after each
   * 64 KiB.
   */
  | { readonly fault: "endless"; readonly when: FaultMoment; readonly bytes?: number; readonly pace?: number }
  /**
   * The same bytes arrive twice, as from a proxy that retries. The client gets the first (default) or the second answer. The second
   * copy arrives `apart` ms (default 0) after the first; with `Infinity` when the injection's `release()` is called.
   */
  | { readonly fault: "twice"; readonly answer?: "first" | "second"; readonly apart?: number }
  /**
   * Arrives late: held for `ms` (default `Infinity`, until the injection's `release()`), and then dealt with whether or not the client
   * is still there. Where: on the `network` (default), so that nonce and deadline are judged after it; or in the queue of the trading
   * `engine`, where the request has passed all checks and its nonce is used up, but nothing has been carried out yet.
   */
  | { readonly fault: "hold"; readonly ms?: number; readonly where?: "network" | "engine"; readonly meanwhile?: Meanwhile }
  /** Overtaken: the request waits until another one has been handled, or `timeout` ms (default 1000) have passed. */
  | { readonly fault: "late"; readonly timeout?: number }
  /** Kraken's own error, such as `EService:Unavailable` (Futures: `Unavailable`). Default `when`: before. */
  | { readonly fault: "error"; readonly error: string | readonly string[]; readonly when?: FaultMoment }
  /** Any other answer: an empty body, invalid JSON, an `error` that is no array. Default status 200, `when`: before. */
  | {
      readonly fault: "body";
      readonly body: string;
      readonly status?: number;
      readonly contentType?: string;
      /** More headers. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly when?: FaultMoment;
    };

/** What a fault is injected into; see {@link InjectOptions.match}. */
export interface FaultTarget {
  /** Of HTTP. */
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  /** The endpoint, as in {@link ReceivedRequest.endpoint}. */
  readonly endpoint: string;
  /** The body as text. */
  readonly body: string;
}

/** Which requests a fault strikes. */
export interface InjectOptions {
  /** Only this endpoint, such as `AddOrder`, `sendorder` or `/funding/v1/addresses`. Default any. */
  readonly endpoint?: string;
  /** Only requests for which this returns true. Default any. */
  readonly match?: (target: FaultTarget) => boolean;
  /** How many matching requests pass before the first strike; default 0. */
  readonly skip?: number;
  /** How many requests; default 1. */
  readonly times?: number;
}

/** A fault that was injected. */
export interface Injection {
  /** How many requests it has struck. */
  readonly hits: number;
  /** How many more it will strike. */
  readonly remaining: number;
  /** How many it holds at this moment. */
  readonly holding: number;
  /** Lets all that it holds go on now. */
  release(): void;
  /** Takes it back; what it holds already is not released. */
  remove(): void;
}

/** A fault that strikes, and in whose name something may be held. */
export interface Strike<F> {
  readonly fault: F;
  readonly owner: object;
}

/** Whether a fault strikes a request. */
export function matches({ endpoint, match }: Fault & InjectOptions, target: FaultTarget): boolean {
  return (endpoint === undefined || endpoint === target.endpoint) && (!match || match(target));
}

/** Faults that wait for their target, first come first served. */
export class FaultQueue<F extends { readonly times?: number; readonly skip?: number }, T> {
  readonly #strikes: (fault: F, target: T) => boolean;
  readonly #room: WaitingRoom;
  readonly #waiting = new Set<{ fault: F; hits: number; skip: number; remaining: number }>();

  constructor(strikes: (fault: F, target: T) => boolean, room: WaitingRoom) {
    this.#strikes = strikes;
    this.#room = room;
  }

  inject(fault: F): Injection {
    const entry = { fault, hits: 0, skip: fault.skip ?? 0, remaining: fault.times ?? 1 };
    const room = this.#room;
    this.#waiting.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      get remaining() {
        return entry.remaining;
      },
      get holding() {
        return room.count(entry);
      },
      release: () => room.release(entry),
      remove: () => {
        entry.remaining = 0;
        this.#waiting.delete(entry);
      },
    };
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** The fault for this target, if one waits for it; uses it up. */
  take(target: T): Strike<F> | undefined {
    for (const entry of this.#waiting) {
      if (!this.#strikes(entry.fault, target)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.hits += 1;
      entry.remaining -= 1;
      if (entry.remaining <= 0) this.#waiting.delete(entry);
      return { fault: entry.fault, owner: entry };
    }
    return undefined;
  }

  clear(): void {
    this.#waiting.clear();
  }
}
