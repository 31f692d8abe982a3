/**
 * The endpoints for subaccounts of institutions, which need a key of the master account. Sources: docs.kraken.com, "Subaccounts", with Kraken's own
 * OpenAPI files (github.com/krakenfx/api-specs), November 2026, and typed-kraken.
 */
import { type Endpoint, isTrue, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, write } from "./common.js";

export const subaccountRecords = /* @__PURE__ */ (() =>
  ({
    CreateSubaccount: write("withdraw-funds", isTrue),
    AccountTransfer: write("withdraw-funds", withText("transfer_id"), { shownBy: ["Ledgers", "Balance"] }),
  }) as const satisfies { [Name in keyof SubaccountEndpoints]: Endpoint })();

export interface SubaccountEndpoints {
  /** Creates a subaccount. */
  CreateSubaccount: { params: CreateSubaccountParams; result: boolean };
  /** Transfers money between the master account and its subaccounts. */
  AccountTransfer: { params: AccountTransferParams; result: AccountTransferResult };
}

export interface CreateSubaccountParams {
  /** The name of the subaccount. */
  readonly username: string;
  /** The email address of the owner. */
  readonly email: string;
}

export interface AccountTransferParams {
  /** The asset, such as `"XBT"`. */
  readonly asset: string;
  /** The class of the asset. */
  readonly asset_class?: "currency" | "tokenized_asset" | undefined;
  /** The amount, in units of the asset. */
  readonly amount: DecimalParam;
  /** The public account id of the sender, such as `ABCD 1234 EFGH 5678`. */
  readonly from: string;
  /** The public account id of the recipient, such as `ABCD 1234 EFGH 5678`. */
  readonly to: string;
}

export interface AccountTransferResult {
  /** The id of the transfer. */
  transfer_id: string;
  /** The status of the transfer. */
  status: Known<"pending" | "complete">;
}
