// The mistakes of a new user, each with its exact message: MISTAKES.md, for people to read. In CI it has to be current.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { commandLine, mistakes, opened, secrets } from "./mistakes.mjs";

const program = fileURLToPath(new URL("../../pkg/dist/esm/cli/main.js", import.meta.url));
const table = new URL("MISTAKES.md", import.meta.url);
const empty = mkdtempSync(join(tmpdir(), "kraken-signer-mistakes-"));
process.once("exit", () => rmSync(empty, { recursive: true, force: true }));

after(() => opened.forEach((socket) => socket.close()));

/** What a mistake ends with. */
async function errorOf(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What the command line prints about a mistake, and its exit code. */
async function printed([, line, env = {}, input = ""]) {
  const child = spawn(process.execPath, [program, ...line.split(" ")], { cwd: empty, env: { PATH: process.env.PATH, ...env } });
  let message = "";
  child.stderr.on("data", (data) => (message += data));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, message: message.trim() };
}

/** The code as it stands, without what only makes it a function, and with the secrets left out. */
function shownCode(run) {
  const source = run
    .toString()
    .replace(/^(async )?\(\) => /, "")
    .replace(/\s+/g, " ");
  return hidden(source.replace(/^\{ (.*) \}$/, "$1"));
}

const hidden = (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);

/** What differs from run to run. */
const steady = (text) =>
  text
    .replace(/\b1\d{12}000\b/g, "1795000000000000")
    .replace(/\bnonce 1\d{12}\b/g, "nonce 1795000000000")
    .replace(/\b\d+ years ahead/, "56850 years ahead");

/** Messages that several mistakes share, because the package cannot tell them apart. */
const ALIKE = [
  // The same option of several constructors.
  /^Invalid `(timeout|retries)`: expected (milliseconds as )?a number, got a string\.$/,
  // The same option of a call of a client and of a socket.
  /^Invalid `signal`: /,
  // Three spellings of one mistake.
  /^Invalid `baseUrl`: it is a WebSocket address\./,
  // An object that is no source of codes, whatever is in it; a key that is missing, whatever is there without it.
  /^Invalid `otp`: expected .* got an object\.$/,
  /^Missing `key`: /,
  // A variable that is missing, and the word that it becomes in text.
  /^Invalid `(key|secret)`: it is undefined\./,
  // Text in place of a list, and a list of something else.
  /^Invalid `permissions`: /,
  // Kraken says the same to both.
  /EAPI:Invalid signature\./,
];

const rows = [];
for (const [about, list] of Object.entries(mistakes)) {
  test(about, async (t) => {
    for (const [what, run] of list) {
      await t.test(what, async () => {
        const error = await errorOf(run);
        // By its code: the Durable Objects' options come from a bundle with classes of its own.
        assert.match(`${error?.code}`, /^ERR_[A-Z_]+$/, `${what}: expected a KrakenError, got ${error}`);
        assert.ok(/[.?)]$/.test(error.message), `not a sentence: ${error.message}`);
        for (const secret of secrets) assert.ok(!error.message.includes(secret.slice(0, 12)), "the message quotes a secret");
        rows.push({ about, what, code: shownCode(run), name: error.name, message: steady(error.message) });
      });
    }
  });
}

test("mistakes on the command line have the messages of the table", async (t) => {
  for (const mistake of commandLine) {
    const [what, line] = mistake;
    await t.test(what, async () => {
      const { code, message } = await printed(mistake);
      assert.ok(code === 1 || code === 2, `${code}: ${message}`);
      for (const secret of secrets) assert.ok(!message.includes(secret.slice(0, 12)), "the message quotes a secret");
      rows.push({ about: "The command line", what, code: hidden(`kraken-signer ${line}`), name: `exit code ${code}`, message });
    });
  }
});

test("there are at least 82 mistakes, and no two have the same message", () => {
  assert.ok(rows.length >= 82, `${rows.length}`);
  const first = new Map();
  const same = [];
  for (const { about, what, message } of rows) {
    const other = first.get(message);
    if (other === undefined) first.set(message, `${about}, ${what}`);
    else if (!ALIKE.some((alike) => alike.test(message))) same.push(`${other} = ${about}, ${what}: ${message}`);
  }
  assert.deepEqual(same, []);
});

test("MISTAKES.md lists all mistakes", () => {
  const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", "<br>");
  const sections = [...new Set(rows.map(({ about }) => about))].map((about) => {
    const lines = rows
      .filter((row) => row.about === about)
      .map(({ what, code, name, message }) => `| ${cell(what)} | \`${cell(code)}\` | ${name} | ${cell(message)} |`);
    return `## ${about}\n\n| mistake | written | error | message |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  const text = `# The mistakes of a new user

Written by \`mistakes.test.mjs\`: ${rows.length} mistakes that people make when they first use the package, each with its exact message. If you
change a message, read it here as a new user would: does it say what is wrong, where, and what to do?

${sections.join("\n")}`;
  if (process.env.CI) assert.equal(readFileSync(table, "utf8"), text, "MISTAKES.md is not current: run the test without CI");
  else writeFileSync(table, text);
});
