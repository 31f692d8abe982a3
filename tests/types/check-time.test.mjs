// What the types cost whoever compiles against them: the time that the compiler checks for, with the package and without.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { project } from "../harness/installed.mjs";

const tsc = fileURLToPath(new URL("../node_modules/typescript59/bin/tsc", import.meta.url));
const home = project("check-time");
const MOST = 300;
const ROUNDS = 5;

const USER = `import { SpotClient, pages } from "kraken-signer";
export async function main(kraken: SpotClient): Promise<string[]> {
  const { txid } = await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "1" });
  const { open } = await kraken.call("OpenOrders", { trades: true });
  for await (const trade of pages(kraken, "TradesHistory", {})) if (!open[trade.ordertxid]) return [trade.id];
  const balance = await kraken.call("Balance");
  return [...(txid ?? []), ...Object.keys(balance)];
}
`;
/** The same without the package's types. */
const ALONE = USER.replace(/^import.*\n/, "declare const pages: (...args: any[]) => AsyncIterable<any>;\n").replace("SpotClient", "any");

/** Milliseconds, the least of several runs: what else the machine does only ever adds to them. */
async function checkTime(name, text, options) {
  const path = join(home, name);
  mkdirSync(path);
  writeFileSync(join(path, "user.ts"), text);
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom"], types: [], module: "node16", ...options };
  writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["user.ts"] }));
  writeFileSync(join(path, "package.json"), '{ "type": "module" }');
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "--extendedDiagnostics", "--project", path]);
    least = Math.min(least, Number(/^Check time: +([\d.]+)s/m.exec(stdout)[1]) * 1000);
  }
  return least;
}

// As nearly everybody compiles. Who has every declaration of every package checked (skipLibCheck: false) waits for 2300 ms without this package
// and for 3200 with it, measured on a machine with other work to do.
test(`less than ${MOST} ms more than without types`, async (t) => {
  const options = { skipLibCheck: true };
  const [alone, typed] = [await checkTime("alone", ALONE, options), await checkTime("typed", USER, options)];
  t.diagnostic(`${Math.round(alone)} ms without, ${Math.round(typed)} ms with`);
  assert.ok(typed - alone < MOST, `${typed} ms instead of ${alone}`);
});
