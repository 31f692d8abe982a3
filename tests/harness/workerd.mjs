// Bundles a Worker as wrangler does and runs it in workerd, the engine of Cloudflare Workers.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import workerd from "workerd";

/** Of the newest workerd that the lock file names. */
export const COMPATIBILITY_DATE = "2026-10-01";

const quoted = (value) => JSON.stringify(String(value));

/** Bundles a Worker as wrangler does, into a folder: `worker.js`, and the modules beside it. */
export async function bundle(entry, folder) {
  await build({
    entryPoints: { worker: fileURLToPath(entry) },
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    external: ["node:*", "cloudflare:*"],
    absWorkingDir: dirname(fileURLToPath(new URL("../package.json", import.meta.url))),
    logLevel: "warning",
  });
}

/**
 * Starts a Worker.
 *
 * @param entry the URL of its module
 * @param options `bindings`: texts in its `env`; `objects`: classes of its Durable Objects, by their names in `env`; `storage`: an empty folder,
 * or one of an earlier Worker with the same objects, for what they store, which is left; `callers`: how many Workers of the same code to start
 * beside it, which have its objects in their `env`, and nothing else; `loopback`: whether it may reach servers on this machine; `outbound`: the
 * URL of one that gets its requests, wherever they are sent; `services`: URLs of servers that are service bindings, by their names in `env`;
 * `trusted`: an authority in PEM whose certificates it accepts; `v8Flags`: flags of its engine; `onOutput`: gets what it prints, which is shown otherwise
 * @returns `url`, where it listens on loopback; `callers`, where these do; `folder`, what would be deployed, beside workerd's configuration;
 * `pid`, the process; `stop()`; and `kill()`, which leaves it no time to finish anything
 */
export async function startWorker(
  entry,
  {
    bindings = {},
    objects = {},
    services = {},
    storage,
    callers = 0,
    compatibilityDate = COMPATIBILITY_DATE,
    flags = [],
    loopback = true,
    outbound,
    trusted,
    v8Flags = [],
    onOutput,
  } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "kraken-signer-worker-"));
  await bundle(entry, folder);
  const modules = (await readdir(folder))
    .sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"))
    .map((name) => `(name = ${quoted(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${quoted(name)})`);
  const texts = Object.entries(bindings).map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`);
  const namespaces = Object.entries(objects).map(
    ([name, type]) => `(name = ${quoted(name)}, durableObjectNamespace = (className = ${quoted(type)}, serviceName = "main"))`,
  );
  const bound = Object.keys(services).map((name) => `(name = ${quoted(name)}, service = ${quoted(name)})`);
  const external = Object.entries(services).map(
    ([name, url]) => `    (name = ${quoted(name)}, external = (address = ${quoted(new URL(url).host)}, http = ())),\n`,
  );
  const classes = Object.values(objects).map((type) => `(className = ${quoted(type)}, uniqueKey = ${quoted(type)}, enableSql = true)`);
  const disk = storage ?? join(folder, "objects");
  if (classes.length) await mkdir(disk, { recursive: true });
  const network = outbound
    ? `external = (address = ${quoted(new URL(outbound).host)}, http = ())`
    : `network = (allow = [${loopback ? '"local", "private"' : ""}]${trusted ? `, tlsOptions = (trustedCertificates = [${quoted(trusted)}])` : ""})`;
  const others = Array.from({ length: callers }, (_, i) => `caller-${i}`);
  const worker = (name, bindings, more = "") => `    (name = ${quoted(name)}, worker = (
      modules = [${modules.join(", ")}],
      bindings = [${bindings.join(", ")}],
${more}      compatibilityDate = ${quoted(compatibilityDate)},
      compatibilityFlags = [${flags.map(quoted).join(", ")}],
      globalOutbound = "network",
    )),
`;
  const storing = `      durableObjectNamespaces = [${classes.join(", ")}],\n      durableObjectStorage = (localDisk = "objects"),\n`;
  const socket = (name) => `(name = ${quoted(name)}, address = "127.0.0.1:0", http = (), service = ${quoted(name)})`;
  await writeFile(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
${worker("main", [...texts, ...namespaces, ...bound], classes.length ? storing : "")}${others.map((name) => worker(name, namespaces)).join("")}\
${classes.length ? `    (name = "objects", disk = (path = ${quoted(disk)}, writable = true)),\n` : ""}${external.join("")}    (name = "network", ${network}),
  ],
  sockets = [${["main", ...others].map(socket).join(", ")}],
  v8Flags = [${v8Flags.map(quoted).join(", ")}],
);
`,
  );
  const child = spawn(workerd.default, ["serve", join(folder, "config.capnp"), "--control-fd=3"], {
    stdio: ["ignore", ...(onOutput ? ["pipe", "pipe"] : ["inherit", "inherit"]), "pipe"],
  });
  if (onOutput) for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", onOutput);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const end = async (signal) => {
    child.kill(signal);
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  const stop = () => end("SIGTERM");
  const kill = () => end("SIGKILL");
  try {
    const [url, ...urls] = (await portsOf(child, gone, ["main", ...others])).map((port) => `http://127.0.0.1:${port}`);
    return { url, callers: urls, folder, pid: child.pid, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** workerd says on its control channel where its sockets listen. */
function portsOf(child, gone, sockets) {
  return new Promise((resolve, reject) => {
    const ports = {};
    createInterface({ input: child.stdio[3] }).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line);
      if (event === "listen") ports[socket] = port;
      if (sockets.every((name) => name in ports)) resolve(sockets.map((name) => ports[name]));
    });
    child.once("error", reject);
    gone.then((code) => reject(new Error(`workerd ended with ${code} before it listened`)));
  });
}
