// What results say about where they come from.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

export function machine() {
  const [{ model }] = os.cpus();
  return {
    processor: model.trim(),
    cores: os.availableParallelism(),
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    load: os.loadavg()[0].toFixed(1),
  };
}

/** The versions of this package, of what it is compared with, and of the runtimes that are there. */
export function packageVersions(runtimes) {
  const manifest = (path) => JSON.parse(readFileSync(here(path), "utf8"));
  return {
    "kraken-signer": manifest("../../pkg/package.json").version,
    ...manifest("package.json").devDependencies,
    ...Object.fromEntries(
      runtimes.filter((runtime) => !runtime.missing() && runtime.version?.()).map(({ name, version }) => [name, version()]),
    ),
  };
}

export const rustVersion = () => execFileSync("rustc", ["--version"], { encoding: "utf8" }).split(" ")[1];

/** For JSON: four digits are more than is known. */
export const rounded = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value);
