import type { ErrorKind } from "../../errors.js";

/**
 * A pattern for error strings of one of Kraken's APIs, and their kind. The first pattern that matches counts, so specific patterns come first.
 *
 * A string is `final` if it is known to mean that nothing was carried out. After any other string, the outcome of a call that changes something
 * is unknown.
 */
export interface ErrorPattern {
  /** The kind of an error with such a string. */
  readonly kind: ErrorKind;
  /** The expression that the string matches. */
  readonly pattern: RegExp;
  /** Whether the string proves that nothing was carried out. */
  readonly final: boolean;
}

const final = (kind: ErrorKind, pattern: RegExp): ErrorPattern => ({ kind, pattern, final: true });
const open = (kind: ErrorKind, pattern: RegExp): ErrorPattern => ({ kind, pattern, final: false });

/** Makes a final pattern of the documented strings of a category. */
const listed = (kind: ErrorKind, category: string, texts: readonly string[]): ErrorPattern =>
  final(kind, new RegExp(`^${category}:(${texts.join("|")})(:|$)`, "i"));

// The tables are results of functions that are marked as pure, so that bundlers remove the tables that a bundle does not use.

/**
 * The patterns of Spot. Sources: "Error messages" on docs.kraken.com and "API error messages" on support.kraken.com, November 2026. The
 * undocumented strings (`Unknown order`, `Invalid order`, `Post only order`, `Unknown position`) are from Kraken's own command line and from
 * public clients.
 *
 * `EAPI:Invalid nonce` is not final: Kraken may have rejected a second copy that the network delivered after the first copy ran. Errors that a
 * second copy can cause are not final either: too many concurrent requests (`Throttled`), and the lockout that follows rejected nonces.
 */
export const spotErrors: readonly ErrorPattern[] = /* @__PURE__ */ (function spotTable() {
  return [
    // An internal fault proves nothing, whatever category it is in and whatever stands before it.
    open("unavailable", /^E\w+:(.*:)?(Internal|Unknown) error/i),
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
    open("unavailable", /^E(Service|Database):/),
    final("token", /^(ESession:Invalid session|EAPI:Invalid token)(:|$)/),
    final("token", /^Token\(s\) not found$/),
    // Version 2 of the WebSocket answers this to a malformed message.
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
 * The patterns of Futures. Sources: errors and order statuses of Futures REST on docs.kraken.com, and reports of third parties, November 2026.
 * `nonce…` is not final for the reason given at {@link spotErrors}.
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
  // Order statuses that mean that nothing was carried out.
  final(
    "order",
    /^(insufficientAvailableFunds|invalidOrderType|invalidSide|invalidSize|invalidPrice|selfFill|tooManySmallOrders|maxPositionViolation|outsidePriceCollar|postWouldExecute|iocWouldNotExecute|wouldCauseLiquidation|wouldNotReducePosition|reduceOnlyWouldIncreasePosition|wouldProcessAfterSpecifiedTime)$/,
  ),
  final("order", /^clientOrderId(AlreadyExist|TooLong|TooBig|Invalid)$/),
  final("order", /^filled$/),
  final("order", /^(orderForEditNotFound|orderForEditNotAStop|orderForEditNotAStopOrder|cannotEdit\w*)$/i),
])();

/** Returns the pattern that matches an error string. Kraken sometimes writes a space after a colon. */
export const patternOf = (error: string, patterns: readonly ErrorPattern[]): ErrorPattern | undefined => {
  const text = error.replace(/:\s+/g, ":");
  return patterns.find(({ pattern }) => pattern.test(text));
};
