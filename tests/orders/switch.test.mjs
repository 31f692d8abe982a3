// The dead man's switch: armed while the process lives, and honest about it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FuturesClient, SpotClient, deadMansSwitch } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const TIMEOUT = 5000;

async function open(t) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  await client.call("AddOrder", ORDER);
  const failures = [];
  const arm = async () => {
    const onFailure = async (failure) => {
      failures.push(failure);
      throw new Error("a promise that rejects does not end the process");
    };
    const guard = await deadMansSwitch(client, { timeout: TIMEOUT, onFailure });
    t.after(() => guard.stop());
    return guard;
  };
  const settings = () => exchange.executions.filter(({ endpoint }) => endpoint === "CancelAllOrdersAfter").map(({ did }) => did);
  // Asked without the client, which may be closed.
  const observer = new SpotClient({ ...pick(exchange.addKey()), fetch: exchange.fetch });
  const orders = async () => Object.keys((await observer.call("OpenOrders")).open).length;
  return { exchange, client, arm, failures, settings, orders };
}
const pick = ({ key, secret }) => ({ key, secret });

const ARMED = "armed the dead man's switch: 5 s";
const DISARMED = "disarmed the dead man's switch";

test("the dead man's switch", { concurrency: true, timeout: 60_000 }, async (t) => {
  await Promise.all([
    t.test("orders stay while it is renewed, and are canceled after it stops", async (t) => {
      const { arm, settings, orders, failures } = await open(t);
      const before = Date.now();
      const guard = await arm();
      const { armedUntil } = guard;
      assert.ok(armedUntil - before >= TIMEOUT && armedUntil - Date.now() <= TIMEOUT);
      await later(6500);
      assert.equal(await orders(), 1);
      assert.ok(settings().length >= 5 && settings().every((one) => one === ARMED), `${settings()}`);
      assert.ok(guard.armedUntil > armedUntil);
      guard.stop();
      await later(guard.armedUntil - Date.now() - 500);
      assert.equal(await orders(), 1, "not before the time that it names");
      await later(1200);
      assert.equal(await orders(), 0);
      assert.deepEqual(failures, []);
    }),

    t.test("failures are told, with the time that is left, and the renewals go on", async (t) => {
      const { arm, exchange, failures, orders } = await open(t);
      const guard = await arm();
      const { armedUntil } = guard;
      exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded", endpoint: "CancelAllOrdersAfter" });
      exchange.inject({ fault: "reset", when: "before", endpoint: "CancelAllOrdersAfter" });
      await later(2900);
      assert.deepEqual(
        failures.map(({ error }) => error.code),
        ["ERR_UNKNOWN_OUTCOME", "ERR_UNKNOWN_OUTCOME"],
      );
      for (const failure of failures) assert.deepEqual(failure.armedUntil, armedUntil, "no call has proven more");
      await later(3600);
      assert.ok(guard.armedUntil > armedUntil, "renewed");
      assert.equal(await orders(), 1);
    }),

    t.test("two renewals that hang are followed by one that comes in time", async (t) => {
      const { exchange, client: first, orders } = await open(t);
      const calls = [];
      const hangs = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const fetch = (url, init) => {
        const hung = /CancelAllOrdersAfter$/.test(url) && [2, 3].includes(calls.push(url));
        return hung ? hangs(init.signal) : exchange.fetch(url, init);
      };
      const client = new SpotClient({ ...pick(exchange.addKey()), fetch });
      const guard = await deadMansSwitch(client, { timeout: TIMEOUT });
      t.after(() => guard.stop());
      await later(TIMEOUT + 1500);
      assert.ok(calls.length >= 4, `${calls.length} calls`);
      assert.equal(await orders(), 1);
      first.close();
    }),

    t.test("disarm() tries again, and leaves the orders alone", async (t) => {
      const { arm, exchange, settings, orders, client } = await open(t);
      const guard = await arm();
      exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded", endpoint: "CancelAllOrdersAfter" });
      exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded", endpoint: "CancelAllOrdersAfter" });
      await guard.disarm();
      assert.equal(guard.armedUntil, undefined);
      assert.equal(settings().at(-1), DISARMED);
      await later(TIMEOUT + 1500);
      assert.equal(await orders(), 1);
      assert.equal(settings().at(-1), DISARMED, "and it is not renewed any more");
      for (let i = 0; i < 3; i++) exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded", endpoint: "CancelAllOrdersAfter" });
      await assert.rejects(guard.disarm(), { code: "ERR_UNKNOWN_OUTCOME" });
      client.close();
      await assert.rejects(guard.disarm(), { code: "ERR_FREED" });
    }),

    t.test("a late copy of a renewal does not arm it again after disarm(), though another key disarmed it", async (t) => {
      const exchange = new Exchange();
      const keys = [pick(exchange.addKey()), pick(exchange.addKey())];
      const late = [];
      let isLost = false;
      const fetch = async (url, init) => {
        if (!isLost || late.length || !url.endsWith("/CancelAllOrdersAfter")) return exchange.fetch(url, init);
        late.push(() => exchange.fetch(url, { ...init, signal: undefined }));
        throw new Error("read ECONNRESET");
      };
      const client = new SpotClient({ keys, fetch, retries: 0 });
      let told;
      const failed = new Promise((resolve) => (told = resolve));
      const guard = await deadMansSwitch(client, { timeout: TIMEOUT, onFailure: told });
      t.after(() => guard.stop());
      isLost = true;
      assert.equal((await failed).error.code, "ERR_UNKNOWN_OUTCOME");
      // The key is set aside, so the client prefers the other one.
      exchange.inject({ fault: "error", error: "EAPI:Rate limit exceeded", endpoint: "Balance" });
      await assert.rejects(client.call("Balance", {}, { key: keys[0].key }));
      await guard.disarm();
      assert.equal(guard.armedUntil, undefined);
      assert.deepEqual((await (await late[0]()).json()).error, ["EAPI:Invalid nonce"]);
      assert.equal(exchange.executions.at(-1).did, DISARMED);
    }),

    t.test("disarm() waits for a renewal that is under way with an earlier key", async (t) => {
      const exchange = new Exchange();
      const [before, after] = [pick(exchange.addKey()), pick(exchange.addKey())];
      let renews;
      const renewal = new Promise((resolve) => (renews = resolve));
      let count = 0;
      const fetch = async (url, init) => {
        if (url.endsWith("/CancelAllOrdersAfter") && ++count === 2) {
          renews();
          await later(600);
        }
        return exchange.fetch(url, init);
      };
      const client = new SpotClient({ ...before, fetch });
      const guard = await deadMansSwitch(client, { timeout: TIMEOUT });
      t.after(() => guard.stop());
      await renewal;
      client.setKeys([after]);
      await guard.disarm();
      assert.deepEqual(
        exchange.executions.map(({ did }) => did),
        [ARMED, ARMED, DISARMED],
      );
    }),

    t.test("no call of a long switch takes long, for which disarm() would have to wait", async (t) => {
      const exchange = new Exchange();
      const timeouts = [];
      class Client extends SpotClient {
        call(endpoint, params, options) {
          timeouts.push(options.timeout);
          return super.call(endpoint, params, options);
        }
      }
      for (const timeout of [60_000, 3_600_000]) {
        const guard = await deadMansSwitch(new Client({ ...pick(exchange.addKey()), fetch: exchange.fetch }), { timeout });
        t.after(() => guard.stop());
      }
      assert.deepEqual(timeouts, [15_000, 30_000]);
    }),

    t.test("if Kraken cannot be reached for longer than the timeout, it is armed again afterwards", async (t) => {
      const { arm, exchange, failures, settings } = await open(t);
      const guard = await arm();
      const until = Date.now() + TIMEOUT + 500;
      const match = ({ endpoint }) => endpoint === "CancelAllOrdersAfter" && Date.now() < until;
      exchange.inject({ fault: "reset", when: "before", match, times: Infinity });
      await later(TIMEOUT + 2500);
      assert.deepEqual([failures.length >= 4, failures.at(-1).error.code], [true, "ERR_TIMEOUT"], "the last one was too late");
      assert.ok(settings().length >= 2 && guard.armedUntil > new Date());
    }),

    t.test("if it cannot be armed, it says so and does not go on", async (t) => {
      const { arm, exchange, settings } = await open(t);
      exchange.inject({ fault: "error", error: "EGeneral:Permission denied", endpoint: "CancelAllOrdersAfter" });
      await assert.rejects(arm(), { code: "ERR_API" });
      await later(2200);
      assert.deepEqual(settings(), []);
    }),

    t.test("of a closed client it fails once", async (t) => {
      const { arm, client, failures } = await open(t);
      await arm();
      client.close();
      await later(TIMEOUT);
      assert.deepEqual(
        failures.map(({ error }) => error.code),
        ["ERR_FREED"],
      );
    }),

    t.test("Futures: the same", async (t) => {
      const exchange = new Exchange();
      const client = new FuturesClient({ ...pick(exchange.addKey({ product: "futures" })), fetch: exchange.fetch });
      const onFailure = () => {
        throw new Error("a function that throws changes nothing");
      };
      const guard = await deadMansSwitch(client, { timeout: TIMEOUT, onFailure });
      t.after(() => guard.stop());
      exchange.inject({ fault: "html", when: "before", endpoint: "cancelallordersafter" });
      await later(2900);
      await guard.disarm();
      const did = exchange.executions.map((one) => one.did);
      assert.deepEqual(did, [ARMED, ARMED, DISARMED, DISARMED], "the second time with the key of the lost renewal");
    }),

    t.test("it does not keep a process alive", async () => {
      const program = `
        import { SpotClient, deadMansSwitch } from "kraken-signer";
        import { Exchange } from "kraken-signer/testing";
        const exchange = new Exchange();
        const { key, secret } = exchange.addKey();
        await deadMansSwitch(new SpotClient({ key, secret, fetch: exchange.fetch }), { timeout: 3_600_000 });
        console.log("armed");`;
      const cwd = fileURLToPath(new URL("..", import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd, timeout: 20_000 });
      assert.equal(stdout.trim(), "armed");
    }),
  ]);
});

