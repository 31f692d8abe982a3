import { clientOrderId, isRandomId } from "../signing/client-order-id.js";
import { batchRows } from "./futures/endpoints/common.js";
import type { Params, ReadParams } from "./request/encode.js";
import { type Endpoint, type Structure, isSet, isText, property } from "./endpoint.js";

/** The ids of the orders in a call, by which they can be found. */
export interface SentOrder {
  readonly clientOrderId?: unknown;
  readonly clientOrderIds?: readonly unknown[];
  /** The number of orders that a batch places. Not all of them may have an id. */
  readonly orderCount?: number | undefined;
  readonly userref?: unknown;
  /** Kraken's ids of the orders that the call changes or cancels. */
  readonly orderIds?: readonly unknown[];
  /** The time after which the exchange does not accept them, RFC 3339. */
  readonly deadline?: unknown;
}

/** The facts about a call of unknown outcome that are remembered in addition to its error. */
export interface SentCall {
  /** The API key that signed it; `undefined` if a Durable Object signed it. */
  readonly key: string | undefined;
  readonly endpoint: string;
  readonly params: Structure;
  /** The `fetch` that sent it; none over a socket. */
  readonly transport?: object;
  /** The time of sending, in milliseconds since 1970 by this machine's clock. */
  readonly sentAt: number;
  /** The time of sending by the monotonic clock, `performance.now()`, which cannot be set. */
  readonly sentUptime: number;
}

// Shared by the copies of this package (ESM, CommonJS). It is not a property of the error, because printing that could show the API key.
const REGISTRY = Symbol.for("kraken-signer.sent/1");

function registry(): WeakMap<Error, SentCall> {
  const scope = globalThis as { [REGISTRY]?: WeakMap<Error, SentCall> };
  if (!scope[REGISTRY]) Object.defineProperty(scope, REGISTRY, { value: new WeakMap<Error, SentCall>() });
  return scope[REGISTRY]!;
}

/** Remembers the call that an error is about, where neither printing nor JSON shows it. */
export function rememberSent(error: Error, sent: SentCall): void {
  registry().set(error, sent);
  beginCall(sent);
}

/** Returns the call that an error is about; `undefined` if the error comes from another process. */
export const sentOf = (error: Error): SentCall | undefined => registry().get(error);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Whether parameters, or a row of a batch, place an order. Those that change or cancel one name no type. */
const placesOrder = (order: unknown): order is Structure =>
  ["ordertype", "order_type", "orderType"].some((name) => property(order, name) !== undefined) &&
  (property(order, "order") ?? "send") === "send";

/** Returns the orders that a call places: its parameters, or the rows of a batch. */
export const ordersIn = (params: Structure): readonly Structure[] => {
  const rows = batchRows(params) ?? (Array.isArray(params.orders) ? listOf(params.orders) : undefined);
  return (rows ?? [params]).filter(placesOrder);
};

/** Returns the client order id of an order, if it has one that can be looked for. */
export const idOf = (order: Structure): string | undefined => [order.cl_ord_id, order.cliOrdId].find(isText);

const countOf = (params: Structure): number | undefined => {
  const orders = ordersIn(params);
  return orders[0] === params ? undefined : orders.length || undefined;
};

/** Returns the ids of the Spot orders in a call. */
export function spotOrder(params: Structure): SentOrder {
  const orders = listOf(params.orders);
  // CancelOrderBatch lists ids as text or as objects.
  const listed = orders.map((order) => (typeof order === "object" ? property(order, "txid") : order));
  return {
    clientOrderId: params.cl_ord_id,
    clientOrderIds: [...orders.map((order) => property(order, "cl_ord_id")), ...listOf(params.cl_ord_ids)],
    orderCount: countOf(params),
    userref: params.userref,
    orderIds: [params.txid, ...listed].flat(),
    deadline: params.deadline,
  };
}

