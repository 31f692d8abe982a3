// The parts of a Worker with SpotClient, by size: BYTES.md, for people who look for savings. In CI it has to be nearly current.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const sources = fileURLToPath(new URL("../../pkg-template/src/", import.meta.url));
const table = new URL("BYTES.md", import.meta.url);

/** The parts, each with the paths of its modules. The first that fits counts. */
const PARTS = [
  ["records of endpoints, and the proofs of their answers", /^rest\/(spot|futures)\/endpoints/],
  ["error classes", /^errors/],
  ["hints, and patterns of Kraken's errors", /^rest\/answer\/(hints|error-patterns|api-error)/],
  ["judging answers: JSON, outcomes", /^rest\/answer\//],
  ["parameters: encoding, and checks of prices, rows and times", /^rest\/request\//],
  ["HTTP: sending once, reading, retry-after", /^rest\/http\//],
  ["orders that were sent, for `placeOrder`", /^rest\/sent-/],
  ["rate limits and the slot of a lane", /^rest\/(rate|slot)/],
  ["the client of Spot", /^rest\/spot\//],
  ["the steps of a call, options, keys, hooks, retries", /^rest\//],
  ["lanes", /^lane\//],
  ["signer, nonces, one-time passwords", /^signing\//],
  ["boundary to WebAssembly, and the texts of its errors", /^(wasm|generated)\//],
  ["checks of options", /^checks/],
];

const { metafile, outputFiles } = await esbuild.build({
  // From the sources, because the package has all modules of several entries in one file.
  stdin: { contents: `export { SpotClient } from "./index.ts";`, resolveDir: sources, loader: "ts" },
  alias: { "#core": `${sources}wasm/load/workerd.ts` },
  bundle: true,
  minify: true,
  format: "esm",
  write: false,
  metafile: true,
  outfile: "worker.js",
  conditions: ["workerd"],
  external: ["cloudflare:*", "node:*", "*.wasm"],
});
const binary = readFileSync(new URL("../../pkg/dist/esm/kraken_signer.wasm", import.meta.url));
const [script, wasm] = [outputFiles[0].contents, binary].map((file) => gzipSync(file, { level: 9 }).length);

/** The files of the bundle, with their bytes after minifying. */
const files = Object.entries(Object.values(metafile.outputs)[0].inputs)
  .map(([path, { bytesInOutput }]) => [path.replace(/^.*pkg-template\/src\//, ""), bytesInOutput])
  .filter(([path, bytes]) => path !== "<stdin>" && bytes > 0);
const total = files.reduce((sum, [, bytes]) => sum + bytes, 0);
/** The texts for people: strings of several words. */
const texts = (outputFiles[0].text.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? []).filter((text) => /\w+ \w+ \w+/.test(text));

/** Bytes that not every program uses, by what they are for. */
const SAVINGS = {
  "the option `rateLimit`": /^(rest\/rate-|lane\/rates)/,
  "`check()`": /^rest\/key-report/,
  "hints in the messages of rejections": /^rest\/answer\/hints/,
  "several keys": /^rest\/key-set/,
};

const partOf = (path) => PARTS.find(([, pattern]) => pattern.test(path))?.[0];

test("every file of a Worker belongs to a part of the table", () => {
  assert.deepEqual(
    files.filter(([path]) => !partOf(path)),
    [],
  );
});

test("BYTES.md lists the parts of a Worker", () => {
  const sums = new Map();
  for (const [path, bytes] of files) sums.set(partOf(path), (sums.get(partOf(path)) ?? 0) + bytes);
  const bySize = (list) => list.sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1));
  const kilobytes = (bytes) => (bytes / 1024).toFixed(1);
  const rows = (list) =>
    list.map(([name, bytes]) => `| ${name} | ${kilobytes(bytes)} | ${((bytes / total) * 100).toFixed(0)}% |`).join("\n");
  const text = `# The bytes of a Worker

Written by \`bytes.test.mjs\` from esbuild's metafile: what a Worker with \`SpotClient\` consists of. The JavaScript has ${kilobytes(total)} KB minified, ${kilobytes(script)} KB
compressed; the WebAssembly has ${kilobytes(binary.length)} KB, ${kilobytes(wasm)} KB compressed. Together, ${kilobytes(script + wasm)} KB are uploaded. The compressed size of a single part cannot be told,
because the parts are compressed together.

| part of the JavaScript | KB, minified | share |
| --- | --- | --- |
${rows(bySize([...sums]))}

Of these, ${kilobytes(texts.join("").length)} KB are texts for people, mostly messages of errors. The largest savings would be parts that not every program uses. They would need entries of
their own, because every option of a client can be set at run time: ${Object.entries(SAVINGS)
    .map(([what, pattern]) => `${what} (${kilobytes(files.reduce((sum, [path, bytes]) => sum + (pattern.test(path) ? bytes : 0), 0))} KB)`)
    .join(", ")}. Minified bytes
compress to about ${((script / total) * 100).toFixed(0)}%.

The ten largest files:

| file | KB, minified | share |
| --- | --- | --- |
${rows(bySize(files.map(([path, bytes]) => [`\`${path}\``, bytes])).slice(0, 10))}
`;
  if (!process.env.CI) return writeFileSync(table, text);
  // Every change of the package changes some bytes, so only what a reader would be misled by counts.
  const written = readFileSync(table, "utf8");
  for (const part of sums.keys()) assert.ok(written.includes(`| ${part} |`), `BYTES.md does not list ${part}: run the test without CI`);
  const [, before] = /JavaScript has ([\d.]+) KB/.exec(written);
  assert.ok(Math.abs(total / 1024 - Number(before)) < 3, `${kilobytes(total)} KB, not ${before}: run the test without CI`);
});
