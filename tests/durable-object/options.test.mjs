// The function that returns the options of an object may take long, and is asked again meanwhile. The object has one client and one lane all the same.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";
import { later, nonces, refused, rising } from "./helper.mjs";

/** Longer than an object waits for its options before it asks again, in milliseconds. */
const TOO_LONG = 31_000;

const exchange = new Exchange();
const server = await exchange.listen();
after(() => server.close());
const { key, secret } = exchange.addKey();
const worker = await startWorker(new URL("options.worker.mjs", import.meta.url), {
  objects: { OBJECT: "Asked" },
  bindings: { KEY: key, SECRET: secret },
  outbound: server.url,
});
after(() => worker.stop());

/** Asks the object with this name. */
const asking =
  (name) =>
  async (...question) =>
    (await fetch(worker.url, { method: "POST", body: JSON.stringify([name, ...question]) })).json();

for (const [first, second] of [
  ["reject", "resolve"],
  ["resolve", "resolve"],
  ["resolve", "reject"],
])
  test(
    `options asked for twice, where the older promise can only ${first} and the newer one ${second}, open one client`,
    { timeout: 60_000 },
    async () => {
      const ask = asking(`${first}_${second}`);
      const early = ask("call", "Balance", {}, { timeout: 120_000 });
      await later(200);
      await ask("wait", TOO_LONG);
      const late = ask("call", "Balance");
      await later(200);
      assert.deepEqual(await ask("times"), { value: 2 });
      await ask("answer", 1, second);
      assert.equal("value" in (await late), second === "resolve");
      await ask("answer", 0, first);
      assert.equal("value" in (await early), first === "resolve");
      await ask("call", "Balance");
      assert.deepEqual(await ask("times"), { value: 2 }, "a third request for options would open a second client");
    },
  );

test("if both fail, the options are asked for a third time", { timeout: 60_000 }, async () => {
  const ask = asking("reject_reject");
  const early = ask("call", "Balance", {}, { timeout: 120_000 });
  await later(200);
  await ask("wait", TOO_LONG);
  const late = ask("call", "Balance");
  await later(200);
  for (const place of [0, 1]) await ask("answer", place, "reject");
  for (const call of [early, late]) assert.match((await call).error, /options of this key/);
  assert.ok("value" in (await ask("call", "Balance")));
  assert.deepEqual(await ask("times"), { value: 3 });
});

test("during all of this, nonces only increased, and none was rejected", () => {
  assert.ok(rising(nonces(exchange)));
  assert.deepEqual(refused(exchange), []);
});
