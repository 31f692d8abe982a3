// Every command, for people and for scripts.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Totp } from "kraken-signer";
import {
  base,
  exchange,
  folder,
  installed,
  json,
  keepSecret,
  key,
  lacking,
  noTerminal,
  pathWithProgram,
  run,
  start,
  type,
  until,
  url,
} from "./helper.mjs";

const { env } = key({ name: "bot" });
const futures = key({ product: "futures" });
const both = { env: { ...env, ...futures.env } };
const order = ["pair=XBTUSD", "type=buy", "ordertype=limit", "price=37500", "volume=0.1"];
const nothingSent = async (work) => {
  const before = exchange.requests.length;
  const result = await work();
  assert.equal(exchange.requests.length, before, "nothing was sent");
  return result;
};

describe("check", () => {
  const careful = key({
    name: "careful",
    permissions: ["query-funds"],
    ipAllowlist: ["127.0.0.1"],
    validUntil: Date.now() + 60 * 864e5,
  });

  test("a key without warnings ends with 0", async () => {
    const { code, out } = await run(["check", ...base], careful);
    assert.equal(code, 0, out);
    assert.match(out, /^The key “careful” works\.\n/);
    assert.match(out, /\npermissions +query-funds\n/);
    assert.match(out, /\naddresses +127\.0\.0\.1\n/);
  });

  test("warnings are printed first and end with 1", async () => {
    const { code, out } = await run(["check", ...base], { env });
    assert.equal(code, 1);
    assert.match(out, /^! The key can trade and withdraw.*\n! The key works from any IP address.*\n! The key never expires/);
  });

  test("the last nonce is shown with its unit and time", async () => {
    const fast = key();
    assert.equal((await run(["call", "Balance", "--unit", "us", ...base], fast)).code, 0);
    const { out } = await run(["check", "--unit", "us", ...base], fast);
    assert.match(out, /\nlast nonce +\d{16}, microseconds: 20\d\d-/);
  });

  test("for scripts", async () => {
    const { code, result } = await json(["check", ...base], careful);
    assert.equal(code, 0);
    const { created, expires, nonce, ...rest } = result;
    assert.ok(Date.parse(created) && Date.parse(expires) && /^\d{13}$/.test(nonce));
    const names = ["endpoints", "ipAllowlist", "keyEnding", "name", "nonceWindow", "permissions", "warnings", "works"];
    assert.deepEqual(Object.keys(rest).sort(), names);
  });

  test("--for says what is missing for endpoints, and which permissions they do not need", async () => {
    const missing = await run(["check", "--for", "Balance, Withdraw", ...base], careful);
    assert.equal(missing.code, 1);
    assert.match(missing.out, /^! Withdraw: the key lacks withdraw-funds\.\n\nThe key/);
    const complete = await run(["check", "--for", "Balance", ...base], careful);
    assert.equal(complete.code, 0, complete.out);
    assert.match(complete.out, /\nnot needed +none\n/);
    const { code, result } = await json(["check", "--for", "Ledgers", ...base], careful);
    assert.deepEqual([code, result.missing[0].lacks, result.unneeded], [1, ["query-ledger"], ["query-funds"]]);
    const unknown = await nothingSent(() => run(["check", "--for", "Withdrawal", ...base], careful));
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /Unknown endpoint "Withdrawal" in `for`/);
  });

  test("a revoked key is reported with its error", async () => {
    const { env, revoke } = key();
    revoke();
    const { code, out } = await run(["check", ...base], { env });
    assert.equal(code, 1);
    assert.match(out, /^The key does not work: EAPI:Invalid key\n.+failures lock you out/);
    const { result } = await json(["check", ...base], { env });
    assert.deepEqual([result.works, result.error.kind], [false, "key"]);
  });

  test("a key of the other product is named, and asked about only if Kraken does not know the key", async () => {
    const spotOfFutures = { env: { KRAKEN_KEY: futures.env.KRAKEN_FUTURES_KEY, KRAKEN_SECRET: futures.env.KRAKEN_FUTURES_SECRET } };
    const first = await run(["check", ...base], spotOfFutures);
    assert.equal(first.code, 1);
    assert.match(
      first.out,
      /^The key does not work: EAPI:Invalid key\n[^]+\nKraken Futures knows this key: add --futures, and set KRAKEN_FUTURES_KEY and KRAKEN_FUTURES_SECRET\.\n/,
    );
    const { env: spot } = key();
    const { env: locked } = key({ otp: { password: "correct horse" } });
    for (const [{ KRAKEN_KEY, KRAKEN_SECRET, ...rest }, words] of [
      [spot, /Kraken Spot knows this key: leave out --futures, and set KRAKEN_KEY and KRAKEN_SECRET\./],
      // Only Spot has a second factor, and without it, the signature is wrong, but the key is known.
      [locked, /Kraken Spot knows this key: leave out --futures/],
      [{ ...spot, KRAKEN_KEY: "A".repeat(56) }, /Kraken Spot does not accept it either/],
    ]) {
      const { code, result } = await json(["check", "--futures", ...base], {
        env: { ...rest, KRAKEN_FUTURES_KEY: KRAKEN_KEY, KRAKEN_FUTURES_SECRET: KRAKEN_SECRET },
      });
      assert.deepEqual([code, result.error.kind], [1, "key"]);
      assert.match(result.warnings.at(-1), words);
    }
    const { env: wrong } = key();
    const before = exchange.requests.length;
    await run(["check", ...base], { env: { ...wrong, KRAKEN_SECRET: key().secret } });
    assert.equal(exchange.requests.length, before + 1);
  });

  test("the other product is busy: it is not said to know the key", async () => {
    exchange.inject({ fault: "error", error: "apiLimitExceeded", match: ({ path }) => path.includes("/api-keys/"), times: 3 });
    const { result } = await json(["check", ...base, "--timeout", "2000"], { env: { ...key().env, KRAKEN_KEY: "A".repeat(56) } });
    assert.ok(exchange.requests.some(({ path, fault }) => fault && path.includes("/api-keys/")));
    assert.doesNotMatch(result.warnings.join(" "), /Futures knows this key/);
  });

  test("a rejection that is not about the key is no report", async () => {
    exchange.inject({ fault: "error", error: "EGeneral:Temporary lockout", endpoint: "GetApiKeyInfo" });
    const { code, out, err } = await run(["check", ...base], careful);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /was rejected: EGeneral:Temporary lockout\n.*Send nothing for 15 minutes/);
  });

  test("what the command line adds to a hint is about what the hint says", async () => {
    const short = await run(["check", ...base], { env: { ...key().env, KRAKEN_SECRET: Buffer.alloc(60, 7).toString("base64") } });
    assert.match(short.out, /The secret has 60 bytes/);
    assert.doesNotMatch(short.out, /takes the code from/);
    const address = await run(["check", ...base], key({ ipAllowlist: ["10.0.0.1"] }));
    assert.doesNotMatch(address.out, /check.* shows what the key may do/);
    const { env } = key({ product: "futures" });
    const unknown = await run(["call", "accounts", "--futures", ...base], { env: { ...env, KRAKEN_FUTURES_KEY: "A".repeat(56) } });
    assert.match(unknown.err, /authenticationError/);
    assert.doesNotMatch(unknown.err, /add --futures/);
  });

  test("a nonce that is too low: the report says how to find out the unit", async () => {
    const { env } = key();
    assert.equal((await run(["call", "Balance", "--unit", "us", ...base], { env })).code, 0);
    const { code, out } = await run(["check", ...base], { env });
    assert.equal(code, 1);
    assert.match(out, /EAPI:Invalid nonce\n.*finer unit than ms.*\nIf you know a nonce .* kraken-signer nonce --explain/);
  });

  test("a Futures key is checked with --futures", async () => {
    const { code, result } = await json(["check", "--futures", ...base], futures);
    assert.equal(code, 1);
    assert.deepEqual(result.permissions, ["read", "full", "withdrawal"]);
    // Futures does not say that a key never expires.
    assert.doesNotMatch((await run(["check", "--futures", ...base], futures)).out, /expires/);
    assert.match((await run(["check", ...base], key())).out, /^! The key never expires\. Set an expiry\.\n/m);
  });

  test("what cannot be read in the answer is not said to be something else, and the call was sent", async () => {
    const answer = { permissions: ["query-funds"], ipAllowlist: ["127.0.0.1"], createdTime: "soon" };
    for (const [fields, shown] of [
      [{ validUntil: "2027-01-01T00:00:00Z" }, undefined],
      [{ validUntil: "1999999999000000000" }, undefined],
      [{ validUntil: "4000000000", nonce: -5 }, "-5, not a sensible time in any known unit"],
    ]) {
      exchange.inject({ fault: "body", body: JSON.stringify({ error: [], result: { ...answer, ...fields } }) });
      const { code, out, err } = await run(["check", ...base], key());
      assert.deepEqual([code, err], [0, ""], JSON.stringify(fields));
      assert.doesNotMatch(out, /never|created/);
      assert.equal(/last nonce +(.*)/.exec(out)?.[1], shown);
    }
  });
});

