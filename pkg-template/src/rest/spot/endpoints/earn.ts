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
    "Earn/Allocate": write("earn-funds", isTrue, { shownBy: ["Earn/Allocations", "Ledgers"] }),
    "Earn/Deallocate": write("earn-funds", isTrue, { shownBy: ["Earn/Allocations", "Ledgers"] }),
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
  /** Whether the first one comes first. */
  readonly ascending?: boolean | undefined;
  /** Only strategies for this asset. */
  readonly asset?: string | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** At most so many. */
  readonly limit?: number | undefined;
  /** Only strategies of these kinds. */
  readonly lock_type?: readonly ("flex" | "bonded" | "timed" | "instant")[] | undefined;
}

export interface StrategiesResult {
  /** The rows. */
  items: Strategy[];
  /** `null` on the last page. */
  next_cursor?: string | null;
}

/** Fees are percentages: text, or a number where they are 0. */
export interface Strategy {
  /** For `Earn/Allocate`. */
  id: string;
  /** The asset. */
  asset: string;
  /** Which kind of asset it is. */
  asset_class?: string;
  /** How long what is allocated stays. */
  lock_type: StrategyLock;
  /** Percent in a year. */
  apr_estimate?: { low: string; high: string } | null;
  /** Whether rewards are allocated again. */
  auto_compound?: { type: Known<"disabled" | "enabled" | "optional">; default?: boolean };
  /** Whether the account may allocate. */
  can_allocate: boolean;
  /** Whether the account may take out. */
  can_deallocate: boolean;
  /** A fraction. */
  allocation_fee?: string | number;
  /** A fraction. */
  deallocation_fee?: string | number;
  /** Why the account may not allocate. */
  allocation_restriction_info?: string[];
  /** The most that one may allocate. */
  user_cap?: string | null;
  /** The least that can be allocated. */
  user_min_allocation?: string | null;
  /** Where rewards come from. */
  yield_source?: { type: Known<"staking" | "off_chain" | "opt_in_rewards"> };
}

/** Spans are seconds. */
export interface StrategyLock {
  /** Which kind it is. */
  type: Known<"flex" | "bonded" | "timed" | "instant">;
  /** Seconds between rewards. */
  payout_frequency?: number;
  /** Seconds until it earns. */
  bonding_period?: number;
  /** Whether that changes. */
  bonding_period_variable?: boolean;
  /** Whether it earns meanwhile. */
  bonding_rewards?: boolean;
  /** Seconds in the queue before it can be taken out. */
  exit_queue_period?: number;
  /** Seconds until it is back. */
  unbonding_period?: number;
  /** Whether that changes. */
  unbonding_period_variable?: boolean;
  /** Whether it earns meanwhile. */
  unbonding_rewards?: boolean;
}

export interface AllocationsParams {
  /** Whether the first one comes first. */
  readonly ascending?: boolean | undefined;
  /** The asset of the amounts called `converted`; USD by default. */
  readonly converted_asset?: string | undefined;
  /** Leaves out what has nothing allocated. */
  readonly hide_zero_allocations?: boolean | undefined;
}

/** Totals are in the converted asset. */
export interface AllocationsResult {
  /** In which `converted` is counted. */
  converted_asset: string;
  /** Its class. */
  converted_asset_class?: string;
  /** All that is allocated. */
  total_allocated: string;
  /** All that was earned. */
  total_rewarded: string;
  /** For the next page; none on the last one. */
  next_cursor?: string | null;
  /** The rows. */
  items: Allocation[];
}

/** An amount in its own asset, and in the converted one. */
export interface EarnAmount {
  /** In the asset itself. */
  native: string;
  /** In the asset that was asked for. */
  converted: string;
}

export interface Allocation {
  /** The strategy's id. */
  strategy_id: string;
  /** The asset that is allocated. */
  native_asset: string;
  /** Which kind of asset it is. */
  asset_class?: string;
  /** Whether it backs something else. */
  is_utilized?: boolean;
  /** Where the amount is. */
  amount_allocated: AllocatedAmount;
  /** All that was earned. */
  total_rewarded: EarnAmount;
  /** The payout that is under way. */
  payout?: AllocationPayout | null;
}

export interface AllocatedAmount {
  /** All of it. */
  total: EarnAmount;
  /** Not earning yet. */
  bonding?: AllocationState | null;
  /** Waiting to be taken out. */
  exit_queue?: AllocationState | null;
  /** On its way back. */
  unbonding?: AllocationState | null;
  /** Negative where it is taken back. */
  pending?: EarnAmount | null;
}

export interface AllocationState extends EarnAmount {
  /** How many there are. */
  allocation_count: number;
  /** Times are RFC 3339. */
  allocations: (EarnAmount & { created_at: string; expires: string })[];
}

/** Times are RFC 3339. */
export interface AllocationPayout {
  /** RFC 3339. */
  period_start: string;
  /** RFC 3339. */
  period_end: string;
  /** Earned in this period so far. */
  accumulated_reward: EarnAmount;
  /** Expected for the whole period. */
  estimated_reward: EarnAmount;
}

export interface StrategyParams {
  /** The strategy's id. */
  readonly strategy_id: string;
}

export interface PendingResult {
  /** Whether it is still being worked on. */
  pending: boolean;
}

export interface AllocateParams {
  /** The strategy's id. */
  readonly strategy_id: string;
  /** In the strategy's asset. */
  readonly amount: DecimalParam;
}
