// The lanes of a process: one queue and one nonce state for each key, whatever the clocks do, and no longer than somebody uses it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { handClocks, later, loadInternals, mockClocks } from "./helper.mjs";

const internals = await loadInternals();
const { ApiError, NonceSource, laneOf } = internals;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

let keys = 0;
const newKey = () => `key-${++keys}`;
const registry = () => globalThis[Symbol.for("kraken-signer.lanes/2")];

function forgetOtherTests() {
  const all = registry();
  all.keys.clear();
  all.floors.clear();
  all.sweepAt = 1024;
  return all;
}

/** What a client does with a lane, as far as nonces go. */
async function take(lane, { runInLane, checkNonce } = internals) {
  const send = async (nonce) => {
    checkNonce(nonce, lane);
    return BigInt(nonce);
  };
  return runInLane(lane, send);
}

test("two copies of the package share the queue and the nonces of a key", async () => {
  const other = await loadInternals();
  assert.notEqual(other.laneOf, laneOf);
  const key = newKey();
  const lanes = [laneOf(key, undefined, "ms"), other.laneOf(key, undefined, "ms")];
  const nonces = [];
  let inFlight = 0;
  const send = async (nonce) => {
    assert.equal(++inFlight, 1);
    nonces.push(BigInt(nonce));
    await later(1);
    inFlight--;
  };
  await Promise.all(Array.from({ length: 50 }, (_, i) => lanes[i % 2].run(send)));
  assert.ok(nonces.every((nonce, i) => !i || nonce > nonces[i - 1]));
  // A write of one goes before the reads of the other.
  const began = [];
  await Promise.all(
    ["r1", "r2", "r3", "w"].map((name, i) => lanes[i % 2].run(async () => (began.push(name), later(5)), { write: name === "w" })),
  );
  assert.deepEqual(began, ["r1", "w", "r2", "r3"]);
});

test("a source whose nonces are too low is raised above the others of its key", async () => {
  const key = newKey();
  const ahead = BigInt(Date.now() + HOUR);
  const [high, low] = [new NonceSource({ after: ahead }), new NonceSource()].map((source) => laneOf(key, source, undefined));
  const nonces = [await take(low), await take(high), await take(low), BigInt(low.next()), await take(high)];
  assert.deepEqual(nonces.slice(1), [ahead + 1n, ahead + 2n, ahead + 3n, ahead + 4n]);
});

test("while 20 reads of 100 ms wait, a cancellation is sent next", async () => {
  const lane = laneOf(newKey(), undefined, "ms");
  const reads = Array.from({ length: 20 }, () => lane.run(() => later(100)));
  const started = performance.now();
  await lane.run(async () => {}, { write: true });
  const waited = performance.now() - started;
  assert.ok(waited < 500, `${waited} ms`);
  await Promise.all(reads);
});

test("signSync's nonces are above all others, and signSync refuses while a request is on its way or waits", async () => {
  const lane = laneOf(newKey(), undefined, "ms");
  const first = BigInt(lane.next());
  const second = await take(lane);
  assert.ok(second > first && BigInt(lane.next()) > second);
  const running = lane.run(() => later(20));
  assert.throws(() => lane.next(), { code: "ERR_INVALID_REQUEST", message: /has a slot or waits for one/ });
  await running;
  lane.next();
});

test("in Workers, signSync refuses until the owner of the slot has been silent for five seconds", async (t) => {
  const clocks = mockClocks(t);
  const key = newKey();
  const lane = laneOf(key, undefined, "ms");
  const [entry] = [{ write: false, hasSlot: true, heartbeat: 0, seen: clocks.monotonic }];
  registry().keys.get(key).queue.push(entry);
  for (const silence of [0, 1000, 4000]) {
    assert.throws(() => lane.next(), { message: /has a slot or waits for one/ });
    clocks.pass(silence);
  }
  clocks.pass(1);
  lane.next();
  // The clock was set back an hour: the silence is counted anew.
  entry.seen = clocks.monotonic + HOUR;
  assert.throws(() => lane.next(), { message: /has a slot or waits for one/ });
  clocks.pass(5001);
  lane.next();
});

