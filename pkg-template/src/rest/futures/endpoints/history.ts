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
  /** Whether positions were opened. */
  readonly opened?: boolean | undefined;
  /** Whether positions were closed. */
  readonly closed?: boolean | undefined;
  /** Whether positions grew. */
  readonly increased?: boolean | undefined;
  /** Whether positions shrank. */
  readonly decreased?: boolean | undefined;
  /** Whether positions changed direction. */
  readonly reversed?: boolean | undefined;
  /** Where the size stayed. */
  readonly no_change?: boolean | undefined;
  /** Because of a trade. */
  readonly trades?: boolean | undefined;
  /** Because funding was realized. */
  readonly funding_realization?: boolean | undefined;
  /** Because the contract was settled. */
  readonly settlement?: boolean | undefined;
}

/** A page of the account's history. */
export interface AccountPage<Event> extends EventPage<Event> {
  /** The account's id. */
  accountUid: string;
  /** RFC 3339. */
  serverTime?: string;
}

export interface ExecutionEvent {
  /** What was traded. */
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
  /** What was taken off a reduce-only order; may be empty. */
  takerReducedQuantity: string;
}

/** What is told of the account's own side. */
export interface ExecutedOrder {
  /** What was charged. */
  fee: string;
  /** The position's size afterwards. */
  positionSize: string;
  /** How the fee was made. */
  feeCalculationInfo?: FeeCalculation | FeeCalculation[] | null;
}

export interface FeeCalculation {
  /** Percent. */
  percentageFee: string;
  /** The discount. */
  userFeeDiscountApplied?: string | null;
  /** The rebate for the market share. */
  marketShareRebateCredited?: string | null;
}

export interface HistoricalOrder {
  /** Its id. */
  uid: string;
  /** The account's id. */
  accountUid?: string;
  /** The symbol. */
  tradeable: string;
  /** Whether it buys or sells. */
  direction: Known<"Buy" | "Sell" | "unknown">;
  /** In units of the contract. */
  quantity: string;
  /** How much has traded. */
  filled?: string;
  /** When it was. */
  timestamp: number;
  /** The limit. */
  limitPrice: string;
  /** The order's type. */
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  /** The id that the order was given; may be empty. */
  clientId?: string;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** When it was changed last. */
  lastUpdateTimestamp: number;
  /** Kraken's own data of orders on Spot. */
  spotData?: string | null;
  /** For reports to authorities. */
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
  /** The account's number. */
  accountId?: number;
  /** The order's type. */
  orderType: string;
  /** What triggers it. */
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
  /** The account's id. */
  accountUid: string;
  /** The symbol. */
  tradeable: string;
  /** The size before, signed. */
  oldPosition: string;
  /** The entry price before. */
  oldAverageEntryPrice?: string | null;
  /** The size after, signed. */
  newPosition: string;
  /** The entry price after. */
  newAverageEntryPrice?: string;
  /** When it was traded. */
  fillTime?: number | null;
  /** What was charged. */
  fee?: string;
  /** The currency of the fee. */
  feeCurrency?: string;
  /** Profit or loss, before fees. */
  realizedPnL?: string;
  /** What became of the position. */
  positionChange: Known<"open" | "close" | "increase" | "decrease" | "reverse" | "noChange" | "unknown">;
  /** The execution's id. */
  executionUid?: string;
  /** The execution's price. */
  executionPrice?: string;
  /** The execution's size. */
  executionSize?: string;
  /** Why it was traded. */
  tradeType?: Known<"userExecution" | "liquidation" | "assignment" | "unwind" | "unknown">;
  /** When funding was realized. */
  fundingRealizationTime?: number | null;
  /** How much funding was realized. */
  realizedFunding?: string | null;
  /** The price at which it was settled. */
  settlementPrice?: string | null;
  /** When it was. */
  timestamp: number;
  /** Why it changed. */
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
  /** From then on. */
  readonly since?: MillisecondsParam | undefined;
  /** Before then. */
  readonly before?: MillisecondsParam | undefined;
  /** Entries from this id on. */
  readonly from?: number | bigint | string | undefined;
  /** Entries up to this id. */
  readonly to?: number | bigint | string | undefined;
  /** `desc`, the latest first, by default. */
  readonly sort?: "asc" | "desc" | undefined;
  /** Only entries of this kind. */
  readonly info?: AccountLogKind | readonly AccountLogKind[] | undefined;
  /** At most so many; 500 by default. */
  readonly count?: number | undefined;
  /** Whether conversions are told in full. */
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogFileParams {
  /** Whether conversions are told in full. */
  readonly conversion_details?: boolean | undefined;
}

export interface AccountLogResult {
  /** The account's id. */
  accountUid: string;
  /** The entries. */
  logs: AccountLogEntry[];
}

/** What does not concern an entry is `null`, or is not there. */
export interface AccountLogEntry {
  /** Counts the entries. */
  id: number;
  /** RFC 3339. */
  date: string;
  /** The currency, or the contract. */
  asset: string;
  /** Which kind of entry it is. */
  info: Known<AccountLogKind>;
  /** The booking's id. */
  booking_uid: string;
  /** The contract, in lower case. */
  contract?: string | null;
  /** The wallet. */
  margin_account: string;
  /** The collateral's currency. */
  collateral?: string | null;
  /** The execution or the transfer. */
  execution?: string | null;
  /** What was charged. */
  fee?: number | null;
  /** Absolute. */
  funding_rate?: number | null;
  /** The mark price at that time. */
  mark_price?: number | null;
  /** The trade's price. */
  trade_price?: number | null;
  /** The entry price before. */
  old_average_entry_price?: number | null;
  /** The entry price after. */
  new_average_entry_price?: number | null;
  /** Before it; of a contract, the position's size. */
  old_balance: number;
  /** After it; of a contract, the position's size. */
  new_balance: number;
  /** How much funding was realized. */
  realized_funding?: number | null;
  /** Profit or loss, before fees. */
  realized_pnl?: number | null;
  /** Percent. */
  conversion_spread_percentage?: number | null;
  /** The fee for a liquidation. */
  liquidation_fee?: number | null;
  /** The position's id. */
  position_uid?: string | null;
  /** The rate of a conversion. */
  exchange_rate?: number | null;
  /** Percent. */
  conversion_fee?: number | null;
  /** The currency that was converted. */
  exchange_rate_from?: string | null;
}
