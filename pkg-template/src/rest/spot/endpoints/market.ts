/**
 * The endpoints for market data. Sources: docs.kraken.com, "Market Data", with Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and
 * change log, November 2026. Answers are also from the models of typed-kraken, kraken-connector and kraken-async-rs. If sources disagree, the type
 * is the wider one.
 */
import type { Endpoint } from "../../endpoint.js";
import {
  type AssetVersionParams,
  type Known,
  type NoParams,
  type SecondsParam,
  type TextListParam,
  type TimestampParam,
  open,
  read,
} from "./common.js";

export const marketRecords = /* @__PURE__ */ (() =>
  ({
    Time: open,
    SystemStatus: open,
    MaintenanceSchedule: open,
    Assets: open,
    AssetPairs: open,
    Ticker: open,
    OHLC: open,
    Depth: open,
    GroupedBook: open,
    Level3: read("query-open-trades"),
    Trades: { ...open, times: { since: "nanoseconds" } },
    Spread: open,
    PreTrade: open,
    PostTrade: open,
  }) as const satisfies { [Name in keyof MarketEndpoints]: Endpoint })();

/** Market data. All endpoints are public, except `Level3`. */
export interface MarketEndpoints {
  /** Returns the time of Kraken's clock. */
  Time: { params: NoParams; result: TimeResult };
  /** Returns whether orders are accepted, and the maintenance of the next 72 hours. */
  SystemStatus: { params: NoParams; result: SystemStatusResult };
  /** Returns the maintenance of the next seven days. */
  MaintenanceSchedule: { params: NoParams; result: MaintenanceScheduleResult };
  /** Returns assets by name. */
  Assets: { params: AssetsParams; result: Record<string, AssetInfo> };
  /** Returns pairs by name, with their precision, minimums, fees and leverage. */
  AssetPairs: { params: AssetPairsParams; result: Record<string, AssetPair> };
  /** Returns prices and volumes of pairs. Without `pair`, it returns all pairs. */
  Ticker: { params: TickerParams; result: Record<string, Ticker> };
  /** Returns up to 720 candles. The last one is incomplete. */
  OHLC: { params: OHLCParams; result: OHLCResult };
  /** Returns the order book, aggregated by price. */
  Depth: { params: DepthParams; result: Record<string, OrderBookResult> };
  /** Returns the order book, aggregated by several ticks. */
  GroupedBook: { params: GroupedBookParams; result: GroupedBookResult };
  /** Returns the order book with single orders. Private. */
  Level3: { params: Level3Params; result: Level3Result };
  /** Returns up to 1000 trades of a pair. */
  Trades: { params: TradesParams; result: TradesResult };
  /** Returns about 200 of the latest best bids and asks. */
  Spread: { params: SpreadParams; result: SpreadResult };
  /** Returns the ten best prices of both sides, for transparency rules. */
  PreTrade: { params: PreTradeParams; result: PreTradeResult };
  /** Returns trades of one or all pairs, for transparency rules. */
  PostTrade: { params: PostTradeParams; result: PostTradeResult };
}

export interface TimeResult {
  /** The time in seconds since 1970. */
  unixtime: number;
  /** The same time as text, RFC 1123. */
  rfc1123: string;
}

export interface SystemStatusResult {
  /** The status. `cancel_only`: orders can only be canceled; `post_only`: only post-only limit orders are accepted. */
  status: "online" | "maintenance" | "cancel_only" | "post_only";
  /** The time of the answer, RFC 3339. */
  timestamp: string;
  /** The maintenance of the next 72 hours. Older versions of the API omit it. */
  upcoming_maintenance?: MaintenanceEvent[];
  /** The current incidents. */
  emergency?: EmergencyIncident[];
}

/** A part of Kraken's systems. */
type AffectedService =
  | "spot_trading"
  | "spot_rest"
  | "spot_ws"
  | "spot_fix"
  | "futures_trading"
  | "futures_rest"
  | "futures_ws"
  | "futures_fix"
  | "all"
  | "unspecified";

