import { callForText } from "../wasm/memory.js";
import { checkFlag, checkNames, described } from "../checks.js";
import { InvalidNonceError } from "../errors.js";
import { endOfBlock } from "./nonce-block.js";
import { clock } from "./clock.js";
import { core } from "../wasm/instance.js";

/** The unit of a nonce, which counts from 1970. Kraken's samples use milliseconds. */
export type NonceUnit = "ms" | "us" | "ns";

/**
 * A place that keeps the highest nonce of a key while no process runs: a file (`nonceFile` of `kraken-signer/node`), or a row of a database. Both methods
 * are synchronous.
 */
export interface NonceStore {
  /** Returns what was written last; `undefined` if there is nothing yet. */
  read(): string | undefined;
  /** Keeps a nonce. When it returns, the nonce must survive a crash of the machine, so it must not return a promise. */
  write(nonce: string): void;
}

/** Options of {@link NonceSource}. */
export interface NonceSourceOptions {
  /**
   * The unit of the nonces. All programs that use a key must have the same unit: after a nonce in a finer unit, Kraken rejects every nonce in a coarser
   * one, permanently.
   * @default "ms"
   */
  unit?: NonceUnit | undefined;
  /** A nonce that the key has already used. The first new nonce is above it; none by default. */
  after?: bigint | string | undefined;
  /**
   * Allows `after`, or the nonce of the store, to be more than a day ahead of the clock; `false` by default. It is for a key whose highest nonce is that
   * high, because Kraken rejects every lower nonce of the key, and for a machine whose clock may be more than a day behind.
   */
  allowAhead?: boolean | undefined;
  /**
   * Keeps the highest nonce over a restart, for machines whose clock may be wrong after it; none by default. The end of a block of nonces, a minute ahead
   * of the clock, is written before the first nonce of the block is used, so there is one write a minute while there are calls. All clients of the key
   * must use this source.
   */
  store?: NonceStore | undefined;
  /** The clock, in milliseconds since 1970; by default, that of the machine, protected against jumps. */
  now?: (() => number) | undefined;
}

const UNITS: readonly unknown[] = ["ms", "us", "ns"];

/** Converts a unit to the number that the binary uses. */
export function unitOf(unit: unknown): number {
  const place = UNITS.indexOf(unit);
  if (place < 0)
    throw new InvalidNonceError(
      `Invalid \`unit\` of nonces: expected "ms", "us" or "ns", got ${typeof unit === "string" ? JSON.stringify(unit.slice(0, 40)) : described(unit)}.`,
    );
  return place;
}

/** Shows a nonce in a message. A nonce is not secret. */
const shown = (nonce: unknown): string =>
  /^(number|bigint)$/.test(typeof nonce)
    ? `${nonce as bigint}`
    : typeof nonce === "string"
      ? JSON.stringify(nonce.slice(0, 40))
      : described(nonce);

function nonceIn(what: string, value: unknown): bigint {
  const nonce = typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : value;
  if (typeof nonce === "bigint" && BigInt.asUintN(64, nonce) === nonce) return nonce;
  throw new InvalidNonceError(`Invalid ${what}: expected a whole number from 0 to 2^64-1, as a bigint or a string, got ${shown(value)}.`);
}

export function checkedStore(store: NonceStore | undefined): NonceStore | undefined {
  if (store === undefined || (typeof store?.read === "function" && typeof store.write === "function")) return store;
  throw new InvalidNonceError(`Invalid \`store\`: expected an object with the methods \`read\` and \`write\`, got ${described(store)}.`);
}

/** Returns what a store keeps; `undefined` if there is nothing yet. */
export function storedNonce(store: NonceStore | undefined): bigint | undefined {
  const kept = store?.read();
  return kept === undefined ? undefined : nonceIn("what `store` returned", kept);
}

/** Keeps a nonce in a store. */
export function storeNonce(store: NonceStore, nonce: bigint): void {
  const returned: unknown = store.write(`${nonce}`);
  if (Object(returned) !== returned || !("then" in (returned as object))) return;
  Promise.resolve(returned).catch(() => {});
  throw new InvalidNonceError("Invalid `store`: its method `write` returned a promise, so the nonce is not stored yet. Nothing was sent.");
}

/** Returns the time as a nonce, or `last + 1` if that is higher. With `first`, a `last` more than a day ahead of the clock is refused. */
export function nonceAfter(last: bigint, unit: number, clock: number, first: 0 | 1 = 0): string {
  return callForText(core(), (exports) => exports.nonce(last, unit, clock, first));
}

/**
 * Makes the nonces of one API key. They strictly increase, even if the clock stands still (in Workers, between I/O), is at zero (in Workers, in the global
 * scope) or goes back.
 *
 * Increasing nonces are not enough if requests can overtake each other on the way to Kraken: see {@link Lane}.
 *
 * @example
 * ```ts
 * const nonces = new NonceSource({ unit: "us" });
 * const nonce = nonces.next();
 * ```
 */
export class NonceSource {
  /** The unit of the nonces. */
  readonly unit: NonceUnit;
  /** Whether nonces may be more than a day ahead of the clock. */
  readonly allowAhead: boolean;
  readonly #unit: number;
  readonly #now: () => number;
  readonly #store: NonceStore | undefined;
  #last: bigint;
  /** The end of the block: what the store has. */
  #end = -1n;
  #state: "fresh" | "unchecked" | "running" = "fresh";

  /** @throws InvalidNonceError if `unit` or `after` is invalid */
  constructor(options: NonceSourceOptions = {}) {
    checkNames("NonceSource", options, ["unit", "after", "allowAhead", "store", "now"], {
      last: "after",
      start: "after",
      clock: "now",
    });
    const { unit = "ms", after, allowAhead, store, now = () => clock.now() } = options;
    this.#unit = unitOf(unit);
    this.unit = unit;
    checkFlag("allowAhead", allowAhead);
    this.allowAhead = allowAhead === true;
    if (typeof now !== "function")
      throw new InvalidNonceError(`Invalid \`now\`: expected a function that returns milliseconds since 1970, got ${described(now)}.`);
    this.#now = now;
    this.#store = store;
    this.#last = 0n;
    if (after !== undefined) this.#startAbove(nonceIn("`after`", after));
    const kept = storedNonce(checkedStore(store));
    if (kept === undefined) return;
    this.#end = kept;
    if (this.#end >= this.#last) this.#startAbove(this.#end);
  }

  /**
   * Returns the next nonce.
   *
   * @throws InvalidNonceError if `after` is more than a day ahead of the clock, or the clock returns no valid time
   */
  next(): string {
    const clock: unknown = this.#now();
    // The binary refuses NaN.
    const time = typeof clock === "number" ? clock : NaN;
    const nonce = nonceAfter(this.#last, this.#unit, time, this.#state === "unchecked" ? 1 : 0);
    if (this.#store) this.#keep(BigInt(nonce), time);
    this.#last = BigInt(nonce);
    this.#state = "running";
    return nonce;
  }

  /** Every nonce up to the end of the block is above all that the store knows, so a restart continues above it. */
  #keep(nonce: bigint, time: number): void {
    if (nonce <= this.#end) return;
    const end = endOfBlock(BigInt(nonceAfter(0n, this.#unit, time)), nonce, this.unit);
    storeNonce(this.#store!, end);
    this.#end = end;
  }

  #startAbove(last: bigint): void {
    this.#last = last;
    this.#state = this.allowAhead ? "running" : "unchecked";
  }

  /** The last nonce that was made; before the first one, `after`. */
  get last(): string | undefined {
    return this.#state === "fresh" ? undefined : String(this.#last);
  }
}
