// Secrets: where they may come from, where they may not, and that they go nowhere.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { base, exchange, folder, json, keepSecret, key, noTerminal, program, run, start, type, until } from "./helper.mjs";

const mine = key({ otp: {} });
const { KRAKEN_KEY, KRAKEN_SECRET, KRAKEN_OTP_SETUP_KEY } = mine.env;
const plain = key();
const publicHalf = { KRAKEN_KEY: plain.env.KRAKEN_KEY };

describe("arguments", { concurrency: 4 }, () => {
  const grouped = "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp";
  const unpadded = plain.secret.replace(/=+$/, "");
  const lettersAndDigits = Buffer.from("The private key of an example in 64 bytes, made of plain letters").toString("base64");
  keepSecret(grouped, unpadded, lettersAndDigits, "correct-horse", "123456");
  const setupKey = KRAKEN_OTP_SETUP_KEY;
  for (const [what, args, env] of [
    ["a private key alone", [plain.secret]],
    // Up to its padding it looks like the name of a parameter.
    ["a private key of letters and digits", [lettersAndDigits]],
    ["a private key without its padding", ["call", unpadded]],
    ["a private key in the URL-safe alphabet", ["call", plain.secret.replaceAll("+", "-").replaceAll("/", "_")]],
    ["a private key as an option's value", ["call", "Balance", "--key", plain.secret]],
    ["a private key joined to an option", ["call", "Balance", `--key=${plain.secret}`]],
    ["a private key as a parameter", ["call", "Balance", `x=${plain.secret}`]],
    ["a private key of Futures", ["sign", "accounts", "--futures", `x=${key({ product: "futures" }).secret}`]],
    ["a setup key", ["totp", setupKey]],
    ["a setup key in groups", ["totp", grouped]],
    ["a setup key in small letters", ["totp", setupKey.toLowerCase()]],
    ["a setup key as a parameter", ["call", "Balance", `otp=${setupKey}`]],
    ["an otpauth URI", ["totp", `otpauth://totp/Kraken?secret=${setupKey}`]],
    ["an export of an authenticator app", ["totp", "otpauth-migration://offline?data=Ch0KCkhlbGxvId6tvu8SCUtyYWtlbjptZSABKAEwAhAB"]],
    ["an option for a secret", ["call", "Balance", "--secret", "x"]],
    ["an option for a password", ["call", "Balance", "--otp-password=correct-horse"]],
    ["an option for a code", ["call", "Balance", "--otp", "123456"]],
    ["what the environment says is a secret", ["call", "Balance", "note=correct-horse"], { KRAKEN_OTP_PASSWORD: "correct-horse" }],
  ])
    test(`${what} is refused with the reason and without being repeated`, async () => {
      const before = exchange.requests.length;
      for (const more of [[], ["--json"]]) {
        const { code, out, err } = await run([...args, ...more], { env: { ...publicHalf, ...env } });
        assert.deepEqual([code, out], [2, ""]);
        assert.match(err, /Argument \d looks like .+history.+list of processes.+leaked/);
      }
      assert.equal(exchange.requests.length, before);
    });

  test("values that resemble secrets only a little are accepted", async () => {
    const long = `/home/${"Someone2/".repeat(9)}file`;
    for (const pair of [
      "cl_ord_id=6d1b345e-2821-405d-83cf-2f1b8e2a7c11",
      "cl_ord_id=abcdefgh23456723",
      "txid=OQCLML-BW3P3-BUCMWZ,OQCLML-BW3P3-BUCMWA",
      // The one of Kraken's example for WithdrawCancel.
      "refid=AGBSO6T-UFMTTQ-I7KGS6",
      "orders[0][cl_ord_id]=abcdefgh23456723",
      "orderIds=abcdefgh23456723",
      "address=4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge",
      "address=GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ",
      "address=0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
      "address=bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
      "key=withdrawal address of my own",
      "note=cancelallordersafterthreehundredandsixty",
      `note=${long}.json`,
    ]) {
      const { code, err } = await run(["sign", "Balance", pair], plain);
      assert.equal(code, 0, `${pair}: ${err}`);
    }
    // An API key is the public half.
    assert.equal((await run(["sign", "Balance", "--key", KRAKEN_KEY], { env: { KRAKEN_SECRET: plain.secret } })).code, 0);
  });
});

