/** The Futures endpoints that move money between wallets. */

import { cut, parseDecimal } from "../market/decimal.js";
import { findAsset } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { text, type Params } from "../parameters/received.js";
import type { FuturesCall } from "./call.js";
import { required } from "./order.js";

function positive(params: Params, name: string): bigint {
  const amount = parseDecimal(required(params, name));
  if (amount === undefined || amount === 0n) throw new Rejection("invalidAmount");
  return amount;
}

export function subaccountTransfer(call: FuturesCall): Record<string, unknown> {
  for (const name of ["fromUser", "toUser"]) required(call.params, name);
  return transfer(call);
}

/** The wallets: for cash, for multi-collateral contracts, and one for each pair of single-collateral contracts. */
const WALLET = /^(cash|flex|f[iv]_[a-z]+)$/;

export function transfer(call: FuturesCall): Record<string, unknown> {
  const { account, params } = call;
  const [from, to, unit] = [required(params, "fromAccount"), required(params, "toAccount"), required(params, "unit")];
  if (!WALLET.test(from) || !WALLET.test(to)) throw new Rejection("invalidAccount");
  const amount = positive(params, "amount");
  account.moveBetween(from, to, unit, amount);
  call.did = `moved ${text(params, "amount")} ${unit} from ${from} to ${to}`;
  return {};
}

/** Moves an amount to the Spot wallet. */
export function withdrawal(call: FuturesCall): Record<string, unknown> {
  const { account, params } = call;
  const unit = required(params, "currency");
  const asset = findAsset(unit.toUpperCase());
  if (!asset) throw new Rejection("invalidUnit");
  const amount = cut(positive(params, "amount"), asset.decimals);
  if (amount === 0n) throw new Rejection("invalidAmount");
  account.move(text(params, "sourceWallet") ?? "cash", unit, -amount);
  call.toSpotWallet(asset, amount);
  call.did = `withdrew ${text(params, "amount")} ${unit} to the Spot wallet`;
  return { uid: account.transferred("spot", unit, amount, call.now) };
}
