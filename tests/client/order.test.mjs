import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import * as kraken from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { inOrder } from "./suite/order.mjs";

const commonJs = createRequire(import.meta.url)("kraken-signer");
const kit = { ...kraken, Exchange };

test("2,000 calls with jitter cause no invalid nonce", { concurrency: true, timeout: 300_000 }, async (t) => {
  await Promise.all(
    [1, 2, 5, 10, 50].map((concurrency) => t.test(`concurrency ${concurrency}`, () => inOrder(kit, { calls: 2000, concurrency }))),
  );
});

test("several clients with one key share its lane and unit", { concurrency: true }, async (t) => {
  await Promise.all([
    t.test("share one lane and one nonce state", () => inOrder(kit, { calls: 200, concurrency: 20, clients: 4 })),
    t.test("in microseconds", () => inOrder(kit, { calls: 100, concurrency: 10, clients: 2, unit: "us" })),
    t.test("in nanoseconds", () => inOrder(kit, { calls: 100, concurrency: 10, clients: 2, unit: "ns" })),
  ]);
});

test("ESM and CommonJS share the lane of a key", async () => {
  assert.notEqual(commonJs.SpotClient, kraken.SpotClient);
  const exchange = new Exchange({ arrivalDelay: () => Math.random() * 10 });
  const { key, secret } = exchange.addKey();
  let inFlight = 0;
  const fetch = async (...args) => {
    assert.equal(++inFlight, 1, "one request in flight");
    try {
      return await exchange.fetch(...args);
    } finally {
      inFlight--;
    }
  };
  const clients = [kraken, commonJs].map(({ SpotClient }) => new SpotClient({ key, secret, fetch }));
  await Promise.all(Array.from({ length: 100 }, (_, i) => clients[i % 2].call("Balance")));
  assert.equal(exchange.executions.length, 100);
  assert.throws(() => new commonJs.SpotClient({ key, secret, nonce: { unit: "us" } }), {
    code: "ERR_INVALID_NONCE",
    message: /ms.*us/,
  });
});

test("nonces never decrease, even if clients have their own sources", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const ahead = new kraken.NonceSource({ after: String(Date.now() + 3_600_000) });
  const a = new kraken.SpotClient({ key, secret, fetch: exchange.fetch, nonce: ahead });
  const b = new kraken.SpotClient({ key, secret, fetch: exchange.fetch });
  for (const client of [b, a, b, a, b]) await client.call("Balance");
  assert.deepEqual(
    exchange.requests.flatMap(({ errors }) => errors),
    [],
  );
});

const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1", cl_ord_id: "a" };
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client whose fetch hangs, deaf to its signal, until told otherwise. */
function hanging() {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const held = [];
  let hang = true;
  const fetch = (url, init) => (hang ? new Promise((resolve) => held.push(resolve)) : exchange.fetch(url, init));
  return {
    exchange,
    fetch,
    client: new kraken.SpotClient({ key, secret, fetch, timeout: 5000 }),
    release: () => (hang = false),
    key,
    held,
  };
}

test("an aborted request frees the lane even if its fetch hangs", async () => {
  const { client, release, exchange } = hanging();
  const first = new AbortController();
  const a = client.call("Balance", {}, { signal: first.signal });
  const b = client.call("Balance");
  await later(20);
  release();
  const reason = new Error("enough");
  first.abort(reason);
  await assert.rejects(a, (error) => error === reason);
  await b;
  assert.equal(exchange.requests.length, 1);
});

test("a request that times out frees the lane, and a write then has an unknown outcome", async () => {
  const { client, release } = hanging();
  const a = client.call("AddOrder", order, { timeout: 50 });
  const b = client.call("Balance");
  await later(20);
  release();
  await assert.rejects(
    a,
    (error) =>
      error.name === "UnknownOutcomeError" &&
      error.cause.name === "TimeoutError" &&
      error.clientOrderId === "a" &&
      /^\d{13}$/.test(error.nonce),
  );
  await b;
});

test("aborting a write in transit leaves its outcome unknown, but in the queue it does not", async () => {
  const { client, release, exchange } = hanging();
  const [flying, queued] = [new AbortController(), new AbortController()];
  const a = client.call("AddOrder", order, { signal: flying.signal });
  const b = client.call("AddOrder", order, { signal: queued.signal });
  const c = client.call("AddOrder", order, { timeout: 40 });
  const d = client.call("Balance");
  await later(20);
  queued.abort();
  await assert.rejects(b, { name: "AbortError" });
  await assert.rejects(c, { name: "TimeoutError", code: "ERR_TIMEOUT" });
  release();
  flying.abort();
  await assert.rejects(a, (error) => error.name === "UnknownOutcomeError" && error.cause.name === "AbortError");
  await d;
  assert.equal(exchange.executions.length, 1);
});

