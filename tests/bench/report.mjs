// The results as Markdown.
import { FIRSTS } from "./first.mjs";

const digits = (value) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2))));
const spread = ({ median, p10, p90 }, scale = 1) => `${digits(median / scale)} (${digits(p10 / scale)}–${digits(p90 / scale)})`;

/** Rows by name, columns by runtime; a column that nothing is in is left out. */
function table(head, rows, columns, cell) {
  const used = columns.filter((column) => rows.some((row) => cell(row, column) !== undefined));
  const lines = rows.map((row) => [String(row.name ?? row), ...used.map((column) => cell(row, column) ?? "")]);
  const all = [[head, ...used], ["---", ...used.map(() => "---:")], ...lines];
  return `${all.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

const names = (byRuntime) => [...new Set(Object.values(byRuntime).flatMap(Object.keys))];

function goalTable(goals) {
  const columns = [...new Set(goals.flatMap(({ cells }) => Object.keys(cells)))];
  const rows = goals.map((goal) => ({ ...goal, name: `${goal.what}${goal.unit ? `, ${goal.unit}` : ""}` }));
  return table("goal", rows, columns, ({ cells, kind }, column) => {
    const found = cells[column];
    return (
      found &&
      `${digits(found.median)} of ${kind === "least" ? "≥" : "≤"} ${found.limit.toLocaleString("en")} ${found.met ? "met" : "**not met**"}`
    );
  });
}

const byContender = (runtimes, scale) =>
  table("", names(runtimes), Object.keys(runtimes), (name, runtime) => runtimes[runtime][name] && spread(runtimes[runtime][name], scale));

/** Everything that was found, as tables. */
export function report(results) {
  const { date, mode, machine, versions, goals, rows, breakdown, first, sizes, memory, missing } = results;
  const { breakdown: _, ...timed } = rows;
  const firsts = (byRuntime) =>
    table(
      "",
      Object.keys(FIRSTS),
      Object.keys(byRuntime),
      (name, runtime) => byRuntime[runtime][name] && spread(byRuntime[runtime][name]),
    ).replace(/^\| ([\w-]+) \|/gm, (line, name) => (FIRSTS[name] ? `| ${FIRSTS[name]} |` : line));
  const parts = [
    `# Results\n\nWritten by \`cargo xtask bench\`${mode === "full" ? "" : " --quick, too short to be believed"}, ${date}; how it measures is in [README.md](README.md). Medians, and in brackets what a tenth of the rounds was below and above.\n`,
    `On ${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.system}; its load at the start was ${machine.load}.\n`,
    `## Goals\n\n${goalTable(goals)}`,
    ...Object.values(timed).map(({ title, runtimes }) => `## ${title}, in µs\n\n${byContender(runtimes, 1000)}`),
    `## Where the time of a signature goes, in ns\n\nHashing is ${breakdown.blocks.sha256} blocks of SHA-256 and ${breakdown.blocks.sha512} of SHA-512; what a block takes is measured on longer messages.\n\n${byContender(breakdown.steps)}`,
    `## First signature of a process, in ms\n\nFrom its start to its end:\n\n${firsts(first.wall)}\nProcessor time until it has signed, or until a Worker has answered:\n\n${firsts(first.processor)}`,
    `## What a Worker ships, in bytes\n\n${table("", Object.keys(sizes.workers), ["minified", "compressed"], (name, column) => sizes.workers[name][column === "minified" ? "raw" : "gzip"].toLocaleString("en")).replace(/^\| ([\w-]+) \|/gm, (line, name) => (FIRSTS[name] ? `| ${FIRSTS[name]} |` : line))}\nOf this package, the binary is ${sizes.wasm.raw.toLocaleString("en")}, compressed ${sizes.wasm.gzip.toLocaleString("en")}.\n`,
    `## Memory in bytes, after 100,000 signatures and after 1,000,000 more\n\n${table("", ["wasm", "heap", "resident"], Object.keys(memory), (what, runtime) => `${memory[runtime].before[what].toLocaleString("en")} → ${memory[runtime].after[what].toLocaleString("en")}`)}`,
    `## Versions\n\n${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.\n`,
    missing.length ? `## What is missing, and why\n\n${missingList(missing)}` : "",
  ];
  return parts.filter(Boolean).join("\n");
}

function missingList(missing) {
  const reasons = new Map();
  for (const { runtime, name, why } of missing) {
    const key = `${runtime}: ${why}`;
    reasons.set(key, new Set([...(reasons.get(key) ?? []), ...(name ? [name] : [])]));
  }
  return [...reasons].map(([reason, who]) => `- ${reason}${who.size ? ` (${[...who].join("; ")})` : ""}\n`).join("");
}
