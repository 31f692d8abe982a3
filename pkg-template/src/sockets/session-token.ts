import { ResponseError, TimeoutError } from "../errors.js";
import { whenLate } from "../lane/late.js";
import { type TokenManager, unlessAborted } from "../rest/spot/tokens.js";

/** The callbacks of a session token. */
export interface TokenEvents {
  /** There may be a token now. If it took too long, it is requested again for requests that still wait. */
  resume(): void;
  /** The token could not be obtained. */
  failed(error: unknown): void;
  /** Returns how many milliseconds to wait for a token. */
  timeout(): number;
}

/**
 * The token of one socket. It is requested when it is needed first, replaced when it is no longer valid, and new for each connection, as Kraken
 * recommends. Only requests that need the token wait for it.
 */
export class SessionToken {
  readonly #tokens: TokenManager;
  readonly #events: TokenEvents;
  #attempt: { readonly stopper: AbortController; readonly until: number } | undefined;
  /** A token that has just arrived, for the requests that waited. */
  #ready: string | undefined;
  /** The token that was used last. */
  #last: string | undefined;
  /** The token of the previous connection. */
  #old: string | undefined;

  constructor(tokens: TokenManager, events: TokenEvents) {
    this.#tokens = tokens;
    this.#events = events;
  }

  /** Returns the token if it has just arrived. Otherwise requests it, and calls back later. */
  take(method: string, channel: string): string | undefined {
    if (this.#ready) this.#last = this.#ready;
    // In Workers, the attempt of a canceled request never ends.
    else if (!this.#attempt || performance.now() > this.#attempt.until) void this.#get({ method, params: { channel } });
    return this.#ready;
  }

  /** Drops an invalid token; by default, the last one. Returns the token, or `undefined` if it was dropped before. */
  renew(dead = this.#last): string | undefined {
    if (!dead || dead !== this.#last) return undefined;
    this.#tokens.invalidate();
    this.#last = undefined;
    return dead;
  }

  /** Handles the end of a connection. */
  forget(): void {
    this.#old = this.#last;
  }

  end(): void {
    this.#attempt?.stopper.abort();
  }

  async #get(message: object): Promise<void> {
    const timeout = this.#events.timeout();
    const stopper = new AbortController();
    const attempt = { stopper, until: performance.now() + timeout };
    const late = (): void => stopper.abort(new TimeoutError(`GetWebSocketsToken: no token within ${timeout} ms.`));
    const stopWaiting = whenLate(timeout, late);
    this.#attempt = attempt;
    let failure: { readonly error: unknown } | undefined;
    let token: string | undefined;
    try {
      token = await unlessAborted(this.#fresh(message, stopper.signal), stopper.signal);
    } catch (error) {
      failure = { error };
    }
    stopWaiting();
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    if (failure && !stopper.signal.aborted) return this.#events.failed(failure.error);
    this.#ready = token;
    this.#events.resume();
    this.#ready = undefined;
  }

  async #fresh(message: object, signal: AbortSignal): Promise<string> {
    const ask = async (): Promise<unknown> =>
      ((await this.#tokens.authorize(message, { signal })) as { readonly params?: { readonly token?: unknown } }).params?.token;
    let token = await ask();
    if (token && token === this.#old) {
      this.#tokens.invalidate();
      token = await ask();
    }
    if (typeof token !== "string" || !token) throw new ResponseError("GetWebSocketsToken");
    return token;
  }
}