describe("call", () => {
  test("answers are printed as aligned text, or with --json as Kraken sent them", async () => {
    const { code, out } = await run(["call", "Balance", ...base], { env });
    assert.equal(code, 0);
    assert.match(out, /^ZUSD  \d+\.\d+\nZEUR  \d/);
    assert.equal((await json(["call", "Balance", ...base], { env })).result.ZUSD, /ZUSD +(.+)/.exec(out)[1]);
  });

  test("parameters can be nested, repeated, and read from a file or standard input; the command line overrides them", async () => {
    const file = join(folder, "order.json");
    writeFileSync(file, JSON.stringify({ pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "0.1" }));
    const args = ["--params", file, "price=37500", "close[ordertype]=limit", "close[price]=38000", "oflags=post", "oflags=fciq"];
    assert.equal((await run(["call", "AddOrder", ...args, "--yes", ...base], { env })).code, 0);
    const { params } = exchange.executions.at(-1);
    assert.equal(params.price, "37500");
    assert.equal(params.oflags, "post,fciq");
    assert.deepEqual({ ...params.close }, { ordertype: "limit", price: "38000" });

    const input = JSON.stringify({
      pair: "XBTUSD",
      orders: ["2", "3"].map((price) => ({ type: "buy", ordertype: "limit", price, volume: "1" })),
    });
    await run(["call", "AddOrderBatch", "--params", "-", "--yes", ...base], { env, input });
    assert.equal(exchange.executions.at(-1).endpoint, "AddOrderBatch");
  });

  test("a file of parameters with a name twice is refused, and one with a byte order mark is read", async () => {
    const file = join(folder, "twice.json");
    writeFileSync(file, '{"pair":"XBTUSD","type":"buy","type":"sell","ordertype":"limit","price":"37500","volume":"0.1"}');
    const { code, err } = await nothingSent(() => run(["call", "AddOrder", "--params", file, "--yes", ...base], { env }));
    assert.equal(code, 2);
    assert.match(err, /twice\.json has the name "type" twice in one object\. Write it once\.$/m);
    writeFileSync(file, '\ufeff{"asset":"XBT"}\n');
    assert.equal((await json(["call", "Ledgers", "--params", file, ...base], { env })).code, 0);
  });

  test("integers that a number does not hold exactly keep their digits", async () => {
    const number = "9007199254740993";
    exchange.inject({ fault: "body", endpoint: "Balance", body: `{"error":[],"result":{"a":${number},"b":-${number}}}` });
    const { code, out } = await run(["call", "Balance", "--json", ...base], { env });
    assert.deepEqual([code, out], [0, `{\n  "a": ${number},\n  "b": -${number}\n}\n`]);
    exchange.inject({ fault: "body", endpoint: "AddOrder", body: `{"error":[],"result":{"txid":["OAAAAA"],"n":${number}}}` });
    const placed = await run(["call", "AddOrder", ...order, "--yes", "--json", ...base], { env });
    assert.deepEqual([placed.code, placed.err], [0, ""]);
    assert.match(placed.out, new RegExp(`"n": ${number}\n`));
    // In part rejected: the error has the result.
    exchange.inject({
      fault: "body",
      endpoint: "AddOrderBatch",
      body: `{"error":[],"result":{"orders":[{"txid":"OAAAAA","n":${number}},{"error":"EOrder:Insufficient funds"}]}}`,
    });
    const rows = ["orders[0][type]=buy", "orders[0][ordertype]=market", "orders[0][volume]=1"];
    const others = rows.map((row) => row.replace("[0]", "[1]"));
    const batch = await run(["call", "AddOrderBatch", "pair=XBTUSD", ...rows, ...others, "--yes", "--json", ...base], { env });
    assert.equal(batch.code, 1);
    assert.match(batch.err, new RegExp(`"n":${number}}`));
  });

  test("paths are called, with the nonce in a header if the API takes it there", async () => {
    assert.deepEqual((await json(["call", "/funding/v1/addresses", ...base], { env })).result, { addresses: [] });
    assert.equal((await json(["call", "/0/private/Balance", ...base], { env })).code, 0);
    const write = () => run(["call", "/funding/v1/addresses", "--method", "POST", "asset=XBT", ...base], { env });
    assert.equal((await nothingSent(write)).code, 2);
  });

  test("Futures endpoints determine the method, and unknown ones require --method", async () => {
    const send = ["call", "sendorder", "--futures", "orderType=lmt", "symbol=PF_XBTUSD", "side=buy", "size=1", "limitPrice=30000"];
    const { result } = await json([...send, "--yes", ...base], both);
    assert.equal(result.details.sendStatus.status, "placed");
    const { out } = await run(["call", "/derivatives/api/v3/openorders", "--futures", ...base], both);
    assert.match(out, new RegExp(`order_id +${result.orderId}`));
    const put = ["call", "leveragepreferences", "--futures", "--method", "PUT", "symbol=PF_XBTUSD", "maxLeverage=2", "--yes"];
    await run([...put, ...base], both);
    assert.equal(exchange.requests.at(-1).method, "PUT");
    const { code, err } = await nothingSent(() => run(["call", "unheardof", "--futures", ...base], both));
    assert.equal(code, 2);
    assert.match(err, /--method/);
  });

  test("a Futures endpoint that reads and changes is not read if parameters are given, since it would seem to be changed", async () => {
    const args = ["leveragepreferences", "--futures", "symbol=PF_XBTUSD", "maxLeverage=5", "--yes"];
    const { code, err } = await nothingSent(() => run(["call", ...args, ...base], both));
    assert.equal(code, 2);
    assert.match(err, /--method: give GET or PUT for leveragepreferences, which takes both\./);
    assert.equal((await run(["call", "leveragepreferences", "--futures", ...base], both)).code, 0);
    assert.equal(exchange.requests.at(-1).method, "GET");
  });

  test("Futures endpoints with a part that differs are known, too, and a path of Futures is not called at Spot", async () => {
    const part = "2f1c2d3e-0000-4000-8000-000000000001";
    for (const [args, method] of [
      [[`rfqs/cancel-offer/${part}`, "--yes"], "DELETE"],
      [[`subaccount/${part}/trading-enabled`], "GET"],
    ]) {
      await run(["call", ...args, "--futures", ...base], both);
      assert.equal(exchange.requests.at(-1).method, method, args[0]);
    }
    for (const given of ["/derivatives/api/v3/sendorder", "/api/v3/sendorder"]) {
      const { code, err } = await nothingSent(() => run(["call", given, "--method", "POST", "--yes", ...base], both));
      assert.equal(code, 2);
      assert.match(err, /is a path of Kraken Futures: add --futures\./);
    }
  });

  test("an answer that is a file is written to a file or a pipe, never to a terminal or into JSON", async () => {
    const { result } = await json(["call", "AddExport", "report=trades", "description=x", "--yes", ...base], { env });
    const args = ["call", "RetrieveExport", `id=${result.id}`, ...base];
    const file = join(folder, "export.zip");
    assert.equal((await run([...args, "--output", file], { env })).code, 0);
    assert.equal(readFileSync(file).subarray(0, 2).toString(), "PK");
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await run(args, { env })).bytes.subarray(0, 2).toString(), "PK");
    assert.equal((await nothingSent(() => json(args, { env }))).code, 2);
    assert.equal((await nothingSent(() => run([...args, "--output", file], { env }))).code, 2, "nothing is overwritten");
  });

  test("a call that changes something is not sent by a script without --yes", async () => {
    for (const args of [["AddOrder", ...order], ["NeverHeardOf"], ["DepositAddresses", "asset=XBT", "method=Bitcoin", "new=true"]]) {
      const { code, err } = await nothingSent(() => run(["call", ...args, ...base], { env }));
      assert.equal(code, 2);
      assert.match(err, /was not sent\. Scripts pass --yes/);
    }
  });

  test("public endpoints need no key", async () => {
    const { code, result } = await json(["call", "Time", ...base]);
    assert.equal(code, 0);
    assert.ok(Math.abs(result.unixtime - Date.now() / 1000) < 60);
  });

  test("--verbose logs each request without its contents", async () => {
    const { err } = await run(["call", "Balance", "--verbose", ...base], { env });
    assert.match(err, /^POST http:\/\/127\.0\.0\.1:\d+\/0\/private\/Balance: HTTP 200 after \d+ ms\n$/);
  });
});

