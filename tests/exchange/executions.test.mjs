// The Spot WebSocket's messages about orders, tickers and tokens. Sources: docs.kraken.com (Spot WebSocket v2), and the messages that
// kraken-async-rs, ccxt.pro and roq keep in their tests, rewritten with numbers of our own.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket as NetworkSocket } from "undici";
import { connect, Exchange, LIMIT, Spot, until } from "./helper.mjs";

const NOW = Date.UTC(2024, 4, 18, 12);
const timestamp = "2024-05-18T12:00:00.000Z";
const ORDER = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 0.5, limit_price: 40000 };

async function setUp(t, options, subscription = {}) {
  const exchange = new Exchange({ now: () => NOW, sockets: { heartbeat: 60_000 }, ...options });
  const socket = await connect(exchange);
  t.after(() => socket.close());
  const subscribed = await socket.ask("subscribe", { channel: "executions", ...subscription });
  const reports = () =>
    socket.raw
      .map((text) => JSON.parse(text))
      .flatMap(({ channel, type, data }) => (channel === "executions" && type === "update" ? data : []));
  const some = async (count) => {
    await until(() => reports().length >= count);
    await socket.tick();
    assert.equal(reports().length, count);
    return reports();
  };
  return { exchange, ...socket, subscribed, some };
}

