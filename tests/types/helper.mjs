// The declarations of the built package, as the compiler of a user reads them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript6";

/** The folder of the built package. */
export const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${pkg}package.json`, "utf8"));

/** The declarations of each entry. */
export const entries = Object.values(exports).flatMap(({ import: one }) => (one?.types ? [`${pkg}${one.types}`] : []));

export const program = ts.createProgram(entries, {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  types: [],
});

export const checker = program.getTypeChecker();