describe("sign", () => {
  const mac = (secret, ...parts) => createHmac("sha512", Buffer.from(secret, "base64")).update(Buffer.concat(parts)).digest("base64");
  const sha = (text) => createHash("sha256").update(text).digest();

  test("headers and body match node:crypto, and nothing is sent", async () => {
    const { out } = await nothingSent(() => run(["sign", "AddOrder", ...order, ...base], { env }));
    const [head, body] = out.trimEnd().split("\n\n");
    const [request, ...headers] = head.split("\n");
    assert.equal(request, `POST ${url}/0/private/AddOrder`);
    const sign = mac(env.KRAKEN_SECRET, Buffer.from("/0/private/AddOrder"), sha(/nonce=(\d+)/.exec(body)[1] + body));
    assert.deepEqual(headers, [`API-Key: ${env.KRAKEN_KEY}`, `API-Sign: ${sign}`, "Content-Type: application/x-www-form-urlencoded"]);
  });

  test("with --json and --nonce, known vectors are reproduced", async () => {
    const { vectors } = JSON.parse(readFileSync(fileURLToPath(new URL("../vectors/kraken.json", import.meta.url))));
    let seen = 0;
    for (const { kind, secret, path, nonce, body, expected } of vectors) {
      const [name] = /^(?:[A-Z]\w+)$/.exec(path.replace("/0/private/", "")) ?? [];
      // Those that this client would write in the same way: blanks as %20, prices in percent and batches as JSON, no nonce beyond the clock. And no
      // limit order without a price, which it refuses.
      if (
        kind !== "spot" ||
        !name ||
        name === "AddOrderBatch" ||
        !body.startsWith("nonce=") ||
        /\+|%25|otp=/.test(body) ||
        /ordertype=limit&(?!.*price=)/.test(body) ||
        nonce.length > 19
      )
        continue;
      keepSecret(secret);
      const params = body.split("&").slice(1).map(decodeURIComponent);
      const { result } = await json(["sign", name, ...params, "--nonce", nonce], { env: { KRAKEN_KEY: "k", KRAKEN_SECRET: secret } });
      assert.equal(result.body, body);
      assert.equal(result.headers["API-Sign"], expected);
      assert.equal(result.nonce, nonce);
      assert.equal(result.url, `https://api.kraken.com${path}`);
      seen++;
    }
    assert.equal(seen, 3);
  });

  test("Futures requests, and those with the nonce in a header, are signed", async () => {
    const { result } = await json(["sign", "openorders", "symbol=PF_XBTUSD", "--futures", ...base], both);
    const { Authent, Nonce } = result.headers;
    assert.equal(Authent, mac(futures.env.KRAKEN_FUTURES_SECRET, sha(`symbol=PF_XBTUSD${Nonce}/api/v3/openorders`)));
    assert.deepEqual([result.method, result.body, result.nonce], ["GET", "", Nonce]);
    const header = await json(["sign", "/funding/v1/addresses", "asset=XBT", ...base], { env });
    assert.equal(header.result.nonce, header.result.headers["API-Nonce"]);
  });

  test("a static password is not printed, but a code is", async () => {
    const { env } = key({ otp: { password: "correct horse battery" } });
    const { code, err } = await run(["sign", "Balance"], { env });
    assert.equal(code, 2);
    assert.match(err, /would be printed/);
    assert.equal((await run(["call", "Balance", ...base], { env })).code, 0);
    const { env: app } = key({ otp: {} });
    assert.match((await run(["sign", "Balance"], { env: app })).out, /&otp=\d{6}\n$/);
  });

  test("printed curl commands, run by bash, are accepted by the exchange", { skip: lacking("bash", "curl") }, async () => {
    const odd = `it's "$HOME" \`id\` \\ !! ü€😀 100% a&b=c #x ~ *`;
    for (const [args, env] of [
      [["Balance"], key().env],
      [["AddExport", "report=trades", `description=${odd}`], key().env],
      [["AddExport", "report=trades", `description=${odd}`, "--send-json"], key().env],
      [["Balance"], key({ otp: {} }).env],
      [["/funding/v1/addresses", "asset=[XBT]"], key().env],
      [["/api/history/v2/orders", "--futures", "tradeable=it's [x]{y}"], futures.env],
      [["sendorder", "--futures", "orderType=lmt", "symbol=PF_XBTUSD", "side=buy", "size=1", "limitPrice=3"], futures.env],
    ]) {
      const { out, code } = await nothingSent(() => run(["sign", ...args, "--curl", ...base], { env }));
      assert.equal(code, 0);
      const shell = await run(["-c", `set -e; ${out.replace("curl ", "curl --silent --show-error ")}`], { runtime: ["bash"] });
      assert.equal(shell.code, 0, shell.err);
      const request = exchange.requests.at(-1);
      assert.equal(request.verdict, "executed", `${args.join(" ")}: ${request.errors}`);
    }
  });
});

