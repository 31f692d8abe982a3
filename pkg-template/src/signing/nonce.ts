import { callForText } from "../wasm/memory.js";
import { checkNames, described } from "../checks.js";
import { InvalidNonceError } from "../errors.js";
import { clock } from "./clock.js";
import { core } from "../wasm/instance.js";

/** What a nonce counts since 1970. Milliseconds are what Kraken's samples use. */
export type NonceUnit = "ms" | "us" | "ns";

/** Options of {@link NonceSource}. */
export interface NonceSourceOptions {
  /**
   * What nonces count.
   * A key that has seen a finer unit refuses every coarser one for good: all senders of a key must agree.
   * @default "ms"
   */
  unit?: NonceUnit | undefined;
  /** A nonce that this key has used already: the first one here is above it. None by default. */
  after?: bigint | string | undefined;
  /** Allows `after` to be more than a day ahead of the clock, for a key whose last nonce really is. It never comes down again. `false` by default. */
  allowAhead?: boolean | undefined;
  /** The clock, in milliseconds since 1970; by default the machine's own, as far as its monotonic clock agrees. */
  now?: (() => number) | undefined;
}

const UNITS: readonly unknown[] = ["ms", "us", "ns"];

/** A unit as the binary takes it. */
export function unitOf(unit: unknown): number {
  const place = UNITS.indexOf(unit);
  if (place < 0)
    throw new InvalidNonceError(
      `Invalid \`unit\` of nonces: expected "ms", "us" or "ns", got ${typeof unit === "string" ? JSON.stringify(unit.slice(0, 40)) : described(unit)}.`,
    );
  return place;
}

/** A nonce is no secret. */
const shown = (nonce: unknown): string =>
  /^(number|bigint)$/.test(typeof nonce)
    ? `${nonce as bigint}`
    : typeof nonce === "string"
      ? JSON.stringify(nonce.slice(0, 40))
      : described(nonce);

/** The clock's reading as a nonce, or the number above `last`. With `first`, a `last` more than a day ahead of the clock is refused. */
export function nonceAfter(last: bigint, unit: number, clock: number, first: 0 | 1 = 0): string {
  return callForText(core(), (exports) => exports.nonce(last, unit, clock, first));
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
    checkNames("NonceSource", options ?? undefined, ["unit", "after", "allowAhead", "now"], {
      last: "after",
      start: "after",
      clock: "now",
    });
    const { unit = "ms", after, allowAhead, now = () => clock.now() } = options ?? {};
    this.#unit = unitOf(unit);
    this.unit = unit;
    this.allowAhead = allowAhead === true;
    if (typeof now !== "function")
      throw new InvalidNonceError(`Invalid \`now\`: expected a function that returns milliseconds since 1970, got ${described(now)}.`);
    this.#now = now;
    this.#last = 0n;
    if (after !== undefined) {
      const last = typeof after === "string" && /^\d{1,20}$/.test(after) ? BigInt(after) : after;
      if (typeof last !== "bigint" || BigInt.asUintN(64, last) !== last) {
        throw new InvalidNonceError(
          `Invalid \`after\`: expected a whole number from 0 to 2^64-1, as a bigint or a string, got ${shown(after)}.`,
        );
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
