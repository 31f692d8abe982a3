// Every fault × every class of endpoint, with the turns and nonces of a Redis.
import test from "node:test";
import * as kraken from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Exchange } from "kraken-signer/testing";
import { faultMatrix } from "../client/suite/fault-matrix.mjs";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { closeRedis, openRedis } from "./clients.mjs";

test(
  "every fault with every class of endpoint has the right outcome through Redis",
  { timeout: 300_000, skip: without(redisServer, "redis-server") },
  async (t) => {
    const server = await startRedis(t);
    const redis = await openRedis("ioredis", server.port);
    t.after(() => closeRedis(redis));
    const withLane = (Client) =>
      class extends Client {
        constructor(options) {
          super({ ...options, lane: new RedisLane({ redis, key: options.key }) });
        }
      };
    const kit = { ...kraken, SpotClient: withLane(kraken.SpotClient), FuturesClient: withLane(kraken.FuturesClient), Exchange };
    const { combinations } = await faultMatrix({ ...kit, parallel: 32, slack: 10_000 });
    t.diagnostic(`${combinations} combinations`);
  },
);
