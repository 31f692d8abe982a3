import { ask } from "../wasm/memory.js";
import { InvalidNonceError } from "../errors.js";
import { clock } from "./clock.js";
import { core } from "../wasm/instance.js";

/** What a nonce counts since 1970. Milliseconds are what Kraken's samples use. */
export type NonceUnit = "ms" | "us" | "ns";

export interface NonceSourceOptions {
  /**
   * A key that has seen a finer unit refuses every coarser one for good: all senders of a key must agree.
   * @default "ms"
   */
  unit?: NonceUnit | undefined;
  /** A nonce that this key has used already: the first one here is above it. */
  after?: bigint | string | undefined;
  /** Allows `after` to be more than a day ahead of the clock, for a key whose last nonce really is. It never comes down again. */
  allowAhead?: boolean | undefined;
  /** The clock, in milliseconds since 1970; by default the machine's own, as far as its monotonic clock agrees. */
  now?: (() => number) | undefined;
}

const UNITS: readonly unknown[] = ["ms", "us", "ns"];

/** A unit as the binary takes it. */
export function unitOf(unit: unknown): number {
  const place = UNITS.indexOf(unit);
  if (place < 0) throw new InvalidNonceError("The unit of a nonce is ms, us or ns.");
  return place;
}

/** The clock's reading as a nonce, or the number above `last`. With `first`, a `last` more than a day ahead of the clock is refused. */
export function nonceAfter(last: bigint, unit: number, clock: number, first: 0 | 1 = 0): string {
  return ask(core(), (exports) => exports.nonce(last, unit, clock, first));
}

/**
 * Makes the nonces of one API key: strictly increasing, whatever the clock does. It may stand still (Workers, between
 * I/O), be at zero (Workers, global scope) or go back.
 *
 * Increasing numbers are not enough when requests overtake each other on the way: see `Lane`.
 */
export class NonceSource {
  /** What its nonces count. */
  readonly unit: NonceUnit;
  /** Its nonces may be more than a day ahead of the clock. */
  readonly allowAhead: boolean;
  readonly #unit: number;
  readonly #now: () => number;
  #last: bigint;
  #state: "fresh" | "unchecked" | "running" = "fresh";

  /** @throws {@link InvalidNonceError} for an unknown unit, and for an `after` that is no nonce */
  constructor(options: NonceSourceOptions = {}) {
    const { unit = "ms", after, allowAhead, now = () => clock.now() } = options ?? {};
    this.#unit = unitOf(unit);
    this.unit = unit;
    this.allowAhead = allowAhead === true;
    if (typeof now !== "function") throw new InvalidNonceError("The clock is a function.");
    this.#now = now;
    this.#last = 0n;
    if (after !== undefined) {
      const last = typeof after === "string" && /^\d{1,20}$/.test(after) ? BigInt(after) : after;
      if (typeof last !== "bigint" || BigInt.asUintN(64, last) !== last) {
        throw new InvalidNonceError("The nonce to start after is a bigint or a string, from 0 to 2^64-1.");
      }
      this.#last = last;
      this.#state = allowAhead === true ? "running" : "unchecked";
    }
  }

  /**
   * The next nonce.
   * @throws {@link InvalidNonceError} if `after` is more than a day ahead of the clock, or the clock makes no sense
   */
  next(): string {
    const clock: unknown = this.#now();
    // The binary refuses NaN.
    const time = typeof clock === "number" ? clock : NaN;
    const nonce = nonceAfter(this.#last, this.#unit, time, this.#state === "unchecked" ? 1 : 0);
    this.#last = BigInt(nonce);
    this.#state = "running";
    return nonce;
  }

  /** The last nonce that was made, or `after` before the first. */
  get last(): string | undefined {
    return this.#state === "fresh" ? undefined : String(this.#last);
  }
}
