/** The feeds about wallets that only older documentation of Kraken Futures has. */

import { toNumber } from "../market/decimal.js";
import type { FuturesAccount, FuturesTransfer } from "./account.js";

/** Returns a message of `account_balances_and_margins`: each currency of the cash account, and then the dollars of every margin account. */
export function describeMargins(account: FuturesAccount, seq: number): object {
  const { cash, ...marginAccounts } = Object.fromEntries(account.wallets);
  const none = { pnl: 0, funding: 0, pv: 0, am: 0, im: 0, mm: 0 };
  const currencies = [...(cash ?? [])].map(([name, amount]) => ({ name, balance: toNumber(amount), ...none }));
  const accounts = Object.entries(marginAccounts).map(([name, balances]) => {
    const balance = toNumber(balances.get("usd") ?? 0n);
    return { name, balance, ...none, pv: balance, am: balance };
  });
  return { feed: "account_balances_and_margins", account: account.uid, margin_accounts: [...currencies, ...accounts], seq };
}

/** Returns a message of `deposits_withdrawals`. Here, money comes only from the Spot wallet, and goes only there. */
export function describeTransfers(transfers: readonly FuturesTransfer[]): object {
  const elements = transfers.map(({ uid, time, amount, unit, to }) => ({
    uid,
    time: new Date(time).toISOString(),
    amount: toNumber(amount),
    unit: unit.toUpperCase(),
    receiving_address: to,
    status: "processed",
    confirmations: 0,
    tx_reference: uid,
  }));
  return { feed: "deposits_withdrawals", elements };
}
