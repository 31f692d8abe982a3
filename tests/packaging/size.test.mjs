// What a bundle carries when only a part of the package is imported, and how much that is.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import resolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { folder, project } from "../harness/installed.mjs";

const home = project("size");

/** Names that survive minifying, each of a part that not everyone needs. */
const MARKS = {
  binary: "AGFzbQEAAAA",
  client: "allowBrowser",
  sockets: "ws-auth.kraken.com",
  exchange: "EOrder:Insufficient funds",
  inspector: "kraken_signer_inspect",
};

/**
 * What is imported, what of the parts above comes with it, and how many bytes that may be at most, minified by esbuild and compressed.
 * A limit is there to be lowered; whoever raises one says why.
 */
const IMPORTS = [
  ["Totp", `export { Totp } from "kraken-signer";`, ["binary"], 11_650],
  ["Signer", `export { Signer } from "kraken-signer";`, ["binary"], 11_600],
  ["SpotClient", `export { SpotClient } from "kraken-signer";`, ["binary", "client"], 18_100],
  ["everything", `export * from "kraken-signer";`, ["binary", "client"], 21_450],
  ["Signer of slim", `export { Signer } from "kraken-signer/slim";`, [], 2_100],
  ["sockets", `export * from "kraken-signer/sockets";`, ["binary", "client", "sockets"], 19_350],
  ["durable-object", `export * from "kraken-signer/durable-object";`, ["binary", "client"], 21_950],
  ["callers of Durable Objects", `export { futuresClient, spotClient } from "kraken-signer/durable-object";`, [], 2_450],
  ["redis", `export * from "kraken-signer/redis";`, [], 2_650],
  ["testing", `export * from "kraken-signer/testing";`, ["exchange"], 29_600],
  ["inspect", `export * from "kraken-signer/inspect";`, ["binary", "inspector"], 174_500],
];

const bundlers = {
  async esbuild(entry, also) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
      external: ["cloudflare:*"],
      ...also,
    });
    return outputFiles[0].text;
  },
  async rollup(entry) {
    const bundle = await rollup({ input: entry, plugins: [resolve()], external: /^cloudflare:/ });
    const { output } = await bundle.generate({ format: "esm" });
    return (await esbuild.transform(output[0].code, { minify: true })).code;
  },
  async webpack(entry) {
    const output = { path: join(folder, "webpack"), filename: "size.js", library: { type: "module" }, chunkFormat: "module" };
    const compiler = webpack({ mode: "production", entry, target: ["web", "es2022"], experiments: { outputModule: true }, output });
    await promisify(compiler.run.bind(compiler))();
    return readFileSync(join(output.path, output.filename), "utf8");
  },
};

const wasm = readFileSync(new URL("../../pkg/dist/esm/kraken_signer.wasm", import.meta.url));

test("the binary", (t) => {
  const compressed = gzipSync(wasm, { level: 9 }).length;
  t.diagnostic(`${wasm.length} bytes, ${compressed} gzipped`);
  assert.ok(wasm.length <= 12_300, `${wasm.length} bytes`);
  assert.ok(compressed <= 7_300, `${compressed} bytes compressed`);
});

test("SpotClient in a Worker, besides the binary", async (t) => {
  const entry = join(home, "SpotClient.worker.mjs");
  writeFileSync(entry, `export { SpotClient } from "kraken-signer";`);
  const text = await bundlers.esbuild(entry, { conditions: ["workerd"], external: ["*.wasm"] });
  const compressed = gzipSync(text, { level: 9 }).length;
  t.diagnostic(`${text.length} bytes minified, ${compressed} gzipped`);
  assert.ok(text.includes("kraken_signer.wasm"), "the binary is a file of its own");
  assert.ok(compressed <= 8_192, `${compressed} bytes compressed`);
});

test("the binary imports nothing: all it can do is compute", () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(wasm)), []);
});

const rows = [];
for (const [what, code, carries, limit] of IMPORTS) {
  const entry = join(home, `${what.replace(/\W+/g, "-")}.mjs`);
  writeFileSync(entry, code);
  for (const [name, bundle] of Object.entries(bundlers)) {
    // Webpack is slow, and once is enough to see whether it drops what is not used.
    if (name === "webpack" && what !== "Totp") continue;
    test(`${name}: ${what} carries ${carries.join(", ") || "nothing else"}`, async () => {
      const text = await bundle(entry);
      if (name === "esbuild") {
        const compressed = gzipSync(text, { level: 9 }).length;
        rows.push([what, text.length, compressed]);
        assert.ok(compressed <= limit, `${compressed} bytes compressed, where ${limit} are allowed`);
      }
      assert.deepEqual(
        Object.keys(MARKS).filter((mark) => text.includes(MARKS[mark])),
        carries,
      );
    });
  }
}
test("sizes", (t) => {
  for (const [what, minified, gzipped] of rows) t.diagnostic(`${what}: ${minified} bytes minified, ${gzipped} gzipped`);
});
