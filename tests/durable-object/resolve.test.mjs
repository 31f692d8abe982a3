// Orders that were lost on the way through an object, and are known by their userref only: looked for by the Worker that called, and never mistaken.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startWorker } from "../harness/workerd.mjs";
import { openExchange, until } from "./helper.mjs";

const entry = new URL("resolve.worker.mjs", import.meta.url);
const objects = { KRAKEN_KEY: "KrakenKey", HANGING: "Hanging", ENDING: "Ending" };

/** Starts workerd; `ask` puts a question to the Worker beside the object, or to one in a global scope of its own. */
async function start(t) {
  const { exchange, bindings, url } = await openExchange(t);
  const worker = await startWorker(entry, { objects, outbound: url, bindings, callers: 1 });
  t.after(() => worker.stop());
  const ask = async (question, to = worker.url) => (await fetch(to, { method: "POST", body: JSON.stringify(question) })).json();
  return { exchange, ask, urls: { "the object's global scope": worker.url, "a global scope of its own": worker.callers[0] } };
}

const order = { userref: 7 };

for (const place of ["the object's global scope", "a global scope of its own"])
  describe(`in ${place}`, () => {
    test("an order that was placed is found: the object's own record of the call is no other call", { timeout: 60_000 }, async (t) => {
      const { exchange, ask, urls } = await start(t);
      exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
      const [lost, found] = await ask({ steps: ["order", "resolve"], order }, urls[place]);
      assert.equal(lost, "UnknownOutcomeError");
      assert.match(found, /^placed O/);
    });

    test("an order of another call through the object is not taken for it", { timeout: 60_000 }, async (t) => {
      const { exchange, ask, urls } = await start(t);
      exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
      const [lost, other, found] = await ask({ steps: ["order", "order", "resolve"], order }, urls[place]);
      assert.deepEqual([lost, other[0]], ["UnknownOutcomeError", "O"]);
      assert.match(found, /^unknown orders like it/);
    });
  });

test(
  "an object that ended during the call: its stub finds nothing anymore, and a new one finds the order",
  { timeout: 60_000 },
  async (t) => {
    const { exchange, ask } = await start(t);
    const delayed = exchange.inject({ fault: "delay", when: "after", ms: 10_000, endpoint: "AddOrder" });
    const object = "ENDING";
    const told = ask({ object, steps: ["order", "resolve", "resolve anew"], order: { cl_ord_id: crypto.randomUUID() }, timeout: 2000 });
    await until(() => delayed.hits && exchange.executions.length);
    await ask({ object, steps: ["end"] });
    const [lost, same, anew] = await told;
    assert.equal(lost, "UnknownOutcomeError");
    assert.match(same, /^unknown .*ended by a test/);
    assert.match(anew, /^placed O/);
  },
);

describe("an object whose options never come", () => {
  for (const endpoint of ["Balance", "AddOrder"]) {
    test(`${endpoint}: the call's own timeout ends it, and nothing was sent`, { timeout: 60_000 }, async (t) => {
      const { exchange, ask } = await start(t);
      assert.equal((await ask({ endpoint, timeout: 500 })).name, "TimeoutError");
      assert.equal(exchange.requests.length, 0);
    });

    test(`${endpoint}: so does its signal`, { timeout: 60_000 }, async (t) => {
      const { exchange, ask } = await start(t);
      assert.deepEqual(await ask({ endpoint, abort: 300 }), { name: "Error", message: "enough" });
      assert.equal(exchange.requests.length, 0);
    });
  }
});
