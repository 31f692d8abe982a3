// Prices that tests move, and what becomes of the account's orders.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Futures, LIMIT } from "./helper.mjs";
import { BOOK, NOW, setUp } from "./market.mjs";

describe("a market by its name", () => {
  test("any name of a pair and contracts are accepted, and unknown names and inexact values are refused", () => {
    const { exchange, market } = setUp();
    for (const name of ["XXBTZUSD", "XBT/USD", "BTC/USD"]) assert.equal(exchange.market(name), market);
    assert.equal(exchange.market("pf_xbtusd").symbol, "PF_XBTUSD");
    assert.throws(() => exchange.market("NOPE"), TypeError);
    for (const [price, volume] of [
      ["50000.01", "1"],
      ["0", "1"],
      ["-1", "1"],
      ["1e4", "1"],
      ["50000", "0.000000001"],
    ])
      assert.throws(() => market.trade(price, volume), TypeError);
    assert.throws(() => exchange.market("PI_XBTUSD").trade("50000.3", "1"), /multiple of 0.5/);
    assert.throws(() => market.setBook({ bids: [["50000", "1"]], asks: [["50000", "1"]] }), TypeError);
    assert.deepEqual([market.last, market.trades], ["50000.0", []]);
  });
});

describe("prices that move", () => {
  test("a trade fills the orders that it crosses at their price, the best first, the oldest first within a price, and in part if it is smaller", async () => {
    const { market, place, state } = setUp();
    const [low, first, second, high] = [
      await place({ price: "48000" }),
      await place({ price: "49000" }),
      await place({ price: "49000" }),
      await place({ price: "49500", volume: "0.5" }),
    ];
    market.trade("49000", "1.75");
    assert.deepEqual(await state(high), ["closed", "0.50000000", "49500.00000"]);
    assert.deepEqual(await state(first), ["closed", "1.00000000", "49000.00000"]);
    assert.deepEqual(await state(second), ["open", "0.25000000", "49000.00000"]);
    assert.deepEqual(await state(low), ["open", "0.00000000", "0.00000"]);
    assert.deepEqual(
      market.trades.map(({ price, volume, side }) => [price, volume, side]),
      [
        ["49500.0", "0.50000000", "sell"],
        ["49000.0", "1.00000000", "sell"],
        ["49000.0", "0.25000000", "sell"],
      ],
    );
    assert.equal(market.last, "49000.0");
    market.trade("47000", "10");
    assert.deepEqual(await state(low), ["closed", "1.00000000", "48000.00000"]);
    assert.deepEqual(market.trades.at(-1), { id: 6, price: "47000.0", volume: "8.25000000", side: "sell", time: NOW });
  });

  test("the rest of the volume does not pass orders of others", async () => {
    const { market, place, state } = setUp();
    market.setBook(BOOK);
    const own = await place({ price: "49985" });
    market.trade("49980", "1.5");
    assert.deepEqual(await state(own), ["open", "0.50000000", "49985.00000"], "first the better bid of others");
    assert.deepEqual(market.book.bids, [
      ["49985.0", "0.50000000"],
      ["49980.0", "2.00000000"],
    ]);
    assert.equal(market.last, "49985.0");
  });

  test("an order goes to the end of the queue with a new price or more volume, and keeps its place with less", async () => {
    const { market, ok, place, state } = setUp();
    const [a, b] = [await place({ price: "49000" }), await place({ price: "49000" })];
    await ok("AmendOrder", { txid: a, order_qty: "0.5" });
    market.trade("49000", "0.5");
    assert.equal((await state(a))[0], "closed");
    const c = await place({ price: "49000" });
    await ok("AmendOrder", { txid: b, order_qty: "2" });
    market.trade("49000", "1");
    assert.deepEqual([(await state(b))[0], (await state(c))[0]], ["open", "closed"]);
  });

  test("stops and take-profits are triggered as market orders, or as limit orders in the book", async () => {
    const { market, place, state, order } = setUp();
    const sell = { type: "sell" };
    const [stop, stopLimit, profit, buyStop, trailing] = [
      await place({ ...sell, ordertype: "stop-loss", price: "48000" }),
      await place({ ...sell, ordertype: "stop-loss-limit", price: "48000", price2: "48500" }),
      await place({ ...sell, ordertype: "take-profit", price: "53000" }),
      await place({ ordertype: "stop-loss", price: "52000" }),
      await place({ ...sell, ordertype: "trailing-stop", price: "+10%" }),
    ];
    assert.equal((await order(stop)).stopprice, "48000.00000");
    market.trade("48500", "0.1");
    assert.deepEqual([(await state(stop))[0], market.book.asks], ["open", []]);
    market.trade("47900", "0.1");
    assert.deepEqual(await state(stop), ["closed", "1.00000000", "47900.00000"]);
    assert.deepEqual(market.book.asks, [["48500.0", "1.00000000"]]);
    market.trade("53000", "5");
    assert.deepEqual(await state(stopLimit), ["closed", "1.00000000", "48500.00000"]);
    assert.deepEqual(await state(profit), ["closed", "1.00000000", "53000.00000"]);
    assert.deepEqual(await state(buyStop), ["closed", "1.00000000", "53000.00000"]);
    market.trade("60000", "1");
    market.trade("54001", "1");
    assert.equal((await state(trailing))[0], "open");
    market.trade("54000", "1");
    assert.deepEqual(await state(trailing), ["closed", "1.00000000", "54000.00000"], "10 % below the best price since");
  });

  test("GTD orders that have expired are not filled", async () => {
    const { clock, market, place, state } = setUp();
    const txid = await place({ timeinforce: "GTD", expiretm: "+10", price: "49000" });
    clock.now += 10_000;
    market.trade("48000", "1");
    assert.deepEqual(await state(txid), ["expired", "0.00000000", "0.00000", "Order expired"]);
  });
});

