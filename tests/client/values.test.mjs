// Values that Kraken would ignore, or take for others: prices of orders, timers, numbers.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FuturesClient, SpotClient, placeOrder } from "kraken-signer";

const secret = Buffer.alloc(64, 1).toString("base64");
const spot = new SpotClient({ key: "key", secret });
const futures = new FuturesClient({ key: "key", secret });
const sign = (...call) => new URLSearchParams(spot.signSync(...call).body);
const post = (...call) => new URLSearchParams(futures.signSync("POST", ...call).body);

/** Checks that a call is refused before it is signed, with this message. */
const refused = (call, message) => assert.throws(call, { name: "InvalidRequestError", code: "ERR_INVALID_REQUEST", message });

const limit = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1" };
const triggered = { ...limit, price2: "29000" };
const future = { symbol: "PF_XBTUSD", side: "buy", size: 1, orderType: "lmt", limitPrice: "30000" };

describe("an order with a price that Kraken would ignore is refused", () => {
  for (const [from, ordertype, name] of [
    [limit, "market", "price"],
    [triggered, "limit", "price2"],
    [triggered, "iceberg", "price2"],
    [triggered, "stop-loss", "price2"],
    [triggered, "take-profit", "price2"],
    [triggered, "trailing-stop", "price2"],
  ]) {
    const order = { ...from, ordertype };
    const message = new RegExp(`${name}\\]?\`: a ${ordertype} order has none, and Kraken would ignore it. Leave it out`);
    test(`${ordertype} with ${name}, in AddOrder`, () => refused(() => spot.signSync("AddOrder", order), message));
    test(`${ordertype} with ${name}, in AddOrder as JSON`, () => refused(() => spot.signSync("AddOrder", order, { json: true }), message));
    test(`${ordertype} with ${name}, in a row of AddOrderBatch`, () => {
      const { pair, ...row } = order;
      refused(
        () => spot.signSync("AddOrderBatch", { pair, orders: [{ ...row, price: "1", ordertype: "limit", price2: undefined }, row] }),
        message,
      );
      refused(() => spot.signSync("AddOrderBatch", { pair, orders: [row, row] }), /^Parameter `orders\[0\]\[price2?\]`: /);
    });
  }
  for (const [name, more] of [
    ["limitPrice", {}],
    ["stopPrice", { limitPrice: undefined, stopPrice: 29000 }],
  ])
    test(`mkt with ${name}, in sendorder and in a row of batchorder`, () => {
      const order = { ...future, ...more, orderType: "mkt" };
      const message = new RegExp(`${name}\\]?\`: a mkt order has none, and Kraken would ignore it`);
      refused(() => futures.signSync("POST", "sendorder", order), message);
      const batchOrder = [
        { order: "cancel", order_id: "x" },
        { ...order, order: "send", order_tag: "1" },
      ];
      refused(() => futures.signSync("POST", "batchorder", { batchOrder }), /^Parameter `orders\[1\]\[/);
      refused(() => futures.signSync("POST", "batchorder", { json: { batchOrder } }), message);
    });
  test("lmt with stopPrice", () => refused(() => post("sendorder", { ...future, stopPrice: 1 }), /stopPrice.*a lmt order has none/));
  test("placeOrder does not send it", async () => {
    const fetch = () => assert.fail("sent");
    const rejected = { code: "ERR_INVALID_REQUEST", message: /a market order has none/ };
    await assert.rejects(placeOrder(new SpotClient({ key: "key", secret, fetch }), { ...limit, ordertype: "market" }), rejected);
  });
});

describe("an order without a price that it needs is refused", () => {
  for (const ordertype of ["limit", "iceberg", "stop-loss", "take-profit", "trailing-stop"])
    for (const price of [undefined, ""])
      test(`${ordertype} with the price ${price}`, () =>
        refused(() => spot.signSync("AddOrder", { ...limit, ordertype, price }), /`price`: a \S+ order needs it/));
  for (const ordertype of ["stop-loss-limit", "take-profit-limit", "trailing-stop-limit"])
    test(`${ordertype} without price2`, () =>
      refused(() => spot.signSync("AddOrder", { ...limit, ordertype }), /`price2`: a \S+ order needs it/));
  for (const orderType of ["lmt", "post", "ioc", "fok"])
    test(`${orderType} without limitPrice`, () =>
      refused(() => post("sendorder", { ...future, orderType, limitPrice: undefined }), /`limitPrice`: a \S+ order needs it/));
});

describe("a parameter of a whole batch is refused in one of its orders, where Kraken would ignore it", () => {
  const { pair, ...row } = limit;
  const deadline = new Date(Date.now() + 10_000);
  for (const more of [{ pair: "ETHUSD" }, { validate: true }, { deadline }, { asset_class: "tokenized_asset" }])
    test(`${Object.keys(more)}, in AddOrderBatch`, () => {
      const message = new RegExp(`^Parameter \`orders\\[1\\]\\[${Object.keys(more)}\\]\`: belongs to the whole batch`);
      refused(() => spot.signSync("AddOrderBatch", { pair, orders: [row, { ...row, ...more }] }), message);
    });
  const instruction = { order: "send", order_tag: "1", ...future };
  test("processBefore, in batchorder", () => {
    const batchOrder = [{ ...instruction, processBefore: deadline }];
    for (const params of [{ batchOrder }, { json: { batchOrder } }])
      refused(() => post("batchorder", params), /belongs to the whole batch/);
  });
  test("processBefore, in `json` that is text", () => {
    const json = JSON.stringify({ batchOrder: [instruction], processBefore: deadline });
    refused(() => post("batchorder", { json }), /^Parameter `processBefore`: the exchange does not look for it in `json`/);
  });
  test("instructions beside `json`", () => {
    const batchOrder = [instruction];
    for (const json of [{ batchOrder }, JSON.stringify({ batchOrder })])
      refused(() => post("batchorder", { json, batchOrder }), /^Parameter `batchOrder`: given twice/);
  });
});

