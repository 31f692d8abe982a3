import { isText, property } from "../rest/endpoint.js";
import { type SentCall, isAnothers, rivalsOf } from "../rest/sent-order.js";
import type { UnknownOutcomeError } from "../errors.js";
import { type Caller, type FuturesCaller, type SpotCaller, isSpot } from "../rest/callers.js";

/** An order as it was seen at the exchange. */
export interface FoundOrder {
  /** Kraken's id: the `txid` (Spot) or `order_id` (Futures). */
  readonly orderId: string;
  /** The `cl_ord_id` (Spot) or `cliOrdId` (Futures), if it has one. */
  readonly clientOrderId?: string;
  /** The order's details, as Kraken sent them. */
  readonly details: unknown;
}

/** The result of a search through the orders of an account. */
export interface SearchResult {
  /** The orders that were sent. */
  readonly found: readonly FoundOrder[];
  /** Orders that may or may not be the one that was sent, because only their details and times agree. */
  readonly similar: readonly FoundOrder[];
  /** The number of orders that were sent. */
  readonly expected: number;
}

/** Options of a search: the key that sent the order, and the time that is left in milliseconds. */
export type LookOptions = { readonly key?: string; readonly signal: AbortSignal; readonly timeout: number };

/**
 * Milliseconds by which an order may seem to have been opened before it was sent, because the exchange has several clocks. An order from that time may
 * be the one that was sent, or an older one.
 */
const MARGIN = 2000;

/** A random UUID. */
const RANDOM_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const objects = (value: unknown): [string, unknown][] => (typeof value === "object" && value !== null ? Object.entries(value) : []);

/** Returns a list in an answer. An answer without the list is an error, not an empty list: it may come from a gateway or an overloaded server. */
function listed(answer: unknown, name: string): object {
  const value = property(answer, name);
  if (typeof value === "object" && value !== null) return value;
  throw new Error(`an answer without \`${name}\``);
}

const spotOrders = (answer: unknown, group: "open" | "closed"): FoundOrder[] =>
  objects(listed(answer, group)).map(([orderId, details]) => {
    const id = property(details, "cl_ord_id");
    return { orderId, ...(isText(id) && { clientOrderId: id }), details };
  });

/** Lists open orders first, then closed ones, so that an order that is filled in between is not missed. */
async function spotOrdersBy(
  client: SpotCaller,
  filter: Record<string, string | number>,
  start: number | undefined,
  ask: LookOptions,
): Promise<FoundOrder[]> {
  const open = spotOrders(await client.call("OpenOrders", filter, ask), "open");
  const from = start === undefined ? {} : { start: Math.max(Math.floor(start / 1000), 0) };
  const answer = await client.call("ClosedOrders", { ...filter, ...from }, ask);
  const closed = spotOrders(answer, "closed");
  // Kraken shows fifty orders at a time. An order that is not on the first page may still exist.
  if (Number(property(answer, "count")) > closed.length) throw new Error("not all closed orders came back");
  return [...open, ...closed];
}

/**
 * Finds orders by their client order ids. Such an id is unique only among open orders; a closed order may have had the same id. If the time of sending
 * is known, older orders do not count. If it is not known, only a random id identifies an order.
 */
