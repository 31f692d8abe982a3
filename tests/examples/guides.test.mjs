// Every example of the guides compiles with the strictest settings, and does what the page says, at the simulated exchange.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format, promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { startMiniflare } from "../harness/miniflare.mjs";
import { blocksOf, compiled, isLike, mistakesIn, moduleOf } from "./helper.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const home = project("guides", { type: "module" });

/** Pages whose examples are parts of one program; tests/types compiles them, and parts.test.mjs runs them. */
const ELSEWHERE = ["types.md", "market-data.md"];
const pages = readdirSync(new URL("../../pkg-template/docs", import.meta.url)).filter(
  (name) => name.endsWith(".md") && !ELSEWHERE.includes(name),
);
const examples = pages.flatMap(blocksOf).filter(({ language }) => language === "ts");
const isFor = (runtime) => (block) => block.heading === runtime;
const isForNode = ({ heading }) => !["Workers", "Deno", "Bun"].includes(heading);

const ADDRESSES = [
  { asset: "XBT", key: "cold storage", address: "bc1qcold", fee: "0.0001" },
  { asset: "XBT", key: "new", address: "bc1qnew", verified: false },
];

/** An exchange with an account of several keys, and the environment in which examples find them. */
function open(code) {
  const exchange = new Exchange({ seed: 1, withdrawAddresses: ADDRESSES, arrivalDelay: () => 1 });
  const account = exchange.addKey(code.includes("KRAKEN_OTP_SETUP_KEY") ? { otp: {} } : {});
  const [read, read2] = [1, 2].map(() =>
    exchange.addKey({ permissions: ["query-funds", "query-open-trades", "query-closed-trades", "query-ledger"] }),
  );
  const futures = exchange.addKey({ product: "futures" });
  const next = exchange.addKey();
  const withdrawing = exchange.addKey({ permissions: ["query-funds", "withdraw-funds"] });
  const env = {
    ...{ KRAKEN_KEY: account.key, KRAKEN_SECRET: account.secret, KRAKEN_OTP_SETUP_KEY: account.setupKey ?? "" },
    ...{ KRAKEN_FUTURES_KEY: futures.key, KRAKEN_FUTURES_SECRET: futures.secret, READ_KEY: read.key, READ_SECRET: read.secret },
    ...{ READ_KEY_2: read2.key, READ_SECRET_2: read2.secret },
    ...{ NEW_KEY: next.key, NEW_SECRET: next.secret },
    ...{ WRITE_KEY: withdrawing.key, WRITE_SECRET: withdrawing.secret },
    ...{ TRADE_KEY: account.key, TRADE_SECRET: account.secret },
  };
  return { exchange, env };
}

function write(block, extension, code) {
  const file = join(home, `${block.name}.${extension}`);
  writeFileSync(file, code);
  return file;
}

/** The code of an example. One with a `fetch` of its own reaches an exchange that listens, in place of Kraken. */
async function reaching(t, exchange, code) {
  if (!code.includes("nodeFetch")) return code;
  const server = await exchange.listen();
  t.after(() => server.close());
  return code.replaceAll("https://api.kraken.com", server.url).replaceAll("new SpotClient({", `new SpotClient({ baseUrl: "${server.url}",`);
}

/** Runs an example in this process, and returns what it prints. */
async function run(t, block) {
  const { exchange, env } = open(block.code);
  Object.assign(process.env, env);
  Object.assign(globalThis, { fetch: exchange.fetch, WebSocket: exchange.WebSocket, exchange });
  const said = [];
  for (const method of ["log", "warn", "error", "info"])
    t.mock.method(console, method, (...values) => {
      said.push(format(...values));
    });
  await import(pathToFileURL(write(block, "mjs", await reaching(t, exchange, compiled(block)))));
  t.mock.restoreAll();
  return said.join("\n");
}

/** Checks what an example printed against the page. */
const check = ({ output, name }, said) =>
  assert.ok(output === undefined || isLike(said, output), `${name} printed:\n${said}\nThe page shows:\n${output}`);

