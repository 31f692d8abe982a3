// The examples of the guides: how they are found, checked and run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript59";

const docs = fileURLToPath(new URL("../../pkg-template/docs/", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

const KEYS = "key: process.env.KRAKEN_KEY!, secret: process.env.KRAKEN_SECRET!";

/** The values that an example may use without a declaration: those of an earlier example of the same guide. */
const CONTEXT = {
  kraken: `import { SpotClient as Client } from "kraken-signer";\nconst kraken = new Client({ ${KEYS} });`,
  exchange: 'declare const exchange: import("kraken-signer/testing").Exchange;',
  Deno: "declare const Deno: { env: { get(name: string): string | undefined } };",
};

/** A block of code in a page: its language, the code, the heading above it, and the output that the page shows for it. */
export function blocksOf(page) {
  const text = readFileSync(join(docs, page), "utf8");
  const parts = [...text.matchAll(/^(#+ [^\n]+)$|^```(\w+)(?:,\w+)*\n(.*?)^```$/gms)];
  const blocks = [];
  let heading = "";
  for (const [, title, language, code] of parts) {
    if (title) heading = title.replace(/^#+ /, "");
    else if (language === "text" && blocks.length) blocks.at(-1).output ??= code;
    else blocks.push({ page, heading, language, code, name: `${page.replace(".md", "")}-${blocks.length + 1}` });
  }
  return blocks;
}

/** An example as a module, with the values that it takes for granted. */
export function moduleOf({ code }) {
  const isMissing = (name) =>
    new RegExp(`\\b${name}\\b`).test(code) &&
    !new RegExp(`(const|let|class) ${name}\\b|(const|let|import) \\{[^}]*\\b${name}\\b[^}]*\\}`).test(code);
  const before = Object.entries(CONTEXT).flatMap(([name, declared]) => (isMissing(name) ? [declared] : []));
  return [...before, code, "export {};", ""].join("\n");
}

/** The example in JavaScript: without its types. */
export function compiled(block) {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(moduleOf(block), { compilerOptions }).outputText;
}

/** Whether a part of a program uses a name that it does not declare or import. */
const isTaken = (code, name) =>
  new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(?:const|let) ${name}\\b|(?:import|const) \\{[^}]*\\b${name}\\b`).test(code);

/** A part of a program as a module in JavaScript: with imports of the package, and with values from before, which are in `globalThis.parts`. */
export function moduleOfPart(code, entries, values) {
  const imported = new Set();
  const imports = Object.entries(entries).map(([entry, names]) => {
    const taken = Object.keys(names).filter((name) => isTaken(code, name) && !values.includes(name) && !imported.has(name));
    for (const name of taken) imported.add(name);
    return `import { ${taken.join(", ")} } from "${entry}";`;
  });
  const given = values.filter((name) => isTaken(code, name)).map((name) => `const { ${name} } = globalThis.parts;`);
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: false };
  return ts.transpileModule([...imports, ...given, code, "export {};"].join("\n"), { compilerOptions }).outputText;
}

/** The mistakes that the compiler finds in files, with the strictest settings. */
export function mistakesIn(files, { workers = false } = {}) {
  const program = ts.createProgram(files, {
    ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ...{ lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"], typeRoots: [join(modules, workers ? "@cloudflare" : "@types")] },
    types: [workers ? "workers-types" : "node"],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName.split("/").at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

/** Whether an output is that which a page shows, where "…" stands for any text. */
export function isLike(output, shown) {
  const parts = shown
    .trimEnd()
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(output.trimEnd());
}
