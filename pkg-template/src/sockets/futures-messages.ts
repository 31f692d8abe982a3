// The known messages of Kraken's Futures WebSocket. Types only. Source: docs.kraken.com, Futures WebSocket, November 2026.
// Decimals are JSON numbers. Times are milliseconds since 1970.

/** The known feeds, private and public. */
export type KnownFuturesFeed =
  | "open_orders"
  | "open_orders_verbose"
  | "open_positions"
  | "balances"
  | "account_balances_and_margins"
  | "deposits_withdrawals"
  | "fills"
  | "account_log"
  | "notifications"
  | "notifications_auth"
  | "heartbeat"
  | "ticker"
  | "ticker_lite"
  | "trade"
  | "book";

/** The name of a feed: a known one, or any other text. */
export type FuturesFeed = KnownFuturesFeed | (string & {});

/** An order in the feeds of open orders. */
export interface FuturesOrderReport {
  /** The contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The id of the order. */
  readonly order_id: string;
  /** The client order id. */
  readonly cli_ord_id?: string;
  /** The type of the order. */
  readonly type: string;
  /** The side: 0 for buy, 1 for sell. */
  readonly direction: 0 | 1;
  /** The remaining size. */
  readonly qty: number;
  /** The filled size. */
  readonly filled: number;
  /** The limit price. */
  readonly limit_price?: number;
  /** The trigger price. */
  readonly stop_price?: number;
  /** Whether the order can only reduce a position. */
  readonly reduce_only: boolean;
  /** The time of the order. */
  readonly time: number;
  /** The time of the last change. */
  readonly last_update_time: number;
}

/** A fill in the feed of fills. */
export interface FuturesFillReport {
  /** The contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The id of the fill. */
  readonly fill_id: string;
  /** The id of the order. */
  readonly order_id: string;
  /** The client order id. */
  readonly cli_ord_id?: string;
  /** Whether it was bought. */
  readonly buy: boolean;
  /** The size. */
  readonly qty: number;
  /** The price for each unit. */
  readonly price: number;
  /** The type of the fill, such as `maker` or `taker`. */
  readonly fill_type: string;
  /** The number of the message in its subscription. */
  readonly seq?: number;
  /** The time of the fill. */
  readonly time: number;
}

/** A position in the feed of open positions. */
export interface FuturesPositionReport {
  /** The contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The position's size, negative for a short position. */
  readonly balance: number;
  /** The average price. */
  readonly entry_price: number;
  readonly [name: string]: unknown;
}

/** An account in the feed of balances and margins. */
export interface FuturesMarginReport {
  /** The currency of the cash account, such as `xbt`, or the name of a margin account, such as `f-xbt:usd`. */
  readonly name: string;
  /** The balance. */
  readonly balance: number;
  /** The unrealized profit of open positions. */
  readonly pnl: number;
  /** The unrealized funding. */
  readonly funding: number;
  /** The portfolio value: the balance with profit and funding. */
  readonly pv: number;
  /** The available margin. */
  readonly am: number;
  /** The initial margin of open positions and orders. */
  readonly im: number;
  /** The maintenance margin of open positions. */
  readonly mm: number;
}

/** A deposit or a withdrawal. */
export interface FuturesTransferReport {
  /** The id of the transfer. */
  readonly uid: string;
  /** The time, in RFC 3339. */
  readonly time: string;
  /** The amount, which is positive for withdrawals, too. */
  readonly amount: number;
  /** The currency, such as `XBT`. */
  readonly unit: string;
  /** The target address. */
  readonly receiving_address: string;
  /** The status of the transfer. */
  readonly status: string;
  /** The number of confirmations. */
  readonly confirmations: number;
  /** The id of the transaction. */
  readonly tx_reference: string;
}

interface Account {
  /** The id of the account. */
  readonly account?: string;
}

/** A message of a feed without a type of its own. */
export interface OtherFuturesMessage {
  /** Any other name. `~other` exists only in the type, because TypeScript could not tell plain text from the known feeds. */
  readonly feed: `${string}~other`;
  readonly [name: string]: unknown;
}

/** A message of a feed. `<feed>_snapshot` is the state at the time of the subscription. */
export type FuturesMessage =
  | (Account & { readonly feed: "open_orders_snapshot" | "open_orders_verbose_snapshot"; readonly orders: readonly FuturesOrderReport[] })
  /** With `order`, the order's current state. Without it, the order is gone, and `is_cancel` and `reason` say why. */
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
  /** Only in older documentation, as the next one. Neither has a snapshot with a name of its own. */
  | (Account & {
      readonly feed: "account_balances_and_margins";
      readonly margin_accounts: readonly FuturesMarginReport[];
      readonly seq?: number;
    })
  | { readonly feed: "deposits_withdrawals"; readonly elements: readonly FuturesTransferReport[] }
  | { readonly feed: "account_log_snapshot"; readonly logs: readonly Readonly<Record<string, unknown>>[] }
  | { readonly feed: "account_log"; readonly new_entry: Readonly<Record<string, unknown>> }
  | OtherFuturesMessage;
