// 20,000 random Futures orders: prices, sizes, positions, reduce-only, and every fill once everywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Exchange, Futures } from "./helper.mjs";
import { randomFrom } from "./random.mjs";

const ORDERS = 20_000;
const BATCH = 20;
const SYMBOL = "PF_XBTUSD";
const ONE = 10_000;

/** Sizes have four decimals; here they are whole numbers. */
const whole = (size) => Math.round(size * ONE);

test(`${ORDERS} random orders keep prices, sizes, positions and fills consistent`, { timeout: 300_000 }, async (t) => {
  const random = randomFrom(3);
  const below = (limit) => Math.floor(random() * limit);
  const now = Date.UTC(2025, 6, 7);
  const exchange = new Exchange({ now: () => now });
  const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
  const market = exchange.market(SYMBOL);
  const price = () => Math.round(Number(market.last) * (1 + (random() - 0.5) / 50));
  const size = () => Math.max(1, Math.round(random() ** 3 * 2 * ONE)) / ONE;
  const types = ["lmt", "lmt", "lmt", "post", "ioc", "fok", "mkt", "stp", "take_profit"];
  const sent = new Map();
  const order = (tag) => {
    const orderType = types[below(types.length)];
    return {
      order: "send",
      order_tag: String(tag),
      orderType,
      symbol: SYMBOL,
      side: random() < 0.5 ? "buy" : "sell",
      size: size(),
      ...(["lmt", "post", "ioc", "fok"].includes(orderType) ? { limitPrice: price() } : {}),
      ...(["stp", "take_profit"].includes(orderType) ? { stopPrice: price() } : {}),
      reduceOnly: random() < 0.3,
    };
  };
  const levels = (sign) =>
    [
      ...new Set(Array.from({ length: 1 + below(6) }, () => Math.round(Number(market.last) * (1 + (sign * (0.0002 + random())) / 100)))),
    ].map((at) => [String(at), (4 * size()).toFixed(4)]);

  for (let placed = 0; placed < ORDERS; placed += BATCH) {
    const batchOrder = Array.from({ length: BATCH }, (_, i) => order(i));
    const { batchStatus } = await client.call("POST", "batchorder", { json: JSON.stringify({ batchOrder }) });
    for (const { status, order_id, order_tag, orderEvents } of batchStatus) {
      const own = batchOrder[Number(order_tag)];
      const executed = orderEvents.filter(({ type }) => type === "EXECUTION").reduce((sum, { amount }) => sum + whole(amount), 0);
      if (status === "placed") sent.set(order_id, own);
      else assert.equal(executed, 0, status);
      if (own.orderType === "fok" && !own.reduceOnly) assert.ok(executed === 0 || executed === whole(own.size), "all or nothing");
      if (own.orderType === "post") assert.equal(executed, 0, "post-only takes nothing");
    }
    if (random() < 0.5) market.setBook({ bids: levels(-1), asks: levels(1) });
    if (random() < 0.7) market.trade(String(Math.round(price() * 0.9 + 5000)), (4 * size()).toFixed(4));
    if (random() < 0.1) await client.call("POST", "cancelallorders");
  }

  const executions = [];
  for (let token = "0"; token !== undefined;) {
    const query = `sort=asc&count=5000&continuation_token=${token}`;
    const { elements, continuationToken } = await client.call("GET", "/api/history/v3/executions", query);
    executions.push(...elements.map(({ event }) => event.Execution.execution));
    token = continuationToken;
  }
  const { fills } = await client.call("GET", "fills");
  const ids = executions.map(({ uid }) => uid);
  assert.equal(new Set(ids).size, ids.length, "every fill once");
  // `fills` lists the last hundred; tests/types/pages-exchange.test.mjs follows it further.
  assert.deepEqual(
    fills.map(({ fill_id }) => fill_id),
    ids.slice(-100).reverse(),
    "the same in both",
  );
  let position = 0;
  const filled = new Map();
  for (const {
    uid,
    order: { uid: id, direction },
    quantity,
    price: at,
    makerOrder,
  } of executions) {
    const own = sent.get(id);
    const [amount, sign] = [whole(Number(quantity)), direction === "Buy" ? 1 : -1];
    assert.equal(own.side, sign > 0 ? "buy" : "sell");
    if (own.limitPrice !== undefined)
      assert.ok(sign > 0 ? Number(at) <= own.limitPrice : Number(at) >= own.limitPrice, "no worse price than its own");
    if (makerOrder.uid === id && own.limitPrice !== undefined) assert.equal(Number(at), own.limitPrice, uid);
    if (own.reduceOnly) assert.ok(position * sign < 0 && Math.abs(position) >= amount, "only reduces");
    position += sign * amount;
    filled.set(id, (filled.get(id) ?? 0) + amount);
    assert.ok(filled.get(id) <= whole(own.size), "no more than its size");
  }
  const { openPositions } = await client.call("GET", "openpositions");
  assert.deepEqual(
    openPositions.map(({ side, size: open }) => (side === "long" ? 1 : -1) * whole(open)),
    position === 0 ? [] : [position],
  );
  for (const { order_id, filledSize, unfilledSize } of (await client.call("GET", "openorders")).openOrders) {
    assert.equal(whole(filledSize), filled.get(order_id) ?? 0);
    assert.equal(whole(filledSize) + whole(unfilledSize), whole(sent.get(order_id).size));
  }
  const reducing = executions.filter(({ order: { reduceOnly } }) => reduceOnly).length;
  t.diagnostic(`${ids.length} fills, ${reducing} of them of orders that only reduce`);
  assert.ok(ids.length > ORDERS / 10 && reducing > ORDERS / 100, "and it was worth the while");
});
