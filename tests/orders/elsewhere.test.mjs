// An error that was thrown in one thread and is resolved in another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SpotClient, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };

test("an error survives as JSON, and a structured clone is refused", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const client = () => new SpotClient({ key, secret, fetch: exchange.fetch, retries: 0 });
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  const error = await client()
    .call("AddOrder", ORDER)
    .catch((thrown) => thrown);
  assert.equal(error.code, "ERR_UNKNOWN_OUTCOME");
  const { outcome, order } = await resolveOrder(client(), JSON.parse(JSON.stringify(error)));
  assert.equal(outcome, "placed");
  assert.equal(order.clientOrderId, error.clientOrderId);
  await assert.rejects(resolveOrder(client(), structuredClone(error)), { code: "ERR_INVALID_REQUEST" });
});
