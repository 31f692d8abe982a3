import { clientOrderId } from "../signing/client-order-id.js";
import type { Params, ReadParams } from "./request/encode.js";
import { type Endpoint, type Structure, isSet, isText, property } from "./endpoint.js";

/** What the orders in a call are called, so that they can be found again. */
export interface SentOrder {
  readonly clientOrderId?: unknown;
  readonly clientOrderIds?: readonly unknown[];
  readonly userref?: unknown;
  /** Kraken's own ids of the orders that it changes or cancels. */
  readonly orderIds?: readonly unknown[];
  /** When the exchange stops accepting them, RFC 3339. */
  readonly deadline?: unknown;
}

/** What is remembered of a call whose outcome is unknown, besides what its error says. It is not part of the error. */
export interface SentCall {
  /** The API key that signed it; `undefined` where the client is a remote one with one key. */
  readonly key: string | undefined;
  readonly endpoint: string;
  readonly params: Structure;
  /** What it was sent with: the client's `fetch`. None over a socket. */
  readonly way?: object;
  /** When it was sent, in milliseconds since 1970 by this machine's clock. */
  readonly sentAt: number;
  /** The same by the monotonic clock, `performance.now()`, which nobody sets. */
  readonly sentUptime: number;
}

// Shared by the copies of this package (ESM, CommonJS); and not on the error itself, where printing could show the API key.
const REGISTRY = Symbol.for("kraken-signer.sent/1");

function registry(): WeakMap<Error, SentCall> {
  const scope = globalThis as { [REGISTRY]?: WeakMap<Error, SentCall> };
  if (!scope[REGISTRY]) Object.defineProperty(scope, REGISTRY, { value: new WeakMap<Error, SentCall>() });
  return scope[REGISTRY]!;
}

/** Remembers what was sent, where neither printing nor JSON shows it. */
export function rememberSent(error: Error, sent: SentCall): void {
  registry().set(error, sent);
}

/** What was sent, as far as it is remembered: not where the error comes from another process. */
export const sentOf = (error: Error): SentCall | undefined => registry().get(error);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Names of Spot orders: of one, or of those in a batch. */
export function spotOrder(params: Structure): SentOrder {
  const orders = listOf(params.orders);
  // CancelOrderBatch lists ids as they are, or each in an object.
  const listed = orders.map((order) => (typeof order === "object" ? property(order, "txid") : order));
  return {
    clientOrderId: params.cl_ord_id,
    clientOrderIds: [...orders.map((order) => property(order, "cl_ord_id")), ...listOf(params.cl_ord_ids)],
    userref: params.userref,
    orderIds: [params.txid, ...listed].flat(),
    deadline: params.deadline,
  };
}

/** Names of Futures orders: of one, or of those in a batch. */
export function futuresOrder(params: Structure): SentOrder {
  const batch = listOf(property(params.json ?? params, "batchOrder"));
  return {
    clientOrderId: params.cliOrdId,
    clientOrderIds: batch.map((order) => property(order, "cliOrdId")),
    orderIds: [params.order_id, params.orderId, ...batch.map((order) => property(order, "order_id"))],
    deadline: params.processBefore,
  };
}

/** Names of orders in the parameters of a method of the Spot WebSocket. */
export function socketOrder(params: Structure): SentOrder {
  const { cl_ord_id, order_id, order_userref, deadline } = params;
  const orders = listOf(params.orders);
  const references = [order_userref].flat();
  return {
    clientOrderId: cl_ord_id,
    clientOrderIds: [...listOf(cl_ord_id), ...orders.map((order) => property(order, "cl_ord_id"))],
    userref: references.length === 1 ? references[0] : undefined,
    // batch_cancel lists the ids themselves.
    orderIds: [order_id, ...orders].flat(),
    deadline,
  };
}

/** For how long, in milliseconds, and of how many orders it is remembered whose they are. */
const CLAIM_LASTS = 300_000;
const MOST_CLAIMS = 10_000;

interface Claim {
  /** The lost call that was found to have placed the order; none if an answer said whose it is. */
  readonly owner: SentCall | undefined;
  readonly uptime: number;
}

const CLAIMS = Symbol.for("kraken-signer.claims/1");

/** By what reaches the exchange: another `fetch` may lead to another one, with the same ids. */
function claimsOf(way: object): Map<string, Claim> {
  const scope = globalThis as { [CLAIMS]?: WeakMap<object, Map<string, Claim>> };
  if (!scope[CLAIMS]) Object.defineProperty(scope, CLAIMS, { value: new WeakMap<object, Map<string, Claim>>() });
  let claims = scope[CLAIMS]!.get(way);
  if (!claims) scope[CLAIMS]!.set(way, (claims = new Map<string, Claim>()));
  return claims;
}

/** Remembers of orders that they are those of one call, so that no look takes them for another's. */
export function claimOrders(orderIds: readonly string[], way: object, owner?: SentCall): void {
  if (!orderIds.length) return;
  const claims = claimsOf(way);
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

/** Whether an order is known to be that of another call than this one. */
export function isAnothers(orderId: string, sent: SentCall | undefined): boolean {
  const claim = sent?.way && claimsOf(sent.way).get(orderId);
  return claim !== undefined && claim.owner !== sent;
}

/** The ids of the orders that an answer says were placed: `txid` (Spot), `order_id` (Futures, sockets), of one or of each in a batch. */
export function placedIds(result: unknown): string[] {
  const rows = [result, property(result, "sendStatus"), ...listOf(property(result, "orders")), ...listOf(property(result, "batchStatus"))];
  const ids = [...rows, ...listOf(result)].flatMap((row) => [property(row, "txid"), property(row, "order_id")].flat());
  return ids.filter(isText);
}

/** What is named: parameters as people write them, or as they were read. */
type Named = Params | ReadParams;

/** What is known of an endpoint. */
type Places = Pick<Endpoint, "places">;

const withSpotId = <P extends Named>(order: P): P =>
  order.cl_ord_id === undefined && order.userref === undefined ? { ...order, cl_ord_id: clientOrderId() } : order;

/** Names the Spot orders in a call that have no name, so that they can be found again. An order that is only validated is none. */
export function nameSpotOrders<P extends Named>({ places }: Places, params: P): P {
  if (!places || isSet(params.validate)) return params;
  if (places === "order") return withSpotId(params);
  return isList(params.orders)
    ? { ...params, orders: params.orders.map((order) => (isObject(order) ? withSpotId(order) : order)) }
    : params;
}

const withSocketId = <P extends Named>(order: P): P =>
  order.cl_ord_id === undefined && order.order_userref === undefined ? { ...order, cl_ord_id: clientOrderId() } : order;

/** Names the orders in a method of the Spot WebSocket that have no name, so that they can be found again. */
export function nameSocketOrders({ places }: Places, params: object): object {
  if (!places || !isObject(params)) return params;
  // What is a getter is read here, and not again.
  const read = { ...params } as Params;
  if (isSet(read.validate)) return read;
  if (places === "order") return withSocketId(read);
  return isList(read.orders) ? { ...read, orders: read.orders.map((row) => (isObject(row) ? withSocketId(row) : row)) } : read;
}

const withFuturesId = <P extends Named>(order: P): P => (order.cliOrdId === undefined ? { ...order, cliOrdId: clientOrderId() } : order);

/** Names the Futures orders in a call that have no name, so that they can be found again. */
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
