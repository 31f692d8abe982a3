/** The assets and pairs of the simulated Spot market, as data. */

import { decimal, formatDecimal } from "./decimal.js";

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
  readonly orderMin: string;
}

const asset = (name: string, altname: string, fiat = false): Asset => ({
  name,
  altname,
  decimals: fiat ? 4 : 10,
  fiat,
});

export const ASSETS: readonly Asset[] = [
  asset("ZUSD", "USD", true),
  asset("ZEUR", "EUR", true),
  asset("XXBT", "XBT"),
  asset("XETH", "ETH"),
  asset("SOL", "SOL"),
  asset("XXRP", "XRP"),
  asset("USDT", "USDT"),
  asset("USDC", "USDC"),
];

/** By internal name, alternative name, or BTC for XBT. */
export function findAsset(name: string | undefined): Asset | undefined {
  const wanted = name === "BTC" ? "XBT" : name;
  return ASSETS.find((entry) => entry.name === wanted || entry.altname === wanted);
}

function pair(base: string, quote: string, priceDecimals: number, orderMin: string, separator = ""): Pair {
  const [baseAsset, quoteAsset] = [findAsset(base), findAsset(quote)];
  if (!baseAsset || !quoteAsset) throw new Error("a pair of unknown assets");
  return {
    name: separator === "" ? baseAsset.name + quoteAsset.name : baseAsset.altname + quoteAsset.altname,
    altname: baseAsset.altname + quoteAsset.altname,
    wsname: `${baseAsset.altname}/${quoteAsset.altname}`,
    base: baseAsset,
    quote: quoteAsset,
    priceDecimals,
    orderMin,
  };
}

// Only the oldest assets carry the X and Z in the name of a pair.
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

/** By internal, alternative or WebSocket name, with BTC for XBT. */
export function findPair(name: string | undefined): Pair | undefined {
  const wanted = name?.replace("BTC", "XBT");
  return PAIRS.find((entry) => [entry.name, entry.altname, entry.wsname].includes(wanted ?? ""));
}

/** Last trade prices, by alternative name; made up, and the same in every run. */
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

/** What an account owns at first: enough that no test runs out by accident. */
export const DEFAULT_BALANCES: Readonly<Record<string, string>> = {
  ZUSD: "1000000000",
  ZEUR: "1000000000",
  XXBT: "100000",
  XETH: "1000000",
};

export function assetInfo(entry: Asset): unknown {
  return {
    aclass: "currency",
    altname: entry.altname,
    decimals: entry.decimals,
    display_decimals: entry.fiat ? 2 : 5,
    status: "enabled",
  };
}

export function pairInfo(entry: Pair): unknown {
  return {
    altname: entry.altname,
    wsname: entry.wsname,
    aclass_base: "currency",
    base: entry.base.name,
    aclass_quote: "currency",
    quote: entry.quote.name,
    pair_decimals: entry.priceDecimals,
    cost_decimals: 5,
    lot_decimals: 8,
    lot_multiplier: 1,
    fees: [[0, 0.26]],
    fee_volume_currency: "ZUSD",
    ordermin: entry.orderMin,
    tick_size: formatDecimal(decimal("1") / 10n ** BigInt(entry.priceDecimals), entry.priceDecimals),
    status: "online",
  };
}
