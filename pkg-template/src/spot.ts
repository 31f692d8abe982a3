import { type Call, type CallOptions, Client, type ClientOptions, type Fail } from "./dispatch.js";
import { type SpotEndpoint, has, rowOf, spot } from "./apis.js";
import type { Held } from "./credentials.js";
import { need } from "./errors.js";
import { type SignedRequest, matches, texts } from "./http.js";
import { spotWords } from "./meaning.js";
import { type Params, encode, escaped } from "./params.js";
import { sign } from "./secret.js";

/** Options of {@link SpotClient.call}. */
export interface SpotCallOptions extends CallOptions {
  /** Sends JSON, or a form; by default what the endpoint wants. */
  readonly json?: boolean | undefined;
}

/** Options of {@link SpotClient.request}. */
export interface SpotRequestOptions extends CallOptions {
  readonly query?: Params | undefined;
  /** Sent as JSON. */
  readonly body?: Params | undefined;
}

/**
 * Kraken's Spot REST API.
 *
 * Requests with one key go out one at a time and in order, shared with every other client in the process that has the key. A call that
 * changes something is sent a second time in one case only: its nonce was refused, and nothing of it can have run.
 */
export class SpotClient extends Client {
  /** @throws InvalidRequestError, InvalidSecretError, InvalidNonceError naming what is wrong with the options. */
  constructor(options: ClientOptions) {
    super({ ...spot, words: spotWords }, options);
  }

  /**
   * Calls a private endpoint, such as `Balance`, and returns its `result`; RetrieveExport's is a `Uint8Array`.
   *
   * @throws ApiError where Kraken refused, also only rows of a batch; UnknownOutcomeError where a call that changes something may have been
   * carried out; HttpError, NetworkError, ResponseError, TimeoutError; InvalidRequestError before anything was sent; the signal's reason.
   */
  async call<T = unknown>(endpoint: SpotEndpoint, params: Params = {}, options: SpotCallOptions = {}): Promise<T> {
    return this.run<T>(this.#prepare(endpoint, params, options), options);
  }

  /** Signs a call and does not send it. Send it before anything else with this key: later its nonce is stale. */
  async sign(endpoint: SpotEndpoint, params: Params = {}, options: SpotCallOptions = {}): Promise<Request> {
    return this.run<Request>(this.#prepare(endpoint, params, options), options, undefined, true);
  }

  /**
   * Signs a call at once, for HTTP clients other than `fetch` and for those who count microseconds: like {@link SpotClient.sign}, but
   * without a turn in the queue.
   *
   * @throws InvalidRequestError also while a request with this key is on its way, and where a lane or a one-time password has to be waited for
   */
  signSync(endpoint: SpotEndpoint, params: Params = {}, options: Pick<SpotCallOptions, "json"> = {}): SignedRequest {
    return this.signed(this.#prepare(endpoint, params, options));
  }

  /**
   * Calls an API that takes the nonce in a header: Funding (`/funding/v1/…`), Embed, Custody. Everything but a GET counts as a call that
   * changes something.
   *
   * @returns the result where the answer is in Spot's envelope, else the whole answer
   */
  async request<T = unknown>(method: string, path: string, options: SpotRequestOptions = {}): Promise<T> {
    const write = method !== "GET";
    const query = encode(options.query ?? {}).form;
    const body = options.body ? `{${encode(options.body).json()}}` : "";
    const url = path + (query && (/\?/.test(path) ? "&" : "?") + query);
    const whole = `https://x${url}`;
    need(
      matches(/^(GET|POST|PUT|PATCH|DELETE)$/, method) &&
        (write || !body) &&
        /^\/(?!\/)[^#]*$/.test(url) &&
        // A path that a URL parser rewrites (dots, backslashes, spaces) would not be sent as it was signed.
        new URL(whole).href === whole,
      "Give a method in capitals, an encoded path, and GET no body.",
    );
    return this.run<T>(
      {
        endpoint: `${method} ${path.replace(/\?.*/, "")}`,
        needs: "",
        write,
        sign: (held, nonce, otp) =>
          signed(method, url, held, nonce, body, {
            "API-Nonce": nonce,
            // Unconfirmed, but what one of Kraken's own clients sends.
            ...(otp && { "API-OTP": otp }),
            ...(body && { "Content-Type": "application/json" }),
          }),
        read: (json, fail) => ("error" in json ? resultOf(json, write, fail) : json),
      },
      options,
    );
  }

  protected keyInfo(): Call {
    return this.#prepare("GetApiKeyInfo", {}, {});
  }

  #prepare(endpoint: string, params: Params, { json: asked }: SpotCallOptions): Call {
    need(matches(/^\w+(\/\w+)*$/, endpoint), "endpoint: a name such as AddOrder.");
    const { form, json } = encode(params, spot);
    const { needs, write } = rowOf(spot, endpoint, params);
    // A price such as `+5%` is read in JSON only.
    const asJson = asked ?? (has(spot.json, endpoint) || /price[^=&]*=[^&]*%25/.test(form));
    return {
      endpoint,
      needs,
      write,
      file: has(spot.files, endpoint),
      clientOrderId: params.cl_ord_id,
      sign: (held, nonce, otp) => {
        const body = asJson
          ? `{"nonce":"${nonce}"${form && `,${json()}`}${otp && `,"otp":${JSON.stringify(otp)}`}}`
          : `nonce=${nonce}${form && `&${form}`}${otp && `&otp=${escaped(otp)}`}`;
        const type = asJson ? "json" : "x-www-form-urlencoded";
        return signed("POST", `/0/private/${endpoint}`, held, nonce, body, { "Content-Type": `application/${type}` });
      },
      read: (json, fail) => resultOf(json, write, fail),
    };
  }
}

/** A request with its signature. */
const signed = (
  method: string,
  url: string,
  { key, secret }: Held,
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

/** The result in Spot's envelope, `{"error":[…],"result":…}`. Warnings (`W…`) are no errors. */
function resultOf({ error, result }: Record<string, unknown>, write: boolean, fail: Fail): unknown {
  const all = texts(error);
  if (!Array.isArray(error) || all.length < error.length) return undefined;
  const errors = all.filter((one) => !one.startsWith("W"));
  if (errors.length) fail(errors);
  // A batch can succeed as a whole and fail in its rows.
  const orders = write && (Object(result) as { orders?: unknown }).orders;
  const rows = texts(Array.isArray(orders) && orders.map((row) => row?.error));
  if (rows.length) fail(rows, result);
  return result;
}
