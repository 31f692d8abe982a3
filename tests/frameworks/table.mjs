// The tables of frameworks: all of them in the guide about frameworks, and their versions in the README.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const HERE = new URL(".", import.meta.url);
const GUIDE = "pkg-template/docs/frameworks.md";

/** The folders of frameworks. */
export const frameworks = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The kinds of the README, in order. */
const KINDS = ["Workers", "servers and sites", "tests", "functions and programs"];

/** Reads the row of a framework, with the version of its lock file, which is the one that is installed. */
export async function rowOf(name) {
  const { default: framework } = await import(new URL(`${name}/check.mjs`, HERE));
  const { packages } = JSON.parse(readFileSync(new URL(`${name}/package-lock.json`, HERE), "utf8"));
  const { title, kind, brief, nodes = [], how, know } = framework;
  if (!KINDS.includes(kind)) throw new Error(`${name}: the kind ${kind} is none of ${KINDS.join(", ")}`);
  return { title, kind, brief, version: packages[`node_modules/${framework.version}`].version, nodes, how, know };
}

const list = (parts) => [...new Set(parts.filter(Boolean))].join(", ");

/** Puts the rows of the same framework together, in the order of their titles. */
const grouped = (rows) => {
  const titles = [...new Set(rows.map(({ title }) => title))].toSorted((a, b) => a.localeCompare(b, "en"));
  return titles.map((title) => rows.filter((row) => row.title === title));
};

/** One line for each framework. */
const full = (rows) => [
  ["framework", "version", "Node", "how it was run", "to know"],
  ...grouped(rows).map((same) => {
    const [{ title, how, know }] = same;
    return [title, list(same.map(({ version }) => version)), list(same.flatMap(({ nodes }) => nodes)), how, know];
  }),
];

/** A framework with its versions, and what else the README has to say of it. */
function named(same) {
  const [{ title, brief }] = same;
  const versions = same.map(({ version }) => version).join(" and ");
  return brief === undefined ? `${title} ${versions}` : brief.replace("…", versions);
}

/** One line for each kind of platform. */
const short = (rows) => [
  ["platform", "built and started, as installed"],
  ...KINDS.map((kind) => {
    const all = grouped(rows.filter((row) => row.kind === kind)).map(named);
    return [kind, all.join(", ")];
  }),
];

const written = (table) => {
  const [head, ...lines] = table;
  return [head, head.map(() => "---"), ...lines].map((row) => `| ${row.join(" | ")} |\n`).join("");
};

/** A document with a table between two comments, and its text with the table of these rows. */
function documentWith(name, table) {
  const file = new URL(`../../${name}`, import.meta.url);
  const present = readFileSync(file, "utf8");
  const place = /(?<=<!-- frameworks -->\n).*?(?=<!-- \/frameworks -->)/s;
  if (!place.test(present)) throw new Error(`${name} has no <!-- frameworks --> and <!-- /frameworks --> to put the table between`);
  return { name, file, present, next: present.replace(place, () => written(table)) };
}

const documentsWith = (rows) => [documentWith(GUIDE, full(rows)), documentWith("README.md", short(rows))];

/** Writes the tables. */
export function write(rows) {
  for (const { file, next } of documentsWith(rows)) writeFileSync(file, next);
}

/** Throws if a document has another table. */
export function check(rows) {
  for (const { name, present, next } of documentsWith(rows))
    if (present !== next) throw new Error(`the table in ${name} is stale: run "cargo xtask frameworks" and commit it`);
}
