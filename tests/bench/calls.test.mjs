// The bench of calls works: every contender calls, wrong answers and signatures are refused, and what is written is well-formed. Nothing here
// depends on how long anything takes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { QUICK, benchCalls, write } from "./calls/bench.mjs";
import { Caller } from "./calls/caller.mjs";
import { goalsOfCalls } from "./calls/goals.mjs";
import { model } from "./calls/growth.mjs";
import { BALANCE, isSigned, keyOf } from "./calls/keys.mjs";
import { filled, writePage } from "./calls/page.mjs";
import { goalTable } from "./calls/report.mjs";
import { spot } from "../core/reference.mjs";

const folder = mkdtempSync(join(tmpdir(), "kraken-signer-calls-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const page = fileURLToPath(new URL("../../pkg-template/docs/performance.md", import.meta.url));
const read = (path) => readFileSync(path, "utf8");

/** Node, with everything that it can run, and workerd, with what a Worker can. */
const ONLY = [`Node ${process.versions.node.split(".")[0]}`, "workerd"];

describe("the whole bench, as short as can be", { timeout: 300_000 }, () => {
  let results;
  test("measures every contender in every row", async () => {
    results = await benchCalls(QUICK, { only: ONLY });
    const expected = {
      [ONLY[0]]: ["bare fetch", "floor", "kraken-signer", "kraken-signer, nodeFetch", "floor, node:http", "undici request", "ccxt"],
      workerd: ["bare fetch", "floor", "kraken-signer"],
    };
    expected[ONLY[0]].push("node-kraken-api", "kraken-api");
    for (const [row, byRuntime] of Object.entries(results.requests.processor))
      for (const [runtime, names] of Object.entries(expected)) {
        const all = row.endsWith("many") ? [...names, "kraken-signer, one key for all"] : names;
        assert.deepEqual(Object.keys(byRuntime[runtime]).sort(), all.sort(), `${row} in ${runtime}`);
      }
    // Each is known beforehand, and about a Worker: nothing has failed.
    for (const { runtime, name, why } of results.missing) assert.ok(runtime === "workerd" && !/Error|wrong/.test(why), `${name}: ${why}`);
    for (const { what, cells } of results.goals) assert.ok(Object.keys(cells).length > 0, `${what} was not measured`);
    const steps = results.growth.points.map(({ what }) => what);
    assert.deepEqual([...new Set(steps)], ["keys", "senders", "processes", "sockets"]);
  });

  test("is written as JSON, Markdown, SVG and a page", () => {
    write(results, folder);
    writePage(results, join(folder, "performance.md"));
    const texts = ["CALLS.md", "calls.svg", "performance.md"].map((name) => read(join(folder, name)));
    for (const text of texts) assert.doesNotMatch(text, /undefined|NaN|Infinity/);
    for (const [table] of texts.join("\n").matchAll(/(^\|.*\n)+/gm)) {
      const widths = table.trim().split("\n");
      assert.equal(new Set(widths.map((line) => line.split("|").length)).size, 1, table);
    }
    assert.equal(JSON.parse(read(join(folder, "calls.json"))).goals.length, results.goals.length);
  });
});

test("the page Performance has the numbers of calls.json", () => {
  const results = JSON.parse(read(fileURLToPath(new URL("calls.json", import.meta.url))));
  assert.equal(read(page), filled(read(page), results), "run `cargo xtask bench calls`, which writes both");
});

describe("what is wrong is refused", () => {
  const { key, secret } = keyOf(7);
  const path = "/0/private/Balance";
  const body = "nonce=1616492376594";
  const sign = spot(Buffer.from(secret, "base64"), path, "1616492376594", body);
  test("a signature of another secret, path or body", () => {
    assert.ok(isSigned({ key, sign, path, body }));
    assert.ok(!isSigned({ key: keyOf(8).key, sign, path, body }));
    assert.ok(!isSigned({ key, sign, path: "/0/private/AddOrder", body }));
    assert.ok(!isSigned({ key, sign, path, body: `${body}5` }));
  });
  test("a contender whose answer is another", async () => {
    const caller = new Caller({ right: () => [async () => BALANCE], wrong: () => [async () => ({})] });
    const answer = await caller.obey({ open: { places: { anywhere: { expected: BALANCE } } } });
    assert.deepEqual(answer.right.anywhere, {});
    assert.match(answer.wrong.anywhere.missing, /^wrong answer/);
  });
});

test("the model has the least of its bounds", () => {
  const given = { roundTrip: 49, cost: 1 };
  assert.deepEqual(model({ ...given, keys: 10 }), { rate: 200, by: "the round trip" });
  assert.deepEqual(model({ ...given, keys: 100 }), { rate: 1000, by: "one thread" });
  assert.deepEqual(model({ ...given, keys: 400, processes: 2 }), { rate: 2000, by: "2 threads" });
  assert.deepEqual(model({ ...given, keys: 400, processes: 2, cores: 2, serving: 0.25 }), { rate: 1600, by: "all cores" });
  assert.deepEqual(model({ ...given, keys: 10, limit: 1 }), { rate: 10, by: "Kraken's rate limit" });
});

test("a goal that is not met is compared with the floor", () => {
  const row = { "bare fetch": [100, 100, 100], floor: [120, 120, 120], "kraken-signer": [130, 130, 130] };
  const processor = { "http 1": { here: row, there: { ...row, "kraken-signer": [105, 105, 105] } } };
  const none = { sockets: { processor: {} }, orders: {}, silences: [], keys: {}, cold: {} };
  const [goal] = goalsOfCalls({ requests: { processor }, ...none });
  assert.equal(goal.cells.there.met, true);
  const { met, floor, nearFloor } = goal.cells.here;
  assert.deepEqual({ met, floor, nearFloor }, { met: false, floor: 1.2, nearFloor: true });
  assert.match(
    goalTable([goal]),
    /1\.3, goal ≤ 1\.1: \*\*not met\*\*; floor 1\.2, 1\.08 × of it, goal ≤ 1\.1 ×: met \| 1\.[01]5?, goal ≤ 1\.1: met/,
  );
});

test("the guide says of the model what its table shows: how far the measured rates are from it", () => {
  const guide = readFileSync(new URL("../../pkg-template/docs/performance.md", import.meta.url), "utf8");
  const [, table] = /<!-- measured: growth -->([^]*?)<!-- \/measured: growth -->/.exec(guide);
  const ratios = [...table.matchAll(/^\|[^|]+\|[^|]+\|[^|]+\| ([\d.]+) \|/gm)].map(([, ratio]) => Number(ratio));
  assert.ok(ratios.length > 10);
  assert.ok(guide.includes(`The measured rates are between ${Math.min(...ratios)} and ${Math.max(...ratios)} times those of the model.`));
});
