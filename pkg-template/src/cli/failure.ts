// What an error is to the person and to the shell.
import { ApiError, HttpError, KrakenError, NetworkError, UnknownOutcomeError } from "../errors.js";
import { EXIT, Interrupted, UsageError } from "./exit.js";
import { type Io, aligned, printable } from "./io.js";
import { whereToLook } from "./look.js";
import { rendered } from "./render.js";

/** What the command line can add to a hint of the client's, whose words are for programs. */
const MORE: Readonly<Partial<Record<string, string>>> = {
  signature: "A code comes from KRAKEN_OTP_SETUP_KEY, KRAKEN_OTP_PASSWORD, --otp-file or --ask-otp.",
  permission: "kraken-signer check shows what the key may do.",
  key: "Futures keys want --futures.",
};

/** An error for programs: `{ "error": { "code", "message", … } }`. */
interface Failure {
  readonly exit: number;
  /** For people: what happened, and what to do. */
  readonly lines: readonly string[];
  readonly details: Readonly<Record<string, unknown>> & { readonly code: string; readonly message: string };
}

function failureOf(error: unknown, futures: boolean): Failure {
  if (error instanceof UsageError) return simple(EXIT.notSent, "ERR_USAGE", error.message);
  if (error instanceof Interrupted) return simple(EXIT.interrupted, "ERR_INTERRUPTED", "Interrupted.");
  if (error instanceof UnknownOutcomeError) {
    const { code, message, endpoint, nonce, clientOrderId, cause } = error;
    const why = cause instanceof KrakenError ? cause.message : cause instanceof Interrupted ? "Interrupted." : "No answer.";
    const look = whereToLook(error, futures);
    const facts: [string, string][] = [
      ["why", why],
      ["nonce", nonce],
      ...(clientOrderId === undefined ? [] : [["client order id", clientOrderId] as [string, string]]),
    ];
    return {
      exit: EXIT.unknown,
      lines: [message, aligned(facts), "Look here first:", ...look.map((line) => `  ${line}`)],
      details: { code, message, endpoint, nonce, clientOrderId, cause: why, look },
    };
  }
  if (error instanceof ApiError) {
    const { code, message, endpoint, errors, kind, hint, retryable, result } = error;
    const part = result === undefined ? `${endpoint} was refused` : `${endpoint} was refused in part`;
    return {
      exit: EXIT.wrong,
      lines: [
        `${part}: ${errors.join(", ")}`,
        [hint, MORE[kind]].filter(Boolean).join(" "),
        ...(result === undefined ? [] : [rendered(result)]),
      ],
      details: { code, message, endpoint, errors, kind, hint, retryable, result },
    };
  }
  if (error instanceof HttpError) return simple(EXIT.noAnswer, error.code, error.message, { status: error.status });
  if (error instanceof NetworkError) return simple(EXIT.noAnswer, error.code, error.message, { reason: error.reason });
  if (error instanceof KrakenError) {
    const { code, message } = error;
    const exit = /^ERR_INVALID/.test(code) ? EXIT.notSent : /^ERR_(TIMEOUT|RESPONSE)$/.test(code) ? EXIT.noAnswer : EXIT.internal;
    return simple(exit, code, message);
  }
  // Its message may quote anything, so that only its place is told.
  const [name, stack] = error instanceof Error ? [error.name, error.stack ?? ""] : [typeof error, ""];
  const place = /\/(cli\/[\w.]+:\d+:\d+)/.exec(stack)?.[1] ?? "unknown place";
  return simple(EXIT.internal, "ERR_INTERNAL", `A mistake in kraken-signer (${name}, ${place}). Please report it.`);
}

/** One that is told in a sentence. */
const simple = (exit: number, code: string, message: string, more: object = {}): Failure => ({
  exit,
  lines: [message],
  details: { code, message, ...more },
});

/** Tells of an error and returns what to exit with. */
export function fail(io: Io, error: unknown, futures: boolean): number {
  const { exit, lines, details } = failureOf(error, futures);
  if (io.json) io.note(JSON.stringify({ error: details }));
  else {
    const [first = "", ...more] = lines;
    io.note(
      printable([`${exit === EXIT.unknown ? "UNKNOWN OUTCOME" : "kraken-signer"}: ${first}`, ...more].join("\n")).replace(
        /^[^:]+:/,
        io.noteStyle.red,
      ),
    );
  }
  return exit;
}
