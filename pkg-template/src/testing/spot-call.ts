/** What a Spot endpoint is, and what it gets to see. */

import type { KeyRecord, SpotPermission } from "./keys.js";
import type { Asset } from "./market.js";
import { Refusal } from "./outcome.js";
import type { Params } from "./params.js";
import type { SpotAccount } from "./spot-account.js";
import type { TokenStore } from "./tokens.js";

/** Everything an endpoint may look at. */
export interface SpotCall {
  readonly params: Params;
  readonly pathname: string;
  /** The body came as JSON. */
  readonly json: boolean;
  /** The authenticated key; absent for public endpoints. */
  readonly key: KeyRecord | undefined;
  readonly now: number;
  readonly account: SpotAccount;
  readonly tokens: TokenStore;
  readonly toFuturesWallet: (asset: Asset, amount: bigint) => void;
  /** In words, for the record of executions. */
  did?: string;
  /** Overrides the endpoint's own `write`, for calls such as `validate` that turn out to change nothing. */
  write?: boolean;
}

export interface SpotEndpoint {
  /** Permissions: every one of `all`, and at least one of `any`. */
  readonly needs?: { readonly all?: readonly SpotPermission[]; readonly any?: readonly SpotPermission[] };
  /** It changes something. */
  readonly write?: boolean;
  /** What it costs on the call counter; default 1. */
  readonly cost?: number;
  run(call: SpotCall): unknown;
}

export const invalid = (name: string) => new Refusal(`EGeneral:Invalid arguments:${name}`);
export const unixSeconds = (millis: number | undefined) => String(Math.floor((millis ?? 0) / 1000));
