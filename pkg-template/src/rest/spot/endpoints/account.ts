/**
 * The endpoints for balances, keys, volumes and exports. Sources: docs.kraken.com, "Account Data", with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs) and change log, November 2026. Answers are also from the models of typed-kraken, kraken-connector and
 * kraken-async-rs, and from Kraken.Net's tests. If sources disagree, the type is the wider one. Permissions are those of «API Key Permissions
 * Required» of each endpoint, as GetApiKeyInfo names them.
 */
import { type Endpoint, type Proof, property, withText } from "../../endpoint.js";
import { type Known, type NoParams, type RebaseParams, type SecondsParam, type TextListParam, read, write } from "./common.js";

const exportRemoved: Proof = (result) => (property(result, "delete") === true || property(result, "cancel") === true ? "done" : "unknown");

export const accountRecords = /* @__PURE__ */ (() =>
  ({
    GetApiKeyInfo: read(""),
    ListWalletAccounts: read(""),
    Balance: read("query-funds"),
    BalanceEx: read("query-funds"),
    CreditLines: read("query-funds"),
    TradeBalance: read("query-open-trades"),
    TradeVolume: read("query-funds", { detailedPairs: true }),
    AddExport: write("export-data", withText("id"), { shownBy: ["ExportStatus"] }),
    ExportStatus: read("export-data"),
    RetrieveExport: read("export-data", { file: true }),
    RemoveExport: write("export-data", exportRemoved, { shownBy: ["ExportStatus"] }),
  }) as const satisfies { [Name in keyof AccountEndpoints]: Endpoint })();

export interface AccountEndpoints {
  /** Returns the permissions and the expiry of the key. */
  GetApiKeyInfo: { params: NoParams; result: ApiKeyInfo };
  /** Returns the account's wallets. */
  ListWalletAccounts: { params: NoParams; result: WalletAccountsResult };
  /** Returns the balance of each asset, without pending withdrawals. */
  Balance: { params: RebaseParams; result: Record<string, string> };
  /** Returns the balance of each asset, with amounts in orders and credit. */
  BalanceEx: { params: RebaseParams; result: Record<string, ExtendedBalance> };
  /** Returns the credit lines, or `null` for an account without any. */
  CreditLines: { params: RebaseParams; result: CreditLinesResult | null };
  /** Returns collateral, margin and equity. */
  TradeBalance: { params: TradeBalanceParams; result: TradeBalanceResult };
  /** Returns the volume of the last 30 days and the fees of pairs. */
  TradeVolume: { params: TradeVolumeParams; result: TradeVolumeResult };
  /** Requests a file with trades or ledger entries. */
  AddExport: { params: AddExportParams; result: AddExportResult };
  /** Returns the status of the requested files. */
  ExportStatus: { params: ExportStatusParams; result: ExportReport[] };
  /** Returns the file, a zip archive. */
  RetrieveExport: { params: RetrieveExportParams; result: Uint8Array };
  /** Deletes a file, or cancels its request. */
  RemoveExport: { params: RemoveExportParams; result: RemoveExportResult };
}

/**
 * Information about a key. Times are seconds since 1970, `"0"` for none. Kraken documents names such as `validUntil`, but an answer that
 * Kraken.Net has recorded has `valid_until`.
 */
export interface ApiKeyInfo {
  /** The owner's name for the key. */
  apiKeyName?: string;
  /** The public half of the key. */
  apiKey?: string;
  /** The highest nonce that Kraken has seen. */
  nonce?: string;
  /** How far below the highest nonce a nonce may be. */
  nonceWindow?: number | string;
  /** The permissions of the key, such as `query-funds`. */
  permissions: Known<
    | "query-funds"
    | "add-funds"
    | "withdraw-funds"
    | "earn-funds"
    | "query-open-trades"
    | "query-closed-trades"
    | "modify-trades"
    | "close-trades"
    | "query-ledger"
    | "export-data"
    | "create-ws-token"
    | "add-withdraw-address"
    | "update-withdraw-address"
  >[];
  /** The account's IIBAN. */
  iban?: string;
  /** The time when the key expires. */
  validUntil?: string | number;
  /** The earliest time that the key may query. */
  queryFrom?: string | number;
  /** The latest time that the key may query. */
  queryTo?: string | number;
  /** The time when the key was created. */
  createdTime?: string | number;
  /** The time of the last change. */
  modifiedTime?: string | number;
  /** The addresses and networks that may use the key. Without any, all may. */
  ipAllowlist?: string[];
  /** The time of the last use; `null` for never. */
  lastUsed?: string | number | null;
  /** The same as `apiKeyName`, as Kraken.Net has recorded it. */
  api_key_name?: string;
  /** The same as `apiKey`, as recorded. */
  api_key?: string;
  /** The same as `nonceWindow`, as recorded. */
  nonce_window?: number | string;
  /** The same as `validUntil`, as recorded. */
  valid_until?: string | number;
  /** The same as `queryFrom`, as recorded. */
  query_from?: string | number;
  /** The same as `queryTo`, as recorded. */
  query_to?: string | number;
  /** The same as `createdTime`, as recorded. */
  created_time?: string | number;
  /** The same as `modifiedTime`, as recorded. */
  modified_time?: string | number;
  /** The same as `ipAllowlist`, as recorded. */
  ip_allowlist?: string[];
  /** The same as `lastUsed`, as recorded. */
  last_used?: string | number | null;
}

