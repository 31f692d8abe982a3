// Bundles what TypeScript has compiled into few files, once for each kind of module: a runtime takes a good half of a millisecond for each file
// that it loads. What the entries share is one file, so that a class is the same whichever entry it comes from.
import { join } from "node:path";

const ENTRIES = ["index", "slim", "sockets/index", "durable-object/index", "redis/index", "node/index", "inspect/index", "testing/index"];
/** What stands behind the names with `#`: for every platform, and for those that have ES modules alone and want the binaries as files. */
const EVERYWHERE = ["wasm/load/embedded", "wasm/load/inspect-embedded", "durable-object/base/elsewhere"];
const BESIDE = ["wasm/load/workerd", "wasm/load/edge-light", "wasm/load/inspect-workerd", "wasm/load/inspect-edge-light", "durable-object/base/workers"];

/** Where the tests look into the instance that the entries use. */
const INSIDE = ["wasm/instance", "wasm/memory"];

/** Names of files, by the beginning of a module's own; what is not here goes with the only entry that has it. */
const CHUNKS = [
  // Whoever calls a Durable Object needs neither the object's class nor what it signs with.
  [/^durable-object\/(remote|rpc)$/, "durable-object/remote"],
  [/^durable-object\//, "durable-object/objects"],
  // The command line also needs this part of the inspector.
  [/^inspect\/captured\/(bytes|shell)$/, "inspect/shell"],
  [/^(?!(sockets|redis|node|inspect|testing|cli|generated|wasm\/inspector|wasm\/load\/inspect)\b)/, "shared"],
];

export default function ({ configFrom: from, configTo: to }) {
  const nameOf = (id) => id.slice(from.length + 1).replace(/\.js$/, "");
  const kind = (format, entries) => ({
    input: Object.fromEntries(entries.map((name) => [name, join(from, `${name}.js`)])),
    external: /^#|^node:|^cloudflare:|\.wasm/,
    onLog(_level, { message }) {
      throw new Error(message);
    },
    output: {
      dir: join(to, format === "es" ? "esm" : "cjs"),
      format,
      chunkFileNames: "[name].js",
      minifyInternalExports: false,
      generatedCode: "es2015",
      hoistTransitiveImports: false,
      esModule: true,
      manualChunks: (id) =>
        entries.includes(nameOf(id)) && !INSIDE.includes(nameOf(id)) ? undefined : CHUNKS.find(([names]) => names.test(nameOf(id)))?.[1],
    },
  });
  // The command line is run, not imported.
  return [kind("es", [...ENTRIES, ...EVERYWHERE, ...BESIDE, ...INSIDE, "cli/main"]), kind("cjs", [...ENTRIES, ...EVERYWHERE])];
}
