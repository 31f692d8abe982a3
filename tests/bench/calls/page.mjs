// Writes what was measured into the page of the documentation: the tables between the marks, and nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { digits, spread, table, whole } from "../report.mjs";
import { beyondTable, growthTable } from "./growth-tables.mjs";

const template = fileURLToPath(new URL("../../../pkg-template/docs/performance.md", import.meta.url));

/** What the page calls the contenders, in its order. */
const NAMES = {
  "bare fetch": "bare `fetch`",
  floor: "the least that signs, ends in time, and reads",
  "kraken-signer": "`kraken-signer`",
  "kraken-signer, nodeFetch": "`kraken-signer` with `nodeFetch()`",
  ccxt: "ccxt",
  "node-kraken-api": "node-kraken-api",
  "kraken-api": "kraken-api",
  "undici request": "undici's `request`, without a signature",
};

function callTable({ requests: { processor, multiples } }) {
  const row = "https 1";
  return table(
    "processor time of a call",
    Object.entries(NAMES).map(([name, title]) => [title, name]),
    Object.keys(processor[row]),
    (name, runtime) => {
      const time = processor[row][runtime][name];
      return time && `${digits(time.median)} µs (${digits(multiples[row][runtime][name].median)} ×)`;
    },
  );
}

function otherTable({ goals, sockets, orders, keys }) {
  const of = (byRuntime, name) => (runtime) => byRuntime?.[runtime]?.[name];
  const message = of(sockets.processor.message, "kraken-signer");
  const book = of(sockets.processor.books, "kraken-signer, OrderBook");
  const [after] = Object.keys(orders.trips).slice(-1);
  const way = (runtime) => (runtime.startsWith("Node") ? "kraken-signer, nodeFetch" : "kraken-signer");
  const trips = (name) => (runtime) => {
    const value = orders.trips[after]?.[runtime]?.[name(runtime)];
    return value && `${digits(value.median)} round trips`;
  };
  const microseconds = (value) => value && `${digits(value.median)} µs`;
  const rows = {
    "a message of a socket, to its reader": (runtime) => microseconds(message(runtime)),
    "an update of one of 100 order books, verified": (runtime) => microseconds(book(runtime)),
    [`an ${after} of silence, over REST (\`nodeFetch()\` in Node)`]: trips(way),
    [`an ${after} of silence, over a socket`]: trips(() => "kraken-signer, socket"),
    "memory of a `SpotClient`, one of many": (runtime) => keys[runtime] && `${whole(keys[runtime].sizes.SpotClient)} bytes`,
    "first call of a new Worker, above an empty one": (runtime) => {
      // The goal's, because the difference is that of single rounds.
      const value = goals.find(({ what }) => what.startsWith("The first call of a Worker")).cells[runtime];
      return value && `${digits(value.median)} ms of processor time`;
    },
  };
  const runtimes = [...new Set([...Object.keys(sockets.processor.message), ...Object.keys(keys), "workerd"])];
  return table("", Object.entries(rows), runtimes, (cell, runtime) => cell(runtime) || undefined);
}

const where = ({ machine, date, rounds }) =>
  `Measured on ${date}, ${machine.processor}, ${machine.cores} cores, in ${rounds} rounds; the load at the start was ${machine.load}.\n`;

/** The parts of the page, by the names of their marks. */
const PARTS = {
  calls: (results) => `${callTable(results)}\n${where(results)}`,
  others: otherTable,
  growth: ({ growth }) =>
    `${growthTable(growth)}\nThe rates are those of ${growth.runtime}, with ${spread(growth.points[0].rate)} calls per second for one key.\n`,
  beyond: beyondTable,
};

/** The page with the results in it. */
export function filled(page, results) {
  return Object.entries(PARTS).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- /measured: ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${part(results)}\n${text.slice(to)}`;
  }, page);
}

export const writePage = (results, file) => writeFileSync(file, filled(readFileSync(template, "utf8"), results));
