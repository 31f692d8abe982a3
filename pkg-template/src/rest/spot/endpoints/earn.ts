/**
 * The endpoints of Earn. Sources: docs.kraken.com, "Earn", with Kraken's own OpenAPI files (github.com/krakenfx/api-specs), November 2026. Answers
 * are also from the models of typed-kraken and kraken-async-rs. If sources disagree, the type is the wider one.
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
  /** Returns the strategies that the account may use. */
  "Earn/Strategies": { params: StrategiesParams; result: StrategiesResult };
  /** Returns allocations and rewards. */
  "Earn/Allocations": { params: AllocationsParams; result: AllocationsResult };
  /** Returns whether the last allocation is still in progress; `null` if there was none. */
  "Earn/AllocateStatus": { params: StrategyParams; result: PendingResult | null };
  /** Returns whether the last deallocation is still in progress; `null` if there was none. */
  "Earn/DeallocateStatus": { params: StrategyParams; result: PendingResult | null };
  /** Starts an allocation. Earn/AllocateStatus shows when it is done. */
  "Earn/Allocate": { params: AllocateParams; result: boolean | null };
  /** Starts a deallocation. Earn/DeallocateStatus shows when it is done. */
  "Earn/Deallocate": { params: AllocateParams; result: boolean | null };
}

export interface StrategiesParams {
  /** Whether to sort in ascending order. */
  readonly ascending?: boolean | undefined;
  /** The asset of the strategies. */
  readonly asset?: string | undefined;
  /** The `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** The maximum number of rows in a page. */
  readonly limit?: number | undefined;
  /** The lock types of the strategies. */
  readonly lock_type?: readonly ("flex" | "bonded" | "timed" | "instant")[] | undefined;
}

export interface StrategiesResult {
  /** The rows. */
  items: Strategy[];
  /** The cursor of the next page; `null` on the last page. */
  next_cursor?: string | null;
}

/** A strategy. */
export interface Strategy {
  /** The id of the strategy, for `Earn/Allocate`. */
  id: string;
  /** The asset. */
  asset: string;
  /** The class of the asset. */
  asset_class?: string;
  /** The lock of allocations. */
  lock_type: StrategyLock;
  /** The estimated annual rate, in percent. */
  apr_estimate?: {
    /** The lower end of the estimate, in percent. */
    low: string;
    /** The upper end of the estimate, in percent. */
    high: string;
  } | null;
  /** Whether rewards are allocated again. */
  auto_compound?: {
    /** Whether rewards are allocated again, or whether the account can choose. */
    type: Known<"disabled" | "enabled" | "optional">;
    /** The setting if the account has not chosen. */
    default?: boolean;
  };
  /** Whether the account may allocate. */
  can_allocate: boolean;
  /** Whether the account may deallocate. */
  can_deallocate: boolean;
  /** The fee for an allocation. Kraken does not document its unit, and all published answers have 0: text such as `"0.0000"`, or a number. */
  allocation_fee?: string | number;
  /** The fee for a deallocation, as `allocation_fee`. */
  deallocation_fee?: string | number;
  /** The reasons why the account may not allocate. */
  allocation_restriction_info?: string[];
  /** The maximum that an account may allocate. */
  user_cap?: string | null;
  /** The minimum amount of an allocation, in USD according to the documentation. */
  user_min_allocation?: string | null;
  /** The source of the rewards. */
  yield_source?: {
    /** The kind of the source. */
    type: Known<"staking" | "off_chain" | "opt_in_rewards">;
  };
}

/** The lock of a strategy. Periods are in seconds. */
export interface StrategyLock {
  /** The type of the lock. */
  type: Known<"flex" | "bonded" | "timed" | "instant">;
  /** The time between rewards, in seconds. */
  payout_frequency?: number;
  /** The time until an allocation earns rewards, in seconds. */
  bonding_period?: number;
  /** Whether the bonding period varies. */
  bonding_period_variable?: boolean;
  /** Whether an allocation earns rewards while it is bonding. */
  bonding_rewards?: boolean;
  /** The time in the exit queue before deallocation starts, in seconds. */
  exit_queue_period?: number;
  /** The time until a deallocation is done, in seconds. */
  unbonding_period?: number;
  /** Whether the unbonding period varies. */
  unbonding_period_variable?: boolean;
  /** Whether an allocation earns rewards while it is unbonding. */
  unbonding_rewards?: boolean;
}

export interface AllocationsParams {
  /** Whether to sort in ascending order. */
  readonly ascending?: boolean | undefined;
  /** The asset of the amounts called `converted`. Default: USD. */
  readonly converted_asset?: string | undefined;
  /** Whether to leave out strategies without an allocation. */
  readonly hide_zero_allocations?: boolean | undefined;
}

/** The account's allocations. Totals are in the converted asset. */
export interface AllocationsResult {
  /** The asset of the `converted` amounts. */
  converted_asset: string;
  /** The class of the converted asset. */
  converted_asset_class?: string;
  /** The total of all allocations. */
  total_allocated: string;
  /** The total of all rewards. */
  total_rewarded: string;
  /** The cursor of the next page; none on the last page. */
  next_cursor?: string | null;
  /** The rows. */
  items: Allocation[];
}

/** An amount in its own asset and in the converted asset. */
export interface EarnAmount {
  /** The amount in its own asset. */
  native: string;
  /** The amount in the converted asset. */
  converted: string;
}

export interface Allocation {
  /** The id of the strategy. */
  strategy_id: string;
  /** The allocated asset. */
  native_asset: string;
  /** The class of the asset. */
  asset_class?: string;
  /** Whether the allocation backs something else. */
  is_utilized?: boolean;
  /** The allocated amount, by its state. */
  amount_allocated: AllocatedAmount;
  /** The total of all rewards. */
  total_rewarded: EarnAmount;
  /** The current payout. */
  payout?: AllocationPayout | null;
}

export interface AllocatedAmount {
  /** The total of all states. */
  total: EarnAmount;
  /** The amount that does not earn rewards yet. */
  bonding?: AllocationState | null;
  /** The amount in the exit queue. */
  exit_queue?: AllocationState | null;
  /** The amount that is being returned. */
  unbonding?: AllocationState | null;
  /** The amount that is in transit, negative for a deallocation. */
  pending?: EarnAmount | null;
}

export interface AllocationState extends EarnAmount {
  /** The number of allocations in this state. */
  allocation_count: number;
  /** The allocations. Times are RFC 3339. */
  allocations: (EarnAmount & {
    /** The time of the allocation, RFC 3339. */
    created_at: string;
    /** The time when the allocation leaves this state, RFC 3339. */
    expires: string;
  })[];
}

/** A payout. Times are RFC 3339. */
export interface AllocationPayout {
  /** The start of the period, RFC 3339. */
  period_start: string;
  /** The end of the period, RFC 3339. */
  period_end: string;
  /** The reward of this period so far. */
  accumulated_reward: EarnAmount;
  /** The expected reward of the whole period. */
  estimated_reward: EarnAmount;
}

export interface StrategyParams {
  /** The id of the strategy. */
  readonly strategy_id: string;
}

export interface PendingResult {
  /** Whether the allocation or deallocation is still in progress. */
  pending: boolean;
}

export interface AllocateParams {
  /** The id of the strategy. */
  readonly strategy_id: string;
  /** The amount, in units of the strategy's asset. */
  readonly amount: DecimalParam;
}
