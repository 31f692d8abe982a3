// When it is told to stop: before sending nothing is sent, after sending it says what may have happened.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { base, exchange, folder, key, noTerminal, program, start, type, until } from "./helper.mjs";

const { env } = key({ name: "bot" });
const order = ["call", "AddOrder", "pair=XBTUSD", "type=buy", "ordertype=limit", "price=37500", "volume=0.1", "--yes", ...base];
const cancelAll = ["call", "CancelAll", "--yes", ...base];
const executed = (endpoint) => exchange.executions.filter((one) => one.endpoint === endpoint).length;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
/** Makes the exchange slow, runs something, and waits until the call has been executed: its answer comes late. */
async function underWay(endpoint, begin, ms = 5000) {
  exchange.inject({ fault: "delay", when: "after", ms, endpoint });
  const before = executed(endpoint);
  const started = begin();
  await until(() => executed(endpoint) > before, "the call is executed");
  return started;
}

/** The nonce of the last order. */
const orderNonce = () => /nonce=(\d+)/.exec(exchange.requests.findLast(({ endpoint }) => endpoint === "AddOrder").body)[1];

/** Starts it with a standard input that stays open. */
function startWithInput(args, options = {}) {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, HOME: folder, ...env, ...options }, cwd: folder });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const done = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, out, err })));
  return { child, done, said: () => err };
}

/** Waits until a process heeds signals. Node itself does not catch SIGHUP, whose number is 1. */
async function heeds({ pid }) {
  if (process.platform !== "linux") return new Promise((resolve) => setTimeout(resolve, 2000));
  const caught = () => BigInt(`0x${/SigCgt:\s*(\w+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]}`);
  await until(() => (caught() & 1n) === 1n, "it heeds signals");
}

for (const [signal, code] of Object.entries(SIGNALS))
  describe(signal, { skip: process.platform === "win32" && "no signals" }, () => {
    test("after an order was sent, the outcome is unknown, and the nonce and the order's id are reported", async () => {
      const { child, done } = await underWay("AddOrder", () => start(order, { env }));
      const begin = performance.now();
      child.kill(signal);
      const { code, signal: killed, out, err } = await done;
      assert.deepEqual([code, killed, out], [3, null, ""]);
      assert.match(err, /^UNKNOWN OUTCOME: AddOrder/);
      assert.match(err, new RegExp(`\nwhy +Stopped by .*${signal}`));
      const body = exchange.requests.at(-1).body;
      assert.match(err, new RegExp(`\nnonce +${/nonce=(\d+)/.exec(body)[1]}\n`));
      assert.match(err, new RegExp(`\nclient order id +${/cl_ord_id=([\w-]+)/.exec(body)[1]}\n`));
      assert.match(err, /\ndeadline +20/);
      assert.match(err, /OpenOrders/);
      assert.ok(performance.now() - begin < 3000, "it does not wait for the answer");
    });

    test("with --json, the unknown outcome is reported as JSON", async () => {
      const { child, done } = await underWay("CancelAll", () => start([...cancelAll, "--json"], { env }));
      child.kill(signal);
      const { code, err } = await done;
      const { error } = JSON.parse(err.trimEnd().split("\n").at(-1));
      assert.deepEqual([code, error.code], [3, "ERR_UNKNOWN_OUTCOME"]);
      assert.match(error.nonce, /^\d{13}$/);
    });

    test("during a read, the report says that nothing was changed", async () => {
      const { child, done } = await underWay("Balance", () => start(["call", "Balance", ...base], { env }));
      child.kill(signal);
      const ended = await done;
      assert.equal(ended.code, code);
      assert.match(ended.err, new RegExp(`^kraken-signer: Stopped by .*${signal}.*Nothing was changed\\.\n$`));
    });

    test("while it waits for standard input, the report says that nothing was sent", async () => {
      const before = executed("AddOrder");
      const { child, done, said } = startWithInput([...order, "--params", "-", "--otp-file", "/dev/null", "--verbose"]);
      child.stdin.write("{");
      await heeds(child);
      child.kill(signal);
      const ended = await done;
      assert.deepEqual([ended.code, ended.signal, executed("AddOrder")], [code, null, before]);
      assert.match(said(), /Nothing was sent\.\n$/);
    });
  });

