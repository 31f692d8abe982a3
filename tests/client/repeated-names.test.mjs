// JSON with a name twice: an answer that says two different things proves nothing, and a text for `json` that does is not sent.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { loadSource } from "../harness/sources.mjs";

const { certainJsonOf, jsonOf, repeatedName } = await loadSource("rest/answer/json");

const key = "k".repeat(56);
const secret = Buffer.alloc(64, 7).toString("base64");
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "50000", volume: "0.01" };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };

const answering = (Client, body) => {
  let sent = 0;
  const client = new Client({ key, secret, retries: 0, fetch: async () => (sent++, new Response(body)) });
  return { client, sent: () => sent };
};

const done = '"result":{"descr":{"order":"x"},"txid":["O1"]}';
const rejected = '"error":["EOrder:Insufficient funds"]';

test("an answer of Spot whose two values of a name differ is an unknown outcome of a write", async () => {
  for (const body of [
    `{${rejected},"error":[],${done}}`,
    `{"error":[],${rejected}}`,
    `{"error":[],"result":{"txid":[]},${done}}`,
    '{"error":[],"result":{"descr":{"order":"x"},"txid":["O1"],"txid":["O2"]}}',
    `{${rejected},"err\\u006fr":[],${done}}`,
  ]) {
    const { client, sent } = answering(SpotClient, body);
    await assert.rejects(client.call("AddOrder", ORDER), { code: "ERR_UNKNOWN_OUTCOME" }, body);
    assert.equal(sent(), 1);
  }
});

test("a name twice with the same value, or in two objects, is no contradiction", async () => {
  for (const body of [
    `{"error":[], "error": [],${done}}`,
    `{"error":[],"result":{"descr":{"order":"\\"a\\":1, {"},"txid":["O1"],"a":[{"b":1},{"b":2}]}}`,
  ])
    assert.deepEqual((await answering(SpotClient, body).client.call("AddOrder", ORDER)).txid, ["O1"], body);
  const { client } = answering(SpotClient, `{${rejected},${rejected}}`);
  await assert.rejects(client.call("AddOrder", ORDER), { code: "ERR_API" });
});

test("an answer of Futures whose two values of a name differ is an unknown outcome of a write", async () => {
  for (const body of [
    '{"result":"error","result":"success","sendStatus":{"status":"placed","order_id":"1"}}',
    '{"result":"success","sendStatus":{"status":"placed","status":"insufficientAvailableFunds","order_id":"1"}}',
    '{"result":"success","result":"error","error":"invalidArgument"}',
  ])
    await assert.rejects(answering(FuturesClient, body).client.post("sendorder", FUTURES), { code: "ERR_UNKNOWN_OUTCOME" }, body);
});

test("a private read whose answer contradicts itself is no answer, and public reads are as JSON.parse reads them", async () => {
  const body = '{"error":[],"result":{"XXBT":"1","XXBT":"2"}}';
  await assert.rejects(answering(SpotClient, body).client.call("Balance"), { code: "ERR_RESPONSE" });
  assert.deepEqual(await answering(SpotClient, body).client.call("Assets"), { XXBT: "2" });
});

