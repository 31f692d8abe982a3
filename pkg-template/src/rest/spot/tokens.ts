import { checkMilliseconds, checkNames, checkSignal, described, isRecord } from "../../checks.js";
import { ResponseError, TimeoutError, need } from "../../errors.js";
import { type QueueEntry, runInReadSlot } from "../../lane/queue.js";
import type { SpotClient } from "./client.js";
import { destinationBehind, rememberDestination } from "../sent-calls.js";
import { socketMethodOf } from "./endpoints/socket-methods.js";

const privateChannels = /^(executions|balances|level3|ownTrades|openOrders)$/;
const v1Events = /^(addOrder|editOrder|cancelOrder|cancelAll|cancelAllOrdersAfter)$/;

const subscriptions = /^(un)?subscribe$/;

/** Returns whether a message of version 2 needs a token. */
export const needsToken = (method: unknown, channel: unknown): boolean =>
  socketMethodOf(method) !== undefined || (subscriptions.test(`${method}`) && privateChannels.test(`${channel}`));

/** Settles as `work` does, or rejects if the signal aborts first. Some functions that accept a signal ignore it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort!: () => void;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        abort = () => reject(signal.reason);
        signal.addEventListener("abort", abort);
        if (signal.aborted) abort();
      }),
    ]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

interface Kept {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Gets, caches and renews the token for Spot's private WebSockets. `SpotSocket` has one of its own; use this class with another WebSocket client.
 *
 * @example
 * ```ts
 * const tokens = new TokenManager(client);
 * const token = await tokens.get();
 * const subscribe = JSON.stringify({ method: "subscribe", params: { channel: "executions", token } });
 * ```
 */
export class TokenManager {
  readonly #client: Pick<SpotClient, "call">;
  readonly #margin: number;
  readonly #timeout: number;
  // These fields never store a promise, because in Workers one request must not await the promise of another.
  readonly #queue: QueueEntry[] = [];
  #kept: Kept | undefined;
  #failures = 0;
  #error: unknown;

  /**
   * @param client - a client with a key that has the permission `create-ws-token`
   * @throws InvalidRequestError if the client is none, or an option is invalid
   */
  constructor(
    client: Pick<SpotClient, "call">,
    options: {
      /** Milliseconds before its expiry at which a token is replaced; 60,000 by default. */
      readonly refreshMargin?: number | undefined;
      /** Milliseconds that the client may take to get a token before the next request is made; 60,000 by default. */
      readonly timeout?: number | undefined;
    } = {},
  ) {
    need(typeof client?.call === "function", `Invalid client: expected a SpotClient, got ${described(client)}.`);
    checkNames("TokenManager", options, ["refreshMargin", "timeout"], { margin: "refreshMargin" });
    const { refreshMargin = 60_000, timeout = 60_000 } = options;
    checkMilliseconds("refreshMargin", refreshMargin, { least: 0, most: Infinity });
    checkMilliseconds("timeout", timeout);
    this.#client = client;
    rememberDestination(this, destinationBehind(client));
    this.#margin = refreshMargin;
    this.#timeout = timeout;
  }

  /**
   * Returns a token that is valid at least as long as the margin. Concurrent callers share one request and its failure. If the signal aborts,
   * the call rejects at once, even if the client never answers, and the next caller can make a request.
   *
   * @throws the error of the client; TimeoutError; the reason of the signal
   */
  async get(
    options: {
      /** Ends the wait for the token, and rejects with its reason; none by default. */
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<string> {
    checkNames("the call", options, ["signal"]);
    const { signal } = options;
    checkSignal(signal);
    const fresh = (): string | undefined => (this.#kept && Date.now() < this.#kept.until ? this.#kept.token : undefined);
    const failures = this.#failures;
    return (
      fresh() ??
      runInReadSlot(
        this.#queue,
        async () => {
          const token = fresh();
          if (token) return token;
          if (failures !== this.#failures) throw this.#error;
          return this.#renew(signal);
        },
        signal,
      )
    );
  }

  /** Forgets the token. Call it when Kraken answers `ESession:Invalid session`. */
  invalidate(): void {
    this.#kept = undefined;
  }

  /**
   * Returns a copy of a message (v1 or v2). Messages for private channels and orders get a token, and others are copied unchanged.
   *
   * @param message - the message as an object, before `JSON.stringify`
   * @throws InvalidRequestError if it is no object; what `get` throws
   */
  async authorize<M extends object>(
    message: M,
    options: {
      /** Ends the wait for the token, and rejects with its reason; none by default. */
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<M> {
    need(isRecord(message), `Invalid message: expected an object, got ${described(message)}.`);
    checkNames("the call", options, ["signal"]);
    const copy = { ...message } as Record<string, unknown>;
    const { event, method, params, subscription } = copy as {
      event?: unknown;
      method?: unknown;
      params?: { channel?: unknown };
      subscription?: { name?: unknown };
    };
    if (v1Events.test(`${event}`)) copy.token = await this.get(options);
    else if (subscriptions.test(`${event}`) && privateChannels.test(`${subscription?.name}`))
      copy.subscription = { ...subscription, token: await this.get(options) };
    else if (!event && needsToken(method, params?.channel)) copy.params = { ...params, token: await this.get(options) };
    return copy as M;
  }

  /** Requests a token from the client, until the signal aborts or the timeout ends. */
  async #renew(signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    const begun = Date.now();
    const stopper = new AbortController();
    const abort = (): void => stopper.abort(signal!.reason);
    signal?.addEventListener("abort", abort);
    const late = new TimeoutError(`GetWebSocketsToken: no answer within ${this.#timeout} ms.`);
    const timer = setTimeout(() => stopper.abort(late), this.#timeout);
    try {
      const asked: Promise<unknown> = this.#client.call("GetWebSocketsToken", {}, { signal: stopper.signal });
      // An object in place of a client may return anything.
      const { token, expires } = ((await unlessAborted(asked, stopper.signal)) ?? {}) as { token?: unknown; expires?: unknown };
      if (typeof token !== "string" || !token || typeof expires !== "number" || !(expires > 0))
        throw new ResponseError("GetWebSocketsToken");
      this.#kept = { token, until: begun + expires * 1000 - this.#margin };
      return token;
    } catch (error) {
      // An abort concerns only the caller that aborted.
      if (!signal?.aborted) {
        this.#failures++;
        this.#error = error;
      }
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}
