/**
 * The endpoints for orders. Sources: docs.kraken.com, "Trading", with Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and change log,
 * November 2026. Answers are also from the models of typed-kraken, kraken-connector and kraken-async-rs. If sources disagree, the type is the
 * wider one. Permissions are those of "API Key Permissions Required" of each endpoint, as GetApiKeyInfo names them. GetWebSocketsToken counts as a
 * read, because a second token does no harm.
 */
import {
  type Endpoint,
  type OrderPrices,
  type Proof,
  type Row,
  type Structure,
  isSet,
  isText,
  isTimerAsAsked,
  property,
  withCount,
  withText,
} from "../../endpoint.js";
import type { Mistake } from "../../mistake.js";
import { type DecimalParam, type Known, type NoParams, type SecondsParam, type Side, type TimestampParam, read, write } from "./common.js";
import type { ClientOrderId, CloseOrder, GoodTillDate, OpenEnded, UserReference } from "./order-terms.js";

const onlyValidates = ({ validate }: Structure, result: unknown): boolean =>
  isSet(validate) && typeof property(result, "descr") === "object" && property(result, "descr") !== null;

/** Proof: an order has a transaction id. An order that was only validated has a description instead. */
const placed: Proof = (result, params) => {
  const ids = property(result, "txid");
  const isPlaced = Array.isArray(ids) && ids.length > 0 && ids.every(isText);
  return isPlaced || (ids === undefined && onlyValidates(params, result)) ? "done" : "unknown";
};

/** Returns the row of an order in a batch: an error string, or a transaction id (text, or a list as for one order). */
function placedRow(row: unknown, params: Structure): Row {
  const error = property(row, "error");
  const id = property(row, "txid");
  if (error !== undefined) return isText(error) && id === undefined ? { rejected: error } : "unknown";
  if (isText(id)) return "done";
  return placed(row, params) as Row;
}

const batchPlaced: Proof = (result, params) => {
  const rows = property(result, "orders");
  const asked = params.orders;
  if (!Array.isArray(rows) || !rows.length) return "unknown";
  const known = rows.map((row) => placedRow(row, params));
  // It is not known which order a row is about.
  return Array.isArray(asked) && asked.length !== rows.length ? [...known, "unknown"] : known;
};

/** Proof: the result has a transaction id. EditOrder may also report a failure in its result. */
const edited: Proof = (result, params) => {
  const status = property(result, "status");
  const problem = property(result, "error_message");
  // The old order may be gone, though the new one was rejected.
  if (Number(property(result, "orders_cancelled") ?? 0) > 0 && !isText(property(result, "txid"))) return "unknown";
  if (isText(problem) || (status !== undefined && !/^ok$/i.test(`${status as string}`)))
    return isText(problem) && !isText(property(result, "txid")) ? { rejected: problem } : "unknown";
  return isText(property(result, "txid")) || onlyValidates(params, result) ? "done" : "unknown";
};

/** Proof: the result says when the orders will be canceled, as it was asked for. */
const armed: Proof = (result, params) => (isText(property(result, "triggerTime")) && isTimerAsAsked(params, result) ? "done" : "unknown");

const orders = { shownBy: ["OpenOrders", "ClosedOrders", "TradesHistory"] } as const;

/** Orders that accept a deadline. */
const timed = { ...orders, deadline: "deadline" } as const;

/** The prices of orders, as documented. The documentation says nothing about those of settled positions. */
const prices: OrderPrices = {
  type: "ordertype",
  known: /^(market|limit|iceberg|(stop-loss|take-profit|trailing-stop)(-limit)?)$/,
  of: { price: /^(?!market)/, price2: /-limit$/ },
};

/**
 * The weights are those of docs.kraken.com, "Spot Trading Limits" and "Spot REST Rate Limits", November 2026: only AddOrder and CancelOrder are exempt
 * from the call counter. A batch costs half as much per order, and its cancellation as much as single ones.
 */
const cancel = [8, 6, 5, 4, 2, 1];

