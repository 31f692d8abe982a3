// WebSockets of Spot and Futures. A client is asked until it knows what the exchange holds, as its messages come when they come.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { BOOK, eventually } from "../helper.mjs";

/** Waits until the client knows this, and says what it knows instead if it never does. */
async function knows(look, wanted) {
  const seen = {};
  const found = async () => {
    seen.last = await look();
    return isDeepStrictEqual(seen.last, wanted);
  };
  await eventually(found, "it").catch((error) => {
    if (!/has not come/.test(error.message)) throw error;
    assert.deepEqual(seen.last, wanted);
  });
}

/** Waits until one of what the client knows is this. */
const knowsOne = (look, wanted) => knows(async () => (await look()).find((each) => isDeepStrictEqual(each, wanted)), wanted);

const numbers = (side) => side.map(([price, volume]) => [Number(price), Number(volume)]);

/** Rows of both products; `market` names the one that is watched. */
const marketRows = (market) => ({
  "ticker, as it moves": async (with_) => {
    await knows(with_.ticker, { bid: 49990, ask: 50010, last: 50000 });
    with_.exchange.market(market).trade("50005", "0.1", { side: "buy" });
    await knows(with_.ticker, { bid: 49990, ask: 50010, last: 50005 });
  },
  "order book, as it changes": async (with_) => {
    await knows(with_.book, { bids: numbers(BOOK.bids), asks: numbers(BOOK.asks) });
    with_.exchange.market(market).update({
      bids: [
        ["49995", "0.7"],
        ["49980", "0"],
      ],
    });
    await knows(with_.book, {
      bids: [
        [49995, 0.7],
        [49990, 1],
      ],
      asks: numbers(BOOK.asks),
    });
  },
  "trades of everybody": async (with_) => {
    // Not every client says when it has subscribed: so there are trades until it knows of one.
    const timer = setInterval(() => with_.exchange.market(market).trade("49999", "0.33", { side: "sell" }), 100);
    try {
      await knowsOne(with_.trades, { price: 49999, volume: 0.33, side: "sell" });
    } finally {
      clearInterval(timer);
    }
  },
});

const LIMIT = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "41000.5", volume: "0.25" };
const place = async ({ held }, more) => (await held("AddOrder", { ...LIMIT, ...more })).txid[0];
const order = async ({ held }, txid) => (await held("QueryOrders", { txid }))[txid];
const statuses = (with_, txids) => Promise.all(txids.map(async (txid) => (await order(with_, txid)).status));

const ORDER = { price: 41000.5, volume: 0.25, side: "buy" };