/** The wallets, as seen in public clients. The documentation has no example. */
export interface WalletAccountsResult {
  /** The wallets. */
  accounts: WalletAccount[];
  /** The cursor of the next page. */
  cursor?: {
    /** The cursor of the next page. */
    next?: string | null;
  };
}

export interface WalletAccount {
  /** The public id of the wallet, such as `ABCD-1234-EFGH-5678`. */
  account_id: string;
  /** The settings of the wallet. */
  flags?: {
    /** Whether the owner has created the wallet. */
    user_defined?: boolean;
    /** Whether the wallet can be used. */
    active?: boolean;
  };
  /** The status of the wallet. */
  status?: Known<"active" | "disabled" | "closed">;
  /** The type of the wallet. */
  type?: Known<"main" | "spot" | "pay" | "prop_paper" | "prop_real">;
  /** The owner's name for the wallet. */
  name?: string | null;
}

/** The balance of an asset. `balance + credit - credit_used - hold_trade` is available. Amounts are text; some documented examples have numbers. */
export interface ExtendedBalance {
  /** The balance. */
  balance: string | number;
  /** The credit, only for accounts with a credit line. */
  credit?: string | number;
  /** The used part of the credit. */
  credit_used?: string | number;
  /** The amount in open orders, except margin orders. */
  hold_trade: string | number;
}

export interface CreditLinesResult {
  /** The credit line of each asset. */
  asset_details: Record<string, CreditLine>;
  /** The totals of all assets. */
  limits_monitor: CreditLimits;
}

export interface CreditLine {
  /** The balance. */
  balance: string;
  /** The amount in open orders. */
  hold_trade?: string;
  /** The fraction of the value that counts as collateral, 0 to 1. */
  collateral_value?: number | string;
  /** The maximum that may be borrowed. */
  credit_limit?: string;
  /** The used part of the credit. */
  credit_used?: string;
  /** The remaining credit. */
  available_credit?: string;
}

/** Totals in USD. */
export interface CreditLimits {
  /** The total credit. */
  total_credit_usd?: string | null;
  /** The used part of the credit. */
  total_credit_used_usd?: string | null;
  /** The value of the collateral. */
  total_collateral_value_usd?: string | null;
  /** The collateral less the used credit. */
  equity_usd?: string | null;
  /** The collateral divided by the credit. */
  ongoing_balance?: string | null;
  /** The used credit divided by the equity. */
  debt_to_equity?: string | null;
}

export interface TradeBalanceParams extends RebaseParams {
  /** The asset of the answer's amounts. Default: `ZUSD`. */
  readonly asset?: string | undefined;
}

export interface TradeBalanceResult {
  /** The combined balance of all currencies. */
  eb: string;
  /** The combined balance of all currencies that count as equity. */
  tb: string;
  /** The margin of open positions. */
  m: string;
  /** The unrealized profit or loss of open positions. */
  n: string;
  /** The cost of open positions. */
  c: string;
  /** The value of open positions. */
  v: string;
  /** The equity: `tb + n`. */
  e: string;
  /** The free margin: equity less initial margin. */
  mf: string;
  /** The margin that is available for orders. */
  mfo?: string;
  /** The margin level in percent, only with open positions. */
  ml?: string | null;
  /** The value of unfilled orders. */
  uv?: string;
}

export type AssetClass = "currency" | "forex" | "equity" | "equity_pair" | "nft" | "derivatives" | "tokenized_asset" | "futures_contract";

export interface TradeVolumeParams extends RebaseParams {
  /** The pairs whose fees are returned. Pairs of classes other than forex are objects. */
  readonly pair?:
    | TextListParam
    | readonly {
        /** The asset. */
        readonly asset: string;
        /** The class of the asset. */
        readonly aclass: AssetClass;
      }[]
    | undefined;
  /** Whether to return whole fee schedules. */
  readonly fee_schedule?: boolean | undefined;
  /** Obsolete, because fees are returned with `pair`. */
  readonly "fee-info"?: boolean | undefined;
}

export interface TradeVolumeResult {
  /** The asset of the volume. */
  currency: string;
  /** The class of the asset. */
  asset_class?: Known<AssetClass> | null;
  /** The volume of the last 30 days. */
  volume: string;
  /** The values that determine the fees. */
  inputs?: TradeVolumeInputs;
  /** The taker fee of each pair. */
  fees?: Record<string, FeeTier> | null;
  /** The maker fee of each pair. */
  fees_maker?: Record<string, FeeTier> | null;
  /** The volume of each subaccount, for a master account. */
  volume_subaccounts?: {
    /** The IIBAN of the subaccount. */
    iiban: string;
    /** The volume of the subaccount. */
    volume: string;
  }[];
  /** The fee schedules, with `fee_schedule`. */
  schedules?: FeeSchedule[] | null;
}

