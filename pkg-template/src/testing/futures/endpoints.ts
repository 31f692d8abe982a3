/** The Futures endpoints, each with its access level and its effect on the account. */

import { parseDecimal } from "../market/decimal.js";
import { parseTime } from "../parameters/deadline.js";
import type { FuturesAccount } from "./account.js";
import type { FuturesCall, FuturesEndpoint } from "./call.js";
import { CONTRACTS, FEE_SCHEDULE, findContract } from "./contracts.js";
import {
  describe,
  describeFill,
  describeOpen,
  describePosition,
  describeStatus,
  describeWallets,
  executionEvent,
  inEvent,
  placeEvent,
  rejectEvent,
  statusOf,
  usdValue,
} from "./describe.js";
import { FUTURES_HISTORY } from "./history.js";
import { required, type FuturesOrder } from "./order.js";
import { BATCH_PARAMETERS } from "./parameters.js";
import { FUTURES_PUBLIC } from "./public.js";
import { subaccountTransfer, transfer, withdrawal } from "./transfers.js";
import { findWrong } from "../parameters/known.js";
import { MalformedBody, list, parseJson, record, text, type Params } from "../parameters/received.js";
import { Rejection } from "../outcome.js";

const iso = (time: number): string => new Date(time).toISOString();
const read = (run: FuturesEndpoint["run"]): FuturesEndpoint => ({ access: "read", run });
const write = (run: FuturesEndpoint["run"]): FuturesEndpoint => ({ access: "write", run });

/** The endpoints by method and name. Names are relative to `/derivatives/api/v3/`; all other endpoints have their path. */
export const FUTURES_ENDPOINTS: ReadonlyMap<string, FuturesEndpoint> = new Map<string, FuturesEndpoint>([
  ...FUTURES_PUBLIC,

  ["GET accounts", read(({ account }) => ({ accounts: describeWallets(account) }))],
  ["GET openorders", read(({ account }) => ({ openOrders: account.openOrders().map((order) => describeOpen(order)) }))],
  ["GET openpositions", read(openPositions)],
  ["GET fills", read(fills)],
  ["GET leveragepreferences", read(leveragePreferences)],
  [
    "GET pnlpreferences",
    read(({ account }) => ({ preferences: Array.from(account.pnlCurrencies, ([symbol, pnlCurrency]) => ({ symbol, pnlCurrency })) })),
  ],
  ["GET notifications", read(() => ({ notifications: [] }))],
  ["GET unwindqueue", read(() => ({ queue: [] }))],
  ["GET transfers", read(() => ({ transfers: [] }))],
  ["GET subaccounts", read(({ account }) => ({ masterAccountUid: account.uid, subaccounts: [] }))],
  ["GET subaccount/{subaccountUid}/trading-enabled", read(() => ({ tradingEnabled: true }))],
  ["GET self-trade-strategy", read(({ account }) => ({ strategy: account.selfTradeStrategy }))],
  ["GET assignmentprogram/current", read(() => ({ participants: [] }))],
  ["GET assignmentprogram/history", read(() => ({ participants: [] }))],
  ["POST orders/status", read((call) => orderStatus(call))],
  // Kraken documents the POST. ccxt calls it this way, and without ids for all orders.
  ["GET orders/status", read((call) => orderStatus(call, call.account.orders))],
  ["GET feeschedules/volumes", read(({ account }) => ({ volumesByFeeSchedule: { [FEE_SCHEDULE]: volumeOf(account) } }))],

  ["POST sendorder", write(sendOrder)],
  ["POST editorder", write(editOrder)],
  ["POST cancelorder", write(cancelOrder)],
  ["POST batchorder", write(batchOrder)],
  ["POST cancelallorders", write(cancelAllOrders)],
  ["POST cancelallordersafter", write(cancelAllOrdersAfter)],
  ["PUT leveragepreferences", write(setLeverage)],
  ["PUT pnlpreferences", write(setPnl)],
  ["PUT self-trade-strategy", write(setStrategy)],
  ["POST assignmentprogram/add", write(addAssignment)],
  ["POST assignmentprogram/delete", write(({ params }) => (required(params, "id"), {}))],

  ["POST transfer", { access: "withdrawal", run: transfer }],
  ["POST transfer/subaccount", { access: "withdrawal", run: subaccountTransfer }],
  ["POST withdrawal", { access: "withdrawal", run: withdrawal }],

  ...FUTURES_HISTORY,
  ["GET /api/auth/v1/api-keys/v3/check", { access: "any", run: checkKey }],
]);