test("the list of processes shows no secret during a call", { skip: process.platform !== "linux" && "no /proc" }, async () => {
  const fault = exchange.inject({ fault: "delay", when: "before", ms: 2000, endpoint: "Balance" });
  const { child, done } = start(["call", "Balance", ...base], mine);
  await until(() => fault.hits === 1, "the request arrives");
  const line = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
  assert.match(line, /kraken-signer\0call\0Balance/);
  for (const secret of [KRAKEN_SECRET, KRAKEN_OTP_SETUP_KEY]) assert.ok(!line.includes(secret.slice(0, 10)));
  assert.equal((await done).code, 0);
});

describe("files and standard input", () => {
  const file = (name, text, mode) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    chmodSync(path, mode);
    return path;
  };

  test("a file that only its owner can read causes no warning", async () => {
    const path = file("secret", `${plain.secret}\n`, 0o600);
    const { code, err } = await run(["call", "Balance", "--secret-file", path, ...base], { env: publicHalf });
    assert.deepEqual([code, err], [0, ""]);
  });

  for (const mode of [0o640, 0o604])
    test(`a file with mode ${mode.toString(8)} causes a warning`, { skip: process.platform === "win32" && "no modes" }, async () => {
      const path = file(`open-${mode}`, plain.secret, mode);
      const { code, err } = await run(["call", "Balance", "--secret-file", path, ...base], { env: publicHalf });
      assert.equal(code, 0);
      assert.match(err, /^warning: .+ can be read by other users.+chmod 600/);
    });

  test("a file with a line of an .env file is described as that", async () => {
    for (const [name, option, secret] of [
      ["KRAKEN_SECRET=", "--secret-file", plain.secret],
      ["export KRAKEN_SECRET = ", "--secret-file", plain.secret],
      ["KRAKEN_OTP_SETUP_KEY=", "--otp-file", KRAKEN_OTP_SETUP_KEY],
    ]) {
      const path = file("env", `${name}${secret}\n`, 0o600);
      const { code, err } = await run(["call", "Balance", option, path, ...base], { env: { ...plain.env } });
      assert.equal(code, 2);
      assert.match(err, /env has a name and = before the secret: it must contain only the secret\.\n$/);
    }
    const padded = file("padded", "JBSWY3DPEHPK3PXPJA======\n", 0o600);
    assert.equal((await run(["totp", "--otp-file", padded])).code, 0);
  });

  test("standard input can be read only once", async () => {
    const args = ["call", "Balance", "--secret-file", "-", ...base];
    assert.equal((await run(args, { env: publicHalf, input: `${plain.secret}\n` })).code, 0);
    const { code, err } = await run([...args, "--params", "-"], { env: publicHalf, input: "{}" });
    assert.equal(code, 2);
    assert.match(err, /can be read only once/);
  });

  test("a setup key is read from a file", async () => {
    const path = file("otp", KRAKEN_OTP_SETUP_KEY, 0o600);
    const env = { KRAKEN_KEY, KRAKEN_SECRET };
    assert.equal((await run(["call", "Balance", "--otp-file", path, ...base], { env })).code, 0);
  });

  test("the export of an authenticator app is refused with the names of its accounts", async () => {
    const uri = "otpauth-migration://offline?data=Ch0KCkhlbGxvId6tvu8SCUtyYWtlbjptZSABKAEwAhAB";
    const { code, err } = await run(["totp"], { env: { KRAKEN_OTP_SETUP_KEY: uri } });
    assert.equal(code, 2);
    assert.match(err, /the export of an authenticator app, of these accounts: Kraken: me\. .*Give the setup key of one account/);
    const cut = await run(["call", "Balance"], { env: { ...key().env, KRAKEN_OTP_SETUP_KEY: uri.slice(0, 50) } });
    assert.equal(cut.code, 2);
    assert.match(cut.err, /an authenticator app's export/);
  });

  test("an empty file and a missing file are refused", async () => {
    for (const path of [file("empty", " \n", 0o600), join(folder, "none")])
      assert.equal((await run(["call", "Balance", "--secret-file", path, ...base], { env: publicHalf })).code, 2);
  });
});

