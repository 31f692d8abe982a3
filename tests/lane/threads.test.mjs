// Several threads, one key: nothing refused, and a thread that is ended or busy holds up the others for its lease at most.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { ThreadLane } from "kraken-signer";

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const execute = promisify(execFile);
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = at("threads.mjs");

const RUNTIMES = [
  ["this Node", process.execPath, []],
  ["Node 22", at("../node_modules/node22/bin/node"), []],
  ["Node 24", at("../node_modules/node24/bin/node"), []],
  ["Node 26", at("../node_modules/node26/bin/node"), []],
  ["Deno", at("../node_modules/.bin/deno"), ["run", "--allow-all", "--no-lock"]],
  ["Bun", at("../node_modules/.bin/bun"), []],
];

/** Runs threads in a runtime, against an exchange that takes nonces strictly. */
async function run(t, [, command, args], settings) {
  const exchange = new Exchange({ lenient: true, arrivalDelay: () => Math.random() * 3 });
  const { handle } = exchange;
  let [inFlight, most] = [0, 0];
  exchange.handle = async (request) => {
    most = Math.max(most, ++inFlight);
    return handle(request).finally(() => inFlight--);
  };
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey();
  const told = JSON.stringify({ key, secret, url: server.url, ...settings });
  const { stdout } = await execute(command, [...args, program, told], { timeout: 240_000 });
  const { requests, executions } = exchange;
  const nonces = executions.map(({ nonce }) => BigInt(nonce));
  return { ...JSON.parse(stdout), most, requests, nonces, refused: requests.flatMap(({ errors }) => errors) };
}

const rising = (nonces) => nonces.every((nonce, i) => !i || nonce > nonces[i - 1]);

// Two runtimes at a time, because most of the time they wait for the exchange.
describe("threads in each runtime", { concurrency: 2 }, () => {
  for (const runtime of RUNTIMES) {
    const [name, command] = runtime;
    describe(name, { skip: !existsSync(command) && "npm brings it for Linux on x64 only", timeout: 300_000, concurrency: 1 }, () => {
      test("4 threads with 500 calls each cause no invalid nonce", async (t) => {
        const { errors, refused, requests, nonces, took, most } = await run(t, runtime, { threads: 4, calls: 500 });
        t.diagnostic(`2,000 calls in ${took} ms, ${refused.length} refused`);
        assert.deepEqual([errors, refused, requests.length, most], [[], [], 2000, 1]);
        assert.ok(rising(nonces));
      });

      test("threads share a lane in microseconds", async (t) => {
        const { errors, refused, nonces } = await run(t, runtime, { threads: 2, calls: 100, unit: "us" });
        assert.deepEqual([errors, refused], [[], []]);
        assert.ok(rising(nonces) && nonces.every((nonce) => `${nonce}`.length === 16));
      });

      test("if threads end while they wait or have the slot, the others continue after the lease", async (t) => {
        const others = ["holds the turn", "waits"];
        const { errors, refused, took } = await run(t, runtime, { threads: 2, calls: 20, lease: 2, others });
        assert.deepEqual([errors, refused], [[], []]);
        assert.ok(took > 1500 && took < 20_000, `${took} ms`);
      });

      test("a thread that is busy for less than its lease keeps its slot", async (t) => {
        const { errors, refused, took } = await run(t, runtime, { threads: 2, calls: 20, lease: 3, others: ["is busy"] });
        assert.deepEqual([errors, refused], [[], []]);
        assert.ok(took > 1000 && took < 20_000, `${took} ms`);
      });

      test("without a ThreadLane, requests of several threads are rejected", async (t) => {
        const { refused } = await run(t, runtime, { threads: 4, calls: 100, shared: false });
        assert.ok(refused.includes("EAPI:Invalid nonce"));
      });
    });
  }
});

