// resolveOrder over everything that can become of a request, and every kind of key and name: it may say little, and is never wrong.
import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

/** Marks a `fetch` as leading to this exchange and no other: the exchanges of the tests have orders with the same ids. */
const leadingTo = (exchange, fetch) => Object.assign(fetch, { [Symbol.for("kraken-signer.separate/1")]: exchange.handle });

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const isOrder = (url) => /\/(AddOrder|sendorder)$/.test(String(url));

/** What becomes of a request that places an order; each is a fetch. */
const fates = {
  lost: () => async () => {
    throw broken();
  },
  done: (exchange) => async (url, init) => {
    await exchange.fetch(url, { ...init, signal: undefined });
    throw broken();
  },
  doubled: (exchange) => async (url, init) => {
    await exchange.fetch(url, init);
    return exchange.fetch(url, init);
  },
  "late by 100 ms": late(100),
  "late by 1 s": late(1000),
  "late by 3 s": late(3000),
  "an answer without proof, done": (exchange) => async (url, init) => {
    await exchange.fetch(url, init);
    return Response.json({ error: [], result: null });
  },
  "a gateway's answer, lost": () => async () => Response.json({ message: "Endpoint request timed out" }, { status: 504 }),
};

function broken() {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("connection reset"), { code: "ECONNRESET" }) });
}

/** The connection breaks, and the request arrives all the same. */
function late(ms) {
  return (exchange) => async (url, init) => {
    setTimeout(() => void exchange.fetch(url, { ...init, signal: undefined }), ms);
    throw broken();
  };
}

/** Clients, by their keys; `certain` is whether they can ever say that an order was not placed. */
const clients = {
  "one key": { certain: true, keys: (exchange) => exchange.addKey() },
  "a key with a code": { certain: true, keys: (exchange) => withOtp(exchange.addKey({ otp: {} })) },
  "a read key and a write key": {
    certain: true,
    keys: (exchange) => ({
      keys: [
        { ...exchange.addKey({ permissions: ["query-open-trades", "query-closed-trades"] }), use: "read" },
        { ...exchange.addKey(), use: "write" },
      ],
    }),
  },
  "a write key that may not look": {
    certain: false,
    blind: true,
    keys: (exchange) => ({
      keys: [
        { ...exchange.addKey(), use: "read" },
        { ...exchange.addKey({ permissions: ["modify-trades"] }), use: "write" },
      ],
    }),
  },
  "a nonce window of ten seconds": { certain: false, keys: (exchange) => exchange.addKey({ nonceWindow: 10_000 }) },
};

const withOtp = ({ key, secret, otp }) => ({ key, secret, otp });

/** What orders are called. */
const names = {
  cl_ord_id: {},
  userref: { userref: 7 },
  "no name": { nameless: true },
  "cl_ord_id and a deadline in 2.5 s": { deadlineIn: 2500 },
};

const SPOT = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };

