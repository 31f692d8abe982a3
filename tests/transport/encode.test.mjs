// One structure, of which form and JSON are two renderings; what has no exact meaning is refused by name.
import assert from "node:assert/strict";
import test from "node:test";
import { FORMS } from "./forms.mjs";
import { load } from "./source.mjs";

const { bracketed, encode, escaped, repeated } = await load("request/encode");
const { spotTimes } = await load("spot/endpoints");
const CONVENTIONS = { lists: "txid id asset pair oflags fields", times: spotTimes };
const spot = (params) => encode(params, { ...CONVENTIONS, style: bracketed });
const futures = (params) => encode(params, { style: repeated });
const jsonOf = (encoded) => `{${encoded.json()}}`;

/** Refused, with this message exactly. */
function refused(params, message, encoding = spot) {
  assert.throws(
    () => encoding(params),
    (error) => {
      assert.equal(error.name, "InvalidRequestError", error.stack);
      assert.equal(error.code, "ERR_INVALID_REQUEST");
      if (message instanceof RegExp) assert.match(error.message, message);
      else assert.equal(error.message, message);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    },
  );
}

test("parameters are encoded as a form", async (t) => {
  for (const [name, params, form] of FORMS) await t.test(name, () => assert.equal(spot(params).form, form));
});

test("parameters are encoded as JSON", () => {
  const params = { price: "+5%", volume: 1.5, oflags: ["post", "fcib"], big: 2n ** 64n, yes: true, no: undefined, odd: '"\\\n' };
  const json = '{"price":"+5%","volume":1.5,"oflags":"post,fcib","big":18446744073709551616,"yes":true,"odd":"\\"\\\\\\n"}';
  assert.equal(jsonOf(spot(params)), json);
  assert.equal(jsonOf(spot({ orders: ["a", 1], cl_ord_ids: ["b"] })), '{"orders":["a",1],"cl_ord_ids":["b"]}');
  assert.equal(jsonOf(spot({ orders: [{ close: { price2: "#5%" } }] })), '{"orders":[{"close":{"price2":"#5%"}}]}');
  assert.equal(jsonOf(spot({})), "{}");
});

test("names with brackets are structures, in a form and in JSON", () => {
  const flat = { pair: "XBTUSD", "close[ordertype]": "stop-loss", "close[price]": "-10%" };
  const encoded = spot(flat);
  assert.deepEqual(encoded.structure, { pair: "XBTUSD", close: { ordertype: "stop-loss", price: "-10%" } });
  assert.equal(jsonOf(encoded), '{"pair":"XBTUSD","close":{"ordertype":"stop-loss","price":"-10%"}}');
  assert.equal(encoded.form, "pair=XBTUSD&close%5Bordertype%5D=stop-loss&close%5Bprice%5D=-10%25");
  const nested = spot({ pair: "XBTUSD", close: { ordertype: "stop-loss", price: "-10%" } });
  assert.deepEqual([nested.form, nested.json()], [encoded.form, encoded.json()]);
  const merged = spot({ "orders[0][price]": "1", orders: [{ volume: "2" }], "orders[1][volume]": "3" });
  assert.deepEqual(merged.structure, { orders: [{ price: "1", volume: "2" }, { volume: "3" }] });
  assert.deepEqual(spot({ a: { "b[c]": 1, b: { d: 2 } } }).structure, { a: { b: { c: 1, d: 2 } } });
  assert.equal(spot({ "txid[0]": "a", "txid[1]": "b" }).form, "txid=a%2Cb");
});

test("a name that is given twice is refused, in either spelling", () => {
  const message = (name) => `Parameter \`${name}\`: given twice. Write it once, either nested or as a name with brackets.`;
  refused({ close: { price: 1 }, "close[price]": 1 }, message("close[price]"));
  refused({ "close[price]": 1, close: { price: 1 } }, message("close[price]"));
  refused({ close: "x", "close[price]": 1 }, message("close"));
  refused({ "close[price]": 1, close: "x" }, message("close"));
  refused({ orders: [{ a: 1 }], "orders[0][a]": 1 }, message("orders[0][a]"));
  refused({ orders: ["a"], "orders[0]": "b" }, message("orders[0]"));
  refused({ txid: "a", "txid[0]": "b" }, message("txid"));
  refused({ "a[b]": "x", a: { b: { c: 1 } } }, message("a[b]"));
  refused({ "a[b]": "x", a: { b: [1] } }, message("a[b]"));
});

