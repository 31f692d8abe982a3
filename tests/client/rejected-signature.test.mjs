// Kraken rejects a signature or a key: the hint says what the client can rule out, from facts about this very call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FuturesClient, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange({ lockout: { attempts: 1e6 } });
const { fetch } = exchange;
const SETUP_KEY = "GEZDGNBVGY3TQOJQ";

const caught = (promise) => promise.then(() => assert.fail("no error"), (error) => error); // prettier-ignore

/** The hint of a call that Kraken rejects. It contains nothing of the secrets. */
async function hintOf(client, secrets = []) {
  const error = await caught(client instanceof FuturesClient ? client.get("accounts") : client.call("Balance"));
  assert.equal(error.code, "ERR_API", error.message);
  for (const secret of [...secrets, SETUP_KEY])
    for (let at = 0; at + 8 <= secret.length; at++) assert.ok(!error.message.includes(secret.slice(at, at + 8)), "a piece of a secret");
  return error.hint;
}

/** A `fetch` through a proxy that adds to the body, as long as it is told to. */
function proxy() {
  const through = (url, init) => fetch(url, through.changes ? { ...init, body: `${init.body}&via=proxy` } : init);
  through.changes = false;
  return through;
}

const SPOT = /^The client signs exactly what it sends, /;

test("the secret of another key: nothing is known but the length of the secret", async () => {
  const { key } = exchange.addKey();
  const { secret } = exchange.addKey();
  const hint = await hintOf(new SpotClient({ key, secret, fetch }), [secret]);
  assert.match(hint, SPOT);
  assert.match(hint, /the secret, whose length is right, does not belong to this key/);
  assert.match(hint, /needs the option `otp`, or a proxy changes the request\./);
  assert.doesNotMatch(hint, /earlier calls/);
});

test("calls passed before, and a proxy changes the body: the secret is not suspected", async () => {
  const { key, secret } = exchange.addKey();
  const through = proxy();
  const client = new SpotClient({ key, secret, fetch: through });
  await client.call("Balance");
  through.changes = true;
  const hint = await hintOf(client, [secret]);
  assert.match(hint, /earlier calls with this key passed, so the secret is right: .* or a proxy changes the request\./);
  assert.doesNotMatch(hint, /does not belong/);
});

test("an earlier call that was rejected is no proof of the secret", async () => {
  const { key } = exchange.addKey();
  const { secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch });
  await hintOf(client);
  await client.call("Time"); // without a signature
  assert.doesNotMatch(await hintOf(client), /earlier calls/);
});

test("a secret from a function that is read again: earlier calls prove nothing of it", async () => {
  const { key, secret } = exchange.addKey();
  const { secret: other } = exchange.addKey();
  const through = proxy();
  let current = secret;
  const client = new SpotClient({ key, secret: () => current, fetch: through });
  await client.call("Balance");
  through.changes = true;
  assert.match(await hintOf(client), /earlier calls/);
  through.changes = false;
  current = other;
  assert.match(await hintOf(client, [other]), /does not belong to this key/);
});