describe("orders that take from the book", () => {
  test("a market order takes the best prices first, and the rest is canceled if the book is empty", async () => {
    const { market, client, place, state, ok } = setUp();
    market.setBook(BOOK);
    const txid = await place({ ordertype: "market", price: "" });
    assert.deepEqual(await state(txid), ["closed", "1.00000000", "50015.00000"]);
    assert.deepEqual(
      Object.values((await ok("TradesHistory")).trades).map(({ price, vol, fee, maker }) => [price, vol, fee, maker]),
      [
        ["50020.00000", "0.50000000", "65.02600", false],
        ["50010.00000", "0.50000000", "65.01300", false],
      ],
    );
    assert.deepEqual(market.book.asks, [["50020.0", "1.50000000"]]);
    const big = await place({ ordertype: "market", price: "", volume: "9" });
    assert.deepEqual(await state(big), ["canceled", "1.50000000", "50020.00000", "Not filled at once"]);
    assert.equal((await client.call("AddOrder", { ...LIMIT, ordertype: "market", volume: "1" })).error.length, 0);
  });

  test("a limit order takes up to its limit and rests, IOC does not rest, FOK takes all or nothing, and post-only takes nothing", async () => {
    const { market, place, state } = setUp();
    market.setBook(BOOK);
    const rests = await place({ price: "50010" });
    assert.deepEqual(await state(rests), ["open", "0.50000000", "50010.00000"]);
    assert.deepEqual(market.book.bids[0], ["50010.0", "0.50000000"]);
    const ioc = await place({ price: "50020", timeinforce: "IOC", volume: "3" });
    assert.deepEqual(await state(ioc), ["canceled", "2.00000000", "50020.00000", "Not filled at once"]);
    market.setBook({ asks: [["50030", "1"]] });
    for (const [volume, expected] of [
      ["1.1", ["canceled", "0.00000000", "0.00000", "Not filled at once"]],
      ["1", ["closed", "1.00000000", "50030.00000"]],
    ])
      assert.deepEqual(await state(await place({ price: "50030", timeinforce: "FOK", volume })), expected);
    market.setBook({ asks: [["50030", "1"]] });
    const post = await place({ price: "50030", oflags: "post" });
    assert.deepEqual(await state(post), ["canceled", "0.00000000", "0.00000", "Post only order"]);
    assert.equal((await state(await place({ price: "50029.9", oflags: "post" })))[0], "open");
  });

  test("orders of the account do not trade with each other, and the newer one is canceled", async () => {
    const { market, place, state } = setUp();
    market.setBook({ asks: [["50000", "0.25"]] });
    const older = await place({ type: "sell", price: "50010" });
    const newer = await place({ price: "50020" });
    assert.deepEqual(await state(newer), ["canceled", "0.25000000", "50000.00000", "Cannot trade with self"]);
    assert.equal((await state(older))[0], "open");
  });

  test("an amended order can take, and a new book can take resting orders", async () => {
    const { market, ok, place, state } = setUp();
    market.setBook(BOOK);
    const txid = await place({ price: "49000" });
    await ok("AmendOrder", { txid, limit_price: "50010" });
    assert.deepEqual(await state(txid), ["open", "0.50000000", "50010.00000"]);
    market.setBook({ asks: [["50005", "0.2"]] });
    assert.deepEqual((await state(txid)).slice(0, 2), ["open", "0.70000000"]);
    assert.deepEqual(market.book.asks, []);
  });

  test("the required funds are what the book costs", async () => {
    const { market, client, place } = setUp({ balances: { ZUSD: "50010" } });
    market.setBook(BOOK);
    const buy = { ...LIMIT, ordertype: "market", price: "", volume: "1" };
    assert.deepEqual((await client.call("AddOrder", buy)).error, ["EOrder:Insufficient funds"]);
    await place({ ...buy, volume: "0.5" });
  });
});

