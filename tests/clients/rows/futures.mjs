// Futures over REST, endpoint by endpoint.
import assert from "node:assert/strict";
import { Absent } from "../helper.mjs";

const SYMBOL = "PF_XBTUSD";
const LIMIT = { orderType: "lmt", symbol: SYMBOL, side: "buy", size: "0.25", limitPrice: "41000" };

/** What says when and how an answer was made, and not what it is about. */
const content = ({ serverTime: _, result: __, ...rest }) => rest;

/** A refusal, whether the client throws it or gives it back. */
async function refusal(call) {
  try {
    return JSON.stringify(await call());
  } catch (error) {
    if (error instanceof Absent) throw error;
    return error.message;
  }
}

/** Reads the same with the client and with our own, which asks by path. */
const reads =
  (endpoint, path, params = {}, also) =>
  async (with_) => {
    await also?.prepare?.(with_);
    const got = await with_.call(endpoint, params);
    const held = await with_.heldFutures("GET", path, also?.query ?? params);
    with_.same(content(got), content(held));
    also?.holds?.(held, got);
  };

const place = async ({ heldFutures }, params = LIMIT) => (await heldFutures("POST", "sendorder", params)).sendStatus.order_id;
const open = async ({ heldFutures }, id) => (await heldFutures("GET", "openorders")).openOrders.find((each) => each.order_id === id);
const filled = (with_) => place(with_, { ...LIMIT, limitPrice: "50010", size: "0.1" });
const CHART = { tick_type: "trade", symbol: SYMBOL, resolution: "1m" };

const PUBLIC_ROWS = {
  instruments: reads(
    "instruments",
    "instruments",
    {},
    {
      holds: ({ instruments }) => assert.ok(instruments.some(({ symbol }) => symbol === SYMBOL)),
    },
  ),
  "instruments/status": reads("instruments/status", "instruments/status"),
  tickers: reads(
    "tickers",
    "tickers",
    {},
    {
      holds: ({ tickers }) =>
        assert.deepEqual(
          tickers.filter(({ symbol }) => symbol === SYMBOL).map(({ bid, ask, last }) => [bid, ask, last]),
          [[49990, 50010, 50000]],
        ),
    },
  ),
  "tickers/{symbol}": reads("tickers/symbol", `tickers/${SYMBOL}`, { symbol: SYMBOL }, { query: {} }),
  orderbook: reads(
    "orderbook",
    "orderbook",
    { symbol: SYMBOL },
    {
      holds: ({ orderBook }) =>
        assert.deepEqual(orderBook, {
          bids: [
            [49990, 1],
            [49980, 2.5],
          ],
          asks: [
            [50010, 0.5],
            [50020, 2],
          ],
        }),
    },
  ),
  history: reads(
    "history",
    "history",
    { symbol: SYMBOL },
    { holds: ({ history }) => assert.ok(history.some(({ size }) => size === 0.25)) },
  ),
  feeschedules: reads("feeschedules", "feeschedules"),
  "historical-funding-rates": reads("historical-funding-rates", "historical-funding-rates", { symbol: SYMBOL }),
  "charts: candles": reads("charts", `/api/charts/v1/trade/${SYMBOL}/1m`, CHART, {
    query: {},
    holds: ({ candles }) => assert.equal(Number(candles.at(-1).close), 50000),
  }),
  "charts: markets": async (with_) => {
    const got = await with_.call("charts/markets", { tick_type: "trade" });
    with_.same(got, await with_.heldFutures("GET", "/api/charts/v1/trade"));
  },
  "charts: resolutions": async (with_) => {
    const got = await with_.call("charts/resolutions", { tick_type: "trade", symbol: SYMBOL });
    with_.same(got, await with_.heldFutures("GET", `/api/charts/v1/trade/${SYMBOL}`));
  },
  "history of a market: executions": reads(
    "market/executions",
    `/api/history/v3/market/${SYMBOL}/executions`,
    { tradeable: SYMBOL },
    { query: {} },
  ),
  "history of a market: orders": reads("market/orders", `/api/history/v3/market/${SYMBOL}/orders`, { tradeable: SYMBOL }, { query: {} }),
  "history of a market: price": reads("market/price", `/api/history/v3/market/${SYMBOL}/price`, { tradeable: SYMBOL }, { query: {} }),
};

