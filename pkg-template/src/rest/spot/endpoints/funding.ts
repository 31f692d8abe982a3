/**
 * The endpoints for deposits and withdrawals. Sources: docs.kraken.com, "Funding", with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs), November 2026. Answers are also from the models of typed-kraken, kraken-connector and kraken-async-rs. If
 * sources disagree, the type is the wider one. Permissions are those of "API Key Permissions Required" of each endpoint, as GetApiKeyInfo names
 * them. For Funding v1, use `request`.
 */
import { type Endpoint, type Proof, isText, property, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type RebaseParams, type SecondsParam, read, write } from "./common.js";

const withdrawalCancelled: Proof = (result) =>
  result === true ? "done" : result === false ? { rejected: "EFunding:Not cancelled" } : "unknown";

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
  /** Returns the methods for deposits of an asset. */
  DepositMethods: { params: DepositMethodsParams; result: DepositMethod[] };
  /** Returns the addresses for deposits. `new` creates one. */
  DepositAddresses: { params: DepositAddressesParams; result: DepositAddress[] };
  /** Returns deposits, the latest first. With `cursor`, it returns pages. */
  DepositStatus: { params: FundingStatusParams; result: Deposit[] | DepositPage };
  /** Returns the methods for withdrawals. */
  WithdrawMethods: { params: WithdrawMethodsParams; result: WithdrawMethod[] };
  /** Returns the withdrawal addresses that the account's owner has added. */
  WithdrawAddresses: { params: WithdrawAddressesParams; result: WithdrawAddress[] };
  /** Returns the fee and the limit of a withdrawal, without making it. */
  WithdrawInfo: { params: WithdrawInfoParams; result: WithdrawInfoResult };
  /** Returns withdrawals, the latest first. With `cursor`, it returns pages. */
  WithdrawStatus: { params: FundingStatusParams; result: Withdrawal[] | WithdrawalPage };
  /** Makes a withdrawal. */
  Withdraw: { params: WithdrawParams; result: ReferenceResult };
  /** Cancels a withdrawal, if it is not too late. */
  WithdrawCancel: { params: WithdrawCancelParams; result: boolean };
  /** Transfers money to the Futures wallet. For the other direction, see `withdrawal` of FuturesClient. */
  WalletTransfer: { params: WalletTransferParams; result: ReferenceResult };
}

type FundingAssetClass = "currency" | "tokenized_asset";

export interface DepositMethodsParams extends RebaseParams {
  /** The asset, such as `"XBT"`. */
  readonly asset: string;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
}

export interface DepositMethod {
  /** The name of the method, such as `Bitcoin`. */
  method: string;
  /** The maximum that can be deposited now, or `false` if there is no limit. */
  limit: string | false;
  /** The fee for a deposit. */
  fee?: string;
  /** The fee in percent. */
  "fee-percentage"?: string;
  /** The fee for a new address, as text. Some answers have `true` or `false`. */
  "address-setup-fee"?: string | boolean;
  /** Whether the method can create new addresses. */
  "gen-address"?: boolean;
  /** The minimum amount of a deposit. */
  minimum?: string;
}

export interface DepositAddressesParams {
  /** The asset. */
  readonly asset: string;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The name of the method, from DepositMethods. */
  readonly method: string;
  /** Whether to create a new address. The call then changes something. */
  readonly new?: boolean | undefined;
  /** The amount, for `Bitcoin Lightning`. */
  readonly amount?: DecimalParam | undefined;
}

export interface DepositAddress {
  /** The address for deposits. */
  address: string;
  /** The time when the address expires, in seconds since 1970; `"0"` for never. */
  expiretm: string;
  /** Whether the address has never been used. */
  new?: boolean;
  /** The memo of assets that need one with the address. */
  memo?: string;
  /** The tag of assets that need one with the address. */
  tag?: string;
}

export interface FundingStatusParams extends RebaseParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The name of the method, from DepositMethods or WithdrawMethods. */
  readonly method?: string | undefined;
  /** The start of the period, in seconds since 1970. */
  readonly start?: SecondsParam | undefined;
  /** The end of the period, in seconds since 1970. */
  readonly end?: SecondsParam | undefined;
  /** The page: `true` for the first, then the `next_cursor` of the page before. */
  readonly cursor?: boolean | string | undefined;
  /** The maximum number of rows in a page. */
  readonly limit?: number | undefined;
}

/** The common fields of deposits and withdrawals. */
export interface FundingEntry {
  /** The name of the method, from DepositMethods or WithdrawMethods. */
  method: string;
  /** The class of the asset. */
  aclass: string;
  /** The asset. */
  asset: string;
  /** Kraken's reference. */
  refid: string;
  /** The id of the transaction. */
  txid: string | null;
  /** More about the transaction, such as its address. */
  info?: string | null;
  /** The amount; of a withdrawal, it was without the fee in answers that others recorded. */
  amount: string;
  /** The fee. */
  fee?: string | null;
  /** The time in seconds since 1970. */
  time: number;
  /** The status: a transaction state of IFEX. */
  status: Known<"Initial" | "Pending" | "EarlyConfirmed" | "Settled" | "Success" | "Failure">;
  /** A special condition, such as `on-hold`. */
  "status-prop"?: Known<"cancel-pending" | "canceled" | "cancel-denied" | "return" | "onhold">;
}

