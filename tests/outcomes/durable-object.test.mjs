// Every row of the table of outcomes, through a Durable Object; and orders that are placed through one.
import assert from "node:assert/strict";
import test from "node:test";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";
import { rows } from "./table.mjs";

const entry = new URL("worker.mjs", import.meta.url);
const post = async (url, question) => (await fetch(url, { method: "POST", body: JSON.stringify(question) })).json();

test("callers of a Durable Object get the outcomes of the table", { timeout: 120_000 }, async (t) => {
  const secret = Buffer.alloc(64, 1).toString("base64");
  const worker = await startWorker(entry, {
    objects: { SPOT: "SpotTable", FUTURES: "FuturesTable", KRAKEN_KEY: "KrakenKey" },
    bindings: { SECRET: secret },
  });
  t.after(() => worker.stop());
  const table = rows.filter(({ api }) => api !== "socket");
  assert.deepEqual(await post(worker.url, { rows: table }), []);
  assert.ok(table.length >= 300);
  t.diagnostic(`${table.length} answers through a Durable Object`);
});

test("placeOrder through a KrakenKey finds an order that was placed, and sends a lost one once more", { timeout: 120_000 }, async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey();
  const worker = await startWorker(entry, {
    objects: { SPOT: "SpotTable", FUTURES: "FuturesTable", KRAKEN_KEY: "KrakenKey" },
    bindings: { SECRET: secret, KRAKEN_TRADING_KEY: key, KRAKEN_TRADING_SECRET: secret },
    outbound: server.url,
  });
  t.after(() => worker.stop());
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
  const faults = [
    [undefined, false],
    [{ fault: "reset", when: "after" }, true],
    [{ fault: "twice", answer: "second" }, true],
    [{ fault: "html", when: "before", status: 502 }, false],
  ];
  for (const [fault, found] of faults) {
    if (fault) exchange.inject({ ...fault, endpoint: "AddOrder" });
    const placed = await post(worker.url, { order });
    assert.deepEqual([placed.error, placed.found], [undefined, found], JSON.stringify(fault));
    assert.ok(placed.orderId);
  }
  const ids = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").map(({ params }) => params.cl_ord_id);
  assert.deepEqual([ids.length, new Set(ids).size], [4, 4]);
});
