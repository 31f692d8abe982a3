// The key of an object is replaced while the object lives. Options are asked for again, and nothing runs twice.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NonceSource, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";
import { counted, later, nonces, numbered, refused, rising } from "./helper.mjs";

const exchange = new Exchange();
const server = await exchange.listen();
after(() => server.close());
const first = exchange.addKey();
const worker = await startWorker(new URL("rotation.worker.mjs", import.meta.url), {
  objects: { OBJECT: "Rotating", PLAIN: "KrakenKey" },
  bindings: { KEY: first.key, SECRET: first.secret },
  outbound: server.url,
});
after(() => worker.stop());

/** Asks the object with this name. */
const asking = (name) => {
  const ask = async (method, parameters, more) =>
    (await fetch(worker.url, { method: "POST", body: JSON.stringify({ name, method, parameters, ...more }) })).json();
  return { ask, call: (userref, face = true) => ask("call", ["AddOrder", numbered(userref)], { face }) };
};
const pair = ({ key, secret }) => ({ key, secret });
const keysOf = (...refs) =>
  refs.map((ref) => exchange.executions.filter(({ params }) => Number(params.userref) === ref).map(({ key }) => key));
const rejections = () => refused(exchange).length;

test("after a key was replaced and revoked, one call fails, and the next one uses the new key", async () => {
  const { ask, call } = asking("revoked");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  await ask("set", [pair(old)]);
  await call(1);
  await ask("set", [pair(fresh)]);
  old.revoke();
  const { error } = await call(2);
  assert.deepEqual([error.code, error.kind], ["ERR_API", "key"]);
  assert.ok("value" in (await call(3)));
  assert.deepEqual(keysOf(1, 2, 3), [[old.key], [], [fresh.key]]);
  assert.deepEqual(await ask("asked"), { value: 2 });
});

test("calls that wait while the key is found revoked are sent once, with the new key", async () => {
  const { ask, call } = asking("waiting");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  await ask("set", [pair(old)]);
  await call(11);
  await ask("set", [pair(fresh)]);
  exchange.inject({ fault: "delay", when: "before", ms: 1000, endpoint: "AddOrder" });
  const before = rejections();
  const slow = call(12);
  await later(300);
  old.revoke();
  const rest = [13, 14, 15, 16].map((userref) => call(userref));
  const answers = await Promise.all([slow, ...rest]);
  const failed = answers.filter(({ error }) => error);
  assert.deepEqual(
    failed.map(({ error }) => error.kind),
    ["key"],
  );
  assert.equal(rejections() - before, 1, "Kraken sees the revoked key once");
  const counts = counted(exchange);
  assert.deepEqual([12, 13, 14, 15, 16].map((userref) => counts.get(userref) ?? 0).sort(), [0, 1, 1, 1, 1]);
  assert.deepEqual(await ask("asked"), { value: 2 });
});

test("reload() takes the new key while the old one still works, and a call that is under way ends with the old one", async () => {
  const { ask, call } = asking("reloaded");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  await ask("set", [pair(old)]);
  await call(21);
  await ask("set", [pair(fresh)]);
  exchange.inject({ fault: "delay", when: "before", ms: 1000, endpoint: "AddOrder" });
  const slow = call(22);
  await later(300);
  const waiting = call(23);
  await later(100);
  await ask("reload");
  const answers = await Promise.all([slow, waiting, call(24)]);
  for (const answer of answers) assert.ok("value" in answer, JSON.stringify(answer));
  assert.deepEqual(keysOf(21, 22, 23, 24), [[old.key], [old.key], [old.key], [fresh.key]]);
});

test("after reload() with a new key, CancelAll ends the wait of the orders of the old key: none is sent after it", async () => {
  const { ask, call } = asking("canceled");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  const rateLimit = { max: 100, decay: 100, trading: { max: 1, decay: 0.05 } };
  await ask("set", [{ ...pair(old), rateLimit }]);
  await call(61);
  const waiting = call(62);
  await later(300);
  await ask("set", [{ ...pair(fresh), rateLimit }]);
  await ask("reload");
  assert.ok("value" in (await ask("call", ["CancelAll"], { face: true })));
  const { error } = await waiting;
  assert.deepEqual([error.code, /CancelAll/.test(error.message)], ["ERR_UNAVAILABLE", true]);
  assert.deepEqual(keysOf(61, 62), [[old.key], []]);
});

test("after reload() with a key of another unit, the calls of the old key that wait are sent before later ones", async () => {
  const { ask, call } = asking("unit");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  await ask("set", [pair(old)]);
  await call(71);
  exchange.inject({ fault: "delay", when: "before", ms: 1000, endpoint: "AddOrder" });
  const earlier = [call(72), later(100).then(() => call(73))];
  await later(400);
  await ask("set", [{ ...pair(fresh), nonce: { unit: "us" } }]);
  await ask("reload");
  await Promise.all([...earlier, ask("call", ["CancelAll"], { face: true })]);
  const order = exchange.executions.map(({ endpoint, params }) => (endpoint === "CancelAll" ? endpoint : Number(params.userref)));
  assert.deepEqual(order.slice(-3), [72, 73, "CancelAll"]);
});

