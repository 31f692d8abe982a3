// Compiled by types.test.mjs: what users write, and what the compiler must refuse.
import { SpotClient } from "kraken-signer";
import {
  type BookLevel,
  type BookState,
  FuturesSocket,
  OrderBook,
  type OrderBookEvent,
  type SpotMessage,
  SpotSocket,
  type SpotSubscriptionOf,
} from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

export async function spot(): Promise<void> {
  const socket = new SpotSocket({
    client: new SpotClient({ key: "k", secret: "s" }),
    onEvent: (event) => event.type === "gap" && event.expected.toFixed(),
  });
  await socket.subscribe("executions", { snap_trades: true });
  await socket.subscribe<{ anything?: number }>("brand_new", { anything: 1 });
  await socket.subscribe<unknown>("brand_new");
  await socket.unsubscribe<unknown>("brand_new", { anything: 1 });
  // @ts-expect-error a typing error
  await socket.subscribe("execution", { snap_trades: true });
  // @ts-expect-error which parameters does it have?
  await socket.subscribe("brand_new", { anything: 1 });
  // @ts-expect-error they are missing
  await socket.subscribe<{ anything: number }>("brand_new");
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
    case "level3":
    case "ohlc":
    case "status":
    case "executions":
      return message.data.length;
    case "instrument":
      return message.data.pairs[0]?.price_precision.toFixed() ?? message.data.assets.length;
    default:
      // @ts-expect-error unknown until it is looked at
      return message.data.length;
  }
}

export function connectionId(message: SpotMessage): number | bigint | undefined {
  if (message.channel !== "status") return undefined;
  // @ts-expect-error a number does not hold most of them
  const id: number = message.data[0]!.connection_id;
  return message.data[0]?.connection_id ?? id;
}

export const constructors = [new SpotSocket({ WebSocket: globalThis.WebSocket }), new SpotSocket({ WebSocket: new Exchange().WebSocket })];

export async function futures(): Promise<void> {
  const socket = new FuturesSocket({ key: "k", secret: "s" });
  await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
  await socket.subscribe("fills");
  await socket.subscribe("deposits_withdrawals");
  await socket.unsubscribe("ticker", { product_ids: ["PF_XBTUSD"] });
  await socket.subscribe<unknown>("brand_new", { anything: 1 });
  // @ts-expect-error a typing error
  await socket.subscribe("tickers", { product_ids: ["PF_XBTUSD"] });
  for await (const message of socket) {
    if (message.feed === "fills") message.fills[0]?.price.toFixed();
    else if (message.feed === "open_orders") message.order?.limit_price?.toFixed();
    else if (message.feed === "account_balances_and_margins") message.margin_accounts[0]?.am.toFixed();
    else if (message.feed === "deposits_withdrawals") message.elements[0]?.unit.trim();
    else if (message.feed === "socket" && message.type === "gap") message.of.trim();
  }
}

export async function market(socket: SpotSocket): Promise<void> {
  await socket.subscribe("ticker", { symbol: ["BTC/USD"], event_trigger: "bbo" });
  await socket.subscribe("book", { symbol: ["BTC/USD"], depth: 25 }, { timeout: 1000 });
  await socket.subscribe("instrument");
  await socket.subscribe("ohlc", { symbol: ["BTC/USD"], interval: 5, snapshot: true });
  await socket.unsubscribe("ohlc", { symbol: ["BTC/USD"], interval: 5 });
  const params: SpotSubscriptionOf<"level3"> = { symbol: ["BTC/USD"], depth: 1000 };
  await socket.subscribe("level3", params);
  // @ts-expect-error which symbols?
  await socket.subscribe("trade");
  // @ts-expect-error a list of symbols
  await socket.subscribe("trade", { symbol: "BTC/USD" });
  // @ts-expect-error Kraken has no such depth
  await socket.subscribe("book", { symbol: ["BTC/USD"], depth: 50 });
  // @ts-expect-error no such parameter
  await socket.subscribe("ohlc", { symbol: ["BTC/USD"], intervall: 5 });
  // @ts-expect-error it is about all of them
  await socket.subscribe("instrument", { symbol: ["BTC/USD"] });
}

export async function orderBook(socket: SpotSocket): Promise<string> {
  const told: OrderBookEvent[] = [];
  const book = new OrderBook(socket, "BTC/USD", { depth: 25, onEvent: (event) => told.push(event) });
  await book.ready({ signal: AbortSignal.timeout(1000) });
  const levels: readonly BookLevel[] = book.bids;
  // @ts-expect-error it is a view
  book.bids.push({ price: "1", volume: "1" });
  // @ts-expect-error there may be none
  book.best.bid.price.trim();
  for await (const state of book) {
    const copy: BookState = state;
    // @ts-expect-error only if it is in sync
    copy.bids.length;
    if (!state.inSync) return state.reason;
    state.asks[0]?.volume.trim();
  }
  // @ts-expect-error no such depth
  new OrderBook(socket, "BTC/USD", { depth: 50 });
  // @ts-expect-error books are Spot's
  new OrderBook(new FuturesSocket(), "BTC/USD");
  await book.close();
  return levels[0]?.price ?? book.mid ?? "";
}
