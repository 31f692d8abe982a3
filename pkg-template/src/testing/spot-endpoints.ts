/** The Spot endpoints: what each needs, and what it does to the account. The permissions are those of Kraken's endpoint reference. */

import { formatDecimal, multiply, parseDecimal } from "./decimal.js";
import type { KeyRecord, SpotPermission } from "./keys.js";
import { ASSETS, assetInfo, findAsset, findPair, pairInfo, PAIRS, type Asset } from "./market.js";
import { Refusal } from "./outcome.js";
import { flag, list, record, text, type Params, type Value } from "./params.js";
import { checkPrice, deadlineHasPassed, describeDraft, seconds, type Order, type SpotAccount } from "./spot-account.js";
import type { TokenStore } from "./tokens.js";
import { zip } from "./zip.js";

/** Everything an endpoint may look at. */
export interface SpotCall {
  readonly params: Params;
  readonly pathname: string;
  /** The body came as JSON. */
  readonly json: boolean;
  /** The authenticated key; absent for public endpoints. */
  readonly key: KeyRecord | undefined;
  readonly now: number;
  readonly account: SpotAccount;
  readonly tokens: TokenStore;
  readonly toFuturesWallet: (asset: Asset, amount: bigint) => void;
  /** In words, for the record of executions. */
  did?: string;
  /** Overrides the endpoint's own `write`, for calls such as `validate` that turn out to change nothing. */
  write?: boolean;
}

export interface SpotEndpoint {
  /** Permissions: every one of `all`, and at least one of `any`. */
  readonly needs?: { readonly all?: readonly SpotPermission[]; readonly any?: readonly SpotPermission[] };
  /** It changes something. */
  readonly write?: boolean;
  /** What it costs on the call counter; default 1. */
  readonly cost?: number;
  run(call: SpotCall): unknown;
}

const invalid = (name: string) => new Refusal(`EGeneral:Invalid arguments:${name}`);
const unixSeconds = (millis: number | undefined) => String(Math.floor((millis ?? 0) / 1000));

export const PUBLIC_ENDPOINTS: ReadonlyMap<string, SpotEndpoint> = new Map<string, SpotEndpoint>([
  ["Time", { run: ({ now }) => ({ unixtime: Math.floor(now / 1000), rfc1123: new Date(now).toUTCString() }) }],
  ["SystemStatus", { run: ({ now }) => ({ status: "online", timestamp: new Date(now).toISOString() }) }],
  ["Assets", { run: () => Object.fromEntries(ASSETS.map((asset) => [asset.name, assetInfo(asset)])) }],
  ["AssetPairs", { run: () => Object.fromEntries(PAIRS.map((pair) => [pair.name, pairInfo(pair)])) }],
  ["Ticker", { run: ticker }],
]);

const READ_TRADING = { any: ["query-open-trades", "query-closed-trades"] } as const;
const TRADING = { any: ["modify-trades", "close-trades"] } as const;
const EARN_STATUS = { any: ["earn-funds", "query-funds"] } as const;

