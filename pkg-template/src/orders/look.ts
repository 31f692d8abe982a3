import { isText, property } from "../rest/endpoint.js";
import { type OrderName, type SentCall, isAllRemembered, isAnothers, rivalsOf } from "../rest/sent-calls.js";
import { idOf, isSameReference, ordersIn } from "../rest/sent-order.js";
import { KrakenError, type UnknownOutcomeError } from "../errors.js";
import type { SpotCaller } from "../rest/callers.js";
import { isRandomId } from "../signing/client-order-id.js";

/** An order as it was seen at the exchange. */
export interface FoundOrder {
  /** Kraken's id: the `txid` (Spot) or `order_id` (Futures). */
  readonly orderId: string;
  /** The `cl_ord_id` (Spot) or `cliOrdId` (Futures), if it has one. */
  readonly clientOrderId?: string;
  /** The order's details, as Kraken sent them. */
  readonly details: unknown;
}

/** Orders that were found. */
export interface Found {
  /** The orders that were sent. */
  readonly found: readonly FoundOrder[];
  /** Orders that may or may not be the one that was sent, because only their details and times agree. */
  readonly similar: readonly FoundOrder[];
}

/** The result of a search through the orders of an account. */
export interface SearchResult extends Found {
  /** The number of orders that were sent. */
  readonly expected: number;
  /** Whether random client order ids were looked for, which no other order has. */
  readonly isUnique: boolean;
}

/** Options of a search: the key that sent the order, and the time that is left in milliseconds. */
export type LookOptions = { readonly key?: string | undefined; readonly signal?: AbortSignal | undefined; readonly timeout: number };

/**
 * Milliseconds by which an order may seem to have been opened before it was sent, because the exchange has several clocks. An order from that time may
 * be the one that was sent, or an older one.
 */
export const MARGIN = 2000;

/** Milliseconds by which an order may seem to be older than it is, because this machine and the exchange round times, and the exchange has several clocks. */
const ROUNDING = 10;

/** The time zone of a time in RFC 3339. A time without one would be parsed in the time zone of this machine. */
export const TIME_ZONE = /(Z|[+-]\d\d:\d\d)$/i;

export const objects = (value: unknown): [string, unknown][] => (typeof value === "object" && value !== null ? Object.entries(value) : []);

/** Returns the error of a look that proves nothing. Its message becomes the reason for an unknown outcome. */
export const inconclusive = (message: string): KrakenError => new KrakenError("ERR_UNAVAILABLE", message);

/** Returns a list in an answer. An answer without the list is an error, not an empty list: it may come from a gateway or an overloaded server. */
export function listed(answer: unknown, name: string): object {
  const value = property(answer, name);
  if (typeof value === "object" && value !== null) return value;
  throw inconclusive(`an answer came without \`${name}\``);
}

export const spotOrders = (answer: unknown, group: "open" | "closed"): FoundOrder[] =>
  objects(listed(answer, group)).map(([orderId, details]) => {
    const id = property(details, "cl_ord_id");
    return { orderId, ...(isText(id) && { clientOrderId: id }), details };
  });

/** Returns the closed orders; `undefined` if not all of them came back. Kraken lists fifty at a time. */
async function closedSpotOrders(
  client: SpotCaller,
  filter: Record<string, string | number>,
  start: number | undefined,
  ask: LookOptions,
): Promise<FoundOrder[] | undefined> {
  const from = start === undefined ? {} : { start: Math.max(Math.floor(start / 1000), 0) };
  const answer = await client.call("ClosedOrders", { ...filter, ...from }, ask);
  const closed = spotOrders(answer, "closed");
  const count = property(answer, "count");
  // Anything else than a number, such as `null`, does not say that there are no more.
  return /^\d+$/.test(`${count as string}`) && Number(count) <= closed.length ? closed : undefined;
}

/** Orders that are open, and closed ones; `closed` is `undefined` if not all of them are known. */
type SpotLists = { readonly open: readonly FoundOrder[]; readonly closed: readonly FoundOrder[] | undefined };

/**
 * Lists open orders first, then closed ones, so that an order that is filled in between is not missed. `closed` is `undefined` if not all of them came
 * back, or if neither a filter nor a time limits them.
 */
