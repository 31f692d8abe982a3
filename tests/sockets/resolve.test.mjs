// resolveOrder after an order was lost over a socket.
import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { Exchange, FAST, SpotClient, SpotSocket, TokenManager, address, executed, until } from "./helper.mjs";

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

describe("with a userref only, an order of another call in this process is not taken for the lost one", () => {
  const REST = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.1", userref: 7 };

  /** Opens a socket beside a client, and loses an order over REST that never arrives. */
  async function loseOverRest(t) {
    const exchange = new Exchange();
    const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 0 });
    const socket = new SpotSocket({ client, url: address(), WebSocket: exchange.WebSocket, reconnect: FAST, timeout: 3000 });
    t.after(() => socket.close());
    await socket.ping();
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    const error = await client.call("AddOrder", REST).catch((reason) => reason);
    assert.ok(error instanceof UnknownOutcomeError, `${error}`);
    return { exchange, client, socket, error };
  }

  test("lost over REST, and answered over a socket", async (t) => {
    const lost = await loseOverRest(t);
    await lost.socket.call("add_order", ORDER);
    assert.equal((await look(lost)).outcome, "not-placed");
  });

  test("lost over REST, and one of a batch was answered over a socket", async (t) => {
    const lost = await loseOverRest(t);
    const { symbol, ...row } = ORDER;
    await lost.socket.call("batch_add", { symbol, orders: [row, { ...row, order_userref: 8 }] });
    assert.equal((await look(lost)).outcome, "not-placed");
  });

  test("lost over REST, and executed but not answered yet over a socket", async (t) => {
    const lost = await loseOverRest(t);
    lost.exchange.injectSocket({ fault: "silence", at: "executed", match: ({ name }) => name === "add_order" });
    const call = lost.socket.call("add_order", ORDER).catch((reason) => reason);
    await until(() => executed(lost.exchange).length === 1);
    for (const state of ["in flight", "of unknown outcome"]) {
      const { outcome, reason } = await resolveOrder(lost.client, lost.error, { timeout: 1500, settle: 0 });
      assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${state}: ${outcome}: ${reason}`);
      assert.ok(state !== "in flight" || (await Promise.race([call, "none"])) === "none", "there is no answer yet");
      await call;
    }
  });

  test("lost over a socket, and answered over REST", async (t) => {
    const lost = await lose(t, "received");
    await lost.client.call("AddOrder", REST);
    assert.equal((await look(lost)).outcome, "unknown");
  });

  test("lost over a socket, and answered over another one whose tokens come from another client", async (t) => {
    const lost = await lose(t, "received");
    const { exchange } = lost;
    const tokens = new TokenManager(new SpotClient({ ...exchange.addKey(), fetch: exchange.fetchFrom("127.0.0.2") }));
    const socket = new SpotSocket({ tokens, url: address(), WebSocket: exchange.WebSocket });
    t.after(() => socket.close());
    await socket.call("add_order", ORDER);
    assert.equal((await look(lost)).outcome, "unknown");
  });

  test("an order that was canceled over a socket is still its own call's", async (t) => {
    const lost = await lose(t, "executed");
    const socket = new SpotSocket({ client: lost.client, url: address(), WebSocket: lost.exchange.WebSocket });
    t.after(() => socket.close());
    const [orderId] = Object.keys((await lost.client.call("OpenOrders")).open);
    await socket.call("cancel_order", { order_id: [orderId] });
    assert.equal((await look(lost)).outcome, "placed");
  });
});
