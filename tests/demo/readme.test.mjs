// The examples of the README do what they say: they run as they stand, with the simulated exchange behind `fetch`.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Exchange } from "kraken-signer/testing";
import ts from "typescript59";
import { check, frameworks, rowOf } from "../frameworks/table.mjs";

const exchange = new Exchange();
const account = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
globalThis.fetch = exchange.fetch;
Object.assign(process.env, { KRAKEN_KEY: account.key, KRAKEN_SECRET: account.secret, KRAKEN_OTP_SETUP_KEY: account.setupKey });

// Beside node_modules, so that the examples find the package.
const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, "readme-"));
after(() => rm(folder, { recursive: true, force: true }));

/** The examples of a README, in order. */
async function examples(readme) {
  const text = await readFile(new URL(readme, import.meta.url), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
}

/** Removes the types. That they are right is tested in tests/types. */
const withoutTypes = (code) =>
  ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  }).outputText;

let count = 0;
async function run(code) {
  const file = join(folder, `${++count}.mjs`);
  await writeFile(file, withoutTypes(code));
  return import(pathToFileURL(file));
}

const executed = () => exchange.executions.map(({ endpoint }) => endpoint);
const [inNode, unknown, inspecting, inWorker, prices, ownClient, inTests, ...more] = await examples("../../README.md");

test("README: in Node", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  assert.ok(inNode.split("\n").length <= 12, "ten lines, more or less");
  await run(inNode);
  assert.deepEqual(executed(), ["Balance", "AddOrder"]);
  assert.ok("ZUSD" in log.mock.calls[0].arguments[0]);
  const [said, orderId] = log.mock.calls[1].arguments;
  assert.equal(said, "placed:");
  assert.match(orderId, /^O/);
});

test("README: in a Worker", async () => {
  assert.ok(inWorker.split("\n").length <= 12, "ten lines, more or less");
  const { default: worker } = await run(inWorker);
  const { key, secret } = exchange.addKey();
  const response = await worker.fetch(new Request("https://worker.example"), { KRAKEN_KEY: key, KRAKEN_SECRET: secret });
  assert.equal(Object.keys((await response.json()).open).length, 1);
});

const KRAKEN = `import { SpotClient, Totp, UnknownOutcomeError, resolveOrder } from "kraken-signer";
const kraken = new SpotClient({
  key: process.env.KRAKEN_KEY,
  secret: process.env.KRAKEN_SECRET,
  otp: new Totp(process.env.KRAKEN_OTP_SETUP_KEY),
});
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price: "30000" };
`;

test("README: orders with a known outcome", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  await run(KRAKEN + unknown);
  assert.deepEqual(log.mock.calls[0].arguments[0], "placed:");
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  await run(KRAKEN + unknown);
  assert.deepEqual(log.mock.calls[1].arguments, ["not placed, and it cannot be anymore"]);
  assert.equal(executed().filter((endpoint) => endpoint === "AddOrder").length, 2, "nothing was sent again");
});

test("README: with your own HTTP client", async () => {
  const { answer } = await run(`${KRAKEN}${ownClient}\nexport { answer };`);
  const { error, result } = await answer.json();
  assert.deepEqual(error, []);
  assert.match(result.txid[0], /^O/);
});

test("README: prices, without a key", async (t) => {
  globalThis.WebSocket = exchange.WebSocket;
  exchange.market("BTC/USD").setBook({ bids: [["49999.9", "1"]], asks: [["50000.1", "1"]] });
  const said = [];
  t.mock.method(console, "log", (...words) => {
    said.push(words);
    if (said.length === 2) exchange.market("BTC/USD").setBook({ bids: [["50001", "1"]], asks: [["50001.5", "1"]] });
    if (said.length === 3) globalThis.socket.close();
  });
  await run(prices.replace("new SpotSocket()", "(globalThis.socket = new SpotSocket())"));
  assert.deepEqual(said, [
    ["last price:", "50000.00000"],
    ["best prices:", "49999.9", "50000.1"],
    ["best prices:", "50001.0", "50001.5"],
  ]);
});

test("README: which mistake was it?", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  const body = "nonce=1616492376594";
  const digest = createHash("sha256").update(`1616492376594${body}`).digest();
  const signature = createHmac("sha512", account.secret).update("/0/private/Balance").update(digest).digest("base64");
  await run(`const [secret, body, signature] = ${JSON.stringify([account.secret, body, signature])};\n${inspecting}`);
  const [mistakes, fix] = log.mock.calls[0].arguments;
  // What the comment behind it says.
  const [, said, words] = /\[ "([\w-]+)" \] (.*?) …/.exec(inspecting);
  assert.deepEqual(mistakes, [said]);
  assert.ok(fix.startsWith(words), fix);
});

test("README: in your tests", async () => {
  const { client, exchange } = await run(`${inTests}\nexport { client, exchange };`);
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price: "30000" };
  await assert.rejects(client.call("AddOrder", order), { name: "UnknownOutcomeError" });
  assert.equal(exchange.executions.length, 1);
  assert.deepEqual(more, [], "every example is run");
});

test("README: the links lead somewhere, and it is short enough to read", async () => {
  const text = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  assert.ok(text.split("\n").length < 200);
  for (const [, target] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|(?:src|srcset)="([^"]+)"/g))
    if (target) await access(new URL(`../../${target}`, import.meta.url));
});

test("README and guide: the tables of frameworks are the ones that a run of them writes", async () =>
  check(await Promise.all(frameworks.map(rowOf))));

test("README of the package: its links lead into the package or to the repository", async () => {
  const installed = new URL("../node_modules/kraken-signer/", import.meta.url);
  const text = await readFile(new URL("README.md", installed), "utf8");
  const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, image]) => link ?? image);
  assert.ok(links.length > 20, `${links.length} links`);
  for (const link of links) if (!link.startsWith("https://")) await access(new URL(link, installed));
});
