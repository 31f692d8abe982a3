/**
 * Orders and fills. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files (github.com/krakenfx/api-specs)
 * and change log, November 2026; statuses and answers also from python-kraken-sdk and Kraken.Net. Where they disagree, the type is
 * the wider one.
 */
import { type Endpoint, type Proof, isText, property } from "../../endpoint.js";
import {
  type DecimalParam,
  type Known,
  type NoParams,
  type Side,
  type Success,
  type TimestampParam,
  get,
  read,
  status,
  statusRow,
  write,
} from "./common.js";

/** What stands for success, by what a row of a batch asked for. */
const BATCH_DONE: Readonly<Record<string, readonly string[]>> = {
  send: ["placed", "filled", "partiallyFilled"],
  edit: ["edited"],
  cancel: ["cancelled"],
};
const ANY_DONE = ["placed", "edited", "cancelled"];

const batch: Proof = (result, params) => {
  const rows = property(result, "batchStatus");
  const asked = property(params.json, "batchOrder");
  if (!Array.isArray(rows) || !rows.length || (Array.isArray(asked) && asked.length !== rows.length)) return "unknown";
  return rows.map((row, place) => {
    const kind = Array.isArray(asked) ? property(asked[place], "order") : undefined;
    return statusRow(property(row, "status"), BATCH_DONE[`${kind as string}`] ?? ANY_DONE);
  });
};

const armed: Proof = (result) => (isText(property(property(result, "status"), "currentTime")) ? "done" : "unknown");

/** They take a time after which they are not processed any more. */
const timed = { deadline: "processBefore" } as const;

export const tradingRecords = /* @__PURE__ */ (() =>
  ({
    "GET:openorders": get,
    "GET:fills": get,
    "POST:orders/status": read("POST"),
    "POST:sendorder": write("full", status("sendStatus", "placed", "filled", "partiallyFilled"), "POST", { ...timed, places: "order" }),
    "POST:editorder": write("full", status("editStatus", "edited"), "POST", timed),
    "POST:cancelorder": write("full", status("cancelStatus", "cancelled"), "POST", timed),
    "POST:batchorder": write("full", batch, "POST", { ...timed, places: "orders", json: true }),
    "POST:cancelallorders": write("full", status("cancelStatus", "cancelled", "noOrdersToCancel")),
    "POST:cancelallordersafter": write("full", armed),
  }) as const satisfies { [Name in keyof FuturesTradingEndpoints]: Endpoint })();

export interface FuturesTradingEndpoints {
  "GET:openorders": { params: NoParams; result: Success & { openOrders: FuturesOpenOrder[] } };
  /** 100 fills, the latest first. `pages` gives all of them. */
  "GET:fills": { params: FillsParams; result: Success & { fills: Fill[] } };
  /** Orders that are open, or were filled or canceled in the last five seconds. */
  "POST:orders/status": { params: OrdersStatusParams; result: Success & { orders: OrderStatusDetails[] } };
  /** Places an order. A status other than `placed` or filled is thrown. */
  "POST:sendorder": { params: SendOrderParams; result: Success & { sendStatus: SendStatus } };
  "POST:editorder": { params: EditOrderParams; result: Success & { editStatus: EditStatus } };
  "POST:cancelorder": { params: CancelOrderParams; result: Success & { cancelStatus: CancelStatus } };
  /** Places, edits and cancels orders. The client writes `json` from what is given. */
  "POST:batchorder": { params: BatchOrderParams; result: Success & { batchStatus: BatchStatus[] } };
  /** Cancels all orders, or those of one contract. */
  "POST:cancelallorders": { params: CancelAllParams; result: Success & { cancelStatus: CancelAllStatus } };
  /** Cancels all orders in so many seconds, unless it is called again before. */
  "POST:cancelallordersafter": { params: CancelAllAfterParams; result: Success & { status: SwitchStatus } };
}

/** Times are RFC 3339. */
export interface FuturesOpenOrder {
  order_id: string;
  cliOrdId?: string | null;
  symbol: string;
  side: Side;
  orderType: Known<"lmt" | "post" | "ioc" | "stp" | "stop" | "take_profit" | "trailing_stop">;
  status: Known<"untouched" | "partiallyFilled">;
  limitPrice?: number | null;
  stopPrice?: number | null;
  filledSize: number;
  unfilledSize?: number;
  reduceOnly: boolean;
  triggerSignal?: Known<"mark" | "last" | "spot">;
  receivedTime: string;
  lastUpdateTime: string;
}

