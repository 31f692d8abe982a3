// The examples in the package's documentation compile: those that an editor shows beside public names, and those about types.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript59";
import { project } from "../harness/installed.mjs";

const source = fileURLToPath(new URL("../../pkg-template/src/", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const home = project("tsdoc-examples", { type: "module" });
const installed = join(home, "node_modules/kraken-signer");
const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

/** The values that examples use without saying where they come from. */
const CONTEXT = {
  body: "string",
  client: 'import("kraken-signer").SpotClient',
  counter: "{ next(name: string): Promise<string> }",
  createClient: '(options: { url: string }) => { connect(): Promise<import("kraken-signer/redis").NodeRedis> }',
  env:
    '{ KRAKEN_KEY: { getByName(name: string): import("kraken-signer/durable-object").SpotStub }; ' +
    'KRAKEN_FUTURES_KEY: { getByName(name: string): import("kraken-signer/durable-object").FuturesStub } }',
  error: 'import("kraken-signer").UnknownOutcomeError',
  exchange: 'import("kraken-signer/testing").Exchange',
  futures: 'import("kraken-signer").FuturesClient',
  har: "string",
  key: "string",
  kraken: 'import("kraken-signer").SpotClient',
  locks: "{ acquire(name: string): Promise<{ release(): Promise<void> }> }",
  nonce: "bigint",
  order: 'import("kraken-signer").SpotParams<"AddOrder">',
  process: "{ env: Record<string, string | undefined> }",
  program: "string",
  request: "Request",
  secret: "string",
  signature: "string",
  socket: 'import("kraken-signer/sockets").SpotSocket',
  text: "string",
  url: "string",
  Worker: "new (program: string, options: { workerData: unknown }) => object",
  workerData: "{ memory: SharedArrayBuffer }",
};

/** The entries by the names that they export; of a name that several export, the first. */
const entryOf = new Map();
for (const [path, { import: entry } = {}] of Object.entries(exports)) {
  if (!entry?.types) continue;
  const program = ts.createProgram([join(installed, entry.types)], {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(installed, entry.types)));
  for (const { name } of checker.getExportsOfModule(module)) if (!entryOf.has(name)) entryOf.set(name, path.replace(".", "kraken-signer"));
}

/** The examples of a file, without the asterisks before their lines. */
function examplesIn(file) {
  const text = readFileSync(join(source, file), "utf8").replace(/^ *\* ?/gm, "");
  return [...text.matchAll(/@example\n```ts\n([^]*?)\n```/g)].map(([, code]) => code);
}

/** The examples in the documentation, all of which are for TypeScript. */
const inDocs = ["docs/types.md", "docs/market-data.md", "../README.md"].flatMap((page) => {
  const text = readFileSync(join(source, "..", page), "utf8");
  return [...text.matchAll(/^```ts\n([^]*?)\n```/gm)].map(([, code], index) => ({
    name: `${page.replace(/\W/g, "-")}-${index + 1}.ts`,
    code,
  }));
});

const examples = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("generated"))
  .flatMap((file) => examplesIn(file).map((code, index) => ({ name: `${file.replace(/\W/g, "-")}-${index + 1}.ts`, code })));

/** The names that an example uses, and does not declare itself. */
function missingIn(code) {
  const used = new Set();
  const declared = new Set();
  const walk = (node) => {
    const { name } = node;
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isImportSpecifier(node) || ts.isParameter(node);
    if (isDeclaration && ts.isIdentifier(name)) declared.add(name.text);
    const { parent } = node;
    const isMember =
      (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
    if (ts.isIdentifier(node) && !isMember) used.add(node.text);
    node.forEachChild(walk);
  };
  ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true).forEachChild(walk);
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** An example as a module: with imports from the package, and with the values that it takes for granted. */
function moduleOf(code) {
  const missing = missingIn(code);
  const imports = [...entryOf].filter(([name]) => missing.has(name)).map(([name, entry]) => `import { ${name} } from "${entry}";`);
  const values = Object.entries(CONTEXT)
    .filter(([name]) => missing.has(name))
    .map(([name, type]) => `declare const ${name}: ${type};`);
  return [...imports, ...values, code, "export {};", ""].join("\n");
}

/** The mistakes that the compiler finds in examples. */
function mistakesIn(chosen, settings) {
  for (const { name, code } of chosen) writeFileSync(join(home, name), moduleOf(code));
  const program = ts.createProgram(
    chosen.map(({ name }) => join(home, name)),
    {
      ...{ strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      ...settings,
    },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName.slice(home.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

const isOfWorker = ({ code }) => code.includes("DurableObjectNamespace");

test("the examples of the README, docs/types.md and docs/market-data.md compile, with the strictest settings", () => {
  assert.ok(inDocs.length >= 11, `${inDocs.length} examples`);
  const lib = ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"];
  const strictest = { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
  assert.deepEqual(mistakesIn(inDocs, { lib, types: [], ...strictest }), []);
});

test("every example compiles", () => {
  assert.ok(examples.length >= 20, `${examples.length} examples`);
  const lib = ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"];
  assert.deepEqual(
    mistakesIn(
      examples.filter((one) => !isOfWorker(one)),
      { lib, types: [] },
    ),
    [],
  );
});

test("every example for Workers compiles with their types", () => {
  const chosen = examples.filter(isOfWorker);
  assert.ok(chosen.length);
  assert.deepEqual(
    mistakesIn(chosen, { lib: ["lib.es2022.d.ts"], typeRoots: [join(modules, "@cloudflare")], types: ["workers-types"] }),
    [],
  );
});

test("an example with a mistake is found", () => {
  const code = "const { orderIdd } = await placeOrder(client, {} as never);\nconsole.log(orderIdd);";
  assert.equal(mistakesIn([{ name: "wrong.ts", code }], { lib: ["lib.es2022.d.ts", "lib.dom.d.ts"], types: [] }).length, 1);
});