describe("seeds and paths", () => {
  test("a seed makes the same books again, and orders are matched", async () => {
    const [one, two, three] = [setUp({ seed: 7 }), setUp({ seed: 7 }), setUp({ seed: 8 })];
    assert.deepEqual(one.market.book, two.market.book);
    assert.notDeepEqual(one.market.book, three.market.book);
    const { bids, asks } = one.market.book;
    assert.deepEqual([bids.length, asks.length], [25, 25]);
    assert.ok(Number(bids[0][0]) < 50000 && Number(asks[0][0]) > 50000);
    assert.equal((await one.state(await one.place({ ordertype: "market", price: "", volume: "0.0001" })))[2], `${asks[0][0]}0000`);
    assert.ok(one.exchange.market("PI_XBTUSD").book.bids.every(([price]) => Number(price) % 0.5 === 0));
  });

  test("a walk is the same for the same seed, and moves the price, and the clock if told to", () => {
    const walk = (seed) => {
      const { clock, market } = setUp({ seed: 1 });
      market.walk({ seed, steps: 100, before: () => (clock.now += 60_000) });
      return market;
    };
    const [one, two, other] = [walk(3), walk(3), walk(4)];
    assert.deepEqual(one.trades, two.trades);
    assert.notDeepEqual(one.trades, other.trades);
    assert.equal(one.trades.at(-1).time, NOW + 6_000_000);
    assert.ok(new Set(one.trades.map(({ price }) => price)).size > 50);
  });
});

