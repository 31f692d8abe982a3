// The table of frameworks in the README.
import { readFileSync, writeFileSync } from "node:fs";

const README = new URL("../../README.md", import.meta.url);
const PLACE = /(?<=<!-- frameworks -->\n).*?(?=<!-- \/frameworks -->)/s;

/** Rows of the same framework become one, with all versions. */
function cells(rows) {
  const list = (parts) => [...new Set(parts.filter(Boolean))].join(", ");
  return [...new Set(rows.map(({ title }) => title))]
    .toSorted((a, b) => a.localeCompare(b, "en"))
    .map((title) => {
      const same = rows.filter((row) => row.title === title);
      const [{ how, know }] = same;
      return [title, list(same.map(({ version }) => version)), list(same.flatMap(({ nodes }) => nodes)), how, know];
    });
}

function readmeWith(rows) {
  const readme = readFileSync(README, "utf8");
  if (!PLACE.test(readme)) throw new Error("README.md has no <!-- frameworks --> and <!-- /frameworks --> to put the table between");
  const table = [["framework", "version", "Node", "how it was run", "to know"], Array(5).fill("---"), ...cells(rows)];
  const text = table.map((row) => `| ${row.join(" | ")} |\n`).join("");
  return { readme, written: readme.replace(PLACE, () => text) };
}

/** Writes the table. */
export const write = (rows) => writeFileSync(README, readmeWith(rows).written);

/** Throws if the README has another table. */
export function check(rows) {
  const { readme, written } = readmeWith(rows);
  if (readme !== written) throw new Error("the table of frameworks in README.md is stale: run `cargo xtask frameworks` and commit it");
}
