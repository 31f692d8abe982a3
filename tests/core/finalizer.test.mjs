import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Each in a process of its own, which says what it measured. */
function run(name, flags = ["--expose-gc"]) {
  const child = fileURLToPath(new URL("finalizer.program.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, child, name], { encoding: "utf8" });
  assert.equal(status, 0, stderr || stdout);
  return JSON.parse(stdout);
}

test("200,000 signers that were not freed are reclaimed", (t) => {
  const measured = run("forgotten");
  t.diagnostic(JSON.stringify(measured));
  assert.ok(measured.highest < 10_000, `slot ${measured.highest}`);
  assert.ok(measured.freed > 190_000, `${measured.freed} freed`);
  assert.ok(measured.pages < 100, `${measured.pages} pages`);
  assert.ok(measured.rss < 200, `${measured.rss} MB more`);
});

test("10,000 clients that were not closed, one per request, do not exhaust the slots while the garbage collector runs by itself", (t) => {
  const measured = run("forgottenClients", []);
  t.diagnostic(JSON.stringify(measured));
  assert.equal(measured.count, 10_000);
});

test("without a pause, no finalizer runs; after one, slots are reused", (t) => t.diagnostic(JSON.stringify(run("withoutPause"))));

test("if all slots are taken, the error says so, existing keys still work, and a freed slot is reused", (t) => {
  const measured = run("allSlots");
  t.diagnostic(JSON.stringify(measured));
  assert.equal(measured.slots, 16 * 1024);
});
