// The runtimes whose `fetch` is tried, and how a program of this folder is run in each.
import { execFile } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startWorker } from "../harness/workerd.mjs";
import { bundle, folder } from "./source.mjs";

const execute = promisify(execFile);
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
// Bundles find packages as this folder does.
symlinkSync(modules, join(folder, "node_modules"));

/** A runtime that is started for each run. */
function program(name, binary, args = []) {
  return {
    name,
    binary,
    missing: () => !existsSync(binary) && `${name} is not installed`,
    async run(file, options, env = {}) {
      const bundled = await bundle(file);
      const { stdout } = await execute(binary, [...args, bundled, JSON.stringify(options)], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: "1", ...env },
        timeout: 120_000,
        maxBuffer: 1 << 26,
      });
      return JSON.parse(stdout);
    },
  };
}

const own = Number(process.versions.node.split(".")[0]);
const node = (major) =>
  program(`Node ${major}`, major === own ? process.execPath : join(modules, `node${major}/bin/node`), ["--no-warnings"]);

export const nodes = [20, 22, 24, 26].map(node);
export const deno = program("Deno", join(modules, "deno/deno"), ["run", "--quiet", "--allow-all", "--node-modules-dir=manual"]);
export const bun = program("Bun", join(modules, "bun/bin/bun.exe"));
export const workerd = {
  name: "workerd",
  missing: () => false,
  async run(file, options) {
    const worker = await startWorker(new URL("worker.mjs", import.meta.url));
    try {
      const program = { "try.program.mjs": "tryAll", "orders.program.mjs": "sendOrders" }[file];
      const answer = await fetch(worker.url, { method: "POST", body: JSON.stringify({ program, ...options }) });
      if (!answer.ok) throw new Error(`it answered ${answer.status}: ${await answer.text()}`);
      return await answer.json();
    } finally {
      await worker.stop();
    }
  },
};
