import { KrakenError } from "./kraken-error.js";

/**
 * The answer has an HTTP error status and is not one of Kraken's: the page of a proxy, or a redirect, which is never followed.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (!(error instanceof HttpError)) throw error;
 *   const pause = error.retryAfter ?? 30_000;
 *   console.warn(`HTTP status ${error.status}, next attempt in ${pause / 1000} s`);
 *   await new Promise((resolve) => setTimeout(resolve, pause));
 * }
 * ```
 */
export class HttpError extends KrakenError {
  declare readonly code: "ERR_HTTP";
  /** The HTTP status; 0 if the runtime hides the status of a redirect. */
  readonly status: number;
  /** Milliseconds to wait before the next attempt, if the answer has a `Retry-After` header. */
  declare readonly retryAfter?: number;

  /**
   * @param endpoint - the endpoint that was called
   * @param status - the HTTP status
   * @param retryAfter - milliseconds to wait before the next attempt, if the answer said so
   */
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
 *
 * @example
 * ```ts
 * try {
 *   const { open } = await client.call("OpenOrders", {}, { timeout: 2000 });
 *   console.log(Object.keys(open));
 * } catch (error) {
 *   if (!(error instanceof TimeoutError)) throw error;
 *   console.warn("no answer within 2 seconds; the orders may have changed");
 * }
 * ```
 */
export class TimeoutError extends KrakenError {
  declare readonly code: "ERR_TIMEOUT";

  /** @param message - what took too long, and how long it was waited for */
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
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (!(error instanceof NetworkError)) throw error;
 *   console.warn(error.reason === "ENOTFOUND" ? "there is no DNS here" : "Kraken cannot be reached", error.cause);
 * }
 * ```
 */
export class NetworkError extends KrakenError {
  declare readonly code: "ERR_NETWORK";
  /** The runtime's code for the failure, such as `ECONNRESET`, if it has one. */
  readonly reason: string | undefined;

  /**
   * @param endpoint - the endpoint that was called
   * @param reason - the runtime's code for the failure, such as `ECONNRESET`, if it has one
   * @param cause - a copy of what `fetch` threw, without secrets: runtimes quote headers in their messages
   */
  constructor(endpoint: string, reason: string | undefined, cause?: Error) {
    const mistake = cause?.name === "InvalidRequestError" ? ` ${cause.message}` : "";
    super("ERR_NETWORK", `${endpoint}: no answer${reason ? ` (${reason})` : ""}.${mistake}`, cause && { cause });
    this.reason = reason;
  }

  /** `NetworkError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "NetworkError";
  }
}

/**
 * The answer cannot be read: it is not JSON, is cut off, is too long, or does not have Kraken's format. The message does not quote it, because it
 * may contain a token. If a call that changes something was sent, it throws an {@link UnknownOutcomeError}, and this error is its `cause`.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (!(error instanceof ResponseError)) throw error;
 *   console.warn("Is there a proxy that changes answers?", error.message);
 * }
 * ```
 */
export class ResponseError extends KrakenError {
  declare readonly code: "ERR_RESPONSE";

  /** @param endpoint - the endpoint that was called */
  constructor(endpoint: string) {
    super("ERR_RESPONSE", `${endpoint}: the answer is not in Kraken's format.`);
  }

  /** `ResponseError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "ResponseError";
  }
}
