// 100,000 random orders, in markets that move at random: prices, queues, volumes, balances, expiry, and every fill once everywhere.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Exchange, Spot } from "./helper.mjs";
import { randomFrom } from "./random.mjs";

const ORDERS = 50_000;
const BATCH = 15;
const ONE = 10n ** 18n;

/** Decimals as integers of 10⁻¹⁸, from text or from a number of JSON, which stands for its shortest text. */
function exact(value) {
  const [, minus, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? assert.fail(`a plain decimal: ${value}`);
  const size = BigInt(whole) * ONE + BigInt(fraction.padEnd(18, "0"));
  return minus ? -size : size;
}

/** Cut, as costs and fees are booked. */
const cut = (value, places) => value - (value % 10n ** BigInt(18 - places));

/** Cut, as Kraken shows balances. */
const shown = (value, places) =>
  `${value / ONE}.${String(value % ONE)
    .padStart(18, "0")
    .slice(0, places)}`;

/** What the messages say of the account's orders, checked as they come. */
class Model {
  orders = new Map();
  open = new Set();
  trades = new Map();
  ledger = new Map();
  balances = { USD: exact(BALANCES.ZUSD), BTC: exact(BALANCES.XXBT) };
  public = new Map();
  publicVolume = 0n;
  takerVolume = 0n;
  bookVolume = 0n;
  /** Somebody sets the book, so that fills are not those of a trade. */
  setting = false;
  /** When GTD orders expire. */
  expiry = new Map();
  expired = 0;
  #turn = 0;

  /** The first thing that was wrong; thrown where somebody waits for it. */
  failure;

  watch(message) {
    try {
      if (!this.failure) this.#take(message);
    } catch (error) {
      error.message += `: ${JSON.stringify(message)}`;
      this.failure = error;
    }
  }

  #take({ channel, type, data }) {
    if (type !== "update") return;
    if (channel === "executions") for (const report of data) this.#report(report);
    if (channel === "balances") for (const row of data) this.#booked(row);
    if (channel === "trade") for (const trade of data) this.#public(trade);
  }

  #booked({ type, ref_id, asset, amount, fee, balance }) {
    if (type === "trade") this.ledger.set(ref_id, (this.ledger.get(ref_id) ?? 0) + 1);
    this.balances[asset] += exact(amount) - exact(fee);
    assert.equal(exact(balance), this.balances[asset], "the rows of the ledger add up, as they are shown");
  }

  #public({ trade_id, price, qty }) {
    assert.equal(this.public.has(trade_id), false);
    this.public.set(trade_id, [exact(price), exact(qty)]);
    this.publicVolume += exact(qty);
  }

  #report(report) {
    const { exec_type, order_id } = report;
    if (exec_type === "pending_new") return this.#placed(report);
    const order = this.orders.get(order_id);
    assert.ok(
      order && this.open.has(order),
      `${exec_type} of an order that is open ${JSON.stringify(order, (k, v) => (typeof v === "bigint" ? String(v) : v))}`,
    );
    if (exec_type === "new" && order.limit !== undefined && order.trigger === undefined) this.#queue(order);
    if (exec_type === "status") {
      order.trigger = undefined;
      if (order.limit !== undefined) this.#queue(order);
    }
    if (exec_type === "amended") this.#amended(order, report);
    if (exec_type === "trade") this.#traded(order, report);
    if (exec_type === "filled") assert.equal(order.filled, order.volume, "filled is filled");
    if (exec_type === "expired") this.expired += 1;
    if (exec_type === "expired") assert.ok(Date.parse(report.timestamp) >= this.expiry.get(order_id), "not before its time");
    if (["filled", "canceled", "expired"].includes(exec_type)) this.#closed(order, exec_type);
  }

  #placed({ order_id, side, order_type, order_qty, limit_price, triggers, time_in_force, post_only }) {
    const order = {
      side,
      type: order_type,
      volume: exact(order_qty),
      filled: 0n,
      tif: time_in_force,
      post: post_only === true,
      makers: 0,
      takers: 0,
    };
    order.limit = limit_price === undefined ? undefined : exact(limit_price);
    order.trigger = triggers && exact(triggers.price);
    this.orders.set(order_id, order);
    this.open.add(order);
  }

  #queue(order) {
    this.#turn += 1;
    order.turn = this.#turn;
  }

  #amended(order, { order_qty, limit_price }) {
    const [volume, limit] = [exact(order_qty), exact(limit_price)];
    if (volume > order.volume || limit !== order.limit) this.#queue(order);
    Object.assign(order, { volume, limit });
  }

  #traded(order, { order_id, exec_id, trade_id, last_price, last_qty, liquidity_ind, timestamp }) {
    assert.ok(Date.parse(timestamp) < (this.expiry.get(order_id) ?? Infinity), "not after it has expired");
    const [price, volume] = [exact(last_price), exact(last_qty)];
    assert.equal(this.trades.has(exec_id), false, "an execution comes once");
    this.trades.set(exec_id, { order, price, volume, trade_id, maker: liquidity_ind === "m" });
    assert.equal(order.trigger, undefined, "an order that waits does not trade");
    if (order.limit !== undefined)
      assert.ok(order.side === "buy" ? price <= order.limit : price >= order.limit, "no worse price than its own");
    order.filled += volume;
    assert.ok(order.filled <= order.volume, "no more than its volume");
    if (liquidity_ind === "t") {
      order.takers += 1;
      this.takerVolume += volume;
      return;
    }
    order.makers += 1;
    assert.equal(price, order.limit, "what is in the book trades at its price");
    if (this.setting) this.bookVolume += volume;
    for (const other of this.open)
      if (other !== order && other.side === order.side && other.turn !== undefined && other.limit !== undefined) {
        const better = order.side === "buy" ? other.limit > price : other.limit < price;
        assert.ok(!better && (other.limit !== price || other.turn > order.turn), "the best price first, and of one price the oldest");
      }
  }

  #closed(order, how) {
    this.open.delete(order);
    if (order.tif === "FOK") assert.ok(order.filled === 0n || order.filled === order.volume, "all or nothing");
    if (["IOC", "FOK"].includes(order.tif)) assert.equal(order.makers, 0, "what is for now does not rest");
    if (order.post) assert.equal(order.takers, 0, "post-only takes nothing");
    if (how !== "filled") assert.ok(order.filled < order.volume);
  }
}

