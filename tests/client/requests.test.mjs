import assert from "node:assert/strict";
import test from "node:test";
import * as kraken from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const { FuturesClient, SpotClient } = kraken;
const exchange = new Exchange();
const fetch = exchange.fetch;
const key = exchange.addKey();
const futuresKey = exchange.addKey({ product: "futures" });
const spot = new SpotClient({ ...key, fetch });
const futures = new FuturesClient({ ...futuresKey, fetch });
const refused = { name: "InvalidRequestError", code: "ERR_INVALID_REQUEST" };

test("only valid names of endpoints are accepted", async (t) => {
  const before = exchange.requests.length;
  for (const bad of [
    "",
    "/",
    "../Balance",
    "Balance/",
    "/0/private/Balance",
    "Balance?x=1",
    "Balance#x",
    "Balance\n",
    "Bal ance",
    "Earn//Allocate",
    "..",
    "%2e%2e",
    "Bälance",
    "a\\b",
    "https://evil.example/",
    undefined,
    null,
    7n ** 30n > 1n && {},
  ])
    await t.test(String(bad), () => assert.rejects(spot.call(bad), refused));
  for (const bad of [
    "",
    "../x",
    "//evil.example/x",
    "/x",
    "/evil/../x",
    "a/../b",
    "a?b",
    "a#b",
    "a b",
    "/api/",
    "/api/..",
    "a\\b",
    "%2e%2e",
    "https://evil.example",
  ])
    await t.test(`Futures ${bad}`, () => assert.rejects(futures.get(bad), refused));
  await assert.rejects(futures.sign("PATCH", "openorders"), refused);
  assert.equal(exchange.requests.length, before);
});

test("only valid paths of request() are accepted", async (t) => {
  const before = exchange.requests.length;
  for (const bad of [
    "",
    "funding",
    "//evil.example/x",
    "/a/../b",
    "/a/./b",
    "/a/%2e%2e/b",
    "/a\\b",
    "/a b",
    "/a#b",
    "/a\n",
    "/ä",
    "/a'?b='",
    "@evil.example/",
    ".evil.example/",
    ":8080/",
    undefined,
  ])
    await t.test(String(bad), () => assert.rejects(spot.request("GET", bad)));
  for (const method of ["get", "CONNECT", "TRACE", "GET\r\nX: y", ""])
    await assert.rejects(spot.request(method, "/funding/v1/addresses"), refused);
  await assert.rejects(spot.request("GET", "/funding/v1/addresses", { body: { a: 1 } }), refused);
  assert.equal(exchange.requests.length, before);
  assert.ok(await spot.request("GET", "/funding/v1/addresses"));
  assert.ok((await spot.request("GET", "/funding/v1/methods/deposit?a=1", { query: { asset: { name: "XBT" }, odd: "it's" } })).methods);
});