function openPositions({ account }: FuturesCall): Record<string, unknown> {
  return { openPositions: [...account.positions].map(([symbol, position]) => describePosition(symbol, position)) };
}

/** The number of fills in one answer. */
const MOST_FILLS = 100;

function fills({ account, params }: FuturesCall): Record<string, unknown> {
  const last = text(params, "lastFillTime");
  const before = last === undefined ? Infinity : Date.parse(last);
  if (Number.isNaN(before)) throw new Rejection("invalidArgument");
  return {
    fills: account.fills
      .filter((fill) => fill.time < before)
      .reverse()
      .slice(0, MOST_FILLS)
      .map((fill) => describeFill(fill)),
  };
}

function leveragePreferences({ account }: FuturesCall): Record<string, unknown> {
  return { leveragePreferences: [...account.maxLeverage].map(([symbol, maxLeverage]) => ({ symbol, maxLeverage })) };
}

/** Sets the preference, or removes it if there is no `maxLeverage`. */
function setLeverage(call: FuturesCall): Record<string, unknown> {
  const symbol = required(call.params, "symbol").toUpperCase();
  if (!CONTRACTS.some((contract) => contract.symbol === symbol)) throw new Rejection("contractNotFound");
  const leverage = text(call.params, "maxLeverage");
  if (leverage === undefined) {
    call.account.maxLeverage.delete(symbol);
  } else {
    const value = parseDecimal(leverage);
    if (value === undefined || value === 0n) throw new Rejection("invalidArgument");
    call.account.maxLeverage.set(symbol, Number(leverage));
  }
  call.did = `set the leverage of ${symbol} to ${leverage ?? "none"}`;
  return {};
}

/** Kraken documents that the status covers open orders, and those filled or canceled in the last five seconds. */
const STATUS_LASTS = 5000;

function orderStatus({ account, params, now }: FuturesCall, otherwise?: readonly FuturesOrder[]): Record<string, unknown> {
  const [ids, cliOrdIds] = [list(params, "orderIds"), list(params, "cliOrdIds")];
  const named = ids.length + cliOrdIds.length > 0;
  if (!named && !otherwise) throw new Rejection("requiredArgumentMissing");
  const byName = () => [...ids.map((id) => account.findById(id)), ...cliOrdIds.map((id) => account.findByCliOrdId(id))];
  const found = named ? byName() : (otherwise ?? []);
  return {
    orders: [...new Set(found)]
      .filter((order): order is FuturesOrder => order !== undefined)
      .filter((order) => order.status === "open" || now - order.updatedAt <= STATUS_LASTS)
      .map((order) => ({
        order: describeStatus(order),
        status: statusOf(order),
        updateReason: null,
        error: null,
      })),
  };
}

/**
 * Returns whether `processBefore` has passed by the exchange's clock. Kraken documents the status for sendorder and editorder. For other endpoints, it
 * is not documented and assumed to be the same.
 */
function isTooLate(call: FuturesCall): boolean {
  const name = ["processBefore", "ProcessBefore"].find((one) => call.params[one] !== undefined);
  if (name === undefined) return false;
  const time = parseTime(text(call.params, name) ?? "");
  if (time === undefined) throw new Rejection("invalidArgument");
  return call.now > time;
}

function tooLate(call: FuturesCall): Record<string, unknown> {
  call.write = false;
  call.did = "refused: wouldProcessAfterSpecifiedTime";
  return { status: "wouldProcessAfterSpecifiedTime", receivedTime: iso(call.arrivedAt), orderEvents: [] };
}

function sendOrder(call: FuturesCall): Record<string, unknown> {
  return { sendStatus: isTooLate(call) ? tooLate(call) : send(call, call.params) };
}

function send(call: FuturesCall, params: Params): Record<string, unknown> {
  const { account, now } = call;
  const sent = account.send(params, now);
  if (!("order" in sent)) {
    call.write ??= false;
    call.did ??= `refused: ${sent.status}`;
    const { rejected, status } = sent;
    if (!rejected) return { status, receivedTime: iso(now), orderEvents: [] };
    return { ...namesOf(rejected), status, receivedTime: iso(now), orderEvents: [rejectEvent(rejected, status)] };
  }
  const { order, fills } = sent;
  call.write = true;
  call.did = `placed ${order.id}: ${order.side} ${text(params, "size")} ${order.symbol} ${order.type}`;
  const entered = order.status === "open" ? [placeEvent(order)] : [];
  return {
    ...namesOf(order),
    status: "placed",
    receivedTime: iso(now),
    orderEvents: [...fills.map((fill) => executionEvent(fill)), ...entered],
  };
}

