// Times in parameters: in the unit that Kraken expects, or refused by name.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";

const secret = Buffer.alloc(64, 1).toString("base64");
const spot = new SpotClient({ key: "key", secret });
const futures = new FuturesClient({ key: "key", secret });
const date = new Date("2026-11-28T12:00:00.750Z");

const spotBody = (endpoint, params) => Object.fromEntries(new URLSearchParams(spot.signSync(endpoint, params).body));
const query = ({ url }) => Object.fromEntries(new URL(url).searchParams);

describe("Spot", () => {
  test("a Date is sent in seconds, rounded down, and rounded up if it ends a span, so that no row is lost", () => {
    const { start, end } = spotBody("TradesHistory", { start: date, end: date });
    assert.deepEqual([start, end], ["1795867200", "1795867201"]);
    const { starttm, endtm } = spotBody("AddExport", { report: "trades", description: "", starttm: date, endtm: date });
    assert.deepEqual([starttm, endtm], ["1795867200", "1795867201"]);
    assert.equal(query(spot.signSync("OHLC", { pair: "XBTUSD", since: date })).since, "1795867200");
    const whole = new Date("2026-11-28T12:00:00Z");
    assert.equal(spotBody("Ledgers", { end: whole }).end, "1795867200");
    // An order must not outlive what was said.
    const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", expiretm: date };
    assert.equal(spotBody("AddOrder", order).expiretm, "1795867200");
  });

  test("a Date is sent in nanoseconds for Trades, and as text if Kraken expects text", () => {
    assert.equal(query(spot.signSync("Trades", { pair: "XBTUSD", since: date })).since, "1795867200750000000");
    const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", deadline: date };
    assert.equal(spotBody("AddOrder", order).deadline, "2026-11-28T12:00:00.750Z");
    assert.equal(query(spot.signSync("PostTrade", { from_ts: date })).from_ts, "2026-11-28T12:00:00.750Z");
  });

  for (const [endpoint, params, name] of [
    ["TradesHistory", { start: +date }, "start"],
    ["Ledgers", { end: `${+date}` }, "end"],
    ["ClosedOrders", { start: BigInt(+date) }, "start"],
    ["AddExport", { report: "trades", description: "", endtm: +date }, "endtm"],
    ["OHLC", { pair: "XBTUSD", since: +date }, "since"],
    ["Trades", { pair: "XBTUSD", since: +date }, "since"],
    ["AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", expiretm: +date }, "expiretm"],
  ])
    test(`milliseconds in ${name} of ${endpoint} are refused by name`, () => {
      assert.throws(() => spot.signSync(endpoint, params), {
        code: "ERR_INVALID_REQUEST",
        message: new RegExp(`^Parameter \`${name}\`: expected (nano)?seconds since 1970, got ${+date}, which is in milliseconds`),
      });
    });

  test("a time in a finer unit is refused, with the name of that unit", () => {
    for (const [time, unit] of [
      [`${+date}000`, "microseconds"],
      [`${+date}000000`, "nanoseconds"],
    ])
      for (const [endpoint, name, params] of [
        ["TradesHistory", "start", {}],
        ["Ledgers", "end", {}],
        ["OHLC", "since", { pair: "XBTUSD" }],
      ])
        for (const value of [time, BigInt(time)])
          assert.throws(() => spot.signSync(endpoint, { ...params, [name]: value }), {
            message: `Parameter \`${name}\`: expected seconds since 1970, got ${time}, which is in ${unit}. Pass a \`Date\`, or seconds.`,
          });
    assert.throws(() => spot.signSync("Trades", { pair: "XBTUSD", since: BigInt(+date) * 1000n }), {
      message: /`since`: expected nanoseconds since 1970, got 1795867200750000, which is in microseconds/,
    });
  });

  for (const [endpoint, params, name] of [
    ["PostTrade", { from_ts: +date }, "from_ts"],
    ["PostTrade", { to_ts: `${+date}` }, "to_ts"],
    ["AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", deadline: +date }, "deadline"],
  ])
    test(`milliseconds in ${name} of ${endpoint}, which expects text, are refused by name`, () => {
      assert.throws(() => spot.signSync(endpoint, params), {
        code: "ERR_INVALID_REQUEST",
        message: new RegExp(
          `^Parameter \`${name}\`: expected text in RFC 3339.*, got ${+date}, which is in milliseconds. Pass a \`Date\`, or date.toISOString\\(\\)`,
        ),
      });
    });

  test("the times in orders of a batch are checked, too", () => {
    const order = { type: "buy", ordertype: "market", volume: "1" };
    const batch = (expiretm) => ({ pair: "XBTUSD", deadline: date, orders: [order, { ...order, expiretm }] });
    const { deadline, orders } = JSON.parse(spot.signSync("AddOrderBatch", batch(date)).body);
    assert.deepEqual([deadline, orders[1].expiretm], ["2026-11-28T12:00:00.750Z", 1_795_867_200]);
    assert.throws(() => spot.signSync("AddOrderBatch", batch(+date)), {
      code: "ERR_INVALID_REQUEST",
      message: /`orders\[1\]\[expiretm\]`.*milliseconds/,
    });
  });

  test("seconds, ids, cursors and spans are sent unchanged", () => {
    assert.equal(spotBody("TradesHistory", { start: 1700000000, end: "TXID-1" }).end, "TXID-1");
    assert.equal(query(spot.signSync("Trades", { pair: "XBTUSD", since: "1795867200750000000" })).since, "1795867200750000000");
    assert.equal(query(spot.signSync("Trades", { pair: "XBTUSD", since: 0 })).since, "0");
    const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", starttm: "+30", expiretm: "1700000000.5" };
    assert.deepEqual((({ starttm, expiretm }) => [starttm, expiretm])(spotBody("AddOrder", order)), ["+30", "1700000000.5"]);
  });

  test("an invalid Date is refused", () => {
    assert.throws(() => spot.signSync("TradesHistory", { start: new Date(NaN) }), { message: /`start`: an invalid Date/ });
  });

  test("parameters are read once, and the caller's object is not changed", () => {
    let reads = 0;
    const params = {
      get start() {
        reads++;
        return date;
      },
    };
    spot.signSync("TradesHistory", params);
    assert.equal(reads, 1);
    const own = Object.freeze({ start: date });
    spot.signSync("TradesHistory", own);
    assert.equal(own.start, date);
  });
});

