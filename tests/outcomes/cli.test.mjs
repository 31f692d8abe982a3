// The table of outcomes, through the command line: what it ends with.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { rows } from "./table.mjs";

const program = fileURLToPath(new URL("../../pkg/dist/esm/cli/main.js", import.meta.url));

/** Starting a program takes its time: so many rows, spread over the table, are tried. */
const SHARE = 5;

/** What a row ends with; a call that changes nothing fails with one of two. */
const EXITS = { done: [0], rejected: [1], unknown: [3], failed: [1, 4] };

function argumentsFor({ api, endpoint }) {
  if (api === "spot") return [endpoint];
  const [method, name] = endpoint.split(api === "header" ? " " : ":");
  return [name, "--method", method, ...(api === "futures" ? ["--futures"] : [])];
}

function run(args, env) {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, _stdout, stderr) => resolve({ code: error ? error.code : 0, stderr }));
  });
}

test("the exit code of the command line matches what each answer proves", { timeout: 400_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-outcomes-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const secret = Buffer.alloc(64, 1).toString("base64");
  const env = { PATH: process.env.PATH, KRAKEN_KEY: "K".repeat(56), KRAKEN_SECRET: secret };
  Object.assign(env, { KRAKEN_FUTURES_KEY: env.KRAKEN_KEY, KRAKEN_FUTURES_SECRET: secret });
  const table = rows.filter(({ api }) => api !== "socket").filter((_, place) => place % SHARE === 0);
  const wrong = [];
  let next = 0;
  const attempt = async (row, place) => {
    const server = createServer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(row.status, { "content-type": "application/json" });
      outgoing.end([204, 304].includes(row.status) ? undefined : row.body);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const file = join(folder, `${place}.json`);
    writeFileSync(file, JSON.stringify(row.params));
    const common = ["--params", file, "--yes", "--json", "--timeout", "3", "--base-url", `http://127.0.0.1:${server.address().port}`];
    const { code, stderr } = await run(["call", ...argumentsFor(row), ...common], env);
    await new Promise((resolve) => server.close(resolve));
    if (!EXITS[row.outcome].includes(code)) wrong.push(`${JSON.stringify(row)}: ended with ${code}: ${stderr.slice(-300)}`);
  };
  const worker = async () => {
    for (let place; (place = next++) < table.length;) await attempt(table[place], place);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  assert.deepEqual(wrong, []);
  t.diagnostic(`${table.length} answers through the command line`);
});
