/** The state that the products of one exchange share. */

import type { KeyRecord } from "./keys.js";
import type { Lockout, RateCounter, TradingCounter } from "./limits.js";
import type { Assumptions } from "./options.js";

export interface Shared {
  /** The exchange's clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Every key, by its public half. */
  readonly keys: ReadonlyMap<string, KeyRecord>;
  /** Whether unknown parameters are ignored. */
  readonly lenient: boolean;
  readonly assumptions: Assumptions;
  readonly lockout: Lockout;
  readonly rateCounter: RateCounter;
  readonly tradingCounter: TradingCounter;
}
