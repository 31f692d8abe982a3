// What the Futures endpoints do to the account.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, Futures, overBoth, Spot } from "./helper.mjs";

const ORDER = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "0.01", limitPrice: "20000", reduceOnly: "false" };

overBoth(describe, "Futures endpoints", (open) => {
  async function setUp(t, options) {
    const exchange = new Exchange(options);
    const way = await open(t, exchange);
    const client = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const ok = async (...args) => {
      const answer = await client.call(...args);
      assert.equal(answer.result, "success", `${args[1]}: ${answer.error}`);
      assert.equal(typeof answer.serverTime, "string");
      return answer;
    };
    return { exchange, client, ok, way, writes: () => exchange.executions.filter(({ write }) => write).map(({ endpoint }) => endpoint) };
  }

  test("an order can be placed, seen, edited and canceled, and is in the history", async (t) => {
    const { ok, client, writes } = await setUp(t);
    const { sendStatus } = await ok("POST", "sendorder", { ...ORDER, cliOrdId: "mine" });
    assert.equal(sendStatus.status, "placed");
    assert.equal(sendStatus.orderEvents[0].order.limitPrice, 20000);
    const id = sendStatus.order_id;
    const [order] = (await ok("GET", "openorders")).openOrders;
    assert.deepEqual([order.order_id, order.cliOrdId, order.unfilledSize], [id, "mine", 0.01]);
    assert.equal((await ok("POST", "sendorder", { ...ORDER, cliOrdId: "mine" })).sendStatus.status, "clientOrderIdAlreadyExist");
    assert.equal((await ok("POST", "editorder", { orderId: id, limitPrice: "21000" })).editStatus.orderEvents[0].new.limitPrice, 21000);
    assert.equal((await ok("POST", "editorder", { orderId: "nope", size: "1" })).editStatus.status, "orderForEditNotFound");
    assert.equal((await ok("POST", "orders/status", `orderIds=${id}&orderIds=other`)).orders[0].status, "ENTERED_BOOK");
    assert.equal((await ok("POST", "cancelorder", { cliOrdId: "mine" })).cancelStatus.status, "cancelled");
    assert.equal((await ok("POST", "cancelorder", { order_id: id })).cancelStatus.status, "notFound");
    assert.deepEqual(writes(), ["sendorder", "editorder", "cancelorder"]);
    const history = await client.call("GET", "/api/history/v2/orders", "count=2");
    assert.deepEqual(
      history.elements.map(({ event }) => Object.keys(event)[0]),
      ["OrderCancelled", "OrderUpdated"],
    );
  });

  test("market orders are filled and create positions", async (t) => {
    const { ok } = await setUp(t);
    await ok("POST", "sendorder", { orderType: "mkt", symbol: "pf_xbtusd", side: "buy", size: "2" });
    const [position] = (await ok("GET", "openpositions")).openPositions;
    assert.deepEqual([position.side, position.symbol, position.size, position.price], ["long", "PF_XBTUSD", 2, 50000]);
    assert.equal((await ok("GET", "fills")).fills.length, 1);
    assert.equal((await ok("POST", "sendorder", { ...ORDER, reduceOnly: "true" })).sendStatus.status, "wouldNotReducePosition");
    await ok("POST", "sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "sell", size: "2", reduceOnly: "true" });
    assert.deepEqual((await ok("GET", "openpositions")).openPositions, []);
  });

  test("sendorder rejects invalid orders with errors or statuses", async (t) => {
    const { exchange, client, writes } = await setUp(t);
    const error = async (params) => (await client.call("POST", "sendorder", params)).error;
    const { limitPrice, ...incomplete } = ORDER;
    assert.equal(await error(incomplete), "requiredArgumentMissing");
    assert.equal(await error({ ...ORDER, orderType: "toString" }), "invalidArgument");
    assert.equal(await error({ ...ORDER, side: "long" }), "invalidArgument");
    assert.equal(await error({ ...ORDER, limitPrice: "1e3" }), "invalidArgument");
    assert.equal(await error({ ...ORDER, symbol: "PF_NOPE" }), "contractNotFound");
    assert.equal(exchange.executions.length, 0);
    const status = async (params) => (await client.call("POST", "sendorder", params)).sendStatus.status;
    assert.equal(await status({ ...ORDER, size: "0" }), "invalidSize");
    assert.equal(await status({ ...ORDER, limitPrice: "0" }), "invalidPrice");
    assert.equal(await status({ ...ORDER, orderType: "ioc" }), "iocWouldNotExecute");
    assert.deepEqual(writes(), []);
  });

  test("batchorder takes percent-encoded JSON in json=", async (t) => {
    const { ok, client } = await setUp(t);
    const batch = (batchOrder) => `json=${encodeURIComponent(JSON.stringify({ batchOrder }))}`;
    const { batchStatus } = await ok(
      "POST",
      "batchorder",
      batch([
        { order: "send", order_tag: "1", orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 15 },
        { order: "send", order_tag: "2", orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1 },
      ]),
    );
    assert.deepEqual(
      batchStatus.map(({ status, order_tag }) => [status, order_tag]),
      [
        ["placed", "1"],
        ["requiredArgumentMissing", "2"],
      ],
    );
    const cancelled = await ok(
      "POST",
      "batchorder",
      batch([
        { order: "edit", order_id: batchStatus[0].order_id, size: 2 },
        { order: "cancel", order_id: batchStatus[0].order_id },
      ]),
    );
    assert.deepEqual(
      cancelled.batchStatus.map(({ status }) => status),
      ["edited", "cancelled"],
    );
    assert.equal((await client.call("POST", "batchorder", "json=%7B")).error, "Json Parse Error");
  });

  test("cancelallorders cancels by symbol, and cancelallordersafter by the clock", async (t) => {
    let now = 1_700_000_000_000;
    const { ok } = await setUp(t, { now: () => now });
    await ok("POST", "sendorder", ORDER);
    await ok("POST", "sendorder", { ...ORDER, symbol: "PF_ETHUSD" });
    assert.equal((await ok("POST", "cancelallorders", { symbol: "PF_ETHUSD" })).cancelStatus.cancelledOrders.length, 1);
    await ok("POST", "cancelallordersafter", { timeout: "60" });
    now += 60_000;
    assert.deepEqual((await ok("GET", "openorders")).openOrders, []);
    assert.equal((await ok("POST", "cancelallorders")).cancelStatus.status, "noOrdersToCancel");
  });

  test("transfers and withdrawals move money between wallets, and to and from Spot", async (t) => {
    const { exchange, ok, client, way } = await setUp(t, { balances: { XXBT: "1" } });
    const spot = new Spot(exchange.addKey(), way.fetch, way.spot);
    await ok("POST", "transfer", { fromAccount: "cash", toAccount: "flex", unit: "xbt", amount: "100" });
    assert.equal(
      (await client.call("POST", "transfer", { fromAccount: "cash", toAccount: "flex", unit: "xbt", amount: "1" })).error,
      "insufficientFunds",
    );
    assert.equal(
      (await client.call("POST", "transfer", { fromAccount: "cash", toAccount: "flex", unit: "xbt", amount: "-1" })).error,
      "invalidAmount",
    );
    await spot.call("WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.75" });
    assert.equal((await ok("GET", "accounts")).accounts.cash.balances.xbt, 0.75);
    await ok("POST", "withdrawal", { currency: "xbt", amount: "0.5" });
    assert.equal((await ok("GET", "accounts")).accounts.cash.balances.xbt, 0.25);
    assert.equal((await spot.call("Balance")).result.XXBT, "0.7500000000");
    assert.deepEqual(
      exchange.executions.filter(({ write }) => write).map(({ endpoint }) => endpoint),
      ["transfer", "WalletTransfer", "withdrawal"],
    );
  });

  test("every other read has an answer", async (t) => {
    const { ok } = await setUp(t);
    for (const name of [
      "instruments",
      "tickers",
      "feeschedules",
      "pnlpreferences",
      "notifications",
      "unwindqueue",
      "transfers",
      "subaccounts",
      "self-trade-strategy",
      "assignmentprogram/current",
    ]) {
      await ok("GET", name);
    }
  });
});
