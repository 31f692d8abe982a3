// An object that does not answer at all, not even when the timeout of a call has passed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TimeoutError, UnknownOutcomeError, deadMansSwitch, placeOrder } from "kraken-signer";
import { futuresClient, spotClient } from "kraken-signer/durable-object";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const hang = () => new Promise(() => {});
const hanging = { call: hang, request: hang, get: hang, post: hang, put: hang, delete: hang, check: hang };

test("an object that hangs", { concurrency: true, timeout: 30_000 }, async (t) => {
  const late = (endpoint) => (error) => error instanceof TimeoutError && error.message === `${endpoint}: no answer within 500 ms.`;
  const lost = (endpoint) => (error) => error instanceof UnknownOutcomeError && late(endpoint)(error.cause);

  await Promise.all([
    t.test("a call that changes something has an unknown outcome, and any other one ends with its timeout", async () => {
      const [spot, futures] = [spotClient(hanging), futuresClient(hanging)];
      const options = { timeout: 500 };
      await Promise.all([
        assert.rejects(spot.call("Balance", {}, options), late("Balance")),
        assert.rejects(spot.call("AddOrder", ORDER, options), lost("AddOrder")),
        assert.rejects(futures.get("openorders", {}, options), late("openorders")),
        assert.rejects(futures.post("cancelallorders", {}, options), lost("cancelallorders")),
        assert.rejects(spot.check(options), late("check")),
      ]);
    }),

    t.test("the answer of an object that keeps the timeout counts, though it comes after it", async () => {
      const answered = () => new Promise((_, reject) => setTimeout(reject, 1000, new TimeoutError("AddOrder: not sent within 500 ms.")));
      const client = spotClient({ ...hanging, call: answered });
      await assert.rejects(client.call("AddOrder", ORDER, { timeout: 500 }), { message: "AddOrder: not sent within 500 ms." });
    }),

    t.test("placeOrder ends, and says that the outcome is unknown", async () => {
      await assert.rejects(placeOrder(spotClient(hanging), ORDER, { timeout: 1000 }), UnknownOutcomeError);
    }),

    t.test("the dead man's switch tells that it was not renewed", async () => {
      let calls = 0;
      const client = spotClient({ ...hanging, call: async () => (++calls === 1 ? {} : hang()) });
      let guard;
      const { error, armedUntil } = await new Promise((onFailure) => {
        deadMansSwitch(client, { timeout: 5000, onFailure }).then((armed) => (guard = armed), assert.fail);
      });
      guard.stop();
      assert.ok(error instanceof UnknownOutcomeError, error.stack);
      assert.ok(armedUntil < new Date(), "the orders may be canceled already");
    }),
  ]);
});

test("a timeout that is none is refused before the object is called", async () => {
  const stub = new Proxy({}, { get: () => () => assert.fail("called") });
  for (const timeout of [NaN, -1, "5000", 2 ** 31])
    await assert.rejects(spotClient(stub).call("Balance", {}, { timeout }), { code: "ERR_INVALID_REQUEST", message: /^Invalid `timeout`/ });
});
