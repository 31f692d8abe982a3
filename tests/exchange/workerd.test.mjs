// The exchange in workerd: one request must not need another one to finish.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorker } from "../harness/workerd.mjs";

test("in a Worker, concurrent requests are handled even if the first is canceled", async (t) => {
  const worker = await startWorker(new URL("worker.mjs", import.meta.url));
  t.after(() => worker.stop());
  await assert.rejects(fetch(`${worker.url}/hang?nonce=1000`, { signal: AbortSignal.timeout(300) }));
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const response = await fetch(`${worker.url}/?nonce=${1001 + i}`, { signal: AbortSignal.timeout(3000) });
      return await response.json();
    }),
  );
  assert.deepEqual(
    answers.flatMap(({ error }) => error),
    [],
  );
});