/** Kraken's advice for an event. */
type RecommendedAction = "continue" | "reduce_activity" | "cancel_open_orders" | "stop_new_orders" | "disconnect_and_wait" | "unspecified";

/** Whether orders are accepted. */
type OrderSubmission = "allowed" | "discouraged" | "blocked" | "unspecified";

/**
 * An incident of the status page that is not resolved (docs.kraken.com, Get System Status). The fields are those on which the models of several client
 * libraries agree, November 2026. Kraken does not say which of them are always present, and there may be more.
 */
export interface EmergencyIncident {
  /** The id of the incident. */
  event_id?: number;
  /** The title of the incident. */
  title?: string;
  /** The status of the incident. */
  incident_status?: Known<"investigating" | "identified" | "monitoring" | "unspecified">;
  /** The severity of the incident. */
  impact?: Known<"none" | "minor" | "major" | "critical" | "unspecified">;
  /** The affected services. */
  affected_services?: Known<AffectedService>[];
  /** The start of the incident, RFC 3339. */
  started_at_utc?: string;
  /** The steps by which Kraken expects to end the incident. */
  next_steps?: RecoveryStep[];
  /** Whether orders are accepted during the incident. */
  order_submission?: Known<OrderSubmission>;
  /** Kraken's advice. */
  recommended_action?: Known<RecommendedAction>;
  /** The URL of Kraken's report. */
  source_url?: string;
  /** Fields that are not known. */
  [name: string]: unknown;
}

/** A step by which an incident is expected to end. */
export interface RecoveryStep {
  /** The services that the step is about. */
  applies_to?: Known<AffectedService>[];
  /** The kind of the step: a restart, or the next status of the trading engine. */
  type?: Known<"expected_restart" | "expected_cancel_only" | "expected_post_only" | "expected_online" | "unspecified">;
  /** The expected time of the step, RFC 3339, if Kraken knows it. */
  expected_at_utc?: string | null;
}

export interface MaintenanceEvent {
  /** The id of the event. */
  event_id: number;
  /** The title of the event. */
  title: string;
  /** The expected start, RFC 3339. */
  expected_start_utc: string;
  /** The expected end, RFC 3339. */
  expected_end_utc: string;
  /** The seconds until the start. */
  time_to_start_s: number;
  /** The phase of the announcement. */
  phase: Known<"announced" | "reminder_24h" | "approaching_30m" | "imminent_5m" | "final_warning_30s" | "unspecified">;
  /** The affected services. */
  affected_services: Known<AffectedService>[];
  /** Whether orders are accepted in this phase. */
  order_submission: Known<OrderSubmission>;
  /** Kraken's advice. */
  recommended_action: Known<RecommendedAction>;
  /** The time by which orders must be canceled that must not rest in the book during the maintenance, RFC 3339. */
  cancel_before_utc?: string | null;
  /** The URL of Kraken's announcement. */
  source_url?: string;
}

export interface MaintenanceScheduleResult {
  /** The events, the next one first. */
  events: MaintenanceEvent[];
}

export interface AssetsParams extends AssetVersionParams {
  /** The assets, such as `"XBT"`. Default: all. */
  readonly asset?: TextListParam | undefined;
  /** The class of the asset. */
  readonly aclass?: "currency" | "tokenized_asset" | undefined;
}

export interface AssetInfo {
  /** The class of the asset. */
  aclass: Known<"currency" | "tokenized_asset">;
  /** The name without its prefix, such as `XBT` for `XXBT`. */
  altname: string;
  /** The number of decimals in balances. */
  decimals: number;
  /** The number of decimals to display. */
  display_decimals: number;
  /** The fraction of the value that counts as collateral, 0 to 1. A number in the documentation, text in some clients' tests. */
  collateral_value?: number | string;
  /** The margin interest, as a fraction. Text in the documentation, a number in some clients' tests. */
  margin_rate?: string | number;
  /** The status of the asset. */
  status?: Known<"enabled" | "deposit_only" | "withdrawal_only" | "funding_temporarily_disabled">;
}

