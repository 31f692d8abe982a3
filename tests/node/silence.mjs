// What a call costs after a silence, through TLS, 25 ms away: node silence.mjs SECONDS. The server says nothing of how long it keeps connections.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { nodeFetch } from "kraken-signer/node";
import { certificates } from "../transport/servers.mjs";
import { answerOf, serve } from "./servers.mjs";

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Passes connections on; every byte takes `ms` each way, as the first packet of a connection does. */
async function delaying(port, ms) {
  const pass = (from, to) => from.on("data", (data) => setTimeout(() => to.destroyed || to.write(data), ms)).on("error", () => {});
  const server = createServer((near) => {
    // What is to be sent waits for the handshake of TCP, which takes a round trip.
    near.pause();
    setTimeout(() => {
      const far = connect(port, "127.0.0.1");
      pass(near, far).on("close", () => setTimeout(() => far.destroy(), ms));
      pass(far, near).on("close", () => setTimeout(() => near.destroy(), ms));
      near.resume();
    }, 2 * ms);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** Milliseconds that a call takes at once after another one, and after so many milliseconds of silence. */
export async function measure(silence, oneWay = 25) {
  const made = certificates();
  const exchange = await serve(answerOf({ XXBT: "1" }), { tls: made.of("good") });
  const between = await delaying(exchange.port, oneWay);
  const url = `https://127.0.0.1:${between.address().port}/0/private/Balance`;
  const kept = nodeFetch({ ca: readFileSync(made.trusted, "utf8"), proxy: null });
  const times = {};
  try {
    const ways = { nodeFetch: kept, ...(process.env.NODE_TLS_REJECT_UNAUTHORIZED === "0" && { fetch: globalThis.fetch }) };
    for (const [name, fetch] of Object.entries(ways)) {
      const timed = async () => {
        const start = performance.now();
        await (await fetch(url, { method: "POST", body: "nonce=1" })).text();
        return performance.now() - start;
      };
      const first = await timed();
      const next = await timed();
      await later(silence);
      times[name] = { first, next, afterSilence: await timed() };
    }
    return times;
  } finally {
    kept.close();
    between.close();
    await exchange.stop();
    made.remove();
  }
}
