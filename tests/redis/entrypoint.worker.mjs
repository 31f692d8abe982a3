// A client at module scope, in a Worker that other Workers call by RPC; and one of these, which says what it caught.
import { WorkerEntrypoint, env } from "cloudflare:workers";
import { Redis } from "@upstash/redis/cloudflare";
import { KrakenError, SpotClient } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";
import { RedisLane } from "kraken-signer/redis";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, UPSTASH_URL: url, UPSTASH_TOKEN: token } = env;
const redis = new Redis({ url, token, retry: false });
const kraken = new SpotClient({ key, secret, lane: new RedisLane({ redis, key, timeout: 500 }) });

export class Api extends WorkerEntrypoint {
  call(...parameters) {
    return kraken.call(...parameters);
  }
}

export default {
  async fetch(_request, _env, { exports }) {
    const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1" };
    try {
      return Response.json(await spotClient(exports.Api).call("AddOrder", order));
    } catch (error) {
      const { name, code, message } = error;
      return Response.json({ name, code, message, isOurs: error instanceof KrakenError }, { status: 500 });
    }
  },
};
