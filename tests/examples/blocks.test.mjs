// No block of code in the documents is without a test: this list says which test has it, and the blocks that no other test has are checked here.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { GUIDES, documents, fences, root } from "./fences.mjs";
import { blocksOf } from "./helper.mjs";

const execute = promisify(execFile);
const deno = fileURLToPath(new URL("../node_modules/deno/deno", import.meta.url));
const read = (name) => readFileSync(join(root, name), "utf8");

/**
 * The blocks that tests of their own run, compile or compare with a program that is run: the tests, and how many blocks they know. One more
 * block needs a test first. Here, "here" is this file.
 */
const TESTED = {
  "README.md ts": ["tests/demo/readme.test.mjs", 7],
  "www/site/pages/index.md ts": ["tests/site/guides.test.mjs", 1],
  "command-line.md json": ["tests/cli/page.test.mjs", 1],
  "connections.md js": ["here", 1],
  "durable-object.md js": ["tests/durable-object/examples.test.mjs", 2],
  "durable-object.md jsonc": ["tests/durable-object/examples.test.mjs", 1],
  "frameworks.md js": ["tests/examples/guides.test.mjs", 3],
  "from-other-libraries.md js": ["tests/clients/page.test.mjs", 3],
  "from-other-libraries.md python": ["tests/clients/page.test.mjs", 1],
  "invalid-signature.md js": ["tests/inspect/captured.test.mjs", 2],
  "keys.md js": ["tests/examples/guides.test.mjs", 2],
  "platforms.md js": ["tests/examples/platforms.test.mjs", 5],
  "rust.md rust": ["src/lib.rs", "tests/cli/exchange-examples.test.mjs", 2],
  "rust-on-workers.md rust": ["tests/examples/guides.test.mjs", 1],
  "rust-on-workers.md toml": ["here", 1],
  "sharing-a-key.md js": ["tests/redis/docs.test.mjs", 4],
  "start.md sh": ["tests/examples/start.test.mjs", 10],
  "start.md ini": ["tests/examples/start.test.mjs", 1],
  "start.md json": ["tests/examples/start.test.mjs", 1],
  "start.md jsonc": ["tests/examples/start.test.mjs", 1],
  "testing.md bash": ["tests/cli/exchange-examples.test.mjs", 1],
  "testing.md csv": ["here", 1],
  "testing.md python": ["tests/cli/exchange-examples.test.mjs", 1],
  "testing.md rust": ["tests/cli/exchange-examples.test.mjs", 1],
};

/** Blocks that are no code. */
const PICTURES = { "ARCHITECTURE.md ": "the layers, which tests/structure/layers.mjs lists" };

const nameOf = ({ document, language }) => `${document.replace(GUIDES, "")} ${language}`;

/** Whether the tests of the guides see a block: they compile and run each block of TypeScript, and each output is compared. */
const seen = new Map();
const isSeen = ({ document, code }) => {
  const page = document.replace(GUIDES, "");
  if (!seen.has(page)) seen.set(page, blocksOf(page));
  return seen.get(page).some((block) => block.language === "ts" && (block.code === code || block.output === code));
};

/** Why a block needs no entry in the list above; undefined if it does. */
function reasonFor(block) {
  const { document, language, before: command } = block;
  // `shell.test.mjs` runs every block of this language, or names the test that does.
  if (language === "sh") return "commands";
  if (language === "text" && command?.language === "sh") return "the output of commands";
  if (document.startsWith(GUIDES) && ["ts", "text"].includes(language) && isSeen(block)) return "guides";
  return PICTURES[nameOf(block)];
}

test("every block of code in every document has a test", () => {
  assert.ok(fences.length > 180, `${fences.length} blocks`);
  const counts = {};
  const others = fences.filter((block) => nameOf(block) === "start.md sh" || !reasonFor(block));
  for (const block of others) counts[nameOf(block)] = (counts[nameOf(block)] ?? 0) + 1;
  const known = Object.fromEntries(Object.entries(TESTED).map(([name, tests]) => [name, tests.at(-1)]));
  assert.deepEqual(counts, known, "a block was added or removed: its test comes first, and then this list");
});

