// The runtimes that are measured: each is started once for each contender, takes commands, and rests while others work.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findChromium, openBrowser } from "../harness/browser.mjs";
import { startWorker } from "../harness/workerd.mjs";
import { bundle } from "./bundle.mjs";

const require = createRequire(import.meta.url);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const modules = here("../node_modules");
export const suffix = process.platform === "win32" ? ".exe" : "";
export const versionOf = (name) => require(`${name}/package.json`).version.replace("v", "");

/** Bundles into a folder, and answers where the script is. */
export async function bundled(entry, options, folder) {
  await mkdir(folder, { recursive: true });
  const files = await bundle(entry, options);
  for (const { path, contents } of files) await writeFile(join(folder, basename(path)), contents);
  return join(folder, basename(files[0].path));
}

/** Bundles the program for a contender. */
const programOf = (program, contender, runtime, folder) =>
  bundled(here(`programs/${program}.mjs`), { contender: here(`contenders/${contender}.mjs`), runtime }, join(folder, runtime, contender));

/** A program that takes a command a line and answers it with a line. */
export function lines(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise((resolve) => child.once("close", resolve));
  const failed = new Promise((_, reject) => child.once("error", reject));
  failed.catch(() => {});
  child.stdin.on("error", () => {});
  return {
    async ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await Promise.race([answers.next(), failed]);
      if (done) throw new Error(`${command} ended`);
      return JSON.parse(value);
    },
    pid: child.pid,
    async stop() {
      child.stdin.end();
      child.kill();
      await gone;
    },
  };
}

/** Node and those that can do what it does. */
const program = (name, binary, args, version, env) => ({
  name,
  version,
  missing: () => !existsSync(binary) && `${binary} is not there`,
  async start(folder, contender) {
    const script = await programOf("process", contender, "node", folder);
    return lines(binary, [...args, script], env?.(folder));
  },
  /** How a program of a first signature is started, for first.mjs. */
  command: (folder, script) => [binary, [...args, script], env?.(folder)],
});

/** The browser that all pages are in, and how many they are. */
let browser;
let pages = 0;

/** `start` takes a contender, by the name of its file; `missing` says why a runtime cannot be started on this machine. */
export const runtimes = [
  {
    name: "native",
    version: () => "",
    missing: () => false,
    contenders: ["the crate"],
    start: async () => lines(here(`../../target/bench/release/kraken-signer-bench${suffix}`), []),
  },
  program("Node 20", nodeOf(20), [], () => versionOfNode(20)),
  program("Node 26", nodeOf(26), [], () => versionOfNode(26)),
  program(
    "Deno",
    join(modules, `deno/deno${suffix}`),
    ["run", "--quiet", "--allow-all", "--no-lock"],
    () => versionOf("deno"),
    (folder) => ({
      DENO_DIR: join(folder, ".deno"),
      DENO_NO_UPDATE_CHECK: "1",
    }),
  ),
  program("Bun", join(modules, "bun/bin/bun.exe"), ["run"], () => versionOf("bun")),
  {
    name: "workerd",
    version: () => versionOf("workerd"),
    missing: () => false,
    async start(folder, contender) {
      const script = await programOf("worker", contender, "workerd", folder);
      const { url, stop } = await startWorker(pathToFileURL(script), { loopback: false });
      return {
        async ask(order) {
          const response = await fetch(url, { method: "POST", body: JSON.stringify(order) });
          if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
          return response.json();
        },
        stop,
      };
    },
  },
  {
    name: "Chromium",
    missing: () => !findChromium() && "no Chromium was found; install one, or say where it is in CHROMIUM",
    async start(folder, contender) {
      const script = await programOf("worker", contender, "browser", folder);
      browser ??= await openBrowser();
      const { version } = browser;
      this.version = () => version;
      pages += 1;
      const page = await browser.open("http://127.0.0.1", { "/station.js": await readFile(script, "utf8") });
      const obey = async (body) => {
        const { default: station } = await import("/station.js");
        const response = await station.fetch(new Request("/", { method: "POST", body }));
        return response.json();
      };
      return {
        ask: (order) => page.evaluate(obey, JSON.stringify(order)),
        async stop() {
          if (page.isClosed()) return;
          await page.context().close();
          pages -= 1;
          if (pages > 0) return;
          await browser.stop();
          browser = undefined;
        },
      };
    },
  },
];

/** The programs of Node that are there, by name. */
export const nodes = () =>
  Object.fromEntries([20, 26].map((major) => [`Node ${major}`, nodeOf(major)]).filter(([, binary]) => existsSync(binary)));

/** The Node that runs this, if it is of this major version, or one of the test's packages. */
export function nodeOf(major) {
  return Number(process.versions.node.split(".")[0]) === major ? process.execPath : join(modules, `node${major}/bin/node`);
}

export function versionOfNode(major) {
  return nodeOf(major) === process.execPath ? process.version.slice(1) : versionOf(`node${major}`);
}
