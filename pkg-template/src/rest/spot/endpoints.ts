import type { Endpoint, TimeUnits } from "../endpoint.js";
import type { AnyOf, ClientParams, Mistake, Undecided, WidenedOrder } from "../mistake.js";
import { type AccountEndpoints, accountRecords } from "./endpoints/account.js";
import { type EarnEndpoints, earnRecords } from "./endpoints/earn.js";
import { type FundingEndpoints, fundingRecords } from "./endpoints/funding.js";
import { type HistoryEndpoints, historyRecords } from "./endpoints/history.js";
import { type MarketEndpoints, marketRecords } from "./endpoints/market.js";
import { type SubaccountEndpoints, subaccountRecords } from "./endpoints/subaccounts.js";
import {
  type AmendedOrder,
  type Amendment,
  type CancelOrderBatchParams,
  type CancelOrderParams,
  type CommonOrderParams,
  type OrderKind,
  type OrderParams,
  type OrderRequestParams,
  type TradingEndpoints,
  tradingRecords,
} from "./endpoints/trading.js";

/** The known endpoints of Spot, with the parameters and the result of each. */
export interface SpotEndpoints
  extends MarketEndpoints, AccountEndpoints, HistoryEndpoints, TradingEndpoints, FundingEndpoints, EarnEndpoints, SubaccountEndpoints {}

/**
 * The endpoints, and under any other text one that may have anything. The name of an endpoint is looked up in it without a comparison with all names: for
 * the part of a type parameter that is a known name, the compiler would make an intersection with each of them, and list the properties of all of these.
 */
export interface SpotEndpointsByText extends SpotEndpoints {
  /** Any other text. */
  [name: string]: { params: unknown; result: unknown };
}

/** The parameters of an endpoint, such as `SpotParams<"AddOrder">`. */
export type SpotParams<E extends keyof SpotEndpoints> = SpotEndpointsByText[E]["params"] & ClientParams;

/** For an endpoint that places orders: its parameters with orders of which the compiler knows only text of their type. */
export type WidenedOrders<E> = E extends "AddOrder"
  ? WidenedOrder<SpotParams<"AddOrder">, OrderKind | OrderParams, "ordertype", CommonOrderParams & OrderRequestParams & ClientParams>
  : E extends "AddOrderBatch"
    ? OrderRequestParams &
        ClientParams & {
          /** The orders. */
          readonly orders: readonly WidenedOrder<OrderKind & OrderParams, OrderKind | OrderParams, "ordertype", CommonOrderParams>[];
        }
    : never;

type EitherId = "Pass either `txid` or `cl_ord_id`";
interface UndecidedCancelOrder<Why> extends Mistake<Why>, AnyOf<CancelOrderParams>, ClientParams {}
interface UndecidedCancelOrderBatch<Why> extends Mistake<Why>, AnyOf<CancelOrderBatchParams>, ClientParams {}
interface UndecidedAmendOrder<Why> extends Mistake<Why>, AnyOf<AmendedOrder>, Amendment, ClientParams {}

/** For an endpoint that takes one of several parameters: what the compiler shows if there is none of them, or two that exclude each other. */
export type SpotUndecided<E> = E extends "CancelOrder"
  ? Undecided<UndecidedCancelOrder<EitherId>, CancelOrderParams>
  : E extends "AmendOrder"
    ? Undecided<UndecidedAmendOrder<EitherId>, AmendedOrder>
    : E extends "CancelOrderBatch"
      ? Undecided<UndecidedCancelOrderBatch<"Pass `orders` or `cl_ord_ids`">, CancelOrderBatchParams>
      : never;

/** The result of an endpoint, such as `SpotResult<"AddOrder">`. */
export type SpotResult<E extends keyof SpotEndpoints> = SpotEndpoints[E]["result"];

/** The names of endpoints that can be called without parameters. */
export type SpotEndpointWithoutParams = {
  [E in keyof SpotEndpoints]: {} extends SpotEndpoints[E]["params"] ? E : never;
}[keyof SpotEndpoints];

/** The records of the known endpoints: `POST /0/private/<name>`, and `GET /0/public/<name>` for public ones. */
export const spotEndpoints: { readonly [Name in keyof SpotEndpoints]: Endpoint } = /* @__PURE__ */ (() => ({
  ...marketRecords,
  ...accountRecords,
  ...historyRecords,
  ...tradingRecords,
  ...fundingRecords,
  ...earnRecords,
  ...subaccountRecords,
}))();

/** The name of an endpoint: a known one, or any other text, which counts as an endpoint that changes something. */
export type SpotEndpoint = keyof SpotEndpoints | (string & {});

/** The units of parameters that are times, for every endpoint whose record has none of its own, and for unknown endpoints. */
export const spotTimes: TimeUnits = {
  start: "seconds",
  end: "end",
  starttm: "schedule",
  endtm: "end",
  expiretm: "schedule",
  since: "seconds",
  deadline: "deadline",
  from_ts: "text",
  to_ts: "text",
  timeout: "timer",
};

/** The names of parameters whose list is joined by commas, separated by spaces. */
export const spotLists = "txid id asset pair oflags fields";
