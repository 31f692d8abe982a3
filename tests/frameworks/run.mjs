// Builds and starts small apps in real frameworks, with the package as it is installed: `cargo xtask frameworks [NAME]…`. A run of all of them
// also writes the table of the page about frameworks; with CI=true it compares the table instead, and a framework that cannot run is a failure.
import { readdirSync } from "node:fs";
import { App, install, pack, stopAll } from "./helper.mjs";
import { check, write } from "./table.mjs";

const here = new URL(".", import.meta.url);
const all = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const names = process.argv.slice(2);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length) throw new Error(`unknown framework "${unknown[0]}"; there are ${all.join(", ")}`);

const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Installs and runs one framework; returns its row of the table, or throws. */
async function runOne(name) {
  const { default: framework } = await import(new URL(`${name}/check.mjs`, here));
  const { title, version, nodes = [], how, know } = framework;
  const lacking = nodes.map(App.lacking).find(Boolean);
  if (lacking) {
    if (process.env.CI) throw new Error(lacking);
    console.log(`SKIPPED  ${name}: ${lacking}`);
    return undefined;
  }
  const start = performance.now();
  const folder = install(name);
  const installed = seconds(start);
  const app = await App.open(folder, nodes[0]);
  try {
    await framework.run(app);
    app.ensureUsed();
  } finally {
    await app.close();
  }
  console.log(`ok       ${name}: ${installed} to install, ${seconds(start)} in all`);
  return { title, version: app.versionOf(version), nodes, how, know };
}

const start = performance.now();
pack();
const rows = [];
const failed = [];
for (const name of names.length ? names : all) {
  try {
    rows.push(await runOne(name));
  } catch (error) {
    failed.push(name);
    console.error(`FAILED   ${name}: ${error.stack}`);
  }
  stopAll();
}
const skipped = rows.filter((row) => !row).length;
console.log(`\n${rows.length - skipped} passed, ${failed.length} failed, ${skipped} skipped, in ${seconds(start)}`);
if (failed.length) process.exitCode = 1;
else if (!names.length && !skipped) (process.env.CI ? check : write)(rows);
