// The package as its users get it: packed, and installed into an empty project. Both are done once for what is in the package, and each project gets a
// copy: npm takes three seconds of a processor for each, and dozens of files of tests have a project.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
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

/** The name of a folder that stands for the contents of the package. */
function digestOf(path) {
  const hash = createHash("sha256");
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()) {
    const content = readFileSync(file);
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}

const fileIn = (path) =>
  join(
    path,
    readdirSync(path).find((name) => name.endsWith(".tgz")),
  );

/** Where the package is kept, packed and installed; another one than what was built is not kept. */
const kept = process.env.KRAKEN_SIGNER_PKG ? folder : fileURLToPath(new URL("../../target/tests/installed", import.meta.url));

/** Removes what was kept of earlier builds, unless a test may still use it. */
function forget(path) {
  const isOld = (name) => (statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < Date.now() - 3_600_000;
  for (const name of readdirSync(path).filter(isOld)) rmSync(join(path, name), { recursive: true, force: true });
}

/** Packs the package, and installs it into the project `app` beside the packed file, unless that was done. Returns the folder of both. */
function packed() {
  const done = join(kept, digestOf(source));
  if (existsSync(done)) return done;
  // Under another name until it is whole, because other files of tests may look for it meanwhile.
  mkdirSync(kept, { recursive: true });
  if (kept !== folder) forget(kept);
  const making = mkdtempSync(`${done}-`);
  const app = join(making, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true }));
  npm(["pack", source], making);
  npm(["install", "--offline", "--no-package-lock", fileIn(making)], app);
  try {
    renameSync(making, done);
  } catch (error) {
    if (!existsSync(done)) throw error;
    rmSync(making, { recursive: true });
  }
  return done;
}

const cache = packed();

/** The file that would be published. */
export const tarball = fileIn(cache);

/** Makes a project that has the package and nothing else. */
export function project(name, manifest = {}) {
  const path = join(folder, name);
  cpSync(join(cache, "app/node_modules"), join(path, "node_modules"), { recursive: true, verbatimSymlinks: true });
  const dependencies = { "kraken-signer": `file:${tarball}` };
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true, ...manifest, dependencies }));
  return path;
}
