/**
 * Deposits and withdrawals. Sources: docs.kraken.com, «Funding», with Kraken's own OpenAPI files (github.com/krakenfx/api-specs), November 2026;
 * answers also from the models of typed-kraken, kraken-connector and kraken-async-rs. Where they disagree, the type is the wider one.
 * Permissions: «API Key Permissions Required» of each endpoint, as GetApiKeyInfo names them. (Funding v1 is called by `request`.)
 */
import { type Endpoint, type Proof, isText, property, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type RebaseParams, type SecondsParam, read, write } from "./common.js";

const withdrawalCancelled: Proof = (result) =>
  result === true ? "done" : result === false ? { refused: "EFunding:Not cancelled" } : "unknown";

const addressMade: Proof = (result) =>
  Array.isArray(result) && result.length > 0 && result.every((row) => isText(property(row, "address"))) ? "done" : "unknown";

export const fundingRecords = /* @__PURE__ */ (() =>
  ({
    DepositMethods: read("query-funds&add-funds"),
    DepositAddresses: read("query-funds", {
      write: ({ new: makes }) => makes !== undefined && makes !== false && makes !== "false",
      proof: addressMade,
      shownBy: ["DepositAddresses"],
    }),
    DepositStatus: read("query-funds"),
    WithdrawMethods: read("query-funds&withdraw-funds"),
    WithdrawAddresses: read("query-funds&withdraw-funds"),
    WithdrawInfo: read("query-funds&withdraw-funds"),
    WithdrawStatus: read("withdraw-funds|query-ledger"),
    Withdraw: write("withdraw-funds", withText("refid"), { shownBy: ["WithdrawStatus", "Ledgers"] }),
    WithdrawCancel: write("withdraw-funds", withdrawalCancelled, { shownBy: ["WithdrawStatus", "Ledgers"] }),
    WalletTransfer: write("query-funds", withText("refid"), { shownBy: ["Ledgers", "Balance"] }),
  }) as const satisfies { [Name in keyof FundingEndpoints]: Endpoint })();

export interface FundingEndpoints {
  /** Ways to deposit an asset. */
  DepositMethods: { params: DepositMethodsParams; result: DepositMethod[] };
  /** Addresses to deposit to; with `new`, a new one. */
  DepositAddresses: { params: DepositAddressesParams; result: DepositAddress[] };
  /** Deposits, the latest first; with `cursor`, page by page. */
  DepositStatus: { params: FundingStatusParams; result: Deposit[] | DepositPage };
  /** Ways to withdraw. */
  WithdrawMethods: { params: WithdrawMethodsParams; result: WithdrawMethod[] };
  /** Addresses that the account's owner has added. */
  WithdrawAddresses: { params: WithdrawAddressesParams; result: WithdrawAddress[] };
  /** What a withdrawal would cost. */
  WithdrawInfo: { params: WithdrawInfoParams; result: WithdrawInfoResult };
  /** Withdrawals, the latest first; with `cursor`, page by page. */
  WithdrawStatus: { params: FundingStatusParams; result: Withdrawal[] | WithdrawalPage };
  /** Withdraws. */
  Withdraw: { params: WithdrawParams; result: ReferenceResult };
  /** Takes a withdrawal back, if it is not too late. */
  WithdrawCancel: { params: WithdrawCancelParams; result: boolean };
  /** Moves money to the Futures wallet; for the way back see `withdrawal` of FuturesClient. */
  WalletTransfer: { params: WalletTransferParams; result: ReferenceResult };
}

type FundingAssetClass = "currency" | "tokenized_asset";

export interface DepositMethodsParams extends RebaseParams {
  /** Such as `"XBT"`. */
  readonly asset: string;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
}

export interface DepositMethod {
  /** Such as `Bitcoin`. */
  method: string;
  /** The most that can be deposited now; `false` for any amount. */
  limit: string | false;
  /** What a deposit costs. */
  fee?: string;
  /** Percent. */
  "fee-percentage"?: string;
  /** Text; `true` or `false` in some answers. */
  "address-setup-fee"?: string | boolean;
  /** Whether it can make new addresses. */
  "gen-address"?: boolean;
  /** The least amount. */
  minimum?: string;
}

export interface DepositAddressesParams {
  /** The asset. */
  readonly asset: string;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
  /** As DepositMethods names it. */
  readonly method: string;
  /** Makes a new one: the call then changes something. */
  readonly new?: boolean | undefined;
  /** For `Bitcoin Lightning`. */
  readonly amount?: DecimalParam | undefined;
}

export interface DepositAddress {
  /** Where to send it. */
  address: string;
  /** Seconds since 1970; `"0"` if it does not expire. */
  expiretm: string;
  /** Whether it was never used. */
  new?: boolean;
  /** For assets that want one with the address. */
  memo?: string;
  /** For assets that want one with the address. */
  tag?: string;
}

export interface FundingStatusParams extends RebaseParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The method's name, as the methods' endpoint tells it. */
  readonly method?: string | undefined;
  /** From then on, in seconds since 1970. */
  readonly start?: SecondsParam | undefined;
  /** Until then, in seconds since 1970. */
  readonly end?: SecondsParam | undefined;
  /** `true` for the first page, `next_cursor` of that for the next. */
  readonly cursor?: boolean | string | undefined;
  /** At most so many in a page. */
  readonly limit?: number | undefined;
}

