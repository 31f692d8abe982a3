// Futures orders that have left the lists of open and recent orders before anybody could look.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const MARKET = { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 };
const STOP = { orderType: "stp", symbol: "PF_XBTUSD", side: "sell", size: 1, stopPrice: 1000 };

/** The exchange, with a client whose looks see no order that is open or has ended a moment ago. */
function open() {
  const exchange = new Exchange();
  const credential = () => {
    const { key, secret } = exchange.addKey({ product: "futures" });
    return { key, secret };
  };
  const fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    const [, name] = /\/(orders\/status|openorders)$/.exec(`${url}`) ?? [];
    if (!name) return answer;
    return Response.json({ ...(await answer.json()), ...(name === "openorders" ? { openOrders: [] } : { orders: [] }) });
  };
  const client = new FuturesClient({ ...credential(), fetch, retries: 0 });
  const others = new FuturesClient({ ...credential(), fetch: exchange.fetch });
  return { exchange, client, others };
}

async function lose({ exchange, client }, when, order) {
  exchange.inject({ fault: "reset", when, endpoint: "sendorder" });
  const error = await client.post("sendorder", order, { deadline: 2500 }).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

const look = ({ client }, error) => resolveOrder(client, error, { timeout: 15_000, settle: 0 });

/** More events than a page of the history has. */
async function trade({ others }) {
  for (let count = 0; count < 550; count++) await others.post("sendorder", { ...MARKET, side: count % 2 ? "buy" : "sell" });
}

test("an order is found behind more events and fills than one page has", { timeout: 60_000 }, async () => {
  const setup = open();
  const error = await lose(setup, "after", MARKET);
  await trade(setup);
  assert.equal((await look(setup, error)).outcome, "placed");
});

test("one that was lost is not there, behind as many", { timeout: 60_000 }, async () => {
  const setup = open();
  const error = await lose(setup, "before", MARKET);
  await trade(setup);
  assert.equal((await look(setup, error)).outcome, "not-placed");
});

test("an order that waits for a price, and was cancelled, is found in the history of triggers", { timeout: 30_000 }, async () => {
  const setup = open();
  const error = await lose(setup, "after", STOP);
  await setup.others.post("cancelallorders");
  assert.equal((await look(setup, error)).outcome, "placed");
});

test("an order that the exchange has rejected is not placed, though it has a status", { timeout: 30_000 }, async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  let cliOrdId;
  const fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    if (!/orders\/status$/.test(`${url}`)) return answer;
    const time = new Date().toISOString();
    const order = {
      type: "ORDER",
      orderId: "rejected",
      cliOrdId,
      symbol: "PF_XBTUSD",
      side: "buy",
      timestamp: time,
      lastUpdateTimestamp: time,
    };
    return Response.json({
      ...(await answer.json()),
      orders: [{ order, status: "REJECTED", updateReason: null, error: "INSUFFICIENT_MARGIN" }],
    });
  };
  const client = new FuturesClient({ key, secret, fetch, retries: 0 });
  const error = await lose({ exchange, client }, "before", MARKET);
  cliOrdId = error.clientOrderId;
  assert.equal((await look({ client }, error)).outcome, "not-placed");
});

test("an answer without events is no history without the order", { timeout: 30_000 }, async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ key, secret, fetch: exchange.fetch, retries: 0 });
  exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
  const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };
  const error = await client.post("sendorder", order, { deadline: 2500 }).catch((reason) => reason);
  await client.post("cancelallorders");
  // Recent orders have a status for five seconds.
  await new Promise((resolve) => setTimeout(resolve, 5500));
  exchange.inject({ fault: "body", body: '{"result":"success"}', times: 99, match: ({ path }) => /history/.test(path) });
  const { outcome, reason } = await resolveOrder(client, error, { timeout: 2000, settle: 0 });
  assert.ok(outcome === "unknown" && /not in Kraken's format/.test(reason), `${outcome}: ${reason}`);
});

test("events without an id are not taken for one event", { timeout: 30_000 }, async () => {
  const setup = open();
  const { key, secret } = setup.exchange.addKey({ product: "futures" });
  const fetch = async (url, init) => {
    const answer = await setup.exchange.fetch(url, init);
    if (/fills/.test(`${url}`)) return Response.json({ ...(await answer.json()), fills: [] });
    if (/status|openorders/.test(`${url}`)) return Response.json({ ...(await answer.json()), orders: [], openOrders: [] });
    if (!/history/.test(`${url}`)) return answer;
    const { elements, ...rest } = await answer.json();
    return Response.json({ ...rest, elements: elements.map(({ uid: _, ...element }) => element) });
  };
  const client = new FuturesClient({ key, secret, fetch, retries: 0 });
  const error = await lose({ exchange: setup.exchange, client }, "after", MARKET);
  await setup.others.post("sendorder", { ...MARKET, side: "sell" });
  assert.equal((await look({ client }, error)).outcome, "placed");
});

test(
  "another program's order of another size is not the one, though its fill does not show what was asked for",
  { timeout: 30_000 },
  async () => {
    const setup = open();
    const error = await lose(setup, "before", { ...MARKET, size: 2, cliOrdId: "bot-1" });
    await setup.others.post("sendorder", { ...MARKET, size: 1, cliOrdId: "bot-1" });
    const { outcome, reason } = await look(setup, error);
    assert.equal(outcome, "unknown", "an order with its name is there, and nobody knows of another");
    assert.match(reason, /orders like it/);
  },
);

test("a market order is not the limit order that rests under its name", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ key, secret, fetch: exchange.fetch });
  const resting = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000, cliOrdId: "bot-1" };
  const { orderId } = await placeOrder(client, resting);
  assert.deepEqual(
    await placeOrder(client, resting).then((placed) => [placed.orderId, placed.found]),
    [orderId, true],
    "the same one is found",
  );
  await assert.rejects(placeOrder(client, { ...MARKET, cliOrdId: "bot-1" }), { code: "ERR_API", errors: ["clientOrderIdAlreadyExist"] });
});
