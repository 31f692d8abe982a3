// Where to look when nobody knows whether a call was carried out.
import type { UnknownOutcomeError } from "../errors.js";
import { quoted } from "./shell.js";

/** The read endpoints that show what a call would have left behind, by the beginning of its name; the first match counts. */
const SPOT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^Withdraw/, ["WithdrawStatus", "Ledgers"]],
  [/^(WalletTransfer|AccountTransfer|CreateSubaccount)/, ["Ledgers", "Balance"]],
  [/^Earn\//, ["Earn/Allocations", "Ledgers"]],
  [/^DepositAddresses/, ["DepositAddresses"]],
  [/Export$/, ["ExportStatus"]],
  [/Order|^Cancel/, ["OpenOrders", "ClosedOrders", "TradesHistory"]],
];
const FUTURES: typeof SPOT = [
  [/order/, ["openorders", "fills", "/api/history/v2/orders"]],
  [/transfer|withdrawal/, ["transfers", "accounts", "/api/history/v2/account-log"]],
  [/preferences/, ["leveragepreferences", "pnlpreferences"]],
];
/** Those that take a client order id (Spot). */
const BY_ID = ["OpenOrders", "ClosedOrders"];

/** Command lines that show whether a call was carried out. */
export function whereToLook({ endpoint, clientOrderId }: UnknownOutcomeError, futures: boolean): string[] {
  const row = (futures ? FUTURES : SPOT).find(([pattern]) => pattern.test(endpoint));
  const names = row?.[1] ?? [futures ? "/api/history/v2/account-log" : "Ledgers"];
  return names.map((name) => {
    const id = clientOrderId && BY_ID.includes(name) ? ` ${quoted(`cl_ord_id=${clientOrderId}`)}` : "";
    return `kraken-signer call ${name}${futures ? " --futures" : ""}${id}`;
  });
}
