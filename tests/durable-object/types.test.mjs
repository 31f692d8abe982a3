// The types, as users with Workers' own types get them. (That nobody needs these is shown with the package's other types.)
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const compiler of ["typescript", "typescript6"])
  test(compiler, { timeout: 120_000 }, async () => {
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022"];
    const modules = ["--module", "esnext", "--moduleResolution", "bundler", "--types", "@cloudflare/workers-types"];
    const tsc = [at(`../node_modules/${compiler}/bin/tsc`), ...options, ...modules, "--typeRoots", at("../node_modules"), at("types.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, tsc).catch((error) => error);
    assert.equal(stdout, "");
  });
