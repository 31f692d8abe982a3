// Run by runtimes.test.mjs in other runtimes: exchange and socket in one process, on the runtime's own WebSocket.
import { FuturesClient, SpotClient } from "kraken-signer";
import { FuturesSocket, OrderBook, SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange({ sockets: { heartbeat: 50 } });
const server = await exchange.listen();
const spot = exchange.addKey();
const futures = exchange.addKey({ product: "futures" });
const client = new SpotClient({ ...spot, baseUrl: server.url });
const options = { reconnect: { minDelay: 1 }, silence: 500 };

/** Reads until each of the sockets' snapshots has come three times, with a break of another kind after each of the first two. */
async function survive(socket, channel) {
  let snapshots = 0;
  for await (const message of socket) {
    if (message[channel] !== "executions" && message[channel] !== "open_orders_snapshot") continue;
    if (message.type === "update") continue;
    if (++snapshots === 3) return;
    if (snapshots === 1) exchange.sockets.at(-1).reset();
    else exchange.sockets.at(-1).silence();
  }
}

{
  const socket = new SpotSocket({ ...options, client, url: `${server.socketUrl}/v2` });
  await socket.subscribe("executions");
  const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 30000, order_qty: 1 };
  await Promise.all([1, 2, 3].map((i) => socket.call("add_order", { ...order, cl_ord_id: `o${i}` })));
  await survive(socket, "channel");
  await socket.call("cancel_all", {});
  socket.close();
}
{
  const socket = new FuturesSocket({ ...options, key: futures.key, secret: futures.secret, url: `${server.socketUrl}/ws/v1` });
  await new FuturesClient({ ...futures, baseUrl: server.url }).post("sendorder", {
    orderType: "lmt",
    symbol: "PF_XBTUSD",
    side: "buy",
    size: 1,
    limitPrice: 30000,
  });
  await socket.subscribe("open_orders");
  await survive(socket, "feed");
  socket.close();
}
let best;
{
  const socket = new SpotSocket({ ...options, url: `${server.socketUrl}/v2` });
  const book = new OrderBook(socket, "BTC/USD", { depth: 25 });
  await book.ready();
  exchange.market("BTC/USD").update({ bids: [["49999.9", "0.00005100"]] });
  for await (const state of book) if (state.inSync && state.bids[0]?.volume === "0.00005100") break;
  exchange.sockets.at(-1).reset();
  for await (const state of book) if (!state.inSync) break;
  await book.ready();
  best = book.best.bid;
  socket.close();
}
await server.close();
const did = exchange.executions
  .filter(({ write, method, product }) => (product === "futures" ? write : method === "WebSocket"))
  .map(({ endpoint }) => endpoint);
console.log(JSON.stringify({ did, connections: exchange.sockets.length, best }));
