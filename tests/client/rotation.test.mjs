// setKeys(): new calls use the new keys, and calls that have begun end with the old ones, which are wiped then.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, InvalidSecretError, SpotClient, Totp, deadMansSwitch, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
// Inside the package, but the same module as the package's own.
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { describe, stateNeedles } from "../core/residue.mjs";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.001" };
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function open(options = {}, settings = {}) {
  const exchange = new Exchange(settings);
  const add = (more) => {
    const { key, secret } = exchange.addKey(more);
    return { key, secret };
  };
  const first = add();
  const client = new SpotClient({ ...first, fetch: exchange.fetch, retries: 0, ...options });
  const used = () => exchange.requests.map(({ headers }) => headers.get("api-key"));
  return { exchange, add, first, client, used };
}

/** Returns the nonces of a key, all of the same length, in the order in which they arrived. */
const noncesOf = (exchange, key) =>
  exchange.requests.filter(({ headers }) => headers.get("api-key") === key).map(({ body }) => /nonce=(\d+)/.exec(body)[1]);

/** Returns the part of a secret's states that is in the memory of the binary; empty if there is none. */
function residue({ secret }) {
  const memory = new Uint8Array(core().exports.memory.buffer);
  return describe(stateNeedles("SHA512", Buffer.from(secret, "base64")).search(memory));
}

test("1,000 calls while keys rotate 20 times: none fails, nonces rise, and the old keys are wiped", { timeout: 120_000 }, async () => {
  const { exchange, add, first, client } = open({}, { arrivalDelay: () => Math.random() * 2 });
  const keys = [[first]];
  const calls = [];
  for (let rotation = 0; rotation <= 20; rotation++) {
    for (let call = 0; call < 48; call++) {
      const isWrite = call % 6 === 0;
      calls.push(isWrite ? client.call("AddOrder", ORDER) : client.call("Balance"));
      if (call % 16 === 0) await later(1);
    }
    if (rotation === 20) break;
    // One key of each pair stays for another rotation.
    keys.push([add(), keys.at(-1)[0]]);
    client.setKeys(keys.at(-1));
  }
  const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
  assert.deepEqual([calls.length >= 1000, failed], [true, []]);
  assert.equal(exchange.requests.length, calls.length, "none was sent twice");
  for (const [{ key }] of keys) {
    const nonces = noncesOf(exchange, key);
    assert.ok(nonces.length > 0);
    assert.deepEqual(nonces, [...nonces].sort());
  }
  const current = keys.at(-1);
  for (const [one] of keys) assert.equal(residue(one) !== "", current.includes(one));
  client.close();
  for (const [one] of keys) assert.equal(residue(one), "");
});

test("a call that waits in the queue ends with the old key, and the next one has the new key", async () => {
  const { client, first, add, used } = open({}, { arrivalDelay: () => 5 });
  const waiting = [client.call("AddOrder", ORDER), client.call("Balance"), client.sign("Balance")];
  const next = add();
  client.setKeys([next]);
  assert.notEqual(residue(first), "", "it is still used");
  await client.call("Balance");
  const [, , signed] = await Promise.all(waiting);
  assert.equal(signed.headers.get("api-key"), first.key);
  assert.deepEqual(used().sort(), [first.key, first.key, next.key].sort());
  assert.equal(residue(first), "");
});

test("a read that is retried during a rotation keeps its key", async () => {
  const { client, first, add, exchange, used } = open({ retries: 1 });
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  const call = client.call("Balance");
  while (!exchange.requests.length) await later(2);
  client.setKeys([add()]);
  await call;
  assert.deepEqual(used(), [first.key, first.key]);
  assert.equal(residue(first), "");
});

test("an order of unknown outcome is looked for with the key that sent it, which is kept until close()", async () => {
  const { client, first, add, exchange, used } = open();
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  const error = await client.call("AddOrder", ORDER).catch((caught) => caught);
  assert.equal(error.code, "ERR_UNKNOWN_OUTCOME");
  for (let rotation = 0; rotation < 3; rotation++) client.setKeys([add()]);
  assert.notEqual(residue(first), "");
  const resolution = await resolveOrder(client, error, { settle: 0 });
  assert.equal(resolution.outcome, "placed");
  assert.deepEqual(new Set(used().filter(Boolean)), new Set([first.key]));
  client.close();
  assert.equal(residue(first), "");
});

