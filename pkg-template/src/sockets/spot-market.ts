// Types of the market data of Kraken's Spot WebSocket v2. Sources: docs.kraken.com, Spot WebSocket v2, channels ticker, trade, book, level3, ohlc,
// instrument and status, and captures of them from 2024 and 2026. Prices and quantities are JSON numbers, as Kraken sends them; OrderBook keeps their
// digits. Times are RFC 3339.

/** Level 1: the best prices, and the last 24 hours. */
export interface TickerReport {
  /** Such as `BTC/USD`. */
  readonly symbol: string;
  /** The best bid. */
  readonly bid: number;
  /** How much is wanted at the best bid, in the base currency. */
  readonly bid_qty: number;
  /** The best ask. */
  readonly ask: number;
  /** How much is offered at the best ask, in the base currency. */
  readonly ask_qty: number;
  /** The price of the last trade. */
  readonly last: number;
  /** Traded in the last 24 hours, in the base currency. */
  readonly volume: number;
  /** Volume-weighted average price of the last 24 hours. */
  readonly vwap: number;
  /** The lowest price of the last 24 hours. */
  readonly low: number;
  /** The highest price of the last 24 hours. */
  readonly high: number;
  /** Change of the price in the last 24 hours, in the quote currency. */
  readonly change: number;
  /** The same, in percent. */
  readonly change_pct: number;
  /** When Kraken made it; since 2025. */
  readonly timestamp?: string;
  readonly [name: string]: unknown;
}

/** A trade. */
export interface TradeReport {
  /** The pair, such as `BTC/USD`. */
  readonly symbol: string;
  /** The side of the taker. */
  readonly side: "buy" | "sell";
  /** In the base currency. */
  readonly qty: number;
  /** The price, in the quote currency. */
  readonly price: number;
  /** The type of the taker's order. */
  readonly ord_type: "limit" | "market" | (string & {});
  /** Counts the trades of the symbol. A `bigint` where a number does not hold it exactly. */
  readonly trade_id: number | bigint;
  /** The time of the trade, RFC 3339. */
  readonly timestamp: string;
}

/** A price level. A `qty` of 0 in an update removes it. */
export interface BookReportLevel {
  /** The price, in the quote currency. */
  readonly price: number;
  /** In the base currency. */
  readonly qty: number;
}

/** Level 2: in a snapshot all levels to the depth, in an update those that have changed, in no order. See OrderBook, which keeps them. */
export interface BookReport {
  /** The pair, such as `BTC/USD`. */
  readonly symbol: string;
  /** The levels of the bids. */
  readonly bids: readonly BookReportLevel[];
  /** The levels of the asks. */
  readonly asks: readonly BookReportLevel[];
  /** CRC-32 of the ten best levels. It is made from the digits as sent, which JSON numbers do not keep. */
  readonly checksum: number;
  /** Older versions have none in a snapshot. */
  readonly timestamp?: string;
}

/** An order in the book. */
export interface Level3Order {
  /** The change of the order; only in updates. */
  readonly event?: "add" | "modify" | "delete" | (string & {});
  /** The id of the order. */
  readonly order_id: string;
  /** The limit price, in the quote currency. */
  readonly limit_price: number;
  /** The remaining quantity that is not hidden, in the base currency. */
  readonly order_qty: number;
  /** When it was placed or amended last: its place in the queue. */
  readonly timestamp: string;
}

/** Level 3: the orders of the book, one by one. */
export interface Level3Report {
  /** The pair, such as `BTC/USD`. */
  readonly symbol: string;
  /** The orders to buy. */
  readonly bids: readonly Level3Order[];
  /** The orders to sell. */
  readonly asks: readonly Level3Order[];
  /** CRC-32 of the orders of the ten best levels, from the digits as sent. */
  readonly checksum: number;
  /** The time of the last change, RFC 3339. */
  readonly timestamp?: string;
}

/** A candle. */
export interface OhlcReport {
  /** The pair, such as `BTC/USD`. */
  readonly symbol: string;
  /** The first price of the period, in the quote currency. */
  readonly open: number;
  /** The highest price of the period. */
  readonly high: number;
  /** The lowest price of the period. */
  readonly low: number;
  /** The last price of the period so far. */
  readonly close: number;
  /** How many there were. */
  readonly trades: number;
  /** In the base currency. */
  readonly volume: number;
  /** Volume-weighted average price. */
  readonly vwap: number;
  /** When it begins. */
  readonly interval_begin: string;
  /** Minutes. */
  readonly interval: number;
  /** When it ends. @deprecated by Kraken: use `interval_begin` */
  readonly timestamp?: string;
}