/** What deposits and withdrawals have in common. */
export interface FundingEntry {
  /** The method's name, as the methods' endpoint tells it. */
  method: string;
  /** Which kind of asset it is. */
  aclass: string;
  /** The asset. */
  asset: string;
  /** Kraken's reference. */
  refid: string;
  /** The transaction's id. */
  txid: string | null;
  /** The address, for example. */
  info?: string | null;
  /** The amount. */
  amount: string;
  /** What was charged. */
  fee?: string | null;
  /** Seconds since 1970. */
  time: number;
  /** How far it is: a transaction state of IFEX. */
  status: Known<"Initial" | "Pending" | "EarlyConfirmed" | "Settled" | "Success" | "Failure">;
  /** What is special about it, such as `on-hold`. */
  "status-prop"?: Known<"cancel-pending" | "canceled" | "cancel-denied" | "return" | "onhold">;
}

export interface Deposit extends FundingEntry {
  /** Who sent it, by the travel rule. */
  originators?: string[];
}

export interface Withdrawal extends FundingEntry {
  /** Such as `Ethereum`. */
  network?: string | null;
  /** The address, as its owner has named it. */
  key?: string;
}

/** Its list is called `deposit` in the documentation; `deposits` was seen. */
export interface DepositPage {
  /** The rows; `deposits` by another source. */
  deposit?: Deposit[];
  /** The rows; `deposit` by another source. */
  deposits?: Deposit[];
  /** `null` on the last page. */
  next_cursor?: string | null;
}

/** Its list is called `withdrawal` in some tests; `withdrawals` was seen. */
export interface WithdrawalPage {
  /** The rows; `withdrawals` by another source. */
  withdrawal?: Withdrawal[];
  /** The rows; `withdrawal` by another source. */
  withdrawals?: Withdrawal[];
  /** `null` on the last page. */
  next_cursor?: string | null;
}

export interface WithdrawMethodsParams extends RebaseParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
  /** Such as `Ethereum`. */
  readonly network?: string | undefined;
}

export interface WithdrawMethod {
  /** The asset. */
  asset: string;
  /** The method's name, as the methods' endpoint tells it. */
  method: string;
  /** The method's id. */
  method_id?: string;
  /** Such as `Ethereum`. */
  network?: string | null;
  /** The network's id. */
  network_id?: string | null;
  /** The least amount. */
  minimum?: string;
  /** What a withdrawal costs. */
  fee?: { aclass?: string; asset?: string; fee: string; fee_percentage?: string };
  /** How much can be withdrawn, and in which time. */
  limits?: WithdrawLimit[];
}

export interface WithdrawLimit {
  /** In words. */
  description?: string;
  /** In which it is counted. */
  limit_type?: string;
  /** By their spans, in seconds. */
  limits?: Record<string, { maximum?: string; remaining?: string; used?: string }>;
}

export interface WithdrawAddressesParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The method's name, as the methods' endpoint tells it. */
  readonly method?: string | undefined;
  /** The name its owner gave it. */
  readonly key?: string | undefined;
  /** Whether the owner has confirmed it. */
  readonly verified?: boolean | undefined;
}

export interface WithdrawAddress {
  /** Where it goes. */
  address: string;
  /** The asset. */
  asset: string;
  /** The method's name, as the methods' endpoint tells it. */
  method: string;
  /** The name its owner gave it, for Withdraw. */
  key: string;
  /** For assets that want one with the address. */
  memo?: string;
  /** For assets that want one with the address. */
  tag?: string;
  /** Whether its owner has confirmed it. */
  verified: boolean;
}

export interface WithdrawInfoParams {
  /** The asset. */
  readonly asset: string;
  /** The name that the address's owner gave it. */
  readonly key: string;
  /** How much would be withdrawn. */
  readonly amount: DecimalParam;
}

export interface WithdrawInfoResult {
  /** The method's name, as the methods' endpoint tells it. */
  method: string;
  /** The most that can be withdrawn now. */
  limit: string;
  /** What arrives. */
  amount: string;
  /** What would be charged. */
  fee: string;
}

export interface WithdrawParams extends RebaseParams {
  /** The asset. */
  readonly asset: string;
  /** Which kind of asset it is. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The name that the address's owner gave it. */
  readonly key: string;
  /** How much to withdraw. */
  readonly amount: DecimalParam;
  /** The address itself: Kraken refuses if it is another one. */
  readonly address?: string | undefined;
  /** Kraken refuses if the fee is higher. */
  readonly max_fee?: DecimalParam | undefined;
}

export interface ReferenceResult {
  /** Under which it can be asked for. */
  refid: string;
}

export interface WithdrawCancelParams {
  /** The asset. */
  readonly asset: string;
  /** What Withdraw answered. */
  readonly refid: string;
}

export interface WalletTransferParams {
  /** The asset. */
  readonly asset: string;
  /** From which wallet. */
  readonly from: "Spot Wallet";
  /** To which wallet. */
  readonly to: "Futures Wallet";
  /** In that asset. */
  readonly amount: DecimalParam;
}
