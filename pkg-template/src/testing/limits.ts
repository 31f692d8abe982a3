/** The limits of the exchange: the lockout after invalid keys, and the call counter of a key. */

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

/** Settings of {@link ExchangeOptions.rateLimit}. */
export interface RateLimitOptions {
  /** The limit of the counter. A call that would raise it above is rejected. */
  readonly max: number;
  /** The amount by which the counter decreases per second of the exchange's clock. */
  readonly decay: number;
}

/** A counter for each key, which calls raise and time lowers. */
export class RateCounter {
  readonly #options: RateLimitOptions | undefined;
  readonly #counters = new Map<string, { value: number; at: number }>();

  constructor(options: RateLimitOptions | undefined) {
    this.#options = options;
  }

  take(key: string, cost: number, now: number): boolean {
    if (!this.#options) return true;
    const { max, decay } = this.#options;
    const last = this.#counters.get(key) ?? { value: 0, at: now };
    const value = Math.max(0, last.value - (Math.max(0, now - last.at) / 1000) * decay);
    const allowed = value + cost <= max;
    this.#counters.set(key, { value: allowed ? value + cost : value, at: now });
    return allowed;
  }
}
