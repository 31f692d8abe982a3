// The package as its users get it: packed, and installed into an empty project.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is packed: what was built, or another folder, for checks that are to fail. */
const source = process.env.KRAKEN_SIGNER_PKG ?? fileURLToPath(new URL("../../pkg", import.meta.url));

/** A place for everything that a run makes; it goes with the process. */
export const folder = realpathSync(mkdtempSync(join(tmpdir(), "kraken-signer-installed-")));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

function npm(args, cwd) {
  const windows = process.platform === "win32";
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts"];
  execFileSync(windows ? "npm.cmd" : "npm", [...args, ...quiet], { cwd, shell: windows, stdio: ["ignore", "ignore", "inherit"] });
}

npm(["pack", source], folder);

/** The file that would be published. */
export const tarball = join(
  folder,
  readdirSync(folder).find((name) => name.endsWith(".tgz")),
);

/** Makes a project that has the package and nothing else. */
export function project(name, manifest = {}) {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true, ...manifest }));
  npm(["install", "--offline", "--no-package-lock", tarball], path);
  return path;
}
