// The sources of the package: no circles, and no files and functions that are too long.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript6";

const source = fileURLToPath(new URL("../../pkg-template/src", import.meta.url));
const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 60;

/** Functions that are longer, each with its reason. */
const LONG_FUNCTIONS = {
  "rest/error-patterns.ts:line 31": "a table",
  "testing/socket-memory.ts:createWebSocket": "a class, whose methods share what it closes over",
};

const files = readdirSync(source, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.ts$/.test(name) && !name.endsWith(".d.ts") && !name.startsWith("generated/"));

const parsed = new Map(
  files.map((name) => [name, ts.createSourceFile(name, readFileSync(join(source, name), "utf8"), ts.ScriptTarget.Latest, true)]),
);

/** What a file imports and re-exports from the package, and whether only types. */
function importsOf(file) {
  const found = [];
  parsed.get(file).forEachChild((node) => {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || !node.moduleSpecifier) return;
    const path = node.moduleSpecifier.text;
    if (!path.startsWith(".")) return;
    const target = relative(source, join(source, dirname(file), path))
      .replaceAll("\\", "/")
      .replace(/\.js$/, ".ts");
    found.push({ target, isType: ts.isImportDeclaration(node) ? isTypeImport(node) : node.isTypeOnly });
  });
  return found;
}

function isTypeImport({ importClause }) {
  if (!importClause) return false;
  if (importClause.isTypeOnly) return true;
  const { name, namedBindings } = importClause;
  return !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

test("the simulated exchange imports nothing but types from the clients it judges", () => {
  const arrows = files
    .filter((file) => file.startsWith("testing/"))
    .flatMap((file) =>
      importsOf(file).flatMap(({ target, isType }) => (isType || target.startsWith("testing/") ? [] : `${file} → ${target}`)),
    );
  assert.deepEqual(arrows, []);
});

test("no circle between files", () => {
  const circles = [];
  const states = new Map();
  const visit = (file, path) => {
    if (states.get(file) === "done" || !parsed.has(file)) return;
    if (states.get(file) === "open") return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    states.set(file, "open");
    for (const { target, isType } of importsOf(file)) if (!isType) visit(target, [...path, file]);
    states.set(file, "done");
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

/** Lines of a file; where endpoints are typed, without those that document a field: each field has one. */
function linesOf(file) {
  const lines = parsed.get(file).text.trimEnd().split("\n");
  return file.includes("/endpoints/") ? lines.filter((line) => !/^ +\/\*\*.*\*\/$/.test(line)).length : lines.length;
}

test(`no file has more than ${LONGEST_FILE} lines`, () => {
  const long = files.filter((file) => linesOf(file) > LONGEST_FILE);
  assert.deepEqual(long, []);
});

test("every field of an endpoint's parameters and results says what it is", () => {
  const silent = files
    .filter((file) => file.includes("/endpoints/"))
    .flatMap((file) => {
      const found = [];
      const walk = (node) => {
        if (ts.isInterfaceDeclaration(node) && !node.name.text.endsWith("Endpoints"))
          for (const field of node.members)
            if (ts.isPropertySignature(field) && !ts.isComputedPropertyName(field.name) && !field.jsDoc?.length)
              found.push(`${file}: ${node.name.text}.${field.name.getText()}`);
        node.forEachChild(walk);
      };
      walk(parsed.get(file));
      return found;
    });
  assert.deepEqual(silent, []);
});

test(`no function has more than ${LONGEST_FUNCTION} lines`, () => {
  const long = files.flatMap((file) => {
    const tree = parsed.get(file);
    const found = [];
    const lineOf = (position) => tree.getLineAndCharacterOfPosition(position).line + 1;
    const walk = (node) => {
      if (ts.isFunctionLike(node) && node.body) {
        const lines = lineOf(node.body.getEnd()) - lineOf(node.getStart()) + 1;
        const name = node.name?.getText() ?? `line ${lineOf(node.getStart())}`;
        if (lines > LONGEST_FUNCTION && !LONG_FUNCTIONS[`${file}:${name}`]) found.push(`${file}:${name} has ${lines}`);
      }
      node.forEachChild(walk);
    };
    walk(tree);
    return found;
  });
  assert.deepEqual(long, []);
});
