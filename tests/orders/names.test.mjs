// Which order is the one that was sent: of a batch whose rows have no client order id, and by names that other orders may have, too.
import assert from "node:assert/strict";
import test from "node:test";
import { ApiError, FuturesClient, SpotClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";
import { Exchange } from "kraken-signer/testing";

const ROW = { type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const ORDER = { pair: "XBTUSD", ...ROW };
const MARKET = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" };
const TOO_SMALL = { ...ROW, volume: "0.00000001" };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function open(Client = SpotClient, product = "spot") {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product });
  return { exchange, client: new Client({ key, secret, fetch: exchange.fetch, retries: 0 }) };
}
const openFutures = () => open(FuturesClient, "futures");

/** Makes a call whose answer is lost, after or before the exchange has carried it out. */
async function lose({ exchange, client }, when, endpoint, params) {
  exchange.inject({ fault: "reset", when, endpoint });
  const call = client instanceof SpotClient ? client.call : client.post;
  const error = await call.call(client, endpoint, params, { deadline: 2500 }).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

const look = ({ client }, error, timeout = 10_000) => resolveOrder(client, error, { timeout, settle: 0 });
const executed = ({ exchange }, endpoint) => exchange.executions.filter((one) => one.endpoint === endpoint).length;

test("a batch in which not every order has a client order id", { concurrency: true }, async (t) => {
  const trial = async (orders) => {
    const setup = open();
    const error = await lose(setup, "after", "AddOrderBatch", { pair: "XBTUSD", orders });
    assert.equal(error.orderCount, 2);
    return look(setup, error);
  };
  await Promise.all([
    t.test("is not placed because the rows that have one are", async () => {
      assert.equal((await trial([ROW, { ...TOO_SMALL, userref: 5 }])).outcome, "unknown");
    }),
    t.test("is not unplaced because the rows that have one are not", async () => {
      assert.equal((await trial([TOO_SMALL, { ...ROW, userref: 5 }])).outcome, "unknown");
    }),
    t.test("is not placed if nothing of it was", async () => {
      const setup = open();
      const error = await lose(setup, "before", "AddOrderBatch", { pair: "XBTUSD", orders: [ROW, { ...ROW, userref: 5 }] });
      assert.equal((await look(setup, error)).outcome, "not-placed");
    }),
    t.test("one order is not two, though two rows have its id", async () => {
      const setup = open();
      const row = { ...ROW, cl_ord_id: crypto.randomUUID() };
      const error = await lose(setup, "before", "AddOrderBatch", { pair: "XBTUSD", orders: [row, row] });
      await setup.client.call("AddOrder", { pair: "XBTUSD", ...row });
      assert.notEqual((await look(setup, error)).outcome, "placed");
    }),
    t.test("Futures: an order that a batch cancels is none that it places, also if `json` is text", async () => {
      const setup = openFutures();
      const first = await setup.client.post("sendorder", FUTURES);
      const rows = [
        { order: "cancel", cliOrdId: first.sendStatus.cliOrdId },
        { order: "send", order_tag: "1", ...FUTURES, cliOrdId: "new" },
      ];
      const error = await lose(setup, "before", "batchorder", { json: JSON.stringify({ batchOrder: rows }) });
      assert.deepEqual([error.orderCount, error.clientOrderIds.length], [1, 1]);
      assert.equal((await look(setup, error)).outcome, "not-placed");
    }),
  ]);
});

test("rows that were placed are named, though another row's error is not known", async () => {
  const answer = { error: [], result: { orders: [{ txid: "OAAAAA-BBBBB-CCCCCC" }, { error: "EOrder:Never seen" }] } };
  const { key, secret } = new Exchange().addKey();
  const client = new SpotClient({ key, secret, fetch: async () => Response.json(answer) });
  const orders = [ROW, ROW].map((row, userref) => ({ ...row, userref }));
  const error = await client.call("AddOrderBatch", { pair: "XBTUSD", orders }).catch((reason) => reason);
  assert.deepEqual([error.name, error.orderIds], ["UnknownOutcomeError", ["OAAAAA-BBBBB-CCCCCC"]]);
});

test("a client order id that is used again is not proof of the second order", { concurrency: true }, async (t) => {
  const again = { ...MARKET, cl_ord_id: "grid-1" };
  await Promise.all([
    t.test("an answer has said that the order with it is another call's", async () => {
      const setup = open();
      await setup.client.call("AddOrder", again);
      assert.equal((await look(setup, await lose(setup, "before", "AddOrder", again))).outcome, "not-placed");
    }),
    t.test("another call of unknown outcome may have placed it", async () => {
      const setup = open();
      const first = await lose(setup, "after", "AddOrder", again);
      const second = await lose(setup, "before", "AddOrder", again);
      assert.equal((await look(setup, second)).outcome, "unknown");
      assert.equal((await look(setup, first)).outcome, "unknown");
    }),
    t.test("it is found where it is the only one", async () => {
      const setup = open();
      assert.equal((await look(setup, await lose(setup, "after", "AddOrder", again))).outcome, "placed");
      const futures = openFutures();
      const error = await lose(futures, "after", "sendorder", { ...FUTURES, cliOrdId: "grid-1" });
      assert.equal((await look(futures, error)).outcome, "placed");
    }),
    t.test("Futures: a fill that came after sending may be that of an older order", async () => {
      const setup = openFutures();
      // By another program, of which this process knows nothing.
      const request = await setup.client.sign("POST", "sendorder", { ...FUTURES, cliOrdId: "grid-2" });
      const { sendStatus } = await (await setup.exchange.fetch(request)).json();
      await later(2600);
      const error = await lose(setup, "after", "sendorder", { ...FUTURES, cliOrdId: "grid-2" });
      setup.exchange.market("PF_XBTUSD").trade("9999", "1");
      assert.equal((await setup.client.get("fills")).fills[0].order_id, sendStatus.order_id);
      // As long as the other lists do not show the order.
      const nothing = { result: "success", orders: [], elements: [] };
      setup.exchange.inject({ fault: "body", body: JSON.stringify(nothing), times: 99, match: ({ path }) => /status|history/.test(path) });
      assert.notEqual((await look(setup, error, 4000)).outcome, "placed");
    }),
  ]);
});

test("a userref is the same number, however it is written", { concurrency: true }, async (t) => {
  await Promise.all(
    ["0007", 7, "7"].map((userref) =>
      t.test(JSON.stringify(userref), async () => {
        const setup = open();
        setup.exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
        const { found } = await placeOrder(setup.client, { ...ORDER, userref }, { deadline: 2500, settle: 0 });
        assert.deepEqual([found, executed(setup, "AddOrder")], [true, 1]);
      }),
    ),
  );
});

test("one of two orders that another program opens while the account is looked through is not taken for the one that was lost", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const other = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
  const order = { ...ORDER, userref: 7 };
  // Signed requests, so that this process knows nothing of these calls.
  const ask = async (endpoint, params) => (await (await exchange.fetch(await other.sign(endpoint, params))).json()).result;
  let count = 0;
  const client = new SpotClient({
    ...{ key, secret, retries: 0 },
    async fetch(request, init) {
      if (`${request.url ?? request}`.endsWith("/ClosedOrders") && !count++) {
        const [{ txid }] = [await ask("AddOrder", order), await ask("AddOrder", order)];
        await ask("CancelOrder", { txid: txid[0] });
      }
      return exchange.fetch(request, init);
    },
  });
  const error = await lose({ exchange, client }, "before", "AddOrder", order);
  assert.notEqual((await look({ client }, error, 4000)).outcome, "placed");
  assert.ok(count > 1);
});

