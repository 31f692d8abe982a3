import { checkMilliseconds, checkSignal, described, isRecord } from "../checks.js";
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
  SecretSourceError,
  TimeoutError,
  UnknownOutcomeError,
  need,
} from "../errors.js";
import type { FuturesClient } from "../rest/futures/client.js";
import type { KeyReport } from "../rest/key-report.js";
import type { Params } from "../rest/request/encode.js";
import type { SpotCallOptions, SpotClient, SpotRequestOptions } from "../rest/spot/client.js";
import { type Endpoint, type Structure, deadlineIn, endpointOf, isWrite } from "../rest/endpoint.js";
import { futuresEndpoints, futuresNameOf } from "../rest/futures/endpoints.js";
import { type SentCall, beginCall, claimOrders, endCall, placedIds, rememberSent } from "../rest/sent-calls.js";
import { type SentOrder, futuresOrder, nameFuturesOrders, nameSpotOrders, spotOrder } from "../rest/sent-order.js";
import { spotEndpoints } from "../rest/spot/endpoints.js";
import { type Remote, checkErrorsSurvive } from "./rpc.js";

/** The methods that are used of a stub of a `KrakenKey`. Parameters are `never`, so that methods with any endpoints fit. */
export interface SpotStub {
  /** Calls an endpoint. */
  call(endpoint: never, params: never, options: never): PromiseLike<unknown>;
  /** Calls an API that takes the nonce in a header. */
  request(method: string, path: string, options: Remote<SpotRequestOptions>): PromiseLike<unknown>;
  /** Asks Kraken about the key. */
  check(options: Remote<CallOptions>): PromiseLike<unknown>;
}

/** The methods that are used of a stub of a `KrakenFuturesKey`. Parameters are `never`, so that methods with any endpoints fit. */
export interface FuturesStub {
  /** Calls a GET endpoint. */
  get(endpoint: never, params: never, options: never): PromiseLike<unknown>;
  /** Calls a POST endpoint. */
  post(endpoint: never, params: never, options: never): PromiseLike<unknown>;
  /** Calls a PUT endpoint. */
  put(endpoint: never, params: never, options: never): PromiseLike<unknown>;
  /** Calls a DELETE endpoint. */
  delete(endpoint: never, params: never, options: never): PromiseLike<unknown>;
  /** Asks Kraken about the key. */
  check(options: Remote<CallOptions>): PromiseLike<unknown>;
}

const classes: Partial<Record<string, { readonly prototype: KrakenError }>> = {
  ERR_INVALID_SECRET: InvalidSecretError,
  ERR_INVALID_OTP_KEY: InvalidOtpKeyError,
  ERR_SECRET_SOURCE: SecretSourceError,
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

/** Restores the class of an error of this package that came over RPC. Returns whether it is one. */
function restore(error: unknown): error is KrakenError {
  const type = error instanceof Error && classes[(error as KrakenError).code];
  if (!type) return false;
  Object.setPrototypeOf(error, type.prototype);
  restore(error.cause);
  return true;
}

/** The facts about a call that are needed if no answer arrives. */
interface Meaning {
  readonly endpoint: string;
  readonly write: boolean;
  readonly params: Structure;
  readonly order: SentOrder;
}

/** Refuses what is no text, before it is read on this side. The object checks the rest. */
function checkText(what: string, value: unknown, example: string): void {
  need(typeof value === "string", `Invalid ${what}: expected text such as "${example}", got ${described(value)}.`);
}

/** Refuses what is no object, before it is read on this side. The object checks the rest. */
function checkGiven(endpoint: string, given: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(given))
    need(isRecord(value), `Invalid ${what} of ${endpoint}: expected an object, got ${described(value)}.`);
}

/** Returns the facts about a call. An unknown endpoint counts as one that changes something, unless the caller passes `read: true`. */
function meaningOf(endpoint: string, known: Endpoint | undefined, params: Params, order: SentOrder, read = false): Meaning {
  return { endpoint, write: known ? isWrite(known, params) : !read, params, order };
}

/**
 * Milliseconds that a call waits for the object after it was aborted, if it changes something, or after its timeout. The object keeps the timeout, too, and
 * knows whether the call was sent.
 */
const GRACE = 5000;

/** The longest time for which a timer can be set. */
const LONGEST = 2 ** 31 - 1;

/** The object did not answer after an abort, or after the timeout of the call. */
class NoAnswer extends Error {}

/**
 * Settles as the answer of the object does. After an abort, or the timeout of the call, it waits only a little longer, because an object that hangs does not
 * answer at all.
 *
 * @param grace - how long after an abort, in milliseconds
 */
