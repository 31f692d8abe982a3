// resolveOrder after an order was lost over a socket.
import assert from "node:assert/strict";
import test from "node:test";
import { UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { Exchange, FAST, SpotClient, SpotSocket, address } from "./helper.mjs";

const ORDER = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 10000, order_qty: 0.1, order_userref: 7 };

/** Loses an order; `at` says whether it was executed before the connection broke. */
async function lose(t, at) {
  const exchange = new Exchange();
  const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 0 });
  const socket = new SpotSocket({ client, url: address(), WebSocket: exchange.WebSocket, reconnect: FAST, timeout: 1000 });
  t.after(() => socket.close());
  await socket.ping();
  exchange.injectSocket({ fault: "reset", at, match: ({ name }) => name === "add_order" });
  const error = await socket.call("add_order", ORDER).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error}`);
  return { exchange, client, error };
}

const look = ({ client, error }) => resolveOrder(client, error, { timeout: 5000, settle: 0 });

test("an order that is known by its userref only, and was executed, is found", async (t) => {
  const { outcome, order } = await look(await lose(t, "executed"));
  assert.equal(outcome, "placed");
  assert.equal(order.details.descr.pair, "XBTUSD");
});

test("an order that was not executed is not taken for another program's order with the same userref in another market", async (t) => {
  const lost = await lose(t, "received");
  const other = { pair: "ETHUSD", type: "buy", ordertype: "limit", price: "100", volume: "0.1", userref: 7 };
  await lost.exchange.fetch(await lost.client.sign("AddOrder", other));
  const { outcome, reason } = await look(lost);
  assert.equal(outcome, "unknown", reason);
});