test("an id that another open order has: this order is not called placed", async () => {
  const setup = open();
  await placeOrder(setup.client, { ...ORDER, cl_ord_id: "grid-1" });
  const others = [
    { ...ORDER, type: "sell", price: "99999" },
    { ...ORDER, volume: "0.02" },
    { ...ORDER, pair: "ETHUSD" },
  ];
  for (const other of others) await assert.rejects(placeOrder(setup.client, { ...other, cl_ord_id: "grid-1" }), ApiError);
  const futures = openFutures();
  await placeOrder(futures.client, { ...FUTURES, cliOrdId: "grid-1" });
  const theirs = [{ side: "sell", limitPrice: 99999 }, { size: 2 }, { symbol: "PF_ETHUSD" }];
  for (const other of theirs) await assert.rejects(placeOrder(futures.client, { ...FUTURES, ...other, cliOrdId: "grid-1" }), ApiError);
  const { found } = await placeOrder(futures.client, { ...FUTURES, cliOrdId: "grid-1" });
  assert.equal(found, true, "the same order again");
});

test("a nonce window that is no number is not taken for none", async () => {
  const { exchange, client } = open();
  for (const nonceWindow of ["", " ", "0x0"]) {
    const fetch = async (url, init) => {
      const answer = await exchange.fetch(url, init);
      if (!/GetApiKeyInfo/.test(url)) return answer;
      const { error, result } = await answer.json();
      return Response.json({ error, result: { ...result, nonceWindow } });
    };
    const { key, secret } = exchange.addKey();
    const other = new SpotClient({ key, secret, fetch, retries: 0 });
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    const error = await other.call("AddOrder", ORDER).catch((reason) => reason);
    const { outcome } = await resolveOrder(other, error, { timeout: 600, settle: 0 });
    assert.equal(outcome, "unknown", JSON.stringify(nonceWindow));
  }
  client.close();
});

