// The mistakes that people make when they first use the package: what they wrote, to be run and to be shown.
import {
  FuturesClient,
  MarketNames,
  NonceSource,
  Signer,
  SpotClient,
  ThreadLane,
  TokenManager,
  Totp,
  deadMansSwitch,
  pages,
  placeOrder,
  resolveOrder,
  roundPrice,
  roundVolume,
  withdraw,
} from "kraken-signer";
import { futuresClient, spotClient } from "kraken-signer/durable-object";
import { fromEnvironment } from "./environment.mjs";
import { investigate } from "kraken-signer/inspect";
import { nodeFetch } from "kraken-signer/node";
import { RedisLane } from "kraken-signer/redis";
import * as sockets from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

/** What was opened, to be closed at the end: a socket connects again and again. */
export const opened = [];

class SpotSocket extends sockets.SpotSocket {
  constructor(options) {
    super(options);
    opened.push(this);
  }
}

class FuturesSocket extends sockets.FuturesSocket {
  constructor(options) {
    super(options);
    opened.push(this);
  }
}

const exchange = new Exchange();
const { fetch } = exchange;
const spotKey = exchange.addKey();
const futuresKey = exchange.addKey({ product: "futures" });
const { key, secret } = spotKey;
const setupKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const kraken = new SpotClient({ key, secret, fetch });
const futures = new FuturesClient({ key: futuresKey.key, secret: futuresKey.secret, fetch });
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.001" };
const WebSocket = exchange.WebSocket;
const redis = { isOpen: true, evalSha: () => {}, eval: () => {}, sendCommand: () => {} };

/** A client of an account with a fault. */
function client(options, also = {}) {
  const added = exchange.addKey(options);
  return new SpotClient({ key: added.key, secret: added.secret, fetch, retries: 0, ...also });
}

const closed = new SpotClient({ key, secret, fetch });
closed.close();
const freed = new Signer(secret);
freed.free();

/** A client whose key has seen a higher nonce. */
const microseconds = exchange.addKey();
await new SpotClient({ ...microseconds, fetch, nonce: { unit: "us" } }).call("Balance");
const used = new SpotClient({
  key: microseconds.key,
  secret: microseconds.secret,
  fetch,
  retries: 0,
  lane: { run: (send) => send(`${Date.now()}`) },
});

/** Makes a call in a runtime that lacks something, such as `fetch`. */
async function without(name, run) {
  const there = Object.getOwnPropertyDescriptor(globalThis, name);
  delete globalThis[name];
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, name, there);
  }
}

/** Nothing of these may be in a message. */
export const secrets = [secret, futuresKey.secret, setupKey];

