// Builds and starts small apps in real frameworks, with the package as it is installed: `cargo xtask frameworks [NAME]…`. A run of all of them
// also writes the tables of the README and the guide; with CI=true it compares them instead, and a framework that cannot run is a failure.
import { App, install, pack, stopAtEnd } from "./helper.mjs";
import { check, frameworks, rowOf, write } from "./table.mjs";

/** How many run at the same time: most of them wait for the network, or for one program. */
const AT_ONCE = 2;

/** Those that take minutes begin first. */
const LONG = ["next", "opennext", "hono", "jest"];
const all = [...LONG, ...frameworks.filter((name) => !LONG.includes(name))];
const names = process.argv.slice(2);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length) throw new Error(`unknown framework "${unknown[0]}"; there are ${all.join(", ")}`);

const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Installs and runs one framework; returns its name, or undefined if its Node is not there. */
async function runOne(name) {
  const { default: framework } = await import(new URL(`${name}/check.mjs`, import.meta.url));
  const { nodes = [] } = framework;
  const lacking = nodes.map(App.lacking).find(Boolean);
  if (lacking) {
    if (process.env.CI) throw new Error(lacking);
    console.log(`SKIPPED  ${name}: ${lacking}`);
    return undefined;
  }
  const start = performance.now();
  const folder = await install(name);
  const installed = seconds(start);
  const app = await App.open(folder, nodes[0]);
  try {
    await framework.run(app);
    app.ensureUsed();
  } finally {
    await app.close();
  }
  console.log(`ok       ${name}: ${installed} to install, ${seconds(start)} in all`);
  return name;
}

stopAtEnd();
const start = performance.now();
await pack();
const passed = [];
const failed = [];
const waiting = names.length ? [...names] : all;

/** Runs one after the other of those that wait. */
async function runSome() {
  for (let name = waiting.shift(); name; name = waiting.shift()) {
    try {
      passed.push(await runOne(name));
    } catch (error) {
      failed.push(name);
      console.error(`FAILED   ${name}: ${error.stack}`);
    }
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, runSome));

const skipped = passed.filter((name) => !name).length;
console.log(`\n${passed.length - skipped} passed, ${failed.length} failed, ${skipped} skipped, in ${seconds(start)}`);
if (failed.length) process.exitCode = 1;
else if (!names.length && !skipped) (process.env.CI ? check : write)(await Promise.all(frameworks.map(rowOf)));
