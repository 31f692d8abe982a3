// The soak test in short: it finds nothing in the bot, and finds what a bot leaks and what is told wrongly.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Judge } from "../soak/judge.mjs";
import { startWorker } from "../harness/workerd.mjs";
import { PER_CLEARED_TIMER, RUNTIMES, isMissing, resourcesOf, soak } from "../soak/soak.mjs";
import { pageWith, riseOf, table } from "../soak/table.mjs";

const SHORT = { ms: 15_000, period: 1000 };

// Side by side, because most of the time they wait: for silent connections to end, and for answers that were lost.
describe("a bot that trades for a while, with a fault each second", { concurrency: true, timeout: 240_000 }, () => {
  for (const name of Object.keys(RUNTIMES))
    test(`${name}: no wrong outcome, nothing left`, { skip: isMissing(name) }, async (t) => {
      const { state, problems } = await soak(name, SHORT);
      t.diagnostic(JSON.stringify({ ...state.counts, faults: state.faults }));
      assert.deepEqual(problems, []);
    });

  test("listeners, memory and warnings of a bot that leaks on purpose are found", async () => {
    const { problems } = await soak("Node", { ms: 10_000, period: 1000, leaks: true });
    for (const pattern of [/^listeners rose by/, /^heap rose by/, /^it printed: .*MaxListeners/, /listeners were left/])
      assert.ok(
        problems.some((problem) => pattern.test(problem)),
        `${pattern}: ${problems}`,
      );
  });
});

describe("the judge", () => {
  const order = (endpoint = "AddOrder") => ({ endpoint, params: { cl_ord_id: "one" }, write: true });

  test("accepts what was told truthfully", () => {
    const judge = new Judge();
    judge.execute(order());
    judge.claim({ ...order(), outcome: "done" });
    judge.claim({ endpoint: "AddOrder", params: { cl_ord_id: "two" }, outcome: "not done" });
    judge.claim({ endpoint: "sendorder", params: { cliOrdId: "three" }, outcome: "unknown" });
    assert.deepEqual([judge.wrong, judge.counts], [[], { orders: 1, changes: 0, failed: 1, unknown: 1 }]);
  });

  test("finds an order that was carried out twice", () => {
    const judge = new Judge();
    judge.execute(order());
    judge.execute(order("add_order"));
    assert.match(judge.wrong.join(), /carried out 2 times/);
  });

  test("finds an order that was told as placed, and is not there", () => {
    const judge = new Judge();
    judge.claim({ ...order(), outcome: "done" });
    assert.match(judge.wrong.join(), /told as done/);
  });

  for (const late of [true, false])
    test(`finds a change that was told as not done, and was carried out${late ? " later" : ""}`, () => {
      const judge = new Judge();
      if (!late) judge.execute(order("CancelOrder"));
      judge.claim({ ...order("CancelOrder"), outcome: "not done" });
      if (late) judge.execute(order("CancelOrder"));
      assert.match(judge.wrong.join(), /told as not done/);
    });
});

test("the rise of samples is that of a line through them, after the first third", () => {
  assert.equal(riseOf([0, 50, 90, 100, 100, 100, 100, 100, 100]), 0);
  assert.equal(riseOf([0, 0, 0, 1, 2, 3, 4, 5, 6]), 5);
  assert.equal(riseOf([1, undefined, undefined]), 0);
});

test("a run becomes a table of the guide, with what is not known, and with the problems", () => {
  const MB = 1024 * 1024;
  const counts = { orders: 7, changes: 5, failed: 1, unknown: 2 };
  const samples = Array.from({ length: 9 }, (_, i) => ({ rss: (80 + i) * MB, own: 80 * MB, handles: 30 }));
  const results = [{ name: "workerd", version: "1.2.3", state: { counts, faults: 3 }, samples, problems: ["one"] }];
  const text = table(results, 120, new Date("2026-01-02"));
  assert.match(text, /^A run of 120 minutes on 2026-01-02:\n\n\| runtime \| orders \|/);
  assert.match(
    text,
    /\| workerd 1\.2\.3 \| 7 \| 5 \| 1 \| 2 \| 3 \| – \| 88\.0 MB, rose by 5\.0 MB \| 80\.0 MB, rose by 0\.0 MB \| 30 \| 1 \|\n$/,
  );
  const guide = readFileSync(new URL("../../pkg-template/docs/production.md", import.meta.url), "utf8");
  assert.ok(pageWith(text, guide).includes(text));
  assert.throws(() => pageWith(text, "no place"), /to put the table between/);
});

test("workerd still keeps memory for each timer that is cleared, as much as the soak test subtracts", async (t) => {
  const worker = await startWorker(new URL("../soak/timers.worker.mjs", import.meta.url), {
    objects: { TIMERS: "Timers" },
    v8Flags: ["--expose-gc"],
  });
  try {
    const cleared = async (number) => {
      await (await fetch(`${worker.url}?${number}`)).text();
      return resourcesOf(worker.pid).rss;
    };
    // The first round also fills the heap.
    const before = await cleared(50_000);
    if (before === undefined && !process.env.CI) return t.skip("this system does not tell the memory of a process");
    const perTimer = ((await cleared(100_000)) - before) / 100_000;
    assert.ok(Math.abs(perTimer - PER_CLEARED_TIMER) < 100, `${perTimer} bytes`);
  } finally {
    await worker.stop();
  }
});
