// The modules under test, each bundled from its TypeScript into one file that every runtime can import.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { loadSource } from "../harness/sources.mjs";

/** Where bundles are put; the folder goes with the process. */
export const folder = mkdtempSync(join(tmpdir(), "kraken-signer-transport-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Bundles a program of this folder with everything it imports but Node's modules, and returns the path of the bundle. */
export async function bundle(name) {
  const outfile = join(folder, name);
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*", "undici", "node-fetch", "node-fetch2", "cross-fetch"],
    target: "es2022",
    logLevel: "warning",
  });
  return outfile;
}

/** Imports a module of `rest/`, such as `http/exchange`. */
export const load = (name) => loadSource(`rest/${name}`);
