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

/** A private key that cannot be one: nothing was signed. The message names the mistake, never the key. */
export class InvalidSecretError extends KrakenError {
  constructor(message: string) {
    super("ERR_INVALID_SECRET", message);
  }
  override get name(): string {
    return "InvalidSecretError";
  }
}

/** A two-factor setup key, `otpauth://` URI, option or code that cannot be one. */
export class InvalidOtpKeyError extends KrakenError {
  constructor(message: string) {
    super("ERR_INVALID_OTP_KEY", message);
  }
  override get name(): string {
    return "InvalidOtpKeyError";
  }
}

/** A nonce that Kraken would refuse, or that would burn the key if it did not. */
export class InvalidNonceError extends KrakenError {
  constructor(message: string) {
    super("ERR_INVALID_NONCE", message);
  }
  override get name(): string {
    return "InvalidNonceError";
  }
}

/** A request that was refused before anything was signed or sent. */
export class InvalidRequestError extends KrakenError {
  constructor(message: string) {
    super("ERR_INVALID_REQUEST", message);
  }
  override get name(): string {
    return "InvalidRequestError";
  }
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
export class ApiError extends KrakenError {
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
    super("ERR_API", `${details.endpoint}: ${details.errors.join(", ")}. ${details.hint}`);
    Object.assign(this, details);
  }
  override get name(): string {
    return "ApiError";
  }
}

/**
 * A call that changes something was sent, and no answer says whether it was carried out. It was not sent again and must not be, before
 * a look at the orders, trades or ledger has told.
 */
export class UnknownOutcomeError extends KrakenError {
  readonly endpoint: string;
  /** The nonce it was signed with; empty over a WebSocket. */
  readonly nonce: string;
  /** `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the call, to look for. */
  declare readonly clientOrderId?: string;

  constructor(endpoint: string, nonce: string, clientOrderId: string | undefined, cause: unknown) {
    super(
      "ERR_UNKNOWN_OUTCOME",
      `${endpoint}: it is not known whether this was carried out. Look${clientOrderId ? ` for ${clientOrderId}` : ""} before you send it again.`,
      { cause },
    );
    this.endpoint = endpoint;
    this.nonce = nonce;
    if (clientOrderId !== undefined) this.clientOrderId = clientOrderId;
  }
  override get name(): string {
    return "UnknownOutcomeError";
  }
}

/** An answer with an HTTP status that is none of Kraken's own answers: a proxy's page, or a redirect, which is never followed (status 0 where the runtime hides it). */
export class HttpError extends KrakenError {
  readonly status: number;

  constructor(endpoint: string, status: number) {
    super("ERR_HTTP", `${endpoint}: HTTP status ${status}.`);
    this.status = status;
  }
  override get name(): string {
    return "HttpError";
  }
}

/** The time allowed for a call ran out: before it was sent if it is thrown as such, else it is the `cause` of an {@link UnknownOutcomeError}. */
export class TimeoutError extends KrakenError {
  constructor(message: string) {
    super("ERR_TIMEOUT", message);
  }
  override get name(): string {
    return "TimeoutError";
  }
}

/** No answer: the connection failed or broke. The original error is left out, since runtimes quote headers in theirs; its code is kept. */
export class NetworkError extends KrakenError {
  /** The runtime's name for it, such as `ECONNRESET`, where it has one. */
  readonly reason: string | undefined;

  constructor(endpoint: string, reason: string | undefined) {
    super("ERR_NETWORK", `${endpoint}: no answer${reason ? ` (${reason})` : ""}.`);
    this.reason = reason;
  }
  override get name(): string {
    return "NetworkError";
  }
}

/** An answer that cannot be read: no JSON, cut off, too long, or not in Kraken's shape. It is not quoted: it may hold a token. */
export class ResponseError extends KrakenError {
  constructor(endpoint: string) {
    super("ERR_RESPONSE", `${endpoint}: the answer is not what Kraken answers, or too long.`);
  }
  override get name(): string {
    return "ResponseError";
  }
}
