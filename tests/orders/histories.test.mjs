// What an account's orders look like beside the one that is looked for: many, alike, amended, on the second page, with odd names.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const SEPARATE = Symbol.for("kraken-signer.separate/1");
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };

/** The exchange, with a client. `answers` has functions of a result and the parameters, which return another result, or `undefined` to leave it as it is. */
function open({ answers = {}, ...options } = {}) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const asked = [];
  const answer = async (url, init) => {
    const [name] = `${url}`.split(/[/?]/).filter((part) => /^[A-Z]\w+$/.test(part));
    asked.push(name);
    const real = await exchange.fetch(url, init);
    const { error, result } = await real.clone().json();
    const other = result && (await answers[name]?.(result, new URLSearchParams(await new Response(init?.body).text())));
    return other === undefined ? real : Response.json({ error, result: other });
  };
  // It leads to this exchange alone.
  const fetch = Object.assign(answer, { [SEPARATE]: exchange });
  return { exchange, asked, answers, fetch, client: new SpotClient({ key, secret, fetch, retries: 0, ...options }) };
}

/** Makes a call whose answer is lost, after or before the exchange has carried it out. */
async function lose({ exchange, client }, when, params, { endpoint = "AddOrder", ...options } = {}) {
  exchange.inject({ fault: "reset", when, endpoint });
  const error = await client.call(endpoint, params, options).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

const look = ({ client }, error, options) => resolveOrder(client, error, { timeout: 6000, settle: 50, ...options });

/** Runs two subtests: one whose order was carried out, and one whose order was not. */
const eachFate = (t, run) =>
  Object.entries({ after: "placed", before: "not-placed" }).map(([when, outcome]) => t.test(outcome, () => run(when, outcome)));

/** Changes each of the orders in a list. */
const changed = (group, change) => (result) => ({
  ...result,
  [group]: Object.fromEntries(Object.entries(result[group]).map(([id, order]) => [id, change(order)])),
});

test("an order without a name is not unplaced because its pair has BTC in both names, spelled in another way", async () => {
  const answers = { OpenOrders: changed("open", (order) => ({ ...order, descr: { ...order.descr, pair: "WBTCXBT" } })) };
  // The simulated exchange does not have the pair, so the order is placed under another one.
  const setup = open({ answers, clientOrderIds: false });
  const placed = await lose(setup, "after", ORDER);
  const fetch = (url, init) => {
    if (/AddOrder$/.test(`${url}`)) return Promise.reject(new TypeError("the connection broke"));
    return setup.fetch(url, init);
  };
  const { key, secret } = setup.exchange.addKey();
  const client = new SpotClient({ key, secret, fetch, retries: 0, clientOrderIds: false });
  const error = await client.call("AddOrder", { ...ORDER, pair: "WBTC/BTC" }).catch((reason) => reason);
  assert.equal(error.code, placed.code);
  const { outcome, reason } = await look({ client }, error);
  assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
});

test("closed orders are not all of them if their number is none", { concurrency: true }, async (t) => {
  const all = [null, "", [], false].map((count) =>
    t.test(JSON.stringify(count), async () => {
      // The order has ended, and is on a later page.
      const setup = open({ answers: { OpenOrders: () => ({ open: {} }), ClosedOrders: () => ({ closed: {}, count }) } });
      const error = await lose(setup, "after", ORDER, { deadline: 2500 });
      assert.deepEqual(await look(setup, error), { outcome: "unknown", reason: "Kraken did not list all closed orders" });
    }),
  );
  await Promise.all(all);
});

test("the reason names what a look lacks", { concurrency: true }, async (t) => {
  const reasons = [
    [{ OpenOrders: () => ({}) }, {}, "an answer came without `open`"],
    [{ OpenOrders: changed("open", (order) => ({ ...order, cl_ord_id: "other" })) }, {}, /other client order ids/],
    [{ OpenOrders: changed("open", (order) => ({ ...order, userref: 9 })) }, { userref: 8 }, /another userref/],
    [{ Time: () => ({}) }, { userref: 8 }, "Kraken did not send its time"],
  ];
  const all = reasons.map(([answers, name, expected]) =>
    t.test(`${expected}`, async () => {
      const setup = open({ answers });
      const { outcome, reason } = await look(setup, await lose(setup, "after", { ...ORDER, ...name }), { timeout: 1000 });
      assert.equal(outcome, "unknown");
      assert.match(reason, new RegExp(expected instanceof RegExp ? expected.source : `^${expected}$`));
    }),
  );
  await Promise.all(all);
});

test("a look for a batch takes two calls that count on the rate limit, however many orders it has", { concurrency: true }, async (t) => {
  const { pair, ...row } = ORDER;
  const orders = Array.from({ length: 15 }, () => row);
  const all = eachFate(t, async (when, outcome) => {
    const setup = open();
    const error = await lose(setup, when, { pair, orders }, { endpoint: "AddOrderBatch", deadline: 2500 });
    const resolution = await look(setup, error, { timeout: 20_000 });
    assert.equal(resolution.outcome, outcome);
    assert.equal(resolution.orders?.length, outcome === "placed" ? 15 : undefined);
    const counted = setup.asked.filter((name) => /Orders$/.test(name)).length;
    // Looks after 0, 0.25, 0.75, 1.75 and 3.75 seconds, perhaps one after 7.75, and one that confirms the last of them.
    assert.ok(counted <= (outcome === "placed" ? 2 : 14), `${counted} calls`);
  });
  all.push(
    t.test("behind more closed orders than one page has", async () => {
      // Another program has closed many orders since. Those with an id are listed by it.
      const others = Object.fromEntries(Array.from({ length: 50 }, (_, place) => [`O-${place}`, { opentm: Date.now() / 1000, descr: {} }]));
      const ClosedOrders = (_, params) => (params.has("cl_ord_id") ? undefined : { closed: others, count: 75 });
      const setup = open({ answers: { ClosedOrders } });
      const error = await lose(setup, "after", { pair, orders }, { endpoint: "AddOrderBatch", deadline: 2500 });
      await setup.client.call("CancelAll");
      assert.equal((await look(setup, error, { timeout: 20_000 })).outcome, "placed");
    }),
  );
  await Promise.all(all);
});

test("an order of a batch is not unplaced because Kraken spells its id in another way", async () => {
  const { pair, ...row } = ORDER;
  const upper = changed("open", (order) => ({ ...order, cl_ord_id: order.cl_ord_id.toUpperCase().replaceAll("-", "") }));
  const setup = open({ answers: { OpenOrders: upper } });
  const error = await lose(setup, "after", { pair, orders: [row, row] }, { endpoint: "AddOrderBatch", deadline: 2500 });
  const { outcome, reason } = await look(setup, error, { timeout: 8000 });
  assert.ok(outcome === "unknown" && /other client order ids/.test(reason), `${outcome}: ${reason}`);
});

test("an id that more than fifty older orders had", { concurrency: true }, async (t) => {
  const all = eachFate(t, async (when, outcome) => {
    let ago = 3_600_000;
    const exchange = new Exchange({ now: () => Date.now() - ago });
    const { key, secret } = exchange.addKey();
    const client = new SpotClient({ key, secret, fetch: exchange.fetch, retries: 0 });
    for (let count = 0; count < 55; count++)
      await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.001", cl_ord_id: "daily" });
    ago = 0;
    const error = await lose({ exchange, client }, when, { ...ORDER, cl_ord_id: "daily" });
    assert.equal((await look({ client }, error)).outcome, outcome);
  });
  await Promise.all(all);
});

test("an order with a random id is recognized though its volume and price have changed since", { concurrency: true }, async (t) => {
  const changes = {
    "amended by another program": (order) => ({ ...order, vol: "0.00500000", descr: { ...order.descr, price: "10001.0" } }),
    "rounded by Kraken": (order) => ({ ...order, vol: "0.00999999" }),
  };
  const all = Object.entries(changes).map(([name, change]) =>
    t.test(name, async () => {
      const setup = open({ answers: { OpenOrders: changed("open", change) } });
      assert.equal((await look(setup, await lose(setup, "after", ORDER))).outcome, "placed");
    }),
  );
  all.push(
    t.test("but not one of another side", async () => {
      const other = (order) => ({ ...order, descr: { ...order.descr, type: "sell" } });
      const setup = open({ answers: { OpenOrders: changed("open", other) } });
      assert.equal((await look(setup, await lose(setup, "after", ORDER))).outcome, "unknown");
    }),
  );
  await Promise.all(all);
});

test("an older order is not the lost one because Kraken's time came late", { timeout: 60_000 }, async () => {
  // It seems to be four seconds older than the call, so it is that of another program.
  const older = changed("open", (order) => ({ ...order, opentm: order.opentm - 4 }));
  const late = () => new Promise((resolve) => setTimeout(resolve, 5000));
  const setup = open({ answers: { OpenOrders: older, Time: late } });
  const error = await lose(setup, "after", { ...ORDER, userref: 7 });
  const { outcome, reason } = await look(setup, error, { timeout: 30_000 });
  assert.ok(outcome !== "placed", `${outcome}: ${reason}`);
});

test("an order is not older than its call because its time is missing, or is no number", { concurrency: true }, async (t) => {
  const all = [null, "", false, undefined].flatMap((opentm) =>
    [{ userref: 7 }, { cl_ord_id: "daily" }].map((name) =>
      t.test(`${JSON.stringify({ opentm, ...name })}`, async () => {
        const setup = open({ answers: { OpenOrders: changed("open", (order) => ({ ...order, opentm })) } });
        const error = await lose(setup, "after", { ...ORDER, ...name });
        const { outcome, reason } = await look(setup, error);
        assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
      }),
    ),
  );
  await Promise.all(all);
});

test("an order with another price is not the lost one, however its price was written", { concurrency: true }, async (t) => {
  const all = ["1e4", 10000n, "10000.", 10000].map((price) =>
    t.test(`${typeof price} ${price}`, async () => {
      const setup = open();
      const error = await lose(setup, "before", { ...ORDER, price, userref: 7 });
      const { key, secret } = setup.exchange.addKey();
      await new SpotClient({ key, secret, fetch: setup.exchange.fetch }).call("AddOrder", { ...ORDER, price: "10001", userref: 7 });
      const { outcome, reason } = await look(setup, error);
      assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
    }),
  );
  await Promise.all(all);
});

test("a search uses its whole timeout: a deadline that passes in time is waited for", async () => {
  const setup = open();
  const error = await lose(setup, "before", ORDER, { deadline: 3500 });
  assert.deepEqual(await look(setup, error, { timeout: 7000 }), { outcome: "not-placed" });
});

test("if the timeout allows no second look, the reason says so", async () => {
  const setup = open();
  const error = await lose(setup, "before", ORDER);
  const { outcome, reason } = await look(setup, error, { timeout: 1000, settle: 5000 });
  assert.ok(outcome === "unknown" && /second look/.test(reason), `${outcome}: ${reason}`);
});

test("an error from another process may name any key of the client", async () => {
  const { exchange, client } = open();
  const keys = [exchange.addKey(), exchange.addKey()].map(({ key, secret }) => ({ key, secret }));
  const sender = new SpotClient({ ...keys[1], fetch: exchange.fetch, retries: 0 });
  const { endpoint, ...details } = await lose({ exchange, client: sender }, "before", ORDER);
  const both = new SpotClient({ keys, fetch: exchange.fetch, retries: 0 });
  assert.equal((await look({ client: both }, new UnknownOutcomeError(endpoint, details))).outcome, "not-placed");
  // A client without the key still says so.
  const { outcome, reason } = await look({ client }, new UnknownOutcomeError(endpoint, details), { timeout: 1000 });
  assert.ok(outcome === "unknown" && /has another key/.test(reason), `${outcome}: ${reason}`);
});

test("a deadline without its time zone, in an error made by hand, locks nothing out", async () => {
  const setup = open();
  const { endpoint, ...details } = await lose(setup, "before", ORDER);
  const error = new UnknownOutcomeError(endpoint, { ...details, deadline: "2026-01-01T00:00:00" });
  const { outcome, reason } = await look(setup, error, { timeout: 1000 });
  assert.ok(outcome === "unknown" && /no time zone/.test(reason), `${outcome}: ${reason}`);
});

test("an error made by hand that counts no orders is about one", async () => {
  const setup = open();
  const error = new UnknownOutcomeError("AddOrder", { orderCount: 0, cause: undefined });
  assert.equal((await look(setup, error, { timeout: 500 })).outcome, "unknown");
});
