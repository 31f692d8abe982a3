// Futures orders whose looks are answered late, in part, or in other words than usual.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import test from "node:test";
import { FuturesClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";

const LIMIT = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 2, limitPrice: 10000 };
const key = "k".repeat(56);
const secret = Buffer.alloc(64, 1).toString("base64");

/** Milliseconds by which the clock of the exchange is ahead. */
const AHEAD = 20_000;

/** Loses a call. The exchange of these tests is told separately what became of it. */
async function lose(params, { endpoint = "sendorder", sending = () => {}, ...options } = {}) {
  const fetch = () => {
    sending();
    return Promise.reject(new TypeError("the connection broke"));
  };
  const client = new FuturesClient({ key, secret, fetch, ...options });
  const error = await client.post(endpoint, params, { deadline: 2500 }).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return error;
}

/**
 * An exchange, as a client sees it. Its clock is ahead, so that every deadline of a client has passed.
 *
 * @param change - changes an answer: `change(endpoint, answer)`
 */
function answering({ open = [], status = [], events = [], change = (_, answer) => answer } = {}) {
  const asked = [];
  const answer = async (endpoint, params) => {
    asked.push(endpoint);
    const serverTime = new Date(Date.now() + AHEAD).toISOString();
    if (!endpoint.includes("history"))
      return change(endpoint, { result: "success", openOrders: open, orders: status, fills: [], serverTime });
    const { since = 0, before = Infinity, continuation_token: from = "0" } = params;
    const within = events.filter(({ timestamp }) => timestamp >= since && timestamp < before);
    const end = Number(from) + 1000;
    return { elements: within.slice(Number(from), end), ...(end < within.length && { continuationToken: `${end}` }) };
  };
  return { asked, get: answer, post: answer };
}

/** An order in an event of the history. */
const historical = (cliOrdId, timestamp, more) => ({
  uid: crypto.randomUUID(),
  clientId: cliOrdId,
  tradeable: "PF_XBTUSD",
  direction: "Buy",
  quantity: "2",
  filled: "0",
  limitPrice: "10000",
  orderType: "Limit",
  timestamp,
  ...more,
});

const event = (name, details, timestamp) => ({ uid: crypto.randomUUID(), timestamp, event: { [name]: details } });

/** The event of the placing of an order, by the clock of the exchange. */
function placed(cliOrdId, ago, more) {
  const timestamp = Math.floor(Date.now() + AHEAD - ago);
  return event("OrderPlaced", { order: historical(cliOrdId, timestamp, more), reason: "new_user_order" }, timestamp);
}

const look = (client, error, options) => resolveOrder(client, error, { timeout: 9000, settle: 0, ...options });

/** Resolves to the outcome of a look, or to the reason why it is unknown. */
const outcomeOf = async (client, error) => {
  const { outcome, reason } = await look(client, error);
  return outcome === "unknown" ? reason : outcome;
};

test("a slow answer makes no order that another program placed before a newer one", { timeout: 20_000 }, async () => {
  const foreign = placed("bot-1", 1500);
  const error = await lose({ ...LIMIT, cliOrdId: "bot-1" });
  const slow = async (endpoint, answer) => {
    if (endpoint === "openorders") await pause(3000);
    return answer;
  };
  assert.match(await outcomeOf(answering({ events: [foreign], change: slow }), error), /^orders like it/);
});

test("times are whole milliseconds: an order that seems to be a little older than its call is its own", async () => {
  for (let early = 0; early <= 3; early++) {
    const cliOrdId = `bot-2-${early}`;
    const events = [];
    const error = await lose({ ...LIMIT, cliOrdId }, { sending: () => events.push(placed(cliOrdId, early)) });
    assert.equal(await outcomeOf(answering({ events }), error), "placed");
  }
});

test("without the time of the exchange, an old order with the same name is not the one", async (t) => {
  const without = {
    none: ({ serverTime: _, ...answer }) => answer,
    "another form": (answer) => ({ ...answer, serverTime: Date.now() / 1000 }),
    "no time zone": ({ serverTime, ...answer }) => ({ ...answer, serverTime: serverTime.replace("Z", "") }),
  };
  for (const [form, change] of Object.entries(without))
    await t.test(form, async () => {
      const error = await lose({ ...LIMIT, cliOrdId: "bot-3" });
      const exchange = answering({ events: [placed("bot-3", 3_600_000)], change: (_, answer) => change(answer) });
      const { outcome, reason } = await look(exchange, error, { timeout: 300 });
      assert.deepEqual([outcome, reason], ["unknown", "Kraken did not send its time"]);
    });
});

