/**
 * Balances, keys, volumes and exports. Sources: docs.kraken.com, «Account Data», with Kraken's own OpenAPI files (github.com/krakenfx/api-specs)
 * and change log, November 2026; answers also from the models of typed-kraken, kraken-connector and kraken-async-rs, and from Kraken.Net's
 * tests. Where they disagree, the type is the wider one. Permissions: «API Key Permissions Required» of each endpoint, as GetApiKeyInfo names them.
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
  /** What the key may do, and until when. */
  GetApiKeyInfo: { params: NoParams; result: ApiKeyInfo };
  /** The account's wallets. */
  ListWalletAccounts: { params: NoParams; result: WalletAccountsResult };
  /** Balances by asset, less pending withdrawals. */
  Balance: { params: RebaseParams; result: Record<string, string> };
  /** Balances by asset, with what orders hold and what is lent. */
  BalanceEx: { params: RebaseParams; result: Record<string, ExtendedBalance> };
  /** Credit lines; `null` for accounts without any. */
  CreditLines: { params: RebaseParams; result: CreditLinesResult | null };
  /** Collateral, margin and equity. */
  TradeBalance: { params: TradeBalanceParams; result: TradeBalanceResult };
  /** The volume of 30 days, and fees of pairs. */
  TradeVolume: { params: TradeVolumeParams; result: TradeVolumeResult };
  /** Asks for a file with trades or ledger entries. */
  AddExport: { params: AddExportParams; result: AddExportResult };
  /** What became of the files that were asked for. */
  ExportStatus: { params: ExportStatusParams; result: ExportReport[] };
  /** The file, a zip archive. */
  RetrieveExport: { params: RetrieveExportParams; result: Uint8Array };
  /** Deletes a file, or takes back the wish for one. */
  RemoveExport: { params: RemoveExportParams; result: RemoveExportResult };
}

/**
 * Times are seconds since 1970, `"0"` for none. Kraken's documentation has names such as `validUntil`; an answer that Kraken.Net has recorded,
 * `valid_until`.
 */
export interface ApiKeyInfo {
  /** The name its owner gave it. */
  apiKeyName?: string;
  /** The public half of the key. */
  apiKey?: string;
  /** The highest nonce that Kraken has seen. */
  nonce?: string;
  /** How far below that a nonce may be. */
  nonceWindow?: number | string;
  /** What the key may do, such as `query-funds`. */
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
  /** When the key expires. */
  validUntil?: string | number;
  /** The earliest time it may ask about. */
  queryFrom?: string | number;
  /** The latest time it may ask about. */
  queryTo?: string | number;
  /** When it was made. */
  createdTime?: string | number;
  /** When it was changed last. */
  modifiedTime?: string | number;
  /** Addresses and networks it may be used from; none: any. */
  ipAllowlist?: string[];
  /** `null` if never. */
  lastUsed?: string | number | null;
  /** The same, as Kraken.Net has recorded it. */
  api_key_name?: string;
  /** The same, as recorded. */
  api_key?: string;
  /** The same, as recorded. */
  nonce_window?: number | string;
  /** The same, as recorded. */
  valid_until?: string | number;
  /** The same, as recorded. */
  query_from?: string | number;
  /** The same, as recorded. */
  query_to?: string | number;
  /** The same, as recorded. */
  created_time?: string | number;
  /** The same, as recorded. */
  modified_time?: string | number;
  /** The same, as recorded. */
  ip_allowlist?: string[];
  /** The same, as recorded. */
  last_used?: string | number | null;
}

/** Seen in public clients: the documentation has no example. */
export interface WalletAccountsResult {
  /** The wallets. */
  accounts: WalletAccount[];
  /** For the next page. */
  cursor?: { next?: string | null };
}

export interface WalletAccount {
  /** The public id, such as `ABCD-1234-EFGH-5678`. */
  account_id: string;
  /** What is set for it. */
  flags?: { user_defined?: boolean; active?: boolean };
  /** What can be done with it. */
  status?: Known<"active" | "disabled" | "closed">;
  /** What it is for. */
  type?: Known<"main" | "spot" | "pay" | "prop_paper" | "prop_real">;
  /** The name its owner gave it. */
  name?: string | null;
}

