// Whatever is sent, the exchange answers in Kraken's shapes and never throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authent, connect, Exchange, Futures, LIMIT, Spot } from "./helper.mjs";

const NASTY = [
  "",
  "0",
  "-1",
  "1e400",
  "NaN",
  "null",
  "constructor",
  "__proto__",
  "\u0000",
  "😀",
  "%",
  "+",
  "9".repeat(40),
  "1.".padEnd(60, "9"),
  "#5%",
  "+%",
  "2026-99-99T00:00:00Z",
  ",,,",
  "x".repeat(5000),
  true,
  null,
  7,
  [],
  {},
  [[[]]],
  { a: { b: [] } },
  [null, 1, "a"],
];
const SPOT = [
  "GetApiKeyInfo",
  "Balance",
  "BalanceEx",
  "CreditLines",
  "TradeVolume",
  "TradeBalance",
  "OpenOrders",
  "OpenPositions",
  "Level3",
  "ClosedOrders",
  "QueryOrders",
  "OrderAmends",
  "TradesHistory",
  "QueryTrades",
  "Ledgers",
  "QueryLedgers",
  "AddExport",
  "ExportStatus",
  "RemoveExport",
  "AddOrder",
  "AddOrderBatch",
  "EditOrder",
  "AmendOrder",
  "CancelOrder",
  "CancelAll",
  "CancelAllOrdersAfter",
  "CancelOrderBatch",
  "GetWebSocketsToken",
  "DepositMethods",
  "DepositAddresses",
  "DepositStatus",
  "WithdrawMethods",
  "WithdrawAddresses",
  "WithdrawInfo",
  "WithdrawStatus",
  "Withdraw",
  "WithdrawCancel",
  "WalletTransfer",
  "CreateSubaccount",
  "AccountTransfer",
  "Earn/Strategies",
  "Earn/Allocate",
  "GetCustodyTask",
];
const NAMES = [
  ...Object.keys(LIMIT),
  "price2",
  "oflags",
  "close",
  "orders",
  "cl_ord_ids",
  "cl_ord_id",
  "userref",
  "txid",
  "asset",
  "amount",
  "key",
  "from",
  "to",
  "timeout",
  "deadline",
  "expiretm",
  "starttm",
  "timeinforce",
  "leverage",
  "order_qty",
  "limit_price",
  "ofs",
  "report",
  "id",
  "validate",
  "__proto__",
];

/** The same numbers in every run. */
function generator(seed) {
  return (bound) => {
    seed = (seed * 16807) % 2147483647;
    return seed % bound;
  };
}

