/**
 * The account: wallets, positions, settings, subaccounts. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs), November 2026; answers also from python-kraken-sdk and Kraken.Net's tests. Where they disagree, the type is
 * the wider one. Permissions: the levels of Futures keys. Answers that have come without an example are proven by being there.
 */
import { type Endpoint, isThere } from "../../endpoint.js";
import { type DecimalParam, type Known, type NoParams, type OptionGreeks, type Success, get, read, write } from "./common.js";

export const accountRecords = /* @__PURE__ */ (() =>
  ({
    "GET:accounts": get,
    "GET:openpositions": get,
    "GET:unwindqueue": get,
    "GET:notifications": get,
    "GET:feeschedules/volumes": get,
    "GET:initialmargin": get,
    "GET:initialmargin/maxordersize": get,
    "GET:leveragepreferences": get,
    "PUT:leveragepreferences": write("full", isThere, "PUT"),
    "GET:pnlpreferences": get,
    "PUT:pnlpreferences": write("full", isThere, "PUT"),
    "GET:self-trade-strategy": get,
    "PUT:self-trade-strategy": write("full", isThere, "PUT"),
    "GET:assignmentprogram/current": get,
    "GET:assignmentprogram/history": get,
    "POST:assignmentprogram/add": write("full", isThere),
    "POST:assignmentprogram/delete": write("full", isThere),
    "GET:portfolio-margining/parameters": get,
    "POST:portfolio-margining/simulate": read("POST", { json: true }),
    "GET:subaccounts": get,
    "GET:subaccount/{subaccountUid}/trading-enabled": get,
    "PUT:subaccount/{subaccountUid}/trading-enabled": write("full", isThere, "PUT"),
    "GET:/api/auth/v1/api-keys/v3/check": { ...get, permissions: "" },
    "GET:/api/stats/v1/rebates/self-market-share": get,
  }) as const satisfies { [Name in keyof FuturesAccountEndpoints]: Endpoint })();

export interface FuturesAccountEndpoints {
  /** Wallets, with balances and margins. */
  "GET:accounts": { params: NoParams; result: Success & { accounts: FuturesAccounts } };
  "GET:openpositions": { params: NoParams; result: Success & { openPositions: FuturesPosition[] } };
  /** How soon positions would be unwound. */
  "GET:unwindqueue": { params: NoParams; result: Success & { queue: { symbol: string; percentile: number }[] } };
  "GET:notifications": { params: NoParams; result: Success & { notifications: Notification[] } };
  /** The volume of 30 days, by fee schedule. Since June 2026 not what fees depend on: see Spot's TradeVolume. */
  "GET:feeschedules/volumes": { params: NoParams; result: Success & { volumesByFeeSchedule: Record<string, number> } };
  /** What an order would need. Not in the documentation any more. */
  "GET:initialmargin": { params: InitialMarginParams; result: Success & InitialMargin };
  /** How large an order could be. Not in the documentation any more. */
  "GET:initialmargin/maxordersize": { params: MaxOrderSizeParams; result: Success & MaxOrderSize };
  "GET:leveragepreferences": { params: NoParams; result: Success & { leveragePreferences: LeveragePreference[] } };
  /** Sets a contract to isolated margin, or, without `maxLeverage`, to cross margin. */
  "PUT:leveragepreferences": { params: LeverageParams; result: Success };
  "GET:pnlpreferences": { params: NoParams; result: Success & { preferences: PnlPreference[] } };
  /** Sets the currency in which profit is paid. */
  "PUT:pnlpreferences": { params: PnlParams; result: Success };
  "GET:self-trade-strategy": { params: NoParams; result: Success & { strategy: Known<SelfTradeStrategy> } };
  "PUT:self-trade-strategy": { params: SelfTradeParams; result: Success & { strategy?: Known<SelfTradeStrategy> } };
  "GET:assignmentprogram/current": { params: NoParams; result: Success & { participants: AssignmentProgram[] } };
  "GET:assignmentprogram/history": { params: NoParams; result: Success & { participants: AssignmentChange[] } };
  "POST:assignmentprogram/add": { params: AssignmentParams; result: Success & AssignmentProgram };
  "POST:assignmentprogram/delete": { params: { readonly id: number | string }; result: Success & Partial<AssignmentProgram> };
  /** On the demo exchange only. */
  "GET:portfolio-margining/parameters": { params: NoParams; result: Success & PortfolioParameters };
  /** On the demo exchange only. The client writes `json` from what is given. */
  "POST:portfolio-margining/simulate": { params: SimulationParams; result: Success & Simulation };
  "GET:subaccounts": { params: NoParams; result: Success & { masterAccountUid: string; subaccounts: Subaccount[] } };
  "GET:subaccount/{subaccountUid}/trading-enabled": { params: NoParams; result: { tradingEnabled: boolean } };
  "PUT:subaccount/{subaccountUid}/trading-enabled": {
    params: { readonly tradingEnabled: boolean };
    result: { tradingEnabled: boolean };
  };
  /** What the key may do. */
  "GET:/api/auth/v1/api-keys/v3/check": { params: NoParams; result: FuturesKeyInfo };
  /** Shares of markets and rebates, by contract. */
  "GET:/api/stats/v1/rebates/self-market-share": { params: NoParams; result: MarketShares };
}

