// A second copy of an order may be rejected because the first one has its client order id.
import assert from "node:assert/strict";
import test from "node:test";
import { ApiError, FuturesClient, SpotClient, UnknownOutcomeError, clientOrderId, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };
const TAKEN = "EGeneral:Invalid arguments:cl_ord_id not unique";
const ROW_TAKEN = JSON.stringify({ error: [], result: { orders: [{ error: TAKEN }, { error: TAKEN }] } });
const FUTURES_TAKEN = JSON.stringify({ result: "success", sendStatus: { status: "clientOrderIdAlreadyExist" } });

/** An exchange that carries an order out, and then rejects it. */
function open(fault, product = "spot") {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product });
  const Client = product === "spot" ? SpotClient : FuturesClient;
  if (fault) exchange.inject({ when: "after", ...fault });
  return { exchange, client: new Client({ key, secret, fetch: exchange.fetch, retries: 0 }) };
}

const onSpot = () => open({ fault: "error", error: TAKEN, endpoint: "AddOrder" });
const onFutures = () => open({ fault: "body", body: FUTURES_TAKEN, endpoint: "sendorder" }, "futures");

/** How many orders were carried out. */
const ordersAt = ({ executions }) => executions.filter(({ endpoint }) => /^(AddOrder|sendorder)$/.test(endpoint)).length;

/** Makes a call of unknown outcome, and finds out what happened. */
async function resolved(client, call) {
  const error = await call.then(assert.fail, (reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError && error.cause instanceof ApiError, `${error?.stack}`);
  return (await resolveOrder(client, error, { timeout: 10_000, settle: 50 })).outcome;
}

test("a rejection for a random id that is not unique proves nothing: the order is found", { concurrency: true }, async (t) => {
  const spot = onSpot();
  await t.test("AddOrder", async () => assert.equal(await resolved(spot.client, spot.client.call("AddOrder", ORDER)), "placed"));
  const given = onSpot();
  await t.test("AddOrder, with a random id of the caller's", async () => {
    const call = given.client.call("AddOrder", { ...ORDER, cl_ord_id: clientOrderId() });
    assert.equal(await resolved(given.client, call), "placed");
  });
  const batch = open({ fault: "body", body: ROW_TAKEN, endpoint: "AddOrderBatch" });
  await t.test("AddOrderBatch", async () => {
    const { pair, ...row } = ORDER;
    assert.equal(await resolved(batch.client, batch.client.call("AddOrderBatch", { pair, orders: [row, row] })), "placed");
  });
  const futures = onFutures();
  await t.test("sendorder", async () => assert.equal(await resolved(futures.client, futures.client.post("sendorder", FUTURES)), "placed"));
});

test("an id that is not random may be that of another order, so the call is rejected", async () => {
  const { client } = onSpot();
  await assert.rejects(client.call("AddOrder", { ...ORDER, cl_ord_id: "mine" }), ApiError);
});

test("placeOrder returns the order that has the random id, also if it is filled, and not another one", { concurrency: true }, async (t) => {
  const market = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" };
  await t.test("filled", async () => {
    const { client, exchange } = onSpot();
    const placed = await placeOrder(client, { ...market, cl_ord_id: clientOrderId() }, { settle: 50 });
    assert.deepEqual([placed.found, ordersAt(exchange)], [true, 1]);
  });
  await t.test("with another price: it was amended, or the id was used twice", async () => {
    for (const [{ client }, order, other] of [
      [open(), { ...ORDER, cl_ord_id: clientOrderId() }, { price: "20000", volume: "0.5" }],
      [open(undefined, "futures"), { ...FUTURES, cliOrdId: clientOrderId() }, { limitPrice: 9000, size: 5 }],
    ]) {
      const { orderId } = await placeOrder(client, order);
      await assert.rejects(placeOrder(client, { ...order, ...other }), (error) => {
        assert.ok(error instanceof UnknownOutcomeError && error.cause instanceof ApiError, error.stack);
        assert.match(error.reason, new RegExp(`${orderId}, has another volume or price`));
        return true;
      });
      assert.equal((await placeOrder(client, order)).orderId, orderId);
    }
  });
  await t.test("of the other side", async () => {
    const { client } = open();
    const order = { ...ORDER, cl_ord_id: clientOrderId() };
    await placeOrder(client, order);
    await assert.rejects(placeOrder(client, { ...order, type: "sell", price: "90000" }), ApiError);
  });
  await t.test("Futures", async () => {
    const { client, exchange } = onFutures();
    const placed = await placeOrder(client, { ...FUTURES, cliOrdId: clientOrderId() }, { settle: 50 });
    assert.deepEqual([placed.found, ordersAt(exchange)], [true, 1]);
  });
});
