// How much a call does besides its request, counted, so that it does not depend on the machine: see tests/bench/FINDINGS.md.
import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import { SpotClient } from "kraken-signer";

const text = '{"error":[],"result":{"ZUSD":"1.0000"}}';
const headers = new Headers({ "content-length": `${text.length}` });
const secret = Buffer.alloc(64, 7).toString("base64");

/** Counts what happens in one call, after one that is not counted; `signalOf` makes the option `signal`. */
async function counted(signalOf = () => undefined) {
  const fetch = async () => ({ status: 200, headers, text: async () => text });
  const client = new SpotClient({ key: "counts", secret, fetch });
  await client.call("Balance");
  const count = { promises: 0, listeners: 0, clocks: 0 };
  const { addEventListener } = EventTarget.prototype;
  const { now } = performance;
  const hook = createHook({ init: (_, type) => void (count.promises += Number(type === "PROMISE")) });
  const signal = signalOf();
  EventTarget.prototype.addEventListener = function (...given) {
    count.listeners += 1;
    return addEventListener.apply(this, given);
  };
  performance.now = function () {
    count.clocks += 1;
    return now.call(this);
  };
  hook.enable();
  try {
    await client.call("Balance", {}, { signal });
  } finally {
    hook.disable();
    delete performance.now;
    EventTarget.prototype.addEventListener = addEventListener;
    client.close();
  }
  return count;
}

test("a call whose slot is free makes at most 35 promises, listens to no signal of its own, and reads the monotonic clock at most eight times", async () => {
  const { promises, listeners, clocks } = await counted();
  assert.ok(promises <= 35, `${promises} promises`);
  assert.equal(listeners, 0);
  assert.ok(clocks <= 8, `${clocks} readings`);
});

test("a call listens once to the signal that it is given", async () => {
  const { listeners } = await counted(() => new AbortController().signal);
  assert.equal(listeners, 1);
});
