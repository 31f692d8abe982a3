/**
 * The endpoints for wallets, positions, settings and subaccounts. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs), November 2026. Answers are also from python-kraken-sdk and Kraken.Net's tests. If sources disagree, the type is
 * the wider one. Permissions are the levels of Futures keys. If an answer has no documented example, its presence is its proof.
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
  /** Returns wallets, with balances and margins. */
  "GET:accounts": { params: NoParams; result: Success & { accounts: FuturesAccounts } };
  /** Returns the open positions. */
  "GET:openpositions": { params: NoParams; result: Success & { openPositions: FuturesPosition[] } };
  /** Returns how soon positions would be unwound. */
  "GET:unwindqueue": { params: NoParams; result: Success & { queue: { symbol: string; percentile: number }[] } };
  /** Returns the exchange's notifications. */
  "GET:notifications": { params: NoParams; result: Success & { notifications: Notification[] } };
  /** Returns the 30-day volume by fee schedule. Since June 2026, it does not determine the fees: see Spot's TradeVolume. */
  "GET:feeschedules/volumes": { params: NoParams; result: Success & { volumesByFeeSchedule: Record<string, number> } };
  /** Returns the initial margin of an order. No longer documented. */
  "GET:initialmargin": { params: InitialMarginParams; result: Success & InitialMargin };
  /** Returns the largest size of an order. No longer documented. */
  "GET:initialmargin/maxordersize": { params: MaxOrderSizeParams; result: Success & MaxOrderSize };
  /** Returns the contracts with isolated margin. */
  "GET:leveragepreferences": { params: NoParams; result: Success & { leveragePreferences: LeveragePreference[] } };
  /** Sets a contract to isolated margin or, without `maxLeverage`, to cross margin. */
  "PUT:leveragepreferences": { params: LeverageParams; result: Success };
  /** Returns the currencies in which profit is paid. */
  "GET:pnlpreferences": { params: NoParams; result: Success & { preferences: PnlPreference[] } };
  /** Sets the currency in which profit is paid. */
  "PUT:pnlpreferences": { params: PnlParams; result: Success };
  /** Returns what happens if two of your own orders would match. */
  "GET:self-trade-strategy": { params: NoParams; result: Success & { strategy: Known<SelfTradeStrategy> } };
  /** Sets what happens if two of your own orders would match. */
  "PUT:self-trade-strategy": { params: SelfTradeParams; result: Success & { strategy?: Known<SelfTradeStrategy> } };
  /** Returns the preferences for assigned positions. */
  "GET:assignmentprogram/current": { params: NoParams; result: Success & { participants: AssignmentProgram[] } };
  /** Returns the changes of the preferences for assigned positions. */
  "GET:assignmentprogram/history": { params: NoParams; result: Success & { participants: AssignmentChange[] } };
  /** Adds a preference for assigned positions. */
  "POST:assignmentprogram/add": { params: AssignmentParams; result: Success & AssignmentProgram };
  /** Deletes a preference for assigned positions. */
  "POST:assignmentprogram/delete": { params: { readonly id: number | string }; result: Success & Partial<AssignmentProgram> };
  /** Returns the parameters of portfolio margining. Demo exchange only. */
  "GET:portfolio-margining/parameters": { params: NoParams; result: Success & PortfolioParameters };
  /** Simulates a portfolio. Demo exchange only. The client writes `json` from the parameters. */
  "POST:portfolio-margining/simulate": { params: SimulationParams; result: Success & Simulation };
  /** Returns the subaccounts, with their wallets. */
  "GET:subaccounts": { params: NoParams; result: Success & { masterAccountUid: string; subaccounts: Subaccount[] } };
  /** Returns whether a subaccount may trade. */
  "GET:subaccount/{subaccountUid}/trading-enabled": { params: NoParams; result: { tradingEnabled: boolean } };
  /** Sets whether a subaccount may trade. */
  "PUT:subaccount/{subaccountUid}/trading-enabled": {
    params: { readonly tradingEnabled: boolean };
    result: { tradingEnabled: boolean };
  };
  /** Returns the permissions of the key. */
  "GET:/api/auth/v1/api-keys/v3/check": { params: NoParams; result: FuturesKeyInfo };
  /** Returns market shares and rebates by contract. If Kraken has not counted them yet, it answers 204 without content, and the call throws a ResponseError. */
  "GET:/api/stats/v1/rebates/self-market-share": { params: NoParams; result: MarketShares };
}

