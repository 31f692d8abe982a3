// JSON with a name twice: an answer that says two different things proves nothing, and a text for `json` that does is not sent.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";

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
