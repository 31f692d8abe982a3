// What Kraken's Spot WebSocket v2 says, as far as it is known: docs.kraken.com, Spot WebSocket v2, November 2026. Types only.
// Decimals are JSON numbers; times are RFC 3339.

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

/** Channels that have a type; any other name may be given too. */
export type SpotChannel = keyof SpotSubscriptions | (string & {});

/** Parameters of the channels that are known, besides channel and token. */
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

/** Parameters of a channel; of one that is not known, any. */
export type SpotSubscriptionOf<C> = C extends keyof SpotSubscriptions ? SpotSubscriptions[C] : SpotSubscription;

/** Parameters of `executions`. */
export interface ExecutionsSubscription {
  /** Open orders in the snapshot; true by default. */
  readonly snap_orders?: boolean | undefined;
  /** The last 50 fills in the snapshot; false by default. */
  readonly snap_trades?: boolean | undefined;
  /** Every change of status; true by default. */
  readonly order_status?: boolean | undefined;
  /** With the trading engine's rate counter. */
  readonly ratecounter?: boolean | undefined;
  /** Tokenized assets: quantities of the underlying share; true by default. */
  readonly rebased?: boolean | undefined;
  /** Those of subaccounts, too; then no snapshot comes. */
  readonly users?: "all" | undefined;
}

/** Parameters of `balances`. */
export interface BalancesSubscription {
  /** Whether a snapshot comes first; it does by default. */
  readonly snapshot?: boolean | undefined;
  /** Tokenized assets: quantities of the underlying share; true by default. */
  readonly rebased?: boolean | undefined;
  /** Those of subaccounts, too; then no snapshot comes. */
  readonly users?: "all" | undefined;
}

/** Parameters of any subscription, besides channel and token. */
export interface SpotSubscription {
  /** Such as `["BTC/USD"]`. */
  readonly symbol?: readonly string[] | undefined;
  /** Whether a snapshot comes first. */
  readonly snapshot?: boolean | undefined;
  readonly [name: string]: unknown;
}

/** A change of one order; which fields are there depends on `exec_type`. */
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
  /** Of a trade. */
  readonly exec_id?: string;
  readonly trade_id?: number;
  readonly last_qty?: number;
  readonly last_price?: number;
  readonly cost?: number;
  readonly fees?: readonly { readonly asset: string; readonly qty: number }[];
  /** `m`aker or `t`aker. */
  readonly liquidity_ind?: "m" | "t";
  readonly reason?: string;
  readonly timestamp?: string;
  readonly [name: string]: unknown;
}

/** One asset: in a snapshot the balance and its wallets, in an update the ledger entry and the new balance. */
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
  /** Not a list. */
  readonly data: InstrumentReport;
}
interface Numbered {
  /** Counts the messages of the subscription. */
  readonly sequence: number;
}

/** A message of a channel that has no type here. */
export interface OtherMessage {
  /** Any name. It carries no mark: that is for TypeScript alone, which could not tell plain text from the channels that are known. */
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

/** One order, as `add_order` takes it. Decimals are numbers. */
export interface NewOrder {
  readonly order_type:
    | "limit"
    | "market"
    | "iceberg"
    | "stop-loss"
    | "stop-loss-limit"
    | "take-profit"
    | "take-profit-limit"
    | "trailing-stop"
    | "trailing-stop-limit"
    | "settle-position"
    | (string & {});
  readonly side: "buy" | "sell";
  readonly order_qty?: number;
  readonly limit_price?: number;
  readonly limit_price_type?: "static" | "pct" | "quote";
  readonly cash_order_qty?: number;
  readonly triggers?: { readonly price: number; readonly price_type?: "static" | "pct" | "quote"; readonly reference?: "index" | "last" };
  readonly time_in_force?: "gtc" | "gtd" | "ioc" | "fok";
  readonly margin?: boolean;
  readonly post_only?: boolean;
  readonly reduce_only?: boolean;
  readonly effective_time?: string | Date;
  readonly expire_time?: string | Date;
  readonly cl_ord_id?: string;
  readonly order_userref?: number;
  readonly conditional?: Readonly<Record<string, unknown>>;
  readonly display_qty?: number;
  readonly fee_preference?: "base" | "quote";
  readonly stp_type?: string;
  readonly [name: string]: unknown;
}

interface Whole {
  /** After this time the engine refuses. */
  readonly deadline?: string | Date;
  /** Checks only. */
  readonly validate?: boolean;
}
interface Which {
  readonly order_id?: string;
  readonly cl_ord_id?: string;
}
interface Placed extends Which {
  readonly order_id: string;
  readonly order_userref?: number;
  readonly warnings?: readonly string[];
}

/** The trading methods: what each takes, and what it resolves to. */
export interface SpotMethods {
  add_order: { params: NewOrder & Whole & { readonly symbol: string }; result: Placed };
  amend_order: {
    params: Which &
      Whole & {
        readonly order_qty?: number;
        readonly limit_price?: number;
        readonly trigger_price?: number;
        readonly display_qty?: number;
        readonly post_only?: boolean;
        readonly [name: string]: unknown;
      };
    result: Which & { readonly amend_id: string };
  };
  edit_order: {
    params: Whole & {
      readonly order_id: string;
      readonly symbol: string;
      readonly order_qty?: number;
      readonly limit_price?: number;
      readonly [name: string]: unknown;
    };
    result: { readonly order_id: string; readonly original_order_id: string };
  };
  /** Of several orders, a list: Kraken answers each one. */
  cancel_order: {
    params: { readonly order_id?: readonly string[]; readonly cl_ord_id?: readonly string[]; readonly order_userref?: readonly number[] };
    result: Which | readonly Which[];
  };
  cancel_all: { params: {}; result: { readonly count: number } };
  /** `timeout` in seconds; 0 disarms. */
  cancel_all_orders_after: { params: { readonly timeout: number }; result: { readonly currentTime: string; readonly triggerTime: string } };
  batch_add: { params: Whole & { readonly symbol: string; readonly orders: readonly NewOrder[] }; result: readonly Placed[] };
  batch_cancel: {
    params: { readonly orders?: readonly string[]; readonly cl_ord_id?: readonly string[] };
    result: { readonly count?: number; readonly orders_cancelled?: number };
  };
}
