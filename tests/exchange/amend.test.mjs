// Changes of orders as Kraken documents them: AmendOrder and EditOrder, their prices and funds, and orders that cost too little.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIMIT } from "./helper.mjs";
import { BOOK, setUp } from "./market.mjs";

const STOP = { ordertype: "stop-loss", price: "49000", type: "sell" };
const POOR = { balances: { ZUSD: "1000", XXBT: "1" } };

describe("AmendOrder", () => {
  test("an amendment that the funds do not cover is rejected, and changes nothing", async () => {
    const { client, ok, place, order, market } = setUp(POOR);
    const txid = await place({ price: "100", volume: "1" });
    for (const change of [{ order_qty: "11" }, { limit_price: "1001" }, { order_qty: "6", limit_price: "200" }])
      assert.deepEqual((await client.call("AmendOrder", { txid, ...change })).error, ["EOrder:Insufficient funds"]);
    const { vol, descr } = await order(txid);
    assert.deepEqual([vol, descr.price], ["1.00000000", "100.0"]);
    await ok("AmendOrder", { txid, order_qty: "9" });
    market.trade("90", "5000");
    assert.deepEqual(await ok("Balance"), { ZUSD: "98.5600", XXBT: "10.0000000000" });
  });

  test("only what is left of an order needs funds, and what it held is free for the change", async () => {
    const { client, exchange, place, order } = setUp(POOR);
    const txid = await place({ price: "100", volume: "9" });
    exchange.fill(txid, "4");
    assert.deepEqual((await client.call("AmendOrder", { txid, order_qty: "10" })).error, ["EOrder:Insufficient funds"]);
    assert.deepEqual((await client.call("AmendOrder", { txid, order_qty: "9.9" })).error, []);
    assert.equal((await order(txid)).vol, "9.90000000");
  });

  test("with post_only, and for a post-only order, a price at which the order would trade is rejected", async () => {
    const { client, place, market, state } = setUp();
    market.setBook(BOOK);
    const [plain, post] = [await place({ price: "49000" }), await place({ price: "49000", oflags: "post" })];
    const change = { limit_price: "50010" };
    assert.deepEqual((await client.call("AmendOrder", { txid: plain, ...change, post_only: "true" })).error, ["EOrder:Post only order"]);
    assert.deepEqual((await client.call("AmendOrder", { txid: post, ...change })).error, ["EOrder:Post only order"]);
    for (const txid of [plain, post]) assert.deepEqual(await state(txid), ["open", "0.00000000", "0.00000"]);
    assert.deepEqual((await client.call("AmendOrder", { txid: plain, limit_price: "50009.9", post_only: "True" })).error, []);
    assert.deepEqual((await client.call("AmendOrder", { txid: plain, ...change })).error, []);
    assert.deepEqual(await state(plain), ["open", "0.50000000", "50010.00000"]);
  });

  test("with no more volume than has traded, the rest is canceled", async () => {
    const { ok, exchange, place, state } = setUp();
    const txid = await place({ price: "49000" });
    exchange.fill(txid, "0.5");
    await ok("AmendOrder", { txid, order_qty: "0.3" });
    assert.deepEqual(await state(txid), ["canceled", "0.50000000", "49000.00000", "User requested"]);
    assert.equal((await ok("BalanceEx")).ZUSD.hold_trade, "0.0000");
  });

  test("a volume below the pair's minimum is rejected, also if its cost suffices", async () => {
    const { client, place, order } = setUp();
    const txid = await place({ price: "40000" });
    const error = async (order_qty) => (await client.call("AmendOrder", { txid, order_qty })).error[0];
    assert.equal(await error("0.00004999"), "EOrder:Order minimum not met");
    assert.equal((await order(txid)).vol, "1.00000000");
    assert.equal(await error("0.00005"), undefined);
  });

  test("a price that the type of the order does not have is rejected by name", async () => {
    const { client, place, order } = setUp();
    const [stop, limit] = [await place(STOP), await place({ price: "49000" })];
    const error = async (params) => (await client.call("AmendOrder", params)).error[0];
    assert.equal(await error({ txid: stop, limit_price: "40000" }), "EGeneral:Invalid arguments:limit_price");
    assert.equal(await error({ txid: limit, trigger_price: "40000" }), "EGeneral:Invalid arguments:trigger_price");
    assert.equal(await error({ txid: limit, order_qty: "0" }), "EGeneral:Invalid arguments:order_qty");
    assert.equal(await error({ txid: stop, trigger_price: "48000" }), undefined);
    assert.equal((await order(stop)).descr.price, "48000.0");
  });
});

