// What came of a long run, as a table: printed, and written into the guide about production.
import { readFileSync, writeFileSync } from "node:fs";

const PAGE = "pkg-template/docs/production.md";
const PLACE = /(?<=<!-- soak -->\n).*?(?=<!-- \/soak -->)/s;
const MB = 1024 * 1024;

/** A shorter run proves less than the guide says. */
export const LEAST_MINUTES = 60;

/** By how much a line through these samples rises from the first to the last. The first third is left out, as the time to warm up. */
export function riseOf(samples) {
  const settled = samples.slice(Math.floor(samples.length / 3)).filter((value) => value !== undefined);
  if (settled.length < 3) return 0;
  const mean = settled.reduce((sum, value) => sum + value, 0) / settled.length;
  const middle = (settled.length - 1) / 2;
  const slope =
    settled.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / settled.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return slope * (settled.length - 1);
}

export const megabytes = (bytes) => (bytes === undefined ? "–" : `${(bytes / MB).toFixed(1)} MB`);

const HEAD = [
  "runtime",
  "orders",
  "amended or canceled",
  "rejected, or not sent",
  "outcome unknown",
  "faults",
  "heap",
  "resident memory",
  "without what workerd keeps for timers",
  "handles",
  "problems",
];

function row({ name, version, state, samples, problems }) {
  const { orders, changes, failed, unknown } = state.counts;
  const last = samples.at(-1);
  const memory = ["heap", "rss", "own"].map((of) =>
    last[of] === undefined ? "–" : `${megabytes(last[of])}, rose by ${megabytes(riseOf(samples.map((sample) => sample[of])))}`,
  );
  return [`${name} ${version}`, orders, changes, failed, unknown, state.faults, ...memory, last.handles ?? "–", problems.length || "none"];
}

/** Markdown, with how long the runs took and when. */
export function table(results, minutes, date = new Date()) {
  const rows = [HEAD, HEAD.map(() => "---"), ...results.map(row)].map((cells) => `| ${cells.join(" | ")} |\n`);
  return `A run of ${minutes} minutes on ${date.toISOString().slice(0, 10)}:\n\n${rows.join("")}`;
}

/** Returns the guide with another table. */
export function pageWith(text, page) {
  if (!PLACE.test(page)) throw new Error(`${PAGE} has no <!-- soak --> and <!-- /soak --> to put the table between`);
  return page.replace(PLACE, () => text);
}

/** Writes a table into the guide. */
export function write(text) {
  const file = new URL(`../../${PAGE}`, import.meta.url);
  writeFileSync(file, pageWith(text, readFileSync(file, "utf8")));
}
