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
/** Those that take a client order id or `userref` (Spot). */
const BY_ID = ["OpenOrders", "ClosedOrders"];

/** Filters that find the orders of a call: one for each look that it takes. */
function filtersOf({ clientOrderId, clientOrderIds = [], userref }: UnknownOutcomeError): string[] {
  const ids = [...(clientOrderId === undefined ? [] : [clientOrderId]), ...clientOrderIds];
  if (ids.length) return ids.map((id) => ` ${quoted(`cl_ord_id=${id}`)}`);
  return [userref === undefined ? "" : ` ${quoted(`userref=${userref}`)}`];
}

/** Command lines that show whether a call was carried out. */
export function whereToLook(error: UnknownOutcomeError, futures: boolean): string[] {
  if (error.orderIds && !futures) return [`kraken-signer call QueryOrders ${quoted(`txid=${error.orderIds.join()}`)}`];
  const row = (futures ? FUTURES : SPOT).find(([pattern]) => pattern.test(error.endpoint));
  const names = row?.[1] ?? [futures ? "/api/history/v2/account-log" : "Ledgers"];
  return names.flatMap((name) => {
    const filters = !futures && BY_ID.includes(name) ? filtersOf(error) : [""];
    return filters.map((filter) => `kraken-signer call ${name}${futures ? " --futures" : ""}${filter}`);
  });
}