/** The wallets by name: `cash`, `flex`, and one for each single-collateral currency pair, such as `fi_xbtusd`. */
export type FuturesAccounts = { [wallet: string]: CashWallet | FlexWallet | MarginWallet } & NamedWallets;

/** The wallets that every account has, as documented. Older accounts may lack them. */
interface NamedWallets {
  /** The cash wallet. */
  cash?: CashWallet;
  /** The multi-collateral wallet. */
  flex?: FlexWallet;
}

export interface CashWallet {
  /** The type of the wallet. */
  type: "cashAccount";
  /** The balance of each currency. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
}

/** The multi-collateral wallet. Amounts are in USD. */
export interface FlexWallet {
  /** The type of the wallet. */
  type: "multiCollateralMarginAccount";
  /** The balance of each currency. */
  currencies: Record<string, FlexCurrency>;
  /** The initial margin. */
  initialMargin: number;
  /** The initial margin, including open orders. */
  initialMarginWithOrders: number;
  /** The maintenance margin. */
  maintenanceMargin: number;
  /** The balance of all currencies, in USD. */
  balanceValue: number;
  /** The balance, including profit and loss. */
  portfolioValue: number;
  /** The value that counts as collateral, in USD. */
  collateralValue: number;
  /** The unrealized profit or loss, in USD. */
  pnl: number;
  /** The unrealized funding. */
  unrealizedFunding: number;
  /** The unrealized profit or loss and funding, in USD. */
  totalUnrealized: number;
  /** The unrealized amount that counts as margin, in USD. */
  totalUnrealizedAsMargin: number;
  /** The margin that is available for new positions. */
  availableMargin: number;
  /** The collateral and the unrealized amount, in USD. */
  marginEquity: number;
  /** The parts of the margin. */
  portfolioMarginBreakdown?: PortfolioMargin | null;
}

export interface FlexCurrency {
  /** The quantity in units of the currency. */
  quantity: number;
  /** The value in USD. */
  value: number;
  /** The collateral in USD, as it is named in the documentation. */
  collateral?: number;
  /** The collateral in USD, as it is named in Kraken.Net. */
  collateralValue?: number;
  /** The available amount. */
  available: number;
}

/** A single-collateral wallet. Amounts are in its currency. */
export interface MarginWallet {
  /** The type of the wallet. */
  type: "marginAccount";
  /** The currency. */
  currency: string;
  /** The balance of each currency and contract. Text in the documentation, numbers in public clients. */
  balances: Record<string, string | number>;
  /** `af`: available funds; `pv`: value, including profit; `pnl`: profit of open positions. */
  auxiliary: {
    /** The value in USD. */
    usd?: number;
    /** The value of the wallet, including profit. */
    pv: number;
    /** The unrealized profit of open positions. */
    pnl: number;
    /** The available funds. */
    af: number;
    /** The unrealized funding. */
    funding?: number;
  };
  /** The margin that each level requires. */
  marginRequirements: MarginLevels;
  /** The price at which each level is reached. */
  triggerEstimates: MarginLevels;
}

/** A value for each level: initial margin, maintenance margin, liquidation threshold and termination threshold. */
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
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The direction: long or short. */
  side: "long" | "short";
  /** The size in units of the contract. */
  size: number;
  /** The average price. */
  price: number;
  /** The fill time, RFC 3339. Prefer the fill time of fills. */
  fillTime?: string;
  /** The unrealized funding. */
  unrealizedFunding?: number | null;
  /** The currency in which profit is paid. */
  pnlCurrency?: string | null;
  /** The maximum leverage that was set. Cross margin has none. */
  maxFixedLeverage?: number | null;
  /** The greeks of the option. */
  greeks?: OptionGreeks;
}

export interface Notification {
  /** The type of the notification. */
  type: Known<"new_feature" | "bug_fix" | "settlement" | "general" | "maintenance" | "market">;
  /** The priority. With `high` maintenance, the exchange will be down. */
  priority: Known<"low" | "medium" | "high">;
  /** The text of the notification. */
  note: string;
  /** The effective time, RFC 3339. */
  effectiveTime: string;
  /** The expected downtime in minutes. */
  expectedDowntimeMinutes?: number;
}