export interface FillsParams {
  /** The 100 before that. */
  readonly lastFillTime?: TimestampParam | undefined;
}

export interface Fill {
  fill_id: string;
  order_id: string;
  cliOrdId?: string | null;
  symbol: string;
  side: Side;
  size: number;
  price: number;
  /** RFC 3339. */
  fillTime: string;
  fillType: Known<"maker" | "taker" | "liquidation" | "assignor" | "assignee" | "takerAfterEdit" | "unwindBankrupt" | "unwindCounterparty">;
}

export interface OrdersStatusParams {
  readonly orderIds?: readonly string[] | string | undefined;
  readonly cliOrdIds?: readonly string[] | string | undefined;
}

export interface OrderStatusDetails {
  order: CachedOrder;
  status: Known<"ENTERED_BOOK" | "FULLY_EXECUTED" | "REJECTED" | "CANCELLED" | "TRIGGER_PLACED" | "TRIGGER_ACTIVATION_FAILURE">;
  updateReason: string | null;
  error: string | null;
}

/** Times are RFC 3339. */
export interface CachedOrder {
  type: Known<"TRIGGER_ORDER" | "ORDER">;
  orderId: string;
  cliOrdId: string | null;
  symbol: string;
  side: string;
  quantity: number | null;
  filled: number | null;
  limitPrice: number | null;
  reduceOnly: boolean;
  timestamp: string;
  lastUpdateTimestamp: string;
  priceTriggerOptions?: { triggerPrice: number; triggerSide: string; triggerSignal: string } | null;
  triggerTime?: string | null;
}

type TriggerSignal = "mark" | "index" | "last";
type Unit = "PERCENT" | "QUOTE_CURRENCY";

/** What kind of order it is, and the prices that it wants. */
export type FuturesOrderKind = FuturesMarketOrder | FuturesLimitOrder | FuturesTriggerOrder | FuturesTrailingStopOrder;

/** Executes at once, within 1 percent of the price. */
export interface FuturesMarketOrder {
  readonly orderType: "mkt";
}

/** A limit order: as it is, only into the book, only at once, or at once and whole. */
export interface FuturesLimitOrder {
  readonly orderType: "lmt" | "post" | "ioc" | "fok";
  readonly limitPrice: DecimalParam;
}

