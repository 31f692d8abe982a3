import { InvalidNonceError, KrakenError } from "../errors.js";
import type { Lane, LaneOptions } from "../lane/lane.js";
import { checkNonce } from "../lane/limit.js";
import { type QueueEntry, runInSlot } from "../lane/queue.js";
import { NonceSource, type NonceSourceOptions, type NonceUnit } from "../signing/nonce.js";
import { endOfBlock } from "../signing/nonce-block.js";
import type { ObjectStorage } from "./platform.js";

/** The name under which storage has the end of the last block. */
const END_OF_BLOCK = "kraken-signer.nonce";

/** The nonces of an object in one unit. */
interface Nonces {
  /** The last nonce. */
  last: bigint;
  /** The end of the block; unknown at first. */
  end: bigint | undefined;
  /** Whether Kraken has rejected a nonce, as it does if a newer instance of the object has sent a higher one. */
  isDoubtful: boolean;
}

/** Over RPC, only an error of this package says that nothing was sent. */
function failed(cause: unknown): never {
  throw new KrakenError("ERR_LANE", "The storage of the Durable Object failed. Nothing was sent.", { cause });
}

/**
 * The lane of a key that one Durable Object owns. The requests of an object continue when their callers are gone, so no queue entry has to be removed.
 *
 * Nonces follow the clock within blocks. The end of a block is on disk before its first nonce is used. After a restart, the object starts above that
 * end, so Kraken rejects late requests from before the restart. Nonces are at most a block ahead of the clock, plus a thousand for each restart within
 * a minute.
 */
export class StorageLane implements Lane {
  readonly unit: NonceUnit;
  readonly allowAhead: boolean;
  readonly #storage: ObjectStorage;
  readonly #clock: NonceSource;
  readonly #queue: QueueEntry[];
  /** Lanes of an object with the same unit share them. */
  readonly #nonces: Nonces;

  /** @param before - the lane of the object until now. The requests that wait there go before those that come here. */
  constructor(storage: ObjectStorage, options: NonceSourceOptions = {}, before?: StorageLane) {
    this.#queue = before ? before.#queue : [];
    this.#storage = storage;
    this.#clock = new NonceSource(options);
    this.unit = this.#clock.unit;
    this.allowAhead = this.#clock.allowAhead;
    this.#nonces = before?.unit === this.unit ? before.#nonces : { last: 0n, end: undefined, isDoubtful: false };
  }

  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T> {
    const work = async (): Promise<T> => {
      await options?.prepare?.();
      const nonce = await this.#next();
      try {
        return await send(nonce);
      } catch (error) {
        this.#nonces.isDoubtful ||= (error as { kind?: unknown } | undefined)?.kind === "nonce";
        throw error;
      }
    };
    return runInSlot(this.#queue, work, { ...options, isolated: false });
  }

  async #next(): Promise<string> {
    const nonces = this.#nonces;
    if (nonces.end === undefined) nonces.last = nonces.end = await this.#stored();
    if (nonces.isDoubtful) await this.#checkInstance(nonces.end);
    const clock = BigInt(this.#clock.next());
    const nonce = clock > nonces.last ? clock : nonces.last + 1n;
    // Checked before it is stored: a nonce that is refused must not become the lower limit of later ones.
    if (nonce > clock) this.#checkStored(`${nonce}`);
    else checkNonce(`${nonce}`, this);
    if (nonce > nonces.end) {
      const end = endOfBlock(clock, nonce, this.unit);
      await this.#store(end).catch(failed);
      nonces.end = end;
    }
    nonces.last = nonce;
    return `${nonce}`;
  }

  /** Checks a nonce that follows that of storage. The key may be a new one, whose nonces are not that high yet, and should not become so. */
  #checkStored(nonce: string): void {
    try {
      checkNonce(nonce, this);
    } catch (error) {
      const { message } = error as Error;
      throw new InvalidNonceError(
        `${message} It follows the last one of this object. If that was another key's, give this key an object with another name instead.`,
      );
    }
  }

  async #stored(): Promise<bigint> {
    return (await this.#storage.get<bigint>(END_OF_BLOCK).catch(failed)) ?? 0n;
  }

  async #store(end: bigint): Promise<void> {
    await this.#storage.put(END_OF_BLOCK, end);
    await this.#storage.sync();
  }

  /** Refuses to go on if another instance of the object has begun a block since, or storage is not accessible anymore. */
  async #checkInstance(end: bigint): Promise<void> {
    if ((await this.#stored()) > end)
      throw new KrakenError("ERR_LANE", "This instance of the Durable Object was superseded by a newer one. Nothing was sent.");
    this.#nonces.isDoubtful = false;
  }
}
