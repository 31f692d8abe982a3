/**
 * Decides what an answer proves. This is the only place that does, for REST, sockets, Durable Objects and the command line.
 *
 * The outcome of a call that changes something is *done* if the answer contains the proof that the endpoint's record names. It is *rejected* if the
 * answer has Kraken's format, and all its error strings are known to mean that nothing was carried out. In every other case it is *unknown*. For
 * calls that change nothing, only the difference between an answer and none matters.
 */
import type { ErrorKind } from "../../errors.js";
import { type Proof, type Row, type Structure, isText, isThere, property } from "../endpoint.js";
import { type ErrorPattern, patternOf } from "./error-patterns.js";

/** The parts of an answer that matter. */
export interface Answer {
  /** The HTTP status; 0 if the runtime hides the status of a redirect. */
  readonly status: number;
  /** The parsed JSON; `undefined` if the answer is not JSON. */
  readonly json: unknown;
}

/** The parts of a call that matter. */
export interface Question {
  readonly write: boolean;
  readonly params: Structure;
  /** The proof that the call was carried out. For an unknown endpoint, any result is one. */
  readonly proof?: Proof | undefined;
}

export interface Done {
  readonly outcome: "done";
  readonly result: unknown;
}

/** Nothing was carried out, except the rows in `done`. */
export interface Rejected {
  readonly outcome: "rejected";
  /** Kraken's error strings. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
  /** The indexes of the rows that were carried out, if the call was for several things. */
  readonly done?: readonly number[];
  /** The whole result, if it has rows. */
  readonly result?: unknown;
}

export interface Unknown {
  readonly outcome: "unknown";
  /** Kraken's error strings, if there were any. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
  /** The whole result, if there was one. Some of it may be done. */
  readonly result?: unknown;
}

export type Outcome = Done | Rejected | Unknown;

const unknown = (result?: unknown, errors: readonly string[] = [], kind: ErrorKind = "other"): Unknown => ({
  outcome: "unknown",
  errors,
  kind,
  ...(result !== undefined && { result }),
});

/** Returns the kind of error strings, and whether all of them are known to mean that nothing was carried out. */
function meaningOf(errors: readonly string[], patterns: readonly ErrorPattern[]): { kind: ErrorKind; final: boolean } {
  const found = errors.map((error) => patternOf(error, patterns));
  const kinds = found.map((pattern) => pattern?.kind ?? "other");
  return {
    kind: kinds.find((kind) => kind === "unavailable") ?? kinds[0] ?? "other",
    final: errors.length > 0 && found.every((pattern) => pattern?.final),
  };
}

/** Returns the outcome of an answer with error strings. It is unknown if another part of the answer contradicts them. */
function rejectedIn(
  errors: readonly string[],
  patterns: readonly ErrorPattern[],
  { result, contradicted, unnamed }: { result: unknown; contradicted: boolean; unnamed?: ErrorKind | undefined },
): Outcome {
  const { kind, final } = meaningOf(errors, patterns);
  const named = kind === "other" ? (unnamed ?? kind) : kind;
  return final && !contradicted ? { outcome: "rejected", errors, kind: named } : unknown(result, errors, named);
}

/** Returns the rows that a result proves: one for each thing that was asked for. */
function rowsOf(result: unknown, { proof = isThere, params }: Question): { rows: readonly Row[]; several: boolean } {
  const proven = proof(result, params);
  return Array.isArray(proven) ? { rows: proven as readonly Row[], several: true } : { rows: [proven as Row], several: false };
}

const rejectedRows = (rows: readonly Row[]): string[] => rows.flatMap((row) => (typeof row === "string" ? [] : row.rejected));

/** Returns the outcome of a result without error strings beside it. */
function proven(result: unknown, question: Question, patterns: readonly ErrorPattern[], unnamed?: ErrorKind): Outcome {
  if (!question.write) return { outcome: "done", result };
  const { rows, several } = rowsOf(result, question);
  const errors = rejectedRows(rows);
  if (rows.length && rows.every((row) => row === "done")) return { outcome: "done", result };
  const { kind, final } = meaningOf(errors, patterns);
  const named = kind === "other" ? (unnamed ?? kind) : kind;
  if (rows.includes("unknown") || !final) return unknown(result, errors, named);
  const done = rows.flatMap((row, place) => (row === "done" ? [place] : []));
  return { outcome: "rejected", errors, kind: named, ...(several && { done, result }) };
}

/** Returns the non-empty strings of a list. */
export const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter(isText) : []);

/**
 * Judges an answer in Spot's envelope, `{"error":[…],"result":…}`. Kraken itself answers with status 200 even if it rejects the request; any other
 * status comes from a gateway. Warnings (`W…`) are not errors.
 */