describe("EditOrder", () => {
  test("the new order keeps its expiry and leverage, but not the user reference and the flag post", async () => {
    const { ok, place, order } = setUp();
    const txid = await place({ price: "49000", timeinforce: "GTD", expiretm: "+60", leverage: "2:1", userref: "7", oflags: "post" });
    const { expiretm } = await order(txid);
    const edited = await order((await ok("EditOrder", { txid, pair: "XBTUSD", price: "48000" })).txid);
    assert.deepEqual(
      [edited.expiretm, edited.descr.leverage, edited.userref, edited.oflags, edited.descr.price],
      [expiretm, "2:1", 0, "fciq", "48000.0"],
    );
  });

  test("an iceberg order can be edited", async () => {
    const { ok, place, order } = setUp();
    const txid = await place({ ordertype: "iceberg", price: "49000", displayvol: "0.1" });
    assert.equal((await order((await ok("EditOrder", { txid, pair: "XBTUSD", volume: "2" })).txid)).vol, "2.00000000");
  });

  test("an order that traded for the most part can get another price, and needs its id", async () => {
    const { client, exchange, ok, place, order } = setUp();
    const txid = await place({ price: "48000" });
    exchange.fill(txid, "0.7");
    assert.deepEqual((await client.call("EditOrder", { pair: "XBTUSD", price: "47000" })).error, ["EGeneral:Invalid arguments:txid"]);
    const edited = await order((await ok("EditOrder", { txid, pair: "XBTUSD", price: "47000" })).txid);
    assert.deepEqual([edited.vol, edited.descr.price], ["0.30000000", "47000.0"]);
  });

  test("orders that Kraken does not edit are rejected", async () => {
    const { client, exchange, place, market } = setUp();
    const closing = await place({ price: "40000", "close[ordertype]": "limit", "close[price]": "51000" });
    const triggered = await place({ ...STOP, ordertype: "stop-loss-limit", price2: "49500" });
    market.trade("49000", "0.1");
    for (const userref of ["5", "5"]) await place({ price: "100", userref });
    const partly = await place({ price: "48000" });
    exchange.fill(partly, "0.5");
    const edit = async (txid, change) => (await client.call("EditOrder", { txid, pair: "XBTUSD", ...change })).error[0];
    assert.equal(await edit(closing, { price: "48000" }), "EGeneral:Invalid arguments:txid");
    assert.equal(await edit(triggered, { price2: "49400" }), "EGeneral:Invalid arguments:txid");
    assert.equal(await edit("5", { price: "90" }), "EGeneral:Invalid arguments:txid");
    assert.equal(await edit(partly, { volume: "0.4" }), "EGeneral:Invalid arguments:volume");
  });
});

describe("relative prices", () => {
  for (const endpoint of ["AmendOrder", "EditOrder"])
    test(`${endpoint} of the volume leaves the price of an order where it is`, async () => {
      const { ok, place, order, market } = setUp();
      const change = async (txid) =>
        (await ok(endpoint, endpoint === "AmendOrder" ? { txid, order_qty: "2" } : { txid, pair: "XBTUSD", volume: "2" })).txid ?? txid;
      const limit = await place({ price: "-1000" });
      const stop = await place({ ...STOP, ordertype: "stop-loss-limit", price: "-2%", price2: "-3%" });
      market.trade("49500", "0.1");
      assert.equal((await order(await change(limit))).vol, "2.00000000");
      assert.deepEqual(market.book.bids, [["49000.0", "2.00000000"]]);
      const changed = await change(stop);
      assert.equal((await order(changed)).stopprice, "49000.00000");
      market.trade("49000", "0.1");
      assert.equal((await order(changed)).limitprice, "48500.00000", "3 % below 50000");
    });

  test("an amendment of the volume does not loosen a trailing stop, and one of the price sets it anew", async () => {
    const { ok, place, order, market } = setUp();
    const txid = await place({ ...STOP, ordertype: "trailing-stop", price: "+1000" });
    market.trade("49500", "0.1");
    await ok("AmendOrder", { txid, order_qty: "2" });
    assert.equal((await order(txid)).stopprice, "49000.00000");
    await ok("AmendOrder", { txid, trigger_price: "+1000" });
    assert.equal((await order(txid)).stopprice, "48500.00000");
  });
});