test("an aborted call leaves the queue at once", async () => {
  const { client, key, release } = hanging();
  const { queue } = globalThis[Symbol.for("kraken-signer.lanes/2")].keys.get(key);
  const [first, second] = [new AbortController(), new AbortController()];
  const all = [first, second].map(({ signal }) => client.call("Balance", {}, { signal }));
  assert.equal(queue.length, 2);
  second.abort();
  await assert.rejects(all[1], { name: "AbortError" });
  assert.equal(queue.length, 1);
  release();
  first.abort();
  await assert.rejects(all[0], { name: "AbortError" });
  await later(0);
  assert.equal(queue.length, 0);
});

test("the nonce is taken last, after the slot was given", async () => {
  const exchange = new Exchange({ arrivalDelay: () => 60 });
  const client = new kraken.SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
  await Promise.all([client.call("Balance"), client.call("Balance"), client.call("Balance")]);
  const [a, b, c] = exchange.executions.map(({ nonce }) => Number(nonce));
  assert.ok(b - a >= 55 && c - b >= 55, `${b - a}, ${c - b}`);
});

test("a call whose signal is already aborted sends nothing", async () => {
  const { client, held, exchange } = hanging();
  await assert.rejects(client.call("AddOrder", order, { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(held.length + exchange.requests.length, 0);
});

test("a call that was aborted while it waited for a code or a slot is not sent afterwards", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const fetch = (url, init) => exchange.fetch(url, { ...init, signal: null });
  let code, turn;
  const otp = () => new Promise((resolve) => (code = resolve));
  const lane = { run: (send) => new Promise((resolve) => (turn = () => resolve(send(`${Date.now()}`)))) };
  for (const [options, late] of [
    [{ otp }, () => code("1")],
    [{ lane }, () => turn()],
  ]) {
    const stop = new AbortController();
    const call = new kraken.SpotClient({ key, secret, fetch, ...options }).call("AddOrder", order, { signal: stop.signal });
    await later(0);
    stop.abort();
    await assert.rejects(call, { name: "AbortError" });
    await late();
    await later(5);
  }
  assert.equal(exchange.requests.length, 0);
});

test("the pause before a retry ends with the signal and does not occupy the lane", async () => {
  const exchange = new Exchange();
  const client = new kraken.SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 9 });
  exchange.inject({ fault: "html", when: "before" });
  const stop = new AbortController();
  const a = client.call("Balance", {}, { signal: stop.signal });
  await later(50);
  const started = Date.now();
  await client.call("Balance");
  stop.abort();
  await assert.rejects(a, { name: "AbortError" });
  assert.ok(Date.now() - started < 300);
});

test("if there is no time for a pause, the error itself is thrown", async () => {
  const exchange = new Exchange();
  const client = new kraken.SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, timeout: 300 });
  exchange.inject({ fault: "error", error: "EService:Busy", times: 9 });
  await assert.rejects(client.call("Balance"), { name: "ApiError", kind: "unavailable" });
  assert.equal(exchange.requests.length, 1);
});

test("after a blocked event loop, calls keep their order, one request at a time", async () => {
  const exchange = new Exchange({ arrivalDelay: () => 100 });
  const { key, secret } = exchange.addKey();
  let inFlight = 0;
  let most = 0;
  const fetch = async (...args) => {
    most = Math.max(most, ++inFlight);
    return exchange.fetch(...args).finally(() => inFlight--);
  };
  const client = new kraken.SpotClient({ key, secret, fetch });
  const endpoints = ["Balance", "AddOrder", "CancelAll"];
  const all = endpoints.slice(0, 2).map((endpoint) => client.call(endpoint, endpoint === "AddOrder" ? order : {}));
  await later(45);
  for (const until = Date.now() + 2500; Date.now() < until;);
  all.push(client.call("CancelAll"));
  await Promise.all(all);
  assert.equal(most, 1);
  assert.deepEqual(
    exchange.requests.map(({ endpoint }) => endpoint),
    endpoints,
  );
});