export interface Deposit extends FundingEntry {
  /** The senders, according to the travel rule. */
  originators?: string[];
}

export interface Withdrawal extends FundingEntry {
  /** The network, such as `Ethereum`. */
  network?: string | null;
  /** The owner's name for the address. */
  key?: string;
}

/** A page of deposits. The documentation calls its list `deposit`; `deposits` was seen in answers. */
export interface DepositPage {
  /** The rows, by the name in the documentation. */
  deposit?: Deposit[];
  /** The rows, by the name in answers. */
  deposits?: Deposit[];
  /** The cursor of the next page; `null` on the last page. */
  next_cursor?: string | null;
}

/** A page of withdrawals. Some tests call its list `withdrawal`; `withdrawals` was seen in answers. */
export interface WithdrawalPage {
  /** The rows, by the name in tests. */
  withdrawal?: Withdrawal[];
  /** The rows, by the name in answers. */
  withdrawals?: Withdrawal[];
  /** The cursor of the next page; `null` on the last page. */
  next_cursor?: string | null;
}

export interface WithdrawMethodsParams extends RebaseParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The network, such as `Ethereum`. */
  readonly network?: string | undefined;
}

export interface WithdrawMethod {
  /** The asset. */
  asset: string;
  /** The name of the method. */
  method: string;
  /** The id of the method. */
  method_id?: string;
  /** The network, such as `Ethereum`. */
  network?: string | null;
  /** The id of the network. */
  network_id?: string | null;
  /** The minimum amount of a withdrawal. */
  minimum?: string;
  /** The fee for a withdrawal. */
  fee?: {
    /** The class of the asset in which the fee is paid. */
    aclass?: string;
    /** The asset in which the fee is paid. */
    asset?: string;
    /** The fixed fee, in that asset. */
    fee: string;
    /** The fee in percent of the amount. */
    fee_percentage?: string;
  };
  /** The limits of withdrawals, with their periods. */
  limits?: WithdrawLimit[];
}

export interface WithdrawLimit {
  /** The description of the limit. */
  description?: string;
  /** The unit of the limit. */
  limit_type?: string;
  /** The limits by period, in seconds. */
  limits?: Record<
    string,
    {
      /** The maximum in the period. */
      maximum?: string;
      /** The rest that can be withdrawn in the period. */
      remaining?: string;
      /** The amount that was withdrawn in the period. */
      used?: string;
    }
  >;
}

export interface WithdrawAddressesParams {
  /** The asset. */
  readonly asset?: string | undefined;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The name of the method, from WithdrawMethods. */
  readonly method?: string | undefined;
  /** The owner's name for the address. */
  readonly key?: string | undefined;
  /** Whether to return only addresses that the owner has confirmed. */
  readonly verified?: boolean | undefined;
}

export interface WithdrawAddress {
  /** The address. */
  address: string;
  /** The asset. */
  asset: string;
  /** The name of the method, from WithdrawMethods. */
  method: string;
  /** The owner's name for the address, for Withdraw. */
  key: string;
  /** The memo of assets that need one with the address. */
  memo?: string;
  /** The tag of assets that need one with the address. */
  tag?: string;
  /** Whether the owner has confirmed the address. */
  verified: boolean;
}

export interface WithdrawInfoParams {
  /** The asset. */
  readonly asset: string;
  /** The owner's name for the address. */
  readonly key: string;
  /** The amount of the withdrawal. */
  readonly amount: DecimalParam;
}

export interface WithdrawInfoResult {
  /** The name of the method, from WithdrawMethods. */
  method: string;
  /** The maximum that can be withdrawn now. */
  limit: string;
  /** The amount that arrives. */
  amount: string;
  /** The fee that would be charged. */
  fee: string;
}

export interface WithdrawParams extends RebaseParams {
  /** The asset. */
  readonly asset: string;
  /** The class of the asset. */
  readonly aclass?: FundingAssetClass | undefined;
  /** The owner's name for the address. */
  readonly key: string;
  /** The amount of the withdrawal. */
  readonly amount: DecimalParam;
  /** The address. Kraken rejects the call if `key` names another one. */
  readonly address?: string | undefined;
  /** The highest fee. Kraken rejects the call if the fee is higher. */
  readonly max_fee?: DecimalParam | undefined;
}

export interface ReferenceResult {
  /** Kraken's reference, for status and cancellation. */
  refid: string;
}

export interface WithdrawCancelParams {
  /** The asset. */
  readonly asset: string;
  /** The reference from the result of Withdraw. */
  readonly refid: string;
}

export interface WalletTransferParams {
  /** The asset. */
  readonly asset: string;
  /** The source wallet. */
  readonly from: "Spot Wallet";
  /** The target wallet. */
  readonly to: "Futures Wallet";
  /** The amount, in units of the asset. */
  readonly amount: DecimalParam;
}
