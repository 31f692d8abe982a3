import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { runInNewContext } from "node:vm";
import { FuturesClient, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { FORMS } from "../transport/forms.mjs";

const exchange = new Exchange();
const spot = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
const withOtp = new SpotClient({ ...exchange.addKey({ otp: { password: "p&=+ %" } }), fetch: exchange.fetch });
const futures = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch });

/** The body of a signed call, without its nonce. */
async function body(endpoint, params, options, client = spot) {
  const request = await client.sign(endpoint, params, options);
  const text = await request.text();
  const type = request.headers.get("content-type");
  assert.equal(type, text.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
  return text.replace(/^nonce=\d+&?/, "").replace(/^\{"nonce":"\d+",?/, "{");
}
const refused = (params, message = /./, endpoint = "AddOrder", options = undefined) =>
  assert.rejects(spot.call(endpoint, params, options), (error) => {
    assert.equal(error.name, "InvalidRequestError", error.stack);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /s3cret/);
    return true;
  });

test("parameters are encoded as a form", async (t) => {
  for (const [name, params, expected] of FORMS) await t.test(name, async () => assert.equal(await body("Ledgers", params), expected));
  await t.test("a list of dates", async () => refused({ start: [new Date()], txid: [new Date(0)] }, /txid/));
});

test("parameters are encoded as JSON", async () => {
  assert.equal(await body("CancelOrderBatch", { orders: ["a", 1], cl_ord_ids: ["b"] }), '{"orders":["a",1],"cl_ord_ids":["b"]}');
  assert.equal(
    await body("AddOrder", { price: "+5%", volume: 1.5, oflags: ["post", "fcib"], big: 2n ** 64n, yes: true, userref: 7, no: undefined }),
    '{"price":"+5%","volume":1.5,"oflags":"post,fcib","big":18446744073709551616,"yes":true,"userref":7}',
  );
  assert.equal(
    await body("AddOrderBatch", { orders: [{ userref: 7, close: { price2: "#5%" } }] }),
    '{"orders":[{"userref":7,"close":{"price2":"#5%"}}]}',
  );
  assert.equal(await body("Balance", { a: '"\\\n' }, { json: true }), '{"a":"\\"\\\\\\n"}');
  assert.equal(await body("Balance", {}, { json: true }), "{}");
  assert.equal(await body("AddOrder", { price: "5%", userref: 7 }, { json: false }), "price=5%25&userref=7");
  assert.match(await body("CancelOrderBatch", { orders: ["a"] }, {}, withOtp), /^\{"orders":\["a"\],"otp":"p&=\+ %"\}$/);
});

test("names with brackets become structures in JSON, so that an order keeps its stop", async () => {
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1", userref: 7 };
  const flat = { ...order, "close[ordertype]": "stop-loss", "close[price]": "-10%" };
  assert.match(await body("AddOrder", flat), /"close":\{"ordertype":"stop-loss","price":"-10%"\}/);
  const { descr } = await spot.call("AddOrder", flat);
  assert.match(descr.close, /stop.loss/);
});

test("the exchange accepts both, with an OTP that needs encoding", async () => {
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1" };
  for (const json of [true, false]) await withOtp.call("AddOrder", order, { json });
  const { orders } = await withOtp.call("AddOrderBatch", {
    pair: "XBTUSD",
    orders: [1, 2].map(() => ({ type: "buy", ordertype: "limit", price: 30000, volume: "0.1" })),
  });
  assert.equal(orders.length, 2);
  assert.deepEqual(await withOtp.call("CancelOrderBatch", { orders: orders.map(({ txid }) => txid) }), { count: 2 });
});

test("parameters that cannot be sent exactly are refused before anything is sent", async (t) => {
  const before = exchange.requests.length;
  const cycle = {};
  cycle.self = cycle;
  const cases = [
    ["null", { a: null }, /null/],
    ["a function", { a: () => "s3cret" }, /function/],
    ["a symbol", { a: Symbol("s3cret") }, /symbol/],
    ["undefined in a list", { a: [undefined] }, /a\[0\]/],
    ["null in a comma list", { txid: [null] }, /txid/],
    ["an object in a comma list", { txid: [{}] }, /txid/],
    ["NaN", { a: NaN }, /not a number/],
    ["Infinity", { a: Infinity }, /not a number/],
    ["minus nothing", { a: -0 }, /-0/],
    ["a sum that is not exact", { volume: 0.1 + 0.2 }, /volume.*Pass a string, such as "0.3"/],
    ["milliseconds where seconds are due", { start: 1700000000000 }, /start.*seconds/],
    ["a name given twice", { "close[price]": "1", close: { price: "2" } }, /close\[price\].*twice/],
    ["a small number", { price: 7.3e-7 }, /price.*string/],
    ["a large number", { a: 1e21 }, /string/],
    ["a number beyond 2^53", { a: 2 ** 53 }, /string/],
    ["a date elsewhere", { price: new Date() }, /price.*Date/],
    ["an invalid date", { start: new Date(NaN) }, /start/],
    ["a lone surrogate", { a: "s3cret\ud800" }, /surrogate/],
    ["a nonce", { nonce: 1 }, /nonce/],
    ["an otp", { otp: "s3cret" }, /otp/],
    ["a nonce in capitals", { NONCE: 1 }, /NONCE/],
    ["a nonce in brackets", { "nonce[]": 1 }, /nonce/],
    ["__proto__", JSON.parse('{"__proto__":{"a":1}}'), /name/],
    ["nested __proto__", { a: JSON.parse('{"__proto__":1}') }, /name/],
    ["bracketed __proto__", { "a[__proto__]": 1 }, /name/],
    ["constructor", { constructor: 1 }, /name/],
    ["prototype", { a: { prototype: 1 } }, /name/],
    ["an empty name", { "": 1 }, /name/],
    ["a name with &", { "a&nonce": 1 }, /name/],
    ["a cycle", cycle, /deep/],
    ["an empty list", { txid: [] }, /empty/],
    ["a Map", { a: new Map() }, /instance of Map/],
    ["bytes", { a: new Uint8Array(1) }, /instance of Uint8Array/],
    ["an instance of a class", { a: new (class Decimal {})() }, /instance of Decimal/],
    ["a boxed string", { a: new String("x") }, /instance of String/],
    ["parameters that are a list", [], /plain/],
    ["parameters that are null", null, /plain/],
    ["parameters that are text", "a=1", /plain/],
  ];
  for (const [name, params, message] of cases) {
    await t.test(name, async () => {
      await refused(params, message);
      await refused(params, message, "AddOrder", { json: true });
    });
  }
  assert.equal(exchange.requests.length, before);
});

test("parameters are read once, synchronously, and never changed", async () => {
  let reads = 0;
  const params = Object.freeze({
    get asset() {
      return `XBT${(reads += 1) > 1 ? reads : ""}`;
    },
  });
  exchange.inject({ fault: "error", error: "EAPI:Invalid nonce" });
  await spot.call("Ledgers", params);
  assert.equal(reads, 1);
  // Also those of an order, which the client reads for its id and its flags.
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "0.1" };
  const prices = [];
  Object.defineProperty(order, "price", { enumerable: true, get: () => (prices.push(1), "30000") });
  Object.defineProperty(order, "cl_ord_id", { enumerable: true, get: () => (prices.push(2), "once") });
  await spot.call("AddOrder", order);
  assert.deepEqual(prices.sort(), [1, 2]);
  const changing = { a: 1 };
  const call = spot.sign("Balance", changing);
  changing.a = 2;
  assert.match(await (await call).text(), /a=1$/);
});

