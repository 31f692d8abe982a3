// The lane with Upstash's client, which speaks HTTP, and reads numbers in answers as JSON.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Redis as Upstash } from "@upstash/redis";
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { startUpstash } from "../harness/upstash.mjs";
import { closeRedis, command, openRedis } from "./clients.mjs";

const take = (lane) => lane.run(async (nonce) => nonce);

async function open(t, options) {
  const { port } = await startRedis(t);
  const { commands, ...place } = await startUpstash(t, port);
  const tcp = await openRedis("ioredis", port);
  t.after(() => closeRedis(tcp));
  const upstash = (more) => new Upstash({ ...place, ...options, ...more });
  return { commands, tcp, upstash, lane: (more) => new RedisLane({ redis: upstash(), key: "a-key", ...more }) };
}

describe("Upstash", { skip: without(redisServer, "redis-server"), timeout: 120_000 }, () => {
  for (const enableAutoPipelining of [true, false]) {
    const pipelined = enableAutoPipelining ? "with" : "without";

    test(`${pipelined} pipelines, nonces are exact in each unit, even beyond 2^53`, async (t) => {
      const { lane, tcp } = await open(t, { enableAutoPipelining });
      for (const [unit, digits] of Object.entries({ ms: 13, us: 16, ns: 19 }))
        assert.match(await take(lane({ unit, key: unit })), new RegExp(`^\\d{${digits}}$`));
      const one = lane({ unit: "ns", allowAhead: true });
      await take(one);
      const names = await command(tcp, "KEYS", "*:state");
      let highest = 2n ** 62n + 1n;
      for (const name of names) await command(tcp, "HSET", name, "highest", `${highest}`);
      for (let i = 0; i < 20; i++) assert.equal(await take(one), `${++highest}`);
    });

    test(`${pipelined} pipelines, scripts run by their hash, and are sent again if Redis has lost them`, async (t) => {
      const { lane, tcp, commands } = await open(t, { enableAutoPipelining });
      const one = lane();
      await take(one);
      await take(one);
      const before = commands.length;
      for (let i = 0; i < 5; i++) await take(one);
      assert.deepEqual(new Set(commands.slice(before)), new Set(["evalsha"]));
      assert.equal(commands.length - before, 10, "two commands for a call");
      await command(tcp, "SCRIPT", "FLUSH");
      await take(one);
      assert.ok(commands.includes("eval"));
    });
  }

  test("lanes with Upstash and with ioredis share a key: no nonce is rejected", async (t) => {
    const { lane, tcp } = await open(t);
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    // Requests arrive after a while that differs, so that only waiting keeps them in order.
    const fetch = async (...request) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      return exchange.fetch(...request);
    };
    const lanes = [lane({ key }), lane({ key }), new RedisLane({ redis: tcp, key })];
    const clients = lanes.map((one) => new SpotClient({ key, secret, lane: one, fetch, retries: 0, timeout: 60_000 }));
    await Promise.all(clients.flatMap((client) => Array.from({ length: 15 }, () => client.call("Balance"))));
    assert.deepEqual(
      exchange.requests.map(({ errors }) => errors),
      Array.from({ length: 45 }, () => []),
    );
  });

  test("a poll that arrives after its call was aborted blocks the key for no lease", async (t) => {
    const { tcp } = await open(t);
    let delay = 400;
    // Over HTTP, a request may overtake an earlier one.
    const slow = {
      createScript: () => {},
      eval: async (source, keys, args) => tcp.eval(source, keys.length, ...keys, ...args),
      async evalsha(sha1, keys, args) {
        if (args.length > 2) await new Promise((resolve) => setTimeout(resolve, delay));
        return tcp.evalsha(sha1, keys.length, ...keys, ...args);
      },
    };
    const lane = (redis) => new RedisLane({ redis, key: "a-key", lease: 60_000 });
    await take(lane(tcp));
    const stopper = new AbortController();
    const aborted = lane(slow).run(take, { signal: stopper.signal });
    setTimeout(() => stopper.abort(new Error("enough")), 100);
    await assert.rejects(aborted, { message: "enough" });
    await new Promise((resolve) => setTimeout(resolve, 600));
    delay = 0;
    await lane(tcp).run(async () => {}, { signal: AbortSignal.timeout(10_000) });
  });

  test("with a wrong token, or no server, nothing is sent, and the error says so", async (t) => {
    const { upstash } = await open(t, { retry: false });
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    for (const place of [{ token: "another" }, { url: "http://127.0.0.1:1" }]) {
      const lane = new RedisLane({ redis: upstash(place), key, timeout: 300 });
      const client = new SpotClient({ key, secret, lane, fetch: exchange.fetch });
      const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1" };
      await assert.rejects(client.call("AddOrder", order), { code: "ERR_LANE", message: /Nothing was sent/ });
    }
    assert.deepEqual(exchange.requests, []);
  });
});
