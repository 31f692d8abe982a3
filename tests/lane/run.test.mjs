// Lanes that other people wrote: none of them sends twice, or after its call has ended, or hides what was sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { later, loadInternals } from "./helper.mjs";

const { NonceSource, StorageLane, laneOf, runInLane } = await loadInternals();

const NONCE = "1700000000000";

/** Runs in a lane that is a function, and counts what is sent. */
function open(run, { answer = async () => "answer", ...options } = {}) {
  const sent = [];
  const result = runInLane(
    { run },
    (nonce) => {
      sent.push(nonce);
      return answer(nonce);
    },
    options,
  );
  result.catch(() => {});
  return { sent, result };
}

test("a correct lane runs the call and returns its result", async () => {
  for (const run of [(send) => send(NONCE), async (send) => send(NONCE), async (send) => (await later(5), await send(NONCE))]) {
    const { sent, result } = open(run);
    assert.equal(await result, "answer");
    assert.deepEqual(sent, [NONCE]);
  }
});

test("a lane gets the signal and whether the call is a write", async () => {
  const { signal } = new AbortController();
  let seen;
  await open((send, options) => ((seen = options), send(NONCE)), { signal, write: true }).result;
  assert.deepEqual(seen, { signal, write: true });
});

test("a lane that rejects and calls `send` later does not send", async () => {
  let late;
  const { sent, result } = open(async (send) => {
    late = later(30).then(() => send(NONCE));
    late.catch(() => {});
    throw new Error("the lane is closed");
  });
  await assert.rejects(result, { message: "the lane is closed" });
  await assert.rejects(late, { name: "KrakenError", code: "ERR_LANE", message: /after the call had ended.*Nothing was sent/ });
  assert.deepEqual(sent, []);
});

test("a lane that resolves and calls `send` later does not send", async () => {
  let late;
  const { sent, result } = open(async (send) => {
    late = later(30).then(() => send(NONCE));
    late.catch(() => {});
    return "nothing";
  });
  await assert.rejects(result, { code: "ERR_LANE", message: /without calling `send`. Nothing was sent/ });
  await assert.rejects(late, { code: "ERR_LANE" });
  assert.deepEqual(sent, []);
});

test("a lane that calls `send` after the signal has aborted does not send", async () => {
  const stop = new AbortController();
  let late;
  const { sent, result } = open(
    (send) => {
      late = later(30).then(() => send(NONCE));
      late.catch(() => {});
      return late;
    },
    { signal: stop.signal },
  );
  const reason = new Error("enough");
  stop.abort(reason);
  await assert.rejects(result, (error) => error === reason);
  await assert.rejects(late, { code: "ERR_LANE" });
  assert.deepEqual(sent, []);
  await assert.rejects(open((send) => send(NONCE), { signal: stop.signal }).result, (error) => error === reason);
});

test("a lane that calls `send` twice sends once, and the first outcome counts", async () => {
  for (const [run, second] of [
    [async (send) => (await send(NONCE), send(NONCE)), "rejects"],
    [async (send) => Promise.all([send(NONCE), send(NONCE)]), "rejects"],
    [async (send) => Promise.any([send(NONCE), send(NONCE)]), "resolves"],
  ]) {
    const { sent, result } = open(run, { answer: () => later(5).then(() => "answer") });
    assert.equal(await result, "answer", second);
    assert.deepEqual(sent, [NONCE]);
  }
  // A lane with a retry of its own.
  const retrying = open((send) => send(NONCE).catch(() => send(NONCE)), { answer: () => Promise.reject(new Error("no answer")) });
  await assert.rejects(retrying.result, { message: "no answer" });
  assert.deepEqual(retrying.sent, [NONCE]);
});

test("a lane that awaits `send` late, or never, does not end the program when the request fails", async (t) => {
  const unhandled = t.mock.fn();
  process.on("unhandledRejection", unhandled);
  t.after(() => process.off("unhandledRejection", unhandled));
  const fail = () => Promise.reject(new Error("rejected by Kraken"));
  const lanes = [
    async (send) => {
      const sending = send("1");
      await later(5);
      return sending;
    },
    async (send) => (void send("1"), later(5)),
    async (send) => (void send("1"), send("2")),
  ];
  for (const run of lanes) await assert.rejects(runInLane({ run }, fail), /rejected by Kraken/);
  let late;
  await assert.rejects(runInLane({ run: async (send) => ((late = send), Promise.reject(new Error("no slot"))) }, fail), /no slot/);
  void late("1");
  await later(5);
  assert.equal(unhandled.mock.callCount(), 0);
});

