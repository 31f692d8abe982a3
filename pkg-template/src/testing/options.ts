/** What an exchange can be made with. */

import type { LockoutOptions, RateLimitOptions } from "./limits.js";
import type { ReceivedRequest } from "./records.js";
import type { SocketSettings } from "./socket/hub.js";
import type { Timers } from "./http/waiting.js";

/**
 * What is not known of Kraken, and what the exchange does about it. A client is right only if it is right either way, so tests should
 * try both. All are false by default.
 */
export interface Assumptions {
  /** A code of an authenticator app is accepted once only, for every key; `otp.singleUse` says so for one. */
  readonly singleUse?: boolean;
  /** The nonce is judged and used up before signature and OTP are, so that a request refused for these has used it up too. */
  readonly nonceFirst?: boolean;
  /** The call counter comes before the nonce, so that a request refused for its rate has not used it up. */
  readonly rateFirst?: boolean;
  /**
   * In `executions`, the trade that completes an order says `order_status: "filled"`, as answers recorded by others do. By Kraken's page it says
   * `partially_filled`, and the message after it, `exec_type: "filled"`, tells that the order is complete; either way that message comes.
   */
  readonly completingTradeFilled?: boolean;
}

/** Options of {@link Exchange}; every one has a default. */
export interface ExchangeOptions {
  /** The exchange's clock, in milliseconds since 1970: expiry, OTP, deadlines, tokens, limits and time stamps. Default `Date.now`. */
  readonly now?: () => number;
  /** What lets time pass between sending and arrival, for faults and heartbeats; default the runtime's own. For simulated time. */
  readonly timers?: Timers;
  /** Milliseconds that pass between sending and arrival, asked anew for each request: the network's jitter. Default none. */
  readonly arrivalDelay?: () => number;
  /** A call counter per key; default none. */
  readonly rateLimit?: RateLimitOptions;
  /** When repeated invalid keys lock an address out. Default after 10, for 15 minutes. */
  readonly lockout?: LockoutOptions;
  /** Seconds a WebSocket token lives; default 900. */
  readonly tokenLifetime?: number;
  /** Heartbeat and limits of the WebSockets. Default those of Kraken. */
  readonly sockets?: SocketSettings;
  /** What the Spot account owns at first, by Kraken's asset names, such as `{ ZUSD: "1000", XXBT: "2" }`. Default: plenty. */
  readonly balances?: Readonly<Record<string, string>>;
  /**
   * Last trade prices, by pair or Futures symbol; these replace the built-in ones, which are the default. Without a book, market orders are filled at
   * them.
   */
  readonly prices?: Readonly<Record<string, string>>;
  /**
   * Makes order books around the last prices, the same ones for the same number, so that orders are matched. Default none: market orders are
   * filled at the last price, and all others rest until {@link Exchange.fill} or {@link ExchangeMarket.trade} comes to them.
   */
  readonly seed?: number;
  /**
   * Take parameters that an endpoint does not know, and ignore them, as Kraken may do. Default false: a name that is wrong is refused
   * (`EGeneral:Invalid arguments:<name>`, `invalidArgument`), since it would otherwise lose its meaning in silence.
   */
  readonly lenient?: boolean;
  /**
   * How many rows are remembered of each kind of what is over: requests and executions, closed orders, trades, fills, ledger entries, amendments of
   * an order, WebSocket tokens and connections, what a connection received, public trades and candles; at least so many, and less than
   * twice as many. The oldest are forgotten, and are unknown then as if they had never been. Open orders, balances, positions and used nonces never
   * are. Default `Infinity`: a test can look back at everything that it has done. For exchanges that run for long, 10,000 is plenty.
   */
  readonly history?: number;
  /** Called with each request once it has been dealt with, as it is added to {@link Exchange.requests}. Default none. */
  readonly onRequest?: (request: ReceivedRequest) => void;
  /** What is not known of Kraken. All of them are `false` by default. */
  readonly assumptions?: Assumptions;
}
