// The lane by itself, on a real Redis, with either client library.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { Cluster } from "ioredis";
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { createCluster } from "redis";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { closeRedis, command, libraries, openRedis } from "./clients.mjs";
import { until } from "./helper.mjs";

const skip = without(redisServer, "redis-server");
const KEY = "WqQJTxyD4Nv1sFTnfNXKUbmVQs1FSvbxoFzXV1d3mvNEWBw5dbPMvlFo";

/** A server, a client of it, the names under which it keeps the key, and lanes. */
async function open(t, library = "ioredis") {
  const server = await startRedis(t);
  const redis = await openRedis(library, server.port);
  t.after(() => closeRedis(redis));
  const names = async (name) => (await command(redis, "KEYS", `*${name}`))[0];
  return {
    server,
    redis,
    lane: (options) => new RedisLane({ redis, key: KEY, ...options }),
    ask: (...words) => command(redis, ...words),
    state: async (...fields) => command(redis, "HMGET", await names("state"), ...fields),
    remember: async (mark) => command(redis, "HSET", await names("state"), "highest", mark),
    waiting: async () => Number(await command(redis, "ZCARD", (await names("queue")) ?? "none")),
    script: (name, lua) => command(redis, "EVAL", lua, "1", name),
  };
}

const take = (lane, options) => lane.run(async (nonce) => nonce, options);
const DIGITS = { ms: 13, us: 16, ns: 19 };

