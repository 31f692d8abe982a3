// Who may do what, and what a client hears that may not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, executed, Futures, LIMIT, overBoth, Spot, totp } from "./helper.mjs";

overBoth(describe, "Spot authentication", (open) => {
  async function setUp(t, keyOptions, options) {
    const exchange = new Exchange(options);
    const key = exchange.addKey(keyOptions);
    const way = await open(t, exchange);
    return { exchange, key, client: new Spot(key, way.fetch, way.spot), way };
  }

  async function refused(setup, expected, endpoint, params, wrong) {
    const before = setup.exchange.executions.length;
    assert.deepEqual(await setup.client.call(endpoint, params, wrong), { error: [expected] });
    assert.equal(setup.exchange.executions.length, before, "a refused call is not executed");
    assert.deepEqual(setup.exchange.requests.at(-1).errors, [expected]);
    assert.equal(setup.exchange.requests.at(-1).verdict, "refused");
  }

  test("generated credentials look like Kraken's and work", async (t) => {
    const { exchange, key, client } = await setUp(t);
    assert.match(key.key, /^[A-Za-z0-9+/]{56}$/);
    assert.match(key.secret, /^[A-Za-z0-9+/]{86}==$/);
    assert.deepEqual(Object.keys(key), ["key", "secret"]);
    const { error, result } = await client.call("Balance");
    assert.deepEqual(error, []);
    assert.equal(result.ZUSD, "1000000000.0000");
    assert.deepEqual(executed(exchange), ["Balance"]);
    assert.equal(exchange.executions[0].key, key.key);
    assert.equal(exchange.executions[0].nonce, key.lastNonce);
    assert.equal(exchange.executions[0].write, false);
  });

  test("unknown, missing and revoked keys, and keys of the other product, are rejected", async (t) => {
    const setup = await setUp(t);
    await refused(setup, "EAPI:Invalid key", "Balance", {}, { key: "unknown" });
    await refused(setup, "EAPI:Invalid key", "Balance", {}, { key: "" });
    const futures = setup.exchange.addKey({ product: "futures" });
    await refused(setup, "EAPI:Invalid key", "Balance", {}, { key: futures.key, secret: futures.secret });
    setup.key.revoke();
    await refused(setup, "EAPI:Invalid key", "Balance");
  });

  test("signatures by a wrong secret, or of another body or path, are rejected, and the highest nonce does not change", async (t) => {
    const setup = await setUp(t);
    const other = setup.exchange.addKey();
    await refused(setup, "EAPI:Invalid signature", "Balance", {}, { secret: other.secret });
    await refused(setup, "EAPI:Invalid signature", "Balance", {}, { signedBody: "nonce=1" });
    await refused(setup, "EAPI:Invalid signature", "Balance", {}, { signature: "" });
    const nonce = "1800000000000";
    const [url, init] = setup.client.request("Balance", {}, { nonce });
    const response = await setup.way.fetch(`${url}?x=1`, init);
    assert.deepEqual(await response.json(), { error: ["EAPI:Invalid signature"] }, "the query is part of the path");
    assert.equal(setup.key.lastNonce, "0");
    assert.deepEqual((await setup.client.call("Balance", {}, { nonce })).error, []);
  });

  test("nonces must strictly increase", async (t) => {
    const setup = await setUp(t);
    const accepted = async (nonce, wrong) => assert.deepEqual((await setup.client.call("Balance", {}, { nonce, ...wrong })).error, []);
    await accepted("1000");
    await refused(setup, "EAPI:Invalid nonce", "AddOrder", LIMIT, { nonce: "1000" });
    await refused(setup, "EAPI:Invalid nonce", "AddOrder", LIMIT, { nonce: "999" });
    await accepted("1001", { json: true });
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: null });
    for (const nonce of ["", "-5", "1.5", "1e12", "0x7f", " 7", "18446744073709551616", "99999999999999999999999"]) {
      await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce });
    }
    await accepted("18446744073709551615");
    assert.equal(setup.key.lastNonce, "18446744073709551615");
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "1800000000000" });
  });

  test("nonces in JSON keep every digit, as numbers and as strings", async (t) => {
    const setup = await setUp(t);
    for (const nonce of ["1700000000000000001", "1700000000000000002"]) {
      assert.deepEqual(
        (await setup.client.call("Balance", {}, { nonce, body: `{"nonce":${nonce}}`, contentType: "application/json" })).error,
        [],
      );
      assert.equal(setup.key.lastNonce, nonce);
    }
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "1700000000000000002", json: true });
    const params = { cl_ord_id: '"nonce":3' };
    assert.deepEqual((await setup.client.call("OpenOrders", params, { nonce: "1700000000000000003", json: true })).error, []);
    assert.deepEqual(setup.exchange.executions.at(-1).params, params);
  });

  test("a nonce below the highest one is accepted once inside the window", async (t) => {
    const setup = await setUp(t, { nonceWindow: 10 });
    const accepted = async (nonce) => assert.deepEqual((await setup.client.call("Balance", {}, { nonce })).error, [], nonce);
    await accepted("1000");
    await accepted("995");
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "995" });
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "1000" });
    await accepted("990");
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "989" });
    await accepted("1005");
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "994" });
    await refused(setup, "EAPI:Invalid nonce", "Balance", {}, { nonce: "995" });
    await accepted("996");
    assert.equal(setup.key.lastNonce, "1005");
  });

  test("requests are handled one at a time", async (t) => {
    const { exchange, client } = await setUp(t);
    const requests = Array.from({ length: 50 }, () => client.request("Balance"));
    await Promise.all(requests.map((request) => client.fetch(...request)));
    assert.equal(exchange.requests.length, 50);
    const nonces = exchange.executions.map(({ nonce }) => BigInt(nonce));
    assert.ok(nonces.every((nonce, i) => i === 0 || nonce > nonces[i - 1]));
  });

  test("a key with a static password requires it", async (t) => {
    const setup = await setUp(t, { otp: { password: "correct horse" } });
    assert.deepEqual(setup.key.otp, { password: "correct horse" });
    await refused(setup, "EAPI:Invalid signature", "AddOrder", LIMIT);
    await refused(setup, "EAPI:Invalid signature", "AddOrder", { ...LIMIT, otp: "wrong" });
    await refused(setup, "EAPI:Invalid signature", "AddOrder", { ...LIMIT, otp: "" });
    assert.equal(setup.key.lastNonce, "0");
    assert.deepEqual((await setup.client.call("AddOrder", { ...LIMIT, otp: "correct horse" })).error, []);
    assert.equal("otp" in setup.exchange.executions[0].params, false);
    assert.equal("nonce" in setup.exchange.executions[0].params, false);
  });

  test("an OTP on a key without 2FA is an invalid signature", async (t) => {
    await refused(await setUp(t), "EAPI:Invalid signature", "Balance", { otp: "123456" });
  });

  const RFC_KEYS = {
    SHA1: ["12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
    SHA256: ["12345678901234567890123456789012", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA===="],
    SHA512: [
      "1234567890".repeat(6) + "1234",
      "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA=",
    ],
  };
  const RFC_CODES = { SHA1: "94287082", SHA256: "46119246", SHA512: "90693936" };

  for (const algorithm of Object.keys(RFC_KEYS)) {
    test(`TOTP codes match RFC 6238 at 59 s, ${algorithm}`, async (t) => {
      const setupKey = RFC_KEYS[algorithm][1];
      const setup = await setUp(t, { otp: { setupKey, algorithm, digits: 8 } }, { now: () => 59_000 });
      assert.equal(await setup.key.otp(), RFC_CODES[algorithm]);
      assert.deepEqual((await setup.client.call("Balance", { otp: RFC_CODES[algorithm] })).error, []);
      await refused(setup, "EAPI:Invalid signature", "Balance", { otp: "00000000" });
    });
  }

  test("TOTP codes are accepted one step early or late, any number of times", async (t) => {
    const now = 1_700_000_000_000;
    const secret = Buffer.from(RFC_KEYS.SHA1[0]);
    const setup = await setUp(t, { otp: { setupKey: "gezd gnbv gy3t qojq gezd gnbv gy3t qojq" } }, { now: () => now });
    for (const seconds of [0, -30, 30, 30]) {
      const answer = await setup.client.call("Balance", { otp: totp(secret, now / 1000 + seconds) });
      assert.deepEqual(answer.error, [], `${seconds} s`);
    }
    for (const seconds of [-60, 60]) {
      await refused(setup, "EAPI:Invalid signature", "Balance", { otp: totp(secret, now / 1000 + seconds) });
    }
  });

  test("TOTP codes can be limited to a single use, and have other periods and digits", async (t) => {
    const setup = await setUp(t, { otp: { singleUse: true, period: 60, digits: 7 } }, { now: () => 1_700_000_000_000 });
    const otp = await setup.key.otp();
    assert.match(otp, /^\d{7}$/);
    assert.match(setup.key.setupKey, /^[A-Z2-7]{32}$/);
    assert.deepEqual((await setup.client.call("Balance", { otp })).error, []);
    await refused(setup, "EAPI:Invalid signature", "Balance", { otp });
  });

  test("expired keys, and addresses outside the allowlist, are rejected", async (t) => {
    let now = 1_700_000_000_000;
    const setup = await setUp(t, { validUntil: new Date(now + 1000) }, { now: () => now });
    assert.deepEqual((await setup.client.call("Balance")).error, []);
    now += 1000;
    await refused(setup, "EGeneral:Permission denied:expired", "Balance");

    const elsewhere = setup.exchange.addKey({ ipAllowlist: ["203.0.113.7", "10.0.0.0/8"] });
    await refused(setup, "EGeneral:Permission denied", "Balance", {}, { key: elsewhere.key, secret: elsewhere.secret });
    const ask = async (ip) => {
      const client = new Spot(elsewhere, setup.exchange.fetchFrom(ip));
      client.nonce = BigInt(elsewhere.lastNonce);
      return (await client.call("Balance")).error;
    };
    assert.deepEqual(await ask("203.0.113.7"), []);
    assert.deepEqual(await ask("10.200.0.1"), []);
    assert.deepEqual(await ask("11.0.0.1"), ["EGeneral:Permission denied"]);
  });

  test("a call without permission uses up its nonce but is not executed", async (t) => {
    const setup = await setUp(t, { permissions: ["query-funds", "close-trades"] });
    assert.deepEqual((await setup.client.call("GetApiKeyInfo")).result.permissions, ["query-funds", "close-trades"]);
    assert.deepEqual((await setup.client.call("Balance")).error, []);
    assert.deepEqual((await setup.client.call("CancelAll")).error, [], "one of two permissions is enough");
    for (const endpoint of [
      "AddOrder",
      "AddOrderBatch",
      "OpenOrders",
      "Ledgers",
      "Withdraw",
      "GetWebSocketsToken",
      "QueryOrders",
      "WithdrawInfo",
      "DepositMethods",
      "Earn/Allocate",
    ]) {
      await refused(setup, "EGeneral:Permission denied", endpoint, LIMIT);
      assert.equal(setup.key.lastNonce, String(setup.client.nonce));
    }
    setup.key.setPermissions(["modify-trades"]);
    assert.deepEqual((await setup.client.call("AddOrder", LIMIT)).error, []);
    await refused(setup, "EGeneral:Permission denied", "Balance");
  });

  test("consecutive invalid keys lock an address out for 15 minutes, which every attempt starts again", async (t) => {
    let now = 1_700_000_000_000;
    const setup = await setUp(t, {}, { now: () => now, lockout: { attempts: 3 } });
    for (let i = 0; i < 2; i += 1) await refused(setup, "EAPI:Invalid key", "Balance", {}, { key: "x" });
    assert.deepEqual((await setup.client.call("Balance")).error, [], "a success starts the count again");
    for (let i = 0; i < 3; i += 1) await refused(setup, "EAPI:Invalid key", "Balance", {}, { key: "x" });
    await refused(setup, "EGeneral:Temporary lockout", "Balance");
    now += 14 * 60_000;
    await refused(setup, "EGeneral:Temporary lockout", "Balance");
    now += 14 * 60_000;
    await refused(setup, "EGeneral:Temporary lockout", "Balance");
    assert.deepEqual(
      (await new Spot(setup.exchange.addKey(), setup.exchange.fetchFrom("198.51.100.1")).call("Balance")).error,
      [],
      "other addresses go on",
    );
    now += 15 * 60_000;
    assert.deepEqual((await setup.client.call("Balance")).error, []);
  });

  test("the rate limit is a counter per key that decays", async (t) => {
    let now = 1_700_000_000_000;
    const setup = await setUp(t, {}, { now: () => now, rateLimit: { max: 2, decay: 1 } });
    assert.deepEqual((await setup.client.call("Balance")).error, []);
    assert.deepEqual((await setup.client.call("Balance")).error, []);
    await refused(setup, "EAPI:Rate limit exceeded", "Balance");
    const { error, result } = await setup.client.call("AddOrder", LIMIT);
    assert.deepEqual(error, [], "orders are counted elsewhere");
    assert.deepEqual((await setup.client.call("CancelOrder", { txid: result.txid[0] })).error, []);
    now += 1000;
    await refused(setup, "EAPI:Rate limit exceeded", "Ledgers");
    assert.deepEqual((await setup.client.call("Balance")).error, []);
  });

  test("unknown methods and unreadable bodies are rejected", async (t) => {
    const setup = await setUp(t);
    for (const endpoint of ["NoSuchThing", "constructor", "__proto__", "addorder"])
      await refused(setup, "EGeneral:Unknown method", endpoint);
    const response = await setup.way.fetch(`${setup.way.spot}/0/private/Balance`);
    assert.deepEqual(await response.json(), { error: ["EGeneral:Unknown method"] });
    assert.equal(response.status, 200);
    await refused(setup, "EAPI:Bad request", "Balance", {}, { body: "{", contentType: "application/json" });
    await refused(setup, "EAPI:Bad request", "Balance", {}, { body: "nonce=%zz" });
    await refused(setup, "EAPI:Bad request", "Balance", {}, { body: "nonce=1&nonce=2" });
    await refused(setup, "EAPI:Bad request", "Balance", {}, { body: "[1]", contentType: "application/json" });
  });

  test("the Funding API takes the nonce in a header", async (t) => {
    const setup = await setUp(t);
    const { client, exchange } = setup;
    assert.deepEqual(await client.funding("GET", "/funding/v1/addresses?limit=50"), { addresses: [] });
    const scope = { method_id: "67b765fd-4efd-42dc-8ce7-63352971d566" };
    const added = await client.funding("POST", "/funding/v1/addresses", JSON.stringify({ scope, name: "Personal Wallet" }));
    assert.equal(added.verified, true);
    const { addresses } = await client.funding("GET", "/funding/v1/addresses");
    assert.deepEqual(
      addresses.map(({ name, scope, address_id }) => ({ name, scope, address_id })),
      [{ name: "Personal Wallet", scope, address_id: added.address_id }],
    );
    assert.deepEqual(
      exchange.executions.map(({ endpoint, method, write }) => [method, endpoint, write]),
      [
        ["GET", "/funding/v1/addresses", false],
        ["POST", "/funding/v1/addresses", true],
        ["GET", "/funding/v1/addresses", false],
      ],
    );
    const stale = String(client.nonce);
    assert.deepEqual(await client.funding("GET", "/funding/v1/addresses", "", { nonce: stale }), { error: ["EAPI:Invalid nonce"] });
    assert.deepEqual(await client.funding("GET", "/funding/v1/addresses", "", { headers: { "API-OTP": "1" } }), {
      error: ["EAPI:Invalid signature"],
    });
    assert.deepEqual(await client.funding("DELETE", `/funding/v1/addresses/${added.address_id}`), { deleted: true });
    const methods = await client.funding("GET", "/funding/v1/methods/withdraw?asset%5Bclass%5D=currency&asset%5Bname%5D=USDC&limit=50");
    assert.deepEqual(
      methods.methods.map(({ asset }) => asset.name),
      ["USDC"],
    );
  });
});

