/** The Futures endpoints, and the calls that they receive. */

import type { FuturesAccount } from "./account.js";
import type { KeyRecord } from "../keys.js";
import type { Asset } from "../market/market.js";
import type { Params } from "../parameters/received.js";

/** One call, as an endpoint sees it. */
export interface FuturesCall {
  readonly params: Params;
  /** The values in the path where the endpoint's name has braces. */
  readonly inPath: readonly string[];
  readonly key: KeyRecord | undefined;
  /** The time of execution, in milliseconds since 1970. */
  readonly now: number;
  /** The time of arrival, in milliseconds since 1970. */
  readonly arrivedAt: number;
  /** Whether unknown parameters are ignored. */
  readonly lenient: boolean;
  readonly account: FuturesAccount;
  /** Adds to the Spot account. */
  readonly toSpotWallet: (asset: Asset, amount: bigint) => void;
  /** A description of the execution, for the record of executions. */
  did?: string;
  /** Whether the call changed something. By default, the access level determines this. */
  write?: boolean;
}

export interface FuturesEndpoint {
  readonly access: "public" | "any" | "read" | "write" | "withdrawal";
  /** Whether the answer is only the result of `run`, as for charts. */
  readonly bare?: true;
  /** Executes the call and returns the answer, without the fields `result` and `serverTime` that the API adds. */
  run(call: FuturesCall): object;
}

export type FuturesEndpoints = readonly (readonly [name: string, endpoint: FuturesEndpoint])[];
