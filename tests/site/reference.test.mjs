// The reference is complete: every export of every entry has a page, which has text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript6";
import { ENTRIES, KINDS } from "../../www/site/symbols.mjs";
import { idsOf, pages, read } from "./helper.mjs";

const pkg = new URL("../../pkg/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", pkg), "utf8"));
const typed = Object.entries(manifest.exports).filter(([, target]) => target.import?.types);
const files = typed.map(([, target]) => fileURLToPath(new URL(target.import.types, pkg)));
const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
});

/** The names that an entry exports, as its types say. */
function exportsOf(file) {
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map(({ name }) => name);
}

test("the reference has every entry of the package", () => {
  assert.deepEqual(ENTRIES.map(([, name]) => name).sort(), typed.map(([name]) => `kraken-signer${name.slice(1)}`).sort());
});

typed.forEach(([entry], at) => {
  const name = `kraken-signer${entry.slice(1)}`;
  test(`${name}: every export has a page`, () => {
    const [folder] = ENTRIES.find(([, known]) => known === name);
    const index = read(`api/${folder}/index.html`);
    const reExported = new Map(
      [...index.matchAll(/Re-exports <a href="([^"]+)"[^>]*>([^<]+)<\/a>/g)].map(([, page, symbol]) => [symbol, page]),
    );
    const names = exportsOf(files[at]);
    assert.ok(names.length > 0);
    const missing = names.filter((symbol) => {
      const own = Object.keys(KINDS).map((kind) => `api/${folder}/${kind}/${symbol}.html`);
      const other = reExported.has(symbol) && posix.join(`api/${folder}`, reExported.get(symbol));
      return ![...own, other].some((page) => pages.includes(page));
    });
    assert.deepEqual(missing, []);
  });
});

test("pages have defaults, units, and anchors for each option", () => {
  const options = read("api/kraken-signer/interfaces/CallOptions.html");
  assert.match(
    options,
    /Milliseconds for the whole call[^]*by default, the client's|Milliseconds for the whole call[^]*by default, the client&#39;s/,
  );
  assert.ok(idsOf(options).has("property-timeout"));
});
