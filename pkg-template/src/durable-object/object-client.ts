import type { CallOptions } from "../rest/call.js";
import { CallTimer } from "../rest/call-timer.js";
import { SEPARATE } from "../rest/sent-calls.js";
import { WAITING } from "../rest/rate-limit.js";
import type { WaitingCall } from "../lane/rates.js";
import type { Lane } from "../lane/lane.js";
import { StorageLane } from "./lane.js";
import { type KeyOptions, type KeyOptionsOf, askForOptions } from "./options.js";
import type { ObjectState } from "./platform.js";
import { checkErrorsSurvive } from "./rpc.js";

/** Milliseconds after which options that have not arrived are asked for again. It is also the default timeout of a client. */
const LONGEST_OPENING = 30_000;

/** The methods of a client that end it. */
interface Closable {
  close(): void;
  drain(): Promise<void>;
}

/** Makes a client. */
type Make<C> = (options: Omit<KeyOptions, "nonce"> & { readonly lane: Lane }) => C;

/** Whether Kraken does not accept the key anymore. */
const isKeyGone = (error: unknown): boolean => /^(key|expired)$/.test(`${(error as { kind?: unknown } | undefined)?.kind as string}`);

const isFreed = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === "ERR_FREED";

/**
 * The client of an object. It is made when it is first needed, and made anew when the key was replaced. All clients of an object share one queue, so no
 * request overtakes another one.
 */
export class ObjectClient<C extends Closable> {
  readonly #state: ObjectState;
  readonly #optionsOf: KeyOptionsOf;
  readonly #make: Make<C>;
  /** The calls that wait for the rate limits, with the key of now or an earlier one: a cancel concerns the orders of all. */
  readonly #waiting = new Set<WaitingCall>();
  #lane: StorageLane | undefined;
  #client: C | undefined;
  #opening: Promise<C> | undefined;
  /** The timeout of calls that have none, in milliseconds. */
  #timeout = LONGEST_OPENING;
  #askedAt = 0;
  /** How often the options were asked for, and which of these requests the client is from. */
  #asked = 0;
  #from = 0;

  constructor(state: ObjectState, optionsOf: KeyOptionsOf, make: Make<C>) {
    this.#state = state;
    this.#optionsOf = optionsOf;
    this.#make = make;
  }

  /** Does work with the client. All waiting is part of the timeout of the call: the work gets options with what is left of it. */
  async use<T, O extends CallOptions>(call: O, work: (client: C, options: O) => Promise<T>): Promise<T> {
    const since = performance.now();
    for (let options = call; ; options = this.#left(call, since)) {
      let client = this.#client;
      if (!client) {
        client = await this.#opened(options);
        options = this.#left(call, since);
      }
      try {
        return await work(client, options);
      } catch (error) {
        // It waited for its slot when another call found the key gone. It was not sent, so it is no second copy.
        if (!isFreed(error) || client === this.#client) throw error;
      }
    }
  }

  /** Returns options of a call with what is left of its timeout. */
  #left<O extends CallOptions>(call: O, since: number): O {
    const { timeout = this.#timeout } = call;
    return { ...call, timeout: Math.max(Math.ceil(timeout - (performance.now() - since)), 1) };
  }

  /** Asks for the options again. What is under way ends with the old key, and so does everything if the options do not arrive. */
  async reload(call: CallOptions): Promise<void> {
    await this.#waitFor(this.#ask(), call);
  }

  /** Returns the lane of one client. It ends the client when its key is gone, before the next call gets the slot, which would fail in the same way. */
  #laneOf(shared: StorageLane, client: () => C): Lane {
    const run: Lane["run"] = (send, options) => {
      const watched: typeof send = async (nonce) => {
        try {
          return await send(nonce);
        } catch (error) {
          if (isKeyGone(error)) this.#retire(client());
          throw error;
        }
      };
      return shared.run(watched, options);
    };
    return { ...shared, run };
  }

  /** Ends a client whose key is gone. The next call asks for the options. */
  #retire(client: C): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#opening = undefined;
    client.close();
  }

  async #opened(call: CallOptions): Promise<C> {
    if (performance.now() - this.#askedAt > LONGEST_OPENING) this.#opening = undefined;
    return this.#waitFor((this.#opening ??= this.#ask()), call);
  }

  async #waitFor(opening: Promise<C>, { signal, timeout = LONGEST_OPENING }: CallOptions): Promise<C> {
    const timer = new CallTimer("The options of the key", timeout, signal);
    try {
      return await timer.race(opening);
    } finally {
      timer.stop();
    }
  }

  #ask(): Promise<C> {
    this.#askedAt = performance.now();
    const asked = this.#open(++this.#asked);
    const failed = (): void => {
      if (this.#opening === asked) this.#opening = undefined;
    };
    asked.catch(failed);
    return asked;
  }

  /** @param number - the number of the request for options */
  async #open(number: number): Promise<C> {
    checkErrorsSurvive();
    const { nonce, ...options } = await askForOptions(this.#optionsOf, this.#state.id.name);
    // Options that were asked for later may have arrived earlier.
    if (this.#client && number < this.#from) return this.#client;
    // Each client has a lane with its own options of nonces. All of them share the queue and, if the unit is the same, the nonces.
    const shared = new StorageLane(this.#state.storage, nonce, this.#lane);
    // The callers keep records of their calls. Those of the object would count the same calls a second time.
    const separate = { [SEPARATE]: {}, [WAITING]: this.#waiting };
    const lane = this.#laneOf(shared, () => client);
    const client = this.#make({ ...options, ...separate, lane });
    this.#lane = shared;
    this.#timeout = options.timeout ?? LONGEST_OPENING;
    void this.#client?.drain();
    this.#from = number;
    return (this.#client = client);
  }
}
