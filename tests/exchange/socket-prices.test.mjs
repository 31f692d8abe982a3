// Prices of WebSocket v2 that are offsets: their types, the defaults of these, and what becomes of them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "./helper.mjs";
import { setUp } from "./market.mjs";

const SELL = { symbol: "BTC/USD", side: "sell", order_qty: 1 };

async function setUpSocket(t) {
  const rest = setUp();
  const { ask, close } = await connect(rest.exchange);
  t.after(close);
  const add = async (params) => {
    const { success, result, error } = await ask("add_order", { ...SELL, ...params });
    return success ? await rest.order(result.order_id) : error;
  };
  return { ...rest, ask, add };
}

describe("types of prices", () => {
  test("the limit of a trailing stop is an offset from its trigger, in the quote currency by default", async (t) => {
    for (const [type, price, descr, limit] of [
      [undefined, -100, "-> limit -100.0", "49400.00000"],
      ["quote", 0, "-> limit +0.0", "49500.00000"],
      ["pct", -1, "-> limit -1.0000%", "49005.00000"],
    ]) {
      const { add, market, order, ok } = await setUpSocket(t);
      const triggers = { price: 1, price_type: "pct" };
      const { descr: text } = await add({ order_type: "trailing-stop-limit", triggers, limit_price: price, limit_price_type: type });
      assert.ok(text.order.endsWith(`trailing stop +1.0000% ${descr}`), text.order);
      market.trade("49500", "0.1");
      const [txid] = Object.keys((await ok("OpenOrders")).open);
      assert.equal((await order(txid)).limitprice, limit);
    }
  });

  test("an amendment has types, too", async (t) => {
    const { ask, add, ok, order } = await setUpSocket(t);
    await add({ order_type: "trailing-stop-limit", triggers: { price: 1, price_type: "pct" }, limit_price: -100 });
    const [order_id] = Object.keys((await ok("OpenOrders")).open);
    const amend = (params) => ask("amend_order", { order_id, ...params });
    assert.equal(
      (await amend({ trigger_price: 500, trigger_price_type: "quote", limit_price: -1, limit_price_type: "pct" })).success,
      true,
    );
    const { descr, stopprice } = await order(order_id);
    assert.deepEqual([descr.price, descr.price2, stopprice], ["+500.0", "-1.0000%", "49500.00000"]);
    assert.equal((await amend({ limit_price: 20 })).success, true);
    assert.equal((await order(order_id)).descr.price2, "+20.0");
    assert.equal((await amend({ trigger_price: 48000 })).error, "EGeneral:Invalid arguments:trigger_price");
  });

  test("a type that an order does not have is rejected by name", async (t) => {
    const { add } = await setUpSocket(t);
    const wrong = { limit_price: 51000, limit_price_type: "pct" };
    assert.equal(await add({ order_type: "limit", ...wrong }), "EGeneral:Invalid arguments:limit_price_type");
    const conditional = { order_type: "stop-loss-limit", trigger_price: 40000, ...wrong };
    assert.equal(await add({ order_type: "limit", limit_price: 51000, conditional }), "EGeneral:Invalid arguments:limit_price_type");
    const triggers = { price: 40000, price_type: "percent" };
    assert.equal(await add({ order_type: "stop-loss", triggers }), "EGeneral:Invalid arguments:price_type");
  });

  test("a conditional close has the prices that its types say", async (t) => {
    const { add } = await setUpSocket(t);
    const close = async (conditional) => (await add({ order_type: "limit", limit_price: 51000, conditional })).descr.close;
    const trailing = { order_type: "trailing-stop-limit", trigger_price: 2, trigger_price_type: "pct", limit_price: 50 };
    assert.equal(await close(trailing), "close position @ trailing stop +2.0000% -> limit +50.0");
    assert.equal(
      await close({ order_type: "take-profit", trigger_price: -5, trigger_price_type: "pct" }),
      "close position @ take profit -5.0000%",
    );
    assert.equal(await close({ order_type: "limit", limit_price: 45000 }), "close position @ limit 45000.0");
  });

  test("a price below zero is rejected, and not taken for an offset", async (t) => {
    const { ask, add, exchange, ok } = await setUpSocket(t);
    const buy = { side: "buy", order_type: "limit" };
    assert.equal(await add({ ...buy, limit_price: -5 }), "EOrder:Invalid price");
    assert.equal(await add({ order_type: "stop-loss", triggers: { price: -5, price_type: "static" } }), "EOrder:Invalid price");
    assert.equal(await add({ ...buy, limit_price: 40000, conditional: { order_type: "limit", limit_price: -5 } }), "EOrder:Invalid price");
    assert.deepEqual(exchange.market("XBTUSD").book.bids, []);
    await add({ ...buy, limit_price: 40000 });
    const [order_id] = Object.keys((await ok("OpenOrders")).open);
    assert.equal((await ask("amend_order", { order_id, limit_price: -5 })).error, "EOrder:Invalid price");
    assert.deepEqual(exchange.market("XBTUSD").book.bids, [["40000.0", "1.00000000"]]);
  });

  test("an edit of the limit alone leaves the trigger of a stop", async (t) => {
    const { ask, add, ok, order } = await setUpSocket(t);
    await add({ order_type: "stop-loss-limit", triggers: { price: 45000 }, limit_price: 44000 });
    const edit = async (params) => {
      const [order_id] = Object.keys((await ok("OpenOrders")).open);
      const { result } = await ask("edit_order", { order_id, symbol: "BTC/USD", order_qty: 1, ...params });
      const { price, price2 } = (await order(result.order_id)).descr;
      return [price, price2];
    };
    assert.deepEqual(await edit({ limit_price: 44500 }), ["45000.0", "44500.0"]);
    assert.deepEqual(await edit({ triggers: { price: 46000 } }), ["46000.0", "44500.0"]);
    assert.deepEqual(await edit({ triggers: { price: 47000 }, limit_price: 45500 }), ["47000.0", "45500.0"]);
  });
});
