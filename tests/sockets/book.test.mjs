// The order book: what it has, when it says that it has nothing, and what it does about that.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { OrderBook } from "kraken-signer/sockets";
import { checksumOf, crc32 } from "./book-checksum.mjs";
import { Exchange, FAST, SpotSocket, address, fillBook, later, reading, until } from "./helper.mjs";
import { opening } from "./scripted.mjs";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/book.json", import.meta.url), "utf8"));
const SYMBOL = "BTC/USD";

/** A socket without credentials on an exchange of its own, and a book on it. */
function market(t, { depth = 10, exchange = new Exchange({ sockets: { attempts: 10_000, heartbeat: 50 } }), ...options } = {}) {
  const socketEvents = [];
  const there = exchange.market(SYMBOL);
  if (!there.book.bids.length) fillBook(there);
  const socket = new SpotSocket({
    url: address(),
    WebSocket: exchange.WebSocket,
    reconnect: FAST,
    timeout: 2000,
    onEvent: (event) => socketEvents.push(event),
    ...options,
  });
  t.after(() => socket.close());
  const events = [];
  const book = new OrderBook(socket, SYMBOL, { depth, onEvent: (event) => events.push(event) });
  return { exchange, socket, socketEvents, book, events, market: there };
}

const pairs = (levels) => levels.map(({ price, volume }) => [price, volume]);
const sides = ({ bids, asks }) => ({ bids: pairs(bids), asks: pairs(asks) });
const types = (events) => events.map(({ type, reason }) => (reason ? `${type}: ${reason}` : type));
const equals = (book, { bids, asks }, depth = 10) =>
  assert.deepEqual(sides(book), { bids: bids.slice(0, depth), asks: asks.slice(0, depth) });

/** A message of Kraken's, with numbers as they are given, in text. */
const message = (type, { symbol = SYMBOL, bids = [], asks = [], checksum, timestamp = "2026-11-28T10:00:00.000000Z" }) => {
  const list = (levels) => `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`)}]`;
  const time = timestamp === null ? "" : `,"timestamp":"${timestamp}"`;
  return `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":${list(bids)},"asks":${list(asks)},"checksum":${checksum}${time}}]}`;
};

/** A book whose exchange is the test. */
function script(t, symbol = SYMBOL, options = {}) {
  const { WebSocket, last } = opening((connection) => {
    connection.onsent = ({ method, req_id, params }) =>
      setImmediate(() =>
        connection.say({
          method,
          req_id,
          success: true,
          result: { channel: params?.channel, ...(params?.symbol && { symbol: params.symbol[0] }) },
        }),
      );
  });
  const socket = new SpotSocket({ url: address(), WebSocket, reconnect: FAST, timeout: 500, ...options });
  t.after(() => socket.close());
  const events = [];
  const book = new OrderBook(socket, symbol, { onEvent: (event) => events.push(event) });
  const sent = (method) => last()?.sent.filter((one) => one.method === method) ?? [];
  return { socket, book, events, last, sent, subscribed: (times = 1) => until(() => sent("subscribe").length === times) };
}

describe("the checksum", () => {
  for (const { source, symbol, bids, asks, checksum, then = [] } of vectors)
    test(source.split(":")[0], async (t) => {
      const { book, last, subscribed } = script(t, symbol);
      await subscribed();
      last().say(message("snapshot", { symbol, bids, asks, checksum, timestamp: null }));
      assert.ok(book.inSync);
      assert.deepEqual(sides(book), { bids, asks });
      for (const update of then) {
        last().say(message("update", { symbol, ...update }));
        assert.ok(book.inSync);
        const changed = new Map([...bids, ...update.bids]);
        assert.deepEqual(
          pairs(book.bids),
          bids.map(([price]) => [price, changed.get(price)]),
        );
      }
    });

  test("detects one digit more or less, one level more, and a number that JSON would write differently", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const without = ([price, volume]) => [`${Number(price)}`, `${Number(volume)}`];
    for (const [wrong, reason = "checksum"] of [
      [{ bids: bids.map(without), asks }, "malformed"],
      [{ bids: [["45283.5", "0.10000001"], ...bids.slice(1)], asks }],
      [{ bids, asks: [...asks.slice(1)] }],
      [{ bids, asks, checksum: checksum + 1 }],
    ]) {
      const { book, events, last, subscribed } = script(t, symbol);
      await subscribed();
      last().say(message("snapshot", { symbol, checksum, ...wrong }));
      assert.equal(book.inSync, false);
      await later(0);
      assert.deepEqual(types(events).slice(0, 1), [`out-of-sync: ${reason}`]);
    }
  });

  test("does not cover levels beyond the tenth, which the book still has", async (t) => {
    const { book, exchange } = market(t, { depth: 25 });
    await book.ready();
    const { bids, asks } = exchange.market(SYMBOL).book;
    equals(book, { bids, asks }, 25);
    exchange.market(SYMBOL).update({ bids: [["49998.0", "7"]] });
    await until(() => book.bids[19].volume === "7.00000000");
  });
});

