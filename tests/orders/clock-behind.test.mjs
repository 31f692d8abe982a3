// A machine whose wall clock is wrong, at an exchange whose answers tell the time. Other programs use the same names for their orders.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const MINUTE = 60_000;
const SEPARATE = Symbol.for("kraken-signer.separate/1");
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01", userref: 7 };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000, cliOrdId: "daily" };
const wallClock = Date.now;

/** The exchange, with a client. `clock` can change: by how many milliseconds the machine is behind, and for how long both of its clocks stood still. */
function open(clock, Client = SpotClient, product = "spot") {
  const exchange = new Exchange({ now: () => wallClock() + (clock.behind ?? 0) + (clock.suspended ?? 0) });
  const { key, secret } = exchange.addKey({ product });
  const answer = async (url, init) => {
    const real = await exchange.fetch(url, init);
    const time = wallClock() + (clock.behind ?? 0) + (clock.suspended ?? 0);
    return new Response(await real.text(), { status: real.status, headers: { Date: new Date(time).toUTCString() } });
  };
  const client = new Client({ key, secret, fetch: Object.assign(answer, { [SEPARATE]: exchange }), retries: 0 });
  return { exchange, client };
}

/** Places an order a minute ago, by another program. It is canceled. */
async function placeBefore({ exchange }, clock, order) {
  const { key, secret } = exchange.addKey();
  const other = new SpotClient({ key, secret, fetch: exchange.fetch });
  clock.suspended = -MINUTE;
  const { txid } = await other.call("AddOrder", order);
  await other.call("CancelOrder", { txid: txid[0] });
  clock.suspended = 0;
}

/** Loses an order, before or after the exchange has carried it out. */
async function lose({ exchange, client }, when, order = ORDER) {
  const [method, endpoint] = "call" in client ? ["call", "AddOrder"] : ["post", "sendorder"];
  exchange.inject({ fault: "reset", when, endpoint });
  const error = await client[method](endpoint, order, { deadline: 10_000 }).then(assert.fail, (reason) => reason);
  assert.equal(error.code, "ERR_UNKNOWN_OUTCOME", error.stack);
  return error;
}

const look = ({ client }, error) => resolveOrder(client, error, { timeout: 3000, settle: 50 });

test("an older order of another program is not taken for a newer one because the clock is behind", { concurrency: true }, async (t) => {
  const all = Object.entries({ after: "placed", before: "not-placed" }).map(([when, outcome]) =>
    t.test(outcome, async () => {
      const clock = { behind: 2 * MINUTE };
      const setup = open(clock);
      await placeBefore(setup, clock, ORDER);
      await setup.client.call("Balance");
      const { exchange, client } = setup;
      exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
      const error = await client.call("AddOrder", ORDER).then(assert.fail, (reason) => reason);
      const found = await look(setup, error);
      assert.equal(found.outcome, outcome, found.reason);
    }),
  );
  await Promise.all(all);
});

test("an order is not unplaced because the clock, which was ahead, stood still since", { concurrency: true }, async (t) => {
  const kinds = { Spot: [SpotClient, "spot", ORDER], Futures: [FuturesClient, "futures", FUTURES] };
  const all = Object.entries(kinds).map(([name, [Client, product, order]]) =>
    t.test(name, async () => {
      const clock = { behind: -5000 };
      const setup = open(clock, Client, product);
      await (product === "spot" ? setup.client.call("Balance") : setup.client.get("accounts"));
      const error = await lose(setup, "after", order);
      clock.suspended = MINUTE;
      const { outcome, reason } = await look(setup, error);
      assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
    }),
  );
  await Promise.all(all);
});

test("nor because it was behind once, has been set since, and stood still then", async (t) => {
  t.after(() => (Date.now = wallClock));
  const clock = { behind: 2 * MINUTE };
  const setup = open(clock);
  await setup.client.call("Balance");
  Date.now = () => wallClock() + clock.behind;
  const error = await lose(setup, "after");
  clock.suspended = MINUTE;
  const { outcome, reason } = await look(setup, error);
  assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
});
