import { need } from "../../errors.js";
import { sign } from "../../signing/secret.js";
import type { GivenArguments, MistakenArguments, NewArguments, Omitted, ParamsMissing, UnknownName } from "../request/arguments.js";
import type { ClientParams, Mistake, MistakenCall, TypeArgumentGiven } from "../mistake.js";
import {
  CALL_OPTIONS,
  type CallOptions,
  type PreparedCall,
  type SigningKey,
  checkCallOptions,
  checkNoOptions,
  checkStated,
} from "../call.js";
import { Client } from "../client.js";
import { type Params, type ReadParams, bracketed, encode, escaped } from "../request/encode.js";
import { type Endpoint, deadlineIn, endpointOf, isThere, isWrite } from "../endpoint.js";
import { checkNotMistyped, shownName } from "../endpoint-name.js";
import { spotErrors } from "../answer/error-patterns.js";
import { matches, hrefOf } from "../guards.js";
import type { SignedRequest } from "../http/exchange.js";
import type { SpotClientOptions } from "../options.js";
import { judgeHeaderNonce, judgeSpot } from "../answer/outcome.js";
import { checkOrderPrices } from "../request/order-prices.js";
import { checkOrderRows } from "../request/order-rows.js";
import { nameSpotOrders, spotOrder } from "../sent-order.js";
import { open } from "./endpoints/common.js";
import {
  type SpotEndpoints,
  type SpotEndpointWithoutParams,
  type SpotEndpointsByText,
  type SpotResult,
  type SpotUndecided,
  type WidenedOrders,
  spotEndpoints,
  spotLists,
  spotTimes,
} from "./endpoints.js";

/** Options of `call` of {@link SpotClient}. */
export interface SpotCallOptions extends CallOptions {
  /** Whether the body is JSON (`true`) or a form (`false`). By default, the endpoint decides. */
  readonly json?: boolean | undefined;
}

/** Options of {@link SpotClient.signSync}. */
type SignSyncOptions = Pick<SpotCallOptions, "json" | "key" | "read" | "public" | "deadline">;

// Each method has four signatures: for a known name with parameters; without; for a type argument on a known name, which is a mistake; and for
// a new name with a type argument. The constraint of the first two ends with a type that no name has: it is what the compiler shows of a mistake.
// Their second type parameter is never used: a single type argument does not fit them.

/** The sentence for an unknown name. */
type Unknown<E extends string, How extends string> = UnknownName<E, keyof SpotEndpoints, "endpoint", How>;

/** The sentence for a name without parameters. */
type Bare<E extends string, How extends string> = E extends keyof SpotEndpoints ? ParamsMissing<E> : Unknown<E, How>;

/** The public type of this name, for a name that may be unknown. Messages of the compiler show the name. */
type SpotParams<E extends string> = SpotEndpointsByText[E]["params"] & ClientParams;
type ParamsOf<E extends string> = SpotUndecided<E> | SpotParams<E> | Omitted<SpotParams<E>> | WidenedOrders<E>;
// With infer, which costs the compiler no comparison of E with all names.
type ResultOf<E extends string> = [E] extends [infer Key extends keyof SpotEndpoints] ? SpotResult<Key> : never;
type KnownName = MistakenCall<TypeArgumentGiven<"endpoint">>;

/** Options of {@link SpotClient.request}. */
export interface SpotRequestOptions extends Omit<CallOptions, "public"> {
  /** Query parameters. Default: none. */
  readonly query?: Params | undefined;
  /** Parameters that are sent as a JSON body. Default: no body. */
  readonly body?: Params | undefined;
}

/** Returns the record of an unknown endpoint. It is private, and counts as a write, unless the caller says otherwise. */
const unknownEndpoint = ({ read, public: isPublic }: CallOptions): Endpoint =>
  isPublic ? open : { method: "POST", permissions: "", write: !read, proof: isThere };

/**
 * A client for Kraken's Spot REST API.
 *
 * Requests with the same key go out one at a time and in order, across all clients in the process. A call that changes something is sent
 * once. If no answer proves its outcome, the call throws an UnknownOutcomeError, and `placeOrder` and `resolveOrder` find out more.
 *
 * @example
 * ```ts
 * const client = new SpotClient({ key, secret });
 * const { XXBT = "0" } = await client.call("Balance");
 * const { txid } = await client.call("AddOrder", { pair: "XBTUSD", type: "sell", ordertype: "limit", price: "90000", volume: XXBT });
 * console.log("placed:", txid);
 * ```
 */
export class SpotClient extends Client {
  readonly #namesOrders: boolean;

