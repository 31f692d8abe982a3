/**
 * Market data. Sources: docs.kraken.com, Derivatives REST, Charts and History, with Kraken's own OpenAPI files (github.com/krakenfx/api-specs) and
 * change log, November 2026; paths and answers also from python-kraken-sdk, ccxt and Kraken.Net's tests. Where they disagree, the type is the
 * wider one. Amounts and prices are numbers here, and text in charts and histories.
 */
import type { Endpoint } from "../../endpoint.js";
import {
  type Known,
  type MillisecondsParam,
  type NoParams,
  type OptionGreeks,
  type Resolution,
  type SecondsParam,
  type Side,
  type Success,
  type TickType,
  type TimestampParam,
  get,
  open,
} from "./common.js";

export const marketRecords = /* @__PURE__ */ (() =>
  ({
    "GET:instruments": open,
    "GET:instruments/status": open,
    "GET:instruments/{symbol}/status": open,
    "GET:trading/instruments": get,
    "GET:tickers": open,
    "GET:tickers/{symbol}": open,
    "GET:orderbook": open,
    "GET:history": open,
    "GET:historical-funding-rates": open,
    "GET:/derivatives/api/v4/historicalfundingrates": open,
    "GET:feeschedules": open,
    "GET:/api/charts/v1/": open,
    "GET:/api/charts/v1/{tick_type}": open,
    "GET:/api/charts/v1/{tick_type}/{symbol}": open,
    "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}": open,
    "GET:/api/charts/v1/analytics/liquidity-pool": open,
    "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}": open,
    "GET:/api/history/v2/market/{tradeable}/executions": open,
    "GET:/api/history/v2/market/{tradeable}/orders": open,
    "GET:/api/history/v2/market/{tradeable}/price": open,
    "GET:/api/history/v3/market/{tradeable}/executions": open,
    "GET:/api/history/v3/market/{tradeable}/orders": open,
    "GET:/api/history/v3/market/{tradeable}/price": open,
  }) as const satisfies { [Name in keyof FuturesMarketEndpoints]: Endpoint })();

type MarketExecutions = { params: MarketEventsParams; result: EventPage<{ Execution: PublicExecution }> };
type MarketOrders = { params: MarketEventsParams; result: EventPage<PublicOrderEvent> };
type MarketPrices = { params: MarketEventsParams; result: EventPage<{ price: string } | { MarkPriceChanged: { price: string } }> };
type FundingRates<Envelope> = { params: SymbolParams; result: Envelope & { rates: FundingRate[] } };

/** Market data; all public but `trading/instruments`. */
export interface FuturesMarketEndpoints {
  /** Contracts and indices. */
  "GET:instruments": { params: ContractTypeParams; result: Success & { instruments: Instrument[] } };
  "GET:instruments/status": { params: ContractTypeParams; result: Success & { instrumentStatus: InstrumentStatus[] } };
  "GET:instruments/{symbol}/status": { params: NoParams; result: Success & InstrumentStatus };
  /** Contracts that the account may trade. Private. */
  "GET:trading/instruments": { params: ContractTypeParams; result: Success & { instruments: Instrument[] } };
  "GET:tickers": { params: ContractTypeParams; result: Success & { tickers: FuturesTicker[] } };
  "GET:tickers/{symbol}": { params: NoParams; result: Success & { ticker: FuturesTicker } };
  /** The whole order book. */
  "GET:orderbook": { params: SymbolParams; result: Success & { orderBook: FuturesOrderBook } };
  /** 100 trades of the last days, the latest first. */
  "GET:history": { params: HistoryParams; result: { result: "success"; serverTime?: string; history: PublicTrade[] } };
  /** The oldest first. */
  "GET:historical-funding-rates": FundingRates<Success>;
  /** The older path. In the answers that are known there are only the rates. */
  "GET:/derivatives/api/v4/historicalfundingrates": FundingRates<Partial<Success>>;
  /** Since June 2026 not what is charged: see Spot's TradeVolume. */
  "GET:feeschedules": { params: NoParams; result: Success & { feeSchedules: FuturesFeeSchedule[] } };
  /** What candles can be made of. */
  "GET:/api/charts/v1/": { params: NoParams; result: Known<TickType>[] };
  /** Which markets have candles. */
  "GET:/api/charts/v1/{tick_type}": { params: NoParams; result: string[] };
  /** How long candles of a market can be. */
  "GET:/api/charts/v1/{tick_type}/{symbol}": { params: NoParams; result: Known<Resolution>[] };
  "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}": { params: CandlesParams; result: CandlesResult };
  "GET:/api/charts/v1/analytics/liquidity-pool": { params: AnalyticsParams; result: AnalyticsResult<{ usdValue: string[] }> };
  "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}": { params: AnalyticsParams; result: AnalyticsResult };
  "GET:/api/history/v2/market/{tradeable}/executions": MarketExecutions;
  "GET:/api/history/v2/market/{tradeable}/orders": MarketOrders;
  "GET:/api/history/v2/market/{tradeable}/price": MarketPrices;
  "GET:/api/history/v3/market/{tradeable}/executions": MarketExecutions;
  "GET:/api/history/v3/market/{tradeable}/orders": MarketOrders;
  "GET:/api/history/v3/market/{tradeable}/price": MarketPrices;
}

