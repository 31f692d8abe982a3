/** The Spot endpoints for trading, and for WebSocket tokens. */

import { formatDecimal } from "../market/decimal.js";
import { Rejection } from "../outcome.js";
import { flag, list, record, text, type Params, type Value } from "../parameters/received.js";
import { checkDeadline, invalid, wholeSeconds, type SpotCall } from "./call.js";
import { describeDraft } from "./describe.js";
import { amendOf, checkPrice, parseVolume } from "./order.js";

export function addOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const draft = account.draft(params, text(params, "pair"), now);
  checkDeadline(call);
  account.admit(draft);
  const descr = describeDraft(draft);
  if (flag(params, "validate")) {
    call.write = false;
    call.did = `validated ${descr.order}`;
    return { descr };
  }
  const order = account.place(draft, now);
  call.did = `placed ${order.txid}: ${descr.order}`;
  return { descr, txid: [order.txid] };
}

/** Places orders, which must come as JSON. Invalid arguments reject the whole batch. If the trading engine rejects an order, its row has the error. */
export function addOrderBatch(call: SpotCall): unknown {
  const { account, params, now } = call;
  const rows = params["orders"];
  if (!call.json || !Array.isArray(rows) || rows.length < 2 || rows.length > 15) throw invalid("orders");
  const checked = (rows as readonly Value[]).map((row) => {
    const order = record(row);
    if (!order) throw invalid("orders");
    return attempt(() => account.draft(order, text(params, "pair"), now));
  });
  checkDeadline(call);
  const placed: string[] = [];
  const orders = checked.map((draft) => {
    if ("error" in draft) return draft;
    const descr = describeDraft(draft.value);
    const admitted = attempt(() => account.admit(draft.value));
    if ("error" in admitted) return admitted;
    if (flag(params, "validate")) return { descr };
    const order = account.place(draft.value, now);
    placed.push(order.txid);
    return { descr: { order: descr.order }, ...(descr.close ? { close: descr.close } : {}), txid: order.txid };
  });
  call.write = placed.length > 0;
  call.did = `placed ${placed.length} of ${orders.length}: ${placed.join(" ")}`.trim();
  return { orders };
}

function attempt<T>(run: () => T): { value: T } | { error: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof Rejection && error.errors[0]?.startsWith("EOrder:")) return { error: error.errors[0] };
    throw error;
  }
}

/** Cancels an order and places another one, which has a new id. */
export function editOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const [old] = account.findOpen(text(params, "txid") ?? "");
  if (!old) throw new Rejection("EOrder:Unknown order");
  const merged: Params = {
    type: old.type,
    ordertype: old.ordertype,
    volume: text(params, "volume") ?? formatDecimal(old.volume - old.executed, 8),
    ...(old.price === undefined ? {} : { price: old.price }),
    ...(old.price2 === undefined ? {} : { price2: old.price2 }),
    ...(old.oflags.length === 0 ? {} : { oflags: old.oflags.join(",") }),
    ...Object.fromEntries(Object.entries(params).filter(([name]) => ["price", "price2", "oflags", "userref"].includes(name))),
  };
  const draft = account.draft(merged, text(params, "pair") ?? old.pair.altname, now);
  if (draft.pair !== old.pair) throw invalid("pair");
  checkDeadline(call);
  account.admit(draft, old);
  const descr = { order: describeDraft(draft).order };
  if (flag(params, "validate")) {
    call.write = false;
    call.did = `validated the edit of ${old.txid}`;
    return { status: "ok", descr };
  }
  account.cancel([old], now, "Order replaced");
  const order = account.place(draft, now);
  call.did = `replaced ${old.txid} by ${order.txid}`;
  return {
    status: "ok",
    txid: order.txid,
    originaltxid: old.txid,
    volume: formatDecimal(order.volume, 8),
    ...(order.price === undefined ? {} : { price: order.price }),
    orders_cancelled: 1,
    descr,
  };
}

/** Changes an order, which keeps its id. */
export function amendOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const reference = text(params, "txid") ?? text(params, "cl_ord_id");
  if (reference === undefined) throw invalid("txid");
  const [order] = account.findOpen(reference);
  if (!order) throw new Rejection("EOrder:Unknown order");
  const quantity = text(params, "order_qty");
  const volume = quantity === undefined ? order.volume : parseVolume(params, "order_qty");
  if (volume <= order.executed) throw invalid("order_qty");
  const limitPrice = checkPrice(params, "limit_price", order.pair, false);
  const triggerPrice = checkPrice(params, "trigger_price", order.pair, false);
  if (quantity === undefined && limitPrice === undefined && triggerPrice === undefined) throw invalid("order_qty");
  checkDeadline(call);
  const conditional = order.ordertype.endsWith("-limit");
  const prices = conditional
    ? { price: triggerPrice ?? order.price, price2: limitPrice ?? order.price2 }
    : { price: limitPrice ?? triggerPrice ?? order.price, price2: order.price2 };
  account.amend(order, { volume, ...prices }, now);
  const amendId = account.id("T");
  const amend = { id: amendId, type: "user", reason: "User requested", time: now } as const;
  account.amended(order, amendOf(order, amend, flag(params, "post_only")));
  call.did = `amended ${order.txid}`;
  return { amend_id: amendId };
}

export function cancelOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const reference = text(params, "txid") ?? text(params, "cl_ord_id");
  if (!reference) throw invalid("txid");
  const orders = account.findOpen(reference);
  if (orders.length === 0) throw new Rejection("EOrder:Unknown order");
  call.did = `cancelled ${orders.map(({ txid }) => txid).join(" ")}`;
  return { count: account.cancel(orders, now) };
}

export function cancelAll(call: SpotCall): unknown {
  const count = call.account.cancel(call.account.openOrders(), call.now);
  call.did = `cancelled ${count} orders`;
  return { count };
}

export function cancelAllOrdersAfter(call: SpotCall): unknown {
  const timeout = text(call.params, "timeout") ?? "";
  if (!/^\d{1,5}$/.test(timeout) || Number(timeout) > 86_400) throw invalid("timeout");
  call.account.cancelAllAfter(Number(timeout), call.now);
  call.did = timeout === "0" ? "disarmed the dead man's switch" : `armed the dead man's switch: ${timeout} s`;
  return { currentTime: wholeSeconds(call.now), triggerTime: timeout === "0" ? "0" : wholeSeconds(call.now + Number(timeout) * 1000) };
}

/** Cancels orders, whose ids must come as JSON. Unknown ids are not counted. */
export function cancelOrderBatch(call: SpotCall): unknown {
  if (!call.json) throw invalid("orders");
  const { account, params, now } = call;
  const ids = [...list(params, "orders"), ...list(params, "cl_ord_ids")];
  if (ids.length === 0 || ids.length > 50) throw invalid("orders");
  const orders = ids.flatMap((id) => account.findOpen(id));
  const count = account.cancel([...new Set(orders)], now);
  call.did = `cancelled ${count} orders`;
  return { count };
}

export function getWebSocketsToken(call: SpotCall): unknown {
  call.did = "issued a WebSocket token";
  return call.tokens.issue(call.key?.key ?? "");
}
