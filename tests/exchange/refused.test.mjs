// Requests that Kraken does not accept, which would otherwise be found out with real money: names of orders, batches, and over both sockets.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, Exchange, Futures, until } from "./helper.mjs";
import { NOW, setUp } from "./market.mjs";

const ROW = { ordertype: "limit", type: "buy", volume: "1", price: "100" };

describe("Spot over REST", () => {
  test("a batch with a client order id twice, or one that is taken, places nothing", async () => {
    const { exchange, client, ok, place } = setUp();
    const batch = async (...orders) => (await client.call("AddOrderBatch", { pair: "XBTUSD", orders }, { json: true })).error;
    const notUnique = ["EGeneral:Invalid arguments:cl_ord_id not unique"];
    assert.deepEqual(await batch({ ...ROW, cl_ord_id: "a" }, { ...ROW, cl_ord_id: "a" }), notUnique);
    await place({ cl_ord_id: "b" });
    assert.deepEqual(await batch(ROW, { ...ROW, cl_ord_id: "b" }), notUnique);
    assert.equal(Object.keys((await ok("OpenOrders")).open).length, 1);
    assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrderBatch").length, 0);
    assert.deepEqual(await batch({ ...ROW, cl_ord_id: "a" }, ROW), []);
  });

  test("txid and cl_ord_id are different names, and only one of them is given", async () => {
    const { client, ok, place } = setUp();
    const [txid, other] = [await place({ cl_ord_id: "mine" }), await place({ userref: "7" })];
    const error = async (endpoint, params) => (await client.call(endpoint, params)).error.join();
    for (const [endpoint, change] of [
      ["CancelOrder", {}],
      ["AmendOrder", { order_qty: "2" }],
    ]) {
      assert.equal(await error(endpoint, { txid: "mine", ...change }), "EOrder:Unknown order");
      assert.equal(await error(endpoint, { cl_ord_id: txid, ...change }), "EOrder:Unknown order");
      assert.equal(await error(endpoint, { txid, cl_ord_id: "mine", ...change }), "EGeneral:Invalid arguments:cl_ord_id");
      assert.equal(await error(endpoint, change), "EGeneral:Invalid arguments:txid");
    }
    assert.equal(await error("EditOrder", { txid: "mine", pair: "XBTUSD", price: "90" }), "EOrder:Unknown order");
    assert.equal(
      await error("AmendOrder", { txid: "7", order_qty: "2" }),
      "EOrder:Unknown order",
      "a user reference can have several orders",
    );
    for (const [orders, error] of [
      ["x", "EGeneral:Invalid arguments:orders"],
      [{ a: txid }, "EGeneral:Invalid arguments:orders"],
    ])
      assert.deepEqual((await client.call("CancelOrderBatch", { orders }, { json: true })).error, [error]);
    assert.deepEqual((await client.call("CancelOrderBatch", { orders: ["mine"], cl_ord_ids: [txid] }, { json: true })).result, {
      count: 0,
    });
    assert.deepEqual(Object.keys((await ok("OpenOrders")).open), [txid, other]);
    assert.deepEqual(await ok("CancelOrder", { txid: "7" }), { count: 1 });
    assert.deepEqual((await client.call("CancelOrderBatch", { cl_ord_ids: ["mine"] }, { json: true })).result, { count: 1 });
  });

  test("changes that name another pair, no pair, or a displayed volume that the order cannot have", async () => {
    const { client, place } = setUp();
    const txid = await place({ price: "100" });
    const iceberg = await place({ ordertype: "iceberg", price: "100", volume: "15", displayvol: "1" });
    const error = async (endpoint, params) => (await client.call(endpoint, params)).error.join();
    assert.equal(await error("EditOrder", { txid, price: "90" }), "EGeneral:Invalid arguments:pair");
    assert.equal(await error("AmendOrder", { txid, order_qty: "2", pair: "ETHUSD" }), "EGeneral:Invalid arguments:pair");
    assert.equal(await error("AmendOrder", { txid, order_qty: "2", display_qty: "1" }), "EGeneral:Invalid arguments:display_qty");
    assert.equal(
      await error("AmendOrder", { txid: iceberg, order_qty: "15", display_qty: "0.9" }),
      "EGeneral:Invalid arguments:display_qty",
    );
    assert.equal(await error("AmendOrder", { txid, limit_price: "-5%" }), "EOrder:Invalid price");
    assert.equal(await error("EditOrder", { txid, pair: "XBTUSD", price: "-5%" }), "EOrder:Invalid price");
    assert.equal(await error("AmendOrder", { txid: iceberg, order_qty: "15", display_qty: "1", pair: "XBTUSD" }), "");
  });

  test("filters, formats and ids that do not exist", async () => {
    const { client } = setUp();
    for (const [endpoint, params, error] of [
      ["OpenOrders", { userref: "x" }, "EGeneral:Invalid arguments:userref"],
      ["ClosedOrders", { userref: "2147483648" }, "EGeneral:Invalid arguments:userref"],
      ["AddExport", { report: "trades", description: "all", format: "XLS" }, "EGeneral:Invalid arguments:format"],
      ["DepositStatus", { asset: "NOPE" }, "EFunding:Unknown asset"],
      ["DepositStatus", { limit: "x" }, "EGeneral:Invalid arguments:limit"],
      ["CreateSubaccount", { username: "second" }, "EGeneral:Invalid arguments:email"],
      ["Earn/Allocate", { amount: "0", strategy_id: "x" }, "EGeneral:Invalid arguments:amount"],
      ["Earn/AllocateStatus", {}, "EGeneral:Invalid arguments:strategy_id"],
      ["GetCustodyTask", { id: "x" }, "EGeneral:Invalid arguments:id"],
      ["ListCustodyVaults", { pagination: { limit: 1, page: 2 } }, "EGeneral:Invalid arguments:pagination[page]"],
    ])
      assert.deepEqual((await client.call(endpoint, params, { json: true })).error, [error], endpoint);
    assert.deepEqual((await client.call("ListCustodyVaults", { pagination: { limit: 1, offset: 0 } }, { json: true })).result, []);
  });
});

