// Every runtime that the package is tested in: how it is started, and what it cannot do and why.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { findChromium, openPage } from "../harness/browser.mjs";
import { startEdge } from "../harness/edge.mjs";
import { COMPATIBILITY_DATE, startWorker } from "../harness/workerd.mjs";

const require = createRequire(import.meta.url);
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const execute = promisify(execFile);

/** That of a Worker which names none: there is no older one. What the package needs has been in workerd from the start. */
const OLDEST_COMPATIBILITY_DATE = "2021-11-02";

const NO_PORTS = "this runtime cannot open ports; `fetch` and `WebSocket` of the simulated exchange need none";
const UNTIL_2025 = {
  finalize: "Workers have FinalizationRegistry only from the compatibility date 2025-05-05; before that, call `free()`",
};

const versionOf = (name) => require(`${name}/package.json`).version.replace("v", "");
const programOf = (folder, name) => join(folder, "conformance/programs", name);
const slim = (entry) => entry.endsWith("/slim");

/** Runs a program that prints its results. */
async function print(command, args, folder, entry, environment, env = {}) {
  const argument = JSON.stringify({ entry, ...environment });
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 60_000, maxBuffer: 1 << 26 };
  const { stdout } = await execute(command, [...args, argument], options);
  return JSON.parse(stdout);
}

/** Asks a Worker for its results. */
async function ask(fetch, url, environment) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(environment) });
  if (!response.ok) throw new Error(`it answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const workerOf = (folder, entry) => pathToFileURL(programOf(folder, slim(entry) ? "worker-slim.mjs" : "worker.mjs"));

function node(major, way) {
  const own = Number(process.versions.node.split(".")[0]) === major;
  const binary = own ? process.execPath : join(modules, `node${major}/bin/node`);
  return {
    name: `Node ${major}, ${way}`,
    missing: () =>
      !existsSync(binary) && `the one that runs this is ${process.version}, and npm brings Node ${major} for Linux on x64 only`,
    locked: !own,
    version: () => (own ? process.version.slice(1) : versionOf(`node${major}`)),
    cannot:
      major < 22 ? { WebSocket: "Node has a WebSocket only since version 22; before that, pass one from a package such as `ws`" } : {},
    run: (folder, entry, environment) =>
      print(binary, ["--no-warnings", programOf(folder, way === "require" ? "node.cjs" : "node.mjs")], folder, entry, environment),
  };
}

function workerd(compatibilityDate, flags, cannot = {}) {
  return {
    name: ["workerd", compatibilityDate, ...flags].join(", "),
    locked: true,
    version: () => versionOf("workerd"),
    cannot: {
      compile: "Workers compile binaries when they are deployed, so the package's binary is a module there",
      listen: NO_PORTS,
      ...cannot,
    },
    async run(folder, entry, environment) {
      const worker = await startWorker(workerOf(folder, entry), { compatibilityDate, flags });
      try {
        return await ask(fetch, worker.url, environment);
      } finally {
        await worker.stop();
      }
    },
  };
}

/** A page, or a module worker that it starts. */
function chromium(where, run) {
  return {
    name: `Chromium, ${where}`,
    missing: () => !findChromium() && "no Chromium was found; install one, or say where it is in CHROMIUM",
    cannot: { listen: NO_PORTS },
    async run(folder, entry, environment) {
      const { outputFiles } = await build({
        entryPoints: [fileURLToPath(workerOf(folder, entry))],
        bundle: true,
        write: false,
        format: "esm",
        loader: { ".wasm": "binary" },
        logLevel: "warning",
      });
      const files = { "/suite.js": outputFiles[0].text, "/worker.js": MODULE_WORKER };
      const { page, version, stop } = await openPage(environment.server.url, files);
      this.version = () => version;
      try {
        return await page.evaluate(run, JSON.stringify({ ...environment, browser: true }));
      } finally {
        await stop();
      }
    },
  };
}

const MODULE_WORKER = `import suite from "/suite.js";
addEventListener("message", async ({ data: body }) => {
  const response = await suite.fetch(new Request("/", { method: "POST", body }));
  postMessage(await response.json());
});`;

export const runtimes = [
  ...[20, 22, 24, 26].flatMap((major) => [node(major, "import"), node(major, "require")]),
  // The newest have Node's modules unless told otherwise, the old ones only if told so.
  workerd(COMPATIBILITY_DATE, []),
  workerd(COMPATIBILITY_DATE, ["no_nodejs_compat"]),
  workerd(OLDEST_COMPATIBILITY_DATE, [], UNTIL_2025),
  workerd(OLDEST_COMPATIBILITY_DATE, ["nodejs_compat"], UNTIL_2025),
  {
    name: "Deno",
    locked: true,
    version: () => versionOf("deno"),
    cannot: {},
    run(folder, entry, environment) {
      // What the suite is allowed is what the package needs: nothing but its own files and, for clients, the network.
      const args = ["run", "--quiet", "--allow-read", "--allow-net=127.0.0.1", programOf(folder, "node.mjs")];
      return print(join(modules, "deno/deno"), args, folder, entry, environment, {
        DENO_DIR: join(folder, ".deno"),
        DENO_NO_UPDATE_CHECK: "1",
      });
    },
  },
  {
    name: "Bun",
    locked: true,
    version: () => versionOf("bun"),
    cannot: {},
    run: (folder, entry, environment) =>
      print(join(modules, "bun/bin/bun.exe"), [programOf(folder, "node.mjs")], folder, entry, environment),
  },
  {
    name: "edge-runtime",
    locked: true,
    version: () => versionOf("edge-runtime"),
    cannot: { listen: NO_PORTS },
    async run(folder, entry, environment) {
      const edge = await startEdge(workerOf(folder, entry));
      return ask(edge.fetch, "/", environment);
    },
  },
  chromium("page", async (body) => {
    const { default: suite } = await import("/suite.js");
    const response = await suite.fetch(new Request("/", { method: "POST", body }));
    return response.json();
  }),
  chromium("module worker", (body) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.postMessage(body);
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  }),
];
