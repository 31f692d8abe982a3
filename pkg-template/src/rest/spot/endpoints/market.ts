/**
 * Market data. Sources: docs.kraken.com, «Market Data», with Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and change log, November
 * 2026; answers also from the models of typed-kraken, kraken-connector and kraken-async-rs. Where they disagree, the type is the wider one.
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
    Trades: open,
    Spread: open,
    PreTrade: open,
    PostTrade: open,
  }) as const satisfies { [Name in keyof MarketEndpoints]: Endpoint })();

/** Market data; all public but `Level3`. */
export interface MarketEndpoints {
  /** Kraken's clock. */
  Time: { params: NoParams; result: TimeResult };
  /** Whether orders are taken, and maintenance in the next 72 hours. */
  SystemStatus: { params: NoParams; result: SystemStatusResult };
  /** Maintenance in the next seven days. */
  MaintenanceSchedule: { params: NoParams; result: MaintenanceScheduleResult };
  /** Assets by their names. */
  Assets: { params: AssetsParams; result: Record<string, AssetInfo> };
  /** Pairs by their names: precisions, minima, fees, leverage. */
  AssetPairs: { params: AssetPairsParams; result: Record<string, AssetPair> };
  /** Prices and volumes of pairs; of all of them, without `pair`. */
  Ticker: { params: TickerParams; result: Record<string, Ticker> };
  /** Up to 720 candles; the last is not complete. */
  OHLC: { params: OHLCParams; result: OHLCResult };
  /** The order book by prices. */
  Depth: { params: DepthParams; result: Record<string, OrderBookResult> };
  /** The order book by prices, several ticks at a time. */
  GroupedBook: { params: GroupedBookParams; result: GroupedBookResult };
  /** The order book by single orders. Private. */
  Level3: { params: Level3Params; result: Level3Result };
  /** Up to 1000 trades of a pair. */
  Trades: { params: TradesParams; result: TradesResult };
  /** About 200 of the last best bids and asks. */
  Spread: { params: SpreadParams; result: SpreadResult };
  /** The ten best prices on both sides, for transparency rules. */
  PreTrade: { params: PreTradeParams; result: PreTradeResult };
  /** Trades of all pairs or of one, for transparency rules. */
  PostTrade: { params: PostTradeParams; result: PostTradeResult };
}

export interface TimeResult {
  /** Seconds since 1970. */
  unixtime: number;
  /** The same as text, RFC 1123. */
  rfc1123: string;
}

export interface SystemStatusResult {
  /** `cancel_only`: orders can only be cancelled; `post_only`: only post-only limit orders are taken. */
  status: "online" | "maintenance" | "cancel_only" | "post_only";
  /** The time of the answer, RFC 3339. */
  timestamp: string;
  /** Maintenance within 72 hours; left out by older versions of the API. */
  upcoming_maintenance?: MaintenanceEvent[];
  /** Incidents that are not over. */
  emergency?: EmergencyIncident[];
}

/** What of Kraken's systems an event is about. */
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

/** What Kraken advises. */
type RecommendedAction = "continue" | "reduce_activity" | "cancel_open_orders" | "stop_new_orders" | "disconnect_and_wait" | "unspecified";

/** An incident. Kraken documents in words that it tells this, and not which of it is always there; there may be more. */
export interface EmergencyIncident {
  /** In words. */
  title?: string;
  /** How far it is. */
  incident_status?: Known<"investigating" | "identified" | "monitoring">;
  /** What it is about. */
  affected_services?: Known<AffectedService>[];
  /** Whether orders are taken meanwhile. */
  order_submission?: Known<"allowed">;
  /** What Kraken advises. */
  recommended_action?: Known<RecommendedAction>;
  /** Where Kraken tells more. */
  source_url?: string;
  /** What is not known here. */
  [name: string]: unknown;
}

