// Breaks the package in every way that the checks beside this are there for, and sees one of them fail each time. By hand, after changing a check:
//   node tests/packaging/mutants.mjs [WORDS OF ONE]
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const edit = (name, change) => (folder) => {
  const path = join(folder, name);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`${name} has nothing to change`);
  writeFileSync(path, after);
};
const manifest = (change) =>
  edit("package.json", (text) => {
    const json = JSON.parse(text);
    change(json);
    return JSON.stringify(json);
  });
const remove = (name) => (folder) => rmSync(join(folder, name));
const append = (name, text) => edit(name, (before) => before + text);

/** `[what is broken, how, the file of tests, the test that must fail]` */
const MUTANTS = [
  [
    "types after default",
    manifest(({ exports: { ".": e } }) => (e.import = { default: e.import.default, types: e.import.types })),
    "types",
    "publint",
  ],
  ["no types for require", manifest((json) => delete json.exports["."].require.types), "manifest", "package.json says"],
  ["no typesVersions", manifest((json) => delete json.typesVersions), "types", "node10"],
  [
    "ES module types for require",
    manifest(({ exports: { ".": e } }) => (e.require.types = e.import.types)),
    "types",
    "are the types wrong",
  ],
  ["declarations of CommonJS lost", remove("dist/cjs/signing/signer.d.ts"), "types", "node16, CommonJS"],
  [
    "names of lib.dom only",
    append("dist/esm/signing/signer.d.ts", "export declare const view: HTMLElement;\n"),
    "types",
    "Node's types alone",
  ],
  [
    "Symbol.dispose declared",
    append("dist/esm/signing/totp.d.ts", "export interface D { [Symbol.dispose](): void }\n"),
    "types",
    "bundler$",
  ],
  [
    "an option untyped",
    edit("dist/esm/rest/credentials.d.ts", (text) => text.replace("export type Otp = ", "export type Otp = string | ")),
    "types",
    "bundler$",
  ],
  ["nothing has side effects", manifest((json) => (json.sideEffects = false)), "bundles", "rollup, esm"],
  ["codes need the client", append("dist/esm/shared.js", "globalThis.client = SpotClient;\n"), "size", "esbuild: Totp"],
  [
    "an export leads nowhere",
    manifest((json) => (json.exports["./testing"].import.default = "./dist/esm/testing.js")),
    "manifest",
    "every export",
  ],
  [
    "a condition `browser`",
    manifest((json) => (json.exports["."] = { browser: "./dist/esm/index.js", ...json.exports["."] })),
    "bundles",
    "jest, require under",
  ],
  ["the embedded binary in Workers", manifest((json) => delete json.imports["#core"].workerd), "bundles", "in workerd"],
  ["the embedded binary at the edge", manifest((json) => delete json.imports["#core"]["edge-light"]), "bundles", "in edge-runtime"],
  ["a second copy of the binary", append("dist/esm/shared.js", 'globalThis.copy = "AGFzbQEAAAA";\n'), "bundles", "esbuild, esm"],
  ["a module of Node", append("dist/esm/shared.js", 'import "node:fs";\n'), "bundles", "esbuild, esm"],
  [
    "the binary read beside the script",
    append("dist/esm/index.js", 'globalThis.at = new URL("kraken_signer.wasm", import.meta.url);\n'),
    "manifest",
    "modules import",
  ],
  ["a file more to load", append("dist/esm/shared.js", 'import "./slim.js";\n'), "manifest", "a runtime has few files"],
  ["await at the top", append("dist/esm/index.js", "await 0;\n"), "bundles", "esbuild, cjs"],
  ["the binary lost", remove("dist/esm/kraken_signer.wasm"), "manifest", "the tarball"],
  ["a licence lost", remove("LICENSE-MIT"), "manifest", "the tarball"],
  ["a dependency", manifest((json) => (json.dependencies = {})), "manifest", "package.json says"],
  ["the builder's folder", append("dist/esm/shared.js", `// ${here("../..")}\n`), "manifest", "the machine"],
];

let survivors = 0;
const [only = ""] = process.argv.slice(2);
for (const [what, mutate, file, name] of MUTANTS.filter(([what]) => what.includes(only))) {
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-mutant-"));
  try {
    cpSync(process.env.KRAKEN_SIGNER_PKG ?? here("../../pkg"), folder, { recursive: true });
    mutate(folder);
    const args = ["--test", `--test-name-pattern=${name}`, here(`${file}.test.mjs`)];
    const { status, stdout } = spawnSync(process.execPath, args, { env: { ...process.env, KRAKEN_SIGNER_PKG: folder }, encoding: "utf8" });
    const failed = status !== 0 && new RegExp(`not ok \\d+ - .*${name.replace("$", "")}`).test(stdout);
    if (!failed) survivors++;
    console.log(`${failed ? "caught  " : "SURVIVED"}  ${what}: ${file}, ${name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = survivors ? 1 : 0;
