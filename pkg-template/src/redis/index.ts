import { checkMilliseconds, checkNames, described, ifUnset } from "../checks.js";
import { InvalidNonceError, KrakenError, need } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { Lane, LaneOptions } from "../lane/lane.js";
import { type QueueEntry, runInSlot } from "../lane/queue.js";
import { checkNonce, highestNonce } from "../lane/limit.js";
import { type NonceUnit, unitOf } from "../signing/nonce.js";
import { hashOf } from "../lane/hash.js";
import { type RedisClient, type Script, isClient } from "./client.js";
import { LEAVE, LONGEST_LEASE, RENEW, REQUEST_SLOT } from "./scripts.js";

export type { IoRedis, NodeRedis, RedisClient } from "./client.js";

/** Options of {@link RedisLane}. All but `redis` and `timeout` must be the same in every process that uses the key. */
export interface RedisLaneOptions {
  /** A connected client of `redis` or `ioredis`. */
  readonly redis: RedisClient;
  /** The API key. Redis sees a hash of it. */
  readonly key: string;
  /**
   * What nonces count. A key has one unit, for good.
   * @default "ms"
   */
  readonly unit?: NonceUnit | undefined;
  /**
   * Allows nonces more than a day ahead of the clock, for a key whose last nonce really is. They never come down again.
   * @default false
   */
  readonly allowAhead?: boolean | undefined;
  /**
   * Milliseconds after which a process that gives no sign of life has lost its turn, from 100 to 60 000: so long does the key stand still
   * when a process dies during a request. A living one renews its lease for as long as its request takes.
   * @default 5000
   */
  readonly lease?: number | undefined;
  /**
   * Milliseconds without an answer from Redis after which a call that waits for its turn gives up.
   * @default 5000
   */
  readonly timeout?: number | undefined;
  /**
   * What the names in Redis begin with.
   * @default "kraken-signer"
   */
  readonly prefix?: string | undefined;
}

const OPTIONS = ["redis", "key", "unit", "allowAhead", "lease", "timeout", "prefix"];

/** What comes of a read that gave its process's place in the queue up for a write. */
const OVERTAKEN = Symbol();

/** How often the next in line asks whether it is its turn, in milliseconds. Who is further behind asks less often. */
const POLL_INTERVAL = 2;

/** A nonce that is older than so many milliseconds when it could be sent is replaced. */
const SLOW = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Settles as the promise does, or rejects once the signal aborts: a client that waits for its connection listens to no signal. */
function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Redis' or the client's word for what went wrong, such as `ECONNREFUSED` or `LOADING`. No more: messages may name addresses and users. */
function reasonOf(error: unknown): string {
  const { code, message, name } = (error ?? {}) as { code?: unknown; message?: unknown; name?: unknown };
  const word = matches(/^\w{3,40}$/, code) ? code : /^[A-Z]{3,40}\b/.exec(`${message}`)?.[0];
  return word ?? (matches(/^\w{3,60}$/, name) ? name : "");
}

/**
 * The lane of an API key that several processes share through one Redis (5 or newer, or what speaks its language; a cluster too).
 *
 * Processes take turns in the order in which they asked, one call each; calls of one process in the order in which they were made. Calls that write
 * go before those that wait and read, within a process and across all. The nonce is Redis' clock, and above every one before it: it does not
 * matter whether the clocks of the machines agree. A nonce more than a day ahead of this machine's clock is refused and not remembered. A process that
 * falls silent loses its turn after its lease. If it wakes up and its request still goes out, its nonce is below the key's highest by then, so that
 * Kraken refuses it.
 *
 * If Redis does not answer, calls that wait end with a {@link KrakenError} of code `ERR_LANE`, before anything was sent.
 *
 * @example
 * ```ts
 * const redis = await createClient({ url }).connect();
 * const client = new SpotClient({ key, secret, lane: new RedisLane({ redis, key }) });
 * ```
 */
export class RedisLane implements Lane {
  readonly unit: NonceUnit;
  readonly allowAhead: boolean;
  readonly #redis: RedisClient;
  readonly #lease: number;
  readonly #timeout: number;
  readonly #names: Promise<string[]>;
  readonly #id = crypto.randomUUID();
  // One entry at a time for all calls of this process.
  readonly #queue: QueueEntry[] = [];
  #entries = 0;
  /** The entry of a read that gave it up for a write, until the next one takes it. */
  #spareEntry: string | undefined;
  /** The lowest nonce that may come next, in case that Redis forgets. */
  #lowest = "0";
  /** When Redis last answered. */
  #lastAnswer = 0;

  /** @throws InvalidRequestError, InvalidNonceError naming what is wrong with the options. */
  constructor(options: RedisLaneOptions) {
    checkNames("RedisLane", options, OPTIONS, { client: "redis", apikey: "key", ttl: "lease", leasems: "lease", timeoutms: "timeout" });
    const { redis, key, unit = "ms", allowAhead = false, lease = 5000, timeout = 5000, prefix = "kraken-signer" } = options ?? {};
    need(isClient(redis), `Invalid \`redis\`: expected a client of the package redis or ioredis, got ${described(redis)}.`);
    need(typeof key === "string", `Invalid \`key\`: expected the API key as Kraken shows it, got ${described(key)}.${ifUnset(key)}`);
    need(/^[!-~]+$/.test(key), "Invalid `key`: expected the API key as Kraken shows it, without white space.");
    unitOf(unit);
    checkMilliseconds("lease", lease, { least: 100, most: LONGEST_LEASE });
    checkMilliseconds("timeout", timeout);
    // Braces would move the two names to different nodes of a cluster.
    need(matches(/^[^{}]*$/, prefix), "Invalid `prefix`: expected text without braces, which have a meaning in a Redis cluster.");
    this.#redis = redis;
    this.unit = unit;
    this.allowAhead = allowAhead;
    this.#lease = Math.round(lease);
    this.#timeout = timeout;
    this.#names = hashOf("SHA-256", key).then((hash) => ["queue", "state"].map((name) => `${prefix}:{${hash.slice(0, 32)}}:${name}`));
  }

