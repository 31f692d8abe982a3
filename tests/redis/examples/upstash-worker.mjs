import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { Redis } from "@upstash/redis/cloudflare"; // in Node: "@upstash/redis"
import { env } from "cloudflare:workers";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, UPSTASH_URL: url, UPSTASH_TOKEN: token } = env;
const kraken = new SpotClient({ key, secret, lane: new RedisLane({ redis: new Redis({ url, token }), key }) });

export default {
  async fetch() {
    return Response.json(await kraken.call("Balance"));
  },
};