describe("several ThreadLanes in one thread", () => {
  const take = (lane, options) => lane.run(async (nonce) => BigInt(nonce), options);

  test("lanes with the same memory share the queue: writes before reads, each kind in its order", async () => {
    const memory = ThreadLane.memory();
    const lanes = [new ThreadLane({ memory }), new ThreadLane({ memory })];
    const began = [];
    let inFlight = 0;
    const work = (name) => async () => {
      assert.equal(++inFlight, 1);
      began.push(name);
      // However slow the machine is, all others wait when the first one ends.
      while (all.length < names.length) await later(5);
      await later(20);
      inFlight--;
    };
    const all = [];
    const names = ["r0", "r1", "r2", "w1", "r3", "w2"];
    for (const [i, name] of names.entries()) {
      all.push(lanes[i % 2].run(work(name), { write: name[0] === "w" }));
      await later(2);
    }
    await Promise.all(all);
    assert.deepEqual(began, ["r0", "w1", "w2", "r1", "r2", "r3"]);
  });

  test("a request may take longer than its lease, and waiting calls keep their place", async () => {
    const memory = ThreadLane.memory();
    const lanes = Array.from({ length: 3 }, () => new ThreadLane({ memory, lease: 2 }));
    const began = [];
    const all = [];
    for (const [i, lane] of lanes.entries()) {
      all.push(lane.run(async () => (began.push(i), await later(i ? 1 : 4500), began.push(`end of ${i}`))));
      await later(10);
    }
    await Promise.all(all);
    assert.deepEqual(began, [0, "end of 0", 1, "end of 1", 2, "end of 2"]);
  });

  test("a call that lost its slot while it made its code waits for the slot again, and takes its nonce then", async () => {
    const memory = ThreadLane.memory();
    const [a, b] = [new ThreadLane({ memory }), new ThreadLane({ memory })];
    const events = [];
    const send = (name) => async (nonce) => {
      events.push(name);
      await later(50);
      events.push(`end of ${name}`);
      return BigInt(nonce);
    };
    const prepare = async () => {
      await later(10);
      // As another thread does after the lease, if this one was busy for so long: the fourth word of the memory is the slot.
      Atomics.store(new Int32Array(memory), 3, 0);
      await later(20);
    };
    const late = a.run(send("late"), { prepare });
    const next = b.run(send("next"));
    assert.ok((await late) > (await next));
    assert.deepEqual(events, ["next", "end of next", "late", "end of late"]);
  });

  test("a call that is aborted leaves the queue", async () => {
    const memory = ThreadLane.memory();
    const [a, b] = [new ThreadLane({ memory }), new ThreadLane({ memory })];
    const first = a.run(() => later(50));
    const stop = new AbortController();
    const second = b.run(() => assert.fail("it was aborted"), { signal: stop.signal });
    await later(10);
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(second, (error) => error === reason);
    await first;
    assert.ok((await take(b)) > 0n);
  });

  test("nonces increase even if the clock stands still, including those of signSync", async (t) => {
    const memory = ThreadLane.memory();
    const [a, b] = [new ThreadLane({ memory }), new ThreadLane({ memory })];
    const now = Date.now();
    t.mock.method(Date, "now", () => now);
    const nonces = [await take(a), await take(b), BigInt(a.next()), BigInt(b.next()), await take(a)];
    assert.deepEqual(
      nonces.map((nonce) => nonce - nonces[0]),
      [0n, 1n, 2n, 3n, 4n],
    );
    const running = a.run(() => later(20));
    await later(5);
    assert.throws(() => b.next(), { code: "ERR_INVALID_REQUEST", message: /has a slot or waits for one/ });
    await running;
    b.next();
  });

  test("next() is refused in the same moment in which a call has asked for a slot", async () => {
    const lane = new ThreadLane({ memory: ThreadLane.memory() });
    for (const write of [false, true]) {
      const calls = [1, 2].map(() => lane.run(async (nonce) => nonce, { write }));
      assert.throws(() => lane.next(), { code: "ERR_INVALID_REQUEST", message: /has a slot or waits for one/ });
      await Promise.all(calls);
      lane.next();
    }
  });

  test("a last nonce far ahead of the clock is refused and not raised further", async () => {
    const memory = ThreadLane.memory();
    const words = new BigInt64Array(memory);
    const far = BigInt(Date.now() + 3653 * 86_400_000);
    words[3] = far;
    await assert.rejects(take(new ThreadLane({ memory })), { code: "ERR_INVALID_NONCE", message: /10 years ahead/ });
    assert.equal(words[3], far);
  });

  test("entry numbers wrap after a billion and keep their order", async () => {
    const memory = ThreadLane.memory();
    new Int32Array(memory)[2] = 2 ** 31 - 4;
    const lanes = Array.from({ length: 8 }, () => new ThreadLane({ memory }));
    const began = [];
    const all = [];
    for (const [i, lane] of lanes.entries()) {
      all.push(lane.run(async () => (began.push(i), later(10))));
      await later(0);
    }
    await Promise.all(all);
    assert.deepEqual(began, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("lanes that exceed the memory wait outside it", async () => {
    const memory = ThreadLane.memory();
    const lanes = Array.from({ length: 200 }, () => new ThreadLane({ memory }));
    const nonces = await Promise.all(lanes.map((lane) => take(lane)));
    assert.equal(new Set(nonces).size, 200);
  });

  test("invalid options are refused", () => {
    const memory = ThreadLane.memory();
    for (const wrong of [undefined, new ArrayBuffer(1056), new SharedArrayBuffer(8), new SharedArrayBuffer(memory.byteLength)])
      assert.throws(() => new ThreadLane({ memory: wrong }), { code: "ERR_INVALID_REQUEST", message: /memory/ });
    for (const lease of [1, 3601, NaN])
      assert.throws(() => new ThreadLane({ memory, lease }), { code: "ERR_INVALID_REQUEST", message: /lease/ });
    assert.throws(() => new ThreadLane({ memory, unit: "s" }), { code: "ERR_INVALID_NONCE" });
    new ThreadLane({ memory });
    assert.throws(() => new ThreadLane({ memory, unit: "us" }), { code: "ERR_INVALID_NONCE", message: /different unit/ });
  });
});

test("next() is not refused for ever because a thread ended while it had the slot", { timeout: 60_000 }, async () => {
  const memory = ThreadLane.memory();
  const lane = new ThreadLane({ memory, lease: 2 });
  // What a thread leaves that ends during its request: its number in the slot, and no heartbeat.
  Atomics.store(new Int32Array(memory), 3, 2);
  const message = /another request with this key has a slot/;
  assert.throws(() => lane.next(), { message });
  await later(1000);
  assert.throws(() => lane.next(), { message }, "within the lease");
  for (const end = Date.now() + 20_000; Atomics.load(new Int32Array(memory), 3) && Date.now() < end;) await later(100);
  assert.match(lane.next(), /^\d+$/);
});
