// The objects need the binary. A Worker that only calls them does not import this file.
import "#core";
import type { KeyReport } from "../rest/key-report.js";
import type { CallOptions } from "../rest/call.js";
import type { KnownArguments } from "../rest/request/arguments.js";
import type { FuturesMethod, FuturesName, FuturesParamsAt } from "../rest/futures/endpoints.js";
import type { SpotEndpoints, SpotParams } from "../rest/spot/endpoints.js";
import { FuturesClient } from "../rest/futures/client.js";
import type { FuturesClientOptions } from "../rest/options.js";
import { SpotClient, type SpotCallOptions, type SpotRequestOptions } from "../rest/spot/client.js";
import { ObjectClient } from "./object-client.js";
import { type FuturesKeyOptions, type KeyOptionsOf, fromEnvironment } from "./options.js";
import { Base, type ObjectState } from "./platform.js";
import { type Remote, local } from "./rpc.js";

/** The result of a call, of any type. (Workers' types turn a promise of `unknown` into `never`.) */
export type Answer = {} | null;

// Workers' types of RPC keep neither overloads nor type parameters of a method, so that each method has one signature, with all of its calls.

/** The arguments of a call to a known endpoint. For a new endpoint, and for typed results, use `spotClient`. */
export type SpotRpcCall = {
  [E in keyof SpotEndpoints]: [endpoint: E, ...args: KnownArguments<SpotParams<E>, Remote<SpotCallOptions>>];
}[keyof SpotEndpoints];

/** The same for a method of Futures. For a new endpoint, and for typed results, use `futuresClient`. */
export type FuturesRpcCall<M extends FuturesMethod, Name extends string = FuturesName<M>> = Name extends string
  ? [endpoint: Name, ...args: KnownArguments<FuturesParamsAt<`${M}:${Name}`>, Remote<CallOptions>>]
  : never;

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
  readonly #client: ObjectClient<SpotClient>;

  /**
   * @param optionsOf - returns the options of the object with a name. By default, they come from the environment: for the object `trading`, the
   * variables `KRAKEN_TRADING_KEY` and `KRAKEN_TRADING_SECRET`, and `KRAKEN_TRADING_OTP_SETUP_KEY` for a key with two-factor authentication.
   */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#client = new ObjectClient(ctx, optionsOf, (options) => new SpotClient(options));
  }

  /** Calls an endpoint. See `call` of {@link SpotClient}. */
  async call(...[endpoint, params, options = {}]: SpotRpcCall): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.call<Answer>(endpoint as string, params, left));
  }

  /** Calls an API that takes the nonce in a header. See {@link SpotClient.request}. */
  async request(method: string, path: string, options: Remote<SpotRequestOptions> = {}): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.request<Answer>(method, path, left));
  }

  /** Asks Kraken what the key may do. See `check` of {@link SpotClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.check(left));
  }

  /**
   * Asks for the options again, because the key was replaced. Calls that are under way end with the old key, and later ones use the new one. Without it,
   * the object asks again once Kraken has rejected the key as unknown or expired.
   *
   * @throws InvalidRequestError if the function for the options fails; the error of the client's constructor if they are invalid; TimeoutError if they do not
   * arrive in time, and then they are used as soon as they do. Until then, the old ones stay in use.
   */
  async reload(options: Remote<Pick<CallOptions, "timeout">> = {}): Promise<void> {
    await this.#client.reload(local(options));
  }
}

/**
 * A Durable Object that owns one Futures key, as {@link KrakenKey} owns a Spot key. It has the methods of {@link FuturesClient} except `sign`.
 *
 * @example
 * ```ts
 * import { KrakenFuturesKey, futuresClient } from "kraken-signer/durable-object";
 *
 * export { KrakenFuturesKey };
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
  readonly #client: ObjectClient<FuturesClient>;

  /** @param optionsOf - returns the options of the object with a name; by default, from the environment, as for {@link KrakenKey}. A Futures key has no second factor. */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf<FuturesKeyOptions> = fromEnvironment(env)) {
    super(ctx, env);
    // FuturesClient refuses `rateLimit`.
    this.#client = new ObjectClient(ctx, optionsOf, (options) => new FuturesClient(options as FuturesClientOptions));
  }

  /** Calls a GET endpoint. See {@link FuturesClient.get}. */
  async get(...[endpoint, params, options = {}]: FuturesRpcCall<"GET">): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.get<Answer>(endpoint as string, params, left));
  }

  /** Calls a POST endpoint. See {@link FuturesClient.post}. */
  async post(...[endpoint, params, options = {}]: FuturesRpcCall<"POST">): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.post<Answer>(endpoint as string, params, left));
  }

  /** Calls a PUT endpoint. See {@link FuturesClient.put}. */
  async put(...[endpoint, params, options = {}]: FuturesRpcCall<"PUT">): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.put<Answer>(endpoint as string, params, left));
  }

  /** Calls a DELETE endpoint. See {@link FuturesClient.delete}. */
  async delete(...[endpoint, params, options = {}]: FuturesRpcCall<"DELETE">): Promise<Answer> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.delete<Answer>(endpoint as string, params, left));
  }

  /** Asks Kraken what the key may do. See `check` of {@link FuturesClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    const own = local(options);
    return this.#client.use(own, (client, left) => client.check(left));
  }

  /**
   * Asks for the options again, because the key was replaced. Calls that are under way end with the old key, and later ones use the new one. Without it,
   * the object asks again once Kraken has rejected the key as unknown or expired.
   *
   * @throws InvalidRequestError if the function for the options fails; the error of the client's constructor if they are invalid; TimeoutError if they do not
   * arrive in time, and then they are used as soon as they do. Until then, the old ones stay in use.
   */
  async reload(options: Remote<Pick<CallOptions, "timeout">> = {}): Promise<void> {
    await this.#client.reload(local(options));
  }
}