const immediate = { setTimeout: (run, ms) => (ms > 0 ? setTimeout(run, ms) : setImmediate(run)), clearTimeout: (id) => clearTimeout(id) };

async function connect(exchange, client, model) {
  const { token } = (await client.call("GetWebSocketsToken")).result;
  const socket = new exchange.WebSocket("wss://ws-auth.kraken.com/v2");
  const waiting = new Map();
  let ids = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.channel) return model.watch(message);
    waiting.get(message.req_id)?.(message);
    waiting.delete(message.req_id);
  };
  socket.onclose = () => assert.fail("closed");
  await new Promise((resolve) => (socket.onopen = resolve));
  return (method, params) => {
    ids += 1;
    const answer = new Promise((resolve) => waiting.set(ids, resolve));
    socket.send(JSON.stringify({ method, ...(params ? { params: { ...params, token } } : {}), req_id: ids }));
    return answer;
  };
}

function makeRandom(seed, clock) {
  const random = randomFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const price = (around) => Number((Number(around) * (1 + (random() - 0.5) / 50)).toFixed(1));
  const volume = () => Number((0.0001 + random() ** 4 * 2).toFixed(4 + below(5)));
  const types = ["limit", "limit", "limit", "limit", "limit", "limit", "limit", "limit", "market", "market"];
  types.push("stop-loss", "stop-loss-limit", "take-profit", "take-profit-limit");
  const order = (last) => {
    const [order_type, side] = [types[below(types.length)], random() < 0.5 ? "buy" : "sell"];
    const time_in_force = order_type === "limit" ? ["gtc", "gtc", "gtc", "ioc", "fok", "gtd"][below(6)] : "gtc";
    return {
      side,
      order_type,
      order_qty: volume(),
      ...(order_type === "limit" || order_type.endsWith("-limit") ? { limit_price: price(last) } : {}),
      ...(/stop|profit/.test(order_type) ? { triggers: { price: price(last), reference: "last" } } : {}),
      time_in_force,
      ...(time_in_force === "gtd" ? { expire_time: new Date(clock.now + (1 + below(60)) * 1000).toISOString() } : {}),
      ...(random() < 0.05 ? { conditional: { order_type: "limit", limit_price: price(last) } } : {}),
      ...(order_type === "limit" && time_in_force === "gtc" && random() < 0.2 ? { post_only: true } : {}),
    };
  };
  const levels = (last) => {
    const side = (sign) =>
      Array.from({ length: 1 + below(8) }, () => Number(last) * (1 + (sign * (0.0001 + random())) / 100))
        .map((at) => at.toFixed(1))
        .filter((at, i, all) => all.indexOf(at) === i)
        .map((at) => [at, (4 * volume()).toFixed(8)]);
    return { bids: side(-1), asks: side(1) };
  };
  return { random, below, price, volume, order, levels };
}

