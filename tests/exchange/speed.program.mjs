// An exchange in a process of its own, which compares the processor time of orders with that of a yardstick in the same process.
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Exchange, Spot } from "./helper.mjs";

let executed = 0;
const exchange = new Exchange({
  history: 1000,
  onRequest: ({ verdict }) => {
    if (verdict === "executed") executed += 1;
  },
});
const server = await exchange.listen();
const { key, secret } = exchange.addKey();
const secretBytes = new Uint8Array(Buffer.from(secret, "base64"));
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A server that does nothing but read a request and answer: the yardstick for HTTP. */
const bare = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = JSON.stringify({ error: [], result: { length: Buffer.concat(chunks).length } });
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(body);
  });
});
bare.listen(0, "127.0.0.1");
await once(bare, "listening");

/** A request as an adapter hands it to the exchange: raw bytes. */
const raw = ([url, { method, headers, body }]) => ({
  method,
  path: new URL(url).pathname,
  headers: new Headers(headers),
  body: encoder.encode(body),
});

/** The least that any exchange does with a signed order in memory: it reads the bytes, checks the signature, and answers. */
async function check({ path, body, headers }) {
  const params = Object.fromEntries(new URLSearchParams(decoder.decode(body)));
  const digest = createHash("sha256").update(params.nonce).update(body).digest();
  const signature = createHmac("sha512", secretBytes).update(path).update(digest).digest("base64");
  const error = signature === headers.get("api-sign") ? [] : ["EAPI:Invalid signature"];
  return encoder.encode(JSON.stringify({ error, result: { descr: params } }));
}

/** The same behind `fetch`, with the `Headers` and the `Response` of the runtime. */
const checkFetched = async (request) => {
  await new Promise(setImmediate);
  return new Response(await check(raw(request)), { headers: { "content-type": "application/json; charset=utf-8" } });
};

const WAYS = {
  handle: { prepare: raw, yardstick: check, order: exchange.handle },
  fetch: { prepare: (request) => request, yardstick: checkFetched, order: (request) => exchange.fetch(...request) },
};
const PART = 100;

async function spend(requests, send) {
  const before = process.cpuUsage();
  for (const request of requests) await send(request);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Sends prepared requests, in short parts alternately to the yardstick and to the exchange, so that the same others disturb both. */
async function inMemory({ what, requests }) {
  const { prepare, yardstick, order } = WAYS[what];
  const prepared = requests.map(prepare);
  executed = 0;
  const parts = [];
  for (let i = 0; i < prepared.length; i += PART) {
    const part = prepared.slice(i, i + PART);
    parts.push({ yardstick: (await spend(part, yardstick)) / PART, order: (await spend(part, order)) / PART });
  }
  return { parts, executed };
}

/** Many orders, all of whose nonces are inside the window of their key. */
async function inWindow({ count }) {
  const remembering = new Exchange({ history: 1000 });
  const client = new Spot(remembering.addKey({ nonceWindow: 1_000_000_000 }));
  const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.001" };
  const parts = [];
  for (let i = 0; i < count; i += PART) {
    const requests = Array.from({ length: PART }, () => raw(client.request("AddOrder", order)));
    const yardstick = (await spend(requests, check)) / PART;
    parts.push({ yardstick, order: (await spend(requests, remembering.handle)) / PART });
  }
  return { parts, verdicts: [...new Set(remembering.requests.map(({ verdict }) => verdict))] };
}

let begin;
const orders = {
  start: () => {
    begin = process.cpuUsage();
    return {};
  },
  stop: () => {
    const { user, system } = process.cpuUsage(begin);
    return { microseconds: user + system };
  },
  handle: inMemory,
  fetch: inMemory,
  inWindow,
};
process.on("message", async (message) => process.send(await orders[message.what](message)));
process.on("disconnect", () => process.exit());
process.send({ url: server.url, bare: `http://127.0.0.1:${bare.address().port}`, key, secret });
