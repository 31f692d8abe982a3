import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange({ lockout: { attempts: Infinity } });
const fetch = exchange.fetch;
const settings = { fetch, retries: 0 };
const spot = new SpotClient({ ...exchange.addKey(), ...settings });
const futures = new FuturesClient({ ...exchange.addKey({ product: "futures" }), ...settings });

async function caught(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "no error" });
}

/** Kinds about which nothing can be said that Kraken's own words do not say. */
const WITHOUT_HINT = ["arguments", "order", "funding", "other"];
/** Errors about the call itself that say less than they could. */
const HINTED = /^(EGeneral:(Invalid arguments:volume|Unknown method)|EQuery:Unknown asset pair|notFound|contractNotFound)$/;
const hasNoHint = (kind, text) => WITHOUT_HINT.includes(kind) && !HINTED.test(text);

test("every error string of the protocol has a kind, and a hint if there is advice", async (t) => {
  const kinds = {
    key: ["EAPI:Invalid key"],
    signature: ["EAPI:Invalid signature"],
    nonce: ["EAPI:Invalid nonce"],
    token: ["EAPI:Invalid token", "ESession:Invalid session"],
    permission: ["EGeneral:Permission denied", "EGeneral:Permission denied:new extra"],
    expired: ["EGeneral:Permission denied:expired"],
    lockout: ["EGeneral:Temporary lockout"],
    arguments: [
      "EAPI:Bad request",
      "EGeneral:Invalid arguments",
      "EGeneral:Invalid arguments:volume",
      "EQuery:Unknown asset pair",
      "EQuery: Unknown asset",
    ],
    otp: ["EGeneral:Invalid arguments:otp"],
    "rate-limit": [
      "EAPI:Rate limit exceeded",
      "EGeneral:Too many requests",
      "EAuth:Rate limit exceeded",
      "EAuth:Too many requests",
      "EService:Throttled",
      "EService:Throttled: 1700000000",
      "EOrder:Rate limit exceeded",
      "EOrder:Domain rate limit exceeded",
    ],
    unavailable: [
      "EService:Unavailable",
      "EService: Busy",
      "EGeneral:Internal error",
      "EGeneral:Internal error:7",
      "EDatabase:Internal error",
      "EService:Deadline elapsed",
    ],
    market: ["EService:Market in cancel_only mode", "EService:Market in post_only mode", "EService: Market in limit_only mode"],
    account: [
      "EAuth:Account temporary disabled",
      "EAuth:Account unconfirmed",
      "EAuth:Failed",
      "EAccount:Invalid permissions",
      "ETrade:User Locked",
      "ETrade:Invalid request",
    ],
    order: ["EOrder:Insufficient funds", "EOrder:Unknown order"],
    funding: ["EFunding:Unknown withdraw key", "EBM:limit exceeded", "EEarnings:Below min"],
    other: ["ENew:Never seen", "strange"],
  };
  for (const [kind, errors] of Object.entries(kinds))
    for (const text of errors)
      await t.test(text, async () => {
        exchange.inject({ fault: "error", error: text, times: 2 });
        const error = await caught(spot.call("Balance"));
        exchange.clearFaults();
        assert.deepEqual(
          [error.name, error.kind, error.errors, error.endpoint, error.code],
          ["ApiError", kind, [text], "Balance", "ERR_API"],
        );
        assert.equal(error.hint === "", hasNoHint(kind, text), error.hint);
        assert.ok(error.hint === "" || /^[A-Z].*\.$/.test(error.hint), "full sentences");
        assert.ok(error.message.includes(error.hint) && error.message.includes(text));
        assert.equal(error.retryable, kind === "rate-limit" || kind === "unavailable");
      });
  const names = {
    key: ["authenticationError"],
    account: ["accountInactive", "invalidAccount"],
    "rate-limit": ["apiLimitExceeded"],
    funding: ["insufficientFunds"],
    arguments: [
      "invalidAmount",
      "invalidArgument",
      "invalidUnit",
      "Json Parse Error",
      "notFound",
      "requiredArgumentMissing",
      "contractNotFound",
    ],
    market: ["marketUnavailable"],
    nonce: ["nonceBelowThreshold", "nonceDuplicate"],
    unavailable: ["Server Error", "Unavailable", "unknownError"],
    permission: ["insufficientPrivileges"],
  };
  for (const [kind, errors] of Object.entries(names))
    for (const text of errors)
      await t.test(`Futures ${text}`, async () => {
        exchange.inject({ fault: "error", error: text, times: 2 });
        const error = await caught(futures.get("accounts"));
        assert.deepEqual([error.kind, error.errors], [kind, [text]]);
        exchange.clearFaults();
        exchange.inject({ fault: "error", error: text, times: 2 });
        assert.equal((await caught(futures.get("/api/history/v2/orders"))).kind, kind);
        exchange.clearFaults();
      });
});

