// Whatever an editor completes has words beside it, and every option says what happens without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript6";
import { checker, entries, pkg, program } from "./helper.mjs";

const wordsOf = (symbol) =>
  [
    ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    ...symbol.getJsDocTags(checker).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`),
  ]
    .join(" ")
    .trim();

/** A property that says that another one excludes it. */
const isExcluded = (symbol) => checker.getNonNullableType(checker.getTypeOfSymbol(symbol)).flags & ts.TypeFlags.Never;

const isOwn = (symbol) => symbol.declarations?.some((node) => node.getSourceFile().fileName.startsWith(pkg));
const isPrivate = (symbol) =>
  symbol.name.startsWith("#") ||
  symbol.name.startsWith("__") ||
  symbol.declarations?.some((node) => ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));

/** What an editor offers behind a dot: members of a class, an interface or an object type. */
function membersOf(symbol) {
  const found = [...(symbol.members?.values() ?? [])];
  for (const node of symbol.declarations ?? []) {
    if (ts.isTypeAliasDeclaration(node))
      found.push(...literalsIn(node.type).flatMap((literal) => [...(literal.symbol?.members?.values() ?? [])]));
  }
  return found.filter(
    (member) => isOwn(member) && !isPrivate(member) && !(member.flags & ts.SymbolFlags.TypeParameter) && !isExcluded(member),
  );
}

/** The object types that an alias is made of. Of a union, each alternative is documented as a whole. */
function literalsIn(type) {
  if (ts.isTypeLiteralNode(type)) return [type];
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(literalsIn);
  return ts.isParenthesizedTypeNode(type) ? literalsIn(type.type) : [];
}

const symbols = new Map();
for (const entry of entries) {
  const file = program.getSourceFile(entry);
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(file))) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    symbols.set(
      symbol,
      `${entry
        .slice(pkg.length)
        .replace(/^\.?\/?dist\/esm\//, "")
        .replace(/(\/index)?\.d\.ts$/, "")}: ${symbol.name}`,
    );
  }
}

test("every public symbol is documented", () => {
  assert.deepEqual(
    [...symbols].filter(([symbol]) => !wordsOf(symbol)).map(([, name]) => name),
    [],
  );
});

/** The declarations of a class and of its members, and of functions and types. */
const declared = (symbol) => [
  symbol,
  ...membersOf(symbol),
  ...(symbol.members?.get("__constructor") ? [symbol.members.get("__constructor")] : []),
];

test("every constructor with parameters says what they are, or when it throws", () => {
  const silent = [...symbols].flatMap(([symbol, name]) =>
    (symbol.declarations ?? [])
      .filter(ts.isClassDeclaration)
      .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))
      .filter((node) => node.parameters.length && !ts.getJSDocCommentsAndTags(node).length)
      .map(() => name),
  );
  assert.deepEqual(silent, []);
});

test("no tag begins with a brace, which an editor takes for a type and shows as a lone brace", () => {
  const broken = [...symbols].flatMap(([symbol, name]) =>
    declared(symbol).flatMap((one) =>
      one
        .getJsDocTags(checker)
        .filter(({ text }) => ts.displayPartsToString(text).trim().startsWith("{"))
        .map((tag) => `${name}: ${one.name} @${tag.name}`),
    ),
  );
  assert.deepEqual(broken, []);
});

const resolved = (symbol) => (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);

const isField = (node) =>
  ts.isPropertySignature(node) ||
  ts.isMethodSignature(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isGetAccessorDeclaration(node);

/** A member that no user sees, or that says only that another one excludes it. */
function isHidden(node) {
  const named = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name);
  const isLess = ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
  return !named || isLess || /^(never|undefined)$/.test(node.type?.getText() ?? "");
}

/** Whether a field belongs to the table of endpoints, or to the `params` and `result` of an alias in it: the name of the endpoint says what it is. */
function isInTable(node) {
  if (ts.isTypeLiteralNode(node.parent) && /^(params|result)$/.test(node.name.getText())) return true;
  const table = ts.findAncestor(node, ts.isInterfaceDeclaration);
  return table?.name.text.endsWith("Endpoints") === true;
}

/** The fields without documentation in the declarations that can be reached from these symbols, at any depth. */
function bareIn(roots) {
  const bare = new Set();
  const seen = new Set();
  const visit = (symbol) => {
    if (!symbol || seen.has(symbol)) return;
    seen.add(symbol);
    for (const node of isOwn(symbol) ? symbol.declarations : []) if (!ts.isTypeParameterDeclaration(node)) walk(node, "");
  };
  const walk = (node, place) => {
    if (ts.isClassElement(node) && node.name && isHidden(node)) return;
    const name = node.name && !ts.isParameter(node) ? node.name.getText() : undefined;
    const here = name ? `${place}${place && "."}${name}` : place;
    if (isField(node) && !isHidden(node) && !isInTable(node) && !wordsOf(checker.getSymbolAtLocation(node.name)))
      bare.add(
        `${node
          .getSourceFile()
          .fileName.slice(pkg.length)
          .replace(/^dist\/esm\/|\.d\.ts$/g, "")}: ${here}`,
      );
    if (ts.isIdentifier(node) && node.parent.name !== node) visit(resolved(checker.getSymbolAtLocation(node)));
    node.forEachChild((child) => (isPassedOver(child) ? undefined : walk(child, here)));
  };
  for (const symbol of roots) visit(symbol);
  return [...bare].sort();
}

/** An alternative of a union, which is documented as a whole, or the pattern of a conditional type. */
const isPassedOver = (node) =>
  (ts.isUnionTypeNode(node.parent) && literalsIn(node).length > 0) ||
  (ts.isConditionalTypeNode(node.parent) && node.parent.extendsType === node);

test("every field of every type that a public symbol mentions is documented, at any depth", () => {
  assert.deepEqual(bareIn(symbols.keys()), []);
});

const filesLike = (pattern) => program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(pkg) && pattern.test(fileName));

/** The ids of an order. An object of nothing but these is documented as a whole. */
const ORDER_IDS = /^(orderId|order_id|cliOrdId|txid|cl_ord_id)$/;

/** The fields of the objects that have no name of their own, except those in the tables of endpoints, which say what a result is called. */
function fieldsWithoutInterface(node) {
  if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Endpoints")) return [];
  const inner = [];
  node.forEachChild((child) => void inner.push(...fieldsWithoutInterface(child)));
  const fields = ts.isTypeLiteralNode(node) ? node.members.filter(ts.isPropertySignature) : [];
  const names = fields.map(({ name }) => name.text);
  const isTable = names.includes("params") || names.every((name) => ORDER_IDS.test(name));
  return isTable ? inner : [...fields, ...inner];
}

test("every field of an object in a result or in parameters is documented, however deep", () => {
  const types = filesLike(/\/endpoints\//).flatMap(({ statements }) =>
    statements.filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)),
  );
  const bare = types.flatMap((type) =>
    fieldsWithoutInterface(type)
      .filter(({ type }) => type.kind !== ts.SyntaxKind.UndefinedKeyword)
      .filter(({ name }) => !wordsOf(checker.getSymbolAtLocation(name)))
      .map(({ name }) => `${type.name.text}: ${name.text}`),
  );
  assert.deepEqual(bare, []);
});

test("every endpoint, channel and feed, and every field of an interface of Kraken's, is documented", () => {
  const bare = [];
  for (const file of filesLike(/\/endpoints\/|\/(spot-(messages|market|trading)|futures-messages)\.d\.ts$/))
    for (const node of file.statements.filter(ts.isInterfaceDeclaration))
      for (const member of node.members.filter(ts.isPropertySignature)) {
        const symbol = checker.getSymbolAtLocation(member.name);
        // The mark of an endpoint without parameters is no name.
        if (!ts.isComputedPropertyName(member.name) && !wordsOf(symbol)) bare.push(`${node.name.text}.${symbol.name}`);
      }
  assert.deepEqual(bare, []);
});

const isOptions = (name) => /(Options|Settings|Credential)$/.test(name);
const SAYS_DEFAULT = /default/i;

test("the documentation of every optional option says its default", () => {
  const silent = [];
  for (const [symbol, name] of symbols) {
    if (!isOptions(symbol.name)) continue;
    for (const member of membersOf(symbol)) {
      if (member.flags & ts.SymbolFlags.Optional && member.name !== "signal" && !SAYS_DEFAULT.test(wordsOf(member)))
        silent.push(`${name}.${member.name}: ${wordsOf(member)}`);
    }
  }
  assert.deepEqual(silent, []);
});

const UNIT =
  /millisecond|second|bytes|characters|how (often|many)|number|count|times|at most|MiB|KiB|digits|percent|USD|chance|probability|0 to 1/i;

test("the documentation of every number says its unit", () => {
  const silent = [];
  for (const [symbol, name] of symbols) {
    if (!isOptions(symbol.name)) continue;
    for (const member of membersOf(symbol)) {
      const type = checker.getNonNullableType(checker.getTypeOfSymbol(member));
      if (type.flags & ts.TypeFlags.NumberLike && !UNIT.test(wordsOf(member))) silent.push(`${name}.${member.name}: ${wordsOf(member)}`);
    }
  }
  assert.deepEqual(silent, []);
});
