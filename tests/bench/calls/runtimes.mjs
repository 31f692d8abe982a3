// The runtimes in which calls are measured. Each contender has a process of its own in each.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startWorker } from "../../harness/workerd.mjs";
import { bundled, lines, modules, nodeOf, suffix, versionOf, versionOfNode } from "../runtimes.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The files of contenders. */
const ALL = ["fetch", "kraken-signer", "node-fetch", "undici", "ccxt", "node-kraken-api", "kraken-api"];

/** Contenders that a runtime cannot run at all, with the reason. */
const NOT_IN_NODE_LIKE = { "node-fetch": "nodeFetch is only for Node" };
const NOT_IN_WORKERS = {
  ...NOT_IN_NODE_LIKE,
  undici: "undici opens sockets with node:net, where Workers have fetch",
  "node-kraken-api": "it sends with node:https",
  "kraken-api": "it sends with got, and that with node:https",
  ccxt: 'it asks fetch for redirect: "error", which Workers refuse',
};

/** Processor time of all threads of a process in milliseconds, as Linux counts it. */
export function usageOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
  return threads.reduce((sum, thread) => sum + Number(thread.split(" ")[0]), 0) / 1e6;
}

/** Whether the system counts what {@link usageOf} reads. */
export const countsThreads = existsSync("/proc/self/schedstat");

const program = (name, binary, args, version, cannot = {}) => ({
  name,
  version,
  cannot,
  contenders: ALL,
  missing: () => !existsSync(binary) && `${binary.slice(binary.indexOf("node_modules"))} is not there`,
  /** Starts a program of calls/programs with an argument; `trusted` is the file of an authority in PEM. */
  async start({ folder, trusted }, argument, script = here("programs/process.mjs")) {
    const env = {
      NODE_EXTRA_CA_CERTS: trusted,
      DENO_CERT: trusted,
      DENO_DIR: join(folder, ".deno"),
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
    };
    return lines(binary, [...args, script, argument], env);
  },
  /** Where it starts programs that only run once. */
  binary,
});

const node = (major) => program(`Node ${major}`, nodeOf(major), ["--no-warnings"], () => versionOfNode(major));

export const runtimes = [
  ...[20, 22, 24, 26].map(node),
  program(
    "Deno",
    join(modules, `deno/deno${suffix}`),
    ["run", "--quiet", "--allow-all", "--no-lock", "--node-modules-dir=manual"],
    () => versionOf("deno"),
    NOT_IN_NODE_LIKE,
  ),
  program("Bun", join(modules, "bun/bin/bun.exe"), ["run"], () => versionOf("bun"), NOT_IN_NODE_LIKE),
  {
    name: "workerd",
    version: () => versionOf("workerd"),
    cannot: NOT_IN_WORKERS,
    contenders: ALL,
    missing: () => !countsThreads && "only Linux counts the time of a process as finely",
    async start({ folder, trusted }, contender) {
      const options = { contender: fileURLToPath(contender), runtime: "workerd" };
      const script = await bundled(here("programs/worker.mjs"), options, join(folder, "workerd", contender.split("/").at(-1)));
      const { url, pid, stop } = await startWorker(pathToFileURL(script), { trusted: readFileSync(trusted, "utf8") });
      return {
        stop,
        async ask(order) {
          const before = usageOf(pid);
          const response = await fetch(url, { method: "POST", body: JSON.stringify(order) });
          if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
          const answer = await response.json();
          return order.batch ? { ...answer, processor: usageOf(pid) - before } : answer;
        },
      };
    },
  },
];

/** Where a contender is, by the name of its file. */
export const contenderOf = (name) => new URL(`contenders/${name}.mjs`, import.meta.url).href;
