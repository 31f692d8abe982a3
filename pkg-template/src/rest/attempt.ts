import { type ErrorKind, NetworkError } from "../errors.js";
import { throttledFor } from "./answer/api-error.js";
import { isDuplicateId } from "./answer/hints.js";
import { certainJsonOf, jsonOf } from "./answer/json.js";
import type { Done, Outcome } from "./answer/outcome.js";
import type { CallTimer } from "./call-timer.js";
import type { PreparedCall } from "./call.js";
import type { LoadedCredential } from "./credentials.js";
import type { Answer } from "./http/exchange.js";
import type { FailedAttempt } from "./retry.js";
import type { SentCall } from "./sent-calls.js";
import { isText } from "./endpoint.js";
import { isRandomId } from "../signing/client-order-id.js";

// One attempt at a call: what is known of it, and what follows from that.

/** One attempt at a call, and its outcome. */
export interface Attempt {
  /** Its number, from 1. */
  readonly number: number;
  /** The credential that signs the request; none for a public endpoint. */
  readonly credential: LoadedCredential | undefined;
  nonce: string;
  /** Whether a request may have reached Kraken. */
  sent: boolean;
  /** The call as it is remembered from its first sending on. */
  record?: SentCall;
  /** The time after which the exchange does not accept the order, if it was counted from the time of sending. */
  deadline: string;
  /** The HTTP status of the answer, if there was one. */
  status?: number;
  /** The outcome that the answer proves. */
  outcome?: Outcome;
  /** Milliseconds to wait before the next attempt, if the answer said so. */
  retryAfter?: number | undefined;
  /** Milliseconds by which the clock of this machine is behind that of the server, if the answer told the time. */
  clockBehind?: number | undefined;
  /** The end of the code, in milliseconds by the monotonic clock, if that is known. */
  codeUntil?: number | undefined;
  /** Whether a code before this one was rejected. */
  isSecondCode?: boolean;
  /** The error that was thrown in place of an answer. */
  error?: unknown;
  /** Whether the attempt has ended. A late answer must not change it. */
  isOver: boolean;
  /** The time at which it began, in milliseconds by the monotonic clock. */
  readonly startedAt: number;
  /** The time at which its request was sent. */
  sentAt?: number;
  /** The time at which its answer was complete, or it failed. */
  endedAt?: number;
}

/** Begins an attempt. */
export const newAttempt = (number: number, credential: LoadedCredential | undefined): Attempt => ({
  number,
  credential,
  nonce: "",
  sent: false,
  deadline: "",
  isOver: false,
  startedAt: performance.now(),
});

/** Ends an attempt. */
export function ended(attempt: Attempt): Attempt {
  attempt.isOver = true;
  attempt.endedAt ??= performance.now();
  return attempt;
}

/**
 * Returns the milliseconds by which the clock of this machine is behind that of the server; `undefined` if the answer does not tell the time. The server
 * may have told it at any moment of the call, so a clock is ahead only by what the call does not explain.
 */
export function behindOf({ answeredAt }: Answer, duration: number): number | undefined {
  if (answeredAt === undefined) return undefined;
  const behind = answeredAt - Date.now();
  return behind < 0 ? Math.min(behind + duration, 0) : behind;
}

/** Notes what a call that passed proves. An endpoint that this version does not know may be public, and then Kraken ignores the signature. */
export function passed({ isKnown }: PreparedCall, credential: LoadedCredential, { clockBehind }: Attempt): void {
  credential.secret.hasPassed ||= isKnown;
  credential.clockBehind = clockBehind;
  credential.clocksApart = clocksApart();
}

/** Returns the milliseconds by which the wall clock is ahead of the monotonic one. They change if one of them is set, or stands still alone. */
const clocksApart = (): number => Date.now() - performance.now();

/** Milliseconds by which the two clocks may run apart without being set. */
const DRIFT = 1000;

/**
 * Returns the milliseconds by which the clock of this machine is behind Kraken's, as the last call that passed has shown; 0 if that is not known, or if a
 * clock was set since. If both have stood still since, it is more behind than that.
 */
export const knownBehind = ({ clockBehind = 0, clocksApart: then = NaN }: LoadedCredential): number =>
  Math.abs(clocksApart() - then) < DRIFT ? clockBehind : 0;

/** Returns the outcome that an answer proves. */
export function judged(call: PreparedCall, { status, text, bytes }: Answer): Outcome {
  if (bytes) return { outcome: "done", result: bytes };
  // Public answers prove nothing, and some of them are long.
  const parse = call.isPublic ? jsonOf : certainJsonOf;
  return call.judge({ status, json: text === undefined ? undefined : parse(text) });
}