test("only safe base URLs are accepted", async (t) => {
  const bad = [
    "http://api.kraken.com",
    "ftp://api.kraken.com",
    "api.kraken.com",
    "",
    "https://",
    "https://u:p@api.kraken.com",
    "https://u@api.kraken.com",
    "https://api.kraken.com?x",
    "https://api.kraken.com#x",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://10.0.0.1",
    "javascript:alert(1)",
    null,
    7,
  ];
  for (const baseUrl of bad) await t.test(`refused: ${baseUrl}`, () => assert.throws(() => new SpotClient({ ...key, baseUrl }), refused));
  for (const [baseUrl, url] of [
    [undefined, "https://api.kraken.com/0/private/Balance"],
    ["https://api.kraken.com/", "https://api.kraken.com/0/private/Balance"],
    ["https://proxy.example/kraken/", "https://proxy.example/kraken/0/private/Balance"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/0/private/Balance"],
    ["http://[::1]:1", "http://[::1]:1/0/private/Balance"],
    ["http://localhost:1", "http://localhost:1/0/private/Balance"],
  ])
    assert.equal((await new SpotClient({ ...key, baseUrl }).sign("Balance")).url, url);
  assert.equal(
    (
      await new FuturesClient({ ...futuresKey, baseUrl: "https://demo-futures.kraken.com" }).sign("GET", "/api/history/v2/orders", {
        count: 2,
      })
    ).url,
    "https://demo-futures.kraken.com/api/history/v2/orders?count=2",
  );
});

test("invalid keys and options are refused by name", async (t) => {
  const bad = [
    [{ key: undefined }, "InvalidRequestError"],
    [{ key: "" }, "InvalidRequestError"],
    [{ key: "a\r\nX-Evil: 1" }, "InvalidRequestError"],
    [{ secret: undefined }, "InvalidSecretError"],
    [{ secret: "not base64!" }, "InvalidSecretError"],
    [{ key: key.secret, secret: key.key }, "InvalidSecretError"],
    [{ otp: "JBSWY3DPEHPK3PXP" }, "InvalidRequestError"],
    [{ otp: {} }, "InvalidRequestError"],
    [{ otp: { password: "" } }, "InvalidRequestError"],
    [{ otp: null }, "InvalidRequestError"],
    [{ lane: { run: () => {} }, nonce: { unit: "ms" } }, "InvalidRequestError"],
    [{ use: "withdraw" }, "InvalidRequestError"],
    [{ nonce: { unit: "s" } }, "InvalidNonceError"],
    [{ userAgent: "a\r\nb" }, "InvalidRequestError"],
    [{ userAgent: "" }, "InvalidRequestError"],
    [{ retries: -1 }, "InvalidRequestError"],
    [{ retries: "many" }, "InvalidRequestError"],
    [{ keys: [] }, "InvalidRequestError"],
    [{ keys: [key] }, "InvalidRequestError"],
  ];
  for (const [options, name] of bad)
    await t.test(Object.entries(options).flat().map(String).join(" "), () =>
      assert.throws(() => new SpotClient({ ...key, ...options }), { name }),
    );
  assert.throws(() => new FuturesClient({ ...futuresKey, otp: { password: "x" } }), refused);
  for (const timeout of [0, -1, NaN, Infinity, "soon", "30"]) {
    assert.throws(() => new SpotClient({ ...key, fetch, timeout }), refused);
    await assert.rejects(spot.call("Balance", {}, { timeout }), refused);
  }
  assert.throws(() => new SpotClient({ ...key, apiKey: "x" }), { ...refused, message: "Unknown option `apiKey`. Did you mean `key`?" });
  assert.throws(() => new SpotClient({ ...key, fetch: "fetch" }), { ...refused, message: /`fetch`: expected a function/ });
});

test("the signed bytes are the sent bytes, with the headers that Kraken requires", async () => {
  const before = exchange.requests.length;
  const sent = [];
  const client = new SpotClient({ ...key, userAgent: "mine/1", fetch: (url, init) => (sent.push([url, init]), fetch(url, init)) });
  await client.call("Ledgers", { asset: "ä" }).catch(() => {});
  const [[url, init]] = sent;
  assert.equal(typeof url, "string");
  assert.equal(typeof init.body, "string");
  assert.equal(init.redirect, "manual");
  assert.equal(init.headers["User-Agent"], "mine/1");
  assert.equal(exchange.requests[before].body, init.body);
  const request = await client.sign("Balance");
  assert.ok(request instanceof Request && request.redirect === "manual" && request.method === "POST");
  assert.equal((await (await fetch(request)).json()).error.length, 0);
  assert.ok(await client.call("Balance"));
});

test("reading an endless answer stops early", async () => {
  for (const [endpoint, limit] of [
    ["Balance", 16e6],
    ["RetrieveExport", 64e6],
  ]) {
    let given = 0;
    let cancelled = false;
    const chunk = new Uint8Array(1 << 20).fill(0x50);
    const body = new ReadableStream({
      pull: (controller) => {
        given += chunk.length;
        controller.enqueue(chunk);
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const { key, secret } = exchange.addKey();
    const client = new SpotClient({ key, secret, retries: 0, fetch: async () => new Response(body) });
    await assert.rejects(client.call(endpoint), { name: "ResponseError" });
    assert.ok(cancelled && given > limit && given < limit + 4e6, `${given}`);
  }
});

test("the client works over HTTP on loopback", { timeout: 60_000 }, async () => {
  const { key, secret } = exchange.addKey();
  const server = await exchange.listen();
  const client = new SpotClient({ key, secret, baseUrl: server.url, timeout: 3000, retries: 1 });
  assert.ok(await client.call("Balance"));
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: 1 };
  for (const [fault, cause] of [
    [{ fault: "reset", when: "after" }, "NetworkError"],
    [{ fault: "truncated", cut: true }, "NetworkError"],
    [{ fault: "redirect", status: 307 }, "HttpError"],
    [{ fault: "endless", when: "after" }, "ResponseError"],
    [{ fault: "html", when: "after", status: 520 }, "HttpError"],
  ]) {
    const done = exchange.executions.length;
    exchange.inject(fault);
    await assert.rejects(client.call("AddOrder", order), (error) => error.name === "UnknownOutcomeError" && error.cause.name === cause);
    assert.ok(exchange.executions.length - done <= 1);
    exchange.inject(fault);
    assert.ok(await client.call("Balance"));
  }
  await server.close();
  // Until the pool has noticed.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await assert.rejects(client.call("AddOrder", order), (error) => error.name === "NetworkError" && error.reason === "ECONNREFUSED");
});

test("the client refuses to run in a page of a browser, and in no other runtime", () => {
  const open = (extra) => new SpotClient({ ...key, ...extra });
  const around = (globals, work) => {
    const old = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
    try {
      work();
    } finally {
      for (const [name, descriptor] of old) descriptor ? Object.defineProperty(globalThis, name, descriptor) : delete globalThis[name];
    }
  };
  const page = { window: {}, document: {} };
  const worker = (userAgent) => ({ WorkerGlobalScope: function () {}, navigator: { userAgent } });
  for (const globals of [page, worker("Mozilla/5.0 (X11) Firefox/140")])
    around(globals, () => {
      assert.throws(() => open({}), { ...refused, message: /allowBrowser/ });
      open({ allowBrowser: true });
    });
  for (const globals of [{ window: {} }, worker("Cloudflare-Workers"), worker("Deno/2.5.0"), worker("Bun/1.3"), {}])
    around(globals, () => open({}));
});

test("prototype pollution has no effect", async () => {
  Object.prototype.polluted = "yes";
  try {
    assert.doesNotMatch(await (await spot.sign("Balance", { a: 1 })).text(), /polluted/);
  } finally {
    delete Object.prototype.polluted;
  }
  await assert.rejects(spot.call("constructor"), { name: "ApiError" });
  await assert.rejects(spot.call("toString"), { name: "ApiError" });
});
