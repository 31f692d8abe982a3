// The types, as users with Workers' own types get them. (That nobody needs these is shown with the package's other types.)
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { parseConfigFileTextToJson } from "typescript6";

const { compatibility_date } = parseConfigFileTextToJson(
  "wrangler.jsonc",
  readFileSync(new URL("examples/wrangler.jsonc", import.meta.url), "utf8"),
).config;
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What the compiler has to say about types.ts with these types of Workers. */
async function compile(compiler, types) {
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022"];
  const modules = ["--module", "esnext", "--moduleResolution", "bundler"];
  const tsc = [at(`../node_modules/${compiler}/bin/tsc`), ...options, ...modules, ...types, at("types.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, tsc).catch((error) => error);
  return stdout;
}

/** Makes the types of a runtime as `wrangler types` does: the engine of that wrangler writes them. */
async function generate(t) {
  const engine = createRequire(import.meta.resolve("miniflare")).resolve("workerd/worker.mjs");
  const flags = ["nodejs_compat", "rtti_api"];
  const miniflare = new Miniflare({
    compatibilityDate: "2024-01-01",
    compatibilityFlags: flags,
    modules: true,
    scriptPath: engine,
    cf: false,
  });
  t.after(() => miniflare.dispose());
  const answer = await miniflare.dispatchFetch(`http://localhost/${compatibility_date}`);
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-types-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "worker-configuration.d.ts");
  writeFileSync(file, await answer.text());
  return file;
}

for (const compiler of ["typescript", "typescript6"])
  test(compiler, { timeout: 120_000 }, async () => {
    assert.equal(await compile(compiler, ["--types", "@cloudflare/workers-types", "--typeRoots", at("../node_modules")]), "");
  });

test("with the types that wrangler generates", { timeout: 120_000 }, async (t) => {
  const file = await generate(t);
  assert.match(readFileSync(file, "utf8"), /interface DurableObjectState/);
  assert.equal(await compile("typescript", ["--types", "", file]), "");
});
