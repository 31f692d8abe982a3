const { SpotClient, Totp, placeOrder } = require("kraken-signer");
const { Exchange } = require("kraken-signer/testing");

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL: baseUrl } = process.env;
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" };

// A client refuses to run in a page unless it is told that it may, because a page exposes its keys.
const allowBrowser = typeof window !== "undefined";

test("a client places an order over the network", async () => {
  const kraken = new SpotClient({ key, secret, baseUrl, otp: new Totp(KRAKEN_OTP_SETUP_KEY), allowBrowser });
  const balance = await kraken.call("Balance");
  const { orderId } = await placeOrder(kraken, order);
  console.log(`answer: ${JSON.stringify({ balance, order: orderId })}`);
});

test("a client places an order at an exchange in memory, with fake timers", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "queueMicrotask"] });
  const exchange = new Exchange();
  const kraken = new SpotClient({ ...exchange.addKey(), allowBrowser, fetch: exchange.fetch });
  const [{ orderId }] = await Promise.all([placeOrder(kraken, order), jest.advanceTimersByTimeAsync(1000)]);
  expect(exchange.executions.at(-1).did).toContain(orderId);
});
