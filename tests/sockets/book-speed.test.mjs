// How many updates a second an order book takes on one core, through a socket, with the checksum verified for each.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OrderBook } from "kraken-signer/sockets";
import { checksumOf } from "./book-checksum.mjs";
import { SpotSocket, address, until } from "./helper.mjs";
import { random } from "./mutations.mjs";
import { opening } from "./scripted.mjs";

const SYMBOL = "BTC/USD";
const UPDATES = 20_000;
const LEAST_PER_SECOND = 10_000;

const list = (levels) => `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`)}]`;
const textOf = (type, bids, asks, checksum, time) =>
  `{"channel":"book","type":"${type}","data":[{"symbol":"${SYMBOL}","bids":${list(bids)},"asks":${list(asks)},"checksum":${checksum},"timestamp":"2026-11-28T10:00:00.${`${time}`.padStart(6, "0")}Z"}]}`;

/** One side of an exchange's book: a volume at each step from the best price, or none. */
class Side {
  constructor(sign, depth, chances) {
    this.depth = depth;
    this.chances = chances;
    this.levels = Array.from({ length: 2 * depth + 30 }, (_, place) => [(50_000 + sign * (place + 1) * 0.1).toFixed(1), "1.00000000"]);
  }

  get visible() {
    const found = [];
    for (const level of this.levels) if (level[1] && found.push(level) === this.depth) break;
    return found;
  }

  /** Changes a level near the best one; returns what those who have the visible levels have to be told. */
  change() {
    const level = this.levels[this.chances.below(25)];
    if (level[1] && this.chances.chance(0.4)) {
      level[1] = undefined;
      return [[level[0], "0.00000000"], this.visible.at(-1)];
    }
    level[1] = `${this.chances.below(9)}.${`${1 + this.chances.below(99_999_998)}`.padStart(8, "0")}`;
    return [level];
  }
}

function record(depth) {
  const chances = random(depth);
  const [bids, asks] = [new Side(-1, depth, chances), new Side(1, depth, chances)];
  const checksum = () => checksumOf(asks.visible, bids.visible);
  const texts = [textOf("snapshot", bids.visible, asks.visible, checksum(), 0)];
  for (let count = 1; count <= UPDATES; count++) {
    const [first, second] = chances.chance(0.3)
      ? [bids.change(), asks.change()]
      : chances.chance(0.5)
        ? [bids.change(), []]
        : [[], asks.change()];
    texts.push(textOf("update", first, second, checksum(), count));
  }
  return texts;
}

describe("updates per second", () => {
  for (const depth of [10, 100, 1000])
    test(`depth ${depth}: more than ${LEAST_PER_SECOND}`, async (t) => {
      const [snapshot, ...updates] = record(depth);
      const { WebSocket, last } = opening((connection) => {
        connection.onsent = ({ method, req_id }) => setImmediate(() => connection.say({ method, req_id, success: true, result: {} }));
      });
      const socket = new SpotSocket({ url: address(), WebSocket });
      t.after(() => socket.close());
      const book = new OrderBook(socket, SYMBOL, { depth });
      await until(() => last()?.sent.length);
      last().say(snapshot);
      const seen = { states: 0, missed: 0, lost: 0 };
      void (async () => {
        for await (const { inSync, missed } of book) {
          seen.states++;
          seen.missed += missed;
          if (!inSync) seen.lost++;
        }
      })();
      const before = process.cpuUsage();
      for (const [count, text] of updates.entries()) {
        last().say(text);
        // As messages come: several, and then a turn of the event loop for the reader.
        if (count % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
      }
      const { user, system } = process.cpuUsage(before);
      const rate = Math.round(UPDATES / ((user + system) / 1e6));
      t.diagnostic(
        `${rate} a second, ${((user + system) / UPDATES).toFixed(1)} µs each; ${seen.states} states read, ${seen.missed} missed`,
      );
      assert.ok(book.inSync && seen.lost === 0);
      assert.equal(book.bids.length, depth);
      assert.ok(rate > LEAST_PER_SECOND, `${rate} a second`);
    });
});
