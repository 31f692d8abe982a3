// The installed package behind bundlers and test runners: built, counted, and run where nothing is left to import it from.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import resolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";
import { startEdge } from "../harness/edge.mjs";
import { folder, project } from "../harness/installed.mjs";
import { startWorker } from "../harness/workerd.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const home = project("bundles");
cpSync(fileURLToPath(new URL("app", import.meta.url)), join(home, "app"), { recursive: true });
const entry = join(home, "app/main.mjs");
const worker = pathToFileURL(join(home, "app/worker.mjs"));

const EXPECTED = {
  signature: "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==",
  code: "94287082",
  executed: "AddOrder",
};

/** Copies of the binary in what was built: files, and texts in base64, all of which begin alike. */
function copies(output) {
  const names = readdirSync(output, { recursive: true });
  const files = names.filter((name) => name.endsWith(".wasm")).length;
  const texts = names.filter((name) => /\.[cm]?js$/.test(name)).map((name) => readFileSync(join(output, name), "utf8"));
  return { files, embedded: texts.join().split("AGFzbQEAAAA").length - 1 };
}

/** What each builds: from `entry` into the folder `output`, minified, in one of the formats. */
const bundlers = {
  esbuild: (output, format) =>
    esbuild.build({ entryPoints: { main: entry }, outdir: output, bundle: true, minify: true, format, logLevel: "warning" }),
  async rollup(output, format) {
    const bundle = await rollup({ input: entry, plugins: [resolve()], onwarn: refuse });
    const { output: chunks } = await bundle.generate({ format });
    for (const { fileName, code } of chunks) {
      const minified = await esbuild.transform(code, { minify: true });
      writeFileSync(join(output, fileName), minified.code);
    }
  },
  vite: (output, format) =>
    vite({
      root: home,
      configFile: false,
      logLevel: "warn",
      build: {
        outDir: output,
        emptyOutDir: false,
        modulePreload: { polyfill: false },
        rollupOptions: { input: entry, onwarn: refuse, output: { format, entryFileNames: "main.js" } },
      },
    }),
  async webpack(output, format) {
    const type = format === "cjs" ? "commonjs2" : "module";
    const compiler = webpack({
      mode: "production",
      entry,
      context: home,
      target: ["web", "es2022"],
      performance: { hints: false },
      experiments: { outputModule: type === "module" },
      output: { path: output, filename: "main.js", library: { type }, chunkFormat: type === "module" ? "module" : "commonjs" },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
    assert.deepEqual(stats.toJson({ warnings: true }).warnings, []);
  },
};

function refuse(warning) {
  throw new Error(`the bundler warns: ${warning.message ?? warning}`);
}

describe("bundlers", () => {
  for (const [name, build] of Object.entries(bundlers)) {
    for (const format of ["esm", "cjs"]) {
      test(`${name}, ${format}`, async () => {
        const output = join(folder, "built", `${name}-${format}`);
        mkdirSync(output, { recursive: true });
        writeFileSync(join(output, "package.json"), JSON.stringify({ type: format === "esm" ? "module" : "commonjs" }));
        await build(output, format);
        assert.deepEqual(copies(output), { files: 0, embedded: 1 });
        const { stdout } = await execute(process.execPath, [join(output, "main.js")], { cwd: output });
        assert.deepEqual(JSON.parse(stdout), EXPECTED);
      });
    }
  }

  test("a Worker, as wrangler bundles it, in workerd", async (t) => {
    const { url, folder, stop } = await startWorker(worker, { loopback: false });
    t.after(stop);
    assert.deepEqual(copies(folder), { files: 1, embedded: 0 });
    assert.deepEqual(await (await fetch(url)).json(), EXPECTED);
  });

  test("an edge function, as Next.js bundles it, in edge-runtime", async () => {
    const { fetch, output } = await startEdge(worker);
    assert.equal(Object.keys(output.binaries).length, 1);
    assert.ok(!output.script.includes("AGFzbQEAAAA"), "the binary is embedded too");
    assert.deepEqual(await (await fetch("/")).json(), EXPECTED);
  });
});

describe("test runners", () => {
  const run = (node, args) =>
    execute(node, args, { cwd: home, env: { ...process.env, CI: "true", NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined } });
  const jest = (file, nodeArgs = [], config = {}) => {
    const settings = { rootDir: home, transform: {}, testMatch: [`**/app/${file}`], cacheDirectory: join(folder, "jest"), ...config };
    return run(process.execPath, [
      ...nodeArgs,
      join(modules, "jest/bin/jest.js"),
      "--config",
      JSON.stringify(settings),
      "--runInBand",
      "--no-watchman",
    ]);
  };

  test("jest, require", () => jest("cjs.test.cjs"));

  // As jest-environment-jsdom resolves packages.
  test("jest, require under the condition `browser`", () =>
    jest("cjs.test.cjs", [], { testEnvironmentOptions: { customExportConditions: ["browser"] } }));

  test("jest, import", () => jest("esm.test.mjs", ["--experimental-vm-modules", "--no-warnings"], { moduleFileExtensions: ["mjs", "js"] }));

  test("the package can be loaded where jsdom lacks what browsers have", () => {
    const missing = ["TextEncoder", "TextDecoder", "fetch", "Headers", "Request", "Response", "structuredClone"];
    const entries = ["", "/slim", "/sockets", "/redis"].map((entry) => `kraken-signer${entry}`);
    const program = `for (const name of ${JSON.stringify(missing)}) delete globalThis[name];
      for (const entry of ${JSON.stringify(entries)}) require(entry);`;
    return run(process.execPath, ["--input-type=commonjs", "--eval", program]);
  });

  for (const [how, deps] of [
    ["", {}],
    [", which transforms it", { inline: ["kraken-signer"] }],
  ]) {
    const node = Number(process.versions.node.split(".")[0]) < 22 ? join(modules, "node22/bin/node") : process.execPath;
    const lacking = !existsSync(node) && `vitest needs Node 22; the one that runs this is ${process.version}`;
    test(`vitest${how}`, { skip: !process.env.CI && lacking }, () => {
      const config = join(home, "vitest.config.mjs");
      writeFileSync(
        config,
        `export default ${JSON.stringify({ test: { globals: true, include: ["app/esm.test.mjs"], server: { deps } } })};`,
      );
      return run(node, [join(modules, "vitest/vitest.mjs"), "run", "--root", home]);
    });
  }
});
