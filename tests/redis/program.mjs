// One of several processes that share a key: makes calls as it is told, and reports what became of each.
import { SpotClient } from "kraken-signer";
import { RedisLane } from "kraken-signer/redis";
import { closeRedis, openRedis } from "./clients.mjs";

/** Changes something, as far as the client knows, and does not slow the exchange down with its number, as orders do. */
const WRITE = "CancelAllOrdersAfter";

/** The lane, and how to close what it stands on. */
async function openLane({ engine, port, key, options }) {
  if (engine === "none") return [undefined, () => {}];
  if (engine === "postgres") {
    const { default: pg } = await import("pg");
    const { PostgresLane } = await import("./examples/postgres-lane.mjs");
    const pool = new pg.Pool({ host: "127.0.0.1", port, user: "postgres", max: 1 });
    return [new PostgresLane({ pool, name: key, ...options }), () => pool.end()];
  }
  const redis = await openRedis(engine, port);
  return [new RedisLane({ redis, key, ...options }), () => closeRedis(redis)];
}

process.once("message", async ({ first, calls, concurrency, secret, url, timeout = 120_000, ...settings }) => {
  const { key } = settings;
  const [lane, close] = await openLane(settings);
  const client = new SpotClient({ key, secret, lane, baseUrl: url, timeout });
  let next = 0;
  const worker = async () => {
    for (let i; (i = next++) < calls;) {
      const userref = first + i;
      const begun = performance.now();
      process.send({ userref, begun: true });
      const error = await client.call(WRITE, { timeout: 0, userref }).then(
        () => undefined,
        ({ name, code, kind, message }) => ({ name, code, kind, message }),
      );
      process.send({ userref, error, took: performance.now() - begun });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await close();
  process.disconnect();
});
