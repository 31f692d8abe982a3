// What reads a socket, in the ways that are compared. Each takes the address of a socket, and counts the messages that it has read.
import { OrderBook, SpotSocket } from "kraken-signer/sockets";
import { DEPTH, SYMBOLS } from "./messages.mjs";

/** Node 20 has no WebSocket of its own. */
const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;

/** Opens a socket, subscribes to symbols by hand, and calls `read` with the data of each message that is not about the subscription. */
async function subscribed(url, channel, symbols, read) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onmessage = ({ data }) => read(JSON.parse(data));
  const params = { channel, symbol: symbols };
  socket.send(JSON.stringify({ method: "subscribe", req_id: 1, params }));
}

/** A queue as small as it can be: what is read with `for await` has to wait somewhere. */
function queue() {
  const items = [];
  let wake = () => {};
  const read = async function* () {
    for (;;) {
      while (items.length) yield items.shift();
      await new Promise((resolve) => (wake = resolve));
    }
  };
  const push = (item) => {
    items.push(item);
    wake();
  };
  return { push, read };
}

const spotSocket = (url) => new SpotSocket({ url, WebSocket, reconnect: { budget: 100_000 }, queue: 100_000 });

/** By row and name, `(url, counted) => promise`, where `counted(by)` is called for the messages that were read. */
export const READERS = {
  message: {
    "event and JSON.parse": (url, counted) =>
      subscribed(url, "ticker", ["BTC/USD"], ({ data }) => {
        if (data) counted(1);
      }),
    "event, JSON.parse and for await": async (url, counted) => {
      const { push, read } = queue();
      await subscribed(url, "ticker", ["BTC/USD"], push);
      void (async () => {
        for await (const { channel } of read()) if (channel === "ticker") counted(1);
      })();
    },
    "kraken-signer": async (url, counted) => {
      const socket = spotSocket(url);
      await socket.subscribe("ticker", { symbol: ["BTC/USD"] });
      void (async () => {
        for await (const { channel } of socket) if (channel === "ticker") counted(1);
      })();
    },
  },
  books: {
    "event, JSON.parse and Map.set": async (url, counted) => {
      const books = new Map(SYMBOLS.map((symbol) => [symbol, { bids: new Map(), asks: new Map() }]));
      await subscribed(url, "book", SYMBOLS, ({ data, type }) => {
        for (const { symbol, bids, asks } of data ?? []) {
          const book = books.get(symbol);
          for (const { price, qty } of bids) book.bids.set(price, qty);
          for (const { price, qty } of asks) book.asks.set(price, qty);
          if (type === "update") counted(1);
        }
      });
    },
    "kraken-signer, OrderBook": async (url, counted) => {
      const socket = spotSocket(url);
      const books = SYMBOLS.map((symbol) => new OrderBook(socket, symbol, { depth: DEPTH }));
      await Promise.all(books.map((book) => book.ready()));
      for (const book of books)
        void (async () => {
          for await (const { inSync, missed, reason } of book) {
            if (!inSync) throw new Error(`a book is out of sync: ${reason}`);
            counted(1 + missed);
          }
        })();
    },
  },
};
