// The commands in the documents: each runs in bash, at a simulated exchange, and prints what its page shows.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { folder, project } from "../harness/installed.mjs";
import { GUIDES, fences, root } from "./fences.mjs";
import { isLike } from "./helper.mjs";

/** Followed as a whole, with the real programs, in `start.test.mjs`. */
const START = `${GUIDES}start.md`;
/** Of this page, the commands with an output run in `cli/page.test.mjs`. */
const COMMAND_LINE = `${GUIDES}command-line.md`;

const outputOf = (block) => fences.find(({ before, language }) => before === block && language === "text")?.code;
const commands = fences.filter(
  (block) => block.language === "sh" && block.document !== START && !(block.document === COMMAND_LINE && outputOf(block) !== undefined),
);

const PERMISSIONS = ["query-funds", "query-open-trades", "query-closed-trades", "modify-trades", "close-trades"];
const program = join(project("shell"), "node_modules/kraken-signer/dist/esm/cli/main.js");
const standIn = fileURLToPath(new URL("commands.mjs", import.meta.url));
const PRELUDE = ["set -e -o pipefail", ...["npx", "npm", "cargo", "jq"].map((name) => `${name}() { node "$STAND_IN" ${name} "$@"; }`)];

/** Why commands cannot run here, if they cannot. In CI they run all the same, and fail. */
const lacksBash = !process.env.CI && spawnSync("bash", ["--version"]).status !== 0 && "NOT TESTED: there is no bash";

/** What the guides let a reader fill in. */
const filled = (code) => code.replace("KRAKEN_OTP_SETUP_KEY=…", "KRAKEN_OTP_SETUP_KEY=HAW6UXL34XM2CSN6KBNZVGARFSCBX7BG");

const exchange = new Exchange();
const account = exchange.addKey({ permissions: PERMISSIONS, ipAllowlist: ["127.0.0.1"], validUntil: Date.now() + 30 * 86_400_000 });
let server;
before(async () => (server = await exchange.listen()));
after(() => server.close());

/** A request with a wrong signature, as a person has it: a command of curl, and a recording of a browser. */
function rejected() {
  const [path, nonce] = ["/0/private/Balance", "1616492376594"];
  const body = `nonce=${nonce}`;
  const digest = createHash("sha256").update(`${nonce}${body}`).digest();
  const signature = createHmac("sha512", account.secret).update(path).update(digest).digest("base64");
  const url = `https://api.kraken.com${path}`;
  const curl = `curl '${url}' -H 'API-Key: ${account.key}' -H 'API-Sign: ${signature}' --data-raw '${body}'\n`;
  const headers = [
    { name: "API-Key", value: account.key },
    { name: "API-Sign", value: signature },
  ];
  const request = { method: "POST", url, headers, postData: { mimeType: "application/x-www-form-urlencoded", text: body } };
  return { curl, har: JSON.stringify({ log: { version: "1.2", entries: [{ request }] } }) };
}

/** Runs a block, and returns what it printed. */
function run({ document, line, code }) {
  const { curl, har } = rejected();
  const cwd = join(folder, `${document.replace(/\W/g, "-")}-${line}`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, "requests.har"), har);
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, STAND_IN: standIn, KRAKEN_ROOT: root, KRAKEN_PROGRAM: program },
    ...{ KRAKEN_EXCHANGE: server.url, KRAKEN_KEY: account.key, KRAKEN_SECRET: account.secret },
  };
  const child = spawn("bash", ["-c", [...PRELUDE, filled(code)].join("\n")], { cwd, env });
  // A block that reads nothing may end before all is written.
  child.stdin.on("error", () => {}).end(curl);
  const parts = { out: "", err: "" };
  child.stdout.on("data", (data) => (parts.out += data));
  child.stderr.on("data", (data) => (parts.err += data));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, ...parts })));
}

test("there are commands", () => assert.ok(commands.length >= 20, `${commands.length} blocks`));

describe("each block of commands runs", { concurrency: 3, skip: lacksBash, timeout: 300_000 }, () => {
  for (const block of commands)
    test(`${block.document}, line ${block.line}`, async () => {
      const { status, out, err } = await run(block);
      assert.equal(status, 0, `${block.code}printed:\n${out}${err}`);
      const shown = outputOf(block);
      assert.ok(shown === undefined || isLike(out, shown), `${block.code}printed:\n${out}\nThe page shows:\n${shown}`);
    });
});

test("a block with a mistake fails", { skip: lacksBash }, async () => {
  for (const [line, code] of Object.entries([
    "npx kraken-signer chekc\n",
    "npx kraken-signer check --fro Balance\n",
    "npm install kraken-singer\n",
    "cargo add kraken-signer --features tsd\n",
    "cargo xtask tset\n",
    "cargo xtask test bnech\n",
    "brew install kraken-signer\n",
  ])) {
    const { status } = await run({ document: "wrong", line, code });
    assert.notEqual(status, 0, code);
  }
});
