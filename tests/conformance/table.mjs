// What came of the suite in each runtime, as a table: printed, written into the page about runtimes (`--write`), or compared with it (`--check`).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runtimes } from "./runtimes.mjs";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const FILE = path("target/conformance.json");
const PAGE = "pkg-template/docs/runtimes.md";
const PLACE = /(?<=<!-- runtimes -->\n).*?(?=<!-- \/runtimes -->)/s;

/** Keeps results, in the order of runtimes.mjs. */
export function write(rows) {
  const order = runtimes.map(({ name }) => name);
  rows.sort((a, b) => order.indexOf(a.runtime) - order.indexOf(b.runtime));
  mkdirSync(path("target"), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(rows, undefined, 2)}\n`);
}

const mark = (index) => "¹²³⁴⁵⁶⁷⁸⁹"[index];

/** Markdown. What only this machine decides is left out of the page: versions of its own programs, and times. */
function table(rows, forPage) {
  const reasons = [...new Set(rows.flatMap(({ cannot }) => Object.entries(cannot).map(([what, why]) => `${what}: ${why}.`)))];
  const marks = (cannot) =>
    Object.entries(cannot)
      .map(([what, why]) => `${what}${mark(reasons.indexOf(`${what}: ${why}.`))}`)
      .join(", ");
  const lines = rows.map(({ runtime, version, locked, passed, failed, cannot, missing, seconds }) => {
    const cells = [runtime, forPage && !locked ? "" : (version ?? ""), passed, failed, missing ? `not run: ${missing}` : marks(cannot)];
    return forPage ? cells : [...cells, seconds ?? ""];
  });
  const head = ["runtime", "version", "passed", "failed", "cannot", ...(forPage ? [] : ["seconds"])];
  const all = [head, ...lines].map((cells) => cells.map(String));
  const widths = head.map((_, i) => Math.max(...all.map((cells) => cells[i].length)));
  const [first, ...rest] = all.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`);
  const rule = `| ${widths.map((width, i) => (/passed|failed|seconds/.test(head[i]) ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return [first, rule, ...rest, "", ...reasons.map((reason, i) => `${mark(i)} ${reason}${forPage ? "  " : ""}`), ""].join("\n");
}

/** The page's table; only a whole run may become one. */
function pageTable(rows) {
  const lacking = runtimes.filter(({ name }) => !rows.some(({ runtime, missing }) => runtime === name && !missing)).map(({ name }) => name);
  if (lacking.length) throw new Error(`these did not run: ${lacking.join("; ")}`);
  return table(rows, true);
}

function main(mode) {
  const rows = JSON.parse(readFileSync(FILE, "utf8"));
  if (!mode) return console.log(table(rows, false));
  const page = readFileSync(path(PAGE), "utf8");
  if (!PLACE.test(page)) throw new Error(`${PAGE} has no <!-- runtimes --> and <!-- /runtimes --> to put the table between`);
  const written = page.replace(PLACE, () => pageTable(rows));
  if (mode === "--write") return writeFileSync(path(PAGE), written);
  if (mode !== "--check") throw new Error(`${mode}: there are only --write and --check`);
  if (written !== page) throw new Error(`the table in ${PAGE} is stale: node tests/conformance/table.mjs --write`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv[2]);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