test("lists are sent with all of their items and nothing else", () => {
  refused({ "orders[1][a]": 1 }, "Parameter `orders`: item 0 of the list is missing.");
  refused({ "orders[0]": 1, "orders[2]": 1 }, "Parameter `orders`: item 1 of the list is missing.");
  refused({ "orders[0]": 1, "orders[a]": 1 }, "Parameter `orders`: both items of a list and names in it. Which of them was meant?");
});

test("numbers are sent only if their text is exact", async (t) => {
  const cases = [
    [0.1 + 0.2, '0.30000000000000004 has more digits than were meant. Pass a string, such as "0.3".'],
    [1.1 * 1.1, '1.2100000000000002 has more digits than were meant. Pass a string, such as "1.21".'],
    [1e-7, '1e-7 would be sent in exponent form. Pass a string, such as "0.0000001".'],
    [-7.3e-7, '-7.3e-7 would be sent in exponent form. Pass a string, such as "-0.00000073".'],
    [1e21, '1e+21 would be sent in exponent form. Pass a string, such as "1000000000000000000000".'],
    [1.5e-10, '1.5e-10 would be sent in exponent form. Pass a string, such as "0.00000000015".'],
    [3e-7 * 1.1, '3.3e-7 would be sent in exponent form. Pass a string, such as "0.00000033".'],
    [1e-7 * 3.3, '3.2999999999999996e-7 would be sent in exponent form. Pass a string, such as "0.00000033".'],
    [2 ** 53, '9007199254740992 is more than a number holds exactly. Pass a bigint, or a string: "9007199254740992", if that was meant.'],
    [
      1e20,
      '100000000000000000000 is more than a number holds exactly. Pass a bigint, or a string: "100000000000000000000", if that was meant.',
    ],
    [1234567890123456, '1234567890123456 has more than 15 digits, of which a number may lose some. Pass a string, "1234567890123456".'],
    [
      1234567890123456.75,
      '1234567890123456.8 has more than 15 digits, of which a number may lose some. Pass a string, "1234567890123456.8".',
    ],
    [-1000000000000001, '-1000000000000001 has more than 15 digits, of which a number may lose some. Pass a string, "-1000000000000001".'],
    [-0, "-0 is not a number that was meant. Pass 0."],
    [NaN, "NaN is not a number that can be sent. Check what it was computed from."],
    [-Infinity, "-Infinity is not a number that can be sent. Check what it was computed from."],
  ];
  for (const [value, problem] of cases) await t.test(`${value}`, () => refused({ volume: value }, `Parameter \`volume\`: ${problem}`));
  refused({ passcode: 0.1 + 0.2 }, "Parameter `passcode`: a number that is not exact. Pass a string.");
  // What is suggested can be sent.
  for (const [value, problem] of cases) {
    const text = /"(.*)"/.exec(problem)?.[1];
    if (text) assert.ok(Math.abs(Number(text) - value) <= Math.abs(value) * 1e-14, text);
  }
});

test("decimals of up to fifteen digits are sent as they are written", () => {
  let state = 1;
  for (let i = 0; i < 20_000; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const digits = `${state}${(state * 7919) % 99991}`.slice(0, 1 + (state % 15));
    const text = `${digits.slice(0, -3) || "0"}.${digits.slice(-3)}`.replace(/^0+(?=\d)/, "").replace(/\.?0+$/, "");
    if (Math.abs(Number(text)) < 1e-6) continue;
    assert.equal(spot({ a: Number(text) }).form, `a=${text}`);
  }
});