describe("totp", { concurrency: 4 }, () => {
  const { env } = key({ otp: {} });

  test("standard output has only the code, and standard error the remaining seconds", async () => {
    const { code, out, err } = await run(["totp"], { env });
    assert.equal(code, 0);
    assert.ok(new Totp(env.KRAKEN_OTP_SETUP_KEY).verify(out.trim()));
    assert.match(out, /^\d{6}\n$/);
    const seconds = Number(/^valid for (\d+) s\n$/.exec(err)[1]);
    assert.ok(seconds >= 1 && seconds <= 30);
  });

  test("with --json, the code of a URI in a file is printed", async () => {
    const file = join(folder, "uri");
    writeFileSync(file, `otpauth://totp/Kraken?secret=${env.KRAKEN_OTP_SETUP_KEY}&digits=8&period=60\n`, { mode: 0o600 });
    const { code, result } = await json(["totp", "--otp-file", file]);
    assert.equal(code, 0);
    assert.match(result.code, /^\d{8}$/);
    assert.equal(Date.parse(result.expires) % 60_000, 0);
    assert.ok(result.seconds >= 1 && result.seconds <= 60);
  });

  test("the position of a mistake in a setup key is shown, but not the key", async () => {
    keepSecret("JBSWY3DPEHPK3PX1");
    const { code, err } = await run(["totp"], { env: { KRAKEN_OTP_SETUP_KEY: "JBSWY3DPEHPK3PX1" } });
    assert.equal(code, 2);
    assert.match(err, /Character 16 is "1"/);
  });
});