/** An asset. */
export interface InstrumentAsset {
  /** Such as `BTC`. */
  readonly id: string;
  /** Whether the asset can be deposited, withdrawn and traded. */
  readonly status:
    "enabled" | "disabled" | "depositonly" | "withdrawalonly" | "fundingtemporarilydisabled" | "workinprogress" | (string & {});
  /** Decimals of balances. */
  readonly precision: number;
  /** Decimals to show. */
  readonly precision_display: number;
  /** Whether the asset can be borrowed. */
  readonly borrowable: boolean;
  /** The value as collateral, from 0 to 1. */
  readonly collateral_value?: number;
  /** Interest, where it can be borrowed. */
  readonly margin_rate?: number;
  /** For a tokenized asset, the number of shares of the stock that a token stands for. */
  readonly multiplier?: number;
  readonly [name: string]: unknown;
}

/** A pair. Kraken writes some of its numbers with an exponent: `1e-08`. */
export interface InstrumentPair {
  /** Such as `BTC/USD`. */
  readonly symbol: string;
  /** The base asset, such as `BTC`. */
  readonly base: string;
  /** The quote asset, such as `USD`. */
  readonly quote: string;
  /** The kinds of orders that Kraken accepts for the pair at this time. */
  readonly status:
    "online" | "cancel_only" | "post_only" | "limit_only" | "reduce_only" | "delisted" | "maintenance" | "work_in_progress" | (string & {});
  /** Decimals of a quantity. */
  readonly qty_precision: number;
  /** Quantities are multiples of it, in the base currency. */
  readonly qty_increment: number;
  /** The least quantity of an order, in the base currency. */
  readonly qty_min: number;
  /** Decimals of a price. */
  readonly price_precision: number;
  /** Prices are multiples of it. */
  readonly price_increment: number;
  /**
   * Prices are multiples of it.
   *
   * @deprecated by Kraken: use `price_increment`
   */
  readonly tick_size?: number;
  /** Decimals of a value, in the quote currency. */
  readonly cost_precision: number;
  /** The least value of an order, in the quote currency. Documented as text, and sent as a number. */
  readonly cost_min: number | string;
  /** Whether it can be traded on margin. */
  readonly marginable: boolean;
  /** From 0 to 1, where it is marginable. */
  readonly margin_initial?: number;
  /** The largest long position on margin, in the base currency. */
  readonly position_limit_long?: number;
  /** The largest short position on margin, in the base currency. */
  readonly position_limit_short?: number;
  /** Whether triggers can refer to an index. */
  readonly has_index: boolean;
  readonly [name: string]: unknown;
}

/** All assets and pairs in a snapshot, those that have changed in an update. */
export interface InstrumentReport {
  /** The assets. */
  readonly assets: readonly InstrumentAsset[];
  /** The pairs. */
  readonly pairs: readonly InstrumentPair[];
}

/** The state of the exchange, as the channel `status` tells it. */
export interface StatusReport {
  /** The kinds of requests that the trading engine accepts at this time. */
  readonly system: "online" | "maintenance" | "cancel_only" | "post_only" | (string & {});
  /** The version of the API, such as `v2`. */
  readonly api_version: string;
  /** The version of Kraken's WebSocket service. */
  readonly version: string;
  /** Of the connection. A `bigint` where a number does not hold it exactly, as nearly always: `JSON.stringify` refuses that. */
  readonly connection_id: number | bigint;
}

/** Symbols, such as `["BTC/USD"]`, and whether a snapshot comes first; it does by default. */
interface BySymbol {
  /** The pairs, such as `["BTC/USD"]`. */
  readonly symbol: readonly string[];
  /** Whether a snapshot comes first. */
  readonly snapshot?: boolean | undefined;
}

/** Parameters of `ticker`. */
export interface TickerSubscription extends BySymbol {
  /** The event that triggers a message: a change of the best prices, or a trade, which is the default. */
  readonly event_trigger?: "bbo" | "trades" | undefined;
}

/** Parameters of `trade`. A snapshot, of the last 50, comes only if it is asked for. */
export interface TradeSubscription extends BySymbol {}

/** Parameters of `book`. One depth per symbol and connection. */
export interface BookSubscription extends BySymbol {
  /** Levels of each side; 10 by default. */
  readonly depth?: 10 | 25 | 100 | 500 | 1000 | undefined;
}

/** Parameters of `level3`, which needs a token, and a socket at `wss://ws-l3.kraken.com/v2`. One depth per symbol and connection. */
export interface Level3Subscription extends BySymbol {
  /** Price levels of each side; 10 by default. */
  readonly depth?: 10 | 100 | 1000 | undefined;
}

/** Parameters of `ohlc`. */
export interface OhlcSubscription extends BySymbol {
  /** Minutes; 1 by default. */
  readonly interval?: 1 | 5 | 15 | 30 | 60 | 240 | 1440 | 10080 | 21600 | undefined;
}

/** Parameters of `instrument`, which is about all assets and pairs. */
export interface InstrumentSubscription {
  /** Whether a snapshot comes first. Default: true. */
  readonly snapshot?: boolean | undefined;
  /** The trading venue of the pairs. Default: `international`. */
  readonly execution_venue?: "international" | "bitnomial-exchange" | undefined;
  /** Whether tokenized assets are among them, where the account may see them. Default: false. */
  readonly include_tokenized_assets?: boolean | undefined;
}