test("Spot: no parameters, in a form or in JSON, break the exchange", async () => {
  const random = generator(7);
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  for (let i = 0; i < 3000; i += 1) {
    const endpoint = SPOT[random(SPOT.length)];
    const params = { ...LIMIT };
    for (let n = random(3); n >= 0; n -= 1) {
      Object.defineProperty(params, NAMES[random(NAMES.length)], {
        value: NASTY[random(NASTY.length)],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    const { error, result } = await client.call(endpoint, params, { json: random(2) === 0 });
    assert.ok(Array.isArray(error), endpoint);
    assert.ok(
      error.length === 0 ? result !== undefined : error.every((text) => /^E[A-Z]\w+:/.test(text)),
      JSON.stringify({ endpoint, params, error }),
    );
    assert.ok(!error.some((text) => /^EAPI:Invalid (key|nonce|signature)/.test(text)), `${endpoint}: ${error}`);
  }
});

test("Spot: a request with one broken part is rejected and never executed", async () => {
  const random = generator(11);
  const exchange = new Exchange({ lockout: { attempts: 1e9 } });
  const client = new Spot(exchange.addKey(), exchange.fetch);
  for (let i = 0; i < 500; i += 1) {
    const [url, init] = client.request("AddOrder", LIMIT);
    const at = random(init.body.length);
    const flipped = String.fromCharCode(init.body.charCodeAt(at) ^ (1 << random(7)));
    const body = init.body.slice(0, at) + flipped + init.body.slice(at + 1);
    const { error } = await (await exchange.fetch(url, { ...init, body })).json();
    assert.match(error[0], /^EAPI:(Invalid signature|Invalid nonce|Bad request)$/);
  }
  assert.deepEqual(exchange.executions, []);
});

test("Futures: no parameters break the exchange", async () => {
  const random = generator(13);
  const exchange = new Exchange();
  const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
  const endpoints = [
    "sendorder",
    "editorder",
    "cancelorder",
    "batchorder",
    "cancelallorders",
    "cancelallordersafter",
    "orders/status",
    "transfer",
    "withdrawal",
  ];
  const names = [
    "orderType",
    "symbol",
    "side",
    "size",
    "limitPrice",
    "stopPrice",
    "cliOrdId",
    "order_id",
    "orderId",
    "reduceOnly",
    "json",
    "timeout",
    "orderIds",
    "unit",
    "amount",
    "fromAccount",
    "toAccount",
  ];
  const base = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", limitPrice: "20000" };
  for (let i = 0; i < 1000; i += 1) {
    const params = { ...base };
    for (let n = random(3); n >= 0; n -= 1) params[names[random(names.length)]] = String(NASTY[random(NASTY.length)]);
    const answer = await client.call("POST", endpoints[random(endpoints.length)], params);
    assert.ok(answer.result === "success" || typeof answer.error === "string");
    assert.notEqual(answer.error, "authenticationError");
  }
});

test("no raw request breaks the exchange: paths, methods, bytes that are not UTF-8", async () => {
  const exchange = new Exchange();
  const spot = exchange.addKey();
  const paths = [
    "",
    "/",
    "//",
    "/0/",
    "/0/private/",
    "/0/private/%00",
    "/0/private/../private/Balance",
    "/funding/v1/addresses/%zz",
    "/derivatives/api/v3/",
    "/api/",
    "/?%zz",
    "/0/public/Time?%zz",
  ];
  for (const path of paths) {
    for (const method of ["GET", "POST", "DELETE", "BREW"]) {
      for (const body of [new Uint8Array(), Uint8Array.of(0xff, 0xfe), new TextEncoder().encode("nonce=1")]) {
        const headers = new Headers({ "api-key": spot.key, "api-nonce": "5", authent: authent(spot.secret, "", "", path) });
        const answer = await exchange.handle({ method, path, headers, body });
        assert.equal(answer.type, "response");
        const json = JSON.parse(new TextDecoder().decode(answer.body));
        assert.ok(
          Array.isArray(json.error) || json.result === "error" || json.status === "unauthorized" || Array.isArray(json.errors),
          JSON.stringify(json),
        );
      }
    }
  }
  assert.equal(exchange.executions.length, 0);
});

test("a list or a structure in place of a text is rejected over a WebSocket, too", async () => {
  const exchange = new Exchange();
  const { ask } = await connect(exchange);
  const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1, limit_price: 100 };
  for (const [method, params, error] of [
    ["add_order", { ...order, time_in_force: ["ioc"] }, "EGeneral:Invalid arguments:time_in_force"],
    ["add_order", { ...order, cl_ord_id: {} }, "EGeneral:Invalid arguments:cl_ord_id"],
    ["add_order", { ...order, limit_price: {} }, "Limit_price field must be a number_float"],
    ["cancel_order", { order_id: ["O", {}] }, "EGeneral:Invalid arguments:order_id"],
    ["subscribe", { channel: "book", symbol: ["BTC/USD"], depth: [10] }, "EGeneral:Invalid arguments:depth"],
  ])
    assert.equal((await ask(method, params)).error, error);
  assert.equal(exchange.executions.length, 1, "the token of the socket");
});

test("structures nested thousands deep are rejected", async () => {
  const exchange = new Exchange();
  const spot = new Spot(exchange.addKey(), exchange.fetch);
  const futures = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
  const { ask } = await connect(exchange);
  for (const depth of [40, 5000, 100_000]) {
    const [lists, objects] = ["[".repeat(depth) + "]".repeat(depth), '{"close":'.repeat(depth) + "1" + "}".repeat(depth)];
    const send = async (text, json) => {
      const nonce = String(++spot.nonce);
      const body = json ? `{"nonce":"${nonce}",${text}}` : `nonce=${nonce}&${text}`;
      return (await spot.call("QueryOrders", {}, { nonce, body, json })).error;
    };
    for (const text of [`"txid":${lists}`, `"close":${objects}`]) assert.deepEqual(await send(text, true), ["EAPI:Bad request"]);
    for (const name of ["[0]", "[a]", "[]"]) assert.deepEqual(await send(`txid${name.repeat(depth)}=1`, false), ["EAPI:Bad request"]);
    assert.equal((await futures.call("POST", "sendorder", `symbol${"[a]".repeat(depth)}=1`)).error, "invalidArgument");
    const json = `{"batchOrder":[{"order":${lists}}]}`;
    assert.equal((await futures.call("POST", "batchorder", { json })).error, "Json Parse Error");
  }
  assert.equal((await ask("ping")).method, "pong");
  assert.equal(exchange.executions.length, 1, "the token of the socket");
});

test("U+FEFF at the beginning is a part of the body", async () => {
  const exchange = new Exchange();
  const spot = new Spot(exchange.addKey(), exchange.fetch);
  const nonce = String(++spot.nonce);
  for (const [body, json] of [
    [`\ufeffnonce=${nonce}`, false],
    [`\ufeff{"nonce":"${nonce}"}`, true],
  ])
    assert.deepEqual((await spot.call("Balance", {}, { nonce, body, json })).error, [json ? "EAPI:Bad request" : "EAPI:Invalid nonce"]);
  assert.ok(exchange.requests.every(({ body }) => body.startsWith("\ufeff")));
  assert.equal(exchange.executions.length, 0);
});
