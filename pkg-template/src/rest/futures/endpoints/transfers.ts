/**
 * Transfers. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files (github.com/krakenfx/api-specs), November 2026;
 * `GET transfers` from ccxt and older documentation.
 */
import { type Endpoint, isThere, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type Success, type TimestampParam, get, write } from "./common.js";

const transfers = { shownBy: ["transfers", "accounts", "/api/history/v2/account-log"] } as const;

export const transferRecords = /* @__PURE__ */ (() =>
  ({
    "GET:transfers": get,
    "POST:transfer": write("withdrawal", isThere, "POST", transfers),
    "POST:transfer/subaccount": write("withdrawal", isThere, "POST", transfers),
    "POST:withdrawal": write("withdrawal", withText("uid"), "POST", transfers),
  }) as const satisfies { [Name in keyof FuturesTransferEndpoints]: Endpoint })();

export interface FuturesTransferEndpoints {
  /** Transfers that were made. Not in the documentation any more. */
  "GET:transfers": { params: TransfersParams; result: Success & { transfers: FuturesTransfer[] } };
  /** Moves money between wallets. */
  "POST:transfer": { params: TransferParams; result: Success };
  /** Moves money between wallets of this account and of its subaccounts. */
  "POST:transfer/subaccount": { params: SubaccountTransferParams; result: Success };
  /** Moves money to the Spot wallet; for the way back see `WalletTransfer` of SpotClient. */
  "POST:withdrawal": { params: WithdrawalParams; result: Success & { uid: string } };
}

export interface TransfersParams {
  /** Those before that. */
  readonly lastTransferTime?: TimestampParam | undefined;
}

export interface FuturesTransfer {
  /** The transfer's id. */
  transfer_id?: string;
  /** The id of the transaction on the chain. */
  transaction_id?: string | null;
  /** Where it went. */
  targetAddress?: string | null;
  /** Which way it went. */
  transferType?: string;
  /** How far it is. */
  status?: Known<"pending" | "processed">;
  /** In that currency. */
  amount?: number;
  /** The currency. */
  currency?: string;
  /** RFC 3339. */
  receivedTime?: string;
  /** When it was done, RFC 3339. */
  completedTime?: string | null;
}

/** Wallets are named as `accounts` names them, such as `"cash"` and `"flex"`. */
export interface TransferParams {
  /** From which wallet. */
  readonly fromAccount: string;
  /** To which wallet. */
  readonly toAccount: string;
  /** The currency, such as `"xbt"`. */
  readonly unit: string;
  /** In that currency. */
  readonly amount: DecimalParam;
}

export interface SubaccountTransferParams extends TransferParams {
  /** The uid of an account. */
  readonly fromUser: string;
  /** The uid of an account. */
  readonly toUser: string;
}

export interface WithdrawalParams {
  /** Such as `"xbt"`. */
  readonly currency: string;
  /** In that currency. */
  readonly amount: DecimalParam;
  /** `cash` by default. */
  readonly sourceWallet?: string | undefined;
}
