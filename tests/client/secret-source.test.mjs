// A secret or a setup key that comes from a function: when it is read, how often, and what its failures prove.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { FuturesClient, InvalidOtpKeyError, InvalidSecretError, SecretSourceError, Signer, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
// Inside the package, but the same module as the package's own.
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { describe, stateNeedles } from "../core/residue.mjs";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1" };
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A function that returns a value after a while, and counts its calls. It fails while `error` is set. */
function source(value) {
  const read = async () => {
    read.calls++;
    await later(2);
    if (read.error) throw read.error;
    return read.value;
  };
  return Object.assign(read, { calls: 0, value, error: undefined });
}

function open(options = {}, keyOptions = {}) {
  const exchange = new Exchange();
  const added = exchange.addKey(keyOptions);
  const secret = source(added.secret);
  const client = new SpotClient({ key: added.key, secret, fetch: exchange.fetch, ...options });
  return { exchange, key: added.key, setupKey: added.setupKey, secret, text: added.secret, client };
}

/** Returns the part of a secret's states that is in the memory of the binary; empty if there is none. */
function residue(secret) {
  const memory = new Uint8Array(core().exports.memory.buffer);
  return describe(stateNeedles("SHA512", Buffer.from(secret, "base64")).search(memory));
}

test("a secret is read once, when a call first needs it, also if many calls need it at the same time", async () => {
  const { client, secret, exchange } = open();
  await client.call("Time");
  assert.equal(secret.calls, 0);
  await Promise.all(Array.from({ length: 20 }, (_, place) => (place % 2 ? client.call("Balance") : client.call("AddOrder", ORDER))));
  await client.sign("Balance");
  assert.deepEqual([secret.calls, exchange.requests.length], [1, 21]);
});

test("a function may return the secret at once, as text or as bytes", async () => {
  for (const form of [(text) => text, (text) => new Uint8Array(Buffer.from(text, "base64"))]) {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const client = new SpotClient({ key, secret: () => form(secret), fetch: exchange.fetch });
    assert.ok(await client.call("Balance"));
  }
});

test("a failure is an error of its own, nothing was sent, it counts for all that waited, and the next call reads again", async () => {
  const { client, secret, exchange } = open();
  secret.error = Object.assign(new Error("the manager is down"), { name: "ServiceUnavailable" });
  const errors = await Promise.all(
    [() => client.call("AddOrder", ORDER), () => client.call("Balance"), () => client.sign("Balance")].map((work) =>
      work().catch((e) => e),
    ),
  );
  for (const error of errors) {
    assert.ok(error instanceof SecretSourceError);
    assert.deepEqual([error.code, error.name, error.cause], ["ERR_SECRET_SOURCE", "SecretSourceError", secret.error]);
    assert.equal(
      error.message,
      "The function that returns the secret failed (ServiceUnavailable). Nothing was sent, and the next call calls it again.",
    );
  }
  assert.deepEqual([secret.calls, exchange.requests.length], [1, 0]);
  secret.error = undefined;
  assert.ok(await client.call("Balance"));
  assert.equal(secret.calls, 2);
});

test("an error that quotes the secret is not the cause, also if it comes from another realm, as in test runners", async () => {
  for (const parse of [JSON.parse, runInNewContext("JSON.parse")]) {
    const { client, text } = open({ secret: () => parse(open().text) });
    const error = await client.call("Balance").catch((caught) => caught);
    assert.match(error.message, /\(SyntaxError\)/);
    assert.equal(error.cause, undefined);
    const shown = inspect(error, { showHidden: true, depth: Infinity });
    assert.ok(!shown.includes(text.slice(0, 8)), shown);
  }
});

test("errors that are not objects of Error, and functions that throw at once, are failures, too", async () => {
  for (const thrown of [undefined, "text", { name: "not a name!" }, null]) {
    const { client } = open({
      secret: () => {
        throw thrown;
      },
    });
    const error = await client.call("Balance").catch((caught) => caught);
    assert.deepEqual([error.code, error.cause], ["ERR_SECRET_SOURCE", thrown]);
    assert.match(error.message, /^The function that returns the secret failed\. /);
  }
});

test("what a function returns is checked as the option is", async () => {
  for (const [value, message] of [
    [undefined, /it is undefined. Is the environment variable set/],
    ["not base64!", /contains white space/],
    [{ secret: "QUJD" }, /got an object/],
  ]) {
    const { client, secret, exchange } = open();
    secret.value = value;
    await assert.rejects(client.call("Balance"), (error) => error instanceof InvalidSecretError && message.test(error.message));
    assert.equal(exchange.requests.length, 0);
  }
});

