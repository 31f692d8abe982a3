/** The limits of the exchange: the lockout after invalid keys, the call counter of a key, and the trading engine's counters. */

/** Settings of {@link ExchangeOptions.lockout}. */
export interface LockoutOptions {
  /** The number of consecutive invalid keys from one address before it is locked out. Default 10 (Kraken's number is not published). */
  readonly attempts?: number;
  /** The duration of the lockout, in milliseconds of the exchange's clock. Default 15 minutes. */
  readonly duration?: number;
}

/** Counts the invalid keys of each address. A success resets the count to zero. */
export class Lockout {
  readonly #attempts: number;
  readonly #duration: number;
  readonly #failures = new Map<string, number>();
  readonly #until = new Map<string, number>();

  constructor(options: LockoutOptions = {}) {
    this.#attempts = options.attempts ?? 10;
    this.#duration = options.duration ?? 15 * 60_000;
  }

  /** Returns whether an address is locked out. A request during the lockout restarts it. */
  isLockedOut(ip: string, now: number): boolean {
    const until = this.#until.get(ip);
    if (until === undefined) return false;
    if (now < until) {
      this.#until.set(ip, now + this.#duration);
      return true;
    }
    this.#until.delete(ip);
    return false;
  }

  failed(ip: string, now: number): void {
    const failures = (this.#failures.get(ip) ?? 0) + 1;
    this.#failures.set(ip, failures);
    if (failures < this.#attempts) return;
    this.#failures.delete(ip);
    this.#until.set(ip, now + this.#duration);
  }

  succeeded(ip: string): void {
    this.#failures.delete(ip);
  }
}

/** A counter that calls raise and time lowers. */
export interface CounterOptions {
  /** The limit of the counter. A call that would raise it above is rejected. */
  readonly max: number;
  /** The amount by which the counter decreases per second of the exchange's clock. */
  readonly decay: number;
}

/** Settings of {@link ExchangeOptions.rateLimit}: the call counter of each key. */
export interface RateLimitOptions extends CounterOptions {
  /** The counter of the trading engine, which the account has for each pair. Default: none. */
  readonly trading?: CounterOptions | undefined;
}

/** The tiers of accounts. */
export type Tier = "starter" | "intermediate" | "pro";

/** The limits of the tiers, from docs.kraken.com, "Spot REST Rate Limits" and "Spot Trading Limits", November 2026. */
export const TIERS: Readonly<Record<Tier, RateLimitOptions>> = {
  starter: { max: 15, decay: 0.33, trading: { max: 60, decay: 1 } },
  intermediate: { max: 20, decay: 0.5, trading: { max: 125, decay: 2.34 } },
  pro: { max: 20, decay: 1, trading: { max: 180, decay: 3.75 } },
};

/** A counter for each key or pair, which calls raise and time lowers. */
export class RateCounter {
  readonly #options: CounterOptions | undefined;
  /** The milliseconds between two decreases; 0 if the counters decrease continuously. */
  readonly #step: number;
  readonly #counters = new Map<string, { value: number; at: number }>();

  constructor(options: CounterOptions | undefined, step = 0) {
    this.#options = options;
    this.#step = step;
  }

  /** @param always - whether the call is accepted even if the counter rises above its limit */
  take(key: string, cost: number, now: number, always = false): boolean {
    if (!this.#options) return true;
    const { max, decay } = this.#options;
    const last = this.#counters.get(key) ?? { value: 0, at: now };
    const value = Math.max(0, last.value - (this.#passed(last.at, now) / 1000) * decay);
    const allowed = always || value + cost <= max;
    this.#counters.set(key, { value: allowed ? value + cost : value, at: now });
    return allowed;
  }

  #passed(since: number, now: number): number {
    const step = this.#step;
    return Math.max(0, step ? (Math.floor(now / step) - Math.floor(since / step)) * step : now - since);
  }
}

/** An order, as far as the trading engine's counter depends on it. */
interface CountedOrder {
  readonly opentm: number;
  readonly pair: {
    readonly altname: string;
  };
}

/** The amounts for an order that is younger than 5, 10, 15, 45, 90 and 300 seconds. */
const YOUNG = { amend: [3, 2, 1], edit: [6, 5, 4, 2, 1], cancel: [8, 6, 5, 4, 2, 1] } as const;
const AGES = [5, 10, 15, 45, 90, 300];

/** The counters of the trading engine: one for each pair. All keys of the account, REST and WebSockets share them. */
export class TradingCounter {
  /** The limit; none if there is none. */
  readonly max: number | undefined;
  readonly #counter: RateCounter;
  readonly #limitsCancels: boolean;
  /** The times of the latest amendments. */
  readonly #amended = new WeakMap<object, number>();

  constructor(options: CounterOptions | undefined, assumptions: { readonly limitsCancels?: boolean; readonly steppedDecay?: boolean }) {
    this.max = options?.max;
    this.#counter = new RateCounter(options, assumptions.steppedDecay ? 1000 : 0);
    this.#limitsCancels = assumptions.limitsCancels ?? false;
  }

  /** Counts new orders. In a batch, each counts half. Returns whether they are allowed. */
  add(pair: string, orders: number, now: number): boolean {
    return this.#counter.take(pair, orders === 1 ? 1 : orders / 2, now);
  }

  /** Counts a change of an order. */
  change(how: "amend" | "edit", order: CountedOrder, now: number): boolean {
    return this.#counter.take(order.pair.altname, 1 + this.#penalty(how, order, now), now);
  }

  /** Makes an order as young as a new one, because it was amended. */
  amended(order: CountedOrder, now: number): void {
    this.#amended.set(order, now);
  }

  /** Counts the cancellation of an order. */
  cancel(order: CountedOrder, now: number): boolean {
    return this.#counter.take(order.pair.altname, this.#penalty("cancel", order, now), now, !this.#limitsCancels);
  }

  /** Counts cancellations in a batch. They are always allowed. */
  cancelAll(orders: readonly CountedOrder[], now: number): void {
    for (const order of orders) this.#counter.take(order.pair.altname, this.#penalty("cancel", order, now), now, true);
  }

  #penalty(how: keyof typeof YOUNG, order: CountedOrder, now: number): number {
    const age = now - (this.#amended.get(order) ?? order.opentm);
    return YOUNG[how][AGES.findIndex((seconds) => age < seconds * 1000)] ?? 0;
  }
}

/** Returns the counters of an exchange. */
export function countersOf(
  given: RateLimitOptions | Tier | undefined,
  assumptions: { readonly limitsCancels?: boolean; readonly steppedDecay?: boolean },
): { readonly rateCounter: RateCounter; readonly tradingCounter: TradingCounter } {
  const limits = typeof given === "string" ? TIERS[given] : given;
  const step = limits && assumptions.steppedDecay ? 1000 / limits.decay : 0;
  return { rateCounter: new RateCounter(limits, step), tradingCounter: new TradingCounter(limits?.trading, assumptions) };
}
