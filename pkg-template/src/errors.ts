/** The values of {@link KrakenError.code}. A code never changes its meaning; new codes may be added. */
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
  /** The lane gave no slot, for example because Redis did not answer. Nothing was sent. */
  | "ERR_LANE"
  | "ERR_RESPONSE"
  | "ERR_FREED"
  | "ERR_CRASHED"
  | "ERR_NOT_READY"
  | "ERR_UNAVAILABLE";

/**
 * The base class of every error that this package throws. Messages never contain a secret.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (!(error instanceof KrakenError)) throw error;
 *   if (error.code === "ERR_TIMEOUT") console.log("Kraken did not answer in time");
 * }
 * ```
 */
export class KrakenError extends Error {
  /** The kind of failure, for programs. Every subclass has a code of its own. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  // The names are getters on the prototypes, because minifiers rename classes and a static block would defeat tree shaking.
  /** `KrakenError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "KrakenError";
  }
}

/**
 * The private key is malformed. Nothing was signed. The message says what is wrong and where, without showing the key.
 *
 * @example
 * ```ts
 * try {
 *   new SpotClient({ key, secret });
 * } catch (error) {
 *   if (error instanceof InvalidSecretError) console.error(error.message); // says where the mistake is
 *   throw error;
 * }
 * ```
 */
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

/** A two-factor setup key, an `otpauth://` URI, or an option of {@link Totp} is malformed. */
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

/** The nonce is malformed, or so far ahead of the clock that it would make the key unusable. Nothing was sent. */
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

/** An option, a parameter or an argument is invalid. Nothing was signed or sent. */
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

/**
 * Asserts a condition.
 *
 * @throws InvalidRequestError with this message if the condition does not hold
 */
export function need(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvalidRequestError(message);
}

/**
 * The kind of a rejection, by what to do next. `key`, `signature`, `otp`, `permission`, `expired` and `account` need a person. `nonce`,
 * `rate-limit` and `unavailable` pass with time. `lockout` gets worse with every attempt. The other kinds are about the call itself.
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

/** The fields of an {@link ApiError}. */
export interface ApiErrorDetails {
  readonly endpoint: string;
  /** Kraken's error strings; at least one. */
  readonly errors: readonly string[];
  readonly kind: ErrorKind;
  /** Full sentences; empty if there is no advice. */
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfter?: number | undefined;
  /** Kraken's result, if only some of its rows failed. */
  readonly result?: unknown;
  /** The indexes of the rows that were carried out. */
  readonly done?: readonly number[] | undefined;
}

/**
 * Kraken understood the request and rejected it. A call that changes something was *not* carried out. The one exception is a call for several
 * things: if {@link ApiError.done} is set, the rows that it lists were carried out, and the others were not.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC" });
 * } catch (error) {
 *   if (!(error instanceof ApiError)) throw error;
 *   console.log(error.kind, error.errors, error.hint); // "order", ["EOrder:Unknown order"], ""
 * }
 * ```
 */
export class ApiError extends KrakenError {
  declare readonly code: "ERR_API";
  /** Kraken's error strings, such as `EOrder:Insufficient funds`. */
  readonly errors: readonly string[];
  /** The kind of the rejection. */
  readonly kind: ErrorKind;
  /** The endpoint, or the method of a WebSocket, that was called. */
  readonly endpoint: string;
  /** Advice on what to do next, in full sentences; empty if there is none. */
  readonly hint: string;
  /** Whether the same call may succeed later, and can be sent again without the risk that it is carried out twice. */
  readonly retryable: boolean;
  /** Milliseconds until Kraken accepts requests again, if it said so. */
  declare readonly retryAfter?: number;
  /** The whole result, if a call for several things failed in part (AddOrderBatch, batchorder, …). */
  declare readonly result?: unknown;
  /** The indexes of the rows that were carried out, if a call for several things failed in part. */
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

/** The fields of an {@link UnknownOutcomeError}. */
export interface UnknownOutcomeDetails {
  /** The nonce of the request; left out over a WebSocket. */
  readonly nonce?: string | undefined;
  /** The `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the order, if it is text. */
  readonly clientOrderId?: unknown;
  /** The client order ids of a batch. */
  readonly clientOrderIds?: readonly unknown[] | undefined;
  /** The number of orders that a batch places. */
  readonly orderCount?: number | undefined;
  /** The `userref` of the order (Spot). */
  readonly userref?: unknown;
  /** Kraken's ids of the orders that the call changes or cancels. */
  readonly orderIds?: readonly unknown[] | undefined;
  /** The time after which the exchange does not accept the order: `deadline` (Spot) or `processBefore` (Futures), RFC 3339. */
  readonly deadline?: unknown;
  /** The last four characters of the API key that signed the request. */
  readonly keyEnding?: string | undefined;
  /** The failure that occurred in place of an answer. */
  readonly cause: unknown;
}

/**
 * A call that changes something was sent, and no answer proves whether it was carried out. The client did not send it again. Before you do,
 * find out what happened: `resolveOrder` does that for orders; for other calls, look at the trades or the ledger. `placeOrder` includes both
 * steps.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "50000", volume: "0.01" });
 * } catch (error) {
 *   if (!(error instanceof UnknownOutcomeError)) throw error; // certain: the order was not placed
 *   const resolution = await resolveOrder(client, error);
 *   if (resolution.outcome === "placed") console.log(resolution.order.orderId);
 * }
 * ```
 */
export class UnknownOutcomeError extends KrakenError {
  declare readonly code: "ERR_UNKNOWN_OUTCOME";
  /** The endpoint, or the method of a WebSocket, that was called. */
  readonly endpoint: string;
  /** The nonce of the request; empty over a WebSocket. */
  readonly nonce: string;
  /** The `cl_ord_id` (Spot) or `cliOrdId` (Futures) of the order, by which it can be found. */
  declare readonly clientOrderId?: string;
  /** The client order ids of the orders in a batch. */
  declare readonly clientOrderIds?: readonly string[];
  /** The number of orders that a batch was to place. Those without a client order id are not among the ids. */
  declare readonly orderCount?: number;
  /** The `userref` of the order (Spot). */
  declare readonly userref?: string | number;
  /** Kraken's ids of the orders that the call was meant to change or cancel, and of those that an answer names as placed, though it does not prove it. */
  declare readonly orderIds?: readonly string[];
  /** The time after which the exchange does not accept the order, RFC 3339. A late copy that arrives after it is rejected. */
  declare readonly deadline?: string;
  /** The last four characters of the API key that signed the request; absent if only a Durable Object knows them. */
  declare readonly keyEnding?: string;
  /** Why `placeOrder` could not find out what happened. */
  declare reason?: string;

