// What the tests of other people's clients share: the exchange they are driven against, and what «the same answer» is.
import assert from "node:assert/strict";
import { Exchange, Futures, Spot } from "../exchange/helper.mjs";

/** A client has no such call. */
export class Absent extends Error {}

/**
 * An exchange on loopback with a clock that tests move, a book in one market of each product, and clients of ours, of node:crypto, which say
 * what it holds.
 */
export async function openExchange() {
  let clock = Math.floor(Date.now() / 1000) * 1000;
  const exchange = new Exchange({ now: () => clock, balances: { ZUSD: "1000000", ZEUR: "5000", XXBT: "20", XETH: "300" } });
  const server = await exchange.listen();
  const spot = new Spot(exchange.addKey(), exchange.fetch);
  const futures = new Futures(exchange.addKey({ product: "futures" }), exchange.fetch);
  const read = (client, ...request) => client.call(...request).then((answer) => (failed(answer), answer));
  return {
    exchange,
    server,
    /** No order of the account, the same book, the same last trade. */
    async reset() {
      await read(spot, "CancelAll");
      await read(futures, "POST", "cancelallorders");
      for (const symbol of ["XBTUSD", "PF_XBTUSD"]) {
        exchange.market(symbol).setBook(BOOK);
        exchange.market(symbol).trade("50000", "0.25", { side: "buy" });
      }
    },
    tick: (seconds = 1) => (clock += seconds * 1000),
    /** What Spot answers our own client. */
    held: (endpoint, params) =>
      PUBLIC.has(endpoint) ? readPublic(exchange, endpoint, params) : read(spot, endpoint, params).then(({ result }) => result),
    /** What Futures answers our own client. */
    heldFutures: (method, endpoint, params) => read(futures, method, endpoint, params),
  };
}

export const PUBLIC = new Set(
  "Time SystemStatus Assets AssetPairs Ticker OHLC Depth GroupedBook Trades Spread PreTrade PostTrade".split(" "),
);

async function readPublic(exchange, endpoint, params = {}) {
  const response = await exchange.fetch(`https://api.kraken.com/0/public/${endpoint}?${new URLSearchParams(params)}`);
  const answer = await response.json();
  failed(answer);
  return answer.result;
}

function failed(answer) {
  if (answer.error?.length || answer.errors?.length)
    throw new Error(`the exchange refuses our own client: ${answer.error ?? JSON.stringify(answer.errors)}`);
}

/** The book of both products at first. */
export const BOOK = {
  bids: [
    ["49990", "1"],
    ["49980", "2.5"],
  ],
  asks: [
    ["50010", "0.5"],
    ["50020", "2"],
  ],
};

/**
 * Asserts that a client's answer is what the exchange holds, value by value.
 * @param quirks `numbersAsText`: numbers come as their digits; `dropsUnknown`: fields that the client has no name for are left out
 */
export function same(got, held, quirks = {}, path = "") {
  const where = path || "the answer";
  if (got !== null && typeof got === "object" && "$time" in got) return sameTime(got.$time, held, where);
  if (held === null || typeof held !== "object") {
    const wanted = typeof held === "number" && typeof got === "string" && quirks.numbersAsText ? String(held) : held;
    return assert.deepEqual(got, wanted, `${where}: ${JSON.stringify(got)} instead of ${JSON.stringify(held)}`);
  }
  assert.equal(Array.isArray(got), Array.isArray(held), `${where}: ${JSON.stringify(got)} instead of ${JSON.stringify(held)}`);
  const [names, wanted] = [Object.keys(got), Object.keys(held)];
  if (quirks.dropsUnknown && !Array.isArray(held)) {
    assert.deepEqual(
      names.filter((name) => !wanted.includes(name)),
      [],
      `${where} has more than the exchange holds`,
    );
    assert.ok(names.length > 0 || wanted.length === 0, `${where} is empty`);
  } else assert.deepEqual(names.toSorted(), wanted.toSorted(), `the fields of ${where}`);
  for (const name of names) same(got[name], held[name], quirks, path ? `${path}.${name}` : name);
}

/** A time that a client has read, in seconds, beside Kraken's: RFC 3339, or seconds, milliseconds or nanoseconds since 1970. */
function sameTime(seconds, held, where) {
  const number = Number(held);
  const wanted = Number.isNaN(number) ? Date.parse(held) / 1000 : number > 1e17 ? number / 1e9 : number > 1e11 ? number / 1e3 : number;
  assert.ok(Math.abs(seconds - wanted) < 0.001, `${where}: ${seconds} instead of ${held}`);
}

/** Waits, but not for ever, until `look` gives something. */
export async function eventually(look, what) {
  for (const end = Date.now() + 15_000; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} has not come`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
