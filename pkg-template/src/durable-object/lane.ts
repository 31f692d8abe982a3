import type { Lane, LaneOptions } from "../lane/lane.js";
import { checkNonce } from "../lane/limit.js";
import { type QueueEntry, runInSlot } from "../lane/queue.js";
import { NonceSource, type NonceSourceOptions, type NonceUnit } from "../signing/nonce.js";
import type { ObjectStorage } from "./platform.js";

/** What a block reaches ahead of the clock: a minute. So storage is written once a minute, while there are calls. */
const BLOCK = { ms: 60_000n, us: 60_000_000n, ns: 60_000_000_000n };

/** The least that a block has, for a clock that stands below the last one: 1,000 calls. */
const LEAST = 1000n;

/** Under this name storage has the end of the last block. */
const END_OF_BLOCK = "kraken-signer.nonce";

/**
 * The lane of a key that one Durable Object owns. All its requests share what they await, and go on when their callers are gone, so nobody in its queue
 * is ever given up.
 *
 * Nonces follow the clock within blocks, of which storage has the end, on disk, before the first of a block is used. Whatever ends the object,
 * its next life starts above that end: every nonce it ever sent lies below, so that a request of an earlier life that is still on its way is
 * refused. At most they are a block ahead of the clock, and {@link LEAST} more for each new life within that minute.
 */
export class StorageLane implements Lane {
  readonly unit: NonceUnit;
  readonly allowAhead: boolean;
  readonly #storage: ObjectStorage;
  readonly #clock: NonceSource;
  readonly #queue: QueueEntry[] = [];
  #last = 0n;
  /** Of the block; unknown at first. */
  #end: bigint | undefined;

  constructor(storage: ObjectStorage, options: NonceSourceOptions = {}) {
    this.#storage = storage;
    this.#clock = new NonceSource(options);
    this.unit = this.#clock.unit;
    this.allowAhead = this.#clock.allowAhead;
  }

  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T> {
    const work = async (): Promise<T> => {
      await options?.prepare?.();
      return send(await this.#next());
    };
    return runInSlot(this.#queue, work, { ...options, isolated: false });
  }

  async #next(): Promise<string> {
    if (this.#end === undefined) this.#last = this.#end = (await this.#storage.get<bigint>(END_OF_BLOCK)) ?? 0n;
    const clock = BigInt(this.#clock.next());
    const nonce = clock > this.#last ? clock : this.#last + 1n;
    // Before it is stored: a nonce that is refused must not become the least of those after it.
    checkNonce(`${nonce}`, this);
    if (nonce > this.#end) {
      const [ahead, least] = [clock + BLOCK[this.unit], nonce + LEAST];
      const end = ahead > least ? ahead : least;
      await this.#storage.put(END_OF_BLOCK, end);
      await this.#storage.sync();
      this.#end = end;
    }
    this.#last = nonce;
    return `${nonce}`;
  }
}