/** What `/0/private/` serves. Endpoints that are not simulated in depth answer what an account without such things would get. */
export const PRIVATE_ENDPOINTS: ReadonlyMap<string, SpotEndpoint> = new Map<string, SpotEndpoint>([
  // Account
  ["GetApiKeyInfo", { run: apiKeyInfo }],
  ["Balance", { needs: { all: ["query-funds"] }, run: balance }],
  ["BalanceEx", { needs: { all: ["query-funds"] }, run: balanceEx }],
  ["CreditLines", { needs: { all: ["query-funds"] }, run: () => null }],
  ["TradeVolume", { needs: { all: ["query-funds"] }, run: () => ({ currency: "ZUSD", volume: "0.0000" }) }],
  ["TradeBalance", { needs: { all: ["query-open-trades"] }, run: tradeBalance }],
  ["OpenOrders", { needs: { all: ["query-open-trades"] }, run: openOrders }],
  ["OpenPositions", { needs: { all: ["query-open-trades"] }, run: () => ({}) }],
  ["Level3", { needs: { all: ["query-open-trades"] }, run: level3 }],
  ["ClosedOrders", { needs: { all: ["query-closed-trades"] }, run: closedOrders }],
  ["QueryOrders", { needs: READ_TRADING, run: queryOrders }],
  ["OrderAmends", { needs: READ_TRADING, run: orderAmends }],
  ["TradesHistory", { needs: { all: ["query-closed-trades"] }, cost: 2, run: tradesHistory }],
  ["QueryTrades", { needs: { all: ["query-closed-trades"] }, cost: 2, run: queryTrades }],
  ["Ledgers", { needs: { all: ["query-ledger"] }, cost: 2, run: ledgers }],
  ["QueryLedgers", { needs: { all: ["query-ledger"] }, cost: 2, run: queryLedgers }],
  ["AddExport", { needs: { all: ["export-data"] }, write: true, run: addExport }],
  ["ExportStatus", { needs: { all: ["export-data"] }, run: exportStatus }],
  ["RetrieveExport", { needs: { all: ["export-data"] }, run: retrieveExport }],
  ["RemoveExport", { needs: { all: ["export-data"] }, write: true, run: removeExport }],

  // Trading
  ["AddOrder", { needs: { all: ["modify-trades"] }, write: true, run: addOrder }],
  ["AddOrderBatch", { needs: { all: ["modify-trades", "close-trades"] }, write: true, run: addOrderBatch }],
  ["EditOrder", { needs: { all: ["modify-trades", "close-trades"] }, write: true, run: editOrder }],
  ["AmendOrder", { needs: TRADING, write: true, run: amendOrder }],
  ["CancelOrder", { needs: TRADING, write: true, run: cancelOrder }],
  ["CancelAll", { needs: TRADING, write: true, run: cancelAll }],
  ["CancelAllOrdersAfter", { needs: TRADING, write: true, run: cancelAllOrdersAfter }],
  ["CancelOrderBatch", { needs: TRADING, write: true, run: cancelOrderBatch }],
  ["GetWebSocketsToken", { needs: { all: ["create-ws-token"] }, run: getWebSocketsToken }],

  // Funding
  ["DepositMethods", { needs: { all: ["query-funds", "add-funds"] }, run: depositMethods }],
  ["DepositAddresses", { needs: { all: ["query-funds"] }, run: depositAddresses }],
  ["DepositStatus", { needs: { all: ["query-funds"] }, run: () => [] }],
  ["WithdrawMethods", { needs: { all: ["query-funds", "withdraw-funds"] }, run: withdrawMethods }],
  ["WithdrawAddresses", { needs: { all: ["query-funds", "withdraw-funds"] }, run: () => [] }],
  ["WithdrawInfo", { needs: { all: ["query-funds", "withdraw-funds"] }, run: withdrawInfo }],
  ["WithdrawStatus", { needs: { any: ["withdraw-funds", "query-ledger"] }, run: withdrawStatus }],
  ["Withdraw", { needs: { all: ["withdraw-funds"] }, write: true, run: withdraw }],
  ["WithdrawCancel", { needs: { all: ["withdraw-funds"] }, write: true, run: withdrawCancel }],
  ["WalletTransfer", { needs: { all: ["query-funds"] }, write: true, run: walletTransfer }],
  ["CreateSubaccount", { needs: { all: ["withdraw-funds"] }, write: true, run: () => true }],
  ["AccountTransfer", { needs: { all: ["withdraw-funds"] }, write: true, run: accountTransfer }],

  // Earn
  ["Earn/Strategies", { run: () => ({ next_cursor: null, items: [] }) }],
  ["Earn/Allocations", { needs: EARN_STATUS, run: earnAllocations }],
  ["Earn/Allocate", { needs: { all: ["earn-funds"] }, write: true, run: () => true }],
  ["Earn/Deallocate", { needs: { all: ["earn-funds"] }, write: true, run: () => true }],
  ["Earn/AllocateStatus", { needs: EARN_STATUS, run: () => ({ pending: false }) }],
  ["Earn/DeallocateStatus", { needs: EARN_STATUS, run: () => ({ pending: false }) }],

  // Custody: the permissions are not published
  ["ListCustodyVaults", { run: () => [] }],
  ["ListCustodyTasks", { run: () => ({ tasks: [] }) }],
  ["GetCustodyTask", { run: ({ params }) => ({ id: text(params, "id") ?? "", status: "completed" }) }],
]);

function ticker({ params, account }: SpotCall): unknown {
  const wanted = list(params, "pair");
  const pairs = wanted.length === 0 ? PAIRS : wanted.map((name) => findPair(name));
  return Object.fromEntries(
    pairs.map((pair) => {
      if (!pair) throw new Refusal("EQuery:Unknown asset pair");
      const last = formatDecimal(account.lastPrice(pair), pair.priceDecimals);
      return [pair.name, { a: [last, "1", "1.000"], b: [last, "1", "1.000"], c: [last, "0.00000000"], o: last }];
    }),
  );
}

