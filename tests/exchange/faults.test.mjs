// Every fault: what the client sees, and exactly what was executed.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { Exchange, executed, Futures, LIMIT, overBoth, Spot } from "./helper.mjs";

overBoth(describe, "faults", (open) => {
  async function setUp(t, options) {
    const exchange = new Exchange(options);
    const key = exchange.addKey();
    const way = await open(t, exchange);
    const client = new Spot(key, way.fetch, way.spot);
    return { exchange, key, client, way };
  }

  /** After any fault the next call is fine. */
  async function recovers({ client }) {
    assert.deepEqual((await client.call("Balance")).error, []);
  }

  for (const status of [204, 205, 304])
    test(`a body with status ${status}, which has none`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "body", body: "", status });
      const response = await setup.client.send("Balance");
      assert.deepEqual([response.status, await response.text()], [status, ""]);
      await recovers(setup);
    });

  for (const when of ["before", "after"]) {
    const executions = when === "after" ? ["AddOrder"] : [];

    test(`reset ${when} execution`, async (t) => {
      const setup = await setUp(t);
      const injection = setup.exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
      await recovers(setup);
      assert.equal(injection.hits, 0);
      await assert.rejects(setup.client.call("AddOrder", LIMIT), TypeError);
      assert.deepEqual([injection.hits, injection.remaining], [1, 0]);
      assert.deepEqual(executed(setup.exchange), ["Balance", ...executions]);
      const request = setup.exchange.requests.at(-1);
      assert.equal(request.fault, "reset");
      assert.equal(request.verdict, when === "after" ? "executed" : "lost");
      await recovers(setup);
    });

    test(`delay ${when} execution, beyond the client's timeout: the call is still executed`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "delay", when, ms: 150 });
      const signal = AbortSignal.timeout(50);
      await assert.rejects(setup.client.call("AddOrder", LIMIT, { init: { signal } }), { name: "TimeoutError" });
      assert.deepEqual(executed(setup.exchange), executions);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
      await recovers(setup);
    });

    test(`delay ${when} execution, shorter than the client's timeout`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "delay", when, ms: 40 });
      const start = performance.now();
      assert.deepEqual((await setup.client.call("AddOrder", LIMIT)).error, []);
      assert.ok(performance.now() - start >= 35);
    });

    for (const status of [520, 502]) {
      test(`HTML ${status} ${when} execution`, async (t) => {
        const setup = await setUp(t);
        setup.exchange.inject({ fault: "html", when, status });
        const response = await setup.client.send("AddOrder", LIMIT);
        assert.equal(response.status, status);
        assert.match(response.headers.get("content-type"), /^text\/html/);
        assert.match(await response.text(), /^<!DOCTYPE html>/);
        assert.deepEqual(executed(setup.exchange), executions);
        await recovers(setup);
      });
    }

    test(`an endless body ${when} execution ends at its limit`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "endless", when, bytes: 1024 * 1024 });
      const response = await setup.client.send("AddOrder", LIMIT);
      assert.equal((await response.arrayBuffer()).byteLength, 1024 * 1024);
      assert.deepEqual(executed(setup.exchange), executions);
      await recovers(setup);
    });

    test(`a Kraken error ${when} execution`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "error", when, error: "EService:Unavailable" });
      assert.deepEqual(await setup.client.call("AddOrder", LIMIT), { error: ["EService:Unavailable"] });
      assert.deepEqual(executed(setup.exchange), executions);
      await recovers(setup);
    });

    test(`wrong content ${when} execution`, async (t) => {
      const setup = await setUp(t);
      for (const [body, status] of [
        ["", 200],
        ["{", 200],
        ['{"error":"no array","result":{}}', 200],
        ['{"error":[]}', 500],
      ]) {
        setup.exchange.inject({ fault: "body", when, body, status });
        const response = await setup.client.send("CancelAll");
        assert.equal(response.status, status);
        assert.equal(await response.text(), body);
      }
      assert.equal(setup.exchange.executions.length, when === "after" ? 4 : 0);
      await recovers(setup);
    });
  }

  test("a client can disconnect during an endless body", async (t) => {
    const setup = await setUp(t);
    setup.exchange.inject({ fault: "endless", when: "after" });
    const abort = new AbortController();
    const response = await setup.client.send("AddOrder", LIMIT, { init: { signal: abort.signal } });
    const reader = response.body.getReader();
    await reader.read();
    abort.abort();
    await assert.rejects(
      async () => {
        for (;;) await reader.read();
      },
      { name: "AbortError" },
    );
    setup.exchange.inject({ fault: "endless", when: "after", bytes: 10 * 65536, pace: 20 });
    const second = await setup.client.send("AddOrder", LIMIT);
    await second.body.cancel();
    assert.equal(setup.exchange.executions.length, 2);
    await recovers(setup);
  });

  test("truncated JSON arrives as a complete response", async (t) => {
    const setup = await setUp(t);
    setup.exchange.inject({ fault: "truncated" });
    const response = await setup.client.send("AddOrder", LIMIT);
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.match(text, /^\{"error":\[\],"result"/);
    assert.throws(() => JSON.parse(text), SyntaxError);
    assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
  });

  test("an answer is truncated by a broken connection", async (t) => {
    const setup = await setUp(t);
    setup.exchange.inject({ fault: "truncated", cut: true });
    const response = await setup.client.send("AddOrder", LIMIT);
    await assert.rejects(response.text(), TypeError);
    assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
    await recovers(setup);
  });

  for (const status of [301, 302, 307]) {
    test(`redirect ${status}: a client that does not follow it sends nothing more`, async (t) => {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "redirect", status });
      const response = await setup.client.send("AddOrder", LIMIT);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("location"), "https://redirected.example/0/private/AddOrder");
      assert.deepEqual(executed(setup.exchange), []);
      setup.exchange.inject({ fault: "redirect", status, when: "after" });
      await assert.rejects(setup.client.send("AddOrder", LIMIT, { init: { redirect: "error" } }), TypeError);
      assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
    });
  }

  test("the second copy of a request that is delivered twice is rejected for its nonce", async (t) => {
    for (const [answer, errors] of [
      ["first", []],
      ["second", ["EAPI:Invalid nonce"]],
    ]) {
      const setup = await setUp(t);
      setup.exchange.inject({ fault: "twice", answer });
      assert.deepEqual((await setup.client.call("AddOrder", LIMIT)).error, errors);
      assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
      assert.deepEqual(
        setup.exchange.requests.map(({ verdict, errors }) => [verdict, ...errors]),
        [["executed"], ["refused", "EAPI:Invalid nonce"]],
      );
    }
  });

  test("a late request is overtaken by the next one", async (t) => {
    const setup = await setUp(t);
    setup.exchange.inject({ fault: "late", endpoint: "AddOrder", timeout: 5000 });
    const first = setup.client.call("AddOrder", LIMIT);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual((await setup.client.call("Balance")).error, []);
    assert.deepEqual((await first).error, ["EAPI:Invalid nonce"]);
    assert.deepEqual(executed(setup.exchange), ["Balance"]);
  });

  test("a late request that is not overtaken is handled after the timeout", async (t) => {
    const setup = await setUp(t);
    setup.exchange.inject({ fault: "late", timeout: 30 });
    assert.deepEqual((await setup.client.call("AddOrder", LIMIT)).error, []);
    assert.deepEqual(executed(setup.exchange), ["AddOrder"]);
  });

  test("faults are limited by endpoint, match and times, apply in order, and can be removed", async (t) => {
    const setup = await setUp(t);
    const error = async (endpoint, params) => (await setup.client.call(endpoint, params)).error;
    setup.exchange.inject({ fault: "error", error: "EService:Busy", match: ({ body }) => body.includes("pair=XBTUSD"), times: 2 });
    setup.exchange.inject({ fault: "error", error: ["EService:Unavailable", "WSome:warning"], endpoint: "Balance" });
    assert.deepEqual(await error("Balance"), ["EService:Unavailable", "WSome:warning"]);
    assert.deepEqual(await error("AddOrder", LIMIT), ["EService:Busy"]);
    assert.deepEqual(await error("Balance"), []);
    assert.deepEqual(await error("AddOrder", LIMIT), ["EService:Busy"]);
    assert.deepEqual(await error("AddOrder", LIMIT), []);
    const injection = setup.exchange.inject({ fault: "reset", when: "before" });
    injection.remove();
    setup.exchange.inject({ fault: "reset", when: "before", times: 9 });
    setup.exchange.clearFaults();
    assert.deepEqual(await error("Balance"), []);
    assert.equal(injection.remaining, 0);
  });

  test("Futures errors have their own form", async (t) => {
    const { exchange, way } = await setUp(t);
    const client = new Futures(exchange.addKey({ product: "futures" }), way.fetch, way.futures);
    exchange.inject({ fault: "error", error: "Unavailable", endpoint: "sendorder" });
    assert.equal((await client.call("POST", "sendorder", {})).error, "Unavailable");
    exchange.inject({ fault: "error", error: "apiLimitExceeded", endpoint: "/api/history/v2/orders" });
    assert.deepEqual(await client.call("GET", "/api/history/v2/orders"), {
      errors: [{ code: "apiLimitExceeded", message: "apiLimitExceeded" }],
    });
    exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
    await assert.rejects(client.call("POST", "sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: "1" }), TypeError);
    assert.deepEqual(executed(exchange), ["sendorder"]);
  });

  test("jitter puts strict nonces out of order, as a network does", async (t) => {
    let seed = 1;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const setup = await setUp(t, { arrivalDelay: () => random() * 20 });
    const answers = await Promise.all(Array.from({ length: 60 }, () => setup.client.call("Balance")));
    const refused = answers.filter(({ error }) => error[0] === "EAPI:Invalid nonce").length;
    assert.ok(refused > 5, `${refused} of 60 refused`);
    assert.equal(setup.exchange.executions.length, 60 - refused);
    for (let i = 0; i < 20; i += 1) await recovers(setup);
  });
});

