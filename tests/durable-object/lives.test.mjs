// An object's nonces only rise: under load, whatever its clock does, and however often it ends.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { counted, later, nonces, numbered, open, openExchange, refused, rising, until } from "./helper.mjs";

const watched = { object: "WATCHED" };
const MINUTE = 60_000n;
const jittered = { arrivalDelay: () => Math.random() * 20 };
const balances = { calls: 1, concurrency: 1, jobs: [["call", "Balance"]] };

/** A folder for what objects store, for more than one life of workerd. */
function disk(t) {
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-objects-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes this many calls, by turns of these kinds, in each of 50 Workers at once. */
async function fromFiftyWorkers({ call, callers }, calls, ...jobs) {
  const all = callers.map((url, i) =>
    call(undefined, undefined, { face: "spot", load: { calls, concurrency: calls / 5, jobs, first: i * calls } }, url),
  );
  return (await Promise.all(all)).flatMap(({ outcomes }) => outcomes.map(({ error }) => error));
}

test("with 50 Workers at once, no nonce is rejected, and every order is placed once", { timeout: 120_000 }, async (t) => {
  const place = await openExchange(t, { arrivalDelay: () => Math.random() * 2 });
  const worker = await open(t, place, { callers: 50 });
  const jobs = ["Balance", "OpenOrders", "Balance"].map((endpoint) => ["call", endpoint]);
  const errors = await fromFiftyWorkers(worker, 20, ["call", "AddOrder", numbered("#")], ...jobs);
  assert.deepEqual([errors.length, errors.filter(Boolean)], [1000, []]);
  assert.deepEqual([place.exchange.requests.length, refused(place.exchange)], [1000, []]);
  assert.ok(rising(nonces(place.exchange)));
  const counts = counted(place.exchange);
  assert.deepEqual([counts.size, Math.max(...counts.values())], [250, 1]);
});

test(
  "with 50 Workers at once and lost answers, no order is executed twice, and none is lost without an error",
  { timeout: 120_000 },
  async (t) => {
    const place = await openExchange(t, { arrivalDelay: () => Math.random() * 2 });
    const worker = await open(t, place, { callers: 50 });
    const faults = [
      { fault: "reset", when: "after" },
      { fault: "reset", when: "before" },
      { fault: "html", when: "after", status: 520 },
      { fault: "error", error: "EAPI:Invalid nonce" },
      { fault: "twice", answer: "second" },
    ];
    const struck = faults.map((fault) => {
      let seen = 0;
      return place.exchange.inject({ ...fault, endpoint: "AddOrder", times: 5, match: () => ++seen % 11 === 0 });
    });
    const errors = await fromFiftyWorkers(worker, 10, ["call", "AddOrder", numbered("#")]);
    assert.deepEqual(
      struck.map(({ hits }) => hits),
      [5, 5, 5, 5, 5],
    );
    const counts = counted(place.exchange);
    const unknown = errors.filter(Boolean);
    for (const [number, error] of errors.entries())
      assert.ok(error ? !(counts.get(number) > 1) : counts.get(number) === 1, `order ${number}`);
    for (const { type, nonce } of unknown) assert.deepEqual([type, /^\d{13}$/.test(nonce)], ["UnknownOutcomeError", true]);
    // Whether a nonce was refused that nobody refused, or a copy of the request, the client cannot tell.
    assert.equal(unknown.length, 25);
  },
);

describe("storage", { timeout: 60_000 }, () => {
  test("is written once per block, not once per call", async (t) => {
    const place = await openExchange(t);
    const { call } = await open(t, place);
    const now = Date.now();
    await call("setClock", [now], watched);
    for (const [seconds, writes] of [
      [0, 1],
      [30, 1],
      [59, 1],
      [61, 2],
      [119, 2],
      [3600, 3],
    ]) {
      await call("setClock", [now + seconds * 1000], watched);
      await call(undefined, undefined, { ...watched, load: { ...balances, calls: 100, concurrency: 20 } });
      assert.equal(await call("writes", [], watched), writes, `after ${seconds} s`);
    }
    assert.equal(nonces(place.exchange).length, 600);
    assert.ok(rising(nonces(place.exchange)));
  });

  test("has the end of a block before a nonce of it is sent", async (t) => {
    const place = await openExchange(t);
    const { call } = await open(t, place);
    await call("holdDisk", [], watched);
    const waiting = [call("call", ["Balance"], watched), call("call", ["Balance"], watched)];
    await until(() => call("writes", [], watched));
    await later(300);
    assert.equal(place.exchange.requests.length, 0, "the write is under way");
    await call("freeDisk", [], watched);
    await Promise.all(waiting);
    assert.equal(place.exchange.requests.length, 2);
  });

  test("that cannot be written: nothing is sent, and later calls work again", async (t) => {
    const place = await openExchange(t);
    const { ask, call } = await open(t, place);
    await call("breakDisk", [], watched);
    for (const face of ["none", "spot", "spot"]) {
      const { error } = await ask({ method: "call", parameters: ["AddOrder", numbered(1)], ...watched, face });
      assert.deepEqual([error.code, error.message], ["ERR_LANE", "The storage of the Durable Object failed. Nothing was sent."]);
      assert.deepEqual([error.type, error.cause.message], [face === "spot" ? "KrakenError" : undefined, "the disk is full"]);
    }
    assert.equal(place.exchange.requests.length, 0);
    await call("repairDisk", [], watched);
    await call("call", ["Balance"], watched);
    assert.deepEqual(refused(place.exchange), []);
  });

  test("contains no part of the secret", async (t) => {
    const place = await openExchange(t);
    const storage = disk(t);
    const { call, stop } = await open(t, place, { storage });
    for (let i = 0; i < 3; i++) {
      for (const question of [{}, watched]) await call("call", ["AddOrder", numbered(i)], question);
      await call("get", ["accounts"], { object: "FUTURES_KEY", name: "futures" });
    }
    const scan = () => {
      const files = readdirSync(storage, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const bytes = Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
      assert.ok(files.length >= 3 && bytes.includes("kraken-signer.nonce"), "what is stored is here");
      for (const [name, text] of Object.entries(place.bindings).filter(([name]) => name.endsWith("_SECRET")))
        for (const secret of [Buffer.from(text), Buffer.from(text, "base64")])
          for (let at = 0; at + 16 <= secret.length; at++) assert.ok(!bytes.includes(secret.subarray(at, at + 16)), name);
    };
    scan();
    await stop();
    scan();
  });
});

describe("a clock", { timeout: 60_000 }, () => {
  for (const unit of ["ms", "us", "ns"])
    test(`that stands still, goes back, or is at zero, in ${unit}`, async (t) => {
      const place = await openExchange(t);
      const { call } = await open(t, place, { bindings: { UNIT: unit } });
      const now = Date.now();
      for (const clock of [now, now, now - 1000, now - 2 * 86_400_000, 0, now]) {
        await call("setClock", [clock], watched);
        await call(undefined, undefined, { ...watched, load: { ...balances, calls: 20, concurrency: 5 } });
      }
      assert.equal(await call("writes", [], watched), 1);
      const all = nonces(place.exchange);
      assert.ok(rising(all) && all.length === 120);
      const start = BigInt(now) * { ms: 1n, us: 1000n, ns: 1_000_000n }[unit];
      assert.deepEqual([all[0], all.at(-1) - start], [start, 119n], "one number for each turn");
    });

  test("at zero in a new object: nonces start at the minimum", async (t) => {
    const place = await openExchange(t);
    const { call } = await open(t, place);
    await call("setClock", [0], watched);
    await call("call", ["Balance"], watched);
    assert.deepEqual(nonces(place.exchange), [BigInt(Date.UTC(2026, 0, 1))]);
  });

  test("a day behind the previous run: nonces stay above its block, with one write per 1,000 calls", async (t) => {
    const place = await openExchange(t);
    const { call, ask } = await open(t, place);
    const now = Date.now();
    await call("setClock", [now], watched);
    await call("call", ["Balance"], watched);
    await ask({ ...watched, method: "end" });
    await call("setClock", [now - 86_400_000], watched);
    await call(undefined, undefined, { ...watched, load: { ...balances, calls: 2100, concurrency: 20 } });
    assert.equal(await call("writes", [], watched), 3);
    const [first, ...rest] = nonces(place.exchange);
    assert.equal(first, BigInt(now));
    assert.equal(rest[0], first + MINUTE + 1n, "the first number that was not reserved");
    assert.ok(rising(rest) && rest.length === 2100);
  });
});

describe("an object ends", { timeout: 120_000 }, () => {
  test("between calls: nonces increase, and stay within a block of the clock plus a second per end", async (t) => {
    const place = await openExchange(t);
    const { call, ask } = await open(t, place);
    for (let life = 0n; life < 10n; life++) {
      for (let i = 0; i < 3; i++) await call("call", ["Balance"], watched);
      const ahead = nonces(place.exchange).at(-1) - BigInt(Date.now());
      assert.ok(ahead <= MINUTE * (life && 1n) + 1002n * life, `${ahead} ms ahead of the clock in life ${life}`);
      await ask({ ...watched, method: "end" });
    }
    assert.ok(rising(nonces(place.exchange)));
    assert.deepEqual(refused(place.exchange), []);
  });

  test("while a request is on its way: it is rejected if it arrives after the first request of the next object", async (t) => {
    const place = await openExchange(t);
    const { call, ask } = await open(t, place);
    const delayed = place.exchange.inject({ fault: "delay", when: "before", ms: 1500, endpoint: "AddOrder" });
    const late = ask({ ...watched, face: "spot", method: "call", parameters: ["AddOrder", numbered(1)] });
    await until(() => delayed.hits);
    await ask({ ...watched, method: "end" });
    assert.equal((await late).error.type, "UnknownOutcomeError");
    await call("call", ["AddOrder", numbered(2)], watched);
    await until(() => place.exchange.requests.length === 2);
    assert.deepEqual(refused(place.exchange), ["EAPI:Invalid nonce"]);
    assert.deepEqual([...counted(place.exchange).keys()], [2]);
  });

  test("with workerd, which restarts on the same disk", async (t) => {
    const place = await openExchange(t);
    const storage = disk(t);
    for (let life = 0; life < 3; life++) {
      const { call, stop } = await open(t, place, { storage });
      for (let i = 0; i < 5; i++) await call("call", ["Balance"]);
      await stop();
    }
    const all = nonces(place.exchange);
    assert.ok(rising(all) && all.length === 15);
    assert.ok(all[5] - all[4] >= MINUTE - 1000n, "it remembered");
    assert.deepEqual(refused(place.exchange), []);
  });

  test("with workerd, by kill -9 during many calls", async (t) => {
    const place = await openExchange(t, jittered);
    const storage = disk(t);
    let number = 0;
    const answered = [];
    for (let life = 0; life < 5; life++) {
      const { ask, kill } = await open(t, place, { storage });
      const before = place.exchange.executions.length;
      const calls = Array.from({ length: 100 }, async () => {
        const own = ++number;
        const answer = await ask({ face: "spot", method: "call", parameters: ["AddOrder", numbered(own)] }).catch(() => ({
          error: "gone",
        }));
        if (!answer.error) answered.push(own);
      });
      await until(() => place.exchange.executions.length > before + 10 + Math.random() * 40);
      await kill();
      await Promise.all(calls);
    }
    // What was on its way is refused if it comes late, and there is one at most for each life.
    await later(100);
    const late = refused(place.exchange);
    assert.ok(late.length <= 5 && late.every((error) => error === "EAPI:Invalid nonce"), late.join());
    assert.ok(rising(nonces(place.exchange)));
    const counts = counted(place.exchange);
    for (const own of answered) assert.equal(counts.get(own), 1);
    assert.equal(Math.max(...counts.values()), 1);
    const unheard = counts.size - answered.length;
    assert.ok(unheard <= 5 * 2, `${unheard} executed, whose callers heard nothing`);
    t.diagnostic(`${number} calls in 5 lives: ${counts.size} executed, ${unheard} of them unheard, ${late.length} late ones refused`);
  });
});