export const SPOT_ROWS = {
  ...marketRows("XBTUSD"),
  candles: async (with_) => {
    const held = await with_.held("OHLC", { pair: "XBTUSD", interval: 1 });
    const [, open, high, low, close] = held.XXBTZUSD.at(-1).map(Number);
    await knows(with_.candle, { open, high, low, close });
  },
  instruments: async (with_) => {
    const { XXBTZUSD } = await with_.held("AssetPairs", { pair: "XBTUSD" });
    const look = async () => {
      const { qty_min, price_precision, qty_precision, price_increment } = (await with_.instrument()) ?? {};
      return [Number(qty_min), price_precision, qty_precision, Number(price_increment)];
    };
    await knows(look, [Number(XXBTZUSD.ordermin), XXBTZUSD.pair_decimals, XXBTZUSD.lot_decimals, Number(XXBTZUSD.tick_size)]);
  },
  "own orders: placed": async (with_) => {
    await with_.orders();
    const txid = await place(with_);
    await knowsOne(with_.orders, { id: txid, price: 41000.5, volume: 0.25, side: "buy", status: "open" });
  },
  "own orders: canceled": async (with_) => {
    await with_.orders();
    const txid = await place(with_);
    await with_.held("CancelOrder", { txid });
    await knowsOne(with_.orders, { id: txid, price: 41000.5, volume: 0.25, side: "buy", status: "canceled" });
  },
  "own trades": async (with_) => {
    await with_.ownTrades();
    const txid = await place(with_, { price: "50010", volume: "0.1" });
    await knowsOne(with_.ownTrades, { order: txid, price: 50010, volume: 0.1 });
  },
  "balances, as they change": async (with_) => {
    const wanted = async () => Number((await with_.held("Balance")).ZEUR);
    await knows(async () => (await with_.balances()).EUR, await wanted());
    await with_.held("Withdraw", { asset: "EUR", key: "bank", amount: "12.5" });
    await knows(async () => (await with_.balances()).EUR, await wanted());
  },
  add_order: async (with_) => {
    const found = await order(with_, await with_.addOrder(ORDER));
    assert.deepEqual([found.status, found.descr.price, found.vol, found.descr.type], ["open", "41000.5", "0.25000000", "buy"]);
  },
  "add_order beyond the balance: Kraken's words": async (with_) => {
    await assert.rejects(async () => with_.addOrder({ ...ORDER, volume: 90000 }), with_.refused(/Insufficient funds/));
  },
  amend_order: async (with_) => {
    const txid = await place(with_);
    await with_.amendOrder(txid, { price: 40900.5, volume: 0.3 });
    const found = await order(with_, txid);
    assert.deepEqual([found.status, found.descr.price, found.vol], ["open", "40900.5", "0.30000000"]);
  },
  edit_order: async (with_) => {
    const txid = await place(with_);
    const edited = await with_.editOrder(txid, { price: 40800.5, volume: 0.35 });
    assert.equal((await order(with_, txid)).status, "canceled");
    assert.equal((await order(with_, edited)).descr.price, "40800.5");
  },
  cancel_order: async (with_) => {
    const txids = [await place(with_), await place(with_)];
    await with_.cancelOrder(txids[0]);
    assert.deepEqual(await statuses(with_, txids), ["canceled", "open"]);
  },
  cancel_all: async (with_) => {
    const txids = [await place(with_), await place(with_)];
    await with_.cancelAll();
    assert.deepEqual(await statuses(with_, txids), ["canceled", "canceled"]);
  },
  cancel_all_orders_after: async (with_) => {
    const txid = await place(with_);
    await with_.cancelAllAfter(60);
    with_.tick(61);
    assert.deepEqual(await statuses(with_, [txid]), ["canceled"]);
  },
  batch_add: async (with_) => {
    const txids = await with_.addOrders([ORDER, { ...ORDER, price: 40000.5 }]);
    assert.deepEqual(await Promise.all(txids.map(async (txid) => (await order(with_, txid)).descr.price)), ["41000.5", "40000.5"]);
  },
  "several canceled at once": async (with_) => {
    const txids = [await place(with_), await place(with_), await place(with_)];
    await with_.cancelOrders(txids.slice(0, 2));
    assert.deepEqual(await statuses(with_, txids), ["canceled", "canceled", "open"]);
  },
  "version 1: ticker": async (with_) => assert.equal(Number((await with_.versionOne()).c[0]), 50000),
};

const FUTURES_LIMIT = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: "0.25", limitPrice: "41000" };
const placeFutures = async ({ heldFutures }, more) =>
  (await heldFutures("POST", "sendorder", { ...FUTURES_LIMIT, ...more })).sendStatus.order_id;

export const FUTURES_ROWS = {
  ...marketRows("PF_XBTUSD"),
  "own orders: placed and canceled": async (with_) => {
    await with_.orders();
    const id = await placeFutures(with_);
    await knowsOne(with_.orders, { id, price: 41000, volume: 0.25, side: "buy", status: "open" });
    await with_.heldFutures("POST", "cancelorder", { order_id: id });
    await knowsOne(with_.orders, { id, price: 41000, volume: 0.25, side: "buy", status: "canceled" });
  },
  "own trades": async (with_) => {
    await with_.ownTrades();
    const id = await placeFutures(with_, { limitPrice: "50010", size: "0.1" });
    await knowsOne(with_.ownTrades, { order: id, price: 50010, volume: 0.1 });
  },
  balances: async (with_) => {
    const { accounts } = await with_.heldFutures("GET", "accounts");
    await knows(async () => (await with_.balances()).USD, accounts.flex.currencies.USD.quantity);
  },
  "open positions": async (with_) => {
    await with_.positions();
    await placeFutures(with_, { limitPrice: "50010", size: "0.1" });
    const [{ symbol, size, side }] = (await with_.heldFutures("GET", "openpositions")).openPositions;
    await knowsOne(with_.positions, { symbol, size, side });
  },
};
