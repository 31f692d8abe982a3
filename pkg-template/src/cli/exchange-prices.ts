// Moves the prices of the exchange: by a script of trades from a file, or at random.
import type { Exchange } from "../testing/index.js";
import { UsageError } from "./exit.js";

/** One trade of the script. */
interface ScriptedTrade {
  /** The line of the file, from 1. */
  readonly line: number;
  /** Milliseconds after the start. */
  readonly at: number;
  readonly symbol: string;
  readonly price: string;
  readonly volume: string;
}

const HEADER = "time,symbol,price,volume";
/** The longest delay that a timer takes, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Reads lines of `time,symbol,price,volume`: the time in seconds after the start, which must not decrease, and plain decimals. Skips the header,
 * empty lines, and lines that begin with #.
 */
export function parsePrices(text: string, file: string): readonly ScriptedTrade[] {
  const trades: ScriptedTrade[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line) || line.replace(/\s/g, "") === HEADER) continue;
    const trade = tradeOf(line, index + 1, file);
    if (trade.at < (trades.at(-1)?.at ?? 0))
      throw new UsageError(`${file}, line ${trade.line}: the time is before the time of the previous line.`);
    trades.push(trade);
  }
  if (!trades.length) throw new UsageError(`${file} has no trades: expected lines of ${HEADER}, such as 1.5,XBTUSD,50010.0,0.2.`);
  return trades;
}

function tradeOf(text: string, line: number, file: string): ScriptedTrade {
  const [time = "", symbol = "", price = "", volume = "", ...more] = text.split(",").map((field) => field.trim());
  if (!volume || more.length)
    throw new UsageError(`${file}, line ${line}: expected four fields, ${HEADER}, such as 1.5,XBTUSD,50010.0,0.2.`);
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(time))
    throw new UsageError(`${file}, line ${line}: the time must be a number of seconds, such as 0 or 1.5.`);
  return { line, at: Number(time) * 1000, symbol, price, volume };
}

/** Returns the prices that the exchange starts with: for each market, the first one of the script. */
export function firstPrices(throwaway: Exchange, trades: readonly ScriptedTrade[]): Record<string, string> {
  const prices: Record<string, string> = {};
  for (const { symbol, price } of trades) prices[throwaway.market(symbol).symbol] ??= price;
  return prices;
}

/** Makes all trades on a throwaway exchange, so that a mistake in the last line is found before anything starts. */
export function rehearse(throwaway: Exchange, trades: readonly ScriptedTrade[], file: string): void {
  for (const { line, symbol, price, volume } of trades)
    try {
      throwaway.market(symbol).trade(price, volume);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UsageError(`${file}, line ${line}: ${error.message}`);
    }
}

/** Makes each trade at its time and, with a seed, a new book around each price. Returns a function that stops it. */
export function play(exchange: Exchange, trades: readonly ScriptedTrade[], seed: number | undefined): () => void {
  const start = performance.now();
  let [next, timer] = [0, setTimeout(step, 0)];
  function step(): void {
    const elapsed = performance.now() - start;
    for (let trade = trades[next]; trade && trade.at <= elapsed; trade = trades[next]) {
      next += 1;
      const market = exchange.market(trade.symbol);
      // Otherwise the orders of others would take the trade at better prices, and the price of the file would not be reached.
      if (seed !== undefined) market.setBook({});
      market.trade(trade.price, trade.volume);
      if (seed !== undefined) market.seedBook(seed + next);
    }
    const trade = trades[next];
    if (trade) timer = setTimeout(step, Math.min(trade.at - elapsed, LONGEST_WAIT));
  }
  return () => clearTimeout(timer);
}

/** Moves all prices at random at an interval in milliseconds, in the same way for the same seed. Returns a function that stops it. */
export function walk(exchange: Exchange, seed: number, interval: number): () => void {
  let round = 0;
  const timer = setInterval(() => {
    round += 1;
    for (const [i, market] of exchange.markets.entries()) market.walk({ seed: seed + 1000 * round + i, steps: 1 });
  }, interval);
  return () => clearInterval(timer);
}