const BALANCES = { ZUSD: "1000000000", XXBT: "100000" };
const RATES = { maker: 16n, taker: 26n };

/** Reckons balances again from the trades, as TradesHistory tells them. */
async function checkAccount(client, model, market) {
  const rows = new Map();
  for (let more = true; more;) {
    const { result } = await client.call("TradesHistory", { ofs: String(rows.size), limit: "9999", without_count: "true" });
    more = Object.keys(result.trades).length > 0;
    for (const [id, row] of Object.entries(result.trades)) {
      assert.equal(rows.has(id), false);
      rows.set(id, row);
    }
  }
  assert.equal(rows.size, model.trades.size);
  let [usd, xbt] = [exact(BALANCES.ZUSD), exact(BALANCES.XXBT)];
  for (const [id, { type, price, vol, cost, fee, maker, trade_id }] of rows) {
    const trade = model.trades.get(id);
    assert.deepEqual(
      [exact(price), exact(vol), maker, trade_id, type],
      [trade.price, trade.volume, trade.maker, trade.trade_id, trade.order.side],
    );
    assert.deepEqual(model.public.get(trade_id), [trade.price, trade.volume], "everybody has seen it");
    assert.equal(model.ledger.get(id), 2, "both balances have changed, once");
    const exactCost = cut((trade.price * trade.volume) / ONE, 5);
    const exactFee = cut((exactCost * (maker ? RATES.maker : RATES.taker)) / 10_000n, 5);
    assert.deepEqual([exact(cost), exact(fee)], [exactCost, exactFee], "exact, and with five decimals");
    const sign = type === "buy" ? 1n : -1n;
    xbt += sign * trade.volume;
    usd -= sign * cut(exactCost, 4) + cut(exactFee, 4);
  }
  assert.equal(model.ledger.size, rows.size);
  assert.deepEqual((await client.call("Balance")).result, { ZUSD: shown(usd, 4), XXBT: shown(xbt, 10) });
  const open = [...model.open];
  const held = open.reduce((sum, order) => (order.side === "sell" ? sum + order.volume - order.filled : sum), 0n);
  const paid = open.reduce(
    (sum, { side, limit, trigger, volume, filled }) => (side === "buy" ? sum + ((limit ?? trigger) * (volume - filled)) / ONE : sum),
    0n,
  );
  const { XXBT, ZUSD } = (await client.call("BalanceEx")).result;
  assert.deepEqual([XXBT.hold_trade, ZUSD.hold_trade], [shown(held, 10), shown(paid, 4)], "open orders bind what is left of them");
  for (const side of ["buy", "sell"]) {
    const resting = open.filter((order) => order.side === side && order.turn !== undefined && order.limit !== undefined);
    const own = resting.reduce((sum, order) => sum + order.volume - order.filled, 0n);
    const all = market.book[side === "buy" ? "bids" : "asks"].reduce((sum, [, volume]) => sum + exact(volume), 0n);
    assert.ok(own <= all, "the book has all that rests");
  }
}

