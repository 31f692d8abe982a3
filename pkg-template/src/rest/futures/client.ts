import { need } from "../../errors.js";
import { sign } from "../../signing/secret.js";
import type { GivenArguments, MistakenArguments, NewArguments, Omitted, ParamsMissing, UnknownName } from "../request/arguments.js";
import type { Mistake, MistakenCall, TypeArgumentGiven } from "../mistake.js";
import { type CallOptions, type PreparedCall, checkCallOptions, checkNoOptions, checkStated } from "../call.js";
import { Client } from "../client.js";
import { type Params, type ReadParams, encode, escaped, repeated } from "../request/encode.js";
import { type Endpoint, type Method, type Structure, deadlineIn, isWrite, property } from "../endpoint.js";
import { checkNotMistyped, shownName } from "../endpoint-name.js";
import { repeatedName } from "../answer/json.js";
import { futuresErrors } from "../answer/error-patterns.js";
import { matches } from "../guards.js";
import type { SignedRequest } from "../http/exchange.js";
import type { FuturesClientOptions, SpotClientOptions } from "../options.js";
import { type Outcome, judgeFutures } from "../answer/outcome.js";
import { checkOrderPrices } from "../request/order-prices.js";
import { checkOrderRows } from "../request/order-rows.js";
import { futuresOrder, nameFuturesOrders } from "../sent-order.js";
import { open, parsed } from "./endpoints/common.js";
import {
  type FuturesKey,
  type FuturesMethod,
  type FuturesName,
  type FuturesNameWithoutParams,
  type FuturesParamsAt,
  type FuturesResultAt,
  type FuturesUndecided,
  type WidenedFuturesOrders,
  futuresEndpointOf,
  futuresEndpoints,
  futuresNameOf,
  saysResult,
  unknownFutures,
  futuresTimes,
} from "./endpoints.js";

/** For each permission in the table of endpoints, the pattern that shows it in an answer about a key. */
const LEVELS: Readonly<Record<string, RegExp>> = {
  read: /general\w*":"(read|full)/i,
  full: /general\w*":"full/i,
  withdrawal: /withdraw\w*":"full/i,
};

/** Options of {@link FuturesClient.signSync}. */
type SignSyncOptions = Pick<CallOptions, "key" | "read" | "public" | "deadline">;

// The signatures are those of SpotClient.

type IsKnown<M extends FuturesMethod, E> = [FuturesKey<`${M}:${E & string}`>] extends [never] ? false : true;

/** The methods that an endpoint takes. */
type MethodOf<E, M extends FuturesMethod = FuturesMethod> = M extends FuturesMethod ? (IsKnown<M, E> extends true ? M : never) : never;

/** The sentence for a name that is unknown, or known with another method. */
type Unknown<M extends FuturesMethod, E, How extends string> =
  E extends FuturesName<M>
    ? never
    : [MethodOf<E>] extends [never]
      ? UnknownName<E & string, FuturesName<M>, "endpoint", How>
      : `${E & string} takes ${MethodOf<E>} and not ${M}`;

/** The sentence for a name without parameters. */
type Bare<M extends FuturesMethod, E, How extends string> = E extends FuturesName<M> ? ParamsMissing<E> : Unknown<M, E, How>;

// Without NoInfer, because an editor offers no parameters inside it.
type ParamsOf<M extends FuturesMethod, E extends string> =
  FuturesUndecided<`${M}:${E}`> | FuturesParamsAt<`${M}:${E}`> | Omitted<FuturesParamsAt<`${M}:${E}`>> | WidenedFuturesOrders<`${M}:${E}`>;
type ResultOf<M extends FuturesMethod, E extends string> = FuturesResultAt<`${M}:${E}`>;
type KnownName = MistakenCall<TypeArgumentGiven<"endpoint">>;

