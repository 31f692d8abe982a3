// What calls cost, as Markdown: CALLS.md.
import { digits, missingList, spread, table, versionList, whole } from "../report.mjs";
import { beyondTable, growthTable } from "./growth-tables.mjs";
import { ROWS } from "./requests.mjs";
import { SOCKET_ROWS } from "./sockets.mjs";

const times = (value) => `${Number(value.toPrecision(3))} ×`;

/** A goal in one runtime: the value, the limit and, where it is not reached, what is left of it above the floor. */
function cellOf({ median, limit, met, floor, aboveFloor, nearFloor }) {
  const beginning = `${digits(median)}, goal ≤ ${limit.toLocaleString("en")}: ${met ? "met" : "**not met**"}`;
  if (floor === undefined) return beginning;
  return `${beginning}; floor ${digits(floor)}, ${times(aboveFloor)} of it, goal ≤ 1.1 ×: ${nearFloor ? "met" : "**not met**"}`;
}

export function goalTable(goals) {
  const columns = [...new Set(goals.flatMap(({ cells }) => Object.keys(cells)))];
  const rows = goals.map((goal) => [goal.what + (goal.unit ? `, ${goal.unit}` : ""), goal]);
  return table("goal", rows, columns, ({ cells }, column) => cells[column] && cellOf(cells[column]));
}

/** Multiples with their spread, and microseconds, by contender and runtime. */
export function costTable(processor, multiples) {
  const names = [...new Set(Object.values(processor).flatMap(Object.keys))];
  return table(
    "",
    names.map((name) => [name, name]),
    Object.keys(processor),
    (name, runtime) => {
      const [time, multiple] = [processor[runtime][name], multiples[runtime][name]];
      return time && `${multiple ? `${spread(multiple)} × · ` : ""}${digits(time.median)} µs`;
    },
  );
}

/** Summaries by runtime and name. */
function plainTable(byRuntime, format) {
  const names = [...new Set(Object.values(byRuntime).flatMap(Object.keys))];
  const rows = names.map((name) => [name, name]);
  return table("", rows, Object.keys(byRuntime), (name, runtime) => byRuntime[runtime][name] && format(byRuntime[runtime][name]));
}

function keysTable(keys) {
  const rows = {
    "memory of a `Signer`, bytes": ({ sizes }) => whole(sizes.Signer),
    "memory of a `SpotClient`, bytes": ({ sizes }) => whole(sizes.SpotClient),
    "… after its calls, bytes": ({ sizes }) => whole(sizes["SpotClient, after its calls"]),
    "… of an object with a key, a number and a promise, bytes": ({ sizes }) => whole(sizes.floor),
    "making a `SpotClient`, µs": ({ making }) => digits(making.SpotClient),
    "`signSync` with one key, µs": ({ times }) => spread(times.signSync.one),
    "`signSync` with all keys in rotation, µs": ({ times }) => spread(times.signSync.all),
    "`call` without a network, one key, µs": ({ times }) => spread(times.call.one),
    "`call` without a network, all keys in rotation, µs": ({ times }) => spread(times.call.all),
    "`call` over HTTP, one key, µs": ({ times }) => spread(times.request.one),
    "`call` over HTTP, all keys in rotation, µs": ({ times }) => spread(times.request.all),
  };
  return table("", Object.entries(rows), Object.keys(keys), (cell, runtime) => cell(keys[runtime]));
}

function sectionsOfRequests({ processor, multiples, latency }) {
  return Object.entries(ROWS).map(([row, title]) => {
    const [times, waits] = [costTable(processor[row], multiples[row]), plainTable(latency[row], (value) => spread(value, 1000))];
    return `## ${title}\n\nProcessor time of the client's process, as a multiple of bare \`fetch\`, and in µs:\n\n${times}\nLatency, in ms:\n\n${waits}`;
  });
}

/** Everything that was found. */
export function report({ date, rounds, machine, versions, goals, requests, sockets, orders, keys, cold, growth, missing }) {
  const sections = [
    `# What calls cost

Written by \`cargo xtask bench calls\`, ${date}, in ${rounds} rounds. How it measures is in [README.md](README.md). Numbers are medians, with the tenth and
the ninetieth percentile in brackets. Ratios are those of single rounds.

On ${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.system}. The load at the start was ${machine.load}; 0 is a quiet machine.

![A call over TLS beside bare fetch](calls.svg)
`,
    `## Goals\n\nThe floor is the same work with everything of this package removed but the signature.\n\n${goalTable(goals)}`,
    ...sectionsOfRequests(requests),
    ...Object.entries(SOCKET_ROWS).map(
      ([row, { title }]) =>
        `## ${title}\n\nProcessor time, as a multiple of the first line, and in µs:\n\n${costTable(sockets.processor[row], sockets.multiples[row])}`,
    ),
    `## An order, 25 ms away

A round trip took ${spread(orders.milliseconds)} ms. Orders, in round trips:

${Object.entries(orders.trips)
  .map(([row, byRuntime]) => `${row}:\n\n${plainTable(byRuntime, (value) => spread(value))}`)
  .join("\n")}`,
    `## Many keys in one process

${whole(Math.max(0, ...Object.values(keys).map(({ count }) => count)))} keys, and a \`fetch\` that answers at once.

${keysTable(keys)}`,
    `## The first call of a Worker, processor time of workerd in ms\n\n${plainTable({ workerd: cold }, (value) => spread(value))}`,
  ];
  if (growth)
    sections.push(`## How calls grow\n\nIn ${growth.runtime}.\n\n${growthTable(growth)}\n${beyondTable({ growth, keys, requests })}`);
  sections.push(`## Versions\n\n${versionList(versions)}`);
  if (missing.length) sections.push(`## What is missing, and why\n\n${missingList(missing)}`);
  return sections.join("\n");
}
