/**
 * The endpoints for orders and fills. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs) and change log, November 2026. Statuses and answers are also from python-kraken-sdk and Kraken.Net. If sources
 * disagree, the type is the wider one.
 */
import { type Endpoint, type OrderPrices, type Proof, isTimerAsAsked, isText, property } from "../../endpoint.js";
import {
  ACHIEVED,
  type DecimalParam,
  type Known,
  type NoParams,
  type Side,
  type Success,
  type TimestampParam,
  get,
  read,
  status,
  write,
} from "./common.js";
import { batch } from "./batch-proof.js";

const ALL_CANCELLED = { statuses: ["cancelled", "noOrdersToCancel"], events: ["CANCEL"] };

/** Proof: the result says when the orders will be canceled, as it was asked for. */
const armed: Proof = (result, params) => {
  const times = property(result, "status");
  return isText(property(times, "currentTime")) && isTimerAsAsked(params, times) ? "done" : "unknown";
};

const shownBy = ["openorders", "fills", "/api/history/v2/orders"] as const;
const orders = { shownBy } as const;

/** Orders that accept a deadline. (Not with `...orders`, which bundlers keep for SpotClient, too.) */
const timed = { shownBy, deadline: "processBefore" } as const;

/** The prices of orders, as documented. Triggered orders may have a limit price or none, so they do not count as known. */
const prices: OrderPrices = {
  type: "orderType",
  known: /^(mkt|lmt|post|ioc|fok)$/,
  of: { limitPrice: /^(?!mkt)/, stopPrice: /^$/ },
};

export const tradingRecords = /* @__PURE__ */ (() =>
  ({
    "GET:openorders": get,
    "GET:fills": get,
    "POST:orders/status": read("POST"),
    "POST:sendorder": write("full", status("sendStatus", ACHIEVED.send), "POST", { ...timed, places: "order", prices }),
    "POST:editorder": write("full", status("editStatus", ACHIEVED.edit), "POST", timed),
    "POST:cancelorder": write("full", status("cancelStatus", ACHIEVED.cancel), "POST", timed),
    "POST:batchorder": write("full", batch, "POST", { ...timed, places: "orders", prices, json: true }),
    "POST:cancelallorders": write("full", status("cancelStatus", ALL_CANCELLED), "POST", orders),
    "POST:cancelallordersafter": write("full", armed, "POST", { ...orders, times: { timeout: "timer" } }),
  }) as const satisfies { [Name in keyof FuturesTradingEndpoints]: Endpoint })();

export interface FuturesTradingEndpoints {
  /** Returns all open orders. */
  "GET:openorders": { params: NoParams; result: Success & { openOrders: FuturesOpenOrder[] } };
  /** Returns 100 fills, the latest first. `pages` returns all of them. */
  "GET:fills": { params: FillsParams; result: Success & { fills: Fill[] } };
  /** Returns orders that are open, or were filled or canceled in the last five seconds. */
  "POST:orders/status": { params: OrdersStatusParams; result: Success & { orders: OrderStatusDetails[] } };
  /** Places an order. If its status is neither `placed` nor filled, the call throws. */
  "POST:sendorder": { params: SendOrderParams; result: Success & { sendStatus: SendStatus } };
  /** Changes an order. */
  "POST:editorder": { params: EditOrderParams; result: Success & { editStatus: EditStatus } };
  /** Cancels an order. */
  "POST:cancelorder": { params: CancelOrderParams; result: Success & { cancelStatus: CancelStatus } };
  /** Places, edits and cancels orders. The client writes `json` from the parameters. */
  "POST:batchorder": { params: BatchOrderParams; result: Success & { batchStatus: BatchStatus[] } };
  /** Cancels all orders, or those of one contract. */
  "POST:cancelallorders": { params: CancelAllParams; result: Success & { cancelStatus: CancelAllStatus } };
  /** Cancels all orders after a number of seconds, unless it is called again before. */
  "POST:cancelallordersafter": { params: CancelAllAfterParams; result: Success & { status: SwitchStatus } };
}

/** An open order. Times are RFC 3339. */
export interface FuturesOpenOrder {
  /** The id of the order. */
  order_id: string;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The side: buy or sell. */
  side: Side;
  /** The type of the order. */
  orderType: Known<"lmt" | "post" | "ioc" | "stp" | "stop" | "take_profit" | "trailing_stop">;
  /** The status of the order. */
  status: Known<"untouched" | "partiallyFilled">;
  /** The limit price. */
  limitPrice?: number | null;
  /** The trigger price. */
  stopPrice?: number | null;
  /** The filled size. */
  filledSize: number;
  /** The remaining size. */
  unfilledSize?: number;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The price that triggers the order. */
  triggerSignal?: Known<"mark" | "last" | "spot">;
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime: string;
  /** The time of the last change, RFC 3339. */
  lastUpdateTime: string;
}

