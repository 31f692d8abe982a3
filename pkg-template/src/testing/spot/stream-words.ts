/** The translation between the names of WebSocket v2 and those of REST, in both directions. */

import { divide, toNumber } from "../market/decimal.js";
import type { Asset, Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { parseTime } from "../parameters/deadline.js";
import { flag, record, text, type Params, type Value } from "../parameters/received.js";
import type { Order, Trade } from "./order.js";

export const iso = (time: number): string => new Date(time).toISOString();
const number = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value));
export const symbolOf = ({ wsname }: Pair): string => wsname.replace("XBT", "BTC");
export const assetOf = (altname: string): string => (altname === "XBT" ? "BTC" : altname);

/** Returns an order of v2 with the names of REST. */
export function toRest(params: Params): Params {
  const value = (name: string) => text(params, name);
  const triggers = record(params["triggers"]);
  const kind = value("order_type") ?? "";
  const limit = priced(params, "limit_price", limitTypes(kind));
  const trigger = triggers && priced(triggers, "price");
  const conditional = record(params["conditional"]);
  const flags = [
    flag(params, "post_only") && "post",
    value("fee_preference") === "base" && "fcib",
    value("cash_order_qty") !== undefined && "viqc",
  ].filter((one) => one !== false);
  const expire = value("expire_time");
  const known = {
    pair: value("symbol"),
    type: value("side"),
    ordertype: kind === "" ? undefined : kind,
    volume: value("order_qty") ?? value("cash_order_qty"),
    order_qty: value("order_qty"),
    limit_price: limit,
    trigger_price: priced(params, "trigger_price"),
    price: triggers ? trigger : limit,
    price2: triggers ? limit : undefined,
    displayvol: value("display_qty"),
    timeinforce: value("time_in_force")?.toUpperCase(),
    expiretm: expire === undefined ? undefined : String(Math.floor((parseTime(expire) ?? NaN) / 1000)),
    userref: value("order_userref"),
    cl_ord_id: value("cl_ord_id"),
    oflags: flags.length > 0 ? flags.join(",") : undefined,
    leverage: flag(params, "margin") ? "2:1" : undefined,
    reduce_only: value("reduce_only"),
    trigger: triggers && text(triggers, "reference"),
    stptype: value("stp_type")?.replace("_", "-"),
    validate: value("validate"),
    deadline: value("deadline"),
    txid: value("order_id"),
    close: conditional && toClose(conditional),
  };
  return Object.fromEntries(Object.entries(known).filter(([, one]) => one !== undefined)) as Params;
}

function toClose(conditional: Params): Params {
  const kind = text(conditional, "order_type") ?? "";
  const [trigger, limit] = [priced(conditional, "trigger_price"), priced(conditional, "limit_price", limitTypes(kind)) ?? ""];
  return { ordertype: kind, price: trigger ?? limit, price2: trigger === undefined ? "" : limit };
}

const PRICE_TYPES = ["static", "pct", "quote"];

/** Returns the possible types of a limit price, the default first. Only a trailing stop has an offset; an amendment does not name the type of the order. */
function limitTypes(kind: string): readonly string[] {
  if (kind === "trailing-stop-limit") return ["quote", "pct", "static"];
  return kind === "" ? PRICE_TYPES : ["static"];
}

/** Returns a price as REST writes it: absolute, in percent, or as an offset in the quote currency. Its type is in the parameter `<name>_type`. */
function priced(params: Params, name: string, types: readonly string[] = PRICE_TYPES): string | undefined {
  const price = text(params, name);
  const type = text(params, `${name}_type`) ?? types[0] ?? "";
  if (!types.includes(type)) throw new Rejection(`EGeneral:Invalid arguments:${name}_type`);
  // In REST, a price with a sign is relative.
  if (type === "static" && price?.startsWith("-")) throw new Rejection("EOrder:Invalid price");
  return price === undefined || type === "static" ? price : `${price.startsWith("-") ? "" : "+"}${price}${type === "pct" ? "%" : ""}`;
}

export function toBatch(params: Params): Params {
  const { orders, ...rest } = params;
  const rows = Array.isArray(orders) ? orders.map((order: Value) => toRest(record(order) ?? {})) : [];
  return { ...toRest(rest), orders: rows };
}

export function toBatchCancel({ orders, cl_ord_id }: Params): Params {
  return { orders: Array.isArray(orders) ? orders : [], cl_ord_ids: Array.isArray(cl_ord_id) ? cl_ord_id : [] };
}

/** Returns the result of v2 for the `result` of REST. */
export function resultOf(method: string, params: Params, result: Record<string, unknown>): unknown {
  const names = {
    ...(text(params, "cl_ord_id") ? { cl_ord_id: text(params, "cl_ord_id") } : {}),
    ...(text(params, "order_userref") ? { order_userref: number(text(params, "order_userref")) } : {}),
  };
  switch (method) {
    case "add_order": {
      const [order_id] = (result["txid"] as string[] | undefined) ?? [];
      return { ...(order_id ? { order_id } : {}), ...names };
    }
    case "amend_order":
      return { amend_id: result["amend_id"], ...(text(params, "order_id") ? { order_id: text(params, "order_id") } : names) };
    case "edit_order":
      return { order_id: result["txid"], original_order_id: result["originaltxid"] };
    case "batch_cancel":
      return { count: result["count"] };
    case "batch_add":
      return (result["orders"] as Record<string, unknown>[]).map((row, i) => {
        const order = record((params["orders"] as readonly Value[])[i]) ?? {};
        return row["error"]
          ? { error: row["error"] }
          : { order_id: row["txid"], ...(text(order, "cl_ord_id") ? { cl_ord_id: text(order, "cl_ord_id") } : {}) };
      });
    default:
      return result;
  }
}