describe("clocks", () => {
  /** Lanes of a copy whose clocks a test sets: the copy looks at them for the first time here. */
  async function withClocks(t) {
    forgetOtherTests();
    const clocks = mockClocks(t, handClocks());
    const fresh = await loadInternals();
    const lane = fresh.laneOf(newKey(), undefined, "ms");
    return { clocks, fresh, take: (one = lane) => take(one, fresh) };
  }

  for (const [name, jump] of [
    ["an hour ahead", HOUR],
    ["a year ahead", YEAR],
    ["an hour back", -HOUR],
    ["a year back", -YEAR],
  ])
    test(`jump ${name}: nonces continue from the last one at the pace of the monotonic clock`, async (t) => {
      const { clocks, take } = await withClocks(t);
      const first = await take();
      clocks.jump(jump);
      for (let passed = 1n; passed < 500n; passed++) {
        clocks.pass(1000);
        assert.equal(await take(), first + 1000n * passed);
      }
      clocks.jump(-jump);
      clocks.pass(1000);
      assert.equal(await take(), BigInt(clocks.wall));
    });

  test("stand still: each nonce is one above the last one", async (t) => {
    const { take } = await withClocks(t);
    const first = await take();
    for (let i = 1n; i < 100n; i++) assert.equal(await take(), first + i);
  });

  test("stop during sleep: nonces increase, and follow the wall clock after ten minutes awake", async (t) => {
    const { clocks, take } = await withClocks(t);
    let last = await take();
    for (const slept of [8 * HOUR, 60 * HOUR]) {
      clocks.jump(slept);
      for (let minutes = 0; minutes <= 10; minutes++, clocks.pass(60_000)) {
        const nonce = await take();
        assert.ok(nonce > last);
        last = nonce;
      }
      assert.ok(BigInt(clocks.wall) - (await take()) <= 1n);
    }
  });

  test("are set back permanently: nonces never go back", async (t) => {
    const { clocks, take } = await withClocks(t);
    let last = await take();
    clocks.jump(-HOUR);
    for (let minutes = 0; minutes <= 90; minutes++, clocks.pass(60_000)) {
      const nonce = await take();
      assert.ok(nonce > last);
      last = nonce;
    }
    assert.ok(BigInt(clocks.wall) - last <= 60_000n, "and follow the wall clock when it has passed them");
  });

  test("jump a year ahead: a source with the same clock follows, and another one is refused without blocking others", async (t) => {
    const { clocks, fresh, take } = await withClocks(t);
    const guarded = fresh.laneOf(newKey(), new fresh.NonceSource(), undefined);
    const key = newKey();
    let wall = () => clocks.wall;
    const naive = fresh.laneOf(key, { next: () => `${wall()}`, unit: "ms" }, undefined);
    await take(naive);
    await take(guarded);
    await take();
    clocks.jump(YEAR);
    assert.ok((await take(guarded)) < BigInt(clocks.wall - DAY));
    await assert.rejects(take(naive), { code: "ERR_INVALID_NONCE", message: /ahead of the clock/ });
    clocks.jump(-YEAR);
    await take(naive);
  });
});

describe("units", () => {
  const refusal = (kind) => new ApiError({ endpoint: "Balance", errors: ["E"], kind, hint: "", retryable: false });

  test("a key whose nonces were all rejected may continue in a finer unit", async () => {
    const key = newKey();
    const coarse = laneOf(key, undefined, "ms");
    await assert.rejects(
      coarse.run(() => Promise.reject(refusal("nonce"))),
      { kind: "nonce" },
    );
    const fine = laneOf(key, undefined, "us");
    assert.match(`${await take(fine)}`, /^\d{16}$/);
    // The older client, if it is still there, follows.
    assert.match(`${await take(coarse)}`, /^\d{16}$/);
    assert.equal(coarse.unit, "us");
    assert.throws(() => laneOf(key, undefined, "ms"), { code: "ERR_INVALID_NONCE", message: /us.*ms/ });
  });

  test("once a nonce was accepted, the unit of the key cannot change", async () => {
    for (const [accept, name] of [
      [(lane) => take(lane), "an answer"],
      [(lane) => lane.run(() => Promise.reject(refusal("arguments"))).catch(() => {}), "a refusal for another reason"],
    ]) {
      const key = newKey();
      await accept(laneOf(key, undefined, "ms"));
      assert.throws(() => laneOf(key, undefined, "us"), { code: "ERR_INVALID_NONCE", message: /ms.*us/ }, name);
      assert.throws(() => laneOf(key, new NonceSource({ unit: "ns" }), undefined), { code: "ERR_INVALID_NONCE" });
    }
  });

  test("a source in nanoseconds that is ahead of the clock, within the limit, works", async () => {
    const after = BigInt(Date.now() + 10 * YEAR) * 1_000_000n;
    const key = newKey();
    const lane = laneOf(key, new NonceSource({ unit: "ns", after, allowAhead: true }), undefined);
    for (let i = 1n; i < 10n; i++) assert.equal(await take(lane), after + i);
    assert.equal(BigInt(lane.next()), after + 10n);
    // Another client of the key goes on above it.
    assert.equal(await take(laneOf(key, undefined, "ns")), after + 11n);
    // Without the permission the source itself refuses it.
    await assert.rejects(take(laneOf(newKey(), new NonceSource({ unit: "ns", after }), undefined)), { code: "ERR_INVALID_NONCE" });
  });

  test("a source that returns nonsense is refused", async () => {
    for (const nonsense of ["x", 5, undefined, "-1", `${2n ** 64n}`])
      await assert.rejects(take(laneOf(newKey(), { next: () => nonsense }, undefined)), { code: "ERR_INVALID_NONCE" });
    assert.throws(() => laneOf(newKey(), undefined, "s"), { code: "ERR_INVALID_NONCE" });
  });
});