describe("executions", () => {
  test("the answer to the subscription contains the rate limit", async (t) => {
    const { subscribed } = await setUp(t);
    assert.deepEqual(subscribed.result, {
      channel: "executions",
      maxratecount: 125,
      snapshot: true,
      snap_orders: true,
      snap_trades: false,
    });
  });

  test("a new order is complete as pending_new, and later messages contain only the changes", async (t) => {
    const { ask, some } = await setUp(t);
    const { order_id } = (await ask("add_order", { ...ORDER, order_userref: 7, post_only: true })).result;
    assert.deepEqual(await some(2), [
      {
        order_id,
        order_userref: 7,
        symbol: "BTC/USD",
        order_qty: 0.5,
        cum_qty: 0,
        cum_cost: 0,
        time_in_force: "GTC",
        exec_type: "pending_new",
        side: "buy",
        order_type: "limit",
        limit_price_type: "static",
        limit_price: 40000,
        stop_price: 0,
        post_only: true,
        order_status: "pending_new",
        fee_usd_equiv: 0,
        fee_ccy_pref: "fciq",
        timestamp,
      },
      { timestamp, order_status: "new", exec_type: "new", order_userref: 7, post_only: true, order_id },
    ]);
    await ask("amend_order", { order_id, limit_price: 40100 });
    assert.deepEqual((await some(3))[2], {
      timestamp,
      order_status: "new",
      exec_type: "amended",
      cum_qty: 0,
      reason: "User requested",
      amended: true,
      order_qty: 0.5,
      limit_price: 40100,
      limit_price_type: "static",
      order_userref: 7,
      post_only: true,
      order_id,
    });
    await ask("cancel_order", { order_id: [order_id] });
    assert.deepEqual((await some(4))[3], {
      timestamp,
      order_status: "canceled",
      exec_type: "canceled",
      cum_qty: 0,
      cum_cost: 0,
      fee_usd_equiv: 0,
      avg_price: 0,
      cancel_reason: "User requested",
      reason: "User requested",
      order_userref: 7,
      post_only: true,
      order_id,
    });
  });

  for (const completingTradeFilled of [false, true]) {
    test(`a trade completes the order with the status ${completingTradeFilled ? "in recorded messages" : "in Kraken's documentation"}`, async (t) => {
      const { exchange, ask, some } = await setUp(t, { assumptions: { completingTradeFilled } });
      const cl_ord_id = "6d1b345e-2821-40e2-ad83-4ecb18a06876";
      const { order_id } = (await ask("add_order", { ...ORDER, cl_ord_id })).result;
      exchange.fill(order_id, "0.2");
      exchange.fill(order_id);
      const reports = await some(5);
      const { exec_id, ...trade } = reports[3];
      assert.match(exec_id, /^T/);
      assert.deepEqual(trade, {
        order_id,
        cl_ord_id,
        exec_type: "trade",
        trade_id: 2,
        symbol: "BTC/USD",
        side: "buy",
        last_qty: 0.3,
        last_price: 40000,
        liquidity_ind: "m",
        cost: 12000,
        order_status: completingTradeFilled ? "filled" : "partially_filled",
        order_type: "limit",
        timestamp,
        fee_usd_equiv: 19.2,
        fees: [{ asset: "USD", qty: 19.2 }],
        cum_qty: 0.5,
        cum_cost: 20000,
        avg_price: 40000,
      });
      assert.equal(reports[2].order_status, "partially_filled");
      assert.deepEqual(reports[4], {
        timestamp,
        order_status: "filled",
        exec_type: "filled",
        cum_qty: 0.5,
        cum_cost: 20000,
        fee_usd_equiv: 32,
        avg_price: 40000,
        cl_ord_id,
        order_id,
      });
    });
  }

  test("a fee in another currency has its value in dollars", async (t) => {
    const { ask, some } = await setUp(t);
    await ask("add_order", { symbol: "ETH/BTC", side: "sell", order_type: "market", order_qty: 1 });
    const [, , trade] = await some(4);
    assert.deepEqual([trade.fees, trade.fee_usd_equiv, trade.liquidity_ind], [[{ asset: "BTC", qty: 0.00013 }], 6.5, "t"]);
    await ask("add_order", { symbol: "BTC/USD", side: "buy", order_type: "market", order_qty: 0.1, fee_preference: "base" });
    const [, , other] = (await some(8)).slice(4);
    assert.deepEqual([other.fees, other.fee_usd_equiv], [[{ asset: "BTC", qty: 0.00026 }], 13]);
  });

  test("with order_status: false, only open and closed orders are reported", async (t) => {
    const { exchange, ask, some } = await setUp(t, {}, { order_status: false });
    const { order_id } = (await ask("add_order", ORDER)).result;
    exchange.fill(order_id);
    assert.deepEqual(
      (await some(2)).map(({ exec_type, symbol }) => [exec_type, symbol]),
      [
        ["new", "BTC/USD"],
        ["filled", undefined],
      ],
    );
  });

  test("the snapshot has trades with the present state of their orders", async (t) => {
    const exchange = new Exchange({ now: () => NOW });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    await client.call("AddOrder", { ...LIMIT, ordertype: "market" });
    await client.call("AddOrder", LIMIT);
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    await ask("subscribe", { channel: "executions", snap_trades: true });
    await until(() => raw.some((text) => text.includes('"snapshot","data"')));
    const { data } = raw.map((text) => JSON.parse(text)).find(({ type }) => type === "snapshot");
    assert.deepEqual(
      data.map(({ exec_type, order_status, trade_id, side, cum_qty }) => [exec_type, order_status, trade_id, side, cum_qty]),
      [
        ["new", "new", undefined, "buy", 0],
        ["trade", "filled", 1, "buy", undefined],
      ],
    );
  });

  test("batch_cancel has the number of canceled orders at the top", async (t) => {
    const { ask } = await setUp(t);
    const { result } = await ask("batch_add", {
      symbol: "BTC/USD",
      orders: [1, 2].map(() => ({ side: "buy", order_type: "limit", order_qty: 0.5, limit_price: 40000 })),
    });
    const answer = await ask("batch_cancel", { orders: result.map(({ order_id }) => order_id) });
    assert.deepEqual([answer.orders_cancelled, answer.result, answer.success], [2, { count: 2 }, true]);
  });
});

