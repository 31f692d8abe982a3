/** The records that an exchange keeps of its requests. */

import type { ExchangeRequest } from "./http/wire.js";
import type { Fault } from "./http/faults.js";
import type { Product } from "./keys.js";
import type { Params } from "./parameters/received.js";

/** A call that was executed. */
export interface Execution {
  /** The product of the endpoint. */
  readonly product: Product;
  /**
   * The endpoint, such as `AddOrder`, `Earn/Allocate` or `sendorder`. For APIs outside `/0/` and `/derivatives/api/v3/`, the path. Over a WebSocket,
   * the method, such as `add_order`.
   */
  readonly endpoint: string;
  /** The HTTP method, or `WebSocket`. */
  readonly method: string;
  /** The public half of the key. Absent for public endpoints. */
  readonly key?: string;
  /** The nonce, if there was one. */
  readonly nonce?: string;
  /** The parameters as received, without nonce and OTP. Every value is the text that was sent. */
  readonly params: Params;
  /** The time on the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** Whether the call changed something: an order, money or a setting. */
  readonly write: boolean;
  /** A description, such as `placed OAAAAA-AAAAA-AAAAAB: buy 1.25000000 XBTUSD @ limit 37500.0`. */
  readonly did: string;
  /** The result that was returned, or would have been without a fault. */
  readonly result: unknown;
}

/**
 * The outcome of a request: `executed`; `refused` with errors; `lost` to a fault before it reached the exchange's checks; or `leaked`, sent to an
 * origin that is not Kraken's, as by a client that follows redirects.
 */
export type Verdict = "executed" | "refused" | "lost" | "leaked";

/** A request that arrived. */
export interface ReceivedRequest {
  /** The outcome of the request. */
  readonly verdict: Verdict;
  /** The errors of the answer. Empty unless the request was refused. */
  readonly errors: readonly string[];
  /** The endpoint, as in {@link Execution}. */
  readonly endpoint: string;
  /** The HTTP method. */
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  /** The origin that the caller sent the request to. */
  readonly origin?: string;
  /** The headers as received. */
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
  /** The address of the caller. */
  readonly ip: string;
  /** The time at which it was handled, on the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** The fault that was applied. If {@link Exchange.disturb} applied several, the first of hold, twice, reset and gateway. */
  readonly fault?: Fault["fault"];
  /** The execution, if there was one. */
  readonly execution?: Execution;
}

/** The end of a request, as far as it is recorded. */
export interface RequestEnd {
  readonly verdict: Verdict;
  readonly errors?: readonly string[];
  readonly fault?: Fault["fault"] | undefined;
  readonly execution?: Execution | undefined;
}

// The functions below set properties one by one, because spreading objects into others takes several times as long.
type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Returns the record of a call that was executed. */
export function executionOf(
  { product, endpoint, method, params, time }: Pick<Execution, "product" | "endpoint" | "method" | "params" | "time">,
  { did, write, result }: Pick<Execution, "did" | "write" | "result">,
  key: string | undefined,
  nonce: string | undefined,
): Execution {
  const execution: Writable<Execution> = { product, endpoint, method, params, time, did, write, result };
  if (key !== undefined) execution.key = key;
  if (nonce !== undefined) execution.nonce = nonce;
  return execution;
}

/** Returns the record of a request. */
export function receivedRequest(request: ExchangeRequest, endpoint: string, time: number, end: RequestEnd): ReceivedRequest {
  const { method, path, origin, headers, ip = "127.0.0.1" } = request;
  const { verdict, errors = [], fault, execution } = end;
  const received: Writable<ReceivedRequest> = {
    verdict,
    errors,
    endpoint,
    method,
    path,
    headers,
    body: decoder.decode(request.body),
    ip,
    time,
  };
  if (origin !== undefined) received.origin = origin;
  if (fault !== undefined) received.fault = fault;
  if (execution !== undefined) received.execution = execution;
  return received;
}
