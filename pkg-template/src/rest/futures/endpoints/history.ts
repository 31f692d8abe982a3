/**
 * The endpoints for the account's histories. Versions 2 and 3 have the same answers here. Sources: docs.kraken.com, Derivatives REST, History, with
 * Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and change log, November 2026. Answers are also from python-kraken-sdk and Kraken.Net's
 * tests. If sources disagree, the type is the wider one. Amounts are text, except in the account log. Times are milliseconds since 1970.
 */
import type { Endpoint } from "../../endpoint.js";
import { type Known, type MillisecondsParam, historyTimes, read } from "./common.js";
import type { EventPage, EventsParams } from "./market.js";

const history = /* @__PURE__ */ read("GET", { times: historyTimes });
const file = /* @__PURE__ */ read("GET", { file: true, times: historyTimes });

export const historyRecords = /* @__PURE__ */ (() =>
  ({
    "GET:/api/history/v2/executions": history,
    "GET:/api/history/v2/orders": history,
    "GET:/api/history/v2/triggers": history,
    "GET:/api/history/v2/positions": history,
    "GET:/api/history/v2/account-log": history,
    "GET:/api/history/v2/accountlogcsv": file,
    "GET:/api/history/v3/executions": history,
    "GET:/api/history/v3/orders": history,
    "GET:/api/history/v3/triggers": history,
    "GET:/api/history/v3/positions": history,
    "GET:/api/history/v3/account-log": history,
    "GET:/api/history/v3/accountlogcsv": file,
  }) as const satisfies { [Name in keyof FuturesHistoryEndpoints]: Endpoint })();

type Executions = {
  params: ExecutionsParams;
  result: AccountPage<
    | {
        /** A trade. */
        Execution: ExecutionEvent;
      }
    | {
        /** A trade. */
        execution: ExecutionEvent;
      }
  >;
};
type Orders = { params: OrdersParams; result: AccountPage<OrderHistoryEvent> };
type Triggers = { params: OrdersParams; result: AccountPage<TriggerEvent> };
type Positions = {
  params: PositionsParams;
  result: AccountPage<
    | {
        /** A change of a position. */
        PositionUpdate: PositionUpdate;
      }
    | PositionUpdate
  >;
};
type AccountLog = { params: AccountLogParams; result: AccountLogResult };
type AccountLogFile = { params: AccountLogFileParams; result: Uint8Array };

/** The account's histories. `pages` iterates over them. */
export interface FuturesHistoryEndpoints {
  /** Returns the account's executions, from an older path. */
  "GET:/api/history/v2/executions": Executions;
  /** Returns events of the account's orders, from an older path. */
  "GET:/api/history/v2/orders": Orders;
  /** Returns events of the account's trigger orders, from an older path. */
  "GET:/api/history/v2/triggers": Triggers;
  /** Returns changes of the account's positions, from an older path. */
  "GET:/api/history/v2/positions": Positions;
  /** Returns changes of the account's balances, from an older path. */
  "GET:/api/history/v2/account-log": AccountLog;
  /** Returns the last 500,000 entries as CSV. */
  "GET:/api/history/v2/accountlogcsv": AccountLogFile;
  /** Returns the account's executions. */
  "GET:/api/history/v3/executions": Executions;
  /** Returns events of the account's orders. */
  "GET:/api/history/v3/orders": Orders;
  /** Returns events of the account's trigger orders. */
  "GET:/api/history/v3/triggers": Triggers;
  /** Returns changes of the account's positions. */
  "GET:/api/history/v3/positions": Positions;
  /** Returns changes of the account's balances. */
  "GET:/api/history/v3/account-log": AccountLog;
  /** Returns the last 500,000 entries as CSV. */
  "GET:/api/history/v3/accountlogcsv": AccountLogFile;
}

export interface ExecutionsParams extends EventsParams {
  /** The contract of the rows. */
  readonly tradeable?: string | undefined;
}

export interface OrdersParams extends ExecutionsParams {
  /** Whether to return orders that were placed in the period. */
  readonly opened?: boolean | undefined;
  /** Whether to return orders that were closed in the period. */
  readonly closed?: boolean | undefined;
}

