import { HttpError, ResponseError } from "../errors.js";
import { apiError, throttledFor } from "./answer/api-error.js";
import type { Circumstances } from "./answer/hints.js";
import type { Attempt } from "./attempt.js";
import type { PreparedCall } from "./call.js";

/** The facts about a client and a call that hints depend on. */
const circumstances = (
  { credential, number, nonce, clockBehind, codeUntil, sentAt = 0, isSecondCode }: Attempt,
  { isKnown, permissions }: PreparedCall,
  product: "spot" | "futures",
): Circumstances => ({
  product,
  isKnown,
  isFree: isKnown && permissions === "",
  keyLength: credential?.key.length ?? 0,
  secretLength: credential?.secret.length ?? 0,
  otp: credential?.otp && (credential.otp.isStatic ? "password" : "code"),
  hasPassed: credential?.secret.hasPassed,
  codeLeft: codeUntil === undefined ? undefined : Math.max(codeUntil - sentAt, 0),
  isSecondCode,
  unit: credential?.unit,
  attempts: number,
  nonce,
  clockBehind,
});

/** Returns the reason why an attempt has no result: Kraken's rejection, the error of the attempt, or that of an answer without proof. */
export function reasonOf(call: PreparedCall, attempt: Attempt, product: "spot" | "futures"): unknown {
  const { error, outcome, status = 0, retryAfter } = attempt;
  // A rejection stands even if the lane failed afterwards, because some of its rows may have been carried out.
  if (error !== undefined && outcome?.outcome !== "rejected") return error;
  if (outcome && outcome.outcome !== "done" && outcome.errors.length)
    return apiError(call.endpoint, outcome, circumstances(attempt, call, product), {
      write: call.write,
      retryAfter: retryAfter ?? throttledFor(outcome.errors, Date.now()),
    });
  return status < 200 || status > 299 ? new HttpError(call.endpoint, status, retryAfter) : new ResponseError(call.endpoint);
}