/** Returns the ids of the Futures orders in a call. */
export function futuresOrder(params: Structure): SentOrder {
  const batch = batchRows(params) ?? [];
  return {
    clientOrderId: params.cliOrdId,
    clientOrderIds: batch.map((order) => property(order, "cliOrdId")),
    orderCount: countOf(params),
    orderIds: [params.order_id, params.orderId, ...batch.map((order) => property(order, "order_id"))],
    deadline: params.processBefore,
  };
}

/** Returns the ids of the orders in a method of the Spot WebSocket. */
export function socketOrder(params: Structure): SentOrder {
  const { cl_ord_id, order_id, order_userref, deadline } = params;
  const orders = listOf(params.orders);
  const references = [order_userref].flat();
  return {
    clientOrderId: cl_ord_id,
    clientOrderIds: [...listOf(cl_ord_id), ...orders.map((order) => property(order, "cl_ord_id"))],
    orderCount: countOf(params),
    userref: references.length === 1 ? references[0] : undefined,
    // batch_cancel lists the ids themselves.
    orderIds: [order_id, ...orders].flat(),
    deadline,
  };
}

/** How long claims are kept, in milliseconds, and how many of them. */
const CLAIM_LASTS = 300_000;
const MOST_CLAIMS = 10_000;

interface Claim {
  /** The call of unknown outcome that was found to have placed the order; none if an answer proved whose it is. */
  readonly owner: SentCall | undefined;
  readonly uptime: number;
}

const CLAIMS = Symbol.for("kraken-signer.claims/1");

/** Returns the claims of one transport. Another `fetch` may lead to another exchange, with the same order ids. */
function claimsOf(transport: object): Map<string, Claim> {
  const scope = globalThis as { [CLAIMS]?: WeakMap<object, Map<string, Claim>> };
  if (!scope[CLAIMS]) Object.defineProperty(scope, CLAIMS, { value: new WeakMap<object, Map<string, Claim>>() });
  let claims = scope[CLAIMS]!.get(transport);
  if (!claims) scope[CLAIMS]!.set(transport, (claims = new Map<string, Claim>()));
  return claims;
}

const OPEN = Symbol.for("kraken-signer.open/1");

function openCalls(): Set<SentCall> {
  const scope = globalThis as { [OPEN]?: Set<SentCall> };
  if (!scope[OPEN]) Object.defineProperty(scope, OPEN, { value: new Set<SentCall>() });
  return scope[OPEN]!;
}

/** Whether another order may have the same name as this one: a `userref`, or a client order id that is not random. */
function isShared(order: unknown): order is Structure {
  if (property(order, "userref") !== undefined) return true;
  return placesOrder(order) && idOf(order) !== undefined && !isRandomId(idOf(order)!);
}

/** Returns the orders in a call whose names other orders may have. */
const referenced = ({ params }: SentCall): Structure[] => [params, ...(batchRows(params) ?? listOf(params.orders))].filter(isShared);

/** Remembers a call that was sent. Until its outcome is known, it may have placed an order that another call looks for. */
export function beginCall(sent: SentCall): void {
  if (!referenced(sent).length) return;
  const calls = openCalls().add(sent);
  // The oldest come first.
  for (const call of calls) {
    if (calls.size <= MOST_CLAIMS && performance.now() - call.sentUptime < CLAIM_LASTS) break;
    calls.delete(call);
  }
}

/** Forgets a call, because its outcome is known. */
export function endCall(sent: SentCall | undefined): void {
  if (sent) openCalls().delete(sent);
}

/** Whether two `userref`s are the same number, however they are written. Kraken shows none as 0 or `null`. */
export const isSameReference = (one: unknown, other: unknown): boolean => Number(one ?? 0) === Number(other ?? 0);

/** The name by which an order is looked for. */
export type OrderName = { readonly userref: string | number } | { readonly id: string };

const hasName = (order: Structure, name: OrderName): boolean =>
  "id" in name ? idOf(order) === name.id : order.userref !== undefined && isSameReference(order.userref, name.userref);

