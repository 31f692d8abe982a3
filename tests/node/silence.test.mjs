// After a silence, the connection is still there, so a call takes one round trip and not three: in every runtime, as docs/connections.md says.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isMissing, measure } from "./silence.mjs";

const SILENCE = 6000;

describe(`after ${SILENCE} ms of silence, 25 ms away`, { concurrency: true }, () => {
  const check = (name, keeps) =>
    test(`${name} ${keeps ? "keeps its connection" : "opens connections again"}`, { skip: isMissing(name) }, async (t) => {
      const { first, reads, writes, connections } = await measure(name, [SILENCE]);
      t.diagnostic(`first: ${first} ms, a read: ${reads} ms, a write: ${writes} ms, ${connections} connections`);
      assert.ok(first > 150, `${first} ms: the first call waits for TCP and TLS`);
      // The read and the write after it, each after a silence. A busy machine makes times longer, and opens no connections.
      assert.equal(connections, keeps ? 1 : 3);
    });
  check("`nodeFetch()`", true);
  check("Deno's `fetch`", true);
  check("Deno, `poolIdleTimeout: false`", true);
  check("Deno, `poolIdleTimeout: 1000`", false);
  check("Bun's `fetch`", true);
});
