// The counters of Kraken's rate limits for each key of this process, the calls that wait for them, and the orders that were placed lately.
import { requestsAreIsolated } from "./queue.js";

/** An amount that a call adds to a counter. */
export interface Charge {
  /** The name of the counter. */
  readonly counter: string;
  /** The amount. A negative one takes back what was added. */
  readonly amount: number;
  /** The highest value to which the call may raise the counter. */
  readonly limit: number;
  /** The amount by which the counter decreases per second. */
  readonly decay: number;
}

/** An order, as far as limits depend on it. */
export interface CountedOrder {
  /** The names by which calls refer to it. */
  readonly names: readonly string[];
  /** The name of its pair. */
  readonly pair: string;
}

/** The result of {@link RateStore.take}. */
export interface Taken {
  /** Whether the amounts were added. */
  readonly taken: boolean;
  /** The values of the counters afterwards, in the order of the amounts. */
  readonly values: readonly number[];
}

/** The result of {@link RateStore.find}. */
export interface FoundOrders {
  /** The orders, each with the milliseconds since it was placed or amended. */
  readonly orders: readonly (CountedOrder & {
    /** Milliseconds since it was placed or amended. */
    readonly age: number;
  })[];
  /** Milliseconds since the store began to note orders. An order that it does not know was placed before, unless it was placed elsewhere. */
  readonly memory: number;
}

/**
 * Where the rate limits of a key are counted. A {@link Lane} can have one, so that several processes count together. The client changes it only while
 * it has a slot of the lane.
 */
export interface RateStore {
  /**
   * Adds amounts to counters: all of them or, if a counter would rise above its limit, none. A counter at 0 takes any amount.
   *
   * @param always - adds the amounts whatever the limits are
   */
  take(charges: readonly Charge[], always: boolean): Taken | Promise<Taken>;
  /** Returns the orders of the last 300 seconds that have one of these names, or all of them. */
  find(names: readonly string[] | undefined): FoundOrders | Promise<FoundOrders>;
  /** Forgets the orders that have one of these names, or all of them, and then notes orders that were placed or amended now. */
  note(gone: readonly string[] | undefined, orders: readonly CountedOrder[]): void | Promise<void>;
}

/** A call until its request is sent. The copies of this package share them, as they share the queues. Like there, entries contain no promise. */
export interface WaitingCall {
  readonly write: boolean;
  /** The names of the orders that it places. */
  readonly places: readonly string[];
  /** The pairs that it trades; none if it does not trade. */
  pairs: readonly string[];
  charges: readonly Charge[];
  /** Whether it no longer waits here, but for a slot. */
  admitted: boolean;
  /** The name of the call that canceled its orders while it waited. */
  canceledBy?: string;
  /** The time of its last look at the counters, by the monotonic clock. */
  seen: number;
  /** Lets it look at the counters now. Absent where a request must not run the code of another one. */
  wake?: (() => void) | undefined;
}

interface KeyRates {
  readonly counters: Map<string, { value: number; at: number }>;
  readonly waiting: WaitingCall[];
  orders: (CountedOrder & { readonly at: number })[];
  readonly since: number;
  usedAt: number;
}

/** The name of the call counter. The others have the names of their pairs. */
export const CALLS = "calls";

const REGISTRY = /* @__PURE__ */ Symbol.for("kraken-signer.rates/1");

/** Milliseconds after which the age of an order does not matter anymore, and every counter is empty. */
export const MEMORY = 300_000;

/** The longest pause between two looks at the counters in milliseconds, where calls cannot wake each other. */
const LONGEST_PAUSE = 1000;

/** Milliseconds after which a call looks again that waits only for an earlier one to look. */
const SOON = 5;

/** Stands for a pair that is not known. */
export const UNKNOWN_PAIR = "?";

/** Stands for all pairs. */
const ANY = "*";

/** Returns the names under which later calls find one that trades these pairs. */
const namesOfPairs = (pairs: readonly string[]): string[] => pairs.flatMap((pair) => [pair, ANY]);

/** Returns the names under which a call that trades these pairs looks for the calls before it. */
const pairsBefore = (pairs: readonly string[]): string[] => pairs.flatMap((pair) => [pair === UNKNOWN_PAIR ? ANY : pair, UNKNOWN_PAIR]);

function ratesOf(key: string): KeyRates {
  const scope = globalThis as { [REGISTRY]?: Map<string, KeyRates> };
  // It contains API keys, and people print the global object, so it is not enumerable.
  if (!scope[REGISTRY]) Object.defineProperty(scope, REGISTRY, { value: new Map() });
  const keys = scope[REGISTRY]!;
  const now = performance.now();
  let rates = keys.get(key);
  if (!rates) {
    if (keys.size >= 1024)
      for (const [other, { usedAt, waiting }] of keys) if (now - usedAt > MEMORY && !waiting.length) keys.delete(other);
    rates = { counters: new Map(), waiting: [], orders: [], since: now, usedAt: now };
    keys.set(key, rates);
  }
  rates.usedAt = now;
  return rates;
}

/** The method that is used of the timer of a call. */
interface Pauser {
  pause(milliseconds: number, early: (resume: () => void) => void): Promise<void>;
}

/** The rate limits of a key in this process, for all of its clients. Times are by the monotonic clock. */
export class ProcessRates implements RateStore {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  get waiting(): readonly WaitingCall[] {
    return ratesOf(this.#key).waiting;
  }

