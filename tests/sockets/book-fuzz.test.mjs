// An order book behind a network that loses, repeats, swaps and changes messages: it is what the exchange had with the last message that came
// through, or it says that it is not in sync. SEED repeats a run, ROUNDS says how many.
import assert from "node:assert/strict";
import test from "node:test";
import { isDeepStrictEqual } from "node:util";
import { OrderBook } from "kraken-signer/sockets";
import { Exchange, FAST, SpotSocket, address, fillBook, later, until } from "./helper.mjs";
import { random } from "./mutations.mjs";

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = Number(process.env.ROUNDS ?? 40);
const CHANGES = 150;
const SYMBOL = "BTC/USD";
const TIME = /"timestamp":"([^"]+)"/;
const isBook = (text) => text.startsWith('{"channel":"book"');

/** What may become of a message: the texts that come instead of it, now. */
class Network {
  calm = false;
  #held = undefined;
  #copies = [];

  constructor(chances, counts) {
    this.chances = chances;
    this.counts = counts;
  }

  /** One character of the text is another one, or is missing. */
  #changed(text) {
    const at = this.chances.below(text.length);
    const instead = this.chances.pick([..."0123456789", "", ".", "-", "e", '"', "}", " "]);
    return text.slice(0, at) + instead + text.slice(at + 1);
  }

  /** Pairs of what comes and what it was. */
  carry(text) {
    // Kraken begins a subscription with a snapshot: nothing of the one before comes after it.
    const isFirst = text.includes('"type":"snapshot"');
    if (isFirst) this.#copies = [];
    const held = isFirst ? undefined : this.#held;
    this.#held = undefined;
    const out = [];
    const kind = this.calm
      ? "as it is"
      : this.chances.pick([...Array(30).fill("as it is"), "lost", "twice", "again later", "overtaken", "changed"]);
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (kind === "as it is") out.push([text, text]);
    if (kind === "twice") out.push([text, text], [text, text]);
    if (kind === "changed") out.push([this.#changed(text), text]);
    if (kind === "again later") {
      out.push([text, text]);
      this.#copies.push(text);
    } else if (this.#copies.length && this.chances.chance(0.3)) {
      const copy = this.#copies.shift();
      out.push([copy, copy]);
    }
    if (kind === "overtaken") this.#held = text;
    if (held !== undefined) out.push([held, held]);
    return out;
  }
}

/** The exchange's WebSocket behind such a network. */
const behind = (Base, network, coming) =>
  class extends Base {
    dispatchEvent(event) {
      if (event.type !== "message" || !isBook(event.data)) return super.dispatchEvent(event);
      for (const [data, was] of network.carry(event.data)) {
        const look = coming(was, data);
        super.dispatchEvent(Object.assign(new Event("message"), { data }));
        look();
      }
      return true;
    }
  };

/** A change of the book at random, near the best prices. */
function change(chances) {
  const level = (sign) => [
    (50_000 + sign * (1 + chances.below(15)) * 0.1).toFixed(1),
    chances.pick(["0", "0", `${chances.below(100)}`, `0.000${chances.below(99999)}`]),
  ];
  const some = (sign) => Array.from({ length: chances.below(3) }, () => level(sign));
  return { bids: some(-1), asks: some(1) };
}

async function round(t, seed, counts) {
  const chances = random(seed);
  const exchange = new Exchange({ sockets: { attempts: 1e6, heartbeat: 20 } });
  const there = fillBook(exchange.market(SYMBOL));
  const network = new Network(chances, counts);
  const states = new Map();
  const pairs = (levels) => levels.map(({ price, volume }) => [price, volume]);
  const now = () => ({ bids: pairs(book.bids), asks: pairs(book.asks) });
  // Strikes nothing: it sees each message as it is sent.
  exchange.injectSocket({
    fault: "lose",
    at: "sent",
    name: "book",
    match({ message: { data } }) {
      states.set(data[0].timestamp, { bids: there.book.bids.slice(0, 10), asks: there.book.asks.slice(0, 10) });
      return false;
    },
  });
  let book;
  /** The time of the newest message that has come through. */
  let newest = "";
  const look = (was, came, wasInSync) => {
    const seen = book.inSync ? "seen in sync" : "seen out of sync";
    counts[seen] = (counts[seen] ?? 0) + 1;
    const before = newest;
    const [, time] = TIME.exec(was);
    // A snapshot that an update overtook: to a book that waits for it, that update is as good as lost.
    if (time > newest || (!wasInSync && book.inSync)) newest = time;
    if (!book.inSync) return assert.throws(() => book.bids, { code: "ERR_UNAVAILABLE" });
    // What was changed such that it is about something else, is as good as lost.
    if (came !== was && isDeepStrictEqual(now(), states.get(before))) newest = before;
    assert.deepEqual(now(), states.get(newest), `SEED=${seed}: ${came}`);
  };
  const failures = [];
  const socket = new SpotSocket({
    url: address(),
    reconnect: FAST,
    timeout: 100,
    WebSocket: behind(exchange.WebSocket, network, (was, came) => {
      const { inSync } = book;
      return () => {
        try {
          look(was, came, inSync);
        } catch (error) {
          failures.push(error);
        }
      };
    }),
  });
  t.after(() => socket.close());
  book = new OrderBook(socket, SYMBOL, { onEvent: ({ type, reason }) => (counts[reason ?? type] = (counts[reason ?? type] ?? 0) + 1) });
  for (let times = 0; times < CHANGES && !failures.length; times++) {
    there.update(change(chances));
    if (chances.chance(0.5)) await later(chances.below(2));
    if (chances.chance(0.01)) exchange.sockets.at(-1)?.reset();
  }
  if (failures.length) throw failures[0];
  // Whatever has happened: with a network that works again, so does the book.
  network.calm = true;
  await until(async () => {
    there.update({ bids: [["49999.9", `${1 + chances.below(1000)}`]] });
    await later(5);
    return book.inSync && isDeepStrictEqual(now(), { bids: there.book.bids.slice(0, 10), asks: there.book.asks.slice(0, 10) });
  });
  socket.close();
}

test(`${ROUNDS} books stay correct behind a network that corrupts messages`, { timeout: 300_000 }, async (t) => {
  t.diagnostic(`SEED=${SEED}`);
  const counts = {};
  for (let number = 0; number < ROUNDS; number++) await round(t, SEED + number, counts);
  t.diagnostic(JSON.stringify(counts));
  for (const one of ["lost", "twice", "again later", "overtaken", "changed", "checksum", "order", "disconnected"])
    assert.ok(counts[one] > 0, `nothing was or became ${one}`);
  assert.ok(counts["seen in sync"] > ROUNDS * CHANGES * 0.2, `${counts["seen in sync"]} looks`);
});
