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
  /** Changes and fills of the account's orders. Private. */
  executions: ExecutionsSubscription;
  /** Balances and ledger entries of the account. Private. */
  balances: BalancesSubscription;
  /** The best prices, and the last 24 hours. */
  ticker: TickerSubscription;
  /** Trades of the market. */
  trade: TradeSubscription;
  /** The price levels of the order book. */
  book: BookSubscription;
  /** The single orders of the order book. Private. */
  level3: Level3Subscription;
  /** Candles. */
  ohlc: OhlcSubscription;
  /** All assets and pairs. */
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
  /** `all` includes subaccounts. There is no snapshot then. Default: this account alone. */
  readonly users?: "all" | undefined;
}

/** Parameters of `balances`. */
export interface BalancesSubscription {
  /** Whether a snapshot comes first. Default: true. */
  readonly snapshot?: boolean | undefined;
  /** Whether quantities of tokenized assets are those of the underlying share. Default: true. */
  readonly rebased?: boolean | undefined;
  /** `all` includes subaccounts. There is no snapshot then. Default: this account alone. */
  readonly users?: "all" | undefined;
}

/** Parameters of any subscription, except `channel` and `token`. */
export interface SpotSubscription {
  /** The pairs, such as `["BTC/USD"]`. */
  readonly symbol?: readonly string[] | undefined;
  /** Whether a snapshot comes first. Default: true. */
  readonly snapshot?: boolean | undefined;
  readonly [name: string]: unknown;
}

/** A change of one order. Its fields depend on `exec_type`. */
export interface ExecutionReport {
  /** The event: for example, `new` for an order that is in the book, and `trade` for a fill. */
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
  /** The status of the order after the event. */
  readonly order_status?: "pending_new" | "new" | "partially_filled" | "filled" | "canceled" | "expired" | (string & {});
  /** The client order id, if the order has one. */
  readonly cl_ord_id?: string;
  /** The `order_userref` of the order, if it has one. */
  readonly order_userref?: number;
  /** The pair, such as `BTC/USD`. */
  readonly symbol?: string;
  /** The side of the order. */
  readonly side?: "buy" | "sell";
  /** The type of the order, such as `limit`. */
  readonly order_type?: string;
  /** The quantity of the order, in the base currency. */
  readonly order_qty?: number;
  /** The limit price, in the quote currency. */
  readonly limit_price?: number;
  /** The quantity that was filled so far, in the base currency. */
  readonly cum_qty?: number;
  /** The value that was filled so far, in the quote currency. */
  readonly cum_cost?: number;
  /** The average price of the fills so far, in the quote currency. */
  readonly avg_price?: number;
  /** The trade's id. Only trades have one. */
  readonly exec_id?: string;
  /** The trade's number. A `bigint` where a number does not hold it exactly. */
  readonly trade_id?: number | bigint;
  /** The quantity of this trade, in the base currency. */
  readonly last_qty?: number;
  /** The price of this trade, in the quote currency. */
  readonly last_price?: number;
  /** The value of this trade, in the quote currency. */
  readonly cost?: number;
  /** The fees of this trade. */
  readonly fees?: readonly {
    /** The asset in which the fee is paid. */
    readonly asset: string;
    /** The fee, in that asset. */
    readonly qty: number;
  }[];
  /** The liquidity: `m` for maker, `t` for taker. */
  readonly liquidity_ind?: "m" | "t";
  /** The reason, for example why the order was canceled. */
  readonly reason?: string;
  /** The time of the event, RFC 3339. */
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
  /** The class of the asset, such as `currency`. */
  readonly asset_class?: string;
  /** The balance, in units of the asset: in a snapshot that of all wallets, and in an update that after the ledger entry. */
  readonly balance: number;
  /** The wallets that have the asset. Only in a snapshot. */
  readonly wallets?: readonly {
    /** The type of the wallet, such as `spot` or `earn`. */
    readonly type: string;
    /** The id of the wallet, such as `main`. */
    readonly id: string;
    /** The balance of the wallet, in units of the asset. */
    readonly balance: number;
  }[];
  /** The id of the ledger entry. Only in an update, as all fields that follow. */
  readonly ledger_id?: string;
  /** The id of the trade, deposit or other event that caused the entry. */
  readonly ref_id?: string;
  /** The type of the entry, such as `trade`, `deposit` or `withdrawal`. */
  readonly type?: string;
  /** The change of the balance, in units of the asset; negative if it became less. */
  readonly amount?: number;
  /** The fee, in units of the asset. */
  readonly fee?: number;
  /** The type of the wallet, such as `spot` or `earn`. */
  readonly wallet_type?: string;
  /** The id of the wallet, such as `main`. */
  readonly wallet_id?: string;
  /** The time of the entry, RFC 3339. */
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
  /** Whether this is the state at the time of the subscription, or a change of it. */
  readonly type: "snapshot" | "update";
  /** The rows. */
  readonly data: readonly Data[];
}
interface Instruments {
  /** The name of the channel. */
  readonly channel: "instrument";
  /** Whether this is the state at the time of the subscription, or a change of it. */
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
  /** The type of the message, usually `snapshot` or `update`. */
  readonly type?: string;
  /** The content. */
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