export interface MaxOrderSizeParams {
  /** The contract, such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  /** The type of the order. */
  readonly orderType: "lmt" | "mkt";
  /** The limit price. */
  readonly limitPrice?: DecimalParam | undefined;
}

export interface InitialMarginParams extends MaxOrderSizeParams {
  /** The side: buy or sell. */
  readonly side: "buy" | "sell";
  /** The size in units of the contract. */
  readonly size: DecimalParam;
}

/** The initial margin, as seen in public clients. */
export interface InitialMargin {
  /** The initial margin of the order. */
  initialMargin?: number | null;
  /** The price of the calculation. */
  price?: number | null;
  /** The estimated liquidation price. */
  estimatedLiquidationThreshold?: number | null;
  /** The reason why there is no result. */
  error?: string | null;
}

export interface MaxOrderSize {
  /** The largest buy order. */
  maxBuySize?: number | null;
  /** The largest sell order. */
  maxSellSize?: number | null;
  /** The price of `maxBuySize`. */
  buyPrice?: number | null;
  /** The price of `maxSellSize`. */
  sellPrice?: number | null;
}

export interface LeveragePreference {
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The maximum leverage with isolated margin. Without it, the contract has cross margin. */
  maxLeverage: number;
}

export interface LeverageParams {
  /** The contract, such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  /** The maximum leverage with isolated margin. Without it, the contract has cross margin. */
  readonly maxLeverage?: DecimalParam | undefined;
}

export interface PnlPreference {
  /** The contract, such as `PF_XBTUSD`. */
  symbol: string;
  /** The currency in which profit is paid. */
  pnlCurrency: string;
}

export interface PnlParams {
  /** The contract, such as `"PF_XBTUSD"`. */
  readonly symbol: string;
  /** The currency in which profit is paid, such as `"BTC"`. */
  readonly pnlPreference: string;
}

/** The order that is canceled if two of your own orders would match. */
export type SelfTradeStrategy = "REJECT_TAKER" | "CANCEL_MAKER_SELF" | "CANCEL_MAKER_CHILD" | "CANCEL_MAKER_ANY";

export interface SelfTradeParams {
  /** The strategy for orders that would trade with each other. */
  readonly strategy: SelfTradeStrategy;
}

export interface AssignmentParams {
  /** The type of the contracts, such as `"flex"`. */
  readonly contractType: string;
  /** The contract. Without it, all contracts of the type. */
  readonly contract?: string | undefined;
  /** The largest size of one assignment. */
  readonly maxSize?: DecimalParam | undefined;
  /** The largest total position. */
  readonly maxPosition?: DecimalParam | undefined;
  /** Whether long positions are accepted. */
  readonly acceptLong: boolean;
  /** Whether short positions are accepted. */
  readonly acceptShort: boolean;
  /** The days on which positions are accepted. */
  readonly timeFrame: "all" | "weekdays" | "weekends";
  /** Whether the preference is in force. */
  readonly enabled: boolean;
}

export interface AssignmentProgram {
  /** The id of the preference. */
  id: number;
  /** The settings of the preference. */
  participant: AssignmentParticipant;
}

export interface AssignmentParticipant {
  /** The type of the contracts, such as `flex`. */
  contractType: string;
  /** The contract. Without it, all contracts of the type. */
  contract?: string | null;
  /** The largest size of one assignment. */
  maxSize?: number | null;
  /** The largest total position. */
  maxPosition?: number | null;
  /** Whether long positions are accepted. */
  acceptLong: boolean;
  /** Whether short positions are accepted. */
  acceptShort: boolean;
  /** The days on which positions are accepted. */
  timeFrame: Known<"all" | "weekdays" | "weekends">;
  /** Whether the preference is in force. */
  enabled: boolean;
}

export interface AssignmentChange {
  /** Whether the preference was deleted. */
  deleted: boolean;
  /** The settings of the preference. */
  participant: AssignmentParticipant;
  /** The time, RFC 3339. The documentation does not require it. */
  timestamp?: string;
}