test("a time without its zone proves no age, and no deadline", async (t) => {
  const { TZ } = process.env;
  t.after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const zoneless = (time) => new Date(time).toISOString().replace("Z", "");
  process.env.TZ = "Asia/Tokyo";
  const error = await lose(LIMIT);
  const timestamp = zoneless(Date.now() + AHEAD);
  const order = { orderId: "O1", cliOrdId: error.clientOrderId, symbol: "PF_XBTUSD", side: "buy", quantity: 2, filled: 0, timestamp };
  assert.equal(await outcomeOf(answering({ status: [{ order, status: "ENTERED_BOOK" }] }), error), "placed");
  process.env.TZ = "America/New_York";
  const late = await lose(LIMIT);
  const change = (_, answer) => ({ ...answer, serverTime: zoneless(Date.now()) });
  const { outcome, reason } = await look(answering({ change }), late, { timeout: 300 });
  assert.ok(outcome === "unknown" && /time is not known/.test(reason), `${outcome}: ${reason}`);
});

test("an id in another case is the same random one, and proves nothing if it is not random", async () => {
  const random = await lose(LIMIT);
  assert.equal(await outcomeOf(answering({ events: [placed(random.clientOrderId.toUpperCase(), 0)] }), random), "placed");
  const named = await lose({ ...LIMIT, cliOrdId: "bot-4" });
  assert.match(await outcomeOf(answering({ events: [placed("BOT-4", 0)] }), named), /^orders like it/);
});

test("an order with a name that is not random is recognized though it was edited since", async () => {
  const error = await lose({ ...LIMIT, cliOrdId: "bot-5" });
  const first = placed("bot-5", 0);
  const oldOrder = first.event.OrderPlaced.order;
  const newOrder = { ...oldOrder, quantity: "3", limitPrice: "9000" };
  const edited = event("OrderUpdated", { oldOrder, newOrder, reason: "edited_by_user" }, first.timestamp + 1);
  assert.equal(await outcomeOf(answering({ events: [edited, first] }), error), "placed");
  const larger = await lose({ ...LIMIT, size: 3, limitPrice: 9000, cliOrdId: "bot-5" });
  assert.match(await outcomeOf(answering({ events: [edited, first] }), larger), /^orders like it/, "as it was placed, it was another one");
});

test("a batch that places no order: the reason says so, and none of the orders that it changes was placed by it", async () => {
  const id = crypto.randomUUID();
  for (const row of [
    { order: "cancel", cliOrdId: id },
    { order: "edit", cliOrdId: id, size: 3 },
    { order: "cancel", order_id: "O1" },
  ]) {
    const error = await lose({ batchOrder: [row] }, { endpoint: "batchorder" });
    assert.equal(error.orderCount, 0);
    for (const one of [error, JSON.parse(JSON.stringify(error))])
      assert.match(await outcomeOf(answering({ events: [placed(id, 0)] }), one), /^the batch places no order/);
  }
});

test("a batch in another process: an order that it cancels is none that it places", async () => {
  const old = crypto.randomUUID();
  const events = [placed(old, 3_600_000)];
  const batchOrder = [
    { order: "send", order_tag: "1", ...LIMIT },
    { order: "cancel", cliOrdId: old },
  ];
  const elsewhere = async (options) => JSON.parse(JSON.stringify(await lose({ batchOrder }, { endpoint: "batchorder", ...options })));
  assert.match(await outcomeOf(answering({ events }), await elsewhere({ clientOrderIds: false })), /^there is nothing to look for it by/);
  assert.equal(await outcomeOf(answering({ events }), await elsewhere()), "not-placed");
});

test("an error made by hand that counts no orders is about one", async () => {
  const deadline = new Date().toISOString();
  const details = { clientOrderId: crypto.randomUUID(), orderCount: 0, deadline, cause: undefined };
  assert.equal(await outcomeOf(answering(), new UnknownOutcomeError("sendorder", details)), "not-placed");
  assert.equal(
    await outcomeOf(answering({ events: [placed(details.clientOrderId, 0)] }), new UnknownOutcomeError("sendorder", details)),
    "placed",
  );
});

