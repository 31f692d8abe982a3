/**
 * Orders. Sources: docs.kraken.com, «Trading», with Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and change log, November 2026;
 * answers also from the models of typed-kraken, kraken-connector and kraken-async-rs. Where they disagree, the type is the wider one.
 * Permissions: «API Key Permissions Required» of each endpoint, as GetApiKeyInfo names them. GetWebSocketsToken changes nothing that matters: a
 * second token harms nobody.
 */
import { type Endpoint, type Proof, type Row, type Structure, isSet, isText, property, withCount, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type NoParams, type SecondsParam, type Side, type TimestampParam, read, write } from "./common.js";

const onlyValidates = ({ validate }: Structure, result: unknown): boolean =>
  isSet(validate) && typeof property(result, "descr") === "object" && property(result, "descr") !== null;

/** An order has a transaction id; one that was only validated has a description instead. */
const placed: Proof = (result, params) => {
  const ids = property(result, "txid");
  const isPlaced = Array.isArray(ids) && ids.length > 0 && ids.every(isText);
  return isPlaced || (ids === undefined && onlyValidates(params, result)) ? "done" : "unknown";
};

/** One row of a batch: an error in words, or a transaction id (text, or a list as for one order). */
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
  if (!Array.isArray(rows) || !rows.length || (Array.isArray(asked) && asked.length !== rows.length)) return "unknown";
  return rows.map((row) => placedRow(row, params));
};

/** EditOrder may say in its result that it failed. */
const edited: Proof = (result, params) => {
  const status = property(result, "status");
  const problem = property(result, "error_message");
  if (isText(problem) || (status !== undefined && !/^ok$/i.test(`${status as string}`)))
    return isText(problem) && !isText(property(result, "txid")) ? { rejected: problem } : "unknown";
  return isText(property(result, "txid")) || onlyValidates(params, result) ? "done" : "unknown";
};

const orders = { shownBy: ["OpenOrders", "ClosedOrders", "TradesHistory"] } as const;

/** Takes a time after which it is not carried out any more. */
const timed = { ...orders, deadline: "deadline" } as const;

export const tradingRecords = /* @__PURE__ */ (() =>
  ({
    AddOrder: write("modify-trades", placed, { ...timed, places: "order" }),
    AddOrderBatch: write("modify-trades&close-trades", batchPlaced, { ...timed, places: "orders", json: true }),
    EditOrder: write("modify-trades&close-trades", edited, timed),
    AmendOrder: write("modify-trades|close-trades", withText("amend_id"), timed),
    CancelOrder: write("modify-trades|close-trades", withCount("count"), orders),
    CancelOrderBatch: write("modify-trades|close-trades", withCount("count"), { ...orders, json: true }),
    CancelAll: write("modify-trades|close-trades", withCount("count"), orders),
    CancelAllOrdersAfter: write("modify-trades|close-trades", withText("triggerTime"), orders),
    GetWebSocketsToken: read("create-ws-token"),
  }) as const satisfies { [Name in keyof TradingEndpoints]: Endpoint })();

export interface TradingEndpoints {
  /** Places an order, or only validates one. */
  AddOrder: { params: AddOrderParams; result: AddOrderResult };
  /** Places 2 to 15 orders of one pair. */
  AddOrderBatch: { params: AddOrderBatchParams; result: AddOrderBatchResult };
  /** Cancels an order and places another. AmendOrder does better: the order stays where it is in the book. */
  EditOrder: { params: EditOrderParams; result: EditOrderResult };
  /** Changes an order where it is in the book. */
  AmendOrder: { params: AmendOrderParams; result: AmendOrderResult };
  /** Cancels an order, or all with a reference. */
  CancelOrder: { params: CancelOrderParams; result: CancelOrderResult };
  /** Cancels up to 50 orders. */
  CancelOrderBatch: { params: CancelOrderBatchParams; result: { count: number } };
  /** Cancels all orders. */
  CancelAll: { params: NoParams; result: CancelOrderResult };
  /** Cancels all orders in so many seconds, unless it is called again before. */
  CancelAllOrdersAfter: { params: CancelAllOrdersAfterParams; result: CancelAllOrdersAfterResult };
  /** A token for private WebSockets. */
  GetWebSocketsToken: { params: NoParams; result: WebSocketsTokenResult };
}

/**
 * A price: an absolute one such as `"30000.5"`; or one relative to the last trade, `+5` above, `-5` below, `#5` whichever the side of the order
 * wants; with `%` at the end in percent, such as `"+5%"`.
 */
export type PriceParam = DecimalParam;

type TriggerSignal = "last" | "index";

/** `post`: only into the book; `fcib`, `fciq`: fee in the base or quote asset; `viqc`: volume in the quote asset; `nompp`: ignored. */
export type OrderFlag = "post" | "fcib" | "fciq" | "viqc" | "nompp";

/** Flags of an order: one, two joined by a comma, or a list of as many as you like. */
export type OrderFlagsParam = OrderFlag | `${OrderFlag},${OrderFlag}` | readonly OrderFlag[];

