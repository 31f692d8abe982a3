import { InvalidNonceError, need } from "../errors.js";
import { clock } from "../signing/clock.js";
import type { Lane, LaneOptions } from "./lane.js";
import { checkNonce, inUnit } from "./limit.js";
import { type QueueEntry, isIdle, runInSlot } from "./queue.js";
import { nonceAfter, unitOf } from "../signing/nonce.js";

/** Where a lane's nonces come from: a `NonceSource`, of either copy of this package. */
interface Source {
  next(): string;
  readonly unit?: string | undefined;
  readonly allowAhead?: boolean | undefined;
}

/** What a process knows of a key that is in use. */
interface KeyState {
  readonly queue: QueueEntry[];
  /** The highest nonce given out so far. */
  last: bigint;
  unit: string | undefined;
  /** Kraken has accepted a nonce of this unit. */
  accepted: boolean;
  allowAhead: boolean;
  /** How many lanes of clients are open for the key. */
  lanes: number;
}

/** What the copies of this package in a process share. Its shape is a protocol: change its name with it. */
interface Registry {
  readonly keys: Map<string, KeyState>;
  /** By unit, the highest nonce of all keys whose state was dropped. */
  readonly floors: Map<string, bigint>;
  /** The number of keys at which the unused ones are looked for. */
  sweepAt: number;
}

const REGISTRY = /* @__PURE__ */ Symbol.for("kraken-signer.lanes/2");

const UNITS = ["ms", "us", "ns"] as const;

const SECOND = 1000;
const HOUR = 3_600_000;

function openRegistry(): Registry {
  const scope = globalThis as { [REGISTRY]?: Registry };
  // Not enumerable: it has API keys in it, and people print the global object.
  if (!scope[REGISTRY]) Object.defineProperty(scope, REGISTRY, { value: { keys: new Map(), floors: new Map(), sweepAt: 1024 } satisfies Registry });
  return scope[REGISTRY]!;
}

/**
 * Drops the state of a key that is not in use, if its last nonce is not ahead of the clock by this many milliseconds (behind it, if negative).
 *
 * No nonce of a key goes back because of that, whatever the clock does meanwhile: the floor of its unit rises to the last nonce, and whoever
 * uses the key again starts above the floor. All keys that are new to the process do, and therefore a nonce far ahead of the clock is never dropped.
 */
function drop({ keys, floors }: Registry, key: string, { queue, unit, last }: KeyState, ahead: number): void {
  const known = UNITS.find((one) => one === unit);
  if (queue.length || !known || last > inUnit(clock.now() + ahead, known)) return;
  const floor = floors.get(known) ?? 0n;
  if (last > floor) floors.set(known, last);
  keys.delete(key);
}

/** Drops what has no client, or has not been used for an hour, whenever the number of keys has doubled. */
function sweep(registry: Registry): void {
  if (registry.keys.size < registry.sweepAt) return;
  for (const [key, state] of registry.keys) drop(registry, key, state, state.lanes ? -HOUR : SECOND);
  registry.sweepAt = Math.max(1024, 2 * registry.keys.size);
}

/** Agrees on a unit. A finer one is for good, so that nobody gets it by mistake, but a key that was refused in the coarser one needs it. */
function agree(state: KeyState, unit: string | undefined): void {
  state.unit ??= unit;
  if (!unit || unit === state.unit) return;
  if (state.accepted || unitOf(unit) < unitOf(state.unit))
    throw new InvalidNonceError(`This key counts in ${state.unit}, not in ${unit}, for good.`);
  state.unit = unit;
}

/** Whether Kraken has accepted the nonce of what ended with this error. Only its own words prove that. */
function wasAccepted(error: unknown): boolean {
  const { kind } = (error ?? {}) as { kind?: unknown };
  return typeof kind === "string" && kind !== "nonce";
}

/** The lane of one client for one key. All lanes of a process for this key share a queue and the last nonce, whichever copy of this package they come from. */
export class ProcessLane implements Lane {
  readonly #key: string;
  readonly #source: Source | undefined;
  readonly #unit: string | undefined;
  /** As it was found last. It may have been dropped since, while nobody used the key. */
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
    return runInSlot(
      state.queue,
      async () => {
        await options?.prepare?.();
        try {
          const answer = await send(this.#take(state));
          state.accepted = true;
          return answer;
        } catch (error) {
          state.accepted ||= wasAccepted(error);
          throw error;
        }
      },
      options,
    );
  }

  next(): string {
    const state = this.#open();
    need(isIdle(state.queue), "A request with this key is on its way or waits for its turn: use sign() instead of signSync().");
    return this.#take(state);
  }

  /** Says that the client does not use the key any more. The last client's farewell drops its state. */
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
    const given: unknown = this.#source ? this.#source.next() : nonceAfter(state.last, unitOf(state.unit), clock.now());
    // Before the last nonce rises: one that is refused must not hold up those that come after it.
    checkNonce(given, state);
    const nonce = BigInt(given);
    state.last = nonce > state.last ? nonce : state.last + 1n;
    return `${state.last}`;
  }
}

/**
 * The lane of a key in this process, for one client. Nonces come from `source`, or from the clock in this unit, and lie above those of all other
 * clients with the key.
 */
export const laneOf = (key: string, source: Source | undefined, unit: string | undefined): ProcessLane =>
  new ProcessLane(key, source, unit);
