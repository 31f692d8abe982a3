import { createRequire } from "node:module";
import { test } from "node:test";
import * as signer from "kraken-signer";
import * as testing from "kraken-signer/testing";
import { vectors } from "../harness/vectors.mjs";
import { suite } from "./suite.mjs";

const require = createRequire(import.meta.url);

for (const [way, kit] of [
  ["import", { ...signer, ...testing }],
  ["require", { ...require("kraken-signer"), ...require("kraken-signer/testing") }],
]) {
  for (const [name, run] of suite(kit, vectors)) test(`${way}: ${name}`, run);
}
