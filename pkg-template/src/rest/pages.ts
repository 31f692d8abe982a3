import { checkNames } from "../checks.js";
import { KrakenError, need } from "../errors.js";
import { type FuturesCaller, type SpotCaller, checkCaller, isSpot } from "./callers.js";
import type { Params } from "./request/encode.js";
import { PatientCaller } from "./patient-caller.js";
import { property } from "./endpoint.js";
import type { FuturesParams, FuturesResult } from "./futures/endpoints.js";
import type { SpotParams } from "./spot/endpoints.js";
import type { ClosedOrder, HistoricalTrade, LedgerEntry } from "./spot/endpoints/history.js";

/** Options of {@link pages}. */
export interface PagesOptions {
  /** Ends the iteration, also within a page. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each page, with waiting for the rate limit; 120 000 by default. */
  readonly timeout?: number | undefined;
  /** The API key to use, of several; by default the client chooses. */
  readonly key?: string | undefined;
}

/** Spot's histories, and their rows: with their ids, which Kraken has as names. */
export interface SpotPages {
  /** Orders that were filled or canceled. */
  ClosedOrders: ClosedOrder & { id: string };
  /** Trades. */
  TradesHistory: HistoricalTrade & { id: string };
  /** Changes of balances. */
  Ledgers: LedgerEntry & { id: string };
}

type FuturesHistory = `/api/history/${"v2" | "v3"}/${"executions" | "orders" | "triggers" | "positions" | "account-log"}`;

/** Futures' histories. */
export type FuturesPages = "fills" | FuturesHistory;

/** The histories of an exchange, by what stands for its client. */
export type HistoryOf<Client> = Client extends SpotCaller ? keyof SpotPages : FuturesPages;

/** The parameters of a history, but for those that ask for a page. */
export type HistoryParams<E> = E extends keyof SpotPages
  ? Omit<SpotParams<E>, "ofs">
  : E extends FuturesPages
    ? Omit<FuturesParams<`GET:${E}`>, "continuation_token" | "lastFillTime">
    : never;

/** The rows of a history. */
export type HistoryRow<E> = E extends keyof SpotPages
  ? SpotPages[E]
  : E extends FuturesPages
    ? ElementOf<FuturesResult<`GET:${E}`>>
    : never;

type ElementOf<Result> = Result extends { elements: (infer Row)[] } | { logs: (infer Row)[] } | { fills: (infer Row)[] } ? Row : never;

/** A page's rows, and how to ask for the next. */
interface Page {
  /** Why there are other rows behind these that nobody can ask for. */
  readonly gap?: string | undefined;
  readonly rows: readonly (readonly [id: string, row: unknown])[];
  /** Parameters for the next page; none after the last one. */
  readonly next?: Params | undefined;
}

/** Where Spot has the rows of a history. */
const GROUPS: Readonly<Record<string, string>> = { ClosedOrders: "closed", TradesHistory: "trades", Ledgers: "ledger" };

/** How many fills Kraken gives at a time. */
const MOST_FILLS = 100;

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Spot counts rows from the latest one, so that each new row would shift all of them. The latest time of the first page is the end of all
 * pages: then new rows can only repeat some, which are left out.
 */
function spotPage(endpoint: string, asked: Params, result: unknown): Page {
  const group = property(result, GROUPS[endpoint]!);
  const entries = typeof group === "object" && group !== null ? Object.entries(group) : [];
  const rows = entries.map(([id, row]) => [id, { id, ...(row as object) }] as const);
  const latest = Math.max(0, ...entries.flatMap(([, row]) => ["time", "closetm", "opentm"].map((name) => numberOf(property(row, name)))));
  const offset = numberOf(asked.ofs) + rows.length;
  const count = property(result, "count");
  const isLast = !rows.length || (typeof count === "number" && offset >= count);
  return { rows, next: isLast ? undefined : { ...asked, end: asked.end ?? Math.ceil(latest), ofs: offset } };
}

