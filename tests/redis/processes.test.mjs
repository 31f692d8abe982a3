// Eight processes, one key: nothing out of order, nothing lost, nobody left behind.
import assert from "node:assert/strict";
import test from "node:test";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { account, memberOf, share } from "./helper.mjs";

// Arrival with 0–20 ms of jitter is the rule elsewhere, and what these numbers are stated for; it takes a minute for 4,000 requests in turn.
const JITTER = Number(process.env.KRAKEN_SIGNER_JITTER ?? 4);

test("8 processes × 500 calls", { skip: without(redisServer, "redis-server"), timeout: 600_000 }, async (t) => {
  const { port } = await startRedis(t);
  const shared = await share(t, { processes: 8, calls: 500, delay: () => Math.random() * JITTER, port, timeout: 600_000 });
  const started = performance.now();
  await shared.done;
  const seconds = (performance.now() - started) / 1000;
  const { exchange } = shared;
  assert.deepEqual(account(shared), {
    calls: 4000,
    executed: 4000,
    twice: 0,
    invalidNonces: 0,
    lost: 0,
    untrue: 0,
    silent: [],
    errors: [],
  });
  const { executions } = exchange;
  const nonces = executions.map(({ nonce }) => BigInt(nonce));
  assert.ok(nonces.every((nonce, i) => !i || nonce >= nonces[i - 1] + 2n));

  // While all of them want something, turns go round: between two turns of a process lies one of each of the others, and hardly more.
  const order = executions.map(({ params }) => memberOf(Number(params.userref)));
  const counts = Array(8).fill(0);
  const last = Array(8).fill(0);
  const gaps = [];
  for (const [i, member] of order.entries()) {
    if (counts[member]) gaps.push(i - last[member]);
    last[member] = i;
    if (++counts[member] === 500) break;
  }
  t.diagnostic(`when the first had made its 500 calls the others had made ${counts.sort((a, b) => a - b).join(", ")}`);
  t.diagnostic(`longest wait between two turns: ${Math.max(...gaps)} turns of others; ${Math.round(4000 / seconds)} calls per second`);
});