/** `[what was meant or overlooked, the code]`, by what it is about. The code is shown as it stands. */
export const mistakes = {
  "The key": [
    ["the environment variable is missing", () => new SpotClient({ key: process.env.KRAKEN_KEY, secret })],
    ["the environment variable is empty", () => new SpotClient({ key: "", secret })],
    ["a number", () => new SpotClient({ key: 42, secret })],
    ["a space within", () => new SpotClient({ key: `${key.slice(0, 20)} ${key.slice(20)}`, secret })],
    ["the quotes of the .env file", () => new SpotClient({ key: `"${key}"`, secret })],
    ["a character that no keyboard has", () => new SpotClient({ key: `${key}\u200b\u00e4`, secret })],
    ["named as at other exchanges", () => new SpotClient({ apiKey: key, apiSecret: secret })],
    ["named as in Python", () => new SpotClient({ api_key: key, api_secret: secret })],
    ["key and secret swapped", () => new SpotClient({ key: secret, secret: key })],
    ["the private key twice", () => new SpotClient({ key: secret, secret })],
    ["the API key twice", () => new SpotClient({ key, secret: key })],
    ["the secret without the key", () => new SpotClient({ secret })],
    ["as arguments", () => new SpotClient(key, secret)],
    ["null for the options", () => new SpotClient(null)],
    ["the whole environment", () => new SpotClient({ PATH: "/usr/bin", KRAKEN_KEY: key })],
    ["the environment variable is the word undefined", () => new SpotClient({ key: `${process.env.KRAKEN_KEY}`, secret })],
    ["the environment variable is the word null", () => new SpotClient({ key: "null", secret: "null" })],
    ["a list, not in keys", () => new SpotClient([{ key, secret }])],
  ],
  "The secret": [
    ["the environment variable is missing", () => new SpotClient({ key, secret: process.env.KRAKEN_SECRET })],
    ["the environment variable is empty", () => new Signer("")],
    ["cut off when it was copied", () => new SpotClient({ key, secret: secret.slice(0, -4), fetch }).call("Balance")],
    ["a letter lost", () => new Signer(secret.slice(1))],
    ["the quotes of the .env file", () => new Signer(`"${secret}"`)],
    ["as hexadecimal", () => new SpotClient({ key, secret: Buffer.from(secret, "base64").toString("hex"), fetch }).call("Balance")],
    ["URL-safe base64", () => new Signer(Buffer.alloc(64, 251).toString("base64url"))],
    ["a placeholder", () => new Signer("YOUR_PRIVATE_KEY")],
    ["the bytes of its text", () => new SpotClient({ key, secret: Buffer.from(secret), fetch }).call("Balance")],
    ["an ArrayBuffer", () => new Signer(new ArrayBuffer(64))],
    ["null", () => new Signer(null)],
    ["the API key before it", () => new Signer(key, secret)],
    ["a promise", () => new SpotClient({ key, secret: Promise.resolve(secret) })],
    ["the environment variable is the word undefined", () => new Signer(`${process.env.KRAKEN_SECRET}`)],
    ["beside a list of keys", () => new SpotClient({ keys: [{ key, secret }], secret })],
    ["without the key, as an option of the second factor", () => new SpotClient({ otp: new Totp(setupKey) })],
  ],
  "Two-factor authentication": [
    ["the setup key as text", () => new SpotClient({ key, secret, otp: setupKey })],
    ["a code", () => new SpotClient({ key, secret, otp: 123456 })],
    ["the class in place of an authenticator", () => new SpotClient({ key, secret, otp: Totp })],
    ["a static password by another name", () => new SpotClient({ key, secret, password: "hunter2" })],
    ["named as elsewhere", () => new SpotClient({ key, secret, totp: new Totp(setupKey) })],
    ["the wrong name inside", () => new SpotClient({ key, secret, otp: { secret: setupKey } })],
    ["for Futures, which has none", () => new FuturesClient({ key, secret, otp: { password: "1234" } })],
    ["the environment variable is missing", () => new Totp(process.env.KRAKEN_OTP_SETUP_KEY)],
    ["the environment variable is empty", () => new Totp("")],
    ["a digit that base32 does not have", () => new Totp("GEZDGNBVGY3TQ0JQ")],
    ["a code in place of the setup key", () => new Totp("123456")],
    ["a URI for counters", () => new Totp(`otpauth://hotp/Kraken?secret=${setupKey}`)],
    ["a URI without a secret", () => new Totp("otpauth://totp/Kraken?issuer=Kraken")],
    ["the algorithm in lower case", () => new Totp(setupKey, { algorithm: "sha256" })],
    ["five digits", () => new Totp(setupKey, { digits: 5 })],
    ["a misspelled option", () => new Totp(setupKey, { interval: 60 })],
    ["a period in milliseconds", () => new Totp(setupKey, { period: 30_000_000 })],
    ["a code inside", () => new SpotClient({ key, secret, otp: { code: "123456" } })],
    ["a password that is a number", () => new SpotClient({ key, secret, otp: { password: 1234 } })],
    ["a code that is a number", () => new SpotClient({ key, secret, otp: () => 123456, fetch }).call("Balance")],
    ["beside a list of keys", () => new SpotClient({ keys: [{ key, secret }], otp: new Totp(setupKey) })],
    ["the number of digits as text", () => new Totp(setupKey, { digits: "6" })],
    ["the period as text", () => new Totp(setupKey, { period: "30" })],
    ["the setup key in an object", () => new Totp({ secret: setupKey })],
  ],
  "Several keys, lanes and nonces": [
    ["no key in the list", () => new SpotClient({ keys: [] })],
    ["one credential, not in a list", () => new SpotClient({ keys: { key, secret } })],
    ["a list and one more", () => new SpotClient({ keys: [{ key, secret }], key, secret })],
    ["an empty place in the list", () => new SpotClient({ keys: [undefined] })],
    ["an option of the client in a credential", () => new SpotClient({ keys: [{ key, secret, timeout: 5000 }] })],
    ["a role that does not exist", () => new SpotClient({ key, secret, use: "trade" })],
    ["permissions as text", () => new SpotClient({ key, secret, permissions: "query-funds" })],
    ["text in place of a lane", () => new SpotClient({ key, secret, lane: "redis" })],
    ["a lane and a source of nonces", () => new SpotClient({ key, secret, lane: { run: (send) => send("1") }, nonce: { unit: "us" } })],
    ["the unit alone", () => new SpotClient({ key, secret, nonce: "us" })],
    ["a unit that does not exist", () => new SpotClient({ key, secret, nonce: { unit: "s" } })],
    ["a misspelled option of nonces", () => new SpotClient({ key, secret, nonce: { units: "us" } })],
    ["an option of a source in a credential", () => new SpotClient({ key, secret, nonce: { after: 5n } })],
    ["a function that makes nonces", () => new SpotClient({ key, secret, nonce: () => Date.now() })],
    ["the last nonce in place of the options", () => new NonceSource(1_795_000_000_000)],
    ["a lane as a class", () => new SpotClient({ key, secret, lane: RedisLane })],
    ["a unit that does not exist, in a source", () => new NonceSource({ unit: "microseconds" })],
    ["a misspelled option of a source", () => new NonceSource({ units: "us" })],
    ["a negative last nonce", () => new NonceSource({ after: -1n })],
    ["a last nonce in seconds with a fraction", () => new NonceSource({ after: 1616492376.594 })],
    ["a last nonce in another unit", () => new NonceSource({ after: "1616492376594000000" }).next()],
    ["a clock that is not a function", () => new NonceSource({ now: Date.now() })],
    ["a lane that gives a nonce as a number", () => client({}, { lane: { run: (send) => send(Date.now()) } }).call("Balance")],
    [
      "a lane that gives nonces in the finer unit",
      () => client({}, { lane: { unit: "ms", run: (send) => send(`${Date.now()}000`) } }).call("Balance"),
    ],
    ["a lane that does not send", () => client({}, { lane: { run: async () => {} } }).call("Balance")],
    ["a lane without its memory", () => new ThreadLane({ memory: new ArrayBuffer(64) })],
    ["a lane without Redis", () => new RedisLane({ key })],
    ["a lane without a key", () => new RedisLane({ redis })],
    ["a lease in seconds", () => new RedisLane({ redis, key, lease: 5 })],
    ["a misspelled option of a lane", () => new RedisLane({ redis, key, leaseMs: 5000 })],
    ["a Durable Object without its variables", () => fromEnvironment({}, "main")],
    ["a Durable Object with a name in capitals", () => fromEnvironment({}, "Main")],
    ["a Durable Object without the environment", () => fromEnvironment(undefined, "main")],
    ["a Durable Object's client without its stub", () => spotClient(undefined)],
    ["a Durable Object's binding in place of its stub", () => futuresClient({ getByName: () => {} })],
    ["the key and the secret as a list", () => new SpotClient({ keys: [key, secret] })],
    ["a permission that is a number", () => new SpotClient({ key, secret, permissions: [1] })],
    ["a flag of nonces as text", () => new NonceSource({ allowAhead: "true" })],
    ["the environment variable of a lane is empty", () => new RedisLane({ redis, key: "" })],
  ],
  "Settings of a client": [
    ["the time as text", () => new SpotClient({ timeout: "30" })],
    ["no time at all", () => new SpotClient({ timeout: 0 })],
    ["an option misspelled", () => new SpotClient({ timeOut: 30_000 })],
    ["an option by another name", () => new SpotClient({ maxRetries: 3 })],
    ["an option with a letter lost", () => new SpotClient({ baseUr: "https://api.kraken.com" })],
    ["an option that does not exist", () => new SpotClient({ sandbox: true })],
    ["a negative number of retries", () => new SpotClient({ retries: -1 })],
    ["retries as text", () => new SpotClient({ retries: "2" })],
    ["the name of a fetch", () => new SpotClient({ fetch: "node-fetch" })],
    ["a runtime without fetch", () => without("fetch", () => new SpotClient({ key, secret, retries: 0 }).call("Balance"))],
    ["an agent, as for node:http", () => new SpotClient({ key, secret, agent: {} })],
    ["the exchange in place of its fetch", () => new SpotClient({ key, secret, fetch: exchange })],
    ["a function that makes a fetch", () => new SpotClient({ fetch: nodeFetch, retries: 0 }).call("Time")],
    ["a fetch that returns nothing", () => new SpotClient({ fetch: () => {}, retries: 0 }).call("Time")],
    ["a fetch that returns an answer of axios", () => new SpotClient({ fetch: async () => ({ data: {} }), retries: 0 }).call("Time")],
    ["a tier in capitals", () => new SpotClient({ key, secret, rateLimit: "Pro" })],
    ["a flag in place of a tier", () => new SpotClient({ key, secret, rateLimit: true })],
    ["a tier that does not exist", () => new SpotClient({ key, secret, rateLimit: { tier: "gold" } })],
    ["the flag of ccxt", () => new SpotClient({ key, secret, enableRateLimit: true })],
    ["a timeout without end", () => new SpotClient({ key, secret, timeout: Infinity })],
    ["half a retry", () => new SpotClient({ key, secret, retries: 1.5 })],
    ["a flag for retries", () => new SpotClient({ key, secret, retries: true })],
    ["the environment variable of the address is empty", () => new SpotClient({ key, secret, baseUrl: "" })],
    ["the address of the demo of Futures for Spot", () => new SpotClient({ key, secret, baseUrl: "https://demo-futures.kraken.com" })],
    ["a line break in the user agent", () => new SpotClient({ userAgent: "bot\n1.0" })],
    ["a flag as text", () => new SpotClient({ allowBrowser: "yes" })],
    ["another flag as text", () => new SpotClient({ clientOrderIds: "false" })],
    ["a misspelled hook", () => new SpotClient({ hooks: { onRespone: () => {} } })],
    ["a hook that is not a function", () => new SpotClient({ hooks: { onError: "console.error" } })],
    ["an address without https", () => new SpotClient({ baseUrl: "api.kraken.com" })],
    ["an address with http", () => new SpotClient({ baseUrl: "http://api.kraken.com" })],
    ["an address with a query", () => new SpotClient({ baseUrl: "https://api.kraken.com/?x=1" })],
    ["an address with a password", () => new SpotClient({ baseUrl: "https://me:pw@proxy.example" })],
    ["an address that is a URL object", () => new SpotClient({ baseUrl: new URL("https://api.kraken.com") })],
    ["an address with the path of the API", () => new SpotClient({ baseUrl: "https://api.kraken.com/0" })],
    ["an address with the path of private endpoints", () => new SpotClient({ baseUrl: "https://api.kraken.com/0/private/" })],
    ["the address of Futures for Spot", () => new SpotClient({ baseUrl: "https://futures.kraken.com" })],
    ["the address of Spot for Futures", () => new FuturesClient({ baseUrl: "https://api.kraken.com" })],
    ["an address with the path of Futures", () => new FuturesClient({ baseUrl: "https://futures.kraken.com/derivatives/api/v3" })],
    ["the address of a WebSocket", () => new SpotClient({ baseUrl: "wss://ws.kraken.com/v2" })],
    ["the address of a WebSocket, with https", () => new SpotClient({ baseUrl: "https://ws.kraken.com" })],
    ["the address of the WebSocket of Futures", () => new FuturesClient({ baseUrl: "https://futures.kraken.com/ws/v1" })],
    ["an instance of another class", () => new SpotClient(new Totp(setupKey))],
    ["an address with the path of an endpoint", () => new SpotClient({ baseUrl: "https://api.kraken.com/0/private/Balance" })],
    ["an address with a port that does not exist", () => new SpotClient({ baseUrl: "https://api.kraken.com:99999" })],
  ],
  Endpoints: [
    ["lower case", () => kraken.call("balance")],
    ["a letter lost", () => kraken.call("AddOrde")],
    ["a letter too many", () => kraken.call("OpenOrderss")],
    ["two letters exchanged", () => kraken.call("Tickre")],
    ["the path", () => kraken.call("/0/private/Balance")],
    ["the address", () => kraken.call("https://api.kraken.com/0/private/Balance")],
    ["a query behind it", () => kraken.call("Ticker?pair=XBTUSD")],
    ["nothing", () => kraken.call()],
    ["a number", () => kraken.call(1)],
    ["an object", () => kraken.call({ endpoint: "Balance" })],
    ["an endpoint of Futures", () => kraken.call("sendorder", { symbol: "PF_XBTUSD" })],
    ["the name of the WebSocket's method", () => kraken.call("add_order", order)],
    ["without a key", () => new SpotClient({ fetch }).call("Balance")],
    ["an order with a key that only reads", () => new SpotClient({ key, secret, fetch, use: "read" }).call("AddOrder", order)],
    ["a key that the client does not have", () => kraken.call("Balance", {}, { key: "OTHER" })],
    ["an order that is declared to change nothing", () => kraken.call("AddOrder", order, { read: true })],
    ["after close()", () => closed.call("Balance")],
    ["Futures: capitals", () => futures.get("openOrders")],
    ["Futures: a letter lost", () => futures.post("sendorde", { symbol: "PF_XBTUSD" })],
    ["Futures: get for an endpoint that takes POST", () => futures.get("sendorder", { symbol: "PF_XBTUSD" })],
    ["Futures: post for an endpoint that takes GET", () => futures.post("openpositions")],
    ["Futures: an endpoint of Spot", () => futures.post("AddOrder", order)],
    ["Futures: the address", () => futures.get("https://futures.kraken.com/derivatives/api/v3/accounts")],
    ["request: the method in lower case", () => kraken.request("get", "/funding/v1/methods")],
    ["request: a path without its slash", () => kraken.request("GET", "funding/v1/methods")],
    ["request: a path of Spot", () => kraken.request("POST", "/0/private/Balance")],
    ["request: a public path of Spot", () => kraken.request("GET", "/0/public/Time")],
    ["call: a part of the path before the name", () => kraken.call("public/Ticker", { pair: "XBTUSD" })],
    ["request: a GET with a body", () => kraken.request("GET", "/funding/v1/methods", { body: { asset: "XBT" } })],
    ["request: a path with a space", () => kraken.request("GET", "/funding/v1/my methods")],
    ["request: a body as text", () => kraken.request("POST", "/funding/v1/methods", { body: "asset=XBT" })],
    ["request: a query as text", () => kraken.request("GET", "/funding/v1/methods", { query: "asset=XBT" })],
    ["request: a misspelled option", () => kraken.request("GET", "/funding/v1/methods", { params: { asset: "XBT" } })],
    ["the path without its slash", () => kraken.call("0/private/OpenOrders")],
    ["the path with a slash behind it", () => kraken.call("/0/private/TradeBalance/")],
    ["check: an endpoint alone", () => kraken.check("Balance")],
    ["check: a misspelled option", () => kraken.check({ fro: ["AddOrder"] })],
    ["check: an endpoint not in a list", () => kraken.check({ for: "AddOrder" })],
    ["check: an endpoint misspelled", () => kraken.check({ for: ["AddOder"] })],
    ["request: the arguments exchanged", () => kraken.request("/funding/v1/methods", "GET")],
    ["Futures: a path without its slash", () => futures.get("api/history/v3/executions")],
    ["Futures: a path as in the documentation", () => futures.get("/api/charts/v1/{tick_type}/{symbol}")],
    ["Futures: the name before the method", () => futures.sign("accounts", "GET")],
  ],
  Parameters: [
    ["a query as text", () => kraken.call("Ticker", "pair=XBTUSD")],
    ["a list", () => kraken.call("Ticker", ["XBTUSD"])],
    ["a promise of parameters, without await", () => kraken.call("AddOrder", Promise.resolve(order))],
    ["a function", () => kraken.call("AddOrder", { ...order, volume: () => 1 })],
    ["a symbol", () => kraken.call("AddOrder", { ...order, volume: Symbol("volume") })],
    ["a division by zero", () => kraken.call("AddOrder", { ...order, volume: 1 / 0 })],
    ["a Map", () => kraken.call("Ticker", new Map([["pair", "XBTUSD"]]))],
    ["a URLSearchParams", () => kraken.call("Ticker", new URLSearchParams({ pair: "XBTUSD" }))],
    ["a nonce", () => kraken.call("Balance", { nonce: Date.now() })],
    ["a one-time password", () => kraken.call("Balance", { otp: "123456" })],
    ["a small number", () => kraken.call("AddOrder", { ...order, volume: 1e-7 })],
    ["a sum of numbers", () => kraken.call("AddOrder", { ...order, volume: 0.1 + 0.2 })],
    ["an order id as a number", () => kraken.call("QueryOrders", { userref: 12345678901234567890 })],
    ["NaN", () => kraken.call("AddOrder", { ...order, volume: Number("0,001") })],
    ["null", () => kraken.call("AddOrder", { ...order, price: null })],
    ["a promise", () => kraken.call("AddOrder", { ...order, price: Promise.resolve("30000") })],
    ["an object of a library for decimals", () => kraken.call("AddOrder", { ...order, volume: new (class Decimal {})() })],
    ["a Date where Kraken takes none", () => kraken.call("AddOrder", { ...order, price: new Date() })],
    ["an invalid Date", () => kraken.call("TradesHistory", { start: new Date("yesterday") })],
    ["milliseconds for seconds", () => kraken.call("TradesHistory", { start: 1_700_000_000_000 })],
    ["milliseconds for the timer that cancels all orders", () => kraken.call("CancelAllOrdersAfter", { timeout: 60_000 })],
    ["seconds from now without the plus", () => kraken.call("AddOrder", { ...order, starttm: 60 })],
    ["a Date from seconds for the schedule of an order", () => kraken.call("AddOrder", { ...order, expiretm: new Date(1_796_064_000) })],
    ["a limit order turned into a market order", () => kraken.call("AddOrder", { ...order, ordertype: "market" })],
    ["a limit order without its price", () => kraken.call("AddOrder", { ...order, price: undefined })],
    ["a pair that AssetPairs does not have", () => roundPrice({}.XBTUSDT, "30000.12")],
    ["a deadline without a time zone", () => kraken.call("AddOrder", { ...order, deadline: "2026-11-28 12:00:00" })],
    ["a name with a space", () => kraken.call("AddOrder", { ...order, "order type": "limit" })],
    ["a name twice, nested and with brackets", () => kraken.call("AddOrder", { ...order, "close[price]": "1", close: { price: "2" } })],
    ["an empty list", () => kraken.call("CancelOrderBatch", { orders: [] })],
    ["half a character", () => kraken.call("Withdraw", { asset: "XBT", key: "\ud83d", amount: "1" })],
    ["options in place of parameters", () => kraken.call("Balance", { signal: AbortSignal.timeout(1000) })],
    ["a timeout among the parameters", () => kraken.call("Balance", { timeout: 5000 })],
    ["retries among the parameters", () => kraken.call("AddOrder", { ...order, retries: 0 })],
    ["a parameter that the endpoint does not have", () => kraken.call("AddOrder", { ...order, quantity: "1" })],
  ],
  "Options of one call": [
    ["misspelled", () => kraken.call("Balance", {}, { timout: 1000 })],
    ["the time as text", () => kraken.call("Balance", {}, { timeout: "1000" })],
    ["retries as text", () => kraken.call("Balance", {}, { retries: "1" })],
    ["a deadline in seconds", () => kraken.call("AddOrder", order, { deadline: 5 })],
    ["a time in place of a duration", () => kraken.call("AddOrder", order, { deadline: "2026-11-28T12:00:00Z" })],
    ["a controller in place of its signal", () => kraken.call("Balance", {}, { signal: new AbortController() })],
    ["a number in place of the options", () => kraken.call("Balance", {}, 5000)],
    ["a callback in place of the options", () => kraken.call("Ticker", { pair: "XBTUSD" }, () => {})],
    ["null for the options", () => kraken.call("Time", {}, null)],
    ["json as text", () => kraken.call("Balance", {}, { json: "true" })],
    ["signSync with a code that has to be waited for", () => client({}, { otp: async () => "1" }).signSync("Balance")],
    [
      "signSync while a call is under way",
      async () => {
        const slow = client();
        const call = slow.call("Balance");
        try {
          slow.signSync("Balance");
        } finally {
          await call;
        }
      },
    ],
  ],
  "Signing alone": [
    ["no path", () => new Signer(secret).signSpot("Balance", 1, "nonce=1")],
    ["Futures: the arguments exchanged", () => new Signer(futuresKey.secret).signFutures("1", "/derivatives/api/v3/accounts")],
    ["a path with a space", () => new Signer(secret).signSpot("/0/private/Add Order", 1, "nonce=1")],
    ["an object as the body", () => new Signer(secret).signSpot("/0/private/Balance", 1, { nonce: 1 })],
    ["a URLSearchParams as the body", () => new Signer(secret).signSpot("/0/private/Balance", 1, new URLSearchParams({ nonce: 1 }))],
    ["no nonce", () => new Signer(secret).signSpot("/0/private/Balance")],
    ["the name of a file", () => new Signer("./secret.txt")],
    ["a function that returns the secret", () => new Signer(() => secret)],
    ["a nonce with a fraction", () => new Signer(secret).signSpot("/0/private/Balance", 1795000000.5, "")],
    ["a nonce as a Date", () => new Signer(secret).signSpot("/0/private/Balance", new Date(), "")],
    ["a nonce that is a word", () => new Signer(secret).signSpot("/0/private/Balance", "now", "")],
    ["a challenge that has not come", () => new Signer(secret).signChallenge(undefined)],
    ["a FIX message without its separators", () => new Signer(secret).signFixLogon("35=A|34=1|", 1)],
    ["after free()", () => freed.signSpot("/0/private/Balance", 1, "nonce=1")],
    ["a code for an invalid time", () => new Totp(setupKey).code(new Date("yesterday"))],
  ],
  "Orders and histories": [
    ["an order that is only validated", () => placeOrder(kraken, { ...order, validate: true })],
    ["no order", () => placeOrder(kraken)],
    ["an order without a client", () => placeOrder(order)],
    ["a client that was not awaited", () => placeOrder(Promise.resolve(kraken), order)],
    ["an order for Spot with a client for Futures", () => placeOrder(futures, order)],
    [
      "an order for Futures with a client for Spot",
      () => placeOrder(kraken, { symbol: "PF_XBTUSD", side: "buy", orderType: "mkt", size: 1 }),
    ],
    ["the arguments exchanged", () => resolveOrder(new Error("lost"), kraken)],
    ["the time of the switch as a number", () => deadMansSwitch(kraken, 60_000)],
    ["the time of the switch in seconds", () => deadMansSwitch(kraken, { timeout: 60 })],
    ["the endpoint before the order", () => placeOrder(kraken, "AddOrder", order)],
    ["a history of Futures with a client of Spot", () => pages(kraken, "fills").next()],
    ["no history", () => pages(kraken).next()],
    ["no withdrawal", () => withdraw(kraken)],
    ["a withdrawal without its amount", () => withdraw(kraken, { asset: "XBT", key: "cold storage" })],
    [
      "an address whose environment variable is empty",
      () => withdraw(kraken, { asset: "XBT", key: "cold storage", amount: "1", address: "" }),
    ],
    ["the name of a pair in place of its entry", () => roundPrice("XBTUSD", "1")],
    ["all pairs in place of one", () => roundVolume({ XXBTZUSD: {} }, "1")],
    ["a price with a sign", () => roundPrice({ pair_decimals: 1, tick_size: "0.1" }, "-5")],
    ["the client in place of the names", () => new MarketNames(kraken)],
    ["the names before they came", () => new MarketNames(Promise.resolve({}))],
    ["the whole answer in place of its result", () => new MarketNames({ error: [], result: {} })],
    ["the time as text", () => placeOrder(kraken, order, { timeout: "60" })],
    ["a misspelled option", () => placeOrder(kraken, order, { time: 60_000 })],
    ["the order in place of the error", () => resolveOrder(kraken, order)],
    ["an error that is not about an unknown outcome", () => resolveOrder(kraken, new Error("no answer"))],
    [
      "pages of an endpoint that has none",
      async () => {
        for await (const row of pages(kraken, "Balance")) return row;
      },
    ],
    [
      "a page that is asked for by hand",
      async () => {
        for await (const row of pages(kraken, "ClosedOrders", { ofs: 50 })) return row;
      },
    ],
    ["the class in place of a client", () => placeOrder(SpotClient, order)],
    ["a socket in place of a client", () => placeOrder(new SpotSocket({ WebSocket }), order)],
    ["a settle time as text", () => placeOrder(kraken, order, { settle: "1000" })],
    ["an earlier run without the id of its order", () => placeOrder(kraken, order, { again: true })],
    ["a signal as text", () => placeOrder(kraken, order, { signal: "stop" })],
    ["a withdrawal from Futures", () => withdraw(futures, { asset: "XBT", key: "cold storage", amount: "1" })],
    ["pages with a query as text", () => pages(kraken, "TradesHistory", "start=0").next()],
    ["pages with an object in place of the signal", () => pages(kraken, "TradesHistory", {}, { signal: { aborted: false } }).next()],
  ],
  WebSockets: [
    ["an address with https", () => new SpotSocket({ WebSocket, url: "https://ws.kraken.com/v2" })],
    ["the address of the REST API", () => new SpotSocket({ WebSocket, url: "https://api.kraken.com" })],
    ["the address of Futures for Spot", () => new SpotSocket({ WebSocket, url: "wss://futures.kraken.com/ws/v1" })],
    ["the address of Spot for Futures", () => new FuturesSocket({ WebSocket, url: "wss://ws.kraken.com/v2" })],
    ["the address of version 1", () => new SpotSocket({ WebSocket, url: "wss://ws-auth.kraken.com" })],
    ["the client in place of the options", () => new SpotSocket(kraken)],
    ["a client of Futures in place of the options", () => new FuturesSocket(futures)],
    ["a client of Futures for Spot", () => new SpotSocket({ WebSocket, client: futures })],
    ["the name of an endpoint of REST", () => new SpotSocket({ WebSocket, client: kraken }).call("AddOrder", order)],
    ["the name of an endpoint that is not a method", () => new SpotSocket({ WebSocket, client: kraken }).call("QueryOrders", {})],
    ["no method", () => new SpotSocket({ WebSocket, client: kraken }).call()],
    ["a number in place of the options of a call", () => new SpotSocket({ WebSocket, client: kraken }).call("cancel_all", {}, 5000)],
    [
      "a misspelled option of a subscription",
      () => new SpotSocket({ WebSocket }).subscribe("ticker", { symbol: ["BTC/USD"] }, { timout: 5000 }),
    ],
    [
      "a controller in place of its signal",
      () => new FuturesSocket({ WebSocket }).subscribe("ticker", { product_ids: ["PF_XBTUSD"] }, { signal: new AbortController() }),
    ],
    ["the name of a pair in REST", () => new SpotSocket({ WebSocket }).subscribe("ticker", { symbol: ["XBTUSD"] })],
    ["the parameter of version 1", () => new SpotSocket({ WebSocket }).subscribe("ticker", { pair: ["XBT/USD"] })],
    ["a number for reconnecting", () => new SpotSocket({ WebSocket, reconnect: 5 })],
    ["Futures: the parameter of Spot", () => new FuturesSocket({ WebSocket }).subscribe("ticker", { symbol: ["PF_XBTUSD"] })],
    ["Futures: a feed misspelled", () => new FuturesSocket({ WebSocket }).subscribe("tiker", { product_ids: ["PF_XBTUSD"] })],
    ["a message as text", () => new TokenManager(kraken).authorize('{"method":"subscribe"}')],
    ["tokens and a client", () => new SpotSocket({ WebSocket, client: kraken, tokens: new TokenManager(kraken) })],
    ["a misspelled option", () => new SpotSocket({ WebSocket, token: "abc" })],
    ["key and secret, as for Futures", () => new SpotSocket({ WebSocket, key, secret })],
    ["a time as text", () => new SpotSocket({ WebSocket, timeout: "10" })],
    ["a silence of an hour", () => new SpotSocket({ WebSocket, silence: 3_600_000 })],
    ["a queue as text", () => new SpotSocket({ WebSocket, queue: "many" })],
    ["an overflow that does not exist", () => new SpotSocket({ WebSocket, overflow: "drop" })],
    ["no class for the WebSocket", () => new SpotSocket({ WebSocket: "ws" })],
    ["an object in place of the channel", () => new SpotSocket({ WebSocket }).subscribe({ name: "ticker" })],
    ["nothing in place of the parameters of a channel", () => new SpotSocket({ WebSocket }).unsubscribe("book", null)],
    ["a book without its socket", () => new sockets.OrderBook("BTC/USD", { depth: 25 })],
    ["a depth that Kraken does not have", () => new sockets.OrderBook(new SpotSocket({ WebSocket }), "BTC/USD", { depth: 20 })],
    ["a depth as text", () => new sockets.OrderBook(new SpotSocket({ WebSocket }), "BTC/USD", { depth: "25" })],
    ["several pairs for a book", () => new sockets.OrderBook(new SpotSocket({ WebSocket }), ["BTC/USD"])],
    ["a channel misspelled", () => new SpotSocket({ WebSocket }).subscribe("tickr", { symbol: ["BTC/USD"] })],
    ["a sum of numbers", () => new SpotSocket({ WebSocket, client: kraken }).call("amend_order", { order_id: "O", order_qty: 0.1 + 0.2 })],
    ["a decimal comma", () => new SpotSocket({ WebSocket, client: kraken }).call("amend_order", { order_id: "O", order_qty: "0,5" })],
    ["a private channel without a token", () => new SpotSocket({ WebSocket }).subscribe("executions")],
    ["trading without a token", () => new SpotSocket({ WebSocket }).call("add_order", {})],
    ["a deadline as an option", () => new SpotSocket({ WebSocket, client: kraken }).call("add_order", {}, { deadline: 5000 })],
    ["Futures: the key without the secret", () => new FuturesSocket({ WebSocket, key: futuresKey.key })],
    ["Futures: a private feed without a key", () => new FuturesSocket({ WebSocket }).subscribe("fills")],
    ["a margin as text", () => new TokenManager(kraken, { refreshMargin: "60" })],
    ["a misspelled option of tokens", () => new TokenManager(kraken, { margin: 60_000 })],
    ["a time in place of a signal", () => new TokenManager(kraken).get({ signal: 5000 })],
    ["nothing in place of the options of a token", () => new TokenManager(kraken).get(null)],
    [
      "a signal in place of the options of a token",
      () => new TokenManager(kraken).authorize({ method: "ping" }, AbortSignal.timeout(5000)),
    ],
    [
      "after close()",
      async () => {
        const socket = new SpotSocket({ WebSocket });
        socket.close();
        await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
      },
    ],
    ["a pair in place of the parameters", () => new SpotSocket({ WebSocket }).subscribe("ticker", "BTC/USD")],
    ["Futures: a list in place of the parameters", () => new FuturesSocket({ WebSocket }).subscribe("ticker", ["PF_XBTUSD"])],
    ["no parameters of a method", () => new SpotSocket({ WebSocket, client: kraken }).call("cancel_order")],
    ["a token in place of its manager", () => new SpotSocket({ WebSocket, tokens: "abc" })],
    ["a depth without its name", () => new sockets.OrderBook(new SpotSocket({ WebSocket }), "BTC/USD", 25)],
    ["a misspelled option of a book", () => new sockets.OrderBook(new SpotSocket({ WebSocket }), "BTC/USD", { dept: 25 })],
  ],
  "The inspector": [
    ["no request", () => investigate()],
    [
      "a product that does not exist",
      () => investigate({ api: "kraken", secret, path: "/0/private/Balance", body: "nonce=1", signature: "x" }),
    ],
    ["no signature", () => investigate({ api: "spot", secret, path: "/0/private/Balance", body: "nonce=1" })],
    ["no secret", () => investigate({ api: "spot", path: "/0/private/Balance", body: "nonce=1", signature: "x" })],
  ],
  "What Kraken rejects": [
    ["a key that was revoked", () => new SpotClient({ key: "A".repeat(56), secret, fetch, retries: 0 }).call("Balance")],
    ["a key with a character lost", () => new SpotClient({ key: "A".repeat(55), secret, fetch, retries: 0 }).call("Balance")],
    ["a Spot key for Futures", () => new FuturesClient({ key, secret, fetch, retries: 0 }).get("accounts")],
    ["the secret of another key", () => new SpotClient({ key: exchange.addKey().key, secret, fetch, retries: 0 }).call("Balance")],
    ["no one-time password", () => client({ otp: { password: "hunter2" } }).call("Balance")],
    ["a wrong one-time password", () => client({ otp: { password: "hunter2" } }, { otp: { password: "hunter3" } }).call("Balance")],
    ["a permission that is missing", () => client({ permissions: ["query-funds"] }).call("AddOrder", order)],
    ["an expired key", () => client({ validUntil: Date.now() - 1000 }).call("Balance")],
    ["an address that is not allowed", () => client({ ipAllowlist: ["10.0.0.1"] }).call("Balance")],
    ["a nonce that is too low", () => used.call("Balance")],
    ["a pair that does not exist", () => kraken.call("AddOrder", { ...order, pair: "NOPE" })],
    ["a parameter that is missing", () => kraken.call("AddOrder", { pair: "XBTUSD" })],
    ["more than the balance", () => kraken.call("AddOrder", { ...order, volume: "100000" })],
    ["less than the minimum of the pair", () => kraken.call("AddOrder", { ...order, volume: "0.0000001" })],
    ["an order that does not exist", () => kraken.call("CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC" })],
    ["an endpoint that Kraken does not have", () => kraken.call("MakeMeRich", {}, { read: true })],
    [
      "Futures: a contract that does not exist",
      () => futures.post("sendorder", { symbol: "PF_NOPE", side: "buy", orderType: "mkt", size: 1 }),
    ],
  ],
};