test("the time that is left is right though the wall clock is set back", async (t) => {
  const { arm } = await open(t);
  const guard = await arm();
  const before = guard.armedUntil;
  const now = Date.now;
  t.after(() => (Date.now = now));
  Date.now = () => now() - 3_600_000;
  const left = guard.armedUntil - Date.now();
  assert.ok(left > TIMEOUT - 2000 && left <= TIMEOUT + 50, `${left} ms`);
  Date.now = now;
  assert.deepEqual(guard.armedUntil, before);
  await guard.disarm();
});

for (const [what, clocks] of [
  ["blocked", [Date, performance]],
  ["frozen, and its monotonic clock stood still", [Date]],
  ["blocked, and its wall clock was set back", [performance]],
])
  test(`a renewal that comes too late, because the process was ${what}, is told, though it succeeds`, async (t) => {
    const { arm, failures, settings } = await open(t);
    const guard = await arm();
    const { armedUntil } = guard;
    // The time passes for the process and not for the exchange, because its order does not matter here.
    for (const clock of clocks) {
      const now = clock.now.bind(clock);
      t.mock.method(clock, "now", () => now() + TIMEOUT + 1000);
    }
    await later(2800);
    assert.equal(settings().length, 3, "the renewals go on");
    assert.equal(failures.length, 1, "and only the late one is told");
    const [{ error, armedUntil: told }] = failures;
    assert.equal(error.code, "ERR_TIMEOUT");
    assert.match(error.message, /too late.*may be canceled/);
    assert.deepEqual(told, armedUntil, "the time after which the orders may be canceled");
    assert.ok(guard.armedUntil > armedUntil);
    guard.stop();
  });

