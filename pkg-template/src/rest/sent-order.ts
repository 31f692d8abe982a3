import { clientOrderId } from "../signing/client-order-id.js";
import type { Params, ReadParams } from "./request/encode.js";
import { type Endpoint, type Structure, isSet, property } from "./endpoint.js";

/** What the orders in a call are called, so that they can be found again. */
export interface SentOrder {
  readonly clientOrderId?: unknown;
  readonly clientOrderIds?: readonly unknown[];
  readonly userref?: unknown;
  /** When the exchange stops accepting them, RFC 3339. */
  readonly deadline?: unknown;
}

/** What is remembered of a call whose outcome is unknown, besides what its error says. It is not part of the error. */
export interface SentCall {
  /** The API key that signed it; `undefined` where the client is a remote one with one key. */
  readonly key: string | undefined;
  readonly endpoint: string;
  readonly params: Structure;
  /** When it was sent, in milliseconds since 1970 by this machine's clock. */
  readonly sentAt: number;
  /** The same by the monotonic clock, `performance.now()`, which nobody sets. */
  readonly sentUptime: number;
}

// Shared by the copies of this package (ESM, CommonJS); and not on the error itself, where printing could show the API key.
const REGISTRY = Symbol.for("kraken-signer.sent/1");

function registry(): WeakMap<Error, SentCall> {
  const world = globalThis as { [REGISTRY]?: WeakMap<Error, SentCall> };
  if (!world[REGISTRY]) Object.defineProperty(world, REGISTRY, { value: new WeakMap<Error, SentCall>() });
  return world[REGISTRY]!;
}

/** Remembers what was sent, where neither printing nor JSON shows it. */
export function rememberSent(error: Error, sent: SentCall): void {
  registry().set(error, sent);
}

/** What was sent, as far as it is remembered: not where the error comes from another process. */
export const sentOf = (error: Error): SentCall | undefined => registry().get(error);

/** Names of Spot orders: of one, or of those in a batch. */
export function spotOrder(params: Structure): SentOrder {
  const { orders } = params;
  return {
    clientOrderId: params.cl_ord_id,
    userref: params.userref,
    deadline: params.deadline,
    ...(Array.isArray(orders) && { clientOrderIds: orders.map((order) => property(order, "cl_ord_id")) }),
  };
}

/** Names of Futures orders: of one, or of those in a batch. */
export function futuresOrder(params: Structure): SentOrder {
  const batch = property(params.json ?? params, "batchOrder");
  return {
    clientOrderId: params.cliOrdId,
    deadline: params.processBefore,
    ...(Array.isArray(batch) && { clientOrderIds: batch.map((order) => property(order, "cliOrdId")) }),
  };
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
