import { checkNames, described } from "../checks.js";
import { ApiError, KrakenError, type UnknownOutcomeError, need } from "../errors.js";
import { CallTimer } from "../rest/call-timer.js";
import { isText } from "../rest/endpoint.js";
import { type SentCall, claimOrders, sentOf } from "../rest/sent-order.js";
import { type Caller, type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "../rest/callers.js";
import { type LookOptions, type FoundOrder, type SearchResult, findFuturesOrders, findSpotOrders, spotTime } from "./look.js";

/** What became of an order. */
export type OrderResolution =
  /** It was seen at the exchange. Of a batch, all orders were: see `orders`. */
  | {
      /** What became of it. */
      readonly outcome: "placed";
      /** The order as it was seen; of a batch, the first one. */
      readonly order: FoundOrder;
      /** All orders of a batch, in their order. */
      readonly orders: readonly FoundOrder[];
    }
  /** It was not placed, and cannot be any more, even by a copy that is still on its way. */
  | { /** What became of it. */ readonly outcome: "not-placed" }
  /** Nobody can tell, for the reason given. */
  | {
      /** What became of it. */
      readonly outcome: "unknown";
      /** Why nobody can tell, as a clause. */
      readonly reason: string;
    };

/** Options of {@link resolveOrder}. */
export interface ResolveOptions {
  /** Ends the search; the outcome is unknown then. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole search; 60 000 by default, which is as long as a deadline can be ahead. */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds between the moment when late copies are locked out and the last look: the time that an order which Kraken has already accepted may
   * take to show; 2000 by default.
   */
  readonly settle?: number | undefined;
}

/** The options of resolveOrder. */
export const RESOLVE_OPTIONS = ["signal", "timeout", "settle"] as const;

/** Pauses between looks, in milliseconds: they double up to the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;

/** One question of a look waits for so many milliseconds at most: a connection that has gone silent must not use up the whole search. */
const LONGEST_LOOK = 10_000;

/** A deadline counts as passed when the exchange's clock, which Spot tells in whole seconds, is so many milliseconds past it. */
const MARGIN = 1000;

/** RFC 3339 has a time zone: without one, this machine would read its own into it. */
const TIME_ZONE = /(Z|[+-]\d\d:\d\d)$/i;

/** The endpoints and methods that place orders. */
const PLACES = /^(AddOrder|AddOrderBatch|add_order|batch_add|sendorder|batchorder)$/;

/** Errors of a look that would come again. */
const PERMANENT = /^(key|permission|expired|lockout|account)$/;

/** One search for an order of unknown outcome. */
class Search {
  readonly #error: UnknownOutcomeError;
  readonly #sent: SentCall | undefined;
  readonly #timer: CallTimer;
  /** Why late copies are not locked out yet. */
  reason = "no look has succeeded";

  constructor(error: UnknownOutcomeError, timer: CallTimer) {
    this.#error = error;
    this.#sent = sentOf(error);
    this.#timer = timer;
  }

  /** What it was found to have placed is no other call's. */
  claim(orders: readonly FoundOrder[]): void {
    const ids = orders.map(({ orderId }) => orderId);
    if (this.#sent?.transport) claimOrders(ids, this.#sent.transport, this.#sent);
  }

  /** The client order ids that are known. */
  get ids(): string[] {
    return [this.#error.clientOrderId, ...(this.#error.clientOrderIds ?? [])].filter(isText);
  }

  get #options(): LookOptions {
    const key = this.#sent?.key;
    return {
      ...(key !== undefined && { key }),
      signal: this.#timer.signal,
      timeout: Math.max(Math.ceil(Math.min(this.#timer.remaining, LONGEST_LOOK)), 1),
    };
  }

  /** Whether late copies are locked out, and then what a look shows. */
  async step(client: Caller): Promise<{ readonly result: SearchResult | undefined; readonly lockedOut: boolean }> {
    if (!isSpot(client)) return this.#stepFutures(client);
    // In this order: only what is looked for after late copies are locked out is missing for good.
    const lockedOut = await this.#isLockedOut(client);
    return { lockedOut, result: await findSpotOrders(client, this.#error, this.#sent, this.#options) };
  }

  async #stepFutures(client: FuturesCaller): Promise<{ result: SearchResult | undefined; lockedOut: boolean }> {
    if (!this.ids.length) return { result: undefined, lockedOut: false };
    const { result, time } = await findFuturesOrders(client, this.ids, this.#sent, this.#options);
    // The time is that of the first look, which the others follow.
    return { result, lockedOut: this.#hasPassed(time) };
  }

  /**
   * Its deadline decides if it has one. A higher nonce keeps out what has not arrived, but not what has: Kraken may have accepted it already, and
   * its engine not have come to it.
   */
  async #isLockedOut(client: SpotCaller): Promise<boolean> {
    return this.#error.deadline === undefined ? this.#isLockedOutByNonce(client) : this.#hasPassed(await spotTime(client, this.#options));
  }

  /** By a higher nonce of the same key that Kraken has accepted, if no nonce below it can pass any more. */
  async #isLockedOutByNonce(client: SpotCaller): Promise<boolean> {
    const { nonce, keyEnding: sender } = this.#error;
    if (!nonce) return this.#open("no nonce is known of it");
    if (!sender) return this.#open("it is not known which key sent it");
    const { works, error, nonce: highest, nonceWindow, keyEnding } = await client.check(this.#options);
    // Another key's nonces lock nothing out.
    if (keyEnding !== sender) return this.#open(`a key that ends in ${sender} sent it, and this client has another one`);
    if (!works) throw error ?? new KrakenError("ERR_UNAVAILABLE", "The key does not work.");
    if (highest === undefined || nonceWindow === undefined) return this.#open("Kraken did not tell the key's highest nonce and its window");
    if (Number(nonceWindow) !== 0) return this.#open(`the key has a nonce window of ${nonceWindow}, in which a late copy can pass`);
    return BigInt(highest) > BigInt(nonce) || this.#open("Kraken has accepted no higher nonce of this key yet");
  }

  /** Whether its deadline has passed by the exchange's clock. */
  #hasPassed(time: number | undefined): boolean {
    const { deadline } = this.#error;
    if (deadline === undefined) return this.#open("it has no deadline");
    if (!TIME_ZONE.test(deadline)) return this.#open("its deadline has no time zone");
    if (time === undefined) return this.#open("the exchange's time is not known");
    return time > Date.parse(deadline) + MARGIN || this.#open(`its deadline (${deadline}) has not passed yet`);
  }

  #open(reason: string): false {
    this.reason = `a copy could still arrive: ${reason}`;
    return false;
  }
}

/** What a look proves. */
function conclude({ found, similar, expected }: SearchResult, lockedOut: boolean): OrderResolution | undefined {
  if (found.length === expected) return { outcome: "placed", order: found[0]!, orders: found };
  if (!lockedOut) return undefined;
  if (found.length)
    return {
      outcome: "unknown",
      reason: `${found.length} of ${expected} orders were placed: ${found.map(({ orderId }) => orderId).join(", ")}`,
    };
  if (!similar.length) return { outcome: "not-placed" };
  return { outcome: "unknown", reason: `orders like it were opened at that time: ${similar.map(({ orderId }) => orderId).join(", ")}` };
}

/** A reason in words, from what went wrong. */
const reasonFrom = (error: unknown): string =>
  error instanceof KrakenError ? error.message.replace(/\.$/, "") : "the answer was not understood";

async function search(client: Caller, error: UnknownOutcomeError, timer: CallTimer, settle: number): Promise<OrderResolution> {
  const one = new Search(error, timer);
  let hasSettled = false;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    let wait = pause;
    try {
      const { result, lockedOut } = await one.step(client);
      if (!result) return { outcome: "unknown", reason: "there is nothing to look for it by: it had no client order id" };
      const resolution = conclude(result, lockedOut);
      // Kraken may have accepted it just before, and show it in a moment.
      if (resolution?.outcome === "placed") one.claim(resolution.orders);
      if (resolution && (resolution.outcome === "placed" || hasSettled || !settle)) return resolution;
      if (resolution) {
        hasSettled = true;
        wait = settle;
      }
    } catch (problem) {
      if (timer.signal.aborted) break;
      one.reason = reasonFrom(problem);
      if (problem instanceof ApiError && PERMANENT.test(problem.kind)) break;
    }
    if (timer.remaining <= wait) break;
    await timer.pause(wait).catch(() => {});
  }
  return { outcome: "unknown", reason: one.reason };
}

/**
 * Finds out what became of an order whose outcome is unknown. It looks with the key that sent the order, never with another one, because only
 * that key's next accepted nonce locks a late copy out.
 *
 * It says `placed` when it has seen the order: by its client order id, or by its `userref` if exactly one order with it, of the same side, type
 * and volume, was opened since. With neither it never says so. It says `not-placed` only when the order is missing although no copy of it can
 * arrive any more: because the order's own `deadline` (Futures: `processBefore`) has passed by the exchange's clock, or, if it has none, because Kraken has accepted a
 * higher nonce of the same key, whose nonce window is 0. Until then it looks again, for as long as it may.
 *
 * @param client - the client that threw the error, or one with the same key
 * @param error - of AddOrder, AddOrderBatch, sendorder or batchorder, or of a socket's add_order or batch_add
 * @throws InvalidRequestError for an error of anything else; nothing that happens on the way is thrown
 */
export async function resolveOrder(client: Caller, error: UnknownOutcomeError, options: ResolveOptions = {}): Promise<OrderResolution> {
  checkCaller("resolveOrder", client);
  need(error?.code === "ERR_UNKNOWN_OUTCOME", `resolveOrder: expected the UnknownOutcomeError that a call threw, got ${described(error)}.`);
  need(
    PLACES.test(error.endpoint),
    `resolveOrder finds orders, such as those of AddOrder or sendorder, and ${error.endpoint} places none.`,
  );
  checkNames("resolveOrder", options, RESOLVE_OPTIONS);
  const { signal, timeout = 60_000, settle = 2000 } = options;
  // Not thrown, as a call would: the caller's reason says nothing of the order, which may have been placed.
  if (signal?.aborted) return { outcome: "unknown", reason: "the search was aborted before it began" };
  const timer = new CallTimer("resolveOrder", timeout, signal);
  try {
    return await search(client, error, timer, settle);
  } finally {
    timer.stop();
  }
}
