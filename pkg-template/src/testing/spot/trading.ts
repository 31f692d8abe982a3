/** The Spot endpoints for trading, and for WebSocket tokens. */

import { findPair } from "../market/market.js";
import { formatDecimal } from "../market/decimal.js";
import { Rejection } from "../outcome.js";
import { flag, list, record, text, type Params, type Value } from "../parameters/received.js";
import { checkDeadline, checkRate, invalid, wholeSeconds, type SpotCall } from "./call.js";
import { describeDraft } from "./describe.js";
import { checkPercent } from "./order-words.js";
import {
  absolutePrices,
  amendOf,
  checkDisplayed,
  checkPrice,
  hasLimit,
  hasTrigger,
  parseVolume,
  type Changes,
  type Order,
} from "./order.js";

/** Counts new orders on receipt, also if they are not valid. */
function countOrders({ params, counter, now }: SpotCall, orders: number): void {
  const pair = findPair(text(params, "pair"));
  if (pair) checkRate(counter.add(pair.altname, orders, now));
}

export function addOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  countOrders(call, 1);
  checkPercent(params, call.json);
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
  countOrders(call, rows.length);
  const checked = (rows as readonly Value[]).map((row) => {
    const order = record(row);
    if (!order) throw invalid("orders");
    return attempt(() => account.draft(order, text(params, "pair"), now));
  });
  checkDeadline(call);
  // Before anything is placed, because it rejects the whole batch.
  account.checkClOrdIds(checked.flatMap((draft) => ("error" in draft ? [] : [draft.value])));
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

/** The parameters of EditOrder that replace those of the order. */
const EDITED = ["price", "price2", "oflags", "userref", "displayvol"];

/** Returns the parameters of the order that replaces `old`. It does not keep the user reference, the client order id, and the flag `post`. */
function editedParams(old: Order, params: Params): Params {
  const oflags = old.oflags.filter((name) => name !== "post");
  const volume = text(params, "volume") ?? formatDecimal(old.volume - old.executed, 8);
  const { price, price2 } = absolutePrices(old);
  return {
    type: old.type,
    ordertype: old.ordertype,
    volume,
    ...(price === undefined ? {} : { price }),
    ...(price2 === undefined ? {} : { price2 }),
    ...(old.leverage === undefined ? {} : { leverage: old.leverage }),
    ...(old.ordertype === "iceberg" ? { displayvol: volume } : {}),
    ...(oflags.length === 0 ? {} : { oflags: oflags.join(",") }),
    timeinforce: old.timeinforce,
    ...(old.expiretm === 0 ? {} : { expiretm: String(old.expiretm) }),
    ...Object.fromEntries(Object.entries(params).filter(([name]) => EDITED.includes(name))),
    ...(isLimitAlone(old, params) ? { price, price2: params["price"] } : {}),
  };
}

/** Returns whether an edit over the WebSocket names a limit and no trigger. The limit of an order that waits is its second price. */
const isLimitAlone = (old: Order, params: Params): boolean =>
  hasTrigger(old) && params["limit_price"] !== undefined && params["price2"] === undefined;

/** Cancels an order and places another one, which has a new id. An order with a conditional close, or that was triggered, cannot be edited. */
export function editOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  for (const name of ["txid", "pair"]) if (!text(params, name)) throw invalid(name);
  const [old, another] = account.findOpen(text(params, "txid") ?? "");
  checkPercent(params, call.json);
  if (!old) throw new Rejection("EOrder:Unknown order");
  checkRate(call.counter.change("edit", old, now));
  if (another || old.close || old.triggeredtm !== undefined) throw invalid("txid");
  const draft = account.draft(editedParams(old, params), text(params, "pair"), now);
  if (params["volume"] !== undefined && draft.volume < old.executed) throw invalid("volume");
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

/** Returns the open orders with this `txid`, which may be a user reference, or with this `cl_ord_id`. */
function namedOrders({ account, params }: SpotCall): Order[] {
  const [txid, clOrdId] = [text(params, "txid"), text(params, "cl_ord_id")];
  if (txid !== undefined && clOrdId !== undefined) throw invalid("cl_ord_id");
  if (!txid && !clOrdId) throw invalid("txid");
  return txid ? account.findOpen(txid) : account.findOpenByClOrdId(clOrdId);
}