/** Returns the volume in US dollars. At Kraken, it is that of the last 30 days; here, it is that of all fills. */
const volumeOf = (account: FuturesAccount): number =>
  account.fills.reduce((sum, { order, price, size }) => sum + Number(usdValue(order.symbol, price, size)), 0);

function editOrder(call: FuturesCall): Record<string, unknown> {
  return { editStatus: isTooLate(call) ? tooLate(call) : edit(call, call.params) };
}

function edit(call: FuturesCall, params: Params): Record<string, unknown> {
  const { account, now } = call;
  const order = account.findOrder(params, "orderId");
  if (!order || order.status !== "open") {
    call.write ??= false;
    call.did ??= "edited nothing: orderForEditNotFound";
    return { status: "orderForEditNotFound", receivedTime: iso(now), orderEvents: [] };
  }
  const old = { ...order };
  const fills = account.edit(order, params, now);
  if ("status" in fills) {
    call.write ??= false;
    call.did ??= `edited nothing: ${fills.status}`;
    return { status: fills.status, orderId: order.id, cliOrdId: order.cliOrdId ?? null, receivedTime: iso(now), orderEvents: [] };
  }
  call.write = true;
  call.did = `edited ${order.id}`;
  const names = order.waits ? (["oldTrigger", "newTrigger"] as const) : (["old", "new"] as const);
  const shown = (one: FuturesOrder) => Object.values(inEvent(one))[0] as unknown;
  const event = { type: "EDIT", [names[0]]: shown(old), [names[1]]: shown(order), reducedQuantity: null };
  // If the new price causes executions, Kraken reports these, with the order before the edit.
  const executions = fills.map((fill) => ({ ...executionEvent(fill), orderPriorEdit: describe(old) }));
  return {
    status: "edited",
    orderId: order.id,
    cliOrdId: order.cliOrdId ?? null,
    receivedTime: iso(now),
    orderEvents: executions.length > 0 ? executions : [event],
  };
}

function cancelOrder(call: FuturesCall): Record<string, unknown> {
  return { cancelStatus: isTooLate(call) ? tooLate(call) : cancel(call, call.params) };
}

function cancel(call: FuturesCall, params: Params): Record<string, unknown> {
  const { account, now } = call;
  const order = account.findOrder(params);
  const status = !order || order.status === "cancelled" ? "notFound" : order.status === "filled" ? "filled" : "cancelled";
  if (!order || status !== "cancelled") {
    call.write ??= false;
    call.did ??= `cancelled nothing: ${status}`;
    return { ...(order && status === "filled" ? namesOf(order) : {}), status, receivedTime: iso(now), orderEvents: [] };
  }
  account.cancel(order, now);
  call.write = true;
  call.did = `cancelled ${order.id}`;
  return { ...namesOf(order), status, receivedTime: iso(now), orderEvents: [cancelEvent(order)] };
}

function namesOf(order: FuturesOrder): Record<string, unknown> {
  return { order_id: order.id, ...(order.cliOrdId === undefined ? {} : { cliOrdId: order.cliOrdId }) };
}

const cancelEvent = (order: FuturesOrder): unknown => ({ type: "CANCEL", uid: order.id, ...inEvent(order) });

/** Executes `json=`, whose list `batchOrder` has sends, edits and cancels. An instruction that fails does not stop the others. */
function batchOrder(call: FuturesCall): Record<string, unknown> {
  let batch: Params;
  try {
    batch = parseJson(required(call.params, "json"));
  } catch (error) {
    if (error instanceof MalformedBody) throw new Rejection("Json Parse Error");
    throw error;
  }
  const rows = batch["batchOrder"];
  if (!call.lenient && Object.keys(batch).length > 1) throw new Rejection("invalidArgument", "unknown: json");
  if (!Array.isArray(rows) || rows.length === 0) throw new Rejection("invalidArgument");
  const instructions = rows.map((row: unknown) => {
    const params = record(row as Params);
    if (!params || findWrong(params, BATCH_PARAMETERS, call.lenient)) throw new Rejection("invalidArgument");
    return params;
  });
  const late = isTooLate(call);
  const done: string[] = [];
  const batchStatus = instructions.map((params) => {
    const instruction = { ...call };
    const status = late ? tooLate(instruction) : oneOfBatch(instruction, params);
    done.push(instruction.did ?? "");
    if (instruction.write) call.write = true;
    const tag = text(params, "order_tag");
    const { receivedTime, ...rest } = status;
    return { ...rest, dateTimeReceived: receivedTime, ...(tag === undefined ? {} : { order_tag: tag }) };
  });
  call.write ??= false;
  call.did = done.join("; ");
  return { batchStatus };
}

