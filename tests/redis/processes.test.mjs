// Eight processes, one key: nothing out of order, nothing lost, nobody left behind.
import assert from "node:assert/strict";
import test from "node:test";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { account, memberOf, share } from "./helper.mjs";

// Arrival with 0–20 ms of jitter is the rule elsewhere, and what these numbers are stated for; it takes a minute for 4,000 requests in turn.
const JITTER = Number(process.env.KRAKEN_SIGNER_JITTER ?? 4);

test(
  "8 processes with 500 calls each cause no invalid nonce",
  { skip: without(redisServer, "redis-server"), timeout: 600_000 },
  async (t) => {
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
    assert.ok(nonces.every((nonce, i) => !i || nonce > nonces[i - 1]));

    // While all of them want something turns go round, from the one that was ready last until one has made all its calls.
    const order = executions.map(({ params }) => memberOf(Number(params.userref)));
    const count = (member, turns) => turns.filter((one) => one === member).length;
    const members = [...new Set(order)];
    const begin = Math.max(...members.map((member) => order.indexOf(member)));
    const end = Math.min(...members.map((member) => order.lastIndexOf(member)));
    const together = order.slice(begin, end);
    const counts = members.map((member) => count(member, together));
    t.diagnostic(
      `of ${together.length} turns that all wanted they had ${counts.join(", ")}; ${Math.round(4000 / seconds)} calls per second`,
    );
    assert.ok(together.length > 2000);
    assert.ok(counts.every((one) => one > (0.8 * together.length) / 8));
  },
);
