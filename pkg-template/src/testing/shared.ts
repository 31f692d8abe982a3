/** What the products of one exchange have in common. */

import type { KeyRecord } from "./keys.js";
import type { Lockout, RateCounter } from "./limits.js";

export interface Shared {
  /** The exchange's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Every key, by its public half. */
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly lockout: Lockout;
  readonly rateCounter: RateCounter;
}
