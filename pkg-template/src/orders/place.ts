import { checkFlag, checkMilliseconds, described } from "../checks.js";
import { type ApiError, ResponseError, UnknownOutcomeError, need } from "../errors.js";
import { isApiError, isUnknownOutcome } from "./errors.js";
import { isDuplicateId } from "../rest/answer/hints.js";
import { clientOrderId, isRandomId } from "../signing/client-order-id.js";
import { type CallOptions, checkCallOptions } from "../rest/call.js";
import type { Params } from "../rest/request/encode.js";
import { type Conventions, readParams } from "../rest/request/parameters.js";
import { type Structure, deadlineIn, isSet, isText, property } from "../rest/endpoint.js";
import { idOf } from "../rest/sent-order.js";
import { type Caller, type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "../rest/callers.js";
import { type Operation, partOf, beginOperation } from "../rest/under-way.js";
import { type FuturesParams, type WidenedFuturesOrders, futuresTimes } from "../rest/futures/endpoints.js";
import { type SpotParams, type WidenedOrders, spotLists, spotTimes } from "../rest/spot/endpoints.js";
import { type FoundOrder, type LookOptions, isSent, spotOrders } from "./look.js";
import { isLikeFutures, openFuturesOrders } from "./look-futures.js";
import { RESOLVE_OPTIONS, type ResolveOptions, checkSettle, resolveOrder } from "./resolve.js";

/** Options of {@link placeOrder}. */
export interface PlaceOptions extends ResolveOptions {
  /** Milliseconds for the whole operation: to send the order, to find out what happened, and to send it once more; 60,000 by default. Each attempt to send may take half of it. */
  readonly timeout?: number | undefined;
  /** Milliseconds from sending until the exchange does not accept the order anymore, from 2,500 to 60,000, if the order has no deadline of its own; 10,000 by default. */
  readonly deadline?: number | undefined;
  /** The API key to use, if the client has several; by default, the client chooses. */
  readonly key?: string | undefined;
  /**
   * Whether an earlier run may have sent the same order: a message of a queue that was delivered again, or a step that was retried; `false` by default. Then
   * the order is looked for first, and sent only if it is not there and no copy of the earlier run can be placed anymore, which takes until a deadline of
   * `deadline` milliseconds from now has passed. If the order has a deadline of its own, it takes until that, and Kraken then rejects the order. It needs a client order id of your own that is a random UUID, such as {@link clientOrderId} makes, and
   * that both runs use. An order with this id is recognized even if it was amended, so its volume and prices are not compared. If the earlier run may not have ended, both runs also need the same deadline in the order: otherwise, that run may send its order later.
   */
  readonly again?: boolean | undefined;
}

const PLACE_OPTIONS = /* @__PURE__ */ (() => [...RESOLVE_OPTIONS, "deadline", "key", "again"])();

/** The parameters of an order: those of AddOrder for a Spot client, and of sendorder for a Futures client. */
export type OrderOf<Client> = Client extends SpotCaller ? SpotParams<"AddOrder"> : FuturesParams<"POST:sendorder">;

/** An order of which the compiler knows only text of its type. */
type WidenedOrderOf<Client> = Client extends SpotCaller ? WidenedOrders<"AddOrder"> : WidenedFuturesOrders<"POST:sendorder">;

/** An order that was placed. */
export interface Placed extends FoundOrder {
  /** Whether the order was found at the exchange afterwards, because no answer confirmed it. */
  readonly found: boolean;
}

/** The endpoint of one of Kraken's APIs that places an order. */
interface OrderApi {
  /** The parameter with the client order id. */
  readonly id: "cl_ord_id" | "cliOrdId";
  readonly deadline: "deadline" | "processBefore";
  readonly endpoint: string;
  readonly conventions: Conventions;
  send(params: Params, options: CallOptions): Promise<unknown>;
  idOf(result: unknown): unknown;
  /** Returns the open orders; for Spot, only those with this client order id. */
  open(id: string, ask: LookOptions): Promise<readonly FoundOrder[]>;
  /** Whether an order that was found is like the one that was sent. */
  isLike(found: FoundOrder, params: Params): boolean;
  /** The same, for an order that was found by its random id: only what no amendment changes is compared. */
  isSameKind(found: FoundOrder, params: Params): boolean;
}

const spotApi = (client: SpotCaller): OrderApi => ({
  id: "cl_ord_id",
  deadline: "deadline",
  endpoint: "AddOrder",
  conventions: { lists: spotLists, times: spotTimes },
  send: (params, options) => client.call("AddOrder", params, options),
  idOf: (result) => (property(result, "txid") as unknown[] | undefined)?.[0],
  open: async (id, ask) => spotOrders(await client.call("OpenOrders", { cl_ord_id: id }, ask), "open"),
  isLike: isSent,
  isSameKind: (found, { pair, type, ordertype }) => isSent(found, { pair, type, ordertype } as Structure, true),
});

const futuresApi = (client: FuturesCaller): OrderApi => ({
  id: "cliOrdId",
  deadline: "processBefore",
  endpoint: "sendorder",
  conventions: { lists: "", times: futuresTimes },
  send: (params, options) => client.post("sendorder", params, options),
  idOf: (result) => property(property(result, "sendStatus"), "order_id"),
  open: async (_id, ask) => openFuturesOrders(await client.get("openorders", {}, ask)),
  isLike: ({ details }, params) => isLikeFutures(details, params),
  isSameKind: ({ details }, { symbol, side }) => isLikeFutures(details, { symbol, side } as Structure),
});

/** Gives an order a client order id if it has no name. */
const named = (order: Params, { id }: OrderApi): Params =>
  order[id] === undefined && order.userref === undefined ? { ...order, [id]: clientOrderId() } : order;

/**
 * The milliseconds after the deadline of an order that was lost until that is certain, without the settle time, over a connection on which an answer takes
 * half a second.
 */
const SEARCH = 6000;

/** Whether Kraken rejected a client order id because an open order has it: an earlier copy of the order, or another order. */
const isDuplicate = (error: unknown): error is ApiError => isApiError(error) && isDuplicateId(error.errors);

/**
 * Places an order, and finds out what happened if no answer proves it. The order is sent with AddOrder (Spot) or sendorder (Futures), with a client
 * order id and a deadline. After an unknown outcome, {@link resolveOrder} looks for the order. If it is not there, this takes until its deadline has
 * passed. Then no copy of it can be placed anymore, and the order is sent once more, with the same id and a new deadline (unless you set the
 * deadline yourself, or there is no time left to find out about that copy, too).
 *
 * If an open order already has the id that you gave, and is like this one, that order is returned with `found: true`: it may be that of an earlier call.
 * If the id is a random UUID, and the order has another volume or price, it was amended, or you have used the id twice: then the outcome is unknown.
 * Kraken accepts the id of an order that was filled or canceled again, so pass `again: true` if an earlier run may have sent the order.
 *
 * @param client - a SpotClient or a FuturesClient, or `spotClient` or `futuresClient` of a Durable Object
 * @param order - the parameters of AddOrder or sendorder; the object is not changed
 * @returns the order, after Kraken has confirmed it or it was found there
 * @throws ApiError if Kraken rejected the order; NetworkError, TimeoutError, HttpError and others if it was certainly not placed; UnknownOutcomeError,
 * with its `reason`, only if it was not possible to find out in time
 *
 * @example
 * ```ts
 * const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "50000", volume: "0.01" } as const;
 * const { orderId, found } = await placeOrder(client, order);
 * ```
 */
export async function placeOrder<Client extends Caller>(
  client: Client,
  order: OrderOf<Client> | WidenedOrderOf<Client>,
  options?: PlaceOptions,
): Promise<Placed>;
export async function placeOrder(client: Caller, given: object, options?: PlaceOptions): Promise<Placed> {
  const operation = beginOperation(Object(client) as object);
  try {
    return await place(client, given, options, operation);
  } finally {
    operation.end();
  }
}

/** Returns the error of an order that was certainly not placed. What kept Kraken from accepting it may be over later. */
function safeToRepeat(error: unknown): unknown {
  if (isApiError(error) && /^(rate-limit|unavailable)$/.test(error.kind)) Object.assign(error, { retryable: true });
  return error;
}

/** An order that is being placed. */
interface Placing {
  readonly client: Caller;
  readonly api: OrderApi;
  readonly params: Params;
  /** Whether the client order id was made here, so that no other order has it. */
  readonly isOwnId: boolean;
  readonly options: PlaceOptions;
  readonly operation: Operation;
  /** Returns the milliseconds that are left. */
  left(): number;
}

/** Checks the arguments of placeOrder. The parameters are read only once, because they may be sent twice, and the caller may change the object meanwhile. */
function prepare(client: Caller, given: object, options: PlaceOptions, operation: Operation): Placing {
  checkCaller("placeOrder", client);
  need(typeof given === "object" && given !== null, `placeOrder: expected an order as the second argument, got ${described(given)}.`);
  checkCallOptions("placeOrder", options, PLACE_OPTIONS);
  checkFlag("again", options.again);
  checkSettle(options.settle);
  const api = isSpot(client) ? spotApi(client) : futuresApi(client);
  const order = readParams(given as Params, api.conventions);
  need(
    !isSet(order.validate),
    'placeOrder: `validate` is set, so no order would be placed. To only validate one, use call("AddOrder", { …, validate: true }).',
  );
  const [own, other] = isSpot(client) ? (["pair", "symbol"] as const) : (["symbol", "pair"] as const);
  need(
    order[own] !== undefined || order[other] === undefined,
    `placeOrder: this order has \`${other}\` in place of \`${own}\`, so it belongs to Kraken's other API. Pass that API's client.`,
  );
  // With `again`, the deadline is needed before anything is sent.
  deadlineIn(api, order, options.deadline);
  const { timeout = 60_000 } = options;
  checkMilliseconds("timeout", timeout);
  const end = performance.now() + timeout;
  const left = (): number => Math.max(end - performance.now(), 1);
  return { client, api, params: named(order, api), isOwnId: order[api.id] === undefined, options, operation, left };
}

async function place(client: Caller, given: object, options: PlaceOptions = {}, operation: Operation): Promise<Placed> {
  const placing = prepare(client, given, options, operation);
  const { api, params, left } = placing;
  const { deadline = 10_000, signal, settle = 2000, key } = options;
  const half = Math.ceil(left() / 2);
  const search = SEARCH + settle;
  const before = options.again ? await earlierRun(placing) : undefined;
  if (before) return before;
  for (let attempt = 1; ; attempt++) {
    let result: unknown;
    try {
      // A client that drains takes no new order, but lets one that is under way end.
      const own = attempt > 1 ? partOf(operation) : {};
      // The second copy must leave the time to find out about it, also if no answer comes.
      const most = Math.ceil(left() - (attempt > 1 ? search : 0));
      result = await api.send(params, { signal, key, deadline, timeout: Math.min(half, most), ...own });
    } catch (error) {
      const rejection = isUnknownOutcome(error) ? error.cause : error;
      if (isDuplicate(rejection)) return await earlierCopy(placing, rejection);
      if (!isUnknownOutcome(error)) throw error;
      const resolution = await resolveOrder(client, error, { signal, settle, timeout: left() });
      if (resolution.outcome === "placed") return { ...resolution.order, found: true };
      if (resolution.outcome === "unknown") throw withReason(error, resolution.reason);
      // The caller's own deadline has passed, and is not replaced.
      if (params[api.deadline] !== undefined || signal?.aborted) throw error.cause;
      // Nothing is in doubt now. A copy that could not be looked for until after its deadline might change that.
      if (attempt > 1 || left() < deadline + search) throw safeToRepeat(error.cause);
      continue;
    }
    const orderId = api.idOf(result);
    const id = idOf(params);
    // Not within `try`: what happens from here on must not lead to a second order.
    if (!isText(orderId)) return placedWithoutId(placing);
    return { orderId, ...(id !== undefined && { clientOrderId: id }), details: result, found: false };
  }
}

/** Returns the open orders that have the client order id of this one; `undefined` if they could not be listed. */
async function openWithId({ api, params, options, operation, left }: Placing): Promise<readonly FoundOrder[] | undefined> {
  const { signal, key } = options;
  if (params[api.id] === undefined) return undefined;
  const id = `${params[api.id] as string}`;
  const open = await api.open(id, { signal, key, timeout: left(), ...partOf(operation) }).catch(() => undefined);
  return open?.filter(({ clientOrderId }) => clientOrderId === id);
}

/** Searches for an order that was certainly placed, but whose id Kraken did not send. */
async function searchPlaced({ client, api, params, options, left }: Placing, cause: unknown, missing: string): Promise<Placed> {
  const { signal, settle } = options;
  const copy = new UnknownOutcomeError(api.endpoint, { clientOrderId: idOf(params), userref: params.userref, cause });
  const resolution = await resolveOrder(client, copy, { signal, settle, timeout: Math.min(left(), 10_000) });
  if (resolution.outcome === "placed") return { ...resolution.order, found: true };
  throw withReason(copy, resolution.outcome === "unknown" ? resolution.reason : missing);
}

/**
 * Returns the order that has the client order id of the one that was rejected as a duplicate, if it is an earlier copy of it.
 *
 * @throws the rejection if another order has the id
 * @throws UnknownOutcomeError if the id is random, so that hardly any other order has it, and none is found, or one with another volume or price
 */
async function earlierCopy(placing: Placing, rejection: ApiError): Promise<Placed> {
  const { api, params, isOwnId, options } = placing;
  const id = idOf(params);
  const isRandom = isRandomId(`${id}`);
  const open = (await openWithId(placing))?.[0];
  if (!open && !isRandom) throw rejection;
  // It has ended, or the open orders could not be listed.
  const earlier = open ?? (await searchPlaced(placing, rejection, "Kraken knows its client order id, but shows no order with it"));
  const isSame = isRandom && api.isSameKind(earlier, params);
  if (isOwnId || (isSame && options.again) || api.isLike(earlier, params)) return { ...earlier, found: true };
  // Another order with the id of this one does not make this one placed.
  if (!isSame) throw rejection;
  // It was amended, or the caller has used the id twice.
  const copy = new UnknownOutcomeError(api.endpoint, { clientOrderId: id, cause: rejection });
  throw withReason(copy, `the order with its client order id, ${earlier.orderId}, has another volume or price`);
}

/**
 * Returns the order that an answer proves to be placed, although it lacks Kraken's id. It must never be sent again.
 *
 * @throws UnknownOutcomeError if it is not found
 */
async function placedWithoutId(placing: Placing): Promise<Placed> {
  const { api, params, isOwnId } = placing;
  const open = (await openWithId(placing))?.[0];
  if (open && (isOwnId || api.isLike(open, params))) return { ...open, found: true };
  return searchPlaced(
    placing,
    new ResponseError(api.endpoint),
    "Kraken said that it is placed, but not its id, and shows no order with its client order id",
  );
}

/**
 * Returns the order of an earlier run; `undefined` if it was not placed, and no copy of it can be placed anymore.
 *
 * @throws UnknownOutcomeError if it was not possible to find out
 */
async function earlierRun({ client, api, params, isOwnId, options, left }: Placing): Promise<Placed | undefined> {
  const { signal, settle, deadline = 10_000 } = options;
  const id = params[api.id];
  need(
    !isOwnId && isText(id) && isRandomId(id),
    `placeOrder: \`again\` needs the \`${api.id}\` of the earlier run, a random UUID. Make it with clientOrderId(), and store it before the first run.`,
  );
  // A copy that was sent before now has no later deadline than an order that is sent now, if the clocks agree. One that is sent later is bound only by a
  // deadline in the order.
  const latest = params[api.deadline] ?? new Date(Date.now() + deadline).toISOString();
  const copy = new UnknownOutcomeError(api.endpoint, { clientOrderId: id, deadline: latest, cause: undefined });
  const resolution = await resolveOrder(client, copy, { signal, settle, timeout: left() });
  if (resolution.outcome === "unknown") throw withReason(copy, resolution.reason);
  if (resolution.outcome === "not-placed") return undefined;
  need(
    api.isSameKind(resolution.order, params),
    `placeOrder: another order, ${resolution.order.orderId}, has the \`${api.id}\` of this one. Nothing was sent.`,
  );
  return { ...resolution.order, found: true };
}

/** Adds to an error why it was not possible to find out what happened. */
function withReason(error: UnknownOutcomeError, reason: string): UnknownOutcomeError {
  error.reason = reason;
  return error;
}
