// What an error is to the person and to the shell.
import { ApiError, HttpError, KrakenError, NetworkError, UnknownOutcomeError } from "../errors.js";
import { EXIT, Interrupted, OutputError, SIGNALS, UsageError } from "./exit.js";
import { type Io, aligned, printable } from "./io.js";
import { whereToLook } from "./look.js";
import type { Progress } from "./progress.js";
import { rendered } from "./render.js";

/** What the command line can add to a hint of the client's, whose words are for programs. */
const MORE: Readonly<Partial<Record<string, string>>> = {
  signature: "On the command line, a code comes from KRAKEN_OTP_SETUP_KEY, KRAKEN_OTP_PASSWORD, --otp-file or --ask-otp.",
  permission: "kraken-signer check shows what the key may do.",
  key: "For a key of Kraken Futures, add --futures.",
};

/** An error for programs: `{ "error": { "code", "message", … } }`. */
interface Failure {
  readonly exit: number;
  /** For people: what happened, and what to do. */
  readonly lines: readonly string[];
  readonly details: Readonly<Record<string, unknown>> & { readonly code: string; readonly message: string };
}

/** One that is told in a sentence. */
const simple = (exit: number, code: string, message: string, more: object = {}): Failure => ({
  exit,
  lines: [message],
  details: { code, message, ...more },
});

/** An error in a sentence. That of an error which nobody expected may quote anything, so that only its place is told. */
function sentenceOf(error: unknown): string {
  const isOwn = error instanceof KrakenError || error instanceof UsageError || error instanceof Interrupted || error instanceof OutputError;
  if (isOwn) return error.message;
  const [name, stack] = error instanceof Error ? [error.name, error.stack ?? ""] : [typeof error, ""];
  const place = /\/(cli\/[\w.]+:\d+:\d+)/.exec(stack)?.[1] ?? "unknown place";
  return `This is a bug in kraken-signer (${name}, ${place}). Please report it.`;
}

/** Facts with names, without those that are not known. */
const known = (facts: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(facts).filter((fact): fact is [string, string] => !!fact[1]);

function unknownOutcome(error: UnknownOutcomeError, futures: boolean): Failure {
  const { code, message, endpoint, nonce, clientOrderId, clientOrderIds, userref, orderIds, deadline, reason, cause } = error;
  const why = sentenceOf(cause);
  const look = whereToLook(error, futures);
  const facts = known({
    why,
    "not found out": reason,
    nonce,
    "client order id": clientOrderId,
    "client order ids": clientOrderIds?.join(", "),
    userref: userref === undefined ? undefined : `${userref}`,
    "order ids": orderIds?.join(", "),
    deadline,
  });
  return {
    exit: EXIT.unknown,
    lines: [message, aligned(facts), "Look here first:", ...look.map((line) => `  ${line}`)],
    details: { code, message, endpoint, nonce, clientOrderId, clientOrderIds, userref, orderIds, deadline, reason, cause: why, look },
  };
}

/** What changes something was sent, and the client has not said what became of it. */
function unanswered({ endpoint, nonce, names }: Progress, cause: unknown): UnknownOutcomeError {
  const [first = "", ...others] = names;
  const id = others.length
    ? { clientOrderIds: names }
    : first.startsWith("userref ")
      ? { userref: first.slice(8) }
      : { clientOrderId: first };
  return new UnknownOutcomeError(endpoint, { nonce, ...id, cause });
}

/** It was carried out, and Kraken's answer has not got to the reader. */
function unprinted({ endpoint, nonce, names, answer }: Progress, error: unknown): Failure {
  const why = sentenceOf(error);
  const message = `${endpoint} was carried out, but Kraken's answer was not printed in full. Do not send it again.`;
  return {
    exit: EXIT.done,
    lines: [message, aligned(known({ why, nonce, orders: names.join(", ") })), "Kraken answered:", `  ${indented(rendered(answer))}`],
    details: { code: "ERR_OUTPUT", message, endpoint, nonce, names, cause: why, result: answer },
  };
}

const indented = (text: string): string => text.replaceAll("\n", "\n  ");

function rejected(error: ApiError): Failure {
  const { code, message, endpoint, errors, kind, hint, retryable, retryAfter, result, done } = error;
  const part = result === undefined ? `${endpoint} was rejected` : `${endpoint} was rejected in part`;
  return {
    exit: EXIT.wrong,
    lines: [
      `${part}: ${errors.join(", ")}`,
      ...[[hint, MORE[kind]].filter(Boolean).join(" ")].filter(Boolean),
      ...(result === undefined ? [] : [rendered(result)]),
    ],
    details: { code, message, endpoint, errors, kind, hint, retryable, retryAfter, result, done },
  };
}

/** What an error of the client's is. All but UnknownOutcomeError say that nothing was changed. */
function ofClient(error: KrakenError): Failure {
  const { code, message } = error;
  if (error instanceof HttpError) return simple(EXIT.noAnswer, code, message, { status: error.status });
  if (error instanceof NetworkError) return simple(EXIT.noAnswer, code, message, { reason: error.reason });
  const exit = /^ERR_INVALID/.test(code) ? EXIT.notSent : /^ERR_(TIMEOUT|RESPONSE)$/.test(code) ? EXIT.noAnswer : EXIT.internal;
  return simple(exit, code, message);
}

function failure({ progress, futures }: Io, error: unknown): Failure {
  if (progress.isDone) return unprinted(progress, error);
  if (error instanceof UnknownOutcomeError) return unknownOutcome(error, futures);
  if (error instanceof ApiError) return rejected(error);
  const told = error instanceof KrakenError ? ofClient(error) : undefined;
  // After sending, only what the client says for certain counts.
  if (progress.mayHaveChanged && (!told || told.exit === EXIT.internal)) return unknownOutcome(unanswered(progress, error), futures);
  if (told) return told;
  const message = sentenceOf(error);
  const unchanged = `${message} Nothing was ${progress.isIdle ? "sent" : "changed"}.`;
  if (error instanceof UsageError) return simple(EXIT.notSent, "ERR_USAGE", message);
  if (error instanceof Interrupted) return simple(SIGNALS[error.signal], "ERR_INTERRUPTED", unchanged, { signal: error.signal });
  if (error instanceof OutputError) return simple(EXIT.noAnswer, "ERR_OUTPUT", unchanged, { reason: error.reason });
  return simple(EXIT.internal, "ERR_INTERNAL", message);
}

/** What to exit with, and the text that says why: for programs one line of JSON. */
export function failureOf(io: Io, error: unknown): { readonly exit: number; readonly text: string } {
  const { exit, lines, details } = failure(io, error);
  if (io.json) return { exit, text: `${JSON.stringify({ error: details })}\n` };
  const head = exit === EXIT.unknown ? "UNKNOWN OUTCOME" : "kraken-signer";
  return { exit, text: `${io.noteStyle.red(`${head}:`)} ${printable(lines.join("\n"))}\n` };
}
