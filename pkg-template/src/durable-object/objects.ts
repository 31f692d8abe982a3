// The binary, but not for a Worker that only calls the objects.
import "#core";
import type { KeyReport } from "../rest/key-report.js";
import type { CallOptions } from "../rest/call.js";
import type { FuturesEndpoint } from "../rest/futures/endpoints.js";
import type { SpotEndpoint } from "../rest/spot/endpoints.js";
import { FuturesClient } from "../rest/futures/client.js";
import type { Lane } from "../lane/lane.js";
import type { Params } from "../rest/request/encode.js";
import { SpotClient, type SpotCallOptions, type SpotRequestOptions } from "../rest/spot/client.js";
import { type Remote, checkErrorsSurvive, local } from "./rpc.js";
import { StorageLane } from "./lane.js";
import { type KeyOptions, type KeyOptionsOf, askForOptions, fromEnvironment } from "./options.js";
import { Base, type ObjectState } from "./platform.js";

/** What Kraken answered, of any shape. (Workers' types make `never` of a promise of `unknown`.) */
export type Answer = {} | null;

/** Makes the object's client when it is first needed, and once. */
function opener<C>(
  { id, storage }: ObjectState,
  optionsOf: KeyOptionsOf,
  make: (options: Omit<KeyOptions, "nonce"> & { readonly lane: Lane }) => C,
): () => Promise<C> {
  let opening: Promise<C> | undefined;
  const open = async (): Promise<C> => {
    checkErrorsSurvive();
    const { nonce, ...options } = await askForOptions(optionsOf, id.name);
    return make({ ...options, lane: new StorageLane(storage, nonce) });
  };
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
}

/**
 * A Durable Object that owns one Spot key: it signs *and sends*, in order, whichever Workers call it. One object per key, by its name:
 * `env.KRAKEN_KEY.getByName("trading").call("Balance")`. Its methods are those of {@link SpotClient}, but for `sign`: what is signed here and
 * sent elsewhere would be overtaken.
 *
 * Errors keep their name and all they say over RPC; {@link spotClient} gives them back their class, and answers a type.
 */
export class KrakenKey<Env = unknown> extends Base<Env> {
  readonly #open: () => Promise<SpotClient>;

  /**
   * @param optionsOf - where the key comes from; by default the environment: for the object `trading` the secrets `KRAKEN_TRADING_KEY` and
   * `KRAKEN_TRADING_SECRET`, and `KRAKEN_TRADING_OTP_SETUP_KEY` for a key with two-factor authentication.
   */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#open = opener(ctx, optionsOf, (options) => new SpotClient(options));
  }

  /** As {@link SpotClient.call}. */
  async call(endpoint: SpotEndpoint, params: Params = {}, options: Remote<SpotCallOptions> = {}): Promise<Answer> {
    return (await this.#open()).call<Answer>(endpoint, params, local(options));
  }

  /** As {@link SpotClient.request}. */
  async request(method: string, path: string, options: Remote<SpotRequestOptions> = {}): Promise<Answer> {
    return (await this.#open()).request<Answer>(method, path, local(options));
  }

  /** As `check` of {@link SpotClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    return (await this.#open()).check(local(options));
  }
}

/** A Durable Object that owns one Futures key, as {@link KrakenKey} does a Spot key. Its methods are those of {@link FuturesClient}, but for `sign`. */
export class KrakenFuturesKey<Env = unknown> extends Base<Env> {
  readonly #open: () => Promise<FuturesClient>;

  /** @param optionsOf - where the key comes from; by default the environment, as for {@link KrakenKey}. A Futures key has no second factor. */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#open = opener(ctx, optionsOf, (options) => new FuturesClient(options));
  }

  /** As {@link FuturesClient.get}. */
  async get(endpoint: FuturesEndpoint<"GET">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).get<Answer>(endpoint, params, local(options));
  }

  /** As {@link FuturesClient.post}. */
  async post(endpoint: FuturesEndpoint<"POST">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).post<Answer>(endpoint, params, local(options));
  }

  /** As {@link FuturesClient.put}. */
  async put(endpoint: FuturesEndpoint<"PUT">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).put<Answer>(endpoint, params, local(options));
  }

  /** As {@link FuturesClient.delete}. */
  async delete(endpoint: FuturesEndpoint<"DELETE">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).delete<Answer>(endpoint, params, local(options));
  }

  /** As `check` of {@link FuturesClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    return (await this.#open()).check(local(options));
  }
}