test("an order without a deadline that was lost is locked out with the old key", { timeout: 30_000 }, async () => {
  const { client, add, exchange } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const error = await client.call("AddOrder", ORDER).catch((caught) => caught);
  client.setKeys([add()]);
  assert.equal((await resolveOrder(client, error, { settle: 0 })).outcome, "not-placed");
});

test("a key that stays keeps its nonces, its permissions, and the time for which it is set aside", async () => {
  const { client, first, add, exchange, used } = open();
  const other = add({ permissions: ["query-ledger"] });
  client.setKeys([first, other]);
  await client.check({ key: other.key });
  exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded" });
  await client.call("Balance").catch(() => {});
  const third = add();
  client.setKeys([other, first, third]);
  for (const endpoint of ["Balance", "Ledgers"]) await client.call(endpoint);
  assert.deepEqual(used().slice(-2), [third.key, other.key], "`first` is set aside, and `other` has only this permission");
  client.setKeys([first]);
  await client.call("Balance");
  const nonces = noncesOf(exchange, first.key);
  assert.deepEqual(nonces, [...nonces].sort());
});

test("a key that stays is set aside by the rejection of a call that began before", async () => {
  const exchange = new Exchange({ arrivalDelay: () => 10 });
  const [first, other] = [1, 2].map(() => exchange.addKey()).map(({ key, secret }) => ({ key, secret }));
  const events = [];
  const hooks = { onKeySetAside: ({ keyEnding, kind }) => void events.push([keyEnding, kind]) };
  const client = new SpotClient({ keys: [first, other], fetch: exchange.fetch, retries: 0, hooks });
  exchange.inject({ fault: "error", error: "EGeneral:Temporary lockout" });
  const call = client.call("Balance");
  client.setKeys([first, other]);
  await assert.rejects(call, { kind: "lockout" });
  for (let count = 0; count < 3; count++) await client.call("Balance");
  const used = exchange.requests.map(({ headers }) => headers.get("api-key"));
  assert.deepEqual(used, [first.key, other.key, other.key, other.key]);
  assert.deepEqual(events, [[first.key.slice(-4), "lockout"]]);
});

test("a new secret of the same key is used from the next call on", async () => {
  const { client, first, exchange } = open();
  const wrong = Buffer.alloc(64, 7).toString("base64");
  client.setKeys([{ key: first.key, secret: wrong }]);
  await assert.rejects(client.call("Balance"), { kind: "signature" });
  client.setKeys([first]);
  await client.call("Balance");
  assert.deepEqual([residue({ secret: wrong }), exchange.requests.length], ["", 2]);
});

test("a key that stays gets another lane only when no call with it is under way", async () => {
  const { exchange, first, client } = open();
  const lane = () => {
    let last = BigInt(Date.now()) * 1000n;
    return { unit: "us", allowAhead: true, run: (send) => send(`${++last}`) };
  };
  const [one, other] = [lane(), lane()];
  client.setKeys([{ ...first, lane: one }]);
  exchange.inject({ fault: "delay", when: "before", ms: 200, endpoint: "Balance" });
  const call = client.call("Balance");
  const message = /another lane, and their order would be lost/;
  assert.throws(() => client.setKeys([{ ...first, lane: other }]), { code: "ERR_INVALID_REQUEST", message });
  assert.throws(() => client.setKeys([first]), { code: "ERR_INVALID_REQUEST", message });
  client.setKeys([{ ...first, lane: one }]);
  await call;
  client.setKeys([{ ...first, lane: other }]);
});

test("a key with an invalid option is wiped, too", () => {
  const { client, add } = open();
  const one = add();
  for (const invalid of [{ otp: "ABC" }, { otp: {} }, { nonce: { unit: "s" } }, { use: "trade" }, { lane: {} }]) {
    assert.throws(() => client.setKeys([{ ...one, ...invalid }]));
    assert.throws(() => new SpotClient({ ...one, ...invalid }));
    assert.equal(residue(one), "");
  }
});

test("if one key is invalid, the unit of another key's nonces does not change", async () => {
  const { client, first, exchange } = open();
  assert.throws(
    () =>
      client.setKeys([
        { ...first, nonce: { unit: "us" } },
        { key: "abc", secret: "not base64!" },
      ]),
    InvalidSecretError,
  );
  await client.call("Balance");
  assert.equal(noncesOf(exchange, first.key)[0].length, 13);
});

