/**
 * The account: wallets, positions, settings, subaccounts. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs), November 2026; answers also from python-kraken-sdk and Kraken.Net's tests. Where they disagree, the type is
 * the wider one. Permissions: the levels of Futures keys. Answers that have come without an example are proven by being there.
 */
import { type Endpoint, isThere } from "../../endpoint.js";
import { type DecimalParam, type Known, type NoParams, type OptionGreeks, type Success, get, read, write } from "./common.js";

const assignment = { shownBy: ["assignmentprogram/current", "assignmentprogram/history"] } as const;

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
    "PUT:leveragepreferences": write("full", isThere, "PUT", { shownBy: ["leveragepreferences"] }),
    "GET:pnlpreferences": get,
    "PUT:pnlpreferences": write("full", isThere, "PUT", { shownBy: ["pnlpreferences"] }),
    "GET:self-trade-strategy": get,
    "PUT:self-trade-strategy": write("full", isThere, "PUT", { shownBy: ["self-trade-strategy"] }),
    "GET:assignmentprogram/current": get,
    "GET:assignmentprogram/history": get,
    "POST:assignmentprogram/add": write("full", isThere, "POST", assignment),
    "POST:assignmentprogram/delete": write("full", isThere, "POST", assignment),
    "GET:portfolio-margining/parameters": get,
    "POST:portfolio-margining/simulate": read("POST", { json: true }),
    "GET:subaccounts": get,
    "GET:subaccount/{subaccountUid}/trading-enabled": get,
    "PUT:subaccount/{subaccountUid}/trading-enabled": write("full", isThere, "PUT", { shownBy: ["subaccounts"] }),
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
  /** Which kind of wallet it is. */
  type: "cashAccount";
  /** By currency. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
}

/** Amounts in USD. */
export interface FlexWallet {
  /** Which kind of wallet it is. */
  type: "multiCollateralMarginAccount";
  /** By currency. */
  currencies: Record<string, FlexCurrency>;
  /** What is needed to open it. */
  initialMargin: number;
  /** The same, with what open orders need. */
  initialMarginWithOrders: number;
  /** What is needed to keep it. */
  maintenanceMargin: number;
  /** All currencies, in USD. */
  balanceValue: number;
  /** With profit and loss. */
  portfolioValue: number;
  /** What of them counts as collateral, in USD. */
  collateralValue: number;
  /** Profit or loss that is not realized, in USD. */
  pnl: number;
  /** Funding that is not realized. */
  unrealizedFunding: number;
  /** Both of them, in USD. */
  totalUnrealized: number;
  /** What of that counts as margin, in USD. */
  totalUnrealizedAsMargin: number;
  /** What is left for new positions. */
  availableMargin: number;
  /** Collateral and what is not realized, in USD. */
  marginEquity: number;
  /** What the margin is made of. */
  portfolioMarginBreakdown?: PortfolioMargin | null;
}

export interface FlexCurrency {
  /** In units of the contract. */
  quantity: number;
  /** USD. */
  value: number;
  /** USD. In the documentation … */
  collateral?: number;
  /** … and in Kraken.Net. */
  collateralValue?: number;
  /** What can be used. */
  available: number;
}

/** Amounts in its currency. */
export interface MarginWallet {
  /** Which kind of wallet it is. */
  type: "marginAccount";
  /** The currency. */
  currency: string;
  /** By currency and contract. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
  /** `af`: available; `pv`: value with profit; `pnl`: profit of open positions. */
  auxiliary: { usd?: number; pv: number; pnl: number; af: number; funding?: number };
  /** What is needed at each level. */
  marginRequirements: MarginLevels;
  /** The price at which each level is reached. */
  triggerEstimates: MarginLevels;
}

/** Initial and maintenance margin, thresholds of liquidation and termination. */
export interface MarginLevels {
  /** Initial margin. */
  im: number;
  /** Maintenance margin. */
  mm: number;
  /** Liquidation threshold. */
  lt: number;
  /** Termination threshold. */
  tt: number;
}

