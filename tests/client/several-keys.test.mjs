// Several keys: equal ones share the reads, and one that Kraken rejects is set aside while another can make the call.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1" };

/** An exchange with a key for each of these options, and a client of all keys. */
function open(options, { settings = {}, ...rest } = {}) {
  const exchange = new Exchange(settings);
  const added = options.map(({ use, given, ...one }) => exchange.addKey(one));
  const keys = added.map(({ key, secret }, place) => {
    const { use, given } = options[place];
    return { key, secret, ...(use && { use }), ...given };
  });
  const aside = [];
  const hooks = { onKeySetAside: (event) => void aside.push(event) };
  const client = new SpotClient({ keys, fetch: exchange.fetch, retries: 0, hooks, ...rest });
  const used = () => exchange.requests.map(({ headers }) => keys.findIndex(({ key }) => key === headers.get("api-key")));
  return { exchange, added, keys, client, aside, used };
}

/** Lets time pass by the monotonic clock. */
function passes(t, milliseconds) {
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() + milliseconds);
}

const counts = (used) => [0, 1, 2].map((key) => used.filter((one) => one === key).length);

test("equal read keys share the load, in parallel and one after the other", async () => {
  const { client, used } = open([{ use: "read" }, { use: "read" }, { use: "read" }, { use: "write" }]);
  for (let call = 0; call < 6; call++) await client.call("Balance");
  assert.deepEqual(used(), [0, 1, 2, 0, 1, 2]);
  await Promise.all(Array.from({ length: 30 }, () => client.call("Balance")));
  assert.deepEqual(counts(used()), [12, 12, 12]);
});

test("the calls of equal keys count for each key, so that together they may make more", async () => {
  const settings = { rateLimit: { max: 15, decay: 0.01 } };
  const calls = (client) => Promise.allSettled(Array.from({ length: 40 }, () => client.call("Balance")));
  const rejected = async (keys) => (await calls(open(keys, { settings }).client)).filter(({ status }) => status === "rejected").length;
  assert.ok((await rejected([{}])) >= 20);
  assert.equal(await rejected([{}, {}, {}]), 0);
});

test("a key with calls on their way gets fewer new ones", async () => {
  const { client, exchange, used } = open([{ use: "read" }, { use: "read" }]);
  const slow = exchange.inject({ fault: "hold" });
  const first = client.call("Balance");
  for (let call = 0; call < 4; call++) await client.call("Balance");
  slow.release();
  await first;
  assert.deepEqual(
    used().filter((key) => key === 1),
    [1, 1, 1, 1],
  );
});

test("writes of equal keys keep to the first one, whose queue keeps their order", async () => {
  const { client, used } = open([{}, {}]);
  await Promise.all(Array.from({ length: 5 }, () => client.call("AddOrder", ORDER)));
  assert.deepEqual(used(), [0, 0, 0, 0, 0]);
});

test("the option `key` still chooses, whatever the load and whether the key is set aside", async () => {
  const { client, exchange, keys, used, aside } = open([{}, {}]);
  exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded" });
  await assert.rejects(client.call("Balance", {}, { key: keys[0].key }), { kind: "rate-limit" });
  for (let call = 0; call < 3; call++) await client.call("Balance", {}, { key: keys[0].key });
  assert.deepEqual(used(), [0, 0, 0, 0]);
  assert.equal(aside.length, 1);
});

for (const [error, kind, minutes] of [
  ["EAPI:Rate limit exceeded", "rate-limit", 0.25],
  ["EAPI:Invalid key", "key", 15],
  ["EAPI:Invalid signature", "signature", 1],
  ["EGeneral:Permission denied", "permission", 5],
  ["EGeneral:Permission denied:expired", "expired", 15],
  ["EGeneral:Temporary lockout", "lockout", 15],
]) {
  test(`a key that is rejected with "${error}" is set aside for ${minutes} minutes, and named in a hook`, async (t) => {
    const { client, exchange, keys, used, aside } = open([{}, {}]);
    exchange.inject({ fault: "error", error });
    const before = Date.now();
    await assert.rejects(client.call("Balance"), { kind });
    for (let call = 0; call < 3; call++) await client.call("Balance");
    assert.deepEqual(used(), [0, 1, 1, 1]);
    const [{ until, ...event }] = aside;
    assert.deepEqual([aside.length, event], [1, { keyEnding: keys[0].key.slice(-4), kind, errors: [error], endpoint: "Balance" }]);
    assert.ok(until - before >= minutes * 60_000 && until - Date.now() <= minutes * 60_000);
    passes(t, minutes * 60_000 - 30_000 / 4);
    await client.call("Balance");
    assert.equal(used().at(-1), 1);
    passes(t, minutes * 60_000 + 1);
    await client.call("Balance");
    assert.equal(used().at(-1), 0, "it is used again");
  });
}

test("a write is not sent again with another key; the next one uses it", async () => {
  const { client, exchange, used } = open([{ permissions: ["query-funds"] }, {}], { retries: 2 });
  await assert.rejects(client.call("AddOrder", ORDER), { kind: "permission" });
  assert.deepEqual(used(), [0]);
  assert.ok((await client.call("AddOrder", ORDER)).txid);
  assert.deepEqual(used(), [0, 1]);
  assert.equal(exchange.executions.filter(({ write }) => write).length, 1);
});