overBoth(describe, "Futures authentication", (open) => {
  async function setUp(t, keyOptions, options) {
    const exchange = new Exchange(options);
    const key = exchange.addKey({ product: "futures", ...keyOptions });
    const way = await open(t, exchange);
    return { exchange, key, client: new Futures(key, way.fetch, way.futures) };
  }

  async function refused({ client, exchange }, error, ...call) {
    const before = exchange.executions.length;
    const answer = await client.call(...call);
    assert.equal(answer.result, "error");
    assert.equal(answer.error, error);
    assert.equal(exchange.executions.length, before);
  }

  test("calls with and without a nonce, with a form or a query, are accepted", async (t) => {
    const { exchange, key, client } = await setUp(t);
    assert.equal((await client.call("GET", "accounts")).result, "success");
    assert.equal((await client.call("GET", "accounts", "", { nonce: null })).result, "success");
    assert.equal((await client.call("GET", "fills", "lastFillTime=2020-07-21T12%3A41%3A52.790Z")).result, "success");
    assert.equal((await client.call("PUT", "leveragepreferences", { symbol: "PF_XBTUSD", maxLeverage: "5" })).result, "success");
    assert.equal(
      (await client.call("PUT", "leveragepreferences", { symbol: "PF_ETHUSD", maxLeverage: "7.5" }, { inQuery: true })).result,
      "success",
    );
    assert.deepEqual((await client.call("GET", "leveragepreferences")).leveragePreferences, [
      { symbol: "PF_XBTUSD", maxLeverage: 5 },
      { symbol: "PF_ETHUSD", maxLeverage: 7.5 },
    ]);
    assert.equal(key.lastNonce, String(client.nonce));
    assert.equal(exchange.executions.filter(({ write }) => write).length, 2);
  });

  test("a wrong key or secret, a Spot key, an expired key and a malformed nonce are an authenticationError", async (t) => {
    const setup = await setUp(t, {}, { now: () => 1_700_000_000_000 });
    const { exchange } = setup;
    const [spot, expired] = [exchange.addKey(), exchange.addKey({ product: "futures", validUntil: 1_600_000_000_000 })];
    await refused(setup, "authenticationError", "GET", "accounts", "", { key: "unknown" });
    await refused(setup, "authenticationError", "GET", "accounts", "", { secret: spot.secret });
    await refused(setup, "authenticationError", "GET", "accounts", "", { key: spot.key, secret: spot.secret });
    await refused(setup, "authenticationError", "GET", "accounts", "", { key: expired.key, secret: expired.secret });
    await refused(setup, "authenticationError", "GET", "accounts", "", { nonce: "soon" });
    await refused(setup, "authenticationError", "POST", "sendorder", { orderType: "mkt" }, { signature: "x" });
    await refused(setup, "notFound", "GET", "nosuchthing");
    assert.equal(setup.key.lastNonce, "0");
  });

  test("nonces that are repeated or too low are rejected by name, except inside the window", async (t) => {
    const setup = await setUp(t);
    assert.equal((await setup.client.call("GET", "accounts", "", { nonce: "100" })).result, "success");
    await refused(setup, "nonceDuplicate", "GET", "accounts", "", { nonce: "100" });
    await refused(setup, "nonceBelowThreshold", "GET", "accounts", "", { nonce: "99" });
    const windowed = setup.exchange.addKey({ product: "futures", nonceWindow: 5n });
    const own = { key: windowed.key, secret: windowed.secret };
    assert.equal((await setup.client.call("GET", "accounts", "", { ...own, nonce: "100" })).result, "success");
    assert.equal((await setup.client.call("GET", "accounts", "", { ...own, nonce: "95" })).result, "success");
    await refused(setup, "nonceBelowThreshold", "GET", "accounts", "", { ...own, nonce: "94" });
    await refused(setup, "nonceDuplicate", "GET", "accounts", "", { ...own, nonce: "95" });
  });

  test("outside /derivatives, errors have status 401 and another form", async (t) => {
    const { client } = await setUp(t);
    assert.equal((await client.call("GET", "/api/history/v2/orders", "count=5")).len, 0);
    const response = await client.send("GET", "/api/history/v2/orders", "count=5", { signature: "x" });
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), { status: "unauthorized", reason: "authenticationError" });
    const bad = await client.send("GET", "/api/history/v2/orders", "count=x");
    assert.equal(bad.status, 400);
    assert.equal((await bad.json()).errors[0].code, "invalidArgument");
    const check = await client.call("GET", "/api/auth/v1/api-keys/v3/check");
    assert.deepEqual(check.permissions, { general: "full", withdrawal: "full" });
    assert.equal(check.apiKey, client.key.key);
  });

  test("access levels limit what a key may call", async (t) => {
    const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "1", limitPrice: "20000" };
    const move = { fromAccount: "cash", toAccount: "flex", unit: "usd", amount: "1" };
    const table = [
      ["none", "none", "insufficientPrivileges", "insufficientPrivileges", "insufficientPrivileges"],
      ["read-only", "none", undefined, "insufficientPrivileges", "insufficientPrivileges"],
      ["full", "none", undefined, undefined, "insufficientPrivileges"],
      ["none", "full", "insufficientPrivileges", "insufficientPrivileges", undefined],
    ];
    for (const [level, withdrawal, read, write, transfer] of table) {
      const { client } = await setUp(t, { level, withdrawal });
      assert.equal((await client.call("GET", "accounts")).error, read);
      assert.equal((await client.call("POST", "orders/status", { orderIds: "x" })).error, read);
      assert.equal((await client.call("POST", "sendorder", order)).error, write);
      assert.equal((await client.call("POST", "transfer", move)).error, transfer);
      assert.equal((await client.call("GET", "/api/auth/v1/api-keys/v3/check")).permissions.general, level);
    }
  });

  test("public endpoints need no key, and the rate limit is apiLimitExceeded", async (t) => {
    const setup = await setUp(t, {}, { rateLimit: { max: 1, decay: 0.1 }, now: () => 0 });
    const response = await setup.client.fetch(`${setup.client.base}/derivatives/api/v3/tickers`);
    assert.equal((await response.json()).result, "success");
    assert.equal((await setup.client.call("GET", "accounts")).result, "success");
    await refused(setup, "apiLimitExceeded", "GET", "accounts");
  });
});
