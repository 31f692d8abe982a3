// Fake timers of a test framework: the exchange answers all the same, and its clock is that of the test.
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { SpotClient, placeOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
const real = { setTimeout };
const pause = (ms) => new Promise((resolve) => real.setTimeout(resolve, ms));

afterEach(() => mock.timers.reset());

function start() {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  return { exchange, client: new SpotClient({ key, secret, fetch: exchange.fetch }) };
}

/** Fails if the promise waits for the clock of the test. */
const atOnce = (promise) =>
  Promise.race([
    promise,
    pause(2000).then(() => {
      throw new Error("it waits for the clock");
    }),
  ]);

test("a call ends although no timer fires", { timeout: 10_000 }, async () => {
  const { exchange, client } = start();
  mock.timers.enable();
  await atOnce(client.call("Balance"));
  assert.ok((await atOnce(client.call("AddOrder", ORDER))).txid);
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 1);
});

test("an exchange that was made before has the clock of the test, by which deadlines pass", { timeout: 20_000 }, async () => {
  const { exchange, client } = start();
  mock.timers.enable({ now: 1_000_000 });
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  const placed = placeOrder(client, ORDER);
  for (let n = 0; n < 40; n++) {
    await pause(5);
    mock.timers.tick(500);
  }
  assert.ok((await atOnce(placed)).found);
});

test("without the clock, the timeout of a call waits for it, and passes with it", { timeout: 10_000 }, async () => {
  mock.timers.enable();
  const { client } = start();
  const silent = new SpotClient({ fetch: () => new Promise(() => {}), retries: 0, timeout: 1000 });
  const call = silent.call("Time");
  await client.call("Time");
  mock.timers.tick(1000);
  await assert.rejects(atOnce(call), { name: "TimeoutError" });
});
