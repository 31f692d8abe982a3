// A second run of the same order, as a queue that delivers twice and a step that is retried make it: one order at the exchange, also if it was filled meanwhile.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { FuturesClient, SpotClient, clientOrderId, placeOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const PRODUCTS = {
  Spot: {
    Client: SpotClient,
    endpoint: "AddOrder",
    id: "cl_ord_id",
    market: { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" },
    limit: { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" },
    other: { type: "sell" },
  },
  Futures: {
    Client: FuturesClient,
    endpoint: "sendorder",
    id: "cliOrdId",
    market: { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 },
    limit: { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 },
    other: { side: "sell" },
  },
};
const quick = { deadline: 3000 };

for (const [product, { Client, endpoint, id, ...orders }] of Object.entries(PRODUCTS))
  describe(product, { concurrency: true, timeout: 60_000 }, () => {
    /** An exchange, and runs of one order by processes that know nothing of each other. */
    function open(order) {
      const exchange = new Exchange();
      const { key, secret } = exchange.addKey({ product: product.toLowerCase() });
      const named = { ...order, [id]: clientOrderId() };
      const run = (options, more) =>
        placeOrder(new Client({ key, secret, fetch: exchange.fetch }), { ...named, ...more }, { ...quick, ...options });
      return { exchange, key, secret, run, placed: () => exchange.executions.filter((one) => one.endpoint === endpoint).length };
    }

    for (const kind of ["limit", "market"])
      test(`a ${kind} order of the first run is returned by the second one`, async () => {
        const { run, placed } = open(orders[kind]);
        const first = await run();
        const second = await run({ again: true });
        assert.deepEqual([second.orderId, second.found, placed()], [first.orderId, true, 1]);
      });

    test("a market order that the first run lost before it was carried out is sent by the second one", async () => {
      const { exchange, run, placed } = open(orders.market);
      exchange.inject({ fault: "reset", when: "before", endpoint });
      const stop = new AbortController();
      const lost = run({ signal: stop.signal });
      setTimeout(() => stop.abort(), 300);
      await assert.rejects(lost, { code: "ERR_UNKNOWN_OUTCOME" });
      const second = await run({ again: true });
      assert.deepEqual([second.found, placed()], [false, 1]);
    });

    test("two runs at the same time, of which the second one knows that it may be: one order", async () => {
      const { exchange, run, placed } = open(orders.market);
      exchange.inject({ fault: "delay", when: "before", ms: 700, endpoint });
      const [first, second] = await Promise.all([run(), run({ again: true })]);
      assert.deepEqual([second.orderId, second.found, placed()], [first.orderId, true, 1]);
    });

    test("an order of the first run that was amended since is recognized by its id", async () => {
      const { exchange, key, secret, run, placed } = open(orders.limit);
      const first = await run();
      const client = new Client({ key, secret, fetch: exchange.fetch });
      if (product === "Spot") await client.call("AmendOrder", { txid: first.orderId, order_qty: "0.02", limit_price: "9000" });
      else await client.post("editorder", { orderId: first.orderId, size: 2, limitPrice: 9000 });
      const second = await run({ again: true });
      assert.deepEqual([second.orderId, second.found, placed()], [first.orderId, true, 1]);
    });

    test("an id that is not random, and an order that differs, are refused before anything is sent", async () => {
      const { run, placed } = open(orders.market);
      await assert.rejects(run({ again: true }, { [id]: "message-1" }), { code: "ERR_INVALID_REQUEST", message: /random UUID/ });
      await assert.rejects(run({ again: "yes" }), { code: "ERR_INVALID_REQUEST", message: /again/ });
      assert.equal(placed(), 0);
      await run();
      await assert.rejects(run({ again: true }, orders.other), {
        code: "ERR_INVALID_REQUEST",
        message: /another order, .* Nothing was sent/,
      });
      assert.equal(placed(), 1);
    });

    test("an option that is invalid is refused before the order is looked for", async () => {
      const { exchange, run } = open(orders.market);
      for (const deadline of [NaN, Infinity, 1e18, 100, 60_001, "5000", 5000n, null, {}])
        await assert.rejects(run({ again: true, deadline }), { code: "ERR_INVALID_REQUEST", message: /^Invalid `deadline`/ });
      for (const signal of ["stop", {}, null])
        await assert.rejects(run({ again: true, signal }), { code: "ERR_INVALID_REQUEST", message: /^Invalid `signal`/ });
      assert.equal(exchange.requests.length, 0);
    });
  });

test("a first run that sends its order only after the second one has looked: with a deadline in the order, none is placed twice", async () => {
  const exchange = new Exchange();
  // Each run counts for itself, as machines do.
  const [one, other] = [exchange.addKey(), exchange.addKey()];
  const rateLimit = { max: 5, decay: 5, trading: { max: 1, decay: 0.15 } };
  const first = new SpotClient({ ...one, fetch: exchange.fetch, rateLimit });
  const second = new SpotClient({ ...other, fetch: exchange.fetch });
  const { market } = PRODUCTS.Spot;
  await first.call("AddOrder", market);
  const order = { ...market, cl_ord_id: clientOrderId(), deadline: new Date(Date.now() + 3000).toISOString() };
  const outcomes = await Promise.allSettled([placeOrder(first, order), placeOrder(second, order, { again: true, settle: 500 })]);
  assert.deepEqual(
    outcomes.map(({ reason }) => reason?.code),
    ["ERR_API", "ERR_API"],
  );
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 1);
});

test("an order with the id of the first run is not told as another one because a list does not show its pair, or has `None` for no order that it closes", async (t) => {
  for (const shown of [{ pair: undefined }, { pair: null }, { refid: "None" }])
    await t.test(inspect(shown), async () => {
      const exchange = new Exchange();
      const { key, secret } = exchange.addKey();
      const order = { ...PRODUCTS.Spot.limit, cl_ord_id: clientOrderId() };
      const fetch = async (url, init) => {
        const answer = await exchange.fetch(url, init);
        if (!url.endsWith("OpenOrders")) return answer;
        const { result, ...rest } = await answer.json();
        for (const order of Object.values(result.open)) Object.assign("refid" in shown ? order : order.descr, shown);
        return Response.json({ ...rest, result });
      };
      const client = new SpotClient({ key, secret, fetch });
      const { orderId } = await placeOrder(client, order, quick);
      const second = await placeOrder(client, order, { ...quick, again: true });
      assert.deepEqual([second.orderId, second.found], [orderId, true]);
      await assert.rejects(placeOrder(client, { ...order, type: "sell" }, { ...quick, again: true }), { message: /another order/ });
    });
});
