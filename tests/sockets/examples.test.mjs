// The examples, as they stand, against the exchange.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { SpotClient } from "kraken-signer";
import { startWorker } from "../harness/workerd.mjs";
import { Exchange, NetWebSocket, until } from "./helper.mjs";

const file = (name) => new URL(`examples/${name}`, import.meta.url);

test("each has fewer than 40 lines", () => {
  for (const name of ["node.mjs", "worker.mjs"]) assert.ok(readFileSync(file(name), "utf8").split("\n").length <= 40, name);
});

test("Node: the example follows an order to its end", async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey();
  Object.assign(process.env, { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: server.url, KRAKEN_SOCKET: `${server.socketUrl}/v2` });
  const { follow } = await import(file("node.mjs"));
  const lines = [];
  const done = follow(NetWebSocket, (...words) => lines.push(words.join(" ")));
  await until(() => lines.some((line) => line.startsWith("placed")));
  exchange.sockets[0].reset();
  await until(() => lines.filter((line) => line === "connected").length === 2);
  const txid = lines.find((line) => line.startsWith("placed")).slice(7);
  await until(() => exchange.tokens.at(-1).subscriptions === 1);
  exchange.fill(txid);
  await done;
  assert.equal(lines.at(-1), `filled ${txid}`);
  assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "add_order").length, 1);
});

test("Worker: a Durable Object keeps the socket, also after a broken connection", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey();
  const worker = await startWorker(file("worker.mjs"), {
    bindings: { KEY: key, SECRET: secret, EXCHANGE: server.url, SOCKET: `${server.socketUrl}/v2` },
    objects: { EXECUTIONS: "Executions" },
  });
  t.after(() => worker.stop());
  const get = async (path = "/") => (await fetch(worker.url + path)).json();
  await get("/start");
  await until(() => exchange.tokens.at(-1)?.subscriptions === 1);
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  const { txid } = await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1" });
  await until(async () => (await get())[txid[0]] === "new");
  exchange.sockets[0].reset();
  await until(() => exchange.sockets.length === 2 && exchange.tokens.at(-1).subscriptions === 1, 10_000);
  exchange.fill(txid[0]);
  await until(async () => (await get())[txid[0]] === "filled");
  await get("/start");
  assert.equal(exchange.sockets.length, 2, "begun once");
});