describe("the socket rejects", () => {
  test("numbers that are sent as text", async (t) => {
    const { ask, exchange } = await setUp(t);
    for (const [method, params, error] of [
      ["add_order", { ...ORDER, order_qty: "0.5" }, "Order_qty field must be a number_float"],
      ["add_order", { ...ORDER, limit_price: "40000" }, "Limit_price field must be a number_float"],
      [
        "add_order",
        { symbol: "BTC/USD", side: "buy", order_type: "market", cash_order_qty: "100" },
        "Cash_order_qty field must be a number_float",
      ],
      [
        "add_order",
        { ...ORDER, order_type: "stop-loss", limit_price: undefined, triggers: { price: "1" } },
        "Price field must be a number_float",
      ],
      ["amend_order", { order_id: "OAAAAA-AAAAA-AAAAAA", limit_price: "1" }, "Limit_price field must be a number_float"],
      [
        "batch_add",
        { symbol: "BTC/USD", orders: [{ ...ORDER, symbol: undefined }, { order_qty: "1" }] },
        "Order_qty field must be a number_float",
      ],
    ])
      assert.equal((await ask(method, params)).error, error);
    assert.deepEqual(
      exchange.executions.filter(({ write, endpoint }) => write && endpoint !== "GetWebSocketsToken"),
      [],
    );
  });

  test("a missing token, and a ping with parameters", async () => {
    const exchange = new Exchange();
    const socket = new exchange.WebSocket("wss://ws-auth.kraken.com/v2");
    const answers = [];
    socket.onmessage = ({ data }) => answers.push(JSON.parse(data));
    await new Promise((resolve) => (socket.onopen = resolve));
    socket.send(JSON.stringify({ method: "add_order", params: ORDER, req_id: 1 }));
    socket.send(JSON.stringify({ method: "subscribe", params: { channel: "balances" }, req_id: 2 }));
    socket.send(JSON.stringify({ method: "ping", params: {}, req_id: 3 }));
    socket.send(JSON.stringify({ method: "ping", req_id: 4 }));
    await until(() => answers.length === 5);
    assert.deepEqual(
      answers.slice(1).map(({ req_id, method, error }) => [req_id, method, error]),
      [
        [1, "add_order", "Token(s) not found"],
        [2, "subscribe", "Token(s) not found"],
        [3, "ping", "Unsupported field: 'params' for the given msg type: ping"],
        [4, "pong", undefined],
      ],
    );
  });
});

describe("frames", () => {
  for (const name of ["in memory", "over the network"]) {
    test(`JSON in binary frames is accepted, ${name}, but not by Futures`, async (t) => {
      const exchange = new Exchange({ sockets: { heartbeat: 60_000 } });
      const server = name === "in memory" ? undefined : await exchange.listen();
      t.after(() => server?.close());
      const WebSocket = server ? NetworkSocket : exchange.WebSocket;
      const open = async (path) => {
        const socket = new WebSocket(`${server?.socketUrl ?? "wss://ws.kraken.com"}${path}`);
        await new Promise((resolve) => (socket.onmessage = resolve));
        return socket;
      };
      const spot = await open("/v2");
      const pong = new Promise((resolve) => (spot.onmessage = ({ data }) => resolve(JSON.parse(data))));
      spot.send(new TextEncoder().encode('{"method":"ping","req_id":9}'));
      assert.equal((await pong).req_id, 9);
      spot.close();
      const futures = await open("/ws/v1");
      const closed = new Promise((resolve) => (futures.onclose = ({ code }) => resolve(code)));
      futures.send(new TextEncoder().encode('{"event":"ping"}'));
      assert.equal(await closed, 1003);
    });
  }
});

describe("ticker", () => {
  test("has a timestamp and follows the market, and its subscription has an event_trigger", async (t) => {
    const exchange = new Exchange({ now: () => NOW });
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    const { result } = await ask("subscribe", { channel: "ticker", symbol: ["BTC/USD"] });
    assert.deepEqual(result, { channel: "ticker", event_trigger: "trades", snapshot: true, symbol: "BTC/USD" });
    assert.equal((await ask("subscribe", { channel: "ticker", symbol: ["BTC/USD"], event_trigger: "x" })).success, false);
    const { order_id } = (await ask("add_order", { ...ORDER, limit_price: 49000 })).result;
    exchange.fill(order_id);
    const tickers = () => raw.map((text) => JSON.parse(text)).filter(({ channel }) => channel === "ticker");
    await until(() => tickers().length === 2);
    assert.deepEqual(tickers()[1], {
      channel: "ticker",
      type: "update",
      data: [
        {
          symbol: "BTC/USD",
          bid: 49000,
          bid_qty: 1,
          ask: 49000,
          ask_qty: 1,
          last: 49000,
          volume: 0.5,
          vwap: 49000,
          low: 49000,
          high: 49000,
          change: 0,
          change_pct: 0,
          timestamp,
        },
      ],
    });
  });
});
