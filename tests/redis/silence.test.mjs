// A Redis that answers, but has no memory left, is far away, or is asked through a client that is closed.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { Redis } from "ioredis";
import { RedisLane } from "kraken-signer/redis";
import { createClient } from "redis";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { closeRedis, command, libraries, openRedis } from "./clients.mjs";
import { until } from "./helper.mjs";

const KEY = "a-key";
const closed = (client) => (client.disconnect(), client);
const take = (lane) => lane.run(async (nonce) => nonce);

describe("Redis", { skip: without(redisServer, "redis-server"), timeout: 60_000 }, () => {
  for (const library of libraries)
    test(`without memory, a request under way keeps its slot, and others wait: ${library}`, async (t) => {
      const { port } = await startRedis(t);
      const redis = await openRedis(library, port);
      t.after(() => closeRedis(redis));
      const lane = () => new RedisLane({ redis, key: KEY, lease: 300, timeout: 500 });
      await take(lane());
      let release;
      const running = lane().run(() => new Promise((resolve) => (release = resolve)));
      await until(() => release);
      t.after(() => release());
      await command(redis, "CONFIG", "SET", "maxmemory", "1");
      // Several leases, and as many calls that would take the slot if it were free.
      for (let i = 0; i < 3; i++) await assert.rejects(take(lane()), { code: "ERR_LANE", message: /OOM/ });
      await command(redis, "CONFIG", "SET", "maxmemory", "0");
      let isNext = false;
      const next = lane().run(async () => (isNext = true));
      await later(600);
      assert.equal(isNext, false);
      release();
      await Promise.all([running, next]);
    });

  test("a call that waits behind a long one of its own process does not fail because Redis is far away", async (t) => {
    const { port } = await startRedis(t);
    const tcp = await openRedis("ioredis", port);
    t.after(() => closeRedis(tcp));
    const far = async (ask) => {
      await later(70);
      const answer = await ask();
      await later(70);
      return answer;
    };
    const redis = {
      createScript() {},
      eval: (source, keys, args) => far(() => tcp.eval(source, keys.length, ...keys, ...args)),
      evalsha: (sha1, keys, args) => far(() => tcp.evalsha(sha1, keys.length, ...keys, ...args)),
    };
    // The lease is renewed for the first time after the long call.
    const lane = new RedisLane({ redis, key: KEY, lease: 60_000, timeout: 1000 });
    await take(lane);
    const long = lane.run(() => later(1500));
    assert.match(await take(lane), /^\d{13}$/);
    await long;
  });

  test("calls that wait together fail together when Redis falls silent", async (t) => {
    const server = await startRedis(t);
    const redis = await openRedis("ioredis", server.port);
    t.after(() => closeRedis(redis));
    const lane = new RedisLane({ redis, key: KEY, timeout: 600 });
    await take(lane);
    server.child.kill("SIGSTOP");
    const since = performance.now();
    const silent = { code: "ERR_LANE", message: "Redis did not answer within 600 ms. Nothing was sent." };
    await Promise.all(Array.from({ length: 5 }, () => assert.rejects(take(lane), silent)));
    assert.ok(performance.now() - since < 2400, "and not one after another");
  });

  const open = (options) => new Redis({ host: "127.0.0.1", ...options }).on("error", () => {});
  const rejecting = (message, more) => ({ evalSha: async () => Promise.reject(Object.assign(new Error(message), more)), eval() {} });
  for (const [name, client, reason] of [
    ["ioredis, closed", (port) => closed(open({ port })), "Connection is closed"],
    ["redis, never connected", (port) => createClient({ socket: { port } }), "The client is closed"],
    [
      "an error of Redis without a code",
      () => rejecting("ERR The user executing the script can't run this: 1f2e, on alice@10.0.0.1"),
      "The user executing the script can't run this",
    ],
    ["a fetch that failed", () => rejecting("fetch failed", { name: "TypeError", cause: { code: "ECONNREFUSED" } }), "ECONNREFUSED"],
    ["an address", () => rejecting("10.0.0.1 is gone"), "Error"],
  ])
    test(`the message says what the client said: ${name}`, async (t) => {
      const { port } = await startRedis(t);
      const lane = new RedisLane({ redis: await client(port), key: KEY, timeout: 300 });
      const message = `Redis gave no slot within 300 ms (${reason}). Nothing was sent.`;
      await assert.rejects(take(lane), { code: "ERR_LANE", message });
    });
});
