import { type Row, isText, property } from "../rest/endpoint.js";
import { spotErrors } from "../rest/answer/error-patterns.js";
import { type Outcome, judgeSocket, socketRow } from "../rest/answer/outcome.js";
import { type Message, type Shape, fits } from "./message.js";
import type { Request } from "./requests.js";

/** The fields of answers that are read. */
export const ANSWER: Shape = { method: "string", req_id: "integer", success: "boolean", error: "string", symbol: "string" };

/** What is wrong with the session is wrong with all that was asked for. */
const ofSession = /^(token|permission|expired|lockout)$/;

/** What an answer can be about: names of orders that a request may have named, too. */
const NAMES = ["order_id", "cl_ord_id", "order_userref"] as const;

/** A ping is answered by a pong, which does not say `success`. */
function pong(message: Message): Row {
  const { method, success } = message;
  const error = message.error ?? undefined;
  if (isText(error) && success !== true) return { rejected: error };
  return method === "pong" && error === undefined && success !== false ? "done" : "unknown";
}

/** Whether the result of a method is of the kind that its answers have: of a batch, a row for each order. */
function hasKind({ method, orders }: Request, result: unknown): boolean {
  if (method === "batch_add") return Array.isArray(result) && result.length === orders;
  return typeof result === "object" && !Array.isArray(result);
}

/** Names of orders in an answer, as far as the request had named orders in the same way; `false` if it names another one. */
function namesIn({ method, params }: Request, result: unknown): string[] | false {
  const found: string[] = [];
  for (const name of NAMES) {
    // An order that is edited gets a new ID.
    const asked = method === "edit_order" && name === "order_id" ? undefined : params[name];
    const got = property(result, name) ?? undefined;
    if (asked === undefined || got === undefined) continue;
    const text = typeof got === "object" ? "" : `${got as string}`.toLowerCase();
    if (![asked].flat().some((one) => `${one as string}`.toLowerCase() === text)) return false;
    found.push(`${name} ${text}`);
  }
  return found;
}

/** What one answer is about, where a request gets several. */
function subjectOf(request: Request, message: Message): string | undefined {
  const { result } = message;
  if (!request.write) return [property(result, "symbol"), message.symbol].find(isText);
  const [name] = namesIn(request, result) || [];
  // Orders that are canceled by a reference may be named by their ID only.
  return name ?? (request.params.order_userref === undefined ? undefined : [property(result, "order_id")].find(isText));
}

function rowOf(request: Request, message: Message): Row {
  const { method, write } = request;
  const { error } = message;
  if (!fits(message, ANSWER)) return "unknown";
  if (method === "ping") return pong(message);
  const row = socketRow(method, message);
  // Who subscribes what is subscribed, as after an answer that got lost, has what he wants.
  if (method === "subscribe" && row !== "done" && row !== "unknown" && /already/i.test(`${error as string}`)) return "done";
  if (!write || row !== "done") return row;
  return hasKind(request, message.result ?? {}) && namesIn(request, message.result) ? "done" : "unknown";
}

/** What of an answer is the caller's. */
function contentOf({ result, error, symbol, ...message }: Message, row: Row): unknown {
  if (row !== "done") return { error, ...(symbol !== undefined && { symbol }) };
  return result ?? { ...message, ...(symbol !== undefined && { symbol }) };
}

function judge({ rows, write }: Request, result: unknown): Outcome {
  const outcome = judgeSocket(rows, result, spotErrors);
  if (write || outcome.outcome !== "unknown" || rows.includes("unknown")) return outcome;
  // A subscription is refused in any words: nothing depends on what they mean.
  return { ...outcome, outcome: "rejected", done: rows.flatMap((row, place) => (row === "done" ? [place] : [])), result };
}

/** What a request has come to with one more answer; `undefined` if it is still waiting for others. */
export function outcomeOf(request: Request, message: Message): Outcome | undefined {
  const { rows, results, seen, expects } = request;
  const several = expects > 1;
  let row = rowOf(request, message);
  if (several && row !== "unknown") {
    const subject = subjectOf(request, message);
    // A copy of an answer is not the answer for another order.
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
