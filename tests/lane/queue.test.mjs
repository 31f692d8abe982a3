// Turns: writes before reads that wait, one at a time, and nobody alive overtaken, whatever the clocks and the event loop do.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { block, later, loadInternals, mockClocks } from "./helper.mjs";

const { runInSlot, runInReadSlot } = await loadInternals();

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/** A queue whose turns are recorded: in which order they began, and how many ran at once at most. */
function open(settings) {
  const queue = [];
  const began = [];
  let inFlight = 0;
  const record = { queue, began, most: 0 };
  record.take = (name, { ms = 1, work, ...options } = {}) =>
    runInSlot(
      queue,
      async () => {
        began.push(name);
        record.most = Math.max(record.most, ++inFlight);
        await (work ?? later(ms));
        inFlight--;
        return name;
      },
      { ...settings, ...options },
    );
  return record;
}

/** A turn that lasts until it is told to end. */
function gate() {
  let end;
  const work = new Promise((resolve) => (end = resolve));
  return { work, end };
}

for (const isolated of [false, true])
  describe(isolated ? "where requests are isolated" : "where they are not", { timeout: 30_000 }, () => {
    test("writes go before waiting reads, each kind keeps its order, and the owner of the slot keeps it", async () => {
      const record = open({ isolated });
      const { take, began, queue } = record;
      const { work, end } = gate();
      const names = ["r0", "r1", "r2", "w1", "r3", "w2", "r4", "w3"];
      const all = names.map((name) => take(name, { write: name[0] === "w", ...(name === "r0" && { work }) }));
      await later(20);
      assert.deepEqual(began, ["r0"]);
      end();
      assert.deepEqual(await Promise.all(all), names);
      assert.deepEqual(began, ["r0", "w1", "w2", "w3", "r1", "r2", "r3", "r4"]);
      assert.equal(queue.length, 0);
      assert.equal(record.most, 1);
    });

    test("a later write goes before reads that have waited for long", async () => {
      const { take, began } = open({ isolated });
      const reads = Array.from({ length: 20 }, (_, i) => take(`r${i}`, { ms: 20 }));
      await later(30);
      await take("cancel", { write: true });
      const place = began.indexOf("cancel");
      assert.ok(place >= 1 && place <= 3, `it was number ${place}`);
      await Promise.all(reads);
      assert.deepEqual(
        began.filter((name) => name !== "cancel"),
        Array.from({ length: 20 }, (_, i) => `r${i}`),
      );
    });

    test("an aborted call leaves the queue at once, and the others keep their order", async () => {
      const { take, began, queue } = open({ isolated });
      const { work, end } = gate();
      const stop = new AbortController();
      const first = take("first", { work });
      const gone = ["a", "b"].map((name) => take(name, { signal: stop.signal, write: name === "a" }));
      const last = take("last");
      const reason = new Error("enough");
      stop.abort(reason);
      for (const one of gone) await assert.rejects(one, (error) => error === reason);
      await assert.rejects(take("never", { signal: stop.signal }), (error) => error === reason);
      assert.equal(queue.length, 2);
      end();
      await Promise.all([first, last]);
      assert.deepEqual(began, ["first", "last"]);
    });

    test("work that fails, synchronously or later, passes the slot on", async () => {
      const queue = [];
      const failing = () => {
        throw new Error("at once");
      };
      const all = [failing, async () => failing(), async () => "fine"].map((work) => runInSlot(queue, work, { isolated }));
      const outcomes = await Promise.allSettled(all);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["rejected", "rejected", "fulfilled"],
      );
      assert.equal(queue.length, 0);
    });

    test("more than a second of synchronous work does not change the order", async () => {
      const record = open({ isolated });
      const { take, began } = record;
      const all = [take("balance", { ms: 300 }), take("add", { write: true }), take("edit", { write: true })];
      await later(60);
      block(1700);
      all.push(take("cancel", { write: true }));
      await later(10);
      block(1700);
      all.push(take("read"));
      await Promise.all(all);
      assert.deepEqual(began, ["balance", "add", "edit", "cancel", "read"]);
      assert.equal(record.most, 1);
    });

    test("clocks that jump by an hour or a year, in either direction, or stand still do not change the order", async (t) => {
      const clocks = mockClocks(t);
      const record = open({ isolated });
      const { work, end } = gate();
      const all = [record.take("r0", { work }), ...["a", "b", "c"].map((name) => record.take(name, { write: true }))];
      for (const jump of [HOUR, -HOUR, YEAR, -2 * YEAR, 0]) {
        clocks.wall += jump;
        clocks.monotonic += jump;
        all.push(record.take(`after ${jump}`));
        await later(300);
      }
      assert.deepEqual(record.began, ["r0"]);
      end();
      await Promise.all(all);
      assert.equal(record.most, 1);
      assert.deepEqual(record.began.slice(0, 4), ["r0", "a", "b", "c"]);
    });
  });

