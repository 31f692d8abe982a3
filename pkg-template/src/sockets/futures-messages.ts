// What Kraken's Futures WebSocket says, as far as it is known: docs.kraken.com, Futures WebSocket, November 2026. Types only.
// Decimals are JSON numbers; times are milliseconds since 1970.

/** Private feeds and public ones that are known. */
export type KnownFuturesFeed =
  | "open_orders"
  | "open_orders_verbose"
  | "open_positions"
  | "balances"
  | "fills"
  | "account_log"
  | "notifications"
  | "notifications_auth"
  | "heartbeat"
  | "ticker"
  | "ticker_lite"
  | "trade"
  | "book";

/** Feeds that are known; any other name may be given too. */
export type FuturesFeed = KnownFuturesFeed | (string & {});

/** An order, as the feeds of open orders tell it. */
export interface FuturesOrderReport {
  readonly instrument: string;
  readonly order_id: string;
  readonly cli_ord_id?: string;
  readonly type: string;
  /** 0 buys, 1 sells. */
  readonly direction: 0 | 1;
  readonly qty: number;
  readonly filled: number;
  readonly limit_price?: number;
  readonly stop_price?: number;
  readonly reduce_only: boolean;
  readonly time: number;
  readonly last_update_time: number;
}

/** A fill, as the feed of fills tells it. */
export interface FuturesFillReport {
  readonly instrument: string;
  readonly fill_id: string;
  readonly order_id: string;
  readonly cli_ord_id?: string;
  readonly buy: boolean;
  readonly qty: number;
  readonly price: number;
  readonly fill_type: string;
  readonly seq?: number;
  readonly time: number;
}

/** A position, as the feed of open positions tells it. */
export interface FuturesPositionReport {
  readonly instrument: string;
  /** Negative for a short position. */
  readonly balance: number;
  readonly entry_price: number;
  readonly [name: string]: unknown;
}

interface Account {
  readonly account?: string;
}

/** A message of a feed that has no type here. */
export interface OtherFuturesMessage {
  /** Any name. It carries no mark: that is for TypeScript alone, which could not tell plain text from the feeds that are known. */
  readonly feed: `${string}~other`;
  readonly [name: string]: unknown;
}

/** A message of a feed; `<feed>_snapshot` is the state at the time of the subscription. */
export type FuturesMessage =
  | (Account & { readonly feed: "open_orders_snapshot" | "open_orders_verbose_snapshot"; readonly orders: readonly FuturesOrderReport[] })
  /** With `order`, the order as it is now; else it is gone, as `is_cancel` and `reason` tell. */
  | {
      readonly feed: "open_orders" | "open_orders_verbose";
      readonly order?: FuturesOrderReport;
      readonly order_id?: string;
      readonly cli_ord_id?: string;
      readonly is_cancel: boolean;
      readonly reason: string;
    }
  | (Account & { readonly feed: "fills_snapshot"; readonly fills: readonly FuturesFillReport[] })
  | { readonly feed: "fills"; readonly username?: string; readonly fills: readonly FuturesFillReport[] }
  | (Account & {
      readonly feed: "open_positions";
      readonly positions: readonly FuturesPositionReport[];
      readonly seq?: number;
      readonly timestamp?: number;
    })
  | (Account & {
      readonly feed: "balances_snapshot" | "balances";
      readonly holding?: Readonly<Record<string, number>>;
      readonly futures?: Readonly<Record<string, unknown>>;
      readonly flex_futures?: Readonly<Record<string, unknown>>;
      readonly seq?: number;
      readonly timestamp?: number;
    })
  | { readonly feed: "account_log_snapshot"; readonly logs: readonly Readonly<Record<string, unknown>>[] }
  | { readonly feed: "account_log"; readonly new_entry: Readonly<Record<string, unknown>> }
  | OtherFuturesMessage;
