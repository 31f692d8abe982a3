import { need } from "../../errors.js";
import { sign } from "../../signing/secret.js";
import type { GivenArguments, KnownArguments, NewArguments, ParamsMissing, PassedOver, UnknownName } from "../request/arguments.js";
import { type CallOptions, type PreparedCall, checkCallOptions } from "../call.js";
import { Client } from "../client.js";
import { type Params, encode, escaped } from "../request/encode.js";
import { type Endpoint, type Method, deadlineIn, isWrite } from "../endpoint.js";
import { checkNotMistyped, shownName } from "../endpoint-name.js";
import { futuresErrors } from "../answer/error-patterns.js";
import { matches } from "../guards.js";
import type { SignedRequest } from "../http/exchange.js";
import type { ClientOptions } from "../options.js";
import { type Outcome, judgeFutures } from "../answer/outcome.js";
import { futuresOrder, nameFuturesOrders } from "../sent-order.js";
import { futuresTimes } from "../request/times.js";
import {
  type FuturesEndpoint,
  type FuturesKey,
  type FuturesName,
  type FuturesParams,
  type FuturesResult,
  futuresEndpointOf,
  futuresEndpoints,
  saysResult,
  unknownFutures,
} from "./endpoints.js";

/** For each permission in the table of endpoints, the pattern that shows it in an answer about a key. */
const LEVELS: Readonly<Record<string, RegExp>> = {
  read: /general\w*":"(read|full)/i,
  full: /general\w*":"full/i,
  withdrawal: /withdraw\w*":"full/i,
};

type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Options of {@link FuturesClient.signSync}. */
type SignSyncOptions = Pick<CallOptions, "key" | "read" | "deadline">;

type ResultOf<M extends HttpMethod, E extends string> = [FuturesKey<M, E>] extends [never] ? never : FuturesResult<FuturesKey<M, E>>;
type Arguments<M extends HttpMethod, E extends string, Options> = [FuturesKey<M, E>] extends [never]
  ? PassedOver
  : KnownArguments<FuturesParams<FuturesKey<M, E>>, Options>;

type IsFutures<M extends HttpMethod, E extends string> = [FuturesKey<M, E>] extends [never] ? false : true;

/** The methods that an endpoint takes. */
type MethodOf<E extends string, M extends HttpMethod = HttpMethod> = M extends HttpMethod
  ? IsFutures<M, E> extends true
    ? M
    : never
  : never;

/** The type of an unknown name: any text if there is a type argument, otherwise a sentence that explains the mistake. */
type NewName<New, M extends HttpMethod, E extends string, How extends string> = [New] extends [never]
  ? [MethodOf<E>] extends [never]
    ? UnknownName<E, FuturesName<M>, "endpoint", How>
    : M extends MethodOf<E>
      ? ParamsMissing<E>
      : `${E} takes ${MethodOf<E>} and not ${M}`
  : E;
type NewFuturesArguments<New, M extends HttpMethod, E extends string, Options> = NewArguments<
  New,
  IsFutures<M, E>,
  FuturesName<M>,
  Options