test("what clients send for good reasons passes", () => {
  const market = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.1" };
  // Kraken describes a market order with the price 0.
  for (const price of [undefined, 0, "0", "0.00000"])
    assert.equal(sign("AddOrder", { ...market, price, price2: price }).get("ordertype"), "market");
  assert.equal(sign("AddOrder", { ...market, oflags: "viqc", leverage: "5:1" }).get("leverage"), "5:1");
  for (const price of ["+5%", "-5", "#10", "#0.5%", ".5", "5.", 30000, 30000n]) sign("AddOrder", { ...limit, price });
  // A limit price like the trigger price.
  assert.match(
    spot.signSync("AddOrder", { ...limit, ordertype: "trailing-stop-limit", price: "+5%", price2: "+0" }).body,
    /"price2":"\+0"/,
  );
  assert.equal(sign("AddOrder", { ...market, ordertype: "settle-position", price: "1" }).get("price"), "1");
  assert.equal(sign("AddOrder", { ...market, ordertype: "brand-new", price: "1", price2: "2" }).get("price2"), "2");
  assert.equal(sign("AddOrder", { ...market, close: { ordertype: "limit", price: "31000" } }).get("close[price]"), "31000");
  assert.equal(sign("EditOrder", { txid: "O", pair: "XBTUSD", price: "1" }).get("price"), "1");
  for (const more of [{ stopPrice: 1 }, { stopPrice: 1, limitPrice: undefined }])
    post("sendorder", { ...future, orderType: "stp", ...more });
  assert.equal(post("sendorder", { ...future, orderType: "mkt", limitPrice: 0 }).get("orderType"), "mkt");
  post("batchorder", { batchOrder: [{ order: "edit", order_id: "x", limitPrice: 1 }] });
});

