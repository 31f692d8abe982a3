/** The histories of Futures. Versions 2 and 3 have the same answers here. Times are in milliseconds, and decimals are text. */

import { toNumber } from "../market/decimal.js";
import type { FuturesCall, FuturesEndpoint, FuturesEndpoints } from "./call.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";

const read = (run: FuturesEndpoint["run"]): FuturesEndpoint => ({ access: "read", run });

const KINDS = ["orders", "executions", "triggers", "positions"] as const;

export const FUTURES_HISTORY: FuturesEndpoints = ["v2", "v3"].flatMap((version): FuturesEndpoints => [
  ...KINDS.map((kind) => [`GET /api/history/${version}/${kind}`, read((call) => historyOf(kind, call))] as const),
  [`GET /api/history/${version}/account-log`, read(accountLog)],
]);

function historyOf(kind: (typeof KINDS)[number], { account, params }: FuturesCall): object {
  const tradeable = text(params, "tradeable")?.toUpperCase();
  const entries = account.history
    .filter((entry) => entry.kind === kind && (tradeable === undefined || entry.symbol === tradeable))
    .map(({ uid, timestamp, event }) => ({ uid, timestamp, event }));
  return { accountUid: account.uid, ...pageOf(entries, params) };
}

function bound(params: Params, name: string, otherwise: number): number {
  const value = text(params, name);
  if (value === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(value)) throw new Rejection("invalidArgument");
  return Number(value);
}

function isAscending(params: Params): boolean {
  const sort = text(params, "sort") ?? "desc";
  if (sort !== "asc" && sort !== "desc") throw new Rejection("invalidArgument");
  return sort === "asc";
}

/** Returns one page of entries that are sorted by time. The latest entry comes first, unless `sort` says otherwise. */
export function pageOf<T extends { readonly timestamp: number }>(entries: readonly T[], params: Params): { len: number; elements: T[] } {
  const [since, before] = [bound(params, "since", 0), bound(params, "before", Infinity)];
  const [count, from] = [bound(params, "count", 1000), bound(params, "continuation_token", 0)];
  if (count === 0) throw new Rejection("invalidArgument"); // There would always be a next page.
  const matching = entries.filter(({ timestamp }) => timestamp >= since && timestamp < before);
  if (!isAscending(params)) matching.reverse();
  const elements = matching.slice(from, from + count);
  return { len: elements.length, elements, ...(from + count < matching.length ? { continuationToken: String(from + count) } : {}) };
}

/** Returns an entry for each trade. Entries for transfers and funding are not simulated. */
function accountLog({ account, params }: FuturesCall): object {
  const info = params["info"];
  const wanted = info === undefined ? ["futures trade"] : [info].flat().map(String);
  const entries = account.fills.map((fill) => ({
    timestamp: fill.time,
    id: fill.number,
    date: new Date(fill.time).toISOString(),
    asset: fill.order.symbol,
    info: "futures trade",
    booking_uid: fill.id,
    contract: fill.order.symbol,
    margin_account: "flex",
    collateral: "usd",
    execution: fill.id,
    fee: 0,
    funding_rate: null,
    mark_price: toNumber(fill.price),
    trade_price: toNumber(fill.price),
    old_average_entry_price: toNumber(fill.before.price),
    new_average_entry_price: toNumber(fill.after.price),
    old_balance: toNumber(fill.before.size),
    new_balance: toNumber(fill.after.size),
    realized_funding: null,
    realized_pnl: null,
  }));
  const [from, to] = [bound(params, "from", 0), bound(params, "to", Infinity)];
  const within = entries.filter(({ id, info: kind }) => id >= from && id <= to && wanted.includes(kind));
  const { elements } = pageOf(within, { ...params, count: text(params, "count") ?? "500" });
  return { accountUid: account.uid, logs: elements.map(({ timestamp: _timestamp, ...log }) => log) };
}
