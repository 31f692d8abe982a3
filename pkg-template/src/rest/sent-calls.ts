/**
 * The calls of this process that may have placed orders, and the orders that are known to belong to one of them. `resolveOrder` looks here, so that it
 * does not take the order of one call for that of another one, if the two can be told apart by a `userref` or by a client order id that is not random only.
 */
import { isRandomId } from "../signing/client-order-id.js";
import { type Structure, isSet, isText, property } from "./endpoint.js";
import { ACHIEVED, batchRows, statusRow } from "./futures/endpoints/common.js";
import type { Fetch } from "./http/fetch.js";
import { keepsToLength } from "./http/own-fetch.js";
import { idOf, isSameReference, listOf, placesOrder } from "./sent-order.js";

/** An exchange, as far as it can be told apart from others by the transport that leads there. */
export interface Destination {
  /** Whether no other transport leads there, as to a simulated exchange. */
  readonly isSeparate: boolean;
}

/** The facts about a call of unknown outcome that are remembered in addition to its error. */
export interface SentCall {
  /** The API key that signed it; `undefined` over a socket, or if a Durable Object signed it. */
  readonly key: string | undefined;
  readonly endpoint: string;
  readonly params: Structure;
  /** Where it was sent; `undefined` if that is not known, as of a Durable Object. */
  readonly destination: Destination | undefined;
  /** The time of sending, in milliseconds since 1970 by this machine's clock. */
  readonly sentAt: number;
  /** The time of sending by the monotonic clock, `performance.now()`, which cannot be set. */
  readonly sentUptime: number;
  /** The milliseconds by which this machine's clock was at least behind that of the exchange then; `undefined` or 0 if that is not known. */
  readonly clockBehind?: number | undefined;
}

/** A note that an order belongs to one call. */
interface Claim {
  readonly orderId: string;
  readonly destination: Destination | undefined;
  /** The call of unknown outcome that was found to have placed the order; none if an answer proved to which call it belongs. */
  readonly owner: SentCall | undefined;
  /** The time at which it was made, by the monotonic clock. */
  readonly uptime: number;
}

/** The state that all copies of this package in a process share (ESM, CommonJS). */
interface Registry {
  /** The calls that errors are about. They are no properties of the errors, because printing those could show the API key. */
  readonly errors: WeakMap<Error, SentCall>;
  /** The destinations of clients. */
  readonly destinations: WeakMap<object, Destination>;
  /** The destinations behind a transport or a simulated exchange, by base URL. */
  readonly behind: WeakMap<object, Map<string, Destination>>;
  /** Stands for every `fetch` of the runtime or of this package: the network. */
  readonly network: object;
  /** The calls that were sent and whose outcome is not known yet, the oldest first. */
  readonly open: Set<SentCall>;
  /** The oldest first. */
  readonly claims: Set<Claim>;
  /** The time by the monotonic clock up to which calls or claims are missing. */
  droppedUntil: number;
}

const REGISTRY = Symbol.for("kraken-signer.sent-calls/1");

/** The most calls, and the most claims, that are remembered. */
const MOST = 10_000;

function registry(): Registry {
  const scope = globalThis as { [REGISTRY]?: Registry };
  if (!scope[REGISTRY])
    Object.defineProperty(scope, REGISTRY, {
      value: {
        errors: new WeakMap(),
        destinations: new WeakMap(),
        behind: new WeakMap(),
        network: {},
        open: new Set(),
        claims: new Set(),
        droppedUntil: -Infinity,
      } satisfies Registry,
    });
  return scope[REGISTRY]!;
}

/**
 * The property of a `fetch` to a simulated exchange: an object that stands for the exchange. As an option of a client, it keeps the client's calls apart
 * from all others of the process.
 */
export const SEPARATE = Symbol.for("kraken-signer.separate/1");

/**
 * Returns where the calls of a client go, from its options, its `fetch` and its base URL. Two base URLs may lead to the same exchange, or to two
 * simulated ones with the same order ids.
 *
 * @param transport - the `fetch`; `undefined` stands for that of the runtime
 */
export function destinationOf(options: object, transport: Fetch | undefined, baseUrl: string): Destination {
  const { behind, network } = registry();
  const [exchange] = [options, transport ?? {}].map((one) => (one as { readonly [SEPARATE]?: object })[SEPARATE]).filter(Boolean);
  const key = exchange ?? (transport && transport !== globalThis.fetch && !keepsToLength(transport) ? transport : network);
  const known = behind.get(key) ?? new Map<string, Destination>();
  behind.set(key, known);
  // A simulated exchange is the same one behind any URL.
  const place = exchange ? "" : baseUrl;
  const destination = known.get(place) ?? { isSeparate: exchange !== undefined };
  known.set(place, destination);
  return destination;
}