async function spotLists(
  client: SpotCaller,
  filter: Record<string, string | number>,
  start: number | undefined,
  ask: LookOptions,
): Promise<SpotLists> {
  const open = spotOrders(await client.call("OpenOrders", filter, ask), "open");
  const isLimited = start !== undefined || Object.keys(filter).length > 0;
  return { open, closed: isLimited ? await closedSpotOrders(client, filter, start, ask) : undefined };
}

/** Lists all orders, open and closed. */
async function spotOrdersBy(
  client: SpotCaller,
  filter: Record<string, string | number>,
  start: number | undefined,
  ask: LookOptions,
): Promise<FoundOrder[]> {
  const { open, closed } = await spotLists(client, filter, start, ask);
  // An order that is not on the first page may still exist.
  if (!closed) throw inconclusive("Kraken did not list all closed orders");
  return [...open, ...closed];
}

/** Returns a client order id without what Kraken may spell in another way. */
const plainId = (id: string | undefined): string | undefined => id?.toLowerCase().replaceAll("-", "");

/**
 * Finds orders by their client order ids. Such an id is unique only among open orders; a closed order may have had the same id. If the time of sending
 * is known, older orders do not count, and neither do those of other calls. If it is not known, only a random id identifies an order.
 */
async function byClientOrderIds(
  client: SpotCaller,
  given: readonly string[],
  error: UnknownOutcomeError,
  sent: SentCall | undefined,
  ask: LookOptions,
  all?: SpotLists,
): Promise<Found> {
  const found: FoundOrder[] = [];
  const similar: FoundOrder[] = [];
  const ids = [...new Set(given)];
  if (!ids.length) return { found, similar };
  const [only] = ids.length === 1 && !all ? ids : [];
  // An id that is not random may have many older orders. They are not listed.
  const early = sent && !(only && isRandomId(only)) ? await spotTimeOfSending(client, sent, ask) : undefined;
  // Kraken accepts a deadline from a minute before it.
  const earliest = early?.earliest ?? (only ? NaN : Date.parse(`${error.deadline}`) - 60_000);
  const start = earliest - MARGIN || undefined;
  // Several are looked for in one list, because each call counts on the rate limit.
  const { open, closed } = all ?? (await spotLists(client, only ? { cl_ord_id: only } : {}, start, ask));
  // In a list of all orders, one may lack its id. It decides nothing if all are found by their ids.
  const nameless = only ? [] : [...open, ...(closed ?? [])].filter(isNameless).filter(isDirect);
  similar.push(...likeSent(nameless, sent, early ?? { latest: Infinity, earliest }, true));
  for (const id of ids) {
    const ended = closed ?? (await closedSpotOrders(client, { cl_ord_id: id }, start, ask));
    if (!ended) throw inconclusive("Kraken did not list all closed orders");
    const orders = [...open, ...ended];
    // Kraken ignored the filter, so the order may be on another page, or it spells the id in another way, or leaves it out.
    const filtered = only ? orders : closed ? [] : ended;
    if (orders.some((one) => one.clientOrderId !== id && (filtered.includes(one) || plainId(one.clientOrderId) === plainId(id))))
      throw inconclusive("Kraken listed orders with other client order ids");
    const own = directIfAny(orders.filter(({ clientOrderId }) => clientOrderId === id));
    if (!own.length) continue;
    const time = sent ? (early ?? (await spotTimeOfSending(client, sent, ask))) : undefined;
    const order = sent && ordersIn(sent.params).find((one) => idOf(one) === id);
    const like = order && { pair: sent.params.pair, symbol: sent.params.symbol, ...order };
    const it = identified(own, { id, sent, time }, openedAt, (one) =>
      // An order with a random id is recognized by it. Its volume and prices may have been amended, or rounded by Kraken.
      isRandomId(id) ? isLike(one.details, order && { type: order.type, ordertype: order.ordertype }) : isSent(one, like),
    );
    found.push(...it.found);
    similar.push(...it.similar);
  }
  return { found, similar };
}

/** Whether an order was listed without any name. An order has a client order id or a `userref`, never both. */
const isNameless = ({ clientOrderId, details }: FoundOrder): boolean =>
  clientOrderId === undefined && isSameReference(property(details, "userref"), undefined);

/**
 * Returns the orders that may be those that a call sent with a client order id, or without one, by time and by what no amendment changes. They may be
 * others.
 */
