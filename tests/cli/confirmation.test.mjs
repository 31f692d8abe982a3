// The question before something is changed: it names all that counts, and only an answer that follows it is one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { base, exchange, key, noTerminal, program, run, type, url } from "./helper.mjs";

const { env } = key({ name: "bot" });
const futures = key({ product: "futures" });
const order = ["call", "AddOrder", "pair=XBTUSD", "type=buy", "ordertype=limit", "price=37500", "volume=0.1", ...base];
const executed = () => exchange.executions.length;
const QUESTION = "Send it? [y/N] ";

/** Answers the question, or what comes before it, and returns what was shown. */
async function answered(args, steps, { expected = 2, runtime } = {}) {
  const before = executed();
  const { code, out, echo } = await type(args, steps, { env: { ...env, ...futures.env }, ...(runtime && { runtime }) });
  assert.equal(code, expected, out);
  assert.equal(executed() - before, expected === 0 ? 1 : 0, "it is sent after a yes, and only then");
  assert.equal(echo, true, "the terminal is as it was");
  return out;
}

describe("answers to the question", { skip: noTerminal }, () => {
  test("a yes that was typed before the question does not count", async () => {
    const out = await answered(order, [
      ["", "y\r"],
      [QUESTION, "\r"],
    ]);
    assert.match(out, /It was not sent/);
  });

  test("a yes without Enter that was typed before the question does not count", async () => {
    await answered(order, [
      ["", "y"],
      [QUESTION, "\r"],
    ]);
  });

  test("a yes that arrives just before the question does not count", async () => {
    await answered(order, [
      ["may change something", "y\r"],
      [QUESTION, "\r"],
    ]);
  });

  test("a yes that was typed before does not count on a machine so busy that the wait is over before it is read", async () => {
    const busy = `const set = setTimeout;
      globalThis.setTimeout = (run, ms, ...rest) => {
        const timer = set(run, ms, ...rest);
        const end = performance.now() + 3 * ms;
        while (ms === 50 && performance.now() < end);
        return timer;
      };`;
    const runtime = [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(busy)}`, program];
    const steps = [
      ["", "y"],
      [QUESTION, "\r"],
    ];
    await answered(order, steps, { runtime });
  });

  test("Ctrl-C before the question ends the program", async () => {
    const out = await answered(order, [["may change something", "\x03"]], { expected: 130 });
    assert.ok(!out.includes(QUESTION));
  });

  test("many early answers, with and without line ends, do not count", async () => {
    await answered(order, [
      ["", "y\ryes\r\ry\ry"],
      [QUESTION, "n\r"],
    ]);
  });

  test("early input does not count if standard input is a pipe", async () => {
    const runtime = ["sh", "-c", 'echo "{}" | "$0" "$@"', program];
    const steps = [
      ["", "y\ry"],
      [QUESTION, "\r"],
    ];
    await answered([...order, "--params", "-"], steps, { runtime });
  });

  test("input that was pasted with the key does not count", async () => {
    const { KRAKEN_KEY, ...others } = env;
    const before = executed();
    const steps = [
      ["API key: ", `${KRAKEN_KEY}\ry\ry`],
      [QUESTION, "\r"],
    ];
    assert.equal((await type(order, steps, { env: others })).code, 2);
    assert.equal(executed(), before);
  });

  for (const yes of ["y\r", "Y\r", "yes\r", "x\x7fy\r", "no\x15yes\r", "y\n"])
    test(`${JSON.stringify(yes)} after the question is a yes`, () => answered(order, [[QUESTION, yes]], { expected: 0 }));

  test("a yes after the question counts, even if there was early input", async () => {
    const steps = [
      ["", "n\r"],
      [QUESTION, "y\r"],
    ];
    await answered(order, steps, { expected: 0 });
  });

  test("the answer is shown as it is typed", async () => {
    assert.match(await answered(order, [[QUESTION, "nope\x7f\x7f\r"]]), /\[y\/N\] nope\x08 \x08\x08 \x08\n/);
  });

  test("Ctrl-D means no", async () => {
    await answered(order, [[QUESTION, "\x04"]]);
  });
});

describe("the question", { skip: noTerminal }, () => {
  const plain = (text) => text.replace(/\x1b\[\d*m/g, "");
  const question = async (args) => plain(await answered(args, [[QUESTION, "n\r"]]));
  const host = new URL(url).host;

  test("the question shows endpoint, host, the end of the key, and parameters", async () => {
    const out = await question(order);
    const title = `AddOrder may change something at ${host}, with the key that ends in ${env.KRAKEN_KEY.slice(-4)}:\n`;
    assert.ok(out.includes(title), out);
    assert.match(out, /\n {2}pair +XBTUSD\n {2}type +buy\n {2}ordertype +limit\n {2}price +37500\n {2}volume +0\.1\n/);
    assert.ok(!out.includes(env.KRAKEN_KEY.slice(-8)), "no more of the key");
  });

  test("without --base-url, the question shows Kraken's own host", async () => {
    assert.match(await question(["call", "CancelAll"]), /at api\.kraken\.com,/);
    const out = await question(["call", "cancelallorders", "--futures"]);
    assert.match(out, /at futures\.kraken\.com, with the key that ends in/);
    assert.ok(out.includes(futures.env.KRAKEN_FUTURES_KEY.slice(-4)));
  });

  for (const [args, sentence] of [
    [["CancelAll"], "This cancels ALL open orders of the account."],
    [
      ["CancelAllOrdersAfter", "timeout=60"],
      "This cancels ALL open orders of the account in 60 seconds, unless it is called again before then.",
    ],
    [["CancelAllOrdersAfter", "timeout=0"], "This turns off the timer that would cancel all open orders."],
    [
      ["Withdraw", "asset=XBT", "key=cold", "amount=1.5"],
      'This withdraws 1.5 XBT from the account to the address saved as "cold". It cannot be undone.',
    ],
    [
      ["WalletTransfer", "asset=XBT", "from=Spot Wallet", "to=Futures Wallet", "amount=1"],
      'This moves 1 XBT from "Spot Wallet" to "Futures Wallet".',
    ],
    [["/funding/v1/withdrawals", "--method", "POST", "amount=1"], "This may withdraw money from the account. It cannot be undone."],
    [["cancelallorders", "--futures"], "This cancels ALL open orders of the account."],
    [["cancelallorders", "--futures", "symbol=PF_XBTUSD"], "This cancels ALL open orders of the account on PF_XBTUSD."],
    [["withdrawal", "--futures", "currency=XBT", "amount=2"], "This withdraws 2 XBT from Kraken Futures to the Spot wallet."],
  ])
    test(`the consequence of ${args.join(" ")} is explained in a sentence`, async () => {
      const out = await question(["call", ...args, ...base]);
      assert.ok(out.includes(`\n${sentence}\nSend it? [y/N]`), out);
    });

  test("escape sequences in parameters do not reach the terminal", async () => {
    const out = await answered(["call", "Withdraw", "asset=XBT", "key=a\x1b[2Kb", "amount=1", ...base], [[QUESTION, "n\r"]]);
    assert.ok(!out.includes("\x1b[2K") && out.includes("a\\u{1b}[2Kb"));
  });

  test("a private key in place of the API key is refused, and no part of it is shown", async () => {
    const swapped = { KRAKEN_KEY: env.KRAKEN_SECRET, KRAKEN_SECRET: env.KRAKEN_KEY };
    const { code, out } = await type(order, [], { env: swapped });
    assert.equal(code, 2);
    assert.match(out, /KRAKEN_KEY looks like a private key: it may have been swapped/);
    assert.ok(!out.includes(env.KRAKEN_SECRET.slice(-4)));
  });

  test("an API key that is only white space is asked for before the question, not after it", async () => {
    const blank = { ...env, KRAKEN_KEY: "  " };
    const { out } = await type(
      order,
      [
        ["API key: ", `${env.KRAKEN_KEY}\r`],
        [QUESTION, "n\r"],
      ],
      { env: blank },
    );
    assert.ok(plain(out).includes(`with the key that ends in ${env.KRAKEN_KEY.slice(-4)}:`), out);
  });

  test("with --yes, nothing is asked, and scripts must pass it", async () => {
    assert.equal((await run([...order, "--yes"], { env })).err, "");
    assert.match((await run(order, { env })).err, /AddOrder may change something, so it was not sent\. Scripts pass --yes\./);
  });
});
