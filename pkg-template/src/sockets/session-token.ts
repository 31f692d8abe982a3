import { ResponseError, TimeoutError } from "../errors.js";
import { type TokenManager, unlessAborted } from "../rest/spot/tokens.js";

/** What whoever waits for a token is told. */
export interface TokenEvents {
  /** There may be one now; or it took too long, and is asked for again if somebody still waits. */
  resume(): void;
  /** There was none to be had. */
  failed(error: unknown): void;
  /** For how many milliseconds a token is waited for. */
  patience(): number;
}

/**
 * The token of one socket. It is got when a request needs one, replaced when it has died, and a new one on each connection, as Kraken
 * recommends. Whoever needs it waits aside: nothing else waits for it.
 */
export class SessionToken {
  readonly #tokens: TokenManager;
  readonly #events: TokenEvents;
  #attempt: { readonly stopper: AbortController; readonly until: number } | undefined;
  /** One that has just come, for all who waited. */
  #ready: string | undefined;
  /** The one handed out last. */
  #last: string | undefined;
  /** The one of an earlier connection. */
  #old: string | undefined;

  constructor(tokens: TokenManager, events: TokenEvents) {
    this.#tokens = tokens;
    this.#events = events;
  }

  /** The token, if it has just come; else it is asked for, and whoever needs it is told. */
  take(method: string, channel: string): string | undefined {
    if (this.#ready) this.#last = this.#ready;
    // In Workers, an attempt of a request that was cancelled never ends.
    else if (!this.#attempt || Date.now() > this.#attempt.until) void this.#get({ method, params: { channel } });
    return this.#ready;
  }

  /** Replaces a dead token, the last one if none is named, once however many messages were refused for it. Returns it if it did. */
  renew(dead = this.#last): string | undefined {
    if (!dead || dead !== this.#last) return undefined;
    this.#tokens.invalidate();
    this.#last = undefined;
    return dead;
  }

  /** The connection is gone. */
  forget(): void {
    this.#old = this.#last;
  }

  end(): void {
    this.#attempt?.stopper.abort();
  }

  async #get(message: object): Promise<void> {
    const patience = this.#events.patience();
    const stopper = new AbortController();
    const attempt = { stopper, until: Date.now() + patience };
    const timer = setTimeout(() => stopper.abort(new TimeoutError(`No token within ${patience} ms.`)), patience);
    this.#attempt = attempt;
    let failure: { readonly error: unknown } | undefined;
    let token: string | undefined;
    try {
      token = await unlessAborted(this.#fresh(message, stopper.signal), stopper.signal);
    } catch (error) {
      failure = { error };
    }
    clearTimeout(timer);
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
