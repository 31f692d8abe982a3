import { checkMilliseconds, checkNames, described } from "../checks.js";
import { ApiError, UnknownOutcomeError, need } from "../errors.js";
import { clientOrderId } from "../signing/client-order-id.js";
import type { CallOptions } from "../rest/call.js";
import type { Params } from "../rest/request/encode.js";
import { isSet, isText, property } from "../rest/endpoint.js";
import { type Caller, type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "../rest/callers.js";
import type { FuturesParams } from "../rest/futures/endpoints.js";
import type { SpotParams } from "../rest/spot/endpoints.js";
import { type FoundOrder, openOrderWith } from "./look.js";
import { RESOLVE_OPTIONS, type ResolveOptions, resolveOrder } from "./resolve.js";

/** Options of {@link placeOrder}. */
export interface PlaceOptions extends ResolveOptions {
  /** Milliseconds for everything: sending, finding out, and sending once more; 60 000 by default. At most half of it is spent on sending. */
  readonly timeout?: number | undefined;
  /** Milliseconds from the moment of sending until the exchange must not accept the order any more, unless it has a deadline of its own; 2 500 to 60 000, 10 000 by default. */
  readonly deadline?: number | undefined;
  /** The API key to use, of several; by default the client chooses. */
  readonly key?: string | undefined;
}

const PLACE_OPTIONS = [...RESOLVE_OPTIONS, "deadline", "key"];

/** The parameters of an order, by the client that places it: those of AddOrder (Spot) or sendorder (Futures). */
export type OrderOf<Client> = Client extends SpotCaller ? SpotParams<"AddOrder"> : FuturesParams<"POST:sendorder">;

/** An order that was placed. */
export interface Placed extends FoundOrder {
  /** No answer proved it: it was seen at the exchange afterwards. */
  readonly found: boolean;
}

/** How one of Kraken's APIs places orders. */
interface OrderApi {
  /** The names of the parameters with the client order id and the deadline. */
  readonly id: "cl_ord_id" | "cliOrdId";
  readonly deadline: "deadline" | "processBefore";
  readonly endpoint: string;
  send(params: Params, options: CallOptions): Promise<unknown>;
  idOf(result: unknown): unknown;
}

const spotApi = (client: SpotCaller): OrderApi => ({
  id: "cl_ord_id",
  deadline: "deadline",
  endpoint: "AddOrder",
  send: (params, options) => client.call("AddOrder", params, options),
  idOf: (result) => (property(result, "txid") as unknown[] | undefined)?.[0],
});

const futuresApi = (client: FuturesCaller): OrderApi => ({
  id: "cliOrdId",
  deadline: "processBefore",
  endpoint: "sendorder",
  send: (params, options) => client.post("sendorder", params, options),
  idOf: (result) => property(property(result, "sendStatus"), "order_id"),
});

/** A copy of the order with a name, unless it has one. */
function named(order: Params, { id }: OrderApi): Params {
  const copy: Record<string, Params[string]> = { ...order };
  if (copy[id] === undefined && copy.userref === undefined) copy[id] = clientOrderId();
  return copy;
}

/** Kraken refuses a client order id that an open order has: then an earlier copy, of this program or of one that ran before, was placed. */
const isDuplicate = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  error.errors.some((one) => /clientOrderIdAlreadyExist|(cl_ord_id|client order id).*(unique|exist|duplicate|use)/i.test(one));

/**
 * Places an order without doubt: AddOrder (Spot) or sendorder (Futures), with a client order id and a deadline. After an unknown outcome it
 * finds out what became of the order ({@link resolveOrder}), which takes until its deadline has passed if it is not there. Then no copy of it can be
 * placed any more, and it is sent once more, with the same id and a new deadline. (Not if the deadline was the caller's own.)
 *
 * @param client - a SpotClient or a FuturesClient, or one that stands for a Durable Object
 * @param order - the parameters of AddOrder or sendorder; it is not changed
 * @returns the order, once Kraken has confirmed it or it was seen there
 * @throws what is certain: ApiError where Kraken refused it; NetworkError, TimeoutError, HttpError and others where it was not placed;
 * UnknownOutcomeError, with its `reason`, only where nobody could find out in time
 */
export async function placeOrder<Client extends Caller>(client: Client, order: OrderOf<Client>, options?: PlaceOptions): Promise<Placed>;
export async function placeOrder(client: Caller, given: object, options: PlaceOptions = {}): Promise<Placed> {
  const { timeout = 60_000, deadline = 10_000, signal, settle, key } = options;
  checkCaller("placeOrder", client);
  need(
    typeof given === "object" && given !== null,
    `placeOrder: expected the parameters of an order as an object, got ${described(given)}.`,
  );
  const order = given as Params;
  checkNames("placeOrder", options, PLACE_OPTIONS);
  need(!isSet(order.validate), 'placeOrder places orders: to only validate one, use call("AddOrder", { …, validate: true }).');
  checkMilliseconds("timeout", timeout);
  const api = isSpot(client) ? spotApi(client) : futuresApi(client);
  const params = named(order, api);
  const isOwnId = order[api.id] === undefined;
  const end = performance.now() + timeout;
  const left = (): number => Math.max(end - performance.now(), 1);
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await api.send(params, { signal, key, deadline, timeout: Math.min(timeout / 2, left()) });
      const orderId = api.idOf(result);
      const id = params[api.id];
      return { orderId: isText(orderId) ? orderId : "", ...(isText(id) && { clientOrderId: id }), details: result, found: false };
    } catch (error) {
      const rest = { signal, settle, timeout: left() };
      if (isDuplicate(error)) {
        const ask = { signal: signal ?? new AbortController().signal, timeout: left(), ...(key !== undefined && { key }) };
        const order = await openOrderWith(client, `${params[api.id] as string}`, ask).catch(() => undefined);
        if (order) return { ...order, found: true };
        // An id that was made here belongs to no other order: an earlier copy of this one has come, and gone.
        if (order === undefined && isOwnId) {
          const copy = new UnknownOutcomeError(api.endpoint, { clientOrderId: params[api.id], cause: error });
          const resolution = await resolveOrder(client, copy, { ...rest, timeout: Math.min(left(), 10_000) });
          if (resolution.outcome === "placed") return { ...resolution.order, found: true };
          throw withReason(copy, resolution.outcome === "unknown" ? resolution.reason : "Kraken knows its id, and shows no order with it");
        }
      }
      if (!(error instanceof UnknownOutcomeError)) throw error;
      const resolution = await resolveOrder(client, error, rest);
      if (resolution.outcome === "placed") return { ...resolution.order, found: true };
      if (resolution.outcome === "unknown") throw withReason(error, resolution.reason);
      // A deadline of the caller's own has passed, and is kept.
      if (attempt > 1 || params[api.deadline] !== undefined || signal?.aborted) throw error.cause;
    }
  }
}

/** The same error, which says why nobody could find out. */
function withReason(error: UnknownOutcomeError, reason: string): UnknownOutcomeError {
  error.reason = reason;
  return error;
}