/** Returns the names of an order in `executions`, besides its id. Without a client order id, the user reference is included; it is 0 if there is none. */
const namesOf = (order: Order): object =>
  order.clOrdId === undefined ? { order_userref: order.userref ?? 0 } : { cl_ord_id: order.clOrdId };

const postOnly = (order: Order): object => (order.oflags.includes("post") ? { post_only: true } : {});

const statusOf = (order: Order): string =>
  order.status === "open" ? (order.executed > 0n ? "partially_filled" : "new") : order.status === "closed" ? "filled" : order.status;

const averageOf = (order: Order): number => (order.executed === 0n ? 0 : toNumber(divide(order.cost, order.executed)));

/** Returns a full report of an order, for the snapshot and for a new order. */
export function wholeReport(order: Order, what: string, time: number, inUsd: InUsd): Record<string, unknown> {
  return {
    order_id: order.txid,
    ...namesOf(order),
    symbol: symbolOf(order.pair),
    order_qty: toNumber(order.volume),
    cum_qty: toNumber(order.executed),
    cum_cost: toNumber(order.cost),
    time_in_force: order.timeinforce,
    exec_type: what,
    side: order.type,
    order_type: order.ordertype,
    ...(order.limit === undefined ? {} : { limit_price_type: "static", limit_price: toNumber(order.limit) }),
    stop_price: toNumber(order.trigger ?? 0n),
    ...(order.trigger === undefined ? {} : { triggers: triggersOf(order, "untriggered") }),
    ...postOnly(order),
    order_status: what === "pending_new" ? what : statusOf(order),
    fee_usd_equiv: toNumber(inUsd(order.pair.quote, order.fee)),
    fee_ccy_pref: order.oflags.includes("fcib") ? "fcib" : "fciq",
    timestamp: iso(time),
  };
}

const triggersOf = (order: Order, status: string): object => ({
  price: toNumber(order.trigger ?? 0n),
  price_type: "static",
  reference: "last",
  status,
});

/** Returns the value of an amount of an asset, in US dollars. */
export type InUsd = (asset: Asset, amount: bigint) => bigint;

/** Returns a report of a change: the ids of the order and the changed fields. The first report of the order had symbol, side and the rest. */
export function shortReport(order: Order, what: string, time: number, inUsd: InUsd): Record<string, unknown> {
  const head = { timestamp: iso(time), order_status: statusOf(order), exec_type: what };
  const foot = { ...namesOf(order), ...postOnly(order), order_id: order.txid };
  switch (what) {
    case "new":
      return { ...head, order_status: "new", ...foot };
    case "amended":
      return {
        ...head,
        cum_qty: toNumber(order.executed),
        reason: "User requested",
        amended: true,
        order_qty: toNumber(order.volume),
        ...(order.limit === undefined ? {} : { limit_price: toNumber(order.limit), limit_price_type: "static" }),
        ...foot,
      };
    case "status":
      return { ...head, triggers: { reference: "last", status: "triggered" }, ...foot };
    default:
      return {
        ...head,
        cum_qty: toNumber(order.executed),
        cum_cost: toNumber(order.cost),
        fee_usd_equiv: toNumber(inUsd(order.pair.quote, order.fee)),
        avg_price: averageOf(order),
        ...(order.reason === null ? {} : { cancel_reason: order.reason, reason: order.reason }),
        ...foot,
      };
  }
}

/** Returns a report of a trade. A new trade also has {@link progressOf} its order. */
export function tradeReport(trade: Trade, inUsd: InUsd, status = statusOf(trade.order)): Record<string, unknown> {
  const { order, id, volume, price, cost, fee, inBase } = trade;
  const { base, quote } = order.pair;
  return {
    order_id: order.txid,
    ...namesOf(order),
    exec_id: id,
    exec_type: "trade",
    trade_id: trade.tradeId,
    symbol: symbolOf(order.pair),
    side: order.type,
    last_qty: toNumber(volume),
    last_price: toNumber(price),
    liquidity_ind: trade.maker ? "m" : "t",
    cost: toNumber(cost),
    order_status: status,
    order_type: order.ordertype,
    timestamp: iso(trade.time),
    fee_usd_equiv: toNumber(inUsd(quote, fee)),
    fees: [inBase > 0n ? { asset: assetOf(base.altname), qty: toNumber(inBase) } : { asset: assetOf(quote.altname), qty: toNumber(fee) }],
  };
}

/** Returns the fields that a new trade has in addition to {@link tradeReport}: the progress of its order. */
export const progressOf = (order: Order): object => ({
  cum_qty: toNumber(order.executed),
  cum_cost: toNumber(order.cost),
  avg_price: averageOf(order),
});
