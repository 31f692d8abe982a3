/** The Spot endpoints that move money in and out. */

import { cut, decimal, formatDecimal, parseDecimal } from "../market/decimal.js";
import { ASSETS, findAsset, type Asset } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { flag, text, type Params } from "../parameters/received.js";
import { checkPresent, invalid, type SpotCall } from "./call.js";
import { seconds } from "./describe.js";

/** The least amount of a deposit and of a withdrawal, of any asset. */
const MINIMUM = "0.0001";

function assetOf(params: Params): Asset {
  const name = text(params, "asset");
  if (name === undefined) throw invalid("asset");
  const asset = findAsset(name);
  if (!asset) throw new Rejection("EFunding:Unknown asset");
  return asset;
}

function amountOf(params: Params): bigint {
  const amount = parseDecimal(text(params, "amount"));
  if (amount === undefined || amount === 0n) throw invalid("amount");
  return amount;
}

function available({ account, params }: SpotCall): { asset: Asset; amount: bigint } {
  const asset = assetOf(params);
  const amount = cut(amountOf(params), asset.decimals);
  if (amount === 0n) throw invalid("amount");
  if (amount > account.free(asset)) throw new Rejection("EFunding:Insufficient funds");
  return { asset, amount };
}

export function depositMethods({ params }: SpotCall): unknown {
  const asset = assetOf(params);
  const method = asset.fiat ? "Bank transfer" : asset.altname;
  return [{ method, limit: false, fee: "0.0000000000", "gen-address": !asset.fiat, minimum: MINIMUM }];
}

/** Returns the same addresses for an asset every time, unless `new` requests another one. */
export function depositAddresses(call: SpotCall): unknown {
  const asset = assetOf(call.params);
  if (!text(call.params, "method")) throw invalid("method");
  call.write = flag(call.params, "new");
  const suffix = call.write ? call.account.id("", [6]) : "AAAAA0";
  if (call.write) call.did = `created a deposit address for ${asset.altname}`;
  return [{ address: `simulated-${asset.altname}-${suffix}`, expiretm: "0", new: call.write }];
}

/** Returns the deposits, of which there are none. */
export function depositStatus({ params }: SpotCall): unknown {
  if (text(params, "asset") !== undefined) assetOf(params);
  for (const name of ["start", "end", "limit"]) numberOf(params, name, 0);
  return [];
}

export function createSubaccount(call: SpotCall): unknown {
  checkPresent(call.params, "username", "email");
  return true;
}

export function withdrawMethods({ params }: SpotCall): unknown {
  const assets = text(params, "asset") === undefined ? ASSETS : [assetOf(params)];
  return assets.map((asset) => ({ asset: asset.altname, method: asset.altname, network: asset.altname, minimum: MINIMUM }));
}

/** Returns the addresses that the parameters ask for. */
export function withdrawAddresses({ account, params }: SpotCall): unknown {
  const asked = text(params, "asset") === undefined ? undefined : assetOf(params);
  const [key, method] = [text(params, "key"), text(params, "method")];
  return account.withdrawAddresses.flatMap((one) => {
    const asset = findAsset(one.asset);
    const { verified = true } = one;
    const isAsked =
      asset &&
      (!asked || asset === asked) &&
      (key === undefined || one.key === key) &&
      (method === undefined || asset.altname === method) &&
      (!flag(params, "verified") || verified);
    return isAsked ? { address: one.address, asset: asset.altname, method: asset.altname, key: one.key, verified } : [];
  });
}

/** Returns the fee for a withdrawal to a saved address, and checks the address. If the account has no addresses, any name is accepted, without a fee. */
function feeTo({ account, params }: SpotCall, asset: Asset): bigint {
  const key = text(params, "key");
  if (!key) throw invalid("key");
  if (!account.withdrawAddresses.length) return 0n;
  const found = account.withdrawAddresses.find((one) => one.key === key && findAsset(one.asset) === asset);
  if (!found) throw new Rejection("EFunding:Unknown withdraw key");
  const address = text(params, "address");
  if (address !== undefined && address !== found.address) throw new Rejection("EFunding:Invalid address");
  return cut(parseDecimal(found.fee ?? "0") ?? 0n, asset.decimals);
}

/** Rejects an address that is not verified, and a fee above `max_fee`. */
function checkTerms({ account, params }: SpotCall, asset: Asset, fee: bigint): void {
  const found = account.withdrawAddresses.find((one) => one.key === text(params, "key") && findAsset(one.asset) === asset);
  if (found?.verified === false) throw new Rejection("EFunding:Unknown withdraw key");
  const most = parseDecimal(text(params, "max_fee"));
  if (most === undefined && params["max_fee"] !== undefined) throw invalid("max_fee");
  if (most !== undefined && fee > most) throw new Rejection("EFunding:Max fee exceeded");
}

