// Writes the lock files of the named apps again, after their package.json was changed: `node tests/frameworks/lock.mjs NAME…`.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { copyApp, npm, pack } from "./helper.mjs";

await pack();
for (const name of process.argv.slice(2)) {
  const folder = copyApp(name, { packages: false });
  rmSync(`${folder}/package-lock.json`, { force: true });
  await npm(["install", "--package-lock-only", "--ignore-scripts"], folder);
  const lock = JSON.parse(readFileSync(`${folder}/package-lock.json`, "utf8"));
  // The tarball is packed again for each run.
  delete lock.packages["node_modules/kraken-signer"].integrity;
  writeFileSync(fileURLToPath(new URL(`${name}/package-lock.json`, import.meta.url)), `${JSON.stringify(lock, undefined, 2)}\n`);
}
