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
  /** The symbol of the contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The id of the order. */
  readonly order_id: string;
  /** The client order id, if the order has one. */
  readonly cli_ord_id?: string;
  /** The type of the order, such as `limit` or `stop`. */
  readonly type: string;
  /** The side: 0 for buy, 1 for sell. */
  readonly direction: 0 | 1;
  /** The size that is not filled yet, in contracts, or in the base currency for multi-collateral contracts. */
  readonly qty: number;
  /** The size that is filled, in the unit of `qty`. */
  readonly filled: number;
  /** The limit price; 0 if there is none. */
  readonly limit_price?: number;
  /** The stop price; 0 if there is none. */
  readonly stop_price?: number;
  /** Whether the order can only reduce a position. */
  readonly reduce_only: boolean;
  /** The time when the order was placed, in milliseconds since 1970. */
  readonly time: number;
  /** The time of the last change, in milliseconds since 1970. */
  readonly last_update_time: number;
}

/** A fill in the feed of fills. */
export interface FuturesFillReport {
  /** The symbol of the contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The id of the fill. */
  readonly fill_id: string;
  /** The id of the order. */
  readonly order_id: string;
  /** The client order id, if the order has one. */
  readonly cli_ord_id?: string;
  /** Whether the order was a buy order. */
  readonly buy: boolean;
  /** The size of the fill, in contracts, or in the base currency for multi-collateral contracts. */
  readonly qty: number;
  /** The price of the fill. */
  readonly price: number;
  /** The role of the order, such as `maker`, `taker` or `liquidation`. */
  readonly fill_type: string;
  /** The number of the message in its subscription. */
  readonly seq?: number;
  /** The time of the fill, in milliseconds since 1970. */
  readonly time: number;
}

/** A position in the feed of open positions. */
export interface FuturesPositionReport {
  /** The symbol of the contract, such as `PF_XBTUSD`. */
  readonly instrument: string;
  /** The position's size, negative for a short position. */
  readonly balance: number;
  /** The average price at which the position was entered. */
  readonly entry_price: number;
  readonly [name: string]: unknown;
}

/** An account in the feed of balances and margins. */
export interface FuturesMarginReport {
  /** The currency of the cash account, such as `xbt`, or the name of a margin account, such as `f-xbt:usd`. */
  readonly name: string;
  /** The balance of the account, in its currency. */
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
  /** The address that receives the amount. */
  readonly receiving_address: string;
  /** The status, such as `processed`. */
  readonly status: string;
  /** The number of confirmations on the blockchain so far. */
  readonly confirmations: number;
  /** The id of the transaction on the blockchain. */
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
  | (Account & {
      readonly feed: "open_orders_snapshot" | "open_orders_verbose_snapshot";
      /** All open orders. */
      readonly orders: readonly FuturesOrderReport[];
    })
  /** With `order`, the order's current state. Without it, the order is gone, and `is_cancel` and `reason` say why. */
  | {
      readonly feed: "open_orders" | "open_orders_verbose";
      /** The current state of the order. */
      readonly order?: FuturesOrderReport;
      /** The id of the order. */
      readonly order_id?: string;
      /** The client order id of the order. */
      readonly cli_ord_id?: string;
      /** Whether the order is no longer open. */
      readonly is_cancel: boolean;
      /** The reason for the message, such as `new_placed_order_by_user`. */
      readonly reason: string;
    }
  | (Account & {
      readonly feed: "fills_snapshot";
      /** The fills: the last ones in a snapshot, otherwise the new ones. */
      readonly fills: readonly FuturesFillReport[];
    })
  | {
      readonly feed: "fills";
      /** The name of the user. */
      readonly username?: string;
      /** The fills: the last ones in a snapshot, otherwise the new ones. */
      readonly fills: readonly FuturesFillReport[];
    }
  | (Account & {
      readonly feed: "open_positions";
      /** All open positions. */
      readonly positions: readonly FuturesPositionReport[];
      /** The number of the message in its subscription. */
      readonly seq?: number;
      /** The time of the message, in milliseconds since 1970. */
      readonly timestamp?: number;
    })
  | (Account & {
      readonly feed: "balances_snapshot" | "balances";
      /** The amount of each currency in the holding wallet. */
      readonly holding?: Readonly<Record<string, number>>;
      /** The single-collateral wallets, by name. */
      readonly futures?: Readonly<Record<string, unknown>>;
      /** The multi-collateral wallet. */
      readonly flex_futures?: Readonly<Record<string, unknown>>;
      /** The number of the message in its subscription. */
      readonly seq?: number;
      /** The time of the message, in milliseconds since 1970. */
      readonly timestamp?: number;
    })
  /** Only in older documentation, as the next one. Neither has a snapshot with a name of its own. */
  | (Account & {
      readonly feed: "account_balances_and_margins";
      /** The accounts. */
      readonly margin_accounts: readonly FuturesMarginReport[];
      /** The number of the message in its subscription. */
      readonly seq?: number;
    })
  | {
      readonly feed: "deposits_withdrawals";
      /** The deposits and withdrawals. */
      readonly elements: readonly FuturesTransferReport[];
    }
  | {
      readonly feed: "account_log_snapshot";
      /** The last entries of the account log. */
      readonly logs: readonly Readonly<Record<string, unknown>>[];
    }
  | {
      readonly feed: "account_log";
      /** The new entry of the account log. */
      readonly new_entry: Readonly<Record<string, unknown>>;
    }
  | OtherFuturesMessage;
