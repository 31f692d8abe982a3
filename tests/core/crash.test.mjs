import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as signer from "kraken-signer";
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { crash } from "./crash.mjs";
import { SEED } from "./settings.mjs";

for (const [name, run] of crash({ ...signer, core }, SEED)) test(name, run);

test("a stack overflow anywhere in a call ends in the correct signature or in a reported error", (t) => {
  const key = Buffer.alloc(64, 7);
  const expected = new signer.Signer(key).signSpot("/0/private/Balance", 1);
  const outcomes = new Set();
  for (let round = 0; round < 300; round += 1) {
    const holder = new signer.Signer(key);
    // From the end of the stack back, frame by frame, until there is room for more than a RangeError of JavaScript's own.
    const sink = (...padding) => {
      try {
        return sink(...padding);
      } catch {
        try {
          return holder.signSpot("/0/private/Balance", 1);
        } catch (error) {
          if (error instanceof RangeError) throw error;
          return error;
        }
      }
    };
    const outcome = sink(...Array(round % 60).fill(0));
    outcomes.add(outcome instanceof Error ? (outcome.code ?? outcome.name) : "signed");
    if (outcome instanceof Error) assert.equal(outcome.code, "ERR_CRASHED");
    else assert.equal(outcome, expected);
    try {
      assert.equal(holder.signSpot("/0/private/Balance", 1), expected);
    } catch (error) {
      assert.equal(error.code, "ERR_CRASHED");
    }
    assert.equal(new signer.Signer(key).signSpot("/0/private/Balance", 1), expected);
  }
  t.diagnostic([...outcomes].join());
});

for (const name of ["oldKeys", "trapInFinalizer"]) {
  test(`finalizer and crash: ${name}`, () => {
    const child = fileURLToPath(new URL("finalizer.program.mjs", import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", child, name], { encoding: "utf8" });
    assert.equal(status, 0, stderr || stdout);
  });
}