test("a custom lane is used and checked", async (t) => {
  const exchange = new Exchange();
  const credentials = () => {
    const { key, secret } = exchange.addKey();
    return { key, secret, fetch: exchange.fetch };
  };
  let nonce = Date.now();
  await t.test("gives the nonces, also for a retry", async () => {
    const seen = [];
    const lane = { run: (send) => (seen.push(`${++nonce}`), send(seen.at(-1))) };
    const client = new kraken.SpotClient({ ...credentials(), lane });
    exchange.inject({ fault: "error", error: "EAPI:Invalid nonce" });
    await client.call("Balance");
    assert.deepEqual(exchange.executions.at(-1).nonce, seen[1]);
    assert.equal(seen.length, 2);
  });
  await t.test("must give a nonce", async () => {
    for (const bad of [
      "",
      "-1",
      "01",
      "1e9",
      "18446744073709551616",
      "18446744073709551615",
      `${Date.now() + 2 * 86_400_000}000000`,
      undefined,
      5n,
    ])
      await assert.rejects(new kraken.SpotClient({ ...credentials(), lane: { run: (send) => send(bad) } }).call("Balance"), {
        code: "ERR_INVALID_NONCE",
      });
  });
  await t.test("must not send twice", async () => {
    const before = exchange.executions.length;
    const lane = { run: async (send) => (await send(`${++nonce}`), send(`${++nonce}`)) };
    // What the first answer proved stays true.
    const { txid } = await new kraken.SpotClient({ ...credentials(), lane }).call("AddOrder", order);
    assert.equal(txid.length, 1);
    assert.equal(exchange.executions.length, before + 1);
  });
  await t.test("that fails before sending causes no unknown outcome", async () => {
    const lane = { run: () => Promise.reject(new Error("the lane is closed")) };
    await assert.rejects(new kraken.SpotClient({ ...credentials(), lane }).call("AddOrder", order), /the lane is closed/);
  });
  await t.test("that never settles does not outlive the call's timeout", async () => {
    const lane = { run: () => new Promise(() => {}) };
    await assert.rejects(new kraken.SpotClient({ ...credentials(), lane }).call("AddOrder", order, { timeout: 30 }), {
      name: "TimeoutError",
    });
  });
});

test("after an invalid nonce, a read is sent again with a new nonce and code, but a write never is", async (t) => {
  await t.test("a read goes through when another program raised the highest nonce", async () => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const ahead = new kraken.NonceSource({ after: String(Date.now() + 200) });
    await new kraken.SpotClient({ key, secret, fetch: exchange.fetch, lane: { run: (send) => send(ahead.next()) } }).call("Balance");
    const slow = async (...args) => {
      const answer = await exchange.fetch(...args);
      await later(250);
      return answer;
    };
    await new kraken.SpotClient({ key, secret, fetch: slow }).call("Balance");
    assert.ok(exchange.requests.some(({ errors }) => errors[0] === "EAPI:Invalid nonce"));
  });
  await t.test("a write has an unknown outcome after one request", async () => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const other = new kraken.NonceSource({ unit: "us" });
    await new kraken.SpotClient({ key, secret, fetch: exchange.fetch, lane: { run: (send) => send(other.next()) } }).call("Balance");
    const client = new kraken.SpotClient({ key, secret, fetch: exchange.fetch });
    await assert.rejects(client.call("AddOrder", order), (error) => {
      assert.deepEqual([error.name, error.clientOrderId], ["UnknownOutcomeError", "a"]);
      assert.deepEqual([error.cause.name, error.cause.kind, error.cause.retryable], ["ApiError", "nonce", false]);
      return /finer unit than ms/.test(error.cause.hint);
    });
    assert.equal(exchange.executions.length, 1, "the other program's call");
    assert.equal(exchange.requests.length, 2);
    await assert.rejects(
      client.call("Balance"),
      (error) => error.kind === "nonce" && /Kraken rejected more than one nonce/.test(error.hint),
    );
    assert.equal(exchange.requests.length, 4);
  });
  await t.test("Futures", async () => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey({ product: "futures" });
    let number = BigInt(Date.now());
    const lane = { run: (send) => send(`${(number += 10n)}`) };
    const client = new kraken.FuturesClient({ key, secret, fetch: exchange.fetch, lane });
    const before = number;
    await client.get("accounts");
    number = before - 5n;
    await client.get("accounts");
    number = before - 4n;
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000 };
    await assert.rejects(client.post("sendorder", order), { name: "UnknownOutcomeError" });
    assert.equal(exchange.executions.filter(({ write }) => write).length, 0);
  });
  await t.test("a fresh code for each attempt", async () => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey({ otp: { password: "x" } });
    const asked = [];
    const client = new kraken.SpotClient({ key, secret, fetch: exchange.fetch, otp: async () => (asked.push(1), "x") });
    exchange.inject({ fault: "error", error: "EAPI:Invalid nonce" });
    await client.call("Balance");
    assert.equal(asked.length, 2);
  });
});

test("a write whose second copy finds the call counter full is not called rejected, whatever Kraken checks first", async () => {
  for (const rateFirst of [false, true])
    for (const [endpoint, params] of [
      ["CancelAll", {}],
      ["WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.01" }],
    ]) {
      const exchange = new Exchange({ assumptions: { rateFirst }, rateLimit: { max: 1, decay: 0 } });
      const { key, secret } = exchange.addKey();
      const twice = async (url, init) => {
        await exchange.fetch(url, init);
        return exchange.fetch(url, init);
      };
      const client = new kraken.SpotClient({ key, secret, fetch: twice });
      const error = await client.call(endpoint, params).then(assert.fail, (thrown) => thrown);
      const text = rateFirst ? "EAPI:Rate limit exceeded" : "EAPI:Invalid nonce";
      assert.deepEqual([error.code, error.cause.errors, error.cause.retryable], ["ERR_UNKNOWN_OUTCOME", [text], false]);
      assert.equal(exchange.executions.filter(({ write }) => write).length, 1);
    }
});
