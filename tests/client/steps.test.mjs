// The steps of a call, each alone: no network, no clock, no chance.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSource, loadSources } from "../harness/sources.mjs";

const { nextAttempt } = await loadSource("rest/retry");
const { chooseCredential } = await loadSource("rest/key-set");
const { nearest, described } = await loadSource("checks");
const { hintFor } = await loadSource("rest/answer/hints");
const { apiError } = await loadSource("rest/answer/api-error");
const { deadlineIn, permits } = await loadSource("rest/endpoint");
const files = ["rest/slot", "rest/call-timer", "rest/http/exchange", "rest/http/body", "rest/attempt"];
const { inSlot, CallTimer, exchange, readBody, judged, freshCode, mayBeOfCopy, behindOf, failedOf } = await loadSources(
  files.map((name) => `export * from "./${name}.ts";`).join(" "),
);

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
  assert.throws(() => deadlineIn({}, {}, 5000), { name: "InvalidRequestError", message: /takes no deadline/ });
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

/** A call that waits for a slot of a lane, which gives it when the test says so. */
function waiting(write = true, otp = undefined) {
  const log = [];
  let give;
  const given = new Promise((resolve) => (give = resolve));
  const lane = {
    unit: "ms",
    async run(send, { prepare, write: isWrite }) {
      log.push(isWrite ? "a write waits" : "a read waits");
      await given;
      await prepare?.();
      log.push("the nonce is taken");
      return await send("1700000000000");
    },
  };
  const timer = new CallTimer("AddOrder", 60_000, undefined);
  const credential = { key: "KEY", lane, otp, secret: { isRead: true, failures: {} } };
  return { log, give, timer, call: { credential, limits: undefined, timer, call: { write } } };
}

test("a call waits for its slot, makes the code, takes the nonce, and does its work, in this order", async () => {
  const codes = { make: async () => (log.push("the code is made"), "123456") };
  const { log, give, timer, call } = waiting(true, codes);
  const done = inSlot(call, async (nonce, otp) => (log.push(`${nonce} ${otp}`), "done"));
  give();
  assert.equal(await done, "done");
  timer.stop();
  assert.deepEqual(log, ["a write waits", "the code is made", "the nonce is taken", "1700000000000 123456"]);
});

test("a call that ends while it waits does no work, even if its slot comes later", async () => {
  const { log, give, timer, call } = waiting(false);
  const done = inSlot(call, async () => log.push("sent"));
  timer.end(new Error("enough"));
  give();
  await assert.rejects(done, { message: "enough" });
  timer.stop();
  assert.ok(!log.includes("sent"), `${log}`);
});

test("a public call needs no slot", async () => {
  const timer = new CallTimer("Time", 60_000, undefined);
  assert.equal(await inSlot({ credential: undefined, limits: undefined, timer, call: { write: false } }, async (nonce) => nonce), "");
  timer.stop();
});

const REQUEST = {
  url: "https://api.kraken.com/0/private/AddOrder",
  method: "POST",
  headers: { "API-Key": "KEY" },
  body: "nonce=1",
  redirect: "manual",
};
const never = new AbortController().signal;

test("a request is sent as it was signed, once, and its whole answer is read", async () => {
  const sent = [];
  const send = async (url, { method, body, redirect, signal }) => {
    sent.push([url, method, redirect, signal === never, typeof body === "string" ? body : "once"]);
    return new Response('{"error":[]}', { status: 503, headers: { "retry-after": "2", date: "Fri, 27 Nov 2026 12:00:00 GMT" } });
  };
  const answer = await exchange(send, REQUEST, never, { write: false });
  assert.deepEqual(sent, [[REQUEST.url, "POST", "manual", true, "nonce=1"]]);
  assert.deepEqual([answer.status, answer.ok, answer.text, answer.retryAfter], [503, false, '{"error":[]}', 2000]);
  assert.ok(Math.abs(answer.answeredAt - Date.UTC(2026, 10, 27, 12)) <= 1000, `${answer.answeredAt}`);
});

test("whether a request was certainly not sent follows from how it failed", async () => {
  const failure = async (thrown, write = true) => {
    const send = () => Promise.reject(thrown);
    const { failure } = await exchange(send, REQUEST, never, { write }).catch((reason) => reason);
    return failure.neverSent;
  };
  const withCode = (code, syscall) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, syscall }) });
  assert.equal(await failure(withCode("ECONNREFUSED", "connect")), true);
  assert.equal(await failure(withCode("ENOTFOUND", "getaddrinfo")), true);
  assert.equal(await failure(withCode("ECONNRESET", "read")), false);
  assert.equal(await failure(new TypeError("Load failed")), false);
});