test("the tests that are named read the pages that they are named for", () => {
  for (const [name, tests] of Object.entries(TESTED)) {
    const page = name.split(" ")[0].split("/").at(-1);
    for (const file of tests.slice(0, -1).filter((file) => file !== "here"))
      assert.ok(existsSync(join(root, file)) && read(file).includes(page), `${file} does not read ${page}`);
  }
});

test("each guide has something that works", () => {
  // This page is a table of results.
  const guides = documents.filter((name) => name.startsWith(GUIDES) && !/\/(README|runtimes)\.md$/.test(name));
  const runs = new Set(fences.filter(({ language }) => ["ts", "js", "sh", "rust"].includes(language)).map(({ document }) => document));
  assert.deepEqual(
    guides.filter((name) => !runs.has(name)),
    [],
  );
});

const home = project("blocks", { type: "module" });
const exchange = new Exchange();
const server = {};
before(async () => Object.assign(server, await exchange.listen()));
after(() => server.close());

/** The only block of a page in a language, or the one that contains a text. */
const blockOf = (page, language, text = "") =>
  fences.find((block) => nameOf(block) === `${page} ${language}` && block.code.includes(text))?.code ??
  assert.fail(`${page} has no such block`);

test("the client for Deno that keeps its connections makes a call", { timeout: 60_000 }, async () => {
  const { key, secret } = exchange.addKey();
  const code = `import { SpotClient } from "kraken-signer";
const { key, secret } = ${JSON.stringify({ key, secret })};
const real = globalThis.fetch;
globalThis.fetch = (url, init) => real(\`\${url}\`.replace("https://api.kraken.com", "${server.url}"), init);
{
${blockOf("connections.md", "js")}
  console.log((await kraken.call("Balance")).ZUSD);
  client.close();
}`;
  writeFileSync(join(home, "connections.mjs"), code);
  const env = { ...process.env, DENO_DIR: join(home, ".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const { stdout } = await execute(deno, ["run", "--quiet", "--no-prompt", "--allow-net", join(home, "connections.mjs")], {
    env,
    cwd: home,
  });
  assert.equal(stdout, "1000000000.0000\n");
});

test("an order with a plan that was stored before its first run is placed once, whichever run comes first", async () => {
  const { key, secret } = exchange.addKey();
  const [plan, place] = blockOf("platforms.md", "js", "const plan").split("\n");
  const code = `import { SpotClient, clientOrderId, placeOrder } from "kraken-signer";
const [pair, type, volume] = ["XBTUSD", "buy", "0.01"];
${plan}
export const run = async (fetch, again) => {
  const client = new SpotClient({ ...${JSON.stringify({ key, secret })}, fetch });
${place.replace("await", "return")}
};`;
  const file = join(home, "plan.mjs");
  writeFileSync(file, code);
  const { run } = await import(pathToFileURL(file));
  const first = await run(exchange.fetch, false);
  const second = await run(exchange.fetch, true);
  assert.deepEqual([second.orderId, first.found, second.found], [first.orderId, false, true]);
});

test("the dependencies of a Worker in Rust are those of the Worker that is tested", () => {
  const sections = (text) => text.slice(text.indexOf("[lib]")).trim();
  const [version] = /^\d+\.\d+/.exec(/^version = "(.+)"$/m.exec(read("Cargo.toml"))[1]);
  const tested = read("tests/examples/worker-rust/Cargo.toml").replace('path = "../../.."', `version = "${version}"`);
  assert.equal(sections(blockOf("rust-on-workers.md", "toml")), sections(tested));
});

test("the exchange makes the trades of the file of prices", { timeout: 60_000 }, async (t) => {
  const file = join(home, "prices.csv");
  writeFileSync(file, blockOf("testing.md", "csv"));
  const program = join(home, "node_modules/kraken-signer/dist/esm/cli/main.js");
  const child = spawn(process.execPath, [program, "exchange", "--port", "0", "--prices", file, "--json"]);
  t.after(() => child.kill());
  const [line] = await child.stdout.take(1).toArray();
  const { url } = JSON.parse(line);
  const { result } = await (await fetch(`${url}/0/public/Ticker?pair=XBTUSD`)).json();
  assert.equal(Number(result.XXBTZUSD.c[0]), 50000);
});
