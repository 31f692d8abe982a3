import { clientOrderId } from "../signing/client-order-id.js";
import { batchRows } from "./futures/endpoints/common.js";
import type { Params, ReadParams } from "./request/encode.js";
import { type Endpoint, type Structure, isSet, isText, property } from "./endpoint.js";

/** The ids of the orders in a call, by which they can be found. */
export interface SentOrder {
  readonly clientOrderId?: unknown;
  readonly clientOrderIds?: readonly unknown[];
  /** The number of orders that a batch places; 0 if a batch of Futures only changes or cancels orders. Not all of them may have an id. */
  readonly orderCount?: number | undefined;
  readonly userref?: unknown;
  /** Kraken's ids of the orders that the call changes or cancels. */
  readonly orderIds?: readonly unknown[];
  /** The time after which the exchange does not accept them, RFC 3339. */
  readonly deadline?: unknown;
}

/** Returns a list, or an empty one in place of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Whether parameters, or a row of a batch, place an order. Those that change or cancel one name no type. */
export const placesOrder = (order: unknown): order is Structure =>
  ["ordertype", "order_type", "orderType"].some((name) => property(order, name) !== undefined) &&
  (property(order, "order") ?? "send") === "send";

/** Returns the orders that a call places: its parameters, or the rows of a batch. */
export const ordersIn = (params: Structure): readonly Structure[] => {
  const rows = batchRows(params) ?? (Array.isArray(params.orders) ? listOf(params.orders) : undefined);
  return (rows ?? [params]).filter(placesOrder);
};

/** Returns a client order id as it is sent: numbers are sent as text. */
const sentId = (id: unknown): unknown => (typeof id === "number" || typeof id === "bigint" ? `${id}` : id);

/** Returns the client order id of an order, if it has one that can be looked for. */
export const idOf = (order: Structure): string | undefined => [order.cl_ord_id, order.cliOrdId].map(sentId).find(isText);

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
    clientOrderId: sentId(params.cl_ord_id),
    clientOrderIds: [...orders.map((order) => property(order, "cl_ord_id")), ...listOf(params.cl_ord_ids)].map(sentId),
    orderCount: countOf(params),
    userref: params.userref,
    orderIds: [params.txid, ...listed].flat(),
    deadline: params.deadline,
  };
}

/** Returns the ids of the Futures orders in a call. */
export function futuresOrder(params: Structure): SentOrder {
  const rows = batchRows(params);
  const batch = rows ?? [];
  const placed = batch.filter(placesOrder);
  return {
    clientOrderId: sentId(params.cliOrdId),
    // Not those of the orders that it also changes or cancels, which would be taken for placed ones where only the error is known.
    clientOrderIds: (placed.length ? placed : batch).map((order) => sentId(property(order, "cliOrdId"))),
    orderCount: rows && placed.length,
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

/** Whether two `userref`s are the same number, however they are written. Kraken shows none as 0 or `null`. */
export const isSameReference = (one: unknown, other: unknown): boolean => Number(one ?? 0) === Number(other ?? 0);

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