export interface ContractTypeParams {
  /** Only these; all by default. */
  readonly contractType?: ContractType | readonly ContractType[] | undefined;
}

type ContractType = "futures_inverse" | "futures_vanilla" | "flexible_futures" | "options";

export interface SymbolParams {
  /** Such as `"PF_XBTUSD"`. */
  readonly symbol: string;
}

export interface Instrument {
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  tradeable: boolean;
  type?: Known<ContractType>;
  /** Such as `XBT:USD`. */
  pair?: string;
  base?: string;
  quote?: string;
  /** The index that it follows. */
  underlying?: string;
  underlyingFuture?: string | null;
  category?: string;
  tags?: string[];
  tickSize?: number;
  contractSize?: number;
  /** Decimals of a size; negative for multiples of ten. */
  contractValueTradePrecision?: number;
  minimumTradeSize?: number;
  maxPositionSize?: number;
  impactMidSize?: number;
  postOnly?: boolean;
  /** RFC 3339. */
  openingDate?: string;
  /** RFC 3339. */
  lastTradingTime?: string;
  fundingRateCoefficient?: number;
  maxRelativeFundingRate?: number;
  isin?: string;
  feeScheduleUid?: string;
  /** For professional clients. */
  marginLevels?: MarginLevel[];
  retailMarginLevels?: MarginLevel[];
  /** By platform. */
  marginSchedules?: Record<string, { retail: MarginLevel[]; professional: MarginLevel[] }>;
  tradfi?: boolean;
  mtf?: boolean;
}

/** Margins are fractions, from so many contracts, or units of the quote currency, on. */
export interface MarginLevel {
  contracts?: number | null;
  numNonContractUnits?: number | null;
  initialMargin: number;
  maintenanceMargin: number;
}

export interface InstrumentStatus {
  /** The symbol. */
  tradeable: string;
  experiencingDislocation: boolean;
  priceDislocationDirection: Known<"ABOVE_UPPER_BOUND" | "BELOW_LOWER_BOUND"> | null;
  experiencingExtremeVolatility: boolean;
  extremeVolatilityInitialMarginMultiplier: number;
}

/** A contract's, or an index's, which has only a symbol and a last value. */
export interface FuturesTicker {
  symbol: string;
  last?: number;
  /** RFC 3339. */
  lastTime?: string;
  lastSize?: number;
  tag?: Known<"perpetual" | "month" | "quarter" | "semiannual">;
  /** Such as `XBT:USD`. */
  pair?: string;
  markPrice?: number;
  indexPrice?: number;
  bid?: number;
  bidSize?: number;
  ask?: number;
  askSize?: number;
  /** Sizes of the last 24 hours. */
  vol24h?: number;
  /** Sizes times prices of the last 24 hours. */
  volumeQuote?: number;
  openInterest?: number;
  /** The price 24 hours ago. */
  open24h?: number;
  high24h?: number;
  low24h?: number;
  /** Percent. */
  change24h?: number;
  /** Absolute, for perpetual contracts. */
  fundingRate?: number;
  fundingRatePrediction?: number;
  suspended?: boolean;
  postOnly?: boolean;
  extrinsicValue?: number;
  greeks?: OptionGreeks;
  isUnderlyingMarketClosed?: boolean;
}

export interface FuturesOrderBook {
  /** The highest first. */
  bids: [price: number, size: number][];
  /** The lowest first. */
  asks: [price: number, size: number][];
}