test("if a lane never calls `send`, the signal ends the call", async () => {
  const stop = new AbortController();
  const { sent, result } = open(() => new Promise(() => {}), { signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(result, { name: "AbortError" });
  assert.deepEqual(sent, []);
});

test("a lane that throws at once fails the call, and an object that is not a lane is refused", async () => {
  const failing = () => {
    throw new Error("at once");
  };
  await assert.rejects(open(failing).result, { message: "at once" });
  await assert.rejects(open(undefined).result, TypeError);
  assert.equal(await open((send) => void send(NONCE)).result, "answer");
});

test("a lane that replaces the answer or the error changes nothing", async () => {
  assert.equal(await open(async (send) => (await send(NONCE), "something else")).result, "answer");
  assert.equal(await open(async (send) => (await send(NONCE), Promise.reject(new Error("the lock was lost")))).result, "answer");
  const refused = { answer: () => Promise.reject(new Error("refused")) };
  for (const run of [
    (send) => send(NONCE).catch(() => "fine"),
    (send) => send(NONCE).catch(() => Promise.reject(new Error("hidden"))),
    async (send) => void send(NONCE).catch(() => {}),
  ])
    await assert.rejects(open(run, refused).result, { message: "refused" });
});

test("if a lane ends or rejects while the request is on its way, the outcome of the request still counts", async () => {
  const slow = { answer: () => later(30).then(() => "answer") };
  assert.equal(await open((send) => void send(NONCE), slow).result, "answer");
  assert.equal(await open((send) => (send(NONCE), Promise.reject(new Error("the lock was lost"))), slow).result, "answer");
});

test("if the signal aborts while the request is on its way, the outcome of `send` counts", async () => {
  const stop = new AbortController();
  const answer = () =>
    new Promise((_, reject) => stop.signal.addEventListener("abort", () => setTimeout(reject, 10, new Error("unknown outcome"))));
  const { result } = open((send) => send(NONCE), { signal: stop.signal, answer });
  await later(5);
  stop.abort();
  await assert.rejects(result, { message: "unknown outcome" });
});

test("a lane that does not end after the answer delays it by at most a second and does not keep the program alive", async () => {
  const started = performance.now();
  assert.equal(await open(async (send) => (await send(NONCE), new Promise(() => {}))).result, "answer");
  const took = performance.now() - started;
  assert.ok(took > 900 && took < 3000, `${took} ms`);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  await open((send) => send(NONCE)).result;
  await open((send) => void send(NONCE), { answer: () => later(5) }).result;
  assert.equal(timers(), before);
});

test("a lane that settles promptly after the answer costs no timer", async (t) => {
  const storage = { get: async () => undefined, put: async () => {}, sync: async () => {} };
  const process = laneOf("prompt", new NonceSource(), undefined);
  t.after(() => process.close());
  const unlocking = {
    async run(send) {
      try {
        return await send(NONCE);
      } finally {
        await Promise.resolve();
      }
    },
  };
  for (const lane of [process, new StorageLane(storage), unlocking]) {
    const { setTimeout: set } = globalThis;
    const delays = [];
    globalThis.setTimeout = (then, delay) => (delays.push(delay), set(then, delay));
    try {
      assert.equal(await runInLane(lane, async () => "answer"), "answer");
    } finally {
      globalThis.setTimeout = set;
    }
    assert.deepEqual(delays, []);
  }
});

test("an error that `send` throws synchronously is its outcome", async () => {
  const answer = () => {
    throw new Error("a bad nonce");
  };
  await assert.rejects(open((send) => send(NONCE), { answer }).result, { message: "a bad nonce" });
  await assert.rejects(open((send) => void send(NONCE).catch(() => {}), { answer }).result, { message: "a bad nonce" });
});
