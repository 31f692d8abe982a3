import { KrakenError } from "../errors.js";
import { type Charge, type CountedOrder, type FoundOrders, MEMORY, type RateStore, type Taken } from "../lane/rates.js";
import { matches } from "../rest/guards.js";
import type { Script } from "./client.js";
import { FIND, NOTE, TAKE } from "./scripts.js";

/** Settles as the promise does, or rejects when the signal aborts. A Redis client that waits for its connection does not react to signals. */
export function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The plain text at the beginning of a message. Anything else in it may be an address or a user. */
const TEXT = /^(?:ERR )?([A-Za-z][a-z']*(?: [A-Za-z']+)+)/;

/**
 * Returns the code of an error of Redis or its client, such as `ECONNREFUSED` or `LOADING`. Redis' `ERR`, and errors that have neither a code nor a
 * name of their own, such as those of a client that is closed, say what is wrong only in their message. The error of a failed `fetch` has its code in its cause.
 */
export function reasonOf(error: unknown): string {
  const {
    message,
    name,
    cause,
    code = (Object(cause) as { code?: unknown }).code,
  } = Object(error) as { message?: unknown; name?: unknown; cause?: unknown; code?: unknown };
  const word = matches(/^\w{3,40}$/, code) ? code : /^[A-Z]{3,40}\b/.exec(`${message}`)?.[0];
  const text = TEXT.exec(`${message}`)?.[1]?.slice(0, 100);
  if (word === "ERR" && text) return text;
  if (word) return word;
  if (name === "Error" && text) return text;
  return matches(/^\w{3,60}$/, name) ? name : "";
}

/** Milliseconds that a call waits for Redis if it already has its answer, or is sent in any case. */
const GRACE = 100;

/** Text of the caller in a list with blanks. A name is never `*`, which stands for all orders. */
const joined = (names: readonly string[]): string => names.map((name) => encodeURIComponent(name).replaceAll("*", "%2A")).join(" ");

/** The rate limits of a key in Redis: counters in the hash of its lane, and the orders of the last minutes in a sorted set. */
export class RedisRates implements RateStore {
  readonly #run: (script: Script, args: string[]) => Promise<unknown>;
  readonly #timeout: number;

  /** @param timeout - whole milliseconds without an answer after which a call that was not sent yet gives up */
  constructor(run: (script: Script, args: string[]) => Promise<unknown>, timeout: number) {
    this.#run = run;
    this.#timeout = timeout;
  }

  async take(charges: readonly Charge[], always: boolean): Promise<Taken> {
    if (!charges.length) return { taken: true, values: [] };
    const args = charges.flatMap(({ counter, amount, limit, decay }) => [counter, amount, limit, decay].map(String));
    const answer = await this.#ask(TAKE, [always ? "1" : "0", ...args], always ? GRACE : this.#timeout);
    const [taken, ...values] = answer.split(" ").map(Number);
    return { taken: taken === 1, values };
  }

  async find(names: readonly string[] | undefined): Promise<FoundOrders> {
    const [memory, ...orders] = (await this.#ask(FIND, [`${MEMORY}`, names ? joined(names) : "*"], this.#timeout)).split("\n");
    return {
      memory: Number(memory),
      orders: orders.map((line) => {
        const [age, pair = "", ...known] = line.split(" ").map(decodeURIComponent);
        return { age: Number(age), pair, names: known };
      }),
    };
  }

  async note(gone: readonly string[] | undefined, orders: readonly CountedOrder[]): Promise<void> {
    const lines = orders.map(({ pair, names }) => joined([pair, ...names]));
    await until(AbortSignal.timeout(GRACE), this.#run(NOTE, [`${MEMORY}`, gone ? joined(gone) : "*", ...lines]));
  }

  async #ask(script: Script, args: string[], timeout: number): Promise<string> {
    try {
      return `${await until(AbortSignal.timeout(timeout), this.#run(script, args))}`;
    } catch (error) {
      const reason = reasonOf(error);
      throw new KrakenError("ERR_LANE", `Redis did not count the call for the rate limit${reason && ` (${reason})`}. Nothing was sent.`);
    }
  }
}