test("a code: how long it was valid, and whether the clock agrees with Kraken's", async () => {
  const { key, secret } = exchange.addKey({ otp: { setupKey: "JBSWY3DPEHPK3PXP" } });
  const told = (ahead) => async (url, init) => {
    const answer = await fetch(url, init);
    return new Response(await answer.text(), { headers: { Date: new Date(Date.now() + ahead).toUTCString() } });
  };
  const open = (transport) => new SpotClient({ key, secret, fetch: transport, otp: new Totp(SETUP_KEY, { period: 3600 }) });
  const silent = async (url, init) => new Response(await (await fetch(url, init)).text());
  const unknown = await hintOf(open(silent));
  assert.match(unknown, /the one-time password is wrong or was used before, the key has no two-factor authentication/);
  assert.match(unknown, /The code was valid for \d+ more seconds when it was sent\./);
  const seconds = Number(/valid for (\d+)/.exec(unknown)[1]);
  assert.ok(Math.abs(3600 - ((Date.now() / 1000) % 3600) - seconds) < 30, `${seconds}`);
  assert.match(await hintOf(open(told(0))), /when it was sent, by a clock that agrees with Kraken's\./);
  const behind = await hintOf(open(told(60_000)));
  assert.match(behind, /The clock of this machine is (59|6[01]) seconds behind Kraken's, and codes follow it\. Set the clock\./);
  assert.doesNotMatch(behind, /The code was valid/);
  assert.match(await hintOf(open(told(-60_000))), /is (59|6[01]) seconds ahead of Kraken's, and codes follow it/);
});

test("a code that ended on the way: the next one was rejected, too", async () => {
  const { key, secret } = exchange.addKey({ otp: { setupKey: "JBSWY3DPEHPK3PXP" } });
  const slow = async (url, init) => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    return fetch(url, init);
  };
  const client = new SpotClient({ key, secret, fetch: slow, otp: new Totp(SETUP_KEY, { period: 1 }) });
  assert.match(await hintOf(client), /It was the second one: the one before was rejected, too\./);
});

test("a password that is always the same is neither used up nor timed", async () => {
  const { key, secret } = exchange.addKey({ otp: { password: "hunter2" } });
  const hint = await hintOf(new SpotClient({ key, secret, fetch, otp: { password: "hunter3" } }), ["hunter3", "hunter2"]);
  assert.match(hint, /the one-time password is wrong, the key has no two-factor authentication, or a proxy/);
  assert.doesNotMatch(hint, /used before|was valid/);
});

test("two-factor authentication was set up since: the hint says so, and that such a change takes a while", async () => {
  const { key, secret } = exchange.addKey();
  const changed = new Exchange();
  changed.addKey({ key, secret, otp: { password: "hunter2" } });
  let now = exchange;
  const client = new SpotClient({ key, secret, fetch: (url, init) => now.fetch(url, init) });
  await client.call("Balance");
  now = changed;
  assert.match(
    await hintOf(client),
    /two-factor authentication was changed at Kraken since, or a proxy.* After a change of its two-factor authentication at Kraken, wait a few minutes\.$/,
  );
});

test("a secret of another length is named alone, and beside a key that Kraken does not know", async () => {
  const { key } = exchange.addKey();
  const short = Buffer.alloc(63, 7).toString("base64");
  assert.match(await hintOf(new SpotClient({ key, secret: short, fetch })), /^The secret has 63 bytes; Kraken's have 64/);
  assert.match(await hintOf(new SpotClient({ key: "A".repeat(56), secret: short, fetch })), /does not know.* The secret has 63 bytes/);
});

test("Futures has one error for a key and a signature: the hint names both, and what earlier calls prove", async () => {
  const { key, secret } = exchange.addKey({ product: "futures" });
  const wrong = await hintOf(new FuturesClient({ key, secret: exchange.addKey().secret, fetch }));
  assert.match(wrong, /^Kraken Futures does not accept this API key or its signature: /);
  assert.match(
    wrong,
    /belongs to Kraken Spot, or the demo and the real exchange are mixed up, or the secret belongs to another key, or a proxy/,
  );
  const gone = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ key: gone.key, secret: gone.secret, fetch });
  await client.get("accounts");
  gone.revoke();
  const hint = await hintOf(client, [gone.secret]);
  assert.match(hint, /the key was revoked since earlier calls with it passed, or a proxy changes the request\./);
  assert.doesNotMatch(hint, /mistyped|Spot|lock/);
  assert.match(await hintOf(new FuturesClient({ key, secret: Buffer.alloc(60, 7).toString("base64"), fetch })), /The secret has 60 bytes/);
  assert.ok(secret);
});

test("Spot: a key that was revoked after calls had passed", async () => {
  const gone = exchange.addKey();
  const client = new SpotClient({ key: gone.key, secret: gone.secret, fetch });
  await client.call("Balance");
  gone.revoke();
  assert.match(
    await hintOf(client),
    /it was revoked since earlier calls with it passed, or a proxy changes the header `API-Key`\. Do not retry/,
  );
});

test("a nonce that is too low after calls had passed: another program has used the key since", async () => {
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch });
  await client.call("Balance");
  let ahead = BigInt(Date.now()) * 1000n;
  await new SpotClient({ key, secret, fetch, lane: { run: (send) => send(`${++ahead}`) } }).call("Balance");
  const hint = await hintOf(client);
  assert.match(
    hint,
    /earlier calls with this key passed, so another program or another lane has used it since, or this request arrived twice/,
  );
  assert.match(
    hint,
    /If a clock was ahead, wait until that time\. If a finer unit was used, use it in every program, or replace the key\./,
  );
});

test("the API key as the secret is refused, also if a function returns it, and nothing is sent", async () => {
  const { key } = exchange.addKey();
  const isRefused = { code: "ERR_INVALID_SECRET", message: /^Invalid `secret`: it is the API key\./ };
  assert.throws(() => new SpotClient({ key, secret: ` ${key}\n` }), isRefused);
  assert.throws(() => new FuturesClient({ key, secret: key }), isRefused);
  const before = exchange.requests.length;
  await assert.rejects(new SpotClient({ key, secret: async () => key, fetch }).call("Balance"), isRefused);
  assert.equal(exchange.requests.length, before);
});