export interface FuturesPosition {
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Long or short. */
  side: "long" | "short";
  /** In units of the contract. */
  size: number;
  /** Average. */
  price: number;
  /** RFC 3339. Take that of fills instead. */
  fillTime?: string;
  /** Funding that is not realized. */
  unrealizedFunding?: number | null;
  /** In which profit is paid. */
  pnlCurrency?: string | null;
  /** The leverage that was set; none with cross margin. */
  maxFixedLeverage?: number | null;
  /** The option's greeks. */
  greeks?: OptionGreeks;
}

export interface Notification {
  /** What it is about. */
  type: Known<"new_feature" | "bug_fix" | "settlement" | "general" | "maintenance" | "market">;
  /** `high` maintenance: the exchange will be down. */
  priority: Known<"low" | "medium" | "high">;
  /** In words. */
  note: string;
  /** RFC 3339. */
  effectiveTime: string;
  /** How long it may take. */
  expectedDowntimeMinutes?: number;
}

export interface MaxOrderSizeParams {
  /** Such as `PF_XBTUSD`. */
  readonly symbol: string;
  /** The order's type. */
  readonly orderType: "lmt" | "mkt";
  /** The limit. */
  readonly limitPrice?: DecimalParam | undefined;
}

export interface InitialMarginParams extends MaxOrderSizeParams {
  /** Whether it buys or sells. */
  readonly side: "buy" | "sell";
  /** In units of the contract. */
  readonly size: DecimalParam;
}

/** From public clients. */
export interface InitialMargin {
  /** What is needed to open it. */
  initialMargin?: number | null;
  /** At which it is counted. */
  price?: number | null;
  /** The price at which it would be liquidated. */
  estimatedLiquidationThreshold?: number | null;
  /** Why there is none. */
  error?: string | null;
}

export interface MaxOrderSize {
  /** The largest order that buys. */
  maxBuySize?: number | null;
  /** The largest order that sells. */
  maxSellSize?: number | null;
  /** At which that is counted. */
  buyPrice?: number | null;
  /** At which that is counted. */
  sellPrice?: number | null;
}

export interface LeveragePreference {
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** Isolated margin, with at most this leverage; without it, cross margin. */
  maxLeverage: number;
}

export interface LeverageParams {
  /** Such as `PF_XBTUSD`. */
  readonly symbol: string;
  /** Isolated margin, with at most this leverage; without it, cross margin. */
  readonly maxLeverage?: DecimalParam | undefined;
}

export interface PnlPreference {
  /** Such as `PF_XBTUSD`. */
  symbol: string;
  /** In which profit is paid. */
  pnlCurrency: string;
}

export interface PnlParams {
  /** Such as `PF_XBTUSD`. */
  readonly symbol: string;
  /** Such as `"BTC"`. */
  readonly pnlPreference: string;
}

/** Whose order goes when two of your own would meet. */
export type SelfTradeStrategy = "REJECT_TAKER" | "CANCEL_MAKER_SELF" | "CANCEL_MAKER_CHILD" | "CANCEL_MAKER_ANY";

export interface SelfTradeParams {
  /** What happens to orders that would trade with each other. */
  readonly strategy: SelfTradeStrategy;
}

export interface AssignmentParams {
  /** Such as `"flex"`. */
  readonly contractType: string;
  /** Only this contract. */
  readonly contract?: string | undefined;
  /** The most in one assignment. */
  readonly maxSize?: DecimalParam | undefined;
  /** The most in all. */
  readonly maxPosition?: DecimalParam | undefined;
  /** Whether long positions are taken. */
  readonly acceptLong: boolean;
  /** Whether short positions are taken. */
  readonly acceptShort: boolean;
  /** When they are taken. */
  readonly timeFrame: "all" | "weekdays" | "weekends";
  /** Whether it is in force. */
  readonly enabled: boolean;
}