describe("nonce", { concurrency: 4 }, () => {
  for (const [unit, digits] of Object.entries({ ms: 13, us: 16, ns: 19 }))
    test(`the next nonce in ${unit} follows the clock`, async () => {
      const { out } = await run(["nonce", "--unit", unit]);
      assert.match(out, new RegExp(`^\\d{${digits}}\\n$`));
      assert.ok(Math.abs(Number(out.slice(0, 13)) - Date.now()) < 60_000);
    });

  test("a number is explained by the time that it stands for", async () => {
    const time = "2023-11-14T22:13:20.000Z";
    const ms = BigInt(Date.parse(time));
    for (const [unit, number] of [
      ["s", ms / 1000n],
      ["ms", ms],
      ["us", ms * 1000n],
      ["10ns", ms * 100_000n],
      ["ns", ms * 1_000_000n],
      ["ticks", ms * 10_000n + 621_355_968_000_000_000n],
    ]) {
      const { code, result } = await json(["nonce", "--explain", `${number}`]);
      assert.deepEqual([code, result.unit, result.date], [0, unit, time]);
      assert.equal(result.readings.filter(({ isLikely }) => isLikely)[0].usedBy.length > 5, true);
      assert.deepEqual(
        ["us1024", "ns", "ticks", "10ns", "us", "ms", "s"].filter((name) => !result.readings.some((reading) => reading.unit === name)),
        [],
      );
    }
    const { out } = await run(["nonce", "--explain", `${ms * 1000n}`]);
    assert.match(
      out,
      /^1700000000000000 counts microseconds: 2023-11-14T22:13:20\.000Z\nUsed by: [^]+→ microseconds +\d{16} +2023\S+ +passed\n +milliseconds +\d{13} +year 55840 +never in this century\n[^]+rejects nonces in milliseconds permanently\. Nonces in microseconds and nanoseconds are above it/,
    );
  });

  test("a number that is not what Kraken takes is explained, too, and ends with 1", async () => {
    for (const [text, problem, unit] of [
      ["1616492376594.0", /has a fraction/, "milliseconds"],
      ["1.616492376594e12", /has an exponent/, "milliseconds"],
      [(1616492376594).toString(16), /not in decimal digits/, "milliseconds in hexadecimal"],
      ["20210323093936594123", /too high/, "yyyyMMddHHmmssffffff"],
    ]) {
      const { code, out } = await run(["nonce", "--explain", text]);
      assert.equal(code, 1, text);
      assert.match(out, problem);
      assert.ok(out.includes(`${text} counts ${unit}: 2021-03-23T09:39:36.`), out);
    }
  });

  test("a clock that was ahead: until when Kraken rejects its nonces", async () => {
    const { code, out } = await run(["nonce", "--explain", `${Date.now() + 3 * 86_400_000 + 60_000}`]);
    assert.equal(code, 0);
    assert.match(out, /→ milliseconds .* in 3 days\n/);
    assert.match(out, /clock of the machine that made it was ahead/);
    assert.match(out, /rejects nonces in milliseconds until \d{4}-\S+Z\. Nonces in microseconds and nanoseconds are above it/);
  });

  test("a number that is not a sensible time ends with 1", async () => {
    for (const number of ["0", "42", "18446744073709551615", "99999999999999"]) {
      assert.equal((await run(["nonce", "--explain", number])).code, 1, number);
      assert.equal((await json(["nonce", "--explain", number])).result.unit, undefined);
    }
  });
});

