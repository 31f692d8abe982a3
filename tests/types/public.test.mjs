// Market data needs no key, and what goes out for it carries none.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
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
