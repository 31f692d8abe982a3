// Futures answers as Kraken gives them. Sources: docs.kraken.com (Derivatives REST), the answers that python-kraken-sdk, ccxt, Kraken.Net and
// nautilus_trader keep, rewritten with numbers of our own, and where two clients agree, what they read.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, Futures, overBoth } from "./helper.mjs";

const NOW = Date.UTC(2025, 6, 7, 10, 0, 30);
const ISO = "2025-07-07T10:00:30.000Z";
const ORDER = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "0.01", limitPrice: "20000" };

overBoth(describe, "Futures answers", (open) => {
  async function setUp(t, options) {
    const clock = { now: NOW };
    const exchange = new Exchange({ now: () => clock.now, ...options });
    const way = await open(t, exchange);
    const client = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const ok = async (...args) => {
      const answer = await client.call(...args);
      assert.equal(answer.result, "success", `${args[1]}: ${answer.error}`);
      return answer;
    };
    const get = async (path) => await (await way.fetch(way.futures + path)).json();
    const send = async (params) => (await ok("POST", "sendorder", params)).sendStatus;
    return { clock, exchange, client, ok, get, send };
  }

  test("instruments have everything that rounding and checking an order needs", async (t) => {
    const { ok } = await setUp(t);
    const { instruments } = await ok("GET", "instruments");
    const [flexible, inverse] = ["PF_XBTUSD", "PI_XBTUSD"].map((wanted) => instruments.find(({ symbol }) => symbol === wanted));
    assert.deepEqual(flexible, {
      symbol: "PF_XBTUSD",
      pair: "XBT:USD",
      base: "XBT",
      quote: "USD",
      type: "flexible_futures",
      tickSize: 1,
      contractSize: 1,
      tradeable: true,
      impactMidSize: 1,
      maxPositionSize: 5000,
      openingDate: "2020-01-01T00:00:00.000Z",
      marginLevels: [{ numNonContractUnits: 0, initialMargin: 0.02, maintenanceMargin: 0.01 }],
      fundingRateCoefficient: 8,
      maxRelativeFundingRate: 0.001,
      contractValueTradePrecision: 4,
      feeScheduleUid: "00000000-0000-4000-8000-0000000000fe",
      postOnly: false,
      retailMarginLevels: [{ numNonContractUnits: 0, initialMargin: 0.5, maintenanceMargin: 0.25 }],
      category: "Layer 1",
      tags: [],
      tradfi: false,
      mtf: false,
      platformsPermitted: [],
      countriesBanned: [],
      isExpired: false,
    });
    assert.deepEqual(
      [
        inverse.type,
        inverse.underlying,
        inverse.isin,
        inverse.tickSize,
        inverse.contractValueTradePrecision,
        inverse.marginLevels[0].contracts,
      ],
      ["futures_inverse", "rr_xbtusd", "GB0000000000", 0.5, 0, 0],
    );
    const only = await ok("GET", "instruments", "contractType=futures_inverse");
    assert.deepEqual([...new Set(only.instruments.map(({ type }) => type))], ["futures_inverse"]);
    const status = {
      tradeable: "PF_XBTUSD",
      experiencingDislocation: false,
      priceDislocationDirection: null,
      experiencingExtremeVolatility: false,
      extremeVolatilityInitialMarginMultiplier: 1,
    };
    assert.deepEqual((await ok("GET", "instruments/status")).instrumentStatus[0], status);
    const { result: _, serverTime: __, ...one } = await ok("GET", "instruments/PF_XBTUSD/status");
    assert.deepEqual(one, status);
  });

  test("a ticker is the same among all and alone", async (t) => {
    const { clock, client, ok, send } = await setUp(t);
    await send({ ...ORDER, orderType: "mkt" });
    clock.now += 1000;
    const { ticker } = await ok("GET", "tickers/pf_xbtusd");
    assert.deepEqual(ticker, {
      tag: "perpetual",
      pair: "XBT:USD",
      symbol: "PF_XBTUSD",
      markPrice: 50000,
      bid: 50000,
      bidSize: 1,
      ask: 50000,
      askSize: 1,
      vol24h: 0.01,
      volumeQuote: 500,
      openInterest: 0.01,
      open24h: 50000,
      high24h: 50000,
      low24h: 50000,
      indexPrice: 50000,
      last: 50000,
      lastTime: ISO,
      lastSize: 0.01,
      suspended: false,
      fundingRate: 0,
      fundingRatePrediction: 0,
      postOnly: false,
      change24h: 0,
    });
    assert.deepEqual((await ok("GET", "tickers")).tickers[0], ticker);
    assert.equal((await client.call("GET", "tickers/PF_NOPE")).error, "contractNotFound");
  });

  test("orders and trades appear in the public book, history, executions and candles", async (t) => {
    const { client, ok, send, get } = await setUp(t);
    await send(ORDER);
    await send({ ...ORDER, size: "0.02" });
    await send({ ...ORDER, side: "sell", limitPrice: "60000" });
    await send({ ...ORDER, orderType: "mkt", side: "sell", size: "0.5" });
    assert.deepEqual((await ok("GET", "orderbook", "symbol=PF_XBTUSD")).orderBook, { bids: [[20000, 0.03]], asks: [[60000, 0.01]] });
    const { history } = await ok("GET", "history", "symbol=PF_XBTUSD");
    const { uid } = history[0];
    assert.deepEqual(history, [{ time: ISO, trade_id: 1, price: 50000, size: 0.5, side: "sell", type: "fill", uid }]);
    assert.deepEqual((await ok("GET", "history", `symbol=PF_XBTUSD&lastTime=${ISO}`)).history, []);
    assert.equal((await client.call("GET", "history", "symbol=PF_NOPE")).error, "contractNotFound");
    for (const version of ["v2", "v3"]) {
      const page = await get(`/api/history/${version}/market/PF_XBTUSD/executions`);
      assert.deepEqual([page.len, page.continuationToken], [1, undefined]);
      const { execution, takerReducedQuantity } = page.elements[0].event.Execution;
      assert.deepEqual([page.elements[0].uid, page.elements[0].timestamp, takerReducedQuantity], [uid, NOW, ""]);
      assert.deepEqual(
        [execution.quantity, execution.price, execution.usdValue, execution.limitFilled],
        ["0.5", "50000", "25000.00", true],
      );
      assert.deepEqual([execution.takerOrder.direction, execution.makerOrder.direction], ["Sell", "Buy"]);
    }
    assert.deepEqual((await get("/api/history/v3/market/PF_XBTUSD/price")).elements[0].event, { price: "50000" });
    assert.deepEqual(await get("/api/charts/v1/"), ["spot", "mark", "trade"]);
    assert.ok((await get("/api/charts/v1/trade")).includes("PF_XBTUSD"));
    assert.ok((await get("/api/charts/v1/trade/PF_XBTUSD")).includes("4h"));
    const minute = { time: NOW - 30_000, open: "50000", high: "50000", low: "50000", close: "50000" };
    assert.deepEqual(await get("/api/charts/v1/trade/PF_XBTUSD/1m"), { candles: [{ ...minute, volume: "0.5" }], more_candles: false });
    assert.deepEqual((await get("/api/charts/v1/mark/PF_XBTUSD/1m")).candles, [{ ...minute, volume: "0" }]);
    assert.equal((await get("/api/charts/v1/trade/PF_XBTUSD/2m")).errors[0].code, "invalidArgument");
  });

  test("funding rates and fees exist and are zero", async (t) => {
    const { ok } = await setUp(t);
    const { rates } = await ok("GET", "historical-funding-rates", "symbol=PF_XBTUSD");
    assert.deepEqual([rates.length, rates.at(-1)], [24, { timestamp: "2025-07-07T10:00:00.000Z", fundingRate: 0, relativeFundingRate: 0 }]);
    const { feeSchedules } = await ok("GET", "feeschedules");
    assert.deepEqual(feeSchedules[0].tiers, [{ makerFee: 0, takerFee: 0, usdVolume: 0 }]);
    assert.deepEqual((await ok("GET", "feeschedules/volumes")).volumesByFeeSchedule, { [feeSchedules[0].uid]: 0 });
  });

  test("the event of an execution contains the order before the execution", async (t) => {
    const { send } = await setUp(t);
    const sent = await send({ ...ORDER, orderType: "mkt", cliOrdId: "mine" });
    const [event] = sent.orderEvents;
    assert.deepEqual(sent, {
      order_id: sent.order_id,
      cliOrdId: "mine",
      status: "placed",
      receivedTime: ISO,
      orderEvents: [
        {
          type: "EXECUTION",
          executionId: event.executionId,
          price: 50000,
          amount: 0.01,
          orderPriorEdit: null,
          orderPriorExecution: {
            orderId: sent.order_id,
            cliOrdId: "mine",
            type: "ioc",
            symbol: "PF_XBTUSD",
            side: "buy",
            quantity: 0.01,
            filled: 0,
            limitPrice: null,
            reduceOnly: false,
            timestamp: ISO,
            lastUpdateTimestamp: ISO,
          },
          takerReducedQuantity: null,
        },
      ],
    });
  });

  test("a stop is a trigger in its event, in openorders, in orders/status and in the history", async (t) => {
    const { client, ok, send } = await setUp(t);
    const stop = {
      ...ORDER,
      orderType: "stp",
      side: "sell",
      stopPrice: "45000",
      limitPrice: "44900",
      triggerSignal: "last",
      cliOrdId: "stop",
    };
    const { order_id, orderEvents } = await send(stop);
    assert.deepEqual(orderEvents, [
      {
        type: "PLACE",
        orderTrigger: {
          uid: order_id,
          clientId: "stop",
          type: "lmt",
          symbol: "PF_XBTUSD",
          side: "sell",
          quantity: 0.01,
          limitPrice: 44900,
          triggerPrice: 45000,
          triggerSide: "trigger_below",
          triggerSignal: "last_price",
          reduceOnly: false,
          timestamp: ISO,
          lastUpdateTimestamp: ISO,
        },
      },
    ]);
    const market = await send({ ...ORDER, orderType: "take_profit", side: "sell", limitPrice: "", stopPrice: "55000" });
    const { type, triggerSide, triggerSignal, limitPrice } = market.orderEvents[0].orderTrigger;
    assert.deepEqual([type, triggerSide, triggerSignal, limitPrice], ["ioc", "trigger_above", "mark_price", undefined]);
    const [listed] = (await ok("GET", "openorders")).openOrders;
    assert.deepEqual([listed.orderType, listed.stopPrice, listed.triggerSignal, listed.limitPrice], ["stop", 45000, "last", 44900]);
    const [{ order, status }] = (await ok("POST", "orders/status", "cliOrdIds=stop")).orders;
    assert.equal(status, "TRIGGER_PLACED");
    assert.deepEqual(
      [order.type, order.priceTriggerOptions, order.triggerTime],
      ["TRIGGER_ORDER", { triggerPrice: 45000, triggerSide: "TRIGGER_BELOW", triggerSignal: "LAST_PRICE" }, null],
    );
    await ok("POST", "editorder", { orderId: order_id, stopPrice: "45100" });
    const { cancelStatus } = await ok("POST", "cancelorder", { order_id });
    assert.equal(cancelStatus.orderEvents[0].orderTrigger.triggerPrice, 45100);
    const { elements } = await client.call("GET", "/api/history/v3/triggers", "sort=asc");
    assert.deepEqual(
      elements.map(({ event }) => Object.keys(event)[0]),
      ["OrderTriggerPlaced", "OrderTriggerPlaced", "OrderTriggerUpdated", "OrderTriggerCancelled"],
    );
    assert.deepEqual(elements[0].event.OrderTriggerPlaced.order.triggerOptions, {
      triggerPrice: "45000",
      triggerSide: "Below",
      triggerSignal: "LastPrice",
    });
    assert.deepEqual((await client.call("GET", "/api/history/v3/orders")).elements, []);
  });

  test("a rejection by the engine has an event with the order and the reason", async (t) => {
    const { exchange, send } = await setUp(t);
    for (const [params, status, reason] of [
      [{ orderType: "ioc" }, "iocWouldNotExecute", "IOC_WOULD_NOT_EXECUTE"],
      [{ orderType: "fok" }, "iocWouldNotExecute", "IOC_WOULD_NOT_EXECUTE"],
      [{ reduceOnly: "true" }, "wouldNotReducePosition", "WOULD_NOT_REDUCE_POSITION"],
    ]) {
      const sent = await send({ ...ORDER, ...params });
      assert.equal(sent.status, status);
      const [{ order, ...event }] = sent.orderEvents;
      assert.deepEqual(event, { type: "REJECT", uid: sent.order_id, reason });
      assert.deepEqual([order.orderId, order.quantity, order.filled], [sent.order_id, 0.01, 0]);
    }
    assert.equal(
      exchange.executions.some(({ write }) => write),
      false,
    );
  });

  for (const version of ["v2", "v3"]) {
    test(`histories ${version} contain orders, executions, positions and the account log`, async (t) => {
      const { client, ok, send } = await setUp(t);
      const { order_id } = await send({ ...ORDER, orderType: "mkt", cliOrdId: "mine", size: "2" });
      await send({ ...ORDER, orderType: "mkt", side: "sell", size: "3" });
      await send({ ...ORDER, cliOrdId: "other" });
      await ok("POST", "editorder", { cliOrdId: "other", size: "0.02" });
      const history = async (name, query = "sort=asc") => await client.call("GET", `/api/history/${version}/${name}`, query);
      const orders = await history("orders");
      assert.deepEqual(
        orders.elements.map(({ event }) => Object.entries(event).map(([name, { reason }]) => `${name} ${reason}`)[0]),
        [
          "OrderPlaced new_user_order",
          "OrderUpdated full_fill",
          "OrderPlaced new_user_order",
          "OrderUpdated full_fill",
          "OrderPlaced new_user_order",
          "OrderUpdated edited_by_user",
        ],
      );
      const { oldOrder, newOrder } = orders.elements[1].event.OrderUpdated;
      assert.deepEqual([oldOrder.filled, newOrder.filled], ["0", "2"]);
      const executions = await history("executions");
      const { Execution } = executions.elements[0].event;
      const { uid, order, timestamp, quantity, price, markPrice, limitFilled, usdValue } = Execution.execution;
      assert.equal(Execution.takerReducedQuantity, "");
      assert.deepEqual(order, {
        uid: order_id,
        accountUid: executions.accountUid,
        tradeable: "PF_XBTUSD",
        direction: "Buy",
        quantity: "2",
        filled: "2",
        timestamp: NOW,
        limitPrice: "0",
        orderType: "Market",
        clientId: "mine",
        reduceOnly: false,
        lastUpdateTimestamp: NOW,
      });
      assert.deepEqual([timestamp, quantity, price, markPrice, limitFilled, usdValue], [NOW, "2", "50000", "50000", true, "100000.00"]);
      assert.deepEqual([Execution.execution.takerOrder, Execution.execution.oldTakerOrder.filled], [order, "0"]);
      const { fills } = await ok("GET", "fills");
      assert.equal(fills[1].fill_id, uid);
      const positions = (await history("positions")).elements.map(({ event }) => event.PositionUpdate);
      assert.deepEqual(
        positions.map(({ oldPosition, newPosition, positionChange, executionPrice, updateReason }) => [
          oldPosition,
          newPosition,
          positionChange,
          executionPrice,
          updateReason,
        ]),
        [
          ["0", "2", "open", "50000", "trade"],
          ["2", "-1", "reverse", "50000", "trade"],
        ],
      );
      const { logs } = await history("account-log");
      assert.deepEqual(
        logs.map((entry) => [entry.id, entry.info, entry.execution, entry.old_balance, entry.new_balance]),
        [
          [1, "futures trade", uid, 0, 2],
          [2, "futures trade", fills[0].fill_id, 2, -1],
        ],
      );
      assert.equal((await history("account-log", "from=2")).logs.length, 1);
      const page = await history("executions", "count=1");
      assert.deepEqual([page.len, page.continuationToken], [1, "1"]);
      assert.equal((await history("executions", "tradeable=PF_ETHUSD")).len, 0);
    });
  }
});
