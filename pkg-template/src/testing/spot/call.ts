/** What a Spot endpoint is, and what it gets to see. */

import { judgeDeadline } from "../parameters/deadline.js";
import type { KeyRecord, SpotPermission } from "../keys.js";
import type { Asset } from "../market/market.js";
import { Refusal } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import type { SpotAccount } from "./account.js";
import type { TokenStore } from "./tokens.js";

/** Everything an endpoint may look at. */
export interface SpotCall {
  readonly params: Params;
  readonly pathname: string;
  /** The body came as JSON. */
  readonly json: boolean;
  /** The authenticated key; absent for public endpoints. */
  readonly key: KeyRecord | undefined;
  /** When it is carried out, in milliseconds since 1970. */
  readonly now: number;
  /** When it arrived; earlier than `now` if it had to wait. */
  readonly arrivedAt: number;
  /** How far ahead a deadline must have been on arrival, in milliseconds. */
  readonly leastAhead: number;
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
/** RFC 3339 without milliseconds. */
export const wholeSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+/, "");

/** Enforces the request's own `deadline`, once its other arguments are right. */
export function checkDeadline({ params, arrivedAt, now, leastAhead }: SpotCall): void {
  const present = params["deadline"] !== undefined;
  const verdict = judgeDeadline(present ? (text(params, "deadline") ?? "") : undefined, arrivedAt, now, leastAhead);
  if (verdict === "wrong") throw invalid("deadline");
  if (verdict === "elapsed") throw new Refusal("EService:Deadline elapsed");
}