describe("the levels", () => {
  test("match those of the exchange, in exact decimal text, after each change", async (t) => {
    const { book, market: there } = market(t);
    await book.ready();
    equals(book, there.book);
    assert.deepEqual(book.best, { bid: { price: "49999.9", volume: "1.00000000" }, ask: { price: "50000.1", volume: "1.00000000" } });
    assert.deepEqual([book.spread, book.mid], ["0.2", "50000.0"]);
    for (const change of [
      { bids: [["49999.9", "0"]] },
      { asks: [["50000.0", "0.00005100"]] },
      { bids: [["50000", "3"]], asks: [["50000.1", "0.1"]] },
      {
        asks: [
          ["50000.1", "0"],
          ["50000.2", "0"],
          ["50000.3", "0"],
        ],
      },
    ]) {
      there.update(change);
      await later(5);
      equals(book, there.book);
    }
  });

  test("may all disappear and come back", async (t) => {
    const { book, market: there } = market(t);
    await book.ready();
    there.setBook({});
    await until(() => book.bids.length + book.asks.length === 0);
    assert.deepEqual([book.best, book.spread, book.mid], [{ bid: undefined, ask: undefined }, undefined, undefined]);
    there.setBook({ bids: [["9.9", "1"]], asks: [["10.2", "2"]] });
    await until(() => book.bids.length === 1);
    assert.deepEqual([book.spread, book.mid], ["0.3", "10.05"]);
  });

  test("that were returned do not change and cannot be changed", async (t) => {
    const { book, market: there } = market(t);
    await book.ready();
    const { bids } = book;
    const before = structuredClone(bids);
    assert.equal(book.bids, bids, "the same list while nothing changes");
    there.update({ bids: [["49999.9", "9"]] });
    await until(() => book.bids !== bids);
    assert.deepEqual(bids, before);
    assert.throws(() => bids.reverse(), TypeError);
    assert.throws(() => (bids[0].price = "1"), TypeError);
  });

  test("may come in any order, and of a price that a message has twice, the later one counts", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const { book, last, subscribed } = script(t, symbol);
    await subscribed();
    last().say(message("snapshot", { symbol, bids: bids.toReversed?.() ?? [...bids].reverse(), asks, checksum }));
    assert.deepEqual(pairs(book.bids), bids);
    const [[price, volume]] = bids;
    last().say(
      message("update", {
        symbol,
        bids: [
          [price, "0.00000000"],
          [price, "5.00000000"],
          [price, volume],
        ],
        checksum,
      }),
    );
    assert.deepEqual(pairs(book.bids), bids);
  });

  test("stay exact and separate if their prices are equal as doubles", async (t) => {
    const { book, last, subscribed } = script(t, "X/Y");
    await subscribed();
    const asks = [
      ["1.0000000000000000001", "1.0"],
      ["1.0000000000000000002", "2.0"],
    ];
    last().say(
      message("snapshot", { symbol: "X/Y", asks, checksum: crc32("10000000000000000001" + "10" + "10000000000000000002" + "20") }),
    );
    assert.deepEqual(pairs(book.asks), asks);
    last().say(message("update", { symbol: "X/Y", asks: [[asks[0][0], "0"]], checksum: crc32("1000000000000000000220") }));
    assert.deepEqual(pairs(book.asks), [asks[1]]);
    const bids = [["0.5000000000000000000", "1.0"]];
    last().say(message("update", { symbol: "X/Y", bids, checksum: crc32("1000000000000000000220" + "500000000000000000010") }));
    assert.deepEqual([book.spread, book.mid], ["0.5000000000000000002", "0.7500000000000000001"]);
  });

  test("with a different number of decimals are not accepted, unless the exchange sends them again", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const { book, events, last, subscribed } = script(t, symbol);
    await subscribed();
    last().say(message("snapshot", { symbol, bids, asks, checksum }));
    // The same digits, and so the same checksum.
    const [[price]] = bids;
    last().say(message("update", { symbol, bids: [[price, "10000000"]], checksum }));
    assert.equal(book.inSync, false);
    await subscribed(2);
    last().say(message("snapshot", { symbol, bids, asks, checksum }));
    assert.equal(book.best.bid.volume, "0.10000000");
    last().say(message("update", { symbol, bids: [["452835", "0.10000000"]], checksum }));
    assert.equal(book.inSync, false);
    await subscribed(3);
    last().say(message("snapshot", { symbol, bids: [[price, "10000000"], ...bids.slice(1)], asks, checksum }));
    assert.equal(book.best.bid.volume, "10000000", "for the second time in a row");
    const exponent = message("update", { symbol, bids: [[price, "1.5E1"]], checksum: checksumOf(asks, [[price, "15"], ...bids.slice(1)]) });
    last().say(exponent);
    assert.deepEqual(pairs(book.bids)[0], [price, "15"]);
    await later(0);
    assert.equal(types(events).filter((type) => type === "out-of-sync: malformed").length, 2);
  });
});

