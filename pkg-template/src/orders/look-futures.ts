import type { UnknownOutcomeError } from "../errors.js";
import type { FuturesCaller } from "../rest/callers.js";
import { type Structure, isText, property } from "../rest/endpoint.js";
import { pages } from "../rest/pages.js";
import type { SentCall } from "../rest/sent-calls.js";
import { idOf, ordersIn } from "../rest/sent-order.js";
import { isRandomId } from "../signing/client-order-id.js";
import {
  type Found,
  type FoundOrder,
  type LookOptions,
  MARGIN,
  type SearchResult,
  TIME_ZONE,
  type TimeOfSending,
  type Wanted,
  beforeAsking,
  identified,
  inconclusive,
  listed,
  objects,
} from "./look.js";

/** The result of a search through the orders of a Futures account, and the exchange's time. */
export interface FuturesSearchResult {
  readonly result: SearchResult | undefined;
  readonly time: number | undefined;
}

/** The maximum number of events of a history that are looked through. */
const MOST_EVENTS = 5000;

/** Milliseconds after its deadline until which an event of an order's placing may come. */
const PROCESSING = 60_000;

/** The types of orders that wait for a price. Until then, their events are in a history of their own. */
const WAITING = /^(stp|stop|take_profit|trailing_stop)$/i;

/** Returns the histories that may show orders with these parameters. */
const historiesOf = (orders: readonly (Structure | undefined)[]) =>
  orders.every((order) => isText(order?.orderType) && !WAITING.test(order.orderType))
    ? (["/api/history/v2/orders"] as const)
    : (["/api/history/v2/orders", "/api/history/v2/triggers"] as const);

/** The names under which the events of the histories contain an order. */
const IN_EVENT = ["order", "newOrder", "oldOrder", "newOrderTrigger", "oldOrderTrigger"];

const list = (answer: unknown, name: string): unknown[] => Object.values(listed(answer, name));

/** Returns an order as it was found; `undefined` if the row is none. */
export function futuresOrder(order: unknown): FoundOrder | undefined {
  const [orderId, id] = [
    ["order_id", "orderId", "uid"].map((name) => property(order, name)).find(isText),
    ["cliOrdId", "clientId", "cli_ord_id"].map((name) => property(order, name)).find(isText),
  ];
  return orderId === undefined ? undefined : { orderId, ...(id !== undefined && { clientOrderId: id }), details: order };
}

/** Returns the open orders in an answer. */
export const openFuturesOrders = (answer: unknown): FoundOrder[] =>
  list(answer, "openOrders").flatMap((order) => futuresOrder(order) ?? []);

/** Returns the orders in an answer of orders/status, except those that the exchange rejected: they were never placed. */
const ordersWithStatus = (answer: unknown): unknown[] =>
  list(answer, "orders").flatMap((row) => (property(row, "status") === "REJECTED" ? [] : [property(row, "order")]));

/** Returns the orders in an event of the histories: `{ event: { OrderPlaced: { order } } }`. An event of a rejection proves no order. */
const ordersInEvent = (element: unknown): unknown[] =>
  objects(property(element, "event")).flatMap(([name, event]) =>
    /Reject|NotFound/.test(name) ? [] : IN_EVENT.flatMap((one) => property(event, one) ?? []),
  );