test("several errors are all reported, and warnings are not errors", async () => {
  exchange.inject({ fault: "body", body: '{"error":["WGeneral:Careful"],"result":{"ok":1}}' });
  assert.deepEqual(await spot.call("Balance"), { ok: 1 });
  exchange.inject({ fault: "body", body: '{"error":["WGeneral:Careful","EOrder:Insufficient funds","EQuery:No"]}' });
  assert.deepEqual((await caught(spot.call("AddOrder"))).errors, ["EOrder:Insufficient funds", "EQuery:No"]);
  exchange.inject({ fault: "body", body: '{"error":["EOrder:Insufficient funds","EService:Unavailable"]}' });
  assert.equal((await caught(spot.call("AddOrder"))).name, "UnknownOutcomeError");
});

test("a call that may have been carried out is never called safe to repeat", async () => {
  const bodies = ['{"error":["EService:Throttled: 1700000000"]}', '{"error":["EAPI:Rate limit exceeded","ENew:Never seen"]}'];
  for (const body of bodies) {
    exchange.inject({ fault: "body", body });
    const { name, cause } = await caught(spot.call("AddOrder"));
    assert.deepEqual([name, cause.kind, cause.retryable], ["UnknownOutcomeError", "rate-limit", false], body);
  }
  exchange.inject({ fault: "body", body: '{"error":["EAPI:Rate limit exceeded"]}' });
  const { name, retryable } = await caught(spot.call("AddOrder"));
  assert.deepEqual([name, retryable], ["ApiError", true]);
});

test("every form of a Futures rejection is recognized", async () => {
  for (const [body, status, kind, text] of [
    ['{"status":"unauthorized","reason":"who are you"}', 401, "key", "who are you"],
    ['{"errors":[{"code":98,"message":"nonceDuplicate"}]}', 400, "nonce", "nonceDuplicate"],
    ['{"result":"error"}', 200, "unavailable", "unknownError"],
  ]) {
    exchange.inject({ fault: "body", body, status, times: 2 });
    const error = await caught(futures.get("accounts"));
    assert.deepEqual([error.kind, error.errors[0]], [kind, text]);
    exchange.clearFaults();
  }
});