/** Filters, which are `true` if set. Without any, all changes are returned. A row must match one of the changes and one of the reasons. */
export interface PositionsParams extends ExecutionsParams {
  /** Includes positions that were opened. */
  readonly opened?: boolean | undefined;
  /** Includes positions that were closed. */
  readonly closed?: boolean | undefined;
  /** Includes positions that grew. */
  readonly increased?: boolean | undefined;
  /** Includes positions that shrank. */
  readonly decreased?: boolean | undefined;
  /** Includes positions that changed direction. */
  readonly reversed?: boolean | undefined;
  /** Includes positions whose size stayed the same. */
  readonly no_change?: boolean | undefined;
  /** Includes changes by a trade. */
  readonly trades?: boolean | undefined;
  /** Includes changes by the realization of funding. */
  readonly funding_realization?: boolean | undefined;
  /** Includes changes by the settlement of the contract. */
  readonly settlement?: boolean | undefined;
}

/** A page of the account's history. */
export interface AccountPage<Event> extends EventPage<Event> {
  /** The id of the account. */
  accountUid: string;
  /** The time of the exchange's clock, RFC 3339. */
  serverTime?: string;
}

export interface ExecutionEvent {
  /** The execution and its orders. */
  execution: {
    /** The id of the trade. */
    uid: string;
    /** The order of the maker. */
    makerOrder: HistoricalOrder;
    /** The order of the taker. */
    takerOrder: HistoricalOrder;
    /** The order of the taker before the trade. */
    oldTakerOrder?: HistoricalOrder | null;
    /** The time of the trade, in milliseconds since 1970. */
    timestamp: number;
    /** The size, as text. */
    quantity: string;
    /** The price, as text. */
    price: string;
    /** The mark price at the time of the trade, as text. */
    markPrice: string;
    /** Whether the order of the maker was filled completely. */
    limitFilled: boolean;
    /** The value in USD, as text. */
    usdValue?: string;
    /** More about the order of the maker. */
    makerOrderData?: ExecutedOrder | null;
    /** More about the order of the taker. */
    takerOrderData?: ExecutedOrder | null;
    /** The data that a regulated venue has to report. */
    regulatoryData?: {
      /** The venue. */
      venue?: string;
      /** The other side of the trade. */
      counterparty?: string;
      /** The id of the trade at the venue. */
      externalUid?: string;
    };
  };
  /** The size that was removed from a reduce-only order. It may be empty. */
  takerReducedQuantity: string;
}

/** The account's side of an execution. */
export interface ExecutedOrder {
  /** The fee. */
  fee: string;
  /** The size of the position after the execution. */
  positionSize: string;
  /** The calculation of the fee. */
  feeCalculationInfo?: FeeCalculation | FeeCalculation[] | null;
}

export interface FeeCalculation {
  /** The fee in percent. */
  percentageFee: string;
  /** The discount. */
  userFeeDiscountApplied?: string | null;
  /** The rebate for the market share. */
  marketShareRebateCredited?: string | null;
}

export interface HistoricalOrder {
  /** The id of the order. */
  uid: string;
  /** The id of the account. */
  accountUid?: string;
  /** The symbol of the contract. */
  tradeable: string;
  /** The direction: buy or sell. */
  direction: Known<"Buy" | "Sell" | "unknown">;
  /** The quantity in units of the contract. */
  quantity: string;
  /** The filled size. */
  filled?: string;
  /** The time of the order. */
  timestamp: number;
  /** The limit price. */
  limitPrice: string;
  /** The type of the order. */
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  /** The client order id, which may be empty. */
  clientId?: string;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The time of the last change. */
  lastUpdateTimestamp: number;
  /** Kraken's own data of Spot orders. */
  spotData?: string | null;
  /** An id for regulatory reports. */
  regulatoryExternalUid?: string;
}