describe("the timer that cancels all orders", () => {
  const calls = {
    CancelAllOrdersAfter: (timeout) => sign("CancelAllOrdersAfter", { timeout }).get("timeout"),
    cancelallordersafter: (timeout) => post("cancelallordersafter", { timeout }).get("timeout"),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name}: seconds, and 0`, () => {
      for (const timeout of [0, 1, 60, 3600, "0", "60", 60n]) assert.equal(call(timeout), `${timeout}`);
      // Hours have to be meant.
      for (const timeout of ["3601", "86399"]) assert.equal(call(timeout), timeout);
    });
    test(`${name}: milliseconds in place of seconds are refused by name`, () => {
      for (const timeout of [3601, 5000, 15_000, 60_000, 60_000n])
        refused(
          () => call(timeout),
          new RegExp(`^Parameter \`timeout\`: expected whole seconds up to 3600, got ${timeout}. Are these milliseconds\\?`),
        );
      for (const timeout of [86_400, "120000", 3_600_000])
        refused(() => call(timeout), /`timeout`: expected whole seconds up to 3600, got \d+\..* below "86400"/);
    });
    test(`${name}: what might be read as 0, which turns it off, is refused`, () => {
      for (const timeout of [0.5, -1, "", "60s", "1e3", " 60"])
        refused(() => call(timeout), /`timeout`: expected whole seconds up to 3600/);
      for (const timeout of [NaN, null, new Date()]) refused(() => call(timeout), /^Parameter `timeout/);
    });
  }
});

describe("numbers", () => {
  test("a number that is not exact any more is refused in every API, however it is written", () => {
    for (const value of [9007199254740993.0, 9007199254741000, 2 ** 53, -(2 ** 53), 1e20, 1e21, 1e300, 0.1 + 0.2, NaN, -Infinity, -0]) {
      refused(() => spot.signSync("AddOrder", { ...limit, volume: value }), /^Parameter `volume`/);
      refused(
        () => spot.signSync("AddOrderBatch", { pair: "XBTUSD", orders: [{ ...limit, volume: value }] }),
        /^Parameter `orders\[0\]\[volume\]`/,
      );
      refused(() => spot.signSync("AddOrder", { ...limit, userref: value }), /^Parameter `userref`/);
      refused(() => futures.signSync("POST", "sendorder", { ...future, size: value }), /^Parameter `size`/);
    }
  });
});

describe("the schedule of an order", () => {
  test("seconds from now without their plus would be a time in 1970, and are refused", () => {
    for (const name of ["starttm", "expiretm"])
      for (const value of [60, "60", 3600n, 999_999_999])
        refused(
          () => spot.signSync("AddOrder", { ...limit, [name]: value }),
          `Parameter \`${name}\`: ${value} is a time before 2002. For seconds from now, pass "+${value}".`,
        );
  });
  test("a Date that was made from seconds or from nothing is refused", () => {
    for (const name of ["starttm", "expiretm"])
      for (const value of [new Date(null), new Date(1796064000), new Date(-5000)])
        refused(
          () => spot.signSync("AddOrder", { ...limit, [name]: value }),
          `Parameter \`${name}\`: ${value.toISOString()} is a time before 2002. A Date is made from milliseconds: was this one made from seconds, or from nothing?`,
        );
    const value = new Date("2026-12-24T12:00:00Z");
    assert.equal(sign("AddOrder", { ...limit, expiretm: value }).get("expiretm"), `${+value / 1000}`);
  });
  test("text that is no such time, and a time before 1970, are refused", () => {
    for (const name of ["starttm", "expiretm"])
      for (const value of ["", " ", "2026-11-28T12:00:00Z", "tomorrow", "+ 5", "+1h", "-5", -5, "1e9", "++5", "1795867200 "])
        refused(
          () => spot.signSync("AddOrder", { ...limit, [name]: value }),
          `Parameter \`${name}\`: expected seconds since 1970, or "+" and seconds from now, got ${JSON.stringify(`${value}`)}. Pass a \`Date\`, or seconds.`,
        );
  });
  test("0 for now or never, a plus, and times pass", () => {
    for (const value of [0, "0", "+60", 1795867200, "1795867200.5"])
      assert.equal(sign("AddOrder", { ...limit, expiretm: value }).get("expiretm"), `${value}`);
    assert.equal(sign("AddExport", { report: "trades", description: "", starttm: 1 }).get("starttm"), "1");
  });
});
