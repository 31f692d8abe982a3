// One of several threads that share a key, in Node, Deno and Bun: makes calls with the lane it is told, and says when it is done.
import { SpotClient, ThreadLane } from "kraken-signer";

const web = "Deno" in globalThis || "Bun" in globalThis;
const { parentPort } = web ? {} : await import("node:worker_threads");
const post = (message) => (web ? globalThis.postMessage(message) : parentPort.postMessage(message));
const receive = new Promise((resolve) =>
  web ? globalThis.addEventListener("message", ({ data }) => resolve(data)) : parentPort.once("message", resolve),
);
post("ready");

const { key, secret, url, calls, first, memory, unit, lease, concurrency = 5, shared = true, role } = await receive;
const lane = shared ? new ThreadLane({ memory, unit, lease }) : undefined;
if (role === "holds the turn") {
  // Until the thread is ended.
  lane.run(() => (post("holds"), new Promise(() => {})), { write: true });
} else if (role === "waits") {
  lane.run(() => post("had the turn"), { write: true });
  post("waits");
} else if (role === "is busy") {
  // With its turn, and without a sign of life.
  await lane.run(async () => {
    post("holds");
    for (const end = Date.now() + 1500; Date.now() < end;);
    post("ends");
  });
} else {
  const client = new SpotClient({ key, secret, baseUrl: url, timeout: 120_000, retries: 0, ...(lane ? { lane } : { nonce: { unit } }) });
  const errors = [];
  let next = 0;
  const work = async () => {
    for (let i; (i = next++) < calls;) {
      const call = i % 4 ? client.call("Balance") : client.call("CancelAllOrdersAfter", { timeout: 0, userref: first + i });
      await call.catch(({ name, message }) => errors.push(`${name}: ${message}`));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  post({ errors });
  // Nothing is left that keeps the thread alive.
  if (web) globalThis.close();
}
