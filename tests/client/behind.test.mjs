// A process starts again while its clock is behind: errors and check() name the clock, the nonce that was sent, and the key's highest one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { FuturesClient, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange();
const server = await exchange.listen();
after(() => server.close());

const PROGRAM = `
const now = Date.now;
Date.now = () => now() - Number(process.env.BEHIND);
const { SpotClient } = await import("kraken-signer");
const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl } = process.env;
const kraken = new SpotClient({ key, secret, baseUrl });
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const { code, cause, hint } = await kraken.call("AddOrder", order, JSON.parse(process.env.OPTIONS)).catch((error) => error);
const { works, error, warnings } = await kraken.check();
console.log(JSON.stringify({ order: { code, hint: cause?.hint ?? hint }, report: { works, kind: error?.kind, warnings } }));
`;

/** What a process with this clock says, of a key that was used before by a process whose clock is right. */
async function start({ key, secret }, behind, options = {}) {
  await new SpotClient({ key, secret, baseUrl: server.url }).call("Balance");
  const place = { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: server.url };
  const env = { ...process.env, ...place, BEHIND: `${behind}`, OPTIONS: JSON.stringify(options) };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    env,
    cwd: new URL(".", import.meta.url),
  });
  return JSON.parse(stdout);
}

for (const [seconds, words] of [
  [10, /the clock of this machine is (9|1\d) seconds behind Kraken's\. Set the clock\./],
  [3600, /the clock of this machine is 3(599|6\d\d) seconds behind Kraken's\. Set the clock\./],
])
  test(`${seconds} seconds behind`, async () => {
    const { order, report } = await start(exchange.addKey(), seconds * 1000);
    assert.equal(order.code, "ERR_UNKNOWN_OUTCOME");
    assert.deepEqual([report.works, report.kind], [false, "nonce"]);
    for (const hint of [order.hint, report.warnings.join(" ")]) {
      assert.match(hint, words);
      assert.match(hint, /The nonce 1\d{12} is not above the highest one/);
      assert.match(hint, /`nonceFile`/);
    }
  });

test("behind, and the key has a nonce window: check() names the highest nonce", async () => {
  const { report } = await start(exchange.addKey({ nonceWindow: "7200000" }), 3_600_000);
  assert.equal(report.works, true);
  assert.match(report.warnings.join(" "), /highest nonce of the key, 1\d{12}, is 3(599|6\d\d) seconds ahead of this machine's clock/);
});

test("a deadline that an order counts from a wrong clock: the hint names the clock", async () => {
  const key = exchange.addKey({ nonceWindow: "7200000" });
  const { order } = await start(key, 3_600_000, { deadline: 10_000 });
  assert.equal(order.code, "ERR_API");
  assert.match(order.hint, /^The clock of this machine is 3(599|6\d\d) seconds behind Kraken's, and deadlines follow it/);
});

test("a deadline that has passed, as Kraken says in other words: the hint names the clock", async () => {
  const key = exchange.addKey({ nonceWindow: "7200000" });
  exchange.inject({ fault: "error", error: "EService:Deadline elapsed", endpoint: "AddOrder" });
  const { order } = await start(key, 20_000, { deadline: 10_000 });
  assert.equal(order.code, "ERR_UNKNOWN_OUTCOME");
  assert.match(order.hint, /^The clock of this machine is (19|2\d) seconds behind Kraken's, and deadlines follow it/);
});

test("a deadline of a Futures order that has passed: the hint names the clock", async () => {
  const now = Date.now;
  const futures = new FuturesClient({ ...exchange.addKey({ product: "futures" }), baseUrl: server.url });
  const order = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000, processBefore: "2026-01-01T00:00:00Z" };
  await assert.rejects(futures.post("sendorder", order), { code: "ERR_API", errors: ["wouldProcessAfterSpecifiedTime"], hint: "" });
  try {
    // Node's server tells the time by another clock.
    Date.now = () => now() - 20_000;
    await assert.rejects(futures.post("sendorder", order), { hint: /^The clock of this machine is (19|2\d) seconds behind Kraken's/ });
  } finally {
    Date.now = now;
  }
});

test("a client order id that an open order has: the hint says so", async () => {
  const client = new SpotClient({ ...exchange.addKey(), baseUrl: server.url });
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01", cl_ord_id: "message-1" };
  await client.call("AddOrder", order);
  await assert.rejects(
    client.call("AddOrder", order),
    ({ kind, hint }) => kind === "arguments" && /same order.*`placeOrder` returns it.*another id/.test(hint),
  );
  await assert.rejects(
    client.call("AddOrder", { ...order, cl_ord_id: "message-2", userref: 7 }),
    ({ errors: [error], hint }) => /cl_ord_id and userref/.test(error) && !/same order/.test(hint),
  );
});
