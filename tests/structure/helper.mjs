// The sources of the package, parsed.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript6";

export const source = fileURLToPath(new URL("../../pkg-template/src", import.meta.url));

/** Every file that a person writes, as a path below `src`. */
export const files = readdirSync(source, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.ts$/.test(name) && !name.endsWith(".d.ts") && !name.startsWith("generated/"));

export const parsed = new Map(
  files.map((name) => [name, ts.createSourceFile(name, readFileSync(join(source, name), "utf8"), ts.ScriptTarget.Latest, true)]),
);

/** What a file imports and re-exports from the other files of the package, and whether only types. */
export function importsOf(file) {
  const found = [];
  parsed.get(file).forEachChild((node) => {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || !node.moduleSpecifier) return;
    const path = node.moduleSpecifier.text;
    if (!path.startsWith(".")) return;
    const target = posix.join(dirname(file), path).replace(/\.js$/, ".ts");
    if (parsed.has(target)) found.push({ target, isType: ts.isImportDeclaration(node) ? isTypeImport(node) : node.isTypeOnly });
  });
  return found;
}

function isTypeImport({ importClause }) {
  if (!importClause) return false;
  if (importClause.isTypeOnly) return true;
  const { name, namedBindings } = importClause;
  return !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** Every function of a file, with its name (or its line) and its first and last line. */
export function functionsOf(file) {
  const tree = parsed.get(file);
  const lineOf = (position) => tree.getLineAndCharacterOfPosition(position).line + 1;
  const found = [];
  const walk = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const [from, to] = [lineOf(node.getStart()), lineOf(node.body.getEnd())];
      found.push({ node, name: node.name?.getText() ?? `line ${from}`, lines: to - from + 1 });
    }
    node.forEachChild(walk);
  };
  walk(tree);
  return found;
}

/** The variables that a function declares with `let`; those of functions in it are theirs. */
export function mutableIn(node) {
  const found = [];
  const walk = (inner) => {
    if (ts.isFunctionLike(inner)) return;
    if (ts.isVariableDeclarationList(inner) && inner.flags & ts.NodeFlags.Let)
      found.push(...inner.declarations.map(({ name }) => name.getText()));
    inner.forEachChild(walk);
  };
  node.body.forEachChild(walk);
  return found;
}
