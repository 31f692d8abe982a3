// What the callers of an object get to see: answers, errors, and nothing of its key.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { later, nonces, open, openExchange, order, placed, refused, rising, until } from "./helper.mjs";

const place = await openExchange({ after });
const { exchange, bindings } = place;
const worker = await open({ after }, place);
const answers = [];
const ask = async (method, parameters, question) => {
  const answer = await worker.ask({ method, parameters, ...question });
  answers.push(JSON.stringify(answer));
  return answer;
};
const face = { face: "spot" };
const future = { object: "FUTURES_KEY", name: "futures" };

test("answers are those of the clients", async () => {
  const { value: balance } = await ask("call", ["Balance"]);
  assert.equal(balance.XXBT, "100000.0000000000");
  assert.deepEqual((await ask("call", ["Balance"], face)).value, balance);
  const { value: key } = await ask("check");
  assert.deepEqual([key.works, key.nonceWindow], [true, "0"]);
  const { value: addresses } = await ask("request", ["GET", "/funding/v1/addresses", { query: { asset: "XBT" } }], face);
  assert.ok(addresses);
  const { value: report } = await ask("call", ["AddExport", { report: "trades", description: "all" }]);
  const { value: zip } = await ask("call", ["RetrieveExport", { id: report.id }], face);
  assert.deepEqual(
    [zip[0], zip[1]],
    [..."PK"].map((letter) => letter.charCodeAt(0)),
  );
  const { value: token } = await ask("get", [], { face: "tokens" });
  assert.deepEqual(
    exchange.tokens.map((one) => one.token),
    [token],
  );
  for (const how of [future, { ...future, face: "futures" }]) {
    assert.equal((await ask("get", ["accounts"], how)).value.result, "success");
    const sent = await ask("post", ["sendorder", { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000 }], how);
    assert.equal(sent.value.sendStatus.status, "placed");
    assert.equal((await ask("put", ["leveragepreferences", { symbol: "PF_XBTUSD", maxLeverage: 5 }], how)).value.result, "success");
    assert.equal((await ask("check", [], how)).value.works, true);
  }
});

describe("errors", () => {
  const unknown = { code: "ERR_UNKNOWN_OUTCOME", endpoint: "AddOrder", name: "UnknownOutcomeError" };
  let ids = 0;
  /** What is injected, what is called, and what its caller catches, of a cause perhaps. */
  const CASES = [
    [
      "refused: ApiError with Kraken's words, kind and hint",
      { fault: "error", error: "EGeneral:Permission denied" },
      ["call", ["Balance"]],
      {
        name: "ApiError",
        code: "ERR_API",
        kind: "permission",
        errors: ["EGeneral:Permission denied"],
        endpoint: "Balance",
        retryable: false,
        hint: "The key lacks a permission, or this address is not on its allowlist. `check()` shows what the key may do.",
      },
    ],
    [
      "refused in part: ApiError with the result",
      undefined,
      [
        "call",
        [
          "AddOrderBatch",
          {
            pair: "XBTUSD",
            orders: ["1", "99999999999"].map((volume) => ({ type: "buy", ordertype: "limit", price: "30000", volume })),
          },
        ],
      ],
      { name: "ApiError", kind: "order", endpoint: "AddOrderBatch", errors: ["EOrder:Insufficient funds"] },
    ],
    ["carried out, answer lost", { fault: "reset", when: "after" }, ["order"], unknown, { name: "NetworkError", code: "ERR_NETWORK" }],
    ["lost on its way", { fault: "reset", when: "before" }, ["order"], unknown, { name: "NetworkError", code: "ERR_NETWORK" }],
    [
      "a proxy's page",
      { fault: "html", when: "after", status: 502 },
      ["order"],
      unknown,
      { name: "HttpError", code: "ERR_HTTP", status: 502 },
    ],
    ["half an answer", { fault: "truncated" }, ["order"], unknown, { name: "ResponseError", code: "ERR_RESPONSE" }],
    [
      "no answer in time",
      { fault: "delay", when: "after", ms: 1000 },
      ["order", { timeout: 300 }],
      unknown,
      { name: "TimeoutError", code: "ERR_TIMEOUT", message: "AddOrder: no answer within 300 ms." },
    ],
    ["never sent", undefined, ["call", ["Add/", {}]], { name: "InvalidRequestError", code: "ERR_INVALID_REQUEST" }],
    [
      "no answer to a read",
      { fault: "delay", when: "after", ms: 1000 },
      ["call", ["Balance", {}, { timeout: 300 }]],
      { name: "TimeoutError" },
    ],
  ];
  for (const [what, fault, how, expected, cause] of CASES)
    for (const through of [{}, face])
      test(`${what}${through.face ? ", as an instance of its class" : ""}`, async () => {
        const id = `id-${++ids}`;
        const [method, parameters] = how[0] === "call" ? how : ["call", ["AddOrder", order(id), how[1] ?? {}]];
        if (fault) exchange.inject({ ...fault, endpoint: parameters[0] });
        const { error } = await ask(method, parameters, through);
        const { length } = placed(exchange).filter((one) => one === id);
        assert.ok(length <= 1);
        const seen = (error, expected) => Object.fromEntries(Object.keys(expected).map((name) => [name, error?.[name]]));
        assert.deepEqual(seen(error, expected), expected);
        assert.equal(error.type, through.face && expected.name);
        if (cause) {
          assert.deepEqual([error.clientOrderId, error.message.includes(id)], [id, true]);
          assert.match(error.nonce, /^\d{13}$/);
          assert.deepEqual(seen(error.cause, cause), cause);
          assert.equal(error.cause.type, through.face && cause.name);
        }
        if (error.kind === "order") assert.equal(error.result.orders.length, 2);
      });

  test("Futures: a rejection and an unknown outcome are instances of their classes", async () => {
    const sent = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000, cliOrdId: "mine" };
    const how = { ...future, face: "futures" };
    const { error: no } = await ask("post", ["sendorder", { ...sent, symbol: "none" }], how);
    assert.equal(no.type, "ApiError");
    assert.ok(no.kind && no.errors.length);
    exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
    const { error } = await ask("post", ["sendorder", sent], how);
    assert.deepEqual([error.type, error.clientOrderId, error.cause.type], ["UnknownOutcomeError", "mine", "NetworkError"]);
    assert.equal(placed(exchange).filter((id) => id === "mine").length, 1);
  });

  test("the report on a key that does not work contains an ApiError", async () => {
    exchange.inject({ fault: "error", error: "EAPI:Invalid key" });
    const { value, error } = await ask("check", [], face);
    assert.deepEqual([value.works, error.type, error.kind], [false, "ApiError", "key"]);
  });

  test("options that an object does not take are refused before anything is sent, and said to be so", async () => {
    for (const [through, options] of [
      [face, { aborted: true }],
      [face, { aborted: {} }],
      [{}, { aborted: "no" }],
      [{}, null],
      [{}, "text"],
    ]) {
      const before = exchange.requests.length;
      const { error } = await ask("call", ["AddOrder", order("options"), options], through);
      assert.deepEqual([error.code, error.type], ["ERR_INVALID_REQUEST", through.face && "InvalidRequestError"], error.message);
      assert.equal(exchange.requests.length, before);
    }
    assert.equal((await ask("check", [null])).error.code, "ERR_INVALID_REQUEST");
  });

  test("values that cannot be passed on are refused before anything is sent", async () => {
    const before = exchange.requests.length;
    const odd = { ...order("odd"), price: "<symbol>" };
    const { error: plain } = await ask("call", ["AddOrder", odd]);
    assert.equal(plain.name, "DataCloneError");
    const { error: signal } = await ask("call", ["AddOrder", order("signal"), {}], { abort: 100 });
    assert.equal(signal.name, "DataCloneError", "without its face an object takes no signal");
    const { error } = await ask("call", ["AddOrder", odd], face);
    assert.equal(error.type, "InvalidRequestError");
    assert.equal(exchange.requests.length, before);
  });
});

