// Clients of the WebSockets, each as functions that give what the client knows now: `ticker()`, `book()`, … Those of ccxt come from its
// unified structures, the others from the messages as the client hands them on.
import { createRequire } from "node:module";
import { Absent } from "./helper.mjs";
import { ccxtFutures } from "./futures-clients.mjs";
import { startPython } from "./python.mjs";

const require = createRequire(import.meta.url);

const SYMBOL = "BTC/USD";
const FUTURES_SYMBOL = "PF_XBTUSD";
const number = (value) => (value === undefined ? undefined : Number(value));
const levelsOf = (levels) => Array.from(levels, ([price, volume]) => [number(price), number(volume)]);

/** Watches for ever in the background, and keeps the last of what it saw. */
function watching(watch) {
  const seen = { last: undefined, all: [], error: undefined };
  (async () => {
    for (;;) {
      seen.last = await watch();
      seen.all.push(structuredClone(seen.last));
    }
  })().catch((error) => (seen.error = error));
  return () => {
    if (seen.error) throw seen.error;
    return seen;
  };
}

/** ccxt's functions for both products; each feed is watched from the first time on that it is asked for. */
function ccxtFunctions(client, symbol) {
  const feeds = new Map();
  const feed = (name, ...args) => {
    if (!feeds.has(name))
      feeds.set(
        name,
        watching(() => client[name](...args)),
      );
    return feeds.get(name)();
  };
  const cached = (name, ...args) =>
    new Map(
      feed(name, ...args)
        .all.flat()
        .map((each) => [each.id, each]),
    );
  return {
    ticker: () => (({ bid, ask, last } = {}) => ({ bid, ask, last }))(feed("watchTicker", symbol).last),
    book: () => (({ bids = [], asks = [] } = {}) => ({ bids: levelsOf(bids), asks: levelsOf(asks) }))(feed("watchOrderBook", symbol).last),
    trades: () =>
      feed("watchTrades", symbol)
        .all.flat()
        .map(({ price, amount, side }) => ({ price, volume: amount, side })),
    orders: () =>
      [...cached("watchOrders").values()].map(({ id, price, amount, side, status }) => ({
        id,
        price,
        volume: amount,
        side,
        // Futures' feed has open orders only, and ccxt gives those no status.
        status: status ?? (client.id === "krakenfutures" ? "open" : undefined),
      })),
    ownTrades: () => [...cached("watchMyTrades").values()].map(({ order, price, amount }) => ({ order, price, volume: amount })),
    balances: () => {
      const { total = {} } = feed("watchBalance").last ?? {};
      return total;
    },
  };
}

async function openCcxtSpot({ url, socketUrl, key, secret }) {
  const { default: ccxt } = await import("ccxt");
  const client = new ccxt.pro.kraken({ apiKey: key, secret, enableRateLimit: false, newUpdates: false });
  await client.loadHttpProxyAgent(); // its condition for sockets without TLS
  const v2 = `${socketUrl}/v2`;
  client.urls.api = { ...client.urls.api, public: url, private: url, ws: { public: v2, private: v2, privateV2: v2, publicV2: v2 } };
  const candles = () => client.watchOHLCV(SYMBOL, "1m").then((all) => all.at(-1));
  return {
    ...ccxtFunctions(client, SYMBOL),
    candle: async () => (([, open, high, low, close]) => ({ open, high, low, close }))(await candles()),
    addOrder: async ({ price, volume, side }) => (await client.createOrderWs(SYMBOL, "limit", side, volume, price)).id,
    amendOrder: (id, { price, volume }) => client.editOrderWs(id, SYMBOL, "limit", "buy", volume, price),
    cancelOrder: (id) => client.cancelOrderWs(id),
    cancelOrders: async (ids) => void (await client.cancelOrdersWs(ids)),
    cancelAll: () => client.cancelAllOrdersWs(),
    close: () => client.close(),
  };
}

async function openCcxtFutures(given) {
  const rest = await ccxtFutures(given);
  const { default: ccxt } = await import("ccxt");
  const client = new ccxt.pro.krakenfutures({ apiKey: given.key, secret: given.secret, enableRateLimit: false, newUpdates: false });
  await client.loadHttpProxyAgent();
  client.urls.api = { ...rest.urls.api, ws: `${given.socketUrl}/ws/v1` };
  const functions = ccxtFunctions(client, "BTC/USD:USD");
  const positions = watching(() => client.watchPositions());
  return {
    ...functions,
    positions: () =>
      (positions().last ?? []).map(({ symbol, contracts, side }) => ({
        symbol: symbol === "BTC/USD:USD" ? FUTURES_SYMBOL : symbol,
        size: contracts,
        side,
      })),
    close: () => Promise.all([client.close(), rest.close()]),
  };
}

