// The simulated exchange as a command: what it prints, what it is told, and how it ends.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { rootCertificates } from "node:tls";
import { SpotClient, FuturesClient, Totp } from "kraken-signer";
import { SpotSocket } from "kraken-signer/sockets";
import { WebSocket } from "undici";
import { folder, key, run, start, until } from "./helper.mjs";

key(); // something that must not be printed
const running = [];
after(() => running.forEach(({ child }) => child.kill("SIGKILL")));

/** Starts it for a script, and waits for its one line. */
async function exchange(...options) {
  const started = start(["exchange", "--json", ...options]);
  running.push(started);
  let [out, err] = ["", ""];
  started.child.stdout.on("data", (data) => (out += data));
  started.child.stderr.on("data", (data) => (err += data));
  await Promise.race([until(() => out.includes("\n"), "it says where it is"), started.done.then(() => assert.fail(`it ended: ${err}`))]);
  return {
    ...started,
    said: JSON.parse(out),
    log: () => err,
    async stop(signal = "SIGTERM") {
      started.child.kill(signal);
      return started.done;
    },
  };
}

const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.1" };
const spotOf = ({ url, spot: { key, secret } }, more) => new SpotClient({ key, secret, baseUrl: url, ...more });
const ticker = async ({ url }, pair = "XBTUSD") => Object.values(await new SpotClient({ baseUrl: url }).call("Ticker", { pair }))[0];

/** A file of prices. */
function script(name, ...lines) {
  const file = join(folder, name);
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("a script", () => {
  test("reads addresses and keys from one line, trades with them, and stops the exchange", async () => {
    const { said, stop } = await exchange();
    assert.equal(said.simulated, true);
    assert.equal(new URL(said.url).host, `127.0.0.1:${said.port}`);
    assert.equal(new URL(said.socketUrl).host, `127.0.0.1:${said.port}`);
    assert.match((await spotOf(said).call("AddOrder", order)).txid[0], /^O/);
    const futures = new FuturesClient({ ...said.futures, baseUrl: said.url });
    assert.equal((await futures.get("accounts")).result, "success");
    assert.equal(said.spot.setupKey, undefined);
    const { code, err } = await stop();
    assert.deepEqual([code, err], [0, ""]);
  });

  test(
    "SIGINT, SIGTERM and SIGHUP end the exchange with 0, with and without connections",
    { skip: process.platform === "win32" },
    async () => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
        const { said, stop } = await exchange();
        const socket = new SpotSocket({ client: spotOf(said), url: `${said.socketUrl}/v2`, WebSocket });
        await socket.subscribe("executions");
        assert.equal((await stop(signal)).code, 0, signal);
        socket.close();
        await assert.rejects(fetch(said.url), "nobody listens any more");
      }
    },
  );

  test("the same seed gives the same keys, another seed other keys, and no seed new keys every time", async () => {
    const [first, second, other, chance, again] = await Promise.all(
      [["--seed", "7"], ["--seed", "7"], ["--seed", "8"], [], []].map((options) => exchange("--two-factor", ...options)),
    );
    const keys = ({ said: { spot, futures } }) => [spot, futures];
    assert.deepEqual(keys(first), keys(second));
    const all = [first, other, chance, again].flatMap(({ said: { spot, futures } }) => [...Object.values(spot), ...Object.values(futures)]);
    assert.equal(new Set(all).size, all.length);
    assert.equal((await ticker(first.said)).a[0], (await ticker(second.said)).a[0]);
    await Promise.all([first, second, other, chance, again].map(({ stop }) => stop()));
  });
});

test("the text for people says that there is no money and what each key is for", async () => {
  const started = start(["exchange", "--seed", "1", "--two-factor"]);
  running.push(started);
  let [out, err] = ["", ""];
  started.child.stdout.on("data", (data) => (out += data));
  started.child.stderr.on("data", (data) => (err += data));
  await until(() => err.includes("Ctrl-C"), "it is ready");
  started.child.kill("SIGINT");
  assert.equal((await started.done).code, 0);
  assert.match(out, /^A simulated exchange for tests\. There is no money, and these keys and secrets work nowhere else\.\n/);
  for (const name of ["REST", "WebSockets", "Spot key", "Spot secret", "Spot setup key", "Futures key", "Futures secret"])
    assert.match(out, new RegExp(`^${name} {2,}\\S`, "m"));
});

