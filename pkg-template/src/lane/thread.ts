import { checkNames, described } from "../checks.js";
import { InvalidNonceError, InvalidRequestError, need } from "../errors.js";
import type { Lane, LaneOptions } from "./lane.js";
import { type NonceUnit, nonceAfter, unitOf } from "../signing/nonce.js";
import { clock } from "../signing/clock.js";
import { checkNonce } from "./limit.js";
import { type QueueEntry, runInSlot } from "./queue.js";

/** Options of {@link ThreadLane}. `memory` must be the same in every thread that uses the key, and so must `unit`. */
export interface ThreadLaneOptions {
  /** What {@link ThreadLane.memory} has made, once for each API key, handed to every thread. */
  readonly memory: SharedArrayBuffer;
  /**
   * What nonces count. A key has one unit, for good.
   * @default "ms"
   */
  readonly unit?: NonceUnit | undefined;
  /**
   * Seconds after which a thread that gives no sign of life has lost its turn, from 2 to 3600. So long does the key stand still when a thread ends during
   * a request. Synchronous work that takes longer costs the thread its turn, too.
   * @default 10
   */
  readonly lease?: number | undefined;
}

/** What the first word of the memory says: that it is one, and its layout. */
const VERSION = 0x6b733101;

/** The words of the memory, of 32 bits each. After them come the entries of those who wait, each a entry and its heartbeat. */
const Word = { version: 0, unit: 1, created: 2, slot: 3, heartbeat: 4, last: 6, entries: 8 } as const;

/** How many can wait at once: two for each thread, one to read and one to write. Others wait outside until there is room. */
const ENTRIES = 128;

const SIZE = 4 * (Word.entries + 2 * ENTRIES);

/** How often whoever waits looks whether it is his turn, in milliseconds. */
const POLL_INTERVAL = 1;

/** How often whoever waits or has the turn gives a sign of life, in milliseconds. */
const HEARTBEAT = 1000;

/** What a entry that waits, or has the turn, was when it was seen last, and for how many heartbeats of one's own it has been the same. */
interface LastSeen {
  entry: number;
  heartbeat: number;
  missed: number;
}

/**
 * The lane of an API key that several threads of a process share through memory. Works wherever threads and `SharedArrayBuffer` are: Node, Deno,
 * Bun, and pages that are cross-origin isolated.
 *
 * One request at a time in all threads, each with a nonce above all before it. Calls that write go before all that wait and read, in every thread,
 * and each kind goes in the order in which it came. A thread that is ended during its request has lost its turn after the lease.
 *
 * (Web Locks would need no memory. Those of Node 24 hang and give one lock to two threads, those of Node 26 do the latter.)
 *
 * @example
 * ```ts
 * // Once:
 * const memory = ThreadLane.memory();
 * new Worker(program, { workerData: { memory } });
 * // In each thread:
 * const client = new SpotClient({ key, secret, lane: new ThreadLane({ memory: workerData.memory }) });
 * ```
 */
export class ThreadLane implements Lane {
  readonly unit: NonceUnit;
  readonly #unit: number;
  readonly #words: Int32Array;
  readonly #last: BigInt64Array;
  /** How many heartbeats somebody may miss. */
  readonly #mostMissed: number;
  // Each thread asks for one turn to read and one to write at a time.
  readonly #reads: QueueEntry[] = [];
  readonly #writes: QueueEntry[] = [];

