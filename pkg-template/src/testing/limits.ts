/** What protects an exchange from its clients: the lockout after invalid keys, and the call counter of a key. */

/** See {@link ExchangeOptions.lockout}. */
export interface LockoutOptions {
  /** Invalid keys in a row from one address before it is locked out; default 10 (Kraken's number is not published). */
  readonly attempts?: number;
  /** How long, in milliseconds of the exchange's clock; default 15 minutes. */
  readonly duration?: number;
}

/** Counts invalid keys per address; a success starts again from zero. */
export class Lockout {
  readonly #attempts: number;
  readonly #duration: number;
  readonly #failures = new Map<string, number>();
  readonly #until = new Map<string, number>();

  constructor(options: LockoutOptions = {}) {
    this.#attempts = options.attempts ?? 10;
    this.#duration = options.duration ?? 15 * 60_000;
  }

  /** Asking while locked out starts the time again. */
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

/** See {@link ExchangeOptions.rateLimit}. */
export interface RateLimitOptions {
  /** The counter's limit: a call that would bring it above is refused. */
  readonly max: number;
  /** How much the counter sinks per second of the exchange's clock. */
  readonly decay: number;
}

/** A counter per key that calls raise and time lowers. */
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
