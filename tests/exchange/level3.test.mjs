// The channel level3: the orders of the book one by one. Kept as a client keeps them, they are what Depth, Level3 and `book` show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { connect, Spot, until } from "./helper.mjs";
import { BOOK, NOW, setUp } from "./market.mjs";
import { randomFrom } from "./random.mjs";
import { checksumOf } from "../sockets/book-checksum.mjs";

/** The example of Kraken's guide to the checksum of level3: prices, and the quantities of the orders at each. */
const GUIDE = {
  bids: {
    44939.4: "0.88968699 0.45210000 0.10000000 0.14296323 0.25000000 0.10292988 0.33880000 1.28140860",
    44937.1: "0.03346877",
    44934.7: "0.35630000",
    44930.2: "0.22734299 0.01000000 0.05550000 0.70000000 0.15000000",
    "44928.0": "0.00105240",
    44919.6: "0.33870000",
    44919.5: "0.07610000",
    "44912.0": "0.35630000",
    44909.7: "0.06690000",
    44901.9: "0.00088982",
  },
  asks: {
    44939.5: "4.52308393 0.00111261 0.00100000 0.01000000",
    "44950.0": "0.10334926",
    "44953.0": "0.00064537",
    "44955.0": "0.00250000",
    44959.6: "0.35630000 0.35630000",
    44960.1: "0.00338072",
    44960.2: "0.88967575",
    "44967.0": "3.14392283",
    44978.5: "0.06778960",
    44979.2: "0.35630000",
  },
  checksum: 1063832831,
};

/** A client's copy of the orders. Prices and quantities stay the text that was sent. */
class Copy {
  bids = [];
  asks = [];

  constructor(depth) {
    this.depth = depth;
  }

  /** @returns the events of the message, after applying all of them */
  apply(raw) {
    const { data } = JSON.parse(raw.replace(/("(?:limit_price|order_qty)"):([\d.]+)/g, '$1:"$2"'));
    for (const side of ["bids", "asks"]) {
      for (const { event = "add", order_id: id, limit_price: price, order_qty: qty } of data[0][side])
        this.#one(side, event, { id, price, qty });
      this.#truncate(side);
    }
    assert.equal(this.#checksum(), data[0].checksum, raw);
    return data[0];
  }

  #one(side, event, order) {
    const orders = this[side];
    const index = orders.findIndex(({ id, price }) => id === order.id && price === order.price);
    if (event === "modify") assert.ok(index >= 0 && orders[index].qty !== order.qty, "modify changes a known order");
    if (event === "modify") orders[index] = order;
    else if (event === "delete") {
      assert.ok(index >= 0, "delete removes a known order");
      orders.splice(index, 1);
    } else {
      assert.ok(index < 0, "add is for a new order");
      const sign = side === "bids" ? -1 : 1;
      const behind = orders.findIndex(({ price }) => sign * (Number(price) - Number(order.price)) > 0);
      orders.splice(behind < 0 ? orders.length : behind, 0, order);
    }
  }

  prices(side) {
    return [...new Set(this[side].map(({ price }) => price))];
  }

  #truncate(side) {
    const kept = this.prices(side).slice(0, this.depth);
    this[side] = this[side].filter(({ price }) => kept.includes(price));
  }

  #checksum() {
    const digits = (side) =>
      this[side]
        .filter(({ price }) => this.prices(side).slice(0, 10).includes(price))
        .flatMap(({ price, qty }) => [price, qty])
        .map((text) => text.replace(".", "").replace(/^0+/, ""))
        .join("");
    return crc32(digits("asks") + digits("bids"));
  }
}

/** Applies a message of `book` to pairs of texts, the best first, and checks its checksum. */
function applyLevels(l2, raw, depth) {
  const { data } = JSON.parse(raw.replace(/("(?:price|qty)"):([\d.]+)/g, '$1:"$2"'));
  for (const [side, sign] of [
    ["bids", -1],
    ["asks", 1],
  ]) {
    for (const { price, qty } of data[0][side]) {
      l2[side] = l2[side].filter(([other]) => other !== price);
      if (Number(qty) > 0) l2[side].push([price, qty]);
    }
    l2[side] = l2[side].sort(([a], [b]) => sign * (Number(a) - Number(b))).slice(0, depth);
  }
  assert.equal(checksumOf(l2.asks, l2.bids), data[0].checksum, raw);
}

async function subscribed(t, exchange, params = {}) {
  const { ask, raw, close } = await connect(exchange);
  t.after(close);
  const { result } = await ask("subscribe", { channel: "level3", symbol: ["BTC/USD"], ...params });
  const of = () => raw.filter((text) => text.startsWith('{"channel":"level3"'));
  return { ask, of, result };
}