const ORDER = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1, limit_price: 40_000 };

describe("Spot over a WebSocket", () => {
  async function open() {
    const { exchange } = setUp();
    const { ask } = await connect(exchange);
    const error = async (method, params) => (await ask(method, params)).error;
    return { exchange, ask, error };
  }

  test("names, types and words of another API", async () => {
    const { exchange, error } = await open();
    const stop = { ...ORDER, order_type: "stop-loss", limit_price: undefined };
    const market = { ...ORDER, order_type: "market", limit_price: undefined };
    for (const [params, wanted] of [
      [{ ...ORDER, symbol: "XBTUSD" }, "EQuery:Unknown asset pair"],
      [{ ...ORDER, symbol: "XBT/USD" }, "EQuery:Unknown asset pair"],
      [{ ...ORDER, fee_preference: "fcib" }, "EGeneral:Invalid arguments:fee_preference"],
      [{ ...ORDER, stp_type: "cancel-newest" }, "EGeneral:Invalid arguments:stp_type"],
      [{ ...ORDER, effective_time: "+60" }, "EGeneral:Invalid arguments:effective_time"],
      [{ ...ORDER, time_in_force: "gtd", expire_time: "2026-01-01" }, "EGeneral:Invalid arguments:expiretm"],
      [{ ...ORDER, reduce_only: true }, "EOrder:Reduce only:No position exists"],
      [{ ...ORDER, triggers: { price: 3 } }, "EGeneral:Invalid arguments:triggers"],
      [{ ...market, triggers: { price: 3 } }, "EGeneral:Invalid arguments:triggers"],
      [{ ...stop, limit_price: 40_000 }, "EGeneral:Invalid arguments:triggers"],
      [{ ...stop, triggers: { price: 40_000, reference: "mark" } }, "EGeneral:Invalid arguments:trigger"],
      [{ ...market, cash_order_qty: 100 }, "EGeneral:Invalid arguments:cash_order_qty"],
      [{ ...market, order_qty: undefined, cash_order_qty: 100, side: "sell" }, "EGeneral:Invalid arguments:oflags"],
      [{ ...ORDER, order_qty: "1" }, "Order_qty field must be a number_float"],
      [{ ...stop, triggers: { price: "40000" } }, "Price field must be a number_float"],
      [{ ...ORDER, order_userref: "5" }, "Order_userref field must be a number_integer"],
      [{ ...ORDER, order_userref: 1.5 }, "Order_userref field must be a number_integer"],
      [{ ...ORDER, validate: "true" }, "Validate field must be a boolean"],
      [{ ...ORDER, post_only: 1 }, "Post_only field must be a boolean"],
    ])
      assert.equal(await error("add_order", params), wanted, JSON.stringify(params));
    const rows = [ORDER, { ...ORDER, fee_preference: "x" }].map(({ symbol: _, ...row }) => row);
    assert.equal(await error("batch_add", { symbol: "BTC/USD", orders: rows }), "EGeneral:Invalid arguments:fee_preference");
    assert.equal(await error("batch_add", { symbol: "XBTUSD", orders: rows }), "EQuery:Unknown asset pair");
    assert.equal(await error("cancel_all_orders_after", { timeout: "60" }), "Timeout field must be a number_integer");
    assert.deepEqual(
      exchange.executions.filter(({ method }) => method === "WebSocket"),
      [],
    );
  });

  test("an order under a name that is not its own", async () => {
    const { ask, error } = await open();
    const { order_id } = (await ask("add_order", { ...ORDER, cl_ord_id: "mine" })).result;
    for (const [method, params] of [
      ["cancel_order", { order_id: ["mine"] }],
      ["cancel_order", { cl_ord_id: [order_id] }],
      ["amend_order", { order_id: "mine", order_qty: 2 }],
      ["amend_order", { cl_ord_id: order_id, order_qty: 2 }],
    ])
      assert.equal(await error(method, params), "EOrder:Unknown order");
    assert.equal(await error("edit_order", { order_id, order_qty: 2 }), "EGeneral:Invalid arguments:pair");
    assert.equal((await ask("cancel_order", { cl_ord_id: ["mine"] })).success, true);
  });

  test("subscriptions with parameters of another type, and without a channel", async () => {
    const { error } = await open();
    for (const [params, wanted] of [
      [{ channel: "book", symbol: ["BTC/USD"], depth: "10" }, "Depth field must be a number_integer"],
      [{ channel: "ohlc", symbol: ["BTC/USD"], interval: "5" }, "Interval field must be a number_integer"],
      [{ channel: "ticker", symbol: ["BTC/USD"], snapshot: "false" }, "Snapshot field must be a boolean"],
      [{ channel: "executions", snap_orders: "false" }, "Snap_orders field must be a boolean"],
      [{ channel: "executions", order_status: 0 }, "Order_status field must be a boolean"],
      [{ channel: "nope", symbol: ["BTC/USD"] }, "EGeneral:Invalid arguments:channel"],
      [{ symbol: ["BTC/USD"] }, "EGeneral:Invalid arguments:channel"],
    ])
      for (const method of ["subscribe", "unsubscribe"]) assert.equal(await error(method, params), wanted, JSON.stringify(params));
  });
});