test("over fetch, a client that follows a redirect leaks its key, and the record shows it", async () => {
  for (const [status, method, hasBody] of [
    [302, "GET", false],
    [307, "POST", true],
  ]) {
    const exchange = new Exchange();
    const client = new Spot(exchange.addKey(), exchange.fetch);
    exchange.inject({ fault: "redirect", status });
    await client.send("AddOrder", LIMIT, { init: { redirect: "follow" } });
    const leak = exchange.requests.at(-1);
    assert.equal(leak.verdict, "leaked");
    assert.equal(leak.origin, "https://redirected.example");
    assert.equal(leak.headers.get("api-key"), client.key.key);
    assert.equal(leak.method, method);
    assert.equal(leak.body !== "", hasBody);
    assert.deepEqual(executed(exchange), []);
  }
});

test("over HTTP, a client that follows a redirect reaches its target", async (t) => {
  const received = [];
  const elsewhere = createServer((request, response) => {
    received.push(request.headers["api-key"]);
    response.end("{}");
  });
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  t.after(() => elsewhere.close());
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const client = new Spot(exchange.addKey(), fetch, server.url);
  exchange.inject({ fault: "redirect", status: 307, to: `http://127.0.0.1:${elsewhere.address().port}` });
  await client.send("AddOrder", LIMIT, { init: { redirect: "follow" } });
  assert.deepEqual(received, [client.key.key]);
});
