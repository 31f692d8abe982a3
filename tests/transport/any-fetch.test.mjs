// A client with the `fetch` of other places: a mock server of tests, React Native, a service binding of a Worker.
// http.test.mjs has the packages that implement `fetch`, and never-sent.test.mjs their errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SpotClient, UnknownOutcomeError, placeOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { startWorker } from "../harness/workerd.mjs";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };

/** An answer as React Native gives it: no stream, and headers of its own kind. */
const asInReactNative = async (response) => {
  const text = await response.text();
  const names = new Map([...response.headers].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status: response.status,
    ok: response.ok,
    url: response.url,
    type: "default",
    headers: { map: Object.fromEntries(names), get: (name) => names.get(name.toLowerCase()) ?? null },
    bodyUsed: false,
    text: async () => text,
    json: async () => JSON.parse(text),
    blob: async () => new Blob([text]),
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  };
};

test("MSW: handlers see the requests, and what they answer is judged as ever", async (t) => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const server = setupServer(http.post("https://api.kraken.com/0/private/:endpoint", ({ request }) => exchange.fetch(request)));
  server.listen({ onUnhandledRequest: "error" });
  t.after(() => server.close());
  const client = new SpotClient({ key, secret, retries: 0 });
  assert.ok((await client.call("AddOrder", ORDER)).txid);
  assert.ok(await client.call("Balance"));
  server.use(http.post("https://api.kraken.com/0/private/AddOrder", () => HttpResponse.json({ error: ["EOrder:Insufficient funds"] })));
  await assert.rejects(client.call("AddOrder", ORDER), { code: "ERR_API", errors: ["EOrder:Insufficient funds"] });
  server.use(http.post("https://api.kraken.com/0/private/AddOrder", () => HttpResponse.error()));
  await assert.rejects(client.call("AddOrder", ORDER), UnknownOutcomeError);
});

test("React Native: no streams, and an export is a file all the same", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch: async (url, init) => asInReactNative(await exchange.fetch(url, init)), retries: 0 });
  assert.ok((await client.call("AddOrder", ORDER)).txid);
  exchange.inject({ fault: "html", when: "after", endpoint: "AddOrder" });
  await assert.rejects(client.call("AddOrder", ORDER), UnknownOutcomeError);
  const { id } = await client.call("AddExport", { report: "trades", description: "all" });
  const file = await client.call("RetrieveExport", { id });
  assert.deepEqual([...file.subarray(0, 2)], [0x50, 0x4b]);
});

test("a service binding of a Worker", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const server = await exchange.listen();
  const worker = await startWorker(new URL("service.worker.mjs", import.meta.url), { services: { EXCHANGE: server.url }, loopback: false });
  t.after(async () => {
    await worker.stop();
    await server.close();
  });
  const answer = await fetch(worker.url, { method: "POST", body: JSON.stringify({ key, secret }) });
  const [balance, order] = await answer.json();
  assert.ok(balance.ZUSD && order.txid);
  assert.equal(exchange.executions.length, 2);
});

test("a stub in place of the runtime's `fetch` answers like one that is an option", async (t) => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const runtimes = globalThis.fetch;
  t.after(() => (globalThis.fetch = runtimes));
  const client = new SpotClient({ key, secret, retries: 0 });
  globalThis.fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    return { ok: answer.ok, status: answer.status, headers: {}, json: () => answer.json() };
  };
  assert.ok((await client.call("AddOrder", ORDER)).txid);
});

test("without any `fetch`, nothing was sent, and the error says what is missing", async (t) => {
  const { key, secret } = new Exchange().addKey();
  const runtimes = globalThis.fetch;
  t.after(() => (globalThis.fetch = runtimes));
  const client = new SpotClient({ key, secret, retries: 0 });
  delete globalThis.fetch;
  const expected = {
    name: "NetworkError",
    message: /^AddOrder: no answer \(ERR_INVALID_REQUEST\)\. This runtime has no `fetch`: pass one/,
  };
  await assert.rejects(client.call("AddOrder", ORDER), expected);
  await assert.rejects(placeOrder(client, ORDER), expected);
});
