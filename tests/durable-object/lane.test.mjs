// The lane of an object by itself, with a storage that the tests look into.
import assert from "node:assert/strict";
import { test } from "node:test";
import { later, loadInternals } from "../lane/helper.mjs";

const { StorageLane } = await loadInternals();

const MARK = "kraken-signer.nonce";
const DAY = 86_400_000;

/** A storage in memory, and what was written to it. */
function open(mark) {
  const values = new Map(mark === undefined ? [] : [[MARK, mark]]);
  const written = [];
  const storage = {
    get: async (name) => values.get(name),
    put: async (name, value) => {
      written.push(value);
      values.set(name, value);
    },
    sync: async () => {},
  };
  return { storage, written };
}

const take = (lane) => lane.run(async (nonce) => BigInt(nonce));

test("writes go before waiting reads, and one request is in transit at a time", async () => {
  const lane = new StorageLane(open().storage);
  const began = [];
  let inFlight = 0;
  const all = ["r0", "r1", "w1", "r2", "w2"].map((name) =>
    lane.run(
      async () => {
        assert.equal(++inFlight, 1);
        began.push(name);
        await later(5);
        inFlight--;
      },
      { write: name[0] === "w" },
    ),
  );
  await Promise.all(all);
  assert.deepEqual(began, ["r0", "w1", "w2", "r1", "r2"]);
});

test("no queue entry is removed as dead, because an object continues when its callers are gone", async () => {
  globalThis.WebSocketPair = class {};
  try {
    const lane = new StorageLane(open().storage);
    const began = [];
    const first = lane.run(async () => (began.push("first"), later(2500)));
    await later(10);
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const second = lane.run(async () => began.push("second"));
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, timers, "nothing ticks");
    await later(2000);
    assert.deepEqual(began, ["first"]);
    await Promise.all([first, second]);
  } finally {
    delete globalThis.WebSocketPair;
  }
});

test("a call that is aborted while it waits leaves the queue, and takes no nonce", async () => {
  const lane = new StorageLane(open().storage);
  const stop = new AbortController();
  const first = lane.run(() => later(20));
  const second = lane.run(() => assert.fail("it was aborted"), { signal: stop.signal });
  stop.abort();
  await assert.rejects(second, { name: "AbortError" });
  await first;
  assert.ok((await take(lane)) > 0n);
});

test("a highest nonce ten years ahead of the clock is refused, and neither raised nor stored", async () => {
  for (const [unit, factor] of [
    ["ms", 1n],
    ["us", 1000n],
    ["ns", 1_000_000n],
  ]) {
    const poison = BigInt(Date.now() + 3653 * DAY) * factor;
    const { storage, written } = open(poison);
    const lane = new StorageLane(storage, { unit });
    for (let i = 0; i < 3; i++)
      await assert.rejects(
        lane.run(() => assert.fail("it was sent")),
        { code: "ERR_INVALID_NONCE", message: /10 years ahead of the clock. Nothing was sent/ },
      );
    // It may be that of an earlier key, and `allowAhead` would raise the nonces of the new one.
    await assert.rejects(take(lane), { message: /If that was another key's, give this key an object with another name/ });
    assert.deepEqual(written, []);
    const clockAhead = new StorageLane(open(0n).storage, { unit, now: () => Date.now() + 3653 * DAY });
    await assert.rejects(take(clockAhead), ({ message }) => /ahead of the clock/.test(message) && !/another key/.test(message));
    const meant = new StorageLane(storage, { unit, allowAhead: true });
    assert.equal(await take(meant), poison + 1n);
  }
});
