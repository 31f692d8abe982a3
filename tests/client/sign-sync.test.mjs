// Requests signed at once, out of turn, for HTTP clients of the caller's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FuturesClient, NonceSource, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange();
const send = async ({ url, ...init }) => (await exchange.fetch(url, init)).json();
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1" };

test("a signed Spot call can be passed to fetch", async () => {
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, userAgent: "mine/1" });
  const signed = client.signSync("AddOrder", ORDER);
  assert.deepEqual(Object.keys(signed).sort(), ["body", "headers", "method", "redirect", "url"]);
  assert.equal(signed.url, "https://api.kraken.com/0/private/AddOrder");
  assert.deepEqual(Object.keys(signed.headers), ["API-Key", "API-Sign", "Content-Type", "User-Agent"]);
  assert.deepEqual([signed.method, signed.redirect, signed.headers["User-Agent"]], ["POST", "manual", "mine/1"]);
  assert.match(signed.body, /^nonce=\d+&pair=XBTUSD&type=buy&ordertype=limit&price=30000&volume=0\.1&cl_ord_id=[0-9a-f-]{36}$/);
  const { error, result } = await send(signed);
  assert.deepEqual(error, []);
  assert.equal(result.txid.length, 1);
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 1);
});

test("calls are signed with a code, with a password, with a path, and as JSON", async () => {
  const key = exchange.addKey({ otp: {} });
  const client = new SpotClient({ ...key, otp: new Totp(key.setupKey) });
  assert.deepEqual((await send(client.signSync("Balance"))).error, []);
  const json = client.signSync("AddOrder", { ...ORDER, price: "+5%" });
  assert.equal(json.headers["Content-Type"], "application/json");
  assert.match(json.body, /^\{"nonce":"\d+",.*"otp":"\d{6}"\}$/);
  assert.deepEqual((await send(json)).error, []);
  const other = exchange.addKey({ otp: { password: "correct horse" } });
  assert.deepEqual((await send(new SpotClient({ ...other, otp: { password: "correct horse" } }).signSync("Earn/Strategies"))).error, []);
});

test("a Futures GET has its parameters in the URL, and a POST in its body", async () => {
  const client = new FuturesClient(exchange.addKey({ product: "futures" }));
  const read = client.signSync("GET", "openorders");
  assert.deepEqual([read.url, read.body], ["https://futures.kraken.com/derivatives/api/v3/openorders", null]);
  assert.equal((await send(read)).result, "success");
  const order = client.signSync("POST", "sendorder", { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000 });
  assert.equal((await send(order)).sendStatus.status, "placed");
});

test("nonces increase across all ways to make a call, even if the clock stands still", async () => {
  const { key, secret } = exchange.addKey();
  const now = Date.now();
  const standing = new NonceSource({ now: () => now });
  const client = new SpotClient({ key, secret, nonce: standing, fetch: exchange.fetch });
  const nonceOf = ({ body }) => BigInt(/nonce=(\d+)/.exec(body)[1]);
  const nonces = [nonceOf(client.signSync("Balance")), nonceOf(client.signSync("Balance"))];
  nonces.push(nonceOf({ body: await (await client.sign("Balance")).text() }), nonceOf(client.signSync("Balance")));
  for (let at = 1; at < nonces.length; at += 1) assert.ok(nonces[at] === nonces[at - 1] + 1n, nonces.join());
});

test("signSync refuses while a request with this key is on its way, even one of another client", async () => {
  const { key, secret } = exchange.addKey();
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  const slow = new SpotClient({ key, secret, fetch: async (...args) => (await gate, exchange.fetch(...args)) });
  const client = new SpotClient({ key, secret });
  const running = slow.call("Balance");
  assert.throws(() => client.signSync("Balance"), { code: "ERR_INVALID_REQUEST", message: /has a slot or waits for one/ });
  open();
  await running;
  assert.deepEqual((await send(client.signSync("Balance"))).error, []);
});

test("signSync refuses if it would have to wait, if no key is allowed to, and after close()", () => {
  const { key, secret } = exchange.addKey();
  const lane = { run: (work) => work("1") };
  assert.throws(() => new SpotClient({ key, secret, lane }).signSync("Balance"), {
    code: "ERR_INVALID_REQUEST",
    message: /only together with a slot/,
  });
  assert.throws(() => new SpotClient({ key, secret, otp: async () => "1" }).signSync("Balance"), {
    code: "ERR_INVALID_REQUEST",
    message: /otp/,
  });
  assert.throws(() => new SpotClient({ key, secret, use: "read" }).signSync("AddOrder", ORDER), { code: "ERR_INVALID_REQUEST" });
  assert.throws(() => new SpotClient({ key, secret }).signSync("../x"), { code: "ERR_INVALID_REQUEST" });
  assert.equal(new SpotClient({ key, secret, lane: { ...lane, next: () => "42" } }).signSync("Balance").body, "nonce=42");
  const client = new SpotClient({ key, secret });
  client.close();
  assert.throws(() => client.signSync("Balance"), { code: "ERR_FREED" });
});