/** Returns the other calls with an unknown outcome, and each of their orders that has the same name. */
export function rivalsOf(sent: SentCall, name: OrderName): { readonly call: SentCall; readonly order: Structure }[] {
  const others = [...openCalls()].filter(
    (call) => call !== sent && (!call.transport || !sent.transport || call.transport === sent.transport),
  );
  return others.flatMap((call) =>
    referenced(call)
      .filter((order) => hasName(order, name))
      .map((order) => ({ call, order })),
  );
}

/** Claims orders for one call, so that a search does not take them for another call's. */
export function claimOrders(orderIds: readonly string[], transport: object, owner?: SentCall): void {
  if (!orderIds.length) return;
  const claims = claimsOf(transport);
  const uptime = performance.now();
  for (const id of orderIds) {
    claims.delete(id);
    claims.set(id, { owner, uptime });
  }
  // The oldest come first.
  for (const [id, claim] of claims) {
    if (claims.size <= MOST_CLAIMS && uptime - claim.uptime < CLAIM_LASTS) break;
    claims.delete(id);
  }
}

/** Whether an order was claimed for another call. */
export function isAnothers(orderId: string, sent: SentCall | undefined): boolean {
  const claim = sent?.transport && claimsOf(sent.transport).get(orderId);
  return claim !== undefined && claim.owner !== sent;
}

/** Returns the ids of the orders that a result says were placed: `txid` (Spot) or `order_id` (Futures, sockets). */
export function placedIds(result: unknown): string[] {
  const rows = [result, property(result, "sendStatus"), ...listOf(property(result, "orders")), ...listOf(property(result, "batchStatus"))];
  const ids = [...rows, ...listOf(result)].flatMap((row) => [property(row, "txid"), property(row, "order_id")].flat());
  return ids.filter(isText);
}

/** Parameters, as the caller wrote them or as they were read. */
type Named = Params | ReadParams;

/** The part of an endpoint's record that says whether it places orders. */
type Places = Pick<Endpoint, "places">;

const withSpotId = <P extends Named>(order: P): P =>
  order.cl_ord_id === undefined && order.userref === undefined ? { ...order, cl_ord_id: clientOrderId() } : order;

/** Gives each Spot order in a call a client order id, if it has none, so that it can be found. An order that is only validated gets none. */
export function nameSpotOrders<P extends Named>({ places }: Places, params: P): P {
  if (!places || isSet(params.validate)) return params;
  if (places === "order") return withSpotId(params);
  return isList(params.orders)
    ? { ...params, orders: params.orders.map((order) => (isObject(order) ? withSpotId(order) : order)) }
    : params;
}

const withSocketId = <P extends Named>(order: P): P =>
  order.cl_ord_id === undefined && order.order_userref === undefined ? { ...order, cl_ord_id: clientOrderId() } : order;

/** Gives each order in a method of the Spot WebSocket a client order id, if it has none, so that it can be found. */
export function nameSocketOrders({ places }: Places, params: object): object {
  if (!places || !isObject(params)) return params;
  // Getters are read here and not again.
  const read = { ...params } as Params;
  if (isSet(read.validate)) return read;
  if (places === "order") return withSocketId(read);
  return isList(read.orders) ? { ...read, orders: read.orders.map((row) => (isObject(row) ? withSocketId(row) : row)) } : read;
}

const withFuturesId = <P extends Named>(order: P): P => (order.cliOrdId === undefined ? { ...order, cliOrdId: clientOrderId() } : order);

/** Gives each Futures order in a call a client order id, if it has none, so that it can be found. */
export function nameFuturesOrders<P extends Named>({ places }: Places, params: P): P {
  if (!places) return params;
  if (places === "order") return withFuturesId(params);
  const { json, batchOrder } = params as { readonly json?: unknown; readonly batchOrder?: unknown };
  if (isObject(json)) return { ...params, json: nameFuturesOrders({ places }, json) };
  if (!isList(batchOrder)) return params;
  return { ...params, batchOrder: batchOrder.map((row) => (isObject(row) && row.order === "send" ? withFuturesId(row) : row)) };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Params => typeof value === "object" && value !== null && !Array.isArray(value);
