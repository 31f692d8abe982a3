/** WebSocket version 2 speaks other words than REST; here they are translated, both ways. */

import { toNumber } from "../market/decimal.js";
import type { Pair } from "../market/market.js";
import { flag, record, text, type Params, type Value } from "../parameters/received.js";
import type { Order, Trade } from "./order.js";

export const iso = (time: number): string => new Date(time).toISOString();
const number = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value));
export const symbolOf = ({ wsname }: Pair): string => wsname.replace("XBT", "BTC");
export const assetOf = (altname: string): string => (altname === "XBT" ? "BTC" : altname);

/** An order of version 2 in the words of REST. */
export function toRest(params: Params): Params {
  const value = (name: string) => text(params, name);
  const triggers = record(params["triggers"]);
  const kind = value("order_type") ?? "";
  const price = triggers ? priced(triggers) : value("limit_price");
  const conditional = record(params["conditional"]);
  const flags = [
    flag(params, "post_only") && "post",
    value("fee_preference") === "base" && "fcib",
    value("cash_order_qty") !== undefined && "viqc",
  ].filter((one) => one !== false);
  const symbol = value("symbol");
  const expire = value("expire_time");
  const known = {
    pair: symbol,
    type: value("side"),
    ordertype: kind === "" ? undefined : kind,
    volume: value("order_qty") ?? value("cash_order_qty"),
    order_qty: value("order_qty"),
    limit_price: value("limit_price"),
    trigger_price: value("trigger_price"),
    price,
    price2: triggers ? value("limit_price") : undefined,
    displayvol: value("display_qty"),
    timeinforce: value("time_in_force")?.toUpperCase(),
    expiretm: expire === undefined ? undefined : String(Math.floor(Date.parse(expire) / 1000)),
    userref: value("order_userref"),
    cl_ord_id: value("cl_ord_id"),
    oflags: flags.length > 0 ? flags.join(",") : undefined,
    leverage: flag(params, "margin") ? "2:1" : undefined,
    validate: value("validate"),
    deadline: value("deadline"),
    txid: value("order_id"),
    close: conditional && {
      ordertype: text(conditional, "order_type") ?? "",
      price: text(conditional, "trigger_price") ?? text(conditional, "limit_price") ?? "",
      price2: text(conditional, "limit_price") ?? "",
    },
  };
  return Object.fromEntries(Object.entries(known).filter(([, one]) => one !== undefined)) as Params;
}

/** The trigger of a stop: absolute, in percent or in the quote currency. */
function priced(triggers: Params): string | undefined {
  const price = text(triggers, "price");
  const type = text(triggers, "price_type") ?? "static";
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

/** What version 2 answers where REST answers `result`. */
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

/** A message of `executions` about an order. */
export function report(order: Order, what: string, time: number): Record<string, unknown> {
  const status = { open: order.executed > 0n ? "partially_filled" : "new", closed: "filled", canceled: "canceled", expired: "expired" }[
    order.status
  ];
  const limit = order.ordertype.endsWith("-limit")
    ? order.price2
    : order.ordertype === "limit" || order.ordertype === "iceberg"
      ? order.price
      : undefined;
  return {
    exec_type: what,
    order_id: order.txid,
    order_status: status,
    ...(order.clOrdId === undefined ? {} : { cl_ord_id: order.clOrdId }),
    ...(order.userref === undefined ? {} : { order_userref: order.userref }),
    symbol: symbolOf(order.pair),
    side: order.type,
    order_type: order.ordertype,
    order_qty: toNumber(order.volume),
    ...(limit === undefined || !/^\d/.test(limit) ? {} : { limit_price: Number(limit) }),
    cum_qty: toNumber(order.executed),
    cum_cost: toNumber(order.cost),
    time_in_force: order.timeinforce,
    ...(order.reason === null ? {} : { reason: order.reason }),
    timestamp: iso(time),
  };
}

export function fill(trade: Trade): Record<string, unknown> {
  const { order, id, volume, price, cost, fee } = trade;
  return {
    exec_id: id,
    last_qty: toNumber(volume),
    last_price: toNumber(price),
    cost: toNumber(cost),
    liquidity_ind: order.ordertype === "market" ? "t" : "m",
    fees: [{ asset: assetOf(order.pair.quote.altname), qty: toNumber(fee) }],
  };
}