async function untilLate(
  answer: PromiseLike<unknown>,
  aborted: Promise<void>,
  { grace, timeout }: { readonly grace: number; readonly timeout: number | undefined },
): Promise<unknown> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let isOver = false;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new NoAnswer());
    const wait = (milliseconds: number): void => void timers.push(setTimeout(giveUp, Math.min(milliseconds, LONGEST)));
    if (timeout !== undefined) wait(timeout + GRACE);
    void aborted.then(() => {
      if (!grace) giveUp();
      else if (!isOver) wait(grace);
    });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    isOver = true;
    timers.forEach(clearTimeout);
  }
}

/** Returns the error of a call that failed over RPC. */
function failureOf(
  error: unknown,
  { endpoint, write, order }: Meaning,
  { signal, timeout }: Pick<CallOptions, "signal" | "timeout">,
): unknown {
  const { name, message, remote } = Object(error) as { name?: unknown; message?: unknown; remote?: unknown };
  const isAborted = signal?.aborted === true;
  if (restore(error)) {
    // The object knows only that the call was aborted. The reason is on this side.
    if (isAborted && (error.cause as Error | undefined)?.name === "AbortError") error.cause = signal.reason;
    return error;
  }
  if (isAborted && name === "AbortError") return signal.reason;
  if (!remote && name === "DataCloneError")
    return new InvalidRequestError("A parameter or an option cannot be passed to the object. Pass plain values only.");
  // The connection to the object broke, or the object ended or hangs. It may have sent the call, or may still send it.
  const late = isAborted ? signal.reason : new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`);
  const lost = error instanceof NoAnswer ? late : new NetworkError(endpoint, `${message}`.slice(0, 100).replace(/\.$/, ""));
  return write ? new UnknownOutcomeError(endpoint, { ...order, cause: lost }) : lost;
}

/** Returns a copy of parameters, because the caller may change the object later. What cannot be copied cannot be passed to the object, either. */
function copyOf(params: Structure): Structure {
  try {
    return structuredClone(params);
  } catch {
    return params;
  }
}

/** Makes a call over RPC. It restores errors, and reacts to the signal. */
async function over<T, O extends CallOptions>(
  { signal, ...options }: O,
  meaning: Meaning,
  send: (options: Remote<O>) => PromiseLike<unknown>,
): Promise<T> {
  // The object checks all other options.
  checkSignal(signal);
  const { timeout } = options;
  checkMilliseconds("timeout", timeout);
  signal?.throwIfAborted();
  let abort!: () => void;
  const aborted = new Promise<void>((resolve) => (abort = () => resolve()));
  signal?.addEventListener("abort", abort);
  const { endpoint, write, params } = meaning;
  // The object has one key, so a later search through the same object uses the key that sent the call.
  const sent: SentCall = {
    key: undefined,
    destination: undefined,
    endpoint,
    params: write ? copyOf(params) : params,
    sentAt: Date.now(),
    sentUptime: performance.now(),
  };
  if (write) beginCall(sent);
  const conclude = (result: unknown): void => {
    endCall(sent);
    if (write) claimOrders(placedIds(result, params), undefined);
  };
  try {
    const answer = send(signal ? { ...options, aborted: () => aborted } : options);
    const result = await untilLate(answer, aborted, { grace: write ? GRACE : 0, timeout });
    conclude(result);
    return result as T;
  } catch (error) {
    const failure = failureOf(error, meaning, { signal, timeout });
    if (failure instanceof UnknownOutcomeError) rememberSent(failure, sent);
    else conclude(failure instanceof ApiError ? failure.result : undefined);
    throw failure;
  } finally {
    signal?.removeEventListener("abort", abort);
    // The object waits for this promise, and then disposes of its stub.
    abort();
  }
}

/**
 * Returns a client of a {@link KrakenKey}: `call`, `request` and `check` with the types of {@link SpotClient}, errors of the right classes, and `signal`.
 * If the connection to the object breaks, or no answer comes within five seconds after the `timeout` of the call, a call that changes something throws an
 * UnknownOutcomeError whose `nonce` is empty; any other call throws a NetworkError or a TimeoutError.
 *
 * Make a new one for each request, and for `resolveOrder` after an error. It is cheap, and a stub is unusable once its object has ended.
 *
 * @param stub - the stub of one object, not the binding
 * @throws InvalidRequestError if that is no stub, and before the compatibility date 2026-04-21, because errors lose their fields over RPC there
 *
 * @example
 * ```ts
 * const client = spotClient(env.KRAKEN_KEY.getByName("trading"));
 * const balances = await client.call("Balance");
 * ```
 */
export function spotClient(stub: SpotStub): Pick<SpotClient, "call" | "request" | "check"> {
  checkStub(stub, "call");
  checkErrorsSurvive();
  return {
    call: (async (endpoint: string, given: Params = {}, asked: SpotCallOptions = {}) => {
      checkText("endpoint", endpoint, "AddOrder");
      checkGiven(endpoint, { parameters: given, options: asked });
      // The client order id is made on this side, so that it is known even if the connection to the object breaks.
      const known = endpointOf(spotEndpoints, endpoint);
      const { params, options } = withDeadline(nameSpotOrders(known ?? {}, given), known, asked);
      const meaning = meaningOf(endpoint, known, params, spotOrder(params), options.read || options.public);
      return over(options, meaning, (remote) => stub.call(endpoint as never, params as never, remote as never));
    }) as SpotClient["call"],
    request: async (method, path, options = {}) => {
      checkText("method", method, "POST");
      checkText("path", path, "/funding/v1/methods");
      const endpoint = `${method} ${path.replace(/\?.*/, "")}`;
      checkGiven(endpoint, { options });
      const meaning = { endpoint, write: method !== "GET", params: options.body ?? {}, order: {} };
      return over(options, meaning, (remote) => stub.request(method, path, remote));
    },
    check: async (options = {}) => check(stub, options),
  };
}

/** Refuses what is no stub. A common mistake is to pass the binding, which has a stub for each name, or a binding that is missing. */
function checkStub(stub: unknown, method: string): void {
  const isStub = typeof (Object(stub) as Readonly<Record<string, unknown>>)[method] === "function";
  need(isStub, `Expected the stub of an object, such as env.KRAKEN_KEY.getByName("trading"), got ${described(stub)}.`);
}

/** Computes the deadline now and not when the object sends the call, so that it is known even if the connection to the object breaks. */
function withDeadline<O extends CallOptions>(given: Params, known: Endpoint | undefined, asked: O): { params: Params; options: O } {
  const milliseconds = known && deadlineIn(known, given, asked.deadline);
  if (milliseconds === undefined) return { params: given, options: asked };
  const params = { ...given, [known!.deadline!]: new Date(Date.now() + milliseconds).toISOString() };
  return { params, options: { ...asked, deadline: undefined } };
}

const CHECK: Meaning = { endpoint: "check", write: false, params: {}, order: {} };

/**
 * Returns a client of a {@link KrakenFuturesKey}: `get`, `post`, `put`, `delete` and `check` with the types of {@link FuturesClient}, as {@link spotClient}
 * does for a Spot key.
 *
 * @param stub - the stub of one object, not the binding
 * @throws InvalidRequestError for the reasons of {@link spotClient}
 *
 * @example
 * ```ts
 * const client = futuresClient(env.KRAKEN_FUTURES_KEY.getByName("hedging"));
 * const { openPositions } = await client.get("openpositions");
 * ```
 */
export function futuresClient(stub: FuturesStub): Pick<FuturesClient, "get" | "post" | "put" | "delete" | "check"> {
  checkStub(stub, "get");
  checkErrorsSurvive();
  const make =
    (method: "get" | "post" | "put" | "delete") =>
    async <T>(name: string, given: Params = {}, asked: CallOptions = {}): Promise<T> => {
      checkText("endpoint", name, "sendorder");
      const endpoint = futuresNameOf(name);
      checkGiven(endpoint, { parameters: given, options: asked });
      const known = endpointOf(futuresEndpoints, `${method.toUpperCase()}:${endpoint}`);
      const { params, options } = withDeadline(nameFuturesOrders(known ?? {}, given), known, asked);
      const meaning = meaningOf(endpoint, known, params, futuresOrder(params), options.read || method === "get");
      return over(options, meaning, (remote) => stub[method](endpoint as never, params as never, remote as never));
    };
  return {
    get: make("get") as FuturesClient["get"],
    post: make("post") as FuturesClient["post"],
    put: make("put") as FuturesClient["put"],
    delete: make("delete") as FuturesClient["delete"],
    check: async (options = {}) => check(stub, options),
  };
}

/** Asks about the key. */
async function check(stub: Pick<SpotStub, "check">, options: CallOptions): Promise<KeyReport> {
  checkGiven("check", { options });
  return over(options, CHECK, (remote) => checked(stub, remote));
}

/** Asks for a report, and restores the class of the error in it. */
async function checked(stub: Pick<SpotStub, "check">, options: Remote<CallOptions>): Promise<unknown> {
  const report = (await stub.check(options)) as { error?: unknown };
  restore(report.error);
  return report;
}