function earnAllocations(): unknown {
  return { converted_asset: "USD", total_allocated: "0", total_rewarded: "0", items: [] };
}

// Account

function apiKeyInfo({ key }: SpotCall): unknown {
  if (!key) throw new Refusal("EAPI:Invalid key");
  return {
    apiKeyName: key.name,
    apiKey: key.key,
    nonce: key.lastNonce,
    nonceWindow: Number(key.nonceWindow),
    permissions: [...key.permissions],
    iban: "AA88 N84G WOAK NMOI",
    validUntil: unixSeconds(key.validUntil),
    queryFrom: unixSeconds(key.queryFrom),
    queryTo: unixSeconds(key.queryTo),
    createdTime: unixSeconds(key.createdTime),
    modifiedTime: unixSeconds(key.modifiedTime),
    ipAllowlist: [...key.ipAllowlist],
    lastUsed: unixSeconds(key.lastUsed),
  };
}

function balance({ account }: SpotCall): unknown {
  return Object.fromEntries(account.balances().map(({ asset, balance }) => [asset.name, formatDecimal(balance, asset.decimals)]));
}

function balanceEx({ account }: SpotCall): unknown {
  return Object.fromEntries(
    account
      .balances()
      .map(({ asset, balance, hold }) => [
        asset.name,
        { balance: formatDecimal(balance, asset.decimals), hold_trade: formatDecimal(hold, asset.decimals) },
      ]),
  );
}

function tradeBalance({ account }: SpotCall): unknown {
  // In US dollars, at the last price of each asset that trades against it.
  const equivalent = account.balances().reduce((sum, { asset, balance }) => {
    if (asset.name === "ZUSD") return sum + balance;
    const pair = findPair(`${asset.altname}USD`);
    return pair ? sum + multiply(balance, account.lastPrice(pair)) : sum;
  }, 0n);
  const total = formatDecimal(equivalent, 4);
  return { eb: total, tb: total, m: "0.0000", n: "0.0000", c: "0.0000", v: "0.0000", e: total, mf: total };
}

function openOrders({ account, params }: SpotCall): unknown {
  return { open: describeAll(account, account.openOrders().filter(byReference(params))) };
}

function closedOrders({ account, params, key }: SpotCall): unknown {
  const closed = account.orders
    .filter((order) => order.status !== "open" && visible(key, order.closetm))
    .filter(byReference(params))
    .reverse();
  return { closed: describeAll(account, page(params, closed)), count: closed.length };
}

