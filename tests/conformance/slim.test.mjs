// What only the slim entry does; the suite runs on it in every runtime, see matrix.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as slim from "kraken-signer/slim";

const require = createRequire(import.meta.url);
const bytes = readFileSync(require.resolve("kraken-signer/kraken_signer.wasm"));
const signature = (kit) => new kit.Signer("AQEBAQE=").signSpot("/0/private/Balance", 1).length;

test("slim says what is missing before init()", () => {
  assert.throws(() => signature(slim), { code: "ERR_NOT_READY", message: /init\(\)/ });
});

test("slim accepts an ArrayBuffer or a module as well as bytes", () => {
  // One process uses one binary: CommonJS has its own copy of the package, so there are two to try here.
  const common = require("kraken-signer/slim");
  common.init(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  assert.equal(signature(common), 88);
  slim.init(new WebAssembly.Module(bytes));
  assert.equal(signature(slim), 88);
});