function likeSent(orders: readonly FoundOrder[], sent: SentCall | undefined, time: TimeOfSending, isNamed: boolean): readonly FoundOrder[] {
  const { since, uncertain } = byAge(orders.filter(notClaimed(sent)), time);
  const some = sent ? ordersIn(sent.params).filter((order) => !idOf(order) !== isNamed) : [];
  const isLikeOne = ({ details }: FoundOrder): boolean =>
    some.some(
      ({ type, ordertype, pair = sent!.params.pair }) => isLike(details, { type, ordertype }) && isSamePair(details, { pair }, true),
    );
  // Nothing is known of the orders of a call of another process.
  return [...since, ...uncertain].filter((one) => !some.length || isLikeOne(one));
}

/** A client order id that is looked for, and what is known about the call that sent it. */
export interface Wanted {
  readonly id: string;
  readonly sent: SentCall | undefined;
  readonly time: TimeOfSending | undefined;
}

/** Decides which order with a client order id is the one that was sent. */
export function identified(
  own: readonly FoundOrder[],
  { id, sent, time = { latest: 0, earliest: 0 } }: Wanted,
  timeOf: (order: FoundOrder) => number,
  isAlike: (order: FoundOrder) => boolean,
): Found {
  const unclaimed = own.filter(notClaimed(sent));
  if (isRandomId(id)) {
    const { since, uncertain } = byAge(unclaimed, time, timeOf);
    const [one] = [...since, ...uncertain];
    // An order with this id that seems to be older proves nothing: the id may have been used before, or a clock was wrong.
    if (!one) return { found: [], similar: unclaimed };
    return isAlike(one) ? { found: [one], similar: [] } : { found: [], similar: [one] };
  }
  const { since, uncertain } = byAge(unclaimed, time, timeOf);
  const [one] = since;
  const isIt = one && sent && since.length === 1 && isAlike(one) && !mayBeAnothers(one, sent, { id }, time, timeOf);
  return isIt ? { found: [one], similar: [] } : { found: [], similar: [...since, ...uncertain] };
}

/** Whether an order has the same side, type, volume and price as the one that was sent. */
function isLike(details: unknown, params: SentCall["params"] | undefined): boolean {
  if (!params) return true;
  const description = property(details, "descr");
  const same = (seen: unknown, sent: unknown): boolean =>
    sent === undefined || (seen ?? undefined) === undefined || `${seen as string}`.toLowerCase() === `${sent as string}`.toLowerCase();
  const sameNumber = (seen: unknown, sent: unknown): boolean => sent === undefined || seen === undefined || Number(seen) === Number(sent);
  return (
    same(property(description, "type"), params.type) &&
    same(property(description, "ordertype"), params.ordertype) &&
    (isComputed(params) || sameNumber(property(details, "vol"), params.volume)) &&
    // A price may be relative, such as `+5%`.
    (!isNumber(params.price) || params.ordertype === "market" || sameNumber(property(description, "price"), params.price)) &&
    (!isNumber(params.price2) || sameNumber(property(description, "price2"), params.price2))
  );
}

/** Whether Kraken computes the volume of an order: from one in the quote currency, or from a position, for 0. */
const isComputed = ({ oflags, volume }: SentCall["params"]): boolean => /viqc/i.test(`${oflags as string}`) || Number(volume) === 0;

/** Whether an order was sent as such: `refid` is `null`, or `None` as documented. Kraken makes a conditional close itself, with the same `userref`. */
const isDirect = ({ details }: FoundOrder): boolean => /^(|none)$/i.test(`${(property(details, "refid") ?? "") as string}`);

/** Leaves out the orders that Kraken made itself, unless there are only those. */
function directIfAny(orders: readonly FoundOrder[]): readonly FoundOrder[] {
  const direct = orders.filter(isDirect);
  return direct.length ? direct : orders;
}

/** Whether an order may be the one that was sent with these parameters; `otherwise` if it shows no pair, and nothing else is against it. */
export const isSent = (order: FoundOrder, params: SentCall["params"] | undefined, otherwise = false): boolean =>
  !params || (isDirect(order) && isLike(order.details, params) && isSamePair(order.details, params, otherwise));

const isNumber = (value: unknown): boolean => /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(`${value as string}`);