describe("Futures orders in their market", () => {
  const ORDER = { symbol: "PF_XBTUSD", side: "buy", size: "1", orderType: "lmt", limitPrice: "49000" };

  function futures(options) {
    const { exchange } = setUp(options);
    const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
    const market = exchange.market("PF_XBTUSD");
    const send = async (params) => (await client.call("POST", "sendorder", { ...ORDER, ...params })).sendStatus;
    const positions = async () =>
      (await client.call("GET", "openpositions")).openPositions.map(({ side, size, price }) => [side, size, price]);
    const status = async (...ids) =>
      (await client.call("POST", "orders/status", ids.map((id) => `orderIds=${id}`).join("&"))).orders.map(({ status: one, order }) => [
        one,
        order.filled,
      ]);
    return { client, market, send, positions, status };
  }

  test("resting orders are filled in part, stops triggered, positions averaged", async () => {
    const { client, market, send, positions, status } = futures();
    const { order_id } = await send({});
    const stop = await send({ side: "sell", orderType: "stp", stopPrice: "48000", limitPrice: "", size: "0.25" });
    market.trade("49000", "0.5");
    assert.deepEqual(await status(order_id, stop.order_id), [
      ["ENTERED_BOOK", 0.5],
      ["TRIGGER_PLACED", 0],
    ]);
    assert.deepEqual(await positions(), [["long", 0.5, 49000]]);
    market.trade("48000", "2");
    assert.deepEqual(await status(order_id, stop.order_id), [
      ["FULLY_EXECUTED", 1],
      ["FULLY_EXECUTED", 0.25],
    ]);
    assert.deepEqual(await positions(), [["long", 0.75, 49000]]);
    await send({ orderType: "mkt", limitPrice: "", size: "0.75" });
    assert.deepEqual(await positions(), [["long", 1.5, 48500]]);
    const { fills } = await client.call("GET", "fills");
    assert.deepEqual(
      fills.map(({ price, size, fillType }) => [price, size, fillType]),
      [
        [48000, 0.75, "taker"],
        [48000, 0.25, "taker"],
        [49000, 0.5, "maker"],
        [49000, 0.5, "maker"],
      ],
    );
  });

  test("ioc, fok, post and mkt orders are matched with a book", async () => {
    const { market, send } = futures();
    market.setBook(BOOK);
    const result = async (params) => {
      const { status, orderEvents } = await send(params);
      return [status, ...orderEvents.map(({ type, amount, reason }) => amount ?? reason ?? type)];
    };
    assert.deepEqual(await result({ orderType: "post", limitPrice: "50010" }), ["postWouldExecute", "POST_WOULD_EXECUTE"]);
    assert.deepEqual(await result({ orderType: "fok", limitPrice: "50010" }), ["iocWouldNotExecute", "IOC_WOULD_NOT_EXECUTE"]);
    assert.deepEqual(await result({ orderType: "ioc", limitPrice: "50010" }), ["placed", 0.5]);
    assert.deepEqual(await result({ orderType: "fok", limitPrice: "50020" }), ["placed", 1]);
    assert.deepEqual(await result({ orderType: "mkt", limitPrice: "", size: "5" }), ["placed", 1]);
    assert.deepEqual(await result({ orderType: "mkt", limitPrice: "" }), ["iocWouldNotExecute", "IOC_WOULD_NOT_EXECUTE"]);
    assert.deepEqual(await result({ orderType: "post", limitPrice: "50000" }), ["placed", "PLACE"]);
  });

  test("a reduce-only order is limited to the position, and ends with it", async () => {
    const { client, market, send, positions } = futures();
    await send({ orderType: "mkt", limitPrice: "", size: "1" });
    const sell = { side: "sell", reduceOnly: "true" };
    await send({ ...sell, limitPrice: "51000", size: "3" });
    await send({ ...sell, limitPrice: "52000", size: "1" });
    market.trade("51000", "0.25");
    assert.deepEqual(await positions(), [["long", 0.75, 50000]]);
    market.trade("53000", "10");
    assert.deepEqual(await positions(), []);
    assert.deepEqual((await client.call("GET", "openorders")).openOrders, []);
    await send({ orderType: "mkt", limitPrice: "", size: "1" });
    assert.equal((await send({ ...sell, orderType: "mkt", limitPrice: "", size: "9" })).orderEvents[0].amount, 1);
    assert.deepEqual(await positions(), []);
  });
});