const ACCOUNT_ROWS = {
  accounts: reads("accounts", "accounts"),
  openorders: reads(
    "openorders",
    "openorders",
    {},
    { prepare: (with_) => place(with_), holds: ({ openOrders }) => assert.ok(openOrders.length > 0) },
  ),
  openpositions: reads(
    "openpositions",
    "openpositions",
    {},
    { prepare: filled, holds: ({ openPositions }) => assert.equal(openPositions.length, 1) },
  ),
  fills: reads("fills", "fills", {}, { prepare: filled, holds: ({ fills }) => assert.equal(fills[0].price, 50010) }),
  "feeschedules/volumes": reads("feeschedules/volumes", "feeschedules/volumes"),
  subaccounts: reads("subaccounts", "subaccounts"),
  unwindqueue: reads("unwindqueue", "unwindqueue"),
  notifications: reads("notifications", "notifications"),
  "leveragepreferences, set and read": async (with_) => {
    await with_.call("PUT leveragepreferences", { symbol: SYMBOL, maxLeverage: 5 });
    const held = await with_.heldFutures("GET", "leveragepreferences");
    assert.deepEqual(held.leveragePreferences, [{ symbol: SYMBOL, maxLeverage: 5 }]);
    with_.same(content(await with_.call("leveragepreferences", {})), content(held));
  },
  "pnlpreferences, set and read": async (with_) => {
    await with_.call("PUT pnlpreferences", { symbol: SYMBOL, pnlPreference: "USD" });
    assert.equal(with_.exchange.executions.at(-1).endpoint, "pnlpreferences");
    const held = content(await with_.heldFutures("GET", "pnlpreferences"));
    assert.deepEqual(held, { preferences: [{ symbol: SYMBOL, pnlCurrency: "USD" }] });
    with_.same(content(await with_.call("pnlpreferences", {})), held);
  },
  "self-trade-strategy, set and read": async (with_) => {
    await with_.call("PUT self-trade-strategy", { strategy: "CANCEL_MAKER_SELF" });
    const held = content(await with_.heldFutures("GET", "self-trade-strategy"));
    assert.deepEqual(held, { strategy: "CANCEL_MAKER_SELF" });
    with_.same(content(await with_.call("self-trade-strategy", {})), held);
  },
  "subaccount/{uid}/trading-enabled": reads("trading-enabled", "subaccount/second/trading-enabled", { uid: "second" }, { query: {} }),
  "history: executions": reads(
    "executions",
    "/api/history/v3/executions",
    {},
    { prepare: filled, holds: ({ elements }) => assert.ok(elements.length > 0) },
  ),
  "history: orders": reads(
    "orders",
    "/api/history/v3/orders",
    {},
    { prepare: (with_) => place(with_), holds: ({ elements }) => assert.ok(elements.length > 0) },
  ),
  "history: triggers": reads("triggers", "/api/history/v3/triggers"),
  "history: account log": reads("account-log", "/api/history/v3/account-log", {}, { prepare: filled }),
};

