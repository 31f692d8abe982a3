/**
 * The endpoints for market data. Sources: docs.kraken.com, Derivatives REST, Charts and History, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs) and change log, November 2026. Paths and answers are also from python-kraken-sdk, ccxt and Kraken.Net's tests. If
 * sources disagree, the type is the wider one. Amounts and prices are numbers, except in charts and histories, where they are text.
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
  historyTimes,
  open,
  read,
} from "./common.js";

// In functions, because bundlers keep a spread, whose getters might do something.
const chart = /* @__PURE__ */ (() => read("GET", { ...open, times: { from: "seconds", to: "end", since: "seconds" } }))();
const events = /* @__PURE__ */ (() => read("GET", { ...open, times: historyTimes }))();

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
    "GET:/api/charts/v1/": chart,
    "GET:/api/charts/v1/{tick_type}": chart,
    "GET:/api/charts/v1/{tick_type}/{symbol}": chart,
    "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}": chart,
    "GET:/api/charts/v1/analytics/liquidity-pool": chart,
    "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}": chart,
    "GET:/api/history/v2/market/{tradeable}/executions": events,
    "GET:/api/history/v2/market/{tradeable}/orders": events,
    "GET:/api/history/v2/market/{tradeable}/price": events,
    "GET:/api/history/v3/market/{tradeable}/executions": events,
    "GET:/api/history/v3/market/{tradeable}/orders": events,
    "GET:/api/history/v3/market/{tradeable}/price": events,
  }) as const satisfies { [Name in keyof FuturesMarketEndpoints]: Endpoint })();

type MarketExecutions = {
  params: MarketEventsParams;
  result: EventPage<{
    /** A trade. */
    Execution: PublicExecution;
  }>;
};
type MarketOrders = { params: MarketEventsParams; result: EventPage<PublicOrderEvent> };
type MarketPrices = {
  params: MarketEventsParams;
  result: EventPage<
    | {
        /** The price, as text. */
        price: string;
      }
    | {
        /** A change of the mark price. */
        MarkPriceChanged: {
          /** The price, as text. */
          price: string;
        };
      }
  >;
};
type FundingRates<Envelope> = {
  params: SymbolParams;
  result: Envelope & {
    /** The funding rates. */
    rates: FundingRate[];
  };
};