describe("out of sync", () => {
  test("before the first snapshot, reading throws and ready() waits", async (t) => {
    const { book } = market(t);
    assert.equal(book.inSync, false);
    for (const read of ["bids", "asks", "best", "spread", "mid", "timestamp"])
      assert.throws(() => book[read], {
        code: "ERR_UNAVAILABLE",
        message: /order book of BTC\/USD is not in sync \(starting\)\. Wait for ready/,
      });
    const stopped = AbortSignal.abort(new Error("enough"));
    await assert.rejects(book.ready({ signal: stopped }), /enough/);
    const stopper = new AbortController();
    const waiting = book.ready({ signal: stopper.signal });
    stopper.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
    await book.ready();
    assert.match(book.timestamp, /^\d{4}-.*\.\d{6}Z$/);
  });

  test("after a changed message, reading throws, the symbol is subscribed again, and all readers are told", async (t) => {
    const { exchange, book, events, market: there } = market(t);
    const states = [];
    const done = (async () => {
      for await (const state of book) states.push(state);
    })();
    await book.ready();
    exchange.injectSocket({
      fault: "raw",
      at: "sent",
      name: "book",
      data: ({ message: sent }) => message("update", { ...sent.data[0], bids: [["49999.9", "8.00000000"]] }),
    });
    there.update({ bids: [["49999.9", "4"]] });
    await until(() => events.some(({ type }) => type === "out-of-sync"));
    await until(() => book.inSync);
    equals(book, there.book);
    assert.deepEqual(types(events), ["in-sync", "out-of-sync: checksum", "in-sync"]);
    assert.ok(events.every(({ symbol }) => symbol === SYMBOL));
    assert.deepEqual(
      states.map(({ inSync, reason }) => (inSync ? "in sync" : reason)),
      ["in sync", "checksum", "in sync"],
    );
    const asked = exchange.sockets[0].received.map((text) => JSON.parse(text)).filter(({ method }) => method !== "ping");
    assert.deepEqual(
      asked.map(({ method, params }) => [method, params.symbol, params.depth]),
      ["subscribe", "unsubscribe", "subscribe"].map((method) => [method, [SYMBOL], 10]),
    );
    await book.close();
    await done;
  });

  test("a lost message is detected with the next one", async (t) => {
    const { exchange, book, events, market: there } = market(t);
    await book.ready();
    exchange.injectSocket({ fault: "lose", at: "sent", name: "book" });
    there.update({ bids: [["49999.9", "4"]] });
    there.update({ bids: [["49999.8", "4"]] });
    await until(() => types(events).includes("out-of-sync: checksum") && book.inSync);
    equals(book, there.book);
  });

  test("an update that is older than the previous one, and an unexpected snapshot, put the book out of sync", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const { book, events, last, subscribed } = script(t, symbol);
    const snapshot = message("snapshot", { symbol, bids, asks, checksum });
    await subscribed();
    last().say(snapshot);
    last().say(message("update", { symbol, checksum, timestamp: "2026-11-28T10:00:01Z" }));
    last().say(message("update", { symbol, checksum, timestamp: "2026-11-28T10:00:01.0Z" }));
    last().say(message("update", { symbol, checksum, timestamp: "2026-11-28T10:00:01.000001Z" }));
    assert.ok(book.inSync);
    last().say(message("update", { symbol, checksum, timestamp: "2026-11-28T10:00:01.000000Z" }));
    assert.equal(book.inSync, false);
    await subscribed(2);
    last().say(snapshot);
    assert.ok(book.inSync);
    last().say(snapshot);
    assert.equal(book.inSync, false);
    await later(0);
    assert.deepEqual(types(events).slice(0, 4), ["in-sync", "out-of-sync: order", "in-sync", "out-of-sync: order"]);
  });

  test("malformed messages put the book out of sync", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const good = { symbol, bids, asks, checksum };
    for (const wrong of [
      message("update", { symbol, checksum: '"x"' }),
      message("update", { symbol, checksum: -1 }),
      message("update", { symbol, checksum: 1.5 }),
      message("update", { symbol, bids: [["-1", "1"]], checksum }),
      message("update", { symbol, bids: [["null", "1"]], checksum }),
      message("update", { symbol, bids: [["1", '"much"']], checksum }),
      message("update", { symbol, bids: [["1e100", "1"]], checksum }),
      message("upset", { symbol, checksum }),
      JSON.stringify({ channel: "book", type: "update", data: [{ symbol, checksum }] }),
      JSON.stringify({ channel: "book", type: "update", data: [{ symbol, bids: [null], asks: [], checksum }] }),
      JSON.stringify({ channel: "book", type: "update", data: [{ symbol, bids: {}, asks: [], checksum }] }),
    ]) {
      const { book, events, last, subscribed } = script(t, symbol);
      await subscribed();
      last().say(message("snapshot", good));
      assert.ok(book.inSync);
      last().say(wrong);
      assert.equal(book.inSync, false, wrong);
      await later(0);
      assert.equal(types(events)[1], "out-of-sync: malformed", wrong);
    }
  });

  test("a message without a symbol breaks the connection", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    for (const data of ["null", "{}", "[null]", '[{"symbol":7}]']) {
      const { book, events, last, subscribed } = script(t, symbol);
      await subscribed();
      last().say(message("snapshot", { symbol, bids, asks, checksum }));
      last().say(`{"channel":"book","type":"update","data":${data}}`);
      assert.equal(book.inSync, false, data);
      await later(0);
      assert.equal(types(events)[1], "out-of-sync: disconnected", data);
    }
  });

  test("if no snapshot arrives, it is requested again", async (t) => {
    const { exchange, book, events } = market(t, { timeout: 100 });
    await book.ready();
    const isSnapshot = ({ message: { type } }) => type === "snapshot";
    exchange.injectSocket({ fault: "lose", at: "sent", name: "book", match: isSnapshot, times: 2 });
    exchange.sockets[0].reset();
    await until(() => book.inSync && types(events).includes("out-of-sync: timeout"));
    equals(book, exchange.market(SYMBOL).book);
  });

  test("after repeated failures, the pauses between attempts grow", async (t) => {
    const { exchange, book, events } = market(t, { reconnect: { minDelay: 20, maxDelay: 80 } });
    await book.ready();
    exchange.injectSocket({
      fault: "raw",
      at: "sent",
      name: "book",
      times: 6,
      data: ({ message: sent }) => JSON.stringify({ ...sent, data: [{ ...sent.data[0], checksum: 1 }] }),
    });
    exchange.market(SYMBOL).update({ bids: [["49999.9", "4"]] });
    await until(() => events.filter(({ type }) => type === "in-sync").length === 2);
    const delays = events.filter(({ type }) => type === "resubscribing").map(({ delay }) => delay);
    assert.equal(delays.length, 5, "none before the first");
    assert.ok(delays[0] >= 20 && delays.at(-1) >= 40 && delays.every((delay) => delay <= 80), `${delays}`);
    equals(book, exchange.market(SYMBOL).book);
  });
});