test("times are sent in seconds", () => {
  refused(
    { start: 1700000000000 },
    "Parameter `start`: expected seconds since 1970, got 1700000000000, which is in milliseconds. Pass a `Date`, or seconds.",
  );
  refused({ start: "1700000000000" }, /which is in milliseconds/);
  refused({ price: new Date() }, "Parameter `price`: a Date is not accepted here. Pass a string, such as date.toISOString().");
  refused({ start: new Date(NaN) }, "Parameter `start`: an invalid Date. Check the text it was made from.");
  refused({ start: new Date("6000-01-01T00:00:00Z"), txid: [new Date(0)] }, /Parameter `txid\[0\]`: a Date/);
  assert.equal(
    spot({ start: 1700000000.5, end: "LABCDE-12345", trades: 1700000000000 }).form,
    "start=1700000000.5&end=LABCDE-12345&trades=1700000000000",
  );
});

test("invalid parameters are refused by name, with advice", async (t) => {
  const cycle = {};
  cycle.self = cycle;
  const fresh = (name, source) => `Parameter \`${name}\`: a fresh one comes from ${source} with every request. Leave it out.`;
  const notPlain = (what) => `Invalid parameters: expected a plain object, such as { pair: "XBTUSD" }, got ${what}.`;
  const cases = [
    ["null", { a: null }, "Parameter `a`: null has no meaning for Kraken. Leave it out."],
    ["undefined in a list", { a: [undefined] }, "Parameter `a[0]`: undefined has no meaning for Kraken. Leave it out."],
    ["a hole in a list", { a: [, 1] }, "Parameter `a[0]`: undefined has no meaning for Kraken. Leave it out."],
    ["a function", { a: () => "s3cret" }, "Parameter `a`: a function cannot be sent. Pass a string."],
    ["a symbol", { a: Symbol("s3cret") }, "Parameter `a`: a symbol cannot be sent. Pass a string."],
    ["a Map", { a: new Map() }, "Parameter `a`: an instance of Map cannot be sent. Pass a string."],
    ["bytes", { a: new Uint8Array(1) }, "Parameter `a`: an instance of Uint8Array cannot be sent. Pass a string."],
    ["a decimal of a library", { a: new (class Decimal {})() }, "Parameter `a`: an instance of Decimal cannot be sent. Pass a string."],
    [
      "an object in a comma list",
      { txid: [{ a: 1 }] },
      "Parameter `txid[0]`: Kraken takes this list joined by commas, so its items must be text.",
    ],
    ["an empty list", { txid: [] }, "Parameter `txid`: an empty list. Leave it out, or name at least one."],
    ["an empty object", { close: { price: undefined } }, "Parameter `close`: an object without values. Leave it out."],
    [
      "a lone surrogate",
      { a: "s3cret\ud800" },
      "Parameter `a`: a lone surrogate, which has no bytes. The text was cut within a character.",
    ],
    ["a nonce", { nonce: 1 }, fresh("nonce", "the client")],
    ["a nonce in capitals", { NONCE: 1 }, fresh("NONCE", "the client")],
    ["a nonce with brackets", { "nonce[0]": 1 }, fresh("nonce[0]", "the client")],
    ["an otp", { otp: "s3cret" }, fresh("otp", "the client's option `otp`")],
    ["empty brackets", { "txid[]": 1 }, "Parameter `txid[]`: empty brackets. Give a list, or an index, such as `txid[0]`."],
    ["__proto__", JSON.parse('{"__proto__":{"a":1}}'), "Parameter `__proto__`: not a name of a parameter."],
    ["__proto__, nested", { a: JSON.parse('{"__proto__":1}') }, "Parameter `a[__proto__]`: not a name of a parameter."],
    ["__proto__, in brackets", { "a[__proto__]": 1 }, "Parameter `a[__proto__]`: not a name of a parameter."],
    ["constructor", { constructor: 1 }, "Parameter `constructor`: not a name of a parameter."],
    ["an empty name", { "": 1 }, /not a name/],
    ["a name with &", { "a&nonce": 1 }, /Parameter `a&nonce`: not a name of a parameter\. Names have letters/],
    ["a bracket that is not closed", { "a[b": 1 }, /not a name/],
    ["text after a bracket", { "a[b]c": 1 }, /not a name/],
    ["control characters in a name", { "a\x1b[2J": 1 }, /Parameter `a\?\[2J`: not a name/],
    ["a cycle", cycle, /nested more than 10 levels deep\. Does it contain itself\?$/],
    ["a path as deep", { [`a${"[b]".repeat(11)}`]: 1 }, /nested more than 10 levels/],
    ["a list that is too long", { a: new Array(1e7) }, "Parameter `a`: a list of more than 10000 items."],
    ["parameters that are a list", [], notPlain("an array")],
    ["parameters that are null", null, notPlain("null")],
    ["parameters that are text", "a=1", notPlain("a string")],
    ["parameters with a class", new URLSearchParams("a=1"), notPlain("an instance of URLSearchParams")],
  ];
  for (const [name, params, message] of cases) await t.test(name, () => refused(params, message));
});

