import { described } from "../checks.js";
import { need } from "../errors.js";
import type { CallOptions } from "./call.js";
import type { KeyReport } from "./key-report.js";
import type { Params } from "./request/encode.js";

/** The methods that are used of a SpotClient. `spotClient` of `kraken-signer/durable-object` has them too. */
export interface SpotCaller {
  /** Calls an endpoint, and resolves to its result. */
  call(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
  /** Asks Kraken about the key. */
  check(options?: CallOptions): Promise<KeyReport>;
}

/** The methods that are used of a FuturesClient. */
export interface FuturesCaller {
  /** Calls an endpoint with GET, and resolves to its answer. */
  get(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
  /** Calls an endpoint with POST, and resolves to its answer. */
  post(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
  /** Asks Kraken about the key. */
  check?(options?: CallOptions): Promise<KeyReport>;
}

export type Caller = SpotCaller | FuturesCaller;

/**
 * Checks that a value is a client. A common mistake is to pass the order first. A socket and the class of a client are refused, although they have a method
 * `call`, too.
 *
 * @param isSpotOnly - whether a client of Futures is refused
 */
export function checkCaller(owner: string, client: unknown, isSpotOnly = false): void {
  const { check, get } = Object(client) as Partial<Record<"check" | "get", unknown>>;
  need(
    isSpotOnly
      ? isSpot(Object(client) as Caller) && typeof check === "function"
      : [check, get].some((method) => typeof method === "function"),
    `${owner}: expected a SpotClient${isSpotOnly ? "" : " or a FuturesClient"} as the first argument, got ${described(client)}.`,
  );
}

export const isSpot = (client: Caller): client is SpotCaller => "call" in client;