>;

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
   * @param options - the options of {@link SpotClient}, except `otp`
   * @throws InvalidRequestError, InvalidSecretError or InvalidNonceError, which names the invalid option
   */
  constructor(options: ClientOptions = {}) {
    const api = {
      product: "futures",
      baseUrl: "https://futures.kraken.com",
      endpoints: futuresEndpoints,
      patterns: futuresErrors,
    } as const;
    super(api, options);
    const hasOtp = [options, ...(options.keys ?? [])].some((credential) => "otp" in credential && credential.otp !== undefined);
    need(!hasOtp, "Futures keys have no two-factor authentication: leave `otp` out.");
    this.#namesOrders = options.clientOrderIds !== false;
  }

  /** Calls an endpoint with GET, and returns its answer. */
  get<E extends FuturesEndpoint<"GET">>(endpoint: E, ...args: Arguments<"GET", E, CallOptions>): Promise<ResultOf<"GET", E>>;
  /** Calls an endpoint that this version does not know: `get<Answer>("brandnew", …)`, with the type of its answer. */
  get<T = never, E extends string = string>(
    endpoint: NewName<T, "GET", E, "get<Answer>(...)">,
    ...args: NewFuturesArguments<T, "GET", E, CallOptions>
  ): Promise<NoInfer<T>>;
  async get(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("GET", endpoint, params as Params, options), options);
  }

  /**
   * Calls an endpoint with POST, and sends the parameters as a form. `batchorder` takes the members of its `json` as plain parameters:
   * `{ batchOrder: […] }`. Orders without `cliOrdId` get a random one, by which they can be found later.
   */
  post<E extends FuturesEndpoint<"POST">>(endpoint: E, ...args: Arguments<"POST", E, CallOptions>): Promise<ResultOf<"POST", E>>;
  /** Calls an endpoint that this version does not know: `post<Answer>("brandnew", …)`, with the type of its answer. */
  post<T = never, E extends string = string>(
    endpoint: NewName<T, "POST", E, "post<Answer>(...)">,
    ...args: NewFuturesArguments<T, "POST", E, CallOptions>
  ): Promise<NoInfer<T>>;
  async post(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("POST", endpoint, params as Params, options), options);
  }

  /** Calls an endpoint with PUT, to change a setting. */
  put<E extends FuturesEndpoint<"PUT">>(endpoint: E, ...args: Arguments<"PUT", E, CallOptions>): Promise<ResultOf<"PUT", E>>;
  /** Calls an endpoint that this version does not know: `put<Answer>("brandnew", …)`, with the type of its answer. */
  put<T = never, E extends string = string>(
    endpoint: NewName<T, "PUT", E, "put<Answer>(...)">,
    ...args: NewFuturesArguments<T, "PUT", E, CallOptions>
  ): Promise<NoInfer<T>>;
  async put(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("PUT", endpoint, params as Params, options), options);
  }

  /** Calls an endpoint with DELETE, to withdraw something such as an offer. */
  delete<E extends FuturesEndpoint<"DELETE">>(endpoint: E, ...args: Arguments<"DELETE", E, CallOptions>): Promise<ResultOf<"DELETE", E>>;
  /** Calls an endpoint that this version does not know: `delete<Answer>("brandnew", …)`, with the type of its answer. */
  delete<T = never, E extends string = string>(
    endpoint: NewName<T, "DELETE", E, "delete<Answer>(...)">,
    ...args: NewFuturesArguments<T, "DELETE", E, CallOptions>
  ): Promise<NoInfer<T>>;
  async delete(endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<unknown> {
    return this.run(this.#prepare("DELETE", endpoint, params as Params, options), options);
  }

  /** Signs a call without sending it. Send it before any other request with this key, which would make its nonce stale. */
  sign<M extends HttpMethod, E extends FuturesEndpoint<M>>(method: M, endpoint: E, ...args: Arguments<M, E, CallOptions>): Promise<Request>;
  /** Signs a call to an endpoint that this version does not know: `sign<unknown>("GET", "brandnew", …)`. */
  sign<T = never, M extends HttpMethod = HttpMethod, E extends string = string>(
    method: M,
    endpoint: NewName<T, M, E, "sign<unknown>(...)">,
    ...args: NewFuturesArguments<T, M, E, CallOptions>
  ): Promise<Request>;
  async sign(method: HttpMethod, endpoint: string, ...[params = {}, options = {}]: GivenArguments<CallOptions>): Promise<Request> {
    return this.signedRequest(this.#prepare(method, endpoint, params as Params, options), options);
  }

  /**
   * Signs a call synchronously, for HTTP clients other than `fetch` and for code that counts microseconds. Unlike {@link FuturesClient.sign},
   * it does not wait for a slot in the queue.
   *
   * @throws InvalidRequestError also while a request with this key is on its way, and if it would have to wait for a lane
   */
  signSync<M extends HttpMethod, E extends FuturesEndpoint<M>>(
    method: M,
    endpoint: E,
    ...args: Arguments<M, E, SignSyncOptions>
  ): SignedRequest;
  /** Signs a call to an endpoint that this version does not know: `signSync<unknown>("GET", "brandnew", …)`. */
  signSync<T = never, M extends HttpMethod = HttpMethod, E extends string = string>(
    method: M,
    endpoint: NewName<T, M, E, "signSync<unknown>(...)">,
    ...args: NewFuturesArguments<T, M, E, SignSyncOptions>
  ): SignedRequest;
  signSync(method: HttpMethod, endpoint: string, ...[params = {}, options = {}]: GivenArguments<SignSyncOptions>): SignedRequest {
    return this.signed(this.#prepare(method, endpoint, params as Params, options), options.key);
  }

  /** Converts the answer to Spot's form. Futures answers with a level for each area, as in `{"general":"full","withdrawal":"none"}`. */
  protected keyInfo(): PreparedCall {
    const call = this.#prepare("GET", "/api/auth/v1/api-keys/v3/check", {}, {});
    return { ...call, judge: (answer) => asKeyInfo(call.judge(answer)) };
  }

  #prepare(method: Method, name: string, given: Params, options: CallOptions): PreparedCall {
    checkName(method, name);
    checkCallOptions(name, options);
    const { read, deadline } = options;
    const known = futuresEndpointOf(method, name);
    if (!known) checkUnknown(method, name, read);
    const endpoint: Endpoint = known ?? { ...unknownFutures(method), ...(read && { write: false }) };
    const { form, structure } = encode(endpoint.json && !("json" in given) ? { json: given } : given, {
      style: "futures",
      times: futuresTimes(name),
      ...(this.#namesOrders && { amend: (params) => nameFuturesOrders(endpoint, params) }),
    });
    const write = isWrite(endpoint, structure);
    need(!(read && known && write), `${name} changes something: \`read: true\` cannot vouch for the opposite.`);
    const path = name.startsWith("/") ? name : `/derivatives/api/v3/${name}`;
    return {
      endpoint: name,
      permissions: endpoint.permissions,
      write,
      isPublic: endpoint.isPublic === true,
      file: endpoint.file === true,
      params: structure,
      order: futuresOrder(structure),
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
function checkUnknown(method: Method, name: string, read: boolean | undefined): void {
  const names = Object.keys(futuresEndpoints);
  const other = ["GET", "POST", "PUT", "DELETE"].find((one) => one !== method && names.includes(`${one}:${name}`));
  need(other === undefined || read !== undefined, `${name} takes ${other}, not ${method}: call ${other?.toLowerCase()}("${name}").`);
  // The versions of a path differ by a digit only.
  if (name.startsWith("/")) return;
  checkNotMistyped(
    name,
    read,
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
  const { permissions, createdAt, allowedCidrBlocks } = answer;
  const areas = JSON.stringify(permissions) ?? "";
  return {
    outcome: "done",
    result: {
      ...answer,
      permissions: permissions && Object.keys(LEVELS).filter((level) => LEVELS[level]!.test(areas)),
      createdTime: Date.parse(`${createdAt as string}`) / 1000,
      ipAllowlist: allowedCidrBlocks,
    },
  };
}