  valueOf({ counter, decay }: Pick<Charge, "counter" | "decay">): number {
    const last = ratesOf(this.#key).counters.get(counter);
    if (!last) return 0;
    const now = performance.now();
    // A Worker's clock can go back.
    last.at = Math.min(last.at, now);
    return Math.max(0, last.value - ((now - last.at) / 1000) * decay);
  }

  /** Sets counters to these values. */
  set(charges: readonly Charge[], values: readonly number[]): void {
    const { counters } = ratesOf(this.#key);
    for (const [place, { counter }] of charges.entries()) counters.set(counter, { value: values[place]!, at: performance.now() });
  }

  take(charges: readonly Charge[], always: boolean): Taken {
    const before = charges.map((charge) => this.valueOf(charge));
    const taken = always || charges.every((charge, place) => fits(before[place]!, charge));
    const values = taken ? charges.map(({ amount }, place) => Math.max(0, before[place]! + amount)) : before;
    this.set(charges, values);
    return { taken, values };
  }

  find(names: readonly string[] | undefined): FoundOrders {
    const rates = ratesOf(this.#key);
    const now = performance.now();
    rates.orders = rates.orders.filter(({ at }) => now - at < MEMORY);
    const orders = rates.orders.filter((order) => hasName(order, names)).map(({ at, ...order }) => ({ ...order, age: now - at }));
    return { orders, memory: now - rates.since };
  }

  note(gone: readonly string[] | undefined, orders: readonly CountedOrder[]): void {
    const rates = ratesOf(this.#key);
    const at = performance.now();
    rates.orders = rates.orders.filter((order) => at - order.at < MEMORY && !hasName(order, gone));
    for (const order of orders) rates.orders.push({ ...order, at });
  }

  /** Adds a call to those that wait: writes before the reads, each kind in the order in which it came. */
  join(call: WaitingCall): void {
    const { waiting } = ratesOf(this.#key);
    const read = waiting.findIndex(({ write, admitted }) => !write && !admitted);
    if (call.write && read >= 0) waiting.splice(read, 0, call);
    else waiting.push(call);
  }

  /** Removes a call, because it is counted now or has ended. In the latter case, those behind it go sooner. */
  leave(call: WaitingCall): void {
    const { waiting } = ratesOf(this.#key);
    const place = waiting.indexOf(call);
    if (place < 0) return;
    waiting.splice(place, 1);
    if (!call.admitted) for (const one of waiting.slice(place)) one.wake?.();
  }

  /** Waits for `milliseconds`, or until another call wakes this one. */
  async pause(call: WaitingCall, timer: Pauser, milliseconds: number): Promise<void> {
    const isolated = requestsAreIsolated();
    const longest = isolated ? LONGEST_PAUSE : 2 ** 31 - 1;
    await timer.pause(Math.min(Math.max(milliseconds, 1), longest), (resume) => {
      if (!isolated) call.wake = resume;
    });
  }

  /**
   * Returns the milliseconds after which a call can be sent, if no other call comes in between. It comes after the calls before it that trade the same
   * pair.
   */
  delayOf(call: WaitingCall): number {
    const { waiting } = ratesOf(this.#key);
    call.seen = performance.now();
    if (requestsAreIsolated()) this.#dropSilent(waiting, call);
    if (!waiting.includes(call)) this.join(call);
    const values = new Map<string, number>();
    const ready = new Map<string, number>();
    const ahead = waiting.slice(0, waiting.indexOf(call) + 1);
    const delay = ahead.reduce((_, { charges, admitted, pairs }) => {
      const before = charges.map((charge) => values.get(charge.counter) ?? this.valueOf(charge));
      const delays = charges.map((charge, place) => missing(before[place]!, charge));
      const after = pairsBefore(pairs).map((pair) => ready.get(pair) ?? 0);
      const own = admitted ? 0 : Math.max(0, ...delays, ...after);
      for (const [place, { counter, amount }] of charges.entries()) {
        // Other calls may go before one that waits for its pair: their order does not matter.
        if (counter === CALLS && !admitted && delays[place]! < own) continue;
        values.set(counter, before[place]! + amount);
      }
      for (const pair of namesOfPairs(pairs)) ready.set(pair, Math.max(ready.get(pair) ?? 0, own));
      return own;
    }, 0);
    return delay || !this.isBehind(call) ? delay : SOON;
  }

  /** Whether an earlier call that trades the same pair, or one that may be the same, still waits here. */
  isBehind(call: WaitingCall): boolean {
    const { waiting } = ratesOf(this.#key);
    const names = pairsBefore(call.pairs);
    const earlier = waiting.slice(0, Math.max(waiting.indexOf(call), 0));
    return earlier.some(({ admitted, pairs }) => !admitted && namesOfPairs(pairs).some((pair) => names.includes(pair)));
  }

  /** In Workers, a canceled request never resumes, so its calls are removed when they have not looked for some time. */
  #dropSilent(waiting: WaitingCall[], own: WaitingCall): void {
    for (const call of waiting.filter(({ seen }) => own.seen - seen > 5 * LONGEST_PAUSE)) this.leave(call);
    // A Worker's clock can go back.
    for (const call of waiting) call.seen = Math.min(call.seen, own.seen);
  }
}

/** Allows for the rounding of sums. */
const TINY = 1e-9;

/** Returns the milliseconds until a counter can take an amount. */
const missing = (value: number, { amount, limit, decay }: Charge): number =>
  Math.min(Math.max(0, value + amount - limit - TINY), value) * (1000 / decay);

const fits = (value: number, charge: Charge): boolean => missing(value, charge) === 0;

const hasName = (order: CountedOrder, names: readonly string[] | undefined): boolean =>
  !names || order.names.some((name) => names.includes(name));
