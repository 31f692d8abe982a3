// Runtimes that lack something: what cannot work says what is missing, before anything is sent, and all else works.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("missing.program.mjs", import.meta.url));

/** Runs every step in a process of its own. @returns `[step, the code and the message of the error, the number of requests]` for each that failed */
function failures(missing, ...flags) {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, program, missing], { encoding: "utf8", timeout: 60_000 });
  assert.match(stdout, /\n"end"\n$/, stderr);
  return stdout
    .trim()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .filter(([, failure]) => failure);
}

const lacks = (name) => `KrakenError ERR_UNAVAILABLE This runtime has no \`${name}\`. Define it, or use another one.`;
const noRandom =
  "KrakenError ERR_UNAVAILABLE There are no random numbers here. In Workers, they exist only inside a request. Or pass an id of your own.";
const noWebCrypto = "KrakenError ERR_UNAVAILABLE This runtime has no WebCrypto, which RedisLane needs. Nothing was sent.";
const signing = ["signer", "balance", "order", "own id", "futures"];
const clients = ["public", "balance", "order", "own id", "futures"];

/** `[what the runtime lacks, the message, the steps that end with it, the message of RedisLane]` */
const MISSING = [
  ["nothing", "", []],
  ["WebAssembly", lacks("WebAssembly"), [...signing, "inspector"]],
  ["TextEncoder", lacks("TextEncoder"), [...signing, "inspector"], lacks("TextEncoder")],
  ["TextDecoder", lacks("TextDecoder"), [...signing, "inspector"]],
  ["AbortSignal", lacks("AbortSignal.prototype.throwIfAborted"), clients, lacks("AbortSignal.timeout")],
  ["AbortSignal.timeout", "", [], lacks("AbortSignal.timeout")],
  ["performance", lacks("performance"), clients, lacks("performance")],
  ["structuredClone", "", []],
  ["Atomics", "", []],
];

for (const [missing, message, steps, ofRedis] of MISSING)
  test(`without ${missing}`, () => {
    assert.deepEqual(failures(missing), [...steps.map((step) => [step, message, 0]), ...(ofRedis ? [["redis", ofRedis, 0]] : [])]);
  });

test("without random numbers, orders with an id of their own and everything else work", () => {
  for (const missing of ["crypto.randomUUID", "crypto"])
    assert.deepEqual(failures(missing), [
      ["order", noRandom, 0],
      ["redis", noWebCrypto, 0],
    ]);
  assert.deepEqual(failures("crypto.subtle"), [["redis", noWebCrypto, 0]]);
});

test("a runtime that forbids WebAssembly is told what to allow", () => {
  const message =
    "KrakenError ERR_UNAVAILABLE This runtime does not compile WebAssembly. The CSP of a page must allow 'wasm-unsafe-eval'. Elsewhere, use kraken-signer/slim.";
  assert.deepEqual(
    failures("WebAssembly.Module"),
    [...signing, "inspector"].map((step) => [step, message, 0]),
  );
});

for (const flag of ["--frozen-intrinsics", "--disable-proto=throw", "--disable-proto=delete", "--disallow-code-generation-from-strings"])
  test(`everything works with ${flag}`, () => assert.deepEqual(failures("nothing", "--no-warnings", flag), []));