test("the checksum of Kraken's guide", async (t) => {
  const { exchange, place } = setUp();
  for (const [side, type] of [
    ["bids", "buy"],
    ["asks", "sell"],
  ])
    for (const [price, volumes] of Object.entries(GUIDE[side]))
      for (const volume of volumes.split(" ")) await place({ type, price, volume });
  const { of, result } = await subscribed(t, exchange);
  assert.deepEqual(result, { channel: "level3", depth: 10, snapshot: true, symbol: "BTC/USD" });
  await until(() => of().length === 1);
  assert.match(of()[0], /"limit_price":44928\.0,"order_qty":0\.00105240/, "numbers come with all decimals");
  const { checksum, bids, asks } = new Copy(10).apply(of()[0]);
  assert.equal(checksum, GUIDE.checksum);
  assert.deepEqual([bids.length, asks.length], [21, 14]);
});

test("orders are added, modified by fills and deleted, in the shape of Kraken's documentation", async (t) => {
  const { clock, exchange, market, ok, place } = setUp();
  market.setBook(BOOK);
  const { of } = await subscribed(t, exchange);
  const timestamp = new Date(NOW).toISOString();
  const others = { order_id: "OTHERS-BTUSD-000001", limit_price: 49990, order_qty: 1, timestamp };
  const last = async (count) => {
    await until(() => of().length === count);
    const { bids, asks } = JSON.parse(of()[count - 1]).data[0];
    return { bids, asks };
  };
  await last(1);
  const snapshot = JSON.parse(of()[0]);
  assert.deepEqual(Object.keys(snapshot), ["channel", "type", "data"]);
  assert.deepEqual(Object.keys(snapshot.data[0]), ["symbol", "checksum", "bids", "asks", "timestamp"]);
  assert.deepEqual(snapshot.data[0].bids[0], others);

  clock.now += 1000;
  const later = new Date(clock.now).toISOString();
  const own = await place({ price: "49990", volume: "2" });
  const row = { order_id: own, limit_price: 49990, timestamp: later };
  assert.deepEqual(await last(2), { bids: [{ event: "add", order_qty: 2, ...row }], asks: [] }, "behind the order of others");
  market.trade("49990", "1.5", { side: "sell" });
  assert.deepEqual(await last(3), {
    bids: [
      { event: "delete", ...others, timestamp: later },
      { event: "modify", order_qty: 1.5, ...row },
    ],
    asks: [],
  });
  await ok("AmendOrder", { txid: own, order_qty: "1" });
  assert.deepEqual(await last(4), { bids: [{ event: "modify", order_qty: 0.5, ...row }], asks: [] }, "less keeps the place");
  clock.now += 1000;
  const moved = { order_id: own, timestamp: new Date(clock.now).toISOString() };
  await ok("AmendOrder", { txid: own, limit_price: "49985" });
  assert.deepEqual((await last(6)).bids, [{ event: "add", limit_price: 49985, order_qty: 0.5, ...moved }]);
  assert.deepEqual(JSON.parse(of()[4]).data[0].bids, [{ event: "delete", limit_price: 49990, order_qty: 0.5, ...moved }]);
  await ok("CancelOrder", { txid: own });
  assert.deepEqual(await last(7), { bids: [{ event: "delete", limit_price: 49985, order_qty: 0.5, ...moved }], asks: [] });
});

for (const depth of [10, 100])
  test(`a thousand random changes, kept with depth ${depth}, agree with Depth, Level3 and book`, async (t) => {
    const random = randomFrom(depth);
    const below = (limit) => Math.floor(random() * limit);
    const { exchange, market, ok, result } = setUp();
    market.setBook(BOOK);
    const { ask, raw, close } = await connect(exchange);
    t.after(close);
    const copy = new Copy(depth);
    const kinds = { add: 0, modify: 0, delete: 0 };
    await ask("subscribe", { channel: "level3", symbol: ["BTC/USD"], depth });
    await ask("subscribe", { channel: "book", symbol: ["BTC/USD"], depth });
    const l2 = { bids: [], asks: [] };
    const level = () => String(49_900 + below(40) + (random() < 0.5 ? 0 : 100));
    const volume = () => String((1 + below(400)) / 100);
    const open = [];
    let read = 0;
    for (let i = 0; i < 1000; i += 1) {
      const what = random();
      const price = level();
      const side = Number(price) < 49_950 ? "bids" : "asks";
      if (what < 0.3) market.update({ [side]: [[price, random() < 0.3 ? "0" : volume()]] });
      else if (what < 0.7)
        open.push(
          (await ok("AddOrder", { pair: "XBTUSD", type: side === "bids" ? "buy" : "sell", ordertype: "limit", price, volume: volume() }))
            .txid[0],
        );
      else if (what < 0.8 && open.length > 0) await ok("CancelAll");
      else market.trade(side === "bids" ? (market.book.bids[0]?.[0] ?? price) : (market.book.asks[0]?.[0] ?? price), volume());
    }
    await ask("ping");
    for (; read < raw.length; read += 1) {
      const text = raw[read];
      if (text.startsWith('{"channel":"level3"'))
        for (const { event } of Object.values(copy.apply(text)).flat()) if (event) kinds[event] += 1;
      if (text.startsWith('{"channel":"book"')) applyLevels(l2, text, depth);
    }
    const level3 = await ok("Level3", { pair: "XBTUSD", depth: String(depth) });
    const rest = (await result(`Depth?pair=XBTUSD&count=${depth}`)).XXBTZUSD;
    for (const side of ["bids", "asks"]) {
      assert.deepEqual(
        copy[side],
        level3[side].map(({ order_id: id, price, qty }) => ({ id, price, qty })),
        "Level3 over REST",
      );
      const sums = copy
        .prices(side)
        .map((price) => [
          Number(price),
          copy[side].filter((order) => order.price === price).reduce((sum, { qty }) => sum + Math.round(qty * 1e8), 0),
        ]);
      assert.deepEqual(
        sums,
        rest[side].map(([price, qty]) => [Number(price), Math.round(qty * 1e8)]),
        "Depth",
      );
      assert.deepEqual(
        l2[side].map(([price, qty]) => [Number(price), Math.round(Number(qty) * 1e8)]),
        sums,
        "book",
      );
    }
    assert.ok(
      Object.values(kinds).every((count) => count > 100),
      JSON.stringify(kinds),
    );
  });

