// What networks, gateways and queues do: copies, late arrival, cut connections, by hand and by chance.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, executed, Futures, LIMIT, overBoth, Spot, until } from "./helper.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const verdicts = (exchange, endpoint) =>
  exchange.requests.filter((request) => request.endpoint === endpoint).map(({ verdict, errors, fault }) => [verdict, ...errors, fault]);

overBoth(describe, "networks", (open) => {
  async function setUp(t, options, keyOptions) {
    const exchange = new Exchange(options);
    const key = exchange.addKey(keyOptions);
    const way = await open(t, exchange);
    return { exchange, key, way, client: new Spot(key, way.fetch, way.spot) };
  }

  test("a second copy that arrives after later requests is rejected for its nonce", async (t) => {
    const { exchange, client } = await setUp(t);
    const injection = exchange.inject({ fault: "twice", endpoint: "AddOrder", apart: Infinity });
    assert.deepEqual((await client.call("AddOrder", LIMIT)).error, []);
    assert.deepEqual((await client.call("Balance")).error, []);
    assert.equal(injection.holding, 1);
    assert.equal(exchange.underway, 1);
    injection.release();
    await exchange.settle();
    assert.deepEqual([injection.holding, exchange.underway], [0, 0]);
    assert.deepEqual(verdicts(exchange, "AddOrder"), [
      ["executed", "twice"],
      ["refused", "EAPI:Invalid nonce", "twice"],
    ]);
  });

  test("the second copy arrives after a time, and the caller may get its answer", async (t) => {
    const { exchange, client } = await setUp(t);
    exchange.inject({ fault: "twice", answer: "second", apart: 60 });
    const start = performance.now();
    assert.deepEqual((await client.call("AddOrder", LIMIT)).error, ["EAPI:Invalid nonce"]);
    assert.ok(performance.now() - start >= 55);
    assert.deepEqual(executed(exchange), ["AddOrder"]);
  });

  test("a request can be held on the network while the caller waits", async (t) => {
    const { exchange, client } = await setUp(t);
    exchange.inject({ fault: "hold", ms: 60 });
    const answer = client.call("AddOrder", LIMIT);
    await pause(20);
    assert.deepEqual(executed(exchange), []);
    assert.deepEqual((await answer).error, []);
    assert.deepEqual(verdicts(exchange, "AddOrder"), [["executed", "hold"]]);
  });

  test("a request that is held on the network arrives even if the connection breaks at once", async (t) => {
    const { exchange, client } = await setUp(t);
    const injection = exchange.inject({ fault: "hold", meanwhile: "reset" });
    await assert.rejects(client.call("AddOrder", LIMIT), TypeError);
    const other = exchange.inject({ fault: "hold", endpoint: "Balance", meanwhile: "reset" });
    await assert.rejects(client.call("Balance"), TypeError);
    assert.deepEqual(executed(exchange), []);
    injection.release();
    await until(() => injection.holding === 0 && exchange.underway === 1);
    assert.deepEqual(executed(exchange), ["AddOrder"]);
    assert.equal(other.holding, 1, "what another fault holds is not released");
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["AddOrder", "Balance"]);
  });

  test("a request can be held on the network while a gateway answers", async (t) => {
    const { exchange, client } = await setUp(t);
    exchange.inject({ fault: "hold", meanwhile: { shape: "spring", status: 503 } });
    const response = await client.send("AddOrder", LIMIT);
    assert.equal(response.status, 503);
    assert.equal((await response.json()).error, "Service Unavailable");
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["AddOrder"]);
  });

  test("a request that is held on the network is locked out by a higher nonce", async (t) => {
    const { exchange, client } = await setUp(t);
    const injection = exchange.inject({ fault: "hold", endpoint: "AddOrder", meanwhile: "reset" });
    await assert.rejects(client.call("AddOrder", LIMIT));
    await client.call("OpenOrders");
    injection.release();
    await exchange.settle();
    assert.deepEqual(verdicts(exchange, "AddOrder"), [["refused", "EAPI:Invalid nonce", "hold"]]);
  });

  test("a request that is held on the network is not locked out if its nonce is in the key's window", async (t) => {
    const { exchange, client } = await setUp(t, {}, { nonceWindow: 10_000 });
    exchange.inject({ fault: "hold", endpoint: "AddOrder", meanwhile: "reset" });
    await assert.rejects(client.call("AddOrder", LIMIT));
    assert.deepEqual((await client.call("OpenOrders")).result.open, {});
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["OpenOrders", "AddOrder"]);
  });

  test(
    "a request that is held in the queue of the engine is not locked out, because its nonce is already used up",
    { timeout: 20_000 },
    async (t) => {
      const { exchange, client, key } = await setUp(t);
      const injection = exchange.inject({ fault: "hold", where: "engine", endpoint: "AddOrder", meanwhile: "reset" });
      await assert.rejects(client.call("AddOrder", LIMIT));
      await pause(20);
      assert.equal(key.lastNonce, String(client.nonce));
      const start = performance.now();
      assert.deepEqual((await client.call("OpenOrders")).result.open, {});
      assert.deepEqual((await client.call("ClosedOrders")).result.count, 0);
      assert.ok(performance.now() - start < 1000, "nobody waits behind it");
      injection.release();
      await exchange.settle();
      assert.deepEqual(verdicts(exchange, "AddOrder"), [["executed", "hold"]]);
      assert.equal(Object.keys((await client.call("OpenOrders")).result.open).length, 1);
    },
  );

  test("a request that fails the checks does not wait for the engine", async (t) => {
    const { exchange, client } = await setUp(t);
    exchange.inject({ fault: "hold", where: "engine" });
    assert.deepEqual((await client.call("AddOrder", LIMIT, { signature: "x" })).error, ["EAPI:Invalid signature"]);
  });

  const SHAPES = {
    spring: (body, status) => {
      assert.deepEqual(Object.keys(body), ["timestamp", "status", "error", "path"]);
      assert.deepEqual([body.timestamp, body.status, body.path], ["2023-11-14T22:13:20.000Z", status, "/0/private/AddOrder"]);
    },
    aws: (body) => assert.deepEqual(Object.keys(body), ["message"]),
    error: (body, status) => assert.equal(body.error.code, status),
    errors: (body, status) => assert.equal(body.errors[0].status, String(status)),
  };
  for (const when of ["before", "after"]) {
    for (const status of [500, 502, 503, 504]) {
      test(`a gateway's ${status} ${when} execution, in every form`, async (t) => {
        const { exchange, client } = await setUp(t, { now: () => 1_700_000_000_000 });
        for (const [shape, check] of Object.entries(SHAPES)) {
          exchange.inject({ fault: "gateway", when, shape, status, headers: { "retry-after": "7" } });
          const response = await client.send("AddOrder", LIMIT);
          assert.equal(response.status, status);
          assert.equal(response.headers.get("retry-after"), "7");
          assert.match(response.headers.get("content-type"), /^application\/json/);
          check(await response.json(), status);
        }
        exchange.inject({ fault: "gateway", when, status });
        const response = await client.send("AddOrder", LIMIT);
        assert.match(await response.text(), /^<!DOCTYPE html>/);
        assert.equal(exchange.executions.length, when === "after" ? 5 : 0);
      });
    }
  }

  test("faults skip as many requests as configured", async (t) => {
    const { exchange, client } = await setUp(t);
    exchange.inject({ fault: "error", error: "EService:Busy", skip: 2 });
    const errors = [];
    for (let i = 0; i < 4; i += 1) errors.push(...(await client.call("Balance")).error);
    assert.deepEqual(errors, ["EService:Busy"]);
    assert.equal(exchange.executions.length, 3);
  });
});