export interface AssetPairsParams extends AssetVersionParams {
  /** The pairs, such as `"XBTUSD"`. Default: all. */
  readonly pair?: TextListParam | undefined;
  /** The class of the base asset. */
  readonly aclass_base?: "currency" | "tokenized_asset" | undefined;
  /** The information to return. Default: `info` (everything). */
  readonly info?: "info" | "leverage" | "fees" | "margin" | undefined;
  /** The country in which pairs are available: ISO 3166-1, two letters. */
  readonly country_code?: string | undefined;
  /** The trading venue. */
  readonly execution_venue?: "international" | "bitnomial_exchange" | undefined;
}

/** A pair. With `info: "leverage"`, `"fees"` or `"margin"`, it has only some of these fields. */
export interface AssetPair {
  /** The alternative name, such as `XBTUSD`. */
  altname: string;
  /** The name in WebSocket v1, such as `XBT/USD`. Some pairs have none. */
  wsname?: string;
  /** The class of the base asset. */
  aclass_base: Known<"currency" | "tokenized_asset">;
  /** The base asset. */
  base: string;
  /** The class of the quote asset. */
  aclass_quote: Known<"currency">;
  /** The quote asset. */
  quote: string;
  /** The trading venue. */
  execution_venue?: Known<"international" | "bitnomial_exchange">;
  /** The unit of volumes. Always `unit`. */
  lot: string;
  /** The number of decimals of a cost, in the quote asset. */
  cost_decimals: number;
  /** The number of decimals of a price. */
  pair_decimals: number;
  /** The number of decimals of a volume. */
  lot_decimals: number;
  /** The multiplier of a lot. */
  lot_multiplier: number;
  /** The available leverage for buy orders. */
  leverage_buy: number[];
  /** The available leverage for sell orders. */
  leverage_sell: number[];
  /** The taker fees: the percentage that applies from a 30-day volume on. */
  fees: [volume: number, percent: number][];
  /** The maker fees, if they differ. */
  fees_maker?: [volume: number, percent: number][];
  /** The asset of the volumes in `fees`. */
  fee_volume_currency: string;
  /** The margin level of a margin call, in percent. */
  margin_call: number;
  /** The margin level of a liquidation, in percent. */
  margin_stop: number;
  /** The minimum volume of an order, in the base asset. */
  ordermin?: string;
  /** The minimum cost of an order, in the quote asset. */
  costmin?: string;
  /** The tick size. Prices are multiples of it. */
  tick_size?: string;
  /** The status, which determines the orders that are accepted. */
  status?: Known<"online" | "cancel_only" | "post_only" | "limit_only" | "reduce_only">;
  /** The largest long margin position, in the base asset. A number in the documentation, text in some clients' tests. */
  long_position_limit?: number | string;
  /** The largest short margin position, in the base asset. */
  short_position_limit?: number | string;
}

export interface TickerParams extends AssetVersionParams {
  /** The pairs, such as `"XBTUSD"`. Default: all. */
  readonly pair?: TextListParam | undefined;
  /** The class of the asset. It is required for pairs that are not currency pairs. */
  readonly asset_class?: "tokenized_asset" | "forex" | undefined;
}

/** The ticker of a pair. Its day begins at midnight UTC. */
export interface Ticker {
  /** The best ask. */
  a: [price: string, wholeLotVolume: string, lotVolume: string];
  /** The best bid. */
  b: [price: string, wholeLotVolume: string, lotVolume: string];
  /** The last trade. */
  c: [price: string, lotVolume: string];
  /** The volume. */
  v: [today: string, last24Hours: string];
  /** The average price, weighted by volume. */
  p: [today: string, last24Hours: string];
  /** The number of trades. */
  t: [today: number, last24Hours: number];
  /** The lowest price. */
  l: [today: string, last24Hours: string];
  /** The highest price. */
  h: [today: string, last24Hours: string];
  /** The first price of the day. */
  o: string;
}

/** The common parameters of requests for one pair. */
export interface OnePairParams extends AssetVersionParams {
  /** The pair, such as `"XBTUSD"` or `"XBT/USD"`. */
  readonly pair: string;
  /** The class of the asset. It is required for pairs that are not currency pairs. */
  readonly asset_class?: "tokenized_asset" | undefined;
}