test("an answer that is nested too deeply is an unknown outcome of a write", async () => {
  const deep = `{"error":[],"result":{"txid":["O1"],"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
  await assert.rejects(answering(SpotClient, deep).client.call("AddOrder", ORDER), { code: "ERR_UNKNOWN_OUTCOME" });
});

test("the text of `json` is checked as an object is, and nothing is sent", async () => {
  const row = '"order":"send","order_tag":"1","symbol":"PF_XBTUSD","side":"buy","size":1';
  for (const [json, message] of [
    [`{"batchOrder":[{${row},"orderType":"mkt","limitPrice":5}]}`, /limitPrice.*a mkt order has none/],
    [`{"batchOrder":[{${row},"orderType":"lmt"}]}`, /limitPrice.*a lmt order needs it/],
    [`{"batchOrder":[{${row},"orderType":"mkt","processBefore":"2030-01-01T00:00:00Z"}]}`, /processBefore.*belongs to the whole batch/],
    [`{"batchOrder":[{${row},"orderType":"mkt","size":2}]}`, /"size" twice in one object/],
    ['{"batchOrder":[],"batchOrder":[]}', /"batchOrder" twice in one object/],
  ]) {
    const { client, sent } = answering(FuturesClient, "{}");
    await assert.rejects(client.post("batchorder", { json }), { code: "ERR_INVALID_REQUEST", message }, json);
    assert.equal(sent(), 0);
  }
});

/** Returns a function that writes random JSON, with names that are often repeated if there are few of them. */
const writer = (seed, names) => {
  let state = seed;
  const next = (below) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16) % below;
  const one = (of) => of[next(of.length)];
  const space = () => one(["", "", "", " ", "\n", "\t \r\n"]);
  const quoted = (text) => one([JSON.stringify(text), JSON.stringify(text).replace("a", "\\u0061")]);
  const list = (length, item) => Array.from({ length }, item).join(`${space()},${space()}`);
  const value = (depth) => {
    const kind = next(depth > 3 ? 5 : 9);
    if (kind === 0) return one(["null", "true", "0", "-1.5e3", "9007199254740993", "18446744073709551615"]);
    if (kind < 5) return quoted(one(["", "x", "a", 'a":1', '\\":"', "12:30:00", '{"a":1,"a":2}', "\\", '"', " : "]));
    if (kind === 5) return `[${space()}${list(next(4), () => value(depth + 1))}${space()}]`;
    const object = list(next(4), () => `${quoted(one(names))}${space()}:${space()}${value(depth + 1)}`);
    return `{${space()}${object}${space()}}`;
  };
  return () => `${space()}${value(0)}${space()}`;
};

test("counting the names never hides one that is repeated, in any text", () => {
  const names = ["a", "aa", "__proto__", "constructor", "1", "01", "", 'a":', "a\\", '":"'];
  const found = { certain: 0, contradictory: 0 };
  for (const several of [names, names.slice(0, 2), Array.from({ length: 500 }, (_, number) => `name ${number}`)]) {
    const write = writer(several.length, several);
    for (let number = 0; number < 4000; number++) {
      const text = write();
      const isContradictory = repeatedName(text, true) !== undefined;
      assert.deepEqual(certainJsonOf(text), isContradictory ? undefined : jsonOf(text), text);
      found[isContradictory ? "contradictory" : "certain"]++;
    }
  }
  assert.ok(found.certain > 5000 && found.contradictory > 300, JSON.stringify(found));
});

test("the depth of a text changes nothing, up to where it is too deep", () => {
  const nested = (depth, inside) => `${"[".repeat(depth)}${inside}${"]".repeat(depth)}`;
  for (const depth of [50, 99, 100, 101, 1000]) {
    assert.deepEqual(certainJsonOf(nested(depth, '{"a":1}')), JSON.parse(nested(depth, '{"a":1}')));
    assert.equal(certainJsonOf(nested(depth, '{"a":1,"a":2}')), undefined);
  }
  assert.equal(certainJsonOf(nested(50_000, '{"a":1}')), undefined);
});

test("a property that a program added to all objects hides no repeated name", () => {
  Object.prototype.added = 1;
  try {
    assert.equal(certainJsonOf('{"a":1,"a":2}'), undefined);
  } finally {
    delete Object.prototype.added;
  }
});

test("only text that may have a repeated name is read a second time", (t) => {
  const match = t.mock.method(String.prototype, "match");
  const reads = (text) => {
    match.mock.resetCalls();
    certainJsonOf(text);
    return match.mock.callCount();
  };
  const order = { vol: "1.25", at: "2026-01-01T00:00:00Z", descr: { order: "buy 1.25", close: "" }, trades: ["T1"] };
  assert.equal(reads(JSON.stringify({ error: [], result: { open: { O1: order, O2: order } } }, undefined, 2)), 0);
  assert.equal(reads('{"a":1,"a":1}'), 1);
  assert.equal(reads(JSON.stringify({ text: '"a":1' })), 1);
});