/** node-kraken-api knows version 1 alone. Its addresses are constants, and the library of its sockets is led to loopback. */
async function openNodeKrakenApi({ socketUrl, key, secret }) {
  const [library, sockets] = [require.resolve("node-kraken-api"), require.resolve("ws")];
  const [Socket, before] = [require(sockets), require.cache[library]];
  const redirected = class extends Socket {
    constructor(_url, options) {
      super(socketUrl, options);
    }
  };
  require.cache[sockets].exports = redirected;
  delete require.cache[library];
  const { Kraken } = require(library);
  require.cache[sockets].exports = Socket;
  require.cache[library] = before;
  const client = new Kraken({ key, secret, timeout: 2000 });
  return {
    versionOne: () =>
      new Promise((resolve, reject) => {
        client.ws.pub.on("error", reject);
        client.ws.ticker().on("update", resolve).subscribe("XBT/USD").catch(reject);
      }),
  };
}

/** What can be read from messages of Spot's WebSocket v2. */
function spotMessages(client) {
  const subscribed = new Map();
  /** All data of a channel so far; subscribes the first time. */
  const dataOf = async (channel, params = {}) => {
    if (!subscribed.has(channel)) subscribed.set(channel, client.ask("subscribe", channel, params));
    await subscribed.get(channel);
    const messages = await client.ask("received");
    return messages.filter((each) => each.channel === channel && each.data !== undefined).flatMap(({ data }) => data);
  };
  const market = { symbol: [SYMBOL] };
  const send = (method, params) => client.ask("send", method, params);
  const executions = () => dataOf("executions", { snap_orders: true, snap_trades: true });
  return {
    ticker: async () =>
      (({ bid, ask, last } = {}) => ({ bid: number(bid), ask: number(ask), last: number(last) }))((await dataOf("ticker", market)).at(-1)),
    book: async () => bookOf(await dataOf("book", { ...market, depth: 10 })),
    trades: async () =>
      (await dataOf("trade", market)).map(({ price, qty, side }) => ({ price: number(price), volume: number(qty), side })),
    candle: async () =>
      (({ open, high, low, close } = {}) => ({ open: number(open), high: number(high), low: number(low), close: number(close) }))(
        (await dataOf("ohlc", { ...market, interval: 1 })).at(-1),
      ),
    instrument: async () =>
      (await dataOf("instrument", { snapshot: true })).flatMap(({ pairs = [] }) => pairs).find(({ symbol }) => symbol === SYMBOL),
    orders: async () => ordersOf(await executions()),
    ownTrades: async () =>
      (await executions())
        .filter(({ exec_type }) => exec_type === "trade")
        .map(({ order_id, last_price, last_qty }) => ({ order: order_id, price: number(last_price), volume: number(last_qty) })),
    balances: async () =>
      Object.fromEntries((await dataOf("balances", { snapshot: true })).map(({ asset, balance }) => [asset, number(balance)])),
    addOrder: async ({ price, volume, side }) =>
      (await send("add_order", { order_type: "limit", side, symbol: SYMBOL, limit_price: price, order_qty: volume })).order_id,
    amendOrder: (id, { price, volume }) => send("amend_order", { order_id: id, limit_price: price, order_qty: volume }),
    editOrder: async (id, { price, volume }) =>
      (await send("edit_order", { order_id: id, symbol: SYMBOL, limit_price: price, order_qty: volume })).order_id,
    cancelOrder: (id) => send("cancel_order", { order_id: [id] }),
    cancelAll: () => send("cancel_all", {}),
    cancelAllAfter: (seconds) => send("cancel_all_orders_after", { timeout: seconds }),
    addOrders: async (orders) =>
      (
        await send("batch_add", {
          symbol: SYMBOL,
          orders: orders.map(({ price, volume, side }) => ({ order_type: "limit", side, limit_price: price, order_qty: volume })),
        })
      ).map(({ order_id }) => order_id),
    cancelOrders: (ids) => send("batch_cancel", { orders: ids }),
    close: client.close,
  };
}

/** A book of the snapshot and its updates. */
function bookOf(data) {
  const sides = { bids: new Map(), asks: new Map() };
  for (const entry of data)
    for (const side of ["bids", "asks"]) for (const { price, qty } of entry[side] ?? []) sides[side].set(number(price), number(qty));
  const sorted = (side, sign) => [...side].filter(([, volume]) => volume > 0).sort(([a], [b]) => sign * (a - b));
  return { bids: sorted(sides.bids, -1), asks: sorted(sides.asks, 1) };
}

