// `deadline` and `processBefore`, by the exchange's clock: on arrival, and when the engine gets to the request.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, Exchange, executed, Futures, LIMIT, overBoth, Spot, until } from "./helper.mjs";

const START = 1_700_000_000_000;
const WRONG = "EGeneral:Invalid arguments:deadline";
const ELAPSED = "EService:Deadline elapsed";
const at = (ms) => new Date(START + ms).toISOString();

overBoth(describe, "deadlines", (open) => {
  async function setUp(t) {
    const clock = { now: START };
    const exchange = new Exchange({ now: () => clock.now });
    const way = await open(t, exchange);
    const client = new Spot(exchange.addKey(), way.fetch, way.spot);
    const [txid] = (await client.call("AddOrder", LIMIT)).result.txid;
    const row = { ordertype: "limit", type: "buy", volume: "1", price: "100" };
    const calls = {
      AddOrder: [LIMIT],
      AddOrderBatch: [{ pair: "XBTUSD", orders: [row, row] }, { json: true }],
      AmendOrder: [{ txid, order_qty: "2" }],
      EditOrder: [{ txid, pair: "XBTUSD", price: "38000" }],
    };
    const call = (endpoint, deadline) => client.call(endpoint, { ...calls[endpoint][0], deadline }, calls[endpoint][1]);
    return { exchange, clock, client, way, calls, call };
  }

  for (const endpoint of ["AddOrder", "AddOrderBatch", "AmendOrder", "EditOrder"]) {
    test(`${endpoint}: only deadlines from 2 to 60 s ahead on arrival are accepted`, async (t) => {
      const { exchange, call } = await setUp(t);
      for (const ms of [-1, 0, 1999, 60_001, 3_600_000]) assert.deepEqual((await call(endpoint, at(ms))).error, [WRONG], String(ms));
      for (const wrong of ["", "soon", "1700000005", String(START + 5000), "2023-11-14", "2023-11-14T22:13:25", "2023-13-14T22:13:25Z"])
        assert.deepEqual((await call(endpoint, wrong)).error, [WRONG], wrong);
      assert.deepEqual(executed(exchange), ["AddOrder"]);
      assert.deepEqual((await call(endpoint, at(2000))).error, []);
      assert.deepEqual(executed(exchange), ["AddOrder", endpoint]);
    });

    test(`${endpoint}: a copy that arrives after its deadline is rejected`, async (t) => {
      const { exchange, clock, call } = await setUp(t);
      const injection = exchange.inject({ fault: "hold", endpoint, meanwhile: "reset" });
      await assert.rejects(call(endpoint, at(10_000)));
      clock.now += 10_001;
      injection.release();
      await exchange.settle();
      assert.deepEqual(exchange.requests.at(-1).errors, [WRONG]);
      assert.deepEqual(executed(exchange), ["AddOrder"]);
    });

    test(`${endpoint}: an order that the engine reaches after its deadline is not executed`, async (t) => {
      const { exchange, clock, call } = await setUp(t);
      for (const [ms, errors] of [
        [10_001, [ELAPSED]],
        [10_000, []],
      ]) {
        const injection = exchange.inject({ fault: "hold", where: "engine", endpoint });
        const answer = call(endpoint, new Date(clock.now + 10_000).toISOString());
        await until(() => injection.holding === 1);
        clock.now += ms;
        injection.release();
        assert.deepEqual((await answer).error, errors);
      }
      assert.deepEqual(executed(exchange), ["AddOrder", endpoint]);
    });
  }

  test("deadlines may have fractions, offsets and lowercase letters, as RFC 3339 allows", async (t) => {
    const { call } = await setUp(t);
    for (const deadline of ["2023-11-14T22:13:30Z", "2023-11-14T22:13:30.123456789Z", "2023-11-15T00:13:30+02:00", "2023-11-14t22:13:30z"])
      assert.deepEqual((await call("AddOrder", deadline)).error, [], deadline);
  });

  test("the deadline of a validation is checked, too", async (t) => {
    const { client } = await setUp(t);
    assert.deepEqual((await client.call("AddOrder", { ...LIMIT, validate: "true", deadline: at(1000) })).error, [WRONG]);
  });

  test("without a deadline, a request may be hours late", async (t) => {
    const { exchange, clock, client } = await setUp(t);
    exchange.inject({ fault: "hold", meanwhile: "reset" });
    await assert.rejects(client.call("AddOrder", LIMIT));
    clock.now += 7_200_000;
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["AddOrder", "AddOrder"]);
  });

  test("sendorder, editorder, cancelorder and batchorder respect processBefore", async (t) => {
    const { exchange, clock, way } = await setUp(t);
    const client = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", limitPrice: "20000" };
    const orderId = (await client.call("POST", "sendorder", order)).sendStatus.order_id;
    const batchOrder = [{ order: "send", order_tag: "1", ...order }];
    const calls = {
      sendorder: [order, ({ sendStatus }) => sendStatus.status, "placed"],
      editorder: [{ orderId, size: "2" }, ({ editStatus }) => editStatus.status, "edited"],
      batchorder: [{ json: JSON.stringify({ batchOrder }) }, ({ batchStatus }) => batchStatus[0].status, "placed"],
      cancelorder: [{ order_id: orderId }, ({ cancelStatus }) => cancelStatus.status, "cancelled"],
    };
    for (const [endpoint, [params, statusOf, good]] of Object.entries(calls)) {
      const writes = () => exchange.executions.filter(({ product, write }) => product === "futures" && write).length;
      const before = writes();
      const call = (processBefore) => client.call("POST", endpoint, { ...params, processBefore });
      assert.equal((await call("soon")).error, "invalidArgument");
      assert.equal(statusOf(await call(at(clock.now - START - 1))), "wouldProcessAfterSpecifiedTime");
      exchange.inject({ fault: "hold", endpoint, meanwhile: "reset" });
      await assert.rejects(call(at(clock.now - START + 1000)));
      clock.now += 1001;
      await exchange.settle();
      assert.equal(statusOf(exchange.executions.at(-1).result), "wouldProcessAfterSpecifiedTime");
      assert.equal(writes(), before, endpoint);
      assert.equal(statusOf(await call(at(clock.now - START))), good);
      assert.equal(writes(), before + 1, endpoint);
    }
  });

  test("batchorder accepts ProcessBefore with a capital letter, as on one page of Kraken's", async (t) => {
    const { exchange, way } = await setUp(t);
    const client = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const row = { order: "cancel", order_id: "none" };
    const answer = await client.call("POST", "batchorder", { json: JSON.stringify({ batchOrder: [row] }), ProcessBefore: at(-1) });
    assert.equal(answer.batchStatus[0].status, "wouldProcessAfterSpecifiedTime");
  });
});

