// Funds: Spot has no debts, so no balance falls below zero, whatever is placed, changed, triggered or withdrawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "./market.mjs";
import { randomFrom } from "./random.mjs";

const MARKET = { ordertype: "market" };
const STOP = { ordertype: "stop-loss", price: "51000", volume: "0.01" };

test("an order that buys needs its cost and its fee, also if others rest", async () => {
  const { client, ok, place } = setUp({ balances: { ZUSD: "5000" } });
  const error = async (volume) => (await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ...MARKET, volume })).error[0];
  assert.equal(await error("0.1"), "EOrder:Insufficient funds");
  await place({ price: "40000", volume: "0.1" });
  assert.equal(await error("0.0198"), "EOrder:Insufficient funds", "990 and 2.574 of 1000, of which the other may need 10.4");
  assert.equal(await error("0.0197"), undefined);
  assert.deepEqual((await client.call("WalletTransfer", { asset: "USD", from: "Spot Wallet", to: "Futures Wallet", amount: "5" })).error, [
    "EFunding:Insufficient funds",
  ]);
  assert.equal((await ok("BalanceEx")).ZUSD.hold_trade, "4000.0000");
});

test("a stop that its funds no longer cover is canceled when it is triggered", async () => {
  const { ok, place, state, market } = setUp({ balances: { ZUSD: "600" } });
  const [txid, other] = [await place(STOP), await place({ price: "100", volume: "0.7" })];
  market.trade("55000", "1");
  assert.deepEqual(await state(txid), ["canceled", "0.00000000", "0.00000", "Insufficient funds"]);
  await ok("CancelOrder", { txid: other });
  const again = await place({ ...STOP, price: "56000" });
  market.trade("57000", "1");
  assert.deepEqual(await state(again), ["closed", "0.01000000", "57000.00000"]);
  assert.deepEqual(await ok("Balance"), { ZUSD: "28.5180", XXBT: "0.0100000000" });
});

test("a fee in the base currency needs nothing of the quote currency, and a post-only order only the maker's", async () => {
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "50000", volume: "0.1" };
  for (const [oflags, ZUSD, error] of [
    [{ oflags: "fcib" }, "5000", undefined],
    [{ oflags: "fcib" }, "4999.9999", "EOrder:Insufficient funds"],
    [{ oflags: "post" }, "5008", undefined],
    [{ oflags: "post" }, "5007.9999", "EOrder:Insufficient funds"],
    [{}, "5013", undefined],
    [{}, "5012.9999", "EOrder:Insufficient funds"],
  ]) {
    const { client, exchange, ok } = setUp({ balances: { ZUSD, XXBT: "0" } });
    const { error: errors, result } = await client.call("AddOrder", { ...order, ...oflags });
    assert.equal(errors[0], error, JSON.stringify([oflags, ZUSD]));
    if (oflags.oflags !== "fcib" || error) continue;
    exchange.fill(result.txid[0]);
    assert.deepEqual(await ok("Balance"), { ZUSD: "0.0000", XXBT: "0.0998400000" });
    const { ledger } = await ok("Ledgers");
    assert.deepEqual(
      Object.values(ledger).map(({ asset, fee }) => [asset, fee]),
      [
        ["ZUSD", "0.0000"],
        ["XXBT", "0.0001600000"],
      ],
    );
    assert.equal(Object.values((await ok("TradesHistory")).trades)[0].fee, "8.00000");
  }
  const { client } = setUp({ balances: { ZUSD: "0", XXBT: "0.1" } });
  const sell = { ...order, type: "sell", oflags: "fcib" };
  assert.deepEqual((await client.call("AddOrder", sell)).error, ["EOrder:Insufficient funds"]);
  assert.deepEqual((await client.call("AddOrder", { ...sell, volume: "0.0997" })).error, []);
});

for (const withBook of [true, false])
  test(`3,000 random calls leave no balance below zero, ${withBook ? "with" : "without"} a book`, async () => {
    const random = randomFrom(withBook ? 5 : 6);
    const oneOf = (items) => items[Math.floor(random() * items.length)];
    const { client, exchange, clock, market } = setUp({ balances: { ZUSD: "1000", XXBT: "0.02" }, ...(withBook ? { seed: 3 } : {}) });
    const around = (spread) => (Number(market.last) * (1 + spread * (random() - 0.5))).toFixed(1);
    const calls = {
      AddOrder: () => {
        const ordertype = oneOf(["market", "limit", "stop-loss", "take-profit", "stop-loss-limit", "trailing-stop"]);
        const price = ordertype === "trailing-stop" ? "+100" : ordertype === "market" ? undefined : around(0.02);
        return {
          ...{ pair: "XBTUSD", type: oneOf(["buy", "sell"]), ordertype, volume: (0.0001 + random() * 0.02).toFixed(8) },
          ...(price ? { price } : {}),
          ...(random() < 0.3 ? { oflags: ordertype === "limit" ? oneOf(["fcib", "post", "post,fcib"]) : "fcib" } : {}),
          ...(ordertype === "stop-loss-limit" ? { price2: around(0.02) } : {}),
        };
      },
      AmendOrder: (txid) => ({ txid, order_qty: (0.0001 + random() * 0.02).toFixed(8) }),
      EditOrder: (txid) => ({ txid, pair: "XBTUSD", volume: (0.0001 + random() * 0.02).toFixed(8) }),
      CancelOrder: (txid) => ({ txid }),
    };
    const done = {};
    for (let i = 0; i < 3000; i += 1) {
      clock.now += 100;
      const open = Object.keys((await client.call("OpenOrders")).result.open);
      const endpoint = open.length ? oneOf(["AddOrder", "AddOrder", ...Object.keys(calls)]) : "AddOrder";
      const { error } = await client.call(endpoint, calls[endpoint](oneOf(open)));
      if (!error.length) done[endpoint] = (done[endpoint] ?? 0) + 1;
      if (i % 3 === 0) exchange.market("XBTUSD").walk({ seed: i, steps: 1, step: 0.01 });
      const balances = (await client.call("BalanceEx")).result;
      for (const [asset, { balance }] of Object.entries(balances))
        assert.ok(!balance.startsWith("-"), `${asset} ${balance} after call ${i}`);
    }
    for (const endpoint of Object.keys(calls)) assert.ok(done[endpoint] > 20, `${endpoint}: ${done[endpoint]}`);
  });
