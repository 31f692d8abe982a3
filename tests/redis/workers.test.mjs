// A lane at the module scope of a Worker, on Redis over HTTP, in workerd; and its errors over RPC.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Response } from "miniflare";
import { Exchange } from "kraken-signer/testing";
import { startMiniflare } from "../harness/miniflare.mjs";
import { redisServer, startRedis, without } from "../harness/server.mjs";
import { startUpstash } from "../harness/upstash.mjs";

const entry = (name) => new URL(name, import.meta.url);

/** Starts a Worker with a key, and Redis at this URL. Requests to Kraken go to the exchange. */
async function start(t, name, { url, token }) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const outboundService = async (request) => {
    const { url, method, headers } = request;
    const send = new URL(url).hostname === "api.kraken.com" ? exchange.fetch : fetch;
    const answer = await send(url, { method, headers: Object.fromEntries(headers), body: await request.text() });
    return new Response(await answer.text(), { status: answer.status, headers: { "Content-Type": "application/json" } });
  };
  const bindings = { KRAKEN_KEY: key, KRAKEN_SECRET: secret, UPSTASH_URL: url, UPSTASH_TOKEN: token };
  const worker = await startMiniflare(t, entry(name), { bindings, outboundService, outbound: url, compatibilityDate: "2026-04-21" });
  return { exchange, ask: async () => (await worker.dispatchFetch("http://localhost/")).json() };
}

describe("Workers", { skip: without(redisServer, "redis-server"), timeout: 120_000 }, () => {
  test("the example on the page: many requests at once share one lane at module scope, and no nonce is rejected", async (t) => {
    const { port } = await startRedis(t);
    const { exchange, ask } = await start(t, "examples/upstash-worker.mjs", await startUpstash(t, port));
    for (const balances of await Promise.all(Array.from({ length: 10 }, ask))) assert.ok("XXBT" in balances, JSON.stringify(balances));
    assert.deepEqual(
      exchange.requests.map(({ errors }) => errors),
      Array.from({ length: 10 }, () => []),
    );
  });

  test("over RPC, an order through a lane whose Redis works is placed, and without Redis it was not sent, and the error says so", async (t) => {
    const { port } = await startRedis(t);
    const working = await start(t, "entrypoint.worker.mjs", await startUpstash(t, port));
    assert.equal((await working.ask()).txid.length, 1);
    const { exchange, ask } = await start(t, "entrypoint.worker.mjs", { url: "http://127.0.0.1:1", token: "none" });
    const { message, ...error } = await ask();
    assert.deepEqual(error, { name: "KrakenError", code: "ERR_LANE", isOurs: true });
    assert.match(message, /^Redis gave no slot within 500 ms \(\w+\)\. Nothing was sent\.$/);
    assert.deepEqual(exchange.requests, []);
  });
});
