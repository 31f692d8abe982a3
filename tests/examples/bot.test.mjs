// The bot among the examples: whenever it is told to stop, it leaves neither an order nor a doubt.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const BOT = fileURLToPath(new URL("node/bot.mjs", import.meta.url));
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts the bot against an exchange of its own, with what an earlier run has left there. */
async function start(t, { leave, ...settings } = {}) {
  const exchange = new Exchange(settings);
  const server = await exchange.listen();
  const { key, secret } = exchange.addKey();
  await leave?.(new SpotClient({ key, secret, fetch: exchange.fetch }));
  const env = { ...process.env, KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: server.url };
  const child = spawn(process.execPath, [BOT], { env, stdio: ["ignore", "pipe", "pipe"] });
  t.after(async () => {
    child.kill("SIGKILL");
    await server.close();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const observer = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch });
  return {
    exchange,
    child,
    line: async () => (await lines.next()).value,
    ended: once(child, "exit"),
    openOrders: async () => Object.keys((await observer.call("OpenOrders")).open).length,
    switchIsArmed: () =>
      exchange.executions
        .filter(({ endpoint }) => endpoint === "CancelAllOrdersAfter")
        .at(-1)
        ?.did.startsWith("armed"),
  };
}
const pick = ({ key, secret }) => ({ key, secret });

test(
  "a bot that starts again before the switch of its killed run has fired does not keep that run's bid",
  { timeout: 60_000 },
  async (t) => {
    const old = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "40000", volume: "0.01" };
    const { line, openOrders } = await start(t, { leave: (client) => client.call("AddOrder", old) });
    assert.match(await line(), /^bid/);
    assert.equal(await openOrders(), 1);
  },
);

test("a bot whose bid was filled", { concurrency: true, timeout: 60_000 }, async (t) => {
  const filled = async (t) => {
    const bot = await start(t);
    const [, price] = (await bot.line()).split(" ");
    bot.exchange.market("XBTUSD").trade(price, "1");
    assert.equal(await bot.openOrders(), 0);
    return bot;
  };
  await Promise.all([
    t.test("places the next one", async (t) => {
      const { line, openOrders } = await filled(t);
      assert.match(await line(), /^bid/);
      assert.equal(await openOrders(), 1);
    }),
    t.test("stops in order", async (t) => {
      const { child, ended, switchIsArmed } = await filled(t);
      child.kill("SIGTERM");
      assert.deepEqual([await ended, switchIsArmed()], [[0, null], false]);
    }),
  ]);
});

test("a bot that is told to stop", { concurrency: true, timeout: 60_000 }, async (t) => {
  await Promise.all([
    ...["SIGTERM", "SIGINT"].map((signal) =>
      t.test(`while it waits (${signal}): cancels its bid and disarms the switch`, async (t) => {
        const { child, line, ended, openOrders, switchIsArmed } = await start(t);
        assert.match(await line(), /^bid \d+\.\d$/);
        assert.deepEqual([await openOrders(), switchIsArmed()], [1, true]);
        child.kill(signal);
        assert.equal(await line(), "stopped");
        assert.deepEqual(await ended, [0, null]);
        assert.deepEqual([await openOrders(), switchIsArmed()], [0, false]);
      }),
    ),

    t.test("while an order is on its way whose answer is lost: finds it first", async (t) => {
      const { child, exchange, line, ended, openOrders } = await start(t, { arrivalDelay: () => 50 });
      exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
      while (!exchange.executions.some(({ endpoint }) => endpoint === "AddOrder")) await later(5);
      child.kill("SIGTERM");
      assert.match(await line(), /^bid/);
      assert.equal(await line(), "stopped");
      assert.deepEqual(await ended, [0, null]);
      const placed = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder");
      assert.deepEqual([placed.length, await openOrders()], [1, 0]);
    }),

    t.test("while Kraken does not answer: fails, and leaves the switch armed", async (t) => {
      const { child, exchange, line, ended, openOrders, switchIsArmed } = await start(t);
      await line();
      exchange.inject({ fault: "error", error: "EService:Unavailable", endpoint: "CancelOrder" });
      child.kill("SIGTERM");
      const [code] = await ended;
      assert.notEqual(code, 0);
      assert.deepEqual([await openOrders(), switchIsArmed()], [1, true]);
    }),
  ]);
});
