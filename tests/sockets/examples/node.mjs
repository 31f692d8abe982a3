// Follows your executions and places an order, in Node 22 or later; on Node 20 pass a WebSocket of a package's.
import { SpotClient, clientOrderId } from "kraken-signer";
import { SpotSocket } from "kraken-signer/sockets";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl, KRAKEN_SOCKET: url } = process.env;

export async function follow(WebSocket = globalThis.WebSocket, log = console.log) {
  const client = new SpotClient({ key, secret, baseUrl });
  const socket = new SpotSocket({ client, url, WebSocket });
  try {
    await socket.subscribe("executions");
    const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 37500, order_qty: 1.25, cl_ord_id: clientOrderId() };
    try {
      log("placed", (await socket.call("add_order", order)).order_id);
    } catch (error) {
      // Never send it again before a look at the open orders, by its cl_ord_id.
      if (error.name !== "UnknownOutcomeError") throw error;
      log("placed or not?", error.clientOrderId);
    }
    for await (const message of socket) {
      if (message.channel === "socket") log(message.type); // a break, a gap: what was missed is in the next snapshot
      if (message.channel !== "executions") continue;
      for (const { exec_type, order_id } of message.data) {
        log(exec_type, order_id);
        if (exec_type === "filled") return;
      }
    }
  } finally {
    socket.close();
    client.close();
  }
}

if (process.argv[2] === "run") await follow();