test("the parameters of an order are read once, and a class is refused as `call` refuses it", async () => {
  const { exchange, client } = open();
  class Order {
    constructor() {
      Object.assign(this, ORDER);
    }
    get oflags() {
      return "post";
    }
  }
  for (const given of [new Order(), Object.assign(Object.create({ oflags: "post" }), ORDER), new Map(Object.entries(ORDER)), [ORDER]])
    await assert.rejects(placeOrder(client, given), { name: "InvalidRequestError", message: /plain object/ });
  assert.equal(exchange.executions.length, 0);
  let reads = 0;
  const counted = Object.defineProperty({ ...ORDER }, "validate", { enumerable: true, get: () => reads++ > 0 });
  const { orderId } = await placeOrder(client, counted);
  assert.ok(orderId);
  assert.equal(reads, 1);
});

test("an order for Kraken's other API is refused before anything is sent", async () => {
  for (const [{ exchange, client }, order, message] of [
    [open(), FUTURES, /this order has `symbol` in place of `pair`/],
    [openFutures(), ORDER, /this order has `pair` in place of `symbol`/],
  ]) {
    await assert.rejects(placeOrder(client, order), { name: "InvalidRequestError", message });
    assert.equal(exchange.requests.length, 0);
  }
});

test("an order that is sent a second time is the one that was given, whatever became of the object", { timeout: 30_000 }, async () => {
  const { exchange, client } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const given = { ...ORDER, close: { ordertype: "limit", price: "20000" } };
  const placing = placeOrder(client, given, { deadline: 2500, settle: 0 });
  given.close.price = "1";
  await placing;
  const [{ params }] = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder");
  assert.equal(params["close[price]"] ?? params.close.price, "20000");
});

// The last one, because it sets the clock of the process.
test("a wall clock that is set ahead makes no older order a newer one", async () => {
  const setup = open();
  const again = { ...MARKET, cl_ord_id: "grid-1" };
  // By another program, of which this process knows nothing.
  await setup.exchange.fetch(await setup.client.sign("AddOrder", again));
  await later(2600);
  const error = await lose(setup, "before", "AddOrder", again);
  const { now } = Date;
  const ahead = () => now() + 3_600_000;
  const fetch = async (url, init) => {
    Date.now = now;
    const answer = await setup.exchange.fetch(url, init);
    Date.now = ahead;
    return answer;
  };
  const { key, secret } = setup.exchange.addKey();
  const looking = new SpotClient({ key, secret, fetch });
  try {
    assert.notEqual(
      (await resolveOrder({ call: (endpoint, params) => looking.call(endpoint, params), check: () => {} }, error, { timeout: 1000 }))
        .outcome,
      "placed",
    );
  } finally {
    Date.now = now;
  }
});

test("through a Durable Object, orders are compared with what was sent, though the program goes on with the same object", async () => {
  const { exchange, client } = open();
  // The connection to the object breaks before it has sent the order.
  const call = async (endpoint, params) => {
    if (endpoint === "AddOrder") throw new Error("the connection broke");
    return client.call(endpoint, params);
  };
  const remote = spotClient({ call, request() {}, check: () => client.check() });
  const order = { ...ORDER, userref: 5 };
  const lost = [
    await remote.call("AddOrder", order).catch((reason) => reason),
    await remote.call("AddOrder", { ...order }).catch((reason) => reason),
  ];
  Object.assign(order, { userref: 6, volume: "0.02" });
  await client.call("AddOrder", { ...ORDER, userref: 5 });
  assert.equal(exchange.executions.length, 1);
  // It may be that of either call.
  for (const error of lost) {
    const { outcome, reason } = await look({ client: remote }, error, 3000);
    assert.ok(outcome === "unknown", `${outcome} ${reason}`);
  }
});
