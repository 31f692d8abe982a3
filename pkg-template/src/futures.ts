import { type Call, type CallOptions, Client, type ClientOptions } from "./dispatch.js";
import { type FuturesEndpoint, futures, has, rowOf } from "./apis.js";
import { need } from "./errors.js";
import { type SignedRequest, matches, texts } from "./http.js";
import { futuresWords } from "./meaning.js";
import { type Params, encode } from "./params.js";
import { sign } from "./secret.js";

/** How each of the permissions in the table of endpoints shows in an answer about a key. */
const LEVELS: Readonly<Record<string, RegExp>> = {
  read: /general\w*":"(read|full)/i,
  full: /general\w*":"full/i,
  withdrawal: /withdraw\w*":"full/i,
};

/**
 * Kraken's Futures REST API, whose keys are not Spot's. An endpoint is named as under `/derivatives/api/v3/` (`sendorder`), or by its whole
 * path (`/api/history/v2/orders`). Order, repetition and errors are as for {@link SpotClient}; the whole answer is returned.
 *
 * What is inside an answer that says success may still have failed: an order's status other than what was asked for is an ApiError too.
 */
export class FuturesClient extends Client {
  /** @throws InvalidRequestError, InvalidSecretError, InvalidNonceError naming what is wrong with the options. */
  constructor(options: ClientOptions) {
    super({ ...futures, words: futuresWords }, options);
    need(![options, ...(options.keys ?? [])].some((credential) => "otp" in credential && credential.otp), "Futures takes no otp.");
  }

  /** Reads. */
  async get<T = unknown>(endpoint: FuturesEndpoint<"GET">, params: Params = {}, options: CallOptions = {}): Promise<T> {
    return this.run<T>(this.#prepare("GET", endpoint, params), options);
  }

  /** Sends a form. For `batchorder`, give what it wants as `json` as plain parameters: `{ batchOrder: […] }`. */
  async post<T = unknown>(endpoint: FuturesEndpoint<"POST">, params: Params = {}, options: CallOptions = {}): Promise<T> {
    return this.run<T>(this.#prepare("POST", endpoint, params), options);
  }

  /** Changes a setting. */
  async put<T = unknown>(endpoint: FuturesEndpoint<"PUT">, params: Params = {}, options: CallOptions = {}): Promise<T> {
    return this.run<T>(this.#prepare("PUT", endpoint, params), options);
  }

  /** Signs a call and does not send it. Send it before anything else with this key: later its nonce is stale. */
  async sign<M extends "GET" | "POST" | "PUT">(
    method: M,
    endpoint: FuturesEndpoint<M>,
    params: Params = {},
    options: CallOptions = {},
  ): Promise<Request> {
    return this.run<Request>(this.#prepare(method, endpoint, params), options, undefined, true);
  }

  /**
   * Signs a call at once, for HTTP clients other than `fetch` and for those who count microseconds: like {@link FuturesClient.sign}, but
   * without a turn in the queue.
   *
   * @throws InvalidRequestError also while a request with this key is on its way, and where a lane has to be waited for
   */
  signSync<M extends "GET" | "POST" | "PUT">(method: M, endpoint: FuturesEndpoint<M>, params: Params = {}): SignedRequest {
    return this.signed(this.#prepare(method, endpoint, params));
  }

  /** Its answer is put as Spot's: permissions are levels of areas here, as in `{"general":"full","withdrawal":"none"}`. */
  protected keyInfo(): Call {
    const call = this.#prepare("GET", "/api/auth/v1/api-keys/v3/check", {});
    return {
      ...call,
      read: (json, fail) => {
        call.read(json, fail);
        const { permissions, createdAt, allowedCidrBlocks } = json;
        const areas = JSON.stringify(permissions);
        return {
          ...json,
          permissions: permissions && Object.keys(LEVELS).filter((level) => LEVELS[level]!.test(areas)),
          createdTime: Date.parse(`${createdAt}`) / 1000,
          ipAllowlist: allowedCidrBlocks,
        };
      },
    };
  }

  #prepare(method: string, endpoint: string, params: Params): Call {
    need(
      matches(/^(GET|POST|PUT)$/, method) && matches(/^(\/(api|derivatives)\/)?[\w-]+(\/[\w-]+)*$/, endpoint),
      "Give GET, POST or PUT, and a name such as sendorder or a path such as /api/history/v2/orders.",
    );
    const name = `${method}:${endpoint}`;
    const { needs, write } = rowOf(futures, name);
    const path = endpoint.startsWith("/") ? endpoint : `/derivatives/api/v3/${endpoint}`;
    const { form } = encode(has(futures.json, name) && !("json" in params) ? { json: params } : params, futures, true);
    const get = method === "GET";
    return {
      endpoint,
      needs,
      write,
      file: has(futures.files, name),
      clientOrderId: params.cliOrdId,
      sign: ({ key, secret }, nonce) => ({
        method,
        url: path + (get && form ? `?${form}` : ""),
        headers: {
          APIKey: key,
          Authent: sign(secret, 1, path.replace("/derivatives", ""), nonce, form),
          Nonce: nonce,
          ...(!get && { "Content-Type": "application/x-www-form-urlencoded" }),
        },
        body: get ? null : form,
        redirect: "manual",
      }),
      read: (json, fail) => {
        const { result, error, errors, status, reason, sendStatus, editStatus, cancelStatus, batchStatus } = json;
        // Every shape in which Futures says no.
        const all = texts([...(Array.isArray(errors) ? errors : []).map((one) => one?.message), error, reason]);
        if (all.length || result === "error")
          fail(all.length ? all : ["unknownError"], undefined, status === "unauthorized" ? "key" : undefined);
        if (write && path.startsWith("/derivatives") && result !== "success") return undefined;
        const one = [sendStatus, editStatus, cancelStatus].flatMap(undone);
        if (one.length) fail(one, undefined, "order");
        const rows = Array.isArray(batchStatus) ? batchStatus.flatMap(undone) : [];
        if (rows.length) fail(rows, json, "order");
        return json;
      },
    };
  }
}

/** The status of an order with which what was asked for has not been done. */
function undone(row: unknown): string[] {
  const { status } = (row ?? {}) as { status?: unknown };
  return typeof status !== "string" || /^(placed|edited|cancelled|filled|partiallyFilled|noOrdersToCancel)$/.test(status) ? [] : [status];
}
