// The trading methods of Kraken's Spot WebSocket v2. Types only. Sources: docs.kraken.com, Spot WebSocket v2, add_order and the other methods of user
// trading, November 2026, and the models of ts-kraken and kraken-connector. Decimals are sent as JSON numbers with all their digits. Times are RFC 3339.

import type { AnyOf, Mistake, Undecided, WidenedOrder } from "../rest/mistake.js";
import type { DecimalParam, NoParams, Side, TimestampParam } from "../rest/spot/endpoints/common.js";

/** The unit of a price: an absolute price (`static`), or an offset in percent (`pct`) or in the quote currency (`quote`). */
export type SocketPriceType = "static" | "pct" | "quote";

/** The condition that triggers an order. */
export interface OrderTrigger {
  /** The price, or the distance of a trailing stop, in the unit of `price_type`. */
  readonly price: DecimalParam;
  /** The unit of `price`. Default: `static`. */
  readonly price_type?: SocketPriceType | undefined;
  /** The price that triggers the order: that of the last trade, or an index. Default: `last`. */
  readonly reference?: "last" | "index" | undefined;
}

/** The type of an order, with the quantity and the prices that it requires. */
export type SocketOrderKind =
  | SocketMarketOrder
  | SocketCashOrder
  | SocketLimitOrder
  | SocketIcebergOrder
  | SocketTriggeredOrder
  | SocketTriggeredLimitOrder
  | SocketTrailingStopLimitOrder
  | SocketSettlePositionOrder;

/** A market order. It executes at once at the best available price. */
export interface SocketMarketOrder {
  /** The type of the order. */
  readonly order_type: "market";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** None, because there is an `order_qty`. */
  readonly cash_order_qty?: undefined;
  /** None, because a market order executes at any price. */
  readonly limit_price?: undefined;
  /** None, because a market order executes at once. */
  readonly triggers?: undefined;
}

/** A market order for an amount of the quote currency. */
export interface SocketCashOrder {
  /** The type of the order. */
  readonly order_type: "market";
  /** The amount in the quote currency. */
  readonly cash_order_qty: DecimalParam;
  /** None, because there is a `cash_order_qty`. */
  readonly order_qty?: undefined;
  /** None, because a market order executes at any price. */
  readonly limit_price?: undefined;
  /** None, because a market order executes at once. */
  readonly triggers?: undefined;
}

/** A limit order. */
export interface SocketLimitOrder {
  /** The type of the order. */
  readonly order_type: "limit";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** The limit price. */
  readonly limit_price: DecimalParam;
  /** None, because a limit order is placed at once. */
  readonly triggers?: undefined;
}

/** A limit order that shows only a part of its quantity. */
export interface SocketIcebergOrder {
  /** The type of the order. */
  readonly order_type: "iceberg";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** The visible part of the quantity, at least 1/15 of it. */
  readonly display_qty: DecimalParam;
  /** The limit price. */
  readonly limit_price: DecimalParam;
  /** None, because an iceberg order is placed at once. */
  readonly triggers?: undefined;
}

/** A market order that is triggered by a price, or if the price turns by a distance. */
export interface SocketTriggeredOrder {
  /** The type of the order. */
  readonly order_type: "stop-loss" | "take-profit" | "trailing-stop";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** The condition that triggers the order. */
  readonly triggers: OrderTrigger;
  /** None, because the triggered order is a market order. */
  readonly limit_price?: undefined;
}

/** A limit order that is triggered by a price. */
export interface SocketTriggeredLimitOrder {
  /** The type of the order. */
  readonly order_type: "stop-loss-limit" | "take-profit-limit";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** The condition that triggers the order. */
  readonly triggers: OrderTrigger;
  /** The limit price. */
  readonly limit_price: DecimalParam;
}

/** A limit order that is triggered if the price turns by a distance. */
export interface SocketTrailingStopLimitOrder {
  /** The type of the order. */
  readonly order_type: "trailing-stop-limit";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
  /** The condition that triggers the order. */
  readonly triggers: OrderTrigger;
  /** The limit price: its distance from the trigger price, in the unit of `limit_price_type`. */
  readonly limit_price: DecimalParam;
  /** The unit of `limit_price`. Default: `quote`. */
  readonly limit_price_type?: SocketPriceType | undefined;
}

/** An order that settles a margin position. */
export interface SocketSettlePositionOrder {
  /** The type of the order. */
  readonly order_type: "settle-position";
  /** The quantity in the base asset. */
  readonly order_qty: DecimalParam;
}