export interface HistoryParams extends SymbolParams {
  /** Trades before that. */
  readonly lastTime?: TimestampParam | undefined;
}

export interface PublicTrade {
  /** RFC 3339. */
  time: string;
  price: number;
  /** What the taker did. */
  side?: Known<Side>;
  /** Text in the documentation, a number in public clients. */
  size?: number | string;
  trade_id?: number;
  uid?: string;
  type?: Known<"fill" | "liquidation" | "assignment" | "termination" | "block">;
  instrument_identification_type?: string;
  isin?: string;
  execution_venue?: string;
  price_notation?: string;
  price_currency?: string;
  notional_amount?: number;
  notional_currency?: string;
  publication_time?: string;
  publication_venue?: string;
  transaction_identification_code?: string;
  to_be_cleared?: boolean;
}

export interface FundingRate {
  /** RFC 3339: when it began. */
  timestamp: string;
  /** Absolute. */
  fundingRate: number;
  relativeFundingRate: number;
}

/** Fees in percent. */
export interface FuturesFeeSchedule {
  uid: string;
  name: string;
  tiers: { makerFee: number; takerFee: number; usdVolume: number }[];
}

export interface CandlesParams {
  readonly from?: SecondsParam | undefined;
  readonly to?: SecondsParam | undefined;
  /** At most so many. */
  readonly count?: number | undefined;
}

export interface FuturesCandle {
  /** Milliseconds since 1970. */
  time: number;
  open: string;
  high: string;
  low: string;
  close: string;
  /** A number in the documentation, text in Kraken.Net's tests. */
  volume: number | string;
}

export interface CandlesResult {
  candles: FuturesCandle[];
  /** Whether there are more in the span that was asked for. */
  more_candles: boolean;
}

export interface AnalyticsParams {
  readonly since: SecondsParam;
  /** Now by default. */
  readonly to?: SecondsParam | undefined;
  /** Seconds. */
  readonly interval: 60 | 300 | 900 | 1800 | 3600 | 14400 | 43200 | 86400 | 604800;
}

/** Lists with one entry for each interval; which, depends on the type of analytics. */
export interface AnalyticsResult<Data = AnalyticsData> {
  result: {
    /** Seconds since 1970. */
    timestamp: number[];
    data: Data;
    more: boolean;
  };
  errors: { severity: string; error_class: string; type: string; msg?: string; value?: string; field?: string }[];
}

export type AnalyticsData =
  | (number | string | (number | string)[])[]
  | { [name: string]: (number | string | null)[] | { [name: string]: (number | string | null)[] } };

/** What searches in histories have in common. */
export interface EventsParams {
  readonly since?: MillisecondsParam | undefined;
  readonly before?: MillisecondsParam | undefined;
  /** `desc`, the latest first, by default. */
  readonly sort?: "asc" | "desc" | undefined;
  /** `continuationToken` of the page before; `pages` does that. */
  readonly continuation_token?: string | undefined;
  /** At most so many. */
  readonly count?: number | undefined;
}

export type MarketEventsParams = EventsParams;

/** A page of a history. */
export interface EventPage<Event> {
  len: number;
  elements: HistoryElement<Event>[];
  /** For the next page; none on the last one. */
  continuationToken?: string;
}

export interface HistoryElement<Event> {
  uid: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  event: Event;
}

/** Times are milliseconds since 1970. */
export interface PublicExecution {
  execution: {
    uid: string;
    makerOrder: PublicOrder;
    takerOrder: PublicOrder;
    oldTakerOrder?: PublicOrder;
    timestamp: number;
    quantity: string;
    price: string;
    markPrice?: string;
    limitFilled: boolean;
    usdValue?: string;
  };
  takerReducedQuantity?: string;
}

/** Times are milliseconds since 1970. */
export interface PublicOrder {
  uid: string;
  tradeable: string;
  direction: Known<"Buy" | "Sell" | "unknown">;
  quantity: string;
  timestamp: number;
  limitPrice?: string;
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  reduceOnly: boolean;
  lastUpdateTimestamp: number;
}

export type PublicOrderEvent =
  | { OrderPlaced: { order: PublicOrder; reason: string; reducedQuantity?: string } }
  | { OrderUpdated: { oldOrder: PublicOrder; newOrder: PublicOrder; reason: string; reducedQuantity?: string } }
  | { OrderCancelled: { order: PublicOrder; reason: string } };