/** The same at the command line: `[what was meant or overlooked, arguments, environment]`. */
const both = { KRAKEN_KEY: key, KRAKEN_SECRET: secret };
export const commandLine = [
  ["a command misspelled", "chek"],
  ["a command that does not exist", "buy"],
  ["an option misspelled", "call Balance --jsno"],
  ["an option that the command does not have", "totp --method GET"],
  ["an option without its value", "call Balance --params"],
  ["an option twice", "call Balance --timeout 5 --timeout 6"],
  ["a value for an option that takes none", "call Balance --futures=yes"],
  ["a choice that does not exist", "nonce --unit s"],
  ["no endpoint", "call"],
  ["an endpoint in lower case", "call balance", both],
  ["an endpoint with two letters exchanged", "call Balacne", both],
  ["an endpoint of Futures without --futures", "call sendorder", both],
  ["a method that does not fit", "call Balance --method GET", both],
  ["an unknown endpoint of Futures", "call unheardof --futures", both],
  ["a parameter without its name", "call Ticker XBTUSD", both],
  ["JSON in place of a file", 'call AddOrder --params {"pair":"XBTUSD"}', both],
  ["a parameter that is not exact", "call AddOrder pair=XBTUSD nonce=1 --yes", both],
  ["parameters from a file that is not there", "call AddOrder --params nowhere.json", both],
  ["parameters that are not JSON", "call AddOrder --params -", both, "{ pair: 'XBTUSD' }"],
  ["parameters that are a list", "call AddOrder --params -", both, "[]"],
  ["the private key as an argument", `call Balance --secret ${secret}`],
  ["the setup key as an argument", `totp ${setupKey}`],
  ["no API key", "call Balance"],
  ["no private key", "call Balance", { KRAKEN_KEY: key }],
  ["key and secret swapped", "call Balance", { KRAKEN_KEY: secret, KRAKEN_SECRET: key }],
  ["a secret file that is not there", "call Balance --secret-file nowhere", { KRAKEN_KEY: key }],
  [
    "a second factor for Futures",
    "call accounts --futures --ask-otp",
    { KRAKEN_FUTURES_KEY: futuresKey.key, KRAKEN_FUTURES_SECRET: futuresKey.secret },
  ],
  ["two second factors", "call Balance", { ...both, KRAKEN_OTP_SETUP_KEY: setupKey, KRAKEN_OTP_PASSWORD: "hunter2" }],
  ["no setup key", "totp"],
  ["a setup key with a wrong digit", "totp", { KRAKEN_OTP_SETUP_KEY: "GEZDGNBVGY3TQ0JQ" }],
  ["an order in a script", "call AddOrder pair=XBTUSD type=buy ordertype=market volume=0.1", both],
  ["a time that is a word", "call Balance --timeout soon", both],
  ["an address without https", "call Balance --base-url api.kraken.com", both],
  ["an address of Futures for Spot", "call Balance --base-url https://futures.kraken.com", both],
  ["a nonce that is a word", "nonce now"],
  ["a shell without completion", "completion powershell"],
  ["curl without its command", "investigate -", both, ""],
  ["a HAR file without entries", "investigate -", both, '{"log":{"entries":[]}}'],
  [
    "an endpoint of Spot with --futures",
    "call Balance --futures",
    { KRAKEN_FUTURES_KEY: futuresKey.key, KRAKEN_FUTURES_SECRET: futuresKey.secret },
  ],
  [
    "JSON for Futures, which takes only forms",
    "call accounts --futures --send-json",
    { KRAKEN_FUTURES_KEY: futuresKey.key, KRAKEN_FUTURES_SECRET: futuresKey.secret },
  ],
];