/** Market data. All endpoints are public, except `trading/instruments`. */
export interface FuturesMarketEndpoints {
  /** Returns contracts and indices. */
  "GET:instruments": { params: ContractTypeParams; result: Success & { instruments: Instrument[] } };
  /** Returns whether the prices of contracts are volatile or far from the index. */
  "GET:instruments/status": { params: ContractTypeParams; result: Success & { instrumentStatus: InstrumentStatus[] } };
  /** Returns the same for one contract. */
  "GET:instruments/{symbol}/status": { params: NoParams; result: Success & InstrumentStatus };
  /** Returns the contracts that the account may trade. Private. */
  "GET:trading/instruments": { params: ContractTypeParams; result: Success & { instruments: Instrument[] } };
  /** Returns prices and volumes of all contracts and indices. */
  "GET:tickers": { params: ContractTypeParams; result: Success & { tickers: FuturesTicker[] } };
  /** Returns prices and volumes of one contract or index. */
  "GET:tickers/{symbol}": { params: NoParams; result: Success & { ticker: FuturesTicker } };
  /** Returns the whole order book. */
  "GET:orderbook": { params: SymbolParams; result: Success & { orderBook: FuturesOrderBook } };
  /** Returns 100 trades of the last days, the latest first. */
  "GET:history": { params: HistoryParams; result: { result: "success"; serverTime?: string; history: PublicTrade[] } };
  /** Returns funding rates, the oldest first. */
  "GET:historical-funding-rates": FundingRates<Success>;
  /** Returns funding rates from an older path. Its known answers contain the rates only. */
  "GET:/derivatives/api/v4/historicalfundingrates": FundingRates<Partial<Success>>;
  /** Returns fee schedules. Since June 2026, they do not determine the fees: see Spot's TradeVolume. */
  "GET:feeschedules": { params: NoParams; result: Success & { feeSchedules: FuturesFeeSchedule[] } };
  /** Returns the prices from which candles can be made. */
  "GET:/api/charts/v1/": { params: NoParams; result: Known<TickType>[] };
  /** Returns the markets that have candles. */
  "GET:/api/charts/v1/{tick_type}": { params: NoParams; result: string[] };
  /** Returns the lengths of a market's candles. */
  "GET:/api/charts/v1/{tick_type}/{symbol}": { params: NoParams; result: Known<Resolution>[] };
  /** Returns candles, the oldest first. */
  "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}": { params: CandlesParams; result: CandlesResult };
  /** Returns the value of the liquidity pool. */
  "GET:/api/charts/v1/analytics/liquidity-pool": { params: AnalyticsParams; result: AnalyticsResult<{ usdValue: string[] }> };
  /** Returns analytics of a contract, such as `open-interest`. */
  "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}": { params: AnalyticsParams; result: AnalyticsResult };
  /** Returns public executions, from an older path. */
  "GET:/api/history/v2/market/{tradeable}/executions": MarketExecutions;
  /** Returns public events of orders, from an older path. */
  "GET:/api/history/v2/market/{tradeable}/orders": MarketOrders;
  /** Returns mark prices, from an older path. */
  "GET:/api/history/v2/market/{tradeable}/price": MarketPrices;
  /** Returns public executions. */
  "GET:/api/history/v3/market/{tradeable}/executions": MarketExecutions;
  /** Returns public events of orders. */
  "GET:/api/history/v3/market/{tradeable}/orders": MarketOrders;
  /** Returns mark prices. */
  "GET:/api/history/v3/market/{tradeable}/price": MarketPrices;
}

export interface ContractTypeParams {
  /** The types of contracts. Default: all. */
  readonly contractType?: ContractType | readonly ContractType[] | undefined;
}

type ContractType = "futures_inverse" | "futures_vanilla" | "flexible_futures" | "options";

export interface SymbolParams {
  /** The contract, such as `"PF_XBTUSD"`. */
  readonly symbol: string;
}

export interface Instrument {
  /** The symbol, such as `PF_XBTUSD`. */
  symbol: string;
  /** Whether the contract can be traded. */
  tradeable: boolean;
  /** The type of the contract. */
  type?: Known<ContractType>;
  /** The pair, such as `XBT:USD`. */
  pair?: string;
  /** The base asset. */
  base?: string;
  /** The quote asset. */
  quote?: string;
  /** The index that the contract follows. */
  underlying?: string;
  /** The underlying future of an option. */
  underlyingFuture?: string | null;
  /** The category, such as `Layer 1`. */
  category?: string;
  /** Kraken's own tags. */
  tags?: string[];
  /** The tick size. Prices are multiples of it. */
  tickSize?: number;
  /** The number of units in a contract. */
  contractSize?: number;
  /** The number of decimals of a size. It is negative for multiples of ten. */
  contractValueTradePrecision?: number;
  /** The smallest size of an order. */
  minimumTradeSize?: number;
  /** The largest size of a position. */
  maxPositionSize?: number;
  /** The size with which the middle of the book is calculated. */
  impactMidSize?: number;
  /** Whether only post-only orders are accepted. */
  postOnly?: boolean;
  /** The opening time, RFC 3339. */
  openingDate?: string;
  /** The last trading time, RFC 3339. */
  lastTradingTime?: string;
  /** Kraken's factor for the funding rate. */
  fundingRateCoefficient?: number;
  /** The highest possible funding rate, relative to the price. */
  maxRelativeFundingRate?: number;
  /** The International Securities Identification Number. */
  isin?: string;
  /** The id of the fee schedule. */
  feeScheduleUid?: string;
  /** The margin levels for professional clients. */
  marginLevels?: MarginLevel[];
  /** The margin levels for retail clients. */
  retailMarginLevels?: MarginLevel[];
  /** The margin schedules by platform. */
  marginSchedules?: Record<
    string,
    {
      /** The margin levels of retail clients. */
      retail: MarginLevel[];
      /** The margin levels of professional clients. */
      professional: MarginLevel[];
    }
  >;
  /** Whether the market is not a crypto market. */
  tradfi?: boolean;
  /** Whether the contract trades on a multilateral trading facility. */
  mtf?: boolean;
}

