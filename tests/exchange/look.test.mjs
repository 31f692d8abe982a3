// What a client finds that looks for its order, by whatever name it has.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, Futures, LIMIT, overBoth, Spot } from "./helper.mjs";

const START = 1_700_000_000_000;
const NAMED = { ...LIMIT, cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876" };
const MARKET = { ...LIMIT, ordertype: "market" };

overBoth(describe, "looking for an order", (open) => {
  async function setUp(t) {
    const clock = { now: START };
    const exchange = new Exchange({ now: () => clock.now });
    const way = await open(t, exchange);
    const client = new Spot(exchange.addKey(), way.fetch, way.spot);
    const ok = async (endpoint, params) => {
      const { error, result } = await client.call(endpoint, params);
      assert.deepEqual(error, [], endpoint);
      return result;
    };
    const place = async (params) => (await ok("AddOrder", params)).txid[0];
    const ids = async (params) => Object.keys((await ok("ClosedOrders", params)).closed);
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    return { exchange, clock, client, ok, place, ids, futures };
  }

  test("open orders are found by cl_ord_id, by userref, or by neither", async (t) => {
    const { ok, place } = await setUp(t);
    const [named, referred, plain] = [await place(NAMED), await place({ ...LIMIT, userref: "7" }), await place(LIMIT)];
    const found = async (params) => Object.keys((await ok("OpenOrders", params)).open);
    assert.deepEqual(await found({ cl_ord_id: NAMED.cl_ord_id }), [named]);
    assert.deepEqual(await found({ userref: "7" }), [referred]);
    assert.deepEqual(await found({ cl_ord_id: "other" }), []);
    assert.deepEqual(await found(), [named, referred, plain]);
    const { open } = await ok("OpenOrders");
    assert.deepEqual(
      [open[named], open[referred]].map(({ cl_ord_id, userref, opentm, status }) => [cl_ord_id, userref, opentm, status]),
      [
        [NAMED.cl_ord_id, 0, START / 1000, "open"],
        [undefined, 7, START / 1000, "open"],
      ],
    );
    assert.deepEqual(open[plain].descr, {
      pair: "XBTUSD",
      type: "buy",
      ordertype: "limit",
      price: "37500.0",
      price2: "0",
      leverage: "none",
      order: "buy 1.25000000 XBTUSD @ limit 37500.0",
      close: "",
    });
  });

  test("closed orders with the same id are all found, the latest first", async (t) => {
    const { clock, ok, place, ids } = await setUp(t);
    const market = { ...MARKET, cl_ord_id: NAMED.cl_ord_id };
    const first = await place(market);
    clock.now += 1000;
    const second = await place(market);
    await place({ ...MARKET, userref: "7" });
    assert.deepEqual(await ids({ cl_ord_id: NAMED.cl_ord_id }), [second, first]);
    assert.equal((await ids({ userref: "7" })).length, 1);
    assert.equal((await ok("ClosedOrders")).count, 3);
    assert.equal((await ok("ClosedOrders", { without_count: "true" })).count, undefined);
  });

  test("closed orders are selected from start (exclusive) to end (inclusive), in seconds or by order", async (t) => {
    const { clock, client, place, ids } = await setUp(t);
    const all = [];
    for (let i = 0; i < 3; i += 1) {
      all.unshift(await place(MARKET));
      clock.now += 10_000;
    }
    const [third, second, first] = all;
    const seconds = START / 1000;
    assert.deepEqual(await ids({ start: String(seconds) }), [third, second]);
    assert.deepEqual(await ids({ start: String(seconds - 0.001) }), all);
    assert.deepEqual(await ids({ end: String(seconds + 10) }), [second, first]);
    assert.deepEqual(await ids({ start: String(seconds), end: String(seconds + 19.999) }), [second]);
    assert.deepEqual(await ids({ start: first, end: second }), [second]);
    assert.deepEqual(await ids({ start: String(START) }), [], "milliseconds are the far future");
    for (const [name, value] of [
      ["start", "yesterday"],
      ["end", "OXXXXX-XXXXX-XXXXXX"],
      ["closetime", "never"],
    ])
      assert.deepEqual((await client.call("ClosedOrders", { [name]: value })).error, [`EGeneral:Invalid arguments:${name}`]);
  });

  test("closed orders are selected by the time of opening, of closing, or either", async (t) => {
    const { clock, ok, place, ids } = await setUp(t);
    const txid = await place(LIMIT);
    clock.now += 100_000;
    await ok("CancelOrder", { txid });
    const early = { end: String(START / 1000 + 50) };
    const late = { start: String(START / 1000 + 50) };
    assert.deepEqual([await ids({ ...early, closetime: "open" }), await ids({ ...late, closetime: "open" })], [[txid], []]);
    assert.deepEqual([await ids({ ...early, closetime: "close" }), await ids({ ...late, closetime: "close" })], [[], [txid]]);
    assert.deepEqual([await ids(early), await ids({ ...late, closetime: "both" })], [[txid], [txid]]);
  });

  test("closed orders are returned fifty at a time", async (t) => {
    const { client, place, ids } = await setUp(t);
    const all = [];
    for (let i = 0; i < 60; i += 1) all.unshift(await place(MARKET));
    assert.deepEqual(await ids(), all.slice(0, 50));
    assert.deepEqual(await ids({ ofs: "50" }), all.slice(50));
    assert.deepEqual((await client.call("ClosedOrders", { ofs: "-1" })).error, ["EGeneral:Invalid arguments:ofs"]);
  });

  test("QueryOrders leaves out orders with another id", async (t) => {
    const { client, ok, place } = await setUp(t);
    const [named, referred] = [await place(NAMED), await place({ ...LIMIT, userref: "7" })];
    const found = async (params) => Object.keys(await ok("QueryOrders", { txid: `${named},${referred}`, ...params }));
    assert.deepEqual(await found(), [named, referred]);
    assert.deepEqual(await found({ cl_ord_id: NAMED.cl_ord_id }), [named]);
    assert.deepEqual(await found({ userref: "7" }), [referred]);
    assert.deepEqual(await found({ cl_ord_id: "never" }), []);
    assert.deepEqual((await client.call("QueryOrders", { txid: "OXXXXX-XXXXX-XXXXXX" })).error, ["EOrder:Unknown order"]);
  });

  test("the id of an open order is rejected as not unique, over REST and in a batch", async (t) => {
    const { client, ok, place } = await setUp(t);
    const txid = await place(NAMED);
    const taken = "EGeneral:Invalid arguments:cl_ord_id not unique";
    assert.deepEqual((await client.call("AddOrder", NAMED)).error, [taken]);
    assert.deepEqual(await ok("CancelOrder", { cl_ord_id: NAMED.cl_ord_id }), { count: 1 });
    assert.notEqual(await place(NAMED), txid, "and free when it is closed");
  });

  test("trades and ledgers are selected from start to end", async (t) => {
    const { clock, ok, place } = await setUp(t);
    await place(MARKET);
    clock.now += 10_000;
    await place(MARKET);
    for (const [endpoint, rows, all] of [
      ["TradesHistory", "trades", 2],
      ["Ledgers", "ledger", 4],
    ]) {
      const ids = async (params) => Object.keys((await ok(endpoint, params))[rows]);
      const seconds = START / 1000;
      const every = await ids();
      assert.equal(every.length, all);
      assert.deepEqual(await ids({ start: String(seconds) }), every.slice(0, all / 2));
      assert.deepEqual(await ids({ end: String(seconds) }), every.slice(all / 2));
      assert.deepEqual(await ids({ start: every.at(-1) }), every.slice(0, all / 2));
    }
  });

  const ORDER = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "0.01", limitPrice: "20000" };

  test("Futures: every answer about an order contains its client order id", async (t) => {
    const { futures } = await setUp(t);
    const sent = await futures.call("POST", "sendorder", { ...ORDER, cliOrdId: "mine" });
    const filled = await futures.call("POST", "sendorder", { ...ORDER, orderType: "mkt", cliOrdId: "sold" });
    assert.equal(sent.sendStatus.cliOrdId, "mine");
    assert.equal((await futures.call("GET", "openorders")).openOrders[0].cliOrdId, "mine");
    assert.equal((await futures.call("GET", "fills")).fills[0].cliOrdId, "sold");
    const { orders } = await futures.call("POST", "orders/status", "cliOrdIds=mine&cliOrdIds=sold&cliOrdIds=none");
    assert.deepEqual(
      orders.map(({ order, status }) => [order.cliOrdId, order.type, status]),
      [
        ["mine", "ORDER", "ENTERED_BOOK"],
        ["sold", "ORDER", "FULLY_EXECUTED"],
      ],
    );
    const byBoth = await futures.call("POST", "orders/status", `orderIds=${filled.sendStatus.order_id}&cliOrdIds=sold`);
    assert.equal(byBoth.orders.length, 1);
    const history = await futures.call("GET", "/api/history/v2/orders", "tradeable=pf_xbtusd&sort=asc");
    assert.deepEqual(
      history.elements.map(({ event }) => (event.OrderPlaced?.order ?? event.OrderUpdated.newOrder).clientId),
      ["mine", "sold", "sold"],
    );
    assert.equal((await futures.call("POST", "cancelorder", { cliOrdId: "mine" })).cancelStatus.cliOrdId, "mine");
  });

  test("Futures: the history has its own form, and is returned page by page", async (t) => {
    const { clock, futures } = await setUp(t);
    const { sendStatus } = await futures.call("POST", "sendorder", { ...ORDER, cliOrdId: "mine" });
    clock.now += 1000;
    await futures.call("POST", "cancelorder", { cliOrdId: "mine" });
    const first = await futures.call("GET", "/api/history/v2/orders", "count=1");
    assert.deepEqual(Object.keys(first.elements[0].event), ["OrderCancelled"]);
    assert.equal(first.serverTime, new Date(clock.now).toISOString());
    const second = await futures.call("GET", "/api/history/v2/orders", `count=1&continuation_token=${first.continuationToken}`);
    assert.equal(second.continuationToken, undefined);
    assert.deepEqual(second.elements[0].event.OrderPlaced.order, {
      uid: sendStatus.order_id,
      accountUid: second.accountUid,
      tradeable: "PF_XBTUSD",
      direction: "Buy",
      quantity: "0.01",
      filled: "0",
      timestamp: START,
      limitPrice: "20000",
      orderType: "Limit",
      clientId: "mine",
      reduceOnly: false,
      lastUpdateTimestamp: START,
    });
    assert.equal((await futures.call("GET", "/api/history/v2/orders", `since=${START + 1}`)).len, 1);
    assert.equal((await futures.call("GET", "/api/history/v2/orders", `before=${START + 1}`)).len, 1);
    assert.equal((await futures.call("GET", "/api/history/v2/orders", "tradeable=PF_ETHUSD")).len, 0);
    assert.equal((await futures.call("GET", "/api/history/v2/orders", "sort=up")).errors[0].code, "invalidArgument");
  });

  test("Futures: orders/status forgets after five seconds", async (t) => {
    const { clock, futures } = await setUp(t);
    await futures.call("POST", "sendorder", { ...ORDER, cliOrdId: "open" });
    await futures.call("POST", "sendorder", { ...ORDER, orderType: "mkt", cliOrdId: "sold" });
    const ids = async () =>
      (await futures.call("POST", "orders/status", "cliOrdIds=open&cliOrdIds=sold")).orders.map(({ order }) => order.cliOrdId);
    clock.now += 5000;
    assert.deepEqual(await ids(), ["open", "sold"]);
    clock.now += 1;
    assert.deepEqual(await ids(), ["open"]);
  });

  test("Futures: serverTime follows the exchange's clock, in answers and in errors", async (t) => {
    const { futures } = await setUp(t);
    const expected = new Date(START).toISOString();
    for (const [method, endpoint, params] of [
      ["GET", "openorders"],
      ["POST", "sendorder", ORDER],
      ["POST", "sendorder", {}],
      ["GET", "nowhere"],
    ])
      assert.equal((await futures.call(method, endpoint, params)).serverTime, expected, endpoint);
  });

  test("Futures: the id of an open order is rejected as not unique", async (t) => {
    const { futures } = await setUp(t);
    const send = async () => (await futures.call("POST", "sendorder", { ...ORDER, cliOrdId: "mine" })).sendStatus.status;
    assert.deepEqual([await send(), await send()], ["placed", "clientOrderIdAlreadyExist"]);
    const batchOrder = [{ order: "send", order_tag: "1", ...ORDER, cliOrdId: "mine" }];
    const { batchStatus } = await futures.call("POST", "batchorder", { json: JSON.stringify({ batchOrder }) });
    assert.equal(batchStatus[0].status, "clientOrderIdAlreadyExist");
    assert.equal((await futures.call("GET", "openorders")).openOrders.length, 1);
  });

  test("Futures: a filled order cannot be canceled and stays filled", async (t) => {
    const { exchange, futures } = await setUp(t);
    const { order_id } = (await futures.call("POST", "sendorder", { ...ORDER, orderType: "mkt", cliOrdId: "sold" })).sendStatus;
    for (const params of [{ order_id }, { cliOrdId: "sold" }]) {
      const { cancelStatus } = await futures.call("POST", "cancelorder", params);
      assert.deepEqual([cancelStatus.status, cancelStatus.order_id, cancelStatus.orderEvents], ["filled", order_id, []]);
    }
    assert.equal((await futures.call("POST", "cancelorder", { order_id: "none" })).cancelStatus.status, "notFound");
    assert.equal((await futures.call("POST", "orders/status", `orderIds=${order_id}`)).orders[0].status, "FULLY_EXECUTED");
    assert.equal((await futures.call("GET", "fills")).fills.length, 1);
    assert.equal(exchange.executions.filter(({ write }) => write).length, 1);
  });
});
