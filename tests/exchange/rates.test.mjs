// The limits of the exchange: the call counter of a key, and the trading engine's counter of a pair, with more for young orders.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient } from "kraken-signer";
import { SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

const START = Date.UTC(2026, 10, 28);
const limit = { type: "buy", ordertype: "limit", price: "10", volume: "1" };
const order = (more) => ({ pair: "XBTUSD", ...limit, ...more });

function open(rateLimit, assumptions) {
  let now = START;
  const exchange = new Exchange({ rateLimit, assumptions, now: () => now });
  const clients = [exchange.addKey(), exchange.addKey()].map((key) => new SpotClient({ ...key, fetch: exchange.fetch, retries: 0 }));
  const pass = (seconds) => (now += seconds * 1000);
  return { exchange, client: clients[0], other: clients[1], pass };
}

const refused = (call, ...errors) => assert.rejects(call, { errors });
const ENGINE = "EOrder:Rate limit exceeded";

/** Returns how many more orders the exchange takes at this moment. */
async function left(client, pair = "XBTUSD") {
  for (let count = 0; ; count++)
    try {
      await client.call("AddOrder", order({ pair }));
    } catch ({ errors }) {
      assert.deepEqual(errors, [ENGINE]);
      return count;
    }
}

for (const [tier, calls, engine, decay] of [
  ["starter", 15, 60, 1],
  ["intermediate", 20, 125, 2.34],
  ["pro", 20, 180, 3.75],
])
  test(`the limits of the tier ${tier}: the engine counts for the account, the other counter for each key`, async () => {
    const { client, other, pass } = open(tier);
    assert.equal(await left(client), engine);
    await refused(other.call("AddOrder", order()), ENGINE);
    assert.equal(await left(other, "ETHUSD"), engine);
    pass(10);
    assert.equal(await left(client), Math.floor(10 * decay));
    for (let i = 0; i < calls - 2; i++) await client.call("Balance");
    await client.call("Ledgers");
    await refused(client.call("Balance"), "EAPI:Rate limit exceeded");
    await other.call("Balance");
  });

test("changes and cancels of young orders add more, by the seconds since the order was placed or amended", async () => {
  const table = [
    // age, amend, edit, cancel
    [4.9, 4, 7, 8],
    [5, 3, 6, 6],
    [10, 2, 5, 5],
    [15, 1, 3, 4],
    [45, 1, 2, 2],
    [90, 1, 1, 1],
    [300, 1, 1, 0],
  ];
  for (const [age, amend, edit, cancel] of table) {
    const costs = [
      (client, txid) => client.call("AmendOrder", { txid, limit_price: "11" }),
      (client, txid) => client.call("EditOrder", { txid, pair: "XBTUSD", price: "11" }),
      (client, txid) => client.call("CancelOrder", { txid }),
      (client, txid) => client.call("CancelOrderBatch", { orders: [txid] }),
      (client) => client.call("CancelAll"),
    ];
    for (const [place, call] of costs.entries()) {
      const { client, pass } = open({ max: 100, decay: 1, trading: { max: 20, decay: 1e-9 } });
      const { txid } = await client.call("AddOrder", order());
      pass(age);
      await call(client, txid[0]);
      assert.equal(await left(client), 19 - [amend, edit, cancel, cancel, cancel][place], `${age} s: ${place}`);
    }
  }
});

test("an amended order is young again", async () => {
  const { client, pass } = open({ max: 100, decay: 1, trading: { max: 20, decay: 1e-9 } });
  const { txid } = await client.call("AddOrder", order());
  pass(300);
  await client.call("AmendOrder", { txid: txid[0], limit_price: "11" });
  await client.call("CancelOrder", { txid: txid[0] });
  assert.equal(await left(client), 20 - 1 - 1 - 8);
});

test("the order of Kraken's example: placed, amended after 7 seconds, canceled after 36 more", async () => {
  const { client, pass } = open({ max: 100, decay: 1, trading: { max: 20, decay: 1e-9 } });
  const { txid } = await client.call("AddOrder", order());
  pass(7);
  await client.call("AmendOrder", { txid: txid[0], limit_price: "11" });
  pass(36);
  await client.call("CancelOrder", { txid: txid[0] });
  assert.equal(await left(client), 20 - 8);
});

test("an order in a batch counts half, and one that is not valid counts, too", async () => {
  const { client } = open({ max: 100, decay: 1, trading: { max: 10, decay: 1e-9 } });
  await client.call("AddOrderBatch", { pair: "XBTUSD", orders: Array(6).fill(limit) });
  await assert.rejects(client.call("AddOrder", order({ volume: "1e9" })));
  assert.equal(await left(client), 6);
});

test("cancels are accepted above the limit, unless the exchange is assumed to limit single ones", async () => {
  const limits = { max: 100, decay: 1, trading: { max: 10, decay: 1e-9 } };
  for (const limitsCancels of [false, true]) {
    const { client } = open(limits, { limitsCancels });
    const placed = [];
    for (let i = 0; i < 3; i++) placed.push((await client.call("AddOrder", order())).txid[0]);
    const single = client.call("CancelOrder", { txid: placed[0] });
    if (limitsCancels) await refused(single, ENGINE);
    else await single;
    await client.call("CancelOrderBatch", { orders: [placed[1]] });
    await client.call("CancelAll");
    await refused(client.call("AddOrder", order()), ENGINE);
  }
});

test("counters may fall in steps", async () => {
  const { client, pass } = open({ max: 2, decay: 0.5, trading: { max: 4, decay: 4 } }, { steppedDecay: true });
  for (let i = 0; i < 2; i++) await client.call("Balance");
  assert.equal(await left(client), 4);
  pass(0.9);
  assert.equal(await left(client), 0);
  pass(0.2);
  assert.equal(await left(client), 4);
  await refused(client.call("Balance"), "EAPI:Rate limit exceeded");
  pass(1);
  await client.call("Balance");
});

test("orders over a WebSocket count, too", async () => {
  const { exchange, client } = open({ max: 100, decay: 1, trading: { max: 2, decay: 1e-9 } });
  const socket = new SpotSocket({ client, WebSocket: exchange.WebSocket });
  const params = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 10, order_qty: 1 };
  await socket.call("add_order", params);
  await client.call("AddOrder", order());
  await refused(socket.call("add_order", params), ENGINE);
  socket.close();
});
