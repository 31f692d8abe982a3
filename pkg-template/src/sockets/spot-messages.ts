// The known messages of Kraken's Spot WebSocket v2. Types only. Source: docs.kraken.com, Spot WebSocket v2, November 2026.
// Decimals in messages are JSON numbers. Times are RFC 3339.

import type {
  BookReport,
  BookSubscription,
  InstrumentReport,
  InstrumentSubscription,
  Level3Report,
  Level3Subscription,
  OhlcReport,
  OhlcSubscription,
  StatusReport,
  TickerReport,
  TickerSubscription,
  TradeReport,
  TradeSubscription,
} from "./spot-market.js";

/** The name of a channel: a known one, or any other text. */
export type SpotChannel = keyof SpotSubscriptions | (string & {});

/** Parameters of the known channels, except `channel` and `token`. */
export interface SpotSubscriptions {
  executions: ExecutionsSubscription;
  balances: BalancesSubscription;
  ticker: TickerSubscription;
  trade: TradeSubscription;
  book: BookSubscription;
  level3: Level3Subscription;
  ohlc: OhlcSubscription;
  instrument: InstrumentSubscription;
}

/** Parameters of a channel. An unknown channel accepts any. */
export type SpotSubscriptionOf<C> = C extends keyof SpotSubscriptions ? SpotSubscriptions[C] : SpotSubscription;

/** Parameters of `executions`. */
export interface ExecutionsSubscription {
  /** Whether the snapshot includes open orders. Default: true. */
  readonly snap_orders?: boolean | undefined;
  /** Whether the snapshot includes the last 50 fills. Default: false. */
  readonly snap_trades?: boolean | undefined;
  /** Whether every change of an order's status is reported. Default: true. */
  readonly order_status?: boolean | undefined;
  /** Whether messages include the trading engine's rate counter. */
  readonly ratecounter?: boolean | undefined;
  /** Whether quantities of tokenized assets are those of the underlying share. Default: true. */
  readonly rebased?: boolean | undefined;
  /** `all` includes subaccounts. There is no snapshot then. */
  readonly users?: "all" | undefined;
}

/** Parameters of `balances`. */
export interface BalancesSubscription {
  /** Whether a snapshot comes first. Default: true. */
  readonly snapshot?: boolean | undefined;
  /** Whether quantities of tokenized assets are those of the underlying share. Default: true. */
  readonly rebased?: boolean | undefined;
  /** `all` includes subaccounts. There is no snapshot then. */
  readonly users?: "all" | undefined;
}

/** Parameters of any subscription, except `channel` and `token`. */
export interface SpotSubscription {
  /** The pairs, such as `["BTC/USD"]`. */
  readonly symbol?: readonly string[] | undefined;
  /** Whether a snapshot comes first. */
  readonly snapshot?: boolean | undefined;
  readonly [name: string]: unknown;
}

/** A change of one order. Its fields depend on `exec_type`. */
export interface ExecutionReport {
  readonly exec_type:
    | "pending_new"
    | "new"
    | "trade"
    | "filled"
    | "iceberg_refill"
    | "canceled"
    | "expired"
    | "amended"
    | "restated"
    | "status"
    | (string & {});
  readonly order_id: string;
  readonly order_status?: "pending_new" | "new" | "partially_filled" | "filled" | "canceled" | "expired" | (string & {});
  readonly cl_ord_id?: string;
  readonly order_userref?: number;
  readonly symbol?: string;
  readonly side?: "buy" | "sell";
  readonly order_type?: string;
  readonly order_qty?: number;
  readonly limit_price?: number;
  readonly cum_qty?: number;
  readonly cum_cost?: number;
  readonly avg_price?: number;
  /** The trade's id. Only trades have one. */
  readonly exec_id?: string;
  /** The trade's number. A `bigint` where a number does not hold it exactly. */
  readonly trade_id?: number | bigint;
  readonly last_qty?: number;
  readonly last_price?: number;
  readonly cost?: number;
  readonly fees?: readonly { readonly asset: string; readonly qty: number }[];
  /** The liquidity: `m` for maker, `t` for taker. */
  readonly liquidity_ind?: "m" | "t";
  readonly reason?: string;
  readonly timestamp?: string;
  readonly [name: string]: unknown;
}

/** One asset. A snapshot has its balance and wallets, and an update has the ledger entry and the new balance. */
export interface BalanceReport {
  readonly asset: string;
  readonly asset_class?: string;
  readonly balance: number;
  readonly wallets?: readonly { readonly type: string; readonly id: string; readonly balance: number }[];
  readonly ledger_id?: string;
  readonly ref_id?: string;
  readonly type?: string;
  readonly amount?: number;
  readonly fee?: number;
  readonly wallet_type?: string;
  readonly wallet_id?: string;
  readonly timestamp?: string;
  readonly [name: string]: unknown;
}

interface Report<Channel, Data> {
  readonly channel: Channel;
  readonly type: "snapshot" | "update";
  readonly data: readonly Data[];
}
interface Instruments {
  readonly channel: "instrument";
  readonly type: "snapshot" | "update";
  /** An object, not a list. */
  readonly data: InstrumentReport;
}
interface Numbered {
  /** The number of the message in its subscription. */
  readonly sequence: number;
}

/** A message of a channel without a type of its own. */
export interface OtherMessage {
  /** Any other name. `~other` exists only in the type, because TypeScript could not tell plain text from the known channels. */
  readonly channel: `${string}~other`;
  readonly type?: string;
  readonly data?: unknown;
  readonly [name: string]: unknown;
}

/** A message of a channel. */
export type SpotMessage =
  | (Report<"executions", ExecutionReport> & Numbered)
  | (Report<"balances", BalanceReport> & Numbered)
  | Report<"ticker", TickerReport>
  | Report<"trade", TradeReport>
  | Report<"book", BookReport>
  | Report<"level3", Level3Report>
  | Report<"ohlc", OhlcReport>
  | Instruments
  | Report<"status", StatusReport>
  | OtherMessage;