  /** Makes the memory of one key. */
  static memory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(SIZE);
    new Int32Array(memory)[Word.version] = VERSION;
    return memory;
  }

  /** @throws InvalidRequestError, InvalidNonceError naming what is wrong with the options. */
  constructor(options: ThreadLaneOptions) {
    checkNames("ThreadLane", options, ["memory", "unit", "lease"]);
    const { memory, unit = "ms", lease = 10 } = options ?? {};
    if (Object.prototype.toString.call(memory) !== "[object SharedArrayBuffer]" || memory.byteLength !== SIZE)
      throw new InvalidRequestError(
        `Invalid \`memory\`: expected what ThreadLane.memory() makes, once for each key, got ${described(memory)}. Hand the same one to every thread.`,
      );
    if (!(lease >= 2 && lease <= 3600))
      throw new InvalidRequestError(
        `Invalid \`lease\`: expected seconds from 2 to 3600, got ${typeof lease === "number" ? lease : described(lease)}.`,
      );
    this.#unit = unitOf(unit);
    this.unit = unit;
    this.#mostMissed = Math.ceil((lease * 1000) / HEARTBEAT);
    this.#words = new Int32Array(memory);
    this.#last = new BigInt64Array(memory, 4 * Word.last, 1);
    if (this.#words[Word.version] !== VERSION)
      throw new InvalidRequestError("Invalid `memory`: it was made by another version of this package, or for something else.");
    const known = Atomics.compareExchange(this.#words, Word.unit, 0, this.#unit + 1);
    if (known && known !== this.#unit + 1)
      throw new InvalidNonceError("Invalid `unit`: another thread counts this key's nonces in another unit. A key has one unit, for good.");
  }

  /** See {@link Lane.run}. */
  async run<T>(send: (nonce: string) => Promise<T>, options: LaneOptions = {}): Promise<T> {
    const { signal, write = false } = options;
    return runInSlot(write ? this.#writes : this.#reads, () => this.#runInSlot(send, write, options), { signal });
  }

  next(): string {
    const isFree = this.#entries().next().done && !Atomics.load(this.#words, Word.slot);
    need(isFree, "A request with this key is on its way or waits for its turn: use sign() instead of signSync().");
    return this.#take();
  }

  async #runInSlot<T>(send: (nonce: string) => Promise<T>, write: boolean, { signal, prepare }: LaneOptions): Promise<T> {
    const entry = this.#newEntry(write);
    const lastSeen = new Map<number, LastSeen>();
    const beating = setInterval(() => {
      this.#beat(entry);
      this.#dropSilentEntries(entry, lastSeen);
    }, HEARTBEAT);
    try {
      while (!this.#tryToTakeSlot(entry)) {
        await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
        signal?.throwIfAborted();
      }
      await prepare?.();
      return await send(this.#take());
    } finally {
      clearInterval(beating);
      const place = this.#placeOf(entry);
      if (place) Atomics.compareExchange(this.#words, place, entry, 0);
      Atomics.compareExchange(this.#words, Word.slot, entry, 0);
    }
  }

  /** A number that nobody else has, with its last bit for writes, and never 0. It starts again after a billion; the order survives that. */
  #newEntry(write: boolean): number {
    const entry = Atomics.add(this.#words, Word.created, 2) & ~1;
    return entry === 0 && !write ? this.#newEntry(write) : entry | Number(write);
  }

  /**
   * Takes the turn, if the entry is the first of those who wait and the turn is free. Only this one step has to be atomic: whoever comes in between may be
   * first or second.
   */
  #tryToTakeSlot(entry: number): boolean {
    if (!this.#placeOf(entry) && !this.#join(entry)) return false;
    for (const [, other] of this.#entries()) if (isBefore(other, entry)) return false;
    if (Atomics.compareExchange(this.#words, Word.slot, 0, entry)) return false;
    const place = this.#placeOf(entry);
    if (place) Atomics.compareExchange(this.#words, place, entry, 0);
    return true;
  }

  /** Whether there was room for it. */
  #join(entry: number): boolean {
    for (let place: number = Word.entries; place < Word.entries + 2 * ENTRIES; place += 2)
      if (!Atomics.compareExchange(this.#words, place, 0, entry)) return true;
    return false;
  }

  /** Those who wait, by place. */
  *#entries(): Generator<[place: number, entry: number]> {
    for (let place: number = Word.entries; place < Word.entries + 2 * ENTRIES; place += 2) {
      const entry = Atomics.load(this.#words, place);
      if (entry) yield [place, entry];
    }
  }

  /** Where a entry waits, or 0. */
  #placeOf(entry: number): number {
    for (const [place, other] of this.#entries()) if (other === entry) return place;
    return 0;
  }

  /** A sign of life. */
  #beat(entry: number): void {
    const place = Atomics.load(this.#words, Word.slot) === entry ? Word.slot : this.#placeOf(entry);
    if (place) Atomics.add(this.#words, place + 1, 1);
  }

  /**
   * Takes those out whose heartbeats have stopped, counted in one's own: no clock is read, and after a pause of the whole process nobody is missed.
   * Whoever was taken out while he waited comes back with his old entry.
   */
  #dropSilentEntries(own: number, lastSeen: Map<number, LastSeen>): void {
    const holder: [number, number] = [Word.slot, Atomics.load(this.#words, Word.slot)];
    for (const [place, entry] of [holder, ...this.#entries()]) {
      const heartbeat = Atomics.load(this.#words, place + 1);
      const seen = lastSeen.get(place);
      const same = seen?.entry === entry && seen.heartbeat === heartbeat;
      const missed = same ? seen.missed + 1 : 0;
      lastSeen.set(place, { entry, heartbeat, missed });
      if (entry && entry !== own && missed >= this.#mostMissed) Atomics.compareExchange(this.#words, place, entry, 0);
    }
  }

  /** A nonce above all that any thread has taken. */
  #take(): string {
    for (;;) {
      const last = Atomics.load(this.#last, 0);
      const nonce = nonceAfter(last, this.#unit, clock.now());
      checkNonce(nonce, this);
      // Another thread may have taken one meanwhile if this one has just lost its turn.
      if (Atomics.compareExchange(this.#last, 0, last, BigInt(nonce)) === last) return nonce;
    }
  }
}

/** Whether a entry goes before another one: writes first, then by age. */
function isBefore(one: number, other: number): boolean {
  const [isWrite, otherIsWrite] = [one & 1, other & 1];
  if (isWrite !== otherIsWrite) return isWrite === 1;
  return ((one - other) | 0) < 0;
}
