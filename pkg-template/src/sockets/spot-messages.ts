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
  /** The account's orders and trades. Private. */
  executions: ExecutionsSubscription;
  /** The account's balances. Private. */
  balances: BalancesSubscription;
  /** The best prices, and the last 24 hours. */
  ticker: TickerSubscription;
  /** Trades of a pair. */
  trade: TradeSubscription;
  /** The order book, aggregated by price. OrderBook maintains it. */
  book: BookSubscription;
  /** The order book with single orders. Private. */
  level3: Level3Subscription;
  /** Candles. */
  ohlc: OhlcSubscription;
  /** Assets and pairs. */
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
  /** The reason for the report. */
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
  /** The id of the order. */
  readonly order_id: string;
  /** The status of the order. */
  readonly order_status?: "pending_new" | "new" | "partially_filled" | "filled" | "canceled" | "expired" | (string & {});
  /** The client order id. */
  readonly cl_ord_id?: string;
  /** The number of a group of orders. */
  readonly order_userref?: number;
  /** The pair, such as `BTC/USD`. */
  readonly symbol?: string;
  /** The side: buy or sell. */
  readonly side?: "buy" | "sell";
  /** The type of the order. */
  readonly order_type?: string;
  /** The quantity in the base asset. */
  readonly order_qty?: number;
  /** The limit price. */
  readonly limit_price?: number;
  /** The filled quantity in the base asset. */
  readonly cum_qty?: number;
  /** The cost of the filled quantity, in the quote asset. */
  readonly cum_cost?: number;
  /** The average price of the filled quantity. */
  readonly avg_price?: number;
  /** The trade's id. Only trades have one. */
  readonly exec_id?: string;
  /** The trade's number. A `bigint` where a number does not hold it exactly. */
  readonly trade_id?: number | bigint;
  /** The quantity of the trade, in the base asset. */
  readonly last_qty?: number;
  /** The price of the trade. */
  readonly last_price?: number;
  /** The cost of the trade, in the quote asset. */
  readonly cost?: number;
  /** The fees of the trade, each in its asset. */
  readonly fees?: readonly { readonly asset: string; readonly qty: number }[];
  /** The liquidity: `m` for maker, `t` for taker. */
  readonly liquidity_ind?: "m" | "t";
  /** The reason for a change that was not asked for. */
  readonly reason?: string;
  /** The time of the event. */
  readonly timestamp?: string;
  /** The lifetime of the order, such as `GTC`. */
  readonly time_in_force?: string;
  /** The reason why the order was canceled. */
  readonly cancel_reason?: string;
  /** The fees of the order so far, in USD. */
  readonly fee_usd_equiv?: number;
  readonly [name: string]: unknown;
}

/** One asset. A snapshot has its balance and wallets, and an update has the ledger entry and the new balance. */
export interface BalanceReport {
  /** The asset, such as `BTC`. */
  readonly asset: string;
  /** The class of the asset. */
  readonly asset_class?: string;
  /** The balance; in an update, after the entry. */
  readonly balance: number;
  /** The balance of each wallet. Only a snapshot has them. */
  readonly wallets?: readonly { readonly type: string; readonly id: string; readonly balance: number }[];
  /** The id of the ledger entry. */
  readonly ledger_id?: string;
  /** The id of the cause, such as a trade. */
  readonly ref_id?: string;
  /** The type of the ledger entry, such as `trade`. */
  readonly type?: string;
  /** The change of the balance, signed. */
  readonly amount?: number;
  /** The fee. */
  readonly fee?: number;
  /** The type of the wallet, such as `spot`. */
  readonly wallet_type?: string;
  /** The id of the wallet, such as `main`. */
  readonly wallet_id?: string;
  /** The time of the entry. */
  readonly timestamp?: string;
  /** A more specific type of the ledger entry. */
  readonly subtype?: string;
  /** The category of the ledger entry. */
  readonly category?: string;
  readonly [name: string]: unknown;
}

interface Report<Channel, Data> {
  /** The name of the channel. */
  readonly channel: Channel;
  /** A snapshot has the whole state, an update what has changed. */
  readonly type: "snapshot" | "update";
  /** The rows. */
  readonly data: readonly Data[];
}
interface Instruments {
  /** The name of the channel. */
  readonly channel: "instrument";
  /** A snapshot has the whole state, an update what has changed. */
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
  /** Most often `snapshot` or `update`. */
  readonly type?: string;
  /** The content, about which nothing is known. */
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
