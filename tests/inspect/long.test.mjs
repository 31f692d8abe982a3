// Long bodies: the search does a limited amount of work, tries the likeliest mistakes first, and says so if it was stopped.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { investigate } from "kraken-signer/inspect";
import { SECRET } from "./templates.mjs";

const nonce = "1616492376594";
const numbers = (count) => Array.from({ length: count }, (_, at) => at);
const orders = numbers(15).map((at) => ({
  ordertype: "limit",
  price: String(40000 + at),
  type: "buy",
  volume: "1.2",
  cl_ord_id: `order ${at}`,
}));
const BATCH = JSON.stringify({ nonce, pair: "XBTUSD", orders });
const FORM = `nonce=${nonce}&pair=XBTUSD&${orders
  .flatMap((order, at) => Object.entries(order).map(([name, value]) => `orders[${at}][${name}]=${encodeURIComponent(value)}`))
  .join("&")}`;
const TEXT = `nonce=${nonce}&note=${"abc%20/d".repeat(25_000)}`;
const FIELDS = `nonce=${nonce}&${numbers(1000)
  .map((at) => `field${at}=value${at}%20x`)
  .join("&")}`;
const MEMBERS = JSON.stringify({ nonce, list: numbers(40_000) });

/** The right Spot signature, some steps of it replaced. */
function sign(body, { path = "/0/private/AddOrderBatch", hashed = nonce + body, key = Buffer.from(SECRET, "base64") } = {}) {
  return createHmac("sha512", key).update(path).update(createHash("sha256").update(hashed).digest()).digest("base64");
}
const ask = (body, signature, more) =>
  investigate({ api: "spot", secret: SECRET, path: "/0/private/AddOrderBatch", nonce, body, signature, ...more })[0];

test("a search in a long body ends after a limited amount of work, and does not say that all combinations were tried", () => {
  for (const body of [FORM, TEXT, FIELDS, MEMBERS, randomBytes(200_000)]) {
    const before = process.cpuUsage();
    const { kind, explanation, fix, tried } = ask(body, randomBytes(64).toString("base64"));
    const { user, system } = process.cpuUsage(before);
    assert.equal(kind, "unexplained");
    assert.match(explanation, /The body is so long that the search was stopped early/);
    assert.match(fix, /^Sign a short request with the same program/);
    assert.ok(tried > 100, String(tried));
    // About a second on a slow machine. Without a limit, it would be minutes.
    assert.ok(user + system < 8e6, `${user + system} µs for ${body.length} bytes`);
  }
});

test("a search in a usual order is not stopped", () => {
  for (const body of [`nonce=${nonce}`, `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`, BATCH.slice(0, 0)]) {
    const { explanation } = ask(body, randomBytes(64).toString("base64"));
    assert.match(explanation, /^None of \d+ combinations of up to 3 known mistakes produces this signature\.$/);
  }
});

test("the likeliest mistakes are found in long bodies, too", () => {
  for (const body of [FORM, TEXT, FIELDS, MEMBERS]) {
    assert.equal(ask(body, sign(body)).kind, "right");
    for (const [mistakes, changed] of [
      [["secret-as-text"], { key: SECRET }],
      [["nonce-missing"], { hashed: body }],
      [["trailing-newline"], { hashed: `${nonce}${body}\n` }],
      [["path-without-version"], { path: "/private/AddOrderBatch" }],
      [["nonce-taken-twice"], { hashed: `${Number(nonce) + 4}${body}` }],
    ])
      assert.deepEqual(ask(body, sign(body, changed)).mistakes, mistakes);
  }
  for (const [body, mistakes, changed] of [
    [FORM, ["body-decoded", "trailing-newline"], { hashed: `${nonce}${decodeURIComponent(FORM)}\n` }],
    [FORM, ["secret-as-text", "nonce-missing"], { key: SECRET, hashed: FORM }],
    [FORM, ["nonce-taken-twice"], { hashed: `${Number(nonce) + 700}${FORM}` }],
    [FIELDS, ["parameters-added-after-signing"], { hashed: nonce + FIELDS.slice(0, FIELDS.lastIndexOf("&")) }],
    [BATCH, ["secret-as-text", "json-spacing"], { key: SECRET, hashed: nonce + BATCH.replace(/(?<=[,:])(?=["[{])/g, " ") }],
  ])
    assert.deepEqual(ask(body, sign(body, changed)).mistakes, mistakes);
});

test("parameters that differ between long bodies are listed up to a number", () => {
  const sent = `nonce=${nonce}`;
  const findings = investigate({
    ...{ api: "spot", secret: SECRET, path: "/0/private/AddOrderBatch", nonce, signature: sign(FIELDS) },
    ...{ body: FIELDS, sent: { body: sent } },
  });
  assert.equal(findings[0].kind, "right");
  assert.match(findings[1].explanation, /Only signed: field0, .*, field19, and more\.$/);
});