/** Whether an order has the same pair as the one that was sent, in any spelling: XBTUSD, XBT/USD, BTC/USD, XXBTZUSD. `otherwise` if none is shown. */
function isSamePair(details: unknown, { pair, symbol = pair }: SentCall["params"], otherwise = false): boolean {
  const shown = property(property(details, "descr"), "pair");
  const plain = (name: unknown): string =>
    `${name as string}`
      .toUpperCase()
      .replace("/", "")
      .replace(/^[XZ]([A-Z]{3})[XZ]([A-Z]{3})$/, "$1$2")
      .replace(/Z(USD|EUR|GBP|CAD|JPY|AUD)$/, "$1")
      // Both assets may have it in their names: WBTC/BTC.
      .replaceAll("BTC", "XBT")
      .replace("DOGE", "XDG");
  return symbol === undefined || (isText(shown) ? plain(shown) === plain(symbol) : otherwise);
}

/** Returns the time at which a Spot order was opened, in milliseconds since 1970; `NaN` if it is not known, also if it is `null`. Kraken sends seconds. */
const openedAt = ({ details }: FoundOrder): number => parseFloat(`${property(details, "opentm") as string}`) * 1000;

/**
 * Sorts orders by the time at which they were opened: certainly since the order was sent, or so shortly before that the clocks may differ. The rest is
 * older, and left out.
 */
function byAge(
  orders: readonly FoundOrder[],
  { latest, earliest }: TimeOfSending,
  timeOf = openedAt,
): { readonly since: readonly FoundOrder[]; readonly uncertain: readonly FoundOrder[] } {
  const since = orders.filter((order) => timeOf(order) >= latest);
  return { since, uncertain: orders.filter((order) => !since.includes(order) && !(timeOf(order) < earliest - MARGIN)) };
}

/** Excludes orders that another call is known to have placed, however similar they are. */
const notClaimed =
  (sent: SentCall | undefined) =>
  ({ orderId }: FoundOrder): boolean =>
    !sent || isAnothers(orderId, sent) !== true;

/**
 * Returns whether another call may have placed an order: its outcome is unknown, it asked for a similar one by the same name, and was sent before this one
 * was opened; or an order with the same id was claimed for it, perhaps at another exchange; or this process no longer remembers all calls.
 */
function mayBeAnothers(order: FoundOrder, sent: SentCall, name: OrderName, { earliest }: TimeOfSending, timeOf = openedAt): boolean {
  if (isAnothers(order.orderId, sent) !== false || !isAllRemembered(sent)) return true;
  return rivalsOf(sent, name).some((rival) => {
    const earliestOfRival = earliest + sentAfter(sent, rival.call) - MARGIN;
    return !(timeOf(order) < earliestOfRival) && isLike(order.details, rival.order);
  });
}

/** Finds an order by its `userref`. Other orders may have the same one, so this works only if the process remembers the time of sending and the parameters. */
async function byReference(client: SpotCaller, userref: string | number, sent: SentCall | undefined, ask: LookOptions): Promise<Found> {
  const time = sent ? await spotTimeOfSending(client, sent, ask) : { latest: 0, earliest: 0 };
  // As a number, because `0007` is the same one as 7. (Adding 0 turns -0 into 0.) Kraken may read other text, such as `0x10`, in a way of its own.
  const filter = { userref: /^-?\d{1,15}$/.test(`${userref}`) ? Number(userref) + 0 : userref };
  const orders = await spotOrdersBy(client, filter, sent && time.earliest - MARGIN, ask);
  const own = orders.filter(({ details }) => isSameReference(property(details, "userref"), userref));
  // Kraken ignored the filter, or reads the number in another way.
  if (orders.length > own.length) throw inconclusive("Kraken listed orders with another userref");
  const { since, uncertain } = byAge(directIfAny(own.filter(notClaimed(sent))), time);
  const [one] = since;
  const isOnly = since.length === 1 && !uncertain.length;
  const isIt = sent && one && isOnly && isSent(one, sent.params);
  return isIt && !mayBeAnothers(one, sent, { userref }, time)
    ? { found: [one], similar: [] }
    : { found: [], similar: [...since, ...uncertain] };
}

