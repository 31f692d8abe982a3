// The page about the exchange: what it says of methods is there. `examples/guides.test.mjs` runs its examples.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Exchange } from "./helper.mjs";

const page = readFileSync(new URL("../../pkg-template/docs/testing.md", import.meta.url), "utf8");

test("every method of a market that the page names exists", () => {
  const market = new Exchange().market("XBTUSD");
  const names = [...page.matchAll(/market\.(\w+)\(/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(names)].sort(), ["seedBook", "setBook", "trade", "walk"]);
  for (const name of names) assert.equal(typeof market[name], "function", name);
});