async function byClientOrderIds(
  client: SpotCaller,
  ids: readonly string[],
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<SearchResult> {
  const found: FoundOrder[] = [];
  const similar: FoundOrder[] = [];
  for (const id of ids) {
    const orders = await spotOrdersBy(client, { cl_ord_id: id }, undefined, ask);
    const own = orders.filter(({ clientOrderId }) => clientOrderId === id);
    // Kraken ignored the filter, so the order may be on another page.
    if (orders.length > own.length) throw new Error("orders with other ids came back");
    if (!own.length) continue;
    const earliest = sent ? await earliestOpening(client, sent, ask) : 0;
    const { since, uncertain } = byAge(own, earliest);
    const isRandom = RANDOM_ID.test(id);
    const [one] = isRandom ? [...since, ...uncertain] : since;
    const isIt = one && (sent || isRandom) && isLike(one.details, ids.length === 1 ? sent?.params : undefined);
    if (isIt) found.push(one);
    else similar.push(...[...since, ...uncertain].slice(0, 1));
  }
  return { found, similar, expected: ids.length };
}

/** Whether an order has the same side, type, volume and price as the one that was sent. */
function isLike(details: unknown, params: SentCall["params"] | undefined): boolean {
  if (!params) return true;
  const description = property(details, "descr");
  const same = (seen: unknown, sent: unknown): boolean =>
    sent === undefined || seen === undefined || `${seen as string}` === `${sent as string}`;
  const sameNumber = (seen: unknown, sent: unknown): boolean => sent === undefined || seen === undefined || Number(seen) === Number(sent);
  return (
    same(property(description, "type"), params.type) &&
    same(property(description, "ordertype"), params.ordertype) &&
    sameNumber(property(details, "vol"), params.volume) &&
    // A price may be relative, such as `+5%`.
    (!isNumber(params.price) || params.ordertype === "market" || sameNumber(property(description, "price"), params.price))
  );
}

const isNumber = (value: unknown): boolean => typeof value === "number" || (typeof value === "string" && /^\d+(\.\d+)?$/.test(value));

/** Whether an order has the same pair as the one that was sent, in any spelling: XBTUSD, XBT/USD, BTC/USD, XXBTZUSD. */
function isSamePair(details: unknown, { pair, symbol = pair }: SentCall["params"]): boolean {
  if (symbol === undefined) return true;
  const plain = (name: unknown): string =>
    `${name as string}`
      .toUpperCase()
      .replace("/", "")
      .replace(/^X([A-Z]{3})Z([A-Z]{3})$/, "$1$2")
      .replace("BTC", "XBT");
  return plain(property(property(details, "descr"), "pair")) === plain(symbol);
}

/** Returns the time at which a Spot order was opened, in milliseconds since 1970. Kraken sends seconds. */
const openedAt = ({ details }: FoundOrder): number => Number(property(details, "opentm")) * 1000;

/** Sorts orders by the time at which they were opened: since the order was sent, or so shortly before that the clocks may differ. */
function byAge(
  orders: readonly FoundOrder[],
  earliest: number,
  timeOf = openedAt,
): { readonly since: readonly FoundOrder[]; readonly uncertain: readonly FoundOrder[] } {
  const since = orders.filter((order) => !(timeOf(order) < earliest));
  return { since, uncertain: orders.filter((order) => !since.includes(order) && !(timeOf(order) < earliest - MARGIN)) };
}

/** Excludes orders that another call is known to have placed, however similar they are. */
const notClaimed =
  (sent: SentCall | undefined) =>
  ({ orderId }: FoundOrder): boolean =>
    !isAnothers(orderId, sent);

/**
 * Returns whether another call with an unknown outcome may have placed an order: it asked for a similar one, and was sent before this one was opened.
 *
 * @param earliest - the time before which the order of this call cannot have been opened
 */
function mayBeAnothers(order: FoundOrder, sent: SentCall, userref: string | number, earliest: number): boolean {
  return rivalsOf(sent, userref).some((rival) => {
    const earliestOfRival = earliest + sentAfter(sent, rival.call) - MARGIN;
    return !(openedAt(order) < earliestOfRival) && isLike(order.details, rival.order);
  });
}

/** Finds an order by its `userref`. Other orders may have the same one, so this works only if the process remembers the time of sending and the parameters. */
async function byReference(
  client: SpotCaller,
  userref: string | number,
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<SearchResult> {
  const earliest = sent ? await earliestOpening(client, sent, ask) : 0;
  const orders = await spotOrdersBy(client, { userref }, sent && earliest - MARGIN, ask);
  const own = orders.filter(({ details }) => `${property(details, "userref") as string}` === `${userref}`).filter(notClaimed(sent));
  const { since, uncertain } = byAge(own, earliest);
  const [one] = since;
  const isOnly = since.length === 1 && !uncertain.length;
  const isIt = sent && one && isOnly && isLike(one.details, sent.params) && isSamePair(one.details, sent.params);
  return isIt && !mayBeAnothers(one, sent, userref, earliest)
    ? { found: [one], similar: [], expected: 1 }
    : { found: [], similar: [...since, ...uncertain], expected: 1 };
}

/** Finds orders that are like the one that was sent. They may be others. */
async function byDetails(client: SpotCaller, sent: SentCall, ask: LookOptions): Promise<SearchResult> {
  const earliest = await earliestOpening(client, sent, ask);
  const orders = await spotOrdersBy(client, {}, earliest - MARGIN, ask);
  const { since, uncertain } = byAge(orders.filter(notClaimed(sent)), earliest);
  return { found: [], similar: [...since, ...uncertain].filter(({ details }) => isLike(details, sent.params)), expected: 1 };
}

/** Returns Kraken's time in milliseconds since 1970, rounded down to a second. */
export async function spotTime(client: SpotCaller, ask: LookOptions): Promise<number | undefined> {
  const time = property(await client.call("Time", {}, { signal: ask.signal, timeout: ask.timeout }), "unixtime");
  return typeof time === "number" ? time * 1000 : undefined;
}

/**
 * Returns the earliest time at which an order can have been opened, by Kraken's clock, because this machine's clock may be wrong. The time since sending
 * is the longer of what two clocks show: the wall clock can be set, and the monotonic clock may stand still while the machine sleeps.
 */
async function earliestOpening(client: SpotCaller, sent: SentCall, ask: LookOptions): Promise<number> {
  const time = await spotTime(client, ask);
  if (time === undefined) throw new Error("Kraken's time is not known");
  return time - elapsedSince(sent);
}

/**
 * Returns how long after a call another one was sent at least, in milliseconds; a negative number means before. The wall clock may have been set between
 * the two, and the monotonic clock may have stood still.
 */
const sentAfter = (call: SentCall, other: SentCall): number => Math.min(other.sentAt - call.sentAt, other.sentUptime - call.sentUptime);

/** Returns how long ago a call was sent at most, in milliseconds. */
const elapsedSince = ({ sentAt, sentUptime }: SentCall): number => Math.max(Date.now() - sentAt, performance.now() - sentUptime, 0);

/**
 * Searches the open and the closed Spot orders by client order id, otherwise by `userref`, otherwise by side, type, volume and time. Returns `undefined`
 * if none of these is known.
 */
export async function findSpotOrders(
  client: SpotCaller,
  error: UnknownOutcomeError,
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<SearchResult | undefined> {
  const ids = [error.clientOrderId, ...(error.clientOrderIds ?? [])].filter(isText);
  if (ids.length) return byClientOrderIds(client, ids, sent, ask);
  if (error.userref !== undefined) return byReference(client, error.userref, sent, ask);
  return sent && byDetails(client, sent, ask);
}

/** Returns the open order with a client order id. */
export async function openOrderWith(client: Caller, id: string, ask: LookOptions): Promise<FoundOrder | undefined> {
  const orders = isSpot(client)
    ? spotOrders(await client.call("OpenOrders", { cl_ord_id: id }, ask), "open")
    : list(await client.get("openorders", {}, ask), "openOrders").flatMap((order) => futuresOrder(order) ?? []);
  return orders.find(({ clientOrderId }) => clientOrderId === id);
}

/** The result of a search through the orders of a Futures account, and the exchange's time. */
export interface FuturesSearchResult {
  readonly result: SearchResult;
  readonly time: number | undefined;
}

const list = (answer: unknown, name: string): unknown[] => Object.values(listed(answer, name));

/** Returns the orders in the events of the order history, except rejected ones: `{ event: { OrderPlaced: { order } } }`. */
const placedEvents = (history: unknown): unknown[] =>
  list(history, "elements").flatMap((element) =>
    objects(property(element, "event")).flatMap(([name, event]) =>
      /Reject|NotFound/.test(name) ? [] : [property(event, "order") ?? event],
    ),
  );

function futuresOrder(order: unknown): FoundOrder | undefined {
  const [orderId, id] = [
    ["order_id", "orderId", "uid"].map((name) => property(order, name)).find(isText),
    ["cliOrdId", "clientId", "cli_ord_id"].map((name) => property(order, name)).find(isText),
  ];
  return orderId === undefined ? undefined : { orderId, ...(id !== undefined && { clientOrderId: id }), details: order };
}

/** Returns the time at which a Futures order was received, filled or changed, in milliseconds since 1970; NaN if it has none. */
function futuresTimeOf({ details }: FoundOrder): number {
  const times = ["receivedTime", "fillTime", "lastUpdateTime", "lastUpdateTimestamp", "timestamp"].map((name) => property(details, name));
  const [time] = times.filter((one) => typeof one === "number" || isText(one));
  return typeof time === "number" ? time : Date.parse(`${time}`);
}

/** Searches for Futures orders by their client order ids: in the open orders, the recent ones, the fills and the history. */
export async function findFuturesOrders(
  client: FuturesCaller,
  ids: readonly string[],
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<FuturesSearchResult> {
  const open = await client.get("openorders", {}, ask);
  const elapsed = sent && elapsedSince(sent);
  const status = await client.post("orders/status", { cliOrdIds: [...ids] }, ask);
  const fills = await client.get("fills", {}, ask);
  const history = await client.get("/api/history/v2/orders", {}, ask);
  const statuses = list(status, "orders").map((row) => property(row, "order"));
  const orders = [...list(open, "openOrders"), ...statuses, ...list(fills, "fills"), ...placedEvents(history)].flatMap(
    (order) => futuresOrder(order) ?? [],
  );
  const time = Date.parse(`${property(open, "serverTime") as string}`);
  const earliest = elapsed === undefined || Number.isNaN(time) ? 0 : time - elapsed;
  const found: FoundOrder[] = [];
  const similar: FoundOrder[] = [];
  for (const id of ids) {
    const own = orders.filter(({ clientOrderId }) => clientOrderId === id);
    const { since, uncertain } = byAge(own, earliest, futuresTimeOf);
    const isCertain = RANDOM_ID.test(id) || (since.length > 0 && sent !== undefined);
    (isCertain ? found : similar).push(...[...since, ...uncertain].slice(0, 1));
  }
  const result = { found, similar, expected: ids.length };
  return { result, time: Number.isNaN(time) ? undefined : time };
}