describe("random orders", { concurrency: false }, () => {
  for (const [name, seed, withBook] of [
    ["a book that changes", 1, true],
    ["no book", 2, false],
  ]) {
    test(`${ORDERS} orders with ${name} are matched by the rules`, { timeout: 300_000 }, async (t) => {
      const clock = { now: Date.UTC(2025, 6, 7) };
      const { random, below, price, volume, order, levels } = makeRandom(seed, clock);
      const exchange = new Exchange({ now: () => clock.now, balances: BALANCES, timers: immediate, sockets: { heartbeat: Infinity } });
      const client = new Spot(exchange.addKey(), exchange.fetch);
      const market = exchange.market("XBTUSD");
      const model = new Model();
      const ask = await connect(exchange, client, model);
      for (const channel of ["executions", "balances"]) await ask("subscribe", { channel, snapshot: false });
      await ask("subscribe", { channel: "trade", symbol: ["BTC/USD"], snapshot: false });
      let traded = 0n;
      for (let placed = 0; placed < ORDERS; placed += BATCH) {
        const orders = Array.from({ length: BATCH }, () => order(market.last));
        const { success, result } = await ask("batch_add", { symbol: "BTC/USD", orders });
        assert.ok(success && result.every(({ order_id }) => order_id), JSON.stringify(result));
        for (const [i, { expire_time }] of orders.entries()) if (expire_time) model.expiry.set(result[i].order_id, Date.parse(expire_time));
        clock.now += 1000;
        if (withBook && random() < 0.3) {
          model.setting = true;
          market.setBook(levels(market.last));
          await ask("ping");
          model.setting = false;
        }
        if (random() < 0.7) {
          const size = (volume() * 10).toFixed(8);
          market.trade(price(Number(market.last) * 0.9 + 5000).toFixed(1), size);
          traded += exact(size);
        }
        await ask("ping");
        if (model.failure) throw model.failure;
        const open = [...model.orders].filter(([, one]) => model.open.has(one) && one.limit !== undefined && one.trigger === undefined);
        if (open.length > 0 && random() < 0.3) {
          const [order_id, { filled }] = open[below(open.length)];
          await ask("amend_order", {
            order_id,
            order_qty: Number((Number(shown(filled, 8)) + volume()).toFixed(8)),
            limit_price: price(market.last),
          });
        }
        if (model.open.size > 150) {
          await ask("cancel_all", {});
          for (const [id, one] of model.orders) if (!model.open.has(one)) model.orders.delete(id);
        }
      }
      await ask("ping");
      if (model.failure) throw model.failure;
      assert.equal(model.publicVolume, traded + model.takerVolume + model.bookVolume, "no volume comes from nowhere or is lost");
      await checkAccount(client, model, market);
      const makers = [...model.trades.values()].filter(({ maker }) => maker).length;
      const overdue = [...model.orders].filter(([id, one]) => model.open.has(one) && (model.expiry.get(id) ?? Infinity) <= clock.now);
      assert.deepEqual(overdue, []);
      assert.ok(model.expired > ORDERS / 500, "GTD orders expire");
      t.diagnostic(`${model.trades.size} fills, ${makers} of them of resting orders; ${model.expired} orders expired`);
      assert.ok(makers > ORDERS / 50 && model.trades.size - makers > ORDERS / 50, "and it was worth the while");
    });
  }
});
