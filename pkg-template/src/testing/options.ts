/** The options of an exchange. */

import type { LockoutOptions, RateLimitOptions, Tier } from "./limits.js";
import type { ReceivedRequest } from "./records.js";
import type { SocketSettings } from "./socket/hub.js";
import type { Timers } from "./http/waiting.js";

/**
 * Behavior of Kraken that is not known. Each setting chooses the other possibility. A correct client works with both, so tests should try both. All
 * are `false` by default.
 */
export interface Assumptions {
  /** Accepts a code of an authenticator app only once, for every key. `otp.singleUse` does the same for one key. */
  readonly singleUse?: boolean;
  /** Checks and uses up the nonce before the signature and the OTP are checked. A request that is rejected for those has then used up its nonce. */
  readonly nonceFirst?: boolean;
  /** Checks the call counter before the nonce. A request that is rejected for its rate has then not used up its nonce. */
  readonly rateFirst?: boolean;
  /**
   * Rejects CancelOrder (`EOrder:Rate limit exceeded`) if it would raise the trading engine's counter above its limit. Kraken documents only that it
   * accepts CancelOrderBatch then.
   */
  readonly limitsCancels?: boolean;
  /**
   * Lowers the counters of {@link ExchangeOptions.rateLimit} in steps: the trading engine's once per second, and the call counter when a whole call
   * has decayed. Kraken's documentation can be read both ways.
   */
  readonly steppedDecay?: boolean;
  /**
   * Sends `order_status: "filled"` with the trade that completes an order in `executions`, as in answers that others recorded. Kraken's documentation
   * says `partially_filled`. In both cases, the next message says that the order is complete (`exec_type: "filled"`).
   */
  readonly completingTradeFilled?: boolean;
}

/** The names of the assumptions, for a check. */
export const ASSUMPTIONS: readonly (keyof Assumptions)[] = [
  "singleUse",
  "nonceFirst",
  "rateFirst",
  "limitsCancels",
  "steppedDecay",
  "completingTradeFilled",
];

/** A withdrawal address of the account. */
export interface WithdrawAddressOptions {
  /** The asset, by Kraken's name or a common one, such as `XBT`. */
  readonly asset: string;
  /** The owner's name for the address. */
  readonly key: string;
  /** The address. */
  readonly address: string;
  /** Whether the owner has confirmed the address. Default `true`. */
  readonly verified?: boolean;
  /** The fee of a withdrawal to it, in units of the asset. It is a part of the amount. Default `"0"`. */
  readonly fee?: string;
}

/** Options of {@link Exchange}. Every option has a default. */
export interface ExchangeOptions {
  /** The clock of the exchange, in milliseconds since 1970, for expiry, OTPs, deadlines, tokens, limits and timestamps. Default `Date.now`, also a fake one. */
  readonly now?: () => number;
  /**
   * The timers for delays between sending and arrival, for faults and for heartbeats. Replace them to simulate time. Default: those of the runtime.
   */
  readonly timers?: Timers;
  /** Returns the milliseconds between sending and arrival. It is called for each request, to simulate the jitter of a network. Default: no delay. */
  readonly arrivalDelay?: () => number;
  /**
   * The rate limits of a tier of accounts, or numbers: a call counter for each key (`EAPI:Rate limit exceeded`, also for Futures: `apiLimitExceeded`),
   * and a counter of the trading engine for each pair, with the amounts for young orders (`EOrder:Rate limit exceeded`). Default: none.
   */
  readonly rateLimit?: RateLimitOptions | Tier;
  /** The number of invalid keys after which an address is locked out, and for how long. Default: 10 keys, 15 minutes. */
  readonly lockout?: LockoutOptions;
  /** The lifetime of a WebSocket token, in seconds. Default 900. */
  readonly tokenLifetime?: number;
  /** The heartbeat and limits of the WebSockets. Default: those of Kraken. */
  readonly sockets?: SocketSettings;
  /** The initial balances of the Spot account, by the names of assets, such as `{ ZUSD: "1000", XXBT: "2" }` or `{ USD: "1000", XBT: "2" }`. Default: plenty of each. */
  readonly balances?: Readonly<Record<string, string>>;
  /**
   * The withdrawal addresses of the Spot account, as WithdrawAddresses shows them, and the fee of each. With addresses, Withdraw rejects every other `key`,
   * an address that is not verified, and a fee above `max_fee`. Default: none, and any `key` is accepted.
   */
  readonly withdrawAddresses?: readonly WithdrawAddressOptions[];
  /**
   * The initial last prices, by any name of a pair or by Futures symbol, each a multiple of the tick size. They replace the built-in prices, which are the default. Without a book, market orders are filled at the last price.
   */
  readonly prices?: Readonly<Record<string, string>>;
  /**
   * Creates order books around the last prices, so that orders are matched. The same number creates the same books. Default: no books. Market orders
   * are then filled at the last price, and all others rest until {@link Exchange.fill} or {@link ExchangeMarket.trade} fills them.
   */
  readonly seed?: number;
  /**
   * Ignores parameters that an endpoint does not know, as Kraken may do. Default `false`: an unknown name is rejected
   * (`EGeneral:Invalid arguments:<name>`, `invalidArgument`), because a misspelled parameter would otherwise have no effect.
   */
  readonly lenient?: boolean;
  /**
   * The minimum number of past rows of each kind that are kept: requests and executions, closed orders, trades, fills, ledger entries, amendments of
   * an order, WebSocket tokens and connections, messages that a connection received, public trades and candles. Fewer than twice as many are kept.
   * The oldest are forgotten, and are unknown from then on. Open orders, balances, positions and used nonces are never forgotten. Default `Infinity`:
   * a test can look back at everything that it has done. For exchanges that run for a long time, 10,000 is enough.
   */
  readonly history?: number;
  /** Called with each request when it has been handled, as it is added to {@link Exchange.requests}. Default: none. */
  readonly onRequest?: (request: ReceivedRequest) => void;
  /** Choices where Kraken's behavior is not known. All are `false` by default. */
  readonly assumptions?: Assumptions;
}

/** The names of the options, for a check. */
export const EXCHANGE_OPTIONS: readonly (keyof ExchangeOptions)[] = [
  "now",
  "timers",
  "arrivalDelay",
  "rateLimit",
  "lockout",
  "tokenLifetime",
  "sockets",
  "balances",
  "withdrawAddresses",
  "prices",
  "seed",
  "lenient",
  "history",
  "onRequest",
  "assumptions",
];
