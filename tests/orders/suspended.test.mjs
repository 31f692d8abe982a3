// A machine that is suspended while an order is on its way. If its two clocks stand still meanwhile, it does not notice how long that took.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const MINUTE = 60_000;
const KINDS = {
  Spot: { Client: SpotClient, product: "spot", order: { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" } },
  Futures: {
    Client: FuturesClient,
    product: "futures",
    order: { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 },
  },
};
const isOrder = (url) => /\/(AddOrder|sendorder)$/.test(`${url}`);

/** The exchange, with a client. The first order is carried out, and its answer is lost, because the machine is suspended for a minute. */
function open({ Client, product }, { ahead = 0 } = {}) {
  const state = { suspended: 0 };
  const exchange = new Exchange({ now: () => Date.now() - ahead + state.suspended });
  const { key, secret } = exchange.addKey({ product });
  const fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    if (!isOrder(url) || state.suspended) return answer;
    state.suspended = MINUTE;
    throw new TypeError("the connection broke");
  };
  const client = new Client({
    key,
    secret,
    fetch: Object.assign(fetch, { [Symbol.for("kraken-signer.separate/1")]: exchange }),
    retries: 0,
  });
  return { exchange, client, sent: () => exchange.requests.filter(({ endpoint }) => isOrder(`/${endpoint}`)).length };
}

/** Sends an order whose deadline has passed when the machine goes on, and looks for it. */
async function lost({ product, order }, { client, exchange }, name) {
  const [method, endpoint] = product === "spot" ? ["call", "AddOrder"] : ["post", "sendorder"];
  const error = await client[method](endpoint, { ...order, ...name }, { deadline: 10_000 }).catch((reason) => reason);
  assert.equal(error.name, "UnknownOutcomeError", error.stack);
  const resolution = await resolveOrder(client, error, { timeout: 10_000, settle: 0 });
  assert.equal(exchange.executions.filter(({ endpoint: one }) => one === endpoint).length, 1);
  return resolution;
}

for (const [name, kind] of Object.entries(KINDS)) {
  test(`${name}: an order is found, though both clocks stood still since it was sent`, async () => {
    const { client, sent } = open(kind);
    assert.equal((await placeOrder(client, kind.order)).found, true);
    assert.equal(sent(), 1);
  });

  const ids = kind.product === "spot" ? [{ cl_ord_id: "daily" }, { userref: 7 }] : [{ cliOrdId: "daily" }];
  for (const id of ids)
    test(`${name}: an order by the name ${JSON.stringify(id)} is not unplaced because both clocks stood still`, async () => {
      const { outcome, reason } = await lost(kind, open(kind), id);
      assert.ok(outcome !== "not-placed", `${outcome}: ${reason}`);
    });

  test(`${name}: nor is an order with a random id unplaced, if the wall clock was ahead, too`, async () => {
    const { outcome, reason } = await lost(kind, open(kind, { ahead: 5000 }), {});
    assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
  });
}
