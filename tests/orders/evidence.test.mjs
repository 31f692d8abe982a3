// Which evidence counts when an order of unknown outcome is looked for: whose order one is, what an answer named, and where it is looked for.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ROW = { type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const ORDER = { pair: "XBTUSD", ...ROW };
const MARKET = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };

function open({ product = "spot", ...options } = {}) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product });
  const Client = product === "spot" ? SpotClient : FuturesClient;
  return { exchange, client: new Client({ key, secret, fetch: exchange.fetch, retries: 0, ...options }) };
}
const openFutures = () => open({ product: "futures" });

/** Makes a call whose answer is lost, after or before the exchange has carried it out. */
async function lose({ exchange, client }, when, params, options = {}) {
  const isSpot = client instanceof SpotClient;
  exchange.inject({ fault: "reset", when, endpoint: isSpot ? "AddOrder" : "sendorder" });
  const lost = isSpot ? client.call("AddOrder", params, options) : client.post("sendorder", params, options);
  const error = await lost.catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

const look = ({ client }, error, timeout = 6000) => resolveOrder(client, error, { timeout, settle: 50 });

test("an order is not another call's because a batch canceled, edited or repeated it", { concurrency: true }, async (t) => {
  const all = [];
  for (const [name, rows] of Object.entries({
    canceled: [{ order: "cancel", cliOrdId: "daily" }],
    edited: [{ order: "edit", cliOrdId: "daily", size: 1, limitPrice: 10000 }],
    "canceled after it was edited": [
      { order: "edit", cliOrdId: "daily", size: 1, limitPrice: 10000 },
      { order: "cancel", cliOrdId: "daily" },
    ],
    repeated: [{ order: "send", order_tag: "1", ...FUTURES, cliOrdId: "daily" }],
  })) {
    all.push(
      t.test(name, async () => {
        const setup = openFutures();
        const error = await lose(setup, "after", { ...FUTURES, cliOrdId: "daily" }, { deadline: 2500 });
        await setup.client.post("batchorder", { batchOrder: rows }).catch(() => {});
        assert.equal((await look(setup, error)).outcome, "placed");
      }),
    );
  }
  await Promise.all(all);
});

test("an order that an answer named is not unplaced, though no look finds it", { concurrency: true }, async (t) => {
  const all = [];
  const TXID = "OAAAAA-BBBBB-CCCCCC";
  for (const [name, answer] of Object.entries({
    "beside the error of another row": { error: [], result: { orders: [{ txid: TXID }, { error: "EOrder:Never seen" }] } },
    "in an answer with too few rows": { error: [], result: { orders: [{ txid: TXID }] } },
    "beside an error": { error: ["EService:Unavailable"], result: { orders: [{ txid: TXID }, {}] } },
    "beside an error that is known": { error: ["EOrder:Insufficient funds"], result: { orders: [{ txid: TXID }] } },
  })) {
    all.push(
      t.test(name, async () => {
        const exchange = new Exchange();
        const { key, secret } = exchange.addKey();
        const fetch = (url, init) => (/AddOrderBatch/.test(url) ? Promise.resolve(Response.json(answer)) : exchange.fetch(url, init));
        const client = new SpotClient({ key, secret, fetch, retries: 0 });
        const error = await client.call("AddOrderBatch", { pair: "XBTUSD", orders: [ROW, ROW] }).catch((reason) => reason);
        assert.deepEqual([error.name, error.orderIds], ["UnknownOutcomeError", [TXID]]);
        const { outcome, reason } = await look({ client }, error);
        assert.ok(outcome === "unknown" && reason.includes(TXID), `${outcome}: ${reason}`);
      }),
    );
  }
  await Promise.all(all);
});

test("an order is looked for in the API that it was sent to", async () => {
  const spot = open();
  const futures = openFutures();
  const elsewhere = ({ endpoint, ...error }) => new UnknownOutcomeError(endpoint, error);
  const lost = await lose(spot, "after", ORDER, { deadline: 2500 });
  const lostFuture = await lose(futures, "after", FUTURES, { deadline: 2500 });
  for (const error of [lost, elsewhere(lost)])
    await assert.rejects(look(futures, error), { code: "ERR_INVALID_REQUEST", message: /AddOrder is an endpoint of Spot/ });
  for (const error of [lostFuture, elsewhere(lostFuture)])
    await assert.rejects(look(spot, error), { code: "ERR_INVALID_REQUEST", message: /sendorder is an endpoint of Futures/ });
});

test("an order that was signed by hand is not taken for the one that was lost", { concurrency: true }, async (t) => {
  const all = [];
  const send = {
    sign: async (client, order) => [await client.sign("AddOrder", order)],
    signSync: async (client, order) => {
      const { url, ...init } = client.signSync("AddOrder", order);
      return [url, init];
    },
  };
  for (const [method, signed] of Object.entries(send)) {
    for (const name of [{ userref: 7 }, { cl_ord_id: "daily" }]) {
      all.push(
        t.test(`${method}, ${Object.keys(name)}`, async () => {
          const setup = open();
          const error = await lose(setup, "before", { ...ORDER, ...name });
          const answer = await setup.exchange.fetch(...(await signed(setup.client, { ...ORDER, ...name })));
          assert.match(await answer.text(), /txid/);
          const { outcome, reason } = await look(setup, error, 3000);
          assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
        }),
      );
    }
  }
  await Promise.all(all);
});

test("a conditional close, which has the userref of the order that it closes, is not taken for an order that was sent", async (t) => {
  const parent = { ...ORDER, price: "49000", userref: 7, close: { ordertype: "limit", price: "60000" } };
  await t.test("that was lost", async () => {
    const setup = open();
    const { txid } = await setup.client.call("AddOrder", parent);
    const error = await lose(setup, "before", { ...ORDER, type: "sell", price: "60000", userref: 7 });
    setup.exchange.fill(txid[0]);
    const { outcome, reason } = await look(setup, error, 3000);
    assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
  });
  await t.test("but does not hide its own order", async () => {
    const setup = open();
    const error = await lose(setup, "after", { ...MARKET, userref: 7, close: parent.close });
    const { outcome, order } = await look(setup, error, 3000);
    assert.ok(outcome === "placed" && order.details.descr.ordertype === "market", outcome);
  });
});

test("an order is recognized though Kraken shows another volume: that of a volume in dollars", { concurrency: true }, async (t) => {
  const all = [];
  const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "500", oflags: "viqc" };
  for (const [name, options, outcome] of [
    ["with an id", {}, "placed"],
    ["with a userref", { userref: 7 }, "placed"],
    ["without a name", { clientOrderIds: false }, "unknown"],
  ]) {
    all.push(
      t.test(name, async () => {
        const { userref, ...rest } = options;
        const setup = open(rest);
        const error = await lose(setup, "after", { ...order, ...(userref && { userref }) });
        assert.equal((await look(setup, error, 3000)).outcome, outcome);
      }),
    );
  }
  await Promise.all(all);
});