/** The account log is numbered. */
function logPage(asked: Params, result: unknown): Page {
  const logs = listOf(property(result, "logs"));
  const ids = logs.map((row) => numberOf(property(row, "id")));
  const next = asked.sort === "asc" ? { from: Math.max(...ids) + 1 } : { to: Math.min(...ids) - 1 };
  const isLast = !ids.length || (asked.sort !== "asc" && next.to === 0);
  return { rows: logs.map((row, place) => [`${ids[place]}`, row]), next: isLast ? undefined : { ...asked, ...next } };
}

/** Other histories say how they go on. */
function tokenPage(asked: Params, result: unknown): Page {
  const rows = listOf(property(result, "elements")).map((row) => [`${property(row, "uid") as string}`, row] as const);
  const token = property(result, "continuationToken");
  const goesOn = typeof token === "string" && token !== "" && token !== asked.continuation_token;
  return { rows, next: goesOn ? { ...asked, continuation_token: token } : undefined };
}

/** Fills are asked for by time. Those of the last millisecond are asked for again, lest one of them is lost. */
function fillsPage(asked: Params, result: unknown): Page {
  const rows = listOf(property(result, "fills")).map((row) => [`${property(row, "fill_id") as string}`, row] as const);
  const times = rows.map(([, row]) => Date.parse(`${property(row, "fillTime") as string}`));
  const again = new Date(Math.min(...times) + 1);
  if (Number.isNaN(again.getTime())) return { rows };
  // A page that begins where the one before did has no more of that millisecond.
  const isStuck = again.toISOString() === asked.lastFillTime;
  const millisecond = new Date(again.getTime() - 1).toISOString();
  const gap = `fills: there are more than ${MOST_FILLS} at ${millisecond}, and Kraken cannot be asked for the others. Use pages() with "/api/history/v3/executions".`;
  if (isStuck && rows.length >= MOST_FILLS) return { rows, gap };
  return { rows, next: { lastFillTime: isStuck ? millisecond : again.toISOString() } };
}

function pageOf(endpoint: string, asked: Params, result: unknown): Page {
  if (Object.hasOwn(GROUPS, endpoint)) return spotPage(endpoint, asked, result);
  if (endpoint === "fills") return fillsPage(asked, result);
  return endpoint.endsWith("/account-log") ? logPage(asked, result) : tokenPage(asked, result);
}

/**
 * Goes through a history, page by page, the latest row first. No row comes twice, and none is left out where a page ends, also while the history
 * grows; rows that come meanwhile are not told. (Futures with `sort: "asc"`: the oldest first, and what comes meanwhile last.)
 *
 * Pages are asked for as they are needed: as fast as Kraken answers until its rate limit is reached, from then on at the pace that it allows.
 *
 * Kraken tells `fills` apart by their millisecond only, 100 at a time: where there are more than 100 in the same one, the iteration ends with an
 * error. The history `/api/history/v3/executions` has all of them.
 *
 * @param client - a SpotClient or a FuturesClient, or one that stands for a Durable Object
 * @param endpoint - ClosedOrders, TradesHistory or Ledgers; Futures: `fills`, or a history such as `/api/history/v3/executions`
 * @param params - the endpoint's, but for those that ask for a page
 * @returns its rows; Spot's with their ids
 * @throws what a call throws; KrakenError with code `ERR_UNAVAILABLE` where rows are there that Kraken cannot be asked for
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
  need(isKnown, `pages() goes through histories such as TradesHistory or /api/history/v3/executions: ${endpoint} is none of this client.`);
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
      if (seen.has(id)) continue;
      options.signal?.throwIfAborted();
      seen.add(id);
      yield row as HistoryRow<E>;
    }
    if (page.gap) throw new KrakenError("ERR_UNAVAILABLE", page.gap);
    next = page.next;
  }
}
