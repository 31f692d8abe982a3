// Options and faults that the exchange does not know: if it ignored a misspelled one, a test would prove nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Exchange, Spot } from "./helper.mjs";

for (const [what, run, message] of [
  ["an option of the exchange", () => new Exchange({ balance: {} }), /^Unknown option `balance` of Exchange\. Did you mean `balances`\?$/],
  [
    "an option of a key",
    () => new Exchange().addKey({ twofactor: true }),
    /^Unknown option `twofactor` of addKey\. Known options: product, /,
  ],
  [
    "a second factor that is no object",
    () => new Exchange().addKey({ otp: true }),
    /^Invalid `otp`: expected an object, `\{\}` for a random /,
  ],
  [
    "an unknown option of it",
    () => new Exchange().addKey({ otp: { setupkey: "GEZDGNBV" } }),
    /^Unknown option `setupkey` of otp\. Did you mean `setupKey`\?/,
  ],
  [
    "text in place of the options of a key",
    () => new Exchange().addKey("futures"),
    /^Invalid options of addKey: expected an object, got string\.$/,
  ],
  [
    "text in place of the options of the exchange",
    () => new Exchange("pro"),
    /^Invalid options of Exchange: expected an object, got string\.$/,
  ],
  [
    "permissions that are no list",
    () => new Exchange().addKey({ permissions: "all" }),
    /^Invalid `permissions`: expected an array of names, such as \["query-funds"\]\.$/,
  ],
  ["a seed that is text", () => new Exchange({ seed: "7" }), /^Invalid `seed` of Exchange: expected a number\.$/],
  ["a seed that is no number", () => new Exchange({ seed: NaN }), /^Invalid `seed` of Exchange: expected a number\.$/],
  ["a flag that is a number", () => new Exchange({ lenient: 1 }), /^Invalid `lenient` of Exchange: expected a boolean\.$/],
  ["a lifetime that is text", () => new Exchange({ tokenLifetime: "9" }), /^Invalid `tokenLifetime` of Exchange: expected a number\.$/],
  ["a function that is none", () => new Exchange({ onRequest: 3 }), /^Invalid `onRequest` of Exchange: expected a function\.$/],
  ["an assumption", () => new Exchange({ assumptions: { singleUse: 1 } }), /^Invalid `singleUse` of assumptions: expected a boolean\.$/],
  ["a balance that is a number", () => new Exchange({ balances: { XBT: 5 } }), /^Invalid `XBT` of `balances`: expected a decimal as text/],
  [
    "a price that is a number",
    () => new Exchange({ prices: { XBTUSD: 5e4 } }),
    /^Invalid price "50000" of XBTUSD: expected a positive mult/,
  ],
  [
    "a counter of the trading engine",
    () => new Exchange({ rateLimit: { max: 9, decay: 1, trading: { max: 9, deccay: 1 } } }),
    /^Unknown option `deccay` of rateLimit\.trading\. Did you mean `decay`\?$/,
  ],
  [
    "an option of an address",
    () => new Exchange({ withdrawAddresses: [{ asset: "XBT", key: "a", adress: "bc1q" }] }),
    /^Unknown option `adress` of withdrawAddresses\. Did you mean `address`\?$/,
  ],
  [
    "an option inside a disturbance",
    () => new Exchange().disturb({ twice: { chance: 1, appart: 5 } }),
    /^Unknown option `appart` of disturb: twice\. Did you mean `apart`\?$/,
  ],
  [
    "a chance that is text",
    () => new Exchange().disturb({ reset: "0.5" }),
    /^Invalid options of disturb: reset: expected an object, got str/,
  ],
  [
    "a moment of a disturbance",
    () => new Exchange().disturb({ reset: { chance: 1, when: "never" } }),
    /^Invalid `reset\.when`: expected one/,
  ],
  [
    "half a range",
    () => new Exchange().disturb({ late: { chance: 1, ms: [1] } }),
    /^Invalid `late\.ms`: expected milliseconds, or a range/,
  ],
  [
    "no status",
    () => new Exchange().disturb({ gateway: { chance: 1, statuses: [] } }),
    /^Invalid `gateway\.statuses`: expected a list of at/,
  ],
  [
    "a delay that is no number",
    () => new Exchange().inject({ fault: "delay", when: "before", ms: NaN }),
    /^Invalid `ms` of the fault delay: expected a number\.$/,
  ],
  ["text in place of a fault", () => new Exchange().inject("reset"), /^Invalid options of inject: expected an object, got string\.$/],
  [
    "a number of requests as text",
    () => new Exchange().inject({ fault: "late", times: "3" }),
    /^Invalid `times`: expected a whole number above 0, or Infinity\.$/,
  ],
  ["an option of the other product's keys", () => new Exchange().addKey({ level: "full" }), /^Unknown option `level` of addKey\./],
  ["a fault", () => new Exchange().inject({ fault: "timeout" }), /^Invalid `fault`: expected one of reset, .*, got "timeout"\.$/],
  [
    "a moment",
    () => new Exchange().inject({ fault: "reset", when: "later" }),
    /^Invalid `when`: expected one of before, after, got "later"\.$/,
  ],
  [
    "an endpoint of Spot",
    () => new Exchange().inject({ fault: "reset", when: "before", endpoint: "AddOrders" }),
    /^Unknown endpoint "AddOrders"\. Did you mean "AddOrder"\?$/,
  ],
  [
    "an endpoint of Futures",
    () => new Exchange().inject({ fault: "reset", when: "before", endpoint: "sendOrder" }),
    /^Unknown endpoint "sendOrder"\. Did you mean "sendorder"\?$/,
  ],
  [
    "an endpoint that is like no other",
    () => new Exchange().inject({ fault: "late", endpoint: "/0/private/AddOrder" }),
    /^Unknown endpoint "\/0\/private\/AddOrder"\. To match any other request, use `match`\.$/,
  ],
  [
    "an endpoint of random faults",
    () => new Exchange().disturb({ reset: 1, endpoint: "Addorder" }),
    /^Unknown endpoint "Addorder"\. Did you mean "AddOrder"\?$/,
  ],
  [
    "an option of a fault",
    () => new Exchange().inject({ fault: "reset", when: "before", endpoints: "AddOrder" }),
    /^Unknown option `endpoints` of the fault reset\. Did you mean `endpoint`\?$/,
  ],
  [
    "an option of another fault",
    () => new Exchange().inject({ fault: "late", ms: 5 }),
    /^Unknown option `ms` of the fault late\. Known options: fault, timeout, /,
  ],
  ["a kind of random faults", () => new Exchange().disturb({ resets: 1 }), /^Unknown option `resets` of disturb\. Did you mean `reset`\?$/],
  [
    "a fault of sockets",
    () => new Exchange().injectSocket({ fault: "drop", at: "sent" }),
    /^Invalid `fault`: expected one of reset, .*, got "drop"\.$/,
  ],
  [
    "a moment of this fault",
    () => new Exchange().injectSocket({ fault: "half", at: "received" }),
    /^Invalid `at`: expected one of sent, got "received"\.$/,
  ],
  [
    "an option of a fault of sockets",
    () => new Exchange().injectSocket({ fault: "reset", at: "sent", names: "executions" }),
    /^Unknown option `names` of the fault reset\. Did you mean `name`\?$/,
  ],
  [
    "a path of sockets",
    () => new Exchange().injectSocket({ fault: "reset", at: "sent", path: "/v1" }),
    /^Invalid `path`: expected one of \/v2, \/ws\/v1, got "\/v1"\.$/,
  ],
  [
    "an assumption",
    () => new Exchange({ assumptions: { singleuse: true } }),
    /^Unknown option `singleuse` of assumptions\. Did you mean `singleUse`\?$/,
  ],
  [
    "an option of the lockout",
    () => new Exchange({ lockout: { attempt: 2 } }),
    /^Unknown option `attempt` of lockout\. Did you mean `attempts`\?$/,
  ],
  [
    "an option of the sockets",
    () => new Exchange({ sockets: { beat: 1 } }),
    /^Unknown option `beat` of sockets\. Known options: heartbeat, attempts\.$/,
  ],
  [
    "a tier",
    () => new Exchange({ rateLimit: "Starter" }),
    /^Invalid `rateLimit`: expected one of starter, intermediate, pro, got "Starter"\.$/,
  ],
  [
    "an option of the rate limits",
    () => new Exchange({ rateLimit: { max: 1, decays: 1 } }),
    /^Unknown option `decays` of rateLimit\. Did you mean `decay`\?$/,
  ],
  ["an asset of a balance", () => new Exchange({ balances: { ZXBT: "1" } }), /^Unknown asset "ZXBT" in `balances`\.$/],
  [
    "an asset of an address",
    () => new Exchange({ withdrawAddresses: [{ asset: "XTB", key: "a", address: "b" }] }),
    /^Unknown asset "XTB" in `withdrawAddresses`\.$/,
  ],
  [
    "a fee",
    () => new Exchange({ withdrawAddresses: [{ asset: "XBT", key: "a", address: "b", fee: "free" }] }),
    /^Invalid `fee` of `withdrawAddresses`: expected a decimal as text, such as "0\.5"\.$/,
  ],
  ["a market of a price", () => new Exchange({ prices: { XBTUDS: "50000" } }), /^Unknown market "XBTUDS" in `prices`\.$/],
  [
    "a price between two ticks",
    () => new Exchange({ prices: { "BTC/USD": "50000.05" } }),
    /^Invalid price "50000\.05" of BTC\/USD: expected a positive multiple of 0\.1\.$/,
  ],
  [
    "a price of 0",
    () => new Exchange({ prices: { PF_XBTUSD: "0" } }),
    /^Invalid price "0" of PF_XBTUSD: expected a positive multiple of 1\.$/,
  ],
  [
    "a fault that applies to no request",
    () => new Exchange().inject({ fault: "late", times: 0 }),
    /^Invalid `times`: expected a whole number above 0, or Infinity\.$/,
  ],
  ["the same of sockets", () => new Exchange().injectSocket({ fault: "reset", at: "sent", times: NaN }), /^Invalid `times`: expected /],
  [
    "a number of requests that pass, as text",
    () => new Exchange().inject({ fault: "late", skip: "1" }),
    /^Invalid `skip`: expected a whole number\.$/,
  ],
  [
    "a delay without its moment",
    () => new Exchange().inject({ fault: "delay", ms: 5 }),
    /^Invalid `when` of the fault delay: expected a string\.$/,
  ],
  [
    "a delay without its time",
    () => new Exchange().inject({ fault: "delay", when: "after" }),
    /^Invalid `ms` of the fault delay: expected a number\.$/,
  ],
  [
    "an error without its text",
    () => new Exchange().inject({ fault: "error" }),
    /^Invalid `error` of the fault error: expected a text, or a list of texts\.$/,
  ],
  [
    "a body without its text",
    () => new Exchange().inject({ fault: "body", status: 204 }),
    /^Invalid `body` of the fault body: expected a string\.$/,
  ],
])
  test(`refused, with what is wrong: ${what}`, () => assert.throws(run, { name: "TypeError", message }));

test("a fault accepts every endpoint that there is, also with a part of its path", () => {
  const exchange = new Exchange();
  for (const endpoint of [
    "Depth",
    "Earn/Allocate",
    "/funding/v1/addresses/A1",
    "tickers/PF_XBTUSD",
    "orders/status",
    "/api/history/v2/orders",
  ])
    assert.equal(exchange.inject({ fault: "late", endpoint }).remaining, 1, endpoint);
});

test("balances and prices have any name of their asset and their market", async () => {
  const exchange = new Exchange({ balances: { USD: "1000", XBT: "2" }, prices: { "BTC/USD": "60000", pf_xbtusd: "60001" } });
  const client = new Spot(exchange.addKey(), exchange.fetch);
  assert.deepEqual((await client.call("Balance")).result, { ZUSD: "1000.0000", XXBT: "2.0000000000" });
  assert.deepEqual([exchange.market("XBTUSD").last, exchange.market("PF_XBTUSD").last], ["60000.0", "60001"]);
});