export interface OHLCParams extends OnePairParams {
  /** The length of a candle in minutes. Default: 1. */
  readonly interval?: 1 | 5 | 15 | 30 | 60 | 240 | 1440 | 10080 | 21600 | undefined;
  /** The exclusive start of the candles, within the last 720. */
  readonly since?: SecondsParam | undefined;
}

/** A candle: its start in seconds since 1970, its prices, average price, volume and number of trades. */
export type Candle = [time: number, open: string, high: string, low: string, close: string, vwap: string, volume: string, count: number];

/** The candles, under the name of the pair, and `last`: the time of the last complete candle, for `since`. */
export type OHLCResult = { [pair: string]: Candle[] } & {
  /** The time of the last complete candle, in seconds since 1970, for `since`. */
  last: number;
};

export interface DepthParams extends OnePairParams {
  /** The number of prices on each side, 1 to 500. Default: 100. */
  readonly count?: number | undefined;
}

export interface OrderBookResult {
  /** The asks, the lowest price first. Times are seconds since 1970. */
  asks: [price: string, volume: string, time: number][];
  /** The bids, the highest price first. */
  bids: [price: string, volume: string, time: number][];
}

export interface GroupedBookParams {
  /** The name of the pair. */
  readonly pair: string;
  /** The number of prices on each side. */
  readonly depth?: 10 | 25 | 100 | 250 | 1000 | undefined;
  /** The number of ticks in each price. */
  readonly grouping?: 1 | 5 | 10 | 25 | 50 | 100 | 250 | 500 | 1000 | undefined;
}

export interface GroupedBookResult {
  /** The name of the pair. */
  pair: string;
  /** The number of ticks in each price. */
  grouping: number;
  /** The bids, the highest price first. */
  bids: {
    /** The price, in the quote currency. */
    price: string;
    /** The quantity at this price, in the base currency. */
    qty: string;
  }[];
  /** The asks, the lowest price first. */
  asks: {
    /** The price, in the quote currency. */
    price: string;
    /** The quantity at this price, in the base currency. */
    qty: string;
  }[];
}

export interface Level3Params {
  /** The name of the pair. */
  readonly pair: string;
  /** The number of prices on each side; 0 for all. Default: 100. */
  readonly depth?: 0 | 10 | 25 | 100 | 250 | 1000 | undefined;
}

export interface Level3Order {
  /** The limit price. */
  price: string;
  /** The remaining volume in the base asset. */
  qty: string;
  /** The id of the order. */
  order_id: string;
  /** The time in nanoseconds since 1970, as a `bigint`, because a number cannot represent it. */
  timestamp: bigint | number;
}

export interface Level3Result {
  /** The name of the pair. */
  pair: string;
  /** The bids, the highest price first. */
  bids: Level3Order[];
  /** The asks, the lowest price first. */
  asks: Level3Order[];
}

export interface TradesParams extends OnePairParams {
  /** The exclusive start of the trades: `last` of another answer (nanoseconds since 1970, as text), a `Date`, or seconds. */
  readonly since?: SecondsParam | bigint | undefined;
  /** The maximum number of trades, up to 1000. */
  readonly count?: number | undefined;
}

/** A trade. The taker bought (`b`) or sold (`s`) with a market (`m`) or limit (`l`) order. Times are seconds since 1970, with fractions. */
export type RecentTrade = [
  price: string,
  volume: string,
  time: number,
  side: "b" | "s",
  orderType: "m" | "l",
  miscellaneous: string,
  tradeId: number,
];

/** The trades, under the name of the pair, and `last`, for `since`: nanoseconds since 1970, as text. */
export type TradesResult = { [pair: string]: RecentTrade[] } & {
  /** The time of the last trade, in nanoseconds since 1970, as text, for `since`. */
  last: string;
};

export interface SpreadParams extends OnePairParams {
  /** The exclusive start of the rows. */
  readonly since?: SecondsParam | undefined;
}

