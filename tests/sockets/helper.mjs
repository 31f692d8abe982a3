// What the tests of the sockets share.
import { FuturesSocket, SpotSocket } from "kraken-signer/sockets";
import { SpotClient, TokenManager } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { TestWebSocket } from "./client.mjs";

/** The runtime's own `WebSocket` where it has one, to go over loopback with. */
export const NetWebSocket = globalThis.WebSocket ?? TestWebSocket;

export { Exchange, FuturesSocket, SpotClient, SpotSocket, TokenManager };

export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once `condition` holds, or rejects after `ms`. */
export async function until(condition, ms = 5000) {
  for (const end = Date.now() + ms; !(await condition()); await later(2))
    if (Date.now() > end) throw new Error(`in vain for ${ms} ms: ${condition}`);
}

let hosts = 0;
/** A URL of its own for each test: the budget of attempts is one per host. */
export const address = (path = "/v2") => `ws://127.0.${(hosts >> 8) & 255}.${hosts++ & 255}${path}`;

/** Counts what is added to and removed from the WebSockets that a constructor makes. */
export function counting(Base) {
  const counter = { listeners: 0, made: 0, messages: [] };
  counter.WebSocket = class extends Base {
    constructor(url) {
      super(url);
      counter.made++;
    }
    addEventListener(...args) {
      counter.listeners++;
      super.addEventListener(...args);
    }
    removeEventListener(...args) {
      counter.listeners--;
      super.removeEventListener(...args);
    }
    send(text) {
      counter.messages.push(JSON.parse(text));
      super.send(text);
    }
  };
  return counter;
}

/** Gives a market of the exchange 50 levels on each side of its last price, a tick apart: with 1, 2, 3 … at them. */
export function fillBook(market, decimals = 1) {
  const side = (sign) =>
    Array.from({ length: 50 }, (_, place) => [
      (Number(market.last) + (sign * (place + 1)) / 10 ** decimals).toFixed(decimals),
      `${place + 1}`,
    ]);
  market.setBook({ bids: side(-1), asks: side(1) });
  return market;
}

export const FAST = { minDelay: 1, maxDelay: 10, budget: 10_000 };

/** A Spot socket on an exchange of its own, in memory, or over loopback with `server`. */
export function spot(
  t,
  options = {},
  { exchange = new Exchange({ sockets: { attempts: 10_000, heartbeat: 50, ...options.sockets }, ...options.exchange }), server } = {},
) {
  const key = exchange.addKey(options.key);
  const client = new SpotClient({ ...key, fetch: exchange.fetch, retries: 0 });
  const tokens = new TokenManager(client);
  const events = [];
  const counter = counting(server ? NetWebSocket : exchange.WebSocket);
  const { key: _key, exchange: _exchange, sockets: _sockets, ...rest } = options;
  const socket = new SpotSocket({
    tokens,
    url: server ? `${server.socketUrl}/v2` : address(),
    WebSocket: counter.WebSocket,
    reconnect: FAST,
    timeout: 2000,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  t.after(() => socket.close());
  return { exchange, client, tokens, socket, events, counter, key };
}

/** Reads a socket in the background. */
export function reading(socket) {
  const messages = [];
  const done = (async () => {
    for await (const message of socket) messages.push(message);
  })();
  done.catch(() => {});
  return { messages, done, of: (name) => messages.filter(({ channel, feed }) => (channel ?? feed) === name) };
}

export const LIMIT = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 37500, order_qty: 1.25 };
export const executed = (exchange, method = "add_order") => exchange.executions.filter(({ endpoint }) => endpoint === method);