describe("connections", () => {
  test("a broken connection puts the book out of sync at once, and the new snapshot back in sync", async (t) => {
    const { exchange, book, events, market: there } = market(t);
    await book.ready();
    exchange.sockets[0].reset();
    there.update({ bids: [["49999.9", "4"]] });
    await until(() => !book.inSync);
    assert.throws(() => book.bids, /disconnected/);
    await book.ready();
    equals(book, there.book);
    assert.deepEqual(types(events), ["in-sync", "out-of-sync: disconnected", "in-sync"]);
    assert.equal(events[1].error.name, "NetworkError");
    assert.equal(exchange.sockets.length, 2);
  });

  test("connections that break at any step of resubscribing are survived", async (t) => {
    for (const at of ["received", "executed", "sent"])
      for (const name of ["subscribe", "unsubscribe", "book"]) {
        if ((at === "sent") !== (name === "book")) continue;
        const { exchange, book, market: there } = market(t);
        await book.ready();
        exchange.injectSocket({ fault: "lose", at: "sent", name: "book" });
        there.update({ bids: [["49999.9", "4"]] });
        exchange.injectSocket({ fault: "reset", at, name, skip: name === "book" ? 1 : 0 });
        there.update({ bids: [["49999.8", "4"]] });
        await until(() => exchange.sockets.length === 2 && book.inSync);
        equals(book, there.book);
        there.update({ bids: [["49999.7", "4"]] });
        await until(() => book.bids.some(({ price, volume }) => price === "49999.7" && volume === "4.00000000"));
      }
  });

  test("an exchange that cannot be reached at first is tried again", async (t) => {
    const exchange = new Exchange({ sockets: { attempts: 10_000 } });
    exchange.injectSocket({ fault: "status", at: "handshake", status: 503, times: 30 });
    const { book } = market(t, { exchange, timeout: 50 });
    await book.ready();
    equals(book, exchange.market(SYMBOL).book);
  });

  test("a dead connection puts the book out of sync after the socket's `silence`", async (t) => {
    const { exchange, book, events } = market(t, { silence: 150 });
    await book.ready();
    exchange.sockets[0].silence();
    await until(() => types(events).includes("out-of-sync: disconnected"));
    await book.ready();
  });
});