describe("a signal", () => {
  const slow = () => exchange.inject({ fault: "delay", when: "after", ms: 3000 });

  test("that is aborted before the call: nothing is sent", async () => {
    const before = exchange.requests.length;
    const { error } = await ask("call", ["AddOrder", order("never"), {}], { ...face, abort: 0 });
    assert.deepEqual([error.message, exchange.requests.length], ["enough", before]);
  });

  test("that aborts while the call waits: it leaves the queue and is not sent", async () => {
    slow();
    let answered = false;
    const first = ask("call", ["Balance"]).then(() => (answered = true));
    await later(200);
    const { error } = await ask("call", ["AddOrder", order("waiting"), {}], { ...face, abort: 200 });
    assert.deepEqual([error.message, answered], ["enough", false]);
    await first;
    await ask("call", ["Balance"]);
    assert.ok(!placed(exchange).includes("waiting"));
  });

  test("that aborts while Kraken works: a read ends, and an order has an unknown outcome", async () => {
    slow();
    const { error } = await ask("call", ["Balance", {}, {}], { ...face, abort: 200 });
    assert.equal(error.message, "enough");
    slow();
    const { error: unknown } = await ask("call", ["AddOrder", order("cut"), {}], { ...face, abort: 200 });
    assert.deepEqual([unknown.type, unknown.clientOrderId, unknown.cause.message], ["UnknownOutcomeError", "cut", "enough"]);
    assert.match(unknown.nonce, /^\d{13}$/);
  });
});

describe("a caller that is gone", () => {
  test("while Kraken works: the call continues, and the next ones follow it", async () => {
    exchange.inject({ fault: "delay", when: "before", ms: 1500 });
    const first = worker.begin({ method: "call", parameters: ["AddOrder", order("orphan"), {}], ...face, abort: 60_000 });
    await later(300);
    const rest = Array.from({ length: 20 }, () => ask("call", ["Balance"]));
    await later(200);
    first.cancel();
    assert.equal(await first.done, "cancelled");
    for (const { error } of await Promise.all(rest)) assert.equal(error, undefined);
    assert.equal(placed(exchange).filter((id) => id === "orphan").length, 1);
  });

  test("while others wait: they do not wait for it", async () => {
    exchange.inject({ fault: "delay", when: "before", ms: 1500 });
    const slow = ask("call", ["Balance"]);
    await later(200);
    const gone = Array.from({ length: 10 }, () => worker.begin({ method: "call", parameters: ["Balance"] }));
    await later(200);
    for (const { cancel } of gone) cancel();
    const outcomes = await Promise.all([slow, ...Array.from({ length: 5 }, () => ask("call", ["Balance"]))]);
    for (const { error } of outcomes) assert.equal(error, undefined);
  });
});

