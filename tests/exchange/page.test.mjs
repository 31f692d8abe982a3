// The page about the exchange: its example runs as it stands, and what it says of options and methods is there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Exchange } from "./helper.mjs";

const page = readFileSync(new URL("../../pkg-template/docs/testing.md", import.meta.url), "utf8");

test("the example does what its comment says", (t) => {
  // Beside node_modules, so that the example finds the package.
  const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "page-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [, code] = /^```js\n(.*?)^```$/ms.exec(page);
  const [, comment] = /\/\/ (.*)\n$/.exec(code);
  writeFileSync(join(folder, "example.mjs"), code);
  assert.equal(execFileSync(process.execPath, [join(folder, "example.mjs")], { encoding: "utf8" }).trim(), comment);
});

test("every method of a market that the page names exists", () => {
  const market = new Exchange().market("XBTUSD");
  const names = [...page.matchAll(/market\.(\w+)\(/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(names)].sort(), ["seedBook", "setBook", "trade", "walk"]);
  for (const name of names) assert.equal(typeof market[name], "function", name);
});
