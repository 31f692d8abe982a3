/**
 * The endpoints for transfers. Sources: docs.kraken.com, Derivatives REST, with Kraken's own OpenAPI files (github.com/krakenfx/api-specs),
 * November 2026. `GET transfers` is from ccxt and older documentation.
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
  /** Returns past transfers. No longer documented. */
  "GET:transfers": { params: TransfersParams; result: Success & { transfers: FuturesTransfer[] } };
  /** Transfers money between wallets. */
  "POST:transfer": { params: TransferParams; result: Success };
  /** Transfers money between wallets of the account and of its subaccounts. */
  "POST:transfer/subaccount": { params: SubaccountTransferParams; result: Success };
  /** Transfers money to the Spot wallet. For the other direction, see `WalletTransfer` of SpotClient. */
  "POST:withdrawal": { params: WithdrawalParams; result: Success & { uid: string } };
}

export interface TransfersParams {
  /** The time before which transfers are returned. */
  readonly lastTransferTime?: TimestampParam | undefined;
}

export interface FuturesTransfer {
  /** The id of the transfer. */
  transfer_id?: string;
  /** The id of the transaction on the chain. */
  transaction_id?: string | null;
  /** The target address. */
  targetAddress?: string | null;
  /** The direction of the transfer. */
  transferType?: string;
  /** The status of the transfer. */
  status?: Known<"pending" | "processed">;
  /** The amount, in units of the currency. */
  amount?: number;
  /** The currency. */
  currency?: string;
  /** The time when Kraken received the request, RFC 3339. */
  receivedTime?: string;
  /** The time when the transfer was completed, RFC 3339. */
  completedTime?: string | null;
}

/** A transfer. Wallets have the names that `accounts` returns, such as `"cash"` and `"flex"`. */
export interface TransferParams {
  /** The source wallet. */
  readonly fromAccount: string;
  /** The target wallet. */
  readonly toAccount: string;
  /** The currency, such as `"xbt"`. */
  readonly unit: string;
  /** The amount, in units of the currency. */
  readonly amount: DecimalParam;
}

export interface SubaccountTransferParams extends TransferParams {
  /** The uid of the source account. */
  readonly fromUser: string;
  /** The uid of the target account. */
  readonly toUser: string;
}

export interface WithdrawalParams {
  /** The currency, such as `"xbt"`. */
  readonly currency: string;
  /** The amount, in units of the currency. */
  readonly amount: DecimalParam;
  /** The source wallet. Default: `cash`. */
  readonly sourceWallet?: string | undefined;
}
