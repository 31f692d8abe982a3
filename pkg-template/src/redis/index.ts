import { checkMilliseconds, checkNames, needGlobals, described, unsetProblem } from "../checks.js";
import { InvalidNonceError, KrakenError, need } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { Lane, LaneOptions } from "../lane/lane.js";
import type { RateStore } from "../lane/rates.js";
import { type QueueEntry, runInSlot } from "../lane/queue.js";
import { checkNonce, highestNonce } from "../lane/limit.js";
import { type NonceUnit, unitOf } from "../signing/nonce.js";
import { hashOf } from "./hash.js";
import { type RedisClient, type Script, isClient } from "./client.js";
import { RedisRates, reasonOf, until } from "./rates.js";
import { LEAVE, LONGEST_LEASE, RENEW, REQUEST_SLOT } from "./scripts.js";

export type { IoRedis, NodeRedis, RedisClient, UpstashRedis } from "./client.js";

/** Options of {@link RedisLane}. All but `redis` and `timeout` must be the same in every process that uses the key. */
export interface RedisLaneOptions {
  /** A connected client of `redis` or `ioredis`, or a client of `@upstash/redis`. */
  readonly redis: RedisClient;
  /** The API key. Redis sees only a hash of it. */
  readonly key: string;
  /**
   * The unit of the nonces. The unit of a key cannot be changed.
   * @default "ms"
   */
  readonly unit?: NonceUnit | undefined;
  /**
   * Allows nonces more than a day ahead of the clock, for a key whose highest nonce is that high. Kraken rejects every lower nonce of the key afterwards.
   * @default false
   */
  readonly allowAhead?: boolean | undefined;
  /**
   * Milliseconds without a sign of life after which a process loses its slot, from 100 to 60,000. If a process dies during a request, the key is blocked
   * for that long. A live process renews its lease until its request ends. If Redis takes half of the lease or longer to answer, no call gets a slot.
   * @default 5000
   */
  readonly lease?: number | undefined;
  /**
   * Milliseconds without an answer from Redis after which a call that waits for a slot gives up.
   * @default 5000
   */
  readonly timeout?: number | undefined;
  /**
   * The prefix of the names in Redis.
   * @default "kraken-signer"
   */
  readonly prefix?: string | undefined;
}

const OPTIONS = ["redis", "key", "unit", "allowAhead", "lease", "timeout", "prefix"];

/** The result of a read that gave its queue entry up for a write of the same process. */
const OVERTAKEN = Symbol();

/** The shortest pause between two polls of the first entry in the queue, in milliseconds. Entries further back poll less often. */
const SHORTEST_PAUSE = 2;

/** The longest pause between two polls that a long wait leads to, in milliseconds. */
const LONGEST_PAUSE = 50;

/** Milliseconds in which Redis has to answer before a call gives up, even if the program was paused for longer than the timeout. */
const GRACE = 100;

/** A nonce that is older than this many milliseconds before it is sent is replaced. */
const SLOW = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Returns a function that gives the pause before the next poll in milliseconds, for a position in the queue. The longer the entries before it do not
 * move, the longer it is, so that many polls are not spent on one slow call: a twentieth of that time. So the first entry notices its slot after 2 ms, or
 * 5 % of its wait.
 */
function pausesOf(longest: number): (position: number) => number {
  let last = NaN;
  let since = NaN;
  return (position) => {
    const now = performance.now();
    if (position !== last) since = now;
    last = position;
    return Math.min(Math.max(position * SHORTEST_PAUSE, Math.min((now - since) / 20, LONGEST_PAUSE)), longest);
  };
}

