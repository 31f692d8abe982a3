// The instrument itself: every contender agrees with the reference, whoever does not is refused, and what is written is well-formed.
// Nothing here depends on how long anything takes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { findChromium, openPage } from "../harness/browser.mjs";
import { bench, write } from "./bench.mjs";
import { breakdown } from "./goals.mjs";
import { measure } from "./measure.mjs";
import { EXAMPLE, check, rows } from "./rows.mjs";
import { runtimes } from "./runtimes.mjs";
import { paired, summary } from "./statistics.mjs";

const folder = mkdtempSync(join(tmpdir(), "kraken-signer-bench-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a runtime cannot do, whatever the machine. */
const CANNOT = {
  workerd: [["hash-wasm", /disallowed by embedder/]],
  Chromium: [
    ["node:crypto", /node:crypto is not there/],
    ["kraken-api", /node:crypto is not there/],
    ["node-kraken-api", /node:\w+ is not there/],
  ],
};

describe("every contender in every runtime", { timeout: 300_000 }, () => {
  let results;
  test("makes the expected output", async () => {
    results = await bench("quick");
    for (const { runtime, name, why } of results.missing) {
      if (!name) {
        assert.ok(!process.env.CI, `${runtime}: ${why}`);
        continue;
      }
      const known = (CANNOT[runtime] ?? []).some(([start, reason]) => name.startsWith(start) && reason.test(why));
      assert.ok(known, `${name} is missing in ${runtime}: ${why}`);
    }
    const there = runtimes.filter((runtime) => !runtime.missing()).map(({ name }) => name);
    assert.deepEqual(Object.keys(results.rows.spot.runtimes), there);
    for (const runtime of there.slice(1)) {
      for (const [row, { runtimes: measured }] of Object.entries(results.rows)) {
        assert.ok(
          Object.keys(measured[runtime]).some((name) => name.startsWith("kraken-signer") || row === "breakdown"),
          `${row} lacks this package in ${runtime}`,
        );
      }
    }
    const ratios = results.goals.filter(({ kind, unit }) => kind === "least" && !unit);
    assert.ok(ratios.length >= 6);
    for (const { what, cells } of results.goals) assert.ok(Object.keys(cells).length > 0, `${what} was not measured`);
  });

  test("is written as JSON, Markdown and SVG", async (t) => {
    write(results, folder);
    const read = (name) => readFileSync(join(folder, name), "utf8");
    const json = JSON.parse(read("results.json"));
    assert.equal(json.goals.length, results.goals.length);
    for (const { median, p10, p90 } of Object.values(json.rows.spot.runtimes).flatMap(Object.values)) {
      assert.ok(0 < p10 && p10 <= median && median <= p90);
    }
    const tables = read("RESULTS.md").match(/(^\|.*\n)+/gm);
    assert.ok(tables.length >= 9);
    for (const table of tables) {
      const widths = table
        .trim()
        .split("\n")
        .map((line) => line.split("|").length);
      assert.equal(new Set(widths).size, 1, table);
    }
    assert.doesNotMatch(read("RESULTS.md") + read("results.svg"), /undefined|NaN|Infinity/);
    if (!findChromium()) {
      assert.ok(!process.env.CI, "Chromium is not there");
      return t.skip("no Chromium to read the SVG with");
    }
    const { page, stop } = await openPage("http://127.0.0.1", {});
    const parsed = await page.evaluate((svg) => {
      const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
      return { name: root.nodeName, dots: root.querySelectorAll("circle").length };
    }, read("results.svg"));
    await stop();
    const dots = Object.values(results.rows.spot.runtimes).flatMap(Object.keys).length;
    assert.deepEqual(parsed, { name: "svg", dots });
  });
});

describe("a wrong contender is refused", () => {
  const open = (outputs) => ({ tick: 0, rows: { spot: { liar: { outputs } } } });
  const right = rows.spot.inputs.map((input) => rows.spot.expected(input));
  const runtime = (outputs, output) => ({
    name: "pretended",
    missing: () => false,
    contenders: ["liar"],
    start: async () => ({
      ask: async (order) => (order.open ? open(outputs) : { count: 1, nanoseconds: 1, index: 1, output }),
      stop: async () => {},
    }),
  });
  const settings = { warm: 1, batch: 1, rounds: 2, folder };

  test("correct contenders are accepted", async () => {
    const { samples } = await measure([runtime(right, right[1])], settings);
    assert.deepEqual(samples.spot.pretended.liar, [1, 1]);
  });
  test("a signature that is wrong for one input", () =>
    assert.rejects(measure([runtime(right.with(63, right[0]), right[1])], settings), /liar, Spot signature of AddOrder, input 63/));
  test("an input left out", () => assert.rejects(measure([runtime(right.slice(0, -1), right[1])], settings), /liar has left out/));
  test("a signature that is wrong only while time is measured", () =>
    assert.rejects(measure([runtime(right, right[0])], settings), /liar, Spot signature of AddOrder, input 1/));
  test("a request with another body, key, address or signature", () => {
    const nonce = EXAMPLE.nonce;
    const body = EXAMPLE.body;
    const good = { url: "https://api.kraken.com/0/private/AddOrder", key: rows.request.shared.key, sign: EXAMPLE.expected, body };
    const signed = (changed) => ({ body: changed, sign: rows.spot.expected({ path: EXAMPLE.path, nonce, body: changed }) });
    check("request", "ours", 0, good);
    for (const change of [
      { url: "https://api.kraken.com/0/private/Balance" },
      { key: "another" },
      { sign: rows.spot.expected(rows.spot.inputs[1]) },
      { body: body.replace(nonce, String(Number(nonce) + 1)) },
      signed(body.replace("1.25", "1.26")),
    ]) {
      assert.throws(() => check("request", "ours", 0, { ...good, ...change }), /ours/);
    }
  });
  test("the reference is the signature of Kraken's documentation", () => assert.equal(right[0], EXAMPLE.expected));
});

test("medians and percentiles are computed correctly", () => {
  assert.deepEqual(summary([5, 1, 3, 2, 4]), { median: 3, p10: 1.4, p90: 4.6 });
  assert.deepEqual(summary([7]), { median: 7, p10: 7, p90: 7 });
  assert.equal(paired([2, 40, 6], [1, 20, 3], (a, b) => a / b).p90, 2);
});

test("the breakdown adds up to the whole call", () => {
  const samples = { somewhere: {} };
  const steps = { "whole call": 2000, "text in": 100, "bytes in": 20, "bytes in, export": 1520, "text out": 90 };
  for (const [name, time] of Object.entries(steps)) samples.somewhere[name] = [time];
  samples.somewhere["bytes in, export, longer body"] = [1520 + 16 * 160];
  samples.somewhere["bytes in, export, longer path"] = [1520 + 16 * 250];
  const { blocks, steps: found } = breakdown(samples);
  assert.deepEqual(blocks, { sha256: 2, sha512: 2 });
  const { "whole call": whole, "a block of SHA-256": a, "a block of SHA-512": b, ...parts } = found.somewhere;
  assert.equal(a.median, 160);
  assert.equal(b.median, 250);
  const medians = Object.fromEntries(Object.entries(parts).map(([name, { median }]) => [name, median]));
  assert.deepEqual(medians, { "text in": 100, hashing: 820, "the rest of the export": 680, "text out": 90, "checks and calls": 310 });
  assert.equal(100 + 820 + 680 + 90 + 310, whole.median);
});
