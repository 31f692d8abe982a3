// What an endpoint does not know is refused by name, and a flag is a flag.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, Exchange, executed, Futures, LIMIT, overBoth, Spot } from "./helper.mjs";

const ROW = { ordertype: "limit", type: "buy", volume: "1", price: "100" };

overBoth(describe, "parameters", (open) => {
  async function setUp(t, options) {
    const exchange = new Exchange(options);
    const way = await open(t, exchange);
    const client = new Spot(exchange.addKey(), way.fetch, way.spot);
    const error = async (endpoint, params, wrong) => (await client.call(endpoint, params, wrong)).error.join();
    return { exchange, client, error, way };
  }

  for (const json of [false, true]) {
    test(`unknown names in ${json ? "JSON" : "a form"} are rejected by name`, async (t) => {
      const { exchange, error } = await setUp(t);
      for (const [endpoint, params, name] of [
        ["AddOrder", { ...LIMIT, limit_price: "1" }, "limit_price"],
        ["AddOrder", { ...LIMIT, Price: "1" }, "Price"],
        ["CancelOrder", { id: "x" }, "id"],
        ["CancelAll", { pair: "XBTUSD" }, "pair"],
        ["Balance", { asset: "XBT" }, "asset"],
        ["Withdraw", { asset: "XBT", key: "cold", amount: "1", fee: "1" }, "fee"],
        ["GetWebSocketsToken", { validity: "900" }, "validity"],
        ["AddOrder", { ...LIMIT, constructor: "1" }, "constructor"],
        ["AddOrder", { ...LIMIT, ["__proto__"]: "1" }, "__proto__"],
      ])
        assert.equal(await error(endpoint, params, { json }), `EGeneral:Invalid arguments:${name}`);
      assert.deepEqual(exchange.executions, []);
    });
  }

  test("unknown names inside structures are rejected by name", async (t) => {
    const { exchange, error } = await setUp(t);
    const close = { "close[ordertype]": "limit", "close[price]": "100", "close[limit]": "1" };
    assert.equal(await error("AddOrder", { ...LIMIT, ...close }), "EGeneral:Invalid arguments:close[limit]");
    const orders = [ROW, { ...ROW, pair: "XBTUSD" }];
    assert.equal(await error("AddOrderBatch", { pair: "XBTUSD", orders }, { json: true }), "EGeneral:Invalid arguments:orders[1][pair]");
    assert.deepEqual(exchange.executions, []);
  });

  for (const lenient of [false, true]) {
    test(`a name with brackets in JSON is not a structure, ${lenient ? "lenient" : "strict"}`, async (t) => {
      const { exchange, error } = await setUp(t, { lenient });
      const flat = { ...LIMIT, "close[ordertype]": "stop-loss", "close[price]": "-10%" };
      assert.equal(await error("AddOrder", flat, { json: true }), "EGeneral:Invalid arguments:close[ordertype]");
      const orders = [ROW, { ...ROW, "close[price]": "1" }];
      assert.equal(
        await error("AddOrderBatch", { pair: "XBTUSD", orders }, { json: true }),
        "EGeneral:Invalid arguments:orders[1][close[price]]",
      );
      assert.deepEqual(exchange.executions, []);
      assert.equal(await error("AddOrder", { ...flat, "close[price]": "-10" }), "", "in a form it is");
      assert.equal(await error("AddOrder", { ...LIMIT, close: { ordertype: "stop-loss", price: "-10%" } }, { json: true }), "");
      assert.deepEqual(
        exchange.executions.map(({ result }) => result.descr.close),
        ["close position @ stop loss -10.0", "close position @ stop loss -10.0000%"],
      );
    });
  }

  test("a lenient exchange ignores unknown parameters", async (t) => {
    const { exchange, error, way } = await setUp(t, { lenient: true });
    assert.equal(await error("AddOrder", { ...LIMIT, note: "mine" }), "");
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    assert.equal((await futures.call("GET", "openorders", "note=mine")).result, "success");
    assert.deepEqual(executed(exchange), ["AddOrder", "openorders"]);
  });

  test("validate never places an order, however it is written", async (t) => {
    const { exchange, client, error } = await setUp(t);
    for (const validate of ["true", "True", "TRUE", "1"]) {
      assert.deepEqual((await client.call("AddOrder", { ...LIMIT, validate })).result.txid, undefined);
      assert.deepEqual((await client.call("AddOrder", { ...LIMIT, validate }, { json: true })).result.txid, undefined);
    }
    for (const validate of [true, 1])
      assert.equal((await client.call("AddOrder", { ...LIMIT, validate }, { json: true })).result.txid, undefined);
    for (const validate of ["", "yes", "on", "t", "2", "-1", "null", "tru", " true"])
      assert.equal(await error("AddOrder", { ...LIMIT, validate }), "EGeneral:Invalid arguments:validate", validate);
    for (const validate of [null, 2, {}, ["true"], ""])
      assert.equal(await error("AddOrder", { ...LIMIT, validate }, { json: true }), "EGeneral:Invalid arguments:validate");
    assert.deepEqual((await client.call("OpenOrders")).result.open, {});
    assert.equal(
      exchange.executions.some(({ write }) => write),
      false,
    );
    for (const validate of ["false", "False", "0"])
      assert.equal((await client.call("AddOrder", { ...LIMIT, validate })).result.txid.length, 1);
  });

  test("flags of all kinds of endpoints must be booleans", async (t) => {
    const { client, error } = await setUp(t);
    const [txid] = (await client.call("AddOrder", LIMIT)).result.txid;
    for (const [endpoint, name, params] of [
      ["AddOrder", "reduce_only", LIMIT],
      ["EditOrder", "cancel_response", { txid, pair: "XBTUSD", price: "1", validate: "true" }],
      ["AmendOrder", "post_only", { txid, order_qty: "2" }],
      ["OpenOrders", "trades", {}],
      ["ClosedOrders", "without_count", {}],
      ["QueryOrders", "consolidate_taker", { txid }],
      ["Ledgers", "without_count", {}],
      ["DepositAddresses", "new", { asset: "XBT", method: "Bitcoin" }],
      ["WithdrawAddresses", "verified", {}],
      ["EditOrder", "validate", { txid, pair: "XBTUSD", price: "1" }],
    ]) {
      assert.equal(await error(endpoint, { ...params, [name]: "maybe" }), `EGeneral:Invalid arguments:${name}`);
      assert.equal(await error(endpoint, { ...params, [name]: "False" }), "", `${endpoint} ${name}`);
    }
    const orders = [ROW, { ...ROW, reduce_only: "perhaps" }];
    assert.equal(
      await error("AddOrderBatch", { pair: "XBTUSD", orders }, { json: true }),
      "EGeneral:Invalid arguments:orders[1][reduce_only]",
    );
  });

  test("a list or a structure in place of a text is rejected by name, and not ignored", async (t) => {
    const { exchange, error } = await setUp(t, { lenient: true });
    for (const [endpoint, params, name] of [
      ...["oflags", "timeinforce", "cl_ord_id", "userref", "leverage", "expiretm", "starttm", "stptype", "trigger"].flatMap((one) =>
        [["IOC"], {}, { a: "1" }, []].map((value) => ["AddOrder", { ...LIMIT, [one]: value }, one]),
      ),
      ["AddOrder", { ...LIMIT, ordertype: "market", price: ["1"] }, "price"],
      ["AddOrder", { ...LIMIT, close: { ordertype: "limit", price: "1", price2: ["2"] } }, "close[price2]"],
      ["AddOrderBatch", { pair: "XBTUSD", orders: [ROW, { ...ROW, timeinforce: ["IOC"] }] }, "orders[1][timeinforce]"],
      ["AmendOrder", { txid: "O", limit_price: ["1"] }, "limit_price"],
      ["CancelOrderBatch", { orders: ["O", {}] }, "orders"],
      ["ClosedOrders", { start: ["1"] }, "start"],
      ["TradesHistory", { type: ["all"] }, "type"],
    ])
      assert.equal(await error(endpoint, params, { json: true }), `EGeneral:Invalid arguments:${name}`, JSON.stringify(params));
    assert.equal(await error("AddOrder", { ...LIMIT, "timeinforce[0]": "IOC" }), "EGeneral:Invalid arguments:timeinforce");
    assert.deepEqual(exchange.executions, []);
    for (const [endpoint, params] of [
      ["Ledgers", { asset: ["XBT", "ZUSD"] }],
      ["ListCustodyVaults", { filters: { a: { b: "1" } }, orderings: [{ a: "1" }] }],
    ])
      assert.equal(await error(endpoint, params, { json: true }), "", endpoint);
  });

  test("a parameter of Futures that comes twice is a list only where there may be one", async (t) => {
    const { exchange, way } = await setUp(t);
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const order = "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=1&limitPrice=100";
    await futures.call("POST", "sendorder", order);
    for (const [endpoint, params] of [
      ["sendorder", `${order}&cliOrdId=a&cliOrdId=b`],
      ["sendorder", `${order}&triggerSignal=last&triggerSignal=mark`],
      ["sendorder", `${order}&cliOrdId[a]=b`],
      ["cancelallorders", "symbol=PF_ETHUSD&symbol=PF_SOLUSD"],
      ["batchorder", { json: JSON.stringify({ batchOrder: [{ order: "cancel", order_id: ["x"] }] }) }],
    ])
      assert.equal((await futures.call("POST", endpoint, params)).error, "invalidArgument", `${endpoint} ${JSON.stringify(params)}`);
    assert.equal((await futures.call("GET", "openorders")).openOrders.length, 1);
    assert.equal((await futures.call("POST", "orders/status", "orderIds=a&orderIds=b")).result, "success");
  });

  test("a name that comes twice is rejected in JSON, as in a form", async (t) => {
    const { exchange, client, error } = await setUp(t);
    const twice = (params, name) => {
      const [nonce, json] = [String(++client.nonce), JSON.stringify(params)];
      return { json: true, nonce, body: `{"nonce":"${nonce}",${json.slice(1).replace(`"${name}":`, `"${name}" : "9","${name}":`)}` };
    };
    assert.equal(await error("AddOrder", {}, twice(LIMIT, "volume")), "EAPI:Bad request");
    assert.equal(await error("AddOrderBatch", {}, twice({ pair: "XBTUSD", orders: [ROW, ROW] }, "price")), "EAPI:Bad request");
    assert.deepEqual(exchange.executions, []);
    assert.equal(await error("AddOrderBatch", { pair: "XBTUSD", orders: [ROW, ROW] }, { json: true }), "", "once in each order");
    assert.equal(await error("AddOrder", { ...LIMIT, cl_ord_id: 'a":1,"b' }, { json: true }), "", "a name in a text is none");
  });

  test("a user reference is any integer of 32 bits", async (t) => {
    const { error } = await setUp(t);
    for (const userref of ["-2147483648", "2147483647"]) assert.equal(await error("AddOrder", { ...LIMIT, userref }), "", userref);
    for (const userref of ["-2147483649", "2147483648", "1.5", ""])
      assert.equal(await error("AddOrder", { ...LIMIT, userref }), "EGeneral:Invalid arguments:userref", userref);
  });

  test("every endpoint of Spot knows its parameters", async (t) => {
    const { error, way } = await setUp(t);
    const account =
      "GetApiKeyInfo Balance BalanceEx CreditLines TradeVolume TradeBalance OpenOrders OpenPositions Level3 ClosedOrders QueryOrders OrderAmends " +
      "TradesHistory QueryTrades Ledgers QueryLedgers AddExport ExportStatus RetrieveExport RemoveExport";
    const trading =
      "AddOrder AddOrderBatch EditOrder AmendOrder CancelOrder CancelAll CancelAllOrdersAfter CancelOrderBatch GetWebSocketsToken";
    const funding =
      "DepositMethods DepositAddresses DepositStatus WithdrawMethods WithdrawAddresses WithdrawInfo WithdrawStatus Withdraw WithdrawCancel " +
      "WalletTransfer CreateSubaccount AccountTransfer";
    const earn = "Strategies Allocations Allocate Deallocate AllocateStatus DeallocateStatus".split(" ").map((name) => `Earn/${name}`);
    const custody = "ListCustodyVaults ListCustodyTasks GetCustodyTask";
    for (const name of [...`${account} ${trading} ${funding} ${custody}`.split(" "), ...earn])
      assert.equal(await error(name, { nonsense: "1" }), "EGeneral:Invalid arguments:nonsense", name);
    for (const name of [
      "Time",
      "SystemStatus",
      "Assets",
      "AssetPairs",
      "Ticker",
      "OHLC",
      "Depth",
      "GroupedBook",
      "Trades",
      "Spread",
      "PreTrade",
      "PostTrade",
    ]) {
      const answer = await (await way.fetch(`${way.spot}/0/public/${name}?nonsense=1`)).json();
      assert.deepEqual(answer.error, ["EGeneral:Invalid arguments:nonsense"], name);
    }
  });

  test("every endpoint of Futures knows its parameters", async (t) => {
    const { exchange, way } = await setUp(t);
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const history = [
      "orders",
      "executions",
      "triggers",
      "positions",
      "account-log",
      "market/PF_XBTUSD/executions",
      "market/PF_XBTUSD/price",
    ];
    for (const [method, names] of [
      [
        "GET",
        [
          ...["instruments", "instruments/status", "instruments/PF_XBTUSD/status", "tickers", "tickers/PF_XBTUSD", "orderbook", "history"],
          ...["historical-funding-rates", "feeschedules", "feeschedules/volumes", "accounts", "openorders", "openpositions", "fills"],
          ...["leveragepreferences", "pnlpreferences", "notifications", "unwindqueue", "transfers", "subaccounts", "self-trade-strategy"],
          ...["assignmentprogram/current", "assignmentprogram/history", "subaccount/x/trading-enabled", "orders/status"],
          ...["/api/charts/v1/", "/api/charts/v1/trade", "/api/charts/v1/trade/PF_XBTUSD", "/api/charts/v1/trade/PF_XBTUSD/1m"],
          ...["v2", "v3"].flatMap((version) => history.map((name) => `/api/history/${version}/${name}`)),
          "/api/auth/v1/api-keys/v3/check",
        ],
      ],
      [
        "POST",
        [
          ...["orders/status", "sendorder", "editorder", "cancelorder", "batchorder", "cancelallorders", "cancelallordersafter"],
          ...["assignmentprogram/add", "assignmentprogram/delete", "transfer", "transfer/subaccount", "withdrawal"],
        ],
      ],
      ["PUT", ["leveragepreferences", "pnlpreferences", "self-trade-strategy"]],
    ])
      for (const name of names) {
        await futures.call(method, name, "nonsense=1");
        assert.deepEqual(exchange.requests.at(-1).errors, ["invalidArgument", "unknown: nonsense"], `${method} ${name}`);
      }
  });

  test("batches as forms are rejected", async (t) => {
    const { exchange, error } = await setUp(t);
    const brackets = Object.fromEntries(
      [0, 1].flatMap((i) => Object.entries(ROW).map(([name, value]) => [`orders[${i}][${name}]`, value])),
    );
    assert.equal(await error("AddOrderBatch", { pair: "XBTUSD", ...brackets }), "EGeneral:Invalid arguments:orders");
    assert.equal(await error("CancelOrderBatch", { "orders[0]": "OAAAAA-AAAAA-AAAAAA" }), "EGeneral:Invalid arguments:orders");
    assert.deepEqual(exchange.executions, []);
  });

  test("a name in both the query string and the body is rejected", async (t) => {
    const { exchange, error, way } = await setUp(t);
    assert.equal(await error("AddOrder", LIMIT, { path: "/0/private/AddOrder?price=1" }), "EAPI:Bad request");
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    assert.equal(
      (await futures.call("POST", "/derivatives/api/v3/sendorder?size=1", "size=2", { signature: "x" })).error,
      "invalidArgument",
    );
    assert.deepEqual(exchange.executions, []);
  });

  test("unknown names of public endpoints and Futures are rejected", async (t) => {
    const { exchange, way } = await setUp(t);
    const ticker = await (await way.fetch(`${way.spot}/0/public/Ticker?pairs=XBTUSD`)).json();
    assert.deepEqual(ticker.error, ["EGeneral:Invalid arguments:pairs"]);
    const futures = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", limitPrice: "20000" };
    for (const [endpoint, params, wrong] of [
      ["sendorder", { ...order, price: "1" }, "unknown: price"],
      ["sendorder", { ...order, reduceOnly: "perhaps" }, "no flag: reduceOnly"],
      ["cancelorder", { orderId: "1" }, "unknown: orderId"],
      ["cancelallorders", { pair: "x" }, "unknown: pair"],
    ]) {
      assert.equal((await futures.call("POST", endpoint, params)).error, "invalidArgument");
      assert.deepEqual(exchange.requests.at(-1).errors, ["invalidArgument", wrong]);
    }
    const json = JSON.stringify({ batchOrder: [{ order: "send", ...order, price: "1" }] });
    assert.equal((await futures.call("POST", "batchorder", { json })).error, "invalidArgument");
    assert.deepEqual(exchange.executions, []);
    assert.equal((await futures.call("POST", "sendorder", { ...order, reduceOnly: "False" })).sendStatus.status, "placed");
  });
});

