// An exchange in a process of its own, which says how much processor time orders take it.
import { Exchange } from "./helper.mjs";

let executed = 0;
const exchange = new Exchange({
  history: 1000,
  onRequest: ({ verdict }) => {
    if (verdict === "executed") executed += 1;
  },
});
const server = await exchange.listen();
const { key, secret } = exchange.addKey();
let begin;

const encoder = new TextEncoder();

/** A request as an adapter hands it to the exchange: raw bytes. */
const raw = ([url, { method, headers, body }]) => ({
  method,
  path: new URL(url).pathname,
  headers: new Headers(headers),
  body: encoder.encode(body),
});

/** Sends prepared requests, one after the other. Nobody reads the answers, which is the work of a client. */
async function inMemory(requests, send) {
  executed = 0;
  const before = process.cpuUsage();
  for (const request of requests) await send(request);
  const { user, system } = process.cpuUsage(before);
  return { microseconds: user + system, executed };
}

const orders = {
  start: () => {
    begin = process.cpuUsage();
    return {};
  },
  stop: () => {
    const { user, system } = process.cpuUsage(begin);
    return { microseconds: user + system };
  },
  handle: ({ requests }) => inMemory(requests.map(raw), exchange.handle),
  fetch: ({ requests }) => inMemory(requests, (request) => exchange.fetch(...request)),
};
process.on("message", async (message) => process.send(await orders[message.what](message)));
process.on("disconnect", () => process.exit());
process.send({ url: server.url, key, secret });
