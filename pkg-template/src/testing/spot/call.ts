/** A Spot endpoint, and the call that it receives. */

import { judgeDeadline } from "../parameters/deadline.js";
import type { KeyRecord, SpotPermission } from "../keys.js";
import type { TradingCounter } from "../limits.js";
import type { Asset } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import type { SpotAccount } from "./account.js";
import type { TokenStore } from "./tokens.js";

/** A call, with everything that an endpoint may use. */
export interface SpotCall {
  readonly params: Params;
  readonly pathname: string;
  /** Whether the body came as JSON. */
  readonly json: boolean;
  /** The authenticated key. Public endpoints have none. */
  readonly key: KeyRecord | undefined;
  /** The time of execution, in milliseconds since 1970. */
  readonly now: number;
  /** The time of arrival, which is before `now` if the call had to wait. */
  readonly arrivedAt: number;
  /** The minimum time between arrival and deadline, in milliseconds. */
  readonly leastAhead: number;
  readonly account: SpotAccount;
  readonly counter: TradingCounter;
  readonly tokens: TokenStore;
  readonly toFuturesWallet: (asset: Asset, amount: bigint) => void;
  /** A description of the execution, for the record of executions. */
  did?: string;
  /** Whether the call changed something, if that differs from the endpoint's `write`, as with `validate`. */
  write?: boolean;
}

export interface SpotEndpoint {
  /** The required permissions: all of `all`, and at least one of `any`. */
  readonly needs?: { readonly all?: readonly SpotPermission[]; readonly any?: readonly SpotPermission[] };
  /** Whether the endpoint changes something. */
  readonly write?: boolean;
  /** The amount that the call adds to the call counter. Default 1. */
  readonly cost?: number;
  run(call: SpotCall): unknown;
}

/** Rejects a call that the trading engine's counter does not allow. */
export function checkRate(allowed: boolean): void {
  if (!allowed) throw new Rejection("EOrder:Rate limit exceeded");
}

export const invalid = (name: string) => new Rejection(`EGeneral:Invalid arguments:${name}`);
/** Rejects a call without one of these parameters. */
export function checkPresent(params: Params, ...names: readonly string[]): void {
  for (const name of names) if (!text(params, name)) throw invalid(name);
}

export const unixSeconds = (millis: number | undefined) => String(Math.floor((millis ?? 0) / 1000));
/** Returns a time in RFC 3339 without milliseconds. */
export const wholeSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+/, "");

/** Enforces the parameter `deadline`. It is checked after the other arguments. */
export function checkDeadline({ params, arrivedAt, now, leastAhead }: SpotCall): void {
  const present = params["deadline"] !== undefined;
  const verdict = judgeDeadline(present ? (text(params, "deadline") ?? "") : undefined, arrivedAt, now, leastAhead);
  if (verdict === "wrong") throw invalid("deadline");
  if (verdict === "elapsed") throw new Rejection("EService:Deadline elapsed");
}