function queryOrders({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  if (ids.length === 0 || ids.length > 50) throw invalid("txid");
  const orders = ids.map((id) => account.orders.find((order) => order.txid === id));
  if (!orders.every((order) => order !== undefined && visible(key, order.closetm))) throw new Refusal("EOrder:Unknown order");
  return describeAll(account, orders as Order[]);
}

function orderAmends({ account, params }: SpotCall): unknown {
  const order = account.orders.find(({ txid }) => txid === text(params, "order_id"));
  if (!order) throw new Refusal("EOrder:Unknown order");
  return { count: order.amends.length, amends: order.amends };
}

function level3({ account, params }: SpotCall): unknown {
  const pair = findPair(text(params, "pair"));
  if (!pair) throw new Refusal("EQuery:Unknown asset pair");
  const side = (type: "buy" | "sell") =>
    account
      .openOrders()
      .filter((order) => order.pair === pair && order.type === type)
      .map((order) => ({ price: order.price, qty: formatDecimal(order.volume, 8), order_id: order.txid }));
  return { pair: pair.wsname, bids: side("buy"), asks: side("sell") };
}

function tradesHistory({ account, params, key }: SpotCall): unknown {
  const trades = account.trades.filter((trade) => visible(key, trade.time)).reverse();
  return {
    trades: Object.fromEntries(page(params, trades).map((trade) => [trade.id, account.describeTrade(trade)])),
    count: trades.length,
  };
}

function queryTrades({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "txid");
  const trades = account.trades.filter((trade) => ids.includes(trade.id) && visible(key, trade.time));
  if (ids.length === 0 || trades.length !== ids.length) throw invalid("txid");
  return Object.fromEntries(trades.map((trade) => [trade.id, account.describeTrade(trade)]));
}

function ledgers({ account, params, key }: SpotCall): unknown {
  const assets = list(params, "asset").map((name) => findAsset(name)?.name ?? name);
  const entries = account.ledger
    .filter((entry) => visible(key, entry.time))
    .filter((entry) => assets.length === 0 || assets.includes("all") || assets.includes(entry.asset.name))
    .reverse();
  return {
    ledger: Object.fromEntries(page(params, entries).map((entry) => [entry.id, account.describeLedger(entry)])),
    count: entries.length,
  };
}

function queryLedgers({ account, params, key }: SpotCall): unknown {
  const ids = list(params, "id");
  const entries = account.ledger.filter((entry) => ids.includes(entry.id) && visible(key, entry.time));
  if (ids.length === 0 || entries.length !== ids.length) throw invalid("id");
  return Object.fromEntries(entries.map((entry) => [entry.id, account.describeLedger(entry)]));
}

/** The restriction that `queryFrom` and `queryTo` of a key put on history. */
function visible(key: KeyRecord | undefined, time: number | undefined): boolean {
  return time === undefined || (time >= (key?.queryFrom ?? -Infinity) && time <= (key?.queryTo ?? Infinity));
}

/** Kraken pages history by 50, newest first, from `ofs` on. */
function page<T>(params: Params, items: readonly T[]): T[] {
  const offset = text(params, "ofs") ?? "0";
  if (!/^\d{1,9}$/.test(offset)) throw invalid("ofs");
  return items.slice(Number(offset), Number(offset) + 50);
}

function byReference(params: Params): (order: Order) => boolean {
  const userref = text(params, "userref");
  const clOrdId = text(params, "cl_ord_id");
  return (order) => (userref === undefined || String(order.userref) === userref) && (clOrdId === undefined || order.clOrdId === clOrdId);
}

function describeAll(account: SpotAccount, orders: readonly Order[]): unknown {
  return Object.fromEntries(orders.map((order) => [order.txid, account.describe(order)]));
}

// Export

function addExport(call: SpotCall): unknown {
  const report = text(call.params, "report");
  if (report !== "trades" && report !== "ledgers") throw invalid("report");
  const descr = text(call.params, "description");
  if (!descr) throw invalid("description");
  const id = call.account.id("", [4]);
  call.account.exports.push({ id, report, descr, createdtm: unixSeconds(call.now) });
  call.did = `requested export ${id} of ${report}`;
  return { id };
}

function exportStatus({ account, params }: SpotCall): unknown {
  const report = text(params, "report");
  if (report !== "trades" && report !== "ledgers") throw invalid("report");
  return account.exports
    .filter((entry) => entry.report === report)
    .map((entry) => ({ ...entry, format: "CSV", status: "Processed", fields: "all" }));
}

function retrieveExport({ account, params }: SpotCall): Uint8Array {
  const found = account.exports.find(({ id }) => id === text(params, "id"));
  if (!found) throw invalid("id");
  const rows =
    found.report === "trades"
      ? account.trades.map((trade) => ({ txid: trade.id, ...account.describeTrade(trade) }))
      : account.ledger.map((entry) => ({ txid: entry.id, ...account.describeLedger(entry) }));
  const header =
    found.report === "trades"
      ? "txid,ordertxid,postxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc"
      : "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance";
  const lines = rows.map((row) =>
    Object.values(row)
      .map((value) => JSON.stringify(String(value)))
      .join(","),
  );
  return zip(`${found.report}.csv`, [header, ...lines, ""].join("\n"));
}

function removeExport(call: SpotCall): unknown {
  const type = text(call.params, "type");
  if (type !== "cancel" && type !== "delete") throw invalid("type");
  const all = call.account.exports;
  const index = all.findIndex(({ id }) => id === text(call.params, "id"));
  if (index < 0) throw invalid("id");
  const [removed] = all.splice(index, 1);
  call.did = `removed export ${removed?.id}`;
  return { [type]: true };
}

// Trading

function addOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const draft = account.draft(params, text(params, "pair"), now);
  if (deadlineHasPassed(params, now)) throw new Refusal("EService:Deadline elapsed");
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

/** Arguments that are wrong refuse the whole batch; what the trading engine refuses becomes the error of its row. */
function addOrderBatch(call: SpotCall): unknown {
  const { account, params, now } = call;
  const rows = params["orders"];
  if (!Array.isArray(rows) || rows.length < 2 || rows.length > 15) throw invalid("orders");
  const checked = (rows as readonly Value[]).map((row) => {
    const order = record(row);
    if (!order) throw invalid("orders");
    return attempt(() => account.draft(order, text(params, "pair"), now));
  });
  if (deadlineHasPassed(params, now)) throw new Refusal("EService:Deadline elapsed");
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
    if (error instanceof Refusal && error.errors[0]?.startsWith("EOrder:")) return { error: error.errors[0] };
    throw error;
  }
}

