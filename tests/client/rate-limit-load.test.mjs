// Ten thousand calls of a realistic mix against an exchange that enforces the rate limits: none is rejected, and hardly any of what is allowed is left.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("rate-limit.program.mjs", import.meta.url));

/** Kraken's tables, independent of those in the package. */
const LIMITS = { starter: [15, 0.33, 60, 1], intermediate: [20, 0.5, 125, 2.34], pro: [20, 1, 180, 3.75] };
const FREE = ["AddOrder", "CancelOrder"];
const HISTORY = ["Ledgers", "QueryLedgers", "TradesHistory", "QueryTrades"];
const CANCEL = { 5: 8, 10: 6, 15: 5, 45: 4, 90: 2, 300: 1 };
const AMEND = { 5: 3, 10: 2, 15: 1 };
const EDIT = { 5: 6, 10: 5, 15: 4, 45: 2, 90: 1 };
const younger = (table, age) => Number(Object.entries(table).find(([seconds]) => age < seconds * 1000)?.[1] ?? 0);

const PAIRS = ["XBTUSD", "ETHUSD", "SOLUSD"];
/** All spellings of a pair have one counter. */
const SPELLED = { XBTUSD: ["XBTUSD", "XXBTZUSD", "XBT/USD"], ETHUSD: ["ETHUSD", "XETHZUSD"], SOLUSD: ["SOLUSD", "SOL/USD"] };
const named = (pair) => PAIRS.find((one) => SPELLED[one].includes(pair));

/** What each executed call added to which counter, by the exchange's record of times and ids. */
function charges(executions) {
  const orders = new Map();
  const place = (id, pair, time) => orders.set(id, { pair: named(pair), time });
  const close = (id) => {
    const order = orders.get(id);
    orders.delete(id);
    return order;
  };
  return executions.flatMap(({ endpoint, params, result, time }) => {
    const own = FREE.includes(endpoint) ? [] : [["calls", HISTORY.includes(endpoint) ? 2 : 1]];
    const age = (order) => time - order.time;
    const cancel = (ids) =>
      ids.flatMap((id) => (orders.has(id) ? [close(id)] : [])).map((order) => [order.pair, younger(CANCEL, age(order))]);
    if (endpoint === "AddOrder") {
      place(result.txid[0], params.pair, time);
      own.push([named(params.pair), 1]);
    } else if (endpoint === "AddOrderBatch") {
      for (const { txid } of result.orders) place(txid, params.pair, time);
      own.push([named(params.pair), result.orders.length / 2]);
    } else if (endpoint === "EditOrder") {
      const order = close(params.txid);
      place(result.txid, order.pair, time);
      own.push([order.pair, 1 + younger(EDIT, age(order))]);
    } else if (endpoint === "AmendOrder") {
      const order = orders.get(params.txid);
      own.push([order.pair, 1 + younger(AMEND, age(order))]);
      order.time = time;
    } else if (endpoint === "CancelOrder") own.push(...cancel([params.txid]));
    else if (endpoint === "CancelOrderBatch") own.push(...cancel(params.orders));
    return own.map(([counter, amount]) => ({ counter, amount, time, endpoint }));
  });
}

/** The part of the allowed rate that was used, for each counter: what was added, of what its limit and its decay allow in that time. */
function used(all, [max, decay, tradingMax, tradingDecay], end) {
  const counters = new Map();
  for (const { counter, amount, time, endpoint } of all) {
    const [limit, slope] = counter === "calls" ? [max, decay] : [tradingMax, tradingDecay];
    const { value, at, sum, since } = counters.get(counter) ?? { value: 0, at: time, sum: 0, since: time };
    const now = Math.max(0, value - ((time - at) / 1000) * slope) + amount;
    assert.ok(now <= limit + 1e-6 || endpoint.startsWith("Cancel"), `${counter} is at ${now} after ${endpoint}`);
    // After the last call was asked for, callers stop one by one.
    const counted = time <= end ? amount : 0;
    counters.set(counter, { value: now, at: time, sum: sum + counted, since, limit, slope });
  }
  const seconds = (end - all[0].time) / 1000;
  const rates = Object.fromEntries(
    [...counters].map(([name, { sum, since, limit, slope }]) => [name, sum / (limit + ((end - since) / 1000) * slope)]),
  );
  return { seconds, rates };
}

/** Makes calls in a process of its own, and judges what the exchange recorded. */
async function load(t, settings) {
  const started = Date.now();
  const child = fork(program);
  t.after(() => child.kill());
  child.send(settings);
  const [{ end, slowestCancel, errors, executions }] = await once(child, "message");
  assert.deepEqual(errors, []);
  assert.ok(executions.length >= settings.calls);
  const { seconds, rates } = used(charges(executions), LIMITS[settings.tier], end);
  const parts = Object.entries(rates).map(([name, part]) => `${name} ${(100 * part).toFixed(1)} %`);
  t.diagnostic(
    `${executions.length} calls in ${Math.round(seconds)} s of simulated time (${Date.now() - started} ms), the slowest cancel sent after ` +
      `${Math.round(slowestCancel)} ms; of what the limits allow, used: ${parts.join(", ")}`,
  );
  // A cancel waits for the request that is on its way, and for writes that already have their place in the queue.
  assert.ok(slowestCancel < 2000, `a cancel waited for ${slowestCancel} ms`);
  return rates;
}

test("10,000 calls of a realistic mix: no rejection, and at least 95 % of what each limit allows", { timeout: 300_000 }, async (t) => {
  const rates = await load(t, { tier: "pro", calls: 10_000, makers: 30 });
  assert.deepEqual(Object.keys(rates).sort(), ["ETHUSD", "SOLUSD", "XBTUSD", "calls"]);
  for (const [counter, part] of Object.entries(rates)) assert.ok(part >= 0.95, `${counter}: ${part}`);
});

test("two clients of one key share its limits, also of the lowest tier", { timeout: 120_000 }, async (t) => {
  const rates = await load(t, { tier: "starter", calls: 1500, makers: 12, clients: 2 });
  for (const [counter, part] of Object.entries(rates)) assert.ok(part >= 0.9, `${counter}: ${part}`);
});

test("nothing is rejected either if counters fall in steps", { timeout: 120_000 }, async (t) => {
  await load(t, { tier: "intermediate", calls: 1500, makers: 12, assumptions: { steppedDecay: true } });
});
