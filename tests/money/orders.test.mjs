// Orders through transports that do their worst: none is executed twice, and none is reported otherwise than it was.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { startProxy } from "./proxy.mjs";

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const program = fileURLToPath(new URL("program.mjs", import.meta.url));
const COUNT = 2000;

/** The number of processes that send orders at once, each with a key of its own: most of the time, one waits for a lost answer. */
const SENDERS = 4;

/** What the exchange executed, by client order id, against what callers were told. */
function audit(exchange, outcomes) {
  const executed = new Map();
  for (const { endpoint, params } of exchange.executions)
    if (endpoint === "AddOrder") executed.set(params.cl_ord_id, (executed.get(params.cl_ord_id) ?? 0) + 1);
  const ranTwice = [...executed].filter(([, times]) => times > 1);
  const toldOtherwise = outcomes.filter(
    ({ id, outcome }) => (outcome === "placed" && executed.get(id) !== 1) || (outcome === "not placed" && executed.has(id)),
  );
  const count = (name) => outcomes.filter(({ outcome }) => outcome === name).length;
  return { ranTwice, toldOtherwise, placed: count("placed"), notPlaced: count("not placed"), unknown: count("unknown") };
}

async function trial(chances, run) {
  const exchange = new Exchange();
  const server = await exchange.listen();
  const proxy = await startProxy(new URL(server.url).origin, chances);
  try {
    const send = (_, sender) =>
      run({ baseUrl: proxy.origin, ...exchange.addKey(), count: COUNT / SENDERS, parallel: 5, prefix: `${sender}-` });
    const outcomes = (await Promise.all(Array.from({ length: SENDERS }, send))).flat();
    // What was held back may arrive yet.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(outcomes.length, COUNT);
    return { ...audit(exchange, outcomes), ...proxy.counts, outcomes };
  } finally {
    await proxy.close();
    await server.close();
  }
}

function report(t, { placed, notPlaced, unknown, ranTwice, toldOtherwise, outcomes, requests, twice, lostBefore, lostAfter, late }) {
  const errors = Object.entries(
    Object.groupBy?.(
      outcomes.filter(({ error }) => error),
      ({ error }) => error.slice(0, 90),
    ) ?? {},
  );
  t.diagnostic(
    `${COUNT} orders: ${placed} placed, ${notPlaced} not placed, ${unknown} unknown; ${requests} requests ` +
      `(${twice} doubled, ${lostBefore + lostAfter} lost, ${late} late); executed twice: ${ranTwice.length}, told otherwise: ${toldOtherwise.length}`,
  );
  for (const [error, { length }] of errors) t.diagnostic(`${length} × ${error}`);
  assert.deepEqual(ranTwice, [], "executed twice");
  assert.deepEqual(toldOtherwise, [], "told otherwise than they were");
}

/** Runs the program in a process of its own, which knows only one exchange: two simulated ones have orders with the same ids. */
const runIn =
  (runtime, ...args) =>
  async (options) => {
    const { stdout } = await promisify(execFile)(runtime, [...args, program, JSON.stringify(options)], {
      timeout: 280_000,
      maxBuffer: 64e6,
    });
    return JSON.parse(stdout);
  };
const inNode = runIn(process.execPath);

test("the audit detects an order that ran twice, and one that was reported wrongly", () => {
  const executions = ["a", "a", "b"].map((cl_ord_id) => ({ endpoint: "AddOrder", params: { cl_ord_id } }));
  const { ranTwice, toldOtherwise } = audit({ executions }, [
    { id: "b", outcome: "not placed" },
    { id: "c", outcome: "placed" },
  ]);
  assert.deepEqual([ranTwice.length, toldOtherwise.length], [1, 2]);
});

const deno = `${modules}/.bin/deno`;
const missing = !existsSync(deno) && !process.env.CI && "Deno is not installed";
// Side by side, because most of the time they wait for lost answers.
describe("no order runs twice, and none is reported wrongly", { concurrency: true }, () => {
  test("through a proxy that duplicates requests", { timeout: 300_000 }, async (t) => {
    const result = await trial({ twice: 0.2 }, inNode);
    report(t, result);
    assert.ok(result.placed >= 0.99 * COUNT, `${result.placed} are certain`);
  });

  test("through a proxy that duplicates, loses and delays requests", { timeout: 300_000 }, async (t) => {
    const result = await trial({ twice: 0.05, lostBefore: 0.02, lostAfter: 0.02, late: 0.02 }, inNode);
    report(t, result);
    assert.ok(result.placed + result.notPlaced >= 0.99 * COUNT, `${result.unknown} are unknown`);
  });

  test("in Deno, whose fetch repeats requests after a reset", { timeout: 300_000, skip: missing }, async (t) => {
    const run = runIn(deno, "run", "--allow-all", "--no-lock");
    const result = await trial({ lostAfter: 0.1, lostBefore: 0.02 }, run);
    report(t, result);
    assert.ok(result.placed + result.notPlaced >= 0.95 * COUNT, `${result.unknown} are unknown`);
  });
});
