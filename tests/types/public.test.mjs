// Market data needs no key, and what goes out for it carries none.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { futures, spot } from "./documented.mjs";

const secret = Buffer.alloc(64, 7).toString("base64");
const CREDENTIALS = /^(api-key|api-sign|apikey|authent|nonce|authorization)$/i;

/** A fetch that answers everything, and what it was asked. */
function recorder() {
  const sent = [];
  const fetch = async (url, { method = "GET", headers, body } = {}) => {
    sent.push({ url: `${url}`, method, names: [...new Headers(headers).keys()], body: body ?? undefined });
    return new Response(JSON.stringify({ error: [], result: "success", serverTime: "", status: {} }), {
      headers: { "content-type": "application/json" },
    });
  };
  return { fetch, sent };
}

const isSigned = ({ names }) => names.some((name) => CREDENTIALS.test(name));

/** Paths with something for what is in braces. */
const filled = (path) => path.replace(/\{[^}]*\}/g, "1d");

const SPOT = ["Time", "SystemStatus", "MaintenanceSchedule", "Assets", "AssetPairs", "Ticker", "OHLC", "Depth"].concat([
  "GroupedBook",
  "Trades",
  "Spread",
  "PreTrade",
  "PostTrade",
]);
const FUTURES = [
  "instruments",
  "instruments/status",
  "instruments/PF_XBTUSD/status",
  "tickers",
  "tickers/PF_XBTUSD",
  "orderbook",
  "history",
  "historical-funding-rates",
  "/derivatives/api/v4/historicalfundingrates",
  "feeschedules",
  "rfqs",
  "rfqs/1234",
  "/api/charts/v1/",
  "/api/charts/v1/trade",
  "/api/charts/v1/trade/PF_XBTUSD",
  "/api/charts/v1/trade/PF_XBTUSD/1h",
  "/api/charts/v1/analytics/liquidity-pool",
  "/api/charts/v1/analytics/PF_XBTUSD/cvd",
  ...["v2", "v3"].flatMap((version) => ["executions", "orders", "price"].map((name) => `/api/history/${version}/market/PF_XBTUSD/${name}`)),
];

describe("without credentials", () => {
  for (const hasKey of [false, true]) {
    const credentials = hasKey ? { key: "AKEY", secret } : {};
    test(`Spot, ${hasKey ? "though the client has some" : "of which the client has none"}`, async () => {
      const { fetch, sent } = recorder();
      const kraken = new SpotClient({ ...credentials, fetch });
      for (const name of SPOT) await kraken.call(name, { pair: "XBTUSD" });
      assert.deepEqual(
        sent.map(({ url, method, body }) => [method, url, body]),
        SPOT.map((name) => ["GET", `https://api.kraken.com/0/public/${name}?pair=XBTUSD`, undefined]),
      );
      assert.deepEqual(sent.filter(isSigned), []);
    });

    test(`Futures, ${hasKey ? "though the client has some" : "of which the client has none"}`, async () => {
      const { fetch, sent } = recorder();
      const kraken = new FuturesClient({ ...credentials, fetch });
      for (const name of FUTURES) await kraken.get(name, { symbol: "PF_XBTUSD" });
      assert.deepEqual(
        sent.map(({ url, method, body }) => [method, url, body]),
        FUTURES.map((name) => [
          "GET",
          `https://futures.kraken.com${name.startsWith("/") ? name : `/derivatives/api/v3/${name}`}?symbol=PF_XBTUSD`,
          undefined,
        ]),
      );
      assert.deepEqual(sent.filter(isSigned), []);
    });
  }
});

describe("an endpoint that this version does not know, called with `public: true`", () => {
  for (const hasKey of [false, true]) {
    const credentials = hasKey ? { key: "AKEY", secret } : {};
    test(`goes out with GET, unsigned, ${hasKey ? "though the client has keys" : "without a key"}`, async () => {
      const { fetch, sent } = recorder();
      const kraken = new SpotClient({ ...credentials, fetch });
      const kept = new FuturesClient({ ...credentials, fetch });
      await kraken.call("BrandNew", { pair: ["XBTUSD", "ETHUSD"] }, { public: true });
      assert.equal((await kraken.sign("BrandNew", {}, { public: true })).url, "https://api.kraken.com/0/public/BrandNew");
      assert.equal(kraken.signSync("BrandNew", {}, { public: true }).method, "GET");
      await kept.get("brandnew", { symbol: "PF_XBTUSD" }, { public: true });
      assert.equal(kept.signSync("GET", "/api/brand/new", {}, { public: true }).headers.APIKey, undefined);
      // Names that are nearly known ones: the option says that they are meant.
      await kraken.call("Tickers", {}, { public: true });
      await kept.get("ticker", {}, { public: true });
      assert.deepEqual(
        sent.map(({ url, method, body }) => [method, url, body]),
        [
          "https://api.kraken.com/0/public/BrandNew?pair=XBTUSD%2CETHUSD",
          "https://futures.kraken.com/derivatives/api/v3/brandnew?symbol=PF_XBTUSD",
          "https://api.kraken.com/0/public/Tickers",
          "https://futures.kraken.com/derivatives/api/v3/ticker",
        ].map((url) => ["GET", url, undefined]),
      );
      assert.deepEqual(sent.filter(isSigned), []);
    });
  }

  test("it counts as a read, and is retried", async () => {
    let attempts = 0;
    const fetch = async () => (++attempts === 1 ? new Response("", { status: 503 }) : Response.json({ error: [], result: { a: 1 } }));
    assert.deepEqual(await new SpotClient({ fetch }).call("BrandNew", {}, { public: true }), { a: 1 });
    assert.equal(attempts, 2);
  });

  test("the option is refused for a private endpoint, and for another method than GET", async () => {
    const { fetch, sent } = recorder();
    const kraken = new SpotClient({ key: "AKEY", secret, fetch });
    const kept = new FuturesClient({ key: "AKEY", secret, fetch });
    for (const [call, message] of [
      [() => kraken.call("Balance", {}, { public: true }), /Balance is private: leave `public` out/],
      [() => kraken.call("AddOrder", {}, { public: true }), /AddOrder is private/],
      [() => kraken.call("BrandNew", {}, { public: "yes" }), /`public`: expected true or false/],
      [() => kraken.request("GET", "/funding/v1/x", { public: true }), /Unknown option `public`/],
      [() => kept.get("accounts", {}, { public: true }), /accounts is private/],
      [() => kept.post("brandnew", {}, { public: true }), /a public endpoint is called with GET, and this is POST/],
    ])
      await assert.rejects(call(), { code: "ERR_INVALID_REQUEST", message });
    await kraken.call("Time", {}, { public: true });
    assert.deepEqual(
      sent.map(({ url }) => url),
      ["https://api.kraken.com/0/public/Time"],
    );
  });

  test("without the option, the error names it", async () => {
    const message = /BrandNew is a private endpoint, but this client has no key\. .* `public: true`/;
    await assert.rejects(new SpotClient().call("BrandNew"), { code: "ERR_INVALID_REQUEST", message });
  });
});

