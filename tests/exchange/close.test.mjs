// The conditional close: each trade of an order places the order that closes it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, until } from "./helper.mjs";
import { BOOK, setUp } from "./market.mjs";

const CLOSE = { "close[ordertype]": "limit", "close[price]": "51000" };

describe("conditional close", () => {
  test("a fill places the closing order, with the volume that was traded", async () => {
    const { exchange, ok, order, place } = setUp();
    const txid = await place({ price: "49000", volume: "2", userref: "7", ...CLOSE });
    assert.deepEqual(Object.keys((await ok("OpenOrders")).open), [txid], "not before a fill");
    exchange.fill(txid, "0.5");
    exchange.fill(txid);
    const { open } = await ok("OpenOrders");
    assert.deepEqual(
      Object.values(open).map(({ refid, userref, vol, descr }) => [refid, userref, vol, descr.order, descr.close]),
      [
        [txid, 7, "0.50000000", "sell 0.50000000 XBTUSD @ limit 51000.0", ""],
        [txid, 7, "1.50000000", "sell 1.50000000 XBTUSD @ limit 51000.0", ""],
      ],
    );
    assert.equal((await order(txid)).refid, null);
    assert.equal((await order(txid)).descr.close, "close position @ limit 51000.0");
  });

  test("a market order that takes several prices: one closing order for each, and none inside of the trade", async () => {
    const { market, ok, place, state } = setUp();
    market.setBook(BOOK);
    const txid = await place({
      ordertype: "market",
      volume: "1",
      "close[ordertype]": "stop-loss-limit",
      "close[price]": "49000",
      "close[price2]": "48900",
    });
    assert.deepEqual(await state(txid), ["closed", "1.00000000", "50015.00000"]);
    const { open } = await ok("OpenOrders");
    assert.deepEqual(
      Object.values(open).map(({ vol, descr }) => [vol, descr.order]),
      [
        ["0.50000000", "sell 0.50000000 XBTUSD @ stop loss 49000.0 -> limit 48900.0"],
        ["0.50000000", "sell 0.50000000 XBTUSD @ stop loss 49000.0 -> limit 48900.0"],
      ],
    );
    market.trade("48950", "10");
    assert.deepEqual(Object.keys((await ok("OpenOrders")).open).length, 2, "triggered, and in the book");
    market.trade("48950", "10");
    assert.deepEqual((await ok("OpenOrders")).open, {}, "closed");
  });

  test("a closing order that can be filled at once is", async () => {
    const { market, ok, place } = setUp();
    market.setBook(BOOK);
    await place({ price: "49985", volume: "1", "close[ordertype]": "limit", "close[price]": "49980" });
    market.trade("49985", "2");
    assert.deepEqual((await ok("OpenOrders")).open, {});
    const { trades } = await ok("TradesHistory");
    assert.deepEqual(
      Object.values(trades).map(({ type, price, vol, maker }) => [type, price, vol, maker]),
      [
        ["sell", "49980.00000", "1.00000000", false],
        ["buy", "49985.00000", "1.00000000", true],
      ],
    );
  });

  test("without funds there is no closing order", async () => {
    const { exchange, ok, place } = setUp({ balances: { XXBT: "1", ZUSD: "0" } });
    const txid = await place({ type: "sell", price: "50000", volume: "1", "close[ordertype]": "limit", "close[price]": "49999" });
    exchange.fill(txid);
    assert.deepEqual((await ok("OpenOrders")).open, {}, "the fee is missing");
  });

  test("over a WebSocket: `conditional`, and a report of the closing order", async (t) => {
    const { exchange } = setUp();
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    await ask("subscribe", { channel: "executions" });
    const conditional = { order_type: "limit", limit_price: 51000 };
    const { result } = await ask("add_order", { symbol: "BTC/USD", side: "buy", order_type: "market", order_qty: 0.25, conditional });
    const reports = () =>
      raw.map((text) => JSON.parse(text)).flatMap(({ channel, type, data }) => (channel === "executions" && type === "update" ? data : []));
    await until(() => reports().length === 6);
    assert.deepEqual(
      reports().map(({ order_id, exec_type }) => [order_id === result.order_id, exec_type]),
      [
        [true, "pending_new"],
        [true, "new"],
        [true, "trade"],
        [true, "filled"],
        [false, "pending_new"],
        [false, "new"],
      ],
    );
    const { side, order_qty, limit_price } = reports()[4];
    assert.deepEqual([side, order_qty, limit_price], ["sell", 0.25, 51000]);
  });
});
