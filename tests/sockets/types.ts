// Compiled by types.test.mjs: what users write, and what the compiler must refuse.
import { SpotClient } from "kraken-signer";
import {
  type BookLevel,
  type BookState,
  FuturesSocket,
  type NewOrder,
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

const order = { symbol: "BTC/USD", side: "buy", order_qty: 1 } as const;
const triggers = { price: 1, price_type: "pct", reference: "index" } as const;

export async function orders(socket: SpotSocket): Promise<void> {
  await socket.call("add_order", { ...order, order_type: "market" });
  await socket.call("add_order", { symbol: "BTC/USD", side: "buy", order_type: "market", cash_order_qty: 100 });
  await socket.call("add_order", {
    ...order,
    order_type: "iceberg",
    limit_price: 1,
    display_qty: 0.1,
    time_in_force: "gtd",
    expire_time: new Date(),
  });
  await socket.call("add_order", { ...order, order_type: "stop-loss", triggers: { price: 1 }, stp_type: "cancel_both" });
  await socket.call("add_order", { ...order, order_type: "take-profit-limit", triggers: { price: 1 }, limit_price: 2 });
  await socket.call("add_order", { ...order, order_type: "trailing-stop", triggers });
  await socket.call("add_order", { ...order, order_type: "trailing-stop-limit", triggers, limit_price: 1, limit_price_type: "pct" });
  await socket.call("add_order", { ...order, order_type: "settle-position", margin: true });
  const conditional = { order_type: "stop-loss-limit", trigger_price: 1, limit_price: 2 } as const;
  await socket.call("add_order", { ...order, order_type: "limit", limit_price: 1, conditional, validate: true, deadline: new Date() });
  interface Limit {
    order_type: "limit";
    side: "buy" | "sell";
    order_qty: number;
    limit_price: number;
  }
  const limit: Limit = { order_type: "limit", side: "buy", order_qty: 1, limit_price: 1 };
  const whole: NewOrder[] = [limit, { side: "sell", order_type: "market", order_qty: 1 }];
  await socket.call("batch_add", { symbol: "BTC/USD", orders: whole });
  // @ts-expect-error a limit order wants a price
  await socket.call("add_order", { ...order, order_type: "limit" });
  // @ts-expect-error a market order takes none
  await socket.call("add_order", { symbol: "BTC/USD", side: "buy", order_qty: 1, order_type: "market", limit_price: 1 });
  // @ts-expect-error … not even that of a limit order which it was made from
  await socket.call("add_order", { ...limit, symbol: "BTC/USD", order_type: "market" });
  // @ts-expect-error a market order wants a quantity
  await socket.call("add_order", { symbol: "BTC/USD", side: "buy", order_type: "market" });
  // @ts-expect-error … and only one
  await socket.call("add_order", { ...order, order_type: "market", cash_order_qty: 1 });
  // @ts-expect-error a stop wants the price that triggers it
  await socket.call("add_order", { ...order, order_type: "stop-loss" });
  // @ts-expect-error … and its limit price
  await socket.call("add_order", { ...order, order_type: "stop-loss-limit", triggers });
  // @ts-expect-error … or none
  await socket.call("add_order", { ...order, order_type: "take-profit", triggers, limit_price: 1 });
  // @ts-expect-error an iceberg shows a part
  await socket.call("add_order", { ...order, order_type: "iceberg", limit_price: 1 });
  // @ts-expect-error no such type
  await socket.call("add_order", { ...order, order_type: "limits", limit_price: 1 });
  // @ts-expect-error misspelled
  await socket.call("add_order", { ...order, order_type: "limit", limit_price: 1, postonly: true });
  // @ts-expect-error misspelled, inside
  await socket.call("add_order", { ...order, order_type: "stop-loss", triggers: { price: 1, pricetype: "pct" } });
  // @ts-expect-error a closing order wants its price
  await socket.call("add_order", { ...order, order_type: "limit", limit_price: 1, conditional: { order_type: "limit" } });
  // @ts-expect-error in a batch, too
  await socket.call("batch_add", { symbol: "BTC/USD", orders: [{ order_type: "limit", side: "buy", order_qty: 1 }] });
  // @ts-expect-error the pair is that of the batch
  await socket.call("batch_add", { symbol: "BTC/USD", orders: [{ symbol: "BTC/USD", side: "buy", order_type: "market", order_qty: 1 }] });
}

export async function changes(socket: SpotSocket): Promise<void> {
  await socket.call("amend_order", { cl_ord_id: "mine", limit_price: 1, order_qty: 2, post_only: true });
  await socket.call("edit_order", { order_id: "O", symbol: "BTC/USD", limit_price: 1 });
  await socket.call("cancel_order", { order_id: ["O"], cl_ord_id: ["mine"] });
  await socket.call("cancel_all", {});
  await socket.call("batch_cancel", { orders: ["O", 7] });
  // @ts-expect-error which order?
  await socket.call("amend_order", { limit_price: 1 });
  // @ts-expect-error which of them?
  await socket.call("amend_order", { order_id: "O", cl_ord_id: "mine", limit_price: 1 });
  // @ts-expect-error misspelled
  await socket.call("amend_order", { order_id: "O", limit_prise: 1 });
  // @ts-expect-error Kraken cannot only validate an amendment
  await socket.call("amend_order", { order_id: "O", limit_price: 1, validate: true });
  // @ts-expect-error misspelled
  await socket.call("edit_order", { order_id: "O", symbol: "BTC/USD", limit_prise: 1 });
  // @ts-expect-error which pair?
  await socket.call("edit_order", { order_id: "O", limit_price: 1 });
  // @ts-expect-error a list
  await socket.call("cancel_order", { order_id: "O" });
  // @ts-expect-error which orders?
  await socket.call("cancel_order", {});
  // @ts-expect-error misspelled
  await socket.call("cancel_order", { order_ids: ["O"] });
  // @ts-expect-error all of them
  await socket.call("cancel_all", { symbol: "BTC/USD" });
  // @ts-expect-error misspelled
  await socket.call("batch_cancel", { order: ["O"] });
}

export function tradeId(message: SpotMessage): number | bigint | undefined {
  if (message.channel === "executions") {
    // @ts-expect-error a number does not hold every id
    const id: number | undefined = message.data[0]?.trade_id;
    return id;
  }
  if (message.channel !== "trade") return undefined;
  // @ts-expect-error … nor here
  const id: number = message.data[0]!.trade_id;
  return id;
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
