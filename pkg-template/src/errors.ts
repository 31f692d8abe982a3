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
  /** A lane shared by several processes gave no slot: nothing was sent. */
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

  // Names are getters on the prototypes: minifiers rename classes, and a static block would defeat tree-shaking.
  /** `KrakenError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "KrakenError";
  }
}

/** A private key that cannot be one: nothing was signed. The message names the mistake, never the key. */
export class InvalidSecretError extends KrakenError {
  declare readonly code: "ERR_INVALID_SECRET";

  constructor(message: string) {
    super("ERR_INVALID_SECRET", message);
  }

  /** `InvalidSecretError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidSecretError";
  }
}

/** A two-factor setup key, `otpauth://` URI, option or code that cannot be one. */
export class InvalidOtpKeyError extends KrakenError {
  declare readonly code: "ERR_INVALID_OTP_KEY";

  constructor(message: string) {
    super("ERR_INVALID_OTP_KEY", message);
  }

  /** `InvalidOtpKeyError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidOtpKeyError";
  }
}

/** A nonce that Kraken would refuse, or that would burn the key if it did not. Nothing was sent. */
export class InvalidNonceError extends KrakenError {
  declare readonly code: "ERR_INVALID_NONCE";

  constructor(message: string) {
    super("ERR_INVALID_NONCE", message);
  }

  /** `InvalidNonceError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidNonceError";
  }
}

/** A request that was refused before anything was signed or sent. */
export class InvalidRequestError extends KrakenError {
  declare readonly code: "ERR_INVALID_REQUEST";

  constructor(message: string) {
    super("ERR_INVALID_REQUEST", message);
  }

  /** `InvalidRequestError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "InvalidRequestError";
  }
}

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
  readonly endpoint: string;
  /** Kraken's own strings, at least one. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
  /** A full sentence, or nothing where there is nothing to say. */
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfter?: number | undefined;
  /** Kraken's result, where only some rows of it failed. */
  readonly result?: unknown;
  /** The rows of it that were carried out, counted from 0. */
  readonly done?: readonly number[] | undefined;
}

/**
 * Kraken understood the request and rejected it. A call that changes something was *not* carried out, and that is known, with one exception:
 * where {@link ApiError.done} is set, the rows it lists were carried out, and only the others failed.
 */
export class ApiError extends KrakenError {
  declare readonly code: "ERR_API";
  /** Kraken's own strings, such as `EOrder:Insufficient funds`. */
  readonly errors: readonly string[];
  /** What they are about. */
  readonly kind: ErrorKind;
  /** The endpoint, or the method of a WebSocket, that was called. */
  readonly endpoint: string;
  /** What to do next, in full sentences; empty where there is nothing to say. */
  readonly hint: string;
  /** The same call may succeed later, and cannot be carried out twice by sending it again. */
  readonly retryable: boolean;
  /** Milliseconds after which Kraken takes requests again, where it said so. */
  declare readonly retryAfter?: number;
  /** The whole result, where a call for several things failed in part (AddOrderBatch, batchorder, …). */
  declare readonly result?: unknown;
  /** The positions, from 0, of the rows that were carried out, where a call was for several things. */
  declare readonly done?: readonly number[];

  constructor(details: ApiErrorDetails) {
    const { endpoint, errors, kind, hint, retryable, retryAfter, result, done } = details;
    super("ERR_API", `${endpoint}: ${errors.join(", ")}.${hint && ` ${hint}`}`);
    this.errors = errors;
    this.kind = kind;
    this.endpoint = endpoint;
    this.hint = hint;
    this.retryable = retryable;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (result !== undefined) this.result = result;
    if (done?.length) this.done = done;
  }

