// The messages that sockets get: a ticker, and the books of a hundred symbols, with Kraken's checksums.
import { checksumOf } from "../../sockets/book-checksum.mjs";

export const SYMBOLS = Array.from({ length: 100 }, (_, index) => `S${String(index).padStart(2, "0")}/USD`);
export const DEPTH = 25;
/** The updates of a book begin again after so many. */
const CYCLE = 64;

const ticker = (index) =>
  `{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":${50_000 + (index % 100)}.1,"bid_qty":0.70000000,"ask":${50_001 + (index % 100)}.1,"ask_qty":1.25000000,"last":50000.2,"volume":1834.20418422,"vwap":50123.4,"low":49001.1,"high":51002.5,"change":-12.1,"change_pct":-0.02,"timestamp":"2026-11-28T10:00:00.123456Z"}]}`;

const list = (levels) => `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`)}]`;
const bookText = (symbol, type, bids, asks, checksum) =>
  `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":${list(bids)},"asks":${list(asks)},"checksum":${checksum},"timestamp":"2026-11-28T10:00:00.123456Z"}]}`;

/** A book whose levels get other volumes, and after a cycle have those of the beginning again. */
function recorded() {
  const side = (sign) => Array.from({ length: DEPTH }, (_, place) => [(50_000 + sign * (place + 1) * 0.1).toFixed(1), "1.00000000"]);
  const [bids, asks] = [side(-1), side(1)];
  const checksum = () => checksumOf(asks, bids);
  const snapshot = [bids.map((level) => [...level]), asks.map((level) => [...level]), checksum()];
  const updates = Array.from({ length: CYCLE }, (_, index) => {
    const isBid = index % 2 === 0;
    const level = (isBid ? bids : asks)[(index >> 1) % (CYCLE / 4)];
    level[1] = index < CYCLE / 2 ? `2.${String(index + 1).padStart(8, "0")}` : "1.00000000";
    return [isBid ? [[...level]] : [], isBid ? [] : [[...level]], checksum()];
  });
  return { snapshot, updates };
}

const lazy = (make) => {
  let made;
  return () => (made ??= make());
};
const book = lazy(recorded);

/** By channel: `first`, what follows a subscription, and `next`, the message of a number. */
export const MESSAGES = {
  ticker: { next: ticker },
  book: {
    first: (symbol) => bookText(symbol, "snapshot", ...book().snapshot),
    /** Symbol after symbol: each gets the same update of the cycle. */
    next: (index) => bookText(SYMBOLS[index % SYMBOLS.length], "update", ...book().updates[Math.floor(index / SYMBOLS.length) % CYCLE]),
  },
};