export interface MaintenanceEvent {
  /** The event's id. */
  event_id: number;
  /** In words. */
  title: string;
  /** RFC 3339. */
  expected_start_utc: string;
  /** RFC 3339. */
  expected_end_utc: string;
  /** Seconds until it starts. */
  time_to_start_s: number;
  /** How near it is. */
  phase: Known<"announced" | "reminder_24h" | "approaching_30m" | "imminent_5m" | "final_warning_30s" | "unspecified">;
  /** What it is about. */
  affected_services: Known<AffectedService>[];
  /** Whether orders are taken in this phase. */
  order_submission: Known<"allowed">;
  /** What Kraken advises. */
  recommended_action: Known<RecommendedAction>;
  /** RFC 3339: cancel by then what must not rest in the book meanwhile. */
  cancel_before_utc?: string | null;
  /** Where Kraken has announced it. */
  source_url?: string;
}

export interface MaintenanceScheduleResult {
  /** The next one first. */
  events: MaintenanceEvent[];
}

export interface AssetsParams extends AssetVersionParams {
  /** Assets such as `"XBT"`; all by default. */
  readonly asset?: TextListParam | undefined;
  /** Which kind of asset it is. */
  readonly aclass?: "currency" | "tokenized_asset" | undefined;
}

export interface AssetInfo {
  /** Which kind of asset it is. */
  aclass: Known<"currency" | "tokenized_asset">;
  /** The name without prefix, such as `XBT` for `XXBT`. */
  altname: string;
  /** Decimals in which balances are kept. */
  decimals: number;
  /** Decimals that are shown to people. */
  display_decimals: number;
  /** How much of its value counts as collateral, 0 to 1. A number in the documentation, text in some clients' tests. */
  collateral_value?: number | string;
  /** The interest for margin, a fraction. Text in the documentation, a number in some clients' tests. */
  margin_rate?: string | number;
  /** What can be done with it. */
  status?: Known<"enabled" | "deposit_only" | "withdrawal_only" | "funding_temporarily_disabled">;
}

export interface AssetPairsParams extends AssetVersionParams {
  /** Pairs such as `"XBTUSD"`; all by default. */
  readonly pair?: TextListParam | undefined;
  /** The class of the base asset. */
  readonly aclass_base?: "currency" | "tokenized_asset" | undefined;
  /** What to tell; `info`, everything, by default. */
  readonly info?: "info" | "leverage" | "fees" | "margin" | undefined;
  /** Only pairs that are available there: ISO 3166-1, two letters. */
  readonly country_code?: string | undefined;
  /** Where it trades. */
  readonly execution_venue?: "international" | "bitnomial_exchange" | undefined;
}

/** A pair; with `info: "leverage"`, `"fees"` or `"margin"` only some of it. */
export interface AssetPair {
  /** Such as `XBTUSD`. */
  altname: string;
  /** Its name over WebSocket v1, such as `XBT/USD`; not all pairs have one. */
  wsname?: string;
  /** The class of the base asset. */
  aclass_base: Known<"currency" | "tokenized_asset">;
  /** The asset that is traded. */
  base: string;
  /** The class of the quote asset. */
  aclass_quote: Known<"currency">;
  /** The asset that prices are in. */
  quote: string;
  /** Where it trades. */
  execution_venue?: Known<"international" | "bitnomial_exchange">;
  /** What volumes count; always `unit`. */
  lot: string;
  /** Decimals of a cost, in the quote asset. */
  cost_decimals: number;
  /** Decimals of a price. */
  pair_decimals: number;
  /** Decimals of a volume. */
  lot_decimals: number;
  /** What a lot is multiplied by. */
  lot_multiplier: number;
  /** The leverages that there are for buying. */
  leverage_buy: number[];
  /** The leverages that there are for selling. */
  leverage_sell: number[];
  /** Taker fees: from this 30-day volume on, this percentage. */
  fees: [volume: number, percent: number][];
  /** Maker fees, if they are not the same. */
  fees_maker?: [volume: number, percent: number][];
  /** The asset of the volumes in the fees. */
  fee_volume_currency: string;
  /** The margin level, in percent, of a margin call. */
  margin_call: number;
  /** The margin level, in percent, of a liquidation. */
  margin_stop: number;
  /** The least volume of an order, in the base asset. */
  ordermin?: string;
  /** The least cost of an order, in the quote asset. */
  costmin?: string;
  /** Prices are multiples of it. */
  tick_size?: string;
  /** Which orders are taken. */
  status?: Known<"online" | "cancel_only" | "post_only" | "limit_only" | "reduce_only">;
  /** The largest long position on margin, in the base asset. A number in the documentation, text in some clients' tests. */
  long_position_limit?: number | string;
  /** The largest short position on margin, in the base asset. */
  short_position_limit?: number | string;
}

