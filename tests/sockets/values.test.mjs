// Values in calls of the Spot socket: decimals as text become numbers with all their digits, and what Kraken would ignore or take for another is refused.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SpotSocket } from "kraken-signer/sockets";

const LIMIT = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 30000, order_qty: "0.5", cl_ord_id: "mine" };

/** A WebSocket that is open at once, keeps what is sent, and answers nothing. */
function recorder() {
  const sent = [];
  class WebSocket extends EventTarget {
    readyState = 0;
    constructor() {
      super();
      queueMicrotask(() => {
        this.readyState = 1;
        this.dispatchEvent(new Event("open"));
      });
    }
    send(text) {
      sent.push(text);
    }
    close() {
      this.readyState = 3;
    }
  }
  const client = { call: async () => ({ token: "t", expires: 900 }) };
  return { socket: new SpotSocket({ client, WebSocket }), sent };
}

/** Returns the text that goes out for a call. */
async function written(method, params) {
  const { socket, sent } = recorder();
  const answer = socket.call(method, params).catch((error) => error);
  for (let turn = 0; turn < 50 && !sent.length; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  socket.close();
  const error = await answer;
  if (!sent.length) throw error;
  assert.doesNotThrow(() => JSON.parse(sent[0]), sent[0]);
  return sent[0];
}

const refused = (method, params, message) =>
  assert.rejects(written(method, params), { name: "InvalidRequestError", code: "ERR_INVALID_REQUEST", message });

describe("decimal text becomes a JSON number with all its digits", () => {
  const LONG = "0.1234567890123456789";
  for (const [method, params, name] of [
    ["add_order", LIMIT, "order_qty"],
    ["add_order", LIMIT, "limit_price"],
    ["add_order", { ...LIMIT, order_type: "iceberg" }, "display_qty"],
    ["add_order", { ...LIMIT, order_type: "brand-new" }, "cash_order_qty"],
    ["amend_order", { order_id: "O" }, "order_qty"],
    ["amend_order", { order_id: "O" }, "trigger_price"],
    ["edit_order", { order_id: "O", symbol: "BTC/USD" }, "limit_price"],
  ])
    test(`${name} of ${method}`, async () => {
      for (const [value, digits] of [
        [LONG, LONG],
        ["123456789012345678.5", "123456789012345678.5"],
        ["-10.50", "-10.50"],
        ["0", "0"],
        [12345678901234567890n, "12345678901234567890"],
        [0.1, "0.1"],
        [6e-7, "0.0000006"],
        [1.5e-120, `0.${"0".repeat(119)}15`],
      ])
        assert.ok((await written(method, { ...params, [name]: value })).includes(`"${name}":${digits}`), `${value}`);
    });

  test("nested: triggers, conditional, and the orders of a batch", async () => {
    const { symbol, ...row } = LIMIT;
    const stop = { ...row, order_type: "stop-loss", limit_price: undefined, triggers: { price: LONG, reference: "last" } };
    const conditional = { order_type: "stop-loss-limit", trigger_price: LONG, limit_price: "2.50" };
    const text = await written("batch_add", { symbol, orders: [stop, { ...row, conditional }] });
    for (const part of [`"triggers":{"price":${LONG},"ref`, `"trigger_price":${LONG},"limit_price":2.50}`])
      assert.ok(text.includes(part), text);
    assert.equal(text.match(/"order_qty":0\.5/g).length, 2);
  });

  test("text elsewhere stays text, whatever it contains", async () => {
    const cl_ord_id = '"order_qty":"7"';
    const text = await written("add_order", {
      ...LIMIT,
      cl_ord_id,
      note: "12",
      sender: "limit_price",
      list: ["order_qty", "1"],
      'a"b': "1e-7",
    });
    const { params } = JSON.parse(text);
    assert.deepEqual(
      [params.cl_ord_id, params.note, params.sender, params.list, params['a"b']],
      [cl_ord_id, "12", "limit_price", ["order_qty", "1"], "1e-7"],
    );
    assert.equal(params.order_qty, 0.5);
  });

  test("text that is no decimal number is refused by name", async () => {
    for (const order_qty of ["", "1,5", "1e-7", "+5", "5%", ".5", "5.", "007", "NaN", "0x1", " 1", "1\n"])
      await refused("add_order", { ...LIMIT, order_qty }, /^Parameter `order_qty`: expected a decimal number, such as "1234.5"/);
  });

  test("a number that is not exact is refused, with the text to pass", async () => {
    for (const [value, message] of [
      [0.1 + 0.2, /`order_qty`: .*Pass a string, such as "0.3"/],
      [9007199254740993.0, /`order_qty`: 9007199254740992 is more than a number holds exactly/],
      [9007199254741000, /`order_qty`: 9007199254741000 is more than a number holds exactly/],
      [1e20, /more than a number holds/],
      [-0, /`order_qty`: -0/],
      [NaN, /`order_qty`: NaN/],
      [Infinity, /`order_qty`: Infinity/],
    ])
      await refused("add_order", { ...LIMIT, order_qty: value }, message);
  });
});

describe("values that JSON cannot express", () => {
  const { symbol, ...row } = LIMIT;
  test("an order of nothing, an item that is undefined, and a number in an object that is none are refused", async () => {
    for (const [method, params] of [
      ["cancel_order", { order_id: ["OA", undefined] }],
      ["cancel_order", { cl_ord_id: ["a", , "b"] }],
      ["batch_cancel", { orders: [undefined, "OA"] }],
      ["batch_add", { symbol, orders: [row, undefined] }],
      ["add_order", { ...LIMIT, order_qty: Object(NaN) }],
    ])
      await refused(method, params, /^A parameter, or an item of a list, has no value that JSON can express/);
  });

  test("a closing order that would lose its values is refused", async () => {
    const conditional = { order_type: "stop-loss", trigger_price: 1 };
    for (const empty of [{}, { order_type: undefined }, new Map(Object.entries(conditional)), new Set([1])])
      for (const [method, params] of [
        ["add_order", { ...LIMIT, conditional: empty }],
        ["batch_add", { symbol, orders: [row, { ...row, conditional: empty }] }],
      ])
        await refused(method, params, /^A parameter is an object without values/);
    assert.ok(
      (await written("add_order", { ...LIMIT, conditional })).includes('"conditional":{"order_type":"stop-loss","trigger_price":1}'),
    );
  });

  test("the same characters in text, and no parameters at all, pass", async () => {
    const text = await written("add_order", { ...LIMIT, cl_ord_id: "null", sender_sub_id: '{},[null,"x"]' });
    assert.ok(text.includes('"cl_ord_id":"null","sender_sub_id":"{},[null,\\"x\\"]"'), text);
    assert.ok((await written("cancel_all", {})).includes('"params":{"token":"t"}'));
  });
});

describe("prices", () => {
  const triggers = { price: 29000 };
  for (const [params, message] of [
    [{ ...LIMIT, order_type: "market" }, /`limit_price`: a market order has none, and Kraken would ignore it/],
    [{ ...LIMIT, order_type: "market", limit_price: undefined, triggers }, /`triggers`: a market order has none/],
    [{ ...LIMIT, triggers }, /`triggers`: a limit order has none/],
    [{ ...LIMIT, order_type: "stop-loss", triggers }, /`limit_price`: a stop-loss order has none/],
    [{ ...LIMIT, limit_price: undefined }, /`limit_price`: a limit order needs it/],
    [{ ...LIMIT, order_type: "stop-loss-limit" }, /`triggers`: a stop-loss-limit order needs it/],
  ])
    test(message.source, async () => {
      await refused("add_order", params, message);
      const { symbol, ...row } = params;
      await refused("batch_add", { symbol, orders: [row, row] }, /^Parameter `orders\[0\]\[/);
    });

  test("what belongs to its type passes", async () => {
    await written("add_order", { ...LIMIT, order_type: "market", limit_price: undefined });
    await written("add_order", { ...LIMIT, order_type: "stop-loss-limit", triggers });
    await written("add_order", { ...LIMIT, order_type: "trailing-stop-limit", limit_price: 0, limit_price_type: "quote", triggers });
    await written("add_order", { ...LIMIT, order_type: "brand-new", triggers });
    await written("amend_order", { order_id: "O", limit_price: 1, trigger_price: 2 });
  });
});

describe("times", () => {
  test("milliseconds for the timer are refused by name, and hours have to be meant", async () => {
    for (const timeout of [60_000, 3601])
      await refused(
        "cancel_all_orders_after",
        { timeout },
        new RegExp(`^Parameter \`timeout\`: expected whole seconds up to 3600, got ${timeout}. Are these milli`),
      );
    for (const timeout of [0.5, -1, "", "60s"]) await refused("cancel_all_orders_after", { timeout }, /`timeout`: expected whole seconds/);
    for (const timeout of [0, 60, "60", "7200"])
      assert.ok((await written("cancel_all_orders_after", { timeout })).includes(`"timeout":${timeout},`), `${timeout}`);
  });

  test("numbers where text is due are refused by name", async () => {
    for (const name of ["deadline", "expire_time", "effective_time"])
      for (const value of [1795867200750, 5000])
        await refused(
          "add_order",
          { ...LIMIT, [name]: value },
          new RegExp(`^Parameter \`${name}\`: expected .*, got ${value}, which is in`),
        );
    await refused("add_order", { ...LIMIT, deadline: "2026-11-28T12:00:00" }, /`deadline`: expected a time in RFC 3339 with its time zone/);
    for (const date of [new Date(null), new Date(1796064000), new Date(-5)])
      for (const name of ["effective_time", "expire_time"])
        await refused(
          "add_order",
          { ...LIMIT, [name]: date },
          `Parameter \`${name}\`: ${date.toISOString()} is a time before 2002. A Date is made from milliseconds: was this one made from seconds, or from nothing?`,
        );
    const date = new Date("2026-11-28T12:00:00.750Z");
    const text = await written("add_order", { ...LIMIT, deadline: date, expire_time: "+30s", effective_time: date.toISOString() });
    assert.ok(text.includes('"deadline":"2026-11-28T12:00:00.750Z","expire_time":"+30s"'), text);
  });
});

describe("options of a call are checked as those of a client are", () => {
  const order = ["add_order", LIMIT];
  for (const [what, options, message] of [
    [
      "a deadline, which belongs to the parameters",
      { deadline: 5000 },
      /^Unknown option `deadline` of add_order\. Known options: signal, timeout\./,
    ],
    ["a misspelled option", { timeOut: 5000 }, /Did you mean `timeout`\?$/],
    ["null", null, /^Invalid options of add_order: expected an object, got null\. Known options: signal, timeout\.$/],
    ["a number", 5000, /^Invalid options of add_order: expected an object, got a number\. Known options: signal, timeout\.$/],
    ["a signal that is none", { signal: "stop" }, /^Invalid `signal`: expected an AbortSignal, .* got a string\.$/],
  ])
    test(what, async () => {
      const { socket, sent } = recorder();
      await assert.rejects(socket.call(...order, options), { code: "ERR_INVALID_REQUEST", message });
      for (const call of [() => socket.ping(options), () => socket.subscribe("executions", {}, options)])
        await assert.rejects(call(), { code: "ERR_INVALID_REQUEST" });
      assert.deepEqual(sent, []);
      socket.close();
    });
});
