/**
 * What an answer proves: the one place that decides, for REST, sockets, Durable Objects and the command line.
 *
 * For money, certainty is the exception. A call that changes something is *done* if its answer carries the proof that its endpoint's record
 * names; *rejected* if the answer says so in words that are known to mean it, in the way Kraken says it; of every other answer the outcome is
 * *unknown*. For calls that change nothing only the difference between an answer and none matters.
 */
import type { ErrorKind } from "../../errors.js";
import { type Proof, type Row, type Structure, isText, isThere, property } from "../endpoint.js";
import { type ErrorPattern, patternOf } from "./error-patterns.js";

/** An answer, as far as it matters. */
export interface Answer {
  /** The HTTP status; 0 where the runtime hides that of a redirect. */
  readonly status: number;
  /** The JSON in it; `undefined` if it is none. */
  readonly json: unknown;
}

/** What was asked, as far as it matters. */
export interface Question {
  readonly write: boolean;
  readonly params: Structure;
  /** What proves that it was carried out; that there is a result, for endpoints about which nothing is known. */
  readonly proof?: Proof | undefined;
}

export interface Done {
  readonly outcome: "done";
  readonly result: unknown;
}

/** Nothing was carried out, but for the rows in `done`. */
export interface Rejected {
  readonly outcome: "rejected";
  /** Kraken's words. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
  /** The rows that were carried out, by position, where the call was for several things. */
  readonly done?: readonly number[];
  /** The whole result, where it has rows. */
  readonly result?: unknown;
}

export interface Unknown {
  readonly outcome: "unknown";
  /** Kraken's words, if there were any. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
}

export type Outcome = Done | Rejected | Unknown;

const unknown = (errors: readonly string[] = [], kind: ErrorKind = "other"): Unknown => ({ outcome: "unknown", errors, kind });

/** What words are about, and whether all of them are known to mean that nothing was carried out. */
function meaningOf(errors: readonly string[], patterns: readonly ErrorPattern[]): { kind: ErrorKind; final: boolean } {
  const found = errors.map((error) => patternOf(error, patterns));
  const kinds = found.map((pattern) => pattern?.kind ?? "other");
  return {
    kind: kinds.find((kind) => kind === "unavailable") ?? kinds[0] ?? "other",
    final: errors.length > 0 && found.every((pattern) => pattern?.final),
  };
}

/** The outcome of words of refusal that came in the way Kraken says them, and of an answer beside them that may contradict them. */
function rejectedIn(errors: readonly string[], patterns: readonly ErrorPattern[], contradicted: boolean, unnamed?: ErrorKind): Outcome {
  const { kind, final } = meaningOf(errors, patterns);
  const named = kind === "other" ? (unnamed ?? kind) : kind;
  return final && !contradicted ? { outcome: "rejected", errors, kind: named } : unknown(errors, named);
}

/** The rows that a result proves, where a call was for several things; else its only one. */
function rowsOf(result: unknown, { proof = isThere, params }: Question): { rows: readonly Row[]; several: boolean } {
  const proven = proof(result, params);
  return Array.isArray(proven) ? { rows: proven as readonly Row[], several: true } : { rows: [proven as Row], several: false };
}

const rejectedRows = (rows: readonly Row[]): string[] => rows.flatMap((row) => (typeof row === "string" ? [] : row.rejected));

/** The outcome of a result that came without words of refusal beside it. */
function proven(result: unknown, question: Question, patterns: readonly ErrorPattern[], unnamed?: ErrorKind): Outcome {
  if (!question.write) return { outcome: "done", result };
  const { rows, several } = rowsOf(result, question);
  const errors = rejectedRows(rows);
  if (rows.length && rows.every((row) => row === "done")) return { outcome: "done", result };
  const { kind, final } = meaningOf(errors, patterns);
  const named = kind === "other" ? (unnamed ?? kind) : kind;
  if (rows.includes("unknown") || !final) return unknown(errors, named);
  const done = rows.flatMap((row, place) => (row === "done" ? [place] : []));
  return { outcome: "rejected", errors, kind: named, ...(several && { done, result }) };
}

/** The non-empty texts of a list. */
export const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter(isText) : []);

