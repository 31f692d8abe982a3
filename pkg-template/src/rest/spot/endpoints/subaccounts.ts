/**
 * Subaccounts, for institutions; with a key of the master account. Sources: docs.kraken.com, «Subaccounts», with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs), November 2026, and typed-kraken.
 */
import { type Endpoint, isTrue, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, write } from "./common.js";

export const subaccountRecords = /* @__PURE__ */ (() =>
  ({
    CreateSubaccount: write("withdraw-funds", isTrue),
    AccountTransfer: write("withdraw-funds", withText("transfer_id"), { shownBy: ["Ledgers", "Balance"] }),
  }) as const satisfies { [Name in keyof SubaccountEndpoints]: Endpoint })();

export interface SubaccountEndpoints {
  CreateSubaccount: { params: CreateSubaccountParams; result: boolean };
  /** Moves money between the master account and its subaccounts. */
  AccountTransfer: { params: AccountTransferParams; result: AccountTransferResult };
}

export interface CreateSubaccountParams {
  /** The name it gets. */
  readonly username: string;
  /** The owner's address. */
  readonly email: string;
}

export interface AccountTransferParams {
  /** Such as `"XBT"`. */
  readonly asset: string;
  /** Which kind of asset it is. */
  readonly asset_class?: "currency" | "tokenized_asset" | undefined;
  /** In that asset. */
  readonly amount: DecimalParam;
  /** The public account id, such as `ABCD 1234 EFGH 5678`. */
  readonly from: string;
  /** The public account id, such as `ABCD 1234 EFGH 5678`. */
  readonly to: string;
}

export interface AccountTransferResult {
  /** The transfer's id. */
  transfer_id: string;
  /** How far it is. */
  status: Known<"pending" | "complete">;
}
