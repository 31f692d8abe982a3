// The objects need the binary. A Worker that only calls them does not import this file.
import "#core";
import type { KeyReport } from "../rest/key-report.js";
import { CallTimer } from "../rest/call-timer.js";
import type { CallOptions } from "../rest/call.js";
import type { KnownArguments } from "../rest/request/arguments.js";
import type { FuturesMethod, FuturesName, FuturesParamsAt } from "../rest/futures/endpoints.js";
import type { SpotEndpoints, SpotParams } from "../rest/spot/endpoints.js";
import { FuturesClient } from "../rest/futures/client.js";
import type { FuturesClientOptions } from "../rest/options.js";
import type { Lane } from "../lane/lane.js";
import { SEPARATE } from "../rest/sent-calls.js";
import { SpotClient, type SpotCallOptions, type SpotRequestOptions } from "../rest/spot/client.js";
import { type Remote, checkErrorsSurvive, local } from "./rpc.js";
import { StorageLane } from "./lane.js";
import { type FuturesKeyOptions, type KeyOptions, type KeyOptionsOf, askForOptions, fromEnvironment } from "./options.js";
import { Base, type ObjectState } from "./platform.js";

/** The result of a call, of any type. (Workers' types turn a promise of `unknown` into `never`.) */
export type Answer = {} | null;

/** Milliseconds after which options that have not arrived are asked for again. */
const LONGEST_OPENING = 30_000;

// Workers' types of RPC keep neither overloads nor type parameters of a method, so that each method has one signature, with all of its calls.

/** The arguments of a call to a known endpoint. For a new endpoint, and for typed results, use `spotClient`. */
export type SpotRpcCall = {
  [E in keyof SpotEndpoints]: [endpoint: E, ...args: KnownArguments<SpotParams<E>, Remote<SpotCallOptions>>];
}[keyof SpotEndpoints];

/** The same for a method of Futures. For a new endpoint, and for typed results, use `futuresClient`. */
export type FuturesRpcCall<M extends FuturesMethod, Name extends string = FuturesName<M>> = Name extends string
  ? [endpoint: Name, ...args: KnownArguments<FuturesParamsAt<`${M}:${Name}`>, Remote<CallOptions>>]
  : never;

/** Returns a function that makes the object's client, once, when it is first needed. It waits for the options within the timeout of the call. */
function opener<C>(
  { id, storage }: ObjectState,
  optionsOf: KeyOptionsOf,
  make: (options: Omit<KeyOptions, "nonce"> & { readonly lane: Lane }) => C,
): (call: CallOptions) => Promise<C> {
  /** The one client of the object: a second one would have a lane of its own. */
  let client: C | undefined;
  let opening: Promise<C> | undefined;
  let askedAt = 0;
  const open = async (): Promise<C> => {
    checkErrorsSurvive();
    const { nonce, ...options } = await askForOptions(optionsOf, id.name);
    // The callers keep records of their calls. Those of the object would count the same calls a second time.
    const separate = { [SEPARATE]: {} };
    // The options may have been asked for again meanwhile. Those that arrive first count.
    return (client ??= make({ ...options, ...separate, lane: new StorageLane(storage, nonce) }));
  };
  const ask = (): Promise<C> => {
    askedAt = performance.now();
    const asked = open();
    const failed = (): void => {
      if (opening === asked) opening = undefined;
    };
    asked.catch(failed);
    return asked;
  };
  return async ({ signal, timeout = LONGEST_OPENING }) => {
    if (client) return client;
    if (performance.now() - askedAt > LONGEST_OPENING) opening = undefined;
    opening ??= ask();
    const timer = new CallTimer("The options of the key", timeout, signal);
    try {
      return await timer.race(opening);
    } finally {
      timer.stop();
    }
  };
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
  readonly #open: (call: CallOptions) => Promise<SpotClient>;

  /**
   * @param optionsOf - returns the options of the object with a name. By default, they come from the environment: for the object `trading`, the
   * variables `KRAKEN_TRADING_KEY` and `KRAKEN_TRADING_SECRET`, and `KRAKEN_TRADING_OTP_SETUP_KEY` for a key with two-factor authentication.
   */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf = fromEnvironment(env)) {
    super(ctx, env);
    this.#open = opener(ctx, optionsOf, (options) => new SpotClient(options));
  }

  /** Calls an endpoint. See {@link SpotClient.call}. */
  async call(...[endpoint, params, options = {}]: SpotRpcCall): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).call<Answer>(endpoint as string, params, own);
  }

  /** Calls an API that takes the nonce in a header. See {@link SpotClient.request}. */
  async request(method: string, path: string, options: Remote<SpotRequestOptions> = {}): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).request<Answer>(method, path, own);
  }

  /** Asks Kraken what the key may do. See `check` of {@link SpotClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    const own = local(options);
    return (await this.#open(own)).check(own);
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
  readonly #open: (call: CallOptions) => Promise<FuturesClient>;

  /** @param optionsOf - returns the options of the object with a name; by default, from the environment, as for {@link KrakenKey}. A Futures key has no second factor. */
  constructor(ctx: ObjectState, env: Env, optionsOf: KeyOptionsOf<FuturesKeyOptions> = fromEnvironment(env)) {
    super(ctx, env);
    // FuturesClient refuses `rateLimit`.
    this.#open = opener(ctx, optionsOf, (options) => new FuturesClient(options as FuturesClientOptions));
  }

  /** Calls a GET endpoint. See {@link FuturesClient.get}. */
  async get(...[endpoint, params, options = {}]: FuturesRpcCall<"GET">): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).get<Answer>(endpoint as string, params, own);
  }

  /** Calls a POST endpoint. See {@link FuturesClient.post}. */
  async post(...[endpoint, params, options = {}]: FuturesRpcCall<"POST">): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).post<Answer>(endpoint as string, params, own);
  }

  /** Calls a PUT endpoint. See {@link FuturesClient.put}. */
  async put(...[endpoint, params, options = {}]: FuturesRpcCall<"PUT">): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).put<Answer>(endpoint as string, params, own);
  }

  /** Calls a DELETE endpoint. See {@link FuturesClient.delete}. */
  async delete(...[endpoint, params, options = {}]: FuturesRpcCall<"DELETE">): Promise<Answer> {
    const own = local(options);
    return (await this.#open(own)).delete<Answer>(endpoint as string, params, own);
  }

  /** Asks Kraken what the key may do. See `check` of {@link FuturesClient}. */
  async check(options: Remote<CallOptions> = {}): Promise<KeyReport> {
    const own = local(options);
    return (await this.#open(own)).check(own);
  }
}