export type OrderHistoryEvent =
  | {
      /** An order was placed. */
      OrderPlaced: {
        /** The order. */
        order: HistoricalOrder;
        /** The reason. */
        reason: string;
        /** The size that was removed from a reduce-only order. */
        reducedQuantity?: string;
        /** The id of the algorithm that placed the order. */
        algoId?: string;
      };
    }
  | {
      /** An order was changed. */
      OrderUpdated: {
        /** The order before the change. */
        oldOrder: HistoricalOrder;
        /** The order after the change. */
        newOrder: HistoricalOrder;
        /** The reason. */
        reason: string;
        /** The size that was removed from a reduce-only order. */
        reducedQuantity?: string;
      };
    }
  | {
      /** An order was rejected. */
      OrderRejected: {
        /** The order. */
        order: HistoricalOrder;
        /** The error. */
        orderError: string;
        /** The reason. */
        reason: string;
      };
    }
  | {
      /** An order was canceled. */
      OrderCancelled: {
        /** The order. */
        order: HistoricalOrder;
        /** The reason. */
        reason: string;
      };
    }
  | {
      /** There is no order with the id of a request. */
      OrderNotFound: {
        /** The id of the account. */
        accountUid: string;
        /** The id of the order. */
        orderId: string;
      };
    }
  | {
      /** A change of an order was rejected. */
      OrderEditRejected: {
        /** The order as it is. */
        oldOrder: HistoricalOrder;
        /** The order as it would have been. */
        attemptedOrder: HistoricalOrder;
        /** The error. */
        orderError: string;
      };
    };

export interface HistoricalTrigger extends Omit<HistoricalOrder, "orderType" | "filled"> {
  /** The number of the account. */
  accountId?: number;
  /** The type of the order. */
  orderType: string;
  /** The trigger of the order. */
  triggerOptions?: {
    /** The price that triggers the order, as text. */
    triggerPrice: string;
    /** The price that triggers the order: mark, index or last. */
    triggerSignal: Known<"MarkPrice" | "LastPrice" | "SpotPrice" | "unknown">;
    /** The side from which the price is reached. */
    triggerSide: Known<"Above" | "Below" | "unknown">;
    /** The distance of a trailing stop. */
    trailingStopOptions?: {
      /** The distance, in the unit of `unit`. */
      maxDeviation: string;
      /** The unit of the distance. */
      unit: Known<"Percent" | "QuoteCurrency" | "unknown">;
    } | null;
    /** The distance of the limit price from the trigger price. */
    limitPriceOffset?: {
      /** The distance, in the unit of `unit`. */
      priceOffset: string;
      /** The unit of the distance. */
      unit: Known<"Percent" | "QuoteCurrency" | "unknown">;
    } | null;
  };
}

export type TriggerEvent =
  | {
      /** A trigger order was placed. */
      OrderTriggerPlaced: {
        /** The trigger order. */
        order: HistoricalTrigger;
        /** The reason. */
        reason: string;
      };
    }
  | {
      /** A trigger order was canceled. */
      OrderTriggerCancelled: {
        /** The trigger order. */
        order: HistoricalTrigger;
        /** The reason. */
        reason: string;
      };
    }
  | {
      /** A trigger order was changed. */
      OrderTriggerUpdated: {
        /** The trigger order before the change. */
        oldOrderTrigger: HistoricalTrigger;
        /** The trigger order after the change. */
        newOrderTrigger: HistoricalTrigger;
        /** The reason. */
        reason: string;
      };
    }
  | {
      /** A trigger order was triggered. */
      OrderTriggerActivated: {
        /** The trigger order. */
        order: HistoricalTrigger;
      };
    }
  | {
      /** A change of a trigger order was rejected. */
      OrderTriggerEditRejected: {
        /** The trigger order as it is. */
        oldOrderTrigger: HistoricalTrigger;
        /** The trigger order as it would have been. */
        attemptedOrderTrigger: HistoricalTrigger;
        /** The reason. */
        reason: string;
        /** The error. */
        orderError: string;
      };
    };

