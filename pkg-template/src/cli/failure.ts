// Turns an error into a message for the user and an exit code for the shell.
import { ApiError, HttpError, KrakenError, NetworkError, UnknownOutcomeError } from "../errors.js";
import { EXIT, Interrupted, OutputError, SIGNALS, UsageError } from "./exit.js";
import { type Io, aligned, printable } from "./io.js";
import { whereToLook } from "./look.js";
import { jsonTextOf } from "./output.js";
import type { Progress } from "./progress.js";
import { rendered } from "./render.js";

/** Additions to the hints of the client, which are written for programs, by the kind of the error. */
const MORE: Readonly<Partial<Record<string, string>>> = {
  signature: "The command line takes the code from KRAKEN_OTP_SETUP_KEY, KRAKEN_OTP_PASSWORD, --otp-file or --ask-otp.",
  otp: "The command line takes the code from KRAKEN_OTP_SETUP_KEY, KRAKEN_OTP_PASSWORD, --otp-file or --ask-otp.",
  permission: "kraken-signer check shows what the key may do.",
  nonce:
    "If you know a nonce that another program has sent, kraken-signer nonce --explain names its unit, and the units that are above it.",
};

/** Returns what the command line adds to the hint of an error; nothing if the hint is about something else. */
export function moreOf({ kind, hint }: ApiError, futures: boolean): string | undefined {
  if (kind === "key")
    return futures
      ? "kraken-signer check --futures also asks whether Kraken Spot knows it."
      : "For a key of Kraken Futures, add --futures.";
  const isAbout = { signature: hint.includes("two-factor"), permission: hint.includes("check()") }[kind as string] ?? true;
  return isAbout ? MORE[kind] : undefined;
}

/** An error as it is reported. Programs get its details: `{ "error": { "code", "message", … } }`. */
interface Failure {
  readonly exit: number;
  /** For people: what happened, and what to do. */
  readonly lines: readonly string[];
  readonly details: Readonly<Record<string, unknown>> & { readonly code: string; readonly message: string };
}

/** Makes a failure that one sentence explains. */
const simple = (exit: number, code: string, message: string, more: object = {}): Failure => ({
  exit,
  lines: [message],
  details: { code, message, ...more },
});

/** Describes an error in a sentence. The message of an unexpected error may quote anything, even a secret, so only its place is shown. */
function sentenceOf(error: unknown): string {
  const isOwn = error instanceof KrakenError || error instanceof UsageError || error instanceof Interrupted || error instanceof OutputError;
  if (isOwn) return error.message;
  const [name, stack] = error instanceof Error ? [error.name, error.stack ?? ""] : [typeof error, ""];
  const place = /\/(cli\/[\w.]+:\d+:\d+)/.exec(stack)?.[1] ?? "unknown place";
  return `This is a bug in kraken-signer (${name}, ${place}). Please report it.`;
}

/** Leaves out the facts that are not known. */
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

/** Makes the error for a write that was sent, and of which the client has not reported the outcome. */
function unanswered({ endpoint, nonce, names }: Progress, cause: unknown): UnknownOutcomeError {
  const [first = "", ...others] = names;
  const id = others.length
    ? { clientOrderIds: names }
    : first.startsWith("userref ")
      ? { userref: first.slice(8) }
      : { clientOrderId: first };
  return new UnknownOutcomeError(endpoint, { nonce, ...id, cause });
}

/** Describes a write that was carried out, but whose answer could not be printed. */
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

function rejected(error: ApiError, futures: boolean): Failure {
  const { code, message, endpoint, errors, kind, hint, retryable, retryAfter, result, done } = error;
  const part = result === undefined ? `${endpoint} was rejected` : `${endpoint} was rejected in part`;
  return {
    exit: EXIT.wrong,
    lines: [
      `${part}: ${errors.join(", ")}`,
      ...[[hint, moreOf(error, futures)].filter(Boolean).join(" ")].filter(Boolean),
      ...(result === undefined ? [] : [rendered(result)]),
    ],
    details: { code, message, endpoint, errors, kind, hint, retryable, retryAfter, result, done },
  };
}

/** Describes another error of the client. Every error but UnknownOutcomeError proves that nothing was changed. */
function ofClient(error: KrakenError): Failure {
  const { code, message } = error;
  if (error instanceof HttpError) return simple(EXIT.noAnswer, code, message, { status: error.status });
  if (error instanceof NetworkError) return simple(EXIT.noAnswer, code, message, { reason: error.reason });
  const exit = /^ERR_(INVALID|SECRET_SOURCE)/.test(code)
    ? EXIT.notSent
    : /^ERR_(TIMEOUT|RESPONSE)$/.test(code)
      ? EXIT.noAnswer
      : EXIT.internal;
  return simple(exit, code, message);
}

function failure({ progress, futures }: Io, error: unknown): Failure {
  if (progress.isDone) return unprinted(progress, error);
  if (error instanceof UnknownOutcomeError) return unknownOutcome(error, futures);
  if (error instanceof ApiError) return rejected(error, futures);
  const told = error instanceof KrakenError ? ofClient(error) : undefined;
  // Once a write was sent, only an error of the client can prove that nothing was changed.
  if (progress.mayHaveChanged && (!told || told.exit === EXIT.internal)) return unknownOutcome(unanswered(progress, error), futures);
  if (told) return told;
  const message = sentenceOf(error);
  const unchanged = `${message} Nothing was ${progress.isIdle ? "sent" : "changed"}.`;
  if (error instanceof UsageError) return simple(EXIT.notSent, "ERR_USAGE", message);
  if (error instanceof Interrupted) return simple(SIGNALS[error.signal], "ERR_INTERRUPTED", unchanged, { signal: error.signal });
  if (error instanceof OutputError) return simple(EXIT.noAnswer, "ERR_OUTPUT", unchanged, { reason: error.reason });
  return simple(EXIT.internal, "ERR_INTERNAL", message);
}

/** Returns the exit code and the text that explains it, which is one line of JSON for programs. */
export function failureOf(io: Io, error: unknown): { readonly exit: number; readonly text: string } {
  const { exit, lines, details } = failure(io, error);
  if (io.json) return { exit, text: `${jsonTextOf({ error: details })}\n` };
  const head = exit === EXIT.unknown ? "UNKNOWN OUTCOME" : "kraken-signer";
  return { exit, text: `${io.noteStyle.red(`${head}:`)} ${printable(lines.join("\n"))}\n` };
}
