// The steps of a call, each alone: no network, no clock, no chance.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSource } from "../harness/sources.mjs";

const { nextAttempt } = await loadSource("rest/retry");
const { chooseCredential } = await loadSource("rest/key-set");
const { nearest, described } = await loadSource("checks");
const { hintFor } = await loadSource("rest/answer/hints");
const { apiError } = await loadSource("rest/answer/api-error");
const { deadlineIn, permits } = await loadSource("rest/endpoint");

/** An attempt to read that failed, as far as the policy looks at it. */
const failed = (also = {}) => ({ write: false, status: 503, kind: undefined, retryAfter: undefined, ...also });
const progress = (also = {}) => ({ attempt: 1, retries: 2, nonceRetried: false, remaining: 30_000, random: 0, ...also });
const pauseOf = (attempt, how) => nextAttempt(failed(attempt), progress(how))?.pause;

test("a call that changes something is never sent again, whatever happens", () => {
  for (const status of [undefined, 0, 200, 302, 408, 429, 500, 503])
    for (const kind of [undefined, "rate-limit", "unavailable", "nonce", "other"])
      assert.equal(nextAttempt(failed({ write: true, status, kind }), progress()), undefined);
});

test("a read is sent again after a temporary failure", () => {
  const repeated = (status) => pauseOf({ status }) !== undefined;
  assert.deepEqual(
    [undefined, 200, 302, 408, 429, 500, 502, 503, 504].filter((status) => !repeated(status)),
    [],
  );
  assert.deepEqual([400, 401, 403, 404, 413].filter(repeated), []);
});

test("Kraken's error strings take precedence over the HTTP status", () => {
  assert.equal(pauseOf({ status: 503, kind: "permission" }), undefined);
  assert.equal(pauseOf({ status: 200, kind: "unavailable" }), 500);
  assert.equal(pauseOf({ status: 200, kind: "rate-limit" }), 500);
  for (const kind of ["key", "signature", "otp", "expired", "lockout", "arguments", "order", "other"])
    assert.equal(pauseOf({ kind }), undefined);
});

test("pauses double, and are shortened at random by up to a half", () => {
  const pauses = [1, 2, 3].map((attempt) => pauseOf({}, { attempt, retries: 5, random: 1 }));
  assert.deepEqual(pauses, [1000, 2000, 4000]);
  assert.deepEqual(
    [1, 2, 3].map((attempt) => pauseOf({}, { attempt, retries: 5, random: 0 })),
    [500, 1000, 2000],
  );
});

test("a call is retried as often as configured, but only while there is time", () => {
  assert.equal(pauseOf({}, { retries: 0 }), undefined);
  assert.equal(pauseOf({}, { attempt: 2, retries: 2 }), 1000);
  assert.equal(pauseOf({}, { attempt: 3, retries: 2 }), undefined);
  assert.equal(pauseOf({}, { remaining: 500 }), undefined);
  assert.equal(pauseOf({ retryAfter: 7000 }), 7000);
  assert.equal(pauseOf({ retryAfter: 7000 }, { remaining: 6000 }), undefined);
});

test("a rejected nonce is replaced once, immediately, even without retries", () => {
  assert.deepEqual(nextAttempt(failed({ kind: "nonce" }), progress({ retries: 0 })), { pause: 0, forNonce: true });
  assert.equal(nextAttempt(failed({ kind: "nonce" }), progress({ nonceRetried: true })), undefined);
});

test("the least privileged key that can make a call is chosen", () => {
  const unused = { calls: 0, lastCall: 0, setAside: new Map() };
  const reads = { ...unused, key: "reads", use: "read", permissions: ["query-funds"] };
  const trades = { ...unused, key: "trades", use: "write", permissions: ["query-funds", "modify-trades"] };
  const all = { ...unused, key: "all", use: "any", permissions: undefined };
  const chosen = (write, permissions, keys = [all, trades, reads]) => chooseCredential(keys, { endpoint: "X", write, permissions }).key;
  assert.equal(chosen(false, "query-funds"), "reads");
  assert.equal(chosen(false, "query-ledger"), "all");
  assert.equal(chosen(true, "modify-trades"), "trades");
  assert.equal(chosen(true, "withdraw-funds", [trades, all]), "all");
  assert.throws(() => chosen(true, "modify-trades", [reads]), { message: /X changes something, but every configured key/ });
  assert.throws(() => chosen(false, "", []), { message: /X is a private endpoint/ });
});

test("required permissions can be any of some, all of some, or none", () => {
  assert.equal(permits([], ""), true);
  assert.equal(permits(["a"], "a|b"), true);
  assert.equal(permits(["a"], "a&b"), false);
  assert.equal(permits(["c", "d"], "a|c&d"), true);
});

test("a deadline is computed only if the order has none, and refused where the endpoint takes none", () => {
  const endpoint = { deadline: "deadline" };
  assert.equal(deadlineIn(endpoint, {}, 5000), 5000);
  assert.equal(deadlineIn(endpoint, { deadline: "2026-11-28T12:00:00Z" }, 5000), undefined);
  assert.equal(deadlineIn({}, {}, undefined), undefined);
  assert.throws(() => deadlineIn({}, {}, 5000), { name: "InvalidRequestError", message: /takes none/ });
  assert.equal(deadlineIn(endpoint, {}, undefined), undefined);
});

test("the nearest known name is found for a misspelled one", () => {
  const names = ["Balance", "BalanceEx", "AddOrder", "Time", "OHLC"];
  const pairs = { balance: "Balance", Balnace: "Balance", add_order: "AddOrder", AdOrder: "AddOrder", Tme: "Time", ohlc: "OHLC" };
  for (const [written, meant] of Object.entries(pairs)) assert.equal(nearest(written, names), meant, written);
  for (const other of ["", "T", "Trades", "BalanceV2", "OHLC2", "Withdraw", "CreateOtcQuoteRequest", "x".repeat(500)])
    assert.equal(nearest(other, names), undefined, other);
});

test("a value is described without being shown", () => {
  const cases = [
    [undefined, "undefined"],
    [null, "null"],
    ["", "an empty string"],
    ["secret", "a string"],
    [[], "an array"],
    [{}, "an object"],
    [new Map(), "an instance of Map"],
    [() => {}, "a function"],
    [Proxy.revocable({}, {}).proxy, "an object"],
  ];
  for (const [value, words] of cases) assert.equal(described(value), words);
});

test("an error contains Kraken's error strings, a hint, and the rows that were carried out", () => {
  const known = { product: "spot", keyLength: 56, secretLength: 64, unit: "ms", attempts: 1 };
  assert.equal(hintFor("order", known), "");
  assert.match(hintFor("key", { ...known, keyLength: 55 }), /It has 55 characters; Kraken's have 56/);
  assert.match(hintFor("signature", { ...known, secretLength: 63 }), /^The secret has 63 bytes; Kraken's have 64/);
  const outcome = { outcome: "rejected", errors: ["EOrder:Insufficient funds"], kind: "order", done: [0, 2], result: { orders: [] } };
  const error = apiError("AddOrderBatch", outcome, known, { write: true });
  assert.equal(error.message, "AddOrderBatch: EOrder:Insufficient funds. Rows 0, 2 were carried out, 1 was not: see `result`.");
  assert.deepEqual([error.code, error.retryable, error.done], ["ERR_API", false, [0, 2]]);
});
