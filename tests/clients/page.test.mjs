// The guide to changing from other clients: its programs of before run as they are shown, with Kraken's address on loopback, and place an order.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { blocksOf } from "../examples/helper.mjs";
import { PYTHON } from "./python.mjs";

const execute = promisify(execFile);
const before = blocksOf("from-other-libraries.md").filter(({ language }) => language === "js" || language === "python");
const redirect = new URL("redirect.mjs", import.meta.url).href;

/** The line that changes the address of a client that has one as a field. The others are redirected. */
const ADDRESSES = {
  ccxt: (url) => `exchange.urls.api = { ...exchange.urls.api, public: "${url}", private: "${url}" };`,
  krakenex: (url) => `kraken.uri = "${url}"`,
};

/** Writes an example, and returns the program and the arguments that run it. */
function commandFor({ heading, language, code }, folder, url) {
  const file = join(folder, language === "js" ? "example.mjs" : "example.py");
  const address = ADDRESSES[heading]?.(url);
  writeFileSync(file, address ? code.replace(/^(?:const )?(?:exchange|kraken) = .*$/m, (line) => `${line}\n${address}`) : code);
  return language === "js" ? [process.execPath, ["--import", redirect, file]] : [PYTHON, ["-W", "ignore", file]];
}

test("the guide shows a program of each client", () => {
  assert.deepEqual(
    before.map(({ heading }) => heading),
    ["ccxt", "node-kraken-api", "kraken-api", "krakenex"],
  );
});

describe("the program of before", () => {
  for (const block of before)
    test(
      `with ${block.heading}`,
      { timeout: 120_000, skip: block.language === "python" && !PYTHON && "Python is not there" },
      async (t) => {
        const exchange = new Exchange({ balances: { ZUSD: "100000" } });
        const { key, secret } = exchange.addKey();
        const server = await exchange.listen();
        t.after(() => server.close());
        // Beside node_modules, so that the example finds its packages.
        const folder = mkdtempSync(fileURLToPath(new URL("node_modules/example-", import.meta.url)));
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const env = { ...process.env, KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: server.url };
        const { stdout } = await execute(...commandFor(block, folder, server.url), { env });
        const orders = exchange.executions.filter(({ endpoint }) => endpoint === "AddOrder");
        assert.equal(orders.length, 1);
        const [balance, order] = stdout.trim().split("\n");
        assert.equal(Number(balance), 100000);
        assert.ok(orders[0].did.includes(order), `${orders[0].did} is not ${order}`);
      },
    );
});