export interface AssignmentProgram {
  /** The preference's id. */
  id: number;
  /** What was set. */
  participant: AssignmentParticipant;
}

export interface AssignmentParticipant {
  /** Such as `flex`. */
  contractType: string;
  /** Only this contract. */
  contract?: string | null;
  /** The most in one assignment. */
  maxSize?: number | null;
  /** The most in all. */
  maxPosition?: number | null;
  /** Whether long positions are taken. */
  acceptLong: boolean;
  /** Whether short positions are taken. */
  acceptShort: boolean;
  /** When they are taken. */
  timeFrame: Known<"all" | "weekdays" | "weekends">;
  /** Whether it is in force. */
  enabled: boolean;
}

export interface AssignmentChange {
  /** Whether it was taken back. */
  deleted: boolean;
  /** What was set. */
  participant: AssignmentParticipant;
  /** RFC 3339. */
  timestamp: string;
}

export interface PortfolioParameters {
  /** How far assets offset each other, from 0 to 1. */
  crossAssetNettingFactor: number;
  /** What the worst price shock is multiplied by. */
  extremePriceShockMultiplier: number;
  /** The factor of shocks of volatility. */
  volShockMultiplicationFactor: number;
  /** The exponent of shocks of volatility. */
  volShockExponentFactor: number;
  /** Hours by which expiry is brought forward. */
  optionExpiryTimeShockHours: number;
  /** Initial margin per maintenance margin. */
  optionsInitialMarginFactor: number;
  /** How many open orders of options count. */
  totalOptionOrdersConsideredInInitialMarginCalc: number;
  /** Fractions of the price. */
  priceShockLevels: number[];
  /** The largest positions. */
  optionsUserLimits: {
    maxNetPositionDelta: number;
    limitsPerBaseCurrency: Record<string, { maxTotalPositionSize?: number; maxTotalOpenOrdersSize?: number }>;
  };
}

export interface SimulationParams {
  /** What the portfolio has. */
  readonly positions: readonly { readonly instrument: string; readonly size: DecimalParam; readonly entryPrice: DecimalParam }[];
}

export interface Simulation {
  /** What is needed to keep it. */
  maintenanceMargin: number;
  /** What is needed to open it. */
  initialMargin: number;
  /** Profit or loss that is not realized, in USD. */
  pnl: number;
  /** What the margin is made of. */
  portfolioMarginBreakdown: PortfolioMargin;
  /** The option's greeks. */
  greeks: Record<string, OptionGreeks>;
}

export interface PortfolioMargin {
  /** Market risk after assets have offset each other. */
  totalCrossAssetNettedMarketRisk: number;
  /** Market risk before that. */
  totalMarketRisk: number;
  /** Profit or loss in each scenario. */
  totalScenarioPnls?: number[];
  /** The delta of options, without regard to direction. */
  totalAbsoluteOptionPositionDeltaNotional: number;
  /** The delta of everything, with regard to direction. */
  netPortfolioDelta: number;
  /** The premium of all options. */
  totalPremium: number;
  /** Whether all options are bought. */
  isBuyOnly: boolean;
  /** The maintenance margin of futures alone. */
  futuresMaintenanceMargin: number;
}

export interface Subaccount {
  /** The account's id. */
  accountUid: string;
  /** Its owner's address. */
  email: string;
  /** The account's name. */
  fullName: string | null;
  /** By currency. */
  holdingAccounts: { currency: string; amount: number }[];
  /** With single collateral. */
  futuresAccounts: { name: string; availableMargin: number }[];
  /** With several collaterals. */
  flexAccount: Omit<FlexWallet, "type" | "currencies"> & { currencies: (FlexCurrency & { currency: string })[] };
}

export interface FuturesKeyInfo {
  /** The public half of the key. */
  apiKey: string;
  /** The account's id. */
  accountUid: string;
  /** The account's public id. */
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
