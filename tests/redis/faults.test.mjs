// Processes that die or stand still, and a Redis that is restarted under them.
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { closeRedis, command, openRedis } from "./clients.mjs";
import { account, memberOf, share, until, overtaken } from "./helper.mjs";

const options = { skip: without(redisServer, "redis-server"), timeout: 300_000 };
const jitter = () => Math.random() * 4;
/** Long enough for a process on a busy machine to renew it. */
const LEASE = 1500;

// Most of the time is spent waiting for leases to end.
describe("faults", { concurrency: 2 }, () => {
  test(
    "kill -9 of six processes during requests: each costs its lease and at most one invalid nonce, and nothing is executed twice",
    options,
    async (t) => {
      const { port } = await startRedis(t);
      const killed = new Set();
      let requests = 0;
      let late = 0;
      const shared = await share(t, {
        processes: 9,
        calls: 40,
        delay: jitter,
        port,
        options: { lease: LEASE, unit: "ns" },
        async sent(member) {
          if (++requests % 15 || killed.size === 6 || killed.has(member)) return;
          killed.add(member);
          shared.members[member].child.kill("SIGKILL");
          // Every other request of the dead arrives when others have had their turns.
          if (killed.size % 2) return;
          late++;
          const { length } = shared.exchange.requests;
          await until(() => shared.exchange.requests.length > length + 2);
        },
      });
      await shared.done;
      const { calls, executed, silent, ...rest } = account(shared);
      assert.equal(killed.size, 6);
      // The three that came in time were carried out, though nobody is left to hear of it.
      assert.deepEqual(rest, { twice: 0, invalidNonces: late, lost: 0, untrue: 0, errors: [] });
      assert.ok(silent.every((userref) => killed.has(memberOf(userref))));
      assert.ok(calls - silent.length <= executed && executed <= calls - silent.length + 3);
      t.diagnostic(`${calls} calls, ${executed} executed, ${silent.length} of the dead without an answer, ${late} invalid nonces`);
    },
  );

  test("a process that is paused beyond its lease: its request is rejected, and its outcome is unknown", options, async (t) => {
    const { port } = await startRedis(t);
    const stopped = new Set();
    const shared = await share(t, {
      processes: 3,
      calls: 60,
      delay: jitter,
      port,
      options: { lease: LEASE },
      async sent(member, userref) {
        if (member || stopped.has(userref) || stopped.size === 3 || shared.calling.size < 30 * (stopped.size + 1)) return;
        stopped.add(userref);
        const { child } = shared.members[member];
        child.kill("SIGSTOP");
        const { length } = shared.exchange.requests;
        await until(() => shared.exchange.requests.length > length + 3);
        child.kill("SIGCONT");
      },
    });
    await shared.done;
    assert.equal(stopped.size, 3);
    assert.equal(overtaken(shared, 3), 180);
  });

  for (const [name, settings, forgets] of [
    ["AOF, appendfsync always", { appendonly: "yes", appendfsync: "always" }, false],
    ["AOF, appendfsync everysec", { appendonly: "yes", appendfsync: "everysec" }, false],
    ["AOF that lost its end, as when the power fails", { appendonly: "yes", appendfsync: "everysec" }, true],
    ["nothing on disk", {}, true],
  ])
    test(`Redis killed and restarted during a request: ${name}`, options, async (t) => {
      const server = await startRedis(t, settings);
      const file = join(server.folder, "appendonlydir");
      const lost = forgets && settings.appendonly;
      let requests = 0;
      const shared = await share(t, {
        processes: 3,
        calls: 40,
        delay: jitter,
        port: server.port,
        options: { lease: 2 * LEASE },
        async sent() {
          requests++;
          if (requests === 40 && lost) cpSync(file, `${file}.copy`, { recursive: true });
          if (requests !== 60) return;
          await server.stop("SIGKILL");
          if (lost) {
            rmSync(file, { recursive: true });
            cpSync(`${file}.copy`, file, { recursive: true });
          }
          await server.start();
          const { length } = shared.exchange.requests;
          if (forgets) await until(() => shared.exchange.requests.length > length + 2);
          else await later(2.5 * LEASE);
        },
      });
      await shared.done;
      // Where the turn is forgotten another process takes it: the request on its way is refused.
      assert.equal(overtaken(shared, forgets ? 1 : 0), 120);
    });

  test("Redis gone permanently: waiting calls end with an error, and a sent call with its answer", options, async (t) => {
    const server = await startRedis(t);
    const settings = { processes: 4, calls: 50, concurrency: 50, delay: jitter, port: server.port };
    const shared = await share(t, { ...settings, options: { lease: LEASE, timeout: 1000 } });
    await until(() => shared.exchange.executions.length > 50);
    await server.stop("SIGKILL");
    await shared.done;
    const { errors, executed, ...rest } = account(shared);
    assert.deepEqual(rest, { calls: 200, twice: 0, invalidNonces: 0, lost: 0, untrue: 0, silent: [] });
    assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["ERR_LANE"]);
    assert.equal(executed + errors.length, 200);
  });

  test("a highest nonce ahead of the clock that Redis lost matters only until the clock has passed it", options, async (t) => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const { port } = await startRedis(t);
    const redis = await openRedis("redis", port);
    t.after(() => closeRedis(redis));
    const open = () => new SpotClient({ key, secret, fetch: exchange.fetch, lane: new RedisLane({ redis, key }) });
    const first = open();
    await first.call("Balance");
    const [state] = await command(redis, "KEYS", "*:state");
    await command(redis, "HSET", state, "highest", `${Date.now() + 2000}`);
    await first.call("Balance");
    await command(redis, "FLUSHALL");
    const second = open();
    await assert.rejects(second.call("Balance"), { name: "ApiError", kind: "nonce" });
    // Who lived through it knows better.
    await first.call("Balance");
    await command(redis, "FLUSHALL");
    await until(() =>
      second.call("Balance").then(
        () => true,
        () => false,
      ),
    );
    assert.equal(exchange.executions.length, 4);
  });
});