export function judgeSpot({ status, json }: Answer, question: Question, patterns: readonly ErrorPattern[]): Outcome {
  const error = property(json, "error");
  const result = property(json, "result");
  const all = texts(error);
  if (!Array.isArray(error) || all.length < error.length) return unknown(result);
  const errors = all.filter((one) => !one.startsWith("W"));
  if (errors.length) {
    const contradicted = question.write && (status !== 200 || (hasContent(result) && isNotRejected(result, question)));
    return rejectedIn(errors, patterns, { result, contradicted });
  }
  if (status !== 200 || result === undefined) return unknown(result);
  return proven(result, question, patterns);
}

/** Whether there is more than an empty object. Kraken sends no result beside an error. */
const hasContent = (result: unknown): boolean =>
  typeof result === "object" && result !== null
    ? Object.keys(result).length > 0
    : result !== undefined && result !== null && result !== false;

/** Whether a result says of anything else than a rejection, so that something may have been done although there are error strings beside it. */
const isNotRejected = (result: unknown, question: Question): boolean =>
  rowsOf(result, question).rows.some((row) => row === "done" || row === "unknown");

/**
 * Judges an answer of the APIs that take the nonce in a header. Some answer in Spot's envelope, others with only the result and a meaningful HTTP
 * status.
 */
export function judgeHeaderNonce(answer: Answer, question: Question, patterns: readonly ErrorPattern[]): Outcome {
  const { status, json } = answer;
  if (property(json, "error") !== undefined) return judgeSpot(answer, question, patterns);
  const isAnswer = status >= 200 && status < 300 && typeof json === "object" && json !== null;
  if (!isAnswer || (question.write && (!Object.keys(json).length || hasErrors(json) || property(json, "success") === false)))
    return unknown();
  return { outcome: "done", result: json };
}

/** The parts of a Futures call that matter. */
export interface FuturesQuestion extends Question {
  /** Whether a success has `"result":"success"`, as the answers under `/derivatives` do. */
  readonly saysResult: boolean;
}

/**
 * Judges an answer of Futures. The result is the whole JSON object. A rejection is `{"result":"error","error":"<name>"}`,
 * `{"errors":[{"code","message"}]}`, `{"status":"unauthorized","reason":…}`, or the status of an order inside a success. The JSON of a gateway
 * (`{"status":504,"error":"Gateway Timeout"}`) is not a rejection.
 */
export function judgeFutures({ status, json }: Answer, question: FuturesQuestion, patterns: readonly ErrorPattern[]): Outcome {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return unknown();
  const said = property(json, "result");
  const errors = futuresErrorsIn(json);
  const unauthorized = property(json, "status") === "unauthorized";
  if (errors.length || said === "error") {
    const isKrakens = said === "error" || unauthorized || Array.isArray(property(json, "errors"));
    // The presence of the answer, which is the only proof of some endpoints, contradicts no error.
    const isProven = question.proof !== isThere && rowsOf(json, question).rows.includes("done");
    const contradicted = question.write && (!isKrakens || said === "success" || isProven);
    const unnamed = unauthorized ? "key" : undefined;
    return rejectedIn(errors.length ? errors : ["unknownError"], patterns, { result: json, contradicted, unnamed });
  }
  const isSuccess = (!question.saysResult || said === "success") && !hasErrors(json);
  if (status < 200 || status > 299 || (question.write && !isSuccess)) return unknown(json);
  return proven(json, question, patterns, "order");
}

/** Whether an answer has errors, in whatever form. Those that cannot be read prove nothing, but a success has none. */
const hasErrors = (json: object): boolean => ["errors", "error"].some((name) => hasContent(property(json, name) || undefined));

function futuresErrorsIn(json: object): string[] {
  const errors = property(json, "errors");
  const messages = Array.isArray(errors) ? errors.map((one: unknown) => property(one, "message")) : [];
  return texts([...messages, property(json, "error"), property(json, "reason")]);
}

/** Judges one answer to a trading method of the Spot WebSocket. Its proof is `success: true` together with the name of the method. */
export function socketRow(method: string, message: unknown): Row {
  const error = property(message, "error");
  const success = property(message, "success");
  if (property(message, "method") !== method) return "unknown";
  if (success === true) return error === undefined || error === null ? "done" : "unknown";
  return success === false && isText(error) ? { rejected: error } : "unknown";
}

/**
 * Judges the answers to one message over the Spot WebSocket. There is one row for each thing that was asked for. In the result of a batch, the
 * rows with an `error` were not carried out.
 */
export function judgeSocket(rows: readonly Row[], result: unknown, patterns: readonly ErrorPattern[]): Outcome {
  const inner = rows.every((row) => row === "done") && Array.isArray(result) ? result.map(innerRow) : undefined;
  const proof: Proof = () => inner ?? (rows.length === 1 ? rows[0]! : rows);
  return proven(result, { write: true, params: {}, proof }, patterns);
}

function innerRow(row: unknown): Row {
  if (typeof row !== "object" || row === null) return "unknown";
  const error = property(row, "error");
  if (error === undefined || error === null) return "done";
  return isText(error) && !isText(property(row, "order_id")) ? { rejected: error } : "unknown";
}