/**
 * Judges an answer in Spot's envelope, `{"error":[…],"result":…}`. Kraken itself answers with status 200, also when it refuses; any other
 * status comes from something in between. Warnings (`W…`) are no errors.
 */
export function judgeSpot({ status, json }: Answer, question: Question, patterns: readonly ErrorPattern[]): Outcome {
  const error = property(json, "error");
  const result = property(json, "result");
  const all = texts(error);
  if (!Array.isArray(error) || all.length < error.length) return unknown();
  const errors = all.filter((one) => !one.startsWith("W"));
  if (errors.length) {
    const contradicted = question.write && (status !== 200 || hasProof(result, question));
    return rejectedIn(errors, patterns, contradicted);
  }
  if (status !== 200 || result === undefined) return unknown();
  return proven(result, question, patterns);
}

/** Whether something in a result was done, although words of refusal stand beside it. */
function hasProof(result: unknown, question: Question): boolean {
  if (result === undefined || result === null || !question.proof) return false;
  return rowsOf(result, question).rows.includes("done");
}

/**
 * Judges an answer of the APIs that take the nonce in a header. Some answer in Spot's envelope, others with the bare result and a meaningful
 * status.
 */
export function judgeHeaderNonce(answer: Answer, question: Question, patterns: readonly ErrorPattern[]): Outcome {
  const { status, json } = answer;
  if (property(json, "error") !== undefined) return judgeSpot(answer, question, patterns);
  const isAnswer = status >= 200 && status < 300 && typeof json === "object" && json !== null;
  if (!isAnswer || (question.write && !Object.keys(json).length)) return unknown();
  return { outcome: "done", result: json };
}

/** What is asked of a Futures answer besides. */
export interface FuturesQuestion extends Question {
  /** It has to say `"result":"success"`, as answers under `/derivatives` do. */
  readonly saysResult: boolean;
}

/**
 * Judges an answer of Futures, which is the whole JSON object. Kraken refuses with `{"result":"error","error":"<name>"}`,
 * `{"errors":[{"code","message"}]}`, `{"status":"unauthorized","reason":…}`, and with the status of an order inside a success. A gateway's JSON
 * (`{"status":504,"error":"Gateway Timeout"}`) is none of them.
 */
export function judgeFutures({ status, json }: Answer, question: FuturesQuestion, patterns: readonly ErrorPattern[]): Outcome {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return unknown();
  const said = property(json, "result");
  const words = futuresErrorsIn(json);
  const unauthorized = property(json, "status") === "unauthorized";
  if (words.length || said === "error") {
    const isKrakens = said === "error" || unauthorized || Array.isArray(property(json, "errors"));
    const contradicted = question.write && (!isKrakens || said === "success");
    return rejectedIn(words.length ? words : ["unknownError"], patterns, contradicted, unauthorized ? "key" : undefined);
  }
  if (status < 200 || status > 299 || (question.write && question.saysResult && said !== "success")) return unknown();
  return proven(json, question, patterns, "order");
}

function futuresErrorsIn(json: object): string[] {
  const errors = property(json, "errors");
  const messages = Array.isArray(errors) ? errors.map((one: unknown) => property(one, "message")) : [];
  return texts([...messages, property(json, "error"), property(json, "reason")]);
}

/** One answer to a trading method of the Spot WebSocket, as a row. `success: true` to that very method is its proof. */
export function socketRow(method: string, message: unknown): Row {
  const error = property(message, "error");
  const success = property(message, "success");
  if (property(message, "method") !== method) return "unknown";
  if (success === true) return error === undefined || error === null ? "done" : "unknown";
  return success === false && isText(error) ? { rejected: error } : "unknown";
}

/**
 * Judges the answers to one message over the Spot WebSocket: as many rows as it asked for things. In the result of a batch, rows with an
 * `error` failed.
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
  return isText(error) ? { rejected: error } : "unknown";
}
