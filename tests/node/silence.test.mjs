// After a silence, a call takes one round trip and not three.
import assert from "node:assert/strict";
import test from "node:test";
import { measure } from "./silence.mjs";

test("after 6 s of silence, 25 ms away, a call takes one round trip", async (t) => {
  const { nodeFetch } = await measure(6000);
  t.diagnostic(
    Object.entries(nodeFetch)
      .map(([when, ms]) => `${when}: ${ms.toFixed(0)} ms`)
      .join(", "),
  );
  assert.ok(nodeFetch.first > 150, `${nodeFetch.first} ms: the first call waits for TCP and TLS`);
  // Three round trips against one; a busy machine makes both longer.
  assert.ok(nodeFetch.afterSilence < nodeFetch.first / 2, `${nodeFetch.afterSilence} ms`);
});
