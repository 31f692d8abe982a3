// Clients of all three libraries, as their own types have them, are clients of a lane.
import { Redis as Upstash } from "@upstash/redis";
import { Redis as UpstashOnWorkers } from "@upstash/redis/cloudflare";
import { Cluster, Redis } from "ioredis";
import { SpotClient } from "kraken-signer";
import { type RedisClient, RedisLane, type RedisLaneOptions } from "kraken-signer/redis";
import { createClient, createClientPool, createCluster, createSentinel } from "redis";

const clients: RedisClient[] = [
  new Redis(),
  new Cluster([]),
  createClient(),
  createClientPool(),
  createCluster({ rootNodes: [] }),
  createSentinel({ name: "", sentinelRootNodes: [] }),
  new Upstash({ url: "", token: "" }),
  new UpstashOnWorkers({ url: "", token: "" }),
];
const options: RedisLaneOptions = { redis: clients[0]!, key: "", unit: "ns", lease: 1000, timeout: 1000, prefix: "" };
new SpotClient({ key: "", secret: "", lane: new RedisLane(options) });

// @ts-expect-error There is no such unit.
new RedisLane({ ...options, unit: "s" });
// @ts-expect-error That is no client.
new RedisLane({ ...options, redis: {} });