/** Cancels and replaces: the new order has a new id. */
function editOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const [old] = account.findOpen(text(params, "txid") ?? "");
  if (!old) throw new Refusal("EOrder:Unknown order");
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
  if (deadlineHasPassed(params, now)) throw new Refusal("EService:Deadline elapsed");
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

/** Changes an order in place: it keeps its id. */
function amendOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const reference = text(params, "txid") ?? text(params, "cl_ord_id");
  if (reference === undefined) throw invalid("txid");
  const [order] = account.findOpen(reference);
  if (!order) throw new Refusal("EOrder:Unknown order");
  const quantity = text(params, "order_qty");
  const volume = quantity === undefined ? order.volume : parseDecimal(quantity);
  if (volume === undefined || volume <= order.executed) throw invalid("order_qty");
  const limitPrice = checkPrice(params, "limit_price", order.pair, false);
  const triggerPrice = checkPrice(params, "trigger_price", order.pair, false);
  if (quantity === undefined && limitPrice === undefined && triggerPrice === undefined) throw invalid("order_qty");
  if (deadlineHasPassed(params, now)) throw new Refusal("EService:Deadline elapsed");
  const conditional = order.ordertype.endsWith("-limit");
  order.volume = volume;
  if (conditional) {
    order.price = triggerPrice ?? order.price;
    order.price2 = limitPrice ?? order.price2;
  } else {
    order.price = limitPrice ?? triggerPrice ?? order.price;
  }
  const amendId = account.id("T");
  order.amends.push({
    amend_id: amendId,
    amend_type: "user",
    order_qty: formatDecimal(order.volume, 8),
    remaining_qty: formatDecimal(order.volume - order.executed, 8),
    limit_price: (conditional ? order.price2 : order.price) ?? "0",
    timestamp: now,
  });
  account.amended(order, now);
  call.did = `amended ${order.txid}`;
  return { amend_id: amendId };
}

function cancelOrder(call: SpotCall): unknown {
  const { account, params, now } = call;
  const reference = text(params, "txid") ?? text(params, "cl_ord_id") ?? text(params, "userref");
  if (!reference) throw invalid("txid");
  const orders = account.findOpen(reference);
  if (orders.length === 0) throw new Refusal("EOrder:Unknown order");
  call.did = `cancelled ${orders.map(({ txid }) => txid).join(" ")}`;
  return { count: account.cancel(orders, now) };
}

function cancelAll(call: SpotCall): unknown {
  const count = call.account.cancel(call.account.openOrders(), call.now);
  call.did = `cancelled ${count} orders`;
  return { count };
}

function cancelAllOrdersAfter(call: SpotCall): unknown {
  const timeout = text(call.params, "timeout") ?? "";
  if (!/^\d{1,5}$/.test(timeout) || Number(timeout) > 86_400) throw invalid("timeout");
  call.account.cancelAllAfter(Number(timeout), call.now);
  call.did = timeout === "0" ? "disarmed the dead man's switch" : `armed the dead man's switch: ${timeout} s`;
  return {
    currentTime: new Date(call.now).toISOString(),
    triggerTime: timeout === "0" ? "0" : new Date(call.now + Number(timeout) * 1000).toISOString(),
  };
}

/** JSON only: as a form it is `EAPI:Bad request`. Ids that are unknown are not counted. */
function cancelOrderBatch(call: SpotCall): unknown {
  if (!call.json) throw new Refusal("EAPI:Bad request");
  const { account, params, now } = call;
  const ids = [...list(params, "orders"), ...list(params, "cl_ord_ids")];
  if (ids.length === 0 || ids.length > 50) throw invalid("orders");
  const orders = ids.flatMap((id) => account.findOpen(id));
  const count = account.cancel([...new Set(orders)], now);
  call.did = `cancelled ${count} orders`;
  return { count };
}

function getWebSocketsToken(call: SpotCall): unknown {
  call.did = "issued a WebSocket token";
  return call.tokens.issue(call.key?.key ?? "");
}

// Funding

function assetOf(params: Params): Asset {
  const name = text(params, "asset");
  if (name === undefined) throw invalid("asset");
  const asset = findAsset(name);
  if (!asset) throw new Refusal("EFunding:Unknown asset");
  return asset;
}

function amountOf(params: Params): bigint {
  const amount = parseDecimal(text(params, "amount"));
  if (amount === undefined || amount === 0n) throw invalid("amount");
  return amount;
}