/**
 * The lane of an API key that several processes share through one Redis (5 or newer, or a compatible server; a cluster works too).
 *
 * Processes get slots in the order in which they asked, for one call each; the calls of a process keep their order. Writes go before the reads that wait,
 * within a process and across all of them. Nonces follow Redis' clock, and each is above all earlier ones, so the clocks of the machines need not agree. A
 * nonce more than a day ahead of this machine's clock is refused, and Redis does not store it. A process that stops responding loses its slot after its
 * lease. If it resumes and still sends its request, the nonce is below the key's highest by then, so Kraken rejects it.
 *
 * If Redis does not answer, calls that wait fail with a {@link KrakenError} of code `ERR_LANE`. Nothing was sent then.
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
  /** Where the rate limits of the key are counted, for clients with `rateLimit`: in the same hash, by Redis' clock. */
  readonly rates: RateStore;
  readonly #redis: RedisClient;
  readonly #lease: number;
  readonly #timeout: number;
  readonly #key: string;
  readonly #prefix: string;
  // Both are made by the first call, because a Worker's global scope has no randomness. They are no promises, because in Workers a request must not await
  // the promise of another one.
  #names: readonly string[] | undefined;
  #id: string | undefined;
  // The calls of this process share one entry in Redis at a time.
  readonly #queue: QueueEntry[] = [];
  #entries = 0;
  /** The entry in Redis that a read gave up for a write, until the write takes it. */
  #spareEntry: string | undefined;
  /** The lowest nonce that may come next, in case Redis loses its data. */
  #lowest = "0";
  /** The time of the first question since Redis' last answer, while that question and all later ones have no answer. */
  #silentSince: number | undefined;

  /** @throws InvalidRequestError or InvalidNonceError if an option is invalid; KrakenError with code `ERR_UNAVAILABLE` if the runtime lacks something */
  constructor(options: RedisLaneOptions) {
    needGlobals("AbortSignal.timeout", "performance", "TextEncoder");
    checkNames("RedisLane", options, OPTIONS, { client: "redis", apikey: "key", ttl: "lease", leasems: "lease", timeoutms: "timeout" });
    const { redis, key, unit = "ms", allowAhead = false, lease = 5000, timeout = 5000, prefix = "kraken-signer" } = options ?? {};
    need(isClient(redis), `Invalid \`redis\`: expected a client of the package redis, ioredis or @upstash/redis, got ${described(redis)}.`);
    const unset = unsetProblem(key);
    need(!unset, `Invalid \`key\` of RedisLane: ${unset}`);
    need(matches(/^[!-~]+$/, key), `Invalid \`key\`: expected the API key as Kraken shows it, without white space, got ${described(key)}.`);
    unitOf(unit);
    checkMilliseconds("lease", lease, { least: 100, most: LONGEST_LEASE });
    checkMilliseconds("timeout", timeout);
    // Braces would put the names on different nodes of a cluster.
    need(matches(/^[^{}]*$/, prefix), "Invalid `prefix`: expected text without braces, because they have a meaning in a Redis cluster.");
    this.#redis = redis;
    this.unit = unit;
    this.allowAhead = allowAhead;
    this.#lease = Math.round(lease);
    this.#timeout = timeout;
    this.#key = key;
    this.#prefix = prefix;
    this.rates = new RedisRates(async (script, args) => script.run(redis, (await this.#namesOfKey()).slice(1), args), Math.ceil(timeout));
  }

  async run<T>(send: (nonce: string) => Promise<T>, options: LaneOptions = {}): Promise<T> {
    const since = performance.now();
    for (let again = false; ; again = true) {
      const outcome = await runInSlot(this.#queue, () => this.#runInSlot(send, since, options), { ...options, again });
      if (outcome !== OVERTAKEN) return outcome;
    }
  }

  /** Returns the names of the key's entries in Redis: the queue, the state, and the orders of the last minutes. */
  async #namesOfKey(): Promise<readonly string[]> {
    if (this.#names) return this.#names;
    const hash = await hashOf("SHA-256", this.#key);
    return (this.#names = ["queue", "state", "orders"].map((name) => `${this.#prefix}:{${hash.slice(0, 32)}}:${name}`));
  }

  /** Returns the entry to poll with. A process has one at a time. */
  #takeEntry(): string {
    this.#id ??= crypto.randomUUID();
    const entry = this.#spareEntry ?? `${this.#id}:${++this.#entries}`;
    this.#spareEntry = undefined;
    return entry;
  }

  /** Runs a request in a slot. If a write of this process arrives while a read waits, the read gives its entry to the write. */
  async #runInSlot<T>(send: (nonce: string) => Promise<T>, since: number, options: LaneOptions): Promise<T | typeof OVERTAKEN> {
    const { signal, write = false, prepare } = options;
    const names = (await this.#namesOfKey()).slice(0, 2);
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
      // If making the one-time password took long, the nonce has become old. This entry still has the slot, so another request returns a new nonce.
      if (performance.now() - began > SLOW) nonce = (await this.#waitForSlot(names, args, true, began, signal)) ?? nonce;
      return await send(nonce);
    } finally {
      clearInterval(renewal);
      if (!overtaken) await this.#leave(names, args);
    }
  }

  /** Releases the slot. It waits, because the program may end after this answer; but not long, because the lease expires anyway. */
  #leave(names: string[], args: string[]): Promise<unknown> {
    return until(AbortSignal.timeout(100), this.#ask(LEAVE, names, args)).catch(() => {});
  }

  async #ask(script: Script, names: string[], args: string[]): Promise<string> {
    this.#silentSince ??= performance.now();
    const answer = `${await script.run(this.#redis, names, args)}`;
    this.#silentSince = undefined;
    return answer;
  }

  /**
   * Polls until the entry has the slot, and returns the nonce. A read returns `undefined` when a write of this process waits. Gives up if Redis does not
   * answer for too long, counted from `since` at the earliest.
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
      const failure = reason ? `gave no slot within ${this.#timeout} ms (${reason})` : `did not answer within ${this.#timeout} ms`;
      stopper.abort(new KrakenError("ERR_LANE", `Redis ${failure}. Nothing was sent.`));
    };
    // Two timers: after a pause of the program, the first one is due before an answer that is already there has been read.
    const grace = Math.min(GRACE, this.#timeout / 2);
    const wait = (): void => {
      clearTimeout(timer);
      // While a request of this process was under way, nothing may have been asked for a long time. That is no silence of Redis.
      const end = Math.max(since, this.#silentSince ?? performance.now()) + this.#timeout;
      timer = setTimeout(() => (timer = setTimeout(giveUp, grace)), end - grace - performance.now());
    };
    // A poll also renews the lease, and Redis needs time to answer it.
    const pauseAt = pausesOf(Math.min(this.#lease, this.#timeout) / 3);
    try {
      for (wait(); ;) {
        let rest = 100;
        try {
          const answer = await until(stop, this.#requestSlot(names, args, write, stop));
          reason = "";
          wait();
          if (typeof answer === "string") return answer;
          if (!write && this.#queue.some((entry) => entry.write)) return undefined;
          rest = pauseAt(answer);
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

  /** Polls once. Returns the nonce, or the position in the queue; 0 means to poll again at once. */
  async #requestSlot(names: string[], args: readonly string[], write: boolean, stop: AbortSignal): Promise<string | number> {
    const asked = performance.now();
    const highest = this.allowAhead ? "" : `${highestNonce(this.unit)}`;
    const answer = await this.#ask(REQUEST_SLOT, names, [...args, this.unit, this.#lowest, highest, write ? "1" : "0"]).finally(() => {
      // The call was given up meanwhile. Over HTTP, the poll may have arrived after its entry was removed, and so have added it again.
      if (stop.aborted) void this.#leave(names, [...args]);
    });
    const rest = answer.slice(1);
    switch (answer[0]) {
      case "#":
        return Number(BigInt(rest));
      case "!":
        throw new InvalidNonceError(
          `Invalid \`unit\`: this lane counts in ${this.unit}, but the key's nonces are in ${rest}, and the unit of a key cannot be changed.`,
        );
      case "^":
        checkNonce(rest, this);
        // The nonce has become valid, because this machine's clock has moved on.
        return 0;
    }
    const nonce = BigInt(answer);
    // If the program was paused in the meantime, it may have lost the slot, so it polls again.
    if (performance.now() - asked >= this.#lease / 2) return 0;
    this.#lowest = `${nonce + 1n}`;
    return answer;
  }
}