export function withdrawInfo(call: SpotCall): unknown {
  const asset = assetOf(call.params);
  const fee = feeTo(call, asset);
  const amount = amountOf(call.params);
  const most = call.account.free(asset) - fee;
  return {
    method: asset.altname,
    // The limit is that of the amount after the fee, as in Kraken's documentation.
    limit: formatDecimal(most > 0n ? most : 0n, asset.decimals),
    amount: formatDecimal(amount > fee ? amount - fee : 0n, asset.decimals),
    fee: formatDecimal(fee, asset.decimals),
  };
}

export function withdraw(call: SpotCall): unknown {
  const fee = feeTo(call, assetOf(call.params));
  const key = text(call.params, "key")!;
  const { asset, amount } = available(call);
  checkTerms(call, asset, fee);
  if (amount <= fee || amount < decimal(MINIMUM)) throw new Rejection("EFunding:Invalid amount");
  const refid = call.account.id("F", [6, 5, 6]);
  // As in answers that others recorded, the list and the ledger have the amount without the fee.
  const sent = amount - fee;
  call.account.book(asset, -sent, "withdrawal", refid, call.now, fee);
  call.account.record(call.account.withdrawals, { refid, asset, amount: sent, fee, key, time: call.now, status: "Initial" });
  call.did = `withdrew ${formatDecimal(amount, asset.decimals)} ${asset.altname} to ${key}`;
  return { refid };
}

/** Returns the withdrawals of an asset, by a method, and within a time if these are given, the latest first. */
export function withdrawStatus({ account, params }: SpotCall): unknown {
  const asked = text(params, "asset") === undefined ? undefined : assetOf(params);
  const method = text(params, "method");
  const [start, end, limit] = [numberOf(params, "start", 0), numberOf(params, "end", Infinity), numberOf(params, "limit", 500)];
  return account.withdrawals
    .filter(({ asset }) => (asked === undefined || asset === asked) && (method === undefined || asset.altname === method))
    .filter(({ time }) => seconds(time) >= start && seconds(time) <= end)
    .reverse()
    .slice(0, limit)
    .map(({ refid, asset, amount, fee, key, time, status }) => ({
      method: asset.altname,
      aclass: "currency",
      asset: asset.name,
      refid,
      txid: null,
      info: key,
      amount: formatDecimal(amount, asset.decimals),
      fee: formatDecimal(fee, asset.decimals),
      time: Math.floor(seconds(time)),
      status,
      key,
    }));
}

function numberOf(params: Params, name: string, otherwise: number): number {
  const value = text(params, name) ?? "";
  if (value !== "" && !/^\d{1,15}(\.\d{1,9})?$/.test(value)) throw invalid(name);
  return value === "" ? otherwise : Number(value);
}

export function withdrawCancel(call: SpotCall): unknown {
  const asset = assetOf(call.params);
  const refid = text(call.params, "refid");
  const found = call.account.withdrawals.find((one) => one.refid === refid && one.asset === asset && one.status === "Initial");
  if (!found) throw new Rejection("EFunding:Unknown reference id");
  found.status = "Canceled";
  call.account.book(found.asset, found.amount, "withdrawal", found.refid, call.now, -found.fee);
  call.did = `cancelled withdrawal ${found.refid}`;
  return true;
}

export function walletTransfer(call: SpotCall): unknown {
  if (text(call.params, "from") !== "Spot Wallet") throw invalid("from");
  if (text(call.params, "to") !== "Futures Wallet") throw invalid("to");
  const { asset, amount } = available(call);
  const refid = call.account.id("F", [6, 5, 6]);
  call.account.book(asset, -amount, "transfer", refid, call.now);
  call.toFuturesWallet(asset, amount);
  call.did = `moved ${formatDecimal(amount, asset.decimals)} ${asset.altname} to the Futures wallet`;
  return { refid };
}

export function accountTransfer(call: SpotCall): unknown {
  const { asset, amount } = available(call);
  for (const name of ["from", "to"]) if (!text(call.params, name)) throw invalid(name);
  const id = call.account.id("T");
  call.account.book(asset, -amount, "transfer", id, call.now);
  call.did = `moved ${formatDecimal(amount, asset.decimals)} ${asset.altname} to another account`;
  return { transfer_id: id, status: "complete" };
}