test("there are examples in TypeScript", () => assert.ok(examples.length >= 30, `${examples.length} examples`));

test("every example compiles, and one with a mistake does not", () => {
  const wrong = { name: "wrong", code: 'console.log(await kraken.call("Balanec"));\n' };
  const blocks = [...examples.filter((block) => !isFor("Workers")(block)), wrong];
  const mistakes = mistakesIn(blocks.map((block) => write(block, "ts", moduleOf(block))));
  assert.deepEqual(
    mistakes.filter((mistake) => !mistake.startsWith("wrong.ts")),
    [],
  );
  assert.equal(mistakes.length, 1);
});

test("every example for Workers compiles with their types", () => {
  const files = examples.filter(isFor("Workers")).map((block) => write(block, "worker.ts", moduleOf(block)));
  assert.deepEqual(mistakesIn(files, { workers: true }), []);
});

describe("in Node", () => {
  for (const block of examples.filter(isForNode))
    test(`${block.name}: ${block.heading}`, { timeout: 60_000 }, async (t) => check(block, await run(t, block)));
});

/** An exchange that listens. */
async function listen(t, block) {
  const { exchange, env } = open(block.code);
  const server = await exchange.listen();
  t.after(() => server.close());
  return { url: server.url, env };
}

describe("in other runtimes", () => {
  for (const block of examples.filter(isFor("Workers")))
    test(`${block.name} in workerd`, { timeout: 60_000 }, async (t) => {
      const { url, env } = await listen(t, block);
      const entry = pathToFileURL(write(block, "worker.mjs", compiled(block)));
      const worker = await startMiniflare(t, entry, { compatibilityDate: "2026-04-21", bindings: env, outbound: url });
      const answer = await worker.dispatchFetch("http://localhost/");
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      check(block, text);
    });

  const RUNTIMES = {
    Deno: [join(modules, "deno/deno"), "run", "--quiet", "--no-prompt", "--allow-env", "--allow-net"],
    Bun: [join(modules, "bun/bin/bun.exe")],
  };
  for (const [runtime, [program, ...args]] of Object.entries(RUNTIMES))
    for (const block of examples.filter(isFor(runtime)))
      test(`${block.name} in ${runtime}`, { timeout: 60_000 }, async (t) => {
        const { url, env } = await listen(t, block);
        write(block, `${runtime}.ts`, moduleOf(block));
        // Kraken's address leads to the exchange.
        const around = `const { fetch } = globalThis;
globalThis.fetch = (address, init) => fetch(\`\${address}\`.replace("https://api.kraken.com", "${url}"), init);
await import("./${block.name}.${runtime}.ts");\n`;
        const file = write(block, `${runtime}.around.mjs`, around);
        const settings = { ...process.env, ...env, DENO_DIR: join(home, ".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
        const { stdout } = await execute(program, [...args, file], { env: settings, cwd: home });
        check(block, stdout);
      });
});

const contentOf = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const codesOf = (page, language) => blocksOf(page).flatMap((block) => (block.language === language ? [block.code] : []));

test("the guides show programs that other tests run", () => {
  assert.deepEqual(codesOf("rust-on-workers.md", "rust"), [contentOf("worker-rust/src/lib.rs")]);
  assert.deepEqual(
    codesOf("keys.md", "js"),
    ["cloudflare", "aws"].map((name) => contentOf(`secrets/${name}.mjs`)),
  );
});

test("the guide to frameworks shows what its apps contain", () => {
  const [config, worker, environment] = codesOf("frameworks.md", "js");
  const linesOf = (code) => code.split("\n").filter((line) => /\S/.test(line) && !line.startsWith("//"));
  const apps = ["opennext/next.config.js", "opennext/worker.js", "jest/jsdom.js"].map((name) =>
    contentOf(`../frameworks/${name}`).replace(", baseUrl: env.KRAKEN_URL", ""),
  );
  for (const [index, shown] of [config.replace(/ \/\/.*/, ""), worker, environment].entries())
    assert.deepEqual(
      linesOf(shown).filter((line) => !apps[index].includes(line)),
      [],
    );
});
