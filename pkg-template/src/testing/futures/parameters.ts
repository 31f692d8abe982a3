/** The parameters of the Futures endpoints, as Kraken documents them. Endpoints that are not here take any. */

import { parameters, type Parameters } from "../parameters/known.js";

const SEND =
  "orderType symbol side size limitPrice stopPrice cliOrdId triggerSignal reduceOnly? trailingStopMaxDeviation " +
  "trailingStopDeviationUnit limitPriceOffsetValue limitPriceOffsetUnit broker";
const EDIT = "orderId order_id cliOrdId size limitPrice stopPrice trailingStopMaxDeviation trailingStopDeviationUnit qtyMode";
const HISTORY = parameters("since before sort continuation_token count tradeable opened? closed?");

export const FUTURES_PARAMETERS: ReadonlyMap<string, Parameters> = new Map<string, Parameters>([
  ["GET instruments", parameters("contractType expired")],
  ["GET tickers", parameters("contractType symbol")],
  ["GET orderbook", parameters("symbol")],
  ["GET history", parameters("symbol lastTime")],
  ["GET fills", parameters("lastFillTime")],
  ["GET openorders", parameters("")],
  ["GET openpositions", parameters("")],
  ["GET accounts", parameters("")],
  ["POST orders/status", parameters("orderIds cliOrdIds")],

  ["POST sendorder", parameters(`${SEND} processBefore`)],
  ["POST editorder", parameters(`${EDIT} processBefore`)],
  ["POST cancelorder", parameters("order_id cliOrdId processBefore")],
  // Kraken's page writes this one with a capital letter, its other pages and other clients do not.
  ["POST batchorder", parameters("json processBefore ProcessBefore")],
  ["POST cancelallorders", parameters("symbol")],
  ["POST cancelallordersafter", parameters("timeout")],
  ["PUT leveragepreferences", parameters("symbol maxLeverage")],
  ["PUT pnlpreferences", parameters("symbol pnlPreference")],
  ["PUT self-trade-strategy", parameters("strategy")],

  ["POST transfer", parameters("fromAccount toAccount unit amount")],
  ["POST transfer/subaccount", parameters("fromUser toUser fromAccount toAccount unit amount")],
  ["POST withdrawal", parameters("targetWallet sourceWallet currency amount")],

  ["GET /api/history/v2/orders", HISTORY],
  ["GET /api/history/v2/executions", HISTORY],
  ["GET /api/history/v2/triggers", HISTORY],
]);

/** An instruction inside of `json=` of batchorder. */
export const BATCH_PARAMETERS: Parameters = parameters(`order order_tag ${SEND} ${EDIT}`);