/** The common parameters of all orders. */
export interface SocketOrderParams {
  /** The side of the order. */
  readonly side: Side;
  /** The lifetime: until canceled (`gtc`, the default), until `expire_time` (`gtd`), immediate (`ioc`), or immediate and complete (`fok`). */
  readonly time_in_force?: "gtc" | "gtd" | "ioc" | "fok" | undefined;
  /** Whether the order is funded on margin. Default: false. */
  readonly margin?: boolean | undefined;
  /** Whether the order may only rest in the book. Default: false. */
  readonly post_only?: boolean | undefined;
  /** Whether the order can only reduce a position. Default: false. */
  readonly reduce_only?: boolean | undefined;
  /** The start time. Default: now. */
  readonly effective_time?: TimestampParam | undefined;
  /** The expiration time, with `gtd`. */
  readonly expire_time?: TimestampParam | undefined;
  /** The client order id: a UUID, or up to 18 characters. The socket generates one, unless there is an `order_userref`. */
  readonly cl_ord_id?: string | undefined;
  /** A 32-bit number for a group of orders. It excludes `cl_ord_id`. */
  readonly order_userref?: number | undefined;
  /** An order for the opposite side that is placed when this one is filled. */
  readonly conditional?: ConditionalOrder | undefined;
  /** The asset in which the fee is paid. */
  readonly fee_preference?: "base" | "quote" | undefined;
  /** The order that is canceled if two of your own orders would match. Default: `cancel_newest`. */
  readonly stp_type?: "cancel_newest" | "cancel_oldest" | "cancel_both" | undefined;
  /** The subaccount or trader for self trade prevention, for institutions. */
  readonly sender_sub_id?: string | undefined;
  /** @deprecated by Kraken, which ignores it. */
  readonly no_mpp?: boolean | undefined;
}

/** An order that is placed when another one is filled. */
export type ConditionalOrder =
  | (ConditionalLimit & {
      /** The type of the order. */
      readonly order_type: "limit";
      readonly trigger_price?: undefined;
    })
  | (ConditionalTrigger & {
      /** The type of the order. */
      readonly order_type: "stop-loss" | "take-profit" | "trailing-stop";
      readonly limit_price?: undefined;
    })
  | (ConditionalLimit &
      ConditionalTrigger & {
        /** The type of the order. */
        readonly order_type: "stop-loss-limit" | "take-profit-limit" | "trailing-stop-limit";
      });

interface ConditionalLimit {
  /** The limit price. */
  readonly limit_price: DecimalParam;
  /** The unit of `limit_price`. */
  readonly limit_price_type?: SocketPriceType | undefined;
}

interface ConditionalTrigger {
  /** The trigger price. */
  readonly trigger_price: DecimalParam;
  /** The unit of `trigger_price`. */
  readonly trigger_price_type?: SocketPriceType | undefined;
}

/** The parameters of one order. */
export type NewOrder = SocketOrderKind & SocketOrderParams;

/** The common parameters of requests with orders. */
export interface SocketOrderRequest {
  /** The pair, such as `"BTC/USD"`. */
  readonly symbol: string;
  /** The deadline of the request, 0.5 to 60 seconds from now. Default: 5 seconds. */
  readonly deadline?: TimestampParam | undefined;
  /** Whether to validate the order without placing it. Default: false. */
  readonly validate?: boolean | undefined;
}

/** The parameters of `batch_add`. */
export interface BatchAddParams extends SocketOrderRequest {
  /** 2 to 15 orders. */
  readonly orders: readonly NewOrder[];
}

/** An order, by its id or by its client order id. */
export type SocketAmendedOrder =
  | {
      /** The id of the order. */
      readonly order_id: string;
      readonly cl_ord_id?: undefined;
    }
  | {
      /** The client order id of the order. */
      readonly cl_ord_id: string;
      readonly order_id?: undefined;
    };

/** The order to amend, with its changes. */
export type SocketAmendOrderParams = SocketAmendedOrder & SocketAmendment;

/** The changes to an order. */
interface SocketAmendment {
  /** The new quantity in the base asset. */
  readonly order_qty?: DecimalParam | undefined;
  /** The new visible part of an iceberg order. */
  readonly display_qty?: DecimalParam | undefined;
  /** The new limit price. */
  readonly limit_price?: DecimalParam | undefined;
  /** The unit of `limit_price`, for trailing stops. */
  readonly limit_price_type?: SocketPriceType | undefined;
  /** The new trigger price. */
  readonly trigger_price?: DecimalParam | undefined;
  /** The unit of `trigger_price`. */
  readonly trigger_price_type?: SocketPriceType | undefined;
  /** Whether Kraken rejects a limit price at which the order would be filled at once. Default: false. */
  readonly post_only?: boolean | undefined;
  /** The pair. It is required for pairs that are not currency pairs. */
  readonly symbol?: string | undefined;
  /** The deadline of the request, 0.5 to 60 seconds from now. Default: 5 seconds. */
  readonly deadline?: TimestampParam | undefined;
}

/** The order to replace, with its changes. */
export interface SocketEditOrderParams extends SocketOrderRequest {
  /** The id of the order. */
  readonly order_id: string;
  /** The quantity in the base asset. */
  readonly order_qty?: DecimalParam | undefined;
  /** The visible part of an iceberg order. */
  readonly display_qty?: DecimalParam | undefined;
  /** The limit price. */
  readonly limit_price?: DecimalParam | undefined;
  /** The condition that triggers the order. */
  readonly triggers?: OrderTrigger | undefined;
  /** The `order_userref` of the new order. */
  readonly order_userref?: number | undefined;
  /** Whether the new order may only rest in the book. */
  readonly post_only?: boolean | undefined;
  /** Whether the new order can only reduce a position. */
  readonly reduce_only?: boolean | undefined;
  /** The asset in which the fee is paid. */
  readonly fee_preference?: "base" | "quote" | undefined;
  /** @deprecated by Kraken, which ignores it. */
  readonly no_mpp?: boolean | undefined;
}