export interface FillsParams {
  /** The time before which fills are returned, 100 at a time. */
  readonly lastFillTime?: TimestampParam | undefined;
}

export interface Fill {
  /** The id of the fill. */
  fill_id: string;
  /** The id of the order. */
  order_id: string;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The side: buy or sell. */
  side: Side;
  /** The size in units of the contract. */
  size: number;
  /** The price for each unit. */
  price: number;
  /** The time of the fill, RFC 3339. */
  fillTime: string;
  /** The type of the fill, such as maker or taker. */
  fillType: Known<"maker" | "taker" | "liquidation" | "assignor" | "assignee" | "takerAfterEdit" | "unwindBankrupt" | "unwindCounterparty">;
}

/** The orders, by their ids or by their client order ids. */
export type OrdersStatusParams =
  | {
      /** The ids of orders. */
      readonly orderIds: readonly string[] | string;
      /** The client order ids of orders. */
      readonly cliOrdIds?: readonly string[] | string | undefined;
    }
  | {
      /** The client order ids of orders. */
      readonly cliOrdIds: readonly string[] | string;
      readonly orderIds?: undefined;
    };

export interface OrderStatusDetails {
  /** The current state of the order. */
  order: CachedOrder;
  /** The status of the order. */
  status: Known<"ENTERED_BOOK" | "FULLY_EXECUTED" | "REJECTED" | "CANCELLED" | "TRIGGER_PLACED" | "TRIGGER_ACTIVATION_FAILURE">;
  /** The reason for the last change. */
  updateReason: string | null;
  /** The reason why Kraken rejected the order. */
  error: string | null;
}

/** The state of an order. Times are RFC 3339. */
export interface CachedOrder {
  /** The type of the order. */
  type: Known<"TRIGGER_ORDER" | "ORDER">;
  /** The id of the order. */
  orderId: string;
  /** The client order id. */
  cliOrdId: string | null;
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The side: buy or sell. */
  side: string;
  /** The size in units of the contract. */
  quantity: number | null;
  /** The filled size. */
  filled: number | null;
  /** The limit price. */
  limitPrice: number | null;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The time of the order. */
  timestamp: string;
  /** The time of the last change. */
  lastUpdateTimestamp: string;
  /** The trigger of the order. */
  priceTriggerOptions?: {
    /** The trigger price. */
    triggerPrice: number;
    /** The side from which the price must come. */
    triggerSide: string;
    /** The price that triggers the order. */
    triggerSignal: string;
  } | null;
  /** The time when the order was triggered. */
  triggerTime?: string | null;
}

type TriggerSignal = "mark" | "index" | "last";
type Unit = "PERCENT" | "QUOTE_CURRENCY";

/** The type of an order, with the prices that it requires. */
export type FuturesOrderKind = FuturesMarketOrder | FuturesLimitOrder | FuturesTriggerOrder | FuturesTrailingStopOrder;

/** A market order. It executes at once, within 1 percent of the price. */
export interface FuturesMarketOrder {
  /** The type of the order. */
  readonly orderType: "mkt";
  /** None, because a market order executes at any price within 1 percent. */
  readonly limitPrice?: undefined;
  /** None, because a market order executes at once. */
  readonly stopPrice?: undefined;
}

/** A limit order: plain (`lmt`), in the book only (`post`), immediate (`ioc`), or immediate and complete (`fok`). */
export interface FuturesLimitOrder {
  /** The type of the order. */
  readonly orderType: "lmt" | "post" | "ioc" | "fok";
  /** The limit price. */
  readonly limitPrice: DecimalParam;
  /** None, because a limit order is placed at once. */
  readonly stopPrice?: undefined;
}

