// The option `rateLimit`. Source: docs.kraken.com, "Spot REST Rate Limits" and "Spot Trading Limits", November 2026.
import { checkNames, described } from "../checks.js";
import { need } from "../errors.js";
import { property } from "./endpoint.js";
import { shownName } from "./endpoint-name.js";

/** A counter: calls raise it, and time lowers it. */
export interface RateCounter {
  /** The highest value that Kraken accepts. */
  readonly max: number;
  /** The amount by which the counter decreases per second. */
  readonly decay: number;
}

/** The rate limits of a key: those of an account's tier, or numbers of your own, for example a share of them. */
export type RateLimit =
  | "starter"
  | "intermediate"
  | "pro"
  | (RateCounter & {
      /** The counter that the trading engine has for each pair. Default: none, so that only the call counter is kept. */
      readonly trading?: RateCounter | undefined;
    });

/** The counters of a key. */
export interface Limits {
  /** The call counter. */
  readonly calls: RateCounter;
  /** The counter of the trading engine for each pair. */
  readonly trading: RateCounter | undefined;
}

const TIERS: Readonly<Record<string, Limits>> = {
  starter: { calls: { max: 15, decay: 0.33 }, trading: { max: 60, decay: 1 } },
  intermediate: { calls: { max: 20, decay: 0.5 }, trading: { max: 125, decay: 2.34 } },
  pro: { calls: { max: 20, decay: 1 }, trading: { max: 180, decay: 3.75 } },
};

function checkCounter(name: string, counter: unknown): void {
  for (const part of ["max", "decay"]) {
    const value = property(counter, part);
    need(
      typeof value === "number" && value >= 1e-9 && value <= 1e9,
      `Invalid \`${name}\`: expected a tier ("starter", "intermediate" or "pro") or numbers from 1e-9 to 1e9, such as { max: 20, decay: 1 }, ` +
        `got ${typeof counter === "string" ? shownName(counter) : described(counter)}.`,
    );
  }
}

/** Checks the option `rateLimit`. */
export function checkRateLimit(limit: RateLimit | undefined): void {
  if (limit === undefined || (typeof limit === "string" && Object.hasOwn(TIERS, limit))) return;
  checkCounter("rateLimit", limit);
  checkNames("rateLimit", limit, ["max", "decay", "trading"]);
  const { trading } = limit as { readonly trading?: unknown };
  if (trading === undefined) return;
  checkCounter("rateLimit.trading", trading);
  checkNames("rateLimit.trading", trading, ["max", "decay"]);
}

/** Returns the counters that the option stands for. They are a copy, because the caller may change the object later. */
export const limitsOf = (limit: RateLimit): Limits =>
  typeof limit === "string" ? TIERS[limit]! : { calls: { ...limit }, trading: limit.trading && { ...limit.trading } };
