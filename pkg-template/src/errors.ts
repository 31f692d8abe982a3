/** What {@link KrakenError.code} can be. A code never changes its meaning; new ones may be added. */
export type ErrorCode =
  | "ERR_INVALID_SECRET"
  | "ERR_INVALID_OTP_KEY"
  | "ERR_INVALID_NONCE"
  | "ERR_INVALID_REQUEST"
  | "ERR_API"
  | "ERR_UNKNOWN_OUTCOME"
  | "ERR_HTTP"
  | "ERR_TIMEOUT"
  | "ERR_NETWORK"
  /** A lane shared by several processes gave no turn: nothing was sent. */
  | "ERR_LANE"
  | "ERR_RESPONSE"
  | "ERR_FREED"
  | "ERR_CRASHED"
  | "ERR_NOT_READY"
  | "ERR_UNAVAILABLE";

/** The base of every error this package throws. Messages never contain a secret. */
export class KrakenError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  // A getter on the prototype: minifiers rename classes, and a static block would defeat tree-shaking.
  override get name(): string {
    return "KrakenError";
  }
}

type Base = new (message: string, facts?: object, options?: { cause?: unknown }) => KrakenError;

/** What a class of errors is made from: its name, its code, and that it keeps the facts it is given. */
const named = (name: string): Base =>
  class extends KrakenError {
    constructor(message: string, facts?: object, options?: { cause?: unknown }) {
      super(`ERR${name.replace(/[A-Z]/g, "_$&").toUpperCase()}` as ErrorCode, message, options);
      Object.assign(this, facts);
    }
    override get name(): string {
      return `${name}Error`;
    }
  };

/** A private key that cannot be one: nothing was signed. The message names the mistake, never the key. */
export class InvalidSecretError extends /* @__PURE__ */ named("InvalidSecret") {}

/** A two-factor setup key, `otpauth://` URI, option or code that cannot be one. */
export class InvalidOtpKeyError extends /* @__PURE__ */ named("InvalidOtpKey") {}

/** A nonce that Kraken would refuse, or that would burn the key if it did not. */
export class InvalidNonceError extends /* @__PURE__ */ named("InvalidNonce") {}

/** A request that was refused before anything was signed or sent. */
export class InvalidRequestError extends /* @__PURE__ */ named("InvalidRequest") {}

/** @throws InvalidRequestError with this message, unless the condition holds. */
export function need(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvalidRequestError(message);
}

/**
 * What an error of Kraken's is about. One word per thing to do next: `key`, `signature`, `otp`, `permission`, `expired` and `account` want a
 * person; `nonce`, `rate-limit` and `unavailable` pass; `lockout` gets worse by trying; the rest is about the call itself.
 */
export type ErrorKind =
  | "key"
  | "signature"
  | "nonce"
  | "otp"
  | "permission"
  | "expired"
  | "lockout"
  | "rate-limit"
  | "unavailable"
  | "token"
  | "arguments"
  | "order"
  | "funding"
  | "account"
  | "market"
  | "other";

/** What an {@link ApiError} is made of. */
export interface ApiErrorDetails {
  endpoint: string;
  /** Kraken's own strings, at least one. */
  errors: string[];
  kind: ErrorKind;
  hint: string;
  retryable: boolean;
  /** Kraken's result, where only some rows of it failed. */
  result?: unknown;
}

/**
 * Kraken understood the request and refused it. A call that changes something was *not* carried out, with one exception:
 * where {@link ApiError.result} is set, only the rows with an error in it failed, and the others were carried out.
 */
export class ApiError extends /* @__PURE__ */ named("Api") {
  /** Kraken's own strings, such as `EOrder:Insufficient funds`. */
  declare readonly errors: string[];
  /** What the first of them is about. */
  declare readonly kind: ErrorKind;
  declare readonly endpoint: string;
  /** What to do next, in one sentence. */
  declare readonly hint: string;
  /** The same call may succeed later, and cannot be carried out twice by sending it again. */
  declare readonly retryable: boolean;
  /** The whole result, where a call for several things failed in part (AddOrderBatch, batchorder, …). */
  declare readonly result?: unknown;

  constructor(details: ApiErrorDetails) {
    super(`${details.endpoint}: ${details.errors.join(", ")}. ${details.hint}`, details);
  }
}

/**
 * A call that changes something was sent, and no answer says whether it was carried out. It was not sent again and must not be, before
 * a look at the orders, trades or ledger has told.
 */
export class UnknownOutcomeError extends /* @__PURE__ */ named("UnknownOutcome") {
  declare readonly endpoint: string;
  /** The nonce it was signed with; empty over a WebSocket. */
  declare readonly nonce: string;
  /** `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the call, to look for. */
  declare readonly clientOrderId?: string;

  /** @param clientOrderId - left out unless it is text */
  constructor(endpoint: string, nonce: string, clientOrderId: unknown, cause: unknown) {
    const named = typeof clientOrderId === "string";
    super(
      `${endpoint}: this may have been carried out. Look${named ? ` for ${clientOrderId}` : ""} before you send it again.`,
      { endpoint, nonce, ...(named && { clientOrderId }) },
      { cause },
    );
  }
}

/** An answer with an HTTP status that is none of Kraken's own answers: a proxy's page, or a redirect, which is never followed (status 0 where the runtime hides it). */
export class HttpError extends /* @__PURE__ */ named("Http") {
  declare readonly status: number;

  constructor(endpoint: string, status: number) {
    super(`${endpoint}: HTTP status ${status}.`, { status });
  }
}

/** The time allowed for a call ran out: before it was sent if it is thrown as such, else it is the `cause` of an {@link UnknownOutcomeError}. */
export class TimeoutError extends /* @__PURE__ */ named("Timeout") {}

/** No answer: the connection failed or broke. The original error is left out, since runtimes quote headers in theirs; its code is kept. */
export class NetworkError extends /* @__PURE__ */ named("Network") {
  /** The runtime's name for it, such as `ECONNRESET`, where it has one. */
  declare readonly reason: string | undefined;

  constructor(endpoint: string, reason: string | undefined) {
    super(`${endpoint}: no answer${reason ? ` (${reason})` : ""}.`, { reason });
  }
}

/** An answer that cannot be read: no JSON, cut off, too long, or not in Kraken's shape. It is not quoted: it may hold a token. */
export class ResponseError extends /* @__PURE__ */ named("Response") {
  constructor(endpoint: string) {
    super(`${endpoint}: unreadable answer.`);
  }
}