describe("readers", () => {
  test("get each state while they keep up, and slow ones get the newest state with the number of missed ones", async (t) => {
    const { exchange, book, market: there } = market(t);
    await book.ready();
    const all = [];
    const fast = (async () => {
      for await (const state of book) all.push(state);
    })();
    await later(5);
    const slow = book[Symbol.asyncIterator]();
    assert.equal((await slow.next()).value.missed, 0);
    for (let volume = 1; volume <= 5000; volume++) there.update({ bids: [["49999.9", `${volume}.5`]] });
    await until(() => book.bids[0].volume === "5000.50000000", 20_000);
    const { value } = await slow.next();
    assert.deepEqual([value.inSync, value.bids[0].volume, value.missed], [true, "5000.50000000", 4999]);
    const next = slow.next();
    there.update({ bids: [["49999.9", "1"]] });
    assert.deepEqual([(await next).value.bids[0].volume, (await next).value.missed], ["1.00000000", 0]);
    await book.close();
    await fast;
    assert.equal(
      all.reduce((sum, { missed }) => sum + missed + 1, 0),
      5002,
    );
    assert.deepEqual(await slow.next(), { done: true, value: undefined });
    void exchange;
  });

  test("of the socket get none of the book's messages, and nothing waits for a reader that never comes", async (t) => {
    const { socket, book, market: there } = market(t, { queue: 3 });
    await book.ready();
    const { messages } = reading(socket);
    await socket.subscribe("ticker", { symbol: [SYMBOL] });
    for (let volume = 1; volume <= 50; volume++) there.update({ bids: [["49999.9", `${volume}`]] });
    await until(() => book.bids[0].volume === "50.00000000");
    assert.deepEqual([...new Set(messages.map(({ channel }) => channel))], ["ticker"]);
  });

  test("of another symbol on the same socket get their messages", async (t) => {
    const { exchange, socket, book } = market(t);
    const { messages, of } = reading(socket);
    fillBook(exchange.market("ETH/USD"), 2);
    fillBook(exchange.market("XRP/USD"), 5);
    await socket.subscribe("book", { symbol: ["ETH/USD"], depth: 10 });
    const xrp = new OrderBook(socket, "XRP/USD");
    await Promise.all([book.ready(), xrp.ready(), until(() => of("book").length === 1)]);
    exchange.market("XRP/USD").update({ bids: [["0.49999", "7"]] });
    exchange.market("ETH/USD").update({ bids: [["2499.99", "7"]] });
    await until(() => xrp.bids[0].volume === "7.00000000" && of("book").length === 2);
    assert.equal(of("book")[1].data[0].bids[0].qty, 7);
    assert.ok(messages.every(({ channel, data }) => channel !== "book" || data[0].symbol === "ETH/USD"));
  });
});