test("a lockout leaves the outcome of a write unknown, and the next one uses another key", async () => {
  const { client, exchange, used } = open([{}, {}]);
  exchange.inject({ fault: "error", error: "EGeneral:Temporary lockout" });
  await assert.rejects(client.call("AddOrder", ORDER), { code: "ERR_UNKNOWN_OUTCOME" });
  await client.call("AddOrder", ORDER);
  assert.deepEqual(used(), [0, 1]);
});

test("a read that is retried after the rate limit of one key goes out with another one", async () => {
  const { client, exchange, used } = open([{}, {}], { retries: 1 });
  exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded" });
  await client.call("Balance");
  assert.deepEqual(used(), [0, 1]);
});

test("a read whose caller chose the key is retried with that key", async () => {
  const { client, exchange, used, keys } = open([{}, {}], { retries: 1 });
  exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded" });
  await client.call("Balance", {}, { key: keys[0].key });
  assert.deepEqual(used(), [0, 0]);
});

test("after a lacking permission, a key is set aside only for calls that need the same", async () => {
  const { client, used, aside } = open([{ permissions: ["query-funds"] }, {}]);
  await assert.rejects(client.call("Ledgers"), { kind: "permission" });
  await client.call("Ledgers");
  await client.call("Balance");
  await client.call("Ledgers");
  assert.deepEqual(used(), [0, 1, 0, 1]);
  assert.equal(aside.length, 1);
});

test("the only key that can make a call is never set aside", async () => {
  const limited = (exchange) => exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded" });
  const single = open([{}]);
  limited(single.exchange);
  await assert.rejects(single.client.call("Balance"), { kind: "rate-limit" });
  await single.client.call("Balance");
  assert.deepEqual(single.aside, []);

  const roles = open([{ use: "read" }, { use: "write" }]);
  limited(roles.exchange);
  await assert.rejects(roles.client.call("AddOrder", ORDER), { kind: "rate-limit" });
  await roles.client.call("AddOrder", ORDER);
  assert.deepEqual([roles.used(), roles.aside], [[1, 1], []], "a read key cannot take over");

  const known = open([{}, { permissions: ["query-ledger"], given: { permissions: ["query-ledger"] } }]);
  limited(known.exchange);
  await assert.rejects(known.client.call("Balance"), { kind: "rate-limit" });
  await known.client.call("Balance");
  assert.deepEqual([known.used(), known.aside], [[0, 0], []], "a key that is known to lack the permission cannot either");
});

test("if every key is set aside, the one whose time ends first is used", async () => {
  const { client, exchange, used, aside } = open([{}, {}]);
  for (const error of ["EAPI:Invalid key", "EAPI:Rate limit exceeded"]) {
    exchange.inject({ fault: "error", error });
    await client.call("Balance").catch(() => {});
  }
  await client.call("Balance");
  await client.call("Balance");
  assert.deepEqual(used(), [0, 1, 1, 1]);
  assert.equal(aside.length, 2);
});

test("the limit of an account's orders, a fault of the exchange and a rejected order set no key aside", async () => {
  const { client, exchange, used, aside } = open([{}, {}]);
  for (const error of ["EOrder:Rate limit exceeded", "EOrder:Insufficient funds", "EService:Unavailable", "EGeneral:Internal error"]) {
    exchange.inject({ fault: "error", error });
    await client.call("AddOrder", ORDER).catch(() => {});
  }
  assert.deepEqual([used(), aside], [[0, 0, 0, 0], []]);
});

test("a key that was revoked at Kraken is set aside", async () => {
  const { client, added, used, aside } = open([{}, {}]);
  added[0].revoke();
  await assert.rejects(client.call("Balance"), { kind: "key" });
  await client.call("Balance");
  assert.deepEqual([used(), aside.map(({ kind }) => kind)], [[0, 1], ["key"]]);
});

test("a hook that throws changes nothing", async () => {
  const hooks = { onKeySetAside: () => assert.fail("thrown by a hook") };
  const { client, exchange, used } = open([{}, {}], { hooks });
  exchange.inject({ fault: "error", error: "EAPI:Invalid key" });
  await assert.rejects(client.call("Balance"), { kind: "key" });
  await client.call("Balance");
  assert.deepEqual(used(), [0, 1]);
});

test("Futures: equal keys share the reads, and one that is rejected is set aside", async () => {
  const exchange = new Exchange();
  const keys = [1, 2].map(() => exchange.addKey({ product: "futures" })).map(({ key, secret }) => ({ key, secret }));
  const aside = [];
  const hooks = { onKeySetAside: (event) => void aside.push(event) };
  const client = new FuturesClient({ keys, fetch: exchange.fetch, retries: 0, hooks });
  for (let call = 0; call < 3; call++) await client.get("accounts");
  exchange.inject({ fault: "error", error: "authenticationError" });
  await assert.rejects(client.get("accounts"), { kind: "key" });
  await client.get("accounts");
  const used = exchange.requests.map(({ headers }) => keys.findIndex(({ key }) => key === headers.get("apikey")));
  assert.deepEqual([used, aside.map(({ endpoint }) => endpoint)], [[0, 1, 0, 1, 0], ["accounts"]]);
});
