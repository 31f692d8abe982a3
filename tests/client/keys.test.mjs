import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, NonceSource, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange();
const fetch = exchange.fetch;
const add = (use, permissions, rest = {}) => {
  const { key, secret } = exchange.addKey({ ...(permissions && { permissions }), ...rest });
  return { key, secret, ...(use && { use }) };
};
const last = () => exchange.requests.at(-1).headers.get("api-key");
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1" };

test("a call uses the least privileged key that can make it", async () => {
  const [any, write, read] = [add(), add("write"), add("read")];
  const client = new SpotClient({ keys: [any, write, read], fetch, retries: 0 });
  await client.call("Balance");
  assert.equal(last(), read.key);
  await client.call("GetWebSocketsToken");
  assert.equal(last(), read.key);
  await client.call("AddOrder", order);
  assert.equal(last(), write.key);
  await client.call("NotKnown").catch(() => {});
  assert.equal(last(), write.key);
  await client.call("DepositAddresses", { asset: "XBT", method: "Bitcoin" });
  assert.equal(last(), read.key);
  await client.call("DepositAddresses", { asset: "XBT", method: "Bitcoin", new: true });
  assert.equal(last(), write.key);
  await client.request("GET", "/funding/v1/addresses");
  assert.equal(last(), read.key);
  await client.request("DELETE", "/funding/v1/addresses/x").catch(() => {});
  assert.equal(last(), write.key);
});

test("a write never uses a key for reads", async () => {
  const before = exchange.requests.length;
  const client = new SpotClient({ keys: [add("read"), add("read")], fetch });
  for (const work of [
    () => client.call("AddOrder", order),
    () => client.call("NotKnown"),
    () => client.sign("AddOrder", order),
    () => client.request("POST", "/funding/v1/addresses"),
  ])
    await assert.rejects(work(), { name: "InvalidRequestError" });
  assert.equal(exchange.requests.length, before);
  await client.call("Balance");
});

test("among keys of the same use, known permissions decide, whether given or learned by check()", async () => {
  const funds = add("any", ["query-funds"]);
  const trades = add("any", ["query-open-trades", "modify-trades"]);
  const client = new SpotClient({ keys: [funds, { ...trades, permissions: ["query-open-trades", "modify-trades"] }], fetch });
  await client.check();
  for (const [endpoint, params, key] of [
    ["OpenOrders", {}, trades],
    ["Balance", {}, funds],
    ["AddOrder", order, trades],
  ]) {
    await client.call(endpoint, params);
    assert.equal(last(), key.key, endpoint);
  }
});