test("Futures parameters: lists repeat the name, structures become JSON, booleans are lowercase, and a GET has a query", async () => {
  const text = async (...args) => (await futures.sign(...args)).text();
  assert.equal(await text("POST", "orders/status", { orderIds: ["a", "b"], reduceOnly: true }), "orderIds=a&orderIds=b&reduceOnly=true");
  const batch = { batchOrder: [{ order: "send", size: 1, reduceOnly: false, note: undefined, limitPrice: 1.5, cliOrdId: "a" }] };
  const json =
    "json=" + encodeURIComponent('{"batchOrder":[{"order":"send","size":1,"reduceOnly":false,"limitPrice":1.5,"cliOrdId":"a"}]}');
  assert.equal(await text("POST", "batchorder", batch), json);
  assert.equal(await text("POST", "batchorder", { json: batch, ProcessBefore: "x" }), `${json}&ProcessBefore=x`);
  const { url, headers, method } = await futures.sign("GET", "fills", { lastFillTime: "2020-07-22T13:45:00.000Z", odd: "it's" });
  assert.equal(url, "https://futures.kraken.com/derivatives/api/v3/fills?lastFillTime=2020-07-22T13%3A45%3A00.000Z&odd=it%27s");
  assert.equal(method, "GET");
  assert.equal(headers.get("content-type"), null);
  const dated = await futures.sign("GET", "fills", { lastFillTime: new Date(0) });
  assert.match(dated.url, /lastFillTime=1970-01-01T00%3A00%3A00\.000Z$/);
  await assert.rejects(futures.get("fills", { symbol: new Date() }), { name: "InvalidRequestError" });
  // Test runners have dates of two kinds: those of another realm, and those made before they replaced `Date`.
  const foreign = await futures.sign("GET", "fills", { lastFillTime: runInNewContext("new Date(0)") });
  assert.equal(foreign.url, dated.url);
  const made = new Date(0);
  mock.timers.enable({ apis: ["Date"] });
  const replaced = futures.sign("GET", "fills", { lastFillTime: made });
  mock.timers.reset();
  assert.equal((await replaced).url, dated.url);
  await futures.get("/api/history/v2/orders", { count: 1, tradeable: "it's (a) *test*!" });
});
