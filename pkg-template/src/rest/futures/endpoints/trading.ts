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

const orders = { shownBy: ["openorders", "fills", "/api/history/v2/orders"] } as const;

/** They take a time after which they are not processed any more. */
const timed = { ...orders, deadline: "processBefore" } as const;

export const tradingRecords = /* @__PURE__ */ (() =>
  ({
    "GET:openorders": get,
    "GET:fills": get,
    "POST:orders/status": read("POST"),
    "POST:sendorder": write("full", status("sendStatus", "placed", "filled", "partiallyFilled"), "POST", { ...timed, places: "order" }),
    "POST:editorder": write("full", status("editStatus", "edited"), "POST", timed),
    "POST:cancelorder": write("full", status("cancelStatus", "cancelled"), "POST", timed),
    "POST:batchorder": write("full", batch, "POST", { ...timed, places: "orders", json: true }),
    "POST:cancelallorders": write("full", status("cancelStatus", "cancelled", "noOrdersToCancel"), "POST", orders),
    "POST:cancelallordersafter": write("full", armed, "POST", orders),
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
  /** The order's id. */
  order_id: string;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether it buys or sells. */
  side: Side;
  /** The order's type. */
  orderType: Known<"lmt" | "post" | "ioc" | "stp" | "stop" | "take_profit" | "trailing_stop">;
  /** How far it is. */
  status: Known<"untouched" | "partiallyFilled">;
  /** The limit. */
  limitPrice?: number | null;
  /** The trigger's price. */
  stopPrice?: number | null;
  /** How much has traded. */
  filledSize: number;
  /** How much is left. */
  unfilledSize?: number;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** What triggers it. */
  triggerSignal?: Known<"mark" | "last" | "spot">;
  /** When Kraken got it, RFC 3339. */
  receivedTime: string;
  /** When it was changed last, RFC 3339. */
  lastUpdateTime: string;
}

export interface FillsParams {
  /** The 100 before that. */
  readonly lastFillTime?: TimestampParam | undefined;
}

export interface Fill {
  /** The fill's id. */
  fill_id: string;
  /** The order's id. */
  order_id: string;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether it buys or sells. */
  side: Side;
  /** In units of the contract. */
  size: number;
  /** For each unit. */
  price: number;
  /** RFC 3339. */
  fillTime: string;
  /** Whether it was maker or taker. */
  fillType: Known<"maker" | "taker" | "liquidation" | "assignor" | "assignee" | "takerAfterEdit" | "unwindBankrupt" | "unwindCounterparty">;
}

export interface OrdersStatusParams {
  /** Ids of orders. */
  readonly orderIds?: readonly string[] | string | undefined;
  /** Ids that orders were given. */
  readonly cliOrdIds?: readonly string[] | string | undefined;
}

export interface OrderStatusDetails {
  /** The order as it is now. */
  order: CachedOrder;
  /** What has become of it. */
  status: Known<"ENTERED_BOOK" | "FULLY_EXECUTED" | "REJECTED" | "CANCELLED" | "TRIGGER_PLACED" | "TRIGGER_ACTIVATION_FAILURE">;
  /** Why it was changed last. */
  updateReason: string | null;
  /** Why it was refused. */
  error: string | null;
}

/** Times are RFC 3339. */
export interface CachedOrder {
  /** The order's type. */
  type: Known<"TRIGGER_ORDER" | "ORDER">;
  /** The order's id. */
  orderId: string;
  /** The id that the order was given. */
  cliOrdId: string | null;
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether it buys or sells. */
  side: string;
  /** In units of the contract. */
  quantity: number | null;
  /** How much has traded. */
  filled: number | null;
  /** The limit. */
  limitPrice: number | null;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** When it was. */
  timestamp: string;
  /** When it was changed last. */
  lastUpdateTimestamp: string;
  /** What triggers it. */
  priceTriggerOptions?: { triggerPrice: number; triggerSide: string; triggerSignal: string } | null;
  /** When it was triggered. */
  triggerTime?: string | null;
}

type TriggerSignal = "mark" | "index" | "last";
type Unit = "PERCENT" | "QUOTE_CURRENCY";

/** What kind of order it is, and the prices that it wants. */
export type FuturesOrderKind = FuturesMarketOrder | FuturesLimitOrder | FuturesTriggerOrder | FuturesTrailingStopOrder;

/** Executes at once, within 1 percent of the price. */
export interface FuturesMarketOrder {
  /** The order's type. */
  readonly orderType: "mkt";
}

/** A limit order: as it is, only into the book, only at once, or at once and whole. */
export interface FuturesLimitOrder {
  /** The order's type. */
  readonly orderType: "lmt" | "post" | "ioc" | "fok";
  /** The limit. */
  readonly limitPrice: DecimalParam;
}

/** A market order, or with `limitPrice` a limit order, once a price is reached. */
export interface FuturesTriggerOrder {
  /** The order's type. */
  readonly orderType: "stp" | "take_profit";
  /** The trigger's price. */
  readonly stopPrice: DecimalParam;
  /** The limit. */
  readonly limitPrice?: DecimalParam | undefined;
  /** What triggers it. */
  readonly triggerSignal?: TriggerSignal | undefined;
  /** The limit, from the price that triggers it; with its unit. */
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  /** The unit of the offset. */
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** A market order, once the price has turned by so much. */
export interface FuturesTrailingStopOrder {
  /** The order's type. */
  readonly orderType: "trailing_stop";
  /** How far it has to turn; 0.1 to 50 percent. */
  readonly trailingStopMaxDeviation: DecimalParam;
  /** The unit of the deviation. */
  readonly trailingStopDeviationUnit: Unit;
  /** What triggers it. */
  readonly triggerSignal?: TriggerSignal | undefined;
  /** How far the limit is from the trigger's price. */
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  /** The unit of the offset. */
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** What all orders have. */
export interface FuturesOrderParams {
  /** Such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  /** Whether to buy or to sell. */
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
  /** In units of the contract. */
  readonly size?: DecimalParam | undefined;
  /** The limit. */
  readonly limitPrice?: DecimalParam | undefined;
  /** The trigger's price. */
  readonly stopPrice?: DecimalParam | undefined;
  /** How far the price may go back. */
  readonly trailingStopMaxDeviation?: DecimalParam | undefined;
  /** The unit of the deviation. */
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
  /** What is to be done, in no certain order. */
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
  /** Whether it was placed; otherwise why not. */
  status: Known<"placed" | "filled" | "partiallyFilled">;
  /** The order's id. */
  order_id?: string;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** When Kraken got it, RFC 3339. */
  receivedTime?: string;
  /** What has become of it. */
  orderEvents?: OrderEvent[];
}

export interface EditStatus {
  /** Whether it was edited; otherwise why not. */
  status: Known<"edited">;
  /** The order's id. */
  orderId?: string | null;
  /** As it is in some answers. */
  order_id?: string | null;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** When Kraken got it, RFC 3339. */
  receivedTime?: string | null;
  /** What has become of it. */
  orderEvents?: OrderEvent[];
}

export interface CancelStatus {
  /** Whether it was cancelled; otherwise why not. */
  status: Known<"cancelled">;
  /** The order's id. */
  order_id?: string;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** When Kraken got it, RFC 3339. */
  receivedTime?: string;
  /** What has become of it. */
  orderEvents?: OrderEvent[];
}

export interface CancelAllStatus {
  /** Whether there was any. */
  status: Known<"cancelled" | "noOrdersToCancel">;
  /** The contract, or `all`. */
  cancelOnly: string;
  /** Ids of the orders that were cancelled. */
  cancelledOrders: { order_id: string; cliOrdId?: string | null }[];
  /** What has become of it. */
  orderEvents?: OrderEvent[];
  /** When Kraken got it, RFC 3339. */
  receivedTime: string;
}

export interface BatchStatus {
  /** What has become of it. */
  status: Known<"placed" | "edited" | "cancelled">;
  /** The order's id. */
  order_id?: string | null;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** The tag that the instruction was given. */
  order_tag?: string | null;
  /** When Kraken got it, RFC 3339. */
  dateTimeReceived?: string | null;
  /** What has become of it. */
  orderEvents?: OrderEvent[];
}

/** RFC 3339; `"0"` where it was stopped. */
export interface SwitchStatus {
  /** The exchange's clock, RFC 3339. */
  currentTime: string;
  /** When the orders will be cancelled, RFC 3339; `0` for never. */
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
  /** The order's id. */
  orderId: string;
  /** The id that the order was given. */
  cliOrdId?: string | null;
  /** The order's type. */
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "block" | "fok">;
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether it buys or sells. */
  side: Side;
  /** In units of the contract. */
  quantity: number;
  /** How much has traded. */
  filled: number;
  /** The limit. */
  limitPrice: number;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** When it was. */
  timestamp: string;
  /** When it was changed last. */
  lastUpdateTimestamp: string | null;
}

/** Times are RFC 3339. */
export interface EventTrigger {
  /** Its id. */
  uid: string;
  /** The id that the order was given; may be empty. */
  clientId?: string | null;
  /** The order's type. */
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "fok">;
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether it buys or sells. */
  side: Side;
  /** In units of the contract. */
  quantity: number | null;
  /** The limit. */
  limitPrice: number | null;
  /** The trigger's price. */
  triggerPrice: number | null;
  /** From which side the price has to come. */
  triggerSide: Known<"trigger_above" | "trigger_below"> | null;
  /** What triggers it. */
  triggerSignal: Known<"mark_price" | "last_price" | "spot_price"> | null;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** When it was. */
  timestamp: string;
  /** When it was changed last. */
  lastUpdateTimestamp: string;
  /** When it begins. */
  startTime?: string | null;
}
