// The installed package's types: in every resolution mode, with nothing but what a mode's users must have, and the linters of packages.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { project, tarball } from "../harness/installed.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const home = project("types");
const installed = join(home, "node_modules/kraken-signer");

/** Fails for what is not allowed, and for what is allowed without need. */
function judge(found, allowed) {
  const unexpected = found.filter((line) => !(line in allowed));
  const stale = Object.keys(allowed).filter((line) => !found.includes(line));
  assert.deepEqual({ unexpected, stale }, { unexpected: [], stale: [] });
}

describe("TypeScript", { concurrency: 2 }, () => {
  const dom = { lib: ["es2022", "dom"], types: [] };
  // TypeScript 7 has dropped node10.
  const old = { moduleResolution: "node10", module: "commonjs", ignoreDeprecations: "6.0" };
  const bundler = { moduleResolution: "bundler", module: "esnext" };
  for (const [name, compiler, type, options] of [
    ["node10", "typescript6", "commonjs", { ...dom, ...old }],
    ["node16, CommonJS", "typescript", "commonjs", { ...dom, moduleResolution: "node16", module: "node16" }],
    ["node16, ES modules", "typescript", "module", { ...dom, moduleResolution: "node16", module: "node16" }],
    ["bundler", "typescript", "module", { ...dom, ...bundler }],
    ["bundler, TypeScript 6", "typescript6", "module", { ...dom, ...bundler }],
    // Without lib.dom, as on a server; a package may then use no names that only lib.dom has.
    ["bundler, Node's types alone", "typescript", "module", { ...bundler, lib: ["es2022"], types: ["node"] }],
    ["bundler, Workers' types alone", "typescript", "module", { ...bundler, lib: ["es2022"], types: ["@cloudflare/workers-types"] }],
  ]) {
    test(name, async () => {
      const folder = join(home, name);
      cpSync(fileURLToPath(new URL("types", import.meta.url)), folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
      for (const types of options.types) {
        // Node's are those of the oldest one; and they need others.
        const copies = types === "node" ? { "@types/node20": "@types/node", "undici-types": "undici-types" } : { [types]: types };
        for (const [from, to] of Object.entries(copies)) cpSync(join(modules, from), join(folder, "node_modules", to), { recursive: true });
      }
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        target: "es2022",
        noEmit: true,
        ...options,
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
      const args = [join(modules, compiler, "bin/tsc"), "--pretty", "false", "--project", folder];
      const { stdout, stderr, code = 0 } = await execute(process.execPath, args).catch((error) => error);
      assert.deepEqual({ code, output: stdout + stderr }, { code: 0, output: "" });
    });
  }
});

describe("linters of packages", () => {
  test("publint, strict", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true, pack: false });
    judge(
      messages.map((message) => `${message.code} ${formatMessage(message, pkg, { color: false }).match(/\S+/)}`),
      {
        "NESTED_PACKAGE_JSON_FIELD_IGNORED ./dist/cjs/package.json":
          "publint errs: Node resolves imports by the nearest package.json, and so do the bundlers here; `require` works in all of them",
      },
    );
  });

  test("are the types wrong?", async () => {
    const { problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const lines = problems.map(({ kind, entrypoint, resolutionKind, fileName, moduleSpecifier, resolutionOption }) =>
      [kind, entrypoint ?? `${moduleSpecifier} in ${fileName}`, resolutionKind ?? resolutionOption].join(" "),
    );
    // What an import of the binary yields is for the bundler to say, and so is its type.
    const binary = ["node10", "node16-cjs", "node16-esm", "bundler"].map((mode) => [
      `NoResolution ./kraken_signer.wasm ${mode}`,
      "the bundler's",
    ]);
    judge(lines, Object.fromEntries(binary));
  });
});
