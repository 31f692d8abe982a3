// Compiled by types.test.mjs: what users write, and what the compiler must refuse.
import { SpotClient } from "kraken-signer";
import { FuturesSocket, type SpotMessage, SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

export async function spot(): Promise<void> {
  const socket = new SpotSocket({
    client: new SpotClient({ key: "k", secret: "s" }),
    onEvent: (event) => event.type === "gap" && event.expected.toFixed(),
  });
  await socket.subscribe("executions", { snap_trades: true });
  await socket.subscribe("brand_new", { anything: 1 });
  const { order_id } = await socket.call("add_order", {
    symbol: "BTC/USD",
    side: "buy",
    order_type: "limit",
    order_qty: 1,
    limit_price: 2,
  });
  await socket.call("cancel_order", { order_id: [order_id] });
  // @ts-expect-error no such side
  await socket.call("add_order", { symbol: "BTC/USD", side: "hold", order_type: "limit" });
  // @ts-expect-error no such method
  await socket.call("AddOrder", {});
  for await (const message of socket) {
    if (message.channel === "executions") message.data[0]?.exec_type.trim() ?? message.sequence.toFixed();
    else if (message.channel === "socket" && message.type === "reconnecting") message.delay.toFixed();
    else if (message.channel === "ticker") message.data[0]?.last.toFixed();
    else message.channel.trim();
  }
}

export function other(message: SpotMessage): unknown {
  switch (message.channel) {
    case "balances":
      return message.data[0]?.balance.toFixed();
    case "ticker":
    case "trade":
    case "book":
    case "ohlc":
    case "status":
    case "executions":
      return message.data.length;
    default:
      // @ts-expect-error unknown until it is looked at
      return message.data.length;
  }
}

export const constructors = [new SpotSocket({ WebSocket: globalThis.WebSocket }), new SpotSocket({ WebSocket: new Exchange().WebSocket })];

export async function futures(): Promise<void> {
  const socket = new FuturesSocket({ key: "k", secret: "s" });
  await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
  for await (const message of socket) {
    if (message.feed === "fills") message.fills[0]?.price.toFixed();
    else if (message.feed === "open_orders") message.order?.limit_price?.toFixed();
    else if (message.feed === "socket" && message.type === "gap") message.of.trim();
  }
}