function oneOfBatch(call: FuturesCall, params: Params): Record<string, unknown> {
  const kind = text(params, "order");
  try {
    if (kind === "send") {
      required(params, "order_tag");
      return send(call, params);
    }
    if (kind === "edit") return edit(call, { ...params, ...(text(params, "order_id") ? { orderId: text(params, "order_id") } : {}) });
    if (kind === "cancel") return cancel(call, params);
    throw new Rejection("invalidArgument");
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    call.write = false;
    call.did = `refused: ${error.message}`;
    return { status: error.message, receivedTime: iso(call.now), orderEvents: [] };
  }
}

function cancelAllOrders(call: FuturesCall): Record<string, unknown> {
  const { account, params, now } = call;
  const symbol = text(params, "symbol")?.toUpperCase();
  const orders = account.openOrders().filter((order) => symbol === undefined || order.symbol === symbol);
  for (const order of orders) account.cancel(order, now);
  call.did = `cancelled ${orders.length} orders`;
  return {
    cancelStatus: {
      receivedTime: iso(now),
      cancelOnly: symbol ?? "all",
      status: orders.length > 0 ? "cancelled" : "noOrdersToCancel",
      cancelledOrders: orders.map((order) => ({ order_id: order.id, cliOrdId: order.cliOrdId ?? null })),
      orderEvents: orders.map((order) => cancelEvent(order)),
    },
  };
}

function cancelAllOrdersAfter(call: FuturesCall): Record<string, unknown> {
  const timeout = required(call.params, "timeout");
  if (!/^\d{1,6}$/.test(timeout)) throw new Rejection("invalidArgument");
  call.account.cancelAllAfter(Number(timeout), call.now);
  call.did = timeout === "0" ? "disarmed the dead man's switch" : `armed the dead man's switch: ${timeout} s`;
  return {
    status: { currentTime: iso(call.now), triggerTime: timeout === "0" ? "0" : iso(call.now + Number(timeout) * 1000) },
  };
}

const SELF_TRADE_STRATEGIES = ["REJECT_TAKER", "CANCEL_MAKER_SELF", "CANCEL_MAKER_CHILD", "CANCEL_MAKER_ANY"];

function oneOf(params: Params, name: string, values: readonly string[]): string {
  const value = required(params, name);
  if (!values.includes(value)) throw new Rejection("invalidArgument");
  return value;
}

function setStrategy({ account, params }: FuturesCall): Record<string, unknown> {
  account.selfTradeStrategy = oneOf(params, "strategy", SELF_TRADE_STRATEGIES);
  return { strategy: account.selfTradeStrategy };
}

function setPnl({ account, params }: FuturesCall): Record<string, unknown> {
  const contract = findContract(required(params, "symbol"));
  if (!contract) throw new Rejection("contractNotFound");
  account.pnlCurrencies.set(contract.symbol, required(params, "pnlPreference"));
  return {};
}

function addAssignment({ params }: FuturesCall): Record<string, unknown> {
  for (const name of ["contractType", "acceptLong", "acceptShort", "enabled"]) required(params, name);
  oneOf(params, "timeFrame", ["all", "weekdays", "weekends"]);
  return { id: 1 };
}

function checkKey({ account, key }: FuturesCall): Record<string, unknown> {
  if (!key) throw new Rejection("authenticationError");
  return {
    apiKey: key.key,
    accountUid: account.uid,
    iiban: "AA88 N84G WOAK NMOI",
    createdAt: iso(key.createdTime),
    permissions: { general: key.level, withdrawal: key.withdrawal },
    allowedCidrBlock: key.ipAllowlist[0] ?? null,
    allowedCidrBlocks: [...key.ipAllowlist],
  };
}