describe("if requests are not isolated", { timeout: 30_000 }, () => {
  test("no queue entry is ever removed as dead, and no timer runs", async () => {
    const { take, queue, began } = open();
    queue.push({ write: false, hasSlot: true, heartbeat: 0, seen: -1e9 });
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const waiting = take("second");
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, timers);
    await later(2500);
    assert.deepEqual(began, []);
    queue.shift();
    queue[0].hasSlot = true;
    queue[0].wake();
    await waiting;
  });

  test("if the signal aborts between the call and its slot, the work does not start", async () => {
    const { take, began, queue } = open();
    const stop = new AbortController();
    const first = take("first");
    const second = take("second", { signal: stop.signal });
    const { wake } = queue[1];
    queue[1].wake = () => (wake(), stop.abort());
    await assert.rejects(second, { name: "AbortError" });
    await first;
    assert.deepEqual([began, queue.length], [["first"], 0]);
  });

  test("10,000 waiting calls get their slots within seconds", async () => {
    const queue = [];
    const started = process.hrtime.bigint();
    let turns = 0;
    const work = async () => void turns++;
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => runInSlot(queue, work, { write: i % 3 === 0 })));
    assert.equal(turns, 10_000);
    assert.ok(Number(process.hrtime.bigint() - started) < 5e9);
  });
});

describe("if requests are isolated, so that a canceled one never resumes", { timeout: 30_000 }, () => {
  /** What a request leaves behind that was cancelled. */
  const dead = (settings) => ({ write: false, hasSlot: false, heartbeat: 0, seen: 0, ...settings });

  test("canceled requests with the slot or in the queue are removed together, after slightly more than a second", async () => {
    const { take, queue } = open({ isolated: true });
    queue.push(dead({ hasSlot: true }), dead({ write: true }), dead(), dead(), dead());
    const started = process.hrtime.bigint();
    await Promise.all(Array.from({ length: 5 }, (_, i) => take(`${i}`)));
    const took = Number(process.hrtime.bigint() - started) / 1e6;
    assert.ok(took > 900 && took < 3500, `${took} ms`);
    assert.equal(queue.length, 0);
  });

  test("clocks that stand still, as in Workers, do not keep canceled requests in the queue", async (t) => {
    mockClocks(t);
    const { take, queue } = open({ isolated: true });
    queue.push(dead({ hasSlot: true, seen: performance.now() + HOUR }));
    await take("next", { signal: AbortSignal.timeout(5000) });
    assert.equal(queue.length, 0);
  });

  test("a request whose slot lasts long is not removed, however many wait", async () => {
    const record = open({ isolated: true });
    const all = Array.from({ length: 30 }, (_, i) => record.take(`${i}`, { ms: i ? 1 : 4000 }));
    await Promise.all(all);
    assert.equal(record.most, 1);
    assert.deepEqual(
      record.began,
      Array.from({ length: 30 }, (_, i) => `${i}`),
    );
  });

  test("a request that comes after a long silence watches first, because the owner of the slot may have a blocked event loop", async () => {
    const record = open({ isolated: true });
    const first = record.take("first", { ms: 200 });
    await later(50);
    block(3000);
    await Promise.all([record.take("second"), first]);
    assert.equal(record.most, 1);
  });

  test("queue entries contain only values, so that no request runs another's code or awaits its promise", async () => {
    const { take, queue } = open({ isolated: true });
    const all = [take("a", { ms: 50 }), take("b")];
    await later(10);
    for (const entry of queue) assert.ok(Object.values(entry).every((value) => ["boolean", "number"].includes(typeof value)));
    await Promise.all(all);
  });

  test("the runtime determines whether requests are isolated", async () => {
    globalThis.EdgeRuntime = "edge-runtime";
    try {
      const queue = [];
      await runInReadSlot(queue, async () => assert.equal(queue[0].wake, undefined));
    } finally {
      delete globalThis.EdgeRuntime;
    }
    const queue = [];
    await runInReadSlot(queue, async () => assert.equal(typeof queue[0].wake, "function"));
  });
});
