import { checkFlag, checkNames, described } from "../checks.js";
import { InvalidNonceError, need } from "../errors.js";
import type { Lane, LaneOptions } from "./lane.js";
import { type NonceStore, type NonceUnit, checkedStore, nonceAfter, storeNonce, storedNonce, unitOf } from "../signing/nonce.js";
import { endOfBlock } from "../signing/nonce-block.js";
import { clock } from "../signing/clock.js";
import { checkNonce } from "./limit.js";
import { type QueueEntry, isIdle, runInSlot } from "./queue.js";

/** Options of {@link ThreadLane}. `memory`, `unit`, `allowAhead` and what `store` leads to must be the same in every thread that uses the key. */
export interface ThreadLaneOptions {
  /** The memory that {@link ThreadLane.memory} made, once for each API key, passed to every thread. */
  readonly memory: SharedArrayBuffer;
  /**
   * The unit of the nonces. The unit of a key cannot be changed.
   * @default "ms"
   */
  readonly unit?: NonceUnit | undefined;
  /**
   * Allows the nonce of the store to be more than a day ahead of the clock, for a machine whose clock may be more than a day behind. Kraken rejects every
   * lower nonce of the key afterwards.
   * @default false
   */
  readonly allowAhead?: boolean | undefined;
  /**
   * Seconds without a heartbeat after which a thread loses its slot, from 2 to 3600. If a thread ends during a request, the key is blocked for that
   * long. A thread also loses its slot if it is busy with synchronous work for longer.
   * @default 10
   */
  readonly lease?: number | undefined;
  /**
   * Keeps the highest nonce over a restart of the process, for machines whose clock may be wrong after it, such as `nonceFile` of `kraken-signer/node`; none
   * by default. Every thread opens the same one. No other process may use it, which is not noticed here.
   */
  readonly store?: NonceStore | undefined;
}

/** The first word of the memory. It identifies the memory and the version of its layout. */
const VERSION = 0x6b733102;

/** The 32-bit words of the memory. They are followed by the entries that wait; each has two words, its number and its heartbeat. */
const Word = { version: 0, unit: 1, created: 2, slot: 3, heartbeat: 4, last: 6, end: 8, entries: 10 } as const;

/** The number of entries that can wait at once: one read and one write for each thread. Others wait outside until an entry is free. */
const ENTRIES = 128;

// In a function, because bundlers keep the reading of a property, which might do something.
const SIZE = /* @__PURE__ */ (() => 4 * (Word.entries + 2 * ENTRIES))();

/** Milliseconds between two attempts to take the slot. */
const POLL_INTERVAL = 1;

/** Milliseconds between two heartbeats of an entry. */
const HEARTBEAT = 1000;

/** An entry as a thread last saw it, and for how many of the thread's own heartbeats it has not changed. */
interface LastSeen {
  entry: number;
  heartbeat: number;
  missed: number;
}