test("a price that falls out of the depth is not deleted, and comes again when it is back", async (t) => {
  const { exchange, market } = setUp();
  const bids = Array.from({ length: 10 }, (_, i) => [String(49_990 - i), "1"]);
  market.setBook({ bids });
  const { of } = await subscribed(t, exchange);
  const events = async (count) => {
    await until(() => of().length === count);
    return JSON.parse(of()[count - 1]).data[0].bids.map(({ event, limit_price }) => [event, limit_price]);
  };
  market.update({ bids: [["49995", "1"]] });
  assert.deepEqual(await events(2), [["add", 49995]]);
  market.update({ bids: [["49990", "0"]] });
  assert.deepEqual(await events(3), [
    ["delete", 49990],
    ["add", 49981],
  ]);
});

test("it needs a token, and a depth that Kraken offers", async (t) => {
  const { exchange } = setUp();
  const { ask, raw, close } = await connect(exchange);
  t.after(close);
  const level3 = { channel: "level3", symbol: ["BTC/USD"] };
  assert.equal((await ask("subscribe", { ...level3, depth: 25 })).error, "Subscription depth not supported");
  assert.equal((await ask("subscribe", { ...level3, symbol: ["NO/PE"] })).error, "Currency pair not supported NO/PE");
  const socket = new exchange.WebSocket("wss://ws-l3.kraken.com/v2");
  t.after(() => socket.close());
  const errors = [];
  socket.onmessage = ({ data }) => errors.push(JSON.parse(data).error);
  await new Promise((resolve) => (socket.onopen = resolve));
  for (const token of [{}, { token: "wrong" }]) socket.send(JSON.stringify({ method: "subscribe", params: { ...level3, ...token } }));
  await until(() => errors.length === 3);
  assert.deepEqual(errors.slice(1), ["Token(s) not found", "EAPI:Invalid token"]);

  assert.equal((await ask("subscribe", level3)).success, true);
  assert.equal(
    (await ask("subscribe", { ...level3, depth: 100 })).error,
    "Already subscribed to level3 BTC/USD",
    "one depth for each symbol",
  );
  const [token] = exchange.tokens;
  assert.equal(token.subscriptions, 1);
  assert.deepEqual((await ask("unsubscribe", level3)).result, { channel: "level3", depth: 10, symbol: "BTC/USD" });
  assert.equal(token.subscriptions, 0);

  const count = () => raw.filter((text) => text.startsWith('{"channel":"level3"')).length;
  assert.equal((await ask("subscribe", { ...level3, snapshot: false })).result.snapshot, false);
  exchange.market("XBTUSD").setBook(BOOK);
  await until(() => count() === 2);
  token.revoke();
  exchange.market("XBTUSD").setBook({});
  await ask("ping");
  assert.equal(count(), 2, "a revoked token gets no more messages");
});

test("orders of others have ids that no order of the account or of another pair has", async () => {
  const { exchange } = setUp({ seed: 1 });
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const pairs = ["XBTUSD", "XBTUSDT", "XBTUSDC", "XBTEUR", "ETHUSD", "ETHEUR", "ETHXBT", "XRPUSD", "SOLUSD"];
  const ids = [];
  for (const pair of pairs) {
    const { bids, asks } = (await client.call("Level3", { pair, depth: "0" })).result;
    ids.push(...[...bids, ...asks].map(({ order_id }) => order_id));
  }
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 9 * 40 && ids.every((id) => /^O[A-Z]{5}-[A-Z]{5}-\d{6}$/.test(id)));
});