test("events after the deadline are not looked through, however many there are", async () => {
  const order = { ...LIMIT, cliOrdId: crypto.randomUUID(), processBefore: new Date(Date.now() - 7_200_000).toISOString() };
  const own = placed(order.cliOrdId, 7_380_000);
  const newer = Array.from({ length: 5500 }, (_, count) => placed(crypto.randomUUID(), 1000 + count));
  const exchange = answering({ events: [...newer, own] });
  const { orderId, found } = await placeOrder(exchange, order, { again: true, timeout: 9000, settle: 0 });
  assert.deepEqual([orderId, found], [own.event.OrderPlaced.order.uid, true]);
  assert.equal(exchange.asked.includes("sendorder"), false);
  // One that was placed within the minute after it may have been processed late.
  const late = placed(order.cliOrdId, 7_320_000 - 59_000);
  assert.equal((await placeOrder(answering({ events: [...newer, late] }), order, { again: true, timeout: 9000, settle: 0 })).found, true);
});

test("the deadline that is assumed of an earlier run does not hide its order, if the clock of this machine is behind", async () => {
  const behind = 120_000;
  const order = { ...LIMIT, cliOrdId: crypto.randomUUID() };
  const own = placed(order.cliOrdId, AHEAD - behind + 30_000);
  const change = (_, answer) => ({ ...answer, serverTime: new Date(Date.now() + behind).toISOString() });
  const exchange = answering({ events: [own], change });
  const { orderId, found } = await placeOrder(exchange, order, { again: true, timeout: 9000, settle: 0 });
  assert.deepEqual([orderId, found], [own.event.OrderPlaced.order.uid, true]);
  assert.equal(exchange.asked.includes("sendorder"), false);
});

test("an open order with a random id is found though the histories fail, and asks for nothing else", async () => {
  const error = await lose(LIMIT);
  const receivedTime = new Date(Date.now() + AHEAD).toISOString();
  const open = [{ order_id: "O1", cliOrdId: error.clientOrderId, symbol: "PF_XBTUSD", side: "buy", orderType: "lmt", receivedTime }];
  const failing = (exchange) => ({
    ...exchange,
    get: (endpoint, params) =>
      endpoint.includes("history") ? Promise.reject(new Error("the history is overloaded")) : exchange.get(endpoint, params),
  });
  const exchange = answering({ open });
  assert.equal(await outcomeOf(failing(exchange), error), "placed");
  assert.deepEqual(exchange.asked, ["openorders"]);
  // Another name may be that of other orders, which only the histories show.
  const named = await lose({ ...LIMIT, cliOrdId: "bot-6" });
  const { outcome } = await look(failing(answering({ open: [{ ...open[0], cliOrdId: "bot-6" }] })), named, { timeout: 300 });
  assert.equal(outcome, "unknown");
});

test("an open order that was filled in part is recognized, although the sum of its sizes is not exact", async () => {
  const order = { order_id: "O1", cliOrdId: "mine", symbol: "PF_XBTUSD", side: "buy", orderType: "lmt", limitPrice: 10000 };
  const answer = {
    result: "success",
    serverTime: new Date().toISOString(),
    openOrders: [{ ...order, filledSize: 0.1, unfilledSize: 0.2 }],
    sendStatus: { status: "clientOrderIdAlreadyExist" },
  };
  const client = new FuturesClient({ key, secret, fetch: async () => Response.json(answer) });
  const placed = await placeOrder(client, { ...LIMIT, size: 0.3, cliOrdId: "mine" });
  assert.deepEqual([placed.orderId, placed.found], ["O1", true]);
  await assert.rejects(placeOrder(client, { ...LIMIT, size: 0.4, cliOrdId: "mine" }), { name: "ApiError", kind: "order" });
});

test("an order is not unplaced because a history cannot be read to its end", async () => {
  const error = await lose({ ...LIMIT, cliOrdId: crypto.randomUUID() });
  for (const continuationToken of [7, "same"]) {
    const exchange = answering();
    const get = async (endpoint, params) => {
      const answer = await exchange.get(endpoint, params);
      return endpoint.includes("history") ? { ...answer, elements: [placed(crypto.randomUUID(), 0)], continuationToken } : answer;
    };
    assert.match(await outcomeOf({ ...exchange, get }, error), /next page/);
  }
  assert.equal(await outcomeOf(answering(), error), "not-placed");
});
