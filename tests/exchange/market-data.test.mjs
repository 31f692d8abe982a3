// One market behind everything: what REST shows, what the sockets say and the account's orders agree.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, Futures, until } from "./helper.mjs";
import { BOOK, NOW, setUp } from "./market.mjs";

describe("market data over REST", () => {
  test("Depth and GroupedBook show the book that was set and the account's own orders", async () => {
    const { market, ok, get, result, place } = setUp();
    market.setBook(BOOK);
    await place({ price: "49980", volume: "0.25" });
    await place({ price: "49000" });
    await place({ type: "sell", ordertype: "stop-loss", price: "40000" });
    const time = NOW / 1000;
    assert.deepEqual(await result("Depth?pair=XBTUSD"), {
      XXBTZUSD: {
        asks: [
          ["50010.00000", "0.500", time],
          ["50020.00000", "2.000", time],
        ],
        bids: [
          ["49990.00000", "1.000", time],
          ["49980.00000", "2.250", time],
          ["49000.00000", "1.000", time],
        ],
      },
    });
    assert.equal((await result("Depth?pair=XBTUSD&count=1")).XXBTZUSD.bids.length, 1);
    assert.deepEqual(await result("GroupedBook?pair=XBTUSD&grouping=1000"), {
      pair: "BTC/USD",
      grouping: 1000,
      bids: [
        { price: "49900.0", qty: "3.25000000" },
        { price: "49000.0", qty: "1.00000000" },
      ],
      asks: [{ price: "50100.0", qty: "2.50000000" }],
    });
    const { a, b } = (await result("Ticker?pair=XBTUSD")).XXBTZUSD;
    assert.deepEqual(
      [a, b],
      [
        ["50010.00000", "0", "0.500"],
        ["49990.00000", "1", "1.000"],
      ],
    );
    assert.deepEqual((await ok("CancelAll")).count, 3);
    assert.equal((await result("Depth?pair=XBTUSD")).XXBTZUSD.bids.length, 2);
    for (const [path, error] of [
      ["Depth", "EGeneral:Invalid arguments:pair"],
      ["Depth?pair=NOPE", "EQuery:Unknown asset pair"],
      ["Depth?pair=XBTUSD&count=501", "EGeneral:Invalid arguments:count"],
      ["GroupedBook?pair=XBTUSD&grouping=7", "EGeneral:Invalid arguments:grouping"],
      ["OHLC?pair=XBTUSD&interval=2", "EGeneral:Invalid arguments:interval"],
      ["Trades?pair=XBTUSD&since=x", "EGeneral:Invalid arguments:since"],
    ])
      assert.deepEqual((await get(path)).error, [error]);
  });

  test("Level3 shows the account's own orders in the book", async () => {
    const { market, ok, place } = setUp();
    const [low, high] = [await place({ price: "48000" }), await place({ price: "49000" })];
    await place({ ordertype: "stop-loss", price: "51000" });
    market.trade("49000", "0.25");
    const row = (price, qty, order_id) => ({ price, qty, order_id, timestamp: NOW * 1e6 });
    assert.deepEqual(await ok("Level3", { pair: "XBTUSD" }), {
      pair: "XBT/USD",
      bids: [row("49000.0", "0.75000000", high), row("48000.0", "1.00000000", low)],
      asks: [],
    });
  });

  test("Trades continues after the last trade that was seen", async () => {
    const { clock, market, result } = setUp();
    market.trade("50100", "0.5");
    clock.now += 250;
    market.trade("50050", "0.25", { side: "sell" });
    const first = await result("Trades?pair=XBTUSD");
    assert.deepEqual(first.XXBTZUSD, [
      ["50100.00000", "0.50000000", NOW / 1000, "b", "l", "", 1],
      ["50050.00000", "0.25000000", NOW / 1000 + 0.25, "s", "l", "", 2],
    ]);
    assert.match(first.last, /^\d{19}$/);
    assert.deepEqual((await result(`Trades?pair=XBTUSD&since=${first.last}`)).XXBTZUSD, []);
    market.trade("50060", "0.125");
    assert.deepEqual(
      (await result(`Trades?pair=XBTUSD&since=${first.last}`)).XXBTZUSD.map((row) => row[6]),
      [3],
    );
    assert.equal((await result("Trades?pair=XBTUSD&count=1")).XXBTZUSD[0][6], 3);
    assert.equal(
      (await result(`Trades?pair=XBTUSD&since=${NOW / 1000}&count=1`)).XXBTZUSD[0][6],
      1,
      "in seconds, the trades of that second too",
    );
  });

  test("OHLC has candles of trades, including minutes without trades", async () => {
    const { clock, market, result } = setUp();
    market.trade("50100", "1");
    market.trade("50000", "3");
    clock.now += 120_000;
    market.trade("50200", "1");
    const begin = (NOW - 30_000) / 1000;
    assert.deepEqual(await result("OHLC?pair=XBTUSD"), {
      XXBTZUSD: [
        [begin, "50100.0", "50100.0", "50000.0", "50000.0", "50025.0", "4.00000000", 2],
        [begin + 60, "50000.0", "50000.0", "50000.0", "50000.0", "0.0", "0.00000000", 0],
        [begin + 120, "50200.0", "50200.0", "50200.0", "50200.0", "50200.0", "1.00000000", 1],
      ],
      last: begin + 60,
    });
    assert.deepEqual((await result(`OHLC?pair=XBTUSD&since=${begin + 60}`)).XXBTZUSD.length, 1);
    assert.deepEqual((await result("OHLC?pair=XBTUSD&interval=60")).XXBTZUSD, [
      [begin, "50100.0", "50200.0", "50000.0", "50200.0", "50060.0", "5.00000000", 3],
    ]);
    const { v, p, t, l, h, o } = (await result("Ticker?pair=XBTUSD")).XXBTZUSD;
    assert.deepEqual([v[0], p[0], t[0], l[0], h[0], o], ["5.00000000", "50060.00000", 3, "50000.00000", "50200.00000", "50100.00000"]);
  });

  test("PreTrade and PostTrade show the same book and the same trades", async () => {
    const { clock, exchange, market, get, result, place } = setUp();
    market.setBook(BOOK);
    await place({ price: "49990" });
    const { bids, asks, ...head } = await result("PreTrade?symbol=BTC/USD");
    assert.deepEqual(head, {
      symbol: "BTC/USD",
      description: "BTC in USD",
      base_asset: "BTC",
      base_notation: "UNIT",
      quote_asset: "USD",
      quote_notation: "MONE",
      venue: "PGSL",
      system: "CLOB",
    });
    const ts = "2025-07-07T10:00:30.000Z";
    assert.deepEqual(bids[0], { side: "BUY", price: "49990.0", qty: "2.00000000", count: 2, submission_ts: ts, publication_ts: ts });
    assert.deepEqual([asks.length, asks[0].side, asks[0].price], [2, "SELL", "50010.0"]);
    market.trade("50010", "0.5");
    clock.now += 1000;
    exchange.market("ETHUSD").trade("2510", "1");
    // The nanoseconds are made of the number of the trade, so that no two trades have the same time.
    const times = ["2025-07-07T10:00:30.000000009Z", "2025-07-07T10:00:31.000000011Z"];
    const all = await result("PostTrade");
    assert.deepEqual(
      all.trades.map(({ symbol, price, quantity, trade_ts }) => [symbol, price, quantity, trade_ts]),
      [
        ["BTC/USD", "50010.0", "0.50000000", times[0]],
        ["ETH/USD", "2510.00", "1.00000000", times[1]],
      ],
    );
    assert.deepEqual([all.count, all.last_ts], [2, times[1]]);
    assert.equal((await result(`PostTrade?from_ts=${ts}`)).count, 2);
    assert.equal((await result(`PostTrade?from_ts=${times[0]}`)).trades[0].symbol, "ETH/USD");
    assert.equal((await result(`PostTrade?to_ts=${times[0]}&count=1`)).trades[0].symbol, "BTC/USD");
    assert.deepEqual(await result(`PostTrade?symbol=ETH/USD&to_ts=${times[0]}`), { last_ts: "", count: 0, trades: [] });
    for (const [path, error] of [
      ["PreTrade", "EGeneral:Invalid arguments:symbol"],
      ["PreTrade?symbol=NO/PE", "EQuery:Unknown asset pair"],
      ["PostTrade?from_ts=x", "EGeneral:Invalid arguments:from_ts"],
      ["PostTrade?count=1001", "EGeneral:Invalid arguments:count"],
    ])
      assert.deepEqual((await get(path)).error, [error]);
  });

  test("Spread lists each change of the best prices", async () => {
    const { clock, market, result } = setUp();
    market.setBook(BOOK);
    clock.now += 2000;
    market.trade("50010", "0.5");
    const rows = [
      [NOW / 1000 - 0.0, "49990.00000", "50010.00000"],
      [NOW / 1000 + 2, "49990.00000", "50020.00000"],
    ];
    assert.deepEqual(await result("Spread?pair=XBTUSD"), { XXBTZUSD: rows, last: NOW / 1000 + 2 });
    assert.deepEqual((await result(`Spread?pair=XBTUSD&since=${NOW / 1000 + 1}`)).XXBTZUSD, rows.slice(1));
  });
});

