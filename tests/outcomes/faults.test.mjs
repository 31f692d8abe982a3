// Every fault × every class of endpoint, through Durable Objects in workerd.
import assert from "node:assert/strict";
import test from "node:test";
import { startWorker } from "../harness/workerd.mjs";

test("every fault with every class of endpoint has the right outcome through Durable Objects", { timeout: 300_000 }, async (t) => {
  const worker = await startWorker(new URL("faults.worker.mjs", import.meta.url), {
    objects: { SPOT: "SpotObject", FUTURES: "FuturesObject" },
  });
  t.after(() => worker.stop());
  const { combinations, error } = await (await fetch(worker.url)).json();
  assert.equal(error, undefined);
  t.diagnostic(`${combinations} combinations`);
});