  constructor(endpoint: string, details: UnknownOutcomeDetails) {
    const { nonce = "", clientOrderId, clientOrderIds = [], orderCount, userref, orderIds = [], deadline, keyEnding, cause } = details;
    const ids = clientOrderIds.filter(isName);
    const orders = orderIds.filter(isName);
    const id = isName(clientOrderId) ? clientOrderId : undefined;
    const reference = typeof userref === "string" || typeof userref === "number" || typeof userref === "bigint" ? `${userref}` : undefined;
    const known = [id, ...ids, ...orders].filter(Boolean).join(", ") || (reference && `userref ${reference}`);
    super(
      "ERR_UNKNOWN_OUTCOME",
      `${endpoint}: the call may have been carried out. Before you send it again, look for ${known || "what it would have changed"}.`,
      { cause },
    );
    this.endpoint = endpoint;
    this.nonce = nonce;
    if (id) this.clientOrderId = id;
    if (ids.length) this.clientOrderIds = ids;
    if (orderCount !== undefined) this.orderCount = orderCount;
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

/** The answer has an HTTP error status and is not one of Kraken's: the page of a proxy, or a redirect, which is never followed. */
export class HttpError extends KrakenError {
  declare readonly code: "ERR_HTTP";
  /** The HTTP status; 0 if the runtime hides the status of a redirect. */
  readonly status: number;
  /** Milliseconds to wait before the next attempt, if the answer has a `Retry-After` header. */
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

/**
 * The timeout of a call passed. If a call that changes something throws this error, it was not sent. If it was sent, the call throws an
 * {@link UnknownOutcomeError}, and this error is its `cause`.
 */
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
 * The connection failed or broke before there was an answer. If a call that changes something throws this error, it was not sent. If it was
 * sent, the call throws an {@link UnknownOutcomeError}, and this error is its `cause`.
 */
export class NetworkError extends KrakenError {
  declare readonly code: "ERR_NETWORK";
  /** The runtime's code for the failure, such as `ECONNRESET`, if it has one. */
  readonly reason: string | undefined;

  /** @param cause - a copy of what `fetch` threw, without secrets: runtimes quote headers in their messages */
  constructor(endpoint: string, reason: string | undefined, cause?: Error) {
    super("ERR_NETWORK", `${endpoint}: no answer${reason ? ` (${reason})` : ""}.`, cause && { cause });
    this.reason = reason;
  }

  /** `NetworkError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "NetworkError";
  }
}

/** The answer cannot be read: it is not JSON, is cut off, is too long, or does not have Kraken's format. The message does not quote it, because it may contain a token. */
export class ResponseError extends KrakenError {
  declare readonly code: "ERR_RESPONSE";

  constructor(endpoint: string) {
    super("ERR_RESPONSE", `${endpoint}: the answer is not in Kraken's format.`);
  }

  /** `ResponseError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "ResponseError";
  }
}
