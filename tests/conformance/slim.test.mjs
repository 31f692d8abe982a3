import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as slim from "kraken-signer/slim";
import * as testing from "kraken-signer/testing";
import { vectors } from "../harness/vectors.mjs";
import { suite } from "./suite.mjs";

const require = createRequire(import.meta.url);
const bytes = readFileSync(require.resolve("kraken-signer/kraken_signer.wasm"));

test("slim: says what is missing before init()", () => {
  assert.throws(() => new slim.Signer("AQEBAQE="), { code: "ERR_NOT_READY", message: /init\(\)/ });
});

test("slim: takes bytes, an ArrayBuffer or a module", () => {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  // One process uses one binary: CommonJS has its own copy of the package, so there are two to try here.
  require("kraken-signer/slim").init(buffer);
  assert.equal(new (require("kraken-signer/slim").Signer)("AQEBAQE=").signSpot("/0", 1).length, 88);
  slim.init(new WebAssembly.Module(bytes));
});

for (const [name, run] of suite({ ...slim, ...testing }, vectors)) test(`slim: ${name}`, run);
