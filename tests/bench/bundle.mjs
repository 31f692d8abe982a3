// Bundles contenders for one runtime.
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** What signatures do not need: packages that carry requests and messages. */
const CARRIERS = /^(ws|undici|crc|protobufjs(\/.*)?)$/;
/** In place of what sends for kraken-api; it keeps what it was given. */
const GOT = `exports.sent = undefined;
module.exports = async (url, { headers, body }) => {
  module.exports.sent = { url, headers, body };
  return { body: '{"error":[],"result":{}}' };
};`;

/** Brings out the function of kraken-api that signs, and takes away the network. */
const isolate = {
  name: "isolate",
  setup(build) {
    build.onResolve({ filter: CARRIERS }, ({ path }) => ({ path, namespace: "nothing" }));
    build.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "" }));
    build.onResolve({ filter: /^got$/ }, ({ path }) => ({ path, namespace: "got" }));
    build.onLoad({ filter: /.*/, namespace: "got" }, () => ({ contents: GOT }));
    build.onLoad({ filter: /[\\/]kraken-api[\\/]kraken\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nmodule.exports.getMessageSignature = getMessageSignature;`,
    }));
  },
};

/** Node's modules: those of the runtime, or, where it has none, an error for whoever loads one. */
const builtins = (there) => ({
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(node:)?(${builtinModules.join("|")})$`) }, ({ path, kind }) => {
      const name = `node:${path.replace("node:", "")}`;
      if (there && kind !== "require-call") return { path: name, external: true };
      return { path: name, namespace: "builtin" };
    });
    // Imported, because not every runtime can `require` from a module.
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: there ? `export * from "${path}"; export { default } from "${path}";` : `throw new Error("${path} is not there");`,
    }));
  },
});

/**
 * Bundles a module, given by path or as `contents`.
 *
 * @param options `contender`: the module that programs import by this name; `runtime`: `node` (and whatever takes its modules), `workerd` or
 * `browser`; `minify`
 * @returns `{ path, contents, text }` of each file, the script first
 */
export async function bundle(entry, { contender, runtime, minify = false }) {
  const worker = runtime === "workerd";
  const { outputFiles } = await build({
    ...(entry.contents ? { stdin: { contents: entry.contents, resolveDir: here } } : { entryPoints: [entry] }),
    outfile: "bundle.mjs",
    absWorkingDir: here,
    bundle: true,
    write: false,
    minify,
    format: "esm",
    target: "es2024",
    platform: runtime === "node" ? "node" : "browser",
    mainFields: ["module", "main"],
    conditions: worker ? ["workerd", "worker", "browser"] : runtime === "node" ? ["node"] : ["browser"],
    loader: { ".wasm": worker ? "copy" : "binary" },
    alias: contender ? { contender } : {},
    plugins: [isolate, builtins(runtime !== "browser")],
    logLevel: "error",
  });
  return outputFiles.sort((a, b) => Number(b.path.endsWith(".mjs")) - Number(a.path.endsWith(".mjs")));
}