/** Returns one of these times in milliseconds since 1970, as the exchange sends it: a number, or RFC 3339 with its time zone. */
function timeIn(details: unknown, names: readonly string[]): number | undefined {
  const [time] = names
    .map((name) => property(details, name))
    .filter((one): one is number | string => typeof one === "number" || isText(one));
  const milliseconds = typeof time === "number" ? time : TIME_ZONE.test(`${time}`) ? Date.parse(time!) : NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** The time at which an order was placed, and the first time at which it is known to have existed. A fill tells only the second. */
interface Times {
  readonly placed: number | undefined;
  readonly seen: number | undefined;
}

/** Returns the times of each order, from all rows about it. */
function timesOf(orders: readonly FoundOrder[]): ReadonlyMap<string, Times> {
  const times = new Map<string, Times>();
  const first = (one = Infinity, other = Infinity): number | undefined =>
    Math.min(one, other) === Infinity ? undefined : Math.min(one, other);
  for (const { orderId, details } of orders) {
    const before = times.get(orderId);
    const placed = first(before?.placed, timeIn(details, ["receivedTime", "timestamp"]));
    times.set(orderId, { placed, seen: first(before?.seen, timeIn(details, ["fillTime", "lastUpdateTime", "lastUpdateTimestamp"])) });
  }
  return times;
}

/** Returns how far an order of this type has come: it waits for a price, rests in the book, or is executed at once. */
const stageOf = (type: unknown): number =>
  WAITING.test(`${type as string}`) ? 0 : /^(lmt|limit|post)$/i.test(`${type as string}`) ? 1 : 2;

/**
 * Whether an order has the same contract, side, size and price as the one that was sent, as far as its details show them. A stop may rest or be
 * executed later, under another type, but what was to be executed at once never rests.
 */
export function isLikeFutures(details: unknown, params: Structure | undefined): boolean {
  if (!params) return true;
  const seen = (...names: string[]): unknown =>
    names.map((name) => property(details, name)).find((one) => one !== undefined && one !== null);
  const same = (one: unknown, other: unknown): boolean =>
    one === undefined || other === undefined || `${one as string}`.toLowerCase() === `${other as string}`.toLowerCase();
  const sameNumber = (one: unknown, other: unknown): boolean => one === undefined || other === undefined || Number(one) === Number(other);
  const [open, filled] = [seen("unfilledSize"), seen("filledSize")];
  // The sum of 0.1 and 0.2 is 0.30000000000000004.
  const size = open === undefined || filled === undefined ? seen("quantity") : (Number(open) + Number(filled)).toPrecision(15);
  return (
    same(seen("symbol", "tradeable"), params.symbol) &&
    same(seen("side", "direction"), params.side) &&
    (!isText(seen("orderType")) || params.orderType === undefined || stageOf(seen("orderType")) >= stageOf(params.orderType)) &&
    sameNumber(size, params.size) &&
    sameNumber(seen("limitPrice"), params.limitPrice) &&
    sameNumber(seen("stopPrice"), params.stopPrice)
  );
}

/** The orders in histories. */
interface History {
  readonly orders: readonly unknown[];
  /** Those of them that show an order as it was placed, and not as it is. */
  readonly placed: ReadonlySet<unknown>;
  /** Whether all events were looked through. */
  readonly isComplete: boolean;
}

/** Returns the orders in histories of a period. */
async function ordersInHistories(
  client: FuturesCaller,
  histories: ReturnType<typeof historiesOf>,
  period: Readonly<Record<string, number>>,
  ask: LookOptions,
): Promise<History> {
  const orders: unknown[] = [];
  const placed = new Set<unknown>();
  let left = MOST_EVENTS;
  for (const history of histories) {
    for await (const element of pages(client, history, period, ask)) {
      const found = ordersInEvent(element);
      orders.push(...found);
      if (objects(property(element, "event")).some(([name]) => name.endsWith("Placed"))) found.forEach((order) => placed.add(order));
      if (--left <= 0) return { orders, placed, isComplete: false };
    }
  }
  return { orders, placed, isComplete: true };
}

/**
 * Returns the period in which a call can have placed orders: from its sending on, as far as that is known, until a minute after its deadline. The exchange
 * has accepted nothing later by its own clock. The deadline has to be past by this machine's clock, too: that of an earlier run is only assumed, and was
 * counted from what this clock said.
 */
function periodOf({ deadline = "" }: UnknownOutcomeError, time: TimeOfSending | undefined, now = 0): Readonly<Record<string, number>> {
  const before = TIME_ZONE.test(deadline) ? Math.ceil(Date.parse(deadline)) + PROCESSING : NaN;
  return { ...(time && { since: Math.max(Math.floor(time.earliest - MARGIN), 0) }), ...(before < Math.min(now, Date.now()) && { before }) };
}

/** The orders that are looked for. */
interface Asked {
  readonly ids: readonly string[];
  /** The parameters of an order; `undefined` if they are not known. */
  paramsOf(id: string): Structure | undefined;
}

/** Returns the orders that a call was to place, if all of them have a client order id. Other ids in a batch are those of orders to change or cancel. */
function askedIn(error: UnknownOutcomeError, sent: SentCall | undefined): Asked | undefined {
  const expected = Math.max(error.orderCount ?? 1, 1);
  const orders = sent ? ordersIn(sent.params) : [];
  const known = [error.clientOrderId, ...(error.clientOrderIds ?? [])].filter(isText);
  const ids = sent ? orders.map(idOf).filter((id) => id !== undefined) : known;
  return ids.length === expected ? { ids, paramsOf: (id) => orders.find((order) => idOf(order) === id) } : undefined;
}

/**
 * Decides which of these orders are those that were asked for.
 *
 * @param placed - the details that show an order as it was placed
 */
function tellApart(orders: readonly FoundOrder[], asked: Asked, call: Omit<Wanted, "id">, placed: ReadonlySet<unknown> = new Set()): Found {
  const times = timesOf(orders);
  // If only a later moment is known, the order may be older than the call.
  const timeOf = ({ orderId }: FoundOrder): number => {
    const { placed: since, seen = Infinity } = times.get(orderId)!;
    return since ?? Math.min(seen, (call.time?.latest ?? 0) - 1);
  };
  const each = [...new Set(asked.ids)].map((id) => {
    // Case does not make two random ids of one, but another name may differ from this one only in it.
    const named = orders.filter(({ clientOrderId }) => clientOrderId?.toLowerCase() === id.toLowerCase());
    const own = [...new Map(named.reverse().map((order) => [order.orderId, order])).values()];
    const isAlike = ({ orderId }: FoundOrder): boolean => {
      const rows = named.filter((row) => row.orderId === orderId);
      // It may have been edited since. A fill shows less of it, so all rows have to agree.
      const asPlaced = rows.filter(({ details }) => placed.has(details));
      return (
        rows.every(({ clientOrderId }) => clientOrderId === id) &&
        (asPlaced.length ? asPlaced : rows).every(({ details }) => isLikeFutures(details, asked.paramsOf(id)))
      );
    };
    return identified(own, { id, ...call }, timeOf, (order) => isRandomId(id) || isAlike(order));
  });
  return { found: each.flatMap(({ found }) => found), similar: each.flatMap(({ similar }) => similar) };
}

/** Searches for Futures orders by their client order ids: in the open orders, the recent ones, the fills and the histories. */
export async function findFuturesOrders(
  client: FuturesCaller,
  error: UnknownOutcomeError,
  sent: SentCall | undefined,
  ask: LookOptions,
): Promise<FuturesSearchResult> {
  const asked = askedIn(error, sent);
  if (!asked) return { result: undefined, time: undefined };
  const isUnique = asked.ids.every(isRandomId);
  const timeOfSending = sent && beforeAsking(sent);
  const open = await client.get("openorders", {}, ask);
  // It is always text.
  const now = timeIn({ time: `${property(open, "serverTime") as string}` }, ["time"]);
  // A name that is not random may be that of an older order.
  if (sent && now === undefined && !isUnique) throw inconclusive("Kraken did not send its time");
  const time = now === undefined ? undefined : timeOfSending?.(now);
  const result = (it: Found): FuturesSearchResult => ({ result: { ...it, expected: asked.ids.length, isUnique }, time: now });
  const resting = openFuturesOrders(open);
  // An open order with a random id is certain. Another look could fail, and histories have a small budget of their own.
  const early = isUnique ? tellApart(resting, asked, { sent, time }) : undefined;
  if (early?.found.length === asked.ids.length) return result(early);
  const status = await client.post("orders/status", { cliOrdIds: [...asked.ids] }, ask);
  const fills = await client.get("fills", {}, ask);
  const histories = historiesOf(asked.ids.map((id) => asked.paramsOf(id)));
  const history = await ordersInHistories(client, histories, periodOf(error, time, now), ask);
  const rows = [...ordersWithStatus(status), ...list(fills, "fills"), ...history.orders];
  const all = tellApart([...resting, ...rows.flatMap((order) => futuresOrder(order) ?? [])], asked, { sent, time }, history.placed);
  if (all.found.length < asked.ids.length && !history.isComplete)
    throw inconclusive(`The account has more than ${MOST_EVENTS} events in its history since then`);
  return result(all);
}