test("a secret of another length that has passed is not suspected", async () => {
  const { key, secret } = exchange.addKey({ secret: Buffer.alloc(32, 7).toString("base64") });
  const through = proxy();
  const client = new SpotClient({ key, secret, fetch: through });
  const { works, warnings } = await client.check();
  assert.ok(works);
  assert.match(warnings.join(" "), /The secret has 32 bytes; Kraken's have 64\. Kraken accepts it all the same\./);
  through.changes = true;
  const hint = await hintOf(client, [secret]);
  assert.match(hint, /so the secret is right/);
  assert.doesNotMatch(hint, /cut off|32 bytes/);
});

test("a secret that is too long was not cut off, and lengths of common mistakes are named", async () => {
  const { key, secret } = exchange.addKey();
  const hintFor = (secret) => hintOf(new SpotClient({ key, secret, fetch }));
  assert.match(await hintFor(Buffer.alloc(72, 7).toString("base64")), /72 bytes; Kraken's have 64\. It was extended, or is not/);
  assert.match(await hintFor(new TextEncoder().encode(secret)), /88 bytes.* The text of a private key has as many/);
  assert.match(await hintFor(exchange.addKey().key), /42 bytes.* An API key has as many/);
});

test("the network delivers a request twice: the hint does not say that another program has used the key", async () => {
  const { key, secret } = exchange.addKey();
  const twice = async (url, init) => {
    if (url.endsWith("AddOrder")) await fetch(url, init);
    return fetch(url, init);
  };
  const client = new SpotClient({ key, secret, fetch: twice });
  await client.call("Balance");
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
  const { code, cause } = await caught(client.call("AddOrder", order));
  assert.equal(code, "ERR_UNKNOWN_OUTCOME");
  assert.match(cause.hint, /has used it since, or this request arrived twice or was changed on its way\./);
});

/** A transport whose answers tell a time that is this far from that of this machine. */
const dated =
  (ahead, pause = 0) =>
  async (url, init) => {
    const headers = { Date: new Date(Date.now() + ahead).toUTCString() };
    const answer = await fetch(url, init);
    await new Promise((resolve) => setTimeout(resolve, pause));
    return new Response(await answer.text(), { headers });
  };

/** Uses a key with nonces in microseconds. */
async function useMicroseconds({ key, secret }) {
  const nonce = `${Date.now()}000`;
  await new SpotClient({ key, secret, fetch, lane: { run: (send) => send(nonce) } }).call("Balance");
}

test("a clock that is behind is a reason for a rejected nonce, and not the only one", async () => {
  const credential = exchange.addKey();
  await useMicroseconds(credential);
  const hint = await hintOf(new SpotClient({ ...credential, fetch: dated(60_000) }));
  assert.match(hint, /the clock of this machine is (59|6[01]) seconds behind Kraken's\. Set the clock\./);
  assert.match(hint, /If calls still fail then, another program uses this key, or used it with nonces in a finer unit than ms\./);
});

test("calls passed with the same clock: it is not why the nonce is too low, but is named", async () => {
  const credential = exchange.addKey();
  const client = new SpotClient({ ...credential, fetch: dated(60_000) });
  await client.call("Balance");
  await useMicroseconds(credential);
  assert.match(
    await hintOf(client),
    /earlier calls with this key passed, so another program.*Also, the clock of this machine is \d+ seconds behind/,
  );
});

test("check() warns of a clock that differs from Kraken's, although the key works", async () => {
  const warningsOf = async (...told) => {
    const { works, warnings } = await new SpotClient({ ...exchange.addKey(), fetch: dated(...told) }).check();
    assert.ok(works);
    return warnings.join(" ");
  };
  assert.match(await warningsOf(60_000), /The clock of this machine is (59|6[01]) seconds behind Kraken's\. Set the clock/);
  assert.match(await warningsOf(-60_000), /The clock of this machine is (59|6[01]) seconds ahead of Kraken's/);
  assert.doesNotMatch(await warningsOf(0), /clock of this machine/);
});

test("an answer that takes long does not make the clock wrong", async () => {
  const { warnings } = await new SpotClient({ ...exchange.addKey(), fetch: dated(-1900, 1500) }).check();
  assert.doesNotMatch(warnings.join(" "), /clock of this machine/);
});

test("a code that a function returns may follow another clock", async () => {
  const { key, secret } = exchange.addKey({ otp: { setupKey: "JBSWY3DPEHPK3PXP" } });
  const hint = await hintOf(new SpotClient({ key, secret, fetch: dated(60_000), otp: () => "123456" }));
  assert.match(hint, /the one-time password is wrong or was used before/);
  assert.doesNotMatch(hint, /clock/);
});

test("a rejected one-time password: the hint names its source", async () => {
  const { key, secret } = exchange.addKey();
  const hintFor = (otp) => {
    exchange.inject({ fault: "error", error: "EGeneral:Invalid arguments:otp" });
    return hintOf(new SpotClient({ key, secret, fetch, otp }));
  };
  assert.match(await hintFor(undefined), /^Pass the option `otp`/);
  assert.match(await hintFor({ password: "hunter2" }), /^Check the password/);
  assert.match(await hintFor(() => "123456"), /^Check the function/);
  assert.match(await hintFor(new Totp(SETUP_KEY)), /^Check the setup key and the clock/);
});

test("a call to an endpoint that this version does not know is no proof of the secret, because the endpoint may be public", async () => {
  const { key } = exchange.addKey({ product: "futures" });
  const { secret } = exchange.addKey();
  const isNew = (url) => url.includes("notyetknown");
  const answer = (url, init) => (isNew(url) ? Promise.resolve(Response.json({ result: "success" })) : fetch(url, init));
  const client = new FuturesClient({ key, secret, fetch: answer });
  await client.get("notyetknown");
  assert.match(await hintOf(client, [secret]), /the secret belongs to another key/);
});
