// Spot over REST, endpoint by endpoint. What a client answers is compared with what the exchange holds, and what it asked for with
// what the exchange did.
import assert from "node:assert/strict";

const LIMIT = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "41000.5", volume: "0.25" };

/** Reads the same with the client and with our own. */
const reads = (endpoint, params, also) => async (with_) => {
  const got = await with_.call(endpoint, params?.(with_) ?? {});
  const held = await with_.held(endpoint, params?.(with_) ?? {});
  with_.same(got, held);
  also?.(held);
};

const place = async ({ held }, params = LIMIT) => (await held("AddOrder", params)).txid[0];
const order = async ({ held }, txid) => (await held("QueryOrders", { txid }))[txid];
const last = ({ exchange }) => exchange.executions.at(-1);

/** An order of ours that was filled: there is something in every history. */
async function filled(with_) {
  const txid = await place(with_, { ...LIMIT, price: "50010", volume: "0.1" });
  const found = await order(with_, txid);
  assert.equal(found.status, "closed");
  return { txid, found };
}

/** Places through the client, and compares the order that there is now. */
const places = (params, expected) => async (with_) => {
  const { txid, descr } = await with_.call("AddOrder", params);
  const found = await order(with_, txid[0]);
  assert.equal(descr.order, found.descr.order);
  for (const [name, value] of Object.entries(expected)) assert.equal(found.descr[name] ?? found[name], value, name);
};

const PUBLIC_ROWS = {
  Time: reads("Time"),
  SystemStatus: reads("SystemStatus", undefined, ({ status }) => assert.equal(status, "online")),
  "Assets, some": reads(
    "Assets",
    () => ({ asset: "XBT,USD" }),
    (held) => assert.deepEqual(Object.keys(held), ["XXBT", "ZUSD"]),
  ),
  "AssetPairs, one": reads(
    "AssetPairs",
    () => ({ pair: "XBTUSD" }),
    (held) => assert.deepEqual(Object.keys(held), ["XXBTZUSD"]),
  ),
  Ticker: reads(
    "Ticker",
    () => ({ pair: "XBTUSD" }),
    ({ XXBTZUSD }) => assert.deepEqual(XXBTZUSD.c, ["50000.00000", "0.25000000"]),
  ),
  Depth: reads(
    "Depth",
    () => ({ pair: "XBTUSD", count: 2 }),
    ({ XXBTZUSD }) => {
      assert.deepEqual(
        XXBTZUSD.asks.map(([price, volume]) => [Number(price), Number(volume)]),
        [
          [50010, 0.5],
          [50020, 2],
        ],
      );
    },
  ),
  GroupedBook: reads(
    "GroupedBook",
    () => ({ pair: "XBTUSD", depth: 10, grouping: 100 }),
    ({ bids }) => assert.equal(bids[0].qty, "1.00000000"),
  ),
  Level3: reads(
    "Level3",
    () => ({ pair: "XBTUSD", depth: 10 }),
    ({ asks }) => assert.deepEqual(asks.map(({ qty }) => qty)[0], "0.50000000"),
  ),
  OHLC: reads(
    "OHLC",
    () => ({ pair: "XBTUSD", interval: 5 }),
    ({ XXBTZUSD }) => assert.equal(XXBTZUSD.at(-1)[4], "50000.0"),
  ),
  Trades: reads(
    "Trades",
    () => ({ pair: "XBTUSD", count: 1 }),
    ({ XXBTZUSD }) => assert.deepEqual(XXBTZUSD[0].slice(0, 2), ["50000.00000", "0.25000000"]),
  ),
  Spread: reads(
    "Spread",
    () => ({ pair: "XBTUSD" }),
    ({ XXBTZUSD }) => assert.ok(XXBTZUSD.length > 0),
  ),
  PreTrade: reads("PreTrade", () => ({ symbol: "BTC/USD" })),
  PostTrade: reads("PostTrade", () => ({ symbol: "BTC/USD", count: 1 })),
};