function available({ account, params }: SpotCall): { asset: Asset; amount: bigint } {
  const asset = assetOf(params);
  const amount = amountOf(params);
  if (amount > account.balance(asset) - account.hold(asset)) throw new Refusal("EFunding:Insufficient funds");
  return { asset, amount };
}

function depositMethods({ params }: SpotCall): unknown {
  const asset = assetOf(params);
  const method = asset.fiat ? "Bank transfer" : asset.altname;
  return [{ method, limit: false, fee: "0.0000000000", "gen-address": !asset.fiat, minimum: "0.0001" }];
}

/** The same address for an asset every time, unless `new` asks for another. */
function depositAddresses(call: SpotCall): unknown {
  const asset = assetOf(call.params);
  if (!text(call.params, "method")) throw invalid("method");
  call.write = flag(call.params, "new");
  const suffix = call.write ? call.account.id("", [6]) : "AAAAA0";
  if (call.write) call.did = `created a deposit address for ${asset.altname}`;
  return [{ address: `simulated-${asset.altname}-${suffix}`, expiretm: "0", new: call.write }];
}

function withdrawMethods({ params }: SpotCall): unknown {
  const assets = text(params, "asset") === undefined ? ASSETS : [assetOf(params)];
  return assets.map((asset) => ({ asset: asset.altname, method: asset.altname, network: asset.altname, minimum: "0.0001" }));
}

function withdrawInfo(call: SpotCall): unknown {
  const asset = assetOf(call.params);
  if (!text(call.params, "key")) throw invalid("key");
  const amount = amountOf(call.params);
  return {
    method: asset.altname,
    limit: formatDecimal(call.account.balance(asset) - call.account.hold(asset), asset.decimals),
    amount: formatDecimal(amount, asset.decimals),
    fee: formatDecimal(0n, asset.decimals),
  };
}

/** Any `key` is taken for the name of a saved address. */
function withdraw(call: SpotCall): unknown {
  const key = text(call.params, "key");
  if (!key) throw invalid("key");
  const { asset, amount } = available(call);
  const refid = call.account.id("F", [6, 5, 6]);
  call.account.book(asset, -amount, "withdrawal", refid, call.now);
  call.account.withdrawals.push({ refid, asset, amount, key, time: call.now, status: "Initial" });
  call.did = `withdrew ${formatDecimal(amount, asset.decimals)} ${asset.altname} to ${key}`;
  return { refid };
}

function withdrawStatus({ account, params }: SpotCall): unknown {
  const name = text(params, "asset");
  return account.withdrawals
    .filter((entry) => name === undefined || entry.asset === findAsset(name))
    .map(({ refid, asset, amount, key, time, status }) => ({
      method: asset.altname,
      aclass: "currency",
      asset: asset.name,
      refid,
      txid: null,
      info: key,
      amount: formatDecimal(amount, asset.decimals),
      fee: formatDecimal(0n, asset.decimals),
      time: Math.floor(seconds(time)),
      status,
      key,
    }));
}

function withdrawCancel(call: SpotCall): unknown {
  const refid = text(call.params, "refid");
  const found = call.account.withdrawals.find((entry) => entry.refid === refid && entry.status === "Initial");
  if (!found) throw new Refusal("EFunding:Unknown reference id");
  found.status = "Canceled";
  call.account.book(found.asset, found.amount, "withdrawal", found.refid, call.now);
  call.did = `cancelled withdrawal ${found.refid}`;
  return true;
}

function walletTransfer(call: SpotCall): unknown {
  if (text(call.params, "from") !== "Spot Wallet") throw invalid("from");
  if (text(call.params, "to") !== "Futures Wallet") throw invalid("to");
  const { asset, amount } = available(call);
  const refid = call.account.id("F", [6, 5, 6]);
  call.account.book(asset, -amount, "transfer", refid, call.now);
  call.toFuturesWallet(asset, amount);
  call.did = `moved ${formatDecimal(amount, asset.decimals)} ${asset.altname} to the Futures wallet`;
  return { refid };
}

function accountTransfer(call: SpotCall): unknown {
  const { asset, amount } = available(call);
  for (const name of ["from", "to"]) if (!text(call.params, name)) throw invalid(name);
  const id = call.account.id("T");
  call.account.book(asset, -amount, "transfer", id, call.now);
  call.did = `moved ${formatDecimal(amount, asset.decimals)} ${asset.altname} to another account`;
  return { transfer_id: id, status: "complete" };
}