describe("keys that are no longer used", () => {
  const KEYS = 100_000;
  const heap = () => (collect(), process.memoryUsage().heapUsed);

  for (const [name, closes] of [
    ["whose clients are closed", true],
    ["whose clients are forgotten, after an hour", false],
  ])
    test(`${KEYS} keys, ${name}: their state is dropped`, async (t) => {
      const clocks = mockClocks(t, handClocks());
      const fresh = await loadInternals();
      const { keys: states } = forgetOtherTests();
      const before = heap();
      for (let i = 0; i < KEYS; i++) {
        const lane = fresh.laneOf(`${newKey()}-with-as-many-characters-as-a-real-one-has-56-of-them`, undefined, "ms");
        await lane.run(async () => {});
        if (closes) lane.close();
        if (i % 100 === 0) clocks.pass(20_000);
      }
      const grown = heap() - before;
      t.diagnostic(`${states.size} states are left; the heap has grown by ${Math.round(grown / 1024)} KB`);
      assert.ok(closes ? states.size === 0 : states.size < 40_000, `${states.size}`);
      assert.ok(grown < (closes ? 2 : 30) * 2 ** 20, `${grown} bytes`);
    });

  test("no nonce goes back because state was dropped, whatever the clocks do", async (t) => {
    const clocks = mockClocks(t, handClocks());
    const seed = Number(process.env.KRAKEN_SIGNER_SEED ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % below;
    let [taken, dropped] = [0, 0];
    for (let world = 0; world < 40; world++) {
      forgetOtherTests();
      const fresh = await loadInternals();
      const last = new Map();
      for (let step = 0; step < 250; step++) {
        const key = `random-${random(10)}`;
        const lane = fresh.laneOf(key, undefined, "ms");
        for (let n = random(4); n >= 0; n--) {
          // More than a day ahead of a clock that was set back it is refused, and rightly.
          const nonce = await take(lane, fresh).catch(({ code }) => assert.equal(code, "ERR_INVALID_NONCE"));
          if (nonce === undefined) continue;
          taken++;
          assert.ok(!last.has(key) || nonce > last.get(key), `seed ${seed}, world ${world}, step ${step}`);
          last.set(key, nonce);
        }
        lane.close();
        if (!registry().keys.has(key)) dropped++;
        clocks.pass([0, 0, 1, 1000, 700_000][random(5)]);
        if (!random(20)) clocks.jump([HOUR, -HOUR, DAY / 2, -DAY / 2, -DAY][random(5)]);
      }
    }
    t.diagnostic(`seed ${seed}: ${taken} nonces, ${dropped} times dropped`);
    assert.ok(dropped > 1000 && taken > 5000, `${dropped}, ${taken}`);
  });

  test("a key that is in use, or whose nonces are ahead of the clock, keeps its state", async () => {
    const states = forgetOtherTests().keys;
    const key = newKey();
    const [a, b] = [laneOf(key, undefined, "ms"), laneOf(key, undefined, "ms")];
    a.close();
    a.close();
    assert.ok(states.has(key), "the other client");
    const running = b.run(() => later(20));
    b.close();
    assert.ok(states.has(key), "a request");
    await running;
    const far = newKey();
    const after = BigInt(Date.now() + YEAR);
    const lane = laneOf(far, new NonceSource({ after, allowAhead: true }), undefined);
    await take(lane);
    lane.close();
    assert.ok(states.has(far));
    assert.ok((await take(laneOf(newKey(), undefined, "ms"))) < after, "which is nobody else's floor");
  });

  test("a client that continues after its key's state was dropped shares the new state", async () => {
    const key = newKey();
    const a = laneOf(key, undefined, "ms");
    const first = await take(a);
    registry().keys.delete(key);
    registry().floors.set("ms", first);
    const b = laneOf(key, undefined, "ms");
    let inFlight = 0;
    const send = async () => {
      assert.equal(++inFlight, 1);
      await later(5);
      inFlight--;
    };
    await Promise.all([a.run(send), b.run(send), a.run(send)]);
    assert.ok((await take(b)) > first);
  });
});
