// What the exchange forgets when it is told how much to remember, and what it never forgets.
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, test } from "node:test";
import { connect, Exchange, Futures, LIMIT, Spot } from "./helper.mjs";

const KEPT = 5;
/** At least as many as are to be kept, and less than twice as many. */
const isBounded = (rows, what) => assert.ok(rows >= KEPT && rows < 2 * KEPT, `${rows} ${what}`);
const MARKET = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.1" };

function spot(options) {
  const exchange = new Exchange({ history: KEPT, ...options });
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const call = async (...args) => {
    const { error, result } = await client.call(...args);
    assert.deepEqual(error, []);
    return result;
  };
  return { exchange, client, call };
}

describe(`with history: ${KEPT}, of 40 of each kind`, () => {
  test("of requests, executions, closed orders, trades and ledger entries of Spot, the newest remain", async () => {
    const { exchange, client, call } = spot();
    const open = await call("AddOrder", { ...LIMIT, price: "30000" });
    const ids = [];
    for (let i = 0; i < 40; i++) ids.push((await call("AddOrder", MARKET)).txid[0]);
    isBounded(exchange.requests.length, "requests");
    isBounded(exchange.executions.length, "executions");
    assert.ok(exchange.executions.at(-1).did.includes(ids.at(-1)));
    const { closed } = await call("ClosedOrders");
    isBounded(Object.keys(closed).length, "closed orders");
    for (const id of ids.slice(-KEPT)) assert.ok(id in closed);
    isBounded((await call("TradesHistory")).count, "trades");
    isBounded((await call("Ledgers")).count, "ledger entries");
    assert.deepEqual((await client.call("QueryOrders", { txid: ids[0] })).error, ["EOrder:Unknown order"]);
    assert.equal((await call("QueryOrders", { txid: open.txid[0] }))[open.txid[0]].status, "open");
    const { XXBT } = await call("Balance");
    assert.equal(XXBT, "100004.0000000000", "balances know of every trade");
  });

  test("orders are forgotten in the order in which they closed, whatever their age", async () => {
    const { call } = spot();
    const old = (await call("AddOrder", { ...LIMIT, price: "30000", userref: "7" })).txid[0];
    for (let i = 0; i < 40; i++) await call("AddOrder", MARKET);
    await call("CancelOrder", { txid: old });
    assert.equal((await call("QueryOrders", { txid: old }))[old].status, "canceled");
    for (let i = 0; i < 2 * KEPT; i++) await call("AddOrder", MARKET);
    assert.equal(Object.keys((await call("OpenOrders")).open).length, 0);
    assert.ok(!(old in (await call("ClosedOrders")).closed));
  });

  test("open orders are never forgotten", async () => {
    const { call } = spot();
    for (let i = 0; i < 40; i++) await call("AddOrder", { ...LIMIT, price: String(30_000 + i) });
    for (let i = 0; i < 40; i++) await call("AddOrder", MARKET);
    assert.equal(Object.keys((await call("OpenOrders")).open).length, 40);
  });

  test("used nonces in a window are never forgotten", async () => {
    const exchange = new Exchange({ history: 1 });
    const client = new Spot(exchange.addKey({ nonceWindow: 1000 }), exchange.fetch);
    const nonces = Array.from({ length: 40 }, (_, i) => String(1_700_000_000_000 + i));
    for (const nonce of nonces) assert.deepEqual((await client.call("Balance", {}, { nonce })).error, []);
    for (const nonce of nonces) assert.deepEqual((await client.call("Balance", {}, { nonce })).error, ["EAPI:Invalid nonce"]);
  });

  test("amendments and trades are forgotten with their order", async () => {
    const { exchange, call } = spot();
    const [txid] = (await call("AddOrder", { ...LIMIT, price: "30000", volume: "100" })).txid;
    for (let i = 0; i < 40; i++) await call("AmendOrder", { txid, limit_price: String(30_001 + i) });
    const { amends, count } = await call("OrderAmends", { order_id: txid });
    isBounded(count, "amendments");
    assert.equal(amends.at(-1).limit_price, "30040.0");
    for (let i = 0; i < 40; i++) exchange.fill(txid, "0.1");
    const order = (await call("QueryOrders", { txid, trades: true }))[txid];
    isBounded(order.trades.length, "trades of one order");
    assert.equal(order.vol_exec, "4.00000000");
  });

  test("withdrawals and exports are forgotten", async () => {
    const { call } = spot();
    for (let i = 0; i < 40; i++) {
      await call("Withdraw", { asset: "XBT", key: "cold", amount: "1" });
      await call("AddExport", { report: "trades", description: "all of it" });
    }
    isBounded((await call("WithdrawStatus")).length, "withdrawals");
    isBounded((await call("ExportStatus", { report: "trades" })).length, "exports");
  });

  test("tokens are forgotten, unless a subscription uses them", async () => {
    const { exchange, call } = spot();
    const { ask, raw, close } = await connect(exchange);
    await ask("subscribe", { channel: "balances" });
    for (let i = 0; i < 40; i++) await call("GetWebSocketsToken");
    assert.ok(exchange.tokens.length < 2 * KEPT + 1, `${exchange.tokens.length} tokens`);
    const [subscribed] = exchange.tokens;
    assert.deepEqual([subscribed.subscriptions, subscribed.valid], [1, true]);
    assert.ok(raw.some((text) => text.includes('"success":true')));
    close();
  });

  test("connections that are closed are forgotten, with the messages that arrived on them", async () => {
    const { exchange } = spot();
    const { ask, close } = await connect(exchange);
    for (let i = 0; i < 40; i++) await ask("ping");
    isBounded(exchange.sockets[0].received.length, "messages");
    for (let i = 0; i < 12; i++) {
      const { close: end, tick } = await connect(exchange);
      end();
      await tick();
    }
    assert.ok(exchange.sockets.length <= 2 * KEPT, `${exchange.sockets.length} connections`);
    assert.equal(exchange.sockets[0].open, true, "the first is still there");
    close();
  });

  test("old public trades and candles are forgotten", async () => {
    let now = Date.UTC(2025, 0, 1);
    const { exchange } = spot({ now: () => now });
    const market = exchange.market("XBTUSD");
    for (let i = 0; i < 40; i++) {
      now += 60_000;
      market.trade(String(50_000 + i), "1");
    }
    isBounded(market.trades.length, "public trades");
    const response = await exchange.fetch("https://api.kraken.com/0/public/OHLC?pair=XBTUSD");
    const candles = (await response.json()).result.XXBTZUSD;
    isBounded(candles.filter(([, , , , , , , count]) => count > 0).length, "candles with trades");
    assert.equal(market.last, "50039.0");
  });

  test("old orders, fills and events of Futures are forgotten", async () => {
    const exchange = new Exchange({ history: KEPT });
    const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
    const send = (order) => client.call("POST", "sendorder", { symbol: "PF_XBTUSD", side: "buy", size: "1", ...order });
    const open = (await send({ orderType: "lmt", limitPrice: "30000", cliOrdId: "open" })).sendStatus.order_id;
    const ids = [];
    for (let i = 0; i < 40; i++) {
      const { sendStatus } = await send({ orderType: "mkt", cliOrdId: `o${i}` });
      assert.deepEqual(
        sendStatus.orderEvents.map(({ type }) => type),
        ["EXECUTION"],
      );
      ids.push(sendStatus.order_id);
    }
    isBounded((await client.call("GET", "fills")).fills.length, "fills");
    for (const kind of ["orders", "executions"]) {
      const { elements } = await client.call("GET", `/api/history/v3/${kind}`);
      assert.ok(elements.length < 2 * KEPT, `${elements.length} of ${kind}`);
    }
    const known = async (orderIds) => (await client.call("POST", "orders/status", { orderIds })).orders.length;
    assert.equal(await known(open), 1);
    assert.equal(await known(ids.at(-1)), 1);
    assert.equal(await known(ids[0]), 0);
    const [position] = (await client.call("GET", "openpositions")).openPositions;
    assert.equal(position.size, 40);
  });
});

