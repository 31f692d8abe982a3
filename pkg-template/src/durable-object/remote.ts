import type { CallOptions } from "../rest/call.js";
import {
  ApiError,
  HttpError,
  InvalidNonceError,
  InvalidOtpKeyError,
  InvalidRequestError,
  InvalidSecretError,
  KrakenError,
  NetworkError,
  ResponseError,
  TimeoutError,
  UnknownOutcomeError,
} from "../errors.js";
import type { FuturesClient } from "../rest/futures/client.js";
import type { Params } from "../rest/request/encode.js";
import type { SpotCallOptions, SpotClient, SpotRequestOptions } from "../rest/spot/client.js";
import { type Endpoint, type Structure, deadlineIn, endpointOf, isWrite } from "../rest/endpoint.js";
import { futuresEndpoints } from "../rest/futures/endpoints.js";
import { type SentOrder, futuresOrder, nameFuturesOrders, nameSpotOrders, rememberSent, spotOrder } from "../rest/sent-order.js";
import { spotEndpoints } from "../rest/spot/endpoints.js";
import { type Remote, checkErrorsSurvive } from "./rpc.js";

/** What is used of a stub of a `KrakenKey`. */
export interface SpotStub {
  /** Calls an endpoint. */
  call(endpoint: string, params: Params, options: Remote<SpotCallOptions>): PromiseLike<unknown>;
  /** Calls an API that takes the nonce in a header. */
  request(method: string, path: string, options: Remote<SpotRequestOptions>): PromiseLike<unknown>;
  /** Asks Kraken about the key. */
  check(options: Remote<CallOptions>): PromiseLike<unknown>;
}

/** What is used of a stub of a `KrakenFuturesKey`. */
export interface FuturesStub {
  /** Reads. */
  get(endpoint: string, params: Params, options: Remote<CallOptions>): PromiseLike<unknown>;
  /** Sends a form. */
  post(endpoint: string, params: Params, options: Remote<CallOptions>): PromiseLike<unknown>;
  /** Changes a setting. */
  put(endpoint: string, params: Params, options: Remote<CallOptions>): PromiseLike<unknown>;
  /** Takes something back. */
  delete(endpoint: string, params: Params, options: Remote<CallOptions>): PromiseLike<unknown>;
  /** Asks Kraken about the key. */
  check(options: Remote<CallOptions>): PromiseLike<unknown>;
}

const classes: Partial<Record<string, { readonly prototype: KrakenError }>> = {
  ERR_INVALID_SECRET: InvalidSecretError,
  ERR_INVALID_OTP_KEY: InvalidOtpKeyError,
  ERR_INVALID_NONCE: InvalidNonceError,
  ERR_INVALID_REQUEST: InvalidRequestError,
  ERR_API: ApiError,
  ERR_UNKNOWN_OUTCOME: UnknownOutcomeError,
  ERR_HTTP: HttpError,
  ERR_TIMEOUT: TimeoutError,
  ERR_NETWORK: NetworkError,
  ERR_RESPONSE: ResponseError,
  ERR_LANE: KrakenError,
  ERR_FREED: KrakenError,
  ERR_CRASHED: KrakenError,
  ERR_NOT_READY: KrakenError,
  ERR_UNAVAILABLE: KrakenError,
};

/** Gives an error of ours that came over RPC its class again, and returns whether it is one. */
function restore(error: unknown): error is KrakenError {
  const type = error instanceof Error && classes[(error as KrakenError).code];
  if (!type) return false;
  Object.setPrototypeOf(error, type.prototype);
  restore(error.cause);
  return true;
}

/** What a call does, as far as it matters if no answer comes. */
interface Meaning {
  readonly endpoint: string;
  readonly write: boolean;
  readonly params: Structure;
  readonly order: SentOrder;
}

/** What a call to an endpoint means; one that is not known counts as one that changes something, unless the caller vouches for it. */
function meaningOf(endpoint: string, known: Endpoint | undefined, params: Params, order: SentOrder, read = false): Meaning {
  return { endpoint, write: known ? isWrite(known, params) : !read, params, order };
}

