// The guide Start, followed with copy and paste alone, in empty folders, from a registry on loopback: with npm and Node, with Deno and with Bun. The
// tab for Workers needs wrangler, which comes from npm: tests/frameworks follows it, and here are its files.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { supportedCompatibilityDate } from "miniflare";
import ts from "typescript6";
import { folder, project, tarball } from "../harness/installed.mjs";
import { serveRegistry } from "../harness/registry.mjs";
import { blocksOf, isLike } from "./helper.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const page = readFileSync(new URL("../../pkg-template/docs/start.md", import.meta.url), "utf8");
const blocks = blocksOf("start.md");
const inTab = (tab, language) => blocks.filter(({ heading, language: its }) => heading === tab && its === language);

/** The programs of a reader's machine. Node is a version that runs TypeScript by itself. */
const programs = join(folder, "programs");
mkdirSync(programs);
const NODE = readdirSync(`${modules}node24/bin`).includes("node") ? `${modules}node24/bin/node` : process.execPath;
for (const [name, file] of Object.entries({
  deno: `${modules}deno/deno`,
  bun: `${modules}bun/bin/bun.exe`,
  bunx: `${modules}bun/bin/bun.exe`,
}))
  symlinkSync(file, join(programs, name));

const environment = {};
const registry = {};
before(async () => {
  const manifest = JSON.parse(readFileSync(join(project("packed"), "node_modules/kraken-signer/package.json"), "utf8"));
  Object.assign(registry, await serveRegistry(tarball, manifest));
  Object.assign(environment, {
    ...{ PATH: `${programs}${delimiter}${process.env.PATH}`, HOME: folder, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    ...{ NPM_CONFIG_REGISTRY: registry.url, npm_config_registry: registry.url, npm_config_cache: join(folder, "npm") },
    ...{ npm_config_update_notifier: "false", npm_config_audit: "false", npm_config_fund: "false" },
    ...{ DENO_DIR: join(folder, "deno"), BUN_INSTALL_CACHE_DIR: join(folder, "bun") },
  });
});
after(() => registry.close());

/** Runs what a reader pastes into a terminal. */
const paste = (code, cwd) => execute("bash", ["-e", "-c", code], { cwd, env: environment });

/** A port that is free, in place of that of the page. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `${port}`;
}

/** Starts the exchange in a second terminal, until the test ends. Its group ends with it, since runners of packages start it as a child. */
async function startExchange(t, command, cwd) {
  const child = spawn("bash", ["-c", command], { cwd, env: environment, stdio: ["ignore", "pipe", "inherit"], detached: true });
  t.after(() => process.kill(-child.pid, "SIGKILL"));
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  for (let tries = 0; !said.includes("Futures secret") && tries < 1200; tries++) await wait(50);
  return said;
}

/** What differs between the tabs: the tab with the command that starts the exchange, the name of the program, and the words of the page that run it. */
const TABS = {
  Node: { exchange: "Node and Workers", file: "order.mts", run: "node order.mts", real: `${NODE} order.mts` },
  Deno: { exchange: "Deno", file: "order.ts", run: "deno run --allow-env --allow-net order.ts" },
  Bun: { exchange: "Bun", file: "order.ts", run: "bun order.ts" },
};

describe("from an empty folder to an order", { timeout: 300_000 }, () => {
  for (const [tab, { exchange, file, run, real = run }] of Object.entries(TABS))
    test(tab, async (t) => {
      const cwd = mkdtempSync(join(folder, `start-${tab}-`));
      const port = await freePort();
      const onPort = (code) => code.replaceAll("8787", port);
      const commands = inTab(tab, "sh").map(({ code }) => code);
      const install = commands.find((code) => / add | install /.test(code));
      const settings = commands.find((code) => code.startsWith("export "));
      const [{ code, output }] = inTab(tab, "ts");
      await paste(install, cwd);
      const said = await startExchange(t, onPort(inTab(exchange, "sh").find((block) => block.code.includes(" exchange ")).code), cwd);
      for (const [, name, value] of settings.matchAll(/^export (\w+)=(.+)$/gm))
        assert.ok(onPort(said).includes(onPort(value)), `the exchange does not print the ${name} of the page:\n${said}`);
      writeFileSync(join(cwd, file), code);
      assert.ok(page.includes(`Save this as \`${file}\``) && page.includes(`Run it with \`${run}\``), "the page says it so");
      const { stdout } = await paste(onPort(settings) + real, cwd);
      assert.ok(isLike(stdout, output), `it printed:\n${stdout}\nThe page shows:\n${output}`);
    });
});

test("the settings for TypeScript are those that the program needs", () => {
  const [{ code }] = inTab("Node", "json");
  const { config } = ts.parseConfigFileTextToJson("tsconfig.json", code);
  const { options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder, {}, join(folder, "tsconfig.json"));
  // A program without files is no mistake here.
  assert.deepEqual(
    errors.filter((error) => error.code !== 18003),
    [],
  );
  const { module, strict, types, target } = options;
  // TypeScript 7 knows `process` only with `types`, and `guides.test.mjs` compiles the program with the strictest settings.
  assert.deepEqual(
    { module, strict, types, target },
    { module: ts.ModuleKind.NodeNext, strict: true, types: ["node"], target: ts.ScriptTarget.ES2022 },
  );
});

test("the files of the tab for Workers are complete, and name the same key", () => {
  const [install] = inTab("Workers", "sh");
  assert.deepEqual(install.code.trim().split(" "), ["npm", "install", "kraken-signer", "wrangler"]);
  const [settings] = inTab("Node", "sh").filter(({ code }) => code.startsWith("export "));
  assert.equal(inTab("Workers", "ini")[0].code, settings.code.replace(/^export /gm, ""));
  const { config, error } = ts.parseConfigFileTextToJson("wrangler.jsonc", inTab("Workers", "jsonc")[0].code);
  assert.equal(error, undefined);
  assert.equal(config.main, "worker.ts");
  assert.ok(page.includes("Save this as `worker.ts`") && config.compatibility_date <= supportedCompatibilityDate);
});
