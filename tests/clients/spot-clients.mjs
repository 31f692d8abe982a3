// Clients of Spot's REST API, each by Kraken's own names of endpoints: `call(endpoint, params)` is what the client made of the answer.
// None of their files is touched. An address that is no option is set from outside.
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { Absent, PUBLIC } from "./helper.mjs";
import { startPython } from "./python.mjs";

const require = createRequire(import.meta.url);

const bytes = (value) => ({ $bytes: Buffer.from(value).toString("hex") });

/** ccxt's Spot, with its addresses on loopback. */
export async function ccxtSpot({ url, key, secret }) {
  const { default: ccxt } = await import("ccxt");
  const client = new ccxt.kraken({ apiKey: key, secret, enableRateLimit: false });
  client.urls.api = { ...client.urls.api, public: url, private: url };
  return client;
}

/** ccxt has a method for each endpoint besides its unified ones, which are a table of their own. */
async function openCcxt(given) {
  const client = await ccxtSpot(given);
  return {
    async call(endpoint, params) {
      const [api, method] = PUBLIC.has(endpoint) ? ["public", "get"] : ["private", "post"];
      if (!(endpoint in client.api[api][method])) throw new Absent(endpoint);
      const answer = await client.request(endpoint, api, method.toUpperCase(), params);
      return "result" in Object(answer) ? answer.result : answer;
    },
    close: () => client.close(),
  };
}

/** Requests of node:https to Kraken go to loopback: the address of node-kraken-api is a constant, and so is its TLS. */
export function redirectHttps(url) {
  const { hostname, port } = new URL(url);
  const request = https.request;
  https.request = (options, then) => http.request({ ...options, hostname, port }, then);
  return () => (https.request = request);
}

async function openNodeKrakenApi({ url, key, secret, code }) {
  const { Kraken } = require("node-kraken-api");
  const client = new Kraken({ key, secret, ...(code ? { genotp: () => code } : {}), timeout: 10_000 });
  return {
    async call(endpoint, params) {
      const name = endpoint[0].toLowerCase() + endpoint.slice(1);
      const method = { oHLC: "ohlc" }[name] ?? name;
      if (!(method in client)) throw new Absent(endpoint);
      const restore = redirectHttps(url);
      // The request is made before this returns; only then does another client's turn come.
      const answer = client[method](Object.keys(params).length > 0 ? params : undefined);
      restore();
      const value = await answer;
      return Buffer.isBuffer(value) ? bytes(value) : value;
    },
  };
}

async function openKrakenApi({ url, key, secret, code }) {
  const Client = require("kraken-api");
  const client = new Client(key, secret, { url, timeout: 20_000, ...(code ? { otp: code } : {}) });
  return {
    async call(endpoint, params) {
      try {
        return (await client.api(endpoint, { ...params })).result;
      } catch (error) {
        if (error.message === `${endpoint} is not a valid API method.`) throw new Absent(endpoint);
        throw error;
      }
    },
  };
}

async function openPython(program, given) {
  const client = startPython(program, { product: "spot", ...given });
  return { call: (endpoint, params) => client.ask("call", endpoint, params), close: client.close };
}

const inParameters = (code) => ({ otp: code });

export const SPOT_CLIENTS = [
  { name: "ccxt", open: openCcxt, quirks: { numbersAsText: true }, otp: inParameters, classesOfErrors: true },
  { name: "node-kraken-api", open: openNodeKrakenApi },
  { name: "kraken-api", open: openKrakenApi },
  { name: "krakenex", python: true, open: (given) => openPython("through_krakenex", given), otp: inParameters },
  {
    name: "python-kraken-sdk",
    python: true,
    open: (given) => openPython("through_python_kraken_sdk", given),
    otp: (code) => ({ extra_params: { otp: code } }),
  },
  {
    name: "typed-kraken",
    python: true,
    open: (given) => openPython("through_typed_kraken", given),
    quirks: { dropsUnknown: true },
    otp: inParameters,
  },
];
