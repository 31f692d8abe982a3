// Modules of the package that no entry exports, each bundled from its TypeScript: a step of a call is tested without the others.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const sources = fileURLToPath(new URL("../../pkg-template/src/", import.meta.url));

/** Imports a file of `pkg-template/src`, such as `rest/retry`, with copies of its own of all that it imports. */
export const loadSource = (name) => loadSources(`export * from "./${name}.ts";`);

/** Imports what such exports say, from several files. */
export async function loadSources(exports) {
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-source-"));
  const outfile = join(folder, "module.mjs");
  const contents = `import "./wasm/load/embedded.ts"; ${exports}`;
  try {
    await build({
      stdin: { contents, resolveDir: sources, loader: "ts" },
      outfile,
      bundle: true,
      external: ["node:*"],
      format: "esm",
      target: "es2022",
      // The manifest calls all but the entries free of side effects.
      ignoreAnnotations: true,
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
