// What editorder and sendorder accept of prices, sizes and modes, and what the account's own orders, reasons and ids look like everywhere.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authent, Exchange, Futures, until } from "./helper.mjs";

const NOW = Date.UTC(2025, 6, 7, 10, 0, 30);
const BOOK = {
  bids: [["49990", "1"]],
  asks: [
    ["50010", "1"],
    ["50020", "2"],
  ],
};

function setUp({ book = BOOK, ...options } = {}) {
  const clock = { now: NOW };
  const exchange = new Exchange({ now: () => clock.now, sockets: { heartbeat: Infinity }, ...options });
  const key = exchange.addKey({ product: "futures" });
  const client = new Futures(key, exchange.fetch);
  const market = exchange.market("PF_XBTUSD");
  if (book) market.setBook(book);
  const send = async (params) =>
    (await client.call("POST", "sendorder", { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", ...params })).sendStatus;
  const place = async (params) => {
    const { status, order_id } = await send(params);
    assert.equal(status, "placed");
    return order_id;
  };
  const edit = async (orderId, params) => {
    const { editStatus, error } = await client.call("POST", "editorder", { orderId, ...params });
    return editStatus?.status ?? error;
  };
  const open = async (id) => (await client.call("GET", "openorders")).openOrders.find(({ order_id }) => order_id === id);
  return { clock, exchange, key, client, market, send, place, edit, open };
}

/** Subscribes to a private feed, and returns its messages. */
async function feed(t, exchange, key, name) {
  const socket = new exchange.WebSocket("wss://futures.kraken.com/ws/v1");
  t.after(() => socket.close());
  const got = [];
  socket.onmessage = ({ data }) => got.push(JSON.parse(data));
  await until(() => got.length === 1);
  socket.send(JSON.stringify({ event: "challenge", api_key: key.key }));
  await until(() => got.length === 2);
  const original_challenge = got[1].message;
  const signed_challenge = authent(key.secret, original_challenge, "", "");
  socket.send(JSON.stringify({ event: "subscribe", feed: name, api_key: key.key, original_challenge, signed_challenge }));
  await until(() => got.length === 4);
  return got;
}

describe("editorder", () => {
  test("size is what is left of the order, and with ABSOLUTE all of it", async () => {
    const { market, place, edit, open } = setUp({ book: null });
    const id = await place({ limitPrice: "49000", size: "2" });
    market.trade("49000", "0.5");
    const sizes = async () => (({ filledSize, unfilledSize }) => [filledSize, unfilledSize])(await open(id));
    assert.deepEqual(await sizes(), [0.5, 1.5]);
    assert.equal(await edit(id, { size: "2" }), "edited");
    assert.deepEqual(await sizes(), [0.5, 2]);
    assert.equal(await edit(id, { size: "2", qtyMode: "ABSOLUTE" }), "edited");
    assert.deepEqual(await sizes(), [0.5, 1.5]);
    assert.equal(await edit(id, { size: "0.25", qtyMode: "RELATIVE" }), "edited");
    assert.deepEqual(await sizes(), [0.5, 0.25]);
    assert.equal(await edit(id, { size: "0.5", qtyMode: "ABSOLUTE" }), "invalidSize");
    assert.equal(await edit(id, { size: "1", qtyMode: "both" }), "invalidArgument");
  });

  test("impossible prices and sizes are rejected with their status, and change nothing", async () => {
    const { exchange, place, edit, open } = setUp();
    const id = await place({ limitPrice: "49000" });
    const before = await open(id);
    for (const limitPrice of ["0", "49000.5"]) assert.equal(await edit(id, { limitPrice }), "invalidPrice");
    for (const size of ["0", "0.00001", "x"]) assert.equal(await edit(id, { size }), "invalidSize");
    assert.equal(await edit(id, { trailingStopMaxDeviation: "1", trailingStopDeviationUnit: "PERCENT" }), "invalidArgument");
    assert.deepEqual(await open(id), before);
    assert.deepEqual(
      exchange.executions.filter(({ write }) => write).map(({ endpoint }) => endpoint),
      ["sendorder"],
    );
  });

  test("a post-only order cannot be edited to a price at which it would trade", async () => {
    const { client, place, edit, open } = setUp();
    const id = await place({ orderType: "post", limitPrice: "49000" });
    assert.equal(await edit(id, { limitPrice: "50010" }), "postWouldExecute");
    assert.equal((await open(id)).limitPrice, 49000);
    assert.equal(await edit(id, { limitPrice: "50009" }), "edited");
    assert.deepEqual((await client.call("GET", "fills")).fills, []);
  });

  test("a stop that is moved to the last price, or that is new there, is triggered by the next trade at that price", async () => {
    const { market, place, edit, open } = setUp({ book: null });
    const stop = { orderType: "stp", side: "sell" };
    const moved = await place({ ...stop, stopPrice: "40000" });
    market.trade("49000", "1");
    const other = await place({ ...stop, stopPrice: "40000" });
    market.trade("49000", "1");
    assert.ok((await open(moved)) && (await open(other)), "they wait");
    assert.equal(await edit(moved, { stopPrice: "49000" }), "edited");
    const late = await place({ ...stop, stopPrice: "49000" });
    market.trade("49000", "1");
    assert.deepEqual([await open(moved), await open(late)], [undefined, undefined]);
    assert.ok(await open(other));
    market.trade("40000", "1");
    assert.equal(await open(other), undefined);
  });

  test("a trailing stop gets its new deviation, from the last price on", async () => {
    const { place, edit, open } = setUp({ book: null });
    const trail = { orderType: "trailing_stop", side: "sell", trailingStopDeviationUnit: "PERCENT" };
    const id = await place({ ...trail, trailingStopMaxDeviation: "1" });
    assert.equal((await open(id)).stopPrice, 49500);
    assert.equal(await edit(id, { trailingStopMaxDeviation: "2.0001", trailingStopDeviationUnit: "PERCENT" }), "edited");
    assert.equal((await open(id)).stopPrice, 48999, "in ticks");
    assert.equal(await edit(id, { trailingStopMaxDeviation: "300", trailingStopDeviationUnit: "QUOTE_CURRENCY" }), "edited");
    assert.equal((await open(id)).stopPrice, 49700);
  });
});

describe("sendorder", () => {
  test("prices and sizes are multiples of the steps of the contract", async () => {
    const { send } = setUp({ book: null });
    const status = async (params) => (await send({ limitPrice: "49000", ...params })).status;
    assert.equal(await status({ limitPrice: "49000.5" }), "invalidPrice");
    assert.equal(await status({ size: "0.00005" }), "invalidSize");
    assert.equal(await status({ orderType: "stp", stopPrice: "48000.1" }), "invalidPrice");
    assert.equal(await status({ symbol: "PI_XBTUSD", limitPrice: "49000.5" }), "placed");
    assert.equal(await status({ symbol: "PI_XBTUSD", size: "1.5" }), "invalidSize");
    assert.equal(await status({ symbol: "PI_ETHUSD", limitPrice: "2400.05" }), "placed");
  });

  test("a stop with an offset becomes a limit order at that distance from its trigger", async () => {
    for (const [limitPriceOffsetValue, limitPriceOffsetUnit, limit] of [
      ["-10", "QUOTE_CURRENCY", 47990],
      ["10", "quote_currency", 48010],
      ["-1.0001", "PERCENT", 47519],
    ]) {
      const { market, place, open } = setUp({ book: null });
      const id = await place({ orderType: "stp", side: "sell", stopPrice: "48000", limitPriceOffsetValue, limitPriceOffsetUnit });
      market.trade("48000", "1");
      assert.equal((await open(id)).limitPrice, limit);
    }
    const { client } = setUp();
    const wrong = async (params) =>
      (
        await client.call("POST", "sendorder", {
          orderType: "stp",
          symbol: "PF_XBTUSD",
          side: "buy",
          size: "1",
          stopPrice: "51000",
          ...params,
        })
      ).error;
    assert.equal(await wrong({ limitPriceOffsetValue: "1" }), "invalidArgument");
    assert.equal(await wrong({ limitPriceOffsetUnit: "PERCENT" }), "invalidArgument");
    assert.equal(await wrong({ orderType: "mkt", limitPriceOffsetValue: "1", limitPriceOffsetUnit: "PERCENT" }), "invalidArgument");
  });

  test("an order that would trade only with an order of the account is rejected, and not said to be placed", async () => {
    const { client, send, place, open } = setUp();
    const id = await place({ limitPrice: "50005" });
    for (const orderType of ["lmt", "ioc", "fok", "mkt"]) {
      const { status, orderEvents } = await send({
        orderType,
        side: "sell",
        size: "2",
        ...(orderType === "mkt" ? {} : { limitPrice: "50000" }),
      });
      assert.deepEqual([status, orderEvents[0].type, orderEvents[0].reason], ["selfFill", "REJECT", "SELF_FILL"]);
    }
    assert.equal((await open(id)).unfilledSize, 1);
    assert.deepEqual((await client.call("GET", "fills")).fills, []);
  });
});

describe("what REST and the sockets say", () => {
  test("a cancellation has the same reason in open_orders and in the history", async (t) => {
    const { clock, exchange, key, client, market, send, place } = setUp();
    const got = await feed(t, exchange, key, "open_orders");
    await client.call("POST", "cancelorder", { order_id: await place({ limitPrice: "49000" }) });
    await place({ limitPrice: "50005" });
    market.update({ bids: [["50006", "1"]] });
    await send({ side: "sell", size: "3", limitPrice: "50000" });
    await client.call("POST", "cancelallorders");
    await place({ orderType: "mkt", side: "sell", size: "0.5" });
    await place({ limitPrice: "49000", size: "2", reduceOnly: "true" });
    await place({ orderType: "mkt", size: "1.5" });
    await client.call("POST", "cancelallordersafter", { timeout: "1" });
    await place({ limitPrice: "48000" });
    clock.now += 2000;
    await client.call("GET", "openorders");
    const { elements } = await client.call("GET", "/api/history/v3/orders", "sort=asc&count=1000");
    const inHistory = elements.flatMap(({ event: { OrderCancelled: one } }) => (one ? [[one.order.uid, one.reason]] : []));
    const inFeed = () => got.filter(({ is_cancel, reason }) => is_cancel && !/fill$/.test(reason)).map((one) => [one.order_id, one.reason]);
    await until(() => inFeed().length === inHistory.length);
    assert.deepEqual(inFeed(), inHistory);
    assert.deepEqual(
      inFeed().map(([, reason]) => reason),
      ["cancelled_by_user", "would_execute_self", "cancelled_by_user", "would_not_reduce_position", "dead_man_switch"],
    );
  });

  test("a public trade has the same uid in history, in the feed trade, and in the history of the market", async (t) => {
    const { exchange, client } = setUp();
    const socket = new exchange.WebSocket("wss://futures.kraken.com/ws/v1");
    t.after(() => socket.close());
    const got = [];
    socket.onmessage = ({ data }) => got.push(JSON.parse(data));
    await until(() => got.length === 1);
    socket.send(JSON.stringify({ event: "subscribe", feed: "trade", product_ids: ["PF_XBTUSD", "PI_ETHUSD"] }));
    await until(() => got.length === 4);
    for (const symbol of ["PF_XBTUSD", "PI_ETHUSD"]) {
      exchange.market(symbol).trade("2500", "1");
      await until(() => got.some(({ feed: name, product_id }) => name === "trade" && product_id === symbol));
      const { uid } = got.find(({ feed: name, product_id }) => name === "trade" && product_id === symbol);
      const { history } = await client.call("GET", "history", { symbol });
      const { elements } = await client.call("GET", `/api/history/v3/market/${symbol}/executions`);
      assert.deepEqual([history[0].uid, elements[0].uid], [uid, uid]);
    }
  });

  test("a row of the account log keeps its id when older rows are forgotten", async () => {
    const { client, place } = setUp({ book: null, history: 3 });
    const logs = async () => (await client.call("GET", "/api/history/v3/account-log")).logs;
    for (let i = 0; i < 4; i++) await place({ orderType: "mkt", size: "1" });
    const [{ id, booking_uid }] = await logs();
    await place({ orderType: "mkt", size: "1" });
    await place({ orderType: "mkt", size: "1" });
    assert.equal((await logs()).find((row) => row.booking_uid === booking_uid).id, id);
    assert.equal((await logs())[0].id, 6);
  });

  test("instruments/status honors contractType", async () => {
    const { client } = setUp();
    const status = async (query) =>
      (await client.call("GET", "instruments/status", query)).instrumentStatus.map(({ tradeable }) => tradeable);
    assert.deepEqual(await status("contractType=futures_inverse"), ["PI_XBTUSD", "PI_ETHUSD"]);
    assert.equal((await status("")).length, 5);
  });
});
