/** Faults on request, as a network, a proxy or a failing exchange causes them. */

import type { GatewayAnswer } from "./gateway.js";
import type { WaitingList } from "./waiting.js";
import { checkCounts, checkEndpoint, checkKnown, checkObject, checkOneOf } from "../names.js";

/** The moment of a fault, before or after the execution. With `after`, the call was executed, but the client cannot see it. */
export type FaultMoment = "before" | "after";

/** The caller's answer while the request is held: none yet, a connection that breaks at once, or a gateway's answer at once. */
export type Meanwhile = "wait" | "reset" | GatewayAnswer;

/** A fault. With `when: "before"`, the call is never executed, unless the fault says otherwise. */
export type Fault =
  /** The connection breaks without an answer. */
  | { readonly fault: "reset"; readonly when: FaultMoment }
  /** Waits `ms` of real time before or after the execution. The call is executed in both cases, even if the client has disconnected. */
  | { readonly fault: "delay"; readonly when: FaultMoment; readonly ms: number }
  /** Executes the call, then sends the first half of the answer, as a complete response. With `cut`, the connection breaks there. */
  | { readonly fault: "truncated"; readonly cut?: boolean }
  /** An HTML page of a proxy, such as Cloudflare's 520 or a 502. */
  | { readonly fault: "html"; readonly when: FaultMoment; readonly status?: number }
  /** A gateway's answer, in HTML or in one of four shapes of JSON. */
  | ({ readonly fault: "gateway"; readonly when: FaultMoment } & GatewayAnswer)
  /** A redirect that keeps the path. `to` is an origin, by default `https://redirected.example`. Default `when`: before. */
  | {
      readonly fault: "redirect";
      readonly status: 301 | 302 | 303 | 307 | 308;
      readonly to?: string;
      readonly when?: FaultMoment;
    }
  /** A body that continues until the client disconnects or `bytes` (default 64 MiB) are sent. It pauses `pace` ms (default 0) after each 64 KiB. */
  | { readonly fault: "endless"; readonly when: FaultMoment; readonly bytes?: number; readonly pace?: number }
  /**
   * The same bytes arrive twice, as from a proxy that retries. The client gets the first (default) or the second answer. The second copy arrives
   * `apart` ms (default 0) after the first. With `Infinity`, it arrives when the injection's `release()` is called.
   */
  | { readonly fault: "twice"; readonly answer?: "first" | "second"; readonly apart?: number }
  /**
   * The request is held for `ms` (default `Infinity`, until the injection's `release()`), and then handled even if the client has disconnected. On
   * the `network` (default), nonce and deadline are checked after the delay. In the queue of the trading `engine`, the request has passed all checks
   * and its nonce is used up, but nothing has been executed yet.
   */
  | { readonly fault: "hold"; readonly ms?: number; readonly where?: "network" | "engine"; readonly meanwhile?: Meanwhile }
  /** The request is overtaken. It waits until another one has been handled, or `timeout` ms (default 1000) have passed. */
  | { readonly fault: "late"; readonly timeout?: number }
  /** An error of Kraken, such as `EService:Unavailable` (Futures: `Unavailable`). Default `when`: before. */
  | { readonly fault: "error"; readonly error: string | readonly string[]; readonly when?: FaultMoment }
  /** Any other answer, such as an empty body, invalid JSON, or an `error` that is not an array. Default status 200, default `when`: before. */
  | {
      readonly fault: "body";
      readonly body: string;
      readonly status?: number;
      readonly contentType?: string;
      /** Additional headers. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly when?: FaultMoment;
    };

/** The request that a fault is matched against, as in {@link InjectOptions.match}. */
export interface FaultTarget {
  /** The HTTP method. */
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  /** The endpoint, as in {@link ReceivedRequest.endpoint}. */
  readonly endpoint: string;
  /** The body as text. */
  readonly body: string;
}

/** The selection of requests that a fault applies to. */
export interface InjectOptions {
  /**
   * Matches only this endpoint, such as `AddOrder`, `sendorder` or `/funding/v1/addresses`. One that the exchange does not have is refused. Default:
   * any.
   */
  readonly endpoint?: string;
  /** Matches only requests for which this returns true, also to endpoints that the exchange does not have. Default: any. */
  readonly match?: (target: FaultTarget) => boolean;
  /** The number of matching requests that pass before the fault first applies. Default 0. */
  readonly skip?: number;
  /** The number of requests that the fault applies to. Default 1. */
  readonly times?: number;
}

/** A fault that was injected. */
export interface Injection {
  /** The number of requests that the fault was applied to. */
  readonly hits: number;
  /** The number of requests that the fault will still be applied to. */
  readonly remaining: number;
  /** The number of requests that the fault holds at present. */
  readonly holding: number;
  /** Releases all requests that the fault holds. */
  release(): void;
  /** Removes the fault. Requests that it already holds are not released. */
  remove(): void;
}

/** A fault that applies to a request, and the owner of the requests that it holds. */
export interface Strike<F> {
  readonly fault: F;
  readonly owner: object;
}

/** The options of each fault, and those of all. */
const OPTIONS: Readonly<Record<Fault["fault"], readonly string[]>> = {
  reset: ["when"],
  delay: ["when", "ms"],
  truncated: ["cut"],
  html: ["when", "status"],
  gateway: ["when", "shape", "status", "headers"],
  redirect: ["when", "status", "to"],
  endless: ["when", "bytes", "pace"],
  twice: ["answer", "apart"],
  hold: ["ms", "where", "meanwhile"],
  late: ["timeout"],
  error: ["when", "error"],
  body: ["when", "body", "status", "contentType", "headers"],
};
const SELECTION = ["endpoint", "match", "skip", "times"];

/** The options without which a fault would do nothing, or something else, and their types. */
const NEEDED: Partial<Readonly<Record<Fault["fault"], Readonly<Record<string, string>>>>> = {
  delay: { when: "string", ms: "number" },
  redirect: { status: "number" },
  body: { body: "string" },
};

function checkNeeded(fault: Fault): void {
  const value = (name: string) => (fault as Readonly<Record<string, unknown>>)[name];
  for (const [name, type] of Object.entries(NEEDED[fault.fault] ?? {}))
    if (typeof value(name) !== type || Number.isNaN(value(name)))
      throw new TypeError(`Invalid \`${name}\` of the fault ${fault.fault}: expected a ${type}.`);
  if (fault.fault === "error" && ![fault.error].flat().every((one) => typeof one === "string"))
    throw new TypeError("Invalid `error` of the fault error: expected a text, or a list of texts.");
}

/** Refuses a fault that would never apply, or not as it was meant. */
export function checkFault(fault: Fault & InjectOptions, endpoints: readonly string[]): void {
  checkObject("inject", fault);
  checkCounts(fault);
  checkOneOf("fault", fault.fault, Object.keys(OPTIONS));
  checkKnown(`the fault ${fault.fault}`, fault, ["fault", ...OPTIONS[fault.fault], ...SELECTION]);
  checkNeeded(fault);
  if ("when" in fault && fault.when !== undefined) checkOneOf("when", fault.when, ["before", "after"]);
  checkEndpoint(fault.endpoint, endpoints);
}

/** Returns whether a fault applies to a request. */
export function matches({ endpoint, match }: Fault & InjectOptions, target: FaultTarget): boolean {
  return (endpoint === undefined || endpoint === target.endpoint) && (!match || match(target));
}

/** The faults that have not been applied yet, in the order in which they were injected. */
export class FaultQueue<F extends { readonly times?: number; readonly skip?: number }, T> {
  readonly #strikes: (fault: F, target: T) => boolean;
  readonly #waits: WaitingList;
  readonly #waiting = new Set<{ fault: F; hits: number; skip: number; remaining: number }>();

  constructor(strikes: (fault: F, target: T) => boolean, waits: WaitingList) {
    this.#strikes = strikes;
    this.#waits = waits;
  }

  inject(fault: F): Injection {
    const entry = { fault, hits: 0, skip: fault.skip ?? 0, remaining: fault.times ?? 1 };
    const waits = this.#waits;
    this.#waiting.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      get remaining() {
        return entry.remaining;
      },
      get holding() {
        return waits.count(entry);
      },
      release: () => waits.release(entry),
      remove: () => {
        entry.remaining = 0;
        this.#waiting.delete(entry);
      },
    };
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Returns the fault for this target, if there is one, and counts it as used. */
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