describe("signals in other situations", { skip: process.platform === "win32" && "no signals" }, () => {
  test("a pipe on standard input that stays open after sending does not keep the process alive", async () => {
    const { child, done } = await underWay("CancelAll", () => startWithInput(cancelAll));
    child.kill("SIGTERM");
    const { code, err } = await done;
    assert.equal(code, 3);
    assert.match(err, /UNKNOWN OUTCOME: CancelAll/);
  });

  test("two signals at once, as npx delivers Ctrl-C, still report the order", async () => {
    const { child, done } = await underWay("AddOrder", () => start(order, { env }));
    child.kill("SIGINT");
    child.kill("SIGINT");
    child.kill("SIGTERM");
    const { code, err } = await done;
    assert.equal(code, 3);
    assert.match(err, /^UNKNOWN OUTCOME: AddOrder[^]+nonce +\d{13}\nclient order id +[\da-f-]{36}/);
    assert.equal(err.match(/UNKNOWN OUTCOME/g).length, 1);
  });

  // A client that does not listen: its timers and promises stand still.
  const deaf = "--import=data:text/javascript,AbortController.prototype.abort=function(){}";

  test("a read ends at the first signal, even if the client ignores it", async () => {
    const { child, done } = await underWay(
      "Balance",
      () => start(["call", "Balance", ...base], { env: { ...env, NODE_OPTIONS: deaf } }),
      8000,
    );
    const begin = performance.now();
    child.kill("SIGTERM");
    assert.equal((await done).code, 143);
    assert.ok(performance.now() - begin < 2000, "at once");
  });

  test("a second signal ends the process at once if the client ignores the first", async () => {
    const { child, done } = await underWay("AddOrder", () => start(order, { env: { ...env, NODE_OPTIONS: deaf } }), 8000);
    child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(child.exitCode, null);
    const begin = performance.now();
    child.kill("SIGTERM");
    const { code, err } = await done;
    assert.ok(performance.now() - begin < 2000, "at once");
    assert.equal(code, 3);
    const body = exchange.requests.at(-1).body;
    assert.match(err, new RegExp(`^UNKNOWN OUTCOME: AddOrder[^]+nonce +${/nonce=(\d+)/.exec(body)[1]}\n`));
    assert.match(err, new RegExp(`client order id +${/cl_ord_id=([\w-]+)/.exec(body)[1]}\n`));
  });

  test("a second signal during the search for an order reports the nonce of the order", async () => {
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const { child, done } = await underWay("OpenOrders", () => start(order, { env: { ...env, NODE_OPTIONS: deaf } }), 8000);
    child.kill("SIGTERM");
    child.kill("SIGTERM");
    child.kill("SIGHUP");
    const { code, err } = await done;
    assert.equal(code, 3);
    assert.match(err, new RegExp(`\nnonce +${orderNonce()}\n`));
  });

  test("a signal during the search for an order ends with an unknown outcome", async () => {
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const { child, done } = await underWay("OpenOrders", () => start(order, { env }));
    child.kill("SIGTERM");
    const { code, err } = await done;
    assert.equal(code, 3);
    assert.match(err, /^UNKNOWN OUTCOME: AddOrder/);
    assert.match(err, new RegExp(`\nnonce +${orderNonce()}\n`));
  });

  /** An answer that no pipe holds, so that it waits for its reader. */
  const long = (endpoint) => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ txid: `O${at}`, descr: { order: "x".repeat(20) } }));
    const result = Object.fromEntries(rows.map((row) => [row.txid, row]));
    const match = (target) => target.endpoint === endpoint;
    return exchange.inject({ fault: "body", body: JSON.stringify({ error: [], result }), match });
  };
  /** Starts it with a reader that reads nothing before it has ended, and stops it while it waits for the reader. */
  async function stopUnread(fault, signal, args, stream = "stdout", input = "") {
    const { child, done } = start(args, { env, input });
    child[stream].pause();
    await until(() => fault.hits === 1, "the request arrives");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(child.exitCode, null, "it waits for the reader");
    child.kill(signal);
    await until(() => child.exitCode !== null, "it ends");
    child[stream].resume();
    return done;
  }

  for (const signal of Object.keys(SIGNALS))
    test(`${signal} while the answer to a write is printed ends with 0`, async () => {
      // An endpoint that is not known counts as one that changes something.
      const { code, err } = await stopUnread(long("NewlyMade"), signal, ["call", "NewlyMade", "--yes", ...base]);
      assert.equal(code, 0, err.slice(0, 500));
      assert.match(err, /^kraken-signer: NewlyMade was carried out, but .* not printed in full[^]+nonce +\d{13}/);
    });

  test("SIGTERM while the answer to a read is printed ends with 143", async () => {
    const { code } = await stopUnread(long("OpenOrders"), "SIGTERM", ["call", "OpenOrders", ...base]);
    assert.equal(code, 143);
  });

  test("SIGTERM while a rejection is reported ends with 1, and nothing else is reported", async () => {
    const orders = Array.from({ length: 10 }, () => ({ type: "buy", ordertype: "limit", price: "2", volume: "1" }));
    const rows = orders.map((_, at) =>
      at ? { txid: `O${at}`, descr: { order: "x".repeat(40_000) } } : { error: "EOrder:Insufficient funds" },
    );
    const body = JSON.stringify({ error: [], result: { orders: rows } });
    const fault = exchange.inject({ fault: "body", body, endpoint: "AddOrderBatch" });
    const args = ["call", "AddOrderBatch", "--params", "-", "--yes", ...base];
    const { code, out, err } = await stopUnread(fault, "SIGTERM", args, "stderr", JSON.stringify({ pair: "XBTUSD", orders }));
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^kraken-signer: AddOrderBatch was rejected in part/);
    assert.ok(!err.includes("UNKNOWN"), "and nothing else is told");
  });
});

describe("at a terminal", { skip: noTerminal }, () => {
  const { KRAKEN_SECRET: _, ...publicHalf } = env;

  for (const [question, args, more] of [
    ["(not shown): ", ["call", "Balance", ...base], publicHalf],
    ["API key: ", ["call", "Balance", ...base], {}],
    ["[y/N] ", order.filter((one) => one !== "--yes"), env],
  ])
    test(`Ctrl-C at "${question}" ends with 130 and restores the terminal`, async () => {
      const before = executed("AddOrder");
      const { code, out, echo } = await type(args, [[question, "\x03"]], { env: more });
      assert.equal(code, 130, out);
      assert.match(out, /Stopped by Ctrl-C \(SIGINT\)\. Nothing was sent\./);
      assert.deepEqual([echo, executed("AddOrder")], [true, before]);
    });

  for (const signal of ["SIGTERM", "SIGHUP"])
    test(`${signal} at a hidden question restores the terminal`, async () => {
      const { code, echo } = await type(["call", "Balance", ...base], [["(not shown): ", { signal }]], { env: publicHalf });
      assert.deepEqual([code, echo], [SIGNALS[signal], true]);
    });
});
