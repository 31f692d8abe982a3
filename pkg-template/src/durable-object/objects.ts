// The objects need the binary. A Worker that only calls them does not import this file.
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

/** The result of a call, of any type. (Workers' types turn a promise of `unknown` into `never`.) */
export type Answer = {} | null;

/** Returns a function that makes the object's client, once, when it is first needed. */
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
 * A Durable Object that owns one Spot key. It signs *and sends* the requests of all Workers in order. Use one object per key, by its name. It has the
 * methods of {@link SpotClient} except `sign`, because a request that is signed here and sent elsewhere could be overtaken.
 *
 * Over RPC, errors keep their names and fields. {@link spotClient} restores their classes, and gives results their types.
 *
 * @example
 * ```ts
 * import { KrakenKey, spotClient } from "kraken-signer/durable-object";
 *
 * export { KrakenKey };
 *
 * export default {
 *   async fetch(_request: Request, env: { KRAKEN_KEY: DurableObjectNamespace<KrakenKey> }) {
 *     const client = spotClient(env.KRAKEN_KEY.getByName("trading"));
 *     return Response.json(await client.call("Balance"));
 *   },
 * };
 * ```
 */
export class KrakenKey<Env = unknown> extends Base<Env> {
  readonly #open: () => Promise<SpotClient>;

  /**
   * @param optionsOf - returns the options of the object with a name. By default, they come from the environment: for the object `trading`, the
   * variables `KRAKEN_TRADING_KEY` and `KRAKEN_TRADING_SECRET`, and `KRAKEN_TRADING_OTP_SETUP_KEY` for a key with two-factor authentication.
   */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#open = opener(ctx, optionsOf, (options) => new SpotClient(options));
  }

  /** Calls an endpoint. See {@link SpotClient.call}. */
  async call(endpoint: SpotEndpoint, params: Params = {}, options: Remote<SpotCallOptions> = {}): Promise<Answer> {
    return (await this.#open()).call<Answer>(endpoint, params, local(options));
  }

  /** Calls an API that takes the nonce in a header. See {@link SpotClient.request}. */
  async request(method: string, path: string, options: Remote<SpotRequestOptions> = {}): Promise<Answer> {
    return (await this.#open()).request<Answer>(method, path, local(options));
  }

  /** Asks Kraken what the key may do. See `check` of {@link SpotClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    return (await this.#open()).check(local(options));
  }
}

/**
 * A Durable Object that owns one Futures key, as {@link KrakenKey} owns a Spot key. It has the methods of {@link FuturesClient} except `sign`.
 *
 * @example
 * ```ts
 * export { KrakenFuturesKey } from "kraken-signer/durable-object";
 *
 * export default {
 *   async fetch(_request: Request, env: { KRAKEN_KEY: DurableObjectNamespace<KrakenFuturesKey> }) {
 *     const client = futuresClient(env.KRAKEN_KEY.getByName("hedging"));
 *     return Response.json(await client.get("openpositions"));
 *   },
 * };
 * ```
 */
export class KrakenFuturesKey<Env = unknown> extends Base<Env> {
  readonly #open: () => Promise<FuturesClient>;

  /** @param optionsOf - returns the options of the object with a name; by default, from the environment, as for {@link KrakenKey}. A Futures key has no second factor. */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#open = opener(ctx, optionsOf, (options) => new FuturesClient(options));
  }

  /** Calls a GET endpoint. See {@link FuturesClient.get}. */
  async get(endpoint: FuturesEndpoint<"GET">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).get<Answer>(endpoint, params, local(options));
  }

  /** Calls a POST endpoint. See {@link FuturesClient.post}. */
  async post(endpoint: FuturesEndpoint<"POST">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).post<Answer>(endpoint, params, local(options));
  }

  /** Calls a PUT endpoint. See {@link FuturesClient.put}. */
  async put(endpoint: FuturesEndpoint<"PUT">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).put<Answer>(endpoint, params, local(options));
  }

  /** Calls a DELETE endpoint. See {@link FuturesClient.delete}. */
  async delete(endpoint: FuturesEndpoint<"DELETE">, params: Params = {}, options: Remote<CallOptions> = {}): Promise<Answer> {
    return (await this.#open()).delete<Answer>(endpoint, params, local(options));
  }

  /** Asks Kraken what the key may do. See `check` of {@link FuturesClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    return (await this.#open()).check(local(options));
  }
}