export const tradingRecords = /* @__PURE__ */ (() =>
  ({
    AddOrder: write("modify-trades", placed, { ...timed, places: "order", prices, weight: { calls: 0, trading: 1 } }),
    AddOrderBatch: write("modify-trades&close-trades", batchPlaced, {
      ...timed,
      places: "orders",
      prices,
      json: true,
      weight: { trading: 0.5 },
    }),
    EditOrder: write("modify-trades&close-trades", edited, { ...timed, weight: { trading: 1, young: [6, 5, 4, 2, 1] } }),
    AmendOrder: write("modify-trades|close-trades", withText("amend_id"), { ...timed, weight: { trading: 1, young: [3, 2, 1] } }),
    CancelOrder: write("modify-trades|close-trades", withCount("count"), {
      ...orders,
      weight: { calls: 0, young: cancel, cancels: "named" },
    }),
    CancelOrderBatch: write("modify-trades|close-trades", withCount("count"), {
      ...orders,
      json: true,
      weight: { young: cancel, cancels: "named" },
    }),
    CancelAll: write("modify-trades|close-trades", withCount("count"), { ...orders, weight: { young: cancel, cancels: "all" } }),
    CancelAllOrdersAfter: write("modify-trades|close-trades", armed, {
      ...orders,
      weight: { cancels: "later" },
      times: { timeout: "timer" },
    }),
    GetWebSocketsToken: read("create-ws-token"),
  }) as const satisfies { [Name in keyof TradingEndpoints]: Endpoint })();

export interface TradingEndpoints {
  /** Places an order, or only validates it. */
  AddOrder: { params: AddOrderParams; result: AddOrderResult };
  /** Places 2 to 15 orders for one pair. */
  AddOrderBatch: { params: AddOrderBatchParams; result: AddOrderBatchResult };
  /** Cancels an order and places a new one. Prefer AmendOrder, which keeps the order's place in the book. */
  EditOrder: { params: EditOrderParams; result: EditOrderResult };
  /** Changes an order without moving it in the book. */
  AmendOrder: { params: AmendOrderParams; result: AmendOrderResult };
  /** Cancels an order, or all orders with a `userref`. */
  CancelOrder: { params: CancelOrderParams; result: CancelOrderResult };
  /** Cancels up to 50 orders. */
  CancelOrderBatch: { params: CancelOrderBatchParams; result: { count: number } };
  /** Cancels all orders. */
  CancelAll: { params: NoParams; result: CancelOrderResult };
  /** Cancels all orders after a number of seconds, unless it is called again before. */
  CancelAllOrdersAfter: { params: CancelAllOrdersAfterParams; result: CancelAllOrdersAfterResult };
  /** Returns a token for private WebSockets. */
  GetWebSocketsToken: { params: NoParams; result: WebSocketsTokenResult };
}

/**
 * A price. It is absolute, such as `"30000.5"`, or relative to the last trade: `+5` above, `-5` below, or `#5` above or below, depending on the
 * side of the order. A `%` at the end means percent, such as `"+5%"`.
 */
export type PriceParam = DecimalParam;

type TriggerSignal = "last" | "index";

/** A flag. `post`: rests in the book only; `fcib`, `fciq`: fee in base or quote asset; `viqc`: volume in the quote asset; `nompp`: ignored. */
export type OrderFlag = "post" | "fcib" | "fciq" | "viqc" | "nompp";

/** Flags of an order: one flag, two flags joined by a comma, or a list of any length. */
export type OrderFlagsParam = OrderFlag | `${OrderFlag},${OrderFlag}` | readonly OrderFlag[];

/** The type of an order, with the prices that it requires. */
export type OrderKind =
  | MarketOrder
  | LimitOrder
  | IcebergOrder
  | TriggeredOrder
  | TriggeredLimitOrder
  | TrailingStopOrder
  | TrailingStopLimitOrder
  | SettlePositionOrder;

/** A market order. It executes at once at the best available price. */
export interface MarketOrder {
  /** The type of the order. */
  readonly ordertype: "market";
  /** None, because a market order executes at any price. A limit order that is turned into a market order must lose its price. */
  readonly price?: Mistake<"A market order has no price: leave it out"> | undefined;
}

export interface LimitOrder {
  /** The type of the order. */
  readonly ordertype: "limit";
  /** The limit price. */
  readonly price: PriceParam;
}

/** A limit order that shows only a part of its volume. */
export interface IcebergOrder {
  /** The type of the order. */
  readonly ordertype: "iceberg";
  /** The limit price. */
  readonly price: PriceParam;
  /** The visible part of the volume, at least 1/15 of it. */
  readonly displayvol: DecimalParam;
}

