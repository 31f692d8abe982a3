/** The public Futures endpoints: contracts, prices, books, trades and candles. */

import { divide, formatDecimal, toNumber } from "../market/decimal.js";
import type { FuturesAccount } from "./account.js";
import type { FuturesCall, FuturesEndpoint, FuturesEndpoints } from "./call.js";
import { CONTRACTS, describeInstrument, FEE_SCHEDULE, findContract, pairOf, type Contract } from "./contracts.js";
import { plain, strangersOrder, usdValue } from "./describe.js";
import { pageOf } from "./history.js";
import { required } from "./order.js";
import type { Market } from "../market/live-market.js";
import { opposite, volumeOf, type BookSide } from "../market/market-book.js";
import type { PublicTrade } from "../market/tape.js";
import { Rejection } from "../outcome.js";
import { list, text } from "../parameters/received.js";

const iso = (time: number): string => new Date(time).toISOString();
const open = (run: FuturesEndpoint["run"]): FuturesEndpoint => ({ access: "public", run });
const bare = (run: FuturesEndpoint["run"]): FuturesEndpoint => ({ access: "public", bare: true, run });

export const FUTURES_PUBLIC: FuturesEndpoints = [
  ["GET instruments", open(({ params }) => ({ instruments: contractsOf(list(params, "contractType")).map(instrument) }))],
  [
    "GET instruments/status",
    open(({ params }) => ({ instrumentStatus: contractsOf(list(params, "contractType")).map((entry) => instrumentStatus(entry)) })),
  ],
  ["GET instruments/{symbol}/status", open(({ inPath }) => instrumentStatus(known(inPath[0])))],
  [
    "GET tickers",
    open((call) => {
      const symbols = list(call.params, "symbol");
      const wanted = symbols.length > 0 ? symbols.map((symbol) => known(symbol)) : contractsOf(list(call.params, "contractType"));
      return { tickers: wanted.map((entry) => tickerOf(entry, call)) };
    }),
  ],
  ["GET tickers/{symbol}", open((call) => ({ ticker: tickerOf(known(call.inPath[0]), call) }))],
  ["GET orderbook", open(({ params, account }) => ({ orderBook: orderBook(marketOf(account, required(params, "symbol"))) }))],
  ["GET history", open(history)],
  ["GET historical-funding-rates", open(fundingRates)],
  ["GET /derivatives/api/v4/historicalfundingrates", open(fundingRates)],
  ["GET feeschedules", open(() => ({ feeSchedules: [{ uid: FEE_SCHEDULE, name: "Nothing is charged", tiers: [TIER] }] }))],

  ["GET /api/charts/v1/", bare(() => [...TICK_TYPES])],
  ["GET /api/charts/v1/{tick_type}", bare(({ inPath }) => (tickType(inPath[0]), CONTRACTS.map(({ symbol }) => symbol)))],
  ["GET /api/charts/v1/{tick_type}/{symbol}", bare(({ inPath }) => (tickType(inPath[0]), known(inPath[1]), Object.keys(RESOLUTIONS)))],
  ["GET /api/charts/v1/{tick_type}/{symbol}/{resolution}", bare(candles)],

  ...["v2", "v3"].flatMap((version): FuturesEndpoints => [
    [`GET /api/history/${version}/market/{tradeable}/executions`, bare(marketExecutions)],
    [`GET /api/history/${version}/market/{tradeable}/price`, bare(marketPrices)],
  ]),
];

const TIER = { makerFee: 0, takerFee: 0, usdVolume: 0 };
const TICK_TYPES = ["spot", "mark", "trade"];
/** The lengths of candles, in minutes. */
const RESOLUTIONS: Readonly<Record<string, number>> = {
  "1m": 1,
  "5m": 5,
  "15m": 15,
  "30m": 30,
  "1h": 60,
  "4h": 240,
  "12h": 720,
  "1d": 1440,
  "1w": 10_080,
};
/** The opening time of all contracts, which never expire. It is before every other time in the simulation. */
const OPENED = "2020-01-01T00:00:00.000Z";

const instrument = (entry: Contract): object => describeInstrument(entry, OPENED);

const contractsOf = (types: readonly string[]): readonly Contract[] =>
  CONTRACTS.filter(({ type }) => types.length === 0 || types.includes(type));

function known(symbol: string | undefined): Contract {
  const contract = findContract(symbol);
  if (!contract) throw new Rejection("contractNotFound");
  return contract;
}

const marketOf = (account: FuturesAccount, symbol: string | undefined): Market => account.market(known(symbol).symbol);

const instrumentStatus = ({ symbol }: Contract): object => ({
  tradeable: symbol,
  experiencingDislocation: false,
  priceDislocationDirection: null,
  experiencingExtremeVolatility: false,
  extremeVolatilityInitialMarginMultiplier: 1,
});

