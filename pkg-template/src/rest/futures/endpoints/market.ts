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
  /** Whether it can be traded. */
  tradeable: boolean;
  /** Which kind of contract it is. */
  type?: Known<ContractType>;
  /** Such as `XBT:USD`. */
  pair?: string;
  /** The base asset. */
  base?: string;
  /** The quote asset. */
  quote?: string;
  /** The index that it follows. */
  underlying?: string;
  /** Of options: the future that is behind them. */
  underlyingFuture?: string | null;
  /** Such as `Layer 1`. */
  category?: string;
  /** Kraken's own. */
  tags?: string[];
  /** Prices are multiples of it. */
  tickSize?: number;
  /** Units in a contract. */
  contractSize?: number;
  /** Decimals of a size; negative for multiples of ten. */
  contractValueTradePrecision?: number;
  /** The smallest order. */
  minimumTradeSize?: number;
  /** The largest position. */
  maxPositionSize?: number;
  /** The size from which the middle of the book is made. */
  impactMidSize?: number;
  /** Whether only orders that rest are taken. */
  postOnly?: boolean;
  /** RFC 3339. */
  openingDate?: string;
  /** RFC 3339. */
  lastTradingTime?: string;
  /** Kraken's factor for the funding rate. */
  fundingRateCoefficient?: number;
  /** The highest one there can be. */
  maxRelativeFundingRate?: number;
  /** International Securities Identification Number. */
  isin?: string;
  /** The id of the fee schedule. */
  feeScheduleUid?: string;
  /** For professional clients. */
  marginLevels?: MarginLevel[];
  /** For retail clients. */
  retailMarginLevels?: MarginLevel[];
  /** By platform. */
  marginSchedules?: Record<string, { retail: MarginLevel[]; professional: MarginLevel[] }>;
  /** Whether it is no crypto market. */
  tradfi?: boolean;
  /** Whether it trades on a multilateral trading facility. */
  mtf?: boolean;
}

/** Margins are fractions, from so many contracts, or units of the quote currency, on. */
export interface MarginLevel {
  /** From so many contracts on. */
  contracts?: number | null;
  /** From so many units of the quote currency on. */
  numNonContractUnits?: number | null;
  /** To open a position. */
  initialMargin: number;
  /** To keep it. */
  maintenanceMargin: number;
}

export interface InstrumentStatus {
  /** The symbol. */
  tradeable: string;
  /** Whether its price is far from the index. */
  experiencingDislocation: boolean;
  /** On which side of the index the price is. */
  priceDislocationDirection: Known<"ABOVE_UPPER_BOUND" | "BELOW_LOWER_BOUND"> | null;
  /** Whether its price moves much. */
  experiencingExtremeVolatility: boolean;
  /** What the initial margin is multiplied by meanwhile. */
  extremeVolatilityInitialMarginMultiplier: number;
}

/** A contract's, or an index's, which has only a symbol and a last value. */
export interface FuturesTicker {
  /** Such as `PF_XBTUSD`; of an index, such as `in_xbtusd`. */
  symbol: string;
  /** The price of the last trade; of an index, its last value. */
  last?: number;
  /** RFC 3339. */
  lastTime?: string;
  /** The size of the last trade. */
  lastSize?: number;
  /** How long it runs. */
  tag?: Known<"perpetual" | "month" | "quarter" | "semiannual">;
  /** Such as `XBT:USD`. */
  pair?: string;
  /** The price that positions are valued at. */
  markPrice?: number;
  /** The index that it follows. */
  indexPrice?: number;
  /** The best bid. */
  bid?: number;
  /** The size at the best bid. */
  bidSize?: number;
  /** The best ask. */
  ask?: number;
  /** The size at the best ask. */
  askSize?: number;
  /** Sizes of the last 24 hours. */
  vol24h?: number;
  /** Sizes times prices of the last 24 hours. */
  volumeQuote?: number;
  /** All open positions. */
  openInterest?: number;
  /** The price 24 hours ago. */
  open24h?: number;
  /** The highest price of the last 24 hours. */
  high24h?: number;
  /** The lowest price of the last 24 hours. */
  low24h?: number;
  /** Percent. */
  change24h?: number;
  /** Absolute, for perpetual contracts. */
  fundingRate?: number;
  /** The next funding rate, as expected. */
  fundingRatePrediction?: number;
  /** Whether it does not trade. */
  suspended?: boolean;
  /** Whether only orders that rest are taken. */
  postOnly?: boolean;
  /** Of options: the price less what exercising would bring. */
  extrinsicValue?: number;
  /** The option's greeks. */
  greeks?: OptionGreeks;
  /** Whether the market behind it is closed. */
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
  /** For each unit; of an index, its value. */
  price: number;
  /** What the taker did. */
  side?: Known<Side>;
  /** Text in the documentation, a number in public clients. */
  size?: number | string;
  /** Counts the trades of the pair. */
  trade_id?: number;
  /** Its id. */
  uid?: string;
  /** Why it was traded. */
  type?: Known<"fill" | "liquidation" | "assignment" | "termination" | "block">;
  /** For reports to authorities. */
  instrument_identification_type?: string;
  /** International Securities Identification Number. */
  isin?: string;
  /** For reports to authorities. */
  execution_venue?: string;
  /** For reports to authorities. */
  price_notation?: string;
  /** In which the price is. */
  price_currency?: string;
  /** What it was worth. */
  notional_amount?: number;
  /** In which that is. */
  notional_currency?: string;
  /** RFC 3339. */
  publication_time?: string;
  /** For reports to authorities. */
  publication_venue?: string;
  /** For reports to authorities. */
  transaction_identification_code?: string;
  /** For reports to authorities. */
  to_be_cleared?: boolean;
}

