import { checkMilliseconds, described } from "../checks.js";
import { type UnknownOutcomeError, need } from "../errors.js";
import { isApiError, isKrakenError } from "./errors.js";
import { checkCallOptions } from "../rest/call.js";
import { CallTimer } from "../rest/call-timer.js";
import { type SentCall, claimOrders, endCall, sentOf } from "../rest/sent-calls.js";
import { futuresOrder } from "../rest/sent-order.js";
import { type Caller, type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "../rest/callers.js";
import type { KeyReport } from "../rest/key-report.js";
import { endpointOf } from "../rest/endpoint.js";
import { futuresEndpointOf } from "../rest/futures/endpoints.js";
import { spotEndpoints } from "../rest/spot/endpoints.js";
import { socketMethodOf } from "../rest/spot/endpoints/socket-methods.js";
import { type Operation, partOf, beginOperation } from "../rest/under-way.js";
import { type LookOptions, type FoundOrder, type SearchResult, TIME_ZONE, beforeAsking, findSpotOrders, spotTime } from "./look.js";
import { findFuturesOrders } from "./look-futures.js";

/** The result of {@link resolveOrder}: whether an order was placed. */
export type OrderResolution =
  /** The order was found at the exchange; of a batch, all orders were: see `orders`. */
  | {
      /** The order was placed. */
      readonly outcome: "placed";
      /** The order as it was found; of a batch, the first one. */
      readonly order: FoundOrder;
      /** All orders of a batch, in the order in which they were sent. */
      readonly orders: readonly FoundOrder[];
    }
  /** The order was not placed, and cannot be placed anymore, even by a late copy. */
  | { /** The order was not placed. */ readonly outcome: "not-placed" }
  /** It was not possible to find out, for the given reason. */
  | {
      /** It was not possible to find out. */
      readonly outcome: "unknown";
      /** The reason, as a clause. */
      readonly reason: string;
    };

/** Options of {@link resolveOrder}. */
export interface ResolveOptions {
  /** Ends the search; the outcome is unknown then. None by default. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole search; 60,000 by default. "Not placed" takes up to seven seconds and the settle time longer than the order's deadline, or two if the timeout is near. */
  readonly timeout?: number | undefined;
  /**
   * The settle time: milliseconds before the last look, in which an order that Kraken has already accepted may still appear; 2,000 by default. It
   * begins when late copies are locked out, or when an order was found that is the only one with its `userref`, which is looked for twice even if this is 0.
   */
  readonly settle?: number | undefined;
}

/** The options of resolveOrder. */
export const RESOLVE_OPTIONS = ["signal", "timeout", "settle"] as const;

/** Checks the settle time. */
export const checkSettle = (settle: number | undefined): void => checkMilliseconds("settle", settle, { least: 0 });

/** The pause between the first two looks, in milliseconds. */
const FIRST_PAUSE = 250;

/** The factor by which the pauses between two looks grow, and the longest one in milliseconds. */
const PACE = [2, 5000] as const;

/** The same without a deadline: no moment is waited for, and a look counts three times on the rate limit. A minute of looks fits the lowest tier. */
const PACE_WITHOUT_DEADLINE = [3, 10_000] as const;

/** The longest time that one call of a look may take, in milliseconds, so that a dead connection does not use up the whole search. */
const LONGEST_LOOK = 10_000;

/** A deadline has passed when the exchange's clock is this many milliseconds past it. Spot sends its time in whole seconds. */
const MARGIN = 1000;

/** The period that a key may query has to be longer by this many milliseconds on both sides, because clocks differ. */
const MINUTE = 60_000;

/** Whether the record of an endpoint of Spot, or of a method of its WebSocket, says that it places orders. */
const placesOnSpot = (name: string): boolean =>
  [endpointOf(spotEndpoints, name), socketMethodOf(name)].some((record) => record?.places !== undefined);

/** Whether the record of an endpoint of Futures says that it places orders. */
const placesOnFutures = (name: string): boolean => futuresEndpointOf("POST", name)?.places !== undefined;

/** The reason why nothing is looked for after a batch of Futures that places no order. */
const NO_ORDER = "the batch places no order: look at openorders for those that it changes or cancels";

/** Kinds of errors that would come again with every look. */
const PERMANENT = /^(key|permission|expired|lockout|account)$/;

/** Whether an error would come again with every look: also that of a client that is closed, or does not have the key. */
const isPermanent = (error: unknown): boolean =>
  isApiError(error) ? PERMANENT.test(error.kind) : isKrakenError(error) && /^ERR_(FREED|INVALID_REQUEST)$/.test(error.code);

/** The result of one look, and whether late copies were locked out before it. */
interface Look {
  readonly result: SearchResult | undefined;
  readonly lockedOut: boolean;
}

/** A search for an order of unknown outcome. */
class Search {
  readonly #error: UnknownOutcomeError;
  readonly #sent: SentCall | undefined;
  readonly #timer: CallTimer;
  readonly #operation: Operation;
  /** The ids of the orders that any look has found. */
  readonly #seen = new Set<string>();
  /** Whether it is known that the key sees the orders that have closed since. It is asked once, because each question counts on the rate limit. */
  #seesClosed = false;
  /** The reason why late copies are not locked out yet. */
  reason = "no look has succeeded";

  constructor(error: UnknownOutcomeError, timer: CallTimer, operation: Operation) {
    this.#error = error;
    this.#sent = sentOf(error);
    this.#timer = timer;
    this.#operation = operation;
  }

  /** Claims the orders that were found, so that another search does not take them for its own, and counts the call as settled. */
  conclude(resolution: OrderResolution): void {
    if (resolution.outcome === "unknown") return;
    endCall(this.#sent);
    const ids = resolution.outcome === "placed" ? resolution.orders.map(({ orderId }) => orderId) : [];
    if (this.#sent) claimOrders(ids, this.#sent.destination, this.#sent);
  }

  /**
   * The ids of the orders that an answer named as placed, or an earlier look has found: an order that is executed may be in no list for a moment. Those that
   * the call was to change or cancel are no such orders.
   */
  get named(): readonly string[] {
    const asked = this.#sent ? (futuresOrder(this.#sent.params).orderIds ?? []) : [];
    return [...new Set([...(this.#error.orderIds ?? []).filter((id) => !asked.includes(id)), ...this.#seen])];
  }

  get #options(): LookOptions {
    return {
      key: this.#sent?.key,
      signal: this.#timer.signal,
      timeout: Math.max(Math.ceil(Math.min(this.#timer.remaining, LONGEST_LOOK)), 1),
      ...partOf(this.#operation),
    };
  }

  /** Finds out whether late copies are locked out, and then looks for the order. */
  async step(client: Caller): Promise<Look> {
    const look = await (isSpot(client) ? this.#stepSpot(client) : this.#stepFutures(client));
    for (const { orderId } of look.result?.found ?? []) this.#seen.add(orderId);
    return look;
  }

  async #stepSpot(client: SpotCaller): Promise<Look> {
    // The order matters: an order that is missing is certainly not placed only if late copies were locked out before the look.
    const lockedOut = await this.#isLockedOut(client);
    return { lockedOut, result: await findSpotOrders(client, this.#error, this.#sent, this.#options) };
  }

  async #stepFutures(client: FuturesCaller): Promise<Look> {
    const { result, time } = await findFuturesOrders(client, this.#error, this.#sent, this.#options);
    // The exchange's time is that of the first of these calls.
    return { result, lockedOut: this.#hasPassed(time) };
  }

  /**
   * Whether late copies are locked out. If the order has a deadline, it decides. A higher nonce locks out only what has not arrived yet; Kraken may have
   * accepted an order that its engine has not processed.
   */
  async #isLockedOut(client: SpotCaller): Promise<boolean> {
    return this.#error.deadline === undefined ? this.#isLockedOutByNonce(client) : this.#hasPassed(await spotTime(client, this.#options));
  }

  /** Whether Kraken has accepted a higher nonce of the same key, and accepts no lower one. */
  async #isLockedOutByNonce(client: SpotCaller): Promise<boolean> {
    const { nonce, keyEnding: sender } = this.#error;
    if (!nonce) return this.#open("its nonce is not known");
    if (!sender) return this.#open("it is not known which key sent it");
    const reports = await this.#reports(client);
    const report = reports.find((one) => one.keyEnding === sender) ?? reports[0]!;
    const { works, error, nonce: highest, nonceWindow, keyEnding } = report;
    // Such a report does not name the key.
    if (!works) return this.#open(reasonFrom(error));
    // The nonces of another key lock nothing out.
    if (keyEnding !== sender) return this.#open(anotherKey(sender));
    if (highest === undefined || nonceWindow === undefined)
      return this.#open("Kraken did not send the key's highest nonce and its nonce window");
    if (!/^0+$/.test(nonceWindow))
      return this.#open(`the key has a nonce window of ${nonceWindow}, in which a late copy would be accepted`);
    return BigInt(highest) > BigInt(nonce) || this.#open("Kraken has accepted no higher nonce of this key yet");
  }

  /** Asks about the key that sent the order, or about all keys of the client, because an error from elsewhere may name any of them. */
  async #reports(client: Pick<SpotCaller, "check">): Promise<readonly KeyReport[]> {
    const report = await client.check({ ...this.#options, ...(this.#sent?.key === undefined && { for: [] }) });
    return report.keys ?? [report];
  }

  /** Returns why the client may not see the orders that have closed since the call was sent; `undefined` if it sees them. */
  async doubt(client: Caller): Promise<string | undefined> {
    if (this.#seesClosed) return undefined;
    const doubt = await (isSpot(client) ? this.#doubtSpot(client) : this.#doubtFutures(client));
    this.#seesClosed = doubt === undefined;
    return doubt;
  }

  /** The owner of a Spot key may limit the period that it may query. Kraken then does not list an order that was filled outside of it. */
  async #doubtSpot(client: SpotCaller): Promise<string | undefined> {
    const reports = await this.#reports(client);
    const isAnyUsable = reports.some(({ works }) => works);
    // The key that looked for the order is none of those that Kraken does not accept anymore.
    const unsure = reports.find((report) => !report.works && !(isAnyUsable && isUnusable(report)));
    if (unsure) return reasonFrom(unsure.error);
    const sees = await Promise.all(reports.map((report) => !report.works || this.#seesSince(client, report)));
    if (!sees.every(Boolean)) return "its owner has limited the period that the key may query, so it may not see orders that closed since";
    return this.#doubtAccount(reports);
  }

  /** Only another process may have sent the order with another key. A client that a program has made itself may not know its key. */
  async #doubtFutures(client: FuturesCaller): Promise<string | undefined> {
    const { check } = client;
    if (this.#sent || !check || this.#error.keyEnding === undefined) return undefined;
    return this.#doubtAccount(await this.#reports({ check: (options) => check.call(client, options) }));
  }

  /** A key that the error of another process does not name may be that of another account. One that does not work anymore has no name here. */
  #doubtAccount(reports: readonly KeyReport[]): string | undefined {
    const sender = this.#sent ? undefined : this.#error.keyEnding;
    const isAnother = sender !== undefined && reports.every(({ works, keyEnding }) => works && keyEnding !== sender);
    return isAnother ? anotherKey(sender) : undefined;
  }

  /** Whether a key may query the time from sending until the end of the search, by the exchange's clock. */
  async #seesSince(client: SpotCaller, { queryFrom, queryTo }: KeyReport): Promise<boolean> {
    if (!queryFrom && !queryTo) return true;
    const timeOfSending = this.#sent && beforeAsking(this.#sent);
    const now = (await spotTime(client, this.#options)) ?? NaN;
    // Another process, or an earlier run, may have sent the order long ago.
    const since = timeOfSending?.(now).earliest ?? -Infinity;
    return +(queryFrom ?? -Infinity) <= since - MINUTE && +(queryTo ?? Infinity) >= now + this.#timer.remaining + MINUTE;
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

/**
 * Returns what the result of a search proves, if it proves anything.
 *
 * @param named - the ids of the orders that an answer named as placed, or an earlier look has found
 */
function conclude({ found, similar, expected }: SearchResult, lockedOut: boolean, named: readonly string[]): OrderResolution | undefined {
  if (found.length === expected) return { outcome: "placed", order: found[0]!, orders: found };
  if (!lockedOut) return undefined;
  if (found.length)
    return {
      outcome: "unknown",
      reason: `${found.length} of ${expected} orders were found: ${found.map(({ orderId }) => orderId).join(", ")}`,
    };
  const missing = named.filter((id) => !similar.some(({ orderId }) => orderId === id));
  if (missing.length)
    return {
      outcome: "unknown",
      reason: `an answer named, or an earlier look found, orders that are in no list now: ${missing.join(", ")}`,
    };
  if (!similar.length) return { outcome: "not-placed" };
  return { outcome: "unknown", reason: `orders like it were opened at that time: ${similar.map(({ orderId }) => orderId).join(", ")}` };
}

/** The reason why the orders that a client sees prove nothing. */
const anotherKey = (sender: string): string => `it was sent with the key that ends in ${sender}, and this client has another key`;

/** Whether Kraken will not accept a key anymore. A rejected nonce, for example, says nothing of that. */
const isUnusable = ({ error }: KeyReport): boolean => ["key", "signature", "expired", "account"].includes(`${error?.kind as string}`);

/** Returns the message of an error, as a reason. */
const reasonFrom = (error: unknown): string => (isKrakenError(error) ? error.message.replace(/\.$/, "") : "the answer could not be read");

/** Returns what two looks have in common that come to the same conclusion. */
const summary = (resolution: OrderResolution): string =>
  resolution.outcome === "placed" ? resolution.orders.map(({ orderId }) => orderId).join() : resolution.outcome;

async function search(client: Caller, one: Search, timer: CallTimer, settle: number, hasDeadline: boolean): Promise<OrderResolution> {
  let last: string | undefined;
  const [factor, longest] = hasDeadline ? PACE : PACE_WITHOUT_DEADLINE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * factor, longest)) {
    let settling: number | undefined;
    try {
      // Not every client keeps to the timeout of a call: the object behind it may hang.
      const { result, lockedOut } = await timer.race(one.step(client));
      if (!result) return { outcome: "unknown", reason: "there is nothing to look for it by: it had no client order id" };
      const proven = conclude(result, lockedOut, one.named);
      // A random id proves an order by itself. What is missing, or is the only one of its kind, is so only if the client sees all orders.
      const isCertain = proven?.outcome === "unknown" || (proven?.outcome === "placed" && result.isUnique);
      // Asked at the first look, because the rate limit may be used up later.
      const doubt = isCertain ? undefined : await timer.race(one.doubt(client));
      if (proven && doubt) one.reason = doubt;
      const resolution = doubt ? undefined : proven;
      const isPlaced = resolution?.outcome === "placed";
      // Orders that are open and closed are listed one after the other. One look may miss an order like the one that was found, opened between the two.
      const isEnough = isPlaced ? result.isUnique : !settle;
      if (resolution && (isEnough || summary(resolution) === last)) {
        one.conclude(resolution);
        return resolution;
      }
      // Kraken may have accepted the order just before, and may show it a moment later. One that is similar and already visible may be another.
      last = resolution && summary(resolution);
      if (resolution) {
        settling = settle;
        one.reason = "there was no time for a second look";
      }
    } catch (problem) {
      // A call that had no time left says nothing about the order. The timer may come after it.
      if (timer.remaining <= 0) break;
      one.reason = reasonFrom(problem);
      if (isPermanent(problem)) break;
    }
    // The last look but one comes so early that another one can confirm it.
    const latest = timer.remaining - settle - 2 * FIRST_PAUSE;
    const wait = settling ?? (latest > 0 ? Math.min(pause, latest) : pause);
    if (timer.remaining <= wait) break;
    await timer.pause(wait).catch(() => {});
  }
  return { outcome: "unknown", reason: one.reason };
}

/**
 * Finds out what happened to an order of unknown outcome. It uses the key that sent the order, because only a higher nonce of that key locks out a late
 * copy.
 *
 * The outcome is `placed` if the order was found: by its client order id, or by its `userref` if exactly one order with the same `userref`, side, type
 * and volume was opened since. An order with neither is never `placed`. The outcome is `not-placed` only if the order is missing and no copy of it can
 * arrive anymore: its `deadline` (Futures: `processBefore`) has passed by the exchange's clock, or, if it has none, Kraken has accepted a higher nonce of
 * the same key and the key's nonce window is 0. Until then, the search goes on, within its timeout. It proves nothing if the key may not query that time
 * (`queryFrom` and `queryTo` of `check()`).
 *
 * @param client - the client that threw the error, or one with the same key
 * @param error - the error of AddOrder, AddOrderBatch, sendorder or batchorder, or of a socket's add_order or batch_add
 * @throws InvalidRequestError if the error is another one. Failures during the search are not thrown: the outcome is `unknown` then.
 *
 * @example
 * ```ts
 * const resolution = await resolveOrder(client, error);
 * switch (resolution.outcome) {
 *   case "placed":
 *     console.log(resolution.order.orderId);
 *     break;
 *   case "not-placed":
 *     console.log("It is safe to send the order again.");
 *     break;
 *   case "unknown":
 *     console.log(`Look at the account yourself: ${resolution.reason}.`);
 * }
 * ```
 */
export async function resolveOrder(client: Caller, error: UnknownOutcomeError, options: ResolveOptions = {}): Promise<OrderResolution> {
  checkCaller("resolveOrder", client);
  need(error?.code === "ERR_UNKNOWN_OUTCOME", `resolveOrder: expected the UnknownOutcomeError that a call threw, got ${described(error)}.`);
  const endpoint = `${error.endpoint}`;
  const [isOfSpot, isOfFutures] = [placesOnSpot(endpoint), placesOnFutures(endpoint)];
  need(
    isOfSpot || isOfFutures,
    `resolveOrder: expected the error of an endpoint that places orders, such as AddOrder or sendorder, got that of ${endpoint}.`,
  );
  // The other API does not have the order, whatever became of it.
  need(
    isOfSpot === isSpot(client),
    `resolveOrder: ${endpoint} is an endpoint of ${isOfSpot ? "Spot" : "Futures"}, and the client is one of ${isOfSpot ? "Futures" : "Spot"}. Pass the client that threw the error.`,
  );
  checkCallOptions("resolveOrder", options, RESOLVE_OPTIONS);
  const { signal, timeout = 60_000, settle = 2000 } = options;
  checkSettle(settle);
  if (endpoint === "batchorder" && error.orderCount === 0) return { outcome: "unknown", reason: NO_ORDER };
  // A call would throw the caller's reason, but that says nothing about the order, which may have been placed.
  if (signal?.aborted) return { outcome: "unknown", reason: "the search was aborted before it began" };
  const timer = new CallTimer("resolveOrder", timeout, signal);
  const operation = beginOperation(client);
  try {
    return await search(client, new Search(error, timer, operation), timer, settle, error.deadline !== undefined);
  } finally {
    timer.stop();
    operation.end();
  }
}
