// For Node, Deno and Bun: places orders in one way. One command a line: `{ open }`, which also places the first, or `{ order }`.
import { createInterface } from "node:readline";
import { SpotClient } from "kraken-signer";
import { SpotSocket } from "kraken-signer/sockets";
import { kraken } from "../contenders/ccxt.mjs";
import { floor } from "../contenders/fetch.mjs";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "0.01", price: "30000" };
const byRest = (client) => async () => (await client.call("AddOrder", ORDER)).txid[0];

/** By name, what opens a connection, and returns a function that places an order and returns its id. */
const WAYS = {
  floor: ({ url, key, secret }) => {
    const call = floor({ url, key, secret });
    const params = `&${new URLSearchParams(ORDER)}`;
    return async () => (await call("AddOrder", params)).txid[0];
  },
  "kraken-signer": ({ url, key, secret }) => byRest(new SpotClient({ key, secret, baseUrl: url })),
  "kraken-signer, nodeFetch": async ({ url, key, secret }) => {
    const { nodeFetch } = await import("kraken-signer/node");
    return byRest(new SpotClient({ key, secret, baseUrl: url, fetch: nodeFetch({ proxy: null }) }));
  },
  "kraken-signer, socket": async ({ url, key, secret, name }) => {
    const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;
    const client = new SpotClient({ key, secret, baseUrl: url });
    const socket = new SpotSocket({ client, url: `${url.replace("http", "ws")}/${name}`, WebSocket });
    const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: "0.01", limit_price: "30000" };
    return async () => (await socket.call("add_order", order)).order_id;
  },
  ccxt: async (given) => {
    const client = await kraken(given);
    return async () => (await client.privatePostAddOrder(ORDER)).result.txid[0];
  },
};

const state = {};
async function order() {
  const start = performance.now();
  const id = await state.place();
  if (!/^O/.test(id)) throw new Error(`wrong answer: ${JSON.stringify(id)}`);
  return { milliseconds: performance.now() - start };
}

const commands = {
  async open({ way, ...given }) {
    state.place = await WAYS[way](given);
    // The connection is open afterwards, and everything is compiled.
    for (let count = 0; count < 5; count += 1) await order();
    return {};
  },
  order,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[command, argument]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(await commands[command](argument)));
}
// Sockets and connections would keep it alive.
process.exit();