test("after reload() with the same unit, the other options of the nonces apply, too", async () => {
  const { ask, call } = asking("after");
  const [old, fresh] = [exchange.addKey(), exchange.addKey()];
  await ask("set", [pair(old)]);
  await call(81);
  // Another program has used the new key, and its clock was ahead.
  const highest = `${Date.now() + 3_600_000}`;
  const other = new SpotClient({ ...pair(fresh), fetch: exchange.fetch, nonce: new NonceSource({ after: highest }) });
  await other.call("Balance");
  await ask("set", [{ ...pair(fresh), nonce: { after: `${BigInt(highest) + 1n}` } }]);
  await ask("reload");
  assert.ok("value" in (await call(82)));
  // A highest nonce far ahead of the clock is refused unless the new options allow it.
  const far = `${Date.now() + 1000 * 86_400_000}`;
  await ask("set", [{ ...pair(exchange.addKey()), nonce: { after: far } }]);
  await ask("reload");
  assert.equal((await call(83)).error.code, "ERR_INVALID_NONCE");
  await ask("set", [{ ...pair(exchange.addKey()), nonce: { after: far, allowAhead: true } }]);
  await ask("reload");
  assert.ok("value" in (await call(84)));
  // Invalid options change nothing.
  await ask("set", [{ ...pair(exchange.addKey()), nonce: { after: "soon" } }]);
  assert.equal((await ask("reload")).error.code, "ERR_INVALID_NONCE");
  assert.ok("value" in (await call(85)));
});

test("reload() with another unit and an invalid secret changes nothing: nonces go on below the end of the block", async () => {
  const { ask, call } = asking("invalid");
  const key = exchange.addKey();
  await ask("set", [pair(key)]);
  await call(91);
  await ask("set", [{ ...pair(key), secret: "short", nonce: { unit: "us" } }]);
  assert.equal((await ask("reload")).error.code, "ERR_INVALID_SECRET");
  await ask("set", [pair(key)]);
  await ask("reload");
  assert.ok("value" in (await call(92)));
  const [one, other] = exchange.executions.filter((one) => one.key === key.key).map(({ nonce }) => Number(nonce));
  assert.ok(other > one && other - one < 30_000, `${one} ${other}`);
});

test("the time in which the options arrive is part of a call's timeout", async () => {
  const { ask } = asking("slow");
  await ask("set", [pair(exchange.addKey()), 700]);
  exchange.inject({ fault: "delay", when: "before", ms: 700, endpoint: "Balance" });
  const { error } = await ask("call", ["Balance", {}, { timeout: 1000 }]);
  assert.equal(error?.code, "ERR_TIMEOUT");
});

test("if the options do not arrive, reload() says why, and the old key stays in use", async () => {
  const { ask, call } = asking("failing");
  await call(31);
  for (const [kind, code, named] of [
    ["TypeError", undefined, "(TypeError)"],
    ["Error", "ECONNREFUSED", "(ECONNREFUSED)"],
  ]) {
    await ask("fail", [kind, code]);
    const { error } = await ask("reload");
    assert.equal(error.code, "ERR_INVALID_REQUEST");
    assert.ok(error.message.includes(`threw an error ${named}.`), error.message);
    assert.ok(!error.message.includes("quotes a secret"));
    assert.ok("value" in (await call(32)));
  }
  await ask("fail");
  await ask("set", [null]);
  assert.match((await ask("reload")).error.message, /returned no object: expected \{ key, secret \}, got null/);
});

test("an instance that was superseded stops: a newer one has begun a block of nonces, and Kraken has rejected a nonce", async () => {
  const { ask, call } = asking("superseded");
  await ask("set", [pair(exchange.addKey())]);
  await call(41);
  exchange.inject({ fault: "error", error: "EAPI:Invalid nonce", endpoint: "AddOrder" });
  assert.equal((await call(42)).error.code, "ERR_UNKNOWN_OUTCOME");
  assert.ok("value" in (await call(43)), "no other instance has begun one");
  await ask("beginBlock");
  exchange.inject({ fault: "error", error: "EAPI:Invalid nonce", endpoint: "AddOrder" });
  await call(44);
  const { error } = await call(45);
  assert.deepEqual([error.code, /superseded.*Nothing was sent/.test(error.message)], ["ERR_LANE", true]);
  assert.equal(counted(exchange).get(45), undefined);
});

test("in all of this, nonces of a key only increased, and nothing ran twice", async () => {
  for (const [userref, count] of counted(exchange)) if (userref > 0 && userref !== 32) assert.equal(count, 1, `${userref}`);
  for (const key of new Set(exchange.executions.map(({ key }) => key)))
    assert.ok(rising(nonces({ executions: exchange.executions.filter((one) => one.key === key) })));
});
