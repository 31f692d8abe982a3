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
