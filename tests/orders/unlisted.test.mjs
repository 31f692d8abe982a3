// A look for a batch reads lists of all orders. Kraken may leave the client order id out of an entry: its reference allows `null` there.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const SEPARATE = Symbol.for("kraken-signer.separate/1");
const ROW = { type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const BATCH = { pair: "XBTUSD", orders: [ROW, ROW] };

/** What an answer may have in place of the id. */
const MISSING = {
  "no id": (order) => ({ ...order, cl_ord_id: undefined }),
  null: (order) => ({ ...order, cl_ord_id: null }),
};

/** What is left of an error in the process that looks for its orders. */
const FORMS = { "the error itself": (error) => error, "an error from elsewhere": (error) => JSON.parse(JSON.stringify(error)) };

/** The exchange, with a client. `change` is applied to each order in a list. */
function open(change) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const fetch = Object.assign(
    async (url, init) => {
      const real = await exchange.fetch(url, init);
      const { error, result } = await real.clone().json();
      const [group] = ["open", "closed"].filter((name) => result?.[name]);
      if (!group) return real;
      const orders = Object.fromEntries(Object.entries(result[group]).map(([id, order]) => [id, change(order)]));
      return Response.json({ error, result: { ...result, [group]: orders } });
    },
    { [SEPARATE]: exchange },
  );
  return { exchange, client: new SpotClient({ key, secret, fetch, retries: 0 }) };
}

/** Sends a batch whose answer is lost, after or before the exchange has carried it out. */
async function lose({ exchange, client }, when, params = BATCH, options = { deadline: 2500 }) {
  exchange.inject({ fault: "reset", when, endpoint: "AddOrderBatch" });
  const error = await client.call("AddOrderBatch", params, options).then(assert.fail, (reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

const look = ({ client }, error) => resolveOrder(client, error, { timeout: 10_000, settle: 50 });

/** Runs a subtest for each form of the error, all at once. */
const eachForm = (t, name, run) => Object.entries(FORMS).map(([form, formOf]) => t.test(`${name}, ${form}`, () => run(formOf)));

test("a batch is not unplaced because Kraken lists its orders without their ids", { concurrency: true }, async (t) => {
  const all = Object.entries(MISSING).flatMap(([name, change]) =>
    ["open", "canceled", "canceled, without a deadline"].flatMap((state) =>
      eachForm(t, `${name}, ${state}`, async (formOf) => {
        const setup = open(change);
        const error = await lose(setup, "after", BATCH, state.endsWith("deadline") ? {} : undefined);
        if (state !== "open") await setup.client.call("CancelAll");
        const { outcome, reason } = await look(setup, formOf(error));
        assert.ok(outcome === "unknown" && /orders like it|other client order ids/.test(reason), `${outcome}: ${reason}`);
      }),
    ),
  );
  await Promise.all(all);
});

test("nor if its other order has no client order id, and was rejected", async () => {
  const setup = open(MISSING.null);
  const tooSmall = { type: "sell", ordertype: "market", volume: "0.00000001", userref: 7 };
  const error = await lose(setup, "after", { pair: "XBTUSD", orders: [ROW, tooSmall] });
  const { outcome, reason } = await look(setup, error);
  assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
});

test("a batch whose orders are all found is placed, although another order has no id", { concurrency: true }, async (t) => {
  const all = eachForm(t, "found", async (formOf) => {
    const setup = open((order) => ({ ...order, cl_ord_id: order.vol.startsWith("0.5") ? null : order.cl_ord_id }));
    await setup.client.call("AddOrder", { pair: "XBTUSD", ...ROW, volume: "0.5" });
    const error = await lose(setup, "after");
    await setup.client.call("AddOrder", { pair: "XBTUSD", ...ROW, volume: "0.5" });
    assert.equal((await look(setup, formOf(error))).outcome, "placed");
  });
  await Promise.all(all);
});

test("an order without an id that cannot be one of the batch does not hide that it was not placed", { concurrency: true }, async (t) => {
  const other = { pair: "XBTUSD", ...ROW };
  const others = {
    "of another side": [{ ...other, type: "sell", price: "90000" }, ["the error itself"]],
    "of another pair": [{ ...other, pair: "ETHUSD", price: "100" }, ["the error itself"]],
    "with a userref": [{ ...other, userref: 7 }, Object.keys(FORMS)],
    // An hour before, by Kraken's clock.
    "that is older": [other, Object.keys(FORMS), 3600],
  };
  const all = Object.entries(others).flatMap(([name, [order, forms, age = 0]]) =>
    forms.map((form) =>
      t.test(`${name}, ${form}`, async () => {
        const setup = open((one) => ({ ...one, cl_ord_id: null, opentm: one.opentm - age }));
        const error = await lose(setup, "before");
        await setup.client.call("AddOrder", order);
        assert.deepEqual(await look(setup, FORMS[form](error)), { outcome: "not-placed" });
      }),
    ),
  );
  await Promise.all(all);
});