/**
 * Returns the deadline of a call that is sent now; empty if it has none. It follows the wall clock even after a jump, unlike nonces: after a freeze, an
 * earlier time would have passed. A wall clock that is wrong makes Kraken reject the order, and nothing else.
 */
export const deadlineOf = ({ deadlineIn }: PreparedCall): string =>
  deadlineIn === undefined ? "" : new Date(Date.now() + deadlineIn).toISOString();

/** Whether Kraken rejected the signature, of which the one-time password is a part. */
export const isSignature = ({ outcome }: Attempt): boolean => outcome?.outcome === "rejected" && outcome.kind === "signature";

/** Returns a new code if the last one may have expired on the way to Kraken; `undefined` if it is still the same. */
export async function freshCode({ credential }: Attempt, sent: string | undefined): Promise<string | undefined> {
  if (sent === undefined) return undefined;
  const fresh = await credential?.otp?.make();
  return fresh === sent ? undefined : fresh;
}

/**
 * Whether a rejected signature or one-time password may be that of a second copy of the request, because the first copy ran and used up the code. The
 * two cases look the same, so the outcome of a call that changes something is unknown.
 */
const isSpentCode = (call: PreparedCall, { outcome, credential }: Attempt, otp: string | undefined): boolean =>
  call.write &&
  outcome?.outcome === "rejected" &&
  /^(signature|otp)$/.test(outcome.kind) &&
  otp !== undefined &&
  !credential?.otp?.isStatic;

/**
 * Whether a rejection because of too many calls may be that of a second copy of the request, because the first copy ran and filled a counter. Kraken does
 * not document whether it checks its counters or the nonce first. The trading engine's counters come after the nonce, and calls that add nothing to the
 * call counter cannot fill it. The other limits, such as that of an address, count every request.
 */
const isFullByItself = ({ write, weight }: PreparedCall, { outcome }: Attempt): boolean =>
  write &&
  outcome?.outcome === "rejected" &&
  outcome.kind === "rate-limit" &&
  outcome.errors.some((error) => !error.startsWith("EOrder:") && !(weight?.calls === 0 && error.startsWith("EAPI:")));

/**
 * Whether a rejection of a request with a second code proves nothing about the one before, of which a copy may have run and used up its code. Both have the
 * same nonce, so only a rejection that comes after the check of the nonce shows that it was not used. Those of the engine and of withdrawals do.
 */
const isBeforeNonce = ({ write }: PreparedCall, { outcome, isSecondCode }: Attempt): boolean =>
  write && isSecondCode === true && outcome?.outcome === "rejected" && !outcome.errors.every((error) => /^E(Order|Funding):/.test(error));

/**
 * Whether a rejection because an open order has the same client order id may be that of a second copy of the request. No other order has a random id: if
 * Kraken knows it, this call has placed the order, or an earlier call with the same id.
 */
const isOfItself = ({ write, order: { clientOrderId, clientOrderIds = [] } }: PreparedCall, { outcome }: Attempt): boolean =>
  write &&
  outcome?.outcome === "rejected" &&
  isDuplicateId(outcome.errors) &&
  [clientOrderId, ...clientOrderIds].some((id) => isText(id) && isRandomId(id));

/** Whether a rejection may be that of a second copy of the request, so that it proves nothing about the first copy. */
export const mayBeOfCopy = (call: PreparedCall, attempt: Attempt, otp: string | undefined): boolean =>
  isSpentCode(call, attempt, otp) || isFullByItself(call, attempt) || isOfItself(call, attempt) || isBeforeNonce(call, attempt);

/** Whether another attempt could succeed. */
export const isWorthRepeating = ({ error, outcome }: Attempt, timer: CallTimer): boolean =>
  !timer.signal.aborted && (error instanceof NetworkError || outcome !== undefined);

/** Returns Kraken's error strings; none if there were none. */
export const errorsOf = ({ outcome }: Attempt): readonly string[] => (outcome && outcome.outcome !== "done" ? outcome.errors : []);

/** Returns the facts about a failed attempt that decide on a retry. */
export const failedOf = ({ write }: PreparedCall, { status, outcome, retryAfter }: Attempt): FailedAttempt => {
  const rejection = outcome && outcome.outcome !== "done" ? outcome : undefined;
  return {
    write,
    status,
    kind: rejection?.errors.length ? rejection.kind : undefined,
    retryAfter: retryAfter ?? throttledFor(rejection?.errors ?? [], Date.now()),
  };
};

/** Tells a lane that Kraken did not carry out the request. `kind` is that of Kraken's error strings, if there were any. */
export class NotDone {
  readonly kind: ErrorKind | undefined;

  constructor({ errors, kind }: Exclude<Outcome, Done>) {
    this.kind = errors.length ? kind : undefined;
  }
}
