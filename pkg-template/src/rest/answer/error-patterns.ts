import type { ErrorKind } from "../../errors.js";

/**
 * What error strings of one of Kraken's APIs are about. The first pattern that matches counts: what is special stands before what is general.
 *
 * `final` says that the string is known to mean that nothing was carried out. What is not known to mean so leaves the outcome of a call that
 * changes something unknown.
 */
export interface ErrorPattern {
  readonly kind: ErrorKind;
  readonly pattern: RegExp;
  readonly final: boolean;
}

const final = (kind: ErrorKind, pattern: RegExp): ErrorPattern => ({ kind, pattern, final: true });
const open = (kind: ErrorKind, pattern: RegExp): ErrorPattern => ({ kind, pattern, final: false });

/** The documented strings of a category that say why an order, or a transfer, was not accepted. */
const listed = (kind: ErrorKind, category: string, words: readonly string[]): ErrorPattern =>
  final(kind, new RegExp(`^${category}:(${words.join("|")})(:|$)`, "i"));

// In functions that bundlers know to be pure, so that they leave bundles which do not use them.

/**
 * Sources: docs.kraken.com, «Error messages» of the Spot APIs and support.kraken.com, «API error messages», November 2026; strings that are
 * seen but not documented there (`Unknown order`, `Invalid order`, `Post only order`, `Unknown position`) from Kraken's own command line and
 * from public clients.
 *
 * `EAPI:Invalid nonce` is not final: it may be the refusal of a second copy, which a transport delivered after the first one ran. Nor is what a
 * second copy can bring about by being one: too many requests at once (`Throttled`), and the lockout that follows refused nonces.
 */
export const spotErrors: readonly ErrorPattern[] = /* @__PURE__ */ (function spotTable() {
  return [
    final("key", /^EAPI:Invalid key(:|$)/),
    final("signature", /^EAPI:Invalid signature(:|$)/),
    open("nonce", /^EAPI:Invalid nonce/),
    final("otp", /^EGeneral:Invalid arguments:otp(:|$)/),
    final("expired", /^EGeneral:Permission denied:expired/),
    final("permission", /^EGeneral:Permission denied(:|$)/),
    open("lockout", /^EGeneral:Temporary lockout(:|$)/),
    final("rate-limit", /^(EAPI|EAuth|EGeneral|EOrder|EService):(Rate limit exceeded|Domain rate limit exceeded|Too many requests)(:|$)/i),
    open("rate-limit", /^EService:Throttled(:|$)/i),
    final("market", /^EService:Market in \w+ mode(:|$)/),
    open("unavailable", /^E(Service|Database):|^EGeneral:(Internal|Unknown) error/),
    final("token", /^(ESession:Invalid session|EAPI:Invalid token)(:|$)/),
    final("token", /^Token\(s\) not found$/),
    // How version 2 of the WebSocket says that a message is not in its form.
    final("arguments", /^(Unsupported field:|\w+ field must be )/),
    final("arguments", /^EQuery:/),
    final("arguments", /^EGeneral:(Invalid arguments|Unknown method)(:|$)/),
    final("arguments", /^EAPI:(Bad request|Feature disabled)(:|$)/),
    listed("order", "EOrder", [
      "Cannot open opposing position",
      "Cannot open position",
      "Cost minimum not met",
      "Insufficient funds",
      "Insufficient initial margin",
      "Insufficient margin",
      "Invalid order",
      "Invalid price",
      "Margin allowance exceeded",
      "Margin level too low",
      "Margin position size exceeded",
      "Order minimum not met",
      "Orders limit exceeded",
      "Positions limit exceeded",
      "Post only order",
      "Reduce only",
      "Scheduled orders limit exceeded",
      "Tick size check failed",
      "Trading agreement required",
      "Unknown order",
      "Unknown position",
    ]),
    open("order", /^EOrder:/),
    listed("funding", "EFunding", [
      "Insufficient funds",
      "Invalid address",
      "Invalid amount",
      "Invalid asset",
      "Invalid reference",
      "Invalid staking method",
      "Max fee exceeded",
      "No funding method",
      "Not cancelled",
      "Too many addresses",
      "Unknown asset",
      "Unknown reference id",
      "Unknown withdraw key",
    ]),
    final("funding", /^EBM:limit exceeded(:|$)/),
    open("funding", /^E(Funding|BM|Earnings):/),
    final("account", /^EAuth:(Account temporary disabled|Account unconfirmed)(:|$)/),
    final("account", /^EAccount:Invalid permissions(:|$)/),
    final("account", /^ETrade:(User Locked|Invalid request)(:|$)/i),
    open("account", /^E(Auth|Account|Trade):/),
  ];
})();

/**
 * Sources: docs.kraken.com, errors and order statuses of Futures REST, and what third parties have seen, November 2026. `nonce…` is not
 * final for the reason that is given at {@link spotErrors}.
 */
export const futuresErrors: readonly ErrorPattern[] = /* @__PURE__ */ (() => [
  final("key", /^authenticationError$/),
  open("nonce", /^nonce(BelowThreshold|Duplicate)$/),
  final("permission", /^insufficientPrivileges$/),
  final("rate-limit", /^apiLimitExceeded$/),
  open("unavailable", /^(Server Error|Unavailable|unknownError)$/i),
  final("account", /^(accountInactive|invalidAccount)$/),
  final("arguments", /^(invalidArgument|invalidAmount|invalidUnit|requiredArgumentMissing)(:|$)/),
  final("arguments", /^(Json Parse Error|notFound|contractNotFound)$/),
  final("funding", /^insufficientFunds$/),
  final("market", /^market(Unavailable|Suspended|Inactive|IsPostOnly|IsInPostOnly)$/i),
  // Statuses of an order with which nothing was done.
  final(
    "order",
    /^(insufficientAvailableFunds|invalidOrderType|invalidSide|invalidSize|invalidPrice|selfFill|tooManySmallOrders|maxPositionViolation|outsidePriceCollar|postWouldExecute|iocWouldNotExecute|wouldCauseLiquidation|wouldNotReducePosition|reduceOnlyWouldIncreasePosition|wouldProcessAfterSpecifiedTime)$/,
  ),
  final("order", /^clientOrderId(AlreadyExist|TooLong|TooBig|Invalid)$/),
  final("order", /^filled$/),
  final("order", /^(orderForEditNotFound|orderForEditNotAStop|orderForEditNotAStopOrder|cannotEdit\w*)$/i),
])();

/** What an error string of Kraken's is about, if it is known. Sometimes there is a space behind its colons. */
export const patternOf = (error: string, patterns: readonly ErrorPattern[]): ErrorPattern | undefined => {
  const text = error.replace(/:\s+/g, ":");
  return patterns.find(({ pattern }) => pattern.test(text));
};