/** Available for trading: `balance + credit - credit_used - hold_trade`. Text; some documented examples have numbers. */
export interface ExtendedBalance {
  /** What there is of it. */
  balance: string | number;
  /** Only for accounts with a credit line. */
  credit?: string | number;
  /** How much of the credit is used. */
  credit_used?: string | number;
  /** What open orders hold, but for those on margin. */
  hold_trade: string | number;
}

export interface CreditLinesResult {
  /** By asset. */
  asset_details: Record<string, CreditLine>;
  /** Sums over all assets. */
  limits_monitor: CreditLimits;
}

export interface CreditLine {
  /** What there is of it. */
  balance: string;
  /** What open orders hold. */
  hold_trade?: string;
  /** How much of its value counts as collateral, 0 to 1. */
  collateral_value?: number | string;
  /** How much may be borrowed. */
  credit_limit?: string;
  /** How much of the credit is used. */
  credit_used?: string;
  /** How much is left of the credit. */
  available_credit?: string;
}

/** Sums in USD. */
export interface CreditLimits {
  /** The whole credit. */
  total_credit_usd?: string | null;
  /** How much of it is used. */
  total_credit_used_usd?: string | null;
  /** What counts as collateral. */
  total_collateral_value_usd?: string | null;
  /** Collateral less used credit. */
  equity_usd?: string | null;
  /** Collateral per credit. */
  ongoing_balance?: string | null;
  /** Used credit per equity. */
  debt_to_equity?: string | null;
}

export interface TradeBalanceParams extends RebaseParams {
  /** The asset that the answer is in; `ZUSD` by default. */
  readonly asset?: string | undefined;
}

export interface TradeBalanceResult {
  /** Balance of all currencies together. */
  eb: string;
  /** Balance of all currencies that count as equity. */
  tb: string;
  /** Margin of open positions. */
  m: string;
  /** Profit or loss of open positions, not realized. */
  n: string;
  /** Cost of open positions. */
  c: string;
  /** Value of open positions. */
  v: string;
  /** Equity: `tb + n`. */
  e: string;
  /** Free margin: equity less initial margin. */
  mf: string;
  /** Margin that orders can use. */
  mfo?: string;
  /** Margin level, in percent; only with open positions. */
  ml?: string | null;
  /** Value of orders that are not filled. */
  uv?: string;
}

export type AssetClass = "currency" | "forex" | "equity" | "equity_pair" | "nft" | "derivatives" | "tokenized_asset" | "futures_contract";

export interface TradeVolumeParams extends RebaseParams {
  /** The pairs whose fees to tell; of other classes than forex as objects. */
  readonly pair?: TextListParam | readonly { readonly asset: string; readonly aclass: AssetClass }[] | undefined;
  /** Whether to tell whole fee schedules. */
  readonly fee_schedule?: boolean | undefined;
  /** Of old: fees come with `pair`. */
  readonly "fee-info"?: boolean | undefined;
}

export interface TradeVolumeResult {
  /** The asset of the volume. */
  currency: string;
  /** Which kind of asset it is. */
  asset_class?: Known<AssetClass> | null;
  /** The last 30 days. */
  volume: string;
  /** What decides about the fees. */
  inputs?: TradeVolumeInputs;
  /** Taker fees by pair. */
  fees?: Record<string, FeeTier> | null;
  /** Maker fees by pair. */
  fees_maker?: Record<string, FeeTier> | null;
  /** For a master account. */
  volume_subaccounts?: { iiban: string; volume: string }[];
  /** With `fee_schedule`. */
  schedules?: FeeSchedule[] | null;
}

/** What fees depend on. */
export interface TradeVolumeInputs {
  /** Spot, the last 30 days, in USD. */
  domain_spot_volume_30d: string;
  /** Futures, the last 30 days, in USD. */
  domain_futures_volume_30d: string;
  /** What the accounts own at Kraken, in USD. */
  domain_assets_on_platform: string;
}