test("a function that never settles ends with the timeout of the call, and close() ends the wait", async () => {
  let give;
  const { client, exchange, text } = open({ secret: () => new Promise((resolve) => (give = resolve)) });
  await assert.rejects(client.call("AddOrder", ORDER, { timeout: 50 }), { code: "ERR_TIMEOUT" });
  const waiting = client.call("Balance").catch((error) => error);
  await later(5);
  client.close();
  assert.equal((await waiting).code, "ERR_FREED");
  give(text);
  await later(5);
  assert.deepEqual([exchange.requests.length, residue(text)], [0, ""], "what comes later is not loaded");
});

test("signSync() is refused until the secret has been read", async () => {
  const { client } = open();
  assert.throws(() => client.signSync("Balance"), {
    code: "ERR_INVALID_REQUEST",
    message:
      "signSync() cannot wait, and `secret` is a function that was not called yet. Use sign(), or make another call with this key first.",
  });
  await client.call("Balance");
  assert.ok(client.signSync("Balance").headers["API-Sign"]);
});

test("after Kraken has rejected the signature or the key, the secret is wiped, and the next call reads it again", async () => {
  const { client, secret, exchange, text } = open();
  const wrong = Buffer.alloc(64, 9).toString("base64");
  secret.value = wrong;
  await assert.rejects(client.call("AddOrder", ORDER), { kind: "signature" });
  assert.equal(residue(wrong), "");
  secret.value = text;
  await client.call("AddOrder", ORDER);
  exchange.inject({ fault: "error", error: "EAPI:Invalid key" });
  await assert.rejects(client.call("Balance"), { kind: "key" });
  await client.call("Balance");
  assert.deepEqual([secret.calls, exchange.requests.length], [3, 4], "no call was sent twice");
  exchange.inject({ fault: "error", error: "EOrder:Insufficient funds" });
  await client.call("AddOrder", ORDER).catch(() => {});
  await client.call("Balance");
  assert.equal(secret.calls, 3, "other rejections say nothing about the secret");
});

test("a rejection that wipes the secret while the next call has its slot makes that call read it again", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ otp: { password: "1234" } });
  const answers = [Buffer.alloc(64, 7).toString("base64"), secret];
  // The second call waits for its password when the first one is rejected.
  const client = new SpotClient({
    key,
    secret: () => answers.shift(),
    otp: () => later(5).then(() => "1234"),
    fetch: exchange.fetch,
    retries: 0,
  });
  const results = await Promise.allSettled([client.call("Balance"), client.call("AddOrder", ORDER), client.call("Balance")]);
  assert.deepEqual(
    results.map(({ reason }) => reason?.errors),
    [["EAPI:Invalid signature"], undefined, undefined],
  );
  assert.equal(exchange.requests.length, 3);
});

test("an answer that comes late does not replace that of a later call of the function", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const old = Buffer.alloc(64, 7).toString("base64");
  let answerLate;
  const late = new Promise((resolve) => (answerLate = () => resolve(old)));
  const answers = [late, secret];
  const client = new SpotClient({ key, secret: () => answers.shift(), fetch: exchange.fetch, retries: 0 });
  await assert.rejects(client.call("Balance", {}, { timeout: 20 }), { code: "ERR_TIMEOUT" });
  await client.call("Balance");
  answerLate();
  await later(5);
  await client.call("AddOrder", ORDER);
  assert.deepEqual([residue(old), exchange.executions.length > 0], ["", true]);
});

test("a secret that was passed as text stays after a rejection", async () => {
  const { exchange, client, text } = open();
  client.setKeys([{ key: exchange.addKey({ secret: text }).key, secret: text }]);
  exchange.inject({ fault: "error", error: "EAPI:Invalid key" });
  await assert.rejects(client.call("Balance"), { kind: "key" });
  assert.ok(await client.call("Balance"));
});

test("setKeys() reads secret and setup key again, and wipes the old secret; close() wipes the new one", async () => {
  const { client, key, secret, exchange, text, setupKey } = open({}, { otp: {} });
  const setup = source(setupKey);
  const otp = new Totp(setup);
  client.setKeys([{ key, secret, otp }]);
  await client.call("Balance");
  client.setKeys([{ key, secret, otp }]);
  assert.equal(residue(text), "");
  await client.call("Balance");
  assert.deepEqual([secret.calls, setup.calls, exchange.requests.length], [2, 2, 2]);
  client.close();
  assert.equal(residue(text), "");
});