test("over a WebSocket, deadlines count from 500 ms, on the network and in the queue of the engine", async () => {
  const clock = { now: START };
  const exchange = new Exchange({ now: () => clock.now });
  const socket = await connect(exchange);
  const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1, limit_price: 100 };
  const place = (ms) => socket.ask("add_order", { ...order, deadline: new Date(clock.now + ms).toISOString() });
  assert.equal((await place(499)).error, WRONG);
  assert.equal((await place(60_001)).error, WRONG);
  assert.equal((await place(500)).success, true);
  const { order_id } = (await place(500)).result;
  for (const [method, params] of [
    ["amend_order", { order_id, order_qty: 2 }],
    ["edit_order", { order_id, symbol: "BTC/USD", order_qty: 3 }],
    ["batch_add", { symbol: "BTC/USD", orders: [order, order].map(({ symbol, ...row }) => row) }],
  ]) {
    assert.equal((await socket.ask(method, { ...params, deadline: new Date(clock.now - 1).toISOString() })).error, WRONG, method);
    assert.equal((await socket.ask(method, { ...params, deadline: new Date(clock.now + 5000).toISOString() })).success, true, method);
  }
  for (const [where, error] of [
    ["network", WRONG],
    ["engine", ELAPSED],
  ]) {
    const before = exchange.executions.length;
    const injection = exchange.injectSocket({ fault: "hold", at: "received", name: "add_order", where });
    const answer = place(5000);
    await socket.tick();
    assert.equal(injection.holding, 1);
    clock.now += 5001;
    injection.release();
    assert.equal((await answer).error, error);
    assert.equal(exchange.executions.length, before);
  }
});