test("an answer that shows another state than was asked for is a failure", async (t) => {
  const { arm, exchange, failures } = await open(t);
  const result = { currentTime: new Date().toISOString(), triggerTime: "0" };
  const guard = await arm();
  const { armedUntil } = guard;
  exchange.inject({ fault: "body", body: JSON.stringify({ error: [], result }), endpoint: "CancelAllOrdersAfter" });
  await later(1500);
  assert.deepEqual(
    failures.map(({ error }) => error.code),
    ["ERR_UNKNOWN_OUTCOME"],
  );
  assert.deepEqual(guard.armedUntil, armedUntil, "it is not called armed for longer");
  await guard.disarm();
});

test("options that are refused", async () => {
  const client = new SpotClient();
  for (const [options, message] of [
    [{ timeout: 60 }, /`timeout`: expected milliseconds from 5000 to 3600000, in whole seconds, got 60\./],
    [{ timeout: 5500 }, /whole seconds/],
    [{ timeout: "60000" }, /got a string/],
    [{ interval: 5 }, /Unknown option `interval` of deadMansSwitch/],
    [{ onFailure: true }, /`onFailure`: expected a function, got a boolean/],
  ])
    await assert.rejects(deadMansSwitch(client, options), { code: "ERR_INVALID_REQUEST", message });
  await assert.rejects(deadMansSwitch({}), { code: "ERR_INVALID_REQUEST" });
});