/** A market order that is triggered by a price. With `limitPrice`, it is a limit order. */
export interface FuturesTriggerOrder {
  /** The type of the order. */
  readonly orderType: "stp" | "take_profit";
  /** The trigger price. */
  readonly stopPrice: DecimalParam;
  /** The limit price. */
  readonly limitPrice?: DecimalParam | undefined;
  /** The price that triggers the order. */
  readonly triggerSignal?: TriggerSignal | undefined;
  /** The distance of the limit price from the trigger price, in the unit of the offset. */
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  /** The unit of the offset. */
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** A market order that is triggered if the price turns by a distance. */
export interface FuturesTrailingStopOrder {
  /** The type of the order. */
  readonly orderType: "trailing_stop";
  /** The distance by which the price must turn, 0.1 to 50 percent. */
  readonly trailingStopMaxDeviation: DecimalParam;
  /** The unit of the deviation. */
  readonly trailingStopDeviationUnit: Unit;
  /** The price that triggers the order. */
  readonly triggerSignal?: TriggerSignal | undefined;
  /** The distance of the limit price from the trigger price. */
  readonly limitPriceOffsetValue?: DecimalParam | undefined;
  /** The unit of the offset. */
  readonly limitPriceOffsetUnit?: Unit | undefined;
}

/** The common parameters of all orders. */
export interface FuturesOrderParams {
  /** The contract, such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  /** The side of the order. */
  readonly side: Side;
  /** The size in contracts, or in the base currency for multi-collateral contracts. */
  readonly size: DecimalParam;
  /** The client order id, up to 100 characters. The client generates one by default. */
  readonly cliOrdId?: string | undefined;
  /** Whether the order can only reduce a position. */
  readonly reduceOnly?: boolean | undefined;
}

/** The common parameters of requests with one order. */
export interface SendRequestParams extends ProcessBefore {
  /** The id of a broker, for partners. */
  readonly broker?: string | undefined;
}

export type SendOrderParams = FuturesOrderKind & FuturesOrderParams & SendRequestParams;

/** The order, by its id or by its client order id. `cancelorder` uses `order_id`, and `editorder` uses `orderId`. */
export type EditOrderParams = OrderToEdit & EditedOrder & ProcessBefore;

/** The order, by its id or by its client order id. */
export type OrderToEdit =
  | {
      /** The id of the order. */
      readonly orderId: string;
      /** The client order id of the order. */
      readonly cliOrdId?: string | undefined;
    }
  | {
      /** The client order id of the order. */
      readonly cliOrdId: string;
      readonly orderId?: undefined;
    };

/** The deadline of a request. */
export interface ProcessBefore {
  /** The deadline of the request. */
  readonly processBefore?: TimestampParam | undefined;
}

/** The changes to an order. */
export interface EditedOrder {
  /** The size in units of the contract. */
  readonly size?: DecimalParam | undefined;
  /** The limit price. */
  readonly limitPrice?: DecimalParam | undefined;
  /** The trigger price. */
  readonly stopPrice?: DecimalParam | undefined;
  /** The distance by which the price must turn. */
  readonly trailingStopMaxDeviation?: DecimalParam | undefined;
  /** The unit of the deviation. */
  readonly trailingStopDeviationUnit?: Unit | undefined;
  /** Whether `size` is the remaining size (`RELATIVE`, the default) or includes the filled part (`ABSOLUTE`). */
  readonly qtyMode?: "ABSOLUTE" | "RELATIVE" | undefined;
}

/** The order, by its id or by its client order id. */
export type CancelledOrder =
  | {
      /** The id of the order. */
      readonly order_id: string;
      readonly cliOrdId?: undefined;
    }
  | {
      /** The client order id of the order. */
      readonly cliOrdId: string;
      readonly order_id?: undefined;
    };

export type CancelOrderParams = CancelledOrder & ProcessBefore;

export interface BatchOrderParams extends ProcessBefore {
  /** The instructions, which are executed in no certain order. */
  readonly batchOrder: readonly BatchInstruction[];
}

export type BatchInstruction =
  | (FuturesOrderKind &
      FuturesOrderParams & {
        /** The kind of the instruction. */
        readonly order: "send";
        /** A text that identifies the instruction's row in the answer. */
        readonly order_tag: string;
      })
  | ({
      /** The kind of the instruction. */
      readonly order: "edit";
    } & EditedOrder &
      (
        { readonly order_id: string; readonly cliOrdId?: string | undefined } | { readonly cliOrdId: string; readonly order_id?: undefined }
      ))
  | ({
      /** The kind of the instruction. */
      readonly order: "cancel";
    } & CancelledOrder);

export interface CancelAllParams {
  /** The contract of the orders. */
  readonly symbol?: string | undefined;
}

export interface CancelAllAfterParams {
  /** The time in seconds: a number up to 3600, or text below 86400. 0 stops the timer. */
  readonly timeout: number | `${number}`;
}

/** The status of a new order. If it is not a success, the call throws an `ApiError`. Times are RFC 3339. */
export interface SendStatus {
  /** The status. If the order was not placed, it is the reason. */
  status: Known<"placed" | "filled" | "partiallyFilled">;
  /** The id of the order. */
  order_id?: string;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime?: string;
  /** The events of the order. */
  orderEvents?: OrderEvent[];
}

export interface EditStatus {
  /** The status. If the order was not edited, it is the reason. */
  status: Known<"edited">;
  /** The id of the order. */
  orderId?: string | null;
  /** The id of the order, as it is named in some answers. */
  order_id?: string | null;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime?: string | null;
  /** The events of the order. */
  orderEvents?: OrderEvent[];
}

export interface CancelStatus {
  /** The status. If the order was not canceled, it is the reason. */
  status: Known<"cancelled">;
  /** The id of the order. */
  order_id?: string;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime?: string;
  /** The events of the order. */
  orderEvents?: OrderEvent[];
}

export interface CancelAllStatus {
  /** Whether there were orders to cancel. */
  status: Known<"cancelled" | "noOrdersToCancel">;
  /** The contract, or `all`. */
  cancelOnly: string;
  /** The ids of the canceled orders. */
  cancelledOrders: {
    /** The id of the order. */
    order_id: string;
    /** The client order id of the order. */
    cliOrdId?: string | null;
  }[];
  /** The events of the order. */
  orderEvents?: OrderEvent[];
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime: string;
}

export interface BatchStatus {
  /** The status of the instruction. */
  status: Known<"placed" | "edited" | "cancelled">;
  /** The id of the order. */
  order_id?: string | null;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The tag of the instruction. */
  order_tag?: string | null;
  /** The time when Kraken received the request, RFC 3339. */
  dateTimeReceived?: string | null;
  /** The events of the order. */
  orderEvents?: OrderEvent[];
}

/** The state of the timer. Times are RFC 3339. After a stop, the trigger time is `"0"`. */
export interface SwitchStatus {
  /** The time of the exchange's clock, RFC 3339. */
  currentTime: string;
  /** The time when the orders will be canceled, RFC 3339; `0` for never. */
  triggerTime: string;
}

/** An event of an order. */
export type OrderEvent =
  | {
      /** The type of the event. */
      type: "PLACE";
      /** The order. */
      order?: EventOrder;
      /** The trigger order. */
      orderTrigger?: EventTrigger;
      /** The size that was removed from a reduce-only order. */
      reducedQuantity?: number | null;
    }
  | {
      /** The type of the event. */
      type: "CANCEL";
      /** The id of the order. */
      uid: string;
      /** The order. */
      order?: EventOrder | null;
      /** The trigger order. */
      orderTrigger?: EventTrigger | null;
    }
  | {
      /** The type of the event. */
      type: "EDIT";
      /** The order before the change. */
      old: EventOrder;
      /** The order after the change. */
      new: EventOrder;
      /** The size that was removed from a reduce-only order. */
      reducedQuantity?: number | null;
    }
  | {
      /** The type of the event. */
      type: "REJECT";
      /** The id of the order. */
      uid: string;
      /** The order. */
      order?: EventOrder | null;
      /** The trigger order. */
      orderTrigger?: EventTrigger | null;
      /** The reason for the event. */
      reason: string;
    }
  | {
      /** The type of the event. */
      type: "EXECUTION";

      /** The id of the execution. */
      executionId: string;

      /** The price of the execution. */
      price: number;

      /** The size of the execution. */
      amount: number;

      /** The order before it was edited. */
      orderPriorEdit?: EventOrder | null;

      /** The order before the execution. */
      orderPriorExecution?: EventOrder | null;

      /** The size that was removed from a reduce-only order. */
      takerReducedQuantity?: number | null;
    };

/** An order in an event. Times are RFC 3339. */
export interface EventOrder {
  /** The id of the order. */
  orderId: string;
  /** The client order id. */
  cliOrdId?: string | null;
  /** The type of the order. */
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "block" | "fok">;
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The side: buy or sell. */
  side: Side;
  /** The size in units of the contract. */
  quantity: number;
  /** The filled size. */
  filled: number;
  /** The limit price. */
  limitPrice: number;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The time of the order. */
  timestamp: string;
  /** The time of the last change. */
  lastUpdateTimestamp: string | null;
}

/** A trigger order in an event. Times are RFC 3339. */
export interface EventTrigger {
  /** The id of the trigger. */
  uid: string;
  /** The client order id, which may be empty. */
  clientId?: string | null;
  /** The type of the order. */
  type: Known<"lmt" | "ioc" | "post" | "liquidation" | "assignment" | "stp" | "unwind" | "fok">;
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The side: buy or sell. */
  side: Side;
  /** The size in units of the contract. */
  quantity: number | null;
  /** The limit price. */
  limitPrice: number | null;
  /** The trigger price. */
  triggerPrice: number | null;
  /** The side from which the price must come. */
  triggerSide: Known<"trigger_above" | "trigger_below"> | null;
  /** The price that triggers the order. */
  triggerSignal: Known<"mark_price" | "last_price" | "spot_price"> | null;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The time of the order. */
  timestamp: string;
  /** The time of the last change. */
  lastUpdateTimestamp: string;
  /** The start time. */
  startTime?: string | null;
}
