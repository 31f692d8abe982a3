// The types, with those of both client libraries.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const [module, resolution] of [
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
]) {
  test(`moduleResolution ${resolution}`, async () => {
    const modes = ["--module", module, "--moduleResolution", resolution, "--target", "es2022", "--lib", "es2022", "--types", "node"];
    const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck"];
    const tsc = [at("../node_modules/typescript/bin/tsc"), ...modes, ...strict, at("types.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, tsc, { cwd: at(".") }).catch((error) => error);
    assert.equal(stdout, "");
  });
}