test("a body is read up to its limit, and not at all beyond", async () => {
  const read = (text, limit) => readBody(new Response(text), { signal: never, limit, file: false, own: false });
  assert.deepEqual(await read("twelve bytes", 12), { text: "twelve bytes" });
  assert.equal((await read("twelve bytes", 11)).text, undefined);
  const { text, bytes } = await readBody(new Response("PK\u0003"), { signal: never, limit: 100, file: true, own: false });
  assert.deepEqual([text, [...bytes]], [undefined, [80, 75, 3]]);
});

test("an answer is judged by what it says, and a file is its own proof", () => {
  const seen = [];
  const call = { isPublic: false, judge: (answer) => (seen.push(answer), { outcome: "done", result: answer.json }) };
  assert.deepEqual(judged(call, { status: 200, text: '{"id":9007199254740993}' }).result, { id: 9007199254740993n });
  assert.equal(judged(call, { status: 200, text: '{"a":1,"a":2}' }).result, undefined, "a name that is there twice proves nothing");
  assert.equal(judged(call, { status: 200, text: undefined }).result, undefined);
  assert.equal(seen.length, 3);
  const bytes = new Uint8Array(2);
  assert.deepEqual(judged(call, { status: 200, bytes }), { outcome: "done", result: bytes });
});

test("a code goes out again only if there is another one", async () => {
  const credential = { otp: { make: async () => "222222" } };
  assert.equal(await freshCode({ credential }, "111111"), "222222");
  assert.equal(await freshCode({ credential }, "222222"), undefined);
  assert.equal(await freshCode({ credential }, undefined), undefined, "the call had none");
});

test("a call counter that is full proves nothing about a write that is counted, because a copy may have filled it", () => {
  const full = (write, weight, ...errors) =>
    mayBeOfCopy({ write, weight, order: {} }, { outcome: { outcome: "rejected", kind: "rate-limit", errors } }, undefined);
  assert.deepEqual(
    [
      full(true, undefined, "EAPI:Rate limit exceeded"),
      full(true, { trading: 1 }, "EGeneral:Too many requests"),
      full(true, undefined, "apiLimitExceeded"),
      full(true, { calls: 0 }, "EGeneral:Too many requests"),
      full(true, { calls: 0 }, "EAPI:Rate limit exceeded", "EAuth:Rate limit exceeded"),
      full(true, { calls: 0 }, "EAPI:Rate limit exceeded"),
      full(true, { trading: 1 }, "EOrder:Rate limit exceeded"),
      full(false, undefined, "EAPI:Rate limit exceeded"),
    ],
    [true, true, true, true, true, false, false, false],
  );
});

test("a rejected code of a write proves nothing, because a copy may have spent it", () => {
  const outcome = { outcome: "rejected", kind: "signature", errors: ["EAPI:Invalid signature"] };
  const spent = (write, otp, isStatic = false) => mayBeOfCopy({ write, order: {} }, { outcome, credential: { otp: { isStatic } } }, otp);
  assert.deepEqual(
    [spent(true, "123456"), spent(false, "123456"), spent(true, undefined), spent(true, "password", true)],
    [true, false, false, false],
  );
});

test("how far this machine's clock is behind follows from the answer, and from how long it took", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
  const behind = (answeredAt, duration) => behindOf({ answeredAt: answeredAt && 1_700_000_000_000 + answeredAt }, duration);
  assert.deepEqual([behind(undefined, 100), behind(5000, 100), behind(-5000, 100)], [undefined, 5000, -4900]);
  assert.equal(behind(-50, 100), 0, "the server may have told the time at any moment of the call");
});

test("a failed attempt tells the policy what the answer said", () => {
  const attempt = (also) => failedOf({ write: false }, { status: 200, retryAfter: undefined, ...also });
  const rejected = (error, kind) => ({ outcome: "rejected", errors: [error], kind });
  assert.deepEqual(attempt({ outcome: rejected("EAPI:Rate limit exceeded", "rate-limit") }), {
    write: false,
    status: 200,
    kind: "rate-limit",
    retryAfter: undefined,
  });
  const soon = Math.floor(Date.now() / 1000) + 5;
  const { retryAfter } = attempt({ outcome: rejected(`EService:Throttled: ${soon}`, "rate-limit") });
  assert.ok(retryAfter > 3000 && retryAfter <= 5000, `${retryAfter}`);
  assert.equal(attempt({ outcome: { outcome: "unknown", errors: [], kind: "other" } }).kind, undefined);
});