describe("REST and the sockets agree", () => {
  test("a ticker by best prices is sent when these change, and only then", async (t) => {
    const { exchange, market, place } = setUp();
    const { ask, raw, tick, close } = await connect(exchange);
    t.after(close);
    await ask("subscribe", { channel: "ticker", symbol: ["BTC/USD"], event_trigger: "bbo", snapshot: false });
    market.setBook(BOOK);
    market.update({ bids: [["49980", "5"]], asks: [["50010", "0.7"]] });
    market.trade("50010", "0.1");
    await place({ price: "49995" });
    await tick();
    const prices = raw
      .map((text) => JSON.parse(text))
      .filter(({ channel }) => channel === "ticker")
      .map(({ data: [{ bid, ask: best }] }) => [bid, best]);
    assert.deepEqual(prices, [
      [49990, 50010],
      [49995, 50010],
    ]);
  });

  test("the answer to a subscription of trades says whether there is a snapshot, which is not the default", async (t) => {
    const { exchange, market } = setUp();
    market.trade("50000", "1");
    const { ask, raw, tick, close } = await connect(exchange);
    t.after(close);
    const snapshots = () => raw.filter((text) => /"channel":"trade","type":"snapshot"/.test(text)).length;
    assert.equal((await ask("subscribe", { channel: "trade", symbol: ["BTC/USD"] })).result.snapshot, false);
    await tick();
    assert.equal(snapshots(), 0);
    await ask("unsubscribe", { channel: "trade", symbol: ["BTC/USD"] });
    assert.equal((await ask("subscribe", { channel: "trade", symbol: ["BTC/USD"], snapshot: true })).result.snapshot, true);
    await until(() => snapshots() === 1);
  });

  test("Spot: ticker, trades and candles match", async (t) => {
    const { exchange, market, result } = setUp();
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    await ask("subscribe", { channel: "trade", symbol: ["BTC/USD"], snapshot: true });
    await ask("subscribe", { channel: "ticker", symbol: ["BTC/USD"] });
    market.setBook(BOOK);
    market.trade("50015", "0.75");
    const of = (channel) =>
      raw
        .map((text) => JSON.parse(text))
        .flatMap((message) => (message.channel === channel && message.type === "update" ? message.data : []));
    await until(() => of("trade").length === 2 && of("ticker").length === 2);
    const rows = (await result("Trades?pair=XBTUSD")).XXBTZUSD;
    assert.deepEqual(
      of("trade").map(({ price, qty, side, ord_type, trade_id }) => [price, qty, side, ord_type, trade_id]),
      rows.map(([price, volume, , side, type, , id]) => [
        Number(price),
        Number(volume),
        side === "b" ? "buy" : "sell",
        type === "m" ? "market" : "limit",
        id,
      ]),
    );
    const { a, b, c, v, p, l, h } = (await result("Ticker?pair=XBTUSD")).XXBTZUSD;
    const { ask: best, ask_qty, bid, bid_qty, last, volume, vwap, low, high, change, change_pct } = of("ticker").at(-1);
    assert.deepEqual([best, ask_qty, bid, bid_qty], [a[0], a[2], b[0], b[2]].map(Number));
    assert.deepEqual([last, volume, low, high], [c[0], v[1], l[1], h[1]].map(Number));
    assert.deepEqual([vwap, change, change_pct], [Math.floor(Number(p[1]) * 10) / 10, 5, 0]);
  });

  test("Spot: candles of several lengths can be subscribed, and each trade updates the current ones", async (t) => {
    const { clock, exchange, market, result } = setUp();
    market.trade("50100", "1");
    clock.now += 120_000;
    market.trade("50200", "1");
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    const subscribe = (interval) => ask("subscribe", { channel: "ohlc", symbol: ["BTC/USD"], ...(interval ? { interval } : {}) });
    assert.deepEqual((await subscribe()).result, { channel: "ohlc", interval: 1, snapshot: true, symbol: "BTC/USD" });
    assert.deepEqual((await subscribe(60)).result, { channel: "ohlc", interval: 60, snapshot: true, symbol: "BTC/USD" });
    assert.equal((await subscribe(60)).error, "Already subscribed to ohlc BTC/USD");
    assert.equal((await subscribe(7)).error, "EGeneral:Invalid arguments:interval");
    market.trade("50150", "2");
    const of = (kind) => raw.map((text) => JSON.parse(text)).filter(({ channel, type }) => channel === "ohlc" && type === kind);
    await until(() => of("update").length === 2);
    assert.deepEqual(
      of("snapshot").map(({ data }) =>
        data.map(({ interval, interval_begin, close: last, trades }) => [interval, interval_begin, last, trades]),
      ),
      [
        [
          [1, "2025-07-07T10:00:00.000000000Z", 50100, 1],
          [1, "2025-07-07T10:02:00.000000000Z", 50200, 1],
        ],
        [[60, "2025-07-07T10:00:00.000000000Z", 50200, 2]],
      ],
    );
    assert.deepEqual(of("update")[0].data, [
      {
        symbol: "BTC/USD",
        open: 50200,
        high: 50200,
        low: 50150,
        close: 50150,
        trades: 2,
        volume: 3,
        vwap: 50166.6,
        interval_begin: "2025-07-07T10:02:00.000000000Z",
        interval: 1,
        timestamp: "2025-07-07T10:03:00.000000Z",
      },
    ]);
    const row = (await result("OHLC?pair=XBTUSD")).XXBTZUSD.at(-1);
    const { open, high, low, close: last, vwap, volume, trades } = of("update")[0].data[0];
    assert.deepEqual([open, high, low, last, vwap, volume, trades], row.slice(1).map(Number));
    await ask("unsubscribe", { channel: "ohlc", symbol: ["BTC/USD"], interval: 1 });
    market.trade("50000", "1");
    await until(() => of("update").length === 3);
    assert.equal(of("update")[2].data[0].interval, 60);
  });

  test("Spot: instruments match AssetPairs and Assets", async (t) => {
    const { exchange, result } = setUp();
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    const instruments = await ask("subscribe", { channel: "instrument", execution_venue: "international" });
    assert.deepEqual(instruments.result, { channel: "instrument", snapshot: true });
    assert.equal((await ask("subscribe", { channel: "instrument" })).error, "Already subscribed to instrument");
    const { type, data } = raw.map((text) => JSON.parse(text)).find(({ channel }) => channel === "instrument");
    assert.equal(type, "snapshot");
    assert.deepEqual(data.assets[0], {
      id: "USD",
      status: "enabled",
      precision: 4,
      precision_display: 2,
      borrowable: true,
      collateral_value: 1,
      margin_rate: 0.02,
    });
    const pairs = Object.values(await result("AssetPairs"));
    assert.deepEqual(
      data.pairs.map((pair) => [pair.symbol, pair.price_precision, pair.price_increment, pair.qty_min, pair.cost_min, pair.cost_precision]),
      pairs.map((pair) => [
        pair.wsname.replace("XBT", "BTC"),
        pair.pair_decimals,
        Number(pair.tick_size),
        Number(pair.ordermin),
        Number(pair.costmin),
        pair.cost_decimals,
      ]),
    );
    assert.equal((await ask("unsubscribe", { channel: "instrument" })).success, true);
  });

  test("Futures: ticker, book and trades match, and include the account's orders", async (t) => {
    const { exchange } = setUp();
    const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
    const market = exchange.market("PF_XBTUSD");
    const socket = new exchange.WebSocket("wss://futures.kraken.com/ws/v1");
    t.after(() => socket.close());
    const got = [];
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (!message.event) got.push(message);
    };
    await new Promise((resolve) => (socket.onopen = resolve));
    market.setBook(BOOK);
    for (const feed of ["ticker", "ticker_lite", "trade", "book"])
      socket.send(JSON.stringify({ event: "subscribe", feed, product_ids: ["PF_XBTUSD"] }));
    await until(() => got.some(({ feed }) => feed === "book_snapshot"));
    const { bids, asks } = got.find(({ feed }) => feed === "book_snapshot");
    const { orderBook } = await client.call("GET", "orderbook", "symbol=PF_XBTUSD");
    const rows = (side) => side.map(({ price, qty }) => [price, qty]);
    assert.deepEqual({ bids: rows(bids), asks: rows(asks) }, orderBook);
    const sent = await client.call("POST", "sendorder", {
      orderType: "lmt",
      symbol: "PF_XBTUSD",
      side: "buy",
      size: "0.75",
      limitPrice: "50010",
    });
    await until(() => got.filter(({ feed }) => feed === "book").length === 2);
    assert.deepEqual(
      got.filter(({ feed }) => feed === "book").map(({ side, price, qty, seq }) => [side, price, qty, seq]),
      [
        ["sell", 50010, 0, 2],
        ["buy", 50010, 0.25, 3],
      ],
    );
    const [trade] = got.filter(({ feed }) => feed === "trade");
    assert.deepEqual([trade.side, trade.price, trade.qty, trade.seq], ["buy", 50010, 0.5, 1]);
    assert.deepEqual(
      sent.sendStatus.orderEvents.map(({ type, amount, order }) => [type, amount ?? order.filled]),
      [
        ["EXECUTION", 0.5],
        ["PLACE", 0.5],
      ],
    );
    const { ticker } = await client.call("GET", "tickers/PF_XBTUSD");
    const { bid, ask, last, markPrice, volume } = got.findLast(({ feed }) => feed === "ticker");
    assert.deepEqual([bid, ask, last, markPrice, volume], [ticker.bid, ticker.ask, ticker.last, ticker.markPrice, ticker.vol24h]);
    assert.deepEqual([bid, ask, last], [50010, 50020, 50010]);
  });
});

