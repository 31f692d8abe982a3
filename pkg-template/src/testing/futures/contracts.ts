/** The contracts of the simulated Futures exchange, as data, and a market for each. */

import { decimal } from "../market/decimal.js";
import { Market } from "../market/live-market.js";

export interface Contract {
  readonly symbol: string;
  readonly type: "flexible_futures" | "futures_inverse";
  readonly base: string;
  readonly quote: string;
  readonly tickSize: number;
  /** The number of decimals of a price, which are those of the tick size. */
  readonly priceDecimals: number;
  /** The number of decimals of a size. */
  readonly sizeDecimals: number;
  /** The smallest difference between two prices. */
  readonly tick: bigint;
  /** The smallest difference between two sizes. */
  readonly lot: bigint;
  readonly maxPositionSize: number;
  /** The initial last price. It is invented, and the same in every run. */
  readonly last: string;
}

export const CONTRACTS: readonly Contract[] = [
  contract("PF_XBTUSD", 1, 4, 5_000, "50000"),
  contract("PF_ETHUSD", 0.1, 3, 50_000, "2500"),
  contract("PF_SOLUSD", 0.01, 2, 500_000, "150"),
  contract("PI_XBTUSD", 0.5, 0, 75_000_000, "50000"),
  contract("PI_ETHUSD", 0.05, 0, 25_000_000, "2500"),
];

function contract(symbol: string, tickSize: number, sizeDecimals: number, maxPositionSize: number, last: string): Contract {
  const type = symbol.startsWith("PF") ? "flexible_futures" : "futures_inverse";
  const priceDecimals = (String(tickSize).split(".")[1] ?? "").length;
  const [tick, lot] = [decimal(String(tickSize)), 10n ** BigInt(18 - sizeDecimals)];
  return { symbol, type, base: symbol.slice(3, -3), quote: "USD", tickSize, priceDecimals, sizeDecimals, tick, lot, maxPositionSize, last };
}

export function findContract(symbol: string | undefined): Contract | undefined {
  const wanted = symbol?.toUpperCase();
  return CONTRACTS.find((one) => one.symbol === wanted);
}

/** Makes the markets. `prices` are initial last prices by symbol, which replace those of the contracts. */
export function makeFuturesMarkets(prices: Readonly<Record<string, string>>, now: number, history: number): ReadonlyMap<string, Market> {
  return new Map(CONTRACTS.map(({ symbol, last }) => [symbol, new Market(symbol, decimal(prices[symbol] ?? last), now, history)]));
}

/** The fee schedule of every contract, under which trades are free. */
export const FEE_SCHEDULE = "00000000-0000-4000-8000-0000000000fe";

export function describeInstrument(entry: Contract, openingDate: string): Record<string, unknown> {
  const inverse = entry.type === "futures_inverse";
  const levels = (initialMargin: number) => [
    { [inverse ? "contracts" : "numNonContractUnits"]: 0, initialMargin, maintenanceMargin: initialMargin / 2 },
  ];
  return {
    symbol: entry.symbol,
    pair: pairOf(entry),
    base: entry.base,
    quote: entry.quote,
    type: entry.type,
    ...(inverse ? { underlying: `rr_${entry.base.toLowerCase()}usd`, isin: "GB0000000000" } : {}),
    tickSize: entry.tickSize,
    contractSize: 1,
    tradeable: true,
    impactMidSize: 1,
    maxPositionSize: entry.maxPositionSize,
    openingDate,
    marginLevels: levels(0.02),
    fundingRateCoefficient: 8,
    maxRelativeFundingRate: 0.001,
    contractValueTradePrecision: entry.sizeDecimals,
    feeScheduleUid: FEE_SCHEDULE,
    postOnly: false,
    retailMarginLevels: levels(0.5),
    category: inverse ? "" : "Layer 1",
    tags: [],
    tradfi: false,
    mtf: false,
    platformsPermitted: [],
    countriesBanned: [],
    isExpired: false,
  };
}

/** Returns the pair as tickers and instruments write it, such as `XBT:USD`. */
export const pairOf = ({ base, quote }: Contract): string => `${base}:${quote}`;
