// An object with `rateLimit` counts the calls of all Workers together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { numbered, open, openExchange, refused } from "./helper.mjs";

const limited = { object: "LIMITED", face: "spot" };

test("many Workers share the limits of an object's key, and nothing is rejected", { timeout: 120_000 }, async (t) => {
  const limits = { max: 10, decay: 10, trading: { max: 10, decay: 10 } };
  const place = await openExchange(t, { rateLimit: limits });
  const { ask, callers } = await open(t, place, { callers: 4, bindings: { LIMITS: JSON.stringify(limits) } });
  const jobs = [
    ["call", "Balance"],
    ["call", "AddOrder", numbered("#")],
    ["call", "Ledgers"],
    ["call", "CancelOrder", { txid: "OAAAAA-BBBBB-CCCCCC" }],
  ];
  const began = Date.now();
  const answers = await Promise.all(
    callers.map((url, i) => ask({ ...limited, load: { calls: 20, concurrency: 5, jobs, first: i * 20 } }, url)),
  );
  const errors = answers.flatMap(({ value }) => value.outcomes.flatMap(({ error }) => error?.errors ?? []));
  // The cancels of an order that does not exist are sent at once, and rejected.
  assert.deepEqual([...new Set(errors)], ["EOrder:Unknown order"]);
  assert.equal(errors.length, 20);
  assert.deepEqual([...new Set(refused(place.exchange))], ["EOrder:Unknown order"]);
  // 60 on the call counter, of which 8 at once, and 10 per second after that.
  assert.ok(Date.now() - began >= 4500, `${Date.now() - began} ms`);
});

test("a call that waits in an object ends with its signal, and a cancel goes ahead", { timeout: 60_000 }, async (t) => {
  const limits = { max: 5, decay: 1e-6, trading: { max: 5, decay: 1e-6 } };
  const place = await openExchange(t);
  const { ask } = await open(t, place, { bindings: { LIMITS: JSON.stringify(limits) } });
  for (let i = 1; i <= 4; i++) await ask({ ...limited, method: "call", parameters: ["AddOrder", numbered(i)] });
  const late = ask({ ...limited, method: "call", parameters: ["AddOrder", numbered(5), {}], abort: 300 });
  const { value } = await ask({ ...limited, method: "call", parameters: ["CancelOrder", { txid: 1 }] });
  assert.deepEqual(value, { count: 1 });
  assert.equal((await late).error.message, "enough");
  assert.deepEqual(
    place.exchange.executions.map(({ endpoint }) => endpoint),
    [...Array(4).fill("AddOrder"), "CancelOrder"],
  );
});