/**
 * A client for Kraken's Futures REST API, which has its own keys. An endpoint is named by its path below `/derivatives/api/v3/`
 * (`sendorder`), or by its whole path (`/api/history/v2/orders`). Order, retries and errors are those of {@link SpotClient}. A call returns
 * the whole answer.
 *
 * An order can fail although its answer says success. If its status is not the one that the call asked for, the call throws an ApiError.
 *
 * @example
 * ```ts
 * const client = new FuturesClient({ key, secret });
 * const { openPositions } = await client.get("openpositions");
 * const { sendStatus } = await client.post("sendorder", { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 0.01, limitPrice: 50000 });
 * console.log("placed:", sendStatus.order_id);
 * ```
 */
export class FuturesClient extends Client {
  readonly #namesOrders: boolean;

  /**
   * @param options - the options of {@link SpotClient}, except `otp` and `rateLimit`
   * @throws InvalidRequestError, InvalidSecretError or InvalidNonceError, which names the invalid option
   */
  constructor(options: FuturesClientOptions = {}) {
    const api = {
      product: "futures",
      baseUrl: "https://futures.kraken.com",
      endpoints: futuresEndpoints,
      patterns: futuresErrors,
    } as const;
    super(api, options);
    const hasOtp = [options, ...(options.keys ?? [])].some((credential) => "otp" in credential && credential.otp !== undefined);
    need(!hasOtp, "Futures keys have no two-factor authentication: leave `otp` out.");
    need((options as SpotClientOptions).rateLimit === undefined, "Invalid `rateLimit`: only SpotClient has it. Leave it out.");
    this.#namesOrders = options.clientOrderIds !== false;
  }