describe("prices and amounts", () => {
  test("a relative price becomes one with the pair's decimals, in every view of the book", async () => {
    const { ok, result, place, market } = setUp();
    market.trade("50000.1", "1");
    await place({ price: "-1.2345%" });
    assert.deepEqual(market.book.bids, [["49382.8", "1.00000000"]]);
    assert.equal((await result("Depth?pair=XBTUSD")).XXBTZUSD.bids[0][0], "49382.80000");
    assert.equal((await ok("BalanceEx")).ZUSD.hold_trade, "49382.8000");
  });

  test("a price of 0 and a cost below the pair's minimum are rejected", async () => {
    const { client, place } = setUp();
    const error = async (params) => (await client.call("AddOrder", { ...LIMIT, ...params }, { json: true })).error[0];
    assert.equal(await error({ price: "-100%" }), "EOrder:Invalid price");
    assert.equal(await error({ ...STOP, price: "-50000" }), "EOrder:Invalid price");
    assert.equal(await error({ price: "1", volume: "0.4999" }), "EOrder:Cost minimum not met");
    assert.equal(await error({ price: "1", volume: "0.5" }), undefined);
    assert.equal(await error({ pair: "ETHXBT", price: "0.001", volume: "0.0199" }), "EOrder:Cost minimum not met");
    const txid = await place({ price: "100" });
    assert.deepEqual((await client.call("AmendOrder", { txid, limit_price: "0.4" })).error, ["EOrder:Cost minimum not met"]);
  });

  test("the rows of the ledger add up, and an order is the sum of its trades, as they are shown", async () => {
    const { ok, place, order, market } = setUp({ balances: { ZUSD: "100000", XXBT: "10" } });
    market.setBook({
      bids: [["49990", "1"]],
      asks: [
        ["50010.3", "0.12345678"],
        ["50020.7", "2.7"],
      ],
    });
    const txid = await place({ ordertype: "market", volume: "0.98765432" });
    await place({ ordertype: "market", type: "sell", volume: "0.33333333" });
    const digits = (text) => BigInt(text.replace(".", ""));
    const balances = { ZUSD: digits("100000.0000"), XXBT: digits("10.0000000000") };
    const rows = Object.values((await ok("Ledgers")).ledger).reverse();
    assert.equal(rows.length, 6);
    for (const { asset, amount, fee, balance } of rows) {
      balances[asset] += digits(amount) - digits(fee);
      assert.equal(digits(balance), balances[asset]);
    }
    const trades = Object.values((await ok("TradesHistory")).trades).filter(({ ordertxid }) => ordertxid === txid);
    const { cost, fee } = await order(txid);
    for (const [name, all] of Object.entries({ cost, fee }))
      assert.equal(
        trades.reduce((sum, trade) => sum + digits(trade[name]), 0n),
        digits(all),
      );
  });

  test("a triggered order shows the price that triggered it, and its limit", async () => {
    const { place, order, market } = setUp();
    const txid = await place({ ...STOP, ordertype: "stop-loss-limit", price2: "48900" });
    const prices = async () => (({ stopprice, limitprice }) => [stopprice, limitprice])(await order(txid));
    assert.deepEqual(await prices(), ["49000.00000", "0.00000"]);
    market.trade("49000", "1");
    assert.deepEqual(await prices(), ["49000.00000", "48900.00000"]);
  });
});