/** Changes an order, which keeps its id. */
export function amendOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const [order] = namedOrders(call);
  // A user reference can be that of several orders, so it names none of them here.
  if (!order || (params["txid"] !== undefined && order.txid !== text(params, "txid"))) throw new Rejection("EOrder:Unknown order");
  checkPercent(params, call.json);
  checkRate(call.counter.change("amend", order, now));
  const quantity = text(params, "order_qty");
  const volume = quantity === undefined ? order.volume : parseVolume(params, "order_qty");
  if (volume === 0n) throw invalid("order_qty");
  if (params["pair"] !== undefined && findPair(text(params, "pair")) !== order.pair) throw invalid("pair");
  if (params["display_qty"] !== undefined) checkDisplayed(params, order.ordertype, volume - order.executed, "display_qty");
  const prices = amendedPrices(order, params);
  if (quantity === undefined && !prices) throw invalid("order_qty");
  checkDeadline(call);
  const changes = { volume, ...prices };
  const postOnly = flag(params, "post_only");
  const isLeft = volume > order.executed;
  if (isLeft) account.admitAmend(order, changes, postOnly || order.oflags.includes("post"));
  // With less volume than has traded, Kraken cancels the rest.
  if (isLeft) account.amend(order, changes, now);
  else account.cancel([order], now);
  const amendId = account.id("T");
  const amend = { id: amendId, type: "user", reason: "User requested", time: now } as const;
  account.amended(order, amendOf(order, amend, postOnly));
  call.counter.amended(order, now);
  call.did = isLeft ? `amended ${order.txid}` : `cancelled the rest of ${order.txid}`;
  return { amend_id: amendId };
}

/** Returns the new prices of an order, or `undefined` if there are none. An order without a limit or a trigger cannot get one. */
function amendedPrices(order: Order, params: Params): Omit<Changes, "volume"> | undefined {
  const [limit, trigger] = [hasLimit(order), hasTrigger(order)];
  if (!limit && params["limit_price"] !== undefined) throw invalid("limit_price");
  if (!trigger && params["trigger_price"] !== undefined) throw invalid("trigger_price");
  const limitPrice = checkPrice(params, "limit_price", order.pair, false);
  const triggerPrice = checkPrice(params, "trigger_price", order.pair, false);
  if (limitPrice === undefined && triggerPrice === undefined) return undefined;
  // The prices of a trailing stop are distances, and so is its limit if it has no sign.
  const trails = order.ordertype.startsWith("trailing-stop");
  if (trails && triggerPrice !== undefined && !triggerPrice.startsWith("+")) throw invalid("trigger_price");
  if (!trigger) return { price: limitPrice };
  return {
    ...(triggerPrice === undefined ? {} : { price: triggerPrice }),
    ...(limitPrice === undefined ? {} : { price2: limitPrice.replace(/^(?=\d)/, trails ? "+" : "") }),
  };
}

export function cancelOrder(call: SpotCall): unknown {
  const { account, now } = call;
  const orders = namedOrders(call);
  if (orders.length === 0) throw new Rejection("EOrder:Unknown order");
  for (const order of orders) checkRate(call.counter.cancel(order, now));
  call.did = `cancelled ${orders.map(({ txid }) => txid).join(" ")}`;
  return { count: account.cancel(orders, now) };
}

export function cancelAll(call: SpotCall): unknown {
  const orders = call.account.openOrders();
  call.counter.cancelAll(orders, call.now);
  const count = call.account.cancel(orders, call.now);
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
  for (const name of ["orders", "cl_ord_ids"]) if (params[name] !== undefined && !Array.isArray(params[name])) throw invalid(name);
  const [ids, clOrdIds] = [list(params, "orders"), list(params, "cl_ord_ids")];
  const named = ids.length + clOrdIds.length;
  if (named === 0 || named > 50) throw invalid("orders");
  const found = [...ids.map((id) => account.findOpen(id)), ...clOrdIds.map((id) => account.findOpenByClOrdId(id))];
  const orders = [...new Set(found.flat())];
  call.counter.cancelAll(orders, now);
  const count = account.cancel(orders, now);
  call.did = `cancelled ${count} orders`;
  return { count };
}

export function getWebSocketsToken(call: SpotCall): unknown {
  call.did = "issued a WebSocket token";
  return call.tokens.issue(call.key?.key ?? "");
}
