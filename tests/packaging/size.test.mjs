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
import { LIMITS } from "./limits.mjs";

const home = project("size");

/** Names that survive minifying, each of a part that not everyone needs. */
const MARKS = {
  binary: "AGFzbQEAAAA",
  codes: "the setup key is incomplete",
  client: "allowBrowser",
  sockets: "ws-auth.kraken.com",
  exchange: "EOrder:Insufficient funds",
  inspector: "kraken_signer_inspect",
};

/**
 * What is imported, what of the parts above comes with it, and how many KB that may be at most, minified by esbuild and compressed.
 * The limits have air: they are there to notice what comes along unwanted.
 */
const IMPORTS = [
  ["Totp", `export { Totp } from "kraken-signer";`, ["binary", "codes"], 26],
  ["Signer", `export { Signer } from "kraken-signer";`, ["binary"], 25],
  ["SpotClient", `export { SpotClient } from "kraken-signer";`, ["binary", "client"], 57],
  ["everything", `export * from "kraken-signer";`, ["binary", "codes", "client"], 78],
  ["Signer of slim", `export { Signer } from "kraken-signer/slim";`, [], 5],
  ["sockets", `export * from "kraken-signer/sockets";`, ["binary", "client", "sockets"], 50],
  ["durable-object", `export * from "kraken-signer/durable-object";`, ["binary", "codes", "client"], 67],
  ["callers of Durable Objects", `export { futuresClient, spotClient } from "kraken-signer/durable-object";`, [], 8],
  ["redis", `export * from "kraken-signer/redis";`, [], 7.5],
  ["node", `export * from "kraken-signer/node";`, [], 6],
  ["testing", `export * from "kraken-signer/testing";`, ["exchange"], 62],
  ["inspect", `export * from "kraken-signer/inspect";`, ["binary", "inspector"], 313],
].map(([what, code, carries, limit]) => [what, code, carries, limit * 1024]);

const bundlers = {
  async esbuild(entry, also) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
      external: ["cloudflare:*", "node:*"],
      ...also,
    });
    return outputFiles[0].text;
  },
  async rollup(entry) {
    const bundle = await rollup({ input: entry, plugins: [resolve()], external: /^(cloudflare|node):/ });
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

test("the signer has at most 48 KB, 16 KB compressed", (t) => {
  const compressed = gzipSync(wasm, { level: 9 }).length;
  t.diagnostic(`${wasm.length} bytes, ${compressed} gzipped`);
  assert.ok(wasm.length <= LIMITS.binary, `${wasm.length} bytes`);
  assert.ok(compressed <= LIMITS.compressedBinary, `${compressed} bytes compressed`);
});

test("a Worker with SpotClient has at most 51 KB compressed, with the binary", async (t) => {
  const entry = join(home, "SpotClient.worker.mjs");
  writeFileSync(entry, `export { SpotClient } from "kraken-signer";`);
  const text = await bundlers.esbuild(entry, { conditions: ["workerd"], external: ["*.wasm"] });
  assert.ok(text.includes("kraken_signer.wasm"), "the binary is a file of its own");
  const [script, binary] = [text, wasm].map((file) => gzipSync(file, { level: 9 }).length);
  t.diagnostic(`${script} bytes of JavaScript and ${binary} of WebAssembly, gzipped`);
  assert.ok(script + binary <= LIMITS.worker, `${script + binary} bytes compressed`);
});

test("types add nothing to a bundle", async () => {
  const entry = join(home, "types.mjs");
  writeFileSync(entry, `export * from "kraken-signer"; export * from "kraken-signer/sockets";`);
  const text = await bundlers.esbuild(entry, { minify: false });
  const declared = readFileSync(new URL("../../pkg/dist/esm/rest/futures/endpoints/market.d.ts", import.meta.url), "utf8");
  // Fields of results, which only types have.
  for (const field of ["experiencingDislocation", "fundingRatePrediction", "maxRelativeFundingRate"]) {
    assert.ok(declared.includes(field), field);
    assert.ok(!text.includes(field), field);
  }
});

test("the binary imports nothing, so all it can do is compute", () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(wasm)), []);
});

/** A bundle without the binary, which is the same in all, and compresses badly. */
async function sizeOf(name, code) {
  const entry = join(home, `size-of-${name}.mjs`);
  writeFileSync(entry, code);
  return gzipSync(await bundlers.esbuild(entry, { external: ["#core"] }), { level: 9 }).length;
}

test("both sockets add at most 9.5 KB to a bundle with the client, and the order book 3 KB more if it is used", async (t) => {
  const client = 'export * from "kraken-signer";';
  const sockets = `${client} export { FuturesSocket, SpotSocket } from "kraken-signer/sockets";`;
  const sizes = [await sizeOf("with-client", client), await sizeOf("with-sockets", sockets)];
  sizes.push(await sizeOf("with-book", `${sockets} export { OrderBook } from "kraken-signer/sockets";`));
  const [forSockets, forBook] = [sizes[1] - sizes[0], sizes[2] - sizes[1]];
  t.diagnostic(`${forSockets} bytes for the sockets, ${forBook} for the book`);
  assert.ok(forSockets > 1000 && forSockets <= 9.5 * 1024, `${forSockets} bytes`);
  assert.ok(forBook > 1000 && forBook <= 3 * 1024, `${forBook} bytes`);
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