describe("random faults", () => {
  const ends = async (exchange, client, calls) => {
    const told = [];
    for (let i = 0; i < calls; i += 1) {
      told.push(
        await client.send("AddOrder", LIMIT).then(
          async (response) => (response.status === 200 ? (await response.json()).error.join() || "ok" : response.status),
          () => "reset",
        ),
      );
    }
    await exchange.settle();
    return told;
  };
  const run = async (options, calls = 300) => {
    const exchange = new Exchange();
    const disturbance = exchange.disturb(options);
    const told = await ends(exchange, new Spot(exchange.addKey(), exchange.fetch), calls);
    return { exchange, disturbance, told, executions: exchange.executions.length };
  };
  const count = (items, wanted) => items.filter((item) => item === wanted).length;

  test("a chance of 0 affects no request, and a chance of 1 affects all", async () => {
    const never = await run({ twice: 0, reset: 0, late: 0, queued: 0, gateway: 0 });
    assert.deepEqual([count(never.told, "ok"), never.executions, never.exchange.requests.length], [300, 300, 300]);
    const always = await run({ twice: { chance: 1, answer: "second" } });
    assert.deepEqual([count(always.told, "EAPI:Invalid nonce"), always.executions, always.exchange.requests.length], [300, 300, 600]);
    assert.deepEqual([always.disturbance.twice, always.disturbance.requests], [300, 300]);
  });

  test("a chance in between affects about as many, and either answer may come back", async () => {
    const { told, executions, disturbance } = await run({ twice: 0.2 }, 1000);
    assert.ok(disturbance.twice > 150 && disturbance.twice < 250, String(disturbance.twice));
    assert.equal(executions, 1000, "a second copy never runs");
    const second = count(told, "EAPI:Invalid nonce");
    assert.ok(second > 60 && second < 140, String(second));
    assert.equal(count(told, "ok"), 1000 - second);
  });

  test("the same seed gives the same faults, and another seed gives others", async () => {
    const options = { twice: 0.1, reset: 0.1, late: { chance: 0.1, ms: [5, 50] }, gateway: 0.1 };
    const [one, again, other] = [
      await run({ ...options, seed: 3 }),
      await run({ ...options, seed: 3 }),
      await run({ ...options, seed: 4 }),
    ];
    assert.deepEqual(one.told, again.told);
    assert.notDeepEqual(one.told, other.told);
  });

  test("one chance does not change the random numbers of the others", async () => {
    const strikes = async (options) => (await run({ seed: 9, ...options })).told.map((told) => told === "reset");
    assert.deepEqual(await strikes({ reset: 0.2 }), await strikes({ reset: 0.2, twice: { chance: 0.5, answer: "first" } }));
  });

  test("a connection that breaks before execution prevents it, one that breaks after does not, and `either` mixes both", async () => {
    assert.equal((await run({ reset: { chance: 1, when: "before" } }, 50)).executions, 0);
    assert.equal((await run({ reset: { chance: 1, when: "after" } }, 50)).executions, 50);
    const { executions, told } = await run({ reset: 1 }, 200);
    assert.ok(executions > 60 && executions < 140, String(executions));
    assert.equal(count(told, "reset"), 200);
  });

  test("if the first copy is lost and the second delivered, the caller sees a reset, and the order runs", async () => {
    const { told, executions, exchange } = await run({ twice: 1, reset: { chance: 1, when: "before" } }, 20);
    assert.deepEqual([count(told, "reset"), executions], [20, 20]);
    assert.equal(exchange.requests.filter(({ verdict }) => verdict === "lost").length, 20);
  });

  test("late requests run exactly if no higher nonce was accepted before", async () => {
    const exchange = new Exchange();
    exchange.disturb({ late: 1, endpoint: "AddOrder" });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    await assert.rejects(client.call("AddOrder", LIMIT));
    await assert.rejects(client.call("AddOrder", LIMIT));
    await client.call("Balance");
    await assert.rejects(client.call("AddOrder", LIMIT));
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["Balance", "AddOrder"]);
  });

  test("late requests arrive after the configured time", async () => {
    const exchange = new Exchange();
    exchange.disturb({ late: { chance: 1, ms: [80, 120], meanwhile: "wait" } });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    const start = performance.now();
    await client.call("Balance");
    assert.ok(performance.now() - start >= 75);
  });

  test("a queued order uses up its nonce and runs after the caller has given up", async () => {
    const exchange = new Exchange();
    exchange.disturb({ queued: 1, endpoint: "AddOrder" });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    await assert.rejects(client.call("AddOrder", LIMIT));
    assert.deepEqual((await client.call("OpenOrders")).result.open, {});
    await exchange.settle();
    assert.deepEqual(executed(exchange), ["OpenOrders", "AddOrder"]);
  });

  test("settle() releases a request that is late and queued forever", async () => {
    const exchange = new Exchange();
    exchange.disturb({ late: { chance: 1, ms: Infinity }, queued: { chance: 1, ms: Infinity } });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    await assert.rejects(client.call("AddOrder", LIMIT));
    const settled = await Promise.race([exchange.settle().then(() => true), pause(2000)]);
    assert.ok(settled);
    assert.deepEqual(executed(exchange), ["AddOrder"]);
    assert.equal(exchange.underway, 0);
  });

  test("gateways answer before and after execution, in the configured forms and statuses", async () => {
    const { told, executions } = await run({ gateway: { chance: 1, when: "after", shapes: ["aws"], statuses: [504] } }, 20);
    assert.deepEqual([count(told, 504), executions], [20, 20]);
    assert.equal((await run({ gateway: { chance: 1, when: "before" } }, 20)).executions, 0);
  });

  test("random faults affect only matching requests, come after injected faults, and can be stopped", async () => {
    const exchange = new Exchange();
    const client = new Spot(exchange.addKey(), exchange.fetch);
    const disturbance = exchange.disturb({ reset: 1, endpoint: "AddOrder", match: ({ body }) => body.includes("37500") });
    exchange.inject({ fault: "error", error: "EService:Busy", endpoint: "AddOrder" });
    assert.deepEqual((await client.call("AddOrder", LIMIT)).error, ["EService:Busy"]);
    await assert.rejects(client.call("AddOrder", LIMIT));
    assert.deepEqual((await client.call("Balance")).error, []);
    assert.deepEqual((await client.call("AddOrder", { ...LIMIT, price: "1" })).error, []);
    disturbance.stop();
    assert.deepEqual((await client.call("AddOrder", LIMIT)).error, []);
    exchange.disturb({ reset: 1 });
    exchange.clearFaults();
    assert.deepEqual((await client.call("Balance")).error, []);
  });

  test("invalid chances are refused", () => {
    for (const wrong of [{ twice: 2 }, { reset: -0.1 }, { late: { chance: NaN } }, { gateway: "often" }])
      assert.throws(() => new Exchange().disturb(wrong), TypeError);
  });

  test("random faults also affect Futures, with errors in its form", async () => {
    const exchange = new Exchange();
    exchange.disturb({ twice: { chance: 1, answer: "second" } });
    const client = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", limitPrice: "20000" };
    assert.equal((await client.call("POST", "sendorder", order)).error, "nonceDuplicate");
    assert.equal(exchange.executions.length, 1);
  });

  test("random faults also apply over HTTP", async (t) => {
    const exchange = new Exchange();
    const server = await exchange.listen();
    t.after(() => server.close());
    exchange.disturb({ seed: 3, twice: 0.2, reset: 0.2, late: 0.2, gateway: 0.2 });
    const overHttp = await ends(exchange, new Spot(exchange.addKey(), fetch, server.url), 60);
    assert.deepEqual(overHttp, (await run({ seed: 3, twice: 0.2, reset: 0.2, late: 0.2, gateway: 0.2 }, 60)).told);
  });

  test("with custom timers, hours pass at once", async () => {
    const queue = [];
    let now = 1_700_000_000_000;
    const timers = {
      setTimeout: (run, ms) => queue.push({ at: now + ms, run }),
      clearTimeout: (timer) => delete queue[timer - 1],
    };
    const exchange = new Exchange({ now: () => now, timers });
    const client = new Spot(exchange.addKey(), exchange.fetch);
    exchange.inject({ fault: "hold", ms: 3_600_000, meanwhile: "reset" });
    await assert.rejects(client.call("AddOrder", LIMIT));
    assert.equal(exchange.underway, 1);
    for (const timer of queue.filter(Boolean)) {
      now = timer.at;
      timer.run();
    }
    await new Promise(setImmediate);
    assert.deepEqual(executed(exchange), ["AddOrder"]);
    assert.equal(exchange.executions[0].time, 1_700_003_600_000);
  });
});

test("the ten-thousandth order takes no longer than the thousandth", async () => {
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  // Of the processor, whatever else the machine has to do.
  const perOrder = async (orders) => {
    const before = process.cpuUsage();
    for (let i = 0; i < orders; i += 1) await client.call("AddOrder", LIMIT);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / orders;
  };
  await perOrder(1000);
  const early = await perOrder(1000);
  await perOrder(7000);
  const late = await perOrder(1000);
  assert.ok(late < early * 2, `${early.toFixed(0)} µs each at first, ${late.toFixed(0)} µs in the end`);
});

test("in memory, consecutive requests let timers run", async () => {
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  let fired = false;
  setTimeout(() => (fired = true), 1);
  for (let i = 0; i < 2000 && !fired; i += 1) await client.call("Balance");
  assert.ok(fired);
});