export interface TickerParams extends AssetVersionParams {
  /** Pairs such as `"XBTUSD"`; all by default. */
  readonly pair?: TextListParam | undefined;
  /** Needed for pairs other than those of currencies. */
  readonly asset_class?: "tokenized_asset" | "forex" | undefined;
}

/** «Today» begins at midnight UTC. */
export interface Ticker {
  /** The best ask. */
  a: [price: string, wholeLotVolume: string, lotVolume: string];
  /** The best bid. */
  b: [price: string, wholeLotVolume: string, lotVolume: string];
  /** The last trade. */
  c: [price: string, lotVolume: string];
  /** Volume. */
  v: [today: string, last24Hours: string];
  /** Average price, weighted by volume. */
  p: [today: string, last24Hours: string];
  /** Number of trades. */
  t: [today: number, last24Hours: number];
  /** Lowest price. */
  l: [today: string, last24Hours: string];
  /** Highest price. */
  h: [today: string, last24Hours: string];
  /** The first price today. */
  o: string;
}

/** What asks for one pair has in common. */
export interface OnePairParams extends AssetVersionParams {
  /** Such as `"XBTUSD"` or `"XBT/USD"`. */
  readonly pair: string;
  /** Needed for pairs other than those of currencies. */
  readonly asset_class?: "tokenized_asset" | undefined;
}

export interface OHLCParams extends OnePairParams {
  /** Minutes for each candle; 1 by default. */
  readonly interval?: 1 | 5 | 15 | 30 | 60 | 240 | 1440 | 10080 | 21600 | undefined;
  /** Candles after that time, among the last 720. */
  readonly since?: SecondsParam | undefined;
}

/** A candle: when it began, in seconds since 1970, its prices, its average price, its volume, its number of trades. */
export type Candle = [time: number, open: string, high: string, low: string, close: string, vwap: string, volume: string, count: number];

/** Candles by the name of the pair; and, among the names, `last`: the time of the last complete one, for `since`. */
export type OHLCResult = { [pair: string]: Candle[] } & { last: number };

export interface DepthParams extends OnePairParams {
  /** Prices on each side, 1 to 500; 100 by default. */
  readonly count?: number | undefined;
}

export interface OrderBookResult {
  /** The lowest first. Times are seconds since 1970. */
  asks: [price: string, volume: string, time: number][];
  /** The highest first. */
  bids: [price: string, volume: string, time: number][];
}

export interface GroupedBookParams {
  /** The pair's name. */
  readonly pair: string;
  /** Prices on each side. */
  readonly depth?: 10 | 25 | 100 | 250 | 1000 | undefined;
  /** Ticks in each price. */
  readonly grouping?: 1 | 5 | 10 | 25 | 50 | 100 | 250 | 500 | 1000 | undefined;
}

export interface GroupedBookResult {
  /** The pair's name. */
  pair: string;
  /** Ticks in each price. */
  grouping: number;
  /** The highest price first. */
  bids: { price: string; qty: string }[];
  /** The lowest price first. */
  asks: { price: string; qty: string }[];
}

export interface Level3Params {
  /** The pair's name. */
  readonly pair: string;
  /** Prices on each side; 0 for all, 100 by default. */
  readonly depth?: 0 | 10 | 25 | 100 | 250 | 1000 | undefined;
}

export interface Level3Order {
  /** The limit. */
  price: string;
  /** What is left of it, in the base asset. */
  qty: string;
  /** The order's id. */
  order_id: string;
  /** Nanoseconds since 1970: a `bigint`, as a number would not hold it. */
  timestamp: bigint | number;
}

export interface Level3Result {
  /** The pair's name. */
  pair: string;
  /** The highest price first. */
  bids: Level3Order[];
  /** The lowest price first. */
  asks: Level3Order[];
}

export interface TradesParams extends OnePairParams {
  /** Trades after that: `last` of another answer, which is nanoseconds since 1970 as text; or a `Date`; or seconds. */
  readonly since?: SecondsParam | bigint | undefined;
  /** At most so many, up to 1000. */
  readonly count?: number | undefined;
}

