// Many calls of a realistic mix in simulated time. A process of its own, because the test runner watches every promise of its own process, which takes long.
import { SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { randomFrom } from "../exchange/random.mjs";
import { virtualTime } from "./virtual-time.mjs";

/** All spellings of a pair have one counter. */
const SPELLED = { XBTUSD: ["XBTUSD", "XXBTZUSD", "XBT/USD"], ETHUSD: ["ETHUSD", "XETHZUSD"], SOLUSD: ["SOLUSD", "SOL/USD"] };
const READS = ["Balance", "BalanceEx", "TradeBalance", "OpenOrders", "ClosedOrders", "Ledgers", "TradesHistory", "TradeVolume"];

/** Callers that make calls until there were enough: some read, and others trade a pair. */
function crowd({ clients, time, calls, draw, makers, enough }) {
  let left = calls;
  let made = 0;
  const call = async (...args) => {
    left -= 1;
    if (left === 0) enough();
    return clients[made++ % clients.length].call(...args);
  };
  const one = (list) => list[Math.floor(draw() * list.length)];
  const reader = async () => {
    while (left > 0) await call(one(READS));
  };
  const limit = { type: "buy", ordertype: "limit", price: "10", volume: "1" };
  const quote = async (pair) => {
    const { txid } = await call("AddOrder", { ...limit, pair: one(SPELLED[pair]) });
    await time.later(draw() * 40_000);
    const chance = draw();
    if (chance < 0.1) await call("AmendOrder", { txid: txid[0], limit_price: "11" });
    const [last] = chance > 0.95 ? [(await call("EditOrder", { txid: txid[0], pair, price: "12" })).txid] : txid;
    if (chance < 0.05) await time.later(draw() * 10_000);
    await call("CancelOrder", { txid: last });
  };
  const batch = async (pair) => {
    const { orders } = await call("AddOrderBatch", { pair, orders: [limit, limit, limit] });
    await time.later(draw() * 100_000);
    await call("CancelOrderBatch", { orders: orders.map(({ txid }) => txid) });
  };
  const maker = async (pair) => {
    while (left > 0) await (draw() < 0.02 ? batch(pair) : quote(pair));
  };
  const guard = async () => {
    // At first, it would come after one order of each maker, as it was called after them.
    for (await time.later(10_000); left > 0; await time.later(30_000)) await call("CancelAllOrdersAfter", { timeout: 3600 });
  };
  const traders = Object.keys(SPELLED).flatMap((pair) => Array.from({ length: makers }, () => maker(pair)));
  return Promise.all([...traders, reader(), reader(), reader(), reader(), guard()]);
}

async function load({ tier, calls, makers, assumptions, clients = 1 }) {
  const time = virtualTime();
  const exchange = new Exchange({ rateLimit: tier, assumptions });
  const key = exchange.addKey();
  const draw = randomFrom(7);
  let busy = 0;
  const fetch = async (...args) => {
    await time.later(draw() * 60);
    busy += 1;
    const answer = await exchange.fetch(...args).finally(() => (busy -= 1));
    await time.later(draw() * 60);
    return answer;
  };
  const cancels = [];
  const hooks = { onRequest: ({ endpoint, queued }) => endpoint.startsWith("Cancel") && cancels.push(queued) };
  const options = { ...key, fetch, rateLimit: tier, timeout: 2 ** 31 - 1, hooks };
  const all = Array.from({ length: clients }, () => new SpotClient(options));
  let end;
  const settings = { clients: all, time, calls, draw, makers, enough: () => (end = Date.now()) };
  await time.run(crowd(settings), () => busy > 0);
  const { executions, requests } = exchange;
  return {
    end,
    slowestCancel: Math.max(...cancels),
    errors: requests.flatMap(({ errors }) => errors),
    executions: executions.map(({ endpoint, params, result, time }) => ({ endpoint, params, result, time })),
  };
}

process.once("message", async (settings) => {
  const outcome = await load(settings);
  process.send(outcome, () => process.disconnect());
});
