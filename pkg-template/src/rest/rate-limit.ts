// Keeps the calls of a key below Kraken's rate limits. Sources: docs.kraken.com, "Spot REST Rate Limits" and "Spot Trading Limits", November 2026.
import { KrakenError, TimeoutError } from "../errors.js";
import {
  CALLS,
  UNKNOWN_PAIR,
  type Charge,
  type CountedOrder,
  type FoundOrders,
  ProcessRates,
  type RateStore,
  type WaitingCall,
} from "../lane/rates.js";
import { whenLate } from "../lane/late.js";
import type { Outcome } from "./answer/outcome.js";
import type { CallTimer } from "./call-timer.js";
import type { PreparedCall } from "./call.js";
import { isSet, isText, property, type Structure } from "./endpoint.js";
import type { Limits } from "./rate-options.js";
import { idOf, listOf, ordersIn } from "./sent-order.js";

/** The ages in seconds up to which the amounts of {@link Weight.young} apply. */
const AGES = [5, 10, 15, 45, 90, 300];

/**
 * Returns one name for all spellings of a pair. Kraken writes `XBT/USD`, `XBTUSD`, `XXBTZUSD` and `BTC/USD`. If two pairs get the same name, they are
 * only counted together.
 */
const pairOf = (pair: unknown): string =>
  `${pair as string}`
    .toUpperCase()
    .replace(/\W/g, "")
    .replace(/^[XZ](\w{3})[XZ](\w{3})$/, "$1$2")
    .replace(/XBT/g, "BTC")
    .replace(/XDG/g, "DOGE");

/** Returns the names by which a call refers to orders: transaction ids, client order ids and user references. */
const namesOf = ({ order }: PreparedCall): string[] =>
  [order.clientOrderId, ...(order.clientOrderIds ?? []), ...(order.orderIds ?? [])]
    .filter((name) => name !== undefined && name !== null)
    .flatMap((name) => `${name as string}`.split(","))
    .filter((name) => name !== UNNAMED);

/** Stands for an order among the names of the orders that a call places, because an order may have no name. */
const UNNAMED = "";

/** Returns the names of an order that a call places. */
const ownNames = (order: Structure): string[] =>
  [idOf(order), order.userref].filter((name) => name !== undefined).map((name) => `${name as string}`);

/** Milliseconds that a call waits for its counters if it has its answer, or is sent in any case. */
const GRACE = 300;

/** Waits for work whose failure changes nothing, but not for long. */
function briefly<T>(work: Promise<T>): Promise<T | void> {
  let stopWaiting!: () => void;
  const late = new Promise<void>((resolve) => (stopWaiting = whenLate(GRACE, resolve)));
  return Promise.race([work, late])
    .catch(() => {})
    .finally(stopWaiting);
}

/** The property of a client's options with the calls that wait, if an earlier client of the same account shares them. */
export const WAITING = Symbol("waiting");

/** A call that may have to wait. */
export interface LimitedCall {
  readonly call: PreparedCall;
  readonly timer: CallTimer;
  /** The calls of the client that wait, with any of its keys. These belong to one account, so a cancel with one of them concerns the orders of all. */
  readonly waiting: Set<WaitingCall>;
}

/** A call that has a slot, and what it added to the counters. */
export interface Counted {
  /** Notes what the answer proves. */
  settle(outcome: Outcome | undefined): Promise<unknown>;
}

/** The call has to wait longer, because a counter rose after it had been let through. It gives its slot up. */
export class TooEarly {}

/** Keeps the calls of one client with one key below the limits. The state belongs to the key: other clients in the process have the same. */
export class RateLimiter {
  readonly #limits: Limits;
  readonly #rates: ProcessRates;
  readonly #store: RateStore;

  /** @param store - where several processes count together, if they do */
  constructor(key: string, limits: Limits, store: RateStore | undefined) {
    this.#limits = limits;
    this.#rates = new ProcessRates(key);
    this.#store = store ?? this.#rates;
  }