test("check() reports the properties of a key and warns of weaknesses", async (t) => {
  const words = async (options, client = {}) => {
    const { key, secret } = exchange.addKey(options);
    return (await new SpotClient({ key, secret, fetch, ...client }).check()).warnings.join(" ");
  };
  const day = 86_400_000;
  const fine = { permissions: ["query-funds"], ipAllowlist: ["127.0.0.1"], validUntil: Date.now() + 60 * day };
  await t.test("a key without weaknesses causes no warning", async () => assert.equal(await words(fine), ""));
  await t.test("a trading key that can withdraw causes a warning", async () =>
    assert.match(await words({ ...fine, permissions: ["modify-trades", "withdraw-funds"] }), /withdraw/),
  );
  await t.test("a read key that can write causes a warning", async () =>
    assert.match(await words({ ...fine, permissions: ["modify-trades"] }, { use: "read" }), /role `read`/),
  );
  await t.test("a key without an IP allowlist causes a warning", async () =>
    assert.match(await words({ ...fine, ipAllowlist: [] }), /any IP/),
  );
  await t.test("a key without an expiry date causes a warning", async () =>
    assert.match(await words({ ...fine, validUntil: undefined }), /never expires/),
  );
  await t.test("a key that expires soon causes a warning", async () =>
    assert.match(await words({ ...fine, validUntil: Date.now() + 3 * day }), /14 days/),
  );
  await t.test("an old key causes a warning", async () =>
    assert.match(await words({ ...fine, createdTime: Date.now() - 91 * day }), /90 days/),
  );
  await t.test("a nonce window causes a warning", async () => assert.match(await words({ ...fine, nonceWindow: 10_000 }), /window/));
  await t.test("a highest nonce above the clock causes a warning", async () => {
    const { key, secret } = exchange.addKey(fine);
    const micro = new NonceSource({ unit: "us" });
    const lane = { run: (send) => send(micro.next()) };
    assert.deepEqual((await new SpotClient({ key, secret, fetch, lane }).check()).warnings, []);
    // Within a window of its own size the coarse unit is accepted: the warning is the only sign.
    const wide = exchange.addKey({ ...fine, nonceWindow: 2n ** 62n });
    await new SpotClient({ key: wide.key, secret: wide.secret, fetch, lane }).check();
    const report = await new SpotClient({ key: wide.key, secret: wide.secret, fetch }).check();
    const [warning] = report.warnings.filter((one) => one.includes("highest nonce"));
    assert.match(warning, /^The highest nonce of the key, \d{16}, is above the clock in ms, .* another program uses a finer unit/);
    assert.ok(warning.includes(`kraken-signer nonce --explain ${report.nonce}`), warning);
  });
  await t.test("a clock that was ahead once is told from a finer unit", async () => {
    const { key, secret } = exchange.addKey({ ...fine, nonceWindow: 2n ** 62n });
    const lane = { allowAhead: true, run: (send) => send(`${Date.now() + 30 * day}`) };
    await new SpotClient({ key, secret, fetch, lane }).check();
    const warnings = (await new SpotClient({ key, secret, fetch }).check()).warnings.join(" ");
    assert.match(warnings, /is 25\d{5} seconds ahead of this machine's clock in ms\. No finer unit is that close to it/);
    assert.doesNotMatch(warnings, /another program uses a finer unit/);
  });
  await t.test("a secret without 64 bytes causes a warning, whether Kraken accepts the key or not", async () => {
    const short = { ...fine, secret: Buffer.alloc(32, 1).toString("base64") };
    assert.match(await words(short), /The secret has 32 bytes; Kraken's have 64/);
    const unknown = new SpotClient({ key: "A".repeat(56), secret: short.secret, fetch });
    assert.match((await unknown.check()).warnings.join(" "), /does not know this API key.* The secret has 32 bytes/);
  });
  await t.test("microseconds × 1024 are not taken for a clock that was ahead", async () => {
    const { key, secret } = exchange.addKey({ ...fine, nonceWindow: 2n ** 62n });
    const lane = { allowAhead: true, run: (send) => send(`${BigInt(Date.now()) * 1_024_000n}`) };
    await new SpotClient({ key, secret, fetch, lane }).check();
    const warnings = (await new SpotClient({ key, secret, fetch, nonce: { unit: "ns" } }).check()).warnings.join(" ");
    assert.match(warnings, /ahead of this machine's clock in ns\. Another program counts microseconds × 1024, or this clock is behind/);
    assert.doesNotMatch(warnings, /No finer unit/);
  });
  await t.test("an address that is not allowed is named, and check() does not recommend itself", async () => {
    const warnings = await words({ ...fine, ipAllowlist: ["10.0.0.1"] });
    assert.match(warnings, /needs no permission, so this address is probably not on its allowlist/);
    assert.doesNotMatch(warnings, /check\(\)/);
  });
  await t.test("a rejection that is not about the key is no verdict on it", async () => {
    for (const [error, kind] of [
      ["EService:Unavailable", "unavailable"],
      ["EAPI:Rate limit exceeded", "rate-limit"],
      ["EGeneral:Temporary lockout", "lockout"],
      ["ENew:Text", "other"],
    ]) {
      exchange.inject({ fault: "error", error });
      await assert.rejects(new SpotClient({ ...add(), fetch, retries: 0 }).check({ for: ["Balance"] }), { name: "ApiError", kind });
    }
  });
  await t.test("a key with two factors and no code causes a warning", async () => {
    const { key, secret } = exchange.addKey({ ...fine, otp: { password: "x" } });
    const report = await new SpotClient({ key, secret, fetch }).check();
    assert.equal(report.works, false);
    assert.equal(report.error.kind, "signature");
    assert.match(report.warnings[0], /two-factor/);
  });
  await t.test("one call reports all properties", async () => {
    const before = exchange.requests.length;
    const { key, secret } = exchange.addKey({ ...fine, name: "mine", nonceWindow: 5 });
    const report = await new SpotClient({ key, secret, fetch }).check();
    assert.equal(exchange.requests.length, before + 1);
    assert.deepEqual(
      [report.works, report.name, report.permissions, report.nonceWindow, report.ipAllowlist],
      [true, "mine", ["query-funds"], "5", ["127.0.0.1"]],
    );
    assert.match(report.nonce, /^\d{13}$/);
    assert.ok(Math.abs(report.expires - fine.validUntil) < 1000 && report.created instanceof Date);
    assert.ok(
      report.endpoints.includes("Balance") && report.endpoints.includes("WalletTransfer") && !report.endpoints.includes("AddOrder"),
    );
  });
  await t.test("names with underscores, as in a recorded answer, mean the same", async () => {
    const { key, secret } = exchange.addKey({ ...fine, nonceWindow: 5, createdTime: Date.now() - 91 * day });
    const underscored = async (...request) => {
      const { result, ...answer } = await (await fetch(...request)).json();
      const named = Object.entries(result).map(([name, value]) => [name.replace(/[A-Z]/g, "_$&").toLowerCase(), value]);
      return Response.json({ ...answer, result: Object.fromEntries(named) });
    };
    const reportOf = async (fetch) => ({ ...(await new SpotClient({ key, secret, fetch }).check()), nonce: "" });
    const report = await reportOf(underscored);
    assert.deepEqual(report, await reportOf(fetch));
    assert.deepEqual([report.nonceWindow, report.ipAllowlist], ["5", ["127.0.0.1"]]);
  });
  await t.test("a time that cannot be read is not taken for none", async () => {
    const answer = { permissions: [], ipAllowlist: ["127.0.0.1"] };
    for (const [validUntil, never] of [
      ["2027-01-01T00:00:00Z", false],
      ["1999999999000000000", false],
      ["0", true],
      [null, true],
    ]) {
      exchange.inject({ fault: "body", body: JSON.stringify({ error: [], result: { ...answer, validUntil } }) });
      const { warnings, expires } = await new SpotClient({ ...add(), fetch }).check();
      assert.deepEqual([warnings, expires], [never ? ["The key never expires. Set an expiry."] : [], undefined], validUntil);
    }
  });
  await t.test("one of several keys is chosen by `key`", async () => {
    const [a, b] = [add("read", ["query-ledger"]), add("any", ["query-funds"])];
    const client = new SpotClient({ keys: [a, b], fetch });
    assert.deepEqual((await client.check()).permissions, ["query-ledger"]);
    assert.deepEqual((await client.check({ key: b.key })).permissions, ["query-funds"]);
    await assert.rejects(client.check({ key: "other" }), { name: "InvalidRequestError" });
  });
  await t.test("a nonsensical answer is an error", async () => {
    const client = new SpotClient({ ...add(), fetch, retries: 0 });
    exchange.inject({ fault: "body", body: '{"error":[],"result":{}}' });
    await assert.rejects(client.check(), { name: "ResponseError" });
    exchange.inject({ fault: "reset", when: "before" });
    await assert.rejects(client.check(), { name: "NetworkError" });
  });
});

test("a Futures key that may be used from one network only is not said to work from any address", async () => {
  const { key, secret } = exchange.addKey({ product: "futures" });
  const answer = { apiKey: key, createdAt: new Date(), permissions: { general: "full" }, allowedCidrBlock: "10.0.0.0/8" };
  for (const [more, networks] of [
    [{}, ["10.0.0.0/8"]],
    [{ allowedCidrBlocks: null }, ["10.0.0.0/8"]],
    [{ allowedCidrBlocks: ["10.0.0.0/8", "10.1.0.0/16"] }, ["10.0.0.0/8", "10.1.0.0/16"]],
    [{ allowedCidrBlock: null }, []],
  ]) {
    const { ipAllowlist, warnings } = await new FuturesClient({
      key,
      secret,
      fetch: async () => Response.json({ ...answer, ...more }),
    }).check();
    assert.deepEqual(ipAllowlist, networks);
    assert.equal(/any IP address/.test(warnings.join()), !networks.length);
  }
});

test("check() reports the permissions of a Futures key", async () => {
  const report = async (options, client = {}) => {
    const { key, secret } = exchange.addKey({ product: "futures", ...options });
    return new FuturesClient({ key, secret, fetch, ...client }).check();
  };
  const full = await report({});
  assert.deepEqual(full.permissions, ["read", "full", "withdrawal"]);
  assert.match(full.warnings.join(" "), /withdraw.*any IP/);
  const reader = await report({ level: "read-only", withdrawal: "none", ipAllowlist: ["127.0.0.1"] });
  assert.deepEqual([reader.permissions, reader.warnings], [["read"], []]);
  assert.ok(
    reader.endpoints.includes("GET:openorders") &&
      reader.endpoints.includes("POST:orders/status") &&
      !reader.endpoints.includes("POST:sendorder"),
  );
  assert.match((await report({ ipAllowlist: ["127.0.0.1"], withdrawal: "none" }, { use: "read" })).warnings.join(), /role `read`/);
  const { key, secret } = exchange.addKey();
  assert.equal((await new FuturesClient({ key, secret, fetch }).check()).works, false);
  // Of the networks, an answer may have only the first one.
  for (const [networks, allowed] of [
    [{ allowedCidrBlock: "10.0.0.0/8" }, ["10.0.0.0/8"]],
    [{ allowedCidrBlock: "10.0.0.0/8", allowedCidrBlocks: null }, ["10.0.0.0/8"]],
    [{ allowedCidrBlock: null }, []],
    [{}, []],
  ]) {
    const answer = { result: "success", apiKey: "k", createdAt: "2026-11-01T00:00:00Z", permissions: { general: "full" }, ...networks };
    const { ipAllowlist, warnings } = await report({}, { fetch: () => Promise.resolve(Response.json(answer)) });
    assert.deepEqual(ipAllowlist, allowed);
    assert.equal(/any IP address/.test(warnings.join()), !allowed.length);
  }
});

test("close() wipes the secrets", async () => {
  const client = new SpotClient({ ...add(), fetch });
  client.close();
  client.close();
  await assert.rejects(client.call("Balance"), { code: "ERR_FREED" });
});
