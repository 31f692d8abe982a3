/** The messages about markets on the Futures WebSocket. */

import { toNumber } from "../market/decimal.js";
import type { FuturesAccount } from "./account.js";
import { findContract } from "./contracts.js";
import { tickerOf, uidOf } from "./public.js";
import type { Market } from "../market/live-market.js";
import { volumeOf, type BookSide } from "../market/market-book.js";
import type { PublicTrade } from "../market/tape.js";

/** The number of trades in a snapshot. */
const SNAPSHOT = 100;

export function describeTicker(account: FuturesAccount, symbol: string, time: number): object {
  const values = known(account, symbol, time);
  return {
    time,
    product_id: symbol,
    feed: "ticker",
    funding_rate: 0,
    funding_rate_prediction: 0,
    relative_funding_rate: 0,
    relative_funding_rate_prediction: 0,
    bid: values.bid,
    ask: values.ask,
    bid_size: values.bidSize,
    ask_size: values.askSize,
    volume: values.vol24h,
    volumeQuote: values.volumeQuote,
    dtm: 0,
    leverage: "50x",
    index: values.indexPrice,
    premium: 0,
    last: values.last,
    change: values.change24h,
    open: values.open24h,
    high: values.high24h,
    low: values.low24h,
    suspended: false,
    tag: values.tag,
    pair: values.pair,
    openInterest: values.openInterest,
    markPrice: values.markPrice,
    maturityTime: 0,
    post_only: false,
  };
}

export function describeTickerLite(account: FuturesAccount, symbol: string, time: number): object {
  const { bid, ask, change24h: change, tag, pair, markPrice, vol24h: volume, volumeQuote } = known(account, symbol, time);
  return {
    feed: "ticker_lite",
    product_id: symbol,
    bid,
    ask,
    change,
    premium: 0,
    volume,
    tag,
    pair,
    dtm: 0,
    maturityTime: 0,
    volumeQuote,
    markPrice,
  };
}

function known(account: FuturesAccount, symbol: string, now: number): ReturnType<typeof tickerOf> {
  const contract = findContract(symbol);
  if (!contract) throw new Error("no such contract");
  return tickerOf(contract, { account, now });
}

export const describeTrade = (market: Market, trade: PublicTrade): object => ({
  product_id: market.symbol,
  uid: uidOf(market, trade),
  side: trade.side,
  type: "fill",
  time: trade.time,
  qty: toNumber(trade.volume),
  price: toNumber(trade.price),
});

/** Makes a snapshot of trades, the latest first. */
export function tradeSnapshot(market: Market): object {
  const trades = market.tape.trades.slice(-SNAPSHOT).reverse();
  return {
    feed: "trade_snapshot",
    product_id: market.symbol,
    trades: trades.map((trade) => ({ feed: "trade", seq: trade.id, ...describeTrade(market, trade) })),
  };
}

export function bookSnapshot(market: Market, seq: number, timestamp: number): object {
  const side = ({ levels }: BookSide) => levels.map((level) => ({ price: toNumber(level.price), qty: toNumber(volumeOf(level)) }));
  return {
    feed: "book_snapshot",
    product_id: market.symbol,
    timestamp,
    seq,
    tickSize: null,
    bids: side(market.bids),
    asks: side(market.asks),
  };
}
