/**
 * The account's histories. Version 2 and version 3 answer the same here. Sources: docs.kraken.com, Derivatives REST, History, with Kraken's own
 * OpenAPI files (github.com/krakenfx/api-specs) and change log, November 2026; answers also from python-kraken-sdk and Kraken.Net's tests. Where
 * they disagree, the type is the wider one. Amounts are text but in the account log; times are milliseconds since 1970.
 */
import type { Endpoint } from "../../endpoint.js";
import { type Known, type MillisecondsParam, get, read } from "./common.js";
import type { EventPage, EventsParams } from "./market.js";

const file = /* @__PURE__ */ read("GET", { file: true });

export const historyRecords = /* @__PURE__ */ (() =>
  ({
    "GET:/api/history/v2/executions": get,
    "GET:/api/history/v2/orders": get,
    "GET:/api/history/v2/triggers": get,
    "GET:/api/history/v2/positions": get,
    "GET:/api/history/v2/account-log": get,
    "GET:/api/history/v2/accountlogcsv": file,
    "GET:/api/history/v3/executions": get,
    "GET:/api/history/v3/orders": get,
    "GET:/api/history/v3/triggers": get,
    "GET:/api/history/v3/positions": get,
    "GET:/api/history/v3/account-log": get,
    "GET:/api/history/v3/accountlogcsv": file,
  }) as const satisfies { [Name in keyof FuturesHistoryEndpoints]: Endpoint })();

type Executions = { params: ExecutionsParams; result: AccountPage<{ Execution: ExecutionEvent } | { execution: ExecutionEvent }> };
type Orders = { params: OrdersParams; result: AccountPage<OrderHistoryEvent> };
type Triggers = { params: OrdersParams; result: AccountPage<TriggerEvent> };
type Positions = { params: PositionsParams; result: AccountPage<{ PositionUpdate: PositionUpdate } | PositionUpdate> };
type AccountLog = { params: AccountLogParams; result: AccountLogResult };
type AccountLogFile = { params: AccountLogFileParams; result: Uint8Array };

/** `pages` goes through them. */
export interface FuturesHistoryEndpoints {
  "GET:/api/history/v2/executions": Executions;
  "GET:/api/history/v2/orders": Orders;
  "GET:/api/history/v2/triggers": Triggers;
  "GET:/api/history/v2/positions": Positions;
  "GET:/api/history/v2/account-log": AccountLog;
  /** CSV, the last 500,000 entries. */
  "GET:/api/history/v2/accountlogcsv": AccountLogFile;
  "GET:/api/history/v3/executions": Executions;
  "GET:/api/history/v3/orders": Orders;
  "GET:/api/history/v3/triggers": Triggers;
  "GET:/api/history/v3/positions": Positions;
  "GET:/api/history/v3/account-log": AccountLog;
  /** CSV, the last 500,000 entries. */
  "GET:/api/history/v3/accountlogcsv": AccountLogFile;
}

export interface ExecutionsParams extends EventsParams {
  /** Only of this contract. */
  readonly tradeable?: string | undefined;
}

export interface OrdersParams extends ExecutionsParams {
  /** Whether to tell those that were placed in that time. */
  readonly opened?: boolean | undefined;
  /** Whether to tell those that were closed in that time. */
  readonly closed?: boolean | undefined;
}

/** `true` for what is wanted; nothing for all. Of changes and of reasons, one each has to fit. */
export interface PositionsParams extends ExecutionsParams {
  readonly opened?: boolean | undefined;
  readonly closed?: boolean | undefined;
  readonly increased?: boolean | undefined;
  readonly decreased?: boolean | undefined;
  readonly reversed?: boolean | undefined;
  readonly no_change?: boolean | undefined;
  readonly trades?: boolean | undefined;
  readonly funding_realization?: boolean | undefined;
  readonly settlement?: boolean | undefined;
}

/** A page of the account's history. */
export interface AccountPage<Event> extends EventPage<Event> {
  accountUid: string;
  /** RFC 3339. */
  serverTime?: string;
}

export interface ExecutionEvent {
  execution: {
    uid: string;
    makerOrder: HistoricalOrder;
    takerOrder: HistoricalOrder;
    oldTakerOrder?: HistoricalOrder | null;
    timestamp: number;
    quantity: string;
    price: string;
    markPrice: string;
    limitFilled: boolean;
    usdValue?: string;
    makerOrderData?: ExecutedOrder | null;
    takerOrderData?: ExecutedOrder | null;
    regulatoryData?: { venue?: string; counterparty?: string; externalUid?: string };
  };
  takerReducedQuantity: string;
}

/** What is told of the account's own side. */
export interface ExecutedOrder {
  fee: string;
  positionSize: string;
  feeCalculationInfo?: FeeCalculation | FeeCalculation[] | null;
}

