// Runs a Worker with queues, Workflows, secrets and other bindings: in miniflare, and so in the workerd of the wrangler that npm installs on Node 20.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { bundle } from "./workerd.mjs";

const typeOf = (name) => (name.endsWith(".wasm") ? "CompiledWasm" : "ESModule");

/**
 * Starts a Worker. Whatever it sends arrives at `outbound`, the URL of a server.
 *
 * @param entry the URL of its module
 * @param options those of miniflare
 */
export async function startMiniflare(t, entry, { outbound, ...options }) {
  const folder = await mkdtemp(join(tmpdir(), "kraken-signer-miniflare-"));
  await bundle(entry, folder);
  const names = (await readdir(folder)).sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"));
  const modules = names.map(async (name) => ({
    type: typeOf(name),
    path: join(folder, name),
    contents: await readFile(join(folder, name)),
  }));
  const miniflare = new Miniflare({
    modules: await Promise.all(modules),
    modulesRoot: folder,
    // Miniflare would ask Cloudflare for an example of `request.cf`.
    cf: false,
    outboundService: { external: { address: new URL(outbound).host, http: {} } },
    ...options,
  });
  t.after(async () => {
    await miniflare.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  await miniflare.ready;
  return miniflare;
}