const SEND = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "0.01", limitPrice: "20000" };

describe("Futures", () => {
  const open = (options) => {
    const exchange = new Exchange({ now: () => NOW, ...options });
    const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
    const error = async (...args) => (await client.call(...args)).error;
    return { exchange, client, error };
  };

  test("prices and deviations that the type of an order does not have", async () => {
    const { exchange, client, error } = open();
    const trailing = {
      ...SEND,
      orderType: "trailing_stop",
      limitPrice: "",
      trailingStopMaxDeviation: "5",
      trailingStopDeviationUnit: "PERCENT",
    };
    for (const params of [
      { ...SEND, stopPrice: "1" },
      { ...SEND, orderType: "mkt", stopPrice: "1" },
      { ...SEND, trailingStopMaxDeviation: "5" },
      { ...SEND, cliOrdId: "" },
      { ...trailing, limitPrice: "1" },
      { ...trailing, stopPrice: "1" },
      { ...trailing, trailingStopMaxDeviation: "0.09" },
      { ...trailing, trailingStopMaxDeviation: "50.1" },
    ])
      assert.equal(await error("POST", "sendorder", params), "invalidArgument", JSON.stringify(params));
    assert.deepEqual(exchange.executions, []);
    for (const deviation of ["0.1", "50"])
      assert.equal(
        (await client.call("POST", "sendorder", { ...trailing, trailingStopMaxDeviation: deviation })).sendStatus.status,
        "placed",
      );
    await client.call("POST", "sendorder", { ...SEND, cliOrdId: "limit" });
    await client.call("POST", "sendorder", { ...trailing, cliOrdId: "trailing" });
    assert.equal(await error("POST", "editorder", { cliOrdId: "limit", stopPrice: "1" }), "invalidArgument");
    for (const name of ["limitPrice", "stopPrice"])
      assert.equal(await error("POST", "editorder", { cliOrdId: "trailing", [name]: "1" }), "invalidArgument");
  });

  test("instructions of a batch without a tag, and fields beside the batch", async () => {
    const { client } = open();
    const batch = async (json) => await client.call("POST", "batchorder", { json: JSON.stringify(json) });
    const { batchStatus } = await batch({
      batchOrder: [
        { order: "send", ...SEND },
        { order: "send", order_tag: "1", ...SEND },
      ],
    });
    assert.deepEqual(
      batchStatus.map(({ status }) => status),
      ["requiredArgumentMissing", "placed"],
    );
    assert.equal((await batch({ batchOrder: [{ order: "send", order_tag: "1", ...SEND }], processBefore: "x" })).error, "invalidArgument");
  });

  test("preferences, transfers and pages without what they need", async () => {
    const { client, error } = open();
    const move = { fromAccount: "cash", toAccount: "flex", unit: "usd", amount: "1" };
    for (const [method, endpoint, params, wanted] of [
      ["PUT", "pnlpreferences", {}, "requiredArgumentMissing"],
      ["PUT", "pnlpreferences", { symbol: "PF_NOPE", pnlPreference: "BTC" }, "contractNotFound"],
      ["PUT", "self-trade-strategy", { strategy: "x" }, "invalidArgument"],
      ["POST", "assignmentprogram/add", {}, "requiredArgumentMissing"],
      ["POST", "assignmentprogram/delete", {}, "requiredArgumentMissing"],
      ["POST", "transfer", { ...move, toAccount: "nope" }, "invalidAccount"],
      ["POST", "transfer/subaccount", move, "requiredArgumentMissing"],
    ])
      assert.equal(await error(method, endpoint, params), wanted, `${endpoint} ${JSON.stringify(params)}`);
    assert.equal((await client.call("GET", "/api/history/v3/orders", "count=0")).errors[0].code, "invalidArgument");
    assert.equal((await client.call("PUT", "self-trade-strategy", { strategy: "CANCEL_MAKER_SELF" })).strategy, "CANCEL_MAKER_SELF");
    assert.equal((await client.call("GET", "self-trade-strategy")).strategy, "CANCEL_MAKER_SELF");
    assert.equal((await client.call("PUT", "pnlpreferences", { symbol: "pf_xbtusd", pnlPreference: "BTC" })).result, "success");
    assert.deepEqual((await client.call("GET", "pnlpreferences")).preferences, [{ symbol: "PF_XBTUSD", pnlCurrency: "BTC" }]);
  });

  for (const lenient of [false, true])
    test(`subscriptions without a feed or contract that exists, ${lenient ? "lenient" : "strict"}`, async () => {
      const { exchange } = open({ lenient });
      const socket = new exchange.WebSocket("wss://futures.kraken.com/ws/v1");
      const raw = [];
      socket.onmessage = ({ data }) => raw.push(JSON.parse(data));
      await until(() => raw.length > 0);
      const ask = async (message) => {
        const before = raw.length;
        socket.send(JSON.stringify(message));
        await until(() => raw.length > before);
        return raw.at(before);
      };
      const PRODUCT = { product_ids: ["PF_XBTUSD"] };
      const alert = (message) => ({ event: "alert", message });
      for (const event of ["subscribe", "unsubscribe"]) {
        assert.deepEqual(await ask({ event, ...PRODUCT }), alert("Invalid feed"));
        assert.deepEqual(await ask({ event, feed: "nope", ...PRODUCT }), alert("Invalid feed"));
        for (const feed of ["ticker", "ticker_lite", "trade", "book"])
          for (const wrong of [{}, { product_ids: [] }, { product_ids: "PF_XBTUSD" }, { product_ids: ["PF_XBTUSD", "PF_NOPE"] }])
            assert.deepEqual(await ask({ event, feed, ...wrong }), alert("Invalid product id"), `${feed} ${JSON.stringify(wrong)}`);
        assert.deepEqual(await ask({ event, feed: "fills", product_ids: ["PF_NOPE"] }), alert("Invalid product id"));
      }
      const odd = await ask({ event: "subscribe", feed: "trade", ...PRODUCT, depth: 10 });
      assert.deepEqual(odd, lenient ? { event: "subscribed", feed: "trade", ...PRODUCT } : alert("Unsupported field: 'depth'"));
      socket.close();
    });
});