  /**
   * @param options - one or more keys, and settings; without a key, only public endpoints can be called
   * @throws InvalidRequestError, InvalidSecretError or InvalidNonceError, which names the invalid option
   */
  constructor(options: SpotClientOptions = {}) {
    super({ product: "spot", baseUrl: "https://api.kraken.com", endpoints: spotEndpoints, patterns: spotErrors }, options);
    this.#namesOrders = options.clientOrderIds !== false;
  }

  /**
   * Calls an endpoint, such as `Balance` (private) or `Time` (public), and returns its `result`. For RetrieveExport, this is a `Uint8Array`.
   *
   * Orders without `cl_ord_id` and `userref` get a random `cl_ord_id`, by which they can be found later.
   *
   * @throws ApiError if Kraken rejected the call or rows of a batch; UnknownOutcomeError if a call that changes something may have been
   * carried out; HttpError, NetworkError, ResponseError, TimeoutError; InvalidRequestError before anything is sent; the signal's reason.
   */
  call<E extends keyof SpotEndpoints | (string & Mistake<Unknown<E, "call<Result>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<E>,
    options?: SpotCallOptions,
  ): Promise<ResultOf<E>>;
  /** Calls an endpoint without parameters. */
  call<E extends SpotEndpointWithoutParams | (string & Mistake<Bare<E, "call<Result>(...)">>), _>(endpoint: E): Promise<ResultOf<E>>;
  /** A mistake: a known endpoint has its types, and takes no type argument. */
  call<T = never>(endpoint: keyof SpotEndpoints, ...args: MistakenArguments<T>): KnownName;
  /**
   * Calls an endpoint that this version does not know: `call<Result>("BrandNew", …)`. The type argument tells the compiler that the name is not
   * a typo. The call counts as one that changes something. With the option `public: true`, it is a GET without key and signature.
   */
  call<T = never>(endpoint: string, ...args: NewArguments<T, SpotCallOptions>): Promise<NoInfer<T>>;
  async call(endpoint: string, ...[params = {}, options = {}]: GivenArguments<SpotCallOptions>): Promise<unknown> {
    return this.run(this.#prepare(endpoint, params as Params, options), options);
  }

  /**
   * Signs a call without sending it. Send it before any other request with this key, which would make its nonce too low.
   *
   * @example
   * ```ts
   * const request = await client.sign("Balance");
   * const response = await fetch(request);
   * ```
   */
  sign<E extends keyof SpotEndpoints | (string & Mistake<Unknown<E, "sign<unknown>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<E>,
    options?: SpotCallOptions,
  ): Promise<Request>;
  /** Signs a call without parameters. */
  sign<E extends SpotEndpointWithoutParams | (string & Mistake<Bare<E, "sign<unknown>(...)">>), _>(endpoint: E): Promise<Request>;
  /** A mistake: a known endpoint takes no type argument. */
  sign<T = never>(endpoint: keyof SpotEndpoints, ...args: MistakenArguments<T>): KnownName;
  /** Signs a call to an endpoint that this version does not know: `sign<unknown>("BrandNew", …)`. */
  sign<T = never>(endpoint: string, ...args: NewArguments<T, SpotCallOptions>): Promise<Request>;
  async sign(endpoint: string, ...[params = {}, options = {}]: GivenArguments<SpotCallOptions>): Promise<Request> {
    return this.signedRequest(this.#prepare(endpoint, params as Params, options), options);
  }

  /**
   * Signs a call synchronously, for HTTP clients other than `fetch` and for code that counts microseconds. Unlike {@link SpotClient.sign},
   * it does not wait for a slot in the queue.
   *
   * @throws InvalidRequestError also while a request with this key is on its way, and if it would have to wait for a lane or a one-time password
   *
   * @example
   * ```ts
   * const { url, ...init } = client.signSync("Balance");
   * const response = await fetch(url, init);
   * ```
   */
  signSync<E extends keyof SpotEndpoints | (string & Mistake<Unknown<E, "signSync<unknown>(...)">>), _>(
    endpoint: E,
    params: ParamsOf<E>,
    options?: SignSyncOptions,
  ): SignedRequest;
  /** Signs a call without parameters synchronously. */
  signSync<E extends SpotEndpointWithoutParams | (string & Mistake<Bare<E, "signSync<unknown>(...)">>), _>(endpoint: E): SignedRequest;
  /** A mistake: a known endpoint takes no type argument. */
  signSync<T = never>(endpoint: keyof SpotEndpoints, ...args: MistakenArguments<T>): KnownName;
  /** Signs a call to an endpoint that this version does not know: `signSync<unknown>("BrandNew", …)`. */
  signSync<T = never>(endpoint: string, ...args: NewArguments<T, SignSyncOptions>): SignedRequest;
  signSync(endpoint: string, ...[params = {}, options = {}]: GivenArguments<SignSyncOptions>): SignedRequest | KnownName {
    return this.signed(this.#prepare(endpoint, params as Params, options), options.key);
  }

  /**
   * Calls an API that takes the nonce in a header: Funding (`/funding/v1/…`), Embed or Custody. Every method except GET counts as a call
   * that changes something.
   *
   * @returns the result if the answer has Spot's envelope, otherwise the whole answer
   *
   * @example
   * ```ts
   * const addresses = await client.request("GET", "/funding/v1/addresses", { query: { asset: "XBT" } });
   * ```
   */
  async request<T = unknown>(method: string, path: string, options: SpotRequestOptions = {}): Promise<T> {
    return this.run<T>(this.#prepareRequest(method, path, options), options);
  }

  protected keyInfo(): PreparedCall {
    return this.#prepare("GetApiKeyInfo", {}, {});
  }

  #prepare(name: string, given: Params, options: SpotCallOptions): PreparedCall {
    checkName(name);
    checkCallOptions(name, options, SPOT_CALL_OPTIONS);
    const { json, deadline } = options;
    const known = endpointOf(spotEndpoints, name);
    if (!known) checkNotMistyped(name, options, Object.keys(spotEndpoints));
    checkNoOptions(known, given);
    const endpoint = known ?? unknownEndpoint(options);
    const encoded = encode(given, {
      lists: endpoint.detailedPairs ? spotLists.replace(" pair", "") : spotLists,
      times: endpoint.times ?? spotTimes,
      style: bracketed,
      amend: (params) => withJoinedPairs(endpoint, this.#namesOrders ? nameSpotOrders(endpoint, params) : params),
    });
    const { form, structure } = encoded;
    checkOrderRows(endpoint, structure);
    checkOrderPrices(endpoint, structure);
    const write = isWrite(endpoint, structure);
    checkStated(name, options, known, write);
    // Some endpoints require JSON, and Kraken accepts a price such as `+5%` only in JSON.
    const asJson = json ?? (endpoint.json === true || encoded.percentPrice || typeof structure.pair === "object");
    const { isPublic = false, permissions, proof } = endpoint;
    return {
      endpoint: name,
      isKnown: known !== undefined,
      permissions,
      write,
      weight: endpoint.weight,
      isPublic,
      file: endpoint.file === true,
      params: structure,
      order: write ? spotOrder(structure) : {},
      deadlineIn: deadlineIn(endpoint, structure, deadline),
      sign: (key, nonce, otp, deadline) => {
        if (!key) return publicRequest(`/0/public/${name}${form && `?${form}`}`);
        const own = { nonce, deadline, otp };
        const body = asJson ? jsonBody(form && encoded.json(), own) : formBody(form, own);
        return signedWith(key, "POST", `/0/private/${name}`, nonce, body, {
          "Content-Type": `application/${asJson ? "json" : "x-www-form-urlencoded"}`,
        });
      },
      judge: (answer) => judgeSpot(answer, { write, params: structure, proof }, spotErrors),
    };
  }

  #prepareRequest(method: string, path: string, options: SpotRequestOptions): PreparedCall {
    checkCallOptions("request()", options, REQUEST_OPTIONS);
    deadlineIn(HEADER_NONCE, {}, options.deadline);
    const { query, body: content } = options;
    const write = method !== "GET";
    const form = encode(query ?? {}, { style: bracketed, what: "`query`" }).form;
    const encoded = content && encode(content, { style: bracketed, what: "`body`" });
    const body = encoded ? `{${encoded.json()}}` : "";
    const url = path + (form && (/\?/.test(path) ? "&" : "?") + form);
    checkTarget(method, url, body);
    const params = encoded?.structure ?? {};
    return {
      endpoint: `${method} ${path.replace(/\?.*/, "")}`,
      isKnown: false,
      permissions: "",
      write,
      isPublic: false,
      file: false,
      params,
      order: {},
      deadlineIn: undefined,
      sign: (key, nonce, otp) =>
        signedWith(key!, method, url, nonce, body, {
          "API-Nonce": nonce,
          // Unconfirmed, but one of Kraken's own clients sends it.
          ...(otp && { "API-OTP": otp }),
          ...(body && { "Content-Type": "application/json" }),
        }),
      judge: (answer) => judgeHeaderNonce(answer, { write, params }, spotErrors),
    };
  }
}

/** The part of the records of endpoints that take the nonce in a header that matters here: they take no deadline. */
const HEADER_NONCE = {};

const SPOT_CALL_OPTIONS = [...CALL_OPTIONS, "json"];
const REQUEST_OPTIONS = [...CALL_OPTIONS.filter((name) => name !== "public"), "query", "body"];

const NAME = /^\w+(\/\w+)*$/;

/** Accepts names such as `AddOrder` and `Earn/Allocate`. */
function checkName(name: unknown): void {
  // Most names are known, and need none of the messages below.
  if (typeof name === "string" && endpointOf(spotEndpoints, name)) return;
  need(typeof name === "string", `Invalid endpoint: expected a name such as "AddOrder", got ${shownName(name)}.`);
  const [, inside] = /^(?:https:\/\/[\w.]+)?\/?(?:0\/)?(?:private|public)\/([\w/]+?)\/?$/.exec(name) ?? [];
  need(inside === undefined, `Invalid endpoint ${shownName(name)}: expected its name alone, "${inside}".`);
  if (NAME.test(name)) return;
  need(!name.includes("?"), `Invalid endpoint ${shownName(name)}: parameters follow as an object, not behind a question mark.`);
  need(false, `Invalid endpoint: expected a name such as "AddOrder" or "Earn/Allocate", got ${shownName(name)}.`);
}

/** Joins pairs that are plain names. An endpoint may also take pairs as objects, which a form cannot express. */
function withJoinedPairs({ detailedPairs }: Endpoint, params: ReadParams): ReadParams {
  const { pair } = params;
  const isPlain = Array.isArray(pair) && pair.every((one) => typeof one !== "object");
  return detailedPairs && isPlain ? { ...params, pair: pair.join() } : params;
}

/** The client's own parameters of a request; empty for one that it does not have. */
interface OwnParams {
  readonly nonce: string;
  readonly deadline: string;
  readonly otp: string;
}

/** Returns a form with the client's own parameters. */
const formBody = (form: string, { nonce, deadline, otp }: OwnParams): string =>
  `nonce=${nonce}${form && `&${form}`}${deadline && `&deadline=${escaped(deadline)}`}${otp && `&otp=${escaped(otp)}`}`;

/** Returns a JSON object with the client's own members. */
const jsonBody = (members: string, { nonce, deadline, otp }: OwnParams): string =>
  `{"nonce":"${nonce}"${members && `,${members}`}${deadline && `,"deadline":${JSON.stringify(deadline)}`}${otp && `,"otp":${JSON.stringify(otp)}`}}`;

function checkTarget(method: string, url: string, body: string): void {
  need(
    matches(/^(GET|POST|PUT|PATCH|DELETE)$/, method),
    `Invalid method: expected GET, POST, PUT, PATCH or DELETE, in capitals, got ${shownName(method)}.`,
  );
  need(!(method === "GET" && body), "A GET has no body: pass its parameters as `query`.");
  need(
    matches(/^\/(?!\/)/, url),
    `Invalid path: expected one that begins with a single /, such as "/funding/v1/methods", got ${shownName(url)}.`,
  );
  need(!url.includes("#"), "Invalid path: it has a fragment, which is never sent. Leave out what follows #.");
  need(
    !/^\/0\/private\//.test(url),
    `${url.replace(/\?.*/, "")} takes its nonce in the body, and request() sends it in a header: use call("${url.slice(11).replace(/\?.*/, "")}").`,
  );
  need(
    !/^\/0\/public\//.test(url),
    `${url.replace(/\?.*/, "")} is public, and request() would sign it: use call("${url.slice(10).replace(/\?.*/, "")}").`,
  );
  const whole = `https://x${url}`;
  // If a URL parser rewrites a path (dots, backslashes, spaces), the path that is sent differs from the one that was signed.
  need(
    hrefOf(whole) === whole,
    "Invalid path: percent-encode it, without spaces, backslashes or dot segments. Otherwise, `fetch` would send a path that was not signed.",
  );
}

/** Returns a signed request. It follows no redirect, because `fetch` would forward the key and the signature to the redirect's target. */
const signedWith = (
  { key, secret }: SigningKey,
  method: string,
  url: string,
  nonce: string,
  body: string,
  headers: Record<string, string>,
): SignedRequest => ({
  method,
  url,
  headers: { "API-Key": key, "API-Sign": sign(secret, 0, url, nonce, body), ...headers },
  body: body || null,
  redirect: "manual",
});

const publicRequest = (url: string): SignedRequest => ({ method: "GET", url, headers: {}, body: null, redirect: "manual" });