test("with --two-factor, the printed setup key makes valid codes", async () => {
  const { said, stop } = await exchange("--two-factor", "--seed", "3");
  await assert.rejects(spotOf(said).call("Balance"), { kind: "signature" });
  const client = spotOf(said, { otp: new Totp(said.spot.setupKey) });
  assert.ok("ZUSD" in (await client.call("Balance")));
  await stop();
});

describe("TLS", () => {
  /** Asks over TLS, trusting one certificate. */
  const ask = (url, ca) =>
    new Promise((resolve, reject) =>
      get(`${url}/0/public/Time`, { ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject),
    );

  test("the certificate in the file is the one that the server uses, and is valid only for loopback", async () => {
    const file = join(folder, "exchange.pem");
    const { said, stop } = await exchange("--tls", "--certificate", file);
    assert.match(said.url, /^https:\/\/127\.0\.0\.1:/);
    assert.match(said.socketUrl, /^wss:/);
    assert.equal(said.certificate.file, file);
    const pem = readFileSync(file, "utf8");
    assert.ok(!pem.includes("PRIVATE"), "its key is not written");
    const certificate = new X509Certificate(pem);
    assert.equal(certificate.fingerprint256, said.certificate.fingerprint);
    assert.equal(certificate.ca, false);
    assert.equal(certificate.subjectAltName, "DNS:localhost, IP Address:127.0.0.1");
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(await ask(said.url, pem), 200);
    assert.equal(await ask(said.url.replace("127.0.0.1", "localhost"), pem), 200);
    await assert.rejects(ask(said.url), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    await stop();
    assert.ok(existsSync(file), "it stays where it was asked for");
    const again = await exchange("--tls", "--certificate", file);
    assert.notEqual(again.said.certificate.fingerprint, said.certificate.fingerprint);
    assert.equal(await ask(again.said.url, readFileSync(file)), 200);
    await again.stop();
  });

  test("without --certificate, it is written to a temporary file, which is removed at the end", async () => {
    const { said, stop } = await exchange("--tls");
    assert.equal(await ask(said.url, readFileSync(said.certificate.file)), 200);
    await stop();
    assert.ok(!existsSync(said.certificate.file));
  });

  test("connections also break over TLS", async () => {
    const { said, stop } = await exchange("--tls", "--reset", "1");
    await assert.rejects(ask(said.url, readFileSync(said.certificate.file)), { code: "ECONNRESET" });
    assert.equal((await stop()).err, "");
  });

  test("a file that is not a certificate of an exchange is not overwritten", async () => {
    const own = join(folder, "own.pem");
    const { stop } = await exchange("--tls", "--certificate", own);
    await stop();
    const pem = readFileSync(own, "utf8");
    const other = rootCertificates[0];
    for (const text of ["dear diary", other, pem + other, other + pem]) {
      const file = join(folder, "diary.txt");
      writeFileSync(file, text);
      const { code, err } = await run(["exchange", "--tls", "--certificate", file]);
      assert.equal(code, 2, text);
      assert.match(err, /diary\.txt already exists and is not a certificate of a simulated exchange\./);
      assert.equal(readFileSync(file, "utf8"), text);
    }
    assert.match((await run(["exchange", "--tls", "--certificate", join(folder, "no/such/x.pem")])).err, /cannot be written \(ENOENT\)/);
  });
});

describe("prices", () => {
  test("trades of a file are made at their times, and the first price is the initial one", async () => {
    const file = script(
      "prices.csv",
      "time,symbol,price,volume",
      "# calm",
      "",
      "0.1,XBTUSD,61000,0.5",
      "0.2, BTC/USD , 60500.5, 2",
      "0.2,PF_XBTUSD,60499,1",
    );
    const { said, stop } = await exchange("--prices", file);
    const client = spotOf(said);
    const { txid } = await client.call("AddOrder", { ...order, price: "60600", volume: "0.25" });
    let last;
    for (let tries = 0; tries < 200 && last !== "60500.50000"; tries++) last = (await ticker(said)).c[0];
    assert.equal(last, "60500.50000");
    const found = await client.call("QueryOrders", { txid: txid[0] });
    assert.equal(found[txid[0]].status, "closed", "a price of the file has come to it");
    const trades = (await client.call("Trades", { pair: "XBTUSD" })).XXBTZUSD;
    assert.deepEqual(
      trades.map(([price]) => price),
      ["61000.00000", "60600.00000", "60500.50000"],
    );
    await stop();
  });

  test("with a seed, each price of the file is reached, with a book around it", async () => {
    const file = script("seeded.csv", "0,XBTUSD,50000,0.1", "0.1,XBTUSD,49990.5,0.25", "0.2,XBTUSD,50100,0.5");
    const { said, stop } = await exchange("--seed", "7", "--prices", file);
    const client = spotOf(said);
    let trades = [];
    for (let tries = 0; tries < 500 && trades.length < 3; tries++) trades = (await client.call("Trades", { pair: "XBTUSD" })).XXBTZUSD;
    const { bids, asks } = (await client.call("Depth", { pair: "XBTUSD" })).XXBTZUSD;
    await stop();
    assert.deepEqual(
      trades.map(([price, volume]) => `${price} ${volume}`),
      ["50000.00000 0.10000000", "49990.50000 0.25000000", "50100.00000 0.50000000"],
    );
    assert.deepEqual([bids.length, asks.length], [25, 25]);
    assert.ok(Number(bids[0][0]) < 50_100 && Number(asks[0][0]) > 50_100);
  });

  test("with --walk, prices move in the same way for the same seed", async () => {
    const paths = await Promise.all(
      [1, 2].map(async () => {
        const { said, stop } = await exchange("--seed", "5", "--walk", "30");
        const client = new SpotClient({ baseUrl: said.url });
        let trades = [];
        for (let tries = 0; tries < 500 && trades.length < 5; tries++) trades = (await client.call("Trades", { pair: "XBTUSD" })).XXBTZUSD;
        assert.ok((await ticker(said, "ETHUSD")).c[0] !== "2500.00000");
        await stop();
        return trades.slice(0, 5).map(([price, volume]) => `${price} ${volume}`);
      }),
    );
    assert.equal(paths[0].length, 5);
    assert.ok(new Set(paths[0]).size > 1);
    assert.deepEqual(paths[0], paths[1]);
  });

  const wrong = {
    "no trades": [["# nothing", ""], /wrong\.csv has no trades: expected lines of time,symbol,price,volume/],
    "a field too few": [["0,XBTUSD,50000"], /wrong\.csv, line 1: expected four fields/],
    "a field too many": [["0,XBTUSD,50000,1,buy"], /line 1: expected four fields/],
    "no time": [["now,XBTUSD,50000,1"], /line 1: the time must be a number of seconds/],
    "a time that falls": [["2,XBTUSD,50000,1", "1,XBTUSD,50000,1"], /line 2: the time is before the time of the previous line/],
    "an unknown market": [["0,XBTUSD,50000,1", "0,DOGEUSD,1,1"], /line 2: Unknown market "DOGEUSD"/],
    "a price between two ticks": [["0,XBTUSD,50000.05,1"], /line 1: Invalid price "50000\.05": expected a positive multiple of 0\.1/],
    "no volume": [["0,XBTUSD,50000,0"], /line 1: Invalid volume "0"/],
  };
  for (const [what, [lines, message]] of Object.entries(wrong))
    test(`a file with ${what} is refused before anything listens`, async () => {
      const { code, out, err } = await run(["exchange", "--prices", script("wrong.csv", ...lines)]);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });

  test("a missing file is refused", async () => {
    const { code, err } = await run(["exchange", "--prices", join(folder, "none.csv")]);
    assert.equal(code, 2);
    assert.match(err, /none\.csv cannot be read \(ENOENT\)/);
  });
});

describe("options", () => {
  test("--clock sets the time at which the exchange's clock starts", async () => {
    const { said, stop } = await exchange("--clock", "2020-02-29T12:00:00Z");
    const { unixtime } = await new SpotClient({ baseUrl: said.url }).call("Time");
    const since = unixtime - Date.parse("2020-02-29T12:00:00Z") / 1000;
    assert.ok(since >= 0 && since < 60, `${since} s later`);
    await stop();
  });

  test("--lenient ignores parameters that are otherwise rejected by name", async () => {
    const [strict, lenient] = await Promise.all([exchange(), exchange("--lenient")]);
    const raw = (one) => spotOf(one.said).call("AddOrder", { ...order, sise: "1" });
    await assert.rejects(raw(strict), /Invalid arguments:sise/);
    assert.equal((await raw(lenient)).txid.length, 1);
    await Promise.all([strict.stop(), lenient.stop()]);
  });

  test("--history limits how many past rows are remembered", async () => {
    const [short, long] = await Promise.all([exchange("--history", "3"), exchange()]);
    const counts = [short, long].map(async ({ said }) => {
      const client = spotOf(said);
      for (let i = 0; i < 12; i++) await client.call("AddOrder", { ...order, ordertype: "market", price: undefined });
      return (await client.call("TradesHistory")).count;
    });
    const [few, all] = await Promise.all(counts);
    assert.ok(few >= 3 && few < 6, `${few} trades`);
    assert.equal(all, 12);
    await Promise.all([short.stop(), long.stop()]);
  });

  test("--rate-limit limits calls as for an account of that tier", async () => {
    const { said, stop } = await exchange("--rate-limit", "starter");
    const client = spotOf(said, { retries: 0 });
    const calls = async () => {
      for (let i = 0; i < 40; i++) await client.call("Balance");
    };
    await assert.rejects(calls(), { kind: "rate-limit" });
    await stop();
  });

  test("--twice doubles requests, --reset breaks connections, and --log reports both", async () => {
    const { said, log, stop } = await exchange("--seed", "2", "--twice", "1", "--reset", "0.5", "--log");
    const client = spotOf(said, { retries: 0 });
    const outcomes = [];
    for (let i = 0; i < 12; i++)
      outcomes.push(
        await client.call("AddOrder", order).then(
          () => "placed",
          ({ code }) => code,
        ),
      );
    assert.ok(outcomes.includes("ERR_UNKNOWN_OUTCOME"), outcomes.join());
    assert.match(log(), /^\S+Z POST AddOrder placed O[\w-]+: buy 0\.10000000 XBTUSD @ limit 37500\.0 \(twice\)$/m);
    assert.match(log(), /^\S+Z POST AddOrder refused EAPI:Invalid nonce \(twice\)$/m);
    for (const secret of Object.values(said.spot)) assert.ok(!log().includes(secret));
    await stop();
  });
});

describe("every mistake has its own message and ends with 2", () => {
  const wrong = {
    "--port 70000": /--port: give a whole number from 0 to 65535/,
    "--port http": /--port: give a whole number/,
    "--host 0.0.0.0": /--host: the exchange listens on 127\.0\.0\.1 only/,
    "--host example.com": /127\.0\.0\.1 only/,
    "--certificate x.pem": /--certificate needs --tls/,
    "--history 0": /--history: give a whole number from 1 to/,
    "--walk 1000": /--walk needs --seed/,
    "--walk 1 --seed 1": /--walk: give a whole number from 10 to 3600000/,
    "--walk 1000 --seed 1 --prices x.csv": /--walk and --prices both move prices/,
    "--seed -1": /--seed needs a value/,
    "--seed=1.5": /--seed: give a whole number from 0 to 4294967295/,
    "--clock yesterday": /--clock: give a time with its zone/,
    "--clock 2026-01-31": /--clock: give a time with its zone/,
    "--twice 2": /--twice: give a chance from 0 to 1/,
    "--reset often": /--reset: give a chance/,
    "--rate-limit vip": /--rate-limit must be one of starter, intermediate, pro/,
    somewhere: /exchange takes options only, but got 1 operand/,
  };
  for (const [line, message] of Object.entries(wrong))
    test(line, async () => {
      const { code, out, err } = await run(["exchange", ...line.split(" ")]);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });

  test("a port in use is reported", async (t) => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
    t.after(() => other.close());
    const { port } = other.address();
    const { code, err } = await run(["exchange", "--port", `${port}`, "--json"]);
    assert.equal(code, 2);
    assert.equal(
      JSON.parse(err).error.message,
      `Port ${port} is in use. Stop the program that listens there, or leave out --port to use any free port.`,
    );
  });

  test("127.0.0.1 and localhost are accepted as hosts, and the given port is used", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const { said, stop } = await exchange("--host", host);
      await stop();
      const again = await exchange("--port", `${said.port}`);
      assert.equal(again.said.port, said.port);
      await again.stop();
    }
  });
});
