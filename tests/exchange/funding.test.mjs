// The filters of WithdrawStatus, and amounts with more decimals than their asset has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Futures } from "./helper.mjs";
import { setUp } from "./market.mjs";

test("WithdrawStatus returns what its parameters ask for, the latest first", async () => {
  const { client, clock, ok } = setUp();
  const refids = [];
  for (const asset of ["XBT", "ETH", "XBT"]) {
    refids.push((await ok("Withdraw", { asset, key: "cold", amount: "1" })).refid);
    clock.now += 1000;
  }
  const [first, second, third] = refids;
  const times = (await ok("WithdrawStatus")).map(({ time }) => String(time));
  const asked = async (params) => (await ok("WithdrawStatus", params)).map(({ refid }) => refid);
  assert.deepEqual(await asked({}), [third, second, first]);
  assert.deepEqual(await asked({ asset: "XBT" }), [third, first]);
  assert.deepEqual(await asked({ method: "ETH" }), [second]);
  assert.deepEqual(await asked({ method: "Bitcoin Lightning" }), []);
  assert.deepEqual(await asked({ limit: "1" }), [third]);
  assert.deepEqual(await asked({ start: times[0] }), [third]);
  assert.deepEqual(await asked({ end: times[2] }), [first]);
  const error = async (params) => (await client.call("WithdrawStatus", params)).error[0];
  assert.equal(await error({ asset: "NOPE" }), "EFunding:Unknown asset");
  assert.equal(await error({ start: "yesterday" }), "EGeneral:Invalid arguments:start");
});

test("an amount is cut to the decimals of its asset, on both sides of a transfer", async () => {
  const { client, ok } = setUp();
  const transfer = { asset: "USD", from: "Spot Wallet", to: "Futures Wallet" };
  assert.deepEqual((await client.call("WalletTransfer", { ...transfer, amount: "0.00009" })).error, ["EGeneral:Invalid arguments:amount"]);
  await ok("WalletTransfer", { ...transfer, amount: "1.00009" });
  assert.equal((await ok("Balance")).ZUSD, "999999999.0000");
});

test("an amount is cut in the same way on its way from Futures, and nothing is lost", async () => {
  const { exchange, ok } = setUp();
  const futures = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
  const withdrawn = async (currency, amount) => (await futures.call("POST", "withdrawal", { currency, amount })).error;
  assert.equal(await withdrawn("usd", "0.00009"), "invalidAmount");
  assert.equal(await withdrawn("doge", "1"), "invalidUnit");
  assert.equal(await withdrawn("usd", "1.00009"), undefined);
  assert.equal((await futures.call("GET", "accounts")).accounts.cash.balances.usd, 999_999);
  assert.equal((await ok("Balance")).ZUSD, "1000000001.0000");
});

test("a withdrawal that leaves nothing after its fee, or is below the minimum, is rejected", async () => {
  const withdrawAddresses = [{ asset: "XBT", key: "cold", address: "bc1q", fee: "0.001" }];
  const { client, ok, exchange } = setUp({ withdrawAddresses });
  const error = async (amount) => (await client.call("Withdraw", { asset: "XBT", key: "cold", amount })).error[0];
  assert.equal(await error("0.00009999"), "EFunding:Invalid amount");
  assert.equal(await error("0.001"), "EFunding:Invalid amount");
  assert.deepEqual(exchange.executions, []);
  assert.equal(await error("0.00100001"), undefined);
  assert.equal((await ok("Balance")).XXBT, "99999.9989999900");
});