test("all other endpoints are signed, and not sent without a key", async () => {
  const { fetch, sent } = recorder();
  const credentials = { key: "AKEY", secret, fetch };
  const quietly = (call) => call.catch(() => {});
  const signed = new SpotClient(credentials);
  for (const name of spot.filter((name) => !SPOT.includes(name))) await quietly(signed.call(name));
  const futuresSigned = new FuturesClient(credentials);
  const isPublic = (name) =>
    FUTURES.some((other) => new RegExp(`^GET:${name.slice(4).replace(/\{[^}]*\}/g, "[^/]+")}$`).test(`GET:${other}`));
  const privately = futures.filter((name) => !(name.startsWith("GET:") && isPublic(name)));
  for (const [method, name] of privately.map((name) => name.split(":")))
    await quietly(futuresSigned[method.toLowerCase()](filled(name), { symbol: "PF_XBTUSD" }));
  assert.equal(sent.length, spot.length - SPOT.filter((name) => spot.includes(name)).length + privately.length);
  assert.deepEqual(
    sent.filter((request) => !isSigned(request)),
    [],
  );

  sent.length = 0;
  await assert.rejects(new SpotClient({ fetch }).call("Balance"), { code: "ERR_INVALID_REQUEST" });
  await assert.rejects(new FuturesClient({ fetch }).get("accounts"), { code: "ERR_INVALID_REQUEST" });
  assert.deepEqual(sent, []);
});

test("advice about a missing key is advice that can be followed", async () => {
  const { fetch, sent } = recorder();
  const client = new SpotClient({ fetch });
  const withoutKey = { code: "ERR_INVALID_REQUEST", message: /this client has no key\. Pass `key` and `secret`\.$/ };
  await assert.rejects(client.request("GET", "/funding/v1/methods"), withoutKey);
  await assert.rejects(client.call("Balance"), withoutKey);
  await assert.rejects(client.call("BrandNew", {}), { message: /Pass `key` and `secret`\. A new public one takes `public: true`\.$/ });
  await assert.rejects(client.request("GET", "/funding/v1/methods", { public: true }), { code: "ERR_INVALID_REQUEST" });
  assert.deepEqual(sent, []);
});

test("an endpoint that the simulated exchange lacks is not called one that Kraken lacks", async () => {
  const exchange = new Exchange();
  const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
  const lacking = { errors: ["EGeneral:Unknown method"], hint: "Kraken has this endpoint. A simulated exchange may lack it." };
  await assert.rejects(client.call("ListWalletAccounts"), lacking);
  await assert.rejects(client.call("BrandNew"), { hint: /Kraken has no such endpoint here/ });
  const futuresClient = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch });
  await assert.rejects(futuresClient.get("rfqs/open-offers"), { hint: /If that is the endpoint: a simulated exchange may lack it/ });
  await assert.rejects(futuresClient.get("BrandNew"), { hint: /sendorder to FuturesClient/ });
});

test("nonces and one-time passwords are the client's in new endpoints, too", async () => {
  const { fetch, sent } = recorder();
  const clients = [new SpotClient({ fetch, key: "AKEY", secret }), new FuturesClient({ fetch, key: "AKEY", secret })];
  for (const params of [{ nonce: 1 }, { otp: "1" }, { "nonce[]": 1 }, { Nonce: "1" }])
    for (const client of clients)
      for (const sending of [
        () => (client.call ?? client.post).call(client, "brandnew", params, { read: false }),
        async () => client.signSync(...(client.call ? [] : ["GET"]), "brandnew", params, { read: true }),
      ])
        await assert.rejects(sending, { code: "ERR_INVALID_REQUEST", message: /Parameter `(nonce|otp)/i });
  assert.deepEqual(sent, []);
});
