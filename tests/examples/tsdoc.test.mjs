// The examples of the API reference, which an editor shows beside a name: each runs at the simulated exchange, with the values that it takes for
// granted; those that need a Worker, Redis or a new process, in one. tests/types compiles them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";
import * as main from "kraken-signer";
import * as inspect from "kraken-signer/inspect";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { moduleOfPart } from "./helper.mjs";
import { RUNNERS } from "./tsdoc-runners.mjs";

// Beside node_modules, so that the examples find the package.
const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const home = mkdtempSync(join(cache, "tsdoc-"));
after(() => rmSync(home, { recursive: true, force: true }));
const source = fileURLToPath(new URL("../../pkg-template/src/", import.meta.url));
const ENTRIES = {
  "kraken-signer": main,
  "kraken-signer/sockets": sockets,
  "kraken-signer/testing": testing,
  "kraken-signer/inspect": inspect,
};

// Sockets that an example leaves open must not keep this process alive after the last test.
const { setTimeout: later, setInterval: every } = globalThis;
globalThis.setTimeout = (...given) => later(...given).unref();
globalThis.setInterval = (...given) => every(...given).unref();
const alive = every(() => {}, 1000);
after(() => clearInterval(alive));

const examples = readdirSync(source, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && !file.startsWith("generated"))
  .flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8").replace(/^ *\* ?/gm, "");
    return [...text.matchAll(/@example\n```ts\n([^]*?)\n```/g)].map(([, code], index) => ({ file, code, name: `${file}, ${index + 1}` }));
  });

const ADDRESS = { asset: "XBT", key: "cold storage", address: "bc1qcold", fee: "0.0001" };
const BODY = "nonce=1700000000000";
const REQUEST = "https://api.kraken.com/0/private/Balance";

/** An account, its clients, and everything else that an example may take for granted. */
async function open() {
  const exchange = new testing.Exchange({ seed: 1, withdrawAddresses: [ADDRESS] });
  const { key, secret } = exchange.addKey();
  const client = new main.SpotClient({ key, secret, fetch: exchange.fetch });
  await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.1" });
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.01" };
  const error = await client.call("AddOrder", order).catch((error) => error);
  const signature = new main.Signer(secret).signSpot("/0/private/Balance", "1700000000000", BODY);
  const headers = { "API-Key": key, "API-Sign": signature };
  return {
    ...{ exchange, key, secret, client, order, error, signature },
    socket: new sockets.SpotSocket({ client, WebSocket: exchange.WebSocket }),
    request: new Request(REQUEST, { method: "POST", headers, body: BODY }),
    text: `curl '${REQUEST}' -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' --data-raw '${BODY}'`,
    har: JSON.stringify({ log: { entries: [{ request: { method: "POST", url: REQUEST, headers: [], postData: { text: BODY } } }] } }),
    locks: { acquire: async () => ({ release: async () => {} }) },
    counter: { next: async () => `${Date.now()}` },
    ...{ Worker: class {}, program: "program.mjs", workerData: { memory: main.ThreadLane.memory() } },
  };
}

/** What an example says in a comment that its `console.log` prints, and what it may print there. */
const saidIn = (code) => [...code.matchAll(/console\.log\((?:[^;]|;(?!\s))*\); ?\/\/ ([\d.]+|microseconds)$/gm)].map(([, said]) => said);

/** Runs an example, until it ends or waits for messages. Returns how it ended, and what it printed. */
async function run(t, { file, code }, index) {
  const values = await open();
  t.after(() => values.socket.close());
  if (file.includes("futures")) Object.assign(values, values.exchange.addKey({ product: "futures" }));
  if (code.includes("new Totp(secret)")) values.secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  Object.assign(globalThis, { parts: values, fetch: values.exchange.fetch, WebSocket: values.exchange.WebSocket });
  const printed = [];
  for (const method of ["log", "warn", "error"]) t.mock.method(console, method, (...words) => printed.push(format(...words)));
  const path = join(home, `${index}.mjs`);
  writeFileSync(path, moduleOfPart(code, ENTRIES, Object.keys(values)));
  const end = import(pathToFileURL(path)).then(
    () => "ended",
    (error) => error,
  );
  // A loop over the messages of a socket has no end.
  const isEndless = /for await \(const (message|state) of/.test(code);
  const outcome = await (isEndless ? Promise.race([end, new Promise((resolve) => later(resolve, 500, "waits"))]) : end);
  t.mock.restoreAll();
  return { outcome, printed, isEndless };
}

test("there are examples, some say what they print, and each runner has one", () => {
  assert.ok(examples.length >= 60, `${examples.length} examples`);
  const files = new Set(examples.map(({ file }) => file));
  for (const file of Object.keys(RUNNERS)) assert.ok(files.has(file), file);
  assert.ok(examples.flatMap(({ code }) => saidIn(code)).length >= 4, "some say what they print");
});

describe("each example runs", () => {
  for (const [index, example] of examples.filter(({ file }) => !RUNNERS[file]).entries())
    test(example.name, { timeout: 60_000 }, async (t) => {
      const { outcome, printed, isEndless } = await run(t, example, index);
      assert.equal(outcome, isEndless ? "waits" : "ended", outcome?.stack);
      for (const said of saidIn(example.code)) assert.ok(printed.includes(said), `it printed ${printed.join("\n")}, and not ${said}`);
    });
});

describe("each example for Workers, Redis or a new process runs there", { concurrency: 2 }, () => {
  for (const example of examples.filter(({ file }) => RUNNERS[file])) {
    const { run, skip = false } = RUNNERS[example.file];
    test(example.name, { timeout: 120_000, skip }, (t) => run(t, example, home));
  }
});
