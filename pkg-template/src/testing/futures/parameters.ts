/** The parameters of the Futures endpoints, as Kraken documents them. */

import { parameters, type Parameters } from "../parameters/known.js";

const SEND =
  "orderType symbol side size limitPrice stopPrice cliOrdId triggerSignal reduceOnly? trailingStopMaxDeviation " +
  "trailingStopDeviationUnit limitPriceOffsetValue limitPriceOffsetUnit broker";
const EDIT = "orderId order_id cliOrdId size limitPrice stopPrice trailingStopMaxDeviation trailingStopDeviationUnit qtyMode";
const HISTORY = parameters("since before sort continuation_token count tradeable opened? closed?");
const POSITIONS = parameters(
  "since before sort continuation_token count tradeable opened? closed? increased? decreased? reversed? no_change? trades? " +
    "funding_realization? settlement?",
);
const ACCOUNT_LOG = parameters("since before from to sort info* count conversion_details?");
const MARKET_HISTORY = parameters("since before sort continuation_token count");
const histories = (version: string): [string, Parameters][] => [
  [`GET /api/history/${version}/orders`, HISTORY],
  [`GET /api/history/${version}/executions`, HISTORY],
  [`GET /api/history/${version}/triggers`, HISTORY],
  [`GET /api/history/${version}/positions`, POSITIONS],
  [`GET /api/history/${version}/account-log`, ACCOUNT_LOG],
  [`GET /api/history/${version}/market/{tradeable}/executions`, MARKET_HISTORY],
  [`GET /api/history/${version}/market/{tradeable}/price`, MARKET_HISTORY],
];

const withoutAny = (name: string): [string, Parameters] => [`GET ${name}`, parameters("")];

export const FUTURES_PARAMETERS: ReadonlyMap<string, Parameters> = new Map<string, Parameters>([
  ["GET instruments", parameters("contractType* expired")],
  ["GET tickers", parameters("contractType* symbol*")],
  ["GET orderbook", parameters("symbol")],
  ["GET history", parameters("symbol lastTime")],
  ["GET instruments/status", parameters("contractType*")],
  ["GET instruments/{symbol}/status", parameters("")],
  ["GET tickers/{symbol}", parameters("")],
  ["GET historical-funding-rates", parameters("symbol")],
  ["GET /derivatives/api/v4/historicalfundingrates", parameters("symbol")],
  ["GET feeschedules", parameters("")],
  ["GET feeschedules/volumes", parameters("")],
  ["GET /api/charts/v1/{tick_type}/{symbol}/{resolution}", parameters("from to count")],
  ["GET fills", parameters("lastFillTime")],
  ["GET openorders", parameters("")],
  ["GET openpositions", parameters("")],
  ["GET accounts", parameters("")],
  ...["leveragepreferences", "pnlpreferences", "notifications", "unwindqueue", "subaccounts", "self-trade-strategy"].map(withoutAny),
  ...["assignmentprogram/current", "assignmentprogram/history", "subaccount/{subaccountUid}/trading-enabled"].map(withoutAny),
  ...["/api/auth/v1/api-keys/v3/check", "/api/charts/v1/", "/api/charts/v1/{tick_type}", "/api/charts/v1/{tick_type}/{symbol}"].map(
    withoutAny,
  ),
  ["GET transfers", parameters("lastTransferTime")],
  ["POST orders/status", parameters("orderIds* cliOrdIds*")],
  ["GET orders/status", parameters("orderIds* cliOrdIds*")],

  ["POST sendorder", parameters(`${SEND} processBefore`)],
  ["POST editorder", parameters(`${EDIT} processBefore`)],
  ["POST cancelorder", parameters("order_id cliOrdId processBefore")],
  // Kraken's page on this endpoint capitalizes the name, but its other pages and other clients do not.
  ["POST batchorder", parameters("json processBefore ProcessBefore")],
  ["POST cancelallorders", parameters("symbol")],
  ["POST cancelallordersafter", parameters("timeout")],
  ["PUT leveragepreferences", parameters("symbol maxLeverage")],
  ["PUT pnlpreferences", parameters("symbol pnlPreference")],
  ["PUT self-trade-strategy", parameters("strategy")],

  ["POST assignmentprogram/add", parameters("contractType contract maxSize maxPosition acceptLong? acceptShort? timeFrame enabled?")],
  ["POST assignmentprogram/delete", parameters("id")],

  ["POST transfer", parameters("fromAccount toAccount unit amount")],
  ["POST transfer/subaccount", parameters("fromUser toUser fromAccount toAccount unit amount")],
  ["POST withdrawal", parameters("targetWallet sourceWallet currency amount")],

  ...histories("v2"),
  ...histories("v3"),
]);

/** The parameters of an instruction in the `json=` of batchorder. */
export const BATCH_PARAMETERS: Parameters = parameters(`order order_tag ${SEND} ${EDIT}`);
