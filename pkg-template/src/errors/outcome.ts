import { KrakenError } from "./kraken-error.js";

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
  /** The endpoint, or the method of a WebSocket, that was called. */
  readonly endpoint: string;
  /** Kraken's error strings; at least one. */
  readonly errors: readonly string[];
  /** The kind of the rejection. */
  readonly kind: ErrorKind;
  /** Full sentences; empty if there is no advice. */
  readonly hint: string;
  /** Whether the same call may succeed later, and can be sent again without the risk that it is carried out twice. */
  readonly retryable: boolean;
  /** Milliseconds until Kraken accepts requests again. */
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

  /** @param details - the fields of the error; `errors` and `hint` also make its message */
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
  /** The content of the answer, although it does not prove the outcome of the whole call. */
  readonly result?: unknown;
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
  /** The client order ids of the orders that a batch places; if it places none, of those that it changes or cancels. */
  declare readonly clientOrderIds?: readonly string[];
  /** The number of orders that a batch was to place; 0 if a batch of Futures only changes or cancels orders. Those without a client order id are not among the ids. */
  declare readonly orderCount?: number;
  /** The `userref` of the order (Spot). */
  declare readonly userref?: string | number;
  /** Kraken's ids of the orders that the call was meant to change or cancel, and of those that an answer names as placed, though it does not prove it. */
  declare readonly orderIds?: readonly string[];
  /** The time after which the exchange does not accept the order, RFC 3339. A late copy that arrives after it is rejected. */
  declare readonly deadline?: string;
  /** The last four characters of the API key that signed the request; absent if only a Durable Object knows them. */
  declare readonly keyEnding?: string;
  /**
   * Over a WebSocket: the content of the answer, if it does not prove the outcome of the whole call. If only some of the answers about several orders arrived,
   * these are in a list: those with an `order_id` were carried out, and those with an `error` were not.
   */
  declare readonly result?: unknown;
  /** Why `placeOrder` could not find out what happened, or where to look after `withdraw`. */
  declare reason?: string;

  /**
   * @param endpoint - the endpoint, or the method of a WebSocket, that was called
   * @param details - what is known of the call: the ids of its orders, its nonce, its key and the cause
   */
  constructor(endpoint: string, details: UnknownOutcomeDetails) {
    const {
      nonce = "",
      clientOrderId,
      clientOrderIds = [],
      orderCount,
      userref,
      orderIds = [],
      deadline,
      keyEnding,
      result,
      cause,
    } = details;
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
    if (result !== undefined) this.result = result;
  }

  /** `UnknownOutcomeError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "UnknownOutcomeError";
  }
}
