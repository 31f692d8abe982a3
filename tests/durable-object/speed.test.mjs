// What the way through an object costs, beside a client in the Worker itself: the table of the page on Durable Objects.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, openExchange } from "./helper.mjs";

/** More calls make steadier numbers. */
const CALLS = Number(process.env.KRAKEN_SIGNER_CALLS ?? 60);
const jobs = [["call", "Balance"]];
const rounded = (number) => number.toFixed(number < 100 ? 1 : 0).padStart(6);

test("latency and calls per second with one key", { timeout: 600_000 }, async (t) => {
  t.diagnostic("Kraken answers after | calls at once | object: ms a call, calls a second | in the Worker: ms a call, calls a second");
  for (const delay of [0, 20])
    for (const concurrency of [1, 50]) {
      const row = [];
      for (const question of [{ face: "spot" }, { object: "local" }]) {
        const place = await openExchange(t, { arrivalDelay: () => delay });
        const { call, stop } = await open(t, place);
        const run = (calls) => call(undefined, undefined, { ...question, load: { calls, concurrency, jobs } });
        await run(Math.max(20, concurrency));
        const { outcomes, took, timers } = await run(CALLS);
        assert.deepEqual(
          outcomes.filter(({ error }) => error),
          [],
        );
        // workerd keeps memory for each timer until the object ends.
        if (question.object !== "local") assert.equal(timers, CALLS, "one timer for the timeout of each call");
        row.push(`${rounded(outcomes.reduce((sum, { took }) => sum + took, 0) / CALLS)} ${rounded((CALLS / took) * 1000)}`);
        await stop();
      }
      t.diagnostic(`${`${delay}`.padStart(2)} ms | ${`${concurrency}`.padStart(2)} | ${row.join(" | ")}`);
    }
});