/** Fees in percent. */
export interface FeeTier {
  /** Percent. */
  fee: string;
  /** The lowest fee there is, in percent. */
  minfee: string;
  /** The highest fee there is, in percent. */
  maxfee: string;
  /** `null` where there is no lower one. */
  nextfee?: string | null;
  /** The volume from which this fee applies. */
  tiervolume: string | null;
  /** The same, for Futures. */
  tierfuturesvolume?: string | null;
  /** The volume from which the next one applies; `null` for the last. */
  nextvolume?: string | null;
  /** The same, for Futures. */
  nextfuturesvolume?: string | null;
  /** An offset of the volume, where there is one. */
  volumeoffset?: string | null;
}

export interface FeeSchedule {
  /** The pair's name. */
  pair: string;
  /** Which kind of pair it is. */
  class: Known<AssetClass | "volume">;
  /** From the first fee to the last. */
  tiers: FeeScheduleTier[];
}

/** Fees in percent, and the least volumes and assets for them. */
export interface FeeScheduleTier {
  /** Percent, for orders that rest first. */
  maker_fee: string;
  /** Percent, for orders that trade at once. */
  taker_fee: string;
  /** From this volume of Spot on, in USD. */
  min_spot_volume?: string | null;
  /** From this volume of Futures on, in USD. */
  min_futures_volume?: string | null;
  /** From so much owned at Kraken on, in USD. */
  min_assets_on_platform?: string | null;
  /** Whether it is the account's. */
  active?: boolean | null;
}

export interface AddExportParams {
  /** Trades, or entries of the ledger. */
  readonly report: "trades" | "ledgers";
  /** `CSV` by default. */
  readonly format?: "CSV" | "TSV" | undefined;
  /** A name for it. */
  readonly description: string;
  /** Columns; all by default. */
  readonly fields?: TextListParam | undefined;
  /** The first of the month by default. */
  readonly starttm?: SecondsParam | undefined;
  /** Now by default. */
  readonly endtm?: SecondsParam | undefined;
}

export interface AddExportResult {
  /** For RetrieveExport and RemoveExport. */
  id: string;
}

export interface ExportStatusParams {
  /** Which files to tell of. */
  readonly report: "trades" | "ledgers";
}

/** Times are seconds since 1970, as text. */
export interface ExportReport {
  /** Under which the file can be got. */
  id: string;
  /** The name that it was given. */
  descr?: string;
  /** The file's format. */
  format?: Known<"CSV" | "TSV">;
  /** Trades, or entries of the ledger. */
  report?: Known<"trades" | "ledgers">;
  /** A closer kind, where there is one. */
  subtype?: string;
  /** Whether it can be got. */
  status: Known<"Queued" | "Processing" | "Processed">;
  /** Such as `EExport:Exported size too big`. */
  error?: string;
  /** Kraken's own. */
  flags?: string;
  /** The columns. */
  fields?: string;
  /** When it was asked for. */
  createdtm?: string;
  /** When it expires, in seconds since 1970; 0 for never. */
  expiretm?: string;
  /** When the work on it began. */
  starttm?: string;
  /** When the work on it ended. */
  completedtm?: string;
  /** The first time in it. */
  datastarttm?: string;
  /** The last time in it. */
  dataendtm?: string;
  /** The class of the assets. */
  aclass?: string;
  /** Of which assets; `all` by default. */
  asset?: string;
  /** Of these assets only. */
  assets?: string;
  /** Of these classes only. */
  asset_classes?: string[];
  /** When it ends, in seconds since 1970. */
  endtm?: string;
  /** Whether it is about to be deleted. */
  delete?: boolean;
}

export interface RetrieveExportParams {
  /** As `AddExport` told it. */
  readonly id: string;
}

export interface RemoveExportParams {
  /** As `AddExport` told it. */
  readonly id: string;
  /** `delete` for a file that is there, `cancel` for one that is not yet. */
  readonly type: "cancel" | "delete";
}

export interface RemoveExportResult {
  /** Whether the file was deleted. */
  delete?: boolean;
  /** Whether the wish was taken back. */
  cancel?: boolean;
}