async function trial(fate, client, name) {
  const exchange = new Exchange();
  const { nameless, deadlineIn, ...order } = names[name];
  const doomed = fates[fate](exchange);
  const fetch = leadingTo(exchange, (url, init) => (isOrder(url) ? doomed(url, init) : exchange.fetch(url, init)));
  const options = clients[client].keys(exchange);
  const spot = new SpotClient({ ...pick(options), fetch, retries: 0, timeout: 3000, clientOrderIds: !nameless });
  const params = { ...SPOT, ...order, ...(deadlineIn && { deadline: new Date(Date.now() + deadlineIn).toISOString() }) };
  const error = await spot.call("AddOrder", params).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${fate}: ${error?.stack ?? "no error"}`);
  const resolution = await resolveOrder(spot, error, { timeout: deadlineIn ? 10_000 : 5000, settle: 100 });
  // Whatever is on its way arrives.
  await later(3500);
  const executed = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length;
  return { resolution, executed };
}

/** Only what a credential has: keys of the exchange know more than that. */
function pick({ keys, key, secret, otp, use }) {
  if (keys) return { keys: keys.map(pick) };
  return { key, secret, ...(otp && { otp }), ...(use && { use }) };
}

test("resolveOrder is never wrong, and certain if it can be", { timeout: 240_000, concurrency: true }, async (t) => {
  const counts = { placed: 0, "not-placed": 0, unknown: 0 };
  const trials = Object.keys(fates).flatMap((fate) =>
    Object.keys(clients).flatMap((client) => Object.keys(names).map((name) => [fate, client, name])),
  );
  let next = 0;
  const worker = async () => {
    for (let one; (one = trials[next++]);) await run(...one);
  };
  const run = (fate, client, name) =>
    t.test(`${fate}; ${client}; ${name}`, async () => {
      const { resolution, executed } = await trial(fate, client, name);
      const { outcome, reason } = resolution;
      counts[outcome] += 1;
      assert.ok(executed <= 1, `executed ${executed} times`);
      if (outcome === "placed") assert.equal(executed, 1, "said to be placed");
      if (outcome === "not-placed") assert.equal(executed, 0, "said not to be placed");
      if (outcome === "unknown") assert.ok(reason.length > 10);
      const { certain, blind } = clients[client];
      if (blind) return assert.equal(outcome, "unknown");
      // On a busy machine, an order may reach the exchange after its deadline.
      const isTooLate = name.includes("deadline") && executed === 0;
      const isThere = ["done", "doubled", "an answer without proof, done"].includes(fate) && !isTooLate;
      if (isThere) assert.equal(outcome, name === "no name" ? "unknown" : "placed", reason);
      else if (certain || name.includes("deadline")) assert.notEqual(outcome, "unknown", reason);
      else if (!fate.startsWith("late")) assert.equal(outcome, "unknown");
    });
  // Not all at once: a look that has to wait for the others' hashing is late.
  await Promise.all(Array.from({ length: 32 }, worker));
  t.diagnostic(`${trials.length} trials: ${JSON.stringify(counts)}`);
});

test("Futures: by the client order id, and not placed only after processBefore", { timeout: 60_000, concurrency: true }, async (t) => {
  const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };
  const cases = [
    ["done", {}, "placed"],
    ["doubled", {}, "placed"],
    ["lost", {}, "unknown"],
    ["lost", { processBefore: true }, "not-placed"],
    // It comes when a look with a higher nonce has locked it out already.
    ["late by 100 ms", { processBefore: true }, "not-placed"],
  ];
  await Promise.all(
    cases.map(([fate, { processBefore }, expected]) =>
      t.test(`${fate}${processBefore ? ", with processBefore" : ""}`, async () => {
        const exchange = new Exchange();
        const doomed = fates[fate](exchange);
        const fetch = (url, init) => (isOrder(url) ? doomed(url, init) : exchange.fetch(url, init));
        const futures = new FuturesClient({ ...pick(exchange.addKey({ product: "futures" })), fetch, retries: 0 });
        const deadline = processBefore && { processBefore: new Date(Date.now() + 2000).toISOString() };
        const error = await futures.post("sendorder", { ...order, ...deadline }).catch((reason) => reason);
        assert.equal(error.name, "UnknownOutcomeError", error.stack);
        const { outcome, reason } = await resolveOrder(futures, error, { timeout: 5000, settle: 100 });
        assert.equal(outcome, expected, reason);
        const executed = exchange.executions.filter(({ endpoint }) => endpoint === "sendorder").length;
        if (outcome !== "unknown") assert.equal(executed, outcome === "placed" ? 1 : 0);
      }),
    ),
  );
});

test("a batch is placed if all of its orders are, and its ids are returned", async () => {
  const exchange = new Exchange();
  const fetch = (url, init) => (/AddOrderBatch/.test(url) ? fates.done(exchange)(url, init) : exchange.fetch(url, init));
  const spot = new SpotClient({ ...pick(exchange.addKey()), fetch });
  const { pair, ...row } = SPOT;
  const error = await spot.call("AddOrderBatch", { pair, orders: [row, { ...row, price: "11000" }] }).catch((reason) => reason);
  assert.equal(error.clientOrderIds.length, 2);
  const resolution = await resolveOrder(spot, error, { settle: 0 });
  assert.deepEqual([resolution.outcome, resolution.orders.length], ["placed", 2]);
});

test("invalid arguments are refused", async () => {
  const exchange = new Exchange();
  const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch });
  await assert.rejects(resolveOrder(spot, new Error("x")), { code: "ERR_INVALID_REQUEST" });
  exchange.inject({ fault: "reset", when: "after", endpoint: "CancelAll" });
  const error = await spot.call("CancelAll").catch((reason) => reason);
  await assert.rejects(resolveOrder(spot, error), { code: "ERR_INVALID_REQUEST" });
  await assert.rejects(resolveOrder(spot, { code: error.code }), { code: "ERR_INVALID_REQUEST", message: /got that of undefined/ });
  await assert.rejects(placeOrder(spot, { ...SPOT, validate: true }), { code: "ERR_INVALID_REQUEST" });
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const lost = await spot.call("AddOrder", SPOT).catch((reason) => reason);
  for (const signal of ["stop", 1, {}])
    await assert.rejects(resolveOrder(spot, lost, { signal }), { code: "ERR_INVALID_REQUEST", message: /^Invalid `signal`/ });
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 0);
});

test("if Kraken rejects the question about the key, the reason is that rejection, and not another key", async () => {
  const exchange = new Exchange();
  const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch });
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const error = await spot.call("AddOrder", SPOT).catch((reason) => reason);
  exchange.inject({ fault: "error", error: "EAPI:Invalid nonce", endpoint: "GetApiKeyInfo", times: 20 });
  const { outcome, reason } = await resolveOrder(spot, error, { timeout: 700, settle: 0 });
  assert.equal(outcome, "unknown");
  assert.match(reason, /^a copy could still arrive: GetApiKeyInfo: EAPI:Invalid nonce/);
});

test("nonces of another key lock nothing out, so an order that is still on its way is not reported as lost", async (t) => {
  const exchange = new Exchange();
  const [own, other] = [pick(exchange.addKey()), pick(exchange.addKey())];
  const spot = new SpotClient({ ...own, fetch: exchange.fetch });
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder", times: 2 });
  const error = await spot.call("AddOrder", SPOT).catch((reason) => reason);
  await t.test("a client with another key", async () => {
    const stranger = new SpotClient({ ...other, fetch: exchange.fetch });
    const { outcome, reason } = await resolveOrder(stranger, error, { timeout: 700, settle: 0 });
    assert.equal(outcome, "unknown");
    assert.match(reason, /does not have that key|another key/);
  });
  await t.test("an error from elsewhere, which names no key", async () => {
    const foreign = new UnknownOutcomeError("AddOrder", { nonce: "1", clientOrderId: "a", cause: new Error("x") });
    const { outcome, reason } = await resolveOrder(spot, foreign, { timeout: 700, settle: 0 });
    assert.equal(outcome, "unknown");
    assert.match(reason, /deadline|key/);
  });
  await t.test("an error from elsewhere that names this key", async () => {
    const { endpoint, nonce, clientOrderId, keyEnding } = error;
    const revived = new UnknownOutcomeError(endpoint, { nonce, clientOrderId, keyEnding, cause: new Error("x") });
    assert.equal((await resolveOrder(spot, revived, { timeout: 2000, settle: 0 })).outcome, "not-placed");
  });
});

test("an older order with the same id is not the one that was lost", async (t) => {
  let ahead = 0;
  const exchange = new Exchange({ now: () => Date.now() + ahead });
  const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
  const futures = new FuturesClient({ ...pick(exchange.addKey({ product: "futures" })), fetch: exchange.fetch, retries: 0 });
  await t.test("Spot", async () => {
    await spot.call("AddOrder", { ...SPOT, cl_ord_id: "daily" });
    await spot.call("CancelAll");
    ahead += 60_000;
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    const error = await spot.call("AddOrder", { ...SPOT, cl_ord_id: "daily" }).catch((reason) => reason);
    assert.equal((await resolveOrder(spot, error, { timeout: 3000, settle: 0 })).outcome, "not-placed");
  });
  await t.test("Futures", async () => {
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000, cliOrdId: "daily" };
    await futures.post("sendorder", order);
    await futures.post("cancelallorders");
    ahead += 60_000;
    exchange.inject({ fault: "reset", when: "before", endpoint: "sendorder" });
    const processBefore = new Date(Date.now() + ahead + 2500).toISOString();
    const error = await futures.post("sendorder", { ...order, processBefore }).catch((reason) => reason);
    assert.equal((await resolveOrder(futures, error, { timeout: 6000, settle: 0 })).outcome, "not-placed");
  });
});

test("another call's order with the same userref is not taken for the lost one", async (t) => {
  const open = () => {
    const exchange = new Exchange();
    return { exchange, spot: new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 }) };
  };
  const order = { ...SPOT, userref: 7 };
  const lose = async ({ exchange, spot }, when) => {
    exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
    const error = await spot.call("AddOrder", order).catch((reason) => reason);
    assert.ok(error instanceof UnknownOutcomeError);
    return error;
  };
  await t.test("an answer has shown which call placed it", async () => {
    const setup = open();
    await setup.spot.call("AddOrder", order);
    const error = await lose(setup, "before");
    assert.equal((await resolveOrder(setup.spot, error, { timeout: 5000, settle: 0 })).outcome, "not-placed");
  });
  await t.test("another lost call was found to have placed it", async () => {
    const setup = open();
    const first = await lose(setup, "after");
    assert.equal((await resolveOrder(setup.spot, first, { timeout: 5000 })).outcome, "placed");
    const second = await lose(setup, "before");
    assert.equal((await resolveOrder(setup.spot, second, { timeout: 5000, settle: 0 })).outcome, "not-placed");
    assert.equal((await resolveOrder(setup.spot, first, { timeout: 5000 })).outcome, "placed", "and it stays its own");
  });
  await t.test("another program placed it, up to two seconds before clocks allow", async () => {
    const setup = open();
    const request = await setup.spot.sign("AddOrder", order);
    await setup.exchange.fetch(request);
    await later(1300);
    const error = await lose(setup, "before");
    const { outcome, reason } = await resolveOrder(setup.spot, error, { timeout: 5000, settle: 0 });
    assert.equal(outcome, "unknown");
    assert.match(reason, /orders like it/);
  });
});

test(
  "with only a userref, an order that either of two lost calls may have placed is attributed to neither",
  { concurrency: true },
  async (t) => {
    const order = { ...SPOT, userref: 7 };
    const open = () => {
      const exchange = new Exchange();
      return { exchange, spot: new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 }) };
    };
    const lose = async ({ exchange, spot }, when, given = order, endpoint = "AddOrder") => {
      exchange.inject({ fault: "reset", when, endpoint });
      const error = await spot.call(endpoint, given).catch((reason) => reason);
      assert.ok(error instanceof UnknownOutcomeError);
      return error;
    };
    const look = ({ spot }, error) => resolveOrder(spot, error, { timeout: 3000, settle: 0 });
    const isUnknown = ({ outcome, reason }) => assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);

    await t.test("one right after the other", async () => {
      const setup = open();
      const first = await lose(setup, "after");
      const second = await lose(setup, "before");
      isUnknown(await look(setup, second));
      isUnknown(await look(setup, first));
    });
    await t.test("the first one is a batch of which one row was placed", async () => {
      const setup = open();
      const rows = [order, { ...order, volume: "1000000" }].map(({ pair: _, ...row }) => row);
      await lose(setup, "after", { pair: order.pair, orders: rows }, "AddOrderBatch");
      isUnknown(await look(setup, await lose(setup, "before")));
    });
    await t.test("an order that was opened long before the second call belongs to the first one", async () => {
      const setup = open();
      const first = await lose(setup, "after");
      await later(3300);
      const second = await lose(setup, "before");
      assert.equal((await look(setup, first)).outcome, "placed");
      assert.equal((await look(setup, second)).outcome, "not-placed");
    });
    await t.test("a lost call with another volume does not compete", async () => {
      const setup = open();
      const first = await lose(setup, "after");
      await lose(setup, "before", { ...order, volume: "0.02" });
      assert.equal((await look(setup, first)).outcome, "placed");
    });
    await t.test("a lost call that is known not to be placed no longer competes", async () => {
      const setup = open();
      const lost = await lose(setup, "before");
      assert.equal((await look(setup, lost)).outcome, "not-placed");
      assert.equal((await look(setup, await lose(setup, "after"))).outcome, "placed");
    });
    await t.test("the placed rows of a batch that was rejected in part belong to it", async () => {
      const setup = open();
      const rows = [order, { ...order, volume: "1000000" }].map(({ pair: _, ...row }) => row);
      const error = await setup.spot.call("AddOrderBatch", { pair: order.pair, orders: rows }).catch((reason) => reason);
      assert.deepEqual([error.name, error.done], ["ApiError", [0]]);
      assert.equal((await look(setup, await lose(setup, "before"))).outcome, "not-placed");
    });
  },
);

test("a wall clock that jumps during a search does not hide another lost call", async (t) => {
  const { now } = Date;
  t.after(() => (Date.now = now));
  const exchange = new Exchange({ now: () => now() });
  const order = { ...SPOT, userref: 7 };
  let isFirstLook = true;
  const fetch = async (url, init) => {
    if (/\/OpenOrders$/.test(url) && isFirstLook) {
      isFirstLook = false;
      // The time of the first call was looked up before, and the second is sent after.
      Date.now = () => now() + 365 * 86_400_000;
      await lose(other, "after");
    }
    return exchange.fetch(url, init);
  };
  const open = () => new SpotClient({ ...pick(exchange.addKey()), fetch, retries: 0 });
  const [spot, other] = [open(), open()];
  const lose = async (client, when) => {
    exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
    const error = await client.call("AddOrder", order).catch((reason) => reason);
    assert.ok(error instanceof UnknownOutcomeError, error?.stack);
    return error;
  };
  const first = await lose(spot, "before");
  const { outcome, reason } = await resolveOrder(spot, first, { timeout: 3000, settle: 0 });
  assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
});

test("an unknown outcome names the orders that the call was meant to change or cancel", async () => {
  const exchange = new Exchange();
  const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
  const futures = new FuturesClient({ ...pick(exchange.addKey({ product: "futures" })), fetch: exchange.fetch, retries: 0 });
  const cases = [
    [() => spot.call("EditOrder", { pair: "XBTUSD", txid: "OAAAAA-BBBBB-CCCCCC", volume: "1" }), ["OAAAAA-BBBBB-CCCCCC"]],
    [() => spot.call("AmendOrder", { txid: "OAAAAA-BBBBB-CCCCCC", order_qty: "1" }), ["OAAAAA-BBBBB-CCCCCC"]],
    [() => spot.call("CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC" }), ["OAAAAA-BBBBB-CCCCCC"]],
    [
      () => spot.call("CancelOrderBatch", { orders: ["OAAAAA-BBBBB-CCCCCC", { txid: "OAAAAA-BBBBB-DDDDDD" }] }),
      ["OAAAAA-BBBBB-CCCCCC", "OAAAAA-BBBBB-DDDDDD"],
    ],
    [() => futures.post("cancelorder", { order_id: "f-1" }), ["f-1"]],
    [() => futures.post("editorder", { orderId: "f-1", size: 2 }), ["f-1"]],
    [() => futures.post("batchorder", { json: { batchOrder: [{ order: "cancel", order_id: "f-2" }] } }), ["f-2"]],
  ];
  for (const [call, expected] of cases) {
    exchange.inject({ fault: "reset", when: "before" });
    const error = await call().catch((reason) => reason);
    assert.deepEqual([error.name, error.orderIds], ["UnknownOutcomeError", expected]);
    assert.ok(error.message.includes(expected[0]), error.message);
  }
});

describe("with a userref only, an order of another call is not taken for the lost one", () => {
  const order = { ...SPOT, userref: 7 };

  /** Loses an order that never arrives. */
  async function lose(client, exchange) {
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    const error = await client.call("AddOrder", order).catch((reason) => reason);
    assert.ok(error instanceof UnknownOutcomeError, error?.stack);
    return error;
  }

  test("after so many calls that the first ones are forgotten, nothing is certain about those", async () => {
    const exchange = new Exchange({ rateLimit: undefined });
    const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
    const error = await lose(spot, exchange);
    await spot.call("AddOrder", order);
    const { pair, ...row } = SPOT;
    const rows = Array.from({ length: 15 }, (_, i) => ({ ...row, userref: 100 + i }));
    for (let calls = 0; calls < 10_000 / rows.length + 1; calls++) {
      await spot.call("AddOrderBatch", { pair, orders: rows });
      await spot.call("CancelAll");
    }
    const { outcome, reason } = await resolveOrder(spot, error, { timeout: 5000, settle: 0 });
    assert.equal(outcome, "unknown", reason);
    // The first order, whose call is forgotten, is too old then to be the one of the last call.
    await later(2500);
    const last = await lose(spot, exchange);
    await spot.call("AddOrder", order);
    assert.equal((await resolveOrder(spot, last, { timeout: 5000, settle: 0 })).outcome, "not-placed", "of a later call, all is known");
  });

  test("nor if it went through another fetch, which may lead to the same exchange or to another one", async () => {
    const exchange = new Exchange();
    const open = () => new SpotClient({ ...pick(exchange.addKey()), fetch: (...request) => exchange.fetch(...request), retries: 0 });
    const [spot, other] = [open(), open()];
    const error = await lose(spot, exchange);
    await other.call("AddOrder", order);
    const { outcome, reason } = await resolveOrder(spot, error, { timeout: 5000, settle: 0 });
    assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
  });

  test("but simulated exchanges are different ones, also those with the same ids", async () => {
    const [one, other] = [new Exchange(), new Exchange()];
    const [spot, stranger] = [one, other].map(
      (exchange) => new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 }),
    );
    const { txid } = await stranger.call("AddOrder", order);
    one.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await spot.call("AddOrder", order).catch((reason) => reason);
    const resolution = await resolveOrder(spot, error, { timeout: 5000, settle: 0 });
    assert.deepEqual([resolution.outcome, resolution.order?.orderId], ["placed", txid[0]]);
  });

  test("nor an older one, if the wall clock was set since the call", async (t) => {
    const { now } = Date;
    t.after(() => (Date.now = now));
    const exchange = new Exchange({ now: () => now() });
    const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
    // Another program placed it before.
    await exchange.fetch(await spot.sign("AddOrder", order));
    await later(2500);
    const error = await lose(spot, exchange);
    Date.now = () => now() + 3_600_000;
    const { outcome, reason } = await resolveOrder(spot, error, { timeout: 5000, settle: 0 });
    assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
  });

  test("nor is an order excluded because another exchange, at another address, has one with the same id", async (t) => {
    const open = async () => {
      const exchange = new Exchange();
      const server = await exchange.listen();
      t.after(() => server.close());
      return { exchange, spot: new SpotClient({ ...pick(exchange.addKey()), baseUrl: new URL(server.url).origin, retries: 0 }) };
    };
    const [one, other] = [await open(), await open()];
    const { txid } = await one.spot.call("AddOrder", order);
    other.exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await other.spot.call("AddOrder", order).catch((reason) => reason);
    const { outcome, reason } = await resolveOrder(other.spot, error, { timeout: 5000, settle: 0 });
    assert.ok(outcome === "unknown" && reason.includes(txid[0]), `${outcome}: ${reason}`);
  });

  test("nor one that is visible before the lost one, which Kraken shows a moment later", async () => {
    const exchange = new Exchange();
    let own;
    let looks = 0;
    const fetch = async (url, init) => {
      const answer = await exchange.fetch(url, init);
      if (!/\/OpenOrders$/.test(url) || ++looks > 1) return answer;
      const { error, result } = await answer.json();
      own = Object.keys(result.open).find((id) => id !== anothers);
      delete result.open[own];
      return Response.json({ error, result });
    };
    const spot = new SpotClient({ ...pick(exchange.addKey()), fetch, retries: 0 });
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await spot.call("AddOrder", order).catch((reason) => reason);
    const placed = await exchange.fetch(await spot.sign("AddOrder", order));
    const [anothers] = (await placed.json()).result.txid;
    const { outcome, reason } = await resolveOrder(spot, error, { timeout: 5000, settle: 300 });
    assert.ok(own && own !== anothers && looks > 1);
    assert.ok(outcome === "unknown" && reason.includes(own) && reason.includes(anothers), `${outcome}: ${reason}`);
  });

  // The last one, because for the others, the clock goes back after it.
  test("also an hour later", async (t) => {
    const { now } = Date;
    const uptime = performance.now.bind(performance);
    let ahead = 0;
    Date.now = () => now() + ahead;
    performance.now = () => uptime() + ahead;
    t.after(() => {
      Date.now = now;
      delete performance.now;
    });
    const exchange = new Exchange({ now: () => Date.now() });
    const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
    const error = await lose(spot, exchange);
    ahead += 1000;
    await spot.call("AddOrder", order);
    ahead += 3_600_000;
    await spot.call("AddOrder", { ...order, userref: 8 });
    assert.equal((await resolveOrder(spot, error, { timeout: 5000, settle: 0 })).outcome, "not-placed");
  });
});

describe("a batch of which one order has a client order id, and another one only a userref", () => {
  const { pair, ...row } = SPOT;
  const orders = [
    { ...row, cl_ord_id: "of-mine" },
    { ...row, userref: 7 },
  ];

  async function lose(when, byAnotherProgram = []) {
    const exchange = new Exchange();
    const spot = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch, retries: 0 });
    for (const order of byAnotherProgram) await exchange.fetch(await spot.sign("AddOrder", { pair, ...order }));
    exchange.inject({ fault: "reset", when, endpoint: "AddOrderBatch" });
    const error = await spot.call("AddOrderBatch", { pair, orders }).catch((reason) => reason);
    return resolveOrder(spot, error, { timeout: 5000, settle: 0 });
  }

  test("is not placed only because the first one was found", async () => {
    const { outcome, reason } = await lose("after");
    assert.ok(outcome === "unknown" && /^1 of 2 orders were found/.test(reason), `${outcome}: ${reason}`);
  });

  test("is not lost only because the first one is missing, if an order like the second one exists", async () => {
    const { outcome, reason } = await lose("before", [{ ...row, userref: 7 }]);
    assert.ok(outcome === "unknown" && /^orders like it/.test(reason), `${outcome}: ${reason}`);
  });

  test("is lost if there is no order like any of them", async () => {
    assert.deepEqual(await lose("before"), { outcome: "not-placed" });
  });
});
