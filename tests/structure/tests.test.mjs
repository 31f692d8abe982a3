// The tests are found: every folder is in the README, and a part that runs a folder has its name.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const folders = readdirSync(new URL("..", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name)
  .sort();
const parts = read("../../xtask/src/test.rs");

test("tests/README.md lists every folder and nothing else", () => {
  const rows = [...read("../README.md").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.toSorted(), folders);
});

test("a part that runs a folder has the folder's name", () => {
  const names = [...parts.matchAll(/name: "([\w-]+)"[^}]*?node_tests\("([\w-]+)"\)/g)];
  assert.ok(names.length > 10, "parts are found");
  assert.deepEqual(
    names.filter(([, part, folder]) => part !== folder).map(([, part, folder]) => `${part} runs ${folder}`),
    [],
  );
});

test("every folder with tests is run by a part", () => {
  const run = [...parts.matchAll(/node_tests\("([\w-]+)"\)/g)].map(([, name]) => name);
  const withTests = folders.filter((name) =>
    readdirSync(new URL(`../${name}`, import.meta.url)).some((file) => file.endsWith(".test.mjs")),
  );
  assert.deepEqual(
    withTests.filter((name) => !run.includes(name)),
    [],
  );
});