describe("the end", () => {
  test("close() unsubscribes, ends readers, and leaves the socket open", async (t) => {
    const { exchange, socket, book, events } = market(t);
    await book.ready();
    const read = (async () => {
      for await (const state of book) void state;
    })();
    await later(5);
    const waiting = assert.rejects(
      new OrderBook(socket, "ETH/USD")
        .close()
        .then(() => book.close())
        .then(() => book.ready()),
      /is closed/,
    );
    await waiting;
    await read;
    await book.close();
    assert.deepEqual(types(events), ["in-sync", "closed"]);
    assert.throws(() => book.bids, { code: "ERR_UNAVAILABLE", message: "The order book of BTC/USD is closed." });
    assert.ok(socket.connected);
    assert.equal(JSON.parse(exchange.sockets[0].received.at(-1)).method, "unsubscribe");
    const again = new OrderBook(socket, SYMBOL, { depth: 25 });
    await again.ready();
    assert.equal(again.bids.length, 25);
  });

  test("`await using` closes the book", { skip: !Symbol.asyncDispose }, async (t) => {
    const { socket, book } = market(t);
    await book.ready();
    await book[Symbol.asyncDispose]();
    assert.throws(() => book.asks, /is closed/);
    assert.ok(socket.connected);
  });

  test("after close() at any time, nothing stays subscribed, and the next book of the symbol works", async (t) => {
    for (let turns = 0; turns < 12; turns++) {
      const { exchange, socket, book, market: there } = market(t);
      for (let turn = 0; turn < turns; turn++) await later(0);
      const closed = book.close();
      assert.throws(() => new OrderBook(socket, SYMBOL), /already has an order book of BTC\/USD/);
      await closed;
      await book.close();
      const { of } = reading(socket);
      const next = new OrderBook(socket, SYMBOL, { depth: 25 });
      await next.ready();
      for (let volume = 1; volume <= 3; volume++) {
        there.update({ bids: [["49999.9", `${volume}.5`]] });
        await until(() => next.bids[0].volume === `${volume}.50000000`);
      }
      await next.close();
      there.update({ bids: [["49999.9", "7"]] });
      await later(5);
      assert.deepEqual(of("book"), [], `after ${turns} turns`);
      const asked = exchange.sockets[0].received.map((text) => JSON.parse(text).method);
      assert.equal(asked.at(-1), "unsubscribe");
    }
  });

  test("a snapshot that arrives after close() is ignored", async (t) => {
    const { symbol, bids, asks, checksum } = vectors[0];
    const { book, events, last, subscribed } = script(t, symbol);
    await subscribed();
    const closed = book.close();
    last().say(message("snapshot", { symbol, bids, asks, checksum }));
    await closed;
    assert.deepEqual(types(events), ["closed"]);
  });

  test("close() without a connection does not wait for one", async (t) => {
    const exchange = new Exchange();
    exchange.injectSocket({ fault: "silence", at: "handshake", times: 10 });
    const { book } = market(t, { exchange });
    const begun = Date.now();
    await later(20);
    await book.close();
    assert.ok(Date.now() - begun < 1000);
  });

  test("closing the socket closes the book", async (t) => {
    const { socket, book, events } = market(t);
    await book.ready();
    const read = (async () => {
      for await (const state of book) void state;
    })();
    socket.close();
    await read;
    assert.equal(book.inSync, false);
    await assert.rejects(book.ready(), { code: "ERR_UNAVAILABLE" });
    await later(0);
    assert.deepEqual(types(events), ["in-sync", "closed"]);
    const late = new OrderBook(socket, SYMBOL);
    await assert.rejects(late.ready(), { code: "ERR_UNAVAILABLE" });
  });

  test("if the socket ends by itself, readers get the cause", async (t) => {
    const { exchange, book } = market(t, { reconnect: false });
    await book.ready();
    const read = (async () => {
      for await (const state of book) void state;
    })();
    exchange.sockets[0].reset();
    await assert.rejects(read, { name: "NetworkError" });
    await assert.rejects(book.ready(), { name: "NetworkError" });
  });

  test("a symbol that Kraken does not have ends the book, at first and after a broken connection", async (t) => {
    const { socket, exchange } = market(t);
    const events = [];
    const none = new OrderBook(socket, "XBT/USD", { onEvent: (event) => events.push(event) });
    await assert.rejects(none.ready(), { name: "ApiError", message: /Currency pair not supported XBT\/USD/ });
    await later(0);
    assert.deepEqual(types(events), ["closed"]);
    const { book } = market(t, { exchange });
    await book.ready();
    exchange.injectSocket({ fault: "error", at: "received", name: "subscribe", error: "Currency pair not supported BTC/USD", times: 2 });
    exchange.sockets.forEach((one) => one.reset());
    await until(() => !book.inSync);
    await assert.rejects(book.ready(), { name: "ApiError" });
  });

  test("a temporary rejection is retried", async (t) => {
    const exchange = new Exchange({ sockets: { attempts: 10_000 } });
    exchange.injectSocket({ fault: "error", at: "received", name: "subscribe", error: "EService:Unavailable", times: 3 });
    const { book, events } = market(t, { exchange });
    await book.ready();
    assert.equal(types(events).filter((type) => type === "resubscribing").length, 3);
  });
});

