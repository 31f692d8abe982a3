// The results as Markdown.
import { FIRSTS } from "./first.mjs";

export const whole = (value) => Math.round(value).toLocaleString("en");
export const digits = (value) => (Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(2))));
export const spread = ({ median, p10, p90 }, scale = 1) => `${digits(median / scale)} (${digits(p10 / scale)}–${digits(p90 / scale)})`;

/** Rows are `[label, what cell() knows it by]`. A column that nothing is in is left out. */
export function table(head, rows, columns, cell) {
  const used = columns.filter((column) => rows.some(([, row]) => cell(row, column) !== undefined));
  const lines = rows.map(([label, row]) => [label, ...used.map((column) => cell(row, column) ?? "")]);
  return [[head, ...used], ["---", ...used.map(() => "---:")], ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** Summaries by runtime and name. */
export function times(byRuntime, scale = 1, labels = {}) {
  const names = [...new Set(Object.values(byRuntime).flatMap(Object.keys))];
  const rows = names.map((name) => [labels[name] ?? name, name]);
  return table("", rows, Object.keys(byRuntime), (name, runtime) => byRuntime[runtime][name] && spread(byRuntime[runtime][name], scale));
}

function goalTable(goals) {
  const columns = [...new Set(goals.flatMap(({ cells }) => Object.keys(cells)))];
  const rows = goals.map((goal) => [goal.what + (goal.unit ? `, ${goal.unit}` : ""), goal]);
  return table("goal", rows, columns, ({ cells, kind }, column) => {
    if (!cells[column]) return undefined;
    const { median, limit, met } = cells[column];
    return `${digits(median)}, goal ${kind === "least" ? "≥" : "≤"} ${limit.toLocaleString("en")}: ${met ? "met" : "**not met**"}`;
  });
}

function sizeTable({ wasm, workers }) {
  const columns = {
    minified: ({ raw }) => raw,
    compressed: ({ gzip }) => gzip,
    "script alone": ({ script }) => script?.raw,
    "script alone, compressed": ({ script }) => script?.gzip,
  };
  const rows = [["kraken-signer, the binary alone", wasm], ...Object.entries(workers).map(([name, sizes]) => [FIRSTS[name], sizes])];
  return table("", rows, Object.keys(columns), (sizes, column) => columns[column](sizes)?.toLocaleString("en"));
}

function memoryTable(memory) {
  const rows = [
    ["linear memory of WebAssembly", "wasm"],
    ["heap of JavaScript, and what it holds outside", "heap"],
    ["resident", "resident"],
  ];
  return table("", rows, Object.keys(memory), (what, runtime) => {
    const { before, after } = memory[runtime];
    return `${whole(before[what])} → ${whole(after[what])}`;
  });
}

/** Who is missing, by runtime and reason. */
export function missingList(missing) {
  const reasons = {};
  for (const { runtime, name, why } of missing) (reasons[`${runtime}: ${why}`] ??= new Set()).add(name ?? "everything");
  return Object.entries(reasons)
    .map(([reason, names]) => `- ${reason} (${[...names].join("; ")})\n`)
    .join("");
}

export const versionList = (versions) =>
  Object.entries(versions)
    .map(([name, version]) => `- ${name} ${version}\n`)
    .join("");

/** Everything that was found. */
export function report({ date, mode, machine, versions, goals, rows, breakdown, first, sizes, memory, missing }) {
  const { breakdown: _, ...timed } = rows;
  const sections = [
    `# Results

Written by \`cargo xtask bench${mode === "full" ? "`" : " --quick`, which is too short to be believed"}, ${date}. How it measures is in [README.md](README.md). Numbers are medians, with
the tenth and the ninetieth percentile in brackets.

On ${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.system}. The load at the start was ${machine.load}; 0 is a quiet machine.
`,
    `## Goals\n\n${goalTable(goals)}`,
    ...Object.values(timed).map(({ title, runtimes }) => `## ${title}, in µs\n\n${times(runtimes, 1000)}`),
    `## Where the time of a signature goes, in ns

Hashing is ${breakdown.blocks.sha256} blocks of SHA-256 and ${breakdown.blocks.sha512} of SHA-512. What a block takes is measured on longer messages.

${times(breakdown.steps)}`,
    `## First signature of a process, in ms

From its start to its end:

${times(first.wall, 1, FIRSTS)}
Processor time until it has signed; of workerd, until it has answered:

${times(first.processor, 1, FIRSTS)}`,
    `## What a Worker ships for a signature, in bytes\n\n${sizeTable(sizes)}`,
    `## Memory after 100,000 signatures, and after 1,000,000 more, in bytes\n\n${memoryTable(memory)}`,
    `## Versions\n\n${versionList(versions)}`,
  ];
  if (missing.length) sections.push(`## What is missing, and why\n\n${missingList(missing)}`);
  return sections.join("\n");
}
