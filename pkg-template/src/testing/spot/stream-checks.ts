/** Checks of a message of WebSocket v2 that its REST counterpart does not have: the types of JSON, and words of its own. */

import { findPair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { parseTime } from "../parameters/deadline.js";
import { record, text, type Params, type Value } from "../parameters/received.js";
import { checkWord, invalid } from "./order-words.js";
import { symbolOf } from "./stream-words.js";

const named = (names: string, type: string): [string, string][] => names.split(" ").map((name) => [name, type]);

/** The fields that are not text, each with its type as Kraken's error writes it. Only that of decimals is recorded. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...named("order_qty cash_order_qty display_qty limit_price trigger_price price", "number_float"),
  ...named("order_userref timeout depth interval req_id", "number_integer"),
  ...named("margin post_only reduce_only no_mpp validate snapshot snap_orders snap_trades order_status ratecounter rebased", "boolean"),
]);

/**
 * Rejects a message with a field of another type, such as a decimal as text.
 * @param sent - the message, as `JSON.parse` returns it
 */
export function checkTypes(sent: unknown): void {
  if (typeof sent !== "object" || sent === null) return;
  for (const [name, value] of Object.entries(sent)) {
    const type = TYPES.get(name);
    for (const one of type === undefined ? [] : [value].flat())
      if (!isOf(type, one)) throw new Rejection(`${name.charAt(0).toUpperCase()}${name.slice(1)} field must be a ${type}`);
    checkTypes(value);
  }
}

const isOf = (type: string | undefined, value: unknown): boolean =>
  type === "boolean" ? typeof value === "boolean" : typeof value === "number" && (type === "number_float" || Number.isInteger(value));

const TRIGGERED = /^(stop-loss|take-profit|trailing-stop)/;

/** Checks the words of a method that trades. Version 2 knows a pair only by its symbol, such as `BTC/USD`. */
export function checkFields(method: string, params: Params): void {
  const symbol = text(params, "symbol");
  const pair = findPair(symbol);
  if (pair && symbolOf(pair) !== symbol) throw new Rejection("EQuery:Unknown asset pair");
  const orders = method === "batch_add" ? params["orders"] : method === "add_order" ? [params] : [];
  for (const order of Array.isArray(orders) ? (orders as readonly Value[]) : []) checkOrder(record(order) ?? {});
  if (method === "edit_order") checkPreference(params);
}

function checkPreference(params: Params): void {
  checkWord(params, "fee_preference", ["base", "quote"]);
}

function checkOrder(order: Params): void {
  checkPreference(order);
  checkWord(order, "stp_type", ["cancel_newest", "cancel_oldest", "cancel_both"]);
  if (order["effective_time"] !== undefined && parseTime(text(order, "effective_time") ?? "") === undefined)
    throw invalid("effective_time");
  if (order["order_qty"] !== undefined && order["cash_order_qty"] !== undefined) throw invalid("cash_order_qty");
  const triggers = record(order["triggers"]);
  const waits = TRIGGERED.test(text(order, "order_type") ?? "");
  if (waits !== (triggers !== undefined)) throw invalid("triggers");
}
