// The `fetch` of every package that people use is accepted by the types, and what is no `fetch` is not.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const folder = mkdtempSync(fileURLToPath(new URL(".fetches-", import.meta.url)));
after(() => rmSync(folder, { recursive: true, force: true }));

const compilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  // The declarations of node-fetch 2 are not written for `exactOptionalPropertyTypes`, and those of some packages have errors of their own.
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: ["node20"],
  typeRoots: [join(modules, "@types")],
  moduleResolution: "bundler",
  module: "esnext",
  noEmit: true,
};
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["../fetches.ts"] }));

describe("any fetch", { concurrency: 2 }, () => {
  for (const compiler of ["typescript54", "typescript59", "typescript6", "typescript"])
    test(compiler, async () => {
      const args = [join(modules, compiler, "bin/tsc"), "--pretty", "false", "--project", folder];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args).catch((error) => error);
      assert.equal(stdout + stderr, "");
    });
});
