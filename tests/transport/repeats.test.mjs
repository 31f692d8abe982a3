// A server that executes what it gets, and then cuts the connection, against runtimes that send again by themselves.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bun, deno, nodes, workerd } from "./runtimes.mjs";
import { AFTER, listen } from "./servers.mjs";

const ORDERS = 2000;
const answer = (json) => `HTTP/1.1 200 OK\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
const OK = answer('{"error":[],"result":1}');
const REFUSED = answer('{"error":["EAPI:Invalid nonce"]}');

/** Numbers that only seem random. */
function random(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
}

/**
 * Plays Kraken: each request with a nonce above the last one is executed. Every third is then answered, the others lose their connection, some
 * twice in a row. `strict` is what Kraken does with nonces; without it what is delivered twice is executed twice.
 */
async function kraken(strict) {
  const next = random(7);
  const failures = [
    AFTER["reset on a new connection"],
    AFTER["end on a new connection"],
    AFTER["reset within the head of the answer"],
    AFTER["reset within the body of the answer"],
  ];
  const executed = new Map();
  let mark = -1;
  const server = await listen({
    answer: (request) => {
      const nonce = Number(request.id);
      if (strict && nonce <= mark) return request.socket.write(REFUSED);
      mark = Math.max(mark, nonce);
      executed.set(nonce, (executed.get(nonce) ?? 0) + 1);
      const chance = next();
      return chance < 1 / 3 ? request.socket.write(OK) : failures[Math.floor((chance - 1 / 3) * 6)](request);
    },
  });
  return { ...server, executed };
}

const twice = (counts) => [...counts.values()].filter((count) => count > 1).length;

async function orders(t, runtime, options = {}, strict = false) {
  const server = await kraken(strict);
  t.after(server.stop);
  const { answered } = await runtime.run("orders.program.mjs", { url: server.url, count: ORDERS, ...options });
  return { answered, executed: server.executed.size, executedTwice: twice(server.executed), deliveredTwice: twice(server.deliveries) };
}

const METHODS = ["POST", "PUT", "DELETE"];
// Two at a time, because most of the time a runtime waits for a connection that is cut.
describe("orders through a server that cuts connections", { concurrency: 2 }, () => {
  for (const [runtime, methods] of [
    [deno, ["POST"]],
    [deno, METHODS],
    [bun, ["POST"]],
    [bun, METHODS],
    [nodes[0], METHODS],
    [nodes[3], METHODS],
    [workerd, METHODS],
  ]) {
    const name = `${runtime.name}: ${ORDERS} orders by ${methods.join(", ")} through a server that executes and then cuts the connection, none delivered twice`;
    test(name, { skip: runtime.missing(), timeout: 240_000 }, async (t) => {
      const counts = await orders(t, runtime, { methods });
      t.diagnostic(JSON.stringify(counts));
      assert.deepEqual({ ...counts, answered: 0 }, { answered: 0, executed: ORDERS, executedTwice: 0, deliveredTwice: 0 });
      assert.ok(counts.answered > ORDERS / 5 && counts.answered < ORDERS / 2, "some were answered, most were not");
    });
  }

  test(
    "Deno with a client that keeps its connections: no order is delivered twice",
    { skip: deno.missing(), timeout: 240_000 },
    async (t) => {
      const pool = { poolIdleTimeout: false };
      const counts = await orders(t, deno, { methods: METHODS, pool });
      assert.deepEqual({ ...counts, answered: 0 }, { answered: 0, executed: ORDERS, executedTwice: 0, deliveredTwice: 0 });
      const bare = await orders(t, deno, { pool, bare: true });
      assert.ok(bare.deliveredTwice > ORDERS / 10, "without the guard, it repeats them");
    },
  );

  test(
    "without the guard, Deno and Bun repeat requests (if this fails, the guard is no longer needed)",
    { timeout: 240_000 },
    async (t) => {
      for (const [runtime, methods] of [
        [deno, ["POST"]],
        [bun, METHODS],
      ]) {
        const counts = await orders(t, runtime, { methods, bare: true });
        t.diagnostic(`${runtime.name}: ${JSON.stringify(counts)}`);
        assert.ok(counts.deliveredTwice > ORDERS / 10, JSON.stringify(counts));
      }
    },
  );

  test(
    "a strict nonce prevents a request that is delivered twice from being executed twice",
    { skip: deno.missing(), timeout: 240_000 },
    async (t) => {
      const counts = await orders(t, deno, { bare: true }, true);
      t.diagnostic(JSON.stringify(counts));
      assert.ok(counts.deliveredTwice > ORDERS / 10);
      assert.equal(counts.executedTwice, 0);
    },
  );
});