test("an id that is a number is the same as its text", { concurrency: true }, async (t) => {
  const all = [];
  all.push(
    t.test("Spot", async () => {
      const setup = open();
      const error = await lose(setup, "after", { ...ORDER, cl_ord_id: 123 });
      assert.equal(error.clientOrderId, "123");
      const again = await lose(setup, "before", { ...ORDER, cl_ord_id: "123" });
      assert.equal((await look(setup, again, 3000)).outcome, "unknown", "the order may be that of the first call");
      assert.equal((await look(setup, error, 3000)).order?.clientOrderId ?? "none", "none", "or that of the second");
    }),
  );
  all.push(
    t.test("Futures", async () => {
      const setup = openFutures();
      const error = await lose(setup, "after", { ...FUTURES, cliOrdId: 123 }, { deadline: 2500 });
      assert.equal(error.clientOrderId, "123");
      assert.equal((await look(setup, error)).order?.clientOrderId, "123");
    }),
  );
  await Promise.all(all);
});

test("an id that is used again: the order that an answer gave to the first call is not that of the second", async () => {
  const setup = open();
  const order = { ...MARKET, cl_ord_id: crypto.randomUUID() };
  await setup.client.call("AddOrder", order);
  const error = await lose(setup, "before", order);
  assert.equal((await look(setup, error, 3000)).outcome, "not-placed");
});

