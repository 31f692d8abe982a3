// What Kraken's Spot WebSocket v2 says, as far as it is known: docs.kraken.com, Spot WebSocket v2, November 2026. Types only.
// Decimals are JSON numbers; times are RFC 3339.

/** Private channels, and the public ones with a type of their own; any other name may be given too. */
export type SpotChannel = SpotMessage["channel"] | (string & {});

/** Parameters of a subscription, besides channel and token: `symbol` is a list such as `["BTC/USD"]`. */
export interface SpotSubscription {
  readonly symbol?: readonly string[];
  /** Whether a snapshot comes first. */
  readonly snapshot?: boolean;
  /** executions: open orders in the snapshot; true by default. */
  readonly snap_orders?: boolean;
  /** executions: the last 50 fills in the snapshot; false by default. */
  readonly snap_trades?: boolean;
  /** executions: every change of status; true by default. */
  readonly order_status?: boolean;
  /** executions: with the trading engine's rate counter. */
  readonly ratecounter?: boolean;
  /** book and level3: levels. */
  readonly depth?: number;
  /** ohlc: minutes. */
  readonly interval?: number;
  /** ticker: `bbo` or `trades`. */
  readonly event_trigger?: string;
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

export interface TickerReport {
  readonly symbol: string;
  readonly bid: number;
  readonly bid_qty: number;
  readonly ask: number;
  readonly ask_qty: number;
  readonly last: number;
  readonly volume: number;
  readonly vwap: number;
  readonly low: number;
  readonly high: number;
  readonly change: number;
  readonly change_pct: number;
  readonly [name: string]: unknown;
}

export interface TradeReport {
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly qty: number;
  readonly price: number;
  readonly ord_type: string;
  readonly trade_id: number;
  readonly timestamp: string;
}

export interface BookReport {
  readonly symbol: string;
  readonly bids: readonly { readonly price: number; readonly qty: number }[];
  readonly asks: readonly { readonly price: number; readonly qty: number }[];
  /** CRC-32 of the ten best levels. It is made from the digits as sent, which JSON numbers do not keep. */
  readonly checksum: number;
  readonly timestamp?: string;
}

export interface OhlcReport {
  readonly symbol: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly trades: number;
  readonly volume: number;
  readonly vwap: number;
  readonly interval_begin: string;
  readonly interval: number;
}

export interface StatusReport {
  readonly system: "online" | "maintenance" | "cancel_only" | "post_only" | (string & {});
  readonly api_version: string;
  readonly version: string;
  readonly connection_id: number;
}

interface Report<Channel, Data> {
  readonly channel: Channel;
  readonly type: "snapshot" | "update";
  readonly data: readonly Data[];
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
  | Report<"ohlc", OhlcReport>
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