/** By the name of the wallet: `cash`, `flex`, and one for each currency pair with single collateral, such as `fi_xbtusd`. */
export type FuturesAccounts = { [wallet: string]: CashWallet | FlexWallet | MarginWallet };

export interface CashWallet {
  type: "cashAccount";
  /** By currency. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
}

/** Amounts in USD. */
export interface FlexWallet {
  type: "multiCollateralMarginAccount";
  currencies: Record<string, FlexCurrency>;
  initialMargin: number;
  initialMarginWithOrders: number;
  maintenanceMargin: number;
  balanceValue: number;
  /** With profit and loss. */
  portfolioValue: number;
  collateralValue: number;
  pnl: number;
  unrealizedFunding: number;
  totalUnrealized: number;
  totalUnrealizedAsMargin: number;
  availableMargin: number;
  marginEquity: number;
  portfolioMarginBreakdown?: PortfolioMargin | null;
}

export interface FlexCurrency {
  quantity: number;
  /** USD. */
  value: number;
  /** USD. In the documentation … */
  collateral?: number;
  /** … and in Kraken.Net. */
  collateralValue?: number;
  available: number;
}

/** Amounts in its currency. */
export interface MarginWallet {
  type: "marginAccount";
  currency: string;
  /** By currency and contract. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
  /** `af`: available; `pv`: value with profit; `pnl`: profit of open positions. */
  auxiliary: { usd?: number; pv: number; pnl: number; af: number; funding?: number };
  marginRequirements: MarginLevels;
  triggerEstimates: MarginLevels;
}

/** Initial and maintenance margin, thresholds of liquidation and termination. */
export interface MarginLevels {
  im: number;
  mm: number;
  lt: number;
  tt: number;
}

export interface FuturesPosition {
  symbol: string;
  side: "long" | "short";
  size: number;
  /** Average. */
  price: number;
  /** RFC 3339. Take that of fills instead. */
  fillTime?: string;
  unrealizedFunding?: number | null;
  pnlCurrency?: string | null;
  maxFixedLeverage?: number | null;
  greeks?: OptionGreeks;
}

export interface Notification {
  type: Known<"new_feature" | "bug_fix" | "settlement" | "general" | "maintenance" | "market">;
  /** `high` maintenance: the exchange will be down. */
  priority: Known<"low" | "medium" | "high">;
  note: string;
  /** RFC 3339. */
  effectiveTime: string;
  expectedDowntimeMinutes?: number;
}

export interface MaxOrderSizeParams {
  readonly symbol: string;
  readonly orderType: "lmt" | "mkt";
  readonly limitPrice?: DecimalParam | undefined;
}

export interface InitialMarginParams extends MaxOrderSizeParams {
  readonly side: "buy" | "sell";
  readonly size: DecimalParam;
}

/** From public clients. */
export interface InitialMargin {
  initialMargin?: number | null;
  price?: number | null;
  estimatedLiquidationThreshold?: number | null;
  error?: string | null;
}

export interface MaxOrderSize {
  maxBuySize?: number | null;
  maxSellSize?: number | null;
  buyPrice?: number | null;
  sellPrice?: number | null;
}

export interface LeveragePreference {
  symbol: string;
  maxLeverage: number;
}

export interface LeverageParams {
  readonly symbol: string;
  readonly maxLeverage?: DecimalParam | undefined;
}

export interface PnlPreference {
  symbol: string;
  pnlCurrency: string;
}

export interface PnlParams {
  readonly symbol: string;
  /** Such as `"BTC"`. */
  readonly pnlPreference: string;
}

/** Whose order goes when two of your own would meet. */
export type SelfTradeStrategy = "REJECT_TAKER" | "CANCEL_MAKER_SELF" | "CANCEL_MAKER_CHILD" | "CANCEL_MAKER_ANY";

export interface SelfTradeParams {
  readonly strategy: SelfTradeStrategy;
}

export interface AssignmentParams {
  /** Such as `"flex"`. */
  readonly contractType: string;
  readonly contract?: string | undefined;
  readonly maxSize?: DecimalParam | undefined;
  readonly maxPosition?: DecimalParam | undefined;
  readonly acceptLong: boolean;
  readonly acceptShort: boolean;
  readonly timeFrame: "all" | "weekdays" | "weekends";
  readonly enabled: boolean;
}

export interface AssignmentProgram {
  id: number;
  participant: AssignmentParticipant;
}

export interface AssignmentParticipant {
  contractType: string;
  contract?: string | null;
  maxSize?: number | null;
  maxPosition?: number | null;
  acceptLong: boolean;
  acceptShort: boolean;
  timeFrame: Known<"all" | "weekdays" | "weekends">;
  enabled: boolean;
}

export interface AssignmentChange {
  deleted: boolean;
  participant: AssignmentParticipant;
  /** RFC 3339. */
  timestamp: string;
}

export interface PortfolioParameters {
  crossAssetNettingFactor: number;
  extremePriceShockMultiplier: number;
  volShockMultiplicationFactor: number;
  volShockExponentFactor: number;
  optionExpiryTimeShockHours: number;
  optionsInitialMarginFactor: number;
  totalOptionOrdersConsideredInInitialMarginCalc: number;
  priceShockLevels: number[];
  optionsUserLimits: {
    maxNetPositionDelta: number;
    limitsPerBaseCurrency: Record<string, { maxTotalPositionSize?: number; maxTotalOpenOrdersSize?: number }>;
  };
}

export interface SimulationParams {
  readonly positions: readonly { readonly instrument: string; readonly size: DecimalParam; readonly entryPrice: DecimalParam }[];
}

export interface Simulation {
  maintenanceMargin: number;
  initialMargin: number;
  pnl: number;
  portfolioMarginBreakdown: PortfolioMargin;
  greeks: Record<string, OptionGreeks>;
}

export interface PortfolioMargin {
  totalCrossAssetNettedMarketRisk: number;
  totalMarketRisk: number;
  totalScenarioPnls?: number[];
  totalAbsoluteOptionPositionDeltaNotional: number;
  netPortfolioDelta: number;
  totalPremium: number;
  isBuyOnly: boolean;
  futuresMaintenanceMargin: number;
}

export interface Subaccount {
  accountUid: string;
  email: string;
  fullName: string | null;
  holdingAccounts: { currency: string; amount: number }[];
  futuresAccounts: { name: string; availableMargin: number }[];
  flexAccount: Omit<FlexWallet, "type" | "currencies"> & { currencies: (FlexCurrency & { currency: string })[] };
}

export interface FuturesKeyInfo {
  apiKey: string;
  accountUid: string;
  iiban: string | null;
  /** RFC 3339. */
  createdAt: string;
  /** Levels of areas: `transfer` in the documentation, `withdrawal` in its words. */
  permissions: Record<string, Known<"none" | "read_only" | "full" | "NO_ACCESS" | "READ_ONLY" | "FULL_ACCESS">>;
  /** The first of those that follow. */
  allowedCidrBlock?: string | null;
  /** Networks it may be used from; none: any. */
  allowedCidrBlocks?: string[] | null;
}

export interface MarketShares {
  /** By contract. */
  contracts: Record<string, { marketShare: string; volume: string; usdRebateCredited: string }>;
}
