import { type Row, isText, property } from "../rest/endpoint.js";
import { spotErrors } from "../rest/answer/error-patterns.js";
import { type Outcome, judgeSocket, socketRow } from "../rest/answer/outcome.js";
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

/** Whether a result has the type that the method returns; for a batch, a row for each order. */
function hasKind({ method, orders }: Request, result: unknown): boolean {
  if (method === "batch_add") return Array.isArray(result) && result.length === orders;
  return typeof result === "object" && !Array.isArray(result);
}

/** Returns the ids in an answer that the request has too; `false` if the answer has the id of another order. */
function namesIn({ method, params }: Request, result: unknown): string[] | false {
  const found: string[] = [];
  for (const name of NAMES) {
    // An edited order gets a new id.
    const asked = method === "edit_order" && name === "order_id" ? undefined : params[name];
    const got = property(result, name) ?? undefined;
    if (asked === undefined || got === undefined) continue;
    const text = typeof got === "object" ? "" : `${got as string}`.toLowerCase();
    if (![asked].flat().some((one) => `${one as string}`.toLowerCase() === text)) return false;
    found.push(`${name} ${text}`);
  }
  return found;
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
  // A repeated subscription, for example after a lost answer, counts as done.
  if (method === "subscribe" && row !== "done" && row !== "unknown" && /already/i.test(`${error as string}`)) return "done";
  if (!write || row !== "done") return row;
  return hasKind(request, message.result ?? {}) && namesIn(request, message.result) ? "done" : "unknown";
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
  if (several && row !== "unknown") {
    const subject = subjectOf(request, message);
    // A repeated answer does not count as the answer for another order.
    if (subject !== undefined && seen.has(subject)) return undefined;
    if (subject !== undefined) seen.add(subject);
    else if (row === "done" && request.write) row = "unknown";
  }
  rows.push(row);
  results.push(contentOf(message, row));
  const outcome = judge(request, several ? results : results[0]);
  const all = rows.length >= expects || row === "unknown";
  const none = outcome.outcome === "rejected" && !outcome.done?.length && ofSession.test(outcome.kind);
  return all || none ? outcome : undefined;
}