/** The best prices, under the name of the pair, with seconds since 1970, and `last`, for `since`. */
export type SpreadResult = { [pair: string]: [time: number, bid: string, ask: string][] } & {
  /** The time of the last row, in seconds since 1970, for `since`. */
  last: number;
};

export interface PreTradeParams {
  /** The pair, such as `"BTC/USD"`. */
  readonly symbol: string;
}

export interface PreTradeLevel {
  /** The side: buy or sell. */
  side: "BUY" | "SELL";
  /** The price for each unit. */
  price: string;
  /** The total quantity of the orders, in the base asset. */
  qty: string;
  /** The number of orders. */
  count: number;
  /** The time of submission, RFC 3339. */
  submission_ts: string;
  /** The time of publication, RFC 3339. */
  publication_ts: string;
}

export interface PreTradeResult {
  /** The pair, such as `"BTC/USD"`. */
  symbol: string;
  /** The description of the pair. */
  description: string;
  /** The base asset, such as `XBT`. */
  base_asset: string;
  /** The Digital Token Identifier of the base asset. */
  base_dti_code?: string;
  /** Short names of the base asset. */
  base_dti_short_name?: string;
  /** The Digital Token Identifier of the quote asset; empty for money. */
  quote_dti_code?: string;
  /** Short names of the quote asset; empty for money. */
  quote_dti_short_name?: string;
  /** The notation of quantities: units or a nominal value. */
  base_notation: Known<"UNIT" | "NOML">;
  /** The quote asset, such as `USD`. */
  quote_asset: string;
  /** The notation of prices: an amount of money. */
  quote_notation: Known<"MONE">;
  /** The Market Identifier Code of the venue, ISO 10383. */
  venue: Known<"PGSL">;
  /** The trading system: a central limit order book. */
  system: Known<"CLOB">;
  /** The bids, the highest price first. */
  bids: PreTradeLevel[];
  /** The asks, the lowest price first. */
  asks: PreTradeLevel[];
}

export interface PostTradeParams {
  /** The pair, such as `"BTC/USD"`. Default: all. */
  readonly symbol?: string | undefined;
  /** The exclusive start of the trades. */
  readonly from_ts?: TimestampParam | undefined;
  /** The inclusive end of the trades. */
  readonly to_ts?: TimestampParam | undefined;
  /** The maximum number of trades, up to 1000. */
  readonly count?: number | undefined;
}

export interface PostTradeEntry {
  /** The id of the trade. */
  trade_id: string;
  /** The price for each unit. */
  price: string;
  /** The quantity in the base asset. */
  quantity: string;
  /** The pair, such as `"BTC/USD"`. */
  symbol: string;
  /** The description of the pair. */
  description: string;
  /** The base asset, such as `XBT`. */
  base_asset: string;
  /** The notation of quantities: units or a nominal value. */
  base_notation: Known<"UNIT">;
  /** The Digital Token Identifier of the base asset. These four fields are in answers, but not in the documentation. */
  base_dti_code?: string;
  /** Short names of the base asset. */
  base_dti_short_name?: string;
  /** The quote asset, such as `USD`. */
  quote_asset: string;
  /** The notation of prices: an amount of money. */
  quote_notation: Known<"MONE">;
  /** The Digital Token Identifier of the quote asset; empty for money. */
  quote_dti_code?: string;
  /** Short names of the quote asset; empty for money. */
  quote_dti_short_name?: string;
  /** The Market Identifier Code of the trading venue, ISO 10383. */
  trade_venue: string;
  /** The time of the trade, RFC 3339. */
  trade_ts: string;
  /** The Market Identifier Code of the publication venue, ISO 10383. */
  publication_venue: string;
  /** The time of publication, RFC 3339. */
  publication_ts: string;
}

export interface PostTradeResult {
  /** The time of the last trade, RFC 3339, for `from_ts`; empty without trades. */
  last_ts: string;
  /** The number of trades. */
  count: number;
  /** The trades, the oldest first. */
  trades: PostTradeEntry[];
}