export interface PortfolioParameters {
  /** The factor by which assets offset each other, 0 to 1. */
  crossAssetNettingFactor: number;
  /** The multiplier of the worst price shock. */
  extremePriceShockMultiplier: number;
  /** The factor of volatility shocks. */
  volShockMultiplicationFactor: number;
  /** The exponent of volatility shocks. */
  volShockExponentFactor: number;
  /** The hours by which expiry is brought forward. */
  optionExpiryTimeShockHours: number;
  /** The initial margin divided by the maintenance margin. */
  optionsInitialMarginFactor: number;
  /** The number of open option orders that count. */
  totalOptionOrdersConsideredInInitialMarginCalc: number;
  /** The price shocks, as fractions of the price. */
  priceShockLevels: number[];
  /** The position limits. */
  optionsUserLimits: {
    /** The largest sum of the deltas of all positions. */
    maxNetPositionDelta: number;
    /** The limits of each base currency. */
    limitsPerBaseCurrency: Record<
      string,
      {
        /** The largest sum of the sizes of positions. */
        maxTotalPositionSize?: number;
        /** The largest sum of the sizes of open orders. */
        maxTotalOpenOrdersSize?: number;
      }
    >;
  };
}

export interface SimulationParams {
  /** The positions of the portfolio. */
  readonly positions: readonly {
    /** The symbol of the contract. */
    readonly instrument: string;
    /** The size; negative for a short position. */
    readonly size: DecimalParam;
    /** The average price at which the position was entered. */
    readonly entryPrice: DecimalParam;
  }[];
}

export interface Simulation {
  /** The maintenance margin. */
  maintenanceMargin: number;
  /** The initial margin. */
  initialMargin: number;
  /** The unrealized profit or loss, in USD. */
  pnl: number;
  /** The parts of the margin. */
  portfolioMarginBreakdown: PortfolioMargin;
  /** The greeks of the option. */
  greeks: Record<string, OptionGreeks>;
}

export interface PortfolioMargin {
  /** The market risk after assets have offset each other. */
  totalCrossAssetNettedMarketRisk: number;
  /** The market risk before assets have offset each other. */
  totalMarketRisk: number;
  /** The profit or loss in each scenario. */
  totalScenarioPnls?: number[];
  /** The absolute delta of options. */
  totalAbsoluteOptionPositionDeltaNotional: number;
  /** The signed delta of the portfolio. */
  netPortfolioDelta: number;
  /** The premium of all options. */
  totalPremium: number;
  /** Whether all options are bought. */
  isBuyOnly: boolean;
  /** The maintenance margin of futures alone. */
  futuresMaintenanceMargin: number;
}

export interface Subaccount {
  /** The id of the account. */
  accountUid: string;
  /** The email address of the owner. */
  email: string;
  /** The name of the account. */
  fullName: string | null;
  /** The amount of each currency. */
  holdingAccounts: {
    /** The currency. */
    currency: string;
    /** The amount, in this currency. */
    amount: number;
  }[];
  /** The single-collateral wallets. */
  futuresAccounts: {
    /** The name of the wallet, such as `f-xbt:usd`. */
    name: string;
    /** The available margin, in the currency of the wallet. */
    availableMargin: number;
  }[];
  /** The multi-collateral wallet. */
  flexAccount: Omit<FlexWallet, "type" | "currencies"> & {
    /** The currencies of the wallet. */
    currencies: (FlexCurrency & {
      /** The currency. */
      currency: string;
    })[];
  };
}

export interface FuturesKeyInfo {
  /** The public half of the key. */
  apiKey: string;
  /** The id of the account. */
  accountUid: string;
  /** The public id of the account. */
  iiban: string | null;
  /** The time of creation, RFC 3339. */
  createdAt: string;
  /** The level of each area. The documentation has `transfer`, but its text says `withdrawal`. */
  permissions: Record<string, Known<"none" | "read_only" | "full" | "NO_ACCESS" | "READ_ONLY" | "FULL_ACCESS">>;
  /** The first of the networks in `allowedCidrBlocks`. */
  allowedCidrBlock?: string | null;
  /** The networks that may use the key. Without any, all may. */
  allowedCidrBlocks?: string[] | null;
}

export interface MarketShares {
  /** The market share of each contract. */
  contracts: Record<
    string,
    {
      /** The share of the market, as text. */
      marketShare: string;
      /** The volume, as text. */
      volume: string;
      /** The rebate in USD, as text. */
      usdRebateCredited: string;
    }
  >;
}
