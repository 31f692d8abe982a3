import { checkNames, described, isRecord } from "../checks.js";
import { KrakenError, ResponseError, need } from "../errors.js";
import { type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "./callers.js";
import type { Params } from "./request/encode.js";
import { PatientCaller } from "./patient-caller.js";
import { isText, property } from "./endpoint.js";
import type { FuturesParamsAt, FuturesResultAt } from "./futures/endpoints.js";
import type { SpotParams, SpotResult } from "./spot/endpoints.js";
import type { ClosedOrder, HistoricalTrade, LedgerEntry } from "./spot/endpoints/history.js";

/** Options of {@link pages}. */
export interface PagesOptions {
  /** Ends the iteration, also within a page, and rejects with its reason; none by default. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each page, including the wait for the rate limit; 120,000 by default. */
  readonly timeout?: number | undefined;
  /** The API key to use, if the client has several. By default, the client chooses. */
  readonly key?: string | undefined;
}

/** The histories of Spot that {@link pages} reads, and their rows. Each row has its `id`, which Kraken sends as a member's name. */
export interface SpotPages {
  /** Orders that were filled or canceled. */
  ClosedOrders: ClosedOrder & {
    /** The transaction id of the order. */
    id: string;
  };
  /** Trades. */
  TradesHistory: HistoricalTrade & {
    /** The id of the trade. */
    id: string;
  };
  /** Changes of balances. */
  Ledgers: LedgerEntry & {
    /** The id of the ledger entry. */
    id: string;
  };
}

type FuturesHistory = `/api/history/${"v2" | "v3"}/${"executions" | "orders" | "triggers" | "positions" | "account-log"}`;

/** The histories of Futures that {@link pages} reads: `fills`, and those with pages of their own. */
export type FuturesPages = "fills" | FuturesHistory;

/** The histories that a client can read. */
export type HistoryOf<Client> = Client extends SpotCaller ? keyof SpotPages : FuturesPages;

// With infer: without it, the compiler compares the part of E that each name is with all names.
/** The parameters of a history, except those that select a page. */
export type HistoryParams<E> = E extends infer Spot extends keyof SpotPages
  ? Omit<SpotParams<Spot>, "ofs">
  : E extends infer Futures extends FuturesPages
    ? Omit<FuturesParamsAt<`GET:${Futures}`>, "continuation_token" | "lastFillTime">
    : never;

/** The rows of a history. */
export type HistoryRow<E> = E extends infer Spot extends keyof SpotPages
  ? SpotPages[Spot]
  : E extends infer Futures extends FuturesPages
    ? ElementOf<FuturesResultAt<`GET:${Futures}`>>
    : never;

type ElementOf<Result> = Result extends { elements: (infer Row)[] } | { logs: (infer Row)[] } | { fills: (infer Row)[] } ? Row : never;

/** The rows of a page, and the parameters of the next one. */
interface Page {
  /** The reason why Kraken has more rows that cannot be requested. */
  readonly gap?: string | undefined;
  readonly rows: readonly (readonly [id: string | undefined, row: unknown])[];
  /** The parameters of the next page; undefined after the last page. */
  readonly next?: Params | undefined;
}

/** For each of Spot's histories, the property of its result that contains its rows. The compiler compares both with the types of the endpoints. */
const GROUPS: Readonly<Record<string, string>> = { ClosedOrders: "closed", TradesHistory: "trades", Ledgers: "ledger" } satisfies {
  readonly [E in keyof SpotPages]: keyof SpotResult<E>;
};

/** The maximum number of fills in one answer. */
const MOST_FILLS = 100;

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Returns the rows in an answer. One without them is no empty page: it may come from a gateway, or be incomplete. */
function rowsIn(endpoint: string, result: unknown, name: string): object {
  const rows = property(result, name);
  if (typeof rows !== "object" || rows === null) throw new ResponseError(endpoint);
  return rows;
}

/**
 * Reads a page of Spot. Kraken counts rows from the latest one, so each new row would shift all others. The latest time of the first page
 * becomes the `end` of all pages. New rows can then only repeat rows, which are left out.
 */
function spotPage(endpoint: string, asked: Params, result: unknown): Page {
  const entries = Object.entries(rowsIn(endpoint, result, GROUPS[endpoint]!));
  const rows = entries.map(([id, row]) => [id, { id, ...(row as object) }] as const);
  const latest = Math.max(0, ...entries.flatMap(([, row]) => ["time", "closetm", "opentm"].map((name) => numberOf(property(row, name)))));
  const offset = numberOf(asked.ofs) + rows.length;
  const count = property(result, "count");
  const isLast = !rows.length || (typeof count === "number" && offset >= count);
  // Without a time, there is no end: then rows repeat, and are left out. An end of 0 would leave out all.
  return { rows, next: isLast ? undefined : { ...asked, end: asked.end ?? (Math.ceil(latest) || undefined), ofs: offset } };
}

/** Reads a page of the account log, whose rows are numbered from 1. */
function logPage(asked: Params, logs: readonly unknown[]): Page {
  const ids = logs.map((row) => property(row, "id"));
  const rows = logs.map((row, place) => [Number.isSafeInteger(ids[place]) ? `${ids[place] as number}` : undefined, row] as const);
  if (!rows.length) return { rows };
  if (rows.some(([id]) => id === undefined))
    return { rows, gap: "account-log: a row has no number that can be read, so the next page cannot be requested." };
  const numbers = ids as number[];
  const next = asked.sort === "asc" ? { from: Math.max(...numbers) + 1 } : { to: Math.min(...numbers) - 1 };
  return { rows, next: next.to === 0 ? undefined : { ...asked, ...next } };
}

/** Returns the id of a row. Rows without one cannot be told apart, so none of them counts as repeated. */
const idIn = (row: unknown, name: string): string | undefined => {
  const id = property(row, name);
  return isText(id) ? id : undefined;
};

/** Reads a page of the other histories, which return a token for the next page. A token that cannot be used is no end. */
function tokenPage(endpoint: string, asked: Params, result: unknown, elements: readonly unknown[]): Page {
  const rows = elements.map((row) => [idIn(row, "uid"), row] as const);
  const token = property(result, "continuationToken") ?? "";
  if (token === "") return { rows };
  if (isText(token) && token !== asked.continuation_token) return { rows, next: { ...asked, continuation_token: token } };
  return rows.length ? { rows, gap: `${endpoint}: Kraken sent a token for the next page that cannot be used.` } : { rows };
}

/** Reads a page of fills, which are requested by time. The last millisecond is requested again, so that none of its fills is lost. */
function fillsPage(asked: Params, fills: readonly unknown[]): Page {
  const rows = fills.map((row) => [idIn(row, "fill_id"), row] as const);
  const times = rows.map(([, row]) => Date.parse(`${property(row, "fillTime") as string}`));
  if (!rows.length) return { rows };
  const again = new Date(Math.min(...times) + 1);
  if (Number.isNaN(again.getTime())) return { rows, gap: "fills: a fill has no time that can be read, so older ones cannot be requested." };
  // If a page begins at the same time as the page before, Kraken has no more fills of that millisecond.
  const isStuck = again.toISOString() === asked.lastFillTime;
  const millisecond = new Date(again.getTime() - 1).toISOString();
  const gap = `fills: there are more than ${MOST_FILLS} at ${millisecond}, and Kraken cannot be asked for the others. Use pages() with "/api/history/v3/executions".`;
  if (isStuck && rows.length >= MOST_FILLS) return { rows, gap };
  return { rows, next: { lastFillTime: isStuck ? millisecond : again.toISOString() } };
}

function pageOf(endpoint: string, asked: Params, result: unknown): Page {
  if (Object.hasOwn(GROUPS, endpoint)) return spotPage(endpoint, asked, result);
  const rows = (name: string): unknown[] => Object.values(rowsIn(endpoint, result, name));
  if (endpoint === "fills") return fillsPage(asked, rows("fills"));
  return endpoint.endsWith("/account-log") ? logPage(asked, rows("logs")) : tokenPage(endpoint, asked, result, rows("elements"));
}

/**
 * Iterates over a history page by page, the latest row first. No row is repeated, and none is lost between pages, even while the history
 * grows. Rows that are added meanwhile are not returned, except for orders that were opened before and
 * close meanwhile (ClosedOrders without `closetime: "close"`). With `sort: "asc"` (Futures), the oldest row comes first and added rows come last.
 *
 * Pages are requested as they are needed, as fast as Kraken answers. Once its rate limit is reached, they are requested at the pace that it
 * allows.
 *
 * Kraken returns 100 `fills` at a time, and pages them by millisecond. If one millisecond has 100 or more, there may be others, and the iteration ends with an error.
 * The history `/api/history/v3/executions` has all of them.
 *
 * @param client - a SpotClient, a FuturesClient, or the client of a Durable Object
 * @param endpoint - ClosedOrders, TradesHistory or Ledgers; for Futures, `fills` or a history such as `/api/history/v3/executions`
 * @param params - the endpoint's parameters, except those that select a page
 * @returns the rows of the history; Spot's rows have their `id`
 * @throws the errors of a call; KrakenError with code `ERR_UNAVAILABLE` if Kraken has rows that cannot be requested
 *
 * @example
 * ```ts
 * for await (const trade of pages(client, "TradesHistory", { start: new Date("2026-01-01") })) {
 *   console.log(trade.id, trade.price, trade.vol);
 * }
 * ```
 */
export async function* pages<Client extends SpotCaller | FuturesCaller, E extends HistoryOf<Client>>(
  client: Client,
  endpoint: E,
  params?: HistoryParams<E>,
  options: PagesOptions = {},
): AsyncGenerator<HistoryRow<E>, void, undefined> {
  checkCaller("pages", client);
  checkNames("pages", options, ["signal", "timeout", "key"]);
  const isKnown = isSpot(client) ? Object.hasOwn(GROUPS, endpoint) : endpoint === "fills" || endpoint.startsWith("/api/history/");
  need(isKnown, `pages() reads histories, such as TradesHistory or /api/history/v3/executions. ${endpoint} is not one of this client's.`);
  need(params === undefined || isRecord(params), `Invalid parameters of ${endpoint}: expected an object, got ${described(params)}.`);
  for (const name of ["ofs", "continuation_token", "lastFillTime"])
    need(!Object.hasOwn(params ?? {}, name), `Parameter \`${name}\`: pages() asks for all pages by itself. Leave it out.`);
  const caller = new PatientCaller(
    endpoint,
    (asked, rest) => (isSpot(client) ? client.call(endpoint, asked, rest) : client.get(endpoint, asked, rest)),
    options,
  );
  const seen = new Set<string>();
  for (let next: Params | undefined = { ...(params as Params) }; next;) {
    const asked: Params = next;
    const page = pageOf(endpoint, asked, await caller.call(asked));
    for (const [id, row] of page.rows) {
      if (id !== undefined && seen.has(id)) continue;
      options.signal?.throwIfAborted();
      if (id !== undefined) seen.add(id);
      yield row as HistoryRow<E>;
    }
    if (page.gap) throw new KrakenError("ERR_UNAVAILABLE", page.gap);
    next = page.next;
  }
}