/** Returns Kraken's time in milliseconds since 1970, rounded down to a second. */
export async function spotTime(client: SpotCaller, ask: LookOptions): Promise<number | undefined> {
  const time = property(await client.call("Time", {}, { signal: ask.signal, timeout: ask.timeout }), "unixtime");
  return typeof time === "number" ? time * 1000 : undefined;
}

/** Returns Kraken's time, because this machine's clock may be wrong. */
async function knownTime(client: SpotCaller, ask: LookOptions): Promise<number> {
  const time = await spotTime(client, ask);
  if (time === undefined) throw inconclusive("Kraken did not send its time");
  return time;
}

/** Returns the time at which a Spot call was sent. */
async function spotTimeOfSending(client: SpotCaller, sent: SentCall, ask: LookOptions): Promise<TimeOfSending> {
  const timeOfSending = beforeAsking(sent);
  return timeOfSending(await knownTime(client, ask));
}

/** The time at which a call was sent, by the exchange's clock, in milliseconds since 1970. It is not known exactly if this machine's clocks disagree. */
export interface TimeOfSending {
  /** No order of the call was opened before this time. */
  readonly earliest: number;
  /** An order that was opened from this time on was opened after the call was sent. */
  readonly latest: number;
}

/**
 * Returns a function that computes from the exchange's time when a call was sent. Call this one before the exchange is asked for its time, and the function
 * at once when the answer is there. A slow answer makes the call seem to be sent earlier by as much, so that orders that are older would count as newer. A
 * second of it is tolerated.
 *
 * If the machine was suspended, both of its clocks may have stood still, so that the call seems to have been sent later than it was. The wall clock's
 * reading at that moment does not depend on what happened since. What earlier calls have shown of that clock is taken into account.
 */
export function beforeAsking(sent: SentCall): (time: number) => TimeOfSending {
  const before = elapsedSince(sent).shortest;
  const sentAt = sent.sentAt + (sent.clockBehind ?? 0);
  return (time) => {
    const { shortest, longest } = elapsedSince(sent);
    return { earliest: Math.min(time - longest, sentAt), latest: Math.max(time - shortest - ROUNDING, time - before - 1000) };
  };
}

/** Returns how long ago a call was sent: the wall clock can be set, and the monotonic clock may stand still while the machine sleeps. */
function elapsedSince({ sentAt, sentUptime }: SentCall): { readonly shortest: number; readonly longest: number } {
  const both = [Date.now() - sentAt, performance.now() - sentUptime].map((elapsed) => Math.max(elapsed, 0));
  return { shortest: Math.min(...both), longest: Math.max(...both) };
}

/**
 * Returns how long after a call another one was sent at least, in milliseconds; a negative number means before. The wall clock may have been set between
 * the two, and the monotonic clock may have stood still.
 */
const sentAfter = (call: SentCall, other: SentCall): number => Math.min(other.sentAt - call.sentAt, other.sentUptime - call.sentUptime);

/**
 * Searches the open and the closed Spot orders by client order id, otherwise by `userref`, otherwise by pair, side, type and time. Returns `undefined`
 * if none of these is known.
 */
export async function findSpotOrders(
  client: SpotCaller,
  error: UnknownOutcomeError,
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<SearchResult | undefined> {
  const ids = [error.clientOrderId, ...(error.clientOrderIds ?? [])].filter(isText);
  const expected = Math.max(error.orderCount ?? 1, ids.length, 1);
  if (ids.length === expected)
    return { ...(await byClientOrderIds(client, ids, error, sent, ask)), expected, isUnique: ids.every(isRandomId) };
  // Kraken does not tell 0 from no `userref`.
  if (!ids.length && error.userref !== undefined && !isSameReference(error.userref, undefined) && expected === 1)
    return { ...(await byReference(client, error.userref, sent, ask)), expected, isUnique: false };
  // The orders of a batch that have no client order id cannot be told from others.
  if (!sent) return undefined;
  const time = await spotTimeOfSending(client, sent, ask);
  // One list for both, because each call counts on the rate limit.
  const orders = await spotOrdersBy(client, {}, time.earliest - MARGIN, ask);
  const named = await byClientOrderIds(client, ids, error, sent, ask, { open: orders, closed: [] });
  const similar = [...named.similar, ...likeSent(orders, sent, time, false)];
  return { found: named.found, similar, expected, isUnique: false };
}