/**
 * The lane of an API key that several threads of a process share through memory. It works in every runtime with threads and `SharedArrayBuffer`:
 * Node, Deno, Bun, and pages that are cross-origin isolated.
 *
 * One request is out at a time in all threads, each with a nonce above all earlier ones. Writes go before the reads that wait, in every thread; each
 * kind goes in the order in which it came. A thread that is terminated during its request loses its slot after the lease.
 *
 * (Web Locks would need no memory, but Node 24 and 26 give one lock to two threads, and Node 24 can hang.)
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
  readonly allowAhead: boolean;
  readonly #unit: number;
  readonly #words: Int32Array;
  readonly #last: BigInt64Array;
  /** The end of the block of nonces that the store has; 0 before the first one. */
  readonly #end: BigInt64Array;
  readonly #store: NonceStore | undefined;
  /** The number of heartbeats that an entry may miss. */
  readonly #mostMissed: number;
  /** The timer of {@link ThreadLane.#watch}. */
  #watching: ReturnType<typeof setInterval> | undefined;
  // Each thread has at most one read and one write in the memory.
  readonly #reads: QueueEntry[] = [];
  readonly #writes: QueueEntry[] = [];

  /** Creates the memory of one key. */
  static memory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(SIZE);
    new Int32Array(memory)[Word.version] = VERSION;
    return memory;
  }

  /** @throws InvalidRequestError or InvalidNonceError if an option is invalid */
  constructor(options: ThreadLaneOptions) {
    checkNames("ThreadLane", options, ["memory", "unit", "allowAhead", "lease", "store"]);
    const { memory, unit = "ms", allowAhead = false, lease = 10, store } = options ?? {};
    need(
      Object.prototype.toString.call(memory) === "[object SharedArrayBuffer]" && memory.byteLength === SIZE,
      `Invalid \`memory\`: expected the result of ThreadLane.memory(), got ${described(memory)}. Create it once for each key, and pass it to every thread.`,
    );
    need(
      lease >= 2 && lease <= 3600,
      `Invalid \`lease\`: expected seconds from 2 to 3600, got ${typeof lease === "number" ? lease : described(lease)}.`,
    );
    checkFlag("allowAhead", allowAhead);
    this.#unit = unitOf(unit);
    this.unit = unit;
    this.allowAhead = allowAhead;
    this.#mostMissed = Math.ceil((lease * 1000) / HEARTBEAT);
    this.#words = new Int32Array(memory);
    this.#last = new BigInt64Array(memory, 4 * Word.last, 1);
    this.#end = new BigInt64Array(memory, 4 * Word.end, 1);
    this.#store = checkedStore(store);
    need(this.#words[Word.version] === VERSION, "Invalid `memory`: it was not made by ThreadLane.memory() of this version.");
    const known = Atomics.compareExchange(this.#words, Word.unit, 0, this.#unit + 1);
    if (known && known !== this.#unit + 1)
      throw new InvalidNonceError("Invalid `unit`: another thread uses a different unit for this key.");
  }

  /** See {@link Lane.run}. */
  async run<T>(send: (nonce: string) => Promise<T>, options: LaneOptions = {}): Promise<T> {
    const { signal, write = false } = options;
    return runInSlot(write ? this.#writes : this.#reads, () => this.#runInSlot(send, write, options), { signal });
  }

  next(): string {
    if (!this.#isFree) this.#watch();
    need(this.#isFree, "signSync() cannot wait, and another request with this key has a slot or waits for one. Use sign().");
    return this.#take();
  }

  get #isFree(): boolean {
    // A call of this thread is in its queue before it is in the memory.
    if (!isIdle(this.#reads) || !isIdle(this.#writes)) return false;
    return this.#entries().next().done === true && !Atomics.load(this.#words, Word.slot);
  }

  /**
   * Looks for the duration of the lease whether the threads that have the slot or wait for it are alive, so that a later {@link ThreadLane.next} is not
   * refused because of a thread that has ended. Calls that wait do so themselves.
   */
  #watch(): void {
    if (this.#watching !== undefined) return;
    const lastSeen = new Map<number, LastSeen>();
    let left = this.#mostMissed + 2;
    this.#watching = setInterval(() => {
      this.#dropSilentEntries(0, lastSeen);
      if (--left > 0 && !this.#isFree) return;
      clearInterval(this.#watching);
      this.#watching = undefined;
    }, HEARTBEAT);
    // It does not keep the process alive.
    (this.#watching as { unref?(): void }).unref?.();
  }

  async #runInSlot<T>(send: (nonce: string) => Promise<T>, write: boolean, { signal, prepare }: LaneOptions): Promise<T> {
    const entry = this.#newEntry(write);
    const lastSeen = new Map<number, LastSeen>();
    const beating = setInterval(() => {
      this.#beat(entry);
      this.#dropSilentEntries(entry, lastSeen);
    }, HEARTBEAT);
    try {
      await this.#waitForSlot(entry, signal);
      await prepare?.();
      // If making the one-time password kept this thread busy for longer than the lease, it has lost the slot.
      if (Atomics.load(this.#words, Word.slot) !== entry) await this.#waitForSlot(entry, signal);
      return await send(this.#take());
    } finally {
      clearInterval(beating);
      const place = this.#placeOf(entry);
      if (place) Atomics.compareExchange(this.#words, place, entry, 0);
      Atomics.compareExchange(this.#words, Word.slot, entry, 0);
    }
  }

  async #waitForSlot(entry: number, signal: AbortSignal | undefined): Promise<void> {
    while (!this.#tryToTakeSlot(entry)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
      signal?.throwIfAborted();
    }
  }

  /** Returns a unique number, never 0, whose last bit is set for writes. It wraps around after a billion, which does not disturb the order. */
  #newEntry(write: boolean): number {
    const entry = Atomics.add(this.#words, Word.created, 2) & ~1;
    return entry === 0 && !write ? this.#newEntry(write) : entry | Number(write);
  }

  /**
   * Takes the slot, if it is free and no other entry goes first. Only the exchange itself has to be atomic: an entry that joins during the check may
   * come first or second.
   */
  #tryToTakeSlot(entry: number): boolean {
    if (!this.#placeOf(entry) && !this.#join(entry)) return false;
    for (const [, other] of this.#entries()) if (isBefore(other, entry)) return false;
    if (Atomics.compareExchange(this.#words, Word.slot, 0, entry)) return false;
    const place = this.#placeOf(entry);
    if (place) Atomics.compareExchange(this.#words, place, entry, 0);
    return true;
  }

  /** Adds an entry, and returns whether one was free. */
  #join(entry: number): boolean {
    for (let place: number = Word.entries; place < Word.entries + 2 * ENTRIES; place += 2)
      if (!Atomics.compareExchange(this.#words, place, 0, entry)) return true;
    return false;
  }

  /** Lists the entries that wait, with their addresses in the memory. */
  *#entries(): Generator<[place: number, entry: number]> {
    for (let place: number = Word.entries; place < Word.entries + 2 * ENTRIES; place += 2) {
      const entry = Atomics.load(this.#words, place);
      if (entry) yield [place, entry];
    }
  }

  /** Returns the address of an entry that waits, or 0. */
  #placeOf(entry: number): number {
    for (const [place, other] of this.#entries()) if (other === entry) return place;
    return 0;
  }

  /** Sends a heartbeat. */
  #beat(entry: number): void {
    const place = Atomics.load(this.#words, Word.slot) === entry ? Word.slot : this.#placeOf(entry);
    if (place) Atomics.add(this.#words, place + 1, 1);
  }

  /**
   * Removes entries whose heartbeats have stopped, measured in heartbeats of this thread. No clock is read, so a pause of the whole process removes
   * none. A thread whose waiting entry was removed joins again with the same number.
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

  /** Returns a nonce above those of all threads. */
  #take(): string {
    for (;;) {
      const last = Atomics.load(this.#last, 0);
      const nonce = this.#afterStored(nonceAfter(last, this.#unit, clock.now()));
      checkNonce(nonce, this);
      if (this.#store) this.#keep(this.#store, BigInt(nonce));
      // If this thread has just lost its slot, another one may have taken a nonce in the meantime.
      if (Atomics.compareExchange(this.#last, 0, last, BigInt(nonce)) === last) return nonce;
    }
  }

  /** Returns a nonce above those of an earlier process, for the first nonce of this one. */
  #afterStored(nonce: string): string {
    if (!this.#store || Atomics.load(this.#end, 0)) return nonce;
    const stored = storedNonce(this.#store) ?? 0n;
    return BigInt(nonce) > stored ? nonce : `${stored + 1n}`;
  }

  /** Stores the end of a block of nonces before the first one of it is used. */
  #keep(store: NonceStore, nonce: bigint): void {
    if (nonce <= Atomics.load(this.#end, 0)) return;
    // A file notices that another source has written to it, and that other one is another thread here.
    storedNonce(store);
    const end = endOfBlock(BigInt(nonceAfter(0n, this.#unit, clock.now())), nonce, this.unit);
    storeNonce(store, end);
    Atomics.store(this.#end, 0, end);
  }
}

/** Whether an entry goes before another one: writes first, then by age. */
function isBefore(one: number, other: number): boolean {
  const [isWrite, otherIsWrite] = [one & 1, other & 1];
  if (isWrite !== otherIsWrite) return isWrite === 1;
  return ((one - other) | 0) < 0;
}