export interface PositionUpdate {
  /** The id of the account. */
  accountUid: string;
  /** The symbol of the contract. */
  tradeable: string;
  /** The size before the change, signed. */
  oldPosition: string;
  /** The entry price before the change. */
  oldAverageEntryPrice?: string | null;
  /** The size after the change, signed. */
  newPosition: string;
  /** The entry price after the change. */
  newAverageEntryPrice?: string;
  /** The time of the trade. */
  fillTime?: number | null;
  /** The fee. */
  fee?: string;
  /** The currency of the fee. */
  feeCurrency?: string;
  /** The profit or loss, before fees. */
  realizedPnL?: string;
  /** The change of the position. */
  positionChange: Known<"open" | "close" | "increase" | "decrease" | "reverse" | "noChange" | "unknown">;
  /** The id of the execution. */
  executionUid?: string;
  /** The price of the execution. */
  executionPrice?: string;
  /** The size of the execution. */
  executionSize?: string;
  /** The type of the trade. */
  tradeType?: Known<"userExecution" | "liquidation" | "assignment" | "unwind" | "unknown">;
  /** The time when funding was realized. */
  fundingRealizationTime?: number | null;
  /** The realized funding. */
  realizedFunding?: string | null;
  /** The price of the settlement. */
  settlementPrice?: string | null;
  /** The time of the change. */
  timestamp: number;
  /** The reason for the change. */
  updateReason: Known<"trade" | "fundingRealisation" | "settlement" | "unknown">;
}

export type AccountLogKind =
  | "futures trade"
  | "futures liquidation"
  | "futures assignor"
  | "futures assignee"
  | "futures unwind counterparty"
  | "futures unwind bankrupt"
  | "covered liquidation"
  | "funding rate change"
  | "conversion"
  | "interest payment"
  | "transfer"
  | "cross-exchange transfer"
  | "kfee applied"
  | "subaccount transfer"
  | "settlement"
  | "admin transfer"
  | "tax withheld"
  | "tax refund";

export interface AccountLogParams {
  /** The start of the period. */
  readonly since?: MillisecondsParam | undefined;
  /** The exclusive end of the period. */
  readonly before?: MillisecondsParam | undefined;
  /** The first id of the entries. */
  readonly from?: number | bigint | string | undefined;
  /** The last id of the entries. */
  readonly to?: number | bigint | string | undefined;
  /** The order of the entries. Default: `desc`, the latest first. */
  readonly sort?: "asc" | "desc" | undefined;
  /** The types of the entries. */
  readonly info?: AccountLogKind | readonly AccountLogKind[] | undefined;
  /** The maximum number of entries. Default: 500. */
  readonly count?: number | undefined;
  /** Whether to return conversions in full. */
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogFileParams {
  /** Whether to return conversions in full. */
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogResult {
  /** The id of the account. */
  accountUid: string;
  /** The entries. */
  logs: AccountLogEntry[];
}

/** An entry of the account log. A field that does not concern it is `null` or missing. */
export interface AccountLogEntry {
  /** The number of the entry. */
  id: number;
  /** The time, RFC 3339. */
  date: string;
  /** The currency or the contract. */
  asset: string;
  /** The type of the entry. */
  info: Known<AccountLogKind>;
  /** The id of the booking. */
  booking_uid: string;
  /** The contract, in lower case. */
  contract?: string | null;
  /** The wallet. */
  margin_account: string;
  /** The collateral's currency. */
  collateral?: string | null;
  /** The id of the execution or the transfer. */
  execution?: string | null;
  /** The fee. */
  fee?: number | null;
  /** The absolute funding rate. */
  funding_rate?: number | null;
  /** The mark price at the time of the entry. */
  mark_price?: number | null;
  /** The price of the trade. */
  trade_price?: number | null;
  /** The entry price before the change. */
  old_average_entry_price?: number | null;
  /** The entry price after the change. */
  new_average_entry_price?: number | null;
  /** The balance before the entry. For a contract, it is the size of the position. */
  old_balance: number;
  /** The balance after the entry. For a contract, it is the size of the position. */
  new_balance: number;
  /** The realized funding. */
  realized_funding?: number | null;
  /** The profit or loss, before fees. */
  realized_pnl?: number | null;
  /** The spread of a conversion, in percent. */
  conversion_spread_percentage?: number | null;
  /** The fee for a liquidation. */
  liquidation_fee?: number | null;
  /** The id of the position. */
  position_uid?: string | null;
  /** The rate of a conversion. */
  exchange_rate?: number | null;
  /** The fee for a conversion, in percent. */
  conversion_fee?: number | null;
  /** The currency that was converted. */
  exchange_rate_from?: string | null;
}
