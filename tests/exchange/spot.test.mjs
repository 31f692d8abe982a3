// What the Spot endpoints do to the account.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Exchange, executed, LIMIT, overBoth, Spot } from "./helper.mjs";

overBoth(describe, "Spot endpoints", (open) => {
  async function setUp(t, options, keyOptions) {
    const exchange = new Exchange(options);
    const way = await open(t, exchange);
    const client = new Spot(exchange.addKey(keyOptions), way.fetch, way.spot);
    const ok = async (endpoint, params, wrong) => {
      const { error, result } = await client.call(endpoint, params, wrong);
      assert.deepEqual(error, [], `${endpoint}: ${error}`);
      return result;
    };
    const refused = async (expected, endpoint, params, wrong) => {
      const before = exchange.executions.length;
      assert.deepEqual(await client.call(endpoint, params, wrong), { error: [expected] });
      assert.equal(exchange.executions.length, before);
    };
    return { exchange, client, ok, refused, way };
  }

  test("public endpoints need no key", async (t) => {
    const { way } = await setUp(t, { now: () => 1_616_492_376_594 });
    const get = async (name) => (await (await way.fetch(`${way.spot}/0/public/${name}`)).json()).result;
    assert.deepEqual(await get("Time"), { unixtime: 1616492376, rfc1123: "Tue, 23 Mar 21 09:39:36 +0000" });
    assert.deepEqual(await get("SystemStatus"), { status: "online", timestamp: "2021-03-23T09:39:36Z" });
    assert.equal((await get("AssetPairs")).XXBTZUSD.tick_size, "0.1");
    assert.equal((await get("Ticker?pair=BTC/USD")).XXBTZUSD.c[0], "50000.00000");
  });

  test("an order can be placed, seen, filled in part and canceled, and holds its funds", async (t) => {
    const { exchange, ok } = await setUp(t, { now: () => 1_616_492_376_594, balances: { ZUSD: "100000", XXBT: "2" } });
    const placed = await ok("AddOrder", {
      ...LIMIT,
      userref: "7",
      "close[ordertype]": "stop-loss-limit",
      "close[price]": "36000",
      "close[price2]": "35000.5",
    });
    assert.equal(placed.descr.order, "buy 1.25000000 XBTUSD @ limit 37500.0");
    assert.equal(placed.descr.close, "close position @ stop loss 36000.0 -> limit 35000.5");
    const [txid] = placed.txid;
    assert.match(txid, /^O[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{6}$/);

    const { open } = await ok("OpenOrders");
    assert.equal(open[txid].status, "open");
    assert.equal(open[txid].opentm, 1616492376.594);
    assert.equal(open[txid].descr.pair, "XBTUSD");
    assert.equal(open[txid].userref, 7);
    assert.deepEqual(await ok("OpenOrders", { userref: "8" }), { open: {} });
    assert.deepEqual((await ok("BalanceEx")).ZUSD, { balance: "100000.0000", hold_trade: "46875.0000" });

    exchange.fill(txid, "0.25");
    assert.deepEqual((await ok("BalanceEx")).ZUSD, { balance: "90610.0000", hold_trade: "37500.0000" }, "9375 and 0.16 % of fees less");
    assert.equal((await ok("Balance")).XXBT, "2.2500000000");
    assert.equal((await ok("QueryOrders", { txid }))[txid].vol_exec, "0.25000000");

    assert.deepEqual(await ok("CancelOrder", { txid }), { count: 1 });
    const { closed, count } = await ok("ClosedOrders");
    assert.equal(count, 1);
    assert.equal(closed[txid].status, "canceled");
    assert.equal(closed[txid].reason, "User requested");
    assert.equal(Object.values((await ok("TradesHistory")).trades)[0].ordertxid, txid);
    assert.equal((await ok("Ledgers")).count, 2);
    assert.deepEqual(
      exchange.executions.filter(({ write }) => write).map(({ did }) => did),
      [`placed ${txid}: buy 1.25000000 XBTUSD @ limit 37500.0`, `cancelled ${txid}`],
    );
    assert.throws(() => exchange.fill(txid), TypeError);
  });

  test("a market order is filled at once", async (t) => {
    const { ok } = await setUp(t, { balances: { ZUSD: "1000", XXBT: "1" }, prices: { XBTUSD: "40000" } });
    const { txid } = await ok("AddOrder", { pair: "BTC/USD", type: "sell", ordertype: "market", volume: "0.5" });
    assert.deepEqual(await ok("OpenOrders"), { open: {} });
    const order = (await ok("QueryOrders", { txid: txid[0] }))[txid[0]];
    assert.equal(order.status, "closed");
    assert.equal(order.cost, "20000.00000");
    assert.equal(order.fee, "52.00000");
    assert.deepEqual(await ok("Balance"), { ZUSD: "20948.0000", XXBT: "0.5000000000" });
  });

  test("AddOrder rejects invalid orders, and executes nothing", async (t) => {
    const { exchange, refused } = await setUp(t, { balances: { ZUSD: "50000" } });
    const cases = [
      [{ pair: "XBTXXX" }, "EQuery:Unknown asset pair"],
      [{ type: "hold" }, "EGeneral:Invalid arguments:type"],
      [{ ordertype: "constructor" }, "EGeneral:Invalid arguments:ordertype"],
      [{ volume: "-1" }, "EGeneral:Invalid arguments:volume"],
      [{ volume: "0" }, "EGeneral:Invalid arguments:volume"],
      [{ volume: "7.3e-7" }, "EGeneral:Invalid arguments:volume"],
      [{ volume: "NaN" }, "EGeneral:Invalid arguments:volume"],
      [{ volume: "0.00001" }, "EOrder:Order minimum not met"],
      [{ volume: "2" }, "EOrder:Insufficient funds"],
      [{ price: "" }, "EGeneral:Invalid arguments:price"],
      [{ price: "1,5" }, "EGeneral:Invalid arguments:price"],
      [{ price: "0" }, "EOrder:Invalid price"],
      [{ "close[ordertype]": "limit", "close[price]": "0.0" }, "EOrder:Invalid price"],
      [{ price: "5%" }, "EOrder:Invalid price"],
      [{ price: "37500.55" }, "EOrder:Invalid price:XBTUSD price can only be specified up to 1 decimals."],
      [{ ordertype: "stop-loss-limit" }, "EGeneral:Invalid arguments:price2"],
      [{ ordertype: "trailing-stop", price: "5" }, "EGeneral:Invalid arguments:price"],
      [{ oflags: "nonsense" }, "EGeneral:Invalid arguments:oflags"],
      [{ timeinforce: "GTD" }, "EGeneral:Invalid arguments:expiretm"],
      [{ userref: "x" }, "EGeneral:Invalid arguments:userref"],
      [{ cl_ord_id: "this is far too long for free text" }, "EGeneral:Invalid arguments:cl_ord_id"],
      [{ "close[ordertype]": "market" }, "EGeneral:Invalid arguments:close[ordertype]"],
      [{ "close[ordertype]": "limit" }, "EGeneral:Invalid arguments:close[price]"],
      [{ "close[ordertype]": "trailing-stop", "close[price]": "500" }, "EGeneral:Invalid arguments:close[price]"],
      [{ "close[ordertype]": "limit", "close[price]": "1", "close[price2]": "1" }, "EGeneral:Invalid arguments:close[price2]"],
      [{ price: "-5%" }, "EOrder:Invalid price"],
      [{ "close[ordertype]": "stop-loss", "close[price]": "-5%" }, "EOrder:Invalid price"],
      [{ leverage: "2e0" }, "EGeneral:Invalid arguments:leverage"],
      [{ leverage: "0x2" }, "EGeneral:Invalid arguments:leverage"],
      [{ leverage: " 2" }, "EGeneral:Invalid arguments:leverage"],
      [{ reduce_only: "true" }, "EOrder:Reduce only:No position exists"],
      [{ reduce_only: "true", leverage: "2" }, "EOrder:Reduce only:No position exists"],
      [{ ordertype: "settle-position", leverage: "2" }, "EGeneral:Invalid arguments:ordertype"],
      [{ oflags: "fcib,fciq" }, "EGeneral:Invalid arguments:oflags"],
      [{ ordertype: "market", oflags: "viqc", type: "sell" }, "EGeneral:Invalid arguments:oflags"],
      [{ ordertype: "market", oflags: "viqc", leverage: "2" }, "EGeneral:Invalid arguments:oflags"],
      [{ timeinforce: "GTD", expiretm: "+4" }, "EGeneral:Invalid arguments:expiretm"],
      [{ close: "[object Object]" }, "EGeneral:Invalid arguments:close[ordertype]"],
      [{ deadline: "2020-01-01T00:00:00Z" }, "EGeneral:Invalid arguments:deadline"],
      [{ price2: "38000" }, "EGeneral:Invalid arguments:price2"],
      [{ leverage: "100:1" }, "EGeneral:Invalid arguments:leverage"],
      [{ trigger: "mark" }, "EGeneral:Invalid arguments:trigger"],
      [{ stptype: "none" }, "EGeneral:Invalid arguments:stptype"],
      [{ displayvol: "0.5" }, "EGeneral:Invalid arguments:displayvol"],
      [{ ordertype: "iceberg" }, "EGeneral:Invalid arguments:displayvol"],
      [{ ordertype: "iceberg", displayvol: "2" }, "EGeneral:Invalid arguments:displayvol"],
      [{ ordertype: "iceberg", volume: "0.75", displayvol: "0.0499" }, "EGeneral:Invalid arguments:displayvol"],
    ];
    for (const [wrong, error] of cases) await refused(error, "AddOrder", { ...LIMIT, ...wrong });
    const { pair, ...withoutPair } = LIMIT;
    await refused("EGeneral:Invalid arguments:pair", "AddOrder", withoutPair);
    assert.deepEqual(exchange.executions, []);
  });

  test("reads reject an asset and an order that do not exist, and an order that is missing", async (t) => {
    const { refused } = await setUp(t);
    await refused("EQuery:Unknown asset", "TradeBalance", { asset: "XXX" });
    await refused("EOrder:Unknown order", "OrderAmends", { order_id: "OAAAAA-AAAAA-AAAAAA" });
    await refused("EGeneral:Invalid arguments:order_id", "OrderAmends", {});
  });

  test("validate checks an order without placing it", async (t) => {
    const { exchange, ok } = await setUp(t);
    const form = await ok("AddOrder", { ...LIMIT, validate: "true" });
    const json = await ok("AddOrder", { ...LIMIT, validate: true }, { json: true });
    assert.deepEqual(form, { descr: { order: "buy 1.25000000 XBTUSD @ limit 37500.0" } });
    assert.deepEqual(json, form);
    assert.deepEqual(await ok("OpenOrders"), { open: {} });
    assert.deepEqual(
      exchange.executions.map(({ write }) => write),
      [false, false, false],
    );
  });

  test("relative prices are accepted in a form and in JSON, but percentages only in JSON", async (t) => {
    const { ok } = await setUp(t);
    const trailing = { ...LIMIT, type: "sell", ordertype: "trailing-stop", price: "+500" };
    assert.equal((await ok("AddOrder", trailing)).descr.order, "sell 1.25000000 XBTUSD @ trailing stop +500.0");
    assert.equal(
      (await ok("AddOrder", { ...trailing, price: "+5%" }, { json: true })).descr.order,
      "sell 1.25000000 XBTUSD @ trailing stop +5.0000%",
    );
    await ok("AddOrder", { ...LIMIT, price: "-10%", volume: "1" }, { json: true });
    assert.equal((await ok("BalanceEx")).ZUSD.hold_trade, "45000.0000", "10 % below the last price of 50000");
  });

  test("cl_ord_id is unique among open orders only", async (t) => {
    const { ok, refused } = await setUp(t);
    const order = { ...LIMIT, cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876" };
    await ok("AddOrder", order);
    await refused("EGeneral:Invalid arguments:cl_ord_id not unique", "AddOrder", order);
    await refused("EGeneral:Invalid arguments:cl_ord_id and userref are mutually exclusive", "AddOrder", { ...order, userref: "1" });
    assert.deepEqual(await ok("CancelOrder", { cl_ord_id: order.cl_ord_id }), { count: 1 });
    await ok("AddOrder", order);
    assert.equal(Object.keys((await ok("OpenOrders", { cl_ord_id: order.cl_ord_id })).open).length, 1);
  });

  test("two orders may have the same userref, and are canceled together", async (t) => {
    const { ok, refused } = await setUp(t);
    for (let i = 0; i < 2; i += 1) await ok("AddOrder", { ...LIMIT, userref: "42" });
    assert.deepEqual(await ok("CancelOrder", { txid: "42" }), { count: 2 });
    await refused("EOrder:Unknown order", "CancelOrder", { txid: "42" });
    await refused("EGeneral:Invalid arguments:txid", "CancelOrder");
  });

  const ROWS = [
    { ordertype: "limit", type: "buy", volume: "1.25", price: "37500" },
    { ordertype: "limit", type: "sell", volume: "9.99", price: "42000" },
  ];
  const BRACKETS = Object.fromEntries(
    ROWS.flatMap((row, i) => Object.entries(row).map(([name, value]) => [`orders[${i}][${name}]`, value])),
  );

  test("AddOrderBatch requires JSON, and has errors inside its rows", async (t) => {
    const { exchange, ok, refused } = await setUp(t, { balances: { ZUSD: "500000", XXBT: "5" } });
    await refused("EGeneral:Invalid arguments:orders", "AddOrderBatch", { pair: "XBTUSD", ...BRACKETS });
    const { orders } = await ok("AddOrderBatch", { pair: "XBTUSD", orders: ROWS }, { json: true });
    assert.equal(orders[0].descr.order, "buy 1.25000000 XBTUSD @ limit 37500.0");
    assert.match(orders[0].txid, /^O/);
    assert.deepEqual(orders[1], { error: "EOrder:Insufficient funds" });
    assert.deepEqual(exchange.executions.at(-1).params.orders, ROWS);
    assert.equal(Object.keys((await ok("OpenOrders")).open).length, 1);
    await refused("EGeneral:Invalid arguments:orders", "AddOrderBatch", { pair: "XBTUSD", orders: ROWS.slice(0, 1) }, { json: true });
    await refused(
      "EGeneral:Invalid arguments:volume",
      "AddOrderBatch",
      { pair: "XBTUSD", orders: [...ROWS, { ...ROWS[0], volume: "x" }] },
      { json: true },
    );
    assert.equal(Object.keys((await ok("OpenOrders")).open).length, 1, "wrong arguments refuse the whole batch");
  });

  test("CancelOrderBatch requires JSON", async (t) => {
    const { ok, refused } = await setUp(t);
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push((await ok("AddOrder", LIMIT)).txid[0]);
    await refused("EGeneral:Invalid arguments:orders", "CancelOrderBatch", { "orders[0]": ids[0] });
    assert.deepEqual(await ok("CancelOrderBatch", { orders: ["OXXXXX-XXXXX-XXXXXX", ids[0], ids[2]] }, { json: true }), { count: 2 });
    assert.deepEqual(Object.keys((await ok("OpenOrders")).open), [ids[1]]);
    assert.deepEqual(await ok("CancelAll"), { count: 1 });
  });

  test("EditOrder replaces the order, and AmendOrder keeps its id", async (t) => {
    const { exchange, ok, refused } = await setUp(t, { balances: { ZUSD: "50000" } });
    const [first] = (await ok("AddOrder", LIMIT)).txid;
    const edited = await ok("EditOrder", { txid: first, pair: "XBTUSD", price: "38000" });
    assert.equal(edited.originaltxid, first);
    assert.equal(edited.descr.order, "buy 1.25000000 XBTUSD @ limit 38000.0");
    assert.deepEqual(Object.keys((await ok("OpenOrders")).open), [edited.txid]);
    await refused("EOrder:Insufficient funds", "EditOrder", { txid: edited.txid, pair: "XBTUSD", price: "40001" });

    const { amend_id } = await ok("AmendOrder", { txid: edited.txid, order_qty: "1", limit_price: "30000" });
    const { open } = await ok("OpenOrders");
    assert.equal(open[edited.txid].vol, "1.00000000");
    assert.equal(open[edited.txid].descr.price, "30000.0");
    assert.equal((await ok("OrderAmends", { order_id: edited.txid })).amends[1].amend_id, amend_id);
    await refused("EOrder:Unknown order", "AmendOrder", { txid: first, order_qty: "1" });
    await refused("EGeneral:Invalid arguments:order_qty", "AmendOrder", { txid: edited.txid });
    assert.equal(exchange.executions.filter(({ write }) => write).length, 3);
  });

  test("GTD orders expire, and the dead man's switch fires, by the exchange's clock", async (t) => {
    let now = 1_700_000_000_000;
    const { ok } = await setUp(t, { now: () => now });
    const [txid] = (await ok("AddOrder", { ...LIMIT, timeinforce: "GTD", expiretm: "+10" })).txid;
    now += 10_000;
    assert.equal((await ok("QueryOrders", { txid }))[txid].status, "expired");
    await ok("AddOrder", LIMIT);
    const { currentTime, triggerTime } = await ok("CancelAllOrdersAfter", { timeout: "60" });
    assert.equal(Date.parse(triggerTime) - Date.parse(currentTime), 60_000);
    now += 59_999;
    assert.equal(Object.keys((await ok("OpenOrders")).open).length, 1);
    now += 1;
    assert.deepEqual(await ok("OpenOrders"), { open: {} });
    assert.equal((await ok("CancelAllOrdersAfter", { timeout: "0" })).triggerTime, "0");
  });

  test("WebSocket tokens are reused, expire, and can be revoked", async (t) => {
    let now = 1_700_000_000_000;
    const { exchange, client, ok } = await setUp(t, { now: () => now });
    const { token, expires } = await ok("GetWebSocketsToken");
    assert.equal(expires, 900);
    assert.match(token, /^\w{44}$/);
    assert.equal(exchange.tokens[0].token, token);
    assert.equal(exchange.tokens[0].key, client.key.key);
    assert.equal(exchange.tokens[0].valid, true);
    now += 900_000;
    assert.equal(exchange.tokens[0].valid, false);
    await ok("GetWebSocketsToken");
    assert.notEqual(exchange.tokens[1].token, token);
    exchange.tokens[1].revoke();
    assert.deepEqual([exchange.tokens[1].valid, exchange.tokens[1].revoked], [false, true]);
  });

  test("GetApiKeyInfo has the documented form", async (t) => {
    const { client, ok } = await setUp(
      t,
      { now: () => 1_772_627_060_997 },
      {
        name: "my-api-key",
        nonceWindow: 10_000,
        permissions: ["query-funds"],
        validUntil: 1_800_000_000_000,
        createdTime: 1_772_542_900_000,
        ipAllowlist: ["127.0.0.1"],
        queryFrom: 1000,
      },
    );
    assert.deepEqual(await ok("GetApiKeyInfo"), {
      apiKeyName: "my-api-key",
      apiKey: client.key.key,
      nonce: String(client.nonce),
      nonceWindow: 10_000,
      permissions: ["query-funds"],
      iban: "AA88 N84G WOAK NMOI",
      validUntil: "1800000000",
      queryFrom: "1",
      queryTo: "0",
      createdTime: "1772542900",
      modifiedTime: "1772542900",
      ipAllowlist: ["127.0.0.1"],
      lastUsed: "1772627060",
    });
  });

  test("queryFrom and queryTo hide history", async (t) => {
    let now = 1_700_000_000_000;
    const { exchange, client, ok } = await setUp(t, { now: () => now });
    const limited = new Spot(exchange.addKey({ queryTo: now + 500 }), client.fetch, client.base);
    await ok("AddOrder", { ...LIMIT, ordertype: "market" });
    now += 1000;
    await ok("AddOrder", { ...LIMIT, ordertype: "market" });
    assert.equal((await ok("ClosedOrders")).count, 2);
    assert.equal((await limited.call("ClosedOrders")).result.count, 1);
    assert.equal((await limited.call("TradesHistory")).result.count, 1);
  });

  test("withdrawals and transfers move balances once, and are recorded", async (t) => {
    const { exchange, ok, refused } = await setUp(t, { balances: { XXBT: "1" } });
    const { refid } = await ok("Withdraw", { asset: "XBT", key: "dépôt froid", amount: "0.4" });
    assert.equal((await ok("Balance")).XXBT, "0.6000000000");
    assert.equal((await ok("WithdrawStatus"))[0].info, "dépôt froid");
    await refused("EFunding:Insufficient funds", "Withdraw", { asset: "XBT", key: "cold", amount: "0.7" });
    await refused("EGeneral:Invalid arguments:key", "Withdraw", { asset: "XBT", amount: "0.1" });
    await refused("EFunding:Unknown asset", "Withdraw", { asset: "NOPE", key: "cold", amount: "0.1" });
    await refused("EGeneral:Invalid arguments:asset", "WithdrawCancel", { refid });
    await refused("EFunding:Unknown reference id", "WithdrawCancel", { asset: "ETH", refid });
    await refused("EFunding:Invalid amount", "Withdraw", { asset: "XBT", key: "cold", amount: "0.00009999" });
    await refused("EGeneral:Invalid arguments:max_fee", "Withdraw", { asset: "XBT", key: "cold", amount: "0.1", max_fee: "1e-3" });
    assert.equal(await ok("WithdrawCancel", { asset: "XBT", refid }), true);
    await refused("EFunding:Unknown reference id", "WithdrawCancel", { asset: "XBT", refid });
    await ok("WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.25" });
    assert.equal((await ok("Balance")).XXBT, "0.7500000000");
    await refused("EGeneral:Invalid arguments:from", "WalletTransfer", {
      asset: "XBT",
      from: "Pocket",
      to: "Futures Wallet",
      amount: "0.25",
    });
    assert.deepEqual(
      exchange.executions.filter(({ write }) => write).map(({ endpoint }) => endpoint),
      ["Withdraw", "WithdrawCancel", "WalletTransfer"],
    );
    assert.equal((await ok("DepositAddresses", { asset: "XBT", method: "Bitcoin" }))[0].new, false);
    assert.equal((await ok("DepositAddresses", { asset: "XBT", method: "Bitcoin", new: "true" }))[0].new, true);
    assert.deepEqual(
      exchange.executions.slice(-2).map(({ write }) => write),
      [false, true],
    );
  });

  test("an export is a valid zip file", async (t) => {
    const { client, ok, refused } = await setUp(t);
    await ok("AddOrder", { ...LIMIT, ordertype: "market" });
    const { id } = await ok("AddExport", { report: "trades", description: "all of it" });
    assert.equal((await ok("ExportStatus", { report: "trades" }))[0].status, "Processed");
    const response = await client.send("RetrieveExport", { id });
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.readUInt32LE(0), 0x04034b50);
    const folder = mkdtempSync(join(tmpdir(), "export-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "export.zip"), bytes);
    // Python is the independent reader that most machines have.
    const program =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.read('trades.csv').decode())";
    let text;
    try {
      text = execFileSync("python3", ["-c", program, join(folder, "export.zip")], { encoding: "utf8" });
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      text = bytes.toString("latin1");
    }
    const [header, row] = text.split("\n").slice(-4);
    const columns = header.slice(header.indexOf("txid,ordertxid")).split(",");
    assert.equal(columns.length, row.split(",").length, "a value for each column");
    const shown = Object.fromEntries(columns.map((name, i) => [name, JSON.parse(row.split(",")[i])]));
    assert.deepEqual([shown.pair, shown.vol, shown.margin, shown.misc], ["XXBTZUSD", "1.25000000", "0.00000", ""]);
    assert.deepEqual(await ok("RemoveExport", { id, type: "delete" }), { delete: true });
    await refused("EGeneral:Invalid arguments:id", "RetrieveExport", { id });
  });

  test("every endpoint of the permission table has an answer", async (t) => {
    const { exchange, client } = await setUp(t);
    const shallow = [
      "CreditLines",
      "TradeVolume",
      "DepositStatus",
      "TradeBalance",
      "OpenPositions",
      "WithdrawAddresses",
      "WithdrawMethods",
      "Earn/Strategies",
      "Earn/Allocations",
      "ListCustodyTasks",
      "ListCustodyVaults",
    ];
    for (const endpoint of shallow) assert.deepEqual((await client.call(endpoint)).error, [], endpoint);
    assert.deepEqual(executed(exchange), shallow);
    const withArguments = [
      ["DepositMethods", { asset: "XBT" }],
      ["WithdrawInfo", { asset: "XBT", key: "cold", amount: "0.1" }],
      ["Level3", { pair: "XBTUSD" }],
      ["AccountTransfer", { asset: "XBT", amount: "1", from: "A", to: "B" }],
      ["CreateSubaccount", { username: "second", email: "second@example.com" }],
      ["Earn/Allocate", { amount: "1", strategy_id: "ESRFUO3-Q62XD-WIOIL7" }],
      ["Earn/Deallocate", { amount: "1", strategy_id: "ESRFUO3-Q62XD-WIOIL7" }],
      ["Earn/AllocateStatus", { strategy_id: "ESRFUO3-Q62XD-WIOIL7" }],
      ["Earn/DeallocateStatus", { strategy_id: "ESRFUO3-Q62XD-WIOIL7" }],
      ["GetCustodyTask", { id: "TABCDEF234567A" }],
    ];
    for (const [endpoint, params] of withArguments) {
      assert.deepEqual((await client.call(endpoint, params)).error, [], endpoint);
      assert.match((await client.call(endpoint)).error[0], /^EGeneral:Invalid arguments|^EQuery/, `${endpoint} without its parameters`);
    }
  });
});
