import { type Call, type CallOptions, Client, type ClientOptions, type Fail } from "./dispatch.js";
import { type SpotEndpoint, has, rowOf, spot } from "./apis.js";
import { InvalidRequestError } from "./errors.js";
import { matches } from "./http.js";
import { spotWords } from "./meaning.js";
import { type Params, encode, escaped } from "./params.js";

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
    super(spot, spotWords, options);
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
    return this.signed(this.#prepare(endpoint, params, options), options);
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
    const body = write && options.body ? `{${encode(options.body).json}}` : "";
    const url = path + (query && (/\?/.test(path) ? "&" : "?") + query);
    const parsed = `https://x${url}`;
    // A path that a URL parser rewrites (dots, backslashes, spaces) would not be sent as it was signed.
    if (
      !matches(/^(GET|POST|PUT|PATCH|DELETE)$/, method) ||
      (!write && options.body) ||
      !/^\/(?!\/)[!-~]*$/.test(url) ||
      /#/.test(url) ||
      new URL(parsed).href !== parsed
    )
      throw new InvalidRequestError(
        "Give a method in capitals, a GET no body, and an absolute, percent-encoded path without dots for folders.",
      );
    return this.run<T>(
      {
        endpoint: `${method} ${path.replace(/\?.*/, "")}`,
        needs: "",
        write,
        sign: ({ key, signer }, nonce, otp) => ({
          method,
          url,
          headers: {
            "API-Key": key,
            "API-Sign": signer.signSpot(url, nonce, body),
            "API-Nonce": nonce,
            // Unconfirmed, but what one of Kraken's own clients sends.
            ...(otp && { "API-OTP": otp }),
            ...(body && { "Content-Type": "application/json" }),
          },
          ...(body && { body }),
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
    if (!matches(/^[A-Za-z0-9]+(\/[A-Za-z0-9]+)*$/, endpoint))
      throw new InvalidRequestError("endpoint: give its name alone, such as AddOrder.");
    const row = rowOf(spot, endpoint);
    const { form, json, percent, clientOrderId } = encode(params, spot);
    const asJson = asked ?? (percent || has(spot.json, endpoint));
    const url = `/0/private/${endpoint}`;
    const condition = (spot.writesIf as Record<string, string>)[endpoint];
    const write = row.write || (!!condition && new RegExp(`(^|&)${condition}=(?!false)`).test(form));
    return {
      ...row,
      endpoint,
      write,
      file: has(spot.files, endpoint),
      clientOrderId,
      sign: ({ key, signer }, nonce, otp) => {
        const parts = asJson
          ? [`{"nonce":"${nonce}"`, json, otp && `"otp":${JSON.stringify(otp)}`]
          : [`nonce=${nonce}`, form, otp && `otp=${escaped(otp)}`];
        const body = parts.filter(Boolean).join(asJson ? "," : "&") + (asJson ? "}" : "");
        return {
          method: "POST",
          url,
          headers: {
            "API-Key": key,
            "API-Sign": signer.signSpot(url, nonce, body),
            "Content-Type": `application/${asJson ? "json" : "x-www-form-urlencoded"}`,
          },
          body,
        };
      },
      read: (json, fail) => resultOf(json, write, fail),
    };
  }
}

/** The result in Spot's envelope, `{"error":[…],"result":…}`. Warnings (`W…`) are no errors. */
function resultOf({ error, result }: Record<string, unknown>, write: boolean, fail: Fail): unknown {
  if (!Array.isArray(error) || !error.every((one) => typeof one === "string")) return undefined;
  const errors = error.filter((one) => !one.startsWith("W"));
  if (errors.length) fail(errors);
  // A batch can succeed as a whole and fail in its rows.
  const orders = write && (result as { orders?: unknown } | null | undefined)?.orders;
  const rows = Array.isArray(orders) ? orders.map((row) => row?.error).filter((one) => one && typeof one === "string") : [];
  if (rows.length) fail(rows, result);
  return result;
}