  /** `ApiError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "ApiError";
  }
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

/** What is known of a call whose outcome is not. */
export interface UnknownOutcomeDetails {
  /** The nonce it was signed with; left out over a WebSocket. */
  readonly nonce?: string | undefined;
  /** `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the order, if it is text. */
  readonly clientOrderId?: unknown;
  /** Those of a batch. */
  readonly clientOrderIds?: readonly unknown[] | undefined;
  /** `userref` of the order (Spot). */
  readonly userref?: unknown;
  /** Kraken's ids of the orders that it changes or cancels. */
  readonly orderIds?: readonly unknown[] | undefined;
  /** When the exchange stops accepting it: `deadline` (Spot) or `processBefore` (Futures), RFC 3339. */
  readonly deadline?: unknown;
  /** The last four characters of the API key that signed it. */
  readonly keyEnding?: string | undefined;
  /** What was seen instead of an answer. */
  readonly cause: unknown;
}

/**
 * A call that changes something was sent, and no answer proves whether it was carried out. It was not sent again and must not be before
 * `resolveOrder`, or a look at the orders, trades or ledger, has told. `placeOrder` does all that for orders.
 */
export class UnknownOutcomeError extends KrakenError {
  declare readonly code: "ERR_UNKNOWN_OUTCOME";
  /** The endpoint, or the method of a WebSocket, that was called. */
  readonly endpoint: string;
  /** The nonce it was signed with; empty over a WebSocket. */
  readonly nonce: string;
  /** `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the order, to look for. */
  declare readonly clientOrderId?: string;
  /** Those of the orders in a batch. */
  declare readonly clientOrderIds?: readonly string[];
  /** `userref` of the order. */
  declare readonly userref?: string | number;
  /** Kraken's ids of the orders that the call was to change or cancel. */
  declare readonly orderIds?: readonly string[];
  /** When the exchange stops accepting the order, RFC 3339: after that a late copy of it is rejected. */
  declare readonly deadline?: string;
  /** The last four characters of the API key that signed it, where this side knows them. */
  declare readonly keyEnding?: string;
  /** Why `placeOrder` could not find out. */
  declare reason?: string;

  constructor(endpoint: string, details: UnknownOutcomeDetails) {
    const { nonce = "", clientOrderId, clientOrderIds = [], userref, orderIds = [], deadline, keyEnding, cause } = details;
    const ids = clientOrderIds.filter(isName);
    const orders = orderIds.filter(isName);
    const id = isName(clientOrderId) ? clientOrderId : undefined;
    const reference = typeof userref === "string" || typeof userref === "number" || typeof userref === "bigint" ? `${userref}` : undefined;
    const known = [id, ...ids, ...orders].filter(Boolean).join(", ") || (reference && `userref ${reference}`);
    super(
      "ERR_UNKNOWN_OUTCOME",
      `${endpoint}: it may have been carried out. Find out before you send it again: look for ${known || "what it would have changed"}.`,
      { cause },
    );
    this.endpoint = endpoint;
    this.nonce = nonce;
    if (id) this.clientOrderId = id;
    if (ids.length) this.clientOrderIds = ids;
    if (orders.length) this.orderIds = orders;
    if (reference) this.userref = typeof userref === "number" ? userref : reference;
    if (typeof deadline === "string" && deadline) this.deadline = deadline;
    if (keyEnding) this.keyEnding = keyEnding;
  }

  /** `UnknownOutcomeError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "UnknownOutcomeError";
  }
}

/** An answer with an HTTP status that is none of Kraken's own answers: a proxy's page, or a redirect, which is never followed (status 0 where the runtime hides it). */
export class HttpError extends KrakenError {
  declare readonly code: "ERR_HTTP";
  /** The HTTP status; 0 where the runtime hides that of a redirect. */
  readonly status: number;
  /** Milliseconds after which to try again, where the answer said so (`Retry-After`). */
  declare readonly retryAfter?: number;

  constructor(endpoint: string, status: number, retryAfter?: number) {
    super("ERR_HTTP", `${endpoint}: HTTP status ${status}.`);
    this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }

  /** `HttpError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "HttpError";
  }
}

/** The time allowed for a call ran out. A call that changes something was not carried out if this is thrown as such; else it is the `cause` of an {@link UnknownOutcomeError}. */
export class TimeoutError extends KrakenError {
  declare readonly code: "ERR_TIMEOUT";

  constructor(message: string) {
    super("ERR_TIMEOUT", message);
  }

  /** `TimeoutError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "TimeoutError";
  }
}

/**
 * No answer: the connection failed or broke. A call that changes something was not carried out if this is thrown as such (nothing was sent);
 * else it is the `cause` of an {@link UnknownOutcomeError}.
 */
export class NetworkError extends KrakenError {
  declare readonly code: "ERR_NETWORK";
  /** The runtime's name for it, such as `ECONNRESET`, where it has one. */
  readonly reason: string | undefined;

  /** @param cause - what `fetch` threw, without what may be secret in it: runtimes quote headers in their messages */
  constructor(endpoint: string, reason: string | undefined, cause?: Error) {
    super("ERR_NETWORK", `${endpoint}: no answer${reason ? ` (${reason})` : ""}.`, cause && { cause });
    this.reason = reason;
  }

  /** `NetworkError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "NetworkError";
  }
}

/** An answer that cannot be read: no JSON, cut off, too long, or not in Kraken's shape. It is not quoted: it may hold a token. */
export class ResponseError extends KrakenError {
  declare readonly code: "ERR_RESPONSE";

  constructor(endpoint: string) {
    super("ERR_RESPONSE", `${endpoint}: the answer cannot be read as one of Kraken's.`);
  }

  /** `ResponseError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "ResponseError";
  }
}
