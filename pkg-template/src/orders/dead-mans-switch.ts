import { checkNames, described } from "../checks.js";
import { TimeoutError, need } from "../errors.js";
import { type Caller, checkCaller, isSpot } from "../rest/callers.js";
import { sentOf } from "../rest/sent-calls.js";
import { isFreed } from "./errors.js";

/** Options of {@link deadMansSwitch}. */
export interface DeadMansSwitchOptions {
  /**
   * Milliseconds after the last renewal until the exchange cancels all orders: whole seconds, from 5,000 to 3,600,000; 60,000 by default, as Kraken
   * recommends. The switch is renewed each time a quarter of it has passed.
   */
  readonly timeout?: number | undefined;
  /** The API key to use, if the client has several; by default, the client chooses. */
  readonly key?: string | undefined;
  /**
   * Called each time the switch could not be renewed, or was renewed too late, because the process was blocked or frozen: then the exchange may have
   * canceled all orders. The next renewal follows all the same, and what the function throws or rejects with is dropped. None by default.
   */
  readonly onFailure?: ((failure: SwitchFailure) => void) | undefined;
}

/** A renewal that failed, or came too late. */
export interface SwitchFailure {
  /** The error of the call; a TimeoutError if the call succeeded, but too late. */
  readonly error: unknown;
  /**
   * The time at which the exchange may cancel all orders, by this machine's clock, unless a renewal succeeds before. If it has passed, they may be
   * canceled already.
   */
  readonly armedUntil: Date;
}

/** A dead man's switch that is armed. */
export interface DeadMansSwitch {
  /** The time until which the exchange certainly cancels nothing, by this machine's clock; `undefined` once it was disarmed. */
  readonly armedUntil: Date | undefined;
  /**
   * Disarms the switch: the orders stay, whatever happens to this process. It is tried three times.
   *
   * @throws the error of the last attempt. The exchange may still cancel all orders then, and the switch is not renewed anymore.
   */
  disarm(): Promise<void>;
  /** Stops the renewals, and leaves the switch armed: the exchange cancels all orders when the time has passed. */
  stop(): void;
}

const OPTIONS = ["timeout", "key", "onFailure"];

/** How often the switch is renewed within its timeout, so that two renewals may fail before the orders are canceled. */
const RENEWALS = 4;

/** The attempts to disarm it. */
const MOST_ATTEMPTS = 3;

/** The clocks differ by this many milliseconds only if one of them was set. */
const JUMP = 1000;

/** Milliseconds that a call may take at most, so that disarm() does not wait long behind a renewal that hangs. */
const LONGEST_CALL = 30_000;

const LEAST_TIMEOUT = 5000;
const MOST_TIMEOUT = 3_600_000;

/** The switch of one account, and its renewals. */
class Switch implements DeadMansSwitch {
  readonly #client: Caller;
  readonly #timeout: number;
  readonly #key: string | undefined;
  readonly #onFailure: DeadMansSwitchOptions["onFailure"];
  /** The time until which it is armed, in milliseconds since 1970 and by the monotonic clock; `undefined` once it was disarmed. */
  #armed: { readonly wall: number; readonly monotonic: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The time by the monotonic clock until which a renewal may be under way; 0 if none is. */
  #renewsUntil = 0;
  /** The keys that signed renewals of unknown outcome. Only a later call with the same key keeps out a copy that is still on its way. */
  readonly #lateKeys = new Set<string>();

  constructor(client: Caller, { timeout = 60_000, key, onFailure }: DeadMansSwitchOptions) {
    this.#client = client;
    this.#timeout = timeout;
    this.#key = key;
    this.#onFailure = onFailure;
  }

