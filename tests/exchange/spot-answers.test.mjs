// Spot answers as Kraken gives them. Sources: docs.kraken.com (Spot REST), the answers that kraken-async-rs, ccxt, GoCryptoTrader and Kraken.Net keep
// in their tests, rewritten with numbers of our own, and where two clients agree, what they read.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, LIMIT, overBoth, Spot } from "./helper.mjs";

const START = 1_688_669_448_250;
const MARKET = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.5" };

overBoth(describe, "Spot answers", (open) => {
  async function setUp(t, options) {
    const clock = { now: START };
    const exchange = new Exchange({ now: () => clock.now, ...options });
    const way = await open(t, exchange);
    const client = new Spot(exchange.addKey(), way.fetch, way.spot);
    const ok = async (endpoint, params, wrong) => {
      const { error, result } = await client.call(endpoint, params, wrong);
      assert.deepEqual(error, [], `${endpoint}: ${error}`);
      return result;
    };
    const get = async (path) => await (await way.fetch(`${way.spot}/0/public/${path}`)).json();
    const result = async (path) => (await get(path)).result;
    return { clock, exchange, client, ok, get, result };
  }

  test("AssetPairs and Assets return only what is requested, and reject unknown names", async (t) => {
    const { get, result } = await setUp(t);
    assert.deepEqual(Object.keys(await result("AssetPairs?pair=XBTUSD,ETH/XBT")), ["XXBTZUSD", "XETHXXBT"]);
    assert.deepEqual(Object.keys(await result("Assets?asset=XBT,ZUSD")), ["XXBT", "ZUSD"]);
    assert.deepEqual((await get("AssetPairs?pair=XBTUSD,NOPE")).error, ["EQuery:Unknown asset pair"]);
    assert.deepEqual((await get("Ticker?pair=NOPE")).error, ["EQuery:Unknown asset pair"]);
    assert.deepEqual((await get("Assets?asset=NOPE")).error, ["EQuery:Unknown asset"]);
    assert.deepEqual((await get("AssetPairs?info=nope")).error, ["EGeneral:Invalid arguments:info"]);
    assert.deepEqual(await result("AssetPairs?pair=XBTUSD&info=leverage"), {
      XXBTZUSD: { leverage_buy: [2, 3, 4, 5], leverage_sell: [2, 3, 4, 5] },
    });
    assert.deepEqual(Object.keys((await result("AssetPairs?pair=XBTUSD&info=fees")).XXBTZUSD), [
      "fees",
      "fees_maker",
      "fee_volume_currency",
    ]);
    assert.deepEqual((await result("AssetPairs?pair=XBTUSD&info=margin")).XXBTZUSD, { margin_call: 80, margin_stop: 40 });
  });

  test("a pair has everything that rounding and checking an order needs", async (t) => {
    const { result } = await setUp(t);
    const pairs = await result("AssetPairs");
    assert.deepEqual(pairs.XXBTZUSD, {
      altname: "XBTUSD",
      wsname: "XBT/USD",
      aclass_base: "currency",
      base: "XXBT",
      aclass_quote: "currency",
      quote: "ZUSD",
      lot: "unit",
      cost_decimals: 5,
      pair_decimals: 1,
      lot_decimals: 8,
      lot_multiplier: 1,
      leverage_buy: [2, 3, 4, 5],
      leverage_sell: [2, 3, 4, 5],
      fees: [[0, 0.26]],
      fees_maker: [[0, 0.16]],
      fee_volume_currency: "ZUSD",
      margin_call: 80,
      margin_stop: 40,
      ordermin: "0.00005",
      costmin: "0.5",
      tick_size: "0.1",
      status: "online",
      long_position_limit: 300,
      short_position_limit: 240,
      execution_venue: "international",
    });
    assert.deepEqual([pairs.XETHXXBT.cost_decimals, pairs.XETHXXBT.costmin], [6, "0.00002"]);
  });

  test("assets have their own decimals: eight for XRP and the stablecoins", async (t) => {
    const { ok, result } = await setUp(t, { balances: { XXRP: "1", USDT: "2", USDC: "3", SOL: "4", ZUSD: "5" } });
    assert.deepEqual(await result("Assets?asset=XBT"), {
      XXBT: { aclass: "currency", altname: "XBT", decimals: 10, display_decimals: 5, collateral_value: 1, status: "enabled" },
    });
    assert.deepEqual(await ok("Balance"), {
      ZUSD: "5.0000",
      SOL: "4.0000000000",
      XXRP: "1.00000000",
      USDT: "2.00000000",
      USDC: "3.00000000",
    });
  });

  test("Ticker has both sides, volumes, averages, counts, extremes and the opening price", async (t) => {
    const { clock, ok, result } = await setUp(t);
    const ticker = async () => (await result("Ticker?pair=XBTUSD")).XXBTZUSD;
    assert.deepEqual(await ticker(), {
      a: ["50000.00000", "1", "1.000"],
      b: ["50000.00000", "1", "1.000"],
      c: ["50000.00000", "0.00000000"],
      v: ["0.00000000", "0.00000000"],
      p: ["50000.00000", "50000.00000"],
      t: [0, 0],
      l: ["50000.00000", "50000.00000"],
      h: ["50000.00000", "50000.00000"],
      o: "50000.00000",
    });
    await ok("AddOrder", MARKET);
    clock.now += 86_400_000 - 60_000 * 60; // The next day: the trade was in the last 24 hours, and not today.
    await ok("AddOrder", { ...MARKET, volume: "0.25" });
    const { c, v, t: count } = await ticker();
    assert.deepEqual(
      [c, v, count],
      [
        ["50000.00000", "0.25000000"],
        ["0.25000000", "0.75000000"],
        [1, 2],
      ],
    );
  });

  test("the description of an order is Kraken's line of text", async (t) => {
    const { ok } = await setUp(t);
    const line = async (params) => (await ok("AddOrder", { ...LIMIT, ...params, validate: "true" }, { json: true })).descr.order;
    for (const [params, rest] of [
      [{ ordertype: "stop-loss-limit", price: "55", price2: "54" }, "stop loss 55.0 -> limit 54.0"],
      [{ ordertype: "take-profit", price: "120" }, "take profit 120.0"],
      [{ ordertype: "take-profit-limit", price: "62550.4", price2: "62537.9" }, "take profit 62550.4 -> limit 62537.9"],
      [{ ordertype: "trailing-stop", price: "+50%" }, "trailing stop +50.0000%"],
      [
        { ordertype: "trailing-stop-limit", price: "+5%", price2: "-100", leverage: "3" },
        "trailing stop +5.0000% -> limit -100.0 with 3:1 leverage",
      ],
      [{ ordertype: "iceberg", price: "#10", displayvol: "0.1" }, "iceberg #10.0"],
      [{ price: "25000.1", leverage: "2:1" }, "limit 25000.1 with 2:1 leverage"],
    ])
      assert.equal(await line(params), `buy 1.25000000 XBTUSD @ ${rest}`);
    assert.equal(await line({ pair: "ETHUSD", ordertype: "market" }), "buy 1.25000000 ETHUSD @ market");
    const close = { ordertype: "take-profit", price: "#2.5%" };
    const { descr } = await ok("AddOrder", { ...LIMIT, close, leverage: "2", validate: true }, { json: true });
    assert.deepEqual(descr, {
      order: "buy 1.25000000 XBTUSD @ limit 37500.0 with 2:1 leverage",
      close: "close position @ take profit #2.5000%",
    });
    const [txid] = (await ok("AddOrder", { ...LIMIT, leverage: "2" })).txid;
    assert.equal((await ok("OpenOrders")).open[txid].descr.leverage, "2:1");
  });

  test("a row of TradesHistory has ledgers on request, and the maker's fee is lower", async (t) => {
    const { exchange, ok } = await setUp(t);
    await ok("AddOrder", MARKET);
    const [resting] = (await ok("AddOrder", { ...LIMIT, volume: "1" })).txid;
    exchange.fill(resting);
    const rows = Object.values((await ok("TradesHistory")).trades);
    assert.deepEqual(
      rows.map(({ ordertxid: _, postxid: __, time: ___, ...row }) => row),
      [
        {
          pair: "XXBTZUSD",
          type: "buy",
          ordertype: "limit",
          price: "37500.00000",
          cost: "37500.00000",
          fee: "60.00000",
          vol: "1.00000000",
          margin: "0.00000",
          leverage: "0",
          misc: "",
          trade_id: 2,
          maker: true,
        },
        {
          pair: "XXBTZUSD",
          type: "buy",
          ordertype: "market",
          price: "50000.00000",
          cost: "25000.00000",
          fee: "65.00000",
          vol: "0.50000000",
          margin: "0.00000",
          leverage: "0",
          misc: "",
          trade_id: 1,
          maker: false,
        },
      ],
    );
    const [latest] = Object.values((await ok("TradesHistory", { ledgers: "true" })).trades);
    const ledger = await ok("QueryLedgers", { id: latest.ledgers.join() });
    assert.deepEqual(
      Object.values(ledger).map(({ asset, amount, fee }) => [asset, amount, fee]),
      [
        ["XXBT", "1.0000000000", "0.0000000000"],
        ["ZUSD", "-37500.0000", "60.0000"],
      ],
    );
  });

  test("histories are selected by page, kind and pair, without a count, and with the trades of an order on request", async (t) => {
    const { client, ok } = await setUp(t);
    await ok("AddOrder", MARKET);
    await ok("AddOrder", { ...MARKET, pair: "ETHUSD" });
    await ok("Withdraw", { asset: "XBT", key: "cold", amount: "0.1" });
    const trades = async (params) => Object.keys((await ok("TradesHistory", params)).trades);
    const all = await trades();
    assert.deepEqual(await trades({ ofs: "1" }), all.slice(1));
    assert.deepEqual(await trades({ limit: "1" }), all.slice(0, 1));
    assert.deepEqual(await trades({ pair: "XBTUSD" }), all.slice(1));
    assert.deepEqual([(await trades({ type: "no position" })).length, (await trades({ type: "any position" })).length], [2, 0]);
    assert.equal((await ok("TradesHistory", { without_count: "true" })).count, undefined);
    const types = async (params) => Object.values((await ok("Ledgers", params)).ledger).map(({ type }) => type);
    assert.deepEqual(await types(), ["withdrawal", "trade", "trade", "trade", "trade"]);
    assert.deepEqual(await types({ type: "withdrawal" }), ["withdrawal"]);
    assert.deepEqual(await types({ type: "trade", ofs: "3" }), ["trade"]);
    assert.deepEqual(await types({ asset: "XBT,ETH" }), ["withdrawal", "trade", "trade"]);
    for (const [endpoint, params, error] of [
      ["TradesHistory", { type: "good" }, "EGeneral:Invalid arguments:type"],
      ["TradesHistory", { pair: "NOPE" }, "EQuery:Unknown asset pair"],
      ["Ledgers", { type: "good" }, "EGeneral:Invalid arguments:type"],
      ["Ledgers", { asset: "NOPE" }, "EQuery:Unknown asset"],
      ["Ledgers", { ofs: "x" }, "EGeneral:Invalid arguments:ofs"],
    ])
      assert.deepEqual((await client.call(endpoint, params)).error, [error]);
    const closed = async (params) => Object.values((await ok("ClosedOrders", params)).closed).map((order) => order.trades?.length);
    assert.deepEqual(
      [await closed(), await closed({ trades: "true" })],
      [
        [undefined, undefined],
        [1, 1],
      ],
    );
  });

  test("QueryTrades and QueryLedgers take at most 20 ids", async (t) => {
    const { client, ok } = await setUp(t);
    for (let i = 0; i < 21; i += 1) await ok("AddOrder", MARKET);
    for (const [endpoint, name, rows] of [
      ["QueryTrades", "txid", (await ok("TradesHistory")).trades],
      ["QueryLedgers", "id", (await ok("Ledgers")).ledger],
    ]) {
      const ids = Object.keys(rows).slice(0, 21);
      assert.deepEqual((await client.call(endpoint, { [name]: ids.join() })).error, [`EGeneral:Invalid arguments:${name}`]);
      assert.equal(Object.keys(await ok(endpoint, { [name]: ids.slice(1).join() })).length, 20);
    }
  });

  test("OrderAmends begins with the order as it was placed, which counts", async (t) => {
    const { clock, ok } = await setUp(t);
    const [txid] = (await ok("AddOrder", { ...LIMIT, oflags: "post" })).txid;
    clock.now += 1000;
    const { amend_id } = await ok("AmendOrder", { txid, order_qty: "1.5", limit_price: "37600", post_only: "true" });
    const { count, amends } = await ok("OrderAmends", { order_id: txid });
    assert.equal(count, 2);
    assert.match(amends[0].amend_id, /^T[A-Z0-9]{5}-/);
    const quantities = (quantity) => ({ order_qty: quantity, remaining_qty: quantity });
    assert.deepEqual(amends, [
      {
        amend_id: amends[0].amend_id,
        amend_type: "original",
        ...quantities("1.25000000"),
        limit_price: "37500.0",
        post_only: true,
        timestamp: START,
      },
      {
        amend_id,
        amend_type: "user",
        ...quantities("1.50000000"),
        limit_price: "37600.0",
        reason: "User requested",
        post_only: true,
        timestamp: START + 1000,
      },
    ]);
    const [stop] = (await ok("AddOrder", { ...LIMIT, type: "sell", ordertype: "stop-loss", price: "40000" })).txid;
    const [original] = (await ok("OrderAmends", { order_id: stop })).amends;
    assert.deepEqual([original.trigger_price, original.limit_price], ["40000.0", undefined]);
  });

  test("some times have no milliseconds, and some years two digits", async (t) => {
    const { ok, result } = await setUp(t);
    assert.deepEqual(await result("Time"), { unixtime: 1688669448, rfc1123: "Thu, 06 Jul 23 18:50:48 +0000" });
    assert.deepEqual(await result("SystemStatus"), { status: "online", timestamp: "2023-07-06T18:50:48Z" });
    assert.deepEqual(await ok("CancelAllOrdersAfter", { timeout: "60" }), {
      currentTime: "2023-07-06T18:50:48Z",
      triggerTime: "2023-07-06T18:51:48Z",
    });
    assert.deepEqual(await ok("CancelAllOrdersAfter", { timeout: "0" }), { currentTime: "2023-07-06T18:50:48Z", triggerTime: "0" });
  });

  test("TradeVolume returns the fees of the requested pairs", async (t) => {
    const { client, ok } = await setUp(t);
    assert.deepEqual(await ok("TradeVolume"), { currency: "ZUSD", volume: "0.0000", fees: null, fees_maker: null });
    await ok("AddOrder", MARKET);
    const { volume, fees, fees_maker } = await ok("TradeVolume", { pair: "XBTUSD" });
    assert.equal(volume, "25000.0000");
    const fee = (value) => ({ fee: value, minfee: value, maxfee: value, nextfee: null, nextvolume: null, tiervolume: "0.0000" });
    assert.deepEqual([fees, fees_maker], [{ XXBTZUSD: fee("0.2600") }, { XXBTZUSD: fee("0.1600") }]);
    assert.deepEqual((await client.call("TradeVolume", { pair: "NOPE" })).error, ["EQuery:Unknown asset pair"]);
    const detailed = await client.call("TradeVolume", { pair: [{ asset: "XBTUSD", aclass: "forex" }] }, { json: true });
    assert.deepEqual(detailed.result?.fees, fees);
    assert.deepEqual((await client.call("TradeVolume", { pair: { asset: "XBTUSD" } }, { json: true })).error, [
      "EGeneral:Invalid arguments:pair",
    ]);
  });
});