  /** Calls an endpoint with GET, and returns its answer. */
  get<E extends FuturesName<"GET"> | (string & Mistake<Unknown<"GET", E, "get<Answer>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<"GET", E>,
    options?: CallOptions,
  ): Promise<ResultOf<"GET", E>>;
  /** Calls an endpoint with GET, without parameters. */
  get<E extends FuturesNameWithoutParams<"GET"> | (string & Mistake<Bare<"GET", E, "get<Answer>(...)">>), _>(
    endpoint: E,
  ): Promise<ResultOf<"GET", E>>;
  /** A mistake: a known endpoint has its types, and takes no type argument. */
  get<T = never>(endpoint: FuturesName<"GET">, ...args: MistakenArguments<T>): KnownName;
  /** Calls an endpoint that this version does not know: `get<Answer>("brandnew", …)`, with the type of its answer. */
  get<T = never>(endpoint: string, ...args: NewArguments<T, CallOptions>): Promise<NoInfer<T>>;
  async get(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("GET", endpoint, params as Params, options), options);
  }

  /**
   * Calls an endpoint with POST, and sends the parameters as a form. `batchorder` takes the members of its `json` as plain parameters:
   * `{ batchOrder: […] }`. Orders without `cliOrdId` get a random one, by which they can be found later.
   */
  post<E extends FuturesName<"POST"> | (string & Mistake<Unknown<"POST", E, "post<Answer>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<"POST", E>,
    options?: CallOptions,
  ): Promise<ResultOf<"POST", E>>;
  /** Calls an endpoint with POST, without parameters. */
  post<E extends FuturesNameWithoutParams<"POST"> | (string & Mistake<Bare<"POST", E, "post<Answer>(...)">>), _>(
    endpoint: E,
  ): Promise<ResultOf<"POST", E>>;
  /** A mistake: a known endpoint has its types, and takes no type argument. */
  post<T = never>(endpoint: FuturesName<"POST">, ...args: MistakenArguments<T>): KnownName;
  /** Calls an endpoint that this version does not know: `post<Answer>("brandnew", …)`, with the type of its answer. */
  post<T = never>(endpoint: string, ...args: NewArguments<T, CallOptions>): Promise<NoInfer<T>>;
  async post(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("POST", endpoint, params as Params, options), options);
  }

  /** Calls an endpoint with PUT, to change a setting. */
  put<E extends FuturesName<"PUT"> | (string & Mistake<Unknown<"PUT", E, "put<Answer>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<"PUT", E>,
    options?: CallOptions,
  ): Promise<ResultOf<"PUT", E>>;
  /** Calls an endpoint with PUT, without parameters. */
  put<E extends FuturesNameWithoutParams<"PUT"> | (string & Mistake<Bare<"PUT", E, "put<Answer>(...)">>), _>(
    endpoint: E,
  ): Promise<ResultOf<"PUT", E>>;
  /** A mistake: a known endpoint has its types, and takes no type argument. */
  put<T = never>(endpoint: FuturesName<"PUT">, ...args: MistakenArguments<T>): KnownName;
  /** Calls an endpoint that this version does not know: `put<Answer>("brandnew", …)`, with the type of its answer. */
  put<T = never>(endpoint: string, ...args: NewArguments<T, CallOptions>): Promise<NoInfer<T>>;
  async put(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("PUT", endpoint, params as Params, options), options);
  }

  /** Calls an endpoint with DELETE, to withdraw something such as an offer. */
  delete<E extends FuturesName<"DELETE"> | (string & Mistake<Unknown<"DELETE", E, "delete<Answer>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<"DELETE", E>,
    options?: CallOptions,
  ): Promise<ResultOf<"DELETE", E>>;
  /** Calls an endpoint with DELETE, without parameters. */
  delete<E extends FuturesNameWithoutParams<"DELETE"> | (string & Mistake<Bare<"DELETE", E, "delete<Answer>(...)">>), _>(
    endpoint: E,
  ): Promise<ResultOf<"DELETE", E>>;
  /** A mistake: a known endpoint has its types, and takes no type argument. */
  delete<T = never>(endpoint: FuturesName<"DELETE">, ...args: MistakenArguments<T>): KnownName;
  /** Calls an endpoint that this version does not know: `delete<Answer>("brandnew", …)`, with the type of its answer. */
  delete<T = never>(endpoint: string, ...args: NewArguments<T, CallOptions>): Promise<NoInfer<T>>;
  async delete(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("DELETE", endpoint, params as Params, options), options);
  }

  /**
   * Signs a call without sending it. Send it before any other request with this key, which would make its nonce too low.
   *
   * @example
   * ```ts
   * const client = new FuturesClient({ key, secret });
   * const request = await client.sign("GET", "accounts");
   * const response = await fetch(request);
   * ```
   */
  sign<M extends FuturesMethod, E extends FuturesName<M> | (string & Mistake<Unknown<M, E, "sign<unknown>(...)">>)>(
    method: M,
    endpoint: E,
    params: ParamsOf<M, E>,
    options?: CallOptions,
  ): Promise<Request>;
  /** Signs a call without parameters. */
  sign<M extends FuturesMethod, E extends FuturesNameWithoutParams<M> | (string & Mistake<Bare<M, E, "sign<unknown>(...)">>)>(
    method: M,
    endpoint: E,
  ): Promise<Request>;
  /** A mistake: a known endpoint takes no type argument. */
  sign<T = never>(method: FuturesMethod, endpoint: FuturesName<FuturesMethod>, ...args: MistakenArguments<T>): KnownName;
  /** Signs a call to an endpoint that this version does not know: `sign<unknown>("GET", "brandnew", …)`. */
  sign<T = never>(method: FuturesMethod, endpoint: string, ...args: NewArguments<T, CallOptions>): Promise<Request>;
  async sign(method: FuturesMethod, endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<Request> {
    return this.signedRequest(this.#prepare(method, endpoint, params as Params, options), options);
  }

  /**
   * Signs a call synchronously, for HTTP clients other than `fetch` and for code that counts microseconds. Unlike {@link FuturesClient.sign},
   * it does not wait for a slot in the queue.
   *
   * @throws InvalidRequestError also while a request with this key is on its way, and if it would have to wait for a lane
   *
   * @example
   * ```ts
   * const client = new FuturesClient({ key, secret });
   * const { url, ...init } = client.signSync("GET", "accounts");
   * const response = await fetch(url, init);
   * ```
   */
  signSync<M extends FuturesMethod, E extends FuturesName<M> | (string & Mistake<Unknown<M, E, "signSync<unknown>(...)">>)>(
    method: M,
    endpoint: E,
    params: ParamsOf<M, E>,
    options?: SignSyncOptions,
  ): SignedRequest;
  /** Signs a call without parameters synchronously. */
  signSync<M extends FuturesMethod, E extends FuturesNameWithoutParams<M> | (string & Mistake<Bare<M, E, "signSync<unknown>(...)">>)>(
    method: M,
    endpoint: E,
  ): SignedRequest;
  /** A mistake: a known endpoint takes no type argument. */
  signSync<T = never>(method: FuturesMethod, endpoint: FuturesName<FuturesMethod>, ...args: MistakenArguments<T>): KnownName;
  /** Signs a call to an endpoint that this version does not know: `signSync<unknown>("GET", "brandnew", …)`. */
  signSync<T = never>(method: FuturesMethod, endpoint: string, ...args: NewArguments<T, SignSyncOptions>): SignedRequest;
  signSync(
    method: FuturesMethod,
    endpoint: string,
    ...[params = {}, options = {}]: GivenArguments<SignSyncOptions>
  ): SignedRequest | KnownName {
    return this.signed(this.#prepare(method, endpoint, params as Params, options), options.key);
  }

  /** Converts the answer to Spot's form. Futures answers with a level for each area, as in `{"general":"full","withdrawal":"none"}`. */
  protected keyInfo(): PreparedCall {
    const call = this.#prepare("GET", "/api/auth/v1/api-keys/v3/check", {}, {});
    return { ...call, judge: (answer) => asKeyInfo(call.judge(answer)) };
  }

  #prepare(method: Method, asked: string, given: Params, options: CallOptions): PreparedCall {
    checkName(method, asked);
    const name = futuresNameOf(asked);
    checkCallOptions(name, options);
    const { read, public: isPublic, deadline } = options;
    const known = futuresEndpointOf(method, name);
    if (!known) checkUnknown(method, name, options);
    checkNoOptions(known, given);
    need(!isPublic || method === "GET", `Invalid \`public\`: a public endpoint is called with GET, and this is ${method}.`);
    const endpoint: Endpoint = known ?? { ...unknownFutures(method), ...(read && { write: false }), ...(isPublic && open) };
    const { form, structure } = encode(endpoint.json && !("json" in Object(given)) ? { json: given } : given, {
      style: repeated,
      times: endpoint.times ?? futuresTimes,
      amend: (params) => {
        const moved = withOuterDeadline(endpoint, params);
        return this.#namesOrders ? nameFuturesOrders(endpoint, moved) : moved;
      },
    });
    const checked = withReadJson(endpoint, structure);
    checkOrderRows(endpoint, checked);
    checkOrderPrices(endpoint, checked);
    const write = isWrite(endpoint, structure);
    checkStated(name, options, known, write);
    const path = name.startsWith("/") ? name : `/derivatives/api/v3/${name}`;
    return {
      endpoint: name,
      isKnown: known !== undefined,
      permissions: endpoint.permissions,
      write,
      isPublic: endpoint.isPublic === true,
      file: endpoint.file === true,
      params: structure,
      order: write ? futuresOrder(structure) : {},
      deadlineIn: deadlineIn(endpoint, structure, deadline),
      sign: (key, nonce, _otp, processBefore) => {
        const whole = [form, processBefore && `processBefore=${escaped(processBefore)}`].filter(Boolean).join("&");
        return requestOf(method, path, whole, key && { APIKey: key.key, Authent: authent(key, path, nonce, whole), Nonce: nonce });
      },
      judge: (answer) =>
        judgeFutures(answer, { write, params: structure, proof: endpoint.proof, saysResult: saysResult(path) }, futuresErrors),
    };
  }
}

/** Returns parameters with the text of `json` as an object, so that it is checked as an object is. */
function withReadJson({ json: takesJson }: Endpoint, params: ReadParams): Structure {
  const { json } = params;
  if (!takesJson || typeof json !== "string") return params;
  const read = parsed(json);
  // Kraken decides about text that is no JSON.
  if (typeof read !== "object" || read === null) return params;
  const repeated = repeatedName(json);
  need(repeated === undefined, `Parameter \`json\`: the text has the name ${shownName(repeated)} twice in one object. Write it once.`);
  return { ...params, json: read as Structure };
}

/** Moves the deadline out of `json`, where the exchange does not look for it. */
function withOuterDeadline({ deadline }: Endpoint, params: ReadParams): ReadParams {
  const inner = deadline && property(parsed(params.json), deadline);
  if (inner === undefined) return params;
  need(
    typeof params.json !== "string",
    `Parameter \`${deadline}\`: the exchange does not look for it in \`json\`. Write it beside \`json\`.`,
  );
  need(params[deadline!] === undefined, `Parameter \`${deadline}\`: given twice, once in \`json\`. Write it once.`);
  const { [deadline!]: moved, ...json } = params.json as ReadParams;
  return { ...params, json, [deadline!]: moved! };
}

/** Accepts names such as `sendorder`, and paths such as `/api/history/v2/orders`. */
function checkName(method: unknown, name: unknown): void {
  need(
    matches(/^(GET|POST|PUT|DELETE)$/, method),
    `Invalid method: expected GET, POST, PUT or DELETE, in capitals, got ${shownName(method)}.`,
  );
  need(typeof name === "string", `Invalid endpoint: expected a name such as "sendorder", got ${shownName(name)}.`);
  const [, inside] = /^(?:https:\/\/[\w.-]+)?\/derivatives\/api\/v3\/([\w/-]+)$/.exec(name) ?? [];
  need(inside === undefined || name.startsWith("/"), `Invalid endpoint ${shownName(name)}: expected its name alone, "${inside}".`);
  need(!name.includes("?"), `Invalid endpoint ${shownName(name)}: parameters follow as an object, not behind a question mark.`);
  need(
    /^(\/(api|derivatives)\/)?[\w-]+(\/[\w-][\w.-]*)*$|^\/api\/charts\/v1\/$/.test(name),
    `Invalid endpoint: expected a name such as "sendorder", or a path such as "/api/history/v2/orders", got ${shownName(name)}.`,
  );
}

/** Refuses an unknown endpoint if its name is known with another method, or resembles a known one. */
function checkUnknown(method: Method, name: string, stated: CallOptions): void {
  const names = Object.keys(futuresEndpoints);
  const other = ["GET", "POST", "PUT", "DELETE"].find((one) => one !== method && names.includes(`${one}:${name}`));
  const isMeant = stated.read !== undefined || stated.public !== undefined;
  need(other === undefined || isMeant, `${name} takes ${other}, not ${method}: call ${other?.toLowerCase()}("${name}").`);
  // The versions of a path differ by a digit only.
  if (name.startsWith("/")) return;
  checkNotMistyped(
    name,
    stated,
    names.map((one) => one.replace(/^\w+:/, "")),
  );
}

const authent = ({ secret }: { secret: Parameters<typeof sign>[0] }, path: string, nonce: string, form: string): string =>
  sign(secret, 1, path.replace("/derivatives", ""), nonce, form);

/** Returns a request, with its parameters in the query (GET, DELETE) or in a form (POST, PUT). */
function requestOf(method: Method, path: string, form: string, headers: Record<string, string> = {}): SignedRequest {
  const inQuery = method === "GET" || method === "DELETE";
  return {
    method,
    url: path + (inQuery && form ? `?${form}` : ""),
    headers: { ...headers, ...(!inQuery && { "Content-Type": "application/x-www-form-urlencoded" }) },
    body: inQuery ? null : form,
    redirect: "manual",
  };
}

function asKeyInfo(outcome: Outcome): Outcome {
  if (outcome.outcome !== "done") return outcome;
  const answer = outcome.result as Record<string, unknown>;
  const { permissions, createdAt, allowedCidrBlock, allowedCidrBlocks } = answer;
  const areas = JSON.stringify(permissions) ?? "";
  return {
    outcome: "done",
    result: {
      ...answer,
      permissions: permissions && Object.keys(LEVELS).filter((level) => LEVELS[level]!.test(areas)),
      createdTime: Date.parse(`${createdAt as string}`) / 1000,
      ipAllowlist: allowedCidrBlocks ?? [allowedCidrBlock],
    },
  };
}