test("an invalid secret is described but not shown", async () => {
  const half = plain.secret.slice(0, 43);
  for (const secret of [half, `${half} ${half}`, plain.secret.replace("=", "-"), `${plain.secret}!`, "ü".repeat(44), `"${plain.secret}"`])
    for (const more of [[], ["--json"], ["--verbose"]]) {
      const args = ["call", "Balance", ...more, ...base];
      const { code, out } = await run(args, { env: { ...publicHalf, KRAKEN_SECRET: secret } });
      assert.deepEqual([code, out], [2, ""]);
    }
});

test("a key and secret that were swapped are recognized", async () => {
  const { code, error } = await json(["call", "Balance", ...base], {
    env: { KRAKEN_KEY: plain.secret, KRAKEN_SECRET: plain.env.KRAKEN_KEY },
  });
  assert.equal(code, 2);
  assert.match(error.message, /swapped/);
});

test("two sources of the second factor at once are refused", async () => {
  const { code, err } = await run(["call", "Balance", ...base], { env: { ...mine.env, KRAKEN_OTP_PASSWORD: "correct-horse" } });
  assert.equal(code, 2);
  assert.match(err, /both set/);
});

describe("at a terminal", { skip: noTerminal }, () => {
  const QUESTION = "Private key (not shown): ";

  test("a secret that is pasted at the prompt is not shown", async () => {
    const { code, out } = await type(["call", "Balance", ...base], [[QUESTION, `${plain.secret}\r`]], { env: publicHalf });
    assert.equal(code, 0, out);
    assert.match(out, /^Private key \(not shown\): \n\nZUSD|^Private key \(not shown\): \nZUSD/);
  });

  test("a secret can be typed, corrected and started again", async () => {
    const typed = `wrong\x15${plain.secret.slice(0, 20)}xy\x7f\x7f${plain.secret.slice(20)}\r`;
    assert.equal((await type(["call", "Balance", ...base], [[QUESTION, typed]], { env: publicHalf })).code, 0);
  });

  test("Ctrl-C at the prompt ends the program", async () => {
    const { code, out } = await type(["call", "Balance", ...base], [[QUESTION, "abc\x03"]], { env: publicHalf });
    assert.equal(code, 130);
    assert.ok(!out.includes("abc"));
  });

  test("questions are asked at the terminal even if standard input is a pipe", async () => {
    const runtime = ["sh", "-c", 'echo "{}" | "$0" "$@"', program];
    const { code, out } = await type(["call", "Balance", "--params", "-", ...base], [[QUESTION, `${plain.secret}\r`]], {
      env: publicHalf,
      runtime,
    });
    assert.equal(code, 0, out);
  });

  test("a missing API key and two-factor code are asked for", async () => {
    const { code, out } = await type(
      ["call", "Balance", "--ask-otp", ...base],
      [
        ["API key: ", `${KRAKEN_KEY}\r`],
        [QUESTION, `${KRAKEN_SECRET}\r`],
        ["code or password (not shown): ", "000000\r"],
      ],
    );
    assert.equal(code, 1);
    assert.match(out, /Invalid signature/);
    keepSecret(mine.setupKey);
  });

  test("only a clear yes sends a call that changes something", async () => {
    const args = ["call", "AddOrder", "pair=XBTUSD", "type=buy", "ordertype=market", "volume=0.1", ...base];
    const orders = () => exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder").length;
    for (const answer of ["", "n", "yess", "N"]) {
      const { code, out } = await type(args, [["[y/N]", `${answer}\r`]], plain);
      assert.equal(code, 2);
      assert.match(out, /AddOrder.+may change something[^]+volume +0\.1[^]+It was not sent/);
      assert.equal(orders(), 0);
    }
    assert.equal((await type(args, [["[y/N]", "y\r"]], plain)).code, 0);
    assert.equal(orders(), 1);
  });

  test("totp --watch shows codes with a countdown until Ctrl-C", async () => {
    const { code, out } = await type(
      ["totp", "--watch"],
      [
        [" s", ""],
        ["\r", "\x03"],
      ],
      mine,
    );
    assert.equal(code, 0);
    assert.match(out, /\d{6}.*[█░]{15}.* \d+ s/);
  });

  test("output to a terminal has colors, unless NO_COLOR or a dumb terminal forbids them", async () => {
    const coloured = async (env) => (await type(["nonce", "--explain", "1700000000000"], [], { env })).out.includes("\x1b[");
    assert.equal(await coloured({}), true);
    assert.equal(await coloured({ NO_COLOR: "1" }), false);
    assert.equal(await coloured({ TERM: "dumb" }), false);
  });
});