test("each property is read exactly once, before the call returns", () => {
  const reads = {};
  const watched = (object, path = "") =>
    new Proxy(object, {
      get(target, name, self) {
        const value = Reflect.get(target, name, self);
        if (typeof name === "symbol" || Array.isArray(target)) return value;
        reads[path + name] = (reads[path + name] ?? 0) + 1;
        return Object(value) === value ? watched(value, `${path}${name}.`) : value;
      },
    });
  let price = 0;
  const params = {
    pair: "XBTUSD",
    get price() {
      return `${++price}%`;
    },
    close: { ordertype: "limit" },
    "a[b]": 1,
  };
  const encoded = spot(watched(params));
  const first = [encoded.form, encoded.json(), JSON.stringify(encoded.structure), encoded.percentPrice];
  params.pair = "ETHUSD";
  params.close.ordertype = "market";
  assert.deepEqual([encoded.form, encoded.json(), JSON.stringify(encoded.structure), encoded.percentPrice], first);
  assert.match(encoded.form, /price=1%25/);
  assert.equal(price, 1);
  assert.deepEqual(reads, { pair: 1, price: 1, close: 1, "close.ordertype": 1, "a[b]": 1 });
  assert.throws(() => (encoded.structure.close.ordertype = "x"), TypeError);
  assert.throws(() => (encoded.structure.pair = "x"), TypeError);
  Object.freeze(params);
});

test("a price with a percent sign is recognized anywhere in the parameters", () => {
  for (const params of [
    { price: "+5%" },
    { price2: "#5%" },
    { limit_price: "-1%" },
    { close: { price: "5%" } },
    { "close[price2]": "5%" },
    { orders: [{ price: "1" }, { close: { price: "5%" } }] },
  ]) {
    assert.equal(spot(params).percentPrice, true, JSON.stringify(params));
  }
  for (const params of [{ price: "5" }, { note: "5%" }, { price: 5, reason: "100%" }, {}]) assert.equal(spot(params).percentPrice, false);
});

test("Futures forms repeat the name for lists, and contain objects as JSON", () => {
  assert.equal(futures({ orderIds: ["a", "b"], reduceOnly: true }).form, "orderIds=a&orderIds=b&reduceOnly=true");
  const batch = { batchOrder: [{ order: "send", size: 1, reduceOnly: false, note: undefined, limitPrice: 1.5, ids: ["x", "y"] }] };
  const text = '{"batchOrder":[{"order":"send","size":1,"reduceOnly":false,"limitPrice":1.5,"ids":["x","y"]}]}';
  assert.equal(futures({ json: batch, ProcessBefore: "x" }).form, `json=${encodeURIComponent(text)}&ProcessBefore=x`);
  assert.equal(futures({ "json[batchOrder][0][order]": "send" }).form, `json=${encodeURIComponent('{"batchOrder":[{"order":"send"}]}')}`);
  refused({ a: [["b"]] }, "Parameter `a[0]`: a list in a list cannot be sent here. Pass it as JSON text.", futures);
  refused({ lastFillTime: new Date() }, /Parameter `lastFillTime`: a Date is not accepted here/, futures);
  refused({ cliOrdIds: ["a"], "cliOrdIds[0]": "b" }, /given twice/, futures);
});

test("escaped text contains only characters that a URL leaves unchanged", () => {
  for (const text of ["it's (a) *test*!", "a b", "ä", "a_b-c.d"]) {
    const { href } = new URL(`https://x/?a=${escaped(text)}`);
    assert.equal(href, `https://x/?a=${escaped(text)}`);
    assert.equal(decodeURIComponent(escaped(text)), text);
  }
});

// Random structures.

