import type { CallOptions } from "./call.js";
import type { KeyReport } from "./key-report.js";
import type { Params } from "./request/encode.js";

/** What is used of a SpotClient, or of what stands for one: `spotClient` of `kraken-signer/durable-object`. */
export interface SpotCaller {
  call(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
  check(options?: CallOptions): Promise<KeyReport>;
}

/** What is used of a FuturesClient, or of what stands for one. */
export interface FuturesCaller {
  get(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
  post(endpoint: string, params?: Params, options?: CallOptions): Promise<unknown>;
}

export type Caller = SpotCaller | FuturesCaller;

export const isSpot = (client: Caller): client is SpotCaller => "call" in client;

/** An order as it was seen at the exchange. */
export interface FoundOrder {
  /** Kraken's id: the `txid` (Spot) or `order_id` (Futures). */
  readonly orderId: string;
  /** `cl_ord_id` or `cliOrdId`, if it has one. */
  readonly clientOrderId?: string;
  /** What Kraken says about it, in its own words. */
  readonly details: unknown;
}
