import { InvalidRequestError, ResponseError } from "./errors.js";
import { type Ticket, inTurn } from "./lane.js";
import type { SpotClient } from "./rest/spot/client.js";

const privateChannels = /^(executions|balances|level3|ownTrades|openOrders)$/;
const v2Methods = /^(add_order|amend_order|edit_order|cancel_order|cancel_all|cancel_all_orders_after|batch_add|batch_cancel)$/;
const v1Events = /^(addOrder|editOrder|cancelOrder|cancelAll|cancelAllOrdersAfter)$/;

interface Kept {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Gets, keeps and renews the token that Spot's private WebSockets want. */
export class TokenManager {
  readonly #client: Pick<SpotClient, "call">;
  readonly #margin: number;
  // Values only, never a promise: in Workers a promise of one request must not be awaited in another.
  readonly #queue: Ticket[] = [];
  #kept: Kept | undefined;
  #failures = 0;
  #error: unknown;

  /** @param options.refreshMargin - how many milliseconds before its end a token is replaced; 60 000 by default. */
  constructor(client: Pick<SpotClient, "call">, { refreshMargin = 60_000 }: { readonly refreshMargin?: number | undefined } = {}) {
    if (!(refreshMargin >= 0)) throw new InvalidRequestError("refreshMargin: give milliseconds.");
    this.#client = client;
    this.#margin = refreshMargin;
  }

  /** A token that lives at least as long as the margin. However many ask at once, one request is made, and its failure is everyone's. */
  async get({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<string> {
    const fresh = (): string | undefined => (this.#kept && Date.now() < this.#kept.until ? this.#kept.token : undefined);
    const failures = this.#failures;
    return (
      fresh() ??
      inTurn(
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

  /** Forgets the token, as when Kraken answers `ESession:Invalid session`. */
  invalidate(): void {
    this.#kept = undefined;
  }

  /** A copy of a message, v1 or v2, with a token where it needs one: private channels and orders. Others are copied as they are. */
  async authorize<M extends object>(message: M): Promise<M> {
    const copy = { ...message } as Record<string, unknown>;
    const { event, method, params, subscription } = copy as {
      event?: unknown;
      method?: unknown;
      params?: { channel?: unknown };
      subscription?: { name?: unknown };
    };
    const subscribes = /^(un)?subscribe$/.test(`${event ?? method}`);
    if (v1Events.test(`${event}`)) copy.token = await this.get();
    else if (event && subscribes && privateChannels.test(`${subscription?.name}`))
      copy.subscription = { ...subscription, token: await this.get() };
    else if (v2Methods.test(`${method}`) || (method && subscribes && privateChannels.test(`${params?.channel}`)))
      copy.params = { ...params, token: await this.get() };
    return copy as M;
  }

  async #renew(signal: AbortSignal | undefined): Promise<string> {
    const asked = Date.now();
    try {
      const { token, expires } =
        (await this.#client.call<{ token?: unknown; expires?: unknown } | null>("GetWebSocketsToken", {}, { signal })) ?? {};
      if (typeof token !== "string" || !token || typeof expires !== "number" || !(expires > 0))
        throw new ResponseError("GetWebSocketsToken");
      this.#kept = { token, until: asked + expires * 1000 - this.#margin };
      return token;
    } catch (error) {
      // An abort is the business of who aborted.
      if (!signal?.aborted) {
        this.#failures++;
        this.#error = error;
      }
      throw error;
    }
  }
}
