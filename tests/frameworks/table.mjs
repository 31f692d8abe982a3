// The table in the page about frameworks.
import { readFileSync, writeFileSync } from "node:fs";

const NAME = "pkg-template/docs/frameworks.md";
const PAGE = new URL(`../../${NAME}`, import.meta.url);
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

function pageWith(rows) {
  const page = readFileSync(PAGE, "utf8");
  if (!PLACE.test(page)) throw new Error(`${NAME} has no <!-- frameworks --> and <!-- /frameworks --> to put the table between`);
  const table = [["framework", "version", "Node", "how it was run", "to know"], Array(5).fill("---"), ...cells(rows)];
  const text = table.map((row) => `| ${row.join(" | ")} |\n`).join("");
  return { page, written: page.replace(PLACE, () => text) };
}

/** Writes the table. */
export const write = (rows) => writeFileSync(PAGE, pageWith(rows).written);

/** Throws if the page has another table. */
export function check(rows) {
  const { page, written } = pageWith(rows);
  if (page !== written) throw new Error(`the table in ${NAME} is stale: run "cargo xtask frameworks" and commit it`);
}