/** A market order that is triggered by a price. */
export interface TriggeredOrder {
  /** The type of the order. */
  readonly ordertype: "stop-loss" | "take-profit";
  /** The trigger price. */
  readonly price: PriceParam;
  /** The price that triggers the order. Default: `last`. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A limit order that is triggered by a price. */
export interface TriggeredLimitOrder {
  /** The type of the order. */
  readonly ordertype: "stop-loss-limit" | "take-profit-limit";
  /** The trigger price. */
  readonly price: PriceParam;
  /** The limit price. */
  readonly price2: PriceParam;
  /** The price that triggers the order. Default: `last`. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A market order that is triggered if the price turns by a distance. */
export interface TrailingStopOrder {
  /** The type of the order. */
  readonly ordertype: "trailing-stop";
  /** The distance by which the price must turn, such as `"+50"` or `"+5%"`. */
  readonly price: PriceParam;
  /** The price that triggers the order. Default: `last`. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A limit order that is triggered if the price turns by a distance. */
export interface TrailingStopLimitOrder {
  /** The type of the order. */
  readonly ordertype: "trailing-stop-limit";
  /** The distance by which the price must turn, such as `"+50"` or `"+5%"`. */
  readonly price: PriceParam;
  /** The limit price, relative to the trigger price, such as `"-10"`; `"+0"` for the trigger price itself. */
  readonly price2: PriceParam;
  /** The price that triggers the order. Default: `last`. */
  readonly trigger?: TriggerSignal | undefined;
}

/** An order that settles a margin position. */
export interface SettlePositionOrder {
  /** The type of the order. */
  readonly ordertype: "settle-position";
}

// In this order, because the compiler compares an order without one of the required parameters with the last part: with the one that requires the least.
/**
 * The common parameters of all orders. An order has either a `userref` or a `cl_ord_id`, as "Add Order" on docs.kraken.com says, and one with `GTD` has
 * an expiration time.
 */
export type OrderParams = GroupedDatedOrder | GroupedOrder | NamedDatedOrder | NamedOrder;

/** An order with a `cl_ord_id`, of its own or from the client. */
export interface NamedOrder extends CommonOrderParams, ClientOrderId, OpenEnded {}

/** An order with a `cl_ord_id`, until a certain time. */
export interface NamedDatedOrder extends CommonOrderParams, ClientOrderId, GoodTillDate {}

/** An order with a `userref`. */
export interface GroupedOrder extends CommonOrderParams, UserReference, OpenEnded {}

/** An order with a `userref`, until a certain time. */
export interface GroupedDatedOrder extends CommonOrderParams, UserReference, GoodTillDate {}

/** The parameters of all orders, except their ids and lifetimes. */
export interface CommonOrderParams {
  /** The side of the order. */
  readonly type: Side;
  /** The volume in the base asset, or in the quote asset with the flag `viqc`. 0 closes a whole margin position. */
  readonly volume: DecimalParam;
  /** The leverage, such as 5. Default: none. */
  readonly leverage?: DecimalParam | undefined;
  /** Whether the order can only reduce a position. */
  readonly reduce_only?: boolean | undefined;
  /** The order that is canceled if two of your own orders would match. Default: `cancel-newest`. */
  readonly stptype?: "cancel-newest" | "cancel-oldest" | "cancel-both" | undefined;
  /** The flags of the order, such as `"post"`, `"post,fciq"` or `["post", "fciq"]`. */
  readonly oflags?: OrderFlagsParam | undefined;
  /** The start time: a time, or `"+<seconds>"` from now. Default: now. */
  readonly starttm?: SecondsParam | undefined;
  /** An order for the opposite side that is placed when this one is filled. */
  readonly close?: CloseOrder | undefined;
}

/** The common parameters of requests with orders. */
export interface OrderRequestParams {
  /** The pair, such as `"XBTUSD"` or `"XBT/USD"`. */
  readonly pair: string;
  /** The class of the asset. It is required for pairs that are not currency pairs. */
  readonly asset_class?: "tokenized_asset" | undefined;
  /** The deadline of the request, 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
  /** Whether to validate the order without placing it. */
  readonly validate?: boolean | undefined;
  /** The IIBAN of a broker, for partners. */
  readonly broker?: string | undefined;
}

export type AddOrderParams = OrderKind & OrderParams & OrderRequestParams;

export interface AddOrderResult {
  /** The descriptions of the order and of its closing order. */
  descr: {
    /** The description of the order. */
    order: string;
    /** The description of the closing order. */
    close?: string;
  };
  /** The transaction id of the order. It is missing with `validate`. */
  txid?: string[];
}

export interface AddOrderBatchParams extends OrderRequestParams {
  /** 2 to 15 orders. */
  readonly orders: readonly (OrderKind & OrderParams)[];
}

export interface AddOrderBatchResult {
  /** The rows, in the order of the request. If one has an `error`, the call throws an ApiError with this result. */
  orders: BatchedOrder[];
}

export interface BatchedOrder {
  /** The description of the order. */
  descr?: {
    /** The description of the order. */
    order: string;
    /** The description of the closing order. */
    close?: string;
  };
  /** The description of the closing order, which is here or in `descr`. */
  close?: string;
  /** The transaction id of the order. It is missing with `validate`. */
  txid?: string;
  /** The error string, if the order was not placed. */
  error?: string;
}

export interface EditOrderParams {
  /** The id of the order, or a `userref` that only this order has. */
  readonly txid: string | number;
  /** The name of the pair. */
  readonly pair: string;
  /** The class of the asset. */
  readonly asset_class?: "tokenized_asset" | undefined;
  /** The `userref` of the new order, which does not inherit the old one. */
  readonly userref?: number | undefined;
  /** The volume in the base asset. */
  readonly volume?: DecimalParam | undefined;
  /** The visible part of an iceberg order. */
  readonly displayvol?: DecimalParam | undefined;
  /** The first price. For most orders, this is the limit price. */
  readonly price?: PriceParam | undefined;
  /** The second price, for order types that have one. */
  readonly price2?: PriceParam | undefined;
  /** The flags of the new order. Only `post` can change, and it has to be repeated. */
  readonly oflags?: OrderFlagsParam | undefined;
  /** The deadline of the request, 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
  /** Whether Kraken answers before the order is replaced. */
  readonly cancel_response?: boolean | undefined;
  /** Whether to validate the change without making it. */
  readonly validate?: boolean | undefined;
}

export interface EditOrderResult {
  /** The status of the edit. */
  status?: Known<"ok" | "Ok">;
  /** The transaction id of the new order. */
  txid?: string;
  /** The transaction id of the replaced order. */
  originaltxid?: string;
  /** The description of the order. */
  descr?: {
    /** The description of the order. */
    order: string;
  };
  /** The volume in the base asset. */
  volume?: string;
  /** The first price. For most orders, this is the limit price. */
  price?: string;
  /** The second price, for order types that have one. */
  price2?: string;
  /** The number of canceled orders. */
  orders_cancelled?: number;
  /** The `userref` of the new order. */
  newuserref?: string | number;
  /** The `userref` of the old order. */
  olduserref?: string | number;
  /** The reason why Kraken rejected the edit. */
  error_message?: string;
}

/** The order to amend, with its changes. */
export type AmendOrderParams = AmendedOrder & Amendment;

/** The changes to an order. */
export interface Amendment {
  /** The new quantity, in the base asset. */
  readonly order_qty?: DecimalParam | undefined;
  /** The visible part of an iceberg order. */
  readonly display_qty?: DecimalParam | undefined;
  /** The new limit price. */
  readonly limit_price?: PriceParam | undefined;
  /** The new trigger price. */
  readonly trigger_price?: PriceParam | undefined;
  /** The pair. It is required for pairs that are not currency pairs. */
  readonly pair?: string | undefined;
  /** Whether Kraken rejects a limit price at which the order would be filled at once. */
  readonly post_only?: boolean | undefined;
  /** The deadline of the request, 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
}

/** The order, by its transaction id or by its client order id. */
export type AmendedOrder =
  | {
      /** The transaction id of the order. */
      readonly txid: string;
      readonly cl_ord_id?: undefined;
    }
  | {
      /** The client order id of the order. */
      readonly cl_ord_id: string;
      readonly txid?: undefined;
    };

export interface AmendOrderResult {
  /** The id of the amendment. */
  amend_id: string;
}

/** The order, by its transaction id or client order id. A `userref` in `txid` selects all of its orders. */
export type CancelOrderParams =
  | {
      /** The transaction id of the order, or a `userref`. */
      readonly txid: string | number;
      readonly cl_ord_id?: undefined;
    }
  | {
      /** The client order id of the order. */
      readonly cl_ord_id: string;
      readonly txid?: undefined;
    };

export interface CancelOrderResult {
  /** The number of canceled orders. */
  count: number;
  /** Whether orders are still waiting to be canceled. */
  pending?: boolean;
}

/** Up to 50 orders in all, by transaction id or by client order id. */
export type CancelOrderBatchParams =
  | {
      /** Transaction ids or `userref`s of orders. */
      readonly orders: readonly (string | number)[];
      /** Client order ids of orders. */
      readonly cl_ord_ids?: readonly string[] | undefined;
    }
  | {
      /** Client order ids of orders. */
      readonly cl_ord_ids: readonly string[];
      readonly orders?: undefined;
    };

export interface CancelAllOrdersAfterParams {
  /** The time in seconds: a number up to 3600, or text below 86400. 0 stops the timer. */
  readonly timeout: number | `${number}`;
}

/** The state of the timer. Times are RFC 3339. */
export interface CancelAllOrdersAfterResult {
  /** The exchange's clock, RFC 3339. */
  currentTime: string;
  /** The time when orders are canceled, RFC 3339. After a stop, `"0"` or the current time. */
  triggerTime: string;
}

export interface WebSocketsTokenResult {
  /** The token for private channels and trading. */
  token: string;
  /** The seconds within which the token must be used. */
  expires: number;
}