test("--version prints the version, and output to a pipe has no colors", async () => {
  const { version } = JSON.parse(readFileSync(join(installed, "package.json")));
  assert.equal((await run(["--version"])).out, `${version}\n`);
  const { code, out, err } = await run([]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /Commands/);
  for (const args of [["--help"], ["check", ...base], ["call", "balance"]]) {
    const { out, err } = await run(args, { env });
    assert.ok(!(out + err).includes("\x1b"));
  }
});

describe("in other runtimes and shells", () => {
  const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
  for (const [name, runtime] of [
    ["Bun", [join(modules, ".bin/bun")]],
    ["Deno", [join(modules, ".bin/deno"), "run", "--allow-all", "--no-lock"]],
    ["Node 26", [join(modules, "node26/bin/node")]],
  ])
    test(name, { skip: lacking(runtime[0]) }, async () => {
      const { env } = key({ otp: {} });
      const within = { env, runtime: [...runtime, join(installed, "dist/esm/cli/main.js")] };
      assert.match((await run(["call", "Balance", ...base], within)).out, /^ZUSD/);
      assert.equal((await json(["check", ...base], within)).code, 1);
      assert.equal((await run(["call", "AddOrder", ...order, ...base], within)).code, 2);
      const { out } = await run(["sign", "Balance", "--curl", ...base], within);
      assert.equal((await json(["investigate", "-"], { ...within, input: out })).result.findings[0].kind, "right");
      assert.match((await run(["totp"], within)).out, /^\d{6}\n$/);
      const cancelAll = ["call", "CancelAll", "--yes", ...base];
      const full = await run(cancelAll, { env, runtime: ["bash", "-c", 'exec "$0" "$@" > /dev/full', ...within.runtime] });
      assert.equal(full.code, 0, full.err);
      assert.match(full.err, /CancelAll was carried out[^]+nonce +\d{13}/);
      exchange.inject({ fault: "delay", when: "after", ms: 5000, endpoint: "CancelAll" });
      const before = exchange.executions.length;
      const { child, done } = start(cancelAll, within);
      await until(() => exchange.executions.length > before, "it is executed");
      child.kill("SIGTERM");
      const stopped = await done;
      assert.equal(stopped.code, 3, stopped.err);
      assert.match(stopped.err, /^UNKNOWN OUTCOME: CancelAll[^]+nonce +\d{13}/);
      if (noTerminal) return;
      const steps = [
        ["", "y\ry"],
        ["[y/N] ", "\r"],
      ];
      assert.equal((await type(["call", "CancelAll", ...base], steps, within)).code, 2);
      assert.equal((await type(["call", "CancelAll", ...base], [["[y/N] ", "y\r"]], within)).code, 0);
      const { KRAKEN_SECRET, ...others } = env;
      const asked = await type(["call", "Balance", ...base], [["(not shown): ", `${KRAKEN_SECRET}\r`]], { ...within, env: others });
      assert.equal(asked.code, 0, asked.out);
      const stop = await type(["call", "Balance", ...base], [["(not shown): ", { signal: "SIGTERM" }]], { ...within, env: others });
      assert.deepEqual([stop.code, stop.echo], [143, true]);
    });
});