test("a client that drains lets a Futures order find its end", { timeout: 30_000 }, async () => {
  const { exchange, client } = openFutures();
  exchange.inject({ fault: "reset", when: "before", endpoint: "sendorder" });
  const placing = placeOrder(client, FUTURES, { deadline: 2500, timeout: 15_000, settle: 50 });
  const drained = client.drain();
  const { found, orderId } = await placing;
  assert.ok(!found && orderId, "it is sent once more, because it is certain that the first one was lost");
  await drained;
});

test("a search with a client that is closed, or lacks the key, ends at once", async (t) => {
  await t.test("closed", async () => {
    const setup = open();
    const error = await lose(setup, "after", ORDER);
    setup.client.close();
    const began = performance.now();
    const { outcome, reason } = await resolveOrder(setup.client, error);
    assert.ok(outcome === "unknown" && /the client is closed/.test(reason), `${outcome}: ${reason}`);
    assert.ok(performance.now() - began < 5000);
  });
  await t.test("another key", async () => {
    const setup = open();
    const error = await lose(setup, "after", ORDER);
    const { key, secret } = setup.exchange.addKey();
    const began = performance.now();
    const resolution = await resolveOrder(new SpotClient({ key, secret, fetch: setup.exchange.fetch }), error);
    assert.deepEqual([resolution.outcome, /does not have that key/.test(resolution.reason)], ["unknown", true]);
    assert.ok(performance.now() - began < 5000);
  });
});

test("a userref of 0 is none, by which an order cannot be told from others", async () => {
  const setup = open({ clientOrderIds: false });
  const error = await lose(setup, "before", { ...ORDER, userref: 0 });
  await setup.client.call("AddOrder", ORDER);
  assert.equal((await look(setup, error, 3000)).outcome, "not-placed", "an answer has shown that it is another call's");
  const { url, ...init } = setup.client.signSync("AddOrder", ORDER);
  await setup.exchange.fetch(url, init);
  assert.equal((await look(setup, error, 3000)).outcome, "unknown");
});

test("a call that only validates an order competes with none", async () => {
  const setup = open();
  await lose(setup, "after", { ...ORDER, userref: 7, validate: true });
  const error = await lose(setup, "after", { ...ORDER, userref: 7 });
  assert.equal((await look(setup, error, 3000)).outcome, "placed");
});

test("closed orders without their number are not all of them", async () => {
  const { exchange } = open();
  const { key, secret } = exchange.addKey();
  const fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    if (!/ClosedOrders/.test(url)) return answer;
    return Response.json({ error: [], result: { closed: {} } });
  };
  const setup = { exchange, client: new SpotClient({ key, secret, fetch, retries: 0 }) };
  const error = await lose(setup, "before", ORDER);
  assert.equal((await look(setup, error, 2000)).outcome, "unknown");
});

test("an order without a name is not unplaced because it was amended", async () => {
  const setup = open({ clientOrderIds: false });
  const error = await lose(setup, "after", ORDER);
  const [txid] = Object.keys((await setup.client.call("OpenOrders")).open);
  await setup.client.call("AmendOrder", { txid, order_qty: "0.02", limit_price: "9000" });
  assert.equal((await look(setup, error, 3000)).outcome, "unknown");
});