test("over a WebSocket, unknown names are rejected with its own error text", async () => {
  const exchange = new Exchange();
  const socket = await connect(exchange);
  const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1, limit_price: 100 };
  const error = async (method, params) => (await socket.ask(method, params)).error;
  assert.equal(await error("add_order", { ...order, price: 1 }), "Unsupported field: 'price' for the given msg type: add order");
  assert.equal(await error("cancel_all", { symbol: "BTC/USD" }), "Unsupported field: 'symbol' for the given msg type: cancel all");
  assert.equal(
    await error("add_order", { ...order, conditional: { order_type: "limit", price: 1 } }),
    "Unsupported field: 'conditional[price]' for the given msg type: add order",
  );
  assert.equal(await error("add_order", { ...order, validate: "perhaps" }), "EGeneral:Invalid arguments:validate");
  assert.equal((await socket.ask("add_order", { ...order, validate: true })).result.order_id, undefined);
  assert.equal(
    exchange.executions.some(({ write, method }) => write && method === "WebSocket"),
    false,
  );
  for (const method of ["subscribe", "unsubscribe"])
    assert.equal(
      await error(method, { channel: "book", symbol: ["BTC/USD"], levels: 100 }),
      `Unsupported field: 'levels' for the given msg type: ${method}`,
    );
  assert.equal(
    await error("subscribe", { channel: "executions", snap_trade: true }),
    "Unsupported field: 'snap_trade' for the given msg type: subscribe",
  );
  const lenient = await connect(new Exchange({ lenient: true }));
  assert.equal((await lenient.ask("add_order", { ...order, price: 1 })).success, true);
  assert.equal((await lenient.ask("subscribe", { channel: "book", symbol: ["BTC/USD"], levels: 100 })).success, true);
});