/** Each order as its messages together tell it: later ones are short. */
function ordersOf(executions) {
  const orders = new Map();
  for (const each of executions) orders.set(each.order_id, { ...orders.get(each.order_id), ...each });
  const words = { new: "open", pending_new: "open" };
  return [...orders.values()].map(({ order_id, limit_price, order_qty, side, order_status }) => ({
    id: order_id,
    price: number(limit_price),
    volume: number(order_qty),
    side,
    status: words[order_status] ?? order_status,
  }));
}

/** What can be read from messages of the Futures WebSocket. */
function futuresMessages(client) {
  const subscribed = new Set();
  const messagesOf = async (feed, products = null) => {
    if (!subscribed.has(feed)) await client.ask("subscribe", feed, products);
    subscribed.add(feed);
    return (await client.ask("received")).filter((each) => each.feed?.startsWith(feed) && each.event === undefined);
  };
  return {
    ticker: async () => (({ bid, ask, last } = {}) => ({ bid, ask, last }))((await messagesOf("ticker", [FUTURES_SYMBOL])).at(-1)),
    book: async () => {
      const sideOf = (levels, name) => ({ [name]: levels.map(({ price, qty }) => ({ price, qty })) });
      const messages = await messagesOf("book", [FUTURES_SYMBOL]);
      return bookOf(
        messages.map(({ bids, asks, side, price, qty }) =>
          bids ? { ...sideOf(bids, "bids"), ...sideOf(asks, "asks") } : sideOf([{ price, qty }], side === "buy" ? "bids" : "asks"),
        ),
      );
    },
    trades: async () =>
      (await messagesOf("trade", [FUTURES_SYMBOL]))
        .flatMap(({ trades, ...one }) => trades ?? [one])
        .map(({ price, qty, side }) => ({ price, volume: qty, side })),
    orders: async () => {
      const orders = new Map();
      for (const { orders: all, order, order_id, is_cancel } of await messagesOf("open_orders")) {
        for (const each of all ?? (order ? [order] : [])) orders.set(each.order_id, { ...each, status: is_cancel ? "canceled" : "open" });
        if (!order && order_id && is_cancel) orders.set(order_id, { ...orders.get(order_id), status: "canceled" });
      }
      return [...orders.values()].map(({ order_id, limit_price, qty, direction, status }) => ({
        id: order_id,
        price: limit_price,
        volume: qty,
        side: direction === 0 ? "buy" : "sell",
        status,
      }));
    },
    ownTrades: async () =>
      (await messagesOf("fills"))
        .flatMap(({ fills }) => fills ?? [])
        .map(({ order_id, price, qty }) => ({ order: order_id, price, volume: qty })),
    balances: async () =>
      Object.fromEntries(
        (await messagesOf("balances"))
          .flatMap(({ flex_futures }) => Object.entries(flex_futures?.currencies ?? {}))
          .map(([name, { quantity }]) => [name, quantity]),
      ),
    positions: async () =>
      ((await messagesOf("open_positions")).at(-1)?.positions ?? []).map(({ instrument, balance }) => ({
        symbol: instrument,
        size: Math.abs(balance),
        side: balance > 0 ? "long" : "short",
      })),
    close: client.close,
  };
}

const NAMES = (
  "ticker book trades candle instrument orders ownTrades balances positions " +
  "versionOne addOrder addOrders amendOrder editOrder cancelOrder cancelOrders cancelAll cancelAllAfter"
).split(" ");
const rejecting = (name) => [name, () => Promise.reject(new Absent(name))];
/** Functions, with one that rejects for each that the client has no way to. */
const withAbsent = (functions) => ({ ...Object.fromEntries(NAMES.map(rejecting)), ...functions });

const raw = (program, product, read) => async (given) => read(startPython(program, { ...given, product }));

export const SPOT_SOCKETS = [
  { name: "ccxt", shown: "ccxt.pro", open: openCcxtSpot },
  { name: "node-kraken-api", open: openNodeKrakenApi },
  { name: "python-kraken-sdk", python: true, open: raw("sockets_of_python_kraken_sdk", "spot", spotMessages) },
  { name: "typed-kraken", python: true, open: raw("sockets_of_typed_kraken", "spot", spotMessages) },
].map((client) => ({ ...client, open: async (given) => withAbsent(await client.open(given)) }));

const key = { product: "futures" };
export const FUTURES_SOCKETS = [
  { name: "ccxt", shown: "ccxt.pro", key, open: openCcxtFutures },
  { name: "python-kraken-sdk", key, python: true, open: raw("sockets_of_python_kraken_sdk", "futures", futuresMessages) },
].map((client) => ({ ...client, open: async (given) => withAbsent(await client.open(given)) }));