/** Remembers where the calls of a client go, for sockets that get their tokens from it. */
export const rememberDestination = (client: object, destination: Destination | undefined): void =>
  void (destination && registry().destinations.set(client, destination));

/** Returns where the calls of a client go, if that is known. */
export const destinationBehind = (client: object): Destination | undefined => registry().destinations.get(client);

/** Whether two destinations are one exchange; `undefined` if that is not known. */
function isSame(one: Destination | undefined, other: Destination | undefined): boolean | undefined {
  if (one && one === other) return true;
  return one?.isSeparate || other?.isSeparate ? false : undefined;
}

/** Drops the oldest of too many. `until` returns the time up to which one of them matters. */
function limit<T>(list: Set<T>, until: (one: T) => number): void {
  for (const one of list) {
    if (list.size <= MOST) return;
    list.delete(one);
    registry().droppedUntil = Math.max(registry().droppedUntil, until(one));
  }
}

/** Whether all that matters to a search for the orders of a call is still remembered. */
export const isAllRemembered = ({ sentUptime }: SentCall): boolean => registry().droppedUntil < sentUptime;

/** Remembers the call that an error is about, where neither printing nor JSON shows it. */
export function rememberSent(error: Error, sent: SentCall): void {
  registry().errors.set(error, sent);
  beginCall(sent);
}

/** Returns the call that an error is about; `undefined` if the error comes from another process. */
export const sentOf = (error: Error): SentCall | undefined => registry().errors.get(error);

/** Whether another order may have the same name as this one: a `userref`, or a client order id that is not random. */
function isShared(order: unknown): order is Structure {
  if (property(order, "userref") !== undefined) return true;
  return placesOrder(order) && idOf(order) !== undefined && !isRandomId(idOf(order)!);
}

/** Returns the orders in a call whose names other orders may have. */
const referenced = ({ params }: SentCall): Structure[] => [params, ...(batchRows(params) ?? listOf(params.orders))].filter(isShared);

/** Remembers a call that was sent. Until its outcome is known, it may have placed an order that another call looks for. */
export function beginCall(sent: SentCall): void {
  // A call whose outcome is not known may place its order at any time, unless it only validates the order.
  if (!isSet(sent.params.validate) && referenced(sent).length) limit(registry().open.add(sent), () => performance.now());
}

/** Forgets a call, because its outcome is known. */
export function endCall(sent: SentCall | undefined): void {
  if (sent) registry().open.delete(sent);
}

/** The name by which an order is looked for. */
export type OrderName = { readonly userref: string | number } | { readonly id: string };

const hasName = (order: Structure, name: OrderName): boolean =>
  "id" in name ? idOf(order) === name.id : order.userref !== undefined && isSameReference(order.userref, name.userref);

/** Returns the other calls with an unknown outcome, and each of their orders that has the same name. */
export function rivalsOf(sent: SentCall, name: OrderName): { readonly call: SentCall; readonly order: Structure }[] {
  const others = [...registry().open].filter((call) => call !== sent && isSame(call.destination, sent.destination) !== false);
  return others.flatMap((call) =>
    referenced(call)
      .filter((order) => hasName(order, name))
      .map((order) => ({ call, order })),
  );
}

/** Claims orders for one call, so that a search does not take them for another call's. */
export function claimOrders(orderIds: readonly string[], destination: Destination | undefined, owner?: SentCall): void {
  const { claims } = registry();
  const uptime = performance.now();
  for (const orderId of orderIds) claims.add({ orderId, destination, owner, uptime });
  limit(claims, (claim) => claim.uptime);
}

/**
 * Whether an order was claimed for another call; `undefined` if one with the same id was, but perhaps at another exchange.
 */
export function isAnothers(orderId: string, sent: SentCall): boolean | undefined {
  const found = [...registry().claims]
    .filter((claim) => claim.orderId === orderId && claim.owner !== sent)
    .map(({ destination }) => isSame(destination, sent.destination));
  return found.includes(true) || (found.includes(undefined) ? undefined : false);
}

/**
 * Returns the ids of the orders that a result says were placed: `txid` (Spot) or `order_id` (Futures, sockets). A row of a Futures batch also names the
 * order that it changed or canceled, or that it was not allowed to repeat, which another call placed.
 */
export function placedIds(result: unknown, params: Structure): string[] {
  const instructions = batchRows(params) ?? [];
  const isPlaced = (row: unknown, place: number): boolean =>
    (property(instructions[place], "order") ?? "send") === "send" && statusRow(row, ACHIEVED.send) === "done";
  const placedRows = listOf(property(result, "batchStatus")).filter(isPlaced);
  const rows = [result, property(result, "sendStatus"), ...listOf(property(result, "orders")), ...placedRows, ...listOf(result)];
  return rows.flatMap((row) => [property(row, "txid"), property(row, "order_id")].flat()).filter(isText);
}