describe("if the connection to the object breaks", () => {
  for (const [method, parameters, type] of [
    ["call", ["AddOrder", order("reset")], "UnknownOutcomeError"],
    ["request", ["POST", "/funding/v1/withdrawals", { body: { asset: "XBT" } }], "UnknownOutcomeError"],
    ["call", ["Balance"], "NetworkError"],
    ["request", ["GET", "/funding/v1/addresses"], "NetworkError"],
  ])
    test(`${method} ${parameters.slice(0, 2).map((one) => one.pair ?? one)}: ${type}`, async () => {
      exchange.inject({ fault: "delay", when: "after", ms: 5000 });
      const before = exchange.executions.length + refused(exchange).length;
      const lost = ask(method, parameters, { ...face, object: "WATCHED" });
      await until(() => exchange.executions.length + refused(exchange).length > before);
      await ask("end", [], { object: "WATCHED" });
      const { error } = await lost;
      assert.equal(error.type, type);
      assert.match((error.cause ?? error).reason, /^ended by a test/);
      if (parameters[1]?.cl_ord_id) assert.deepEqual([error.clientOrderId, error.nonce], ["reset", ""]);
    });
});

test("if errors would lose everything but their message, nothing is called", async (t) => {
  const compatibilityDate = "2026-04-20";
  const old = await open(t, place, { compatibilityDate });
  const flagged = await open(t, place, { compatibilityDate, flags: ["enhanced_error_serialization"] });
  for (const through of [{}, face]) {
    const question = { method: "call", parameters: ["AddOrder", { pair: "none" }], ...through };
    const before = exchange.requests.length;
    const { error } = await old.ask(question);
    assert.match(error.message, /^Set compatibility_date to 2026-04-21/);
    assert.equal(exchange.requests.length, before);
    assert.equal((await flagged.ask(question)).error.kind, "arguments");
  }
});

describe("the key", () => {
  test("is named by the object, in only one spelling", async () => {
    for (const [name, message] of [
      ["Trading", /lower-case/],
      ["trading-eu", /lower-case/],
      ["nothing", /object "nothing" needs KRAKEN_NOTHING_KEY, but .+ Set it with: wrangler secret put KRAKEN_NOTHING_KEY\.$/],
      [null, /getByName/],
    ]) {
      const { error } = await ask("call", ["Balance"], { name, ...face });
      assert.equal(error.type, "InvalidRequestError");
      assert.match(error.message, message);
    }
  });

  test("with two factors gets codes from a setup key in the environment", async (t) => {
    const { key, secret, setupKey } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
    const own = { KRAKEN_WITH_CODE_KEY: key, KRAKEN_WITH_CODE_SECRET: secret, KRAKEN_WITH_CODE_OTP_SETUP_KEY: setupKey };
    const { call } = await open(t, place, { bindings: own });
    assert.ok("XXBT" in (await call("call", ["Balance"], { name: "with_code" })));
  });

  test("is not revealed by an error of the function for options", async () => {
    const { error } = await ask("call", ["Balance"], { object: "CARELESS", ...face });
    assert.deepEqual([error.type, /not quoted/.test(error.message), error.cause], ["InvalidRequestError", true, undefined]);
    const { value } = await ask("call", ["Balance"], { object: "CARELESS" });
    assert.ok(value, "the next call asks again");
  });

  test("can be used only through the methods of the object", async () => {
    for (const method of ["env", "ctx", "constructor", "__proto__", "prototype", "open", "#open", "key", "secret", "signer", "toString"]) {
      const { value, error } = await ask(method);
      assert.ok(error || value === "[object DurableObject]", `${method}: ${value}`);
    }
  });

  test("no answer, error or stack contains a part of the secret", () => {
    const { KRAKEN_TRADING_SECRET: spot, KRAKEN_FUTURES_SECRET: futures } = bindings;
    assert.ok(answers.length > 50);
    const said = answers.join("\n");
    for (const secret of [spot, futures])
      for (let at = 0; at + 16 <= secret.length; at++) assert.ok(!said.includes(secret.slice(at, at + 16)));
  });
});

test("during all of these tests, nonces only increased, and none was rejected", () => {
  for (const key of [bindings.KRAKEN_TRADING_KEY, bindings.KRAKEN_FUTURES_KEY]) {
    const own = nonces({ executions: exchange.executions.filter((one) => one.key === key) });
    assert.ok(own.length > 5 && rising(own), key);
  }
  assert.ok(!refused(exchange).some((error) => /nonce/i.test(error)));
});