/** The values that determine the fees. */
export interface TradeVolumeInputs {
  /** The Spot volume of the last 30 days, in USD. */
  domain_spot_volume_30d: string;
  /** The Futures volume of the last 30 days, in USD. */
  domain_futures_volume_30d: string;
  /** The value of the accounts' assets at Kraken, in USD. */
  domain_assets_on_platform: string;
}

/** A fee tier. Fees are percentages. */
export interface FeeTier {
  /** The current fee in percent. */
  fee: string;
  /** The lowest possible fee, in percent. */
  minfee: string;
  /** The highest possible fee, in percent. */
  maxfee: string;
  /** The fee of the next tier, or `null` if there is no lower fee. */
  nextfee?: string | null;
  /** The Spot volume from which this fee applies. */
  tiervolume: string | null;
  /** The Futures volume from which this fee applies. */
  tierfuturesvolume?: string | null;
  /** The Spot volume from which the next fee applies; `null` for the last tier. */
  nextvolume?: string | null;
  /** The Futures volume from which the next fee applies; `null` for the last tier. */
  nextfuturesvolume?: string | null;
  /** The offset of the volume, if there is one. */
  volumeoffset?: string | null;
}

export interface FeeSchedule {
  /** The name of the pair. */
  pair: string;
  /** The class of the pair. */
  class: Known<AssetClass | "volume">;
  /** The tiers, from the first fee to the last. */
  tiers: FeeScheduleTier[];
}

/** A tier of a fee schedule: its fees in percent, and the minimum volumes and assets. */
export interface FeeScheduleTier {
  /** The fee for maker orders, in percent. */
  maker_fee: string;
  /** The fee for taker orders, in percent. */
  taker_fee: string;
  /** The minimum Spot volume, in USD. */
  min_spot_volume?: string | null;
  /** The minimum Futures volume, in USD. */
  min_futures_volume?: string | null;
  /** The minimum value of assets at Kraken, in USD. */
  min_assets_on_platform?: string | null;
  /** Whether the account is in this tier. */
  active?: boolean | null;
}

export interface AddExportParams {
  /** The content of the file: trades or ledger entries. */
  readonly report: "trades" | "ledgers";
  /** The format of the file. Default: `CSV`. */
  readonly format?: "CSV" | "TSV" | undefined;
  /** A name for the file. */
  readonly description: string;
  /** The columns. Default: all. */
  readonly fields?: TextListParam | undefined;
  /** The start of the period. Default: the first day of the month. */
  readonly starttm?: SecondsParam | undefined;
  /** The end of the period. Default: now. */
  readonly endtm?: SecondsParam | undefined;
}

export interface AddExportResult {
  /** The id of the file, for RetrieveExport and RemoveExport. */
  id: string;
}

export interface ExportStatusParams {
  /** The content of the files: trades or ledger entries. */
  readonly report: "trades" | "ledgers";
}

/** The status of a file. Times are seconds since 1970, as text. */
export interface ExportReport {
  /** The id of the file, for RetrieveExport. */
  id: string;
  /** The name of the file, from the request. */
  descr?: string;
  /** The format of the file. */
  format?: Known<"CSV" | "TSV">;
  /** The content of the file: trades or ledger entries. */
  report?: Known<"trades" | "ledgers">;
  /** A more specific type, if there is one. */
  subtype?: string;
  /** The status. A processed file can be retrieved. */
  status: Known<"Queued" | "Processing" | "Processed">;
  /** The error, such as `EExport:Exported size too big`. */
  error?: string;
  /** Kraken's own flags. */
  flags?: string;
  /** The columns. */
  fields?: string;
  /** The time of the request. */
  createdtm?: string;
  /** The time when the file expires, in seconds since 1970; 0 for never. */
  expiretm?: string;
  /** The time when processing began. */
  starttm?: string;
  /** The time when processing ended. */
  completedtm?: string;
  /** The start of the file's data. */
  datastarttm?: string;
  /** The end of the file's data. */
  dataendtm?: string;
  /** The class of the assets. */
  aclass?: string;
  /** The assets. Default: `all`. */
  asset?: string;
  /** The assets to which the file is limited. */
  assets?: string;
  /** The asset classes to which the file is limited. */
  asset_classes?: string[];
  /** The end of the period, in seconds since 1970. */
  endtm?: string;
  /** Whether the file is about to be deleted. */
  delete?: boolean;
}

export interface RetrieveExportParams {
  /** The id of the file, from the result of AddExport. */
  readonly id: string;
}

export interface RemoveExportParams {
  /** The id of the file, from the result of AddExport. */
  readonly id: string;
  /** `delete` for a processed file, `cancel` for a file that is not processed yet. */
  readonly type: "cancel" | "delete";
}

export interface RemoveExportResult {
  /** Whether the file was deleted. */
  delete?: boolean;
  /** Whether the request was canceled. */
  cancel?: boolean;
}