const ACCOUNT_ROWS = {
  Balance: reads("Balance", undefined, (held) => assert.equal(held.ZEUR, "5000.0000")),
  BalanceEx: reads("BalanceEx"),
  TradeBalance: reads("TradeBalance", () => ({ asset: "ZUSD" })),
  CreditLines: reads("CreditLines"),
  TradeVolume: reads(
    "TradeVolume",
    () => ({ pair: "XBTUSD" }),
    (held) => assert.equal(held.fees.XXBTZUSD.fee, "0.2600"),
  ),
  OpenOrders: async (with_) => {
    const txid = await place(with_, { ...LIMIT, userref: "7" });
    const { open } = await with_.held("OpenOrders");
    assert.equal(open[txid].userref, 7);
    with_.same(await with_.call("OpenOrders", {}), { open });
  },
  ClosedOrders: async (with_) => {
    const { txid } = await filled(with_);
    const held = await with_.held("ClosedOrders");
    assert.ok(held.closed[txid]);
    with_.same(await with_.call("ClosedOrders", {}), held);
  },
  "ClosedOrders, from a time on": async (with_) => {
    with_.tick(100);
    const { txid, found } = await filled(with_);
    const got = await with_.call("ClosedOrders", { start: Math.floor(found.opentm) - 1 });
    assert.deepEqual(Object.keys(got.closed), [txid]);
  },
  QueryOrders: async (with_) => {
    const { txid, found } = await filled(with_);
    with_.same(await with_.call("QueryOrders", { txid, trades: true }), await with_.held("QueryOrders", { txid, trades: "true" }));
    assert.equal(found.cost, "5001.00000");
  },
  OrderAmends: async (with_) => {
    const txid = await place(with_);
    await with_.held("AmendOrder", { txid, limit_price: "40900" });
    with_.same(await with_.call("OrderAmends", { order_id: txid }), await with_.held("OrderAmends", { order_id: txid }));
  },
  TradesHistory: async (with_) => {
    await filled(with_);
    with_.same(await with_.call("TradesHistory", {}), await with_.held("TradesHistory"));
  },
  QueryTrades: async (with_) => {
    await filled(with_);
    const [txid] = Object.keys((await with_.held("TradesHistory")).trades);
    with_.same(await with_.call("QueryTrades", { txid }), await with_.held("QueryTrades", { txid }));
  },
  OpenPositions: reads("OpenPositions"),
  "Ledgers, of one asset": async (with_) => {
    await filled(with_);
    const held = await with_.held("Ledgers", { asset: "XBT" });
    assert.ok(Object.values(held.ledger).every(({ asset }) => asset === "XXBT") && held.count > 0);
    with_.same(await with_.call("Ledgers", { asset: "XBT" }), held);
  },
  QueryLedgers: async (with_) => {
    await filled(with_);
    const [id] = Object.keys((await with_.held("Ledgers")).ledger);
    with_.same(await with_.call("QueryLedgers", { id }), await with_.held("QueryLedgers", { id }));
  },
  GetApiKeyInfo: async (with_) => {
    const got = await with_.call("GetApiKeyInfo", {});
    assert.equal(got.apiKey ?? got.api_key, with_.key.key);
    assert.deepEqual(got.permissions, [...with_.key.permissions]);
  },
  GetWebSocketsToken: async (with_) => {
    const { token } = await with_.call("GetWebSocketsToken", {});
    assert.equal(token, with_.exchange.tokens.at(-1).token);
  },
  "exports: AddExport, ExportStatus, RetrieveExport, RemoveExport": async (with_) => {
    await filled(with_);
    const { id } = await with_.call("AddExport", { report: "trades", description: "all trades", format: "CSV" });
    with_.tick(60);
    const status = await with_.call("ExportStatus", { report: "trades" });
    with_.same(status, await with_.held("ExportStatus", { report: "trades" }));
    assert.equal(status.find((each) => each.id === id).descr, "all trades");
    const archive = await with_.call("RetrieveExport", { id });
    assert.ok(archive.$bytes?.startsWith("504b0304"), `a zip archive, not ${JSON.stringify(archive).slice(0, 80)}`);
    const removed = await with_.call("RemoveExport", { id, type: "delete" });
    assert.equal(removed.delete, true);
    assert.deepEqual(
      (await with_.held("ExportStatus", { report: "trades" })).filter((each) => each.id === id),
      [],
    );
  },
};