test("without the option, everything is kept", async () => {
  const { exchange, call } = spot({ history: undefined });
  for (let i = 0; i < 40; i++) await call("AddOrder", MARKET);
  assert.equal(exchange.executions.length, 40);
  assert.equal((await call("TradesHistory")).count, 40);
});

test("an invalid number of rows is refused", () => {
  for (const history of [0, -1, 1.5, NaN, "10"])
    assert.throws(() => new Exchange({ history }), /^TypeError: Invalid history: expected a positive/);
});

const ORDERS = 200_000;
const BATCH = 15;
test(`${ORDERS} orders use no more memory than the first 50,000`, { timeout: 300_000 }, async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const { client, call } = spot({ history: 500 });
  for (let i = 0; i < 100; i++) await call("AddOrder", { ...LIMIT, price: String(30_000 + i) });
  const orders = Array.from({ length: BATCH }, (_, i) => ({
    ordertype: "market",
    volume: "0.1",
    type: i % 2 ? "sell" : "buy",
    userref: String(i),
  }));
  const heap = [];
  for (let placed = 0, mark = 50_000; placed < ORDERS;) {
    const { result } = await client.call("AddOrderBatch", { pair: "XBTUSD", orders }, { json: true });
    placed += result.orders.filter(({ txid }) => txid).length;
    if (placed < mark) continue;
    collect();
    heap.push(process.memoryUsage().heapUsed / 1e6);
    mark += 50_000;
  }
  assert.equal(heap.length, 4);
  assert.ok(heap[3] < heap[0] + 3, `${heap.map((mb) => mb.toFixed(1)).join(", ")} MB`);
  assert.equal(Object.keys((await call("OpenOrders")).open).length, 100);
});