/** Makes a call over RPC, with the errors and the signal of a call on this side. */
async function over<T, O extends CallOptions>(
  { signal, ...options }: O,
  { endpoint, write, params, order }: Meaning,
  send: (options: Remote<O>) => PromiseLike<unknown>,
): Promise<T> {
  signal?.throwIfAborted();
  let abort!: () => void;
  const aborted = new Promise<void>((resolve) => (abort = () => resolve()));
  signal?.addEventListener("abort", abort);
  const [sentAt, sentUptime] = [Date.now(), performance.now()];
  const remembered = (error: UnknownOutcomeError): UnknownOutcomeError => {
    // The object has one key: whoever asks it again asks with the key that sent the call.
    rememberSent(error, { key: undefined, endpoint, params, sentAt, sentUptime });
    return error;
  };
  try {
    return (await send(signal ? { ...options, aborted: () => aborted } : options)) as T;
  } catch (error) {
    const { name, message, remote } = error as { name?: unknown; message?: unknown; remote?: unknown };
    if (restore(error)) {
      // The object knows that there was an end, and this side why.
      if (signal?.aborted && (error.cause as Error | undefined)?.name === "AbortError") error.cause = signal.reason;
      throw error instanceof UnknownOutcomeError ? remembered(error) : error;
    }
    if (signal?.aborted && name === "AbortError") throw signal.reason;
    if (!remote && name === "DataCloneError")
      throw new InvalidRequestError("Parameters and options are plain values: one of them cannot be passed to the object.");
    // The way to the object broke, or the object did: it may have sent the call, and may still.
    const lost = new NetworkError(endpoint, `${message}`.slice(0, 100).replace(/\.$/, ""));
    throw write ? remembered(new UnknownOutcomeError(endpoint, { ...order, cause: lost })) : lost;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * The face of a {@link KrakenKey} for those who call it: a stub's `call`, `request` and `check` with the types of {@link SpotClient}, its errors as
 * instances of their classes, and `signal`. If the way to the object breaks, a call that changes something ends as an UnknownOutcomeError, whose
 * `nonce` is empty, any other as a NetworkError.
 *
 * Cheap: make one for each request, as of the stub, which may be of no use after an error.
 *
 * @throws InvalidRequestError before the compatibility date 2026-04-21: errors do not cross there.
 */
export function spotClient(stub: SpotStub): Pick<SpotClient, "call" | "request" | "check"> {
  checkErrorsSurvive();
  return {
    call: (async (endpoint: string, given: Params = {}, asked: SpotCallOptions = {}) => {
      // Named on this side: if the way to the object breaks, only this side knows the name.
      const known = endpointOf(spotEndpoints, endpoint);
      const { params, options } = withDeadline(nameSpotOrders(known ?? {}, given), known, asked);
      const meaning = meaningOf(endpoint, known, params, spotOrder(params), options.read);
      return over(options, meaning, (remote) => stub.call(endpoint, params, remote));
    }) as SpotClient["call"],
    request: async (method, path, options = {}) => {
      const endpoint = `${method} ${`${path}`.replace(/\?.*/, "")}`;
      const meaning = { endpoint, write: method !== "GET", params: options.body ?? {}, order: {} };
      return over(options, meaning, (remote) => stub.request(method, path, remote));
    },
    check: async (options = {}) => over(options, CHECK, (remote) => checked(stub, remote)),
  };
}

/** A deadline that is counted from now, and not from the moment of sending: if the way to the object breaks, only this side knows when it ends. */
function withDeadline<O extends CallOptions>(given: Params, known: Endpoint | undefined, asked: O): { params: Params; options: O } {
  const milliseconds = known && deadlineIn(known, given, asked.deadline);
  if (milliseconds === undefined) return { params: given, options: asked };
  const params = { ...given, [known!.deadline!]: new Date(Date.now() + milliseconds).toISOString() };
  return { params, options: { ...asked, deadline: undefined } };
}

const CHECK: Meaning = { endpoint: "check", write: false, params: {}, order: {} };

/** The face of a {@link KrakenFuturesKey}, as {@link spotClient} is that of a Spot key. */
export function futuresClient(stub: FuturesStub): Pick<FuturesClient, "get" | "post" | "put" | "delete" | "check"> {
  checkErrorsSurvive();
  const make =
    (method: "get" | "post" | "put" | "delete") =>
    async <T>(endpoint: string, given: Params = {}, asked: CallOptions = {}): Promise<T> => {
      const known = endpointOf(futuresEndpoints, `${method.toUpperCase()}:${endpoint}`);
      const { params, options } = withDeadline(nameFuturesOrders(known ?? {}, given), known, asked);
      const meaning = meaningOf(endpoint, known, params, futuresOrder(params), options.read || method === "get");
      return over(options, meaning, (remote) => stub[method](endpoint, params, remote));
    };
  return {
    get: make("get") as FuturesClient["get"],
    post: make("post") as FuturesClient["post"],
    put: make("put") as FuturesClient["put"],
    delete: make("delete") as FuturesClient["delete"],
    check: async (options = {}) => over(options, CHECK, (remote) => checked(stub, remote)),
  };
}

/** A report, in which a key that does not work has an error too. */
async function checked(stub: Pick<SpotStub, "check">, options: Remote<CallOptions>): Promise<unknown> {
  const report = (await stub.check(options)) as { error?: unknown };
  restore(report.error);
  return report;
}