/** What kind of order it is, and the prices that it wants. */
export type OrderKind =
  | MarketOrder
  | LimitOrder
  | IcebergOrder
  | TriggeredOrder
  | TriggeredLimitOrder
  | TrailingStopOrder
  | TrailingStopLimitOrder
  | SettlePositionOrder;

/** Executes at once, at the best price there is. */
export interface MarketOrder {
  /** The order's type. */
  readonly ordertype: "market";
}

export interface LimitOrder {
  /** The order's type. */
  readonly ordertype: "limit";
  /** The limit. */
  readonly price: PriceParam;
}

/** A limit order of which only a part is shown. */
export interface IcebergOrder {
  /** The order's type. */
  readonly ordertype: "iceberg";
  /** The limit. */
  readonly price: PriceParam;
  /** The part that is shown, at least a 15th of the volume. */
  readonly displayvol: DecimalParam;
}

/** A market order, once a price is reached. */
export interface TriggeredOrder {
  /** The order's type. */
  readonly ordertype: "stop-loss" | "take-profit";
  /** The price that triggers it. */
  readonly price: PriceParam;
  /** Whose price triggers it; `last` by default. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A limit order, once a price is reached. */
export interface TriggeredLimitOrder {
  /** The order's type. */
  readonly ordertype: "stop-loss-limit" | "take-profit-limit";
  /** The price that triggers it. */
  readonly price: PriceParam;
  /** The limit. */
  readonly price2: PriceParam;
  /** Whose price triggers it; `last` by default. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A market order, once the price has turned by so much. */
export interface TrailingStopOrder {
  /** The order's type. */
  readonly ordertype: "trailing-stop";
  /** How far it has to turn, such as `"+50"` or `"+5%"`. */
  readonly price: PriceParam;
  /** Whose price triggers it; `last` by default. */
  readonly trigger?: TriggerSignal | undefined;
}

/** A limit order, once the price has turned by so much. */
export interface TrailingStopLimitOrder {
  /** The order's type. */
  readonly ordertype: "trailing-stop-limit";
  /** How far it has to turn, such as `"+50"` or `"+5%"`. */
  readonly price: PriceParam;
  /** The limit, from the price that triggers it, such as `"-10"`; `"+0"` for that price. */
  readonly price2: PriceParam;
  /** Whose price triggers it; `last` by default. */
  readonly trigger?: TriggerSignal | undefined;
}

/** Settles a position on margin. */
export interface SettlePositionOrder {
  /** The order's type. */
  readonly ordertype: "settle-position";
}

/** What all orders have. */
export interface OrderParams {
  /** Whether to buy or to sell. */
  readonly type: Side;
  /** In the base asset; in the quote asset with the flag `viqc`; 0 to close a whole position on margin. */
  readonly volume: DecimalParam;
  /** A number for a group of orders: 32 bits. Not together with `cl_ord_id`. */
  readonly userref?: number | undefined;
  /** A name of your own: a UUID, or up to 18 characters. The client gives it one, unless there is a `userref`. */
  readonly cl_ord_id?: string | undefined;
  /** Such as 5; none by default. */
  readonly leverage?: DecimalParam | undefined;
  /** Only reduces a position. */
  readonly reduce_only?: boolean | undefined;
  /** Which order goes when it would meet one of your own; `cancel-newest` by default. */
  readonly stptype?: "cancel-newest" | "cancel-oldest" | "cancel-both" | undefined;
  /** Such as `"post"`, `"post,fciq"` or `["post", "fciq"]`. */
  readonly oflags?: OrderFlagsParam | undefined;
  /** How long it lives: until it is canceled (the default), only at once, until `expiretm`, or at once and whole. */
  readonly timeinforce?: "GTC" | "IOC" | "GTD" | "FOK" | undefined;
  /** When it goes into the book: a time, or `"+<seconds>"` from now; now by default. */
  readonly starttm?: SecondsParam | undefined;
  /** When it ends: a time, or `"+<seconds>"` from now. */
  readonly expiretm?: SecondsParam | undefined;
  /** Another order, for the other side, once this one is filled. */
  readonly close?: CloseOrder | undefined;
}

/** An order that follows another. */
export interface CloseOrder {
  /** The order's type. */
  readonly ordertype:
    "limit" | "iceberg" | "stop-loss" | "take-profit" | "stop-loss-limit" | "take-profit-limit" | "trailing-stop" | "trailing-stop-limit";
  /** The first price: of most orders the limit. */
  readonly price: PriceParam;
  /** The second price, of orders that have one. */
  readonly price2?: PriceParam | undefined;
}

/** What is said of a request with orders. */
export interface OrderRequestParams {
  /** Such as `"XBTUSD"` or `"XBT/USD"`. */
  readonly pair: string;
  /** Needed for pairs other than those of currencies. */
  readonly asset_class?: "tokenized_asset" | undefined;
  /** Kraken does not take it after that: 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
  /** Only checks it, and places nothing. */
  readonly validate?: boolean | undefined;
  /** The IIBAN of a broker, for partners. */
  readonly broker?: string | undefined;
}

export type AddOrderParams = OrderKind & OrderParams & OrderRequestParams;

export interface AddOrderResult {
  /** The order in words, and the one that closes it. */
  descr: {
    /** The order in words. */
    order: string;
    /** The order that follows it, in words. */
    close?: string;
  };
  /** Its id; not with `validate`. */
  txid?: string[];
}

export interface AddOrderBatchParams extends OrderRequestParams {
  /** 2 to 15 orders. */
  readonly orders: readonly (OrderKind & OrderParams)[];
}

export interface AddOrderBatchResult {
  /** In the order in which they were asked for. If one has an `error`, the call throws an ApiError, which has this result. */
  orders: BatchedOrder[];
}

export interface BatchedOrder {
  /** The order in words. */
  descr?: { order: string; close?: string };
  /** The order that follows it, in words: here, or in `descr`. */
  close?: string;
  /** Its id; not with `validate`. */
  txid?: string;
  /** Why it was not placed. */
  error?: string;
}

export interface EditOrderParams {
  /** The order's id, or a `userref` that only it has. */
  readonly txid: string | number;
  /** The pair's name. */
  readonly pair: string;
  /** Which kind of asset it is. */
  readonly asset_class?: "tokenized_asset" | undefined;
  /** A reference for the new order: it does not keep the old one. */
  readonly userref?: number | undefined;
  /** In the base asset. */
  readonly volume?: DecimalParam | undefined;
  /** Iceberg orders: the part that is shown. */
  readonly displayvol?: DecimalParam | undefined;
  /** The first price: of most orders the limit. */
  readonly price?: PriceParam | undefined;
  /** The second price, of orders that have one. */
  readonly price2?: PriceParam | undefined;
  /** Only `post` can change, and has to be said again. */
  readonly oflags?: OrderFlagsParam | undefined;
  /** Kraken does not take it after that: 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
  /** Answers before the order is replaced. */
  readonly cancel_response?: boolean | undefined;
  /** Only checks it, and changes nothing. */
  readonly validate?: boolean | undefined;
}

export interface EditOrderResult {
  /** Whether it was done. */
  status?: Known<"ok" | "Ok">;
  /** The id of the new order. */
  txid?: string;
  /** The order that was replaced. */
  originaltxid?: string;
  /** The order in words. */
  descr?: { order: string };
  /** In the base asset. */
  volume?: string;
  /** The first price: of most orders the limit. */
  price?: string;
  /** The second price, of orders that have one. */
  price2?: string;
  /** How many were cancelled. */
  orders_cancelled?: number;
  /** The number of the new order. */
  newuserref?: string | number;
  /** The number of the old one. */
  olduserref?: string | number;
  /** Why it was refused. */
  error_message?: string;
}

/** Which order, and what to change in it. */
export type AmendOrderParams = AmendedOrder & {
  readonly order_qty?: DecimalParam | undefined;
  /** Iceberg orders: the part that is shown. */
  readonly display_qty?: DecimalParam | undefined;
  readonly limit_price?: PriceParam | undefined;
  readonly trigger_price?: PriceParam | undefined;
  /** Needed for pairs other than those of currencies. */
  readonly pair?: string | undefined;
  /** Refuses a limit at which it would be filled at once. */
  readonly post_only?: boolean | undefined;
  /** Kraken does not take it after that: 2 to 60 seconds from now. */
  readonly deadline?: TimestampParam | undefined;
};

/** An order, by its id or by your name for it. */
export type AmendedOrder =
  { readonly txid: string; readonly cl_ord_id?: undefined } | { readonly cl_ord_id: string; readonly txid?: undefined };

export interface AmendOrderResult {
  /** The amendment's id. */
  amend_id: string;
}

/** The order: by its id, by your name for it; or all with a `userref`, as `txid`. */
export type CancelOrderParams =
  { readonly txid: string | number; readonly cl_ord_id?: undefined } | { readonly cl_ord_id: string; readonly txid?: undefined };

export interface CancelOrderResult {
  /** How many were canceled. */
  count: number;
  /** Whether they still wait for it. */
  pending?: boolean;
}

/** At most 50 in all. */
export interface CancelOrderBatchParams {
  /** Ids or references of orders. */
  readonly orders?: readonly (string | number)[] | undefined;
  /** Ids that orders were given. */
  readonly cl_ord_ids?: readonly string[] | undefined;
}

export interface CancelAllOrdersAfterParams {
  /** Seconds, below 86400; 0 stops it. */
  readonly timeout: number;
}

/** RFC 3339. */
export interface CancelAllOrdersAfterResult {
  /** The exchange's clock, RFC 3339. */
  currentTime: string;
  /** `"0"` or the current time where it was stopped. */
  triggerTime: string;
}

export interface WebSocketsTokenResult {
  /** For private channels and trading. */
  token: string;
  /** Seconds within which it has to be used. */
  expires: number;
}