export interface FeeCalculation {
  percentageFee: string;
  userFeeDiscountApplied?: string | null;
  marketShareRebateCredited?: string | null;
}

export interface HistoricalOrder {
  uid: string;
  accountUid?: string;
  tradeable: string;
  direction: Known<"Buy" | "Sell" | "unknown">;
  quantity: string;
  filled?: string;
  timestamp: number;
  limitPrice: string;
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  clientId?: string;
  reduceOnly: boolean;
  lastUpdateTimestamp: number;
  spotData?: string | null;
  regulatoryExternalUid?: string;
}

export type OrderHistoryEvent =
  | { OrderPlaced: { order: HistoricalOrder; reason: string; reducedQuantity?: string; algoId?: string } }
  | { OrderUpdated: { oldOrder: HistoricalOrder; newOrder: HistoricalOrder; reason: string; reducedQuantity?: string } }
  | { OrderRejected: { order: HistoricalOrder; orderError: string; reason: string } }
  | { OrderCancelled: { order: HistoricalOrder; reason: string } }
  | { OrderNotFound: { accountUid: string; orderId: string } }
  | { OrderEditRejected: { oldOrder: HistoricalOrder; attemptedOrder: HistoricalOrder; orderError: string } };

export interface HistoricalTrigger extends Omit<HistoricalOrder, "orderType" | "filled"> {
  accountId?: number;
  orderType: string;
  triggerOptions?: {
    triggerPrice: string;
    triggerSignal: Known<"MarkPrice" | "LastPrice" | "SpotPrice" | "unknown">;
    triggerSide: Known<"Above" | "Below" | "unknown">;
    trailingStopOptions?: { maxDeviation: string; unit: Known<"Percent" | "QuoteCurrency" | "unknown"> } | null;
    limitPriceOffset?: { priceOffset: string; unit: Known<"Percent" | "QuoteCurrency" | "unknown"> } | null;
  };
}

export type TriggerEvent =
  | { OrderTriggerPlaced: { order: HistoricalTrigger; reason: string } }
  | { OrderTriggerCancelled: { order: HistoricalTrigger; reason: string } }
  | { OrderTriggerUpdated: { oldOrderTrigger: HistoricalTrigger; newOrderTrigger: HistoricalTrigger; reason: string } }
  | { OrderTriggerActivated: { order: HistoricalTrigger } }
  | {
      OrderTriggerEditRejected: {
        oldOrderTrigger: HistoricalTrigger;
        attemptedOrderTrigger: HistoricalTrigger;
        reason: string;
        orderError: string;
      };
    };

export interface PositionUpdate {
  accountUid: string;
  tradeable: string;
  oldPosition: string;
  oldAverageEntryPrice?: string | null;
  newPosition: string;
  newAverageEntryPrice?: string;
  fillTime?: number | null;
  fee?: string;
  feeCurrency?: string;
  realizedPnL?: string;
  positionChange: Known<"open" | "close" | "increase" | "decrease" | "reverse" | "noChange" | "unknown">;
  executionUid?: string;
  executionPrice?: string;
  executionSize?: string;
  tradeType?: Known<"userExecution" | "liquidation" | "assignment" | "unwind" | "unknown">;
  fundingRealizationTime?: number | null;
  realizedFunding?: string | null;
  settlementPrice?: string | null;
  timestamp: number;
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
  readonly since?: MillisecondsParam | undefined;
  readonly before?: MillisecondsParam | undefined;
  /** Entries from this id on. */
  readonly from?: number | bigint | string | undefined;
  /** Entries up to this id. */
  readonly to?: number | bigint | string | undefined;
  /** `desc`, the latest first, by default. */
  readonly sort?: "asc" | "desc" | undefined;
  readonly info?: AccountLogKind | readonly AccountLogKind[] | undefined;
  /** At most so many; 500 by default. */
  readonly count?: number | undefined;
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogFileParams {
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogResult {
  accountUid: string;
  logs: AccountLogEntry[];
}

/** What does not concern an entry is `null`, or is not there. */
export interface AccountLogEntry {
  id: number;
  /** RFC 3339. */
  date: string;
  asset: string;
  info: Known<AccountLogKind>;
  booking_uid: string;
  contract?: string | null;
  /** The wallet. */
  margin_account: string;
  collateral?: string | null;
  /** The execution or the transfer. */
  execution?: string | null;
  fee?: number | null;
  funding_rate?: number | null;
  mark_price?: number | null;
  trade_price?: number | null;
  old_average_entry_price?: number | null;
  new_average_entry_price?: number | null;
  old_balance: number;
  new_balance: number;
  realized_funding?: number | null;
  realized_pnl?: number | null;
  conversion_spread_percentage?: number | null;
  liquidation_fee?: number | null;
  position_uid?: string | null;
  exchange_rate?: number | null;
  /** Percent. */
  conversion_fee?: number | null;
  exchange_rate_from?: string | null;
}