/** The orders to cancel, in one or more lists. */
export type SocketCancelOrderParams = CanceledOrders &
  (
    | Required<Pick<CanceledOrders, "order_id">>
    | Required<Pick<CanceledOrders, "cl_ord_id">>
    | Required<Pick<CanceledOrders, "order_userref">>
  );

interface UndecidedAmendOrder<Why> extends Mistake<Why>, AnyOf<SocketAmendedOrder>, SocketAmendment {}
interface UndecidedCancelOrder<Why> extends Mistake<Why>, CanceledOrders {}

/** For a method that takes one of several parameters: what the compiler shows if there is none of them, or two that exclude each other. */
export type SocketUndecided<M> = M extends "amend_order"
  ? Undecided<UndecidedAmendOrder<"Pass either `order_id` or `cl_ord_id`">, SocketAmendedOrder>
  : M extends "cancel_order"
    ? Undecided<UndecidedCancelOrder<"Pass `order_id`, `cl_ord_id` or `order_userref`">, CanceledOrders>
    : never;

interface CanceledOrders {
  /** Ids of orders. */
  readonly order_id?: readonly string[];
  /** Client order ids of orders. */
  readonly cl_ord_id?: readonly string[];
  /** `order_userref`s, each of which selects all of its orders. The call resolves after as many answers as there are references. */
  readonly order_userref?: readonly number[];
}

/** 2 to 50 orders to cancel. */
export interface BatchCancelParams {
  /** Ids or `order_userref`s of orders. */
  readonly orders?: readonly (string | number)[] | undefined;
  /** Client order ids of orders. */
  readonly cl_ord_id?: readonly string[] | undefined;
}

/** The ids of an order, as answers have them. */
export interface NamedOrder {
  /** The id of the order. */
  readonly order_id?: string;
  /** The client order id. */
  readonly cl_ord_id?: string;
}

/** An order that was placed. */
export interface PlacedOrder extends NamedOrder {
  /** The id of the order. */
  readonly order_id: string;
  /** The `order_userref` of the order. */
  readonly order_userref?: number;
  /** Warnings, for example about deprecated parameters. */
  readonly warnings?: readonly string[];
}

/** For a method that places orders: its parameters with orders of which the compiler knows only text of their type. */
export type WidenedSocketOrders<M> = M extends "add_order"
  ? WidenedOrder<NewOrder & SocketOrderRequest, SocketOrderKind, "order_type", SocketOrderParams & SocketOrderRequest>
  : M extends "batch_add"
    ? SocketOrderRequest & {
        /** The orders. */
        readonly orders: readonly WidenedOrder<NewOrder, SocketOrderKind, "order_type", SocketOrderParams>[];
      }
    : never;

/** The trading methods, with the parameters and the result of each. */
export interface SpotMethods {
  /** Places an order, or only validates it. */
  add_order: { params: NewOrder & SocketOrderRequest; result: PlacedOrder };
  /** Changes an order without moving it in the book. */
  amend_order: {
    params: SocketAmendOrderParams;
    result: NamedOrder & {
      /** The id of the amendment. */
      readonly amend_id: string;
    };
  };
  /** Cancels an order and places a new one. Prefer amend_order, which keeps the order's place in the book. */
  edit_order: {
    params: SocketEditOrderParams;
    result: {
      /** The id of the new order. */
      readonly order_id: string;
      /** The id of the replaced order. */
      readonly original_order_id: string;
    };
  };
  /** Cancels orders. For several orders, the result is a list, because Kraken answers each order. */
  cancel_order: { params: SocketCancelOrderParams; result: NamedOrder | readonly NamedOrder[] };
  /** Cancels all orders. */
  cancel_all: {
    params: NoParams;
    result: {
      /** The number of canceled orders. */
      readonly count: number;
    };
  };
  /**
   * Cancels all orders after a number of seconds, up to 3600 as a number, or below 86400 as text, unless it is called again before. 0 disarms the timer.
   */
  cancel_all_orders_after: {
    params: {
      /** Seconds until the orders are canceled: up to 3600 as a number, or below 86400 as text. 0 disarms the timer. */
      readonly timeout: number | `${number}`;
    };
    result: {
      /** The time when Kraken received the request, RFC 3339. */
      readonly currentTime: string;
      /** The time at which the orders are canceled, RFC 3339; `"0"` if the timer is disarmed. */
      readonly triggerTime: string;
    };
  };
  /** Places 2 to 15 orders for one pair. */
  batch_add: { params: BatchAddParams; result: readonly PlacedOrder[] };
  /** Cancels 2 to 50 orders. */
  batch_cancel: {
    params: BatchCancelParams;
    result: {
      /** The number of canceled orders. */
      readonly count?: number;
      /** The number of canceled orders, under the other name that Kraken uses for it. */
      readonly orders_cancelled?: number;
    };
  };
}