/** A margin level. Margins are fractions. A level begins at a number of contracts, or of units of the quote currency. */
export interface MarginLevel {
  /** The number of contracts from which the level applies. */
  contracts?: number | null;
  /** The number of units of the quote currency from which the level applies. */
  numNonContractUnits?: number | null;
  /** The margin to open a position. */
  initialMargin: number;
  /** The margin to keep a position. */
  maintenanceMargin: number;
}

export interface InstrumentStatus {
  /** The symbol of the contract. */
  tradeable: string;
  /** Whether the price is far from the index. */
  experiencingDislocation: boolean;
  /** The side of the index on which the price is. */
  priceDislocationDirection: Known<"ABOVE_UPPER_BOUND" | "BELOW_LOWER_BOUND"> | null;
  /** Whether the price is extremely volatile. */
  experiencingExtremeVolatility: boolean;
  /** The multiplier of the initial margin during extreme volatility. */
  extremeVolatilityInitialMarginMultiplier: number;
}

/** The ticker of a contract or an index. An index has only a symbol and a last value. */
export interface FuturesTicker {
  /** The symbol, such as `PF_XBTUSD`, or `in_xbtusd` for an index. */
  symbol: string;
  /** The price of the last trade, or the last value of an index. */
  last?: number;
  /** The time of the last trade, RFC 3339. */
  lastTime?: string;
  /** The size of the last trade. */
  lastSize?: number;
  /** The term of the contract. */
  tag?: Known<"perpetual" | "month" | "quarter" | "semiannual">;
  /** The pair, such as `XBT:USD`. */
  pair?: string;
  /** The mark price, at which positions are valued. */
  markPrice?: number;
  /** The value of the index that the contract follows. */
  indexPrice?: number;
  /** The best bid. */
  bid?: number;
  /** The size at the best bid. */
  bidSize?: number;
  /** The best ask. */
  ask?: number;
  /** The size at the best ask. */
  askSize?: number;
  /** The volume of the last 24 hours, in sizes. */
  vol24h?: number;
  /** The volume of the last 24 hours, in sizes times prices. */
  volumeQuote?: number;
  /** The total size of open positions. */
  openInterest?: number;
  /** The price 24 hours ago. */
  open24h?: number;
  /** The highest price of the last 24 hours. */
  high24h?: number;
  /** The lowest price of the last 24 hours. */
  low24h?: number;
  /** The change in percent. */
  change24h?: number;
  /** The absolute funding rate of a perpetual contract. */
  fundingRate?: number;
  /** The predicted next funding rate. */
  fundingRatePrediction?: number;
  /** Whether trading is suspended. */
  suspended?: boolean;
  /** Whether only post-only orders are accepted. */
  postOnly?: boolean;
  /** The price of an option less its exercise value. */
  extrinsicValue?: number;
  /** The greeks of the option. */
  greeks?: OptionGreeks;
  /** Whether the underlying market is closed. */
  isUnderlyingMarketClosed?: boolean;
}

export interface FuturesOrderBook {
  /** The bids, the highest price first. */
  bids: [price: number, size: number][];
  /** The asks, the lowest price first. */
  asks: [price: number, size: number][];
}