describe("pages of trades", () => {
  test("3,000 trades of one millisecond can be followed with Trades and with PostTrade, each of them once", async () => {
    const { exchange, result, market } = setUp();
    exchange.market("ETHUSD").walk({ seed: 2, steps: 500 });
    market.walk({ seed: 1, steps: 2500 });
    const seen = [];
    for (let since = "0", more = true; more;) {
      const { XXBTZUSD: rows, last } = await result(`Trades?pair=XBTUSD&since=${since}`);
      more = rows.length > 0;
      seen.push(...rows.map(([, , , , , , id]) => id));
      since = last;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 2500 }, (_, i) => i + 1),
    );
    const ids = [];
    for (let from = "2020-01-01T00:00:00Z", more = true; more;) {
      const { trades, last_ts } = await result(`PostTrade?count=700&from_ts=${from}`);
      more = trades.length > 0;
      ids.push(...trades.map(({ trade_id }) => trade_id));
      from = last_ts;
    }
    assert.deepEqual([ids.length, new Set(ids).size], [3000, 3000]);
  });

  test("a clock with fractions of milliseconds can be used", async () => {
    const { result, market } = setUp({ now: () => NOW + 0.5 });
    market.trade("50000", "1");
    assert.equal((await result("Trades?pair=XBTUSD")).XXBTZUSD[0][2], NOW / 1000);
    assert.equal((await result("PostTrade?symbol=BTC/USD")).count, 1);
  });
});
