// Bundles an edge function as Next.js does and runs it in edge-runtime, the sandbox of Vercel's edge functions.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";

/**
 * Starts an edge function.
 *
 * @param entry the URL of its module, whose default export is a Worker's
 * @returns `fetch` into it, and `output`, the script and the binaries that would be deployed
 */
export async function startEdge(entry) {
  const binaries = {};
  const asset = (name) => `wasm_${name.replace(/\W/g, "_")}`;
  // The platform compiles what is imported with `?module`, and hands it to the script as a global.
  const modules = {
    name: "wasm?module",
    setup(build) {
      build.onResolve({ filter: /\.wasm(\?module)?$/ }, async ({ path, pluginData, kind, resolveDir }) => {
        if (pluginData === asset) return undefined;
        const resolved = await build.resolve(path.replace("?module", ""), { kind, resolveDir, pluginData: asset });
        return { ...resolved, namespace: "wasm" };
      });
      build.onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => {
        binaries[asset(path)] = readFileSync(path);
        return { contents: `export default globalThis[${JSON.stringify(asset(path))}];` };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "edge",
    minify: true,
    footer: { js: `addEventListener("fetch", (event) => event.respondWith(edge.default.fetch(event.request)));` },
    conditions: ["edge-light", "worker", "browser"],
    plugins: [modules],
    logLevel: "warning",
  });
  const script = outputFiles[0].text;
  const runtime = new EdgeRuntime({
    initialCode: script,
    extend: (context) =>
      Object.assign(context, Object.fromEntries(Object.entries(binaries).map(([name, bytes]) => [name, new WebAssembly.Module(bytes)]))),
  });
  return { fetch: (path, init) => runtime.dispatchFetch(new URL(path, "http://localhost").href, init), output: { script, binaries } };
}
