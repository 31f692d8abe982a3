import { InvalidNonceError, need } from "../errors.js";
import { clock } from "../signing/clock.js";
import type { Lane, LaneOptions } from "./lane.js";
import { checkNonce, inUnit } from "./limit.js";
import { type QueueEntry, isIdle, runInSlot } from "./queue.js";
import { nonceAfter, unitOf } from "../signing/nonce.js";

/** The source of a lane's nonces: a `NonceSource`, of either copy of this package (ESM, CommonJS). */
interface Source {
  next(): string;
  readonly unit?: string | undefined;
  readonly allowAhead?: boolean | undefined;
}

/** The state of a key that is in use in this process. */
interface KeyState {
  readonly queue: QueueEntry[];
  /** The highest nonce that was given out. */
  last: bigint;
  unit: string | undefined;
  /** Whether Kraken has accepted a nonce of this unit. */
  accepted: boolean;
  allowAhead: boolean;
  /** The number of open lanes of the key, one for each client. */
  lanes: number;
}

/** The state that all copies of this package in a process share. Other versions may be among them: if you change the type, change the name too. */
interface Registry {
  readonly keys: Map<string, KeyState>;
  /** The highest nonce of all keys whose state was dropped, by unit. */
  readonly floors: Map<string, bigint>;
  /** The number of keys at which the next search for unused ones starts. */
  sweepAt: number;
}

const REGISTRY = /* @__PURE__ */ Symbol.for("kraken-signer.lanes/2");

const UNITS = ["ms", "us", "ns"] as const;

const SECOND = 1000;
const HOUR = 3_600_000;

function openRegistry(): Registry {
  const scope = globalThis as { [REGISTRY]?: Registry };
  // It contains API keys, and people print the global object, so it is not enumerable.
  if (!scope[REGISTRY])
    Object.defineProperty(scope, REGISTRY, { value: { keys: new Map(), floors: new Map(), sweepAt: 1024 } satisfies Registry });
  return scope[REGISTRY]!;
}

/**
 * Drops the state of an unused key, unless its highest nonce is ahead of the clock by more than `ahead` milliseconds (a negative number means behind).
 *
 * The nonces of the key still never go back, whatever the clock does: the floor of its unit rises to the highest nonce, and every key that is new to
 * the process starts above the floor. For that reason, a nonce far ahead of the clock is never dropped.
 */
function drop({ keys, floors }: Registry, key: string, { queue, unit, last }: KeyState, ahead: number): void {
  const known = UNITS.find((one) => one === unit);
  if (queue.length || !known || last > inUnit(clock.now() + ahead, known)) return;
  const floor = floors.get(known) ?? 0n;
  if (last > floor) floors.set(known, last);
  keys.delete(key);
}

/** Drops the keys that have no client, or were not used for an hour, each time the number of keys has doubled. */
function sweep(registry: Registry): void {
  if (registry.keys.size < registry.sweepAt) return;
  for (const [key, state] of registry.keys) drop(registry, key, state, state.lanes ? -HOUR : SECOND);
  registry.sweepAt = Math.max(1024, 2 * registry.keys.size);
}

/** Agrees on a unit. A finer unit is permanent, so a key changes to it only if Kraken has accepted no nonce in the coarser one. */
function agree(state: KeyState, unit: string | undefined): void {
  state.unit ??= unit;
  if (!unit || unit === state.unit) return;
  if (state.accepted || unitOf(unit) < unitOf(state.unit))
    throw new InvalidNonceError(`Invalid \`unit\` of nonces: this key counts in ${state.unit}, and cannot change to ${unit}.`);
  state.unit = unit;
}

/** Whether Kraken accepted the nonce of a request that failed with this error. Only an error string of Kraken proves that. */
function wasAccepted(error: unknown): boolean {
  const { kind } = (error ?? {}) as { kind?: unknown };
  return typeof kind === "string" && kind !== "nonce";
}

/** The lane of one client for one key. All lanes of a key in a process share one queue and one highest nonce, whichever copy of this package they come from. */
export class ProcessLane implements Lane {
  readonly #key: string;
  readonly #source: Source | undefined;
  readonly #unit: string | undefined;
  /** The state that this lane used last. It may have been dropped since. */
  #state: KeyState | undefined;

  constructor(key: string, source: Source | undefined, unit: string | undefined) {
    this.#key = key;
    this.#source = source;
    this.#unit = source ? source.unit : unit;
    if (this.#unit !== undefined) unitOf(this.#unit);
    this.#open();
  }

  get unit(): string | undefined {
    return openRegistry().keys.get(this.#key)?.unit ?? this.#unit;
  }

  get allowAhead(): boolean {
    return openRegistry().keys.get(this.#key)?.allowAhead === true;
  }

  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T> {
    const state = this.#open();
    return runInSlot(state.queue, () => this.#runInSlot(state, send, options), options);
  }

  async #runInSlot<T>(state: KeyState, send: (nonce: string) => Promise<T>, options: LaneOptions | undefined): Promise<T> {
    if (options?.prepare) await options.prepare();
    try {
      const answer = await send(this.#take(state));
      state.accepted = true;
      return answer;
    } catch (error) {
      state.accepted ||= wasAccepted(error);
      throw error;
    }
  }

  next(): string {
    const state = this.#open();
    need(isIdle(state.queue), "signSync() cannot wait, and another request with this key has a slot or waits for one. Use sign().");
    return this.#take(state);
  }

  /** Releases the key. When the last client has released it, its state is dropped. */
  close(): void {
    const registry = openRegistry();
    const state = this.#state;
    this.#state = undefined;
    if (!state || registry.keys.get(this.#key) !== state) return;
    state.lanes -= 1;
    if (!state.lanes) drop(registry, this.#key, state, SECOND);
  }

  #open(): KeyState {
    const registry = openRegistry();
    const { keys, floors } = registry;
    let state = keys.get(this.#key);
    if (state && state === this.#state) return state;
    if (!state) {
      sweep(registry);
      const last = floors.get(this.#unit ?? "") ?? 0n;
      state = { queue: [], last, unit: this.#unit, accepted: false, allowAhead: false, lanes: 0 };
      keys.set(this.#key, state);
    }
    agree(state, this.#unit);
    state.allowAhead ||= this.#source?.allowAhead === true;
    state.lanes += 1;
    this.#state = state;
    return state;
  }

  #take(state: KeyState): string {
    const now = clock.now();
    const given: unknown = this.#source ? this.#source.next() : nonceAfter(state.last, unitOf(state.unit), now);
    // Checked before it becomes the highest nonce: one that is refused must not block later ones.
    const nonce = checkNonce(given, { unit: state.unit, allowAhead: state.allowAhead, now });
    state.last = nonce > state.last ? nonce : state.last + 1n;
    return `${state.last}`;
  }
}

/**
 * Returns the lane of a key for one client of this process. Nonces come from `source`, or from the clock in this unit, and are above those of all
 * other clients with the key.
 */
export const laneOf = (key: string, source: Source | undefined, unit: string | undefined): ProcessLane =>
  new ProcessLane(key, source, unit);
