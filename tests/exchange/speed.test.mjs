// How many signed orders the exchange takes on one core. An order is compared with a yardstick, which is measured in the same process and at the
// same time: the least work with a request that any exchange does. So a slow or busy machine passes, and a slow exchange does not.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Spot } from "./helper.mjs";

/** Until everything is compiled, which takes the first ten thousand orders, and then some rounds to choose from. */
const ROUNDS = { http: 4, handle: 10, fetch: 8 };
const ORDERS = 2_000;
const PART = 250;
/** The most that an order may take, in yardsticks: one and a half times what was measured on a busy machine (Node 20 and 26). */
const MOST = { http: 4.5, handle: 6.5, fetch: 4.5, window: 7.5 };

async function start(t) {
  const child = fork(fileURLToPath(new URL("speed.program.mjs", import.meta.url)), { execArgv: [] });
  t.after(() => child.disconnect());
  const ask = async (message) => {
    child.send(message);
    return (await once(child, "message"))[0];
  };
  const [{ url, bare, ...key }] = await once(child, "message");
  const client = new Spot(key, undefined, url);
  /** Signed before the clock starts. */
  const signed = () =>
    Array.from({ length: ORDERS }, (_, i) => {
      const [target, { method, headers, body }] = client.request("AddOrder", {
        pair: "XBTUSD",
        type: i % 2 ? "buy" : "sell",
        ordertype: "market",
        volume: "0.001",
      });
      return [target, { method, headers, body }];
    });
  return { ask, signed, url, bare };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Compares the later half of the rounds, in which everything is compiled. */
async function compare(t, name, round) {
  const rounds = [];
  for (let i = 0; i < ROUNDS[name]; i++) rounds.push(await round());
  judge(t, name, rounds.slice(rounds.length >> 1).flat());
}

function judge(t, name, parts) {
  const order = median(parts.map((part) => part.order));
  const ratio = order / median(parts.map(({ yardstick }) => yardstick));
  t.diagnostic(`${ratio.toFixed(2)} yardsticks, ${order.toFixed(0)} µs an order: ${Math.round(1e6 / order)} a second`);
  assert.ok(ratio < MOST[name], `an order took as long as ${ratio.toFixed(2)} yardsticks`);
}

test("an order over HTTP takes the exchange little longer than a bare server", { timeout: 120_000 }, async (t) => {
  const { ask, signed, url, bare } = await start(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const post = (target, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = request(target, { agent, method, headers }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(JSON.parse(text).error);
      });
      sent.on("error", reject).end(body);
    });
  const spend = async (requests) => {
    await ask({ what: "start" });
    const errors = [];
    for (const one of requests) errors.push(...(await post(...one)));
    assert.deepEqual(errors, []);
    return (await ask({ what: "stop" })).microseconds / requests.length;
  };
  await compare(t, "http", async () => {
    const parts = [];
    const requests = signed();
    for (let i = 0; i < ORDERS; i += PART) {
      const part = requests.slice(i, i + PART);
      const yardstick = await spend(part.map(([target, init]) => [target.replace(url, bare), init]));
      parts.push({ yardstick, order: await spend(part) });
    }
    return parts;
  });
});

for (const [name, what] of [
  ["an order in memory takes the exchange little longer than the check of its signature, as bytes", "handle"],
  ["an order in memory takes the exchange little longer than the check of its signature, through fetch", "fetch"],
])
  test(name, { timeout: 120_000 }, async (t) => {
    const { ask, signed } = await start(t);
    await compare(t, what, async () => {
      const { executed, parts } = await ask({ what, requests: signed() });
      assert.equal(executed, ORDERS);
      return parts;
    });
  });

test(
  "an order takes as long after six thousand others, with all their nonces in the window of its key",
  { timeout: 120_000 },
  async (t) => {
    const { ask } = await start(t);
    const { parts, verdicts } = await ask({ what: "inWindow", count: 6_000 });
    assert.deepEqual(verdicts, ["executed"]);
    judge(t, "window", parts.slice(-15));
  },
);