  /**
   * Waits until a call may be sent, and then lets it be sent by `attempt`, which gets a slot and calls `take` in it. A call that cancels orders never
   * waits.
   */
  async run<T>({ call, timer, waiting: all }: LimitedCall, attempt: (take: () => Promise<Counted>) => Promise<T>): Promise<T> {
    if (call.weight?.cancels) {
      this.#cancelWaiting(call, all);
      return attempt(() => this.#take(call, undefined));
    }
    const places = isSet(call.params.validate) ? [] : ordersIn(call.params).flatMap((order) => [...ownNames(order), UNNAMED]);
    const waiting: WaitingCall = {
      write: call.write,
      places,
      pairs: pairsOf(call, undefined),
      charges: [],
      admitted: false,
      seen: performance.now(),
    };
    this.#rates.join(waiting);
    all.add(waiting);
    try {
      for (;;) {
        const looking = this.#look(call, waiting);
        // A call that need not wait asks for its slot at once, because a later one may be a cancel, which does not wait either.
        const delay = typeof looking === "number" ? looking : await timer.race(looking);
        if (waiting.canceledBy !== undefined) throw canceled(call, waiting.canceledBy);
        if (delay > 0) {
          await lateAsUnsent(call, this.#rates.pause(waiting, timer, delay));
          continue;
        }
        waiting.admitted = true;
        try {
          return await attempt(() => this.#take(call, waiting));
        } catch (error) {
          if (!(error instanceof TooEarly)) throw error;
        }
        await lateAsUnsent(call, this.#rates.pause(waiting, timer, 0));
      }
    } finally {
      waiting.admitted = false;
      all.delete(waiting);
      this.#rates.leave(waiting);
    }
  }

  /** Counts a call that is sent without waiting. */
  async count(call: PreparedCall): Promise<void> {
    await (await this.#take(call, undefined)).settle(undefined);
  }

  /** Ends the calls that wait here and place orders which this call cancels: later, nothing would cancel them. */
  #cancelWaiting(call: PreparedCall, all: ReadonlySet<WaitingCall>): void {
    const { cancels } = call.weight!;
    const names = namesOf(call);
    for (const waiting of [...this.#rates.waiting, ...all])
      if (waiting.places.some((name) => cancels === "all" || (cancels === "named" && names.includes(name))))
        cancelWait(waiting, call.endpoint);
  }

  /** Returns the milliseconds until a call can be sent, as far as is known now. */
  #look(call: PreparedCall, waiting: WaitingCall): number | Promise<number> {
    const delayWith = (found: FoundOrders | undefined): number => {
      waiting.pairs = pairsOf(call, found);
      waiting.charges = this.#chargesOf(call, found);
      return this.#rates.delayOf(waiting);
    };
    const finding = this.#find(call);
    return finding && "then" in finding ? Promise.resolve(finding).then(delayWith) : delayWith(finding);
  }

  /** Adds a call to the counters just before it is sent. One that never waits is sent even if the store fails. */
  async #take(call: PreparedCall, waiting: WaitingCall | undefined): Promise<Counted> {
    const finding = (async () => this.#find(call))();
    const found = (await (waiting ? finding : briefly(finding))) ?? undefined;
    const charges = this.#chargesOf(call, found);
    if (!waiting) await briefly(this.#add(charges, true));
    else if (this.#rates.isBehind(waiting) || !(await this.#add(charges, false))) {
      // At once: the next call gets the slot before this one looks again.
      waiting.admitted = false;
      throw new TooEarly();
    } else this.#rates.leave(waiting);
    return {
      // Whatever happens here, the call has its answer.
      settle: async (outcome) => briefly(this.#settle(call, found, charges, outcome)),
    };
  }

  async #add(charges: readonly Charge[], always: boolean): Promise<boolean> {
    const { taken, values } = await this.#store.take(charges, always);
    if (this.#store !== this.#rates) this.#rates.set(charges, values);
    return taken;
  }

  /** Returns the orders that a call changes or cancels; at once, if the store is in this process. */
  #find(call: PreparedCall): FoundOrders | undefined | Promise<FoundOrders | undefined> {
    if (!call.weight?.young || !this.#limits.trading) return undefined;
    return this.#store.find(call.weight.cancels === "all" ? undefined : namesOf(call));
  }

  /**
   * Returns the amounts of a call. A fifth of the trading engine's limit, and two calls, are left to calls that cancel orders, which never wait, and to
   * inaccuracies: Kraken may lower its counters in steps. This costs only a part of the first burst, because afterwards the decay sets the pace.
   */
  #chargesOf({ weight = {}, params }: PreparedCall, found: FoundOrders | undefined): Charge[] {
    const { calls, trading } = this.#limits;
    const { calls: amount = 1 } = weight;
    const charges = amount ? [{ counter: CALLS, amount, limit: calls.max - Math.min(2, calls.max / 5), decay: calls.decay }] : [];
    if (!trading) return charges;
    const amounts = amountsOf(weight, params, found);
    return [
      ...charges,
      ...[...amounts].map(([counter, sum]) => ({ counter, amount: sum, limit: trading.max * 0.8, decay: trading.decay })),
    ];
  }

  async #settle(
    call: PreparedCall,
    found: FoundOrders | undefined,
    charges: readonly Charge[],
    outcome: Outcome | undefined,
  ): Promise<void> {
    const isRejected = outcome?.outcome === "rejected" && !outcome.done?.length;
    const { cancels, young } = call.weight ?? {};
    // Nothing was canceled, for example because the order was filled.
    if (cancels && isRejected) await this.#takeBack(charges);
    if (outcome && outcome.outcome !== "done") await this.#learn(charges, outcome.errors);
    // An order whose cancel has an unknown outcome may still be there.
    if (isRejected || !this.#limits.trading || (cancels && outcome?.outcome !== "done")) return;
    const result = property(outcome, "result");
    const placed = placedOrders(call, result);
    // An amended order is as young as a new one.
    const amended = cancels || placed.length || property(result, "txid") ? [] : (found?.orders ?? []);
    if (young || placed.length)
      await this.#store.note(cancels === "all" ? undefined : young ? namesOf(call) : [], [
        ...placed,
        ...amended.map(({ names, pair }) => ({ names, pair })),
      ]);
  }

  async #takeBack(charges: readonly Charge[]): Promise<void> {
    const own = charges.filter(({ counter }) => counter !== CALLS).map((charge) => ({ ...charge, amount: -charge.amount }));
    if (own.length) await this.#add(own, true);
  }

  /** A rejection shows that a counter is full: other programs use the key, or other keys of the account trade the pair. */
  async #learn(charges: readonly Charge[], errors: readonly string[]): Promise<void> {
    const { calls, trading } = this.#limits;
    const isFull = (counter: string): boolean =>
      errors.some((error) =>
        counter === CALLS ? /^E(API|Auth|General): ?(Rate limit|Too many)/i.test(error) : /^EOrder: ?(Domain )?Rate limit/i.test(error),
      );
    const full = charges.filter(({ counter }) => isFull(counter));
    const missing = full.map((charge) => ({
      ...charge,
      amount: Math.max(0, (charge.counter === CALLS ? calls.max : trading!.max) - this.#rates.valueOf(charge)),
    }));
    if (missing.length) await this.#add(missing, true);
  }
}

/** Returns the pairs that a call trades. */
function pairsOf({ weight, params }: PreparedCall, found: FoundOrders | undefined): readonly string[] {
  if (!weight?.trading) return [];
  const pairs = (found?.orders ?? []).map(({ pair }) => pair);
  if (params.pair !== undefined) pairs.push(pairOf(params.pair));
  return pairs.length ? pairs : [UNKNOWN_PAIR];
}

/** Returns what a call adds to the counters of the trading engine, by pair. */
function amountsOf(weight: NonNullable<PreparedCall["weight"]>, params: Structure, found: FoundOrders | undefined): Map<string, number> {
  const { trading = 0, young, cancels } = weight;
  const amounts = new Map<string, number>();
  const add = (pair: string, amount: number): void => {
    if (amount) amounts.set(pair, (amounts.get(pair) ?? 0) + amount);
  };
  const placed = ordersIn(params).length;
  if (placed) add(pairOf(params.pair), trading * placed);
  if (!young || !found) return amounts;
  const penalty = (age: number): number => young[AGES.findIndex((seconds) => age < seconds * 1000)] ?? 0;
  for (const { pair, age } of found.orders) add(pair, trading + penalty(age));
  // An order that was placed before its key was counted is at least as old as the count. Without its pair, it cannot be counted.
  if (!cancels && !found.orders.length && params.pair !== undefined) add(pairOf(params.pair), trading + penalty(found.memory));
  return amounts;
}

/** Returns the orders that a call has placed, or may have placed. */
function placedOrders({ params, weight }: PreparedCall, result: unknown): CountedOrder[] {
  const orders = ordersIn(params);
  const rows = orders[0] === params ? [result] : listOf(property(result, "orders"));
  const pair = pairOf(params.pair);
  const idsOf = (row: unknown): string[] => [property(row, "txid")].flat().filter(isText);
  // EditOrder names no type: its result is a new order.
  if (!orders.length) return weight?.young && idsOf(result).length ? [{ names: idsOf(result), pair }] : [];
  return orders.map((order, place) => ({ names: [...idsOf(rows[place]), ...ownNames(order)], pair }));
}

/** Says of a timeout that the call was not sent. */
async function lateAsUnsent(call: PreparedCall, pause: Promise<void>): Promise<void> {
  try {
    await pause;
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new TimeoutError(`${call.endpoint}: not sent within its timeout, because it waited for the rate limit (\`rateLimit\`).`);
  }
}

function cancelWait(waiting: WaitingCall, endpoint: string): void {
  waiting.canceledBy ??= endpoint;
  waiting.wake?.();
}

const canceled = ({ endpoint }: PreparedCall, by: string): KrakenError =>
  new KrakenError("ERR_UNAVAILABLE", `${endpoint}: not sent, because ${by} was called while it waited for the rate limit (\`rateLimit\`).`);