export interface HistoryParams extends SymbolParams {
  /** The time before which trades are returned. */
  readonly lastTime?: TimestampParam | undefined;
}

export interface PublicTrade {
  /** The time of the trade, RFC 3339. */
  time: string;
  /** The price for each unit, or the value of an index. */
  price: number;
  /** The side of the taker. */
  side?: Known<Side>;
  /** The size. Text in the documentation, a number in public clients. */
  size?: number | string;
  /** The number of the trade among the trades of the pair. */
  trade_id?: number;
  /** The id of the trade. */
  uid?: string;
  /** The type of the trade. */
  type?: Known<"fill" | "liquidation" | "assignment" | "termination" | "block">;
  /** The type of the instrument's id, for regulatory reports. */
  instrument_identification_type?: string;
  /** The International Securities Identification Number. */
  isin?: string;
  /** The execution venue, for regulatory reports. */
  execution_venue?: string;
  /** The notation of the price, for regulatory reports. */
  price_notation?: string;
  /** The currency of the price. */
  price_currency?: string;
  /** The value of the trade. */
  notional_amount?: number;
  /** The currency of the value. */
  notional_currency?: string;
  /** The time of publication, RFC 3339. */
  publication_time?: string;
  /** The publication venue, for regulatory reports. */
  publication_venue?: string;
  /** The code of the transaction, for regulatory reports. */
  transaction_identification_code?: string;
  /** Whether the trade is to be cleared, for regulatory reports. */
  to_be_cleared?: boolean;
}

export interface FundingRate {
  /** The start of the funding period, RFC 3339. */
  timestamp: string;
  /** The absolute funding rate. */
  fundingRate: number;
  /** The funding rate as a fraction of the price. */
  relativeFundingRate: number;
}

/** A fee schedule. Fees are percentages. */
export interface FuturesFeeSchedule {
  /** The id of the schedule. */
  uid: string;
  /** The name of the schedule. */
  name: string;
  /** The tiers, from the first fee to the last. */
  tiers: {
    /** The fee of makers, in percent. */
    makerFee: number;
    /** The fee of takers, in percent. */
    takerFee: number;
    /** The volume of the last 30 days from which the tier applies, in USD. */
    usdVolume: number;
  }[];
}

export interface CandlesParams {
  /** The start of the period. */
  readonly from?: SecondsParam | undefined;
  /** The end of the period. */
  readonly to?: SecondsParam | undefined;
  /** The maximum number of rows. */
  readonly count?: number | undefined;
}

export interface FuturesCandle {
  /** The time in milliseconds since 1970. */
  time: number;
  /** The first price. */
  open: string;
  /** The highest price. */
  high: string;
  /** The lowest price. */
  low: string;
  /** The last price. */
  close: string;
  /** The volume. A number in the documentation, text in Kraken.Net's tests. */
  volume: number | string;
}

export interface CandlesResult {
  /** The candles, the oldest first. */
  candles: FuturesCandle[];
  /** Whether there are more candles in the requested period. */
  more_candles: boolean;
}

export interface AnalyticsParams {
  /** The start of the period. */
  readonly since: SecondsParam;
  /** The end of the period. Default: now. */
  readonly to?: SecondsParam | undefined;
  /** The interval in seconds. */
  readonly interval: 60 | 300 | 900 | 1800 | 3600 | 14400 | 43200 | 86400 | 604800;
}

/** The result of analytics: lists with one entry for each interval. The type of analytics determines the lists. */
export interface AnalyticsResult<Data = AnalyticsData> {
  /** The lists. */
  result: {
    /** The times in seconds since 1970. */
    timestamp: number[];
    /** The values, one for each time. */
    data: Data;
    /** Whether there are more values than these. */
    more: boolean;
  };
  /** The errors in the query. */
  errors: {
    /** The severity, such as `E` for an error. */
    severity: string;
    /** The class of the error, such as `General`. */
    error_class: string;
    /** The type of the error, such as `Invalid arguments`. */
    type: string;
    /** The explanation. */
    msg?: string;
    /** The value that was refused. */
    value?: string;
    /** The name of the parameter. */
    field?: string;
  }[];
}