test("a setup key is read once, in time for the first code, and again after Kraken has rejected a code", async () => {
  const { exchange, key, text, setupKey } = open({}, { otp: { singleUse: false } });
  const setup = source(setupKey);
  const client = new SpotClient({ key, secret: text, otp: new Totp(setup), fetch: exchange.fetch });
  await Promise.all([client.call("Balance"), client.call("Balance")]);
  assert.equal(setup.calls, 1);
  exchange.inject({ fault: "error", error: "EGeneral:Invalid arguments:otp" });
  await assert.rejects(client.call("Balance"), { kind: "otp" });
  await client.call("Balance");
  assert.equal(setup.calls, 2);
  setup.error = new Error("down");
  exchange.inject({ fault: "error", error: "EGeneral:Invalid arguments:otp" });
  await client.call("Balance").catch(() => {});
  const before = exchange.requests.length;
  await assert.rejects(client.call("AddOrder", ORDER), { code: "ERR_SECRET_SOURCE", message: /returns the setup key failed \(Error\)/ });
  assert.equal(exchange.requests.length, before);
  assert.throws(() => client.signSync("Balance"), { message: /`otp` returns a promise/ });
});

test("a setup key that is invalidated just after it was read is read again", async () => {
  const { exchange, key, text, setupKey } = open({}, { otp: {} });
  const setup = source(setupKey);
  const otp = new Totp(setup);
  // As if another client with this Totp were rejected, or got new keys, at that moment.
  otp.load = async () => {
    await Totp.prototype.load.call(otp);
    if (setup.calls === 1) otp.invalidate();
  };
  const client = new SpotClient({ key, secret: text, otp, fetch: exchange.fetch });
  await client.call("Balance");
  assert.equal(setup.calls, 2);
});

test("a Totp whose setup key comes from a function makes codes once it was loaded", async () => {
  const setup = source("JBSWY3DPEHPK3PXP");
  const totp = new Totp(setup, { digits: 8 });
  assert.equal(totp.isLoaded, false);
  for (const use of [() => totp.code(), () => totp.remaining(), () => totp.verify("12345678")])
    assert.throws(use, { code: "ERR_UNAVAILABLE", message: /Await `load\(\)` first/ });
  await Promise.all([totp.load(), totp.load()]);
  await totp.load();
  assert.deepEqual([totp.isLoaded, totp.code(0)], [true, new Totp("JBSWY3DPEHPK3PXP", { digits: 8 }).code(0)]);
  totp.invalidate();
  assert.equal(totp.isLoaded, false);
  const loading = totp.load();
  totp.free();
  await loading;
  assert.throws(() => totp.code(), { code: "ERR_FREED" });

  const plain = new Totp("JBSWY3DPEHPK3PXP");
  plain.invalidate();
  await plain.load();
  assert.deepEqual([plain.isLoaded, plain.code(0).length], [true, 6]);
  await assert.rejects(new Totp(() => undefined).load(), InvalidOtpKeyError);
});

test("a promise or a binding in place of the secret is refused, with the function to pass", () => {
  const binding = { get: async () => "QUJD" };
  const promise = Promise.resolve("QUJD");
  const key = "a".repeat(56);
  for (const [work, message] of [
    [
      () => new SpotClient({ key, secret: binding }),
      "Invalid `secret`: this is a Secrets Store binding: pass `() => env.STORE_SECRET.get()`.",
    ],
    [() => new SpotClient({ key, secret: promise }), "Invalid `secret`: it is a promise. Pass a function that returns it."],
    [() => new FuturesClient({ key, secret: promise }), "Invalid `secret`: it is a promise. Pass a function that returns it."],
    [() => new Signer(binding), "Invalid `secret`: this is a Secrets Store binding: pass `await env.STORE_SECRET.get()`."],
    [() => new Signer(promise), "Invalid `secret`: it is a promise. Pass its value."],
    [() => new Totp(binding), "Invalid setup key: this is a Secrets Store binding: pass `() => env.STORE_SECRET.get()`."],
    [() => new Totp(promise), "Invalid setup key: it is a promise. Pass a function that returns it."],
  ])
    assert.throws(work, { message });
});

test("Futures: a secret from a function signs", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  const read = source(secret);
  const client = new FuturesClient({ key, secret: read, fetch: exchange.fetch });
  await Promise.all([client.get("accounts"), client.get("openorders")]);
  assert.equal(read.calls, 1);
});