const ORDER_ROWS = {
  "AddOrder, limit": places({ ...LIMIT, userref: 42 }, { status: "open", vol: "0.25000000", price: "41000.5", userref: 42, type: "buy" }),
  "AddOrder, market": places(
    { pair: "XBTUSD", type: "sell", ordertype: "market", volume: "0.05" },
    { status: "closed", cost: "2499.50000" },
  ),
  "AddOrder, post-only, until a time": places(
    { ...LIMIT, oflags: "post", timeinforce: "GTD", expiretm: "+600" },
    { status: "open", oflags: "post,fciq" },
  ),
  "AddOrder, stop with limit": places(
    { pair: "XBTUSD", type: "sell", ordertype: "stop-loss-limit", price: "45000", price2: "44900", volume: "0.1", trigger: "last" },
    { status: "open", ordertype: "stop-loss-limit", price2: "44900.0" },
  ),
  "AddOrder, trailing stop": places(
    { pair: "XBTUSD", type: "sell", ordertype: "trailing-stop", price: "+500", volume: "0.1" },
    { status: "open", ordertype: "trailing-stop" },
  ),
  "AddOrder with cl_ord_id": places(
    { ...LIMIT, cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876" },
    { status: "open", cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876" },
  ),
  "AddOrder, validated only": async (with_) => {
    const before = await with_.held("OpenOrders");
    const got = await with_.call("AddOrder", { ...LIMIT, validate: true });
    assert.equal(got.descr.order, "buy 0.25000000 XBTUSD @ limit 41000.5");
    assert.equal(got.txid, undefined);
    assert.deepEqual(await with_.held("OpenOrders"), before);
  },
  AmendOrder: async (with_) => {
    const txid = await place(with_);
    const { amend_id } = await with_.call("AmendOrder", { txid, limit_price: "40500.1", order_qty: "0.3" });
    const { amends } = await with_.held("OrderAmends", { order_id: txid });
    assert.equal(amends.at(-1).amend_id, amend_id);
    const found = await order(with_, txid);
    assert.deepEqual([found.descr.price, found.vol], ["40500.1", "0.30000000"]);
  },
  EditOrder: async (with_) => {
    const txid = await place(with_);
    const got = await with_.call("EditOrder", { txid, pair: "XBTUSD", price: "40400.2", volume: "0.35" });
    assert.equal((await order(with_, txid)).status, "canceled");
    assert.equal((await order(with_, got.txid)).descr.price, "40400.2");
    if (!with_.quirks.dropsUnknown) assert.equal(got.originaltxid, txid);
  },
  AddOrderBatch: async (with_) => {
    const one = { ordertype: "limit", type: "buy", price: "40000.1", volume: "0.1" };
    const { orders } = await with_.call("AddOrderBatch", { pair: "XBTUSD", orders: [one, { ...one, price: "40000.2" }], ...with_.batch });
    assert.equal(orders.length, 2);
    assert.equal((await order(with_, orders[1].txid)).descr.price, "40000.2");
  },
  CancelOrder: async (with_) => {
    const txid = await place(with_);
    const got = await with_.call("CancelOrder", { txid });
    assert.equal(Number(got.count), 1);
    assert.equal((await order(with_, txid)).status, "canceled");
  },
  "CancelOrder of an unknown order: Kraken's words": async (with_) => {
    await assert.rejects(
      async () => with_.call("CancelOrder", { txid: "OAAAAA-AAAAA-AAAAAA" }),
      with_.refused(/Unknown order/, "InvalidOrder"),
    );
  },
  CancelOrderBatch: async (with_) => {
    const txids = [await place(with_), await place(with_), await place(with_)];
    const got = await with_.call("CancelOrderBatch", { orders: txids.slice(0, 2) });
    assert.equal(Number(got.count), 2);
    assert.deepEqual(await Promise.all(txids.map(async (txid) => (await order(with_, txid)).status)), ["canceled", "canceled", "open"]);
  },
  CancelAll: async (with_) => {
    await place(with_);
    const open = Object.keys((await with_.held("OpenOrders")).open).length;
    assert.equal(Number((await with_.call("CancelAll", {})).count), open);
    assert.deepEqual((await with_.held("OpenOrders")).open, {});
  },
  CancelAllOrdersAfter: async (with_) => {
    const txid = await place(with_);
    const got = await with_.call("CancelAllOrdersAfter", { timeout: 60 });
    const wait = with_.seconds(got.triggerTime) - with_.seconds(got.currentTime);
    assert.equal(wait, 60);
    with_.tick(61);
    assert.equal((await order(with_, txid)).status, "canceled");
  },
  "an order beyond the balance: Kraken's words": async (with_) => {
    await assert.rejects(
      async () => with_.call("AddOrder", { ...LIMIT, volume: "90000" }),
      with_.refused(/Insufficient funds/, "InsufficientFunds"),
    );
  },
};

const moved = (endpoint, params, did) => async (with_) => {
  const got = await with_.call(endpoint, params);
  assert.match(last(with_).did, did);
  with_.same(got, last(with_).result);
};

const FUNDING_ROWS = {
  DepositMethods: reads("DepositMethods", () => ({ asset: "XBT" })),
  DepositAddresses: reads("DepositAddresses", () => ({ asset: "XBT", method: "XBT" })),
  DepositStatus: reads("DepositStatus", () => ({ asset: "XBT" })),
  WithdrawMethods: reads("WithdrawMethods", () => ({ asset: "XBT" })),
  WithdrawAddresses: reads("WithdrawAddresses", () => ({ asset: "XBT" })),
  WithdrawInfo: reads(
    "WithdrawInfo",
    () => ({ asset: "XBT", key: "cold", amount: "0.5" }),
    ({ amount }) => assert.equal(Number(amount), 0.5),
  ),
  Withdraw: moved("Withdraw", { asset: "XBT", key: "cold", amount: "0.5" }, /^withdrew 0\.50* XBT to cold$/),
  WithdrawStatus: async (with_) => {
    const { refid } = await with_.held("Withdraw", { asset: "ETH", key: "cold", amount: "2" });
    const got = await with_.call("WithdrawStatus", { asset: "ETH" });
    with_.same(got, await with_.held("WithdrawStatus", { asset: "ETH" }));
    assert.ok(got.some((each) => each.refid === refid));
  },
  WithdrawCancel: async (with_) => {
    const { refid } = await with_.held("Withdraw", { asset: "ETH", key: "cold", amount: "2" });
    assert.equal(await with_.call("WithdrawCancel", { asset: "ETH", refid }), true);
    assert.equal((await with_.held("WithdrawStatus", { asset: "ETH" })).find((each) => each.refid === refid).status, "Canceled");
  },
  WalletTransfer: moved("WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.1" }, /Futures wallet$/),
  AccountTransfer: moved("AccountTransfer", { asset: "XBT", from: "ABC", to: "DEF", amount: "0.1" }, /another account$/),
  CreateSubaccount: async (with_) =>
    assert.equal(await with_.call("CreateSubaccount", { username: "kraken-sub-1", email: "sub@example.com" }), true),
};

const earned = (endpoint, params) => async (with_) => {
  assert.equal(await with_.call(endpoint, params), true);
  const { endpoint: did, params: sent } = last(with_);
  assert.deepEqual([did, sent.strategy_id, sent.amount], [endpoint, params.strategy_id, params.amount]);
};
const STRATEGY = "ESRFUO3-Q62XD-WIOIL7";

const EARN_ROWS = {
  "Earn/Strategies": reads("Earn/Strategies"),
  "Earn/Allocations": reads("Earn/Allocations"),
  "Earn/Allocate": earned("Earn/Allocate", { amount: "1.5", strategy_id: STRATEGY }),
  "Earn/Deallocate": earned("Earn/Deallocate", { amount: "0.5", strategy_id: STRATEGY }),
  "Earn/AllocateStatus": reads("Earn/AllocateStatus", () => ({ strategy_id: STRATEGY })),
  "Earn/DeallocateStatus": reads("Earn/DeallocateStatus", () => ({ strategy_id: STRATEGY })),
};

/** Rows whose client is opened with another key. */
const KEY_ROWS = {
  "a key with a two-factor password": {
    key: { otp: { password: "correct horse" } },
    run: async (with_) => with_.same(await with_.call("Balance", { ...with_.otp?.("correct horse") }), await with_.held("Balance")),
  },
  "a key with an authenticator app": {
    key: { otp: {} },
    run: async (with_) => with_.same(await with_.call("Balance", { ...with_.otp?.(await with_.key.otp()) }), await with_.held("Balance")),
  },
  "a key without the permission: Kraken's words": {
    key: { permissions: ["query-open-trades"] },
    run: (with_) => assert.rejects(async () => with_.call("Balance", {}), with_.refused(/Permission denied/, "PermissionDenied")),
  },
  "a secret that is another key's: Kraken's words": {
    key: {},
    wrongSecret: true,
    run: (with_) => assert.rejects(async () => with_.call("Balance", {}), with_.refused(/Invalid signature/, "ExchangeError")),
  },
};

export const ROWS = { ...PUBLIC_ROWS, ...ACCOUNT_ROWS, ...ORDER_ROWS, ...FUNDING_ROWS, ...EARN_ROWS, ...KEY_ROWS };
