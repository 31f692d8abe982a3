// The two ways in, as far as they differ from each other or could leave something behind.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { connect } from "node:net";
import { test } from "node:test";
import { promisify } from "node:util";
import { Exchange, executed, LIMIT, Spot } from "./helper.mjs";

test("fetch accepts a Request, a URL, bytes and streams, and works without its object", async () => {
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const { fetch } = exchange;
  const ok = async (...args) => assert.deepEqual((await (await fetch(...args)).json()).error, []);
  let [url, init] = client.request("Balance");
  await ok(new Request(url, init));
  [url, init] = client.request("Balance");
  await ok(new URL(url), { ...init, body: new TextEncoder().encode(init.body) });
  [url, init] = client.request("Balance");
  await ok(url, { ...init, body: new Blob([init.body]).stream(), duplex: "half" });
  assert.equal(exchange.executions.length, 3);
});

test("fetch rejects a GET with a body, even an empty one, as that of a runtime does", async () => {
  const exchange = new Exchange();
  for (const body of ["", "a=1", new Uint8Array()])
    await assert.rejects(exchange.fetch("https://api.kraken.com/0/public/Time", { body }), TypeError, String(body));
  assert.equal(exchange.requests.length, 0);
  for (const body of [null, undefined]) assert.equal((await exchange.fetch("https://api.kraken.com/0/public/Time", { body })).status, 200);
});

/** Makes the first `count` hashes take a while, as that of a large body does. */
function slowDigests(t, count) {
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  let calls = 0;
  t.mock.method(crypto.subtle, "digest", async (...args) => {
    calls += 1;
    if (calls <= count) await new Promise((resolve) => setTimeout(resolve, 20));
    return await digest(...args);
  });
}

test("requests are handled in the order of arrival, however long the check of a signature takes", async (t) => {
  slowDigests(t, 1);
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.call("Balance")));
  assert.deepEqual(
    answers.map(({ error }) => error),
    [[], [], [], [], []],
  );
});

test("a long queue keeps the order of arrival", async (t) => {
  slowDigests(t, Infinity);
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const answers = await Promise.all(Array.from({ length: 100 }, () => client.call("Balance")));
  assert.deepEqual(
    answers.flatMap(({ error }) => error),
    [],
  );
});

test("a late request is overtaken by one that arrives later, not by one that arrived before", async (t) => {
  slowDigests(t, 1);
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const before = client.call("Balance");
  exchange.inject({ fault: "late", endpoint: "AddOrder", timeout: 5000 });
  const late = client.call("AddOrder", LIMIT);
  assert.deepEqual((await before).error, []);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual((await client.call("Balance")).error, []);
  assert.deepEqual((await late).error, ["EAPI:Invalid nonce"]);
});

test("fetch refuses an aborted signal before anything arrives, and removes its listener from a live one", async () => {
  const exchange = new Exchange();
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const reason = new Error("changed my mind");
  await assert.rejects(client.send("AddOrder", LIMIT, { init: { signal: AbortSignal.abort(reason) } }), reason);
  assert.deepEqual(exchange.requests, []);
  let listeners = 0;
  const abort = new AbortController();
  const { signal } = abort;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = function (...args) {
    listeners += 1;
    return add.apply(this, args);
  };
  signal.removeEventListener = function (...args) {
    listeners -= 1;
    return remove.apply(this, args);
  };
  for (let i = 0; i < 20; i += 1) await client.call("Balance", {}, { init: { signal } });
  assert.equal(listeners, 0);
});

test("fetch accepts Kraken's hosts and loopback, and records any other host as a leak", async () => {
  const exchange = new Exchange();
  const key = exchange.addKey();
  await new Spot(key, exchange.fetch, "https://api.kraken.com.evil.example").send("Balance");
  assert.equal(exchange.requests[0].verdict, "leaked");
  const client = new Spot(key, exchange.fetch, "http://localhost:8080");
  assert.deepEqual((await client.call("Balance")).error, []);
});

test("two exchanges share nothing", async () => {
  const [one, two] = [new Exchange(), new Exchange()];
  const key = one.addKey();
  const credentials = { key: key.key, secret: key.secret };
  two.addKey(credentials);
  const nonce = "1000";
  for (const exchange of [one, two]) {
    assert.deepEqual((await new Spot(credentials, exchange.fetch).call("AddOrder", LIMIT, { nonce })).error, []);
    assert.equal(exchange.executions.length, 1);
    assert.throws(() => exchange.addKey(credentials), TypeError);
  }
});

test("the core works without an adapter", async () => {
  const { handle } = new Exchange({ now: () => 0 });
  const answer = await handle({ method: "GET", path: "/0/public/Time", headers: new Headers(), body: new Uint8Array() });
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.body)).result.unixtime, 0);
});

test("listen() refuses a body above the limit", async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const response = await fetch(`${server.url}/0/private/Balance`, { method: "POST", body: new Uint8Array(9 * 1024 * 1024) }).catch(
    (error) => error,
  );
  // The server may close before the client has finished writing.
  assert.ok(response instanceof TypeError || response.status === 413);
  assert.deepEqual(exchange.requests, []);
});

test("close() of a server destroys idle and busy connections", async () => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  const idle = connect(server.port, "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  const client = new Spot(exchange.addKey(), fetch, server.url);
  await client.call("Balance");
  exchange.inject({ fault: "delay", when: "before", ms: 60_000 });
  const busy = client.call("AddOrder", LIMIT).catch((error) => error);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  assert.ok((await busy) instanceof TypeError);
  await new Promise((resolve) => (idle.destroyed ? resolve() : idle.once("close", resolve)));
  await assert.rejects(fetch(server.url));
  assert.deepEqual(executed(exchange), ["Balance"]);
});

test("listen() uses a given port, and fails if it is in use", async (t) => {
  const server = await new Exchange().listen();
  t.after(() => server.close());
  await assert.rejects(new Exchange().listen({ port: server.port }), { code: "EADDRINUSE" });
});

test("nothing keeps the process alive once the client has left and the server is closed", async () => {
  const program = `
    import { Exchange, LIMIT, Spot } from ${JSON.stringify(new URL("./helper.mjs", import.meta.url).href)};
    const exchange = new Exchange();
    const server = await exchange.listen();
    for (const [fetch, base] of [[exchange.fetch, "https://api.kraken.com"], [globalThis.fetch, server.url]]) {
      const client = new Spot(exchange.addKey(), fetch, base);
      exchange.inject({ fault: "delay", when: "before", ms: 600_000 });
      await client.call("AddOrder", LIMIT, { init: { signal: AbortSignal.timeout(300) } }).catch(() => {});
      exchange.inject({ fault: "late", timeout: 600_000 });
      await client.call("AddOrder", LIMIT, { init: { signal: AbortSignal.timeout(300) } }).catch(() => {});
      await client.call("Balance");
      exchange.inject({ fault: "late", timeout: 600_000 });
      const late = client.call("AddOrder", LIMIT);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await client.call("Balance");
      await late;
    }
    await server.close();
    console.log("done");
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { timeout: 60_000 });
  assert.equal(stdout.trim(), "done");
});
