import { type Row, isSet, isText, isTimerAsAsked, property } from "../rest/endpoint.js";
import { spotErrors } from "../rest/answer/error-patterns.js";
import { type Outcome, judgeSocket, socketRow } from "../rest/answer/outcome.js";
import { placedIds } from "../rest/sent-calls.js";
import { type Message, type Shape, fits } from "./message.js";
import type { Request } from "./requests.js";

/** The fields of answers that are read. */
export const ANSWER: Shape = { method: "string", req_id: "integer", success: "boolean", error: "string", symbol: "string" };

/** Kinds of errors that concern the session, and so the whole request. */
const ofSession = /^(token|permission|expired|lockout)$/;

/** The ids by which requests and answers name orders. */
const NAMES = ["order_id", "cl_ord_id", "order_userref"] as const;

/** Judges the answer to a ping: a pong, which has no `success`. */
function pong(message: Message): Row {
  const { method, success } = message;
  const error = message.error ?? undefined;
  if (isText(error) && success !== true) return { rejected: error };
  return method === "pong" && error === undefined && success !== false ? "done" : "unknown";
}

/** The methods that make orders, whose new ids are part of the proof. */
const placing = /^(add_order|edit_order|batch_add)$/;

/** Whether a result proves what was asked for: it has the type that the method returns, names no other order, and has the ids of new orders. */
function isProof({ method, params, orders }: Request, result: unknown): boolean {
  if (method === "batch_add")
    return Array.isArray(result) && result.length === orders && result.every((row, place) => isRow(row, place, params));
  if (typeof result !== "object" || Array.isArray(result) || !namesIn({ method, params }, result)) return false;
  if (method === "cancel_all_orders_after" && !isTimerAsAsked(params, result)) return false;
  if ((property(result, "original_order_id") ?? params.order_id) !== params.order_id) return false;
  return !placing.test(method) || isSet(params.validate) || isText(property(result, "order_id"));
}

/** Whether a row of a batch is that of the order in its place. Rows with an error are judged later. */
function isRow(row: unknown, place: number, { orders, validate }: Request["params"]): boolean {
  const params = (orders as readonly Request["params"][])[place]!;
  if (!namesIn({ method: "add_order", params }, row)) return false;
  return (property(row, "error") ?? undefined) !== undefined || isSet(validate) || isText(property(row, "order_id"));
}

/** Whether the result beside an error string shows that the method was carried out. */
const contradicts = (method: string, result: unknown): boolean =>
  placing.test(method) ? placedIds(result, {}).length > 0 : method === "amend_order" && isText(property(result, "amend_id"));

/** Returns the ids in an answer that the request has too; `false` if the answer has the id of another order. */
function namesIn({ method, params }: Pick<Request, "method" | "params">, result: unknown): string[] | false {
  const found: string[] = [];
  let isOther = false;
  for (const name of NAMES) {
    // An edited order gets a new id.
    const asked = method === "edit_order" && name === "order_id" ? undefined : params[name];
    const got = property(result, name) ?? undefined;
    if (asked === undefined || got === undefined) continue;
    const text = typeof got === "object" ? "" : `${got as string}`.toLowerCase();
    if ([asked].flat().some((one) => `${one as string}`.toLowerCase() === text)) found.push(`${name} ${text}`);
    // If orders are listed by different ids, each is in one list, but its answer may have all of its ids.
    else if (Array.isArray(asked)) isOther = true;
    else return false;
  }
  return isOther && !found.length ? false : found;
}

/** Returns the subject of an answer, if a request gets several answers. */
function subjectOf(request: Request, message: Message): string | undefined {
  const { result } = message;
  if (!request.write) return [property(result, "symbol"), message.symbol].find(isText);
  const [name] = namesIn(request, result) || [];
  // An order that is canceled by its reference may be named by its id only.
  return name ?? (request.params.order_userref === undefined ? undefined : [property(result, "order_id")].find(isText));
}

function rowOf(request: Request, message: Message): Row {
  const { method, write } = request;
  const { error } = message;
  if (!fits(message, ANSWER)) return "unknown";
  if (method === "ping") return pong(message);
  const row = socketRow(method, message);
  if (write && typeof row === "object" && contradicts(method, message.result)) return "unknown";
  // A repeated subscription, for example after a lost answer, counts as done.
  if (method === "subscribe" && row !== "done" && row !== "unknown" && /already/i.test(`${error as string}`)) return "done";
  if (!write || row !== "done") return row;
  return isProof(request, message.result ?? {}) ? "done" : "unknown";
}

/** Returns the part of an answer that is for the caller. */
function contentOf({ result, error, symbol, ...message }: Message, row: Row): unknown {
  if (row !== "done") return { error, ...(symbol !== undefined && { symbol }) };
  return result ?? { ...message, ...(symbol !== undefined && { symbol }) };
}

function judge({ rows, write }: Request, result: unknown): Outcome {
  const outcome = judgeSocket(rows, result, spotErrors);
  if (write || outcome.outcome !== "unknown" || rows.includes("unknown")) return outcome;
  // For a subscription, any error string is a rejection.
  return { ...outcome, outcome: "rejected", done: rows.flatMap((row, place) => (row === "done" ? [place] : [])), result };
}

/** Adds an answer to a request, and returns the outcome; `undefined` while other answers are expected. */
export function outcomeOf(request: Request, message: Message): Outcome | undefined {
  const { rows, results, seen, expects } = request;
  const several = expects > 1;
  let row = rowOf(request, message);
  const subject = several && row !== "unknown" ? subjectOf(request, message) : undefined;
  if (several && row !== "unknown") {
    // A repeated answer does not count as the answer for another order.
    if (subject !== undefined && seen.has(subject)) return undefined;
    if (subject !== undefined) seen.add(subject);
    else if (row === "done" && request.write) row = "unknown";
  }
  rows.push(row);
  results.push(contentOf(message, row));
  const outcome = judge(request, several ? results : results[0]);
  if (rows.length >= expects || row === "unknown") return outcome;
  // A rejection that names one of the orders says nothing about the others.
  const isOfSession = subject === undefined && outcome.outcome === "rejected" && !outcome.done?.length && ofSession.test(outcome.kind);
  if (!isOfSession) return undefined;
  // No other answer may follow, so the request ends. But this may as well be the answer for one of the orders, and the others may be carried out.
  return request.write ? { ...outcome, outcome: "unknown" } : outcome;
}
