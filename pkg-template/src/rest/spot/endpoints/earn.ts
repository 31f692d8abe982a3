/**
 * Earn. Sources: docs.kraken.com, «Earn», with Kraken's own OpenAPI files (github.com/krakenfx/api-specs), November 2026; answers also from the
 * models of typed-kraken and kraken-async-rs. Where they disagree, the type is the wider one.
 */
import { type Endpoint, isTrue } from "../../endpoint.js";
import { type DecimalParam, type Known, read, write } from "./common.js";

export const earnRecords = /* @__PURE__ */ (() =>
  ({
    "Earn/Strategies": read(""),
    "Earn/Allocations": read("earn-funds|query-funds"),
    "Earn/AllocateStatus": read("earn-funds|query-funds"),
    "Earn/DeallocateStatus": read("earn-funds|query-funds"),
    "Earn/Allocate": write("earn-funds", isTrue),
    "Earn/Deallocate": write("earn-funds", isTrue),
  }) as const satisfies { [Name in keyof EarnEndpoints]: Endpoint })();

export interface EarnEndpoints {
  /** Strategies that the account may use. */
  "Earn/Strategies": { params: StrategiesParams; result: StrategiesResult };
  /** What is allocated, and was earned. */
  "Earn/Allocations": { params: AllocationsParams; result: AllocationsResult };
  "Earn/AllocateStatus": { params: StrategyParams; result: PendingResult | null };
  "Earn/DeallocateStatus": { params: StrategyParams; result: PendingResult | null };
  /** Begins to allocate: Earn/AllocateStatus tells when it is done. */
  "Earn/Allocate": { params: AllocateParams; result: boolean | null };
  /** Begins to take back: Earn/DeallocateStatus tells when it is done. */
  "Earn/Deallocate": { params: AllocateParams; result: boolean | null };
}

export interface StrategiesParams {
  readonly ascending?: boolean | undefined;
  readonly asset?: string | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly lock_type?: readonly ("flex" | "bonded" | "timed" | "instant")[] | undefined;
}

export interface StrategiesResult {
  items: Strategy[];
  /** `null` on the last page. */
  next_cursor?: string | null;
}

/** Fees are percentages: text, or a number where they are 0. */
export interface Strategy {
  id: string;
  asset: string;
  asset_class?: string;
  lock_type: StrategyLock;
  /** Percent in a year. */
  apr_estimate?: { low: string; high: string } | null;
  auto_compound?: { type: Known<"disabled" | "enabled" | "optional">; default?: boolean };
  can_allocate: boolean;
  can_deallocate: boolean;
  allocation_fee?: string | number;
  deallocation_fee?: string | number;
  /** Why the account may not allocate. */
  allocation_restriction_info?: string[];
  /** The most that one may allocate. */
  user_cap?: string | null;
  user_min_allocation?: string | null;
  yield_source?: { type: Known<"staking" | "off_chain" | "opt_in_rewards"> };
}

/** Spans are seconds. */
export interface StrategyLock {
  type: Known<"flex" | "bonded" | "timed" | "instant">;
  payout_frequency?: number;
  bonding_period?: number;
  bonding_period_variable?: boolean;
  bonding_rewards?: boolean;
  exit_queue_period?: number;
  unbonding_period?: number;
  unbonding_period_variable?: boolean;
  unbonding_rewards?: boolean;
}

export interface AllocationsParams {
  readonly ascending?: boolean | undefined;
  /** The asset of the amounts called `converted`; USD by default. */
  readonly converted_asset?: string | undefined;
  readonly hide_zero_allocations?: boolean | undefined;
}

/** Totals are in the converted asset. */
export interface AllocationsResult {
  converted_asset: string;
  converted_asset_class?: string;
  total_allocated: string;
  total_rewarded: string;
  next_cursor?: string | null;
  items: Allocation[];
}

/** An amount in its own asset, and in the converted one. */
export interface EarnAmount {
  native: string;
  converted: string;
}

export interface Allocation {
  strategy_id: string;
  native_asset: string;
  asset_class?: string;
  is_utilized?: boolean;
  amount_allocated: AllocatedAmount;
  total_rewarded: EarnAmount;
  /** The payout that is under way. */
  payout?: AllocationPayout | null;
}

export interface AllocatedAmount {
  total: EarnAmount;
  bonding?: AllocationState | null;
  exit_queue?: AllocationState | null;
  unbonding?: AllocationState | null;
  /** Negative where it is taken back. */
  pending?: EarnAmount | null;
}

export interface AllocationState extends EarnAmount {
  allocation_count: number;
  /** Times are RFC 3339. */
  allocations: (EarnAmount & { created_at: string; expires: string })[];
}

/** Times are RFC 3339. */
export interface AllocationPayout {
  period_start: string;
  period_end: string;
  accumulated_reward: EarnAmount;
  estimated_reward: EarnAmount;
}

export interface StrategyParams {
  readonly strategy_id: string;
}

export interface PendingResult {
  pending: boolean;
}

export interface AllocateParams {
  readonly strategy_id: string;
  readonly amount: DecimalParam;
}
