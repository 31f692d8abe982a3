// Two orders of one caller with the same `userref`, through an object: what one look finds may be either's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1.5", userref: 7 };
const LOST = Object.assign(new Error("Network connection lost."), { remote: true });

/** Both clocks, which a test moves. */
function clocksOf(t) {
  let now = Date.UTC(2026, 10, 29);
  t.mock.method(Date, "now", () => now);
  t.mock.method(performance, "now", () => now - Date.UTC(2026, 10, 28));
  return { pass: (milliseconds) => (now += milliseconds), seconds: () => Math.floor(now / 1000) };
}

/** An object that loses the first order, carries out the second one, and answers it only when it is asked to. */
function objectOf(clocks) {
  const orders = {};
  const answer = {};
  let placed = 0;
  const answers = {
    Time: () => ({ unixtime: clocks.seconds() }),
    OpenOrders: () => ({ open: orders }),
    ClosedOrders: () => ({ closed: {}, count: 0 }),
    GetApiKeyInfo: () => ({ nonceWindow: "0", nonce: "1" }),
  };
  const stub = {
    async call(endpoint) {
      if (endpoint !== "AddOrder") return answers[endpoint]();
      if (++placed === 1) throw LOST;
      const { type, ordertype, price, pair } = ORDER;
      orders.OSECOND = { userref: 7, opentm: clocks.seconds(), vol: ORDER.volume, descr: { pair, type, ordertype, price } };
      return new Promise((resolve) => (answer.resolve = resolve));
    },
  };
  return { client: spotClient(stub), answer: () => answer.resolve({ txid: ["OSECOND"] }) };
}

test("the order of a call that is still under way is not taken for one that was lost before", async (t) => {
  const clocks = clocksOf(t);
  const { client, answer } = objectOf(clocks);
  const error = await client.call("AddOrder", ORDER).then(assert.fail, (thrown) => thrown);
  assert.ok(error instanceof UnknownOutcomeError, error);
  clocks.pass(10_000);
  const second = client.call("AddOrder", ORDER);
  clocks.pass(10_000);
  const resolution = await resolveOrder(client, error, { settle: 0, timeout: 1000 });
  assert.notEqual(resolution.outcome, "placed", JSON.stringify(resolution));
  answer();
  assert.deepEqual(await second, { txid: ["OSECOND"] });
  const later = await resolveOrder(client, error, { settle: 0, timeout: 1000 });
  assert.notEqual(later.outcome, "placed", JSON.stringify(later));
});