  get armedUntil(): Date | undefined {
    if (!this.#armed) return undefined;
    const { wall, monotonic } = this.#armed;
    const byMonotonic = Date.now() + monotonic - performance.now();
    // The wall clock was set back since. If it is ahead, the machine may have slept while the monotonic clock stood still.
    return new Date(byMonotonic < wall - JUMP ? byMonotonic : wall);
  }

  /** Arms the switch, and renews it from now on. */
  async arm(): Promise<void> {
    const began = performance.now();
    await this.#set(this.#timeout);
    this.#schedule(began);
  }

  async disarm(): Promise<void> {
    this.stop();
    // A renewal that is under way must arrive before, and it may have another key. (No promise of another request is awaited, because of Workers.)
    while (performance.now() < this.#renewsUntil) await new Promise<void>((resolve) => setTimeout(resolve, 10));
    await this.#disarmWith(this.#key);
    for (const key of this.#lateKeys) await this.#disarmWith(key);
  }

  async #disarmWith(key: string | undefined): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#set(0, key);
        return;
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || isFreed(error)) throw error;
      }
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Schedules the next renewal, counted from when the last call began: one that hangs must not delay the others. */
  #schedule(began: number): void {
    const wait = this.#timeout / RENEWALS - (performance.now() - began);
    this.#timer = setTimeout(() => void this.#renew(), Math.max(wait, 0));
    // The switch alone does not keep a process alive.
    (this.#timer as { unref?(): void }).unref?.();
  }

  async #renew(): Promise<void> {
    const timer = this.#timer;
    const armed = this.#armed;
    const began = performance.now();
    this.#renewsUntil = began + this.#patience;
    try {
      await this.#set(this.#timeout);
      // Either clock may have stood still or been set. A late request may still have arrived in time, but nothing proves it.
      if (armed && (Date.now() > armed.wall || performance.now() > armed.monotonic))
        this.#tell(new TimeoutError("Renewed too late: all orders may be canceled."), new Date(armed.wall));
    } catch (error) {
      const key = this.#key === undefined ? sentOf(error as Error)?.key : undefined;
      if (key !== undefined) this.#lateKeys.add(key);
      this.#tell(error);
      // A closed client stays closed.
      if (isFreed(error)) return;
    } finally {
      this.#renewsUntil = 0;
    }
    // It may have been stopped in the meantime.
    if (this.#timer === timer) this.#schedule(began);
  }

  #tell(error: unknown, armedUntil = this.armedUntil ?? new Date()): void {
    // Dropped, because a rejection that nothing handles would end the process, and the renewals with it.
    (async () => this.#onFailure?.({ error, armedUntil }))().catch(() => {});
  }

  /** Milliseconds that a call may take: as long as there is between two renewals, and no longer than {@link LONGEST_CALL}. */
  get #patience(): number {
    return Math.min(this.#timeout / RENEWALS, LONGEST_CALL);
  }

  /** Sets the switch to this many milliseconds; 0 disarms it. */
  async #set(timeout: number, key = this.#key): Promise<void> {
    const began = { wall: Date.now(), monotonic: performance.now() };
    const params = { timeout: timeout / 1000 };
    const options = { timeout: this.#patience, key };
    const client = this.#client;
    await (isSpot(client) ? client.call("CancelAllOrdersAfter", params, options) : client.post("cancelallordersafter", params, options));
    // The exchange counts from the arrival, which was later.
    this.#armed = timeout ? { wall: began.wall + timeout, monotonic: began.monotonic + timeout } : undefined;
  }
}

/**
 * Arms Kraken's dead man's switch (CancelAllOrdersAfter; Futures: `cancelallordersafter`), and keeps it armed: as long as this process lives and reaches
 * Kraken, the orders stay, and otherwise the exchange cancels all orders of the account, also those of other programs. Use one switch per account.
 *
 * @param client - a SpotClient or a FuturesClient, or `spotClient` or `futuresClient` of a Durable Object
 * @returns the switch, when Kraken has confirmed that it is armed
 * @throws InvalidRequestError if an option is invalid, and what the first call throws. If that is an UnknownOutcomeError, the switch may be armed, and nothing
 * renews it. Later failures go to `onFailure`.
 *
 * @example
 * ```ts
 * const guard = await deadMansSwitch(client, {
 *   onFailure: ({ error, armedUntil }) => console.error(`Orders may be canceled at ${armedUntil.toISOString()}:`, error),
 * });
 * // … trade …
 * await guard.disarm(); // or let the exchange cancel all orders
 * ```
 */
export async function deadMansSwitch(client: Caller, options: DeadMansSwitchOptions = {}): Promise<DeadMansSwitch> {
  checkCaller("deadMansSwitch", client);
  checkNames("deadMansSwitch", options, OPTIONS);
  const { timeout, onFailure } = options;
  need(
    timeout === undefined || (typeof timeout === "number" && timeout % 1000 === 0 && timeout >= LEAST_TIMEOUT && timeout <= MOST_TIMEOUT),
    `Invalid \`timeout\`: expected milliseconds from ${LEAST_TIMEOUT} to ${MOST_TIMEOUT}, in whole seconds, got ${typeof timeout === "number" ? timeout : described(timeout)}.`,
  );
  need(
    onFailure === undefined || typeof onFailure === "function",
    `Invalid \`onFailure\`: expected a function, got ${described(onFailure)}.`,
  );
  const guard = new Switch(client, options);
  await guard.arm();
  return guard;
}