/** A market order, or with `limitPrice` a limit order, once a price is reached. */
export interface FuturesTriggerOrder {
  readonly orderType: "stp" | "take_profit";
  readonly stopPrice: DecimalParam;
  readonly limitPrice?: DecimalParam | undefined;
  readonly triggerSignal?: TriggerSignal | undefined;
  /** The limit, from the price that triggers it; with its unit. */
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** A market order, once the price has turned by so much. */
export interface FuturesTrailingStopOrder {
  readonly orderType: "trailing_stop";
  /** How far it has to turn; 0.1 to 50 percent. */
  readonly trailingStopMaxDeviation: DecimalParam;
  readonly trailingStopDeviationUnit: Unit;
  readonly triggerSignal?: TriggerSignal | undefined;
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** What all orders have. */
export interface FuturesOrderParams {
  /** Such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  readonly side: Side;
  /** In contracts, or in the base currency for contracts with several collaterals. */
  readonly size: DecimalParam;
  /** A name of your own, up to 100 characters. The client gives it one. */
  readonly cliOrdId?: string | undefined;
  /** Only reduces a position. */
  readonly reduceOnly?: boolean | undefined;
}

/** What is said of a request with one order. */
export interface SendRequestParams {
  /** Kraken does not take it after that. */
  readonly processBefore?: TimestampParam | undefined;
  /** For partners. */
  readonly broker?: string | undefined;
}

export type SendOrderParams = FuturesOrderKind & FuturesOrderParams & SendRequestParams;

/** An order, by its id or by your name for it. `cancelorder` says `order_id` where `editorder` says `orderId`. */
export type EditOrderParams = (
  { readonly orderId: string; readonly cliOrdId?: string | undefined } | { readonly cliOrdId: string; readonly orderId?: undefined }
) &
  EditedOrder & {
    /** Kraken does not take it after that. */
    readonly processBefore?: TimestampParam | undefined;
  };

/** What can change in an order. */
export interface EditedOrder {
  readonly size?: DecimalParam | undefined;
  readonly limitPrice?: DecimalParam | undefined;
  readonly stopPrice?: DecimalParam | undefined;
  readonly trailingStopMaxDeviation?: DecimalParam | undefined;
  readonly trailingStopDeviationUnit?: Unit | undefined;
  /** Whether `size` is what is left (`RELATIVE`, the default), or includes what is filled (`ABSOLUTE`). */
  readonly qtyMode?: "ABSOLUTE" | "RELATIVE" | undefined;
}

/** An order, by its id or by your name for it. */
export type CancelledOrder =
  { readonly order_id: string; readonly cliOrdId?: undefined } | { readonly cliOrdId: string; readonly order_id?: undefined };

export type CancelOrderParams = CancelledOrder & {
  /** Kraken does not take it after that. */
  readonly processBefore?: TimestampParam | undefined;
};

export interface BatchOrderParams {
  readonly batchOrder: readonly BatchInstruction[];
}

export type BatchInstruction =
  | (FuturesOrderKind &
      FuturesOrderParams & {
        readonly order: "send";
        /** Text by which to know its row in the answer. */
        readonly order_tag: string;
      })
  | ({ readonly order: "edit" } & EditedOrder &
      (
        { readonly order_id: string; readonly cliOrdId?: string | undefined } | { readonly cliOrdId: string; readonly order_id?: undefined }
      ))
  | ({ readonly order: "cancel" } & CancelledOrder);

export interface CancelAllParams {
  /** Only orders of this contract. */
  readonly symbol?: string | undefined;
}

export interface CancelAllAfterParams {
  /** Seconds; 0 stops it. */
  readonly timeout: number;
}

/** Statuses that are not success are thrown; see `ApiError`. Times are RFC 3339. */
export interface SendStatus {
  status: Known<"placed" | "filled" | "partiallyFilled">;
  order_id?: string;
  cliOrdId?: string | null;
  receivedTime?: string;
  orderEvents?: OrderEvent[];
}

export interface EditStatus {
  status: Known<"edited">;
  orderId?: string | null;
  /** As it is in some answers. */
  order_id?: string | null;
  cliOrdId?: string | null;
  receivedTime?: string | null;
  orderEvents?: OrderEvent[];
}

export interface CancelStatus {
  status: Known<"cancelled">;
  order_id?: string;
  cliOrdId?: string | null;
  receivedTime?: string;
  orderEvents?: OrderEvent[];
}

export interface CancelAllStatus {
  status: Known<"cancelled" | "noOrdersToCancel">;
  /** The contract, or `all`. */
  cancelOnly: string;
  cancelledOrders: { order_id: string; cliOrdId?: string | null }[];
  orderEvents?: OrderEvent[];
  receivedTime: string;
}

export interface BatchStatus {
  status: Known<"placed" | "edited" | "cancelled">;
  order_id?: string | null;
  cliOrdId?: string | null;
  order_tag?: string | null;
  dateTimeReceived?: string | null;
  orderEvents?: OrderEvent[];
}

/** RFC 3339; `"0"` where it was stopped. */
export interface SwitchStatus {
  currentTime: string;
  triggerTime: string;
}

/** What happened to an order. */
export type OrderEvent =
  | { type: "PLACE"; order?: EventOrder; orderTrigger?: EventTrigger; reducedQuantity?: number | null }
  | { type: "CANCEL"; uid: string; order?: EventOrder | null; orderTrigger?: EventTrigger | null }
  | { type: "EDIT"; old: EventOrder; new: EventOrder; reducedQuantity?: number | null }
  | { type: "REJECT"; uid: string; order?: EventOrder | null; orderTrigger?: EventTrigger | null; reason: string }
  | {
      type: "EXECUTION";
      executionId: string;
      price: number;
      amount: number;
      orderPriorEdit?: EventOrder | null;
      orderPriorExecution?: EventOrder | null;
      takerReducedQuantity?: number | null;
    };

/** Times are RFC 3339. */
export interface EventOrder {
  orderId: string;
  cliOrdId?: string | null;
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "block" | "fok">;
  symbol: string;
  side: Side;
  quantity: number;
  filled: number;
  limitPrice: number;
  reduceOnly: boolean;
  timestamp: string;
  lastUpdateTimestamp: string | null;
}

/** Times are RFC 3339. */
export interface EventTrigger {
  uid: string;
  clientId?: string | null;
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "fok">;
  symbol: string;
  side: Side;
  quantity: number | null;
  limitPrice: number | null;
  triggerPrice: number | null;
  triggerSide: Known<"trigger_above" | "trigger_below"> | null;
  triggerSignal: Known<"mark_price" | "last_price" | "spot_price"> | null;
  reduceOnly: boolean;
  timestamp: string;
  lastUpdateTimestamp: string;
  startTime?: string | null;
}