export type AnalyticsData =
  | (number | string | (number | string)[])[]
  | { [name: string]: (number | string | null)[] | { [name: string]: (number | string | null)[] } };

/** The common parameters of histories. */
export interface EventsParams {
  /** The start of the period. */
  readonly since?: MillisecondsParam | undefined;
  /** The exclusive end of the period. */
  readonly before?: MillisecondsParam | undefined;
  /** The order of the rows. Default: `desc`, the latest first. */
  readonly sort?: "asc" | "desc" | undefined;
  /** The `continuationToken` of the page before. `pages` sets it. */
  readonly continuation_token?: string | undefined;
  /** The maximum number of rows. */
  readonly count?: number | undefined;
}

export type MarketEventsParams = EventsParams;

/** A page of a history. */
export interface EventPage<Event> {
  /** The number of rows. */
  len: number;
  /** The rows. */
  elements: HistoryElement<Event>[];
  /** The token of the next page; none on the last page. */
  continuationToken?: string;
}

export interface HistoryElement<Event> {
  /** The id of the row. */
  uid: string;
  /** The time in milliseconds since 1970. */
  timestamp: number;
  /** The event, by its kind. */
  event: Event;
}

/** An execution. Times are milliseconds since 1970. */
export interface PublicExecution {
  /** The execution and its orders. */
  execution: {
    /** The id of the trade. */
    uid: string;
    /** The order of the maker. */
    makerOrder: PublicOrder;
    /** The order of the taker. */
    takerOrder: PublicOrder;
    /** The order of the taker before the trade. */
    oldTakerOrder?: PublicOrder;
    /** The time of the trade, in milliseconds since 1970. */
    timestamp: number;
    /** The size, as text. */
    quantity: string;
    /** The price, as text. */
    price: string;
    /** The mark price at the time of the trade, as text. */
    markPrice?: string;
    /** Whether the order of the maker was filled completely. */
    limitFilled: boolean;
    /** The value in USD, as text. */
    usdValue?: string;
  };
  /** The size that was removed from a reduce-only order. It may be empty. */
  takerReducedQuantity?: string;
}

/** An order. Times are milliseconds since 1970. */
export interface PublicOrder {
  /** The id of the order. */
  uid: string;
  /** The symbol of the contract. */
  tradeable: string;
  /** The direction: buy or sell. */
  direction: Known<"Buy" | "Sell" | "unknown">;
  /** The quantity in units of the contract. */
  quantity: string;
  /** The time in milliseconds since 1970. */
  timestamp: number;
  /** The limit price. */
  limitPrice?: string;
  /** The type of the order. */
  orderType: Known<"Limit" | "IoC" | "Post" | "Market" | "Liquidation" | "Assignment" | "Unwind" | "unknown">;
  /** Whether the order can only reduce a position. */
  reduceOnly: boolean;
  /** The time of the last change. */
  lastUpdateTimestamp: number;
}

export type PublicOrderEvent =
  | {
      /** An order was placed. */
      OrderPlaced: {
        /** The order. */
        order: PublicOrder;
        /** The reason. */
        reason: string;
        /** The size that was removed from a reduce-only order. */
        reducedQuantity?: string;
      };
    }
  | {
      /** An order was changed. */
      OrderUpdated: {
        /** The order before the change. */
        oldOrder: PublicOrder;
        /** The order after the change. */
        newOrder: PublicOrder;
        /** The reason. */
        reason: string;
        /** The size that was removed from a reduce-only order. */
        reducedQuantity?: string;
      };
    }
  | {
      /** An order was canceled. */
      OrderCancelled: {
        /** The order. */
        order: PublicOrder;
        /** The reason. */
        reason: string;
      };
    };