for (const library of libraries) {
  describe(library, { skip, timeout: 120_000 }, () => {
    test("gives nonces from the clock, in each unit, as text", async (t) => {
      const { lane } = await open(t, library);
      for (const unit of ["ms", "us", "ns"]) {
        const nonce = await take(lane({ unit, key: unit }));
        assert.match(nonce, new RegExp(`^\\d{${DIGITS[unit]}}$`));
        assert.ok(Math.abs(Number(nonce.slice(0, 13)) - Date.now()) < 10_000);
      }
    });

    test("is exact where doubles are not: for a thousand nonces beyond 2^53, and up to 2^63", async (t) => {
      const { lane, remember, state } = await open(t, library);
      const ns = lane({ unit: "ns", allowAhead: true });
      await take(ns);
      // A day ahead of the clock, and odd: a double would round it.
      let last = (BigInt(Date.now()) + 86_400_000n) * 1_000_000n + 1n;
      await remember(`${last}`);
      for (let i = 0; i < 1000; i++) {
        const nonce = BigInt(await take(ns));
        assert.equal(nonce, last + 1n);
        last = nonce;
      }
      await remember(`${2n ** 63n - 3n}`);
      assert.equal(await take(ns), `${2n ** 63n - 2n}`);
      assert.equal(await take(ns), `${2n ** 63n - 1n}`);
      await assert.rejects(take(lane({ unit: "ns", timeout: 300, allowAhead: true })), {
        code: "ERR_LANE",
        message: /overflow.*Nothing was sent/,
      });
      assert.deepEqual(await state("highest"), [`${2n ** 63n - 1n}`]);
    });

    test("runs its scripts by their hash, even if Redis has lost them", async (t) => {
      const { lane, ask } = await open(t, library);
      const one = lane();
      // Twice, so that the script which ends the first turn has been heard of too.
      await take(one);
      await take(one);
      const calls = async (name) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(await ask("INFO", "commandstats"))?.[1] ?? 0);
      const before = await calls("eval");
      for (let i = 0; i < 20; i++) await take(one);
      assert.equal(await calls("eval"), before);
      assert.ok((await calls("evalsha")) >= 40);
      await ask("SCRIPT", "FLUSH");
      assert.match(await take(one), /^\d{13}$/);
    });

    test("fails within its timeout if there is no Redis, and sends nothing", async (t) => {
      const exchange = new Exchange();
      const { key, secret } = exchange.addKey();
      const { server } = await open(t, library);
      await server.stop();
      const redis = await openRedis(library, server.port);
      t.after(() => closeRedis(redis));
      const client = new SpotClient({ key, secret, fetch: exchange.fetch, lane: new RedisLane({ redis, key, timeout: 500 }) });
      const started = performance.now();
      await assert.rejects(client.call("AddOrder", { pair: "XBTUSD" }), {
        name: "KrakenError",
        code: "ERR_LANE",
        message: /Nothing was sent/,
      });
      assert.ok(performance.now() - started < 10_000);
      await assert.rejects(client.call("AddOrder", { pair: "XBTUSD" }, { timeout: 100 }), { name: "TimeoutError" });
      const reason = new Error("enough");
      await assert.rejects(client.call("AddOrder", {}, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
      await assert.rejects(client.call("AddOrder", {}, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
      assert.equal(exchange.requests.length, 0);
    });
  });
}

describe("works with a cluster", { skip, timeout: 120_000 }, () => {
  for (const library of libraries) {
    test(library, async (t) => {
      const server = await startRedis(t, { "cluster-enabled": "yes", "cluster-announce-ip": "127.0.0.1" });
      const admin = await openRedis("redis", server.port);
      t.after(() => closeRedis(admin));
      await command(admin, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      await until(async () => /cluster_state:ok/.test(await command(admin, "CLUSTER", "INFO")));
      const node = { host: "127.0.0.1", port: server.port };
      const redis = library === "redis" ? createCluster({ rootNodes: [{ socket: node }] }) : new Cluster([node]);
      redis.on("error", () => {});
      if (library === "redis") await redis.connect();
      t.after(() => closeRedis(redis));
      const lane = new RedisLane({ redis, key: KEY });
      const nonces = await Promise.all(Array.from({ length: 10 }, () => take(lane)));
      assert.deepEqual(nonces, nonces.slice().sort());
      const names = await lane.run(() => command(admin, "KEYS", "*"));
      assert.match(names.sort().join(), /^kraken-signer:(\{\w+\}):queue,kraken-signer:\1:state$/);
    });
  }
});

describe("the lane", { skip, timeout: 120_000 }, () => {
  test("counts by one while its highest nonce is ahead of the clock", async (t) => {
    const { lane, remember } = await open(t);
    const [a, b] = [lane(), lane()];
    await take(a);
    await remember(`${Date.now() + 3_600_000}`);
    let last = 0n;
    for (const one of [a, b, b, a, a, b]) {
      const nonce = BigInt(await take(one));
      assert.ok(!last || nonce === last + 1n);
      last = nonce;
    }
  });

  test("a highest nonce ten years ahead of the clock is refused before anything is sent, and not raised further", async (t) => {
    const { redis, lane, remember, state, waiting } = await open(t);
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    for (const unit of ["ms", "us"]) {
      const one = lane({ key: `${key}${unit}`, unit });
      await take(one);
      const poison = `${BigInt(Date.now() + 3653 * 86_400_000) * (unit === "us" ? 1000n : 1n)}`;
      await remember(poison);
      const client = new SpotClient({ key, secret, fetch: exchange.fetch, lane: one });
      for (let attempt = 0; attempt < 3; attempt++)
        await assert.rejects(client.call("AddOrder", { pair: "XBTUSD" }), {
          name: "InvalidNonceError",
          code: "ERR_INVALID_NONCE",
          message: /10 years ahead of the clock. Nothing was sent/,
        });
      assert.deepEqual(await state("highest"), [poison]);
      await until(async () => (await waiting()) === 0);
      // Where it is meant.
      assert.equal(await take(lane({ key: `${key}${unit}`, unit, allowAhead: true })), `${BigInt(poison) + 1n}`);
      await command(redis, "FLUSHALL");
    }
    assert.equal(exchange.requests.length, 0);
  });

  test("gives slots in the order in which processes asked", async (t) => {
    const { lane, waiting } = await open(t);
    const lanes = Array.from({ length: 6 }, () => lane());
    const turns = [];
    const all = [];
    let release;
    const held = new Promise((resolve) => (release = resolve));
    for (const [i, one] of lanes.entries()) {
      all.push(
        one.run(async () => {
          turns.push(i);
          if (!i) await held;
        }),
      );
      await until(async () => (await waiting()) === i + 1);
    }
    release();
    await Promise.all(all);
    assert.deepEqual(turns, [0, 1, 2, 3, 4, 5]);
    await until(async () => (await waiting()) === 0);
  });

  test("writes go before waiting reads across processes, and the owner of the slot keeps it", async (t) => {
    const { lane, waiting } = await open(t);
    const turns = [];
    const all = [];
    let release;
    const held = new Promise((resolve) => (release = resolve));
    for (const [i, name] of ["r0", "r1", "r2", "w1", "r3", "w2"].entries()) {
      const work = async () => {
        turns.push(name);
        if (!i) await held;
      };
      all.push(lane().run(work, { write: name[0] === "w" }));
      await until(async () => (await waiting()) === i + 1);
    }
    assert.deepEqual(turns, ["r0"]);
    release();
    await Promise.all(all);
    assert.deepEqual(turns, ["r0", "w1", "w2", "r1", "r2", "r3"]);
    await until(async () => (await waiting()) === 0);
  });

  test("writes go before reads of their own process that already wait for Redis", async (t) => {
    const { lane, waiting } = await open(t);
    const [other, mine] = [lane(), lane()];
    const turns = [];
    let release;
    const first = other.run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    const note = (name) => mine.run(async () => turns.push(name), { write: name[0] === "w" });
    const all = [note("r1"), note("r2"), note("r3")];
    await until(async () => (await waiting()) === 2);
    // Behind one of another process, which waits longer.
    all.push(lane().run(async () => turns.push("other")));
    await until(async () => (await waiting()) === 3);
    all.push(note("w1"), note("w2"));
    await later(250);
    assert.equal(await waiting(), 3, "one place for each process");
    release();
    await Promise.all([first, ...all]);
    assert.equal(turns[0], "w1");
    assert.ok(turns.indexOf("w2") < turns.indexOf("r1"));
    assert.deepEqual(
      turns.filter((name) => name[0] === "r"),
      ["r1", "r2", "r3"],
    );
    await until(async () => (await waiting()) === 0);
  });

  test("a write that is aborted after it took the entry of a read leaves nothing behind", async (t) => {
    const { lane, waiting } = await open(t);
    const mine = lane();
    let release;
    const first = lane().run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    const [read, write] = [new AbortController(), new AbortController()];
    const all = [mine.run(() => assert.fail(), { signal: read.signal })];
    await until(async () => (await waiting()) === 2);
    all.push(mine.run(() => assert.fail(), { signal: write.signal, write: true }));
    await later(250);
    read.abort();
    write.abort();
    for (const one of all) await assert.rejects(one, { name: "AbortError" });
    await until(async () => (await waiting()) === 1);
    release();
    await first;
    assert.match(await take(mine), /^\d{13}$/);
  });

  test("has one request in transit, even with many lanes and calls", async (t) => {
    const { lane } = await open(t);
    let inFlight = 0;
    const nonces = [];
    const send = async (nonce) => {
      assert.equal(++inFlight, 1);
      nonces.push(BigInt(nonce));
      await later(Math.random() * 3);
      inFlight--;
    };
    await Promise.all(Array.from({ length: 5 }, () => lane()).flatMap((one) => Array.from({ length: 20 }, () => one.run(send))));
    assert.equal(nonces.length, 100);
    assert.ok(nonces.every((nonce, i) => !i || nonce > nonces[i - 1]));
  });

  test("a call that is aborted leaves the queue, and one that is already aborted never joins it", async (t) => {
    const { lane, waiting, ask } = await open(t);
    let release;
    const first = lane().run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    const reason = new Error("enough");
    const stop = new AbortController();
    const second = lane().run(() => assert.fail("it was aborted"), { signal: stop.signal });
    await until(async () => (await waiting()) === 2);
    stop.abort(reason);
    await assert.rejects(second, (error) => error === reason);
    await until(async () => (await waiting()) === 1);
    await assert.rejects(take(lane(), { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    release("answer");
    assert.equal(await first, "answer");
    await until(async () => (await waiting()) === 0);
    // Nothing is left but what the key must not forget.
    const [name] = await ask("KEYS", "*");
    assert.deepEqual((await ask("HKEYS", name)).sort(), ["entries", "highest", "unit"]);
  });

  test("a request may take much longer than the lease", async (t) => {
    const { lane } = await open(t);
    const turns = [];
    let release;
    const first = lane({ lease: 900 }).run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    const second = lane({ lease: 900 }).run(async () => turns.push("second"));
    await later(2500);
    assert.deepEqual(turns, []);
    turns.push("first");
    release();
    await Promise.all([first, second]);
    assert.deepEqual(turns, ["first", "second"]);
  });

  test("a silent process is removed after the lease, anywhere in the queue, and a live one is not", async (t) => {
    const { lane, state, ask, waiting } = await open(t);
    await take(lane());
    const [name] = await ask("KEYS", "*:state");
    const queue = name.replace("state", "queue");
    const [seconds, microseconds] = await ask("TIME");
    const now = Number(seconds) * 1000 + Math.floor(microseconds / 1000);
    await ask("ZADD", queue, "-3", "dead", "-2", "unknown", "-1", "from-the-future");
    await ask("HSET", name, "holder", "dead", "dead", `${now + 600}`, "from-the-future", `${now + 3_600_000}`);
    const nonce = Number(await take(lane(), { signal: AbortSignal.timeout(30_000) }));
    assert.ok(nonce >= now + 600 && nonce < now + 10_000, `${nonce - now} ms later`);
    await until(async () => (await waiting()) === 0);
    assert.deepEqual(await state("dead", "from-the-future"), [null, null]);
  });

  test("a call that waits for others longer than the timeout still gets its slot if Redis responds", async (t) => {
    const { lane, waiting } = await open(t);
    const one = lane({ timeout: 600, lease: 900 });
    const first = one.run(() => later(1500, "first"));
    await until(async () => (await waiting()) === 1);
    const all = [first, lane().run(() => later(300, "second")), take(one)];
    assert.match((await Promise.all(all)).join(), /^first,second,\d{13}$/);
  });

  test("waiting for one slow call takes few polls, and the slot is noticed soon", async (t) => {
    const { lane, ask } = await open(t);
    const polls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await ask("INFO", "commandstats"))?.[1] ?? 0);
    let release;
    const holder = lane().run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    const waiting = lane().run(async () => performance.now());
    const since = performance.now();
    const before = await polls();
    await later(3000);
    const count = (await polls()) - before;
    const released = performance.now();
    release();
    await holder;
    const late = (await waiting) - released;
    // 20 while the pause is 2 ms, 20 for each time that the wait becomes e times as long, up to a second, and then 20 per second. The slot is renewed, too.
    assert.ok(count > 30 && count < 180, `${count} polls in ${(released - since).toFixed()} ms`);
    assert.ok(late < 150, `${late} ms`);
  });

  test("a program that was busy or paused for longer than the timeout keeps waiting, because Redis did respond", async (t) => {
    const { lane } = await open(t);
    let release;
    const holder = lane().run(() => new Promise((resolve) => (release = resolve)));
    await until(() => release);
    // The pauses begin at different moments between two polls.
    const waiting = Array.from({ length: 8 }, () => take(lane({ timeout: 300 })));
    for (let i = 0; i < 5; i++) {
      await later(40 + 9 * i);
      for (const end = performance.now() + 400; performance.now() < end;);
    }
    release();
    await holder;
    assert.equal(new Set(await Promise.all(waiting)).size, 8);
  });

  test("a client that returns nonsense is an error", async () => {
    const redis = { evalsha: async () => null };
    await assert.rejects(take(new RedisLane({ redis, key: KEY, timeout: 300 })), { code: "ERR_LANE" });
  });

  test("a program that was paused does not send with a nonce that may be too low", async (t) => {
    const { redis, lane } = await open(t);
    await take(lane());
    const answers = [];
    const slow = {
      eval: (...args) => redis.eval(...args),
      async evalsha(...args) {
        const answer = await redis.evalsha(...args);
        answers.push(answer);
        if (answers.length === 1) for (const end = Date.now() + 300; Date.now() < end;);
        return answer;
      },
    };
    const asked = [];
    await lane({ redis: slow, lease: 400 }).run(async (nonce) => asked.push(nonce));
    const nonces = answers.filter((answer) => /^\d+$/.test(answer));
    assert.ok(nonces.length > 1);
    assert.deepEqual(asked, nonces.slice(-1));
  });

  test("a key has one unit", async (t) => {
    const { lane } = await open(t);
    await take(lane());
    await assert.rejects(take(lane({ unit: "us" })), { code: "ERR_INVALID_NONCE", message: /us.*ms/ });
    await take(lane());
  });

  test("Redis contains no part of the key", async (t) => {
    const { lane, ask } = await open(t);
    await lane().run(async () => {
      const names = await ask("KEYS", "*");
      const state = await ask(
        "HGETALL",
        names.find((name) => name.endsWith("state")),
      );
      const queue = await ask(
        "ZRANGE",
        names.find((name) => name.endsWith("queue")),
        "0",
        "-1",
      );
      const all = JSON.stringify([names, state, queue]);
      for (let i = 0; i + 8 <= KEY.length; i++) assert.ok(!all.includes(KEY.slice(i, i + 8)));
    });
  });

  test("if Redis has lost everything, a live process remembers its last nonce", async (t) => {
    const { lane, ask, remember } = await open(t);
    const one = lane();
    await take(one);
    await remember(`${Date.now() + 3_600_000}`);
    const last = BigInt(await take(one));
    await ask("FLUSHALL");
    assert.equal(BigInt(await take(one)), last + 1n);
    assert.equal(BigInt(await take(lane())), last + 2n);
  });

  test("an answer does not wait for Redis and is not lost with it", async (t) => {
    const { lane, server } = await open(t);
    const answer = await lane().run(async () => {
      await server.stop("SIGKILL");
      return "placed";
    });
    assert.equal(answer, "placed");
  });

  test("a process that is cut off from Redis for longer than its lease: its late request is rejected, and its outcome is unknown", async (t) => {
    const { lane, redis } = await open(t);
    let isCutOff = false;
    const through =
      (name) =>
      async (...args) =>
        isCutOff ? new Promise(() => {}) : redis[name](...args);
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const client = (options) => new SpotClient({ key, secret, fetch: exchange.fetch, lane: lane({ key, lease: 400, ...options }) });
    const one = client({ redis: { evalsha: through("evalsha"), eval: through("eval") } });
    const late = exchange.inject({ fault: "delay", when: "before", ms: 2000, endpoint: "AddOrder" });
    const outcome = one
      .call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10", volume: "1" })
      .catch((error) => error);
    await until(() => late.hits);
    isCutOff = true;
    await client().call("Balance");
    assert.equal((await outcome).name, "UnknownOutcomeError");
    isCutOff = false;
    await one.call("Balance");
    assert.deepEqual(
      exchange.requests.map(({ endpoint, errors }) => [endpoint, ...errors]),
      [["Balance"], ["AddOrder", "EAPI:Invalid nonce"], ["Balance"]],
    );
  });

  test("a Redis that hangs is treated like none", async (t) => {
    const { lane, server } = await open(t);
    await take(lane());
    server.child.kill("SIGSTOP");
    const started = performance.now();
    await assert.rejects(take(lane({ timeout: 300 })), { code: "ERR_LANE" });
    assert.ok(performance.now() - started < 10_000);
    server.child.kill("SIGCONT");
    assert.match(await take(lane()), /^\d{13}$/);
  });

  test("only the first word of Redis's error texts is kept, since they may contain addresses and users", async (t) => {
    const { redis, lane, ask } = await open(t);
    await ask("CONFIG", "SET", "requirepass", "hunter2");
    const other = await openRedis("ioredis", redis.options.port);
    t.after(() => closeRedis(other));
    await assert.rejects(take(lane({ redis: other, timeout: 300 })), {
      code: "ERR_LANE",
      message: "Redis gave no slot within 300 ms (NOAUTH). Nothing was sent.",
    });
  });

  test("refuses invalid options", () => {
    const redis = { evalsha() {}, eval() {} };
    const good = { redis, key: KEY };
    for (const [wrong, code] of [
      [{ redis: undefined }, "ERR_INVALID_REQUEST"],
      [{ redis: {} }, "ERR_INVALID_REQUEST"],
      [{ key: "" }, "ERR_INVALID_REQUEST"],
      [{ key: "a b" }, "ERR_INVALID_REQUEST"],
      [{ unit: "s" }, "ERR_INVALID_NONCE"],
      [{ lease: 99 }, "ERR_INVALID_REQUEST"],
      [{ lease: 60_001 }, "ERR_INVALID_REQUEST"],
      [{ timeout: 0 }, "ERR_INVALID_REQUEST"],
      [{ timeout: NaN }, "ERR_INVALID_REQUEST"],
      [{ prefix: "a{b}" }, "ERR_INVALID_REQUEST"],
    ])
      assert.throws(() => new RedisLane({ ...good, ...wrong }), { code }, JSON.stringify(wrong));
    assert.ok(new (createRequire(import.meta.url)("kraken-signer/redis").RedisLane)(good));
  });
});