  async run<T>(send: (nonce: string) => Promise<T>, options: LaneOptions = {}): Promise<T> {
    const since = performance.now();
    for (let again = false; ; again = true) {
      const outcome = await runInSlot(this.#queue, () => this.#runInSlot(send, since, options), { ...options, again });
      if (outcome !== OVERTAKEN) return outcome;
    }
  }

  /** The entry to ask with: at any time a process has one. */
  #takeEntry(): string {
    const entry = this.#spareEntry ?? `${this.#id}:${++this.#entries}`;
    this.#spareEntry = undefined;
    return entry;
  }

  /** Has a turn. A read that waits for it still when a write comes gives it up, and leaves the entry to the write. */
  async #runInSlot<T>(send: (nonce: string) => Promise<T>, since: number, options: LaneOptions): Promise<T | typeof OVERTAKEN> {
    const { signal, write = false, prepare } = options;
    const names = await this.#names;
    const entry = this.#takeEntry();
    const args = [entry, `${this.#lease}`];
    let renewal: ReturnType<typeof setInterval> | undefined;
    let overtaken = false;
    try {
      let nonce = await this.#waitForSlot(names, args, write, since, signal);
      if (nonce === undefined) {
        overtaken = true;
        this.#spareEntry = entry;
        return OVERTAKEN;
      }
      renewal = setInterval(() => void this.#ask(RENEW, names, args).catch(() => {}), this.#lease / 3);
      const began = performance.now();
      await prepare?.();
      // A code that had to be waited for must not make the nonce an old one. The turn is still this one's, so that the answer is a new nonce.
      if (performance.now() - began > SLOW) nonce = (await this.#waitForSlot(names, args, true, began, signal)) ?? nonce;
      return await send(nonce);
    } finally {
      clearInterval(renewal);
      if (!overtaken) await this.#leave(names, args);
    }
  }

  /** A program may end with its last answer, but no answer waits for a Redis that is gone: the lease ends by itself. */
  #leave(names: string[], args: string[]): Promise<unknown> {
    return until(AbortSignal.timeout(100), this.#ask(LEAVE, names, args)).catch(() => {});
  }

  async #ask(script: Script, names: string[], args: string[]): Promise<string> {
    const answer = `${await script.run(this.#redis, names, args)}`;
    this.#lastAnswer = performance.now();
    return answer;
  }

  /**
   * Asks until it is the entry's turn, and returns the nonce, or nothing for a read once a write of this process waits. Gives up when Redis is
   * silent for too long, counted from `since` at most.
   */
  async #waitForSlot(
    names: string[],
    args: readonly string[],
    write: boolean,
    since: number,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const stopper = new AbortController();
    const stop = stopper.signal;
    const abort = (): void => stopper.abort(signal!.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    let reason = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const giveUp = (): void => {
      const words = `Redis gave no turn within ${this.#timeout} ms${reason && ` (${reason})`}: nothing was sent.`;
      stopper.abort(new KrakenError("ERR_LANE", words));
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, Math.max(since, this.#lastAnswer) + this.#timeout - performance.now());
    };
    try {
      for (wait(); ;) {
        let rest = 100;
        try {
          const answer = await until(stop, this.#requestSlot(names, args, write));
          reason = "";
          wait();
          if (typeof answer === "string") return answer;
          if (!write && this.#queue.some((entry) => entry.write)) return undefined;
          rest = Math.min(answer * POLL_INTERVAL, this.#lease / 3);
        } catch (error) {
          if (error instanceof InvalidNonceError) throw error;
          reason = reasonOf(error);
        }
        await until(stop, pause(rest));
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Asks once: for the nonce, or the place in the queue, 0 if it is to be asked again at once. */
  async #requestSlot(names: string[], args: readonly string[], write: boolean): Promise<string | number> {
    const asked = performance.now();
    const highest = this.allowAhead ? "" : `${highestNonce(this.unit)}`;
    const answer = await this.#ask(REQUEST_SLOT, names, [...args, this.unit, this.#lowest, highest, write ? "1" : "0"]);
    const rest = answer.slice(1);
    switch (answer[0]) {
      case "#":
        return Number(BigInt(rest));
      case "!":
        throw new InvalidNonceError(
          `This key has nonces in ${rest}, this lane would make them in ${this.unit}: a key has one unit, for good.`,
        );
      case "^":
        checkNonce(rest, this);
        // This machine's clock has moved on meanwhile.
        return 0;
    }
    const nonce = BigInt(answer);
    // A program that stood still meanwhile may have lost its turn: it asks again, rather than send what comes too late.
    if (performance.now() - asked >= this.#lease / 2) return 0;
    this.#lowest = `${nonce + 1n}`;
    return answer;
  }
}