describe("Futures", () => {
  test("a Date is sent in milliseconds for histories, in seconds for charts, and as text elsewhere", () => {
    assert.equal(query(futures.signSync("GET", "/api/history/v3/orders", { since: date })).since, "1795867200750");
    assert.equal(query(futures.signSync("GET", "/api/charts/v1/trade/PF_XBTUSD/1h", { from: date })).from, "1795867200");
    assert.equal(query(futures.signSync("GET", "/api/charts/v1/trade/PF_XBTUSD/1h", { to: date })).to, "1795867201");
    assert.equal(query(futures.signSync("GET", "fills", { lastFillTime: date })).lastFillTime, "2026-11-28T12:00:00.750Z");
    const { body } = futures.signSync("POST", "cancelorder", { order_id: "x", processBefore: date });
    assert.equal(new URLSearchParams(body).get("processBefore"), "2026-11-28T12:00:00.750Z");
  });

  test("seconds are refused if milliseconds are expected, and vice versa", () => {
    assert.throws(() => futures.signSync("GET", "/api/history/v2/executions", { since: 1795867200 }), {
      code: "ERR_INVALID_REQUEST",
      message: /^Parameter `since`: expected milliseconds since 1970, got 1795867200, which is in seconds/,
    });
    assert.throws(() => futures.signSync("GET", "/api/charts/v1/trade/PF_XBTUSD/1h", { to: +date }), {
      message: /^Parameter `to`: expected seconds since 1970, got 1795867200750, which is in milliseconds/,
    });
  });

  for (const [method, endpoint, params, name] of [
    ["GET", "fills", { lastFillTime: +date }, "lastFillTime"],
    ["GET", "fills", { lastFillTime: `${+date}` }, "lastFillTime"],
    ["GET", "history", { symbol: "PF_XBTUSD", lastTime: +date }, "lastTime"],
    ["GET", "transfers", { lastTransferTime: +date }, "lastTransferTime"],
    ["POST", "cancelorder", { order_id: "x", processBefore: +date }, "processBefore"],
  ])
    test(`milliseconds in ${name} of ${endpoint}, which expects text, are refused by name`, () => {
      assert.throws(() => futures.signSync(method, endpoint, params), {
        code: "ERR_INVALID_REQUEST",
        message: new RegExp(`^Parameter \`${name}\`: expected text in RFC 3339.*, got ${+date}, which is in milliseconds`),
      });
    });

  test("microseconds are refused by name if milliseconds are expected", () => {
    assert.throws(() => futures.signSync("GET", "/api/history/v3/orders", { since: `${+date}000` }), {
      message: /^Parameter `since`: expected milliseconds since 1970, got 1795867200750000, which is in microseconds/,
    });
  });

  test("ids of the account log are not treated as times", () => {
    assert.equal(query(futures.signSync("GET", "/api/history/v3/account-log", { from: 1, to: 999_999_999_999 })).to, "999999999999");
  });
});
