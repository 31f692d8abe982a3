// The owner of a key may limit the period that it may query. Kraken then does not list the orders that closed outside of it, which are not missing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Signer, SpotClient, clientOrderId, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const DAY = 86_400_000;
const MARKET = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" };

const pick = ({ key, secret }) => ({ key, secret });

/** An exchange that loses the answer to an order, and a client with a key that may query this period. */
function open(period) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey(period);
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  return { client, placed: () => exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length };
}

const hidden = { "before now": { queryTo: Date.now() - DAY }, "from tomorrow on": { queryFrom: Date.now() + DAY } };

describe("a key that may query a limited period", { concurrency: true, timeout: 60_000 }, () => {
  for (const [which, period] of Object.entries(hidden)) {
    test(`${which}: placeOrder does not send an order again that was filled`, async () => {
      const { client, placed } = open(period);
      const error = await placeOrder(client, MARKET, { deadline: 4000, timeout: 12_000 }).catch((reason) => reason);
      assert.deepEqual([error.code, placed()], ["ERR_UNKNOWN_OUTCOME", 1]);
      assert.match(error.reason, /limited the period/);
    });

    test(`${which}: a higher nonce does not prove that an order is not placed`, async () => {
      const { client } = open(period);
      const error = await client.call("AddOrder", MARKET).catch((reason) => reason);
      const { outcome, reason } = await resolveOrder(client, error, { timeout: 4000 });
      assert.equal(outcome, "unknown");
      assert.match(reason, /limited the period/);
    });

    test(`${which}: nor does the deadline, in another process or with again`, async () => {
      const { client, placed } = open(period);
      const order = { ...MARKET, cl_ord_id: clientOrderId() };
      const error = await client.call("AddOrder", order, { deadline: 4000 }).catch((reason) => reason);
      const { outcome } = await resolveOrder(client, JSON.parse(JSON.stringify(error)), { timeout: 12_000 });
      assert.equal(outcome, "unknown");
      await assert.rejects(placeOrder(client, order, { again: true, deadline: 4000, timeout: 12_000 }), { code: "ERR_UNKNOWN_OUTCOME" });
      assert.equal(placed(), 1);
    });
  }

  test("since the order was filled: an error of another process, and an earlier run, may be older", async () => {
    let ahead = -DAY;
    const exchange = new Exchange({ now: () => Date.now() + ahead });
    const first = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch });
    const order = { ...MARKET, cl_ord_id: clientOrderId() };
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await first.call("AddOrder", { ...order, deadline: new Date(Date.now() - DAY + 5000) }).catch((reason) => reason);
    ahead = 0;
    const second = new SpotClient({ ...pick(exchange.addKey({ queryFrom: Date.now() - DAY / 2 })), fetch: exchange.fetch });
    const { outcome } = await resolveOrder(second, JSON.parse(JSON.stringify(error)), { timeout: 4000 });
    assert.equal(outcome, "unknown");
    await assert.rejects(placeOrder(second, order, { again: true, deadline: 4000, timeout: 12_000 }), { code: "ERR_UNKNOWN_OUTCOME" });
    assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 1);
  });

  test("that has ended by Kraken's clock, but not by that of this machine", async () => {
    const exchange = new Exchange({ now: () => Date.now() + DAY });
    const client = new SpotClient({ ...pick(exchange.addKey({ queryTo: Date.now() + DAY / 2 })), fetch: exchange.fetch });
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await client.call("AddOrder", MARKET).catch((reason) => reason);
    assert.equal((await resolveOrder(client, error, { timeout: 4000 })).outcome, "unknown");
  });

  test("if Kraken does not tell the period of the key that looks, nothing is proven", async () => {
    const exchange = new Exchange();
    const [read, write] = [pick(exchange.addKey({ queryTo: Date.now() - DAY })), pick(exchange.addKey())];
    const isAsked = (url, { headers } = {}) => /GetApiKeyInfo$/.test(url) && new Headers(headers).get("API-Key") === read.key;
    const fetch = async (url, init) => (isAsked(url, init) ? Response.json({ error: ["EAPI:Invalid nonce"] }) : exchange.fetch(url, init));
    const client = new SpotClient({ keys: [{ ...read, use: "read" }, write], fetch });
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const lost = await client.call("AddOrder", MARKET, { deadline: 4000 }).catch((reason) => reason);
    const { outcome, reason } = await resolveOrder(client, JSON.parse(JSON.stringify(lost)), { timeout: 9000 });
    assert.equal(outcome, "unknown");
    assert.match(reason, /Invalid nonce/);
  });

  test("that hides all orders of a userref but one: it may not be the one that was lost", async () => {
    const exchange = new Exchange();
    const own = new SpotClient({ ...pick(exchange.addKey({ queryTo: Date.now() - DAY })), fetch: exchange.fetch });
    const order = { ...MARKET, ordertype: "limit", price: "10000", userref: 7 };
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const error = await own.call("AddOrder", order).catch((reason) => reason);
    exchange.fill(exchange.executions.find(({ endpoint }) => endpoint === "AddOrder").result.txid[0]);
    // A program elsewhere, of which this process knows nothing, places the same order, and it is still open.
    const { key, secret } = exchange.addKey();
    const nonce = `${Date.now()}`;
    const body = `${new URLSearchParams({ nonce, ...order })}`;
    const headers = { "API-Key": key, "API-Sign": new Signer(secret).signSpot("/0/private/AddOrder", nonce, body) };
    await exchange.fetch("https://api.kraken.com/0/private/AddOrder", { method: "POST", headers, body });
    assert.equal(exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length, 2);
    assert.equal((await resolveOrder(own, error, { timeout: 4000 })).outcome, "unknown");
  });

  test("that the order is in: it is not placed, and sent once more", async () => {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey({ queryFrom: Date.now() - DAY, queryTo: Date.now() + DAY });
    const client = new SpotClient({ key, secret, fetch: exchange.fetch });
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
    const { found } = await placeOrder(client, MARKET, { deadline: 4000, timeout: 25_000 });
    assert.equal(found, false);
  });

  test("check() warns of an end of the period, and tells it", async () => {
    const { client } = open({ queryFrom: 1000, queryTo: Date.UTC(2030, 0) });
    const { queryFrom, queryTo, warnings } = await client.check();
    assert.deepEqual([+queryFrom, +queryTo], [1000, Date.UTC(2030, 0)]);
    assert.ok(warnings.some((warning) => /query end date/.test(warning)));
  });
});