/** A trade; `b` bought or `s` sold by the taker, whose order was `m` market or `l` limit. Times are seconds since 1970, with fractions. */
export type RecentTrade = [
  price: string,
  volume: string,
  time: number,
  side: "b" | "s",
  orderType: "m" | "l",
  miscellaneous: string,
  tradeId: number,
];

/** Trades by the name of the pair; and, among the names, `last`, for `since`: nanoseconds since 1970 as text. */
export type TradesResult = { [pair: string]: RecentTrade[] } & { last: string };

export interface SpreadParams extends OnePairParams {
  /** Those after that time. */
  readonly since?: SecondsParam | undefined;
}

/** Best prices by the name of the pair, with seconds since 1970; and, among the names, `last`, for `since`. */
export type SpreadResult = { [pair: string]: [time: number, bid: string, ask: string][] } & { last: number };

export interface PreTradeParams {
  /** Such as `"BTC/USD"`. */
  readonly symbol: string;
}

export interface PreTradeLevel {
  /** Whether it buys or sells. */
  side: "BUY" | "SELL";
  /** For each unit. */
  price: string;
  /** All orders together, in the base asset. */
  qty: string;
  /** Number of orders. */
  count: number;
  /** RFC 3339. */
  submission_ts: string;
  /** RFC 3339. */
  publication_ts: string;
}

export interface PreTradeResult {
  /** Such as `BTC/USD`. */
  symbol: string;
  /** In words. */
  description: string;
  /** Such as `XBT`. */
  base_asset: string;
  /** Digital Token Identifier. */
  base_dti_code?: string;
  /** Short names of the token. */
  base_dti_short_name?: string;
  /** Digital Token Identifier; empty for money. */
  quote_dti_code?: string;
  /** Short names of the token; empty for money. */
  quote_dti_short_name?: string;
  /** What quantities are: units, or a nominal value. */
  base_notation: Known<"UNIT" | "NOML">;
  /** Such as `USD`. */
  quote_asset: string;
  /** What prices are: an amount of money. */
  quote_notation: Known<"MONE">;
  /** Market Identifier Code, ISO 10383. */
  venue: Known<"PGSL">;
  /** A central limit order book. */
  system: Known<"CLOB">;
  /** The highest price first. */
  bids: PreTradeLevel[];
  /** The lowest price first. */
  asks: PreTradeLevel[];
}

export interface PostTradeParams {
  /** Such as `"BTC/USD"`; all by default. */
  readonly symbol?: string | undefined;
  /** Trades after that. */
  readonly from_ts?: TimestampParam | undefined;
  /** Trades up to that. */
  readonly to_ts?: TimestampParam | undefined;
  /** At most so many, up to 1000. */
  readonly count?: number | undefined;
}

export interface PostTradeEntry {
  /** The trade's id. */
  trade_id: string;
  /** For each unit. */
  price: string;
  /** In the base asset. */
  quantity: string;
  /** Such as `BTC/USD`. */
  symbol: string;
  /** In words. */
  description: string;
  /** Such as `XBT`. */
  base_asset: string;
  /** What quantities are: units, or a nominal value. */
  base_notation: Known<"UNIT">;
  /** Digital Token Identifier; these four are in answers, and not in the documentation. */
  base_dti_code?: string;
  /** Short names of the token. */
  base_dti_short_name?: string;
  /** Such as `USD`. */
  quote_asset: string;
  /** What prices are: an amount of money. */
  quote_notation: Known<"MONE">;
  /** Digital Token Identifier; empty for money. */
  quote_dti_code?: string;
  /** Short names of the token; empty for money. */
  quote_dti_short_name?: string;
  /** Market Identifier Code, ISO 10383. */
  trade_venue: string;
  /** RFC 3339. */
  trade_ts: string;
  /** Market Identifier Code, ISO 10383. */
  publication_venue: string;
  /** RFC 3339. */
  publication_ts: string;
}

export interface PostTradeResult {
  /** RFC 3339, of the last trade, for `from_ts`; empty where there is none. */
  last_ts: string;
  /** How many there are. */
  count: number;
  /** The oldest first. */
  trades: PostTradeEntry[];
}