const ORDER_ROWS = {
  "sendorder, limit": async (with_) => {
    const { sendStatus } = await with_.call("sendorder", { ...LIMIT, cliOrdId: "ours-1" });
    assert.equal(sendStatus.status, "placed");
    const found = await open(with_, sendStatus.order_id);
    assert.deepEqual([found.limitPrice, found.unfilledSize, found.side, found.cliOrdId], [41000, 0.25, "buy", "ours-1"]);
  },
  "sendorder, market": async (with_) => {
    const { sendStatus } = await with_.call("sendorder", { orderType: "mkt", symbol: SYMBOL, side: "sell", size: "0.2" });
    assert.deepEqual(
      [sendStatus.status, Number(sendStatus.orderEvents[0].price), Number(sendStatus.orderEvents[0].amount)],
      ["placed", 49990, 0.2],
    );
  },
  "sendorder, stop": async (with_) => {
    const stop = {
      orderType: "stp",
      symbol: SYMBOL,
      side: "sell",
      size: "0.2",
      limitPrice: "44000",
      stopPrice: "45000",
      triggerSignal: "last",
      reduceOnly: true,
    };
    const { sendStatus } = await with_.call("sendorder", stop);
    const found = await open(with_, sendStatus.order_id);
    assert.deepEqual([found.stopPrice, found.limitPrice, found.reduceOnly], [45000, 44000, true]);
  },
  "sendorder that is refused: its status": async (with_) => {
    const crossing = { ...LIMIT, orderType: "post", limitPrice: "50020" };
    assert.match(await refusal(() => with_.call("sendorder", crossing)), /postWouldExecute/);
  },
  editorder: async (with_) => {
    const id = await place(with_);
    const { editStatus } = await with_.call("editorder", { orderId: id, limitPrice: "40500", size: "0.3" });
    assert.equal(editStatus.status, "edited");
    const found = await open(with_, id);
    assert.deepEqual([found.limitPrice, found.unfilledSize], [40500, 0.3]);
  },
  "orders/status": async (with_) => {
    const id = await place(with_);
    const got = await with_.call("orders/status", { orderIds: [id] });
    with_.same(content(got), content(await with_.heldFutures("POST", "orders/status", { orderIds: id })));
    assert.equal(got.orders[0].order.orderId, id);
  },
  batchorder: async (with_) => {
    const id = await place(with_);
    const send = { order: "send", order_tag: "1", orderType: "lmt", symbol: SYMBOL, side: "buy", size: 0.2, limitPrice: 40100 };
    const batchOrder = [send, { ...send, order_tag: "2", limitPrice: 40200 }, { order: "cancel", order_id: id }];
    const { batchStatus } = await with_.call("batchorder", { batchOrder });
    assert.deepEqual(
      batchStatus.map(({ status }) => status),
      ["placed", "placed", "cancelled"],
    );
    assert.equal((await open(with_, batchStatus[1].order_id)).limitPrice, 40200);
    assert.equal(await open(with_, id), undefined);
  },
  cancelorder: async (with_) => {
    const id = await place(with_);
    const { cancelStatus } = await with_.call("cancelorder", { order_id: id });
    assert.equal(cancelStatus.status, "cancelled");
    assert.equal(await open(with_, id), undefined);
  },
  cancelallorders: async (with_) => {
    const id = await place(with_);
    const { cancelStatus } = await with_.call("cancelallorders", { symbol: SYMBOL });
    assert.ok(cancelStatus.cancelledOrders.some(({ order_id }) => order_id === id));
    assert.equal(await open(with_, id), undefined);
  },
  cancelallordersafter: async (with_) => {
    const id = await place(with_);
    const { status } = await with_.call("cancelallordersafter", { timeout: 60 });
    assert.equal(Date.parse(status.triggerTime) - Date.parse(status.currentTime), 60_000);
    with_.tick(61);
    assert.equal(await open(with_, id), undefined);
  },
  transfer: async (with_) => {
    await with_.call("transfer", { fromAccount: "cash", toAccount: "flex", unit: "xbt", amount: "0.1" });
    const { endpoint, params } = with_.exchange.executions.at(-1);
    assert.deepEqual([endpoint, Number(params.amount), params.toAccount], ["transfer", 0.1, "flex"]);
  },
  "transfer/subaccount": async (with_) => {
    const users = { fromUser: "first", toUser: "second" };
    await with_.call("transfer/subaccount", { fromAccount: "cash", toAccount: "flex", unit: "xbt", amount: "0.1", ...users });
    const { endpoint, params } = with_.exchange.executions.at(-1);
    assert.deepEqual([endpoint, Number(params.amount), params.fromUser, params.toUser], ["transfer/subaccount", 0.1, "first", "second"]);
  },
  "withdrawal to Spot": async (with_) => {
    const before = Number((await with_.held("Balance")).XXBT);
    await with_.call("withdrawal", { amount: "0.1", currency: "XBT" });
    assert.ok(Math.abs(Number((await with_.held("Balance")).XXBT) - before - 0.1) < 1e-9);
  },
};

const KEY_ROWS = {
  "a key that may only read: its status": {
    key: { product: "futures", level: "read-only" },
    run: async (with_) => {
      assert.match(await refusal(() => with_.call("sendorder", LIMIT)), /insufficientPrivileges/);
      assert.equal(with_.exchange.executions.filter(({ key }) => key === with_.key.key).length, 0);
    },
  },
  "a secret that is another key's: its status": {
    key: { product: "futures" },
    wrongSecret: true,
    run: async (with_) => assert.match(await refusal(() => with_.call("accounts", {})), /authentication/i),
  },
};

export const ROWS = { ...PUBLIC_ROWS, ...ACCOUNT_ROWS, ...ORDER_ROWS, ...KEY_ROWS };