function generator(seed) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const NAMES = ["kind", "price", "price2", "volume", "close", "orders", "ordertype", "a", "b-c", "d.e", "f_g", "X1"];
  const TEXTS = ["", "XBTUSD", "+5%", "a&b=c", "ä😀", " ", '"\\\n', "0.10", "true", "[0]", "it's"];
  const scalar = () =>
    pick([() => pick(TEXTS), () => below(1e6), () => below(1e6) / 1000, () => next() < 0.5, () => BigInt(below(1e9)) ** 3n])();
  const value = (depth) => {
    const kind = depth > 3 ? 0 : next();
    if (kind < 0.6) return scalar();
    if (kind < 0.8) return Array.from({ length: 1 + below(3) }, () => value(depth + 1));
    return object(depth + 1, 1 + below(3));
  };
  const object = (depth, size) => Object.fromEntries(Array.from({ length: size }, () => [pick(NAMES), value(depth)]));
  return { object, next, below };
}

/** Writes some of what is nested as names with brackets. */
function flattened(structure, next) {
  const flat = {};
  const put = (place, value) => {
    if (Object(value) === value && next() < 0.7) for (const [name, inner] of Object.entries(value)) put(`${place}[${name}]`, inner);
    else flat[place] = value;
  };
  for (const [name, value] of Object.entries(structure)) put(name, value);
  return flat;
}

/** Reads a form as PHP, Rails and qs do. */
function parseForm(form) {
  const root = {};
  for (const pair of form ? form.split("&") : []) {
    const [name, value] = pair.split("=").map(decodeURIComponent);
    const path = name.replaceAll("]", "").split("[");
    let at = root;
    path.forEach((step, i) => {
      if (i === path.length - 1) {
        assert.ok(!(step in at), `${name} twice`);
        at[step] = value;
      } else at = at[step] ??= /^\d+$/.test(path[i + 1]) ? [] : {};
    });
  }
  return root;
}

/** A form has text only. */
const asText = (value) =>
  Array.isArray(value)
    ? value.map(asText)
    : Object(value) === value
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]))
      : `${value}`;

/** JSON with integers as bigints, so that none loses digits. */
const parseJson = (text) =>
  JSON.parse(
    text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}/g, (token) => (token.startsWith('"') ? token : `"\\u0000${token}"`)),
    (_, value) => (typeof value === "string" && value.startsWith("\0") ? value.slice(1) : value),
  );

test("for 20,000 random structures, the form, the JSON and the structure are equivalent, also if written flat", (t) => {
  const { object, next, below } = generator(16);
  let flat = 0;
  for (let i = 0; i < 20_000; i++) {
    const params = object(0, below(5));
    const encoded = spot(params);
    const expected = asText(params);
    assert.deepEqual(asText(encoded.structure), expected);
    assert.deepEqual(parseForm(encoded.form), expected);
    assert.deepEqual(asText(parseJson(jsonOf(encoded))), expected);
    const names = flattened(params, next);
    if (Object.keys(names).some((name) => name.includes("["))) flat++;
    const other = spot(names);
    assert.deepEqual(other.structure, encoded.structure);
    assert.equal(other.form, encoded.form);
    assert.equal(other.json(), encoded.json());
    assert.deepEqual(new URLSearchParams(encoded.form).size, encoded.form ? encoded.form.split("&").length : 0);
  }
  assert.ok(flat > 3000, `${flat}`);
  t.diagnostic(`20000 structures, ${flat} of them also as flat names`);
});

test("for 20,000 random Futures structures, the form is equivalent to the structure", () => {
  const { object, below } = generator(7);
  for (let i = 0; i < 20_000; i++) {
    const params = object(2, below(5));
    let encoded;
    try {
      encoded = futures(params);
    } catch (error) {
      assert.match(error.message, /a list in a list/);
      continue;
    }
    const expected = Object.entries(params).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, Object(one) === one ? asText(one) : `${one}`]),
    );
    const read = [...new URLSearchParams(encoded.form)].map(([name, text], at) => [
      name,
      typeof expected[at][1] === "string" ? text : asText(parseJson(text)),
    ]);
    assert.deepEqual(read, expected);
    assert.deepEqual(asText(parseJson(jsonOf(encoded))), asText(params));
  }
});