test("a search for an order uses the latest secret of its key, also after the key was replaced", { timeout: 30_000 }, async () => {
  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey({ otp: { singleUse: false } });
  const otp = new Totp(setupKey);
  const wrong = Buffer.alloc(64, 7).toString("base64");
  const other = exchange.addKey();
  for (const isEarly of [true, false]) {
    const client = new SpotClient({ key, secret: wrong, otp, fetch: exchange.fetch, retries: 0 });
    const sending = client.call("AddOrder", ORDER).catch((caught) => caught);
    // The key gets its right secret after the error, or before it.
    if (isEarly) await sending;
    client.setKeys([{ key, secret, otp }]);
    const error = await sending;
    assert.equal(error.code, "ERR_UNKNOWN_OUTCOME", "the first copy of the request may have used up the code");
    client.setKeys([{ key: other.key, secret: other.secret }]);
    assert.deepEqual(await resolveOrder(client, error, { settle: 0 }), { outcome: "not-placed" });
    client.close();
    assert.deepEqual([residue({ secret }), residue({ secret: wrong })], ["", ""]);
  }
});

test("invalid keys change nothing, and what was loaded of them is wiped", async () => {
  const { client, first, add, used } = open();
  const valid = add();
  for (const [keys, error] of [
    [[valid, { key: "abc", secret: "not base64!" }], InvalidSecretError],
    [[valid, { key: "abc", secret: "QUJD", uses: "read" }], /Unknown option `uses` of keys\[1\]/],
    [[], /the array is empty\. To wipe the keys, use `close\(\)`/],
    [valid, /`keys`: expected an array of credentials/],
    [undefined, /`keys`: expected an array of credentials/],
    [[null], /keys\[0\]/],
  ])
    assert.throws(() => client.setKeys(keys), error);
  assert.equal(residue(valid), "");
  await client.call("Balance");
  assert.deepEqual(used(), [first.key]);
});

test("a client that is closed or drains takes no keys, and drain() wipes the keys of all rotations", async () => {
  const { client, first, add, exchange } = open({}, { arrivalDelay: () => 20 });
  const next = add();
  const calls = [client.call("Balance")];
  client.setKeys([next]);
  calls.push(client.call("Balance"));
  const drained = client.drain();
  assert.throws(() => client.setKeys([add()]), { code: "ERR_FREED", message: /draining/ });
  await Promise.all([...calls, drained]);
  assert.equal(exchange.requests.length, 2);
  assert.deepEqual([residue(first), residue(next)], ["", ""]);
  assert.throws(() => client.setKeys([add()]), { code: "ERR_FREED", message: /closed/ });
});

test("a client without keys can get some", async () => {
  const { exchange, add } = open();
  const client = new SpotClient({ fetch: exchange.fetch });
  await assert.rejects(client.call("Balance"), /has no key/);
  client.setKeys([add()]);
  assert.ok(await client.call("Balance"));
});

test("a dead man's switch is disarmed after the renewal that is under way with an old key", { timeout: 20_000 }, async () => {
  const sent = [];
  const { exchange, client, add } = open({ hooks: { onRequest: ({ endpoint }) => void sent.push(endpoint) } });
  const guard = await deadMansSwitch(client, { timeout: 6000 });
  const slow = exchange.inject({ fault: "hold", endpoint: "CancelAllOrdersAfter" });
  while (sent.length < 2) await later(10);
  client.setKeys([add()]);
  const disarmed = guard.disarm();
  await later(50);
  slow.release();
  await disarmed;
  const timeouts = exchange.executions.map(({ params }) => params.timeout);
  assert.deepEqual(timeouts, ["6", "6", "0"]);
});

test("Futures: keys rotate, too", async () => {
  const exchange = new Exchange({ arrivalDelay: () => 5 });
  const [first, next] = [1, 2].map(() => exchange.addKey({ product: "futures" })).map(({ key, secret }) => ({ key, secret }));
  const client = new FuturesClient({ ...first, fetch: exchange.fetch });
  const call = client.get("accounts");
  client.setKeys([next]);
  await Promise.all([call, client.get("accounts")]);
  const used = exchange.requests.map(({ headers }) => headers.get("apikey"));
  assert.deepEqual(new Set(used), new Set([first.key, next.key]));
  assert.deepEqual([residue(first), residue(next) === ""], ["", false]);
});