/** Describes a ticker. The mark price and the index price are the last price, and the open interest is the account's own position. */
export function tickerOf(entry: Contract, { account, now }: Pick<FuturesCall, "account" | "now">) {
  const market = account.market(entry.symbol);
  const { open: opening, high, low, volume, cost } = market.tape.day(now);
  const last = toNumber(market.last);
  const trade = market.tape.lastTrade;
  const position = account.position(entry.symbol).size;
  const best = (side: BookSide): [number, number] => {
    const level = market.hasBook ? side.best : undefined;
    return level ? [toNumber(level.price), toNumber(volumeOf(level))] : [last, 1];
  };
  const [[bid, bidSize], [ask, askSize]] = [best(market.bids), best(market.asks)];
  return {
    tag: "perpetual",
    pair: pairOf(entry),
    symbol: entry.symbol,
    markPrice: last,
    bid,
    bidSize,
    ask,
    askSize,
    vol24h: toNumber(volume),
    volumeQuote: toNumber(cost),
    openInterest: toNumber(position < 0n ? -position : position),
    open24h: toNumber(opening),
    high24h: toNumber(high),
    low24h: toNumber(low),
    indexPrice: last,
    last,
    lastTime: iso(trade?.time ?? now),
    lastSize: toNumber(trade?.volume ?? 0n),
    suspended: false,
    fundingRate: 0,
    fundingRatePrediction: 0,
    postOnly: false,
    change24h: Number(formatDecimal(opening === 0n ? 0n : divide((market.last - opening) * 100n, opening), 2)),
  };
}

function orderBook(market: Market): object {
  const side = ({ levels }: BookSide) => levels.map((level) => [toNumber(level.price), toNumber(volumeOf(level))]);
  return { bids: side(market.bids), asks: side(market.asks) };
}

/** Returns the id of a trade in the form of a UUID. */
export const uidOf = (market: Market, { id }: PublicTrade): string => {
  const place = CONTRACTS.findIndex(({ symbol }) => symbol === market.symbol);
  return `00000000-0000-4000-9${String(place).padStart(3, "0")}-${String(id).padStart(12, "0")}`;
};

/** Returns the last hundred trades before `lastTime`, the latest first. */
function history({ params, account }: FuturesCall): object {
  const market = marketOf(account, required(params, "symbol"));
  const lastTime = text(params, "lastTime");
  const before = lastTime === undefined ? Infinity : Date.parse(lastTime);
  if (Number.isNaN(before)) throw new Rejection("invalidArgument");
  const trades = market.tape.trades.filter(({ time }) => time < before).slice(-100);
  return {
    history: trades.reverse().map((trade) => ({
      time: iso(trade.time),
      trade_id: trade.id,
      price: toNumber(trade.price),
      size: toNumber(trade.volume),
      side: trade.side,
      type: "fill",
      uid: uidOf(market, trade),
    })),
  };
}

const HOUR = 3_600_000;

/** Returns a rate of 0 for each of the last 24 hours, because funding is not simulated. */
function fundingRates({ params, now }: FuturesCall): object {
  known(required(params, "symbol"));
  const hour = now - (now % HOUR);
  const rates = Array.from({ length: 24 }, (_, i) => ({ timestamp: iso(hour - (23 - i) * HOUR), fundingRate: 0, relativeFundingRate: 0 }));
  return { rates };
}

function tickType(name: string | undefined): string {
  if (name === undefined || !TICK_TYPES.includes(name)) throw new Rejection("invalidArgument");
  return name;
}

/** Returns candles. Those of the types mark and spot are the candles of trades without volume. */
function candles({ inPath, params, account, now }: FuturesCall): object {
  const [type, market, resolution = ""] = [tickType(inPath[0]), marketOf(account, inPath[1]), inPath[2]];
  const minutes = RESOLUTIONS[resolution];
  if (minutes === undefined) throw new Rejection("invalidArgument");
  const bound = (name: string, otherwise: number) => {
    const value = text(params, name);
    if (value === undefined) return otherwise;
    if (!/^\d{1,12}$/.test(value)) throw new Rejection("invalidArgument");
    return Number(value);
  };
  const [from, to, count] = [bound("from", 0) * 1000, bound("to", Infinity) * 1000, bound("count", 2000)];
  const within = market.tape.candles(minutes, now, 5000).filter(({ time }) => time >= from && time <= to);
  // With a start time, the first candles are returned; without one, the last ones.
  const shown = from > 0 ? within.slice(0, count) : within.slice(-count);
  return {
    candles: shown.map(({ time, open: opening, high, low, close, volume }) => ({
      time,
      open: plain(opening),
      high: plain(high),
      low: plain(low),
      close: plain(close),
      volume: type === "trade" ? plain(volume) : "0",
    })),
    more_candles: shown.length < within.length,
  };
}

function marketExecutions({ inPath, params, account }: FuturesCall): object {
  const market = marketOf(account, inPath[0]);
  const entries = market.tape.trades.map((trade) => {
    const { id: _id, price, volume: size, time, side } = trade;
    const uid = uidOf(market, trade);
    const order = (whose: typeof side) => strangersOrder(uid, market.symbol, whose, { size, price, time });
    const execution = {
      uid,
      makerOrder: order(opposite(side)),
      takerOrder: order(side),
      timestamp: time,
      quantity: plain(size),
      price: plain(price),
      markPrice: plain(price),
      limitFilled: true,
      usdValue: usdValue(market.symbol, price, size),
    };
    return { uid, timestamp: time, event: { Execution: { execution, takerReducedQuantity: "" } } };
  });
  return pageOf(entries, params);
}

/** Returns the changes of the mark price, which is the last price and changes with each trade at a different price. */
function marketPrices({ inPath, params, account }: FuturesCall): object {
  const market = marketOf(account, inPath[0]);
  const changes = market.tape.trades.filter((trade, i, all) => trade.price !== all[i - 1]?.price);
  const entries = changes.map((trade) => ({ uid: uidOf(market, trade), timestamp: trade.time, event: { price: plain(trade.price) } }));
  return pageOf(entries, params);
}
