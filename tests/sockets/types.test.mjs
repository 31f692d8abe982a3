// The types, as users of both module systems get them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = [
  "--noEmit",
  "--strict",
  "--exactOptionalPropertyTypes",
  "--target",
  "es2022",
  "--lib",
  "es2022,dom",
  "--types",
  "",
  at("types.ts"),
];

for (const [module, resolution] of [
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
]) {
  test(`moduleResolution ${resolution}`, async () => {
    const tsc = [at("../node_modules/typescript/bin/tsc"), "--module", module, "--moduleResolution", resolution, ...common];
    const { stdout } = await promisify(execFile)(process.execPath, tsc).catch((error) => error);
    assert.equal(stdout, "");
  });
}