describe("refused at once", () => {
  test("an invalid depth, symbol or socket", async (t) => {
    const { socket } = market(t);
    const wrong = { name: "InvalidRequestError" };
    assert.throws(() => new OrderBook(socket, "ETH/USD", { depth: 27 }), { ...wrong, message: /one of 10, 25, 100, 500, 1000, got 27/ });
    assert.throws(() => new OrderBook(socket, ""), { ...wrong, message: /Invalid symbol/ });
    assert.throws(() => new OrderBook({}, "ETH/USD"), { ...wrong, message: /expected a SpotSocket/ });
    assert.throws(() => new OrderBook(socket, SYMBOL), { ...wrong, message: /already has an order book of BTC\/USD/ });
  });

  test("subscribing to or unsubscribing from a book's channel on the socket", async (t) => {
    const { socket, book } = market(t);
    const wrong = { name: "InvalidRequestError", message: /An OrderBook of this socket maintains the book of BTC\/USD/ };
    await assert.rejects(socket.unsubscribe("book", { symbol: [SYMBOL] }), wrong);
    await assert.rejects(socket.unsubscribe("book"), wrong);
    await assert.rejects(socket.subscribe("book", { symbol: ["ETH/USD", SYMBOL] }), wrong);
    await book.ready();
    await book.close();
    await socket.subscribe("book", { symbol: [SYMBOL] });
  });

  test("a book to whose channel the socket has already subscribed", async (t) => {
    const { socket } = market(t);
    await socket.subscribe("book", { symbol: ["ETH/USD", "XRP/USD"] });
    assert.throws(() => new OrderBook(socket, "XRP/USD"), {
      name: "InvalidRequestError",
      message: /has already subscribed to the book of XRP\/USD/,
    });
    await socket.unsubscribe("book", { symbol: ["XRP/USD"] });
    await new OrderBook(socket, "XRP/USD").ready();
  });

  test("a socket of another copy of the package works", async (t) => {
    const { exchange } = market(t);
    const cjs = createRequire(import.meta.url)("kraken-signer/sockets");
    const socket = new cjs.SpotSocket({ url: address(), WebSocket: exchange.WebSocket });
    t.after(() => socket.close());
    await new OrderBook(socket, SYMBOL).ready();
  });
});