test("hints use the client's settings", async (t) => {
  const key = exchange.addKey({ otp: { password: "x" } });
  const plain = exchange.addKey();
  const open = (options) => new SpotClient({ ...plain, ...settings, ...options });
  const hint = async (client, kind) => {
    const error = await caught(client.call("Balance"));
    assert.equal(error.kind, kind);
    return error.hint;
  };
  await t.test("2FA and no OTP", async () =>
    assert.match(await hint(new SpotClient({ key: key.key, secret: key.secret, ...settings }), "signature"), /needs the option `otp`/),
  );
  await t.test("an OTP, wrong or superfluous", async () => {
    assert.match(
      await hint(open({ otp: new Totp("JBSWY3DPEHPK3PXP") }), "signature"),
      /one-time password is wrong or was used before, the key has no two-factor/,
    );
    assert.match(
      await hint(new SpotClient({ ...key, otp: { password: "y" }, ...settings }), "signature"),
      /one-time password is wrong, the key has no two-factor/,
    );
  });
  await t.test("each API has its own endpoints that show the state of a market", async () => {
    const rejects = (answer) => ({ ...plain, fetch: async () => Response.json(answer) });
    const onSpot = rejects({ error: ["EService:Market in post_only mode"] });
    const spot = await caught(new SpotClient(onSpot).call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" }));
    assert.match(spot.hint, /SystemStatus and AssetPairs show/);
    const onFutures = rejects({ result: "success", sendStatus: { status: "marketSuspended" } });
    const order = { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 };
    const futures = await caught(new FuturesClient(onFutures).post("sendorder", order));
    assert.equal(futures.kind, "market");
    assert.match(futures.hint, /`instruments\/status` and `tickers` show/);
  });
  await t.test("a client order id that an open order has may be that of another order", async () => {
    const answer = { error: ["EGeneral:Invalid arguments:cl_ord_id not unique"] };
    const client = new SpotClient({ ...plain, fetch: async () => Response.json(answer) });
    const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", cl_ord_id: "mine" };
    const { hint } = await caught(client.call("AddOrder", order));
    assert.match(hint, /^An open order has this client order id\. If it is the same order/);
    assert.doesNotMatch(hint, /was placed before, by/);
  });
  await t.test("a Futures key on Spot, a Spot key on Futures", async () => {
    const other = exchange.addKey({ product: "futures" });
    assert.match(await hint(new SpotClient({ ...other, ...settings }), "key"), /belongs to Kraken Futures/);
    const error = await caught(new FuturesClient({ key: plain.key, secret: plain.secret, ...settings }).get("accounts"));
    assert.match(error.hint, /belongs to Kraken Spot/);
  });
  await t.test("a key of another length", async () =>
    assert.match(await hint(open({ key: "abc" }), "key"), /It has 3 characters; Kraken's have 56/),
  );
  await t.test("key and secret swapped, also with the line's end that files have", () => {
    for (const secret of [plain.key, `${plain.key}\n`, ` ${plain.key} `])
      assert.throws(() => open({ key: plain.secret, secret }), { name: "InvalidSecretError", message: /swapped/ });
  });
});

const limit = { ordertype: "limit", type: "buy", price: 30000, volume: "0.1" };

test("failed rows inside a success are errors, with the whole result", async () => {
  const error = await caught(spot.call("AddOrderBatch", { pair: "XBTUSD", orders: [limit, { ...limit, volume: "99999999" }] }));
  assert.equal(error.name, "ApiError", error.stack);
  assert.equal(error.kind, "order");
  assert.equal(error.result.orders.length, 2);
  assert.ok(error.result.orders[0].txid && error.errors.length === 1 && !error.retryable);
  assert.deepEqual(error.done, [0]);
  assert.match(error.message, /Row 0 was carried out, 1 was not/);
  const batch = await caught(
    futures.post("batchorder", {
      batchOrder: [
        { order: "send", order_tag: "1", orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 20000 },
        { order: "cancel", order_id: "none" },
      ],
    }),
  );
  assert.deepEqual([batch.errors, batch.done, batch.result.batchStatus.length], [["notFound"], [0], 2]);
  const post = await caught(futures.post("sendorder", { orderType: "ioc", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 9 }));
  assert.deepEqual([post.name, post.kind, post.result], ["ApiError", "order", undefined]);
  assert.equal((await caught(futures.post("cancelorder", { order_id: "none" }))).errors[0], "notFound");
});

test("Futures answers with a success are results", async () => {
  const placed = await futures.post("sendorder", {
    orderType: "lmt",
    symbol: "PF_XBTUSD",
    side: "buy",
    size: 1,
    limitPrice: 30000,
  });
  assert.equal(placed.sendStatus.status, "placed");
  const id = placed.sendStatus.order_id;
  assert.equal((await futures.post("editorder", { orderId: id, size: 2 })).editStatus.status, "edited");
  assert.equal((await futures.post("cancelorder", { order_id: id })).cancelStatus.status, "cancelled");
  await futures.post("cancelallorders");
  assert.equal((await futures.post("orders/status", { orderIds: [id] })).result, "success");
});

test("RetrieveExport returns bytes", async () => {
  const { id } = await spot.call("AddExport", { report: "trades", description: "all", fields: ["all"], starttm: new Date(0) });
  const zip = await spot.call("RetrieveExport", { id });
  assert.ok(zip instanceof Uint8Array);
  assert.deepEqual([...zip.subarray(0, 2)], [0x50, 0x4b]);
  assert.equal((await caught(spot.call("RetrieveExport", { id: "none" }))).name, "ApiError");
  for (const body of ["<html>", "", "{}"]) {
    exchange.inject({ fault: "body", body });
    assert.equal((await caught(spot.call("RetrieveExport", { id }))).name, "ResponseError");
  }
});
