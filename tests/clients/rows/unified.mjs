// ccxt's unified methods, which read Kraken's answers into structures of its own: of Spot and of Futures, by the same rows.
import assert from "node:assert/strict";
import { Absent } from "../helper.mjs";

/** What differs between the two products, which are otherwise asked alike. */
export const SPOT = {
  symbol: "BTC/USD",
  market: "XBTUSD",
  place: async ({ held }, { price, volume }) =>
    (await held("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: `${price}`, volume: `${volume}` })).txid[0],
  order: async ({ held }, id) => {
    const found = (await held("QueryOrders", { txid: id }))[id];
    return { price: Number(found.descr.price), volume: Number(found.vol), side: found.descr.type, status: found.status };
  },
};
export const FUTURES = {
  symbol: "BTC/USD:USD",
  market: "PF_XBTUSD",
  place: async ({ heldFutures }, { price, volume }) =>
    (
      await heldFutures("POST", "sendorder", {
        orderType: "lmt",
        symbol: "PF_XBTUSD",
        side: "buy",
        size: `${volume}`,
        limitPrice: `${price}`,
      })
    ).sendStatus.order_id,
  order: async ({ heldFutures }, id) => {
    const found = (await heldFutures("GET", "openorders")).openOrders.find((each) => each.order_id === id);
    return found ? { price: found.limitPrice, volume: found.unfilledSize, side: found.side, status: "open" } : { status: "canceled" };
  },
};

const ORDER = { price: 41000, volume: 0.25 };
const FILLED = { price: 50010, volume: 0.1 };

/** A row by a method of ccxt: one that it says it has, or that is its own and not the refusal of all its exchanges. */
const by = (method, run) => (with_) => {
  const isOwn = Object.hasOwn(Object.getPrototypeOf(with_.ccxt), method);
  if (!with_.ccxt.has[method] && !isOwn) throw new Absent(method);
  return run(with_, (...args) => with_.ccxt[method](...args));
};
const levels = (side) => side.map(([price, volume]) => [price, volume]);
const find = (all, id) => all.find((each) => each.id === id) ?? assert.fail(`no ${id} among ${all.length}`);
const shapeOf = ({ price, amount, side, status }) => ({ price, amount, side, status });
const OPEN = { price: 41000, amount: 0.25, side: "buy", status: "open" };

const MARKET_ROWS = {
  fetchTime: by("fetchTime", async ({ held }, fetch) => assert.equal(await fetch(), (await held("Time")).unixtime * 1000)),
  fetchStatus: by("fetchStatus", async (_, fetch) => assert.equal((await fetch()).status, "ok")),
  fetchCurrencies: by("fetchCurrencies", async (_, fetch) => assert.equal((await fetch()).BTC.id, "XXBT")),
  fetchMarkets: by("fetchMarkets", async ({ product }, fetch) => {
    const market = (await fetch()).find(({ symbol }) => symbol === product.symbol);
    assert.equal(market.active, true);
    assert.equal(market.precision.price, product === SPOT ? 0.1 : 1);
  }),
  fetchTicker: by("fetchTicker", async ({ product }, fetch) => {
    const { bid, ask, last } = await fetch(product.symbol);
    assert.deepEqual([bid, ask, last], [49990, 50010, 50000]);
  }),
  fetchTickers: by("fetchTickers", async ({ product }, fetch) => assert.equal((await fetch([product.symbol]))[product.symbol].last, 50000)),
  fetchOrderBook: by("fetchOrderBook", async ({ product }, fetch) => {
    const { bids, asks } = await fetch(product.symbol);
    assert.deepEqual(
      [levels(bids), levels(asks)],
      [
        [
          [49990, 1],
          [49980, 2.5],
        ],
        [
          [50010, 0.5],
          [50020, 2],
        ],
      ],
    );
  }),
  fetchOHLCV: by("fetchOHLCV", async ({ product }, fetch) => assert.equal((await fetch(product.symbol, "1m")).at(-1)[4], 50000)),
  fetchTrades: by("fetchTrades", async ({ product }, fetch) => {
    const trades = await fetch(product.symbol);
    assert.ok(trades.some(({ price, amount, side }) => price === 50000 && amount === 0.25 && side === "buy"));
  }),
  fetchFundingRates: by("fetchFundingRates", async ({ product }, fetch) => assert.equal((await fetch())[product.symbol].fundingRate, 0)),
  fetchFundingRateHistory: by("fetchFundingRateHistory", async ({ product, heldFutures }, fetch) => {
    const { rates } = await heldFutures("GET", "historical-funding-rates", { symbol: product.market });
    const times = rates.map(({ timestamp }) => Date.parse(timestamp));
    assert.deepEqual(
      (await fetch(product.symbol)).map(({ timestamp }) => timestamp),
      times.slice(-100),
    );
    assert.ok(times.length > 0);
  }),
  fetchLeverageTiers: by("fetchLeverageTiers", async ({ product }, fetch) =>
    assert.equal((await fetch([product.symbol]))[product.symbol][0].maintenanceMarginRate, 0.01),
  ),
};

const ORDER_ROWS = {
  "createOrder, limit": by("createOrder", async (with_, create) => {
    const { id } = await create(with_.product.symbol, "limit", "buy", 0.25, 41000);
    assert.deepEqual(await with_.product.order(with_, id), { ...ORDER, side: "buy", status: "open" });
  }),
  "createOrder, market": by("createOrder", async (with_, create) => {
    const { id } = await create(with_.product.symbol, "market", "sell", 0.1);
    const [fill] = (await with_.ccxt.fetchMyTrades(with_.product.symbol)).filter(({ order }) => order === id);
    assert.deepEqual([fill.price, fill.amount, fill.side], [49990, 0.1, "sell"]);
  }),
  "createOrder beyond the balance: an error of its class": by("createOrder", async (with_, create) => {
    if (with_.product !== SPOT) throw new Absent("nothing bounds the Futures account here");
    await assert.rejects(
      create(with_.product.symbol, "limit", "buy", 90000, 41000),
      (error) => error.constructor.name === "InsufficientFunds",
    );
  }),
  createOrders: by("createOrders", async (with_, create) => {
    const order = { symbol: with_.product.symbol, type: "limit", side: "buy", amount: 0.25 };
    const made = await create([
      { ...order, price: 41000 },
      { ...order, price: 40000 },
    ]);
    assert.equal((await with_.product.order(with_, made[1].id)).price, 40000);
  }),
  editOrder: by("editOrder", async (with_, edit) => {
    const id = await with_.product.place(with_, ORDER);
    await edit(id, with_.product.symbol, "limit", "buy", 0.3, 40500);
    assert.deepEqual(await with_.product.order(with_, id), { price: 40500, volume: 0.3, side: "buy", status: "open" });
  }),
  cancelOrder: by("cancelOrder", async (with_, cancel) => {
    const id = await with_.product.place(with_, ORDER);
    await cancel(id, with_.product.symbol);
    assert.equal((await with_.product.order(with_, id)).status, "canceled");
  }),
  cancelOrders: by("cancelOrders", async (with_, cancel) => {
    const ids = [await with_.product.place(with_, ORDER), await with_.product.place(with_, ORDER), await with_.product.place(with_, ORDER)];
    await cancel(ids.slice(0, 2), with_.product.symbol);
    const statuses = await Promise.all(ids.map(async (id) => (await with_.product.order(with_, id)).status));
    assert.deepEqual(statuses, ["canceled", "canceled", "open"]);
  }),
  cancelAllOrders: by("cancelAllOrders", async (with_, cancel) => {
    const id = await with_.product.place(with_, ORDER);
    await cancel();
    assert.equal((await with_.product.order(with_, id)).status, "canceled");
  }),
  cancelAllOrdersAfter: by("cancelAllOrdersAfter", async (with_, cancel) => {
    const id = await with_.product.place(with_, ORDER);
    await cancel(60_000);
    with_.tick(61);
    assert.equal((await with_.product.order(with_, id)).status, "canceled");
  }),
};

const ACCOUNT_ROWS = {
  fetchBalance: by("fetchBalance", async (with_, fetch) => {
    if (with_.product === SPOT) assert.equal((await fetch()).total.EUR, Number((await with_.held("Balance")).ZEUR));
    else
      assert.equal(
        (await fetch({ type: "flex" })).total.USD,
        (await with_.heldFutures("GET", "accounts")).accounts.flex.currencies.USD.quantity,
      );
  }),
  fetchOrder: by("fetchOrder", async (with_, fetch) => {
    const id = await with_.product.place(with_, ORDER);
    assert.deepEqual(shapeOf(await fetch(id, with_.product.symbol)), OPEN);
  }),
  fetchOpenOrders: by("fetchOpenOrders", async (with_, fetch) => {
    const id = await with_.product.place(with_, ORDER);
    assert.deepEqual(shapeOf(find(await fetch(with_.product.symbol), id)), OPEN);
  }),
  fetchClosedOrders: by("fetchClosedOrders", async (with_, fetch) => {
    const id = await with_.product.place(with_, FILLED);
    assert.deepEqual(shapeOf(find(await fetch(with_.product.symbol), id)), { price: 50010, amount: 0.1, side: "buy", status: "closed" });
  }),
  fetchMyTrades: by("fetchMyTrades", async (with_, fetch) => {
    const id = await with_.product.place(with_, FILLED);
    const [trade] = (await fetch(with_.product.symbol)).filter(({ order }) => order === id);
    assert.deepEqual([trade.price, trade.amount, trade.side, trade.takerOrMaker], [50010, 0.1, "buy", "taker"]);
    if (with_.product === SPOT) assert.deepEqual(trade.fee, { cost: 13.0026, currency: "USD" });
  }),
  fetchLedger: by("fetchLedger", async (with_, fetch) => {
    await with_.product.place(with_, FILLED);
    const entries = await fetch();
    if (with_.product === SPOT) assert.equal(entries.length, Math.min(50, (await with_.held("Ledgers")).count));
    else assert.ok(entries.length > 0, "no entry of money");
  }),
  fetchTradingFee: by("fetchTradingFee", async ({ product }, fetch) => {
    const { maker, taker } = await fetch(product.symbol);
    assert.deepEqual([maker, taker], product === SPOT ? [0.0016, 0.0026] : [0, 0]);
  }),
  fetchPositions: by("fetchPositions", async (with_, fetch) => {
    const positions = await fetch();
    if (with_.product === SPOT) return assert.deepEqual(positions, []);
    await with_.product.place(with_, FILLED);
    const [held] = (await with_.heldFutures("GET", "openpositions")).openPositions;
    const { contracts, side, entryPrice } = (await fetch()).find(({ symbol }) => symbol === with_.product.symbol);
    assert.deepEqual([contracts, side, entryPrice], [held.size, held.side, held.price]);
  }),
  "setLeverage, fetchLeverage": by("setLeverage", async (with_, set) => {
    await set(5, with_.product.symbol);
    assert.equal((await with_.ccxt.fetchLeverage(with_.product.symbol)).longLeverage, 5);
  }),
  fetchDepositMethods: by("fetchDepositMethods", async (with_, fetch) =>
    assert.equal((await fetch("BTC"))[0].method, (await with_.held("DepositMethods", { asset: "XBT" }))[0].method),
  ),
  fetchDepositAddress: by("fetchDepositAddress", async (with_, fetch) => {
    const [{ address }] = await with_.held("DepositAddresses", { asset: "XBT", method: "XBT" });
    assert.equal((await fetch("BTC", { method: "XBT" })).address, address);
  }),
  "withdraw, fetchWithdrawals": by("withdraw", async (with_, withdraw) => {
    const { id } = await withdraw("BTC", 0.5, "an-address", undefined, { key: "cold" });
    const found = find(await with_.ccxt.fetchWithdrawals("BTC"), id);
    assert.deepEqual([found.amount, found.currency, found.status], [0.5, "BTC", "pending"]);
  }),
  "transferOut: between the two": by("transferOut", async (with_, transfer) => {
    const before = Number((await with_.held("Balance")).XXBT);
    await transfer("BTC", 0.1);
    const sign = with_.product === SPOT ? -1 : 1;
    assert.ok(Math.abs(Number((await with_.held("Balance")).XXBT) - before - sign * 0.1) < 1e-9);
  }),
};

export const ROWS = { ...MARKET_ROWS, ...ORDER_ROWS, ...ACCOUNT_ROWS };
