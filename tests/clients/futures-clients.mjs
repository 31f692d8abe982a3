// Clients of Futures' REST API, by Kraken's own names of endpoints.
import { Absent } from "./helper.mjs";
import { startPython } from "./python.mjs";

/** Where ccxt has an endpoint: its API, method and path; most are `private` under their own name. */
const CCXT = {
  ...Object.fromEntries(
    ["instruments", "instruments/status", "tickers", "orderbook", "history", "feeschedules"].map((name) => [name, ["public", "GET", name]]),
  ),
  "tickers/symbol": ["public", "GET", "tickers/{symbol}"],
  "historical-funding-rates": ["public", "GET", "historicalfundingrates"],
  charts: ["charts", "GET", "{price_type}/{symbol}/{interval}"],
  ...Object.fromEntries(["executions", "orders", "triggers", "account-log"].map((name) => [name, ["history", "GET", name]])),
  ...Object.fromEntries(["executions", "orders", "price"].map((name) => [`market/${name}`, ["history", "GET", `market/{symbol}/${name}`]])),
  "PUT leveragepreferences": ["private", "PUT", "leveragepreferences"],
  "PUT pnlpreferences": ["private", "PUT", "pnlpreferences"],
  "PUT self-trade-strategy": ["private", "PUT", "self-trade-strategy"],
  "trading-enabled": ["private", "GET", "subaccount/{uid}/trading-enabled"],
  "transfer/subaccount": ["private", "POST", "transfer/subaccount"],
};
const RENAMED = { tick_type: "price_type", resolution: "interval", tradeable: "symbol" };
const POSTED = new Set("sendorder editorder cancelorder batchorder cancelallorders cancelallordersafter transfer withdrawal".split(" "));

/** ccxt's Futures, with every address on loopback. */
export async function ccxtFutures({ url, key, secret }) {
  const { default: ccxt } = await import("ccxt");
  const client = new ccxt.krakenfutures({ apiKey: key, secret, enableRateLimit: false });
  client.urls.api = Object.fromEntries(
    Object.entries(client.urls.api).map(([name, each]) => [name, typeof each === "string" ? url + new URL(each).pathname : each]),
  );
  return client;
}

async function openCcxt(given) {
  const client = await ccxtFutures(given);
  return {
    async call(endpoint, params) {
      const [api, method, path] = CCXT[endpoint] ?? ["private", POSTED.has(endpoint) ? "POST" : "GET", endpoint];
      if (!(path in (client.api[api][method.toLowerCase()] ?? {}))) throw new Absent(endpoint);
      const renamed = path.includes("{")
        ? Object.entries(params).map(([name, value]) => [RENAMED[name] ?? name, value])
        : Object.entries(params);
      return await client.request(path, api, method, Object.fromEntries(renamed));
    },
    close: () => client.close(),
  };
}

async function openPython(program, given) {
  const client = startPython(program, { ...given, product: "futures" });
  return { call: (endpoint, params) => client.ask("call", endpoint, params), close: client.close };
}

const key = { product: "futures" };

export const FUTURES_CLIENTS = [
  { name: "ccxt", key, open: openCcxt, quirks: { numbersAsText: true } },
  { name: "python-kraken-sdk", key, python: true, open: (given) => openPython("through_python_kraken_sdk", given) },
  { name: "typed-kraken", key, python: true, open: (given) => openPython("through_typed_kraken", given), quirks: { dropsUnknown: true } },
];
