/** The assets and pairs of the simulated Spot market, as data. */

import { decimal, formatDecimal } from "./decimal.js";
import { Market } from "./live-market.js";

export interface Asset {
  /** Kraken's internal name, under which balances are kept. */
  readonly name: string;
  readonly altname: string;
  readonly decimals: number;
  readonly fiat: boolean;
}

export interface Pair {
  /** Kraken's internal name, such as `XXBTZUSD`. */
  readonly name: string;
  readonly altname: string;
  readonly wsname: string;
  readonly base: Asset;
  readonly quote: Asset;
  readonly priceDecimals: number;
  /** The decimals of costs, and of prices in Ticker, Depth, Trades and Spread, where Kraken writes more decimals than orders may have. */
  readonly costDecimals: number;
  readonly orderMin: string;
  readonly costMin: string;
  /** The same, to compare with. */
  readonly least: { readonly volume: bigint; readonly cost: bigint };
}

const asset = (name: string, altname: string, decimals: number, fiat = false): Asset => ({ name, altname, decimals, fiat });

export const ASSETS: readonly Asset[] = [
  asset("ZUSD", "USD", 4, true),
  asset("ZEUR", "EUR", 4, true),
  asset("XXBT", "XBT", 10),
  asset("XETH", "ETH", 10),
  asset("SOL", "SOL", 10),
  asset("XXRP", "XRP", 8),
  asset("USDT", "USDT", 8),
  asset("USDC", "USDC", 8),
];

/** Returns an asset by its internal or alternative name, or BTC for XBT. */
export function findAsset(name: string | undefined): Asset | undefined {
  const wanted = name === "BTC" ? "XBT" : name;
  return ASSETS.find((entry) => entry.name === wanted || entry.altname === wanted);
}

function pair(base: string, quote: string, priceDecimals: number, orderMin: string, separator = ""): Pair {
  const [baseAsset, quoteAsset] = [findAsset(base), findAsset(quote)];
  if (!baseAsset || !quoteAsset) throw new Error("a pair of unknown assets");
  const costMin = quote === "XBT" ? "0.00002" : "0.5";
  return {
    name: separator === "" ? baseAsset.name + quoteAsset.name : baseAsset.altname + quoteAsset.altname,
    altname: baseAsset.altname + quoteAsset.altname,
    wsname: `${baseAsset.altname}/${quoteAsset.altname}`,
    base: baseAsset,
    quote: quoteAsset,
    priceDecimals,
    costDecimals: quote === "XBT" ? 6 : 5,
    orderMin,
    costMin,
    least: { volume: decimal(orderMin), cost: decimal(costMin) },
  };
}

// Only the oldest assets have an X or Z in the name of a pair.
export const PAIRS: readonly Pair[] = [
  pair("XBT", "USD", 1, "0.00005"),
  pair("XBT", "EUR", 1, "0.00005"),
  pair("ETH", "USD", 2, "0.001"),
  pair("ETH", "EUR", 2, "0.001"),
  pair("ETH", "XBT", 5, "0.001"),
  pair("XRP", "USD", 5, "1.65"),
  pair("SOL", "USD", 2, "0.02", "/"),
  pair("XBT", "USDT", 1, "0.00005", "/"),
  pair("XBT", "USDC", 2, "0.00005", "/"),
];

const PAIRS_BY_NAME = new Map(PAIRS.flatMap((entry) => [entry.name, entry.altname, entry.wsname].map((name) => [name, entry] as const)));

/** Returns a pair by its internal, alternative or WebSocket name, also with BTC for XBT. */
export function findPair(name: string | undefined): Pair | undefined {
  return PAIRS_BY_NAME.get(name?.replace("BTC", "XBT") ?? "");
}

/** The initial last prices, by alternative name. They are invented, and the same in every run. */
export const LAST_PRICES: Readonly<Record<string, string>> = {
  XBTUSD: "50000",
  XBTEUR: "46000",
  ETHUSD: "2500",
  ETHEUR: "2300",
  ETHXBT: "0.05",
  XRPUSD: "0.5",
  SOLUSD: "150",
  XBTUSDT: "50000",
  XBTUSDC: "50000",
};

/** The initial balances of an account, which suffice for any test. */
export const DEFAULT_BALANCES: Readonly<Record<string, string>> = {
  ZUSD: "1000000000",
  ZEUR: "1000000000",
  XXBT: "100000",
  XETH: "1000000",
};

/** Makes a market for each pair. `prices` are initial last prices by alternative name, which replace the built-in ones. */
export function makeMarkets(prices: Readonly<Record<string, string>>, now: number, history: number): ReadonlyMap<string, Market> {
  return new Map(
    PAIRS.map(({ altname }) => [altname, new Market(altname, decimal(prices[altname] ?? LAST_PRICES[altname] ?? "1"), now, history)]),
  );
}

/** The leverages that every pair offers. */
export const LEVERAGES: readonly number[] = [2, 3, 4, 5];

/** The fees of a trade, in percent of its cost. Kraken's fees decrease with the volume of a month; these do not. */
export const FEES = { taker: "0.26", maker: "0.16" } as const;

/** The same as fractions, to compute with. */
export const FEE_RATES = { taker: decimal(FEES.taker) / 100n, maker: decimal(FEES.maker) / 100n };

export function assetInfo(entry: Asset): Record<string, unknown> {
  return {
    aclass: "currency",
    altname: entry.altname,
    decimals: entry.decimals,
    display_decimals: entry.fiat ? 2 : 5,
    collateral_value: 1,
    status: "enabled",
  };
}

export function pairInfo(entry: Pair): Record<string, unknown> {
  return {
    altname: entry.altname,
    wsname: entry.wsname,
    aclass_base: "currency",
    base: entry.base.name,
    aclass_quote: "currency",
    quote: entry.quote.name,
    lot: "unit",
    cost_decimals: entry.costDecimals,
    pair_decimals: entry.priceDecimals,
    lot_decimals: 8,
    lot_multiplier: 1,
    leverage_buy: LEVERAGES,
    leverage_sell: LEVERAGES,
    fees: [[0, Number(FEES.taker)]],
    fees_maker: [[0, Number(FEES.maker)]],
    fee_volume_currency: "ZUSD",
    margin_call: 80,
    margin_stop: 40,
    ordermin: entry.orderMin,
    costmin: entry.costMin,
    tick_size: formatDecimal(decimal("1") / 10n ** BigInt(entry.priceDecimals), entry.priceDecimals),
    status: "online",
    long_position_limit: 300,
    short_position_limit: 240,
    execution_venue: "international",
  };
}