export interface FundingRate {
  /** RFC 3339: when it began. */
  timestamp: string;
  /** Absolute. */
  fundingRate: number;
  /** A fraction of the price. */
  relativeFundingRate: number;
}

/** Fees in percent. */
export interface FuturesFeeSchedule {
  /** Its id. */
  uid: string;
  /** In words. */
  name: string;
  /** From the first fee to the last. */
  tiers: { makerFee: number; takerFee: number; usdVolume: number }[];
}

export interface CandlesParams {
  /** From then on. */
  readonly from?: SecondsParam | undefined;
  /** Until then. */
  readonly to?: SecondsParam | undefined;
  /** At most so many. */
  readonly count?: number | undefined;
}

export interface FuturesCandle {
  /** Milliseconds since 1970. */
  time: number;
  /** The first price. */
  open: string;
  /** The highest price. */
  high: string;
  /** The lowest price. */
  low: string;
  /** The last price. */
  close: string;
  /** A number in the documentation, text in Kraken.Net's tests. */
  volume: number | string;
}

export interface CandlesResult {
  /** The oldest first. */
  candles: FuturesCandle[];
  /** Whether there are more in the span that was asked for. */
  more_candles: boolean;
}

export interface AnalyticsParams {
  /** From then on. */
  readonly since: SecondsParam;
  /** Now by default. */
  readonly to?: SecondsParam | undefined;
  /** Seconds. */
  readonly interval: 60 | 300 | 900 | 1800 | 3600 | 14400 | 43200 | 86400 | 604800;
}

/** Lists with one entry for each interval; which, depends on the type of analytics. */
export interface AnalyticsResult<Data = AnalyticsData> {
  /** The lists. */
  result: {
    /** Seconds since 1970. */
    timestamp: number[];
    data: Data;
    more: boolean;
  };
  /** What is wrong with the query. */
  errors: { severity: string; error_class: string; type: string; msg?: string; value?: string; field?: string }[];
}

export type AnalyticsData =
  | (number | string | (number | string)[])[]
  | { [name: string]: (number | string | null)[] | { [name: string]: (number | string | null)[] } };

/** What searches in histories have in common. */
export interface EventsParams {
  /** From then on. */
  readonly since?: MillisecondsParam | undefined;
  /** Before then. */
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
  /** How many there are. */
  len: number;
  /** The rows. */
  elements: HistoryElement<Event>[];
  /** For the next page; none on the last one. */
  continuationToken?: string;
}

export interface HistoryElement<Event> {
  /** Its id. */
  uid: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  /** What happened, by its kind. */
  event: Event;
}

/** Times are milliseconds since 1970. */
export interface PublicExecution {
  /** What was traded. */
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
  /** What was taken off a reduce-only order; may be empty. */
  takerReducedQuantity?: string;
}

/** Times are milliseconds since 1970. */
export interface PublicOrder {
  /** Its id. */
  uid: string;
  /** The symbol. */
  tradeable: string;
  /** Whether it buys or sells. */
  direction: Known<"Buy" | "Sell" | "unknown">;
  /** In units of the contract. */
  quantity: string;
  /** When it was. */
  timestamp: number;
  /** The limit. */
  limitPrice?: string;
  /** The order's type. */
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  /** Whether it can only make a position smaller. */
  reduceOnly: boolean;
  /** When it was changed last. */
  lastUpdateTimestamp: number;
}

export type PublicOrderEvent =
  | { OrderPlaced: { order: PublicOrder; reason: string; reducedQuantity?: string } }
  | { OrderUpdated: { oldOrder: PublicOrder; newOrder: PublicOrder; reason: string; reducedQuantity?: string } }
  | { OrderCancelled: { order: PublicOrder; reason: string } };
