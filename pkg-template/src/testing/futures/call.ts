/** What a Futures endpoint is, and what it gets to see. */

import type { FuturesAccount } from "./account.js";
import type { KeyRecord } from "../keys.js";
import type { Params } from "../parameters/received.js";

/** Everything an endpoint may look at. */
export interface FuturesCall {
  readonly params: Params;
  /** What stands in the path where the endpoint's name has braces. */
  readonly inPath: readonly string[];
  readonly key: KeyRecord | undefined;
  /** When it is carried out, in milliseconds since 1970. */
  readonly now: number;
  /** When it arrived. */
  readonly arrivedAt: number;
  /** Unknown parameters are ignored. */
  readonly lenient: boolean;
  readonly account: FuturesAccount;
  /** Credits the Spot account; false when it has no such asset. */
  readonly toSpotWallet: (unit: string, amount: bigint) => boolean;
  /** In words, for the record of executions. */
  did?: string;
  /** Overrides what the access level says about writing. */
  write?: boolean;
}

export interface FuturesEndpoint {
  readonly access: "public" | "any" | "read" | "write" | "withdrawal";
  /** The answer is what `run` gives and nothing else, as of the charts. */
  readonly bare?: true;
  /** The answer, without `result` and `serverTime` where the API adds them. */
  run(call: FuturesCall): object;
}

export type FuturesEndpoints = readonly (readonly [name: string, endpoint: FuturesEndpoint])[];
