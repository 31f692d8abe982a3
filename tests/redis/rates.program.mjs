// One of several processes that share a key and its rate limits: it reads, and places, amends and cancels orders.
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { closeRedis, openRedis } from "./clients.mjs";

process.once("message", async ({ engine, port, key, secret, url, rateLimit, rounds, concurrency }) => {
  const redis = await openRedis(engine, port);
  const client = new SpotClient({
    key,
    secret,
    lane: new RedisLane({ redis, key }),
    baseUrl: url,
    rateLimit,
    retries: 0,
    timeout: 120_000,
  });
  let left = rounds;
  const errors = [];
  const work = async () => {
    while (left-- > 0) {
      await client.call(left % 3 ? "Balance" : "Ledgers");
      const { txid } = await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10", volume: "1" });
      if (left % 2) await client.call("AmendOrder", { txid: txid[0], limit_price: "11" });
      await client.call("CancelOrder", { txid: txid[0] });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, () => work().catch((error) => errors.push(error.message))));
  await closeRedis(redis);
  process.send({ errors }, () => process.disconnect());
});
